//! Stories in the list: folded, unfolded, found by their members, and marked as one.

use frontpage::app::{Bookmark, Event, Focus, SessionInit};
use frontpage::feed::{ArticleId, Change, DeviceId, Feed, HybridClock, Mark, Marks};
use frontpage::library::Library;

use crate::harness::folder::Folder;
use crate::harness::random::Random;
use crate::harness::reader::{Reader, now};

/// An article file. The first number is its day, the later the newer; `members` are named as related.
fn file(folder: Folder, name: &str, day: u32, scores: (i64, i64), members: &[&str]) -> Folder {
    let link = |name: &str| format!("https://example.org/{name}");
    let related: String =
        members.iter().map(|name| format!("  - {{title: \"{name}\", webUrl: \"{}\"}}\n", link(name))).collect();
    let related = if related.is_empty() { related } else { format!("related:\n{related}") };
    let (quality, heat) = scores;
    let text = format!(
        "---\ntitle: Piece {name}\nexcerpt: words of {name}\nwebUrl: {}\npublishedDateTime: 2021-02-{day:02}T00:00:00Z\n\
         quality: {quality}\nheat: {heat}\n{related}---\n",
        link(name)
    );
    folder.file(&format!("{name}.md"), text)
}

/// Two stories, of `head` and of `other`, and a single article between them.
fn two_stories() -> Folder {
    let mut folder = file(Folder::new(), "head", 10, (50, 90), &["alpha", "beta"]);
    folder = file(folder, "alpha", 12, (40, -1), &[]);
    folder = file(folder, "beta", 8, (40, -1), &[]);
    folder = file(folder, "single", 9, (40, 40), &[]);
    folder = file(folder, "other", 7, (40, 80), &["gamma"]);
    file(folder, "gamma", 6, (40, -1), &[])
}

fn names(titles: Vec<String>) -> Vec<String> {
    titles.iter().map(|title| title.trim_start_matches("Piece ").to_owned()).collect()
}

fn rows(reader: &Reader) -> Vec<String> {
    names(reader.titles())
}

/// Loads the folder as it is now.
fn load(reader: &mut Reader, folder: &Folder) {
    let loaded = Library::Paths(vec![folder.path().to_owned()]).load(now(), |_| {}).expect("the folder");
    reader.receive(Event::FeedLoaded { feed: loaded.feed, problems: Vec::new(), complete: true });
}

#[test]
fn a_head_represents_its_story_until_it_is_unfolded() {
    let folder = two_stories();
    let mut reader = Reader::of_folder(folder.path());
    assert_eq!(rows(&reader), ["head", "single", "other"]);
    assert!(reader.text().contains(" +2") && reader.text().contains("6 articles · 3 folded"), "{}", reader.text());
    reader.press("x");
    assert_eq!(rows(&reader), ["head", "alpha", "beta", "single", "other"]);
    assert!(reader.text().contains("├ Piece alpha") && reader.text().contains("╰ Piece beta"), "{}", reader.text());
    reader.press("jj");
    assert_eq!(reader.title(), "Piece beta");
    reader.press("x");
    assert_eq!(
        (rows(&reader), reader.title().as_str()),
        (vec!["head".into(), "single".into(), "other".into()], "Piece head")
    );
    reader.press("jx");
    let notice = reader.app().notice().map(|notice| notice.text.to_string());
    assert_eq!(notice.as_deref(), Some("Not the head of a story"));
    reader.press("X");
    assert_eq!(rows(&reader), ["head", "alpha", "beta", "single", "other", "gamma"]);
    assert_eq!(reader.title(), "Piece single", "the selection stays");
    reader.press("GX");
    assert_eq!((rows(&reader).len(), reader.title().as_str()), (3, "Piece other"), "its head represents it");
}

