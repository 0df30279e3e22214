//! The bytes of an article file: a pure function of an item and its subscription, so that all devices write the same.
//!
//! Nothing else may enter: no clock, no time zone, no counter, no other item. Two devices that share a folder then never write
//! two versions of a file.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::article_body;
use super::file_name::{self, FileName};
use super::front_matter::{Fields, FrontMatter, Value};
use super::item_id::ItemId;
use super::prepare::{PreparedChannel, PreparedItem};
use super::short_text::{MAX_EXCERPT_CHARS, MAX_MADE_TITLE_CHARS, MAX_TITLE_CHARS, cut, shown};
use super::yaml_string::with_entities;
use crate::channel::Item;
use crate::dates::{Date, Zone};
use crate::feed::{Address, Article, ArticleId, Link, Problem, SafeText, Topic, UntrustedText, clean};
use crate::library::{self, FileReport};
use crate::subscriptions::Subscription;

/// Longest texts in characters.
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

/// The article file of an item. Texts are cleaned and cut here, wherever they come from.
pub fn article_file(
    prepared: &PreparedItem,
    id: &ItemId,
    channel: &PreparedChannel,
    subscription: &Subscription,
) -> ArticleFile {
    let item = &prepared.item;
    // Atom needs no date of publication, and without a date, an article is the last one of every list.
    let published = file_name::writable(item.published.or(item.updated));
    let updated = file_name::writable(item.updated).filter(|updated| Some(*updated) != published);
    let link = item.link.as_ref().and_then(web_link);
    let title = title(prepared);

    let mut front = FrontMatter::default();
    front.add("title", Some(line(&title)));
    front.add("excerpt", excerpt(prepared).as_ref().map(line));
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
    let feed = Address::of_channel(subscription.address.untrusted()).ok();
    front.add("feed", feed.as_ref().map(|address| Value::text(address.as_str())));
    let written_id = id.in_article_id(subscription.key());
    front.add("feedId", Some(Value::text(feed_id(item, id, &written_id))));
    front.add("articleId", Some(Value::text(&written_id)));

    let id = ArticleId::of_item(&written_id);
    let body = article_body::write(prepared.body.as_ref(), &item.links, link.as_ref());
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
    if bytes != file.bytes { Err(NotAsWritten::Differs) } else { article_of(file).map(drop) }
}

/// The article that the loader finds in a file, which must be the right one, without any problem.
pub fn article_of(file: &ArticleFile) -> Result<Arc<Article>, NotAsWritten> {
    let report = read_back(Path::new(""), file.name.as_str(), &file.bytes);
    match (report.article, report.problems.into_iter().next()) {
        (_, Some(problem)) => Err(NotAsWritten::Unreadable(Box::new(problem))),
        (Some(article), None) if article.id == file.id => Ok(article),
        _ => Err(NotAsWritten::OtherArticle),
    }
}

