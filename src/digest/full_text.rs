//! Extracts the article of a page as the body of an article. This is done in a parsing process: the page may be anything.

use serde::{Deserialize, Serialize};
use url::Url;

use super::article_body::{Body, WholeBody};
use crate::channel::{Content, ContentKind};
use crate::feed::UntrustedText;
use crate::{html, xml};

/// Longest page, in bytes.
const MAX_BYTES: usize = 2 << 20;
/// Deepest nesting of a page. The time of the extraction grows with its square.
const MAX_DEPTH: usize = 200;
/// Most attributes of one tag.
const MAX_ATTRIBUTES: usize = 256;
/// Most elements of a page.
const MAX_ELEMENTS: usize = 100_000;
/// The encoding is looked for in this number of bytes.
const LONGEST_HEAD: usize = 4096;
/// Longest media type that is named, in bytes.
const MAX_TYPE: usize = 80;

/// Why a page gives no text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum NotExtracted {
    /// It has another media type than a page. To be cleaned before display.
    #[error("it is not a page but {0}")]
    OtherType(String),
    /// It has no tags of a page.
    #[error("it is not a page of HTML")]
    NotHtml,
    /// It is longer than a page may be.
    #[error("the page is larger than {} MiB", MAX_BYTES >> 20)]
    TooLarge,
    /// Its elements are nested too deeply.
    #[error("the page is nested more than {MAX_DEPTH} elements deep")]
    TooDeep,
    /// A tag has too many attributes, or the page too many elements.
    #[error("the page has too many elements or attributes")]
    TooMany,
    /// It asks for a password, and nothing else was found.
    #[error("the site shows the text only after a login")]
    Login,
    /// Nothing in it looks like an article.
    #[error("no article was found in the page")]
    Nothing,
}

/// The article of a page. `base` is the address of the page.
pub fn extract(bytes: &[u8], content_type: Option<&str>, base: Option<&Url>) -> Result<Body, NotExtracted> {
    if let Some(other) = content_type.and_then(other_type) {
        return Err(NotExtracted::OtherType(other));
    }
    if bytes.len() > MAX_BYTES {
        return Err(NotExtracted::TooLarge);
    }
    let named = declared_encoding(bytes).map(|name| format!("text/html; charset={name}"));
    let has_encoding = content_type.is_some_and(|kind| kind.to_ascii_lowercase().contains("charset="));
    let decoded = xml::decode(bytes, if has_encoding { content_type } else { named.as_deref() });
    let page = html::page(&decoded.text, base).ok_or(NotExtracted::NotHtml)?;
    let shape = html::shape(&decoded.text);
    if shape.depth > MAX_DEPTH {
        return Err(NotExtracted::TooDeep);
    }
    if shape.attributes > MAX_ATTRIBUTES || shape.tags > MAX_ELEMENTS {
        return Err(NotExtracted::TooMany);
    }
    let nothing = || if page.asks_for_password { NotExtracted::Login } else { NotExtracted::Nothing };
    let found = legible::parse(&decoded.text, base.map(Url::as_str), None).map_err(|_| nothing())?;
    // Addresses in it are whole already.
    let text = UntrustedText::from_string(found.content);
    let content = Content { text, kind: ContentKind::Html, base: base.cloned() };
    let body = WholeBody::of(Some(&content), None).map(|body| body.within_limit());
    body.ok_or_else(nothing)
}

/// The encoding that a page names in its first bytes, in an element `meta`.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(bytes.get(..bytes.len().min(LONGEST_HEAD))?).to_ascii_lowercase();
    let value = start.split_once("charset")?.1.trim_start().strip_prefix('=')?;
    let value = value.trim_start_matches(|c: char| c.is_ascii_whitespace() || matches!(c, '"' | '\''));
    let name: String = value.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    Some(name).filter(|name| !name.is_empty())
}

