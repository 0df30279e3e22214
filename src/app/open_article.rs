//! The open article, and when it counts as read.

use chrono::{DateTime, Utc};

use super::reading_places::ReadingPlaces;
use crate::config::ReadWhen;
use crate::feed::ArticleId;

/// The open article and when it was opened. The setting `read` decides when it counts as read.
#[derive(Debug, Default)]
pub struct OpenArticle {
    /// Where the user stops reading.
    pub places: ReadingPlaces,
    open: Option<(ArticleId, DateTime<Utc>)>,
}

impl OpenArticle {
    /// Opens an article. Returns it if opening counts as reading.
    pub fn open(&mut self, id: ArticleId, at: DateTime<Utc>, read_when: ReadWhen) -> Option<ArticleId> {
        self.open = Some((id, at));
        Some(id).filter(|_| read_when == ReadWhen::Opened)
    }

    /// Closes the open article. Returns it if leaving counts as reading.
    pub fn leave(&mut self, read_when: ReadWhen) -> Option<ArticleId> {
        self.open.take().filter(|_| read_when == ReadWhen::Left).map(|(id, _)| id)
    }

    /// The open article.
    pub fn article(&self) -> Option<ArticleId> {
        self.open.map(|(id, _)| id)
    }

    /// When the open article will count as read, if the setting is a time.
    pub fn due(&self, read_when: ReadWhen) -> Option<DateTime<Utc>> {
        let ReadWhen::After(time) = read_when else { return None };
        // A very long time in the settings may end after the last date that chrono can represent: then it is never due.
        self.open.and_then(|(_, since)| since.checked_add_signed(time))
    }

    /// Returns the open article, once, if its time to count as read has come.
    pub fn take_if_due(&mut self, now: DateTime<Utc>, read_when: ReadWhen) -> Option<ArticleId> {
        self.due(read_when).filter(|due| *due <= now)?;
        self.open.take().map(|(id, _)| id)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn the_setting_decides_when_an_article_counts_as_read() {
        let (id, start) = (ArticleId::of_number(7), DateTime::UNIX_EPOCH);
        let minute = TimeDelta::minutes(1);
        for (read_when, opened, due, left) in [
            (ReadWhen::Opened, Some(id), None, None),
            (ReadWhen::Left, None, None, Some(id)),
            (ReadWhen::After(minute), None, Some(start + minute), None),
            (ReadWhen::Never, None, None, None),
        ] {
            let mut open = OpenArticle::default();
            assert_eq!(open.open(id, start, read_when), opened, "{read_when:?}");
            assert_eq!(open.due(read_when), due, "{read_when:?}");
            assert_eq!(open.take_if_due(start, read_when), None, "{read_when:?}: not yet");
            assert_eq!(open.leave(read_when), left, "{read_when:?}");
            assert_eq!((open.article(), open.leave(read_when)), (None, None), "{read_when:?}: it was left");
        }
    }

    #[test]
    fn an_article_is_due_once() {
        let (id, start, read_when) =
            (ArticleId::of_number(7), DateTime::UNIX_EPOCH, ReadWhen::After(TimeDelta::zero()));
        let mut open = OpenArticle::default();
        open.open(id, start, read_when);
        assert_eq!(open.take_if_due(start, read_when), Some(id));
        assert_eq!(open.take_if_due(start, read_when), None);
    }
}
