//! The names and addresses that the front matter of an article gives it beside its title.

use crate::feed::clean::UntrustedText;
use crate::feed::shared_bytes::{ByteReader, ByteWriter};

/// Most names of an article that are read.
const MAX_NAMES: usize = 100;
/// Longest name in bytes.
const MAX_BYTES: usize = 500;

/// A name by which links may mean an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherName {
    /// What the name is.
    pub kind: NameKind,
    /// The name as written.
    pub text: UntrustedText,
}

/// What a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// A second title, as notes have it.
    Alias,
    /// A path on the site of the article, such as `/2020/old-name/`.
    Path,
    /// The last part of its path on the site, in place of the name of the file.
    Slug,
}

impl NameKind {
    /// All kinds, in the order of their numbers in a record.
    const ALL: [NameKind; 3] = [NameKind::Alias, NameKind::Path, NameKind::Slug];
}

/// Adds a name from the front matter. What cannot be a name is left out: an empty one, a web address, a template.
pub fn add(names: &mut Vec<OtherName>, kind: NameKind, text: &str) {
    let text = text.trim();
    let is_odd = text.is_empty() || text.len() > MAX_BYTES || text.contains("://") || text.contains(['{', '<', '\n']);
    let is_template = kind != NameKind::Alias && text.contains(':');
    if is_odd || is_template || names.len() >= MAX_NAMES {
        return;
    }
    // Site generators have paths as aliases.
    let kind =
        if text.starts_with('/') || (kind == NameKind::Alias && text.ends_with('/')) { NameKind::Path } else { kind };
    names.push(OtherName { kind, text: UntrustedText::new(text) });
}

/// Writes names one after the other, as they are in a record.
pub fn put_names(names: &[OtherName]) -> Vec<u8> {
    let mut to = ByteWriter::default();
    for name in names {
        to.u8(NameKind::ALL.iter().position(|kind| *kind == name.kind).unwrap_or_default() as u8);
        to.text(name.text.untrusted());
    }
    to.0
}

/// The names that were written by [`put_names`]. Ends where the bytes are damaged.
pub fn names_in(bytes: &[u8]) -> impl Iterator<Item = (NameKind, &str)> {
    let mut from = ByteReader(bytes);
    std::iter::from_fn(move || Some((*NameKind::ALL.get(usize::from(from.u8()?))?, from.text()?)))
}

/// The names that were written by [`put_names`].
pub fn read_names(bytes: &[u8]) -> Vec<OtherName> {
    names_in(bytes).map(|(kind, text)| OtherName { kind, text: UntrustedText::new(text) }).collect()
}
