//! The list of themes. While it is open, the screen shows the selected theme.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use crate::app::action::Action;
use crate::app::overlay_cursor::OverlayCursor;
use crate::app::theme_choice::ThemeChoice;
use crate::feed::SafeText;

/// The list of themes.
#[derive(Clone, Copy, Debug)]
pub struct ThemeList {
    /// The selected row.
    pub cursor: OverlayCursor,
    /// Number of themes.
    pub count: usize,
}

impl ThemeList {
    /// The notice if there is only one theme.
    pub const NOTHING: &'static str = "No other themes: NO_COLOR is set";

    /// The themes, with the present one selected; `None` if there is only one.
    pub fn open(session: &SessionParts) -> Option<ThemeList> {
        let count = session.themes.names().len();
        (count > 1).then(|| ThemeList { cursor: OverlayCursor::on(session.themes.shown()), count })
    }

    /// Replaces the themes after a change of the settings. The selection stays on its theme, else moves to the one shown.
    pub fn set_themes(&mut self, before: &[SafeText], now: &ThemeChoice) {
        let selected = before.get(self.cursor.at);
        let again = now.names().iter().position(|name| Some(name) == selected);
        *self = ThemeList { cursor: OverlayCursor::on(again.unwrap_or(now.shown())), count: now.names().len() };
    }
}

impl OverlayBehaviour for ThemeList {
    fn selection(&mut self, _: &SessionParts) -> Option<(&mut OverlayCursor, usize)> {
        Some((&mut self.cursor, self.count))
    }

    fn act(&mut self, action: Action, _: &SessionParts) -> Outcome {
        match action {
            Action::Open => Outcome::Close(vec![OverlayRequest::PickTheme(self.cursor.at)]),
            _ => Outcome::Ignored,
        }
    }
}
