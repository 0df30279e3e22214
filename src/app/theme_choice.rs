//! The choice of the theme: the one that the user picked, else the one from the settings.

use std::sync::Arc;

use crate::config::Settings;
use crate::config::theme::Theme;
use crate::config::themes::{ColourDepth, ThemeSetting};
use crate::feed::{SafeText, clean};

/// A theme that the user picked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PickedTheme {
    /// Its name.
    pub theme: String,
    /// The theme setting at that time. Once the setting changes, it applies instead of the pick.
    pub instead_of: String,
}

/// The themes by index, and which of them is shown.
#[derive(Debug)]
pub struct ThemeChoice {
    settings: Arc<Settings>,
    colours: ColourDepth,
    is_light: Option<bool>,
    names: Vec<SafeText>,
    chosen: usize,
    shown: usize,
    picked: Option<PickedTheme>,
}

impl ThemeChoice {
    /// The themes of the settings for a terminal with these colours; `picked` is the theme picked earlier.
    pub fn new(settings: Arc<Settings>, colours: ColourDepth, picked: Option<PickedTheme>) -> ThemeChoice {
        let mut choice =
            ThemeChoice { settings, colours, is_light: None, names: Vec::new(), chosen: 0, shown: 0, picked };
        choice.update();
        choice
    }

    /// Replaces the settings. The pick stays while the theme setting is the same as at the time of the pick.
    pub fn take_settings(&mut self, settings: Arc<Settings>) {
        self.settings = settings;
        self.update();
    }

    /// Sets whether the background of the terminal is light. The theme that fits it is shown, unless the settings name a theme
    /// or the user picked one.
    pub fn background_is(&mut self, is_light: bool) {
        self.is_light = Some(is_light);
        self.update();
    }

    fn update(&mut self) {
        let Settings { theme, themes, .. } = &*self.settings;
        self.names = themes.names(self.colours).map(clean::plain_line).collect();
        self.chosen = theme.choose(themes, self.colours, self.is_light);
        self.shown = self.index_picked().unwrap_or(self.chosen);
    }

    fn index_picked(&self) -> Option<usize> {
        // A pick that does not apply is kept: it applies again when the setting has its old value.
        let picked = self.picked.as_ref().filter(|picked| picked.instead_of == self.settings.theme.to_string())?;
        // The theme may be gone from the settings, and a terminal without colours has only `none`.
        self.index_of_theme(&picked.theme)
    }

    fn index_of_theme(&self, name: &str) -> Option<usize> {
        let name = self.settings.themes.find(name)?;
        self.names.iter().position(|known| known.as_str() == name)
    }

    /// The names of the themes.
    pub fn names(&self) -> &[SafeText] {
        &self.names
    }

    /// The index of the theme shown.
    pub fn shown(&self) -> usize {
        self.shown
    }

    /// The index of the theme from the settings.
    pub fn chosen(&self) -> usize {
        self.chosen
    }

    /// The theme that the user picked.
    pub fn picked(&self) -> Option<&PickedTheme> {
        self.picked.as_ref()
    }

    /// The colours of the theme at an index.
    pub fn theme(&self, index: usize) -> Theme {
        let mut theme = self.settings.themes.get(index, self.colours, self.is_light);
        if self.keeps_background(index) {
            theme.background = Theme::colourless().background;
        }
        theme
    }

    /// Whether the background of the terminal is light; `None` if it is not known.
    pub fn is_light(&self) -> Option<bool> {
        self.is_light
    }

    /// Whether the ground of the screen is light, as far as it is known.
    pub fn shows_light(&self) -> bool {
        self.theme(self.shown).is_light().or(self.is_light) == Some(true)
    }

    /// How many colours the terminal has.
    pub fn colours(&self) -> ColourDepth {
        self.colours
    }

    /// Whether the theme at an index keeps the background of the terminal, because `auto` chose it to fit that background.
    fn keeps_background(&self, index: usize) -> bool {
        self.settings.theme == ThemeSetting::Auto && self.is_light.is_some() && self.chosen == index
    }

    /// The index of a theme by its name in any spelling. The value of the theme setting, such as `auto`, names the theme from the settings.
    pub fn index_of(&self, name: &str) -> Option<usize> {
        self.index_of_theme(name).or_else(|| (name == self.settings.theme.to_string()).then_some(self.chosen))
    }

    /// The words that `index_of` accepts: the names, and `auto` if the settings say `auto`.
    pub fn words(&self) -> Vec<String> {
        let auto = Some(&self.settings.theme).filter(|setting| **setting == ThemeSetting::Auto);
        self.names.iter().map(SafeText::to_string).chain(auto.map(ThemeSetting::to_string)).collect()
    }

    /// Shows the theme that the user picks. Picking the theme from the settings removes the pick.
    pub fn pick(&mut self, index: usize) {
        if let Some(name) = self.names.get(index) {
            let picked = PickedTheme { theme: name.to_string(), instead_of: self.settings.theme.to_string() };
            self.picked = Some(picked).filter(|_| index != self.chosen);
            self.shown = index;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn choice(settings: &str, picked: Option<PickedTheme>) -> ThemeChoice {
        let (settings, problems) = Settings::parse(settings, Path::new(""), None).expect("settings");
        assert_eq!(problems, []);
        ThemeChoice::new(Arc::new(settings), ColourDepth::TrueColour, picked)
    }

    fn shown(choice: &ThemeChoice) -> &str {
        choice.names()[choice.shown()].as_str()
    }

    fn pick(choice: &mut ThemeChoice, name: &str) {
        choice.pick(choice.index_of(name).expect("a theme"));
    }

    #[test]
    fn a_picked_theme_is_shown_until_the_theme_setting_changes() {
        let mut first = choice("", None);
        first.background_is(true);
        assert_eq!(shown(&first), "light");
        pick(&mut first, "nord");
        first.background_is(false);
        assert_eq!(shown(&first), "nord");
        first.pick(99);
        assert_eq!(shown(&first), "nord");
        let picked = first.picked().cloned();
        assert_eq!(shown(&choice("theme: auto", picked.clone())), "nord");
        let other = choice("theme: gruvbox", picked.clone());
        assert_eq!((shown(&other), other.picked()), ("gruvbox", picked.as_ref()));
        let gone = PickedTheme { theme: "z".to_owned(), instead_of: "auto".to_owned() };
        assert_eq!(shown(&choice("", Some(gone))), "terminal");
    }

    #[test]
    fn picking_the_theme_of_the_settings_removes_the_pick() {
        let mut choice = choice("", None);
        pick(&mut choice, "nord");
        pick(&mut choice, "auto");
        assert_eq!((shown(&choice), choice.picked()), ("terminal", None));
        choice.background_is(false);
        assert_eq!(shown(&choice), "dark");
        assert_eq!(choice.index_of("dark or light"), None);
    }

    #[test]
    fn only_a_theme_chosen_for_the_background_keeps_it() {
        let mut choice = choice("", None);
        assert!(!choice.keeps_background(choice.chosen()), "the background is not known");
        choice.background_is(true);
        assert!(choice.keeps_background(choice.chosen()) && !choice.keeps_background(0));
        choice.take_settings(Arc::new(Settings {
            theme: ThemeSetting::Named("light".to_owned()),
            ..Settings::default()
        }));
        assert!(shown(&choice) == "light" && !choice.keeps_background(choice.chosen()));
    }
}
