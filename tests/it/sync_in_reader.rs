//! Subscriptions in the reader: syncs by key and in the background, the list, and what never happens meanwhile.
// A build that cannot sync has one test of it.
#![cfg_attr(not(feature = "sync"), allow(unused_imports, dead_code))]

use std::collections::HashMap;
use std::sync::Arc;

use chrono::TimeDelta;
use frontpage::app::{
    Context, Effect, Event, Focus, Health, SessionInit, SubscriptionEffect, SubscriptionList, UserConfig,
};
use frontpage::feed::UntrustedText;
use frontpage::jobs::subscribe::{FoundChannel, SubscribeEnd, SubscribeRequest};
use frontpage::jobs::sync_subscriptions::{SyncEnd, SyncFailed, SyncScope, SyncSummary};
use frontpage::jobs::{Answer, JobId, JobKind, JobReport, JobStatus, Progress};
use frontpage::library::Library;
use frontpage::subscriptions::{FetchRecord, FetchRecords, Move, RecordedProblem, Stopped, SubscriptionsFile};

use crate::harness::folder::Folder;
use crate::harness::hostile;
use crate::harness::reader::{Reader, now, user};

const FOUR: &str = "- https://tides.example/feed.xml\n- feed: https://me:secret@moon.example/f?key=hidden\n  title: The Moon\n\
                    - https://gone.example/rss\n- feed: https://quiet.example/atom\n  paused: true\n";

fn subscribed(list: &str, settings: &str) -> UserConfig {
    let file = SubscriptionsFile::parse(list, "".as_ref(), None);
    assert_eq!(file.problems, []);
    UserConfig { subscriptions: Arc::new(file), ..user(settings) }
}

fn reader_of(list: &str, settings: &str) -> Reader {
    let user = subscribed(list, settings);
    Reader::starting(SessionInit { user, subscriptions_file: "subscriptions.yaml".into(), ..SessionInit::default() })
        .reading(Library::Paths(vec!["tests/fixtures/news".into()]))
}

fn reader() -> Reader {
    reader_of(FOUR, "")
}

/// What the reader asked for since the last call.
fn asked(reader: &mut Reader) -> Vec<SubscriptionEffect> {
    let effects = std::mem::take(&mut reader.effects);
    let of_subscriptions = |effect| if let Effect::Subscriptions(effect) = effect { Some(effect) } else { None };
    effects.into_iter().filter_map(of_subscriptions).collect()
}

/// The same without the reading of records, which opening the list asks for.
fn asked_in_list(reader: &mut Reader) -> Vec<SubscriptionEffect> {
    asked(reader).into_iter().filter(|effect| *effect != SubscriptionEffect::ReadRecords).collect()
}

fn sync(scope: SyncScope, is_background: bool) -> SubscriptionEffect {
    SubscriptionEffect::Sync { scope, is_background }
}

fn report(reader: &mut Reader, job: JobId, kind: JobKind, status: JobStatus) {
    reader.receive(Event::Job(JobReport { job, kind, status }));
}

/// A sync starts; the returned job runs.
fn started(reader: &mut Reader) -> JobId {
    let job = JobId::next();
    report(reader, job, JobKind::Sync, JobStatus::Started);
    job
}

fn ended(reader: &mut Reader, job: JobId, is_background: bool, result: Result<SyncSummary, &'static str>) {
    let end = SyncEnd { is_background, result: result.map_err(|why| SyncFailed(why.into())) };
    report(reader, job, JobKind::Sync, JobStatus::Answer(Answer::Sync(end)));
}

fn subscribe_ended(reader: &mut Reader, end: SubscribeEnd) {
    report(reader, JobId::next(), JobKind::Subscribe, JobStatus::Answer(Answer::Subscribe(end)));
}

fn records(reader: &mut Reader, records: impl IntoIterator<Item = (usize, FetchRecord)>) {
    let keys: Vec<_> = reader.app().subscriptions().rows().map(|row| row.key).collect();
    let records: HashMap<_, _> = records.into_iter().map(|(at, record)| (keys[at], record)).collect();
    let answer = Answer::Records(FetchRecords { records, ..FetchRecords::default() });
    report(reader, JobId::next(), JobKind::Records, JobStatus::Answer(answer));
}

fn notice(reader: &Reader) -> String {
    reader.app().notice().map(|notice| notice.text.to_string()).unwrap_or_default()
}

fn fetched(title: &str) -> FetchRecord {
    let (last, next) = (Some(now() - TimeDelta::hours(3)), Some(now() + TimeDelta::minutes(20)));
    FetchRecord { title: title.to_owned(), requested: last, succeeded: last, next, ..FetchRecord::default() }
}

