//! What a user does one after the other: follow, read, sync for days, move, export, leave.

use super::*;
use crate::harness::web_server::gzip;

const ETAG: &str = "W/\"a 'b'  \\c\"";
const MODIFIED: &str = "Sun, 29 Nov 2026 10:00:00 GMT";

fn page(links: &[(&str, &str)]) -> String {
    let links = links.iter().map(|(address, title)| {
        format!("<link rel=\"alternate\" type=\"application/rss+xml\" title=\"{title}\" href=\"{address}\">")
    });
    format!("<html><head><title>A page</title>{}</head><body>Words</body></html>", links.collect::<String>())
}

#[test]
fn a_channel_takes_one_request_and_later_syncs_are_conditional() {
    let mut user = User::new(1);
    user.server.route_fn("/feed.xml", conditional(ETAG, MODIFIED, rss("Tea", 0..25)));
    user.done(&["subscribe", "--private", &user.server.url("/feed.xml")]);
    assert_eq!(user.server.paths(), ["/feed.xml"]);
    assert_eq!(user.server.requests()[0].header("If-None-Match"), None);
    let records = |user: &User| {
        let is_record = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "json" || ending == "jsonl");
        files(&user.path(STATES)).into_iter().filter(|(path, _)| is_record(path)).collect::<BTreeMap<_, _>>()
    };
    let (first, states) = (files(&user.path(ARTICLES)), records(&user));
    assert_eq!(first.len(), 25);
    assert_eq!(user.titles("is:unread").len(), 20);
    // Nothing is due, and by hand it is too early.
    for arguments in [&["sync"][..], &["sync", "--all"], &["sync", "Tea"]] {
        user.done(arguments);
    }
    assert_eq!(user.server.paths().len(), 1);
    assert_eq!(records(&user), states);
    for day in 1..=3 {
        user.pass(TimeDelta::days(1) + TimeDelta::hours(1));
        assert_eq!(user.result(), "unchanged");
        assert_eq!(user.server.paths().len(), 1 + day);
        let request = user.server.requests().pop().unwrap();
        assert_eq!(request.header("If-None-Match"), Some(ETAG));
        assert_eq!(request.header("If-Modified-Since"), Some(MODIFIED));
        assert_eq!((request.header("Cookie"), request.header("Referer")), (None, None));
        assert!(request.header("User-Agent").unwrap().starts_with("frontpage/"));
        assert_eq!(files(&user.path(ARTICLES)), first, "day {day}");
    }
    // The server loses its validators, and has a new item.
    user.server.route("/feed.xml", Reply::gzip(rss("Tea", 0..1).replace("Tea 0", "Tea new").replace(":0<", ":new<")));
    user.pass(TimeDelta::days(2));
    assert_eq!(user.result(), "new");
    assert_eq!(user.titles("\"Tea new\" is:unread"), ["Tea new"]);
    user.pass(TimeDelta::days(2));
    user.server.forget();
    assert_eq!(user.result(), "unchanged");
    assert_eq!(user.server.requests()[0].header("If-None-Match"), None);
    assert_eq!(user.titles("").len(), 26);
}

#[test]
fn three_syncs_of_the_same_document_write_the_same_files() {
    let mut user = User::new(1);
    user.server.route("/feed.xml", Reply::ok(rss("Tea", 0..5)).header("Set-Cookie", "a=b"));
    user.follow(&[user.server.url("/feed.xml")]);
    let mut seen = Vec::new();
    for _ in 0..3 {
        user.sync(&[]);
        seen.push(files(&user.path(ARTICLES)));
        user.pass(TimeDelta::days(2));
    }
    assert_eq!((seen[0].len(), &seen[1], &seen[2]), (5, &seen[0], &seen[0]));
    assert_eq!(user.server.count("/feed.xml"), 3);
    assert!(user.server.requests().iter().all(|request| request.header("Cookie").is_none()));
    // A home that has lost its state takes the files that are there.
    std::fs::remove_dir_all(user.path(STATES)).unwrap();
    user.sync(&[]);
    assert_eq!(files(&user.path(ARTICLES)), seen[0]);
}

