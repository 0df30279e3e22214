//! Paths that tell articles of one title apart in a list.

use std::collections::HashMap;
use std::path::Path;

use super::clean::{self, SafeText};

/// For each article, given as its title and its path, the end of the path that no other article of the same title has. None for a
/// title that all its rows lead to by one path.
///
/// An end begins at a folder, and is as short as possible. Time is linear in the length of all paths, times their depth.
pub fn distinguishing_paths(articles: &[(&SafeText, &Path)]) -> Vec<Option<SafeText>> {
    let mut by_title: HashMap<&str, Vec<usize>> = HashMap::new();
    for (row, (title, _)) in articles.iter().enumerate() {
        by_title.entry(title.as_str()).or_default().push(row);
    }
    let mut found = vec![None; articles.len()];
    for rows in by_title.into_values().filter(|rows| rows.len() > 1) {
        let paths: Vec<(usize, &Path)> = rows.iter().filter_map(|row| Some((*row, articles.get(*row)?.1))).collect();
        let is_one = paths.windows(2).all(|pair| matches!(pair, [(_, one), (_, other)] if one == other));
        if !is_one {
            distinguish(paths, &mut found);
        }
    }
    found
}

/// Finds the ends of the paths of one title.
fn distinguish(mut paths: Vec<(usize, &Path)>, found: &mut [Option<SafeText>]) {
    let mut length = 1;
    while !paths.is_empty() {
        // The first path with each end, and whether another one has it, too.
        let mut ends: HashMap<&Path, (&Path, bool)> = HashMap::new();
        for (_, path) in &paths {
            let known = ends.entry(end_of(path, length)).or_insert((path, false));
            known.1 |= known.0 != *path;
        }
        paths.retain(|(row, path)| {
            let end = end_of(path, length);
            let is_shared = end != *path && ends.get(end).is_some_and(|(_, is_shared)| *is_shared);
            if !is_shared && let Some(shown) = found.get_mut(*row) {
                *shown = Some(clean::path(end));
            }
            is_shared
        });
        length += 1;
    }
}

/// The last parts of a path.
fn end_of(path: &Path, length: usize) -> &Path {
    let parts = path.components().count();
    let mut rest = path.components();
    rest.by_ref().take(parts.saturating_sub(length)).for_each(drop);
    rest.as_path()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_equal_titles_get_the_ends_of_their_paths() {
        for (articles, ends) in [
            (&[("A", "x/a.md"), ("B", "y/a.md")][..], &[None, None][..]),
            (&[("A", "x/a.md"), ("A", "x/b.md")], &[Some("a.md"), Some("b.md")]),
            (&[("A", "r/x/i.md"), ("A", "r/y/i.md"), ("A", "r/z.md")], &[Some("x/i.md"), Some("y/i.md"), Some("z.md")]),
            (&[("A", "x/a.md"), ("A", "x/a.md")], &[None, None]),
            (&[("A", "x/a.md"), ("A", "x/a.md"), ("A", "a.md")], &[Some("x/a.md"), Some("x/a.md"), Some("a.md")]),
            (&[("A", "/x/d/a.md"), ("A", "/y/d/a.md")], &[Some("x/d/a.md"), Some("y/d/a.md")]),
            (&[("A", "a.md")], &[None]),
            (&[], &[]),
        ] {
            let titles: Vec<SafeText> = articles.iter().map(|(title, _)| (*title).into()).collect();
            let given: Vec<(&SafeText, &Path)> =
                titles.iter().zip(articles).map(|(title, (_, path))| (title, Path::new(path))).collect();
            let found = distinguishing_paths(&given);
            let found: Vec<Option<&str>> = found.iter().map(|end| end.as_ref().map(SafeText::as_str)).collect();
            assert_eq!(found, ends, "{articles:?}");
        }
    }
}
