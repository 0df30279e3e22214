//! Problems: what is wrong with a file or a setting, told and not thrown.

use std::fmt;
use std::path::PathBuf;

use super::clean::{self, SafeText};

/// How much a problem costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something was left out or repaired; the article is there.
    Warning,
    /// The file could not be read as an article.
    Error,
}

/// A place in a file, counted from 1; the column in characters.
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

/// What is wrong with a file or a setting, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file it is about.
    pub path: PathBuf,
    /// The place in it, when there is one.
    pub at: Option<Position>,
    /// Whether the article was lost by it.
    pub severity: Severity,
    /// The cause, in one line.
    pub what: SafeText,
    /// What to do; may be empty.
    pub hint: SafeText,
}

impl Problem {
    /// A problem by which the file is still read. Both texts are cleaned here.
    pub fn warning(at: Option<Position>, what: &str, hint: &str) -> Problem {
        Problem::new(Severity::Warning, at, what, hint)
    }

    /// A problem by which the file cannot be read. Both texts are cleaned here.
    pub fn error(at: Option<Position>, what: &str, hint: &str) -> Problem {
        Problem::new(Severity::Error, at, what, hint)
    }

    fn new(severity: Severity, at: Option<Position>, what: &str, hint: &str) -> Problem {
        Problem { path: PathBuf::new(), at, severity, what: clean::plain_line(what), hint: clean::plain_line(hint) }
    }

    /// `file:line:column: cause; what to do`, one line.
    pub fn one_line(&self) -> SafeText {
        clean::plain_line(&self.to_string())
    }

    /// `file:line:column`, or the file alone.
    pub fn location(&self) -> SafeText {
        let path = clean::path(&self.path);
        match self.at {
            Some(at) => clean::plain_line(&format!("{path}:{}:{}", at.line, at.column)),
            None => path,
        }
    }
}

/// Displays as `file:line:column: cause; what to do`.
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
    fn one_line_names_file_place_cause_and_remedy() {
        let at = Some(Position { line: 7, column: 12 });
        let mut problem = Problem::error(at, "colon inside unquoted \u{1b}[31mtitle", "put the title in quotes");
        problem.path = PathBuf::from("a\nb.md");
        assert_eq!(problem.one_line().as_str(), "a b.md:7:12: colon inside unquoted title; put the title in quotes");
    }
}
