//! Folds and unfolds stories in the list.

use super::App;
use crate::app::effect::Effects;
use crate::app::notices::Notice;
use crate::app::rows::Rows;
use crate::app::story_folds::{FoldedRows, StoryFolds};
use crate::feed::ArticleId;

impl App {
    /// Folds found articles into rows.
    pub(super) fn fold(&self, found: &Rows) -> FoldedRows {
        self.fold_except(found, |_| false)
    }

    /// Folds found articles into rows. A head for which `is_left_out` is true counts as hidden:
    /// unless the query finds it, its members get rows of their own.
    pub(super) fn fold_except(&self, found: &Rows, is_left_out: impl Fn(ArticleId) -> bool) -> FoldedRows {
        let is_hidden = |head| self.search.marks().is_hidden(head) || is_left_out(head);
        self.stories.fold(found, self.loaded_feed.feed(), self.query().sort().is_none(), is_hidden)
    }

    /// Folds the rows again. The selection stays, or moves to the head of its story.
    fn refold(&mut self) -> Effects {
        let (selected, folded) = (self.selected_article(), self.fold(self.panes.list().found()));
        let feed = self.loaded_feed.feed();
        self.panes.list_mut().pin_selection();
        self.panes.list_mut().fold(folded, selected, feed);
        if self.panes.focus().shows_selected() {
            self.panes.show_selected(feed);
        }
        Effects::none()
    }
}

/// Folds or unfolds the story of the selected row.
pub(super) fn toggle(app: &mut App) -> Effects {
    let feed = app.loaded_feed.feed();
    let head = app.panes.list().article_index().and_then(|index| {
        let under = app.panes.list().head_over(index, feed);
        under.or_else(|| feed.head_of(index).filter(|head| *head == index))
    });
    let Some(id) = head.and_then(|head| feed.id(head)) else {
        return app.notify("Not the head of a story");
    };
    app.stories.toggle(id);
    app.refold()
}

/// Unfolds all stories, or folds them if they are unfolded.
pub(super) fn toggle_all(app: &mut App) -> Effects {
    if app.feed().story_count() == 0 {
        return app.notify("No stories: an article heads one when its heat exceeds its quality");
    }
    app.stories = StoryFolds::all(!app.stories.are_unfolded());
    let effects = app.refold();
    let words = if app.stories.are_unfolded() { "All stories unfolded" } else { "All stories folded" };
    app.push_notice(Notice::of(words.into()));
    effects
}
