//! Collects the inline text of a block until the block is written.

use ratatui::style::Style;

use crate::feed::clean::{self, SafeText};
use crate::text::Piece;

/// The text of a block as styled pieces. Adjacent source text of one style is cleaned as a whole: the parser yields
/// `&#27;[2J` as two texts, which form a control sequence only together.
#[derive(Default)]
pub struct InlineText {
    raw: String,
    style: Style,
    pieces: Vec<Piece>,
    content: Content,
}

/// What a text is, as far as it is known.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Content {
    #[default]
    Nothing,
    /// It is pictures so far, and the caption of the last one is not complete.
    InPicture,
    /// It is pictures.
    Picture,
    /// It is more than pictures.
    Text,
}

impl InlineText {
    /// Adds text from the parser, which is not cleaned yet.
    pub fn push_source(&mut self, text: &str, style: Style) {
        if style != self.style {
            self.flush();
            self.style = style;
        }
        self.raw.push_str(text);
        self.note_text(text);
    }

    /// Adds the program's own text.
    pub fn push_own(&mut self, text: impl Into<SafeText>, style: Style) {
        self.flush();
        let text = text.into();
        self.note_text(text.as_str());
        self.pieces.push(Piece { text, style });
    }

    /// Adds the number of a link, which is no text by itself.
    pub fn push_number(&mut self, number: SafeText, style: Style) {
        let content = self.content;
        self.push_own(number, style);
        self.content = content;
    }

    /// A picture begins: its caption follows.
    pub fn start_picture(&mut self) {
        if matches!(self.content, Content::Nothing | Content::Picture) {
            self.content = Content::InPicture;
        }
    }

    /// The caption of a picture is complete.
    pub fn end_picture(&mut self) {
        if self.content == Content::InPicture {
            self.content = Content::Picture;
        }
    }

    /// True if the text is nothing but pictures.
    pub fn is_picture(&self) -> bool {
        self.content == Content::Picture
    }

    fn note_text(&mut self, text: &str) {
        if self.content != Content::InPicture && !text.trim().is_empty() {
            self.content = Content::Text;
        }
    }

    fn flush(&mut self) {
        let text = clean::run(&self.raw);
        self.raw.clear();
        if !text.is_empty() {
            self.pieces.push(Piece { text, style: self.style });
        }
    }

    /// Ends the line. Two or more line ends in a row leave one blank line.
    pub fn end_line(&mut self) {
        let there = self.trailing_breaks();
        self.break_lines(2.min(there + 1));
    }

    /// Ensures that `ends` line ends follow the text so far, unless there is no text.
    pub fn break_lines(&mut self, ends: usize) {
        let there = self.trailing_breaks();
        if there < self.pieces.len() {
            for _ in there..ends {
                self.push_own("\n", Style::new());
            }
        }
    }

    /// Number of line ends after the last text. Removes blanks there.
    fn trailing_breaks(&mut self) -> usize {
        self.flush();
        while self.pieces.pop_if(|piece| piece.text.as_str() == " ").is_some() {}
        self.pieces.iter().rev().take_while(|piece| piece.text.as_str() == "\n").count()
    }

    /// Takes the pieces, without blank ones at the end.
    pub fn take(&mut self) -> Vec<Piece> {
        self.flush();
        self.content = Content::Nothing;
        while self.pieces.pop_if(|piece| piece.text.as_str().trim().is_empty()).is_some() {}
        std::mem::take(&mut self.pieces)
    }
}
