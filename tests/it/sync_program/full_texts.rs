//! Full texts as a user has them: by a line of the list, by a command, and from pages that are hostile.

use std::process::Stdio;

use super::*;
use crate::harness::random::Random;
use crate::rounds;

const FULL_TEXTS: &str = ".local/share/frontpage/full-text";

/// A page with an article of many words. One of them is its own.
fn page(own: &str) -> String {
    let paragraph =
        format!("<p>The tide rose over the {own} stones, and the boats turned with it, as they do.</p>").repeat(30);
    format!(
        "<!DOCTYPE html><html><head><title>{own}</title></head><body><nav><a href=/>Home</a></nav>\
         <article><h1>{own}</h1>{paragraph}<p>See <a href=/tables>the tables of {own}</a>.</p></article></body></html>"
    )
}

/// A channel whose items link to pages of the server.
fn channel(user: &User, numbers: impl IntoIterator<Item = u32>) -> String {
    rss("Tea", numbers).replace("https://site.example/Tea/", &user.server.url("/page/"))
}

/// A user whose only subscription wants full texts, and whose server has a page for each item.
fn user(numbers: impl IntoIterator<Item = u32> + Clone) -> User {
    let user = User::new(2);
    user.server.route("/feed.xml", Reply::ok(channel(&user, numbers.clone())));
    for number in numbers {
        user.server.route(&format!("/page/{number}"), html(page(&format!("word{number}"))));
    }
    follow(&user, true);
    user
}

fn follow(user: &User, full_text: bool) {
    let address = user.server.url("/feed.xml");
    user.home.file(LIST, &format!("- feed: {address}\n  private: true\n  full text: {full_text}\n"));
}

fn html(body: impl AsRef<[u8]>) -> Reply {
    Reply::ok(body).header("Content-Type", "text/html; charset=utf-8")
}

/// The pages that were asked for, without the channel.
fn pages(user: &User) -> Vec<String> {
    user.server.paths().into_iter().filter(|path| path.starts_with("/page/")).collect()
}

fn kept(user: &User) -> usize {
    files(&user.path(FULL_TEXTS)).len()
}

#[test]
fn the_full_texts_of_new_articles_come_with_the_sync_and_are_shown_in_place_of_the_files() {
    let mut user = user(0..3);
    let out = user.done(&["sync"]);
    assert!(out.contains("Tea: full texts: 3 kept"), "{out}");
    assert_eq!((pages(&user).len(), kept(&user)), (3, 3));
    // Search, show in all formats, and links use them.
    assert_eq!(user.titles("word1"), ["Tea 1"]);
    let shown = user.done(&["show", "title:\"Tea 2\""]);
    assert!(shown.contains("full text from 127.0.0.1") && shown.contains("word2 stones"), "{shown}");
    assert!(shown.contains("/tables"), "{shown}");
    for format in ["markdown", "html"] {
        let shown = user.done(&["show", "title:\"Tea 2\"", "--format", format]);
        assert!(shown.contains("word2 stones") && !shown.contains("Home"), "{format}: {shown}");
    }
    let words: Vec<Value> = serde_json::from_str(&user.done(&["list", "--format", "json"])).unwrap();
    assert!(words.iter().all(|article| article["words"].as_u64().unwrap() > 400), "{words:?}");
    // The files are what they are without.
    let articles = files(&user.path(ARTICLES));
    assert!(articles.values().all(|bytes| !String::from_utf8_lossy(bytes).contains("stones")));
    // Nothing is asked again, and no article counts as edited.
    user.pass(TimeDelta::days(2));
    user.server.route("/feed.xml", Reply::ok(channel(&user, 0..3).replace("Text 1", "New text 1")));
    let (results, code) = user.sync(&[]);
    assert_eq!((results["Tea"]["updated"].as_u64(), code), (Some(1), 0), "{results:?}");
    assert_eq!((pages(&user).len(), kept(&user)), (3, 3));
    assert_eq!(user.titles("word1"), ["Tea 1"]);
}

