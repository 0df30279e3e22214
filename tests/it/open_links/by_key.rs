//! Opening links with keys in a terminal, never more often than a person would.

use std::os::unix::ffi::OsStrExt;

use chrono::TimeDelta;
use frontpage::app::Effect;

use super::kinds::{Must, kinds};
use super::recorder::{Desk, await_start, starts};
use crate::harness::folder::Folder;
use crate::harness::pty::{Exit, LIMIT};
use crate::harness::reader::{Reader, now};

#[test]
fn a_key_opens_only_allowed_links() {
    let (mut opened, mut refused) = (0, 0);
    for (link, must) in kinds().into_iter().step_by(7) {
        let kind = [(link, must)];
        let mut desk = Desk::new(&kind, &["recorder"]);
        let (mut pty, record) = desk.in_terminal(&[("BROWSER", "recorder --new %s")]);
        pty.send("o");
        let [(link, must)] = &kind;
        match must {
            Must::Open(address) => {
                pty.wait_for_text("Opened http");
                assert_eq!(await_start(&record), [["2", "--new", address.as_str()]], "{link:?}");
                opened += 1;
            }
            Must::Refuse(why) => {
                pty.wait_for_text(why);
                refused += 1;
            }
        }
        pty.send("Q");
        assert_eq!(pty.wait_exit(LIMIT), Exit::Code(0));
        assert_eq!(starts(&record).len(), usize::from(matches!(must, Must::Open(_))), "{link:?}");
        desk.assert_untouched();
    }
    println!("in a terminal: {opened} opened, {refused} refused");
    assert!(opened >= 4 && refused >= 4);
}

/// Articles with a link each, and one whose link is refused.
fn reader() -> Reader {
    let mut folder = Folder::new();
    for day in 1..=9 {
        let text = format!("---\ntitle: T{day}\ndate: 2021-02-0{day}\nlink: https://e.org/{day}\n---\n");
        folder = folder.file(&format!("{day}.md"), text);
    }
    folder = folder.file("0.md", "---\ntitle: T0\ndate: 2021-01-01\nlink: file:///x\n---\n");
    Reader::of_folder(folder.path())
}

fn openings(reader: &Reader) -> usize {
    reader.effects.iter().filter(|effect| matches!(effect, Effect::OpenLink(_))).count()
}

#[test]
fn a_second_opening_waits_300_milliseconds() {
    let mut reader = reader();
    let at = |reader: &mut Reader, milliseconds: i64| reader.time_is(now() + TimeDelta::milliseconds(milliseconds));
    for (milliseconds, keys, count) in [
        (0, "o", 1),
        (100, "o", 1), // the same link must be left alone
        (350, "o", 1),
        (600, "o", 1),
        (899, "o", 1),
        (1199, "o", 2),
        (1200, "jo", 2), // another one need not
        (1498, "o", 2),
        (1499, "o", 3),
        (1600, "k", 3),
        (1798, "<tab>o", 3),
        (1799, "o", 4),
        (1900, "flo", 4),
        (-5000, "<esc><esc>o", 5), // setting the clock back blocks no link
    ] {
        at(&mut reader, milliseconds);
        reader.press(keys);
        assert_eq!(openings(&reader), count, "{keys} at {milliseconds} ms");
    }
}

#[test]
fn keys_pressed_too_soon_keep_the_message_and_mark_nothing() {
    let mut reader = reader();
    reader.press("o");
    reader.receive(frontpage::app::Event::Succeeded("Opened it".into()));
    for (milliseconds, keys) in [(50, "o"), (100, "O"), (150, "O")] {
        reader.time_is(now() + TimeDelta::milliseconds(milliseconds));
        let (title, changes) = (reader.title(), reader.changes.len());
        reader.press(keys);
        assert_eq!((openings(&reader), reader.title(), reader.changes.len()), (1, title, changes), "{keys}");
        assert_eq!(reader.app().notice().map(|notice| notice.text.as_str()), Some("Opened it"), "{keys}");
    }
    // A refused link is reported at once, and blocks no other link.
    reader.press("Go");
    assert!(reader.app().notice().is_some_and(|notice| notice.failed && notice.text.as_str().contains("`file:`")));
    reader.time_is(now() + TimeDelta::milliseconds(700));
    let changes = reader.changes.len();
    reader.press("ggO");
    assert_eq!((openings(&reader), reader.changes.len() > changes), (2, true));
}

#[test]
fn a_key_that_is_stuck_opens_a_link_once() {
    let mut reader = reader();
    let stick = |reader: &mut Reader, key: &str, from: i64| {
        let before = openings(reader);
        for repeat in 0..100 {
            reader.time_is(now() + TimeDelta::milliseconds(from + 10 * repeat));
            reader.press(key);
        }
        openings(reader) - before
    };
    assert_eq!(stick(&mut reader, "o", 0), 1);
    // Each time another link: one every 300 ms.
    assert_eq!(stick(&mut reader, "O", 2_000), 4);
}

#[test]
fn a_file_with_a_name_that_is_not_utf8_can_be_edited() {
    let mut desk = Desk::new(&[], &[]);
    let folder = desk.home.folder.path().join("in");
    std::fs::create_dir(&folder).expect("the folder");
    let file = folder.join(std::ffi::OsStr::from_bytes(b"caf\xe9.md"));
    std::fs::write(&file, "---\ntitle: Kind of old\n---\n").expect("the file");
    let script =
        "#!/bin/sh\nprintf '%s\\0' \"$#\" \"$@\" > \"$RECORD\"\nprintf '%s\\n' --- 'title: Kind of new' --- > \"$2\"\n";
    desk.program("editor", script);
    // The second time the name comes from the snapshot of the first.
    for _ in 0..2 {
        std::fs::write(&file, "---\ntitle: Kind of old\n---\n").expect("the file");
        let (mut pty, record) = desk.in_terminal(&[("VISUAL", "editor")]);
        pty.send("e");
        pty.wait_for_text("Kind of new");
        pty.send("Q");
        assert_eq!(pty.wait_exit(LIMIT), Exit::Code(0));
        let wanted = [&b"2\0+1\0"[..], file.as_os_str().as_bytes(), b"\0"].concat();
        assert_eq!(std::fs::read(&record).expect("a record"), wanted);
        assert_eq!(std::fs::read_dir(&folder).expect("the folder").count(), 1, "another file was made");
    }
}

#[test]
fn a_deceptive_host_is_shown_before_the_user_decides() {
    let text = "---\ntitle: T\nlink: https://аpple.com/x\n---\nSee [this](https://gοοgle.com/y) and [that](https://港新聞.example/).\n";
    let folder = Folder::new().file("a.md", text);
    let mut reader = Reader::of_folder(folder.path()).sized(160, 40);
    assert!(reader.text().contains("https://аpple.com/x (xn--pple-43d.com)"), "{}", reader.text());
    reader.press("U");
    for line in ["https://аpple.com/x (xn--pple-43d.com)", "https://gοοgle.com/y (xn--ggle-0nda.com)"] {
        assert!(reader.text().contains(line), "{}", reader.text());
    }
    assert!(!reader.text().contains(".example/ ("), "{}", reader.text());
}
