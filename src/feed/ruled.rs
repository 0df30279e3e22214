//! What rules say of articles: the lowest layer of the marks, which holds where the reader has said nothing himself.

use rustc_hash::FxHashMap;

use super::article::ArticleId;

/// What rules say of an article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// It is not to be seen.
    pub hidden: bool,
    /// It counts as read.
    pub read: bool,
    /// It has a star.
    pub starred: bool,
    /// The sum of what rules add and take away.
    pub score: i32,
}

/// What rules say of all articles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ruled {
    said: FxHashMap<ArticleId, Said>,
    /// Wanted by every search.
    hidden: Vec<ArticleId>,
}

impl Ruled {
    /// What is said of these articles; nothing of others.
    pub fn new(said: FxHashMap<ArticleId, Said>) -> Ruled {
        let mut hidden: Vec<ArticleId> = said.iter().filter(|(_, said)| said.hidden).map(|(id, _)| *id).collect();
        hidden.sort_unstable();
        Ruled { said, hidden }
    }

    /// What is said of an article.
    pub fn of(&self, id: ArticleId) -> Said {
        self.said.get(&id).copied().unwrap_or_default()
    }

    /// The articles that are hidden.
    pub fn hidden(&self) -> impl Iterator<Item = ArticleId> {
        self.hidden.iter().copied()
    }

    /// The articles that count as read.
    pub fn read(&self) -> impl Iterator<Item = ArticleId> {
        self.said.iter().filter(|(_, said)| said.read).map(|(id, _)| *id)
    }
}
