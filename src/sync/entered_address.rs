//! The address of a page or a channel as a user enters it: often without a scheme, sometimes with that of an old reader.

use url::{Host, Url};

use crate::feed::{SafeText, clean};
use crate::subscriptions::CHANNEL_SCHEMES;

/// The longest address that is accepted, in bytes.
const MAX_BYTES: usize = 8 * 1024;

/// An address to subscribe to. Its `Debug` output reveals no secret.
#[derive(Clone, PartialEq, Eq)]
pub struct EnteredAddress {
    /// The address, http or https. It may contain user info and tokens.
    pub url: Url,
    /// True if the user named no scheme: https is assumed, and http may be tried if no https connection can be made.
    pub scheme_is_assumed: bool,
}

impl std::fmt::Debug for EnteredAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EnteredAddress").field("host", &self.url.host_str()).finish_non_exhaustive()
    }
}

/// Why a text is not an address to subscribe to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// There is no text.
    #[error("the address is empty")]
    Empty,
    /// It has more than 8 KiB.
    #[error("the address has more than {} KiB", MAX_BYTES / 1024)]
    TooLong,
    /// It contains white space or a character that is not shown.
    #[error("the address contains a blank or a hidden character")]
    HiddenCharacter,
    /// It is the path of a file.
    #[error("this is a file of this computer, not an address")]
    File,
    /// Its scheme is not http or https.
    #[error("`{0}:` cannot be followed; only http and https addresses can")]
    Scheme(SafeText),
    /// It is the address of a mailbox.
    #[error("this is an e-mail address, not that of a page")]
    Mailbox,
    /// It has no valid host, or is not an address for another reason.
    #[error("this is not an address; write it as in https://example.org/")]
    NotAnAddress,
}

/// Reads an address as a user enters it: with blanks or `<` `>` around it, without a scheme, with `feed:`, or as the name of an
/// account on Mastodon (`@user@example.org`).
pub fn read(text: &str) -> Result<EnteredAddress, AddressError> {
    let text = text.trim();
    let text = text.strip_prefix('<').and_then(|text| text.strip_suffix('>')).unwrap_or(text).trim();
    if text.is_empty() {
        return Err(AddressError::Empty);
    }
    if text.len() > MAX_BYTES {
        return Err(AddressError::TooLong);
    }
    if text.contains(|c: char| c.is_whitespace() || clean::is_hidden(c)) || text.contains("%00") {
        return Err(AddressError::HiddenCharacter);
    }
    if text.starts_with(['/', '.', '~', '|']) && !text.starts_with("//") {
        return Err(AddressError::File);
    }
    if let Some((user, host)) = text.strip_prefix('@').and_then(|account| account.split_once('@')) {
        return parsed(&format!("https://{host}/@{user}"), true);
    }
    let (address, has_scheme) = with_web_scheme(text)?;
    if !has_scheme && is_mailbox(text) {
        return Err(AddressError::Mailbox);
    }
    parsed(&address, !has_scheme)
}

fn parsed(address: &str, scheme_is_assumed: bool) -> Result<EnteredAddress, AddressError> {
    let mut url = Url::parse(address).map_err(|_| AddressError::NotAnAddress)?;
    let is_host = |host: &str| !host.is_empty() && !host.bytes().any(|byte| matches!(byte, b'"' | b'`'));
    if !url.host_str().is_some_and(is_host) {
        return Err(AddressError::NotAnAddress);
    }
    // A word is more often a slip than a machine beside this one, which can be named with its scheme.
    if scheme_is_assumed && matches!(url.host(), Some(Host::Domain(name)) if !name.contains('.') && name != "localhost")
    {
        return Err(AddressError::NotAnAddress);
    }
    // A fragment is never sent, and would make two addresses of one.
    url.set_fragment(None);
    Ok(EnteredAddress { url, scheme_is_assumed })
}

/// The address with the scheme http or https, and whether the user named one of them.
fn with_web_scheme(text: &str) -> Result<(String, bool), AddressError> {
    let Some((scheme, rest)) = text.split_once(':').filter(|(scheme, _)| is_scheme(scheme)) else {
        return Ok((format!("https://{}", text.trim_start_matches('/')), false));
    };
    let is_web = |scheme: &str| ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web));
    if is_web(scheme) {
        // `https:/example.org` and `https:example.org` are slips of the finger, which browsers read as meant.
        return Ok((format!("{scheme}://{}", rest.trim_start_matches('/')), true));
    }
    if CHANNEL_SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        let inner = rest.trim_start_matches('/');
        return match inner.split_once(':') {
            Some((scheme, rest)) if is_web(scheme) => {
                Ok((format!("{scheme}://{}", rest.trim_start_matches('/')), true))
            }
            Some((scheme, rest)) if is_scheme(scheme) && rest.starts_with("//") => {
                Err(AddressError::Scheme(clean::quote(&scheme.to_ascii_lowercase())))
            }
            _ => Ok((format!("https://{inner}"), false)),
        };
    }
    if scheme.eq_ignore_ascii_case("mailto") {
        return Err(AddressError::Mailbox);
    }
    // A host and its port, `example.org:8080/feed`, or a user, `me:secret@example.org`.
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_port = !authority.is_empty() && authority.bytes().all(|byte| byte.is_ascii_digit());
    if is_port || authority.contains('@') {
        return Ok((format!("https://{text}"), false));
    }
    match scheme.eq_ignore_ascii_case("file") {
        true => Err(AddressError::File),
        false => Err(AddressError::Scheme(clean::quote(&scheme.to_ascii_lowercase()))),
    }
}

