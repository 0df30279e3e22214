//! Addresses of channels as users and other programs write them.

use url::Url;

use crate::feed::{SafeText, clean};

/// Schemes that readers of channels use in place of `http` and `https`, as in `feed://example.org/` and `feed:https://example.org/`.
pub const CHANNEL_SCHEMES: [&str; 4] = ["feed", "pcast", "itpc", "rss"];

/// Replaces `feed://host` by `http://host`, and removes `feed:` before an http or https address.
pub fn with_web_scheme(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once(':') else { return address.to_owned() };
    if !CHANNEL_SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return address.to_owned();
    }
    match rest.strip_prefix("//") {
        Some(rest) if ["http://", "https://"].iter().any(|web| starts_with(rest, web)) => rest.to_owned(),
        Some(rest) => format!("http://{rest}"),
        None => rest.to_owned(),
    }
}

/// True if a text starts with an ASCII text in any case.
pub fn starts_with(text: &str, beginning: &str) -> bool {
    text.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning))
}

/// The form by which addresses of one channel are equal: without scheme, fragment, default port and trailing slashes. The query
/// counts.
pub fn canonical(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    // http on port 443 does not exist, nor https on port 80.
    let port = url.port().filter(|port| !matches!(port, 80 | 443)).map(|port| format!(":{port}")).unwrap_or_default();
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{host}{port}{}{query}", url.path().trim_end_matches('/'))
}

/// An address for a list or a message: without user name, password and query of its address, and without the arguments of a program.
pub fn without_secrets(entry: &str) -> SafeText {
    match Url::parse(entry) {
        Ok(url) if url.has_host() => {
            let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
            let host = url.host_str().unwrap_or_default();
            clean::quote(&format!("{}://{host}{port}{}", url.scheme(), url.path()))
        }
        _ => {
            let shown = entry.split(['?', ' ', '\t']).next().unwrap_or_default();
            clean::quote(shown.rsplit_once('@').map_or(shown, |(_, behind)| behind))
        }
    }
}
