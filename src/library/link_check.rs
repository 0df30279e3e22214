//! Finds links to articles that do not exist, for `frontpage check`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::article_parts;
use super::directory_entry_reader::FileReport;
use super::folder_walk::{self, Folder};
use super::key_positions;
use super::real_path::resolve;
use crate::dates::Now;
use crate::feed::columnar_feed_builder::{LibraryRoots, build_columns};
use crate::feed::local_links::{ArticlePlace, Base, Destination, Ending};
use crate::feed::{Bytes, Feed, LocalTarget, Position, Problem, UntrustedText, clean, columnar_feed, record};

/// Adds a warning for each link to an article that does not exist. A link is one only if nothing but an article can be meant, see
/// [`ArticlePlace::claims_article`], and if no file of another kind is there.
pub fn add_missing_links(roots: &[PathBuf], reports: &mut [FileReport], now: Now) {
    let has_links = |report: &FileReport| {
        report
            .article
            .as_ref()
            .is_some_and(|article| article.local_links.as_ref().is_none_or(|links| !links.is_empty()))
    };
    if !reports.iter().any(has_links) {
        return;
    }
    let feed = feed_of(roots, reports, now);
    let names = FileNames::of(reports);
    let mut found: BTreeMap<PathBuf, Vec<(UntrustedText, ArticlePlace)>> = BTreeMap::new();
    for index in 0..feed.len() {
        let links = feed.local_links(index).into_iter().filter(|link| link.target == LocalTarget::Missing);
        let mut links = links.peekable();
        if links.peek().is_none() {
            continue;
        }
        let Some(article) = feed.read(index) else { continue };
        let is_single_file = roots.contains(&article.path);
        for link in links {
            let place = Destination::read(link.destination.untrusted(), link.is_wikilink);
            let Destination::Article(place) = place else { continue };
            // What a file alone is a part of is not known.
            let is_known = !is_single_file || place.base == Base::Folder;
            if is_known && !is_there(&article.path, &place) && !names.has(&place) {
                found.entry(article.path.clone()).or_default().push((link.destination, place));
            }
        }
    }
    for report in reports {
        let Some(missing) = found.remove(&report.path) else { continue };
        let text = Text::of(&report.path);
        let more = |more: usize| match more {
            1 => "1 more link to an article that does not exist".to_owned(),
            more => format!("{more} more links to articles that do not exist"),
        };
        report.add_missing(&missing, more, |(written, place)| warning(&text, written.untrusted(), place, &names));
    }
}

/// The feed of all articles that were read.
fn feed_of(roots: &[PathBuf], reports: &[FileReport], now: Now) -> Feed {
    let (mut records, mut locations) = (Vec::new(), Vec::new());
    for report in reports {
        let Some(article) = &report.article else { continue };
        let of_root = |(number, root): (u32, &PathBuf)| Some((number, report.path.strip_prefix(root).ok()?));
        let (root, below) = (0..).zip(roots).find_map(of_root).unwrap_or((0, &report.below));
        locations.push(columnar_feed::location(0, records.len()));
        record::write(article, root, below, &mut records);
    }
    let roots = LibraryRoots::new(roots, |root| resolve(root));
    Feed::of(build_columns(roots, vec![Bytes::new(records)], &locations, now))
}

/// True if a file or folder that is not an article of the library is where a relative path leads.
fn is_there(from: &Path, place: &ArticlePlace) -> bool {
    let Some(folder) = from.parent().filter(|_| place.base == Base::Folder) else { return false };
    let bare = folder.join(&place.path);
    let with_ending = |ending: &str| {
        let mut path = bare.clone().into_os_string();
        path.push(".");
        path.push(ending);
        PathBuf::from(path)
    };
    bare.exists()
        || place.ending == Ending::File
            && ["md", "markdown", "mdx", "mkd"].iter().any(|ending| with_ending(ending).exists())
}

/// The names of all files, by their stem in lower case.
struct FileNames {
    /// Files that are no articles: ignored, or not readable.
    others: HashSet<String>,
    /// Where the articles are, below the library.
    articles: HashMap<String, PathBuf>,
}

impl FileNames {
    fn of(reports: &[FileReport]) -> FileNames {
        let mut names = FileNames { others: HashSet::new(), articles: HashMap::new() };
        for report in reports {
            let Some(stem) = report.below.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()) else {
                continue;
            };
            match report.article {
                Some(_) => drop(names.articles.entry(stem).or_insert_with(|| report.below.clone())),
                None => drop(names.others.insert(stem)),
            }
        }
        names
    }

    fn key(place: &ArticlePlace) -> String {
        place.path.rsplit('/').next().unwrap_or(&place.path).to_lowercase()
    }

    /// True if a wikilink names a file that is no article.
    fn has(&self, place: &ArticlePlace) -> bool {
        place.base == Base::Name && self.others.contains(&FileNames::key(place))
    }

    /// The article whose file has the name that a link gives, in another folder.
    fn nearest(&self, place: &ArticlePlace) -> Option<&PathBuf> {
        self.articles.get(&FileNames::key(place))
    }
}

/// The text of a file, to find positions in it.
pub(super) struct Text(String);

impl Text {
    pub(super) fn of(path: &Path) -> Text {
        let (folder, name) = Folder::of_file(0, path);
        let mut bytes = Vec::new();
        let read = folder_walk::read_file(&folder, &name, &mut bytes);
        Text(
            read.map_or_else(
                |_| String::new(),
                |_| article_parts::with_lf(String::from_utf8_lossy(&bytes)).into_owned(),
            ),
        )
    }

    /// Where a destination is written first: behind a bracket if possible.
    pub(super) fn position(&self, written: &str) -> Option<Position> {
        let behind = |sign: &str| self.0.find(&format!("{sign}{written}")).map(|at| at + sign.len());
        let at = ["](", "[[", "](<", "\"", "]: "].iter().filter_map(|sign| behind(sign)).min();
        // `[term](g)` has the name in its text.
        at.or_else(|| behind("[")).or_else(|| self.0.find(written)).map(|at| key_positions::position(&self.0, at, 1))
    }
}

/// The warning for a link.
fn warning(text: &Text, written: &str, place: &ArticlePlace, names: &FileNames) -> Problem {
    let shown = clean::quote(written);
    let what = match place.base {
        Base::Name => format!("no article has the name `{shown}`, which a link gives"),
        _ => format!("no article is at `{shown}`, where a link leads"),
    };
    let hint = match names.nearest(place) {
        Some(other) => format!("correct the link; {} has this name", clean::path(other)),
        None => "correct the link, or write the article".to_owned(),
    };
    Problem::warning(text.position(written), &what, &hint)
}
