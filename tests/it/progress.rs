//! Progress of long work: in the footer of the terminal reader, and as a line on stderr for commands, which is removed at the end.

use std::cell::RefCell;
use std::time::Duration;

use frontpage::app::{Effect, Event};
use frontpage::jobs::similarity_index::IndexStore;
use frontpage::jobs::{Answer, JobId, JobKind, JobReport, JobStatus, Monitor, Progress, similarity_index};
use frontpage::keymap::Key;
use frontpage::library::Library;

use crate::harness::command::Home;
use crate::harness::folder::Folder;
use crate::harness::reader::{Reader, now};

#[cfg(debug_assertions)]
mod on_a_terminal {
    use crate::harness::folder::Folder;
    use crate::harness::pty::{Exit, LIMIT, Pty, SIZE};

    use super::many;

    /// Runs a line of shell, in which the program is `$0` and a folder `$1`; progress is shown at once.
    fn run(script: &str, folder: &Folder, term: &str) -> Pty {
        let path = folder.path().to_str().expect("UTF-8");
        let env = [("FRONTPAGE_TEST_PROGRESS", "1"), ("TERM", term)];
        let mut pty = Pty::spawn("/bin/sh", &["-c", script, env!("CARGO_BIN_EXE_frontpage"), path], &env, SIZE);
        assert_eq!(pty.wait_exit(LIMIT), Exit::Code(0), "{}", pty.text());
        pty
    }

    #[test]
    fn a_long_load_shows_a_bar_and_leaves_nothing_behind() {
        let folder = many(300);
        for (script, words) in [
            ("\"$0\" list --format json -L \"$1\" tide > out && tr -d '\\n' < out > one", &["reading"][..]),
            ("\"$0\" check \"$1\" > out", &["checking"]),
            (
                "echo https://example.org/1 | \"$0\" marks import --dry-run -L \"$1\" 2>&1 >out",
                &["reading", "importing"],
            ),
        ] {
            let pty = run(script, &folder, "xterm-256color");
            let raw = String::from_utf8_lossy(&pty.raw()).into_owned();
            for word in words {
                assert!(raw.contains(&format!("{word} ")), "{script}: no {word}: {raw:?}");
                assert!(!pty.text().contains(word), "{script}: it stays: {}", pty.text());
            }
            assert!(!raw.contains("\x1b[?25l"), "the cursor was hidden: {raw:?}");
            assert!(pty.modes_balanced());
        }
    }

    #[test]
    fn a_terminal_without_abilities_gets_no_sequences() {
        let pty = run("\"$0\" list --format json -L \"$1\" tide > out", &many(100), "dumb");
        assert_eq!(pty.raw(), b"", "{}", pty.text());
    }
}

fn many(count: usize) -> Folder {
    let text =
        |n| format!("---\ntitle: Tide {n}\nlink: https://example.org/{n}\ndate: 2021-02-18\n---\nThe sea, {n}.\n");
    (0..count).fold(Folder::new(), |folder, n| folder.file(&format!("{n}.md"), text(n)))
}

#[test]
fn without_a_terminal_on_stderr_no_progress_is_shown() {
    let (home, folder) = (Home::new().with("FRONTPAGE_TEST_PROGRESS", "1"), many(200));
    let path = folder.path().to_str().expect("UTF-8");
    for arguments in [&["list", "tide", "--format", "json", "-L", path][..], &["check", path], &["topics", "-L", path]]
    {
        let ran = home.run(arguments);
        assert_eq!(ran.err, "", "{arguments:?}");
    }
}

/// A reader that follows one job after the other.
struct Following(Reader);

impl Following {
    fn start(&mut self, kind: JobKind) -> (JobId, JobKind) {
        let job = (JobId::next(), kind);
        self.tell(job, JobStatus::Started);
        job
    }

    fn tell(&mut self, (job, kind): (JobId, JobKind), status: JobStatus) {
        self.0.receive(Event::Job(JobReport { job, kind, status }));
    }

    fn footer(&self) -> String {
        self.0.footer()
    }
}

