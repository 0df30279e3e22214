//! A sync that is killed at any moment loses nothing and doubles nothing: the next one ends where an undisturbed one does.

use std::process::Stdio;
use std::time::Instant;

use super::*;
use crate::harness::random::Random;
use crate::rounds;

const CHANNELS: u8 = 50;
/// Kills of one home at most, before a sync that is not disturbed.
const KILLS_OF_ONE: usize = 3;

fn path(number: u8) -> String {
    format!("/{number}.xml")
}

/// Two items older than a week; every tenth channel has more than are unread at first.
fn document(number: u8) -> String {
    rss(&format!("Site{number}"), 20..if number.is_multiple_of(10) { 43 } else { 22 })
}

/// What is left when all is done: articles, which of them are unread, what is known of each, and the records without what differs
/// between a first answer and a 304.
#[derive(Debug, PartialEq)]
struct Left {
    articles: BTreeMap<PathBuf, Vec<u8>>,
    unread: Vec<String>,
    entries: BTreeMap<PathBuf, BTreeMap<String, Value>>,
    records: BTreeMap<PathBuf, Value>,
}

fn left(user: &User) -> Left {
    let home = user.home.folder.path();
    let relative = |path: &Path| path.strip_prefix(home).unwrap().to_owned();
    let (mut entries, mut records) = (BTreeMap::new(), BTreeMap::new());
    for (path, content) in files(&user.path(STATES)) {
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("jsonl") => {
                let lines = content.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
                let lines = lines.map(|line| serde_json::from_slice::<Value>(line).unwrap());
                let named = lines.filter_map(|line| Some((line["id"].as_str()?.to_owned(), line)));
                entries.insert(relative(&path), named.collect());
            }
            Some("json") => {
                let mut record: Value = serde_json::from_slice(&content).unwrap();
                for name in ["status", "new"] {
                    record.as_object_mut().unwrap().remove(name);
                }
                record["pace"].as_object_mut().unwrap().remove("whole");
                records.insert(relative(&path), record);
            }
            _ => {}
        }
    }
    let articles = files(&user.path(ARTICLES)).into_iter().map(|(path, content)| (relative(&path), content)).collect();
    Left { articles, unread: user.titles("is:unread"), entries, records }
}

fn user_with(addresses: &[String], server: WebServer) -> User {
    let user = User { home: Home::new(), server, now: "2026-11-30T12:00:00Z".parse().unwrap() };
    user.follow(addresses);
    user
}

fn a_killed_sync_loses_and_doubles_nothing(kills: usize) {
    let mut user = User::new(CHANNELS);
    for number in 1..=CHANNELS {
        user.server.route_fn(&path(number), conditional("\"one\"", "Sun, 29 Nov 2026 10:00:00 GMT", document(number)));
    }
    let addresses: Vec<String> =
        (1..=CHANNELS).map(|number| user.server.url_at(&host(number), &path(number))).collect();
    user.follow(&addresses);
    let begun = Instant::now();
    user.done(&["sync"]);
    let whole = begun.elapsed();
    let last = user.now + TimeDelta::days(10);
    user.now = last;
    user.done(&["sync"]);
    let undisturbed = left(&user);
    assert_eq!((undisturbed.articles.len(), undisturbed.unread.len()), (45 * 2 + 5 * 23, 45 * 2 + 5 * 20));
    let (mut random, mut left_to_kill, mut killed) = (Random::new(21), kills, 0);
    let mut server = user.server;
    while left_to_kill > 0 {
        let mut user = user_with(&addresses, server);
        for _ in 0..(1 + random.roll(KILLS_OF_ONE)).min(left_to_kill) {
            left_to_kill -= 1;
            let delay = whole.mul_f64(random.roll(1_000) as f64 / 1_000.0);
            let mut sync = user.command(&["sync"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(delay);
            let _ = sync.kill();
            killed += usize::from(sync.wait().unwrap().code().is_none());
            user.pass(TimeDelta::days(2));
        }
        user.now = last;
        let (results, code) = user.sync(&[]);
        assert_eq!((results.len(), code), (CHANNELS.into(), 0));
        let found = left(&user);
        assert_eq!(found.articles, undisturbed.articles);
        assert_eq!(found.unread, undisturbed.unread);
        assert_eq!(found.entries, undisturbed.entries);
        assert_eq!(found.records, undisturbed.records);
        assert_eq!(temporary_files(user.home.folder.path()), [] as [PathBuf; 0]);
        server = user.server;
    }
    println!("a sync of {CHANNELS} channels killed at {killed} of {kills} moments within {whole:?}");
    // One that comes too late kills nothing.
    assert!(killed > 0 || kills < 10);
}

rounds!(a_killed_sync_loses_and_doubles_nothing, 1, 500);
