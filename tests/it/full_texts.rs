//! Full texts in the library and in the reader: shown in place of the texts of files, which stay what they are.

use std::path::{Path, PathBuf};

use frontpage::app::Effect;
#[cfg(feature = "sync")]
use frontpage::app::{Event, FullTextChange, FullTextNotMoved};
use frontpage::feed::record::visible_content_hash;
use frontpage::feed::{ArticleId, UntrustedText, stable_hashes};
use frontpage::file_system::RealFileSystem;
use frontpage::jobs::full_text::FullTextRequest;
use frontpage::library::{FullTextFolder, KeptText, Library, Loaded, ScanOptions};
use tempfile::TempDir;

use crate::harness::reader::{Reader, now};

/// A library of news, a folder of full texts, and one of snapshots.
struct Place {
    folder: TempDir,
    library: Library,
}

impl Place {
    fn new() -> Place {
        Place { folder: TempDir::new().expect("a folder"), library: Library::Paths(vec!["tests/fixtures/news".into()]) }
    }

    fn texts(&self) -> PathBuf {
        self.folder.path().join("full-text")
    }

    fn keep(&self, article: ArticleId, text: &str) {
        let source = UntrustedText::new("https://long.example/a");
        let kept = KeptText { source, fetched: now(), text: UntrustedText::new(text) };
        FullTextFolder::new(&self.texts(), &RealFileSystem).write(article, &kept).expect("written");
    }

    fn forget(&self, article: ArticleId) {
        assert!(FullTextFolder::new(&self.texts(), &RealFileSystem).remove(article).expect("removed"));
    }

    /// Performs a change that the reader wants, and loads the library again.
    #[cfg(feature = "sync")]
    fn change(&self, reader: &mut Reader, article: ArticleId, change: FullTextChange) {
        let texts = self.texts();
        let folder = FullTextFolder::new(&texts, &RealFileSystem);
        let changed = match change {
            FullTextChange::SetAside => folder.set_aside(article),
            FullTextChange::Restore => folder.restore(article),
        };
        reader.receive(Event::FullTextChanged(article, change, Ok(changed.expect("changed"))));
        let feed = self.load().feed;
        reader.receive(Event::FeedLoaded { feed, problems: Vec::new(), complete: true });
    }

    fn load(&self) -> Loaded {
        with_options(&self.texts(), |options| self.library.load_with(options, |_| {}).expect("the library"))
    }

    fn refresh(&self, before: &Loaded) -> Option<Loaded> {
        with_options(&self.texts(), |options| self.library.refresh_with(before, options, |_| {}).expect("the library"))
    }

    fn read(&self) -> Loaded {
        let snapshots = self.folder.path().join("snapshots");
        with_options(&self.texts(), |options| {
            self.library.read_with(Some(&snapshots), options, |_| {}).expect("the library")
        })
    }
}

fn with_options<T>(texts: &Path, run: impl FnOnce(&ScanOptions) -> T) -> T {
    run(&ScanOptions { full_texts: Some(texts), ..ScanOptions::once(now()) })
}

/// The article with a word in its title.
fn id(loaded: &Loaded, word: &str) -> ArticleId {
    loaded.feed.iter().find(|article| article.title.as_str().contains(word)).expect("an article").id
}

fn body(loaded: &Loaded, article: ArticleId) -> String {
    loaded.feed.find(article).expect("the article").body.untrusted().trim().to_owned()
}

#[test]
fn a_full_text_is_shown_until_it_is_removed_also_from_a_snapshot() {
    let place = Place::new();
    let before = place.read();
    let moon = id(&before, "Moon");
    let own = body(&before, moon);
    place.keep(moon, "The whole *text* of [a page](https://e.org/x).");
    // The second time from the snapshot of the first.
    for _ in 0..2 {
        let loaded = place.read();
        assert_eq!(body(&loaded, moon), "The whole *text* of [a page](https://e.org/x).");
        let article = loaded.feed.find(moon).expect("the article");
        assert_eq!((article.own_body().untrusted().trim(), article.words), (own.as_str(), 14));
        assert!(article.links().iter().any(|link| link.link.shown().as_str() == "https://e.org/x"));
    }
    place.keep(moon, "Another text.");
    assert_eq!(body(&place.read(), moon), "Another text.");
    place.forget(moon);
    let after = place.read();
    assert_eq!(after.feed.find(moon), before.feed.find(moon));
}

