//! Accounts in the reader: their rows and feeds, when marks are sent, and what the footer says of those that wait.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use frontpage::app::{Effect, Event, RowKind, SessionInit, SubscriptionEffect, UserConfig};
use frontpage::feed::{Article, Feed, Marks, UntrustedText, clean};
use frontpage::jobs::sync_subscriptions::{MarksSent, SyncEnd, SyncFailed, SyncScope, SyncSummary};
use frontpage::jobs::unfollow::{NotUnfollowed, UnfollowEnd};
use frontpage::jobs::{Answer, JobId, JobKind, JobReport, JobStatus};
use frontpage::subscriptions::{
    FetchRecord, FetchRecords, RecordedProblem, Stopped, Subscription, SubscriptionKey, SubscriptionsFile,
};

use crate::harness::reader::{Reader, now, user};

const TWO: &str = "- feed: https://tides.example/feed.xml\n  title: Tides\n- account:\n    service: freshrss\n    url: https://rss.example.org/api/greader.php\n    auth: {user: me, password command: pass a}\n- account:\n    service: miniflux\n    url: https://flux.example\n    title: At work\n    auth: {user: me, password command: pass b}\n";
const SIZES: [(u16, u16); 4] = [(160, 45), (100, 30), (80, 24), (60, 20)];

fn at(seconds: i64) -> DateTime<Utc> {
    now() + TimeDelta::seconds(seconds)
}

fn key_of_feed(number: usize) -> SubscriptionKey {
    SubscriptionKey::of_address(&UntrustedText::from_string(format!("feed {number}")))
}

fn address_of_feed(number: usize) -> String {
    format!("https://site.example/{number}.xml")
}

fn feeds(numbers: std::ops::Range<usize>) -> Vec<Subscription> {
    let feed = |number: usize| Subscription {
        address: UntrustedText::from_string(address_of_feed(number)),
        title: clean::plain_line(&format!("Feed {number}")),
        topics: if number == 1 { vec!["Earth".into()] } else { Vec::new() },
        first_key: Some(key_of_feed(number)),
        ..Subscription::default()
    };
    numbers.map(feed).collect()
}

fn fine() -> FetchRecord {
    let (last, next) = (Some(at(-3 * 3600)), Some(at(20 * 60)));
    FetchRecord { requested: last, succeeded: last, next, ..FetchRecord::default() }
}

fn failing(unsent: u64, failures: u32, next: DateTime<Utc>) -> FetchRecord {
    let problem = Some(RecordedProblem {
        what: "the server has failed (502)".into(),
        remedy: "it is asked again later".into(),
        is_failure: true,
    });
    FetchRecord { problem, failures, unsent, next: Some(next), failing_since: Some(at(-60)), ..fine() }
}

/// The list with settings, and the keys of the two accounts.
fn config(settings: &str) -> (UserConfig, [SubscriptionKey; 2]) {
    let file = SubscriptionsFile::parse(TWO, "".as_ref(), None);
    assert_eq!(file.problems, []);
    let keys = [0, 1].map(|at: usize| file.accounts[at].account.key());
    (UserConfig { subscriptions: Arc::new(file), ..user(settings) }, keys)
}

struct WithAccounts {
    reader: Reader,
    keys: [SubscriptionKey; 2],
}

impl WithAccounts {
    /// A reader with two articles of a subscription, and two of each of the feeds 0, 1 and 2 of the first account.
    fn new(settings: &str) -> WithAccounts {
        let (user, keys) = config(settings);
        let tides = user.subscriptions.subscriptions[0].key;
        let init = SessionInit { user, subscriptions_file: "subscriptions.yaml".into(), ..SessionInit::default() };
        let mut reader = Reader::starting(init);
        let articles = (0..8usize).map(|number| {
            let (key, address) = match number % 4 {
                3 => (tides, "https://tides.example/feed.xml".to_owned()),
                feed => (key_of_feed(feed), address_of_feed(feed)),
            };
            let article = Article::builder(&format!("Article {number}")).number(number as u64 + 1);
            let article = article.topics(if number % 4 == 1 { &["Earth"] } else { &[] });
            let article = article.path(format!("articles/{}/{number}.md", number % 4)).with(|article| {
                article.written_id = clean::plain_line(&format!("{key}#{number}"));
                article.channel.address = clean::plain_line(&address);
            });
            Arc::new(article.build())
        });
        let feed = Arc::new(Feed::new(articles.collect(), now()));
        reader.receive(Event::FeedLoaded { feed, problems: Vec::new(), complete: true });
        reader.receive(Event::MarksLoaded { marks: Marks::default(), problems: Vec::new() });
        WithAccounts { reader, keys }
    }

