//! Accounts as a user has them: added, synced in both directions, refused, cut off.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use frontpage::feed::UntrustedText;
use frontpage::subscriptions::{Account, SubscriptionKey};
use serde_json::Value;

use super::reader_server::{Manner, PASSWORD, ReaderServer, USER};
use super::*;
use crate::harness::pty::{Exit, LIMIT, Pty, dismiss_welcome};

/// A user with an account at a service, and what the program says of it.
struct Reader {
    user: User,
    service: ReaderServer,
}

impl Reader {
    fn new(manner: Manner) -> Reader {
        let user = User::new(1);
        let service = ReaderServer::new(&user.server, manner);
        user.home.file(".config/password", &format!("{PASSWORD}\nmore\n"));
        Reader { user, service }
    }

    fn add(&self, more: &[&str]) -> Ran {
        let password = self.user.path(".config/password");
        let (address, password) = (self.user.server.url(""), password.to_string_lossy().into_owned());
        let arguments = ["account", "add", self.service.manner.service(), &address, "--user", USER];
        self.user.run(&[&arguments[..], &["--password-file", &password, "--private"], more].concat())
    }

    /// A service whose account was added.
    fn added(manner: Manner) -> Reader {
        let reader = Reader::new(manner);
        let ran = reader.add(&[]);
        assert_eq!(ran.code, 0, "{manner:?}: {}", ran.err);
        assert!(ran.err.contains("2 feeds"), "{}", ran.err);
        reader
    }

    /// Syncs an hour later, and returns the result of the account.
    fn sync(&mut self) -> Value {
        self.user.pass(TimeDelta::hours(1));
        let ran = self.user.run(&["sync", "--format", "jsonl"]);
        let lines = ran.out.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        let mut results = lines.filter(|line| line["account"].is_string());
        let result = results.next().unwrap_or_else(|| panic!("no result: {}{}", ran.out, ran.err));
        assert_eq!(ran.code, i32::from(result["result"] == "failed"), "{result} {}", ran.err);
        result
    }

    fn synced(&mut self) -> Value {
        let result = self.sync();
        assert!(result["problem"].is_null(), "{result}");
        result
    }
}

#[test]
fn articles_come_and_marks_go_both_ways() {
    for manner in Manner::ALL {
        let mut reader = Reader::added(manner);
        for id in 1..=5 {
            reader.service.add(1000 + id, 1 + (id % 2) as u32, &format!("Title {id}"));
        }
        reader.service.account().items.get_mut(&1002).unwrap().is_starred = true;
        reader.service.account().items.get_mut(&1005).unwrap().is_read = true;
        let result = reader.synced();
        assert_eq!((&result["new"], &result["marks_received"]), (&4.into(), &1.into()), "{manner:?} {result}");
        let user = &reader.user;
        assert_eq!(user.titles("is:unread"), ["Title 1", "Title 2", "Title 3", "Title 4"], "{manner:?}");
        assert_eq!(user.titles("is:starred"), ["Title 2"]);
        // Folders are topics, and the title of a feed is that of the provider.
        assert_eq!(user.titles("topic:earth"), ["Title 1", "Title 3"]);
        assert_eq!(user.titles("provider:\"tea & more\""), ["Title 2", "Title 4"]);
        assert_eq!(user.titles("\"text of title 3\""), ["Title 3"]);
        // Here.
        user.done(&["mark", "read", "title:\"title 1\""]);
        user.done(&["mark", "starred", "title:\"title 3\""]);
        user.done(&["mark", "unstarred", "title:\"title 2\""]);
        // There, meanwhile.
        reader.service.account().items.get_mut(&1004).unwrap().is_read = true;
        let result = reader.synced();
        let numbers = (&result["marks_sent"], &result["marks_received"]);
        assert_eq!(numbers, (&3.into(), &1.into()), "{manner:?} {result}");
        let marks: Vec<(bool, bool)> = (1001..=1004).map(|id| reader.service.marks(id)).collect();
        assert_eq!(marks, [(true, false), (false, false), (false, true), (true, false)], "{manner:?}");
        assert_eq!(reader.user.titles("is:unread"), ["Title 2", "Title 3"]);
        // Nothing is left to do.
        let result = reader.synced();
        assert_eq!((&result["result"], &result["marks_sent"]), (&"unchanged".into(), &0.into()), "{result}");
        let requests = result["requests"].as_u64().unwrap();
        assert!(requests <= 4, "{manner:?}: {requests}");
    }
}

