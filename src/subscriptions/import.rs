//! Reads a list of subscriptions from another program. Its content tells its format.

use super::imported_list::{Collector, Imported, RefusalReason};
use super::{newsboat_urls, opml};
use crate::xml;

/// The largest list that is read, in bytes.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;

/// Why a document is not a list of subscriptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// It has more than [`MAX_BYTES`] bytes.
    #[error("the list has more than {} MiB; split it", MAX_BYTES / 1024 / 1024)]
    TooLarge,
    /// It is XML or HTML, but not OPML.
    #[error("this is not OPML, but another document of XML or HTML; choose the export of a feed reader")]
    NotOpml,
    /// It is text without any address.
    #[error(
        "this is not a list of addresses; choose OPML, the file `urls` of newsboat, or a text with an address in each line"
    )]
    NotAList,
}

/// Reads OPML, the file `urls` of newsboat, or a text with an address in each line. An empty document is an empty list.
pub fn import(bytes: &[u8]) -> Result<Imported, ImportError> {
    if bytes.len() > MAX_BYTES {
        return Err(ImportError::TooLarge);
    }
    let decoded = xml::decode(bytes, None);
    let text = decoded.text.as_ref();
    let mut collector = Collector::default();
    if text.trim_start().starts_with('<') {
        if !opml::is_opml(text) {
            return Err(ImportError::NotOpml);
        }
        opml::read(text, &mut collector);
        return Ok(collector.finish());
    }
    newsboat_urls::read(text, &mut collector);
    let imported = collector.finish();
    let is_list = !imported.subscriptions.is_empty()
        || !imported.saved_searches.is_empty()
        || imported.refused.is_empty()
        || imported.refused.iter().any(|refused| refused.why != RefusalReason::NotAnAddress);
    if is_list { Ok(imported) } else { Err(ImportError::NotAList) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_content_tells_the_format() {
        let opml = "<?xml version='1.0'?>\n<!-- x -->\n<opml><body><outline xmlUrl='https://a.org/'/></body></opml>";
        let utf_16: Vec<u8> = std::iter::once(0xfeff).chain(opml.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        for (bytes, expected) in [
            (opml.as_bytes(), Ok(1)),
            (&utf_16, Ok(1)),
            (b"\xef\xbb\xbf  <opml version='2.0'/>", Ok(0)),
            (b"https://a.org/\nhttps://b.org/ tag\n", Ok(2)),
            (b"# only a comment", Ok(0)),
            (b"", Ok(0)),
            (b"exec:x", Ok(0)),
            (b"<html><body>x", Err(ImportError::NotOpml)),
            (b"<rss version='2.0'/>", Err(ImportError::NotOpml)),
            (b"{\"a\": 1}", Err(ImportError::NotAList)),
            (b"some words\nin a text", Err(ImportError::NotAList)),
            (&vec![b' '; MAX_BYTES + 1], Err(ImportError::TooLarge)),
        ] {
            let found = import(bytes).map(|imported| imported.subscriptions.len());
            let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(40)]);
            assert_eq!(found, expected, "{shown}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = import(&bytes);
        }
    }
}
