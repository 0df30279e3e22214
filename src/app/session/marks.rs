//! Sets marks on the articles that a key acts on, undoes changes, and merges marks from disk.

use chrono::{DateTime, Utc};

use super::{App, navigation, places};
use crate::app::action::Action;
use crate::app::action_targets::ActionTargets;
use crate::app::count::Count;
use crate::app::effect::{Effect, Effects};
use crate::app::focus::Focus;
use crate::app::notices::{Notice, capitalised};
use crate::app::overlays::{Confirm, ConfirmedRequest, PromptState};
use crate::app::prompt_history::PromptKind;
use crate::app::session_marks::{SessionMarks, UndoResult, Undone, words};
use crate::feed::{ArticleId, Change, Mark, Marks, Problem, SafeText, clean};
use crate::query::Query;

/// Fewest articles for which marking all asks for confirmation.
const MANY: usize = 51;

/// The actions that a notice about a change offers.
pub(super) const UNDO: (Action, &str) = (Action::Undo, "undoes");
pub(super) const REDO: (Action, &str) = (Action::Redo, "redoes");

impl App {
    /// The articles that a key acts on.
    pub fn targets(&self) -> ActionTargets<'_> {
        let App { panes, stories, unread, .. } = self;
        ActionTargets { panes, feed: self.loaded_feed.feed(), stories, unread, view: self.search.marks() }
    }

    /// Sets `mark` on the target articles, or `other` if all of them have `mark`.
    pub(super) fn toggle_mark(&mut self, mark: Mark, other: Mark) -> Effects {
        match self.targets().of(&mark) {
            Err(none) => self.notify(none.words()),
            Ok(articles) => {
                let all = articles.iter().all(|id| self.marks().has(*id, &mark));
                self.panes.list_mut().end_range();
                self.set_mark(if all { other } else { mark }, &articles)
            }
        }
    }

    pub(super) fn read_mark(&self) -> Mark {
        Mark::Read(Some(self.time.moment()))
    }

    pub(super) fn toggle_read(&mut self) -> Effects {
        self.toggle_mark(self.read_mark(), Mark::Read(None))
    }

    /// Marks the target articles read, and selects the next unread one.
    pub(super) fn mark_read_and_next(&mut self) -> Effects {
        let articles = match self.targets().of(&self.read_mark()) {
            Ok(articles) => articles,
            Err(none) => return self.notify(none.words()),
        };
        self.panes.list_mut().end_range();
        let mut effects = self.set_mark(self.read_mark(), &articles);
        effects.0.extend(self.next_unread(1).0);
        effects
    }

    /// Marks all articles of the list read, or those above the selection. The articles are fixed before the confirmation.
    pub(super) fn mark_rows_read(&mut self, above: bool) -> Effects {
        let articles = self.targets().all_unread(above);
        if articles.is_empty() {
            return self.notify(if above { "Nothing unread above" } else { "Nothing unread in view" });
        }
        self.mark_all_read(articles, if above { "above" } else { "in view" })
    }

    /// Marks articles read; asks if there are many. `place` says where they are.
    pub(super) fn mark_all_read(&mut self, articles: Vec<ArticleId>, place: &str) -> Effects {
        let mark = self.read_mark();
        if articles.len() < MANY {
            return self.set_mark(mark, &articles);
        }
        let words = clean::plain_line(&format!("Mark {} unread articles {place} as read? y/n", articles.len()));
        self.push_overlay(Confirm { words, then: ConfirmedRequest::SetMark(mark, articles) })
    }

    /// Sets a mark with a notice and an undo step.
    pub(super) fn set_mark(&mut self, mark: Mark, articles: &[ArticleId]) -> Effects {
        let Some((count, effects)) = self.set_mark_quietly(mark.clone(), articles) else {
            return self.notify(already(&mark));
        };
        self.push_notice(Notice::change(capitalised(words(&mark, count)), UNDO));
        effects
    }

    /// Sets a mark with an undo step, without a notice. Returns the number of changed articles, or `None` if all had the mark.
    pub(super) fn set_mark_quietly(&mut self, mark: Mark, articles: &[ArticleId]) -> Option<(usize, Effects)> {
        let change = self.marks.set(mark, articles, self.time.moment())?;
        self.update_unread(&change);
        Some((change.articles.len(), self.marks_changed(vec![change])))
    }

    /// Sets a mark without an undo step.
    pub(super) fn set_mark_without_undo(&mut self, mark: Mark, articles: Vec<ArticleId>) -> Effects {
        let change = self.marks.change(mark, articles, self.time.moment());
        self.update_unread(&change);
        self.marks_changed(vec![change])
    }

    pub(super) fn update_unread(&mut self, change: &Change) {
        if matches!(change.mark, Mark::Read(_)) {
            let (feed, marks) = (self.loaded_feed.feed(), self.marks.all());
            change.articles.iter().for_each(|id| self.unread.update(*id, feed, marks));
        }
    }

    /// Updates rows and rules after changes, and saves the changes.
    fn marks_changed(&mut self, mut changes: Vec<Change>) -> Effects {
        // Unhidden articles appear at once. Only disappearing waits for the next search, so that rows do not move.
        let shown: Vec<&Change> = changes.iter().filter(|change| change.mark == Mark::Hidden(false)).collect();
        shown.iter().for_each(|change| self.search.apply_change(change));
        let mut effects = match shown.is_empty() {
            true => Effects::none(),
            false => self.search_rows(self.selected_article(), false),
        };
        if changes.iter().any(|change| matches!(change.mark, Mark::Hidden(_))) {
            self.count_news();
        }
        if changes.iter().any(|change| matches!(change.mark, Mark::Read(_) | Mark::Starred(_) | Mark::Tagged(..))) {
            self.subscriptions.marks_set(self.time.moment());
        }
        navigation::marks_changed(self, &changes);
        let articles: Vec<ArticleId> = changes.iter().flat_map(|change| &change.articles).copied().collect();
        effects.0.extend(self.reapply_rules_to(Some(&articles)).0);
        // Arrivals and places are recorded for every article; last-seen data only for those that the user marked.
        let is_marked = |change: &&Change| !matches!(change.mark, Mark::Arrived(_) | Mark::Place(_));
        let marked: Vec<ArticleId> =
            changes.iter().filter(is_marked).flat_map(|change| &change.articles).copied().collect();
        let (last_seen, are_missing) =
            self.marks.record_last_seen_of_marked(&marked, self.loaded_feed.feed(), self.time.moment());
        changes.extend(last_seen);
        let looked_up = if are_missing { self.request_identities() } else { Effects::none() };
        effects.0.push(Effect::SaveMarks(changes));
        effects.0.extend(looked_up.0);
        effects
    }

    /// Undoes or redoes as many changes as the count says, or as there are.
    pub(super) fn undo_or_redo(&mut self, action: Action, count: Count) -> Effects {
        let (step, offer, nothing): (fn(&mut SessionMarks, DateTime<Utc>) -> _, _, _) = match action {
            Action::Undo => (SessionMarks::undo, REDO, "Nothing to undo"),
            _ => (SessionMarks::redo, UNDO, "Nothing to redo"),
        };
        let mut effects = Effects::none();
        for number in 0..count.times() {
            match step(&mut self.marks, self.time.moment()) {
                Some(Undone::Marks(undone)) => effects.0.extend(self.finish_undo(undone, offer).0),
                Some(Undone::FullText(article, change)) => effects.0.push(Effect::ChangeFullText(article, change)),
                None if number == 0 => return self.notify(nothing),
                None => break,
            }
        }
        effects
    }

    /// Notifies about an undo or redo, and updates what depends on marks.
    fn finish_undo(&mut self, undone: UndoResult, offer: (Action, &'static str)) -> Effects {
        let UndoResult { changes, words, article } = undone;
        let title = article.and_then(|id| self.feed().find(id)).map(|article| article.title.clone());
        let notice = match changes.is_empty() {
            true => Notice::of(words),
            false => Notice::change(words, offer),
        };
        self.push_notice(notice.about(title));
        changes.iter().for_each(|change| self.update_unread(change));
        if changes.is_empty() { Effects::none() } else { self.marks_changed(changes) }
    }

    // Marks from disk.

    /// Merges marks from disk. The first ones cause a search. Later ones, of other instances or devices, change only
    /// how rows look until the next search.
    pub(super) fn receive_marks(&mut self, marks: &Marks, problems: Vec<Problem>) -> Effects {
        let selected = self.selected_article();
        let early = self.marks.merge(marks, self.time.moment());
        places::receive(self, marks, early.is_some());
        self.problems.add_of_marks(problems);
        if let Some(since) = self.news.session_start() {
            // Another instance has already recorded these arrivals.
            let arrived = |id: &ArticleId| marks.arrived(*id).is_some_and(|at| at >= since);
            self.news.arrived(marks.articles().into_iter().filter(arrived));
        }
        let Some(early) = early else {
            let articles = marks.articles();
            articles.iter().for_each(|id| self.unread.update(*id, self.loaded_feed.feed(), self.marks.all()));
            let mut effects = self.reapply_rules_to(Some(&articles));
            // Another device may have the articles under other identities.
            if marks.all_last_seen().next().is_some() {
                effects.0.extend(self.request_identities().0);
            }
            return effects;
        };
        self.unread.end_last_session();
        self.unread.rebuild(self.loaded_feed.feed(), self.marks.all());
        self.unread.recount();
        let mut effects = self.request_identities();
        if !early.is_empty() {
            // Their records on disk have the old stamps, which may lose against the marks just loaded.
            effects.0.push(Effect::SaveMarks(early));
        }
        // Not possible before: which articles are new follows from the recorded arrivals.
        effects.0.extend(self.request_arrivals().0);
        // First: it replaces the marks of searches, and the change below applies only to these.
        self.update_view_marks();
        // The article that was open at the end of the last session counts as read since. It keeps its row in a list of unread
        // articles, also if the position is already restored.
        if let Some(id) = self.restored.article(selected)
            && self.query().wants_unread()
        {
            let change = self.marks.unread_change(id, self.time.moment());
            self.search.apply_change(&change);
        }
        effects.0.extend(self.reapply_rules_to(None).0);
        if self.waits_for_rules() {
            self.search.defer(selected, false);
        } else {
            effects.0.extend(self.search_rows(selected, false).0);
        }
        effects
    }
}

