//! Processes that write the articles of one channel at once, and are killed.

use std::process::{Command, Stdio};
use std::time::Duration;

use super::*;
use crate::harness::helper::helper;
use crate::harness::random::Random;

rounds!(killed_processes_leave_whole_files_and_one_of_each, 4, 50);

fn killed_processes_leave_whole_files_and_one_of_each(rounds: usize) {
    let mut random = Random::new(7);
    let home = TempDir::new().unwrap();
    let writer = |version: usize| {
        let mut command = Command::new(helper());
        command.args(["write-articles", home.path().to_str().unwrap(), &version.to_string()]);
        command.stdout(Stdio::null()).spawn().unwrap()
    };
    for round in 0..rounds {
        // Each writes version after version, so it is killed in the middle of something.
        let mut writers = [writer(10_000 * round), writer(10_000 * round + 5_000)];
        for writer in &mut writers {
            std::thread::sleep(Duration::from_millis(20 + random.roll(150) as u64));
            writer.kill().unwrap();
            writer.wait().unwrap();
        }
        let folders: Vec<_> = std::fs::read_dir(home.path().join("articles")).into_iter().flatten().collect();
        for folder in folders {
            let folder = folder.unwrap().path();
            let whole = files(&folder).into_iter().filter(|(name, _)| !name.starts_with(".new-"));
            let whole: Vec<_> = whole.collect();
            assert!(whole.len() <= 12, "round {round}: {whole:?}");
            for (name, bytes) in whole {
                let report = frontpage::library::read_bytes(&folder, Path::new(&name), &bytes, day(TODAY));
                assert_eq!(report.problems, [], "round {round}: {name}");
            }
        }
    }
    // At last, one run comes to its end: every file is known as ours, and has the last version.
    let mut last = Command::new(helper());
    last.args(["write-articles-once", home.path().to_str().unwrap(), "999999"]);
    let out = String::from_utf8(last.output().unwrap().stdout).unwrap();
    assert_eq!(out, "12 articles, 0 not applied, 0 problems\n");
    let folder = std::fs::read_dir(home.path().join("articles")).unwrap().next().unwrap().unwrap().path();
    let files = files(&folder);
    assert_eq!(files.len(), 12);
    for (name, bytes) in files {
        assert!(String::from_utf8_lossy(&bytes).contains(" version 999999\"\n"), "{name}");
    }
}
