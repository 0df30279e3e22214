//! Resolves the links in a path, also if its target does not exist.

use std::ffi::{OsStr, OsString};
use std::path::{Component, Path, PathBuf};

/// Limit for links in one path. Linux has the same, and reports a loop beyond it.
const MAX_LINKS: usize = 40;

/// The path with all links resolved. Components that do not exist stay as they are.
pub fn resolve(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| follow_links(path, &mut |_, _| {}))
}

/// Resolves a path component by component. `met` gets each link on the way, and the last component or the first that does not
/// exist: the folder, which contains no link, and the name. Returns the resolved path.
pub fn follow_links(path: &Path, met: &mut dyn FnMut(&Path, &OsStr)) -> PathBuf {
    let Ok(path) = std::path::absolute(path) else { return path.to_owned() };
    let mut at = PathBuf::from("/");
    let mut rest = parts(&path);
    let (mut links, mut is_gone) = (0, false);
    while let Some(part) = rest.pop() {
        if part == ".." {
            // `at` contains no links, so its parent in the path is its real parent.
            at.pop();
            continue;
        }
        let next = at.join(&part);
        let there = std::fs::symlink_metadata(&next);
        let target = there.as_ref().ok().filter(|there| there.is_symlink() && links < MAX_LINKS);
        if let Some(target) = target.and_then(|_| std::fs::read_link(&next).ok()) {
            links += 1;
            met(&at, &part);
            if target.is_absolute() {
                at = PathBuf::from("/");
            }
            rest.extend(parts(&target));
            continue;
        }
        if !is_gone && (there.is_err() || rest.is_empty()) {
            met(&at, &part);
        }
        is_gone |= there.is_err();
        at = next;
    }
    at
}

/// The components of a path, the last one first. Without `/` and `.`.
fn parts(path: &Path) -> Vec<OsString> {
    let is_valid_name = |part: &Component| matches!(part, Component::Normal(_) | Component::ParentDir);
    path.components().filter(is_valid_name).map(|part| part.as_os_str().to_owned()).rev().collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]

    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn every_link_and_the_target_are_reported() {
        let folder = tempfile::tempdir().expect("a folder");
        let top = fs::canonicalize(folder.path()).expect("a folder");
        fs::create_dir_all(top.join("a/b")).expect("folders");
        fs::write(top.join("a/b/end.md"), "").expect("a file");
        for (target, link) in [
            ("a/b/end.md", "one.md"),
            ("one.md", "two.md"),
            ("a", "turned"),
            ("turned/b/../b/end.md", "through.md"),
            ("a/gone/x.md", "dangling.md"),
            ("itself", "itself"),
        ] {
            symlink(target, top.join(link)).expect("a link");
        }
        symlink(top.join("two.md"), top.join("a/b/back.md")).expect("a link");
        for (path, met, end) in [
            ("a/b/end.md", &["a/b/end.md"][..], "a/b/end.md"),
            ("a/b", &["a/b"], "a/b"),
            ("two.md", &["two.md", "one.md", "a/b/end.md"], "a/b/end.md"),
            ("a/b/back.md", &["a/b/back.md", "two.md", "one.md", "a/b/end.md"], "a/b/end.md"),
            ("through.md", &["through.md", "turned", "a/b/end.md"], "a/b/end.md"),
            ("dangling.md", &["dangling.md", "a/gone"], "a/gone/x.md"),
            ("none/../a/x", &["none"], "a/x"),
        ] {
            let mut known = Vec::new();
            let led = follow_links(&top.join(path), &mut |folder, name| known.push(folder.join(name)));
            let met: Vec<PathBuf> = met.iter().map(|met| top.join(met)).collect();
            assert_eq!((known, led), (met, top.join(end)), "{path}");
        }
        let mut links = 0;
        follow_links(&top.join("itself"), &mut |_, _| links += 1);
        assert_eq!(links, MAX_LINKS + 1, "the loop ends");
        assert_eq!(resolve(&top.join("dangling.md")), top.join("a/gone/x.md"));
        assert_eq!(resolve(&top.join("two.md")), top.join("a/b/end.md"));
    }
}
