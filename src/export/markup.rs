//! Text and addresses in HTML and XML, escaped.

use crate::feed::clean;

/// Text for HTML and XML, cleaned and escaped, also within quotes.
pub(super) fn escaped(text: &str) -> String {
    escaped_markup(clean::text_with_tabs(text).as_str())
}

/// Text that is cleaned already, or is markup of cleaned text, escaped for HTML and XML.
pub(super) fn escaped_markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// An address as the value of an attribute: characters that RFC 3986 does not allow are encoded.
///
/// The standard of browsers allows some more (`|`, `{`, a `%` without digits), which validators and other programs refuse.
pub(super) fn attribute_of(address: &str) -> String {
    escaped(&uri(address))
}

/// An address with only the characters of RFC 3986.
pub(super) fn uri(address: &str) -> String {
    let host = address
        .split_once("://")
        .map_or(0, |(scheme, rest)| scheme.len() + 3 + rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let mut out = String::with_capacity(address.len());
    let mut has_fragment = false;
    for (at, c) in address.char_indices() {
        let is_allowed = match c {
            '%' => {
                address.get(at + 1..at + 3).is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
            }
            // Only an address of IPv6 has brackets.
            '[' | ']' => at < host,
            '#' => !std::mem::replace(&mut has_fragment, true),
            c => c.is_ascii_alphanumeric() || "-._~:/?@!$&'()*+,;=".contains(c),
        };
        match is_allowed {
            true => out.push(c),
            false => c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| out.push_str(&format!("%{byte:02X}"))),
        }
    }
    out
}

/// The start of a link that tells the other site nothing.
pub(super) fn link_start(address: &str) -> String {
    format!("<a rel=\"noreferrer noopener\" href=\"{}\">", attribute_of(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_only_the_characters_of_the_rfc() {
        for (address, expected) in [
            ("https://e.org/a?b=c&d#e", "https://e.org/a?b=c&d#e"),
            ("https://e.org/a|b?{c}^`\"<>#d#e", "https://e.org/a%7Cb?%7Bc%7D%5E%60%22%3C%3E#d%23e"),
            ("https://e.org/100%/%4g/%41", "https://e.org/100%25/%254g/%41"),
            ("http://[::1]:8080/[a]", "http://[::1]:8080/%5Ba%5D"),
            ("mailto:a@e.org?subject=[x]", "mailto:a@e.org?subject=%5Bx%5D"),
            ("https://e.org/é", "https://e.org/%C3%A9"),
            ("https://e.org/%", "https://e.org/%25"),
            ("https://e.org/%4é", "https://e.org/%254%C3%A9"),
        ] {
            assert_eq!(uri(address), expected, "{address}");
        }
        assert_eq!(
            link_start("https://e.org/?a&'b\""),
            "<a rel=\"noreferrer noopener\" href=\"https://e.org/?a&amp;&#39;b%22\">"
        );
    }
}
