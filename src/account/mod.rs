//! Accounts: reader services such as FreshRSS and Miniflux, whose subscriptions, articles and marks are kept equal to those of this
//! device. What is asked and what follows from the answers, without any input or output.

mod answers;
mod documents;
pub mod fever;
pub mod google_reader;
mod labels;
mod merge;
mod outbox;
mod requests;
mod service;
mod service_id;
mod shadow;

pub use answers::NotAnAnswer;
pub use documents::{ApiAnswer, ApiDocument};
pub use labels::{LabelNames, Labels};
pub use merge::{AccountReport, AddedArticle, Interruption, Library, merge, send};
pub use outbox::unsent_marks;
pub use requests::ApiRequest;
pub use service::{FeedChange, Field, ItemState, Listing, MarkBatch, Marked, Service, ServiceFeed, ServiceItems};
pub use service_id::ServiceId;
pub use shadow::{Shadow, ShadowItem};
