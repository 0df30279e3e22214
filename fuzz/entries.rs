//! Entry points for bytes from outside, each with its invariants. `cargo test` runs them, and so do the fuzzers in `fuzz`.

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use frontpage::app::SessionInit;
use frontpage::config::saved_searches_file::{self, SavedSearchSetting, SearchChange};
use frontpage::config::{ConfigProblem, Settings};
use frontpage::feed::{Article, ArticleId, Change, DeviceId, Feed, HybridClock, Link, Mark, Marks, SafeText, clean};
use frontpage::file_system::RealFileSystem;
use frontpage::keymap::{Code, Key, Keymap};
use frontpage::library::{
    self, Library, Outcome,
    device_id::DeviceName,
    marks_log::{self, MarksLog},
};
use frontpage::markdown;
use frontpage::query::{Query, SearchContext};
use frontpage::terminal::{HeadlessUi, InputEvent, InputParser};

fn now() -> DateTime<Utc> {
    "2021-02-20T12:00:00Z".parse().expect("a time")
}

/// The characters of each line of a file.
fn lines(bytes: &[u8]) -> Vec<usize> {
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n").replace('\r', "\n");
    text.split('\n').map(|line| line.chars().count()).collect()
}

fn is_in_file(lines: &[usize], line: u32, column: u32) {
    let length = (line as usize).checked_sub(1).and_then(|line| lines.get(line));
    let length = length.unwrap_or_else(|| panic!("line {line} of {}", lines.len()));
    assert!(column >= 1 && column as usize <= length + 1, "column {column} of {length} in line {line}");
}

/// Checks that text is safe: its only hidden characters join emoji, and cleaning it again changes nothing.
pub fn is_clean(shown: &SafeText) {
    let text = shown.as_str();
    let is_bad =
        |c: char| c != '\n' && clean::is_hidden(c) && !matches!(c, '\u{200d}' | '\u{fe0f}' | '\u{e0000}'..='\u{e007f}');
    assert!(!text.contains(is_bad), "{text:?} has a hidden character");
    assert_eq!(clean::plain_line(text).as_str(), text, "cleaned again");
}

fn shown_of(article: &Article) -> Vec<&SafeText> {
    let mut all =
        vec![&article.title, &article.excerpt, &article.author, &article.provider.name, &article.provider.domain];
    all.extend(article.topics.iter().map(|topic| topic.shown()));
    all.extend(article.regions.iter().chain(&article.category).chain(&article.kind));
    all.extend(article.link.iter().chain(article.other_links.iter().map(|(_, link)| link)).map(Link::shown));
    all.extend(article.pictures.iter().flat_map(|picture| [&picture.title, picture.link.shown()]));
    all.extend([&article.channel.address, &article.channel.item_id, &article.written_id]);
    all.extend(article.enclosures.iter().flat_map(|one| [&one.media_type, one.link.shown()]));
    all.extend(article.comments.iter().map(Link::shown));
    for entry in &article.related {
        all.extend([&entry.title, &entry.excerpt, &entry.provider.name, &entry.provider.domain]);
        all.extend(entry.link.as_ref().map(Link::shown));
    }
    all
}

/// Reads bytes as an article file.
pub fn article(bytes: &[u8]) {
    let report = library::read_bytes(Path::new(""), Path::new("2021-01-02-a-file.md"), bytes, now());
    let lines = lines(bytes);
    for problem in &report.problems {
        assert!(!problem.what.as_str().starts_with("frontpage failed"), "a panic inside");
        assert!(!problem.what.is_empty() && !problem.hint.is_empty(), "{}", problem.one_line());
        is_clean(&problem.what);
        is_clean(&problem.hint);
        is_clean(&problem.one_line());
        problem.at.iter().for_each(|at| is_in_file(&lines, at.line, at.column));
    }
    assert_eq!(report.article.is_some(), matches!(report.outcome, Outcome::Loaded | Outcome::Warning));
    let Some(article) = report.article else { return };
    assert!(!article.title.is_empty(), "an article without a title");
    shown_of(&article).into_iter().for_each(is_clean);
    let feed = Feed::new(vec![article.clone()], now());
    assert_eq!(feed.get(0).as_deref(), Some(&*article), "written and read as a record");
    let links = article.links();
    links.iter().for_each(|link| is_clean(&link.name));
    for columns in [1, 2 + bytes.len() % 30, 80] {
        for line in markdown::render(&article.body, article.syntax(), columns, &links, &Default::default()) {
            let text: String = line.spans.iter().map(|span| span.content.as_ref()).collect();
            assert!(!text.contains(char::is_control), "{text:?}");
        }
    }
}

fn check_problems(problems: &[ConfigProblem], text: &str) {
    let lines = lines(text.as_bytes());
    for problem in problems {
        assert!(!problem.what.is_empty());
        problem
            .at
            .iter()
            .for_each(|(line, _)| assert!(*line as usize <= lines.len() + 1, "line {line} of {}", lines.len()));
    }
}

