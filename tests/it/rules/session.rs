//! Rules in a running session.

use frontpage::app::{App, Effect, Effects, Event, SessionInit, UserConfig};
use frontpage::feed::{Change, Mark, Marks};
use frontpage::jobs::JobKind;
use frontpage::library::Library;
use frontpage::query::{Query, RuleAction, Rules};

use super::{load, rules, write_numbered};
use crate::harness::folder::Folder;
use crate::harness::reader::{Reader, now};

fn with(rules: Rules) -> UserConfig {
    UserConfig { rules, ..UserConfig::default() }
}

/// Other rules hold from now on.
fn changed(rules: Rules) -> Event {
    Event::SettingsLoaded(Box::new(with(rules)))
}

fn reader(folder: &Folder, rules: Rules) -> Reader {
    let mut reader = Reader::starting(SessionInit { user: with(rules), ..SessionInit::default() });
    reader.receive(Event::MarksLoaded { marks: Marks::default(), problems: Vec::new() });
    reader.receive(Event::FeedLoaded { feed: load(folder), problems: Vec::new(), complete: true });
    reader
}

fn numbers(reader: &Reader) -> Vec<usize> {
    reader.titles().iter().filter_map(|title| title.strip_prefix("Article ")?.parse().ok()).collect()
}

fn find(reader: &mut Reader, query: &str) -> Vec<usize> {
    reader.press("F<ctrl-u>").paste(query);
    reader.press("<enter>");
    let found = numbers(reader);
    reader.press("c");
    found
}

/// The signs of the article that is shown.
fn signs(reader: &Reader) -> String {
    let (marks, id) = (reader.app().marks(), reader.app().article().expect("an article").id);
    let signs = [(marks.is_read(id), 'r'), (marks.is_starred(id), '*'), (marks.is_hidden(id), 'x')];
    signs.into_iter().filter(|(is, _)| *is).map(|(_, sign)| sign).collect()
}

#[test]
fn rules_hide_read_star_and_score_everywhere() {
    let folder = write_numbered(Folder::new(), 9);
    let crypto = ("topic:crypto", &[RuleAction::Hide] as &[RuleAction]);
    let mut reader = reader(
        &folder,
        rules(&[
            crypto,
            ("topic:sea", &[RuleAction::Star, RuleAction::Score(10)]),
            ("quality:>=7", &[RuleAction::Read, RuleAction::Score(-3)]),
        ]),
    );
    assert_eq!(numbers(&reader), [1, 2, 4, 5, 7, 8]);
    assert_eq!(reader.app().unread().count(), 4);
    for (query, found) in [
        ("is:hidden", vec![3, 6, 9]),
        ("is:starred", vec![1, 4, 7]),
        ("is:unread", vec![1, 2, 4, 5]),
        ("is:read", vec![7, 8]),
        ("readat:*", vec![]),
        ("score:>=10", vec![1, 4]),
        ("score:7", vec![7]),
        ("score:0", vec![2, 5]),
        ("-score:*", vec![2, 5]),
        ("sort:-score", vec![1, 4, 7, 2, 5, 8]),
        ("sort:score", vec![8, 2, 5, 7, 1, 4]),
    ] {
        assert_eq!(find(&mut reader, query), found, "{query}");
    }
    reader.press("H");
    assert_eq!(numbers(&reader), [] as [usize; 0], "no article was read");
    reader.press("ga");
    assert_eq!(numbers(&reader), [1, 2, 4, 5, 7, 8]);
    assert_eq!(reader.changes, []);
}

