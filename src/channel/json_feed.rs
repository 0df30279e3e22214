//! Reads [JSON Feed](https://www.jsonfeed.org/version/1.1/) 1 and 1.1.
//!
//! The text is repaired before it is parsed, and each item is parsed by itself: see [`json_text`](super::json_text).

use std::cmp::Reverse;
use std::collections::HashSet;

use serde_json::{Map, Value};
use url::Url;

use super::addresses::absolute;
use super::draft::MAX_PARTS;
use super::json_object::Object;
use super::json_text::{self, Element, Fault};
use super::people::are_inherited;
use super::repairs::Repairs;
use super::{
    Channel, Content, ContentKind, Document, Enclosure, Format, Image, Item, MAX_ITEMS, NamedLink, NotAChannel, Person,
    UpdateHints, language_tag,
};
use crate::dates::{self, Date};
use crate::feed::{SafeText, UntrustedText, clean};
use crate::xml::Damages;

/// Reads a document whose text begins with a bracket, perhaps after white space. `damages` are those of its encoding.
pub(super) fn read(text: &str, document: &Document, damages: Damages) -> Result<Channel, NotAChannel> {
    let split = json_text::split(text, "items");
    let head = match serde_json::from_str(&split.rest) {
        Ok(Value::Object(head)) => head,
        Ok(_) => return Err(other("a JSON document without the members of a channel")),
        Err(_) if !text.trim_start().starts_with(['{', '[']) => return Err(other("not JSON")),
        Err(_) => return Err(other("a JSON document that is nested too deep")),
    };
    let mut repairs = Repairs::default();
    let object = Object { members: &head, text, line: 1 };
    check_version(&object, &mut repairs)?;
    for (line, fault) in &split.faults {
        repairs.push(*line, fault.text().into());
    }
    let mut channel = read_head(&object, document, &mut repairs);
    let home = channel.link.as_ref().and_then(|link| Url::parse(link.untrusted()).ok());
    let mut authors = people(&object, home.as_ref().or(document.base), &mut repairs);
    if !are_inherited(&authors) {
        authors.clear();
    }
    let reader = ItemReader { base: home.as_ref().or(document.base), authors, text };
    let (newest, left_out) = newest(&split.elements);
    if left_out > 0 {
        repairs.push_left_out(object.line_of("items"), left_out);
    }
    channel.items = newest.into_iter().filter_map(|element| reader.read(element, &mut repairs)).collect();
    channel.is_partial = left_out > 0 || split.faults.iter().any(|(_, fault)| *fault == Fault::Truncated);
    channel.repairs = repairs.with([damages]);
    Ok(channel)
}

/// Checks that an object is a JSON Feed. Without a version it must have items, and an address that only a channel has.
fn check_version(head: &Object, repairs: &mut Repairs) -> Result<(), NotAChannel> {
    let has_items = head.get("items").is_some_and(Value::is_array);
    match head.get("version") {
        Some(Value::String(version)) if version.to_ascii_lowercase().contains("jsonfeed.org") => Ok(()),
        None if has_items && (head.get("feed_url").is_some() || head.get("home_page_url").is_some()) => {
            repairs.push(1, "the version of JSON Feed is missing".into());
            Ok(())
        }
        _ if head.get("rss").is_some() => Err(other("RSS written as JSON, which is not supported")),
        _ => Err(other("a JSON document that is not a JSON Feed")),
    }
}

fn other(looks_like: &'static str) -> NotAChannel {
    NotAChannel::Other { looks_like: looks_like.into() }
}

