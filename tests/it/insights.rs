//! Insights: counts equal those of their queries, charts lead to these queries, and the command line prints the same.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use frontpage::app::{Context, Effect, Event, Focus, InsightsSection, InsightsView, UserConfig};
use frontpage::dates::{Now, Zone};
use frontpage::feed::{Change, DeviceId, Feed, HybridClock, Mark, Marks, Tag};
use frontpage::library::Library;
use frontpage::query::{Bucket, BucketKey, Insights, Period, Query, RuleAction, Rules, SavedSearches, SearchContext};
use serde_json::{Value, json};

use crate::harness::command::Home;
use crate::harness::external_data::corpus;
use crate::harness::folder::Folder;
use crate::harness::hostile;
use crate::harness::reader::{Reader, now};

const PERIODS: [Period; 5] = Period::ALL;

fn load(library: Library) -> Arc<Feed> {
    library.load(now(), |_| {}).expect("the library").feed
}

fn count(query: &Query, search_context: &SearchContext) -> Insights {
    let mut counting = query.insights(search_context.clone());
    while counting.step(&|| false) {}
    counting.finish()
}

fn all_bars(insights: &Insights) -> Vec<&Bucket> {
    let timed = PERIODS.iter().flat_map(|period| [insights.published.of(*period), insights.reading.of(*period)]);
    timed.chain([&insights.topics.buckets, &insights.providers.buckets, &insights.tags.buckets]).flatten().collect()
}

/// Every third article is read, at times from long ago to tomorrow, some are starred and some hidden.
fn marks(feed: &Feed) -> Marks {
    let mut clock = HybridClock::new(DeviceId(1));
    let mut marks = Marks::default();
    for index in 0..feed.len() {
        let mut set = |mark| {
            let change = Change { stamp: clock.tick(now()), mark, articles: vec![feed.id(index).expect("an id")] };
            marks.apply(&change);
        };
        if index % 3 == 0 {
            let days = [-1, 0, 1, 2, 40, 400, 20_000][index / 3 % 7];
            set(Mark::Read(Some(now() - TimeDelta::days(days) - TimeDelta::hours(index as i64 % 30))));
        }
        if index % 5 == 0 {
            set(Mark::Starred(true));
        }
        for (every, name) in [(4, "Later"), (6, "it's")] {
            if index % every == 1 {
                set(Mark::Tagged(Tag::parse(name).expect("a name"), true));
            }
        }
        if index % 11 == 4 {
            set(Mark::Hidden(true));
        }
    }
    marks
}

/// The count of each bucket equals the number of articles that its query finds, also after parsing its text.
fn check(feed: Arc<Feed>, queries: &[&str], zone: Zone) -> usize {
    let marks = Arc::new(marks(&feed));
    let saved = [("few", "limit:2 sort:title"), ("some", "topic:* limit:3"), ("all", "date:* OR -date:*")];
    let saved = SavedSearches::new(saved.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec());
    let search_context = SearchContext::new(feed, marks.clone(), Now { at: now(), zone });
    let is_read = |index: &&usize| search_context.feed.id(**index).is_some_and(|id| marks.is_read(id));
    let mut checked = 0;
    for text in queries {
        let query = Query::parse_with(text, &saved).expect("a query");
        let insights = count(&query, &search_context);
        for bar in all_bars(&insights) {
            let (leads_to, what) = (query.narrowed_to(bar), format!("{:?} of `{text}`", bar.key));
            let found = leads_to.select(&search_context);
            assert_eq!(found.len(), bar.count, "{what}: `{leads_to}`");
            assert_eq!(found.iter().filter(is_read).count(), bar.read, "{what}: `{leads_to}`");
            let written = leads_to.to_string();
            let again = Query::parse_with(&written, &saved).unwrap_or_else(|error| panic!("{error}: {written}"));
            assert_eq!(again.select(&search_context), found, "{what}: {written}");
            checked += 1;
        }
        for period in PERIODS {
            let sum = |bars: &[Bucket]| bars.iter().map(|bar| bar.count).sum::<usize>();
            assert_eq!(sum(insights.published.of(period)), insights.articles, "{period:?} of `{text}`");
            assert_eq!(sum(insights.reading.of(period)), insights.read, "{period:?} of `{text}`");
            // The counts of topics over time equal the results of their queries.
            let periods: Vec<&Bucket> =
                insights.published.of(period).iter().filter(|bar| matches!(bar.key, BucketKey::Period(..))).collect();
            for topic in insights.topics.buckets.iter().take(8) {
                let counts_over_time = topic.counts_over_time.of(period);
                assert_eq!(counts_over_time.len(), periods.len());
                for (count, bar) in counts_over_time.iter().zip(&periods).step_by(5) {
                    let both = query.narrowed_to(topic).narrowed_to(bar);
                    assert_eq!(both.select(&search_context).len(), *count, "`{both}`");
                }
            }
        }
    }
    checked
}

