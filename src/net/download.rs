//! Answers one request with a document that is too large for the memory: it goes through the pipe in parts while it arrives.

use std::io::{self, Read, Write};
use std::thread;

use crate::frames;

use super::client::{self, OpenBody, Received};
use super::journey::Journey;
use super::messages::{Answer, DownloadPart, FetchError, Request};
use super::service::{self, Environment};

/// Largest part, in bytes.
const PART: usize = 256 << 10;

/// Answers a request with frames of [`DownloadPart`].
///
/// # Errors
///
/// The other end of the pipe is closed.
pub fn serve_download(request: Request, mut output: impl Write, environment: &Environment) -> io::Result<()> {
    let (answer, body) = match opened(request, environment) {
        Ok(opened) => opened,
        Err(error) => return frames::write(&mut output, &DownloadPart::Failed(error), &[]),
    };
    frames::write(&mut output, &DownloadPart::Answer(answer), &[])?;
    match body {
        Some(body) => send(body, &mut output),
        None => Ok(()),
    }
}

/// The head of the answer after all redirects, and the body of a success.
fn opened(request: Request, environment: &Environment) -> Result<(Box<Answer>, Option<OpenBody>), FetchError> {
    let mut journey = Journey::new(request, &environment.limits)?;
    loop {
        match service::request(environment, &mut journey, client::open)? {
            Received::Answer(answer, body) => return Ok((answer, body)),
            Received::Redirect(status, location) => {
                let before = journey.host();
                journey.follow(status, location.as_deref(), &environment.limits)?;
                if journey.host() == before {
                    thread::sleep(environment.limits.pause);
                }
            }
        }
    }
}

/// Sends the parts of a body as they arrive.
fn send(mut body: OpenBody, output: &mut dyn Write) -> io::Result<()> {
    let mut part = vec![0; PART];
    let end = loop {
        match body.read(&mut part) {
            Ok(0) => break DownloadPart::End,
            Ok(count) => frames::write(output, &DownloadPart::Bytes, part.get(..count).unwrap_or_default())?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => break DownloadPart::Failed(body.failure(error)),
        }
    };
    frames::write(output, &end, &[])
}