/// The channel without its items.
fn read_head(head: &Object, document: &Document, repairs: &mut Repairs) -> Channel {
    let link = head.text("home_page_url", repairs).and_then(|link| absolute(link, document.base));
    let home = link.as_ref().and_then(|link| Url::parse(link.untrusted()).ok());
    let mut text = |name| head.text(name, repairs);
    let icon =
        text("icon").or_else(|| text("favicon")).and_then(|icon| absolute(icon, home.as_ref().or(document.base)));
    Channel {
        format: Format::JsonFeed,
        title: text("title").map(title).unwrap_or_default(),
        description: text("description").map(UntrustedText::new).unwrap_or_default(),
        language: text("language")
            .or(document.content_language)
            .map(|language| UntrustedText::new(&language_tag(language))),
        updated: None,
        icon,
        hints: UpdateHints::default(),
        link,
        items: Vec::new(),
        is_partial: false,
        repairs: Vec::new(),
    }
}

/// A title. It is plain text, but many programs write the entities of their HTML into it.
fn title(text: &str) -> UntrustedText {
    UntrustedText::new(&html_escape::decode_html_entities(text))
}

/// What items are read with.
struct ItemReader<'a> {
    /// Base of relative addresses.
    base: Option<&'a Url>,
    /// Authors of the channel: those of items that name none.
    authors: Vec<Person>,
    /// The document.
    text: &'a str,
}

impl ItemReader<'_> {
    fn read(&self, element: &Element, repairs: &mut Repairs) -> Option<Item> {
        let members: Map<String, Value> = match serde_json::from_str(&element.json) {
            Ok(Value::Object(members)) => members,
            Ok(_) => {
                repairs.push(element.line, "an item is not an object: left out".into());
                return None;
            }
            Err(error) => {
                repairs
                    .push(element.line, clean::plain_line(&format!("an item is not valid JSON: left out ({error})")));
                return None;
            }
        };
        let text = self.text.get(element.at.clone()).unwrap_or_default();
        let object = Object { members: &members, text, line: element.line };
        let mut item = self.texts(&object, repairs);
        self.addresses(&object, &mut item, repairs);
        item.authors = people(&object, self.base, repairs);
        if item.authors.is_empty() {
            item.authors.clone_from(&self.authors);
        }
        item.topics = topics(&object, repairs);
        item.enclosures = self.enclosures(&object, repairs);
        Some(item)
    }

    fn texts(&self, object: &Object, repairs: &mut Repairs) -> Item {
        let content = |text: &str, kind| Content { text: UntrustedText::new(text), kind, base: self.base.cloned() };
        let html = object.text("content_html", repairs).map(|text| content(text, ContentKind::Html));
        let plain = object.text("content_text", repairs).map(|text| content(text, ContentKind::Plain));
        Item {
            guid: object.text_or_number("id", repairs).map(|id| UntrustedText::new(&id)),
            title: object.text_or_number("title", repairs).map(|text| title(&text)).unwrap_or_default(),
            published: date(object, "date_published", repairs),
            updated: date(object, "date_modified", repairs),
            summary: object.text("summary", repairs).map(|text| content(text, ContentKind::Plain)),
            content: html.or(plain),
            line: object.line,
            ..Item::default()
        }
    }

    fn addresses(&self, object: &Object, item: &mut Item, repairs: &mut Repairs) {
        let mut address = |name| object.text(name, repairs).and_then(|url| absolute(url, self.base));
        let (url, external) = (address("url"), address("external_url"));
        let mut images: Vec<UntrustedText> = ["image", "banner_image"].into_iter().filter_map(address).collect();
        images.dedup();
        item.images =
            images.into_iter().map(|url| Image { url, title: UntrustedText::default(), size: None }).collect();
        // A link blog has both: its own page, and the page that it writes about.
        if let (Some(own), Some(external)) = (&url, &external)
            && own != external
        {
            item.links.push(NamedLink { name: "Linked page", url: external.clone() });
        }
        let id = || item.guid.as_ref().and_then(|id| absolute(id.untrusted(), None));
        item.link = url.or(external).or_else(id);
    }

    fn enclosures(&self, object: &Object, repairs: &mut Repairs) -> Vec<Enclosure> {
        let mut enclosures = Vec::new();
        for attachment in object.list("attachments", repairs).iter().take(MAX_PARTS) {
            let Value::Object(members) = attachment else {
                object.report("attachments", attachment, repairs);
                continue;
            };
            let attachment = object.inner(members);
            let Some(url) = attachment.text("url", repairs).and_then(|url| absolute(url, self.base)) else { continue };
            let duration = attachment.number("duration_in_seconds", repairs);
            enclosures.push(Enclosure {
                url,
                media_type: attachment.text("mime_type", repairs).map(|kind| UntrustedText::new(kind.trim())),
                length: attachment.number("size_in_bytes", repairs),
                duration: duration.and_then(|seconds| u32::try_from(seconds).ok()),
            });
        }
        enclosures
    }
}

