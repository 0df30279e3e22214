//! Costs that must not grow with the library: files read, articles read, rows built, bytes written. Also the snapshot.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use frontpage::app::{Event, SessionInit};
use frontpage::feed::{Article, ArticleId, Feed, SafeText, UntrustedText, clean, earlier_texts};
use frontpage::keymap::{Key, Keymap};
use frontpage::library::{Library, Loaded, Outcome, Snapshot, SnapshotError};
use frontpage::query::{FoldedTexts, Query, SearchContext, texts_to_keep};
use frontpage::terminal::{FrameOptions, HeadlessUi};
use ratatui::layout::Rect;
use tempfile::TempDir;

use crate::harness::command::Home;
use crate::harness::folder::Folder;
use crate::harness::pty::{LIMIT, Pty};
use crate::harness::random::Random;
use crate::harness::reader::{Reader, now};
use crate::rounds;

/// Articles, the first ones the same for every count.
fn feed_of(count: usize) -> Arc<Feed> {
    let seed = Library::BuiltIn.load(now(), |_| {}).expect("the built-in feed").feed;
    let seed: Vec<Arc<Article>> = seed.iter().collect();
    let article = |n: usize| {
        let path = format!("{n:06}.md");
        let id = ArticleId::of_path(Path::new(&path));
        let published = Some(now() - chrono::TimeDelta::minutes(n as i64));
        let own = (*seed[n % seed.len()]).clone();
        Arc::new(Article {
            id,
            published: published.map(Into::into),
            path: path.into(),
            related: Vec::new(),
            heat: None,
            ..own
        })
    };
    Arc::new(Feed::new((0..count).map(article).collect(), now()))
}

/// Counts the bytes that are written to it.
#[derive(Clone, Default)]
struct Counter(Arc<AtomicUsize>);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.fetch_add(bytes.len(), Ordering::Relaxed);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A session, and a terminal that counts the bytes written to it.
struct Screen {
    session: HeadlessUi,
    terminal: frontpage::terminal::Screen<Counter>,
    written: Counter,
    hyperlinks: bool,
}

impl Screen {
    fn of(feed: Arc<Feed>) -> Screen {
        let start = SessionInit::default();
        let mut session = HeadlessUi::new(start, Keymap::new().expect("the keys"), now());
        let effects = session.receive(Event::FeedLoaded { feed, problems: Vec::new(), complete: true });
        let _ = session.run_jobs(effects);
        let written = Counter::default();
        let terminal = frontpage::terminal::Screen::new(written.clone(), Rect::new(0, 0, 160, 45));
        Screen { session, terminal, written, hyperlinks: true }
    }

    /// Draws a frame; the bytes that this wrote.
    fn draw(&mut self) -> usize {
        let written = || self.written.0.load(Ordering::Relaxed);
        let before = written();
        let options = FrameOptions { hyperlinks: self.hyperlinks, ..FrameOptions::default() };
        frontpage::terminal::draw(&mut self.terminal, &mut self.session, options).expect("drawn");
        written() - before
    }

    fn press(&mut self, keys: &str) -> usize {
        for key in Key::parse_all(keys).expect("keys") {
            let (effects, _) = self.session.press(key);
            let _ = self.session.run_jobs(effects);
        }
        self.draw()
    }
}

#[test]
fn a_key_costs_the_same_however_many_articles_there_are() {
    let counts = |articles: usize| {
        let feed = feed_of(articles);
        assert_eq!(feed.len(), articles);
        let mut screen = Screen::of(feed.clone());
        let mut counts = vec![(feed.reads(), screen.draw())];
        for keys in ["j", "j", "<ctrl-f>", "<enter>", "h", "G", "g g"] {
            let before = feed.reads();
            let bytes = screen.press(keys);
            counts.push((feed.reads() - before, bytes));
        }
        counts
    };
    let (few, many) = (counts(1_000), counts(50_000));
    assert!(few[0].1 > 5_000, "a whole screen was written: {few:?}");
    assert_eq!(few[1].0, 0, "the next row and its article were read already: {few:?}");
    for (step, ((few_reads, few_bytes), (reads, bytes))) in few.iter().zip(&many).enumerate() {
        // Those of a screen, at most.
        assert!(*reads <= few_reads + 45, "articles read at step {step}: {few:?} {many:?}");
        // The last page has other articles, and the count has more digits: to go there, and back from there.
        let room = if step >= 6 { 2_000 } else { 64 };
        assert!(*bytes <= few_bytes + room, "bytes written at step {step}: {few:?} {many:?}");
    }
}

