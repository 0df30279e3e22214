//! Moves between panes, to related articles and back, and quits.

use super::{App, folds, navigation, places, views};
use crate::app::effect::{Effect, Effects};
use crate::app::focus::Focus;
use crate::app::panes::Panes;
use crate::feed::{Feed, Target};
use crate::query::Query;

impl App {
    pub(super) fn back(&mut self) -> Effects {
        if self.panes.focus() == Focus::Detail && self.panes.detail().find().is_some() {
            // One step back ends only the search: the article stays open, at the hit.
            folds::keep_visible(self);
            self.panes.detail_mut().end_find(false);
        } else if self.panes.focus() == Focus::List && self.panes.navigation().is_on() {
            self.panes.focus_navigation(self.loaded_feed.feed());
        } else {
            self.panes.back(self.loaded_feed.feed());
        }
        Effects::none()
    }

    pub(super) fn cancel(&mut self) -> Effects {
        let in_list = self.panes.focus() == Focus::List;
        // Esc takes one thing away at a time: the range before a condition of the query.
        if in_list && !self.panes.list().range_rows().is_empty() {
            self.panes.list_mut().end_range();
            return Effects::none();
        }
        if in_list && *self.query() != Query::default() {
            return views::set_wider(self, self.query().widened());
        }
        // Only a key that goes to the left leads from the list to the navigation pane.
        if in_list { Effects::none() } else { self.back() }
    }

    /// Quits, unless marks would be lost or downloads stopped and the user has not been warned yet.
    pub(super) fn quit_now(&mut self) -> Effects {
        // Both in turn, so that each of them is read.
        if let Some(notice) = self.marks.quit_warning().or_else(|| self.downloads.quit_warning()) {
            self.push_notice(notice);
            return Effects::none();
        }
        // With `read: left`, quitting leaves the open article: its mark is saved before the program ends.
        let mut effects = self.article_left();
        effects.0.extend(places::save(self).0);
        effects.0.push(Effect::Quit);
        effects
    }

    pub(super) fn step_across(&mut self, by: isize) -> Effects {
        match self.panes.step_across(by, &self.frame, self.loaded_feed.feed()) {
            true => self.article_opened(),
            false => Effects::none(),
        }
    }

    pub(super) fn switch_pane(&mut self, turn: fn(&mut Panes, &Feed)) -> Effects {
        turn(&mut self.panes, self.loaded_feed.feed());
        Effects::none()
    }

    // Opening.

    pub(super) fn open_in_pane(&mut self) -> Effects {
        match self.panes.focus() {
            Focus::List => {
                self.panes.show_selected(self.loaded_feed.feed());
                self.panes.next(self.loaded_feed.feed());
                return self.article_opened();
            }
            Focus::Detail if !self.related_entries().is_empty() => self.panes.next(self.loaded_feed.feed()),
            Focus::Detail => return self.notify("No related articles"),
            Focus::Related => return open_related(self),
            Focus::Navigation => return navigation::choose(self),
        }
        Effects::none()
    }

    pub(super) fn open_here(&mut self, index: usize) -> Effects {
        self.panes.jump_to(index, self.loaded_feed.feed());
        self.article_opened()
    }

    /// Goes by a number of hits in the article, or else of unread articles.
    pub(super) fn next_hit_or_unread(&mut self, by: isize) -> Effects {
        if self.panes.focus() == Focus::Detail && self.panes.detail().find().is_some() {
            return self.panes.detail_mut().find_step(by).map(|words| self.notify(words)).unwrap_or_default();
        }
        self.next_unread(by)
    }
}

fn open_related(app: &mut App) -> Effects {
    let entries = app.related_entries();
    match entries.get(app.panes.related().selected()).map(|entry| &entry.target) {
        Some(Target::InLibrary(index, _)) => app.open_here(*index),
        Some(Target::Web(entry)) => match entry.link.clone() {
            Some(link) => app.open_link(&link),
            None => app.notify("No link, and the article is not in the library"),
        },
        None => Effects::none(),
    }
}
