//! Support for the benches: pseudo-random articles and article files, the same in every run, and clocks.

#![allow(dead_code, clippy::print_stdout, clippy::expect_used, clippy::disallowed_methods)] // each bench uses a part of it

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

/// Number of different words. Their frequencies follow Zipf's law: the n-th word is about n times as rare as the first.
const VOCABULARY: usize = 20_000;

/// The current time of all benches.
pub fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

/// Pseudo-random numbers, the same in every run (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn roll(&mut self, sides: usize) -> usize {
        (self.next() % sides as u64) as usize
    }

    /// Draws a word; the n-th about 1/n as often as the first.
    pub fn word<'a>(&mut self, words: &'a [String]) -> &'a str {
        let share = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        &words[((words.len() as f64).powf(share) as usize - 1).min(words.len() - 1)]
    }

    pub fn words(&mut self, words: &[String], count: usize) -> String {
        (0..count).map(|_| self.word(words)).collect::<Vec<_>>().join(" ")
    }
}

/// The words of all articles.
pub fn vocabulary(dice: &mut Dice) -> Vec<String> {
    const PARTS: [&str; 24] = [
        "an", "be", "co", "de", "er", "fi", "go", "he", "in", "ka", "lo", "mm", "ne", "on", "pre", "qui", "re", "sta",
        "ti", "un", "ver", "wa", "é", "ly",
    ];
    let one = |number: usize, dice: &mut Dice| match number {
        30 => "common".to_owned(),
        60 => "often".to_owned(),
        1_500 => "middling".to_owned(),
        19_000 => "rarely".to_owned(),
        _ => (0..1 + dice.roll(2) + number.ilog2() as usize / 5).map(|_| PARTS[dice.roll(PARTS.len())]).collect(),
    };
    (1..=VOCABULARY).map(|number| one(number, dice)).collect()
}

/// Article files of the native form, like real ones: 1.9 KB each, half of them with at least one related entry.
pub struct Files {
    words: Vec<String>,
}

impl Files {
    pub fn new() -> Files {
        Files { words: vocabulary(&mut Dice(1)) }
    }

    /// The name and the text of a file.
    pub fn file(&self, number: usize) -> (String, String) {
        let dice = &mut Dice(number as u64 * 7919);
        let published = now() - TimeDelta::minutes(24 * number as i64 + 1);
        let title = dice.words(&self.words, 4 + number % 9);
        let slug = title.replace(' ', "-");
        let (year, month, day) = (published.format("%Y"), published.format("%m"), published.format("%d"));
        let (provider, site) = (dice.roll(250), dice.roll(250));
        let link = format!("https://www.site{site}.example/{year}/{slug}-{number}/");
        let quality = dice.roll(140);
        let mut text = format!(
            "---\ncategory: news\ntitle: \"{title}\"\nexcerpt: \"{} — {}\"\npublishedDateTime: {}\noriginalUrl: \"{link}\"\n\
             webUrl: \"{link}\"\ntype: article\nquality: {quality}\nheat: {quality}\npublished: true\n\nprovider:\n  name: {}\n  \
             domain: site{site}.example\n  images:\n    - url: \"https://img.example.org/{site}.jpg\"\n      width: 50\n      \
             height: 50\n\ntopics:\n",
            dice.words(&self.words, 18),
            dice.words(&self.words, 18),
            published.format("%Y-%m-%dT%H:%M:%SZ"),
            self.words[100 + provider],
        );
        for _ in 0..=dice.roll(3) {
            text.push_str(&format!("  - {}\n", self.words[400 + dice.roll(40)]));
        }
        text.push_str(&format!(
            "\nimages:\n  - url: \"https://img.example.org/uploads/{year}/{month}/{slug}.jpg\"\n    width: 1200\n    height: 630\n    \
             isCached: true\n\n"
        ));
        let related = dice.roll(4).saturating_sub(1);
        if related > 0 {
            text.push_str("related:\n");
        }
        for _ in 0..related {
            let title = dice.words(&self.words, 9);
            text.push_str(&format!(
                "  - title: \"{title}\"\n    excerpt: \"{}\"\n    publishedDateTime: {}\n    webUrl: \"https://www.site{}.example/{}/\"\n    \
                 type: article\n    provider:\n      name: {}\n      domain: site{site}.example\n    quality: {}\n",
                dice.words(&self.words, 20),
                published.format("%Y-%m-%dT%H:%M:%SZ"),
                dice.roll(250),
                title.replace(' ', "-"),
                self.words[100 + dice.roll(250)],
                dice.roll(110),
            ));
        }
        let sealed: String = (0..620).map(|_| char::from(b'A' + dice.roll(26) as u8)).collect();
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

/// The time of a call, and its result.
pub fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let result = black_box(run());
    (result, begun.elapsed())
}

/// The median of several runs.
pub fn median(runs: usize, mut run: impl FnMut() -> Duration) -> Duration {
    let mut times: Vec<Duration> = (0..runs).map(|_| run()).collect();
    times.sort();
    times[runs / 2]
}

pub fn ratio(took: Duration, floor: Duration) -> f64 {
    took.as_secs_f64() / floor.as_secs_f64()
}

/// Numbers of articles: those on the command line, else 1,000, 10,000 and 100,000.
pub fn sizes() -> Vec<usize> {
    let named: Vec<usize> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    if named.is_empty() { vec![1_000, 10_000, 100_000] } else { named }
}

/// A value of `/proc/self/status` in bytes: `VmHWM` or `VmRSS`.
pub fn memory(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("what the system says of us");
    let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("the line");
    1024 * line.trim_matches(|c: char| !c.is_ascii_digit()).parse::<u64>().expect("a number")
}
