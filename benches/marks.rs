//! The cost of marks: reading many from the disk, as a ratio to reading the bytes, and changing one:
//! `cargo bench --bench marks [ARTICLES]...`.

#![allow(clippy::print_stdout, clippy::expect_used)] // prints its results, and panics on errors

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use frontpage::feed::{ArticleId, Change, DeviceId, HybridClock, Mark, Marks};
use frontpage::file_system::RealFileSystem;
use frontpage::library::device_id::DeviceName;
use frontpage::library::marks_log::{self, MarksLog};

/// Numbers of articles with marks, unless the command line has some.
const ARTICLES: [u64; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// Runs of each measurement; the median is printed.
const RUNS: usize = 5;

fn main() {
    let named: Vec<u64> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    if named.is_empty() { ARTICLES.to_vec() } else { named }.into_iter().for_each(measure);
}

fn measure(count: u64) {
    let before = resident();
    let folder = tempfile::tempdir().expect("a folder");
    let started = Instant::now();
    let size = write(folder.path(), count);
    println!("{count} articles, all arrived and read, mostly in a record each, every tenth starred:");
    println!("  {:.1} MB, written in {:.1} s", size as f64 / 1e6, started.elapsed().as_secs_f64());

    let bytes = median(|| {
        black_box(read_bytes(folder.path()));
    });
    let marks = marks_log::read(folder.path()).marks;
    let memory = (resident().saturating_sub(before)) as f64 / count as f64;
    println!("  {memory:.0} bytes of memory per article; at most {} MB while reading", most_resident() >> 20);
    assert_eq!(marks.len() as u64, count);
    let reading = median(|| drop(black_box(marks_log::read(folder.path()))));
    println!("  read in {:.2} s, {:.1} times reading the bytes", reading.as_secs_f64(), ratio(reading, bytes));

    let mut log = MarksLog::new(RealFileSystem, folder.path(), &named());
    log.read_new();
    let mut clock = HybridClock::new(DeviceId(1));
    clock.observe(marks.latest());
    let mut one = || Change { stamp: clock.tick(now()), mark: Mark::Starred(true), articles: vec![id(7)] };
    let took = median(|| log.write(vec![one()]).expect("written"));
    println!("  one more written in {:.0} µs", micros(took));
    let mut clock = HybridClock::new(DeviceId(1));
    let mut one = || Change { stamp: clock.tick(now()), mark: Mark::Starred(true), articles: vec![id(7)] };
    // In a copy, as in the app while a search still uses the old marks.
    let changed = median(|| {
        let mut copy = marks.clone();
        copy.apply(&one());
        black_box(copy);
    });
    let all = median(|| drop(black_box(marks.changes())));
    println!(
        "  one changed in a copy in {:.0} µs; all of them as changes in {:.2} s",
        micros(changed),
        all.as_secs_f64()
    );
    let (mut merged, started) = (Marks::default(), Instant::now());
    marks.changes().iter().for_each(|change| merged.apply(change));
    merged.merge(&marks);
    println!("  rebuilt from the changes and merged in {:.2} s", started.elapsed().as_secs_f64());
}

fn now() -> DateTime<Utc> {
    "2026-11-24T04:00:00Z".parse().expect("a time")
}

fn named() -> DeviceName {
    DeviceName { name: "bench-00000001".to_owned(), device: DeviceId(1) }
}

/// Ids that are distributed as those of real articles.
fn id(number: u64) -> ArticleId {
    format!("{:016x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15)).parse().expect("an id")
}

/// Writes the marks of many articles, as years of use would. Returns the size of the file.
fn write(folder: &Path, count: u64) -> u64 {
    let mut log = MarksLog::new(RealFileSystem, folder, &named());
    let mut clock = HybridClock::new(DeviceId(1));
    let mut change =
        |at: DateTime<Utc>, mark: Mark, articles: Vec<ArticleId>| Change { stamp: clock.tick(at), mark, articles };
    for first in (0..count).step_by(1000) {
        let at = now() - TimeDelta::minutes((count - first) as i64);
        let numbers = first..count.min(first + 1000);
        let mut changes: Vec<Change> = numbers
            .clone()
            .map(|number| change(at + TimeDelta::seconds(number as i64), Mark::Read(Some(at)), vec![id(number)]))
            .collect();
        changes.extend(numbers.clone().step_by(10).map(|number| change(at, Mark::Starred(true), vec![id(number)])));
        changes.push(change(at, Mark::Arrived(at), numbers.map(id).collect()));
        log.write(changes).expect("written");
    }
    log.sync().expect("synced");
    read_bytes(folder)
}

fn read_bytes(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).expect("the folder");
    entries.map(|entry| std::fs::read(entry.expect("a file").path()).expect("its bytes").len() as u64).sum()
}

fn median(mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let started = Instant::now();
            run();
            started.elapsed()
        })
        .collect();
    times.sort();
    times[RUNS / 2]
}

fn ratio(a: Duration, b: Duration) -> f64 {
    a.as_secs_f64() / b.as_secs_f64()
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// The most memory ever in use, in bytes.
fn most_resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("the status of this process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("the most");
    1024 * line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number")
}

/// The memory in use, in bytes.
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").expect("the status of this process");
    4096 * pages.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).expect("a number")
}
