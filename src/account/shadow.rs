//! What this device knows of the articles of an account: their marks at the service when it was asked last, and which marks of the user
//! it has sent there.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::labels::Labels;
use super::service::Field;
use super::service_id::ServiceId;
use crate::feed::{ArticleId, Mark, Stamp};

/// An article of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShadowItem {
    /// Its article here.
    pub article: ArticleId,
    /// The feed that it is from, by the id of the service.
    pub feed: String,
    /// True if it is read at the service.
    pub is_read: bool,
    /// True if it is starred at the service.
    pub is_starred: bool,
    /// The change of `Read` that the service has acknowledged.
    pub sent_read: Stamp,
    /// The change of `Starred` that the service has acknowledged.
    pub sent_starred: Stamp,
    /// Whether it has a label at the service, by the key of the tag, and the change that the service has acknowledged.
    pub labels: BTreeMap<Box<str>, (bool, Stamp)>,
    /// True if the service does not have it any more. Nothing follows from that.
    pub is_gone: bool,
    /// The marks that the service refuses to set, by [`Field::key`].
    pub refused: BTreeSet<Box<str>>,
}

impl ShadowItem {
    /// An article that is new: as it is at no service and here without marks, so that everything else is a change.
    pub fn new(article: ArticleId, feed: &str) -> ShadowItem {
        ShadowItem {
            article,
            feed: feed.to_owned(),
            is_read: false,
            is_starred: false,
            sent_read: Stamp::NEVER,
            sent_starred: Stamp::NEVER,
            labels: BTreeMap::new(),
            is_gone: false,
            refused: BTreeSet::new(),
        }
    }

    /// A mark at the service.
    pub fn value(&self, field: &Field) -> bool {
        match field {
            Field::Read => self.is_read,
            Field::Starred => self.is_starred,
            Field::Label(tag) => self.labels.get(tag.key()).is_some_and(|(is_on, _)| *is_on),
        }
    }

    /// Notes a mark at the service.
    pub fn set(&mut self, field: &Field, is_on: bool) {
        match field {
            Field::Read => self.is_read = is_on,
            Field::Starred => self.is_starred = is_on,
            Field::Label(tag) => {
                if is_on != self.value(field) {
                    self.labels.entry(tag.key().into()).or_default().0 = is_on;
                }
            }
        }
    }

    /// True if the service refuses to set a mark.
    pub fn refuses(&self, field: &Field) -> bool {
        !self.refused.is_empty() && self.refused.contains(field.key().as_ref())
    }

    /// Notes whether the service refuses to set a mark.
    pub fn set_refused(&mut self, field: &Field, is_refused: bool) {
        match is_refused {
            true => drop(self.refused.insert(field.key().into())),
            false => drop(self.refused.remove(field.key().as_ref())),
        }
    }

    /// The change that the service has acknowledged.
    pub fn sent(&self, field: &Field) -> Stamp {
        match field {
            Field::Read => self.sent_read,
            Field::Starred => self.sent_starred,
            Field::Label(tag) => self.labels.get(tag.key()).map_or(Stamp::NEVER, |(_, sent)| *sent),
        }
    }

    /// Notes the change that the service has acknowledged.
    pub fn set_sent(&mut self, field: &Field, stamp: Stamp) {
        match field {
            Field::Read => self.sent_read = stamp,
            Field::Starred => self.sent_starred = stamp,
            Field::Label(tag) => {
                if stamp != self.sent(field) {
                    self.labels.entry(tag.key().into()).or_default().1 = stamp;
                }
            }
        }
    }
}

impl Field {
    /// Those that every article has.
    pub const OF_ALL: [Field; 2] = [Field::Read, Field::Starred];

    /// Its name in the state of an account.
    pub fn key(&self) -> Cow<'_, str> {
        match self {
            Field::Read => "read".into(),
            Field::Starred => "starred".into(),
            Field::Label(tag) => format!("label:{}", tag.key()).into(),
        }
    }

    /// A mark of this kind here; the value does not matter.
    pub fn mark(&self) -> Mark {
        match self {
            Field::Read => Mark::Read(None),
            Field::Starred => Mark::Starred(true),
            Field::Label(tag) => Mark::Tagged(tag.clone(), true),
        }
    }
}

