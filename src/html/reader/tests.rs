//! Tests of the events of the reader.

use proptest::prelude::*;

use super::super::event::{Block, Event};
use super::{MAX_DEPTH, Reader};

/// The events as text, and whether blocks are balanced and in the right places.
fn check(html: &str) -> String {
    let mut open: Vec<Block> = Vec::new();
    let mut shown = String::new();
    let mut reader = Reader::new(|event: Event<'_>| {
        let around = open.last().copied();
        match event {
            Event::Start(block) => {
                let is_part = match block {
                    Block::Item => matches!(around, Some(Block::List(_))),
                    Block::Row | Block::TableCaption => around == Some(Block::Table),
                    Block::Cell(_) => around == Some(Block::Row),
                    _ => !matches!(around, Some(Block::List(_) | Block::Table | Block::Row | Block::Preformatted)),
                };
                assert!(is_part, "{block:?} in {around:?}: {html}");
                open.push(block);
                assert!(open.len() <= MAX_DEPTH + 2, "{} blocks: {html}", open.len());
            }
            Event::End(block) => assert_eq!(open.pop(), Some(block), "{html}"),
            Event::Text(..) | Event::Image(_) | Event::Embed(_) | Event::Rule => {
                assert!(
                    !matches!(around, Some(Block::List(_) | Block::Table | Block::Row)),
                    "{event:?} in {around:?}: {html}"
                );
            }
            _ => {}
        }
        match event {
            Event::Start(block) => shown.push_str(&format!("<{block:?} ")),
            Event::End(_) => shown.push('>'),
            Event::Text(text, _) => shown.push_str(text),
            Event::Paragraph => shown.push('/'),
            _ => shown.push('*'),
        }
    });
    reader.read(html);
    reader.finish();
    assert!(open.is_empty(), "{open:?} is open: {html}");
    shown
}

#[test]
fn optional_end_tags_are_added() {
    for (html, expected) in [
        ("<ul><li>a<li>b</ul>c", "<List(None) <Item a><Item b>>c"),
        ("<ul><li>a</li><ul><li>b</ul></ul>", "<List(None) <Item a<List(None) <Item b>>>>"),
        ("<ul>a<li>b</ul>", "<List(None) <Item a><Item b>>"),
        ("<li>a</li>b", "<List(None) <Item a>>b"),
        ("</b></ul></td>a", "//a"),
        ("<blockquote>a<li>b</blockquote>c", "<Quote a<List(None) <Item b>>>c"),
        ("<h2>a<p>b</p>", "<Heading(2) a>/b/"),
        ("<pre>a<table><tr><td>b</table></pre>c", "<Preformatted a// b/>c"),
        ("<dl><dt>a<dd>b<dt>c</dl>", "/<Term a>/b<Term c>/"),
    ] {
        assert_eq!(check(html), expected, "{html}");
    }
    assert!(check("<table>a<td>b<tr><th>c").contains("a><Cell"), "text in a table is in a cell");
}

proptest! {
    #[test]
    fn blocks_are_balanced_and_in_their_places(tags in proptest::collection::vec(tag(), 0..60)) {
        check(&tags.concat());
    }
}

fn tag() -> impl Strategy<Value = String> {
    let names = vec![
        "p",
        "ul",
        "ol",
        "li",
        "table",
        "caption",
        "thead",
        "tr",
        "td",
        "th",
        "blockquote",
        "pre",
        "h1",
        "dl",
        "dt",
        "dd",
        "figcaption",
        "summary",
        "b",
        "a href=x",
        "svg",
        "math",
        "noscript",
        "q",
        "rt",
        "div hidden",
        "span",
        "video",
    ];
    let name = prop::sample::select(names);
    (name, 0..4).prop_map(|(name, form)| match form {
        0 => format!("</{}>", name.split(' ').next().unwrap_or(name)),
        1 => format!("<{name}>x"),
        2 => format!("<{name}><img src=a>"),
        _ => format!("<{name}>"),
    })
}
