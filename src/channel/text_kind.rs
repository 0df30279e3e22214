//! What a text is, markup or plain text: by what its element declares, else by what it looks like.

use super::ContentKind;
use super::vocabularies::Vocabulary;
use crate::html;
use crate::xml::{Element, decode};

/// What an element declares of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextKind {
    /// HTML that is escaped.
    Html,
    /// Plain text.
    Plain,
    /// XHTML that is not escaped.
    Markup,
    /// Nothing.
    Unknown,
    /// Base64 of a text whose kind is declared as HTML.
    Base64Html,
    /// Base64 of any other text.
    Base64,
}

impl TextKind {
    /// What an element declares with its attributes `type` and `mode`, by the rules of Atom (RFC 4287, 3.1 and 4.1.3, and the
    /// draft of 0.3) or of Media RSS. RSS has no rules.
    pub fn of(element: &Element, vocabulary: Vocabulary, is_atom: bool) -> TextKind {
        let is_atom = vocabulary == Vocabulary::Atom || (is_atom && vocabulary == Vocabulary::Core);
        if vocabulary == Vocabulary::Xhtml {
            return TextKind::Markup;
        }
        let lower = |name| element.attribute(name).map(|value| value.trim().to_ascii_lowercase());
        let (declared, mode) = (lower("type"), lower("mode"));
        let declared = declared.as_deref().and_then(|kind| kind.split(';').next()).map(str::trim);
        let kind = match declared {
            Some("html" | "text/html") => TextKind::Html,
            Some(kind) if kind.ends_with("xhtml") || kind.ends_with("xml") => TextKind::Markup,
            Some(kind) if kind.starts_with("text") || kind == "plain" => TextKind::Plain,
            Some(kind) if is_atom && kind.contains('/') => TextKind::Base64,
            // A text of Atom is plain text unless it says otherwise; in version 0.3, "escaped" says so.
            None if is_atom && mode.as_deref() != Some("escaped") => TextKind::Plain,
            _ => TextKind::Unknown,
        };
        match (mode.as_deref(), kind) {
            (Some("base64"), TextKind::Html) => TextKind::Base64Html,
            (Some("base64"), _) => TextKind::Base64,
            (_, kind) => kind,
        }
    }
}

/// A text, and what it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Text {
    /// The text.
    pub text: String,
    /// True if it is markup.
    pub is_html: bool,
    /// True if that is only what it looks like.
    pub is_guess: bool,
}

/// Decides what a text is. `has_markup` tells that it has tags that are not escaped.
pub(super) fn text(text: String, kind: TextKind, has_markup: bool) -> Text {
    let text = without_cdata(text);
    match kind {
        TextKind::Base64Html => Text { text: from_base64(&text).unwrap_or(text), is_html: true, is_guess: false },
        TextKind::Base64 => guess(from_base64(&text).unwrap_or(text)),
        TextKind::Html => Text { text: without_second_escape(text), is_html: true, is_guess: false },
        TextKind::Markup if has_markup => Text { text, is_html: true, is_guess: false },
        TextKind::Markup | TextKind::Unknown => guess(without_second_escape(text)),
        TextKind::Plain => Text { text, is_html: false, is_guess: false },
    }
}

/// A text without the signs of a CDATA section around it: programs escape what they have wrapped already.
fn without_cdata(text: String) -> String {
    let Some(inner) = ["<![CDATA[", "&lt;![CDATA["].iter().find_map(|start| text.trim_start().strip_prefix(start))
    else {
        return text;
    };
    let inner = inner.trim_end();
    let ends = ["]]>", "]]&gt;", "]]"];
    ends.iter().find_map(|end| inner.strip_suffix(end)).unwrap_or(inner).to_owned()
}

/// Elements that a text begins with if all of it is markup.
const BLOCKS: [&str; 9] = ["p", "div", "ul", "ol", "table", "blockquote", "figure", "section", "article"];

/// HTML that was escaped twice: all of it is blocks whose tags are references, and it has no other tag.
fn without_second_escape(text: String) -> String {
    let whole = text.trim();
    let Some(start) = whole.strip_prefix("&lt;").filter(|_| whole.ends_with("&gt;") && !whole.contains('<')) else {
        return text;
    };
    let end = start.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(start.len());
    let is_block = start.get(..end).is_some_and(|name| BLOCKS.iter().any(|block| name.eq_ignore_ascii_case(block)));
    let has_end = whole.rsplit("&lt;").next().is_some_and(|last| last.starts_with('/') || last.ends_with("/&gt;"));
    if is_block && has_end { html_escape::decode_html_entities(whole).into_owned() } else { text }
}

fn guess(text: String) -> Text {
    let is_html = has_markup(&text);
    Text { text, is_html, is_guess: true }
}

impl Text {
    /// What the text of an article is. Plain text keeps its lines, so a text that only looks like plain text, but has neither
    /// paragraphs nor anything that HTML would read as a tag, counts as HTML: its lines are broken where its editor was full.
    pub fn kind(&self) -> ContentKind {
        match self.is_html || (self.is_guess && !self.text.contains('<') && !self.text.contains("\n\n")) {
            true => ContentKind::Html,
            false => ContentKind::Plain,
        }
    }

