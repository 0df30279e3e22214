//! Reads and decodes a picture of an article, to be shown.

use std::path::PathBuf;

use super::picture_decoder::{OwnProgram, PictureDecoder};
use super::{Answer, Job, JobError, JobKind, Monitor, NotShown, Task};
use crate::feed::{UntrustedText, clean};
use crate::library::picture_files;
use crate::picture::{Ground, MAX_FILE_BYTES, ShownPicture, Size};

/// A picture that is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureRequest {
    /// The path of the article.
    pub article: PathBuf,
    /// The folder or file of the library that has the article.
    pub root: PathBuf,
    /// The path of the picture, as the article has it.
    pub file: UntrustedText,
    /// The largest size that is shown, in pixels.
    pub most: Size,
    /// The ground of the screen.
    pub ground: Ground,
}

#[derive(Debug)]
struct ShowPicture {
    request: PictureRequest,
    is_in_text: bool,
}

/// A job that decodes a picture for the viewer.
pub fn show(request: PictureRequest) -> Job {
    Job::new(ShowPicture { request, is_in_text: false })
}

/// A job that decodes a picture for the text of its article.
pub fn show_in_text(request: PictureRequest) -> Job {
    Job::new(ShowPicture { request, is_in_text: true })
}

impl Task for ShowPicture {
    fn kind(&self) -> JobKind {
        if self.is_in_text { JobKind::ArticlePicture } else { JobKind::Picture }
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let shown = decode(self.request);
        monitor.check()?;
        Ok(if self.is_in_text { Answer::ArticlePicture(shown) } else { Answer::Picture(shown) })
    }
}

/// Reads and decodes a picture, or says why it cannot be shown.
fn decode(request: PictureRequest) -> Result<ShownPicture, NotShown> {
    let PictureRequest { article, root, file, most, ground } = request;
    let path = picture_files::find_by_name(&article, &root, file.untrusted(), &mut None).map_err(words)?;
    let bytes = picture_files::read(&path, MAX_FILE_BYTES).map_err(words)?;
    decode_file(bytes, most, ground)
}

/// Decodes the file of a picture, or says why it cannot be shown.
pub(super) fn decode_file(bytes: Vec<u8>, most: Size, ground: Ground) -> Result<ShownPicture, NotShown> {
    let program = OwnProgram::new().map_err(words)?;
    let (measured, pixels) = PictureDecoder::new(&program).decode(bytes, most, ground).map_err(words)?;
    Ok(ShownPicture { measured, pixels: pixels.into() })
}

fn words(error: impl std::error::Error) -> NotShown {
    NotShown(clean::plain_line(&error.to_string()))
}
