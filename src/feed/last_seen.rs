//! Traces: where a marked article was seen last and what it said, so that its marks find it again after an edit or a move.

use super::article::ArticleId;
use super::bytes::{ByteReader, ByteWriter};
use super::clean::SafeText;
use super::hashes;
use super::record::Record;

/// What an article is known by, beside its identity. Keys of 32 bits are compared only among articles that share an identity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ArticleHashes {
    /// Its file, by the whole path.
    pub file: u64,
    /// Its text, see [`hashes::of_content`]; 0: it has none.
    pub text: u64,
    /// The path of its file below the library folder.
    pub below: u32,
    /// Its title, without case and punctuation, and what its link has behind `#`.
    pub title: u32,
}

impl ArticleHashes {
    /// Bytes of the keys in a column.
    pub const SIZE: usize = 24;

    /// The keys of a record; `folder` is the key of the folder or file of the library that it was found in.
    pub fn of(record: &Record, folder: u64) -> ArticleHashes {
        ArticleHashes {
            file: hashes::of_file(folder, record.below),
            text: record.text_hash,
            below: half(hashes::of_file(0, record.below)),
            title: half(record.folded_title_hash.rotate_left(1) ^ record.fragment_hash),
        }
    }

    /// Writes them.
    pub fn write(&self, to: &mut ByteWriter) {
        to.u64(self.file);
        to.u64(self.text);
        to.u32(self.below);
        to.u32(self.title);
    }

    /// Reads them.
    pub fn read(bytes: &[u8]) -> Option<ArticleHashes> {
        let from = &mut ByteReader(bytes);
        Some(ArticleHashes { file: from.u64()?, text: from.u64()?, below: from.u32()?, title: from.u32()? })
    }

    /// Whether a text is the same, and long enough to be the same by no accident.
    pub fn shares_text_with(&self, other: &ArticleHashes) -> bool {
        let telling = hashes::is_distinctive(self.text) || self.title == other.title;
        self.text != 0 && self.text == other.text && telling
    }

    /// How much speaks for the same article, among those that share an identity; 0: nothing. The title counts only where the
    /// identity is that of a link: otherwise all of them have it.
    pub fn match_score(&self, other: &ArticleHashes, by_link: bool) -> u32 {
        let is = |same: bool, weight: u32| if same { weight } else { 0 };
        // One edit leaves more than a half of it: the text and the file outweigh a title that another article has, too.
        is(self.text != 0 && self.text == other.text, 8)
            + is(by_link && self.title == other.title, 4)
            + is(self.file == other.file, 3)
            + is(self.below == other.below, 2)
    }
}

fn half(key: u64) -> u32 {
    (key ^ key >> 32) as u32
}

/// The last that was seen of an article that is marked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LastSeen {
    /// What it was known by.
    pub hashes: ArticleHashes,
    /// The identity that it has had since it was edited or moved; its marks went along.
    pub moved_to: Option<ArticleId>,
    /// Its title.
    pub title: SafeText,
}
