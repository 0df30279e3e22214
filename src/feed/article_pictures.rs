//! The pictures of an article: those that its front matter names, and those in its body.

use std::collections::HashSet;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use super::clean::{self, SafeText, UntrustedText};
use super::link::{Link, Refusal};
use super::{Article, Body, Picture};

/// A picture of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticlePicture {
    /// Its words: those of the front matter, the text in place of the picture, else the name of its file.
    pub caption: SafeText,
    /// Where it is, as the file says it.
    pub link: Link,
    /// The path of a file, as written. `None` for an address, and for what is neither.
    pub file: Option<UntrustedText>,
    /// The byte of the body at which it is; `None` if the front matter names it.
    pub at: Option<usize>,
}

impl ArticlePicture {
    fn new(words: &str, written: &str, at: Option<usize>) -> ArticlePicture {
        let link = Link::read(written);
        let is_path = matches!(link, Link::Refused { why: Refusal::Relative, .. });
        let caption = self::words(words, written);
        ArticlePicture { caption, link, file: is_path.then(|| UntrustedText::new(written)), at }
    }
}

/// The pictures of an article, each once: those of the front matter, then those of the body, in its order.
pub fn pictures(article: &Article) -> Vec<ArticlePicture> {
    let named = article.pictures.iter().map(|picture| {
        let found = ArticlePicture::new(picture.title.as_str(), picture.link.shown().as_str(), None);
        ArticlePicture { link: picture.link.clone(), ..found }
    });
    let mut found: Vec<ArticlePicture> = named.collect();
    let mut open: Option<(String, usize, String)> = None;
    let body = Body::new(article.body.untrusted(), article.syntax());
    for (event, place) in body.events_with_positions() {
        match (event, &mut open) {
            // Notes embed other notes in the same way.
            (Event::Start(Tag::Image { link_type: LinkType::WikiLink { .. }, dest_url, .. }), _)
                if !has_picture_ending(&dest_url) => {}
            (Event::Start(Tag::Image { dest_url, .. }), _) => {
                open = Some((dest_url.into_string(), place.start, String::new()));
            }
            (Event::End(TagEnd::Image), Some(_)) => {
                if let Some((written, at, words)) = open.take() {
                    found.push(ArticlePicture::new(&words, &written, Some(at)));
                }
            }
            (Event::Text(text) | Event::Code(text), Some((_, _, words))) => words.push_str(&text),
            (Event::SoftBreak | Event::HardBreak, Some((_, _, words))) => words.push(' '),
            _ => {}
        }
    }
    let mut known = HashSet::new();
    found.retain(|picture| known.insert(picture.link.shown().clone()));
    found
}

/// The picture above the text: the first that the front matter names, unless the text has it.
pub fn lead(article: &Article) -> Option<&Picture> {
    article.pictures.first().filter(|picture| {
        let shown = picture.link.shown().as_str();
        // A path may be written in several ways.
        let name = if picture.link.address().is_some() { shown } else { shown.rsplit('/').next().unwrap_or(shown) };
        name.is_empty() || !article.body.untrusted().contains(name)
    })
}

/// Endings of the names of pictures.
const ENDINGS: [&str; 11] = ["png", "jpg", "jpeg", "gif", "webp", "svg", "avif", "bmp", "ico", "tif", "tiff"];

