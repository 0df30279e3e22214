//! Marks: what the reader did with an article, kept apart from the article.

use std::collections::HashSet;

use super::article::ArticleId;

/// What was read, by [`ArticleId`], in this session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks {
    read: HashSet<ArticleId>,
}

impl Marks {
    /// True when the article was read.
    pub fn is_read(&self, id: ArticleId) -> bool {
        self.read.contains(&id)
    }

    /// Marks an article read or unread.
    pub fn set_read(&mut self, id: ArticleId, read: bool) {
        if read {
            self.read.insert(id);
        } else {
            self.read.remove(&id);
        }
    }
}
