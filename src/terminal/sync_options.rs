//! How the reader fetches subscriptions.

use crate::jobs::subscription_records::ReadRecords;

/// How the reader fetches subscriptions: it starts another process, and reads what that has recorded.
pub struct SyncOptions {
    /// The program that has the commands `sync` and `subscribe`, with the options before the command: frontpage itself.
    pub program: Vec<String>,
    /// Reads the records of subscriptions.
    pub read_records: ReadRecords,
}
