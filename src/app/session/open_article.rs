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
                None => self.notify("No more unread"),
            };
        };
        self.panes.list_mut().select(row);
        self.panes.show_selected(self.loaded_feed.feed());
        if self.panes.focus() == Focus::List { Effects::none() } else { self.article_opened() }
    }

    /// Pages the article down from any pane; at its end marks it read and goes to the next unread.
    pub(super) fn read_on(&mut self) -> Effects {
        let frame = self.frame.detail;
        let Some(id) = self.panes.detail().article() else { return self.notify("No article selected") };
        if frame.area.is_empty() {
            // A small screen shows one pane: now the article.
            self.panes.focus_detail();
            return self.article_opened();
        }
        let page = frame.page().max(2) as isize - 1;
        if self.panes.detail().scroll() < frame.last_offset() {
            self.panes.detail_mut().step(page, &frame);
            return Effects::none();
        }
        let articles = self.targets().with_story(vec![id], &self.read_mark());
        let mut effects =
            self.set_mark_quietly(self.read_mark(), &articles).map(|(_, effects)| effects).unwrap_or_default();
        effects.0.extend(self.next_unread(1).0);
        effects
    }

    fn mark_read_quietly(&mut self, id: ArticleId) -> Effects {
        // What only a rule calls read is read now, and when. It looks as before, so there is nothing to undo.
        if self.marks().is_read(id) && self.marks().read_at(id).is_none() {
            return self.set_mark_without_undo(self.read_mark(), vec![id]);
        }
        self.set_mark_quietly(self.read_mark(), &[id]).map(|(_, effects)| effects).unwrap_or_default()
    }

    /// An article was opened: it is read now, or will be.
    pub(super) fn article_opened(&mut self) -> Effects {
        let Some(id) = self.panes.detail().article() else { return Effects::none() };
        self.panes.list_mut().end_range();
        let mut effects = self.article_left();
        if let Some(id) = self.open.open(id, self.time.moment(), self.settings.read) {
            effects.0.extend(self.mark_read_quietly(id).0);
        }
        effects
    }

    /// Takes note of an article that is not open any more.
    pub(super) fn check_article_left(&mut self) -> Effects {
        let gone = |id| self.panes.detail().article() != Some(id) || self.panes.focus() == Focus::List;
        if self.open.article().is_some_and(gone) { self.article_left() } else { Effects::none() }
    }

    /// The article that was open is left.
    pub(super) fn article_left(&mut self) -> Effects {
        self.open.leave(self.settings.read).map(|id| self.mark_read_quietly(id)).unwrap_or_default()
    }

    /// When the article that is open will count as read.
    pub fn mark_read_due(&self) -> Option<DateTime<Utc>> {
        self.open.due(self.settings.read)
    }

    /// Time goes on.
    pub(super) fn tick(&mut self, now: DateTime<Utc>) -> Effects {
        self.time.tick(now);
        self.search.clear_matches();
        let mut effects = self.reapply_time_rules();
        if let Some(id) = self.open.take_if_due(now, self.settings.read) {
            effects.0.extend(self.mark_read_quietly(id).0);
        }
        effects
    }
}
