//! Time zones: the present day, dates without a zone, and the order of articles with such dates.

use std::path::Path;

use chrono::FixedOffset;
use frontpage::app::Effect;
use frontpage::dates::{Now, Zone};
use frontpage::feed::Feed;
use frontpage::library::{self, Library, Loaded};
use serde_json::Value;

use crate::harness::command::Home;
use crate::harness::folder::Folder;
use crate::harness::reader::{Reader, now, user};

/// Half a day ahead of UTC, and 13 hours in the summer of the south: by the rule, so that no database of zones is needed.
const AUCKLAND: &str = "NZST-12NZDT,M9.5.0,M4.1.0/3";
const BERLIN: &str = "CET-1CEST,M3.5.0,M10.5.0/3";
/// Midnight itself was skipped when summer began.
const SAO_PAULO: &str = "<-03>3<-02>,M11.1.0/0,M2.3.0/0";

fn fixed(hours: i32) -> Zone {
    Zone::Fixed(FixedOffset::east_opt(3600 * hours).expect("an offset"))
}

fn article(title: &str, date: &str) -> String {
    format!("---\ntitle: {title}\ndate: {date}\n---\nBody.\n")
}

fn titles(feed: &Feed) -> Vec<String> {
    feed.iter().map(|article| article.title.to_string()).collect()
}

/// A home in a zone, with a folder of articles: a title and a date each.
fn home(zone: &str, articles: &[(&str, &str)]) -> Home {
    let home = Home::new().with("TZ", zone);
    for (title, date) in articles {
        home.file(&format!("library/{title}.md"), &article(title, date));
    }
    home
}

