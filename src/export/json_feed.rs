//! Writes a collection as JSON Feed 1.1.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::atom::{author, is_media_type};
use super::collection::{Collection, id_of};
use super::json::escape_json;
use super::markup::uri;
use super::xhtml::{BodyLook, push_body};
use crate::feed::{Article, Enclosure, Link, shown_excerpt};

/// Writes the document, each item on a line.
pub(super) fn write(collection: &Collection, out: &mut dyn Write) -> io::Result<()> {
    let mut head = Map::new();
    head.insert("version".to_owned(), json!("https://jsonfeed.org/version/1.1"));
    head.insert("title".to_owned(), json!(collection.title.as_str()));
    if let Some(address) = &collection.address {
        head.insert("feed_url".to_owned(), json!(address.as_str()));
    }
    let head = Value::Object(head).to_string();
    let head = head.strip_suffix('}').unwrap_or(&head);
    out.write_all(escape_json(head).as_bytes())?;
    out.write_all(b",\"items\":[")?;
    let mut separator = "\n";
    for article in collection.articles() {
        let article = article?;
        out.write_all(separator.as_bytes())?;
        out.write_all(escape_json(&item(collection, &article).to_string()).as_bytes())?;
        separator = ",\n";
    }
    out.write_all(b"\n]}\n")
}

fn item(collection: &Collection, article: &Article) -> Value {
    let mut item = Map::new();
    let mut put = |name: &str, value: Value| item.insert(name.to_owned(), value);
    put("id", json!(id_of(article.id)));
    if let Some(link) = article.link_to_open().and_then(Link::address) {
        put("url", json!(uri(link.as_str())));
    }
    put("title", json!(article.title.as_str()));
    let excerpt = shown_excerpt(article);
    match article.body.is_blank() {
        // An item must have a content.
        true => put("content_text", json!(excerpt.map(|excerpt| excerpt.as_str()).unwrap_or_default())),
        false => {
            let (mut body, key) = (String::new(), article.id.to_string());
            push_body(article, BodyLook { key: &key, level: 1, loads_pictures: true }, &mut body);
            put("content_html", json!(body))
        }
    };
    if let Some(excerpt) = excerpt {
        put("summary", json!(excerpt.as_str()));
    }
    if let Some(picture) = article.pictures.iter().find_map(|picture| picture.link.address()) {
        put("image", json!(uri(picture.as_str())));
    }
    if let Some(published) = article.published.and_then(|date| collection.time(date)) {
        put("date_published", json!(published));
    }
    if let Some(updated) = article.updated.and_then(|date| collection.time(date)) {
        put("date_modified", json!(updated));
    }
    put("authors", json!([{ "name": author(article).as_str() }]));
    if !article.topics.is_empty() {
        put("tags", article.topics.iter().map(|topic| json!(topic.shown().as_str())).collect());
    }
    let attachments: Vec<Value> = article.enclosures.iter().filter_map(attachment).collect();
    if !attachments.is_empty() {
        put("attachments", Value::Array(attachments));
    }
    Value::Object(item)
}

fn attachment(enclosure: &Enclosure) -> Option<Value> {
    let media_type = enclosure.media_type.as_str();
    let media_type = if is_media_type(media_type) { media_type } else { "application/octet-stream" };
    let mut attachment = Map::new();
    attachment.insert("url".to_owned(), json!(uri(enclosure.link.address()?.as_str())));
    attachment.insert("mime_type".to_owned(), json!(media_type));
    if let Some(length) = enclosure.length {
        attachment.insert("size_in_bytes".to_owned(), json!(length));
    }
    if let Some(duration) = enclosure.duration {
        attachment.insert("duration_in_seconds".to_owned(), json!(duration));
    }
    Some(Value::Object(attachment))
}
