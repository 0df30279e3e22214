//! Subscriptions: what the user follows, and the lists that other programs keep of it (OPML, newsboat's `urls`).

pub mod import;
mod imported_list;
mod newsboat_query;
pub mod newsboat_urls;
pub mod opml;
mod subscription;
mod subscription_key;
mod test_subscriptions;

pub use import::{ImportError, import};
pub use imported_list::{Duplicate, Imported, ImportedSearch, MAX_SUBSCRIPTIONS, Note, RefusalReason, Refused};
pub use subscription::{Keep, Subscription};
pub use subscription_key::SubscriptionKey;