const QUERIES: [&str; 10] = [
    "",
    "is:unread",
    "is:hidden",
    "topic:a OR provider:b OR date:2021",
    "-topic:*",
    "limit:2",
    "the sort:-heat limit:3",
    "saved:few",
    "(saved:some OR saved:few) the",
    "saved:all -saved:some",
];

#[test]
fn every_bar_finds_exactly_what_it_counts() {
    let news = Library::Paths(vec![PathBuf::from("tests/fixtures/news")]);
    let checked = check(load(Library::BuiltIn), &QUERIES, Zone::Utc) + check(load(news), &QUERIES, Zone::Utc);
    assert!(checked > 500, "{checked} bars");
}

#[test]
#[ignore = "heavy"]
fn every_bar_of_a_corpus_finds_exactly_what_it_counts() {
    let Some(corpus) = corpus() else { return };
    let feed = load(Library::Paths(vec![corpus]));
    let checked = check(feed.clone(), &["", "is:unread a"], Zone::Utc);
    assert!(checked > 10, "{checked} bars of {} articles", feed.len());
}

fn dated(dates: &[Option<&str>]) -> Folder {
    dates.iter().enumerate().fold(Folder::new(), |folder, (n, date)| {
        let date = date.map(|date| format!("date: {date}\n")).unwrap_or_default();
        folder.file(&format!("{n:03}.md"), format!("---\ntitle: Article {n}\n{date}---\nBody.\n"))
    })
}

#[test]
#[ignore = "heavy"]
fn every_bar_finds_exactly_what_it_counts_in_every_zone() {
    let of_hour = |hour: i64| {
        let moment = now() - TimeDelta::hours(7 * hour);
        let forms = ["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%a, %d %b %Y %H:%M:%S EST"];
        moment.format(forms[hour as usize % forms.len()]).to_string()
    };
    let dates: Vec<String> = (0..300).map(of_hour).collect();
    let folder = dated(&dates.iter().map(|date| Some(date.as_str())).collect::<Vec<_>>());
    let fixed = |minutes: i32| Zone::Fixed(FixedOffset::east_opt(60 * minutes).expect("an offset"));
    for zone in [Zone::Local, fixed(13 * 60 + 45), fixed(-12 * 60)] {
        let library = Library::Paths(vec![folder.path().to_owned()]);
        let feed = library.load(Now { at: now(), zone }, |_| {}).expect("the library").feed;
        assert!(check(feed, &[""], zone) > 50, "{zone:?}");
    }
}

fn feed_of(folder: &Folder) -> Arc<Feed> {
    load(Library::Paths(vec![folder.path().to_owned()]))
}

