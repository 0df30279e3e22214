//! The state of the navigation pane: its entries, the selected one, what is folded, and the filter.

use std::sync::Arc;

use fixedbitset::FixedBitSet;

use super::articles::NavigationArticles;
use super::build::{self, Built, EntrySources};
use super::entry::{Entry, EntryKind};
use super::folds::Folds;
use super::place::PlaceSources;
use super::saved::SavedEntries;
use crate::app::scroll::scrolled;
use crate::app::subscriptions::Subscriptions;
use crate::app::text_input::TextInput;
use crate::app::typed_words::TypedWords;
use crate::jobs::JobId;

/// The navigation pane.
#[derive(Clone, Debug, Default)]
pub struct Navigation {
    /// The groups of the articles, and their counts.
    pub articles: NavigationArticles,
    /// The saved searches, and their counts.
    pub saved: SavedEntries,
    /// What is folded.
    folds: Folds,
    /// The typed text that narrows the entries.
    filter: String,
    built: Arc<Built>,
    selected: usize,
    offset: usize,
    /// Whether the pane is on at the size of the screen, also if only the focused pane is shown.
    is_on: bool,
    /// Whether the entries have to be built before the pane is shown.
    is_stale: bool,
}

impl Navigation {
    /// The pane with what an earlier session had folded.
    pub fn new(folds: Folds) -> Navigation {
        Navigation { folds, ..Navigation::default() }
    }

    /// The entries.
    pub fn entries(&self) -> &[Entry] {
        &self.built.entries
    }

    /// The indices of the groups of the feeds of an account, by its number.
    pub fn account_groups(&self, account: usize) -> &[usize] {
        self.built.accounts.get(account).map(Vec::as_slice).unwrap_or_default()
    }

    /// The index of the selected entry.
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// The selected entry.
    pub fn selected_entry(&self) -> Option<&Entry> {
        self.built.entries.get(self.selected)
    }

    /// The first entry on the screen. The frame moves it so that the selection is on the screen.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// What is folded.
    pub fn folds(&self) -> &Folds {
        &self.folds
    }

    /// The typed text that narrows the entries.
    pub fn filter(&self) -> &str {
        &self.filter
    }

    /// Whether the pane is on at the size of the screen, also if only the focused pane is shown.
    pub fn is_on(&self) -> bool {
        self.is_on
    }

    /// Takes over which entries the last frame showed.
    pub fn frame_drawn(&mut self, offset: Option<usize>) {
        self.offset = offset.unwrap_or(self.offset);
    }

    /// Switches the pane on or off. True if its entries were built for that: a frame without them must be drawn again.
    pub fn set_on(&mut self, is_on: bool, subscriptions: &Subscriptions) -> bool {
        self.is_on = is_on;
        let has_to_build = is_on && self.is_stale;
        if has_to_build {
            self.rebuild(subscriptions);
        }
        has_to_build
    }

    /// What the queries of the entries are made from.
    pub fn place_sources<'a>(&'a self, subscriptions: &'a Subscriptions) -> PlaceSources<'a> {
        PlaceSources { articles: &self.articles, saved: &self.saved, subscriptions }
    }

    /// The number of unread articles of an entry; `None` if it has no count.
    pub fn unread(&self, kind: EntryKind) -> Option<usize> {
        let (groups, counts) = (self.articles.groups(), self.articles.counts());
        let group = match kind {
            EntryKind::All | EntryKind::Unread => return Some(counts.all()),
            EntryKind::Starred => return Some(counts.starred()),
            EntryKind::Started => return Some(self.articles.started()),
            EntryKind::Saved(at) => return self.saved.entries().get(at).map(|entry| entry.unread),
            EntryKind::Tag(at) => return Some(self.articles.tags().unread(at)),
            EntryKind::Section(_) | EntryKind::More(_) => return None,
            EntryKind::Account(_, at) => {
                let feeds = self.account_groups(at).iter();
                return Some(feeds.map(|feed| counts.of_group(groups.of_subscription(*feed))).sum());
            }
            EntryKind::SubscriptionTopic(topic) => topic.map(|at| groups.of_topic(at)),
            EntryKind::Subscription(_, at) => at.map(|at| groups.of_subscription(at)),
            EntryKind::Folder(at) => Some(groups.of_folder(at)),
            EntryKind::Provider(at) => Some(groups.of_provider(at)),
            EntryKind::Topic(at) => Some(groups.of_topic(at)),
        };
        group.map(|group| counts.of_group(group))
    }

