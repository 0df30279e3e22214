//! A problem of one file, as it is shown to the user: path, position, severity, cause and hint. Problems do not end a command.

use std::fmt;
use std::path::PathBuf;

use super::clean::{self, SafeText};

/// How serious a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something was left out or repaired, but the article is loaded.
    Warning,
    /// The file could not be read as an article.
    Error,
}

/// A position in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl Position {
    /// The start of a file.
    pub const START: Position = Position { line: 1, column: 1 };
}

/// Something wrong in an article file, the settings or the saved searches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub path: PathBuf,
    /// The position in the file, if known.
    pub at: Option<Position>,
    /// How serious it is.
    pub severity: Severity,
    /// The cause, in one line.
    pub what: SafeText,
    /// What the user can do; may be empty.
    pub hint: SafeText,
}

impl Problem {
    /// A problem of a file that is loaded all the same. Both texts are cleaned here.
    pub fn warning(at: Option<Position>, what: &str, hint: &str) -> Problem {
        Problem::new(Severity::Warning, at, what, hint)
    }

    /// A problem that prevents the file from being loaded. Both texts are cleaned here.
    pub fn error(at: Option<Position>, what: &str, hint: &str) -> Problem {
        Problem::new(Severity::Error, at, what, hint)
    }

    fn new(severity: Severity, at: Option<Position>, what: &str, hint: &str) -> Problem {
        Problem { path: PathBuf::new(), at, severity, what: clean::plain_line(what), hint: clean::plain_line(hint) }
    }

    /// `file:line:column: cause; hint` as one line.
    pub fn one_line(&self) -> SafeText {
        clean::plain_line(&self.to_string())
    }

    /// `file:line:column`, or only the file if the position is unknown.
    pub fn location(&self) -> SafeText {
        let path = clean::path(&self.path);
        match self.at {
            Some(at) => clean::plain_line(&format!("{path}:{}:{}", at.line, at.column)),
            None => path,
        }
    }
}

/// Displays as `file:line:column: cause; hint`.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.location(), self.what)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, "; {}", self.hint) }
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_names_file_position_cause_and_hint() {
        let at = Some(Position { line: 7, column: 12 });
        let mut problem = Problem::error(at, "colon inside unquoted \u{1b}[31mtitle", "put the title in quotes");
        problem.path = PathBuf::from("a\nb.md");
        assert_eq!(problem.one_line().as_str(), "a b.md:7:12: colon inside unquoted title; put the title in quotes");
    }
}
