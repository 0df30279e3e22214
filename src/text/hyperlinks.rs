//! Hyperlinks on the screen: which columns of a row link to which address, for terminals with OSC 8.
//!
//! The number of a link travels with its text through wrapping and drawing, encoded in the underline colour of its
//! style, which nothing else uses. So a covered link disappears, and a wrapped link is found on each of its lines.
//! [`collect`] resets the colour, and returns where the links are, so that a click finds them.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};

use super::columns;
use crate::feed::link::Address;

/// Longest address of a hyperlink, in bytes: some terminals ignore longer ones.
const MAX_BYTES: usize = 2000;

/// A hyperlink: columns of one row, and the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hyperlink {
    /// The first column.
    pub x: u16,
    /// The row.
    pub y: u16,
    /// Number of columns.
    pub columns: u16,
    /// An http or https address of printable ASCII without `;`.
    pub target: Arc<str>,
}

/// What the number of a link refers to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LinkSource {
    /// The links of the article.
    #[default]
    Article,
    /// The list of links, an overlay.
    List,
    /// The footnotes of the article: the text refers to one of them.
    Footnote,
    /// The footnotes of the article: the text is the number before one of them.
    Note,
    /// The pictures of the article, by the number of their link: the text is a caption.
    Picture,
}

impl LinkSource {
    fn of_number(number: u8) -> LinkSource {
        let others = [LinkSource::List, LinkSource::Footnote, LinkSource::Note, LinkSource::Picture];
        others.into_iter().find(|source| *source as u8 == number).unwrap_or_default()
    }
}

/// Columns of one row that have the tag of a link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TaggedCells {
    /// The first column.
    pub x: u16,
    /// The row.
    pub y: u16,
    /// Number of columns.
    pub columns: u16,
    /// What the number refers to.
    pub source: LinkSource,
    /// The number, from 1.
    pub number: u16,
}

/// The style for text that links to link `number`.
pub fn tag(style: Style, source: LinkSource, number: usize) -> Style {
    // Two bytes of a colour carry the number: a link after the 65,535th is plain text.
    let Ok(number) = u16::try_from(number) else { return style };
    let [high, low] = number.to_be_bytes();
    style.underline_color(Color::Rgb(source as u8, high, low))
}

/// The address for OSC 8: printable ASCII with `;`, which separates fields there, as `%3B`. `None` if it is longer than
/// 2000 bytes or not http.
pub fn target(address: &Address) -> Option<Arc<str>> {
    let text = address.as_str().replace(';', "%3B");
    let is_allowed = text.len() <= MAX_BYTES
        && text.bytes().all(|b| b.is_ascii_graphic())
        && (text.starts_with("http://") || text.starts_with("https://"));
    is_allowed.then(|| text.into())
}

/// Adds the tagged cells of an area to `found`, and resets their underline colour.
pub fn collect(area: Rect, buf: &mut Buffer, found: &mut Vec<TaggedCells>) {
    for y in area.y..area.bottom() {
        let mut before: Option<(Color, u16)> = None;
        let mut x = area.x;
        while x < area.right() {
            let Some(cell) = buf.cell_mut((x, y)) else { break };
            let colour = cell.underline_color;
            let Color::Rgb(source, high, low) = colour else {
                x += 1;
                continue;
            };
            // The terminal must never get this colour.
            cell.underline_color = Color::Reset;
            let columns = u16::try_from(columns::width(cell.symbol())).unwrap_or(1).max(1);
            match found.last_mut() {
                Some(cells) if before == Some((colour, x)) => cells.columns += columns,
                _ => {
                    let (source, number) = (LinkSource::of_number(source), u16::from_be_bytes([high, low]));
                    found.push(TaggedCells { x, y, columns, source, number });
                }
            }
            x = x.saturating_add(columns);
            before = Some((colour, x));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::text::Line;

    use super::*;
    use crate::feed::Link;

    proptest! {
        #[test]
        fn targets_are_printable_http_addresses(
            raw in prop_oneof![".*", "https?://[a-z.é]{1,12}/.*", "HTTP://a.b/\\PC*[;#?].*", "[ -~]{0,8}://.*"],
        ) {
            if let Some(target) = Link::read(&raw).address().and_then(target) {
                prop_assert!(target.bytes().all(|b| matches!(b, 0x21..=0x7e) && b != b';'), "{target}");
                prop_assert!(target.starts_with("http://") || target.starts_with("https://"), "{target}");
            }
        }
    }

    #[test]
    fn targets() {
        for (raw, expected) in [
            ("https://e.org/a;b?c=d;e", Some("https://e.org/a%3Bb?c=d%3Be")),
            ("https://e.org/é ", Some("https://e.org/%C3%A9")),
            ("https://пример.org", Some("https://xn--e1afmkfd.org/")),
            ("javascript:alert(1)", None),
            ("file:///etc/passwd", None),
        ] {
            let target = Link::read(raw).address().and_then(target);
            assert_eq!(target.as_deref(), expected, "{raw}");
        }
        let long = format!("https://e.org/{}", "x".repeat(MAX_BYTES));
        assert_eq!(Link::read(&long).address().and_then(target), None);
    }

    #[test]
    fn hyperlinks_are_found_on_each_line() {
        let area = Rect::new(0, 0, 12, 3);
        let mut buf = Buffer::empty(area);
        let link = |number| tag(Style::new(), LinkSource::Article, number);
        let note = tag(Style::new(), LinkSource::Note, 300);
        let spans = |words: &'static str, style| columns::span(words, style);
        let first = Line::from(vec![spans("a ", Style::new()), spans("日b", link(1)), spans("c", link(2))]);
        buf.set_line(0, 0, &first, 12);
        buf.set_line(0, 1, &Line::from(spans("more", link(1))), 12);
        buf.set_line(0, 2, &Line::from(vec![spans(" ", Style::new()), spans("note", note)]), 12);
        let mut cells = Vec::new();
        collect(area, &mut buf, &mut cells);
        let found: Vec<_> = cells.iter().map(|cells| (cells.x, cells.y, cells.columns, cells.number)).collect();
        assert_eq!(found, [(2, 0, 3, 1), (5, 0, 1, 2), (0, 1, 4, 1), (1, 2, 4, 300)]);
        let sources: Vec<_> = cells.iter().map(|cells| cells.source).collect();
        assert_eq!(sources, [LinkSource::Article, LinkSource::Article, LinkSource::Article, LinkSource::Note]);
        assert!(buf.content.iter().all(|cell| cell.underline_color == Color::Reset));
    }
}
