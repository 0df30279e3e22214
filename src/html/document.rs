//! The bytes of an HTML document as the tokenizer reads them, and where the end tags and comments in it end.

use std::cell::{Cell, OnceCell};
use std::collections::HashMap;

use html5gum::Reader;

/// Length in bytes of the longest name whose end tags are looked for. No element of HTML has a longer one.
const MAX_NAME: usize = 16;

/// An HTML document and the place in it that the tokenizer has read up to.
pub struct Document<'a> {
    bytes: &'a [u8],
    position: Cell<usize>,
    /// Where the last end tag of each name begins.
    end_tags: OnceCell<HashMap<Vec<u8>, usize>>,
    /// Where the last end of a comment begins.
    comment_end: OnceCell<Option<usize>>,
}

impl<'a> Document<'a> {
    /// A document before its first byte.
    pub fn new(html: &'a str) -> Document<'a> {
        Document {
            bytes: html.as_bytes(),
            position: Cell::new(0),
            end_tags: OnceCell::new(),
            comment_end: OnceCell::new(),
        }
    }

    /// True if an end tag of this name, in lower case, comes after the present place.
    ///
    /// The document is searched once for all names, so that the time for all questions stays linear.
    pub fn has_end_tag(&self, name: &[u8]) -> bool {
        let end_tags = self.end_tags.get_or_init(|| last_end_tags(self.bytes));
        end_tags.get(name).is_some_and(|last| *last >= self.position.get())
    }

    /// Moves the present place to the next byte for which `is_end` returns true, given what follows; to the end without one.
    pub fn skip_to(&self, is_end: impl Fn(&[u8]) -> bool) {
        let rest = self.rest();
        let length = (0..rest.len()).find(|at| rest.get(*at..).is_some_and(&is_end)).unwrap_or(rest.len());
        self.advance(length);
    }

    fn has_comment_end(&self) -> bool {
        let last = self.comment_end.get_or_init(|| {
            let is_end = |bytes: &[u8]| bytes.starts_with(b"-->") || bytes.starts_with(b"--!>");
            (0..self.bytes.len()).rev().find(|at| self.bytes.get(*at..).is_some_and(is_end))
        });
        last.is_some_and(|last| last >= self.position.get())
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.position.get()..).unwrap_or_default()
    }

    fn advance(&self, length: usize) {
        self.position.set(self.position.get().saturating_add(length));
    }
}

/// Where the last end tag of each name begins.
fn last_end_tags(html: &[u8]) -> HashMap<Vec<u8>, usize> {
    let mut last = HashMap::new();
    let mut name = Vec::with_capacity(MAX_NAME);
    for (at, _) in html.windows(2).enumerate().filter(|(_, bytes)| *bytes == b"</") {
        let rest = html.get(at + 2..).unwrap_or_default();
        let is_name_end = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>');
        let Some(length) = rest.iter().take(MAX_NAME + 1).position(is_name_end) else { continue };
        name.clear();
        name.extend(rest.iter().take(length).map(u8::to_ascii_lowercase));
        match last.get_mut(&name) {
            Some(last) => *last = at,
            None => {
                last.insert(name.clone(), at);
            }
        }
    }
    last
}

/// Interrupts the tokenizer, which continues when it is called again.
#[derive(Debug, thiserror::Error)]
#[error("the tokenizer was interrupted")]
pub struct Interruption;

/// Gives the bytes of a document to the tokenizer of html5gum, and interrupts it after each attribute.
///
/// The tokenizer calls the function of the next state from that of the present one, also in a circle: after the closing quote
/// of an attribute it calls the state that finds the next attribute. Its stack would grow with their number. The first read
/// after the quote is answered with an error, which ends all these calls. The tokenizer has stored the state by then, and no
/// byte is taken from the document, so that nothing is lost when it is called again.
pub struct Source<'a> {
    document: &'a Document<'a>,
    /// The last thing read was a quote that the tokenizer looked for: it may have ended an attribute.
    is_after_quote: bool,
}

impl<'a> Source<'a> {
    /// The bytes from the present place of a document on.
    pub fn new(document: &'a Document<'a>) -> Source<'a> {
        Source { document, is_after_quote: false }
    }
}

impl Reader for Source<'_> {
    type Error = Interruption;

    fn read_byte(&mut self) -> Result<Option<u8>, Interruption> {
        if std::mem::take(&mut self.is_after_quote) {
            return Err(Interruption);
        }
        let byte = self.document.rest().first().copied();
        self.document.advance(usize::from(byte.is_some()));
        Ok(byte)
    }

    fn try_read_string(&mut self, expected: &[u8], is_case_sensitive: bool) -> Result<bool, Interruption> {
        self.is_after_quote = false;
        // The second hyphen of a comment. Browsers read a comment without an end up to the end of the document; without this
        // hyphen it is another kind of comment, which ends with the tag.
        if expected == b"-" && !self.document.has_comment_end() {
            return Ok(false);
        }
        let Some(found) = self.document.rest().get(..expected.len()) else { return Ok(false) };
        let is_found = found == expected || (!is_case_sensitive && found.eq_ignore_ascii_case(expected));
        if is_found {
            self.document.advance(expected.len());
        }
        Ok(is_found)
    }

    fn read_until<'b>(&'b mut self, ends: &[u8], _: &'b mut [u8; 4]) -> Result<Option<&'b [u8]>, Interruption> {
        let rest = self.document.rest();
        let length = match rest.iter().position(|byte| ends.contains(byte)) {
            Some(0) => 1,
            Some(length) => length,
            None => rest.len(),
        };
        let read = rest.get(..length).filter(|read| !read.is_empty());
        self.is_after_quote = read == Some(b"\"") && ends.contains(&b'"');
        self.document.advance(length);
        Ok(read)
    }
}
