//! What the folders of a Hugo site say of the pages in them: a folder with `index.md` is a page whose other files are not, and
//! `_index.md` may say that pages below it have no address.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_yaml::{Mapping, Value};

use super::super::front_matter;
use super::settings_file::read_text;
use super::settings_map::entry;

/// Folders that were looked at in one scan of the library.
#[derive(Debug, Default)]
pub struct HugoFolders {
    known: Mutex<HashMap<PathBuf, FolderRules>>,
}

/// What one folder says.
#[derive(Clone, Copy, Debug, Default)]
struct FolderRules {
    /// It has a file `index.md`.
    is_bundle: bool,
    /// Pages in it and below have an address, or have none; none if it does not say.
    renders: Option<bool>,
}

impl HugoFolders {
    /// True if the file `below` in the folder of the site has no address of its own because of the folders that it is in.
    /// `says_itself`: its front matter says whether it has one.
    pub fn hide(&self, site: &Path, below: &Path, says_itself: bool) -> bool {
        let stem = below.file_stem().unwrap_or_default();
        let (mut renders, mut is_first) = (None, true);
        for folder in below.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()) {
            let rules = self.rules(&site.join(folder));
            // The content folder itself is not a bundle, and above it there is none.
            let is_inside = folder.components().nth(1).is_some();
            if rules.is_bundle && is_inside && !(is_first && (stem == "index" || stem == "_index")) {
                return true;
            }
            renders = renders.or(rules.renders);
            is_first = false;
        }
        renders == Some(false) && !says_itself
    }

    fn rules(&self, folder: &Path) -> FolderRules {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rules) = known.get(folder) {
            return *rules;
        }
        let rules = FolderRules {
            is_bundle: folder.join("index.md").is_file(),
            renders: read_text(&folder.join("_index.md"), None).ok().and_then(|text| {
                let mut parts = front_matter::split(&text);
                renders_below(&parts.read().map)
            }),
        };
        known.insert(folder.to_owned(), rules);
        rules
    }
}

/// What `cascade` in the front matter of a folder says of the pages below it.
fn renders_below(front: &Mapping) -> Option<bool> {
    let of = |value: &Value| {
        let build = ["build", "_build"].iter().find_map(|key| entry(value.as_mapping()?, key))?;
        Some(match entry(build.as_mapping()?, "render")? {
            Value::Bool(renders) => *renders,
            how => how.as_str() == Some("always"),
        })
    };
    match entry(front, "cascade")? {
        Value::Sequence(items) => items.iter().find_map(of),
        value => of(value),
    }
}
