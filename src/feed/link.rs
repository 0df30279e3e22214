//! Links: what may be opened, and when two of them are the same page.

use url::Url;

use super::clean::{self, SafeText};

/// The longest link that is looked at, in bytes.
pub const MAX_BYTES: usize = 8 * 1024;

/// Query parameters that say where a reader came from, not which page is meant.
const TRACKING: [&str; 12] =
    ["fbclid", "gclid", "dclid", "msclkid", "yclid", "igshid", "mc_cid", "mc_eid", "ocid", "cmpid", "_hsenc", "_hsmi"];

/// A link of an article: one that the browser may get, or one that is only shown and copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// An http or https address.
    Web(Address),
    /// Anything else, with the reason why it is not opened.
    Refused {
        /// The link as found, cleaned.
        shown: SafeText,
        /// Why it is not opened.
        why: Refusal,
    },
}

impl Link {
    /// Reads a link as it stands in a file.
    pub fn read(raw: &str) -> Link {
        match Address::parse(raw) {
            Ok(address) => Link::Web(address),
            Err(why) => Link::Refused { shown: clean::quote(raw), why },
        }
    }

    /// The link as the file has it, for show and for copying.
    pub fn shown(&self) -> &SafeText {
        match self {
            Link::Web(address) => &address.written,
            Link::Refused { shown, .. } => shown,
        }
    }

    /// The link for a person who decides by it: as the file has it, and behind it in brackets the host as the browser reads it,
    /// where that may be another than the one that is seen.
    pub fn shown_with_real_host(&self) -> SafeText {
        match self.address().and_then(Address::real_host) {
            Some(host) => clean::plain_line(&format!("{} ({host})", self.shown())),
            None => self.shown().clone(),
        }
    }

    /// The text for the clipboard: the address as the browser would get it, else the link as found.
    pub fn for_copying(&self) -> SafeText {
        self.address().map_or_else(|| self.shown().clone(), Address::shown)
    }

    /// `[title](link)`, with the characters that would end either of them escaped.
    pub fn as_markdown(&self, title: &SafeText) -> SafeText {
        let title = title.as_str().replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]");
        let link = self.for_copying().as_str().replace('(', "%28").replace(')', "%29");
        clean::plain_line(&format!("[{title}]({link})"))
    }

    /// The address, when it may be opened.
    pub fn address(&self) -> Option<&Address> {
        match self {
            Link::Web(address) => Some(address),
            Link::Refused { .. } => None,
        }
    }

    /// True for `/2021/02/brains/` and the like: a place on a site whose name the file does not say.
    pub fn is_relative(&self) -> bool {
        matches!(self, Link::Refused { why: Refusal::Relative, .. })
    }
}

/// An http or https address that was parsed and written anew; only these reach a browser.
#[derive(Clone, Debug)]
pub struct Address {
    written: SafeText,
    /// Only where it differs from `found`, which is rare.
    serialised: Option<Box<str>>,
    /// A blank, a quote or the like had to be encoded. Not known any more when the address is read again.
    encoded: bool,
}

impl PartialEq for Address {
    fn eq(&self, other: &Address) -> bool {
        (&self.written, &self.serialised) == (&other.written, &other.serialised)
    }
}

impl Eq for Address {}

impl Address {
    /// Parses a link: http and https, a host, no user name, no hidden character, at most [`MAX_BYTES`] bytes. Blanks, quotes and the
    /// like are encoded as browsers do.
    pub fn parse(raw: &str) -> Result<Address, Refusal> {
        let raw = raw.trim();
        if is_serialised(raw) {
            return Ok(Address { written: clean::plain_line(raw), serialised: None, encoded: false });
        }
        Address::parse_with_url(raw)
    }

