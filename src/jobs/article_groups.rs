//! Groups the articles of a feed by provider, topic, folder and subscription, and counts the unread ones of each group.
//!
//! The groups of a feed never change. The counts do: [`UnreadCounts::update`] changes those of one article after a mark, so that
//! a key costs what the article has in groups, and not what the library has in articles.

use std::collections::BTreeMap;
use std::sync::Arc;

use fixedbitset::FixedBitSet;

use super::subscription_groups::{ListedAddresses, SubscriptionGroups};
use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::feed::{Feed, Folder, Marks, SafeText, clean, folders, marks};
use crate::query::{LabelGroups, SearchContext, fold};

/// How many articles are examined between two checks for a cancellation.
const CHECK_INTERVAL: usize = 1 << 12;

/// Providers or topics. Names that fold to the same text are one.
#[derive(Clone, Debug, Default)]
pub struct NamedGroups {
    groups: LabelGroups,
    /// The folded name of each.
    keys: Vec<String>,
}

impl NamedGroups {
    fn new(count: usize, name: impl Fn(usize) -> SafeText) -> NamedGroups {
        let groups = LabelGroups::new(count, name);
        let keys = groups.names.iter().map(|name| fold(name.as_str())).collect();
        NamedGroups { groups, keys }
    }

    /// Number of names.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are no names.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The name at an index, as it is first spelt.
    pub fn name(&self, at: usize) -> SafeText {
        self.groups.names.get(at).cloned().unwrap_or_default()
    }

    /// The folded name at an index.
    pub fn key(&self, at: usize) -> &str {
        self.keys.get(at).map(String::as_str).unwrap_or_default()
    }

    /// The index of a folded name.
    pub fn position(&self, key: &str) -> Option<usize> {
        self.keys.iter().position(|known| known == key)
    }
}

/// A folder with article files in it or below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderGroup {
    /// Its path, as queries name it.
    pub path: String,
    /// The last part of the path.
    pub name: SafeText,
    /// Number of folders around it.
    pub depth: usize,
    /// The index of the folder around it.
    parent: Option<usize>,
    /// True if each article in it and below it belongs to a subscription.
    pub is_of_subscriptions: bool,
}

/// The groups of all articles of a feed. The number of a group counts providers, topics, folders and subscriptions, in this order.
#[derive(Clone, Debug, Default)]
pub struct ArticleGroups {
    /// The providers.
    pub providers: NamedGroups,
    /// The topics.
    pub topics: NamedGroups,
    /// The folders, each before those below it.
    pub folders: Vec<FolderGroup>,
    /// The subscriptions that have articles.
    pub subscriptions: SubscriptionGroups,
    /// The index of the folder group of each folder number of the feed.
    folder_of: Vec<Option<usize>>,
}

impl ArticleGroups {
    /// The number of the provider at an index.
    pub fn of_provider(&self, at: usize) -> usize {
        at
    }

    /// The number of the topic at an index.
    pub fn of_topic(&self, at: usize) -> usize {
        self.providers.len() + at
    }

    /// The number of the folder at an index.
    pub fn of_folder(&self, at: usize) -> usize {
        self.of_topic(self.topics.len()) + at
    }

    /// The number of the subscription at an index.
    pub fn of_subscription(&self, at: usize) -> usize {
        self.of_folder(self.folders.len()) + at
    }

    /// Number of groups.
    pub fn count(&self) -> usize {
        self.of_subscription(self.subscriptions.all.len())
    }

    /// Calls `visit` once with the number of each group of an article of the feed that the groups were made from.
    pub fn for_each(&self, feed: &Feed, index: usize, visit: &mut dyn FnMut(usize)) {
        let provider = feed.header(index).and_then(|header| self.providers.groups.group_of(header.provider));
        provider.into_iter().for_each(&mut *visit);
        let topics = || feed.topic_numbers(index).filter_map(|topic| self.topics.groups.group_of(topic));
        for (at, topic) in topics().enumerate() {
            // Two spellings of a topic are one group. Articles have few topics.
            if !topics().take(at).any(|before| before == topic) {
                visit(self.of_topic(topic));
            }
        }
        let folder =
            folders::number_of(feed.columns(), index).and_then(|number| self.folder_of.get(number).copied().flatten());
        let around = |folder: &usize| self.folders.get(*folder).and_then(|folder| folder.parent);
        std::iter::successors(folder, around).for_each(|folder| visit(self.of_folder(folder)));
        self.subscriptions.of_article(index).into_iter().for_each(|at| visit(self.of_subscription(at)));
    }

    /// Whether an article is in a group.
    pub fn contains(&self, feed: &Feed, index: usize, group: usize) -> bool {
        let mut is_in = false;
        self.for_each(feed, index, &mut |number| is_in |= number == group);
        is_in
    }
}

/// How many articles are unread: of each group, of all, and of the starred ones. Hidden articles do not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnreadCounts {
    /// The articles that are unread and not hidden.
    unread: FixedBitSet,
    starred: FixedBitSet,
    by_group: Vec<usize>,
    all: usize,
    all_starred: usize,
}

