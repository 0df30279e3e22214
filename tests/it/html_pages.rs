//! Pages of the web as Markdown: what a reader of the page sees is in the Markdown.
//!
//! The counts of the pages are taken from the tokens of html5gum and not from the reader that is tested.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use frontpage::html::to_markdown;
use html5gum::{Token, Tokenizer};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use url::Url;

use crate::harness::external_data::{corpus, skipped};

/// Elements within a line of text: their tags do not end a word.
const INLINE: [&str; 26] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "mark", "s", "samp", "small", "span", "strong", "sub", "sup", "u", "wbr",
];

/// What a page has, or its Markdown.
#[derive(Debug, Default)]
struct Contents {
    text: String,
    code: Vec<String>,
    quotes: usize,
    items: usize,
    images: usize,
    raw_html: usize,
}

impl Contents {
    fn words(&self) -> HashMap<&str, usize> {
        let mut words = HashMap::new();
        for word in self.text.split_whitespace() {
            *words.entry(word).or_default() += 1;
        }
        words
    }
}

fn of_page(html: &str) -> Contents {
    let mut contents = Contents::default();
    let mut hidden: Option<Vec<u8>> = None;
    let mut in_code = false;
    for Ok(token) in Tokenizer::new(html) {
        let name = match &token {
            Token::StartTag(tag) => tag.name.to_vec(),
            Token::EndTag(tag) => tag.name.to_vec(),
            _ => Vec::new(),
        };
        if !name.is_empty() && !INLINE.iter().any(|inline| inline.as_bytes() == name) {
            contents.text.push(' ');
        }
        // A paragraph in code begins a line, as in a browser.
        if in_code
            && (name == b"p" || name == b"div")
            && let Some(code) = contents.code.last_mut()
            && !code.is_empty()
            && !code.ends_with('\n')
        {
            code.push('\n');
        }
        match token {
            Token::StartTag(tag) => match &*name {
                b"script" | b"style" | b"svg" | b"math" | b"template" if hidden.is_none() && !tag.self_closing => {
                    hidden = Some(name);
                }
                b"pre" => {
                    contents.code.push(String::new());
                    in_code = true;
                }
                b"br" if in_code => contents.code.last_mut().expect("a block").push('\n'),
                b"blockquote" => contents.quotes += 1,
                b"li" => contents.items += 1,
                b"img" => contents.images += 1,
                _ => {}
            },
            Token::EndTag(_) => {
                in_code &= name != b"pre";
                if hidden.as_ref() == Some(&name) {
                    hidden = None;
                }
            }
            Token::String(text) if hidden.is_none() => {
                let text = String::from_utf8_lossy(&text);
                contents.text.push_str(&text);
                if in_code {
                    contents.code.last_mut().expect("a block").push_str(&text);
                }
            }
            _ => {}
        }
    }
    contents
}

fn of_markdown(markdown: &str) -> Contents {
    let mut contents = Contents::default();
    let mut in_code = false;
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES;
    for event in Parser::new_ext(markdown, options) {
        let is_inline = matches!(
            event,
            Event::Text(_)
                | Event::Code(_)
                | Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. })
                | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link)
        );
        if !is_inline {
            contents.text.push(' ');
        }
        match event {
            Event::Text(text) | Event::Code(text) => {
                contents.text.push_str(&text);
                if in_code {
                    contents.code.last_mut().expect("a block").push_str(&text);
                }
            }
            Event::Html(_) | Event::InlineHtml(_) => contents.raw_html += 1,
            Event::Start(Tag::CodeBlock(_)) => {
                contents.code.push(String::new());
                in_code = true;
            }
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Start(Tag::BlockQuote(_)) => contents.quotes += 1,
            Event::Start(Tag::Item) => contents.items += 1,
            Event::Start(Tag::Image { .. }) => contents.images += 1,
            _ => {}
        }
    }
    contents
}

/// The lines of a code block; blank lines at its ends do not count.
fn lines(code: &str) -> Vec<&str> {
    code.trim_matches('\n').lines().map(str::trim_end).collect()
}

