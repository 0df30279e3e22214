//! Marks the open article read after a while, and moves on to the next unread one.

use chrono::{DateTime, Utc};

use super::{App, places};
use crate::app::count::Count;
use crate::app::effect::Effects;
use crate::feed::ArticleId;
use crate::query::Query;

impl App {
    /// Selects an unread article, `by` of them further down or up, and opens it unless the list has the focus.
    pub(super) fn next_unread(&mut self, by: isize) -> Effects {
        let Some(row) = self.targets().next_unread(by) else {
            return match self.notice() {
                // A notice of the same key, such as `Marked read`, offers undo: it stays.
                Some(_) => Effects::none(),
                None => self.notify("No more unread"),
            };
        };
        self.panes.list_mut().select(row);
        self.panes.show_selected(self.loaded_feed.feed());
        if self.panes.focus().shows_selected() { Effects::none() } else { self.article_opened() }
    }

    /// Scrolls the article one page down, from any pane. At its end marks it read and goes to the next unread one. A count scrolls
    /// several pages, but not past the end: no article is marked that was not seen.
    pub(super) fn read_on(&mut self, count: Count) -> Effects {
        let frame = self.frame.detail;
        let Some(id) = self.panes.detail().article() else { return self.notify("No article selected") };
        if frame.area.is_empty() {
            // A small screen shows one pane: switch to the article.
            self.panes.focus_detail();
            return self.article_opened();
        }
        // One line of the last page stays on the screen; with a page of 1 line the key would not move.
        let page = frame.page().max(2) as isize - 1;
        if self.panes.detail().scroll() < frame.last_offset() {
            self.panes.detail_mut().step(page.saturating_mul(count.steps()), &frame);
            return Effects::none();
        }
        let articles = self.targets().with_story(vec![id], &self.read_mark());
        let mut effects =
            self.set_mark_quietly(self.read_mark(), &articles).map(|(_, effects)| effects).unwrap_or_default();
        effects.0.extend(self.next_unread(1).0);
        effects
    }

    fn mark_read_quietly(&mut self, id: ArticleId) -> Effects {
        // Only a rule marked it as read. Record the time; nothing changes on the screen, so there is no undo step.
        if self.marks().is_read(id) && self.marks().read_at(id).is_none() {
            return self.set_mark_without_undo(self.read_mark(), vec![id]);
        }
        self.set_mark_quietly(self.read_mark(), &[id]).map(|(_, effects)| effects).unwrap_or_default()
    }

    /// Handles the opening of an article: marks it read at once or later, as the settings say.
    pub(super) fn article_opened(&mut self) -> Effects {
        let Some(id) = self.panes.detail().article() else { return Effects::none() };
        // Marks go to the range while there is one; from here on they go to the article.
        self.panes.list_mut().end_range();
        // An article may be opened from another one, without the list in between.
        let mut effects = self.article_left();
        if let Some(id) = self.open.open(id, self.time.moment(), self.settings.read) {
            effects.0.extend(self.mark_read_quietly(id).0);
        }
        effects
    }

    /// Checks whether the open article was left.
    pub(super) fn check_article_left(&mut self) -> Effects {
        let gone = |id| self.panes.detail().article() != Some(id) || self.panes.focus().shows_selected();
        if self.open.article().is_some_and(gone) { self.article_left() } else { Effects::none() }
    }

    /// Handles the leaving of the open article.
    pub(super) fn article_left(&mut self) -> Effects {
        self.open.leave(self.settings.read).map(|id| self.mark_read_quietly(id)).unwrap_or_default()
    }

    /// When the open article is to be marked read, or places are to be recorded.
    pub fn open_article_due(&self) -> Option<DateTime<Utc>> {
        [self.open.due(self.settings.read), self.open.places.due()].into_iter().flatten().min()
    }

    /// Sets the time, and does what is due.
    pub(super) fn tick(&mut self, now: DateTime<Utc>) -> Effects {
        self.time.tick(now);
        self.notices.expire(now);
        // Queries may depend on the time, so matches found before this tick may lack articles.
        self.search.clear_matches();
        self.panes.navigation_mut().saved.invalidate_where(Query::depends_on_time);
        let mut effects = self.reapply_time_rules();
        effects.0.extend(self.do_due(now).0);
        effects
    }

    /// Does what is due. Nothing that only depends on the time changes, such as ages: that is a tick.
    pub(super) fn do_due(&mut self, now: DateTime<Utc>) -> Effects {
        self.set_time(now);
        let mut effects = Effects::none();
        effects.0.extend(self.with_subscriptions(|subscriptions, now| subscriptions.tick(now)).0);
        if let Some(id) = self.open.take_if_due(now, self.settings.read) {
            effects.0.extend(self.mark_read_quietly(id).0);
        }
        if self.open.places.due().is_some_and(|due| due <= now) {
            effects.0.extend(places::save(self).0);
        }
        effects
    }
}