/// The topics of an item, without duplicates. A single text is a list with commas.
fn topics(object: &Object, repairs: &mut Repairs) -> Vec<UntrustedText> {
    let mut topics: Vec<UntrustedText> = Vec::new();
    let mut known = HashSet::new();
    let is_single = object.get("tags").is_some_and(Value::is_string);
    if is_single {
        repairs.push_once(object.line_of("tags"), "`tags` is a text, read as a list with commas");
    }
    for tag in object.list("tags", repairs) {
        let text = match tag {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            other => {
                object.report("tags", other, repairs);
                continue;
            }
        };
        let parts: Vec<&str> = if is_single { text.split(',').collect() } else { vec![&text] };
        for topic in parts.into_iter().map(str::trim) {
            if !topic.is_empty() && known.insert(topic.to_owned()) {
                topics.push(UntrustedText::new(topic));
            }
        }
    }
    topics
}

/// The authors of a channel or an item: `authors` of version 1.1, else `author` of version 1.
fn people(object: &Object, base: Option<&Url>, repairs: &mut Repairs) -> Vec<Person> {
    let mut people = Vec::new();
    for name in ["authors", "author"] {
        for value in object.list(name, repairs).iter().take(MAX_PARTS) {
            match value {
                Value::String(name) => {
                    people.push(Person { name: UntrustedText::new(name.trim()), ..Person::default() })
                }
                Value::Object(members) => people.push(person(&object.inner(members), base, repairs)),
                other => object.report(name, other, repairs),
            }
        }
        people.retain(|person: &Person| !person.name.is_blank() || person.url.is_some() || person.email.is_some());
        let mut once: Vec<Person> = Vec::new();
        people.into_iter().for_each(|person| {
            if !once.contains(&person) {
                once.push(person)
            }
        });
        people = once;
        if !people.is_empty() {
            break;
        }
    }
    people
}

fn person(object: &Object, base: Option<&Url>, repairs: &mut Repairs) -> Person {
    let url = object.text("url", repairs).map(str::trim);
    let email = url.and_then(|url| url.split_at_checked("mailto:".len()));
    let email = email.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("mailto:")).map(|(_, email)| email);
    Person {
        name: object.text("name", repairs).map(|name| UntrustedText::new(name.trim())).unwrap_or_default(),
        url: url.filter(|_| email.is_none()).and_then(|url| absolute(url, base)),
        email: email.map(UntrustedText::new),
    }
}

/// A date of an item.
fn date(object: &Object, name: &str, repairs: &mut Repairs) -> Option<Date> {
    let text = object.text_or_number(name, repairs)?;
    match dates::read(text.trim().as_bytes()) {
        Ok(date) => Some(date),
        Err(error) => {
            let what: SafeText = clean::plain_line(&format!("`{}`: {error}", clean::quote(&text)));
            repairs.push(object.line_of(name), what);
            None
        }
    }
}

