//! Subscriptions: what the user follows, and the lists that other programs keep of it (OPML, newsboat's `urls`).

pub mod import;
mod imported;
mod key;
mod newsboat_query;
pub mod newsboat_urls;
pub mod opml;
mod subscription;
mod test_subscriptions;

pub use import::{ImportError, import};
pub use imported::{Duplicate, Imported, ImportedSearch, MAX_SUBSCRIPTIONS, Note, RefusalReason, Refused};
pub use key::SubscriptionKey;
pub use subscription::{Keep, Subscription};
