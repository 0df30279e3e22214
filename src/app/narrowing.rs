//! Narrowing the list: a query is set, its rows are searched for and taken in, and stories folded; topics, providers, saved
//! searches.

use super::cursor::Cursor;
use super::effect::{Effect, Effects};
use super::focus::Focus;
use super::notices::Notice;
use super::overlay::{Overlay, Picker, SavedList};
use super::request::Request;
use super::rows::Rows;
use super::state::State;
use super::stories::{Folded, Stories};
use crate::feed::ArticleId;
use crate::query::{Field, Found, Query, Saved};

impl State {
    /// The rows that what is found makes.
    pub(super) fn folded(&self, found: &Rows) -> Folded {
        self.folded_but(found, |_| false)
    }

    /// The same, with heads that do not stand for their stories.
    pub(super) fn folded_but(&self, found: &Rows, not: impl Fn(ArticleId) -> bool) -> Folded {
        let State { stories, reading, .. } = self;
        let is_hidden = |head| reading.view.is_hidden(head) || not(head);
        stories.fold(found, &reading.ground.feed, reading.query.sort().is_none(), is_hidden)
    }

    /// Folds the story of the selected row, or unfolds it.
    pub(super) fn turn_story(&mut self) -> Effects {
        let feed = &self.reading.ground.feed;
        let head = self.panes.list.place().and_then(|place| {
            let under = self.panes.list.head_over(place, feed);
            under.or_else(|| feed.head_of(place).filter(|head| *head == place))
        });
        let Some(id) = head.and_then(|head| feed.id(head)) else {
            return self.say("this article leads no story");
        };
        self.stories.turn(id);
        self.fold_again()
    }

    /// Unfolds all stories, or folds them when they are.
    pub(super) fn turn_stories(&mut self) -> Effects {
        if self.feed().story_count() == 0 {
            return self.say("there are no stories here: an article leads one when its heat is more than its quality");
        }
        self.stories = Stories::all(!self.stories.are_unfolded());
        let effects = self.fold_again();
        let words = if self.stories.are_unfolded() { "all stories are unfolded" } else { "all stories are folded" };
        self.tell(Notice::of(words.into()));
        effects
    }

    /// Makes the rows anew. The selection stays, or goes to the head.
    fn fold_again(&mut self) -> Effects {
        let (selected, folded) = (self.selected(), self.folded(self.panes.list.found()));
        let feed = &self.reading.ground.feed;
        self.panes.list.hold();
        self.panes.list.fold(folded, selected, feed);
        if self.panes.focus == Focus::List {
            self.panes.show_selected(feed);
        }
        Effects::none()
    }

    /// Looks at the articles by the marks that they have now.
    pub(super) fn refresh(&mut self) -> Effects {
        if !self.reading.is_stale() {
            return Effects::none();
        }
        self.reading.look_again();
        self.reading.search(self.selected(), false)
    }

    /// Goes back to where the reader was, as soon as that article has a row. A key that is pressed first wins.
    pub(super) fn come_back(&mut self) {
        let Some(bookmark) = &self.returning else { return };
        let State { panes, reading, .. } = self;
        let feed = &reading.ground.feed;
        let row = bookmark.article.and_then(|id| feed.place(id)).and_then(|at| panes.list.row_of(at, feed));
        let Some(row) = row else { return };
        panes.list.select_at(row, bookmark.above);
        self.came_back_to = bookmark.article;
        panes.show_selected(feed);
        if bookmark.reading {
            // It may be a member that is folded away.
            panes.detail.show(bookmark.article);
            panes.focus = Focus::Detail;
        }
        if panes.detail.article() == bookmark.article {
            panes.detail.return_to(bookmark.scrolled);
        }
        self.returning = None;
    }

