//! Makes pictures smaller: each pixel of the result is the mean of the area that it covers.

use super::exif::Orientation;
use super::pixels::{Pixels, Size};

/// Decoded pixels as a decoder returns them.
pub struct Decoded {
    /// Width and height.
    pub size: Size,
    /// Bytes of a pixel: 1 grey, 2 grey and opacity, 3 RGB, 4 RGBA.
    pub channels: usize,
    /// All pixels, row by row.
    pub bytes: Vec<u8>,
}

/// Pixels to scale: a part of a picture.
struct Source<'a> {
    /// Width and height of the part.
    size: Size,
    channels: usize,
    /// From the first pixel of the part on.
    bytes: &'a [u8],
    /// Bytes from the start of a row to that of the next.
    stride: usize,
}

/// The sum of an area: red, green and blue times opacity, and opacity.
type Sum = [u64; 4];

/// The part of the columns or rows of a decoded picture that a pixel of the result covers, with weights.
///
/// A pixel of the source is `target` long, and a pixel of the result `source`: so both ends are whole numbers, and the sum of all
/// weights of a pixel of the result is `source`.
struct Cover {
    source: u64,
    target: u64,
}

impl Cover {
    /// The sources of a pixel of the result, each with its weight.
    fn of(&self, index: u32) -> impl Iterator<Item = (usize, u64)> {
        let (start, target) = (u64::from(index) * self.source, self.target);
        let end = start + self.source;
        (start / target..end.div_ceil(target)).map(move |source| {
            let weight = end.min((source + 1) * target) - start.max(source * target);
            (usize::try_from(source).unwrap_or(usize::MAX), weight)
        })
    }
}

/// Scales a decoded picture to `size`, which may be larger. `None` if it has too few bytes.
pub fn scale(decoded: &Decoded, size: Size) -> Option<Pixels> {
    let Decoded { size: of, channels, bytes } = decoded;
    let stride = (of.width as usize).checked_mul(*channels)?;
    scale_source(&Source { size: *of, channels: *channels, bytes, stride }, size)
}

/// Scales a part of a picture, which begins at a column and a row, to `size`, which may be larger. `None` if the part is not within
/// the picture.
pub fn scale_part(pixels: &Pixels, (x, y): (u32, u32), part: Size, size: Size) -> Option<Pixels> {
    let Size { width, height } = pixels.size();
    if x.checked_add(part.width)? > width || y.checked_add(part.height)? > height {
        return None;
    }
    let stride = (width as usize).checked_mul(Pixels::BYTES)?;
    let start = (y as usize).checked_mul(stride)?.checked_add((x as usize).checked_mul(Pixels::BYTES)?)?;
    let bytes = pixels.bytes().get(start..)?;
    scale_source(&Source { size: part, channels: Pixels::BYTES, bytes, stride }, size)
}

fn scale_source(source: &Source, size: Size) -> Option<Pixels> {
    let Source { size: Size { width, height }, channels, bytes, stride } = source;
    let row_bytes = (*width as usize).checked_mul(*channels).filter(|bytes| *bytes > 0)?;
    let columns = Cover { source: u64::from(*width), target: u64::from(size.width) };
    let rows = Cover { source: u64::from(*height), target: u64::from(size.height) };
    let mut rgba = Vec::with_capacity(usize::try_from(size.pixels()).ok()?.checked_mul(Pixels::BYTES)?);
    let mut sums: Vec<Sum> = vec![[0; 4]; size.width as usize];
    for y in 0..size.height {
        sums.fill([0; 4]);
        for (row, row_weight) in rows.of(y) {
            let start = row.checked_mul(*stride)?;
            let row = bytes.get(start..start.checked_add(row_bytes)?)?;
            for (x, sum) in (0..size.width).zip(&mut sums) {
                for (column, weight) in columns.of(x) {
                    let pixel = row.get(column * channels..(column + 1) * channels)?;
                    let [red, green, blue, opacity] = rgba_of(pixel);
                    let weight = weight * row_weight * u64::from(opacity);
                    let [r, g, b, o] = sum;
                    *r += weight * u64::from(red);
                    *g += weight * u64::from(green);
                    *b += weight * u64::from(blue);
                    *o += weight;
                }
            }
        }
        let area = u64::from(*width) * u64::from(*height);
        for [red, green, blue, opacity] in &sums {
            let mean = |sum: u64, of: u64| u8::try_from((sum + of / 2).checked_div(of).unwrap_or(0)).unwrap_or(u8::MAX);
            rgba.extend([mean(*red, *opacity), mean(*green, *opacity), mean(*blue, *opacity), mean(*opacity, area)]);
        }
    }
    Pixels::new(size, rgba)
}

fn rgba_of(pixel: &[u8]) -> [u8; 4] {
    match *pixel {
        [grey] => [grey, grey, grey, u8::MAX],
        [grey, opacity] => [grey, grey, grey, opacity],
        [red, green, blue] => [red, green, blue, u8::MAX],
        [red, green, blue, opacity] => [red, green, blue, opacity],
        _ => [0; 4],
    }
}

