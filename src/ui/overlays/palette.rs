//! Draws the palette, and the help: commands under headings, each with its keys.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::list_box::selection_mark;
use super::typed_line::TypedLine;
use crate::app::{Action, Context, FrameInfo, Palette, PaletteItem, PaletteLine, PaletteRow};
use crate::feed::clean;
use crate::text::signs::Sign;
use crate::text::{self, repeat, span};
use crate::ui::frame_input::FrameInput;
use crate::ui::layout::{anchored, offset_for};
use crate::ui::pane_frame::{self, Counter};

/// Width of the box.
const COLUMNS: u16 = 92;
/// Columns of the names in the palette, and in help.
const NAME: usize = 22;
/// Widest column of keys in the palette, and the column of keys in help.
const KEYS: usize = 26;
const HELP_KEYS: usize = 18;
/// Fewest columns of help with the names of the commands. With fewer, their descriptions get the room.
const MIN_HELP_NAMES: usize = 64;

/// Draws the palette, and records in `info` what it showed.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, palette: &Palette, info: &mut FrameInfo) {
    let (rows, selected) = (palette.rows(), palette.cursor.at);
    let lines = palette.lines();
    let wanted = u16::try_from(lines.len() + 3).unwrap_or(u16::MAX);
    let area = anchored(area, COLUMNS, if palette.is_help() { area.height } else { wanted.max(12) });
    let counter = (!rows.is_empty()).then_some(Counter { current: selected + 1, total: rows.len() });
    let title = if palette.is_help() { "Help" } else { "Commands" };
    let inner = pane_frame::draw_overlay(area, buf, view, &title.into(), counter);
    let typed = TypedLine::new(&palette.input, rows.len(), "type part of a command name".into());
    let columns = usize::from(inner.width);
    if palette.typing {
        buf.set_line(inner.x, inner.y, &typed.line(view, columns), inner.width);
    } else {
        draw_keys(inner, buf, view, info);
    }
    if palette.typing {
        let before = typed.cursor_column(columns);
        let x = inner.x.saturating_add(u16::try_from(before).unwrap_or(u16::MAX));
        (info.cursor, info.is_typing) =
            (Some(Position { x: x.min(inner.right().saturating_sub(1)), y: inner.y }), true);
    }
    let list = Rect { y: inner.y.saturating_add(1), height: inner.height.saturating_sub(1), ..inner };
    let (height, at) = (usize::from(list.height), palette.line());
    let offset = offset_for(palette.cursor.top.unwrap_or(at.saturating_sub(height / 2)), at, height, lines.len());
    (info.overlay.area, info.overlay.rows, info.overlay.row_lines) = (area, list, 1);
    (info.overlay.offset, info.overlay.height, info.overlay.lines) = (offset, height, lines.len());
    for (y, entry) in (list.y..list.bottom()).zip(lines.iter().skip(offset)) {
        match entry {
            PaletteLine::Blank => {}
            PaletteLine::Heading(name) => {
                let heading = vec![span(" ", view.styles.text), span(name.clone(), view.styles.title)];
                buf.set_line(list.x, y, &Line::from(heading), list.width);
            }
            PaletteLine::Row(n) => {
                let is_selected = *n == selected;
                let line = match rows.get(*n) {
                    Some(PaletteRow::Command(item)) if palette.is_help() => help_line(view, item, is_selected, columns),
                    Some(PaletteRow::Command(item)) => line(view, item, is_selected, columns),
                    Some(PaletteRow::Sign(sign)) => sign_line(view, *sign, is_selected, columns),
                    None => continue,
                };
                buf.set_line(list.x, y, &line, list.width);
                if is_selected {
                    info.cursor = info.cursor.filter(|_| palette.typing).or(Some(Position { x: list.x, y }));
                    buf.set_style(Rect { y, height: 1, ..list }, view.styles.selected.focused);
                }
            }
        }
    }
}

