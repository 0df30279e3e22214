//! What is wrong with a document that is read all the same.

use std::fmt;

/// Damages that are kept with their lines; of further ones only the number is kept.
const MOST_KEPT: usize = 100;
/// Longer names, in characters, are cut in messages.
const LONGEST_NAME: usize = 40;

/// Something wrong with a document, and its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Line of the document, from 1.
    pub line: u32,
    /// What is wrong.
    pub kind: DamageKind,
}

/// What is wrong with a document, and how it was read.
///
/// Its message quotes names from the document: clean it before it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DamageKind {
    /// The encoding is not the declared one. With the labels of both.
    WrongEncoding {
        /// The encoding that the document or its server declares, or would have without a declaration.
        declared: String,
        /// The encoding that it was read as.
        used: &'static str,
    },
    /// Characters that XML forbids, or that the encoding does not have.
    ForbiddenCharacters,
    /// `&` that begins no reference.
    BareAmpersand,
    /// A reference to an entity that is neither of XML nor of HTML.
    UnknownEntity(String),
    /// `<` that begins no tag.
    BareLessThan,
    /// A comment, a CDATA section, a declaration or a tag without an end.
    Unterminated(&'static str),
    /// An attribute without quotes around its value, or without a value.
    BadAttribute(String),
    /// An element whose end tag is missing.
    UnclosedElement(String),
    /// An end tag without a start tag.
    UnexpectedEnd(String),
    /// Elements nested deeper than [`super::MAX_DEPTH`].
    TooDeep,
}

impl DamageKind {
    /// The name of an element, an attribute or an entity as a message quotes it.
    pub(super) fn quoted(name: &str) -> String {
        name.chars().take(LONGEST_NAME).collect()
    }
}

impl fmt::Display for DamageKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DamageKind::WrongEncoding { declared, used } => write!(f, "the encoding is not {declared}: read as {used}"),
            DamageKind::ForbiddenCharacters => {
                f.write_str("characters that a document may not have: left out or replaced")
            }
            DamageKind::BareAmpersand => f.write_str("`&` that is not written as `&amp;`: read as text"),
            DamageKind::UnknownEntity(name) => write!(f, "unknown entity `&{name};`: read as text"),
            DamageKind::BareLessThan => f.write_str("`<` that is not written as `&lt;`: read as text"),
            DamageKind::Unterminated(what) => write!(f, "{what} without an end: the rest is read all the same"),
            DamageKind::BadAttribute(name) => {
                write!(f, "attribute `{name}` without quotes or value: read all the same")
            }
            DamageKind::UnclosedElement(name) => write!(f, "`<{name}>` is not closed: closed where its parent ends"),
            DamageKind::UnexpectedEnd(name) => write!(f, "`</{name}>` without a start: left out"),
            DamageKind::TooDeep => {
                write!(f, "more than {} elements inside each other: only their text is read", super::MAX_DEPTH)
            }
        }
    }
}

/// The damages of a document: the first 100, and the number of the others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Damages {
    /// The first ones, in the order in which they were found.
    pub first: Vec<Damage>,
    /// The number of the others.
    pub more: usize,
}

impl Damages {
    /// Adds one.
    pub fn push(&mut self, line: u32, kind: DamageKind) {
        match self.is_full() {
            false => self.first.push(Damage { line, kind }),
            true => self.more = self.more.saturating_add(1),
        }
    }

    /// True if further damages are only counted.
    pub fn is_full(&self) -> bool {
        self.room() == 0
    }

    /// The number of further damages that are kept.
    pub(super) fn room(&self) -> usize {
        MOST_KEPT.saturating_sub(self.first.len())
    }
}