impl UnreadCounts {
    /// Counts all articles.
    pub fn of(groups: &ArticleGroups, feed: &Feed, marks: &Marks) -> UnreadCounts {
        let mut counts = UnreadCounts::empty(groups, feed);
        for index in 0..feed.len() {
            counts.update(index, groups, feed, marks);
        }
        counts
    }

    fn empty(groups: &ArticleGroups, feed: &Feed) -> UnreadCounts {
        let none = || FixedBitSet::with_capacity(feed.len());
        UnreadCounts { unread: none(), starred: none(), by_group: vec![0; groups.count()], all: 0, all_starred: 0 }
    }

    /// Number of unread articles in a group.
    pub fn of_group(&self, group: usize) -> usize {
        self.by_group.get(group).copied().unwrap_or_default()
    }

    /// Number of unread articles.
    pub fn all(&self) -> usize {
        self.all
    }

    /// Number of unread articles with a star.
    pub fn starred(&self) -> usize {
        self.all_starred
    }

    /// The indices of the unread articles, newest first.
    pub fn unread(&self) -> impl Iterator<Item = usize> {
        self.unread.ones()
    }

    /// Whether an article is unread and not hidden.
    pub fn is_unread(&self, index: usize) -> bool {
        self.unread.contains(index)
    }

    /// Whether an article has a star.
    pub fn is_starred(&self, index: usize) -> bool {
        self.starred.contains(index)
    }

    /// Number of unread articles of a set.
    pub fn in_set(&self, articles: &FixedBitSet) -> usize {
        self.unread.intersection_count(articles)
    }

    /// Counts an article again after its marks have changed. Returns whether it is unread now, if it was not before, or the reverse.
    pub fn update(&mut self, index: usize, groups: &ArticleGroups, feed: &Feed, marks: &Marks) -> Option<bool> {
        let id = feed.id(index)?;
        let is_unread = !marks.is_read(id) && !marks.is_hidden(id);
        self.put(index, is_unread, marks.is_starred(id), groups, feed)
    }

    fn put(
        &mut self,
        index: usize,
        is_unread: bool,
        is_starred: bool,
        groups: &ArticleGroups,
        feed: &Feed,
    ) -> Option<bool> {
        if index >= self.unread.len() {
            return None;
        }
        let was_starred = self.is_unread(index) && self.is_starred(index);
        let has_changed = self.is_unread(index) != is_unread;
        self.unread.set(index, is_unread);
        self.starred.set(index, is_starred);
        add(&mut self.all_starred, is_unread && is_starred);
        subtract(&mut self.all_starred, was_starred);
        if has_changed {
            add(&mut self.all, is_unread);
            subtract(&mut self.all, !is_unread);
            groups.for_each(feed, index, &mut |group| {
                if let Some(count) = self.by_group.get_mut(group) {
                    add(count, is_unread);
                    subtract(count, !is_unread);
                }
            });
        }
        has_changed.then_some(is_unread)
    }

    /// Counts the articles again whose state differs from these sets: after marks of many articles, or rules, have changed. Returns
    /// whether any count has changed.
    pub fn follow(&mut self, read: &FixedBitSet, groups: &ArticleGroups, feed: &Feed, marks: &Marks) -> bool {
        let mut unread = FixedBitSet::with_capacity(self.unread.len());
        unread.insert_range(..);
        unread.difference_with(read);
        let index = |id| feed.index_of(id).filter(|index| *index < unread.len());
        let hidden: Vec<usize> = marks.hidden().filter_map(index).collect();
        let mut starred = FixedBitSet::with_capacity(self.starred.len());
        starred.extend(marks::starred(marks).filter_map(index));
        hidden.into_iter().for_each(|index| unread.set(index, false));
        let mut differing: Vec<usize> = self.unread.symmetric_difference(&unread).collect();
        differing.extend(self.starred.symmetric_difference(&starred));
        for index in &differing {
            self.put(*index, unread.contains(*index), starred.contains(*index), groups, feed);
        }
        !differing.is_empty()
    }
}

fn add(count: &mut usize, more: bool) {
    *count = count.saturating_add(usize::from(more));
}

fn subtract(count: &mut usize, fewer: bool) {
    *count = count.saturating_sub(usize::from(fewer));
}

/// The groups of a feed, and their counts.
#[derive(Clone, Debug)]
pub struct GroupedArticles {
    /// The groups.
    pub groups: Arc<ArticleGroups>,
    /// The counts when the job began.
    pub counts: UnreadCounts,
}

#[derive(Debug)]
struct GroupArticles {
    context: SearchContext,
    subscriptions: ListedAddresses,
}

/// A job that groups the articles, and counts the unread ones of each group. `subscriptions` are those of the user.
pub fn group(context: SearchContext, subscriptions: ListedAddresses) -> Job {
    Job::new(GroupArticles { context, subscriptions })
}

impl Task for GroupArticles {
    fn kind(&self) -> JobKind {
        JobKind::Groups
    }

