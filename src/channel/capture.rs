//! The text of one element, with the markup in it, as it is read.

use std::borrow::Cow;

use url::Url;

use super::fields::Field;
use super::text_kind::{self, Text, TextKind};
use crate::xml::Element;

/// Elements of HTML without an end tag.
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta", "param", "source", "wbr"];
/// Attributes of HTML that are addresses.
const ADDRESSES: [&str; 5] = ["href", "src", "cite", "poster", "longdesc"];

/// A text that is being read.
#[derive(Debug)]
pub(super) struct Capture<'a> {
    /// What the text is of.
    pub field: Field,
    /// The `xml:base` of the text.
    pub base: Option<Url>,
    text: Cow<'a, str>,
    kind: TextKind,
    /// The open elements of the markup.
    open: Vec<&'a str>,
    has_markup: bool,
    /// True if an element of the markup has its own `xml:base`.
    has_inner_base: bool,
    /// True if plain text has lines that count.
    keeps_lines: bool,
}

impl<'a> Capture<'a> {
    /// A text that begins.
    pub fn new(field: Field, kind: TextKind, base: Option<&Url>, keeps_lines: bool) -> Capture<'a> {
        Capture {
            field,
            base: base.cloned(),
            text: Cow::Borrowed(""),
            kind,
            open: Vec::new(),
            has_markup: false,
            has_inner_base: false,
            keeps_lines,
        }
    }

    /// The number of open elements inside.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// Text of the element.
    pub fn push_text(&mut self, text: Cow<'a, str>) {
        match self.has_markup {
            true => escape(&text, self.text.to_mut()),
            false => append(&mut self.text, text),
        }
    }

    /// An element in the text begins. `base` is what its addresses are relative to.
    pub fn start(&mut self, element: &Element<'a>, base: Option<&Url>) {
        if !self.has_markup {
            self.has_markup = true;
            // Without markup that is not escaped, text of this kind may be markup that is: sites declare the wrong kind.
            if self.kind == TextKind::Markup {
                let text = std::mem::take(&mut self.text);
                escape(&text, self.text.to_mut());
            }
        }
        let out = self.text.to_mut();
        out.push('<');
        out.push_str(element.local);
        for attribute in element.attributes() {
            if attribute.name.eq_ignore_ascii_case("xml:base") {
                self.has_inner_base = true;
            }
            if attribute.name.starts_with("xmlns") || attribute.name.starts_with("xml:") {
                continue;
            }
            let value = attribute.value();
            let value = match ADDRESSES.iter().any(|name| attribute.name.eq_ignore_ascii_case(name)) {
                true if self.has_inner_base => resolved(value, base),
                _ => value,
            };
            out.push(' ');
            out.push_str(attribute.name);
            out.push_str("=\"");
            escape(&value, out);
            out.push('"');
        }
        out.push('>');
        self.open.push(element.local);
    }

    /// The innermost element in the text ends.
    pub fn end(&mut self) {
        let Some(name) = self.open.pop() else { return };
        if !VOID.iter().any(|void| name.eq_ignore_ascii_case(void)) {
            let out = self.text.to_mut();
            out.push_str("</");
            out.push_str(name);
            out.push('>');
        }
    }

    /// The text, when its element has ended.
    pub fn finish(mut self) -> Text {
        while !self.open.is_empty() {
            self.end();
        }
        let kind = if self.has_markup { TextKind::Markup } else { self.kind };
        let text = text_kind::text(self.text.into_owned(), kind, self.has_markup);
        Text { is_guess: text.is_guess && !self.keeps_lines, ..text }
    }
}

fn resolved<'v>(address: Cow<'v, str>, base: Option<&Url>) -> Cow<'v, str> {
    match base.and_then(|base| base.join(&address).ok()) {
        Some(url) => Cow::Owned(url.into()),
        None => address,
    }
}

/// Appends text. The first one is not copied.
pub(super) fn append<'a>(to: &mut Cow<'a, str>, text: Cow<'a, str>) {
    match to.is_empty() {
        true => *to = text,
        false => to.to_mut().push_str(&text),
    }
}

/// Appends text as markup.
fn escape(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"']) {
        let (before, special) = rest.split_at(at);
        out.push_str(before);
        out.push_str(match special.as_bytes().first() {
            Some(b'&') => "&amp;",
            Some(b'<') => "&lt;",
            Some(b'>') => "&gt;",
            _ => "&quot;",
        });
        rest = special.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
}
