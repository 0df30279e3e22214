//! The navigation pane: its entries, keys, mouse and layout; and its counts, compared with a count of all articles after each step.

use std::collections::BTreeMap;
use std::sync::Arc;

use frontpage::app::{
    Bookmark, Context, Effect, EntryKind, Event, Focus, Folds, PaneLayout, SessionInit, SubscriptionList, UserConfig,
};
use frontpage::config::{KeySettings, Preset};
use frontpage::feed::{
    Article, ArticleId, Change, DeviceId, Feed, HybridClock, Mark, Marks, Tag, TextPosition, clean, tags,
};
use frontpage::jobs::{Answer, JobId, JobKind, JobReport, JobStatus};
use frontpage::keymap::Key;
use frontpage::query::{Query, RuleAction, Rules, SavedSearches, SearchContext, fold};
use frontpage::subscriptions::{FetchRecord, FetchRecords, RecordedProblem, SubscriptionsFile};
use proptest::prelude::*;

use crate::harness::reader::{Reader, now, user};

const WIDE: (u16, u16) = (160, 45);
const PROVIDERS: [&str; 3] = ["Tide Tables", "The Moon", "tide tables"];
const TOPICS: [&str; 3] = ["Sea", "Sky", "sea"];
const FOLDERS: [&str; 5] = ["", "news", "news/2024", "notes", "notes/a/b"];
const SAVED: [(&str, &str); 4] =
    [("moon", "provider:moon"), ("left", "is:unread topic:sea"), ("stars", "is:starred"), ("two", "limit:2")];

/// An article by the numbers of its provider, its topics and its folder.
fn article(number: u64, [provider, topics, folder]: [usize; 3]) -> Arc<Article> {
    let topics: Vec<&str> =
        TOPICS.iter().enumerate().filter(|(bit, _)| topics & 1 << bit != 0).map(|(_, topic)| *topic).collect();
    let folder = FOLDERS[folder % FOLDERS.len()];
    let path = if folder.is_empty() { format!("{number}.md") } else { format!("{folder}/{number}.md") };
    let article = Article::builder(&format!("Article {number}")).number(number).path(path).topics(&topics);
    Arc::new(article.provider(PROVIDERS[provider % PROVIDERS.len()], "").build())
}

fn feed(articles: &BTreeMap<u64, [usize; 3]>) -> Arc<Feed> {
    Arc::new(Feed::new(articles.iter().map(|(number, parts)| article(*number, *parts)).collect(), now()))
}

fn load(reader: &mut Reader, feed: Arc<Feed>) {
    reader.receive(Event::FeedLoaded { feed, problems: Vec::new(), complete: true });
}

/// A reader of a wide screen, with all folders unfolded.
fn reader(rules: Rules) -> Reader {
    let folds = ["news", "news/2024", "notes", "notes/a"].map(|folder| (format!("folder:{folder}"), false));
    let bookmark = Some(Bookmark { folds: Folds::of(folds), ..Bookmark::default() });
    let saved = SavedSearches::new(SAVED.map(|(name, query)| (name.to_owned(), query.to_owned())));
    let user = UserConfig { saved, rules, ..user("") };
    let mut reader = Reader::starting(SessionInit { user, bookmark, ..SessionInit::default() }).sized(WIDE.0, WIDE.1);
    reader.receive(Event::MarksLoaded { marks: Marks::default(), problems: Vec::new() });
    reader
}

/// The names of the entries with their numbers of unread articles.
fn counts(reader: &Reader) -> Vec<(String, usize)> {
    let navigation = reader.app().panes().navigation();
    let entries = navigation.entries().iter();
    entries.filter_map(|entry| Some((entry.label.to_string(), navigation.unread(entry.kind)?))).collect()
}