    fn scope(&self) -> usize {
        self.context.feed.len()
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let feed = &*self.context.feed;
        let (folders, folder_of) = folder_groups(feed);
        let mut groups = ArticleGroups {
            providers: NamedGroups::new(feed.provider_count(), |number| feed.provider(number)),
            topics: NamedGroups::new(feed.topic_count(), |number| feed.topic(number)),
            folders,
            folder_of,
            ..ArticleGroups::default()
        };
        monitor.check()?;
        groups.subscriptions = SubscriptionGroups::of_feed(feed, &self.subscriptions, monitor)?;
        find_folders_of_subscriptions(&mut groups, feed);
        let mut counts = UnreadCounts::empty(&groups, feed);
        for index in 0..feed.len() {
            if index % CHECK_INTERVAL == 0 {
                monitor.check()?;
            }
            counts.update(index, &groups, feed, &self.context.marks);
        }
        Ok(Answer::Groups(Box::new(GroupedArticles { groups: Arc::new(groups), counts })))
    }
}

/// Finds the folders that have nothing but articles of subscriptions.
fn find_folders_of_subscriptions(groups: &mut ArticleGroups, feed: &Feed) {
    if groups.subscriptions.all.is_empty() {
        return;
    }
    // The number of articles of each folder that belong to no subscription.
    let mut others = vec![0usize; groups.folders.len()];
    for index in 0..feed.len() {
        if groups.subscriptions.of_article(index).is_some() {
            continue;
        }
        let folder = folders::number_of(feed.columns(), index)
            .and_then(|number| groups.folder_of.get(number).copied().flatten());
        let around = |folder: &usize| groups.folders.get(*folder).and_then(|folder| folder.parent);
        for folder in std::iter::successors(folder, around) {
            others.get_mut(folder).into_iter().for_each(|count| *count += 1);
        }
    }
    for (folder, others) in groups.folders.iter_mut().zip(others) {
        folder.is_of_subscriptions = others == 0;
    }
}

/// The folders of a feed and those around them, each before those below it, in the order of their names; and for each folder number
/// of the feed the index among them. With one root, the root itself is not a folder: every article is in it.
fn folder_groups(feed: &Feed) -> (Vec<FolderGroup>, Vec<Option<usize>>) {
    let has_roots = feed.columns().roots.len() > 1;
    // The parts of each path, with the root as the first: in this order a folder comes before those below it.
    let mut sorted: BTreeMap<Vec<String>, Option<usize>> = BTreeMap::new();
    let parts = |folder: Folder| {
        let root = has_roots.then(|| format!("{:08}", folder.root));
        let below = folder.path.split('/').filter(|part| !part.is_empty()).map(str::to_owned);
        root.into_iter().chain(below).collect::<Vec<String>>()
    };
    for number in 0..folders::count(feed.columns()) {
        let parts = parts(folders::of_number(feed.columns(), number));
        for length in 1..=parts.len() {
            sorted.entry(parts.get(..length).unwrap_or_default().to_vec()).or_default();
        }
    }
    let mut groups: Vec<FolderGroup> = Vec::with_capacity(sorted.len());
    let mut around: Vec<usize> = Vec::new();
    for (parts, at) in &mut sorted {
        let depth = parts.len().saturating_sub(1);
        around.truncate(depth);
        let parent = around.last().copied();
        let root = parts.first().filter(|_| has_roots).and_then(|root| root.parse().ok());
        let root = root
            .map(|root: usize| folders::root_name(feed.columns(), root).to_string())
            .filter(|root| !root.is_empty());
        let below = parts.iter().skip(usize::from(has_roots)).cloned();
        let path = root.clone().into_iter().chain(below).collect::<Vec<String>>().join("/");
        let name = if depth == 0 && has_roots { root.as_ref() } else { parts.last() };
        let name = clean::plain_line(name.map(String::as_str).unwrap_or("/"));
        around.push(groups.len());
        *at = Some(groups.len());
        groups.push(FolderGroup { path, name, depth, parent, is_of_subscriptions: false });
    }
    let of = (0..folders::count(feed.columns()))
        .map(|number| sorted.get(&parts(folders::of_number(feed.columns(), number))).copied().flatten());
    let mut of: Vec<Option<usize>> = of.collect();
    while leave_out_folder_of_all(&mut groups, &mut of) {}
    (groups, of)
}

/// Leaves out the first folder if every article is in it or below it: it would list what the list of all articles lists. The folders
/// in it take its place. False if there is no such folder.
fn leave_out_folder_of_all(groups: &mut Vec<FolderGroup>, of: &mut [Option<usize>]) -> bool {
    let is_only = groups.iter().filter(|group| group.depth == 0).count() == 1;
    if !is_only || of.iter().any(Option::is_none) {
        return false;
    }
    groups.remove(0);
    for group in groups {
        group.depth = group.depth.saturating_sub(1);
        group.parent = group.parent.and_then(|parent| parent.checked_sub(1));
    }
    of.iter_mut().for_each(|at| *at = at.and_then(|at| at.checked_sub(1)));
    true
}
