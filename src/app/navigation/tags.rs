//! The tags of the navigation pane, with the unread articles of each.

use std::collections::{BTreeMap, HashMap};

use crate::feed::{Feed, Marks, SafeText, Tag, marks, tags};
use crate::jobs::article_groups::UnreadCounts;
use crate::query::fold;

/// The tags that articles of the feed have. Names that fold to the same text are one, as a query cannot tell them apart. A mark costs
/// what its article has in tags, and not what the library has.
#[derive(Clone, Debug, Default)]
pub struct TagEntries {
    /// All tags since the feed was loaded; a tag keeps its index when its last article loses it.
    groups: Vec<TagGroup>,
    /// The index of a folded name.
    numbers: BTreeMap<String, usize>,
    /// The articles that have tags.
    articles: HashMap<usize, TaggedArticle>,
}

/// A tag.
#[derive(Clone, Debug)]
struct TagGroup {
    name: SafeText,
    key: String,
    /// Number of articles, and of unread ones.
    all: usize,
    unread: usize,
}

/// An article with tags.
#[derive(Clone, Debug, PartialEq, Eq)]
struct TaggedArticle {
    is_unread: bool,
    groups: Vec<usize>,
}

impl TagEntries {
    /// The indices of the tags that articles have, by name.
    pub fn listed(&self) -> Vec<usize> {
        let has_articles = |at: &usize| self.groups.get(*at).is_some_and(|group| group.all > 0);
        self.numbers.values().copied().filter(has_articles).collect()
    }

    /// The name of a tag, as it is first spelt.
    pub fn name(&self, at: usize) -> SafeText {
        self.groups.get(at).map(|group| group.name.clone()).unwrap_or_default()
    }

    /// The folded name of a tag.
    pub fn key(&self, at: usize) -> &str {
        self.groups.get(at).map(|group| group.key.as_str()).unwrap_or_default()
    }

    /// Number of unread articles with a tag.
    pub fn unread(&self, at: usize) -> usize {
        self.groups.get(at).map_or(0, |group| group.unread)
    }

    /// Whether an article has a tag.
    pub fn contains(&self, index: usize, at: usize) -> bool {
        self.articles.get(&index).is_some_and(|article| article.groups.contains(&at))
    }

    /// All articles of a feed that have tags. The indices of tags are others than before.
    pub fn of(counts: &UnreadCounts, feed: &Feed, marks: &Marks) -> TagEntries {
        let mut entries = TagEntries::default();
        for index in marks::tagged(marks).filter_map(|id| feed.index_of(id)) {
            entries.put(index, counts, feed, marks);
        }
        entries
    }

    /// Counts an article again after its marks have changed. True if other tags are to be listed.
    pub fn update(&mut self, index: usize, counts: &UnreadCounts, feed: &Feed, marks: &Marks) -> bool {
        let before = self.articles.remove(&index);
        for at in before.iter().flat_map(|article| &article.groups) {
            if let Some(group) = self.groups.get_mut(*at) {
                group.all = group.all.saturating_sub(1);
                group.unread =
                    group.unread.saturating_sub(usize::from(before.as_ref().is_some_and(|one| one.is_unread)));
            }
        }
        self.put(index, counts, feed, marks);
        let groups =
            |article: Option<&TaggedArticle>| article.map(|article| article.groups.clone()).unwrap_or_default();
        let now = groups(self.articles.get(&index));
        let is_first_or_last = |at: &usize| self.groups.get(*at).is_some_and(|group| group.all <= 1);
        let was = groups(before.as_ref());
        was.iter().chain(&now).any(|at| was.contains(at) != now.contains(at) && is_first_or_last(at))
    }

    fn put(&mut self, index: usize, counts: &UnreadCounts, feed: &Feed, marks: &Marks) {
        let Some(id) = feed.id(index) else { return };
        let is_unread = counts.is_unread(index);
        let mut groups = Vec::new();
        for tag in tags::of(marks, id) {
            let at = self.number_of(&tag);
            // Two tags of an article may fold to the same text.
            if !groups.contains(&at) {
                groups.push(at);
            }
        }
        for at in &groups {
            if let Some(group) = self.groups.get_mut(*at) {
                group.all = group.all.saturating_add(1);
                group.unread = group.unread.saturating_add(usize::from(is_unread));
            }
        }
        if !groups.is_empty() {
            self.articles.insert(index, TaggedArticle { is_unread, groups });
        }
    }

    fn number_of(&mut self, tag: &Tag) -> usize {
        let key = fold(tag.shown().as_str());
        if let Some(at) = self.numbers.get(&key) {
            return *at;
        }
        let at = self.groups.len();
        self.groups.push(TagGroup { name: tag.shown().clone(), key: key.clone(), all: 0, unread: 0 });
        self.numbers.insert(key, at);
        at
    }
}
