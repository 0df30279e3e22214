//! The marks that were not sent to a service yet, and the values of marks.

use std::collections::BTreeSet;

use super::service::{Field, Listing};
use super::service_id::ServiceId;
use super::shadow::{Shadow, ShadowItem};
use crate::feed::{ArticleId, DeviceId, Marks, Stamp, Tag, tags};

/// The number of marks that were not sent yet.
pub fn unsent_marks(shadow: &Shadow, marks: &Marks, device: DeviceId) -> usize {
    outbox(shadow, marks, device).count()
}

/// The marks that were not sent yet, each with the stamp of its change.
pub(super) fn outbox<'a>(
    shadow: &'a Shadow,
    marks: &'a Marks,
    device: DeviceId,
) -> impl Iterator<Item = (&'a ServiceId, Field, bool, Stamp)> {
    shadow.items().filter(|(_, item)| !item.is_gone).flat_map(move |(id, item)| {
        let change = move |field: Field| {
            let stamp = unsent(item, &field, marks, device)?;
            let is_on = value(marks, item.article, &field);
            Some((id, field, is_on, stamp))
        };
        fields(shadow, item, marks).into_iter().filter_map(change)
    })
}

/// The marks of an article that the service can have: those of all articles, and the labels that it has here or there.
pub(super) fn fields(shadow: &Shadow, item: &ShadowItem, marks: &Marks) -> Vec<Field> {
    let mut fields = Field::OF_ALL.to_vec();
    if let Some(labels) = shadow.labels() {
        let there = item.labels.keys().filter_map(|key| Tag::parse(key).ok());
        let all: BTreeSet<Tag> =
            tags::own(marks, item.article).into_iter().chain(there).filter_map(|tag| labels.spelt(&tag)).collect();
        let mut keys: BTreeSet<Box<str>> = BTreeSet::new();
        fields.extend(all.into_iter().filter(|tag| keys.insert(tag.key().into())).map(Field::Label));
    }
    fields
}

/// The marks that a list tells for all articles.
pub(super) fn fields_of(listing: &Listing) -> Vec<Field> {
    Field::OF_ALL.into_iter().chain(listing.labels.keys().cloned().map(Field::Label)).collect()
}

/// The change of a mark that was not sent yet. Changes with a stamp of the account came from there.
pub(super) fn unsent(item: &ShadowItem, field: &Field, marks: &Marks, device: DeviceId) -> Option<Stamp> {
    let stamp = marks.stamp(item.article, &field.mark());
    (stamp > item.sent(field) && stamp.device() != device).then_some(stamp)
}

pub(super) fn value(marks: &Marks, article: ArticleId, field: &Field) -> bool {
    match field {
        Field::Read => marks.is_read(article),
        Field::Starred => marks.is_starred(article),
        Field::Label(tag) => tags::has(marks, article, tag.key()),
    }
}
