//! Files that change, come and go while they are read.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use frontpage::library::{FileReport, Library, Outcome};

use super::kind::front;
use crate::harness::folder::Folder;
use crate::harness::reader::now;

fn report(folder: &Path) -> Vec<FileReport> {
    Library::Paths(vec![folder.to_owned()]).report(now()).expect("a report")
}

/// Does something again and again until it is over, at least once; returns how often.
fn while_others_work(work: impl FnOnce() + Send, mut again: impl FnMut()) -> usize {
    let (over, mut times) = (AtomicBool::new(false), 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            work();
            over.store(true, Ordering::Release);
        });
        loop {
            let last = over.load(Ordering::Acquire);
            again();
            times += 1;
            if last {
                return times;
            }
        }
    })
}

/// A file that is written in place is incomplete for moments. Such a moment may be reported, if each look meets one; but the
/// report does not remain.
#[test]
#[ignore = "heavy"]
fn a_file_rewritten_in_place_is_complete_in_the_end() {
    let folder = Folder::new().file("good.md", front("title: Good"));
    let path = folder.path().join("good.md");
    let versions =
        [2, 3000].map(|words| front(format!("title: \"Good\"\nexcerpt: \"{}\"\ntags: [a, b]", "word ".repeat(words))));
    let library = Library::Paths(vec![folder.path().to_owned()]);
    let (mut seen, mut errors) = (library.load(now(), |_| {}).expect("the folder"), 0);
    let rewrite = || {
        for n in 0..1000 {
            // Truncated, then in two parts; a third of the time half of it is there.
            let (first, second) = versions[n % 2].as_bytes().split_at(20);
            let mut file = fs::File::create(&path).expect("truncated");
            for (part, pause) in [(first, 1), (second, 2)] {
                file.write_all(part).expect("written");
                std::thread::sleep(std::time::Duration::from_millis(pause));
            }
        }
    };
    let times = while_others_work(rewrite, || {
        if let Some(news) = library.refresh(&seen, now(), |_| {}).expect("the folder") {
            errors += usize::from(!news.problems.is_empty());
            seen = news;
        }
    });
    // Each look reads up to five times more. Looks that accept the first result report an error in one of four. On a busy
    // machine there are few looks, and two of them may fail by chance.
    assert!(errors * 10 <= times + 20, "{errors} of {times} looks");
    seen = library.refresh(&seen, now(), |_| {}).expect("the folder").unwrap_or(seen);
    assert!(seen.problems.is_empty(), "{:?}", seen.problems);
    let settled = report(folder.path());
    assert_eq!((settled.len(), settled[0].outcome), (1, Outcome::Loaded), "{settled:?}");
    let excerpt = seen.feed.iter().next().expect("an article").excerpt.as_str().len();
    assert!(excerpt > 10_000, "the last version: {excerpt}");
    println!("a file rewritten 1000 times, looked at {times} times, {errors} errors told meanwhile");
}

#[test]
#[ignore = "heavy"]
fn files_and_folders_that_vanish_are_no_problem() {
    let folder = (0..20).fold(Folder::new(), |folder, n| {
        folder.file(&format!("{}/sentinel-{n}.md", n % 3), front(format!("title: Sentinel {n}")))
    });
    let at = |name: String| folder.path().join(name);
    let churn = || {
        for n in 0..10_000 {
            let inner: PathBuf = at(format!("{}/inner-{}", n % 3, n % 5));
            let path = if n % 4 == 0 { inner.join("x.md") } else { at(format!("{}/x-{}.md", n % 3, n % 7)) };
            if n % 4 == 0 {
                fs::create_dir(&inner).expect("a folder");
            }
            fs::write(&path, front("title: Passing")).expect("a file");
            if n % 2 == 0 {
                fs::remove_file(&path).expect("gone");
            } else {
                let moved = at(format!("{}/y.md", n % 3));
                fs::rename(&path, &moved).expect("moved");
                fs::remove_file(&moved).expect("gone");
            }
            if n % 4 == 0 {
                fs::remove_dir(&inner).expect("gone");
            }
        }
    };
    let times = while_others_work(churn, || {
        let files = report(folder.path());
        let wrong: Vec<_> = files.iter().filter(|file| file.outcome != Outcome::Loaded).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        let is_sentinel = |file: &&FileReport| file.below.to_string_lossy().contains("sentinel");
        assert_eq!(files.iter().filter(is_sentinel).count(), 20);
    });
    assert!(times > 5, "{times}");
    eprintln!("10000 files came and went, {times} looks");
}
