//! Programs that the tests start: a marks writer and an article writer to kill, a program that mishandles hang-ups, crossterm's parser, and a launcher
//! that drops root.

#![allow(clippy::print_stdout, clippy::disallowed_methods)] // writes to the test that starts it

use std::error::Error;
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use crossterm::event::{self, Event, KeyCode, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind};
use frontpage::app::{SessionInit, UserConfig};
use frontpage::config::Settings;
use frontpage::feed::{ArticleId, Change, DeviceId, HybridClock, Mark};
use frontpage::file_system::RealFileSystem;
use frontpage::jobs::similarity_index::IndexStore;
use frontpage::keymap::{Code, Key, Keymap, MouseGesture, MouseInput};
use frontpage::library::Library;
use frontpage::library::device_id::DeviceName;
use frontpage::library::marks_log::{MarksFolder, MarksLog};
use frontpage::subscriptions::{FetchRecords, SubscriptionsFile};
use frontpage::terminal::{InputEvent, SyncOptions, TerminalOptions, guardian};

type Outcome = Result<(), Box<dyn Error>>;

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["write-marks", folder, first] => write_marks(Path::new(folder), first.parse()?),
        ["write-marks-in-place", folder, first] => write_marks_in_place(Path::new(folder), first.parse()?),
        #[cfg(feature = "sync")]
        ["write-articles", folder, first] => articles::write_versions(Path::new(folder), first.parse()?),
        #[cfg(feature = "sync")]
        ["write-articles-once", folder, version] => articles::complete(Path::new(folder), version.parse()?),
        #[cfg(feature = "sync")]
        ["attempt", confinement, what, arguments @ ..] => confined::attempt(confinement, what, arguments),
        #[cfg(all(feature = "sync", target_os = "linux"))]
        ["without-ports", program, arguments @ ..] => confined::run_without_ports(program, arguments),
        ["read-with", folder, subscriptions, settings, program @ ..] => {
            read_with(Path::new(folder), Path::new(subscriptions), settings, program)
        }
        // The reader starts itself so.
        [guardian::ARGUMENT] => {
            guardian::run();
            Ok(())
        }
        ["hold-terminal"] => hold_terminal(),
        ["read-with-crossterm"] => read_with_crossterm(),
        ["as-user", user, command @ ..] => as_user(user.parse()?, command),
        _ => Err("the tests start this program: cargo test".into()),
    }
}

/// Writes marks forever, and prints `kept NUMBER` after each one that is on disk.
fn write_marks(folder: &Path, first: u64) -> Outcome {
    let named = DeviceName { name: "test-00000001".into(), device: DeviceId(1) };
    let log = MarksLog::new(RealFileSystem, folder, &named).compacting_from(2000);
    // On a busy machine the other writer may hold the lock for seconds.
    let mut log = log.with_lock_timeout(Duration::from_secs(30));
    let mut clock = HybridClock::new(DeviceId(1));
    clock.observe(log.read_new().marks.latest());
    let now: DateTime<Utc> = "2021-02-20T12:00:00Z".parse()?;
    let many: ArticleId = "ffffffffffffffff".parse()?;
    for number in first.. {
        // Many changes of one article, so that the file is rewritten.
        let mut read = || Change { stamp: clock.tick(now), mark: Mark::Read(Some(now)), articles: vec![many] };
        let mut changes: Vec<Change> = (0..9).map(|_| read()).collect();
        changes.push(star(&mut clock, number)?);
        log.write(changes)?;
        say_kept(number)?;
        if number % 3 == 2 {
            log.compact()?;
        }
        if number % 8 == 7 {
            log.sync()?;
        }
    }
    Ok(())
}

/// Rewrites the marks file in place, as frontpage must not.
fn write_marks_in_place(folder: &Path, first: u64) -> Outcome {
    let record = |number| -> Result<Vec<u8>, Box<dyn Error>> {
        let folder = tempfile::TempDir::new()?;
        let named = DeviceName { name: "test-00000001".into(), device: DeviceId(1) };
        let mut log = MarksLog::new(RealFileSystem, folder.path(), &named);
        log.write(vec![star(&mut HybridClock::new(DeviceId(1)), number)?])?;
        let text = std::fs::read(folder.path().join("test-00000001.marks"))?;
        Ok(text.split_inclusive(|byte| *byte == b'\n').skip(1).flatten().copied().collect())
    };
    let path = folder.join("test-00000001.marks");
    let mut text = std::fs::read(&path).unwrap_or_default();
    for number in first.. {
        text.extend(record(number)?);
        std::fs::write(&path, &text)?;
        say_kept(number)?;
    }
    Ok(())
}

