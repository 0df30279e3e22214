//! What the network process is asked and answers.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Requests that the network process works on at the same time, to different hosts.
pub const MAX_AT_ONCE: usize = 16;

/// What the network process gets once, before it confines itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkSettings {
    /// TCP ports to which it may connect: those of the subscriptions, 80 and 443; that of a proxy is added by itself.
    pub ports: Vec<u16>,
    /// True if the requests are those of an account: one server, which is asked for one thing after the other without a pause.
    #[serde(default)]
    pub is_account: bool,
    /// True if a picture is downloaded, which has narrow limits.
    #[serde(default)]
    pub is_picture: bool,
}

/// A document to fetch. Its `Debug` output reveals no secret.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Identifies the request; the response has the same number.
    pub id: u64,
    /// The address, http or https. It may contain user info and tokens.
    pub url: String,
    /// The validator `ETag` of the last response, byte for byte. Validators are sent along redirects too: they belong to the document,
    /// which the last address has.
    pub etag: Option<String>,
    /// The validator `Last-Modified` of the last response, byte for byte.
    pub last_modified: Option<String>,
    /// The header `User-Agent`.
    pub user_agent: String,
    /// Further headers, name and value. They are sent to the origin of `url` only.
    pub headers: Vec<(String, String)>,
    /// User and password for basic authentication at the origin of `url`.
    pub basic_auth: Option<(String, String)>,
    /// Certificates in PEM that vouch for the server in place of the public ones.
    pub certificate: Option<String>,
    /// True if the address may be on a private network, and be redirected within its origin.
    pub is_private: bool,
    /// True if a password or a token goes with it: without encryption it is sent only to an address on a private network.
    #[serde(default)]
    pub is_secret: bool,
    /// A form to post, encoded. Such a request is never redirected: another server must not get it, nor the same one twice.
    #[serde(default)]
    pub form: Option<String>,
    /// True for a download: its bytes are wanted as the server has them, without compression.
    #[serde(default)]
    pub as_is: bool,
    /// The number of bytes that are there already, and the validator of the document that they are from: a server sends the rest, or
    /// the whole document if it has changed.
    #[serde(default)]
    pub resume: Option<(u64, String)>,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The head of the answer to a request; the body of the document is the body of the frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// The number of the request.
    pub id: u64,
    /// What was received.
    pub result: Result<Answer, FetchError>,
}

/// An answer of a server, after all redirects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The status code, such as 200 or 304.
    pub status: u16,
    /// The address of the answer. It may contain secrets.
    pub url: String,
    /// The address to which the server moved the document for good (301 and 308, before any other redirect), if it did.
    pub moved_to: Option<String>,
    /// The header `ETag` if it is printable ASCII.
    pub etag: Option<String>,
    /// The header `Last-Modified` if it is printable ASCII.
    pub last_modified: Option<String>,
    /// The header `Retry-After`.
    pub retry_after: Option<String>,
    /// The header `Cache-Control`.
    pub cache_control: Option<String>,
    /// The header `Expires`.
    pub expires: Option<String>,
    /// The header `Date`: the server's time, which `Expires` and a date in `Retry-After` refer to.
    pub date: Option<String>,
    /// The header `Content-Type`.
    pub content_type: Option<String>,
    /// The header `Content-Language`.
    pub content_language: Option<String>,
    /// The header `Content-Range` of a part.
    pub content_range: Option<String>,
    /// Number of bytes of the body as announced by the server, before decompression; 0 if it does not say.
    pub bytes: u64,
}

/// The head of a frame of a download.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DownloadPart {
    /// The server has answered. If it has the document, its parts follow.
    Answer(Box<Answer>),
    /// The body of the frame is the next part.
    Bytes,
    /// The document is complete.
    End,
    /// The rest cannot be fetched.
    Failed(FetchError),
}

/// Why a document could not be fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{what}")]
pub struct FetchError {
    /// The kind of failure.
    pub kind: FetchErrorKind,
    /// What happened, without secrets: the host, never the query or user info of an address. To be cleaned before display.
    pub what: String,
    /// What the user can do; may be empty.
    pub remedy: String,
}

/// Kinds of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FetchErrorKind {
    /// The name of the host is not known.
    UnknownHost,
    /// No name could be resolved: there is no network, or no name server.
    NoNetwork,
    /// The address is on a private network, and may not be.
    Private,
    /// The server refuses connections or cannot be reached.
    Unreachable,
    /// A phase, or the whole, took too long.
    Timeout,
    /// The connection cannot be trusted: certificate, protocol.
    Tls,
    /// The body or the headers are too long.
    TooLarge,
    /// The body ended too early.
    Truncated,
    /// A redirect that is not followed: a loop, too many, another scheme, https to http, a private address.
    Redirect,
    /// The answer is not HTTP.
    Protocol,
    /// The address is not one of http or https, or what the user sets for it (headers, certificate, proxy) cannot be used.
    BadAddress,
    /// The process that fetches ended, or answered nothing for too long.
    ProcessDied,
    /// The process that fetches cannot be started.
    NotStarted,
}

impl FetchErrorKind {
    /// True if the program refused or could not begin the request: no server was asked.
    pub fn is_before_request(self) -> bool {
        matches!(self, FetchErrorKind::Private | FetchErrorKind::BadAddress | FetchErrorKind::NotStarted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_may_lack_what_only_some_requests_need() {
        let full = Request { id: 7, url: "https://e.org/a".into(), is_private: true, ..Request::default() };
        let mut value = serde_json::to_value(&full).expect("an object");
        for name in ["form", "as_is", "resume"] {
            assert!(value.as_object_mut().expect("an object").remove(name).is_some(), "{name}");
        }
        assert!(serde_json::from_value::<Request>(value).expect("a request") == full);
    }
}
