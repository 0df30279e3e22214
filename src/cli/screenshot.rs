//! `frontpage screen`: draws the screen that a string of keys leads to, without a terminal.

use std::fmt::Write;

use clap::ValueEnum;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};

use super::context::{Context, exit_after};
use super::error::{CliError, Exit};
use super::help_text;
use super::output::{Output, print_notice};
use crate::app::{Effect, SubscriptionEffect, shown_address};
use crate::external_program::program;
use crate::feed::clean;
use crate::jobs::sync_subscriptions::SyncScope;
use crate::keymap::Key;

/// Output formats of `screen`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ScreenFormat {
    /// Only the characters.
    Text,
    /// Characters with escape sequences for their styles.
    Ansi,
    /// A picture.
    Svg,
}

const EXAMPLES: &str = "\
frontpage screen --keys \"jj<enter>\"         opens the third article
frontpage screen --size 160x45 --format svg > reader.svg";

/// Arguments of `screen`.
#[derive(Debug, clap::Args)]
#[command(after_help = help_text::examples(EXAMPLES))]
pub struct ScreenArgs {
    /// Size of the screen
    #[arg(long, value_name = "COLUMNSxROWS", default_value = "120x36", value_parser = read_size)]
    size: (u16, u16),
    /// Keys to press, such as jj<enter> or t<ctrl-n><space>
    #[arg(long, value_name = "KEYS", default_value = "", hide_default_value = true)]
    keys: String,
    /// Output format
    #[arg(long, value_enum, default_value = "text")]
    format: ScreenFormat,
}

/// Why a size cannot be parsed.
#[derive(Debug, thiserror::Error)]
#[error("write columns and rows, as in 120x36")]
struct BadSize;

fn read_size(text: &str) -> Result<(u16, u16), BadSize> {
    let size = text.split_once('x').and_then(|(columns, rows)| Some((columns.parse().ok()?, rows.parse().ok()?)));
    size.ok_or(BadSize)
}

/// Draws a screen. Effects that the keys ask for are printed, not performed.
pub fn run(args: &ScreenArgs, context: &Context) -> Result<Exit, CliError> {
    let keys = Key::parse_all(&args.keys).map_err(|error| CliError::new(&error.to_string()))?;
    let loaded = context.load()?;
    let mut session = context.session();
    let problems = loaded.problems;
    // Marks come before the articles, so the first rows show them. Nothing is written.
    let marks = crate::app::Event::MarksLoaded { marks: (*context.marks()).clone(), problems: Vec::new() };
    let _ = session.receive(marks);
    let effects = session.receive(crate::app::Event::FeedLoaded { feed: loaded.feed, problems, complete: true });
    let _ = session.run_jobs(effects);
    let (columns, rows) = args.size;
    let mut screen = session.screen(columns, rows);
    for key in keys {
        let (effects, _) = session.press(key);
        let effects = session.run_jobs(effects);
        for effect in effects.0 {
            print_notice(clean::plain_line(&describe(&effect)));
        }
        screen = session.screen(columns, rows);
    }
    let drawn = match args.format {
        ScreenFormat::Text => text(&screen),
        ScreenFormat::Ansi => ansi(&screen),
        ScreenFormat::Svg => svg(&screen),
    };
    let mut out = Output::new();
    exit_after(out.raw(&drawn).and_then(|()| out.finish()), Exit::Success)
}

fn describe(effect: &Effect) -> String {
    match effect {
        Effect::OpenLink(address) => format!("would open {}", address.shown()),
        Effect::Copy { text, what } => format!("would copy the {what} {text}"),
        Effect::EditFile { path, line } => format!("would edit {} at line {line}", clean::path(path)),
        Effect::ReloadFiles => "would reload the articles".to_owned(),
        Effect::RunJob(job) => format!("would run a job: {:?}", job.kind()),
        Effect::SaveSearch { name, query } => format!("would save {query} as {name}"),
        Effect::SaveMarks(changes) => {
            let count: usize = changes.iter().map(|change| change.articles.len()).sum();
            format!("would save marks of {count} article{}", if count == 1 { "" } else { "s" })
        }
        Effect::EditSavedSearches => "would edit the saved searches".to_owned(),
        Effect::EditSettings => "would edit the settings".to_owned(),
        Effect::ReloadSettings => "would reload the settings".to_owned(),
        Effect::JoinSubscriptions => "would read the articles of subscriptions".to_owned(),
        Effect::OpenLibrary(path) => format!("would read {}", clean::path(path)),
        #[cfg(feature = "sync")]
        Effect::Import(_) => "would import subscriptions".to_owned(),
        Effect::Subscriptions(effect) => describe_for_subscriptions(effect),
        Effect::Suspend => "would suspend".to_owned(),
        Effect::Redraw => "would redraw the screen".to_owned(),
        Effect::RunProgram(run) => {
            let words = run.calls.first().map(|call| program::shown(&call.words)).unwrap_or_default();
            format!("would run {words}")
        }
        Effect::StopPrograms => "would end the running programs".to_owned(),
        Effect::ShowInPager(_) => "would show the output in the pager".to_owned(),
        Effect::Quit => "would quit".to_owned(),
    }
}

