//! Encoding of the values in a record: for each type a `put_…` function and a function that reads it back.

use std::path::Path;
use std::time::{Duration, SystemTime};

use super::article::{Article, Provider, RelatedLink};
use super::clean::{self, SafeText, UntrustedText};
use super::enclosure::Enclosure;
use super::fields::Accessor;
use super::full_text::FullText;
use super::link::{Address, Link, Refusal};
use super::problem::{Position, Problem, Severity};
use super::shared_bytes::{ByteReader, ByteWriter};
use crate::dates::Date;

/// The value of the nanoseconds that encodes a missing date.
pub(super) const NEVER: u32 = u32::MAX;

pub(super) fn put_date(to: &mut ByteWriter, date: Option<Date>) {
    let (seconds, nanos) = date.map_or((0, NEVER), Date::to_numbers);
    to.i64(seconds);
    to.u32(nanos);
}

pub(super) fn date(from: &mut ByteReader) -> Option<Option<Date>> {
    let (seconds, nanos) = (from.i64()?, from.u32()?);
    // `NEVER` has the kind 3, which no date has, see `Date::to_numbers`.
    if nanos == NEVER { Some(None) } else { Date::of_numbers(seconds, nanos).map(Some) }
}

pub(super) fn put_hashes(to: &mut ByteWriter, count: usize, keys: impl Iterator<Item = u64>) {
    to.size(8 * count);
    keys.for_each(|key| to.u64(key));
}

pub(super) fn put_number(to: &mut ByteWriter, number: Option<i64>) {
    to.u8(number.is_some().into());
    to.i64(number.unwrap_or(0));
}

pub(super) fn number(from: &mut ByteReader) -> Option<Option<i64>> {
    let is_there = from.u8()? != 0;
    let number = from.i64()?;
    Some(is_there.then_some(number))
}

pub(super) fn put_shown(to: &mut ByteWriter, shown: &SafeText) {
    to.text(shown.as_str());
}

pub(super) fn shown(from: &mut ByteReader) -> Option<SafeText> {
    // Cleaned again, because a snapshot is untrusted input (decision 0001).
    from.text().map(clean::plain_line)
}

pub(super) fn put_field(to: &mut ByteWriter, accessor: Accessor, article: &Article) {
    match accessor {
        Accessor::Line(line, _) => put_shown(to, line(article)),
        Accessor::Name(name, _) => put_optional(to, name(article).as_ref(), put_shown),
        Accessor::Lines(lines, _) => put_list(to, lines(article), put_shown),
        Accessor::Number(number, _) => put_number(to, *number(article)),
        Accessor::Date(when, _) => put_date(to, *when(article)),
        Accessor::Flag(flag, _) => put_optional(to, flag(article).as_ref(), |to, is| to.u8((*is).into())),
        Accessor::Texts(_) | Accessor::Custom => {}
    }
}

pub(super) fn read_field(from: &mut ByteReader, accessor: Accessor, article: &mut Article) -> Option<()> {
    match accessor {
        Accessor::Line(_, line) => *line(article) = shown(from)?,
        Accessor::Name(_, name) => *name(article) = optional(from, shown)?,
        Accessor::Lines(_, lines) => *lines(article) = list(from, shown)?,
        Accessor::Number(_, slot) => *slot(article) = number(from)?,
        Accessor::Date(_, when) => *when(article) = date(from)?,
        Accessor::Flag(_, flag) => *flag(article) = optional(from, |from| Some(from.u8()? != 0))?,
        Accessor::Texts(_) | Accessor::Custom => {}
    }
    Some(())
}

pub(super) fn put_optional<T>(to: &mut ByteWriter, value: Option<&T>, put: impl Fn(&mut ByteWriter, &T)) {
    to.u8(value.is_some().into());
    value.into_iter().for_each(|value| put(to, value));
}

pub(super) fn optional<T>(from: &mut ByteReader, read: impl Fn(&mut ByteReader) -> Option<T>) -> Option<Option<T>> {
    match from.u8()? {
        0 => Some(None),
        _ => read(from).map(Some),
    }
}

pub(super) fn put_list<T>(to: &mut ByteWriter, items: &[T], put: impl Fn(&mut ByteWriter, &T)) {
    to.size(items.len());
    items.iter().for_each(|item| put(to, item));
}

/// Reads a list. The count is checked against the bytes left, because each item takes at least one: a damaged count must not
/// cause a huge allocation.
pub(super) fn list<T>(from: &mut ByteReader, read: impl Fn(&mut ByteReader) -> Option<T>) -> Option<Vec<T>> {
    let count = from.size().filter(|count| *count <= from.0.len())?;
    let mut items = Vec::new();
    for _ in 0..count {
        items.push(read(from)?);
    }
    Some(items)
}

