//! The last-seen state of a marked article: hashes of its file and its content, by which marks follow it after an edit or a
//! move.

use super::article::ArticleId;
use super::clean::SafeText;
use super::record::Record;
use super::shared_bytes::{ByteReader, ByteWriter};
use super::stable_hashes;

/// Hashes by which an article is recognised when its id has changed.
///
/// The two hashes of 32 bits can collide in a large library. So they choose only among articles that share an id, a file or a
/// text; the exception are notes without text, link and date, which have nothing but their title.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ArticleHashes {
    /// Hash of the whole path of its file, see [`stable_hashes::of_file`].
    pub file: u64,
    /// Hash of its text, see [`stable_hashes::of_content`]; 0 if it has none.
    pub text: u64,
    /// Hash of the path of its file below the library folder.
    pub below: u32,
    /// Hash of its title, without case and punctuation, and of the fragment of its link.
    pub title: u32,
}

impl ArticleHashes {
    /// Size in bytes.
    pub const SIZE: usize = 24;

    /// The hashes of a record; `folder` is the hash of the folder or file of the library in which it was found.
    pub fn of(record: &Record, folder: u64) -> ArticleHashes {
        ArticleHashes {
            file: stable_hashes::of_file(folder, record.below),
            text: record.text_hash,
            // Without a folder, so that it stays the same if the whole library moves.
            below: half(stable_hashes::of_file(0, record.below)),
            // Rotated, since a fragment that repeats the title has the same hash, and would cancel it.
            title: half(record.folded_title_hash.rotate_left(1) ^ record.fragment_hash),
        }
    }

    /// Appends the hashes as [`ArticleHashes::SIZE`] bytes.
    pub fn write(&self, to: &mut ByteWriter) {
        to.u64(self.file);
        to.u64(self.text);
        to.u32(self.below);
        to.u32(self.title);
    }

    /// Reads the hashes from the start of `bytes`; `None` if there are too few.
    pub fn read(bytes: &[u8]) -> Option<ArticleHashes> {
        let from = &mut ByteReader(bytes);
        Some(ArticleHashes { file: from.u64()?, text: from.u64()?, below: from.u32()?, title: from.u32()? })
    }

    /// True if both have the same text, and it is long or the titles are equal, too: a short text may be equal by chance.
    pub fn shares_text_with(&self, other: &ArticleHashes) -> bool {
        let is_distinctive = stable_hashes::is_distinctive(self.text) || self.title == other.title;
        self.text != 0 && self.text == other.text && is_distinctive
    }

    /// How strongly the hashes suggest the same article, among articles that share an id; 0 for no match.
    ///
    /// The title counts only if the id comes from a link or `articleId` (`by_name`). Others come from title and time, so all
    /// articles that share it have the same title.
    pub fn match_score(&self, other: &ArticleHashes, by_name: bool) -> u32 {
        let is = |same: bool, weight: u32| if same { weight } else { 0 };
        // With a link, an edit of the text, the title or the path leaves at least 9 of the 17 points: more than another article
        // gets for an equal title (4) or an equal text (8).
        is(self.text != 0 && self.text == other.text, 8)
            + is(by_name && self.title == other.title, 4)
            + is(self.file == other.file, 3)
            + is(self.below == other.below, 2)
    }
}

/// Folds a hash to 32 bits.
fn half(hash: u64) -> u32 {
    (hash ^ hash >> 32) as u32
}

/// The state in which a marked article was last seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LastSeenState {
    /// The hashes of its file and its content.
    pub hashes: ArticleHashes,
    /// The id that the article has now, after an edit or a move. Its marks were moved there.
    pub moved_to: Option<ArticleId>,
    /// Its title, shown in lists of marks if the article is gone.
    pub title: SafeText,
}