/// Records of four states: fine, failing with a problem, gone, paused.
fn four_records(reader: &mut Reader) {
    let problem = RecordedProblem { what: "no answer within 20 s".into(), remedy: "wait".into(), is_failure: true };
    let failing_since = Some(now() - TimeDelta::days(2));
    let failing = FetchRecord { problem: Some(problem), failing_since, failures: 4, ..fetched("Moon") };
    let gone = FetchRecord { stopped: Some(Stopped::Gone), ..fetched("Gone") };
    records(reader, [(0, fetched("Tide Tables")), (1, failing), (2, gone)]);
}

#[cfg(feature = "sync")]
#[test]
fn one_key_fetches_what_is_due_and_a_second_within_three_seconds_all() {
    for (apart, scope) in [(0, SyncScope::All), (3, SyncScope::All), (4, SyncScope::Due)] {
        let mut reader = reader();
        reader.press("R");
        assert_eq!(asked(&mut reader), [sync(SyncScope::Due, false)]);
        let job = started(&mut reader);
        ended(&mut reader, job, false, Ok(SyncSummary::default()));
        asked(&mut reader);
        reader.time_is(now() + TimeDelta::seconds(apart));
        reader.press("R");
        assert_eq!(asked(&mut reader), [sync(scope, false)], "after {apart} s");
        reader.press("R");
    }
    let mut reader = reader();
    reader.press(":sync-all<enter>");
    assert_eq!(asked(&mut reader), [sync(SyncScope::All, false)]);
}

#[cfg(feature = "sync")]
#[test]
fn a_second_key_while_the_sync_runs_fetches_all_after_it() {
    let mut reader = reader();
    reader.press("R");
    let job = started(&mut reader);
    asked(&mut reader);
    reader.press("R");
    assert_eq!(
        (asked(&mut reader), notice(&reader).as_str()),
        (vec![], "A sync is running; all subscriptions are next")
    );
    ended(&mut reader, job, false, Ok(SyncSummary::default()));
    let all = sync(SyncScope::All, false);
    assert_eq!(asked(&mut reader), [SubscriptionEffect::ReadRecords, all.clone()]);
    let job = started(&mut reader);
    reader.press("R:stop-sync<enter>");
    assert_eq!(asked(&mut reader), [SubscriptionEffect::StopSync, SubscriptionEffect::ReadRecords]);
    report(&mut reader, job, JobKind::Sync, JobStatus::Cancelled);
    assert_eq!(asked(&mut reader), []);
    reader.press(":stop-sync<enter>");
    assert_eq!((asked(&mut reader), notice(&reader).as_str()), (vec![], "No sync is running"));
}

#[test]
fn without_subscriptions_or_in_a_build_without_sync_the_key_says_so() {
    let mut reader = Reader::of_news();
    reader.press("R");
    let wanted =
        if cfg!(feature = "sync") { "No subscriptions: `:subscribe URL` adds one" } else { "This build cannot sync" };
    assert_eq!((asked(&mut reader), notice(&reader).as_str()), (vec![], wanted));
}

#[cfg(feature = "sync")]
#[test]
fn an_account_without_subscriptions_is_synced_by_key_and_by_itself_and_its_failure_is_a_problem() {
    let account = |title: &str| {
        format!(
            "# Mine\n- account: {{service: miniflux, url: https://rss.example/, {title}auth: {{user: me, password \
             command: pass a}}}}\n"
        )
    };
    for (list, title) in [(account(""), "miniflux (rss.example)"), (account("title: Home, "), "Home")] {
        let mut reader = reader_of(&list, "");
        reader.press("R");
        assert_eq!(asked(&mut reader), [sync(SyncScope::Due, false)]);
        let mut reader = reader_of(&list, "sync: {every: 1h}");
        reader.receive(Event::Tick(now() + TimeDelta::seconds(5)));
        assert_eq!(asked(&mut reader), [SubscriptionEffect::ReadRecords, sync(SyncScope::Due, true)]);
        let keys: Vec<_> = reader.app().subscriptions().rows().map(|row| row.key).collect();
        let problem = |is_failure| {
            Some(RecordedProblem { what: "wrong password".into(), remedy: "change it".into(), is_failure })
        };
        for (is_failure, count) in [(true, 1), (false, 0)] {
            let record = FetchRecord { problem: problem(is_failure), ..fetched("") };
            let records = keys.iter().map(|key| (*key, record.clone())).collect();
            let answer = Answer::Records(FetchRecords { records, ..FetchRecords::default() });
            report(&mut reader, JobId::next(), JobKind::Records, JobStatus::Answer(answer));
            let problems = reader.app().subscriptions().problems();
            assert_eq!(problems.len(), count, "{problems:?}");
            for problem in problems {
                assert_eq!(
                    problem.one_line().as_str(),
                    format!("subscriptions.yaml:2:1: {title}: wrong password; change it")
                );
            }
        }
    }
}