#[test]
fn a_sync_fetches_twenty_pages_of_a_subscription_and_leaves_the_rest_to_the_next() {
    let mut user = user(0..60);
    user.server.route("/feed.xml", Reply::ok(channel(&user, 30..60)));
    user.done(&["sync"]);
    // Of a first sync, the newest are wanted.
    let newest: Vec<String> = (30..50).map(|number| format!("/page/{number}")).collect();
    let mut asked = pages(&user);
    asked.sort();
    assert_eq!((asked, kept(&user)), (newest, 20));
    user.server.route("/feed.xml", Reply::ok(channel(&user, 0..25)));
    for (asked, words) in [(40, "20 kept, 5 left for the next sync"), (45, "5 kept"), (45, "")] {
        user.pass(TimeDelta::days(2));
        let out = user.done(&["sync"]);
        assert!(out.contains(words) && out.contains("full texts") != words.is_empty(), "{words}: {out}");
        assert_eq!(pages(&user).len(), asked);
    }
    assert_eq!(kept(&user), 45);
}

#[test]
fn a_subscription_without_the_setting_asks_for_no_page() {
    let user = user(0..3);
    follow(&user, false);
    user.done(&["sync"]);
    assert_eq!((pages(&user).len(), kept(&user)), (0, 0));
}

#[test]
fn a_command_fetches_the_text_of_one_article_and_forgets_it() {
    let user = user(0..2);
    follow(&user, false);
    user.done(&["sync"]);
    let id = |user: &User| {
        let found: Vec<Value> =
            serde_json::from_str(&user.done(&["list", "title:\"Tea 1\"", "--format", "json"])).unwrap();
        found[0]["id"].as_str().unwrap().to_owned()
    };
    let before = user.done(&["show", &id(&user)]);
    let ran = user.run(&["fetch", "title:\"Tea 1\""]);
    assert!(ran.code == 0 && ran.err.contains("full text of 4") && ran.out.is_empty(), "{}", ran.err);
    assert!(user.done(&["show", &id(&user)]).contains("word1 stones"));
    assert_eq!((user.titles("word1"), pages(&user)), (vec!["Tea 1".to_owned()], vec!["/page/1".to_owned()]));
    let removed = user.run(&["fetch", "--remove", &id(&user), "--format", "json"]);
    let answer: Value = serde_json::from_str(&removed.out).unwrap();
    assert_eq!((answer["result"].as_str(), removed.code), (Some("removed"), 0));
    assert_eq!((user.done(&["show", &id(&user)]), user.titles("word1").len()), (before, 0));
    let ran = user.run(&["fetch", "--remove", &id(&user)]);
    assert!(ran.code == 1 && ran.err.contains("has no full text"), "{}", ran.err);
}

#[test]
fn a_page_without_a_full_text_is_named_with_the_reason() {
    let user = user(0..1);
    follow(&user, false);
    user.done(&["sync"]);
    let many: String = (0..100_000).map(|number| format!(" a{number}=1")).collect();
    let short = "<html><body><article><p>Text</p></article></body></html>";
    for (reply, code, words) in [
        (Reply::status(403), 2, "127.0.0.1 refuses the request (403)"),
        (Reply::status(404), 2, "has no such page (404)"),
        (Reply::status(500), 2, "has a failure (500)"),
        (Reply::ok("%PDF").header("Content-Type", "application/pdf"), 2, "not a page but a PDF"),
        (Reply::ok("{}").header("Content-Type", "application/x-\u{1b}[2J"), 2, "cannot be read"),
        (html("only words"), 2, "not a page of HTML"),
        (html("<html><body></body></html>"), 2, "no article was found"),
        (html("<html><body><form><input type=password></form></body></html>"), 2, "only after a login"),
        (html(short), 1, "no longer than the one here: 1 words, and 4 here"),
        (html(format!("<html><body>{}", "<div>".repeat(1_000))), 2, "more than 200 elements deep"),
        (html(format!("<html><body><p{many}>x</p></body></html>")), 2, "too many elements or attributes"),
        (html(format!("<html><body>{}", "x ".repeat(2 << 20))), 2, "larger than 2 MiB"),
        (Reply::redirect(302, "http://127.0.0.2/"), 2, "redirect"),
        (Reply::hang_up(), 2, ""),
    ] {
        user.server.route("/page/0", reply);
        let ran = user.run(&["fetch", "title:\"Tea 0\""]);
        assert_eq!(ran.code, code, "{words}: {}", ran.err);
        assert!(ran.err.contains(words) && !ran.err.contains('\u{1b}'), "{words}: {}", ran.err);
        assert_eq!(kept(&user), 0, "{words}");
    }
    assert_eq!(user.titles(""), ["Tea 0"]);
}

