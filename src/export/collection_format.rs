//! The formats of a collection: Atom, JSON Feed, HTML and EPUB.
//!
//! Documents are written as they are made: only one article is in memory at a time.

use std::io::{self, Write};

use super::collection::Collection;
use super::{atom, epub, json_feed, page};

/// A format of a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CollectionFormat {
    /// Atom 1.0.
    Atom,
    /// JSON Feed 1.1.
    JsonFeed,
    /// A page with a table of contents, which loads nothing.
    Html,
    /// EPUB 3.
    Epub,
}

impl CollectionFormat {
    /// Writes a collection. An EPUB must have an article, and at most [`super::MAX_CHAPTERS`].
    pub fn write(self, collection: &Collection, out: &mut dyn Write) -> io::Result<()> {
        match self {
            CollectionFormat::Atom => atom::write(collection, out),
            CollectionFormat::JsonFeed => json_feed::write(collection, out),
            CollectionFormat::Html => page::write(collection, out),
            CollectionFormat::Epub => epub::write(collection, out),
        }
    }
}
