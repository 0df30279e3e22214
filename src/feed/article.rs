//! The article: what one file contains, its id, its links, and its reading time.

use std::collections::HashSet;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::SystemTime;

use pulldown_cmark::{Event, Tag};
use sha2::{Digest, Sha256};

use super::body::Body;
use super::body_syntax::BodySyntax;
use super::clean::{self, SafeText, UntrustedText};
use super::enclosure::Enclosure;
use super::full_text::FullText;
use super::link::{Address, Link};
use super::link_target::LocalTarget;
use super::local_links::{OtherName, WrittenLink, links_of_body};
use super::problem::Problem;
use super::site_place::SitePlace;
use super::topic::Topic;
use crate::dates::Date;

/// Identifies an article across edits and moves of its file: the first 64 bits of SHA-256 over the `articleId` of the file,
/// else over the canonical link, else over title and time, else over the path. Printed as 16 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleId(u64);

impl ArticleId {
    /// The id of an article with a link.
    pub fn of_link(address: &Address) -> ArticleId {
        ArticleId::hash(&["link", &address.canonical()])
    }

    /// The id of an article without a link, but with a title and a date: the same in every time zone.
    pub fn of_title(title: &SafeText, published: Date) -> ArticleId {
        ArticleId::hash(&["title", title.as_str(), &published.as_utc().timestamp().to_string()])
    }

    /// The id of an article with neither link nor date: from its path below the library folder.
    pub fn of_path(below: &std::path::Path) -> ArticleId {
        ArticleId::hash(&["path", &below.to_string_lossy()])
    }

    /// The id of an item of a channel, from the value of `articleId` in its file: the key of its subscription, `#`, and the id of
    /// the item. No link, title or path has the same id.
    pub fn of_item(article_id: &str) -> ArticleId {
        ArticleId::hash(&["item", article_id])
    }

    /// The id of one of several different articles that would have the id `shared`: links that differ in the fragment,
    /// several articles about one page, notes with one title and date.
    ///
    /// `fragment` and `folded_title` are hashes, see [`super::stable_hashes`]. `below` is the path below the library folder if the
    /// article has no link, else empty.
    pub fn of_one_sharing(shared: ArticleId, fragment: u64, folded_title: u64, below: &std::path::Path) -> ArticleId {
        let [fragment, title] = [fragment, folded_title].map(|hash| format!("{hash:016x}"));
        ArticleId::hash(&["twin", &shared.to_string(), &fragment, &title, &below.to_string_lossy()])
    }

    /// The shard of the id, from 0 to `count - 1`, by its first bits. `count` must be a power of two above 1.
    pub fn shard(self, count: usize) -> usize {
        (self.0 >> (64 - count.trailing_zeros())) as usize
    }

    /// The id as a number.
    pub fn number(self) -> u64 {
        self.0
    }

    /// The id with this number.
    pub fn of_number(number: u64) -> ArticleId {
        ArticleId(number)
    }

    fn hash(parts: &[&str]) -> ArticleId {
        let mut hasher = Sha256::new();
        // Marks are stored under these ids: any change here would detach them. A NUL separates the parts, so that they cannot run
        // together.
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

/// Who published an article. Providers are equal if both name and domain are: in a real library, 134 names share the domain
/// youtube.com.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Provider {
    /// The name as shown; the domain if the file gives no name.
    pub name: SafeText,
    /// The site in lower case without `www.`; may be empty.
    pub domain: SafeText,
}

/// A picture of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Link to the picture.
    pub link: Link,
    /// Caption; may be empty.
    pub title: SafeText,
    /// Width and height in pixels, if the file gives them.
    pub size: Option<(u32, u32)>,
}

/// The channel from which an article was taken, as its file names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelItem {
    /// Address of the channel, without user name and query; may be empty.
    pub address: SafeText,
    /// Id of the item in the channel; may be empty.
    pub item_id: SafeText,
}