    fn parse_with_url(raw: &str) -> Result<Address, Refusal> {
        if raw.is_empty() {
            return Err(Refusal::Empty);
        }
        if raw.len() > MAX_BYTES {
            return Err(Refusal::TooLong);
        }
        let mut written = clean::plain_line(raw);
        // Several blanks are seen, too.
        let is_seen = written.as_str() == raw || clean::text(raw).as_str() == raw && !raw.contains('\n');
        // `%00` ends a text for who takes it literally, and is in no address that somebody means.
        if !is_seen || raw.contains("%00") {
            return Err(Refusal::HiddenCharacter);
        }
        let scheme = raw.split(':').next().filter(|s| s.len() < raw.len() && is_scheme(s));
        match scheme {
            // `<https://example.org/>` and the like.
            None if raw.split(['/', '?', '#']).next().is_some_and(|head| head.ends_with(':')) => {
                return Err(Refusal::NotAnAddress);
            }
            None => return Err(Refusal::Relative),
            Some(s) if !s.eq_ignore_ascii_case("http") && !s.eq_ignore_ascii_case("https") => {
                return Err(Refusal::Scheme(clean::quote(&s.to_ascii_lowercase())));
            }
            Some(s) if !raw[s.len()..].starts_with("://") || raw[s.len()..].starts_with(":///") => {
                return Err(Refusal::NotAnAddress);
            }
            Some(_) => {}
        }
        let url = Url::parse(raw).map_err(|_| Refusal::NotAnAddress)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::UserName);
        }
        // No host has those, though the standard lets them through.
        if url.host_str().is_none_or(|host| host.is_empty() || host.bytes().any(|b| matches!(b, b'"' | b'`'))) {
            return Err(Refusal::NotAnAddress);
        }
        let encoded = is_encoded(raw);
        if written.as_str() != raw {
            // Cleaning makes one of several blanks, which is another address.
            written = clean::plain_line(url.as_str());
        }
        let serialised = (url.as_str() != written.as_str()).then(|| url.as_str().into());
        Ok(Address { written, serialised, encoded })
    }

    /// False for an address that had to be encoded. Such were no links in 0.1.0, which knew their articles by title and time; so
    /// do we, and find what was marked then.
    pub fn is_identity(&self) -> bool {
        !self.encoded
    }

    /// The address as the browser gets it.
    pub fn as_str(&self) -> &str {
        self.serialised.as_deref().unwrap_or(self.written.as_str())
    }

    /// The address as the browser gets it, for show.
    pub fn shown(&self) -> SafeText {
        clean::plain_line(self.as_str())
    }

    /// The host in ASCII, as the browser reads it, when the host as found can pass for another one: `xn--pple-43d.com` for an
    /// `аpple.com` that begins with a Cyrillic letter. That is so for every host with letters beyond ASCII, but not for a label
    /// that is all Chinese, Japanese or Korean: those look like no other.
    pub fn real_host(&self) -> Option<SafeText> {
        let serialised = self.serialised.as_deref()?;
        let found = self.written.as_str().split_once("://")?.1;
        let found = found.split(['/', '\\', '?', '#']).next()?;
        let looks_alike = |label: &str| !label.is_ascii() && !label.chars().all(is_unmistakable);
        if !found.split('.').any(looks_alike) {
            return None;
        }
        Some(clean::plain_line(Url::parse(serialised).ok()?.host_str()?))
    }

    /// The host without `www.`, in lower case.
    pub fn domain(&self) -> SafeText {
        match serialised_host(self.as_str()) {
            Some((host, _)) => clean::plain_line(host.strip_prefix("www.").unwrap_or(host)),
            None => self.domain_with_url(),
        }
    }

    fn domain_with_url(&self) -> SafeText {
        let host = Url::parse(self.as_str()).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        clean::plain_line(host.strip_prefix("www.").unwrap_or(&host))
    }

    /// The form by which two links are the same page: no fragment, no tracking parameters, no slash at the end.
    pub fn canonical(&self) -> String {
        let text = self.as_str();
        if !is_serialised(text) {
            return self.canonical_with_url();
        }
        let Some((page, query)) = text.split_once('?') else { return text.trim_end_matches('/').to_owned() };
        let kept: Vec<&str> = query.split('&').filter(|pair| !is_tracking(pair)).collect();
        let page = page.trim_end_matches('/');
        match (kept.is_empty(), serialised_host(page)) {
            (true, _) => page.to_owned(),
            (false, Some(_)) => format!("{page}?{}", kept.join("&")),
            // The slash behind the host is no part of a path.
            (false, None) => format!("{page}/?{}", kept.join("&")),
        }
    }

    fn canonical_with_url(&self) -> String {
        let Ok(mut url) = Url::parse(self.as_str()) else {
            return self.as_str().to_owned();
        };
        url.set_fragment(None);
        if url.query().is_some() {
            let kept: Vec<&str> =
                url.query().unwrap_or_default().split('&').filter(|pair| !is_tracking(pair)).collect();
            let kept = kept.join("&");
            url.set_query((!kept.is_empty()).then_some(&kept));
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        let text = url.to_string();
        match url.query() {
            None => text.trim_end_matches('/').to_owned(),
            Some(_) => text,
        }
    }
}

