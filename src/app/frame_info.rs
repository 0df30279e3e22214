//! What the last frame showed: areas, offsets and counts. The session scrolls and handles clicks by these numbers.

use ratatui::layout::{Position, Rect};

use super::buttons::Buttons;
use super::focus::Focus;
use super::frame_items::FrameItems;
use super::visible_folds::VisibleFolds;
use crate::feed::{ArticleId, TextPosition};
use crate::text::hyperlinks::{LinkSource, TaggedCells};

/// Hashes of the first 16 lines of an article on the screen; 0 for an empty line. Equal lines have equal hashes.
pub type TopLines = [u64; 16];

/// Limit of topics of an article that can be clicked.
const MAX_TOPICS: usize = 32;
/// Limit of places with links on the screen that can be clicked.
const MAX_LINKS: usize = 256;
/// Limits of buttons in the footer, in an overlay, and in the titles of panes.
const MAX_FOOTER_BUTTONS: usize = 64;
const MAX_OVERLAY_BUTTONS: usize = 16;
const MAX_TITLE_BUTTONS: usize = 4;
/// Limit of filters in the title of the list that can be clicked.
const MAX_FILTERS: usize = 16;

/// The places of the article on the screen that link to something, see [`TaggedCells`].
pub type VisibleLinks = FrameItems<TaggedCells, MAX_LINKS>;

impl VisibleLinks {
    /// The numbers of the links of a source, from the top of the screen; some more than once.
    pub fn numbers(&self, source: LinkSource) -> impl Iterator<Item = usize> {
        self.iter().filter(move |cells| cells.source == source).map(|cells| cells.number.into())
    }

    /// The place at a cell.
    pub fn at(&self, cell: (u16, u16)) -> Option<&TaggedCells> {
        self.iter().find(|cells| covers((cells.x, cells.y), cells.columns, cell))
    }
}

/// Whether some columns of a row contain a cell.
fn covers((column, row): (u16, u16), columns: u16, cell: (u16, u16)) -> bool {
    row == cell.1 && (column..column.saturating_add(columns)).contains(&cell.0)
}

/// Columns of a row that show an element of a list, by its index: a topic of the article, or a filter of the query.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IndexedCells {
    /// The first column on the screen.
    pub column: u16,
    /// The row.
    pub row: u16,
    /// Number of columns.
    pub columns: u16,
    /// The index of the element.
    pub index: u16,
}

impl IndexedCells {
    /// The cells of an element, from a column and row on.
    pub fn new((column, row): (usize, u16), columns: usize, index: usize) -> IndexedCells {
        let cells = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
        IndexedCells { column: cells(column), row, columns: cells(columns), index: cells(index) }
    }
}

impl<const N: usize> FrameItems<IndexedCells, N> {
    /// The index of the element at a cell.
    pub fn index_at(&self, cell: (u16, u16)) -> Option<usize> {
        let found = self.iter().find(|cells| covers((cells.column, cells.row), cells.columns, cell));
        found.map(|cells| cells.index.into())
    }
}

/// What a frame showed of the footer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FooterInfo {
    /// The footer, with the prompt or question that covers the last lines of the panes.
    pub area: Rect,
    /// The notice above it; empty if there is none.
    pub notice: Rect,
    /// What can be clicked in it: hints, counts, notices; and the keys that may follow, which are drawn above it.
    pub buttons: Buttons<MAX_FOOTER_BUTTONS>,
}

impl FooterInfo {
    /// Whether a cell belongs to the footer, or to what it shows on top of the panes.
    pub fn contains(&self, cell: (u16, u16)) -> bool {
        self.area.contains(cell.into()) || self.notice.contains(cell.into())
    }
}

/// What a frame showed. Areas are in cells of the screen; offsets and counts in rows or lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameInfo {
    /// All panes together.
    pub body: Rect,
    /// The frames of list, article and related pane, with borders; empty if not shown.
    pub frames: [Rect; 3],
    /// The share of the screen that the list has beside the other panes, in thousandths. `None` if only one pane fits.
    pub share: Option<u16>,
    /// The list.
    pub list: ListInfo,
    /// The article.
    pub detail: DetailInfo,
    /// The related articles.
    pub related: RelatedInfo,
    /// The navigation pane.
    pub navigation: NavigationInfo,
    /// What can be clicked in the titles of panes.
    pub title_buttons: Buttons<MAX_TITLE_BUTTONS>,
    /// The overlay on top.
    pub overlay: OverlayInfo,
    /// The footer.
    pub footer: FooterInfo,
    /// Where the terminal's cursor goes, for screen readers and magnifiers: the selected row, the first line of the article,
    /// or the place where text is typed.
    pub cursor: Option<Position>,
    /// Whether text is typed at the cursor.
    pub is_typing: bool,
}

