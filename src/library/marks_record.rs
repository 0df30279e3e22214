//! The records of a marks file: one change per line, with its length and a checksum, so that any damage is detected.
//!
//! A line is `LENGTH CHECKSUM PAYLOAD`: the length of the payload in bytes and its CRC-32 (IEEE), both in hex. The payload of
//! the first line is `frontpage marks VERSION`. All others are `STAMP WHAT`, where WHAT is one of
//!
//! ```text
//! read SECONDS IDS      star IDS     hide IDS     note IDS TEXT
//! unread IDS            unstar IDS   show IDS     arrived SECONDS IDS
//! tag IDS NAME          untag IDS NAME
//! place PLACE IDS
//! alias ID FILE TEXT BELOW TITLE MOVED WORDS
//! ```
//!
//! IDS are article ids separated by commas. SECONDS count from 1970. A TEXT and the NAME of a tag reach to the end of
//! the line. A PLACE is where the
//! user stopped reading: `PART:BLOCK:INSIDE`, see [`TextPosition`], or `-` at the end of the article. An `alias` says
//! where a marked article was last seen: hashes of its file and text (16 hex digits each), hashes of its path below the
//! library and of its title (8 each), the id to which its marks have moved or `-`, and its title. A record that was only
//! partly written ends with [`TORN`], which the next writer appends.

use chrono::{DateTime, Utc};

use crate::feed::{ArticleHashes, ArticleId, Change, LastSeenState, Mark, StampError, Tag, TextPosition, clean};

/// Version of the format that this program writes.
pub const VERSION: u32 = 1;
/// Ends a partly written line: the control character NAK, which records never contain, and a word for people who open the
/// file.
pub const TORN: &[u8] = b"\x15torn";
/// Limit for articles in a record. Larger changes become several records.
const MAX_ARTICLES: usize = 4096;
/// The start of the first payload.
const HEADER: &str = "frontpage marks ";

/// A parsed line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// A change.
    Change(Change),
    /// The first line of a file, with the format version.
    Version(u32),
    /// An intact record that this version does not know.
    Unknown(&'a [u8]),
    /// Damaged bytes.
    Damaged(&'a [u8]),
}

/// A record to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A change.
    Change(Change),
    /// The payload of a record that this version does not know.
    Unknown(Vec<u8>),
}

impl Record {
    /// True if it sets a place, and was made before a time.
    pub fn is_place_before(&self, time: DateTime<Utc>) -> bool {
        matches!(self, Record::Change(Change { stamp, mark: Mark::Place(_), .. }) if stamp.time() < time)
    }

    /// Appends the lines of this record to `out`.
    pub fn write(&self, out: &mut Vec<u8>) {
        match self {
            Record::Change(change) => write(change, out),
            Record::Unknown(payload) => line(payload, out),
        }
    }
}

/// The first line of a new file.
pub fn header() -> Vec<u8> {
    let mut out = Vec::new();
    line(format!("{HEADER}{VERSION}").as_bytes(), &mut out);
    out
}

/// Appends the lines of a change.
pub fn write(change: &Change, out: &mut Vec<u8>) {
    for articles in change.articles.chunks(MAX_ARTICLES) {
        let ids: Vec<String> = articles.iter().map(ArticleId::to_string).collect();
        let (stamp, ids) = (change.stamp, ids.join(","));
        let payload = match &change.mark {
            Mark::Read(Some(at)) => format!("{stamp} read {} {ids}", at.timestamp()),
            Mark::Read(None) => format!("{stamp} unread {ids}"),
            Mark::Starred(true) => format!("{stamp} star {ids}"),
            Mark::Starred(false) => format!("{stamp} unstar {ids}"),
            Mark::Hidden(true) => format!("{stamp} hide {ids}"),
            Mark::Hidden(false) => format!("{stamp} show {ids}"),
            Mark::Note(note) => format!("{stamp} note {ids} {note}"),
            Mark::Tagged(tag, true) => format!("{stamp} tag {ids} {}", tag.shown()),
            Mark::Tagged(tag, false) => format!("{stamp} untag {ids} {}", tag.shown()),
            Mark::Arrived(at) => format!("{stamp} arrived {} {ids}", at.timestamp()),
            Mark::Place(Some(place)) => format!("{stamp} place {place} {ids}"),
            Mark::Place(None) => format!("{stamp} place - {ids}"),
            Mark::LastSeen(last_seen) => {
                let LastSeenState { hashes: ArticleHashes { file, text, below, title }, moved_to, title: words } =
                    &**last_seen;
                let moved = moved_to.map_or("-".to_owned(), |id| id.to_string());
                format!("{stamp} alias {ids} {file:016x} {text:016x} {below:08x} {title:08x} {moved} {words}")
            }
        };
        line(payload.as_bytes(), out);
    }
}

