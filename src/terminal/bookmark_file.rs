//! The bookmark on disk: a small JSON object, one file for each library.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::app::Bookmark;
use crate::library::Library;
use crate::library::disk::{Disk, RealDisk};

/// The file for a library, in a folder for them all.
pub fn of(folder: &Path, library: &Library) -> PathBuf {
    folder.join(format!("{}.json", library.key()))
}

/// Reads it. A file that is missing or damaged says nothing.
pub fn read(file: &Path) -> Option<Bookmark> {
    let value: Value = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
    let number = |key: &str| value.get(key).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
    Some(Bookmark {
        query: value.get("query")?.as_str()?.to_owned(),
        article: value.get("article").and_then(Value::as_str).and_then(|id| id.parse().ok()),
        above: number("above")?,
        scroll: number("scroll")?,
        reading: value.get("reading")?.as_bool()?,
    })
}

/// Writes it, whole or not at all.
pub fn keep(file: &Path, bookmark: &Bookmark) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new(""));
    RealDisk.make_folder(folder)?;
    let value = json!({
        "query": bookmark.query,
        "article": bookmark.article.map(|id| id.to_string()),
        "above": bookmark.above,
        "scroll": bookmark.scroll,
        "reading": bookmark.reading,
    });
    let mut new = tempfile::NamedTempFile::new_in(folder)?;
    writeln!(new, "{value}")?;
    new.persist(file).map(drop).map_err(|error| error.error)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]

    use super::*;

    #[test]
    fn a_bookmark_is_read_as_it_was_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = of(&folder.path().join("bookmarks"), &Library::BuiltIn);
        assert_eq!(read(&file), None);
        let article = "00000000000000fe".parse().ok();
        let bookmark = Bookmark { query: "topic:\"a b\" -x".into(), article, above: 3, scroll: 40, reading: true };
        keep(&file, &bookmark).expect("kept");
        assert_eq!(read(&file), Some(bookmark));
        for damaged in ["", "{", "[]", "{\"query\": 3}", "\0\0"] {
            fs::write(&file, damaged).expect("a file");
            assert_eq!(read(&file), None, "{damaged:?}");
        }
    }
}
