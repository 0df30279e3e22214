//! The cost of a search, as a ratio to a plain scan of the same text in the same run: `cargo bench --bench search [ARTICLES]...`.

#![allow(clippy::print_stdout)] // prints its results

mod support;

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use frontpage::feed::{Article, Feed, plain_text};
use frontpage::query::{Invalidation, Query, RuleAction, RuleResults, Rules, SearchContext, SearchResult, fold};
use memchr::memmem::Finder;
use support::{SplitMix64, now, ratio, timed, vocabulary};

/// Words of a body: about 1 KB.
const BODY: usize = 150;
/// Runs of each measurement; the median is printed.
const RUNS: usize = 7;

/// Typing one more letter: the wider query, the narrower one, and the highest ratio allowed for the second.
// No limit where half of all articles match the wider query: all of them have to be read again.
const NARROWING: [(&str, &str, Option<f64>); 6] = [
    ("c", "co", None),
    ("comm", "commo", None),
    ("-comm", "-comm rarely", None),
    ("middlin", "middling", Some(0.3)),
    ("middling com", "middling comm", Some(0.3)),
    ("rarel", "rarely", Some(0.3)),
];

/// Queries, a word to scan the plain text for, and the highest ratio allowed of the query to that scan.
const QUERIES: [(&str, &str, Option<f64>); 17] = [
    ("zzzz", "zzzz", Some(1.5)),
    ("rarely", "rarely", Some(1.5)),
    ("common", "common", Some(1.5)),
    ("comm", "comm", Some(1.5)),
    ("e", "e", Some(1.5)),
    ("*ommo", "ommo", Some(1.5)),
    ("common sort:-date", "common", None),
    ("\"common often\"", "common often", Some(1.5)),
    ("common often", "common", None),
    ("common OR often", "common", None),
    ("rarely common", "rarely", None),
    ("-common", "common", None),
    ("title:common", "common", None),
    ("topic:=common quality:>=60", "common", None),
    ("/rare?ly/", "rarely", None),
    ("/c[aou]mmon \\w+n /", "common", None),
    ("/^common/", "common", None),
];

fn main() {
    support::sizes().into_iter().for_each(measure);
}

fn measure(count: usize) {
    let feed = Arc::new(Feed::new(articles(count), now()));
    let plain_text = folded_text(&feed);
    println!(
        "\n{} articles, {:.1} MB of folded text, medians of {RUNS} pairs of runs",
        feed.len(),
        megabytes(plain_text.len())
    );

    let context = SearchContext::new(feed, Arc::default(), now());
    let (_, scan) = timed(|| count_of(&plain_text, "zzzz"));
    let built = timed(|| find("zzzz", &context, None)).1.saturating_sub(scan);
    println!("scan without a match: {scan:.1?}; making the texts: {built:.1?}, {:.0} scans\n", ratio(built, scan));

    println!("{:28} {:>8} {:>10} {:>10} {:>7}", "query", "found", "search", "scan", "ratio");
    for (query, word, most) in QUERIES {
        row(query, || find(query, &context, None).indices.len(), || count_of(&plain_text, word), most);
    }
    println!("\none more letter, searched among the previous matches");
    for (wider, narrower, most) in NARROWING {
        let [wide, narrow] = [wider, narrower].map(parse);
        assert!(narrow.implies(&wide), "{narrower} implies {wider}");
        let before = find(wider, &context, None).matched;
        let search = || find(narrower, &context, Some(before.clone())).indices.len();
        row(narrower, search, || count_of(&plain_text, "zzzz"), most);
    }
    println!("\nrules, and queries with their results");
    rules(&context, &plain_text);
}