#[test]
fn marks_of_the_user_win_over_rules_and_can_be_undone() {
    let folder = write_numbered(Folder::new(), 3);
    let mut reader = reader(&folder, rules(&[("", &[RuleAction::Read, RuleAction::Star])]));
    assert_eq!(signs(&reader), "r*");
    reader.press("m");
    assert_eq!((signs(&reader).as_str(), reader.app().unread().count()), ("*", 1));
    reader.press("u");
    assert_eq!((signs(&reader).as_str(), reader.app().unread().count()), ("r*", 0));
    reader.press("<ctrl-r>s");
    assert_eq!(signs(&reader), "");
    // The rules are asked again, about the same articles and about others, and it stays.
    reader.receive(Event::FeedLoaded { feed: load(&folder), problems: Vec::new(), complete: true });
    assert_eq!(signs(&reader), "");
    reader.receive(changed(rules(&[("topic:sea", &[RuleAction::Read, RuleAction::Star, RuleAction::Score(1)])])));
    assert_eq!((signs(&reader).as_str(), reader.app().unread().count()), ("", 3));
    let mut kept = Marks::default();
    reader.changes.iter().for_each(|change| kept.apply(change));
    let id = reader.app().article().expect("an article").id;
    assert!(kept.is_set(id, &Mark::Read(None)) && !kept.is_read(id) && kept.len() == 1);
}

#[test]
fn opening_an_article_that_a_rule_marks_read_sets_a_reading_time() {
    let folder = write_numbered(Folder::new(), 3);
    let mut reader = reader(&folder, rules(&[("", &[RuleAction::Read])]));
    reader.press("j<enter>h");
    let marks = reader.changes.iter().map(|change| &change.mark).filter(|mark| !matches!(mark, Mark::LastSeen(_)));
    assert_eq!(marks.collect::<Vec<_>>(), [&Mark::Read(Some(now()))]);
    reader.press("H");
    assert_eq!(numbers(&reader), [2]);
}

#[test]
fn new_rules_replace_the_old_ones() {
    let folder = write_numbered(Folder::new(), 9);
    let mut reader = reader(&folder, rules(&[("topic:crypto", &[RuleAction::Hide])]));
    reader.press("jj");
    assert_eq!((reader.title().as_str(), numbers(&reader)), ("Article 4", vec![1, 2, 4, 5, 7, 8]));
    reader.receive(changed(rules(&[("topic:sea quality:<4", &[RuleAction::Hide])])));
    assert_eq!((reader.title().as_str(), numbers(&reader)), ("Article 4", vec![2, 3, 4, 5, 6, 7, 8, 9]));
    reader.receive(changed(rules(&[("topic:sea", &[RuleAction::Hide])])));
    assert_eq!(reader.title(), "Article 5", "the selection goes to the next one");
    assert_eq!(numbers(&reader), [2, 3, 5, 6, 8, 9]);
    reader.receive(changed(Rules::default()));
    assert_eq!((reader.title().as_str(), numbers(&reader)), ("Article 5", (1..=9).collect()));
    assert!(reader.app().marks().rule_marks().is_none() && reader.changes.is_empty());
    // Also while another query is listed, and during typing.
    reader.press("gu");
    reader.receive(changed(rules(&[("topic:sea", &[RuleAction::Read])])));
    assert_eq!((reader.title().as_str(), numbers(&reader)), ("Article 5", vec![2, 3, 5, 6, 8, 9]));
    reader.press("/article");
    reader.receive(changed(rules(&[("topic:moon", &[RuleAction::Read])])));
    reader.press("<esc>");
    assert_eq!(numbers(&reader), [1, 3, 4, 6, 7, 9]);
}

#[test]
fn nothing_vanishes_under_the_cursor_by_a_rule_either() {
    let folder = write_numbered(Folder::new(), 6);
    let mut reader = reader(&folder, rules(&[("is:read", &[RuleAction::Hide])]));
    reader.press("j<enter>");
    assert_eq!(signs(&reader), "rx");
    assert_eq!((reader.title().as_str(), numbers(&reader)), ("Article 2", (1..=6).collect()));
    // Nor when articles arrive, which are found by the same marks.
    let folder = folder.file("new.md", "---\ntitle: Article 77\ndate: 2021-02-20T11:59:00Z\n---\nNew.\n");
    reader.receive(Event::FeedLoaded { feed: load(&folder), problems: Vec::new(), complete: true });
    assert_eq!((reader.title().as_str(), numbers(&reader)), ("Article 2", vec![77, 1, 2, 3, 4, 5, 6]));
    reader.press("hga");
    assert_eq!((reader.title().as_str(), numbers(&reader)), ("Article 3", vec![77, 1, 3, 4, 5, 6]));
    // What comes back comes back at once.
    assert_eq!(find(&mut reader, "is:hidden"), [2]);
    reader.press("F<ctrl-u>").paste("is:hidden");
    reader.press("<enter>mc");
    assert_eq!(numbers(&reader), [77, 1, 2, 3, 4, 5, 6]);
}

