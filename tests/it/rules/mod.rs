//! Rules: they apply to the articles that a query finds, write no marks, and yield to marks of the user.

mod laws;
mod session;

use std::sync::Arc;

use frontpage::feed::{ArticleId, Feed, Mark};
use frontpage::library::Library;
use frontpage::query::{Query, Rule, RuleAction, Rules};

use crate::harness::folder::Folder;
use crate::harness::reader::now;

/// A rule, as the settings have it.
fn rule(when: &str, actions: &[RuleAction]) -> Rule {
    Query::parse(when).expect("a query").rule(actions.to_vec())
}

fn rules(rules: &[(&str, &[RuleAction])]) -> Rules {
    Rules::new(rules.iter().map(|(when, actions)| rule(when, actions)).collect())
}

/// Articles 1 to `count`, the first the newest, an hour apart. The topic of each is one of three, its quality its number.
fn write_numbered(folder: Folder, count: usize) -> Folder {
    (1..=count).fold(folder, |folder, n| {
        let date = (now() - chrono::TimeDelta::hours(n as i64)).format("%Y-%m-%dT%H:%M:%SZ");
        let topic = ["crypto", "sea", "moon"][n % 3];
        let head = format!("title: Article {n}\ndate: {date}\nlink: https://example.org/{n}\nquality: {n}");
        folder.file(&format!("{n:03}.md"), format!("---\n{head}\ntopics: [{topic}]\n---\nBody of {n}.\n"))
    })
}

fn load(folder: &Folder) -> Arc<Feed> {
    Library::Paths(vec![folder.path().to_owned()]).load(now(), |_| {}).expect("the folder").feed
}

fn ids(feed: &Feed) -> Vec<ArticleId> {
    (0..feed.len()).filter_map(|place| feed.id(place)).collect()
}

fn read() -> Mark {
    Mark::Read(Some(now()))
}
