//! The bytes of an article file: a pure function of an item and its subscription, so that all devices write the same.

use super::file_name::FileName;
use super::item_id::ItemId;
use crate::channel::{Channel, Item};
use crate::feed::ArticleId;
use crate::subscriptions::Subscription;

/// An article file that is not yet on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleFile {
    /// Its name in the folder of its subscription.
    pub name: FileName,
    /// Its content.
    pub bytes: Vec<u8>,
    /// The identity of the article, which the loader finds again in the content.
    pub id: ArticleId,
}

/// The identity of the article of an item.
pub fn article_id(id: &ItemId, subscription: &Subscription) -> ArticleId {
    ArticleId::of_item(&id.in_article_id(subscription.key()))
}

/// The article file of an item.
pub fn article_file(item: &Item, id: &ItemId, channel: &Channel, subscription: &Subscription) -> ArticleFile {
    let _ = channel;
    let id = article_id(id, subscription);
    let bytes = format!("---\narticleId: \"{id}\"\n---\n").into_bytes();
    ArticleFile { name: FileName::new(item.published, &item.title, id), bytes, id }
}
