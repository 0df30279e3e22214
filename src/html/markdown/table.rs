//! Tables: kept until it is known whether they are data or only place things side by side.

use super::super::event::Cell;
use super::inline::Inline;
use super::piece::Form;

/// Limit on the columns of a table that is written as one. Wider ones in pages mostly place things side by side.
const MAX_COLUMNS: usize = 12;

/// The same limit for a table with a header row, which is data.
const MAX_COLUMNS_WITH_HEADER: usize = 100;

/// Limit in bytes on the text of a cell of paragraphs, for a table without header cells to be data.
const MAX_PARAGRAPHS: usize = 300;

/// Rows of a table whose cells hold text only.
#[derive(Default)]
pub struct Table {
    rows: Vec<Row>,
    /// Paragraphs of the caption.
    caption: Vec<String>,
    /// These are not all rows of the table: others had a list, code or another block in a cell.
    is_part: bool,
}

#[derive(Default)]
struct Row {
    cells: Vec<(Cell, Inline)>,
}

impl Table {
    /// Rows after one with a block in a cell.
    pub fn rest() -> Table {
        Table { is_part: true, ..Table::default() }
    }

    /// The blocks of a table in whose last row a block begins: the rows before it as far as they are data, and the cells of the
    /// last row as paragraphs.
    pub fn into_blocks_before(mut self) -> Vec<String> {
        let last = self.rows.pop();
        self.is_part = true;
        let mut blocks = self.into_blocks();
        let last = Table { rows: last.into_iter().collect(), ..Table::default() };
        blocks.extend(last.into_paragraphs());
        blocks
    }

    /// True after a first row of two or more header cells: what follows is data.
    pub fn has_header_row(&self) -> bool {
        self.rows.len() > 1
            && self
                .rows
                .first()
                .is_some_and(|row| row.cells.len() > 1 && row.cells.iter().all(|(cell, _)| cell.is_header))
    }

    /// Begins a row.
    pub fn start_row(&mut self) {
        self.rows.push(Row::default());
    }

    /// Appends a cell to the last row.
    pub fn push_cell(&mut self, cell: Cell, content: Inline) {
        if let Some(row) = self.rows.last_mut() {
            row.cells.push((cell, content));
        }
    }

    /// Sets the caption.
    pub fn set_caption(&mut self, caption: Vec<String>) {
        self.caption = caption;
    }

    /// The contents as paragraphs, for a table that is not data.
    fn into_paragraphs(self) -> Vec<String> {
        let mut paragraphs = self.caption;
        for (_, mut content) in self.rows.into_iter().flat_map(|row| row.cells) {
            paragraphs.append(&mut content.take(Form::Paragraph));
        }
        paragraphs
    }

    /// The blocks of the table: its caption and the table, or paragraphs if it is not data.
    pub fn into_blocks(mut self) -> Vec<String> {
        self.rows.retain(|row| row.cells.iter().any(|(_, content)| !content.is_empty()));
        let columns = self.rows.iter().map(Row::columns).max().unwrap_or(0);
        let has_header = self.rows.iter().flat_map(|row| &row.cells).any(|(cell, _)| cell.is_header);
        let least = if has_header && !self.is_part { 1 } else { 2 };
        if self.rows.len() < 2 || columns < least || !(has_header || self.is_plain_data(columns)) {
            return self.into_paragraphs();
        }
        let mut blocks = std::mem::take(&mut self.caption);
        let most = if self.has_header_row() { MAX_COLUMNS_WITH_HEADER } else { MAX_COLUMNS };
        if columns > most {
            blocks.extend(self.rows.into_iter().map(Row::into_line));
            return blocks;
        }
        let grid = self.into_grid(columns);
        let mut used = vec![false; columns];
        for row in &grid {
            for (is_used, cell) in used.iter_mut().zip(row) {
                *is_used |= !cell.is_empty();
            }
        }
        if used.iter().filter(|is_used| **is_used).count() < least {
            blocks.extend(grid.into_iter().flatten().filter(|cell| !cell.is_empty()));
            return blocks;
        }
        let mut lines = Vec::with_capacity(grid.len() + 1);
        for (index, row) in grid.iter().enumerate() {
            let cells = row.iter().zip(&used).filter(|(_, is_used)| **is_used).map(|(cell, _)| cell.as_str());
            lines.push(line(cells));
            if index == 0 {
                lines.push(line(used.iter().filter(|is_used| **is_used).map(|_| "---")));
            }
        }
        blocks.push(lines.join("\n"));
        blocks
    }

    /// True if a table without header cells does not only place things side by side: it has no paragraphs, or short ones in
    /// rows of equal width.
    fn is_plain_data(&self, columns: usize) -> bool {
        let mut cells = self.rows.iter().flat_map(|row| &row.cells);
        let has_paragraphs = cells.any(|(_, content)| content.has_gaps());
        let is_even = || {
            self.rows.iter().all(|row| {
                row.columns() == columns && row.cells.iter().all(|(_, content)| content.len() <= MAX_PARAGRAPHS)
            })
        };
        !self.is_part && (!has_paragraphs || is_even())
    }

    /// The text of each place. Places that a cell covers beside its first are empty.
    fn into_grid(self, columns: usize) -> Vec<Vec<String>> {
        let mut covered = vec![0_u16; columns];
        let mut grid = Vec::with_capacity(self.rows.len());
        for row in self.rows {
            let mut line = vec![String::new(); columns];
            let mut column = 0;
            for (cell, mut content) in row.cells {
                // Places below a cell of an earlier row are taken.
                while covered.get(column).is_some_and(|rows| *rows > 0) {
                    column += 1;
                }
                let text = content.take(Form::Cell).pop().unwrap_or_default();
                match line.get_mut(column) {
                    Some(place) => *place = text,
                    // More cells than places, because of cells that cover rows.
                    None => {
                        if let Some(last) = line.last_mut() {
                            last.push(' ');
                            last.push_str(&text);
                        }
                    }
                }
                for _ in 0..cell.columns {
                    if let Some(rows) = covered.get_mut(column) {
                        *rows = cell.rows;
                        column += 1;
                    }
                }
            }
            for rows in &mut covered {
                *rows = rows.saturating_sub(1);
            }
            grid.push(line);
        }
        grid
    }
}

impl Row {
    fn columns(&self) -> usize {
        self.cells.iter().map(|(cell, _)| usize::from(cell.columns)).sum()
    }

    fn into_line(self) -> String {
        let mut cells: Vec<String> = Vec::with_capacity(self.cells.len());
        for (_, mut content) in self.cells {
            // The first begins a line, where more characters are markup.
            let form = if cells.is_empty() { Form::Paragraph } else { Form::Heading };
            let text = content.take(form).join(" ");
            cells.extend((!text.is_empty()).then_some(text));
        }
        cells.join(" · ")
    }
}

fn line<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let mut line = String::from("|");
    for cell in cells {
        line.push(' ');
        line.push_str(cell.trim());
        line.push_str(" |");
    }
    line
}
