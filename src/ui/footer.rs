//! Draws the footer: the state of the session and hints for keys, on two lines or on one; and pending keys or a question.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::frame_input::FrameInput;
use super::key_hints::KeyHints;
use super::overlays::confirm;
use super::{pane_frame, state_line};
use crate::app::{Action, ButtonCommand, Context, FrameInfo};
use crate::feed::clean;
use crate::text::{self, span};

/// Fewest rows of a screen whose footer has two lines.
const MIN_TWO_LINES: u16 = 24;
/// Fewest columns at which the hints of daily keys take what they need of a line that they share with the state.
const MIN_ALL_HINTS: usize = 80;
/// Columns of such a line that are left for the state on narrower screens: enough for `1.6k unread`.
const MIN_STATE: usize = 14;

/// Lines of the footer: the state and the hints, or both on one line of a low screen.
pub fn rows(screen: Rect) -> u16 {
    if screen.height >= MIN_TWO_LINES { 2 } else { 1 }
}

/// Draws the footer, and records in `info` where it can be clicked.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, info: &mut FrameInfo) {
    info.footer.area = area;
    let (first, last) = (Rect { height: 1, ..area }, Rect { y: area.bottom().saturating_sub(1), height: 1, ..area });
    let has_two_lines = area.height > 1;
    if !view.pending.is_empty() {
        if has_two_lines {
            state_line::draw(first, buf, view, info);
        }
        return draw_pending(last, buf, view, info);
    }
    if view.app.context() == Context::Confirm {
        let used = draw_question(first, buf, view, info);
        let room = usize::from(last.width).saturating_sub(if has_two_lines { 1 } else { used + 2 });
        let hints = KeyHints::fitting(view, room);
        return if has_two_lines {
            hints.draw(indented(last), buf, view, info);
        } else {
            hints.draw_right(last, buf, view, info);
        };
    }
    if has_two_lines {
        state_line::draw(first, buf, view, info);
        return KeyHints::fitting(view, usize::from(last.width).saturating_sub(1)).draw(
            indented(last),
            buf,
            view,
            info,
        );
    }
    draw_one_line(last, buf, view, info);
}

/// Draws state and hints on one line: first the hints of daily keys get their place, then the state, then other hints.
fn draw_one_line(area: Rect, buf: &mut Buffer, view: &FrameInput, info: &mut FrameInfo) {
    let columns = usize::from(area.width);
    let hints = KeyHints::of(view);
    let for_state = if columns >= MIN_ALL_HINTS || view.app.overlay().is_some() { 0 } else { MIN_STATE };
    let daily = hints.daily().fit(columns.saturating_sub(for_state.max(1)));
    let reserved = u16::try_from(daily.width()).unwrap_or(u16::MAX);
    // Two columns lie between the state and the hints, and the line of the state leaves one free.
    let state = Rect { width: area.width.saturating_sub(reserved.saturating_add(1)), ..area };
    let used = state_line::draw(state, buf, view, info);
    let room = columns.saturating_sub(used + 2).max(daily.width());
    hints.fit(room).draw_right(area, buf, view, info);
}

/// The line without its first column.
fn indented(line: Rect) -> Rect {
    Rect { x: line.x.saturating_add(1), width: line.width.saturating_sub(1), ..line }
}

/// Draws the pending keys and what may follow: as many continuations as fit.
fn draw_pending(line: Rect, buf: &mut Buffer, view: &FrameInput, info: &mut FrameInfo) {
    let columns = usize::from(line.width);
    let rest = view.keymap.continuations(view.app.context(), view.pending.keys());
    let mut words = format!(" {} …", view.pending);
    for (number, (keys, does)) in rest.into_iter().enumerate() {
        let (gap, more) = (if number == 0 { " " } else { " · " }, format!("{keys} {does}"));
        let at = text::width(&words) + text::width(gap);
        if at + text::width(&more) > columns {
            break;
        }
        let area = pane_frame::cells(line, at, text::width(&more));
        info.footer.buttons.add(area, ButtonCommand::CompleteKeys(number));
        words.push_str(gap);
        words.push_str(&more);
    }
    buf.set_span(line.x, line.y, &span(text::cut(&clean::run(&words), columns), view.styles.accent), line.width);
}

/// Draws the question so that it ends on a line: if it is long, it covers the lines above. Returns the columns of its last line.
fn draw_question(line: Rect, buf: &mut Buffer, view: &FrameInput, info: &mut FrameInfo) -> usize {
    let lines = confirm::question(view, usize::from(line.width), usize::from(line.y).min(3));
    let above = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_sub(1).min(line.y);
    let covered = Rect { y: line.y - above, height: above + 1, ..line };
    pane_frame::clear(covered, buf, view);
    for (y, line) in (covered.y..covered.bottom()).zip(&lines) {
        buf.set_line(covered.x, y, line, covered.width);
    }
    info.footer.area = info.footer.area.union(covered);
    let columns = lines.last().map_or(0, |line| text::spans_width(&line.spans));
    let last = Rect { y: line.y, height: 1, ..covered };
    // The question ends with `y/n`.
    info.footer.buttons.add(pane_frame::cells(last, columns.saturating_sub(3), 1), Action::Open);
    info.footer.buttons.add(pane_frame::cells(last, columns.saturating_sub(1), 1), Action::Cancel);
    info.cursor = Some(covered.as_position());
    columns
}
