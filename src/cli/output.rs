//! Writes to stdout, stderr and output files. Only safe text is written, and a closed pipe is not an error.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};

use serde_json::Value;

use super::error::CliError;
use crate::config::SymbolSet;
use crate::export::escape_json;
use crate::feed::{IntoSafeText, SafeText};
use crate::text::ascii;

/// Bytes that are written at once.
const BUFFER: usize = 64 * 1024;

/// Buffered stdout, or a file in its place.
pub struct Output {
    out: BufWriter<Box<dyn Write>>,
    colour: bool,
    columns: Option<usize>,
    symbols: SymbolSet,
}

/// Why stdout cannot be written to.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The pipe was closed, as `| head` does.
    #[error("the output was closed")]
    Closed,
    /// Another failure, such as a full disk.
    #[error("cannot write the output: {0}")]
    Failed(io::Error),
}

impl From<io::Error> for OutputError {
    fn from(error: io::Error) -> OutputError {
        if error.kind() == io::ErrorKind::BrokenPipe { OutputError::Closed } else { OutputError::Failed(error) }
    }
}

impl Output {
    /// Stdout, coloured only if it is a terminal and `NO_COLOR` is not set.
    pub fn new() -> Output {
        let out = io::stdout();
        let is_terminal = out.is_terminal();
        let columns =
            is_terminal.then(|| crossterm::terminal::size().ok().map(|(columns, _)| usize::from(columns))).flatten();
        Output {
            out: BufWriter::with_capacity(BUFFER, Box::new(out)),
            colour: is_terminal && !no_colour(),
            columns,
            symbols: SymbolSet::Unicode,
        }
    }

    /// A file in place of stdout.
    pub fn to_file(file: File) -> Output {
        let out = BufWriter::with_capacity(BUFFER, Box::new(file) as Box<dyn Write>);
        Output { out, colour: false, columns: None, symbols: SymbolSet::Unicode }
    }

    /// Stdout whose lines and headings are limited to a symbol set. For people; programs get [`Output::new`].
    pub fn with_symbols(symbols: SymbolSet) -> Output {
        Output { symbols, ..Output::new() }
    }

    /// Width of the terminal in columns. None if stdout is not a terminal.
    pub fn columns(&self) -> Option<usize> {
        self.columns
    }

    /// Writes a line of text.
    pub fn line<'a>(&mut self, text: impl IntoSafeText<'a>) -> Result<(), OutputError> {
        self.out.write_all(ascii::line(&text.into_safe(), self.symbols).as_bytes())?;
        Ok(self.out.write_all(b"\n")?)
    }

    /// Writes a line of fields separated by tabs. Safe text contains no tabs.
    pub fn fields(&mut self, fields: &[SafeText]) -> Result<(), OutputError> {
        let fields: Vec<&str> = fields.iter().map(SafeText::as_str).collect();
        self.out.write_all(fields.join("\t").as_bytes())?;
        Ok(self.out.write_all(b"\n")?)
    }

    /// Writes a line, in bold on a terminal with colour.
    pub fn heading<'a>(&mut self, text: impl IntoSafeText<'a>) -> Result<(), OutputError> {
        let (on, off): (&[u8], &[u8]) = if self.colour { (b"\x1b[1m", b"\x1b[0m") } else { (b"", b"") };
        self.out.write_all(on)?;
        self.out.write_all(ascii::line(&text.into_safe(), self.symbols).as_bytes())?;
        self.out.write_all(off)?;
        Ok(self.out.write_all(b"\n")?)
    }

    /// Writes a JSON document with indentation.
    pub fn json(&mut self, value: &Value) -> Result<(), OutputError> {
        self.write_json(serde_json::to_string_pretty(value))
    }

    /// Writes a JSON document on one line.
    pub fn json_line(&mut self, value: &Value) -> Result<(), OutputError> {
        self.write_json(serde_json::to_string(value))
    }

    fn write_json(&mut self, text: serde_json::Result<String>) -> Result<(), OutputError> {
        let text = text.map_err(io::Error::from)?;
        self.out.write_all(escape_json(&text).as_bytes())?;
        Ok(self.out.write_all(b"\n")?)
    }

    /// Writes text as it is, for output with escape sequences of our own. The caller has cleaned text from outside.
    pub fn raw(&mut self, text: &str) -> Result<(), OutputError> {
        Ok(self.out.write_all(text.as_bytes())?)
    }

    /// Where a document is written whose writer cleans text from outside.
    pub fn document(&mut self) -> &mut dyn Write {
        &mut self.out
    }

    /// True if output may be coloured.
    pub fn colour(&self) -> bool {
        self.colour
    }

    /// Writes what is in the buffer, for readers that wait for each line.
    #[cfg(feature = "sync")]
    pub fn flush(&mut self) -> Result<(), OutputError> {
        Ok(self.out.flush()?)
    }

    /// Flushes the buffer.
    pub fn finish(mut self) -> Result<(), OutputError> {
        // `BufWriter` flushes on drop too, but then drops the error, such as a full disk.
        Ok(self.out.flush()?)
    }
}

/// True if `NO_COLOR` is set and not empty.
pub fn no_colour() -> bool {
    std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

/// Prints a line to stderr after `frontpage: `, so its text begins in lower case. Failures are ignored: there is nowhere to report
/// them.
pub fn print_notice<'a>(text: impl IntoSafeText<'a>) {
    let mut err = io::stderr().lock();
    let text = text.into_safe();
    // Some messages begin with the name already: `frontpage needs a terminal`.
    let prefix = if text.starts_with("frontpage ") { "" } else { "frontpage: " };
    let _ = writeln!(err, "{prefix}{text}");
}

/// Prints an error and its hints to stderr.
pub fn print_error(error: &CliError) {
    print_notice(&error.what);
    for hint in &error.hints {
        let _ = writeln!(io::stderr().lock(), "  {hint}");
    }
}