#[cfg(feature = "sync")]
#[test]
fn the_notice_says_what_failed_and_what_was_left_out() {
    let summary = |new, updated, failed, message: &'static str| SyncSummary {
        asked: 4,
        new,
        updated,
        failed,
        full_texts: 0,
        marks_sent: 0,
        programs_failed: 0,
        messages: Vec::new(),
        message: message.into(),
    };
    let held_back = |message: &'static str| SyncSummary { message: message.into(), ..SyncSummary::default() };
    for (result, is_background, words) in [
        (Ok(summary(0, 0, 0, "")), false, "Synced: nothing new"),
        (Ok(summary(3, 1, 0, "")), false, "Synced: 3 new · 1 updated"),
        (
            Ok(summary(3, 0, 2, "1 held back: asked less than five minutes ago")),
            false,
            "Synced: 2 failed: see :subscriptions · 3 new · 1 held back: asked less than five minutes ago",
        ),
        (Ok(SyncSummary { marks_sent: 1, ..summary(0, 0, 0, "") }), false, "Synced: 1 mark sent"),
        (Ok(SyncSummary { marks_sent: 7, ..summary(2, 0, 0, "") }), false, "Synced: 2 new · 7 marks sent"),
        (Ok(held_back("")), false, "Nothing is due; `:sync-all` fetches all the same"),
        (
            Ok(held_back("3 held back: asked less than five minutes ago")),
            false,
            "Not fetched: 3 held back: asked less than five minutes ago",
        ),
        (Err("another sync runs"), false, "Not synced: another sync runs"),
        (Ok(summary(3, 1, 2, "x")), true, ""),
        (Err("another sync runs"), true, ""),
        (Err("no network"), true, ""),
    ] {
        let mut reader = reader();
        let job = started(&mut reader);
        ended(&mut reader, job, is_background, result);
        assert_eq!(notice(&reader), words);
        assert_eq!(asked(&mut reader), [SubscriptionEffect::ReadRecords]);
    }
}

#[cfg(feature = "sync")]
#[test]
fn messages_of_a_sync_go_to_the_terminal_also_in_the_background() {
    for is_background in [true, false] {
        let mut reader = reader();
        let job = started(&mut reader);
        let messages = vec!["Tea 1".into(), "2 new articles: a · b".into()];
        ended(&mut reader, job, is_background, Ok(SyncSummary { messages, ..SyncSummary::default() }));
        let shown =
            |effect: &Effect| if let Effect::ShowMessage(text) = effect { Some(text.to_string()) } else { None };
        let shown: Vec<String> = reader.effects.iter().filter_map(shown).collect();
        assert_eq!(shown, ["Tea 1", "2 new articles: a · b"]);
    }
}

#[test]
fn the_footer_shows_the_progress_in_all_symbol_sets() {
    for (settings, none, some) in
        [("", "↻ …", "↻ 12/40"), ("ascii: true", "sync", "sync 12/40"), ("plain: true", "sync", "sync 12/40")]
    {
        let mut reader = reader_of(FOUR, settings);
        let job = started(&mut reader);
        for (progress, words) in [(Progress::of(0, 0), none), (Progress::of(12, 40), some)] {
            report(&mut reader, job, JobKind::Sync, JobStatus::Progress(progress));
            assert!(reader.footer().contains(words), "{}", reader.text());
        }
        report(&mut reader, job, JobKind::Sync, JobStatus::Cancelled);
        assert!(!reader.text().contains(some));
    }
}

