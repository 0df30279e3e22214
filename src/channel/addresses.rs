//! Addresses of a document, made absolute.

use url::Url;

use crate::feed::{UntrustedText, link};

/// An http or https address, resolved against a base. `None` for others, and for those that are too long to be opened.
pub(super) fn absolute(address: &str, base: Option<&Url>) -> Option<UntrustedText> {
    let address = address.trim();
    if address.is_empty() {
        return None;
    }
    if is_normal(address) && address.len() <= link::MAX_BYTES {
        return Some(UntrustedText::new(address));
    }
    let url = match Url::parse(address) {
        Ok(url) => url,
        Err(_) if is_host(address) => Url::parse(&format!("https://{address}")).ok()?,
        Err(_) => base?.join(address).ok()?,
    };
    let is_web = matches!(url.scheme(), "http" | "https") && url.as_str().len() <= link::MAX_BYTES;
    is_web.then(|| UntrustedText::from_string(url.into()))
}

/// True if parsing an address and writing it out again, which takes some hundred nanoseconds, would not change it: that of most
/// articles. False if that is not plain.
fn is_normal(address: &str) -> bool {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    let Some((host, path)) = rest.and_then(|rest| rest.split_once('/')) else { return false };
    // Hosts with numbers at their end may be IP addresses; those with two hyphens, names with other letters.
    let is_label = |label: &str| {
        let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !label.is_empty() && !label.starts_with('-') && !label.ends_with('-') && label.bytes().all(is_inner)
    };
    let last = host.rsplit('.').next().and_then(|label| label.bytes().next());
    let is_host = last.is_some_and(|first| first.is_ascii_lowercase())
        && host.len() < 200
        && !host.contains("--")
        && host.split('.').all(is_label);
    // A part of a path that begins with a dot, also as `%2e`, may mean the part before it.
    let mut before = b'/';
    let is_kept = |byte: u8| {
        let is_part_of_path = std::mem::replace(&mut before, byte) != b'/' || !matches!(byte, b'.' | b'%');
        let is_plain = matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'!' | b'$')
            || matches!(
                byte,
                b'&' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b':' | b'@' | b'/' | b'%' | b'?' | b'#'
            );
        is_part_of_path && is_plain
    };
    is_host && path.bytes().all(is_kept)
}

/// True for an address whose scheme is forgotten.
fn is_host(address: &str) -> bool {
    address.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."))
}

/// True if a text is an absolute http or https address.
pub(super) fn is_web(address: &str) -> bool {
    let address = address.trim();
    ["http://", "https://"]
        .iter()
        .any(|scheme| address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn normal_addresses_are_not_changed(address in "https?://[a-c0-9.x-]{0,12}(/[a-zA-Z0-9 -~é]{0,12}){0,2}") {
            let parsed = Url::parse(&address).ok().map(String::from);
            prop_assert!(!is_normal(&address) || parsed.as_deref() == Some(&address), "{address}: {parsed:?}");
        }
    }

    #[test]
    fn addresses_of_articles_are_normal() {
        for address in
            ["https://example.org/", "http://a-b.example.org/2021/02/a_b.html?c=d&e=%20#f", "https://a.b/%20/?/.."]
        {
            assert_eq!(is_normal(address), address != "https://a.b/%20/?/..", "{address}");
        }
    }

    #[test]
    fn addresses_become_absolute_or_nothing() {
        let base = Url::parse("https://example.org/blog/feed.xml").unwrap();
        for (address, expected) in [
            ("https://example.org/a", Some("https://example.org/a")),
            (" HTTP://example.org/a b ", Some("http://example.org/a%20b")),
            ("a?b=c#d", Some("https://example.org/blog/a?b=c#d")),
            ("/a", Some("https://example.org/a")),
            ("//example.com/a", Some("https://example.com/a")),
            ("www.example.com/a", Some("https://www.example.com/a")),
            ("javascript:alert(1)", None),
            ("data:text/html,a", None),
            ("", None),
        ] {
            assert_eq!(absolute(address, Some(&base)).as_ref().map(|url| url.untrusted()), expected, "{address}");
        }
        assert_eq!(absolute("/a", None), None);
        assert!(is_web(" https://a") && !is_web("tag:a") && !is_web("/a"));
    }
}
