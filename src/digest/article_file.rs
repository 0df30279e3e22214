//! The bytes of an article file: a pure function of an item and its subscription, so that all devices write the same.
//!
//! Nothing else may enter: no clock, no time zone, no counter, no other item. Two devices that share a folder then never write
//! two versions of a file.

use std::path::Path;

use chrono::{DateTime, Utc};
use unicode_segmentation::UnicodeSegmentation;
use url::Url;

use super::article_body::{self, Body};
use super::file_name::{self, FileName};
use super::front_matter::{Fields, FrontMatter, Value};
use super::item_id::ItemId;
use super::yaml_string::with_entities;
use crate::channel::{Channel, Item};
use crate::dates::{Date, Zone};
use crate::feed::{Address, ArticleId, Link, Problem, SafeText, Topic, UntrustedText, clean};
use crate::library;
use crate::subscriptions::Subscription;

/// Longest texts in characters. A title that is made from the text is shorter than one that the channel gives.
const MAX_TITLE_CHARS: usize = 500;
const MAX_MADE_TITLE_CHARS: usize = 80;
const MAX_EXCERPT_CHARS: usize = 300;
const MAX_AUTHOR_CHARS: usize = 300;
const MAX_NAME_CHARS: usize = 150;
/// Limit of authors, of topics, and of pictures and files each. The loader reads 500.
const MAX_AUTHORS: usize = 100;
const MAX_TOPICS: usize = 100;
const MAX_MEDIA: usize = 100;
/// Longest id of a channel in bytes.
const MAX_FEED_ID_BYTES: usize = 1_024;
/// Longest media type in bytes, more than registered ones have.
const MAX_MEDIA_TYPE_BYTES: usize = 100;
/// Greatest size and duration that the loader reads: numbers with 15 digits.
const MAX_NUMBER: u64 = 999_999_999_999_999;

/// An article file that is not yet on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleFile {
    /// Its name in the folder of its subscription.
    pub name: FileName,
    /// Its content.
    pub bytes: Vec<u8>,
    /// The identity of the article, which the loader finds again in the content.
    pub id: ArticleId,
}

/// The identity of the article of an item.
pub fn article_id(id: &ItemId, subscription: &Subscription) -> ArticleId {
    ArticleId::of_item(&id.in_article_id(subscription.key()))
}

/// The article file of an item.
pub fn article_file(item: &Item, id: &ItemId, channel: &Channel, subscription: &Subscription) -> ArticleFile {
    let published = file_name::writable(item.published);
    let updated = file_name::writable(item.updated).filter(|updated| Some(*updated) != published);
    let link = item.link.as_ref().and_then(web_link);
    let body = Body::of(item);
    let title = title(item, body.as_ref());

    let mut front = FrontMatter::default();
    front.add("title", Some(line(&title)));
    front.add("excerpt", excerpt(item, body.as_ref()).as_ref().map(line));
    front.add("publishedDateTime", published.map(date));
    front.add("updatedDateTime", updated.map(date));
    front.add("webUrl", link.as_ref().map(address));
    front.add("type", Some(Value::text(kind(item))));
    front.add_map("provider", provider(item, link.as_ref(), channel, subscription));
    front.add("author", author(item).as_ref().map(line));
    let topics = topics(item, subscription);
    let topics: Vec<_> = topics.iter().map(|topic| with_entities(topic.shown().as_str())).collect();
    // Also if it is empty: without this key, the loader does not take the file for one in its native form.
    front.add_texts("topics", topics.iter().map(AsRef::as_ref));
    front.add_maps("images", images(item));
    front.add_maps("enclosures", enclosures(item));
    front.add("comments", item.comments.as_ref().and_then(web_link).as_ref().map(address));
    front.add("feed", without_secrets(&subscription.address).map(|url| Value::text(url.as_str())));
    let written_id = id.in_article_id(subscription.key());
    front.add("feedId", Some(Value::text(feed_id(item, id, &written_id))));
    front.add("articleId", Some(Value::text(&written_id)));

    let id = ArticleId::of_item(&written_id);
    let body = article_body::write(item, body.as_ref(), link.as_ref());
    let blank = if body.is_empty() { "" } else { "\n" };
    let bytes = format!("---\n{}---\n{blank}{body}", front.into_lines()).into_bytes();
    ArticleFile { name: FileName::new(published, &title, id), bytes, id }
}

