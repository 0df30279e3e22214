//! Draws frames by sending the differences to the last frame, correctly even where the terminal counts columns in its own way.
//!
//! Terminals differ in the columns that they give to emoji, flags, marks and many scripts ([`agreed_widths::agreed_columns`]). If
//! such a cluster is or was in a pane of a row that changes, the row is sent from there to its end, blanks included. Its columns
//! are first written as blanks, because a terminal that gives it fewer columns leaves the others unchanged; and the cursor is
//! placed explicitly behind it. Line wrapping must be off (mode 7), or a cluster at the end of a row that the terminal takes for
//! wider would continue in the next row.

use std::io::{self, Write};
use std::sync::Arc;

use ratatui::buffer::{Buffer, Cell, CellDiffOption};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier};
use rustc_hash::FxHashMap;
use unicode_normalization::char::is_combining_mark;

use super::agreed_widths::{self, Direction};
use super::capabilities::WidthQuirks;

/// Ends a hyperlink (OSC 8).
pub const UNLINK: &str = "\x1b]8;;\x1b\\";
/// Left-to-right mark: takes no columns, and counts as a letter when the terminal orders a row with Arabic or Hebrew.
const LEFT_TO_RIGHT_MARK: &str = "\u{200e}";
/// A blank that counts as a left-to-right letter: U+2800, braille without dots. Written hidden, since a font may have dots or a box
/// for it.
// For terminals such as mlterm, in which a left-to-right mark takes a column without being drawn, so that all behind it shifts.
const LEFT_TO_RIGHT_BLANK: &str = "\u{2800}";
/// The number of adjacent blanks that separates columns of a list. Between words there is one.
const GAP: usize = 2;

/// The most unchanged columns that are written again instead of moving the cursor over them. A move takes five bytes.
const REWRITE_MAX: usize = 4;

/// The addresses of hyperlinks, by the underline colours that represent them in a frame.
pub type LinkTargets = FxHashMap<Color, Arc<str>>;

/// A terminal that frames are drawn on, and what it shows.
#[derive(Debug)]
pub struct Screen<W> {
    output: W,
    /// The frame being drawn.
    next: Buffer,
    /// The frame that was sent last.
    last: Buffer,
    widths: WidthQuirks,
    /// Where the links of the next frame lead.
    pub(super) targets: LinkTargets,
    /// Where the cursor will be, and whether it will be visible.
    pub(super) cursor: Option<Position>,
    pub(super) shows_cursor: bool,
    /// Where the cursor is and whether it is visible, as far as known.
    cursor_at: Option<Position>,
    cursor_is_visible: Option<bool>,
}

impl<W: Write> Screen<W> {
    /// A terminal that was just cleared, with an unknown cursor.
    pub fn new(output: W, area: Rect) -> Screen<W> {
        let (next, last) = (Buffer::empty(area), Buffer::empty(area));
        let (targets, widths) = (LinkTargets::default(), WidthQuirks::default());
        Screen {
            output,
            next,
            last,
            widths,
            targets,
            cursor: None,
            shows_cursor: false,
            cursor_at: None,
            cursor_is_visible: None,
        }
    }

    /// The size of a frame.
    pub fn area(&self) -> Rect {
        self.next.area
    }

    /// The frame to draw on, blank at first.
    pub fn frame(&mut self) -> &mut Buffer {
        &mut self.next
    }

    /// The frame that was sent last, and the frame to draw on.
    #[cfg(feature = "pictures")]
    pub fn frames(&mut self) -> (&Buffer, &mut Buffer) {
        (&self.last, &mut self.next)
    }

    /// The frame that was sent last.
    pub fn last(&self) -> &Buffer {
        &self.last
    }

    /// Sets how the terminal counts columns. Returns whether the next frame has to send something for it.
    pub fn set_width_quirks(&mut self, widths: WidthQuirks) -> bool {
        let before = std::mem::replace(&mut self.widths, widths);
        let mut any = false;
        for cell in &mut self.last.content {
            let symbol = cell.symbol();
            let is_marked = agreed_widths::direction(symbol) == Direction::RightToLeft;
            if agreed_widths::drawable(symbol, before) != agreed_widths::drawable(symbol, widths)
                || is_marked && before.mark_is_wide != widths.mark_is_wide
            {
                // No cell of a frame has this option, so the cell differs from the next frame and is sent.
                cell.diff_option = CellDiffOption::AlwaysUpdate;
                any = true;
            }
        }
        any
    }

