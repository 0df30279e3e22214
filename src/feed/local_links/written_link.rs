//! The links to articles that a body has, as they are written in it.

use std::collections::HashSet;

use pulldown_cmark::{Event, LinkType, Tag};

use super::destination::{Destination, may_have_local_links};
use crate::feed::body::Body;
use crate::feed::body_syntax::BodySyntax;
use crate::feed::clean::UntrustedText;
use crate::feed::shared_bytes::{ByteReader, ByteWriter};

/// Most links of an article that are read; an index of everything has fewer.
const MAX_LINKS: usize = 20_000;

/// A link of a body whose destination is a place where an article may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenLink {
    /// True for `[[Note]]`.
    pub is_wikilink: bool,
    /// The destination as the parser of Markdown returns it.
    pub destination: UntrustedText,
}

/// The links in a body to places where articles may be, each destination once, in the order of the body. None are read of a body from a
/// channel: its relative links belong to its site.
pub fn links_of_body(body: &str, syntax: BodySyntax) -> Vec<WrittenLink> {
    let mut links = LinkCollector::default();
    if may_have_links(body, syntax) {
        Body::new(body, syntax).events_with_positions().for_each_link(|event| links.read(event));
    }
    links.links
}

/// No links if a quick look finds that a body has none; `None` if it must be parsed, see [`links_of_body`].
pub fn links_known_at_once(body: &str, syntax: BodySyntax) -> Option<Vec<WrittenLink>> {
    (!may_have_links(body, syntax)).then(Vec::new)
}

fn may_have_links(body: &str, syntax: BodySyntax) -> bool {
    syntax != BodySyntax::Gfm && may_have_local_links(body)
}

/// Gathers the links to articles from the events of a body.
#[derive(Default)]
struct LinkCollector {
    known: HashSet<(bool, String)>,
    links: Vec<WrittenLink>,
}

impl LinkCollector {
    /// Looks at the next event.
    fn read(&mut self, event: &Event) {
        let Event::Start(Tag::Link { link_type, dest_url, .. }) = event else { return };
        let is_wikilink = match link_type {
            LinkType::WikiLink { .. } => true,
            LinkType::Autolink | LinkType::Email => return,
            _ => false,
        };
        let is_place = || matches!(Destination::read(dest_url, is_wikilink), Destination::Article(_));
        if self.links.len() < MAX_LINKS && is_place() && self.known.insert((is_wikilink, dest_url.to_string())) {
            self.links.push(WrittenLink { is_wikilink, destination: UntrustedText::new(dest_url) });
        }
    }
}

/// Writes links one after the other, as they are in a record.
pub fn put_links(links: &[WrittenLink]) -> Vec<u8> {
    let mut to = ByteWriter::default();
    for link in links {
        to.u8(link.is_wikilink.into());
        to.text(link.destination.untrusted());
    }
    to.0
}

/// The links that were written by [`put_links`]: whether each is a wikilink, and its destination. Ends where the bytes are damaged.
pub fn links_in(bytes: &[u8]) -> impl Iterator<Item = (bool, &str)> {
    let mut from = ByteReader(bytes);
    std::iter::from_fn(move || Some((from.u8()? != 0, from.text()?)))
}

/// The links that were written by [`put_links`].
pub fn read_links(bytes: &[u8]) -> Vec<WrittenLink> {
    let link = |(is_wikilink, text): (bool, &str)| WrittenLink { is_wikilink, destination: UntrustedText::new(text) };
    links_in(bytes).map(link).collect()
}
