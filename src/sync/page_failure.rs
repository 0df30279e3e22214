//! Why the page of an article gave no full text, and what the user can do.

use url::Url;

use super::workers::ParserDied;
use crate::digest::NotExtracted;
use crate::feed::{SafeText, clean};
use crate::net::{Answer, FetchError, FetchErrorKind};

/// Why a page gave no full text. The messages are to be cleaned before display.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PageFailure {
    /// The article has no address that can be fetched.
    #[error("the article has no link to a page")]
    NoAddress,
    /// There is no folder for full texts.
    #[error("$HOME is not set to a folder: there is no place for full texts")]
    NoFolder,
    /// The process that fetches cannot be started.
    #[error("the process that fetches cannot be started: {0}")]
    NotStarted(String),
    /// It could not be fetched.
    #[error("{what}")]
    Fetch {
        /// What happened.
        what: String,
        /// The kind of failure.
        kind: FetchErrorKind,
    },
    /// The server answered with a status that is not a success.
    #[error("{}", status_words(*.status, .host))]
    Status {
        /// The status.
        status: u16,
        /// The host.
        host: String,
    },
    /// The process that parses died of the page.
    #[error("the page cannot be read: {0}")]
    Parser(ParserDied),
    /// The page has no article.
    #[error("{0}")]
    Page(NotExtracted),
    /// The text is no longer than that of the file.
    #[error("the text of the page is no longer than the one here: {words} words, and {own} here")]
    Shorter {
        /// Words of the page.
        words: u32,
        /// Words of the file.
        own: u32,
    },
    /// The text could not be written.
    #[error("the full text cannot be kept: {0}")]
    NotKept(String),
    /// Something of the subscription.
    #[error("{0}")]
    Other(String),
}

/// The failure of a request without an answer.
pub fn of_fetch(error: &FetchError) -> PageFailure {
    PageFailure::Fetch { what: error.what.clone(), kind: error.kind }
}

/// The failure of an answer that has no page.
pub fn of_status(answer: &Answer) -> PageFailure {
    let host = Url::parse(&answer.url).ok().and_then(|url| url.host_str().map(str::to_owned));
    PageFailure::Status { status: answer.status, host: host.unwrap_or_else(|| "the server".to_owned()) }
}

fn status_words(status: u16, host: &str) -> String {
    match status {
        401 => format!("{host} wants a user and a password (401)"),
        403 => format!("{host} refuses the request (403)"),
        404 => format!("{host} has no such page (404)"),
        410 => format!("{host} says that the page is gone for good (410)"),
        429 => format!("{host} was asked too often (429)"),
        500..=599 => format!("{host} has a failure ({status})"),
        _ => format!("{host} answers with the status {status}"),
    }
}

impl PageFailure {
    /// True if a later request may succeed.
    pub fn is_passing(&self) -> bool {
        match self {
            PageFailure::Fetch { kind, .. } => !matches!(
                kind,
                FetchErrorKind::Private
                    | FetchErrorKind::BadAddress
                    | FetchErrorKind::TooLarge
                    | FetchErrorKind::Redirect
            ),
            PageFailure::Status { status, .. } => matches!(status, 408 | 429 | 500..=599),
            PageFailure::NotKept(_) | PageFailure::NotStarted(_) => true,
            _ => false,
        }
    }

    /// What the user can do; may be empty.
    pub fn remedy(&self) -> SafeText {
        let words = match self {
            PageFailure::Fetch { kind: FetchErrorKind::Private, .. } => {
                "if the server is yours: frontpage fetch --private, or `private: true` in its subscription"
            }
            PageFailure::Page(NotExtracted::Login) => "open the page in a browser where you are logged in",
            PageFailure::NotKept(_) => "make room, or make the folder writable",
            PageFailure::NoAddress | PageFailure::NoFolder | PageFailure::Other(_) | PageFailure::Shorter { .. } => "",
            failure if failure.is_passing() => "try again later",
            _ => "open the page in a browser",
        };
        clean::plain_line(words)
    }
}
