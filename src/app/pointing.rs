//! Pointing: what a click, a wheel and a drag do, and the shape of the screen, which keys change too.

use super::effect::Effects;
use super::focus::Focus;
use super::overlay::Overlay;
use super::pointed::Thing;
use super::state::State;
use crate::query::Field;

impl State {
    /// The reader points at something. What is typed is kept first, as by Enter, where it is about the panes.
    pub(super) fn point_at(&mut self, thing: Thing) -> Effects {
        let kept =
            self.overlays.pop_if(|top| matches!(top, Overlay::Ask(asking) if asking.is_query() || asking.is_find()));
        let mut effects = match kept {
            Some(Overlay::Ask(asking)) => self.answer(*asking),
            _ => Effects::none(),
        };
        match (self.overlays.last_mut(), thing) {
            (Some(overlay), Thing::Choice(row)) => overlay.point_at(row, &self.frame.overlay),
            (Some(_), _) => {}
            (None, Thing::Topic(topic)) => effects.0.extend(self.narrow_to_topic(topic).0),
            (None, thing) => self.panes.point_at(thing, self.articles.feed()),
        }
        effects
    }

    /// The reader points at something once more, and wants it, whatever else is picked. True when it can be had: a heading
    /// cannot.
    pub(super) fn point_twice(&mut self, thing: Thing) -> (Effects, bool) {
        let effects = self.point_at(thing);
        let Some(overlay) = self.overlays.last_mut() else { return (effects, true) };
        overlay.pick_selected();
        let is_something = match (overlay, thing) {
            (Overlay::Palette(palette), Thing::Choice(line)) => palette.is_choice(line),
            _ => true,
        };
        (effects, is_something)
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
            self.panes.focus_list(self.articles.feed());
        }
        self.set_query(self.query().with_picked(Field::Topic, &[topic.shown().as_str()]))
    }

    /// Scrolls a pane that need not have the focus.
    pub(super) fn scroll(&mut self, pane: Focus, by: isize) -> Effects {
        self.panes.scroll(pane, by, &self.frame, self.articles.feed());
        Effects::none()
    }

    /// Scrolls the overlay.
    pub(super) fn scroll_overlay(&mut self, by: isize) -> Effects {
        let State { overlays, frame, .. } = self;
        if let Some(overlay) = overlays.last_mut() {
            overlay.scroll(by, &frame.overlay);
        }
        Effects::none()
    }

    // The shape of the screen.

    /// Makes the list wider, or with less than nothing narrower.
    pub(super) fn widen(&mut self, by: i16) -> Effects {
        let Some(drawn) = self.frame.share.filter(|_| !self.shape.zen) else {
            return self.say("only one pane is shown");
        };
        self.shape = self.shape.shared(self.shape().share.unwrap_or(drawn).saturating_add_signed(by));
        Effects::none()
    }
}