/// Whether an address has characters that are encoded. It is asked of many links, and bytes are compared faster than letters.
fn is_encoded(raw: &str) -> bool {
    raw.bytes().any(|b| matches!(b, b' ' | b'\\' | b'"' | b'<' | b'>' | b'`'))
        || (!raw.is_ascii() && raw.contains('\u{3000}'))
}

/// True for an address that parsing and writing anew would not change, told by characters that mean themselves: nearly all
/// addresses are of this kind.
fn is_serialised(raw: &str) -> bool {
    // What stands for itself in a path and in a query. Whole passes without a branch are faster than looking for the first
    // other character.
    let is_itself = |b: u8| {
        ((b'&'..=b';').contains(&b) & (b != b'\''))
            | (b'?'..=b'Z').contains(&b)
            | b.is_ascii_lowercase()
            | (b == b'=')
            | (b == b'_')
            | (b == b'~')
            | (b == b'!')
            | (b == b'$')
    };
    let Some((_, rest)) = serialised_host(raw) else { return false };
    let rest = rest.as_bytes();
    let neighbours = rest.iter().zip(rest.get(1..).unwrap_or_default());
    // A step that begins with a dot may be `..`.
    let dots = neighbours.fold(false, |found, (a, b)| found | ((*a == b'/') & (*b == b'.')));
    raw.len() <= MAX_BYTES && !dots && rest.iter().fold(true, |all, b| all & is_itself(*b))
}

/// The host of an http or https address and what begins with the slash behind it; none when the host is of an unusual kind: a
/// number, with a port, not in lower case, perhaps in Punycode.
fn serialised_host(address: &str) -> Option<(&str, &str)> {
    let inside = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    let (mut before, mut in_word) = (b'.', false);
    for (at, b) in inside.bytes().enumerate() {
        match b {
            b'/' if in_word && before != b'.' => return Some(inside.split_at(at)),
            b'.' if before != b'.' => {}
            b'-' if before != b'.' && before != b'-' => {}
            b'a'..=b'z' | b'0'..=b'9' if before == b'.' => in_word = b.is_ascii_lowercase(),
            b'a'..=b'z' | b'0'..=b'9' => {}
            _ => return None,
        }
        before = b;
    }
    None
}

/// RFC 3986: a letter, then letters, digits, `+`, `-`, `.`. A host with a port (`host:80`) is no scheme to us.
fn is_scheme(s: &str) -> bool {
    s.starts_with(|c: char| c.is_ascii_alphabetic())
        && s.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// Hiragana and Katakana without the signs that look like dashes and strokes, Chinese characters, Hangul.
fn is_unmistakable(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | '一'..='鿿' | '㐀'..='䶿' | '가'..='힣')
        && !matches!(c, 'ノ' | 'ハ' | '一' | '丶' | '丿' | '丨')
}

fn is_tracking(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
    pair.is_empty() || name.starts_with("utm_") || TRACKING.contains(&name.as_str())
}

