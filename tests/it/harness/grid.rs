//! A model terminal: a grid of cells for the output of the program, with one of several rules for widths.

use ratatui::buffer::{Buffer, CellWidth};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// How a terminal counts the columns of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Each character by itself, as xterm, st and urxvt do: a family takes 8 columns, a handshake 10, a skin tone 4, a heart 1.
    Characters,
    /// Marks and vowel signs take none, a selector makes an emoji wide: a syllable of Hindi takes 1 column, a heart 2.
    Kitty,
    /// The width of a cluster is the sum of its characters, and it is in one cell, as in foot: a write into the cell removes it.
    Sums,
    /// Every cluster whose width differs between terminals has this width.
    All(usize),
}

pub const RULES: [Rule; 5] = [Rule::Characters, Rule::Kitty, Rule::Sums, Rule::All(1), Rule::All(2)];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The first character and its combining ones. Empty in the further columns of a wide cell.
    pub text: String,
    /// The parameters of all styles since the last reset, in the order of their kinds.
    pub style: Style,
    pub link: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Style {
    pub fg: String,
    pub bg: String,
    pub bold: bool,
    pub dim: bool,
    pub italic: bool,
    pub underlined: bool,
    pub reversed: bool,
    pub crossed_out: bool,
}

/// A terminal that does not wrap lines.
#[derive(Clone, Debug)]
pub struct Grid {
    rule: Rule,
    columns: usize,
    rows: Vec<Vec<Cell>>,
    at: (usize, usize),
    style: Style,
    link: String,
}

impl Grid {
    pub fn new(rule: Rule, columns: u16, rows: u16) -> Grid {
        let columns = usize::from(columns);
        let blank = Cell { text: " ".to_owned(), style: Style::default(), link: String::new() };
        let rows = vec![vec![blank; columns]; usize::from(rows)];
        Grid { rule, columns, rows, at: (0, 0), style: Style::default(), link: String::new() }
    }

    pub fn take(&mut self, bytes: &[u8]) {
        let mut rest = std::str::from_utf8(bytes).expect("text");
        while !rest.is_empty() {
            if let Some(command) = rest.strip_prefix("\u{1b}[") {
                let end = command.find(|c: char| c.is_ascii_alphabetic()).expect("the end of a command");
                self.command(&command[..end], &command[end..=end]);
                rest = &command[end + 1..];
            } else if let Some(link) = rest.strip_prefix("\u{1b}]8;") {
                let (link, after) = link.split_once("\u{1b}\\").expect("the end of a link");
                self.link = link.split_once(';').expect("an address").1.to_owned();
                rest = after;
            } else {
                let end = rest.find('\u{1b}').unwrap_or(rest.len());
                rest[..end].graphemes(true).for_each(|cluster| self.print(cluster));
                rest = &rest[end..];
            }
        }
    }

    fn command(&mut self, parameters: &str, last: &str) {
        let number = |at: usize| parameters.split(';').nth(at).and_then(|number| number.parse::<usize>().ok());
        match last {
            "H" => self.at = (number(1).unwrap_or(1) - 1, number(0).unwrap_or(1) - 1),
            "G" => self.at.0 = number(0).unwrap_or(1) - 1,
            "m" => self.style_as(parameters),
            "h" | "l" if parameters == "?25" => {}
            _ => panic!("CSI {parameters} {last}"),
        }
    }

    fn style_as(&mut self, parameters: &str) {
        let mut numbers = parameters.split(';');
        while let Some(number) = numbers.next() {
            let mut colour = || match numbers.next() {
                Some("5") => format!("5;{}", numbers.next().expect("a colour")),
                _ => format!("2;{}", numbers.by_ref().take(3).collect::<Vec<_>>().join(";")),
            };
            let style = &mut self.style;
            match number {
                "" | "0" => *style = Style::default(),
                "1" => style.bold = true,
                "2" => style.dim = true,
                "3" => style.italic = true,
                "4" => style.underlined = true,
                "7" => style.reversed = true,
                "9" => style.crossed_out = true,
                // Only blanks are hidden.
                "8" | "28" => {}
                "22" => (style.bold, style.dim) = (false, false),
                "23" => style.italic = false,
                "24" => style.underlined = false,
                "27" => style.reversed = false,
                "29" => style.crossed_out = false,
                "38" => style.fg = colour(),
                "48" => style.bg = colour(),
                "39" => style.fg.clear(),
                "49" => style.bg.clear(),
                _ => panic!("style {parameters}"),
            }
        }
    }