    fn records(&mut self, of: [Option<FetchRecord>; 2], feeds: usize) {
        let records = self.keys.iter().zip(of).filter_map(|(key, record)| Some((*key, record?))).collect();
        let feeds = HashMap::from([(self.keys[0], self::feeds(0..feeds))]);
        let answer = Answer::Records(FetchRecords { records, feeds, ..FetchRecords::default() });
        self.report(JobKind::Records, JobStatus::Answer(answer));
    }

    fn report(&mut self, kind: JobKind, status: JobStatus) {
        self.reader.receive(Event::Job(JobReport { job: JobId::next(), kind, status }));
    }

    /// What was asked for since the last call, without the reading of records.
    fn asked(&mut self) -> Vec<SubscriptionEffect> {
        let effects = std::mem::take(&mut self.reader.effects);
        let asked = effects.into_iter().filter_map(|effect| match effect {
            Effect::Subscriptions(effect) if effect != SubscriptionEffect::ReadRecords => Some(effect),
            _ => None,
        });
        asked.collect()
    }

    fn tick(&mut self, second: i64) -> Vec<SubscriptionEffect> {
        self.reader.receive(Event::Tick(at(second)));
        self.asked()
    }

    /// Presses keys at a time.
    fn press_at(&mut self, second: i64, keys: &str) {
        self.reader.time_is(at(second));
        self.reader.press(keys);
    }

    /// Reads the records and has the first sync behind it.
    fn begun(settings: &str) -> WithAccounts {
        let mut this = WithAccounts::new(settings);
        assert_eq!(this.tick(2), [SYNC]);
        this.records([Some(fine()), Some(fine())], 3);
        this
    }
}

const SYNC: SubscriptionEffect = SubscriptionEffect::Sync { scope: SyncScope::Due, is_background: true };
const SEND: SubscriptionEffect = SubscriptionEffect::SendMarks;

#[test]
fn marks_are_sent_after_a_pause_and_at_the_latest_45_seconds_after_the_first() {
    for key in ["m", "s", "r"] {
        let mut reader = WithAccounts::begun("");
        reader.press_at(100, key);
        assert_eq!((reader.tick(109), reader.tick(110), reader.tick(300)), (vec![], vec![SEND], vec![]), "{key}");
        // Undo is a change too.
        reader.press_at(400, "u");
        assert_eq!((reader.tick(409), reader.tick(410)), (vec![], vec![SEND]), "{key}");
    }
    let mut reader = WithAccounts::begun("");
    for second in (0..50).step_by(7) {
        reader.press_at(1000 + second, "m");
        let wanted = if second == 49 { vec![SEND] } else { vec![] };
        assert_eq!(reader.tick(1000 + second), wanted, "{second}");
    }
    // What is set from then on goes with the next one.
    reader.press_at(1050, "m");
    assert_eq!((reader.tick(1059), reader.tick(1060)), (vec![], vec![SEND]));
    // Moving, notes and hiding concern no account.
    for keys in ["j", "k", "aread again<enter>", "D"] {
        reader.press_at(1100, keys);
    }
    assert_eq!(reader.tick(1200), []);
}

#[test]
fn nothing_is_sent_by_itself_if_the_settings_say_never_or_without_an_account_that_is_not_paused() {
    let mut reader = WithAccounts::new("sync: {every: never}");
    reader.records([Some(fine()), Some(fine())], 3);
    reader.press_at(100, "m");
    assert_eq!(reader.tick(1000), []);
    let mut reader = WithAccounts::begun("");
    let paused = TWO.replace("    auth", "    paused: true\n    auth");
    for (list, wanted) in [("- https://tides.example/feed.xml\n", vec![]), (&paused, vec![]), (TWO, vec![SEND])] {
        let file = Arc::new(SubscriptionsFile::parse(list, "".as_ref(), None));
        reader.reader.adopt(UserConfig { subscriptions: file, ..user("sync: {every: 30d}") });
        reader.press_at(100, "m");
        assert_eq!(reader.tick(200), wanted, "{list}");
    }
}

