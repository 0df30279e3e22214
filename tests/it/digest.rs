//! Writing the articles of channels: files of the user are never touched, no article comes twice, and a failure at any moment
//! loses nothing.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, Utc};
use frontpage::channel::{Channel, Content, ContentKind, Format, Item};
use frontpage::dates::Date;
use frontpage::digest::{self, Choices, LeftOutReason, Places, Report, SyncState, folder_name, prepare};
use frontpage::feed::{Article, ArticleId, UntrustedText, clean};
use frontpage::file_system::{FileId, FileSystem, RealFileSystem};
use frontpage::subscriptions::{Keep, Subscription};
use tempfile::TempDir;

use crate::harness::faulty_disk::{Fault, FaultyDisk, NO_SPACE};
use crate::rounds;

mod disks;
mod documents;
mod files;
mod processes;
mod wire;

fn text(text: &str) -> UntrustedText {
    UntrustedText::new(text)
}

fn day(day: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(day * 86_400 + 3_600, 0).unwrap()
}

const TODAY: i64 = 20_000;

/// An item with a guid, and a link, a title, a date and a text that belong to its number.
fn item(number: i64) -> Item {
    let html = format!("<p>Text of {number}, see <a href=\"http://e.org/{number}\">here</a>.</p>");
    Item {
        guid: Some(text(&format!("tag:e.org,2026:{number}"))),
        link: Some(text(&format!("http://e.org/{number}"))),
        title: text(&format!("Title {number}")),
        published: Some(Date::moment(day(TODAY - number))),
        content: Some(Content { text: text(&html), kind: ContentKind::Html, base: None }),
        ..Item::default()
    }
}

fn titled(number: i64, title: &str) -> Item {
    Item { title: text(title), ..item(number) }
}

fn channel(items: Vec<Item>) -> Channel {
    Channel {
        format: Format::Rss,
        title: text("A channel"),
        link: Some(text("http://e.org/")),
        description: text(""),
        language: None,
        updated: None,
        icon: None,
        hints: Default::default(),
        items,
        is_partial: false,
        repairs: Vec::new(),
    }
}

fn of_numbers(numbers: impl IntoIterator<Item = i64>) -> Channel {
    channel(numbers.into_iter().map(item).collect())
}

fn write_articles(channel: &Channel, subscription: &Subscription, places: &Places, choices: &Choices) -> Report {
    digest::write_articles(&prepare(channel.clone(), false), subscription, places, choices)
}

fn subscription(number: usize) -> Subscription {
    Subscription { address: text(&format!("https://e.org/{number}/feed.xml")), ..Subscription::default() }
}

/// The folders of a user with one subscription.
struct Home {
    folder: TempDir,
    subscription: Subscription,
}

impl Home {
    fn new() -> Home {
        Home { folder: TempDir::new().unwrap(), subscription: subscription(1) }
    }

    fn articles(&self) -> PathBuf {
        self.folder.path().join("articles")
    }

    fn states(&self) -> PathBuf {
        self.folder.path().join("state/sync")
    }

    fn own(&self) -> PathBuf {
        self.articles().join(folder_name(&self.subscription).unwrap())
    }

    fn state(&self) -> PathBuf {
        self.states().join(format!("{}.jsonl", self.subscription.key()))
    }

    fn write_with(&self, channel: &Channel, choices: &Choices) -> Report {
        let places = Places { articles: &self.articles(), states: &self.states(), fs: &RealFileSystem };
        write_articles(channel, &self.subscription, &places, choices)
    }

    fn write(&self, channel: &Channel) -> Report {
        self.write_with(channel, &Choices::cautious(day(TODAY)))
    }

    /// Writes, and expects no problem.
    #[track_caller]
    fn write_well(&self, channel: &Channel) -> Report {
        let report = self.write(channel);
        assert_eq!(report.problems, []);
        report
    }

    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        files(&self.own())
    }

    /// The file of an item, by the title in it.
    #[track_caller]
    fn file_of(&self, title: &str) -> PathBuf {
        let line = format!("title: \"{title}\"\n");
        let found = self.files().into_iter().find(|(_, bytes)| String::from_utf8_lossy(bytes).contains(&line));
        self.own().join(found.unwrap_or_else(|| panic!("{title} has no file")).0)
    }

    fn titles(&self) -> Vec<String> {
        let title = |bytes: &Vec<u8>| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            text.lines().find_map(|line| line.strip_prefix("title: ")).unwrap_or_default().trim_matches('"').to_owned()
        };
        let mut titles: Vec<String> = self.files().values().map(title).collect();
        titles.sort();
        titles
    }
}