/// A related article as an article file lists it under `related`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelatedLink {
    /// Title, one line.
    pub title: SafeText,
    /// Excerpt, one line; may be empty.
    pub excerpt: SafeText,
    /// When it was published.
    pub published: Option<Date>,
    /// Link to the original; some real files leave it empty.
    pub link: Option<Link>,
    /// Who published it.
    pub provider: Provider,
    /// Score of the article.
    pub quality: Option<i64>,
}

/// The content of one article file, cleaned. The file itself is never written to.
#[derive(Clone, Debug, PartialEq)]
pub struct Article {
    /// Identifies the article across edits and moves of its file.
    pub id: ArticleId,
    /// Title, one line, never empty.
    pub title: SafeText,
    /// Excerpt, one line; may be empty.
    pub excerpt: SafeText,
    /// True if the file has no excerpt and `excerpt` is the first paragraph of the body.
    pub excerpt_from_body: bool,
    /// When it was published.
    pub published: Option<Date>,
    /// When it was last changed by its authors.
    pub updated: Option<Date>,
    /// Link to the original.
    pub link: Option<Link>,
    /// Where it is on its site, by the settings of the site.
    pub site: SitePlace,
    /// Further links of the file to the same article, each with a name such as "AMP page".
    pub other_links: Vec<(&'static str, Link)>,
    /// Who published it.
    pub provider: Provider,
    /// Author or authors; may be empty.
    pub author: SafeText,
    /// Topics, in the order of the file.
    pub topics: Vec<Topic>,
    /// Region codes.
    pub regions: Vec<SafeText>,
    /// Category, such as `news`.
    pub category: Option<SafeText>,
    /// Type, such as `article` or `video`.
    pub kind: Option<SafeText>,
    /// Score of the article itself: 0 to 213 in a real library.
    pub quality: Option<i64>,
    /// Score of its story: equal to `quality` for an article on its own, greater for a head, −1 for a member.
    pub heat: Option<i64>,
    /// False for a draft or an article that its site removed; `None` if the file does not say.
    pub shown_by_site: Option<bool>,
    /// Pictures, in the order of the file.
    pub pictures: Vec<Picture>,
    /// Related articles, in the order of the file.
    pub related: Vec<RelatedLink>,
    /// Sound, films and other files that belong to the article, in the order of the file.
    pub enclosures: Vec<Enclosure>,
    /// Link to the comments.
    pub comments: Option<Link>,
    /// The channel that it came from.
    pub channel: ChannelItem,
    /// The identity that the file gives the article, for display; empty if it gives none.
    pub written_id: SafeText,
    /// The body: Markdown as it is in the file.
    pub body: UntrustedText,
    /// The links of the body to places where articles may be, each once, in its order; `None` if they were not read yet.
    pub local_links: Option<Vec<WrittenLink>>,
    /// Further names and addresses by which links may mean the article.
    pub other_names: Vec<OtherName>,
    /// Number of words in excerpt and body, for the reading time.
    pub words: u32,
    /// Set if the body is not that of the file but the full text from its site.
    pub full_text: Option<FullText>,
    /// Path of the file.
    pub path: PathBuf,
    /// Paths of other files with the same article.
    pub also_in: Vec<PathBuf>,
    /// When the file was last written. Decides which of several copies is shown.
    pub modified: Option<SystemTime>,
    /// Problems of the file.
    pub problems: Vec<Problem>,
}

/// Words per minute, for the reading time: the average of adults who read English non-fiction silently (Brysbaert 2019).
const WORDS_A_MINUTE: u32 = 238;

impl Article {
    /// An article with all other fields empty, the title included.
    pub fn blank(id: ArticleId) -> Article {
        Article {
            id,
            title: SafeText::default(),
            excerpt: SafeText::default(),
            excerpt_from_body: false,
            published: None,
            updated: None,
            link: None,
            site: SitePlace::default(),
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
            enclosures: Vec::new(),
            comments: None,
            channel: ChannelItem::default(),
            written_id: SafeText::default(),
            body: UntrustedText::default(),
            local_links: Some(Vec::new()),
            other_names: Vec::new(),
            words: 0,
            full_text: None,
            path: PathBuf::new(),
            also_in: Vec::new(),
            modified: None,
            problems: Vec::new(),
        }
    }

