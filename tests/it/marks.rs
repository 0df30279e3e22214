//! Marking: keys in; marks, rows, and changes to save out.

use frontpage::app::{Bookmark, Context, Effect, Event, Focus, MarksNotSaved, SessionInit};
use frontpage::feed::{ArticleId, Change, DeviceId, HybridClock, Mark, Marks};
use frontpage::library::Library;
use frontpage::query::Query;

use crate::harness::folder::Folder;
use crate::harness::reader::{Reader, now};

fn notice(reader: &Reader) -> String {
    reader.app().notice().map(|notice| notice.text.to_string()).unwrap_or_default()
}

/// The signs of the rows: `r` read, `*` starred, `x` hidden, `n` noted.
fn signs(reader: &Reader) -> Vec<String> {
    let (app, marks) = (reader.app(), reader.app().marks());
    let sign = |place: usize| {
        let id = app.feed().get(place).expect("an article").id;
        let signs = [(marks.is_read(id), 'r'), (marks.is_starred(id), '*'), (marks.is_hidden(id), 'x')];
        let note = marks.note(id).is_some().then_some('n');
        signs.into_iter().filter(|(is, _)| *is).map(|(_, sign)| sign).chain(note).collect()
    };
    app.list().rows().iter().map(sign).collect()
}

/// Articles 1 to `count`, the first the newest.
fn numbered(count: usize) -> Folder {
    let article = |folder: Folder, n: usize| {
        let date = now() - chrono::TimeDelta::hours(n as i64);
        let date = date.format("%Y-%m-%dT%H:%M:%SZ");
        folder.file(
            &format!("{n:03}.md"),
            format!("---\ntitle: Article {n}\ndate: {date}\nlink: https://example.org/{n}\n---\nBody of {n}.\n"),
        )
    };
    (1..=count).fold(Folder::new(), article)
}

fn load(reader: &mut Reader, folder: &Folder) {
    let loaded = Library::Paths(vec![folder.path().to_owned()]).load(now(), |_| {}).expect("the folder");
    reader.receive(Event::FeedLoaded { feed: loaded.feed, problems: Vec::new(), complete: true });
}

/// The marks that a reader of the changes has.
fn kept(changes: &[Change]) -> Marks {
    let mut marks = Marks::default();
    changes.iter().for_each(|change| marks.apply(change));
    marks
}

#[test]
fn keys_mark_what_is_selected_and_every_change_is_kept() {
    let folder = numbered(4);
    let mut reader = Reader::of_folder(folder.path());
    reader.press("m");
    assert_eq!((signs(&reader)[0].as_str(), notice(&reader).as_str()), ("r", "Marked read"));
    reader.press("N");
    assert_eq!((signs(&reader)[0].as_str(), notice(&reader).as_str()), ("", "Marked unread"));
    reader.press("sjDjr");
    assert_eq!(signs(&reader), ["*", "x", "r", ""]);
    assert_eq!(reader.title(), "Article 4", "r goes to the next unread");
    reader.press("aread again<enter>");
    assert_eq!(signs(&reader), ["*", "x", "r", "n"]);
    let marks = kept(&reader.changes);
    assert_eq!(marks.articles().len(), 4);
    let id = reader.app().article().expect("an article").id;
    assert_eq!(marks.note(id).map(ToString::to_string).as_deref(), Some("read again"));
    reader.press("a");
    assert_eq!(reader.app().context(), Context::Prompt);
    assert!(reader.text().contains(" note: read again"), "{}", reader.text());
    reader.press("<ctrl-u><enter>");
    assert_eq!((signs(&reader)[3].as_str(), notice(&reader).as_str()), ("", "Note removed"));
    reader.press("a<esc>");
    assert_eq!(notice(&reader), "");
}