/// All files below a folder, hidden ones too.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(folder) else { return BTreeMap::new() };
    let file =
        |entry: std::fs::DirEntry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap());
    entries.map(|entry| file(entry.unwrap())).collect()
}

/// New, updated, found, not applied, unchanged, left out, removed, problems.
fn counts(report: &Report) -> [usize; 8] {
    let Report { new, updated, found, not_applied, unchanged, left_out, removed, problems } = report;
    let lists = [new.len(), updated.len(), found.len(), not_applied.len(), *unchanged, left_out.len()];
    [&lists[..], &[removed.len(), problems.len()]].concat().try_into().unwrap()
}

#[test]
fn the_same_document_three_times_leaves_the_same_files() {
    let home = Home::new();
    let document = of_numbers(1..6);
    let report = home.write_well(&document);
    assert_eq!(counts(&report), [5, 0, 0, 0, 0, 0, 0, 0]);
    let names: Vec<PathBuf> = report.new.iter().map(|new| new.path.clone()).collect();
    let titles: Vec<PathBuf> = (1..6).map(|number| home.file_of(&format!("Title {number}"))).collect();
    assert_eq!(names, titles, "in the order of the channel");
    let stamps = || titles.iter().map(|path| RealFileSystem.id(path).unwrap()).collect::<Vec<FileId>>();
    let (files, before, state) = (home.files(), stamps(), std::fs::read(home.state()).unwrap());
    for _ in 0..2 {
        assert_eq!(counts(&home.write_well(&document)), [0, 0, 0, 0, 5, 0, 0, 0]);
        assert_eq!((home.files(), stamps()), (files.clone(), before.clone()));
        assert_eq!(std::fs::read(home.state()).unwrap(), state, "nothing to remember");
    }
}

#[test]
fn a_changed_item_replaces_its_file_and_only_that() {
    let home = Home::new();
    let report = home.write_well(&of_numbers(1..4));
    let files = home.files();
    let report_2 = home.write_well(&channel(vec![item(1), titled(2, "Another title"), item(3)]));
    assert_eq!(counts(&report_2), [0, 1, 0, 0, 2, 0, 0, 0]);
    assert_eq!(report_2.updated, report.new[1..2], "the article and its file stay");
    let changed: Vec<String> =
        home.files().into_iter().filter(|(name, bytes)| files[name] != *bytes).map(|(name, _)| name).collect();
    assert_eq!(changed.len(), 1);
    assert_eq!(home.titles(), ["Another title", "Title 1", "Title 3"]);
    // White space and `https` are no change.
    let blanks = Item { title: text(" Title  1\n"), link: Some(text("https://e.org/1/")), ..item(1) };
    let https = Item { link: Some(text("https://e.org/3")), guid: Some(text("tag:e.org,2026:3 ")), ..item(3) };
    let before = home.files();
    home.write_well(&channel(vec![Item { link: Some(text("https://e.org/1")), ..blanks }, https]));
    assert_eq!(home.files(), before);
}

#[test]
fn an_edited_file_is_never_touched() {
    let home = Home::new();
    home.write_well(&of_numbers(1..3));
    let path = home.file_of("Title 1");
    let edited = [std::fs::read(&path).unwrap(), b"my words\n".to_vec()].concat();
    std::fs::write(&path, &edited).unwrap();
    assert_eq!(counts(&home.write_well(&of_numbers(1..3))), [0, 0, 0, 0, 2, 0, 0, 0], "nothing to apply");
    for _ in 0..2 {
        let report = home.write_well(&channel(vec![titled(1, "New"), titled(2, "New 2")]));
        assert_eq!((report.not_applied.len(), &report.not_applied[0].path), (1, &path));
        assert_eq!(std::fs::read(&path).unwrap(), edited);
    }
    assert_eq!(home.titles(), ["New 2", "Title 1"]);
}