#[test]
fn counts_include_marks_set_by_rules() {
    let folder = write_numbered(Folder::new(), 20);
    let mut reader =
        reader(&folder, rules(&[("is:starred", &[RuleAction::Read]), ("quality:>=19", &[RuleAction::Read])]));
    for (keys, unread) in
        [("s", 17), ("js", 16), ("m", 17), ("ks", 18), ("vjjjjjs", 13), ("ga", 13), ("u", 18), ("Gm", 19)]
    {
        assert_eq!(reader.press(keys).app().unread().count(), unread, "{keys}");
        let (feed, marks) = (reader.app().feed(), reader.app().marks());
        let counted = (0..20).filter(|place| !marks.is_read(feed.id(*place).expect("an article"))).count();
        assert_eq!(counted, unread, "{keys}");
    }
}

#[test]
fn marks_of_another_instance_are_looked_at_too() {
    let folder = write_numbered(Folder::new(), 3);
    let mut reader = reader(&folder, rules(&[("is:starred", &[RuleAction::Score(5)])]));
    let id = reader.app().feed().id(1).expect("an article");
    let mut clock = frontpage::feed::HybridClock::new(frontpage::feed::DeviceId(9));
    let change = Change { stamp: clock.tick(now()), mark: Mark::Starred(true), articles: vec![id] };
    let mut marks = Marks::default();
    marks.apply(&change);
    reader.receive(Event::MarksLoaded { marks, problems: Vec::new() });
    assert_eq!(reader.app().marks().score(id), 5);
}

#[test]
fn time_goes_on_for_rules_and_nothing_vanishes() {
    let folder = write_numbered(Folder::new(), 5);
    let mut reader = reader(&folder, rules(&[("-date:3h", &[RuleAction::Hide])]));
    assert_eq!(numbers(&reader), [1, 2, 3]);
    reader.receive(Event::Tick(now() + chrono::TimeDelta::hours(1)));
    assert_eq!(numbers(&reader), [1, 2, 3]);
    let hidden = |reader: &Reader| reader.app().marks().hidden().count();
    assert_eq!(hidden(&reader), 3);
    reader.press("ga");
    assert_eq!(numbers(&reader), [1, 2]);
}

/// What an app wants to be searched, and does not get.
fn wanted(effects: Effects) -> Vec<Effect> {
    effects.0.into_iter().filter(|effect| matches!(effect, Effect::RunJob(_))).collect()
}

fn of_rules(effects: &[Effect]) -> usize {
    effects.iter().filter(|effect| matches!(effect, Effect::RunJob(job) if job.kind() == JobKind::Rules)).count()
}

fn answer(app: &mut App, effects: Vec<Effect>) -> Vec<Effect> {
    let mut more = Vec::new();
    for effect in effects {
        if let Effect::RunJob(job) = effect {
            more.extend(wanted(app.receive(Event::Job(job.run_now()))));
        }
    }
    more
}

#[test]
fn rules_are_evaluated_once_for_a_feed_and_for_a_key_only_if_they_depend_on_marks() {
    use frontpage::app::Action;
    let folder = write_numbered(Folder::new(), 5);
    let loaded = || Event::FeedLoaded { feed: load(&folder), problems: Vec::new(), complete: true };
    for (when, for_feed, for_key, for_time) in
        [(None, 0, 0, 0), (Some("topic:sea"), 1, 0, 0), (Some("is:read"), 1, 1, 0), (Some("@2h"), 1, 0, 1)]
    {
        let rules = when.map(|when| rules(&[(when, &[RuleAction::Hide])])).unwrap_or_default();
        let mut app = App::new(SessionInit { user: with(rules), ..SessionInit::default() }, now());
        let marks = || Event::MarksLoaded { marks: Marks::default(), problems: Vec::new() };
        let _ = app.receive(marks());
        let effects = wanted(app.receive(loaded()));
        assert_eq!(of_rules(&effects), for_feed, "{when:?}");
        let more = answer(&mut app, effects);
        assert_eq!(of_rules(&more), 0);
        answer(&mut app, more);
        for action in [Action::Down, Action::ToggleRead, Action::Up, Action::AllStates] {
            let effects = wanted(app.apply(action));
            assert_eq!(of_rules(&effects), usize::from(action == Action::ToggleRead) * for_key, "{when:?} {action:?}");
            let more = answer(&mut app, effects);
            answer(&mut app, more);
        }
        let effects = wanted(app.receive(Event::Tick(now() + chrono::TimeDelta::minutes(1))));
        assert_eq!(of_rules(&effects), for_time, "{when:?}");
    }
}

