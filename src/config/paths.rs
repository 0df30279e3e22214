//! Paths of frontpage's own files, by the XDG base directory specification.

use std::path::PathBuf;

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
}

impl UserPaths {
    /// Finds the paths. `None` if there is no home folder and the XDG variables do not give all paths. Relative paths in
    /// variables are ignored, as the specification requires: they would name another folder in each working directory.
    pub fn find() -> Option<UserPaths> {
        let home = etcetera::home_dir().ok().filter(|home| home.is_absolute());
        let folder = |variable: &str, below: &str| {
            let named = std::env::var_os(variable).map(PathBuf::from).filter(|folder| folder.is_absolute());
            Some(named.or_else(|| Some(home.as_ref()?.join(below)))?.join("frontpage"))
        };
        let data = folder("XDG_DATA_HOME", ".local/share")?;
        Some(UserPaths {
            config_file: folder("XDG_CONFIG_HOME", ".config")?.join("config.yaml"),
            articles: data.join("articles"),
            full_texts: data.join("full-text"),
            marks: data.join("marks"),
            state: folder("XDG_STATE_HOME", ".local/state")?,
            snapshots: folder("XDG_CACHE_HOME", ".cache")?.join("snapshots"),
            home,
        })
    }
}
