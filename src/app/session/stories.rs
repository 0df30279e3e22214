//! Stories in the session: the rows of the list are folded, and the reader unfolds them.

use super::App;
use crate::app::effect::Effects;
use crate::app::focus::Focus;
use crate::app::notices::Notice;
use crate::app::rows::Rows;
use crate::app::story_folds::{FoldedRows, StoryFolds};
use crate::feed::ArticleId;

impl App {
    /// The rows that what is found makes.
    pub(super) fn folded(&self, found: &Rows) -> FoldedRows {
        self.folded_but(found, |_| false)
    }

    /// The same, with heads that do not stand for their stories.
    pub(super) fn folded_but(&self, found: &Rows, not: impl Fn(ArticleId) -> bool) -> FoldedRows {
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
        self.stories = StoryFolds::all(!self.stories.are_unfolded());
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
}