/// The id as the channel gives it, else the one by which we know the item. It is never blank: by this key, the loader knows that the
/// file is the work of a stranger, and reads no dialect of Markdown in it.
fn feed_id<'a>(item: &'a Item, id: &'a ItemId, written_id: &'a str) -> &'a str {
    let given = item.guid.as_ref().map(UntrustedText::untrusted);
    // A longer text is not an id, but an attempt to fill the disk.
    let given = given.filter(|given| given.len() <= MAX_FEED_ID_BYTES);
    let ids = given.into_iter().chain([id.as_str()]);
    ids.into_iter().find(|id| !clean::line(id).is_empty()).unwrap_or(written_id)
}

/// Checks the bytes of a file before it gets its name: they are what was to be written, and the loader finds this article in them,
/// without any problem.
pub fn verify(file: &ArticleFile, bytes: &[u8]) -> Result<(), NotAsWritten> {
    if bytes != file.bytes {
        return Err(NotAsWritten::Differs);
    }
    // The loader warns of dates in the future, and no date is later than this time.
    let report = library::read_bytes(Path::new(""), Path::new(file.name.as_str()), bytes, DateTime::<Utc>::MAX_UTC);
    match (report.article, report.problems.into_iter().next()) {
        (_, Some(problem)) => Err(NotAsWritten::Unreadable(Box::new(problem))),
        (Some(article), None) if article.id == file.id => Ok(()),
        _ => Err(NotAsWritten::OtherArticle),
    }
}

/// Why a file that was written must not become an article file.
#[derive(Debug, thiserror::Error)]
pub enum NotAsWritten {
    /// Its bytes are not those that were written.
    #[error("the file was read back with other content; check the disk")]
    Differs,
    /// The loader finds something wrong in it.
    #[error("the file cannot be read back: {0}")]
    Unreadable(Box<Problem>),
    /// The loader finds no article in it, or another one.
    #[error("the file was read back as another article")]
    OtherArticle,
}

/// A line of text in which the loader decodes entities.
fn line(text: &SafeText) -> Value {
    Value::text(&with_entities(text.as_str()))
}

fn address(link: &Link) -> Value {
    Value::text(link.shown().as_str())
}

/// A date with all that is known of it, so that it is read back as the same date.
fn date(date: Date) -> Value {
    match (date.has_time(), date.has_zone()) {
        (true, true) => Value::plain(&date.to_text(Zone::Utc)),
        (true, false) => Value::plain(&date.as_utc().naive_utc().format("%Y-%m-%dT%H:%M:%S%.f").to_string()),
        // Without quotes, other YAML parsers make a moment of it.
        (false, _) => Value::text(&date.to_text(Zone::Utc)),
    }
}

/// A link, if it may be opened.
fn web_link(text: &UntrustedText) -> Option<Link> {
    Some(Link::read(text.untrusted())).filter(|link| link.address().is_some())
}

/// The title, which is never empty: items of microblogs have none, and get the beginning of their text.
fn title(item: &Item, body: Option<&Body>) -> SafeText {
    let given = clean::plain_line(item.title.untrusted());
    if !given.is_empty() {
        return cut(&given, MAX_TITLE_CHARS);
    }
    let text = body.map(|body| body.content.to_text()).unwrap_or_default();
    let made = text.lines().map(clean::plain_line).find(|line| !line.is_empty());
    made.map_or("untitled".into(), |line| cut(&line, MAX_MADE_TITLE_CHARS))
}