#[test]
fn a_refresh_sees_other_full_texts_and_nothing_else() {
    let place = Place::new();
    let first = place.load();
    let (moon, clocks) = (id(&first, "Moon"), id(&first, "Clocks"));
    assert!(place.refresh(&first).is_none());
    place.keep(moon, "One.");
    place.keep(ArticleId::of_number(1), "Of an article that is not here.");
    let second = place.refresh(&first).expect("a change");
    assert_eq!(body(&second, moon), "One.");
    assert!(second.looks_different_from(&first) && place.refresh(&second).is_none());
    place.keep(clocks, "Two.");
    place.forget(moon);
    let third = place.refresh(&second).expect("a change");
    assert_eq!((body(&third, moon), body(&third, clocks).as_str()), (body(&first, moon), "Two."));
    assert_eq!(body(&place.load(), clocks), "Two.");
    // Without the folder, all are as in their files.
    std::fs::remove_dir_all(place.texts()).expect("removed");
    let last = place.refresh(&third).expect("a change");
    assert!(last.feed.iter().eq(first.feed.iter()));
}

#[test]
fn a_full_text_is_no_change_by_the_site_and_no_other_identity() {
    let place = Place::new();
    let before = place.load();
    let moon = id(&before, "Moon");
    place.keep(moon, "The whole text.");
    let after = place.load();
    let [own, full] = [&before, &after].map(|loaded| loaded.feed.find(moon).expect("the article"));
    assert_ne!(own.body, full.body);
    assert_eq!(visible_content_hash(&own), visible_content_hash(&full));
    assert_eq!(stable_hashes::of_content(&own), stable_hashes::of_content(&full));
    let hashes = |loaded: &Loaded| {
        let index = loaded.feed.index_of(moon).expect("the article");
        loaded.feed.columns().hashes(index)
    };
    assert_eq!(hashes(&before), hashes(&after));
}

#[test]
fn the_built_in_feed_shows_full_texts_too() {
    let place = Place { library: Library::BuiltIn, ..Place::new() };
    let first = place.load();
    let article = first.feed.get(0).expect("an article").id;
    place.keep(article, "The whole text.");
    let second = place.refresh(&first).expect("a change");
    assert_eq!(body(&second, article), "The whole text.");
    assert!(place.refresh(&second).is_none());
}

#[test]
fn a_damaged_full_text_is_ignored() {
    let place = Place::new();
    let before = place.load();
    let moon = id(&before, "Moon");
    place.keep(moon, "Text.");
    let file = std::fs::read_dir(place.texts()).expect("the folder").next().expect("a file").expect("a file").path();
    std::fs::write(file, "---\nnot JSON\n---\nText.").expect("written");
    assert_eq!(body(&place.load(), moon), body(&before, moon));
    assert!(place.refresh(&before).is_none());
}

/// The changes of full texts that the reader wants since the last call.
#[cfg(feature = "sync")]
fn changes(reader: &mut Reader) -> Vec<(ArticleId, FullTextChange)> {
    let effects = std::mem::take(&mut reader.effects);
    let change = |effect| if let Effect::ChangeFullText(id, change) = effect { Some((id, change)) } else { None };
    effects.into_iter().filter_map(change).collect()
}

/// What the reader asked for since the last call.
fn asked(reader: &mut Reader) -> Vec<FullTextRequest> {
    let effects = std::mem::take(&mut reader.effects);
    effects
        .into_iter()
        .filter_map(|effect| if let Effect::FullText(asked) = effect { Some(asked) } else { None })
        .collect()
}

#[cfg(feature = "sync")]
mod in_reader {
    use frontpage::jobs::full_text::{FullTextEnd, FullTextResult};
    use frontpage::jobs::{Answer, JobId, JobKind, JobReport, JobStatus};

    use super::*;

    fn loaded(reader: &mut Reader, loaded: &Loaded) {
        reader.receive(Event::FeedLoaded { feed: loaded.feed.clone(), problems: Vec::new(), complete: true });
    }

