//! Text on a screen of cells: width, cutting, wrapping, pages of blocks, ASCII replacements, hyperlinks and progress bars.
//!
//! Widths are in columns, counted by grapheme cluster as ratatui draws them.

pub mod ascii;
mod columns;
mod fold_choices;
pub mod hyperlinks;
mod page;
mod picture_caption;
mod picture_room;
pub mod placed_pictures;
pub mod progress_bar;
pub mod signs;
mod wrap;

pub use columns::{
    counted, cut, cut_at_word, cut_middle, cut_start, fit, grouped, put, repeat, rounded, span, spans_width, width,
};
pub use fold_choices::{FoldChoices, PAGE_DETAILS, PAGE_DETAILS_PLACE};
pub use page::{BlockKind, Page, PageBlock, PageFold, PagePicture};
pub use picture_caption::{Caption, CaptionForm, Captions};
pub use picture_room::PictureRoom;
pub use wrap::{Piece, WrappedLine, breaks_anywhere, widest_cluster, wrap, wrap_code, wrap_with_positions};
