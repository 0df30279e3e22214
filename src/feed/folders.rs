//! The folders of articles below the folders of the library, as numbers and names in columns of the feed.

use std::collections::BTreeSet;
use std::path::Path;

use rustc_hash::FxHashMap;

use super::clean::{self, SafeText};
use super::columnar_feed::{Column, Columns};
use super::record::Record;

/// Numbers the folders of records from 0 up. A name is the number of the root, a slash, and the path below the root with slashes;
/// bytes that are not UTF-8 are replaced.
#[derive(Debug, Default)]
pub(super) struct FolderTable<'a> {
    numbers: FxHashMap<(u32, &'a Path), u32>,
    /// The names one after the other.
    pub(super) text: String,
    /// The byte at which each name ends.
    pub(super) ends: Vec<u32>,
}

impl<'a> FolderTable<'a> {
    /// The number of the folder of a record. A root that is a file is its own folder, without a path.
    pub(super) fn number(&mut self, record: &Record<'a>) -> u32 {
        let folder = record.below.parent().unwrap_or(Path::new(""));
        *self.numbers.entry((record.root, folder)).or_insert_with(|| {
            self.text.push_str(&format!("{}/{}", record.root, folder.to_string_lossy()));
            self.ends.push(self.text.len() as u32);
            self.ends.len() as u32 - 1
        })
    }
}

/// A folder that has article files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Folder<'a> {
    /// The number of the root, the folder of the library that it is in.
    pub root: usize,
    /// Its path below the root, with slashes; empty for the root itself. Not yet cleaned for display.
    pub path: &'a str,
}

/// The number of the folder of the article at an index, below [`count`].
pub fn number_of(columns: &Columns, index: usize) -> Option<usize> {
    columns.number(Column::FolderOf, index).map(|number| number as usize)
}

/// Number of folders that have article files.
pub fn count(columns: &Columns) -> usize {
    columns.count_names(Column::FolderNameEnds)
}

/// The folder with a number.
pub fn of_number(columns: &Columns, number: usize) -> Folder<'_> {
    let name = columns.name(Column::FolderNameEnds, Column::FolderNames, number);
    let (root, path) = name.split_once('/').unwrap_or_default();
    Folder { root: root.parse().unwrap_or_default(), path }
}

/// The name of a root in queries: its own, without the folders around it.
pub fn root_name(columns: &Columns, root: usize) -> SafeText {
    let name = columns.roots.get(root).and_then(|root| root.file_name());
    clean::plain_line(&name.unwrap_or_default().to_string_lossy())
}

/// The texts by which a query finds the articles of a folder: its path below the root, and the paths of the folders around it. If
/// the library has several roots, also the same paths with the name of the root before them, and that name alone.
pub fn texts(columns: &Columns, folder: Folder) -> Vec<String> {
    let ends = || folder.path.match_indices('/').map(|(end, _)| end).chain([folder.path.len()]);
    let paths = ends().filter_map(|end| folder.path.get(..end)).filter(|path| !path.is_empty());
    let mut texts: Vec<String> = paths.map(str::to_owned).collect();
    let root = root_name(columns, folder.root);
    if columns.roots.len() > 1 && !root.is_empty() {
        let below: Vec<String> = texts.iter().map(|path| format!("{root}/{path}")).collect();
        texts.push(root.to_string());
        texts.extend(below);
    }
    texts
}

/// The texts by which a query finds the article at an index.
pub fn texts_of_article(columns: &Columns, index: usize) -> Vec<String> {
    number_of(columns, index).map(|number| texts(columns, of_number(columns, number))).unwrap_or_default()
}

/// The texts of all folders, in the order of the alphabet.
pub fn names(columns: &Columns) -> Vec<String> {
    let folders = (0..count(columns)).map(|number| of_number(columns, number));
    let names: BTreeSet<String> = folders.flat_map(|folder| texts(columns, folder)).collect();
    names.into_iter().collect()
}
