//! Notices: short messages in the footer after an action or an event, and the history of the last 100.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};

use super::action::Action;
use crate::feed::{SafeText, clean};

/// Limit of notices in the history.
const MAX_HISTORY: usize = 100;

/// A short message, shown in the footer until the next key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The message.
    pub text: SafeText,
    /// Whether it reports a failure.
    pub failed: bool,
    /// An action that is useful now, with a word for it: `u undoes`.
    pub offer: Option<(Action, &'static str)>,
}

impl Notice {
    /// A notice of something that was done.
    pub fn of(text: SafeText) -> Notice {
        Notice { text, failed: false, offer: None }
    }

    /// A notice of something that failed.
    pub fn failure(text: SafeText) -> Notice {
        Notice { failed: true, ..Notice::of(text) }
    }

    /// A notice of an error: errors begin in lower case, notices with a capital. An error that begins with a name must
    /// quote it.
    pub fn of_error(error: SafeText) -> Notice {
        Notice::failure(capitalised(error))
    }
}

/// The text with a capital at its beginning, if its first word has only letters of lower case. `editor:` or `~/news` stays.
pub fn capitalised(text: SafeText) -> SafeText {
    let first = text.as_str().split(' ').next().unwrap_or_default();
    if first.is_empty() || !first.bytes().all(|b| b.is_ascii_lowercase()) {
        return text;
    }
    let mut text = text.to_string();
    text.get_mut(..1).into_iter().for_each(str::make_ascii_uppercase);
    clean::run(&text)
}

/// A notice in the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRecord {
    /// The notice.
    pub notice: Notice,
    /// When it was added the last time.
    pub at: DateTime<Utc>,
    /// How often it was added in a row.
    pub times: usize,
}

/// The notices of a session, the newest last. The footer shows those added since the last key.
#[derive(Clone, Debug, Default)]
pub struct Notices {
    history: VecDeque<NoticeRecord>,
    /// A notice that is in the footer and not in the history.
    unrecorded: Option<Notice>,
    /// Number of notices added since the last key.
    shown: usize,
    /// Number of notices that the last key removed from the footer.
    shown_before: usize,
    /// The next notice replaces the newest one in the footer.
    is_replaced_next: bool,
}

impl Notices {
    /// Adds a notice. The same notice again is only counted, so that a held key does not fill the history.
    pub fn push(&mut self, notice: Notice, at: DateTime<Utc>) {
        self.unrecorded = None;
        // `replace_next` sets the flag only while a notice is shown, so this cannot underflow.
        self.shown -= usize::from(std::mem::take(&mut self.is_replaced_next));
        match self.history.back_mut().filter(|last| last.notice == notice) {
            Some(last) => {
                (last.at, last.times) = (at, last.times + 1);
                // The last key may have removed this notice from the footer: show it again.
                self.shown = self.shown.max(1);
            }
            None => {
                if self.history.len() == MAX_HISTORY {
                    self.history.pop_front();
                }
                self.history.push_back(NoticeRecord { notice, at, times: 1 });
                self.shown = (self.shown + 1).min(MAX_HISTORY);
            }
        }
    }

    /// The newest notice, if no key was pressed since.
    pub fn current(&self) -> Option<&Notice> {
        self.unrecorded.as_ref().or(self.history.back().filter(|_| self.shown > 0).map(|record| &record.notice))
    }

    /// Shows a notice until the next key or notice, without adding it to the history.
    pub(super) fn show_unrecorded(&mut self, notice: Notice) {
        self.unrecorded = Some(notice);
    }

    /// The other notices added since the last key, the newest first.
    pub fn others(&self) -> impl Iterator<Item = &Notice> {
        self.history.iter().rev().take(self.shown).skip(1).map(|record| &record.notice)
    }

    /// The history, the newest first.
    pub fn history(&self) -> impl ExactSizeIterator<Item = &NoticeRecord> {
        self.history.iter().rev()
    }

    /// Clears the footer, because a key was pressed.
    pub(super) fn key_pressed(&mut self) {
        self.unrecorded = None;
        self.shown_before = std::mem::take(&mut self.shown);
        self.is_replaced_next = false;
    }

    /// Restores the footer, because the key did nothing.
    pub(super) fn restore(&mut self) {
        self.shown = self.shown_before;
    }

