//! The addresses of pages by the rules of Zola: the path below `content`, `slug`, `path`, names with dates, languages.

use super::page::Page;
use super::settings_map::SettingsMap;
use super::url_path::{folder_path, hyphenated, to_ascii, with_single_slashes};
use crate::dates;

/// The rules of one Zola site.
#[derive(Clone, Debug)]
pub struct Zola {
    languages: Vec<String>,
    keeps_dates: bool,
    /// How names become parts of a path: `on`, `safe` or `off`.
    slugify: String,
}

impl Zola {
    /// The rules that settings give.
    pub fn new(settings: &SettingsMap) -> Zola {
        Zola {
            languages: settings.entries(&["languages"]).map(|(name, _)| name.to_owned()).collect(),
            keeps_dates: settings.flag(&["slugify", "paths_keep_dates"]).unwrap_or(false),
            slugify: settings.text(&["slugify", "paths"]).unwrap_or("on").to_owned(),
        }
    }

    /// The path of a page on its site.
    pub fn path(&self, page: &Page) -> Option<String> {
        let folders = page.folders_below("content")?;
        if page.is_not("render") {
            return None;
        }
        let suffix = page.stem.rsplit_once('.').filter(|(_, name)| self.languages.iter().any(|known| known == name));
        let (stem, language) = suffix.map_or((page.stem, None), |(stem, name)| (stem, Some(name)));
        let prefix = language.map(|name| format!("/{name}")).unwrap_or_default();
        if let Some(path) = page.values.text("path") {
            let path = path.trim_matches('/');
            return Some(with_single_slashes(&format!("{prefix}/{path}/")));
        }
        let is_page = stem != "_index";
        let (above, own) = match (stem, folders.split_last()) {
            ("_index", _) => (folders, None),
            ("index", Some((own, above))) => (above, Some(*own)),
            ("index", None) => (folders, None),
            (stem, _) => (folders, Some(stem)),
        };
        let mut parts = above.iter().map(|name| self.part(name)).collect::<Option<Vec<String>>>()?;
        let slug = page.values.text("slug").filter(|_| is_page);
        match (slug, own) {
            (Some(slug), _) => parts.push(self.part(&slug)?),
            (None, Some(own)) => parts.push(self.part(self.without_date(own))?),
            (None, None) => {}
        }
        Some(format!("{prefix}{}", folder_path(parts.iter().map(String::as_str))))
    }

    /// The name without a date before it, such as `2021-02-18-name`.
    fn without_date<'a>(&self, name: &'a str) -> &'a str {
        let Some((_, range)) = dates::find_in_name(name).filter(|(_, range)| range.start == 0 && range.end == 10)
        else {
            return name;
        };
        let rest = name.get(range.end..).unwrap_or_default().trim_start();
        let bare = rest.strip_prefix(['-', '_']).filter(|bare| !bare.is_empty() && !self.keeps_dates);
        bare.map_or(name, str::trim_start)
    }

    fn part(&self, name: &str) -> Option<String> {
        match self.slugify.as_str() {
            "on" => {
                let ascii = to_ascii(name)?.to_ascii_lowercase();
                let slug = hyphenated(&ascii, |c| c.is_ascii_alphanumeric());
                (!slug.is_empty()).then_some(slug)
            }
            // Other characters are replaced in ways of their own.
            _ => {
                let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
                name.chars().all(is_plain).then(|| name.to_owned())
            }
        }
    }
}
