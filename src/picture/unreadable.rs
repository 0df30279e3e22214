//! Why a picture cannot be shown.

use serde::{Deserialize, Serialize};

use super::limits::{MAX_FILE_BYTES, MAX_PIXELS};
use super::pixels::Size;

/// Why a picture cannot be shown: words for its caption.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Unreadable {
    /// The file is longer than [`MAX_FILE_BYTES`].
    #[error("the file is too large: over {} MiB", MAX_FILE_BYTES >> 20)]
    LongFile,
    /// It has more than [`MAX_PIXELS`], or a side longer than [`MAX_SIDE`](super::MAX_SIDE).
    #[error("too large: {} megapixels of at most {}", .0.megapixels(), MAX_PIXELS / 1_000_000)]
    TooLarge(Size),
    /// The file has none of the formats that can be decoded.
    #[error("not a JPEG, PNG, WebP or GIF picture")]
    UnknownFormat,
    /// The file is cut off, or its content is wrong.
    #[error("the file is damaged")]
    Damaged,
    /// Decoding took more than the limit of time.
    #[error("decoding takes too long")]
    TooSlow,
    /// The process that decodes ended, as it does when it gets no more memory.
    #[error("decoding takes too much memory")]
    TooMuchMemory,
    /// The process that decodes cannot be started or answered nonsense.
    #[error("the process that decodes pictures failed")]
    ProcessFailed,
}
