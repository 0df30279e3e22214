//! The cost of loading, as ratios to reading the files and to asking for their metadata, in the same run:
//! `cargo bench --bench load [ARTICLES]...`.

#![allow(clippy::print_stdout, clippy::expect_used, clippy::disallowed_methods)] // prints its results, and panics on errors

mod support;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use frontpage::library::{Library, Loaded};
use support::{ArticleFiles, median, memory, now, ratio, sizes, timed};

/// Runs of each measurement; the median is printed.
const RUNS: usize = 5;
/// Threads of the baselines.
const THREADS: usize = 2;

fn main() {
    sizes().into_iter().for_each(measure);
}

fn measure(count: usize) {
    let (folder, snapshots) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    ArticleFiles::new().write(folder.path(), count);
    let library = Library::Paths(vec![folder.path().to_owned()]);
    // Part of the baselines, because loading has to find the files too.
    let list = || -> Vec<PathBuf> {
        std::fs::read_dir(folder.path()).expect("the folder").map(|entry| entry.expect("an entry").path()).collect()
    };
    let names = list();

    let load = || library.load(now(), |_| {}).expect("the library");
    drop(load());
    let mut read = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        read.0.push(timed(|| read_all(&list())).1);
        let (loaded, took) = timed(load);
        read.1.push(took);
        drop(loaded);
    }
    let (baseline, took) = (middle(read.0), middle(read.1));
    println!("\n{count} articles, medians of {RUNS} runs, with warm caches");
    println!("  reading the files on {THREADS} threads  {baseline:>9.1?}");
    row("load without a snapshot", took, baseline);

    let loaded = load();
    let save = || timed(|| library.save_snapshot(snapshots.path(), &loaded, now()).expect("saved")).1;
    row("saving the snapshot, in the background", median(RUNS, save), baseline);
    drop(loaded);

    let stat = median(RUNS, || timed(|| stat_all(&list())).1);
    println!("  file metadata on {THREADS} threads {stat:>14.1?}");
    let open = || library.open_snapshot(snapshots.path(), now()).expect("a snapshot");
    let opened = median(RUNS, || timed(open).1);
    println!("  opening the snapshot             {opened:>9.1?}");
    let same = |before: &Loaded| library.refresh(before, now(), |_| {}).expect("the library");
    // Files that were just written are read again: wait until their modification times are old enough to be trusted.
    std::thread::sleep(Duration::from_millis(2_500));
    let snapshot = open();
    let settled = same(&snapshot.loaded).unwrap_or(snapshot.loaded.clone());
    library.save_snapshot(snapshots.path(), &settled, now()).expect("saved");
    drop((settled, snapshot));
    let snapshot = open();
    let unchanged = median(RUNS, || timed(|| assert!(same(&snapshot.loaded).is_none(), "all is as it was")).1);
    row("refresh without a change", unchanged, stat);
    let name = &names[names.len() / 2];
    let text = std::fs::read_to_string(name).expect("a file");
    std::fs::write(name, text.replace("quality:", "quality: 1")).expect("a file");
    let (fresh, one) = timed(|| same(&snapshot.loaded).expect("a change"));
    row("refresh with one changed file", one, stat);
    let (_, took) = timed(|| library.save_snapshot(snapshots.path(), &fresh, now()).expect("saved"));
    println!("  and saving the snapshot          {took:>9.1?}");
    println!(
        "  {} MB of memory at most; {} bytes of snapshot per article",
        memory("VmHWM:") >> 20,
        size(snapshots.path()) / count
    );
}

fn row(what: &str, took: Duration, baseline: Duration) {
    println!("  {what:42} {took:>9.1?} {:>6.2}", ratio(took, baseline));
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn size(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("the folder");
    entries.map(|entry| entry.expect("a file").metadata().expect("its size").len() as usize).sum()
}

fn on_threads(names: &[PathBuf], work: impl Fn(&Path, &mut Vec<u8>) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let mut bytes = Vec::new();
                while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
                    work(name, &mut bytes);
                }
            });
        }
    });
}

fn read_all(names: &[PathBuf]) {
    use std::io::Read;
    on_threads(names, |name, bytes| {
        bytes.clear();
        std::fs::File::open(name).and_then(|mut file| file.read_to_end(bytes)).expect("a file");
    });
}

fn stat_all(names: &[PathBuf]) {
    on_threads(names, |name, _| _ = std::fs::metadata(name).expect("a file"));
}