#[test]
fn a_deleted_file_never_comes_back_and_a_restored_one_is_known() {
    let home = Home::new();
    home.write_well(&of_numbers(1..4));
    let path = home.file_of("Title 1");
    let bytes = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    for title in ["Title 1", "Changed"] {
        let report = home.write_well(&channel(vec![titled(1, title), item(2), item(3)]));
        assert_eq!(report.left_out[0].why, LeftOutReason::Deleted);
        assert_eq!(home.titles(), ["Title 2", "Title 3"]);
    }
    std::fs::write(&path, &bytes).unwrap();
    let report = home.write_well(&channel(vec![titled(1, "Changed"), item(2), item(3)]));
    assert_eq!(counts(&report), [0, 1, 0, 0, 2, 0, 0, 0]);
    // A file that was renamed, but still names its article, is not deleted.
    let renamed = home.own().join(format!("mine-{}", &path.file_name().unwrap().to_str().unwrap()[11..]));
    std::fs::rename(&path, &renamed).unwrap();
    let report = home.write_well(&channel(vec![titled(1, "Changed again"), item(2), item(3)]));
    assert_eq!(report.updated[0].path, renamed);
}

#[test]
fn a_folder_that_is_missing_or_half_empty_concludes_nothing() {
    for (files, removed, asks) in [(3, 3, true), (3, 2, false), (21, 11, true), (21, 10, false), (20, 19, false)] {
        let home = Home::new();
        home.write_well(&of_numbers(1..files + 1));
        (1..removed + 1).for_each(|number| std::fs::remove_file(home.file_of(&format!("Title {number}"))).unwrap());
        let (before, state) = (home.files(), std::fs::read(home.state()).unwrap());
        let report = home.write(&of_numbers(1..files + 2));
        let name = format!("{removed} of {files}");
        assert_eq!(report.problems.len(), usize::from(asks), "{name}");
        if asks {
            assert_eq!(home.files(), before, "{name}");
            assert_eq!(std::fs::read(home.state()).unwrap(), state, "{name}");
            let remedy = report.problems[0].to_string();
            assert!(remedy.contains(home.state().to_str().unwrap()), "what to delete: {remedy}");
            let choices = Choices { missing_are_deleted: true, ..Choices::cautious(day(TODAY)) };
            let report = home.write_with(&of_numbers(1..files + 2), &choices);
            assert_eq!(report.left_out.len() as i64, removed, "{name}, confirmed");
        }
        assert_eq!(home.titles().len() as i64, files - removed + 1, "{name}");
    }
    let home = Home::new();
    home.write_well(&of_numbers(1..3));
    std::fs::rename(home.own(), home.articles().join("away")).unwrap();
    let report = home.write(&of_numbers(1..4));
    assert_eq!(report.problems.len(), 1);
    assert!(!home.own().exists(), "nothing is written beside a disk that is not mounted");
    std::fs::rename(home.articles().join("away"), home.own()).unwrap();
    assert_eq!(counts(&home.write_well(&of_numbers(1..4))), [1, 0, 0, 0, 2, 0, 0, 0]);
}