/// The articles of an account.
#[derive(Clone, Debug, Default)]
pub struct Shadow {
    items: HashMap<ServiceId, ShadowItem>,
    /// Those that changed since they were taken for saving.
    changed: BTreeSet<ServiceId>,
    /// Articles that are being written: if the program is killed then, they may have files and are not in `items`.
    adding: Vec<ServiceId>,
    is_adding_changed: bool,
    /// The labels of the service; `None` if it has none.
    labels: Option<Labels>,
    is_labels_changed: bool,
}

impl Shadow {
    /// The articles that were saved.
    pub fn of(items: impl IntoIterator<Item = (ServiceId, ShadowItem)>, adding: Vec<ServiceId>) -> Shadow {
        Shadow { items: items.into_iter().collect(), adding, ..Shadow::default() }
    }

    /// With these labels of the service.
    pub fn with_labels(self, labels: Option<Labels>) -> Shadow {
        Shadow { labels, ..self }
    }

    /// The labels of the service.
    pub fn labels(&self) -> Option<&Labels> {
        self.labels.as_ref()
    }

    /// Notes the labels of the service. One that is gone is off everywhere, and nothing follows for tags here.
    pub fn set_labels(&mut self, labels: Option<Labels>) {
        let is_gone = |key: &str| !labels.as_ref().is_some_and(|labels| labels.has(key));
        let has_gone = |item: &ShadowItem| item.labels.iter().any(|(key, (is_on, _))| *is_on && is_gone(key));
        let ids: Vec<ServiceId> =
            self.items.iter().filter(|(_, item)| has_gone(item)).map(|(id, _)| id.clone()).collect();
        for id in ids {
            self.change(&id, |item| {
                item.labels.iter_mut().filter(|(key, _)| is_gone(key)).for_each(|(_, (is_on, _))| *is_on = false);
            });
        }
        self.is_labels_changed |= self.labels != labels;
        self.labels = labels;
    }

    /// The labels of the service, if they changed since this was called last.
    pub fn take_labels(&mut self) -> Option<Option<Labels>> {
        std::mem::take(&mut self.is_labels_changed).then(|| self.labels.clone())
    }

    /// The articles with marks that the service refuses, without those that it does not have any more.
    pub fn refused(&self) -> BTreeSet<ArticleId> {
        self.items.values().filter(|item| !item.refused.is_empty() && !item.is_gone).map(|item| item.article).collect()
    }

    /// Articles that are being written, or were when the program was killed.
    pub fn adding(&self) -> &[ServiceId] {
        &self.adding
    }

    /// Notes which articles are being written.
    pub fn set_adding(&mut self, ids: Vec<ServiceId>) {
        self.is_adding_changed |= self.adding != ids;
        self.adding = ids;
    }

    /// The articles that are being written, if they changed since this was called last.
    pub fn take_adding(&mut self) -> Option<Vec<ServiceId>> {
        std::mem::take(&mut self.is_adding_changed).then(|| self.adding.clone())
    }

    /// An article.
    pub fn get(&self, id: &ServiceId) -> Option<&ShadowItem> {
        self.items.get(id)
    }

    /// All articles, in no order.
    pub fn items(&self) -> impl Iterator<Item = (&ServiceId, &ShadowItem)> {
        self.items.iter()
    }

    /// The articles that the service has or had several times, with their ids there.
    pub fn repeated(&self) -> BTreeMap<ArticleId, Vec<ServiceId>> {
        let mut ids: BTreeMap<ArticleId, Vec<ServiceId>> = BTreeMap::new();
        for (id, item) in &self.items {
            ids.entry(item.article).or_default().push(id.clone());
        }
        ids.retain(|_, ids| ids.len() > 1);
        ids
    }

    /// Sets an article.
    pub fn set(&mut self, id: &ServiceId, item: ShadowItem) {
        if self.items.get(id) != Some(&item) {
            self.items.insert(id.clone(), item);
            self.changed.insert(id.clone());
        }
    }

    /// Changes an article that is known.
    pub fn change(&mut self, id: &ServiceId, change: impl FnOnce(&mut ShadowItem)) {
        if let Some(item) = self.items.get_mut(id) {
            let before = item.clone();
            change(item);
            if *item != before {
                self.changed.insert(id.clone());
            }
        }
    }

    /// The articles that changed since this was called last, in the order of their ids.
    pub fn take_changed(&mut self) -> Vec<(ServiceId, ShadowItem)> {
        let changed = std::mem::take(&mut self.changed);
        changed.into_iter().filter_map(|id| self.items.get(&id).cloned().map(|item| (id, item))).collect()
    }
}