fn describe_for_subscriptions(effect: &SubscriptionEffect) -> String {
    match effect {
        SubscriptionEffect::Sync { scope: SyncScope::Due, .. } => {
            "would fetch the subscriptions that are due".to_owned()
        }
        SubscriptionEffect::Sync { scope: SyncScope::All, .. } => "would fetch all subscriptions".to_owned(),
        SubscriptionEffect::StopSync => "would end the running sync".to_owned(),
        SubscriptionEffect::Subscribe(request) => format!("would subscribe to {}", shown_address(&request.address)),
        SubscriptionEffect::ReadRecords => "would read the records of subscriptions".to_owned(),
        SubscriptionEffect::EditLine(line) => format!("would edit the subscriptions at line {line}"),
        SubscriptionEffect::Unsubscribe(key) => format!("would remove the subscription {key}"),
        SubscriptionEffect::Move { to, .. } => format!("would move a subscription to {}", shown_address(to)),
    }
}

/// Adjacent cells of a row with the same style.
struct Run {
    column: u16,
    columns: u16,
    text: String,
    style: ratatui::style::Style,
}

/// Splits the rows of a screen into runs. The second cell of a wide character belongs to its run.
fn runs(screen: &Buffer) -> Vec<Vec<Run>> {
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

fn ansi(screen: &Buffer) -> String {
    let mut out = String::new();
    for row in runs(screen) {
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
        out.push_str("\x1b[0m\n");
    }
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
fn sixteen(colour: Color) -> Option<u8> {
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

/// The 16 terminal colours in pictures.
const PALETTE: [&str; 16] = [
    "#1d2021", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#c8ccd4", "#7f848e", "#e88388",
    "#a9d18e", "#f0d197", "#7fc1ff", "#d19aea", "#76cbd5", "#ffffff",
];
const BACKGROUND: &str = "#16181d";
const FOREGROUND: &str = "#d7dae0";

fn svg(screen: &Buffer) -> String {
    const CELL: (f32, f32) = (8.4, 18.0);
    let area = screen.area;
    let (width, height) = (f32::from(area.width) * CELL.0 + 16.0, f32::from(area.height) * CELL.1 + 16.0);
    // The margin gets the background that the theme paints, else the picture has a frame of another colour.
    let around = screen.cell((0, 0)).map_or(BACKGROUND.to_owned(), |cell| css(Some(cell.bg), BACKGROUND));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"14\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{around}\"/>\n"
    );
    for (y, row) in runs(screen).into_iter().enumerate() {
        let top = 8.0 + y as f32 * CELL.1;
        for run in row {
            let reversed = run.style.add_modifier.contains(Modifier::REVERSED);
            let (mut foreground, mut background) = (css(run.style.fg, FOREGROUND), css(run.style.bg, BACKGROUND));
            if reversed {
                (foreground, background) = (background, foreground);
            }
            let left = 8.0 + f32::from(run.column) * CELL.0;
            let columns = f32::from(run.columns) * CELL.0;
            if background != around {
                let _ = writeln!(
                    out,
                    "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{columns:.1}\" height=\"{:.1}\" fill=\"{background}\"/>",
                    CELL.1
                );
            }
            if run.text.trim().is_empty() {
                continue;
            }
            let mut style = String::new();
            for (modifier, attribute) in [
                (Modifier::BOLD, " font-weight=\"bold\""),
                (Modifier::ITALIC, " font-style=\"italic\""),
                (Modifier::UNDERLINED, " text-decoration=\"underline\""),
                (Modifier::CROSSED_OUT, " text-decoration=\"line-through\""),
                (Modifier::DIM, " opacity=\"0.6\""),
            ] {
                if run.style.add_modifier.contains(modifier) {
                    style.push_str(attribute);
                }
            }
            // `textLength` fits the text to its cells: fonts differ in the width of a character.
            let text = html_escape::encode_text(&run.text);
            let _ = writeln!(
                out,
                "<text x=\"{left:.1}\" y=\"{:.1}\" fill=\"{foreground}\" textLength=\"{columns:.1}\" \
                 lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\"{style}>{text}</text>",
                top + 13.5
            );
        }
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
