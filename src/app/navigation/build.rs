//! Builds the entries of the navigation pane, in their order: what is folded or does not match the filter is left out.

use std::collections::{BTreeMap, HashMap};

use super::articles::NavigationArticles;
use super::entry::{Entry, EntryKind, Section};
use super::folds::Folds;
use super::saved::SavedEntries;
use crate::app::subscription_row::SubscriptionRow;
use crate::app::subscriptions::Subscriptions;
use crate::app::typed_words::TypedWords;
use crate::feed::{SafeText, clean};
use crate::query::fold;
use crate::subscriptions::{Account, SubscriptionKey};
use crate::text::grouped;

/// Tags, providers and topics that are listed before the rest is unfolded.
const FIRST: usize = 12;
/// With more subscriptions than this, those of a topic are folded at first.
const MANY_SUBSCRIPTIONS: usize = 24;
/// With more folders beside each other than this, the section of folders is folded at first.
const MANY_FOLDERS: usize = 40;
/// Tags, providers or topics that a filter lists at most.
const MOST_FILTERED: usize = 200;

/// What entries are built from.
#[derive(Clone, Copy)]
pub struct EntrySources<'a> {
    /// The groups and their counts.
    pub articles: &'a NavigationArticles,
    /// The saved searches.
    pub saved: &'a SavedEntries,
    /// The subscriptions.
    pub subscriptions: &'a Subscriptions,
    /// What is folded.
    pub folds: &'a Folds,
    /// The words that a name must have.
    pub filter: &'a TypedWords,
}

/// Entries in the making.
struct Builder<'a> {
    sources: EntrySources<'a>,
    built: Built,
}

/// The entries of the pane, and what they refer to.
#[derive(Clone, Debug, Default)]
pub struct Built {
    /// The entries.
    pub entries: Vec<Entry>,
    /// For each account, the indices of the groups of its feeds.
    pub accounts: Vec<Vec<usize>>,
}

/// Rows of channels, and where they are listed.
struct Channels<'a> {
    rows: Vec<SubscriptionRow<'a>>,
    /// How far they are indented.
    depth: usize,
    /// The beginning of the keys of their topics.
    prefix: String,
}

/// The entries of the pane.
pub fn entries(sources: EntrySources) -> Built {
    let mut builder = Builder { sources, built: Built::default() };
    for (kind, label, key) in [
        (EntryKind::All, "All articles", "all"),
        (EntryKind::Unread, "Unread", "unread"),
        (EntryKind::Starred, "Starred", "starred"),
    ] {
        builder.leaf(kind, label.into(), 0, key.to_owned());
    }
    if sources.articles.started() > 0 {
        builder.leaf(EntryKind::Started, "Continue reading".into(), 0, "started".to_owned());
    }
    builder.section(Section::Saved, Builder::saved);
    builder.section(Section::Tags, Builder::tags);
    builder.section(Section::Subscriptions, Builder::subscriptions);
    builder.section(Section::Folders, Builder::folders);
    builder.section(Section::Providers, Builder::providers);
    builder.section(Section::Topics, Builder::topics);
    builder.built
}

impl<'a> Builder<'a> {
    fn is_filtering(&self) -> bool {
        !self.sources.filter.is_empty()
    }

    fn matches(&self, name: &str) -> bool {
        !self.is_filtering() || self.sources.filter.are_in(&fold(name))
    }

    /// Whether an entry is folded. While a filter is typed, none is: what matches must be seen.
    fn is_folded(&self, key: &str, default: bool) -> bool {
        !self.is_filtering() && self.sources.folds.is_folded(key, default)
    }

    fn push(&mut self, kind: EntryKind, label: SafeText, depth: usize, folded: Option<bool>, key: String) {
        self.built.entries.push(Entry { kind, label, depth, folded, has_problem: false, key });
    }

    fn leaf(&mut self, kind: EntryKind, label: SafeText, depth: usize, key: String) {
        if self.matches(label.as_str()) {
            self.push(kind, label, depth, None, key);
        }
    }

