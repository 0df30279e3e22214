//! The bookmark of the last session, until the session has returned to its article.

use super::bookmark::Bookmark;
use super::panes::Panes;
use super::scroll::ScrollPosition;
use crate::feed::{ArticleId, Feed};

/// The bookmark of the last session, until it is restored or given up.
#[derive(Debug, Default)]
pub struct RestoredSession {
    bookmark: Option<Bookmark>,
    /// The article of the bookmark, once the session has returned to it.
    landed_on: Option<ArticleId>,
}

impl RestoredSession {
    /// A session that returns to a bookmark.
    pub fn new(bookmark: Option<Bookmark>) -> RestoredSession {
        RestoredSession { bookmark, landed_on: None }
    }

    /// The bookmark, while the session has not returned to it.
    pub fn bookmark(&self) -> Option<&Bookmark> {
        self.bookmark.as_ref()
    }

    /// Returns to another scroll position of the article than that of the bookmark.
    pub fn continue_at(&mut self, scrolled: ScrollPosition) {
        self.bookmark.iter_mut().for_each(|bookmark| bookmark.scrolled = scrolled);
    }

    /// Whether the session has returned to an article.
    pub fn has_landed_on(&self, id: ArticleId) -> bool {
        self.landed_on == Some(id)
    }

    /// Gives the bookmark up: the user pressed a key, or all articles are loaded and its article is not among them.
    pub fn end(&mut self) {
        self.bookmark = None;
    }

    /// Returns to the bookmark if its article has a row by now.
    pub fn land(&mut self, panes: &mut Panes, feed: &Feed) {
        let Some(bookmark) = &self.bookmark else { return };
        let row = bookmark.article.and_then(|id| feed.index_of(id)).and_then(|index| panes.list().row_of(index, feed));
        // The bookmark stays: the article may get its row with more files or after the rules.
        let Some(row) = row else { return };
        panes.return_to(row, bookmark, feed);
        self.landed_on = self.bookmark.take().and_then(|bookmark| bookmark.article);
    }

    /// The article of the bookmark, if the session is still returning to it, or has returned and it is still `selected`.
    pub fn article(&self, selected: Option<ArticleId>) -> Option<ArticleId> {
        let awaited = self.bookmark.as_ref().and_then(|bookmark| bookmark.article);
        awaited.or(self.landed_on.filter(|_| selected == self.landed_on))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_article_of_the_bookmark_is_known_until_the_user_leaves_it() {
        let (id, other) = (Some(ArticleId::of_number(7)), Some(ArticleId::of_number(8)));
        let mut restored = RestoredSession::new(Some(Bookmark { article: id, ..Bookmark::default() }));
        assert_eq!((restored.article(None), restored.article(other)), (id, id), "not restored yet");
        restored.land(&mut Panes::default(), &Feed::default());
        assert_eq!(restored.article(other), id, "it has no row yet");
        let mut ended = RestoredSession::new(Some(Bookmark { article: id, ..Bookmark::default() }));
        ended.end();
        assert_eq!((ended.bookmark(), ended.article(id)), (None, None), "a key was pressed first");
    }
}