#[test]
fn a_lost_state_is_rebuilt_from_the_files() {
    let home = Home::new();
    let twins = || vec![Item { guid: Some(text("g")), ..item(1) }, Item { guid: Some(text("g")), ..item(2) }];
    let document = |three: &str| channel([twins(), vec![titled(3, three), item(4)]].concat());
    home.write_well(&document("Title 3"));
    let path = home.file_of("Title 4");
    std::fs::write(&path, [std::fs::read(&path).unwrap(), b"mine\n".to_vec()].concat()).unwrap();
    // A copy under another name, a stranger with one of our names, and a file of another subscription are not ours.
    let own = std::fs::read(home.file_of("Title 1")).unwrap();
    for name in ["copy.md", "a-0123456789abcdef.md"] {
        std::fs::write(home.own().join(name), &own).unwrap();
    }
    let files = home.files();
    std::fs::remove_file(home.state()).unwrap();
    let report = home.write_well(&document("Title 3"));
    assert_eq!(counts(&report), [0, 0, 3, 1, 0, 0, 0, 0]);
    assert_eq!(home.files(), files);
    assert_eq!(counts(&home.write_well(&document("Title 3"))), [0, 0, 0, 1, 3, 0, 0, 0]);
    // What was found as we write it is ours again.
    assert_eq!(counts(&home.write_well(&document("New 3"))), [0, 1, 0, 1, 2, 0, 0, 0]);
    // A file that differs from its item may have been edited.
    std::fs::remove_file(home.state()).unwrap();
    let files = home.files();
    assert_eq!(counts(&home.write_well(&document("Newer 3"))), [0, 0, 2, 2, 0, 0, 0, 0]);
    assert_eq!(home.files(), files);
}

#[test]
fn a_damaged_state_loses_only_the_damaged_lines() {
    let home = Home::new();
    home.write_well(&of_numbers(1..5));
    std::fs::remove_file(home.file_of("Title 4")).unwrap();
    home.write_well(&of_numbers(1..5));
    let (good, files) = (std::fs::read(home.state()).unwrap(), home.files());
    let lines: Vec<&[u8]> = good.split_inclusive(|byte| *byte == b'\n').collect();
    let future = b"{\"etag\":\"W/1\",\"next\":7}\n".as_slice();
    let damages: [(&str, Vec<u8>); 5] = [
        ("torn", good[..good.len() - 20].to_vec()),
        ("zeros", [&good[..], &[0; 512]].concat()),
        ("garbage", [lines[0], lines[1], b"<<<<<<< HEAD\n\xff\xfe\n", &lines[2..].concat()].concat()),
        ("no line end", good[..good.len() - 1].to_vec()),
        ("later fields", [future, &good[..]].concat()),
    ];
    for (name, bytes) in damages {
        std::fs::write(home.state(), &bytes).unwrap();
        let report = home.write(&of_numbers(1..5));
        let is_damaged = !["no line end", "later fields"].contains(&name);
        assert_eq!(report.problems.len(), usize::from(is_damaged), "{name}: {:?}", report.problems);
        if name == "torn" {
            // The torn line said that the file is deleted. The line before it says that there is one.
            assert_eq!(report.left_out.len(), 1, "{name}");
        }
        assert_eq!(home.files(), files, "{name}");
        assert_eq!(home.write_well(&of_numbers(1..5)).left_out.len(), 1, "{name}");
        assert_eq!(home.state().with_extension("damaged").exists(), is_damaged, "{name}");
        let _ = std::fs::remove_file(home.state().with_extension("damaged"));
        let mut state = SyncState::open(&home.states(), &home.subscription, &RealFileSystem).unwrap();
        assert_eq!(state.field("etag").is_some(), name == "later fields");
        state.set_field("etag", "x".into());
        state.save(&RealFileSystem).unwrap();
        drop(state);
        assert_eq!(
            SyncState::open(&home.states(), &home.subscription, &RealFileSystem).unwrap().field("etag").unwrap(),
            "x"
        );
    }
    // A newer format is neither read nor written.
    let newer = b"{\"frontpage\":\"sync state\",\"version\":2}\n";
    std::fs::write(home.state(), newer).unwrap();
    assert_eq!(home.write(&of_numbers(1..9)).problems.len(), 1);
    assert_eq!((home.files(), std::fs::read(home.state()).unwrap()), (files, newer.to_vec()));
}

#[test]
fn the_state_does_not_grow_without_limit() {
    let home = Home::new();
    let sizes: Vec<u64> = (0..60)
        .map(|round| {
            home.write_well(&channel(
                (1..9).map(|number| titled(number, &format!("Title {number} {round}"))).collect(),
            ));
            std::fs::metadata(home.state()).unwrap().len()
        })
        .collect();
    assert!(sizes.iter().max() < Some(&(1 << 15)) && sizes.windows(2).any(|pair| pair[1] < pair[0]), "{sizes:?}");
    assert_eq!(files(&home.states()).len(), 1);
}

