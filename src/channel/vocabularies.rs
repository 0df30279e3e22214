//! The vocabularies that elements of channels are from.

use crate::xml::Element;

/// A vocabulary. An element is of the one that its namespace names, else of the one that its prefix usually means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vocabulary {
    /// RSS of any version, also as RDF, and CDF; and elements without prefix of the same namespace as the root element.
    Core,
    /// Atom 0.3 and 1.0.
    Atom,
    /// The syntax of RDF.
    Rdf,
    /// Dublin Core.
    Dc,
    /// Dublin Core terms.
    DcTerms,
    /// `content:encoded`.
    Content,
    /// Media RSS.
    Media,
    /// Apple's and Google's elements for podcasts.
    Itunes,
    /// Podcasting 2.0.
    Podcast,
    /// XHTML.
    Xhtml,
    /// `wfw:commentRss`.
    Wfw,
    /// Atom threading extensions (RFC 4685).
    Threading,
    /// FeedBurner.
    FeedBurner,
    /// The RSS module "syndication": how often a channel changes.
    Syndication,
    /// Any other.
    Other,
}

/// Beginnings of namespace URIs in lower case, without the scheme.
const NAMESPACES: [(&str, Vocabulary); 27] = [
    ("www.w3.org/2005/atom", Vocabulary::Atom),
    ("purl.org/atom/ns", Vocabulary::Atom),
    ("purl.org/atom-blog/ns", Vocabulary::Atom),
    ("purl.org/rss/1.0/modules/content", Vocabulary::Content),
    ("purl.org/rss/1.0/modules/syndication", Vocabulary::Syndication),
    ("purl.org/rss/1.0/modules/", Vocabulary::Other),
    ("purl.org/rss/1.0", Vocabulary::Core),
    ("purl.org/net/rss1.1", Vocabulary::Core),
    ("my.netscape.com/", Vocabulary::Core),
    ("channel.netscape.com/", Vocabulary::Core),
    ("my.userland.com/", Vocabulary::Core),
    ("backend.userland.com/", Vocabulary::Core),
    ("blogs.law.harvard.edu/", Vocabulary::Core),
    ("cyber.law.harvard.edu/", Vocabulary::Core),
    ("www.rssboard.org/media", Vocabulary::Media),
    ("www.w3.org/1999/02/22-rdf-syntax", Vocabulary::Rdf),
    ("purl.org/dc/terms", Vocabulary::DcTerms),
    ("purl.org/dc/", Vocabulary::Dc),
    ("search.yahoo.com/mrss", Vocabulary::Media),
    ("tools.search.yahoo.com/mrss", Vocabulary::Media),
    ("www.itunes.com/dtds/podcast", Vocabulary::Itunes),
    ("www.google.com/schemas/play-podcasts", Vocabulary::Itunes),
    ("podcastindex.org/", Vocabulary::Podcast),
    ("www.w3.org/1999/xhtml", Vocabulary::Xhtml),
    ("wellformedweb.org/commentapi", Vocabulary::Wfw),
    ("purl.org/syndication/thread", Vocabulary::Threading),
    ("rssnamespace.org/feedburner", Vocabulary::FeedBurner),
];

/// Usual prefixes, for documents that do not declare them, or declare a wrong URI.
const PREFIXES: [(&str, Vocabulary); 16] = [
    ("rss", Vocabulary::Core),
    ("atom", Vocabulary::Atom),
    ("atom10", Vocabulary::Atom),
    ("rdf", Vocabulary::Rdf),
    ("dc", Vocabulary::Dc),
    ("dcterms", Vocabulary::DcTerms),
    ("content", Vocabulary::Content),
    ("media", Vocabulary::Media),
    ("itunes", Vocabulary::Itunes),
    ("googleplay", Vocabulary::Itunes),
    ("podcast", Vocabulary::Podcast),
    ("xhtml", Vocabulary::Xhtml),
    ("wfw", Vocabulary::Wfw),
    ("thr", Vocabulary::Threading),
    ("feedburner", Vocabulary::FeedBurner),
    ("sy", Vocabulary::Syndication),
];