#[cfg(feature = "sync")]
#[test]
fn the_background_syncs_after_two_idle_seconds_and_then_at_intervals() {
    let mut reader = reader();
    let at = |seconds| now() + TimeDelta::seconds(seconds);
    let background = || sync(SyncScope::Due, true);
    let settings = reader.app().settings().sync;
    let due = |reader: &Reader| reader.app().subscriptions().due(settings);
    assert_eq!(due(&reader), Some(at(2)));
    reader.time_is(at(1));
    reader.press("j");
    assert_eq!(due(&reader), Some(at(3)), "keys postpone it");
    for (second, wanted) in [
        (2, vec![]),
        (3, vec![SubscriptionEffect::ReadRecords, background()]),
        (4, vec![]),
        (3 + 1799, vec![]),
        (3 + 1800, vec![background()]),
        (3 + 1801, vec![]),
    ] {
        reader.receive(Event::Tick(at(second)));
        assert_eq!(asked(&mut reader), wanted, "at {second}");
    }
    // One that still runs is not started again, and a sync by key counts.
    let job = started(&mut reader);
    reader.receive(Event::Tick(at(2 * 1800 + 3)));
    assert_eq!(asked(&mut reader), []);
    ended(&mut reader, job, true, Ok(SyncSummary::default()));
    reader.time_is(at(3 * 1800));
    reader.press("R");
    asked(&mut reader);
    reader.receive(Event::Tick(at(3 * 1800 + 3)));
    assert_eq!(asked(&mut reader), []);
    // A changed setting applies at once.
    reader.adopt(subscribed(FOUR, "sync: {every: 1m}"));
    reader.receive(Event::Tick(at(3 * 1800 + 60)));
    assert_eq!(asked(&mut reader), [background()]);
    reader.adopt(subscribed(FOUR, "sync: {every: never}"));
    reader.receive(Event::Tick(at(9 * 1800)));
    assert_eq!(asked(&mut reader), []);
}

#[test]
fn nothing_is_fetched_without_subscriptions_and_never_means_never() {
    let mut reader = Reader::of_news();
    reader.receive(Event::Tick(now() + TimeDelta::days(1)));
    assert_eq!(asked(&mut reader), []);
    let mut reader = reader_of(FOUR, "sync: {every: never}");
    reader.receive(Event::Tick(now() + TimeDelta::days(1)));
    let wanted = if cfg!(feature = "sync") { vec![SubscriptionEffect::ReadRecords] } else { vec![] };
    assert_eq!(asked(&mut reader), wanted);
}

#[test]
fn the_list_shows_states_and_keys_act_on_the_selected_one() {
    let mut reader = reader().sized(135, 45);
    four_records(&mut reader);
    reader.press(":subscriptions<enter>");
    assert_eq!(reader.app().context(), Context::Subscriptions);
    let screen = reader.text();
    for part in
        ["Tide Tables", "ok", "3h", "in 20m", "The Moon", "failing", "gone", "paused", "https://quiet.example/atom"]
    {
        assert!(screen.contains(part), "{part}:\n{screen}");
    }
    assert!(!screen.contains("secret") && !screen.contains("hidden"), "{screen}");
    // The key is offered only where there is a problem.
    for (key, is_offered) in [("", false), ("j", true), ("j", true), ("kk", false)] {
        reader.press(key);
        assert_eq!(reader.text().contains("x problem"), is_offered, "{key}:\n{}", reader.text());
    }
    reader.press("x");
    assert_eq!(notice(&reader), "No problem with this subscription");
    reader.press("jx");
    let screen = reader.text();
    for part in ["no answer within 20 s", "wait", "failing · for 2d", "4 failed requests", "https://moon.example/f"] {
        assert!(screen.contains(part), "{part}:\n{screen}");
    }
    reader.press("j");
    assert!(reader.text().contains("gone for good"), "{}", reader.text());
    reader.press("<esc>");
    assert_eq!(reader.app().context(), Context::Subscriptions, "Esc closes the problem first");
    reader.press("ge");
    assert_eq!(asked_in_list(&mut reader), [SubscriptionEffect::EditLine(4)]);
    reader.press("d");
    assert_eq!(reader.app().context(), Context::Confirm);
    reader.press("n");
    assert_eq!(asked_in_list(&mut reader), []);
    let key = reader.app().subscriptions().rows().nth(2).expect("a row").key;
    reader.press("dy");
    assert_eq!(asked_in_list(&mut reader), [SubscriptionEffect::Unsubscribe(key)]);
    reader.press("R");
    assert_eq!(asked_in_list(&mut reader).len(), usize::from(cfg!(feature = "sync")));
    reader.press("/moon");
    assert_eq!(reader.app().context(), Context::Picker);
    assert!(!reader.text().contains("Tide Tables") && reader.text().contains("The Moon"), "{}", reader.text());
    reader.press("<enter>e");
    assert_eq!(asked_in_list(&mut reader), [SubscriptionEffect::EditLine(2)]);
    reader.press("<esc>");
    assert!(reader.text().contains("Tide Tables"));
    reader.press("<esc>");
    assert_eq!(reader.app().context(), Context::List);
}

