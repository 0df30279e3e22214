//! What the last frame showed: the session moves by what the reader saw, not by what it guesses.

use ratatui::layout::{Position, Rect};

use super::focus::Focus;
use crate::feed::ArticleId;

/// The first lines of an article on the screen: a number for each, the same for the same words; 0 for an empty one.
pub type Top = [u64; 16];

/// A place in the text of an article, which is the same at every width.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct TextPosition {
    /// The part of the page.
    pub part: PagePart,
    /// The block in it: in the body the byte of its source where the block begins, else its number.
    pub block: u32,
    /// Bytes of the words of the block in front.
    pub inside: u32,
}

/// A part of the page of an article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum PagePart {
    /// Title, date, link, excerpt and the like.
    #[default]
    Head,
    /// The body.
    Body,
    /// What stands below it.
    Foot,
}

impl TextPosition {
    /// The place right behind it.
    pub fn next(self) -> TextPosition {
        match self.inside.checked_add(1) {
            Some(inside) => TextPosition { inside, ..self },
            None => TextPosition { block: self.block.saturating_add(1), inside: 0, ..self },
        }
    }
}

/// The most topics of an article that can be pointed at.
pub const TOPICS: usize = 32;

/// Where a topic of the article stood, or a part of it on one line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TopicSeen {
    /// Its first column on the screen.
    pub column: u16,
    /// Its row.
    pub row: u16,
    /// Its columns; 0 for none.
    pub columns: u16,
    /// Which of the article's topics it is.
    pub topic: u16,
}

/// What a frame showed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// All panes together.
    pub body: Rect,
    /// The list with its frame, the article with its own, the related articles, be they folded to a line; empty where not shown.
    pub frames: [Rect; 3],
    /// What the list has of the screen when all panes are shown, in thousandths; none where there is room for one at a time.
    pub share: Option<u16>,
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
    /// The article, and where in its text the first line begins.
    pub detail_position: Option<(ArticleId, TextPosition)>,
    /// Lines of the article in all.
    pub detail_lines: usize,
    /// Hits of what is being found in the article.
    pub find_hits: usize,
    /// The one of them that one stands on.
    pub find_at: Option<usize>,
    /// The topics of the article that could be seen.
    pub topics: [TopicSeen; TOPICS],
    /// Related articles for which there was room.
    pub related_entries: usize,
    /// First related article that was shown.
    pub related_offset: usize,
    /// The overlay with its frame; empty when none has one.
    pub overlay: Rect,
    /// Where its rows stood.
    pub overlay_rows: Rect,
    /// The first row or line of it that was shown.
    pub overlay_offset: usize,
    /// Lines of each of its rows; 0 where there is nothing to select.
    pub overlay_row: u16,
    /// Rows or lines that fit into the overlay.
    pub overlay_height: usize,
    /// Rows or lines of the overlay in all.
    pub overlay_lines: usize,
    /// Where one is: the selected row, the line that is read, or the place where one types. There the terminal's cursor
    /// stands, so that screen readers and magnifiers follow.
    pub cursor: Option<Position>,
    /// Whether one types there.
    pub types: bool,
    /// Rows of the list that were built for this frame.
    pub rows_built: usize,
}

impl Seen {
    /// Rows of a full page of the list.
    pub fn list_page(&self) -> usize {
        usize::from(self.list.height / self.list_row_lines.max(1)).max(1)
    }

    /// The pane to which a cell belongs, with its frame.
    pub fn pane_at(&self, cell: (u16, u16)) -> Option<Focus> {
        let panes = self.frames.iter().zip([Focus::List, Focus::Detail, Focus::Related]);
        panes.into_iter().find(|(frame, _)| frame.contains(cell.into())).map(|(_, pane)| pane)
    }

    /// The row of the list in a cell.
    pub fn row_at(&self, cell: (u16, u16)) -> Option<usize> {
        let row = line_at(self.list, cell)? / usize::from(self.list_row_lines.max(1));
        (row < self.rows_built).then(|| self.list_offset + row)
    }

    /// The related entry in a cell.
    pub fn related_at(&self, cell: (u16, u16)) -> Option<usize> {
        let entry = self.related_offset + line_at(self.related, cell)?;
        (entry < self.related_entries).then_some(entry)
    }

    /// The topic in a cell.
    pub fn topic_at(&self, cell: (u16, u16)) -> Option<usize> {
        let holds = |topic: &&TopicSeen| {
            topic.row == cell.1 && (topic.column..topic.column.saturating_add(topic.columns)).contains(&cell.0)
        };
        self.topics.iter().find(holds).map(|topic| topic.topic.into())
    }

    /// The row of the overlay in a cell.
    pub fn choice_at(&self, cell: (u16, u16)) -> Option<usize> {
        let line = line_at(self.overlay_rows, cell)?;
        let row = self.overlay_offset + line.checked_div(self.overlay_row.into())?;
        (row < self.overlay_lines).then_some(row)
    }

    /// Lines of a full page of the article.
    pub fn detail_page(&self) -> usize {
        usize::from(self.detail.height).max(1)
    }
}

/// The line of an area in a cell, from its first one.
fn line_at(area: Rect, cell: (u16, u16)) -> Option<usize> {
    area.contains(cell.into()).then(|| usize::from(cell.1 - area.y))
}
