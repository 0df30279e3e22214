//! The files of fetch records: `KEY.json`, one for each subscription, replaced atomically.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use super::fetch_record::FetchRecord;
use super::subscription::Subscription;
use super::subscription_key::SubscriptionKey;
use crate::feed::Problem;
use crate::file_system::FileSystem;

/// End of the names of the files, also while they are written.
const ENDING: &str = ".json";
/// A larger file is not a record, in bytes.
const MAX_FILE: usize = 1 << 20;

/// Records of several subscriptions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FetchRecords {
    /// The records. A subscription that was never fetched has none.
    pub records: HashMap<SubscriptionKey, FetchRecord>,
    /// The feeds of each account, as subscriptions. An account that was never synced has none.
    pub feeds: HashMap<SubscriptionKey, Vec<Subscription>>,
    /// Files that could not be read.
    pub problems: Vec<Problem>,
}

/// The file of the record of a subscription in the folder of the states.
fn path_of(folder: &Path, key: SubscriptionKey) -> PathBuf {
    folder.join(format!("{key}{ENDING}"))
}

/// Reads the records of subscriptions from the folder of the states, `sync` in the state folder.
pub fn read_records(folder: &Path, keys: impl Iterator<Item = SubscriptionKey>, fs: &dyn FileSystem) -> FetchRecords {
    let mut read = FetchRecords::default();
    for key in keys {
        let (record, problem) = read_record(folder, key, fs);
        read.records.extend(record.map(|record| (key, record)));
        read.problems.extend(problem);
    }
    read
}

/// Reads the record of a subscription. `None` if it was never fetched. A damaged file is a problem and counts as an empty record of a
/// subscription whose first sync was before: its next articles are unread.
pub fn read_record(folder: &Path, key: SubscriptionKey, fs: &dyn FileSystem) -> (Option<FetchRecord>, Option<Problem>) {
    let path = path_of(folder, key);
    let (what, hint) = match fs.read(&path, 0) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return (None, None),
        Err(error) => (format!("cannot be read: {error}"), "make it readable, or delete it"),
        Ok(bytes) if bytes.len() > MAX_FILE => ("too large for a record of a sync".to_owned(), "delete it"),
        Ok(bytes) => match serde_json::from_slice(&bytes) {
            Ok(record) => return (Some(record), None),
            // The error could quote the content, such as an address with a password.
            Err(_) => (
                "damaged: the whole channel is fetched at the next sync".to_owned(),
                "the next sync writes it again; no article is lost",
            ),
        },
    };
    let problem = Problem { path, ..Problem::warning(None, &what, hint) };
    (Some(FetchRecord { is_begun: true, ..FetchRecord::default() }), Some(problem))
}

/// Writes the record of a subscription under a temporary name and renames it. With `is_durable` it returns once the record is on
/// disk. Without, an earlier record may come back after a power failure: the only loss is a request that was not necessary.
pub fn write_record(
    folder: &Path,
    key: SubscriptionKey,
    record: &FetchRecord,
    is_durable: bool,
    fs: &dyn FileSystem,
) -> io::Result<()> {
    fs.replace(&path_of(folder, key), &serde_json::to_vec(record)?, is_durable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::UntrustedText;
    use crate::file_system::RealFileSystem;

    #[test]
    fn a_record_is_read_as_it_was_written_and_unknown_keys_survive() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = SubscriptionKey::of_address(&UntrustedText::new("https://example.org/feed.xml"));
        let other = SubscriptionKey::of_address(&UntrustedText::new("https://example.org/other.xml"));
        assert_eq!(read_record(folder.path(), key, &RealFileSystem), (None, None));
        let etag = Some("W/\"a b\"".to_owned());
        let mut record = FetchRecord { etag, failures: 3, is_begun: true, ..FetchRecord::default() };
        record.unknown.insert("newer".to_owned(), serde_json::json!({"a": [1, 2]}));
        for is_durable in [true, false] {
            write_record(folder.path(), key, &record, is_durable, &RealFileSystem).expect("written");
            let read = read_records(folder.path(), [key, other].into_iter(), &RealFileSystem);
            assert_eq!((read.records.len(), read.records.get(&key), read.problems.len()), (1, Some(&record), 0));
        }
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1, "no temporary files");
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "it damages files")]
    fn a_damaged_file_is_an_empty_record_and_a_problem_that_reveals_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = SubscriptionKey::of_address(&UntrustedText::new("https://example.org/feed.xml"));
        let large = " ".repeat(MAX_FILE + 1);
        for damaged in ["", "{", "[]", "{\"etag\": {\"secret\": 1}}", "\0\0\0", large.as_str()] {
            std::fs::write(path_of(folder.path(), key), damaged).expect("a file");
            let (record, problem) = read_record(folder.path(), key, &RealFileSystem);
            assert_eq!(record, Some(FetchRecord { is_begun: true, ..FetchRecord::default() }));
            let words = problem.expect("a problem").one_line();
            assert!(words.as_str().contains(".json") && !words.as_str().contains("secret"), "{words}");
        }
    }
}
