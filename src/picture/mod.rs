//! Pictures: JPEG, PNG, WebP and GIF files as pixels of the size that is shown, decoded in a confined process of their own.
//!
//! A file is not trusted: the size in its header is checked before it is decoded, decoding has limits of memory and time, and only
//! the pixels that come out of it are used.

#[cfg(feature = "pictures")]
mod decode;
#[cfg(feature = "pictures")]
mod encode;
#[cfg(feature = "pictures")]
mod exif;
mod format;
mod graphics;
mod ground;
mod limits;
mod measured;
mod pixels;
#[cfg(feature = "pictures")]
mod scale;
#[cfg(feature = "pictures")]
pub mod service;
mod shown_picture;
#[cfg(feature = "pictures")]
mod sixel;
#[cfg(feature = "pictures")]
mod transparency;
mod unreadable;

#[cfg(feature = "pictures")]
pub use decode::{decode, measure};
#[cfg(feature = "pictures")]
pub use encode::png;
pub use format::Format;
pub use graphics::{Graphics, ScreenGraphics};
pub use ground::Ground;
pub use limits::{MAX_FILE_BYTES, MAX_PIXELS, MAX_SIDE};
pub use measured::Measured;
pub use pixels::{Pixels, Size};
#[cfg(feature = "pictures")]
pub use scale::scale_part;
pub use shown_picture::ShownPicture;
#[cfg(feature = "pictures")]
pub use sixel::sixel;
#[cfg(feature = "pictures")]
pub use transparency::blend;
pub use unreadable::Unreadable;
