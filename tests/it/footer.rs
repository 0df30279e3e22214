//! The footer at every width: hints and counts are whole or not there, notices cover neither, and what can be clicked.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::TimeDelta;
use frontpage::app::{Action, Context, Effect, Event, MarksNotSaved, SessionInit};
use frontpage::feed::{Marks, Severity};
use frontpage::jobs::{JobId, JobKind, JobReport, JobStatus, Progress};
use frontpage::keymap::{Key, KeyHint, Keymap, MouseGesture};
use frontpage::library::Library;

use crate::harness::folder::Folder;
use crate::harness::reader::{Reader, now};
use crate::rounds;

/// Rows of a screen whose footer has two lines, and of one whose footer has one.
const ROWS: [u16; 2] = [24, 20];
const LONG_QUERY: &str =
    "-title:coronavirus -topic:travel -provider:reuters -topic:politics has:link -is:hidden words:<100";
const DAILY: [&str; 6] = ["Space on", "r read+next", "s star", "o browser", "/ search", "? help"];

fn folder(count: usize) -> Folder {
    let text =
        |n| format!("---\ntitle: Tide {n}\nlink: https://example.org/{n}\ndate: 2021-02-18\n---\nThe sea, {n}.\n");
    (0..count).fold(Folder::new(), |folder, n| folder.file(&format!("{n}.md"), text(n)))
}

fn read(reader: &mut Reader, folder: &Folder) {
    let loaded = Library::Paths(vec![folder.path().to_owned()]).load(now(), |_| {}).expect("the folder");
    reader.receive(Event::FeedLoaded { feed: loaded.feed, problems: loaded.problems, complete: true });
}

/// A reader of 1,204 articles, four of them new.
fn large() -> Reader {
    let folder = folder(1_200);
    let mut reader = Reader::starting(SessionInit { records_arrivals: true, ..SessionInit::default() }).blind();
    read(&mut reader, &folder);
    reader.receive(Event::MarksLoaded { marks: Marks::default(), problems: Vec::new() });
    let text = |n| format!("---\ntitle: New {n}\nlink: https://example.org/new/{n}\ndate: 2021-02-19\n---\nThe sea.\n");
    let folder = (0..4).fold(folder, |folder, n| folder.file(&format!("new-{n}.md"), text(n)));
    read(&mut reader, &folder);
    assert_eq!(reader.app().news().counts(), (4, 0));
    reader
}

fn report(reader: &mut Reader, kind: JobKind, status: JobStatus) {
    let job = JobId::next();
    reader.receive(Event::Job(JobReport { job, kind, status: JobStatus::Started }));
    reader.receive(Event::Job(JobReport { job, kind, status }));
}

/// Brings a reader into a state.
type Enter = fn(&mut Reader);

const STATES: [(&str, Enter); 9] = [
    ("nothing", |_| {}),
    ("a sync", |reader| report(reader, JobKind::Sync, JobStatus::Progress(Progress::of(12, 40)))),
    ("a load", |reader| report(reader, JobKind::Load, JobStatus::Progress(Progress::of(1_234, 4_000)))),
    ("an index", |reader| report(reader, JobKind::Index, JobStatus::Progress(Progress::of(2, 5)))),
    ("problems", |reader| {
        let problem = frontpage::feed::Problem::error(None, "a fault", "");
        let problems = (0..1_300).map(|_| problem.clone()).collect();
        assert_eq!(problem.severity, Severity::Error);
        let feed = reader.app().loaded_feed().feed().clone();
        reader.receive(Event::FeedLoaded { feed, problems, complete: true });
    }),
    ("marks not saved", |reader| {
        reader.receive(Event::MarksSaved(Err(MarksNotSaved("the disk is full".into()))));
        reader.press("j");
    }),
    ("a long query", |reader| {
        reader.press("F<ctrl-u>");
        reader.paste(LONG_QUERY);
        reader.press("<enter>");
    }),
    ("a range", |reader| {
        reader.press("vjj");
    }),
    ("zen", |reader| {
        reader.press("z");
    }),
];

