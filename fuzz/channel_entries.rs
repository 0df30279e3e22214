//! Entry points for documents of the web: channels, pages, and lists of subscriptions.

use frontpage::channel::{self, Document, MAX_ITEMS, NotAChannel};
use frontpage::cli::preview_json;
use frontpage::dates::Zone;
use frontpage::digest::{extract, prepare};
use frontpage::feed::Address;
use frontpage::html;
use frontpage::query::Query;
use frontpage::subscriptions::{MAX_SUBSCRIPTIONS, Subscription, import, newsboat_urls, opml};
use pulldown_cmark::{Event, Options, Parser, Tag};
use url::Url;

use super::entries::is_clean;

/// Values of the header `Content-Type`; the length of the input selects one.
const CONTENT_TYPES: [Option<&str>; 5] = [
    None,
    Some("text/xml"),
    Some("application/rss+xml; charset=utf-16"),
    Some("application/feed+json"),
    Some("text/html; charset=\"nonsense"),
];

fn base() -> Url {
    Url::parse("https://site.example/a/b.xml?c#d").expect("an address")
}

/// Checks Markdown that was made from HTML or from text: it has no raw HTML, and nothing in it can control a terminal.
fn is_harmless(text: &str) {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    for event in Parser::new_ext(text, options) {
        let is_raw = matches!(
            event,
            Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::HtmlBlock) | Event::FootnoteReference(_)
        );
        assert!(!is_raw, "{event:?} in {text:?}");
        if let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = &event {
            let scheme = dest_url.split(':').next().unwrap_or_default();
            let is_known = ["http", "https", "mailto"].contains(&scheme);
            assert!(is_known, "{dest_url:?} in {text:?}");
        }
    }
}

/// Reads bytes as HTML.
pub fn html(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let base = base();
    for base in [None, Some(&base)] {
        is_harmless(&html::to_markdown(&text, base));
        for link in html::page(&text, base).into_iter().flat_map(|page| page.channels) {
            assert!(matches!(link.url.scheme(), "http" | "https"), "{}", link.url);
        }
    }
    is_harmless(&html::plain_to_markdown(&text));
    drop(html::to_text(&text));
    // Enough text that an article is found.
    let page = [b"<html><body><article><p>", "Words, and more. ".repeat(40).as_bytes(), bytes].concat();
    if let Ok(body) = extract(&page, None, Some(&base)) {
        is_harmless(body.markdown.untrusted());
    }
}

/// Limit of the lines of a document: in every encoding that is read, one of these bytes ends a line.
fn most_lines(bytes: &[u8]) -> usize {
    1 + bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count()
}

/// Reads bytes as a channel.
pub fn channel(bytes: &[u8]) {
    let base = base();
    let document = Document {
        bytes,
        content_type: CONTENT_TYPES[bytes.len() % CONTENT_TYPES.len()],
        base: bytes.len().is_multiple_of(2).then_some(&base),
        ..Document::default()
    };
    let channel = match channel::read(&document) {
        Ok(channel) => channel,
        Err(why) => {
            if let NotAChannel::Other { looks_like } = &why {
                is_clean(looks_like);
            }
            assert!(!why.to_string().is_empty());
            return;
        }
    };
    let lines = most_lines(bytes);
    let is_in_document = |line: u32| assert!(line >= 1 && line as usize <= lines, "line {line} of {lines}");
    for repair in &channel.repairs {
        is_in_document(repair.line);
        is_clean(&repair.what);
        assert!(!repair.what.is_empty());
    }
    assert!(channel.items.len() <= MAX_ITEMS, "{} items", channel.items.len());
    for item in &channel.items {
        is_in_document(item.line);
        for content in [&item.summary, &item.content].into_iter().flatten().take(4) {
            is_harmless(&content.to_markdown());
        }
    }
    let json = preview_json(&prepare(channel.clone(), true), Zone::Utc);
    assert_eq!(json["items"].as_array().map(Vec::len), Some(channel.items.len()));
    assert_eq!(channel::read(&document), Ok(channel), "read again");
}

/// Reads bytes as a list of subscriptions.
pub fn opml(bytes: &[u8]) {
    let Ok(imported) = import(bytes) else { return };
    assert!(imported.subscriptions.len() <= MAX_SUBSCRIPTIONS, "{} subscriptions", imported.subscriptions.len());
    let lines = most_lines(bytes);
    let is_in_document = |line: u32| assert!(line >= 1 && line as usize <= lines, "line {line} of {lines}");
    for subscription in &imported.subscriptions {
        let address = Url::parse(subscription.address.untrusted()).expect("an address");
        assert!(matches!(address.scheme(), "http" | "https"), "{address}");
        assert!(address.username().is_empty() && address.password().is_none(), "{address}");
        assert!(Address::parse(address.as_str()).is_ok(), "{address}");
        assert!(subscription.folder.is_none() && subscription.keep.is_none(), "{subscription:?}");
        is_clean(&subscription.title);
        subscription.topics.iter().for_each(is_clean);
    }
    for refused in &imported.refused {
        is_in_document(refused.line);
        is_clean(&refused.what);
    }
    for note in &imported.notes {
        is_in_document(note.line);
        is_clean(&note.what);
    }
    for duplicate in &imported.duplicates {
        assert!(duplicate.first_line <= duplicate.line, "{duplicate:?}");
        is_in_document(duplicate.line);
        is_clean(&duplicate.address);
    }
    for search in &imported.saved_searches {
        is_in_document(search.line);
        assert!(Query::parse(&search.query).is_ok(), "{search:?}");
    }
    // A list that is written again has the same channels. OPML has them by folder, so their order may change.
    let of = |subscriptions: &[Subscription]| -> Vec<String> {
        let addresses = subscriptions.iter().map(|subscription| subscription.address.untrusted().to_owned());
        let mut addresses: Vec<String> = addresses.collect();
        addresses.sort();
        addresses
    };
    let addresses = |bytes: &[u8]| of(&import(bytes).expect("a list").subscriptions);
    let known = of(&imported.subscriptions);
    let created = "2021-02-20T12:00:00Z".parse().expect("a time");
    assert_eq!(
        addresses(opml::write(&imported.subscriptions, &std::collections::HashMap::new(), created).as_bytes()),
        known,
        "as OPML"
    );
    assert_eq!(addresses(newsboat_urls::write(&imported.subscriptions).as_bytes()), known, "as urls");
}