/// Bars in a few words: `2021-02 3`.
fn words(bars: &[Bucket]) -> Vec<String> {
    let name = |bar: &Bucket| match &bar.key {
        BucketKey::Period(period, start) => period.iso(*start),
        BucketKey::Later(_) => "later".to_owned(),
        BucketKey::Earlier(_) => "earlier".to_owned(),
        BucketKey::Undated => "undated".to_owned(),
        BucketKey::Named(name) => name.to_string(),
        BucketKey::Unnamed => "none".to_owned(),
    };
    bars.iter().map(|bar| format!("{} {}", name(bar), bar.count)).collect()
}

fn published(dates: &[Option<&str>], period: Period) -> Vec<String> {
    let feed = feed_of(&dated(dates));
    assert_eq!(feed.len(), dates.len());
    words(count(&Query::default(), &SearchContext::new(feed, Arc::default(), now())).published.of(period))
}

#[test]
fn the_chart_ends_with_the_latest_article_that_is_not_in_the_future() {
    let dates = [
        Some("2021-02-18T23:59:59Z"),
        Some("2021-02-19T00:30:00+02:00"),
        Some("2021-02-21T00:00:00Z"),
        Some("2031-01-01"),
        Some("1969-12-31T23:59:59Z"),
        Some("2021-02-16T00:00:00Z"),
        None,
    ];
    assert_eq!(published(&dates, Period::Day)[..4], ["later 2", "2021-02-18 2", "2021-02-17 0", "2021-02-16 1"]);
    assert_eq!(published(&dates, Period::Day)[31..], ["earlier 1", "undated 1"]);
    assert_eq!(published(&dates, Period::Week)[..3], ["later 1", "2021-02-15 4", "2021-02-08 0"]);
    assert_eq!(published(&dates, Period::Month)[..3], ["later 1", "2021-02 4", "2021-01 0"]);
    assert_eq!(published(&dates, Period::Month).len(), 1 + 30 + 2);
    assert_eq!(published(&dates, Period::Quarter)[..3], ["later 1", "2021-Q1 4", "2020-Q4 0"]);
    assert_eq!(published(&dates, Period::Year)[..2], ["later 1", "2021 4"]);
    assert_eq!(published(&dates, Period::Year)[31..], ["earlier 1", "undated 1"]);
}

#[test]
fn periods_have_the_lengths_that_the_calendar_gives_them() {
    let leap = [Some("2020-02-29T23:00:00Z"), Some("2020-03-01T00:00:00Z"), Some("2020-01-31T12:00:00Z")];
    assert_eq!(published(&leap, Period::Month), ["2020-03 1", "2020-02 1", "2020-01 1"]);
    assert_eq!(published(&leap[..2], Period::Day), ["2020-03-01 1", "2020-02-29 1"]);
    let years = [Some("2021-01-03T23:00:00Z"), Some("2020-12-28T00:00:00Z"), Some("2021-01-04T00:00:00Z")];
    assert_eq!(published(&years, Period::Week), ["2021-01-04 1", "2020-12-28 2"]);
    let old = [Some("1969-12-29T00:00:00Z"), Some("1970-01-04T00:00:00Z"), Some("1969-12-28T00:00:00Z")];
    assert_eq!(published(&old, Period::Week), ["1969-12-29 2", "1969-12-22 1"]);
    assert_eq!(published(&[Some("1950-05-05T00:00:00Z")], Period::Day), ["1950-05-05 1"], "old, and shown");
}

#[test]
fn charts_without_past_dates_say_so() {
    let future = [Some("2040-01-01T00:00:00Z"), Some("2039-12-01T00:00:00Z")];
    assert_eq!(published(&future, Period::Month), ["2040-01 1", "2039-12 1"]);
    assert_eq!(published(&[None, None], Period::Day), ["undated 2"]);
    assert_eq!(published(&[], Period::Day), [""; 0]);
    // A clock that is wrong, and dates at the ends of what a query can say.
    let ends = dated(&[Some("9999-12-31T23:59:59Z"), Some("0001-01-01T00:00:00Z"), Some("2021-02-18T00:00:00Z")]);
    for now in ["1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"] {
        let search_context =
            SearchContext::new(feed_of(&ends), Arc::default(), now.parse::<DateTime<Utc>>().expect("a time"));
        let insights = count(&Query::default(), &search_context);
        for bar in all_bars(&insights) {
            let text = Query::default().narrowed_to(bar).to_string();
            assert_eq!(
                Query::parse(&text).expect("a query").select(&search_context).len(),
                bar.count,
                "{text} at {now}"
            );
        }
    }
}

