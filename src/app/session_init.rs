//! What a session starts from.

use super::bookmark::Bookmark;
use super::theme_choice::PickedTheme;
use super::user_config::UserConfig;
use crate::config::themes::ColourDepth;
use crate::feed::{DeviceId, SafeText};
use crate::query::Query;

/// What a session starts from.
#[derive(Clone, Debug, Default)]
pub struct SessionInit {
    /// The name of what is read.
    pub library: SafeText,
    /// The query that the list starts with.
    pub query: Query,
    /// What the user's own files say.
    pub user: UserConfig,
    /// A hint for a reader who has not said what to read; shown until the first key.
    pub welcome: Option<SafeText>,
    /// The device on which marks are made.
    pub device: DeviceId,
    /// Whether the arrival of articles is recorded.
    pub records_arrivals: bool,
    /// Whether the library is opened for the first time: its articles are not new then.
    pub is_first_visit: bool,
    /// Whether similar articles are looked for.
    pub finds_similar: bool,
    /// Where the reader was the last time.
    pub bookmark: Option<Bookmark>,
    /// The colours that the screen can show.
    pub colours: ColourDepth,
    /// The theme that the reader picked in an earlier session.
    pub picked: Option<PickedTheme>,
}