#[test]
fn the_footer_shows_how_far_a_load_is() {
    let mut reader = Following(Reader::empty());
    assert!(reader.footer().contains(" · reading …"), "before it has begun: {}", reader.footer());
    let load = reader.start(JobKind::Load);
    let mut footer = |done, total, columns| {
        reader.0.resize(columns, 30);
        reader.tell(load, JobStatus::Progress(Progress::of(done, total)));
        reader.footer()
    };
    assert!(footer(0, 0, 100).contains(" · reading …"), "{}", footer(0, 0, 100));
    let unknown = footer(1234, 0, 100);
    assert!(unknown.contains(" · reading 1,234 …"), "as long as it is not known how much there is: {unknown}");
    let known = footer(1234, 4000, 100);
    assert!(known.contains(" · ███░░░░░░░ reading 1,234 of 4,000"), "{known}");
    for (columns, words) in [(45, " · reading 1,234 of 4,000"), (30, " · reading 30 %")] {
        let narrow = footer(1234, 4000, columns);
        assert!(narrow.contains(words), "{narrow}");
    }
}

#[test]
fn the_footer_shows_how_far_the_index_is_until_it_is_made() {
    for end in [
        JobStatus::Answer(Answer::Index(Default::default())),
        JobStatus::Failed("a fault".into()),
        JobStatus::Cancelled,
    ] {
        let mut reader = Following(Reader::of_news());
        let index = reader.start(JobKind::Index);
        reader.tell(index, JobStatus::Progress(Progress::of(2, 5)));
        assert!(reader.footer().contains(" · ████░░░░░░ indexing 40 %"), "{}", reader.footer());
        reader.tell(index, end);
        reader.0.press("j");
        assert!(!reader.footer().contains("indexing"), "{}", reader.footer());
    }
}

#[test]
fn a_failed_copy_while_the_index_is_built_leaves_the_progress_of_the_index() {
    let mut reader = Following(Reader::of_news());
    let index = reader.start(JobKind::Index);
    reader.tell(index, JobStatus::Progress(Progress::of(2, 5)));
    let copy = reader.start(JobKind::Copy);
    reader.tell(copy, JobStatus::Failed("cannot copy with wl-copy: program not found".into()));
    assert!(reader.0.notice().starts_with(" ! Cannot copy with wl-copy"), "{}", reader.0.notice());
    reader.0.receive(Event::Failed("something else".into()));
    reader.0.press("j");
    assert!(reader.footer().contains(" · ████░░░░░░ indexing 40 %"), "{}", reader.footer());
    reader.tell(index, JobStatus::Progress(Progress::of(5, 5)));
    assert!(reader.footer().contains("indexing 100 %"), "it goes on: {}", reader.footer());
}

#[test]
fn a_failed_job_is_not_awaited() {
    let mut reader = Following(Reader::of_news());
    let mut rows = None;
    reader.0.with_session(|session| {
        let _ = session.press(Key::parse_all("/").expect("a key")[0]);
        rows = session.press(Key::parse_all("t").expect("a key")[0]).0.0.into_iter().find_map(|effect| match effect {
            Effect::RunJob(job) => Some(job.id),
            _ => None,
        });
    });
    assert!(reader.0.app().search().is_running());
    reader.tell((rows.expect("a search"), JobKind::Rows), JobStatus::Failed("a fault".into()));
    assert!(!reader.0.app().search().is_running());
    assert_eq!(reader.0.titles().len(), 5, "the rows stay");
}

/// Follows an index: it has always been running for a second.
#[derive(Default)]
struct Slow(RefCell<Vec<Progress>>);

impl Monitor for Slow {
    fn is_cancelled(&self) -> bool {
        false
    }

    fn elapsed(&self) -> Duration {
        Duration::from_secs(1 + self.0.borrow().len() as u64)
    }

    fn progress(&self, progress: Progress) {
        self.0.borrow_mut().push(progress);
    }
}

#[test]
fn the_progress_of_an_index_ends_at_its_total() {
    let folder = many(300);
    let feed = Library::Paths(vec![folder.path().to_owned()]).load(now(), |_| {}).expect("the folder").feed;
    let slow = Slow::default();
    let JobStatus::Answer(Answer::Index(index)) =
        similarity_index::make(None, feed.clone(), IndexStore::default()).run(&slow).status
    else {
        panic!("none")
    };
    let told: Vec<Progress> = (1..=4).map(|done| Progress::of(done, 4)).collect();
    assert_eq!(slow.0.take(), told, "two stretches, looked at twice");
    assert!(similarity_index::make(Some(index), feed, IndexStore::default()).run(&slow).is_end());
    assert_eq!(slow.0.take(), [], "what is made of another one is made in a moment");
}
