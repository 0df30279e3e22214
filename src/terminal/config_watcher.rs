//! Says that the reader's own files, the settings and the saved searches, are other ones now.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::app::Event;

/// How often the files are looked at. Editors put a new file in place of the old one, and folders may lie on networks: to ask for
/// two files now and then is less than to be told of all that happens around them.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// What a file was like: it was written since when one of these is another; none: it is not there.
type FileState = Option<(u64, u64, i64, i64)>;

fn state(file: &Path) -> FileState {
    let there = fs::metadata(file).ok()?;
    Some((there.ino(), there.len(), there.mtime(), there.mtime_nsec()))
}

/// What the files were like.
struct WatchedFiles {
    files: Vec<PathBuf>,
    states: Vec<FileState>,
}

impl WatchedFiles {
    fn new(files: Vec<PathBuf>) -> WatchedFiles {
        let states = files.iter().map(|file| state(file)).collect();
        WatchedFiles { files, states }
    }

    /// True when one of them is not as it was when this was asked before.
    fn have_changed(&mut self) -> bool {
        let now = self.files.iter().map(|file| state(file)).collect();
        std::mem::replace(&mut self.states, now) != self.states
    }
}

/// Tells whenever one of the files has changed, until the program ends. Without a thread for it, they are read at the next start.
pub fn watch(files: Vec<PathBuf>, send: impl Fn(Event) + Send + 'static) {
    let mut files = WatchedFiles::new(files);
    let watch = move || {
        loop {
            thread::sleep(POLL_INTERVAL);
            if files.have_changed() {
                send(Event::SettingsChanged);
            }
        }
    };
    if let Err(error) = thread::Builder::new().name("settings".to_owned()).spawn(watch) {
        log::info!("changes of the settings are not seen: {error}");
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    #[allow(clippy::disallowed_methods)] // a file of the test
    fn whatever_becomes_of_a_file_is_seen_once() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let (file, other) = (folder.path().join("config.yaml"), folder.path().join("new"));
        let write = |file: &Path, text: &str| {
            let mut written = fs::File::options().create(true).append(true).open(file).expect("a file");
            written.write_all(text.as_bytes()).expect("written");
        };
        let mut files = WatchedFiles::new(vec![file.clone(), folder.path().join("searches.yaml")]);
        let steps: [(&str, &dyn Fn()); 4] = [
            ("made", &|| write(&file, "a")),
            ("written", &|| write(&file, "b")),
            ("replaced", &|| {
                write(&other, "ab");
                fs::rename(&other, &file).expect("renamed");
            }),
            ("gone", &|| fs::remove_file(&file).expect("removed")),
        ];
        for (what, step) in steps {
            step();
            assert!(files.have_changed(), "{what}");
            assert!(!files.have_changed(), "{what}: once");
        }
    }
}