#[test]
fn every_change_can_be_undone_and_done_again() {
    let folder = numbered(60);
    let mut reader = Reader::of_folder(folder.path());
    let mut states = vec![signs(&reader)];
    for keys in ["<enter>h", "s", "jD", "axyz<enter>", "Gr", "ggjvjjm", "GkkM<enter>", "A", "m"] {
        reader.press(keys);
        states.push(signs(&reader));
    }
    assert!(states.windows(2).all(|pair| pair[0] != pair[1]), "each of them changed something");
    for state in states.iter().rev().skip(1) {
        reader.press("u");
        assert_eq!(signs(&reader), *state);
    }
    reader.press("u");
    assert_eq!(notice(&reader), "Nothing to undo");
    for state in &states[1..] {
        reader.press("<ctrl-r>");
        assert_eq!(signs(&reader), *state);
    }
    reader.press("<ctrl-r>");
    assert_eq!(notice(&reader), "Nothing to redo");
    reader.press("us<ctrl-r>");
    assert_eq!(notice(&reader), "Nothing to redo", "what is done after undoing takes its place");
    // Another instance that reads the changes has the same marks.
    let (marks, own) = (kept(&reader.changes), reader.app().marks());
    for article in reader.app().feed().iter() {
        assert_eq!(marks.is_read(article.id), own.is_read(article.id));
        assert_eq!(marks.note(article.id), own.note(article.id));
    }
}

#[test]
fn undoing_gives_back_what_was_there_before() {
    let folder = numbered(3);
    let mut reader = Reader::of_folder(folder.path());
    let id = reader.app().article().expect("an article").id;
    let then = now() - chrono::TimeDelta::days(9);
    let stamp = frontpage::feed::HybridClock::default().tick(then);
    let mut marks = Marks::default();
    marks.apply(&Change { stamp, mark: Mark::Read(Some(then)), articles: vec![id] });
    reader.receive(Event::MarksLoaded { marks, problems: Vec::new() });
    reader.press("A");
    assert_eq!(notice(&reader), "2 marked read", "one was read before");
    reader.press("um");
    assert!(!reader.app().marks().is_read(id));
    reader.press("u");
    assert_eq!(reader.app().marks().read_at(id), Some(then), "when it was read is not forgotten");
}

/// Changes of another instance, made this many minutes from now.
fn elsewhere(reader: &mut Reader, changes: Vec<(i64, Mark, Vec<ArticleId>)>) {
    let mut marks = Marks::default();
    for (minutes, mark, articles) in changes {
        let stamp = HybridClock::new(DeviceId(9)).tick(now() + chrono::TimeDelta::minutes(minutes));
        marks.apply(&Change { stamp, mark, articles });
    }
    reader.receive(Event::MarksLoaded { marks, problems: Vec::new() });
}

fn noted(text: &str) -> Mark {
    Mark::Note(frontpage::feed::clean::line(text))
}

