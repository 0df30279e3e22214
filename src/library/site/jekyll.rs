//! The addresses of pages by the rules of Jekyll: `permalink` of settings, collections and front matter, posts, pages.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use serde_yaml::Value;

use super::page::Page;
use super::settings_map::{SettingsMap, entry, text_in};
use super::url_path::{date_part, fill_in, hyphenated, is_word_character, with_single_slashes};

/// The rules of one Jekyll site.
#[derive(Clone, Debug)]
pub struct Jekyll {
    /// The folder of its pages in the folder of the settings.
    source: String,
    collections_folder: String,
    /// The setting `permalink`.
    style: String,
    collections: Vec<Collection>,
    /// Files and folders that are left out.
    excluded: Vec<String>,
    included: Vec<String>,
    defaults: Vec<Defaults>,
    /// The least and the greatest offset from UTC of the setting `timezone`, in hours.
    zone: Option<(i64, i64)>,
}

/// A collection with pages of its own.
#[derive(Clone, Debug)]
struct Collection {
    label: String,
    permalink: Option<String>,
}

/// A permalink that the settings give to all files of a folder or a kind.
#[derive(Clone, Debug)]
struct Defaults {
    path: String,
    kind: Option<String>,
    permalink: Option<String>,
    is_hidden: bool,
}

/// What a file is for Jekyll.
struct Place<'a> {
    /// The collection; none for a page.
    collection: Option<&'a Collection>,
    /// The folders above `_posts`, which are categories.
    categories: Vec<&'a str>,
    /// The path of the file in the folder of its collection, or of the site, without its ending.
    path: String,
}

impl Jekyll {
    /// The rules that settings give.
    pub fn new(settings: &SettingsMap) -> Jekyll {
        let text = |key: &str| settings.text(&[key]).unwrap_or_default().trim_matches('/').to_owned();
        let texts = |key: &str| settings.items(&[key]).iter().filter_map(Value::as_str).map(str::to_owned).collect();
        let mut collections = Vec::new();
        let mut posts = None;
        for (label, options) in settings.entries(&["collections"]) {
            let permalink = text_in(options, "permalink").map(str::to_owned);
            let has_pages = options.as_mapping().and_then(|map| entry(map, "output")).and_then(Value::as_bool);
            match label {
                "posts" => posts = permalink,
                _ if has_pages == Some(true) => collections.push(Collection { label: label.to_owned(), permalink }),
                _ => {}
            }
        }
        let style = settings.text(&["permalink"]).unwrap_or("date").to_owned();
        let permalink = Some(posts.unwrap_or_else(|| style_of_posts(&style)));
        collections.push(Collection { label: "posts".to_owned(), permalink });
        let defaults = settings.items(&["defaults"]).iter().filter_map(|item| {
            let (scope, values) = (
                item.as_mapping().and_then(|map| entry(map, "scope")),
                item.as_mapping().and_then(|map| entry(map, "values"))?,
            );
            let permalink = text_in(values, "permalink").map(str::to_owned);
            let is_hidden =
                values.as_mapping().and_then(|map| entry(map, "published")).and_then(Value::as_bool) == Some(false);
            (permalink.is_some() || is_hidden).then(|| Defaults {
                path: scope
                    .and_then(|scope| text_in(scope, "path"))
                    .unwrap_or_default()
                    .trim_start_matches('/')
                    .to_owned(),
                kind: scope.and_then(|scope| text_in(scope, "type")).map(str::to_owned),
                permalink,
                is_hidden,
            })
        });
        Jekyll {
            source: text("source"),
            collections_folder: text("collections_dir"),
            style,
            collections,
            excluded: texts("exclude"),
            included: texts("include"),
            defaults: defaults.collect(),
            zone: settings.text(&["timezone"]).and_then(offsets),
        }
    }

