//! Finds the articles that links in bodies mean.

use std::cmp::Reverse;
use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};

use super::article_keys::{Rank, fold, is_index, keys, language, last_two, name_key, path_key, stem_path};
use super::destination::{ArticlePlace, Base, Destination, Ending};
use super::other_name::names_in;
use super::written_link::links_in;
use crate::feed::list_column::ListColumn;
use crate::feed::record::Record;

/// Most files with one key that are compared. Beyond it, one of the first is taken.
const MAX_COMPARED: usize = 256;

/// A file of the library.
#[derive(Clone, Copy)]
pub struct LibraryFile<'a> {
    /// The index of its article.
    pub article: u32,
    /// Its record.
    pub record: Record<'a>,
}

/// What the links of all articles mean.
#[derive(Default)]
pub struct ResolvedLinks {
    /// For each article the articles that its links mean, in the order of its body: 1 + the index, or 0 if there is none.
    pub lists: ListColumn,
    /// The indices of the articles with a link to an article that the library does not have, in order.
    pub with_missing: Vec<u32>,
}

/// Finds the articles that links mean.
///
/// `articles` are the records that are shown, in the order of the feed; `copies` those of further files of the same articles.
/// `roots` are the folders and files of the library.
pub fn resolve<'a>(
    articles: impl Iterator<Item = &'a Record<'a>> + Clone,
    copies: impl Iterator<Item = LibraryFile<'a>>,
    roots: &[PathBuf],
) -> ResolvedLinks {
    let mut resolved = ResolvedLinks::default();
    let lists = &mut resolved.lists;
    // Most libraries have no links between articles, and then no key is needed.
    if articles.clone().all(|record| record.local_links.is_empty()) {
        lists.ends = articles.map(|_| 0).collect();
        return resolved;
    }
    let tails: Vec<String> = roots.iter().map(|root| fold(&root.to_string_lossy()).into_owned()).collect();
    let mut links: Vec<Link> = Vec::new();
    let mut wanted: FxHashSet<u64> = FxHashSet::default();
    let mut ends: Vec<usize> = Vec::new();
    for record in articles.clone() {
        let from = Place::of(record);
        for (is_wikilink, written) in links_in(record.local_links) {
            let Destination::Article(place) = Destination::read(written, is_wikilink) else {
                links.push(Link::default());
                continue;
            };
            let link = Link::of(&place, &from, tails.get(record.root as usize).map_or("", String::as_str));
            wanted.extend(link.keys());
            links.push(link);
        }
        ends.push(links.len());
    }
    let files = articles.clone().zip(0..).map(|(record, article)| LibraryFile { article, record: *record });
    let files: Files = Files::of(files.chain(copies), &wanted);
    drop(wanted);
    let mut links = links.into_iter();
    let mut done = 0;
    for ((record, end), index) in articles.zip(ends).zip(0..) {
        let from = Place::of(record);
        let mut has_missing = false;
        for link in links.by_ref().take(end - done) {
            let found = files.find(&link, &from);
            has_missing |= found.is_none() && link.claims_article;
            lists.items.push(found.map_or(0, |article| article + 1));
        }
        resolved.with_missing.extend(has_missing.then_some(index));
        done = end;
        lists.end();
    }
    resolved
}

/// Where the file with a link is.
struct Place<'a> {
    root: u32,
    below: &'a Path,
    /// Its path below the root without ending.
    stem_path: String,
}