#[test]
fn queries_find_members_and_show_the_head_with_the_reason() {
    let folder = two_stories();
    let mut reader = Reader::of_folder(folder.path()).sized(160, 30);
    reader.press("/alpha");
    assert_eq!((rows(&reader), names(reader.found())), (vec!["head".into()], vec!["alpha".into()]));
    assert!(reader.text().contains("Piece head · with Piece alpha"), "{}", reader.text());
    assert!(reader.underlined().iter().any(|(_, run)| run == "alpha"), "{:?}", reader.underlined());
    assert!(reader.text().contains("1 of 6"), "articles are counted, not rows: {}", reader.text());
    reader.press("<enter>x");
    assert_eq!(rows(&reader), ["head", "alpha"], "of the members, those that are found");
    reader.press("xcgu");
    assert_eq!(rows(&reader), ["head", "single", "other"], "in the order of the heads");
    reader.press("cF<ctrl-u>title:gamma<space>OR<space>title:alpha<enter>");
    assert_eq!(rows(&reader), ["head", "other"], "in the order of the members, where no head is found");
    // The best hit of a story determines its row.
    reader.press("F<ctrl-u>(gamma<space>OR<space>words)<enter>");
    assert_eq!(rows(&reader).first().map(String::as_str), Some("other"), "{:?}", rows(&reader));
    assert!(reader.text().contains("with Piece gamma"), "{}", reader.text());
}

#[test]
fn a_story_is_unread_while_a_member_is_and_marking_its_head_marks_it() {
    let folder = two_stories();
    let mut reader = Reader::of_folder(folder.path());
    let unread_rows = |reader: &Reader| reader.text().lines().filter(|line| line.contains("●")).count();
    assert_eq!((reader.app().unread().count(), unread_rows(&reader)), (6, 3));
    reader.press("<enter>h");
    assert_eq!((reader.app().unread().count(), unread_rows(&reader)), (5, 3), "opening reads the head alone");
    reader.press("m");
    assert_eq!((reader.app().unread().count(), unread_rows(&reader)), (3, 2));
    let notice = reader.app().notice().map(|notice| notice.text.to_string()).unwrap_or_default();
    assert!(notice.contains("2 marked read"), "{notice}");
    reader.press("u");
    assert_eq!((reader.app().unread().count(), unread_rows(&reader)), (5, 3));
    reader.press("xjm");
    assert_eq!(reader.app().unread().count(), 4, "under its head a member is for itself");
    reader.press("kmx");
    assert_eq!(
        (reader.app().unread().count(), unread_rows(&reader)),
        (5, 3),
        "and so is the head of an unfolded story"
    );
    // A range over folded heads, everything above, and everything.
    reader.press("ggvGm");
    assert_eq!((reader.app().unread().count(), unread_rows(&reader)), (0, 0));
    reader.press("uGM");
    assert_eq!(
        (reader.app().unread().count(), unread_rows(&reader)),
        (2, 1),
        "four rows above, one of them a single article"
    );
    reader.press("uA");
    assert_eq!((reader.app().unread().count(), unread_rows(&reader)), (0, 0));
    // A star applies to one article.
    reader.press("s");
    reader.press("gsX");
    assert_eq!(reader.found(), ["Piece other"]);
}

#[test]
fn n_finds_a_story_with_an_unread_member_and_space_goes_on_from_it() {
    let folder = two_stories();
    let mut reader = Reader::of_folder(folder.path());
    reader.press("<enter>hjmggn");
    assert_eq!(reader.title(), "Piece other", "the single one is read, and `head` is where one is");
    reader.press("n");
    assert_eq!(reader.title(), "Piece head", "beta and alpha are still to be read");
    reader.press("<space>");
    assert_eq!(
        (reader.title().as_str(), reader.app().unread().count()),
        ("Piece other", 2),
        "its end is that of the story"
    );
}

