//! Pictures on the screen: where they are, and the cells that wait for them.
//!
//! The code that draws a picture marks its cells. What is drawn over them later removes the mark, so the terminal knows which cells of a
//! picture are visible.

use std::sync::Arc;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

use crate::picture::{Pixels, Size};

/// The sign of a cell of a picture, in kitty's graphics protocol too. No text has it, since `feed::clean` removes it.
pub const PLACEHOLDER: char = '\u{10eeee}';

/// The most columns and rows of a picture: more have no names in kitty's graphics protocol.
pub const MOST_CELLS: u16 = 297;

/// A part of a picture, and the size at which it is drawn.
#[derive(Clone)]
pub struct PicturePart {
    /// All pixels.
    pub pixels: Arc<Pixels>,
    /// The first column and row of the part.
    pub at: (u32, u32),
    /// Width and height of the part.
    pub part: Size,
    /// The size at which it is drawn, in pixels of the screen.
    pub size: Size,
}

impl PartialEq for PicturePart {
    /// Whether both are the same part of the same picture in memory.
    fn eq(&self, other: &PicturePart) -> bool {
        Arc::ptr_eq(&self.pixels, &other.pixels)
            && (self.at, self.part, self.size) == (other.at, other.part, other.size)
    }
}

/// A picture on the screen.
#[derive(Clone, PartialEq)]
pub struct PlacedPicture {
    /// The cells that it fills, as far as they are not scrolled away.
    pub area: Rect,
    /// Rows of the picture above the area.
    pub hidden: u16,
    /// Columns and rows of the whole picture.
    pub cells: (u16, u16),
    /// What is drawn.
    pub picture: PicturePart,
}

/// Marks the cells of an area as those of the picture with a number, which is its position among the pictures of the frame.
pub fn mark(area: Rect, buf: &mut Buffer, number: u8) {
    for position in area.positions() {
        if let Some(cell) = buf.cell_mut(position) {
            cell.set_char(PLACEHOLDER).set_fg(Color::Indexed(number));
            cell.modifier = Modifier::empty();
        }
    }
}

/// The number of the picture to which a cell belongs.
pub fn number_of(cell: &Cell) -> Option<u8> {
    match cell.fg {
        Color::Indexed(number) if cell.symbol().starts_with(PLACEHOLDER) => Some(number),
        _ => None,
    }
}
