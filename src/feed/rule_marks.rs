//! The results of the user's rules for each article. They lie below the marks: a field that the user set wins.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::article::ArticleId;
use super::tag::Tag;

/// The combined result of all rules for one article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuleFlags {
    /// A rule hides it.
    pub hidden: bool,
    /// A rule marks it read.
    pub read: bool,
    /// A rule stars it.
    pub starred: bool,
    /// Sum of the scores that rules give it; negative scores subtract.
    pub score: i32,
}

/// The results of all rules for all articles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleMarks {
    flags: FxHashMap<ArticleId, RuleFlags>,
    /// The hidden articles, sorted. Every search needs them.
    hidden: Vec<ArticleId>,
    /// The articles marked read, sorted. Each new value is compared with the one before, see [`RuleMarks::read_differing`].
    read: Vec<ArticleId>,
    /// The tags that rules add. Articles of the same rules share a list.
    tags: FxHashMap<ArticleId, Arc<[Tag]>>,
}

impl RuleMarks {
    /// Collects these flags. Articles that are not in the map have none.
    pub fn new(flags: FxHashMap<ArticleId, RuleFlags>) -> RuleMarks {
        let sorted = |is: fn(&RuleFlags) -> bool| {
            let mut ids: Vec<ArticleId> = flags.iter().filter(|(_, flags)| is(flags)).map(|(id, _)| *id).collect();
            ids.sort_unstable();
            ids
        };
        let (hidden, read) = (sorted(|flags| flags.hidden), sorted(|flags| flags.read));
        RuleMarks { flags, hidden, read, tags: FxHashMap::default() }
    }

    /// The same with these tags. Articles that are not named have none.
    pub fn with_tags(self, tags: impl IntoIterator<Item = (ArticleId, Arc<[Tag]>)>) -> RuleMarks {
        RuleMarks { tags: tags.into_iter().collect(), ..self }
    }

    /// The tags that rules add to an article.
    pub fn tags(&self, id: ArticleId) -> &[Tag] {
        self.tags.get(&id).map(|tags| &**tags).unwrap_or_default()
    }

    /// The articles that rules tag, in no particular order.
    pub fn tagged(&self) -> impl Iterator<Item = ArticleId> {
        self.tags.keys().copied()
    }

    /// The result for an article.
    pub fn of(&self, id: ArticleId) -> RuleFlags {
        self.flags.get(&id).copied().unwrap_or_default()
    }

    /// The articles that rules hide, sorted by id.
    pub fn hidden(&self) -> impl Iterator<Item = ArticleId> {
        self.hidden.iter().copied()
    }

    /// The articles that rules mark read, sorted by id.
    pub fn read(&self) -> impl Iterator<Item = ArticleId> {
        self.read.iter().copied()
    }

    /// The articles that rules star, in no particular order.
    pub fn starred(&self) -> impl Iterator<Item = ArticleId> {
        self.flags.iter().filter(|(_, flags)| flags.starred).map(|(id, _)| *id)
    }

    /// The articles that exactly one of the two marks read, sorted by id.
    pub fn read_differing(&self, other: &RuleMarks) -> Vec<ArticleId> {
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
