//! Sync: fetches what is due of the subscriptions, and writes new articles. Three processes: this one decides and writes files, one
//! fetches (`net`), and one parses; the latter two are confined.

pub mod channel_search;
pub mod entered_address;
pub mod messages;
pub mod search_failure;
pub mod site_rules;
pub mod workers;