#[test]
fn a_page_takes_two_requests_and_several_channels_a_choice() {
    let user = User::new(3);
    let at = |number: u8, path: &str| user.server.url_at(&host(number), path);
    // At another server, so that the pause between two requests at one takes no time.
    user.server.route("/one", Reply::ok(page(&[(&at(2, "/feed.xml"), "Tea")])));
    user.server.route("/two", Reply::ok(page(&[(&at(2, "/feed.xml"), "Tea"), (&at(3, "/other.xml"), "Coffee")])));
    user.server.route("/feed.xml", Reply::ok(rss("Tea", 0..2)));
    user.server.route("/other.xml", Reply::ok(rss("Coffee", 0..2)));
    let ran = user.run(&["subscribe", "--private", "--format", "json", &at(1, "/two")]);
    let answer: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!((ran.code, answer["result"].as_str()), (1, Some("choose")), "{}{}", ran.out, ran.err);
    assert_eq!(answer["channels"].as_array().unwrap().len(), 2);
    assert_eq!((user.server.paths().len(), user.list().contains("feed:")), (1, false), "{}", user.list());
    // A page may not lead to another private server.
    let ran = user.run(&["subscribe", "--private", "--channel", "2", &at(1, "/two")]);
    assert_eq!((ran.code, user.server.count("/other.xml")), (2, 0), "{}", ran.err);
    assert!(ran.err.contains("private"), "{}", ran.err);
    user.server.forget();
    user.server.route("/near", Reply::ok(page(&[("/feed.xml", "Tea"), ("/other.xml", "Coffee")])));
    let ran = user.run(&["subscribe", "--private", "--channel", "2", "--format", "json", &at(1, "/near")]);
    let answer: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!((ran.code, answer["result"].as_str()), (0, Some("subscribed")), "{}{}", ran.out, ran.err);
    assert_eq!((answer["new"].as_u64(), answer["title"].as_str()), (Some(2), Some("Coffee")));
    assert_eq!(user.server.paths(), ["/near", "/other.xml"]);
    assert_eq!(user.titles(""), ["Coffee 0", "Coffee 1"]);
    // What is known is not asked for.
    user.server.forget();
    let ran = user.run(&["subscribe", "--private", "--format", "json", &at(1, "/other.xml")]);
    let answer: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!((ran.code, answer["result"].as_str(), user.server.paths().len()), (0, Some("already"), 0));
}

#[test]
fn addresses_come_from_stdin_too() {
    let user = User::new(2);
    user.server.route("/feed.xml", Reply::ok(rss("Tea", 0..2)));
    user.server.route("/other.xml", Reply::ok(rss("Coffee", 0..2)));
    let lines = format!("{}\n\n{}\n", user.server.url("/feed.xml"), user.server.url_at("127.0.0.2", "/other.xml"));
    let input = user.home.file("addresses", &lines);
    let mut command = user.command(&["subscribe", "--private", "--topic", "Drinks", "--format", "json", "-"]);
    let ran = ran(command.stdin(std::fs::File::open(input).unwrap()));
    assert_eq!((ran.code, ran.out.lines().count()), (0, 2), "{}{}", ran.out, ran.err);
    assert_eq!(user.titles("topic:Drinks").len(), 4);
    let wanted = user.server.requests().len();
    assert_eq!(wanted, 2);
}

#[test]
fn a_preview_of_an_address_writes_nothing() {
    let user = User::new(1);
    user.server.route("/feed.xml", Reply::ok(gzip(rss("Tea", 0..2).as_bytes())).header("Content-Encoding", "gzip"));
    let out = user.done(&["preview", "--private", &user.server.url("/feed.xml")]);
    assert!(out.contains("Tea 1") && out.contains("2 items"), "{out}");
    assert_eq!(user.server.count("/feed.xml"), 1);
    let written = files(user.home.folder.path());
    assert!(written.is_empty(), "{:?}", written.keys());
    let ran = user.run(&["preview", &user.server.url("/feed.xml")]);
    assert_eq!((ran.code, user.server.count("/feed.xml")), (2, 1));
    assert!(ran.err.contains("--private"), "{}", ran.err);
}

#[test]
fn a_move_keeps_articles_and_marks() {
    let mut user = User::new(2);
    user.server.route("/old.xml", Reply::ok(rss("Tea", 0..3)));
    user.server.route("/new.xml", Reply::ok(rss("Tea", 0..4)));
    user.done(&["subscribe", "--private", &user.server.url("/old.xml")]);
    user.done(&["mark", "starred", "\"Tea 1\""]);
    user.done(&["mark", "read", "\"Tea 2\""]);
    let before = files(&user.path(ARTICLES));
    user.done(&["subscriptions", "move", "Tea", &user.server.url_at("127.0.0.2", "/new.xml")]);
    user.pass(TimeDelta::days(2));
    user.server.forget();
    assert_eq!(user.result(), "new");
    assert_eq!(user.server.paths(), ["/new.xml"]);
    let after = files(&user.path(ARTICLES));
    assert_eq!(after.len(), 4);
    assert!(before.iter().all(|(path, text)| after.get(path) == Some(text)), "{before:?} {after:?}");
    assert_eq!(user.titles("is:starred"), ["Tea 1"]);
    assert_eq!(user.titles("is:unread"), ["Tea 0", "Tea 1", "Tea 3"]);
}