/// Turns a picture as its file says.
pub fn turn(pixels: Pixels, orientation: Orientation) -> Pixels {
    if orientation == Orientation::default() {
        return pixels;
    }
    let size = pixels.size();
    let turned = if orientation.is_transposed { size.turned() } else { size };
    let mut rgba = Vec::with_capacity(pixels.bytes().len());
    for y in 0..turned.height {
        for x in 0..turned.width {
            let x = if orientation.is_mirrored { turned.width - 1 - x } else { x };
            let y = if orientation.is_flipped { turned.height - 1 - y } else { y };
            let (x, y) = if orientation.is_transposed { (y, x) } else { (x, y) };
            rgba.extend(pixels.at(x, y));
        }
    }
    Pixels::new(turned, rgba).unwrap_or(pixels)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(width: u32, height: u32, bytes: &[u8]) -> Decoded {
        Decoded { size: Size::new(width, height), channels: 1, bytes: bytes.to_vec() }
    }

    fn greys(pixels: &Pixels) -> Vec<u8> {
        pixels.bytes().chunks(4).map(|pixel| pixel[0]).collect()
    }

    #[test]
    fn a_pixel_is_the_mean_of_the_area_that_it_covers() {
        let cases: [(Decoded, (u32, u32), &[u8]); 6] = [
            (grey(2, 2, &[0, 100, 100, 200]), (1, 1), &[100]),
            (grey(4, 1, &[0, 10, 20, 30]), (2, 1), &[5, 25]),
            // A third of the middle pixel belongs to each side.
            (grey(3, 1, &[0, 30, 60]), (2, 1), &[10, 50]),
            (grey(2, 1, &[10, 20]), (2, 1), &[10, 20]),
            (grey(2, 1, &[10, 20]), (4, 1), &[10, 10, 20, 20]),
            (grey(1, 3, &[0, 30, 60]), (1, 2), &[10, 50]),
        ];
        for (decoded, (width, height), expected) in cases {
            let scaled = scale(&decoded, Size::new(width, height)).unwrap();
            assert_eq!(greys(&scaled), expected, "{:?}", decoded.size);
        }
    }

    #[test]
    fn what_cannot_be_seen_gives_no_colour() {
        let bytes = vec![200, 100, 50, 255, 0, 255, 0, 0];
        let decoded = Decoded { size: Size::new(2, 1), channels: 4, bytes };
        assert_eq!(scale(&decoded, Size::new(1, 1)).unwrap().bytes(), [200, 100, 50, 128]);
    }

    #[test]
    fn a_part_of_a_picture_is_scaled_alone() {
        let all = scale(&grey(4, 3, &[1, 2, 3, 4, 5, 60, 80, 8, 9, 100, 120, 12]), Size::new(4, 3)).unwrap();
        let part = |at, (width, height), size| scale_part(&all, at, Size::new(width, height), size);
        assert_eq!(greys(&part((1, 1), (2, 2), Size::new(2, 2)).unwrap()), [60, 80, 100, 120]);
        assert_eq!(greys(&part((1, 1), (2, 2), Size::new(1, 1)).unwrap()), [90]);
        assert_eq!(greys(&part((3, 2), (1, 1), Size::new(2, 1)).unwrap()), [12, 12]);
        assert!(part((3, 2), (2, 1), Size::new(1, 1)).is_none());
        assert!(part((0, 0), (0, 0), Size::new(1, 1)).is_none());
    }

    #[test]
    fn too_few_bytes_are_no_picture() {
        assert!(scale(&grey(2, 2, &[1, 2, 3]), Size::new(1, 1)).is_none());
        assert!(scale(&grey(0, 0, &[]), Size::new(1, 1)).is_none());
        assert!(scale(&grey(2, 2, &[1, 2, 3, 4]), Size::new(0, 0)).is_some());
    }

    /// The numbers of Exif, and where the pixels of `1 2 3 / 4 5 6` come to lie.
    #[test]
    fn the_eight_orientations_turn_pictures() {
        let cases = [
            ([false, false, false], [1, 2, 3, 4, 5, 6]),
            ([false, true, false], [3, 2, 1, 6, 5, 4]),
            ([false, true, true], [6, 5, 4, 3, 2, 1]),
            ([false, false, true], [4, 5, 6, 1, 2, 3]),
            ([true, false, false], [1, 4, 2, 5, 3, 6]),
            ([true, true, false], [4, 1, 5, 2, 6, 3]),
            ([true, true, true], [6, 3, 5, 2, 4, 1]),
            ([true, false, true], [3, 6, 2, 5, 1, 4]),
        ];
        for ([is_transposed, is_mirrored, is_flipped], expected) in cases {
            let (width, height) = if is_transposed { (2, 3) } else { (3, 2) };
            let pixels = scale(&grey(3, 2, &[1, 2, 3, 4, 5, 6]), Size::new(3, 2)).unwrap();
            let turned = turn(pixels, Orientation { is_transposed, is_mirrored, is_flipped });
            assert_eq!((turned.size(), greys(&turned)), (Size::new(width, height), expected.to_vec()));
        }
    }
}
