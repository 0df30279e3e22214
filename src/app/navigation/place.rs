//! The query of each entry of the navigation pane, and which entry is the query of the list.

use super::articles::NavigationArticles;
use super::entry::EntryKind;
use super::saved::SavedEntries;
use crate::app::subscriptions::Subscriptions;
use crate::query::{ArticleState, Field, Query, QueryError, Sort, fold};

/// Why an entry lists no articles.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// The saved search is not valid.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// No article has the topic of the subscriptions yet.
    #[error("No articles with this topic yet")]
    NoArticles,
}

/// What the queries of entries are made from.
#[derive(Clone, Copy)]
pub struct PlaceSources<'a> {
    /// The groups of the articles.
    pub articles: &'a NavigationArticles,
    /// The saved searches.
    pub saved: &'a SavedEntries,
    /// The subscriptions.
    pub subscriptions: &'a Subscriptions,
}

/// The field whose names an entry chooses; `None` if its query is more than a place.
pub fn field(kind: EntryKind) -> Option<Field> {
    match kind {
        EntryKind::SubscriptionTopic(_) | EntryKind::Topic(_) => Some(Field::Topic),
        EntryKind::Tag(_) => Some(Field::Tag),
        EntryKind::Provider(_) => Some(Field::Provider),
        EntryKind::Folder(_) => Some(Field::Folder),
        EntryKind::Subscription(..) => Some(Field::Feed),
        EntryKind::All
        | EntryKind::Unread
        | EntryKind::Starred
        | EntryKind::Started
        | EntryKind::Section(_)
        | EntryKind::Account(..)
        | EntryKind::Saved(_)
        | EntryKind::More(_) => None,
    }
}

/// The query of an entry, in the usual order.
pub fn query(kind: EntryKind, sources: PlaceSources) -> Result<Query, EntryError> {
    let groups = sources.articles.groups();
    let in_state = |state| Query::default().in_state(Some(state));
    let named = |field, name: &str| Query::default().with_picked(field, &[name]);
    Ok(match kind {
        EntryKind::All | EntryKind::Section(_) | EntryKind::Account(..) | EntryKind::More(_) => Query::default(),
        EntryKind::Unread => in_state(ArticleState::Unread),
        EntryKind::Starred => in_state(ArticleState::Starred),
        EntryKind::Started => in_state(ArticleState::Started),
        EntryKind::Saved(at) => {
            let saved = sources.saved.entries().get(at);
            saved.map_or(Ok(Query::default()), |saved| saved.query.clone())?
        }
        EntryKind::SubscriptionTopic(None) => return Err(EntryError::NoArticles),
        EntryKind::SubscriptionTopic(Some(at)) | EntryKind::Topic(at) => named(Field::Topic, groups.topics.key(at)),
        EntryKind::Tag(at) => named(Field::Tag, sources.articles.tags().key(at)),
        EntryKind::Provider(at) => named(Field::Provider, groups.providers.key(at)),
        EntryKind::Folder(at) => {
            named(Field::Folder, groups.folders.get(at).map(|folder| folder.path.as_str()).unwrap_or_default())
        }
        EntryKind::Subscription(key, group) => {
            let group = group.and_then(|group| groups.subscriptions.all.get(group));
            let addresses = group.map(|group| group.addresses.clone()).unwrap_or_default();
            let row = sources.subscriptions.rows().find(|row| row.key == key);
            row.map(|row| sources.subscriptions.query(&row, addresses)).unwrap_or_default()
        }
    })
}

/// The query of the list, as far as it names an entry.
#[derive(Clone, Debug)]
pub struct PresentPlace {
    /// The query in the usual order.
    whole: Query,
    /// The same, also without the wish for unread articles.
    place: Query,
    /// The fields whose names it chooses.
    fields: Vec<Field>,
    /// The folded addresses of channels that it chooses.
    feeds: Vec<String>,
}

impl PresentPlace {
    /// The place that a query names.
    pub fn of(query: &Query) -> PresentPlace {
        let whole = query.sorted(Sort::default());
        let place = if whole.wants_unread() { whole.in_state(None) } else { whole.clone() };
        let is_chosen = |field: &Field| !place.picked(*field).is_empty();
        let fields = [Field::Topic, Field::Tag, Field::Provider, Field::Folder, Field::Feed]
            .into_iter()
            .filter(is_chosen)
            .collect();
        let feeds = place.picked(Field::Feed);
        PresentPlace { whole, place, fields, feeds }
    }

    /// Whether an entry lists this place.
    pub fn is(&self, kind: EntryKind, sources: PlaceSources) -> bool {
        match (kind, field(kind)) {
            (EntryKind::Section(_) | EntryKind::Account(..) | EntryKind::More(_), _) => false,
            (EntryKind::Saved(at), _) => {
                let name = sources.saved.entries().get(at).map(|saved| saved.name.as_str());
                name.is_some() && name == self.whole.as_saved()
            }
            // Only entries of a field that the query names are compared: making a query costs more than a row of the screen.
            (_, Some(field)) => {
                let may_be = self.fields.contains(&field) && self.has_feeds_of(kind, sources);
                may_be && query(kind, sources).is_ok_and(|query| query == self.place)
            }
            (_, None) => query(kind, sources).is_ok_and(|query| query == self.whole),
        }
    }

    /// Whether it chooses all channels of an entry, as far as their addresses are known. The query of a subscription is found among
    /// those of all.
    fn has_feeds_of(&self, kind: EntryKind, sources: PlaceSources) -> bool {
        let EntryKind::Subscription(_, Some(group)) = kind else { return true };
        let group = sources.articles.groups().subscriptions.all.get(group);
        group.is_none_or(|group| group.addresses.iter().all(|address| self.feeds.contains(&fold(address))))
    }
}