/// Reads bytes as settings and as saved searches.
pub fn config(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let parsed = Settings::parse(&text, Path::new("/folder"), Some(Path::new("/home")));
    check_problems(&parsed.map_or_else(|problem| vec![problem], |(_, problems)| problems), &text);
    let (known, problems) = saved_searches_file::parse(&text);
    check_problems(&problems, &text);
    assert!(known.iter().all(|search| saved_searches_file::check_name(&search.name).is_ok()));
    if bytes.len().is_multiple_of(16) {
        change_searches(&text);
    }
}

/// Saves, pins, renames and deletes a search in a file. Each changes that search and keeps the others, or fails and writes nothing.
fn change_searches(text: &str) {
    let name = || "new".to_owned();
    let query = || "is:unread \"a: b\" #c".to_owned();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("searches.yaml");
    std::fs::write(&file, text).expect("a file");
    let parsed = |text: &str| {
        let key = |search: &SavedSearchSetting| search.key.as_ref().map(|keys| keys.text.clone());
        let (searches, _) = saved_searches_file::parse(text);
        searches
            .into_iter()
            .map(|search| (search.name.clone(), (search.query.clone(), key(&search))))
            .collect::<Vec<_>>()
    };
    let key = parsed(text).into_iter().find(|(known, _)| *known == name()).and_then(|(_, (_, key))| key);
    for (change, found, left) in [
        (SearchChange::Save { name: name(), query: query() }, "new", Some((query(), key))),
        (
            SearchChange::Pin { name: name(), keys: Some("gm".to_owned()) },
            "new",
            Some((query(), Some("gm".to_owned()))),
        ),
        (
            SearchChange::Rename { from: name(), to: "new name: #1".to_owned() },
            "new name: #1",
            Some((query(), Some("gm".to_owned()))),
        ),
        (SearchChange::Pin { name: "new name: #1".to_owned(), keys: None }, "new name: #1", Some((query(), None))),
        (SearchChange::Delete { name: "new name: #1".to_owned() }, "new name: #1", None),
    ] {
        let before = std::fs::read_to_string(&file).expect("a file");
        let changed = saved_searches_file::change(&file, &change, &|_| None);
        let after = std::fs::read_to_string(&file).expect("a file");
        if changed.is_err() {
            assert_eq!(after, before, "a file that cannot be used is not written");
            return;
        }
        let now = parsed(&after);
        assert_eq!(now.iter().find(|(known, _)| known == found).map(|(_, search)| search.clone()), left, "{change:?}");
        let others = |all: Vec<(String, (String, Option<String>))>| {
            all.into_iter().filter(|(known, _)| known != "new" && known != "new name: #1").collect::<Vec<_>>()
        };
        assert_eq!(others(now), others(parsed(&before)), "{change:?}");
    }
}

fn context() -> &'static SearchContext {
    static CONTEXT: OnceLock<SearchContext> = OnceLock::new();
    CONTEXT.get_or_init(|| {
        let loaded = Library::BuiltIn.load(now(), |_| {}).expect("the built-in feed");
        SearchContext::new(loaded.feed, Arc::default(), now())
    })
}

/// Parses bytes as a query.
pub fn query(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let query = match Query::parse(&text) {
        Ok(query) => query,
        Err(error) => {
            let (from, to) = error.span;
            assert!(from <= to && to <= text.chars().count() + 1, "{from}..{to} of {}", text.chars().count());
            assert!(!error.what.is_empty());
            return;
        }
    };
    let printed = query.to_string();
    match Query::parse(&printed) {
        Ok(again) => {
            assert_eq!((&again, again.to_string()), (&query, printed.clone()), "printed and read: {printed:?}")
        }
        Err(error) => panic!("printed as {printed:?}, which cannot be read: {}", error.what),
    }
    let found = query.select(context());
    assert!(found.iter().all(|index| *index < context().feed.len()));
}

fn named(number: u32) -> DeviceName {
    DeviceName { name: format!("device-{number:08x}"), device: DeviceId(number) }
}

fn change(clock: &mut HybridClock, article: u64, mark: Mark) -> Change {
    Change { stamp: clock.tick(now()), mark, articles: vec![ArticleId::of_number(article)] }
}

fn good_changes() -> [Change; 3] {
    let mut clock = HybridClock::new(DeviceId(1));
    [
        change(&mut clock, 1, Mark::Read(Some(now()))),
        change(&mut clock, 2, Mark::Starred(true)),
        change(&mut clock, 3, Mark::Note(clean::line("a note"))),
    ]
}

/// A marks file of a device.
pub fn marks_file() -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    MarksLog::new(RealFileSystem, folder.path(), &named(1)).write(good_changes().to_vec()).expect("written");
    std::fs::read(folder.path().join("device-00000001.marks")).expect("a file")
}