    fn print(&mut self, cluster: &str) {
        let width = |c: char| if matches!(c, '\u{200e}') { 0 } else { c.width().unwrap_or(0) };
        match self.rule {
            Rule::Characters => {
                for c in cluster.chars() {
                    // A flag is two letters, of one column each.
                    let columns = if matches!(c, '\u{1f1e6}'..='\u{1f1ff}') { 1 } else { width(c) };
                    self.put(c.encode_utf8(&mut [0; 4]), columns);
                }
            }
            Rule::Kitty => {
                let mut chars = cluster.chars();
                let first = chars.next().expect("a character");
                let is_flag = matches!(first, '\u{1f1e6}'..='\u{1f1ff}');
                // Of a family each emoji has its place.
                let parts = cluster.split_inclusive('\u{200d}');
                for part in parts {
                    let styled = part.contains('\u{fe0f}') || is_flag;
                    let first = part.chars().next().map_or(0, width);
                    self.put(part, if styled { 2 } else { first.min(2) });
                }
            }
            Rule::Sums => self.put(cluster, cluster.chars().map(width).sum()),
            Rule::All(columns) => {
                let of_frame = if cluster.len() == 1 { 1 } else { usize::from(cluster.cell_width()) };
                let mut chars = cluster.chars();
                let sure = matches!((chars.next(), chars.next()), (Some(c), None) if is_sure(c));
                let columns = if cluster == "\u{200e}" { 0 } else { columns };
                self.put(cluster, if sure { of_frame } else { columns });
            }
        }
    }

    fn put(&mut self, text: &str, columns: usize) {
        let (x, y) = self.at;
        let Some(row) = self.rows.get_mut(y) else { panic!("row {y}") };
        if columns == 0 {
            // Combines with the character in front of the cursor.
            let before = row[..x].iter().rposition(|cell| !cell.text.is_empty());
            if let Some(before) = before {
                row[before].text.push_str(text);
            }
            return;
        }
        let columns = columns.min(self.columns);
        let x = x.min(self.columns - columns);
        (x..x + columns).for_each(|column| clear(row, column));
        for (number, cell) in row[x..x + columns].iter_mut().enumerate() {
            let text = if number == 0 { text.to_owned() } else { String::new() };
            *cell = Cell { text, style: self.style.clone(), link: self.link.clone() };
        }
        self.at.0 = x + columns;
    }

    /// The first difference of the two, in words.
    pub fn unlike(&self, other: &Grid) -> Option<String> {
        for (y, (row, expected)) in self.rows.iter().zip(&other.rows).enumerate() {
            if let Some(x) = (0..self.columns).find(|x| row[*x] != expected[*x]) {
                let text = |row: &[Cell]| row.iter().map(|cell| cell.text.as_str()).collect::<String>();
                return Some(format!(
                    "{:?}: row {y}, column {x}: {:?}, after a whole redraw {:?}\n{}\n{}",
                    self.rule,
                    row[x],
                    expected[x],
                    text(row),
                    text(expected)
                ));
            }
        }
        None
    }

