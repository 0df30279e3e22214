//! The addresses of pages by the rules of Hugo: the path below `content`, `slug`, `url`, page bundles, `permalinks`, languages.

use chrono::Datelike;
use serde_yaml::Value;

use super::page::Page;
use super::settings_map::{SettingsMap, entry, text_in};
use super::url_path::{date_part, fill_in, folder_path, is_word_character, with_single_slashes};

/// The rules of one Hugo site.
#[derive(Clone, Debug)]
pub struct Hugo {
    /// The folders of its pages, each with a language if it is of one only.
    contents: Vec<(String, Option<String>)>,
    /// All languages.
    languages: Vec<Language>,
    default_language: String,
    is_default_in_folder: bool,
    /// True if addresses end in `.html`. None if that depends on the section.
    is_ugly: Option<bool>,
    keeps_case: bool,
    removes_accents: bool,
    /// The patterns of sections.
    permalinks: Permalinks,
}

/// A language of a site.
#[derive(Clone, Debug)]
struct Language {
    name: String,
    /// True if it has a base address of its own, which is not supported.
    is_elsewhere: bool,
}

/// The patterns of addresses by section.
#[derive(Clone, Debug, Default)]
struct Permalinks {
    pages: Vec<(String, String)>,
    sections: Vec<(String, String)>,
    /// True if there are others, which are not understood.
    is_unknown: bool,
}

impl Permalinks {
    fn read(settings: &SettingsMap) -> Permalinks {
        let is_unknown = settings.value(&["permalinks"]).is_some_and(|value| !value.is_mapping());
        let mut permalinks = Permalinks { is_unknown, ..Permalinks::default() };
        for (key, value) in settings.entries(&["permalinks"]) {
            match (value, key.to_ascii_lowercase().as_str()) {
                (Value::String(pattern), _) => permalinks.pages.push((key.to_ascii_lowercase(), pattern.clone())),
                (Value::Mapping(map), kind @ ("page" | "section")) => {
                    for (section, pattern) in map {
                        let found = section.as_str().zip(pattern.as_str());
                        permalinks.is_unknown |= found.is_none();
                        let list = if kind == "page" { &mut permalinks.pages } else { &mut permalinks.sections };
                        list.extend(found.map(|(section, pattern)| (section.to_ascii_lowercase(), pattern.to_owned())));
                    }
                }
                (Value::Mapping(_), "taxonomy" | "term") => {}
                _ => permalinks.is_unknown = true,
            }
        }
        permalinks
    }
}

impl Hugo {
    /// The rules that settings give.
    pub fn new(settings: &SettingsMap) -> Hugo {
        let text = |key: &str, default: &str| settings.text(&[key]).unwrap_or(default).to_owned();
        let is_disabled = |language: &Value| {
            language.as_mapping().and_then(|map| entry(map, "disabled")).and_then(Value::as_bool) == Some(true)
        };
        let languages: Vec<(&str, &Value)> = settings.entries(&["languages"]).collect();
        let mut contents: Vec<(String, Option<String>)> = Vec::new();
        for mount in settings.items(&["module", "mounts"]) {
            if let (Some(source), Some("content")) = (text_in(mount, "source"), text_in(mount, "target")) {
                contents.push((source.to_owned(), text_in(mount, "lang").map(str::to_lowercase)));
            }
        }
        for (name, language) in &languages {
            contents
                .extend(text_in(language, "contentDir").map(|folder| (folder.to_owned(), Some(name.to_lowercase()))));
        }
        if contents.is_empty() || settings.has(&["contentDir"]) {
            contents.push((text("contentDir", "content"), None));
        }
        // `content/en` is meant before `content`.
        contents.sort_by_key(|(folder, _)| std::cmp::Reverse(folder.len()));
        let language = |(name, value): &(&str, &Value)| Language {
            name: name.to_lowercase(),
            is_elsewhere: text_in(value, "baseURL").is_some() || is_disabled(value),
        };
        Hugo {
            contents,
            languages: languages.iter().map(language).collect(),
            default_language: text("defaultContentLanguage", "en").to_lowercase(),
            is_default_in_folder: settings.flag(&["defaultContentLanguageInSubdir"]).unwrap_or(false),
            is_ugly: match settings.value(&["uglyURLs"]) {
                None => Some(false),
                Some(value) => value.as_bool(),
            },
            keeps_case: settings.flag(&["disablePathToLower"]).unwrap_or(false),
            removes_accents: settings.flag(&["removePathAccents"]).unwrap_or(false),
            permalinks: Permalinks::read(settings),
        }
    }

    /// The path of a page on its site.
    pub fn path(&self, page: &Page) -> Option<String> {
        let (folders, language) = self
            .contents
            .iter()
            .find_map(|(folder, language)| Some((page.folders_below(folder)?, language.as_deref())))?;
        let is_hidden = ["build", "_build"].iter().any(|build| {
            let how = |key: &str| page.values.text(&format!("{build}.{key}"));
            how("render").is_some_and(|how| how != "always" && how != "true")
        });
        if is_hidden || page.is("headless") {
            return None;
        }
        // `post.fr.md` is a page in French, if there is French.
        let suffix = page.stem.rsplit_once('.').filter(|(_, name)| self.language(name).is_some());
        let (stem, language) = match suffix {
            Some((stem, name)) => (stem, Some(name.to_lowercase())),
            None => (page.stem, language.map(str::to_owned)),
        };
        let language = language.unwrap_or_else(|| self.default_language.clone());
        if self.language(&language).is_some_and(|language| language.is_elsewhere) {
            return None;
        }
        let has_prefix = language != self.default_language || self.is_default_in_folder && self.languages.len() > 1;
        let prefix = if has_prefix { format!("/{language}") } else { String::new() };
        if let Some(url) = page.values.text("url") {
            // A scheme leads elsewhere, and placeholders are filled in since version 0.131.
            let is_plain = !url.contains(':') && !url.contains("//");
            let path = with_single_slashes(&url);
            return is_plain.then(|| if url.starts_with('/') { path } else { format!("{prefix}{path}") });
        }
        let path = self.path_in_language(page, folders, stem)?;
        Some(format!("{prefix}{path}"))
    }