#[test]
fn undo_keeps_later_changes_of_another_instance() {
    let folder = numbered(5);
    let at = |minutes| now() + chrono::TimeDelta::minutes(minutes);
    let cases: [(&str, Mark, &str); 6] = [
        ("s", Mark::Starred(false), "Not undone: starred (changed elsewhere since) · Article 1"),
        ("s", Mark::Starred(true), "Not undone: starred (changed elsewhere since) · Article 1"),
        ("m", Mark::Read(None), "Not undone: marked read (changed elsewhere since) · Article 1"),
        ("m", Mark::Read(Some(at(1))), "Not undone: marked read (changed elsewhere since) · Article 1"),
        ("D", Mark::Hidden(false), "Not undone: hidden (changed elsewhere since) · Article 1"),
        ("afirst<enter>", noted("second"), "Not undone: note saved (changed elsewhere since) · Article 1"),
    ];
    for (keys, mark, told) in cases {
        let mut reader = Reader::of_folder(folder.path());
        elsewhere(&mut reader, Vec::new());
        let id = reader.app().article().expect("an article").id;
        reader.press(keys);
        let kept = reader.changes.len();
        elsewhere(&mut reader, vec![(1, mark.clone(), vec![id])]);
        reader.press("u");
        assert_eq!((notice(&reader).as_str(), reader.changes.len()), (told, kept), "{keys}");
        assert!(reader.app().marks().has(id, &mark) && reader.app().marks().current(id, &mark) == mark, "{keys}");
        reader.press("<ctrl-r>");
        assert_eq!(notice(&reader), told.replace("Not undone", "Not redone"), "{keys}");
        assert!(reader.app().marks().current(id, &mark) == mark && reader.changes.len() == kept, "{keys}");
        // A change that arrives late but was made before is overwritten by undo.
        let mut reader = Reader::of_folder(folder.path());
        elsewhere(&mut reader, Vec::new());
        reader.press(keys);
        elsewhere(&mut reader, vec![(-1, mark.clone(), vec![id])]);
        reader.press("u");
        assert!(notice(&reader).starts_with("Undone: "), "{keys}: {}", notice(&reader));
        // Nor is another field of the article.
        reader.press("<ctrl-r>");
        let other = if matches!(mark, Mark::Starred(_)) { Mark::Hidden(true) } else { Mark::Starred(true) };
        elsewhere(&mut reader, vec![(9, other, vec![id])]);
        reader.press("u");
        assert!(notice(&reader).starts_with("Undone: "), "{keys}: {}", notice(&reader));
    }
}

#[test]
fn undo_of_many_articles_leaves_out_those_changed_elsewhere() {
    let folder = numbered(5);
    let mut reader = Reader::of_folder(folder.path());
    elsewhere(&mut reader, Vec::new());
    let ids: Vec<ArticleId> = reader.app().feed().iter().map(|article| article.id).collect();
    reader.press("A");
    elsewhere(&mut reader, vec![(1, Mark::Read(None), vec![ids[1]]), (2, Mark::Read(Some(now())), vec![ids[3]])]);
    assert_eq!(signs(&reader), ["r", "", "r", "r", "r"]);
    reader.press("u");
    assert_eq!(signs(&reader), ["", "", "", "r", ""]);
    assert_eq!(notice(&reader), "Undone: 5 marked read, except 2 changed elsewhere since");
    // Redo, after another article was changed.
    elsewhere(&mut reader, vec![(30, Mark::Read(None), vec![ids[0]])]);
    reader.press("<ctrl-r>");
    assert_eq!(signs(&reader), ["", "", "r", "r", "r"]);
    assert_eq!(notice(&reader), "Redone: 5 marked read, except 3 changed elsewhere since");
    reader.press("u");
    assert_eq!(signs(&reader), ["", "", "", "r", ""]);
    let (marks, own) = (kept(&reader.changes), reader.app().marks());
    assert!([2, 4].iter().all(|place| marks.is_read(ids[*place]) == own.is_read(ids[*place])));
}

#[test]
fn undoing_two_changes_keeps_a_change_from_elsewhere_between_them() {
    let folder = numbered(2);
    let mut reader = Reader::of_folder(folder.path());
    elsewhere(&mut reader, Vec::new());
    let id = reader.app().article().expect("an article").id;
    reader.press("aone<enter>");
    elsewhere(&mut reader, vec![(1, noted("theirs"), vec![id])]);
    reader.press("a<ctrl-u>two<enter>");
    let note = |reader: &Reader| reader.app().marks().note(id).map(ToString::to_string).unwrap_or_default();
    for (key, expected, told) in [
        ("u", "theirs", "Undone: "),
        ("u", "theirs", "Not undone: "),
        ("<ctrl-r>", "theirs", "Not redone: "),
        ("<ctrl-r>", "two", "Redone: "),
        ("u", "theirs", "Undone: "),
        ("u", "theirs", "Not undone: "),
        ("u", "theirs", "Nothing to undo"),
    ] {
        reader.press(key);
        assert_eq!(note(&reader), expected, "{key}");
        assert!(notice(&reader).starts_with(told), "{key}: {}", notice(&reader));
    }
}

