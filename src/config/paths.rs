//! Places of our own files, by the XDG base directory specification.

use std::path::PathBuf;

use etcetera::BaseStrategy;

/// The folders of this user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The home folder.
    pub home: PathBuf,
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

impl Places {
    /// Finds them; none when the user has no home.
    pub fn find() -> Option<Places> {
        let base = etcetera::base_strategy::Xdg::new().ok()?;
        Some(Places {
            snapshots: base.cache_dir().join("frontpage").join("snapshots"),
            home: base.home_dir().to_owned(),
            config_file: base.config_dir().join("frontpage").join("config.yaml"),
            articles: base.data_dir().join("frontpage").join("articles"),
            marks: base.data_dir().join("frontpage").join("marks"),
            state: base.state_dir().unwrap_or_else(|| base.data_dir()).join("frontpage"),
        })
    }
}
