//! Places of our own files, by the XDG base directory specification.

use std::path::PathBuf;

/// The folders of this user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserPaths {
    /// The home folder.
    pub home: Option<PathBuf>,
    /// The settings, unless another file is named.
    pub config_file: PathBuf,
    /// Articles that are read when nothing else is named.
    pub articles: PathBuf,
    /// The marks, unless the settings name another folder.
    pub marks: PathBuf,
    /// What belongs to this machine alone: the name of the device, and where the reader was.
    pub state: PathBuf,
    /// What may be deleted at any time: snapshots of libraries.
    pub snapshots: PathBuf,
}

impl UserPaths {
    /// Finds them; none when the user has no home and the variables do not name all of them. What is relative would be another
    /// folder wherever the program is started, and counts as not set.
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
            marks: data.join("marks"),
            state: folder("XDG_STATE_HOME", ".local/state")?,
            snapshots: folder("XDG_CACHE_HOME", ".cache")?.join("snapshots"),
            home,
        })
    }
}
