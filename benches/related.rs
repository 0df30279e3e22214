//! What related articles cost, as a ratio to reading as many articles out of the feed: `cargo bench --bench related [ARTICLES]...`.

#![allow(clippy::print_stdout, clippy::expect_used)] // it tells what it measured, or stops

mod support;

use std::path::PathBuf;
use std::sync::Arc;

use frontpage::feed::{Article, ArticleId, Feed, Link, Provider, RelatedLink, Shown, clean};
use frontpage::library::Library;
use support::{median, now, ratio, sizes, timed};

const RUNS: usize = 5;
/// Entries of a head: as many as the largest of real ones.
const ENTRIES: usize = 39;

/// Articles of which every hundredth leads a story of those behind it.
fn articles(count: usize) -> Vec<Arc<Article>> {
    let seed = Library::BuiltIn.load(now(), |_| {}).expect("the built-in feed").feed.get(0).expect("an article");
    let link = |n: usize| Link::read(&format!("https://site.example/{n}"));
    let title = |n: usize| clean::line(&format!("Article number {n}"));
    let entry = |n: usize| RelatedLink {
        title: title(n),
        excerpt: Shown::default(),
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
            published,
            ..own
        })
    };
    (0..count).map(article).collect()
}

fn main() {
    for count in sizes() {
        let articles = articles(count);
        let (feed, made) = timed(|| Feed::new(articles, now()));
        let heads: Vec<usize> = (0..count).step_by(100).take(100).collect();
        let places = || heads.iter().flat_map(|head| *head..(*head + 1 + ENTRIES).min(count));
        let floor = median(RUNS, || timed(|| places().filter_map(|place| feed.read(place)).count()).1);
        let took = median(RUNS, || {
            let fresh = Feed::of(feed.columns().clone());
            timed(|| heads.iter().map(|head| fresh.related(*head).len()).sum::<usize>()).1
        });
        let each = took.as_secs_f64() * 1e6 / heads.len() as f64;
        println!(
            "{count} articles: put together in {made:.1?}, {:.2} µs each; the {ENTRIES} of a head in {each:.0} µs, {:.2} times reading them",
            made.as_secs_f64() * 1e6 / count as f64,
            ratio(took, floor)
        );
    }
}
