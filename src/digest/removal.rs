//! Removes the articles of a subscription that the user has unsubscribed from: only files as this program wrote them.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::article_file;
use super::choices::Places;
use super::item_id::ItemId;
use super::subscription_folder::{self as folder, FolderError, SubscriptionFolder};
use super::sync_record::{Entry, Gone};
use super::sync_state::{StateError, SyncState};
use crate::feed::ArticleId;
use crate::file_system::FileId;
use crate::subscriptions::Subscription;

/// Why articles could not be removed.
#[derive(Debug, thiserror::Error)]
pub enum RemovalError {
    /// The state cannot be read or written.
    #[error("{0}")]
    State(#[from] StateError),
    /// The folder or a file in it cannot be read, or a file not removed.
    #[error("{0}")]
    Folder(#[from] FolderError),
}

/// What was removed, or would be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removal {
    /// The number of files.
    pub removed: usize,
    /// Files that stay because they were edited, or because it is not known whether they were.
    pub edited: usize,
    /// Files that stay because the caller protects their articles.
    pub protected: usize,
    /// Other article files in the folder, which were not written for this subscription on this device.
    pub foreign: usize,
    /// The articles of the subscription whose files were deleted, by the user or now, without protected ones: what is kept for them
    /// elsewhere may go.
    pub gone: Vec<ArticleId>,
    /// The folder, if it exists.
    pub folder: Option<PathBuf>,
    /// True if articles were written, and their folder is missing or empty: it may be on a disk that is not mounted.
    pub is_away: bool,
}

impl Removal {
    /// True if no article file stays.
    pub fn is_complete(&self) -> bool {
        self.edited + self.protected + self.foreign == 0 && !self.is_away
    }
}

/// Removes the article files of a subscription that are byte for byte as they were written, except those of protected articles. With
/// `is_dry` it only counts. If no file stays, the state of the subscription goes too; else it remembers what was removed, so that
/// subscribing again does not bring it back.
pub fn remove_articles(
    subscription: &Subscription,
    places: &Places,
    is_protected: &dyn Fn(ArticleId) -> bool,
    is_dry: bool,
) -> Result<Removal, RemovalError> {
    let mut state = SyncState::open(places.states, subscription, places.fs)?;
    let mut removal = Removal::default();
    let opened = SubscriptionFolder::open(places.articles, subscription, places.fs)?;
    let mut removals: Vec<(ArticleId, ItemId, Entry, FileId)> = Vec::new();
    if let Some(folder) = &opened {
        removal.folder = Some(folder.path().to_owned());
        let mut missing: Vec<(ArticleId, &Entry)> = Vec::new();
        for (id, entry) in state.entries() {
            let article = article_file::article_id(id, subscription);
            if !folder.has(&entry.name) {
                missing.push((article, entry));
                continue;
            }
            if !entry.has_file() {
                continue;
            }
            match folder.read(&entry.name)? {
                Some(_) if is_protected(article) => removal.protected += 1,
                Some(there) if entry.is_ours(&folder::sha256(&there.bytes)) => {
                    removals.push((article, id.clone(), entry.clone(), there.id));
                }
                _ => removal.edited += 1,
            }
        }
        let known = removals.len() + removal.protected + removal.edited;
        removal.foreign = folder.file_count().saturating_sub(known);
        // An empty folder may be that of a disk that is not mounted.
        let is_deleted = |entry: &Entry| entry.gone.is_some() || !folder.is_empty();
        missing.retain(|(article, entry)| is_deleted(entry) && !is_protected(*article));
        if !missing.is_empty() {
            let renamed = renamed_articles(folder, &state, subscription);
            let is_gone = |article: &ArticleId| renamed.as_ref().is_some_and(|renamed| !renamed.contains(article));
            removal.gone = missing.into_iter().map(|(article, _)| article).filter(is_gone).collect();
        }
    }
    let is_empty = opened.as_ref().is_none_or(SubscriptionFolder::is_empty);
    removal.is_away = is_empty && state.entries().iter().any(|(_, entry)| entry.has_file());
    removal.removed = removals.len();
    if is_dry {
        return Ok(removal);
    }
    for (_, id, entry, _) in &removals {
        state.set(id, Entry { gone: Some(Gone::Deleted), ..entry.clone() });
    }
    // Before the files go: else they would look like those of a disk that is not mounted.
    state.save(places.fs)?;
    if let Some(mut folder) = opened {
        for (article, _, entry, there) in &removals {
            if folder.remove(&entry.name, there)? {
                removal.gone.push(*article);
            } else {
                // It was edited in this moment.
                removal.removed = removal.removed.saturating_sub(1);
                removal.edited += 1;
            }
        }
    }
    if removal.is_complete() {
        let state_file = state.path().to_owned();
        state.close(places.fs)?;
        let [record, pages] = ["json", "pages.json"].map(|ending| state_file.with_extension(ending));
        for file in [state_file, record, pages] {
            // What cannot be removed is small, and is used again if the user subscribes again.
            let _ = places.fs.remove(&file);
        }
    } else {
        state.close(places.fs)?;
    }
    Ok(removal)
}

/// The articles whose files have other names than those in the state. `None` if a file cannot be read.
fn renamed_articles(
    folder: &SubscriptionFolder,
    state: &SyncState,
    subscription: &Subscription,
) -> Option<BTreeSet<ArticleId>> {
    let known: BTreeSet<&str> = state.entries().iter().map(|(_, entry)| entry.name.as_str()).collect();
    let mut renamed: BTreeSet<ArticleId> = folder.names_with_id().map(|(id, _)| id).collect();
    for name in folder.names().filter(|name| !known.contains(name)) {
        let item = folder.read(name).ok()?.and_then(|there| folder::item_of(&there.bytes, subscription.key()));
        renamed.extend(item.map(|item| article_file::article_id(&item, subscription)));
    }
    Some(renamed)
}
