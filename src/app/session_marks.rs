//! The marks of the session: loaded from disk, set, undone and redone.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::notices::Notice;
use super::undo::{FullTextChange, PreviousMarks, UndoHistory, UndoStep, Undoing};
use crate::feed::identity::missing_last_seen;
use crate::feed::{
    ArticleId, Change, DeviceId, Feed, HybridClock, LastSeenState, Mark, Marks, PLACES_KEPT, RuleMarks, SafeText,
    Stamp, clean,
};

/// Error: marks are not on disk yet. The marks writer tries again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct MarksNotSaved(pub SafeText);

/// Limit of articles whose last-seen data is recorded together with a mark. For larger changes a background job records it.
const MAX_RECORDED_AT_ONCE: usize = 64;

/// The marks as they are now, the undo history, and the state of loading and saving.
#[derive(Debug)]
pub struct SessionMarks {
    marks: Arc<Marks>,
    clock: HybridClock,
    /// The marks on disk are loaded.
    are_read: bool,
    /// Changes made before the marks were loaded.
    early: Vec<Change>,
    undo: UndoHistory,
    /// Why marks are not saved yet.
    save_error: Option<SafeText>,
    /// The user was warned about unsaved marks: quitting again quits.
    may_quit: bool,
}

/// What an undo or a redo has done, or is to do.
#[derive(Debug)]
pub enum Undone {
    /// Marks were set.
    Marks(UndoResult),
    /// The full text of an article is to be changed.
    FullText(ArticleId, FullTextChange),
}

/// The marks that an undo or a redo has set.
#[derive(Debug)]
pub struct UndoResult {
    /// The changes to save.
    pub changes: Vec<Change>,
    /// The notice: what was undone or redone.
    pub words: SafeText,
    /// The article, if the step changed only one.
    pub article: Option<ArticleId>,
}

impl SessionMarks {
    /// No marks. New ones are stamped with `device`.
    pub fn new(device: DeviceId) -> SessionMarks {
        SessionMarks {
            marks: Arc::default(),
            clock: HybridClock::new(device),
            are_read: false,
            early: Vec::new(),
            undo: UndoHistory::default(),
            save_error: None,
            may_quit: false,
        }
    }

    /// Starts with the marks of the bookmark, which apply until the marks on disk are loaded.
    pub fn begin_with(&mut self, marks: &[Change]) {
        let seen = Arc::make_mut(&mut self.marks);
        marks.iter().for_each(|change| seen.apply(change));
    }

    /// The marks as they are now.
    pub fn all(&self) -> &Arc<Marks> {
        &self.marks
    }

    /// Whether the marks on disk are loaded.
    pub fn are_read(&self) -> bool {
        self.are_read
    }

    /// Whether a change was made on this device.
    pub fn is_own(&self, stamp: Stamp) -> bool {
        stamp.device() == self.clock.device()
    }

    // Setting.

    /// Sets a mark on articles, without an undo step.
    pub fn change(&mut self, mark: Mark, articles: Vec<ArticleId>, at: DateTime<Utc>) -> Change {
        let change = Change { stamp: self.clock.tick(at), mark, articles };
        Arc::make_mut(&mut self.marks).apply(&change);
        if !self.are_read {
            self.early.push(change.clone());
        }
        change
    }

    /// Sets a mark on the articles that do not have it, as an undo step. `None` if all of them have it.
    pub fn set(&mut self, mark: Mark, articles: &[ArticleId], at: DateTime<Utc>) -> Option<Change> {
        let marks = &self.marks;
        let articles: Vec<ArticleId> = articles.iter().copied().filter(|id| !marks.has(*id, &mark)).collect();
        if articles.is_empty() {
            return None;
        }
        // Grouped: undo saves one change for each group, not for each article.
        let mut before: BTreeMap<(Mark, Stamp), Vec<ArticleId>> = BTreeMap::new();
        for id in &articles {
            // An article that only a rule marks read has no time of reading: undo restores it as read at this time.
            let before_it = match marks.current(*id, &mark) {
                Mark::Read(None) if marks.is_read(*id) => Mark::Read(Some(at)),
                present => present,
            };
            before.entry((before_it, self.undo.stamp(marks, *id, &mark))).or_default().push(*id);
        }
        let before =
            before.into_iter().map(|((mark, stamp), articles)| PreviousMarks { mark, stamp, articles }).collect();
        let words = words(&mark, articles.len());
        let change = self.change(mark.clone(), articles, at);
        self.undo.push(UndoStep { words, mark, stamp: change.stamp, before });
        Some(change)
    }