/// Keys that lead from the list into a context.
const CONTEXTS: [(Context, &str); 12] = [
    (Context::List, ""),
    (Context::Detail, "<enter>"),
    (Context::Prompt, "/"),
    (Context::Picker, "t"),
    (Context::Palette, ":"),
    (Context::Links, "U"),
    (Context::Help, "?"),
    (Context::Insights, "i"),
    (Context::Subscriptions, ":subscriptions<enter>"),
    (Context::Overlay, "S"),
    (Context::List, "g"),
    (Context::Detail, "<enter>/sea<enter>"),
];

/// A hint as the footer has it.
fn words(reader: &Reader, hint: &KeyHint) -> String {
    let enter = reader.app().overlays().enter_word().filter(|_| hint.action == Action::Open);
    format!("{} {}", hint.key, enter.unwrap_or(&hint.word))
}

/// What may be in the footer: all parts of wide footers, and their shorter forms.
fn allowed(reader: &mut Reader) -> BTreeSet<String> {
    let mut allowed =
        BTreeSet::from(["! not saved", "reading 30 %", "reading 1,234 of 4,000", "indexing 40 %"].map(str::to_owned));
    for rows in ROWS {
        reader.resize(900, rows);
        reader.look();
        for part in reader.footer().lines().flat_map(parts) {
            allowed.insert(rounded(&part));
            if part.starts_with('⚠') {
                allowed.insert(rounded(&part.replace(" files not read", "")));
            }
            allowed.insert(part);
        }
    }
    let context = reader.app().context();
    let hints = Keymap::new().expect("the default keys").hints(context).into_iter();
    allowed.extend(hints.map(|hint| words(reader, &hint)));
    let query = reader.app().query().to_string();
    let words: Vec<&str> = query.split(' ').collect();
    allowed.extend((1..words.len()).map(|count| format!("{} …", words[..count].join(" "))));
    allowed.insert("P".to_owned());
    allowed
}

