//! The limits of requests: time, size, number.

use std::time::Duration;

use super::messages::MAX_AT_ONCE;

/// The limits of requests. A server that exceeds one gets an error, and holds up no request for another server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Time for looking up a name, and for a connection with its handshake.
    pub connect: Duration,
    /// Time from the request to the end of the head of its answer.
    pub head: Duration,
    /// Time for a request with all its redirects, without the time that it waits for its turn.
    pub whole: Duration,
    /// Bytes of a body, after decompression.
    pub body_bytes: u64,
    /// Bytes of the head of an answer.
    pub head_bytes: usize,
    /// Headers of an answer.
    pub headers: usize,
    /// Redirects of a request.
    pub redirects: usize,
    /// Time between the end of a request and the next one to the same host.
    pub pause: Duration,
    /// Requests at the same time, to different hosts.
    pub threads: usize,
}

impl Limits {
    /// Bytes of a download.
    pub const DOWNLOAD_BYTES: u64 = 2 << 30;

    /// Bytes of a picture.
    pub const PICTURE_BYTES: u64 = 8 << 20;
    /// The longest time of the request for a picture, with all its redirects.
    pub const PICTURE_TIME: Duration = Duration::from_secs(20);

    /// The limits of the request for a picture.
    pub fn of_picture() -> Limits {
        Limits {
            whole: Limits::PICTURE_TIME,
            body_bytes: Limits::PICTURE_BYTES,
            redirects: 3,
            pause: Duration::ZERO,
            threads: 1,
            ..Limits::default()
        }
    }

    /// The limits of a download. The process that asked for it ends it if nothing more arrives.
    pub fn of_download() -> Limits {
        Limits {
            head: Duration::from_secs(30),
            whole: Duration::from_secs(12 * 60 * 60),
            body_bytes: Limits::DOWNLOAD_BYTES,
            // Podcasts are counted by the servers of several companies, and each redirects.
            redirects: 10,
            threads: 1,
            ..Limits::default()
        }
    }
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connect: Duration::from_secs(10),
            head: Duration::from_secs(10),
            whole: Duration::from_secs(30),
            body_bytes: 16 << 20,
            head_bytes: 64 << 10,
            headers: 100,
            redirects: 5,
            pause: Duration::from_secs(1),
            threads: MAX_AT_ONCE,
        }
    }
}

impl Limits {
    /// The limits of requests to the service of an account, which takes longer for its answers than a server that sends files.
    pub fn of_account() -> Limits {
        let whole = Duration::from_secs(60);
        Limits { head: whole, whole, pause: Duration::ZERO, threads: 1, ..Limits::default() }
    }
}
