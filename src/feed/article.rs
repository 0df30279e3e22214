//! Articles: one file, one thing to read.

use std::collections::HashSet;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::SystemTime;

use pulldown_cmark::{Event, Options, Parser, Tag};
use sha2::{Digest, Sha256};

use super::clean::{self, SafeText, UntrustedText};
use super::link::{Address, Link};
use super::problem::Problem;
use super::topic::Topic;
use crate::dates::Date;

/// Who an article is, wherever its file lies: the first 64 bits of SHA-256 over the canonical link, else over title and
/// time, else over the path. Printed as 16 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleId(u64);

impl ArticleId {
    /// The id of an article with a link.
    pub fn of_link(address: &Address) -> ArticleId {
        ArticleId::hash(&["link", &address.canonical()])
    }

    /// The id of an article without a link, but with a title and a time: the same in every zone.
    pub fn of_title(title: &SafeText, published: Date) -> ArticleId {
        ArticleId::hash(&["title", title.as_str(), &published.as_utc().timestamp().to_string()])
    }

    /// The id of an article of which nothing but its place is known: its path below the library folder.
    pub fn of_path(below: &std::path::Path) -> ArticleId {
        ArticleId::hash(&["path", &below.to_string_lossy()])
    }

    /// The id of one of several different articles that would all have the same id: links that differ behind `#`, several
    /// articles about one page, notes with one title and time. `below` is the path below the library folder where no link
    /// tells them apart, else empty.
    pub fn of_one_sharing(shared: ArticleId, fragment: u64, folded_title: u64, below: &std::path::Path) -> ArticleId {
        let [fragment, title] = [fragment, folded_title].map(|key| format!("{key:016x}"));
        ArticleId::hash(&["twin", &shared.to_string(), &fragment, &title, &below.to_string_lossy()])
    }

    /// One of `count` parts of all ids, by the first bits; `count` is a power of two.
    pub fn shard(self, count: usize) -> usize {
        (self.0 >> (64 - count.trailing_zeros())) as usize
    }

    /// The number that it is.
    pub fn number(self) -> u64 {
        self.0
    }

    /// The id that a number is.
    pub fn of_number(number: u64) -> ArticleId {
        ArticleId(number)
    }

    fn hash(parts: &[&str]) -> ArticleId {
        let mut hasher = Sha256::new();
        for (n, part) in parts.iter().enumerate() {
            hasher.update(if n > 0 { "\0" } else { "" });
            hasher.update(part);
        }
        ArticleId(hasher.finalize().iter().take(8).fold(0, |id, byte| id << 8 | u64::from(*byte)))
    }
}

impl fmt::Display for ArticleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Debug for ArticleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ArticleId {
    type Err = std::num::ParseIntError;

    fn from_str(s: &str) -> Result<ArticleId, Self::Err> {
        u64::from_str_radix(s, 16).map(ArticleId)
    }
}

/// Who published an article. Two are the same when name and domain are: 134 names live under youtube.com.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Provider {
    /// Name as shown; the domain when the file names none.
    pub name: SafeText,
    /// Site, in lower case, without `www.`; may be empty.
    pub domain: SafeText,
}

/// A picture that goes with an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Where it is.
    pub link: Link,
    /// Its caption; may be empty.
    pub title: SafeText,
    /// Width and height in pixels, as the file says.
    pub size: Option<(u32, u32)>,
}

/// Another article, as an article file describes it under `related`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelatedLink {
    /// Title, one line.
    pub title: SafeText,
    /// Excerpt, one line; may be empty.
    pub excerpt: SafeText,
    /// When it was published.
    pub published: Option<Date>,
    /// Its page; real files leave it empty at times.
    pub link: Option<Link>,
    /// Who published it.
    pub provider: Provider,
    /// Its score.
    pub quality: Option<i64>,
}

