//! The styles of the parts of a body.

use ratatui::style::{Modifier, Style};

use super::callout::CalloutStyles;
use super::code_block::CodeStyles;

/// Styles of the parts of a body. Each is patched over the style around it: bold text in a quote has both styles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarkdownStyles {
    /// Plain text.
    pub text: Style,
    /// Headings with their `#`, and header rows of tables.
    pub heading: Style,
    /// `*emphasis*`
    pub emphasis: Style,
    /// `**strong**`
    pub strong: Style,
    /// Inline code and code blocks.
    pub code: Style,
    /// The pieces of code blocks.
    pub code_pieces: CodeStyles,
    /// The text of links, and captions of images.
    pub link: Style,
    /// The text of links to articles that the library does not have.
    pub missing_link: Style,
    /// Quotes with their bar.
    pub quote: Style,
    /// The bars and titles of callouts.
    pub callouts: CalloutStyles,
    /// Rules, table lines, the bar of code blocks, and notices that something was cut.
    pub rule: Style,
    /// Bullets, and the numbers of items, links and footnotes.
    pub marker: Style,
}

impl Default for MarkdownStyles {
    /// No colours.
    fn default() -> MarkdownStyles {
        MarkdownStyles {
            text: Style::new(),
            heading: Style::new().add_modifier(Modifier::BOLD),
            emphasis: Style::new().add_modifier(Modifier::ITALIC),
            strong: Style::new().add_modifier(Modifier::BOLD),
            code: Style::new(),
            code_pieces: CodeStyles::default(),
            link: Style::new().add_modifier(Modifier::UNDERLINED),
            missing_link: Style::new().add_modifier(Modifier::DIM),
            quote: Style::new(),
            callouts: CalloutStyles::default(),
            rule: Style::new().add_modifier(Modifier::DIM),
            marker: Style::new().add_modifier(Modifier::DIM),
        }
    }
}
