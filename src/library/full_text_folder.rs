//! The folder of full texts: one file for each article, named by its identity. The files belong to this device.
//!
//! A text that the user has switched off is set aside: it is named like a temporary file of the program that has set it aside, which
//! can restore it, and it is removed after that program has ended.
//!
//! A file begins with a line of JSON between two lines `---`, which says where the text is from; the text follows as Markdown.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::body::count_words;
use super::folder_walk::MAX_BYTES;
use crate::feed::{ArticleId, BodySyntax, UntrustedText, plain_text};
use crate::file_system::{FileId, FileSystem, temporary_name};
use crate::fnv;

/// End of the names. No article file has it: a library that contains the folder does not read the texts as articles.
const ENDING: &str = ".fulltext";
/// The line before and after the head of a file.
const FENCE: &str = "---\n";

/// Number of words that a body of Markdown shows.
pub fn full_text_words(markdown: &str) -> u32 {
    let body = UntrustedText::new(markdown);
    count_words(&plain_text::words(&body, BodySyntax::Gfm))
}

/// A full text that is kept for an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptText {
    /// The address of the page from which it was taken.
    pub source: UntrustedText,
    /// When it was taken.
    pub fetched: DateTime<Utc>,
    /// The text, as Markdown without raw HTML.
    pub text: UntrustedText,
}

/// The head of a file.
#[derive(Serialize, Deserialize)]
struct Head {
    source: String,
    fetched: DateTime<Utc>,
}

/// The folder of full texts.
#[derive(Clone, Copy, Debug)]
pub struct FullTextFolder<'a> {
    path: &'a Path,
    fs: &'a dyn FileSystem,
}

impl<'a> FullTextFolder<'a> {
    /// The folder at a path. It is made with the first text.
    pub fn new(path: &'a Path, fs: &'a dyn FileSystem) -> FullTextFolder<'a> {
        FullTextFolder { path, fs }
    }

    fn file(&self, article: ArticleId) -> PathBuf {
        self.path.join(format!("{article}{ENDING}"))
    }

    /// Where a text is that this process has set aside.
    fn aside(&self, article: ArticleId) -> PathBuf {
        self.path.join(format!("{}{article}{ENDING}", temporary_name::prefix()))
    }

    /// The articles that have a full text, each with a stamp that differs for another text.
    pub fn stamps(&self) -> BTreeMap<ArticleId, u64> {
        // Without the folder there are none.
        let paths = self.fs.list(self.path).unwrap_or_default();
        let article = |path: &PathBuf| path.file_name()?.to_str()?.strip_suffix(ENDING)?.parse().ok();
        let stamp = |path: PathBuf| Some((article(&path)?, stamp(&self.fs.id(&path).ok()?)));
        paths.into_iter().filter_map(stamp).collect()
    }

    /// The full text of an article. `None` if it has none, or if the file is damaged.
    pub fn read(&self, article: ArticleId) -> Option<KeptText> {
        let path = self.file(article);
        let size = self.fs.id(&path).ok()?.size;
        let bytes = self.fs.read(&path, 0).ok().filter(|_| size <= MAX_BYTES)?;
        let (head, text) = std::str::from_utf8(&bytes).ok()?.strip_prefix(FENCE)?.split_once(&format!("\n{FENCE}"))?;
        let Head { source, fetched } = serde_json::from_str(head).ok()?;
        Some(KeptText { source: UntrustedText::from_string(source), fetched, text: UntrustedText::new(text) })
    }

    /// Keeps the full text of an article in place of the one before, whole or not at all.
    ///
    /// # Errors
    ///
    /// That of the file system; the text before is kept.
    pub fn write(&self, article: ArticleId, kept: &KeptText) -> io::Result<()> {
        let head = Head { source: kept.source.untrusted().to_owned(), fetched: kept.fetched };
        let bytes = format!("{FENCE}{}\n{FENCE}{}", serde_json::to_string(&head)?, kept.text.untrusted());
        self.fs.make_folder(self.path)?;
        self.fs.replace(&self.file(article), bytes.as_bytes(), true)
    }

    /// Sets the full text of an article aside: the article has none, until it is restored. False if it has none.
    pub fn set_aside(&self, article: ArticleId) -> io::Result<bool> {
        is_done(self.fs.rename(&self.file(article), &self.aside(article)))
    }

    /// Restores the full text of an article that this process has set aside. False if there is none.
    pub fn restore(&self, article: ArticleId) -> io::Result<bool> {
        is_done(self.fs.rename(&self.aside(article), &self.file(article)))
    }

    /// Removes the full text of an article. False if it has none.
    pub fn remove(&self, article: ArticleId) -> io::Result<bool> {
        is_done(self.fs.remove(&self.file(article)))
    }
}

