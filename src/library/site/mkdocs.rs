//! The addresses of pages by the rules of MkDocs: the path below `docs`.

use super::page::Page;
use super::settings_map::SettingsMap;
use super::url_path::folder_path;

/// The rules of one MkDocs site.
#[derive(Clone, Debug)]
pub struct MkDocs {
    folder: String,
    /// True if addresses end in a slash, false if in `.html`.
    has_folders: bool,
    /// True if a plugin gives pages other addresses.
    has_plugins: bool,
}

impl MkDocs {
    /// The rules that settings give.
    pub fn new(settings: &SettingsMap) -> MkDocs {
        let is_moving =
            |plugin: &str| ["blog", "material/blog", "i18n", "mike", "literate-nav", "monorepo"].contains(&plugin);
        let listed = settings.items(&["plugins"]).iter().any(|item| {
            item.as_str().is_some_and(is_moving)
                || item.as_mapping().is_some_and(|map| map.keys().filter_map(serde_yaml::Value::as_str).any(is_moving))
        });
        MkDocs {
            folder: settings.text(&["docs_dir"]).unwrap_or("docs").to_owned(),
            has_folders: settings.flag(&["use_directory_urls"]).unwrap_or(true),
            has_plugins: listed || settings.entries(&["plugins"]).any(|(plugin, _)| is_moving(plugin)),
        }
    }

    /// The path of a page on its site.
    pub fn path(&self, page: &Page) -> Option<String> {
        let folders = page.folders_below(&self.folder)?;
        if self.has_plugins || folders.iter().chain([&page.stem]).any(|name| name.starts_with('.')) {
            return None;
        }
        let is_index = page.stem == "index" || page.stem == "README";
        let own = (!is_index).then_some(page.stem);
        let path = folder_path(folders.iter().copied().chain(own.filter(|_| self.has_folders)));
        Some(match own {
            Some(own) if !self.has_folders => format!("{path}{own}.html"),
            None if !self.has_folders => format!("{path}index.html"),
            _ => path,
        })
    }
}
