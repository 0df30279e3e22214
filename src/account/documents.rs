//! The documents of services, which the parsing process reads.

use serde::{Deserialize, Serialize};

use super::answers::NotAnAnswer;
use super::fever;
use super::google_reader::{self, IdsPage};
use super::labels::LabelNames;
use super::service::{self, Listing, ServiceFeed, ServiceItems};

/// A document of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApiDocument {
    /// Feeds, by the Google Reader API.
    ReaderFeeds,
    /// Ids of articles, by the Google Reader API.
    ReaderIds,
    /// Labels and folders, by the Google Reader API.
    ReaderLabels,
    /// Articles, by the Google Reader API.
    ReaderItems,
    /// Feeds, by the Fever API.
    FeverFeeds,
    /// Ids of unread and starred articles, by the Fever API.
    FeverListing,
    /// Articles, by the Fever API.
    FeverItems,
    /// Anything that the Fever API answers to a change.
    FeverChange,
}

/// What a document says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ApiAnswer {
    /// Feeds.
    Feeds(#[serde(deserialize_with = "service::feeds")] Vec<ServiceFeed>),
    /// Labels and folders.
    Labels(LabelNames),
    /// A part of a list of ids.
    Ids(IdsPage),
    /// Both lists.
    Listing(Listing),
    /// Articles.
    Items(Box<ServiceItems>),
    /// A change was made.
    Changed,
}

impl ApiDocument {
    /// Reads it.
    pub fn read(self, bytes: &[u8]) -> Result<ApiAnswer, NotAnAnswer> {
        Ok(match self {
            ApiDocument::ReaderFeeds => ApiAnswer::Feeds(google_reader::feeds_of(bytes)?),
            ApiDocument::ReaderIds => ApiAnswer::Ids(google_reader::ids_of(bytes)?),
            ApiDocument::ReaderLabels => ApiAnswer::Labels(google_reader::labels_of(bytes)?),
            ApiDocument::ReaderItems => ApiAnswer::Items(Box::new(google_reader::items_of(bytes)?)),
            ApiDocument::FeverFeeds => ApiAnswer::Feeds(fever::feeds_of(bytes)?),
            ApiDocument::FeverListing => ApiAnswer::Listing(fever::listing_of(bytes)?),
            ApiDocument::FeverItems => ApiAnswer::Items(Box::new(fever::items_of(bytes)?)),
            ApiDocument::FeverChange => fever::accepted(bytes).map(|()| ApiAnswer::Changed)?,
        })
    }
}
