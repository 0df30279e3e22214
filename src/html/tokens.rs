//! The tags and texts of HTML, as the tokenizer of html5gum finds them, with entities decoded.

use std::convert::Infallible;
use std::str;

use html5gum::{Emitter, Error, State, Tokenizer};

use super::document::{Document, Source};
use super::element::{self, Content};

/// Limit on the attributes of one tag that are kept.
const MAX_ATTRIBUTES: usize = 64;

/// Names of the attributes that some part of this module reads; others are dropped as they come.
const READ: [&str; 44] = [
    "allow",
    "allowfullscreen",
    "alt",
    "alttext",
    "aria-hidden",
    "cite",
    "checked",
    "class",
    "colspan",
    "content",
    "data",
    "data-actualsrc",
    "data-hi-res-src",
    "data-lang",
    "data-language",
    "data-lazy",
    "data-lazy-src",
    "data-lazy-srcset",
    "data-original",
    "data-src",
    "data-srcset",
    "data-url",
    "encoding",
    "height",
    "hidden",
    "href",
    "id",
    "lang",
    "max",
    "name",
    "open",
    "poster",
    "property",
    "rel",
    "rowspan",
    "src",
    "srcset",
    "start",
    "style",
    "title",
    "type",
    "value",
    "width",
    "webkitallowfullscreen",
];

/// Receives the tokens of HTML in their order. Names are in lower case.
pub trait Handler {
    /// Text between tags. Two texts may follow each other only at a tag that was ignored.
    fn text(&mut self, text: &str);
    /// A start tag. Returns how its content must be read.
    fn start(&mut self, tag: &StartTag<'_>) -> Content;
    /// An end tag. `document` is at the place after it.
    fn end(&mut self, name: &[u8], document: &Document<'_>);
}

/// A start tag.
pub struct StartTag<'a> {
    /// In lower case.
    pub name: &'a [u8],
    pub attributes: &'a Attributes,
    /// True if the tag ends with `/>`.
    pub is_closed: bool,
    document: &'a Document<'a>,
}

impl StartTag<'_> {
    /// True if an end tag of the same name comes later in the document.
    pub fn has_end(&self) -> bool {
        self.document.has_end_tag(self.name)
    }
}

/// Passes the tokens of HTML to a handler.
///
/// In contrast to a browser, elements with raw text that have no end tag do not reach to the end of the document.
pub fn read(html: &str, handler: &mut impl Handler) {
    let document = Document::new(html);
    let emitter = TokenEmitter {
        handler,
        document: &document,
        text: Vec::new(),
        name: Vec::new(),
        is_end: false,
        is_closed: false,
        attributes: Attributes::default(),
        last_start: Vec::new(),
    };
    // The only item is the interruption of the source, after which the tokenizer continues.
    for Err(_) in Tokenizer::new_with_emitter(Source::new(&document), emitter) {}
}

/// The attributes of a start tag: those that are read, see [`READ`].
#[derive(Default)]
pub struct Attributes {
    /// Names and values, one after the other.
    bytes: Vec<u8>,
    /// Where each name begins, its value begins, and its value ends.
    places: Vec<(usize, usize, usize)>,
    open: Option<OpenAttribute>,
    /// How many the tag has, with those that are not read.
    count: usize,
}

/// The attribute that the tokenizer is in.
struct OpenAttribute {
    name_at: usize,
    /// Where the value begins, once it did; `None` in it if the attribute is not kept.
    value: Option<Option<usize>>,
}

impl Attributes {
    /// The value of an attribute; empty if it has none.
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut places = self.places.iter();
        let &(_, from, to) = places.find(|&&(at, from, _)| self.bytes.get(at..from) == Some(name.as_bytes()))?;
        str::from_utf8(self.bytes.get(from..to)?).ok()
    }

    /// The value of the first of these attributes that is there and not blank.
    pub fn first_of(&self, names: &[&str]) -> Option<&str> {
        names.iter().filter_map(|name| self.get(name)).find(|value| !value.trim().is_empty())
    }

    /// True if the class attribute has this word.
    pub fn has_class(&self, class: &str) -> bool {
        self.get("class").is_some_and(|classes| classes.split_ascii_whitespace().any(|word| word == class))
    }

    /// How many attributes the tag has, with those that are not read.
    pub fn count(&self) -> usize {
        self.count
    }

    fn clear(&mut self) {
        self.count = 0;
        self.bytes.clear();
        self.places.clear();
        self.open = None;
    }

    fn begin(&mut self) {
        self.finish();
        self.count = self.count.saturating_add(1);
        self.open = Some(OpenAttribute { name_at: self.bytes.len(), value: None });
    }

    fn push_name(&mut self, name: &[u8]) {
        if self.open.as_ref().is_some_and(|open| open.value.is_none()) {
            self.bytes.extend_from_slice(name);
        }
    }

    fn push_value(&mut self, value: &[u8]) {
        let Some(open) = &mut self.open else { return };
        let end = self.bytes.len();
        let is_kept = self.places.len() < MAX_ATTRIBUTES
            && self.bytes.get(open.name_at..).is_some_and(|name| READ.iter().any(|read| read.as_bytes() == name));
        if open.value.get_or_insert(is_kept.then_some(end)).is_some() {
            self.bytes.extend_from_slice(value);
        }
    }

    fn finish(&mut self) {
        // An attribute without a value has an empty one.
        self.push_value(b"");
        match self.open.take() {
            Some(OpenAttribute { name_at, value: Some(Some(value_at)) }) => {
                self.places.push((name_at, value_at, self.bytes.len()));
            }
            Some(OpenAttribute { name_at, .. }) => self.bytes.truncate(name_at),
            None => {}
        }
    }
}

