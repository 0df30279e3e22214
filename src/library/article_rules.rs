//! What holds for an article however its file is spelt: the rules that both readers of article files keep.

use std::borrow::Cow;
use std::path::Path;
use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};
use memchr::memchr;

use crate::dates::Date;
use crate::feed::{Address, ArticleId, Link, Picture, Provider, SafeText, Topic, clean};

/// Topics that are kept, wherever they are named: more than any real file has.
const MAX_TOPICS: usize = 500;

/// A file as it was read, with what the file system knows of it.
pub struct ArticleFile<'a> {
    /// Where it is.
    pub path: &'a Path,
    /// Where it is below the library folder.
    pub below: &'a Path,
    /// When it was last written.
    pub modified: Option<SystemTime>,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// Text with LF at the ends of its lines, whether they had CR LF or CR.
pub fn with_lf(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains('\r') { Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")) } else { text }
}

/// True for a date so late that it is told: tomorrow's may be today's in another zone.
pub fn is_in_future(date: Date, now: DateTime<Utc>) -> bool {
    now.checked_add_signed(TimeDelta::days(1)).is_some_and(|tomorrow| date.as_utc() > tomorrow)
}

/// Who an article is, by the best that is known of it.
pub fn article_id(link: Option<&Link>, title: &SafeText, published: Option<Date>, below: &Path) -> ArticleId {
    match (link, published) {
        (Some(Link::Web(address)), _) if address.is_identity() => ArticleId::of_link(address),
        (_, Some(published)) => ArticleId::of_title(title, published),
        (_, None) => ArticleId::of_path(below),
    }
}

/// The first link that can be opened, and the others without repetitions.
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

/// The address inside the `<iframe>` of `featuredContent`; nothing else of it is of use.
pub fn embedded_link(html: &str) -> Option<Link> {
    let source = html.split("src=").nth(1)?;
    let quote = source.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let address = source[1..].split(quote).next()?;
    Some(Link::read(&clean::line(address).to_string())).filter(|link| link.address().is_some())
}

/// A provider; the link says what the file does not.
pub fn provider(name: Option<SafeText>, domain: Option<SafeText>, link: Option<&Link>) -> Provider {
    let site = || link.and_then(Link::address).map(Address::domain).unwrap_or_default();
    let domain = domain.unwrap_or_else(site);
    Provider {
        name: name.map(without_link_brackets).filter(|name| !name.is_empty()).unwrap_or_else(|| domain.clone()),
        domain,
    }
}

/// A name without the brackets of links to notes: `[[Name]]`, `[[Page|Name]]` and `[[Name#Part]]` are `Name`.
pub fn without_link_brackets(name: SafeText) -> SafeText {
    // Nearly no name has one, and every name of every file is looked at.
    if memchr(b'[', name.as_str().as_bytes()).is_none() { name } else { without_brackets(&name) }
}

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

/// A topic as people mean it: `#one` is `one`.
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

/// Adds a topic, unless it is there already or there are enough.
pub fn add_topic(topics: &mut Vec<Topic>, name: SafeText) {
    if let Some(topic) = Topic::new(without_hash(name))
        && !topics.contains(&topic)
        && topics.len() < MAX_TOPICS
    {
        topics.push(topic);
    }
}

/// Adds a picture, unless its address is there already.
pub fn add_picture(pictures: &mut Vec<Picture>, picture: Picture) {
    if !pictures.iter().any(|known| known.link.shown() == picture.link.shown()) {
        pictures.push(picture);
    }
}
