//! Pictures of a drawn screen in SVG.

use std::fmt::Write;

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};

use super::screen_cells::{Run, runs, sixteen};

/// The 16 terminal colours in pictures.
const PALETTE: [&str; 16] = [
    "#1d2021", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#c8ccd4", "#7f848e", "#e88388",
    "#a9d18e", "#f0d197", "#7fc1ff", "#d19aea", "#76cbd5", "#ffffff",
];
const BACKGROUND: &str = "#16181d";
const FOREGROUND: &str = "#d7dae0";

/// Width and height of a cell.
pub const CELL: (f32, f32) = (8.4, 18.0);
/// Space around the screen.
pub const MARGIN: f32 = 8.0;
/// From the top of a cell to the line that its character is on.
pub const BASELINE: f32 = 13.5;
/// The fonts of pictures.
pub const FONTS: &str = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace";

/// How a run is drawn: its place, and its colours and style as CSS.
pub struct DrawnRun {
    /// Its left edge.
    pub left: f32,
    /// Its top edge.
    pub top: f32,
    /// Its width.
    pub width: f32,
    /// The colour of its characters.
    pub foreground: String,
    /// The colour behind them.
    pub background: String,
    /// Names and values of its style: `font-weight`, `bold`.
    pub style: Vec<(&'static str, &'static str)>,
}

impl DrawnRun {
    /// A run in a row of the screen.
    pub fn of(run: &Run, row: usize) -> DrawnRun {
        let modifiers = run.style.add_modifier;
        let (mut foreground, mut background) = (css(run.style.fg, FOREGROUND), css(run.style.bg, BACKGROUND));
        if modifiers.contains(Modifier::REVERSED) {
            (foreground, background) = (background, foreground);
        }
        let styles = [
            (Modifier::BOLD, ("font-weight", "bold")),
            (Modifier::ITALIC, ("font-style", "italic")),
            (Modifier::UNDERLINED, ("text-decoration", "underline")),
            (Modifier::CROSSED_OUT, ("text-decoration", "line-through")),
            (Modifier::DIM, ("opacity", "0.6")),
        ];
        DrawnRun {
            left: MARGIN + f32::from(run.column) * CELL.0,
            top: MARGIN + row as f32 * CELL.1,
            width: f32::from(run.columns) * CELL.0,
            foreground,
            background,
            style: styles.into_iter().filter(|(set, _)| modifiers.contains(*set)).map(|(_, style)| style).collect(),
        }
    }
}

/// The colour around the screen: the background that the theme paints, else the picture has a frame of another colour.
pub fn around(screen: &Buffer) -> String {
    screen.cell((0, 0)).map_or(BACKGROUND.to_owned(), |cell| css(Some(cell.bg), BACKGROUND))
}

/// Width and height of a picture of a screen.
pub fn size(screen: &Buffer) -> (f32, f32) {
    let area = screen.area;
    (f32::from(area.width) * CELL.0 + 2.0 * MARGIN, f32::from(area.height) * CELL.1 + 2.0 * MARGIN)
}

/// The picture of a screen.
pub fn svg(screen: &Buffer) -> String {
    let (width, height) = size(screen);
    let around = around(screen);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         font-family=\"{FONTS}\" font-size=\"14\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{around}\"/>\n"
    );
    for (row, run) in runs(screen).iter().enumerate().flat_map(|(row, runs)| runs.iter().map(move |run| (row, run))) {
        let DrawnRun { left, top, width, foreground, background, style } = DrawnRun::of(run, row);
        if background != around {
            let _ = writeln!(
                out,
                "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{:.1}\" fill=\"{background}\"/>",
                CELL.1
            );
        }
        if run.text.trim().is_empty() {
            continue;
        }
        let style: String = style.into_iter().map(|(name, value)| format!(" {name}=\"{value}\"")).collect();
        // `textLength` fits the text to its cells: fonts differ in the width of a character.
        let text = html_escape::encode_text(&run.text);
        let _ = writeln!(
            out,
            "<text x=\"{left:.1}\" y=\"{:.1}\" fill=\"{foreground}\" textLength=\"{width:.1}\" \
             lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\"{style}>{text}</text>",
            top + BASELINE
        );
    }
    out.push_str("</svg>\n");
    out
}

fn css(colour: Option<Color>, default: &str) -> String {
    match colour {
        Some(Color::Rgb(r, g, b)) => format!("#{r:02x}{g:02x}{b:02x}"),
        Some(colour) => sixteen(colour).map_or(default, |n| PALETTE[usize::from(n)]).to_owned(),
        None => default.to_owned(),
    }
}