/// The newest elements, up to [`MAX_ITEMS`], in the order of the document, and how many are left out. Elements without a date
/// count as newer than those with one.
fn newest(elements: &[Element]) -> (Vec<&Element>, usize) {
    let left_out = elements.len().saturating_sub(MAX_ITEMS);
    let mut order: Vec<(usize, &Element)> = elements.iter().enumerate().collect();
    if left_out > 0 {
        // Only the dates are kept: 50,000 items, each with a copy of the base of its addresses, could fill the memory.
        order.sort_by_cached_key(|(at, element)| (date_of(element).map(|date| Reverse(date.as_utc())), *at));
        order.truncate(MAX_ITEMS);
        order.sort_by_key(|(at, _)| *at);
    }
    (order.into_iter().map(|(_, element)| element).collect(), left_out)
}

fn date_of(element: &Element) -> Option<Date> {
    let members: Map<String, Value> = serde_json::from_str(&element.json).ok()?;
    let object = Object { members: &members, text: "", line: element.line };
    let date = |name| date(&object, name, &mut Repairs::default());
    date("date_published").or_else(|| date("date_modified"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel(text: &str) -> Channel {
        read(text, &Document::default(), Damages::default()).unwrap_or_else(|why| panic!("{why}: {text}"))
    }

    /// A channel whose only item has these members.
    fn item(members: &str) -> Item {
        let text = format!(
            r#"{{"version": "https://jsonfeed.org/version/1.1", "home_page_url": "https://example.org/blog/",
            "authors": [{{"name": "Ann"}}], "language": "en", "items": [{{{members}}}]}}"#
        );
        let mut channel = channel(&text);
        assert_eq!(channel.items.len(), 1, "{text}");
        channel.items.remove(0)
    }

    fn repairs(channel: &Channel) -> Vec<(u32, &str)> {
        channel.repairs.iter().map(|repair| (repair.line, repair.what.as_str())).collect()
    }

    fn texts<'a>(texts: impl IntoIterator<Item = &'a UntrustedText>) -> Vec<&'a str> {
        texts.into_iter().map(UntrustedText::untrusted).collect()
    }

    #[test]
    fn a_channel_is_read() {
        let channel = channel(
            r#"{"version": "http://jsonfeed.org/version/1", "title": "T", "description": "D", "language": "de",
                "home_page_url": "https://example.org/", "favicon": "/icon.png",
                "items": [{"id": "1", "title": "One &amp; two &#8217;s <b>"},
                          {"id": 2}]}"#,
        );
        assert_eq!(channel.format, Format::JsonFeed);
        assert_eq!(texts([&channel.title, &channel.description]), ["T", "D"]);
        assert_eq!(texts(channel.items.iter().map(|item| &item.title)), ["One & two ’s <b>", ""]);
        assert_eq!(texts(&channel.link), ["https://example.org/"]);
        assert_eq!(texts(&channel.icon), ["https://example.org/icon.png"]);
        assert_eq!(texts(&channel.language), ["de"]);
        assert_eq!(texts(channel.items.iter().flat_map(|item| &item.guid)), ["1", "2"]);
        assert_eq!(channel.items.iter().map(|item| item.line).collect::<Vec<_>>(), [3, 4]);
        assert_eq!(repairs(&channel), []);
        assert!(!channel.is_partial);
    }

    #[test]
    fn addresses_of_an_item() {
        for (members, link, others) in [
            (r#""url": "a""#, "https://example.org/blog/a", None),
            (r#""external_url": "https://a.org/""#, "https://a.org/", None),
            (r#""url": "www.a.org/b""#, "https://www.a.org/b", None),
            (r#""url": "/b", "external_url": "https://a.org/""#, "https://example.org/b", Some("https://a.org/")),
            (r#""url": "https://a.org/", "external_url": "https://a.org/""#, "https://a.org/", None),
            (r#""id": "https://a.org/1""#, "https://a.org/1", None),
            (r#""id": "tag:1", "url": "javascript:alert(1)""#, "", None),
        ] {
            let item = item(members);
            assert_eq!(texts(&item.link).join(""), link, "{members}");
            assert_eq!(texts(item.links.iter().map(|link| &link.url)), Vec::from_iter(others), "{members}");
        }
    }

    #[test]
    fn texts_of_an_item() {
        let item = item(
            r#""content_text": "plain", "content_html": "<p>html", "summary": "short",
               "date_published": "2021-02-18T08:00:00Z", "date_modified": "2021-02-19T08:00:00+01:00""#,
        );
        let content = item.content.as_ref().map(|content| (content.text.untrusted(), content.kind));
        assert_eq!(content, Some(("<p>html", ContentKind::Html)));
        let summary = item.summary.as_ref().map(|content| (content.text.untrusted(), content.kind));
        assert_eq!(summary, Some(("short", ContentKind::Plain)));
        assert_eq!(
            item.content.and_then(|content| content.base).map(String::from),
            Some("https://example.org/blog/".into())
        );
        assert_eq!(item.published, "2021-02-18T08:00:00Z".parse().ok());
        assert_eq!(item.updated, "2021-02-19T07:00:00Z".parse().ok());
    }

    #[test]
    fn authors_of_an_item() {
        for (members, expected) in [
            ("", "Ann"),
            (r#""author": {"name": "Bob"}"#, "Bob"),
            (r#""authors": [{"name": "Bob"}, {"name": "Cid"}], "author": {"name": "Dan"}"#, "Bob, Cid"),
            (r#""authors": [], "author": "Eve""#, "Eve"),
            (r#""authors": {"name": "Bob"}"#, "Bob"),
            (r#""authors": [{"avatar": "x"}, 4]"#, "Ann"),
        ] {
            let item = item(members);
            assert_eq!(texts(item.authors.iter().map(|person| &person.name)).join(", "), expected, "{members}");
        }
        let item = item(r#""authors": [{"name": "Bob", "url": "mailto:bob@example.org"}, {"url": "/ann"}]"#);
        assert_eq!(texts(item.authors.iter().flat_map(|person| &person.email)), ["bob@example.org"]);
        assert_eq!(texts(item.authors.iter().flat_map(|person| &person.url)), ["https://example.org/ann"]);
    }

    #[test]
    fn topics_pictures_and_attachments_of_an_item() {
        for (members, expected) in [
            (r#""tags": ["a", "b", " a ", "", 7]"#, vec!["a", "b", "7"]),
            (r#""tags": "a, b""#, vec!["a", "b"]),
            (r#""tags": "one word""#, vec!["one word"]),
            (r#""tags": [["a"]]"#, vec![]),
        ] {
            assert_eq!(texts(&item(members).topics), expected, "{members}");
        }
        let item = item(
            r#""image": "i.png", "banner_image": "/b.png", "attachments": [{"url": "a.mp3", "mime_type": "audio/mpeg",
               "size_in_bytes": 12, "duration_in_seconds": 61.5}, {"mime_type": "x"}, "x",
               {"url": "b.mp3", "size_in_bytes": "13", "duration_in_seconds": -1}]"#,
        );
        assert_eq!(
            texts(item.images.iter().map(|image| &image.url)),
            ["https://example.org/blog/i.png", "https://example.org/b.png"]
        );
        let enclosures: Vec<_> =
            item.enclosures.iter().map(|file| (file.url.untrusted(), file.length, file.duration)).collect();
        assert_eq!(
            enclosures,
            [
                ("https://example.org/blog/a.mp3", Some(12), Some(61)),
                ("https://example.org/blog/b.mp3", Some(13), None)
            ]
        );
    }

    #[test]
    fn repairs_name_their_lines() {
        let channel = channel(
            "{\"version\": \"https://jsonfeed.org/version/1\",\n\"title\": 5,\n\"items\": [\n{\"id\": true,\n              \"date_published\": \"soon\",\n\"tags\": \"a\"},\n4,\n{\"title\": \"a\tb\", \"content_html\": \"<p>cut",
        );
        assert_eq!(
            repairs(&channel),
            [
                (2, "`title` cannot be a number: ignored"),
                (4, "`id` cannot be true or false: ignored"),
                (5, "`soon`: not a date; write it as 2021-02-18"),
                (6, "`tags` is a text, read as a list with commas"),
                (7, "an item is not an object: left out"),
                (8, "control characters in a string, kept"),
                (8, "the document ends early; what is there was read"),
            ]
        );
        assert_eq!(channel.items.len(), 2);
        assert!(channel.is_partial);
        let last = channel.items[1].content.as_ref().map(|content| content.text.untrusted());
        assert_eq!(last, Some("<p>cut"));
    }

    #[test]
    fn other_documents_are_refused() {
        for (text, looks_like) in [
            ("{}", "a JSON document that is not a JSON Feed"),
            ("[]", "a JSON document without the members of a channel"),
            (r#"{"items": [], "title": "x"}"#, "a JSON document that is not a JSON Feed"),
            (r#"{"version": 1, "items": [], "feed_url": "https://a.org/"}"#, "a JSON document that is not a JSON Feed"),
            (r#"{"rss": {"channel": {}}}"#, "RSS written as JSON, which is not supported"),
            (r#"{"a": [[[[[[[["#, "a JSON document that is not a JSON Feed"),
        ] {
            let refused = read(text, &Document::default(), Damages::default()).expect_err(text);
            assert_eq!(refused, NotAChannel::Other { looks_like: looks_like.into() }, "{text}");
        }
        let without_version = channel(r#"{"items": [{"id": "a"}], "feed_url": "https://a.org/"}"#);
        assert_eq!(repairs(&without_version), [(1, "the version of JSON Feed is missing")]);
    }

    #[test]
    fn only_the_newest_items_are_read() {
        let items: Vec<String> = (0..MAX_ITEMS + 2)
            .map(|at| {
                format!(
                    r#"{{"id": "{at}", "date_published": "20{:02}-01-01"}}"#,
                    if at == 1 {
                        10
                    } else if at == 5 {
                        11
                    } else {
                        20
                    }
                )
            })
            .collect();
        let channel =
            channel(&format!(r#"{{"version": "https://jsonfeed.org/version/1", "items": [{}]}}"#, items.join(",")));
        assert_eq!(channel.items.len(), MAX_ITEMS);
        let first = texts(channel.items.iter().take(5).flat_map(|item| &item.guid));
        assert_eq!(first, ["0", "2", "3", "4", "6"]);
        assert_eq!(repairs(&channel), [(1, "2 older items beyond 1000 are left out")]);
        assert!(channel.is_partial);
    }

    #[test]
    fn hostile_documents_need_little_stack() {
        let version = r#""version": "https://jsonfeed.org/version/1""#;
        let documents = [
            "[".repeat(100_000),
            "{\"a\":".repeat(100_000),
            format!("{{{version}, \"items\": {}", "[".repeat(100_000)),
            format!("{{{version}, \"items\": [{{\"id\": \"1\"}}, {{\"tags\": {}", "[".repeat(100_000)),
            format!("{{{version}, \"items\": [{{\"attachments\": [{}", "1,".repeat(100_000)),
            format!("{{{version}, \"items\": [{}", "{},".repeat(100_000)),
            "\"".repeat(100_001),
        ];
        let counts = std::thread::Builder::new()
            .stack_size(256 * 1024)
            .spawn(move || {
                let read = |text: &String| {
                    read(text, &Document::default(), Damages::default()).ok().map(|channel| channel.items.len())
                };
                documents.iter().map(read).collect::<Vec<_>>()
            })
            .expect("a thread")
            .join()
            .expect("no panic");
        assert_eq!(counts, [None, None, Some(0), Some(1), Some(1), Some(MAX_ITEMS), None]);
    }
}