/// Appends a payload as a line.
pub fn line(payload: &[u8], out: &mut Vec<u8>) {
    out.extend(format!("{:x} {:08x} ", payload.len(), crc32fast::hash(payload)).bytes());
    out.extend(payload);
    out.push(b'\n');
}

/// Reads the bytes between two line ends. Returns several records if a line end was lost, and none if the record was only
/// partly written.
pub fn read(mut bytes: &[u8]) -> Vec<Line<'_>> {
    let whole = bytes;
    let mut found = Vec::new();
    loop {
        match unframe(bytes) {
            Framed::Whole(payload, rest) => {
                found.push(parse_payload(payload));
                match rest {
                    [] => return found,
                    // One damaged byte in place of the line end.
                    [_, rest @ ..] => bytes = rest,
                }
            }
            Framed::Nothing => return found,
            Framed::Damaged if found.is_empty() => return vec![Line::Damaged(whole)],
            Framed::Damaged => {
                found.push(Line::Damaged(bytes));
                return found;
            }
        }
    }
}

/// True if bytes after the last line end are an intact record that lacks only its line end.
pub fn is_whole(bytes: &[u8]) -> bool {
    matches!(unframe(bytes), Framed::Whole(_, []))
}

enum Framed<'a> {
    /// A payload, and the bytes after it.
    Whole(&'a [u8], &'a [u8]),
    Nothing,
    Damaged,
}

fn unframe(bytes: &[u8]) -> Framed<'_> {
    let framed = || {
        // The length is a `u32`: at most 8 digits and a blank.
        let at = bytes.iter().take(9).position(|byte| *byte == b' ')?;
        let (length, rest) = (hex(&bytes[..at])?, &bytes[at + 1..]);
        let (checksum, rest) = (hex(rest.get(..8)?)?, rest.get(8..)?.strip_prefix(b" ")?);
        let (payload, rest) = (rest.get(..length as usize)?, rest.get(length as usize..)?);
        (crc32fast::hash(payload) == checksum).then_some((payload, rest))
    };
    match framed() {
        Some((payload, rest)) => Framed::Whole(payload, rest),
        None if bytes.is_empty() || bytes.ends_with(TORN) => Framed::Nothing,
        None => Framed::Damaged,
    }
}

fn hex(digits: &[u8]) -> Option<u32> {
    // `from_str_radix` accepts a leading `+`.
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
    u32::from_str_radix(digits, 16).ok()
}

fn parse_payload(payload: &[u8]) -> Line<'_> {
    let text = std::str::from_utf8(payload).ok();
    if let Some(version) = text.and_then(|text| text.strip_prefix(HEADER)) {
        return version.parse().map_or(Line::Unknown(payload), Line::Version);
    }
    match text.and_then(parse_change) {
        Some(Ok(change)) => Line::Change(change),
        // Not unknown: unknown records are kept for a later version, and this one must not come back.
        Some(Err(StampError::TooLate)) => Line::Damaged(payload),
        Some(Err(StampError::Malformed)) | None => Line::Unknown(payload),
    }
}

