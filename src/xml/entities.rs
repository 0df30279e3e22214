//! References in text: `&amp;`, `&eacute;`, `&#8217;`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use memchr::memchr;

use super::damage::DamageKind;
use super::decoding::of_windows_1252;

/// Longer names, in bytes, are not names of entities: the longest of HTML has 31.
const LONGEST_NAME: usize = 32;
/// Entities that a document declares itself and that are read.
const MOST_DECLARED: usize = 64;
/// Bytes of an entity that a document declares itself; longer ones are not read.
const LONGEST_VALUE: usize = 1024;
/// Bytes that all references to declared entities may have in one document. Further references are read as text.
const MOST_EXPANDED: usize = 64 * 1024;

/// The entities that a document declares itself. Their values may not refer to each other, so a bomb of entities stays small.
#[derive(Debug, Default)]
pub(super) struct DeclaredEntities<'a> {
    entities: BTreeMap<&'a str, String>,
    expanded: usize,
    is_read: bool,
}

impl<'a> DeclaredEntities<'a> {
    /// True the first time: only one document type is looked at closely.
    pub fn begin(&mut self) -> bool {
        !std::mem::replace(&mut self.is_read, true)
    }

    /// Reads the declarations of general entities in an internal subset: `<!ENTITY name "value">`. External ones are left out.
    pub fn read(subset: &'a str) -> DeclaredEntities<'a> {
        let mut declared = DeclaredEntities { is_read: true, ..DeclaredEntities::default() };
        for declaration in subset.split("<!ENTITY").skip(1) {
            let Some((name, rest)) = declaration.trim_start().split_once(|c: char| c.is_ascii_whitespace()) else {
                continue;
            };
            let rest = rest.trim_start();
            let Some(quote) = rest.chars().next().filter(|quote| ['"', '\''].contains(quote)) else { continue };
            let Some((value, _)) = rest.get(1..).and_then(|rest| rest.split_once(quote)) else { continue };
            if declared.entities.len() < MOST_DECLARED && value.len() <= LONGEST_VALUE && !value.contains('<') {
                // The first declaration of a name counts (XML 1.0, 4.2).
                declared
                    .entities
                    .entry(name)
                    .or_insert_with(|| decode(value, &mut DeclaredEntities::default(), &mut |_, _| {}).into_owned());
            }
        }
        declared
    }

    fn expand(&mut self, name: &str) -> Option<&str> {
        let value = self.entities.get(name)?;
        self.expanded = self.expanded.checked_add(value.len()).filter(|size| *size <= MOST_EXPANDED)?;
        Some(value)
    }
}

/// Replaces the references in a text. What is not a reference stays as it is. `report` is called with the position of each
/// `&` that begins none, and the text behind it: see [`unknown`].
pub(super) fn decode<'t>(
    text: &'t str,
    declared: &mut DeclaredEntities,
    report: &mut dyn FnMut(usize, &str),
) -> Cow<'t, str> {
    let Some(first) = memchr(b'&', text.as_bytes()) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut next = Some(first);
    while let Some(ampersand) = next {
        out.push_str(text.get(at..ampersand).unwrap_or_default());
        let after = text.get(ampersand + 1..).unwrap_or_default();
        let size = match after.strip_prefix('#') {
            Some(number) => push_character(number, &mut out).map(|size| size + 1),
            None => push_named(after, declared, &mut out),
        };
        match size {
            Some(size) => at = ampersand + 1 + size,
            None => {
                report(ampersand, after);
                out.push('&');
                at = ampersand + 1;
            }
        }
        next = memchr(b'&', text.as_bytes().get(at..).unwrap_or_default()).map(|found| at + found);
    }
    out.push_str(text.get(at..).unwrap_or_default());
    Cow::Owned(out)
}

/// What `&` before this text is, if it is not a reference.
pub(super) fn unknown(after: &str) -> DamageKind {
    match name(after) {
        Some(name) => DamageKind::UnknownEntity(DamageKind::quoted(name)),
        None => DamageKind::BareAmpersand,
    }
}

