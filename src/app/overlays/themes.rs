//! The list of themes. While it is open, the screen shows the selected theme.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use crate::app::action::Action;
use crate::app::focus::Context;
use crate::app::overlay_cursor::OverlayCursor;
use crate::app::text_input::TextInput;
use crate::app::theme_choice::ThemeChoice;
use crate::app::typed_words::TypedWords;
use crate::feed::SafeText;
use crate::query::fold;

/// A theme in the list.
#[derive(Clone, Debug)]
struct ListedTheme {
    /// Whether its background is light; `None` if it keeps that of the terminal.
    is_light: Option<bool>,
    /// Folded words that find it.
    words: String,
}

/// The list of themes; typing narrows it.
#[derive(Clone, Debug)]
pub struct ThemeList {
    /// The selected row.
    pub cursor: OverlayCursor,
    /// The typed text: parts of names, `dark` or `light`.
    pub input: TextInput,
    /// Whether keys type text.
    pub is_typing: bool,
    /// All themes, by index.
    all: Vec<ListedTheme>,
    /// The indices of those that have the typed words.
    rows: Vec<usize>,
}

impl ThemeList {
    /// The notice if there is only one theme.
    pub const NOTHING: &'static str = "No other themes: NO_COLOR is set";

    /// The themes, with the present one selected; `None` if there is only one.
    pub fn open(session: &SessionParts) -> Option<ThemeList> {
        let (mut list, cursor) = (ThemeList::of(session.themes), OverlayCursor::on(session.themes.shown()));
        list.cursor = cursor;
        (list.all.len() > 1).then_some(list)
    }

    fn of(themes: &ThemeChoice) -> ThemeList {
        let listed = |(index, name): (usize, &SafeText)| {
            let is_light = themes.theme(index).is_light();
            let kind = match is_light {
                Some(true) => "light",
                Some(false) => "dark",
                None => "",
            };
            // Also without hyphens, as many programs write the names.
            let name = fold(name.as_str());
            ListedTheme { is_light, words: format!("{name} {} {kind}", name.replace('-', "")) }
        };
        let all: Vec<ListedTheme> = themes.names().iter().enumerate().map(listed).collect();
        let rows = (0..all.len()).collect();
        ThemeList { cursor: OverlayCursor::default(), input: TextInput::default(), is_typing: false, all, rows }
    }

    /// The indices of the listed themes.
    pub fn rows(&self) -> &[usize] {
        &self.rows
    }

    /// The index of the selected theme; `None` if no theme has the typed words.
    pub fn selected(&self) -> Option<usize> {
        self.rows.get(self.cursor.at).copied()
    }

    /// Whether the background of a theme is light; `None` if it keeps that of the terminal.
    pub fn is_light(&self, index: usize) -> Option<bool> {
        self.all.get(index)?.is_light
    }

    /// Replaces the themes after a change of the settings. The selection stays on its theme, else moves to the one shown.
    pub fn set_themes(&mut self, before: &[SafeText], now: &ThemeChoice) {
        let selected = self.selected().and_then(|index| before.get(index));
        let again = now.names().iter().position(|name| Some(name) == selected).unwrap_or(now.shown());
        let ThemeList { input, is_typing, .. } = std::mem::replace(self, ThemeList::of(now));
        (self.input, self.is_typing) = (input, is_typing);
        self.narrow();
        self.select(again);
    }

    /// Lists the themes that have the typed words, with the first selected.
    fn narrow(&mut self) {
        let words = TypedWords::of(&self.input);
        self.rows = (0..).zip(&self.all).filter(|(_, theme)| words.are_in(&theme.words)).map(|(at, _)| at).collect();
        self.cursor = OverlayCursor::default();
    }

    fn select(&mut self, index: usize) {
        self.cursor = OverlayCursor::on(self.rows.iter().position(|row| *row == index).unwrap_or_default());
    }

    /// Lists all themes again, with the same one selected, else the one shown.
    fn widen(&mut self, session: &SessionParts) {
        let selected = self.selected().unwrap_or(session.themes.shown());
        (self.is_typing, self.input) = (false, TextInput::default());
        self.narrow();
        self.select(selected);
    }
}

impl OverlayBehaviour for ThemeList {
    fn context(&self) -> Context {
        if self.is_typing { Context::Picker } else { Context::Overlay }
    }

    fn selection(&mut self, _: &SessionParts) -> Option<(&mut OverlayCursor, usize)> {
        Some((&mut self.cursor, self.rows.len()))
    }

    fn act(&mut self, action: Action, session: &SessionParts) -> Outcome {
        match action {
            Action::Open => {
                if let Some(index) = self.selected() {
                    return Outcome::Close(vec![OverlayRequest::PickTheme(index)]);
                }
            }
            Action::Search => self.is_typing = true,
            Action::Type(c) => {
                self.input.insert(c.encode_utf8(&mut [0; 4]));
                self.narrow();
            }
            Action::EditText(edit) => {
                self.input.edit(edit);
                self.narrow();
            }
            // The first Esc takes the typed text away, the second one closes the list.
            Action::Cancel | Action::Back if self.is_typing => self.widen(session),
            _ => return Outcome::Ignored,
        }
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, _: &SessionParts) -> Outcome {
        if self.is_typing {
            self.input.insert(text);
            self.narrow();
        }
        Outcome::stay()
    }

    fn is_available(&self, action: Action) -> bool {
        match action {
            Action::Open => self.selected().is_some(),
            Action::Search => !self.is_typing,
            _ => !matches!(action, Action::Toggle | Action::SwitchLabels | Action::Complete | Action::SaveSearch),
        }
    }
}