/// The summary, unless it is the body or the body begins with it: then the loader takes the excerpt from the body.
fn excerpt(item: &Item, body: Option<&Body>) -> Option<SafeText> {
    let summary = item.summary.as_ref()?;
    let body = body.filter(|body| !std::ptr::eq(body.content, summary))?;
    let text = clean::plain_line(&summary.to_text());
    let of_body = clean::plain_line(&body.content.to_text());
    // Summaries that a program has made end with `[…]` or the like.
    let beginning = text.as_str().trim_end_matches(['.', '…', '[', ']', ' ']);
    let is_repeated = of_body.as_str().starts_with(beginning);
    (!text.is_empty() && !is_repeated).then(|| cut(&text, MAX_EXCERPT_CHARS))
}

/// `audio` or `video` if the item has such a file, else `article`.
fn kind(item: &Item) -> &'static str {
    let types = item.enclosures.iter().filter_map(|enclosure| media_type(enclosure.media_type.as_ref()?));
    let kinds = types.map(|of| {
        if of.starts_with("audio/") {
            "audio"
        } else if of.starts_with("video/") {
            "video"
        } else {
            "article"
        }
    });
    kinds.into_iter().find(|kind| *kind != "article").unwrap_or("article")
}

/// A media type without parameters, if it is one (RFC 6838).
fn media_type(text: &UntrustedText) -> Option<String> {
    let name = text.untrusted().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_sign = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'.' | b'+' | b'-' | b'_');
    (name.len() <= MAX_MEDIA_TYPE_BYTES && name.contains('/') && name.bytes().all(is_sign)).then_some(name)
}

/// Name and domain of the provider. A channel that collects items of others names them, but vouches for no domain but its own.
fn provider(item: &Item, link: Option<&Link>, channel: &Channel, subscription: &Subscription) -> Fields {
    let of_source = item.source.iter().map(|source| clean::plain_line(source.title.untrusted()));
    let names = of_source.chain([subscription.title.clone(), clean::plain_line(channel.title.untrusted())]);
    let name = names.map(|name| without_note_links(&name)).find(|name| !name.is_empty());
    let site = channel.link.as_ref().and_then(web_link);
    let feed = || without_secrets(&subscription.address).map(|url| Link::read(url.as_str()));
    let domain = |link: &Link| link.address().map(Address::domain).filter(|domain| !domain.is_empty());
    let domain = site.as_ref().or(link).and_then(domain).or_else(|| domain(&feed()?));
    let name = name.map(|name| ("name", line(&cut(&name, MAX_NAME_CHARS))));
    name.into_iter().chain(domain.map(|domain| ("domain", line(&domain)))).collect()
}

/// The names of the authors, each once. An author without a name is named by the e-mail address.
fn author(item: &Item) -> Option<SafeText> {
    let mut names: Vec<SafeText> = Vec::new();
    for person in item.authors.iter().take(MAX_AUTHORS) {
        let texts = [Some(&person.name), person.email.as_ref()].into_iter().flatten();
        let name =
            texts.map(|text| without_note_links(&clean::plain_line(text.untrusted()))).find(|name| !name.is_empty());
        names.extend(name.filter(|name| !names.contains(name)));
    }
    let names = clean::join(&names, ", ");
    (!names.is_empty()).then(|| cut(&names, MAX_AUTHOR_CHARS))
}

/// The categories of the item, then the topics of the subscription, each once.
fn topics(item: &Item, subscription: &Subscription) -> Vec<Topic> {
    let own: Vec<SafeText> = subscription.topics.iter().take(MAX_TOPICS).cloned().collect();
    let given = item.topics.iter().map(|topic| clean::plain_line(topic.untrusted()));
    let mut topics: Vec<Topic> = Vec::new();
    for name in given.take(MAX_TOPICS.saturating_sub(own.len())).chain(own.iter().cloned()) {
        let name = without_note_links(&name);
        // The loader removes a hash before a topic.
        let bare = clean::plain_line(name.as_str().trim_start_matches(['#', ' ']));
        let topic = Topic::new(cut(&bare, MAX_NAME_CHARS));
        topics.extend(topic.filter(|topic| !topics.contains(topic)));
    }
    topics
}