/// What a frame showed of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListInfo {
    /// The area of its rows; empty if the list was not shown.
    pub area: Rect,
    /// Number of lines per row.
    pub row_lines: u16,
    /// First row shown.
    pub offset: usize,
    /// Number of rows built for this frame.
    pub rows_built: usize,
    /// The lines that name days.
    pub day_lines: DayLineSet,
    /// The filters in its title.
    pub filters: FrameItems<IndexedCells, MAX_FILTERS>,
}

/// Which lines of the list name a section of rows: a bit for each line, because a screen has at most 1000, and [`FrameInfo`] is copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayLineSet([u64; 16]);

impl DayLineSet {
    /// Adds a line of the list, counted from its top.
    pub fn insert(&mut self, line: usize) {
        if let Some(bits) = self.0.get_mut(line / 64) {
            *bits |= 1 << (line % 64);
        }
    }

    /// Whether a line of the list is in the set.
    pub fn contains(&self, line: usize) -> bool {
        self.0.get(line / 64).is_some_and(|bits| bits >> (line % 64) & 1 == 1)
    }

    /// Number of lines above a line of the list.
    fn above(&self, line: usize) -> usize {
        (0..line).filter(|line| self.contains(*line)).count()
    }

    /// Number of lines.
    fn len(&self) -> usize {
        self.0.iter().map(|bits| bits.count_ones() as usize).sum()
    }
}

/// What a frame showed of the article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DetailInfo {
    /// The area of its lines.
    pub area: Rect,
    /// The column of its scrollbar, beside the area; `None` without one.
    pub scrollbar: Option<u16>,
    /// First line shown.
    pub offset: usize,
    /// Number of lines of the article.
    pub lines: usize,
    /// The article, and the hashes of its first lines on the screen.
    pub top: Option<(ArticleId, TopLines)>,
    /// The article, and where in its text the first line on the screen starts.
    pub position: Option<(ArticleId, TextPosition)>,
    /// Where the text of the last line on the screen starts.
    pub bottom: Option<TextPosition>,
    /// Columns at the left of wide code and tables that are scrolled away.
    pub sideways: usize,
    /// How many can be scrolled away of the code and tables on the screen. `None` if none of them is wider than the lines of text.
    pub sideways_end: Option<usize>,
    /// Number of hits of the search in the article.
    pub find_hits: usize,
    /// The index of the selected hit.
    pub find_at: Option<usize>,
    /// The topics on the screen.
    pub topics: FrameItems<IndexedCells, MAX_TOPICS>,
    /// The links on the screen.
    pub links: VisibleLinks,
    /// The foldable blocks on the screen.
    pub folds: VisibleFolds,
}

/// What a frame showed of the related articles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RelatedInfo {
    /// The area of the entries.
    pub area: Rect,
    /// First entry shown.
    pub offset: usize,
    /// Number of entries when the panes were laid out.
    pub entries: usize,
}

/// Limit of the rows of the navigation pane whose sign for folding can be clicked. A fixed array, because [`FrameInfo`] is copied.
const MAX_FOLD_SIGNS: usize = 256;

/// What a frame showed of the navigation pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NavigationInfo {
    /// Whether the pane is on at the size of the screen, also if only the focused pane is shown.
    pub is_on: bool,
    /// The frame with its borders; empty if the pane was not shown.
    pub frame: Rect,
    /// The area of its entries.
    pub area: Rect,
    /// First entry shown.
    pub offset: usize,
    /// Number of entries built for this frame.
    pub entries_built: usize,
    /// For each row the columns from the left edge of the area to the end of its sign for folding; 0 without a sign.
    fold_signs: [u8; MAX_FOLD_SIGNS],
}

impl Default for NavigationInfo {
    fn default() -> NavigationInfo {
        let (frame, area) = (Rect::ZERO, Rect::ZERO);
        NavigationInfo { is_on: false, frame, area, offset: 0, entries_built: 0, fold_signs: [0; MAX_FOLD_SIGNS] }
    }
}

impl NavigationInfo {
    /// Number of rows of a full page, at least 1.
    pub fn page(&self) -> usize {
        usize::from(self.area.height).max(1)
    }

    /// Records that the sign for folding in a row ends at this column of the area.
    pub fn put_fold_sign(&mut self, row: usize, end: usize) {
        if let Some(slot) = self.fold_signs.get_mut(row) {
            *slot = u8::try_from(end).unwrap_or(u8::MAX);
        }
    }

    /// The entry at a cell, and whether the cell is that of its sign for folding.
    pub fn entry_at(&self, cell: (u16, u16)) -> Option<(usize, bool)> {
        let row = line_at(self.area, cell).filter(|row| *row < self.entries_built)?;
        let sign = self.fold_signs.get(row).copied().unwrap_or_default();
        Some((self.offset + row, cell.0.saturating_sub(self.area.x) < u16::from(sign)))
    }
}

