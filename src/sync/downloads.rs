//! Downloads: fetches the enclosure of an article into the folder of downloads, and goes on where an earlier download stopped.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use chrono::{DateTime, Utc};
use url::Url;

use super::document_source::ports;
use super::page_failure::{self, PageFailure};
use super::partial_file::{PartialFile, PartialFileError};
use super::workers::Workers;
use crate::confined_process::Link;
use crate::dates::Date;
use crate::digest::FileName;
use crate::feed::{Address, ArticleId, SafeText};
use crate::file_system::FileSystem;
use crate::library::{downloaded_files, io_error_text};
use crate::net::{Answer, DownloadPart, FetchErrorKind, Limits, NetworkSettings, Request};

/// Longest time in which nothing arrives.
const SILENCE: Duration = Duration::from_secs(60);

/// Most requests for one document. Servers that answer with short parts send about 1 MiB or more at once, and the largest document
/// has 2,048 MiB.
const MOST_REQUESTS: usize = 2_100;

/// An enclosure to download.
#[derive(Clone, Debug)]
pub struct WantedFile {
    /// Where it is. It may have secrets.
    pub address: Address,
    /// Its media type, as the article file gives it; may be empty.
    pub media_type: SafeText,
    /// The article that it belongs to.
    pub article: ArticleId,
    /// The title of the article.
    pub title: SafeText,
    /// When the article was published.
    pub published: Option<Date>,
}

/// A downloaded file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Downloaded {
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// False if it was there before.
    pub is_new: bool,
}

/// Why a file was not downloaded. The messages are to be cleaned before display.
#[derive(Debug, thiserror::Error)]
pub enum DownloadFailure {
    /// The server sent a web page, perhaps one to log in, where the article has another kind of file.
    #[error("the server sent a web page in place of the file")]
    Page,
    /// The server sent nothing.
    #[error("the server sent an empty file")]
    Empty,
    /// The server or the way to it.
    #[error("{0}")]
    Request(PageFailure),
    /// Nothing arrived for too long.
    #[error("the server sent nothing for {} s", SILENCE.as_secs())]
    Silence,
    /// The process that fetches has ended.
    #[error("the process that fetches ended early")]
    ProcessDied,
    /// It is larger than what is downloaded.
    #[error("the file is larger than {} GiB", Limits::DOWNLOAD_BYTES >> 30)]
    TooLarge,
    /// The number of bytes is not the one that the server announced.
    #[error("the server announced {announced} bytes, and sent {arrived}")]
    Length {
        /// The announced size.
        announced: u64,
        /// What is there.
        arrived: u64,
    },
    /// The server sent another part than it was asked for.
    #[error("the server sent another part than it was asked for")]
    OtherPart,
    /// The server answers each request with a very small part.
    #[error("the server sends it in too many small parts")]
    SmallParts,
    /// Who asked for it has ended.
    #[error("what shows its progress has ended")]
    Unwatched,
    /// Another process downloads the same.
    #[error("another process downloads this file")]
    Busy,
    /// The folder or a file in it cannot be used.
    #[error("{}: {}", .0.to_string_lossy(), io_error_text(.1))]
    Folder(PathBuf, io::Error),
    /// The name of the file is in use.
    #[error("{} is in the place of the file", .0.to_string_lossy())]
    InTheWay(PathBuf),
}

/// Where the user reads what can be done about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RemedyPlace {
    /// On the command line.
    CommandLine,
    /// In the terminal reader.
    Reader,
}

/// A failure, and what is left of the download.
#[derive(Debug, thiserror::Error)]
#[error("{failure}")]
pub struct FailedDownload {
    /// Why it failed.
    pub failure: DownloadFailure,
    /// Whether a part of the file has arrived, and is kept.
    pub has_part: bool,
}

impl FailedDownload {
    /// Whether it was refused because the server is on a private network.
    pub fn is_private(&self) -> bool {
        let DownloadFailure::Request(PageFailure::Fetch { kind, .. }) = &self.failure else { return false };
        *kind == FetchErrorKind::Private
    }

