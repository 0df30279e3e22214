//! Measures HTML before a parser with a tree reads it: how deep its elements are nested, and how many attributes a tag has.

use std::collections::HashMap;

use super::document::Document;
use super::element::{self, Content};
use super::tokens::{self, Handler, StartTag};

/// The shape of HTML.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// The most elements that are open at once, as far as the tags tell. Elements whose end tag may be missing, such as paragraphs and
    /// items of lists, do not count: one ends the other.
    pub depth: usize,
    /// The most attributes of one tag.
    pub attributes: usize,
    /// Number of start tags.
    pub tags: usize,
}

/// Measures HTML, in linear time.
pub fn shape(html: &str) -> Shape {
    let mut meter = Meter::default();
    tokens::read(html, &mut meter);
    meter.shape
}

#[derive(Default)]
struct Meter {
    shape: Shape,
    depth: usize,
    /// How many elements of each name are open.
    open: HashMap<Vec<u8>, usize>,
}

/// Elements whose end tag may be missing, and which end with the element around them. Beyond it, one does not end the other.
const IN_RUBY: [&[u8]; 2] = [b"rt", b"rp"];

/// True for elements whose end tag may be missing, because the next one ends them.
fn may_lack_end(name: &[u8]) -> bool {
    let names: [&[u8]; 15] = [
        b"p",
        b"li",
        b"dt",
        b"dd",
        b"tr",
        b"td",
        b"th",
        b"thead",
        b"tbody",
        b"tfoot",
        b"colgroup",
        b"caption",
        b"option",
        b"head",
        b"body",
    ];
    names.contains(&name)
}

impl Handler for Meter {
    fn text(&mut self, _: &str) {}

    fn start(&mut self, tag: &StartTag<'_>) -> Content {
        self.shape.tags = self.shape.tags.saturating_add(1);
        self.shape.attributes = self.shape.attributes.max(tag.attributes.count());
        // HTML ignores the slash at the end of a tag; only the elements of drawings and formulas are closed by it.
        let is_around = |name: &[u8]| tag.name == name || self.open.get(name).is_some_and(|open| *open > 0);
        let is_closed = tag.is_closed && (is_around(b"svg") || is_around(b"math"));
        if !(is_closed || element::is_void(tag.name) || may_lack_end(tag.name)) {
            *self.open.entry(tag.name.to_vec()).or_default() += 1;
            self.depth = self.depth.saturating_add(1);
            self.shape.depth = self.shape.depth.max(self.depth);
        }
        element::content(tag.name)
    }

    fn end(&mut self, name: &[u8], _: &Document<'_>) {
        if name == b"ruby" {
            for inner in IN_RUBY {
                let open = self.open.get_mut(inner).map(std::mem::take).unwrap_or_default();
                self.depth = self.depth.saturating_sub(open);
            }
        }
        if let Some(count) = self.open.get_mut(name).filter(|count| **count > 0) {
            *count -= 1;
            self.depth = self.depth.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(html: &str) -> (usize, usize, usize) {
        let Shape { depth, attributes, tags } = shape(html);
        (depth, attributes, tags)
    }

    #[test]
    fn nesting_and_attributes_are_measured() {
        for (html, expected) in [
            ("", (0, 0, 0)),
            ("text", (0, 0, 0)),
            ("<div><b>x</b><i>y</i></div><div id=a class=b data-x=1></div>", (2, 3, 4)),
            ("<p>a<p>b<ul><li>c<li>d</ul><br><img src=x>", (1, 1, 7)),
            ("</div></div><div>", (1, 0, 1)),
            ("<svg/><svg><path/></svg><div/>", (1, 0, 4)),
            ("<div/><div/><b/>", (3, 0, 3)),
            ("<optgroup><optgroup>", (2, 0, 2)),
            ("<rt><rt><rp>", (3, 0, 3)),
            ("<ruby>a<rt>b<rp>c</ruby><ruby>d<rt>e</rt></ruby>", (3, 0, 5)),
            ("<script>'<div><div><div>'</script>", (1, 0, 1)),
        ] {
            assert_eq!(measured(html), expected, "{html}");
        }
        assert_eq!(measured(&"<div>".repeat(1_000)), (1_000, 0, 1_000));
        assert_eq!(measured(&"<b><i></b>".repeat(500)).0, 501);
        let many: String = (0..100_000).map(|number| format!(" a{number}=\"x\"")).collect();
        assert_eq!(measured(&format!("<p{many}>x")), (0, 100_000, 1));
    }
}
