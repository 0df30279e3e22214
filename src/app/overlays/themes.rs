//! The themes to choose from. The screen shows the selected theme while the list is open.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use crate::app::action::Action;
use crate::app::list_cursor::ListCursor;
use crate::app::theme_choice::ThemeChoice;
use crate::feed::SafeText;

/// The themes to choose from.
#[derive(Clone, Copy, Debug)]
pub struct ThemeList {
    /// The selected row.
    pub cursor: ListCursor,
    /// How many there are.
    pub count: usize,
}

impl ThemeList {
    /// Said where there is one theme.
    pub const NOTHING: &'static str = "No other themes: NO_COLOR is set";

    /// The themes, the present one selected; none where there is no choice.
    pub fn open(session: &SessionParts) -> Option<ThemeList> {
        let count = session.themes.names().len();
        (count > 1).then(|| ThemeList { cursor: ListCursor::on(session.themes.shown()), count })
    }

    /// Lists other themes. The selection stays on its theme, else it goes to the one that is shown.
    pub fn set_themes(&mut self, before: &[SafeText], now: &ThemeChoice) {
        let selected = before.get(self.cursor.at);
        let again = now.names().iter().position(|name| Some(name) == selected);
        *self = ThemeList { cursor: ListCursor::on(again.unwrap_or(now.shown())), count: now.names().len() };
    }
}

impl OverlayBehaviour for ThemeList {
    fn selection(&mut self, _: &SessionParts) -> Option<(&mut ListCursor, usize)> {
        Some((&mut self.cursor, self.count))
    }

    fn act(&mut self, action: Action, _: &SessionParts) -> Outcome {
        match action {
            Action::Open => Outcome::Close(vec![OverlayRequest::PickTheme(self.cursor.at)]),
            _ => Outcome::Ignored,
        }
    }
}
