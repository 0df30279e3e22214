//! Finds web addresses in plain text, by the rules of GFM for extended autolinks (<https://github.github.com/gfm/#autolinks-extension->).

use std::ops::Range;

use memchr::memmem;

/// Limit in bytes on an address; longer ones stay text.
const MAX_BYTES: usize = 8 * 1024;

/// The places of addresses that begin with `http://`, `https://` or `www.`, in their order.
pub fn web_addresses(text: &str) -> impl Iterator<Item = Range<usize>> {
    // The sign in the middle of an address is rarer than its first letter.
    let mut schemes = memmem::find_iter(text.as_bytes(), "://").filter_map(|at| scheme_start(text, at)).peekable();
    let mut bare = memmem::find_iter(text.as_bytes(), "www.").peekable();
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            while schemes.next_if(|at| *at < from).is_some() {}
            while bare.next_if(|at| *at < from).is_some() {}
            let at = [schemes.peek(), bare.peek()].into_iter().flatten().min().copied()?;
            let end = end_of(text, at);
            from = end.max(at + 1);
            let is_first = text.get(..at).and_then(|before| before.chars().next_back()).is_none_or(may_precede);
            if is_first && end - at <= MAX_BYTES && has_host(text.get(at..end).unwrap_or_default()) {
                return Some(at..end);
            }
        }
    })
}

/// Where an address begins whose `://` is at `at`.
fn scheme_start(text: &str, at: usize) -> Option<usize> {
    let before = text.get(..at)?;
    ["https", "http"].iter().find_map(|scheme| before.ends_with(scheme).then(|| at - scheme.len()))
}

/// What may come before an address. After a letter it is the rest of a word.
fn may_precede(c: char) -> bool {
    !c.is_ascii_alphanumeric() && !matches!(c, '/' | '@' | '-' | '.')
}

/// The end of an address: without the punctuation of the sentence around it.
fn end_of(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let is_end = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '<' | '>' | '"' | '`' | '“' | '”' | '）' | '」' | '。' | '、')
    };
    let mut address = rest.split(is_end).next().unwrap_or_default();
    let open = count(address, '(');
    let mut close = count(address, ')');
    loop {
        let shorter = match address.chars().next_back() {
            Some(c @ ('?' | '!' | '.' | ',' | ':' | ';' | '*' | '_' | '~' | '\'' | '…' | '’')) => {
                address.strip_suffix(c)
            }
            Some(')') if close > open => {
                close -= 1;
                address.strip_suffix(')')
            }
            Some(c @ (']' | '}' | '|')) => address.strip_suffix(c),
            _ => None,
        };
        match shorter {
            Some(shorter) => address = shorter,
            None => return at + address.len(),
        }
    }
}

fn count(text: &str, wanted: char) -> usize {
    text.chars().filter(|c| *c == wanted).count()
}

/// True if a host with a dot in it, or `localhost`, follows the scheme.
fn has_host(address: &str) -> bool {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let name = host.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default();
    let has_dot = name.trim_matches('.').contains('.') && !name.contains("..");
    (has_dot || name == "localhost" || host.starts_with('[')) && !name.starts_with(['.', '-'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_end_where_the_sentence_goes_on() {
        for (text, found) in [
            ("see https://e.org/a_b.html.", vec!["https://e.org/a_b.html"]),
            ("(https://en.wikipedia.org/wiki/Tide_(sea))", vec!["https://en.wikipedia.org/wiki/Tide_(sea)"]),
            ("http://e.org/?a=1&b=2, www.e.org!", vec!["http://e.org/?a=1&b=2", "www.e.org"]),
            ("https://e.org/日本", vec!["https://e.org/日本"]),
            ("「https://e.org/」", vec!["https://e.org/"]),
            ("\"https://e.org/\" 'https://f.org/'", vec!["https://e.org/", "https://f.org/"]),
            ("http://localhost:4000/", vec!["http://localhost:4000/"]),
            ("https://[::1]/x", vec!["https://[::1]/x"]),
            ("http://example", vec![]),
            ("https://", vec![]),
            ("://e.org", vec![]),
            ("shttps://e.org", vec![]),
            ("a/www.e.org me@www.e.org", vec![]),
            ("ftp://e.org", vec![]),
            ("www. and www", vec![]),
            ("https://e.org/))))))", vec!["https://e.org/"]),
            ("", vec![]),
        ] {
            let addresses: Vec<&str> = web_addresses(text).map(|place| &text[place]).collect();
            assert_eq!(addresses, found, "{text}");
        }
    }

    proptest! {
        #[test]
        fn places_are_in_order_and_on_characters(text in r"(https?://|www\.|[a-z.()/ é日]){0,12}") {
            let mut end = 0;
            for place in web_addresses(&text) {
                prop_assert!(place.start >= end && place.start < place.end);
                prop_assert!(text.get(place.clone()).is_some());
                end = place.end;
            }
        }
    }
}
