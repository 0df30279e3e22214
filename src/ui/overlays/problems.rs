//! Draws the problems of files: the file with its position, and below it the reason.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::list_box::{ListBox, selection_mark};
use crate::app::{FrameInfo, ProblemList};
use crate::feed::{Severity, clean};
use crate::text::{self, repeat, span};
use crate::ui::frame_input::FrameInput;

/// Draws the list, and records in `info` what it showed.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, list: &ProblemList, info: &mut FrameInfo) {
    let styles = view.styles;
    let problems = view.app.problems().all();
    let row = |row: usize, columns: usize| {
        let Some(problem) = problems.get(row) else { return Vec::new() };
        let kind = if problem.severity == Severity::Error { "not read  " } else { "warning   " };
        // On narrow screens the reason needs the columns more than the alignment does.
        let indent = if columns < 60 { 2 } else { 12 };
        let room = columns.saturating_sub(12);
        let first = vec![
            selection_mark(row == list.cursor.at, view),
            span(kind, styles.warning),
            span(text::cut(&problem.location(), room), styles.text),
        ];
        let hint = if problem.hint.is_empty() { String::new() } else { format!("; {}", problem.hint) };
        let what = clean::plain_line(&format!("{}{hint}", problem.what));
        let reason = text::cut(&what, columns.saturating_sub(indent));
        let second = vec![repeat(" ", indent, styles.dim), span(reason, styles.dim)];
        vec![Line::from(first), Line::from(second)]
    };
    let list_box = ListBox {
        title: "Problems",
        columns: area.width.saturating_sub(4).min(140),
        count: problems.len(),
        cursor: list.cursor,
        height: 2,
        head: Vec::new(),
        row: &row,
    };
    list_box.draw(area, buf, view, info);
}
