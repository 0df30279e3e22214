//! The folder of a subscription: what is in it, and how files of ours get into it and out of it.
//!
//! Files appear whole: they are written under a hidden name, which the loader ignores, read back, and then renamed. A file of
//! another program or of the user is never replaced or followed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::article_file::{self, ArticleFile, NotAsWritten};
use super::file_lock;
use super::file_name::FileName;
use super::item_id::ItemId;
use crate::feed::{Article, ArticleId, clean};
use crate::file_system::temporary_name::{self, Writer};
use crate::file_system::{EntryKind, FileId, FileSystem};
use crate::library::io_error_text;
use crate::subscriptions::{Subscription, SubscriptionKey};

/// End of the names of article files.
const ENDING: &str = ".md";
/// Files of one article whose names are taken by other files: `-2`, `-3`, up to this.
const MAX_COPIES: u32 = 99;
/// A larger file of this name is not ours, in bytes. A channel has at most 16 MiB.
const MAX_FILE: u64 = 64 << 20;
/// Hex digits of an article id.
const ID_DIGITS: usize = 16;

/// Why the folder of a subscription, or a file in it, cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The system refused it.
    #[error("{}: {}", clean::path(.path), io_error_text(.why))]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The error of the system.
        why: io::Error,
    },
    /// `folder:` is not one plain name.
    #[error("`{}` is not the name of a folder", clean::quote(.name))]
    NotAName {
        /// The name.
        name: String,
    },
    /// Something else is in its place.
    #[error("{}: {what}", clean::path(.path))]
    NotAFolder {
        /// The path.
        path: PathBuf,
        /// What is there.
        what: &'static str,
    },
    /// Another process writes to it.
    #[error("{}: another process is writing to this folder", clean::path(.path))]
    Locked {
        /// The folder.
        path: PathBuf,
    },
    /// What was read back is not what was to be written.
    #[error("{}: {why}", clean::path(.path))]
    NotAsWritten {
        /// The file.
        path: PathBuf,
        /// The difference.
        why: NotAsWritten,
    },
    /// All names for an article are taken.
    #[error("{}: other files have this name and its {MAX_COPIES} variants", clean::path(.path))]
    NamesTaken {
        /// The first name.
        path: PathBuf,
    },
}

impl FolderError {
    fn io(path: &Path) -> impl FnOnce(io::Error) -> FolderError {
        let path = path.to_owned();
        |why| FolderError::Io { path, why }
    }

    /// The file or folder.
    pub fn path(&self) -> &Path {
        match self {
            FolderError::NotAName { name } => Path::new(name),
            FolderError::Io { path, .. }
            | FolderError::NotAFolder { path, .. }
            | FolderError::Locked { path }
            | FolderError::NotAsWritten { path, .. }
            | FolderError::NamesTaken { path } => path,
        }
    }

    /// True if any other file would fail, too: there is no space, or nothing may be written.
    pub fn concerns_all(&self) -> bool {
        use io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
        matches!(self, FolderError::Io { why, .. } if [StorageFull, QuotaExceeded, ReadOnlyFilesystem].contains(&why.kind()))
    }
}

/// The name of the folder of a subscription. Fails if `folder` is not one plain name.
pub fn folder_name(subscription: &Subscription) -> Result<String, FolderError> {
    subscription
        .folder_name()
        .ok_or_else(|| FolderError::NotAName { name: subscription.folder.clone().unwrap_or_default() })
}

/// True if a name can be that of an article file: one part, not hidden, with the ending of Markdown.
pub fn is_article_name(name: &str) -> bool {
    name.ends_with(ENDING) && !name.starts_with('.') && !name.contains(['/', '\0'])
}

/// The article id at the end of the name of an article file, also if a number follows it.
fn id_in(name: &str) -> Option<ArticleId> {
    let stem = name.strip_suffix(ENDING)?;
    let of = |stem: &str| {
        let (_, id) = stem.rsplit_once('-')?;
        if id.len() == ID_DIGITS { id.parse().ok() } else { None }
    };
    let numbered = || {
        let (stem, number) = stem.rsplit_once('-')?;
        if number.len() <= 2 && number.bytes().all(|byte| byte.is_ascii_digit()) { of(stem) } else { None }
    };
    of(stem).or_else(numbered)
}