#[test]
fn a_suggested_move_is_applied_with_enter_in_its_problem() {
    let mut reader = reader();
    let to = "https://new.example/feed?key=hidden".to_owned();
    let moved = |days: i64| Move { to: to.clone(), seen: (0..days).map(|day| now() - TimeDelta::days(day)).collect() };
    records(&mut reader, [(0, FetchRecord { moved: Some(moved(2)), ..fetched("Tides") })]);
    reader.press(":subscriptions<enter>x<enter>");
    assert_eq!(asked_in_list(&mut reader), [], "it was seen twice");
    reader.press("<esc>");
    records(&mut reader, [(0, FetchRecord { moved: Some(moved(3)), ..fetched("Tides") })]);
    reader.press(":subscriptions<enter>x");
    assert!(
        reader.text().contains("https://new.example/feed") && !reader.text().contains("hidden"),
        "{}",
        reader.text()
    );
    reader.press("<enter>");
    let key = reader.app().subscriptions().rows().next().expect("a row").key;
    assert_eq!(asked_in_list(&mut reader), [SubscriptionEffect::Move { key, to: UntrustedText::new(&to) }]);
}

#[test]
fn enter_shows_the_articles_of_the_subscription_by_its_key() {
    let address = "https://tides.example/feed.xml";
    let key = SubscriptionsFile::parse(FOUR, "".as_ref(), None).subscriptions[0].subscription.key();
    let article = |n: usize, id: &str, feed: &str| {
        format!("---\ntitle: \"Article {n}\"\nfeed: \"{feed}\"\nfeedId: \"{n}\"\narticleId: \"{id}#{n}\"\n---\ntext\n")
    };
    let folder = Folder::new()
        .file("1.md", article(1, &key.to_string(), address))
        // The subscription had another address.
        .file("2.md", article(2, &key.to_string(), "https://old.example/feed"))
        .file("3.md", article(3, "0123456789abcdef", "https://other.example/feed"));
    let user = subscribed(FOUR, "");
    let mut reader = Reader::starting(SessionInit { user, ..SessionInit::default() })
        .reading(Library::Paths(vec![folder.path().to_owned()]));
    reader.press(":subscriptions<enter>");
    assert!(reader.text().contains("2 / 2"), "{}", reader.text());
    reader.press("<enter>");
    let mut titles = reader.titles();
    titles.sort();
    assert_eq!((titles, reader.app().focus()), (vec!["Article 1".to_owned(), "Article 2".to_owned()], Focus::List));
}

#[test]
fn the_title_of_the_list_names_the_subscription() {
    let mut reader = reader().sized(100, 30);
    let title = |reader: &Reader| reader.text().lines().next().unwrap_or_default().to_owned();
    for (query, named) in [
        ("feed:=\"https://moon.example/f\"", "› The Moon ━"),
        ("feed:=\"HTTPS://moon.example/f\" is:unread", "› The Moon › unread ━"),
        ("-feed:=\"https://moon.example/f\"", "› -The Moon ━"),
        ("feed:=\"https://e.org/f\"", "› feed:=\"https://e.org/f\" ━"),
        ("feed:moon", "› feed:moon ━"),
    ] {
        reader.press(&format!("F<ctrl-u>{query}<enter>"));
        assert!(title(&reader).contains(named), "{query}: {}", title(&reader));
    }
    // The title of the channel arrives with the records.
    reader.press("F<ctrl-u>feed:=\"https://tides.example/feed.xml\"<enter>");
    assert!(title(&reader).contains("› https://tides.example/feed.xml ━"), "{}", title(&reader));
    records(&mut reader, [(0, fetched("The Tides"))]);
    assert!(title(&reader).contains("› The Tides ━"), "{}", title(&reader));
}

#[test]
fn enter_tells_subscriptions_apart_whose_addresses_differ_only_in_the_query() {
    let list = "- https://e.org/f?id=1\n- feed: https://e.org/f?id=2\n  folder: \"Two (2)\"\n";
    let subscriptions = SubscriptionsFile::parse(list, "".as_ref(), None).subscriptions;
    let folder = (1..).zip(&subscriptions).fold(Folder::new(), |folder, (number, listed)| {
        let name = listed.subscription.folder_name().expect("a name");
        let text = format!(
            "---\ntitle: \"Article {number}\"\nfeed: \"https://e.org/f\"\nfeedId: \"1\"\narticleId: \"{}#1\"\n---\ntext\n",
            listed.key
        );
        folder.file(&format!("{name}/1.md"), text)
    });
    for (keys, title) in [("<enter>", "Article 1"), ("j<enter>", "Article 2")] {
        let mut reader = Reader::starting(SessionInit { user: subscribed(list, ""), ..SessionInit::default() })
            .reading(Library::Paths(vec![folder.path().to_owned()]));
        reader.press(":subscriptions<enter>");
        reader.press(keys);
        assert_eq!(reader.titles(), [title], "{}", reader.app().query());
    }
}