#[test]
fn a_sync_sends_marks_too_and_marks_that_are_set_meanwhile_wait_for_its_end() {
    let mut reader = WithAccounts::begun("");
    reader.press_at(100, "m");
    reader.press_at(101, "R");
    assert_eq!(reader.asked(), [SubscriptionEffect::Sync { scope: SyncScope::Due, is_background: false }]);
    reader.report(JobKind::Sync, JobStatus::Started);
    assert_eq!(reader.tick(150), [], "the sync sends it");
    reader.press_at(160, "m");
    assert_eq!((reader.tick(170), reader.tick(200)), (vec![], vec![]));
    let end = |result| JobStatus::Answer(Answer::Sync(SyncEnd { is_background: true, result }));
    let jobs = reader.reader.app().jobs().iter().map(|job| job.id).collect::<Vec<_>>();
    for job in jobs {
        let status = end(Ok(SyncSummary::default()));
        reader.reader.receive(Event::Job(JobReport { job, kind: JobKind::Sync, status }));
    }
    assert_eq!(reader.tick(206), [SEND]);
    // Two do not run at the same time.
    reader.report(JobKind::SendMarks, JobStatus::Started);
    reader.press_at(300, "m");
    assert_eq!(reader.tick(320), []);
    // What could not run is tried again later.
    let jobs = reader.reader.app().jobs().iter().map(|job| job.id).collect::<Vec<_>>();
    for job in jobs {
        let status = JobStatus::Answer(Answer::SendMarks(MarksSent(Err(SyncFailed("no luck".into())))));
        reader.reader.receive(Event::Job(JobReport { job, kind: JobKind::SendMarks, status }));
    }
    assert_eq!((reader.tick(350), reader.tick(640)), (vec![], vec![SEND]));
}

#[test]
fn marks_of_an_account_that_failed_are_sent_when_it_may_be_asked_again() {
    // After a failure of the server at its time; without a network after five minutes.
    for (record, wanted) in [
        (failing(3, 1, at(900)), 900),
        (FetchRecord { not_before: Some(at(1200)), ..failing(3, 1, at(900)) }, 1200),
        (failing(3, 0, at(900)), 302),
    ] {
        let mut reader = WithAccounts::begun("");
        reader.records([Some(record.clone()), Some(fine())], 3);
        assert_eq!((reader.tick(wanted - 1), reader.tick(wanted)), (vec![], vec![SEND]), "{record:?}");
        // It changed nothing: not again before the next sync.
        if record.failures > 0 {
            assert_eq!(reader.tick(wanted + 300), []);
        }
    }
    // Never, until the user acts.
    for record in [
        FetchRecord { stopped: Some(Stopped::Unauthorised), ..failing(3, 1, at(900)) },
        failing(0, 1, at(900)),
        FetchRecord { unsent: 9, ..fine() },
    ] {
        let mut reader = WithAccounts::begun("");
        reader.records([Some(record.clone()), None], 3);
        assert_eq!(reader.tick(1700), [], "{record:?}");
    }
}

#[test]
fn the_footer_of_each_window_says_which_marks_wait_until_they_are_sent() {
    for (columns, rows) in SIZES {
        let mut reader = WithAccounts::begun("");
        reader.reader.resize(columns, rows);
        let before = reader.reader.footer();
        for (of, words) in [
            ([Some(failing(3, 1, at(900))), Some(fine())], "3 marks wait for rss.example.org"),
            ([Some(fine()), Some(failing(1, 1, at(900)))], "1 mark waits for At work"),
            ([Some(failing(1_200, 1, at(900))), Some(failing(1, 1, at(900)))], "1,201 marks wait for accounts"),
        ] {
            reader.records(of, 3);
            let footer = reader.reader.footer();
            let short = words.split(" for ").next().expect("words");
            // The hints of daily keys come first; in a narrow window the count of unread articles gives way.
            let is_said = footer.contains(if columns >= 100 { words } else { short });
            assert!(is_said || columns < 80 && footer.contains(" unsent"), "{columns}: {footer}");
            for part in ["r read+next", "? help"] {
                assert!(!before.contains(part) || footer.contains(part), "{columns}: {part}: {footer}");
            }
            assert!(columns < 80 || footer.contains("8 unread"), "{columns}: {footer}");
        }
        for of in [
            [Some(fine()), Some(fine())],
            [Some(FetchRecord { unsent: 3, ..fine() }), None],
            [Some(failing(0, 1, at(900))), None],
        ] {
            reader.records(of, 3);
            assert!(!reader.reader.footer().contains(" wait"), "{}", reader.reader.footer());
        }
    }
}