#[test]
fn marks_set_before_the_marks_are_loaded_win_over_a_clock_that_is_ahead() {
    let folder = numbered(3);
    let mut reader = Reader::of_folder(folder.path());
    let ids: Vec<ArticleId> = reader.app().feed().iter().map(|article| article.id).collect();
    reader.press("sjsjss");
    let day = 24 * 60;
    elsewhere(&mut reader, vec![(day, Mark::Starred(false), ids.clone())]);
    assert_eq!(signs(&reader), ["*", "*", ""]);
    let mut marks = kept(&reader.changes);
    let stamp = HybridClock::new(DeviceId(9)).tick(now() + chrono::TimeDelta::minutes(day));
    marks.apply(&Change { stamp, mark: Mark::Starred(false), articles: ids.clone() });
    assert_eq!(
        ids.iter().map(|id| marks.is_starred(*id)).collect::<Vec<_>>(),
        [true, true, false],
        "what is kept holds"
    );
    // And it can be undone, all of it.
    for expected in [["*", "*", "*"], ["*", "*", ""], ["*", "", ""], ["", "", ""]] {
        reader.press("u");
        assert_eq!(signs(&reader), expected, "{}", notice(&reader));
    }
}

#[test]
fn marking_all_means_the_articles_that_were_in_view() {
    let folder = numbered(60);
    let mut reader = Reader::of_folder(folder.path());
    reader.press("A");
    assert_eq!(reader.app().context(), Context::Confirm);
    assert!(reader.text().contains("Mark 60 unread articles in view as read? y/n"), "{}", reader.text());
    reader.press("n");
    assert_eq!((reader.app().context(), reader.app().unread().count()), (Context::List, 60));
    reader.press("A");
    let more = numbered(70);
    load(&mut reader, &more);
    reader.press("y");
    assert_eq!(notice(&reader), "60 marked read");
    assert_eq!(reader.app().unread().count(), 10);
    reader.press("u");
    assert_eq!(reader.app().unread().count(), 70);
    reader.press("ggjjjjM");
    assert_eq!((notice(&reader).as_str(), reader.app().unread().count()), ("4 marked read", 66));
    reader.press("ggM");
    assert_eq!(notice(&reader), "Nothing unread above");
}

#[test]
fn nothing_vanishes_under_the_cursor() {
    let folder = numbered(6);
    let mut reader = Reader::of_folder(folder.path());
    reader.press("gujm");
    let titles: Vec<String> = (1..=6).map(|n| format!("Article {n}")).collect();
    assert_eq!((reader.titles(), reader.title()), (titles.clone(), "Article 2".to_owned()));
    assert_eq!(reader.app().unread().count(), 5);
    // Neither by a reload, nor by marks of other devices.
    let more = numbered(7);
    load(&mut reader, &more);
    let id = reader.app().feed().get(4).expect("an article").id;
    let stamp = frontpage::feed::HybridClock::default().tick(now());
    let mut marks = Marks::default();
    reader.receive(Event::MarksLoaded { marks: marks.clone(), problems: Vec::new() });
    reader.press("jm");
    marks.apply(&Change { stamp, mark: Mark::Read(Some(now())), articles: vec![id] });
    reader.receive(Event::MarksLoaded { marks, problems: Vec::new() });
    assert_eq!(
        (reader.titles().len(), reader.app().unread().count()),
        (6, 4),
        "the first marks from the disk renew the view"
    );
    assert_eq!(signs(&reader), ["", "", "r", "r", "", ""]);
    reader.press("gu");
    assert_eq!(reader.titles(), ["Article 1", "Article 3", "Article 6", "Article 7"], "asked again, they go");
    let hidden = reader.title();
    reader.press("D");
    assert_eq!(reader.titles().len(), 4);
    reader.press("ga");
    assert_eq!((reader.titles().len(), reader.titles().contains(&hidden)), (6, false));
    reader.press("Fis:hidden<enter>");
    assert_eq!(reader.titles(), std::slice::from_ref(&hidden));
    reader.press("gacGu");
    assert_eq!((reader.titles().len(), reader.titles().contains(&hidden)), (7, true), "undone, it is back at once");
    assert_eq!(reader.title(), "Article 7", "and the selection stays");
}