    /// Sends the frame, and the changes to the cursor.
    pub fn send(&mut self) -> io::Result<()> {
        let columns = usize::from(self.next.area.width).max(1);
        let mut writer = CellWriter::new(&mut self.output, &self.targets, self.widths, columns);
        let rows = self.last.content.chunks(columns).zip(self.next.content.chunks(columns));
        for (y, (last, next)) in rows.enumerate() {
            if last != next {
                writer.row(y, last, next)?;
            }
        }
        if writer.finish()? {
            self.cursor_at = None;
        }
        std::mem::swap(&mut self.last, &mut self.next);
        self.next.reset();
        let moves = self.cursor.filter(|at| self.cursor_at != Some(*at));
        if let Some(Position { x, y }) = moves {
            write!(self.output, "\x1b[{};{}H", u32::from(y) + 1, u32::from(x) + 1)?;
            self.cursor_at = moves;
        }
        if self.cursor_is_visible != Some(self.shows_cursor) {
            self.output.write_all(if self.shows_cursor { b"\x1b[?25h" } else { b"\x1b[?25l" })?;
            self.cursor_is_visible = Some(self.shows_cursor);
        }
        self.output.flush()
    }
}

/// A grapheme cluster in a row, with the columns that it takes there.
#[derive(Clone, Copy, PartialEq)]
struct Cluster<'a> {
    cell: &'a Cell,
    symbol: &'a str,
    columns: usize,
}

impl<'a> Cluster<'a> {
    /// The cluster that begins in a column. A wide cluster whose second half is covered, such as by the border of an overlay,
    /// becomes a blank.
    fn at(row: &'a [Cell], x: usize) -> Option<Cluster<'a>> {
        let cell = row.get(x)?;
        let symbol = cell.symbol();
        let columns = if symbol.len() == 1 { 1 } else { agreed_widths::frame_columns(symbol).max(1) };
        if columns == 1 {
            return Some(Cluster { cell, symbol, columns });
        }
        let is_whole = row.get(x + 1..x + columns).is_some_and(|rest| rest.iter().all(|cell| cell.symbol() == " "));
        let (symbol, columns) = if is_whole { (symbol, columns) } else { (" ", 1) };
        Some(Cluster { cell, symbol, columns })
    }
}

/// The column from which a row must be sent as a whole: the first cluster of disputed width, in the pane of the first change or in
/// a later one. Panes before it are on the screen correctly.
fn resend_from(last: &[Cell], next: &[Cell]) -> Option<usize> {
    let differs = |(last, next): (&Cell, &Cell)| last != next;
    let first = last.iter().zip(next).position(differs)?;
    let end = last.iter().zip(next).rposition(differs)?;
    let is_border = |cell: &Cell| agreed_widths::direction(cell.symbol()) == Direction::Border;
    let pane = next.iter().take(first).rposition(is_border).unwrap_or_default();
    let is_disputed = |cell: &Cell| agreed_widths::agreed_columns(cell.symbol()).is_none();
    last.iter()
        .zip(next)
        .enumerate()
        .skip(pane)
        .take(end + 1 - pane)
        .find_map(|(x, (last, next))| (is_disputed(last) || is_disputed(next)).then_some(x))
}

/// The columns after which left-to-right marks are needed: where right-to-left text ends before a border, a gap, or words in
/// another style, including the blank after it. Without a mark, a terminal that orders rows would swap the text on both sides.
fn bidi_marks(row: &[Cell]) -> Vec<usize> {
    let mut marks = Vec::new();
    let mut add = |end: usize| {
        let is_blank = row.get(end + 1).is_some_and(|cell| cell.symbol() == " ");
        marks.push(if is_blank { end + 1 } else { end });
    };
    let mut text: Option<(usize, &Cell)> = None;
    let mut x = 0;
    while let Some(cluster) = Cluster::at(row, x) {
        match (agreed_widths::direction(cluster.symbol), text) {
            (Direction::RightToLeft, _) => text = Some((x, cluster.cell)),
            (_, None) => {}
            (Direction::LeftToRight, _) => text = None,
            (Direction::Border, Some((end, _))) => {
                add(end);
                text = None;
            }
            (Direction::Neutral, Some((end, cell))) => {
                let is_blank = cluster.symbol == " ";
                if is_blank && x - end >= GAP || !is_blank && style(cell) != style(cluster.cell) {
                    add(end);
                    text = None;
                } else if !is_blank {
                    text = Some((x, cell));
                }
            }
        }
        x += cluster.columns;
    }
    if let Some((end, _)) = text {
        add(end);
    }
    marks
}

type Style = (Color, Color, Modifier);

fn style(cell: &Cell) -> Style {
    (cell.fg, cell.bg, cell.modifier)
}

const PLAIN_STYLE: Style = (Color::Reset, Color::Reset, Modifier::empty());

/// Writes cells, and tracks the position and the style of the cursor.
struct CellWriter<'a, W> {
    output: &'a mut W,
    targets: &'a LinkTargets,
    widths: WidthQuirks,
    style: Style,
    link: Color,
    /// Columns of the screen.
    columns: usize,
    at: CursorAt,
    has_written: bool,
}

