//! Paths of frontpage's own files, by the XDG base directory specification.

use std::path::{Path, PathBuf};

/// The folder of downloads unless the settings name another: `~/Downloads/frontpage`. `None` without a home folder.
pub fn default_downloads() -> Option<PathBuf> {
    let home = etcetera::home_dir().ok().filter(|home| home.is_absolute());
    home.map(|home| home.join("Downloads/frontpage"))
}

/// The paths for this user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserPaths {
    /// The home folder, if there is one.
    pub home: Option<PathBuf>,
    /// The settings file, unless `--config` names another.
    pub config_file: PathBuf,
    /// The default library.
    pub articles: PathBuf,
    /// The full texts of articles.
    pub full_texts: PathBuf,
    /// The folder of the marks, unless the settings name another.
    pub marks: PathBuf,
    /// State of this machine only: the device name, and where the user stopped reading.
    pub state: PathBuf,
    /// Snapshots of libraries. They can be deleted at any time.
    pub snapshots: PathBuf,
    /// Fetched pictures. They can be deleted at any time.
    pub pictures: PathBuf,
}

/// The home folder, unless its path is relative or unknown.
pub fn home() -> Option<PathBuf> {
    etcetera::home_dir().ok().filter(|home| home.is_absolute())
}

/// A path that the user wrote, with a `~` at its start replaced by the home folder.
pub fn with_home(typed: &Path, home: Option<&Path>) -> PathBuf {
    match (typed.strip_prefix("~"), home) {
        (Ok(below), Some(home)) => home.join(below),
        _ => typed.to_owned(),
    }
}

impl UserPaths {
    /// Finds the paths. `None` if there is no home folder and the XDG variables do not give all paths. Relative paths in
    /// variables are ignored, as the specification requires: they would name another folder in each working directory.
    pub fn find() -> Option<UserPaths> {
        let home = home();
        let folder = |variable: &str, below: &str| {
            let named = std::env::var_os(variable).map(PathBuf::from).filter(|folder| folder.is_absolute());
            Some(named.or_else(|| Some(home.as_ref()?.join(below)))?.join("frontpage"))
        };
        let cache = folder("XDG_CACHE_HOME", ".cache")?;
        let data = folder("XDG_DATA_HOME", ".local/share")?;
        Some(UserPaths {
            config_file: folder("XDG_CONFIG_HOME", ".config")?.join("config.yaml"),
            articles: data.join("articles"),
            full_texts: data.join("full-text"),
            marks: data.join("marks"),
            state: folder("XDG_STATE_HOME", ".local/state")?,
            snapshots: cache.join("snapshots"),
            pictures: cache.join("pictures"),
            home,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_tilde_that_is_a_whole_name_at_the_start_is_the_home() {
        let home = Path::new("/home/a");
        for (typed, path) in [
            ("~", "/home/a"),
            ("~/b.md", "/home/a/b.md"),
            ("~//b/", "/home/a/b"),
            ("~b/c", "~b/c"),
            ("b/~/c", "b/~/c"),
            ("/~", "/~"),
            ("", ""),
        ] {
            assert_eq!(with_home(Path::new(typed), Some(home)), Path::new(path), "{typed}");
        }
        assert_eq!(with_home(Path::new("~/b"), None), Path::new("~/b"));
    }
}