/// The same for the entries of the pane, counted one article after the other.
fn counted(reader: &Reader) -> Vec<(String, usize)> {
    let app = reader.app();
    let (feed, marks) = (app.feed(), app.marks());
    let is_unread = |article: &Article| !marks.is_read(article.id) && !marks.is_hidden(article.id);
    let count = |is: &dyn Fn(&Article) -> bool| feed.iter().filter(|article| is_unread(article) && is(article)).count();
    let entries = app.panes().navigation().entries();
    let number = |entry: &frontpage::app::Entry| {
        let label = fold(entry.label.as_str());
        Some(match entry.kind {
            EntryKind::All | EntryKind::Unread => count(&|_| true),
            EntryKind::Starred => count(&|article| marks.is_starred(article.id)),
            // Its count is that of all articles which it lists, also the read ones.
            EntryKind::Started => {
                let is_listed =
                    |article: &Arc<Article>| marks.places().of(article.id).is_some() && !marks.is_hidden(article.id);
                feed.iter().filter(is_listed).count()
            }
            EntryKind::Provider(_) => count(&|article| fold(article.provider.name.as_str()) == label),
            EntryKind::Topic(_) => {
                count(&|article| article.topics.iter().any(|topic| fold(topic.shown().as_str()) == label))
            }
            EntryKind::Tag(_) => {
                count(&|article| tags::of(marks, article.id).iter().any(|tag| fold(tag.shown().as_str()) == label))
            }
            EntryKind::Folder(_) => {
                let folder = entry.key.strip_prefix("folder:").expect("a folder");
                count(&|article| article.path.starts_with(folder))
            }
            EntryKind::Saved(_) => {
                let (_, query) = SAVED.iter().find(|(name, _)| *name == entry.label.as_str()).expect("a search");
                let query = Query::parse(query).expect("a query");
                let context =
                    SearchContext::new(Arc::new(Feed::of(feed.columns().clone())), Arc::new(marks.clone()), now());
                let unread = |index: &usize| feed.get(*index).is_some_and(|article| is_unread(&article));
                query.select(&context).iter().filter(|index| unread(index)).count()
            }
            _ => return None,
        })
    };
    entries.iter().filter_map(|entry| Some((entry.label.to_string(), number(entry)?))).collect()
}

