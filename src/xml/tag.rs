//! Tags: where they end, their names, and their attributes.

use std::borrow::Cow;

use memchr::memchr;

use super::entities::{DeclaredEntities, decode};

/// The start of an element.
#[derive(Clone, Copy, Debug)]
pub struct Element<'a> {
    /// The prefix of the name, empty without one: `dc` of `dc:date`.
    pub prefix: &'a str,
    /// The name without the prefix: `date` of `dc:date`.
    pub local: &'a str,
    /// The URI of the namespace as written; `None` if no declaration is in scope.
    pub namespace: Option<&'a str>,
    /// What is between the name and the end of the tag.
    attributes: &'a str,
}

impl<'a> Element<'a> {
    pub(super) fn new(tag: &Tag<'a>, namespace: Option<&'a str>) -> Element<'a> {
        let (prefix, local) = split_name(tag.name);
        Element { prefix, local, namespace, attributes: tag.attributes }
    }

    /// The value of an attribute, with its references replaced. The name is compared without regard to case, and with its prefix
    /// as written. The first of several with a name counts.
    pub fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        self.attributes().find(|attribute| attribute.name.eq_ignore_ascii_case(name)).map(|attribute| attribute.value())
    }

    /// The attributes in their order.
    pub fn attributes(&self) -> Attributes<'a> {
        Attributes { rest: self.attributes }
    }
}

/// An attribute as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// The name with its prefix.
    pub name: &'a str,
    /// The value with references; empty without a value.
    pub raw: &'a str,
    /// True if the value is in quotes.
    pub is_quoted: bool,
}

impl<'a> Attribute<'a> {
    /// The value, with its references replaced.
    pub fn value(&self) -> Cow<'a, str> {
        decode(self.raw, &mut DeclaredEntities::default(), &mut |_, _| {})
    }
}

/// The attributes of a tag.
#[derive(Clone, Debug)]
pub struct Attributes<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Attribute<'a>;

    fn next(&mut self) -> Option<Attribute<'a>> {
        let is_between = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'=' | b'"' | b'\'');
        let (_, text) = split_at(self.rest, |byte| !is_between(byte));
        let (name, rest) = split_at(text, |byte| byte.is_ascii_whitespace() || byte == b'=');
        if name.is_empty() {
            self.rest = "";
            return None;
        }
        let Some(value) = rest.trim_ascii_start().strip_prefix('=') else {
            self.rest = rest;
            return Some(Attribute { name: name.trim_end_matches('/'), raw: "", is_quoted: false });
        };
        let value = value.trim_ascii_start();
        let quote = value.bytes().next().filter(|byte| matches!(byte, b'"' | b'\''));
        let (raw, rest) = match quote {
            Some(quote) => {
                let value = value.get(1..).unwrap_or_default();
                value.split_at_checked(memchr(quote, value.as_bytes()).unwrap_or(value.len())).unwrap_or((value, ""))
            }
            None => split_at(value, |byte| byte.is_ascii_whitespace()),
        };
        self.rest = if quote.is_some() { rest.get(1..).unwrap_or_default() } else { rest };
        Some(Attribute { name, raw, is_quoted: quote.is_some() })
    }
}

/// Splits before the first byte for which `is_end` is true, which must be ASCII.
fn split_at(text: &str, is_end: impl Fn(u8) -> bool) -> (&str, &str) {
    let end = text.bytes().position(is_end).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// Splits a name into prefix and local name.
fn split_name(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

/// A tag as written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tag<'a> {
    /// The name with its prefix.
    pub name: &'a str,
    /// What follows the name, without `/` at the end.
    pub attributes: &'a str,
    /// True if the tag ends with `/>`.
    pub is_empty: bool,
    /// True if `>` is missing.
    pub is_unterminated: bool,
    /// The position behind the tag.
    pub end: usize,
}

impl<'a> Tag<'a> {
    /// Reads the tag whose name begins at `start`. `quotes` finds the quotes that end values.
    pub fn read(text: &'a str, start: usize, quotes: &mut QuoteSearch) -> Tag<'a> {
        let (inner_end, is_unterminated) = end(text, start, quotes);
        let inner = text.get(start..inner_end).unwrap_or_default();
        let (name, attributes) =
            split_at(inner, |byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'"' | b'\'' | b'='));
        let (attributes, is_empty) = match attributes.trim_ascii_end().strip_suffix('/') {
            Some(rest) => (rest, true),
            None => (attributes, false),
        };
        let end = if is_unterminated { inner_end } else { inner_end.saturating_add(1) };
        Tag { name, attributes, is_empty, is_unterminated, end }
    }
}

/// Finds quotes without looking twice through a rest that has none.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct QuoteSearch {
    has_no_double: bool,
    has_no_single: bool,
}

