//! The capabilities and the look of the terminal, from its environment variables and its replies.

use std::env;

use crate::config::{SymbolSet, colour};
use crate::feed::{SafeText, clean};
use crate::text::{ascii, grouped};

/// Whether the terminal's background is light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Background {
    /// Needs dark text.
    Light,
    /// Needs light text.
    Dark,
}

/// Kinds of clusters that take more columns in the terminal than in a frame.
///
/// A terminal that adds up the characters of an emoji may hide the text after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WidthQuirks {
    /// Families and other emoji that are joined by zero-width joiners.
    pub zwj_is_wide: bool,
    /// Emoji with a skin tone.
    pub skin_tone_is_wide: bool,
    /// Symbols that a variation selector turns into emoji.
    pub variation_is_wide: bool,
    /// A left-to-right mark, which only orders the text around it, takes a column.
    pub mark_is_wide: bool,
}

impl WidthQuirks {
    /// One cluster of each kind, in the order of the fields, to be measured.
    pub const PROBES: [&str; 4] = ["👨\u{200d}👩\u{200d}👧\u{200d}👦", "👍🏽", "❤\u{fe0f}", "a\u{200e}"];

    /// The quirks of a terminal that adds up all characters.
    pub const ALL: WidthQuirks =
        WidthQuirks { zwj_is_wide: true, skin_tone_is_wide: true, variation_is_wide: true, mark_is_wide: true };

    /// The quirks to assume before the terminal is queried.
    // tmux and screen answer for themselves and not for the terminal that they draw on, which may add up what they take for one
    // emoji.
    pub fn before_query(variable: impl Fn(&str) -> Option<String>) -> WidthQuirks {
        let is_within = variable("TMUX").or(variable("STY")).is_some()
            || variable("TERM").is_some_and(|term| term.starts_with("tmux") || term.starts_with("screen"));
        WidthQuirks { zwj_is_wide: is_within, skin_tone_is_wide: is_within, ..WidthQuirks::default() }
    }

    /// All quirks of both.
    pub fn or(self, other: WidthQuirks) -> WidthQuirks {
        WidthQuirks {
            zwj_is_wide: self.zwj_is_wide || other.zwj_is_wide,
            skin_tone_is_wide: self.skin_tone_is_wide || other.skin_tone_is_wide,
            variation_is_wide: self.variation_is_wide || other.variation_is_wide,
            mark_is_wide: self.mark_is_wide || other.mark_is_wide,
        }
    }

    /// The quirks that follow from the measured columns of [`WidthQuirks::PROBES`].
    pub fn from_columns([zwj, skin_tone, variation, mark]: [u16; 4]) -> WidthQuirks {
        WidthQuirks {
            zwj_is_wide: zwj > 2,
            skin_tone_is_wide: skin_tone > 2,
            variation_is_wide: variation > 2,
            mark_is_wide: mark > 1,
        }
    }
}

impl Background {
    /// By the relative luminance of a colour, each part from 0 to 1.
    pub fn of_colour(parts: [f64; 3]) -> Background {
        Background::of_light(colour::are_light(parts))
    }

    /// Parses `$COLORFGBG`, which some terminals set: numbers of the 16 colours in two or three fields, the background last.
    pub fn of_variable(value: &str) -> Option<Background> {
        let (_, number) = value.rsplit_once(';')?;
        match number.parse().ok()? {
            7 | 9..=15 => Some(Background::Light),
            0..=6 | 8 => Some(Background::Dark),
            _ => None,
        }
    }

    /// From the value that the bookmark stores.
    pub fn of_light(light: bool) -> Background {
        if light { Background::Light } else { Background::Dark }
    }
}

/// The value of an environment variable; `None` if it is empty.
pub fn env_variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// Terminals that may print operating system commands (OSC) as text, by the beginning of `$TERM`.
const NO_OSC: [&str; 9] = ["linux", "dumb", "vt1", "vt2", "vt52", "ansi", "cons25", "wsvt", "eterm"];

