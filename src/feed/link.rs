//! Links: which ones may be opened, and when two links lead to the same page.

use url::Url;

use super::clean::{self, SafeText};

/// The longest link that is accepted, in bytes.
pub const MAX_BYTES: usize = 8 * 1024;

/// Query parameters that track visitors and do not select a page, beside `utm_…`.
const TRACKING: [&str; 12] =
    ["fbclid", "gclid", "dclid", "msclkid", "yclid", "igshid", "mc_cid", "mc_eid", "ocid", "cmpid", "_hsenc", "_hsmi"];

/// A link of an article: one that the browser may open, or one that is only shown and copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// A valid http or https address.
    Web(Address),
    /// Any other link, which is never opened.
    Refused {
        /// The link as written in the file, cleaned.
        shown: SafeText,
        /// Why it is not opened.
        why: Refusal,
    },
}

impl Link {
    /// Checks a link from a file. It never fails: an invalid link becomes [`Link::Refused`].
    pub fn read(raw: &str) -> Link {
        match Address::parse(raw) {
            Ok(address) => Link::Web(address),
            Err(why) => Link::Refused { shown: clean::quote(raw), why },
        }
    }

    /// The link as written in the file, for display.
    pub fn shown(&self) -> &SafeText {
        match self {
            Link::Web(address) => &address.written,
            Link::Refused { shown, .. } => shown,
        }
    }

    /// The link for display where the user decides whether to open it: as written in the file, followed by the ASCII host in
    /// brackets if the written host could pass for another one, see [`Address::real_host`].
    pub fn shown_with_real_host(&self) -> SafeText {
        match self.address().and_then(Address::real_host) {
            Some(host) => clean::plain_line(&format!("{} ({host})", self.shown())),
            None => self.shown().clone(),
        }
    }

    /// The text for the clipboard: the address as passed to a browser, else the link as written.
    pub fn for_copying(&self) -> SafeText {
        self.address().map_or_else(|| self.shown().clone(), Address::shown)
    }

    /// `[title](link)` in Markdown, with brackets and backslashes escaped.
    pub fn as_markdown(&self, title: &SafeText) -> SafeText {
        let title = title.as_str().replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]");
        // A round bracket that is not encoded could end the link.
        let link = self.for_copying().as_str().replace('(', "%28").replace(')', "%29");
        clean::plain_line(&format!("[{title}]({link})"))
    }

    /// The address, if the link may be opened.
    pub fn address(&self) -> Option<&Address> {
        match self {
            Link::Web(address) => Some(address),
            Link::Refused { .. } => None,
        }
    }

    /// True for a link without a site, such as `/2021/02/brains/`.
    pub fn is_relative(&self) -> bool {
        matches!(self, Link::Refused { why: Refusal::Relative, .. })
    }
}

/// An http or https address that was parsed and serialised. Only an `Address` is ever passed to a browser.
#[derive(Clone, Debug)]
pub struct Address {
    /// The address as written in the file, but in the encoded form if it has a run of blanks.
    written: SafeText,
    /// The address as serialised, if it differs from `written`, which is rare.
    serialised: Option<Box<str>>,
    /// True if a blank, a quote or the like had to be encoded.
    encoded: bool,
}

/// `encoded` does not count: a record may store the encoded form, and then the flag is lost on reading it back.
impl PartialEq for Address {
    fn eq(&self, other: &Address) -> bool {
        (&self.written, &self.serialised) == (&other.written, &other.serialised)
    }
}

impl Eq for Address {}

impl Address {
    /// Parses a link. It must have the scheme http or https, a host, no user name, no hidden character, and at most
    /// [`MAX_BYTES`] bytes. Blanks, quotes and similar characters are encoded as in browsers.
    pub fn parse(raw: &str) -> Result<Address, Refusal> {
        let raw = raw.trim();
        if is_serialised(raw) {
            return Ok(Address { written: clean::plain_line(raw), serialised: None, encoded: false });
        }
        Address::parse_with_url(raw)
    }

