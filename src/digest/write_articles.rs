//! Writes the items of a channel into the folder of its subscription.
//!
//! The order keeps articles safe if the program is stopped at any point: first the files, then their names, then the state. A file
//! that the state does not know is found again by its name and content, but an item that the state knew without a file would be
//! taken for one that the user deleted.

use std::collections::HashSet;
use std::path::Path;

use super::article_file::{self, ArticleFile};
use super::fingerprint::{self, Fingerprint};
use super::identity;
use super::item_hash::{ItemHash, item_hash};
use super::item_id::ItemId;
use super::report::{ArticleChange, LeftOut, LeftOutReason, Report};
use super::retention::{self, Candidate};
use super::subscription_folder::{self as folder, Created, FolderError, SubscriptionFolder};
use super::sync_record::{Entry, Gone};
use super::sync_state::{StateError, SyncState};
use crate::channel::{Channel, Item};
use crate::feed::{ArticleId, Problem, clean};
use crate::file_system::FileSystem;
use crate::subscriptions::Subscription;
use chrono::{DateTime, Utc};

/// With more known files than this, half of them gone at once is no decision of the user.
const MIN_GONE: usize = 20;
/// Problems that are listed one by one.
const MAX_PROBLEMS: usize = 20;

/// Where articles and states are.
#[derive(Clone, Copy, Debug)]
pub struct Places<'a> {
    /// The folder with the folders of all subscriptions.
    pub articles: &'a Path,
    /// The folder with the states of this device. It must not be shared with other devices.
    pub states: &'a Path,
    /// The file system.
    pub fs: &'a dyn FileSystem,
}

/// What the user decides.
pub struct Choices<'a> {
    /// The time of the run, for the age of articles.
    pub now: DateTime<Utc>,
    /// True for articles that are never removed: unread or starred ones, and those with a note or a tag.
    pub is_protected: &'a dyn Fn(ArticleId) -> bool,
    /// True if the user says that missing files were deleted, although the folder could be on a disk that is
    /// not mounted.
    pub missing_are_deleted: bool,
}

impl Choices<'_> {
    /// Nothing is removed, and nothing is concluded of a folder that lacks many files.
    pub fn cautious(now: DateTime<Utc>) -> Choices<'static> {
        Choices { now, is_protected: &|_| true, missing_are_deleted: false }
    }
}

/// Writes new and changed items of a channel as article files, and removes old articles if the subscription says so. Never touches
/// a file that the user edited, never writes one again that the user deleted, and never leaves the folder of the subscription.
pub fn write_articles(channel: &Channel, subscription: &Subscription, places: &Places, choices: &Choices) -> Report {
    let mut report = Report::default();
    let mut state = match SyncState::open(places.states, subscription, places.fs) {
        Ok(state) => state,
        Err(error) => {
            report.problems.push(state_problem(&error));
            return report;
        }
    };
    report.problems.extend(state.problem());
    match run(channel, subscription, places, choices, &mut state, &mut report) {
        Ok(()) => {}
        Err(problem) => report.problems.push(*problem),
    }
    let saved = state.save(places.fs).and_then(|()| state.close(places.fs));
    report.problems.extend(saved.err().map(|error| state_problem(&error)));
    report
}

fn run(
    channel: &Channel,
    subscription: &Subscription,
    places: &Places,
    choices: &Choices,
    state: &mut SyncState,
    report: &mut Report,
) -> Result<(), Box<Problem>> {
    let folder = open_folder(subscription, places, choices, state)?;
    let mut writer = Writer { channel, subscription, folder, state, report, changes: Vec::new(), failures: 0 };
    writer.find_unknown_files();
    writer.find_deleted(choices)?;
    let ids = writer.write_all();
    writer.commit(places.fs)?;
    writer.remove_expired(&ids, places.fs, choices)
}

/// Opens the folder, or makes it if there was none before.
fn open_folder<'a>(
    subscription: &Subscription,
    places: &Places<'a>,
    choices: &Choices,
    state: &SyncState,
) -> Result<SubscriptionFolder<'a>, Box<Problem>> {
    let open =
        || SubscriptionFolder::open(places.articles, subscription, places.fs).map_err(|error| folder_problem(&error));
    if let Some(folder) = open()? {
        return Ok(folder);
    }
    let path = places.articles.join(folder::folder_name(subscription).map_err(|error| folder_problem(&error))?);
    if has_files(state) && !choices.missing_are_deleted {
        return Err(missing_problem(&path, "the folder of this subscription is missing"));
    }
    SubscriptionFolder::make(places.articles, subscription, places.fs).map_err(|error| folder_problem(&error))?;
    open()?.ok_or_else(|| missing_problem(&path, "the folder of this subscription was removed"))
}