    /// What the user can do; may be empty.
    pub fn remedy(&self, place: RemedyPlace) -> &'static str {
        match (&self.failure, place) {
            (DownloadFailure::Request(_), RemedyPlace::CommandLine) if self.is_private() => {
                "if the server is yours: --private, or `private: true` in its subscription"
            }
            (DownloadFailure::Request(_), RemedyPlace::Reader) if self.is_private() => {
                "if the server is yours: `private: true` in its subscription"
            }
            (DownloadFailure::Request(failure), _) if failure.is_passing() => self.later(),
            (
                DownloadFailure::Request(_)
                | DownloadFailure::TooLarge
                | DownloadFailure::Page
                | DownloadFailure::Empty,
                place,
            ) => match place {
                RemedyPlace::CommandLine => "the links in `frontpage show` can be opened in a browser",
                RemedyPlace::Reader => "open it in a browser: o in the list of links",
            },
            (DownloadFailure::Busy, _) => "",
            (DownloadFailure::Folder(..), _) if self.has_part => {
                "make room or make it writable; what has arrived is kept"
            }
            (DownloadFailure::Folder(..), _) => "make room or make it writable",
            (DownloadFailure::InTheWay(_), _) => "move it away",
            _ => self.later(),
        }
    }

    fn later(&self) -> &'static str {
        match self.has_part {
            true => "download it again later; it goes on with what has arrived, if the server lets it",
            false => "download it again later",
        }
    }
}

impl From<DownloadFailure> for FailedDownload {
    /// A failure that leaves nothing.
    fn from(failure: DownloadFailure) -> FailedDownload {
        FailedDownload { failure, has_part: false }
    }
}

impl From<PartialFileError> for DownloadFailure {
    fn from(error: PartialFileError) -> DownloadFailure {
        match error {
            PartialFileError::Busy => DownloadFailure::Busy,
            PartialFileError::Io(error) => DownloadFailure::Folder(PathBuf::from("the part that has arrived"), error),
        }
    }
}

/// What a download works with.
pub struct DownloadEnvironment<'a> {
    /// The folder of downloads.
    pub folder: &'a Path,
    /// The file system.
    pub fs: &'a dyn FileSystem,
    /// Starts the process that fetches.
    pub workers: &'a dyn Workers,
    /// The time.
    pub now: DateTime<Utc>,
    /// Called with the number of bytes that have arrived, and the size of the document if the server says it. Returns false if the
    /// download must stop.
    pub progress: &'a dyn Fn(u64, Option<u64>) -> bool,
}

/// Downloads a file, unless it is there. `request` is one for its address.
pub fn download(
    wanted: &WantedFile,
    request: &Request,
    environment: &DownloadEnvironment,
) -> Result<Downloaded, FailedDownload> {
    let DownloadEnvironment { folder, fs, .. } = *environment;
    let in_folder = |error| DownloadFailure::Folder(folder.to_owned(), error);
    fs.make_folder(folder).map_err(in_folder)?;
    fs.sweep(folder);
    let there = || -> Result<Option<Downloaded>, DownloadFailure> {
        let path = downloaded_files::find(folder, &wanted.address, fs).map_err(in_folder)?;
        Ok(path.map(|path| Downloaded { bytes: fs.id(&path).map_or(0, |id| id.size), path, is_new: false }))
    };
    if let Some(there) = there()? {
        return Ok(there);
    }
    let mut partial = PartialFile::open(folder, &wanted.address, fs).map_err(DownloadFailure::from)?;
    // Another process may have finished it since.
    if let Some(there) = there()? {
        partial.discard();
        return Ok(there);
    }
    partial.remove_given_up(environment.now);
    if let Err(failure) = fetch(wanted, request, &mut partial, environment) {
        let has_part = !matches!(failure, DownloadFailure::TooLarge) && partial.length() > 0;
        if !has_part {
            partial.discard();
        }
        return Err(FailedDownload { failure, has_part });
    }
    if partial.length() == 0 {
        partial.discard();
        return Err(DownloadFailure::Empty.into());
    }
    let path = folder.join(name(wanted, partial.media_type()));
    let bytes = partial.length();
    match partial.finish(&path) {
        Ok(()) => Ok(Downloaded { path, bytes, is_new: true }),
        Err(error) => {
            let is_in_use = error.kind() == io::ErrorKind::AlreadyExists;
            let failure = if is_in_use { DownloadFailure::InTheWay(path) } else { in_folder(error) };
            Err(FailedDownload { failure, has_part: true })
        }
    }
}

