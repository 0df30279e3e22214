//! Notices: short messages above the footer after an action or an event, and the history of the last 100.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};

use super::action::Action;
use crate::feed::{SafeText, clean};

/// Limit of notices in the history.
const MAX_HISTORY: usize = 100;
/// How long a notice that is not a failure is on the screen.
const SHOWN_FOR: TimeDelta = TimeDelta::seconds(3);

/// A short message, shown above the footer.
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

/// Whether the screen shows a notice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Visibility {
    /// It is on the screen.
    #[default]
    Shown,
    /// The last key removed it.
    RemovedByLastKey,
    /// It is only in the history.
    Hidden,
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
    visibility: Visibility,
}

impl NoticeRecord {
    fn is_shown(&self) -> bool {
        self.visibility == Visibility::Shown
    }

    /// When the notice leaves the screen; `None` if it is not there, or stays until the next key.
    fn due(&self) -> Option<DateTime<Utc>> {
        (self.is_shown() && !self.notice.failed).then(|| due(self.at))
    }
}

/// When a notice of a time leaves the screen.
fn due(at: DateTime<Utc>) -> DateTime<Utc> {
    at.checked_add_signed(SHOWN_FOR).unwrap_or(at)
}

/// The notices of a session, the newest last. A notice is on the screen for three seconds or until the next key, a failure until
/// the next key.
#[derive(Clone, Debug, Default)]
pub struct Notices {
    history: VecDeque<NoticeRecord>,
    /// A notice that is on the screen and not in the history, and its time.
    unrecorded: Option<(Notice, DateTime<Utc>)>,
    /// The next notice replaces the newest one on the screen.
    is_replaced_next: bool,
}

impl Notices {
    /// Adds a notice. The same notice again is only counted, so that a held key does not fill the history.
    pub fn push(&mut self, notice: Notice, at: DateTime<Utc>) {
        self.unrecorded = None;
        if std::mem::take(&mut self.is_replaced_next)
            && let Some(record) = self.history.iter_mut().rfind(|record| record.is_shown())
        {
            record.visibility = Visibility::Hidden;
        }
        match self.history.back_mut().filter(|last| last.notice == notice) {
            Some(last) => {
                (last.at, last.times) = (at, last.times.saturating_add(1));
                last.visibility = Visibility::Shown;
            }
            None => {
                if self.history.len() == MAX_HISTORY {
                    self.history.pop_front();
                }
                self.history.push_back(NoticeRecord { notice, at, times: 1, visibility: Visibility::Shown });
            }
        }
    }

    fn shown(&self) -> impl Iterator<Item = &Notice> {
        self.history.iter().rev().filter(|record| record.is_shown()).map(|record| &record.notice)
    }

    /// The newest notice on the screen.
    pub fn current(&self) -> Option<&Notice> {
        self.unrecorded.as_ref().map(|(notice, _)| notice).or_else(|| self.shown().next())
    }

    /// Shows a notice without adding it to the history.
    pub(super) fn show_unrecorded(&mut self, notice: Notice, at: DateTime<Utc>) {
        self.unrecorded = Some((notice, at));
    }

    /// The other notices that are on the screen until a key is pressed or their time is over, the newest first.
    pub fn others(&self) -> impl Iterator<Item = &Notice> {
        self.shown().skip(1)
    }

    /// The history, the newest first.
    pub fn history(&self) -> impl ExactSizeIterator<Item = &NoticeRecord> {
        self.history.iter().rev()
    }

    /// When the next notice leaves the screen without a key.
    pub fn due(&self) -> Option<DateTime<Utc>> {
        let unrecorded = self.unrecorded.iter().map(|(_, at)| due(*at));
        self.history.iter().filter_map(NoticeRecord::due).chain(unrecorded).min()
    }

    /// Removes notices from the screen whose time is over.
    pub(super) fn expire(&mut self, now: DateTime<Utc>) {
        self.unrecorded.take_if(|(_, at)| due(*at) <= now);
        for record in self.history.iter_mut().filter(|record| record.due().is_some_and(|due| due <= now)) {
            record.visibility = Visibility::Hidden;
        }
    }

    /// Removes all notices from the screen, because a key was pressed.
    pub(super) fn key_pressed(&mut self) {
        self.unrecorded = None;
        self.is_replaced_next = false;
        for record in &mut self.history {
            record.visibility = match record.visibility {
                Visibility::Shown => Visibility::RemovedByLastKey,
                Visibility::RemovedByLastKey | Visibility::Hidden => Visibility::Hidden,
            };
        }
    }

    /// Shows the notices again that the last key removed, because the key did nothing.
    pub(super) fn restore(&mut self) {
        let removed = self.history.iter_mut().filter(|record| record.visibility == Visibility::RemovedByLastKey);
        removed.for_each(|record| record.visibility = Visibility::Shown);
    }

    /// Removes the newest notice from the screen and the history and returns it, to be added again later.
    pub(super) fn take(&mut self) -> Option<Notice> {
        self.is_replaced_next = false;
        let last = self.history.back_mut().filter(|last| last.is_shown())?;
        if last.times > 1 {
            (last.times, last.visibility) = (last.times - 1, Visibility::Hidden);
            return Some(last.notice.clone());
        }
        self.history.pop_back().map(|record| record.notice)
    }

    /// Makes the next notice replace the newest one on the screen: one key causes both, and the next one says more.
    pub(super) fn replace_next(&mut self) {
        self.is_replaced_next = self.history.iter().any(NoticeRecord::is_shown);
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
    fn notices_leave_after_three_seconds_and_failures_stay() {
        let mut notices = Notices::default();
        let time = |seconds| DateTime::from_timestamp(seconds, 0).expect("a time");
        let shown = |notices: &Notices| words(notices.current().into_iter().chain(notices.others()));
        notices.push(Notice::failure("Not saved".into()), time(1));
        add(&mut notices, "Marked read", 2);
        add(&mut notices, "Copied", 4);
        for (now, expected, due) in [
            (4, &["Copied", "Marked read", "Not saved"][..], Some(5)),
            (5, &["Copied", "Not saved"], Some(7)),
            (6, &["Copied", "Not saved"], Some(7)),
            (7, &["Not saved"], None),
            (i64::from(u32::MAX), &["Not saved"], None),
        ] {
            notices.expire(time(now));
            assert_eq!(
                (shown(&notices), notices.due()),
                (expected.iter().map(|word| (*word).to_owned()).collect(), due.map(time)),
                "{now}"
            );
        }
        notices.key_pressed();
        assert_eq!(shown(&notices), Vec::<String>::new());
        notices.restore();
        assert_eq!(shown(&notices), ["Not saved"], "only the last key is undone");
        notices.show_unrecorded(Notice::of("No notices yet".into()), time(9));
        assert_eq!(notices.due(), Some(time(12)));
        notices.expire(time(12));
        assert_eq!((shown(&notices), notices.history().len()), (vec!["Not saved".to_owned()], 3));
        add(&mut notices, "Copied", 13);
        add(&mut notices, "Copied", 15);
        assert_eq!(notices.due(), Some(time(18)), "a repeated notice is shown for another three seconds");
        notices.push(Notice::of("late".into()), DateTime::<Utc>::MAX_UTC);
        assert!(notices.due().is_some());
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
        assert!(notices.take().is_none(), "it is not on the screen any more");
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
