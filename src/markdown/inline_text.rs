//! The words of a block, gathered until the block is written.

use ratatui::style::Style;

use crate::feed::clean::{self, SafeText};
use crate::text::Piece;

/// The words of a block as they are read. What stands side by side in one style is cleaned as a whole, because a parser
/// hands out `&#27;[2J` as two texts, and only together they are a control sequence.
#[derive(Default)]
pub struct InlineText {
    raw: String,
    style: Style,
    pieces: Vec<Piece>,
}

impl InlineText {
    /// Takes words as the parser hands them out.
    pub fn push_source(&mut self, words: &str, style: Style) {
        if style != self.style {
            self.flush();
            self.style = style;
        }
        self.raw.push_str(words);
    }

    /// Adds words of our own.
    pub fn push_own(&mut self, text: impl Into<SafeText>, style: Style) {
        self.flush();
        self.pieces.push(Piece { text: text.into(), style });
    }

    fn flush(&mut self) {
        let text = clean::run(&self.raw);
        self.raw.clear();
        if !text.is_empty() {
            self.pieces.push(Piece { text, style: self.style });
        }
    }

    /// Ends the line. Of several ends two count, which leave one line blank.
    pub fn end_line(&mut self) {
        let there = self.trailing_breaks();
        self.break_lines(2.min(there + 1));
    }

    /// Parts what was read from what comes by so many ends of lines, together with those that are there.
    pub fn break_lines(&mut self, ends: usize) {
        let there = self.trailing_breaks();
        if there < self.pieces.len() {
            for _ in there..ends {
                self.push_own("\n", Style::new());
            }
        }
    }

    /// Ends of lines behind the last word.
    fn trailing_breaks(&mut self) -> usize {
        self.flush();
        while self.pieces.pop_if(|piece| piece.text.as_str() == " ").is_some() {}
        self.pieces.iter().rev().take_while(|piece| piece.text.as_str() == "\n").count()
    }

    /// All words read so far; none if they are blank.
    pub fn take(&mut self) -> Vec<Piece> {
        self.flush();
        while self.pieces.pop_if(|piece| piece.text.as_str().trim().is_empty()).is_some() {}
        std::mem::take(&mut self.pieces)
    }
}
