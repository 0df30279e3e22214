//! Finds the file of a picture that an article names, and reads it. Never outside of the library.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use rustix::fs::{Mode, OFlags};

use super::picture_names::PictureNames;
use crate::feed::local_links::percent_decoded;

/// Folders whose content sites publish at their root.
const PUBLISHED: [&str; 4] = ["static", "public", "assets", "docs"];
/// Folders beside notes in which editors keep what was pasted.
const ATTACHED: [&str; 4] = ["attachments", "assets", "images", "img"];

/// Why the file of a picture cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PictureFileError {
    /// There is no such file.
    #[error("not found")]
    NotFound,
    /// The path leads out of the library, perhaps through a symbolic link.
    #[error("outside of the library")]
    Outside,
    /// It is a folder, a pipe or a device.
    #[error("not a file")]
    NotAFile,
    /// It has more bytes than the limit.
    #[error("the file is too large")]
    TooLarge,
    /// The system cannot read it.
    #[error("{0}")]
    Other(#[from] io::Error),
}

/// The file of a picture that an article names as `written`. `root` is the folder or file of the library that has the article.
///
/// A path is relative to the article. With `/` at its start it is that of a site: the root of the library, or a folder there whose
/// content sites publish, and the same for each folder above the article. Else it may be in the folder with the name of the article,
/// or among the attachments of notes.
pub fn find(article: &Path, root: &Path, written: &str) -> Result<PathBuf, PictureFileError> {
    let root = if root.is_dir() { root } else { root.parent().unwrap_or(root) };
    let real_root = std::fs::canonicalize(root).map_err(|_| PictureFileError::NotFound)?;
    let mut is_outside = false;
    for candidate in candidates(article, root, written) {
        match std::fs::canonicalize(&candidate) {
            Ok(real) if real.starts_with(&real_root) => return Ok(real),
            Ok(_) => is_outside = true,
            Err(_) => {}
        }
    }
    Err(if is_outside { PictureFileError::Outside } else { PictureFileError::NotFound })
}

/// The same, and if nothing is there, a picture anywhere in the library with the name that is written, as notes have it. `names` are
/// read when they are first needed.
pub fn find_by_name(
    article: &Path,
    root: &Path,
    written: &str,
    names: &mut Option<PictureNames>,
) -> Result<PathBuf, PictureFileError> {
    let found = find(article, root, written);
    if !matches!(found, Err(PictureFileError::NotFound)) || written.contains('/') {
        return found;
    }
    let names = names.get_or_insert_with(|| PictureNames::below(root));
    let by_name = name_of(written).and_then(|name| names.find(&name));
    // Through `find` again: it may have become a link since then.
    by_name.map_or(found, |path| match path.strip_prefix(root) {
        Ok(below) => find(&root.join("index"), root, &below.to_string_lossy()),
        Err(_) => Err(PictureFileError::NotFound),
    })
}

/// The name of a file that is written without its folder.
fn name_of(written: &str) -> Option<String> {
    let name = percent_decoded(written.split(['?', '#', '|']).next().unwrap_or_default()).trim().to_owned();
    (!name.is_empty() && !name.contains(['/', '\\', '\0'])).then_some(name)
}

/// Where a picture may be, the most likely place first.
fn candidates(article: &Path, root: &Path, written: &str) -> Vec<PathBuf> {
    let path = written.split(['?', '#']).next().unwrap_or_default();
    let path = percent_decoded(path).replace('\\', "/");
    let (is_absolute, path) = (path.starts_with('/'), path.trim_start_matches('/'));
    if path.is_empty() || path.contains('\0') {
        return Vec::new();
    }
    let folder = article.parent().unwrap_or(root);
    // From the article up to the root, but no further.
    let above: Vec<&Path> = folder.ancestors().take_while(|folder| folder.starts_with(root)).collect();
    let in_site = |folder: &&Path| {
        let published = PUBLISHED.iter().map(|name| folder.join(name).join(path));
        std::iter::once(folder.join(path)).chain(published).collect::<Vec<_>>()
    };
    let of_site = above.iter().rev().flat_map(in_site);
    if is_absolute {
        return of_site.collect();
    }
    // A site publishes an article in a folder with its name: what is beside it is then one folder up.
    let published = path.strip_prefix("../").unwrap_or(path);
    let beside = [folder.join(path), article.with_extension("").join(path), folder.join(published)];
    let attached = above.iter().flat_map(|folder| ATTACHED.iter().map(|name| folder.join(name).join(path)));
    let is_below = |path: &PathBuf| !path.components().any(|part| part == Component::ParentDir);
    let further = above.iter().skip(1).map(|folder| folder.join(path));
    beside.into_iter().chain(attached.chain(further).chain(of_site).filter(is_below)).collect()
}

/// The folder or file of a library that has an article.
pub fn root_of(roots: &[PathBuf], article: &Path) -> PathBuf {
    let root = roots.iter().filter(|root| article.starts_with(root)).max_by_key(|root| root.as_os_str().len());
    root.cloned().or_else(|| article.parent().map(Into::into)).unwrap_or_default()
}

