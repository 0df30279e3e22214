//! Polls files every second: the settings, saved searches and subscriptions for changes, and the folder of the subscriptions'
//! articles for the first article.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::app::Event;
use crate::config::trusted_file;
use crate::library::has_article_files;

/// How often the files are polled.
// Polling three files is cheaper and more reliable than a watcher for their folder, which reports all other files there too:
// editors replace files instead of writing them, and folders may be on network file systems.
const POLL_INTERVAL: Duration = Duration::from_secs(1);

/// What a change to a file changes.
#[derive(Clone, Debug, PartialEq, Eq)]
struct FileState {
    /// Inode, length and modification time. `None`: the file does not exist.
    content: Option<(u64, u64, i64, i64)>,
    /// Owners and access rights, which decide whether it may name programs.
    access: Vec<Option<(u32, u32)>>,
}

fn state(file: &Path) -> FileState {
    let of = |there: fs::Metadata| (there.ino(), there.len(), there.mtime(), there.mtime_nsec());
    FileState { content: fs::metadata(file).ok().map(of), access: trusted_file::access(file) }
}

/// The watched files, and their states at the last poll.
struct WatchedFiles {
    files: Vec<PathBuf>,
    states: Vec<FileState>,
}

impl WatchedFiles {
    fn new(files: Vec<PathBuf>) -> WatchedFiles {
        let states = files.iter().map(|file| state(file)).collect();
        WatchedFiles { files, states }
    }

    /// Whether any file has changed since the last call.
    fn have_changed(&mut self) -> bool {
        let now = self.files.iter().map(|file| state(file)).collect();
        std::mem::replace(&mut self.states, now) != self.states
    }
}

/// Sends [`Event::SettingsChanged`] whenever one of the files changes, until the program ends; and [`Event::ArticlesArrived`] once,
/// when the folder `awaited` has a file that may be an article. If the thread cannot be started,
/// changes apply at the next start.
pub fn watch(files: Vec<PathBuf>, mut awaited: Option<PathBuf>, send: impl Fn(Event) + Send + 'static) {
    let mut files = WatchedFiles::new(files);
    let watch = move || {
        loop {
            thread::sleep(POLL_INTERVAL);
            if files.have_changed() {
                send(Event::SettingsChanged);
            }
            if awaited.take_if(|folder| has_article_files(folder)).is_some() {
                send(Event::ArticlesArrived);
            }
        }
    };
    if let Err(error) = thread::Builder::new().name("settings".to_owned()).spawn(watch) {
        log::info!("changes to the settings apply at the next start: {error}");
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    #[allow(clippy::disallowed_methods)] // a file of the test
    fn every_change_to_a_file_is_reported_once() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let (file, other) = (folder.path().join("config.yaml"), folder.path().join("new"));
        let write = |file: &Path, text: &str| {
            let mut written = fs::File::options().create(true).append(true).open(file).expect("a file");
            written.write_all(text.as_bytes()).expect("written");
        };
        let mut files = WatchedFiles::new(vec![file.clone(), folder.path().join("searches.yaml")]);
        let rights = |path: &Path, mode| {
            fs::set_permissions(path, PermissionsExt::from_mode(mode)).expect("rights");
        };
        let steps: [(&str, &dyn Fn()); 8] = [
            ("made", &|| write(&file, "a")),
            ("written", &|| write(&file, "b")),
            ("replaced", &|| {
                write(&other, "ab");
                fs::rename(&other, &file).expect("renamed");
            }),
            ("writable by all", &|| rights(&file, 0o666)),
            ("writable by its owner", &|| rights(&file, 0o600)),
            ("in a folder that is writable by all", &|| rights(folder.path(), 0o777)),
            ("in a folder that is writable by its owner", &|| rights(folder.path(), 0o700)),
            ("gone", &|| fs::remove_file(&file).expect("removed")),
        ];
        for (what, step) in steps {
            step();
            assert!(files.have_changed(), "{what}");
            assert!(!files.have_changed(), "{what}: once");
        }
    }
}