/// Selects the rows that a count before an action on articles, or before the palette, means, as a range: from the selected row down. In the related pane, and
/// while another article than that of the row is shown, such an action has only one article.
pub fn select_counted(app: &mut App, action: Action, count: Count) {
    let marks_rows = matches!(
        action,
        Action::ToggleRead
            | Action::MarkRead
            | Action::MarkUnread
            | Action::ReadAndNext
            | Action::Star
            | Action::Hide
            | Action::Download
            | Action::Palette
            | Action::Pipe
            | Action::Write
            | Action::Tag
            | Action::Untag
    );
    let Some(rows) = count.typed().filter(|_| marks_rows && app.panes.focus() != Focus::Related) else { return };
    let (list, feed) = (app.panes.list(), app.loaded_feed.feed());
    let is_shown = list.article_index().is_some_and(|index| feed.id(index) == app.panes.detail().article());
    if is_shown && list.range_rows().is_empty() {
        app.panes.list_mut().select_range(rows, feed);
    }
}

/// Opens the prompt for a note on the article.
pub(super) fn prompt_note(app: &mut App) -> Effects {
    let article = match app.targets().selected() {
        Ok(articles) => articles.first().copied(),
        Err(none) => return app.notify(none.words()),
    };
    let Some(article) = article else { return Effects::none() };
    let note = app.marks().note(article).cloned().unwrap_or_default();
    app.push_overlay(PromptState::new(PromptKind::Note(article), note.as_str(), Query::default(), None))
}

/// The notice for a mark that all articles already have.
fn already(mark: &Mark) -> &'static str {
    match mark {
        Mark::Read(Some(_)) => "Already read",
        Mark::Read(None) => "Already unread",
        Mark::Starred(true) => "Already starred",
        Mark::Starred(false) => "Already unstarred",
        Mark::Hidden(true) => "Already hidden",
        Mark::Hidden(false) => "Already visible",
        Mark::Note(_) => "Note unchanged",
        Mark::Tagged(_, true) => "Already tagged with it",
        Mark::Tagged(_, false) => "No article here has this tag",
        // The user cannot set these.
        Mark::Arrived(_) | Mark::LastSeen(_) | Mark::Place(_) => "Nothing to change",
    }
}

impl Notice {
    /// A notice about a change of marks, with the action that reverts it.
    fn change(words: SafeText, offer: (Action, &'static str)) -> Notice {
        Notice { offer: Some(offer), ..Notice::of(words) }
    }

    fn about(self, title: Option<SafeText>) -> Notice {
        let parts: Vec<SafeText> = [self.text].into_iter().chain(title).collect();
        Notice { text: clean::join(&parts, " · "), ..self }
    }
}