    /// Time to read it in minutes, rounded up; at least 1.
    pub fn reading_minutes(&self) -> u32 {
        self.words.div_ceil(WORDS_A_MINUTE).max(1)
    }

    /// The link to open or copy: that of the file if it can be opened, else the address on its site, else that of the file.
    pub fn link_to_open(&self) -> Option<&Link> {
        let own = self.link.as_ref();
        own.filter(|link| link.address().is_some()).or(self.site.link.as_ref()).or(own)
    }

    /// The link to show: [`Article::link_to_open`], unless it is a path and the site is unknown. Such a `permalink` leads nowhere.
    pub fn shown_link(&self) -> Option<&Link> {
        self.link_to_open().filter(|link| !link.is_relative())
    }

    /// True if the user sees no difference between two versions of an article: paths, file times, problems, the settings of its
    /// site, full texts, and whether the links of its body were read do not count.
    pub fn looks_same_as(&self, other: &Article) -> bool {
        self.visible_content() == other.visible_content()
    }

    /// The article with nothing but what its site changes and the user sees.
    pub fn visible_content(&self) -> Article {
        let mut content = self.clone();
        content.remove_full_text();
        Article {
            path: PathBuf::new(),
            also_in: Vec::new(),
            modified: None,
            problems: Vec::new(),
            site: SitePlace::default(),
            local_links: None,
            ..content
        }
    }

    /// The body of the file, also while a full text is shown in its place.
    pub fn own_body(&self) -> &UntrustedText {
        self.full_text.as_ref().map_or(&self.body, |full| &full.own_body)
    }

    /// Shows a text in place of the body of the file. `words` is the number of words with the excerpt. The links of the body are then
    /// unread.
    pub fn set_full_text(&mut self, text: UntrustedText, words: u32, source: Link, stamp: u64) {
        self.remove_full_text();
        let (own_body, own_words) = (std::mem::replace(&mut self.body, text), self.words);
        (self.words, self.local_links) = (words, None);
        self.full_text = Some(FullText { own_body, own_words, source, stamp });
    }

    /// Shows the body of the file again. The links of the body are then unread, if there was a full text.
    pub fn remove_full_text(&mut self) {
        if let Some(FullText { own_body, own_words, .. }) = self.full_text.take() {
            (self.body, self.words, self.local_links) = (own_body, own_words, None);
        }
    }

    /// The syntax of its body.
    pub fn syntax(&self) -> BodySyntax {
        // A full text is from a site, as an article with a channel is.
        BodySyntax::of_file(self.full_text.is_some() || !self.channel.item_id.is_empty(), &self.path)
    }

    /// Reads the links of the body to places where articles may be, unless that was done.
    pub fn read_local_links(&mut self) {
        if self.local_links.is_none() {
            self.local_links = Some(links_of_body(self.body.untrusted(), self.syntax()));
        }
    }

    /// The enclosure to play: the first one with sound or a film.
    pub fn played(&self) -> Option<&Enclosure> {
        self.enclosures.iter().find(|enclosure| enclosure.is_played())
    }

    /// The enclosure to download: the one to play, else the first one.
    pub fn downloaded(&self) -> Option<&Enclosure> {
        self.played().or(self.enclosures.first())
    }

    /// Duration of its longest enclosure in seconds; 0 if it is not known.
    pub fn duration(&self) -> u32 {
        self.enclosures.iter().filter_map(|enclosure| enclosure.duration).max().unwrap_or(0)
    }