/// Pages that try to use up time, memory or stack.
fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    let page = |body: String| {
        format!("<!DOCTYPE html><html><head><title>T</title></head><body>{body}</body></html>").into_bytes()
    };
    let many: String = (0..100_000).map(|number| format!(" a{number}=\"{number}\"")).collect();
    vec![
        ("deep", page("<div>".repeat(1_000) + &"words ".repeat(1_000))),
        ("deep in paragraphs", page("<p><b>".repeat(20_000) + &"words ".repeat(1_000))),
        ("attributes", page(format!("<article{many}>{}</article>", "words ".repeat(1_000)))),
        ("flat", page("<p>A few words, and a comma.</p>".repeat(60_000))),
        ("long", page("a few words, ".repeat(150_000))),
        ("tables", page("<table><tr><td>".repeat(190) + &"<td>x</td>".repeat(90_000))),
        ("links", page("<div><a href=x>y</a></div>".repeat(45_000))),
        ("comments", page("<!-- <article>".repeat(100_000))),
        ("entities", page("&amp;&lt;b&gt;&#0;&#x1b;[2J".repeat(80_000))),
        ("misnested", page("<b><i><a>x</b></i></a>".repeat(30_000))),
        ("json", page(format!("<script type=application/ld+json>{}</script>", "[".repeat(1_000_000)))),
        ("no bytes", Vec::new()),
        ("zeros", vec![0; 1 << 20]),
    ]
}

#[test]
fn pages_that_fail_are_named_with_each_reason_and_their_number() {
    let user = user(0..5);
    for (number, reply) in [
        (0, Reply::status(403)),
        (2, Reply::status(404)),
        (3, Reply::status(403)),
        (4, html("<form><input type=password></form>")),
    ] {
        user.server.route(&format!("/page/{number}"), reply);
    }
    let out = user.done(&["sync"]);
    let line = out.lines().find(|line| line.contains("full texts")).unwrap();
    assert!(line.contains("1 kept, 4 failed ("), "{line}");
    for reason in ["2: 127.0.0.1 refuses the request (403)", "1: 127.0.0.1 has no such page (404)", "1: "] {
        assert!(line.contains(reason), "{reason}: {line}");
    }
}

#[test]
fn the_full_texts_of_deleted_articles_are_deleted_and_those_of_articles_that_stay_are_kept() {
    let user = user(0..4);
    user.done(&["sync"]);
    user.done(&["mark", "starred", "title:\"Tea 2\""]);
    // An article that the user has deleted.
    let articles = files(&user.path(ARTICLES));
    let is_third = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains("Tea 3");
    let (deleted, _) = articles.iter().find(|(_, bytes)| is_third(bytes)).unwrap();
    std::fs::remove_file(deleted).unwrap();
    let ran = user.run(&["unsubscribe", "Tea", "--delete-articles", "--yes"]);
    assert!(ran.code == 0 && ran.err.contains("deleted 3 full texts"), "{}", ran.err);
    assert_eq!((kept(&user), user.titles("word2")), (1, vec!["Tea 2".to_owned()]));
}

