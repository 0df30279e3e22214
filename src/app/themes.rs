//! The themes by their names, which one is shown, and the one that the reader picked.

use crate::feed::Shown;

/// A theme that the reader picked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picked {
    /// Its name.
    pub theme: String,
    /// What the settings named then: when they name something else, that holds.
    pub instead_of: String,
}

/// The themes, and which one is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Themes {
    names: Vec<Shown>,
    chosen: usize,
    shown: usize,
    named: String,
    picked: Option<Picked>,
}

impl Themes {
    /// Themes by their names, of which the settings chose one. `named` is what they name, and `picked` what the reader picked.
    pub fn new(names: Vec<Shown>, chosen: usize, named: String, picked: Option<Picked>) -> Themes {
        let mut themes = Themes { names, chosen, shown: chosen, named, picked };
        themes.shown = themes.place_picked().unwrap_or(chosen);
        themes
    }

    /// The place of the picked theme, as long as that holds.
    fn place_picked(&self) -> Option<usize> {
        let picked = self.picked.as_ref().filter(|picked| picked.instead_of == self.named)?;
        self.names.iter().position(|name| name.as_str() == picked.theme)
    }

    /// Their names.
    pub fn names(&self) -> &[Shown] {
        &self.names
    }

    /// The place of the one that is shown.
    pub fn shown(&self) -> usize {
        self.shown
    }

    /// What the reader picked, and what that holds instead of.
    pub fn picked(&self) -> Option<&Picked> {
        self.picked.as_ref()
    }

    /// Shows what was chosen for the reader, unless that has picked one.
    pub fn choose(&mut self, place: usize) {
        self.chosen = place;
        self.shown = self.place_picked().unwrap_or(place);
    }

    /// The place of the one that the settings chose.
    pub fn chosen(&self) -> usize {
        self.chosen
    }

    /// The place of a name. What the settings name, such as `auto`, is the place of what they chose.
    pub fn place_of(&self, name: &str) -> Option<usize> {
        let place = self.names.iter().position(|known| known.as_str() == name);
        place.or_else(|| (name == self.named).then_some(self.chosen))
    }

    /// The words that name a theme: their names, and `auto` when the settings say so.
    pub fn words(&self) -> Vec<String> {
        let auto = Some(&self.named).filter(|named| *named == "auto");
        self.names.iter().map(Shown::to_string).chain(auto.cloned()).collect()
    }

    /// Shows what the reader picks, from now on; of what the settings chose anyway, as long as they choose it.
    pub fn pick(&mut self, place: usize) {
        if let Some(name) = self.names.get(place) {
            let picked = Picked { theme: name.to_string(), instead_of: self.named.clone() };
            self.picked = Some(picked).filter(|_| place != self.chosen);
            self.shown = place;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn themes(named: &str, picked: Option<Picked>) -> Themes {
        Themes::new(vec!["a".into(), "b".into(), "c".into()], 1, named.to_owned(), picked)
    }

    #[test]
    fn what_is_picked_holds_until_the_settings_name_another() {
        let mut first = themes("auto", None);
        assert_eq!(first.shown(), 1);
        first.pick(2);
        first.choose(0);
        assert_eq!(first.shown(), 2);
        first.pick(9);
        first.choose(1);
        let picked = first.picked().cloned();
        assert_eq!(themes("auto", picked.clone()).shown(), 2);
        let other = themes("b", picked.clone());
        assert_eq!((other.shown(), other.picked()), (1, picked.as_ref()));
        let gone = Picked { theme: "z".to_owned(), instead_of: "auto".to_owned() };
        assert_eq!(themes("auto", Some(gone)).shown(), 1);
    }

    #[test]
    fn who_picks_what_the_settings_choose_follows_them_again() {
        let mut themes = themes("auto", None);
        themes.pick(2);
        assert_eq!(themes.place_of("c"), Some(2));
        themes.pick(themes.place_of("auto").expect("what the settings say"));
        assert_eq!((themes.shown(), themes.picked()), (1, None));
        themes.choose(0);
        assert_eq!(themes.shown(), 0);
        assert_eq!(themes.place_of("dark or light"), None);
    }
}
