//! A theme: some named colours.

use ratatui::style::Color;

use super::colour;

/// The colours of the screen. What they mean is always told by a sign or a word too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// The ground of the whole screen; [`Color::Reset`] leaves that of the terminal.
    pub background: Color,
    /// The ground of the selected row; [`Color::Reset`] has text and ground change places there.
    pub selected_background: Color,
    /// Text.
    pub text: Color,
    /// Text of less weight: dates, labels, what was read. Without a colour the terminal makes it dim.
    pub dim: Color,
    /// Keys, counts, what is picked.
    pub accent: Color,
    /// The frame of the focused pane.
    pub frame: Color,
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

/// A colour of a theme, to be read or set.
type ColourField = fn(&mut Theme) -> &mut Color;

/// The colours by their names.
pub const THEME_COLOURS: [(&str, ColourField); 14] = [
    ("ground", |theme| &mut theme.background),
    ("selected", |theme| &mut theme.selected_background),
    ("text", |theme| &mut theme.text),
    ("dim", |theme| &mut theme.dim),
    ("accent", |theme| &mut theme.accent),
    ("frame", |theme| &mut theme.frame),
    ("title", |theme| &mut theme.title),
    ("provider", |theme| &mut theme.provider),
    ("topic", |theme| &mut theme.topic),
    ("link", |theme| &mut theme.link),
    ("code", |theme| &mut theme.code),
    ("unread", |theme| &mut theme.unread),
    ("warning", |theme| &mut theme.warning),
    ("hit", |theme| &mut theme.hit),
];

impl Default for Theme {
    /// The terminal's own colours, right on any background: all text has the one that the terminal gives to text. Of the sixteen
    /// none can be read on black and on white; frame and dots need not be read.
    fn default() -> Theme {
        Theme { frame: Color::Cyan, unread: Color::Cyan, ..Theme::colourless() }
    }
}

impl Theme {
    /// No colours at all, as `NO_COLOR` asks for.
    pub fn colourless() -> Theme {
        let none = Color::Reset;
        Theme {
            background: none,
            selected_background: none,
            text: none,
            dim: none,
            accent: none,
            frame: none,
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

    /// The same in colours of the palette of 256.
    pub fn to_256_colours(mut self) -> Theme {
        for (_, part) in THEME_COLOURS {
            let colour = part(&mut self);
            *colour = colour::to_256_colours(*colour);
        }
        self
    }
}
