//! The list of themes. While it is open, the screen shows the selected theme.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use super::narrowed_rows::NarrowedRows;
use crate::app::action::Action;
use crate::app::focus::Context;
use crate::app::overlay_cursor::OverlayCursor;
use crate::app::theme_choice::ThemeChoice;
use crate::feed::SafeText;
use crate::query::fold;

/// The list of themes; typing narrows it.
#[derive(Clone, Debug)]
pub struct ThemeList {
    /// The themes, by index. Parts of names, `dark` or `light` are typed.
    pub rows: NarrowedRows,
    /// Whether the background of each is light; `None` if it keeps that of the terminal.
    are_light: Vec<Option<bool>>,
}

impl ThemeList {
    /// The notice if there is only one theme.
    pub const NOTHING: &'static str = "No other themes: NO_COLOR is set";

    /// The themes, with the present one selected; `None` if there is only one.
    pub fn open(session: &SessionParts) -> Option<ThemeList> {
        let themes = session.themes;
        let mut rows = NarrowedRows::of(texts(themes));
        rows.select(themes.shown());
        (themes.names().len() > 1).then(|| ThemeList { rows, are_light: are_light(themes) })
    }

    /// The index of the selected theme; `None` if no theme has the typed words.
    pub fn selected(&self) -> Option<usize> {
        self.rows.selected()
    }

    /// Whether the background of a theme is light; `None` if it keeps that of the terminal.
    pub fn is_light(&self, index: usize) -> Option<bool> {
        self.are_light.get(index).copied().flatten()
    }

    /// Replaces the themes after a change of the settings. The selection stays on its theme, else moves to the one shown.
    pub fn set_themes(&mut self, before: &[SafeText], now: &ThemeChoice) {
        let selected = self.selected().and_then(|index| before.get(index));
        let again = now.names().iter().position(|name| Some(name) == selected).unwrap_or(now.shown());
        self.are_light = are_light(now);
        self.rows.replace(texts(now));
        self.rows.select(again);
    }
}

fn are_light(themes: &ThemeChoice) -> Vec<Option<bool>> {
    (0..themes.names().len()).map(|index| themes.theme(index).is_light()).collect()
}

/// The folded text by which each theme is found.
fn texts(themes: &ThemeChoice) -> Vec<String> {
    let text = |(name, is_light): (&SafeText, Option<bool>)| {
        let kind = match is_light {
            Some(true) => "light",
            Some(false) => "dark",
            None => "",
        };
        // Also without hyphens, as many programs write the names.
        let name = fold(name.as_str());
        format!("{name} {} {kind}", name.replace('-', ""))
    };
    themes.names().iter().zip(are_light(themes)).map(text).collect()
}

impl OverlayBehaviour for ThemeList {
    fn context(&self) -> Context {
        if self.rows.is_typing { Context::Picker } else { Context::Overlay }
    }

    fn selection(&mut self, _: &SessionParts) -> Option<(&mut OverlayCursor, usize)> {
        let count = self.rows.items().len();
        Some((&mut self.rows.cursor, count))
    }

    fn act(&mut self, action: Action, session: &SessionParts) -> Outcome {
        match action {
            Action::Open => match self.selected() {
                Some(index) => Outcome::Close(vec![OverlayRequest::PickTheme(index)]),
                None => self.rows.refuse(),
            },
            action if self.rows.act(action, session.themes.shown()) => Outcome::stay(),
            _ => Outcome::Ignored,
        }
    }

    fn paste(&mut self, text: &str, _: &SessionParts) -> Outcome {
        self.rows.paste(text);
        Outcome::stay()
    }

    fn enter_word(&self) -> Option<&'static str> {
        Some("use")
    }

    fn is_available(&self, action: Action) -> bool {
        self.rows.is_available(action)
    }
}