    fn report(reader: &mut Reader, kind: JobKind, answer: Answer) {
        let job = JobId::next();
        for status in [JobStatus::Started, JobStatus::Answer(answer)] {
            reader.receive(Event::Job(JobReport { job, kind, status }));
        }
    }

    fn ended(reader: &mut Reader, article: ArticleId, result: FullTextResult) {
        report(reader, JobKind::FullText, Answer::FullText(FullTextEnd { article, result }));
    }

    fn reloads(reader: &Reader) -> bool {
        reader.effects.contains(&Effect::ReloadFiles)
    }

    #[test]
    fn the_reader_fetches_shows_and_forgets_the_full_text() {
        let place = Place::new();
        let mut reader = Reader::of_news().sized(120, 40);
        reader.press("l");
        let shown = reader.app().article().expect("an article");
        let (moon, title) = (shown.id, shown.title.clone());
        let link = shown.link_to_open().expect("a link").shown().to_string();
        reader.effects.clear();
        reader.press(":full-text<enter>");
        let requests = asked(&mut reader);
        let [FullTextRequest { article, address, .. }] = requests.as_slice() else { panic!("{requests:?}") };
        assert_eq!((*article, address.untrusted()), (moon, link.as_str()));
        assert!(reader.notice().contains(&format!("Fetching the full text: {link}")), "{}", reader.notice());
        place.keep(moon, "The whole text of the page.");
        ended(&mut reader, moon, FullTextResult::Fetched(6));
        assert!(
            reloads(&reader) && reader.notice().contains(&format!("Full text, 6 words: {title}")),
            "{}",
            reader.notice()
        );
        loaded(&mut reader, &place.load());
        let screen = reader.text();
        assert!(
            screen.contains("full text from long.example") && screen.contains("The whole text of the page."),
            "{screen}"
        );
        assert!(!reader.text().contains("changed"), "{}", reader.text());
        // A search in the article finds its words.
        reader.press("/whole<enter>");
        assert_eq!(reader.app().frame().detail.find_hits, 1, "{}", reader.text());
        reader.press("<esc>");
        asked(&mut reader);
        // Again: the text of the file.
        reader.press(":full-text<enter>");
        assert_eq!(changes(&mut reader), [(moon, FullTextChange::SetAside)]);
        place.change(&mut reader, moon, FullTextChange::SetAside);
        assert!(reloads(&reader));
        loaded(&mut reader, &place.load());
        assert!(!reader.text().contains("full text from"), "{}", reader.text());
    }

    #[test]
    fn undo_and_redo_take_full_texts_and_marks_in_their_order() {
        let place = Place::new();
        let mut reader = Reader::of_news();
        reader.press("l");
        let moon = reader.app().article().expect("an article").id;
        reader.press("s");
        place.keep(moon, "The whole text of the page.");
        ended(&mut reader, moon, FullTextResult::Fetched(6));
        loaded(&mut reader, &place.load());
        reader.press(":hide<enter>");
        asked(&mut reader);
        reader.press("u");
        assert!(changes(&mut reader).is_empty() && !reader.app().marks().is_hidden(moon));
        reader.press("u");
        assert_eq!(changes(&mut reader), [(moon, FullTextChange::SetAside)]);
        assert!(reader.app().marks().is_starred(moon));
        place.change(&mut reader, moon, FullTextChange::SetAside);
        assert!(reader.notice().contains("Text of the file: ") && reader.notice().contains("redoes"));
        assert!(!reader.text().contains("The whole text"));
        reader.press("<c-r>");
        assert_eq!(changes(&mut reader), [(moon, FullTextChange::Restore)]);
        place.change(&mut reader, moon, FullTextChange::Restore);
        assert!(reader.text().contains("The whole text of the page.") && reader.notice().contains("Full text: "));
        reader.press("2u");
        assert_eq!(changes(&mut reader), [(moon, FullTextChange::SetAside)]);
        assert!(!reader.app().marks().is_starred(moon));
    }