/// Where the cursor is, as far as it is certain.
#[derive(Clone, Copy)]
enum CursorAt {
    /// In this column of this row.
    Column(usize, usize),
    /// In this row, in an unknown column.
    Row(usize),
    Unknown,
}

impl<'a, W: Write> CellWriter<'a, W> {
    fn new(output: &'a mut W, targets: &'a LinkTargets, widths: WidthQuirks, columns: usize) -> CellWriter<'a, W> {
        CellWriter {
            output,
            targets,
            widths,
            style: PLAIN_STYLE,
            link: Color::Reset,
            columns,
            at: CursorAt::Unknown,
            has_written: false,
        }
    }

    /// Sends the differences in a row.
    fn row(&mut self, y: usize, last: &[Cell], next: &[Cell]) -> io::Result<()> {
        let resend_from = resend_from(last, next);
        let marks = if resend_from.is_some() { bidi_marks(next) } else { Vec::new() };
        let resend_from = resend_from.unwrap_or(next.len());
        // Both columns of a cluster that was wide have to be overwritten.
        let mut covered = 0;
        let mut x = 0;
        while let Some(cluster) = Cluster::at(next, x) {
            let end = x + cluster.columns;
            if x >= resend_from || x < covered || Cluster::at(last, x) != Some(cluster) {
                self.rewrite_gap(next, x, y)?;
                match marks.contains(&x) && end < next.len() {
                    true => self.put_with_mark((x, y), cluster)?,
                    false => self.put((x, y), cluster)?,
                }
                let of_last = (x..end).filter_map(|x| Some(x + Cluster::at(last, x)?.columns));
                covered = of_last.fold(covered, usize::max);
            }
            x = end;
        }
        self.set_link(Color::Reset)
    }

    /// Writes the unchanged cells between the cursor and a column again, if that takes fewer bytes than moving the cursor.
    fn rewrite_gap(&mut self, row: &[Cell], x: usize, y: usize) -> io::Result<()> {
        let CursorAt::Column(from, of_row) = self.at else { return Ok(()) };
        if of_row != y || from + REWRITE_MAX < x {
            return Ok(());
        }
        let between = row.get(from..x).unwrap_or_default();
        let is_same =
            |cell: &Cell| cell.symbol().len() == 1 && style(cell) == self.style && cell.underline_color == self.link;
        if between.iter().all(is_same) {
            between.iter().try_for_each(|cell| self.output.write_all(cell.symbol().as_bytes()))?;
            self.at = CursorAt::Column(x, y);
        }
        Ok(())
    }

    fn put(&mut self, (x, y): (usize, usize), cluster: Cluster) -> io::Result<()> {
        self.has_written = true;
        self.set_link(cluster.cell.underline_color)?;
        self.move_to(x, y)?;
        self.set_style(style(cluster.cell))?;
        let end = x + cluster.columns;
        if agreed_widths::agreed_columns(cluster.symbol).is_some() {
            self.output.write_all(cluster.symbol.as_bytes())?;
            self.at = CursorAt::Column(end, y);
            return Ok(());
        }
        // A letter always fills its column, whatever the terminal does with its marks.
        let is_letter = |c: char| c.is_alphabetic() && !is_combining_mark(c);
        if cluster.columns > 1 || !cluster.symbol.starts_with(is_letter) {
            write!(self.output, "{:columns$}", "", columns = cluster.columns)?;
            self.at = CursorAt::Column(end, y);
            self.move_to(x, y)?;
        }
        // Near the end of a row, a cluster that the terminal takes for wider than the remaining columns would continue in the next
        // row, or displace what is before it.
        let is_near_end = |symbol: &str| x + 2 * symbol.chars().count() >= self.columns;
        let widths = if is_near_end(cluster.symbol) { WidthQuirks::ALL } else { self.widths };
        let symbol = agreed_widths::drawable(cluster.symbol, widths);
        self.output.write_all(symbol.as_bytes())?;
        self.at = if is_near_end(symbol) { CursorAt::Unknown } else { CursorAt::Row(y) };
        Ok(())
    }

    /// Writes a cluster with a left-to-right mark after it. Where marks take a column, a blank is replaced instead.
    fn put_with_mark(&mut self, at: (usize, usize), cluster: Cluster) -> io::Result<()> {
        if self.widths.mark_is_wide {
            if cluster.symbol != " " {
                return self.put(at, cluster);
            }
            let mut hidden = cluster.cell.clone();
            hidden.modifier.insert(Modifier::HIDDEN);
            return self.put(at, Cluster { cell: &hidden, symbol: LEFT_TO_RIGHT_BLANK, columns: 1 });
        }
        self.put(at, cluster)?;
        if let CursorAt::Column(_, y) = self.at {
            self.at = CursorAt::Row(y);
        }
        self.output.write_all(LEFT_TO_RIGHT_MARK.as_bytes())
    }

    fn move_to(&mut self, x: usize, y: usize) -> io::Result<()> {
        match self.at {
            CursorAt::Column(column, row) if (column, row) == (x, y) => Ok(()),
            CursorAt::Column(_, row) | CursorAt::Row(row) if row == y => write!(self.output, "\x1b[{}G", x + 1),
            _ => write!(self.output, "\x1b[{};{}H", y + 1, x + 1),
        }
    }

    fn set_link(&mut self, link: Color) -> io::Result<()> {
        if self.link == link {
            return Ok(());
        }
        if self.targets.contains_key(&self.link) {
            self.output.write_all(UNLINK.as_bytes())?;
        }
        self.link = link;
        match (self.targets.get(&link), link) {
            // The id joins parts of a link that are drawn at different times.
            (Some(target), Color::Rgb(r, g, b)) => {
                write!(self.output, "\x1b]8;id={r:02x}{g:02x}{b:02x};{target}\x1b\\")
            }
            _ => Ok(()),
        }
    }

    fn set_style(&mut self, style: Style) -> io::Result<()> {
        if self.style == style {
            return Ok(());
        }
        let ((fg, bg, modifier), (old_fg, old_bg, old_modifier)) = (style, self.style);
        self.style = style;
        if style == PLAIN_STYLE {
            return self.output.write_all(b"\x1b[m");
        }
        let mut parameters = Vec::new();
        let mut added = modifier - old_modifier;
        for (set, end) in ATTRIBUTE_ENDS {
            if (old_modifier - modifier).intersects(set) {
                parameters.push(end.to_string());
                // SGR 22 ends both bold and dim: the one that stays must be set again.
                added |= modifier & set;
            }
        }
        for (number, bit) in Modifier::all().iter().enumerate() {
            if added.contains(bit) {
                parameters.push((number + 1).to_string());
            }
        }
        if fg != old_fg {
            parameters.push(colour(fg, 38));
        }
        if bg != old_bg {
            parameters.push(colour(bg, 48));
        }
        write!(self.output, "\x1b[{}m", parameters.join(";"))
    }

    /// Resets the style. Returns whether anything was written.
    fn finish(mut self) -> io::Result<bool> {
        self.set_style(PLAIN_STYLE)?;
        Ok(self.has_written)
    }
}

