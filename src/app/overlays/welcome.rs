//! Where articles can come from. It opens at the first start.

use super::behaviour::{Outcome, OverlayBehaviour, OverlayRequest, SessionParts};
use crate::app::action::Action;
use crate::app::overlay_cursor::OverlayCursor;
use crate::app::prompt_history::PromptKind;

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

/// The list of sources of articles.
#[derive(Clone, Copy, Debug, Default)]
pub struct Welcome {
    /// The selected row.
    pub cursor: OverlayCursor,
    /// Whether the program opened it, at the first start, over the built-in feed.
    pub is_first: bool,
}

impl OverlayBehaviour for Welcome {
    fn selection(&mut self, _: &SessionParts) -> Option<(&mut OverlayCursor, usize)> {
        Some((&mut self.cursor, ArticleSource::ALL.len()))
    }

    fn act(&mut self, action: Action, _: &SessionParts) -> Outcome {
        if action != Action::Open {
            return Outcome::Ignored;
        }
        Outcome::Close(vec![match ArticleSource::ALL.get(self.cursor.at) {
            Some(ArticleSource::Folder) => OverlayRequest::AskForPath(PromptKind::Folder),
            #[cfg(feature = "sync")]
            Some(ArticleSource::Import) => OverlayRequest::AskForPath(PromptKind::Import),
            #[cfg(feature = "sync")]
            Some(ArticleSource::Address) => OverlayRequest::RunCommand(Action::Subscribe.into()),
            #[cfg(feature = "sync")]
            Some(ArticleSource::Suggested) => OverlayRequest::PickChannels,
            None => return Outcome::close(),
        }])
    }
}
