//! Draws the newest notice above the footer: over the panes, whose sizes do not change. A click does what it offers.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::frame_input::FrameInput;
use super::pane_frame;
use crate::app::{Action, FrameInfo, Notice};
use crate::feed::{SafeText, clean};
use crate::text::{self, Piece, repeat, span};

/// Most lines of a notice.
const MAX_LINES: usize = 3;
/// Fewest columns of a screen whose panes have a border at the bottom, in which a short notice is drawn.
const MIN_BORDER_SCREEN: u16 = 80;

/// Draws the notice, if there is one, at the bottom of `area`, and records in `info` where it is. `is_border`: the last line of the
/// area is the border of panes.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, is_border: bool, info: &mut FrameInfo) {
    let most = usize::from(area.height / 2).clamp(1, MAX_LINES);
    let welcome = || view.app.welcome().map(|welcome| Notice::of(welcome.clone()));
    let Some(notice) = view.app.notice().cloned().or_else(welcome).filter(|_| !area.is_empty()) else { return };
    let lines = lines(view, &notice, usize::from(area.width.saturating_sub(2)), most);
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(area.height);
    let bottom = Rect { y: area.bottom().saturating_sub(rows), height: rows, ..area };
    let widest = lines.iter().map(|line| text::spans_width(&line.spans)).max().unwrap_or_default();
    let covered = match lines.as_slice() {
        // Beside it the border goes on.
        [_] if is_border && area.width >= MIN_BORDER_SCREEN => {
            let columns = u16::try_from(widest).unwrap_or(u16::MAX).saturating_add(1);
            Rect { x: bottom.x.saturating_add(1), width: columns, ..bottom }.intersection(bottom)
        }
        _ => bottom,
    };
    pane_frame::clear(covered, buf, view);
    for (y, line) in (covered.y..).zip(&lines).take(usize::from(rows)) {
        buf.set_line(covered.x, y, line, covered.width);
    }
    info.footer.notice = covered;
    info.footer.buttons.add(covered, notice.offer.map_or(Action::Notices, |(action, _)| action));
    // The number of other notices, at the end of the last line, always leads to them.
    if let (Some((words, _)), Some(last)) = (others(view), lines.last()) {
        let columns = text::width(words.as_str());
        let line = Rect { y: covered.bottom().saturating_sub(1), height: 1, ..covered };
        let area = pane_frame::cells(line, text::spans_width(&last.spans).saturating_sub(columns), columns);
        info.footer.buttons.add(area, Action::Notices);
    }
}

/// The lines of the notice, at most `most`, with what is offered and the number of other notices.
fn lines(view: &FrameInput, notice: &Notice, columns: usize, most: usize) -> Vec<Line<'static>> {
    let styles = view.styles;
    let (mark, style) = if notice.failed { (" ! ", styles.warning) } else { (" ", styles.accent) };
    let offer = notice.offer.and_then(|(action, does)| Some((view.keymap.key_of(action)?, does)));
    let offer = offer.map(|(key, does)| format!(" — {} {does}", view.key_names(&key))).unwrap_or_default();
    let words = clean::run(&format!("{}{offer}", notice.text));
    let (first, rest) = ([span(mark, style)], [repeat(" ", mark.len(), style)]);
    let wrap = |words: &SafeText, columns: usize| {
        let pieces = [Piece { text: words.clone(), style }];
        text::wrap(&pieces, columns, &first, &rest).take(most + 1).collect::<Vec<_>>()
    };
    let mut lines = wrap(&words, columns);
    let others = others(view);
    let needed = others.as_ref().map_or(0, |(words, _)| 2 + text::width(words.as_str()));
    let fits = |line: Option<&Line>| line.is_none_or(|line| text::spans_width(&line.spans) + needed <= columns);
    if lines.len() > most || (lines.len() == most && !fits(lines.last())) {
        lines.truncate(most);
        let last = lines.pop();
        lines.extend(last.map(|last| shortened(&last, columns.saturating_sub(needed), style)));
    }
    if let Some((words, style)) = others {
        if !fits(lines.last()) {
            lines.push(Line::from(rest.to_vec()));
        }
        if let Some(last) = lines.last_mut() {
            last.spans.extend([repeat(" ", 1, style), span(words, style)]);
        }
    }
    lines
}

/// A line with `…` at its end, because more follows.
fn shortened(line: &Line<'static>, columns: usize, style: Style) -> Line<'static> {
    let words: String = line.spans.iter().map(|span| span.content.as_ref()).collect();
    let words = clean::run(&format!("{words} …"));
    let by_words = text::cut_at_word(&words, columns);
    // A line may be a single word, such as an address.
    let kept = if by_words.as_str().trim().is_empty() { text::cut(&words, columns) } else { by_words };
    Line::from(span(kept, style))
}

/// The number of other notices on the screen, in the warning style if one of them is a failure.
fn others(view: &FrameInput) -> Option<(SafeText, Style)> {
    let notices = view.app.notices();
    let style = if notices.others().any(|notice| notice.failed) { view.styles.warning } else { view.styles.dim };
    let count = notices.others().count();
    let where_to_read = match view.keymap.key_of(Action::Notices) {
        Some(key) => format!("{} shows", view.key_names(&key)),
        None => ":notices".to_owned(),
    };
    (count > 0).then(|| (clean::plain_line(&format!("+{count} {where_to_read}")), style))
}