#[test]
fn states_are_views_of_the_same_query() {
    let folder = numbered(6);
    let mut reader = Reader::of_folder(folder.path());
    reader.press("Ftitle:article<enter>jsjm");
    for (keys, query, count) in [
        ("gu", "title:article is:unread", 5),
        ("gs", "title:article is:starred", 1),
        ("ga", "title:article", 6),
        ("H", "is:read sort:-readat", 1),
    ] {
        reader.press(keys);
        assert_eq!((reader.app().query().to_string().as_str(), reader.titles().len()), (query, count));
    }
}

#[test]
fn the_history_starts_with_the_latest_read() {
    let folder = numbered(4);
    let mut reader = Reader::of_folder(folder.path());
    for (minute, keys) in ["jm", "jm", "kkm"].iter().enumerate() {
        reader.receive(Event::Tick(now() + chrono::TimeDelta::minutes(minute as i64)));
        reader.press(keys);
    }
    reader.press("H");
    assert_eq!(reader.titles(), ["Article 1", "Article 3", "Article 2"]);
}

#[test]
fn a_range_is_marked_as_one() {
    let folder = numbered(8);
    let mut reader = Reader::of_folder(folder.path());
    reader.press("jvjj");
    assert!(reader.text().contains("3 selected"), "{}", reader.text());
    reader.press("s");
    assert_eq!(notice(&reader), "3 starred");
    assert_eq!(signs(&reader), ["", "*", "*", "*", "", "", "", ""]);
    // One of them is not starred: all are. All are: none is.
    reader.press("vkkkks");
    assert_eq!(signs(&reader), ["*", "*", "*", "*", "", "", "", ""]);
    reader.press("vjjjs");
    assert_eq!(signs(&reader), ["", "", "", "", "", "", "", ""]);
    reader.press("Gvk");
    let more = numbered(9);
    load(&mut reader, &more);
    reader.press("D");
    assert_eq!(signs(&reader), ["", "", "", "", "", "", "x", "x", ""], "the range keeps its articles");
    reader.press("v<esc>");
    assert!(reader.app().list().range_rows().is_empty());
}

#[test]
fn space_reads_on() {
    let long = (0..100).map(|n| format!("Paragraph {n}.\n\n")).collect::<String>();
    let folder = numbered(3).file("000.md", format!("---\ntitle: Long\ndate: 2021-02-20T11:59:00Z\n---\n{long}"));
    for (columns, rows) in [(160, 45), (100, 30), (60, 20)] {
        let mut reader = Reader::of_folder(folder.path()).sized(columns, rows);
        let mut pressed = 0;
        while reader.title() == "Long" {
            reader.press("<space>");
            pressed += 1;
            assert!(pressed < 100, "it ends");
        }
        assert!(pressed > 3, "it goes by pages");
        assert_eq!((reader.title().as_str(), signs(&reader)[0].as_str()), ("Article 1", "r"));
        reader.press("<space><space><space>");
        assert_eq!((notice(&reader).as_str(), reader.app().unread().count()), ("No more unread", 0));
    }
}