    /// The text without markup, in one line.
    pub fn into_plain(self) -> String {
        // A title such as `Using <script> tags` is about the tag: as HTML, it would have no end.
        let is_text = self.is_guess && has_open_raw_text(&self.text);
        let text = if self.is_html && !is_text { html::to_text(&self.text) } else { self.text };
        if is_one_line(&text) { text } else { text.split_whitespace().collect::<Vec<_>>().join(" ") }
    }
}

/// Elements in which HTML has no tags: without their end, the rest of a text is theirs.
const RAW_TEXTS: [&str; 8] = ["iframe", "noembed", "noframes", "noscript", "script", "style", "textarea", "title"];

/// True if the last start of an element of [`RAW_TEXTS`] has no end behind it.
fn has_open_raw_text(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    RAW_TEXTS.iter().any(|name| {
        let start =
            lower.match_indices(&format!("<{name}")).filter(|(at, _)| lower.get(at + 1..).is_some_and(is_tag)).last();
        start.is_some_and(|(at, _)| lower.get(at..).is_some_and(|rest| !rest.contains(&format!("</{name}"))))
    })
}

/// True if the white space of a text is single blanks between words.
fn is_one_line(text: &str) -> bool {
    let mut is_blank = true;
    let is_plain = text.chars().all(|c| {
        let was_blank = std::mem::replace(&mut is_blank, c == ' ');
        if is_blank { !was_blank } else { !c.is_whitespace() }
    });
    text.is_empty() || (is_plain && !is_blank)
}

/// Names of the elements of HTML, sorted. A tag with another name is text, such as `Vec<String>`.
const ELEMENTS: [&str; 105] = [
    "a",
    "abbr",
    "acronym",
    "address",
    "applet",
    "area",
    "article",
    "aside",
    "audio",
    "b",
    "base",
    "big",
    "blink",
    "blockquote",
    "body",
    "br",
    "button",
    "canvas",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "dialog",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "frame",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "legend",
    "li",
    "link",
    "main",
    "mark",
    "marquee",
    "meta",
    "nav",
    "noscript",
    "object",
    "ol",
    "p",
    "param",
    "picture",
    "pre",
    "q",
    "ruby",
    "s",
    "samp",
    "script",
    "section",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
];

/// True if a text has a tag of HTML, a comment, or a reference.
fn has_markup(text: &str) -> bool {
    let after = |sign: char| text.split(sign).skip(1);
    after('<').any(|rest| rest.starts_with("!--") || is_tag(rest)) || after('&').any(is_reference)
}

/// True if a text goes on as a tag of HTML behind its `<`.
fn is_tag(rest: &str) -> bool {
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let end = rest.bytes().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(rest.len());
    let Some((name, rest)) = rest.split_at_checked(end) else { return false };
    let is_end = rest.starts_with(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/');
    let lower = || name.bytes().map(|byte| byte.to_ascii_lowercase());
    is_end && ELEMENTS.binary_search_by(|known| known.bytes().cmp(lower())).is_ok()
}

/// True if a text goes on as a reference behind its `&`.
fn is_reference(rest: &str) -> bool {
    let Some((name, _)) = rest.get(..rest.floor_char_boundary(34)).and_then(|rest| rest.split_once(';')) else {
        return false;
    };
    match name.strip_prefix('#') {
        Some(number) => !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        None => html_escape::NAMED_ENTITIES.binary_search_by(|(known, _)| known.cmp(&name.as_bytes())).is_ok(),
    }
}

/// Decodes base64 with any white space in it; `None` if it is something else, or not text.
fn from_base64(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    Some(decode(&bytes, None).text.into_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_elements_are_sorted() {
        assert!(ELEMENTS.is_sorted());
    }

    #[test]
    fn markup_is_recognised() {
        for (text, expected) in [
            ("a <b>b</b>", true),
            ("line<br/>", true),
            ("<P\nclass='a'>", true),
            ("a<!-- b -->", true),
            ("AT&amp;T", true),
            ("it&#8217;s", true),
            ("AT&T; D&D", false),
            ("a < b > c", false),
            ("Vec<String>", false),
            ("<b", false),
            ("a <3 b", false),
            ("", false),
        ] {
            assert_eq!(has_markup(text), expected, "{text}");
        }
    }

    #[test]
    fn a_title_that_names_a_tag_keeps_its_text() {
        for (text, expected) in [
            ("Using <script> tags", "Using <script> tags"),
            ("<title> and <style>", "<title> and <style>"),
            ("A <b>bold</b> <SCRIPT>x()</SCRIPT> title", "A bold title"),
            ("On <b>", "On"),
        ] {
            let title = super::text(text.to_owned(), TextKind::Unknown, false);
            assert_eq!(title.into_plain(), expected, "{text}");
        }
    }

    #[test]
    fn base64_is_decoded() {
        assert_eq!(from_base64(" RXhhbXBs\nZSA8Yj5BdG9tPC9iPg== ").as_deref(), Some("Example <b>Atom</b>"));
        assert_eq!(from_base64("Zg").as_deref(), Some("f"));
        assert_eq!(from_base64("not base64!"), None);
        assert_eq!(from_base64(""), None);
    }
}
