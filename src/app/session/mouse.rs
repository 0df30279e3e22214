//! Performs clicks and scrolling of the mouse, and changes the width of the list.

use super::{App, days, folds, jumps, navigation, views};
use crate::app::action::Action;
use crate::app::count::Count;
use crate::app::effect::Effects;
use crate::app::focus::Focus;
use crate::app::mouse_action::HitTarget;
use crate::app::pane_layout::PaneLayout;
use crate::feed::tags;
use crate::query::Field;

impl App {
    /// Handles a click. A click on the panes first ends an open search prompt, as Enter does.
    pub(super) fn click(&mut self, target: HitTarget) -> Effects {
        let ends = self.overlays.click_outside_accepts();
        let mut effects = if ends { self.act(Action::Open, Count::default()) } else { Effects::none() };
        // Asked after the prompt has ended: then the same click reaches the panes.
        match (self.overlays.is_empty(), target) {
            (false, HitTarget::OverlayRow(row)) => self.with_overlays(|overlays, session| overlays.click(row, session)),
            (false, _) => {}
            (true, HitTarget::Filter(at)) => effects.0.extend(views::remove_filter(self, at).0),
            (true, HitTarget::Day(row)) => days::click(self, row),
            (true, HitTarget::Topic(topic)) => effects.0.extend(narrow_to_topic(self, topic).0),
            (true, HitTarget::Link(source, number)) => effects.0.extend(jumps::click(self, source, number).0),
            (true, HitTarget::Navigation(at)) => effects.0.extend(navigation::click(self, at).0),
            (true, HitTarget::NavigationFold(at)) => navigation::toggle_fold(self, at),
            (true, HitTarget::Fold(number)) => effects.0.extend(folds::click(self, number).0),
            (true, target) => self.panes.click(target, self.loaded_feed.feed()),
        }
        effects
    }

    /// Handles a double click: opens the target, even if other rows are picked. Headings do nothing.
    pub(super) fn double_click(&mut self, target: HitTarget) -> Effects {
        let mut effects = self.click(target);
        let opens = match target {
            HitTarget::OverlayRow(row) => self.overlays.double_click(row),
            _ => true,
        };
        effects.0.extend(if opens { self.act(Action::Open, Count::default()).0 } else { Vec::new() });
        effects
    }

    /// Scrolls a pane, focused or not.
    pub(super) fn scroll(&mut self, pane: Focus, by: isize) -> Effects {
        if pane == Focus::List {
            return days::scroll(self, by);
        }
        self.panes.scroll_beside(pane, by, &self.frame, self.loaded_feed.feed());
        Effects::none()
    }

    // The width of the list.

    /// Makes the list wider by a number of steps, or narrower if it is negative.
    pub(super) fn change_list_width(&mut self, steps: isize) -> Effects {
        let Some(drawn) = self.frame.share.filter(|_| !self.pane_layout.zen) else {
            return self.notify("Only one pane is shown");
        };
        // Without a choice the share depends on the size of the screen: begin at the one drawn last.
        let by = (steps.clamp(i16::MIN.into(), i16::MAX.into()) as i16).saturating_mul(PaneLayout::STEP);
        let share = self.pane_layout().share.unwrap_or(drawn);
        self.pane_layout = self.pane_layout.with_share(share.saturating_add_signed(by));
        Effects::none()
    }
}

/// Narrows the list to a topic or a tag of the article in the detail pane: tags follow the topics.
fn narrow_to_topic(app: &mut App, topic: usize) -> Effects {
    // The click refers to the last frame, which may have shown another article.
    let seen = app.frame.detail.top.map(|(id, _)| id);
    let article = app.panes.article(app.feed()).filter(|article| Some(article.id) == seen);
    let Some(article) = article else { return Effects::none() };
    let tags = tags::of(app.marks(), article.id);
    let (field, name) = match article.topics.get(topic) {
        Some(topic) => (Field::Topic, topic.shown()),
        None => match topic.checked_sub(article.topics.len()).and_then(|at| tags.get(at)) {
            Some(tag) => (Field::Tag, tag.shown()),
            None => return Effects::none(),
        },
    };
    if app.frame.list.area.is_empty() {
        // A small screen shows one pane: switch to the list with the result.
        app.panes.focus_list(app.loaded_feed.feed());
    }
    app.set_query(app.query().with_picked(field, &[name.as_str()]))
}
