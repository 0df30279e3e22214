//! The mouse in the session: what a click, a wheel and a drag do; and the width of the list, which keys change too.

use super::App;
use crate::app::action::Action;
use crate::app::effect::Effects;
use crate::app::focus::Focus;
use crate::app::mouse_action::HitTarget;
use crate::query::Field;

impl App {
    /// The reader points at something. A search that is typed is kept first, as by Enter, where it is about the panes.
    pub(super) fn click(&mut self, thing: HitTarget) -> Effects {
        let ends = self.overlays.click_outside_accepts();
        let mut effects = if ends { self.act(Action::Open) } else { Effects::none() };
        match (self.overlays.is_empty(), thing) {
            (false, HitTarget::OverlayRow(row)) => self.with_overlays(|overlays, below| overlays.click(row, below)),
            (false, _) => {}
            (true, HitTarget::Topic(topic)) => effects.0.extend(self.narrow_to_topic(topic).0),
            (true, thing) => self.panes.click(thing, self.loaded_feed.feed()),
        }
        effects
    }

    /// The reader points at something once more, and wants it, whatever else is picked. A heading does nothing.
    pub(super) fn double_click(&mut self, thing: HitTarget) -> Effects {
        let mut effects = self.click(thing);
        let opens = match thing {
            HitTarget::OverlayRow(row) => self.overlays.double_click(row),
            _ => true,
        };
        effects.0.extend(if opens { self.act(Action::Open).0 } else { Vec::new() });
        effects
    }

    /// The articles of a topic of the article that is shown.
    fn narrow_to_topic(&mut self, topic: usize) -> Effects {
        // What stood there may have been another article.
        let seen = self.frame.detail.top.map(|(id, _)| id);
        let article = self.panes.article(self.feed()).filter(|article| Some(article.id) == seen);
        let Some(topic) = article.as_ref().and_then(|article| article.topics.get(topic)) else {
            return Effects::none();
        };
        if self.frame.list.area.is_empty() {
            // A small screen shows one pane: now what the topic leads to.
            self.panes.focus_list(self.loaded_feed.feed());
        }
        self.set_query(self.query().with_picked(Field::Topic, &[topic.shown().as_str()]))
    }

    /// Scrolls a pane that need not have the focus.
    pub(super) fn scroll(&mut self, pane: Focus, by: isize) -> Effects {
        self.panes.scroll(pane, by, &self.frame, self.loaded_feed.feed());
        Effects::none()
    }

    /// Scrolls the overlay.
    pub(super) fn scroll_overlay(&mut self, by: isize) -> Effects {
        self.with_overlays(|overlays, below| overlays.scroll(by, below));
        Effects::none()
    }

    // The shape of the screen.

    /// Makes the list wider, or with less than nothing narrower.
    pub(super) fn change_list_width(&mut self, by: i16) -> Effects {
        let Some(drawn) = self.frame.share.filter(|_| !self.pane_layout.zen) else {
            return self.notify("Only one pane is shown");
        };
        self.pane_layout =
            self.pane_layout.with_share(self.pane_layout().share.unwrap_or(drawn).saturating_add_signed(by));
        Effects::none()
    }
}
