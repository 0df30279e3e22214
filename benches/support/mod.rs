//! Shared by the benches: articles and article files from a fixed random sequence, and time measurements.

#![allow(dead_code, clippy::print_stdout, clippy::expect_used, clippy::disallowed_methods)] // each bench uses a part of it

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

/// Number of different words. Their frequencies follow Zipf's law.
const VOCABULARY: usize = 20_000;

/// The fixed time of all measurements.
pub fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

/// Pseudo-random numbers from a seed, by the SplitMix64 generator.
pub struct SplitMix64(pub u64);

impl SplitMix64 {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// A random word. The n-th word is drawn about 1/n as often as the first.
    pub fn word<'a>(&mut self, words: &'a [String]) -> &'a str {
        let share = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        &words[((words.len() as f64).powf(share) as usize - 1).min(words.len() - 1)]
    }

    pub fn words(&mut self, words: &[String], count: usize) -> String {
        (0..count).map(|_| self.word(words)).collect::<Vec<_>>().join(" ")
    }
}

/// The words of all articles, the most frequent first. Four have a fixed rank, so that queries for them can be compared.
pub fn vocabulary(rng: &mut SplitMix64) -> Vec<String> {
    const PARTS: [&str; 24] = [
        "an", "be", "co", "de", "er", "fi", "go", "he", "in", "ka", "lo", "mm", "ne", "on", "pre", "qui", "re", "sta",
        "ti", "un", "ver", "wa", "é", "ly",
    ];
    let one = |number: usize, rng: &mut SplitMix64| match number {
        30 => "common".to_owned(),
        60 => "often".to_owned(),
        1_500 => "middling".to_owned(),
        19_000 => "rarely".to_owned(),
        _ => (0..1 + rng.below(2) + number.ilog2() as usize / 5).map(|_| PARTS[rng.below(PARTS.len())]).collect(),
    };
    (1..=VOCABULARY).map(|number| one(number, rng)).collect()
}

/// Generates article files in the native format that resemble real ones: 1.9 KB each, half of them with related entries.
pub struct ArticleFiles {
    words: Vec<String>,
}

impl ArticleFiles {
    pub fn new() -> ArticleFiles {
        ArticleFiles { words: vocabulary(&mut SplitMix64(1)) }
    }

    /// The name and the text of file `number`.
    pub fn file(&self, number: usize) -> (String, String) {
        let rng = &mut SplitMix64(number as u64 * 7919);
        let published = now() - TimeDelta::minutes(24 * number as i64 + 1);
        let title = rng.words(&self.words, 4 + number % 9);
        let slug = title.replace(' ', "-");
        let (year, month, day) = (published.format("%Y"), published.format("%m"), published.format("%d"));
        let (provider, site) = (rng.below(250), rng.below(250));
        let link = format!("https://www.site{site}.example/{year}/{slug}-{number}/");
        let quality = rng.below(140);
        let mut text = format!(
            "---\ncategory: news\ntitle: \"{title}\"\nexcerpt: \"{} — {}\"\npublishedDateTime: {}\noriginalUrl: \"{link}\"\n\
             webUrl: \"{link}\"\ntype: article\nquality: {quality}\nheat: {quality}\npublished: true\n\nprovider:\n  name: {}\n  \
             domain: site{site}.example\n  images:\n    - url: \"https://img.example.org/{site}.jpg\"\n      width: 50\n      \
             height: 50\n\ntopics:\n",
            rng.words(&self.words, 18),
            rng.words(&self.words, 18),
            published.format("%Y-%m-%dT%H:%M:%SZ"),
            self.words[100 + provider],
        );
        for _ in 0..=rng.below(3) {
            text.push_str(&format!("  - {}\n", self.words[400 + rng.below(40)]));
        }
        text.push_str(&format!(
            "\nimages:\n  - url: \"https://img.example.org/uploads/{year}/{month}/{slug}.jpg\"\n    width: 1200\n    height: 630\n    \
             isCached: true\n\n"
        ));
        let related = rng.below(4).saturating_sub(1);
        if related > 0 {
            text.push_str("related:\n");
        }
        for _ in 0..related {
            let title = rng.words(&self.words, 9);
            text.push_str(&format!(
                "  - title: \"{title}\"\n    excerpt: \"{}\"\n    publishedDateTime: {}\n    webUrl: \"https://www.site{}.example/{}/\"\n    \
                 type: article\n    provider:\n      name: {}\n      domain: site{site}.example\n    quality: {}\n",
                rng.words(&self.words, 20),
                published.format("%Y-%m-%dT%H:%M:%SZ"),
                rng.below(250),
                title.replace(' ', "-"),
                self.words[100 + rng.below(250)],
                rng.below(110),
            ));
        }
        let sealed: String = (0..620).map(|_| char::from(b'A' + rng.below(26) as u8)).collect();
        text.push_str(&format!("\nsecured: \"{sealed};{sealed}\"\n---\n\n", sealed = &sealed[..310]));
        (format!("{year}-{month}-{day}-{}-{number}.md", slug.chars().filter(char::is_ascii).collect::<String>()), text)
    }

    /// Writes `count` files into a folder.
    pub fn write(&self, folder: &Path, count: usize) {
        for number in 0..count {
            let (name, text) = self.file(number);
            std::fs::write(folder.join(name), text).expect("a file");
        }
    }
}

/// Runs a function. Returns its result and how long it took.
pub fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let started = Instant::now();
    let result = black_box(run());
    (result, started.elapsed())
}

/// The median of several runs.
pub fn median(runs: usize, mut run: impl FnMut() -> Duration) -> Duration {
    let mut times: Vec<Duration> = (0..runs).map(|_| run()).collect();
    times.sort();
    times[runs / 2]
}

pub fn ratio(took: Duration, baseline: Duration) -> f64 {
    took.as_secs_f64() / baseline.as_secs_f64()
}

/// The numbers of articles to measure with: those on the command line, else 1,000, 10,000 and 100,000.
pub fn sizes() -> Vec<usize> {
    let named: Vec<usize> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    if named.is_empty() { vec![1_000, 10_000, 100_000] } else { named }
}

/// A line of `/proc/self/status` in bytes, such as `VmHWM` or `VmRSS`.
pub fn memory(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("the status of this process");
    let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("the line");
    1024 * line.trim_matches(|c: char| !c.is_ascii_digit()).parse::<u64>().expect("a number")
}