/// Reads bytes as a marks file, alone and after valid records.
pub fn marks(bytes: &[u8]) {
    static VALID: OnceLock<Vec<u8>> = OnceLock::new();
    let folder = tempfile::tempdir().expect("a folder");
    let all = [VALID.get_or_init(marks_file).as_slice(), bytes].concat();
    std::fs::write(folder.path().join("device-00000001.marks"), all).expect("a file");
    std::fs::write(folder.path().join("device-00000002.marks"), bytes).expect("a file");
    let mut log = MarksLog::new(RealFileSystem, folder.path(), &named(1));
    let update = log.read_new();
    let good = good_changes();
    assert!(good.iter().all(|change| update.marks.covers(change)), "records before the damage are read");
    let mut clock = HybridClock::new(DeviceId(1));
    clock.observe(update.marks.latest());
    let new = change(&mut clock, 4, Mark::Starred(true));
    if clock_has_room(&update.marks) && log.write(vec![new.clone()]).is_ok() {
        let read = marks_log::read(folder.path()).marks;
        assert!(read.covers(&new), "a mark that was written can be read");
        assert!(good.iter().all(|change| read.covers(change)), "and those before it too");
    }
}

/// The last possible stamp has no successor.
fn clock_has_room(marks: &Marks) -> bool {
    let mut clock = HybridClock::new(DeviceId(1));
    clock.observe(marks.latest());
    clock.tick(now() + TimeDelta::zero()) > marks.latest()
}

/// Parses bytes as keys.
pub fn keys(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Ok(keys) = Key::parse_all(&text) else { return };
    for key in keys {
        let name = match key.code {
            Code::Up => "up".to_owned(),
            Code::Down => "down".to_owned(),
            Code::Left => "left".to_owned(),
            Code::Right => "right".to_owned(),
            Code::Char('<') => "lt".to_owned(),
            Code::Char('>') => "gt".to_owned(),
            code => Key::plain(code).to_string(),
        };
        let held = if key.ctrl { "ctrl-" } else { "" };
        let again = match key {
            Key { code: Code::Char(c), ctrl: false } if !matches!(c, '<' | '>' | ' ') => c.to_string(),
            _ => format!("<{held}{name}>"),
        };
        assert_eq!(Key::parse_all(&again), Ok(vec![key]), "{again}");
    }
}

/// Parses bytes as terminal input: at once, and in pieces with pauses, then a key one second later. A session handles the events.
pub fn input(bytes: &[u8]) {
    const SECOND: Duration = Duration::from_secs(1);
    let last = InputEvent::Key(Key::plain(Code::Char('Q')));
    let mut parser = InputParser::default();
    let mut at_once = parser.parse(bytes, SECOND);
    at_once.extend(parser.advance_to(SECOND * 2));
    assert_eq!(parser.parse(b"Q", SECOND * 2).last(), Some(&last), "the key after it all");
    // In pieces and with pauses that the bytes determine.
    let (mut parser, mut at, mut rest) = (InputParser::default(), SECOND, bytes);
    let mut in_pieces = Vec::new();
    while let Some(first) = rest.first() {
        let (piece, others) = rest.split_at((1 + usize::from(*first) % 7).min(rest.len()));
        at += Duration::from_millis(u64::from(*first) * 7 % 1200);
        in_pieces.extend(parser.advance_to(at));
        in_pieces.extend(parser.parse(piece, at));
        rest = others;
    }
    in_pieces.extend(parser.advance_to(at + SECOND));
    assert_eq!(parser.parse(b"Q", at + SECOND).last(), Some(&last), "the key after all pieces");
    // In single bytes, without a pause.
    let mut parser = InputParser::default();
    let mut cut: Vec<InputEvent> = bytes.chunks(1).flat_map(|byte| parser.parse(byte, SECOND)).collect();
    cut.extend(parser.advance_to(SECOND * 2));
    assert_eq!(cut, at_once, "cut everywhere");
    // A session is slow, so it handles one of eight inputs.
    let some = if bytes.len().is_multiple_of(8) { vec![at_once, in_pieces] } else { Vec::new() };
    for events in some {
        let mut session = HeadlessUi::new(SessionInit::default(), Keymap::new().expect("the keys"), now());
        session.screen(80, 24);
        for (count, event) in events.into_iter().take(300).enumerate() {
            match event {
                InputEvent::Key(key) => drop(session.press(key)),
                InputEvent::Mouse(pointer) => drop(session.point(pointer, SECOND * count as u32)),
                InputEvent::Paste(text) => drop(session.paste(&text)),
                InputEvent::Background(background) | InputEvent::ColourScheme(background) => {
                    session.set_background(background);
                }
                _ => {}
            }
        }
        session.screen(80, 24);
    }
}