#[test]
fn when_an_article_counts_as_read_is_a_setting() {
    let folder = numbered(3);
    let reader = |read_when: &str| {
        let mut reader = Reader::with_settings(&format!("read: {read_when}"));
        load(&mut reader, &folder);
        reader
    };
    let mut opened = reader("opened");
    opened.press("<enter>");
    assert_eq!(signs(&opened), ["r", "", ""]);
    opened.press("J");
    assert_eq!(signs(&opened), ["r", "r", ""]);

    let mut left = reader("left");
    left.press("<enter>");
    assert_eq!(signs(&left), ["", "", ""]);
    left.press("J");
    assert_eq!(signs(&left), ["r", "", ""]);
    left.press("h");
    assert_eq!(signs(&left), ["r", "r", ""]);
    left.press("G<enter>Q");
    assert_eq!((signs(&left)[2].as_str(), left.effects.as_slice()), ("r", &[Effect::Quit][..]), "quitting is leaving");

    let mut never = reader("never");
    never.press("<enter>Jh");
    assert_eq!(signs(&never), ["", "", ""]);

    let mut after = reader("5s");
    let at = |seconds| Event::Tick(now() + chrono::TimeDelta::seconds(seconds));
    assert_eq!(after.app().open_article_due(), None);
    after.press("<enter>");
    assert_eq!(after.app().open_article_due(), Some(now() + chrono::TimeDelta::seconds(5)));
    after.receive(at(4));
    assert_eq!(signs(&after), ["", "", ""]);
    after.receive(at(5));
    assert_eq!(signs(&after), ["r", "", ""]);
    after.press("Jh");
    after.receive(at(99));
    assert_eq!(signs(&after), ["r", "", ""], "it was left before");
}

#[test]
fn counts_follow_the_marks() {
    let folder = numbered(6);
    let mut reader = Reader::of_folder(folder.path());
    reader.press("jmjmk");
    assert!(reader.text().contains("6 articles · 4 unread"), "{}", reader.text());
    reader.press("/4<enter>");
    assert_eq!(reader.app().unread().count(), 1);
    reader.press("m");
    assert_eq!(reader.app().unread().count(), 0);
    reader.press("gac/1<esc>");
    assert_eq!((reader.titles().len(), reader.app().unread().count()), (6, 3), "Esc brings the counts back too");
    reader.press("A");
    assert_eq!(reader.app().unread().count(), 0);
    reader.press("u");
    assert_eq!((reader.app().unread().count(), notice(&reader).as_str()), (3, "Undone: 3 marked read"));
    reader.press("u");
    assert_eq!(notice(&reader), "Undone: marked read · Article 4");
    reader.press("<ctrl-r>");
    let news = ["m", "jm"].iter().fold(Reader::of_news(), |mut reader, keys| {
        reader.press(keys);
        reader
    });
    let mut news = news;
    news.press("t");
    assert!(news.text().contains("1 / 2"), "{}", news.text());
}

#[test]
fn articles_that_arrive_are_dated_once() {
    let folder = numbered(3);
    let mut reader = Reader::starting(SessionInit { records_arrivals: true, ..SessionInit::default() });
    load(&mut reader, &folder);
    assert!(reader.changes.is_empty(), "nothing is known of earlier arrivals yet");
    reader.receive(Event::MarksLoaded { marks: Marks::default(), problems: Vec::new() });
    assert_eq!(reader.changes.iter().map(|change| change.articles.len()).collect::<Vec<_>>(), [3]);
    let more = numbered(5);
    load(&mut reader, &more);
    assert_eq!(reader.changes.iter().map(|change| change.articles.len()).collect::<Vec<_>>(), [3, 2]);
    load(&mut reader, &more);
    assert_eq!(reader.changes.len(), 2);
    reader.press("u");
    assert_eq!(notice(&reader), "Nothing to undo", "the reader did not do it");
    reader.press("Fadded:today<enter>");
    assert_eq!(reader.titles().len(), 5);
    reader.press("Fis:new<enter>");
    assert_eq!(reader.titles().len(), 2, "what was there when the library was read for the first time is not new");
    // The next session has seen them.
    let mut next = Reader::starting(SessionInit { records_arrivals: true, ..SessionInit::default() });
    next.receive(Event::Tick(now() + chrono::TimeDelta::days(3)));
    let changes = reader.changes.iter().cloned().map(|change| match change.mark {
        Mark::Arrived(at) => Change { mark: Mark::Arrived(at - chrono::TimeDelta::days(3)), ..change },
        _ => change,
    });
    next.receive(Event::MarksLoaded { marks: kept(&changes.collect::<Vec<_>>()), problems: Vec::new() });
    let folder = numbered(6).file("undated.md", "---\ntitle: Undated\n---\n");
    load(&mut next, &folder);
    next.press("Fis:new<enter>");
    assert_eq!(next.titles(), ["Article 6", "Undated"]);
    next.receive(Event::Tick(now() + chrono::TimeDelta::days(5)));
    next.press("j");
    let rows = next.text();
    let row = rows.lines().find(|line| line.contains("▸") && line.contains("Undated")).expect("its row");
    assert!(row.trim_end_matches(['┃', ' ']).ends_with("Undated"), "a row without a date shows no age: {row}");
}

