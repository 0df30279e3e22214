//! Writes a collection as Atom 1.0 (RFC 4287).

use std::fmt::Write as _;
use std::io::{self, Write};

use url::Url;

use super::collection::{Collection, id_of};
use super::json::rfc3339;
use super::markup::{attribute_of, escaped, escaped_markup, uri};
use super::xhtml::{BodyLook, push_body};
use crate::feed::{Address, Article, Enclosure, Link, Picture, Provider, SafeText, shown_excerpt};

/// Writes the document.
pub(super) fn write(collection: &Collection, out: &mut dyn Write) -> io::Result<()> {
    let mut head = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" \
         xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\" xmlns:media=\"http://search.yahoo.com/mrss/\">\n",
    );
    push_element(&mut head, "id", &collection.id());
    push_element(&mut head, "title", collection.title.as_str());
    push_element(&mut head, "updated", &rfc3339(collection.updated()));
    if let Some(address) = &collection.address {
        push_link(&mut head, "self", address.as_str(), " type=\"application/atom+xml\"");
    }
    let version = env!("CARGO_PKG_VERSION");
    let _ = writeln!(head, "<generator version=\"{version}\">frontpage</generator>");
    out.write_all(head.as_bytes())?;
    collection.articles().try_for_each(|article| out.write_all(entry(collection, &article?).as_bytes()))?;
    out.write_all(b"</feed>\n")
}

fn entry(collection: &Collection, article: &Article) -> String {
    let mut out = String::from("<entry>\n");
    push_element(&mut out, "id", &id_of(article.id));
    push_element(&mut out, "title", article.title.as_str());
    if let Some(published) = article.published.and_then(|date| collection.time(date)) {
        push_element(&mut out, "published", &published);
    }
    push_element(&mut out, "updated", &rfc3339(collection.updated_of(article)));
    let link = article.link_to_open().and_then(Link::address);
    if let Some(link) = link {
        push_link(&mut out, "alternate", link.as_str(), " type=\"text/html\"");
    }
    if let Some(comments) = article.comments.as_ref().and_then(Link::address) {
        push_link(&mut out, "replies", comments.as_str(), " type=\"text/html\"");
    }
    let _ = writeln!(out, "<author><name>{}</name></author>", escaped(author(article).as_str()));
    for topic in &article.topics {
        let _ = writeln!(out, "<category term=\"{}\"/>", escaped(topic.shown().as_str()));
    }
    article.enclosures.iter().for_each(|enclosure| push_enclosure(&mut out, enclosure));
    // Atom has no duration. That of Apple is about the first file.
    if let Some(seconds) = article.enclosures.first().and_then(|enclosure| enclosure.duration) {
        push_element(&mut out, "itunes:duration", &seconds.to_string());
    }
    article.pictures.iter().for_each(|picture| push_picture(&mut out, picture));
    push_source(&mut out, article);
    let excerpt = shown_excerpt(article);
    match article.body.is_blank() {
        // An entry without a link must have a content.
        true if link.is_none() => push_element(&mut out, "content", excerpt.unwrap_or(&article.title).as_str()),
        true => {}
        false => {
            let (mut body, key) = (String::new(), article.id.to_string());
            push_body(article, BodyLook { key: &key, level: 1, loads_pictures: true }, &mut body);
            let _ = writeln!(out, "<content type=\"html\">{}</content>", escaped_markup(&body));
        }
    }
    if let Some(excerpt) = excerpt {
        push_element(&mut out, "summary", excerpt.as_str());
    }
    out.push_str("</entry>\n");
    out
}

/// Who wrote an article: its author, else its provider. Every entry must have one.
pub(super) fn author(article: &Article) -> SafeText {
    let Provider { name, domain } = &article.provider;
    [&article.author, name, domain].into_iter().find(|name| !name.is_empty()).cloned().unwrap_or("unknown".into())
}

fn push_element(out: &mut String, name: &str, text: &str) {
    let _ = writeln!(out, "<{name}>{}</{name}>", escaped(text));
}

/// A link. `attributes` are further ones, escaped.
fn push_link(out: &mut String, relation: &str, address: &str, attributes: &str) {
    let _ = writeln!(out, "<link rel=\"{relation}\"{attributes} href=\"{}\"/>", attribute_of(address));
}

fn push_enclosure(out: &mut String, enclosure: &Enclosure) {
    let Some(address) = enclosure.link.address() else { return };
    let mut attributes = String::new();
    if is_media_type(enclosure.media_type.as_str()) {
        let _ = write!(attributes, " type=\"{}\"", escaped(enclosure.media_type.as_str()));
    }
    if let Some(length) = enclosure.length {
        let _ = write!(attributes, " length=\"{length}\"");
    }
    push_link(out, "enclosure", address.as_str(), &attributes);
}

/// True for a media type without parameters, such as `audio/mpeg`.
pub(super) fn is_media_type(text: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte))
    };
    text.split_once('/').is_some_and(|(kind, name)| is_name(kind) && is_name(name))
}

fn push_picture(out: &mut String, picture: &Picture) {
    let Some(address) = picture.link.address() else { return };
    let _ = write!(out, "<media:content medium=\"image\" url=\"{}\"", attribute_of(address.as_str()));
    if let Some((width, height)) = picture.size {
        let _ = write!(out, " width=\"{width}\" height=\"{height}\"");
    }
    match picture.title.is_empty() {
        true => out.push_str("/>\n"),
        false => {
            let title = escaped(picture.title.as_str());
            let _ = writeln!(out, "><media:title type=\"plain\">{title}</media:title></media:content>");
        }
    }
}

/// Who published the article, as Atom names the channel that an entry was taken from.
fn push_source(out: &mut String, article: &Article) {
    let Provider { name, domain } = &article.provider;
    if name.is_empty() {
        return;
    }
    let channel = Address::parse(article.channel.address.as_str()).ok();
    // The domain has no scheme and no port: an address on the same site has them.
    let known = [article.link_to_open().and_then(Link::address), channel.as_ref()];
    let of_site = known.into_iter().flatten().find(|address| address.domain() == *domain && !domain.is_empty());
    let site = match of_site.and_then(|address| Url::parse(address.as_str()).ok()) {
        Some(url) => Address::parse(&format!("{}/", url.origin().ascii_serialization())).ok(),
        None => Address::parse(&format!("https://{domain}/")).ok(),
    };
    out.push_str("<source>\n");
    if let Some(id) = channel.as_ref().or(site.as_ref()) {
        push_element(out, "id", &uri(id.as_str()));
    }
    push_element(out, "title", name.as_str());
    if let Some(site) = &site {
        push_link(out, "alternate", site.as_str(), "");
    }
    out.push_str("</source>\n");
}