#[test]
fn no_item_takes_the_file_of_another() {
    let home = Home::new();
    let twin = |number| Item { guid: Some(text("http://e.org/")), link: Some(text("http://e.org")), ..item(number) };
    for numbers in [vec![1], vec![2, 1], vec![2], vec![3], vec![1, 3, 2], vec![2, 2]] {
        home.write_well(&channel(numbers.into_iter().map(twin).collect()));
    }
    assert_eq!(home.titles(), ["Title 1", "Title 2", "Title 3"]);
}

#[test]
fn a_channel_that_moves_or_changes_all_its_ids_changes_nothing() {
    let home = Home::new();
    let at = |scheme: &str, path: &str| {
        let moved = |number: i64| {
            let Content { text: html, kind, base } = item(number).content.unwrap();
            let html = html.untrusted().replace("http:", &format!("{scheme}:"));
            let address = format!("{scheme}://e.org/{path}{number}");
            let content = Some(Content { text: text(&html), kind, base });
            Item {
                guid: Some(text(&address)),
                link: Some(text(&format!("{scheme}://e.org/{number}"))),
                content,
                ..item(number)
            }
        };
        channel((1..8).map(moved).collect())
    };
    home.write_well(&at("http", ""));
    let files = home.files();
    for (scheme, path) in [("https", ""), ("https", "?new="), ("http", "?new="), ("https", "?newer=")] {
        assert_eq!(counts(&home.write_well(&at(scheme, path))), [0, 0, 0, 0, 7, 0, 0, 0], "{scheme} {path}");
        assert_eq!(home.files(), files, "{scheme} {path}");
    }
}

#[test]
fn files_and_folders_of_others_stay() {
    let own = |home: &Home| home.own();
    // The folder.
    for what in ["file", "link", "name"] {
        let mut home = Home::new();
        std::fs::create_dir_all(home.articles()).unwrap();
        let outside = home.folder.path().join("outside");
        std::fs::create_dir(&outside).unwrap();
        match what {
            "file" => std::fs::write(own(&home), "mine").unwrap(),
            "link" => std::os::unix::fs::symlink(&outside, own(&home)).unwrap(),
            _ => home.subscription.folder = Some("../outside".to_owned()),
        }
        let report = home.write(&of_numbers(1..3));
        assert_eq!((report.problems.len(), report.new.len()), (1, 0), "{what}");
        assert_eq!(files(&outside), BTreeMap::new(), "{what}");
    }
    // The names.
    let home = Home::new();
    home.write_well(&of_numbers(1..4));
    let paths: Vec<PathBuf> = (1..4).map(|number| home.file_of(&format!("Title {number}"))).collect();
    let bytes = std::fs::read(&paths[0]).unwrap();
    let secret = home.folder.path().join("secret");
    std::fs::write(&secret, "secret").unwrap();
    std::fs::remove_file(home.state()).unwrap();
    std::fs::write(&paths[0], "mine").unwrap();
    std::fs::remove_file(&paths[1]).unwrap();
    std::os::unix::fs::symlink(&secret, &paths[1]).unwrap();
    std::fs::remove_file(&paths[2]).unwrap();
    std::fs::create_dir(&paths[2]).unwrap();
    let report = home.write_well(&of_numbers(1..4));
    assert_eq!(report.new.len(), 3);
    for (path, new) in paths.iter().zip(&report.new) {
        assert_eq!(new.path.to_str().unwrap(), path.to_str().unwrap().replace(".md", "-2.md"));
    }
    assert_eq!(std::fs::read(&paths[0]).unwrap(), b"mine");
    assert_eq!(std::fs::read(&secret).unwrap(), b"secret");
    assert_eq!(std::fs::read(&report.new[0].path).unwrap(), bytes);
    assert_eq!(counts(&home.write_well(&of_numbers(1..4))), [0, 0, 0, 0, 3, 0, 0, 0]);
}

// Retention.

