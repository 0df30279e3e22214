//! Reads XML as events with line numbers, also where it is damaged, with an explicit stack.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr2, memmem};
use url::Url;

use super::damage::{DamageKind, Damages};
use super::entities::{DeclaredEntities, decode, unknown};
use super::tag::{Element, QuoteSearch, Tag};

/// Elements inside each other. Of deeper ones only the text is read.
pub const MAX_DEPTH: usize = 128;
/// Namespaces in scope. Further declarations are left out.
const MOST_BINDINGS: usize = 128;
/// Bytes of a base; longer ones are left out. Documents are read with copies of it.
const LONGEST_BASE: usize = 2048;
/// Elements deeper than [`MAX_DEPTH`] among which the start of an end tag is looked for.
const DEEP_SEARCH: usize = 64;

/// What a reader finds.
#[derive(Clone, Debug)]
pub enum Event<'a> {
    /// An element begins.
    Start(Element<'a>),
    /// Text between tags, with references replaced; a long text may come in several events.
    Text(Cow<'a, str>),
    /// The innermost open element ends. Every start has an end.
    End,
}

/// An element that is not closed yet.
#[derive(Debug)]
struct Open<'a> {
    name: &'a str,
    /// The number of bindings outside of it.
    bindings: usize,
    /// `xml:base`, resolved.
    base: Option<Url>,
    /// `xml:lang`.
    language: Option<Cow<'a, str>>,
}

/// Reads XML as events, whatever is wrong with it. Each start has an end, and what is not a tag is text.
///
/// Comments, processing instructions and the document type are skipped. No external entity is read. The time is linear in the
/// size of the text, and the memory in [`MAX_DEPTH`].
///
/// It is not built on a library: `quick-xml`, started again behind each error, searches the rest of the document for the end of the
/// same tag again and again. `docs/decisions/0014-our-own-channel-reader.md` has the figures.
#[derive(Debug)]
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// The position of the last event.
    event: usize,
    /// A position and its line, counted up to now.
    counted: (usize, u32),
    open: Vec<Open<'a>>,
    /// The element whose end was the last event.
    ended: Option<Open<'a>>,
    /// The positions of the names of elements deeper than [`MAX_DEPTH`].
    deep: Vec<u32>,
    /// The number of elements to close before the text is read on.
    closing: usize,
    bindings: Vec<(&'a str, &'a str)>,
    entities: DeclaredEntities<'a>,
    quotes: QuoteSearch,
    ends: EndSearch,
    base: Option<Url>,
    damages: Damages,
    /// The innermost element that was open where the text ended.
    cut: Option<&'a str>,
}

/// Finds the ends of comments and the like without looking twice through a rest that has none.
#[derive(Clone, Copy, Debug, Default)]
struct EndSearch {
    has_no: [bool; ENDS.len()],
}

/// What ends a comment, a CDATA section and a processing instruction.
const ENDS: [&str; 3] = ["-->", "]]>", "?>"];

impl EndSearch {
    fn find(&mut self, text: &str, start: usize, end: &str) -> Option<usize> {
        let has_none = self.has_no.get_mut(ENDS.iter().position(|known| *known == end)?)?;
        if *has_none {
            return None;
        }
        let found = memmem::find(text.as_bytes().get(start..)?, end.as_bytes()).map(|at| start + at);
        *has_none = found.is_none();
        found
    }
}

impl<'a> Reader<'a> {
    /// Reads a text that [`super::decode`] returned. `base` is the address of the document.
    pub fn new(text: &'a str, base: Option<&Url>) -> Reader<'a> {
        Reader {
            text,
            at: 0,
            event: 0,
            counted: (0, 1),
            open: Vec::new(),
            ended: None,
            deep: Vec::new(),
            closing: 0,
            bindings: Vec::new(),
            entities: DeclaredEntities::default(),
            quotes: QuoteSearch::default(),
            ends: EndSearch::default(),
            base: base.cloned(),
            damages: Damages::default(),
            cut: None,
        }
    }

    /// The line of the last event, from 1.
    pub fn line(&mut self) -> u32 {
        self.line_of(self.event)
    }

    /// The number of open elements, including the one whose start was the last event.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// Closes the elements around the one whose start was the last event, except for the outermost ones of a number: their end tags
    /// are missing.
    pub fn close_around(&mut self, kept: usize) {
        let Some(mut inner) = self.open.pop() else { return };
        if let Some(closed) = self.open.get(kept) {
            self.bindings.drain(closed.bindings..inner.bindings.max(closed.bindings));
            inner.bindings = closed.bindings;
        }
        self.open.truncate(kept);
        self.open.push(inner);
    }

    /// The name of the innermost element that was open where the text ended; `None` before, and for a whole document.
    pub fn cut(&self) -> Option<&'a str> {
        self.cut
    }