/// Collects what the tokenizer finds until a tag or a text is whole.
struct TokenEmitter<'a, H> {
    handler: &'a mut H,
    document: &'a Document<'a>,
    text: Vec<u8>,
    name: Vec<u8>,
    is_end: bool,
    is_closed: bool,
    attributes: Attributes,
    /// The name of the last start tag if no end tag came after it: it ends raw text.
    last_start: Vec<u8>,
}

impl<H: Handler> TokenEmitter<'_, H> {
    fn flush_text(&mut self) {
        if !self.text.is_empty() {
            self.handler.text(&String::from_utf8_lossy(&self.text));
            self.text.clear();
        }
    }

    /// Skips what is in a script or in styles without an end tag, as far as it is not likely to be shown.
    fn skip_unclosed(&self) {
        match self.name.as_slice() {
            // A script from an address has no content.
            b"script" if self.attributes.get("src").is_none() => {
                self.document.skip_to(|rest| {
                    let line = rest.strip_prefix(b"\n").unwrap_or_default();
                    let indent = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
                    line.get(indent..).and_then(tag_name).is_some_and(element::is_block)
                });
            }
            b"style" => self.document.skip_to(|rest| tag_name(rest).is_some()),
            _ => {}
        }
    }
}

/// The name of the tag that bytes begin with, as written.
fn tag_name(bytes: &[u8]) -> Option<&[u8]> {
    let name = bytes.strip_prefix(b"<")?;
    let name = name.strip_prefix(b"/").unwrap_or(name);
    let length = name.iter().take(16).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    name.get(..length).filter(|name| name.first().is_some_and(u8::is_ascii_alphabetic))
}

impl<H: Handler> Emitter for TokenEmitter<'_, H> {
    type Token = Infallible;

    fn set_last_start_tag(&mut self, last_start_tag: Option<&[u8]>) {
        self.last_start = last_start_tag.unwrap_or_default().to_vec();
    }

    fn emit_eof(&mut self) {
        self.flush_text();
    }

    fn emit_error(&mut self, _error: Error) {}

    fn should_emit_errors(&mut self) -> bool {
        false
    }

    fn pop_token(&mut self) -> Option<Infallible> {
        None
    }

    fn emit_string(&mut self, text: &[u8]) {
        self.text.extend_from_slice(text);
    }

    fn init_start_tag(&mut self) {
        self.name.clear();
        self.attributes.clear();
        self.is_end = false;
        self.is_closed = false;
    }

    fn init_end_tag(&mut self) {
        self.init_start_tag();
        self.is_end = true;
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        self.flush_text();
        self.attributes.finish();
        if self.is_end {
            self.last_start.clear();
            self.handler.end(&self.name, self.document);
            return None;
        }
        let (attributes, is_closed) = (&self.attributes, self.is_closed);
        let tag = StartTag { name: &self.name, attributes, is_closed, document: self.document };
        let content = self.handler.start(&tag);
        self.last_start.clone_from(&self.name);
        if content == Content::Markup {
            return None;
        }
        if !tag.has_end() {
            self.skip_unclosed();
            return None;
        }
        match content {
            Content::Markup => None,
            Content::Raw => Some(State::RawText),
            Content::Script => Some(State::ScriptData),
            Content::Text => Some(State::RcData),
        }
    }

    fn set_self_closing(&mut self) {
        self.is_closed = true;
    }

    fn push_tag_name(&mut self, name: &[u8]) {
        self.name.extend_from_slice(name);
    }

    fn init_attribute(&mut self) {
        self.attributes.begin();
    }

    fn push_attribute_name(&mut self, name: &[u8]) {
        self.attributes.push_name(name);
    }

    fn push_attribute_value(&mut self, value: &[u8]) {
        self.attributes.push_value(value);
    }

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.is_end && !self.last_start.is_empty() && self.last_start == self.name
    }

    // Comments and document types are not read.
    fn init_comment(&mut self) {}
    fn emit_current_comment(&mut self) {}
    fn push_comment(&mut self, _text: &[u8]) {}
    fn emit_current_doctype(&mut self) {}
    fn set_force_quirks(&mut self) {}
    fn push_doctype_name(&mut self, _name: &[u8]) {}
    fn init_doctype(&mut self) {}
    fn set_doctype_public_identifier(&mut self, _value: &[u8]) {}
    fn set_doctype_system_identifier(&mut self, _value: &[u8]) {}
    fn push_doctype_public_identifier(&mut self, _value: &[u8]) {}
    fn push_doctype_system_identifier(&mut self, _value: &[u8]) {}
}

