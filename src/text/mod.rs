//! Text on a screen of cells: width, cutting, wrapping, ASCII replacements, hyperlinks and progress bars.
//!
//! Widths are in columns, counted by grapheme cluster as ratatui draws them.

pub mod ascii;
mod columns;
pub mod hyperlinks;
pub mod positioned_lines;
pub mod progress_bar;
mod wrap;

pub use columns::{cut, fit, grouped, repeat, span, spans_width, width};
pub use positioned_lines::{PagePart, PositionedLines, TextPosition};
pub use wrap::{Piece, breaks_anywhere, widest_cluster, wrap, wrap_code, wrap_with_positions};
