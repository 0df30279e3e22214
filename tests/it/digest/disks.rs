//! Disks that lack calls, and runs that are stopped: no file becomes a stranger's, and a second run writes nothing.

use frontpage::library::Library as Folders;

use super::*;

/// A disk that lacks some calls, and counts those that write.
#[derive(Clone, Debug, Default)]
struct PoorDisk {
    has_no_rename_new: bool,
    has_no_links: bool,
    has_no_folder_sync: bool,
    /// Files are not waited for: tests with many files are about something else.
    is_memory: bool,
    writes: Arc<AtomicUsize>,
}

impl PoorDisk {
    fn write_call(&self) {
        self.writes.fetch_add(1, Ordering::SeqCst);
    }
}

impl FileSystem for PoorDisk {
    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        RealFileSystem.make_folder(folder)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        RealFileSystem.list(folder)
    }

    fn id(&self, path: &Path) -> io::Result<FileId> {
        RealFileSystem.id(path)
    }

    fn id_of(&self, file: &File) -> io::Result<FileId> {
        RealFileSystem.id_of(file)
    }

    fn read(&self, path: &Path, from: u64) -> io::Result<Vec<u8>> {
        RealFileSystem.read(path, from)
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        RealFileSystem.open(path)
    }

    fn create(&self, path: &Path) -> io::Result<File> {
        self.write_call();
        RealFileSystem.create(path)
    }

    fn lock(&self, file: &File) -> io::Result<bool> {
        RealFileSystem.lock(file)
    }

    fn unlock(&self, file: &File) -> io::Result<()> {
        RealFileSystem.unlock(file)
    }

    fn write(&self, file: &File, bytes: &[u8]) -> io::Result<usize> {
        self.write_call();
        RealFileSystem.write(file, bytes)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        self.write_call();
        if self.is_memory { Ok(()) } else { RealFileSystem.sync(file) }
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.write_call();
        RealFileSystem.rename(from, to)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.write_call();
        match self.has_no_folder_sync {
            true => Err(io::Error::from_raw_os_error(rustix::io::Errno::INVAL.raw_os_error())),
            false => RealFileSystem.sync_folder(folder),
        }
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.write_call();
        RealFileSystem.remove(path)
    }

    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.write_call();
        if self.has_no_rename_new {
            Err(io::ErrorKind::Unsupported.into())
        } else {
            RealFileSystem.rename_new(from, to)
        }
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.write_call();
        match self.has_no_links {
            true => Err(io::Error::from_raw_os_error(rustix::io::Errno::PERM.raw_os_error())),
            false => RealFileSystem.link(from, to),
        }
    }
}

#[test]
fn disks_that_lack_calls_hold_the_same_files() {
    let expected = Home::new();
    expected.write_well(&of_numbers(1..6));
    for has_no_links in [false, true] {
        let disk = PoorDisk { has_no_rename_new: true, has_no_links, has_no_folder_sync: true, ..PoorDisk::default() };
        let home = Home::new();
        let write = |document: &Channel| {
            let places = Places { articles: &home.articles(), states: &home.states(), fs: &disk };
            let report = write_articles(document, &home.subscription, &places, &Choices::cautious(day(TODAY)));
            assert_eq!(report.problems, []);
            report
        };
        assert_eq!(write(&of_numbers(1..6)).new.len(), 5);
        assert_eq!(home.files(), expected.files(), "no hidden file is left");
        let path = home.file_of("Title 1");
        std::fs::write(&path, "mine").unwrap();
        std::fs::remove_file(home.state()).unwrap();
        let report = write(&of_numbers(1..6));
        assert_eq!((report.new.len(), report.found.len()), (1, 4), "a name in use stays with its file");
        assert_eq!(std::fs::read(&path).unwrap(), b"mine");
        assert_eq!(home.files().len(), 6);
    }
}

rounds!(a_stopped_run_leaves_files_that_are_known_as_ours, 3, 1);

/// Stopped at each `step`-th call. Then the items change again, as if the channel had not waited.
fn a_stopped_run_leaves_files_that_are_known_as_ours(step: usize) {
    let version = |number: i64| {
        let items = |n: i64| titled(n, &format!("{n} version {number}"));
        channel((1..5).filter(|n| number > 1 || *n < 3).map(items).collect())
    };
    let mut stopped = 0;
    for at in (1..).step_by(step) {
        let home = Home::new();
        home.write_well(&version(1));
        let disk = FaultyDisk::new(Fault::FromThenOn(NO_SPACE), at);
        let places = Places { articles: &home.articles(), states: &home.states(), fs: &disk };
        let report = write_articles(&version(2), &home.subscription, &places, &Choices::cautious(day(TODAY)));
        let report_2 = home.write(&version(3));
        assert_eq!(report_2.not_applied, [], "stopped at call {at}");
        assert_eq!(report_2.left_out, [], "stopped at call {at}");
        assert_eq!(home.titles(), ["1 version 3", "2 version 3", "3 version 3", "4 version 3"], "stopped at call {at}");
        assert_eq!(counts(&home.write_well(&version(3))), [0, 0, 0, 0, 4, 0, 0, 0], "stopped at call {at}");
        if report.problems.is_empty() {
            break;
        }
        stopped += 1;
    }
    assert!(stopped * step > 30, "{stopped}");
}

rounds!(many_channels_are_written_once_and_read_without_problems, 3, 10);

/// Channels of 1,000 items, in the heavy tier; else of 50.
fn many_channels_are_written_once_and_read_without_problems(channels: usize) {
    let items = if channels < 10 { 50 } else { 1_000 };
    let home = TempDir::new().unwrap();
    let disk = PoorDisk { is_memory: true, ..PoorDisk::default() };
    let (articles, states) = (home.path().join("articles"), home.path().join("states"));
    let places = Places { articles: &articles, states: &states, fs: &disk };
    let document = of_numbers(1..items + 1);
    for round in 0..2 {
        for number in 0..channels {
            let report = write_articles(&document, &subscription(number), &places, &Choices::cautious(day(TODAY)));
            let expected = if round == 0 { (items as usize, 0) } else { (0, items as usize) };
            assert_eq!((report.new.len(), report.unchanged, report.problems.len()), (expected.0, expected.1, 0));
        }
        assert_eq!(disk.writes.swap(0, Ordering::SeqCst) == 0, round == 1, "the second run writes nothing");
    }
    let loaded = Folders::Paths(vec![articles.clone()]).load(day(TODAY), |_| {}).unwrap();
    assert_eq!((loaded.feed.len(), loaded.problems.len()), (channels * items as usize, 0));
}
