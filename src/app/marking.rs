//! Marking: which articles a key means, what is set on them, and how that is taken back.

use chrono::{DateTime, Utc};

use super::action::Action;
use super::asking::{Asking, Wish};
use super::effect::{Effect, Effects};
use super::focus::Focus;
use super::marks::{Undone, words};
use super::notices::Notice;
use super::overlay::{Confirm, Overlay};
use super::state::State;
use crate::config::ReadWhen;
use crate::feed::{ArticleId, Change, Mark, Marks, Problem, Shown, Target, clean};
use crate::query::Query;

/// From so many articles on, marking all of them asks first.
const MANY: usize = 51;

/// The ways back from a change of marks, and forth again.
const UNDO: (Action, &str) = (Action::Undo, "undoes");
const REDO: (Action, &str) = (Action::Redo, "redoes");

impl State {
    /// The articles that a key means: the range, else the selected related article, else the article that is shown.
    pub(super) fn meant(&self) -> Result<Vec<ArticleId>, &'static str> {
        if !self.panes.list().range_rows().is_empty() {
            return Ok(self.panes.list().range().filter_map(|place| self.articles.id_at(place)).collect());
        }
        if self.panes.focus() == Focus::Related {
            let entries = self.related_entries();
            return match entries.get(self.panes.related().selected()).map(|entry| &entry.target) {
                Some(Target::Here(place, _)) => Ok(self.articles.id_at(*place).into_iter().collect()),
                _ => Err("the library does not hold this article"),
            };
        }
        self.panes.detail().article().map(|id| vec![id]).ok_or("no article is selected")
    }

    /// The same, and with the head of a folded story all of its story.
    fn meant_with_stories(&self, mark: &Mark) -> Result<Vec<ArticleId>, &'static str> {
        let list = self.panes.list();
        if list.range_rows().is_empty() {
            let meant = self.meant()?;
            return Ok(if self.panes.focus() == Focus::Related { meant } else { self.with_story(meant, mark) });
        }
        // A member may stand in a row of its own, and for another one too.
        let mut places: Vec<usize> = list.range().flat_map(|row| self.marked_with(row, mark)).collect();
        places.sort_unstable();
        places.dedup();
        Ok(places.into_iter().filter_map(|place| self.articles.id_at(place)).collect())
    }

    /// The articles that a mark is for: a star and a note are for one; whoever has read or hides the head of a folded story
    /// means all of it.
    pub(super) fn meant_for(&self, mark: &Mark) -> Result<Vec<ArticleId>, &'static str> {
        match mark {
            Mark::Starred(_) | Mark::Note(_) => self.meant(),
            _ => self.meant_with_stories(mark),
        }
    }

    /// The article that is shown, and its story, when its row in the list stands for that.
    fn with_story(&self, shown: Vec<ArticleId>, mark: &Mark) -> Vec<ArticleId> {
        let row = self.panes.list().place().filter(|place| self.articles.id_at(*place).as_slice() == shown);
        let Some(row) = row else { return shown };
        self.marked_with(row, mark).filter_map(|place| self.articles.id_at(place)).collect()
    }

    /// The articles that are marked with a row. Members that nobody sees, since they are hidden, are left alone, but where
    /// hiding is what is done.
    fn marked_with(&self, row: usize, mark: &Mark) -> impl Iterator<Item = usize> {
        let hides = matches!(mark, Mark::Hidden(_));
        let is_hidden = |place: usize| self.articles.id_at(place).is_some_and(|id| self.search.view().is_hidden(id));
        let is_seen = move |place: usize| self.unread.is_found(place) || !is_hidden(place);
        self.stands_for(row).filter(move |place| hides || *place == row || is_seen(*place))
    }

    /// The articles that a row stands for: its own, and the members of a story that is folded into it.
    pub(super) fn stands_for(&self, place: usize) -> impl Iterator<Item = usize> {
        let feed = self.feed();
        let is_folded = feed.id(place).is_some_and(|id| !self.stories.is_unfolded(id));
        std::iter::once(place).chain(is_folded.then(|| feed.led_by(place)).into_iter().flatten())
    }

    /// Whether something that a row stands for is still to be read: its own article, or what the query finds of its story.
    pub fn is_unread_row(&self, place: usize) -> bool {
        let mut members = self.stands_for(place).skip(1).peekable();
        match members.peek() {
            None => self.unread.has(place),
            Some(_) => members.chain([place]).any(|one| self.unread.has(one) && self.unread.is_found(one)),
        }
    }

    /// Sets a mark on the articles meant, or the other mark when all of them have it.
    pub(super) fn toggle(&mut self, mark: Mark, other: Mark) -> Effects {
        match self.meant_for(&mark) {
            Err(words) => self.say(words),
            Ok(articles) => {
                let all = articles.iter().all(|id| self.marks().has(*id, &mark));
                self.panes.list_mut().end_range();
                self.set(if all { other } else { mark }, &articles)
            }
        }
    }

    pub(super) fn read_now(&self) -> Mark {
        Mark::Read(Some(self.time.moment()))
    }

    pub(super) fn toggle_read(&mut self) -> Effects {
        self.toggle(self.read_now(), Mark::Read(None))
    }

    /// Marks what is meant read, and goes to the next unread.
    pub(super) fn read_and_next(&mut self) -> Effects {
        let articles = match self.meant_with_stories(&self.read_now()) {
            Ok(articles) => articles,
            Err(words) => return self.say(words),
        };
        self.panes.list_mut().end_range();
        let mut effects = self.set(self.read_now(), &articles);
        effects.0.extend(self.next_unread(1).0);
        effects
    }

    /// Marks rows of the list read: exactly the articles that stand there now.
    pub(super) fn read_rows(&mut self, above: bool) -> Effects {
        let list = self.panes.list();
        let places: Vec<usize> = match above {
            false => list.found().iter().collect(),
            true => {
                let stand_there = list.rows().between(0..list.selected()).flat_map(|place| self.stands_for(place));
                stand_there.filter(|place| self.unread.is_found(*place)).collect()
            }
        };
        let unread = places.into_iter().filter(|place| self.unread.has(*place));
        let articles: Vec<ArticleId> = unread.filter_map(|place| self.articles.id_at(place)).collect();
        if articles.is_empty() {
            return self.say(if above { "nothing above is unread" } else { "nothing here is unread" });
        }
        let mark = self.read_now();
        if articles.len() < MANY {
            return self.set(mark, &articles);
        }
        let place = if above { "above" } else { "in view" };
        let words = clean::decoded(&format!("Mark the {} unread articles {place} read? y/n", articles.len()));
        self.put_on_top(Overlay::Confirm(Confirm { words, mark, articles }))
    }

    /// Types a note on the article.
    pub(super) fn ask_note(&mut self) -> Effects {
        let article = match self.meant() {
            Ok(articles) => articles.first().copied(),
            Err(words) => return self.say(words),
        };
        let Some(article) = article else { return Effects::none() };
        let note = self.marks().note(article).cloned().unwrap_or_default();
        let asking = Asking::new(Wish::Note(article), note.as_str(), Query::default(), None);
        self.put_on_top(Overlay::Ask(Box::new(asking)))
    }

    /// Sets a mark, says so, and remembers the way back.
    pub(super) fn set(&mut self, mark: Mark, articles: &[ArticleId]) -> Effects {
        let Some((count, effects)) = self.set_quietly(mark.clone(), articles) else { return self.say("already so") };
        self.tell(Notice::change(words(&mark, count), UNDO));
        effects
    }

    /// Sets a mark on those articles that do not have it. None when all of them do, else on how many.
    pub(super) fn set_quietly(&mut self, mark: Mark, articles: &[ArticleId]) -> Option<(usize, Effects)> {
        let change = self.marks.set(mark, articles, self.time.moment())?;
        self.update_unread(&change);
        Some((change.articles.len(), self.marked(vec![change])))
    }

    /// Sets a mark on articles, without a way back.
    pub(super) fn change(&mut self, mark: Mark, articles: Vec<ArticleId>) -> Effects {
        let change = self.marks.change(mark, articles, self.time.moment());
        self.update_unread(&change);
        self.marked(vec![change])
    }

    pub(super) fn update_unread(&mut self, change: &Change) {
        if matches!(change.mark, Mark::Read(_)) {
            let (feed, marks) = (self.articles.feed(), self.marks.all());
            change.articles.iter().for_each(|id| self.unread.update(*id, feed, marks));
        }
    }

    /// Updates rows and rules after changes, and has them kept.
    fn marked(&mut self, mut changes: Vec<Change>) -> Effects {
        // What is not hidden any more comes back at once: only to vanish takes another view.
        let shown: Vec<&Change> = changes.iter().filter(|change| change.mark == Mark::Hidden(false)).collect();
        shown.iter().for_each(|change| self.search.look_at_change(change));
        let mut effects = match shown.is_empty() {
            true => Effects::none(),
            false => self.search_rows(self.selected(), false),
        };
        if changes.iter().any(|change| matches!(change.mark, Mark::Hidden(_))) {
            self.count_news();
        }
        let articles: Vec<ArticleId> = changes.iter().flat_map(|change| &change.articles).copied().collect();
        effects.0.extend(self.doubt_marks(Some(&articles)).0);
        let is_marked = |change: &&Change| !matches!(change.mark, Mark::Arrived(_));
        let marked: Vec<ArticleId> =
            changes.iter().filter(is_marked).flat_map(|change| &change.articles).copied().collect();
        let (traces, are_missing) = self.marks.trace_marked(&marked, self.articles.feed(), self.time.moment());
        changes.extend(traces);
        let looked_up = if are_missing { self.want_identities() } else { Effects::none() };
        effects.0.push(Effect::KeepMarks(changes));
        effects.0.extend(looked_up.0);
        effects
    }

    pub(super) fn undo(&mut self) -> Effects {
        match self.marks.undo(self.time.moment()) {
            Some(undone) => self.undone(undone, REDO),
            None => self.say("nothing to undo"),
        }
    }

    pub(super) fn redo(&mut self) -> Effects {
        match self.marks.redo(self.time.moment()) {
            Some(undone) => self.undone(undone, UNDO),
            None => self.say("nothing to redo"),
        }
    }

    /// Says what was undone or redone, and updates what depends on marks.
    fn undone(&mut self, undone: Undone, offer: (Action, &'static str)) -> Effects {
        let Undone { changes, words, article } = undone;
        let title = article.and_then(|id| self.feed().find(id)).map(|article| article.title.clone());
        let notice = match changes.is_empty() {
            true => Notice::of(words),
            false => Notice::change(words, offer),
        };
        self.tell(notice.about(title));
        changes.iter().for_each(|change| self.update_unread(change));
        if changes.is_empty() { Effects::none() } else { self.marked(changes) }
    }

    // The flow of reading.

    /// The next (or previous) unread article is selected; when one is reading, it is opened.
    pub(super) fn next_unread(&mut self, by: isize) -> Effects {
        if !self.select_unread(by) {
            return match self.notice() {
                Some(_) => Effects::none(),
                None => self.say("nothing else is unread here"),
            };
        }
        if self.panes.focus() == Focus::List { Effects::none() } else { self.opened() }
    }

    /// Selects the next (or previous) unread article, round the ends. False when there is none.
    pub(super) fn select_unread(&mut self, by: isize) -> bool {
        let (rows, selected) = (self.panes.list().rows(), self.panes.list().selected());
        let unread = |row: &usize| rows.get(*row).is_some_and(|place| self.is_unread_row(place));
        let next = match by > 0 {
            true => (selected + 1..rows.len()).chain(0..selected).find(unread),
            false => (0..selected).rev().chain((selected + 1..rows.len()).rev()).find(unread),
        };
        let Some(row) = next else { return false };
        self.panes.list_mut().select(row);
        self.panes.show_selected(self.articles.feed());
        true
    }

    /// Pages the article down from any pane; at its end marks it read and goes to the next unread.
    pub(super) fn read_on(&mut self) -> Effects {
        let frame = self.frame.detail;
        let Some(id) = self.panes.detail().article() else { return self.say("no article is selected") };
        if frame.area.is_empty() {
            // A small screen shows one pane: now the article.
            self.panes.focus_detail();
            return self.opened();
        }
        let page = frame.page().max(2) as isize - 1;
        if self.panes.detail().scroll() < frame.last_offset() {
            self.panes.detail_mut().step(page, &frame);
            return Effects::none();
        }
        let articles = self.with_story(vec![id], &self.read_now());
        let mut effects = self.set_quietly(self.read_now(), &articles).map(|(_, effects)| effects).unwrap_or_default();
        effects.0.extend(self.next_unread(1).0);
        effects
    }

    fn read_quietly(&mut self, id: ArticleId) -> Effects {
        // What only a rule calls read is read now, and when. It looks as before, so there is nothing to undo.
        if self.marks().is_read(id) && self.marks().read_at(id).is_none() {
            return self.change(self.read_now(), vec![id]);
        }
        self.set_quietly(self.read_now(), &[id]).map(|(_, effects)| effects).unwrap_or_default()
    }

    /// An article was opened: it is read now, or will be.
    pub(super) fn opened(&mut self) -> Effects {
        let Some(id) = self.panes.detail().article() else { return Effects::none() };
        self.panes.list_mut().end_range();
        let mut effects = self.left();
        self.open = Some((id, self.time.moment()));
        if self.settings.read == ReadWhen::Opened {
            effects.0.extend(self.read_quietly(id).0);
        }
        effects
    }

    /// Takes note of an article that is not open any more.
    pub(super) fn settle(&mut self) -> Effects {
        let gone = |id| self.panes.detail().article() != Some(id) || self.panes.focus() == Focus::List;
        if self.open.is_some_and(|(id, _)| gone(id)) { self.left() } else { Effects::none() }
    }

    /// The article that was open is left.
    pub(super) fn left(&mut self) -> Effects {
        match (self.open.take(), self.settings.read) {
            (Some((id, _)), ReadWhen::Left) => self.read_quietly(id),
            _ => Effects::none(),
        }
    }

    /// When the article that is open will count as read.
    pub fn due(&self) -> Option<DateTime<Utc>> {
        let ReadWhen::After(time) = self.settings.read else { return None };
        self.open.and_then(|(_, since)| since.checked_add_signed(time))
    }

    /// Time goes on.
    pub(super) fn tick(&mut self, now: DateTime<Utc>) -> Effects {
        self.time.tick(now);
        self.search.forget();
        let mut effects = self.doubt_time();
        let due = self.due().filter(|due| *due <= now);
        if let (Some(_), Some((id, _))) = (due, self.open) {
            self.open = None;
            effects.0.extend(self.read_quietly(id).0);
        }
        effects
    }

    // Marks from the disk.

    /// Takes in marks that were read from the disk. The first ones decide which rows there are; later ones only how rows
    /// look, until the view is left.
    pub(super) fn take_marks(&mut self, marks: &Marks, problems: Vec<Problem>) -> Effects {
        let selected = self.selected();
        let early = self.marks.merge(marks, self.time.moment());
        self.problems.add_of_marks(problems);
        if let Some(since) = self.news.session_start() {
            // Another instance was the first to see them.
            let arrived = |id: &ArticleId| marks.arrived(*id).is_some_and(|at| at >= since);
            self.news.arrived(marks.articles().into_iter().filter(arrived));
        }
        let Some(early) = early else {
            let articles = marks.articles();
            articles.iter().for_each(|id| self.unread.update(*id, self.articles.feed(), self.marks.all()));
            let mut effects = self.doubt_marks(Some(&articles));
            // Another device may know the articles by other identities.
            if marks.traces().next().is_some() {
                effects.0.extend(self.want_identities().0);
            }
            return effects;
        };
        self.unread.end_last_session();
        self.unread.look_up(self.articles.feed(), self.marks.all());
        self.unread.recount();
        let mut effects = self.want_identities();
        if !early.is_empty() {
            effects.0.push(Effect::KeepMarks(early));
        }
        effects.0.extend(self.note_arrivals().0);
        self.refresh_view();
        // What was open when the last session ended is read since; among the unread it keeps its row all the same, also
        // when the reader is back there already.
        let awaited = self.returning.as_ref().and_then(|bookmark| bookmark.article);
        if let Some(id) = awaited.or(self.came_back_to.filter(|_| selected == self.came_back_to))
            && self.query().wants_unread()
        {
            let change = self.marks.as_unread(id, self.time.moment());
            self.search.look_at_change(&change);
        }
        effects.0.extend(self.doubt_marks(None).0);
        if self.waits_for_rules() {
            self.search.start_later(selected, false);
        } else {
            effects.0.extend(self.search_rows(selected, false).0);
        }
        effects
    }
}

impl Notice {
    /// A change of marks, and the action that is its way back.
    fn change(words: Shown, offer: (Action, &'static str)) -> Notice {
        Notice { offer: Some(offer), ..Notice::of(words) }
    }

    fn about(self, title: Option<Shown>) -> Notice {
        let parts: Vec<Shown> = [self.text].into_iter().chain(title).collect();
        Notice { text: clean::join(&parts, " · "), ..self }
    }
}