#[test]
fn old_articles_are_removed_only_if_nothing_speaks_against_it() {
    for (keep, is_published) in [(Keep::Days(9), true), (Keep::Newest(5), true), (Keep::Days(9), false)] {
        let of_numbers = |numbers: Vec<i64>| {
            let mut channel = of_numbers(numbers);
            for item in channel.items.iter_mut().filter(|_| !is_published) {
                item.updated = item.published.take();
            }
            channel
        };
        let mut home = Home::new();
        home.write_well(&of_numbers((1..16).collect()));
        home.subscription.keep = Some(keep);
        let edited = home.file_of("Title 15");
        std::fs::write(&edited, [std::fs::read(&edited).unwrap(), b"mine".to_vec()].concat()).unwrap();
        let id = |title: &str| -> ArticleId {
            let name = home.file_of(title).file_name().unwrap().to_str().unwrap().to_owned();
            name[name.len() - 19..name.len() - 3].parse().unwrap()
        };
        let starred = id("Title 14");
        let is_protected = |id: ArticleId| id == starred;
        let choices = Choices { is_protected: &is_protected, ..Choices::cautious(day(TODAY)) };
        let document = of_numbers(vec![1, 2, 3, 4, 5, 13]);
        assert_eq!(home.write_well(&document).removed, [], "all protected");
        let partial = Channel { is_partial: true, ..document.clone() };
        assert_eq!(home.write_with(&partial, &choices).removed, []);
        assert_eq!(home.write_with(&channel(Vec::new()), &choices).removed, []);
        let report = home.write_with(&document, &choices);
        assert_eq!(report.problems, []);
        let expected = if keep == Keep::Days(9) { 3 } else { 7 };
        assert_eq!(report.removed.len(), expected, "{keep:?}");
        for stays in ["Title 13", "Title 14", "Title 15", "Title 1"] {
            home.file_of(stays);
        }
        // They do not come back, and nothing more is removed.
        let report = home.write_with(&of_numbers((1..16).collect()), &choices);
        assert_eq!(counts(&report), [0, 0, 0, 0, 15 - expected, expected, 0, 0], "{keep:?}");
        assert!(report.left_out.iter().all(|left_out| left_out.why == LeftOutReason::Expired));
        home.subscription.keep = None;
        assert_eq!(home.titles().len(), 15 - expected);
    }
}

// Failing disks.

const FAULTS: [Fault; 6] = [
    Fault::FromThenOn(NO_SPACE),
    Fault::Torn,
    Fault::Once(rustix::io::Errno::ACCESS.raw_os_error()),
    Fault::Once(rustix::io::Errno::IO.raw_os_error()),
    Fault::Once(rustix::io::Errno::NOENT.raw_os_error()),
    Fault::Once(rustix::io::Errno::INTR.raw_os_error()),
];

/// Three channels of three items each. One item is new, one changed, one file is edited, one deleted, one expired.
struct Library {
    folder: TempDir,
}

impl Library {
    fn new() -> Library {
        let library = Library { folder: TempDir::new().unwrap() };
        let old = |number: usize| of_numbers((1..4).map(|item| item + 10 * number as i64));
        (1..4).for_each(|number| drop(library.sync_one(number, &old(number), &RealFileSystem)));
        let own =
            |number: usize| library.folder.path().join("articles").join(folder_name(&subscription(number)).unwrap());
        let file = |number: usize, title: &str| {
            let found =
                files(&own(number)).into_iter().find(|(_, bytes)| String::from_utf8_lossy(bytes).contains(title));
            own(number).join(found.unwrap().0)
        };
        let edited = file(1, "\"Title 11\"");
        std::fs::write(&edited, [std::fs::read(&edited).unwrap(), b"mine\n".to_vec()].concat()).unwrap();
        std::fs::remove_file(file(2, "\"Title 21\"")).unwrap();
        std::fs::write(own(3).join("notes.md"), "mine").unwrap();
        std::fs::write(library.states().join(format!("{}.jsonl", subscription(3).key())), {
            let path = library.states().join(format!("{}.jsonl", subscription(3).key()));
            [std::fs::read(path).unwrap(), b"damaged\n".to_vec()].concat()
        })
        .unwrap();
        library
    }

