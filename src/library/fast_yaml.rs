//! A parser for a plain subset of YAML: fences, lines, lists, maps, keys and scalars. Every function returns none for text
//! outside the subset.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr2, memchr3_iter, memmem};

use super::front_matter;
use super::front_matter_fields::MAX_ITEMS;

/// Longest number in bytes. Shorter ones never overflow.
const MAX_NUMBER_BYTES: usize = 15;

/// Splits a file at its fences, which are lines of their own. Returns the front matter and the body.
pub fn split(text: &str) -> Option<(LineCursor<'_>, &str)> {
    let inside = after_line_end(text.strip_prefix("---")?)?;
    let close = memmem::find(inside.as_bytes(), b"\n---")? + 1;
    let (front, rest) = inside.split_at(close);
    let rest = &rest[3..];
    // A line such as `----` or `--- x` is not a fence: the full parser decides what it is.
    let below = if rest.is_empty() { rest } else { after_line_end(rest)? };
    is_plain(front).then(|| (LineCursor::new(front), below))
}

fn after_line_end(text: &str) -> Option<&str> {
    text.strip_prefix('\n').or_else(|| text.strip_prefix("\r\n"))
}

/// True if the front matter contains nothing that the full parser rejects or repairs anywhere.
fn is_plain(front: &str) -> bool {
    let bytes = front.as_bytes();
    // One pass without branches: tabs and control characters other than line ends.
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
        // The full parser counts aliases inside quotes, too.
        && (memchr(b'*', bytes).is_none() || front_matter::check_limits(front, 1).is_ok())
}

/// The keys of the native form.
#[derive(Clone, Copy)]
pub enum NativeKey {
    AmpWebUrl,
    ArticleId,
    Author,
    Category,
    CdnAmpWebUrl,
    Comments,
    Domain,
    Duration,
    Enclosures,
    Excerpt,
    FeaturedContent,
    Feed,
    FeedId,
    Heat,
    Height,
    Images,
    IsCached,
    Length,
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
    UpdatedDateTime,
    Url,
    WebUrl,
    Width,
}

impl NativeKey {
    /// The key as it is written in the native form.
    pub fn of(written: &str) -> Option<NativeKey> {
        Some(match written {
            "ampWebUrl" => NativeKey::AmpWebUrl,
            "articleId" => NativeKey::ArticleId,
            "author" => NativeKey::Author,
            "category" => NativeKey::Category,
            "cdnAmpWebUrl" => NativeKey::CdnAmpWebUrl,
            "comments" => NativeKey::Comments,
            "domain" => NativeKey::Domain,
            "duration" => NativeKey::Duration,
            "enclosures" => NativeKey::Enclosures,
            "excerpt" => NativeKey::Excerpt,
            "featuredContent" => NativeKey::FeaturedContent,
            "feed" => NativeKey::Feed,
            "feedId" => NativeKey::FeedId,
            "heat" => NativeKey::Heat,
            "height" => NativeKey::Height,
            "images" => NativeKey::Images,
            "isCached" => NativeKey::IsCached,
            "length" => NativeKey::Length,
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
            "updatedDateTime" => NativeKey::UpdatedDateTime,
            "url" => NativeKey::Url,
            "webUrl" => NativeKey::WebUrl,
            "width" => NativeKey::Width,
            _ => return None,
        })
    }
}

/// The keys that a map has so far.
#[derive(Default)]
pub struct KeySet(u64);

// Every key has a bit.
const _: () = assert!((NativeKey::Width as u32) < u64::BITS);

impl KeySet {
    /// Adds a key and returns it; none if it is there already.
    pub fn add(&mut self, key: NativeKey) -> Option<NativeKey> {
        let bit = 1u64 << key as u32;
        let is_new = self.0 & bit == 0;
        self.0 |= bit;
        is_new.then_some(key)
    }

    /// True if no key was added.
    pub fn is_empty(&self) -> bool {
        self.0 == 0
    }
}

/// A line that is not blank.
#[derive(Clone, Copy)]
struct Line<'a> {
    /// Spaces before the text. A dash and the space after it are included.
    indent: usize,
    /// True for the first line of a list item, after a dash.
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

    /// Key and value of `key: value`; the value may be empty.
    fn field(self) -> Option<(NativeKey, &'a str)> {
        let colon = self.text.bytes().position(|b| b == b':')?;
        let value = &self.text[colon + 1..];
        let value = if value.is_empty() { value } else { value.strip_prefix(' ')? };
        Some((NativeKey::of(&self.text[..colon])?, value))
    }
}