#[test]
fn unsubscribing_keeps_articles_until_they_are_to_go() {
    let mut user = User::new(1);
    user.server.route("/feed.xml", Reply::ok(rss("Tea", 0..3)));
    user.done(&["subscribe", "--private", &user.server.url("/feed.xml")]);
    user.done(&["mark", "starred", "\"Tea 1\""]);
    user.done(&["unsubscribe", "Tea"]);
    user.pass(TimeDelta::days(2));
    assert_eq!(user.run(&["sync"]).code, 1);
    assert_eq!((user.server.paths().len(), user.titles("").len()), (1, 3));
    user.done(&["subscribe", "--private", &user.server.url("/feed.xml")]);
    assert_eq!((files(&user.path(ARTICLES)).len(), user.titles("is:starred")), (3, vec!["Tea 1".to_owned()]));
    user.done(&["unsubscribe", "Tea", "--delete-articles", "--yes"]);
    assert_eq!(user.titles(""), ["Tea 1"]);
    // What the user deleted does not come back.
    user.pass(TimeDelta::days(2));
    user.done(&["subscribe", "--private", &user.server.url("/feed.xml")]);
    assert_eq!(user.titles(""), ["Tea 1"]);
}

#[test]
fn unsubscribing_keeps_what_is_known_of_articles_whose_folder_is_away() {
    let user = User::new(1);
    user.server.route("/feed.xml", Reply::ok(rss("Tea", 0..3)));
    let address = user.server.url("/feed.xml");
    user.done(&["subscribe", "--private", &address]);
    let folder = std::fs::read_dir(user.path(ARTICLES)).unwrap().next().unwrap().unwrap().path();
    let away = user.path("away");
    std::fs::rename(&folder, &away).unwrap();
    let ran = user.run(&["unsubscribe", "Tea", "--delete-articles", "--yes"]);
    assert!(ran.code == 0 && ran.err.contains("what is known of them is kept"), "{}", ran.err);
    let states = files(&user.path(".local/state/frontpage/sync"));
    assert!(states.keys().any(|path| path.extension().is_some_and(|ending| ending == "jsonl")), "{:?}", states.keys());
    // Back again, the files are those that the state knows: nothing is written twice.
    std::fs::rename(&away, &folder).unwrap();
    user.done(&["subscribe", "--private", &address]);
    assert_eq!(files(&user.path(ARTICLES)).len(), 3);
    user.done(&["unsubscribe", "Tea", "--delete-articles", "--yes"]);
    assert_eq!(files(&user.path(ARTICLES)).len(), 0);
}

#[test]
fn an_export_can_be_imported_but_for_private_addresses() {
    let user = User::new(1);
    user.follow(&[user.server.url("/feed.xml")]);
    let list = user.list()
        + "- https://site.example/a.xml\n- feed: https://site.example/b.xml?x=1&y=\"2\"\n  title: \"B & <b>\"\n  topics: [One, Two]\n";
    user.home.file(LIST, &list);
    let file = user.path("list.opml");
    user.done(&["subscriptions", "export", file.to_str().unwrap()]);
    let other = User::new(1);
    let ran = other.run(&["subscriptions", "import", file.to_str().unwrap()]);
    let said = ran.out.clone() + &ran.err;
    assert!(said.contains("private"), "{said}");
    let listed: Vec<Value> =
        serde_json::from_str(&other.run(&["subscriptions", "--format", "json"]).out).expect("JSON");
    let titles: Vec<_> = listed.iter().map(|one| (one["title"].as_str().unwrap(), one["topics"].clone())).collect();
    assert_eq!(titles.len(), 2, "{titles:?} {said}");
    assert_eq!(titles[1], ("B & <b>", serde_json::json!(["One", "Two"])));
    assert!(other.list().contains("b.xml?x=1&y="), "{}", other.list());
    assert!(user.server.paths().is_empty() && other.server.paths().is_empty());
}