#[cfg(feature = "sync")]
#[test]
fn an_address_is_subscribed_to_from_the_palette_and_the_list() {
    for keys in [":subscribe https://e.org/?k=1<enter>", ":subscriptions<enter>ahttps://e.org/?k=1<enter>"] {
        let mut reader = reader();
        reader.press(keys);
        assert_eq!(
            asked_in_list(&mut reader),
            [SubscriptionEffect::Subscribe(SubscribeRequest::of("https://e.org/?k=1"))],
            "{keys}"
        );
        assert_eq!(notice(&reader), "Subscribing to https://e.org/ …");
    }
}

#[cfg(feature = "sync")]
#[test]
fn the_result_of_subscribing_is_a_notice_or_a_choice() {
    for (end, words) in [
        (SubscribeEnd::Subscribed { title: "Tides".into(), new: 1, read: 0 }, "Subscribed to Tides: 1 article"),
        (
            SubscribeEnd::Subscribed { title: "Tides".into(), new: 30, read: 10 },
            "Subscribed to Tides: 30 articles, 20 unread",
        ),
        (SubscribeEnd::Already("Tides".into()), "Subscribed already: Tides"),
        (
            SubscribeEnd::Failed("no channel".into(), "try another page".into()),
            "Not subscribed: no channel; try another page",
        ),
        (SubscribeEnd::Choose(Vec::new()), "Not subscribed: no channel found"),
    ] {
        let mut reader = reader();
        subscribe_ended(&mut reader, end);
        assert_eq!(notice(&reader), words);
    }
    let request =
        |number| SubscribeRequest { channel: Some(number), ..SubscribeRequest::of("https://e.org/?k=hidden") };
    let channel = |number, address: &'static str| FoundChannel {
        request: request(number),
        address: address.into(),
        title: "News".into(),
    };
    let choice = || SubscribeEnd::Choose(vec![channel(1, "https://e.org/a"), channel(2, "https://e.org/b")]);
    let mut reader = reader();
    subscribe_ended(&mut reader, choice());
    assert!(reader.text().contains("https://e.org/a") && !reader.text().contains("hidden"), "{}", reader.text());
    reader.press("j<enter>");
    assert_eq!(asked(&mut reader), [SubscriptionEffect::Subscribe(request(2))]);
    // It does not take the keys of a prompt.
    reader.press("/ti");
    subscribe_ended(&mut reader, choice());
    assert_eq!(
        (reader.app().context(), notice(&reader).as_str()),
        (Context::Prompt, "2 channels found: `:subscribe` lists them")
    );
    reader.press("de<enter>:subscribe<enter><enter>");
    assert_eq!(asked(&mut reader), [SubscriptionEffect::Subscribe(request(1))]);
}

#[test]
fn a_server_on_a_private_network_is_asked_about() {
    let request = SubscribeRequest { is_private: true, ..SubscribeRequest::of("http://10.0.0.5/feed?k=hidden") };
    let refused = || SubscribeEnd::Private("10.0.0.5 is an address on a private network".into(), request.clone());
    for (keys, effects) in
        [("n", vec![]), ("<esc>", vec![]), ("y", vec![SubscriptionEffect::Subscribe(request.clone())])]
    {
        let mut reader = reader();
        subscribe_ended(&mut reader, refused());
        assert_eq!(reader.app().context(), Context::Confirm);
        let screen = reader.text();
        assert!(
            screen.contains("10.0.0.5 is on a private network. Subscribe? y/n") && !screen.contains("hidden"),
            "{screen}"
        );
        assert!(!screen.contains("Not subscribed"), "the question is enough: {screen}");
        reader.press(keys);
        assert_eq!((asked(&mut reader), reader.app().context()), (effects, Context::List), "{keys}");
    }
    // A question does not take the keys of a prompt.
    let mut reader = reader();
    reader.press("/ti");
    subscribe_ended(&mut reader, refused());
    reader.press("y");
    assert_eq!((asked(&mut reader), reader.app().context()), (vec![], Context::Prompt));
    reader.press("<esc>:notices<enter>");
    assert!(reader.text().contains("subscribe again to permit it"), "{}", reader.text());
}