/// A cursor over the lines of front matter that always knows the next line. Lists and maps end at a line that does not belong
/// to them, and it stays the next line.
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

    /// True if all lines were read.
    pub fn is_at_end(&self) -> bool {
        self.next.is_none()
    }

    /// Returns the text of the next line and moves on.
    pub fn next_text(&mut self) -> Option<&'a str> {
        let line = self.next?;
        self.advance();
        Some(line.text)
    }

    /// Reads the map whose keys have this indentation. A duplicate key is outside the subset.
    pub fn map(
        &mut self,
        indent: usize,
        mut read: impl FnMut(&mut LineCursor<'a>, NativeKey, &'a str) -> Option<()>,
    ) -> Option<()> {
        let mut known = KeySet::default();
        while let Some(line) = self.next.filter(|line| line.indent == indent && !line.starts_item) {
            let (key, value) = line.field()?;
            let key = known.add(key)?;
            self.advance();
            read(self, key, value)?;
        }
        Some(())
    }

    /// Reads a map below a key. It must not be empty.
    pub fn nested(
        &mut self,
        indent: usize,
        value: &str,
        read: impl FnMut(&mut LineCursor<'a>, NativeKey, &'a str) -> Option<()>,
    ) -> Option<()> {
        let is_there = value.is_empty() && self.next.is_some_and(|line| line.indent == indent && !line.starts_item);
        if is_there { self.map(indent, read) } else { None }
    }

    /// Reads a list below a key. `item` sees the first line of an item without its dash.
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

/// A whole number; `Some(None)` if there is no value.
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

/// A boolean.
pub fn boolean(value: &str) -> Option<bool> {
    match value {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// Skips a value that is not used.
pub fn unused(value: &str) -> Option<()> {
    boolean(value).map(drop).or_else(|| text(value).map(drop))
}

/// A text, empty if there is no value.
pub fn text(value: &str) -> Option<Cow<'_, str>> {
    match value.as_bytes().first() {
        None => Some(Cow::Borrowed("")),
        Some(b'"') => double_quoted(&value[1..]),
        Some(b'\'') => {
            // `''` is an escape, and the full parser counts brackets in single quotes and may reject too many.
            value[1..].strip_suffix('\'').filter(|inner| !inner.contains(['\'', '"', '[', '{'])).map(Cow::Borrowed)
        }
        Some(_) => is_plain_text(value).then_some(Cow::Borrowed(value)),
    }
}

/// True if an unquoted value is certainly text: not a number, boolean, null, comment or map.
fn is_plain_text(value: &str) -> bool {
    let bytes = value.as_bytes();
    // Letters that no number has: `a` to `f` are hexadecimal digits, and `o` and `x` are in prefixes.
    let is_no_digit = |b: &u8| *b == b' ' || matches!(b.to_ascii_lowercase(), b'g'..=b'n' | b'p'..=b'w');
    let is_text = match bytes.first() {
        Some(b'0'..=b'9') => bytes.iter().any(is_no_digit),
        Some(b'a'..=b'z' | b'A'..=b'Z') => {
            !["null", "true", "false"].iter().any(|word| value.eq_ignore_ascii_case(word))
        }
        // Other ASCII characters begin a number or have a meaning in YAML.
        first => first.is_some_and(|first| !first.is_ascii()),
    };
    let mut before = 0;
    for b in bytes {
        match (b, before) {
            // The full parser counts brackets outside double quotes, and rejects too many.
            (b'"' | b'[' | b'{', _) | (b' ', b':') | (b'#', b' ') => return false,
            _ => before = *b,
        }
    }
    is_text && before != b' ' && before != b':'
}

/// The text after an opening double quote, with the escapes that occur in real files.
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
    // `from_str_radix` accepts a leading `+`.
    let is_hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
    // Half of a surrogate pair is not a `char`, so pairs are left to the full parser.
    u32::from_str_radix(digits, 16).ok().filter(|_| is_hex).and_then(char::from_u32)
}