#[test]
fn quitting_asks_once_while_marks_are_unsaved() {
    for keys in ["q", "Q", "<ctrl-c>"] {
        let mut reader = Reader::of_news();
        reader.press("s");
        reader.receive(Event::MarksSaved(Err(MarksNotSaved("the disk is full".into()))));
        assert_eq!(notice(&reader), "Marks not saved yet, retrying: the disk is full");
        reader.press("j");
        assert!(reader.text().contains("! Marks not saved yet · 5 articles"), "{}", reader.text());
        reader.press(keys);
        assert!(reader.effects.is_empty(), "{keys}");
        assert_eq!(notice(&reader), "Press again to quit and lose unsaved marks: the disk is full");
        reader.press(keys);
        assert_eq!(reader.effects, [Effect::Quit]);
    }
    let mut reader = Reader::of_news();
    reader.receive(Event::MarksSaved(Err(MarksNotSaved("the disk is full".into()))));
    reader.receive(Event::MarksSaved(Ok(())));
    assert_eq!(notice(&reader), "All marks saved");
    reader.press("q");
    assert_eq!(reader.effects, [Effect::Quit]);
}

#[test]
fn a_session_begins_where_the_last_one_ended() {
    let folder = numbered(40);
    let mut before = Reader::of_folder(folder.path());
    before.press("gu20j<enter>");
    let bookmark = before.app().bookmark().expect("a bookmark");
    assert_eq!((bookmark.query.as_str(), bookmark.reading), ("is:unread", true));
    let begin = |bookmark: &Bookmark| {
        let query = Query::parse(&bookmark.query).expect("a query");
        let init = SessionInit { query, bookmark: Some(bookmark.clone()), ..SessionInit::default() };
        Reader::starting(init)
    };
    let mut again = begin(&bookmark);
    assert_eq!(
        again.app().bookmark().as_ref(),
        Some(&bookmark),
        "a session that ends before the articles arrive forgets no mark"
    );
    again.receive(Event::MarksLoaded { marks: kept(&before.changes), problems: Vec::new() });
    load(&mut again, &folder);
    assert_eq!((again.title(), again.app().focus()), (before.title(), Focus::Detail));
    assert_eq!(again.app().bookmark().as_ref(), Some(&bookmark), "it keeps its position, although it is read");
    assert_eq!(again.frame.list.offset, before.frame.list.offset);
    // Marks that are read late change nothing.
    let mut again = begin(&bookmark);
    load(&mut again, &folder);
    again.receive(Event::MarksLoaded { marks: kept(&before.changes), problems: Vec::new() });
    assert_eq!((again.title(), again.app().focus()), (before.title(), Focus::Detail));
    // Also when they come after the reader is back at a row of the list.
    let mut again = begin(&Bookmark { reading: false, ..bookmark.clone() });
    load(&mut again, &folder);
    let row = |reader: &Reader| reader.app().list().article_index();
    let (title, place) = (again.title(), row(&again));
    again.receive(Event::MarksLoaded { marks: kept(&before.changes), problems: Vec::new() });
    assert_eq!((again.title(), row(&again), again.app().focus()), (title, place, Focus::List));
    assert!(place.is_some() && again.title() == before.title());
    // A key that is pressed first wins; an article that is gone is not waited for.
    let mut again = begin(&bookmark);
    again.press("j");
    assert_eq!(again.app().bookmark(), None);
    load(&mut again, &folder);
    assert_eq!((again.title().as_str(), again.app().focus()), ("Article 1", Focus::List));
    let mut again = begin(&Bookmark { article: "00000000000000fe".parse().ok(), ..bookmark });
    load(&mut again, &folder);
    assert_eq!((again.title().as_str(), again.app().focus()), ("Article 1", Focus::List));
}

