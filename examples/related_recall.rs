//! Prints how many of the related articles that story heads list are found by content alone, by the index and by a plain method:
//! `cargo run --release --example related_recall -- [--halves] FOLDER...`.
//!
//! With `--halves`, heads with an even and with an odd id are counted apart too, so that a change can be chosen by one half and
//! checked by the other.

#![allow(clippy::print_stdout, clippy::print_stderr)] // prints its results

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::Utc;
use frontpage::feed::columnar_feed::Column;
use frontpage::feed::{Feed, Field};
use frontpage::library::Library;
use frontpage::query::SimilarityIndex;

/// Recall counts the first results up to this number.
const FOUND: usize = 20;

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

/// The plain method, which the index must not fall behind: the cosine of vectors of `tf * ln(N / df)`, times
/// `exp(-days / 14)`. A word is a run of letters and digits in lower case; `tf` is its number of occurrences in title, excerpt
/// and body together, `df` the number of articles that have it, and `N` the number of articles.
struct PlainMethod {
    /// For each article its words with their weights, which have length 1.
    vectors: Vec<Vec<(usize, f64)>>,
    /// For each word the articles that have it, with its weight in each.
    postings: Vec<Vec<(usize, f64)>>,
    /// Publication times in days.
    days: Vec<Option<f64>>,
}

impl PlainMethod {
    fn new(feed: &Feed) -> PlainMethod {
        let (mut numbers, mut counts) = (HashMap::new(), Vec::new());
        for index in 0..feed.len() {
            let mut counts_of_article: HashMap<usize, f64> = HashMap::new();
            if let Some(article) = feed.read(index) {
                for field in [Field::Title, Field::Excerpt, Field::Body] {
                    field.texts(&article, &mut |text| {
                        for word in
                            text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
                        {
                            let next = numbers.len();
                            let number = *numbers.entry(word.to_owned()).or_insert(next);
                            *counts_of_article.entry(number).or_default() += 1.0;
                        }
                    });
                }
            }
            let mut counts_of_article: Vec<(usize, f64)> = counts_of_article.into_iter().collect();
            counts_of_article.sort_unstable_by_key(|(number, _)| *number);
            counts.push(counts_of_article);
        }
        let mut frequencies = vec![0.0; numbers.len()];
        counts.iter().flatten().for_each(|(number, _)| frequencies[*number] += 1.0);
        let mut postings = vec![Vec::new(); numbers.len()];
        for (index, vector) in counts.iter_mut().enumerate() {
            vector.iter_mut().for_each(|(number, count)| *count *= (feed.len() as f64 / frequencies[*number]).ln());
            let length = vector.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
            for (number, weight) in vector {
                *weight /= length.max(f64::MIN_POSITIVE);
                postings[*number].push((index, *weight));
            }
        }
        let days = |index| Some(feed.header(index)?.published?.as_utc().timestamp() as f64 / 86_400.0);
        PlainMethod { vectors: counts, postings, days: (0..feed.len()).map(days).collect() }
    }

    fn find(&self, index: usize, limit: usize) -> Vec<usize> {
        let mut scores = vec![0.0; self.vectors.len()];
        for (number, weight) in &self.vectors[index] {
            self.postings[*number].iter().for_each(|(other, there)| scores[*other] += weight * there);
        }
        for (score, days) in scores.iter_mut().zip(&self.days) {
            *score *= self.days[index].zip(*days).map_or(1.0, |(here, there)| (-(here - there).abs() / 14.0).exp());
        }
        let mut found: Vec<usize> = (0..scores.len()).filter(|other| *other != index && scores[*other] > 0.0).collect();
        found.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
        found.truncate(limit);
        found
    }
}

/// Prints recall at 10 and at 20, on average over the heads.
fn print(folder: &str, method: &str, heads: &str, recalls: &[[f64; 2]]) {
    let mean = |k: usize| recalls.iter().map(|recall| recall[k]).sum::<f64>() / recalls.len().max(1) as f64;
    println!(
        r#"{{"folder":"{folder}","method":"{method}","of":"{heads}","heads":{},"recall_at_10":{:.4},"recall_at_20":{:.4}}}"#,
        recalls.len(),
        mean(0),
        mean(1)
    );
}

/// Finds the articles that are similar to the one at an index.
type Method<'a> = &'a dyn Fn(usize) -> Vec<usize>;

fn main() -> ExitCode {
    let (options, folders): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|part| part.starts_with("--"));
    let with_halves = options.iter().any(|option| option == "--halves");
    if folders.is_empty() || options.iter().any(|option| option != "--halves") {
        eprintln!("usage: related_recall [--halves] FOLDER...");
        return ExitCode::from(2);
    }
    for folder in folders {
        let loaded = match Library::Paths(vec![PathBuf::from(&folder)]).load(Utc::now(), |_| {}) {
            Ok(loaded) => loaded,
            Err(error) => {
                eprintln!("{error}");
                return ExitCode::FAILURE;
            }
        };
        let feed = &loaded.feed;
        let Some(similar) = SimilarityIndex::of(feed, None, &|| false) else { return ExitCode::FAILURE };
        let plain = PlainMethod::new(feed);
        let is_hot = |index: &usize| {
            feed.header(*index).and_then(|header| header.number(Field::Heat)).is_some_and(|heat| heat > 0)
        };
        let heads = (0..feed.len()).filter(is_hot).map(|index| (index, listed(feed, index)));
        let heads: Vec<(usize, Vec<usize>)> = heads.filter(|(_, listed)| !listed.is_empty()).collect();
        let by_index =
            |head| similar.find(feed, head, FOUND).into_iter().map(|found| found.article_index).collect::<Vec<usize>>();
        let by_plain = |head| plain.find(head, FOUND);
        let methods: [(&str, Method); 2] = [("index", &by_index), ("plain", &by_plain)];
        for (method, find) in methods {
            let (mut all, mut halves) = (Vec::new(), [Vec::new(), Vec::new()]);
            for (head, listed) in &heads {
                let found = find(*head);
                let recalls = [10, FOUND].map(|k| recall(listed, &found, k));
                all.push(recalls);
                let is_odd = feed.id(*head).is_some_and(|id| id.number() % 2 == 1);
                halves[usize::from(is_odd)].push(recalls);
            }
            print(&folder, method, "all", &all);
            if with_halves {
                print(&folder, method, "even ids", &halves[0]);
                print(&folder, method, "odd ids", &halves[1]);
            }
        }
    }
    ExitCode::SUCCESS
}
