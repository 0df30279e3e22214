//! What the command line, the environment and the terminal say of looks; all of them come before the settings.

use std::path::Path;

use super::output::no_colour;
use crate::config::themes::Colours;
use crate::config::{Config, ConfigProblem, Signs};
use crate::ui::Looks;

/// Terminals that have all colours, also where `COLORTERM` does not come along, as through ssh.
const TRUE_COLOUR: [&str; 6] = ["alacritty", "foot", "wezterm", "xterm-ghostty", "xterm-kitty", "-direct"];

/// What of the command line decides how things look.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct LookArgs {
    /// Theme, by its name, or auto
    #[arg(long, value_name = "NAME", global = true)]
    theme: Option<String>,
    /// Draw with ASCII signs
    #[arg(long, global = true)]
    ascii: bool,
    /// Draw with ASCII signs, without frames, emoji and movement: for screen readers and weak terminals
    #[arg(long, global = true)]
    plain: bool,
}

impl LookArgs {
    /// Lets it come before the settings. What cannot be used is told with where it stands.
    pub fn settle(&self, config: &mut Config) -> Vec<(&'static Path, ConfigProblem)> {
        let signs = match (self.plain, self.ascii) {
            (true, _) => Signs::Plain,
            (false, true) => Signs::Ascii,
            (false, false) => Signs::Usual,
        };
        config.looks.signs = config.looks.signs.max(signs);
        let variable = std::env::var("FRONTPAGE_THEME").ok().filter(|name| !name.is_empty());
        let mut wrong = Vec::new();
        for (place, name) in [("$FRONTPAGE_THEME", variable.as_ref()), ("frontpage --theme", self.theme.as_ref())] {
            let wished = name.map(|name| config.themes.wish_for(name));
            wrong.extend(wished.and_then(Result::err).map(|problem| (Path::new(place), problem)));
        }
        config.themes.colours = if no_colour() { Colours::None } else { Colours::True };
        wrong
    }
}

/// How the screen is laid out and written.
pub fn looks(config: &Config) -> Looks {
    Looks::new(&config.looks)
}

/// The colours that the terminal can show.
pub fn colours_of_terminal() -> Colours {
    let is = |name: &str, known: &[&str]| {
        std::env::var(name).is_ok_and(|value| known.iter().any(|known| value.ends_with(known)))
    };
    match () {
        () if no_colour() => Colours::None,
        () if is("COLORTERM", &["truecolor", "24bit"]) || is("TERM", &TRUE_COLOUR) => Colours::True,
        () => Colours::Palette,
    }
}
