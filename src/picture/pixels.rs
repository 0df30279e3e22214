//! Pixels in memory.

use serde::{Deserialize, Serialize};

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Size {
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

impl Size {
    /// A size.
    pub const fn new(width: u32, height: u32) -> Size {
        Size { width, height }
    }

    /// Number of pixels.
    pub fn pixels(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// Millions of pixels, rounded up.
    pub fn megapixels(self) -> u64 {
        self.pixels().div_ceil(1_000_000)
    }

    /// This size with its sides exchanged.
    #[must_use]
    pub fn turned(self) -> Size {
        Size { width: self.height, height: self.width }
    }

    /// The largest size of the same shape that fits into `most`, at least a pixel wide and high. Never larger than this one.
    #[must_use]
    pub fn within(self, most: Size) -> Size {
        let (width, height) = (u64::from(self.width.max(1)), u64::from(self.height.max(1)));
        let (most_width, most_height) = (u64::from(most.width.max(1)), u64::from(most.height.max(1)));
        if width <= most_width && height <= most_height {
            return Size { width: self.width.max(1), height: self.height.max(1) };
        }
        let side = |length: u64| u32::try_from(length.max(1)).unwrap_or(u32::MAX);
        // Which side limits: compared as products, without rounding.
        if width * most_height > height * most_width {
            Size { width: side(most_width), height: side(height * most_width / width) }
        } else {
            Size { width: side(width * most_height / height), height: side(most_height) }
        }
    }
}

/// A picture as rows of pixels, each of four bytes: red, green, blue and opacity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    size: Size,
    rgba: Vec<u8>,
}

impl Pixels {
    /// Bytes of a pixel.
    pub const BYTES: usize = 4;

    /// A picture of `size`. `None` if the number of bytes is another one.
    pub fn new(size: Size, rgba: Vec<u8>) -> Option<Pixels> {
        let bytes = usize::try_from(size.pixels()).ok()?.checked_mul(Pixels::BYTES)?;
        (bytes == rgba.len()).then_some(Pixels { size, rgba })
    }

    /// Width and height.
    pub fn size(&self) -> Size {
        self.size
    }

    /// All bytes, row by row.
    pub fn bytes(&self) -> &[u8] {
        &self.rgba
    }

    /// All bytes, row by row.
    pub fn into_bytes(self) -> Vec<u8> {
        self.rgba
    }

    /// The pixel of a column and a row. Transparent outside of the picture.
    pub fn at(&self, x: u32, y: u32) -> [u8; 4] {
        if x >= self.size.width || y >= self.size.height {
            return [0; 4];
        }
        let start = (y as usize * self.size.width as usize + x as usize) * Pixels::BYTES;
        self.rgba.get(start..start + Pixels::BYTES).and_then(|pixel| pixel.try_into().ok()).unwrap_or_default()
    }

    /// Changes each pixel.
    #[cfg(feature = "pictures")]
    pub(super) fn map(&mut self, change: impl Fn([u8; 4]) -> [u8; 4]) {
        for pixel in self.rgba.as_chunks_mut::<4>().0 {
            *pixel = change(*pixel);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_made_to_fit_and_never_enlarged() {
        let cases = [
            ((100, 50), (200, 200), (100, 50)),
            ((400, 100), (200, 200), (200, 50)),
            ((100, 400), (200, 200), (50, 200)),
            ((20_000, 1), (100, 100), (100, 1)),
            ((1, 20_000), (100, 100), (1, 100)),
            ((0, 0), (10, 10), (1, 1)),
            ((300, 200), (0, 0), (1, 1)),
            ((300, 200), (299, 200), (299, 199)),
        ];
        for ((width, height), (w, h), (fit_w, fit_h)) in cases {
            assert_eq!(Size::new(width, height).within(Size::new(w, h)), Size::new(fit_w, fit_h), "{width}x{height}");
        }
    }

    #[test]
    fn pixels_have_as_many_bytes_as_their_size_says() {
        assert!(Pixels::new(Size::new(2, 1), vec![0; 7]).is_none());
        let pixels = Pixels::new(Size::new(2, 1), vec![1, 2, 3, 4, 5, 6, 7, 8]).unwrap();
        assert_eq!((pixels.at(1, 0), pixels.at(2, 0), pixels.at(0, 1)), ([5, 6, 7, 8], [0; 4], [0; 4]));
        assert!(Pixels::new(Size::new(u32::MAX, u32::MAX), Vec::new()).is_none());
    }
}