/// Draws the keys of help on the first line: as many as fit.
fn draw_keys(line: Rect, buf: &mut Buffer, view: &FrameInput, info: &mut FrameInfo) {
    let mut at = 1;
    for (action, verb) in
        [(Action::Search, "searches"), (Action::Open, "runs it"), (Action::Palette, "opens the palette")]
    {
        let Some(key) = view.keymap.key_in(Context::Help, action) else { continue };
        let words = clean::plain_line(&format!("{} {verb}", view.key_names(&key)));
        let (gap, columns) = (if at == 1 { "" } else { " · " }, text::width(words.as_str()));
        if at + text::width(gap) + columns > usize::from(line.width) {
            break;
        }
        let before = pane_frame::cells(line, at, text::width(gap));
        buf.set_span(before.x, line.y, &span(gap, view.styles.dim), before.width);
        at += text::width(gap);
        let area = pane_frame::cells(line, at, columns);
        buf.set_span(area.x, line.y, &span(words, view.styles.dim), area.width);
        info.overlay.buttons.add(area, action);
        at += columns;
    }
}

/// A command: name, description and keys. If they do not fit, the description is cut first.
fn line(view: &FrameInput, item: &PaletteItem, selected: bool, columns: usize) -> Line<'static> {
    let styles = view.styles;
    let keys = clean::plain_line(&view.key_names(&view.keymap.keys_of(&item.command).join(", ")));
    let keys = text::cut(&keys, KEYS.min(columns / 3));
    let mut spans = vec![selection_mark(selected, view)];
    let name = NAME.max(text::width(item.name.as_str())).min(columns.saturating_sub(KEYS.min(columns / 3) + 4));
    spans.extend(text::fit(&item.name, name, styles.text));
    let used = 2 + name + 1 + text::width(keys.as_str()) + 2;
    let room = columns.saturating_sub(used);
    spans.push(span(" ", styles.text));
    let help = text::cut(&item.help, room);
    let missing = room.saturating_sub(text::width(help.as_str()));
    spans.extend([span(help, styles.dim), repeat(" ", missing + 1, styles.dim), span(keys, styles.accent)]);
    Line::from(spans)
}

/// The column of keys in help.
fn help_keys(columns: usize) -> usize {
    HELP_KEYS.min(columns / 4)
}

/// A sign in help, with its meaning.
fn sign_line(view: &FrameInput, sign: Sign, selected: bool, columns: usize) -> Line<'static> {
    let drawn = sign.drawn(view.settings().symbols()).into();
    let mut spans = vec![selection_mark(selected, view)];
    spans.extend(text::fit(&drawn, help_keys(columns), view.styles.accent));
    let room = columns.saturating_sub(help_keys(columns) + 3);
    spans.extend([span(" ", view.styles.text), span(text::cut(&sign.meaning.into(), room), view.styles.dim)]);
    Line::from(spans)
}

/// A command in help: keys, name and description.
fn help_line(view: &FrameInput, item: &PaletteItem, selected: bool, columns: usize) -> Line<'static> {
    let styles = view.styles;
    let keys = clean::plain_line(&view.key_names(item.keys.as_str()));
    let mut spans = vec![selection_mark(selected, view)];
    let mut before = 2 + help_keys(columns) + 1;
    spans.extend(text::fit(&keys, help_keys(columns), styles.accent));
    spans.push(span(" ", styles.text));
    // An example of a query is not a name: it is shown on every screen.
    if columns >= MIN_HELP_NAMES || item.command.argument.is_some() {
        let name = NAME.max(text::width(item.name.as_str())).min(columns.saturating_sub(before) * 2 / 3);
        spans.extend(text::fit(&item.name, name, styles.text));
        spans.push(span(" ", styles.text));
        before += name + 1;
    }
    spans.push(span(text::cut(&item.help, columns.saturating_sub(before + 1)), styles.dim));
    Line::from(spans)
}
