//! Why no channel was found at an address: what happened, and what the user can do.

use url::Url;

use super::workers::ParserDied;
use crate::channel::NotAChannel;
use crate::feed::{SafeText, clean};
use crate::net::{Answer, FetchError, FetchErrorKind};
use crate::text::counted;

/// Addresses that a message lists.
const MAX_LISTED: usize = 6;

/// What the remedy of a request says of a subscription.
const ASKED_AGAIN: &str = "it is asked again later";

/// Why no channel was found.
#[derive(Clone, Debug, PartialEq)]
pub enum SearchFailure {
    /// The document could not be fetched.
    Fetch(FetchError),
    /// The server answered with a status that is not a success.
    Status {
        /// The status.
        status: u16,
        /// The host.
        host: SafeText,
        /// The header `Retry-After`, in seconds.
        retry_after: Option<u64>,
    },
    /// A page of this host asks for a password.
    LoginPage(SafeText),
    /// A page of another host than the one that was asked, of this name, asks for a password.
    Portal(SafeText),
    /// The document is neither a channel nor a page.
    NotAChannel(NotAChannel),
    /// The page names this address as a channel, and it is not one.
    WrongLink(SafeText),
    /// The page names this address as a channel, and the request for it failed.
    OfLink(SafeText, Box<SearchFailure>),
    /// The parsing process ended without an answer.
    Parser(ParserDied),
    /// The page names no channel, and these addresses have none.
    NothingFound(Vec<SafeText>),
}

impl SearchFailure {
    /// The failure for the status of an answer.
    pub fn of_status(url: &Url, answer: &Answer) -> SearchFailure {
        SearchFailure::Status {
            status: answer.status,
            host: clean::quote(url.host_str().unwrap_or_default()),
            retry_after: answer.retry_after.as_deref().and_then(|seconds| seconds.trim().parse().ok()),
        }
    }

    /// True if there is no channel; false if it could not be found out.
    pub fn is_nothing_found(&self) -> bool {
        matches!(self, SearchFailure::NothingFound(_) | SearchFailure::NotAChannel(_))
    }

    /// True if the address is refused because it is on a private network.
    pub fn is_private(&self) -> bool {
        matches!(self, SearchFailure::Fetch(FetchError { kind: FetchErrorKind::Private, .. }))
    }

    /// What happened.
    pub fn problem(&self) -> SafeText {
        let text = match self {
            SearchFailure::Fetch(error) => error.what.clone(),
            SearchFailure::Status { status, host, .. } => match status {
                401 => format!("{host} wants a user and a password (401)"),
                403 => format!("{host} refuses the request (403)"),
                404 => format!("{host} has no such page (404)"),
                410 => format!("{host} says that the page is gone for good (410)"),
                407 => "the proxy wants a user and a password (407)".to_owned(),
                429 => format!("{host} was asked too often (429)"),
                511 => "the network wants a login before it lets anything through (511)".to_owned(),
                500..=599 => format!("{host} has a failure ({status})"),
                _ => format!("{host} answers with the status {status}"),
            },
            SearchFailure::LoginPage(host) => format!("{host} shows a login page, which names no channel"),
            SearchFailure::Portal(host) => {
                format!("a login page of {host} came in place of the page: the network or the site wants a login")
            }
            SearchFailure::NotAChannel(other) => other.to_string(),
            SearchFailure::WrongLink(address) => format!("the page names {address} as its channel, but it is not one"),
            SearchFailure::OfLink(address, failure) => {
                format!("the page names {address} as its channel, but {}", failure.problem())
            }
            SearchFailure::Parser(died) => died.to_string(),
            SearchFailure::NothingFound(tried) => {
                let listed: Vec<&str> = tried.iter().take(MAX_LISTED).map(SafeText::as_str).collect();
                let more = tried.len().saturating_sub(MAX_LISTED);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                format!("no channel found; tried {}{more}", listed.join(", "))
            }
        };
        clean::plain_line(&text)
    }

    /// What the user can do; may be empty.
    pub fn remedy(&self) -> SafeText {
        let text = match self {
            SearchFailure::Fetch(FetchError { kind: FetchErrorKind::Private, .. }) => {
                "if the server is yours, add --private"
            }
            // The messages about a subscription do not apply: no line was written, and nothing asks again by itself.
            SearchFailure::Fetch(FetchError {
                kind: FetchErrorKind::Unreachable | FetchErrorKind::Timeout,
                remedy,
                ..
            }) if remedy.contains(ASKED_AGAIN) => "the server may be slow or down; try again later",
            SearchFailure::Fetch(FetchError { kind: FetchErrorKind::Truncated, .. }) => "try again later",
            SearchFailure::Fetch(error) => return clean::plain_line(&error.remedy),
            SearchFailure::Status { status, retry_after, .. } => match (status, retry_after) {
                (401, _) => {
                    "add a line to subscriptions.yaml: - {feed: ADDRESS, auth: {user: NAME, password command: COMMAND}}"
                }
                (403, _) => {
                    "some sites refuse programs: add a line to subscriptions.yaml: - {feed: ADDRESS, user agent: NAME}"
                }
                (404 | 410, _) => "check the address, or try that of the site",
                (407, _) => "write the user and the password in the variable HTTPS_PROXY",
                (511, _) => "log in with a browser, then try again",
                (_, Some(seconds)) => {
                    let minutes = usize::try_from(seconds.div_ceil(60).max(1)).unwrap_or(usize::MAX);
                    return clean::plain_line(&format!("try again in {}", counted(minutes, "minute")));
                }
                (429 | 500..=599, None) => "try again later",
                _ => "open the address in a browser to see what is there",
            },
            SearchFailure::LoginPage(_) => {
                "log in with a browser and look there for the address of the channel, which may have a key of yours"
            }
            SearchFailure::Portal(_) => "open any page in a browser and log in, then try again",
            SearchFailure::NotAChannel(NotAChannel::Opml) => "download it, then: frontpage subscriptions import FILE",
            SearchFailure::NotAChannel(_) | SearchFailure::WrongLink(_) | SearchFailure::NothingFound(_) => {
                "look on the site for a link to its RSS, Atom or JSON Feed, and give that address"
            }
            SearchFailure::OfLink(_, failure) => match **failure {
                SearchFailure::Fetch(FetchError { kind: FetchErrorKind::Private, .. }) => {
                    "if that server is yours, subscribe to that address itself with --private"
                }
                SearchFailure::Status { status: 404 | 410, .. } => {
                    "look on the site for another link to its RSS, Atom or JSON Feed, and give that address"
                }
                _ => return failure.remedy(),
            },
            SearchFailure::Parser(_) => "the document is not usable; report it to the site",
        };
        clean::plain_line(text)
    }
}
