//! What the process that decodes pictures does: it reads files from a pipe, and answers their pixels. It opens nothing.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use super::decode;
use super::ground::Ground;
use super::measured::Measured;
use super::pixels::{Pixels, Size};
use super::unreadable::Unreadable;
use crate::frames;

/// Argument with which the program starts itself as the process that decodes.
pub const ARGUMENT: &str = "--picture";

/// What is asked of a file, which is the body of the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// Format and size. The first bytes of the file are enough.
    Measure,
    /// The pixels, scaled down to fit.
    Decode {
        /// The largest size of the answer.
        most: Size,
        /// The ground of the screen.
        ground: Ground,
    },
}

/// What the file is, and the size of the pixels that are the body of the frame. No pixels for [`Request::Measure`].
pub type Answer = Result<(Measured, Size), Unreadable>;

/// Answers one request after the other, until the input ends.
pub fn serve(mut input: impl Read, mut output: impl Write) -> io::Result<()> {
    while let Some((request, file)) = frames::read::<Request>(&mut input)? {
        let answer = match request {
            Request::Measure => decode::measure(&file).map(|measured| (measured, None)),
            Request::Decode { most, ground } => {
                decode::decode(&file, most, ground).map(|(measured, pixels)| (measured, Some(pixels)))
            }
        };
        // Not both in memory at once.
        drop(file);
        match answer {
            Ok((measured, pixels)) => {
                let size = pixels.as_ref().map(Pixels::size).unwrap_or_default();
                let bytes = pixels.map(Pixels::into_bytes).unwrap_or_default();
                frames::write(&mut output, &Answer::Ok((measured, size)), &bytes)?;
            }
            Err(unreadable) => frames::write(&mut output, &Answer::Err(unreadable), &[])?,
        }
    }
    Ok(())
}