    /// All links of the article, each once: the original, other links of the file, comments, enclosures, links of the body in
    /// order, pictures.
    /// The number `[3]` in the shown body is a position in this list, counted from 1.
    pub fn links(&self) -> Vec<NamedLink> {
        let mut links: Vec<NamedLink> = Vec::new();
        let mut known: HashSet<SafeText> = HashSet::new();
        let mut add = |name: SafeText, link: Link| {
            if known.insert(link.shown().clone()) {
                links.push(NamedLink { name, link, target: LocalTarget::NotLocal });
            }
        };
        if let Some(link) = self.shown_link() {
            add("original".into(), link.clone());
        }
        for (name, link) in &self.other_links {
            add((*name).into(), link.clone());
        }
        if let Some(comments) = &self.comments {
            add("comments".into(), comments.clone());
        }
        for enclosure in &self.enclosures {
            add(enclosure.description(), enclosure.link.clone());
        }
        for (name, link) in body_links(self.body.untrusted(), self.syntax()) {
            add(name, link);
        }
        for picture in &self.pictures {
            let name = if picture.title.is_empty() { "picture".into() } else { picture.title.clone() };
            add(name, picture.link.clone());
        }
        links
    }
}

/// A link with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedLink {
    /// Its text in the body, or what it is, such as "original".
    pub name: SafeText,
    /// Target of the link.
    pub link: Link,
    /// What it leads to in the library, see [`super::article_links`]. The article alone does not know it.
    pub target: LocalTarget,
}

fn body_links(body: &str, syntax: BodySyntax) -> Vec<(SafeText, Link)> {
    let mut links = Vec::new();
    // A stack, since an image may be the text of a link.
    let mut open: Vec<(String, String)> = Vec::new();
    for event in Body::new(body, syntax).events() {
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
            Event::SoftBreak | Event::HardBreak => {
                if let Some((_, name)) = open.last_mut() {
                    name.push(' ');
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
    use crate::feed::stable_hashes;

    #[test]
    fn the_id_depends_on_the_page_and_not_on_the_spelling_of_the_link() {
        let id = |raw| ArticleId::of_link(&Address::parse(raw).expect("a link"));
        assert_eq!(id("https://Example.org/a/?utm_source=x"), id("https://example.org/a"));
        assert_ne!(id("https://example.org/a"), id("https://example.org/b"));
        assert_eq!(id("https://example.org/a").to_string().parse(), Ok(id("https://example.org/a")));
        assert_eq!(id("https://example.org/a").to_string().len(), 16);
    }

    #[test]
    fn a_path_without_a_site_is_no_link_to_show() {
        for (link, site, shown) in [
            ("embeds", None, None),
            ("/2021/02/brains/", None, None),
            ("embeds", Some("https://e.org/embeds"), Some("https://e.org/embeds")),
            ("https://e.org/a", None, Some("https://e.org/a")),
            ("javascript:x", None, Some("javascript:x")),
        ] {
            let mut article = Article::builder("t").link(link).body("[a](https://e.org/b)").build();
            article.site.link = site.map(Link::read);
            assert_eq!(article.shown_link().map(|link| link.shown().as_str()), shown, "{link}");
            let first = article.links().first().map(|named| named.name.to_string());
            assert_eq!(first.as_deref() == Some("original"), shown.is_some(), "{link}");
            assert_eq!(article.link.map(|link| link.shown().to_string()).as_deref(), Some(link));
        }
    }

    #[test]
    fn body_links_are_named_by_their_text() {
        let links =
            body_links("see [the\n*paper*](https://a.org/x) and <https://b.org> ![pic](p.png)", BodySyntax::Extended);
        let named: Vec<_> = links.iter().map(|(name, link)| (name.as_str(), link.shown().as_str())).collect();
        assert_eq!(named, [("the paper", "https://a.org/x"), ("https://b.org", "https://b.org"), ("pic", "p.png")]);
    }

    #[test]
    fn an_article_is_the_same_before_and_after_a_full_text() {
        let before = Article::builder("T").link("https://e.org/a").body("One *two*.").build();
        let mut article = before.clone();
        for (text, stamp) in [("Long text.", 1), ("Another one.", 2)] {
            article.set_full_text(UntrustedText::new(text), 9, Link::read("https://e.org/a"), stamp);
            assert_eq!((article.body.untrusted(), article.words), (text, 9));
            assert_eq!(article.own_body().untrusted(), "One *two*.");
            assert!(article.looks_same_as(&before), "its site has not changed it");
            assert_eq!(stable_hashes::of_content(&article), stable_hashes::of_content(&before));
        }
        article.remove_full_text();
        article.read_local_links();
        assert_eq!(article, before);
    }
}