/// The name of a file: that of the article file, the hash of the address, and an ending from a short list. What the server calls it
/// does not matter.
fn name(wanted: &WantedFile, media_type: &str) -> String {
    let article = FileName::new(wanted.published, &wanted.title, wanted.article);
    let ending = FileName::ending(wanted.article);
    let stem = article.as_str().strip_suffix(&ending).unwrap_or("undated");
    let known = downloaded_files::ending(&wanted.address, wanted.media_type.as_str());
    let ending = known.or_else(|| downloaded_files::ending(&wanted.address, media_type));
    format!("{stem}-{}.{}", downloaded_files::hash(&wanted.address), ending.unwrap_or(downloaded_files::UNKNOWN))
}

/// Fetches what is missing of a document.
fn fetch(
    wanted: &WantedFile,
    request: &Request,
    partial: &mut PartialFile,
    environment: &DownloadEnvironment,
) -> Result<(), DownloadFailure> {
    let mut resume = partial.resume().filter(|(length, _)| *length <= Limits::DOWNLOAD_BYTES);
    for _ in 0..MOST_REQUESTS {
        resume = match fetch_from(resume, wanted, request, partial, environment)? {
            Arrived::Whole => return Ok(()),
            Arrived::Part => partial.resume(),
            Arrived::Nothing => None,
        };
    }
    Err(DownloadFailure::SmallParts)
}

/// What is there after a request.
enum Arrived {
    /// The whole document.
    Whole,
    /// More than before. The document may have more: a server may send less than it was asked for (RFC 9110, 15.3.7).
    Part,
    /// Nothing that fits to what is there: the document must be asked for from its beginning.
    Nothing,
}

/// True for the media type of a web page.
fn is_page(media_type: Option<&str>) -> bool {
    let media_type = media_type.unwrap_or_default().to_ascii_lowercase();
    media_type.starts_with("text/html") || media_type.starts_with("application/xhtml")
}

/// Whether the article says that a file is no web page: by its media type or, if that says nothing, by the ending of its address.
fn is_other_kind(wanted: &WantedFile) -> bool {
    match wanted.media_type.as_str().trim() {
        "" | "application/octet-stream" => downloaded_files::ending(&wanted.address, "").is_some(),
        media_type => !is_page(Some(media_type)),
    }
}

