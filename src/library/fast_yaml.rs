//! The plain spelling of the native form: fences, lines, lists, maps, keys and values, without what they mean. None means
//! throughout that something is not plain.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr2, memchr3_iter, memmem};

use super::front_matter;
use super::front_matter_fields::MAX_ITEMS;

/// The longest whole number that is read here, in bytes: no such number overflows.
const MAX_NUMBER_BYTES: usize = 15;

/// Takes a file apart at its fences, each alone on a line, into the lines of the front matter and what is below.
pub fn split(text: &str) -> Option<(LineCursor<'_>, &str)> {
    let inside = after_line_end(text.strip_prefix("---")?)?;
    let close = memmem::find(inside.as_bytes(), b"\n---")? + 1;
    let (front, rest) = inside.split_at(close);
    let rest = &rest[3..];
    let below = if rest.is_empty() { rest } else { after_line_end(rest)? };
    is_plain(front).then(|| (LineCursor::new(front), below))
}

fn after_line_end(text: &str) -> Option<&str> {
    text.strip_prefix('\n').or_else(|| text.strip_prefix("\r\n"))
}

/// True when front matter holds nothing that would be refused or repaired wherever it stands.
fn is_plain(front: &str) -> bool {
    let bytes = front.as_bytes();
    // One pass without a branch in it: tabs and all controls but line ends.
    let odd = bytes.iter().fold(false, |odd, b| odd | ((*b < b' ') & (*b != b'\n') & (*b != b'\r')) | (*b == 0x7f));
    let is_wide_odd = |at: usize| {
        matches!(
            bytes[at..],
            [0xc2, 0x80..=0x9f, ..] // U+0080 to U+009F
            | [0xe2, 0x80, 0xa8 | 0xa9, ..] // U+2028 and U+2029
            | [0xef, 0xbb, 0xbf, ..] // U+FEFF
            | [0xef, 0xbf, 0xbe | 0xbf, ..] // U+FFFE and U+FFFF
        )
    };
    let ends_line = |at: usize| bytes.get(at + 1) == Some(&b'\n');
    !odd && front.len() <= front_matter::MAX_BYTES
        && memchr_iter(b'\r', bytes).all(ends_line)
        && (front.is_ascii() || !memchr3_iter(0xc2, 0xe2, 0xef, bytes).any(is_wide_odd))
        // What looks like anchors and aliases is bounded also inside quotes.
        && (memchr(b'*', bytes).is_none() || front_matter::check_limits(front, 1).is_ok())
}

/// The keys of the native form, each named as it is written.
#[derive(Clone, Copy)]
pub enum NativeKey {
    AmpWebUrl,
    Author,
    Category,
    CdnAmpWebUrl,
    Domain,
    Excerpt,
    FeaturedContent,
    Heat,
    Height,
    Images,
    IsCached,
    Name,
    OriginalUrl,
    Provider,
    Published,
    PublishedDateTime,
    Quality,
    Related,
    Secured,
    Tags,
    Title,
    Topics,
    Type,
    Url,
    WebUrl,
    Width,
}

impl NativeKey {
    fn of(written: &str) -> Option<NativeKey> {
        Some(match written {
            "ampWebUrl" => NativeKey::AmpWebUrl,
            "author" => NativeKey::Author,
            "category" => NativeKey::Category,
            "cdnAmpWebUrl" => NativeKey::CdnAmpWebUrl,
            "domain" => NativeKey::Domain,
            "excerpt" => NativeKey::Excerpt,
            "featuredContent" => NativeKey::FeaturedContent,
            "heat" => NativeKey::Heat,
            "height" => NativeKey::Height,
            "images" => NativeKey::Images,
            "isCached" => NativeKey::IsCached,
            "name" => NativeKey::Name,
            "originalUrl" => NativeKey::OriginalUrl,
            "provider" => NativeKey::Provider,
            "published" => NativeKey::Published,
            "publishedDateTime" => NativeKey::PublishedDateTime,
            "quality" => NativeKey::Quality,
            "related" => NativeKey::Related,
            "secured" => NativeKey::Secured,
            "tags" => NativeKey::Tags,
            "title" => NativeKey::Title,
            "topics" => NativeKey::Topics,
            "type" => NativeKey::Type,
            "url" => NativeKey::Url,
            "webUrl" => NativeKey::WebUrl,
            "width" => NativeKey::Width,
            _ => return None,
        })
    }
}