/// The vocabularies of namespaces that a document has declared, by the place of their URIs in it.
#[derive(Debug, Default)]
pub(super) struct Vocabularies<'a> {
    known: Vec<(&'a str, Option<Vocabulary>)>,
    root: Option<&'a str>,
}

/// Namespaces whose vocabulary is remembered.
const MOST_KNOWN: usize = 32;

impl<'a> Vocabularies<'a> {
    /// Sets the root element: elements without prefix of its namespace are of the format.
    pub fn set_root(&mut self, root: &Element<'a>) {
        self.root = root.namespace;
    }

    /// The vocabulary of an element.
    pub fn of(&mut self, element: &Element<'a>) -> Vocabulary {
        let by_uri = element.namespace.and_then(|uri| self.of_uri(uri));
        let by_prefix = || {
            let usual = PREFIXES.iter().find(|(prefix, _)| element.prefix.eq_ignore_ascii_case(prefix));
            usual.map(|(_, vocabulary)| *vocabulary)
        };
        let is_of_root = element.prefix.is_empty() && (element.namespace.is_none() || element.namespace == self.root);
        // A root element in a vocabulary of another purpose is a mistake for the declaration of a prefix.
        if is_of_root && by_uri.is_some_and(|found| found != Vocabulary::Atom) {
            return Vocabulary::Core;
        }
        by_uri.or_else(by_prefix).unwrap_or(if is_of_root { Vocabulary::Core } else { Vocabulary::Other })
    }

    fn of_uri(&mut self, uri: &'a str) -> Option<Vocabulary> {
        if let Some((_, vocabulary)) = self.known.iter().find(|(known, _)| std::ptr::eq(*known, uri)) {
            return *vocabulary;
        }
        let found = vocabulary(uri);
        if self.known.len() < MOST_KNOWN {
            self.known.push((uri, found));
        }
        found
    }
}

fn vocabulary(uri: &str) -> Option<Vocabulary> {
    let uri = uri.trim();
    let rest = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let is_prefix = |known: &str| rest.get(..known.len()).is_some_and(|start| start.eq_ignore_ascii_case(known));
    NAMESPACES.iter().find(|(known, _)| is_prefix(known)).map(|(_, vocabulary)| *vocabulary)
}

/// A name in lower case, on the stack. Longer names are cut: no known one is that long.
#[derive(Clone, Copy, Debug)]
pub(super) struct LowerName {
    bytes: [u8; 24],
    length: usize,
}

impl LowerName {
    pub fn new(name: &str) -> LowerName {
        let mut lower = LowerName { bytes: [0; 24], length: 0 };
        for (slot, byte) in lower.bytes.iter_mut().zip(name.bytes()) {
            *slot = byte.to_ascii_lowercase();
            lower.length += 1;
        }
        lower
    }

    pub fn as_str(&self) -> &str {
        self.bytes.get(..self.length).and_then(|name| std::str::from_utf8(name).ok()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::{Event, Reader};

    #[test]
    fn vocabularies_are_found_by_namespace_then_by_prefix() {
        let document = "<rss xmlns:a='http://www.w3.org/2005/Atom' xmlns:media='http://search.yahoo.com/mrss'
            xmlns:dc='urn:wrong' xmlns:x='urn:x' xmlns:itunes='https://purl.org/dc/elements/1.1/'>
            <a:id/><media:x/><dc:x/><x:title/><itunes:x/><podcast:x/><title/><y:title/><title xmlns='urn:y'/></rss>";
        let mut reader = Reader::new(document, None);
        let mut vocabularies = Vocabularies::default();
        let mut found = Vec::new();
        while let Some(event) = reader.next() {
            if let Event::Start(element) = event {
                found.push(vocabularies.of(&element));
            }
        }
        use Vocabulary::*;
        assert_eq!(found, [Core, Atom, Media, Dc, Other, Dc, Podcast, Core, Other, Other]);
    }

    #[test]
    fn names_are_folded_on_the_stack() {
        assert_eq!(LowerName::new("pubDate").as_str(), "pubdate");
        assert_eq!(LowerName::new(&"É".repeat(30)).as_str().len(), 24);
    }
}
