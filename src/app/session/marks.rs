//! Marks in the session: set on what a key acts on, undone, and read from the disk.

use super::{App, capitalised};
use crate::app::action::Action;
use crate::app::action_targets::ActionTargets;
use crate::app::effect::{Effect, Effects};
use crate::app::notices::Notice;
use crate::app::overlays::{Confirm, PromptState};
use crate::app::prompt_history::PromptKind;
use crate::app::session_marks::{UndoResult, words};
use crate::feed::{ArticleId, Change, Mark, Marks, Problem, SafeText, clean};
use crate::query::Query;

/// From so many articles on, marking all of them asks first.
const MANY: usize = 51;

/// The ways back from a change of marks, and forth again.
const UNDO: (Action, &str) = (Action::Undo, "undoes");
const REDO: (Action, &str) = (Action::Redo, "redoes");

impl App {
    /// What decides on which articles a key acts.
    pub fn targets(&self) -> ActionTargets<'_> {
        let App { panes, stories, unread, .. } = self;
        ActionTargets { panes, feed: self.loaded_feed.feed(), stories, unread, view: self.search.view() }
    }

    /// Sets a mark on the articles meant, or the other mark when all of them have it.
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

    /// Marks what is meant read, and goes to the next unread.
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

    /// Marks rows of the list read: exactly the articles that stand there now.
    pub(super) fn mark_rows_read(&mut self, above: bool) -> Effects {
        let articles = self.targets().all_unread(above);
        if articles.is_empty() {
            return self.notify(if above { "Nothing unread above" } else { "Nothing unread in view" });
        }
        let mark = self.read_mark();
        if articles.len() < MANY {
            return self.set_mark(mark, &articles);
        }
        let place = if above { "above" } else { "in view" };
        let words = clean::plain_line(&format!("Mark {} unread articles {place} as read? y/n", articles.len()));
        self.push_overlay(Confirm { words, mark, articles })
    }

    /// Types a note on the article.
    pub(super) fn prompt_note(&mut self) -> Effects {
        let article = match self.targets().selected() {
            Ok(articles) => articles.first().copied(),
            Err(none) => return self.notify(none.words()),
        };
        let Some(article) = article else { return Effects::none() };
        let note = self.marks().note(article).cloned().unwrap_or_default();
        self.push_overlay(PromptState::new(PromptKind::Note(article), note.as_str(), Query::default(), None))
    }

    /// Sets a mark, says so, and remembers the way back.
    pub(super) fn set_mark(&mut self, mark: Mark, articles: &[ArticleId]) -> Effects {
        let Some((count, effects)) = self.set_mark_quietly(mark.clone(), articles) else {
            return self.notify(already(&mark));
        };
        let text = capitalised(words(&mark, count).as_str());
        self.push_notice(Notice::change(clean::plain_line(&text), UNDO));
        effects
    }

    /// Sets a mark on those articles that do not have it. None when all of them do, else on how many.
    pub(super) fn set_mark_quietly(&mut self, mark: Mark, articles: &[ArticleId]) -> Option<(usize, Effects)> {
        let change = self.marks.set(mark, articles, self.time.moment())?;
        self.update_unread(&change);
        Some((change.articles.len(), self.marks_changed(vec![change])))
    }

    /// Sets a mark on articles, without a way back.
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

    /// Updates rows and rules after changes, and has them kept.
    fn marks_changed(&mut self, mut changes: Vec<Change>) -> Effects {
        // What is not hidden any more comes back at once: only to vanish takes another view.
        let shown: Vec<&Change> = changes.iter().filter(|change| change.mark == Mark::Hidden(false)).collect();
        shown.iter().for_each(|change| self.search.apply_change(change));
        let mut effects = match shown.is_empty() {
            true => Effects::none(),
            false => self.search_rows(self.selected_article(), false),
        };
        if changes.iter().any(|change| matches!(change.mark, Mark::Hidden(_))) {
            self.count_news();
        }
        let articles: Vec<ArticleId> = changes.iter().flat_map(|change| &change.articles).copied().collect();
        effects.0.extend(self.reapply_rules_to(Some(&articles)).0);
        let is_marked = |change: &&Change| !matches!(change.mark, Mark::Arrived(_));
        let marked: Vec<ArticleId> =
            changes.iter().filter(is_marked).flat_map(|change| &change.articles).copied().collect();
        let (last_seen, are_missing) = self.marks.trace_marked(&marked, self.loaded_feed.feed(), self.time.moment());
        changes.extend(last_seen);
        let looked_up = if are_missing { self.request_identities() } else { Effects::none() };
        effects.0.push(Effect::SaveMarks(changes));
        effects.0.extend(looked_up.0);
        effects
    }

    pub(super) fn undo(&mut self) -> Effects {
        match self.marks.undo(self.time.moment()) {
            Some(undone) => self.finish_undo(undone, REDO),
            None => self.notify("Nothing to undo"),
        }
    }

    pub(super) fn redo(&mut self) -> Effects {
        match self.marks.redo(self.time.moment()) {
            Some(undone) => self.finish_undo(undone, UNDO),
            None => self.notify("Nothing to redo"),
        }
    }

    /// Says what was undone or redone, and updates what depends on marks.
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

    // Marks from the disk.

    /// Takes in marks that were read from the disk. The first ones decide which rows there are; later ones only how rows
    /// look, until the view is left.
    pub(super) fn receive_marks(&mut self, marks: &Marks, problems: Vec<Problem>) -> Effects {
        let selected = self.selected_article();
        let early = self.marks.merge(marks, self.time.moment());
        self.problems.add_of_marks(problems);
        if let Some(since) = self.news.session_start() {
            // Another instance was the first to see them.
            let arrived = |id: &ArticleId| marks.arrived(*id).is_some_and(|at| at >= since);
            self.news.arrived(marks.articles().into_iter().filter(arrived));
        }
        let Some(early) = early else {
            let articles = marks.articles();
            articles.iter().for_each(|id| self.unread.update(*id, self.loaded_feed.feed(), self.marks.all()));
            let mut effects = self.reapply_rules_to(Some(&articles));
            // Another device may know the articles by other identities.
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
            effects.0.push(Effect::SaveMarks(early));
        }
        effects.0.extend(self.request_arrivals().0);
        self.update_view_marks();
        // What was open when the last session ended is read since; among the unread it keeps its row all the same, also
        // when the reader is back there already.
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
        // The user cannot set these two.
        Mark::Arrived(_) | Mark::LastSeen(_) => "Nothing to change",
    }
}

impl Notice {
    /// A change of marks, and the action that is its way back.
    fn change(words: SafeText, offer: (Action, &'static str)) -> Notice {
        Notice { offer: Some(offer), ..Notice::of(words) }
    }

    fn about(self, title: Option<SafeText>) -> Notice {
        let parts: Vec<SafeText> = [self.text].into_iter().chain(title).collect();
        Notice { text: clean::join(&parts, " · "), ..self }
    }
}
