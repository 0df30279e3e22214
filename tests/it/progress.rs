//! Long work shows how far it is: in the footer of the reader, and on a terminal beside the command line, where nothing stays.

use frontpage::app::{Answer, Event, Request};
use frontpage::library::Library;
use frontpage::query::Ground;

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
    fn a_terminal_that_can_do_nothing_is_shown_nothing() {
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
fn where_stderr_is_no_terminal_nothing_is_shown() {
    let (home, folder) = (Home::new().with("FRONTPAGE_TEST_PROGRESS", "1"), many(200));
    let path = folder.path().to_str().expect("UTF-8");
    for arguments in [&["list", "tide", "--format", "json", "-L", path][..], &["check", path], &["topics", "-L", path]]
    {
        let ran = home.run(arguments);
        assert_eq!(ran.err, "", "{arguments:?}");
    }
}

#[test]
fn the_footer_shows_how_far_a_load_is() {
    let mut reader = Reader::empty();
    let mut footer = |done, total, columns| {
        reader.resize(columns, 30);
        reader.receive(Event::Loading { done, total });
        reader.text().lines().last().expect("a footer").to_owned()
    };
    assert!(footer(0, 0, 100).starts_with(" reading … ·"), "{}", footer(0, 0, 100));
    let unknown = footer(1234, 0, 100);
    assert!(unknown.starts_with(" reading 1,234 … ·"), "as long as it is not known how much there is: {unknown}");
    let known = footer(1234, 4000, 100);
    assert!(known.starts_with(" ███░░░░░░░ reading 1,234 of 4,000 ·"), "{known}");
    let narrow = footer(1234, 4000, 60);
    assert!(narrow.starts_with(" reading 1,234 of 4,000 ·"), "{narrow}");
}

#[test]
fn the_footer_shows_how_far_the_index_is_until_it_is_made() {
    let footer = |reader: &Reader| reader.text().lines().last().expect("a footer").to_owned();
    let answers = [
        Event::Found { ticket: 8, answer: Answer::Index(Default::default()) },
        Event::Failed("a fault in frontpage".into()),
    ];
    for end in answers {
        let mut reader = Reader::of_news();
        reader.receive(Event::Found { ticket: 7, answer: Answer::Indexing { done: 2, all: 5 } });
        assert!(footer(&reader).starts_with(" ████░░░░░░ indexing 40 % ·"), "{}", footer(&reader));
        reader.receive(end);
        assert!(reader.app().indexing().is_none());
        assert!(!footer(&reader).contains("indexing"), "{}", footer(&reader));
    }
}

#[test]
fn how_far_an_index_is_ends_where_it_says() {
    let folder = many(300);
    let loaded = Library::Paths(vec![folder.path().to_owned()]).load(now(), |_| {}).expect("the folder");
    let ground = Ground::new(loaded.feed, Default::default(), now());
    let mut request = Request::index(1, None, ground.clone());
    let (all, asked) = (request.asks(), std::cell::Cell::new(0));
    let stop = || {
        asked.set(asked.get() + 1);
        false
    };
    assert!(!request.step(&stop));
    assert_eq!(all, Some(4), "two stretches, looked at twice");
    assert_eq!(all, Some(asked.get()));
    let Answer::Index(index) = request.answer() else { panic!("no index") };
    assert_eq!(Request::index(2, Some(index), ground).asks(), None, "what is made of another one is made in a moment");
}