/// The names of the entries of the navigation pane below the subscriptions, with their unread articles.
fn navigation(reader: &Reader) -> Vec<(String, Option<usize>)> {
    let navigation = reader.app().panes().navigation();
    let entries = navigation.entries().iter().skip_while(|entry| entry.label.as_str() != "Subscriptions").skip(1);
    let entries = entries.take_while(|entry| entry.depth > 0);
    entries
        .map(|entry| (format!("{}{}", " ".repeat(entry.depth - 1), entry.label), navigation.unread(entry.kind)))
        .collect()
}

fn listed(of: &[(&str, Option<usize>)]) -> Vec<(String, Option<usize>)> {
    of.iter().map(|(name, unread)| ((*name).to_owned(), *unread)).collect()
}

#[test]
fn accounts_are_entries_of_the_navigation_pane_with_their_feeds_below_them() {
    let mut reader = WithAccounts::begun("");
    reader.reader.resize(160, 45);
    let expected = listed(&[
        ("Tides", Some(2)),
        ("rss.example.org", Some(6)),
        (" Earth", Some(2)),
        ("  Feed 1", Some(2)),
        (" Feed 0", Some(2)),
        (" Feed 2", Some(2)),
        ("At work", Some(0)),
    ]);
    assert_eq!(navigation(&reader.reader), expected, "{}", reader.reader.text());
    // A mark changes both counts.
    reader.reader.press("gs");
    reader.press_at(100, "gam");
    let read = navigation(&reader.reader);
    assert_eq!(read[1].1, Some(5), "{read:?}");
    assert_eq!(
        read[2..].iter().filter(|(name, _)| name.contains("Feed")).map(|(_, unread)| unread.unwrap()).sum::<usize>(),
        5
    );
    // A feed lists its articles, an account folds, and A marks all of its articles read.
    reader.reader.press("h<home>");
    let press_on = |reader: &mut Reader, name: &str, keys: &str| {
        for _ in 0..60 {
            if reader.app().panes().navigation().selected_entry().is_some_and(|entry| entry.label.as_str() == name) {
                break;
            }
            reader.press("j");
        }
        reader.press(keys);
    };
    press_on(&mut reader.reader, "Feed 0", "<enter>");
    assert_eq!(reader.reader.app().query().to_string(), "feed:=\"https://site.example/0.xml\"");
    assert_eq!(reader.reader.titles().len(), 2);
    reader.reader.press("h<home>");
    press_on(&mut reader.reader, "rss.example.org", "<enter>");
    assert_eq!(navigation(&reader.reader).len(), 3, "{}", reader.reader.text());
    assert_eq!(navigation(&reader.reader)[1].1, Some(5));
    reader.reader.press("A");
    assert_eq!(navigation(&reader.reader)[1].1, Some(0), "{}", reader.reader.text());
    assert_eq!(navigation(&reader.reader)[0].1, Some(2), "other articles stay unread");
    // A problem is shown at the account alone; Enter says what it is.
    reader.reader.press("<enter>");
    reader.records([Some(failing(3, 1, at(900))), None], 3);
    let signs = |reader: &Reader| reader.text().lines().filter(|line| line.contains(" !")).count();
    assert_eq!(signs(&reader.reader), 1, "{}", reader.reader.text());
    reader.reader.press("<enter>");
    let screen = reader.reader.text();
    for part in ["the server has failed (502)", "it is asked again later", "3 marks wait to be sent", "3 feeds"] {
        assert!(screen.contains(part), "{part}:\n{screen}");
    }
}

#[test]
fn accounts_with_many_feeds_are_folded_at_first_and_a_filter_finds_their_feeds() {
    for keys in ["", ":subscriptions<enter>"] {
        let mut reader = WithAccounts::begun("");
        reader.records([Some(fine()), None], 300);
        reader.reader.resize(if keys.is_empty() { 160 } else { 100 }, 30);
        reader.reader.press(keys);
        assert!(!reader.reader.text().contains("Feed 123"), "{}", reader.reader.text());
        reader.reader.press(if keys.is_empty() { "h/Feed 123" } else { "/Feed 123" });
        assert!(reader.reader.text().contains("Feed 123"), "{}", reader.reader.text());
        assert!(reader.reader.text().contains("rss.example.org") == keys.is_empty(), "{}", reader.reader.text());
    }
}

