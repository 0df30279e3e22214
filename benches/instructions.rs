//! Instructions of the hot paths, counted by valgrind. The counts are the same on every machine and under any load, so they show
//! regressions that times hide in their noise: `cargo bench --bench instructions`.

#![allow(clippy::print_stdout, clippy::expect_used, clippy::disallowed_methods)] // prints its results, and panics on errors

mod support;

use std::hint::black_box;
use std::process::Command;
use std::sync::Arc;

use frontpage::app::{Bookmark, Event, Folds, PaneLayout, SessionInit, UserConfig};
use frontpage::feed::{Article, Change, DeviceId, Feed, HybridClock, Mark, Marks, clean};
use frontpage::jobs::{Answer, JobId, JobKind, JobReport, JobStatus};
use frontpage::keymap::{Key, Keymap};
use frontpage::library::{Library, Loaded};
use frontpage::query::{Query, SearchContext};
use frontpage::subscriptions::{FetchRecords, ListedSubscription, Subscription, SubscriptionsFile};
use frontpage::terminal::HeadlessUi;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use support::{ArticleFiles, now};

/// Articles in the library.
const ARTICLES: usize = 2_000;
/// The environment variable with the number of a task and how often to run it, for the process under valgrind.
const TASK: &str = "FRONTPAGE_COUNTED";

/// The tasks, and how often each runs in one process. The cost of starting is subtracted, by also counting a process that runs the
/// task 0 times.
const TASKS: [(&str, usize); 13] = [
    ("load: a file", ARTICLES),
    ("refresh: an unchanged file", ARTICLES),
    ("frame: press down and draw", 40),
    ("search: an article", ARTICLES),
    ("related: for an article", 500),
    ("mark: an article", 1_000),
    ("frame: scroll an article and draw", 40),
    ("key j, no navigation pane", 200),
    ("key j, beside the navigation pane", 200),
    ("key m, no navigation pane", 200),
    ("key m, beside the navigation pane", 200),
    ("key j, the feeds are of an account", 200),
    ("key m, the feeds are of an account", 200),
];

/// Subscriptions, topics and folders of the library in which keys beside the navigation pane are counted.
const LARGE_NAVIGATION: (usize, usize, usize) = (300, 2_000, 1_000);

fn main() {
    if let Ok(task) = std::env::var(TASK) {
        let (number, times) = task.split_once(' ').expect("a task and how often");
        return run(number.parse().expect("a number"), times.parse().expect("a number"));
    }
    for (number, (name, times)) in TASKS.iter().enumerate() {
        match (count(number, *times), count(number, 0)) {
            (Some(all), Some(start)) => {
                println!("{name:36} {:>9} instructions", all.saturating_sub(start) / *times as u64)
            }
            _ => return println!("counting instructions needs valgrind"),
        }
    }
}

/// Instructions of a process of this program that runs a task `times` times.
fn count(number: usize, times: usize) -> Option<u64> {
    let own = std::env::current_exe().expect("this program");
    let counted = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(own)
        .env(TASK, format!("{number} {times}"))
        .output()
        .ok()?;
    let words = String::from_utf8_lossy(&counted.stderr).into_owned();
    words.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok())
}

fn run(number: usize, times: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    ArticleFiles::new().write(folder.path(), ARTICLES);
    let library = Library::Paths(vec![folder.path().to_owned()]);
    let load = || library.load(now(), |_| {}).expect("the library");
    if number == 0 {
        return drop((times > 0).then(|| black_box(load())));
    }
    let loaded = load();
    if number == 1 {
        // Files that were just written are read again: wait until their modification times are old enough to be trusted.
        std::thread::sleep(std::time::Duration::from_millis(2_500));
        let same = |before: &Loaded| library.refresh(before, now(), |_| {}).expect("the library");
        let settled = same(&loaded).unwrap_or(loaded);
        return drop((times > 0).then(|| black_box(same(&settled))));
    }
    let feed: Arc<Feed> = loaded.feed;
    if number > 10 {
        return press_beside_navigation(true, ["j", "mj"][number - 11], times, true);
    }
    if number > 6 {
        let (setting, key) = ([false, true][(number + 1) % 2], ["j", "mj"][(number - 7) / 2]);
        return press_beside_navigation(setting, key, times, false);
    }
    match number {
        2 => press_and_draw(feed, "", "j", times),
        3 => {
            let context = SearchContext::new(feed, Arc::default(), now());
            let found = |word: &str| Query::parse(word).expect("a query").select(&context).len();
            black_box(found("nothing")); // makes the texts, which are not to be counted
            if times > 0 {
                black_box(found("common"));
            }
        }
        4 => {
            for index in 0..times {
                black_box(feed.related(index));
            }
        }
        6 => press_and_draw(feed, "<enter>z", "j", times),
        _ => {
            let (mut marks, mut clock) = (Marks::default(), HybridClock::new(DeviceId(1)));
            for id in (0..times).filter_map(|index| feed.id(index)) {
                marks.apply(&Change { stamp: clock.tick(now()), mark: Mark::Read(Some(now())), articles: vec![id] });
            }
            black_box(marks);
        }
    }
}