    /// Parses the address of a channel, and leaves out user name, password, query and fragment: an address of a private channel
    /// may carry its key there, which must appear nowhere.
    pub fn of_channel(raw: &str) -> Result<Address, Refusal> {
        let raw = raw.trim();
        match Url::parse(raw) {
            Ok(mut url) if raw.len() <= MAX_BYTES && raw.contains(['@', '?', '#']) => {
                // Both fail only for an address without a host, which is refused below.
                let _ = url.set_username("");
                let _ = url.set_password(None);
                url.set_query(None);
                url.set_fragment(None);
                Address::parse(url.as_str())
            }
            _ => Address::parse(raw),
        }
    }

    fn parse_with_url(raw: &str) -> Result<Address, Refusal> {
        if raw.is_empty() {
            return Err(Refusal::Empty);
        }
        if raw.len() > MAX_BYTES {
            return Err(Refusal::TooLong);
        }
        let mut written = clean::plain_line(raw);
        // A run of blanks is visible, although cleaning a line collapses it.
        let is_seen = written.as_str() == raw || clean::text(raw).as_str() == raw && !raw.contains('\n');
        // A program that decodes `%00` into a C string loses what follows, so it would open another address than the one shown.
        if !is_seen || raw.contains("%00") {
            return Err(Refusal::HiddenCharacter);
        }
        let scheme = raw.split(':').next().filter(|s| s.len() < raw.len() && is_scheme(s));
        match scheme {
            // Something before the scheme, such as `<https://example.org/>`.
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
        // Elsewhere in an address these are encoded. The URL standard allows them in a host, where they cannot be encoded; host
        // names have only letters, digits and hyphens (RFC 1123).
        if url.host_str().is_none_or(|host| host.is_empty() || host.bytes().any(|b| matches!(b, b'"' | b'`'))) {
            return Err(Refusal::NotAnAddress);
        }
        let encoded = is_encoded(raw);
        if written.as_str() != raw {
            // Cleaning collapsed a run of blanks, which makes it another address: use the encoded form.
            written = clean::plain_line(url.as_str());
        }
        let serialised = (url.as_str() != written.as_str()).then(|| url.as_str().into());
        Ok(Address { written, serialised, encoded })
    }

    /// True if the address determines the id of its article.
    ///
    /// False for an address that had to be encoded: version 0.1.0 refused these and took the id from title and time. Keeping
    /// that rule keeps the marks that were set then.
    pub fn is_identity(&self) -> bool {
        !self.encoded
    }

    /// The serialised address, as passed to a browser.
    pub fn as_str(&self) -> &str {
        self.serialised.as_deref().unwrap_or(self.written.as_str())
    }

    /// The serialised address, for display.
    pub fn shown(&self) -> SafeText {
        clean::plain_line(self.as_str())
    }

    /// The host in ASCII if the written host could pass for another one: `xn--pple-43d.com` for an `аpple.com` that begins with
    /// a Cyrillic letter.
    ///
    /// Every label with a letter outside ASCII could, except labels that are entirely Chinese, Japanese or Korean: their
    /// characters do not look like any letter of another script.
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

    /// The host in lower case without `www.`.
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

    /// The form by which links to the same page are equal: without fragment, tracking parameters and trailing slashes.
    pub fn canonical(&self) -> String {
        // Marks are stored under a hash of this form: a change to it would detach the marks of existing articles.
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
            // Only the host is left, and a query must follow a slash.
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

/// True if an address has characters that must be encoded. Every link that fails [`is_serialised`] passes here, so this compares
/// bytes, which is faster than decoding characters: loading a library takes 3 % less time.
fn is_encoded(raw: &str) -> bool {
    raw.bytes().any(|b| matches!(b, b' ' | b'\\' | b'"' | b'<' | b'>' | b'`'))
        || (!raw.is_ascii() && raw.contains('\u{3000}'))
}

/// True if parsing and serialising would not change an address, judged by its characters alone. False means "unknown". Nearly
/// all addresses pass, and this is much faster than the `url` crate.
fn is_serialised(raw: &str) -> bool {
    // Characters that no parser changes in a path or a query. A branch-free pass over all bytes is faster than a search for the
    // first other byte.
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
    // A path segment that begins with a dot may be `.` or `..`, which parsing removes.
    let dots = neighbours.fold(false, |found, (a, b)| found | ((*a == b'/') & (*b == b'.')));
    raw.len() <= MAX_BYTES && !dots && rest.iter().fold(true, |all, b| all & is_itself(*b))
}

/// Splits an http or https address into its host and the rest, which begins with a slash. `None` for hosts that parsing could
/// change: numeric ones, upper case, Punycode (a double hyphen), or with a port.
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

/// True if `s` is a scheme by RFC 3986: a letter, then letters, digits, `+`, `-`, `.`.
fn is_scheme(s: &str) -> bool {
    s.starts_with(|c: char| c.is_ascii_alphabetic())
        && s.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// True for Hiragana, Katakana, Chinese characters and Hangul, without the characters that look like dashes, slashes or strokes.
fn is_unmistakable(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | '一'..='鿿' | '㐀'..='䶿' | '가'..='힣')
        && !matches!(c, 'ノ' | 'ハ' | '一' | '丶' | '丿' | '丨')
}

/// The query of an address without parameters that only track visitors, such as `utm_source`.
pub fn without_tracking(query: &str) -> String {
    query.split('&').filter(|pair| !is_tracking(pair)).collect::<Vec<_>>().join("&")
}

fn is_tracking(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
    pair.is_empty() || name.starts_with("utm_") || TRACKING.contains(&name.as_str())
}

/// Why a link is not opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is empty.
    #[error("the link is empty")]
    Empty,
    /// It has more than [`MAX_BYTES`] bytes.
    #[error("the link is longer than {MAX_BYTES} bytes")]
    TooLong,
    /// It contains a tab, a line end, another control or invisible character, or an encoded NUL (`%00`).
    #[error("the link contains a line end, a tab or a hidden character")]
    HiddenCharacter,
    /// It has no scheme and no site.
    #[error("the link is relative: the file does not name the site")]
    Relative,
    /// It has a scheme other than http and https.
    #[error("`{0}:` links are not opened, only http and https")]
    Scheme(SafeText),
    /// It is not a valid http or https address.
    #[error("the link is not an http or https address")]
    NotAnAddress,
    /// It has a user name, as in `https://bank.example@evil.example/`, whose host is `evil.example`.
    #[error("the link contains a user name, which can hide its real site")]
    UserName,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_safe_web_addresses_may_be_opened() {
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
    fn the_real_host_is_shown_for_hosts_that_pass_for_others() {
        let mut shown_count = 0;
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
            shown_count += usize::from(host.is_some());
        }
        assert_eq!(shown_count, 15);
    }

    #[test]
    fn links_to_the_same_page_have_one_canonical_form() {
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
        fn the_fast_path_agrees_with_the_url_crate(raw in addresses()) {
            let any = Address::parse_with_url(raw.trim());
            prop_assert_eq!(Address::parse(&raw), any.clone());
            if let Ok(address) = any {
                prop_assert_eq!(address.domain(), address.domain_with_url());
                prop_assert_eq!(address.canonical(), address.canonical_with_url());
            }
        }
    }

    #[test]
    fn serialised_addresses_are_recognised() {
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

    /// Addresses, most of them serialised or nearly so.
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
    fn markdown_is_escaped() {
        let link = Link::read("https://example.org/a_(b)");
        let text = link.as_markdown(&"[x] a\\b".into());
        assert_eq!(text.as_str(), r"[\[x\] a\\b](https://example.org/a_%28b%29)");
    }

    #[test]
    fn a_refusal_names_the_scheme() {
        for (raw, words) in [
            ("<https://example.org/>", "the link is not an http or https address"),
            ("https://example.org/a\nb", "the link contains a line end, a tab or a hidden character"),
            ("see https://example.org/", "the link is not an http or https address"),
            ("/a b?next=https://example.org/", "the link is relative: the file does not name the site"),
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
