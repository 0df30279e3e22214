//! The article that is open, and when it counts as read.

use chrono::{DateTime, Utc};

use crate::config::ReadWhen;
use crate::feed::ArticleId;

/// The open article, and since when it is open.
#[derive(Debug, Default)]
pub struct OpenArticle {
    open: Option<(ArticleId, DateTime<Utc>)>,
}

impl OpenArticle {
    /// Opens an article. Returns it if it counts as read by that.
    pub fn open(&mut self, id: ArticleId, at: DateTime<Utc>, read_when: ReadWhen) -> Option<ArticleId> {
        self.open = Some((id, at));
        Some(id).filter(|_| read_when == ReadWhen::Opened)
    }

    /// Leaves the article. Returns it if it counts as read by that.
    pub fn leave(&mut self, read_when: ReadWhen) -> Option<ArticleId> {
        self.open.take().filter(|_| read_when == ReadWhen::Left).map(|(id, _)| id)
    }

    /// The article that is open.
    pub fn article(&self) -> Option<ArticleId> {
        self.open.map(|(id, _)| id)
    }

    /// When the article will count as read, by the time that it is open.
    pub fn due(&self, read_when: ReadWhen) -> Option<DateTime<Utc>> {
        let ReadWhen::After(time) = read_when else { return None };
        self.open.and_then(|(_, since)| since.checked_add_signed(time))
    }

    /// Takes the article if it counts as read by now.
    pub fn take_due(&mut self, now: DateTime<Utc>, read_when: ReadWhen) -> Option<ArticleId> {
        self.due(read_when).filter(|due| *due <= now)?;
        self.open.take().map(|(id, _)| id)
    }
}
