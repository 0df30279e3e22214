//! The values that a session starts with.

use std::path::PathBuf;

use super::bookmark::Bookmark;
use super::theme_choice::PickedTheme;
use super::user_config::UserConfig;
use crate::config::themes::ColourDepth;
use crate::feed::{DeviceId, SafeText};
use crate::jobs::similarity_index::IndexStore;
use crate::query::Query;

/// The values that a session starts with.
#[derive(Clone, Debug, Default)]
pub struct SessionInit {
    /// The name of the library, for the title of the list.
    pub library: SafeText,
    /// The query of the list at the start.
    pub query: Query,
    /// The settings and saved searches of the user.
    pub user: UserConfig,
    /// A hint for a user who has not configured a library; shown until the first key.
    pub welcome: Option<SafeText>,
    /// The file of the subscriptions.
    pub subscriptions_file: PathBuf,
    /// The device that new marks are stamped with.
    pub device: DeviceId,
    /// Whether times of arrival of articles are recorded.
    pub records_arrivals: bool,
    /// Whether the library is opened for the first time. Then its articles are not new.
    pub is_first_visit: bool,
    /// Whether the session begins with the sources of articles, for a user who has none yet.
    pub opens_welcome: bool,
    /// Lists of subscriptions of other programs on this machine, which the prompt for an import offers.
    pub importable: Vec<String>,
    /// Where the index of similar articles is saved; `None` if they are not looked up.
    pub similar: Option<IndexStore>,
    /// The bookmark of the last session.
    pub bookmark: Option<Bookmark>,
    /// The colours that the terminal can show.
    pub colours: ColourDepth,
    /// The folder of fetched pictures, if there is a place for them.
    pub picture_cache: Option<PathBuf>,
    /// The theme that the user picked in an earlier session.
    pub picked: Option<PickedTheme>,
}
