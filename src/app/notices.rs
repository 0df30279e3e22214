//! Notices: a few words in the footer after an action or a fact from outside, and the last hundred of them.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};

use super::action::Action;
use crate::feed::SafeText;

/// Notices that are kept.
const KEPT: usize = 100;

/// A few words for the reader, in the footer until the next key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The words.
    pub text: SafeText,
    /// True when something did not work.
    pub failed: bool,
    /// An action that is of use now, and what it does.
    pub offer: Option<(Action, &'static str)>,
}

impl Notice {
    /// Says what was done.
    pub fn of(text: SafeText) -> Notice {
        Notice { text, failed: false, offer: None }
    }

    /// Says what could not be done.
    pub fn failure(text: SafeText) -> Notice {
        Notice { failed: true, ..Notice::of(text) }
    }
}

/// A notice of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRecord {
    /// The notice.
    pub notice: Notice,
    /// When it came, the last time.
    pub at: DateTime<Utc>,
    /// How often it came without another one between.
    pub times: usize,
}

/// The notices of a session, the newest last. Those that came since the last key are in the footer.
#[derive(Clone, Debug, Default)]
pub struct Notices {
    history: VecDeque<NoticeRecord>,
    /// How many came since the last key.
    shown: usize,
    /// How many the last key took away.
    shown_before: usize,
    /// The newest one goes out of the footer when the next one comes.
    is_replaced_next: bool,
}

impl Notices {
    /// Adds a notice. The same notice again is counted, so that a key that is held down does not fill the history.
    pub fn push(&mut self, notice: Notice, at: DateTime<Utc>) {
        self.shown -= usize::from(std::mem::take(&mut self.is_replaced_next));
        match self.history.back_mut().filter(|last| last.notice == notice) {
            Some(last) => {
                (last.at, last.times) = (at, last.times + 1);
                self.shown = self.shown.max(1);
            }
            None => {
                if self.history.len() == KEPT {
                    self.history.pop_front();
                }
                self.history.push_back(NoticeRecord { notice, at, times: 1 });
                self.shown = (self.shown + 1).min(KEPT);
            }
        }
    }

    /// The newest notice, when no key was pressed since.
    pub fn current(&self) -> Option<&Notice> {
        self.history.back().filter(|_| self.shown > 0).map(|told| &told.notice)
    }

    /// The other notices that came since the last key, the newest first.
    pub fn others(&self) -> impl Iterator<Item = &Notice> {
        self.history.iter().rev().take(self.shown).skip(1).map(|told| &told.notice)
    }

    /// The last notices, the newest first.
    pub fn history(&self) -> impl ExactSizeIterator<Item = &NoticeRecord> {
        self.history.iter().rev()
    }

    /// A key is pressed: what the footer shows has been seen.
    pub(super) fn key_pressed(&mut self) {
        self.shown_before = std::mem::take(&mut self.shown);
        self.is_replaced_next = false;
    }

    /// The key did nothing: the footer stays as it was.
    pub(super) fn restore(&mut self) {
        self.shown = self.shown_before;
    }

    /// Takes the newest notice out of the footer and the history, to be told again later.
    pub(super) fn take(&mut self) -> Option<Notice> {
        self.shown = self.shown.checked_sub(1)?;
        self.is_replaced_next = false;
        let last = self.history.back_mut()?;
        if last.times > 1 {
            last.times -= 1;
            return Some(last.notice.clone());
        }
        self.history.pop_back().map(|told| told.notice)
    }

    /// The next notice takes the place of the newest one in the footer: both come of one key, and the next says more.
    pub(super) fn replace_next(&mut self) {
        self.is_replaced_next = self.shown > 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::clean;

    fn tell(notices: &mut Notices, words: &str, second: i64) {
        let at = DateTime::from_timestamp(second, 0).expect("a time");
        notices.push(Notice::of(clean::plain_line(words)), at);
    }

    fn words<'a>(notices: impl Iterator<Item = &'a Notice>) -> Vec<String> {
        notices.map(|notice| notice.text.to_string()).collect()
    }

    #[test]
    fn two_that_come_at_once_are_both_there_until_the_next_key() {
        let mut notices = Notices::default();
        tell(&mut notices, "one", 1);
        notices.key_pressed();
        assert!(notices.current().is_none());
        tell(&mut notices, "two", 2);
        tell(&mut notices, "three", 3);
        assert_eq!(words(notices.current().into_iter()), ["three"]);
        assert_eq!(words(notices.others()), ["two"]);
        notices.key_pressed();
        assert!(notices.current().is_none() && notices.others().next().is_none());
        notices.restore();
        assert_eq!(words(notices.current().into_iter().chain(notices.others())), ["three", "two"]);
        assert_eq!(words(notices.history().map(|told| &told.notice)), ["three", "two", "one"]);
    }

    #[test]
    fn the_same_again_is_one_notice_and_the_last_hundred_are_kept() {
        let mut notices = Notices::default();
        for second in 1..=3 {
            notices.key_pressed();
            tell(&mut notices, "no jump that way", second);
        }
        let told = notices.history().next().expect("a notice");
        assert_eq!((notices.history().len(), told.times, told.at.timestamp()), (1, 3, 3));
        assert_eq!((notices.current().is_some(), notices.others().count()), (true, 0));
        (0..250).for_each(|n| tell(&mut notices, &n.to_string(), n));
        assert_eq!((notices.history().len(), notices.others().count()), (100, 99));
        assert_eq!(words(notices.history().map(|told| &told.notice))[..2], ["249", "248"]);
    }

    #[test]
    fn a_notice_that_is_taken_out_leaves_the_ones_before() {
        let mut notices = Notices::default();
        assert!(notices.take().is_none());
        tell(&mut notices, "one", 1);
        notices.key_pressed();
        assert!(notices.take().is_none(), "it is in the footer no more");
        tell(&mut notices, "two", 2);
        assert_eq!(words(notices.take().iter()), ["two"]);
        assert!(notices.current().is_none());
        assert_eq!(words(notices.history().map(|told| &told.notice)), ["one"]);
        (3..=5).for_each(|second| tell(&mut notices, "two", second));
        assert_eq!(words(notices.take().iter()), ["two"]);
        assert_eq!(notices.history().map(|told| told.times).collect::<Vec<_>>(), [2, 1], "the ones before are counted");
    }

    #[test]
    fn what_gives_way_is_in_the_history_only() {
        let mut notices = Notices::default();
        notices.replace_next();
        tell(&mut notices, "marked read", 1);
        notices.replace_next();
        assert_eq!(words(notices.current().into_iter()), ["marked read"]);
        tell(&mut notices, "opened", 2);
        assert_eq!(words(notices.current().into_iter().chain(notices.others())), ["opened"]);
        tell(&mut notices, "a folder is away", 3);
        assert_eq!(words(notices.current().into_iter().chain(notices.others())), ["a folder is away", "opened"]);
        assert_eq!(notices.history().len(), 3);
        notices.replace_next();
        notices.key_pressed();
        tell(&mut notices, "saved", 4);
        assert_eq!(words(notices.current().into_iter().chain(notices.others())), ["saved"]);
    }
}
