//! Subscriptions: what the user follows (`subscriptions.yaml`), what is known of each, and the lists that other programs keep of it
//! (OPML, newsboat's `urls`).

mod account;
mod article_counts;
mod channel_address;
pub mod edit;
mod fetch_record;
mod fetch_record_file;
mod file;
mod file_access;
mod file_account;
mod file_items;
mod file_line;
mod folder_name;
mod hook_problems_file;
#[cfg(feature = "sync")]
pub mod import;
#[cfg(feature = "sync")]
mod imported_list;
#[cfg(feature = "sync")]
mod newsboat_query;
#[cfg(feature = "sync")]
pub mod newsboat_urls;
#[cfg(feature = "sync")]
pub mod opml;
mod subscription;
mod subscription_key;
#[cfg(feature = "sync")]
mod suggested_channels;
mod test_subscriptions;

pub use account::{Account, ServiceKind};
pub use article_counts::{ArticleCounts, SubscribedArticles, subscribed};
pub use channel_address::{CHANNEL_SCHEMES, canonical, without_secrets};
pub use fetch_record::{FetchRecord, Move, Pace, RecordedProblem, Stopped};
pub use fetch_record_file::{FetchRecords, read_record, read_records, write_record};
pub use file::{Found, ListedAccount, ListedSubscription, SubscriptionsFile, path_beside};
pub use file_account::refusal as account_refusal;
pub use folder_name::is_plain_name;
pub use hook_problems_file::{HookProblem, read_hook_problems, write_hook_problems};
#[cfg(feature = "sync")]
pub use import::{ImportError, import};
#[cfg(feature = "sync")]
pub use imported_list::{Duplicate, Imported, ImportedSearch, Note, RefusalReason, Refused};
pub use subscription::{Access, Keep, Login, MAX_SUBSCRIPTIONS, PasswordSource, Subscription};
pub use subscription_key::SubscriptionKey;
#[cfg(feature = "sync")]
pub use suggested_channels::suggested_channels;
