//! What is written: articles, marks and records.

use super::*;
use frontpage::feed::{ArticleId, Mark};
use frontpage::subscriptions::Keep;

/// The ids of all articles, by the number of their item.
fn ids(device: &Device) -> HashMap<u32, ArticleId> {
    let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
    let read = |(path, bytes): (&PathBuf, &Vec<u8>)| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let number = text.split("title: \"Item ").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
        let name = name(path);
        (number, name.strip_suffix(".md").unwrap().rsplit('-').next().unwrap().parse().unwrap())
    };
    device.articles().iter().map(read).collect()
}

fn unread(device: &Device) -> Vec<u32> {
    let marks = device.marks();
    let mut unread: Vec<u32> =
        ids(device).into_iter().filter(|(_, id)| !marks.is_read(*id)).map(|(number, _)| number).collect();
    unread.sort_unstable();
    unread
}

#[test]
fn three_syncs_write_the_same_files() {
    let mut device = Device::new();
    let same_guid = "<item><guid>a</guid><title>One</title></item><item><guid>a</guid><title>Two</title></item>";
    let no_guid = "<item><title>Weekly links</title><pubDate>Mon, 30 Nov 2026 10:00:00 GMT</pubDate></item>\
                   <item><title>Weekly links</title><pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate></item>";
    let document = format!(
        "<rss version=\"2.0\"><channel><title>A</title>{same_guid}{no_guid}<item><title>D&D</title></item></channel></rss>"
    );
    device.reply(FIRST, [Reply::ok(document)]);
    let mut hashes = Vec::new();
    for _ in 0..3 {
        device.pass(day()).sync();
        hashes.push(device.articles());
    }
    assert_eq!(hashes[0].len(), 5);
    assert!(hashes[0] == hashes[1] && hashes[1] == hashes[2]);
}

#[test]
fn a_304_writes_no_article_state_or_mark() {
    let mut device = Device::new();
    device.reply(FIRST, [Reply::ok(rss(0..30)).etag("1"), Reply::status(304)]);
    device.sync();
    let before = [files(&device.path("articles")), files(&device.path("marks"))];
    let lines = std::fs::read(device.path(&format!("states/{}.jsonl", device.subscriptions[0].key()))).unwrap();
    device.pass(day()).sync();
    assert_eq!([files(&device.path("articles")), files(&device.path("marks"))], before);
    let after = std::fs::read(device.path(&format!("states/{}.jsonl", device.subscriptions[0].key()))).unwrap();
    assert_eq!(lines, after);
}

#[test]
fn of_a_first_sync_the_newest_twenty_are_unread_and_of_later_ones_all_new() {
    let mut device = Device::new();
    device.reply(FIRST, [Reply::ok(rss((10..60).rev())).etag("1"), Reply::ok(rss(0..60)).etag("2")]);
    let result = device.result();
    assert_eq!((result.new, unread(&device)), (50, (10..30).collect::<Vec<_>>()));
    let result = device.pass(day()).result();
    assert_eq!((result.new, unread(&device)), (10, (0..30).collect::<Vec<_>>()));
}

#[test]
fn a_first_sync_that_was_stopped_before_its_marks_marks_them_in_the_next() {
    let mut device = Device::new();
    // The second document is another one, so its articles count as new.
    device.reply(FIRST, [Reply::ok(rss(0..50)).etag("1"), Reply::ok(rss(0..51)).etag("2")]);
    std::fs::write(device.path("marks"), "in the way").unwrap();
    let result = device.result();
    assert_eq!((result.outcome, device.record().is_begun), (Outcome::Failed, false));
    assert_eq!((device.record().etag, device.articles().len()), (None, 50));
    std::fs::remove_file(device.path("marks")).unwrap();
    device.pass(day()).sync();
    assert_eq!((unread(&device), device.record().is_begun), ((0..20).collect::<Vec<_>>(), true));
}

#[test]
fn a_second_device_marks_nothing_as_read() {
    let mut device = Device::new();
    device.reply(FIRST, [Reply::ok(rss(0..50)).etag("1"), Reply::ok(rss(0..52)).etag("2")]);
    device.sync();
    std::fs::remove_dir_all(device.path("marks")).unwrap();
    std::fs::remove_dir_all(device.path("states")).unwrap();
    device.pass(day()).sync();
    assert_eq!(unread(&device), (0..52).collect::<Vec<_>>());
}

#[test]
fn a_mark_of_the_user_stays() {
    let mut device = Device::new();
    device.reply(
        FIRST,
        [Reply::ok(rss(0..30)).etag("1"), Reply::ok(rss(0..30).replace("Text of", "New text of")).etag("2")],
    );
    device.sync();
    let old = ids(&device)[&25];
    let result = device.pass(day()).result();
    assert_eq!((result.new, result.updated), (0, 30));
    assert!(device.marks().is_read(old), "an updated article stays read");
    assert_eq!(unread(&device), (0..20).collect::<Vec<_>>());
}

