//! Writes the items of a channel into the folder of its subscription.
//!
//! The order keeps articles safe if the program is stopped at any point: first the files under hidden names, then a note in the
//! state of the bytes that they will have, then their names, then the state. So each file that we wrote is known as ours, and a file
//! that the user edited or deleted is known as such.
//!
//! If the state is lost, deleted articles that the channel still has come back. Everything else is found again in the files.

use std::collections::HashSet;

use super::article_file::{self, ArticleFile};
use super::choices::{Choices, Places};
use super::fingerprint::{self, Fingerprint};
use super::identity;
use super::item_hash::ItemHash;
use super::item_id::ItemId;
use super::prepare::{PreparedChannel, PreparedItem};
use super::problems::{folder_problem, missing_problem, state_problem};
use super::report::{ArticleChange, LeftOut, LeftOutReason, Report};
use super::retention::{self, Candidate};
use super::subscription_folder::{self as folder, Created, FolderError, StagedFile, SubscriptionFolder};
use super::sync_record::{Entry, Gone};
use super::sync_state::SyncState;
use super::visible_text::shows_the_same;
use crate::feed::{ArticleId, Problem};
use crate::file_system::{FileId, FileSystem};
use crate::subscriptions::Subscription;
use crate::text::counted;

/// With more known files than this, half of them gone at once is no decision of the user.
const MIN_GONE: usize = 20;
/// Files that are open until they are on disk: a process may have 256 open files on some systems.
const MAX_OPEN: usize = 32;
/// Problems that are listed one by one.
const MAX_PROBLEMS: usize = 20;

/// Writes new and changed items of a channel as article files, and removes old articles if the subscription says so. Never touches
/// a file that the user edited, never writes one again that the user deleted, and never leaves the folder of the subscription.
pub fn write_articles(
    channel: &PreparedChannel,
    subscription: &Subscription,
    places: &Places,
    choices: &Choices,
) -> Report {
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
    channel: &PreparedChannel,
    subscription: &Subscription,
    places: &Places,
    choices: &Choices,
    state: &mut SyncState,
    report: &mut Report,
) -> Result<(), Box<Problem>> {
    let folder = open_folder(subscription, places, choices, state)?;
    let mut writer = Writer {
        channel,
        subscription,
        folder,
        state,
        report,
        open: Vec::new(),
        staged: Vec::new(),
        changes: Vec::new(),
        failures: 0,
    };
    writer.find_unknown_files();
    writer.find_deleted(choices)?;
    let ids = writer.look_at_all(choices);
    writer.name_staged(places.fs)?;
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
        return Err(missing_problem(&path, state.path(), "the folder of this subscription is missing"));
    }
    SubscriptionFolder::make(places.articles, subscription, places.fs).map_err(|error| folder_problem(&error))?;
    open()?.ok_or_else(|| missing_problem(&path, state.path(), "the folder of this subscription was removed"))
}

fn has_files(state: &SyncState) -> bool {
    state.entries().iter().any(|(_, entry)| entry.has_file())
}

/// A run in an open folder.
struct Writer<'a> {
    channel: &'a PreparedChannel,
    subscription: &'a Subscription,
    folder: SubscriptionFolder<'a>,
    state: &'a mut SyncState,
    report: &'a mut Report,
    /// Files that may not be on disk yet, at most [`MAX_OPEN`].
    open: Vec<Staged>,
    /// Files that are on disk and have no name yet.
    staged: Vec<Staged>,
    /// What the state must know once the files are on disk.
    changes: Vec<(ItemId, Entry)>,
    failures: usize,
}

/// No other file could be written either; the reason is reported.
struct NoneCanBeWritten;

