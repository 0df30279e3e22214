//! Finds the settings of the site that a folder belongs to: in the folder itself, and upwards to the root of its repository.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::folder_site::{Site, SiteBase};
use super::settings_file::SettingsFile;
use crate::feed::Problem;

/// How many folders above the library's folder are searched.
const MAX_LEVELS: usize = 5;

/// Names of settings files, the first that exists counts. Those behind are files whose settings replace those of the first.
const NAMES: [(&str, &[&str]); 26] = [
    ("hugo.toml", &[]),
    ("hugo.yaml", &[]),
    ("hugo.yml", &[]),
    ("hugo.json", &[]),
    ("zola.toml", &[]),
    ("config.toml", &[]),
    ("config.yaml", &[]),
    ("config.yml", &[]),
    ("config.json", &[]),
    ("config/_default/hugo.toml", HUGO_PARTS),
    ("config/_default/hugo.yaml", HUGO_PARTS),
    ("config/_default/hugo.yml", HUGO_PARTS),
    ("config/_default/hugo.json", HUGO_PARTS),
    ("config/_default/config.toml", HUGO_PARTS),
    ("config/_default/config.yaml", HUGO_PARTS),
    ("config/_default/config.yml", HUGO_PARTS),
    ("config/_default/config.json", HUGO_PARTS),
    ("_config.yml", &[]),
    ("_config.yaml", &[]),
    ("docusaurus.config.js", &[]),
    ("docusaurus.config.ts", &[]),
    ("docusaurus.config.mjs", &[]),
    ("docusaurus.config.cjs", &[]),
    ("pelicanconf.py", &["publishconf.py"]),
    ("mkdocs.yml", &[]),
    ("mkdocs.yaml", &[]),
];

/// Files with parts of the settings of Hugo. A part such as `permalinks.toml` has what is below the key `permalinks`.
const HUGO_PARTS: &[&str] = &[
    "config/_default/permalinks.toml",
    "config/_default/permalinks.yaml",
    "config/_default/languages.toml",
    "config/_default/languages.yaml",
    "config/_default/module.toml",
    "config/_default/module.yaml",
    "config/production/hugo.toml",
    "config/production/hugo.yaml",
    "config/production/config.toml",
    "config/production/config.yaml",
];

/// The site that a folder belongs to, and the problems of files that would be its settings but cannot be read. `root` is the folder,
/// or the folder of a file, as a path without links.
pub fn find(root: &Path) -> (Option<Site>, Vec<Problem>) {
    let mut problems = Vec::new();
    let owner = std::fs::metadata(root).map_or(0, |root| root.uid());
    for folder in root.ancestors().take(MAX_LEVELS + 1) {
        for (name, parts) in NAMES {
            let file = match SettingsFile::read(&folder.join(name), owner) {
                None => continue,
                Some(Ok(file)) => file,
                // `config.toml` may be of any program.
                Some(Err(_)) if name.starts_with("config.") => continue,
                Some(Err(problem)) => {
                    problems.push(problem);
                    return (None, problems);
                }
            };
            let mut others = Vec::new();
            for part in parts {
                match SettingsFile::read(&folder.join(part), owner) {
                    None => {}
                    Some(Ok(other)) => others.push(as_part(other)),
                    Some(Err(problem)) => problems.push(problem),
                }
            }
            let prefix = root.strip_prefix(folder).map(Path::to_owned).unwrap_or_default();
            if let Some(mut site) = Site::new(file, &others, prefix) {
                site.problems.append(&mut problems);
                return (Some(site), Vec::new());
            }
        }
        if folder.join(".git").exists() {
            break;
        }
    }
    (None, problems)
}

/// The site of a folder for which the user's settings give an address.
pub fn with_own_base(found: Option<Site>, base: &SiteBase) -> Site {
    let mut site = found.unwrap_or_default();
    site.set_base(base.clone());
    site
}

/// A file with a part of the settings, as settings.
fn as_part(mut file: SettingsFile) -> SettingsFile {
    let stem = file.path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    if ["permalinks", "languages", "module"].contains(&stem) {
        let whole = std::mem::take(&mut file.map.0);
        file.map.0.insert(stem.into(), serde_yaml::Value::Mapping(whole));
    }
    file
}

/// The paths of the settings files that were read for a site.
pub fn watched(site: &Site) -> Vec<PathBuf> {
    site.file.iter().cloned().collect()
}
