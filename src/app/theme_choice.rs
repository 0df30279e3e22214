//! Which theme is shown: the one that the reader picked, else the one that the settings choose.

use std::sync::Arc;

use crate::config::Settings;
use crate::config::theme::Theme;
use crate::config::themes::{ColourDepth, ThemeSetting};
use crate::feed::{SafeText, clean};

/// A theme that the reader picked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PickedTheme {
    /// Its name.
    pub theme: String,
    /// What the settings asked for then, in words: once they ask for another theme, that is shown.
    pub instead_of: String,
}

/// The themes by their index, and which of them is shown.
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
    /// The themes of the settings in these colours; `picked` is what the reader picked earlier.
    pub fn new(settings: Arc<Settings>, colours: ColourDepth, picked: Option<PickedTheme>) -> ThemeChoice {
        let mut choice =
            ThemeChoice { settings, colours, is_light: None, names: Vec::new(), chosen: 0, shown: 0, picked };
        choice.look_up();
        choice
    }

    /// Takes over other settings. What the reader picked stays while they ask for the same theme as then.
    pub fn take_settings(&mut self, settings: Arc<Settings>) {
        self.settings = settings;
        self.look_up();
    }

    /// Takes over whether the background of the terminal is light: the theme that fits is shown, unless the settings name
    /// one or the reader picked one.
    pub fn background_is(&mut self, is_light: bool) {
        self.is_light = Some(is_light);
        self.look_up();
    }

    fn look_up(&mut self) {
        let Settings { theme, themes, .. } = &*self.settings;
        self.names = themes.names(self.colours).map(clean::plain_line).collect();
        self.chosen = theme.choose(themes, self.colours, self.is_light);
        self.shown = self.index_picked().unwrap_or(self.chosen);
    }

    fn index_picked(&self) -> Option<usize> {
        let picked = self.picked.as_ref().filter(|picked| picked.instead_of == self.settings.theme.to_string())?;
        self.names.iter().position(|name| name.as_str() == picked.theme)
    }

    /// The names of the themes.
    pub fn names(&self) -> &[SafeText] {
        &self.names
    }

    /// The index of the theme that is shown.
    pub fn shown(&self) -> usize {
        self.shown
    }

    /// The index of the theme that the settings choose.
    pub fn chosen(&self) -> usize {
        self.chosen
    }

    /// What the reader picked, and instead of what.
    pub fn picked(&self) -> Option<&PickedTheme> {
        self.picked.as_ref()
    }

    /// The colours of the theme at an index.
    pub fn theme(&self, index: usize) -> Theme {
        let mut theme = self.settings.themes.get(index, self.colours);
        if self.leaves_background(index) {
            theme.background = Theme::colourless().background;
        }
        theme
    }

    /// Whether the theme at an index leaves the background of the terminal as it is, because it was chosen to fit that.
    pub fn leaves_background(&self, index: usize) -> bool {
        self.settings.theme == ThemeSetting::Auto && self.is_light.is_some() && self.chosen == index
    }

    /// The index of a theme by its name, or of the one that the settings choose by what they ask for, such as `auto`.
    pub fn index_of(&self, name: &str) -> Option<usize> {
        let index = self.names.iter().position(|known| known.as_str() == name);
        index.or_else(|| (name == self.settings.theme.to_string()).then_some(self.chosen))
    }

    /// The words that name a theme: the names, and `auto` when the settings ask for that.
    pub fn words(&self) -> Vec<String> {
        let auto = Some(&self.settings.theme).filter(|wish| **wish == ThemeSetting::Auto);
        self.names.iter().map(SafeText::to_string).chain(auto.map(ThemeSetting::to_string)).collect()
    }

    /// Shows the theme that the reader picks. A pick of what the settings choose anyway follows them again.
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
    fn a_pick_is_shown_until_the_settings_ask_for_another_theme() {
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
    fn a_pick_of_what_the_settings_choose_follows_them_again() {
        let mut choice = choice("", None);
        pick(&mut choice, "nord");
        pick(&mut choice, "auto");
        assert_eq!((shown(&choice), choice.picked()), ("terminal", None));
        choice.background_is(false);
        assert_eq!(shown(&choice), "dark");
        assert_eq!(choice.index_of("dark or light"), None);
    }

    #[test]
    fn only_a_theme_that_was_chosen_for_the_background_leaves_it() {
        let mut choice = choice("", None);
        assert!(!choice.leaves_background(choice.chosen()), "the background is not known");
        choice.background_is(true);
        assert!(choice.leaves_background(choice.chosen()) && !choice.leaves_background(0));
        choice.take_settings(Arc::new(Settings {
            theme: ThemeSetting::Named("light".to_owned()),
            ..Settings::default()
        }));
        assert!(shown(&choice) == "light" && !choice.leaves_background(choice.chosen()));
    }
}