impl QuoteSearch {
    fn find(&mut self, bytes: &[u8], start: usize, quote: u8) -> Option<usize> {
        let has_none = if quote == b'"' { &mut self.has_no_double } else { &mut self.has_no_single };
        if *has_none {
            return None;
        }
        let found = memchr(quote, bytes.get(start..)?).map(|at| start + at);
        *has_none = found.is_none();
        found
    }
}

/// The position of the `>` that ends a tag, or of the `<` or the end of the text where it must have ended; true for these.
///
/// Quotes count only behind `=`, so `<a title=it's>` ends where it seems to. A quote without an end does not count.
fn end(text: &str, start: usize, quotes: &mut QuoteSearch) -> (usize, bool) {
    let bytes = text.as_bytes();
    let mut at = start;
    let mut is_value = false;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'>' => return (at, false),
            b'<' => return (at, true),
            b'"' | b'\'' if is_value => {
                let closing = quotes.find(bytes, at + 1, *byte);
                if let Some(closing) =
                    closing.filter(|closing| !is_opening(bytes.get(at + 1..*closing).unwrap_or_default()))
                {
                    at = closing;
                }
                is_value = false;
            }
            b'=' => is_value = true,
            byte if !byte.is_ascii_whitespace() => is_value = false,
            _ => {}
        }
        at += 1;
    }
    (bytes.len(), true)
}

/// True if the quote behind this value seems to begin a value instead: the quote of `<a href="x>` is not closed, and that of
/// `<b class="y">` follows.
fn is_opening(value: &[u8]) -> bool {
    value.trim_ascii_end().ends_with(b"=")
        && memchr(b'<', value).is_some()
        && memchr(b'>', value) < memchr(b'<', value)
        && memchr(b'>', value).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, String, bool, bool) {
        let tag = Tag::read(text, 1, &mut QuoteSearch::default());
        let element = Element::new(&tag, None);
        let attributes: Vec<String> =
            element.attributes().map(|found| format!("{}={}", found.name, found.value())).collect();
        (tag.name.to_owned(), attributes.join(" "), tag.is_empty, tag.is_unterminated)
    }

    #[test]
    fn tags_are_read() {
        for (text, name, attributes, is_empty, is_unterminated) in [
            ("<a>", "a", "", false, false),
            ("<a/>", "a", "", true, false),
            ("<a b='c' d = \"e\"/>", "a", "b=c d=e", true, false),
            ("<dc:date\nx:y='1'>", "dc:date", "x:y=1", false, false),
            ("<a b=c d>", "a", "b=c d=", false, false),
            ("<a b='>' c='<'>", "a", "b=> c=<", false, false),
            ("<a b='&amp;&#39;&x'>", "a", "b=&'&x", false, false),
            ("<a b='1'c='2'>", "a", "b=1 c=2", false, false),
            ("<a title=it's>x</a>", "a", "title=it's", false, false),
            ("<a b=http://c/d/ >", "a", "b=http://c/d", true, false),
            ("<a b='c>x</a>", "a", "b=c", false, false),
            ("<a href=\"x>text</a> <b class=\"y\">", "a", "href=x", false, false),
            ("<a b='c' <b>", "a", "b=c", false, true),
            ("<a b", "a", "b=", false, true),
            ("<a", "a", "", false, true),
            ("<é ü='ö'>", "é", "ü=ö", false, false),
        ] {
            let expected = (name.to_owned(), attributes.to_owned(), is_empty, is_unterminated);
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn the_first_of_equal_attributes_counts() {
        let tag = Tag::read("<a B='1' b='2'>", 1, &mut QuoteSearch::default());
        assert_eq!(Element::new(&tag, None).attribute("b").as_deref(), Some("1"));
        assert_eq!(Element::new(&tag, None).attribute("c"), None);
    }
}