#[test]
fn problems_of_subscriptions_are_warnings_at_their_lines() {
    let mut reader = reader();
    four_records(&mut reader);
    let problems: Vec<String> =
        reader.app().problems().all().iter().map(|problem| problem.one_line().to_string()).collect();
    let wanted = [
        "subscriptions.yaml:2:1: The Moon: no answer within 20 s; wait",
        "subscriptions.yaml:4:1: Gone: the server says that it is gone for good (410); remove it; its articles stay",
    ];
    assert_eq!(problems, wanted);
    reader.press("P");
    assert!(reader.text().contains("The Moon: no answer within 20 s"), "{}", reader.text());
    records(&mut reader, []);
    assert!(reader.app().problems().all().is_empty() && reader.app().overlay().is_none());
}

#[test]
fn a_failed_sync_in_the_background_is_seen_in_the_list_alone() {
    let mut reader = reader();
    let (failure, words) = ("no server can be reached", "The last sync did nothing: no server can be reached");
    let before = reader.text();
    let job = started(&mut reader);
    ended(&mut reader, job, true, Err(failure));
    assert_eq!(reader.text(), before);
    reader.press(":subscriptions<enter>");
    assert!(reader.text().contains(words), "{}", reader.text());
    let job = started(&mut reader);
    ended(&mut reader, job, true, Ok(SyncSummary::default()));
    assert!(!reader.text().contains(words), "{}", reader.text());
}

#[test]
fn a_question_about_a_long_title_says_which_keys_answer_it() {
    let title = "字🌊".repeat(300);
    for columns in [160, 60, 40] {
        let mut reader = reader_of("- https://e.org/\n", "").sized(columns, 20);
        records(&mut reader, [(0, fetched(&title))]);
        reader.press(":subscriptions<enter>d");
        let screen = reader.text();
        assert!(screen.lines().next_back().is_some_and(|line| line.contains(" y/n")), "{screen}");
    }
}

#[test]
fn opening_the_list_reads_the_records_again() {
    let mut reader = reader();
    for _ in 0..2 {
        reader.press(":subscriptions<enter>");
        assert_eq!(asked(&mut reader), [SubscriptionEffect::ReadRecords]);
        reader.press("<esc>");
    }
}

#[test]
fn a_list_without_rows_can_be_closed() {
    for (file, keys) in [
        ("", "<esc>"),
        ("", "q"),
        ("", "h"),
        ("", "<down>xd<enter>q"),
        (FOUR, "/nothing<esc>q"),
        (FOUR, "/tides<enter><esc>q"),
        (FOUR, "/nothing<enter><esc><esc>"),
    ] {
        let mut reader = reader_of(file, "");
        reader.press(":subscriptions<enter>");
        assert_eq!(reader.app().context(), Context::Subscriptions);
        reader.press(keys);
        assert_eq!(reader.app().context(), Context::List, "{file:?} {keys}");
    }
}

#[test]
fn the_selection_stays_when_the_list_changes() {
    let mut reader = reader();
    reader.press(":subscriptions<enter>jj");
    let selected = |reader: &Reader| {
        let list = reader.app().overlays().top_as::<SubscriptionList>().expect("the list");
        list.selected(reader.app().subscriptions()).expect("a row").address().to_string()
    };
    assert_eq!(selected(&reader), "https://gone.example/rss");
    reader.adopt(subscribed(&format!("- https://first.example/\n{FOUR}"), ""));
    assert_eq!(selected(&reader), "https://gone.example/rss");
    four_records(&mut reader);
    assert_eq!(selected(&reader), "https://gone.example/rss");
    reader.adopt(subscribed("- https://first.example/\n", ""));
    assert_eq!(selected(&reader), "https://first.example/");
    reader.adopt(subscribed("[]\n", ""));
    assert!(reader.text().contains("You follow nothing yet"), "{}", reader.text());
    reader.press("xde<enter>");
}

