//! The addresses of pages by the rules of Docusaurus: `docs`, `blog` and `src/pages`, `slug`, names with numbers and dates.

use super::literals::Literal;
use super::page::Page;
use super::url_path::folder_path;
use crate::dates;

/// The rules of one Docusaurus site.
#[derive(Clone, Debug)]
pub struct Docusaurus {
    /// The folder and the path of the docs and of the blog. None if they cannot be known.
    docs: Option<(String, String)>,
    blog: Option<(String, String)>,
    has_trailing_slash: bool,
    has_versions: bool,
}

impl Docusaurus {
    /// The rules of a settings file: only its string literals count. `has_versions`: there are several versions of the docs,
    /// which is not supported.
    pub fn new(settings: &[Literal], text: &str, has_versions: bool) -> Docusaurus {
        let of = |plugin: &str| {
            let get = |key: &str, default: &str| {
                let mut all = settings.iter().filter(|one| one.key == key && one.inside.last() == Some(&plugin));
                match (all.next(), all.next()) {
                    (None, _) => Some(default.to_owned()),
                    (Some(one), None) => one.value.map(str::to_owned),
                    (Some(_), Some(_)) => None,
                }
            };
            get("path", plugin).zip(get("routeBasePath", plugin))
        };
        let docs = of("docs");
        // Further plugins for docs have options outside of `docs`.
        let is_clear = !text.contains("plugin-content-docs") && !text.contains("plugin-content-blog");
        let slash = text.split_once("trailingSlash").map(|(_, rest)| rest.trim_start_matches([':', ' ']));
        Docusaurus {
            docs: docs.filter(|_| is_clear),
            blog: of("blog").filter(|_| is_clear),
            has_trailing_slash: slash.is_some_and(|rest| rest.starts_with("true")),
            has_versions,
        }
    }

    /// The path of a page on its site.
    pub fn path(&self, page: &Page) -> Option<String> {
        // Files and folders that begin with an underscore are parts of others.
        if page.folders.iter().chain([&page.stem]).any(|name| name.starts_with('_'))
            || page.is("draft")
            || page.is("unlisted")
        {
            return None;
        }
        if let Some(folders) = page.folders_below("src/pages") {
            let own = (page.stem != "index").then_some(page.stem);
            return Some(self.with_end(&folder_path(folders.iter().copied().chain(own))));
        }
        let (folder, base) = self.docs.as_ref()?;
        if let Some(folders) = page.folders_below(folder) {
            return if self.has_versions { None } else { self.doc_path(page, folders, base) };
        }
        let (folder, base) = self.blog.as_ref()?;
        self.post_path(page, page.folders_below(folder)?, base)
    }

    fn doc_path(&self, page: &Page, folders: &[&str], base: &str) -> Option<String> {
        let folders: Vec<&str> = folders.iter().map(|name| without_number(name)).collect();
        let stem = without_number(page.stem);
        let is_index = ["index", "readme"].contains(&stem.to_lowercase().as_str())
            || folders.last().is_some_and(|folder| folder.eq_ignore_ascii_case(stem));
        let slug = page.values.text("slug");
        if let Some(slug) = slug.as_deref().filter(|slug| slug.starts_with('/')) {
            return plain(&folder_path([base, slug])).map(|path| self.with_end(&path));
        }
        let id = page.values.text("id");
        let own = match slug.as_deref() {
            Some(slug) => Some(slug),
            None if is_index => None,
            None => Some(id.as_deref().unwrap_or(stem)),
        };
        plain(&folder_path([base].into_iter().chain(folders).chain(own))).map(|path| self.with_end(&path))
    }

    fn post_path(&self, page: &Page, folders: &[&str], base: &str) -> Option<String> {
        if let Some(slug) = page.values.text("slug") {
            return plain(&folder_path([base, slug.as_str()])).map(|path| self.with_end(&path));
        }
        let names: Vec<&str> = match page.stem {
            "index" => folders.to_vec(),
            stem => folders.iter().copied().chain([stem]).collect(),
        };
        let name = names.join("/");
        let (_, range) = dates::find_in_name(&name).filter(|(_, range)| range.start == 0 && range.end == 10)?;
        let day = name.get(range.clone())?.replace('-', "/");
        let rest = name.get(range.end..)?.strip_prefix(['-', '/'])?;
        // The date of the front matter has precedence, and the zone of the machine that builds the site decides its day.
        let is_clear = page.values.text("date").is_none();
        is_clear.then(|| self.with_end(&folder_path([base, day.as_str(), rest])))
    }

    fn with_end(&self, path: &str) -> String {
        match path.trim_end_matches('/') {
            "" => "/".to_owned(),
            bare if self.has_trailing_slash => format!("{bare}/"),
            bare => bare.to_owned(),
        }
    }
}

/// The path, unless it has steps such as `..`.
fn plain(path: &str) -> Option<String> {
    (!path.split('/').any(|part| part == ".." || part == ".")).then(|| path.to_owned())
}

/// The name without a number before it, such as `01-intro`. Dates and versions stay.
fn without_number(name: &str) -> &str {
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    let rest = name.get(digits..).unwrap_or_default();
    let bare = rest.trim_start().trim_start_matches(['-', '_', '.']).trim_start();
    let has_sign = rest.trim_start().starts_with(['-', '_', '.']);
    let is_number = digits > 0 && has_sign && !bare.is_empty() && !bare.starts_with(|c: char| c.is_ascii_digit());
    if is_number { bare } else { name }
}