pub(super) fn put_link(to: &mut ByteWriter, link: &Link) {
    // The numbers are stored: to change one, increase `record::VERSION`.
    let (kind, scheme) = match link {
        Link::Web(_) => (0, None),
        Link::Refused { why, .. } => match why {
            Refusal::Empty => (1, None),
            Refusal::TooLong => (2, None),
            Refusal::HiddenCharacter => (3, None),
            Refusal::Relative => (4, None),
            Refusal::NotAnAddress => (5, None),
            Refusal::UserName => (6, None),
            Refusal::Scheme(scheme) => (7, Some(scheme)),
        },
    };
    to.u8(kind);
    put_shown(to, link.shown());
    scheme.into_iter().for_each(|scheme| put_shown(to, scheme));
}

pub(super) fn link(from: &mut ByteReader) -> Option<Link> {
    let kind = from.u8()?;
    let text = from.text()?;
    let why = match kind {
        // Checked again: a snapshot is untrusted input, and only a checked address may reach a browser.
        0 => return Address::parse(text).ok().map(Link::Web),
        1 => Refusal::Empty,
        2 => Refusal::TooLong,
        3 => Refusal::HiddenCharacter,
        4 => Refusal::Relative,
        5 => Refusal::NotAnAddress,
        6 => Refusal::UserName,
        7 => Refusal::Scheme(shown(from)?),
        _ => return None,
    };
    Some(Link::Refused { shown: clean::plain_line(text), why })
}

pub(super) fn put_related(to: &mut ByteWriter, entry: &RelatedLink) {
    put_shown(to, &entry.title);
    put_shown(to, &entry.excerpt);
    put_date(to, entry.published);
    put_optional(to, entry.link.as_ref(), put_link);
    put_shown(to, &entry.provider.name);
    put_shown(to, &entry.provider.domain);
    put_number(to, entry.quality);
}

pub(super) fn related(from: &mut ByteReader) -> Option<RelatedLink> {
    Some(RelatedLink {
        title: shown(from)?,
        excerpt: shown(from)?,
        published: date(from)?,
        link: optional(from, link)?,
        provider: Provider { name: shown(from)?, domain: shown(from)? },
        quality: number(from)?,
    })
}

pub(super) fn put_enclosure(to: &mut ByteWriter, enclosure: &Enclosure) {
    put_link(to, &enclosure.link);
    put_shown(to, &enclosure.media_type);
    put_optional(to, enclosure.length.as_ref(), |to, bytes| to.u64(*bytes));
    put_optional(to, enclosure.duration.as_ref(), |to, seconds| to.u32(*seconds));
}

pub(super) fn put_full_text(to: &mut ByteWriter, full: &FullText) {
    to.text(full.own_body.untrusted());
    to.u32(full.own_words);
    put_link(to, &full.source);
    to.u64(full.stamp);
}

pub(super) fn full_text(from: &mut ByteReader) -> Option<FullText> {
    Some(FullText {
        own_body: UntrustedText::new(from.text()?),
        own_words: from.u32()?,
        source: link(from)?,
        stamp: from.u64()?,
    })
}

pub(super) fn enclosure(from: &mut ByteReader) -> Option<Enclosure> {
    Some(Enclosure {
        link: link(from)?,
        media_type: shown(from)?,
        length: optional(from, |from| from.u64())?,
        duration: optional(from, |from| from.u32())?,
    })
}

/// Writes a problem without its path, which is that of the file.
pub fn put_problem(to: &mut ByteWriter, problem: &Problem) {
    put_optional(to, problem.at.as_ref(), |to, at| {
        to.u32(at.line);
        to.u32(at.column);
    });
    to.u8((problem.severity == Severity::Error).into());
    put_shown(to, &problem.what);
    put_shown(to, &problem.hint);
}

/// Reads a problem of a file.
pub fn problem(from: &mut ByteReader, path: &Path) -> Option<Problem> {
    let at = optional(from, |from| Some(Position { line: from.u32()?, column: from.u32()? }))?;
    let severity = if from.u8()? != 0 { Severity::Error } else { Severity::Warning };
    Some(Problem { path: path.to_owned(), at, severity, what: shown(from)?, hint: shown(from)? })
}

/// A file time in whole seconds since 1970, negative before.
pub fn seconds(time: SystemTime) -> i64 {
    let since = |duration: Duration| duration.as_secs() as i64;
    time.duration_since(SystemTime::UNIX_EPOCH).map_or_else(|error| -since(error.duration()), since)
}
