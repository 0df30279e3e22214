//! Text on a screen of cells: its width, where it is cut and wrapped, its twin in ASCII, and the links in it.
//!
//! Grapheme clusters are counted in columns, as ratatui draws them.

mod columns;
pub mod gauge;
pub mod links;
pub mod placed;
pub mod plain;
mod wrap;

pub use columns::{cut, fit, grouped, repeat, span, spans_width, width};
pub use placed::{PagePart, PlacedLines, TextPosition};
pub use wrap::{Piece, breaks_anywhere, split, widest_cluster, wrap, wrap_placed};