/// One request.
fn fetch_from(
    resume: Option<(u64, String)>,
    wanted: &WantedFile,
    request: &Request,
    partial: &mut PartialFile,
    environment: &DownloadEnvironment,
) -> Result<Arrived, DownloadFailure> {
    let no_address = || DownloadFailure::Request(PageFailure::NoAddress);
    let url = Url::parse(wanted.address.as_str()).map_err(|_| no_address())?;
    let settings = NetworkSettings { ports: ports(std::iter::once(&url)), ..NetworkSettings::default() };
    let not_started = |error| DownloadFailure::Request(PageFailure::NotStarted(io_error_text(&error)));
    let link = environment.workers.download(&settings).and_then(Link::new).map_err(not_started)?;
    link.send(Request { as_is: true, resume: resume.clone(), ..request.clone() }, Vec::new());
    let answer = match receive(&link)? {
        (DownloadPart::Answer(answer), _) => answer,
        (DownloadPart::Failed(error), _) => return Err(DownloadFailure::Request(page_failure::of_fetch(&error))),
        _ => return Err(DownloadFailure::ProcessDied),
    };
    if matches!(answer.status, 200 | 206) && is_page(answer.content_type.as_deref()) && is_other_kind(wanted) {
        return Err(DownloadFailure::Page);
    }
    // The end of what this answer sends, and that of the document, if they are known.
    let (end, total) = match (answer.status, &resume) {
        (206, Some((from, validator))) => match answer.content_range.as_deref().and_then(ContentRange::parse) {
            Some(ContentRange { part: Some((start, end)), total })
                if start == *from && !is_other_document(&answer, validator) =>
            {
                (Some(end), total)
            }
            _ => return Ok(Arrived::Nothing),
        },
        (416, Some((from, validator))) => {
            // All of it had arrived, and the program ended before the file had its name.
            let range = answer.content_range.as_deref().and_then(ContentRange::parse);
            let is_whole = range == Some(ContentRange { part: None, total: Some(*from) });
            let is_whole = is_whole && !is_other_document(&answer, validator);
            return Ok(if is_whole { Arrived::Whole } else { Arrived::Nothing });
        }
        (200, _) => {
            let total = Some(answer.bytes).filter(|bytes| *bytes > 0);
            // Without a length it may have been compressed on the way: then the bytes here are not those of a part.
            let validator = validator(&answer).filter(|_| total.is_some());
            partial.begin(validator, answer.content_type.as_deref().unwrap_or_default())?;
            (total, total)
        }
        (206, None) => return Err(DownloadFailure::OtherPart),
        _ => return Err(DownloadFailure::Request(page_failure::of_status(&answer))),
    };
    if total.is_some_and(|total| total > Limits::DOWNLOAD_BYTES) {
        return Err(DownloadFailure::TooLarge);
    }
    let report = |arrived| match (environment.progress)(arrived, total) {
        true => Ok(()),
        false => Err(DownloadFailure::Unwatched),
    };
    report(partial.length())?;
    loop {
        match receive(&link)? {
            (DownloadPart::Bytes, bytes) => {
                let arrived = partial.length().saturating_add(bytes.len() as u64);
                if arrived > Limits::DOWNLOAD_BYTES {
                    return Err(DownloadFailure::TooLarge);
                }
                if let Some(announced) = end.filter(|end| *end < arrived) {
                    return Err(DownloadFailure::Length { announced, arrived });
                }
                let kept = partial.append(&bytes);
                kept.map_err(|error| DownloadFailure::Folder(environment.folder.to_owned(), error))?;
                report(partial.length())?;
            }
            (DownloadPart::End, _) => break,
            (DownloadPart::Failed(error), _) if error.kind == FetchErrorKind::TooLarge => {
                return Err(DownloadFailure::TooLarge);
            }
            (DownloadPart::Failed(error), _) => {
                return Err(DownloadFailure::Request(page_failure::of_fetch(&error)));
            }
            (DownloadPart::Answer(_), _) => return Err(DownloadFailure::ProcessDied),
        }
    }
    let arrived = partial.length();
    match end {
        Some(announced) if announced != arrived => Err(DownloadFailure::Length { announced, arrived }),
        // Where the document ends is not known after a part `100-199/*`: the next answer says that there is no more.
        Some(end) if total != Some(end) => Ok(Arrived::Part),
        _ => Ok(Arrived::Whole),
    }
}

fn receive(link: &Link<Request, DownloadPart>) -> Result<(DownloadPart, Vec<u8>), DownloadFailure> {
    link.receive(SILENCE).map_err(|error| match error {
        RecvTimeoutError::Timeout => DownloadFailure::Silence,
        RecvTimeoutError::Disconnected => DownloadFailure::ProcessDied,
    })
}

