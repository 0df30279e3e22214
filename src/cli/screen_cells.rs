//! The cells of a drawn screen: runs of one style, and their characters with and without escape sequences.

use std::fmt::Write;

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

/// Adjacent cells of a row with the same style.
pub struct Run {
    /// Its first column.
    pub column: u16,
    /// Its width in columns.
    pub columns: u16,
    /// Its characters.
    pub text: String,
    /// The style of its cells.
    pub style: Style,
}

/// Splits the rows of a screen into runs. The second cell of a wide character belongs to its run.
pub fn runs(screen: &Buffer) -> Vec<Vec<Run>> {
    let area = screen.area;
    let row = |y: u16| {
        let mut runs: Vec<Run> = Vec::new();
        let mut x = 0;
        while x < area.width {
            let Some(cell) = screen.cell((x, y)) else { break };
            let symbol = cell.symbol();
            let width = (crate::text::width(symbol) as u16).max(1);
            match runs.last_mut() {
                Some(run) if run.style == cell.style() => {
                    run.text.push_str(symbol);
                    run.columns += width;
                }
                _ => runs.push(Run { column: x, columns: width, text: symbol.to_owned(), style: cell.style() }),
            }
            x += width;
        }
        runs
    };
    (0..area.height).map(row).collect()
}

/// The characters of a screen, one line per row, without trailing blanks.
pub fn text(screen: &Buffer) -> String {
    let rows = runs(screen).into_iter();
    let line = |row: Vec<Run>| row.iter().map(|run| run.text.as_str()).collect::<String>().trim_end().to_owned() + "\n";
    rows.map(line).collect()
}

/// The characters of a screen with escape sequences for their styles.
pub fn ansi(screen: &Buffer) -> String {
    runs(screen).iter().map(|row| ansi_row(row) + "\n").collect()
}

/// The characters of a row with escape sequences for their styles.
pub fn ansi_row(row: &[Run]) -> String {
    let mut out = String::new();
    for run in row {
        let mut codes = vec!["0".to_owned()];
        codes.extend(run.style.fg.and_then(|colour| ansi_colour(colour, 30)));
        codes.extend(run.style.bg.and_then(|colour| ansi_colour(colour, 40)));
        let modifiers = [
            (Modifier::BOLD, "1"),
            (Modifier::DIM, "2"),
            (Modifier::ITALIC, "3"),
            (Modifier::UNDERLINED, "4"),
            (Modifier::REVERSED, "7"),
            (Modifier::CROSSED_OUT, "9"),
        ];
        let set = modifiers.iter().filter(|(modifier, _)| run.style.add_modifier.contains(*modifier));
        codes.extend(set.map(|(_, code)| (*code).to_owned()));
        let _ = write!(out, "\x1b[{}m{}", codes.join(";"), run.text);
    }
    out.push_str("\x1b[0m");
    out
}

fn ansi_colour(colour: Color, base: u8) -> Option<String> {
    match colour {
        Color::Rgb(r, g, b) => Some(format!("{};2;{r};{g};{b}", base + 8)),
        Color::Indexed(n) => Some(format!("{};5;{n}", base + 8)),
        // The codes of bright colours begin at 90 and 100, not after 37 and 47.
        colour => sixteen(colour).map(|n| if n < 8 { (base + n).to_string() } else { (base + 52 + n).to_string() }),
    }
}

/// The number of a colour among the 16 colours of a terminal.
pub fn sixteen(colour: Color) -> Option<u8> {
    let order = [
        Color::Black,
        Color::Red,
        Color::Green,
        Color::Yellow,
        Color::Blue,
        Color::Magenta,
        Color::Cyan,
        Color::Gray,
        Color::DarkGray,
        Color::LightRed,
        Color::LightGreen,
        Color::LightYellow,
        Color::LightBlue,
        Color::LightMagenta,
        Color::LightCyan,
        Color::White,
    ];
    order.iter().position(|known| *known == colour).map(|n| n as u8)
}
