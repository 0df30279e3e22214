//! The open article in the session: it counts as read in time, and the next unread one follows it.

use chrono::{DateTime, Utc};

use super::App;
use crate::app::effect::Effects;
use crate::app::focus::Focus;
use crate::feed::ArticleId;

impl App {
    /// Selects the next (or previous) unread article; from the article, opens it.
    pub(super) fn next_unread(&mut self, by: isize) -> Effects {
        let Some(row) = self.targets().next_unread(by) else {
            return match self.notice() {
                Some(_) => Effects::none(),
                None => self.say("nothing else is unread here"),
            };
        };
        self.panes.list_mut().select(row);
        self.panes.show_selected(self.articles.feed());
        if self.panes.focus() == Focus::List { Effects::none() } else { self.opened() }
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
        let articles = self.targets().with_story(vec![id], &self.read_now());
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
        if let Some(id) = self.open.open(id, self.time.moment(), self.settings.read) {
            effects.0.extend(self.read_quietly(id).0);
        }
        effects
    }

    /// Takes note of an article that is not open any more.
    pub(super) fn settle(&mut self) -> Effects {
        let gone = |id| self.panes.detail().article() != Some(id) || self.panes.focus() == Focus::List;
        if self.open.article().is_some_and(gone) { self.left() } else { Effects::none() }
    }

    /// The article that was open is left.
    pub(super) fn left(&mut self) -> Effects {
        self.open.leave(self.settings.read).map(|id| self.read_quietly(id)).unwrap_or_default()
    }

    /// When the article that is open will count as read.
    pub fn due(&self) -> Option<DateTime<Utc>> {
        self.open.due(self.settings.read)
    }

    /// Time goes on.
    pub(super) fn tick(&mut self, now: DateTime<Utc>) -> Effects {
        self.time.tick(now);
        self.search.forget();
        let mut effects = self.doubt_time();
        if let Some(id) = self.open.take_due(now, self.settings.read) {
            effects.0.extend(self.read_quietly(id).0);
        }
        effects
    }
}