/// Parses a change; none if its kind is unknown.
fn parse_change(text: &str) -> Option<Result<Change, StampError>> {
    let (stamp, rest) = text.split_once(' ')?;
    let (what, rest) = rest.split_once(' ')?;
    let timed = || {
        let (seconds, ids) = rest.split_once(' ')?;
        Some((DateTime::<Utc>::from_timestamp(seconds.parse().ok()?, 0)?, ids))
    };
    let (mark, ids) = match what {
        "read" => timed().map(|(at, ids)| (Mark::Read(Some(at)), ids))?,
        "unread" => (Mark::Read(None), rest),
        "star" => (Mark::Starred(true), rest),
        "unstar" => (Mark::Starred(false), rest),
        "hide" => (Mark::Hidden(true), rest),
        "show" => (Mark::Hidden(false), rest),
        "note" => rest.split_once(' ').map(|(ids, note)| (Mark::Note(clean::plain_line(note)), ids))?,
        "tag" | "untag" => {
            let (ids, name) = rest.split_once(' ')?;
            // A name that this version refuses is kept as an unknown record.
            (Mark::Tagged(Tag::parse(name).ok()?, what == "tag"), ids)
        }
        "arrived" => timed().map(|(at, ids)| (Mark::Arrived(at), ids))?,
        "place" => {
            let (place, ids) = rest.split_once(' ')?;
            let place: Option<TextPosition> = if place == "-" { None } else { Some(place.parse().ok()?) };
            (Mark::Place(place), ids)
        }
        "alias" => {
            let (ids, last_seen) = rest.split_once(' ')?;
            (Mark::LastSeen(Box::new(read_last_seen(last_seen)?)), ids)
        }
        _ => return None,
    };
    let articles = ids.split(',').map(|id| (id.len() == 16).then(|| id.parse().ok())?).collect::<Option<_>>()?;
    Some(stamp.parse().map(|stamp| Change { stamp, mark, articles }))
}