/// Measures five rules: one looks at marks, two hide some articles, and one scores half of all.
fn rules(context: &SearchContext, plain_text: &str) {
    let rule = |query: &str, action: RuleAction| parse(query).rule(vec![action]);
    let rules = Rules::new(vec![
        rule("topic:=common", RuleAction::Hide),
        rule("quality:<20", RuleAction::Hide),
        rule("quality:>=50", RuleAction::Score(10)),
        rule("title:common -is:starred", RuleAction::Read),
        rule("rarely", RuleAction::Star),
    ]);
    let scan = || count_of(plain_text, "zzzz");
    let evaluate = |before: Option<&RuleResults>, invalidation: &Invalidation| {
        let mut evaluation = rules.evaluate(context, before, invalidation);
        while evaluation.step(&|| false) {}
        evaluation.results()
    };
    let results = evaluate(None, &Invalidation::default());
    let ruled_marks = Arc::new(context.marks.with_rule_marks(Some(results.rule_marks().clone())));
    let one = Invalidation { articles: context.feed.id(7).into_iter().collect(), ..Invalidation::default() };
    let with = SearchContext { marks: ruled_marks.clone(), ..context.clone() };
    row("evaluate all rules", || evaluate(None, &Invalidation::default()).rule_marks().hidden().count(), scan, None);
    row("evaluate one article", || evaluate(Some(&results), &one).rule_marks().hidden().count(), scan, None);
    row("prepare for one article", || rules.evaluate(context, Some(&results), &one).left(), scan, None);
    row("everything, without rules", || find("", context, None).indices.len(), scan, None);
    row("everything, with rules", || find("", &with, None).indices.len(), scan, None);
    row("is:unread, without rules", || find("is:unread", context, None).indices.len(), scan, None);
    row("is:unread, with rules", || find("is:unread", &with, None).indices.len(), scan, None);
    row("sort:-score", || find("sort:-score", &with, None).indices.len(), scan, None);
}

/// Measures one line. Search and scan take turns, so that other load on the machine affects both.
fn row(query: &str, search: impl Fn() -> usize, scan: impl Fn() -> usize, most: Option<f64>) {
    let found = search();
    let mut runs: Vec<(Duration, Duration)> = (0..RUNS).map(|_| (timed(&search).1, timed(&scan).1)).collect();
    runs.sort_by(|a, b| ratio(a.0, a.1).total_cmp(&ratio(b.0, b.1)));
    let (took, scan) = runs[RUNS / 2];
    let ratio = ratio(took, scan);
    let verdict = match most {
        Some(most) if ratio > most => format!("  above {most}"),
        _ => String::new(),
    };
    println!("{query:28} {found:>8} {took:>10.1?} {scan:>10.1?} {ratio:>7.2}{verdict}");
}

fn parse(query: &str) -> Query {
    Query::parse(query).unwrap_or_else(|error| panic!("{query}: {error}"))
}

fn find(query: &str, context: &SearchContext, within: Option<Arc<fixedbitset::FixedBitSet>>) -> SearchResult {
    let mut search = parse(query).search(context.clone(), within);
    while search.step(&|| false) {}
    search.found()
}

fn count_of(text: &str, word: &str) -> usize {
    Finder::new(word).find_iter(text.as_bytes()).count()
}

fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

/// The folded text that plain words are searched in, of all articles.
fn folded_text(feed: &Feed) -> String {
    let mut all = String::new();
    for article in feed.iter() {
        let topics = article.topics.iter().map(|topic| topic.shown().as_str());
        let lines = [article.title.as_str(), article.provider.name.as_str(), article.excerpt.as_str()];
        for line in lines.into_iter().chain(topics).chain(plain_text::words(&article.body, article.syntax()).lines()) {
            all.push_str(&fold(line));
            all.push('\n');
        }
    }
    all
}

fn articles(count: usize) -> Vec<Arc<Article>> {
    let mut rng = SplitMix64(1);
    let words = vocabulary(&mut rng);
    (0..count).map(|number| Arc::new(article(number, &words, &mut rng))).collect()
}

fn article(number: usize, words: &[String], rng: &mut SplitMix64) -> Article {
    let paragraphs: Vec<String> = (0..4).map(|_| rng.words(words, BODY / 4)).collect();
    let (title, excerpt) = (rng.words(words, 8), rng.words(words, 20));
    let provider = &words[rng.below(200)];
    let topics: Vec<&str> = (0..2).map(|_| words[rng.below(300)].as_str()).collect();
    Article::builder(&title)
        .number(number as u64)
        .excerpt(&excerpt)
        .published(now() - TimeDelta::minutes(number as i64))
        .provider(provider, "")
        .topics(&topics)
        .body(&paragraphs.join("\n\n"))
        .with(|article| (article.words, article.quality) = (BODY as u32, Some(rng.below(100) as i64)))
        .build()
}