fn star(clock: &mut HybridClock, number: u64) -> Result<Change, Box<dyn Error>> {
    let now: DateTime<Utc> = "2021-02-20T12:00:00Z".parse()?;
    let article: ArticleId = format!("{number:016x}").parse()?;
    Ok(Change { stamp: clock.tick(now), mark: Mark::Starred(true), articles: vec![article] })
}

fn say_kept(number: u64) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "kept {number}")?;
    out.flush()
}

/// Runs the reader on a folder, with another program in place of frontpage for what it starts about subscriptions.
fn read_with(folder: &Path, subscriptions: &Path, settings: &str, program: &[&str]) -> Outcome {
    let (settings, _) = Settings::parse(settings, Path::new(""), None)?;
    let file = SubscriptionsFile::read(subscriptions, None);
    let user = UserConfig { subscriptions: Arc::new(file), ..UserConfig::from(settings) };
    let init = SessionInit {
        user: user.clone(),
        subscriptions_file: subscriptions.to_owned(),
        similar: Some(IndexStore::default()),
        ..SessionInit::default()
    };
    let (keymap, path) = (Keymap::new()?, subscriptions.to_owned());
    let program = program.iter().map(|word| (*word).to_owned()).collect();
    let options = TerminalOptions {
        library: Library::Paths(vec![folder.to_owned()]),
        // The subscriptions are those beside the settings.
        settings: subscriptions.with_file_name("config.yaml"),
        searches: "searches.yaml".into(),
        subscription_articles: None,
        read_user_config: Box::new(move || {
            let file = SubscriptionsFile::read(&path, None);
            (UserConfig { subscriptions: Arc::new(file), ..user.clone() }, keymap.clone())
        }),
        marks: Some(MarksFolder {
            folder: subscriptions.with_file_name("marks"),
            device: subscriptions.with_file_name("device"),
        }),
        bookmark: None,
        snapshots: None,
        full_texts: None,
        sync: SyncOptions { program, read_records: Arc::new(|_| FetchRecords::default()) },
    };
    frontpage::terminal::run(init, Keymap::new()?, options, None)?;
    Ok(())
}

/// Opens the terminal and handles hang-ups with a flag, a common mistake that frontpage must not make.
fn hold_terminal() -> Outcome {
    let ended = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register(signal_hook::consts::SIGHUP, ended.clone())?;
    crossterm::terminal::enable_raw_mode()?;
    crossterm::execute!(io::stdout(), crossterm::terminal::EnterAlternateScreen)?;
    // Ends after a while: without a terminal `poll` returns at once, and no test may leave a spinning process behind.
    let started = Instant::now();
    while !ended.load(Ordering::SeqCst) && started.elapsed() < Duration::from_secs(30) {
        let _ = event::poll(Duration::from_millis(100));
    }
    Ok(())
}

/// Runs a program as another user when this one is root; it keeps the terminal.
fn as_user(user: u32, command: &[&str]) -> Outcome {
    let (program, arguments) = command.split_first().ok_or("no program")?;
    let mut command = Command::new(program);
    command.args(arguments).current_dir("/");
    if rustix::process::getuid().is_root() {
        command.uid(user).gid(user);
    }
    Err(command.exec().into())
}

/// Prints the events that crossterm reads, until Ctrl-D.
fn read_with_crossterm() -> Outcome {
    crossterm::terminal::enable_raw_mode()?;
    println!("reading");
    let end = InputEvent::Key(Key { code: Code::Char('d'), ctrl: true });
    loop {
        match of_crossterm(event::read()?) {
            Some(event) if event == end => break,
            Some(event) => println!("read {event:?} end"),
            None => {}
        }
    }
    println!("no more");
    Ok(())
}