#[test]
fn what_the_service_removes_or_no_longer_follows_is_not_read() {
    for manner in Manner::ALL {
        let mut reader = Reader::added(manner);
        (1..=300).for_each(|id| reader.service.add(id, 1 + (id % 2) as u32, &format!("Title {id}")));
        let result = reader.synced();
        assert_eq!(result["new"], 300, "{result}");
        // The service removes old ones, and others are read there.
        reader.service.account().items.retain(|id, _| *id > 200);
        (201..=230).for_each(|id| reader.service.account().items.get_mut(&id).unwrap().is_read = true);
        let result = reader.synced();
        assert_eq!((&result["removed_there"], &result["marks_received"]), (&200.into(), &30.into()), "{result}");
        assert_eq!(reader.user.titles("is:unread").len(), 270, "{manner:?}");
        reader.service.account().feeds.remove(&2);
        let result = reader.synced();
        assert_eq!((&result["marks_received"], &result["removed_there"]), (&0.into(), &0.into()), "{result}");
        assert_eq!(reader.user.titles("is:unread").len(), 270);
        // It is asked once for what is gone.
        let requests = reader.synced()["requests"].as_u64().unwrap();
        assert!(requests <= 4, "{requests}");
    }
}

#[test]
fn from_an_answer_that_is_not_whole_nothing_follows() {
    for manner in Manner::ALL {
        let part = match manner {
            Manner::Fever => "unread_item_ids",
            Manner::FreshRss | Manner::Miniflux => "items/ids",
        };
        let mut reader = Reader::added(manner);
        (1..=9).for_each(|id| reader.service.add(id, 1, &format!("Title {id}")));
        reader.synced();
        reader.user.done(&["mark", "starred", "title:\"title 1\""]);
        let before = files(&reader.user.path(ARTICLES));
        for (reply, what) in [
            (Reply::ok("{\"itemRefs\": [{\"id\": \"7\"}"), "not whole JSON"),
            (Reply::ok("{}"), "lacks what was asked for"),
            (Reply::ok("{\"itemRefs\": [{\"id\": \"\"}], \"auth\": 1, \"unread_item_ids\": \"7,é\"}"), "lacks"),
            (Reply::ok("<!DOCTYPE html><title>Log in</title>"), "web page"),
            (Reply::ok(""), "nothing"),
            (Reply::status(500), "500"),
            (Reply::status(404), "404"),
            (Reply::ok("{\"itemRefs\": []").announce(100), "before it was complete"),
        ] {
            reader.service.account().broken = Some((part.to_owned(), reply));
            reader.user.pass(TimeDelta::days(1));
            let result = reader.sync();
            let problem = result["problem"].as_str().unwrap_or_default().to_owned();
            assert!(problem.contains(what), "{manner:?}: {what}: {problem}");
            assert_eq!(reader.user.titles("is:unread").len(), 9, "{what}");
        }
        assert_eq!(files(&reader.user.path(ARTICLES)), before);
        reader.service.account().broken = None;
        reader.user.pass(TimeDelta::days(3));
        // The star was sent before the list broke.
        assert_eq!((reader.synced()["marks_received"].as_u64(), reader.service.marks(1)), (Some(0), (false, true)));
    }
}

#[test]
fn a_list_in_parts_is_read_to_its_end() {
    for manner in [Manner::FreshRss, Manner::Miniflux] {
        let mut reader = Reader::added(manner);
        reader.service.account().page = 100;
        (1..=450).for_each(|id| reader.service.add(id, 1, &format!("Title {id}")));
        assert_eq!(reader.synced()["new"], 450, "{manner:?}");
        (1..=120).for_each(|id| reader.service.account().items.get_mut(&id).unwrap().is_read = true);
        assert_eq!(reader.synced()["marks_received"], 120, "{manner:?}");
        assert_eq!(reader.user.titles("is:unread").len(), 330);
    }
}

#[test]
#[ignore = "heavy"]
fn more_than_two_thousand_articles_come_with_several_syncs_the_newest_first() {
    let mut reader = Reader::added(Manner::FreshRss);
    (1..=4_100).for_each(|id| reader.service.add(id, 1, &format!("Title {id}")));
    for (new, waiting) in [(2_000, 2_100), (2_000, 100), (100, 0)] {
        let result = reader.synced();
        assert_eq!((&result["new"], &result["waiting"]), (&new.into(), &waiting.into()), "{result}");
        if waiting == 2_100 {
            assert!(reader.user.titles("title:\"title 4100\"").len() == 1, "the newest came first");
        }
    }
}