/// Whether the terminal handles operating system commands (OSC), or at least skips unknown ones. If so, it is asked for its
/// background and gets a title.
pub fn supports_osc(variable: impl Fn(&str) -> Option<String>) -> bool {
    variable("TERM").is_some_and(|term| !NO_OSC.iter().any(|simple| term.starts_with(simple)))
}

/// Whether hyperlinks may be sent. Terminals without hyperlinks skip them, except for a few.
pub fn supports_hyperlinks(variable: impl Fn(&str) -> Option<String>) -> bool {
    let apple = variable("TERM_PROGRAM").is_some_and(|program| program == "Apple_Terminal");
    supports_osc(&variable) && !apple && variable("STY").is_none()
}

/// Whether the terminal shows italics. GNU screen shows them reversed, like search hits; tmux, which may use the same `$TERM`, does
/// not.
pub fn supports_italics(variable: impl Fn(&str) -> Option<String>) -> bool {
    let is_screen = variable("TERM").is_some_and(|term| term.starts_with("screen"));
    !is_screen || variable("TMUX").is_some()
}

/// The title of the window, in the symbol set of the screen: `frontpage · 282 unread`.
pub fn title(unread: usize, symbols: SymbolSet) -> SafeText {
    let title = match unread {
        0 => "frontpage".to_owned(),
        unread => format!("frontpage · {} unread", grouped(unread)),
    };
    clean::plain_line(&ascii::line(&title, symbols))
}

/// The background, for terminals that do not report it.
pub fn background_from_env() -> Option<Background> {
    background_of(env_variable)
}

