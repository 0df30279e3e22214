//! The one door to stdout and stderr: only cleaned text passes, and a reader that went away is no failure.

use std::borrow::Cow;
use std::io::{self, BufWriter, IsTerminal, Write};

use serde_json::Value;

use super::error::CliError;
use crate::config::Signs;
use crate::feed::{IntoSafeText, SafeText, clean};
use crate::text::ascii;

/// Where data goes.
pub struct Output {
    out: BufWriter<io::Stdout>,
    colour: bool,
    columns: Option<usize>,
    signs: Signs,
}

/// Nothing more can be written.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The other end was closed, as `| head` does.
    #[error("the reader of the output went away")]
    Closed,
    /// A full disk and the like.
    #[error("cannot write the output: {0}")]
    Failed(io::Error),
}

impl From<io::Error> for OutputError {
    fn from(error: io::Error) -> OutputError {
        if error.kind() == io::ErrorKind::BrokenPipe { OutputError::Closed } else { OutputError::Failed(error) }
    }
}

impl Output {
    /// Stdout. Colour only on a terminal, and never where `NO_COLOR` is set.
    pub fn new() -> Output {
        let out = io::stdout();
        let is_terminal = out.is_terminal();
        let columns =
            is_terminal.then(|| crossterm::terminal::size().ok().map(|(columns, _)| usize::from(columns))).flatten();
        Output {
            out: BufWriter::with_capacity(64 * 1024, out),
            colour: is_terminal && !no_colour(),
            columns,
            signs: Signs::Usual,
        }
    }

    /// Stdout for people: lines and headings are written with these signs.
    pub fn with_signs(signs: Signs) -> Output {
        Output { signs, ..Output::new() }
    }

    /// Columns of the terminal, when it is one.
    pub fn columns(&self) -> Option<usize> {
        self.columns
    }

    /// A line of text.
    pub fn line<'a>(&mut self, text: impl IntoSafeText<'a>) -> Result<(), OutputError> {
        self.out.write_all(ascii::line(&text.into_safe(), self.signs).as_bytes())?;
        Ok(self.out.write_all(b"\n")?)
    }

    /// A line of fields between tabs. No field can hold one: cleaned text has none.
    pub fn fields(&mut self, fields: &[SafeText]) -> Result<(), OutputError> {
        let fields: Vec<&str> = fields.iter().map(SafeText::as_str).collect();
        self.out.write_all(fields.join("\t").as_bytes())?;
        Ok(self.out.write_all(b"\n")?)
    }

    /// A line that is bold on a terminal.
    pub fn heading<'a>(&mut self, text: impl IntoSafeText<'a>) -> Result<(), OutputError> {
        let (on, off): (&[u8], &[u8]) = if self.colour { (b"\x1b[1m", b"\x1b[0m") } else { (b"", b"") };
        self.out.write_all(on)?;
        self.out.write_all(ascii::line(&text.into_safe(), self.signs).as_bytes())?;
        self.out.write_all(off)?;
        Ok(self.out.write_all(b"\n")?)
    }

    /// A JSON document, on several lines.
    pub fn json(&mut self, value: &Value) -> Result<(), OutputError> {
        self.write_json(serde_json::to_string_pretty(value))
    }

    /// A JSON document, on one line.
    pub fn json_line(&mut self, value: &Value) -> Result<(), OutputError> {
        self.write_json(serde_json::to_string(value))
    }

    fn write_json(&mut self, text: serde_json::Result<String>) -> Result<(), OutputError> {
        let text = text.map_err(io::Error::from)?;
        self.out.write_all(escape_json(&text).as_bytes())?;
        Ok(self.out.write_all(b"\n")?)
    }

    /// A frame of the screen with its own escape sequences: everything in it was drawn from cleaned text.
    pub fn raw(&mut self, frame: &str) -> Result<(), OutputError> {
        Ok(self.out.write_all(frame.as_bytes())?)
    }

    /// True when output may be coloured.
    pub fn colour(&self) -> bool {
        self.colour
    }

    /// Writes out what is held back.
    pub fn finish(mut self) -> Result<(), OutputError> {
        Ok(self.out.flush()?)
    }
}

/// JSON in which what a terminal would obey or not show is written as `\u….`: names of files are given to programs as they are.
/// Outside of strings JSON has nothing of that kind.
fn escape_json(json: &str) -> Cow<'_, str> {
    let is_hidden = |c: char| c != '\n' && (clean::is_hidden(c) || matches!(c, '\u{2028}' | '\u{2029}'));
    if !json.contains(is_hidden) {
        return json.into();
    }
    let mut units = [0; 2];
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match is_hidden(c) {
            true => c.encode_utf16(&mut units).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}"))),
            false => out.push(c),
        }
    }
    out.into()
}

/// Whether `NO_COLOR` asks for no colour.
pub fn no_colour() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

/// A line of words beside the data, to stderr. When even that fails nothing is left to say.
pub fn print_notice<'a>(text: impl IntoSafeText<'a>) {
    let mut err = io::stderr().lock();
    let text = text.into_safe();
    // A sentence about the program itself names it already.
    let prefix = if text.starts_with("frontpage ") { "" } else { "frontpage: " };
    let _ = writeln!(err, "{prefix}{text}");
}

/// An error with its hints, to stderr.
pub fn print_error(error: &CliError) {
    print_notice(&error.what);
    for hint in &error.hints {
        let _ = writeln!(io::stderr().lock(), "  {hint}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_escaped_and_read_back_as_it_was() {
        for name in ["plain é", "\u{9b}2J", "\u{202e}\u{2028}\u{7f}", "\u{e0041}\u{10fffd}\u{fffe}", "a\nb\\\"\u{1b}"]
        {
            let json = serde_json::to_string(name).expect("JSON");
            let escaped = escape_json(&json);
            assert!(!escaped.contains(clean::is_hidden), "{escaped}");
            assert_eq!(serde_json::from_str::<String>(&escaped).expect("JSON"), name);
        }
    }
}
