//! Callouts: their names, signs and styles.

use pulldown_cmark::BlockQuoteKind;
use ratatui::style::Style;

/// The styles of the bars and titles of callouts, by their kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CalloutStyles {
    /// Something to know.
    pub note: Style,
    /// Something that helps.
    pub tip: Style,
    /// Something that must be known.
    pub important: Style,
    /// Something that may go wrong.
    pub warning: Style,
}

impl CalloutStyles {
    /// The style of a kind. What does harm has that of warnings.
    pub fn of(&self, kind: BlockQuoteKind) -> Style {
        match kind {
            BlockQuoteKind::Note => self.note,
            BlockQuoteKind::Tip => self.tip,
            BlockQuoteKind::Important => self.important,
            BlockQuoteKind::Warning | BlockQuoteKind::Caution => self.warning,
        }
    }
}

/// The sign before the title of a callout. No meaning depends on it: the name or the title follows.
pub fn sign(kind: BlockQuoteKind) -> &'static str {
    match kind {
        BlockQuoteKind::Note => "ℹ ",
        BlockQuoteKind::Tip => "✓ ",
        BlockQuoteKind::Important | BlockQuoteKind::Warning => "! ",
        BlockQuoteKind::Caution => "‼ ",
    }
}

/// The title of a callout without one of its own.
pub fn name(kind: BlockQuoteKind) -> &'static str {
    match kind {
        BlockQuoteKind::Note => "Note",
        BlockQuoteKind::Tip => "Tip",
        BlockQuoteKind::Important => "Important",
        BlockQuoteKind::Warning => "Warning",
        BlockQuoteKind::Caution => "Caution",
    }
}