#[test]
fn nothing_is_written_when_nothing_looks_different() {
    let mut screen = Screen::of(feed_of(1_000));
    screen.draw();
    let nothing = screen.draw();
    assert_eq!(nothing, 0, "bytes");
    assert_eq!(screen.press("k"), nothing, "the first row is selected already");
}

#[test]
fn a_key_costs_little_on_a_screen_of_ideographs() {
    let of_text = |text: &str| {
        let change = |article: Arc<Article>| {
            let (title, body) = (clean::line(&text.repeat(2)), UntrustedText::new(&text.repeat(60)));
            Arc::new(Article { title, body, excerpt: SafeText::default(), topics: Vec::new(), ..(*article).clone() })
        };
        let articles = feed_of(100).iter().map(change).collect();
        let mut screen = Screen::of(Arc::new(Feed::new(articles, now())));
        (screen.draw(), screen.press("j").max(screen.press("j")))
    };
    // Both have 30 columns: lines of text that are all the same would cost nothing when a header of another height moves them.
    let (chinese, latin) = (of_text("潮汐是海水的涨落，由月亮引起；"), of_text("The moon makes the tides run. "));
    println!("first frame and key, Chinese {chinese:?} bytes, Latin {latin:?}");
    // An ideograph has three bytes for two columns. Moving the cursor for each would add eight.
    assert!(chinese.0 < 2 * latin.0 && chinese.1 < 2 * latin.1, "{chinese:?}, Latin {latin:?}");
}

#[test]
fn links_cost_what_is_seen_of_them() {
    let bytes = |hyperlinks| {
        let mut screen = Screen { hyperlinks, ..Screen::of(feed_of(1_000)) };
        screen.draw();
        ["j", "j", "J", "<enter>"].map(|keys| screen.press(keys))
    };
    let (with, without) = (bytes(true), bytes(false));
    println!("with links {with:?}, without {without:?} bytes");
    for (with, without) in with.iter().zip(without) {
        assert!(*with <= without + 2_500, "bytes with links {with}, without {without}");
    }
    // To go into the article redraws frames and rows, and no link.
    assert_eq!(with[3], without[3]);
}

#[test]
fn a_longer_word_is_searched_among_the_hits_of_the_shorter_one() {
    let scope = |articles: usize| {
        let context = SearchContext::new(feed_of(articles), Arc::default(), now());
        let query = |text: &str| Query::parse(text).expect("a query");
        let mut wide = query("quanta").search(context.clone(), None);
        while wide.step(&|| false) {}
        let found = wide.found();
        assert!(!found.indices.is_empty() && found.indices.len() < articles / 4);
        assert!(query("quantam").implies(&query("quanta")));
        (found.indices.len(), query("quantam").search(context, Some(found.matched)).scope())
    };
    for articles in [1_000, 10_000] {
        let (found, scope) = scope(articles);
        assert_eq!(found, scope, "articles that a letter more looks at, of {articles}");
    }
}

// The snapshot.

/// A folder with this many articles that was read, and its snapshot. The files are as old as real ones.
struct Kept {
    folder: Folder,
    snapshots: TempDir,
    library: Library,
}

impl Kept {
    fn of(folder: Folder) -> Kept {
        let library = Library::Paths(vec![folder.path().to_owned()]);
        let kept = Kept { folder, snapshots: TempDir::new().expect("a folder"), library };
        let loaded = kept.library.load(now(), |_| {}).expect("the folder");
        kept.library.save_snapshot(kept.snapshots.path(), &kept.settled(loaded), now()).expect("kept");
        kept
    }

    fn articles(count: usize) -> Kept {
        let text = |n: usize| {
            format!(
                "---\ntitle: Article {n}\nlink: https://e.org/{n}\ndate: 2020-01-01\ntags: [a, b]\n---\nBody {n}.\n"
            )
        };
        Kept::of((0..count).fold(Folder::new(), |folder, n| folder.file(&format!("{}/{n}.md", n % 7), text(n))))
    }

