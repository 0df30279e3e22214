//! What the last frame showed, pane by pane: the session moves by what the reader saw, not by a guess.

use ratatui::layout::{Position, Rect};

use super::focus::Focus;
use crate::feed::ArticleId;
use crate::text::TextPosition;

/// The first lines of an article on the screen: a number for each, the same for the same words; 0 for an empty one.
pub type TopLines = [u64; 16];

/// The most topics of an article that can be pointed at.
pub const MAX_TOPICS: usize = 32;

/// Where a topic of the article was drawn, or the part of it that is on one line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TopicCells {
    /// Its first column on the screen.
    pub column: u16,
    /// Its row.
    pub row: u16,
    /// Its columns; 0 for none.
    pub columns: u16,
    /// Which of the article's topics it is.
    pub topic: u16,
}

/// What a frame showed: areas in cells of the screen, offsets and counts in rows or lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameInfo {
    /// All panes together.
    pub body: Rect,
    /// The list, the article and the related articles, each with its border; empty where not shown.
    pub frames: [Rect; 3],
    /// The list's share of the screen when all panes are shown, in thousandths; none where only one pane fits.
    pub share: Option<u16>,
    /// The list.
    pub list: ListInfo,
    /// The article.
    pub detail: DetailInfo,
    /// The related articles.
    pub related: RelatedInfo,
    /// The overlay on top.
    pub overlay: OverlayInfo,
    /// Where the terminal's cursor goes, for screen readers and magnifiers: the selected row, the line that is read, or the
    /// place where the reader types.
    pub cursor: Option<Position>,
    /// Whether the reader types at the cursor.
    pub types: bool,
}

/// What a frame showed of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListInfo {
    /// Where its rows were drawn; empty when the list was not shown.
    pub area: Rect,
    /// Lines of a row.
    pub row_lines: u16,
    /// First row shown.
    pub offset: usize,
    /// Rows built for this frame.
    pub rows_built: usize,
}

/// What a frame showed of the article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DetailInfo {
    /// Where its lines were drawn.
    pub area: Rect,
    /// First line shown.
    pub offset: usize,
    /// Lines of the article in all.
    pub lines: usize,
    /// The article, and its first lines on the screen.
    pub top: Option<(ArticleId, TopLines)>,
    /// The article, and where in its text the first line begins.
    pub position: Option<(ArticleId, TextPosition)>,
    /// Hits of the words looked for in the article.
    pub find_hits: usize,
    /// The selected one of them.
    pub find_at: Option<usize>,
    /// The topics on the screen.
    pub topics: [TopicCells; MAX_TOPICS],
}

/// What a frame showed of the related articles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RelatedInfo {
    /// Where they were drawn.
    pub area: Rect,
    /// First entry shown.
    pub offset: usize,
    /// Entries the panes were divided for.
    pub entries: usize,
}

/// What a frame showed of the overlay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OverlayInfo {
    /// The overlay with its border; empty when none has one.
    pub area: Rect,
    /// Where its rows were drawn.
    pub rows: Rect,
    /// First row or line shown.
    pub offset: usize,
    /// Lines of each row; 0 where nothing can be selected.
    pub row_lines: u16,
    /// Rows or lines that fit.
    pub height: usize,
    /// Rows or lines in all.
    pub lines: usize,
}

impl FrameInfo {
    /// The pane to which a cell belongs, border included.
    pub fn pane_at(&self, cell: (u16, u16)) -> Option<Focus> {
        let panes = self.frames.iter().zip([Focus::List, Focus::Detail, Focus::Related]);
        panes.into_iter().find(|(frame, _)| frame.contains(cell.into())).map(|(_, pane)| pane)
    }
}

impl ListInfo {
    /// Rows of a full page.
    pub fn page(&self) -> usize {
        usize::from(self.area.height / self.row_lines.max(1)).max(1)
    }

    /// The row in a cell.
    pub fn row_at(&self, cell: (u16, u16)) -> Option<usize> {
        let row = line_at(self.area, cell)? / usize::from(self.row_lines.max(1));
        (row < self.rows_built).then(|| self.offset + row)
    }
}

impl DetailInfo {
    /// Lines of a full page.
    pub fn page(&self) -> usize {
        usize::from(self.area.height).max(1)
    }

    /// The first line shown when the article is scrolled to its end.
    pub fn last_offset(&self) -> usize {
        self.lines.saturating_sub(self.page())
    }

    /// The topic in a cell, by its number in the article.
    pub fn topic_at(&self, cell: (u16, u16)) -> Option<usize> {
        let holds = |topic: &&TopicCells| {
            topic.row == cell.1 && (topic.column..topic.column.saturating_add(topic.columns)).contains(&cell.0)
        };
        self.topics.iter().find(holds).map(|topic| topic.topic.into())
    }
}

impl RelatedInfo {
    /// The entry in a cell.
    pub fn entry_at(&self, cell: (u16, u16)) -> Option<usize> {
        let entry = self.offset + line_at(self.area, cell)?;
        (entry < self.entries).then_some(entry)
    }
}

impl OverlayInfo {
    /// The row in a cell.
    pub fn row_at(&self, cell: (u16, u16)) -> Option<usize> {
        let line = line_at(self.rows, cell)?;
        let row = self.offset + line.checked_div(self.row_lines.into())?;
        (row < self.lines).then_some(row)
    }
}

/// The line of an area in a cell, counted from its first one.
fn line_at(area: Rect, cell: (u16, u16)) -> Option<usize> {
    area.contains(cell.into()).then(|| usize::from(cell.1 - area.y))
}