    #[test]
    fn undo_brings_a_text_back_that_was_switched_off_and_says_if_it_is_gone() {
        let place = Place::new();
        let mut reader = Reader::of_news();
        reader.press("l");
        let moon = reader.app().article().expect("an article").id;
        place.keep(moon, "The whole text of the page.");
        loaded(&mut reader, &place.load());
        reader.press(":full-text<enter>");
        assert_eq!(changes(&mut reader), [(moon, FullTextChange::SetAside)]);
        place.change(&mut reader, moon, FullTextChange::SetAside);
        assert!(reader.notice().contains("undoes") && !reader.text().contains("The whole text"));
        reader.press("u");
        assert_eq!(changes(&mut reader), [(moon, FullTextChange::Restore)]);
        place.change(&mut reader, moon, FullTextChange::Restore);
        assert!(reader.text().contains("The whole text of the page."));
        // As often as the user likes, and without a request.
        reader.press("<c-r>");
        assert_eq!(changes(&mut reader), [(moon, FullTextChange::SetAside)]);
        assert!(asked(&mut reader).is_empty());
        reader.press("u");
        reader.receive(Event::FullTextChanged(moon, FullTextChange::Restore, Ok(false)));
        assert!(reader.notice().contains("no longer kept"), "{}", reader.notice());
        reader.receive(Event::FullTextChanged(
            moon,
            FullTextChange::Restore,
            Err(FullTextNotMoved("the disk is full".into())),
        ));
        assert!(reader.notice().contains("cannot be moved: the disk is full"), "{}", reader.notice());
    }

    #[test]
    fn a_full_text_that_arrives_keeps_what_can_be_redone() {
        let place = Place::new();
        let mut reader = Reader::of_news();
        reader.press("l");
        let moon = reader.app().article().expect("an article").id;
        reader.press("s:full-text<enter>u");
        assert!(!reader.app().marks().is_starred(moon));
        place.keep(moon, "The whole text of the page.");
        ended(&mut reader, moon, FullTextResult::Fetched(6));
        assert!(reader.notice().contains("undoes"), "{}", reader.notice());
        changes(&mut reader);
        reader.press("<c-r>");
        assert!(reader.app().marks().is_starred(moon) && changes(&mut reader).is_empty());
        reader.press("uu");
        assert_eq!(changes(&mut reader), [(moon, FullTextChange::SetAside)]);
        assert!(!reader.app().marks().is_starred(moon));
    }

    #[test]
    fn a_text_that_could_not_be_set_aside_is_no_step_to_undo() {
        let place = Place::new();
        let mut reader = Reader::of_news();
        reader.press("l");
        let moon = reader.app().article().expect("an article").id;
        reader.press("s:hide<enter>u");
        place.keep(moon, "The whole text of the page.");
        loaded(&mut reader, &place.load());
        changes(&mut reader);
        reader.press(":full-text<enter>");
        assert_eq!(changes(&mut reader), [(moon, FullTextChange::SetAside)]);
        let refused = Err(FullTextNotMoved("the disk is full".into()));
        reader.receive(Event::FullTextChanged(moon, FullTextChange::SetAside, refused));
        reader.press("<c-r>");
        assert!(reader.app().marks().is_hidden(moon), "what was undone can be redone");
        reader.press("uu");
        assert_eq!(changes(&mut reader), []);
        assert!(!reader.app().marks().is_starred(moon));
    }

    #[test]
    fn a_failure_says_why_and_changes_nothing() {
        let mut reader = Reader::of_news();
        reader.press("l");
        let moon = reader.app().article().expect("an article").id;
        reader.effects.clear();
        ended(
            &mut reader,
            moon,
            FullTextResult::Failed("example.org refuses the request (403)".into(), "open it".into()),
        );
        assert!(reader.notice().ends_with("No full text: example.org refuses the request (403); open it"));
        assert!(!reloads(&reader));
        // There is nothing to undo.
        reader.press("u");
        assert!(asked(&mut reader).is_empty());
    }
}

#[cfg(not(feature = "sync"))]
#[test]
fn a_build_that_cannot_sync_says_so() {
    let mut reader = Reader::of_news();
    reader.press("l:full-text<enter>");
    assert!(asked(&mut reader).is_empty() && reader.notice().contains("This build cannot fetch"));
}
