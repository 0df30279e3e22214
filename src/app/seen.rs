//! What the last frame showed: the session moves by what the reader saw, not by what it guesses.

use ratatui::layout::Rect;

use crate::feed::ArticleId;

/// The first lines of an article on the screen: a number for each, the same for the same words; 0 for an empty one.
pub type Top = [u64; 16];

/// What a frame showed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Where the rows of the list stood; empty when the list was not shown.
    pub list: Rect,
    /// Where the lines of the article stood.
    pub detail: Rect,
    /// Where the related articles stood.
    pub related: Rect,
    /// Lines of a row of the list.
    pub list_row_lines: u16,
    /// First row of the list that was shown.
    pub list_offset: usize,
    /// First line of the article that was shown.
    pub detail_offset: usize,
    /// The article, and how it began.
    pub detail_top: Option<(ArticleId, Top)>,
    /// Lines of the article in all.
    pub detail_lines: usize,
    /// Hits of what is being found in the article.
    pub find_hits: usize,
    /// The one of them that one stands on.
    pub find_at: Option<usize>,
    /// Related articles for which there was room.
    pub related_entries: usize,
    /// First related article that was shown.
    pub related_offset: usize,
    /// Rows or lines that fit into the overlay.
    pub overlay_height: usize,
    /// Rows or lines of the overlay in all.
    pub overlay_lines: usize,
    /// Rows of the list that were built for this frame.
    pub rows_built: usize,
}

impl Seen {
    /// Rows of a full page of the list.
    pub fn list_page(&self) -> usize {
        usize::from(self.list.height / self.list_row_lines.max(1)).max(1)
    }

    /// The row of the list that stands on a line of the screen. Whether there is one, the list knows.
    pub fn list_row_at(&self, line: u16) -> Option<usize> {
        let below = line.checked_sub(self.list.y).filter(|_| line < self.list.bottom())?;
        Some(self.list_offset + usize::from(below / self.list_row_lines.max(1)))
    }

    /// Lines of a full page of the article.
    pub fn detail_page(&self) -> usize {
        usize::from(self.detail.height).max(1)
    }
}