/// The pictures, each address once.
fn images(item: &Item) -> Vec<Fields> {
    let links = item.images.iter().filter_map(|image| Some((image, web_link(&image.url)?)));
    let mut images: Vec<(SafeText, Fields)> = Vec::new();
    for (image, link) in links {
        if images.len() == MAX_MEDIA || images.iter().any(|(known, _)| known == link.shown()) {
            continue;
        }
        let title = cut(&clean::plain_line(image.title.untrusted()), MAX_TITLE_CHARS);
        let mut fields = vec![("url", address(&link))];
        fields.extend((!title.is_empty()).then(|| ("title", line(&title))));
        if let Some((width, height)) = image.size {
            fields.push(("width", Value::number(width.into())));
            fields.push(("height", Value::number(height.into())));
        }
        images.push((link.shown().clone(), fields));
    }
    images.into_iter().map(|(_, fields)| fields).collect()
}

/// The files, each address once.
fn enclosures(item: &Item) -> Vec<Fields> {
    let links = item.enclosures.iter().filter_map(|enclosure| Some((enclosure, web_link(&enclosure.url)?)));
    let mut enclosures: Vec<(SafeText, Fields)> = Vec::new();
    for (enclosure, link) in links {
        if enclosures.len() == MAX_MEDIA || enclosures.iter().any(|(known, _)| known == link.shown()) {
            continue;
        }
        let mut fields = vec![("url", address(&link))];
        fields.extend(enclosure.media_type.as_ref().and_then(media_type).map(|of| ("type", Value::text(&of))));
        let length = enclosure.length.filter(|length| *length <= MAX_NUMBER);
        fields.extend(length.map(|length| ("length", Value::number(length))));
        fields.extend(enclosure.duration.map(|duration| ("duration", Value::number(duration.into()))));
        enclosures.push((link.shown().clone(), fields));
    }
    enclosures.into_iter().map(|(_, fields)| fields).collect()
}

/// The address of a channel without the parts in which private channels have their passwords: user name, query and fragment.
fn without_secrets(text: &UntrustedText) -> Option<Url> {
    let mut url = Url::parse(text.untrusted().trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    // These fail only for addresses without a host.
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    url.set_query(None);
    url.set_fragment(None);
    Some(url)
}

/// A name in which no `[[…]]` is left: the loader takes it for a link to a note, and shows only a part of it.
fn without_note_links(name: &SafeText) -> SafeText {
    let mut out = name.to_string();
    for (twice, once) in [("[[", "["), ("]]", "]")] {
        while out.contains(twice) {
            out = out.replace(twice, once);
        }
    }
    clean::plain_line(&out)
}

/// A text of at most this number of characters: a longer one is cut after a word, if there is one in its second half, and ends with
/// `…`.
fn cut(text: &SafeText, chars: usize) -> SafeText {
    let text = text.as_str();
    let Some((limit, _)) =
        text.char_indices().nth(chars.saturating_sub(1)).filter(|_| text.chars().nth(chars).is_some())
    else {
        return clean::plain_line(text);
    };
    let whole =
        text.grapheme_indices(true).map(|(at, cluster)| at + cluster.len()).take_while(|end| *end <= limit).last();
    let head = text.get(..whole.unwrap_or(0)).unwrap_or_default();
    let head = match text.get(limit..).is_some_and(|rest| rest.starts_with(' ')) {
        true => head,
        false => head.rfind(' ').filter(|at| *at >= limit / 2).and_then(|at| head.get(..at)).unwrap_or(head),
    };
    clean::plain_line(&format!("{}…", head.trim_end()))
}