#[test]
fn a_hidden_head_represents_no_story() {
    let folder = two_stories();
    let mut reader = Reader::of_folder(folder.path());
    reader.press("xD<ctrl-l>");
    assert_eq!(rows(&reader), ["alpha", "single", "beta", "other"], "what is not hidden is there still");
    reader.press("F<ctrl-u>is:hidden<enter>");
    assert_eq!(rows(&reader), ["head"]);
    reader.press("uc");
    assert_eq!(rows(&reader), ["head", "alpha", "beta", "single", "other"]);
    reader.press("xD<ctrl-l>");
    assert_eq!(rows(&reader), ["single", "other"], "folded, all of it is hidden");
}

#[test]
fn a_reload_keeps_what_is_folded_and_the_selection() {
    let mut folder = two_stories();
    let mut reader = Reader::of_folder(folder.path());
    reader.press("xj");
    assert_eq!(reader.title(), "Piece alpha");
    folder = file(folder, "newest", 19, (1, 1), &[]);
    folder = file(folder, "head", 10, (50, 90), &["alpha", "beta", "more"]);
    folder = file(folder, "more", 11, (1, -1), &[]);
    load(&mut reader, &folder);
    assert_eq!(rows(&reader), ["newest", "head", "alpha", "more", "beta", "single", "other"]);
    assert_eq!(reader.title(), "Piece alpha");
    // Its head is removed: then it is a row of its own.
    std::fs::remove_file(folder.path().join("head.md")).expect("removed");
    load(&mut reader, &folder);
    assert_eq!(rows(&reader), ["newest", "alpha", "more", "single", "beta", "other"]);
    assert_eq!(reader.title(), "Piece alpha");
}

#[test]
fn if_a_head_is_removed_the_selection_moves_to_its_story() {
    let folder = two_stories();
    let mut reader = Reader::of_folder(folder.path());
    reader.press("jk");
    std::fs::remove_file(folder.path().join("head.md")).expect("removed");
    load(&mut reader, &folder);
    assert_eq!((rows(&reader)[0].as_str(), reader.title().as_str()), ("alpha", "Piece alpha"), "not the row below");
    // It still exists, but is no longer a head and is not found: then it has no row.
    let mut folder = two_stories();
    let mut reader = Reader::of_folder(folder.path());
    reader.press("F<ctrl-u>quality:40<enter>jk");
    assert_eq!(
        (rows(&reader), reader.title().as_str()),
        (vec!["head".into(), "single".into(), "other".into()], "Piece head")
    );
    folder = file(folder, "newest", 19, (40, 1), &[]);
    folder = file(folder, "head", 10, (50, 1), &[]);
    load(&mut reader, &folder);
    assert_eq!(rows(&reader), ["newest", "alpha", "single", "beta", "other"]);
    assert_eq!(reader.title(), "Piece alpha");
    // Hidden by another instance, it represents no story when the list is made again.
    let folder = two_stories();
    let mut reader = Reader::of_folder(folder.path());
    reader.receive(Event::MarksLoaded { marks: Marks::default(), problems: Vec::new() });
    reader.press("jk");
    let head = reader.app().article().expect("an article").id;
    let mut marks = Marks::default();
    marks.apply(&Change {
        stamp: HybridClock::new(DeviceId(7)).tick(now()),
        mark: Mark::Hidden(true),
        articles: vec![head],
    });
    reader.receive(Event::MarksLoaded { marks, problems: Vec::new() });
    reader.press("<ctrl-l>");
    assert_eq!((rows(&reader)[0].as_str(), reader.title().as_str()), ("alpha", "Piece alpha"));
}

#[test]
fn related_members_are_gone_to_although_they_are_folded() {
    let folder = two_stories();
    let mut reader = Reader::of_folder(folder.path());
    reader.press("j<enter>hk<enter>l<enter>");
    assert_eq!((reader.title().as_str(), reader.app().focus()), ("Piece alpha", Focus::Detail));
    assert_eq!(reader.app().list().selected(), 0, "the row of its head");
    reader.press("m");
    assert!(reader.app().notice().is_some_and(|notice| notice.text.as_str().starts_with("Marked unread")), "it alone");
    reader.press("<ctrl-o>");
    assert_eq!(reader.title(), "Piece head");
}