/// One thing to read: what an article file says, cleaned. Its file is never written to.
#[derive(Clone, Debug, PartialEq)]
pub struct Article {
    /// Who it is, wherever its file lies.
    pub id: ArticleId,
    /// Title, one line, never empty.
    pub title: SafeText,
    /// Excerpt, one line; may be empty.
    pub excerpt: SafeText,
    /// True when the file had no excerpt and the first paragraph of the body stands in for it.
    pub excerpt_from_body: bool,
    /// When it was published.
    pub published: Option<Date>,
    /// When it was last changed by its authors.
    pub updated: Option<Date>,
    /// Its page.
    pub link: Option<Link>,
    /// Further links of the file to the same article, each with what it is.
    pub other_links: Vec<(&'static str, Link)>,
    /// Who published it.
    pub provider: Provider,
    /// Who wrote it; may be empty.
    pub author: SafeText,
    /// Labels, in the order of the file.
    pub topics: Vec<Topic>,
    /// Region codes.
    pub regions: Vec<SafeText>,
    /// `news` and the like.
    pub category: Option<SafeText>,
    /// `article`, `video` and the like.
    pub kind: Option<SafeText>,
    /// Score of the article on its own, 0…213 in the family.
    pub quality: Option<i64>,
    /// Score of its story: `quality` for an article on its own, more for a head, −1 for another member.
    pub heat: Option<i64>,
    /// Whether its site shows it, when the file says so.
    pub shown_by_site: Option<bool>,
    /// Pictures, in the order of the file.
    pub pictures: Vec<Picture>,
    /// Related articles, in the order of the file.
    pub related: Vec<RelatedLink>,
    /// Markdown, as it came.
    pub body: UntrustedText,
    /// Words of excerpt and body, for the reading time.
    pub words: u32,
    /// The file.
    pub path: PathBuf,
    /// Other files with the same article.
    pub also_in: Vec<PathBuf>,
    /// When the file was last written, to tell the newest of several.
    pub modified: Option<SystemTime>,
    /// What is wrong with the file.
    pub problems: Vec<Problem>,
}

/// Words a minute, for the reading time; a common figure for adults reading English silently is 238 (Brysbaert 2019).
const WORDS_A_MINUTE: u32 = 238;

impl Article {
    /// An article of which nothing is known; its title is empty.
    pub fn blank(id: ArticleId) -> Article {
        Article {
            id,
            title: SafeText::default(),
            excerpt: SafeText::default(),
            excerpt_from_body: false,
            published: None,
            updated: None,
            link: None,
            other_links: Vec::new(),
            provider: Provider::default(),
            author: SafeText::default(),
            topics: Vec::new(),
            regions: Vec::new(),
            category: None,
            kind: None,
            quality: None,
            heat: None,
            shown_by_site: None,
            pictures: Vec::new(),
            related: Vec::new(),
            body: UntrustedText::default(),
            words: 0,
            path: PathBuf::new(),
            also_in: Vec::new(),
            modified: None,
            problems: Vec::new(),
        }
    }

    /// Time to read it, in whole minutes; at least one.
    pub fn reading_minutes(&self) -> u32 {
        self.words.div_ceil(WORDS_A_MINUTE).max(1)
    }

    /// Whether a reader sees no difference to another version of it: where its file lies, when that was written and what is
    /// wrong with it are told beside the article.
    pub fn looks_same_as(&self, other: &Article) -> bool {
        let Article { path, also_in, modified, problems, .. } = other.clone();
        Article { path, also_in, modified, problems, ..self.clone() } == *other
    }

    /// Every link of the article, each once: its page, the file's other links, those of the body in order, the pictures.
    /// The body shows their numbers as `[3]`, counted from 1 in this list.
    pub fn links(&self) -> Vec<NamedLink> {
        let mut links: Vec<NamedLink> = Vec::new();
        let mut known: HashSet<SafeText> = HashSet::new();
        let mut add = |name: SafeText, link: Link| {
            if known.insert(link.shown().clone()) {
                links.push(NamedLink { name, link });
            }
        };
        if let Some(link) = &self.link {
            add("original".into(), link.clone());
        }
        for (name, link) in &self.other_links {
            add((*name).into(), link.clone());
        }
        for (name, link) in body_links(self.body.untrusted()) {
            add(name, link);
        }
        for picture in &self.pictures {
            let name = if picture.title.is_empty() { "picture".into() } else { picture.title.clone() };
            add(name, picture.link.clone());
        }
        links
    }
}

/// A link with the words that stand for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedLink {
    /// What it is, or the words of the body that carry it.
    pub name: SafeText,
    /// Where it leads.
    pub link: Link,
}

/// The Markdown that bodies are read as; one set of options for every reader of a body.
pub fn markdown(body: &str) -> Parser<'_> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES;
    Parser::new_ext(body, options)
}

fn body_links(body: &str) -> Vec<(SafeText, Link)> {
    let mut links = Vec::new();
    let mut open: Vec<(String, String)> = Vec::new();
    for event in markdown(body) {
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                open.push((dest_url.into_string(), String::new()));
            }
            Event::End(pulldown_cmark::TagEnd::Link | pulldown_cmark::TagEnd::Image) => {
                if let Some((link, words)) = open.pop() {
                    links.push((clean::quote(&words), Link::read(&link)));
                }
            }
            Event::Text(words) | Event::Code(words) => {
                if let Some((_, name)) = open.last_mut() {
                    name.push_str(&words);
                }
            }
            _ => {}
        }
    }
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_follows_the_page_and_not_the_spelling() {
        let id = |raw| ArticleId::of_link(&Address::parse(raw).expect("a link"));
        assert_eq!(id("https://Example.org/a/?utm_source=x"), id("https://example.org/a"));
        assert_ne!(id("https://example.org/a"), id("https://example.org/b"));
        assert_eq!(id("https://example.org/a").to_string().parse(), Ok(id("https://example.org/a")));
        assert_eq!(id("https://example.org/a").to_string().len(), 16);
    }

    #[test]
    fn body_links_are_named_by_their_words() {
        let links = body_links("see [the *paper*](https://a.org/x) and <https://b.org> ![pic](p.png)");
        let named: Vec<_> = links.iter().map(|(name, link)| (name.as_str(), link.shown().as_str())).collect();
        assert_eq!(named, [("the paper", "https://a.org/x"), ("https://b.org", "https://b.org"), ("pic", "p.png")]);
    }
}
