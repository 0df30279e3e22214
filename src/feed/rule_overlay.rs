//! What rules say of articles: the lowest layer of the marks, which holds where the reader has said nothing himself.

use rustc_hash::FxHashMap;

use super::article::ArticleId;

/// What rules say of an article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuleFlags {
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
pub struct RuleOverlay {
    said: FxHashMap<ArticleId, RuleFlags>,
    /// Wanted by every search.
    hidden: Vec<ArticleId>,
    /// Wanted with every answer of the rules. Both are sorted.
    read: Vec<ArticleId>,
}

impl RuleOverlay {
    /// What is said of these articles; nothing of others.
    pub fn new(said: FxHashMap<ArticleId, RuleFlags>) -> RuleOverlay {
        let sorted = |is: fn(&RuleFlags) -> bool| {
            let mut ids: Vec<ArticleId> = said.iter().filter(|(_, said)| is(said)).map(|(id, _)| *id).collect();
            ids.sort_unstable();
            ids
        };
        let (hidden, read) = (sorted(|said| said.hidden), sorted(|said| said.read));
        RuleOverlay { said, hidden, read }
    }

    /// What is said of an article.
    pub fn of(&self, id: ArticleId) -> RuleFlags {
        self.said.get(&id).copied().unwrap_or_default()
    }

    /// The articles that are hidden.
    pub fn hidden(&self) -> impl Iterator<Item = ArticleId> {
        self.hidden.iter().copied()
    }

    /// The articles that count as read.
    pub fn read(&self) -> impl Iterator<Item = ArticleId> {
        self.read.iter().copied()
    }

    /// The articles of which only one of two says that they count as read.
    pub fn read_otherwise(&self, other: &RuleOverlay) -> Vec<ArticleId> {
        let (mut one, mut two) = (self.read().peekable(), other.read().peekable());
        let mut either = Vec::new();
        loop {
            either.extend(match (one.peek().copied(), two.peek().copied()) {
                (None, None) => return either,
                (Some(a), Some(b)) if a == b => {
                    one.next();
                    two.next();
                    None
                }
                (Some(a), b) if b.is_none_or(|b| a < b) => one.next(),
                _ => two.next(),
            });
        }
    }
}