/// What a frame showed of the overlay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OverlayInfo {
    /// The area of the overlay with its border; empty if no overlay has a border.
    pub area: Rect,
    /// Where its rows were drawn.
    pub rows: Rect,
    /// The check boxes of its rows; empty if it has none.
    pub boxes: Rect,
    /// First row or line shown.
    pub offset: usize,
    /// Number of lines per row; 0 if no row can be selected.
    pub row_lines: u16,
    /// Number of rows or lines that fit.
    pub height: usize,
    /// Number of rows or lines in total.
    pub lines: usize,
    /// Whether it is a menu: a click on a row runs it.
    pub is_menu: bool,
    /// What can be clicked in it besides its rows.
    pub buttons: Buttons<MAX_OVERLAY_BUTTONS>,
}

impl FrameInfo {
    /// The pane at a cell, borders included.
    pub fn pane_at(&self, cell: (u16, u16)) -> Option<Focus> {
        let panes = self.frames.iter().zip([Focus::List, Focus::Detail, Focus::Related]);
        let panes = panes.into_iter().map(|(frame, pane)| (*frame, pane));
        let mut panes = panes.chain([(self.navigation.frame, Focus::Navigation)]);
        panes.find(|(frame, _)| frame.contains(cell.into())).map(|(_, pane)| pane)
    }
}

impl ListInfo {
    /// Number of rows of a full page, at least 1.
    pub fn page(&self) -> usize {
        // Both are 0 in a frame without the list: no division by 0, and a page that moves.
        let lines = usize::from(self.area.height).saturating_sub(self.day_lines.len());
        (lines / usize::from(self.row_lines.max(1))).max(1)
    }

    /// The row at a cell.
    pub fn row_at(&self, cell: (u16, u16)) -> Option<usize> {
        let line = line_at(self.area, cell).filter(|line| !self.day_lines.contains(*line))?;
        let row = (line - self.day_lines.above(line)) / usize::from(self.row_lines.max(1));
        (row < self.rows_built).then(|| self.offset + row)
    }

    /// The row at a cell, and the column of the cell in it.
    pub fn row_and_column_at(&self, cell: (u16, u16)) -> Option<(usize, u16)> {
        Some((self.row_at(cell)?, cell.0.saturating_sub(self.area.x)))
    }

    /// The row that a drag to a line of the screen reaches: above and below the list, the next one that is not shown.
    pub fn row_dragged_to(&self, line: u16) -> Option<usize> {
        match line {
            _ if self.area.is_empty() || self.rows_built == 0 => None,
            line if line < self.area.y => Some(self.offset.saturating_sub(1)),
            line if line >= self.area.bottom() => Some(self.offset + self.rows_built),
            line => self.row_at((self.area.x, line)).or_else(|| self.day_at((self.area.x, line))),
        }
    }

    /// The first row on the screen below the line with the name of a day, if a cell is in such a line.
    pub fn day_at(&self, cell: (u16, u16)) -> Option<usize> {
        let line = line_at(self.area, cell).filter(|line| self.day_lines.contains(*line))?;
        Some(self.offset + (line - self.day_lines.above(line)) / usize::from(self.row_lines.max(1)))
    }
}

impl DetailInfo {
    /// Number of lines of a full page, at least 1.
    pub fn page(&self) -> usize {
        usize::from(self.area.height).max(1)
    }

    /// The first line shown if the article is scrolled to its end.
    pub fn last_offset(&self) -> usize {
        self.lines.saturating_sub(self.page())
    }

    /// Lines to scroll so that the thumb of the scrollbar is at a row of the screen.
    pub fn lines_to(&self, row: u16) -> isize {
        let track = usize::from(self.area.height).saturating_sub(1).max(1);
        let at = usize::from(row.saturating_sub(self.area.y)).min(track);
        let line = (at.saturating_mul(self.last_offset()) + track / 2) / track;
        isize::try_from(line).unwrap_or(isize::MAX).saturating_sub_unsigned(self.offset)
    }

    /// The number of the foldable block whose title is at a cell.
    pub fn fold_at(&self, cell: (u16, u16)) -> Option<u32> {
        let lines = || self.folds.lines.iter().find(|line| line.row == cell.1);
        self.area.contains(cell.into()).then(lines).flatten().map(|line| line.number)
    }
}

impl RelatedInfo {
    /// The entry at a cell.
    pub fn entry_at(&self, cell: (u16, u16)) -> Option<usize> {
        let entry = self.offset + line_at(self.area, cell)?;
        (entry < self.entries).then_some(entry)
    }
}

impl OverlayInfo {
    /// The row at a cell.
    pub fn row_at(&self, cell: (u16, u16)) -> Option<usize> {
        let line = line_at(self.rows, cell)?;
        let row = self.offset + line.checked_div(self.row_lines.into())?;
        (row < self.lines).then_some(row)
    }
}

/// The line of an area at a cell, from 0.
fn line_at(area: Rect, cell: (u16, u16)) -> Option<usize> {
    // `contains` comes first: above the area the subtraction would underflow.
    area.contains(cell.into()).then(|| usize::from(cell.1 - area.y))
}