#[test]
fn names_that_a_query_cannot_tell_apart_are_one_bar() {
    let article = |folder: Folder, (n, topics): (usize, &str)| {
        folder.file(
            &format!("{n}.md"),
            format!(
                "---\ntitle: Article {n}\ndate: 2021-02-0{n}\ntopics: [{topics}]\nprovider: {{ name: P{n} }}\n---\n"
            ),
        )
    };
    let topics = [(1, "Café"), (2, "cafe, CAFE, Café"), (3, "\"Machine Learning\""), (4, ""), (5, "\"a \\\"b\\\" c\"")];
    let folder = topics.into_iter().fold(Folder::new(), article);
    let feed = feed_of(&folder);
    let insights = count(&Query::default(), &SearchContext::new(feed.clone(), Arc::default(), now()));
    let counts: Vec<usize> = insights.topics.buckets.iter().map(|bar| bar.count).collect();
    assert_eq!(counts, [2, 1, 1, 1], "{:?}", words(&insights.topics.buckets));
    assert_eq!((insights.topics.all, words(&insights.topics.buckets)[3].as_str()), (3, "none 1"));
    assert!(check(feed, &QUERIES, Zone::Utc) > 0);
}

#[test]
fn hostile_names_are_cleaned_cut_and_lead_to_their_articles() {
    let strings = hostile::strings(40);
    let article = |folder: Folder, (n, text): (usize, &String)| {
        let text = serde_json::to_string(text).expect("a string");
        let front = format!("title: \"{n}\"\ntopics: [{text}]\nprovider: {{ name: {text} }}\ndate: 2021-02-18");
        folder.file(&format!("{n:03}.md"), format!("---\n{front}\n---\n"))
    };
    let folder = strings.iter().enumerate().fold(Folder::new(), article);
    assert!(check(feed_of(&folder), &["", "is:unread"], Zone::Utc) > 40);
    for size in [(160, 45), (60, 20), (20, 5)] {
        let mut reader = Reader::of_folder(folder.path()).sized(size.0, size.1);
        for key in ["i", "<tab>", "G", "<tab>", "G"] {
            reader.press(key);
            let text = reader.text();
            assert!(!text.contains(|c: char| c != '\n' && frontpage::feed::clean::is_hidden(c)), "{text:?}");
            assert!(text.lines().all(|line| frontpage::text::width(line) <= usize::from(size.0)), "{text}");
        }
    }
    let library = folder.path().to_string_lossy().into_owned();
    for format in ["table", "json"] {
        let ran = Home::new().run(&["insights", "--format", format, "-L", &library]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(!ran.out.contains(|c: char| c != '\n' && frontpage::feed::clean::is_hidden(c)), "{:?}", ran.out);
    }
}

// The charts.

fn view(reader: &Reader) -> &InsightsView {
    reader.app().overlays().top_as::<InsightsView>().expect("the charts")
}

fn place(reader: &Reader) -> (InsightsSection, Period, usize) {
    let view = view(reader);
    (view.options.section, view.period(), view.at())
}

#[test]
fn sections_and_periods_are_switched_and_kept_for_the_next_time() {
    let mut reader = Reader::of_news();
    reader.press("i");
    assert_eq!(
        (reader.app().context(), place(&reader)),
        (Context::Insights, (InsightsSection::Articles, Period::Month, 0))
    );
    reader.press("j<tab>");
    assert_eq!(place(&reader), (InsightsSection::Topics, Period::Month, 0));
    reader.press("lld");
    assert_eq!(place(&reader), (InsightsSection::Reading, Period::Day, 0));
    reader.press("<tab>w<shift-tab>hjm");
    assert_eq!(place(&reader), (InsightsSection::Providers, Period::Month, 1));
    reader.press("<esc>i");
    assert_eq!(place(&reader), (InsightsSection::Providers, Period::Month, 0));
    reader.press("h");
    assert!(reader.text().contains("The Sea"), "{}", reader.text());
    reader.press("q");
    assert_eq!(reader.app().context(), Context::List);
}

#[test]
fn enter_lists_the_articles_of_the_bar() {
    let mut reader = Reader::of_news();
    reader.press("<enter>i");
    assert!(reader.text().contains("[Articles]"), "{}", reader.text());
    let bar = view(&reader).bars()[0].clone();
    assert!(matches!(bar.key, BucketKey::Period(Period::Month, _)));
    reader.press("<enter>");
    assert_eq!((reader.app().context(), reader.app().focus()), (Context::List, Focus::List));
    assert_eq!(reader.app().query().to_string(), "date:2021-02");
    assert_eq!(reader.found().len(), bar.count);
    // Within that, topics; what is chosen there comes on top.
    reader.press("i<tab><enter>");
    assert_eq!(reader.app().query().to_string(), "date:2021-02 topic:=\"the sea\"");
    let found = reader.found().len();
    reader.press("i<enter>");
    assert_eq!(reader.app().query().to_string(), "date:2021-02 topic:=\"the sea\"", "no term is repeated");
    assert_eq!(reader.found().len(), found);
}

#[test]
fn the_reading_chart_counts_read_articles_by_day() {
    let mut reader = Reader::of_news();
    reader.press("mjmi");
    let insights = view(&reader).numbers().expect("numbers").clone();
    assert_eq!((insights.articles, insights.read), (5, 2));
    assert!(reader.text().contains("5 articles · 3 unread · 2 read"), "{}", reader.text());
    reader.press("hd<enter>");
    assert_eq!(reader.app().query().to_string(), "readat:2021-02-20");
    assert_eq!(reader.found().len(), 2);
}

#[test]
fn providers_are_ordered_by_count_or_by_share_read() {
    let mut reader = Reader::of_news();
    reader.press("Gmggi<tab><tab>");
    let shares =
        |reader: &Reader| -> Vec<Option<usize>> { view(reader).bars().iter().map(Bucket::read_percent).collect() };
    let counts: Vec<usize> = view(&reader).bars().iter().map(|bar| bar.count).collect();
    assert!(counts.is_sorted_by(|a, b| a >= b), "{counts:?}");
    reader.press("s");
    assert!(shares(&reader).is_sorted_by(|a, b| a >= b) && shares(&reader)[0] > Some(0), "{:?}", shares(&reader));
    reader.press("s");
    assert_eq!(view(&reader).bars().iter().map(|bar| bar.count).collect::<Vec<_>>(), counts);
}

#[test]
fn esc_changes_nothing() {
    let mut reader = Reader::of(Library::BuiltIn).sized(120, 40);
    reader.press("/the<enter>jj<enter>jj");
    let before = (reader.styled(), reader.app().query().clone(), reader.app().bookmark());
    reader.press("ijjd<tab>jj<tab>sG<tab>wgg");
    assert_ne!(reader.styled(), before.0);
    for leave in ["<esc>", "q", "<backspace>"] {
        reader.press(leave);
        assert_eq!((reader.styled(), reader.app().query().clone(), reader.app().bookmark()), before, "{leave}");
        reader.press("i");
    }
}

#[test]
fn a_feed_that_comes_while_the_charts_are_open_is_counted_and_the_bar_stays() {
    let mut reader = Reader::of_news();
    reader.press("i<tab><tab>j");
    let selected = view(&reader).bars()[1].clone();
    let folder = (0..9).fold(Folder::new(), |folder, n| {
        let front = format!("title: Article {n}\ndate: 2021-02-1{n}\nprovider: {{ name: Another }}");
        folder.file(&format!("{n}.md"), format!("---\n{front}\n---\n"))
    });
    let paths = vec![PathBuf::from("tests/fixtures/news"), folder.path().to_owned()];
    let loaded = Library::Paths(paths).load(now(), |_| {}).expect("the library");
    reader.receive(Event::FeedLoaded { feed: loaded.feed, problems: Vec::new(), complete: true });
    let view = view(&reader);
    assert_eq!(view.numbers().map(|numbers| numbers.articles), Some(14));
    assert!(view.bars()[view.at()].has_same_key(&selected), "{:?}", view.bars()[view.at()].key);
    assert_ne!(view.at(), 1, "a larger provider is above it now");
}

#[test]
fn marks_of_another_session_are_counted_while_the_charts_are_open() {
    let mut reader = Reader::of_news();
    reader.receive(Event::MarksLoaded { marks: Marks::default(), problems: Vec::new() });
    reader.press("i<tab>j");
    let selected = view(&reader).bars()[1].clone();
    let marks = marks(reader.app().feed());
    reader.receive(Event::MarksLoaded { marks, problems: Vec::new() });
    let numbers = view(&reader).numbers().expect("numbers");
    assert_eq!((numbers.articles, numbers.read), (4, 2), "one is hidden now");
    assert!(view(&reader).bars()[view(&reader).at()].has_same_key(&selected));
}

#[test]
fn charts_say_that_they_are_counting_and_ignore_late_answers() {
    use frontpage::jobs::{JobId, JobReport};
    use frontpage::keymap::{Key, KeyResult, Keymap, PendingKeys};
    let mut app = frontpage::app::App::new(Default::default(), now());
    let _ = app.receive(Event::FeedLoaded { feed: load(Library::BuiltIn), problems: Vec::new(), complete: true });
    let keymap = Keymap::new().expect("the keys");
    let press = |app: &mut frontpage::app::App, key: &str| {
        let key = Key::parse_all(key).expect("a key")[0];
        match keymap.press(app.context(), &mut PendingKeys::default(), key) {
            KeyResult::Command(command, count) => app.run(&command, count),
            other => panic!("{other:?}"),
        }
    };
    let request = press(&mut app, "i").0.into_iter().find_map(|effect| match effect {
        Effect::RunJob(job) => Some(job),
        _ => None,
    });
    let request = request.expect("the numbers are asked for");
    let _ = press(&mut app, "<enter>");
    assert_eq!(app.context(), Context::Insights, "there is no bar yet");
    let numbers = |app: &frontpage::app::App| app.overlays().top_as::<InsightsView>()?.numbers().cloned();
    let report = request.run_now();
    let _ = app.receive(Event::Job(JobReport { job: JobId::next(), ..report.clone() }));
    assert_eq!(numbers(&app), None);
    let _ = app.receive(Event::Job(report));
    assert_eq!(numbers(&app).map(|numbers| numbers.articles), Some(app.feed().len()));
}

#[test]
fn the_unit_is_the_one_with_8_to_30_bars_until_another_is_chosen() {
    for (days, period) in [
        (1, Period::Day),
        (20, Period::Day),
        (90, Period::Week),
        (600, Period::Month),
        (2_000, Period::Quarter),
        (5_000, Period::Year),
    ] {
        // Two articles long before do not decide.
        let first = now() - chrono::TimeDelta::days(days - 1);
        let dates = (0..200)
            .map(|n| first + chrono::TimeDelta::days((days - 1) * n / 199))
            .chain([chrono::DateTime::UNIX_EPOCH; 2]);
        let folder = dates.enumerate().fold(Folder::new(), |folder, (n, date)| {
            folder.file(&format!("{n}.md"), format!("---\ntitle: Article {n}\ndate: {}\n---\n", date.format("%F")))
        });
        let mut reader = Reader::of_folder(folder.path()).sized(100, 40);
        reader.press("i");
        assert_eq!(view(&reader).period(), period, "{days} days");
        let bars = view(&reader).bars().iter().filter(|bar| matches!(bar.key, BucketKey::Period(..))).count();
        assert!(bars >= days.min(8) as usize && bars <= 30, "{days} days: {bars} bars");
        assert!(reader.text().contains(&format!("[{}]", period.word())), "{}", reader.text());
        let (key, other) = if period == Period::Week { ("m", Period::Month) } else { ("w", Period::Week) };
        reader.press(key);
        assert_eq!(view(&reader).period(), other, "{days} days");
        reader.press("<esc>i").press(key);
        assert_eq!(view(&reader).period(), period, "the same key again ends the choice");
    }
}

#[test]
fn every_bar_has_its_number_and_a_small_share_is_not_zero() {
    let folder = (0..300).fold(Folder::new(), |folder, n| {
        folder.file(
            &format!("{n}.md"),
            format!("---\ntitle: Article {n}\ndate: 2021-02-{:02}\nprovider: Gazette\n---\n", n % 18 + 1),
        )
    });
    for (columns, rows) in [(160, 45), (100, 40), (60, 40)] {
        let mut reader = Reader::of_folder(folder.path()).sized(columns, rows);
        reader.press("mi");
        for day in 1..=18 {
            let line = reader
                .text()
                .lines()
                .find(|line| line.contains(&format!(" {day} Feb 2021 ")) && !line.contains(" to "))
                .map(str::to_owned);
            let line = line.unwrap_or_else(|| panic!("no bar of {day}\n{}", reader.text()));
            assert!(line.contains(" 16 ") || line.contains(" 17 "), "{line}");
        }
        reader.press("<tab><tab>");
        let line =
            reader.text().lines().find(|line| line.contains("Gazette") && line.contains("300")).map(str::to_owned);
        assert!(line.is_some_and(|line| line.contains("<1 %")), "{}", reader.text());
    }
}

#[test]
fn nothing_found_has_no_bars() {
    let mut reader = Reader::of_news();
    reader.press("/nothing-like-it<enter>i");
    assert!(reader.text().contains("0 articles · 0 unread · 0 read · nothing-like-it"), "{}", reader.text());
    reader.press("jG<tab>G<tab><tab><enter><esc>");
    assert_eq!(reader.app().context(), Context::List);
}

// The command line.

const NEWS: &str = "tests/fixtures/news";

fn told(home: &Home, arguments: &[&str]) -> Value {
    let ran = home.run(&[&["insights", "--format", "json", "-L", NEWS], arguments].concat());
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}{}", ran.out, ran.err))
}

