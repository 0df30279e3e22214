//! The tags and texts of HTML, as the tokenizer of html5gum finds them, with entities decoded.

use std::convert::Infallible;
use std::str;

use html5gum::{Emitter, Error, State, Tokenizer};

/// Limit on the attributes of one tag that are kept.
const MAX_ATTRIBUTES: usize = 64;

/// Names of the attributes that some part of this module reads; others are dropped as they come.
const READ: [&str; 43] = [
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

/// What the reader of a start tag wants of the text after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Tags and text.
    Markup,
    /// Text up to the end tag, without tags or entities.
    Raw,
    /// Like raw, with the rules for scripts.
    Script,
    /// Text up to the end tag, without tags and with entities.
    Text,
}

/// Receives the tokens of HTML in their order. Names are in lower case.
pub trait Handler {
    /// Text between tags. Two texts may follow each other only at a tag that was ignored.
    fn text(&mut self, text: &str);
    /// A start tag. `closed` if it ends with `/>`.
    fn start(&mut self, name: &[u8], attributes: &Attributes, closed: bool) -> Content;
    /// An end tag.
    fn end(&mut self, name: &[u8]);
}

/// Passes the tokens of HTML to a handler.
pub fn read(html: &str, handler: &mut impl Handler) {
    let emitter = TokenEmitter {
        handler,
        text: Vec::new(),
        name: Vec::new(),
        is_end: false,
        closed: false,
        attributes: Attributes::default(),
        last_start: Vec::new(),
    };
    let Ok(()) = Tokenizer::new_with_emitter(html, emitter).finish();
}

/// The attributes of a start tag: those that are read, see [`READ`].
#[derive(Default)]
pub struct Attributes {
    /// Names and values, one after the other.
    bytes: Vec<u8>,
    /// Where each name begins, its value begins, and its value ends.
    places: Vec<(usize, usize, usize)>,
    open: Option<OpenAttribute>,
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

    fn clear(&mut self) {
        self.bytes.clear();
        self.places.clear();
        self.open = None;
    }

    fn begin(&mut self) {
        self.finish();
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
    text: Vec<u8>,
    name: Vec<u8>,
    is_end: bool,
    closed: bool,
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
        self.closed = false;
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
            self.handler.end(&self.name);
            return None;
        }
        let content = self.handler.start(&self.name, &self.attributes, self.closed);
        self.last_start.clone_from(&self.name);
        match content {
            Content::Markup => None,
            Content::Raw => Some(State::RawText),
            Content::Script => Some(State::ScriptData),
            Content::Text => Some(State::RcData),
        }
    }

    fn set_self_closing(&mut self) {
        self.closed = true;
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