/// The path of the file of an article, by its title.
fn file_of(user: &User, title: &str) -> PathBuf {
    let has_title = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(title);
    files(&user.path(ARTICLES)).into_iter().find(|(_, bytes)| has_title(bytes)).expect("the file").0
}

#[test]
fn the_full_texts_of_articles_on_a_disk_that_is_not_mounted_stay() {
    for is_emptied in [true, false] {
        let user = user(0..4);
        user.done(&["sync"]);
        user.done(&["mark", "starred", "title:\"Tea 2\""]);
        let (articles, away) = (user.path(ARTICLES), user.path("away"));
        std::fs::rename(&articles, &away).unwrap();
        if is_emptied {
            let folders = std::fs::read_dir(&away).unwrap().map(|entry| entry.unwrap());
            for folder in folders.filter(|entry| entry.path().is_dir()) {
                std::fs::create_dir_all(articles.join(folder.file_name())).unwrap();
            }
        }
        let ran = user.run(&["unsubscribe", "Tea", "--delete-articles", "--yes"]);
        assert!(ran.code == 0 && !ran.err.contains("full text"), "{}", ran.err);
        assert_eq!(kept(&user), 4);
    }
}

#[test]
fn the_full_texts_of_renamed_articles_and_of_starred_ones_without_a_file_stay() {
    let user = user(0..5);
    user.done(&["sync"]);
    user.done(&["mark", "starred", "title:\"Tea 2\""]);
    for (title, name) in [("Tea 0", Some("mine.md")), ("Tea 1", Some("x-0123456789abcdef.md")), ("Tea 2", None)] {
        let file = file_of(&user, title);
        match name {
            Some(name) => std::fs::rename(&file, file.with_file_name(name)).unwrap(),
            None => std::fs::remove_file(&file).unwrap(),
        }
    }
    let ran = user.run(&["unsubscribe", "Tea", "--delete-articles", "--yes"]);
    assert!(ran.err.contains("deleted 2 articles") && ran.err.contains("deleted 2 full texts"), "{}", ran.err);
    assert_eq!(
        (kept(&user), user.titles("word0"), user.titles("word1")),
        (3, vec!["Tea 0".to_owned()], vec!["Tea 1".to_owned()])
    );
}

#[test]
fn hostile_pages_stop_neither_the_sync_nor_the_other_pages() {
    let hostile = hostile();
    let count = u32::try_from(hostile.len()).unwrap();
    let user = user(0..count + 2);
    for (number, (_, bytes)) in (1..).zip(&hostile) {
        user.server.route(&format!("/page/{number}"), html(bytes));
    }
    let (results, code) = user.sync(&[]);
    assert_eq!((results.len(), code), (1, 0), "{results:?}");
    assert_eq!(pages(&user).len(), hostile.len() + 2);
    for number in [0, count + 1] {
        assert_eq!(user.titles(&format!("word{number}")), [format!("Tea {number}")]);
    }
    assert_eq!(user.titles("").len(), hostile.len() + 2);
    for (path, bytes) in files(&user.path(FULL_TEXTS)) {
        assert!(bytes.len() < 2 << 20 && !bytes.contains(&0x1b), "{}", path.display());
    }
}

#[test]
fn a_page_on_another_private_host_is_refused() {
    let user = user(0..2);
    let other = user.server.url_at(&host(2), "/page/1");
    let document = channel(&user, 0..2).replace(&user.server.url("/page/1"), &other);
    user.server.route("/feed.xml", Reply::ok(document));
    let out = user.done(&["sync"]);
    assert!(out.contains("1 kept, 1 failed (127.0.0.2 is an address on a private network)"), "{out}");
    assert_eq!(pages(&user), ["/page/0"]);
    let ran = user.run(&["fetch", "title:\"Tea 1\""]);
    assert!(ran.code == 2 && ran.err.contains("frontpage fetch --private"), "{}", ran.err);
    assert_eq!(user.run(&["fetch", "--private", "title:\"Tea 1\""]).code, 0);
    assert_eq!(user.titles("word1"), ["Tea 1"]);
}

