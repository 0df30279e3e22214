//! Keeps columns in line on terminals that do not agree with us about the widths of characters.
//!
//! How many columns an emoji, a flag or a syllable of an Indic script takes is a matter of versions and fonts. A row is sent
//! as one run of characters, so that a single such difference would shift all that stands to the right of it: ages, borders,
//! the next pane. So behind characters of that kind the cursor is placed anew.

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

/// A backend that begins a run of its own behind what terminals may take for wider or narrower than we do.
#[derive(Debug)]
pub struct Aligned<B>(pub B);

impl<B: Backend> Backend for Aligned<B> {
    type Error = B::Error;

    fn draw<'a, I>(&mut self, content: I) -> Result<(), B::Error>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut run = Vec::new();
        let mut is_sure = true;
        for (x, y, cell) in content {
            let was_sure = std::mem::replace(&mut is_sure, has_sure_width(cell.symbol()));
            if is_sure && !was_sure {
                self.0.draw(run.drain(..))?;
            }
            run.push((x, y, cell));
        }
        self.0.draw(run.into_iter())
    }

    fn hide_cursor(&mut self) -> Result<(), B::Error> {
        self.0.hide_cursor()
    }

    fn show_cursor(&mut self) -> Result<(), B::Error> {
        self.0.show_cursor()
    }

    fn get_cursor_position(&mut self) -> Result<Position, B::Error> {
        self.0.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), B::Error> {
        self.0.set_cursor_position(position)
    }

    fn clear(&mut self) -> Result<(), B::Error> {
        self.0.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> Result<(), B::Error> {
        self.0.clear_region(region)
    }

    fn size(&self) -> Result<Size, B::Error> {
        self.0.size()
    }

    fn window_size(&mut self) -> Result<WindowSize, B::Error> {
        self.0.window_size()
    }

    fn flush(&mut self) -> Result<(), B::Error> {
        self.0.flush()
    }
}

/// True for a single character that every terminal gives the same columns, and for the lines of our borders. Ideographs, kana
/// and Hangul take two everywhere.
fn has_sure_width(symbol: &str) -> bool {
    let mut chars = symbol.chars();
    let (Some(c), None) = (chars.next(), chars.next()) else { return false };
    matches!(c,
        ' '..='~'
        | '\u{a1}'..='\u{2ff}' | '\u{370}'..='\u{482}' | '\u{48a}'..='\u{52f}' // Latin, Greek, Cyrillic
        | '\u{1e00}'..='\u{1fff}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{203b}' | '\u{2500}'..='\u{25ff}'
        | '\u{3001}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30a0}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_that_are_sure() {
        for symbol in ["a", "é", "┃", "●", "字", "한", "の", "…", "Я"] {
            assert!(has_sure_width(symbol), "{symbol}");
        }
        for symbol in ["", "e\u{301}", "❤\u{fe0f}", "👩", "🇫🇷", "क्षि", "ก็", "שׁ", "①", "\u{fdfd}", "⚡"]
        {
            assert!(!has_sure_width(symbol), "{symbol}");
        }
    }
}