#[test]
fn the_command_prints_the_numbers_of_the_charts() {
    let home = Home::new();
    assert_eq!(home.run(&["mark", "read", "topic:machines", "-L", NEWS]).code, 0);
    let mut reader = Reader::of_news();
    reader.press("F<ctrl-u>topic:machines<enter>");
    assert_eq!(reader.found().len(), 2);
    reader.press("vGmci");
    for (key, by, period) in [
        ("d", "day", Period::Day),
        ("w", "week", Period::Week),
        ("m", "month", Period::Month),
        ("Q", "quarter", Period::Quarter),
        ("y", "year", Period::Year),
    ] {
        reader.press(key);
        let object = told(&home, &["--by", by]);
        let (view, insights) = (view(&reader), view(&reader).numbers().expect("numbers"));
        let bar = |bar: &Bucket| {
            let query = view.query.narrowed_to(bar).to_string();
            json!({ "count": bar.count, "read": bar.read, "share": bar.read_percent(), "query": query })
        };
        let with = |mut object: Value, key: &str, value: Value| {
            object[key] = value;
            object
        };
        let periods = |bars: &[Bucket]| -> Value {
            let of = |one: &Bucket| match one.key {
                BucketKey::Period(period, start) => Some(with(bar(one), "start", period.iso(start).into())),
                _ => None,
            };
            bars.iter().filter_map(of).collect()
        };
        let named = |bars: &[Bucket], counts_over_time: bool| -> Value {
            let of = |one: &Bucket| match &one.key {
                BucketKey::Named(name) => {
                    let object = with(bar(one), "name", name.as_str().into());
                    let counts = one.counts_over_time.of(period).as_slice();
                    Some(if counts_over_time { with(object, "over_time", counts.into()) } else { object })
                }
                _ => None,
            };
            bars.iter().filter_map(of).collect()
        };
        assert_eq!(insights.read, 2);
        assert_eq!(object["articles"], json!({ "all": 5, "unread": 3, "read": 2, "starred": 0 }));
        assert_eq!(object["published"]["periods"], periods(insights.published.of(period)));
        assert_eq!(object["reading"]["periods"], periods(insights.reading.of(period)));
        assert_eq!(object["topics"], named(&insights.topics.buckets, true));
        assert_eq!(object["providers"], named(&insights.providers.buckets, false));
    }
}

