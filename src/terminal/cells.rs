//! Writes cells to a terminal: where each stands, how it looks, what is in it.
//!
//! As ratatui's own backend does, with less: one sequence for all that changes in a look, plain looks again only where they
//! were not, no place for what follows an ideograph, and never the colour of an underline, which stands for links here. Some
//! terminals complain about a colour of underlines that they do not know.

use std::io::{self, Write};

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

use super::aligned::has_sure_width;

/// The modifiers, each with the number that sets it.
const MODIFIERS: [(Modifier, &str); 9] = [
    (Modifier::BOLD, ";1"),
    (Modifier::DIM, ";2"),
    (Modifier::ITALIC, ";3"),
    (Modifier::UNDERLINED, ";4"),
    (Modifier::SLOW_BLINK, ";5"),
    (Modifier::RAPID_BLINK, ";6"),
    (Modifier::REVERSED, ";7"),
    (Modifier::HIDDEN, ";8"),
    (Modifier::CROSSED_OUT, ";9"),
];

/// How a cell looks.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Look {
    modifier: Modifier,
    fg: Color,
    bg: Color,
}

const PLAIN: Look = Look { modifier: Modifier::empty(), fg: Color::Reset, bg: Color::Reset };

/// Writes cells, and leaves the terminal with plain looks.
pub fn write<'a>(to: &mut impl Write, cells: impl Iterator<Item = (u16, u16, &'a Cell)>) -> io::Result<()> {
    let (mut look, mut next) = (PLAIN, None);
    for (x, y, cell) in cells {
        if next != Some((x, y)) {
            write!(to, "\x1b[{};{}H", u32::from(y) + 1, u32::from(x) + 1)?;
        }
        let symbol = cell.symbol();
        next = columns(symbol).and_then(|columns| Some((x.checked_add(columns)?, y)));
        let wanted = Look { modifier: cell.modifier, fg: cell.fg, bg: cell.bg };
        if wanted != look {
            change(to, look, wanted)?;
            look = wanted;
        }
        to.write_all(symbol.as_bytes())?;
    }
    if look == PLAIN { Ok(()) } else { to.write_all(b"\x1b[0m") }
}

/// How many columns every terminal gives to a cell; none where they do not agree.
fn columns(symbol: &str) -> Option<u16> {
    match symbol.len() {
        1 => Some(1),
        _ => has_sure_width(symbol).then(|| symbol.width() as u16),
    }
}

/// Changes from one look to another. What is taken away needs a new beginning.
fn change(to: &mut impl Write, from: Look, wanted: Look) -> io::Result<()> {
    let mut numbers = String::new();
    let from = if wanted.modifier.contains(from.modifier) {
        from
    } else {
        numbers.push_str(";0");
        PLAIN
    };
    let added = wanted.modifier - from.modifier;
    for (_, number) in MODIFIERS.iter().filter(|(modifier, _)| added.contains(*modifier)) {
        numbers.push_str(number);
    }
    for (ground, wanted, from) in [("3", wanted.fg, from.fg), ("4", wanted.bg, from.bg)] {
        if wanted != from {
            numbers.push_str(&colour(ground, wanted));
        }
    }
    write!(to, "\x1b[{}m", numbers.get(1..).unwrap_or_default())
}

/// The numbers that choose a colour, of text (`3`) or of the ground (`4`).
fn colour(ground: &str, colour: Color) -> String {
    let index = match colour {
        Color::Reset => return format!(";{ground}9"),
        Color::Rgb(r, g, b) => return format!(";{ground}8;2;{r};{g};{b}"),
        Color::Indexed(index) => index,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
    };
    format!(";{ground}8;5;{index}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]

    use ratatui::style::Style;

    use super::*;

    fn written(cells: &[(u16, &str, Style)]) -> String {
        let cells: Vec<(u16, Cell)> = cells
            .iter()
            .map(|(x, symbol, style)| {
                let mut cell = Cell::default();
                cell.set_symbol(symbol).set_style(*style);
                (*x, cell)
            })
            .collect();
        let mut bytes = Vec::new();
        write(&mut bytes, cells.iter().map(|(x, cell)| (*x, 0, cell))).expect("written");
        String::from_utf8(bytes).expect("text").replace('\x1b', "^")
    }

    #[test]
    fn looks_change_in_one_sequence_and_plain_ones_need_none() {
        let (plain, bold) = (Style::new(), Style::new().add_modifier(Modifier::BOLD));
        let link = bold.add_modifier(Modifier::UNDERLINED).fg(Color::Cyan);
        let rgb = Style::new().fg(Color::Rgb(1, 2, 3)).bg(Color::Indexed(200));
        let dim = Style::new().add_modifier(Modifier::DIM);
        for (cells, expected) in [
            (&[(0, "a", plain), (1, "b", plain), (3, "c", plain)][..], "^[1;1Hab^[1;4Hc"),
            (&[(0, "a", bold), (1, "b", link), (2, "c", plain)], "^[1;1H^[1ma^[4;38;5;6mb^[0mc"),
            (&[(0, "a", rgb), (1, "b", rgb.bg(Color::Reset))], "^[1;1H^[38;2;1;2;3;48;5;200ma^[49mb^[0m"),
            (&[(0, "a", rgb), (1, "b", plain)], "^[1;1H^[38;2;1;2;3;48;5;200ma^[39;49mb"),
            (&[(0, "a", bold), (1, "b", dim)], "^[1;1H^[1ma^[0;2mb^[0m"),
            (&[(0, "a", link.fg(Color::White)), (1, "b", bold)], "^[1;1H^[1;4;38;5;15ma^[0;1mb^[0m"),
            (&[], ""),
        ] {
            assert_eq!(written(cells), expected);
        }
    }

    #[test]
    fn the_colour_of_an_underline_is_not_sent() {
        let style = Style::new().underline_color(Color::Rgb(9, 9, 9));
        assert_eq!(written(&[(0, "a", style), (1, "b", Style::new())]), "^[1;1Hab");
    }

    #[test]
    fn only_what_has_no_sure_width_is_followed_by_a_place() {
        let plain = Style::new();
        let cells = [(0, "港", plain), (2, "é", plain), (3, "👩", plain), (5, "a", plain), (6, "e\u{301}", plain)];
        assert_eq!(written(&[&cells[..], &[(7, "b", plain)]].concat()), "^[1;1H港é👩^[1;6Hae\u{301}^[1;8Hb");
    }
}