/// Reads the bytes of the file `name` as the loader does, except that it does not warn of dates in the future.
pub fn read_back(folder: &Path, name: &str, bytes: &[u8]) -> FileReport {
    // No date is later than this time.
    library::read_bytes(folder, Path::new(name), bytes, DateTime::<Utc>::MAX_UTC)
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

/// The title, which is never empty.
fn title(prepared: &PreparedItem) -> SafeText {
    let of = |text: &UntrustedText, chars| Some(cut(&shown(text.untrusted()), chars)).filter(|text| !text.is_empty());
    let made = || of(prepared.made_title.as_ref()?, MAX_MADE_TITLE_CHARS);
    of(&prepared.item.title, MAX_TITLE_CHARS).or_else(made).unwrap_or_else(|| "untitled".into())
}

/// The excerpt, if the loader is not to take it from the body.
fn excerpt(prepared: &PreparedItem) -> Option<SafeText> {
    let text = cut(&shown(prepared.excerpt.as_ref()?.untrusted()), MAX_EXCERPT_CHARS);
    (!text.is_empty()).then_some(text)
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
fn provider(item: &Item, link: Option<&Link>, channel: &PreparedChannel, subscription: &Subscription) -> Fields {
    let of_source = item.source.iter().map(|source| shown(source.title.untrusted()));
    let names = of_source.chain([subscription.title.clone(), shown(channel.title.untrusted())]);
    let name = names.map(|name| without_note_links(&name)).find(|name| !name.is_empty());
    let site = channel.link.as_ref().and_then(web_link);
    let site = site.as_ref().or(link).and_then(Link::address).cloned();
    let domain = site.or_else(|| Address::of_channel(subscription.address.untrusted()).ok()).map(|site| site.domain());
    let name = name.map(|name| ("name", line(&cut(&name, MAX_NAME_CHARS))));
    name.into_iter().chain(domain.map(|domain| ("domain", Value::text(domain.as_str())))).collect()
}

/// The names of the authors, each once. An author without a name is named by the e-mail address.
fn author(item: &Item) -> Option<SafeText> {
    let mut names: Vec<SafeText> = Vec::new();
    for person in item.authors.iter().take(MAX_AUTHORS) {
        let texts = [Some(&person.name), person.email.as_ref()].into_iter().flatten();
        let name = texts.map(|text| without_note_links(&shown(text.untrusted()))).find(|name| !name.is_empty());
        names.extend(name.filter(|name| !names.contains(name)));
    }
    let names = clean::join(&names, ", ");
    (!names.is_empty()).then(|| cut(&names, MAX_AUTHOR_CHARS))
}

/// The categories of the item, then the topics of the subscription, each once.
fn topics(item: &Item, subscription: &Subscription) -> Vec<Topic> {
    let own: Vec<SafeText> = subscription.topics.iter().take(MAX_TOPICS).cloned().collect();
    let given = item.topics.iter().map(|topic| shown(topic.untrusted()));
    let mut topics: Vec<Topic> = Vec::new();
    for name in given.take(MAX_TOPICS.saturating_sub(own.len())).chain(own.iter().cloned()) {
        let name = without_note_links(&name);
        // The loader removes a hash before a topic.
        let bare = shown(name.as_str().trim_start_matches(['#', ' ']));
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
        let title = cut(&shown(image.title.untrusted()), MAX_TITLE_CHARS);
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

/// A name in which no `[[…]]` is left: the loader takes it for a link to a note, and shows only a part of it.
fn without_note_links(name: &SafeText) -> SafeText {
    let mut out = name.to_string();
    for (twice, once) in [("[[", "["), ("]]", "]")] {
        while out.contains(twice) {
            out = out.replace(twice, once);
        }
    }
    shown(&out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::prepare::prepare;
    use super::*;
    use crate::channel::{Channel, Content, ContentKind, Enclosure, Format, Image, Person, Source};

    fn text(text: &str) -> UntrustedText {
        UntrustedText::new(text)
    }

    fn plain(of: &str) -> Option<Content> {
        Some(Content { text: text(of), kind: ContentKind::Plain, base: None })
    }

    fn enclosure(url: &str, media_type: &str) -> Enclosure {
        Enclosure { url: text(url), media_type: Some(text(media_type)), length: None, duration: None }
    }

    fn channel() -> Channel {
        Channel {
            format: Format::Atom,
            title: text("The Channel"),
            link: Some(text("https://www.example.org/blog/")),
            description: text(""),
            language: None,
            updated: None,
            icon: None,
            hints: Default::default(),
            items: Vec::new(),
            is_partial: false,
            repairs: Vec::new(),
        }
    }

    fn subscription() -> Subscription {
        Subscription { address: text("https://me:word@feeds.example.org/f.xml?key=secret"), ..Subscription::default() }
    }

    fn file_with(item: &Item, id: &str) -> ArticleFile {
        let channel = prepare(Channel { items: vec![item.clone()], ..channel() }, false);
        article_file(&channel.items[0], &ItemId::new(id), &channel, &subscription())
    }

    fn file_of(item: &Item) -> ArticleFile {
        let file = file_with(item, "tag:1");
        verify(&file, &file.bytes).expect("it is read back");
        file
    }

    fn written(item: &Item) -> String {
        String::from_utf8(file_of(item).bytes).expect("UTF-8")
    }

    /// The line of a key.
    fn value(item: &Item, key: &str) -> Option<String> {
        let text = written(item);
        let value = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(": "));
        value.map(str::to_owned)
    }

    #[test]
    fn an_item_with_everything_becomes_this_file() {
        let item = Item {
            guid: Some(text("tag:1")),
            title: text("  AT&T: \"a <b>\u{202e}\n title\" "),
            link: Some(text("https://example.org/a?b=c&d")),
            published: "2026-11-29T09:00:00+01:00".parse().ok(),
            updated: "2026-11-30".parse().ok(),
            authors: vec![
                Person { name: text("Ada"), ..Person::default() },
                Person { email: Some(text("bob@example.org")), ..Person::default() },
                Person { name: text(" Ada "), ..Person::default() },
            ],
            topics: vec![text("#Rust"), text("rust"), text("[[Note]]"), text(" ")],
            summary: plain("What it is about."),
            content: plain("The whole text."),
            images: vec![
                Image { url: text("https://example.org/1.png"), title: text("One"), size: Some((640, 480)) },
                Image { url: text("/2.png"), title: text(""), size: None },
            ],
            enclosures: vec![
                Enclosure {
                    length: Some(5),
                    duration: Some(60),
                    ..enclosure("https://example.org/1.mp3", "Audio/MPEG; x=y")
                },
                enclosure("javascript:alert(1)", "text/plain"),
                enclosure("https://example.org/2", "no type"),
            ],
            comments: Some(text("https://example.org/a#comments")),
            ..Item::default()
        };
        let file = file_of(&item);
        let expected = r#"---
title: "AT&T: \"a <b> title\""
excerpt: "What it is about."
publishedDateTime: 2026-11-29T08:00:00Z
updatedDateTime: "2026-11-30"
webUrl: "https://example.org/a?b=c&d"
type: "audio"
provider:
  name: "The Channel"
  domain: "example.org"
author: "Ada, bob@example.org"
topics:
  - "Rust"
  - "[Note]"
images:
  - url: "https://example.org/1.png"
    title: "One"
    width: 640
    height: 480
enclosures:
  - url: "https://example.org/1.mp3"
    type: "audio/mpeg"
    length: 5
    duration: 60
  - url: "https://example.org/2"
comments: "https://example.org/a#comments"
feed: "https://feeds.example.org/f.xml"
feedId: "tag:1"
articleId: "KEY#tag:1"
---

The whole text.
"#;
        let expected = expected.replace("KEY", &subscription().key().to_string());
        assert_eq!(String::from_utf8_lossy(&file.bytes), expected);
        assert_eq!(file.name.as_str(), format!("2026-11-29-at-t-a-b-title-{}.md", file.id));
    }

    #[test]
    fn an_item_with_nothing_becomes_a_file() {
        let file = file_of(&Item::default());
        assert_eq!(file.name.as_str(), format!("undated-untitled-{}.md", file.id));
        let expected = "---\ntitle: \"untitled\"\ntype: \"article\"\nprovider:\n  name: \"The Channel\"\n  domain: \"example.org\"\n\
            topics:\nfeed: \"https://feeds.example.org/f.xml\"\nfeedId: \"tag:1\"\narticleId: \"KEY#tag:1\"\n---\n";
        let expected = expected.replace("KEY", &subscription().key().to_string());
        assert_eq!(String::from_utf8_lossy(&file.bytes), expected);
    }

    #[test]
    fn titles_mean_what_the_channel_means() {
        for (title, content, shown) in [
            ("AT&T", "", "AT&T"),
            ("&lt;b&gt;", "", "&lt;b&gt;"),
            ("&amp;lt; &#39;", "", "&amp;lt; &#39;"),
            ("<b>", "", "<b>"),
            ("", "First line\nsecond", "First line"),
            ("\u{200b}", &"word ".repeat(50), &("word ".repeat(15) + "word…")),
            ("", "", "untitled"),
        ] {
            let file = file_of(&Item { title: text(title), content: plain(content), ..Item::default() });
            let report = library::read_bytes(Path::new(""), Path::new("a.md"), &file.bytes, DateTime::<Utc>::MAX_UTC);
            let article = report.article.expect("an article");
            assert_eq!(article.title.as_str(), shown, "{title}");
        }
    }

    #[test]
    fn dates_are_written_as_precisely_as_they_are_known() {
        for (published, written) in [
            ("2026-11-29T08:00:00Z", "2026-11-29T08:00:00Z"),
            ("2026-11-29T08:00:00.250+02:00", "2026-11-29T06:00:00.250Z"),
            ("2026-11-29T08:00:00", "2026-11-29T08:00:00"),
            ("2026-11-29 08:00:00.5", "2026-11-29T08:00:00.500"),
            ("2026-11-29", "\"2026-11-29\""),
            ("0001-01-01", "\"0001-01-01\""),
        ] {
            let date: Date = published.parse().expect("a date");
            let item = Item { published: Some(date), updated: Some(date), ..Item::default() };
            assert_eq!(value(&item, "publishedDateTime").as_deref(), Some(written), "{published}");
            assert_eq!(value(&item, "updatedDateTime"), None, "{published}");
            assert_eq!(written.trim_matches('"').parse(), Ok(date));
        }
        let updated = Item { updated: "2021-02-18T16:18:00Z".parse().ok(), ..Item::default() };
        assert_eq!(value(&updated, "publishedDateTime").as_deref(), Some("2021-02-18T16:18:00Z"));
        assert_eq!(value(&updated, "updatedDateTime"), None);
        assert!(file_of(&updated).name.as_str().starts_with("2021-02-18-"));
        let item =
            Item { published: DateTime::from_timestamp(1_000_000_000_000, 0).map(Date::moment), ..Item::default() };
        assert_eq!(value(&item, "publishedDateTime"), None);
        assert!(file_of(&item).name.as_str().starts_with("undated-"));
    }

    #[test]
    fn a_summary_that_the_body_repeats_is_no_excerpt() {
        for (summary, content, excerpt) in [
            (None, Some("c"), None),
            (Some("s"), None, None),
            (Some("s"), Some(" "), None),
            (Some("s"), Some("c"), Some("\"s\"")),
            (Some("The  text"), Some("The\ntext goes on"), None),
            (Some("The text […]"), Some("The text goes on"), None),
            (Some("The text..."), Some("The text goes on"), None),
            (Some("The text … Read More Here →"), Some("The text goes on"), None),
            (
                Some("The text of a whole sentence [...] more"),
                Some("A harbour. The text of a whole sentence goes on"),
                None,
            ),
            (Some("The text"), Some("A harbour. The text goes on"), Some("\"The text\"")),
            (Some("Other … Read more"), Some("The text goes on"), Some("\"Other … Read more\"")),
            (Some(" "), Some("c"), None),
        ] {
            let item = Item { summary: summary.and_then(plain), content: content.and_then(plain), ..Item::default() };
            assert_eq!(value(&item, "excerpt").as_deref(), excerpt, "{summary:?} {content:?}");
        }
    }

    #[test]
    fn a_provider_is_named_by_the_source_the_user_or_the_channel() {
        let name_and_domain = |item: &Item, channel: &Channel, subscription: &Subscription| {
            let link = item.link.as_ref().and_then(web_link);
            let fields = provider(item, link.as_ref(), &prepare(channel.clone(), false), subscription);
            let mut front = FrontMatter::default();
            front.add_map("provider", fields);
            front.into_lines()
        };
        let provider = |name: &str, domain: &str| format!("provider:\n  name: \"{name}\"\n  domain: \"{domain}\"\n");
        let mut item = Item { link: Some(text("https://www.item.example/a")), ..Item::default() };
        let (mut channel, mut subscription) = (channel(), subscription());
        assert_eq!(name_and_domain(&item, &channel, &subscription), provider("The Channel", "example.org"));
        subscription.title = "Mine".into();
        assert_eq!(name_and_domain(&item, &channel, &subscription), provider("Mine", "example.org"));
        let link = Some(text("https://other.example/"));
        item.source = Some(Source { title: text("[[Other]]"), link });
        assert_eq!(name_and_domain(&item, &channel, &subscription), provider("[Other]", "example.org"));
        channel.link = Some(text("/blog"));
        assert_eq!(name_and_domain(&item, &channel, &subscription), provider("[Other]", "item.example"));
        item.link = None;
        assert_eq!(name_and_domain(&item, &channel, &subscription), provider("[Other]", "feeds.example.org"));
        subscription.address = text("feed.xml");
        assert_eq!(name_and_domain(&item, &channel, &subscription), "provider:\n  name: \"[Other]\"\n");
    }

    #[test]
    fn topics_of_the_subscription_follow_those_of_the_item() {
        let item = Item { topics: (0..200).map(|n| text(&format!("t{n}"))).collect(), ..Item::default() };
        let subscription = Subscription { topics: vec!["Mine".into(), "T7".into()], ..subscription() };
        let topics = topics(&item, &subscription);
        let names: Vec<&str> = topics.iter().map(|topic| topic.shown().as_str()).collect();
        assert_eq!(names.len(), 99);
        assert_eq!((names.first(), names.last()), (Some(&"t0"), Some(&"Mine")));
    }

    #[test]
    fn there_is_always_an_id_of_the_channel() {
        for (guid, id, written) in [
            (Some("given"), "own", "\"given\""),
            (Some("\u{1b}[2J given"), "own", "\"\\u001B[2J given\""),
            (None, "own", "\"own\""),
            (Some(" \u{200b}"), "own", "\"own\""),
            (Some(" \u{200b}"), "\u{200b}", "\"KEY#%E2%80%8B\""),
            (Some(&*"x".repeat(5_000)), "own", "\"own\""),
        ] {
            let item = Item { guid: guid.map(text), ..Item::default() };
            let file = file_with(&item, id);
            let line = format!("\nfeedId: {written}\n").replace("KEY", &subscription().key().to_string());
            assert!(String::from_utf8_lossy(&file.bytes).contains(&line), "{line}");
        }
    }

    #[test]
    fn a_file_that_differs_is_not_verified() {
        let file = file_of(&Item::default());
        let with = |bytes: &[u8]| ArticleFile { bytes: bytes.to_vec(), ..file.clone() };
        assert!(matches!(verify(&file, b"x"), Err(NotAsWritten::Differs)));
        assert!(matches!(verify(&with(b"no front matter\n"), b"no front matter\n"), Err(NotAsWritten::OtherArticle)));
        let other = file_with(&Item::default(), "2");
        assert!(matches!(verify(&with(&other.bytes), &other.bytes), Err(NotAsWritten::OtherArticle)));
        let broken = b"---\ntitle: \"a\nmore: [\n---\n";
        assert!(matches!(verify(&with(broken), broken), Err(NotAsWritten::Unreadable(_))));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn dated_files_are_in_the_plain_subset(
            texts in proptest::collection::vec(r#"[\PC&&[^\x{e000}-\x{10ffff}]]{0,20}|[ -~\t\n\x{1b}\x{85}\x{ad}\x{2028}]{0,20}|( [&*]a|&amp;|[\["'#:-]){0,9}"#, 8),
            seconds in 0i64..1_000_000_000,
            kind in 0..3,
        ) {
            let mut texts = texts.iter().map(|of| text(of));
            let mut next = || texts.next().unwrap_or_default();
            let date: Option<Date> = DateTime::from_timestamp(seconds, 0).map(|time| match kind {
                0 => Date::moment(time),
                1 => Date::time(time.naive_utc()),
                _ => Date::day(time.date_naive()),
            });
            let item = Item {
                guid: Some(next()),
                title: next(),
                published: date,
                updated: Some(Date::moment(DateTime::UNIX_EPOCH)),
                authors: vec![Person { name: next(), ..Person::default() }],
                topics: vec![next(), next()],
                summary: plain(next().untrusted()),
                content: plain(next().untrusted()),
                images: vec![Image { url: text("https://example.org/i"), title: next(), size: Some((1, 2)) }],
                enclosures: vec![enclosure("https://example.org/e", "audio/ogg")],
                comments: Some(text("https://example.org/?c#d")),
                ..Item::default()
            };
            let file = file_of(&item);
            let is_plain = library::is_plain(Path::new(file.name.as_str()), &file.bytes, DateTime::<Utc>::MAX_UTC);
            prop_assert!(is_plain, "{}", String::from_utf8_lossy(&file.bytes));
        }
    }
}