/// Whether a written path ends as the name of a picture does.
pub fn has_picture_ending(written: &str) -> bool {
    let path = written.split(['?', '#', '|']).next().unwrap_or_default();
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.trim_end().to_ascii_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// The words of a picture: the text in place of it, else the name of its file.
pub fn words(alt: &str, written: &str) -> SafeText {
    // `![[boat.png|300]]` has a width in place of words.
    let is_width = alt.bytes().all(|byte| byte.is_ascii_digit() || byte == b'x') && alt != "x";
    let words = clean::plain_line(if is_width { "" } else { alt });
    if words.as_str().trim().is_empty() { words_of_name(written) } else { words }
}

/// The name of a file, as words: `img/red-boat_2.png?x=1` is "red boat 2".
fn words_of_name(written: &str) -> SafeText {
    // The content itself has no name.
    let written = if written.starts_with("data:") { "" } else { written };
    let path = written.split(['?', '#']).next().unwrap_or_default();
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let words = clean::plain_line(&stem.replace(['-', '_'], " "));
    if words.as_str().split(' ').all(is_code) { "picture".into() } else { words }
}

/// Fewest characters of a hash: `photo2` is a name.
const LEAST_CODE: usize = 10;

/// True for a number, or a longer mixture of letters and digits: content networks name files by hashes and sizes.
fn is_code(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let others = word.chars().count().saturating_sub(digits);
    others == 0 || digits > 0 && digits + others >= LEAST_CODE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(body: &str) -> Article {
        let link = |raw: &str| Picture { link: Link::read(raw), title: SafeText::default(), size: None };
        let pictures = vec![link("https://example.org/lead_photo.jpg?w=9"), link("static/a.png")];
        Article { pictures, ..Article::builder("Boats").body(body).build() }
    }

    #[test]
    fn pictures_of_the_front_matter_come_before_those_of_the_body() {
        let body = "Text ![A *red* boat](boat.png \"T\") and <img src='/img/x-y_z.gif'>.\n\n![](static/a.png)\n\n\
                    [![](data:image/png;base64,AA)](https://e.org)\n\n```\n![no](code.png)\n```\n\n![[Red sea.png]] ![[Other note]] ![[deep/wide-boat.png|300]]\n";
        let found = pictures(&article(body));
        let shown: Vec<(&str, &str, bool)> = found
            .iter()
            .map(|picture| (picture.caption.as_str(), picture.link.shown().as_str(), picture.file.is_some()))
            .collect();
        assert_eq!(
            shown,
            [
                ("lead photo", "https://example.org/lead_photo.jpg?w=9", false),
                ("a", "static/a.png", true),
                ("A red boat", "boat.png", true),
                ("x y z", "/img/x-y_z.gif", true),
                ("picture", "data:image/png;base64,AA", false),
                ("Red sea", "Red sea.png", true),
                ("wide-boat", "deep/wide-boat.png", true),
            ]
        );
        let places: Vec<Option<&str>> = found.iter().map(|picture| picture.at.map(|at| &body[at..at + 3])).collect();
        assert_eq!(places[..3], [None, None, Some("![A")]);
    }

    #[test]
    fn the_picture_above_the_text_is_the_first_that_the_text_does_not_have() {
        for (picture, body, is_shown) in [
            ("img/boat.png", "Text.", true),
            ("/img/boat.png", "![](../img/boat.png)", false),
            ("boat.png", "<img src='boat.png'>", false),
            ("https://example.org/a/boat.png", "![](boat.png)", true),
            ("https://example.org/a/boat.png", "![](https://example.org/a/boat.png)", false),
        ] {
            let named = |raw: &str| Picture { link: Link::read(raw), title: SafeText::default(), size: None };
            let pictures = vec![named(picture), named("other.png")];
            let article = Article { pictures, ..Article::builder("Boats").body(body).build() };
            assert_eq!(lead(&article).is_some(), is_shown, "{picture} {body}");
        }
    }

    #[test]
    fn a_name_that_is_a_hash_is_no_caption() {
        for (written, words) in [
            ("https://cdn.example.org/ZSgNyJBvMgVJQLaNJBMoC6-1200-80.jpg", "picture"),
            ("d41d8cd98f00b204e9800998ecf8427e.png", "picture"),
            ("1200x675.png", "1200x675"),
            ("2024/01/02.png", "picture"),
            ("IMG_2041.jpg", "IMG 2041"),
            ("boat-1200-80.jpg", "boat 1200 80"),
            ("photo2.webp", "photo2"),
            (".png", "picture"),
            ("Überfahrt.png", "Überfahrt"),
        ] {
            assert_eq!(words_of_name(written).as_str(), words, "{written}");
        }
    }

    #[test]
    fn names_of_pictures_are_known_by_their_ending() {
        for (written, expected) in [
            ("a.png", true),
            ("A b.JPEG?w=1", true),
            ("img/x.webp#y", true),
            ("red sea.png|300", true),
            ("Note", false),
            ("Note.md", false),
            ("png", false),
            ("", false),
        ] {
            assert_eq!(has_picture_ending(written), expected, "{written}");
        }
    }
}
