//! The navigation pane: saved searches, tags, subscriptions, folders, providers and topics, each with its unread articles.

mod articles;
mod build;
mod entry;
mod folds;
pub mod place;
mod saved;
mod state;
mod tags;

pub use entry::{Entry, EntryKind, Section};
pub use folds::Folds;
pub use place::{EntryError, PresentPlace};
pub use state::Navigation;
