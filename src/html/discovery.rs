//! Finds the channels that a page names in its `<link rel="alternate">` elements.

use url::Url;

use super::document::Document;
use super::element::{self, Content};
use super::tokens::{self, Attributes, Handler, StartTag};

/// Limit in bytes on what is read of a page: channels are named in its head.
const MAX_READ: usize = 512 * 1024;

/// Limit on the channels of one page.
const MAX_CHANNELS: usize = 64;

/// Media types of channels.
const TYPES: [&str; 8] = [
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/json",
    "application/xml",
    "text/xml",
    "application/x.atom+xml",
];

/// A channel that a page names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelLink {
    /// The absolute http or https address.
    pub url: Url,
    /// The title that the page gives it, as written; may be empty.
    pub title: String,
    /// The media type, such as `application/rss+xml`.
    pub media_type: String,
}

impl ChannelLink {
    /// True if it is the channel of the comments on an article or a blog, by its title and address.
    pub fn is_of_comments(&self) -> bool {
        let title = self.title.to_lowercase();
        ["comment", "kommentar", "commentaire", "comentario"].iter().any(|word| title.contains(word))
            || self.url.path().split('/').any(|part| part == "comments")
            || self.url.query().is_some_and(|query| query.contains("comments"))
    }
}

/// What a page says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The title, as written; may be empty.
    pub title: String,
    /// The channels it names, in its order, without duplicates; those of comments last.
    pub channels: Vec<ChannelLink>,
    /// True if the page asks for a password, as a login page or a captive portal does.
    pub asks_for_password: bool,
}

/// Reads a page. `None` if the text is not HTML.
///
/// `base` is the address of the page. The first 512 KiB are read. Beside the links of the page, the canonical address of a
/// channel or a playlist of YouTube leads to its channel document.
pub fn page(html: &str, base: Option<&Url>) -> Option<Page> {
    let end = html.floor_char_boundary(MAX_READ);
    let mut finder = Finder { base: base.cloned(), ..Finder::default() };
    tokens::read(html.get(..end)?, &mut finder);
    if finder.kind != Some(Kind::Page) {
        return None;
    }
    let mut page = finder.page;
    page.title = page.title.split_whitespace().collect::<Vec<_>>().join(" ");
    if page.channels.is_empty() {
        page.channels.extend(finder.canonical.as_ref().and_then(youtube_channel));
    }
    // The sort is stable: the page's order stays within both groups.
    page.channels.sort_by_key(ChannelLink::is_of_comments);
    Some(page)
}

#[derive(Default)]
struct Finder {
    /// What the first tag says that the document is.
    kind: Option<Kind>,
    base: Option<Url>,
    has_base: bool,
    page: Page,
    /// Open `<title>` outside of a drawing.
    in_title: bool,
    has_title: bool,
    in_drawing: bool,
    canonical: Option<Url>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Page,
    Other,
}

impl Handler for Finder {
    fn text(&mut self, text: &str) {
        if self.in_title {
            self.page.title.push_str(text);
        } else if self.kind.is_none() && !text.trim_matches(['\u{feff}', ' ', '\n', '\r', '\t']).is_empty() {
            // JSON and plain text begin without a tag.
            self.kind = Some(Kind::Other);
        }
    }

    fn start(&mut self, tag: &StartTag<'_>) -> Content {
        let &StartTag { name, attributes, is_closed, .. } = tag;
        let kind = *self.kind.get_or_insert(if is_html(name) { Kind::Page } else { Kind::Other });
        if kind == Kind::Other {
            return Content::Markup;
        }
        match name {
            b"svg" => self.in_drawing = !is_closed,
            b"title" if !self.in_drawing && !self.has_title => self.in_title = true,
            b"base" if !self.has_base => {
                if let Some(url) = attributes.get("href").and_then(|href| self.resolve(href)) {
                    self.base = Some(url);
                    self.has_base = true;
                }
            }
            b"link" | b"a" => self.link(attributes),
            b"input" => {
                let asks = attributes.get("type").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("password"));
                self.page.asks_for_password |= asks;
            }
            _ => {}
        }
        if is_closed || self.in_drawing { Content::Markup } else { element::content(name) }
    }

    fn end(&mut self, name: &[u8], _: &Document<'_>) {
        match name {
            b"title" => {
                self.has_title |= self.in_title;
                self.in_title = false;
            }
            b"svg" => self.in_drawing = false,
            _ => {}
        }
    }
}

