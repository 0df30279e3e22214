//! The words of a block, gathered until the block is written.

use ratatui::style::Style;

use crate::feed::clean::{self, SafeText};
use crate::text::Piece;

/// The words of a block as they are read. What stands side by side in one style is cleaned as a whole, because a parser
/// hands out `&#27;[2J` as two texts, and only together they are a control sequence.
#[derive(Default)]
pub struct Words {
    raw: String,
    style: Style,
    pieces: Vec<Piece>,
}

impl Words {
    /// Takes words as the parser hands them out.
    pub fn read(&mut self, words: &str, style: Style) {
        if style != self.style {
            self.seal();
            self.style = style;
        }
        self.raw.push_str(words);
    }

    /// Adds words of our own.
    pub fn add(&mut self, text: impl Into<SafeText>, style: Style) {
        self.seal();
        self.pieces.push(Piece { text: text.into(), style });
    }

    fn seal(&mut self) {
        let text = clean::run(&self.raw);
        self.raw.clear();
        if !text.is_empty() {
            self.pieces.push(Piece { text, style: self.style });
        }
    }

    /// Ends the line. Of several ends two count, which leave one line blank.
    pub fn end_line(&mut self) {
        let there = self.line_ends();
        self.part(2.min(there + 1));
    }

    /// Parts what was read from what comes by so many ends of lines, together with those that are there.
    pub fn part(&mut self, ends: usize) {
        let there = self.line_ends();
        if there < self.pieces.len() {
            for _ in there..ends {
                self.add("\n", Style::new());
            }
        }
    }

    /// Ends of lines behind the last word.
    fn line_ends(&mut self) -> usize {
        self.seal();
        while self.pieces.pop_if(|piece| piece.text.as_str() == " ").is_some() {}
        self.pieces.iter().rev().take_while(|piece| piece.text.as_str() == "\n").count()
    }

    /// All words read so far; none if they are blank.
    pub fn take(&mut self) -> Vec<Piece> {
        self.seal();
        while self.pieces.pop_if(|piece| piece.text.as_str().trim().is_empty()).is_some() {}
        std::mem::take(&mut self.pieces)
    }
}