/// A line that is not blank.
#[derive(Clone, Copy)]
struct Line<'a> {
    /// Blanks before its text; a dash and the blank behind it count among them.
    indent: usize,
    /// True behind a dash: the first line of an item.
    starts_item: bool,
    text: &'a str,
}

impl<'a> Line<'a> {
    fn of(line: &'a str) -> Line<'a> {
        let indent = line.bytes().take_while(|b| *b == b' ').count();
        let text = &line[indent..];
        match text.strip_prefix("- ").or((text == "-").then_some("")) {
            Some(text) => Line { indent: indent + 2, starts_item: true, text },
            None => Line { indent, starts_item: false, text },
        }
    }

    /// The key and the value of `key: value`; the value may be empty.
    fn field(self) -> Option<(NativeKey, &'a str)> {
        let colon = self.text.bytes().position(|b| b == b':')?;
        let value = &self.text[colon + 1..];
        let value = if value.is_empty() { value } else { value.strip_prefix(' ')? };
        Some((NativeKey::of(&self.text[..colon])?, value))
    }
}

/// The lines of front matter, of which the next one is known. A line that fits nowhere stays the next one for ever: lists and
/// maps end before it.
pub struct LineCursor<'a> {
    next: Option<Line<'a>>,
    rest: &'a str,
}

impl<'a> LineCursor<'a> {
    fn new(front: &'a str) -> LineCursor<'a> {
        let mut lines = LineCursor { next: None, rest: front };
        lines.advance();
        lines
    }

    fn advance(&mut self) {
        self.next = None;
        while let Some(end) = memchr(b'\n', self.rest.as_bytes()) {
            let line = &self.rest[..end];
            self.rest = &self.rest[end + 1..];
            let line = line.strip_suffix('\r').unwrap_or(line);
            if !line.is_empty() {
                self.next = Some(Line::of(line));
                return;
            }
        }
    }

    /// True when every line fitted.
    pub fn is_at_end(&self) -> bool {
        self.next.is_none()
    }

    /// The text of the next line.
    pub fn next_text(&mut self) -> Option<&'a str> {
        let line = self.next?;
        self.advance();
        Some(line.text)
    }

    /// Reads the map whose keys stand at an indentation; none may stand twice.
    pub fn map(
        &mut self,
        indent: usize,
        mut read: impl FnMut(&mut LineCursor<'a>, NativeKey, &'a str) -> Option<()>,
    ) -> Option<()> {
        let mut known = 0u32;
        while let Some(line) = self.next.filter(|line| line.indent == indent && !line.starts_item) {
            let (key, value) = line.field()?;
            let bit = 1 << key as u32;
            if known & bit != 0 {
                return None;
            }
            known |= bit;
            self.advance();
            read(self, key, value)?;
        }
        Some(())
    }

    /// Reads the map that is the value of a key; it cannot be empty.
    pub fn nested(
        &mut self,
        indent: usize,
        value: &str,
        read: impl FnMut(&mut LineCursor<'a>, NativeKey, &'a str) -> Option<()>,
    ) -> Option<()> {
        let is_there = value.is_empty() && self.next.is_some_and(|line| line.indent == indent && !line.starts_item);
        if is_there { self.map(indent, read) } else { None }
    }