    /// The path of a page on its site. None for a file that is not a page: one without front matter, or in a folder that begins
    /// with an underscore and is not of a collection.
    pub fn path(&self, page: &Page) -> Option<String> {
        let folders = page.folders_below(&self.source)?;
        if !page.values.has_front_matter() || page.is_not("published") {
            return None;
        }
        let place = self.place(page, folders)?;
        let kind = place.collection.map_or("pages", |collection| &collection.label);
        let below = [folders.join("/").as_str(), page.stem].join("/");
        let below = below.trim_start_matches('/');
        let mut given = None;
        for defaults in &self.defaults {
            // A pattern of paths would have to be looked up in the folder.
            let is_unknown = defaults.path.contains('*');
            let applies =
                below.starts_with(&defaults.path) && defaults.kind.as_deref().is_none_or(|wanted| wanted == kind);
            if is_unknown || applies && (defaults.is_hidden || given.is_some()) {
                return None;
            }
            given = if applies { defaults.permalink.clone() } else { given };
        }
        let own = page.values.text("permalink").or(given);
        // A style is a name only for the whole site.
        let pattern = match (own, place.collection) {
            (Some(own), _) => own,
            (None, Some(collection)) => {
                collection.permalink.clone().unwrap_or_else(|| self.with_suffix("/:collection/:path"))
            }
            (None, None) if page.stem == "index" => "/:path/".to_owned(),
            (None, None) => self.with_suffix("/:path/:basename"),
        };
        let filled = match place.collection {
            Some(collection) => self.fill_in_document(&pattern, page, collection, &place)?,
            None => fill_in(&pattern, |token| match token {
                "path" => Some(folders.join("/")),
                "basename" => Some(page.stem.trim_end_matches('.').to_owned()),
                "output_ext" => Some(".html".to_owned()),
                _ => None,
            })?,
        };
        let path = with_single_slashes(&filled.replace("..", "/").replace("./", ""));
        Some(match path.strip_suffix("/index.html") {
            Some(folder) => format!("{folder}/"),
            None => path,
        })
    }

    /// Where a file is. None if it is not a page.
    fn place<'a>(&'a self, page: &'a Page, folders: &[&'a str]) -> Option<Place<'a>> {
        let is_special =
            |name: &&&str| name.starts_with(['_', '.', '#', '~']) && !self.included.iter().any(|known| known == **name);
        let inside = match self.collections_folder.as_str() {
            "" => folders,
            folder => match folders.split_first() {
                Some((first, rest)) if *first == folder => rest,
                _ => folders,
            },
        };
        let path = |folders: &[&str]| [folders, &[page.stem.trim_end_matches('.')]].concat().join("/");
        // Posts may be in any folder, and other collections only at the top.
        let at = inside.iter().position(|name| *name == "_posts");
        if let Some(at) = at {
            let (above, below) = inside.split_at_checked(at)?;
            let below = below.get(1..)?;
            let collection = self.collections.iter().find(|collection| collection.label == "posts")?;
            let is_page = above.iter().chain(below).find(is_special).is_none() && post_name(page.stem).is_some();
            return is_page.then(|| Place {
                collection: Some(collection),
                categories: above.to_vec(),
                path: path(below),
            });
        }
        if let Some((first, below)) = inside.split_first()
            && let Some(label) = first.strip_prefix('_')
            && let Some(collection) = self.collections.iter().find(|collection| collection.label == label)
        {
            let is_page = below.iter().chain([&page.stem]).find(is_special).is_none();
            return is_page.then(|| Place { collection: Some(collection), categories: Vec::new(), path: path(below) });
        }
        let is_page =
            folders.iter().chain([&page.stem]).find(is_special).is_none() && !self.is_excluded(folders, page.stem);
        is_page.then(|| Place { collection: None, categories: Vec::new(), path: path(folders) })
    }

    /// True if the setting `exclude` leaves a file out. A pattern with wildcards leaves everything out that begins like it.
    fn is_excluded(&self, folders: &[&str], stem: &str) -> bool {
        let below = [folders, &[stem]].concat().join("/");
        self.excluded.iter().any(|excluded| {
            let excluded = excluded.trim_start_matches('/').split(['*', '?', '[']).next().unwrap_or_default();
            let bare = excluded
                .rsplit_once('.')
                .map_or(excluded, |(bare, ending)| if ending.contains('/') { excluded } else { bare });
            !bare.is_empty() && below.starts_with(bare)
        })
    }

    /// A pattern with the end of the style of the site.
    fn with_suffix(&self, pattern: &str) -> String {
        let end = match self.style.as_str() {
            "pretty" => "/",
            "date" | "ordinal" | "none" => ":output_ext",
            style if style.ends_with('/') => "/",
            style if style.ends_with(":output_ext") => ":output_ext",
            _ => "",
        };
        format!("{pattern}{end}")
    }

    fn fill_in_document(&self, pattern: &str, page: &Page, collection: &Collection, place: &Place) -> Option<String> {
        let named = post_name(page.stem);
        let day = match page.values.text("date") {
            Some(_) => page.day_in("date", self.zone),
            None => named.map(|(day, _)| day),
        };
        let own_slug = page.values.text("slug");
        let slug = own_slug.as_deref().or(named.map(|(_, slug)| slug)).unwrap_or(page.stem).trim_end_matches('.');
        fill_in(pattern, |token| match token {
            "collection" => Some(collection.label.clone()),
            "path" => Some(format!("/{}", place.path)),
            "output_ext" => Some(".html".to_owned()),
            "title" => Some(hyphenated(slug, is_pretty)),
            "slug" => Some(slugified(slug)),
            "name" => Some(slugified(page.stem)),
            "categories" => Some(distinct(categories(page, place).iter().map(|name| name.to_lowercase()))),
            "slugified_categories" => Some(distinct(categories(page, place).iter().map(|name| slugified(name)))),
            "i_month" => Some(day?.month().to_string()),
            "i_day" => Some(day?.day().to_string()),
            "short_year" => Some(day?.format("%y").to_string()),
            "short_month" => Some(day?.format("%b").to_string()),
            "long_month" => Some(day?.format("%B").to_string()),
            "short_day" => Some(day?.format("%a").to_string()),
            "long_day" => Some(day?.format("%A").to_string()),
            "y_day" => Some(day?.format("%j").to_string()),
            "w_year" => Some(day?.format("%G").to_string()),
            "week" => Some(day?.format("%V").to_string()),
            "w_day" => Some(day?.format("%u").to_string()),
            other => date_part(day?, other),
        })
    }
}

