//! Makes the parts of an article (id, links, provider, topics, pictures) in the same way for every format of the file.
//! [`super::article_file`] and [`super::fast_path`] share these functions.

use std::borrow::Cow;
use std::path::Path;
use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};
use memchr::memchr;

use super::site::{PageValues, Site};
use crate::dates::Date;
use crate::feed::enclosure::MAX_ENCLOSURES;
use crate::feed::{Address, Article, ArticleId, Enclosure, Link, Picture, Provider, SafeText, SitePlace, Topic, clean};

/// Limit for topics of an article, more than any real file has.
const MAX_TOPICS: usize = 500;

/// An article file in memory.
pub struct ArticleFile<'a> {
    /// Its path.
    pub path: &'a Path,
    /// Its path below the library folder.
    pub below: &'a Path,
    /// Time of its last write; none if unknown.
    pub modified: Option<SystemTime>,
    /// Its content.
    pub bytes: &'a [u8],
    /// The site that its folder belongs to.
    pub site: Option<&'a Site>,
}

/// Text with all line ends (CR LF, CR) as LF.
pub fn with_lf(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")) } else { text }
}

/// True if a date is more than a day in the future. Tomorrow may be today in another time zone.
pub fn is_in_future(date: Date, now: DateTime<Utc>) -> bool {
    now.checked_add_signed(TimeDelta::days(1)).is_some_and(|tomorrow| date.as_utc() > tomorrow)
}

/// The identity of an article: by the `articleId` of its file as written, else by its link, else by title and date, else by its
/// path.
pub fn article_id(
    written: Option<&str>,
    link: Option<&Link>,
    title: &SafeText,
    published: Option<Date>,
    below: &Path,
) -> ArticleId {
    if let Some(written) = written {
        return ArticleId::of_item(written);
    }
    match (link, published) {
        (Some(Link::Web(address)), _) if address.is_identity() => ArticleId::of_link(address),
        (_, Some(published)) => ArticleId::of_title(title, published),
        (_, None) => ArticleId::of_path(below),
    }
}

/// Where an article is on the site of its file.
pub fn site_place(file: &ArticleFile, article: &Article, values: &dyn PageValues) -> SitePlace {
    let is_public = article.shown_by_site != Some(false);
    let place = |site: &Site| site.place(file.below, article.title.as_str(), values, article.link.as_ref(), is_public);
    file.site.map(place).unwrap_or_default()
}

/// The first link that can be opened, or else the first, and all further links without repetitions.
pub fn split_main_link(mut found: Vec<(&'static str, Link)>) -> (Option<Link>, Vec<(&'static str, Link)>) {
    let main = found.iter().position(|(_, link)| link.address().is_some()).or((!found.is_empty()).then_some(0));
    let main = main.map(|at| found.remove(at).1);
    let mut others: Vec<(&'static str, Link)> = Vec::new();
    for (name, link) in found {
        let known = main.iter().chain(others.iter().map(|(_, link)| link)).any(|known| known.shown() == link.shown());
        if !known && link.address().is_some() {
            others.push((name, link));
        }
    }
    (main, others)
}

/// The address in the `<iframe>` of `featuredContent`. The rest of the HTML is ignored.
pub fn embedded_link(html: &str) -> Option<Link> {
    let source = html.split("src=").nth(1)?;
    let quote = source.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let address = source[1..].split(quote).next()?;
    // `line` decodes entities: in HTML, `&` in an address is written `&amp;`.
    Some(Link::read(&clean::line(address).to_string())).filter(|link| link.address().is_some())
}

/// A provider. The link supplies a missing domain, and the domain a missing name.
pub fn provider(name: Option<SafeText>, domain: Option<SafeText>, link: Option<&Link>) -> Provider {
    let site = || link.and_then(Link::address).map(Address::domain).unwrap_or_default();
    let domain = domain.unwrap_or_else(site);
    Provider {
        name: name.map(without_link_brackets).filter(|name| !name.is_empty()).unwrap_or_else(|| domain.clone()),
        domain,
    }
}

/// Removes the brackets of links to notes: `[[Name]]`, `[[Page|Name]]` and `[[Name#Part]]` become `Name`.
pub fn without_link_brackets(name: SafeText) -> SafeText {
    // This runs for every name in every file, and nearly none has a bracket.
    if memchr(b'[', name.as_str().as_bytes()).is_none() { name } else { without_brackets(&name) }
}

// Out of line, so that the usual case above stays small.
#[cold]
#[inline(never)]
fn without_brackets(name: &SafeText) -> SafeText {
    let (mut rest, mut out) = (name.as_str(), String::new());
    while let Some((before, behind)) = rest.split_once("[[") {
        let Some((link, after)) = behind.split_once("]]") else { break };
        out.push_str(before);
        let is_there = |text: &&str| !text.trim().is_empty();
        let (page, shown) = link.rsplit_once('|').map_or((link, None), |(page, shown)| (page, Some(shown)));
        let page = page.split('#').next().filter(is_there).unwrap_or(page);
        out.push_str(shown.filter(is_there).unwrap_or(page));
        rest = after;
    }
    out.push_str(rest);
    clean::plain_line(&out)
}

/// A topic without leading `#`.
fn without_hash(name: SafeText) -> SafeText {
    if name.as_str().starts_with('#') { strip_hashes(name) } else { name }
}

#[cold]
#[inline(never)]
fn strip_hashes(name: SafeText) -> SafeText {
    match name.as_str().trim_start_matches('#').trim_start() {
        "" => name,
        bare => clean::plain_line(bare),
    }
}

/// Adds a topic unless it is a repetition or the limit is reached.
pub fn add_topic(topics: &mut Vec<Topic>, name: SafeText) {
    if let Some(topic) = Topic::new(without_hash(name))
        && !topics.contains(&topic)
        && topics.len() < MAX_TOPICS
    {
        topics.push(topic);
    }
}

/// Adds an enclosure unless its address is a repetition. False if there are too many to add it.
pub fn add_enclosure(enclosures: &mut Vec<Enclosure>, enclosure: Enclosure) -> bool {
    if enclosures.iter().any(|known| known.link.shown() == enclosure.link.shown()) {
        return true;
    }
    let has_room = enclosures.len() < MAX_ENCLOSURES;
    if has_room {
        enclosures.push(enclosure);
    }
    has_room
}

/// Adds a picture unless its address is a repetition.
pub fn add_picture(pictures: &mut Vec<Picture>, picture: Picture) {
    if !pictures.iter().any(|known| known.link.shown() == picture.link.shown()) {
        pictures.push(picture);
    }
}