#[test]
fn a_page_in_place_of_a_channel_changes_nothing() {
    let mut device = Device::new();
    let page = "<!DOCTYPE html><html><head><title>Log in</title></head><body><form></form></body></html>";
    let portal = Reply::ok(page).etag("portal").with(|answer| answer.content_type = Some("text/html".to_owned()));
    device.reply(FIRST, [Reply::ok(rss(0..3)).etag("1"), portal, Reply::status(304)]);
    device.sync();
    let articles = device.articles();
    let result = device.pass(day()).result();
    assert_eq!(result.outcome, Outcome::Failed);
    assert!(result.problem.unwrap().what.starts_with("HTML, not a channel"));
    assert_eq!((device.articles(), device.record().etag.as_deref()), (articles, Some("1")));
    device.pass(day()).sync();
    assert_eq!(device.requests().pop().unwrap().etag.as_deref(), Some("1"));
}

#[test]
fn a_document_that_crashes_its_parser_concerns_only_its_channel() {
    let addresses: Vec<String> = (0..12).map(|number| format!("https://h{number}.example/f")).collect();
    let device = Device::following(&addresses.iter().map(String::as_str).collect::<Vec<_>>());
    device.site.script().respond =
        Some(Box::new(|request| match request.url.contains("h3.") || request.url.contains("h7.") {
            true => Reply::ok("crash"),
            false => Reply::ok(rss([1])),
        }));
    let results = device.sync().results;
    let failed: Vec<&str> = results
        .iter()
        .filter(|result| result.outcome == Outcome::Failed)
        .map(|result| result.address.as_str())
        .collect();
    assert_eq!((failed.len(), results.len()), (2, 12));
    assert!(failed.iter().all(|address| address.contains("h3.") || address.contains("h7.")), "{failed:?}");
}

#[test]
fn an_error_of_the_program_is_recorded_so_that_the_channel_is_not_asked_again_at_once() {
    let mut device = Device::new();
    device.reply(FIRST, [Reply::ok(rss([1]))]);
    device.site.script().panics = true;
    for failures in 1..=2 {
        assert_eq!(device.result().outcome, Outcome::Failed);
        let record = device.record();
        assert_eq!((record.failures, record.next > Some(device.now)), (failures, true), "{record:?}");
        device.sync();
        assert_eq!(device.count(), failures as usize, "it was asked again");
        device.pass(day());
    }
    device.site.script().panics = false;
    assert_eq!((device.result().new, device.record().failures), (1, 0));
}

#[test]
fn failures_of_the_network_change_no_article() {
    let mut device = Device::new();
    device.reply(FIRST, [Reply::ok(rss(0..3)).etag("1")]);
    device.sync();
    let articles = device.articles();
    for kind in [
        FetchErrorKind::Timeout,
        FetchErrorKind::Truncated,
        FetchErrorKind::TooLarge,
        FetchErrorKind::Tls,
        FetchErrorKind::Redirect,
        FetchErrorKind::Protocol,
        FetchErrorKind::Private,
        FetchErrorKind::Unreachable,
    ] {
        device.reply(FIRST, [Reply::failed(kind)]);
        let result = device.pass(day() * 2).result();
        assert_eq!(result.outcome, Outcome::Failed, "{kind:?}");
        assert!(!result.problem.unwrap().remedy.is_empty());
        assert_eq!((&device.articles(), device.record().etag.as_deref()), (&articles, Some("1")));
    }
}

#[test]
fn edited_and_deleted_files_stay_as_the_user_left_them() {
    let mut device = Device::new();
    device.reply(
        FIRST,
        [Reply::ok(rss(0..30)).etag("1"), Reply::ok(rss(0..30).replace("Text of", "New text of")).etag("2")],
    );
    device.sync();
    let paths: Vec<PathBuf> = device.articles().into_keys().collect();
    std::fs::write(&paths[0], "mine").unwrap();
    std::fs::remove_file(&paths[1]).unwrap();
    device.pass(day()).sync();
    assert_eq!(std::fs::read(&paths[0]).unwrap(), b"mine");
    assert!(!paths[1].exists());
}

