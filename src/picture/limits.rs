//! The limits of pictures that are decoded.

/// The largest file that is read, in bytes.
pub const MAX_FILE_BYTES: u64 = 32 << 20;
/// The most pixels of a picture that is decoded.
pub const MAX_PIXELS: u64 = 40_000_000;
/// The longest side of a picture that is decoded, in pixels.
pub const MAX_SIDE: u32 = 20_000;