/// False if there was no file.
fn is_done(result: io::Result<()>) -> io::Result<bool> {
    match result {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn stamp(file: &FileId) -> u64 {
    let FileId { inode, size, modified, changed } = *file;
    let numbers = [inode, size, modified.0.cast_unsigned(), modified.1.cast_unsigned()];
    let numbers = numbers.into_iter().chain([changed.0.cast_unsigned(), changed.1.cast_unsigned()]);
    numbers.fold(fnv::OFFSET_BASIS, |hash, number| fnv::hash_bytes(hash, number.to_le_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file_system::RealFileSystem;

    fn kept(text: &str) -> KeptText {
        let source = UntrustedText::new("https://e.org/a?b=\"---\n");
        KeptText { source, fetched: DateTime::UNIX_EPOCH, text: UntrustedText::new(text) }
    }

    #[test]
    fn a_text_is_read_as_it_was_written_until_it_is_replaced_or_removed() {
        let place = tempfile::tempdir().expect("a folder");
        let path = place.path().join("full-text");
        let folder = FullTextFolder::new(&path, &RealFileSystem);
        let (one, other) = (ArticleId::of_number(1), ArticleId::of_number(u64::MAX));
        assert_eq!((folder.stamps().len(), folder.read(one), folder.remove(one).ok()), (0, None, Some(false)));
        let mut stamps = Vec::new();
        for text in ["", "---\nA **text**\n\n---\nmore", "é"] {
            folder.write(one, &kept(text)).expect("written");
            assert_eq!(folder.read(one), Some(kept(text)));
            stamps.push(folder.stamps().get(&one).copied());
        }
        assert!(stamps.iter().all(Option::is_some) && stamps[0] != stamps[1] && stamps[1] != stamps[2]);
        folder.write(other, &kept("b")).expect("written");
        assert_eq!(folder.stamps().into_keys().collect::<Vec<_>>(), [one, other]);
        assert_eq!(folder.remove(one).ok(), Some(true));
        assert_eq!((folder.read(one), folder.stamps().len()), (None, 1));
    }

    #[test]
    fn a_text_that_was_set_aside_is_not_there_until_it_is_restored() {
        let place = tempfile::tempdir().expect("a folder");
        let folder = FullTextFolder::new(place.path(), &RealFileSystem);
        let id = ArticleId::of_number(7);
        assert_eq!((folder.set_aside(id).ok(), folder.restore(id).ok()), (Some(false), Some(false)));
        folder.write(id, &kept("a")).expect("written");
        assert_eq!(folder.set_aside(id).ok(), Some(true));
        assert_eq!((folder.read(id), folder.stamps().len()), (None, 0));
        assert_eq!(folder.restore(id).ok(), Some(true));
        assert_eq!((folder.read(id), folder.stamps().len()), (Some(kept("a")), 1));
        // Files with the same name of a process that has ended.
        folder.set_aside(id).expect("set aside");
        RealFileSystem.sweep(place.path());
        assert_eq!(folder.restore(id).ok(), Some(false));
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "it damages files")]
    fn what_is_no_full_text_is_ignored() {
        let place = tempfile::tempdir().expect("a folder");
        let folder = FullTextFolder::new(place.path(), &RealFileSystem);
        let id = ArticleId::of_number(5);
        for damaged in ["", "---\n", "---\n{}\n---\nx", "text", "---\n{\"source\":1}\n---\n", "\u{0}\u{0}"] {
            std::fs::write(folder.file(id), damaged).expect("a file");
            assert_eq!(folder.read(id), None, "{damaged:?}");
        }
        std::fs::write(folder.file(id), [0xff, 0xfe]).expect("a file");
        std::fs::write(place.path().join("words.fulltext"), "x").expect("a file");
        std::fs::write(place.path().join("0000000000000006.md"), "x").expect("a file");
        assert_eq!((folder.read(id), folder.stamps().len()), (None, 1));
    }
}
