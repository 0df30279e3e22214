//! Lays out tables as a grid if the columns fit, otherwise as a list of `name: value` records.

use pulldown_cmark::Alignment;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::measure::Measure;
use super::overflow::Overflow;
use crate::text::{self, Piece};

/// Limit on columns of a table. Without limits 18 KB of Markdown can make half a million cells.
const MAX_COLUMNS: usize = 32;
/// Limit on rows of a table.
const MAX_ROWS: usize = 1000;
/// Least width of a cell, unless its text is shorter. In narrower cells most words would be broken.
const MIN_CELL_WIDTH: usize = 6;
/// Width to which the cells of a table are wrapped before it scrolls sideways.
const EASY_CELL_WIDTH: usize = 20;
/// Width to which the cells of a table that scrolls sideways are wrapped.
const WIDE_CELL_WIDTH: usize = 40;
/// Notice below a table that was cut.
const CUT_NOTICE: &str = "… cut: this table has more than 32 columns or 1 000 rows";

/// A table. Its first row is the header.
pub struct Table {
    alignments: Vec<Alignment>,
    rows: Vec<Vec<Vec<Piece>>>,
    /// The present row is beyond the limit.
    row_dropped: bool,
    /// Rows or columns were cut.
    cut: bool,
}

impl Table {
    /// A table without rows.
    pub fn new(alignments: Vec<Alignment>) -> Table {
        Table { alignments, rows: Vec::new(), row_dropped: false, cut: false }
    }

    /// Begins a row.
    pub fn start_row(&mut self) {
        // `>`, because the header is not counted.
        self.row_dropped = self.rows.len() > MAX_ROWS;
        if !self.row_dropped {
            self.rows.push(Vec::new());
        }
    }

    /// Adds a cell to the last row.
    pub fn push_cell(&mut self, text: Vec<Piece>) {
        match self.rows.last_mut() {
            Some(row) if row.len() < MAX_COLUMNS && !self.row_dropped => row.push(text),
            _ => self.cut = true,
        }
    }

    /// True if all cells are empty.
    pub fn is_blank(&self) -> bool {
        self.rows.iter().all(|row| is_blank(row))
    }