#[test]
fn many_marks_are_sent_in_one_sync() {
    for manner in Manner::ALL {
        let mut reader = Reader::added(manner);
        (1..=2_000).for_each(|id| reader.service.add(id, 1, &format!("Title {id}")));
        reader.synced();
        (2_001..=2_300).for_each(|id| reader.service.add(id, 1, &format!("Title {id}")));
        reader.synced();
        reader.user.done(&["mark", "read", "is:unread"]);
        let (sent, waiting) = if manner == Manner::Fever { (2_000, 300) } else { (2_300, 0) };
        let result = reader.synced();
        assert_eq!((&result["marks_sent"], &result["marks_waiting"]), (&sent.into(), &waiting.into()), "{result}");
        reader.synced();
        assert!((1..=2_300).all(|id| reader.service.marks(id).0), "{manner:?}");
    }
}

#[test]
fn passwords_and_tokens_are_sent_as_rarely_as_possible_and_kept_from_others() {
    for manner in [Manner::FreshRss, Manner::Miniflux] {
        let mut reader = Reader::added(manner);
        reader.service.add(1, 1, "Title");
        let checked = reader.service.account().logins;
        reader.synced();
        reader.synced();
        assert_eq!(reader.service.account().logins, checked + 1, "{manner:?}: the token is kept");
        // The service forgets its tokens.
        reader.service.account().tokens.clear();
        reader.user.done(&["mark", "read", "title:title"]);
        assert_eq!(reader.synced()["marks_sent"], 1);
        assert_eq!(reader.service.account().logins, checked + 2);
        for (path, content) in files(reader.user.home.folder.path()) {
            let name = path.to_string_lossy().into_owned();
            let has = |secret: &str| content.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!has(PASSWORD) || name.ends_with(".config/password"), "{name}");
            if has("me/token") {
                use std::os::unix::fs::PermissionsExt;
                assert!(name.ends_with(".token"), "{name}");
                assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            }
        }
        let sent = reader.user.server.requests();
        assert!(sent.iter().all(|request| !request.path.contains("secret") && !request.path.contains("token=")));
    }
}

#[test]
fn what_is_wrong_with_an_account_is_printed_before_it_is_added() {
    let reader = Reader::new(Manner::FreshRss);
    let address = reader.user.server.url("");
    let password = reader.user.path(".config/password");
    let password = password.to_string_lossy().into_owned();
    reader.user.home.file(".config/wrong", "wrong\n");
    let wrong = reader.user.path(".config/wrong").to_string_lossy().into_owned();
    let add = |arguments: &[&str]| reader.user.run(&[&["account", "add"], arguments].concat());
    for (arguments, expected) in [
        (&["freshrss", &address, "--user", USER][..], "the password is missing"),
        (&["freshrss", &address, "--user", USER, "--password-file", &password], "add --private"),
        (&["freshrss", "http://rss.example", "--user", USER, "--password-file", &password], "without encryption"),
        (&["freshrss", &address, "--user", USER, "--password-file", &wrong, "--private"], "user or the password"),
        (&["freshrss", &address, "--user", USER, "--password-file", "/nowhere", "--private"], "cannot read the file"),
        (&["miniflux", &address, "--user", USER, "--password-file", &password, "--private"], "404"),
        (&["fever", &address, "--user", USER, "--password-file", &password, "--private"], "404"),
        (&["freshrss", "not an address", "--user", USER, "--password-file", &password], "not an address"),
    ] {
        let ran = add(arguments);
        assert!(ran.code == 2 && ran.err.contains(expected), "{arguments:?}: {} {}", ran.code, ran.err);
        assert_eq!(reader.user.list(), "", "{arguments:?}");
        assert!(!ran.err.contains(PASSWORD));
    }
    reader.service.account().broken = Some((String::new(), Reply::status(503)));
    let ran = reader.add(&[]);
    assert!(ran.code == 2 && ran.err.contains("the API is switched off"), "{}", ran.err);
    reader.service.account().broken = None;
    assert_eq!(reader.add(&["--title", "Home"]).code, 0);
    assert!(reader.user.list().contains("service: freshrss"), "{}", reader.user.list());
    assert!(reader.user.list().contains("/api/greader.php"), "the address of the API was found");
    assert_eq!(reader.add(&[]).code, 2, "twice");
    assert!(reader.user.done(&["account", "list"]).contains("Home"));
    reader.user.done(&["account", "follow", "home", "https://example.org/feed.xml"]);
    assert_eq!(reader.service.account().changes, ["quickadd=https://example.org/feed.xml"]);
    reader.user.done(&["sync"]);
    reader.user.done(&["account", "unfollow", "home", "stones"]);
    assert_eq!(reader.service.account().changes[1], "ac=unsubscribe s=feed/2");
    // It is no longer listed before the next sync. The reader names account and feed by their keys.
    assert_eq!(reader.user.run(&["account", "unfollow", "home", "stones"]).code, 2);
    let account = Account::key_of(&format!("{address}/api/greader.php"), USER);
    let feed = SubscriptionKey::of_address(&UntrustedText::from_string(format!("{account} feed/1")));
    reader.user.done(&["account", "unfollow", &account.to_string(), &feed.to_string()]);
    assert_eq!(reader.service.account().changes[2], "ac=unsubscribe s=feed/1");
    reader.user.done(&["account", "remove", "home"]);
    assert!(!reader.user.list().contains("account"), "{}", reader.user.list());
}