#[cfg(test)]
mod tests {
    use html5gum::Token;
    use proptest::prelude::*;

    use super::*;

    /// Writes down the tokens; all content is markup.
    #[derive(Default)]
    struct Recorder {
        tokens: Vec<String>,
    }

    impl Handler for Recorder {
        fn text(&mut self, text: &str) {
            self.tokens.push(text.to_owned());
        }

        fn start(&mut self, tag: &StartTag<'_>) -> Content {
            let name = String::from_utf8_lossy(tag.name);
            let values = ["href", "title"].map(|name| tag.attributes.get(name).map(str::to_owned));
            self.tokens.push(format!("<{name} {values:?} {}>", tag.is_closed));
            Content::Markup
        }

        fn end(&mut self, name: &[u8], _: &Document<'_>) {
            self.tokens.push(format!("</{}>", String::from_utf8_lossy(name)));
        }
    }

    fn ours(html: &str) -> Vec<String> {
        let mut recorder = Recorder::default();
        read(html, &mut recorder);
        recorder.tokens
    }

    /// The tokens that html5gum gives without interruptions, in the form of [`Recorder`].
    fn of_html5gum(html: &str) -> Vec<String> {
        let mut tokens = Vec::new();
        let mut text = String::new();
        for Ok(token) in Tokenizer::new(html) {
            if let Token::String(more) = &token {
                text.push_str(&String::from_utf8_lossy(more));
            }
            let tag = match &token {
                Token::StartTag(tag) => {
                    let name = String::from_utf8_lossy(&tag.name);
                    let values = ["href", "title"].map(|name| {
                        tag.attributes.get(name.as_bytes()).map(|value| String::from_utf8_lossy(value).into_owned())
                    });
                    format!("<{name} {values:?} {}>", tag.self_closing)
                }
                Token::EndTag(tag) => format!("</{}>", String::from_utf8_lossy(&tag.name)),
                _ => continue,
            };
            if !text.is_empty() {
                tokens.push(std::mem::take(&mut text));
            }
            tokens.push(tag);
        }
        tokens.extend(Some(text).filter(|text| !text.is_empty()));
        tokens
    }

    proptest! {
        #[test]
        fn interruptions_change_no_token(
            parts in prop::collection::vec(
                prop_oneof![
                    prop::sample::select(vec![
                        "<a ", "<b", "</a ", " href=\"", " title=\"x\"", "href='", "\"", "'", ">", "/>", "=", " ", "\r", "\n", "\r\n",
                        "&amp;", "&quot;", "&not", "&#34;", "&#x", "text", "<", "</", "<!doctype html PUBLIC \"", "<!--x-->", "\0", "é",
                    ])
                    .prop_map(str::to_owned),
                    "[a-z\"'=<>/& \r\n]{1,3}",
                ],
                0..40,
            )
        ) {
            // A comment without an end is read in another way.
            let html = parts.concat() + "<!-- -->";
            prop_assert_eq!(ours(&html), of_html5gum(&html), "{:?}", html);
        }
    }

    #[test]
    fn any_number_of_attributes_needs_little_stack() {
        let thread = std::thread::Builder::new().stack_size(256 * 1024).spawn(|| {
            for attribute in [
                "a=b ",
                "a=\"b\" ",
                "a='b' ",
                "a ",
                "a = b ",
                "a = \"b\"\n",
                "a=\"b\"c=\"d\"",
                "/a/",
                "a=\"&amp;\" ",
                "\" ",
                "=\"\"",
            ] {
                let html = format!("x<a href=\"y\" {}title=\"z\">", attribute.repeat(100_000));
                let tokens = ours(&html);
                assert_eq!(tokens.len(), 2, "{attribute}");
            }
        });
        thread.expect("a thread").join().expect("no overflow");
    }

    #[test]
    fn a_comment_without_an_end_ends_with_its_tag() {
        for (html, expected) in [
            ("a<!-- b -->c", "ac"),
            ("a<!-- b > c --!>d", "ad"),
            ("a<!-- b >c", "ac"),
            ("a<!-- x --><!-- -- b>c", "ac"),
            ("a<!-->b<!--->c", "abc"),
            ("a<!-", "a"),
        ] {
            assert_eq!(ours(html).concat(), expected, "{html}");
        }
    }
}
