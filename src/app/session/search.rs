//! Narrowing the list: a query is set, its rows are searched for and taken in, and stories folded; topics, providers, saved
//! searches.

use super::App;
use crate::app::effect::{Effect, Effects};
use crate::app::focus::Focus;
use crate::app::notices::Notice;
use crate::app::overlays::PromptState;
use crate::app::rows::Rows;
use crate::app::stories::{Folded, Stories};
use crate::feed::ArticleId;
use crate::jobs::JobId;
use crate::query::{Found, Query, Saved};

impl App {
    /// The rows that what is found makes.
    pub(super) fn folded(&self, found: &Rows) -> Folded {
        self.folded_but(found, |_| false)
    }

    /// The same, with heads that do not stand for their stories.
    pub(super) fn folded_but(&self, found: &Rows, not: impl Fn(ArticleId) -> bool) -> Folded {
        let is_hidden = |head| self.search.view().is_hidden(head) || not(head);
        self.stories.fold(found, self.articles.feed(), self.query().sort().is_none(), is_hidden)
    }

    /// Folds the story of the selected row, or unfolds it.
    pub(super) fn turn_story(&mut self) -> Effects {
        let feed = self.articles.feed();
        let head = self.panes.list().place().and_then(|place| {
            let under = self.panes.list().head_over(place, feed);
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
        let (selected, folded) = (self.selected(), self.folded(self.panes.list().found()));
        let feed = self.articles.feed();
        self.panes.list_mut().hold();
        self.panes.list_mut().fold(folded, selected, feed);
        if self.panes.focus() == Focus::List {
            self.panes.show_selected(feed);
        }
        Effects::none()
    }

    /// Looks at the articles by the marks that they have now.
    pub(super) fn refresh(&mut self) -> Effects {
        if !self.search.is_stale(self.marks.all()) {
            return Effects::none();
        }
        self.refresh_view();
        self.search_rows(self.selected(), false)
    }

    /// Has searches look at the marks that articles have now.
    pub(super) fn refresh_view(&mut self) {
        self.rules.refresh();
        self.search.look_at(self.marks.all().clone());
    }

    /// Asks for the rows of the query.
    pub(super) fn search_rows(&mut self, anchor: Option<ArticleId>, anew: bool) -> Effects {
        let ground = self.ground();
        Effect::Run(self.search.start(ground, anchor, anew)).into()
    }

    /// Goes back to where the reader was, as soon as that article has a row. A key that is pressed first wins.
    pub(super) fn come_back(&mut self) {
        let Some(bookmark) = self.restored.bookmark() else { return };
        let App { panes, articles, .. } = self;
        let feed = articles.feed();
        let row = bookmark.article.and_then(|id| feed.place(id)).and_then(|at| panes.list().row_of(at, feed));
        let Some(row) = row else { return };
        panes.return_to(row, bookmark.above, bookmark.article, bookmark.reading, feed);
        if panes.detail().article() == bookmark.article {
            panes.detail_mut().return_to(bookmark.scrolled);
        }
        self.restored.land();
    }

    pub(super) fn take_rows(&mut self, job: JobId, found: Found) -> Effects {
        let Some(awaited) = self.search.found(job, &found, self.time.now()) else { return Effects::none() };
        let App { articles, search, panes, overlays, stories, .. } = self;
        let feed = articles.feed();
        // Until the reader moves, the selection waits for the article it stood on.
        let selected = if panes.list().is_touched() { panes.list().place() } else { None };
        let selected = selected.and_then(|place| articles.id_at(place)).or(awaited.anchor);
        let rows = Rows::of(found.places.iter().copied(), feed.len());
        let folded = stories.fold(&rows, feed, search.query().sort().is_none(), |head| search.view().is_hidden(head));
        let is_there = |id| feed.place(id).is_some_and(|place| folded.row_of(place, feed).is_some());
        let kept = selected.filter(|id| is_there(*id));
        let typing = overlays.top_as::<PromptState>().is_some_and(PromptState::is_query);
        if awaited.anew && (typing || kept.is_none()) {
            panes.list_mut().rewind();
        }
        // Where its article is gone, the selection goes to the one next to it.
        let next = || panes.list().nearest(feed, folded.has_row(feed)).and_then(|place| feed.id(place));
        let selected = kept.or_else(next);
        panes.list_mut().set_rows(rows, folded, selected, feed);
        if awaited.anew || panes.article(feed).is_none() || panes.focus() == Focus::List {
            panes.show_selected(feed);
        }
        self.unread.set_found(panes.list().found());
        self.come_back();
        if found.complete && !self.is_loading() {
            self.restored.end();
        }
        Effects::none()
    }

    pub(super) fn take_saved(&mut self, saved: Saved) -> Effects {
        self.search.set_saved(saved);
        let mut effects = self.list_saved_again();
        // What `saved:` means may be something else now.
        if let Ok(query) = self.search.parse(&self.query().to_string())
            && query != *self.query()
        {
            effects.0.extend(self.set_query(query).0);
        }
        effects
    }

    /// The selected article of the list.
    pub(super) fn selected(&self) -> Option<ArticleId> {
        self.panes.list().place().and_then(|place| self.articles.id_at(place))
    }

    pub(super) fn set_query(&mut self, query: Query) -> Effects {
        if query == *self.query() {
            return self.refresh();
        }
        self.refresh_view();
        self.panes.list_mut().end_range();
        let selected = self.selected();
        self.search.set_query(query);
        self.search_rows(selected, true)
    }
}