    /// Reads the list that is the value of a key. An item sees its first line without the dash.
    pub fn list(
        &mut self,
        indent: usize,
        value: &str,
        mut item: impl FnMut(&mut LineCursor<'a>) -> Option<()>,
    ) -> Option<()> {
        let mut count = 0;
        while let Some(line) = self.next.filter(|line| line.indent == indent && line.starts_item) {
            count += 1;
            self.next = Some(Line { starts_item: false, ..line });
            item(self)?;
        }
        (value.is_empty() && count <= MAX_ITEMS).then_some(())
    }
}

/// A whole number; nothing when there is no value.
pub fn number(value: &str) -> Option<Option<i64>> {
    if value.is_empty() {
        return Some(None);
    }
    let digits = value.strip_prefix('-').unwrap_or(value);
    let is_plain = digits.bytes().all(|b| b.is_ascii_digit()) && (!digits.starts_with('0') || value == "0");
    if value.len() > MAX_NUMBER_BYTES || !is_plain {
        return None;
    }
    value.parse().ok().map(Some)
}

/// Yes or no.
pub fn boolean(value: &str) -> Option<bool> {
    match value {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// A value that nobody wants, and that may be anything plain.
pub fn unused(value: &str) -> Option<()> {
    boolean(value).map(drop).or_else(|| text(value).map(drop))
}

/// A text: none when it is not plain, empty when there is no value.
pub fn text(value: &str) -> Option<Cow<'_, str>> {
    match value.as_bytes().first() {
        None => Some(Cow::Borrowed("")),
        Some(b'"') => double_quoted(&value[1..]),
        Some(b'\'') => {
            value[1..].strip_suffix('\'').filter(|inner| !inner.contains(['\'', '"', '[', '{'])).map(Cow::Borrowed)
        }
        Some(_) => is_plain_text(value).then_some(Cow::Borrowed(value)),
    }
}

/// A text without quotes that is nothing but text: no number, no yes, no null, no comment, no map.
fn is_plain_text(value: &str) -> bool {
    let bytes = value.as_bytes();
    let is_no_digit = |b: &u8| *b == b' ' || matches!(b.to_ascii_lowercase(), b'g'..=b'n' | b'p'..=b'w');
    let is_text = match bytes.first() {
        Some(b'0'..=b'9') => bytes.iter().any(is_no_digit),
        Some(b'a'..=b'z' | b'A'..=b'Z') => {
            !["null", "true", "false"].iter().any(|word| value.eq_ignore_ascii_case(word))
        }
        first => first.is_some_and(|first| !first.is_ascii()),
    };
    let mut before = 0;
    for b in bytes {
        match (b, before) {
            // The general reader counts brackets outside double quotes, also in here, and refuses too many of them.
            (b'"' | b'[' | b'{', _) | (b' ', b':') | (b'#', b' ') => return false,
            _ => before = *b,
        }
    }
    is_text && before != b' ' && before != b':'
}

/// A text behind its opening quote, with the escapes that real files have.
fn double_quoted(text: &str) -> Option<Cow<'_, str>> {
    let mut rest = text;
    let mut out = String::new();
    loop {
        let at = memchr2(b'"', b'\\', rest.as_bytes())?;
        let (before, sign) = rest.split_at(at);
        if sign.starts_with('"') {
            let whole = if out.is_empty() { Cow::Borrowed(before) } else { Cow::Owned(out + before) };
            return (sign.len() == 1).then_some(whole);
        }
        if out.is_empty() {
            out.reserve(text.len());
        }
        out.push_str(before);
        let (c, length) = match sign.as_bytes().get(1)? {
            b'"' => ('"', 2),
            b'\\' => ('\\', 2),
            b'/' => ('/', 2),
            b'n' => ('\n', 2),
            b'r' => ('\r', 2),
            b't' => ('\t', 2),
            b'u' => (unicode(sign.get(2..6)?)?, 6),
            _ => return None,
        };
        out.push(c);
        rest = &sign[length..];
    }
}

fn unicode(digits: &str) -> Option<char> {
    let is_hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| is_hex).and_then(char::from_u32)
}