impl Finder {
    fn resolve(&self, href: &str) -> Option<Url> {
        let href = href.trim();
        // Some pages write the scheme of old readers.
        let href = href.strip_prefix("feed:").filter(|rest| rest.starts_with("http")).unwrap_or(href);
        let href = href.replacen("feed://", "https://", 1);
        let url = match &self.base {
            Some(base) => base.join(&href).ok()?,
            None => Url::parse(&href).ok()?,
        };
        (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
    }

    fn link(&mut self, attributes: &Attributes) {
        let (Some(rel), Some(href)) = (attributes.get("rel"), attributes.get("href")) else { return };
        let has = |word: &str| rel.split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case(word));
        if has("canonical") && self.canonical.is_none() {
            self.canonical = self.resolve(href);
        }
        if !has("alternate") && !has("feed") || has("stylesheet") || self.page.channels.len() >= MAX_CHANNELS {
            return;
        }
        let media_type = attributes.get("type").unwrap_or_default().split(';').next().unwrap_or_default();
        let media_type = media_type.trim().to_ascii_lowercase();
        let is_channel = TYPES.contains(&media_type.as_str()) || (has("feed") && media_type.is_empty());
        // The interfaces of blog engines are named like a channel in JSON.
        if !is_channel || href.trim().is_empty() || (media_type == "application/json" && href.contains("/wp-json/")) {
            return;
        }
        let Some(url) = self.resolve(href) else { return };
        if self.page.channels.iter().all(|known| known.url != url) {
            let title = attributes.get("title").unwrap_or_default().trim().to_owned();
            self.page.channels.push(ChannelLink { url, title, media_type });
        }
    }
}

/// True for a tag that a page may begin with. A channel document begins with `rss`, `feed` or `rdf:rdf`, and has HTML only in
/// its items.
fn is_html(name: &[u8]) -> bool {
    matches!(
        name,
        b"html"
            | b"head"
            | b"body"
            | b"title"
            | b"meta"
            | b"link"
            | b"base"
            | b"script"
            | b"style"
            | b"noscript"
            | b"div"
            | b"p"
            | b"h1"
            | b"h2"
            | b"table"
            | b"main"
            | b"header"
            | b"nav"
            | b"article"
            | b"section"
            | b"center"
            | b"form"
            | b"a"
            | b"img"
            | b"span"
            | b"b"
            | b"br"
            | b"hr"
            | b"ul"
            | b"pre"
            | b"font"
            | b"frameset"
            | b"iframe"
    )
}

/// The channel document of a page of YouTube.
fn youtube_channel(page: &Url) -> Option<ChannelLink> {
    let host = page.host_str()?.trim_start_matches("www.");
    if !matches!(host, "youtube.com" | "m.youtube.com") {
        return None;
    }
    let mut path = page.path_segments()?;
    let parameter = match (path.next()?, path.next()) {
        ("channel", Some(id)) if !id.is_empty() => format!("channel_id={id}"),
        ("playlist", _) => {
            let (_, list) = page.query_pairs().find(|(name, _)| name == "list")?;
            format!("playlist_id={list}")
        }
        _ => return None,
    };
    let url = Url::parse(&format!("https://www.youtube.com/feeds/videos.xml?{parameter}")).ok()?;
    Some(ChannelLink { url, title: String::new(), media_type: "application/atom+xml".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(html: &str) -> Vec<String> {
        let base = Url::parse("https://example.org/blog/").expect("a base");
        page(html, Some(&base)).expect("a page").channels.iter().map(|link| link.url.to_string()).collect()
    }

    #[test]
    fn channels_are_found_in_the_order_of_the_page_and_comments_last() {
        let rss = |href: &str| format!("<link rel=alternate type=application/rss+xml href='{href}'>");
        let head = |links: &[String]| format!("<!doctype html><html><head><title>T</title>{}", links.concat());
        assert_eq!(
            addresses(&head(&[
                rss("/comments/feed/"),
                rss("feed.xml"),
                rss("/a.xml"),
                rss("feed.xml"),
                rss("javascript:x")
            ])),
            ["https://example.org/blog/feed.xml", "https://example.org/a.xml", "https://example.org/comments/feed/"]
        );
        assert_eq!(
            addresses(&head(&["<base href=//other.example/>".to_owned(), rss("f")])),
            ["https://other.example/f"]
        );
        assert_eq!(addresses(&head(&["<!-- ".to_owned(), rss("f"), "-->".to_owned()])), [""; 0]);
        let json = "<link rel='me alternate' type='Application/Feed+JSON; charset=utf-8' href=f.json>".to_owned();
        assert_eq!(addresses(&head(&[json])), ["https://example.org/blog/f.json"]);
        let other = "<link rel=alternate hreflang=de href=/de><link rel=alternate type=text/html href=/x>".to_owned();
        assert_eq!(addresses(&head(&[other])), [""; 0]);
        let youtube = "<link rel=canonical href=https://www.youtube.com/channel/UC1>".to_owned();
        assert_eq!(addresses(&head(&[youtube])), ["https://www.youtube.com/feeds/videos.xml?channel_id=UC1"]);
    }

    #[test]
    fn only_html_is_a_page() {
        for text in [
            "<?xml version='1.0'?><rss version=2.0><channel><title>T</title><description><html><p>x</html>",
            "<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title></feed>",
            "<rdf:RDF><channel/></rdf:RDF>",
            "{\"version\": \"https://jsonfeed.org/version/1.1\", \"x\": \"<html>\"}",
            "plain text with <b>tags</b>",
            "",
            "<opml version=2.0><head><title>T</title></head></opml>",
        ] {
            assert_eq!(page(text, None), None, "{text}");
        }
        let login = page(
            "\u{feff}\n<!-- x --><html><svg><title>no</title></svg><title>Sign\n in &amp; go</title><input type=PASSWORD>",
            None,
        );
        let login = login.expect("a page");
        assert_eq!((login.title.as_str(), login.asks_for_password), ("Sign in & go", true));
    }
}
