//! Theme, symbols and colours that the command line and the environment ask for. Both override the settings.

use std::path::Path;

use super::output::no_colour;
#[cfg(feature = "sync")]
use crate::config::SymbolSet;
use crate::config::themes::{ColourDepth, ThemeSetting};
use crate::config::{ConfigProblem, Settings};

/// Heading of the options that all commands have, in the help.
pub const EVERY_COMMAND: &str = "Options of every command";

/// Endings of `TERM` of terminals with 24-bit colour. They set `COLORTERM` too, but ssh does not pass it on.
const TRUE_COLOUR_ENDINGS: [&str; 6] = ["alacritty", "foot", "wezterm", "xterm-ghostty", "xterm-kitty", "-direct"];

/// Beginnings of `TERM` of terminals with only 16 colours.
const SIXTEEN_BEGINNINGS: [&str; 6] = ["linux", "vt", "ansi", "cygwin", "cons25", "wsvt"];
/// Endings of `TERM` of terminals with at most 16 colours, or with a palette of their own (88 colours).
const SIXTEEN_ENDINGS: [&str; 5] = ["-8color", "-16color", "-88color", "-mono", "rxvt-unicode"];

/// Arguments for the theme and the symbols.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct AppearanceArgs {
    /// Name of the theme, or auto
    #[arg(long, value_name = "NAME", global = true, help_heading = EVERY_COMMAND)]
    theme: Option<String>,
    /// Draw with ASCII characters only
    #[arg(long, global = true, help_heading = EVERY_COMMAND)]
    ascii: bool,
    /// As --ascii, and without frames, emoji and animation: for screen readers and simple terminals
    #[arg(long, global = true, help_heading = EVERY_COMMAND)]
    plain: bool,
}

impl AppearanceArgs {
    /// The symbols that the options ask for, without the settings.
    #[cfg(feature = "sync")]
    pub fn symbols(&self) -> SymbolSet {
        Settings { plain: self.plain, ascii: self.ascii, ..Settings::default() }.symbols()
    }

    /// Overrides the settings. Returns the problems, each with the variable or option that it is about.
    pub fn override_settings(&self, settings: &mut Settings) -> Vec<(&'static Path, ConfigProblem)> {
        settings.plain |= self.plain;
        settings.ascii |= self.ascii;
        let variable = std::env::var("FRONTPAGE_THEME").ok().filter(|name| !name.is_empty());
        let mut wrong = Vec::new();
        // The option comes last, because it overrides the variable.
        for (source, name) in [("$FRONTPAGE_THEME", variable.as_ref()), ("--theme", self.theme.as_ref())] {
            match name.map(|name| ThemeSetting::named(name, &settings.themes)) {
                Some(Ok(theme)) => settings.theme = theme,
                Some(Err(problem)) => wrong.push((Path::new(source), problem)),
                None => {}
            }
        }
        wrong
    }
}

/// Colours for a screen that is drawn without a terminal: all, unless `NO_COLOR` is set.
pub fn colours_of_screen() -> ColourDepth {
    if no_colour() { ColourDepth::None } else { ColourDepth::TrueColour }
}

/// Colours that the terminal can show.
pub fn colours_of_terminal() -> ColourDepth {
    if no_colour() { ColourDepth::None } else { colours(|name| std::env::var(name).ok()) }
}

/// Colours of a terminal, by its environment. Unknown terminals get 256 colours: most have them without saying so.
fn colours(variable: impl Fn(&str) -> Option<String>) -> ColourDepth {
    let ends_with = |name: &str, known: &[&str]| {
        variable(name).is_some_and(|value| known.iter().any(|known| value.ends_with(known)))
    };
    let term = variable("TERM").unwrap_or_default();
    let begins_with = |known: &[&str]| known.iter().any(|known| term.starts_with(known));
    // GNU screen reduces 256 colours to 16 unless TERM names 256. tmux may use the same TERM, and does not reduce them.
    let is_screen = begins_with(&["screen"]) && !term.contains("256") && variable("TMUX").is_none();
    match () {
        () if ends_with("COLORTERM", &["truecolor", "24bit"]) || ends_with("TERM", &TRUE_COLOUR_ENDINGS) => {
            ColourDepth::TrueColour
        }
        () if is_screen || begins_with(&SIXTEEN_BEGINNINGS) || ends_with("TERM", &SIXTEEN_ENDINGS) => {
            ColourDepth::Sixteen
        }
        () => ColourDepth::Indexed256,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_by_the_environment() {
        for (variables, expected) in [
            (&[("TERM", "xterm")][..], ColourDepth::Indexed256),
            (&[("TERM", "xterm-256color")], ColourDepth::Indexed256),
            (&[("TERM", "xterm"), ("COLORTERM", "truecolor")], ColourDepth::TrueColour),
            (&[("TERM", "xterm"), ("COLORTERM", "24bit")], ColourDepth::TrueColour),
            (&[("TERM", "xterm"), ("COLORTERM", "1")], ColourDepth::Indexed256),
            (&[("TERM", "xterm-kitty")], ColourDepth::TrueColour),
            (&[("TERM", "xterm-direct")], ColourDepth::TrueColour),
            (&[("TERM", "st-256color")], ColourDepth::Indexed256),
            (&[("TERM", "screen"), ("STY", "1.x")], ColourDepth::Sixteen),
            (&[("TERM", "screen.xterm")], ColourDepth::Sixteen),
            (&[("TERM", "screen.xterm-256color")], ColourDepth::Indexed256),
            (&[("TERM", "screen"), ("TMUX", "/tmp/x,1,0")], ColourDepth::Indexed256),
            (&[("TERM", "tmux-256color"), ("TMUX", "/tmp/x,1,0")], ColourDepth::Indexed256),
            (&[("TERM", "linux")], ColourDepth::Sixteen),
            (&[("TERM", "xterm-16color")], ColourDepth::Sixteen),
            (&[("TERM", "rxvt-88color")], ColourDepth::Sixteen),
            (&[("TERM", "rxvt-unicode-256color")], ColourDepth::Indexed256),
            (&[], ColourDepth::Indexed256),
        ] {
            let of =
                |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(colours(of), expected, "{variables:?}");
        }
    }
}
