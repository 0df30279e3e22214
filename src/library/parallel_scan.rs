//! Lists folders on one thread and scans their files on many, in batches of 64.

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use rustix::process::{Resource, getrlimit};

use super::folder_walk::{EntryName, Folder, FolderWalk, OnVisit, Visit};

/// More threads than cores: on a slow disk, each thread is a request in the queue of the disk.
const MAX_THREADS: usize = 64;
/// Stack size of each thread in bytes. The default of 2 MiB times 64 would take much of a small machine's memory. A debug
/// build needs more stack per call and gets half of that, so that tests notice code that comes near the limit.
const STACK_BYTES: usize = if cfg!(debug_assertions) { 256 * 1024 } else { 512 * 1024 };
/// Entries in a batch.
const BATCH_SIZE: usize = 64;
/// File descriptors left for everything else.
const RESERVED_FILES: u64 = 16;

/// Number of threads. Each may hold two descriptors, for a folder and a file, and a waiting batch holds one for its folder.
fn thread_limit() -> usize {
    let limit = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    usize::try_from(limit.saturating_sub(RESERVED_FILES) / 3).unwrap_or(MAX_THREADS).clamp(1, MAX_THREADS)
}

/// A batch of entries of one folder.
#[derive(Debug)]
pub struct Batch {
    /// The folder.
    pub folder: Arc<Folder>,
    /// The entries.
    pub names: Vec<EntryName>,
}

/// Progress of a scan.
#[derive(Clone, Copy, Debug)]
pub struct ScanCounts {
    /// Entries looked at.
    pub done: usize,
    /// Entries found so far.
    pub found: usize,
}

/// Runs `work` for each batch of entries below `roots`, on several threads, after `on_visit` was called for their folder.
/// `on_result` gets each result and the progress in the order of completion, on the calling thread. Returns all results in the
/// order of the walk, and the folders that could not be listed.
pub fn scan_all<T: Send>(
    roots: &[PathBuf],
    on_visit: OnVisit,
    work: impl Fn(&Batch) -> T + Sync,
    mut on_result: impl FnMut(&mut T, ScanCounts),
) -> (Vec<T>, Vec<(PathBuf, io::Error)>) {
    let (found, limit) = (AtomicUsize::new(0), thread_limit());
    // The queue has a limit, since each waiting batch keeps the descriptor of its folder open.
    let (batches, queue) = mpsc::sync_channel::<(usize, Batch)>(limit);
    let queue = Mutex::new(queue);
    let (sender, receiver) = mpsc::channel::<(usize, usize, T)>();
    let scan = |number: usize, batch: &Batch, sender: &mpsc::Sender<(usize, usize, T)>| {
        sender.send((number, batch.names.len(), work(batch))).is_ok()
    };
    let run = |sender: &mpsc::Sender<(usize, usize, T)>| {
        loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok((number, batch)) = next else { return };
            if !scan(number, &batch, sender) {
                return;
            }
        }
    };
    let (scan, run, counted) = (&scan, &run, &found);
    let (mut all, mut failed) = (Vec::new(), Vec::new());
    let thread = || std::thread::Builder::new().stack_size(STACK_BYTES);
    std::thread::scope(|scope| {
        let local_sender = sender.clone();
        let lister = thread().spawn_scoped(scope, move || {
            let (mut numbers, mut threads) = (0.., 0);
            list(roots, on_visit, &mut |batch| {
                // `Relaxed`, since the count is only shown as progress.
                counted.fetch_add(batch.names.len(), Ordering::Relaxed);
                let Some(number) = numbers.next() else { return };
                // One more thread per batch until the limit: a library of few files needs few threads.
                let own = sender.clone();
                let starts = threads < limit;
                threads += usize::from(starts && thread().spawn_scoped(scope, move || run(&own)).is_ok());
                // If the system refuses even a single worker, this thread does the work. A send fails only when the scan is
                // over.
                match threads {
                    0 => drop(scan(number, &batch, &sender)),
                    _ => drop(batches.send((number, batch))),
                }
            })
        });
        let lister = lister.ok();
        if lister.is_none() {
            // The system refuses even the listing thread: the calling thread does everything. The results wait in the channel, which
            // has no limit.
            let mut numbers = 0..;
            failed = list(roots, on_visit, &mut |batch| {
                counted.fetch_add(batch.names.len(), Ordering::Relaxed);
                let _ = numbers.next().map(|number| scan(number, &batch, &local_sender));
            });
        }
        // The loop below ends when the last sender is dropped.
        drop(local_sender);
        let mut done = 0;
        for (number, count, mut result) in receiver {
            done += count;
            on_result(&mut result, ScanCounts { done, found: found.load(Ordering::Relaxed) });
            all.push((number, result));
        }
        failed.extend(lister.and_then(|lister| lister.join().ok()).into_iter().flatten());
    });
    // Results arrive in the order of completion, but the feed must not depend on timing.
    all.sort_by_key(|(number, _)| *number);
    (all.into_iter().map(|(_, result)| result).collect(), failed)
}

/// Lists all folders and sends their entries in batches. Returns the folders that could not be listed.
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
