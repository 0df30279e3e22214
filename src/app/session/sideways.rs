//! Scrolls wide code and tables sideways, and chooses whether they are wrapped.

use super::App;
use crate::app::action::Action;
use crate::app::count::Count;
use crate::app::effect::Effects;

/// Scrolls to the left or to the right, or switches wrapping on or off.
pub fn act(app: &mut App, action: Action, count: Count) -> Effects {
    let setting = app.settings.wrap;
    let sideways = app.panes.detail_mut().sideways_mut();
    match action {
        Action::ScrollLeft | Action::ScrollRight => {
            let steps = if action == Action::ScrollRight { count.steps() } else { -count.steps() };
            match sideways.scroll(steps, &app.frame.detail) {
                true => Effects::none(),
                false => app.notify("No code or table on the screen is wider than the text"),
            }
        }
        _ => match sideways.toggle_wrap(setting) {
            true => app.notify("Wide code and tables are wrapped"),
            false => app.notify("Wide code and tables scroll sideways"),
        },
    }
}