#[test]
fn the_next_session_has_the_stories_as_they_were() {
    let folder = two_stories();
    let mut reader = Reader::of_folder(folder.path());
    assert!(reader.app().bookmark().is_some_and(|bookmark| !bookmark.unfolded));
    reader.press("X");
    let bookmark = reader.app().bookmark();
    assert!(bookmark.as_ref().is_some_and(|bookmark| bookmark.unfolded));
    let mut next = Reader::starting(SessionInit { bookmark, ..SessionInit::default() });
    let feed = Library::Paths(vec![folder.path().to_owned()]).load(now(), |_| {}).expect("the folder").feed;
    next.receive(Event::FeedLoaded { feed, problems: Vec::new(), complete: true });
    assert_eq!(next.titles().len(), 6);
    let bookmark = Some(Bookmark { unfolded: false, ..Bookmark::default() });
    let mut folded = Reader::starting(SessionInit { bookmark, ..SessionInit::default() });
    let feed = Library::Paths(vec![folder.path().to_owned()]).load(now(), |_| {}).expect("the folder").feed;
    folded.receive(Event::FeedLoaded { feed, problems: Vec::new(), complete: true });
    assert_eq!(folded.titles().len(), 3);
}

/// Invariants of rows, for any results and folds.
fn check(reader: &Reader, what: &str) {
    let app = reader.app();
    let feed: &Feed = app.feed();
    let (rows, found): (Vec<usize>, Vec<usize>) =
        (app.list().rows().iter().collect(), app.list().found().iter().collect());
    let position = |place: usize| rows.iter().position(|row| *row == place);
    let id = |place: usize| -> ArticleId { feed.id(place).expect("an article") };
    for (at, row) in rows.iter().enumerate() {
        assert_eq!(position(*row), Some(at), "{what}: an article is in two rows");
        let represents_others =
            feed.head_of(*row) == Some(*row) && feed.members_of(*row).any(|place| found.contains(&place));
        assert!(found.contains(row) || represents_others, "{what}: row {at} is not found, nor is a member of it");
        if let Some(head) = app.list().head_over(*row, feed) {
            let above = rows[..at].iter().rev().find(|row| feed.head_of(**row) != Some(head) || **row == head);
            assert_eq!(above, Some(&head), "{what}: a member is below its head");
            assert!(app.stories().is_unfolded(id(head)), "{what}");
        }
    }
    for place in &found {
        let head = feed.head_of(*place).filter(|head| head != place);
        let folded = head.is_some_and(|head| !app.stories().is_unfolded(id(head)) && position(head).is_some());
        assert!(position(*place).is_some() != folded, "{what}: {place} has a row, or a head that represents it");
    }
}

#[test]
fn every_article_that_is_found_is_in_one_row_whatever_is_folded() {
    let keys =
        ["x", "x", "X", "j", "jjj", "G", "k", "D", "m", "gu", "ga", "c", "u", "<ctrl-l>", "/a<enter>", "/the<enter>"];
    let more = [
        "F<ctrl-u>sort:title<enter>",
        "F<ctrl-u>is:member<enter>",
        "F<ctrl-u>is:story<enter>",
        "Fsort:-quality<enter>",
        "F<ctrl-u>limit:7<enter>",
    ];
    let mut unfolded = 0;
    for seed in 0..8 {
        let mut random = Random::new(seed);
        let mut reader = Reader::of(Library::BuiltIn).blind();
        let mut pressed = Vec::new();
        for _ in 0..150 {
            let all = keys.len() + more.len();
            let at = random.roll(all);
            let keys = keys.iter().chain(&more).nth(at).expect("keys");
            reader.press(keys);
            pressed.push(*keys);
            check(&reader, &format!("seed {seed}, {pressed:?}"));
            unfolded += usize::from(
                reader
                    .app()
                    .list()
                    .rows()
                    .iter()
                    .any(|row| reader.app().list().head_over(row, reader.app().feed()).is_some()),
            );
        }
    }
    assert!(unfolded > 100, "{unfolded}");
}

