//! A theme: the colours of the screen.

use ratatui::style::Color;

use super::colour;

/// The colours of the screen. No meaning depends on colour alone: there is always a symbol or a word too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Background of the screen (`ground` in the settings); [`Color::Reset`] keeps the terminal's.
    pub background: Color,
    /// Background of the selected row; with [`Color::Reset`], text and background are swapped there.
    pub selected_background: Color,
    /// Text.
    pub text: Color,
    /// Less important text: dates, labels, read articles. With [`Color::Reset`], the terminal's "dim" attribute is used.
    pub dim: Color,
    /// Keys, counts, chosen items.
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
    /// The parts of code blocks, and the background of code within a line.
    pub code_parts: CodeColours,
    /// Symbol of unread articles.
    pub unread: Color,
    /// Warnings and errors.
    pub warning: Color,
    /// Matches of a search.
    pub hit: Color,
}

/// The colours of the parts of code blocks, and the background of code within a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeColours {
    /// Comments and prompts. With [`Color::Reset`], the terminal's "dim" attribute is used.
    pub comment: Color,
    /// Strings, and what a diff adds.
    pub string: Color,
    /// Numbers.
    pub number: Color,
    /// Keywords, keys and tags.
    pub keyword: Color,
    /// Background of code within a line of text (`inline` in the settings). Without it, a theme with a `ground` has a colour
    /// between `ground` and `text`; with [`Color::Reset`], such code has backticks.
    pub inline: Color,
}

/// Accessor of one colour.
type ColourField = fn(&mut Theme) -> &mut Color;

/// The colours with their names in the settings.
pub const THEME_COLOURS: [(&str, ColourField); 19] = [
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
    ("inline", |theme| &mut theme.code_parts.inline),
    ("comment", |theme| &mut theme.code_parts.comment),
    ("string", |theme| &mut theme.code_parts.string),
    ("number", |theme| &mut theme.code_parts.number),
    ("keyword", |theme| &mut theme.code_parts.keyword),
    ("unread", |theme| &mut theme.unread),
    ("warning", |theme| &mut theme.warning),
    ("hit", |theme| &mut theme.hit),
];

/// Colours that follow another one: a theme that sets the second and not the first has the second for both.
pub const FOLLOWING_COLOURS: [(&str, &str); 5] =
    [("frame", "accent"), ("comment", "dim"), ("string", "topic"), ("number", "provider"), ("keyword", "accent")];

impl Default for Theme {
    /// The terminal's own colours, readable on any background. All text has the default text colour, because none of the 16
    /// colours is readable on both black and white, and none but black on every light background: Solarized has pale ones. The
    /// frame and the unread symbol need not be readable.
    fn default() -> Theme {
        Theme { frame: Color::Cyan, unread: Color::Cyan, ..Theme::colourless() }
    }
}

impl Theme {
    /// No colours, for `NO_COLOR`.
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
            code_parts: CodeColours { comment: none, string: none, number: none, keyword: none, inline: none },
            unread: none,
            warning: none,
            hit: none,
        }
    }

    /// Whether the background is light; `None` if the theme keeps that of the terminal.
    pub fn is_light(&self) -> Option<bool> {
        colour::is_light(self.background)
    }

    /// The theme in colours of the 256-colour palette. If text cannot be read on what is left of the selected background, text and
    /// background are swapped there.
    pub fn to_256_colours(mut self) -> Theme {
        let could_be_read = self.has_readable_selection();
        for (_, part) in THEME_COLOURS {
            let colour = part(&mut self);
            *colour = colour::to_256_colours(*colour);
        }
        if could_be_read && !self.has_readable_selection() {
            self.selected_background = Color::Reset;
        }
        if !self.has_readable_code() {
            self.code_parts.inline = Color::Reset;
        }
        self
    }

    /// Gives code within a line of text a faint background, on which code and hits of a search can be read.
    pub fn derive_inline(&mut self) {
        /// Parts of a hundred of the text colour.
        const SHARES: [u8; 4] = [14, 11, 8, 5];
        self.code_parts.inline = Color::Reset;
        for share in SHARES {
            let Some(mixed) = colour::mixed(self.background, self.text, share) else { return };
            self.code_parts.inline = mixed;
            if self.has_readable_code() {
                return;
            }
        }
        self.code_parts.inline = Color::Reset;
    }

    /// Whether what is written on the background of code contrasts with it as WCAG demands.
    fn has_readable_code(&self) -> bool {
        let written = [self.code, self.hit, self.text];
        // A theme in which even less important text has a high contrast has it here too.
        let is_high = colour::contrast(self.dim, self.background).is_some_and(|found| found >= 7.0);
        let least = if is_high { 7.0 } else { 4.5 };
        written
            .iter()
            .all(|colour| colour::contrast(*colour, self.code_parts.inline).is_none_or(|found| found >= least))
    }

    /// Whether text contrasts with the selected background as WCAG demands.
    fn has_readable_selection(&self) -> bool {
        colour::contrast(self.text, self.selected_background).is_none_or(|contrast| contrast >= 4.5)
    }
}