/// A media type that is not one of pages, in short.
fn other_type(content_type: &str) -> Option<String> {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_page = ["text/html", "application/xhtml+xml", "text/plain", ""].contains(&kind.as_str());
    if is_page {
        return None;
    }
    let end = kind.floor_char_boundary(MAX_TYPE);
    let word = match kind.as_str() {
        "application/pdf" => "a PDF",
        kind if kind.starts_with("image/") => "a picture",
        kind if kind.starts_with("audio/") => "a sound",
        kind if kind.starts_with("video/") => "a film",
        _ => kind.get(..end).unwrap_or_default(),
    };
    Some(word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &str) -> String {
        format!("<!DOCTYPE html><html><head><title>T</title></head><body>{body}</body></html>")
    }

    fn article(words: usize) -> String {
        let paragraph = "The tide rose, and the boats in the harbour turned with it. ".repeat(words / 12);
        page(&format!("<nav><a href=/>Home</a></nav><article><h1>T</h1><p>{paragraph}</p></article><footer>©</footer>"))
    }

    fn extracted(bytes: &[u8], content_type: &str) -> Result<String, NotExtracted> {
        let base = Url::parse("https://e.org/news/a").ok();
        extract(bytes, Some(content_type), base.as_ref()).map(|body| body.markdown.untrusted().to_owned())
    }

    #[test]
    fn the_article_of_a_page_becomes_markdown_without_what_is_around_it() {
        let html =
            article(600).replace("<p>", "<p><a href=../b>See</a> <img src=c.png alt=Boats> <script>x()</script>");
        let markdown = extracted(html.as_bytes(), "text/html; charset=utf-8").expect("an article");
        assert!(markdown.contains("[See](https://e.org/b)"), "{markdown}");
        assert!(
            markdown.contains("![Boats](https://e.org/news/c.png)") && markdown.contains("the boats in the harbour")
        );
        assert!(!markdown.contains("Home") && !markdown.contains('©') && !markdown.contains("x()"), "{markdown}");
    }

    #[test]
    fn a_page_without_an_article_says_why() {
        let login = page("<form><input type=password></form>");
        let many: String = (0..100_000).map(|number| format!(" a{number}=1")).collect();
        for (bytes, content_type, why) in [
            (b"%PDF-1.4".to_vec(), "application/pdf", NotExtracted::OtherType("a PDF".into())),
            (b"{}".to_vec(), "application/JSON; x=y", NotExtracted::OtherType("application/json".into())),
            (b"only words".to_vec(), "text/plain", NotExtracted::NotHtml),
            (b"<rss><channel/></rss>".to_vec(), "text/html", NotExtracted::NotHtml),
            (Vec::new(), "text/html", NotExtracted::NotHtml),
            (page(&"x ".repeat(MAX_BYTES / 2)).into_bytes(), "text/html", NotExtracted::TooLarge),
            (page(&"<div>".repeat(1_000)).into_bytes(), "text/html", NotExtracted::TooDeep),
            (page(&format!("<p{many}>x")).into_bytes(), "text/html", NotExtracted::TooMany),
            (page(&"<br>".repeat(MAX_ELEMENTS)).into_bytes(), "text/html", NotExtracted::TooMany),
            (login.into_bytes(), "text/html", NotExtracted::Login),
            (page("").into_bytes(), "text/html", NotExtracted::Nothing),
        ] {
            assert_eq!(extracted(&bytes, content_type), Err(why.clone()), "{why:?}");
        }
    }

    #[test]
    fn a_page_of_another_encoding_is_read() {
        let html = article(600).replace("tide", "t\u{ef}de").replace("<head>", "<head><meta charset=iso-8859-1>");
        let latin: Vec<u8> = html.chars().filter_map(|c| u8::try_from(u32::from(c)).ok()).collect();
        for content_type in ["text/html; charset=iso-8859-1", "text/html"] {
            let markdown = extracted(&latin, content_type).expect("an article");
            assert!(markdown.contains("tïde"), "{markdown}");
        }
        let (japanese, _, _) = encoding_rs::SHIFT_JIS.encode("潮汐を測る。");
        let mut bytes = page("<meta charset=Shift_JIS><article><p>").into_bytes();
        bytes.truncate(bytes.len() - "</body></html>".len());
        bytes.extend(japanese.repeat(200));
        assert!(extracted(&bytes, "text/html").expect("an article").contains("潮汐を測る。"));
    }
}