/// Why a link is not opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing there.
    #[error("the link is empty")]
    Empty,
    /// More than [`MAX_BYTES`] bytes.
    #[error("the link is longer than {MAX_BYTES} bytes")]
    TooLong,
    /// A tab, a line end, another control or an invisible character inside, or a NUL in disguise.
    #[error("the link holds a blank or a hidden character")]
    HiddenCharacter,
    /// No scheme, hence no site.
    #[error("the link is relative: the file does not say to which site")]
    Relative,
    /// A scheme other than http and https.
    #[error("`{0}:` links are not opened, only http and https")]
    Scheme(SafeText),
    /// `http:` or `https:`, but no address behind it.
    #[error("the link is not an http or https address")]
    NotAnAddress,
    /// `https://bank.example@evil.example/`: the host is what follows the `@`.
    #[error("the link carries a user name, which can hide where it leads")]
    UserName,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_may_be_opened() {
        for (raw, opened) in [
            ("https://example.org/a?b=c#d", Some("https://example.org/a?b=c#d")),
            ("HTTPS://Example.ORG", Some("https://example.org/")),
            ("http://example.org:80/", Some("http://example.org/")),
            (" https://example.org/ä ", Some("https://example.org/%C3%A4")),
            ("https://bücher.example/", Some("https://xn--bcher-kva.example/")),
            ("javascript:alert(1)", None),
            ("JaVaScRiPt:alert(1)", None),
            ("data:text/html,x", None),
            ("file:///etc/passwd", None),
            ("ssh://-oProxyCommand=x", None),
            ("/bin/sh", None),
            ("//evil.example/x", None),
            ("-x", None),
            ("--help", None),
            ("", None),
            ("http:evil.example", None),
            ("http:\\\\evil.example", None),
            ("https:///path", None),
            ("https://", None),
            ("https://user:pw@example.org/", None),
            ("https://example.org/a b", Some("https://example.org/a%20b")),
            ("https://example.org/a  b?c d#e f", Some("https://example.org/a%20%20b?c%20d#e%20f")),
            ("https://example.org/a\u{3000}b", Some("https://example.org/a%E3%80%80b")),
            ("https://example.org/<a>?\"b\"#`c`", Some("https://example.org/%3Ca%3E?%22b%22#%60c%60")),
            ("https://example.org/`id`", Some("https://example.org/%60id%60")),
            ("https://example.org\\a\\b?c\\d", Some("https://example.org/a/b?c\\d")),
            ("https://good.example\\@evil.example/", Some("https://good.example/@evil.example/")),
            ("https:\\\\example.org\\", None),
            ("https://exa mple.org/", None),
            ("https://exa\u{3000}mple.org/", None),
            ("https://exa\"mple.org/", None),
            ("<https://example.org/>", None),
            ("https://example.org/\tx", None),
            ("https://example.org/\u{202e}x", None),
            ("https://example.org/\u{1b}[2J", None),
            ("https://example.org/\nx", None),
            ("https://example.org/\"x", Some("https://example.org/%22x")),
            ("https://example.org/%00x", None),
        ] {
            let link = Link::read(raw);
            assert_eq!(link.address().map(Address::as_str), opened, "{raw:?}");
            let again = link.address().map(|address| Address::parse(address.written.as_str()));
            assert!(again.is_none_or(|again| again.as_ref().ok() == link.address()), "{raw:?} is read again");
        }
        assert!(matches!(
            Link::read(&format!("https://e.org/{}", "a".repeat(9000))),
            Link::Refused { why: Refusal::TooLong, .. }
        ));
    }

    #[test]
    fn hosts_that_pass_for_others_are_told() {
        let mut told = 0;
        for (raw, host) in [
            ("https://apple.com/", None),
            ("https://APPLE.com/é", None),
            ("https://apple.com:8080/а?а#а", None),
            ("https://[2001:db8::1]/", None),
            ("https://xn--pple-43d.com/", None),
            ("https://аpple.com/", Some("xn--pple-43d.com")),
            ("https://www.аррӏе.com/x", Some("www.xn--80ak6aa92e.com")),
            ("https://аpple.com", Some("xn--pple-43d.com")),
            ("https://аpple.com:81/", Some("xn--pple-43d.com")),
            ("https://аpple.com?x", Some("xn--pple-43d.com")),
            ("https://аpple.com#x", Some("xn--pple-43d.com")),
            ("https://gοοgle.com/", Some("xn--ggle-0nda.com")),
            ("https://bücher.example/", Some("xn--bcher-kva.example")),
            ("https://ｅxample.com/", Some("example.com")),
            ("https://example。com/", Some("example.com")),
            ("https://ℯxample.com/", Some("example.com")),
            ("https://пример.рф/", Some("xn--e1afmkfd.xn--p1ai")),
            ("https://minato.港.example/", None),
            ("https://港新聞.example/", None),
            ("https://みなと.example/", None),
            ("https://한국.example/", None),
            ("https://港x.example/", Some("xn--x-s39b.example")),
            ("https://bankノlogin.example/", Some("xn--banklogin-j74h.example")),
            ("https://ノ.example/", Some("xn--ldk.example")),
        ] {
            let link = Link::read(raw);
            let address = link.address().unwrap_or_else(|| panic!("{raw} is refused"));
            assert_eq!(address.real_host().as_ref().map(SafeText::as_str), host, "{raw}");
            let shown = link.shown_with_real_host().to_string();
            match host {
                Some(host) => assert_eq!(shown, format!("{raw} ({host})")),
                None => assert_eq!(shown, raw),
            }
            told += usize::from(host.is_some());
        }
        assert_eq!(told, 15);
    }

    #[test]
    fn the_same_page() {
        let canonical = |raw| Address::parse(raw).map(|a| a.canonical()).unwrap_or_default();
        for (raw, same) in [
            ("https://Example.org/a/", "https://example.org/a"),
            ("https://example.org/a#top", "https://example.org/a"),
            ("https://example.org/a?utm_source=x&id=3&fbclid=y", "https://example.org/a?id=3"),
            ("https://example.org/a/?utm_source=x", "https://example.org/a"),
            ("https://example.org/", "https://example.org"),
            ("https://youtube.com/watch?v=9FG", "https://youtube.com/watch?v=9FG"),
        ] {
            assert_eq!(canonical(raw), same);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn an_ordinary_address_is_read_like_any(raw in addresses()) {
            let any = Address::parse_with_url(raw.trim());
            prop_assert_eq!(Address::parse(&raw), any.clone());
            if let Ok(address) = any {
                prop_assert_eq!(address.domain(), address.domain_with_url());
                prop_assert_eq!(address.canonical(), address.canonical_with_url());
            }
        }
    }

    #[test]
    fn ordinary_addresses() {
        for raw in
            ["https://www.example.org/", "http://a-b.example.org/x//y/?a=b&c&utm_x=1", "https://example.org/@a;b=1,2"]
        {
            assert!(is_serialised(raw), "{raw}");
        }
        for raw in [
            "https://example.org",
            "HTTPS://example.org/",
            "https://example.org:80/",
            "https://example.org/a/../b",
            "https://1.2.3.4/",
            "https://example.0x7f/",
            "https://xn--bcher-kva.example/",
            "https://a@example.org/",
            "https://example.org/%41",
            "https://example.org/a#b",
            "https://example.org/a b",
            "https://.org/",
            "https:///x",
        ] {
            assert!(!is_serialised(raw), "{raw}");
        }
    }

    /// Addresses of which most are ordinary, or nearly.
    fn addresses() -> impl Strategy<Value = String> {
        let host = prop_oneof![
            4 => "(www[.])?([a-z0-9][a-z0-9-]{0,5}[.]){1,2}[a-z]{2,4}",
            1 => "[a-zA-Z0-9.:@_-]{0,9}",
            1 => "(xn--|[0-9]{1,3}[.]|0x[0-9a-f]|www[.]|[.]){1,4}[a-z0-9]{0,3}",
        ];
        let step = prop_oneof![
            6 => "[a-zA-Z0-9_.-]{0,6}",
            2 => "[!-~]{0,4}",
            1 => prop_oneof![Just(".."), Just("."), Just("%2e%2E"), Just("ä"), Just("%41"), Just(";a=b,c"), Just(":80")].prop_map(String::from),
        ];
        let pair = prop_oneof![
            3 => "[a-z]{1,3}(=[a-zA-Z0-9:/?]{0,4})?",
            1 => "(utm_[a-z]{1,3}|fbclid|UTM_X|ocid)(=[a-z0-9]{0,3})?",
            1 => "[!-~]{0,3}",
        ];
        let path = proptest::collection::vec(step, 0..4).prop_map(|steps| steps.join("/"));
        let query = proptest::collection::vec(pair, 0..4).prop_map(|pairs| pairs.join("&"));
        let scheme =
            prop_oneof![9 => Just("https://"), 2 => Just("http://"), 1 => Just("HTTPS://"), 1 => Just("ftp://")];
        (
            scheme,
            host,
            prop_oneof![9 => Just("/"), 1 => Just("")],
            path,
            prop_oneof![Just("?"), Just(""), Just("/"), Just("#")],
            query,
        )
            .prop_map(|(scheme, host, slash, path, sign, query)| [scheme, &host, slash, &path, sign, &query].concat())
    }

    #[test]
    fn as_markdown() {
        let link = Link::read("https://example.org/a_(b)");
        let text = link.as_markdown(&"[x] a\\b".into());
        assert_eq!(text.as_str(), r"[\[x\] a\\b](https://example.org/a_%28b%29)");
    }

    #[test]
    fn a_refusal_names_the_scheme() {
        for (raw, words) in [
            ("<https://example.org/>", "the link is not an http or https address"),
            ("https://example.org/a\nb", "the link holds a blank or a hidden character"),
            ("see https://example.org/", "the link is not an http or https address"),
            ("/a b?next=https://example.org/", "the link is relative: the file does not say to which site"),
            ("data:text/html,<b>", "`data:` links are not opened, only http and https"),
        ] {
            let Link::Refused { why, .. } = Link::read(raw) else { panic!("{raw} is refused") };
            assert_eq!(why.to_string(), words, "{raw}");
        }
        let Link::Refused { shown, why } = Link::read("javascript:alert(1)") else { panic!("refused") };
        assert_eq!(shown.as_str(), "javascript:alert(1)");
        assert_eq!(why.to_string(), "`javascript:` links are not opened, only http and https");
        assert!(Link::read("/2021/02/brains/").is_relative());
    }
}