/// True for a scheme of RFC 3986, and for the host before a port.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

/// True for `me@example.org`, where a web address with a user would have a password or a path.
fn is_mailbox(text: &str) -> bool {
    text.split_once('@').is_some_and(|(user, host)| !user.contains([':', '/']) && !host.contains(['/', ':', '?', '@']))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_read_as_they_are_meant() {
        for (entered, url, is_assumed) in [
            ("https://example.org/feed.xml", "https://example.org/feed.xml", false),
            ("http://example.org", "http://example.org/", false),
            ("HTTPS://Example.ORG/A", "https://example.org/A", false),
            ("  <https://example.org/>\n", "https://example.org/", false),
            ("example.org", "https://example.org/", true),
            ("example.org/blog?a=1#top", "https://example.org/blog?a=1", true),
            ("//example.org/blog", "https://example.org/blog", true),
            ("localhost:8080/feed", "https://localhost:8080/feed", true),
            ("example.org:8080", "https://example.org:8080/", true),
            ("127.0.0.1:80/x", "https://127.0.0.1:80/x", true),
            ("[::1]:8080/x", "https://[::1]:8080/x", true),
            ("feed://example.org/rss", "https://example.org/rss", true),
            ("feed:example.org/rss", "https://example.org/rss", true),
            ("feed:http://example.org/rss", "http://example.org/rss", false),
            ("feed://https://example.org/rss", "https://example.org/rss", false),
            ("FEED:HTTPS://example.org/rss", "https://example.org/rss", false),
            ("pcast://example.org/rss", "https://example.org/rss", true),
            ("https:/example.org/x", "https://example.org/x", false),
            ("bücher.example/ß", "https://xn--bcher-kva.example/%C3%9F", true),
            ("@user@mastodon.example", "https://mastodon.example/@user", true),
            ("me:secret@example.org/feed", "https://me:secret@example.org/feed", true),
            ("https://me@example.org/feed", "https://me@example.org/feed", false),
            ("me@example.org/feed", "https://me@example.org/feed", true),
        ] {
            let read = read(entered).expect(entered);
            assert_eq!((read.url.as_str(), read.scheme_is_assumed), (url, is_assumed), "{entered}");
        }
    }

    #[test]
    fn other_texts_are_refused_with_a_reason() {
        use AddressError::*;
        for (entered, expected) in [
            ("", Empty),
            (" <> ", Empty),
            ("two words", HiddenCharacter),
            ("https://example.org/\u{202e}x", HiddenCharacter),
            ("https://example.org/%00", HiddenCharacter),
            ("/home/me/feed.xml", File),
            ("./feed.xml", File),
            ("~/feed.xml", File),
            ("|cat", File),
            ("file:///etc/passwd", File),
            ("ftp://example.org/", Scheme("ftp".into())),
            ("exec:ls", Scheme("exec".into())),
            ("javascript:alert(1)", Scheme("javascript".into())),
            ("feed:ftp://example.org/", Scheme("ftp".into())),
            ("mailto:me@example.org", Mailbox),
            ("me@example.org", Mailbox),
            ("https://", NotAnAddress),
            ("https://exa\"mple.org/", NotAnAddress),
            ("http://999.1.1.1/", NotAnAddress),
        ] {
            assert_eq!(read(entered).map(|read| read.url.to_string()), Err(expected), "{entered}");
        }
        assert_eq!(read(&"a".repeat(MAX_BYTES + 1)), Err(TooLong));
    }

    proptest! {
        #[test]
        fn any_text_gives_a_web_address_or_an_error(text in "\\PC{0,40}|[a-z:/@.<>\\[\\]?#%0-9]{0,30}") {
            if let Ok(EnteredAddress { url, .. }) = read(&text) {
                prop_assert!(matches!(url.scheme(), "http" | "https"), "{url}");
                prop_assert!(url.has_host() && url.fragment().is_none());
                prop_assert_eq!(read(url.as_str()).map(|again| again.url), Ok(url));
            }
        }
    }

    #[test]
    fn what_is_printed_for_debugging_has_no_secret() {
        let shown = format!("{:?}", read("https://me:secret@example.org/feed?token=secret"));
        assert!(shown.contains("example.org") && !shown.contains("secret"), "{shown}");
    }
}
