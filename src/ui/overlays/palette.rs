//! Draws the palette, and the help: commands under headings, each with its keys.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::prompt;
use crate::app::{Action, Context, FrameInfo, Palette, PaletteItem, PaletteLine};
use crate::feed::{SafeText, clean};
use crate::text::{self, repeat, span};
use crate::ui::frame_input::FrameInput;
use crate::ui::layout::{centred, offset_for};
use crate::ui::pane_frame::{self, Counter};

/// Width of the box, and of the names in it.
const COLUMNS: u16 = 92;
const NAME: usize = 22;
/// Widest column of keys.
const KEYS: usize = 26;

/// Draws the palette, and records in `info` what it showed.
pub fn draw(area: Rect, buf: &mut Buffer, view: &FrameInput, palette: &Palette, info: &mut FrameInfo) {
    let (items, selected) = (palette.items(), palette.cursor.at);
    let lines = palette.lines();
    let rows = u16::try_from(lines.len() + 3).unwrap_or(u16::MAX);
    let area = centred(area, COLUMNS, if palette.is_help { area.height } else { rows.max(12) });
    let counter = (!items.is_empty()).then_some(Counter { current: selected + 1, total: items.len() });
    let title = if palette.is_help { "Help" } else { "Commands" };
    let inner = pane_frame::draw_overlay(area, buf, view, &title.into(), counter);
    buf.set_line(inner.x, inner.y, &head(view, palette), inner.width);
    if palette.typing {
        let before = text::width(palette.input.halves().0.as_str()) + text::width(prompt::SIGN);
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
                let heading = vec![span(" ", view.styles.text), span(*name, view.styles.title)];
                buf.set_line(list.x, y, &Line::from(heading), list.width);
            }
            PaletteLine::Item(n) => {
                let Some(item) = items.get(*n) else { continue };
                buf.set_line(list.x, y, &line(view, item, *n == selected, usize::from(list.width)), list.width);
                if *n == selected {
                    info.cursor = info.cursor.filter(|_| palette.typing).or(Some(Position { x: list.x, y }));
                    buf.set_style(Rect { y, height: 1, ..list }, view.styles.selected.focused);
                }
            }
        }
    }
}

fn head(view: &FrameInput, palette: &Palette) -> Line<'static> {
    let styles = view.styles;
    let hint = match (palette.typing, palette.input.text().is_empty(), palette.items().is_empty()) {
        (false, ..) => {
            let keys = [
                (view.keymap.key_in(Context::Help, Action::Search), "searches"),
                (view.keymap.key_in(Context::Help, Action::Open), "runs it"),
                (view.keymap.key_of(Action::Palette), "opens the palette"),
            ];
            let known = keys.into_iter().filter_map(|(key, verb)| Some(format!("{} {verb}", view.key_names(&key?))));
            let words = known.collect::<Vec<_>>().join(" · ");
            return Line::from(span(clean::plain_line(&format!(" {words}")), styles.dim));
        }
        (true, true, _) => "type part of a command name".into(),
        (true, _, true) => "  no matching command".into(),
        _ => SafeText::default(),
    };
    prompt::in_box(view, &palette.input, true, hint)
}

/// A command: name, description and keys. If they do not fit, the description is cut first.
fn line(view: &FrameInput, item: &PaletteItem, selected: bool, columns: usize) -> Line<'static> {
    let styles = view.styles;
    let keys = clean::plain_line(&view.key_names(&view.keymap.keys_of(&item.command).join(", ")));
    let keys = text::cut(&keys, KEYS.min(columns / 3));
    let mut spans = vec![span(if selected { "▸ " } else { "  " }, styles.accent)];
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
