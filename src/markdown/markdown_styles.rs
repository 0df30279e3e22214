//! The styles of the parts of a body.

use ratatui::style::{Modifier, Style};

use super::callout::CalloutStyles;
use super::code_block::CodeStyles;
use crate::text::CaptionForm;

/// Which signs the parts of a body have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarkdownSigns {
    /// Headings have `#` before them, because no style tells their levels.
    pub headings: bool,
    /// Code in a line of text is between backticks, because no style tells where it ends.
    pub code: bool,
    /// Tasks have `☐` and `☑` before them, not `[ ]` and `[x]`.
    pub boxes: bool,
    /// How captions of pictures are written.
    pub captions: CaptionForm,
}

impl Default for MarkdownSigns {
    /// For text without styles.
    fn default() -> MarkdownSigns {
        MarkdownSigns { headings: true, code: true, boxes: false, captions: CaptionForm::Words }
    }
}

/// Styles of the parts of a body. Each is patched over the style around it: bold text in a quote has both styles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarkdownStyles {
    /// Plain text.
    pub text: Style,
    /// Header rows of tables, and titles of callouts and details.
    pub heading: Style,
    /// Headings: of levels 1 and 2, of level 3, and of the others.
    pub headings: [Style; 3],
    /// The signs beside the styles.
    pub signs: MarkdownSigns,
    /// `*emphasis*`
    pub emphasis: Style,
    /// `**strong**`
    pub strong: Style,
    /// Code in a line of text.
    pub inline_code: Style,
    /// Code blocks.
    pub code: Style,
    /// The pieces of code blocks.
    pub code_pieces: CodeStyles,
    /// The text of links, and of images among words.
    pub link: Style,
    /// The text of links to articles that the library does not have.
    pub missing_link: Style,
    /// Quotes with their bar.
    pub quote: Style,
    /// The bars and titles of callouts.
    pub callouts: CalloutStyles,
    /// Rules, table lines, the bar of code blocks, captions of pictures, and notices that something was cut.
    pub rule: Style,
    /// Bullets, and the numbers of items, links and footnotes.
    pub marker: Style,
}

impl MarkdownStyles {
    /// The style of headings of a level, from 1.
    pub fn heading_of(&self, level: usize) -> Style {
        let [first, third, other] = self.headings;
        match level {
            ..=2 => first,
            3 => third,
            _ => other,
        }
    }
}

impl Default for MarkdownStyles {
    /// No colours.
    fn default() -> MarkdownStyles {
        MarkdownStyles {
            text: Style::new(),
            heading: Style::new().add_modifier(Modifier::BOLD),
            headings: [Style::new().add_modifier(Modifier::BOLD); 3],
            signs: MarkdownSigns::default(),
            emphasis: Style::new().add_modifier(Modifier::ITALIC),
            strong: Style::new().add_modifier(Modifier::BOLD),
            inline_code: Style::new(),
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