    pub(super) fn take_rows(&mut self, ticket: u64, found: &Found, progress: Option<(usize, usize)>) {
        let Some(awaited) = self.reading.found(ticket, found, progress) else { return };
        let State { reading, panes, overlays, stories, .. } = self;
        let feed = &reading.ground.feed;
        // Until the reader moves, the selection waits for the article it stood on.
        let selected = if panes.list.is_touched() { panes.list.place() } else { None };
        let selected = selected.and_then(|place| reading.id_at(place)).or(awaited.anchor);
        let rows = Rows::of(found.places.iter().copied(), feed.len());
        let folded = stories.fold(&rows, feed, reading.query.sort().is_none(), |head| reading.view.is_hidden(head));
        let is_there = |id| feed.place(id).is_some_and(|place| folded.row_of(place, feed).is_some());
        let kept = selected.filter(|id| is_there(*id));
        let typing = matches!(overlays.last(), Some(Overlay::Ask(asking)) if asking.is_query());
        if awaited.anew && (typing || kept.is_none()) {
            panes.list.rewind();
        }
        // Where its article is gone, the selection goes to the one next to it.
        let next = || panes.list.nearest(feed, folded.has_row(feed)).and_then(|place| feed.id(place));
        let selected = kept.or_else(next);
        panes.list.set_rows(rows, folded, selected, feed);
        if awaited.anew || panes.article(feed).is_none() || panes.focus == Focus::List {
            panes.show_selected(feed);
        }
        reading.recount(panes.list.found());
        self.come_back();
        if found.complete && self.loading.is_none() {
            self.returning = None;
        }
    }

    pub(super) fn take_saved(&mut self, saved: Saved) -> Effects {
        self.reading.saved = saved;
        let mut effects = self.list_saved_again();
        // What `saved:` means may be something else now.
        if let Ok(query) = self.reading.parse(&self.query().to_string())
            && query != self.reading.query
        {
            effects.0.extend(self.set_query(query).0);
        }
        effects
    }

    /// Lists the saved searches anew where they are listed. The selection stays on its search.
    fn list_saved_again(&mut self) -> Effects {
        let Some(list) = self.overlays.pop_if(|top| matches!(top, Overlay::Saved(_))) else { return Effects::none() };
        let effects = self.show_saved();
        if let (Overlay::Saved(before), Some(Overlay::Saved(now))) = (list, self.overlays.last_mut()) {
            let selected = before.rows.get(before.cursor.at).map(|row| &row.name);
            let again = now.rows.iter().position(|row| Some(&row.name) == selected);
            now.cursor = Cursor::on(again.unwrap_or(before.cursor.at).min(now.rows.len().saturating_sub(1)));
        }
        effects
    }

    /// The selected article of the list.
    pub(super) fn selected(&self) -> Option<ArticleId> {
        self.panes.list.place().and_then(|place| self.reading.id_at(place))
    }

    pub(super) fn set_query(&mut self, query: Query) -> Effects {
        if query == self.reading.query {
            return self.refresh();
        }
        self.reading.look_again();
        self.panes.list.end_range();
        let selected = self.selected();
        self.reading.query = query;
        self.reading.search(selected, true)
    }

    /// Topics or providers of what the query finds when none of them is picked.
    pub(super) fn show_labels(&mut self, field: Field) -> Effects {
        let reading = &mut self.reading;
        let ticket = reading.ticket();
        let query = reading.query.with_picked(field, &[]);
        let request = Request::labels(ticket, field, &query, reading.ground.clone());
        let picker = Picker::new(field, ticket, reading.query.picked(field));
        self.overlays.push(Overlay::Pick(picker));
        Effect::Search(Box::new(request)).into()
    }

    pub(super) fn show_other_labels(&mut self) -> Effects {
        let Some(Overlay::Pick(picker)) = self.overlays.pop() else { return Effects::none() };
        // What was picked is not lost on the way.
        let names: Vec<&str> = picker.picked().iter().map(String::as_str).collect();
        let mut effects = self.set_query(self.reading.query.with_picked(picker.field, &names));
        let other = if picker.field == Field::Topic { Field::Provider } else { Field::Topic };
        effects.0.extend(self.show_labels(other).0);
        effects
    }

    pub(super) fn show_saved(&mut self) -> Effects {
        let reading = &mut self.reading;
        let ticket = reading.ticket();
        let list = SavedList::new(&reading.saved, ticket);
        if list.rows.is_empty() {
            return self.say("nothing is saved yet: Ctrl-s in the search keeps it");
        }
        let request = Request::counts(ticket, &list.queries(), reading.ground.clone());
        self.overlays.push(Overlay::Saved(list));
        Effect::Search(Box::new(request)).into()
    }

    pub(super) fn open_saved(&mut self, list: &SavedList) -> Effects {
        match list.rows.get(list.cursor.at).map(|row| row.query.clone()) {
            Some(Ok(query)) => self.set_query(query),
            Some(Err(text)) => {
                self.tell(Notice::failure(text));
                Effects::none()
            }
            None => Effects::none(),
        }
    }
}
