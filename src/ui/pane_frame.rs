//! Frames of panes and overlays: border, title, focus and the counter at the top right.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::symbols::border;
use ratatui::text::Line;
use ratatui::widgets::{Block, Borders, Clear, Widget};

use super::frame_input::FrameInput;
use crate::app::{Action, FrameInfo};
use crate::config::SymbolSet;
use crate::feed::{SafeText, clean};
use crate::text::{self, Piece, grouped, signs, span};

/// The counter in a frame, such as `3/1,592`: the selected row, or the last visible line, and their number.
#[derive(Clone, Copy)]
pub struct Counter {
    /// Row or line, from 1.
    pub current: usize,
    /// Number of rows or lines.
    pub total: usize,
}

impl Counter {
    /// The counter in words.
    pub fn text(self) -> SafeText {
        clean::plain_line(&format!("{}/{}", grouped(self.current), grouped(self.total)))
    }
}

/// Draws the frame of a pane and returns the area inside. The focused pane has a thick border and a bar before its title. The counter is
/// empty for none.
pub fn draw_titled(
    area: Rect,
    buf: &mut Buffer,
    view: &FrameInput,
    focused: bool,
    title: &SafeText,
    counter: SafeText,
) -> Rect {
    draw_box(area, buf, view, (focused, borders(area, buf)), title, counter)
}

/// Draws the frame of a pane other than the list. If the list is not on the screen, the title leads back: a click on it is recorded in
/// `info`.
pub fn draw_beside_list(
    area: Rect,
    buf: &mut Buffer,
    view: &FrameInput,
    focused: bool,
    (title, counter): (&SafeText, SafeText),
    info: &mut FrameInfo,
) -> Rect {
    let [list, ..] = info.frames;
    if !list.is_empty() {
        return draw_titled(area, buf, view, focused, title, counter);
    }
    let symbols = view.settings().symbols();
    // A screen reader would read the sign out.
    let sign = if symbols == SymbolSet::Plain { "" } else { signs::BACK.drawn(symbols) };
    let title = if sign.is_empty() { title.clone() } else { clean::join(&[sign.into(), title.clone()], " ") };
    let columns = text::width(title.as_str()).min(title_room(area, &counter));
    let (x, width) = (title_start(area, buf, focused), u16::try_from(columns).unwrap_or(u16::MAX));
    info.title_buttons.add(Rect { x, width, height: 1, ..area }.intersection(area), Action::Back);
    draw_titled(area, buf, view, focused, &title, counter)
}

/// Columns of a line, from one counted in it.
pub fn cells(line: Rect, at: usize, columns: usize) -> Rect {
    let number = |columns: usize| u16::try_from(columns).unwrap_or(u16::MAX);
    Rect { x: line.x.saturating_add(number(at)), width: number(columns), height: 1, ..line }.intersection(line)
}

/// Columns for a title beside a counter.
pub fn title_room(area: Rect, counter: &SafeText) -> usize {
    usize::from(area.width).saturating_sub(text::width(counter.as_str()) + 8)
}

/// The column of the screen at which the title of a pane starts.
pub fn title_start(area: Rect, buf: &Buffer, focused: bool) -> u16 {
    let border = if borders(area, buf).contains(Borders::LEFT) { 1 } else { 0 };
    area.x.saturating_add(border + text::width(mark(focused)) as u16)
}

/// What precedes a title.
fn mark(focused: bool) -> &'static str {
    if focused { "▌ " } else { " " }
}

/// The area inside the frame of a pane.
pub fn inner(area: Rect, buf: &Buffer) -> Rect {
    Block::new().borders(borders(area, buf)).inner(area)
}

/// Whether a pane has a border at its right.
pub fn has_right_border(area: Rect, buf: &Buffer) -> bool {
    borders(area, buf).contains(Borders::RIGHT)
}

/// Below 80 columns a pane has no side borders: they would take 2 columns from the text.
fn borders(area: Rect, buf: &Buffer) -> Borders {
    // Only for a pane of the full width: borders separate panes side by side.
    if area.width == buf.area.width && area.width < 80 { Borders::TOP } else { Borders::ALL }
}

fn draw_box(
    area: Rect,
    buf: &mut Buffer,
    view: &FrameInput,
    (focused, borders): (bool, Borders),
    title: &SafeText,
    counter: SafeText,
) -> Rect {
    let styles = view.styles;
    let style = if focused { styles.frame.focused } else { styles.frame.other };
    let title_style = if focused { styles.frame.focused_title } else { styles.frame.other };
    let block = Block::new()
        .borders(borders)
        .border_set(match (view.settings().symbols(), focused) {
            // Blanks separate the panes too, and a screen reader does not read them out.
            (SymbolSet::Plain, _) => border::EMPTY,
            (_, true) => border::THICK,
            (_, false) => border::ROUNDED,
        })
        .border_style(style);
    let inner = block.inner(area);
    let mark = mark(focused);
    let title = text::cut(title, title_room(area, &counter));
    let block = block.title_top(Line::from(vec![span(mark, style), span(title, title_style), span(" ", style)]));
    let block = if counter.is_empty() {
        block
    } else {
        block
            .title_top(Line::from(vec![span(" ", style), span(counter, title_style), span(" ", style)]).right_aligned())
    };
    block.render(area, buf);
    inner
}

/// Clears the area, draws the frame of an overlay and returns the area inside.
pub fn draw_overlay(
    area: Rect,
    buf: &mut Buffer,
    view: &FrameInput,
    title: &SafeText,
    counter: Option<Counter>,
) -> Rect {
    clear(area, buf, view);
    draw_box(area, buf, view, (true, Borders::ALL), title, counter.map(Counter::text).unwrap_or_default())
}

/// Clears an area that something is drawn on top of.
pub fn clear(area: Rect, buf: &mut Buffer, view: &FrameInput) {
    // `Clear` resets cells to the colours of the terminal, so the background of the theme follows it.
    Clear.render(area, buf);
    buf.set_style(area, view.styles.background);
}

/// Draws text, wrapped, from the top of an area, one column from its left edge.
pub fn draw_text(area: Rect, buf: &mut Buffer, text: SafeText, style: Style) {
    let margin = [text::repeat(" ", 1, style)];
    let pieces = [Piece { text, style }];
    let lines = text::wrap(&pieces, usize::from(area.width.saturating_sub(1)), &margin, &margin);
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        buf.set_line(area.x, y, &line, area.width);
    }
}