#[test]
fn the_object_has_always_all_keys() {
    let keys = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>().join(" ");
    for object in [told(&Home::new(), &[]), told(&Home::new(), &["nothing-like-it"])] {
        assert_eq!(
            keys(&object),
            "query by articles published topic_count topics no_topic provider_count providers no_provider tag_count tags no_tag reading"
        );
        assert_eq!(keys(&object["articles"]), "all unread read starred");
        assert_eq!(keys(&object["published"]), "periods later earlier undated");
        assert_eq!(keys(&object["reading"]), "periods later earlier undated");
    }
    let object = told(&Home::new(), &["type:video OR date:2021"]);
    assert_eq!(object["query"], "type:video OR date:2021");
    assert_eq!(keys(&object["published"]["periods"][0]), "count read share query start");
    assert_eq!(keys(&object["topics"][0]), "count read share query name over_time");
    assert_eq!(keys(&object["providers"][0]), "count read share query name");
    let start = |by| told(&Home::new(), &["--by", by])["published"]["periods"][0]["start"].clone();
    assert_eq!(
        [start("day"), start("week"), start("month"), start("quarter"), start("year")],
        ["2021-02-18", "2021-02-15", "2021-02", "2021-Q1", "2021"]
    );
}

#[test]
fn the_table_is_for_people_and_exit_code_1_means_nothing_found() {
    let ran = Home::new().run(&["insights", "-L", NEWS, "date:2021"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(
        lines[..4],
        ["3 articles, 3 unread, 0 read, 0 starred", "", "Articles by month", "  2021-02           3    0 % read"]
    );
    assert!(ran.out.contains("\nTopics\n") && ran.out.contains("\nProviders\n"), "{}", ran.out);
    let nothing = Home::new().run(&["insights", "-L", NEWS, "nothing-like-it"]);
    assert_eq!((nothing.code, nothing.out.as_str()), (1, "0 articles, 0 unread, 0 read, 0 starred\n"));
    assert_eq!(Home::new().run(&["insights", "-L", NEWS, "topc:x"]).code, 2);
}

#[test]
fn charts_are_counted_again_when_rules_say_something_else() {
    let mut reader = Reader::of_folder(Path::new("tests/fixtures/news"));
    reader.press("i");
    let all = reader.app().feed().len();
    let articles = |reader: &Reader| view(reader).numbers().map(|numbers| numbers.articles);
    assert_eq!(articles(&reader), Some(all));
    let query = Query::parse("title:moon").expect("a query");
    let rules = Rules::new(vec![query.rule(vec![RuleAction::Hide])]);
    reader.receive(Event::SettingsLoaded(Box::new(UserConfig { rules, ..UserConfig::default() })));
    assert_eq!(articles(&reader), Some(all - 1));
    reader.receive(Event::SettingsLoaded(Box::default()));
    assert_eq!(articles(&reader), Some(all));
}
