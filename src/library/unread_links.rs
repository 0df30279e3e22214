//! Reads the links between articles that a first load left unread, from the bodies that it has in memory.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use rustc_hash::FxHashMap;

use super::directory_entry_reader::read_links;
use super::loaded::Loaded;
use crate::dates::Now;
use crate::feed::{Bytes, Columns, columnar_feed, record};

/// Threads that read links at once. The work is computing alone, so more threads than cores gain nothing.
const MAX_THREADS: usize = 8;
/// Articles that a thread reads before it looks whether it shall stop.
const BATCH_SIZE: usize = 32;

/// The library with the links of all articles. `None` if all were read before, if `is_stopped` returns true meanwhile, or if the
/// records are damaged.
pub fn complete(roots: &[PathBuf], loaded: &Loaded, now: Now, is_stopped: &dyn Fn() -> bool) -> Option<Loaded> {
    let columns = loaded.feed.columns();
    let unread = loaded.records_with_unread_links();
    if unread.is_empty() {
        return None;
    }
    let mut records = columns.records.clone();
    let mut moved: FxHashMap<u64, u64> = FxHashMap::default();
    for NewRecords { bytes, places } in rewritten(columns, &unread, is_stopped)? {
        let arena = records.len();
        moved.extend(places.into_iter().map(|(from, start)| (from, columnar_feed::location(arena, start))));
        records.push(Bytes::new(bytes));
    }
    loaded.with_records(roots, records, &moved, now)
}

/// Records with links, one after another.
#[derive(Default)]
struct NewRecords {
    bytes: Vec<u8>,
    /// The location of each record before, and the byte at which it starts in `bytes`.
    places: Vec<(u64, usize)>,
}

/// The records at some locations with their links, as several threads have written them. `None` if `is_stopped` returns true.
fn rewritten(columns: &Columns, locations: &[u64], is_stopped: &dyn Fn() -> bool) -> Option<Vec<NewRecords>> {
    let (next, stops) = (AtomicUsize::new(0), AtomicBool::new(false));
    let batches: Vec<&[u64]> = locations.chunks(BATCH_SIZE).collect();
    let work = |is_stopped: &dyn Fn() -> bool| {
        let mut new = NewRecords::default();
        while let Some(batch) = batches.get(next.fetch_add(1, Ordering::Relaxed)) {
            if is_stopped() {
                stops.store(true, Ordering::Relaxed);
                break;
            }
            batch.iter().for_each(|location| new.add(columns, *location));
        }
        new
    };
    let others_stop = || stops.load(Ordering::Relaxed);
    let threads = thread::available_parallelism().map_or(1, |cores| cores.get()).min(MAX_THREADS).min(batches.len());
    let all = thread::scope(|scope| {
        // If the system refuses a thread, the others do its work.
        let spawn = |_| thread::Builder::new().spawn_scoped(scope, || work(&others_stop)).ok();
        let helpers: Vec<_> = (1..threads).filter_map(spawn).collect();
        let own = work(is_stopped);
        // A thread that panicked has lost records that others do not have.
        let theirs = helpers.into_iter().map(|helper| helper.join().ok()).collect::<Option<Vec<NewRecords>>>();
        theirs.map(|theirs| theirs.into_iter().chain([own]).collect())
    });
    all.filter(|_| !stops.load(Ordering::Relaxed))
}

impl NewRecords {
    fn add(&mut self, columns: &Columns, location: u64) {
        let Some(record) = columns.record(location) else { return };
        let Some(mut article) = record.article(&columns.roots) else { return };
        read_links(&mut article);
        self.places.push((location, self.bytes.len()));
        record::write(&article, record.root, record.below, &mut self.bytes);
    }
}