#[test]
fn old_articles_are_removed_unless_they_are_unread_or_starred() {
    let mut device = Device::new();
    device.subscriptions[0].keep = Some(Keep::Days(10));
    device.reply(FIRST, [Reply::ok(rss(0..50)).etag("1"), Reply::ok(rss(0..2)).etag("2")]);
    device.sync();
    let starred = ids(&device)[&40];
    let folder = MarksFolder { folder: device.path("marks"), device: device.path("device") };
    let (mut log, id) = folder.open();
    log.read_new();
    let mut clock = frontpage::feed::HybridClock::new(id);
    let stamp = clock.tick(device.now);
    log.write(vec![frontpage::feed::Change { stamp, mark: Mark::Starred(true), articles: vec![starred] }]).unwrap();
    device.pass(day()).sync();
    let mut left: Vec<u32> = ids(&device).into_keys().collect();
    left.sort_unstable();
    assert_eq!(left, (0..20).chain([40]).collect::<Vec<_>>());
}

#[test]
fn a_large_channel_is_written_up_to_its_limit() {
    let device = Device::new();
    device.reply(FIRST, [Reply::ok(rss(0..1_500))]);
    assert_eq!(device.result().new, channel::MAX_ITEMS);
}

#[test]
fn what_the_filter_does_not_find_is_counted_and_not_written() {
    for (filter, wanted) in [
        ("title:\"item 2\"", vec![2]),
        ("-title:\"item 2\" date:2026-11-28..", vec![0, 1]),
        // Words of the body.
        ("\"text of item 4\"", vec![4]),
        ("saved:even", vec![2, 4]),
        ("-saved:even title:1,2,3,4", vec![1, 3]),
        ("is:unread limit:1", (0..10).collect()),
        ("title:nothing", vec![]),
    ] {
        let mut device = Device::new();
        device.subscriptions[0].only = Some(filter.to_owned());
        device.reply(FIRST, [Reply::ok(rss(0..10))]);
        let result = device.result();
        assert_eq!((result.new, result.left_out), (wanted.len(), 10 - wanted.len()), "{filter}");
        let mut written: Vec<u32> = ids(&device).into_keys().collect();
        written.sort_unstable();
        assert_eq!((written, device.record().left_out), (wanted, result.left_out as u64), "{filter}");
    }
}

#[test]
fn a_filter_that_is_not_a_query_fails_only_its_subscription() {
    for filter in ["title:(", "saved:nothing", "date:soon"] {
        let mut device = Device::following(&[FIRST, "https://two.example/feed"]);
        device.subscriptions[0].only = Some(filter.to_owned());
        device.site.script().respond = Some(Box::new(|_| Reply::ok(rss(0..10)).etag("1")));
        let results = device.sync().results;
        let of = |at: usize| results.iter().find(|result| result.key == device.subscriptions[at].key()).unwrap();
        assert_eq!((of(0).outcome, of(0).new, of(1).new, device.articles().len()), (Outcome::Failed, 0, 10, 10));
        assert!(of(0).problem.as_ref().unwrap().what.starts_with("the filter `only` is not a query: "));
        // What the document had comes when the filter is fixed.
        device.subscriptions[0].only = None;
        let asked = device.record().etag;
        device.pass(day()).sync();
        assert_eq!((asked, device.articles().len()), (None, 20), "{filter}");
    }
}

#[test]
fn repairs_of_a_document_are_noted_and_are_no_failure() {
    let mut device = Device::new();
    let broken = rss(0..3).replace("Item 1<", "Item 1 & 2<");
    device.reply(FIRST, [Reply::ok(&broken).etag("1"), Reply::status(304), Reply::ok(rss(0..3)).etag("2")]);
    for (outcome, is_noted) in [(Outcome::New, true), (Outcome::Unchanged, true), (Outcome::New, false)] {
        let result = device.pass(day()).result();
        let record = device.record();
        assert_eq!((result.outcome, record.failing_since, record.failures), (outcome, None, 0));
        assert!(record.is_problem_harmless() && record.etag.is_some());
        let what = record.problem.map(|problem| problem.what).unwrap_or_default();
        assert_eq!(what.starts_with("read all the same: ") && what.contains(", line 1"), is_noted, "{what}");
    }
}

#[test]
fn older_articles_of_a_first_sync_are_read_on_their_own_day() {
    let device = Device::new();
    let undated = "<item><guid>u</guid><title>Item 90</title></item></channel>";
    device.reply(FIRST, [Reply::ok(rss(0..50).replace("</channel>", undated))]);
    device.sync();
    let (ids, marks) = (ids(&device), device.marks());
    let first: DateTime<Utc> = "2026-11-30T00:00:00Z".parse().unwrap();
    for number in 0..50 {
        let day = (number >= 20).then(|| first - TimeDelta::days(number.into()));
        assert_eq!(marks.read_at(ids[&number]), day, "{number}");
    }
    assert_eq!(marks.read_at(ids[&90]), Some(first - TimeDelta::days(49)), "one without a date is the oldest");
}
