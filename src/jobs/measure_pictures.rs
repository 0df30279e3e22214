//! Looks for the files of the pictures of an article, and reads their sizes, for the captions.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Answer, Job, JobError, JobKind, Monitor, NotShown, Task};
use crate::feed::article_pictures;
use crate::feed::picture_facts::{KnownPictures, PictureFacts, PictureState};
use crate::feed::{Article, ArticleId, Feed, UntrustedText, clean};
use crate::library::picture_files::{self, PictureFileError};
use crate::library::picture_names::PictureNames;

/// Limit of pictures of an article that are looked for.
const MOST_PICTURES: usize = 1_000;

/// The names of the pictures of a library, read when the first note names a picture without its folder.
#[derive(Clone, Debug, Default)]
pub struct SharedNames(Arc<Mutex<(PathBuf, Option<PictureNames>)>>);

impl SharedNames {
    /// The file of a picture, see [`picture_files::find_by_name`].
    fn find(&self, article: &Path, root: &Path, file: &UntrustedText) -> Result<PathBuf, PictureFileError> {
        // Names that were read only in part before a panic find less, and nothing wrong.
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if names.0 != root {
            *names = (root.to_owned(), None);
        }
        picture_files::find_by_name(article, root, file.untrusted(), &mut names.1)
    }
}

#[derive(Debug)]
struct MeasurePictures {
    article: ArticleId,
    feed: Arc<Feed>,
    names: SharedNames,
    fetched: Option<PathBuf>,
}

/// A job that looks for the files of the pictures of an article. `fetched` is the folder of those that were fetched.
pub fn measure(article: ArticleId, feed: Arc<Feed>, names: SharedNames, fetched: Option<PathBuf>) -> Job {
    Job::new(MeasurePictures { article, feed, names, fetched })
}

impl Task for MeasurePictures {
    fn kind(&self) -> JobKind {
        JobKind::PictureSizes
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let article = self.feed.index_of(self.article).and_then(|index| self.feed.get(index));
        let known = article.map(|article| self.look_for(&article, monitor)).transpose()?;
        Ok(Answer::PictureSizes(Box::new(known.unwrap_or_default())))
    }
}

impl MeasurePictures {
    fn look_for(&self, article: &Article, monitor: &dyn Monitor) -> Result<KnownPictures, JobError> {
        let root = picture_files::root_of(&self.feed.columns().roots, &article.path);
        let (mut known, mut found) = (KnownPictures::default(), Vec::new());
        for picture in article_pictures::pictures(article).into_iter().take(MOST_PICTURES) {
            monitor.check()?;
            let Some(file) = &picture.file else {
                let address = picture.link.address();
                match self.fetched.as_deref().zip(address).and_then(|(folder, address)| fetched::look(folder, address))
                {
                    Some(Ok(path)) => found.push((picture.link, path)),
                    Some(Err(NotShown(why))) => {
                        known.insert(&picture.link, PictureFacts { size: None, state: PictureState::Failed(why) });
                    }
                    None => {}
                }
                continue;
            };
            match self.names.find(&article.path, &root, file) {
                Ok(path) => found.push((picture.link, path)),
                Err(error) => {
                    let state = match error {
                        PictureFileError::NotFound => PictureState::NotFound,
                        other => PictureState::Failed(clean::plain_line(&other.to_string())),
                    };
                    known.insert(&picture.link, PictureFacts { size: None, state });
                }
            }
        }
        if !found.is_empty() {
            sizes::read(&found, &mut known, monitor)?;
        }
        Ok(known)
    }
}

#[cfg(feature = "pictures")]
mod fetched {
    use chrono::Utc;

    use super::*;
    use crate::feed::Address;
    use crate::file_system::RealFileSystem;
    use crate::library::picture_cache::PictureCache;

    /// The file of a fetched picture, or why it was refused lately. `None` if it was not fetched.
    pub fn look(folder: &Path, address: &Address) -> Option<Result<PathBuf, NotShown>> {
        let cache = PictureCache::new(folder, &RealFileSystem);
        cache.file(address).map(Ok).or_else(|| cache.refusal(address, Utc::now()).map(|why| Err(NotShown(why))))
    }
}

#[cfg(not(feature = "pictures"))]
mod fetched {
    use super::*;
    use crate::feed::Address;

    /// This build fetches no pictures.
    pub fn look(_: &Path, _: &Address) -> Option<Result<PathBuf, NotShown>> {
        None
    }
}

#[cfg(feature = "pictures")]
mod sizes {
    use super::*;
    use crate::feed::Link;
    use crate::jobs::picture_decoder::{OwnProgram, PictureDecoder};
    use crate::picture::{MAX_FILE_BYTES, Size, Unreadable};

    /// Bytes of a file that are read first. The headers of most pictures are shorter.
    const START: u64 = 64 << 10;

    /// Reads the sizes of files in a process of its own.
    pub fn read(found: &[(Link, PathBuf)], known: &mut KnownPictures, monitor: &dyn Monitor) -> Result<(), JobError> {
        let Ok(program) = OwnProgram::new() else { return Ok(()) };
        let mut decoder = PictureDecoder::new(&program);
        for (link, path) in found {
            monitor.check()?;
            let facts = match measure(path, &mut decoder) {
                Ok(size) => PictureFacts { size, state: PictureState::Readable },
                Err(NotShown(why)) => PictureFacts { size: None, state: PictureState::Failed(why) },
            };
            known.insert(link, facts);
        }
        Ok(())
    }

    /// The size of a picture; `None` if the process that reads it cannot be started.
    fn measure(path: &Path, decoder: &mut PictureDecoder) -> Result<Option<Size>, NotShown> {
        let words = |error: &dyn std::error::Error| NotShown(clean::plain_line(&error.to_string()));
        let (start, length) = picture_files::read_start(path, START).map_err(|error| words(&error))?;
        if length > MAX_FILE_BYTES {
            return Err(words(&Unreadable::LongFile));
        }
        let is_whole = start.len() as u64 >= length;
        let measured = match decoder.measure(start) {
            // A header may be longer, as that of a photo with a small picture of itself.
            Err(Unreadable::Damaged) if !is_whole => {
                decoder.measure(picture_files::read(path, MAX_FILE_BYTES).map_err(|error| words(&error))?)
            }
            measured => measured,
        };
        match measured {
            Ok(measured) => Ok(Some(measured.size)),
            Err(Unreadable::ProcessFailed) => Ok(None),
            Err(why) => Err(words(&why)),
        }
    }
}

#[cfg(not(feature = "pictures"))]
mod sizes {
    use super::*;
    use crate::feed::Link;

    /// This build shows no pictures: nothing is read.
    pub fn read(_: &[(Link, PathBuf)], _: &mut KnownPictures, _: &dyn Monitor) -> Result<(), JobError> {
        Ok(())
    }
}
