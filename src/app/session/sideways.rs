//! Scrolls wide code and tables sideways, and chooses whether they are wrapped.

use super::App;
use crate::app::action::Action;
use crate::app::effect::Effects;

/// Scrolls to the left or to the right, or switches wrapping on or off.
pub fn act(app: &mut App, action: Action) -> Effects {
    let setting = app.settings.wrap;
    let sideways = app.panes.detail_mut().sideways_mut();
    match action {
        Action::ScrollLeft | Action::ScrollRight => {
            match sideways.scroll(action == Action::ScrollRight, &app.frame.detail) {
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