#[test]
fn the_first_frame_has_the_marks_of_the_last_session() {
    let folder = numbered(40);
    let mut before = Reader::of_folder(folder.path());
    before.receive(Event::MarksLoaded { marks: Marks::default(), problems: Vec::new() });
    before.press("jjsjmjjD");
    let bookmark = before.app().bookmark().expect("a bookmark");
    assert!(bookmark.marks.as_ref().is_some_and(|marks| marks.len() == 3), "{bookmark:?}");
    let begin = || {
        let init = SessionInit { bookmark: Some(bookmark.clone()), ..SessionInit::default() };
        let mut again = Reader::starting(init);
        load(&mut again, &folder);
        again
    };
    let mut again = begin();
    assert!(!again.app().session_marks().are_read() && again.app().can_wait_for_marks());
    let (expected, signs_before) = (kept(&before.changes), signs(&before));
    before.press("<ctrl-l>");
    assert_eq!((signs(&again), again.app().unread().count()), (signs(&before), bookmark.unread));
    assert_eq!(signs_before.len(), signs(&again).len() + 1, "what is hidden is hidden from the first frame on");
    // What was marked before all marks were known stays; what another device took back is gone.
    again.press("s");
    let mut marks = expected.clone();
    let taken_back: Vec<ArticleId> =
        bookmark.marks.iter().flatten().filter(|(_, mark)| matches!(mark, Mark::Read(_))).map(|(id, _)| *id).collect();
    let later = HybridClock::new(DeviceId(9)).tick(now() + chrono::TimeDelta::hours(1));
    marks.apply(&Change { stamp: later, mark: Mark::Read(None), articles: taken_back.clone() });
    again.receive(Event::MarksLoaded { marks, problems: Vec::new() });
    let marks = again.app().marks();
    assert!(taken_back.len() == 1 && !marks.is_read(taken_back[0]));
    assert!(again.app().article().is_some_and(|article| marks.is_starred(article.id)));
    assert_eq!(again.app().unread().count(), again.app().list().rows().len());
    // Marks that are not on the disk any more are not there.
    let mut again = begin();
    again.receive(Event::MarksLoaded { marks: Marks::default(), problems: Vec::new() });
    assert!(signs(&again).iter().all(String::is_empty) && again.app().unread().count() == 40);
}

#[test]
fn opening_and_going_on_tells_what_was_not_opened() {
    let folder = numbered(2).file("000.md", "---\ntitle: Bad\ndate: 2021-02-20\nlink: javascript:alert(1)\n---\n");
    let mut reader = Reader::of_folder(folder.path());
    let place = reader.titles().iter().position(|title| title == "Bad").expect("a row");
    reader.press(&format!("gg{}O", "j".repeat(place)));
    assert!(notice(&reader).starts_with("Not opened: "), "{}", notice(&reader));
    assert_ne!(reader.title(), "Bad", "it goes on all the same");
}

#[test]
fn related_articles_are_marked_where_they_are_selected() {
    let mut reader = Reader::of_news();
    reader.press("<enter>l");
    let target = reader.app().related_entries()[0].target.title().to_string();
    reader.press("s");
    let starred = reader.app().feed().iter().filter(|article| reader.app().marks().is_starred(article.id));
    assert_eq!(starred.map(|article| article.title.to_string()).collect::<Vec<_>>(), [target]);
}