#[test]
fn an_article_that_a_rule_hides_has_no_row_when_it_arrives() {
    let folder = write_numbered(Folder::new(), 5);
    let mut app = App::new(
        SessionInit { user: with(rules(&[("topic:crypto", &[RuleAction::Hide])])), ..SessionInit::default() },
        now(),
    );
    let load = |folder: &Folder| Event::FeedLoaded { feed: load(folder), problems: Vec::new(), complete: true };
    let effects = wanted(app.receive(load(&folder)));
    assert!(app.needs_rules() && app.list().rows().len() == 5, "the first frame waits a moment, and then no longer");
    let more = answer(&mut app, effects);
    answer(&mut app, more);
    assert_eq!((app.list().rows().len(), app.needs_rules()), (4, false));
    for (number, topic, rows) in [(90, "crypto", 4), (91, "sea", 5)] {
        let head = format!("title: Article {number}\ndate: 2021-02-20T11:{}:00Z\ntopics: [{topic}]", number - 40);
        std::fs::write(folder.path().join(format!("{number}.md")), format!("---\n{head}\n---\nNew.\n"))
            .expect("a file");
        let effects = wanted(app.receive(load(&folder)));
        assert_eq!(app.list().rows().len(), 4, "nothing is known of {number} yet");
        assert!(app.rules().is_pending() && app.search().is_running());
        let more = answer(&mut app, effects);
        answer(&mut app, more);
        assert_eq!(
            (app.list().rows().len(), app.rules().is_pending(), app.search().is_running()),
            (rows, false, false)
        );
    }
}

#[test]
fn a_partial_load_shows_nothing_too_early() {
    let folder = write_numbered(Folder::new(), 5);
    let mut app = App::new(
        SessionInit { user: with(rules(&[("topic:crypto", &[RuleAction::Hide])])), ..SessionInit::default() },
        now(),
    );
    for complete in [false, true] {
        let effects = wanted(app.receive(Event::FeedLoaded { feed: load(&folder), problems: Vec::new(), complete }));
        assert_eq!((app.list().rows().len(), app.needs_rules()), (if complete { 4 } else { 0 }, false));
        let more = answer(&mut app, effects);
        answer(&mut app, more);
        assert_eq!((app.list().rows().len(), app.rules().is_pending(), app.search().is_running()), (4, false, false));
    }
}

#[test]
fn a_head_that_arrives_and_is_hidden_is_not_seen_for_its_members() {
    let folder = |head: bool| {
        let article = |folder: Folder, name: &str, related: &str, scores: &str| {
            let head = format!("title: {name}\ndate: 2021-02-20T08:00:00Z\nlink: https://example.org/{name}\n{scores}");
            folder.file(&format!("{name}.md"), format!("---\n{head}\n{related}\n---\nText.\n"))
        };
        let folder = article(Folder::new(), "member", "", "quality: 5\nheat: -1");
        let related = "related: [{title: member, webUrl: \"https://example.org/member\"}]";
        if head { article(folder, "head", related, "quality: 5\nheat: 50") } else { folder }
    };
    let mut app = App::new(
        SessionInit { user: with(rules(&[("title:head", &[RuleAction::Hide])])), ..SessionInit::default() },
        now(),
    );
    let mut titles = Vec::new();
    for head in [false, true] {
        let feed = load(&folder(head));
        let effects = wanted(app.receive(Event::FeedLoaded { feed, problems: Vec::new(), complete: true }));
        let mut note = |app: &App| {
            let rows = app.list().rows().iter().filter_map(|place| app.feed().get(place));
            titles.push(rows.map(|article| article.title.to_string()).collect::<Vec<_>>());
        };
        note(&app);
        let more = answer(&mut app, effects);
        answer(&mut app, more);
        note(&app);
    }
    assert_eq!(app.feed().story_count(), 1);
    assert_eq!(titles, [["member"]; 4]);
}