/// The pattern of posts for a style of the setting `permalink`, which else is the pattern itself.
fn style_of_posts(style: &str) -> String {
    match style {
        "none" => "/:categories/:title:output_ext",
        "date" => "/:categories/:year/:month/:day/:title:output_ext",
        "ordinal" => "/:categories/:year/:y_day/:title:output_ext",
        "pretty" => "/:categories/:year/:month/:day/:title/",
        "weekdate" => "/:categories/:year/W:week/:short_day/:title:output_ext",
        pattern => pattern,
    }
    .to_owned()
}

/// The least and the greatest offset from UTC, in hours, of a zone of the IANA database. Those of a continent do, since nearly all
/// articles have a date that is the same day at both.
fn offsets(zone: &str) -> Option<(i64, i64)> {
    Some(match zone {
        "UTC" | "Etc/UTC" | "GMT" | "Etc/GMT" => (0, 0),
        "America/Los_Angeles" | "America/Vancouver" | "US/Pacific" => (-8, -7),
        "America/Denver" | "US/Mountain" => (-7, -6),
        "America/Chicago" | "US/Central" => (-6, -5),
        "America/New_York" | "America/Toronto" | "US/Eastern" => (-5, -4),
        "America/Sao_Paulo" => (-3, -2),
        "Europe/London" | "Europe/Dublin" | "Europe/Lisbon" => (0, 1),
        "Europe/Berlin" | "Europe/Paris" | "Europe/Madrid" | "Europe/Rome" | "Europe/Amsterdam" | "Europe/Vienna"
        | "Europe/Zurich" | "Europe/Stockholm" | "Europe/Oslo" | "Europe/Copenhagen" | "Europe/Prague"
        | "Europe/Warsaw" | "Europe/Brussels" => (1, 2),
        "Asia/Tokyo" | "Asia/Seoul" => (9, 9),
        "Asia/Shanghai" | "Asia/Singapore" | "Asia/Taipei" | "Asia/Hong_Kong" => (8, 8),
        other => match other.split_once('/')?.0 {
            "America" => (-10, -2),
            "Europe" => (-1, 4),
            "Africa" => (-1, 4),
            "Asia" => (2, 12),
            "Australia" => (8, 11),
            _ => (-12, 14),
        },
    })
}

/// The date and the rest of the name of a post, such as `2021-02-18-name`.
fn post_name(stem: &str) -> Option<(NaiveDate, &str)> {
    let mut parts = stem.splitn(4, '-');
    let mut number = || parts.next().filter(|part| part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit()));
    let (year, month, day) = (number()?.parse().ok()?, number()?.parse().ok()?, number()?.parse().ok()?);
    Some((NaiveDate::from_ymd_opt(year, month, day)?, parts.next()?))
}

/// The categories of a page: the folders above `_posts`, then those of its front matter.
fn categories(page: &Page, place: &Place) -> Vec<String> {
    let above = place.categories.iter().map(|name| (*name).to_owned());
    // `category` is one name, blanks included.
    let one = page.values.text("category");
    above.chain(page.values.names("categories")).chain(one).collect()
}

/// Distinct names as a path.
fn distinct(names: impl Iterator<Item = String>) -> String {
    let mut known = BTreeSet::new();
    names.filter(|name| known.insert(name.clone())).collect::<Vec<_>>().join("/")
}

fn is_pretty(c: char) -> bool {
    is_word_character(c) || "._~!$&'()+,;=@".contains(c)
}

/// The slug of a text: letters and digits in lower case, and hyphens.
fn slugified(text: &str) -> String {
    hyphenated(text, is_word_character).to_lowercase()
}