/// The background by `$COLORFGBG`; dark for the console of Linux, which sets no such variable.
fn background_of(variable: impl Fn(&str) -> Option<String>) -> Option<Background> {
    let named = variable("COLORFGBG").and_then(|value| Background::of_variable(&value));
    named.or_else(|| variable("TERM").filter(|term| term == "linux").map(|_| Background::Dark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_console_of_linux_is_dark() {
        for (term, colours, expected) in [
            ("linux", None, Some(Background::Dark)),
            ("linux", Some("0;15"), Some(Background::Light)),
            ("linux", Some("?"), Some(Background::Dark)),
            ("xterm", None, None),
            ("xterm", Some("15;0"), Some(Background::Dark)),
        ] {
            let variable = |name: &str| match name {
                "TERM" => Some(term.to_owned()),
                _ => colours.map(str::to_owned),
            };
            assert_eq!(background_of(variable), expected, "{term} {colours:?}");
        }
    }

    #[test]
    fn backgrounds_by_colour() {
        for (colour, expected) in [
            ([0.0, 0.0, 0.0], Background::Dark),
            ([1.0, 1.0, 1.0], Background::Light),
            ([0.0, 0.17, 0.21], Background::Dark),   // Solarized
            ([0.99, 0.96, 0.89], Background::Light), // Solarized
            ([0.16, 0.16, 0.16], Background::Dark),
            ([0.0, 0.0, 1.0], Background::Dark),
            ([0.0, 1.0, 0.0], Background::Light),
            ([0.45, 0.45, 0.45], Background::Dark),
            ([0.47, 0.47, 0.47], Background::Light),
        ] {
            assert_eq!(Background::of_colour(colour), expected, "{colour:?}");
        }
    }

    #[test]
    fn backgrounds_by_variable() {
        let (light, dark) = (Some(Background::Light), Some(Background::Dark));
        for (value, expected) in [
            ("15;0", dark),
            ("0;15", light),
            ("0;default;15", light),
            ("15;default;0", dark),
            ("0;7", light),
            ("7;8", dark),
            ("12;3", dark),
            ("0;231", None),
            ("default;default", None),
            ("15", None),
            ("", None),
        ] {
            assert_eq!(Background::of_variable(value), expected, "{value}");
        }
    }

    /// An environment, from alternating names and values.
    fn of<'a>(pairs: &'a [&'a str]) -> impl Fn(&str) -> Option<String> + 'a {
        move |name| pairs.chunks(2).find(|pair| pair[0] == name).map(|pair| pair[1].to_owned())
    }

    #[test]
    fn in_a_multiplexer_emoji_are_assumed_to_be_wide() {
        let wide = WidthQuirks { zwj_is_wide: true, skin_tone_is_wide: true, ..WidthQuirks::default() };
        for (pairs, expected) in [
            (&["TERM", "tmux-256color"][..], wide),
            (&["TERM", "xterm-256color", "TMUX", "/tmp/x,1,0"], wide),
            (&["TERM", "screen.xterm-256color", "STY", "1.x"], wide),
            (&["TERM", "xterm-kitty"], WidthQuirks::default()),
            (&[], WidthQuirks::default()),
        ] {
            assert_eq!(WidthQuirks::before_query(of(pairs)), expected, "{pairs:?}");
        }
        let marks = WidthQuirks { mark_is_wide: true, ..WidthQuirks::default() };
        assert_eq!(marks.or(wide), WidthQuirks { mark_is_wide: true, ..wide });
    }

    #[test]
    fn which_terminals_get_links() {
        for (pairs, expected) in [
            (&["TERM", "xterm-256color"][..], true),
            (&["TERM", "xterm-kitty"], true),
            (&["TERM", "tmux-256color", "TMUX", "/tmp/x,1,0"], true),
            (&["TERM", "linux"], false),
            (&["TERM", "dumb"], false),
            (&["TERM", "vt100"], false),
            (&[], false),
            (&["TERM", "xterm-256color", "TERM_PROGRAM", "Apple_Terminal"], false),
            (&["TERM", "xterm-256color", "TERM_PROGRAM", "iTerm.app"], true),
            (&["TERM", "screen", "STY", "1.pts"], false),
        ] {
            assert_eq!(supports_hyperlinks(of(pairs)), expected, "{pairs:?}");
        }
    }

    #[test]
    fn which_terminals_support_osc() {
        for (term, expected) in [
            ("xterm", true),
            ("xterm-256color", true),
            ("screen", true),
            ("tmux-256color", true),
            ("rxvt-unicode", true),
            ("st-256color", true),
            ("linux", false),
            ("linux-16color", false),
            ("vt100", false),
            ("vt220", false),
            ("ansi", false),
            ("eterm-color", false),
        ] {
            assert_eq!(supports_osc(of(&["TERM", term])), expected, "{term}");
        }
        assert!(!supports_osc(|_| None));
    }

    #[test]
    fn which_terminals_show_italics() {
        for (pairs, expected) in [
            (&["TERM", "xterm-256color"][..], true),
            (&["TERM", "screen"], false),
            (&["TERM", "screen.xterm-256color", "STY", "1.x"], false),
            (&["TERM", "screen-256color"], false),
            (&["TERM", "screen-256color", "TMUX", "/tmp/x,1,0"], true),
            (&["TERM", "tmux-256color", "TMUX", "/tmp/x,1,0"], true),
        ] {
            assert_eq!(supports_italics(of(pairs)), expected, "{pairs:?}");
        }
    }

    #[test]
    fn the_title_counts_unread_articles() {
        for (unread, symbols, title) in [
            (0, SymbolSet::Unicode, "frontpage"),
            (282, SymbolSet::Unicode, "frontpage · 282 unread"),
            (1_592, SymbolSet::Unicode, "frontpage · 1,592 unread"),
            (1, SymbolSet::Ascii, "frontpage - 1 unread"),
            (1, SymbolSet::Plain, "frontpage - 1 unread"),
        ] {
            assert_eq!(super::title(unread, symbols).as_str(), title);
        }
    }
}