/// The parts of a line: what separates them is `·` or two blanks.
fn parts(line: &str) -> Vec<String> {
    line.split("  ")
        .flat_map(|words| words.split(" · "))
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The words with their numbers from a thousand on rounded.
fn rounded(words: &str) -> String {
    let round = |word: &str| match word.replace(',', "").parse() {
        Ok(number) => frontpage::text::rounded(number),
        Err(_) => word.to_owned(),
    };
    words.split(' ').map(round).collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn assert_whole(reader: &mut Reader, allowed: &BTreeSet<String>, (columns, rows): (u16, u16), what: &str) {
    reader.resize(columns, rows);
    reader.look();
    let footer = reader.footer();
    for part in footer.lines().flat_map(parts) {
        assert!(allowed.contains(&part), "{what}, {columns}x{rows}: `{part}` in\n{footer}\n{allowed:?}");
    }
    // In a prompt a line lies between: what the text means.
    let last = footer.lines().last().unwrap_or_default();
    let keymap = Keymap::new().expect("the default keys");
    let app = reader.app();
    let hints = keymap.hints(app.context()).into_iter().filter(|hint| app.is_available(hint.action));
    let needed = hints.filter(|hint| hint.is_daily || app.overlay().is_some()).map(|hint| words(reader, &hint));
    let needed: Vec<String> = needed.collect();
    if columns >= 80 {
        assert!(needed.iter().all(|hint| last.contains(hint)), "{what}, {columns}x{rows}: {needed:?}\n{footer}");
    }
}

rounds!(no_count_and_no_hint_is_cut, 7, 1);

/// Draws every `step`-th width from 40 to 300, and those around 80.
fn no_count_and_no_hint_is_cut(step: usize) {
    let widths: BTreeSet<u16> = (40..=300).step_by(step).chain(78..=82).collect();
    let mut drawn = 0;
    let mut draw = |reader: &mut Reader, what: &str| {
        let allowed = allowed(reader);
        for size in widths.iter().flat_map(|columns| ROWS.map(|rows| (*columns, rows))) {
            assert_whole(reader, &allowed, size, what);
            drawn += 1;
        }
    };
    // Each state, and then all of them.
    let mut all = large();
    for (what, enter) in STATES {
        let mut reader = large();
        enter(&mut reader);
        draw(&mut reader, what);
        enter(&mut all);
    }
    draw(&mut all, "all states");
    for (context, keys) in CONTEXTS {
        let mut reader = large();
        STATES
            .iter()
            .filter(|(what, _)| !["zen", "a range", "a long query"].contains(what))
            .for_each(|(_, enter)| enter(&mut reader));
        reader.press(keys);
        assert_eq!(reader.app().context(), context);
        if context == Context::Prompt || keys == "g" {
            continue; // what is typed is tested below
        }
        draw(&mut reader, &format!("{context:?} {keys}"));
    }
    println!("{drawn} frames");
}

#[test]
fn daily_hints_are_there_from_80_columns_whatever_the_state() {
    let mut reader = large();
    STATES.iter().for_each(|(_, enter)| enter(&mut reader));
    for size in [80, 81, 100, 160].into_iter().flat_map(|columns| ROWS.map(|rows| (columns, rows))) {
        reader.resize(size.0, size.1);
        reader.look();
        let footer = reader.footer();
        assert!(DAILY.iter().all(|hint| footer.contains(hint)), "{size:?}\n{footer}");
        assert!(footer.contains("not saved") || footer.contains("Marks not saved yet"), "{size:?}\n{footer}");
    }
    for (columns, rows, footer) in [
        (80, 24, " ! not saved · 3 selected · 1.2k unread · indexing 40 % · ↻ 12/40    ⚠ 1.3k · P"),
        (60, 20, " ! not saved   Space on  r read+next  s star  l open  ? help"),
        (40, 20, " ! not saved    Space on  s star  ? help"),
    ] {
        reader.resize(columns, rows);
        reader.look();
        assert_eq!(reader.footer().lines().next().unwrap_or_default(), footer, "{columns}x{rows}");
    }
}

#[test]
fn prompts_keep_their_hints_and_do_not_move_the_panes() {
    for (columns, rows) in [(160, 45), (100, 30), (80, 24), (80, 20), (60, 20), (40, 12), (20, 5)] {
        let mut reader = large().sized(columns, rows);
        reader.look();
        let frames = reader.frame.frames;
        for (keys, words) in [("/", "is:unread"), ("<ctrl-u>tide", "tide"), ("<ctrl-u>topc:x", "topc:x")] {
            reader.press(keys).look();
            assert_eq!(reader.frame.frames, frames, "{columns}x{rows}");
            let footer = reader.footer();
            assert!(columns < 60 || footer.contains(words), "{columns}x{rows}\n{footer}");
            let hints = ["Enter keep", "Esc cancel"];
            let is_wrong = keys.contains("topc");
            let shows_hints = columns >= 60 && (rows >= 24 || !is_wrong);
            assert!(!shows_hints || hints.iter().all(|hint| footer.contains(hint)), "{columns}x{rows}\n{footer}");
            assert!(
                !(columns >= 80 && is_wrong) || footer.contains("unknown field `topc`"),
                "{columns}x{rows}\n{footer}"
            );
        }
        reader.press("<esc>").look();
        assert_eq!(reader.frame.frames, frames);
    }
}

#[test]
fn a_pending_key_replaces_the_hints_and_not_the_state() {
    let mut reader = Reader::of_news();
    reader.press("g");
    let footer = reader.footer();
    let lines: Vec<&str> = footer.lines().collect();
    assert!(lines[0].contains("5 articles · 5 unread"), "{footer}");
    assert!(lines[1].starts_with(" g … g ") && !lines[1].contains("? help"), "{footer}");
    let pending = Key::parse_all("g").expect("a key");
    let all = Keymap::new().expect("the default keys").continuations(Context::List, &pending);
    for columns in 20..200 {
        reader.resize(columns, 20);
        let footer = reader.footer();
        assert!(footer.trim_start().starts_with("g …"), "{footer}");
        let words = footer.trim().strip_prefix("g …").unwrap_or_default().trim_start();
        for follows in words.split(" · ").filter(|words| !words.is_empty()) {
            assert!(all.iter().any(|(keys, does)| follows == format!("{keys} {does}")), "{columns}: {footer}");
        }
    }
}

#[test]
fn notices_cover_neither_the_footer_nor_move_the_panes() {
    let long = "The folder /home/someone/articles/of/a/library/with/a/long/name is away: changes are looked for every \
                30 s, and then it is read again, so nothing is lost while you go on reading what is there";
    for (columns, rows) in [(160, 45), (100, 30), (80, 24), (80, 20), (60, 20), (40, 12)] {
        let mut reader = Reader::of_news().sized(columns, rows);
        let (footer, frames) = (reader.footer(), reader.frame.frames);
        for (words, is_failure) in [("Copied", false), (long, true)] {
            let event = if is_failure { Event::Failed(words.into()) } else { Event::Succeeded(words.into()) };
            reader.receive(event);
            assert_eq!((reader.footer(), reader.frame.frames), (footer.clone(), frames), "{columns}x{rows}");
            let notice = reader.notice();
            assert!(notice.lines().count() <= 3, "{notice}");
            let shown = notice.replace(['\n', ' '], "");
            let is_whole = shown.contains(&words.replace(' ', ""));
            assert!(is_whole || (columns <= 60 && notice.contains('…')), "{columns}x{rows}\n{notice}");
            assert_eq!(reader.frame.footer.notice.bottom(), reader.frame.footer.area.y, "directly above");
        }
        assert!(reader.notice().ends_with("+1 :notices"), "{}", reader.notice());
        reader.press("j");
        assert_eq!(reader.notice(), "");
    }
}

#[test]
fn nothing_remains_beside_a_notice_but_a_border() {
    for (columns, rows, beside) in [(160, 45, "╰━┗─╯┛"), (100, 30, ""), (80, 24, ""), (60, 20, "")] {
        let mut reader = Reader::of_folded_news().sized(columns, rows);
        reader.receive(Event::Succeeded("Copied".into()));
        let text = reader.text();
        let line = text.lines().nth(reader.frame.footer.notice.y.into()).unwrap_or_default();
        let rest = line.replacen("Copied", "", 1);
        assert!(rest.chars().all(|sign| sign == ' ' || beside.contains(sign)), "{columns}x{rows}: {line}");
    }
}

#[test]
fn a_notice_leaves_after_three_seconds_and_a_failure_with_the_next_key() {
    let mut reader = Reader::of_news();
    let at = |milliseconds| now() + TimeDelta::milliseconds(milliseconds);
    reader.press("m");
    assert!(reader.notice().starts_with(" Marked read — u undoes"), "{}", reader.notice());
    for (milliseconds, is_there) in [(2_999, true), (3_000, false)] {
        reader.time_is(at(milliseconds));
        reader.look();
        assert_eq!(!reader.notice().is_empty(), is_there, "{milliseconds}");
    }
    reader.receive(Event::Failed("Not copied".into()));
    reader.receive(Event::Tick(at(60_000)));
    assert_eq!(reader.notice(), " ! Not copied");
    reader.press("§");
    assert_eq!(reader.notice(), " ! Not copied", "a key that is not bound does nothing");
    reader.press("k");
    assert_eq!(reader.notice(), "");
    let history: Vec<_> = reader.app().notices().history().take(2).map(|record| record.notice.text.as_str()).collect();
    assert_eq!(history, ["Not copied", "Marked read"]);
}

#[test]
fn notices_above_a_prompt_leave_what_is_typed_and_its_keys() {
    let mut reader = Reader::of_news();
    reader.press("/tide");
    let footer = reader.footer();
    reader.receive(Event::Succeeded("Copied".into()));
    assert_eq!((reader.footer(), reader.notice().as_str()), (footer, " Copied"));
}

#[test]
fn the_welcome_is_above_the_footer_until_the_first_key() {
    let welcome = Some("Your own articles: frontpage FOLDER".into());
    let mut reader = Reader::starting(SessionInit { welcome, ..SessionInit::default() });
    assert_eq!(reader.notice(), " Your own articles: frontpage FOLDER");
    assert!(DAILY.iter().take(4).all(|hint| reader.footer().contains(hint)) || reader.footer().contains("? help"));
    reader.time_is(now() + TimeDelta::seconds(10));
    reader.look();
    assert_eq!(reader.notice(), " Your own articles: frontpage FOLDER");
    reader.press("j");
    assert_eq!(reader.notice(), "");
}

#[test]
fn a_question_has_its_keys_and_moves_nothing() {
    for (columns, rows) in [(160, 45), (80, 24), (80, 20), (60, 20), (20, 5)] {
        let mut reader = large().sized(columns, rows);
        reader.look();
        let frames = reader.frame.frames;
        reader.press("A").look();
        assert_eq!(reader.app().context(), Context::Confirm);
        let footer = reader.footer();
        assert!(footer.replace('\n', "").contains("y/n"), "{footer}");
        assert!(rows < 24 || footer.contains("y yes  n no  Esc cancel"), "{footer}");
        assert_eq!(reader.frame.frames, frames);
        reader.press("n");
        assert_eq!(reader.app().context(), Context::List);
    }
}

#[test]
fn parts_of_the_footer_can_be_clicked() {
    let mut reader = Reader::of_news().sized(120, 30);
    let problem = frontpage::feed::Problem::error(None, "a fault", "");
    let feed = reader.app().loaded_feed().feed().clone();
    reader.receive(Event::FeedLoaded { feed, problems: vec![problem], complete: true });
    report(&mut reader, JobKind::Sync, JobStatus::Progress(Progress::of(12, 40)));
    let unread = reader.app().unread().count();
    let at = reader.cell_of("r read+next");
    reader.click(at).click(at);
    assert_eq!(reader.app().unread().count(), unread - 2, "quick clicks are separate clicks");
    let at = reader.cell_of("s star");
    reader.click((at.0 + 5, at.1));
    let article = reader.app().article().expect("an article").id;
    assert!(reader.app().marks().is_starred(article));
    // A notice does what it offers; the number of others, and any other notice, lead to the list of them.
    let notice = |reader: &Reader| (reader.frame.footer.notice.x, reader.frame.footer.notice.y);
    reader.click(notice(&reader));
    assert!(!reader.app().marks().is_starred(article) && reader.text().contains("Undone"), "{}", reader.text());
    reader.receive(Event::Succeeded("Copied".into()));
    let at = reader.cell_of("+1 :notices");
    reader.click(at);
    assert!(reader.text().contains("▌ Notices"), "{}", reader.text());
    reader.press("<esc>").receive(Event::Succeeded("Copied".into()));
    reader.click(notice(&reader));
    assert!(reader.text().contains("▌ Notices"), "{}", reader.text());
    reader.press("<esc>");
    let at = reader.cell_of("⚠ 1");
    reader.click(at);
    assert!(reader.text().contains("a fault"), "{}", reader.text());
    let at = reader.cell_of("Esc close");
    reader.click(at);
    assert_eq!(reader.app().context(), Context::List);
    let at = reader.cell_of("↻ 12/40");
    reader.click(at);
    assert_eq!(reader.app().context(), Context::Subscriptions);
    reader.press("<esc>");
    // Between two parts is nothing, and the wheel there scrolls nothing.
    let at = reader.cell_of("↻ 12/40");
    let (before, selected) = (reader.text(), reader.app().list().selected());
    reader.click((at.0 + 12, at.1)).wheel((at.0 + 12, at.1), 2);
    assert_eq!(reader.app().list().selected(), selected);
    assert_eq!(reader.text(), before);
    let at = reader.cell_of("o browser");
    reader.point(MouseGesture::Press, at, Duration::ZERO);
    assert!(matches!(reader.effects.last(), Some(Effect::OpenLink(_))), "{:?}", reader.effects.last());
    assert!(reader.app().is_available(Action::OpenOriginal));
}

#[test]
fn hints_in_ascii_have_no_arrows() {
    let mut reader = Reader::of_news_with("ascii: true\nkeys: {preset: newsboat}").sized(120, 30);
    reader.look();
    assert!(reader.footer().is_ascii(), "{}", reader.footer());
}