    /// A change that makes searches treat an article as unread. The caller must not save it: it is not a mark.
    pub fn unread_change(&mut self, id: ArticleId, at: DateTime<Utc>) -> Change {
        Change { stamp: self.clock.tick(at), mark: Mark::Read(None), articles: vec![id] }
    }

    /// Notes a change of the full text of an article in the background, as an undo step. What can be redone stays.
    pub fn full_text_changed(&mut self, article: ArticleId, change: FullTextChange) {
        self.undo.push_full_text(article, change);
    }

    /// Notes a change of the full text of an article that begins now. It is an undo step once it has succeeded.
    pub fn full_text_change_begins(&mut self, article: ArticleId, change: FullTextChange) {
        self.undo.begin_full_text(article, change);
    }

    /// Notes the end of a change of the full text of an article.
    pub fn full_text_change_ends(&mut self, article: ArticleId, change: FullTextChange, is_done: bool) {
        self.undo.end_full_text(article, change, is_done);
    }

    /// True if undo would change the full text of an article.
    pub fn undo_changes_text_of(&self, article: ArticleId) -> bool {
        self.undo.ends_with_text_of(article)
    }

    /// Undoes the last step. `None` if there is none.
    pub fn undo(&mut self, at: DateTime<Utc>) -> Option<Undone> {
        let undoing = self.undo.undo(&self.marks)?;
        Some(self.carry_out(undoing, ["Undone: ", "Not undone: "], at))
    }

    /// Redoes the step that was undone last. `None` if there is none.
    pub fn redo(&mut self, at: DateTime<Utc>) -> Option<Undone> {
        let undoing = self.undo.redo(&self.marks)?;
        Some(self.carry_out(undoing, ["Redone: ", "Not redone: "], at))
    }

