//! Theme, signs and colours as the command line and the environment ask for them. Both override the settings.

use std::path::Path;

use super::output::no_colour;
use crate::config::themes::{Colours, ThemeWish};
use crate::config::{ConfigProblem, Settings};

/// Endings of `TERM` of terminals with 24-bit colour. `COLORTERM` would say it too, but ssh does not pass it on.
const TRUE_COLOUR: [&str; 6] = ["alacritty", "foot", "wezterm", "xterm-ghostty", "xterm-kitty", "-direct"];

/// Beginnings of `TERM` of terminals with only 16 colours.
const SIXTEEN: [&str; 6] = ["linux", "vt", "ansi", "cygwin", "cons25", "wsvt"];
/// Endings of `TERM` of terminals with only 16 colours.
const FEW: [&str; 5] = ["-8color", "-16color", "-88color", "-mono", "rxvt-unicode"];

/// Arguments for the theme and the signs.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct AppearanceArgs {
    /// Name of the theme, or auto
    #[arg(long, value_name = "NAME", global = true)]
    theme: Option<String>,
    /// Draw with ASCII characters only
    #[arg(long, global = true)]
    ascii: bool,
    /// As --ascii, and without frames, emoji and animation: for screen readers and simple terminals
    #[arg(long, global = true)]
    plain: bool,
}

impl AppearanceArgs {
    /// Overrides the settings. Returns problems, each with the variable or option that has it.
    pub fn override_settings(&self, settings: &mut Settings) -> Vec<(&'static Path, ConfigProblem)> {
        settings.plain |= self.plain;
        settings.ascii |= self.ascii;
        let variable = std::env::var("FRONTPAGE_THEME").ok().filter(|name| !name.is_empty());
        let mut wrong = Vec::new();
        for (source, name) in [("$FRONTPAGE_THEME", variable.as_ref()), ("frontpage --theme", self.theme.as_ref())] {
            match name.map(|name| ThemeWish::named(name, &settings.themes)) {
                Some(Ok(wish)) => settings.theme = wish,
                Some(Err(problem)) => wrong.push((Path::new(source), problem)),
                None => {}
            }
        }
        wrong
    }
}

/// Colours for a screen that is drawn without a terminal: all, unless `NO_COLOR` is set.
pub fn colours_of_screen() -> Colours {
    if no_colour() { Colours::None } else { Colours::True }
}

/// Colours that the terminal can show.
pub fn colours_of_terminal() -> Colours {
    if no_colour() { Colours::None } else { colours(|name| std::env::var(name).ok()) }
}

/// Colours of a terminal, by its environment. Unknown terminals get 256 colours: most have them without saying so.
fn colours(variable: impl Fn(&str) -> Option<String>) -> Colours {
    let ends_with = |name: &str, known: &[&str]| {
        variable(name).is_some_and(|value| known.iter().any(|known| value.ends_with(known)))
    };
    let term = variable("TERM").unwrap_or_default();
    let begins_with = |known: &[&str]| known.iter().any(|known| term.starts_with(known));
    // GNU screen reduces 256 colours to 16 unless TERM names 256. tmux may use the same TERM, and does not reduce them.
    let is_screen = begins_with(&["screen"]) && !term.contains("256") && variable("TMUX").is_none();
    match () {
        () if ends_with("COLORTERM", &["truecolor", "24bit"]) || ends_with("TERM", &TRUE_COLOUR) => Colours::True,
        () if is_screen || begins_with(&SIXTEEN) || ends_with("TERM", &FEW) => Colours::Sixteen,
        () => Colours::Palette,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_by_the_environment() {
        for (variables, expected) in [
            (&[("TERM", "xterm")][..], Colours::Palette),
            (&[("TERM", "xterm-256color")], Colours::Palette),
            (&[("TERM", "xterm"), ("COLORTERM", "truecolor")], Colours::True),
            (&[("TERM", "xterm"), ("COLORTERM", "24bit")], Colours::True),
            (&[("TERM", "xterm"), ("COLORTERM", "1")], Colours::Palette),
            (&[("TERM", "xterm-kitty")], Colours::True),
            (&[("TERM", "xterm-direct")], Colours::True),
            (&[("TERM", "st-256color")], Colours::Palette),
            (&[("TERM", "screen"), ("STY", "1.x")], Colours::Sixteen),
            (&[("TERM", "screen.xterm")], Colours::Sixteen),
            (&[("TERM", "screen.xterm-256color")], Colours::Palette),
            (&[("TERM", "screen"), ("TMUX", "/tmp/x,1,0")], Colours::Palette),
            (&[("TERM", "tmux-256color"), ("TMUX", "/tmp/x,1,0")], Colours::Palette),
            (&[("TERM", "linux")], Colours::Sixteen),
            (&[("TERM", "xterm-16color")], Colours::Sixteen),
            (&[("TERM", "rxvt-88color")], Colours::Sixteen),
            (&[("TERM", "rxvt-unicode-256color")], Colours::Palette),
            (&[], Colours::Palette),
        ] {
            let of =
                |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            assert_eq!(colours(of), expected, "{variables:?}");
        }
    }
}
