//! The frame around a pane: its title, whether it has the focus, how far one is in it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::symbols::border;
use ratatui::text::Line;
use ratatui::widgets::{Block, Borders, Clear, Widget};

use super::view::View;
use crate::config::Signs;
use crate::feed::{SafeText, clean};
use crate::text::{self, Piece, grouped, span};

/// How far one is: `at` of `of`, from 1.
#[derive(Clone, Copy)]
pub struct Place {
    /// Where.
    pub at: usize,
    /// Of how many.
    pub of: usize,
}

impl Place {
    fn words(self) -> SafeText {
        clean::plain_line(&format!("{}/{}", grouped(self.at), grouped(self.of)))
    }
}

/// Draws the frame of a pane, and gives what is left for its content. The focused one has a thick line and a mark.
pub fn draw(area: Rect, buf: &mut Buffer, view: &View, focused: bool, title: &SafeText, place: Option<Place>) -> Rect {
    draw_box(area, buf, view, (focused, borders(area, buf)), title, place)
}

/// What the frame of a pane leaves for its content.
pub fn inner(area: Rect, buf: &Buffer) -> Rect {
    Block::new().borders(borders(area, buf)).inner(area)
}

/// On a screen of few columns, the sides of a frame would cost more than they tell.
fn borders(area: Rect, buf: &Buffer) -> Borders {
    if area.width == buf.area.width && area.width < 80 { Borders::TOP } else { Borders::ALL }
}

fn draw_box(
    area: Rect,
    buf: &mut Buffer,
    view: &View,
    (focused, borders): (bool, Borders),
    title: &SafeText,
    place: Option<Place>,
) -> Rect {
    let styles = view.styles;
    let style = if focused { styles.frame.focused } else { styles.frame.other };
    let title_style = if focused { styles.frame.focused_title } else { styles.frame.other };
    let block = Block::new()
        .borders(borders)
        .border_set(match (view.settings().signs(), focused) {
            // A blank frame parts the panes as well, and a screen reader has nothing to read out.
            (Signs::Plain, _) => border::EMPTY,
            (_, true) => border::THICK,
            (_, false) => border::ROUNDED,
        })
        .border_style(style);
    let inner = block.inner(area);
    let end = place.map(Place::words).unwrap_or_default();
    let room = usize::from(area.width).saturating_sub(text::width(end.as_str()) + 8);
    let mark = if focused { "▌ " } else { " " };
    let title = text::cut(title, room);
    let block = block.title_top(Line::from(vec![span(mark, style), span(title, title_style), span(" ", style)]));
    let block = if end.is_empty() {
        block
    } else {
        block.title_top(Line::from(vec![span(" ", style), span(end, title_style), span(" ", style)]).right_aligned())
    };
    block.render(area, buf);
    inner
}

/// Draws the frame of an overlay on cleared ground.
pub fn draw_overlay(area: Rect, buf: &mut Buffer, view: &View, title: &SafeText, place: Option<Place>) -> Rect {
    Clear.render(area, buf);
    buf.set_style(area, view.styles.ground);
    draw_box(area, buf, view, (true, Borders::ALL), title, place)
}

/// A few words, wrapped, at the top of an area with a margin.
pub fn words(area: Rect, buf: &mut Buffer, text: SafeText, style: Style) {
    let margin = [text::repeat(" ", 1, style)];
    let pieces = [Piece { text, style }];
    let lines = text::wrap(&pieces, usize::from(area.width.saturating_sub(1)), &margin, &margin);
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        buf.set_line(area.x, y, &line, area.width);
    }
}