    /// The parts of a frame at wrong positions: borders and letters with the same width in all terminals, and the background of
    /// all columns.
    pub fn unlike_frame(&self, frame: &Buffer) -> Option<String> {
        for (y, row) in self.rows.iter().enumerate() {
            let mut x = 0;
            while x < self.columns {
                let cell = &frame[(x as u16, y as u16)];
                let symbol = cell.symbol();
                let columns = usize::from(symbol.cell_width()).max(1);
                let is_covered = (x + 1..x + columns).any(|x| frame[(x as u16, y as u16)].symbol() != " ");
                let (symbol, columns) = if is_covered { (" ", 1) } else { (symbol, columns) };
                let mut chars = symbol.chars();
                let sure = matches!((chars.next(), chars.next()), (Some(c), None) if is_sure(c));
                // A direction mark after Arabic and Hebrew, or the character that replaces a blank there.
                let text = row[x].text.trim_end_matches('\u{200e}').replace('\u{2800}', " ");
                if sure && text != symbol {
                    return Some(format!("{:?}: row {y}, column {x}: {text:?}, not {symbol:?}", self.rule));
                }
                let reversed = cell.modifier.contains(ratatui::style::Modifier::REVERSED);
                if row[x..x + columns]
                    .iter()
                    .any(|cell| cell.style.reversed != reversed || cell.style.bg != row[x].style.bg)
                {
                    return Some(format!("{:?}: row {y}, column {x}, {symbol:?}: another ground", self.rule));
                }
                x += columns;
            }
        }
        None
    }
}

/// Removes a cell if one of its columns is overwritten; its other columns become blanks.
fn clear(row: &mut [Cell], column: usize) {
    let first = row[..=column].iter().rposition(|cell| !cell.text.is_empty()).unwrap_or(0);
    let end = (first + 1..row.len()).find(|x| !row[*x].text.is_empty()).unwrap_or(row.len());
    row[first..end].iter_mut().for_each(|cell| cell.text = " ".to_owned());
}

/// Characters with the same width in all terminals, repeated here independently of the program.
fn is_sure(c: char) -> bool {
    matches!(c,
        ' '..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' | '\u{370}'..='\u{482}' | '\u{48a}'..='\u{52f}'
        | '\u{531}'..='\u{587}' | '\u{10d0}'..='\u{10ff}' | '\u{1e00}'..='\u{1fff}' | '\u{2010}'..='\u{2027}'
        | '\u{2030}'..='\u{203b}' | '\u{20a0}'..='\u{20bf}' | '\u{2190}'..='\u{2193}' | '\u{2200}'..='\u{22ff}'
        | '\u{2500}'..='\u{25ff}' | '\u{3000}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{309b}'..='\u{30ff}'
        | '\u{3105}'..='\u{3163}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff9d}' | '\u{ffe0}'..='\u{ffe6}' | '\u{20000}'..='\u{3fffd}'
        | '★' | '☆' | '✎' | '✓' | '✗' | '✱' | '↗')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(rule: Rule, text: &str) -> usize {
        let mut grid = Grid::new(rule, 40, 1);
        grid.take(text.as_bytes());
        grid.at.0
    }

    #[test]
    fn width_rules_match_those_of_terminals() {
        for (text, characters, kitty, sums) in [
            ("👨\u{200d}👩\u{200d}👧\u{200d}👦", 8, 8, 8),
            ("🧑🏽\u{200d}🤝\u{200d}🧑🏻", 10, 6, 10),
            ("👍🏽", 4, 2, 4),
            ("❤\u{fe0f}", 1, 2, 1),
            ("ति", 2, 1, 2),
            ("🇫🇷", 2, 2, 2),
            ("e\u{301}字", 3, 3, 3),
            ("ab\u{200e}", 2, 2, 2),
        ] {
            let counted = [Rule::Characters, Rule::Kitty, Rule::Sums].map(|rule| columns(rule, text));
            assert_eq!(counted, [characters, kitty, sums], "{text}");
        }
        assert_eq!((columns(Rule::All(1), "ति字"), columns(Rule::All(2), "ति字")), (3, 4));
    }

    #[test]
    fn half_of_a_wide_cell_is_taken_away_with_the_other() {
        let mut grid = Grid::new(Rule::Sums, 12, 1);
        grid.take("\u{1b}[1;1H👨\u{200d}👩\u{200d}👧\u{1b}[1;3Hx".as_bytes());
        let text: String = grid.rows[0].iter().map(|cell| cell.text.as_str()).collect();
        assert_eq!(text.trim_end(), "  x");
    }
}