/// Reads a file that [`find`] found, if it is a regular one with at most `most` bytes. Never waits for a pipe or a device.
pub fn read(file: &Path, most: u64) -> Result<Vec<u8>, PictureFileError> {
    let (bytes, length) = read_start(file, most.saturating_add(1))?;
    if length > most || bytes.len() as u64 > most { Err(PictureFileError::TooLarge) } else { Ok(bytes) }
}

/// Reads at most `most` bytes from the start of a file that [`find`] found, if it is a regular one. Returns its length too.
pub fn read_start(file: &Path, most: u64) -> Result<(Vec<u8>, u64), PictureFileError> {
    // NOFOLLOW: a link that took the place of the file since then may lead out of the library.
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let opened = File::from(rustix::fs::open(file, flags, Mode::empty()).map_err(io::Error::from)?);
    let metadata = opened.metadata()?;
    if !metadata.is_file() {
        return Err(PictureFileError::NotAFile);
    }
    let mut bytes = Vec::new();
    opened.take(most).read_to_end(&mut bytes)?;
    Ok((bytes, metadata.len()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]

    use std::fs;
    use std::os::unix::fs::symlink;

    use tempfile::TempDir;

    use super::*;

    fn library(files: &[&str]) -> TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for file in files {
            let path = folder.path().join("library").join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
            fs::write(path, file).expect("a file");
        }
        fs::write(folder.path().join("outside.png"), "secret").expect("a file");
        folder
    }

    #[test]
    fn a_picture_is_found_where_sites_and_notes_keep_it() {
        let folder = library(&[
            "blog/posts/boats.md",
            "blog/posts/beside.png",
            "blog/posts/boats/bundle.png",
            "blog/static/img/site.png",
            "static/img/top.png",
            "img/root.png",
            "blog/posts/a b.png",
            "attachments/pasted.png",
            "blog/up.png",
            "static/img/both.png",
            "img/both.png",
        ]);
        let root = folder.path().join("library");
        let article = root.join("blog/posts/boats.md");
        for (written, found) in [
            ("beside.png", "blog/posts/beside.png"),
            ("./beside.png?w=1#x", "blog/posts/beside.png"),
            ("bundle.png", "blog/posts/boats/bundle.png"),
            ("/img/site.png", "blog/static/img/site.png"),
            ("/img/top.png", "static/img/top.png"),
            ("img/root.png", "img/root.png"),
            ("/img/both.png", "img/both.png"),
            ("a%20b.png", "blog/posts/a b.png"),
            ("a b.png", "blog/posts/a b.png"),
            ("pasted.png", "attachments/pasted.png"),
            ("../up.png", "blog/up.png"),
            ("..\\up.png", "blog/up.png"),
            ("../beside.png", "blog/posts/beside.png"),
        ] {
            let path = find(&article, &root, written).unwrap_or_else(|error| panic!("{written}: {error}"));
            assert_eq!(path, fs::canonicalize(root.join(found)).expect("a file"), "{written}");
            assert_eq!(read(&path, 100).expect("its bytes"), found.as_bytes());
        }
        let alone = root.join("blog/posts/boats.md");
        assert!(find(&alone, &alone, "beside.png").is_ok(), "a file alone");
    }

    #[test]
    fn nothing_outside_of_the_library_is_read() {
        let folder = library(&["posts/boats.md", "posts/real.png"]);
        let root = folder.path().join("library");
        let article = root.join("posts/boats.md");
        let outside = folder.path().join("outside.png");
        symlink(&outside, root.join("posts/link.png")).expect("a link");
        symlink(folder.path(), root.join("posts/up")).expect("a link");
        symlink("real.png", root.join("posts/inside.png")).expect("a link");
        let written = outside.to_str().expect("UTF-8");
        for path in ["../../outside.png", "link.png", "up/outside.png", "%2e%2e/%2e%2e/outside.png", "/../outside.png"]
        {
            assert!(matches!(find(&article, &root, path), Err(PictureFileError::Outside)), "{path}");
        }
        for path in [written, "", "/", "x.png", "a\0b.png", "%00", "../../../../../../etc/passwd.png"] {
            assert!(find(&article, &root, path).is_err(), "{path:?}");
        }
        assert!(find(&article, &root, "inside.png").is_ok(), "a link within the library");
        // A link that took the place of the file.
        let real = find(&article, &root, "real.png").expect("a file");
        fs::remove_file(&real).expect("removed");
        symlink(&outside, &real).expect("a link");
        assert!(read(&real, 100).is_err());
    }

    #[test]
    fn what_is_no_file_or_too_large_is_not_read() {
        let folder = library(&["a.md", "long.png"]);
        let root = folder.path().join("library");
        fs::create_dir(root.join("folder.png")).expect("a folder");
        let long = find(&root.join("a.md"), &root, "long.png").expect("a file");
        assert!(matches!(read(&long, 4), Err(PictureFileError::TooLarge)));
        let not_a_file = find(&root.join("a.md"), &root, "folder.png").expect("a folder");
        assert!(matches!(read(&not_a_file, 4), Err(PictureFileError::NotAFile)));
    }
}
