//! Themes: a dozen named colours.

use ratatui::style::Color;

/// The colours of the screen. What they mean is always told by a sign or a word too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Text.
    pub text: Color,
    /// Text of less weight: dates, labels, what was read.
    pub dim: Color,
    /// The focused pane, keys, counts.
    pub accent: Color,
    /// Titles and headings.
    pub title: Color,
    /// Names of providers.
    pub provider: Color,
    /// Topics.
    pub topic: Color,
    /// Links.
    pub link: Color,
    /// Code.
    pub code: Color,
    /// The mark of what is unread.
    pub unread: Color,
    /// Warnings and failures.
    pub warning: Color,
    /// Hits of a search.
    pub hit: Color,
}

impl Default for Theme {
    /// The terminal's own sixteen colours, hence right on light and dark backgrounds.
    fn default() -> Theme {
        Theme {
            text: Color::Reset,
            dim: Color::DarkGray,
            accent: Color::Cyan,
            title: Color::Reset,
            provider: Color::Blue,
            topic: Color::Magenta,
            link: Color::Blue,
            code: Color::Green,
            unread: Color::Cyan,
            warning: Color::Yellow,
            hit: Color::Yellow,
        }
    }
}

impl Theme {
    /// No colours at all, as `NO_COLOR` asks for.
    pub fn colourless() -> Theme {
        let none = Color::Reset;
        Theme {
            text: none,
            dim: none,
            accent: none,
            title: none,
            provider: none,
            topic: none,
            link: none,
            code: none,
            unread: none,
            warning: none,
            hit: none,
        }
    }
}