/// SHA-256 of bytes, as hex digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The item whose article a file is, by its key `articleId`. The loader finds it also in a file that an editor has rewritten, or
/// that git has given other line ends.
pub fn item_of(bytes: &[u8], subscription: SubscriptionKey) -> Option<ItemId> {
    let article = article_file::read_back(Path::new(""), "", bytes).article?;
    ItemId::of_article_id(article.written_id.as_str(), subscription)
}

/// A file as it was read.
#[derive(Debug)]
pub struct FileRead {
    /// Its content.
    pub bytes: Vec<u8>,
    /// Its identity.
    pub id: FileId,
}

/// A file that has its hidden name yet.
#[derive(Debug)]
pub struct StagedFile {
    temporary: PathBuf,
    /// The open file, until it is on disk.
    file: Option<File>,
    /// The name that it is meant to get.
    pub name: FileName,
    /// The identity of its article.
    pub id: ArticleId,
    /// SHA-256 of its bytes.
    pub hash: String,
}

/// What happened to a new file.
#[derive(Debug)]
pub enum Created {
    /// It has this name.
    New(String),
    /// A file of the article is there already, with other content.
    Other(String),
    /// The same file is there already.
    Same(String),
}

/// The folder of a subscription, locked until it is dropped.
#[derive(Debug)]
pub struct SubscriptionFolder<'a> {
    fs: &'a dyn FileSystem,
    path: PathBuf,
    key: SubscriptionKey,
    _lock: File,
    names: BTreeSet<String>,
    by_article: BTreeMap<ArticleId, String>,
}