    /// Reads files again that were written so recently that another write might leave the same size and time.
    fn settled(&self, loaded: Loaded) -> Loaded {
        let mut loaded = loaded;
        for _ in 0..200 {
            match self.library.refresh(&loaded, now(), |_| {}).expect("the folder") {
                None => return loaded,
                Some(read) => loaded = read,
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the folder never settles");
    }

    fn open(&self) -> Snapshot {
        self.library.open_snapshot(self.snapshots.path(), now()).expect("a snapshot")
    }

    fn file(&self) -> PathBuf {
        let files =
            std::fs::read_dir(self.snapshots.path()).expect("the folder").map(|entry| entry.expect("a file").path());
        let mut files = files.filter(|path| path.extension().is_some_and(|ending| ending == "snapshot"));
        files.next().expect("the snapshot")
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder");
        std::fs::write(path, text).expect("a file");
    }
}

fn all(feed: &Feed) -> Vec<Article> {
    feed.iter().map(|article| (*article).clone()).collect()
}

#[test]
fn a_snapshot_is_the_library_as_it_was_read() {
    let loaded = |library: &Library| library.load(now(), |_| {}).expect("the library");
    for folder in ["tests/fixtures/news", "tests/fixtures/tools", "seeds"] {
        let library = Library::Paths(vec![PathBuf::from(folder), PathBuf::from("tests/fixtures/news/tide-clocks.md")]);
        let library = if library.check().is_ok() { library } else { Library::Paths(vec![PathBuf::from(folder)]) };
        let (snapshots, read) = (TempDir::new().expect("a folder"), loaded(&library));
        library.save_snapshot(snapshots.path(), &read, now()).expect("kept");
        let snapshot = library.open_snapshot(snapshots.path(), now()).expect("a snapshot");
        assert!(snapshot.is_intact());
        let (feed, kept) = (&read.feed, &snapshot.loaded.feed);
        assert_eq!(all(feed), all(kept));
        assert_eq!(read.problems, snapshot.loaded.problems);
        assert_eq!((feed.topics(), feed.providers()), (kept.topics(), kept.providers()));
        for article_index in 0..feed.len() {
            let related = |feed: &Feed| format!("{:?}", feed.related(article_index));
            assert_eq!(
                (feed.role(article_index), feed.story_of(article_index)),
                (kept.role(article_index), kept.story_of(article_index))
            );
            assert_eq!(related(feed), related(kept));
            assert_eq!(kept.index_of(kept.id(article_index).expect("an id")), Some(article_index));
        }
        // Saved again, from the snapshot, it is the same.
        library.save_snapshot(snapshots.path(), &snapshot.loaded, now()).expect("kept");
        assert_eq!(all(&library.open_snapshot(snapshots.path(), now()).expect("a snapshot").loaded.feed), all(feed));
    }
}

rounds!(only_what_was_changed_is_read, 1_000, 20_000);

fn only_what_was_changed_is_read(articles: usize) {
    let kept = Kept::articles(articles);
    let snapshot = kept.open();
    assert_eq!(snapshot.loaded.feed.len(), articles);
    let same = |before: &Loaded| kept.library.refresh(before, now(), |_| {}).expect("the folder");
    assert!(same(&snapshot.loaded).is_none(), "all is as it was");
    kept.write("3/3.md", "---\ntitle: Changed\nlink: https://e.org/3\n---\n");
    let changed = same(&snapshot.loaded).expect("a change");
    assert_eq!((changed.read, changed.feed.len()), (1, articles));
    assert_eq!(changed.feed.iter().filter(|article| article.title.as_str() == "Changed").count(), 1);
    // One more file, one less, one in another place: by name and by link.
    kept.write("new/a.md", "---\ntitle: New\n---\n");
    std::fs::remove_file(kept.folder.path().join("4/4.md")).expect("removed");
    std::fs::rename(kept.folder.path().join("5/5.md"), kept.folder.path().join("new/5.md")).expect("moved");
    let changed = same(&changed).expect("changes");
    assert!(
        (2..=3).contains(&changed.read),
        "the new one, the moved one, and what was written just before: {}",
        changed.read
    );
    let expected = kept.library.load(now(), |_| {}).expect("the folder");
    assert_eq!(all(&changed.feed), all(&expected.feed), "as if everything had been read");
}

#[test]
fn a_change_that_leaves_size_and_time_as_they_were_is_seen() {
    let kept = Kept::articles(10);
    let path = kept.folder.path().join("3/3.md");
    let time = std::fs::metadata(&path).and_then(|metadata| metadata.modified()).expect("a time");
    let text = std::fs::read_to_string(&path).expect("a file");
    std::fs::write(&path, text.replace("Article 3", "Article X")).expect("a file");
    std::fs::File::options().write(true).open(&path).and_then(|file| file.set_modified(time)).expect("its time");
    let read = kept.library.refresh(&kept.open().loaded, now(), |_| {}).expect("the folder").expect("a change");
    assert_eq!((read.read, read.feed.iter().filter(|article| article.title.as_str() == "Article X").count()), (1, 1));
    // A file that was written just now is read again until its time is old enough to rule out another write.
    assert!(SystemTime::now() > time);
    assert_eq!(kept.library.refresh(&read, now(), |_| {}).expect("the folder").map(|read| read.read), Some(1));
}

#[test]
fn problems_are_kept_in_the_snapshot_and_go_when_the_file_is_fixed() {
    let folder = Folder::new().file("good.md", "---\ntitle: Good\n---\n").file("bad.md", "---\ntitle: a: b\n---\n");
    let kept =
        Kept::of(folder.file("warned.md", "---\ntitle: W\nquality: much\n---\n").file("no.txt", "no front matter"));
    let snapshot = kept.open();
    let problems: Vec<String> = snapshot.loaded.problems.iter().map(|problem| problem.one_line().to_string()).collect();
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(
        problems[0].ends_with("bad.md:2:9: a colon inside an unquoted value; put the value in quotes"),
        "{problems:?}"
    );
    kept.write("bad.md", "---\ntitle: \"a: b\"\n---\n");
    let read = kept.library.refresh(&snapshot.loaded, now(), |_| {}).expect("the folder").expect("a change");
    assert_eq!((read.problems.len(), read.feed.len(), read.read), (1, 3, 1));
    let report = kept.library.report(now()).expect("a report");
    assert_eq!(report.iter().filter(|file| file.outcome == Outcome::Ignored).count(), 1);
}

#[test]
fn if_the_newest_copy_is_removed_the_next_one_is_shown() {
    let text = |excerpt: &str, date: &str| {
        format!("---\ntitle: One\nexcerpt: {excerpt}\nlink: https://e.org/a\ndate: {date}\n---\n")
    };
    let kept = Kept::of(Folder::new().file("a.md", text("Old", "2020-01-01")).file("b.md", text("New", "2020-01-02")));
    let snapshot = kept.open();
    let article = snapshot.loaded.feed.get(0).expect("an article");
    assert_eq!((article.excerpt.as_str(), article.also_in.len()), ("New", 1));
    std::fs::remove_file(kept.folder.path().join("b.md")).expect("removed");
    let read = kept.library.refresh(&snapshot.loaded, now(), |_| {}).expect("the folder").expect("a change");
    let article = read.feed.get(0).expect("an article");
    assert_eq!((article.excerpt.as_str(), article.also_in.len(), read.read), ("Old", 0, 0));
}

#[test]
fn a_snapshot_of_another_library_is_not_used() {
    let kept = Kept::articles(10);
    let open = |library: &Library| library.open_snapshot(kept.snapshots.path(), now()).map(drop);
    let bytes = std::fs::read(kept.file()).expect("bytes");
    assert!(open(&kept.library).is_ok());
    let earlier = now() - chrono::TimeDelta::days(1);
    assert!(matches!(kept.library.open_snapshot(kept.snapshots.path(), earlier), Err(SnapshotError::FromFuture)));
    let mut later_version = bytes.clone();
    later_version[20] += 1;
    std::fs::write(kept.file(), &later_version).expect("a file");
    assert!(matches!(open(&kept.library), Err(SnapshotError::OtherVersion)));
    // Under the name of the snapshot of another library.
    let other = Folder::new().file("a.md", "Words.");
    let other = Library::Paths(vec![other.path().to_owned()]);
    let loaded = other.load(now(), |_| {}).expect("the folder");
    other.save_snapshot(kept.snapshots.path(), &loaded, now()).expect("kept");
    for entry in std::fs::read_dir(kept.snapshots.path()).expect("the folder") {
        std::fs::write(entry.expect("a file").path(), &bytes).expect("a file");
    }
    assert!(matches!(open(&other), Err(SnapshotError::OtherLibrary)));
    assert!(matches!(Library::BuiltIn.open_snapshot(kept.snapshots.path(), now()), Err(SnapshotError::OtherLibrary)));
}

rounds!(a_damaged_snapshot_is_never_used, 100, 3_000);

/// A snapshot with any damage is refused, or found incomplete, or read as it was written.
fn a_damaged_snapshot_is_never_used(rounds: usize) {
    let kept = Kept::articles(60);
    let (path, expected) = (kept.file(), all(&kept.open().loaded.feed));
    let bytes = std::fs::read(&path).expect("bytes");
    let mut random = Random::new(5);
    let (mut refused, mut found) = (0, 0);
    for round in 0..rounds {
        let mut damaged = bytes.clone();
        match round % 4 {
            0 => damaged.truncate(random.roll(bytes.len())),
            1 => {
                let at = random.roll(bytes.len());
                damaged[at..].fill(0);
            }
            _ => {
                let at = random.roll(bytes.len());
                damaged[at] ^= 1 << random.roll(8);
            }
        }
        // Written like ours, under another name and renamed, so that processes with the old one open keep it.
        let new = kept.snapshots.path().join("new");
        std::fs::write(&new, &damaged).expect("a file");
        std::fs::rename(&new, &path).expect("renamed");
        let Ok(snapshot) = kept.library.open_snapshot(kept.snapshots.path(), now()) else {
            refused += 1;
            continue;
        };
        let feed = &snapshot.loaded.feed;
        let read = all(feed);
        for article_index in 0..feed.len().min(100) {
            let _ = (
                feed.related(article_index),
                feed.role(article_index),
                feed.story_of(article_index),
                feed.id(article_index).and_then(|id| feed.index_of(id)),
            );
        }
        let _ = (feed.topics().len(), feed.providers().len());
        if snapshot.is_intact() && !feed.is_damaged() {
            assert_eq!(read, expected, "round {round}");
        } else {
            found += 1;
        }
        if round % 100 == 0 && damaged != bytes {
            let _ = kept.library.refresh(&snapshot.loaded, now(), |_| {}).expect("the folder");
            let read = kept.library.read(Some(kept.snapshots.path()), now()).expect("the folder");
            assert_eq!(read.feed.len(), 60, "round {round}");
        }
    }
    assert!(refused > rounds / 6 && found > rounds / 6, "{refused} refused, {found} found to be damaged");
}

rounds!(a_snapshot_that_is_cut_while_it_is_open_is_read_from_the_files, 100, 400);

/// A full disk, another host or a cache cleaner truncates the file while it is read.
fn a_snapshot_that_is_cut_while_it_is_open_is_read_from_the_files(articles: usize) {
    let kept = Kept::articles(articles);
    let expected = all(&kept.open().loaded.feed);
    let bytes = std::fs::read(kept.file()).expect("bytes");
    let cuts = [0, 1, 5_000, 8_192, bytes.len() / 3, bytes.len() / 2, bytes.len() * 9 / 10];
    for (cut, checked) in cuts.into_iter().flat_map(|cut| [(cut, false), (cut, true)]) {
        let snapshot = kept.open();
        assert!(!checked || snapshot.is_intact());
        let file = std::fs::File::options().write(true).open(kept.file()).expect("the snapshot");
        file.set_len(cut as u64).expect("cut");
        let feed = &snapshot.loaded.feed;
        for article_index in 0..feed.len() {
            let _ = (
                feed.related(article_index),
                feed.role(article_index),
                feed.story_of(article_index),
                feed.header(article_index),
            );
            let _ = feed.id(article_index).and_then(|id| feed.index_of(id));
        }
        let _ = (feed.topics().len(), feed.providers().len());
        let read = all(feed);
        assert!(feed.is_damaged() || read == expected, "cut to {cut} bytes");
        assert!(read.iter().all(|article| expected.contains(article)), "cut to {cut} bytes");
        let unkept = kept.library.save_snapshot(kept.snapshots.path(), &snapshot.loaded, now());
        assert!(unkept.is_err(), "what was lost is not kept as if it were whole");
        let again = kept.library.refresh(&snapshot.loaded, now(), |_| {}).expect("the folder");
        assert!(again.is_none_or(|loaded| all(&loaded.feed) == expected && !loaded.feed.is_damaged()));
        let read = kept.library.read(Some(kept.snapshots.path()), now()).expect("the folder");
        assert!(all(&read.feed) == expected && !read.feed.is_damaged(), "cut to {cut} bytes");
    }
}

#[test]
fn a_damaged_record_costs_no_article() {
    let kept = Kept::articles(60);
    let (path, expected) = (kept.file(), all(&kept.open().loaded.feed));
    let bytes = std::fs::read(&path).expect("bytes");
    let at = bytes.windows(10).position(|window| window == b"Article 33").expect("a title");
    let damage = || {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        let new = kept.snapshots.path().join("new");
        std::fs::write(&new, &damaged).expect("a file");
        std::fs::rename(&new, &path).expect("renamed");
        kept.open()
    };
    let snapshot = damage();
    assert!(snapshot.is_intact() && !snapshot.is_intact_with_records());
    let titles = |feed: &Feed| feed.iter().filter(|article| article.title.as_str() == "Article 33").count();
    assert_eq!(
        (titles(&snapshot.loaded.feed), snapshot.loaded.feed.is_damaged()),
        (0, true),
        "it is not shown, and that is known"
    );
    // Code that reads all records checks them first.
    let read = kept.library.read(Some(kept.snapshots.path()), now()).expect("the folder");
    assert_eq!(all(&read.feed), expected);
    // When other files change, it is read again with all.
    let snapshot = damage();
    kept.write("1/1.md", "---\ntitle: Changed\nlink: https://e.org/1\n---\n");
    let read = kept.library.refresh(&snapshot.loaded, now(), |_| {}).expect("the folder").expect("a change");
    assert_eq!((read.feed.len(), read.read, titles(&read.feed)), (60, 60, 1));
}

#[test]
#[ignore = "heavy"]
fn saved_folded_texts_equal_computed_ones() {
    let kept = Kept::articles(3_000);
    let snapshot = kept.open();
    let before = &snapshot.loaded.feed;
    let (chunks, columns) = FoldedTexts::shape(before);
    assert!(chunks > 2 && columns > 1, "{chunks} chunks, {columns} columns");
    let keep = |number, feed: &Feed| {
        let make = texts_to_keep(feed);
        let kept_texts = kept.library.save_folded_texts(
            kept.snapshots.path(),
            number,
            FoldedTexts::VERSION,
            FoldedTexts::shape(feed),
            make,
        );
        kept_texts.expect("kept");
        assert!(kept.library.use_folded_texts(kept.snapshots.path(), number, feed, FoldedTexts::VERSION));
    };
    keep(1, before);
    kept.write("3/3.md", "---\ntitle: Changed\nlink: https://e.org/3\ndate: 2020-01-02\n---\nOther words.\n");
    std::fs::remove_file(kept.folder.path().join("4/4.md")).expect("removed");
    let changed = kept.library.refresh(&snapshot.loaded, now(), |_| {}).expect("the folder").expect("changes").feed;
    let reads = changed.reads();
    earlier_texts::set(&changed, before);
    let whole = kept.library.load(now(), |_| {}).expect("the folder").feed;
    let mut computed = texts_to_keep(&whole);
    keep(2, &changed);
    assert_eq!(changed.reads() - reads, columns, "only the columns of one article are computed");
    for (chunk, column) in (0..chunks).flat_map(|chunk| (0..columns).map(move |column| (chunk, column))) {
        let known = changed.folded_text_store().and_then(|kept| kept.column(chunk, column)).expect("a column");
        let (text, ends) = computed(chunk, column);
        let ends: Vec<u8> = ends.iter().flat_map(|end| end.to_le_bytes()).collect();
        assert_eq!((&*known.0, &*known.1), (text.as_bytes(), &*ends), "chunk {chunk}, column {column}");
    }
    let reads = changed.reads();
    let found = Query::parse("body:other").expect("a query").select(&SearchContext::new(
        changed.clone(),
        Arc::default(),
        now(),
    ));
    assert_eq!((found.len(), changed.reads()), (1, reads), "a search reads no article");
}

#[test]
fn few_open_files_are_enough() {
    let text = |n: usize| format!("---\ntitle: Article {n}\n---\n");
    let articles = (0..700).fold(Folder::new(), |folder, n| folder.file(&format!("{n}/index.md"), text(n)));
    let folder = articles.path().to_str().expect("UTF-8");
    let home = Home::new();
    let script = format!("ulimit -n 24; exec \"$0\" -L '{folder}' check");
    let mut command = std::process::Command::new("/bin/sh");
    let ran = command.args(["-c", &script, env!("CARGO_BIN_EXE_frontpage")]).env("HOME", home.folder.path()).output();
    let out = String::from_utf8_lossy(&ran.expect("the program").stdout).into_owned();
    assert_eq!(out.lines().last(), Some("700 files: 700 loaded, 0 of them with warnings, 0 rejected, 0 ignored"));
}

// In a terminal.

fn start(home: &Path, folder: &Path) -> Pty {
    let args = [folder.to_str().expect("UTF-8"), "--fresh"];
    Pty::spawn(env!("CARGO_BIN_EXE_frontpage"), &args, &[("HOME", home.to_str().expect("UTF-8"))], (100, 30))
}

#[test]
fn the_next_start_shows_the_snapshot_and_then_what_was_changed() {
    let home = TempDir::new().expect("a home");
    let folder = Folder::new().file("a.md", "---\ntitle: Before\n---\n").file("b.md", "---\ntitle: Other\n---\n");
    let quit = |mut pty: Pty| {
        pty.send("Q");
        pty.wait_exit(LIMIT);
    };
    let pty = start(home.path(), folder.path());
    pty.wait_for_text("Before");
    let snapshots = home.path().join(".cache/frontpage/snapshots");
    let is_kept = || std::fs::read_dir(&snapshots).is_ok_and(|files| files.count() == 2);
    let end = Instant::now() + LIMIT;
    while !is_kept() {
        assert!(Instant::now() < end, "no snapshot is kept");
        std::thread::sleep(Duration::from_millis(5));
    }
    quit(pty);
    std::fs::write(folder.path().join("a.md"), "---\ntitle: After\n---\n").expect("a file");
    let pty = start(home.path(), folder.path());
    pty.wait_for_text("After");
    let raw = String::from_utf8_lossy(&pty.raw()).into_owned();
    assert!(raw.contains("Before"), "the snapshot was shown first: {raw:?}");
    quit(pty);
    // If the record of an article is damaged, the article is shown from its file.
    let mut files = std::fs::read_dir(&snapshots).expect("the folder").map(|entry| entry.expect("a file").path());
    let snapshot = files.find(|path| path.extension().is_some_and(|ending| ending == "snapshot")).expect("it");
    let mut bytes = std::fs::read(&snapshot).expect("bytes");
    let at = bytes.windows(5).position(|window| window == b"After").expect("the title");
    bytes[at] ^= 1;
    std::fs::write(&snapshot, &bytes).expect("a file");
    let pty = start(home.path(), folder.path());
    pty.wait_for_text("After");
    quit(pty);
    // A file that is not a snapshot does no harm.
    for entry in std::fs::read_dir(&snapshots).expect("the folder") {
        let path = entry.expect("a file").path();
        std::fs::write(&path, "\u{1b}[2J no snapshot").expect("a file");
    }
    let pty = start(home.path(), folder.path());
    pty.wait_for_text("After");
    quit(pty);
}

#[test]
fn a_reader_of_many_articles_moves_without_reading_them() {
    let feed = feed_of(20_000);
    let mut reader = Reader::empty().sized(100, 30);
    reader.receive(Event::FeedLoaded { feed: feed.clone(), problems: Vec::new(), complete: true });
    reader.press("G");
    assert!(feed.reads() < 120, "{} articles were read for two screens", feed.reads());
}