#[test]
fn the_reason_is_shown_on_every_screen() {
    let long = "A very long title of a head that has nothing to do with what one looks for, and more of it";
    let folder = two_stories();
    let text = std::fs::read_to_string(folder.path().join("head.md")).expect("the head");
    let folder = folder.file("head.md", text.replace("Piece head", long));
    for size in [(60, 20), (80, 24), (100, 30), (120, 30), (140, 38), (160, 45), (220, 50)] {
        let mut reader = Reader::of_folder(folder.path()).sized(size.0, size.1);
        reader.press("/alpha<enter>");
        let screen = reader.text();
        let row = screen.lines().find(|line| line.contains('▸')).expect("a row");
        assert!(row.contains("with Piece alpha") && row.contains("A very"), "{size:?}: {row}");
        assert_eq!(reader.underlined().first().map(|(_, run)| run.as_str()), Some("alpha"), "{size:?}");
    }
    // Where the title itself has the hits, no reason covers it.
    let mut reader = Reader::of_folder(folder.path()).sized(160, 45);
    reader.press("F<ctrl-u>title:piece<space>OR<space>long<enter>X");
    assert!(!reader.text().contains("with Piece"), "{}", reader.text());
}

#[test]
fn a_head_without_members_here_counts_none() {
    let folder = file(Folder::new(), "head", 10, (50, 90), &["gone"]);
    let mut reader = Reader::of_folder(folder.path());
    assert!(!reader.text().contains("+0"), "{}", reader.text());
    reader.press("x");
    assert_eq!(reader.app().notice().map(|notice| notice.text.to_string()).as_deref(), Some("Not the head of a story"));
}

#[test]
fn the_next_session_comes_back_to_a_member_that_is_folded_away() {
    let folder = two_stories();
    let mut reader = Reader::of_folder(folder.path());
    reader.press("<enter>l<enter>");
    assert_eq!(reader.title(), "Piece alpha");
    let bookmark = reader.app().bookmark();
    let mut next = Reader::starting(SessionInit { bookmark, ..SessionInit::default() });
    let feed = Library::Paths(vec![folder.path().to_owned()]).load(now(), |_| {}).expect("the folder").feed;
    next.receive(Event::FeedLoaded { feed, problems: Vec::new(), complete: true });
    assert_eq!((next.title().as_str(), next.app().focus()), ("Piece alpha", Focus::Detail));
}

#[test]
fn members_outside_of_the_query_are_neither_counted_nor_marked() {
    let folder = two_stories();
    let mut reader = Reader::of_folder(folder.path());
    let unread_rows = |reader: &Reader| reader.text().lines().filter(|line| line.contains("●")).count();
    reader.press("/alpha<enter>A");
    assert_eq!((reader.app().unread().count(), unread_rows(&reader)), (0, 0));
    reader.press("n");
    assert!(reader.app().notice().is_some_and(|notice| notice.text.as_str().starts_with("No more unread")));
    reader.press("c");
    assert_eq!((reader.app().unread().count(), unread_rows(&reader)), (5, 3), "the rest of it is to be read still");
    // The head means all of its story all the same.
    reader.press("/alpha<enter>mc");
    assert_eq!((reader.app().unread().count(), unread_rows(&reader)), (3, 2));
}

#[test]
fn hidden_members_are_left_alone() {
    let folder = two_stories();
    let mut reader = Reader::of_folder(folder.path());
    reader.press("xjD<ctrl-l>kx");
    assert!(reader.text().contains(" +1"), "{}", reader.text());
    reader.press("m");
    let notice = reader.app().notice().map(|notice| notice.text.to_string()).unwrap_or_default();
    assert!(notice.contains("2 marked read"), "{notice}");
    reader.press("m");
    let notice = reader.app().notice().map(|notice| notice.text.to_string()).unwrap_or_default();
    assert!(notice.contains("2 marked unread"), "{notice}");
}