impl<'a> SubscriptionFolder<'a> {
    /// The folder below the folder of all subscriptions, and what is in it. `None` if it does not exist.
    pub fn open(
        library: &Path,
        subscription: &Subscription,
        fs: &'a dyn FileSystem,
    ) -> Result<Option<SubscriptionFolder<'a>>, FolderError> {
        let path = library.join(folder_name(subscription)?);
        let entry = match fs.entry(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            entry => entry.map_err(FolderError::io(&path))?,
        };
        let what = match entry.kind {
            EntryKind::Folder if entry.is_own => None,
            EntryKind::Folder => Some("the folder belongs to another user"),
            EntryKind::File => Some("a file is in the place of the folder"),
            EntryKind::Link => Some("the folder is a link"),
            EntryKind::Other => Some("it is not a folder"),
        };
        if let Some(what) = what {
            return Err(FolderError::NotAFolder { path, what });
        }
        let lock = fs.open_folder(&path).map_err(FolderError::io(&path))?;
        match file_lock::lock(fs, &lock) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Err(FolderError::Locked { path }),
            locked => locked.map_err(FolderError::io(&path))?,
        };
        let (names, by_article) = (BTreeSet::new(), BTreeMap::new());
        let key = subscription.key();
        let mut folder = SubscriptionFolder { fs, path, key, _lock: lock, names, by_article };
        folder.list()?;
        Ok(Some(folder))
    }

    /// Makes the folder.
    pub fn make(library: &Path, subscription: &Subscription, fs: &dyn FileSystem) -> Result<(), FolderError> {
        let path = library.join(folder_name(subscription)?);
        // The folder of all subscriptions may be new as well.
        let is_new = fs.entry(library).is_err();
        fs.make_folder(&path).map_err(FolderError::io(&path))?;
        sync_folder(fs, library)?;
        if !is_new {
            return Ok(());
        }
        match library.parent().map(|parent| sync_folder(fs, parent)) {
            // A folder that may be entered, but not read, such as `/home` on some systems.
            Some(Err(FolderError::Io { why, .. })) if why.kind() == io::ErrorKind::PermissionDenied => Ok(()),
            synced => synced.unwrap_or(Ok(())),
        }
    }

    fn list(&mut self) -> Result<(), FolderError> {
        let mut paths = self.fs.list(&self.path).map_err(FolderError::io(&self.path))?;
        // Of several files of one article, each run takes the same.
        paths.sort();
        for path in paths {
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            if temporary_name::is_from_next(name, ENDING) {
                self.sweep(&path, name);
            } else if is_article_name(name) {
                self.names.insert(name.to_owned());
                if let Some(id) = id_in(name) {
                    self.by_article.entry(id).or_insert(name.to_owned());
                }
            }
        }
        Ok(())
    }

    /// Removes a temporary file of a process that ended. This process has no other: it has locked the folder.
    fn sweep(&self, path: &Path, name: &str) {
        if [Some(Writer::Own), Some(Writer::Ended)].contains(&temporary_name::writer(name)) {
            let _ = self.fs.remove(path);
        }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// True if it has no article files.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The number of its article files.
    pub fn file_count(&self) -> usize {
        self.names.len()
    }

    /// True if a file has this name.
    pub fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// The name of a file that has an article id in its name.
    pub fn name_of(&self, id: ArticleId) -> Option<&str> {
        self.by_article.get(&id).map(String::as_str)
    }

    /// The names of its article files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// The names of files that have an article id in their name.
    pub fn names_with_id(&self) -> impl Iterator<Item = (ArticleId, &str)> {
        self.by_article.iter().map(|(id, name)| (*id, name.as_str()))
    }

    /// Reads a file. `None` if it is not a regular file, or too large for one of ours.
    pub fn read(&self, name: &str) -> Result<Option<FileRead>, FolderError> {
        let path = self.path.join(name);
        let entry = self.fs.entry(&path).map_err(FolderError::io(&path))?;
        if entry.kind != EntryKind::File || entry.id.size > MAX_FILE {
            return Ok(None);
        }
        let bytes = self.fs.read(&path, 0).map_err(FolderError::io(&path))?;
        Ok(Some(FileRead { bytes, id: entry.id }))
    }

    /// Reads an article as the loader does.
    pub fn article(&self, name: &str, bytes: &[u8]) -> Option<std::sync::Arc<Article>> {
        article_file::read_back(&self.path, name, bytes).article
    }

    /// Gives a new file its name. If the name is taken by a file of another article, a number follows it.
    pub fn create(&mut self, file: &StagedFile) -> Result<Created, FolderError> {
        let created = self.give_name(file);
        if !matches!(created, Ok(Created::New(_))) {
            self.discard(file);
        }
        created
    }

    fn give_name(&mut self, file: &StagedFile) -> Result<Created, FolderError> {
        let stem = file.name.as_str().strip_suffix(ENDING).unwrap_or(file.name.as_str());
        for number in 1..=MAX_COPIES {
            let name = if number == 1 { file.name.as_str().to_owned() } else { format!("{stem}-{number}{ENDING}") };
            let path = self.path.join(&name);
            match self.fs.move_new(&file.temporary, &path) {
                Ok(()) => {
                    self.names.insert(name.clone());
                    self.by_article.insert(file.id, name.clone());
                    return Ok(Created::New(name));
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(why) => return Err(FolderError::Io { path, why }),
            }
            if let Some(there) = self.read(&name)? {
                if sha256(&there.bytes) == file.hash {
                    return Ok(Created::Same(name));
                }
                if self.is_article_of(&there.bytes, file.id) {
                    return Ok(Created::Other(name));
                }
            }
        }
        Err(FolderError::NamesTaken { path: self.path.join(file.name.as_str()) })
    }

    /// True if a file is that of an article, by its key `articleId`.
    pub fn is_article_of(&self, bytes: &[u8], id: ArticleId) -> bool {
        item_of(bytes, self.key).is_some_and(|item| ArticleId::of_item(&item.in_article_id(self.key)) == id)
    }

    /// Replaces a file of ours that was read as `before`. False if it has changed since.
    pub fn replace(&self, name: &str, before: &FileId, file: &StagedFile) -> Result<bool, FolderError> {
        let path = self.path.join(name);
        let replaced = match self.is_still(&path, before) {
            true => self.fs.rename(&file.temporary, &path).map(|()| true),
            false => Ok(false),
        };
        if !matches!(replaced, Ok(true)) {
            self.discard(file);
        }
        replaced.map_err(FolderError::io(&path))
    }

    /// Removes a file of ours that was read as `before`. False if it has changed since.
    pub fn remove(&mut self, name: &str, before: &FileId) -> Result<bool, FolderError> {
        let path = self.path.join(name);
        let is_unchanged = self.is_still(&path, before);
        if is_unchanged {
            self.fs.remove(&path).map_err(FolderError::io(&path))?;
            self.names.remove(name);
        }
        Ok(is_unchanged)
    }

    fn is_still(&self, path: &Path, before: &FileId) -> bool {
        self.fs.entry(path).is_ok_and(|entry| entry.kind == EntryKind::File && entry.id == *before)
    }

    /// Writes a file under a hidden name. It may have another name only after [`SubscriptionFolder::finish`].
    pub fn stage(&self, file: &ArticleFile) -> Result<StagedFile, FolderError> {
        let path = self.path.join(temporary_name::next(ENDING));
        let written = self.fs.create_temporary(&path, &file.bytes);
        let hash = sha256(&file.bytes);
        let mut staged = StagedFile { temporary: path, file: None, name: file.name.clone(), id: file.id, hash };
        match written {
            Ok(file) => {
                self.fs.begin_sync(&file);
                staged.file = Some(file);
                Ok(staged)
            }
            Err(why) => {
                self.discard(&staged);
                Err(FolderError::Io { path: self.path.join(file.name.as_str()), why })
            }
        }
    }

    /// Waits until a file is on disk, and reads it back.
    pub fn finish(&self, staged: &mut StagedFile) -> Result<(), FolderError> {
        let synced = staged.file.take().map_or(Ok(()), |file| self.fs.sync(&file));
        let named = self.path.join(staged.name.as_str());
        let checked = match synced.and_then(|()| self.fs.read(&staged.temporary, 0)) {
            Ok(bytes) if sha256(&bytes) == staged.hash => return Ok(()),
            Ok(_) => FolderError::NotAsWritten { path: named, why: NotAsWritten::Differs },
            Err(why) => FolderError::Io { path: named, why },
        };
        self.discard(staged);
        Err(checked)
    }

    /// Removes a file that gets no name. If that fails, a later run removes it.
    pub fn discard(&self, file: &StagedFile) {
        let _ = self.fs.remove(&file.temporary);
    }

    /// Waits until the names in the folder are on disk.
    pub fn sync(&self) -> Result<(), FolderError> {
        sync_folder(self.fs, &self.path)
    }
}

/// Waits until the names in a folder are on disk. Some file systems do not support this.
fn sync_folder(fs: &dyn FileSystem, folder: &Path) -> Result<(), FolderError> {
    use io::ErrorKind::{InvalidInput, Unsupported};
    match fs.sync_folder(folder) {
        Err(error) if [InvalidInput, Unsupported].contains(&error.kind()) => Ok(()),
        synced => synced.map_err(FolderError::io(folder)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::UntrustedText;

    fn subscription(address: &str, folder: Option<&str>) -> Subscription {
        Subscription {
            address: UntrustedText::new(address),
            folder: folder.map(str::to_owned),
            ..Subscription::default()
        }
    }

    #[test]
    fn a_folder_is_named_after_the_address_without_its_secrets() {
        for (address, expected) in [
            ("https://www.example.org/feed.xml", "example-org-feed-xml"),
            ("https://me:secret@Example.org:8080//a_b/?token=secret#secret", "example-org-a-b"),
            ("http://münchen.de/", "xn-mnchen-3ya-de"),
            ("https://e.org/../../etc", "e-org-etc"),
            ("feed:https://me:secret@e.org/", "channel"),
            ("", "channel"),
            ("/../secret", "channel"),
        ] {
            let name = folder_name(&subscription(address, None)).expect("a name");
            let (slug, hash) = name.rsplit_once('-').expect("a hash");
            assert_eq!((slug, hash.len()), (expected, 6), "{address}");
        }
        let long = folder_name(&subscription(&format!("https://e.org/{}", "a/".repeat(500)), None)).expect("a name");
        assert!(long.len() <= 60 + 7);
    }

    #[test]
    fn a_folder_of_the_settings_is_one_plain_name() {
        for name in ["rust", "Das Blog", "a.b", "-x"] {
            assert_eq!(folder_name(&subscription("https://e.org", Some(name))).expect("a name"), name);
        }
        for name in ["", " ", ".", "..", ".git", "a/b", "/a", "a\\b", "a\nb", "a\0", &"a".repeat(201)] {
            assert!(folder_name(&subscription("https://e.org", Some(name))).is_err(), "{name:?}");
        }
    }

    #[test]
    fn the_article_id_is_found_in_names() {
        let id = |name| id_in(name).map(|id| id.to_string());
        let found = Some("0123456789abcdef".to_owned());
        for name in [
            "a-0123456789abcdef.md",
            "2026-11-29-a-b-0123456789abcdef.md",
            "-0123456789abcdef-2.md",
            "é-0123456789abcdef-99.md",
        ] {
            assert_eq!(id(name), found, "{name}");
        }
        for name in [
            "0123456789abcdef.md",
            "a-0123456789abcdef",
            "a-0123456789abcde.md",
            "a-0123456789abcdef-x.md",
            "a-0123456789abcdef-200.md",
        ] {
            assert_eq!(id(name), None, "{name}");
        }
    }
}