#[test]
fn an_account_that_fails_hides_no_subscription_and_no_other_account() {
    let mut reader = Reader::added(Manner::FreshRss);
    reader.service.add(1, 1, "Title");
    let list = reader.user.list();
    let other = list.replace("user: \"me\"", "user: \"you\"").replace("user: me", "user: you");
    let feed = format!("- feed: {}\n  private: true\n", reader.user.server.url("/feed.xml"));
    reader.user.home.file(LIST, &format!("{other}{list}{feed}"));
    reader.user.server.route("/feed.xml", Reply::ok(rss("Tea", 0..2)));
    reader.user.pass(TimeDelta::hours(1));
    let ran = reader.user.run(&["sync"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert_eq!(reader.user.titles(""), ["Tea 0", "Tea 1", "Title"], "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("user or the password"), "{}", ran.out);
}

#[test]
fn marks_are_sent_alone_and_also_by_a_sync_before_the_account_is_due() {
    for manner in Manner::ALL {
        let mut reader = Reader::added(manner);
        (1..=4).for_each(|id| reader.service.add(id, 1, &format!("Title {id}")));
        let ran = reader.user.run(&["sync", "--marks"]);
        assert!(ran.code == 0 && ran.err.contains("no marks sent"), "{manner:?}: {} {}", ran.out, ran.err);
        assert_eq!(reader.synced()["new"], 4);
        let asked = |reader: &Reader| reader.user.server.requests().len();
        let before = asked(&reader);
        reader.user.done(&["sync", "--marks"]);
        assert_eq!(asked(&reader), before, "{manner:?}: nothing is asked if nothing waits");
        reader.service.add(5, 1, "Title 5");
        for (id, arguments) in [(1, &["sync", "--marks"][..]), (2, &["sync"])] {
            reader.user.done(&["mark", "read", &format!("title:\"title {id}\"")]);
            reader.user.done(&["mark", "starred", &format!("title:\"title {id}\"")]);
            reader.user.pass(TimeDelta::minutes(1));
            let before = asked(&reader);
            let out = reader.user.done(arguments);
            assert!(out.contains("2 marks sent"), "{manner:?}: {out}");
            assert_eq!(reader.service.marks(id), (true, true), "{manner:?}");
            assert!(asked(&reader) - before <= 3, "{manner:?}: {}", asked(&reader) - before);
        }
        assert_eq!(reader.user.titles("").len(), 4, "{manner:?}: no article came");
        let result = reader.synced();
        assert_eq!((&result["new"], &result["marks_received"]), (&1.into(), &0.into()), "{manner:?}: {result}");
    }
}

#[test]
fn marks_wait_while_a_service_fails_and_are_counted() {
    for manner in Manner::ALL {
        let mut reader = Reader::added(manner);
        (1..=4).for_each(|id| reader.service.add(id, 1, &format!("Title {id}")));
        reader.synced();
        let asked = |reader: &Reader| reader.user.server.requests().len();
        let mut waiting = 0;
        for (reply, wait, why) in [
            (Reply::status(502), TimeDelta::minutes(15), "asked less than five minutes ago (1 mark waits)"),
            (
                Reply::status(503).header("Retry-After", "7200"),
                TimeDelta::hours(2),
                "the server asked to wait (2 marks wait)",
            ),
        ] {
            reader.service.account().broken = Some((String::new(), reply));
            waiting += 1;
            reader.user.done(&["mark", "read", &format!("title:\"title {waiting}\"")]);
            let ran = reader.user.run(&["sync", "--marks"]);
            let words = if waiting == 1 { "1 mark waits for the next sync" } else { "2 marks wait for the next sync" };
            assert!(ran.code == 1 && ran.out.contains(words), "{manner:?}: {} {}", ran.out, ran.err);
            // Neither this nor a sync asks before its time. Both say what waits.
            let before = asked(&reader);
            let of_a_reader = reader.user.run(&["sync", "--all", "--progress"]).out;
            assert!(of_a_reader.contains(&format!("held back: {why}")), "{manner:?}: {of_a_reader}");
            reader.user.pass(wait - TimeDelta::minutes(1));
            for arguments in [&["sync", "--marks"][..], &["sync"]] {
                assert!(reader.user.run(arguments).out.contains(words), "{manner:?}");
            }
            assert_eq!(asked(&reader), before, "{manner:?}");
            reader.user.pass(TimeDelta::minutes(2));
        }
        reader.service.account().broken = None;
        // The whole account is synced: it must be known that it is well.
        reader.service.add(9, 1, "Title 9");
        let out = reader.user.done(&["sync", "--marks"]);
        assert!(out.contains("1 new, 2 marks sent"), "{manner:?}: {out}");
        let result = reader.synced();
        assert_eq!((&result["marks_waiting"], &result["marks_sent"]), (&0.into(), &0.into()), "{result}");
    }
}

/// Adds articles to a service as a channel of [`rss`] has them.
fn add_as_in(channel: &str, numbers: impl IntoIterator<Item = u32>, service: &ReaderServer) {
    let first: DateTime<Utc> = "2026-11-29T10:00:00Z".parse().unwrap();
    for number in numbers {
        let (title, link) = (format!("{channel} {number}"), format!("https://site.example/{channel}/{number}"));
        let published = (first - TimeDelta::days(number.into())).timestamp();
        service.add_article(1_000 - i64::from(number), 1, &title, &link, published);
    }
}

#[test]
fn a_channel_that_is_followed_and_in_an_account_is_shown_once() {
    for manner in Manner::ALL {
        let mut reader = Reader::new(manner);
        let address = reader.user.server.url("/feed.xml");
        reader.service.account().addresses.insert(1, address.replace("http:", "https:"));
        reader.user.server.route("/feed.xml", Reply::ok(rss("Tea", 2..6)));
        reader.user.follow(&[address]);
        reader.user.done(&["sync"]);
        // The service has another text, an older article, and one of them twice.
        add_as_in("Tea", 2..8, &reader.service);
        let twice = reader.service.account().items[&996].clone();
        reader.service.account().items.insert(2_000, twice);
        assert_eq!(reader.add(&[]).code, 0);
        let result = reader.synced();
        assert_eq!(result["new"], 2, "{manner:?} {result}");
        let all = ["Tea 2", "Tea 3", "Tea 4", "Tea 5", "Tea 6", "Tea 7"];
        assert_eq!(reader.user.titles(""), all, "{manner:?}");
        // Marks hold for both, also for the article that the service has twice.
        reader.user.done(&["mark", "read", "title:\"tea 2\""]);
        reader.user.done(&["mark", "read", "title:\"tea 4\""]);
        reader.service.account().items.get_mut(&997).unwrap().is_starred = true;
        reader.synced();
        assert_eq!(reader.user.titles("is:starred"), ["Tea 3"]);
        assert_eq!([998, 996, 2_000].map(|id| reader.service.marks(id).0), [true; 3], "{manner:?}");
        reader.service.account().items.get_mut(&2_000).unwrap().is_read = false;
        reader.synced();
        assert_eq!(reader.user.titles("is:read"), ["Tea 2"]);
        assert_eq!((reader.service.marks(996).0, reader.service.marks(2_000).0), (false, false), "{manner:?}");
        // What comes from the service first is known when the channel has it, and stays where it is.
        add_as_in("Tea", [1], &reader.service);
        assert_eq!(reader.synced()["new"], 1);
        reader.user.server.route("/feed.xml", Reply::ok(rss("Tea", 0..6)));
        add_as_in("Tea", [0], &reader.service);
        for _ in 0..3 {
            reader.user.pass(TimeDelta::days(2));
            reader.synced();
            let found = reader.user.titles("");
            assert_eq!(found, [&["Tea 0", "Tea 1"], &all[..]].concat(), "{manner:?}");
        }
        let edited = rss("Tea", 0..6).replace("Text 1 of", "Other words 1 of");
        reader.user.server.route("/feed.xml", Reply::ok(edited));
        reader.user.pass(TimeDelta::days(2));
        reader.synced();
        assert_eq!(reader.user.titles("").len(), 8);
        assert_eq!(reader.user.titles("\"other words\""), ["Tea 1"], "the channel tells of its changes");
        let folders = std::fs::read_dir(reader.user.path(ARTICLES)).unwrap().count();
        assert_eq!(folders, 1, "all are articles of the subscription");
    }
}

#[test]
fn a_channel_of_an_account_that_is_followed_later_is_shown_once_and_stays_unread() {
    let mut reader = Reader::added(Manner::FreshRss);
    let address = reader.user.server.url("/feed.xml");
    reader.service.account().addresses.insert(1, address.clone());
    add_as_in("Tea", 0..30, &reader.service);
    assert_eq!(reader.synced()["new"], 30);
    let list = reader.user.list();
    reader.user.home.file(LIST, &format!("{list}- feed: {address}\n  private: true\n"));
    reader.user.server.route("/feed.xml", Reply::ok(rss("Tea", 0..40)));
    for _ in 0..2 {
        reader.user.pass(TimeDelta::days(2));
        let (results, _) = reader.user.sync(&[]);
        assert_eq!(results["Tea"]["left_out"], 0, "{results:?}");
        assert_eq!(reader.user.titles("").len(), 40);
    }
    // Of the channel's own articles, a first sync leaves 20 unread: all ten.
    assert_eq!(reader.user.titles("is:unread").len(), 40);
    reader.synced();
    assert!((971..=1_000).all(|id| reader.service.marks(id) == (false, false)));
}

#[test]
fn a_mark_that_the_service_refuses_holds_back_no_other_one_and_is_named() {
    for manner in Manner::ALL {
        let mut reader = Reader::added(manner);
        (1..=40).for_each(|id| reader.service.add(id, 1, &format!("Title {id}")));
        reader.synced();
        reader.service.account().refused.extend([7, 23]);
        reader.user.done(&["mark", "read", "is:unread"]);
        let result = reader.sync();
        assert_eq!((&result["marks_sent"], &result["marks_refused"]), (&38.into(), &2.into()), "{manner:?} {result}");
        assert_eq!(result["result"], "new");
        let problem = result["problem"].as_str().unwrap();
        assert!(problem.contains("refuses the marks of 2 articles"), "{problem}");
        let unread = |reader: &Reader| (1..=40).filter(|id| !reader.service.marks(*id).0).collect::<Vec<i64>>();
        assert_eq!(unread(&reader), [7, 23], "{manner:?}");
        // They are shown with each sync, are not sent again, and stay as they are here.
        let result = reader.sync();
        assert_eq!((&result["marks_refused"], &result["marks_waiting"]), (&2.into(), &0.into()), "{result}");
        assert!(result["requests"].as_u64().unwrap() <= 4, "{manner:?}: {result}");
        let remedy = result["remedy"].as_str().unwrap();
        let id = remedy.split_once("show ").unwrap().1.split_once('`').unwrap().0;
        assert!(reader.user.done(&["show", id]).contains("Title "), "{remedy}");
        assert_eq!(reader.user.titles("is:unread"), [] as [&str; 0]);
        // Another mark is sent again.
        reader.service.account().refused.clear();
        for mark in ["unread", "read"] {
            reader.user.done(&["mark", mark, "title:=\"title 7\""]);
            reader.user.done(&["mark", mark, "title:=\"title 23\""]);
        }
        let result = reader.synced();
        assert_eq!((&result["marks_refused"], unread(&reader)), (&0.into(), Vec::new()), "{result}");
    }
}

#[test]
fn a_service_that_refuses_all_marks_fails() {
    let mut reader = Reader::added(Manner::Miniflux);
    (1..=60).for_each(|id| reader.service.add(id, 1, &format!("Title {id}")));
    reader.synced();
    reader.service.account().refused.extend(1..=60);
    reader.user.done(&["mark", "read", "is:unread"]);
    let result = reader.sync();
    assert_eq!(result["result"], "failed", "{result}");
    assert!(result["problem"].as_str().unwrap().contains("400"), "{result}");
    assert!(result["requests"].as_u64().unwrap() < 70, "{result}");
}

#[test]
fn programs_run_for_new_articles_of_accounts_but_not_for_the_first_ones() {
    let settings = "on new:\n  - {when: is:unread, run: 'RECORDER -t={title}', for: article}\n";
    for manner in Manner::ALL {
        let mut reader = Reader::added(manner);
        reader.user.settings(settings);
        (1..=3).for_each(|id| reader.service.add(id, 1, &format!("Title {id}")));
        reader.synced();
        assert_eq!(reader.user.words(), [] as [&str; 0], "{manner:?}: a first sync");
        reader.service.add(4, 1, "Title 4");
        reader.service.account().feeds.insert(3, ("Newly followed".to_owned(), "Earth".to_owned()));
        (5..=9).for_each(|id| reader.service.add(id, 3, &format!("Old {id}")));
        reader.synced();
        assert_eq!(reader.user.words(), ["-t=Title 4"], "{manner:?}: the first articles of a feed are old ones");
        reader.service.add(10, 3, "New 10");
        reader.service.account().items.get_mut(&1).unwrap().is_starred = true;
        reader.synced();
        reader.synced();
        assert_eq!(reader.user.words(), ["-t=Title 4", "-t=New 10"], "{manner:?}");
    }
}

#[test]
fn accounts_are_in_the_summary_and_a_site_is_not_taken_for_its_api() {
    let mut reader = Reader::added(Manner::FreshRss);
    reader.service.add(1, 1, "Title");
    reader.user.pass(TimeDelta::hours(1));
    let out = reader.user.done(&["sync", "--format", "jsonl"]);
    let last: Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
    let accounts = &last["summary"]["accounts"];
    assert_eq!((&accounts["listed"], &accounts["asked"], &accounts["new"]), (&1.into(), &1.into(), &1.into()), "{out}");
    let of_account = |line: &str| serde_json::from_str(line).ok().filter(|line: &Value| line["account"].is_string());
    let printed: Value = out.lines().find_map(of_account).expect("a line of the account");
    let numbers = printed.as_object().unwrap().iter().filter(|(_, value)| value.is_number());
    let printed: BTreeSet<&str> = numbers.map(|(key, _)| key.as_str()).collect();
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/command-line.md")).unwrap();
    let table = page.split_once("Each account is an object on a line").unwrap().1.split_once("`problem`").unwrap().0;
    let described = table.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`')).map(|(key, _)| key);
    assert_eq!(printed, described.collect(), "docs/command-line.md and {out}");
    let list = reader.user.list();
    assert!(list.contains("/api/greader.php"), "{list}");
    reader.user.home.file(LIST, &list.replace("/api/greader.php", ""));
    let result = reader.sync();
    let (remedy, address) = (result["remedy"].as_str().unwrap(), reader.user.server.url("/api/greader.php"));
    assert!(remedy.contains(&format!("url: {address}")), "{result}");
    reader.user.home.file(LIST, &list);
    assert_eq!(reader.user.titles(""), ["Title"]);
    let has_list = |reader: &Reader| {
        files(&reader.user.path(STATES)).into_keys().any(|path| path.to_string_lossy().ends_with(".feeds.json"))
    };
    assert!(has_list(&reader));
    reader.user.done(&["account", "remove", "127"]);
    assert!(!has_list(&reader));
}

#[test]
fn accounts_and_their_feeds_are_listed_beside_subscriptions_and_alone() {
    let mut reader = Reader::added(Manner::FreshRss);
    let table = reader.user.done(&["subscriptions"]);
    assert!(table.contains("freshrss (127.0.0.1)") && table.contains("never"), "{table}");
    (1..=5).for_each(|id| reader.service.add(id, 1 + (id % 2) as u32, &format!("Title {id}")));
    reader.synced();
    reader.user.done(&["mark", "read", "title:\"title 1\""]);
    let table = reader.user.done(&["subscriptions"]);
    let rows: Vec<Vec<&str>> = table.lines().skip(1).map(|line| line.split_whitespace().collect()).collect();
    let numbers: Vec<(&str, &str, &str)> = rows.iter().map(|row| (row[1], row[2], *row.last().unwrap())).collect();
    assert_eq!(numbers, [("4", "5", "(127.0.0.1)"), ("2", "2", "more"), ("2", "3", "Stones")], "{table}");
    let listed = |reader: &Reader| -> Vec<Value> {
        serde_json::from_str(&reader.user.run(&["subscriptions", "--format", "json"]).out).expect("JSON")
    };
    let json = listed(&reader);
    let kinds: Vec<(&str, &str)> =
        json.iter().map(|one| (one["kind"].as_str().unwrap(), one["account"].as_str().unwrap())).collect();
    let account = "freshrss (127.0.0.1)";
    assert_eq!(kinds, [("account", account), ("feed", account), ("feed", account)]);
    assert_eq!((&json[2]["feed"], &json[2]["topics"][0]), (&"https://site.example/2.xml".into(), &"Earth".into()));
    assert_eq!((&json[0]["marks_waiting"], &json[0]["unread"]), (&0.into(), &4.into()));
    // A failure is that of the account, and a channel that is followed too is a subscription.
    reader.service.account().broken = Some((String::new(), Reply::status(500)));
    reader.user.run(&["sync", "--marks"]);
    let list = reader.user.list();
    reader.user.home.file(LIST, &format!("- feed: http://site.example/2.xml\n{list}"));
    let json = listed(&reader);
    let kinds: Vec<&str> = json.iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["subscription", "account", "feed"]);
    let problems: Vec<bool> = json.iter().map(|one| one["problem"].is_object()).collect();
    assert_eq!(problems, [false, true, false], "{json:?}");
    assert_eq!((&json[1]["state"], &json[2]["state"]), (&"failing".into(), &"failing".into()));
    assert_eq!((&json[1]["marks_waiting"], &json[0]["account"]), (&1.into(), &Value::Null));
    assert_eq!(reader.user.run(&["subscriptions"]).code, 1);
}

/// Waits until the service has as many read articles.
fn wait_until_read(service: &ReaderServer, count: usize) {
    let begun = Instant::now();
    while service.account().items.values().filter(|item| item.is_read).count() < count {
        assert!(begun.elapsed() < LIMIT, "{count} marks did not come");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
#[ignore = "heavy"]
fn a_mark_set_in_the_reader_arrives_without_a_sync_and_the_footer_says_when_it_cannot() {
    let mut reader = Reader::added(Manner::FreshRss);
    (1..=4).for_each(|id| reader.service.add(id, 1, &format!("Title {id}")));
    // Ten minutes ago: it is not due, and may be synced by hand.
    reader.user.now = Utc::now() - TimeDelta::minutes(70);
    reader.synced();
    let home = reader.user.home.folder.path().to_str().expect("a path").to_owned();
    dismiss_welcome(home.as_ref());
    let mut pty = Pty::spawn(env!("CARGO_BIN_EXE_frontpage"), &[], &[("HOME", home.as_str())], (120, 30));
    pty.wait_for_text("Title 4");
    pty.send("m");
    wait_until_read(&reader.service, 1);
    // No sync begins by itself now.
    let before = reader.user.server.requests().len();
    pty.send("jm");
    wait_until_read(&reader.service, 2);
    let asked = reader.user.server.requests().split_off(before);
    assert!(asked.iter().all(|request| !request.path.contains("stream/items/ids")), "no list was asked for");
    reader.service.account().broken = Some((String::new(), Reply::status(502)));
    pty.send("jm");
    pty.wait_for_text("1 mark waits for 127.0.0.1");
    reader.service.account().broken = None;
    pty.send("RR");
    wait_until_read(&reader.service, 3);
    pty.wait_for("the words are gone", |screen| !screen.contents().contains("mark waits"));
    pty.send("Q");
    assert_eq!(pty.wait_exit(LIMIT), Exit::Code(0));
}

#[test]
fn labels_of_freshrss_and_own_tags_become_equal_but_folders_are_no_labels() {
    let mut reader = Reader::added(Manner::FreshRss);
    (1..=5).for_each(|id| reader.service.add(id, 1 + (id % 2) as u32, &format!("Title {id}")));
    reader.service.account().labels.insert("To Read".to_owned(), BTreeSet::from([1, 2]));
    let labels = |reader: &Reader, name: &str| {
        reader.service.account().labels.get(name).map(|ids| ids.iter().copied().collect::<Vec<i64>>())
    };
    reader.synced();
    assert_eq!(reader.user.titles("tag:\"to read\""), ["Title 1", "Title 2"]);
    assert_eq!(reader.user.titles("tag:drinks"), [] as [&str; 0]);
    // Here: another spelling, a new tag, one that is a folder there, and one removed.
    reader.user.done(&["mark", "tag", "to read", "title:\"title 3\""]);
    reader.user.done(&["mark", "untag", "To Read", "title:\"title 1\""]);
    reader.user.done(&["mark", "tag", "Été & co", "title:\"title 4\""]);
    reader.user.done(&["mark", "tag", "earth", "title:\"title 5\""]);
    let result = reader.synced();
    assert_eq!((&result["marks_sent"], &result["marks_waiting"]), (&3.into(), &0.into()), "{result}");
    assert_eq!(labels(&reader, "To Read"), Some(vec![2, 3]));
    assert_eq!((labels(&reader, "Été & co"), labels(&reader, "earth")), (Some(vec![4]), None));
    // There: an article gets the label and another loses it, the service removes an article.
    reader.service.account().labels.insert("To Read".to_owned(), BTreeSet::from([3, 4]));
    reader.service.account().items.remove(&3);
    let result = reader.synced();
    assert_eq!(result["marks_received"], 2, "{result}");
    assert_eq!(reader.user.titles("tag:\"to read\""), ["Title 3", "Title 4"], "what is removed there stays here");
    // A label that is removed there changes no tag here, and does not come back.
    reader.service.account().labels.clear();
    let result = reader.synced();
    assert_eq!((&result["marks_sent"], &result["marks_received"]), (&0.into(), &0.into()), "{result}");
    assert_eq!(reader.user.titles("tag:\"to read\" OR tag:\"été & co\"").len(), 2);
    assert_eq!(reader.user.titles("tag:earth"), ["Title 5"]);
    for manner in [Manner::Miniflux, Manner::Fever] {
        let mut reader = Reader::added(manner);
        reader.service.add(1, 1, "Title 1");
        reader.synced();
        reader.user.done(&["mark", "tag", "here", "title:\"title 1\""]);
        let result = reader.synced();
        assert_eq!((&result["marks_sent"], &result["marks_waiting"]), (&0.into(), &0.into()), "{manner:?}: {result}");
    }
}