#[test]
fn keys_of_the_list_do_for_accounts_and_their_feeds_what_they_say() {
    let mut reader = WithAccounts::begun("");
    reader.reader.resize(120, 30);
    reader.reader.press(":subscriptions<enter>");
    let screen = reader.reader.text();
    for part in ["Tides", "▾ freshrss (rss.example.org)", "6 / 6", "  Feed 0", "2 / 2", "At work", "never fetched"] {
        assert!(screen.contains(part), "{part}:\n{screen}");
    }
    let kinds = reader.reader.app().subscriptions().rows().map(|row| matches!(row.kind, RowKind::Feed(_)));
    assert_eq!(kinds.collect::<Vec<_>>(), [false, false, true, true, true, false]);
    let account = reader.keys[0];
    // The account: it folds, its line is edited, and it is removed by a command.
    reader.asked();
    reader.reader.press("j<enter>");
    assert!(!reader.reader.text().contains("Feed 0") && reader.reader.text().contains("▸ freshrss"));
    reader.reader.press("<enter>e");
    assert_eq!(reader.asked(), [SubscriptionEffect::EditLine(3)]);
    reader.reader.press("d");
    assert!(reader.reader.notice().contains("frontpage account remove rss.example.org"), "{}", reader.reader.text());
    reader.reader.press("x");
    let screen = reader.reader.text();
    for part in ["No problem.", "synced 3h ago", "next in 19m", "3 feeds"] {
        assert!(screen.contains(part), "{part}:\n{screen}");
    }
    // A feed: its details are those of the account, and the service ends following it after a question.
    reader.reader.press("j");
    assert!(reader.reader.text().contains("A feed of freshrss (rss.example.org)"), "{}", reader.reader.text());
    reader.reader.press("<esc>d");
    assert!(reader.reader.text().contains("End following Feed 0 at rss.example.org? Its articles stay."));
    assert_eq!(reader.asked(), []);
    reader.reader.press("n");
    assert_eq!(reader.asked(), []);
    reader.reader.press("dy");
    assert_eq!(reader.asked(), [SubscriptionEffect::Unfollow { account, feed: key_of_feed(0) }]);
    for (end, words) in [
        (Ok(()), "No longer followed at the service; the articles stay"),
        (Err(NotUnfollowed("it cannot".into())), "Still followed: it cannot"),
    ] {
        reader.report(JobKind::Unfollow, JobStatus::Answer(Answer::Unfollow(UnfollowEnd(end))));
        assert!(reader.reader.notice().contains(words), "{}", reader.reader.text());
    }
    reader.reader.press("<enter>");
    assert_eq!(reader.reader.app().query().to_string(), "feed:=\"https://site.example/0.xml\"");
    assert_eq!(reader.reader.titles().len(), 2);
}

#[test]
fn only_accounts_read_their_feeds_at_once_and_a_list_without_subscriptions_is_not_empty() {
    let list = &TWO[TWO.find("- account").expect("an account")..];
    let file = SubscriptionsFile::parse(list, "".as_ref(), None);
    let user = UserConfig { subscriptions: Arc::new(file), ..user("") };
    let mut reader = Reader::starting(SessionInit { user, ..SessionInit::default() }).sized(100, 30);
    let due = reader.app().subscriptions().due(reader.app().settings().sync);
    assert_eq!(due, Some(DateTime::<Utc>::MIN_UTC));
    reader.press(":subscriptions<enter>");
    let screen = reader.text();
    assert!(screen.contains("At work") && !screen.contains("You follow nothing"), "{screen}");
}

#[test]
fn accounts_have_rows_at_every_size() {
    for (columns, rows) in SIZES {
        // On a wide screen the pane is on.
        let to_pane = if columns < 140 { "Bjjj" } else { "hjjj" };
        for (name, keys) in [("list", ":subscriptions<enter>j"), ("navigation", to_pane), ("details", "gSjjx")] {
            let mut reader = WithAccounts::begun("");
            reader.reader.resize(columns, rows);
            reader.records([Some(fine()), Some(failing(3, 1, at(900)))], 3);
            reader.reader.press(keys);
            insta::with_settings!({ description => keys.to_owned(), omit_expression => true }, {
                insta::assert_snapshot!(format!("{name}_{columns}x{rows}"), reader.reader.text());
            });
        }
    }
}