    /// Adds a section, unless it has no entries.
    fn section(&mut self, section: Section, add: fn(&mut Builder<'a>)) {
        let key = format!("section:{}", section.title());
        let folders = self.sources.articles.groups().folders.iter();
        let has_many = section == Section::Folders
            && folders.filter(|folder| folder.depth == 0 && !folder.is_of_subscriptions).count() > MANY_FOLDERS;
        let folded = self.is_folded(&key, has_many);
        let at = self.built.entries.len();
        self.push(EntryKind::Section(section), section.title().into(), 0, Some(folded), key);
        add(self);
        if self.built.entries.len() == at + 1 {
            self.built.entries.truncate(at);
        } else if folded {
            self.built.entries.truncate(at + 1);
        }
    }

    fn saved(&mut self) {
        for (at, search) in self.sources.saved.entries().iter().enumerate() {
            let before = self.built.entries.len();
            let key = format!("saved:{}", search.name);
            self.leaf(EntryKind::Saved(at), clean::plain_line(&search.name), 1, key);
            let has_problem = search.query.is_err();
            self.built.entries.get_mut(before).into_iter().for_each(|entry| entry.has_problem = has_problem);
        }
    }

    fn subscriptions(&mut self) {
        let groups = self.sources.articles.groups();
        let numbers: HashMap<SubscriptionKey, usize> =
            groups.subscriptions.all.iter().enumerate().map(|(at, group)| (group.key, at)).collect();
        let mut rows = self.sources.subscriptions.rows().peekable();
        let own = std::iter::from_fn(|| rows.next_if(|row| row.account().is_none())).collect();
        self.channels(&numbers, Channels { rows: own, depth: 1, prefix: "group:".to_owned() });
        while let Some(account) = rows.next() {
            let feeds = std::iter::from_fn(|| rows.next_if(SubscriptionRow::has_articles)).collect();
            self.account(&numbers, &account, feeds);
        }
    }

    /// An account, and its feeds below it. With a filter it is listed if its name or that of a feed matches.
    fn account(
        &mut self,
        numbers: &HashMap<SubscriptionKey, usize>,
        account: &SubscriptionRow,
        feeds: Vec<SubscriptionRow>,
    ) {
        let title = account.account().map(Account::short_title).unwrap_or_default();
        let key = format!("account:{}", account.key);
        let folded = (!feeds.is_empty()).then(|| self.is_folded(&key, feeds.len() > MANY_SUBSCRIPTIONS));
        let groups = feeds.iter().filter_map(|feed| numbers.get(&feed.key).copied());
        self.built.accounts.push(groups.collect());
        let kind = EntryKind::Account(account.key, self.built.accounts.len() - 1);
        let (at, is_named) = (self.built.entries.len(), self.matches(title.as_str()));
        self.push(kind, title, 1, folded, key);
        let has_problem = account.problem().is_some();
        self.built.entries.last_mut().into_iter().for_each(|entry| entry.has_problem = has_problem);
        if folded == Some(false) {
            let prefix = format!("group:{}:", account.key);
            self.channels(numbers, Channels { rows: feeds, depth: 2, prefix });
        }
        if !is_named && self.built.entries.len() == at + 1 {
            self.built.entries.truncate(at);
        }
    }

    /// Channels with topics are below the first one, as in a list for other programs.
    fn channels(&mut self, numbers: &HashMap<SubscriptionKey, usize>, Channels { rows, depth, prefix }: Channels) {
        let groups = self.sources.articles.groups();
        let mut by_topic: BTreeMap<String, (SafeText, Vec<Entry>)> = BTreeMap::new();
        let mut others: Vec<Entry> = Vec::new();
        let many = rows.len() > MANY_SUBSCRIPTIONS;
        for row in rows {
            let title = row.title();
            let topic = row.subscription.topics.first();
            let matches = || self.matches(title.as_str()) || topic.is_some_and(|topic| self.matches(topic.as_str()));
            if !matches() {
                continue;
            }
            let entry = Entry {
                kind: EntryKind::Subscription(row.key, numbers.get(&row.key).copied()),
                label: title,
                depth: depth + usize::from(topic.is_some()),
                folded: None,
                // What is wrong with an account is shown at the account.
                has_problem: row.account().is_none() && row.problem().is_some(),
                key: format!("feed:{}", row.key),
            };
            match topic {
                Some(topic) => {
                    let known = by_topic.entry(fold(topic.as_str())).or_insert_with(|| (topic.clone(), Vec::new()));
                    known.1.push(entry);
                }
                None => others.push(entry),
            }
        }
        let by_label = |entry: &Entry| fold(entry.label.as_str());
        for (folded_topic, (topic, mut below)) in by_topic {
            let key = format!("{prefix}{folded_topic}");
            let folded = self.is_folded(&key, many);
            let kind = EntryKind::SubscriptionTopic(groups.topics.position(&folded_topic));
            self.push(kind, topic, depth, Some(folded), key);
            let has_problem = folded && below.iter().any(|entry| entry.has_problem);
            self.built.entries.last_mut().into_iter().for_each(|entry| entry.has_problem = has_problem);
            if !folded {
                below.sort_by_cached_key(by_label);
                self.built.entries.extend(below);
            }
        }
        others.sort_by_cached_key(by_label);
        self.built.entries.extend(others);
    }

    fn folders(&mut self) {
        let folders = &self.sources.articles.groups().folders;
        // With a filter, the folders around one that matches are listed too.
        let mut listed = Vec::with_capacity(folders.len());
        let mut depth_below = 0;
        for (at, folder) in folders.iter().enumerate().rev().filter(|(_, folder)| !folder.is_of_subscriptions) {
            if self.matches(folder.name.as_str()) || depth_below == folder.depth + 1 {
                listed.push((at, folder));
                depth_below = folder.depth;
            }
        }
        listed.reverse();
        // The folder around all others would hide them.
        let is_around_all = listed.iter().filter(|(_, folder)| folder.depth == 0).count() == 1;
        let mut inside_folded = usize::MAX;
        for (row, (at, folder)) in listed.iter().enumerate() {
            if folder.depth > inside_folded {
                continue;
            }
            inside_folded = usize::MAX;
            let key = format!("folder:{}", folder.path);
            let has_below = listed.get(row + 1).is_some_and(|(_, next)| next.depth > folder.depth);
            let folded = has_below.then(|| self.is_folded(&key, folder.depth > 0 || !is_around_all));
            if folded == Some(true) {
                inside_folded = folder.depth;
            }
            self.push(EntryKind::Folder(*at), folder.name.clone(), folder.depth + 1, folded, key);
        }
    }

    fn tags(&mut self) {
        let tags = self.sources.articles.tags();
        self.names(Section::Tags, &tags.listed(), EntryKind::Tag, &|at| tags.name(at));
    }

    fn providers(&mut self) {
        let names = &self.sources.articles.groups().providers;
        self.names(Section::Providers, self.sources.articles.providers(), EntryKind::Provider, &|at| names.name(at));
    }

    fn topics(&mut self) {
        let names = &self.sources.articles.groups().topics;
        self.names(Section::Topics, self.sources.articles.topics(), EntryKind::Topic, &|at| names.name(at));
    }

    /// The first names of an order, and a line for the rest.
    fn names(
        &mut self,
        section: Section,
        order: &[usize],
        kind: fn(usize) -> EntryKind,
        name: &dyn Fn(usize) -> SafeText,
    ) {
        let prefix = match section {
            Section::Providers => "provider",
            Section::Tags => "tag",
            _ => "topic",
        };
        if self.is_filtering() {
            let matching = order.iter().map(|at| (*at, name(*at)));
            let matching: Vec<(usize, SafeText)> =
                matching.filter(|(_, name)| self.matches(name.as_str())).take(MOST_FILTERED).collect();
            for (at, name) in matching {
                let key = format!("{prefix}:{name}");
                self.push(kind(at), name, 1, None, key);
            }
            return;
        }
        let more = format!("more:{prefix}");
        let is_short = self.is_folded(&more, true);
        // One more line would be the entry itself.
        let first = if is_short && order.len() > FIRST + 1 { FIRST } else { order.len() };
        for at in order.iter().take(first) {
            let name = name(*at);
            let key = format!("{prefix}:{name}");
            self.push(kind(*at), name, 1, None, key);
        }
        if order.len() > FIRST + 1 {
            let label = match is_short {
                true => format!("… {} more", grouped(order.len() - first)),
                false => "… fewer".to_owned(),
            };
            self.push(EntryKind::More(section), clean::plain_line(&label), 1, Some(is_short), more);
        }
    }
}
