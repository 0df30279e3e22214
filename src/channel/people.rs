//! Persons: which become authors of items, and how channels write them in one text: `name`, `e-mail (name)`, `name (e-mail)`, `name <e-mail>`.

use super::Person;
use crate::feed::UntrustedText;

/// Authors of the channel become those of each item only if their names and addresses have at most this number of bytes: copies
/// of longer ones could fill the memory.
const MAX_INHERITED: usize = 4 * 1024;

/// True if the authors of a channel become those of its items that name none.
pub(super) fn are_inherited(authors: &[Person]) -> bool {
    let len = |text: &UntrustedText| text.untrusted().len();
    let texts = authors.iter().flat_map(|person| [Some(&person.name), person.email.as_ref(), person.url.as_ref()]);
    texts.flatten().map(len).fold(0, usize::saturating_add) <= MAX_INHERITED
}

/// Reads a person from a text; `None` if it is blank.
pub(super) fn person(text: &str) -> Option<Person> {
    let text = text.trim();
    let (name, email) = match bracketed(text) {
        Some((outside, inside)) if is_email(inside) => (outside, Some(inside)),
        Some((outside, inside)) if is_email(outside) => (inside, Some(outside)),
        _ if is_email(text) => ("", Some(text)),
        _ => (text, None),
    };
    let email = email.map(|email| email.strip_prefix("mailto:").unwrap_or(email));
    // RSS demands an address, so sites without one write such a placeholder.
    let email = email.filter(|email| !email.eq_ignore_ascii_case("noreply@blogger.com"));
    let name = UntrustedText::new(name.trim().trim_matches('"'));
    let person = Person { name, email: email.map(UntrustedText::new), url: None };
    (!person.name.is_blank() || person.email.is_some()).then_some(person)
}

/// What is outside and inside of the brackets at the end of a text.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let (open, close) = if text.ends_with(')') { ('(', ')') } else { ('<', '>') };
    let (outside, inside) = text.strip_suffix(close)?.rsplit_once(open)?;
    Some((outside.trim(), inside.trim()))
}

/// True if a text looks like an e-mail address.
fn is_email(text: &str) -> bool {
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    let is_plain =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "()<>,;:\"@".contains(c));
    text.split_once('@').is_some_and(|(local, domain)| is_plain(local) && is_plain(domain) && domain.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons_are_read_from_texts() {
        for (text, name, email) in [
            ("Ann Example", "Ann Example", None),
            ("ann@example.org", "", Some("ann@example.org")),
            (" ann@example.org (Ann Example) ", "Ann Example", Some("ann@example.org")),
            ("Ann Example (ann@example.org)", "Ann Example", Some("ann@example.org")),
            ("Ann Example <ann@example.org>", "Ann Example", Some("ann@example.org")),
            ("\"Ann\" <mailto:ann@example.org>", "Ann", Some("ann@example.org")),
            ("noreply@blogger.com (Ann)", "Ann", None),
            ("Ann (the first)", "Ann (the first)", None),
            ("@ann", "@ann", None),
            ("ann@home", "ann@home", None),
        ] {
            let found = person(text).expect("a person");
            assert_eq!(
                (found.name.untrusted(), found.email.as_ref().map(|email| email.untrusted())),
                (name, email),
                "{text}"
            );
        }
        assert_eq!(person("  "), None);
        assert_eq!(person("noreply@blogger.com"), None);
    }
}