/// The event that frontpage parses from the same bytes.
fn of_crossterm(event: Event) -> Option<InputEvent> {
    Some(match event {
        Event::Key(key) => {
            let others = KeyModifiers::ALT | KeyModifiers::SUPER | KeyModifiers::HYPER | KeyModifiers::META;
            if key.kind == KeyEventKind::Release || key.modifiers.intersects(others) {
                return None;
            }
            let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
            let shift = key.modifiers.contains(KeyModifiers::SHIFT);
            let code = match key.code {
                KeyCode::Char(c) if ctrl => Code::Char(c.to_ascii_lowercase()),
                KeyCode::Char(c) => Code::Char(c),
                KeyCode::Enter if shift => Code::ShiftEnter,
                KeyCode::Enter => Code::Enter,
                KeyCode::Esc => Code::Esc,
                KeyCode::Tab if shift => Code::BackTab,
                KeyCode::Tab => Code::Tab,
                KeyCode::BackTab => Code::BackTab,
                KeyCode::Backspace => Code::Backspace,
                KeyCode::Delete => Code::Delete,
                KeyCode::Up => Code::Up,
                KeyCode::Down => Code::Down,
                KeyCode::Left => Code::Left,
                KeyCode::Right => Code::Right,
                KeyCode::Home => Code::Home,
                KeyCode::End => Code::End,
                KeyCode::PageUp => Code::PageUp,
                KeyCode::PageDown => Code::PageDown,
                KeyCode::F(n) => Code::F(n),
                _ => return None,
            };
            InputEvent::Key(Key { code, ctrl })
        }
        Event::Mouse(mouse) => {
            let gesture = match mouse.kind {
                _ if !mouse.modifiers.is_empty() => return None,
                MouseEventKind::Down(MouseButton::Left) => MouseGesture::Press,
                MouseEventKind::Down(MouseButton::Right) => MouseGesture::Menu,
                MouseEventKind::Drag(MouseButton::Left) => MouseGesture::Drag,
                MouseEventKind::Up(MouseButton::Left) => MouseGesture::Release,
                MouseEventKind::ScrollDown => MouseGesture::Wheel(1),
                MouseEventKind::ScrollUp => MouseGesture::Wheel(-1),
                _ => return None,
            };
            InputEvent::Mouse(MouseInput { gesture, column: mouse.column, row: mouse.row })
        }
        Event::Paste(text) => InputEvent::Paste(text),
        Event::FocusGained => InputEvent::Focus(true),
        Event::FocusLost => InputEvent::Focus(false),
        Event::Resize(..) => return None,
    })
}

#[cfg(feature = "sync")]
#[path = "test_helper/confined.rs"]
mod confined;

/// Writes the articles of a channel.
#[cfg(feature = "sync")]
mod articles {
    use std::error::Error;
    use std::path::Path;

    use chrono::DateTime;
    use frontpage::channel::{Channel, Content, ContentKind, Format, Item};
    use frontpage::dates::Date;
    use frontpage::digest::{Choices, Places, Report, prepare, write_articles};
    use frontpage::feed::UntrustedText;
    use frontpage::file_system::RealFileSystem;
    use frontpage::subscriptions::Subscription;

    use super::Outcome;

    /// Writes one version after another until the process is killed.
    pub fn write_versions(folder: &Path, first: u64) -> Outcome {
        for version in first.. {
            write(folder, version)?;
        }
        Ok(())
    }

    /// Writes a version, and prints what a second run finds.
    pub fn complete(folder: &Path, version: u64) -> Outcome {
        // Killed processes may have left a run to be completed.
        write(folder, version)?;
        let report = write(folder, version)?;
        let [articles, not_applied, problems] = [report.unchanged, report.not_applied.len(), report.problems.len()];
        println!("{articles} articles, {not_applied} not applied, {problems} problems");
        Ok(())
    }

    /// Writes a version of the twelve articles of a channel.
    fn write(folder: &Path, version: u64) -> Result<Report, Box<dyn Error>> {
        let item = |number: u64| {
            let words = format!("{number} version {version} ").repeat(200);
            Item {
                guid: Some(UntrustedText::new(&format!("tag:{number}"))),
                title: UntrustedText::new(&format!("{number} version {version}")),
                published: DateTime::from_timestamp(1_700_000_000, 0).map(Date::moment),
                content: Some(Content { text: UntrustedText::new(&words), kind: ContentKind::Plain, base: None }),
                ..Item::default()
            }
        };
        let channel = Channel {
            format: Format::Rss,
            title: UntrustedText::new("A channel"),
            link: None,
            description: UntrustedText::default(),
            language: None,
            updated: None,
            icon: None,
            hints: Default::default(),
            items: (0..12).map(item).collect(),
            is_partial: false,
            repairs: Vec::new(),
        };
        let address = UntrustedText::new("https://example.org/feed.xml");
        let subscription = Subscription { address, ..Subscription::default() };
        let (articles, states) = (folder.join("articles"), folder.join("states"));
        let places = Places { articles: &articles, states: &states, fs: &RealFileSystem };
        Ok(write_articles(
            &prepare(channel, false),
            &subscription,
            &places,
            &Choices::cautious("2026-11-29T08:00:00Z".parse()?),
        ))
    }
}