fn has_files(state: &SyncState) -> bool {
    state.entries().iter().any(|(_, entry)| entry.gone.is_none())
}

/// A run in an open folder.
struct Writer<'a> {
    channel: &'a Channel,
    subscription: &'a Subscription,
    folder: SubscriptionFolder<'a>,
    state: &'a mut SyncState,
    report: &'a mut Report,
    /// What the state must know once the files are on disk.
    changes: Vec<(ItemId, Entry)>,
    failures: usize,
}

/// What is done for an item.
enum Step {
    /// Its file is as it must be.
    Unchanged,
    /// Its file is new.
    New,
    /// Its file was replaced.
    Updated,
    /// A file of it was found.
    Found,
    /// Its file was edited, and its item changed.
    NotApplied,
}

impl Writer<'_> {
    /// Files of ours that the state does not know: the state was lost, or another device wrote them.
    fn find_unknown_files(&mut self) {
        let known: HashSet<ArticleId> = self.state.entries().iter().map(|(id, _)| self.article_id(id)).collect();
        let unknown = self.folder.names_with_id().filter(|(id, _)| !known.contains(id));
        let unknown: Vec<(ArticleId, String)> = unknown.map(|(id, name)| (id, name.to_owned())).collect();
        for (id, name) in unknown {
            let read = match self.folder.read(&name) {
                Ok(Some(read)) => read,
                Ok(None) => continue,
                Err(error) => {
                    self.fail(&error);
                    continue;
                }
            };
            let item = folder::item_of(&read.bytes, self.subscription.key());
            // The name must fit the content: a copy of a file under another name says nothing.
            let Some(item) = item.filter(|item| self.article_id(item) == id) else { continue };
            let article = self.folder.article(&name, &read.bytes);
            let article = article.as_ref();
            let published = article.and_then(|article| article.published);
            let link = article.and_then(|article| article.link.as_ref()?.address().cloned());
            let title = article.map(|article| article.title.as_str());
            let fingerprint = Fingerprint::of_file(&item, link.as_ref().map(|link| link.as_str()), title, published);
            let (written, unknown) = (None, Default::default());
            self.state.set(&item, Entry { name, written, item: None, fingerprint, gone: None, unknown });
        }
    }

    fn article_id(&self, id: &ItemId) -> ArticleId {
        article_file::article_id(id, self.subscription)
    }

    /// Known files that are missing were deleted by the user, unless too many are missing at once. Those that are back are known
    /// again.
    fn find_deleted(&mut self, choices: &Choices) -> Result<(), Box<Problem>> {
        let (mut live, mut missing, mut changed) = (0_usize, Vec::new(), Vec::new());
        for (id, entry) in self.state.entries() {
            let renamed = || self.folder.name_of(self.article_id(id)).map(str::to_owned);
            let name = if self.folder.has(&entry.name) { Some(entry.name.clone()) } else { renamed() };
            live += usize::from(entry.gone.is_none());
            match name {
                Some(name) if entry.gone.is_some() || name != entry.name => {
                    changed.push((id.clone(), Entry { name, gone: None, ..entry.clone() }));
                }
                Some(_) => {}
                None if entry.gone.is_none() => {
                    missing.push((id.clone(), Entry { gone: Some(Gone::Deleted), ..entry.clone() }));
                }
                None => {}
            }
        }
        let is_half = live > MIN_GONE && missing.len() >= live.div_ceil(2);
        if !choices.missing_are_deleted && !missing.is_empty() && (self.folder.is_empty() || is_half) {
            let what = match self.folder.is_empty() {
                true => "the folder of this subscription is empty".to_owned(),
                false => format!("{} of {live} articles of this subscription are missing", missing.len()),
            };
            return Err(missing_problem(self.folder.path(), &what));
        }
        changed.into_iter().chain(missing).for_each(|(id, entry)| self.state.set(&id, entry));
        Ok(())
    }

    /// Writes all items, and returns the identities of those that are in the channel now.
    fn write_all(&mut self) -> HashSet<ItemId> {
        let items = &self.channel.items;
        let prints: Vec<Fingerprint> = items.iter().map(Fingerprint::of).collect();
        let site = self.channel.link.as_ref().map(|link| fingerprint::hash_of_link(link.untrusted()));
        let ids = identity::assign_ids(&prints, &self.state.known_items(site));
        let mut seen: HashSet<ItemId> = HashSet::new();
        for (number, ((item, print), id)) in items.iter().zip(prints).zip(ids).enumerate() {
            let is_first = seen.insert(id.clone());
            let gone = self.state.get(&id).and_then(|entry| entry.gone);
            let why = match gone {
                _ if !is_first => Some(LeftOutReason::Repeated),
                Some(Gone::Deleted) => Some(LeftOutReason::Deleted),
                Some(Gone::Expired) => Some(LeftOutReason::Expired),
                None => None,
            };
            if let Some(why) = why {
                self.report.left_out.push(LeftOut { item: number, why });
                let entry = self.state.get(&id).filter(|_| is_first).cloned();
                self.changes.extend(entry.map(|entry| (id, Entry { fingerprint: print, ..entry })));
                continue;
            }
            if let Err(error) = self.write(item, &id, print) {
                self.fail(&error);
                if error.concerns_all() {
                    self.stop(items.len() - number - 1);
                    // The rest is in the channel all the same, and must not count as gone.
                    let rest = self.state.known_items(site);
                    seen.extend(rest.items.into_iter().map(|known| known.id));
                    break;
                }
            }
        }
        seen
    }

    /// Reports that the rest of the items is not tried.
    fn stop(&mut self, rest: usize) {
        if rest > 0 {
            let what = format!("{rest} more articles of the channel were not looked at");
            let problem = Problem::warning(None, &what, "they come with the next sync");
            self.report.problems.push(Problem { path: self.folder.path().to_owned(), ..problem });
        }
    }

    fn write(&mut self, item: &Item, id: &ItemId, fingerprint: Fingerprint) -> Result<(), FolderError> {
        let hash = item_hash(item);
        let known = self.state.get(id).cloned();
        if let Some(entry) = known.as_ref().filter(|entry| entry.item == Some(hash) && entry.written.is_some()) {
            self.report.unchanged += 1;
            if entry.fingerprint != fingerprint {
                self.changes.push((id.clone(), Entry { fingerprint, ..entry.clone() }));
            }
            return Ok(());
        }
        let file = article_file::article_file(item, id, self.channel, self.subscription);
        let (step, entry) = match known {
            Some(entry) => self.update(entry, &file, hash)?,
            None => self.create(&file, hash)?,
        };
        let change = ArticleChange { id: file.id, path: self.folder.path().join(&entry.name) };
        let list = match step {
            Step::Unchanged => None,
            Step::New => Some(&mut self.report.new),
            Step::Updated => Some(&mut self.report.updated),
            Step::Found => Some(&mut self.report.found),
            Step::NotApplied => Some(&mut self.report.not_applied),
        };
        match list {
            Some(list) => list.push(change),
            None => self.report.unchanged += 1,
        }
        self.changes.push((id.clone(), Entry { fingerprint, ..entry }));
        Ok(())
    }

    fn create(&mut self, file: &ArticleFile, hash: ItemHash) -> Result<(Step, Entry), FolderError> {
        let (step, name, is_ours) = match self.folder.create(file)? {
            Created::New(name) => (Step::New, name, true),
            Created::Same(name) => (Step::Found, name, true),
            Created::Other(name) => (Step::NotApplied, name, false),
        };
        let written = is_ours.then(|| folder::sha256(&file.bytes));
        let (item, fingerprint, unknown) = (is_ours.then_some(hash), Fingerprint::default(), Default::default());
        Ok((step, Entry { name, written, item, fingerprint, gone: None, unknown }))
    }

    /// Replaces the file of a known item, if it is as we wrote it.
    fn update(&mut self, entry: Entry, file: &ArticleFile, hash: ItemHash) -> Result<(Step, Entry), FolderError> {
        let Some(there) = self.folder.read(&entry.name)? else { return Ok((Step::NotApplied, entry)) };
        let (is, becomes) = (folder::sha256(&there.bytes), folder::sha256(&file.bytes));
        let as_written = |entry: Entry| Entry { written: Some(becomes.clone()), item: Some(hash), ..entry };
        if is == becomes {
            let step = if entry.written.as_ref() == Some(&becomes) { Step::Unchanged } else { Step::Found };
            return Ok((step, as_written(entry)));
        }
        if entry.written.as_ref() != Some(&is) || !self.folder.replace(&entry.name, &there, file)? {
            return Ok((Step::NotApplied, entry));
        }
        Ok((Step::Updated, as_written(entry)))
    }

    /// Waits until the files are on disk, and only then writes the state.
    fn commit(&mut self, fs: &dyn FileSystem) -> Result<(), Box<Problem>> {
        let has_files =
            [&self.report.new, &self.report.updated, &self.report.found].iter().any(|list| !list.is_empty());
        if has_files {
            self.folder.sync().map_err(|error| folder_problem(&error))?;
        }
        std::mem::take(&mut self.changes).into_iter().for_each(|(id, entry)| self.state.set(&id, entry));
        self.state.save(fs).map_err(|error| Box::new(state_problem(&error)))
    }

    /// Removes old articles that are no longer in the channel, if the subscription says so.
    fn remove_expired(
        &mut self,
        in_channel: &HashSet<ItemId>,
        fs: &dyn FileSystem,
        choices: &Choices,
    ) -> Result<(), Box<Problem>> {
        // What is missing in a document that is not whole may still be in the channel.
        let Some(keep) = self.subscription.keep else { return Ok(()) };
        if self.channel.is_partial || self.channel.items.is_empty() || self.failures > 0 {
            return Ok(());
        }
        let live = self.state.entries().iter().filter(|(_, entry)| entry.gone.is_none());
        let candidates = live.map(|(id, entry)| Candidate {
            id,
            published: entry.fingerprint.published,
            is_in_channel: in_channel.contains(id),
        });
        let expired: Vec<ItemId> = retention::expired(keep, choices.now, candidates.collect());
        let mut removals = Vec::new();
        for id in expired {
            let Some(entry) = self.state.get(&id).cloned() else { continue };
            let article = self.article_id(&id);
            if (choices.is_protected)(article) {
                continue;
            }
            match self.folder.read(&entry.name) {
                Ok(Some(there)) if entry.written == Some(folder::sha256(&there.bytes)) => {
                    self.state.set(&id, Entry { gone: Some(Gone::Expired), ..entry.clone() });
                    removals.push((article, entry.name, there));
                }
                Ok(_) => {}
                Err(error) => self.fail(&error),
            }
        }
        // The other way round, removed files could look like those of a disk that is not mounted.
        self.state.save(fs).map_err(|error| Box::new(state_problem(&error)))?;
        for (id, name, there) in removals {
            match self.folder.remove(&name, &there) {
                Ok(true) => {
                    let path = self.folder.path().join(&name);
                    self.report.removed.push(ArticleChange { id, path });
                }
                // It was edited in this moment: the next run finds it again.
                Ok(false) => {}
                Err(error) => self.fail(&error),
            }
        }
        Ok(())
    }

    fn fail(&mut self, error: &FolderError) {
        self.failures += 1;
        match self.failures {
            ..=MAX_PROBLEMS => self.report.problems.push(*folder_problem(error)),
            _ => {
                if self.failures == MAX_PROBLEMS + 1 {
                    let problem =
                        Problem::warning(None, "more files of this subscription could not be read or written", "");
                    self.report.problems.push(Problem { path: self.folder.path().to_owned(), ..problem });
                }
            }
        }
    }
}

