//! What the terminal can do and how it looks, as far as it says so or is known for it.

use std::env;

use crate::config::SymbolSet;
use crate::feed::{SafeText, clean};
use crate::text::ascii;

/// The most characters of a library's name that the title of the window has.
const MAX_TITLE: usize = 80;

/// Whether what stands behind the text is light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Background {
    /// Dark text is read on it.
    Light,
    /// Light text is read on it.
    Dark,
}

/// What takes more columns in the terminal than in a frame, by an answer. A terminal that adds up the characters of an emoji may
/// hide what stands behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WidthQuirks {
    /// Families and other emoji that a joiner makes one.
    pub zwj_is_wide: bool,
    /// Emoji with a colour of the skin.
    pub skin_tone_is_wide: bool,
    /// Signs that a variation selector makes emoji.
    pub variation_is_wide: bool,
    /// A mark that only orders the text around it takes a column.
    pub mark_is_wide: bool,
}

impl WidthQuirks {
    /// One of each kind, to be measured.
    pub const PROBES: [&str; 4] = ["👨\u{200d}👩\u{200d}👧\u{200d}👦", "👍🏽", "❤\u{fe0f}", "a\u{200e}"];

    /// Of a terminal that adds up all characters.
    pub const ALL: WidthQuirks =
        WidthQuirks { zwj_is_wide: true, skin_tone_is_wide: true, variation_is_wide: true, mark_is_wide: true };

    /// Before it was asked. tmux and screen answer for themselves, and not for the terminal that they draw on, which may add up
    /// what they take for one emoji.
    pub fn before_query(variable: impl Fn(&str) -> Option<String>) -> WidthQuirks {
        let is_within = variable("TMUX").or(variable("STY")).is_some()
            || variable("TERM").is_some_and(|term| term.starts_with("tmux") || term.starts_with("screen"));
        WidthQuirks { zwj_is_wide: is_within, skin_tone_is_wide: is_within, ..WidthQuirks::default() }
    }

    /// What is wide by either.
    pub fn or(self, other: WidthQuirks) -> WidthQuirks {
        WidthQuirks {
            zwj_is_wide: self.zwj_is_wide || other.zwj_is_wide,
            skin_tone_is_wide: self.skin_tone_is_wide || other.skin_tone_is_wide,
            variation_is_wide: self.variation_is_wide || other.variation_is_wide,
            mark_is_wide: self.mark_is_wide || other.mark_is_wide,
        }
    }

    /// By the columns of those.
    pub fn from_columns([joined, toned, styled, marked]: [u16; 4]) -> WidthQuirks {
        WidthQuirks {
            zwj_is_wide: joined > 2,
            skin_tone_is_wide: toned > 2,
            variation_is_wide: styled > 2,
            mark_is_wide: marked > 1,
        }
    }
}

impl Background {
    /// By the relative luminance of a colour, each part from 0 to 1: light when black is read better on it than white.
    pub fn of_colour(parts: [f64; 3]) -> Background {
        let linear = |part: f64| if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) };
        let [r, g, b] = parts.map(linear);
        let luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        // Where the contrast with both is the same.
        if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) { Background::Light } else { Background::Dark }
    }

    /// By what some terminals say in `$COLORFGBG`: the numbers of two of the sixteen colours, or three fields of which the last is
    /// the background.
    pub fn of_variable(value: &str) -> Option<Background> {
        let (_, number) = value.rsplit_once(';')?;
        match number.parse().ok()? {
            7 | 9..=15 => Some(Background::Light),
            0..=6 | 8 => Some(Background::Dark),
            _ => None,
        }
    }

    /// The same as it is kept.
    pub fn of_light(light: bool) -> Background {
        if light { Background::Light } else { Background::Dark }
    }
}

/// The value of a variable of the environment; none for an empty one.
pub fn env_variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// Terminals that may print a command of the operating system (OSC) as text, for they know none: by the beginning of their names.
const NO_OSC: [&str; 9] = ["linux", "dumb", "vt1", "vt2", "vt52", "ansi", "cons25", "wsvt", "eterm"];

/// Whether it understands commands of the operating system, or passes over those that it does not know: then it is asked for its
/// background, and gets a title.
pub fn supports_osc(variable: impl Fn(&str) -> Option<String>) -> bool {
    variable("TERM").is_some_and(|term| !NO_OSC.iter().any(|simple| term.starts_with(simple)))
}

/// Whether links may be sent: terminals that cannot open them pass them over, but for a few.
pub fn supports_hyperlinks(variable: impl Fn(&str) -> Option<String>) -> bool {
    let apple = variable("TERM_PROGRAM").is_some_and(|program| program == "Apple_Terminal");
    supports_osc(&variable) && !apple && variable("STY").is_none()
}

/// Whether it has italics. GNU screen shows them in reverse, as if they were hits; tmux, which may have the same name, does not.
pub fn supports_italics(variable: impl Fn(&str) -> Option<String>) -> bool {
    let is_screen = variable("TERM").is_some_and(|term| term.starts_with("screen"));
    !is_screen || variable("TMUX").is_some()
}

/// The title of the window, in the signs that the screen is drawn with.
pub fn title(library: &SafeText, symbols: SymbolSet) -> SafeText {
    let name: String = library.as_str().chars().take(MAX_TITLE).collect();
    clean::plain_line(&ascii::line(&format!("frontpage — {name}"), symbols))
}

/// The background, for terminals that do not answer.
pub fn background_from_env() -> Option<Background> {
    Background::of_variable(&env_variable("COLORFGBG")?)
}

#[cfg(test)]
mod tests {
    use super::*;

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

    /// Variables by their names and values, in pairs.
    fn of<'a>(pairs: &'a [&'a str]) -> impl Fn(&str) -> Option<String> + 'a {
        move |name| pairs.chunks(2).find(|pair| pair[0] == name).map(|pair| pair[1].to_owned())
    }

    #[test]
    fn in_what_stands_between_only_the_first_emoji_is_sure() {
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
    fn which_terminals_know_commands() {
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
    fn which_terminals_have_italics() {
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
    fn the_title_names_the_library_and_has_an_end() {
        let title = |name: &str, symbols| title(&clean::plain_line(name), symbols).to_string();
        assert_eq!(title("news", SymbolSet::Unicode), "frontpage — news");
        assert_eq!(title("news…", SymbolSet::Plain), "frontpage - news~");
        assert_eq!(title("a\u{7}b\u{1b}]0;c\u{9c}", SymbolSet::Unicode), "frontpage — ab");
        assert_eq!(title(&"潮".repeat(500), SymbolSet::Unicode).chars().count(), 12 + MAX_TITLE);
    }
}