    /// The innermost `xml:base`, also of the element whose end was the last event.
    pub fn own_base(&self) -> Option<&Url> {
        self.ended.iter().chain(self.open.iter().rev()).find_map(|open| open.base.as_ref())
    }

    /// The base of relative addresses: the innermost `xml:base`, else the address of the document.
    pub fn base(&self) -> Option<&Url> {
        self.own_base().or(self.base.as_ref())
    }

    /// The language by the innermost `xml:lang`.
    pub fn language(&self) -> Option<&str> {
        self.open.iter().rev().find_map(|open| open.language.as_deref())
    }

    /// What was wrong with the document up to the last event.
    pub fn into_damages(self) -> Damages {
        self.damages
    }

    /// Reads on to the next event; `None` at the end of the document.
    #[expect(clippy::should_implement_trait, reason = "the reader has state that is asked for between events")]
    pub fn next(&mut self) -> Option<Event<'a>> {
        self.ended = None;
        loop {
            self.event = self.at;
            if let Some(closing) = self.closing.checked_sub(1) {
                self.closing = closing;
                return self.close();
            }
            let bytes = self.text.as_bytes();
            match bytes.get(self.at) {
                None if self.open.is_empty() => return None,
                None => {
                    self.cut = self.open.last().map(|open| open.name);
                    self.report_unclosed(0);
                    self.closing = self.open.len();
                }
                Some(b'<') => {
                    if let Some(event) = self.markup() {
                        return Some(event);
                    }
                }
                Some(_) => {
                    let start = self.at;
                    self.at = self.next_less_than(start);
                    // Outside of the root element there is only white space, or what does not belong there.
                    if !self.open.is_empty() {
                        return Some(self.text(start, self.at));
                    }
                }
            }
        }
    }

    fn next_less_than(&self, start: usize) -> usize {
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        memchr(b'<', rest).map_or(self.text.len(), |found| start + found)
    }

    /// Reads what begins with `<`; `None` if it is not an event.
    fn markup(&mut self) -> Option<Event<'a>> {
        let start = self.at;
        let rest = self.text.get(start + 1..).unwrap_or_default();
        match rest.bytes().next() {
            Some(b'/') if rest.get(1..).is_some_and(begins_name) => self.end_tag(start),
            Some(b'!') if rest.starts_with("!--") => self.skip(start, 4, "-->", "a comment"),
            Some(b'!') if rest.starts_with("![CDATA[") => self.cdata(start),
            Some(b'!') if is_document_type(rest) => self.document_type(start),
            Some(b'!') if rest.get(1..).is_some_and(begins_name) => self.skip_declaration(start),
            Some(b'?') if rest.get(1..).is_some_and(begins_name) => match self.ends.find(self.text, start, "?>") {
                Some(end) => {
                    self.at = end + 2;
                    None
                }
                None => self.skip_declaration(start),
            },
            Some(_) if begins_name(rest) => self.start_tag(start),
            _ => {
                // A run of them is one text.
                loop {
                    self.report(self.at, DamageKind::BareLessThan);
                    self.at = self.next_less_than(self.at + 1);
                    if !self.is_bare(self.at) {
                        break;
                    }
                }
                (!self.open.is_empty()).then(|| self.text(start, self.at))
            }
        }
    }

    /// True if `<` is at a position and begins no markup.
    fn is_bare(&self, at: usize) -> bool {
        let Some(rest) = self.text.get(at..).and_then(|rest| rest.strip_prefix('<')) else { return false };
        let is_named = begins_name(rest.strip_prefix(['/', '!', '?']).unwrap_or(rest));
        !is_named && !rest.starts_with("!--") && !rest.starts_with("![CDATA[")
    }

    /// Text with references.
    fn text(&mut self, start: usize, end: usize) -> Event<'a> {
        let text: &'a str = self.text.get(start..end).unwrap_or_default();
        Event::Text(self.decode(text, start))
    }

    fn decode(&mut self, text: &'a str, start: usize) -> Cow<'a, str> {
        let mut found = Vec::new();
        let room = self.damages.room();
        let mut more = 0usize;
        let decoded = decode(text, &mut self.entities, &mut |at, after| match found.len() < room {
            true => found.push((start + at, unknown(after))),
            false => more = more.saturating_add(1),
        });
        for (at, kind) in found {
            self.report(at, kind);
        }
        self.damages.more = self.damages.more.saturating_add(more);
        decoded
    }

    /// Skips to behind `end`. Without one, only the characters that begin it are skipped, so the rest is not lost.
    fn skip(&mut self, start: usize, size: usize, end: &'static str, what: &'static str) -> Option<Event<'a>> {
        self.at = match self.ends.find(self.text, start + size, end) {
            Some(found) => found + end.len(),
            None => {
                self.report(start, DamageKind::Unterminated(what));
                start + size
            }
        };
        None
    }

    /// Skips a declaration, which ends at `>`. A `<` before it shows that the end is missing.
    fn skip_declaration(&mut self, start: usize) -> Option<Event<'a>> {
        let rest = self.text.as_bytes().get(start + 1..).unwrap_or_default();
        let found = memchr2(b'<', b'>', rest).map_or(self.text.len(), |found| start + 1 + found);
        self.at = match self.text.as_bytes().get(found) {
            Some(b'>') => found + 1,
            _ => {
                self.report(start, DamageKind::Unterminated("a declaration"));
                found
            }
        };
        None
    }

    fn cdata(&mut self, start: usize) -> Option<Event<'a>> {
        let inner = start + "<![CDATA[".len();
        let Some(end) = self.ends.find(self.text, inner, "]]>") else {
            return self.skip(start, inner - start, "]]>", "a CDATA section");
        };
        self.at = end + "]]>".len();
        let text: &'a str = self.text.get(inner..end).unwrap_or_default();
        (!self.open.is_empty()).then_some(Event::Text(Cow::Borrowed(text)))
    }

    /// Skips the document type with its internal subset; only small entities in it are read. Only the first one before the
    /// root element is looked at closely.
    fn document_type(&mut self, start: usize) -> Option<Event<'a>> {
        if self.open.is_empty()
            && self.entities.begin()
            && let Some((subset, end)) = document_type_end(self.text, start)
        {
            self.entities = DeclaredEntities::read(self.text.get(subset..end).unwrap_or_default());
            self.at = end + 1;
            return None;
        }
        self.skip_declaration(start)
    }

    fn start_tag(&mut self, start: usize) -> Option<Event<'a>> {
        let tag = Tag::read(self.text, start + 1, &mut self.quotes);
        self.at = tag.end;
        if tag.is_unterminated {
            self.report(start, DamageKind::Unterminated("a tag"));
        }
        if self.open.len() >= MAX_DEPTH {
            self.report_once_too_deep(start);
            if !tag.is_empty {
                self.deep.push(u32::try_from(start + 1).unwrap_or(u32::MAX));
            }
            return None;
        }
        let mut open = Open { name: tag.name, bindings: self.bindings.len(), base: None, language: None };
        let element = Element::new(&tag, None);
        if !tag.attributes.is_empty() {
            self.read_attributes(&element, &mut open, start);
        }
        let namespace =
            self.bindings.iter().rev().find(|(prefix, _)| is_same(prefix, element.prefix)).map(|(_, uri)| *uri);
        self.open.push(open);
        self.closing = usize::from(tag.is_empty);
        Some(Event::Start(Element::new(&tag, namespace.filter(|uri| !uri.is_empty()))))
    }

    /// Reads the attributes that have a meaning in all documents, and reports bad ones.
    fn read_attributes(&mut self, element: &Element<'a>, open: &mut Open<'a>, start: usize) {
        for attribute in element.attributes() {
            if !attribute.is_quoted {
                self.report(start, DamageKind::BadAttribute(DamageKind::quoted(attribute.name)));
            }
            if memchr(b'&', attribute.raw.as_bytes()).is_some() {
                let mut bad = None;
                decode(attribute.raw, &mut DeclaredEntities::default(), &mut |_, after| {
                    bad.get_or_insert_with(|| unknown(after));
                });
                bad.into_iter().for_each(|kind| self.report(start, kind));
            }
            let Some(name) = attribute.name.strip_prefix("xml") else { continue };
            match name {
                "ns" => self.bind("", attribute.raw),
                ":lang" => open.language = Some(attribute.value()),
                ":base" => open.base = self.resolve(attribute.value().trim()),
                name => {
                    if let Some(prefix) = name.strip_prefix("ns:") {
                        self.bind(prefix, attribute.raw);
                    }
                }
            }
        }
    }

    fn bind(&mut self, prefix: &'a str, uri: &'a str) {
        if self.bindings.len() < MOST_BINDINGS {
            self.bindings.push((prefix, uri));
        }
    }

    /// Resolves an `xml:base`; `None` for what cannot be a base of addresses.
    fn resolve(&self, address: &str) -> Option<Url> {
        let url = match self.base() {
            Some(base) => base.join(address),
            None => Url::parse(address),
        };
        url.ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.as_str().len() <= LONGEST_BASE)
    }

    fn end_tag(&mut self, start: usize) -> Option<Event<'a>> {
        let tag = Tag::read(self.text, start + 2, &mut self.quotes);
        self.at = tag.end;
        if tag.is_unterminated && tag.end < self.text.len() {
            self.report(start, DamageKind::Unterminated("a tag"));
        }
        if let Some(at) = self.deep.iter().rev().take(DEEP_SEARCH).position(|name| self.is_named(*name, tag.name)) {
            self.deep.truncate(self.deep.len() - 1 - at);
            return None;
        }
        match self.open.iter().rposition(|open| open.name.eq_ignore_ascii_case(tag.name)) {
            Some(at) => {
                self.deep.clear();
                self.report_unclosed(at + 1);
                self.closing = self.open.len() - at;
            }
            None => self.report(start, DamageKind::UnexpectedEnd(DamageKind::quoted(tag.name))),
        }
        None
    }

    /// True if the deep element whose name begins at a position has a name.
    fn is_named(&self, start: u32, name: &str) -> bool {
        let start = start as usize;
        let end = start.saturating_add(name.len());
        let follows = self.text.as_bytes().get(end).copied().unwrap_or(b'>');
        let is_end = follows.is_ascii_whitespace() || matches!(follows, b'>' | b'/' | b'<' | b'=' | b'"' | b'\'');
        is_end && self.text.get(start..end).is_some_and(|found| found.eq_ignore_ascii_case(name))
    }

    fn close(&mut self) -> Option<Event<'a>> {
        let open = self.open.pop()?;
        self.bindings.truncate(open.bindings);
        self.ended = Some(open);
        Some(Event::End)
    }

    fn line_of(&mut self, at: usize) -> u32 {
        let (counted, line) = self.counted;
        let between = |from: usize, to: usize| {
            let feeds = memchr_iter(b'\n', self.text.as_bytes().get(from..to).unwrap_or_default()).count();
            u32::try_from(feeds).unwrap_or(u32::MAX)
        };
        if at < counted {
            return line.saturating_sub(between(at, counted));
        }
        let line = line.saturating_add(between(counted, at));
        self.counted = (at, line);
        line
    }

    fn report(&mut self, at: usize, kind: DamageKind) {
        // The line is not needed if the damage is only counted.
        let line = if self.damages.is_full() { 0 } else { self.line_of(at) };
        self.damages.push(line, kind);
    }

    /// Reports the open elements from an index, at their end.
    fn report_unclosed(&mut self, from: usize) {
        let names: Vec<&'a str> = self.open.iter().skip(from).map(|open| open.name).collect();
        for name in names {
            self.report(self.event, DamageKind::UnclosedElement(DamageKind::quoted(name)));
        }
    }

    fn report_once_too_deep(&mut self, at: usize) {
        if !self.damages.first.iter().any(|damage| damage.kind == DamageKind::TooDeep) {
            self.report(at, DamageKind::TooDeep);
        }
    }
}

/// True if short texts are equal: two calls of a function for each element take longer than the bytes.
fn is_same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().eq(other.bytes())
}

/// True if a name can begin here.
fn begins_name(text: &str) -> bool {
    text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':' | 0x80..))
}

fn is_document_type(rest: &str) -> bool {
    rest.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("!DOCTYPE"))
}

/// The positions of the internal subset of a document type, or of its end, and of the `>` that ends it.
fn document_type_end(text: &str, start: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut at = start + "<!DOCTYPE".len();
    let mut subset = None;
    let mut is_inside = false;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' => at += 1 + memchr(*byte, bytes.get(at + 1..)?)?,
            b'[' => (subset, is_inside) = (subset.or(Some(at + 1)), true),
            b']' => is_inside = false,
            b'<' if text.get(at..).is_some_and(|rest| rest.starts_with("<!--")) => {
                at += 4 + memmem::find(bytes.get(at + 4..)?, b"-->")? + 2;
            }
            // An element inside shows that the end is missing.
            b'<' if !is_inside => return None,
            b'>' if !is_inside => return Some((subset.unwrap_or(at), at)),
            _ => {}
        }
        at += 1;
    }
    None
}