/// The SGR parameters that end attributes.
const ATTRIBUTE_ENDS: [(Modifier, u8); 7] = [
    (Modifier::BOLD.union(Modifier::DIM), 22),
    (Modifier::ITALIC, 23),
    (Modifier::UNDERLINED, 24),
    (Modifier::SLOW_BLINK.union(Modifier::RAPID_BLINK), 25),
    (Modifier::REVERSED, 27),
    (Modifier::HIDDEN, 28),
    (Modifier::CROSSED_OUT, 29),
];

/// The SGR parameters that set a colour of the text (`of` = 38) or of the background (48).
fn colour(colour: Color, of: u8) -> String {
    let number = match colour {
        Color::Reset => return (of + 1).to_string(),
        Color::Rgb(r, g, b) => return format!("{of};2;{r};{g};{b}"),
        Color::Indexed(number) => number,
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
    format!("{of};5;{number}")
}

#[cfg(test)]
mod tests {
    use ratatui::style::Style;

    use super::*;

    /// What is sent for each of several frames, each with one row of words.
    fn sent(frames: &[&str], widths: WidthQuirks) -> Vec<String> {
        let mut screen = Screen::new(Vec::new(), Rect::new(0, 0, 60, 1));
        screen.set_width_quirks(widths);
        let mut send = |words: &&str| {
            screen.frame().set_string(0, 0, words, Style::new());
            screen.send().expect("a frame");
            String::from_utf8(std::mem::take(&mut screen.output)).expect("text").replace('\x1b', "^")
        };
        frames.iter().map(&mut send).collect()
    }

    fn last(frames: &[&str]) -> String {
        sent(frames, WidthQuirks::default()).pop().expect("a frame")
    }

    #[test]
    fn clusters_of_agreed_width_are_sent_alone_and_in_one_run() {
        assert_eq!(sent(&["ab 潮汐，c"], WidthQuirks::default()), ["^[1;1Hab 潮汐，c^[?25l"]);
        assert_eq!(last(&["ab 潮汐，c", "ab 潮汐，c"]), "");
        assert_eq!(last(&["ab 潮汐，c", "ab 潮水，c"]), "^[1;6H水");
        assert_eq!(last(&["a — “b” … c", "a — “b” … d"]), "^[1;11Hd");
        assert_eq!(last(&["ab潮", "abcd"]), "^[1;3Hcd");
        // Both columns of a cluster that was wide are overwritten.
        assert_eq!(last(&["ab潮", "abc"]), "^[1;3Hc ");
        assert_eq!(last(&["a潮汐", "a b汐"]), "^[1;2H b");
        assert_eq!(last(&["a b汐 x", "a潮汐 x"]), "^[1;2H潮");
        assert_eq!(last(&["ab潮x", "a潮 x"]), "^[1;2H潮 ");
    }

    #[test]
    fn after_a_cluster_of_disputed_width_the_row_is_sent_to_its_end() {
        let blanks = |count: usize| " ".repeat(count);
        assert_eq!(last(&["a ति bc", "a ति bd"]), format!("^[1;3H  ^[3Gति^[5G bd{}", blanks(53)));
        assert_eq!(last(&["a 👍🏽 bc", "a"]), format!("^[1;3H{}", blanks(58)));
        assert_eq!(last(&["a bc", "a ❤\u{fe0f} c"]), format!("^[1;3H  ^[3G❤\u{fe0f}^[5G c{}", blanks(54)));
        // A letter fills its column, whatever its marks.
        assert_eq!(last(&["", "กี ก"]), format!("^[1;1Hกี^[2G ก^[4G{}", blanks(57)));
        // A change before it is sent alone.
        assert_eq!(last(&["a ति bc", "b ति bc"]), "^[1;1Hb");
    }

    #[test]
    fn other_panes_are_not_sent_again() {
        let blanks = " ".repeat(51);
        assert_eq!(last(&["│ति│ │ति a", "│ति│ │ति b"]), format!("^[1;7H  ^[7Gति^[9G b{}", &blanks[..50]));
        assert_eq!(last(&["│ति│ │plain a", "│ति│ │plain b"]), "^[1;13Hb");
        // A change in a pane before others resends them.
        assert_eq!(last(&["│ति│ │plain", "│xx│ │plain"]), format!("^[1;2Hxx│ │plain{}", &blanks[..49]));
    }

    #[test]
    fn a_border_over_the_second_half_of_a_wide_cluster_is_visible() {
        let mut screen = Screen::new(Vec::new(), Rect::new(0, 0, 6, 1));
        let mut send = |x: u16, over: &str| {
            screen.frame().set_string(0, 0, "a潮b", Style::new());
            screen.frame().set_string(x, 0, over, Style::new());
            screen.send().expect("a frame");
            String::from_utf8(std::mem::take(&mut screen.output)).expect("text").replace('\x1b', "^")
        };
        assert_eq!(send(2, "│"), "^[1;1Ha │b^[?25l");
        assert_eq!(send(3, "b"), "^[1;2H潮");
        assert_eq!(send(2, "│"), "^[1;2H │");
    }

    #[test]
    fn only_the_first_emoji_is_drawn_where_the_others_would_take_columns() {
        let toned = WidthQuirks { skin_tone_is_wide: true, ..WidthQuirks::default() };
        assert!(sent(&["👍🏽 a"], toned)[0].contains("👍^[3G a"));
        assert!(sent(&["👍🏽 a"], WidthQuirks::default())[0].contains("👍🏽^[3G a"));
        let at_end = format!("{}👍🏽", " ".repeat(57));
        assert!(sent(&[&at_end], WidthQuirks::default())[0].contains("👍^[60G "), "they may not go on in the next row");

        // Widths that the terminal reports later apply to what it already shows.
        let mut screen = Screen::new(Vec::new(), Rect::new(0, 0, 20, 1));
        for (widths, expected) in [(WidthQuirks::default(), false), (toned, true), (toned, false)] {
            assert_eq!(screen.set_width_quirks(widths), expected);
            screen.frame().set_string(0, 0, "ab 👍🏽", Style::new());
            screen.send().expect("a frame");
            assert_eq!(std::mem::take(&mut screen.output).is_empty(), !expected && widths == toned, "{widths:?}");
        }
    }

    #[test]
    fn right_to_left_columns_are_separated() {
        let frames = ["│5y  שלום  שלום עולם 2021.      │ │a"];
        let marked = sent(&frames, WidthQuirks::default()).concat().replace('\u{200e}', "<");
        let text = |sent: &str| {
            let mut parts = sent.split("^[");
            let first = parts.next().unwrap_or_default().to_owned();
            let after = |part: &str| part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';')[1..].to_owned();
            first + &parts.map(after).collect::<String>()
        };
        assert!(text(&marked).starts_with("│5y  שלום < שלום עולם 2021. <     │ │a"), "{marked:?}");
        let taking = WidthQuirks { mark_is_wide: true, ..WidthQuirks::default() };
        let blank = sent(&frames, taking).concat();
        assert!(!blank.contains('\u{200e}') && blank.matches('\u{2800}').count() == 2, "{blank:?}");
        for (row, expected) in [
            ("שלום│", &[3][..]),
            ("שלום │", &[4]),
            ("a שלום abc שלום", &[14]),
            ("שלום", &[3]),
            ("plain  text", &[]),
            ("عربي  字  עב", &[4, 11]),
        ] {
            let mut buffer = Buffer::empty(Rect::new(0, 0, text::columns(row), 1));
            buffer.set_string(0, 0, row, Style::new());
            assert_eq!(bidi_marks(&buffer.content), expected, "{row}");
        }
        // Words of another style after a blank.
        let mut buffer = Buffer::empty(Rect::new(0, 0, 10, 1));
        buffer.set_string(0, 0, "שלום 85", Style::new());
        buffer.set_string(5, 0, "85", Style::new().fg(Color::Red));
        assert_eq!(bidi_marks(&buffer.content), [4]);
    }

    mod text {
        /// Columns of a row.
        pub fn columns(row: &str) -> u16 {
            u16::try_from(crate::text::width(row)).expect("columns")
        }
    }

    #[test]
    fn styles_are_sent_when_they_change() {
        let mut screen = Screen::new(Vec::new(), Rect::new(0, 0, 10, 1));
        let bold = Style::new().bold().fg(Color::Red);
        let frame = screen.frame();
        frame.set_string(0, 0, "a", bold);
        frame.set_string(1, 0, "b", bold.dim().bg(Color::Rgb(1, 2, 3)));
        frame.set_string(2, 0, "c", Style::new().dim().fg(Color::Indexed(200)));
        frame.set_string(3, 0, "d", Style::new());
        frame.set_string(4, 0, "e", Style::new().reversed());
        screen.send().expect("a frame");
        let sent = String::from_utf8(std::mem::take(&mut screen.output)).expect("text").replace('\x1b', "^");
        assert_eq!(sent, "^[1;1H^[1;38;5;1ma^[2;48;2;1;2;3mb^[22;2;38;5;200;49mc^[md^[7me^[m^[?25l");
    }
}