/// Presses a key `times` times in a library with many entries in the navigation pane, and draws after each. The panes beside it have
/// the same size as without it. The channels may be unfolded feeds of an account in place of subscriptions.
fn press_beside_navigation(is_on: bool, key: &str, times: usize, is_account: bool) {
    let (channels, topics, folders) = LARGE_NAVIGATION;
    let list: String = (0..channels).map(|n| format!("- https://{n}.example/feed.xml\n")).collect();
    let mut subscriptions = SubscriptionsFile::parse(&list, "".as_ref(), None);
    let keys: Vec<String> = subscriptions.subscriptions.iter().map(|listed| listed.key.to_string()).collect();
    let mut records = FetchRecords::default();
    let mut folds = Folds::default();
    if is_account {
        let feed = |listed: ListedSubscription| Subscription { first_key: Some(listed.key), ..listed.subscription };
        let feeds = subscriptions.subscriptions.into_iter().map(feed).collect();
        let line =
            "- account: {service: freshrss, url: https://rss.example/, auth: {user: me, password command: pass}}\n";
        subscriptions = SubscriptionsFile::parse(line, "".as_ref(), None);
        let account = subscriptions.accounts[0].account.key();
        records.feeds.insert(account, feeds);
        folds.set(&format!("account:{account}"), false);
    }
    let article = |n: usize| {
        let topics: Vec<String> = (0..3).map(|at| format!("topic {}", (n * 3 + at) % topics)).collect();
        let topics: Vec<&str> = topics.iter().map(String::as_str).collect();
        let path = format!("folder {}/{n}.md", n % folders);
        let article = Article::builder(&format!("Article {n}")).number(n as u64 + 1).path(path).topics(&topics);
        let at = n % keys.len();
        Arc::new(
            article
                .with(|article| {
                    article.written_id = clean::plain_line(&format!("{}#{n}", keys[at]));
                    article.channel.address = clean::plain_line(&format!("https://{at}.example/feed.xml"));
                })
                .build(),
        )
    };
    let feed = Arc::new(Feed::new((0..20_000).map(article).collect(), now()));
    let layout = PaneLayout { navigation: Some(is_on), ..PaneLayout::default() };
    let bookmark = Some(Bookmark { layout, folds, ..Bookmark::default() });
    let user = UserConfig { subscriptions: Arc::new(subscriptions), ..UserConfig::default() };
    let start = SessionInit { user, bookmark, ..SessionInit::default() };
    let mut session = HeadlessUi::new(start, Keymap::new().expect("the keys"), now());
    let status = JobStatus::Answer(Answer::Records(records));
    for event in [
        Event::MarksLoaded { marks: Marks::default(), problems: Vec::new() },
        Event::Job(JobReport { job: JobId::next(), kind: JobKind::Records, status }),
        Event::FeedLoaded { feed, problems: Vec::new(), complete: true },
    ] {
        let effects = session.receive(event);
        let _ = session.run_jobs(effects);
    }
    let area = Rect::new(0, 0, if is_on { 186 } else { 155 }, 45);
    let keys = Key::parse_all(key).expect("keys");
    black_box(session.draw(area, &mut Buffer::empty(area)));
    for _ in 0..times {
        keys.iter().for_each(|key| drop(session.press(*key)));
        black_box(session.draw(area, &mut Buffer::empty(area)));
    }
}

/// Presses some keys and draws, then another key `times` times, and draws after each.
fn press_and_draw(feed: Arc<Feed>, before: &str, key: &str, times: usize) {
    let start = SessionInit::default();
    let mut session = HeadlessUi::new(start, Keymap::new().expect("the keys"), now());
    let effects = session.receive(Event::FeedLoaded { feed, problems: Vec::new(), complete: true });
    let _ = session.run_jobs(effects);
    let area = Rect::new(0, 0, 160, 45);
    let mut press = |keys: &str| {
        Key::parse_all(keys).expect("keys").into_iter().for_each(|key| drop(session.press(key)));
        black_box(session.draw(area, &mut Buffer::empty(area)));
    };
    press(before);
    (0..times).for_each(|_| press(key));
}