    /// Removes the newest notice from footer and history and returns it, to be added again later.
    pub(super) fn take(&mut self) -> Option<Notice> {
        self.shown = self.shown.checked_sub(1)?;
        self.is_replaced_next = false;
        let last = self.history.back_mut()?;
        if last.times > 1 {
            last.times -= 1;
            return Some(last.notice.clone());
        }
        self.history.pop_back().map(|record| record.notice)
    }

    /// Makes the next notice replace the newest one in the footer: one key causes both, and the next one says more.
    pub(super) fn replace_next(&mut self) {
        self.is_replaced_next = self.shown > 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(notices: &mut Notices, words: &str, second: i64) {
        let at = DateTime::from_timestamp(second, 0).expect("a time");
        notices.push(Notice::of(clean::plain_line(words)), at);
    }

    fn words<'a>(notices: impl Iterator<Item = &'a Notice>) -> Vec<String> {
        notices.map(|notice| notice.text.to_string()).collect()
    }

    #[test]
    fn errors_get_a_capital_and_names_stay() {
        for (error, notice) in [
            ("cannot read news", "Cannot read news"),
            ("a name is one word", "A name is one word"),
            ("`vi` ended with exit status: 1", "`vi` ended with exit status: 1"),
            ("editor: a quote is not closed", "editor: a quote is not closed"),
            ("wl-copy is missing", "wl-copy is missing"),
            ("über uns", "über uns"),
            ("", ""),
        ] {
            assert_eq!(Notice::of_error(clean::plain_line(error)).text.as_str(), notice);
        }
    }

    #[test]
    fn two_notices_stay_until_the_next_key() {
        let mut notices = Notices::default();
        add(&mut notices, "one", 1);
        notices.key_pressed();
        assert!(notices.current().is_none());
        add(&mut notices, "two", 2);
        add(&mut notices, "three", 3);
        assert_eq!(words(notices.current().into_iter()), ["three"]);
        assert_eq!(words(notices.others()), ["two"]);
        notices.key_pressed();
        assert!(notices.current().is_none() && notices.others().next().is_none());
        notices.restore();
        assert_eq!(words(notices.current().into_iter().chain(notices.others())), ["three", "two"]);
        assert_eq!(words(notices.history().map(|record| &record.notice)), ["three", "two", "one"]);
    }

    #[test]
    fn repeated_notices_are_counted_and_the_last_100_are_kept() {
        let mut notices = Notices::default();
        for second in 1..=3 {
            notices.key_pressed();
            add(&mut notices, "No jump to go back to", second);
        }
        let record = notices.history().next().expect("a notice");
        assert_eq!((notices.history().len(), record.times, record.at.timestamp()), (1, 3, 3));
        assert_eq!((notices.current().is_some(), notices.others().count()), (true, 0));
        (0..250).for_each(|n| add(&mut notices, &n.to_string(), n));
        assert_eq!((notices.history().len(), notices.others().count()), (100, 99));
        assert_eq!(words(notices.history().map(|record| &record.notice))[..2], ["249", "248"]);
    }

    #[test]
    fn taking_a_notice_leaves_the_earlier_ones() {
        let mut notices = Notices::default();
        assert!(notices.take().is_none());
        add(&mut notices, "one", 1);
        notices.key_pressed();
        assert!(notices.take().is_none(), "it is not in the footer any more");
        add(&mut notices, "two", 2);
        assert_eq!(words(notices.take().iter()), ["two"]);
        assert!(notices.current().is_none());
        assert_eq!(words(notices.history().map(|record| &record.notice)), ["one"]);
        (3..=5).for_each(|second| add(&mut notices, "two", second));
        assert_eq!(words(notices.take().iter()), ["two"]);
        assert_eq!(
            notices.history().map(|record| record.times).collect::<Vec<_>>(),
            [2, 1],
            "the earlier ones are counted"
        );
    }

    #[test]
    fn a_replaced_notice_is_only_in_the_history() {
        let mut notices = Notices::default();
        notices.replace_next();
        add(&mut notices, "marked read", 1);
        notices.replace_next();
        assert_eq!(words(notices.current().into_iter()), ["marked read"]);
        add(&mut notices, "opened", 2);
        assert_eq!(words(notices.current().into_iter().chain(notices.others())), ["opened"]);
        add(&mut notices, "a folder is away", 3);
        assert_eq!(words(notices.current().into_iter().chain(notices.others())), ["a folder is away", "opened"]);
        assert_eq!(notices.history().len(), 3);
        notices.replace_next();
        notices.key_pressed();
        add(&mut notices, "saved", 4);
        assert_eq!(words(notices.current().into_iter().chain(notices.others())), ["saved"]);
    }
}