/// The validator by which the rest of a document can be asked for (RFC 9110, 13.1.5): one that changes with every byte.
fn validator(answer: &Answer) -> Option<&str> {
    let etag = answer.etag.as_deref().filter(|etag| etag.starts_with('"'));
    etag.or(answer.last_modified.as_deref()).filter(|validator| !validator.is_empty())
}

/// Whether a part is of another document than the one with a validator: then the server did not look at `If-Range`.
fn is_other_document(answer: &Answer, validator: &str) -> bool {
    let own = if validator.starts_with('"') { &answer.etag } else { &answer.last_modified };
    own.as_ref().is_some_and(|own| own != validator)
}

/// The header `Content-Range`: `bytes 100-199/200`, `bytes 100-199/*` or, if there is nothing to send, `bytes */200`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ContentRange {
    /// The first byte of a part, and the one after its last.
    part: Option<(u64, u64)>,
    /// The size of the document.
    total: Option<u64>,
}

impl ContentRange {
    fn parse(text: &str) -> Option<ContentRange> {
        let (range, total) = text.trim().strip_prefix("bytes")?.trim_start().split_once('/')?;
        let known = |text: &str| if text == "*" { Some(None) } else { text.parse().ok().map(Some) };
        let total: Option<u64> = known(total)?;
        if range == "*" {
            return total.map(|_| ContentRange { part: None, total });
        }
        let (start, last) = range.split_once('-')?;
        let (start, last): (u64, u64) = (start.parse().ok()?, last.parse().ok()?);
        let end = last.checked_add(1)?;
        let is_possible = start < end && total.is_none_or(|total| end <= total);
        is_possible.then_some(ContentRange { part: Some((start, end)), total })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_those_that_a_document_can_have() {
        for (text, expected) in [
            ("bytes 100-199/200", Some((Some((100, 200)), Some(200)))),
            ("bytes 100-199/*", Some((Some((100, 200)), None))),
            (" bytes 100-198/200", Some((Some((100, 199)), Some(200)))),
            ("bytes 0-0/1", Some((Some((0, 1)), Some(1)))),
            ("bytes */200", Some((None, Some(200)))),
            ("bytes */*", None),
            ("bytes 100-200/200", None),
            ("bytes 200-199/200", None),
            ("bytes 100-/200", None),
            ("pages 1-2/3", None),
            ("bytes 0-18446744073709551615/18446744073709551615", None),
            ("bytes 0-18446744073709551615/*", None),
            ("", None),
        ] {
            let parsed = ContentRange::parse(text).map(|range| (range.part, range.total));
            assert_eq!(parsed, expected, "{text}");
        }
    }

    #[test]
    fn names_are_those_of_article_files_whatever_a_title_or_an_address_says() {
        let wanted = |title: &str, link: &str, media_type: &'static str, published: Option<&str>| WantedFile {
            address: Address::parse(link).expect("an address"),
            media_type: media_type.into(),
            article: ArticleId::of_number(7),
            title: crate::feed::clean::line(title),
            published: published.map(|date| date.parse().expect("a date")),
        };
        for (title, link, media_type, published, server, start, end) in [
            ("The Café, 7", "https://e.org/a.mp3", "", Some("2021-02-18"), "", "2021-02-18-the-cafe-7-", ".mp3"),
            ("../../.ssh/x", "https://e.org/..%2f..%2fx.sh", "audio/mpeg", None, "", "undated-ssh-x-", ".mp3"),
            ("-rf", "https://e.org/a.exe", "", None, "text/html", "undated-rf-", ".bin"),
            ("", "https://e.org/get", "", None, "video/webm", "undated-", ".webm"),
            ("知", "https://e.org/get", "x/y", None, "audio/opus;q=1", "undated-", ".opus"),
        ] {
            let wanted = wanted(title, link, media_type, published);
            let name = name(&wanted, server);
            let hash = downloaded_files::hash(&wanted.address);
            assert_eq!(name, format!("{start}{hash}{end}"), "{title} {link}");
        }
    }
}
