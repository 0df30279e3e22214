//! The cost of related and similar articles, as ratios to reading as many articles, or as much text, in the same run:
//! `cargo bench --bench related [ARTICLES]...`.

#![allow(clippy::print_stdout, clippy::expect_used, clippy::disallowed_methods)] // prints its results, and panics on errors

mod support;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use frontpage::feed::{Article, ArticleId, Bytes, Feed, Link, Provider, RelatedLink, SafeText, clean};
use frontpage::library::{Library, Loaded};
use frontpage::query::{FoldedTexts, SimilarityIndex, texts_to_keep};
use support::{ArticleFiles, SplitMix64, median, now, ratio, sizes, timed, vocabulary};

const RUNS: usize = 5;
/// Related entries of a head article: as many as the largest real one has.
const ENTRIES: usize = 39;
/// Similar articles to find, and the number of articles to find them for.
const SIMILAR: usize = 20;
const QUERIES: usize = 500;
/// The columns of the saved texts that the similarity index reads.
const COLUMNS: [usize; 2] = [0, 3];

/// Articles; every hundredth is the head of a story with the articles after it.
fn articles(count: usize) -> Vec<Arc<Article>> {
    let seed = Library::BuiltIn.load(now(), |_| {}).expect("the built-in feed").feed.get(0).expect("an article");
    let link = |n: usize| Link::read(&format!("https://site.example/{n}"));
    let title = |n: usize| clean::line(&format!("Article number {n}"));
    let entry = |n: usize| RelatedLink {
        title: title(n),
        excerpt: SafeText::default(),
        published: None,
        link: Some(link(n)),
        provider: Provider::default(),
        quality: None,
    };
    let article = |n: usize| {
        let leads = n.is_multiple_of(100);
        let related = if leads { (n + 1..n + 1 + ENTRIES).map(entry).collect() } else { Vec::new() };
        let heat = Some(if leads { 90 } else { -1 });
        let published = Some(now() - chrono::TimeDelta::minutes(n as i64));
        let (link, path) = (link(n), PathBuf::from(format!("{n}.md")));
        let id = ArticleId::of_link(link.address().expect("an address"));
        let own = (*seed).clone();
        Arc::new(Article {
            id,
            title: title(n),
            link: Some(link),
            quality: Some(50),
            path,
            heat,
            related,
            published: published.map(Into::into),
            ..own
        })
    };
    (0..count).map(article).collect()
}

fn main() {
    for count in sizes() {
        related(count);
        similar(count);
    }
}

fn related(count: usize) {
    let articles = articles(count);
    let (feed, made) = timed(|| Feed::new(articles, now()));
    let heads: Vec<usize> = (0..count).step_by(100).take(100).collect();
    let indices = || heads.iter().flat_map(|head| *head..(*head + 1 + ENTRIES).min(count));
    let baseline = median(RUNS, || timed(|| indices().filter_map(|index| feed.read(index)).count()).1);
    let took = median(RUNS, || {
        let fresh = Feed::of(feed.columns().clone());
        timed(|| heads.iter().map(|head| fresh.related(*head).len()).sum::<usize>()).1
    });
    let each = took.as_secs_f64() * 1e6 / heads.len() as f64;
    println!(
        "{count} articles: feed made in {made:.1?}, {:.2} µs each; the {ENTRIES} of a head in {each:.0} µs, {:.2} times reading them",
        made.as_secs_f64() * 1e6 / count as f64,
        ratio(took, baseline)
    );
}

/// Measures finding similar articles, in files whose words are distributed as in a language.
fn similar(count: usize) {
    let (folder, snapshots) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    ArticleFiles::new().write(folder.path(), count);
    let frequent = vocabulary(&mut SplitMix64(1))[..40].join(" ");
    let text = |words: &str| format!("---\ntitle: \"{frequent}\"\nexcerpt: \"{words}\"\ndate: 2024-06-01\n---\n");
    std::fs::write(folder.path().join("frequent.md"), text("of no use")).expect("a file");
    let library = Library::Paths(vec![folder.path().to_owned()]);
    let loaded = library.load(now(), |_| {}).expect("the library");
    let feed = &loaded.feed;
    let build =
        |feed: &Feed, before: Option<&SimilarityIndex>| SimilarityIndex::of(feed, before, &|| false).expect("an index");

    let baseline = median(RUNS, || timed(|| (0..feed.len()).filter_map(|index| feed.read(index)).count()).1);
    let took = median(RUNS, || timed(|| build(feed, None)).1);
    println!("  similar: the index in {took:.1?}, {:.2} times reading the articles", ratio(took, baseline));

    save_texts(&library, snapshots.path(), &loaded);
    let store = feed.folded_text_store().expect("texts");
    let chunks = FoldedTexts::shape(feed).0;
    let words = |(text, _): (Bytes, Bytes)| String::from_utf8_lossy(&text).split_whitespace().count();
    let of_chunk = |chunk| COLUMNS.into_iter().filter_map(move |column| store.column(chunk, column)).map(words);
    let read = || (0..chunks).flat_map(of_chunk).sum::<usize>();
    let baseline = median(RUNS, || timed(read).1);
    let took = median(RUNS, || timed(|| build(feed, None)).1);
    let similar = build(feed, None);
    println!(
        "  similar: the index from saved texts in {took:.1?}, {:.1} times counting their words; {:.1} MB",
        ratio(took, baseline),
        similar.bytes() as f64 / 1e6
    );

    let index_of = |title: &str| {
        let is = |index: &usize| feed.read(*index).is_some_and(|article| article.title.as_str() == title);
        (0..feed.len()).find(is).expect("the article")
    };
    let frequent_index = index_of(&frequent);
    let of = |index| median(3, || timed(|| similar.find(feed, index, SIMILAR)).1);
    let mut times: Vec<Duration> = (0..QUERIES).map(|query| of(query * feed.len() / QUERIES)).collect();
    times.sort();
    println!(
        "  similar: {SIMILAR} of an article in {:.0?}, at worst {:.0?}; of one whose words are all frequent in {:.0?}",
        times[QUERIES / 2],
        times[QUERIES - 1],
        of(frequent_index)
    );

    // Files that were just written are read again: wait until their modification times are old enough to be trusted.
    std::thread::sleep(Duration::from_millis(2_500));
    let loaded = library.refresh(&loaded, now(), |_| {}).expect("the library").unwrap_or(loaded);
    let similar = build(&loaded.feed, None);
    std::fs::write(folder.path().join("frequent.md"), text("of some use")).expect("a file");
    let later = library.refresh(&loaded, now(), |_| {}).expect("the library").expect("a change");
    let took = median(RUNS, || timed(|| build(&later.feed, Some(&similar))).1);
    println!("  similar: updating the index after one change in {took:.1?}");
    assert_eq!(build(&later.feed, Some(&similar)).tokenized(), 1);
}

/// Saves the folded texts of a library, and makes its feed use them.
fn save_texts(library: &Library, snapshots: &std::path::Path, loaded: &Loaded) {
    let number = library.save_snapshot(snapshots, loaded, now()).expect("saved");
    let make = texts_to_keep(&loaded.feed);
    library
        .save_folded_texts(snapshots, number, FoldedTexts::VERSION, FoldedTexts::shape(&loaded.feed), make)
        .expect("saved");
    assert!(library.use_folded_texts(snapshots, number, &loaded.feed, FoldedTexts::VERSION));
}