#[test]
fn articles_that_a_sync_brings_move_nothing() {
    let article = |n: usize| {
        let text = "A line of text.\n\n".repeat(60);
        format!(
            "---\ntitle: \"Article {n}\"\npublishedDateTime: 2021-02-{:02}T00:00:00Z\nwebUrl: https://e.org/{n}\n---\n{text}",
            n
        )
    };
    let file =
        |folder: &Folder, n: usize| std::fs::write(folder.path().join(format!("{n}.md")), article(n)).expect("a file");
    let folder = Folder::new();
    (1..=9).for_each(|n| file(&folder, n));
    let reload = |reader: &mut Reader| {
        reader.receive(Event::FilesChanged);
        let loaded = Library::Paths(vec![folder.path().to_owned()]).load(now(), |_| {}).expect("the library");
        reader.receive(Event::FeedLoaded { feed: loaded.feed, problems: loaded.problems, complete: true });
    };
    let start = || Reader::starting(SessionInit { user: subscribed(FOUR, ""), ..SessionInit::default() });
    let mut reader = start().reading(Library::Paths(vec![folder.path().to_owned()]));
    reader.press("jj<enter>jjjjj");
    let before = (reader.title(), reader.app().focus(), reader.app().detail().scroll());
    let job = started(&mut reader);
    for n in 10..=15 {
        file(&folder, n);
        report(&mut reader, job, JobKind::Sync, JobStatus::Progress(Progress::of(n, 15)));
        reload(&mut reader);
        assert_eq!((reader.title(), reader.app().focus(), reader.app().detail().scroll()), before, "{n}");
        let selected = reader.app().list().selected();
        assert_eq!(reader.titles()[selected], before.0, "{n}");
    }
    ended(&mut reader, job, false, Ok(SyncSummary { new: 6, ..SyncSummary::default() }));
    assert_eq!((reader.title(), reader.app().focus(), reader.app().detail().scroll()), before);
    // The first articles of an empty list: one is selected, and it stays.
    let empty = Folder::new();
    let mut reader = start().reading(Library::Paths(vec![empty.path().to_owned()]));
    assert_eq!(reader.titles(), Vec::<String>::new());
    reload(&mut reader);
    let first = reader.title();
    assert!(!first.is_empty() && reader.app().focus() == Focus::List);
    file(&folder, 16);
    reload(&mut reader);
    assert_eq!(reader.title(), first);
}

#[test]
fn the_list_can_be_drawn_at_every_size_with_hostile_titles() {
    let mut hostile = hostile::strings(60);
    hostile.extend(["x".repeat(10_000), "字".repeat(10_000), "\u{202e}evil".to_owned(), "\u{1b}[2J".to_owned()]);
    let list: String = (0..hostile.len()).map(|n| format!("- https://e.org/{n}\n")).collect();
    let mut reader = reader_of(&list, "");
    let record = |(at, text): (usize, &String)| {
        let problem = RecordedProblem { what: text.clone(), remedy: text.clone(), is_failure: true };
        (at, FetchRecord { problem: Some(problem), failures: 1, ..fetched(text) })
    };
    records(&mut reader, hostile.iter().enumerate().map(record));
    reader.press(":subscriptions<enter>");
    for (columns, rows) in [(160, 45), (100, 30), (60, 20), (20, 5), (7, 3), (1, 1)] {
        reader.resize(columns, rows);
        for _ in 0..hostile.len() {
            reader.press("xxj");
            let found = crate::harness::output_check::foreign(reader.text().as_bytes(), false);
            assert_eq!(found, Vec::<String>::new());
        }
        reader.press("gg");
    }
}

#[test]
fn columns_go_from_the_right_on_narrow_screens() {
    for (size, there, gone) in [
        ((160, 45), vec!["state", "unread/all", "last", "next"], vec![]),
        ((100, 30), vec!["state", "unread/all", "last", "next"], vec![]),
        ((60, 20), vec!["state", "unread/all"], vec!["last", "next"]),
        ((40, 20), vec![], vec!["state"]),
    ] {
        let mut reader = reader().sized(size.0, size.1);
        four_records(&mut reader);
        reader.press(":subscriptions<enter>");
        let screen = reader.text();
        let heading = screen.lines().find(|line| line.contains("title")).expect("a heading").to_owned();
        assert!(there.iter().all(|name| heading.contains(name)), "{size:?}\n{screen}");
        assert!(!gone.iter().any(|name| heading.contains(name)), "{size:?}\n{screen}");
        assert!(screen.contains("Tide Tables"), "{screen}");
    }
}

#[test]
fn states_differ_on_the_screen() {
    let mut reader = reader();
    four_records(&mut reader);
    let healths: Vec<Health> = reader.app().subscriptions().rows().map(|row| row.health()).collect();
    assert_eq!(healths, [Health::Fine, Health::Failing, Health::Gone, Health::Paused]);
    records(&mut reader, []);
    let healths: Vec<Health> = reader.app().subscriptions().rows().map(|row| row.health()).collect();
    assert_eq!(healths[..3], [Health::NeverFetched; 3]);
}

#[test]
fn the_palette_finds_the_commands_by_other_words() {
    for (typed, name) in [
        ("fetch", "sync"),
        ("reload", "sync"),
        ("channels", "subscriptions"),
        ("follow", "subscribe"),
        ("subscrib", "subscribe"),
    ] {
        let mut reader = reader();
        reader.press(&format!(":{typed}"));
        let found = reader.text();
        assert!(found.contains(name), "{typed}:\n{found}");
    }
    let mut reader = reader();
    reader.press(":synk<enter>");
    assert!(notice(&reader).contains("did you mean `sync`?"), "{}", notice(&reader));
}