/// The name before a semicolon.
fn name(after: &str) -> Option<&str> {
    let end = after
        .bytes()
        .take(LONGEST_NAME + 1)
        .position(|byte| !byte.is_ascii_alphanumeric() && !b"_.-".contains(&byte))?;
    let (name, rest) = after.split_at_checked(end)?;
    (rest.starts_with(';') && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')).then_some(name)
}

/// Appends the character of a named reference. Returns the number of bytes read.
fn push_named(after: &str, declared: &mut DeclaredEntities, out: &mut String) -> Option<usize> {
    let name = name(after)?;
    let value = match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        "nbsp" => "\u{a0}",
        _ => match declared.expand(name) {
            Some(value) => value,
            None => {
                let entities = &html_escape::NAMED_ENTITIES;
                let at = entities.binary_search_by(|(known, _)| known.cmp(&name.as_bytes())).ok()?;
                entities.get(at)?.1
            }
        },
    };
    out.push_str(value);
    Some(name.len() + 1)
}

/// Appends the character of a numeric reference, after `&#`. The semicolon may be missing, and 128 to 159 are read as
/// windows-1252, both as in HTML. A character that XML forbids is left out. Returns the number of bytes read.
fn push_character(number: &str, out: &mut String) -> Option<usize> {
    let (digits, radix, before) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16, 1),
        None => (number, 10, 0),
    };
    let end = digits.bytes().position(|byte| !char::from(byte).is_digit(radix)).unwrap_or(digits.len());
    let (digits, rest) = digits.split_at_checked(end)?;
    let significant = digits.trim_start_matches('0');
    let character = match digits {
        "" => return None,
        _ if significant.len() > 7 => None,
        _ => u32::from_str_radix(significant, radix).ok().and_then(char::from_u32),
    };
    match character {
        Some(character @ '\u{80}'..='\u{9f}') => out.push(of_windows_1252(character as u8)),
        Some(character @ ('\t' | '\n' | ' '..)) => out.push(character),
        Some('\r') => out.push('\n'),
        Some(_) => {}
        None => out.push('\u{fffd}'),
    }
    Some(before + digits.len() + usize::from(rest.starts_with(';')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, Vec<usize>) {
        let mut damages = Vec::new();
        let text = decode(text, &mut DeclaredEntities::default(), &mut |at, _| damages.push(at)).into_owned();
        (text, damages)
    }

    #[test]
    fn references_are_replaced() {
        for (text, expected, damages) in [
            ("plain", "plain", &[][..]),
            ("&lt;b&gt; &amp;amp; &quot;&apos;", "<b> &amp; \"'", &[]),
            ("&eacute;&nbsp;&alpha;&amacr;&NotEqualTilde;", "é\u{a0}αā≂̸", &[]),
            ("&#8217;&#x2019;&#X2019;&#146;&#x92;", "’’’’’", &[]),
            ("&#65", "A", &[]),
            ("&#0;&#8;&#13;", "\u{fffd}\n", &[]),
            ("&#xD800;&#99999999999;&#x110000;", "\u{fffd}\u{fffd}\u{fffd}", &[]),
            ("AT&T D & D ?a=1&copy=2&", "AT&T D & D ?a=1&copy=2&", &[2, 7, 15, 22]),
            ("&nonsense; &; &#; &#x;", "&nonsense; &; &#; &#x;", &[0, 11, 14, 18]),
        ] {
            assert_eq!(read(text), (expected.to_owned(), damages.to_vec()), "{text}");
        }
    }

    #[test]
    fn all_names_of_html_are_known() {
        for (name, value) in html_escape::NAMED_ENTITIES {
            let name = std::str::from_utf8(name).unwrap();
            assert_eq!(read(&format!("&{name};")).0, value);
        }
    }

    #[test]
    fn declared_entities_are_small() {
        let subset = "<!ENTITY a 'x&#65;&lt;'> <!ENTITY b \"&a;&a;\"> <!ENTITY c SYSTEM 'file:///etc/passwd'> <!ENTITY % d 'no'>";
        let mut declared = DeclaredEntities::read(subset);
        let mut read = |text: &str| decode(text, &mut declared, &mut |_, _| {}).into_owned();
        assert_eq!(read("&a;|&b;|&c;|&d;"), "xA<|&a;&a;|&c;|&d;");
        assert!(read(&"&a;".repeat(100_000)).len() < 500_000);
        // The first declaration of a name counts.
        assert_eq!(decode("&a;", &mut DeclaredEntities::read("<!ENTITY a 'x'><!ENTITY a 'y'>"), &mut |_, _| {}), "x");
        let long = format!("<!ENTITY a '{}'>", "x".repeat(5000));
        assert_eq!(decode("&a;", &mut DeclaredEntities::read(&long), &mut |_, _| {}), "&a;");
    }
}