impl<'a> Place<'a> {
    fn of(record: &Record<'a>) -> Place<'a> {
        Place { root: record.root, below: record.below, stem_path: stem_path(record.below) }
    }

    fn folder(&self) -> &str {
        self.stem_path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
}

/// How a link is looked up.
#[derive(Default)]
struct Link {
    /// The keys of paths, the likeliest first, each with the path as written.
    paths: Vec<(u64, String)>,
    /// The key of the name, and the folded path that the file must end with.
    name: Option<(u64, String)>,
    /// The key of a title with a slash, such as `CI/CD`.
    title: Option<u64>,
    /// True if the name is of a file below the same root.
    is_within_root: bool,
    /// True if only an article can be meant.
    claims_article: bool,
}

impl Link {
    fn of(place: &ArticlePlace, from: &Place, root: &str) -> Link {
        let path_in = |folder: &str| below_root(folder, &place.path);
        let mut paths: Vec<String> = Vec::new();
        let (mut name, mut title) = (None, None);
        match place.base {
            Base::Folder => {
                // On a site, the page of `a/b.md` is the folder `a/b/`, and relative addresses begin there.
                let page = path_in(&from.stem_path).filter(|_| place.ending != Ending::File);
                paths.extend([path_in(from.folder()), page].into_iter().flatten());
                if place.is_folder {
                    paths.reverse();
                }
                if !place.path.starts_with('.') {
                    // Obsidian writes the path from the folder of all notes, Hugo's `ref` a path or a name.
                    paths.extend(path_in(""));
                    name = Some(name_of(&place.path)).filter(|_| !place.is_folder);
                }
            }
            Base::Site => {
                paths.extend(path_in(""));
                paths.extend(without_root(&place.path, root).map(str::to_owned));
            }
            Base::Name => {
                paths.extend(path_in(from.folder()));
                if place.path.contains('/') {
                    paths.extend(path_in(""));
                    paths.reverse();
                }
                name = Some(name_of(&place.path));
                title = place.path.contains('/').then(|| name_key(&fold(place.path.trim())));
            }
        }
        let of_index = |path: &String| {
            let (folder, stem) = path.rsplit_once('/').unwrap_or(("", path));
            is_index(stem).then(|| folder.to_owned())
        };
        if place.base != Base::Name {
            let folders: Vec<String> = paths.iter().filter_map(of_index).collect();
            paths.extend(folders);
        }
        let paths = paths.into_iter().map(|path| (path_key(from.root, &fold(&path)), path)).collect();
        Link {
            paths,
            name,
            title,
            is_within_root: place.base != Base::Name,
            claims_article: place.claims_article(from.below),
        }
    }

    fn keys(&self) -> impl Iterator<Item = u64> {
        self.paths.iter().chain(&self.name).map(|(key, _)| *key).chain(self.title)
    }
}

fn name_of(path: &str) -> (u64, String) {
    let folded = fold(path.trim_start_matches("./").trim()).into_owned();
    (name_key(last_two(&folded)), folded)
}

/// A path from a folder, below the root; `None` if it leads out of the root.
fn below_root(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part.trim()),
        }
    }
    Some(parts.join("/"))
}

/// A path on a site without the folders above the library: `posts/a` is `a` in a library whose root is `content/posts`.
fn without_root<'a>(path: &'a str, root: &str) -> Option<&'a str> {
    let mut folders = path.match_indices('/').map(|(at, _)| at);
    let is_tail = |at: &usize| {
        path.get(..*at).is_some_and(|start| {
            root.strip_suffix(&*fold(start)).is_some_and(|before| before.is_empty() || before.ends_with('/'))
        })
    };
    folders.rfind(is_tail).and_then(|at| path.get(at + 1..))
}

/// The files of a library by their keys.
struct Files {
    /// Key, rank, and index in `files`, sorted.
    keys: Vec<(u64, Rank, u32)>,
    /// Where each key begins in `keys`.
    starts: FxHashMap<u64, u32>,
    files: Vec<File>,
}

struct File {
    article: u32,
    root: u32,
    stem_path: String,
}