/// What a command prints about the articles of a home, its lines without blanks at the ends.
fn printed(home: &Home, arguments: &[&str]) -> Vec<String> {
    let library = home.folder.path().join("library");
    let ran = home.run(&[&["-L", library.to_str().expect("UTF-8")], arguments].concat());
    assert_eq!(ran.err, "");
    ran.out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn the_day_is_the_same_for_list_queries_screen_and_insights() {
    // Noon in UTC on 20 February is one o'clock on the 21st.
    let home = home(
        AUCKLAND,
        &[
            ("Evening", "2021-02-19T20:00:00Z"),
            ("Tonight", "2021-02-21 00:30"),
            ("Day", "2021-02-20"),
            ("Before", "Thu, 18 Feb 2021 05:00:00 EST"),
        ],
    );
    let list = ["2021-02-21 Tonight", "2021-02-20 Evening", "2021-02-20 Day", "2021-02-18 Before"];
    assert_eq!(printed(&home, &["list"]), list);
    assert_eq!(printed(&home, &["list", "@today"]), list[..1]);
    assert_eq!(printed(&home, &["list", "date:yesterday"]), list[1..3]);
    assert_eq!(printed(&home, &["list", "date:2021-02-20"]), list[1..3]);
    assert_eq!(printed(&home, &["list", "@1h"]), list[..1], "half an hour ago");
    let days = printed(&home, &["insights", "--by", "day"]);
    let days: Vec<&String> = days.iter().filter(|line| line.starts_with("2021")).collect();
    assert_eq!(days, ["2021-02-21 1 0 % read", "2021-02-20 2 0 % read", "2021-02-19 0", "2021-02-18 1 0 % read"],);
    let screen = |keys: &str| printed(&home, &["screen", "--size", "100x40", "--keys", keys]).join("\n");
    assert!(screen("").contains("21 February 2021, 00:30 · 30 minutes ago"), "{}", screen(""));
    assert!(screen("j").contains("20 February 2021, 09:00 · 16 hours ago"), "{}", screen("j"));
    assert!(screen("jj").contains("20 February 2021 · 1 day ago"), "{}", screen("jj"));
    let shown = |title: &str| printed(&home, &["show", title]).swap_remove(1);
    assert_eq!(["Evening", "Day"].map(shown), ["2021-02-20T09:00:00+13:00", "2021-02-20"]);
    let json = |title: &str| -> Value {
        let text = printed(&home, &["list", "--format", "jsonl", title]).concat();
        serde_json::from_str::<Value>(&text).expect("JSON")["published"].clone()
    };
    assert_eq!(["Evening", "Tonight"].map(json), ["2021-02-19T20:00:00Z", "2021-02-20T11:30:00Z"]);
}

#[test]
fn the_zone_of_the_settings_comes_before_that_of_the_machine() {
    let home = home(AUCKLAND, &[("Evening", "2021-02-19T20:00:00Z"), ("Noon", "2021-02-19 12:00")]);
    home.file(".config/frontpage/config.yaml", "dates: {zone: \"-08:00\"}\n");
    assert_eq!(printed(&home, &["list"]), ["2021-02-19 Evening", "2021-02-19 Noon"]);
    assert_eq!(printed(&home, &["list", "date:2021-02-20"]), [""; 0]);
    home.file(".config/frontpage/config.yaml", "dates: {zone: utc}\n");
    assert_eq!(printed(&home, &["show", "Noon"])[1], "2021-02-19T12:00:00Z");
}

#[test]
fn no_date_is_lost_where_clocks_are_set() {
    for (zone, date, day, shown) in [
        (BERLIN, "2020-03-29 02:30", "2020-03-29", "29 March 2020, 03:00"),
        (BERLIN, "2020-10-25 02:30", "2020-10-25", "25 October 2020, 02:30"),
        (BERLIN, "2020-10-25 00:30:00 UTC", "2020-10-25", "25 October 2020, 02:30"),
        (BERLIN, "2020-10-25 01:30:00 UTC", "2020-10-25", "25 October 2020, 02:30"),
        (SAO_PAULO, "2018-11-04", "2018-11-04", "4 November 2018"),
        (SAO_PAULO, "2018-11-04 00:15", "2018-11-04", "4 November 2018, 01:00"),
        (SAO_PAULO, "2018-02-17 23:30", "2018-02-17", "17 February 2018, 23:30"),
        (AUCKLAND, "9999-12-31T23:59:59Z", "9999-12-31", "1 January +10000, 12:59"),
        (AUCKLAND, "0000-01-01", "0000-01-01", "1 January 0000"),
    ] {
        let home = home(zone, &[("It", date)]);
        let screen = printed(&home, &["screen", "--size", "100x40"]).join("\n");
        assert!(screen.contains(&format!("{shown} · ")), "{date} in {zone}: {screen}");
        if !["9999", "0000"].contains(&&day[..4]) {
            assert_eq!(printed(&home, &["list", &format!("date:{day}")]), [format!("{day} It")], "{date} in {zone}");
            let bars = printed(&home, &["insights", "--by", "day"]);
            assert!(bars.contains(&format!("{day} 1 0 % read")), "{date} in {zone}: {bars:?}");
        }
    }
}

#[test]
fn now_without_a_zone_is_in_the_zone_of_the_user() {
    let home = home(AUCKLAND, &[("Evening", "2021-02-19T20:00:00Z")]);
    let library = home.folder.path().join("library");
    for (now, found) in
        [("2021-02-20", true), ("2021-02-20 23:59", true), ("2021-02-19T20:00:00Z", true), ("2021-02-19", false)]
    {
        let mut command = home.command();
        command.arg("-L").arg(&library).args(["--now", now, "list", "@today"]);
        assert_eq!(command.output().expect("the program").status.success(), found, "{now}");
    }
}

fn read(folder: &Folder, snapshots: Option<&Path>, zone: Zone) -> Loaded {
    let library = Library::Paths(vec![folder.path().to_owned()]);
    library.read(snapshots, Now { at: now(), zone }).expect("the library")
}

/// Looks until nothing is read any more: files written just now are read again at each look.
fn settle(mut look: impl FnMut() -> usize) {
    for _ in 0..400 {
        if look() == 0 {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("the folder never settles");
}

#[test]
fn a_snapshot_of_another_zone_is_put_in_order_without_reading_a_file() {
    let folder = Folder::new()
        .file("a.md", article("Without", "2021-02-18 10:00"))
        .file("b.md", article("With", "2021-02-18T12:00:00Z"))
        .file("c.md", article("Day", "2021-02-18"));
    let snapshots = Folder::new();
    let order = |zone| {
        let loaded = read(&folder, Some(snapshots.path()), zone);
        (titles(&loaded.feed), loaded.read)
    };
    let west = ["Without", "With", "Day"].map(str::to_owned).to_vec();
    let utc = ["With", "Without", "Day"].map(str::to_owned).to_vec();
    settle(|| order(Zone::Utc).1);
    assert_eq!(order(Zone::Utc), (utc.clone(), 0));
    assert_eq!(order(fixed(-8)), (west.clone(), 0));
    assert_eq!(order(fixed(-8)), (west, 0));
    assert_eq!(order(Zone::Utc), (utc, 0));
}

#[test]
#[ignore = "heavy"]
fn another_zone_changes_nothing_if_every_date_names_its_own() {
    let folder = Folder::new()
        .file("a.md", article("One", "2021-02-18T10:00:00Z"))
        .file("b.md", article("Two", "Thu, 18 Feb 2021 10:00:00 EST"))
        .file("c.md", "no date\n");
    let library = Library::Paths(vec![folder.path().to_owned()]);
    let again = |loaded: &Loaded, zone| library.refresh(loaded, Now { at: now(), zone }, |_| {}).expect("the library");
    let settled = || {
        let mut loaded = library.load(now(), |_| {}).expect("the library");
        settle(|| {
            let read = again(&loaded, Zone::Utc);
            let count = read.as_ref().map_or(0, |read| read.read);
            loaded = read.unwrap_or_else(|| loaded.clone());
            count
        });
        loaded
    };
    assert!(again(&settled(), fixed(-8)).is_none());
    let _folder = folder.file("d.md", article("Three", "2021-02-18"));
    let loaded = again(&settled(), fixed(-8)).expect("another order");
    assert_eq!(loaded.read, 0);
    assert!(again(&loaded, fixed(-8)).is_none(), "in order by now");
}

#[test]
fn identity_does_not_depend_on_the_zone() {
    for date in ["2021-02-18 10:00", "2021-02-18", "2021-02-18T10:00:00Z", "8 July 2020", "1613665080"] {
        let folder = Folder::new().file("a.md", article("It", date));
        let id = |zone| read(&folder, None, zone).feed.id(0).expect("an article");
        assert_eq!(id(Zone::Utc), id(fixed(-8)), "{date}");
        assert_eq!(id(Zone::Utc), id(fixed(13)), "{date}");
    }
}

#[test]
fn an_article_keeps_its_id_from_when_fewer_dates_were_parsed() {
    let id = |front: &str| {
        let text = format!("---\ntitle: It\n{front}---\nBody.\n");
        let report = library::read_bytes(Path::new("library"), Path::new("a.md"), text.as_bytes(), now());
        report.article.expect("an article").id
    };
    // Known by its path.
    let path = id("");
    for front in ["date: Jul 08 2020\n", "date: 2020-07\n", "date: [[2020-07-08]]\n", "date: 01/02/2020\n"] {
        assert_eq!(id(front), path, "{front}");
    }
    // Known by the date that was read.
    let dated = id("date: 2020-07-08\n");
    assert_ne!(dated, path);
    for front in
        ["date: 2020-07-08 00:00\n", "date: 2020-07-08T00:00:00Z\n", "date: 9 July 2020\ncreated: 2020-07-08\n"]
    {
        assert_eq!(id(front), dated, "{front}");
    }
}

#[test]
fn another_zone_in_the_settings_counts_at_once() {
    let mut reader = Reader::of_news();
    reader.press("F").paste("date:2021-02-19");
    reader.press("<enter>");
    assert_eq!(reader.titles(), [""; 0]);
    reader.adopt(user("dates: {zone: \"+09:00\"}"));
    assert!(!reader.titles().is_empty());
    assert!(reader.effects.contains(&Effect::ReloadFiles), "the order of articles without a zone is made again");
}
