//! Leaving: one layer after the other, and the program at the end, but not before marks are kept.

use super::effect::{Effect, Effects};
use super::focus::Focus;
use super::state::State;
use crate::query::Query;

impl State {
    pub(super) fn back(&mut self) -> Effects {
        if self.panes.focus() == Focus::Detail && self.panes.detail().find().is_some() {
            self.panes.detail_mut().end_find(false);
        } else {
            self.panes.back(self.articles.feed());
        }
        Effects::none()
    }

    pub(super) fn cancel(&mut self) -> Effects {
        let in_list = self.panes.focus() == Focus::List;
        if in_list && !self.panes.list().range_rows().is_empty() {
            self.panes.list_mut().end_range();
            return Effects::none();
        }
        if in_list && *self.query() != Query::default() {
            let wider = self.query().widened();
            // What saved searches say of order and number goes with them.
            let wider = self.search.parse(&wider.to_string()).unwrap_or(wider);
            return self.set_query(wider);
        }
        self.back()
    }

    pub(super) fn quit(&mut self) -> Effects {
        if self.panes.focus() == Focus::List {
            return self.end();
        }
        self.back()
    }

    /// Ends; but once it is said first that marks would be lost.
    pub(super) fn end(&mut self) -> Effects {
        if let Some(notice) = self.marks.before_quit() {
            self.tell(notice);
            return Effects::none();
        }
        let mut effects = self.left();
        effects.0.push(Effect::Quit);
        effects
    }
}
