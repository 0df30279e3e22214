//! Many hands: lists folders and has their files looked at on many threads, a batch at a time.

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use rustix::process::{Resource, getrlimit};

use super::folder_walk::{EntryName, Folder, FolderWalk, OnVisit, Visit};

/// While the disk is slow, threads are the depth of its queue, not cores.
const MAX_THREADS: usize = 64;
/// The stack of each, in bytes: with the 2 MiB that threads have otherwise, so many of them would take up much of a small
/// machine's memory. A debug build, which takes more of a stack, has half, so that tests see what comes near the end.
const STACK_BYTES: usize = if cfg!(debug_assertions) { 256 * 1024 } else { 512 * 1024 };
/// Files of a batch.
const BATCH_SIZE: usize = 64;
/// Files that may be open for other things.
const RESERVED_FILES: u64 = 16;

/// As many threads as pay, and as may have a folder and a file open each, beside as many folders of batches that wait.
fn thread_limit() -> usize {
    let most = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    usize::try_from(most.saturating_sub(RESERVED_FILES) / 3).unwrap_or(MAX_THREADS).clamp(1, MAX_THREADS)
}

/// Entries of one folder.
#[derive(Debug)]
pub struct Batch {
    /// The folder.
    pub folder: Arc<Folder>,
    /// The entries.
    pub names: Vec<EntryName>,
}

/// How far it has come.
#[derive(Clone, Copy, Debug)]
pub struct ScanCounts {
    /// Entries looked at.
    pub done: usize,
    /// Entries found so far.
    pub found: usize,
}

/// Has `work` look at every entry below some folders and files, after `entered` was told of its folder, and hands what came of each batch to `take`, in the order
/// in which batches are done. What comes back is what came of all, in the order of the walk, and the folders that could not be
/// listed.
pub fn scan_all<T: Send>(
    roots: &[PathBuf],
    on_visit: OnVisit,
    work: impl Fn(&Batch) -> T + Sync,
    mut take: impl FnMut(&mut T, ScanCounts),
) -> (Vec<T>, Vec<(PathBuf, io::Error)>) {
    let (found, most) = (AtomicUsize::new(0), thread_limit());
    let (batches, inbox) = mpsc::sync_channel::<(usize, Batch)>(most);
    let inbox = Mutex::new(inbox);
    let (sender, receiver) = mpsc::channel::<(usize, usize, T)>();
    let look = |number: usize, batch: &Batch, sender: &mpsc::Sender<(usize, usize, T)>| {
        sender.send((number, batch.names.len(), work(batch))).is_ok()
    };
    let run = |sender: &mpsc::Sender<(usize, usize, T)>| {
        loop {
            let next = inbox.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok((number, batch)) = next else { return };
            if !look(number, &batch, sender) {
                return;
            }
        }
    };
    let (look, run, counted) = (&look, &run, &found);
    let (mut all, mut failed) = (Vec::new(), Vec::new());
    let thread = || std::thread::Builder::new().stack_size(STACK_BYTES);
    std::thread::scope(|scope| {
        let alone = sender.clone();
        let lister = thread().spawn_scoped(scope, move || {
            let (mut numbers, mut threads) = (0.., 0);
            list(roots, on_visit, &mut |batch| {
                counted.fetch_add(batch.names.len(), Ordering::Relaxed);
                let Some(number) = numbers.next() else { return };
                // A thread for each batch, until there are enough: few files need few.
                let own = sender.clone();
                let starts = threads < most;
                threads += usize::from(starts && thread().spawn_scoped(scope, move || run(&own)).is_ok());
                // Where no other thread can be had, this one does the work. Nobody takes a batch when all is over.
                match threads {
                    0 => drop(look(number, &batch, &sender)),
                    _ => drop(batches.send((number, batch))),
                }
            })
        });
        let lister = lister.ok();
        if lister.is_none() {
            // Not even one thread can be had: then this one does all of it, and what comes of it waits in the channel.
            let mut numbers = 0..;
            failed = list(roots, on_visit, &mut |batch| {
                counted.fetch_add(batch.names.len(), Ordering::Relaxed);
                let _ = numbers.next().map(|number| look(number, &batch, &alone));
            });
        }
        drop(alone);
        let mut done = 0;
        for (number, count, mut result) in receiver {
            done += count;
            take(&mut result, ScanCounts { done, found: found.load(Ordering::Relaxed) });
            all.push((number, result));
        }
        failed.extend(lister.and_then(|lister| lister.join().ok()).into_iter().flatten());
    });
    all.sort_by_key(|(number, _)| *number);
    (all.into_iter().map(|(_, result)| result).collect(), failed)
}

/// Lists all folders, and hands on their entries in batches.
fn list(roots: &[PathBuf], on_visit: OnVisit, take: &mut dyn FnMut(Batch)) -> Vec<(PathBuf, io::Error)> {
    let mut failed = Vec::new();
    let mut send = |folder: &Arc<Folder>, names: &mut Vec<EntryName>| {
        take(Batch { folder: folder.clone(), names: std::mem::take(names) });
    };
    for (root, path) in roots.iter().enumerate() {
        if !path.is_dir() {
            on_visit(Visit::File(path));
            let (folder, name) = Folder::of_file(root as u32, path);
            send(&Arc::new(folder), &mut vec![name]);
            continue;
        }
        let mut walk = FolderWalk::new(root as u32, path);
        let mut waiting: Option<(Arc<Folder>, Vec<EntryName>)> = None;
        loop {
            let listed = walk.list_next(on_visit, &mut |folder, name| {
                let (_, names) = waiting.get_or_insert_with(|| (folder.clone(), Vec::with_capacity(BATCH_SIZE)));
                names.push(name);
                if names.len() == BATCH_SIZE {
                    send(folder, names);
                }
            });
            if let Some((folder, mut names)) = waiting.take().filter(|(_, names)| !names.is_empty()) {
                send(&folder, &mut names);
            }
            match listed {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => failed.push(error),
            }
        }
    }
    failed
}
