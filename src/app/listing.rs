//! Lists on top of the panes: links, orders, problems; and the files that are edited from them.

use super::cursor::Cursor;
use super::effect::{Effect, Effects};
use super::focus::Context;
use super::overlay::{LinkList, Overlay};
use super::state::State;
use crate::query::{Sort, SortKey};

impl State {
    pub(super) fn show_links(&mut self) -> Effects {
        let links = self.article().map(|article| article.links()).unwrap_or_default();
        if links.is_empty() {
            return self.say("this article has no links");
        }
        self.put_on_top(Overlay::Links(LinkList { cursor: Cursor::default(), links }))
    }

    pub(super) fn show_sort(&mut self) -> Effects {
        if self.context() == Context::Insights {
            return self.order_names();
        }
        let at =
            SortKey::ALL.iter().position(|key| self.query().sort().is_some_and(|sort| sort.key == *key)).unwrap_or(0);
        self.put_on_top(Overlay::Sort(Cursor::on(at)))
    }

    /// Orders by a key; by the present one: the other way round.
    pub(super) fn sort_by(&mut self, key: usize) -> Effects {
        let Some(key) = SortKey::ALL.get(key).copied() else { return Effects::none() };
        let sort = match self.query().sort() {
            Some(sort) if sort.key == key => sort.reversed(),
            _ => Sort::by(key),
        };
        self.set_query(self.query().sorted(sort))
    }

    pub(super) fn show_problems(&mut self) -> Effects {
        if self.problems.all().is_empty() {
            return self.say("no problems: every file was read whole");
        }
        self.put_on_top(Overlay::Problems(Cursor::default()))
    }

    pub(super) fn edit(&mut self) -> Effects {
        match self.overlays.pop() {
            Some(Overlay::Problems(cursor)) => return self.edit_problem(cursor.at),
            Some(Overlay::Saved(_)) => return Effect::EditSearches.into(),
            other => self.overlays.extend(other),
        }
        let Some(article) = self.article() else { return Effects::none() };
        Effect::edit_article(&article, self.problems.of(&article)).into()
    }

    pub(super) fn edit_problem(&mut self, number: usize) -> Effects {
        self.problems.all().get(number).map(Effect::edit_problem).map(Effects::from).unwrap_or_default()
    }
}