#[test]
fn the_password_of_a_channel_goes_to_pages_of_its_own_origin_only() {
    let user = user(0..2);
    let other = user.server.url_at(&host(2), "/page/1");
    user.server.route("/feed.xml", Reply::ok(channel(&user, 0..2).replace(&user.server.url("/page/1"), &other)));
    let address = user.server.url("/feed.xml");
    let auth = "  auth: {user: me, password command: printf secret}\n  headers: {X-Key: key}\n";
    user.home.file(LIST, &format!("- feed: {address}\n  private: true\n  full text: true\n{auth}"));
    user.done(&["sync"]);
    user.run(&["fetch", "--private", "title:\"Tea 1\""]);
    for request in user.server.requests() {
        let is_own = request.host == "127.0.0.1";
        assert_eq!(request.header("Authorization").is_some(), is_own, "{} {}", request.host, request.path);
        assert_eq!(request.header("X-Key").is_some(), is_own, "{} {}", request.host, request.path);
    }
    assert_eq!(pages(&user).len(), 2);
}

#[test]
fn a_page_whose_server_fails_in_passing_is_asked_for_by_three_syncs() {
    let mut user = user(0..2);
    user.server.route("/page/1", Reply::status(503));
    for (asked, words) in [(1, "1 kept, 1 failed, 1 left"), (2, "1 failed, 1 left"), (3, "1 failed ("), (3, "")] {
        let out = user.done(&["sync"]);
        assert!(out.contains(words) && out.contains("full texts") != words.is_empty(), "{words}: {out}");
        assert_eq!(user.server.count("/page/1"), asked);
        user.pass(TimeDelta::days(2));
    }
    // A page that is gone is asked for once.
    user.server.route("/feed.xml", Reply::ok(channel(&user, 0..4)));
    for _ in 0..2 {
        user.done(&["sync"]);
        user.pass(TimeDelta::days(2));
    }
    assert_eq!((user.server.count("/page/2"), user.server.count("/page/3")), (1, 1));
}

#[test]
fn a_server_with_too_many_requests_is_asked_for_no_other_page() {
    let mut user = user(0..6);
    user.server.route("/page/0", Reply::status(429).header("Retry-After", "3600"));
    let out = user.done(&["sync"]);
    assert!(out.contains("1 failed, 6 left for the next sync (127.0.0.1 was asked too often (429))"), "{out}");
    assert_eq!((pages(&user).len(), kept(&user)), (1, 0));
    user.server.route("/page/0", html(page("word0")));
    user.pass(TimeDelta::days(2));
    user.done(&["sync"]);
    assert_eq!(kept(&user), 6);
}

fn a_killed_sync_still_brings_all_full_texts(kills: usize) {
    let (mut random, mut killed) = (Random::new(7), 0);
    for _ in 0..kills {
        let mut user = user(0..8);
        let mut sync = user.command(&["sync"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(random.roll(700) as u64));
        let _ = sync.kill();
        killed += usize::from(sync.wait().unwrap().code().is_none());
        for _ in 0..2 {
            user.pass(TimeDelta::days(2));
            user.done(&["sync"]);
        }
        assert_eq!((kept(&user), user.titles("stones").len()), (8, 8));
        assert_eq!(temporary_files(&user.path(".local")), [] as [PathBuf; 0]);
        assert!(files(&user.path(STATES)).keys().all(|path| !path.to_string_lossy().ends_with(".pages.json")));
    }
    println!("{killed} of {kills} syncs were killed");
}

// A round takes 20 seconds: eight requests to one host, three times.
rounds!(a_killed_sync_still_brings_all_full_texts, 2, 20);