#[derive(Clone, Debug)]
enum Step {
    Keys(&'static str),
    /// An article is added, or changed.
    Put(u64, [usize; 3]),
    /// An article is removed.
    Remove(u64),
    /// Another device set this mark.
    Elsewhere(u64, usize),
    /// Rules apply from now on.
    Rules(usize),
}

fn rules(which: usize) -> Rules {
    let all = [
        ("topic:sky", RuleAction::Hide),
        ("provider:moon", RuleAction::Read),
        ("topic:sea", RuleAction::Star),
        ("is:starred", RuleAction::Hide),
        ("topic:sea", RuleAction::Tag("CAFE".to_owned())),
    ];
    let rule = |(query, action): &(&str, RuleAction)| Query::parse(query).expect("a query").rule(vec![action.clone()]);
    let chosen = all.iter().enumerate().filter(|(bit, _)| which & 1 << bit != 0);
    Rules::new(chosen.map(|(_, part)| rule(part)).collect())
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let keys = prop::sample::select(vec![
        "m",
        "r",
        "s",
        "D",
        "u",
        "<ctrl-r>",
        "j",
        "k",
        "G",
        "gg",
        "A",
        "Ay",
        "M",
        "vjm",
        "n",
        "<ctrl-l>",
        "2",
        "3",
        "c",
        "<enter>h",
        "Fis:hidden<enter>D",
        "BB",
        "+to read<enter>",
        "+Café<enter>",
        "+cafe<enter>",
        "vj+to read<enter>",
        "-<enter>",
        "-cafe<enter><esc>",
    ]);
    let parts = || prop::array::uniform3(0usize..8);
    let step = prop_oneof![
        8 => keys.prop_map(Step::Keys),
        2 => (1u64..12, parts()).prop_map(|(number, parts)| Step::Put(number, parts)),
        1 => (1u64..12).prop_map(Step::Remove),
        2 => (1u64..12, 0usize..8).prop_map(|(number, mark)| Step::Elsewhere(number, mark)),
        1 => (0usize..32).prop_map(Step::Rules),
    ];
    prop::collection::vec(step, 1..24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_counts_are_right_after_each_step(steps in steps()) {
        let mut articles: BTreeMap<u64, [usize; 3]> =
            (1..8u64).map(|number| (number, [number as usize, number as usize * 3, number as usize])).collect();
        let mut reader = reader(Rules::default());
        load(&mut reader, feed(&articles));
        let mut clock = HybridClock::new(DeviceId::default());
        let mut time = now();
        for step in steps {
            match &step {
                Step::Keys(keys) => { reader.press(keys); }
                Step::Put(number, parts) => {
                    articles.insert(*number, *parts);
                    load(&mut reader, feed(&articles));
                }
                Step::Remove(number) => {
                    articles.remove(number);
                    load(&mut reader, feed(&articles));
                }
                Step::Elsewhere(number, mark) => {
                    let tagged = |is_on| Mark::Tagged(Tag::parse("To Read").expect("a name"), is_on);
                    let place = Mark::Place(Some(TextPosition::in_body(9)));
                    let marks = [Mark::Read(Some(now())), Mark::Read(None), Mark::Starred(true), Mark::Hidden(true), tagged(true), tagged(false), place, Mark::Place(None)];
                    let mark = marks[*mark].clone();
                    let change = Change { stamp: clock.tick(time), mark, articles: vec![ArticleId::of_number(*number)] };
                    let mut marks = Marks::default();
                    marks.apply(&change);
                    reader.receive(Event::MarksLoaded { marks, problems: Vec::new() });
                }
                Step::Rules(which) => {
                    let saved = reader.app().search().saved().clone();
                    reader.adopt(UserConfig { rules: rules(*which), saved, ..user("") });
                }
            }
            // Searches that depend on marks run again a second after the last mark.
            time += chrono::TimeDelta::seconds(5);
            reader.receive(Event::Tick(time));
            prop_assert_eq!(counts(&reader), counted(&reader), "after {:?}", step);
            let started = Query::parse("is:started").expect("a query");
            let marks = Arc::new(reader.app().marks().clone());
            let listed = Arc::new(Feed::of(reader.app().feed().columns().clone()));
            let listed = started.select(&SearchContext::new(listed, marks, now())).len();
            prop_assert_eq!(labels(&reader).contains(&"Continue reading".to_owned()), listed > 0, "after {:?}", step);
        }
    }
}

/// Articles in some folders, with a provider and a topic each.
fn some_articles() -> Arc<Feed> {
    feed(&(1..9u64).map(|number| (number, [number as usize, number as usize, number as usize])).collect())
}

fn wide() -> Reader {
    let mut reader = reader(Rules::default());
    load(&mut reader, some_articles());
    reader
}

fn selected(reader: &Reader) -> String {
    let entry = reader.app().panes().navigation().selected_entry();
    entry.map(|entry| entry.label.to_string()).unwrap_or_default()
}

fn select(reader: &mut Reader, label: &str) {
    reader.press("gg");
    let row = labels(reader).iter().position(|known| known.eq_ignore_ascii_case(label));
    let row = row.unwrap_or_else(|| panic!("no {label} among {:?}", labels(reader)));
    for _ in 0..row {
        reader.press("j");
    }
}

fn labels(reader: &Reader) -> Vec<String> {
    reader.app().panes().navigation().entries().iter().map(|entry| entry.label.to_string()).collect()
}

/// Sets the query of the list.
fn ask(reader: &mut Reader, query: &str) {
    reader.press("F<ctrl-u>").paste(query);
    reader.press("<enter>");
}

/// The lines of the pane.
fn pane(reader: &Reader) -> Vec<String> {
    let columns = usize::from(reader.frame.navigation.frame.width);
    reader.text().lines().map(|line| line.chars().take(columns).collect()).collect()
}

/// The first cell of a text in the pane.
fn cell(reader: &Reader, text: &str) -> (u16, u16) {
    let pane = pane(reader);
    let found = pane.iter().enumerate().find_map(|(row, line)| Some((line.split_once(text)?.0.chars().count(), row)));
    let (column, row) = found.unwrap_or_else(|| panic!("no {text}:\n{}", reader.text()));
    (column as u16, row as u16)
}

fn query(reader: &Reader) -> String {
    reader.app().query().to_string()
}

#[test]
fn keys_reach_the_pane_choose_and_fold() {
    let mut reader = wide();
    reader.press("h");
    assert_eq!((reader.app().focus(), reader.app().context()), (Focus::Navigation, Context::Navigation));
    select(&mut reader, "Tide Tables");
    reader.press("l");
    assert_eq!((query(&reader), reader.app().focus()), ("provider:=\"tide tables\"".to_owned(), Focus::List));
    // A place replaces another, and keeps that only unread articles are wanted, and the order.
    ask(&mut reader, "provider:=\"tide tables\" is:unread sort:title");
    reader.press("h");
    select(&mut reader, "Sea");
    reader.press("<enter>");
    assert_eq!(query(&reader), "topic:=\"sea\" is:unread sort:title");
    reader.press("h");
    select(&mut reader, "All articles");
    reader.press("<enter>h");
    assert_eq!(query(&reader), "");
    for (label, written) in
        [("2024", "folder:=\"news/2024\""), ("moon", "saved:moon"), ("Unread", "is:unread"), ("Starred", "is:starred")]
    {
        select(&mut reader, "All articles");
        reader.press("<enter>h");
        select(&mut reader, label);
        reader.press("<enter>");
        assert_eq!(query(&reader), written, "{label}");
        reader.press("h");
    }
    // Folding: first the entry, then the one around it.
    select(&mut reader, "2024");
    reader.press("h");
    assert_eq!(selected(&reader), "news");
    reader.press("h");
    assert!(!labels(&reader).contains(&"2024".to_owned()));
    reader.press("h");
    assert_eq!(selected(&reader), "Folders");
    reader.press("<enter>");
    assert!(!labels(&reader).contains(&"notes".to_owned()));
    reader.press("lj");
    assert_eq!(selected(&reader), "news");
    reader.press("ll");
    assert_eq!(query(&reader), "folder:=\"news\"");
    // Tab goes around, Esc and q lead back to the list.
    reader.press("<shift-tab>");
    assert_eq!(reader.app().focus(), Focus::Navigation);
    reader.press("<esc>");
    assert_eq!(reader.app().focus(), Focus::List);
    reader.effects.clear();
    reader.press("hq");
    assert_eq!((reader.app().focus(), reader.effects.as_slice()), (Focus::List, [].as_slice()));
    reader.press("<tab><tab>");
    assert_eq!(reader.app().focus(), Focus::Navigation);
}

#[test]
fn the_entry_of_the_present_query_has_a_mark() {
    let mut reader = wide();
    for (typed, line) in [
        ("", "•All articles"),
        ("is:unread", "•Unread"),
        ("is:starred", "•Starred"),
        ("saved:moon", "• moon"),
        ("topic:=sea is:unread sort:title", "• Sea"),
        ("provider:=\"the moon\"", "• The Moon"),
        ("folder:=news", "• ▾ news"),
    ] {
        ask(&mut reader, typed);
        let screen = reader.text();
        let marked: Vec<&str> = screen.lines().filter(|row| row.starts_with("│•")).collect();
        assert!(marked.len() == 1 && marked[0].trim_start_matches('│').starts_with(line), "{typed}:\n{screen}");
    }
    for other in ["topic:=sea,sky", "topic:=sea provider:=\"the moon\"", "tide", "topic:sea"] {
        ask(&mut reader, other);
        assert!(!reader.text().contains("│•"), "{other}:\n{}", reader.text());
    }
}

#[test]
fn articles_that_were_begun_have_an_entry_while_there_are_any() {
    let mut reader = wide();
    assert!(!labels(&reader).contains(&"Continue reading".to_owned()));
    let mut clock = HybridClock::new(DeviceId::default());
    let mut place = |reader: &mut Reader, numbers: &[u64], place: Option<TextPosition>| {
        let articles = numbers.iter().map(|number| ArticleId::of_number(*number)).collect();
        let mut marks = Marks::default();
        marks.apply(&Change { stamp: clock.tick(now()), mark: Mark::Place(place), articles });
        reader.receive(Event::MarksLoaded { marks, problems: Vec::new() });
    };
    place(&mut reader, &[2, 5, 77], Some(TextPosition::in_body(9)));
    assert!(counts(&reader).contains(&("Continue reading".to_owned(), 2)), "{:?}", counts(&reader));
    let at = cell(&reader, "Continue reading");
    reader.click(at);
    assert_eq!((query(&reader).as_str(), reader.titles().len()), ("is:started", 2));
    assert!(reader.text().contains("•Continue reading"), "{}", reader.text());
    ask(&mut reader, "");
    reader.press("h");
    select(&mut reader, "Continue reading");
    reader.press("<enter>");
    assert_eq!((query(&reader).as_str(), reader.app().focus()), ("is:started", Focus::List));
    // All of them are read, and can still be continued.
    reader.press("h");
    select(&mut reader, "Continue reading");
    let unread = reader.app().unread().count();
    reader.press("A");
    assert_eq!(reader.app().unread().count(), unread - 2);
    assert!(counts(&reader).contains(&("Continue reading".to_owned(), 2)));
    place(&mut reader, &[2, 5], None);
    assert!(!labels(&reader).contains(&"Continue reading".to_owned()));
}

#[test]
fn a_subscription_without_articles_has_a_mark_too() {
    let mut reader = subscriber();
    reader.press("h");
    select(&mut reader, "https://quiet.example/atom");
    reader.press("<enter>");
    assert_eq!(query(&reader), "feed:=\"https://quiet.example/atom\"");
    assert!(reader.text().contains("• https://quiet"), "{}", reader.text());
    ask(&mut reader, "feed:=\"https://quiet.example/atom\" is:unread sort:title");
    assert!(reader.text().contains("• https://quiet"), "{}", reader.text());
}

#[test]
fn entries_are_built_only_when_they_change_and_are_shown() {
    let mut reader = wide();
    // The same memory: they were not built again.
    let entries = |reader: &Reader| reader.app().panes().navigation().entries().as_ptr();
    let before = entries(&reader);
    reader.press("jkm");
    for minutes in 1..4 {
        reader.receive(Event::Tick(now() + chrono::TimeDelta::minutes(minutes)));
        reader.receive(Event::Due(now() + chrono::TimeDelta::minutes(minutes)));
    }
    assert_eq!(entries(&reader), before, "neither marks nor time change them");
    reader.save_searches(SavedSearches::new([("sea".to_owned(), "topic:sea".to_owned())]));
    let saved = entries(&reader);
    assert!(saved != before && labels(&reader).contains(&"sea".to_owned()));
    // Off, they stay as they were until the pane is on again.
    reader.press("hB");
    assert!(!reader.app().panes().navigation().is_on());
    reader.save_searches(SavedSearches::new([("sky".to_owned(), "topic:sky".to_owned())]));
    load(&mut reader, some_articles());
    assert_eq!(entries(&reader), saved);
    reader.press("B");
    assert!(labels(&reader).contains(&"sky".to_owned()) && reader.text().contains(" sky "), "{}", reader.text());
}

#[test]
fn what_is_due_after_a_mark_is_no_tick() {
    let mut reader = wide();
    reader.press("m");
    let due = reader.app().navigation_due().expect("searches depend on marks");
    reader.receive(Event::Due(due));
    assert_eq!(reader.app().navigation_due(), None);
    assert_eq!(reader.app().now(), now(), "ages and dates stay as they were");
}

#[test]
fn n_finds_unread_and_a_marks_all_of_an_entry_read() {
    let mut reader = wide();
    reader.press("h");
    select(&mut reader, "Tide Tables");
    let tides = |reader: &Reader| {
        counts(reader).into_iter().find(|(name, _)| name.eq_ignore_ascii_case("tide tables")).map(|(_, unread)| unread)
    };
    assert_eq!(tides(&reader), Some(5));
    reader.press("A");
    assert_eq!((tides(&reader), counts(&reader)), (Some(0), counted(&reader)));
    assert_eq!(reader.app().focus(), Focus::Navigation);
    reader.press("ggn");
    assert_eq!(selected(&reader), "Unread");
    let mut passed = Vec::new();
    for _ in 0..20 {
        reader.press("n");
        passed.push(selected(&reader));
    }
    assert!(
        !passed.iter().any(|name| name.eq_ignore_ascii_case("tide tables")) && passed.contains(&"The Moon".to_owned()),
        "{passed:?}"
    );
    reader.press("ggA");
    assert_eq!(counts(&reader).iter().map(|(_, count)| count).sum::<usize>(), 0);
    let at = selected(&reader);
    reader.press("n");
    assert_eq!(selected(&reader), at, "nothing is unread");
    reader.press("u");
    assert_eq!(counts(&reader), counted(&reader), "undo counts");
    // Many articles are asked about, as in the list.
    load(&mut reader, feed(&(1..90u64).map(|number| (number, [0, 1, 0])).collect()));
    reader.press("ggA");
    assert_eq!(reader.app().context(), Context::Confirm);
    assert!(reader.text().contains("in “All articles” as read? y/n"), "{}", reader.text());
    reader.press("y");
    assert_eq!(counts(&reader)[0], ("All articles".to_owned(), 0));
}

#[test]
fn a_filter_narrows_as_it_is_typed() {
    let mut reader = wide();
    reader.press("h/sEa");
    assert_eq!(labels(&reader), ["Topics", "Sea"]);
    reader.press("<ctrl-u>2024");
    assert_eq!(labels(&reader), ["Folders", "news", "2024"], "with the folders around it");
    reader.press("<enter>");
    assert_eq!((reader.app().focus(), selected(&reader).as_str()), (Focus::Navigation, "news"));
    reader.press("<esc>");
    assert!(labels(&reader).len() > 10 && reader.app().focus() == Focus::Navigation);
    reader.press("/zzz");
    assert!(labels(&reader).is_empty() && reader.text().contains("No match."), "{}", reader.text());
    reader.press("<esc>");
    assert!(labels(&reader).len() > 10);
    select(&mut reader, "Topics");
    reader.press("h/sea<enter>lh");
    assert_eq!((query(&reader).as_str(), selected(&reader).as_str()), ("topic:=\"sea\"", "Sea"), "unfolded again");
    reader.press("/moon<enter>l");
    assert_eq!((reader.app().focus(), reader.app().panes().navigation().filter()), (Focus::List, ""));
}

#[test]
fn the_mouse_chooses_folds_and_scrolls() {
    let mut reader = wide();
    let at = cell(&reader, "The Moon");
    reader.click(at);
    assert_eq!((query(&reader).as_str(), reader.app().focus()), ("provider:=\"the moon\"", Focus::List));
    let (column, row) = cell(&reader, "▾ news");
    reader.click((column, row));
    assert_eq!(query(&reader), "provider:=\"the moon\"", "the sign only folds");
    assert!(reader.text().contains("▸ news"), "{}", reader.text());
    reader.click((column + 2, row));
    assert_eq!(query(&reader), "folder:=\"news\"");
    let heading = cell(&reader, "Topics");
    reader.click(heading);
    assert!(reader.text().contains("▸ Topics"), "{}", reader.text());
    // The wheel scrolls what is under it.
    let mut reader = reader.sized(160, 12);
    reader.press("gg").wheel((3, 3), 1);
    assert_eq!((reader.frame.navigation.offset, reader.app().focus()), (3, Focus::Navigation));
    // The divider between list and article stays where it is pulled to.
    let mut reader = wide();
    let edge = reader.frame.frames[0].right();
    reader.drag((edge, 10), &[(edge + 12, 10)]);
    assert_eq!(reader.frame.frames[0].right(), edge + 12);
}

#[test]
fn the_pane_is_on_where_there_is_room_or_the_user_says_so() {
    let at = |reader: &Reader| (reader.frame.navigation.frame.width, reader.frame.list.area.width > 0);
    let mut reader = wide().sized(139, 40);
    assert_eq!(at(&reader), (0, true));
    reader.press("h");
    assert_eq!(reader.app().focus(), Focus::List);
    for (columns, width) in [(140, 24), (160, 26), (192, 32), (240, 32)] {
        reader.resize(columns, 40);
        assert_eq!(at(&reader), (width, true), "{columns}");
        assert_eq!(reader.frame.frames[0].right(), reader.frame.frames[1].x, "list and article side by side");
    }
    // `B` hides it, and the bookmark knows.
    reader.press("B");
    assert_eq!((at(&reader), reader.app().focus()), ((0, true), Focus::List));
    assert_eq!(reader.app().bookmark().map(|bookmark| bookmark.layout.navigation), Some(Some(false)));
    reader.press("B");
    assert_eq!((at(&reader), reader.app().focus()), ((32, true), Focus::Navigation));
    // With the user's choice it stays on narrower screens, beside a list of a useful width.
    for columns in [120, 100, 80] {
        reader.resize(columns, 30);
        assert_eq!(at(&reader), (24, true), "{columns}");
        assert!(reader.frame.list.area.width >= 50 && !reader.frame.detail.area.is_empty(), "{columns}");
    }
    // Where one pane fits, it is shown alone while it has the focus.
    reader.resize(60, 20);
    assert_eq!(at(&reader), (60, false));
    reader.press("<esc>");
    assert_eq!((at(&reader), reader.app().focus()), ((0, true), Focus::List));
    reader.press("h");
    assert_eq!(at(&reader), (60, false));
    reader.press("B");
    assert_eq!((at(&reader), reader.app().focus()), ((0, true), Focus::List));
    // Zen hides it.
    reader.resize(160, 45);
    reader.press("Bz");
    assert_eq!((at(&reader), reader.app().focus()), ((0, true), Focus::List));
    reader.press("B");
    assert_eq!(at(&reader), (26, true), "B ends zen");
    // The settings.
    for (setting, columns, width) in [("hidden", 160, 0), ("shown", 100, 24), ("auto", 100, 0), ("auto", 160, 26)] {
        let reader = Reader::of_news_with(&format!("navigation: {setting}")).sized(columns, 40);
        assert_eq!(reader.frame.navigation.frame.width, width, "{setting} {columns}");
    }
    // A screen that becomes too narrow takes the focus away.
    let mut reader = wide();
    reader.press("h");
    reader.resize(100, 30);
    assert_eq!(reader.app().focus(), Focus::List);
}

#[test]
fn choices_are_kept_from_session_to_session() {
    let mut reader = wide();
    reader.press("h");
    select(&mut reader, "Topics");
    reader.press("h");
    let bookmark = reader.app().bookmark().expect("a bookmark");
    assert!(bookmark.folds.iter().any(|(key, folded)| key == "section:Topics" && folded));
    let layout = PaneLayout { navigation: Some(true), ..PaneLayout::default() };
    let bookmark = Bookmark { layout, ..bookmark };
    let mut reader = Reader::starting(SessionInit { bookmark: Some(bookmark), ..SessionInit::default() });
    load(&mut reader, some_articles());
    assert!(labels(&reader).contains(&"Topics".to_owned()) && !labels(&reader).contains(&"Sea".to_owned()));
}

#[test]
fn only_visible_entries_are_built() {
    let articles = (1..3001u64).map(|number| {
        let (provider, topic) = (format!("Provider {}", number % 700), format!("topic {}", number % 2000));
        let article = Article::builder(&format!("Article {number}")).number(number).topics(&[&topic]);
        Arc::new(article.path(format!("f{}/{number}.md", number % 1000)).provider(&provider, "").build())
    });
    let mut reader = reader(Rules::default());
    load(&mut reader, Arc::new(Feed::new(articles.collect(), now())));
    let rows = usize::from(reader.frame.navigation.area.height);
    let shown = reader.app().panes().navigation().entries().len();
    assert!(reader.frame.navigation.entries_built == rows.min(shown) && shown < 50, "{rows} {shown}");
    reader.press("h/1<enter>G");
    assert_eq!(reader.frame.navigation.entries_built, rows);
    reader.press("<esc>G");
    assert_eq!(selected(&reader), "… 1,988 more");
    reader.press("<enter>");
    assert!(labels(&reader).len() > 2000);
    select(&mut reader, "Folders");
    reader.press("l");
    assert!(labels(&reader).len() > 3000);
    assert_eq!(reader.frame.navigation.entries_built, rows);
    // Reads of articles for a key are those of the rows of the list.
    let before = reader.app().feed().reads();
    reader.press("jkjk");
    assert_eq!(reader.app().feed().reads(), before);
    reader.press("G<enter>");
    assert!(!reader.text().contains("fewer"), "{}", reader.text());
}

const LIST: &str = "- feed: https://tides.example/feed.xml\n  title: Tides\n  topics: [Sea]\n- feed: https://moon.example/f\n  \
                    title: The Moon\n  topics: [Sky]\n- https://quiet.example/atom\n";

/// A reader of three subscriptions. Two of them have articles.
fn subscriber() -> Reader {
    let file = SubscriptionsFile::parse(LIST, "".as_ref(), None);
    let keys: Vec<_> = file.subscriptions.iter().map(|listed| listed.key).collect();
    let user = UserConfig { subscriptions: Arc::new(file), ..user("") };
    let init = SessionInit { user, subscriptions_file: "subscriptions.yaml".into(), ..SessionInit::default() };
    let mut reader = Reader::starting(init).sized(WIDE.0, WIDE.1);
    let addresses = ["https://tides.example/feed.xml", "https://moon.example/f"];
    let articles = (1..8u64).map(|number| {
        let which = number as usize % 2;
        let article = Article::builder(&format!("Article {number}")).number(number).topics(&[["Sea", "Sky"][which]]);
        let article = article.path(format!("articles/{which}/{number}.md")).with(|article| {
            article.written_id = clean::plain_line(&format!("{}#{number}", keys[which]));
            article.channel.address = addresses[which].into();
        });
        Arc::new(article.build())
    });
    let other = Arc::new(Article::builder("Mine").number(99).path("notes/mine.md").build());
    load(&mut reader, Arc::new(Feed::new(articles.chain([other]).collect(), now())));
    reader
}

#[test]
fn subscriptions_are_listed_by_topic_with_their_problems() {
    let mut reader = subscriber();
    let screen = reader.text();
    let pane = pane(&reader);
    for (above, below) in [("▾ Sea", "Tides"), ("▾ Sky", "The Moon")] {
        let at = pane.iter().position(|line| line.contains(above)).unwrap_or_else(|| panic!("{above}:\n{screen}"));
        assert!(pane[at + 1].contains(below), "{screen}");
    }
    assert!(pane.iter().any(|line| line.contains("https://quiet")), "{screen}");
    assert!(pane.iter().any(|line| line.contains("notes")), "{screen}");
    let is_folder = |line: &&String| line.starts_with('│') && line.contains("articles") && !line.contains("All");
    assert_eq!(pane.iter().find(is_folder), None, "folders of subscriptions");
    assert!(
        counts(&reader).contains(&("Tides".to_owned(), 3)) && counts(&reader).contains(&("The Moon".to_owned(), 4))
    );
    reader.press("h");
    select(&mut reader, "Tides");
    reader.press("<enter>");
    assert_eq!(query(&reader), "feed:=\"https://tides.example/feed.xml\"");
    assert!(reader.text().contains("•  Tides") && reader.titles().len() == 3, "{}", reader.text());
    // A problem has a sign, and Enter shows it with what to do.
    let key = reader.app().subscriptions().rows().next().expect("a row").key;
    let problem =
        Some(RecordedProblem { what: "no answer within 20 s".into(), remedy: "wait".into(), is_failure: true });
    let record = FetchRecord { failures: 4, problem, ..FetchRecord::default() };
    let records = FetchRecords { records: [(key, record)].into(), ..FetchRecords::default() };
    let status = JobStatus::Answer(Answer::Records(records));
    reader.receive(Event::Job(JobReport { job: JobId::next(), kind: JobKind::Records, status }));
    assert!(reader.text().contains("Tides !"), "{}", reader.text());
    reader.press("h");
    select(&mut reader, "Tides");
    reader.press("<enter>");
    assert!(reader.app().overlays().top_as::<SubscriptionList>().is_some_and(|list| list.shows_problem));
    assert!(reader.text().contains("no answer within 20 s") && reader.text().contains("wait"), "{}", reader.text());
    reader.press("<esc><esc>l");
    assert_eq!(query(&reader), "feed:=\"https://tides.example/feed.xml\"");
}

#[test]
fn signs_are_ascii_where_the_settings_say_so() {
    for settings in ["ascii: true", "plain: true"] {
        let mut reader = Reader::of_news_with(settings).sized(WIDE.0, WIDE.1);
        reader.press("hjj");
        let (screen, pane) = (reader.text(), pane(&reader));
        assert!(pane.iter().any(|line| line.contains("- Topics")) && pane.iter().any(|line| line.contains(">Starred")));
        assert!(pane.iter().all(|line| !line.contains(['▾', '▸', '•', '▌'])), "{screen}");
    }
}

#[test]
fn a_screen_that_becomes_too_narrow_for_the_pane_shows_the_list_with_the_focus() {
    let mut reader = Reader::of_news().sized(160, 45);
    reader.press("h");
    assert_eq!(reader.app().focus(), Focus::Navigation);
    reader.resize(70, 20);
    assert_eq!(reader.app().focus(), Focus::List);
    assert!(reader.text().contains('▌') && reader.text().contains("r read+next"), "{}", reader.text());
}

#[test]
fn a_folder_around_all_articles_is_not_listed() {
    let listed = |paths: &[&str]| -> Vec<(String, usize)> {
        let articles = paths.iter().zip(1..).map(|(path, number)| {
            Arc::new(Article::builder(&format!("Article {number}")).number(number).path((*path).to_owned()).build())
        });
        let mut reader = reader(Rules::default());
        load(&mut reader, Arc::new(Feed::new(articles.collect(), now())));
        let entries = reader.app().panes().navigation().entries();
        let folders = entries.iter().filter(|entry| matches!(entry.kind, EntryKind::Folder(_)));
        let folders: Vec<_> = folders.map(|entry| (entry.label.to_string(), entry.depth)).collect();
        for (label, _) in &folders {
            assert!(counts(&reader).contains(&(label.clone(), 1)) || folders.len() > 2, "{label}");
        }
        folders
    };
    let named = |names: &[(&str, usize)]| -> Vec<(String, usize)> {
        names.iter().map(|(name, depth)| ((*name).to_owned(), *depth)).collect()
    };
    assert_eq!(listed(&["seeds/a.md", "seeds/b.md"]), []);
    assert_eq!(listed(&["site/posts/a.md", "site/posts/b.md"]), [], "and the one below it");
    assert_eq!(listed(&["site/posts/a.md", "site/pages/b.md"]), named(&[("pages", 1), ("posts", 1)]));
    assert_eq!(listed(&["site/a.md", "site/posts/b.md"]), named(&[("posts", 1)]), "one article is outside");
    assert_eq!(listed(&["a.md", "news/b.md"]), named(&[("news", 1)]));
}

#[test]
fn keys_of_a_preset_for_articles_do_nothing_in_the_navigation_pane() {
    for (preset, keys) in
        [(Preset::Newsboat, "Nsu<ctrl-e>D<ctrl-b>"), (Preset::Elfeed, "ruby*L"), (Preset::Default, "msoDy+-w")]
    {
        let keys_of = KeySettings { preset, ..KeySettings::default() };
        let mut reader = Reader::of_news().with_keys(&keys_of).sized(WIDE.0, WIDE.1);
        let focus = |reader: &mut Reader| {
            while reader.app().focus() != Focus::Navigation {
                reader.press("<shift-tab>");
            }
        };
        focus(&mut reader);
        reader.effects.clear();
        reader.changes.clear();
        for key in Key::parse_all(keys).expect("keys") {
            reader.press_key(key);
            assert_eq!(reader.changes, [], "{preset:?} {key}");
            assert!(reader.app().overlay().is_none(), "{preset:?} {key}");
            assert_eq!(reader.app().focus(), Focus::Navigation, "{preset:?} {key}");
        }
        let asked = |effect: &Effect| matches!(effect, Effect::OpenLink(_) | Effect::Copy { .. });
        assert!(!reader.effects.iter().any(asked), "{preset:?} {:?}", reader.effects);
    }
}
