//! The session that is restored: where the reader was, until the article is there again.

use super::bookmark::Bookmark;
use super::panes::Panes;
use crate::feed::{ArticleId, Feed};

/// The bookmark of the last session, until the reader is back there.
#[derive(Debug, Default)]
pub struct RestoredSession {
    bookmark: Option<Bookmark>,
    /// The article that the reader is back at.
    landed_on: Option<ArticleId>,
}

impl RestoredSession {
    /// A session that goes back to a bookmark.
    pub fn new(bookmark: Option<Bookmark>) -> RestoredSession {
        RestoredSession { bookmark, landed_on: None }
    }

    /// Where the reader was, as long as the session is not back there.
    pub fn bookmark(&self) -> Option<&Bookmark> {
        self.bookmark.as_ref()
    }

    /// Ends it: the reader presses a key, or all articles are there and that one is not.
    pub fn end(&mut self) {
        self.bookmark = None;
    }

    /// Goes back to where the reader was, if the article has a row by now.
    pub fn land(&mut self, panes: &mut Panes, feed: &Feed) {
        let Some(bookmark) = &self.bookmark else { return };
        let row = bookmark.article.and_then(|id| feed.index_of(id)).and_then(|index| panes.list().row_of(index, feed));
        let Some(row) = row else { return };
        panes.return_to(row, bookmark, feed);
        self.landed_on = self.bookmark.take().and_then(|bookmark| bookmark.article);
    }

    /// The article that was open when the last session ended, if the session is on its way back to it or still there.
    pub fn article(&self, selected: Option<ArticleId>) -> Option<ArticleId> {
        let awaited = self.bookmark.as_ref().and_then(|bookmark| bookmark.article);
        awaited.or(self.landed_on.filter(|_| selected == self.landed_on))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_article_of_the_last_session_is_known_until_the_reader_goes_elsewhere() {
        let (id, other) = (Some(ArticleId::of_number(7)), Some(ArticleId::of_number(8)));
        let mut restored = RestoredSession::new(Some(Bookmark { article: id, ..Bookmark::default() }));
        assert_eq!((restored.article(None), restored.article(other)), (id, id), "on the way");
        restored.land(&mut Panes::default(), &Feed::default());
        assert_eq!(restored.article(other), id, "it has no row yet");
        let mut ended = RestoredSession::new(Some(Bookmark { article: id, ..Bookmark::default() }));
        ended.end();
        assert_eq!((ended.bookmark(), ended.article(id)), (None, None), "a key was pressed first");
    }
}