fn read_last_seen(text: &str) -> Option<LastSeenState> {
    let mut words = text.splitn(6, ' ');
    let mut key = |digits: usize| {
        let word = words.next().filter(|word| word.len() == digits && word.bytes().all(|b| b.is_ascii_hexdigit()))?;
        u64::from_str_radix(word, 16).ok()
    };
    let (file, text, below, title) = (key(16)?, key(16)?, key(8)? as u32, key(8)? as u32);
    let moved_to = match words.next()? {
        "-" => None,
        id => Some(id.parse().ok().filter(|_| id.len() == 16)?),
    };
    Some(LastSeenState {
        hashes: ArticleHashes { file, text, below, title },
        moved_to,
        title: clean::line(words.next()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::{DeviceId, HybridClock};

    fn change_of(mark: Mark, articles: u64) -> Change {
        let id = |n: u64| format!("{n:016x}").parse().expect("an id");
        let now = "2026-11-24T04:00:23Z".parse().expect("a time");
        Change { stamp: HybridClock::new(DeviceId(0xfe)).tick(now), mark, articles: (1..=articles).map(id).collect() }
    }

    fn written(change: &Change) -> Vec<u8> {
        let mut out = Vec::new();
        write(change, &mut out);
        out
    }

    fn marks() -> Vec<Mark> {
        let at = "2026-11-24T04:00:23Z".parse().expect("a time");
        let note = |text| Mark::Note(clean::line(text));
        let tagged = |name, is_on| Mark::Tagged(Tag::parse(name).expect("a name"), is_on);
        vec![
            Mark::Read(Some(at)),
            Mark::Read(None),
            Mark::Starred(true),
            Mark::Starred(false),
            Mark::Hidden(true),
            Mark::Hidden(false),
            note("read~torn, with 1,2 and naïve 日本"),
            note(""),
            tagged("naïve, 日本 1,2 torn", true),
            tagged("x", false),
            Mark::Arrived(at),
            Mark::Place(None),
            Mark::Place(Some(TextPosition { inside: u32::MAX, ..TextPosition::in_body(usize::MAX) })),
            Mark::LastSeen(Box::new(LastSeenState {
                hashes: ArticleHashes { file: u64::MAX, text: 0, below: 7, title: u32::MAX },
                moved_to: None,
                title: clean::line("A title, with 1,2 and naïve 日本"),
            })),
            Mark::LastSeen(Box::new(LastSeenState {
                hashes: ArticleHashes::default(),
                moved_to: "00000000000000fe".parse().ok(),
                title: "".into(),
            })),
        ]
    }

    #[test]
    fn records_survive_a_round_trip() {
        for mark in marks() {
            let change = change_of(mark, 2);
            let bytes = written(&change);
            assert_eq!(read(&bytes[..bytes.len() - 1]), [Line::Change(change)], "{}", bytes.escape_ascii());
        }
        let text = String::from_utf8(written(&change_of(Mark::Starred(true), 1))).expect("text");
        assert_eq!(text, "30 becf18c7 01a20bb63fd8.0000.000000fe star 0000000000000001\n");
        let header = header();
        assert_eq!(read(&header[..header.len() - 1]), [Line::Version(VERSION)]);
    }

    #[test]
    fn a_change_of_many_articles_is_several_records() {
        let bytes = written(&change_of(Mark::Starred(true), 10_000));
        let lines: Vec<Line> = bytes.split(|byte| *byte == b'\n').flat_map(read).collect();
        let count = |line: &Line| if let Line::Change(change) = line { change.articles.len() } else { 0 };
        assert_eq!((lines.len(), lines.iter().map(count).sum::<usize>()), (3, 10_000));
    }

    #[test]
    fn every_flipped_bit_is_detected() {
        for mark in marks() {
            let change = change_of(mark, 2);
            let bytes = written(&change);
            for bit in 0..(bytes.len() - 1) * 8 {
                let mut bad = bytes[..bytes.len() - 1].to_vec();
                bad[bit / 8] ^= 1 << (bit % 8);
                for line in bad.split(|byte| *byte == b'\n').flat_map(read) {
                    // A flipped bit may change the case of hex digits, which is harmless.
                    assert!(
                        line == Line::Change(change.clone()) || matches!(line, Line::Damaged(_)),
                        "bit {bit}: {line:?}"
                    );
                }
            }
            for end in 1..bytes.len() - 1 {
                assert!(matches!(read(&bytes[..end])[..], [Line::Damaged(_)]), "cut at {end}");
                assert_eq!(read(&[&bytes[..end], TORN].concat()), [], "marked as torn at {end}");
            }
        }
    }

    #[test]
    fn a_lost_line_end_loses_no_record() {
        let changes: Vec<Change> = marks()
            .into_iter()
            .filter(|mark| !matches!(mark, Mark::Note(_) | Mark::Tagged(..)))
            .map(|mark| change_of(mark, 2))
            .collect();
        let mut bytes: Vec<u8> = changes.iter().flat_map(written).collect();
        bytes.iter_mut().filter(|byte| **byte == b'\n').for_each(|byte| *byte ^= 1);
        let expected: Vec<Line> = changes.into_iter().map(Line::Change).collect();
        assert_eq!(read(&bytes[..bytes.len() - 1]), expected);
    }

    #[test]
    fn records_of_a_newer_version_are_unknown() {
        let mut bytes = Vec::new();
        line(b"01a20bb63fd8.0000.000000fe folded 0000000000000001", &mut bytes);
        assert!(matches!(read(&bytes[..bytes.len() - 1])[..], [Line::Unknown(_)]));
        bytes.clear();
        line(b"7fffffffffff.ffff.000000fe folded 0000000000000001", &mut bytes);
        assert!(matches!(read(&bytes[..bytes.len() - 1])[..], [Line::Unknown(_)]), "even with an invalid stamp");
    }

    #[test]
    fn a_stamp_near_the_maximum_is_damage() {
        for (stamp, is_damage) in [
            ("7fffffffffff.ffff", true),
            ("7f0000000000.0000", true),
            ("ffffffffffff.0000", true),
            ("7effffffffff.ffff", false),
        ] {
            for what in ["star 0000000000000001", "read 5 0000000000000001", "note 0000000000000001 text"] {
                let (mut bytes, payload) = (Vec::new(), format!("{stamp}.000000fe {what}"));
                line(payload.as_bytes(), &mut bytes);
                let lines = read(&bytes[..bytes.len() - 1]);
                assert_eq!(lines == [Line::Damaged(payload.as_bytes())], is_damage, "{payload}: {lines:?}");
            }
        }
    }
}
