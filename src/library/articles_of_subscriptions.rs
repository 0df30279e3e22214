//! The folder with the articles of subscriptions: when it belongs to a library, and whether it has articles yet.

use std::path::{Path, PathBuf};

use super::folder_walk::may_be_article;
use super::real_path::resolve;

/// True if a scan of `root` enters `folder`.
pub fn reads(root: &Path, folder: &Path) -> bool {
    let (root, folder) = (resolve(root), resolve(folder));
    let below = folder.strip_prefix(&root);
    below.is_ok_and(|below| below.iter().all(|name| may_be_article(name, true)))
}

/// True if a folder, or a folder below it, has a file that may be an article. Stops at the first one.
pub fn has_article_files(folder: &Path) -> bool {
    let mut waiting: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        for entry in entries.flatten() {
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            match (may_be_article(&entry.file_name(), is_folder), is_folder) {
                (true, true) => waiting.push(entry.path()),
                (true, false) => return true,
                (false, _) => {}
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)] // files of the test

    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;
    use crate::library::Library;

    #[test]
    fn the_folder_joins_a_library_that_does_not_read_it() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("data/frontpage/articles");
        let (notes, hidden) = (home.path().join("notes"), home.path().join(".local/articles"));
        fs::create_dir_all(&notes).expect("a folder");
        symlink(home.path(), home.path().join("link")).expect("a link");
        let paths = |paths: &[&Path]| Library::Paths(paths.iter().map(|path| path.to_path_buf()).collect());
        let joined = paths(&[&notes]).with_subscriptions(&folder).expect("joins");
        assert_eq!(joined, paths(&[&notes, &folder]));
        assert_eq!(fs::metadata(&folder).expect("it was created").permissions().mode() & 0o777, 0o700);
        for (root, joins) in [
            (folder.clone(), false),
            (home.path().join("data"), false),
            (home.path().join("link"), false),
            (folder.join("below"), true),
            (home.path().join("da"), true),
        ] {
            assert_eq!(paths(&[&notes, &root]).with_subscriptions(&folder).is_some(), joins, "{root:?}");
        }
        // A hidden folder is not entered by a scan of the folder around it.
        assert!(paths(&[home.path()]).with_subscriptions(&hidden).is_some());
        let file = home.path().join("file");
        fs::write(&file, "").expect("a file");
        assert_eq!(paths(&[&notes]).with_subscriptions(&file.join("articles")), None, "it cannot be created");
    }

    #[test]
    fn the_built_in_feed_is_left_at_the_first_article() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("articles");
        let joined = || Library::BuiltIn.with_subscriptions(&folder);
        assert_eq!((joined(), folder.exists()), (None, false));
        fs::create_dir_all(folder.join("a/b")).expect("folders");
        for name in ["a/b/.one.md", "a/one.md.tmp", "a/one.json", "a/b/.hidden/one.md"] {
            fs::create_dir_all(folder.join(name).parent().expect("a folder")).expect("a folder");
            fs::write(folder.join(name), "").expect("a file");
            assert_eq!(joined(), None, "{name}");
        }
        fs::write(folder.join("a/b/one.md"), "").expect("a file");
        assert_eq!(joined(), Some(Library::Paths(vec![folder.clone()])));
    }
}