impl Files {
    /// The files that have wanted keys.
    fn of<'a>(all: impl Iterator<Item = LibraryFile<'a>>, wanted: &FxHashSet<u64>) -> Files {
        let (mut files, mut found): (Vec<File>, Vec<(u64, Rank, u32)>) = (Vec::new(), Vec::new());
        for LibraryFile { article, record } in all {
            let (path, title) = (stem_path(record.below), record.title().unwrap_or_default());
            let number = files.len() as u32;
            let before = found.len();
            keys(record.root, &path, record.site_path, title.as_str(), names_in(record.other_names), |key, rank| {
                if wanted.contains(&key) {
                    found.push((key, rank, number));
                }
            });
            if found.len() > before {
                files.push(File { article, root: record.root, stem_path: path });
            }
        }
        found.sort_unstable();
        found.dedup_by(|(later, _, file), (key, _, first)| later == key && file == first);
        let mut starts = FxHashMap::default();
        for (at, (key, ..)) in (0..).zip(&found) {
            starts.entry(*key).or_insert(at);
        }
        Files { keys: found, starts, files }
    }

    /// The files with a key, the surest first.
    fn with_key(&self, key: u64) -> impl Iterator<Item = (Rank, &File)> {
        let start = self.starts.get(&key).map_or(self.keys.len(), |start| *start as usize);
        let same = self.keys.iter().skip(start).take_while(move |(other, ..)| *other == key);
        same.filter_map(|(_, rank, file)| Some((*rank, self.files.get(*file as usize)?)))
    }

    /// The index of the article that a link means.
    fn find(&self, link: &Link, from: &Place) -> Option<u32> {
        let by_path =
            |(key, path): &(u64, String)| self.nearest(*key, from, |file| file.stem_path == *path, |_, _| true);
        let by_name = |(key, path): &(u64, String)| {
            let is_exact = |file: &File| file.stem_path.ends_with(path.as_str());
            let fits = |rank: Rank, file: &File| {
                // Only brackets may have a title in them.
                let is_near = !link.is_within_root || (file.root == from.root && rank != Rank::Title);
                is_near && ends_with_path(&fold(&file.stem_path), path)
            };
            self.nearest(*key, from, is_exact, fits)
        };
        let by_title = |key: u64| self.nearest(key, from, |_| true, |rank, _| rank == Rank::Title);
        let by_name = || link.name.as_ref().and_then(by_name);
        link.paths.iter().find_map(by_path).or_else(by_name).or_else(|| link.title.and_then(by_title))
    }

    /// The nearest of the files with a key that fit.
    fn nearest(
        &self,
        key: u64,
        from: &Place,
        is_exact: impl Fn(&File) -> bool,
        fits: impl Fn(Rank, &File) -> bool,
    ) -> Option<u32> {
        let mut candidates = self.with_key(key).take(MAX_COMPARED).filter(|(rank, file)| fits(*rank, file));
        let (rank, first) = candidates.next()?;
        let Some(second) = candidates.next() else { return Some(first.article) };
        let own = fold(&from.stem_path);
        let distance = |(rank, file): &(Rank, &File)| {
            let other = fold(&file.stem_path);
            let is_other_language = language(&own) != language(&other);
            let folder = other.rsplit_once('/').map_or("", |(folder, _)| folder);
            let shared = shared_folders(&own, &other);
            let depth = other.matches('/').count();
            let is_elsewhere = fold(from.folder()) != folder;
            let order = (*rank, file.root != from.root, !is_exact(file), is_other_language);
            (order, is_elsewhere, Reverse(shared), depth, file.stem_path.clone())
        };
        let all = [(rank, first), second].into_iter().chain(candidates);
        all.min_by_key(distance).map(|(_, file)| file.article)
    }
}

/// True if a path ends with another one, at a slash. A path of one part is compared by its key alone, which may be a title.
fn ends_with_path(path: &str, end: &str) -> bool {
    !end.contains('/') || path.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

/// How many folders two paths share from their start.
fn shared_folders(a: &str, b: &str) -> usize {
    a.split('/').zip(b.split('/')).take_while(|(a, b)| a == b).count()
}
