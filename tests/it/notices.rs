//! Notices: a message is not lost when another one replaces it, and covers neither counts nor hints.

use frontpage::app::{Context, Event};

use crate::harness::reader::{Reader, now};

fn failed(reader: &mut Reader, words: &'static str) {
    reader.receive(Event::Failed(words.into()));
}

#[test]
fn two_notices_at_once_are_both_there() {
    let mut reader = Reader::of_news();
    reader.press("j");
    failed(&mut reader, "Cannot copy with wl-copy: program not found");
    assert_eq!(reader.notice(), " ! Cannot copy with wl-copy: program not found");
    reader.receive(Event::Succeeded("Saved as moon".into()));
    assert_eq!(reader.notice(), " Saved as moon +1 :notices");
    reader.press("k");
    assert_eq!(reader.notice(), "", "a key takes them away");
    reader.press(":notices<enter>");
    assert_eq!(reader.app().context(), Context::Overlay);
    assert!(!reader.footer().contains("choose"), "Enter only closes: {}", reader.footer());
    let screen = reader.text();
    let line = |words: &str| screen.lines().position(|line| line.contains(words)).unwrap_or_else(|| panic!("{screen}"));
    assert_eq!(line("12:00   Saved as moon") + 1, line("12:00 ! Cannot copy with wl-copy"), "the newest first");
    reader.press("<enter>");
    assert_eq!(reader.app().context(), Context::List);
}

#[test]
fn each_notice_has_its_time_and_is_read_whole() {
    let mut reader = Reader::of_news();
    let long = "The folder /home/someone/articles/of/a/library/with/a/long/name is away: changes are looked for every 30 s, and then it is read again";
    failed(&mut reader, long);
    reader.time_is(now() + chrono::TimeDelta::minutes(95));
    for _ in 0..3 {
        reader.press("u");
    }
    reader.press(":notices<enter>");
    let screen = reader.text();
    assert!(screen.contains("13:35   Nothing to undo (3 times)"), "{screen}");
    assert!(screen.contains("12:00 ! The folder ") && !screen.contains("it is read again"), "{screen}");
    reader.press("j");
    let screen = reader.text();
    assert!(screen.contains("12:00 ! The folder ") && screen.contains("it is read again"), "{screen}");
    reader.press("<esc>");
    assert_eq!(reader.app().context(), Context::List);
}

#[test]
fn no_notices_is_not_itself_a_notice() {
    let mut reader = Reader::of_folded_news();
    reader.press(":notices<enter>");
    assert_eq!(reader.notice(), " No notices yet");
    assert_eq!(reader.app().notices().history().len(), 0, "the answer is not recorded");
    reader.press("j");
    assert_eq!(reader.notice(), "");
    reader.press(":notices<enter>");
    assert_eq!(reader.app().context(), Context::List);
    assert_eq!(reader.notice(), " No notices yet");
}

#[test]
fn opening_and_going_on_is_one_notice() {
    let mut reader = Reader::of_news();
    reader.press("O");
    reader.receive(Event::Succeeded("Opened https://example.org/moon".into()));
    assert_eq!(reader.notice(), " Opened https://example.org/moon");
}
