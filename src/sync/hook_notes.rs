//! Notes of new articles, until the programs of `on new` have run for them: lines of JSON in the state folder of this device.
//!
//! An article is noted before its file is written, and the note is removed before a program runs for it: a sync that is stopped
//! loses no article for which nothing has run yet, and nothing runs twice.

use std::cell::RefCell;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::feed::{ArticleId, Problem};
use crate::file_system::FileSystem;
use crate::library::io_error_text;

/// The file, in the folder of the states.
const NAME: &str = "new-articles.jsonl";
/// Largest file, in bytes: about 100,000 articles.
const MAX_FILE: u64 = 4 << 20;

/// A new article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookNote {
    /// The identity of the article, as 16 hex digits.
    article: String,
    /// The key of the only entry of `on new` that is still to run. `None`: all entries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hook: Option<String>,
}

impl HookNote {
    /// An article for which this entry is still to run.
    pub fn waiting(article: ArticleId, hook: String) -> HookNote {
        HookNote { article: article.to_string(), hook: Some(hook) }
    }

    /// The article, if the entry with this key is to run for it.
    pub fn article_for(&self, hook: &str) -> Option<ArticleId> {
        if self.hook.as_ref().is_none_or(|own| own == hook) { self.article.parse().ok() } else { None }
    }
}

fn path_in(states: &Path) -> PathBuf {
    states.join(NAME)
}

/// Writes a note. Each line is one call of the system, so those of several threads do not mix.
fn add(states: &Path, article: ArticleId, fs: &dyn FileSystem) -> io::Result<()> {
    let file = fs.open(&path_in(states))?;
    if fs.id_of(&file)?.size > MAX_FILE {
        return Err(io::Error::other("too many articles wait for the programs of `on new`"));
    }
    let mut line = serde_json::to_vec(&HookNote { article: article.to_string(), hook: None })?;
    line.push(b'\n');
    fs.write_all(&file, &line)
}

/// Notes new articles while they are written, if programs are to run for them.
pub struct NewArticles<'a> {
    states: &'a Path,
    fs: &'a dyn FileSystem,
    is_on: bool,
    failed: RefCell<Option<io::Error>>,
}

impl<'a> NewArticles<'a> {
    /// Nothing is noted if `is_on` is false.
    pub fn new(states: &'a Path, fs: &'a dyn FileSystem, is_on: bool) -> NewArticles<'a> {
        NewArticles { states, fs, is_on, failed: RefCell::new(None) }
    }

    /// Notes an article that is about to be written.
    pub fn add(&self, article: ArticleId) {
        if self.is_on
            && let Err(error) = add(self.states, article, self.fs)
        {
            self.failed.replace(Some(error));
        }
    }

    /// What was wrong, if anything.
    pub fn problem(self) -> Option<Problem> {
        let error = self.failed.into_inner()?;
        let what = format!("no program of `on new` runs for some new articles: {}", io_error_text(&error));
        let problem = Problem::warning(None, &what, "make room, or make the state folder writable");
        Some(Problem { path: self.states.to_owned(), ..problem })
    }
}

/// All notes, the oldest first. Damaged lines are skipped: a killed process may leave half a line.
pub fn read(states: &Path, fs: &dyn FileSystem) -> io::Result<Vec<HookNote>> {
    let bytes = match fs.read(&path_in(states), 0) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        read => read?,
    };
    Ok(bytes.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect())
}

/// Replaces all notes. Only the process with the lock of the sync may do so.
pub fn replace<'a>(states: &Path, notes: impl Iterator<Item = &'a HookNote>, fs: &dyn FileSystem) -> io::Result<()> {
    let mut bytes = Vec::new();
    for note in notes {
        bytes.extend(serde_json::to_vec(note)?);
        bytes.push(b'\n');
    }
    let path = path_in(states);
    if bytes.is_empty() {
        return match fs.remove(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    }
    // Not durable: a power failure may bring notes back, so that a program runs twice for an article.
    fs.replace(&path, &bytes, false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file_system::RealFileSystem;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "it damages a file")]
    fn notes_are_added_and_replaced_and_damage_is_skipped() {
        let folder = tempfile::tempdir().expect("a folder");
        let (states, fs) = (folder.path(), &RealFileSystem);
        assert_eq!(read(states, fs).expect("none"), []);
        let ids: Vec<ArticleId> =
            ["0123456789abcdef", "fedcba9876543210"].map(|id| id.parse().expect("an id")).to_vec();
        ids.iter().for_each(|id| add(states, *id, fs).expect("written"));
        let articles = |hook: &str| -> Vec<ArticleId> {
            read(states, fs).expect("notes").iter().filter_map(|note| note.article_for(hook)).collect()
        };
        assert_eq!(articles("a"), ids);
        let one = [HookNote::waiting(ids[1], "a".to_owned())];
        replace(states, one.iter(), fs).expect("written");
        let whole = std::fs::read(path_in(states)).expect("a file");
        std::fs::write(path_in(states), [&whole[..], b"{\"article\":\"01\n\xff\n{\"article\":3}\n"].concat())
            .expect("a file");
        add(states, ids[0], fs).expect("written");
        assert_eq!((articles("a"), articles("b")), (vec![ids[1], ids[0]], vec![ids[0]]));
        replace(states, [].into_iter(), fs).expect("removed");
        replace(states, [].into_iter(), fs).expect("nothing to remove");
        assert_eq!(std::fs::read_dir(states).expect("a folder").count(), 0);
        std::fs::write(path_in(states), vec![b' '; 5 << 20]).expect("a file");
        assert!(add(states, ids[0], fs).is_err_and(|error| error.to_string().contains("too many articles wait")));
    }
}