fn pages(folder: &Path) -> Vec<(String, String)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut pages: Vec<_> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            Some((
                path.file_name()?.to_string_lossy().into_owned(),
                fs::read_to_string(path.join("expected.html")).ok()?,
            ))
        })
        .collect();
    pages.sort();
    pages
}

#[test]
#[ignore = "heavy"]
fn what_is_on_a_page_is_in_its_markdown() {
    let Some(corpus) = corpus() else { return };
    let pages = pages(&corpus.join("pages"));
    if pages.is_empty() {
        return skipped("FRONTPAGE_CORPUS has no folder `pages` with `expected.html` files");
    }
    let base = Url::parse("http://fakehost/test/page.html").expect("a base");
    let (mut words, mut found) = (0, 0);
    let mut expected = Contents::default();
    let mut written = Contents::default();
    for (name, html) in &pages {
        let markdown = to_markdown(html, Some(&base));
        let (page, ours) = (of_page(html), of_markdown(&markdown));
        let our_words = ours.words();
        for (word, count) in page.words() {
            words += count;
            found += count.min(our_words.get(word).copied().unwrap_or(0));
        }
        let code: Vec<_> = page.code.iter().filter(|code| !code.trim().is_empty()).map(|code| lines(code)).collect();
        let our_code: Vec<_> = ours.code.iter().map(|code| lines(code)).collect();
        assert_eq!(our_code, code, "code of {name}");
        assert_eq!(ours.raw_html, 0, "raw HTML in {name}");
        expected.quotes += page.quotes;
        expected.items += page.items;
        expected.images += page.images;
        written.quotes += ours.quotes;
        written.items += ours.items.min(page.items);
        written.images += ours.images.min(page.images);
    }
    println!("words {found} of {words}, quotes {} of {}", written.quotes, expected.quotes);
    println!("items {} of {}, images {} of {}", written.items, expected.items, written.images, expected.images);
    assert!(found * 1000 >= words * 996, "{found} of {words} words");
    assert!(written.quotes >= expected.quotes, "{} of {} quotes", written.quotes, expected.quotes);
    assert!(written.items * 100 >= expected.items * 99, "{} of {} items", written.items, expected.items);
    assert!(written.images * 100 >= expected.images * 97, "{} of {} images", written.images, expected.images);
}

/// The harmonic mean of precision and recall of words, each as often as it is there.
#[cfg(feature = "sync")]
fn f1(expected: &HashMap<&str, usize>, found: &HashMap<&str, usize>) -> f64 {
    let sum = |words: &HashMap<&str, usize>| words.values().sum::<usize>();
    let shared: usize = expected.iter().map(|(word, count)| found.get(word).copied().unwrap_or(0).min(*count)).sum();
    match sum(expected) + sum(found) {
        0 => 1.0,
        all => 2.0 * shared as f64 / all as f64,
    }
}

#[cfg(feature = "sync")]
#[test]
#[ignore = "heavy"]
fn the_full_text_of_a_page_has_the_words_of_its_article() {
    let Some(corpus) = corpus() else { return };
    let folder = corpus.join("pages");
    let pages = pages(&folder);
    if pages.is_empty() {
        return skipped("FRONTPAGE_CORPUS has no folder `pages` with `expected.html` files");
    }
    let base = Url::parse("http://fakehost/test/page.html").expect("a base");
    let mut scores: Vec<(f64, &str)> = Vec::new();
    for (name, html) in &pages {
        let source = fs::read(folder.join(name).join("source.html")).expect("a page");
        let body = frontpage::digest::extract(&source, Some("text/html"), Some(&base));
        let markdown = body.map(|body| body.markdown.untrusted().to_owned()).unwrap_or_default();
        // Both are written by us: this measures the extraction, and `what_is_on_a_page_is_in_its_markdown` the writing.
        let article = to_markdown(html, Some(&base));
        scores.push((f1(&of_markdown(&article).words(), &of_markdown(&markdown).words()), name));
    }
    scores.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mean = scores.iter().map(|(score, _)| score).sum::<f64>() / scores.len() as f64;
    println!("mean F1 {mean:.4} of {} pages; the least: {:?}", scores.len(), scores.get(..5));
    assert!(mean >= 0.999, "{mean}");
    assert!(scores.first().is_some_and(|(score, _)| *score >= 0.9), "{scores:?}");
}
