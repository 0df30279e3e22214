//! Which entry of the navigation pane equals the query of the list.

use super::entry::EntryKind;
use crate::jobs::article_groups::ArticleGroups;
use crate::query::{ArticleState, Field, Query, fold};

/// The place that a query of the list names, without its order and whether it wants unread articles only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PresentEntry {
    /// The whole query is that of all, the unread or the starred articles.
    State(EntryKind),
    /// A saved search, by name.
    Saved(String),
    /// One name in a field: a topic, a tag, a provider or a folder; folded.
    Named(Field, String),
    /// One or more channels, by their folded addresses.
    Channels(Vec<String>),
    /// No entry.
    Other,
}

impl PresentEntry {
    /// The place that a query names.
    pub fn of(query: &Query) -> PresentEntry {
        if let Some(name) = query.as_saved() {
            return PresentEntry::Saved(name.to_owned());
        }
        let plain = query.sorted(crate::query::Sort::default());
        let states = [
            (None, EntryKind::All),
            (Some(ArticleState::Unread), EntryKind::Unread),
            (Some(ArticleState::Starred), EntryKind::Starred),
        ];
        if let Some((_, kind)) = states.iter().find(|(state, _)| plain == Query::default().in_state(*state)) {
            return PresentEntry::State(*kind);
        }
        let place = if plain.wants_unread() { plain.in_state(None) } else { plain };
        for field in [Field::Topic, Field::Tag, Field::Provider, Field::Folder, Field::Feed] {
            let names = place.picked(field);
            let only: Vec<&str> = names.iter().map(String::as_str).collect();
            if names.is_empty() || Query::default().with_picked(field, &only) != place {
                continue;
            }
            return match (field, names.as_slice()) {
                (Field::Feed, _) => PresentEntry::Channels(names),
                (field, [name]) => PresentEntry::Named(field, name.clone()),
                _ => PresentEntry::Other,
            };
        }
        PresentEntry::Other
    }

    /// Whether an entry is that place. `label` is its text on the screen.
    pub fn is(&self, kind: EntryKind, label: &str, groups: &ArticleGroups) -> bool {
        let named =
            |field, name: &str| matches!(self, PresentEntry::Named(known, key) if *known == field && key == name);
        match kind {
            EntryKind::All | EntryKind::Unread | EntryKind::Starred => *self == PresentEntry::State(kind),
            EntryKind::Saved(_) => matches!(self, PresentEntry::Saved(name) if name == label),
            EntryKind::SubscriptionTopic(_) => {
                matches!(self, PresentEntry::Named(Field::Topic, key) if *key == fold(label))
            }
            EntryKind::Tag(_) => named(Field::Tag, &fold(label)),
            EntryKind::Subscription(_, group) => {
                let addresses = group.and_then(|group| groups.subscriptions.get(group)).map(|group| &group.addresses);
                let PresentEntry::Channels(known) = self else { return false };
                let is_known = |address: &String| known.contains(&fold(address));
                addresses.is_some_and(|addresses| addresses.len() == known.len() && addresses.iter().all(is_known))
            }
            EntryKind::Folder(at) => match self {
                PresentEntry::Named(Field::Folder, key) => {
                    groups.folders.get(at).is_some_and(|folder| *key == fold(&folder.path))
                }
                _ => false,
            },
            EntryKind::Provider(at) => named(Field::Provider, groups.providers.key(at)),
            EntryKind::Topic(at) => named(Field::Topic, groups.topics.key(at)),
            EntryKind::Section(_) | EntryKind::More(_) => false,
        }
    }
}