    /// Carries out an undo or redo. The notice begins with `done`, or with `nothing_done` if every article changed elsewhere.
    fn carry_out(&mut self, undoing: Undoing, [done, nothing_done]: [&'static str; 2], at: DateTime<Utc>) -> Undone {
        let plan = match undoing {
            Undoing::FullText(article, change) => return Undone::FullText(article, change),
            Undoing::Marks(plan) => plan,
        };
        let words = match plan.left_out {
            0 => plan.step.words.clone(),
            _ if plan.set.is_empty() => clean::plain_line(&format!("{} (changed elsewhere since)", plan.step.words)),
            count => clean::plain_line(&format!("{}, except {count} changed elsewhere since", plan.step.words)),
        };
        let before = if plan.set.is_empty() { nothing_done } else { done };
        let words = clean::join(&[before.into(), words], "");
        let article = match plan.step.articles().as_slice() {
            [id] => Some(*id),
            _ => None,
        };
        let set = |PreviousMarks { mark, stamp, articles }| {
            let change = self.change(mark, articles, at);
            self.undo.link_stamps(stamp, change.stamp);
            change
        };
        Undone::Marks(UndoResult { changes: plan.set.into_iter().map(set).collect(), words, article })
    }

    // Identities.

    /// Moves and copies marks to the new identities of articles: pairs of old and new identity. Returns the changes to save.
    pub fn move_marks(&mut self, moved: &[(ArticleId, ArticleId)], copied: &[(ArticleId, ArticleId)]) -> Vec<Change> {
        self.undo.move_articles(moved);
        // Without changes the `Arc` must stay the same: searches compare it to see whether marks changed.
        match moved.is_empty() && copied.is_empty() {
            true => Vec::new(),
            false => Arc::make_mut(&mut self.marks).move_marks(moved, copied),
        }
    }

    /// Records the last-seen data of articles.
    pub fn record_last_seen(&mut self, last_seen: Vec<(ArticleId, LastSeenState)>, at: DateTime<Utc>) -> Vec<Change> {
        let change = |(id, last_seen)| self.change(Mark::LastSeen(Box::new(last_seen)), vec![id], at);
        last_seen.into_iter().map(change).collect()
    }

    /// Records the last-seen data of articles that were just marked. True if a background job must record the rest, after a
    /// large change. Articles that share an identity are always recorded at once: without the data it would be unknown which
    /// of them is marked.
    pub fn record_last_seen_of_marked(
        &mut self,
        articles: &[ArticleId],
        feed: &Feed,
        at: DateTime<Utc>,
    ) -> (Vec<Change>, bool) {
        let many = articles.len() > MAX_RECORDED_AT_ONCE;
        let is_shared = |id: &ArticleId| feed.columns().sharing(*id).next().is_some();
        let at_once: Vec<ArticleId> = articles.iter().copied().filter(|id| !many || is_shared(id)).collect();
        let last_seen = missing_last_seen(feed.columns(), &self.marks, &at_once);
        (self.record_last_seen(last_seen, at), many)
    }

    // Marks from disk.

    /// Merges marks loaded from disk. After the first load, returns the changes made before it that got new stamps: they must
    /// be saved again. `None` after later loads.
    pub fn merge(&mut self, marks: &Marks, at: DateTime<Utc>) -> Option<Vec<Change>> {
        // First: every change from now on must be later than all marks on disk, also those of other devices.
        self.clock.observe(marks.latest());
        let oldest_place = at.checked_sub_signed(PLACES_KEPT).unwrap_or_default();
        if std::mem::replace(&mut self.are_read, true) {
            let known = Arc::make_mut(&mut self.marks);
            known.merge(marks);
            known.places_mut().drop_older_than(oldest_place);
            return None;
        }
        // The marks of the bookmark are not all marks, and may be out of date: they are dropped here.
        let mut known = marks.with_rule_marks(self.marks.rule_marks().cloned());
        known.places_mut().drop_older_than(oldest_place);
        let mut again = Vec::new();
        for change in std::mem::take(&mut self.early) {
            // If the clock of another device is ahead, its older marks have later stamps than the changes made here.
            // After one new stamp the changes that follow get new ones too, which keeps their order.
            let is_latest = again.is_empty() && change.stamp > marks.latest();
            let stamp = if is_latest { change.stamp } else { self.clock.tick(at) };
            let (before, change) = (change.stamp, Change { stamp, ..change });
            known.apply(&change);
            if before != stamp {
                // The undo step knows the change by its old stamp.
                self.undo.link_stamps(before, stamp);
                again.push(change);
            }
        }
        self.marks = Arc::new(known);
        Some(again)
    }

    /// Sets the results of rules. Returns the articles that rules mark read now and did not before, and the reverse.
    pub fn set_ruled(&mut self, ruled: Option<Arc<RuleMarks>>) -> Vec<ArticleId> {
        let before = self.marks.rule_marks().cloned().unwrap_or_default();
        let now = ruled.clone().unwrap_or_default();
        self.marks = Arc::new(self.marks.with_rule_marks(ruled));
        before.read_differing(&now)
    }

    // Saving.

    /// Why marks are not saved yet.
    pub fn save_error(&self) -> Option<&SafeText> {
        self.save_error.as_ref()
    }

    /// Records whether the marks are saved. Returns a notice if that changed; the footer shows the state from then on.
    pub fn save_finished(&mut self, saved: Result<(), MarksNotSaved>) -> Option<Notice> {
        let notice = match (&saved, &self.save_error) {
            (Err(why), None) => {
                Some(Notice::failure(clean::plain_line(&format!("Marks not saved yet, retrying: {why}"))))
            }
            (Ok(()), Some(_)) => Some(Notice::of("All marks saved".into())),
            _ => None,
        };
        self.save_error = saved.err().map(|MarksNotSaved(why)| why);
        // Once marks are saved, a later failure warns again before quitting.
        self.may_quit &= self.save_error.is_some();
        notice
    }

    /// The warning before quitting with unsaved marks. `None` if all marks are saved, or if the user was warned already.
    pub fn quit_warning(&mut self) -> Option<Notice> {
        let why = self.save_error.as_ref().filter(|_| !self.may_quit)?;
        let text = clean::plain_line(&format!("Press again to quit and lose unsaved marks: {why}"));
        self.may_quit = true;
        Some(Notice::failure(text))
    }
}

/// The notice for setting a mark on `count` articles: `Starred`, `12 marked read`.
pub fn words(mark: &Mark, count: usize) -> SafeText {
    let what = match mark {
        Mark::Read(Some(_)) => "marked read",
        Mark::Read(None) => "marked unread",
        Mark::Starred(true) => "starred",
        Mark::Starred(false) => "unstarred",
        Mark::Hidden(true) => "hidden",
        Mark::Hidden(false) => "unhidden",
        Mark::Note(note) if note.is_empty() && count == 1 => "note removed",
        Mark::Note(note) if note.is_empty() => "notes removed",
        Mark::Note(_) if count == 1 => "note saved",
        Mark::Note(_) => "notes saved",
        Mark::Tagged(tag, is_on) => {
            let done = if *is_on { "tagged" } else { "untagged" };
            return match count {
                1 => clean::plain_line(&format!("{done} {}", tag.signed())),
                _ => clean::plain_line(&format!("{count} {done} {}", tag.signed())),
            };
        }
        Mark::Arrived(_) => "arrived",
        Mark::LastSeen(_) => "seen",
        Mark::Place(_) => "place kept",
    };
    clean::plain_line(&if count == 1 { what.to_owned() } else { format!("{count} {what}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn text(notice: Option<Notice>) -> Option<String> {
        notice.map(|notice| notice.text.to_string())
    }

    fn of_marks(undone: Option<Undone>) -> UndoResult {
        match undone {
            Some(Undone::Marks(undone)) => undone,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn full_texts_and_marks_are_undone_in_their_order() {
        let [one, other, moved] = [1, 2, 3].map(ArticleId::of_number);
        let mut marks = SessionMarks::new(DeviceId::default());
        marks.full_text_changed(one, FullTextChange::Restore);
        marks.set(Mark::Starred(true), &[one], NOW);
        marks.full_text_changed(other, FullTextChange::SetAside);
        marks.move_marks(&[(other, moved)], &[]);
        assert!(marks.undo_changes_text_of(moved) && !marks.undo_changes_text_of(one));
        let text = |undone: Option<Undone>| match undone {
            Some(Undone::FullText(article, change)) => Some((article, change)),
            _ => None,
        };
        assert_eq!(text(marks.undo(NOW)), Some((moved, FullTextChange::Restore)));
        assert_eq!(of_marks(marks.undo(NOW)).changes.len(), 1);
        assert_eq!(text(marks.undo(NOW)), Some((one, FullTextChange::SetAside)));
        assert!(marks.undo(NOW).is_none());
        assert_eq!(text(marks.redo(NOW)), Some((one, FullTextChange::Restore)));
        assert_eq!(of_marks(marks.redo(NOW)).words.as_str(), "Redone: starred");
        assert_eq!(text(marks.redo(NOW)), Some((moved, FullTextChange::SetAside)));
        assert!(marks.redo(NOW).is_none());
    }

    #[test]
    fn marks_are_undone_and_redone() {
        let (one, other) = (ArticleId::of_number(1), ArticleId::of_number(2));
        let mut marks = SessionMarks::new(DeviceId::default());
        assert!(marks.undo(NOW).is_none());
        assert_eq!(marks.set(Mark::Starred(true), &[one], NOW).map(|change| change.articles), Some(vec![one]));
        let change = marks.set(Mark::Starred(true), &[one, other], NOW);
        assert_eq!(change.map(|change| change.articles), Some(vec![other]), "the first one has it");
        assert!(marks.set(Mark::Starred(true), &[one, other], NOW).is_none());
        let undone = of_marks(marks.undo(NOW));
        assert_eq!((undone.words.as_str(), undone.article), ("Undone: starred", Some(other)));
        assert_eq!((marks.all().is_starred(one), marks.all().is_starred(other)), (true, false));
        let redone = of_marks(marks.redo(NOW));
        assert_eq!((redone.words.as_str(), redone.changes.len()), ("Redone: starred", 1));
        assert!(marks.all().is_starred(other) && marks.redo(NOW).is_none());
    }

    #[test]
    fn marks_set_before_loading_are_kept_and_can_be_undone() {
        let id = ArticleId::of_number(1);
        let mut marks = SessionMarks::new(DeviceId::default());
        marks.set(Mark::Hidden(true), &[id], NOW);
        let mut ahead = Marks::default();
        let stamp = HybridClock::new(DeviceId::default()).tick(NOW + chrono::TimeDelta::hours(1));
        ahead.apply(&Change { stamp, mark: Mark::Hidden(false), articles: vec![id] });
        let early = marks.merge(&ahead, NOW).expect("the first marks");
        assert_eq!(early.len(), 1, "its stamp was older than that of another clock, so it got a new one");
        assert!(marks.are_read() && marks.all().is_hidden(id));
        assert_eq!(of_marks(marks.undo(NOW)).changes.len(), 1);
        assert!(!marks.all().is_hidden(id));
        assert!(marks.merge(&ahead, NOW).is_none(), "later marks are merged");
    }

    #[test]
    fn unsaved_marks_are_reported_once_and_before_quitting() {
        let mut marks = SessionMarks::new(DeviceId::default());
        assert_eq!(text(marks.quit_warning()), None);
        assert!(marks.save_finished(Err(MarksNotSaved("the disk is full".into()))).is_some_and(|notice| notice.failed));
        assert_eq!(
            text(marks.save_finished(Err(MarksNotSaved("the disk is full".into())))),
            None,
            "the footer says it now"
        );
        assert!(marks.quit_warning().is_some_and(|notice| notice.failed));
        assert_eq!(text(marks.quit_warning()), None, "the second key quits");
        assert!(marks.save_finished(Ok(())).is_some_and(|notice| !notice.failed));
        assert_eq!((text(marks.save_finished(Ok(()))), marks.save_error()), (None, None));
    }
}
