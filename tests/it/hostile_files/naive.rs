//! A naive loader on the same entries, which must fail: if it passed, the expectations would be too weak.

use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use rustix::fs::{CWD, FileType, Mode, OFlags, mknodat, open};
use serde_json::{Value, json};

use super::kind::{Kind, Make};
use super::{Hostile, Report, faults, kinds, sentinels};

/// Maximum size of a file for it: it would take minutes for the nestings in larger ones.
const LARGEST: usize = 16 * 1024;

/// Reads a file, cuts it at its dashes, and has a parser read what is between them.
fn naive(path: &Path) -> Value {
    let rejected = |message: String, line: Option<usize>, column: Option<usize>| json!({ "outcome": "rejected", "message": message, "line": line, "column": column, "hint": null, "title": null });
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => return rejected(error.to_string(), None, None),
    };
    let front = text.split("---").nth(1).unwrap_or_default();
    match serde_yaml::from_str::<serde_yaml::Value>(front) {
        Ok(value) => {
            let of = |key: &str| value.get(key).and_then(|value| value.as_str());
            json!({ "outcome": "loaded", "title": of("title"), "url": of("webUrl") })
        }
        Err(error) => {
            let at = error.location();
            rejected(error.to_string(), at.as_ref().map(|at| at.line()), at.as_ref().map(|at| at.column()))
        }
    }
}

#[test]
#[ignore = "heavy"]
fn the_naive_loader_fails_the_same_expectations() {
    let is_small = |kind: &Kind| matches!(&kind.make, Make::Bytes(bytes) if bytes.len() <= LARGEST);
    let kinds: Vec<Kind> = kinds().into_iter().chain(sentinels()).filter(is_small).collect();
    let hostile = Hostile::new(&kinds);
    let path =
        |kind: &Kind| hostile.path().join::<&std::ffi::OsStr>(std::os::unix::ffi::OsStrExt::from_bytes(&kind.name[..]));
    let report: Report = kinds.iter().map(|kind| (kind.name.clone(), naive(&path(kind)))).collect();
    let wrong = faults(&kinds, &report);
    let lost = kinds.iter().filter(|kind| kind.title.is_some() && report[&kind.name]["outcome"] == "rejected").count();
    assert!(wrong.len() >= 200 && lost >= 20, "{} of {} misjudged, {lost} lost", wrong.len(), kinds.len());
    assert!(faults(&sentinels(), &report).len() <= 20);
    eprintln!("the naive loader misjudges {} of {} kinds, and loses {lost} articles", wrong.len(), kinds.len());
}

#[test]
fn the_naive_loader_hangs_at_a_pipe() {
    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("fifo.md");
    mknodat(CWD, &pipe, FileType::Fifo, Mode::from_raw_mode(0o644), 0).expect("a pipe");
    let (sender, receiver) = mpsc::channel();
    let path = pipe.clone();
    let reader = std::thread::spawn(move || sender.send(naive(&path)));
    assert!(receiver.recv_timeout(Duration::from_millis(300)).is_err(), "it waits for a writer");
    // One comes and goes, so that the thread ends.
    drop(open(&pipe, OFlags::WRONLY | OFlags::NONBLOCK, Mode::empty()).expect("a writer"));
    receiver.recv_timeout(Duration::from_secs(20)).expect("its end");
    reader.join().expect("a thread").expect("an end");
}
