//! The cells of pictures by kitty's [Unicode placeholders](https://sw.kovidgoyal.net/kitty/graphics-protocol/#unicode-placeholders).
//!
//! The colour of a placeholder is the number of the picture, and marks above it are its row and its column. A placeholder without
//! marks continues the one at its left. So only the first visible cell of each row has marks, and scrolling by a line changes one
//! cell of each row.

use std::ops::RangeInclusive;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Color;

use crate::text::placed_pictures::{self, PLACEHOLDER};

/// The marks of the numbers from 0, in order.
const MARKS: [RangeInclusive<u32>; 86] = [
    0x305..=0x305,
    0x30d..=0x30e,
    0x310..=0x310,
    0x312..=0x312,
    0x33d..=0x33f,
    0x346..=0x346,
    0x34a..=0x34c,
    0x350..=0x352,
    0x357..=0x357,
    0x35b..=0x35b,
    0x363..=0x36f,
    0x483..=0x487,
    0x592..=0x595,
    0x597..=0x599,
    0x59c..=0x5a1,
    0x5a8..=0x5a9,
    0x5ab..=0x5ac,
    0x5af..=0x5af,
    0x5c4..=0x5c4,
    0x610..=0x617,
    0x657..=0x65b,
    0x65d..=0x65e,
    0x6d6..=0x6dc,
    0x6df..=0x6e2,
    0x6e4..=0x6e4,
    0x6e7..=0x6e8,
    0x6eb..=0x6ec,
    0x730..=0x730,
    0x732..=0x733,
    0x735..=0x736,
    0x73a..=0x73a,
    0x73d..=0x73d,
    0x73f..=0x741,
    0x743..=0x743,
    0x745..=0x745,
    0x747..=0x747,
    0x749..=0x74a,
    0x7eb..=0x7f1,
    0x7f3..=0x7f3,
    0x816..=0x819,
    0x81b..=0x823,
    0x825..=0x827,
    0x829..=0x82d,
    0x951..=0x951,
    0x953..=0x954,
    0xf82..=0xf83,
    0xf86..=0xf87,
    0x135d..=0x135f,
    0x17dd..=0x17dd,
    0x193a..=0x193a,
    0x1a17..=0x1a17,
    0x1a75..=0x1a7c,
    0x1b6b..=0x1b6b,
    0x1b6d..=0x1b73,
    0x1cd0..=0x1cd2,
    0x1cda..=0x1cdb,
    0x1ce0..=0x1ce0,
    0x1dc0..=0x1dc1,
    0x1dc3..=0x1dc9,
    0x1dcb..=0x1dcc,
    0x1dd1..=0x1de6,
    0x1dfe..=0x1dfe,
    0x20d0..=0x20d1,
    0x20d4..=0x20d7,
    0x20db..=0x20dc,
    0x20e1..=0x20e1,
    0x20e7..=0x20e7,
    0x20e9..=0x20e9,
    0x20f0..=0x20f0,
    0x2cef..=0x2cf1,
    0x2de0..=0x2dff,
    0xa66f..=0xa66f,
    0xa67c..=0xa67d,
    0xa6f0..=0xa6f1,
    0xa8e0..=0xa8f1,
    0xaab0..=0xaab0,
    0xaab2..=0xaab3,
    0xaab7..=0xaab8,
    0xaabe..=0xaabf,
    0xaac1..=0xaac1,
    0xfe20..=0xfe26,
    0x10a0f..=0x10a0f,
    0x10a38..=0x10a38,
    0x1d185..=0x1d189,
    0x1d1aa..=0x1d1ad,
    0x1d242..=0x1d244,
];

/// The mark for a number.
fn mark(number: u16) -> Option<char> {
    MARKS.into_iter().flatten().nth(number.into()).and_then(char::from_u32)
}

/// Makes placeholders of the cells of a picture that are visible. `hidden`: rows above the area. `number`: its mark in the frame. `id`:
/// its number in the terminal.
pub fn write(buf: &mut Buffer, (area, hidden): (Rect, u16), number: u8, id: u8) {
    for y in area.y..area.bottom() {
        // The mark of the row is the same for all its cells.
        let row = mark((y - area.y).saturating_add(hidden));
        let mut continues = false;
        for x in area.x..area.right() {
            let Some(cell) = buf.cell_mut(Position { x, y }) else { break };
            if placed_pictures::number_of(cell) != Some(number) {
                continues = false;
                continue;
            }
            cell.set_fg(Color::Indexed(id));
            if !continues && let Some((row, column)) = row.zip(mark(x - area.x)) {
                // No text of others: only the marks of the protocol.
                #[allow(clippy::disallowed_methods)]
                cell.set_symbol(String::from_iter([PLACEHOLDER, row, column]).as_str());
            }
            continues = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use unicode_segmentation::UnicodeSegmentation;

    use super::*;
    use crate::terminal::agreed_widths;
    use crate::text::placed_pictures::MOST_CELLS;

    #[test]
    fn there_is_a_mark_for_each_number_and_none_takes_a_column() {
        let all: Vec<char> = (0..MOST_CELLS).filter_map(mark).collect();
        assert_eq!((all.len(), mark(MOST_CELLS)), (297, None));
        assert!(all.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!((all[0], all[1], all[2], all[296]), ('\u{305}', '\u{30d}', '\u{30e}', '\u{1d244}'));
        for c in all {
            let cell = String::from_iter([PLACEHOLDER, '\u{305}', c]);
            assert_eq!((cell.graphemes(true).count(), agreed_widths::agreed_columns(&cell)), (1, Some(1)), "{c:?}");
        }
    }

    #[test]
    fn only_the_first_visible_cell_of_a_row_has_marks() {
        let area = Rect::new(1, 1, 5, 2);
        let mut buf = Buffer::empty(Rect::new(0, 0, 8, 4));
        placed_pictures::mark(area, &mut buf, 0);
        // An overlay in the first row.
        buf.set_string(2, 1, "ab", ratatui::style::Style::new());
        write(&mut buf, (area, 0), 0, 9);
        let row = |y: u16| -> Vec<&str> { (0..8).map(|x| buf[(x, y)].symbol()).collect() };
        let bare = "\u{10eeee}";
        assert_eq!(
            row(1),
            [" ", "\u{10eeee}\u{305}\u{305}", "a", "b", "\u{10eeee}\u{305}\u{310}", bare, " ", " "],
            "columns 0 and 3"
        );
        assert_eq!(row(2), [" ", "\u{10eeee}\u{30d}\u{305}", bare, bare, bare, bare, " ", " "]);
        assert!((1..6).all(|x| buf[(x, 2)].fg == Color::Indexed(9)));
    }
}