    fn language(&self, name: &str) -> Option<&Language> {
        self.languages.iter().find(|language| language.name.eq_ignore_ascii_case(name))
    }

    fn path_in_language(&self, page: &Page, folders: &[&str], stem: &str) -> Option<String> {
        let part = |name: &&str| self.sanitised(&name.replace(' ', "-"));
        let parts: Vec<String> = folders.iter().map(part).collect();
        let names = || parts.iter().map(String::as_str);
        let section = folders.first().map_or(String::new(), |name| name.to_lowercase());
        let pattern = |list: &[(String, String)], section: &str| {
            let is_it = |key: &str| key.trim_matches('/') == section;
            list.iter().find(|(key, _)| is_it(key)).map(|(_, pattern)| pattern.clone())
        };
        if stem == "_index" {
            // Sections below the first are named by their path in a way of their own.
            let is_given = folders.len() == 1 && pattern(&self.permalinks.sections, &section).is_some();
            let is_clear =
                !is_given && !self.permalinks.is_unknown && (self.is_ugly == Some(false) || folders.is_empty());
            return is_clear.then(|| folder_path(names()));
        }
        let is_bundle = stem == "index";
        if is_bundle && folders.is_empty() {
            return Some("/".to_owned());
        }
        // The folder of a bundle is what a file is elsewhere.
        let (above, name) = match (is_bundle, parts.split_last()) {
            (true, Some((own, above))) => (above, own.clone()),
            _ => (parts.as_slice(), self.sanitised(&stem.replace(' ', "-"))),
        };
        if self.permalinks.is_unknown {
            return None;
        }
        // A bundle or page directly in `content` is in no section.
        let section = if above.is_empty() { String::new() } else { section };
        let slug = page.values.text("slug").map(|slug| self.sanitised(&slug)).filter(|slug| !slug.is_empty());
        if let Some(pattern) = pattern(&self.permalinks.pages, &section) {
            let filled = self.fill_in_pattern(&pattern, page, above, &name, slug.as_deref())?;
            return self.with_end(with_single_slashes(&filled));
        }
        let own = slug.unwrap_or(name);
        if own.is_empty() {
            return None;
        }
        let path = folder_path(above.iter().map(String::as_str).chain([own.as_str()]));
        self.with_end(path)
    }

    /// A path with the end that the setting `uglyURLs` asks for.
    fn with_end(&self, path: String) -> Option<String> {
        match (self.is_ugly?, path.ends_with(".html")) {
            (_, true) => Some(path),
            (true, _) => Some(format!("{}.html", path.trim_end_matches('/'))),
            (false, _) if path.ends_with('/') => Some(path),
            (false, _) => Some(format!("{path}/")),
        }
    }

    fn fill_in_pattern(
        &self,
        pattern: &str,
        page: &Page,
        above: &[String],
        name: &str,
        slug: Option<&str>,
    ) -> Option<String> {
        let day = ["date", "publishDate", "lastmod"]
            .iter()
            .find(|key| page.values.text(key).is_some())
            .and_then(|key| page.written_day(key));
        let title = || Some(self.sanitised(page.title)).filter(|title| !title.is_empty());
        fill_in(pattern, |token| match token {
            "monthname" => Some(day?.format("%B").to_string().to_lowercase()),
            "weekday" => Some(day?.weekday().num_days_from_sunday().to_string()),
            "weekdayname" => Some(day?.format("%A").to_string().to_lowercase()),
            "yearday" => Some(day?.ordinal().to_string()),
            "section" => above.first().cloned(),
            "sections" => Some(above.join("/")),
            "title" => title(),
            "slug" => slug.map(str::to_owned).or_else(title),
            "filename" | "contentbasename" => Some(name.to_owned()),
            "slugorfilename" | "slugorcontentbasename" => Some(slug.unwrap_or(name).to_owned()),
            other => date_part(day?, other),
        })
    }

    /// A name as part of a path: only letters, digits, marks and `. / \ _ # + ~ - @` are left, a hyphen is put for blanks, and
    /// upper case becomes lower case unless the site keeps it.
    fn sanitised(&self, name: &str) -> String {
        let is_allowed =
            |c: char| is_word_character(c) || matches!(c, '.' | '/' | '\\' | '_' | '#' | '+' | '~' | '-' | '@');
        let (mut out, mut is_behind_blank) = (String::new(), false);
        for c in name.chars() {
            if is_allowed(c) {
                if is_behind_blank && c != '-' {
                    out.push('-');
                }
                is_behind_blank = false;
                out.push(c);
            } else if c.is_whitespace() && !out.is_empty() && !out.ends_with('-') {
                is_behind_blank = true;
            }
        }
        let out = match self.removes_accents {
            true => unicode_normalization::UnicodeNormalization::nfd(out.as_str())
                .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
                .collect(),
            false => out,
        };
        if self.keeps_case { out } else { out.to_lowercase() }
    }
}
