//! Pictures on other computers: each is fetched when it is wanted, by the process that downloads, within narrow limits.

use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use url::Url;

use super::document_source::ports;
use super::page_failure::{self, PageFailure};
use super::server_requests::plain_request;
use super::workers::Workers;
use crate::confined_process::Link;
use crate::feed::Address;
use crate::library::io_error_text;
use crate::net::{DownloadPart, FetchErrorKind, Limits, NetworkSettings, Request};

/// Why a picture was not fetched. The messages are to be cleaned before display.
#[derive(Debug, thiserror::Error)]
pub enum PictureFailure {
    /// Others could read which pictures are looked at.
    #[error("pictures are fetched only by https")]
    NotEncrypted,
    /// The server or the way to it.
    #[error("{0}")]
    Request(PageFailure),
    /// It took longer than the limit.
    #[error("it did not arrive within {} s", Limits::PICTURE_TIME.as_secs())]
    Slow,
    /// The process that fetches has ended.
    #[error("the process that fetches ended early")]
    ProcessDied,
    /// It is larger than what is fetched.
    #[error("the picture is larger than {} MiB", Limits::PICTURE_BYTES >> 20)]
    TooLarge,
    /// The server sent nothing.
    #[error("the server sent an empty file")]
    Empty,
    /// Who asked for it has ended.
    #[error("it is not wanted any more")]
    Unwanted,
}

impl PictureFailure {
    /// Whether a later request may succeed.
    pub fn is_passing(&self) -> bool {
        match self {
            PictureFailure::Request(failure) => failure.is_passing(),
            PictureFailure::Slow | PictureFailure::ProcessDied | PictureFailure::Unwanted => true,
            PictureFailure::NotEncrypted | PictureFailure::TooLarge | PictureFailure::Empty => false,
        }
    }
}

/// Fetches the file of a picture. `progress` gets the number of bytes that have arrived, and the size of the file if the server says
/// it; it returns false if the picture is not wanted any more.
pub fn fetch(
    address: &Address,
    workers: &dyn Workers,
    progress: &dyn Fn(u64, Option<u64>) -> bool,
) -> Result<Vec<u8>, PictureFailure> {
    let started = Instant::now();
    let no_address = |_| PictureFailure::Request(PageFailure::NoAddress);
    let url = Url::parse(address.as_str()).map_err(no_address)?;
    if url.scheme() != "https" {
        return Err(PictureFailure::NotEncrypted);
    }
    let settings =
        NetworkSettings { ports: ports(std::iter::once(&url)), is_picture: true, ..NetworkSettings::default() };
    let not_started = |error| PictureFailure::Request(PageFailure::NotStarted(io_error_text(&error)));
    let link = workers.download(&settings).and_then(Link::new).map_err(not_started)?;
    link.send(Request { as_is: true, ..plain_request(0, url.as_str(), None) }, Vec::new());
    let receive = || -> Result<(DownloadPart, Vec<u8>), PictureFailure> {
        link.receive(Limits::PICTURE_TIME.saturating_sub(started.elapsed())).map_err(|error| match error {
            RecvTimeoutError::Timeout => PictureFailure::Slow,
            RecvTimeoutError::Disconnected => PictureFailure::ProcessDied,
        })
    };
    let answer = match receive()? {
        (DownloadPart::Answer(answer), _) => answer,
        (DownloadPart::Failed(error), _) => return Err(failure(&error)),
        _ => return Err(PictureFailure::ProcessDied),
    };
    if answer.status != 200 {
        return Err(PictureFailure::Request(page_failure::of_status(&answer)));
    }
    let total = Some(answer.bytes).filter(|bytes| *bytes > 0);
    if total.is_some_and(|total| total > Limits::PICTURE_BYTES) {
        return Err(PictureFailure::TooLarge);
    }
    let mut file = Vec::new();
    loop {
        match receive()? {
            (DownloadPart::Bytes, bytes) => {
                if file.len().saturating_add(bytes.len()) as u64 > Limits::PICTURE_BYTES {
                    return Err(PictureFailure::TooLarge);
                }
                file.extend(bytes);
                if !progress(file.len() as u64, total) {
                    return Err(PictureFailure::Unwanted);
                }
            }
            (DownloadPart::End, _) if file.is_empty() => return Err(PictureFailure::Empty),
            (DownloadPart::End, _) => return Ok(file),
            (DownloadPart::Failed(error), _) => return Err(failure(&error)),
            (DownloadPart::Answer(_), _) => return Err(PictureFailure::ProcessDied),
        }
        if started.elapsed() > Limits::PICTURE_TIME + Duration::from_secs(1) {
            return Err(PictureFailure::Slow);
        }
    }
}

fn failure(error: &crate::net::FetchError) -> PictureFailure {
    match error.kind {
        FetchErrorKind::TooLarge => PictureFailure::TooLarge,
        FetchErrorKind::Timeout => PictureFailure::Slow,
        _ => PictureFailure::Request(page_failure::of_fetch(error)),
    }
}