fn folder_problem(error: &FolderError) -> Box<Problem> {
    let hint = match error {
        FolderError::NotAName { .. } => "set `folder` in subscriptions.yaml to one name, without `/`",
        FolderError::NotAFolder { .. } => "move it away, or set another `folder` in subscriptions.yaml",
        FolderError::Locked { .. } => "try again when it has ended",
        FolderError::NamesTaken { .. } => "move these files away",
        FolderError::Io { .. } | FolderError::NotAsWritten { .. } => "the next sync tries again",
    };
    problem_of(error.path(), &error.to_string(), hint)
}

fn state_problem(error: &StateError) -> Problem {
    let (path, hint) = match error {
        StateError::Io { path, .. } => (path, "the next sync tries again"),
        StateError::Locked { path } => (path, "try again when it has ended"),
        StateError::Newer { path, .. } => (path, "use the newer version"),
    };
    *problem_of(path, &error.to_string(), hint)
}

/// A problem of a path, which the text begins with.
fn problem_of(path: &Path, text: &str, hint: &str) -> Box<Problem> {
    let shown = format!("{}: ", clean::path(path));
    let what = text.strip_prefix(&shown).unwrap_or(text);
    Box::new(Problem { path: path.to_owned(), ..Problem::error(None, what, hint) })
}

fn missing_problem(folder: &Path, what: &str) -> Box<Problem> {
    let hint = "nothing was written; mount the disk or restore the files, or confirm that they were deleted";
    Box::new(Problem { path: folder.to_owned(), ..Problem::error(None, what, hint) })
}
