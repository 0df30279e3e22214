//! The overlay of the first start: where articles can come from.

use super::Overlay;
use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use super::prompt::PromptState;
#[cfg(feature = "sync")]
use super::{channel_picker::ChannelPicker, palette::Palette};
use crate::app::action::Action;
use crate::app::overlay_cursor::OverlayCursor;
use crate::app::prompt_history::PromptKind;
use crate::query::Query;

/// A source of articles that the user can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArticleSource {
    /// A folder of Markdown files.
    Folder,
    /// A list of subscriptions from another program.
    #[cfg(feature = "sync")]
    Import,
    /// The address of a channel.
    #[cfg(feature = "sync")]
    Address,
    /// The list of suggested channels.
    #[cfg(feature = "sync")]
    Suggested,
}

impl ArticleSource {
    /// All sources, in the order of the rows.
    pub const ALL: &[ArticleSource] = &[
        ArticleSource::Folder,
        #[cfg(feature = "sync")]
        ArticleSource::Import,
        #[cfg(feature = "sync")]
        ArticleSource::Address,
        #[cfg(feature = "sync")]
        ArticleSource::Suggested,
    ];

    /// What the choice does, and a sentence about it.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            ArticleSource::Folder => ("Open a folder", "of Markdown files: a blog, notes, a documentation"),
            #[cfg(feature = "sync")]
            ArticleSource::Import => ("Import subscriptions", "from OPML, or from the file urls of newsboat"),
            #[cfg(feature = "sync")]
            ArticleSource::Address => ("Subscribe to an address", "of a site or a channel: RSS, Atom, JSON Feed"),
            #[cfg(feature = "sync")]
            ArticleSource::Suggested => ("Pick from a list of channels", "on science, mathematics and computing"),
        }
    }
}

/// The overlay of the first start.
#[derive(Clone, Copy, Debug, Default)]
pub struct Welcome {
    /// The selected row.
    pub cursor: OverlayCursor,
}

/// A prompt for a path, with the last one of its history.
fn ask_for_path(kind: PromptKind, session: &SessionParts) -> PromptState {
    let last = session.history.of(kind).last().map_or("", String::as_str);
    PromptState::new(kind, last, Query::default(), None)
}

impl OverlayBehaviour for Welcome {
    fn selection(&mut self, _: &SessionParts) -> Option<(&mut OverlayCursor, usize)> {
        Some((&mut self.cursor, ArticleSource::ALL.len()))
    }

    fn act(&mut self, action: Action, session: &SessionParts) -> Outcome {
        if action != Action::Open {
            return Outcome::Ignored;
        }
        let overlay: Overlay = match ArticleSource::ALL.get(self.cursor.at) {
            Some(ArticleSource::Folder) => ask_for_path(PromptKind::Folder, session).into(),
            #[cfg(feature = "sync")]
            Some(ArticleSource::Import) => ask_for_path(PromptKind::Import, session).into(),
            #[cfg(feature = "sync")]
            Some(ArticleSource::Address) => Palette::typed("subscribe ", session).into(),
            #[cfg(feature = "sync")]
            Some(ArticleSource::Suggested) => ChannelPicker::open().into(),
            None => return Outcome::close(),
        };
        Outcome::Close(vec![OverlayRequest::OpenOverlay(overlay)])
    }
}
