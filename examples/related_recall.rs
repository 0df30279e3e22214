//! Prints how many of the related articles that story heads list are found by content alone:
//! `cargo run --release --example related_recall -- FOLDER`.

#![allow(clippy::print_stdout, clippy::print_stderr)] // prints its results

use std::process::ExitCode;

use chrono::Utc;
use frontpage::feed::columnar_feed::Column;
use frontpage::feed::{Feed, Field};
use frontpage::library::Library;
use frontpage::query::SimilarityIndex;

/// The indices of the articles that a file lists as related, each once and without itself.
fn listed(feed: &Feed, index: usize) -> Vec<usize> {
    let listed = feed.columns().list(Column::ListedEnds, Column::Listed, index);
    let mut listed: Vec<usize> = listed.filter_map(|to| to.checked_sub(1)).map(|to| to as usize).collect();
    listed.sort_unstable();
    listed.dedup();
    listed.retain(|other| *other != index);
    listed
}

/// The part of the expected articles that is among the first `k` results.
fn recall(listed: &[usize], found: &[usize], k: usize) -> f64 {
    let hits = found.iter().take(k).filter(|index| listed.contains(index)).count();
    hits as f64 / listed.len().min(k) as f64
}

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: related_recall FOLDER");
        return ExitCode::from(2);
    };
    let loaded = match Library::Paths(vec![folder.into()]).load(Utc::now(), |_| {}) {
        Ok(loaded) => loaded,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let feed = &loaded.feed;
    let Some(similar) = SimilarityIndex::of(feed, None, &|| false) else { return ExitCode::FAILURE };
    let is_hot =
        |index: &usize| feed.header(*index).and_then(|header| header.number(Field::Heat)).is_some_and(|heat| heat > 0);
    let heads = (0..feed.len()).filter(is_hot).map(|index| (index, listed(feed, index)));
    let heads: Vec<(usize, Vec<usize>)> = heads.filter(|(_, listed)| !listed.is_empty()).collect();
    let mut sums = [0.0, 0.0];
    for (head, listed) in &heads {
        let found: Vec<usize> = similar.find(feed, *head, 20).into_iter().map(|found| found.article_index).collect();
        for (sum, k) in sums.iter_mut().zip([10, 20]) {
            *sum += recall(listed, &found, k);
        }
    }
    let [at_10, at_20] = sums.map(|sum| if heads.is_empty() { 0.0 } else { sum / heads.len() as f64 });
    println!(r#"{{"heads":{},"recall_at_10":{at_10:.4},"recall_at_20":{at_20:.4}}}"#, heads.len());
    ExitCode::SUCCESS
}