    fn states(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    fn sync_one(&self, number: usize, channel: &Channel, fs: &dyn FileSystem) -> Report {
        let places = Places { articles: &self.folder.path().join("articles"), states: &self.states(), fs };
        let subscription = Subscription { keep: (number == 3).then_some(Keep::Days(31)), ..subscription(number) };
        let choices = Choices { is_protected: &|_| false, ..Choices::cautious(day(TODAY)) };
        write_articles(channel, &subscription, &places, &choices)
    }

    /// Syncs all, and returns the number of problems.
    fn sync(&self, fs: &dyn FileSystem) -> usize {
        let new = |number: i64| {
            channel(vec![item(10 * number + 4), titled(10 * number + 1, "Changed"), item(10 * number + 2)])
        };
        (1..4).map(|number| self.sync_one(number, &new(number as i64), fs).problems.len()).sum()
    }

    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let folders = std::fs::read_dir(self.folder.path().join("articles")).unwrap().map(|entry| entry.unwrap());
        let of = |folder: std::fs::DirEntry| {
            files(&folder.path())
                .into_iter()
                .map(move |(name, bytes)| (Path::new(&folder.file_name()).join(name), bytes))
        };
        folders.flat_map(of).collect()
    }
}

rounds!(a_fault_at_any_call_is_reported_and_repaired_by_the_next_run, 25, 1);

/// At each `step`-th call.
fn a_fault_at_any_call_is_reported_and_repaired_by_the_next_run(step: usize) {
    let expected = Library::new();
    assert_eq!(expected.sync(&RealFileSystem), 1, "the damaged line");
    assert_eq!(expected.sync(&RealFileSystem), 0);
    let titles = expected.files().values().filter(|bytes| String::from_utf8_lossy(bytes).contains("Changed")).count();
    assert_eq!((expected.files().len(), titles), (11, 1), "the test does what it says");
    let mut points = 0;
    for (first, fault) in FAULTS.into_iter().enumerate() {
        for at in (1 + first % step..).step_by(step) {
            let library = Library::new();
            let disk = FaultyDisk::new(fault, at);
            let problems = library.sync(&disk);
            let fired = disk.has_fired();
            let broken = library.files();
            for (name, bytes) in broken.iter().filter(|(name, _)| !name.to_string_lossy().contains(".new-")) {
                let whole = bytes.ends_with(b"\n") || bytes == b"mine";
                assert!(whole, "{fault:?} at call {at}: {name:?} is not whole");
            }
            let mut rounds = 0;
            while library.sync(&RealFileSystem) > 0 {
                rounds += 1;
                assert!(rounds < 3, "{fault:?} at call {at}: problems stay");
            }
            let (files, wanted) = (library.files(), expected.files());
            let names = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
            assert_eq!(names(&files), names(&wanted), "{fault:?} at call {at}");
            assert!(files == wanted, "{fault:?} at call {at}: contents differ");
            if !fired {
                break;
            }
            points += usize::from(problems > 1);
        }
    }
    println!("{points} faults were reported and repaired");
    assert!(points * step > 250, "{points}");
}

// Several writers.

rounds!(writers_at_once_leave_whole_files_and_one_of_each, 5, 100);

fn writers_at_once_leave_whole_files_and_one_of_each(rounds: usize) {
    for round in 0..rounds {
        let home = Home::new();
        let document = of_numbers(1..20);
        // Two with one state, and one of another device.
        let other = home.folder.path().join("other");
        let states = [home.states(), home.states(), other];
        std::thread::scope(|scope| {
            for states in &states {
                let run = || {
                    let places = Places { articles: &home.articles(), states, fs: &RealFileSystem };
                    let report = write_articles(&document, &home.subscription, &places, &Choices::cautious(day(TODAY)));
                    assert_eq!(report.problems, [], "round {round}");
                    assert_eq!(report.new.len() + report.found.len() + report.unchanged, 19);
                };
                std::thread::Builder::new().spawn_scoped(scope, run).unwrap();
            }
        });
        let alone = Home::new();
        alone.write_well(&document);
        assert_eq!(home.files(), alone.files(), "round {round}");
        let report = home.write_well(&document);
        assert_eq!(counts(&report), [0, 0, 0, 0, 19, 0, 0, 0], "round {round}");
    }
}
