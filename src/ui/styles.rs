//! Derives the styles of all parts of the screen from the colours of a theme.

use ratatui::style::{Color, Modifier, Style};

use crate::config::SymbolSet;
use crate::config::theme::Theme;
use crate::markdown::{CalloutStyles, CodeStyles, MarkdownSigns, MarkdownStyles};
use crate::text::CaptionForm;

/// The styles of the parts of the screen.
#[derive(Clone, Debug)]
pub struct Styles {
    /// The whole screen, before anything else is drawn.
    pub background: Style,
    /// Text.
    pub text: Style,
    /// Less important text.
    pub dim: Style,
    /// Titles.
    pub title: Style,
    /// Keys, counts and picked entries.
    pub accent: Style,
    /// Names of providers.
    pub provider: Style,
    /// Topics.
    pub topic: Style,
    /// Links.
    pub link: Style,
    /// The sign of unread articles.
    pub unread: Style,
    /// Warnings and failures.
    pub warning: Style,
    /// Hits of a search.
    pub hit: HitStyles,
    /// The selected row.
    pub selected: SelectedStyles,
    /// Frames of panes and overlays.
    pub frame: FrameStyles,
    /// Bodies.
    pub markdown: MarkdownStyles,
}

/// Styles of search hits.
#[derive(Clone, Copy, Debug)]
pub struct HitStyles {
    /// The current hit.
    pub here: Style,
    /// The others.
    pub other: Style,
}

/// Styles of the selected row.
#[derive(Clone, Copy, Debug)]
pub struct SelectedStyles {
    /// In the focused pane and in overlays.
    pub focused: Style,
    /// In other panes.
    pub other: Style,
}

/// Styles of frames.
#[derive(Clone, Copy, Debug)]
pub struct FrameStyles {
    /// The frame of the focused pane.
    pub focused: Style,
    /// The title in that frame.
    pub focused_title: Style,
    /// Frames of other panes, with their titles.
    pub other: Style,
}

impl Styles {
    /// The styles of a theme, for a screen with these symbols.
    pub fn new(theme: &Theme, symbols: SymbolSet) -> Styles {
        let colour = |colour: Color| match colour {
            Color::Reset => Style::new(),
            colour => Style::new().fg(colour),
        };
        // A theme without a colour for it leaves dimming to the terminal.
        let dimmed = |of: Color| if of == Color::Reset { Style::new().add_modifier(Modifier::DIM) } else { colour(of) };
        let dim = dimmed(theme.dim);
        let bold = Modifier::BOLD;
        let link = colour(theme.link).add_modifier(Modifier::UNDERLINED);
        // Underlined too, because the style of a selected row overrides colour and weight.
        let hit = colour(theme.hit).add_modifier(bold | Modifier::UNDERLINED).remove_modifier(Modifier::DIM);
        let on = |style: Style, background: Color| match background {
            Color::Reset => style,
            background => style.bg(background),
        };
        // One colour for the whole row: if each part were reversed by itself, the row would be a patchwork of colours.
        let selected = match theme.selected_background {
            Color::Reset => on(Style::new().fg(theme.text).add_modifier(Modifier::REVERSED), theme.background),
            background => Style::new().fg(theme.text).bg(background),
        };
        let (is_plain, is_colourless) = (symbols == SymbolSet::Plain, *theme == Theme::colourless());
        // Without a colour of their own, a line below the first headings makes them differ from the others.
        let first_heading = match (theme.accent, is_plain || is_colourless) {
            (Color::Reset, false) => Style::new().add_modifier(Modifier::UNDERLINED),
            (accent, _) => colour(accent),
        };
        Styles {
            background: on(colour(theme.text), theme.background),
            text: colour(theme.text),
            dim,
            title: colour(theme.title).add_modifier(bold),
            accent: colour(theme.accent),
            provider: colour(theme.provider),
            topic: colour(theme.topic),
            link,
            unread: colour(theme.unread).add_modifier(bold),
            warning: colour(theme.warning),
            hit: HitStyles { here: hit.add_modifier(Modifier::REVERSED), other: hit },
            selected: SelectedStyles {
                focused: selected.remove_modifier(Modifier::DIM | Modifier::BOLD),
                other: Style::new().add_modifier(bold),
            },
            frame: FrameStyles {
                focused: colour(theme.frame).add_modifier(bold),
                // Set even to `Reset`, because the title is drawn over the border, which has a colour.
                focused_title: Style::new().fg(theme.accent).add_modifier(bold),
                other: dim,
            },
            markdown: MarkdownStyles {
                text: colour(theme.text),
                heading: colour(theme.title).add_modifier(bold),
                headings: [first_heading, colour(theme.text), dim].map(|style| style.add_modifier(bold)),
                inline_code: on(colour(theme.code), if is_plain { Color::Reset } else { theme.code_parts.inline }),
                signs: MarkdownSigns {
                    headings: is_plain || is_colourless,
                    code: is_plain || theme.code_parts.inline == Color::Reset,
                    boxes: symbols == SymbolSet::Unicode,
                    captions: CaptionForm::of(symbols),
                },
                emphasis: Style::new().add_modifier(Modifier::ITALIC),
                strong: Style::new().add_modifier(bold),
                code: colour(theme.code),
                code_pieces: CodeStyles {
                    comment: dimmed(theme.code_parts.comment),
                    string: colour(theme.code_parts.string),
                    number: colour(theme.code_parts.number),
                    keyword: colour(theme.code_parts.keyword),
                    removed: colour(theme.warning),
                },
                link,
                missing_link: dim,
                quote: dim,
                callouts: CalloutStyles {
                    note: colour(theme.provider),
                    tip: colour(theme.code),
                    important: colour(theme.topic),
                    warning: colour(theme.warning),
                },
                rule: dim,
                marker: colour(theme.accent),
            },
        }
    }
}
