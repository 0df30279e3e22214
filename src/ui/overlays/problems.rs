//! Draws the problems of files: the file with its position, and below it the reason.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::list_box::{ListBox, selection_mark, whole};
use crate::app::{FrameInfo, ProblemList};
use crate::feed::{Problem, SafeText, Severity, clean};
use crate::text::{self, Piece, repeat, span};
use crate::ui::frame_input::FrameInput;

/// Columns of the mark of the selection and of the kind of a problem.
const KIND: usize = 12;

/// Draws the list, and records in `info` what it showed.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, list: &ProblemList, info: &mut FrameInfo) {
    let styles = view.styles;
    let problems = view.app.problems().all();
    let row = |row: usize, columns: usize| {
        let Some(problem) = problems.get(row) else { return Vec::new() };
        let kind = if problem.severity == Severity::Error { "not read  " } else { "warning   " };
        let (indent, room) = (indent(columns), columns.saturating_sub(KIND));
        let first = vec![
            selection_mark(row == list.cursor.at, view),
            span(kind, styles.warning),
            span(text::cut(&problem.location(), room), styles.text),
        ];
        let reason = text::cut(&reason(problem), columns.saturating_sub(indent));
        let second = vec![repeat(" ", indent, styles.dim), span(reason, styles.dim)];
        vec![Line::from(first), Line::from(second)]
    };
    let columns = area.width.saturating_sub(4).min(140);
    let foot = problems
        .get(list.cursor.at)
        .map_or_else(Vec::new, |problem| foot(problem, view, usize::from(columns).saturating_sub(2)));
    let list_box = ListBox {
        title: "Problems",
        columns,
        count: problems.len(),
        cursor: list.cursor,
        height: 2,
        typed: None,
        head: Vec::new(),
        foot,
        row: &row,
    };
    list_box.draw(area, buf, view, info);
}

/// What is wrong, and what to do.
fn reason(problem: &Problem) -> SafeText {
    let hint = if problem.hint.is_empty() { String::new() } else { format!("; {}", problem.hint) };
    clean::plain_line(&format!("{}{hint}", problem.what))
}

/// Columns before a reason. On narrow screens it needs the columns more than the alignment does.
fn indent(columns: usize) -> usize {
    if columns < 60 { 2 } else { KIND }
}

/// The file, reason and remedy of the selected problem, if its row cuts them.
fn foot(problem: &Problem, view: &FrameInput, columns: usize) -> Vec<Line<'static>> {
    let styles = view.styles;
    let is_cut = text::width(problem.location().as_str()) > columns.saturating_sub(KIND)
        || text::width(reason(problem).as_str()) > columns.saturating_sub(indent(columns));
    if !is_cut {
        return Vec::new();
    }
    let location = Piece { text: problem.location(), style: styles.text };
    let reason = Piece { text: clean::run(&format!(": {}", reason(problem))), style: styles.warning };
    whole(&[location, reason], columns)
}
