//! Performs clicks and scrolling of the mouse, and changes the width of the list.

use super::{App, days, folds, jumps, navigation, programs, views};
use crate::app::action::Action;
use crate::app::buttons::ButtonCommand;
use crate::app::count::Count;
use crate::app::effect::Effects;
use crate::app::focus::Focus;
use crate::app::mouse_action::HitTarget;
use crate::app::overlays::PromptState;
use crate::app::pane_layout::PaneLayout;
use crate::feed::{Mark, tags};
use crate::query::Field;

impl App {
    /// Handles a click. A click on the panes first ends an open search prompt, as Enter does.
    pub(super) fn click(&mut self, target: HitTarget) -> Effects {
        let ends = self.overlays.click_outside_accepts();
        let mut effects = if ends { self.act(Action::Open, Count::default()) } else { Effects::none() };
        // Asked after the prompt has ended: then the same click reaches the panes.
        match (self.overlays.is_empty(), target) {
            (false, HitTarget::OverlayRow(row) | HitTarget::MenuRow(row)) => {
                self.with_overlays(|overlays, session| overlays.click(row, session))
            }
            (false, _) if keeps_prompt(self) => {}
            (false, _) => effects.0.extend(self.act(Action::Cancel, Count::default()).0),
            (true, HitTarget::ReadSign(row)) => effects.0.extend(toggle_sign(self, row, self.read_mark()).0),
            (true, HitTarget::StarSign(row)) => effects.0.extend(toggle_sign(self, row, Mark::Starred(true)).0),
            (true, HitTarget::Filter(at)) => effects.0.extend(views::remove_filter(self, at).0),
            (true, HitTarget::Day(row)) => days::click(self, row),
            (true, HitTarget::Topic(topic)) => effects.0.extend(narrow_to_topic(self, topic).0),
            (true, HitTarget::Link(source, number)) => effects.0.extend(jumps::click(self, source, number).0),
            (true, HitTarget::Navigation(at)) => effects.0.extend(navigation::click(self, at).0),
            (true, HitTarget::NavigationFold(at)) => navigation::toggle_fold(self, at),
            (true, HitTarget::Fold(number)) => effects.0.extend(folds::click(self, number).0),
            (true, target) => self.panes.click(target, self.loaded_feed.feed()),
        }
        if matches!(target, HitTarget::MenuRow(_)) {
            effects.0.extend(self.act(Action::Open, Count::default()).0);
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

/// Whether a click on the panes leaves a prompt open: what was typed is not lost, and words on the screen lead out.
fn keeps_prompt(app: &App) -> bool {
    let cancels = Some(ButtonCommand::Act(Action::Cancel));
    let is_typed = app.overlays.top_as::<PromptState>().is_some_and(PromptState::is_changed);
    is_typed && app.frame.footer.buttons.iter().any(|button| button.command == cancels)
}

/// Selects the rows that the mouse was dragged over.
pub fn select_rows(app: &mut App, first: usize, last: usize) -> Effects {
    app.panes.list_mut().drag_range(first, last, app.loaded_feed.feed());
    app.panes.focus_list(app.loaded_feed.feed());
    Effects::none()
}

/// Sets a mark whose sign in a row of the list was clicked, or takes it away; on the whole range if the row is in it. The selection
/// stays, so that the article that is open stays too.
fn toggle_sign(app: &mut App, row: usize, mark: Mark) -> Effects {
    let is_star = matches!(mark, Mark::Starred(_));
    let Some(index) = app.list().rows().get(row) else { return Effects::none() };
    if app.list().range_rows().contains(&row) {
        app.panes.focus_list(app.loaded_feed.feed());
        return app.act(if is_star { Action::Star } else { Action::ToggleRead }, Count::default());
    }
    let articles = app.targets().of_sign(index, &mark);
    let has_all =
        if is_star { articles.iter().all(|id| app.marks().is_starred(*id)) } else { !app.targets().is_unread(index) };
    let other = if is_star { Mark::Starred(false) } else { Mark::Read(None) };
    app.set_mark(if has_all { other } else { mark }, &articles)
}

/// Runs the command of a button.
pub fn run_button(app: &mut App, command: ButtonCommand) -> Effects {
    match command {
        ButtonCommand::Act(action) => app.act(action, Count::default()),
        ButtonCommand::RunOwn(at) => match app.settings.commands.get(at).map(|command| command.name.text.clone()) {
            Some(name) => programs::run(app, &name),
            None => Effects::none(),
        },
        ButtonCommand::Choose(at) => {
            let requests = app.with_overlays(|overlays, session| overlays.choose(at, session));
            app.handle_overlay_requests(requests.unwrap_or_default())
        }
        // Done by the keymap, which knows the keys.
        ButtonCommand::CompleteKeys(_) => Effects::none(),
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
