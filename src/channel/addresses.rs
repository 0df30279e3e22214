//! Addresses of a document, made absolute.

use url::Url;

use crate::feed::{UntrustedText, link};

/// An http or https address, resolved against a base. `None` for others, and for those that are too long to be opened.
pub(super) fn absolute(address: &str, base: Option<&Url>) -> Option<UntrustedText> {
    let address = address.trim();
    if address.is_empty() {
        return None;
    }
    let url = match Url::parse(address) {
        Ok(url) => url,
        Err(_) if is_host(address) => Url::parse(&format!("https://{address}")).ok()?,
        Err(_) => base?.join(address).ok()?,
    };
    let is_web = matches!(url.scheme(), "http" | "https") && url.as_str().len() <= link::MAX_BYTES;
    is_web.then(|| UntrustedText::new(url.as_str()))
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
    use super::*;

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