/// The new file of an item.
struct Staged {
    id: ItemId,
    /// What the state must know once the file has its name.
    entry: Entry,
    /// The file that it replaces.
    before: Option<FileId>,
    file: StagedFile,
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

/// What is to be done for an item that has a file.
enum Comparison {
    /// Nothing but to remember it.
    Settled(Step, Box<Entry>),
    /// The file is ours and differs from the item.
    Outdated(FileId),
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
            self.state.set(&item, Entry { fingerprint, ..Entry::of_file(name) });
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
            live += usize::from(entry.has_file());
            match name {
                Some(name) if entry.gone.is_some() || name != entry.name => {
                    changed.push((id.clone(), Entry { name, gone: None, ..entry.clone() }));
                }
                Some(_) => {}
                None if entry.has_file() => {
                    missing.push((id.clone(), Entry { gone: Some(Gone::Deleted), ..entry.clone() }));
                }
                None => {}
            }
        }
        let is_half = live > MIN_GONE && missing.len() >= live.div_ceil(2);
        if !choices.missing_are_deleted && !missing.is_empty() && (self.folder.is_empty() || is_half) {
            let what = match self.folder.is_empty() {
                true => "the folder of this subscription is empty".to_owned(),
                false => {
                    let are = if missing.len() == 1 { "is" } else { "are" };
                    format!("{} of {live} articles of this subscription {are} missing", missing.len())
                }
            };
            return Err(missing_problem(self.folder.path(), self.state.path(), &what));
        }
        changed.into_iter().chain(missing).for_each(|(id, entry)| self.state.set(&id, entry));
        Ok(())
    }

    /// Looks at all items, and returns the identities of those that are in the channel now.
    fn look_at_all(&mut self, choices: &Choices) -> HashSet<ItemId> {
        let items = &self.channel.items;
        let prints: Vec<Fingerprint> = items.iter().map(|item| item.fingerprint.clone()).collect();
        let site = self.channel.link.as_ref().map(|link| fingerprint::hash_of_link(link.untrusted()));
        let ids = identity::assign_ids(&prints, &self.state.known_items(site));
        let mut seen: HashSet<ItemId> = HashSet::new();
        for (number, (item, id)) in items.iter().zip(ids).enumerate() {
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
                self.changes.extend(entry.map(|entry| (id, Entry { fingerprint: item.fingerprint.clone(), ..entry })));
                continue;
            }
            let looked = match self.look_at(number, item, &id, choices) {
                Ok(()) if self.open.len() < MAX_OPEN => Ok(()),
                Ok(()) => self.finish_open(),
                Err(error) => self.failed(&error),
            };
            if looked.is_err() {
                self.stop(items.len() - number - 1);
                // The rest is in the channel all the same, and must not count as gone.
                let rest = self.state.known_items(site);
                seen.extend(rest.items.into_iter().map(|known| known.id));
                break;
            }
        }
        // What fails is reported.
        let _ = self.finish_open();
        seen
    }

    /// Waits until all files are on disk. Together that takes a fraction of the time that one after the other would take.
    fn finish_open(&mut self) -> Result<(), NoneCanBeWritten> {
        let mut finished = Ok(());
        for mut staged in std::mem::take(&mut self.open) {
            match self.folder.finish(&mut staged.file) {
                Ok(()) => self.staged.push(staged),
                // The reason is reported.
                Err(error) if finished.is_err() && error.concerns_all() => {}
                Err(error) => finished = self.failed(&error).and(finished),
            }
        }
        finished
    }

    /// Reports a failure.
    fn failed(&mut self, error: &FolderError) -> Result<(), NoneCanBeWritten> {
        self.fail(error);
        if error.concerns_all() { Err(NoneCanBeWritten) } else { Ok(()) }
    }

    /// Reports that the rest of the items is not tried.
    fn stop(&mut self, rest: usize) {
        if rest > 0 {
            let (were, they_come) = if rest == 1 { ("was", "it comes") } else { ("were", "they come") };
            let what = format!("{} of the channel {were} not looked at", counted(rest, "more article"));
            let problem = Problem::warning(None, &what, &format!("{they_come} with the next sync"));
            self.report.problems.push(Problem { path: self.folder.path().to_owned(), ..problem });
        }
    }

    /// Compares an item with its file, and writes a new file under a hidden name if it must have one.
    fn look_at(
        &mut self,
        number: usize,
        item: &PreparedItem,
        id: &ItemId,
        choices: &Choices,
    ) -> Result<(), FolderError> {
        let (hash, fingerprint) = (item.hash, item.fingerprint.clone());
        let known = self.state.get(id).cloned();
        if let Some(entry) = known.as_ref().filter(|entry| entry.item == Some(hash) && entry.pending.is_none()) {
            self.report.unchanged += 1;
            if entry.fingerprint != fingerprint {
                self.changes.push((id.clone(), Entry { fingerprint, ..entry.clone() }));
            }
            return Ok(());
        }
        let file = article_file::article_file(item, id, self.channel, self.subscription);
        let is_known = known.is_some();
        let (entry, before) = match known.filter(|entry| self.folder.has(&entry.name)) {
            None => (Entry::of_file(file.name.to_string()), None),
            Some(entry) => match self.compare(&entry, &file, hash)? {
                Comparison::Settled(step, settled) => {
                    self.settle(step, id, file.id, Entry { fingerprint, ..*settled });
                    return Ok(());
                }
                Comparison::Outdated(before) => (entry, Some(before)),
            },
        };
        let article = article_file::article_of(&file)
            .map_err(|why| FolderError::NotAsWritten { path: self.folder.path().join(file.name.as_str()), why })?;
        if !is_known && !(choices.is_wanted)(&article) {
            self.report.left_out.push(LeftOut { item: number, why: LeftOutReason::NotWanted });
            return Ok(());
        }
        let file = self.folder.stage(&file)?;
        let entry = Entry { fingerprint, item: Some(hash), ..entry };
        self.open.push(Staged { id: id.clone(), entry, before, file });
        Ok(())
    }

    /// Compares a known item with its file. The user has edited it if we did not write these bytes.
    fn compare(&self, entry: &Entry, file: &ArticleFile, hash: ItemHash) -> Result<Comparison, FolderError> {
        let settled = |step, entry: Entry| Ok(Comparison::Settled(step, Box::new(Entry { pending: None, ..entry })));
        let Some(there) = self.folder.read(&entry.name)? else { return settled(Step::NotApplied, entry.clone()) };
        let (is, becomes) = (folder::sha256(&there.bytes), folder::sha256(&file.bytes));
        if is == becomes {
            let step = if entry.is_ours(&is) { Step::Unchanged } else { Step::Found };
            return settled(step, Entry { written: Some(becomes), item: Some(hash), ..entry.clone() });
        }
        if entry.is_ours(&is) {
            return Ok(Comparison::Outdated(there.id));
        }
        if shows_the_same(&there.bytes, &file.bytes) {
            // Another device wrote it at another time, or git changed its line ends. There is nothing to apply.
            let step = if entry.item.is_none() { Step::Found } else { Step::Unchanged };
            return settled(step, Entry { item: Some(hash), ..entry.clone() });
        }
        settled(Step::NotApplied, entry.clone())
    }

    /// Reports what was done for an item, and keeps what the state must know.
    fn settle(&mut self, step: Step, id: &ItemId, article: ArticleId, entry: Entry) {
        let change = ArticleChange { id: article, path: self.folder.path().join(&entry.name) };
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
        self.changes.push((id.clone(), entry));
    }

    /// Gives all new files their names. Before, the state gets the hashes of their bytes: if the program is stopped in between, the
    /// next run knows the files as ours, also if their items have changed by then.
    fn name_staged(&mut self, fs: &dyn FileSystem) -> Result<(), Box<Problem>> {
        for Staged { id, entry, file, .. } in &self.staged {
            // The file, if there is one, still shows the item as it was.
            let known = self.state.get(id).cloned().unwrap_or_else(|| Entry { item: None, ..entry.clone() });
            self.state.set(id, Entry { pending: Some(file.hash.clone()), ..known });
        }
        let staged = std::mem::take(&mut self.staged);
        if let Err(error) = self.state.save(fs) {
            staged.iter().for_each(|staged| self.folder.discard(&staged.file));
            return Err(Box::new(state_problem(&error)));
        }
        for Staged { id, entry, before, file } in staged {
            match self.give_name(&entry, before, &file) {
                Ok((step, entry)) => self.settle(step, &id, file.id, entry),
                Err(error) => self.fail(&error),
            }
        }
        Ok(())
    }

    fn give_name(
        &mut self,
        entry: &Entry,
        before: Option<FileId>,
        file: &StagedFile,
    ) -> Result<(Step, Entry), FolderError> {
        let ours = Entry { written: Some(file.hash.clone()), pending: None, ..entry.clone() };
        if let Some(before) = before {
            return Ok(match self.folder.replace(&entry.name, &before, file)? {
                true => (Step::Updated, ours),
                // It was edited in this moment.
                false => (Step::NotApplied, Entry { item: None, pending: None, ..entry.clone() }),
            });
        }
        Ok(match self.folder.create(file)? {
            Created::New(name) => (Step::New, Entry { name, ..ours }),
            Created::Same(name) => (Step::Found, Entry { name, ..ours }),
            Created::Other(name) => {
                (Step::NotApplied, Entry { fingerprint: entry.fingerprint.clone(), ..Entry::of_file(name) })
            }
        })
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
        let live = self.state.entries().iter().filter(|(_, entry)| entry.has_file());
        let candidates = live.map(|(id, entry)| Candidate {
            id,
            published: entry.published(),
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
                Ok(Some(there)) if entry.is_ours(&folder::sha256(&there.bytes)) => {
                    self.state.set(&id, Entry { gone: Some(Gone::Expired), ..entry.clone() });
                    removals.push((article, entry.name, there.id));
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