#[test]
fn the_next_session_looks_as_this_one_from_its_first_frame_on() {
    let folder = write_numbered(Folder::new(), 6);
    let set = || rules(&[("topic:crypto", &[RuleAction::Hide]), ("topic:sea", &[RuleAction::Read, RuleAction::Star])]);
    let mut before = reader(&folder, set());
    before.press("jj");
    let (bookmark, text) = (before.app().bookmark(), before.text());
    let mut app =
        App::new(SessionInit { user: with(set()), bookmark: bookmark.clone(), ..SessionInit::default() }, now());
    let _ = app.receive(Event::FeedLoaded { feed: load(&folder), problems: Vec::new(), complete: true });
    assert_eq!((app.list().rows().len(), app.needs_rules()), (4, false), "before any rule was asked");
    let _ = app.receive(Event::MarksLoaded { marks: Marks::default(), problems: Vec::new() });
    assert_eq!(app.list().rows().len(), 4, "nor when the marks are known first");
    let mut next = Reader::starting(SessionInit { user: with(set()), bookmark, ..SessionInit::default() });
    next.receive(Event::FeedLoaded { feed: load(&folder), problems: Vec::new(), complete: true });
    assert_eq!(next.text(), text);
    next.receive(Event::MarksLoaded { marks: Marks::default(), problems: Vec::new() });
    assert_eq!(next.text(), text);
}

#[test]
fn a_story_whose_head_a_rule_hides_has_its_members_in_rows() {
    let mut reader = Reader::of_folded_news();
    assert_eq!(reader.titles().len(), 3);
    let query = "title:\"tide clocks\"";
    reader.receive(changed(rules(&[(query, &[RuleAction::Hide])])));
    assert_eq!(reader.titles()[0], "How the Moon Pulls");
    reader.receive(changed(rules(&[("title:moon", &[RuleAction::Read]), (query, &[RuleAction::Read])])));
    assert_eq!(reader.app().unread().count(), 3);
    let head = reader.app().feed().index_of(reader.app().feed().id(0).expect("an article")).expect("a place");
    assert!(reader.app().targets().is_unread(head), "one of its members is unread");
}

#[test]
fn the_article_lists_the_rules_that_apply_to_it() {
    let mut reader = Reader::of(Library::Paths(vec!["tests/fixtures/news".into()])).unfolded();
    reader.receive(changed(rules(&[
        ("provider:\"harbour review\"", &[RuleAction::Star, RuleAction::Score(10)]),
        ("topic:sea -is:starred", &[RuleAction::Read, RuleAction::Score(-2)]),
        ("title:moon", &[RuleAction::Hide]),
    ])));
    insta::with_settings!({ omit_expression => true }, {
        reader.press(".");
        insta::assert_snapshot!("rules_160x45", reader.sized(160, 45).styled());
    });
}

#[test]
fn marks_that_the_user_removed_are_not_attributed_to_a_rule() {
    let folder = write_numbered(Folder::new(), 1);
    let mut reader = reader(&folder, rules(&[("topic:sea", &[RuleAction::Star, RuleAction::Read])])).sized(120, 40);
    reader.press(".");
    assert!(reader.text().contains("starred, read by the rule `topic:sea`"), "{}", reader.text());
    reader.press("s");
    assert!(reader.text().contains("Rules     read by the rule `topic:sea`"), "{}", reader.text());
    reader.press("m");
    assert!(!reader.text().contains("by the rule"), "{}", reader.text());
    reader.press("S");
    assert!(reader.text().contains("score"));
    assert_eq!(Query::parse("sort:-score").map(|query| query.depends_on_marks()), Ok(true));
}