    /// Takes what the saved searches find.
    pub fn saved_found(&mut self, job: JobId, found: Vec<Arc<FixedBitSet>>) {
        self.saved.take(job, found, self.articles.counts());
    }

    /// Builds the entries again, as soon as the pane is on. The selection stays on its entry, else moves to one that it was below, else stays on its row.
    pub fn rebuild(&mut self, subscriptions: &Subscriptions) {
        self.is_stale = !self.is_on;
        if self.is_stale {
            return;
        }
        let words = TypedWords::of(&TextInput::with(&self.filter));
        let Navigation { articles, saved, folds, .. } = &*self;
        let built = build::entries(EntrySources { articles, saved, subscriptions, folds, filter: &words });
        let around = std::iter::successors(Some(self.selected), |at| self.around(*at));
        let mut keys = around.filter_map(|at| self.built.entries.get(at)).map(|entry| &entry.key);
        let again = keys.find_map(|key| built.entries.iter().position(|entry| entry.key == *key));
        let on_screen = self.selected.saturating_sub(self.offset);
        self.selected = again.unwrap_or(self.selected).min(built.entries.len().saturating_sub(1));
        self.offset = self.selected.saturating_sub(on_screen);
        self.built = Arc::new(built);
    }

    /// Sets the filter, and selects the first entry that it leaves.
    pub fn set_filter(&mut self, filter: &str, subscriptions: &Subscriptions) {
        if self.filter == filter {
            return;
        }
        filter.clone_into(&mut self.filter);
        self.rebuild(subscriptions);
        if !self.filter.is_empty() {
            self.selected = self.built.entries.iter().position(|entry| entry.kind.lists_articles()).unwrap_or(0);
        }
    }

    /// Ends the filter, and unfolds what the selected entry is below.
    pub fn end_filter(&mut self, subscriptions: &Subscriptions) {
        if self.filter.is_empty() {
            return;
        }
        let around = std::iter::successors(self.around(self.selected), |at| self.around(*at));
        let keys: Vec<String> =
            around.filter_map(|at| self.built.entries.get(at)).map(|entry| entry.key.clone()).collect();
        keys.iter().for_each(|key| self.folds.set(key, false));
        self.set_filter("", subscriptions);
    }

    /// Folds or unfolds an entry. False if it has nothing below it, or is in that state already.
    pub fn fold(&mut self, at: usize, folded: bool, subscriptions: &Subscriptions) -> bool {
        let Some(entry) = self.built.entries.get(at).filter(|entry| entry.folded == Some(!folded)) else {
            return false;
        };
        let key = entry.key.clone();
        self.folds.set(&key, folded);
        self.rebuild(subscriptions);
        true
    }

    /// The entry that an entry is below.
    pub fn around(&self, at: usize) -> Option<usize> {
        let depth = self.built.entries.get(at)?.depth;
        self.built.entries.get(..at)?.iter().rposition(|entry| entry.depth < depth)
    }

    /// Selects an entry, or the last one if `at` is too large.
    pub fn select(&mut self, at: usize) {
        self.selected = at.min(self.built.entries.len().saturating_sub(1));
    }

    /// Moves the selection by entries; stops at the ends.
    pub fn step(&mut self, by: isize) {
        self.select(self.selected.saturating_add_signed(by));
    }

    /// Selects the next entry with unread articles, or the previous one; by more than 1, a further one. False if there is none.
    pub fn step_to_unread(&mut self, by: isize) -> bool {
        let has_unread = |at: &usize| {
            let entry = self.built.entries.get(*at);
            // The articles of an account are those of the feeds below it.
            let is_double = |entry: &Entry| {
                let is_account = matches!(entry.kind, EntryKind::Account(..));
                entry.kind == EntryKind::Started || (is_account && entry.folded == Some(false))
            };
            let entry = entry.filter(|entry| !is_double(entry));
            entry.is_some_and(|entry| self.unread(entry.kind).is_some_and(|unread| unread > 0))
        };
        let found = match by < 0 {
            true => (0..self.selected).rev().filter(has_unread).take(by.unsigned_abs()).last(),
            false => {
                let below = self.selected.saturating_add(1)..self.built.entries.len();
                below.filter(has_unread).take(by.unsigned_abs()).last()
            }
        };
        self.selected = found.unwrap_or(self.selected);
        found.is_some()
    }

    /// Scrolls by entries. The selection moves only if it would leave the `height` entries on the screen.
    pub fn scroll(&mut self, by: isize, height: usize) {
        (self.offset, self.selected) = scrolled((self.offset, self.selected), by, height, self.built.entries.len());
    }
}
