//! Sync: fetches what is due of the subscriptions, and writes new articles. Three processes: this one decides and writes files, one
//! fetches (`net`), and one parses; the latter two are confined.

pub mod accounts;
mod answer;
pub mod channel_search;
pub mod claims;
mod dispatch;
pub mod document_source;
pub mod downloads;
pub mod entered_address;
mod environment;
pub mod full_texts;
mod hook_notes;
pub mod hooks;
mod http_times;
pub mod messages;
mod new_articles_message;
mod outcome;
pub mod page_failure;
pub mod parsing_service;
mod partial_file;
mod passwords;
pub mod pictures;
pub mod read_marks;
mod results;
mod run;
pub mod schedule;
pub mod search_failure;
mod server_requests;
pub mod site_rules;
pub mod subscribe;
pub mod subscriptions_on_disk;
mod user_agent;
pub mod workers;

pub use environment::{
    Choice, Environment, FullTextCounts, Outcome, Summary, SyncError, SyncResult, shown_address, title,
};
pub use outcome::Failure;
pub use passwords::{Credentials, credentials};
pub use results::Progress;
pub use run::{Due, Plan, lock, plan, run, run_with_lock};
pub use server_requests::request_of_article;
pub use user_agent::user_agent;