    /// The lines with their row numbers, none wider than the measure unless the table may scroll sideways, and at most slightly more
    /// than `limit`. `first` is the prefix of the first line, `rest` of the others. With them, the columns of a line if the table scrolls.
    pub fn lines(
        &self,
        Measure { columns, wide, overflow }: Measure,
        [first, rest]: [&[Span<'static>]; 2],
        rule: Style,
        limit: usize,
    ) -> (Vec<(usize, Line<'static>)>, Option<usize>) {
        let indent = text::spans_width(rest);
        let room = wide.saturating_sub(indent);
        let needs = self.needs();
        let sideways = needs.sideways(room);
        let mut lines = match (sideways.as_ref(), needs.widths(room)) {
            (Some(widths), _) if overflow == Overflow::Sideways => self.grid(widths, [first, rest], rule, limit),
            (_, Some(widths)) => self.grid(&widths, [first, rest], rule, limit),
            (_, None) => self.records(columns, [first, rest], limit),
        };
        if self.cut {
            let text = Piece { text: CUT_NOTICE.into(), style: rule };
            lines.extend(text::wrap(&[text], columns, rest, rest).map(|line| (self.rows.len(), line)));
        }
        (lines, sideways.map(|widths| indent + grid_width(&widths)))
    }

    fn needs(&self) -> Needs {
        let count = self.rows.iter().map(Vec::len).max().unwrap_or_default();
        let mut needs = Needs { whole: vec![1; count], least: vec![1; count] };
        for row in &self.rows {
            for ((cell, whole), least) in row.iter().zip(&mut needs.whole).zip(&mut needs.least) {
                let longest = text::wrap(cell, usize::MAX, &[], &[]).map(|line| text::spans_width(&line.spans)).max();
                *whole = longest.unwrap_or_default().max(*whole);
                *least = text::widest_cluster(cell).max(MIN_CELL_WIDTH).min(*whole).max(*least);
            }
        }
        needs
    }

    fn grid(
        &self,
        widths: &[usize],
        [first, rest]: [&[Span<'static>]; 2],
        rule: Style,
        limit: usize,
    ) -> Vec<(usize, Line<'static>)> {
        let mut lines: Vec<(usize, Line<'static>)> = Vec::new();
        for (number, row) in self.rows.iter().enumerate().filter(|(_, row)| !is_blank(row)) {
            if lines.len() >= limit {
                break;
            }
            for cells in self.row_lines(row, widths, rule, limit) {
                let indent = if lines.is_empty() { first } else { rest };
                lines.push((number, Line::from([indent, &cells].concat())));
            }
            if number == 0 {
                let mut spans = rest.to_vec();
                for (column, &width) in widths.iter().enumerate() {
                    if column > 0 {
                        spans.push(text::span(RULE_CROSSING, rule));
                    }
                    spans.push(text::repeat("─", width, rule));
                }
                lines.push((number, Line::from(spans)));
            }
        }
        lines
    }

    /// The lines of one row, as many as its longest cell has.
    fn row_lines(&self, row: &[Vec<Piece>], widths: &[usize], rule: Style, limit: usize) -> Vec<Vec<Span<'static>>> {
        let mut cells: Vec<_> = row
            .iter()
            .zip(widths)
            .map(|(cell, &width)| text::wrap(cell, width, &[], &[]).take(limit).collect::<Vec<_>>().into_iter())
            .collect();
        let height = cells.iter().map(ExactSizeIterator::len).max().unwrap_or_default();
        let last = cells.len().saturating_sub(1);
        let mut lines = Vec::with_capacity(height);
        for _ in 0..height {
            let mut spans = Vec::new();
            for (column, (cell, &width)) in cells.iter_mut().zip(widths).enumerate() {
                if column > 0 {
                    spans.push(text::span(CELL_SEPARATOR, rule));
                }
                let text = cell.next().unwrap_or_default().spans;
                let missing = width.saturating_sub(text::spans_width(&text));
                let before = match self.alignments.get(column) {
                    Some(Alignment::Right) => missing,
                    Some(Alignment::Center) => missing / 2,
                    _ => 0,
                };
                let after = if column == last { 0 } else { missing - before };
                spans.push(text::repeat(" ", before, Style::new()));
                spans.extend(text);
                spans.push(text::repeat(" ", after, Style::new()));
            }
            spans.retain(|span| !span.content.is_empty());
            lines.push(spans);
        }
        lines
    }

    /// `head: cell` for each cell that has text, a blank line between rows.
    fn records(
        &self,
        columns: usize,
        [first, rest]: [&[Span<'static>]; 2],
        limit: usize,
    ) -> Vec<(usize, Line<'static>)> {
        let Some((head, body)) = self.rows.split_first() else {
            return Vec::new();
        };
        let mut lines: Vec<(usize, Line<'static>)> = Vec::new();
        // Records are made of cells: without this a table that has only a header would show no text.
        if body.iter().all(|row| is_blank(row)) {
            for name in head.iter().filter(|name| !name.is_empty()) {
                let indent = if lines.is_empty() { first } else { rest };
                lines.extend(text::wrap(name, columns, indent, rest).take(limit).map(|line| (0, line)));
            }
        }
        for (number, row) in (1..).zip(body) {
            let mut between = !lines.is_empty();
            for (name, cell) in head.iter().zip(row).filter(|(_, cell)| !cell.is_empty()) {
                if lines.len() >= limit {
                    return lines;
                }
                if std::mem::take(&mut between) {
                    lines.push((number, Line::from(rest.to_vec())));
                }
                let indent = if lines.is_empty() { first } else { rest };
                let colon = name.last().map(|last| Piece { text: ": ".into(), style: last.style });
                let text: Vec<_> = name.iter().cloned().chain(colon).chain(cell.iter().cloned()).collect();
                lines.extend(text::wrap(&text, columns, indent, rest).take(limit).map(|line| (number, line)));
            }
        }
        lines
    }
}

/// The widths that the columns of a table need.
struct Needs {
    /// For the widest text of each column without wrapping.
    whole: Vec<usize>,
    /// For the widest cluster, and some more.
    least: Vec<usize>,
}

impl Needs {
    /// The columns, none wider than `limit`, unless its text cannot be wrapped to that.
    fn limited(&self, limit: usize) -> impl Iterator<Item = usize> + '_ {
        self.whole.iter().zip(&self.least).map(move |(whole, least)| *whole.min(&limit.max(*least)))
    }

    /// The width of each column: its widest text, or else a common limit for the wide columns. `None` if that is too narrow.
    fn widths(&self, room: usize) -> Option<Vec<usize>> {
        let separators = self.whole.len().checked_sub(1)? * text::width(CELL_SEPARATOR);
        let room = room.checked_sub(separators)?;
        // A linear search is fast enough: `room` is at most the width of a pane.
        let limit = (0..=room).rev().find(|&limit| self.limited(limit).sum::<usize>() <= room)?;
        Some(self.limited(limit).collect())
    }

    /// The width of each column of a table that is wider than `room`. `None` if it fits with cells that are easy to read.
    fn sideways(&self, room: usize) -> Option<Vec<usize>> {
        let easy: Vec<usize> = self.limited(EASY_CELL_WIDTH).collect();
        (grid_width(&easy) > room).then(|| self.limited(WIDE_CELL_WIDTH).collect())
    }
}

/// Columns of a row of cells with these widths.
fn grid_width(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + widths.len().saturating_sub(1) * text::width(CELL_SEPARATOR)
}

/// Whether all cells of a row are empty. Such rows are not shown.
fn is_blank(row: &[Vec<Piece>]) -> bool {
    row.iter().all(Vec::is_empty)
}

/// Separates two cells of a row.
const CELL_SEPARATOR: &str = " │ ";
/// The same in the rule below the header, with the same width.
const RULE_CROSSING: &str = "─┼─";
