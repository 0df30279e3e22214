//! What a picture needs that is partly transparent: a ground on which it is seen.

use super::ground::Ground;
use super::pixels::Pixels;

/// Opacity from which a pixel counts.
const SEEN: u8 = 128;
/// A share of transparent pixels from which a picture needs a ground, as a divisor: one of 50.
const TRANSPARENT: usize = 50;

/// Lays a picture on white or black if its ground is transparent and its lines would not be seen on the ground of the screen: a
/// diagram with dark lines on a dark screen, or the reverse.
pub fn lay_on_ground(pixels: &mut Pixels, ground: Ground) {
    let all = pixels.bytes().as_chunks::<4>().0;
    let seen = all.iter().filter(|[.., opacity]| *opacity >= SEEN);
    let (count, sum) = seen.fold((0_u64, 0_u64), |(count, sum), pixel| (count + 1, sum + u64::from(luminance(*pixel))));
    let transparent = all.iter().filter(|[.., opacity]| *opacity < SEEN).count();
    if count == 0 || transparent < all.len().div_ceil(TRANSPARENT) {
        return;
    }
    let is_dark = sum / count < 96;
    let is_light = sum / count > 160;
    let paper = match ground {
        Ground::Dark if is_dark => u8::MAX,
        Ground::Light if is_light => 0,
        _ => return,
    };
    pixels.map(|[red, green, blue, opacity]| {
        let over = |colour: u8| blend(colour, paper, opacity);
        [over(red), over(green), over(blue), u8::MAX]
    });
}

/// A colour of some opacity over another colour.
pub fn blend(colour: u8, below: u8, opacity: u8) -> u8 {
    let (colour, below, opacity) = (u32::from(colour), u32::from(below), u32::from(opacity));
    u8::try_from((colour * opacity + below * (255 - opacity) + 127) / 255).unwrap_or(u8::MAX)
}

/// How bright a colour is, from 0 to 255, with the weights of [Rec. 601](https://www.itu.int/rec/R-REC-BT.601).
fn luminance([red, green, blue, _]: [u8; 4]) -> u8 {
    let sum = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
    u8::try_from(sum / 1_000).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::pixels::Size;
    use super::*;

    #[test]
    fn diagrams_are_laid_on_a_ground_on_which_they_are_seen() {
        let (black, white, clear) = ([0, 0, 0, 255], [255, 255, 255, 255], [7, 7, 7, 0]);
        let cases = [
            (black, clear, Ground::Dark, [black, white]),
            (black, clear, Ground::Light, [black, clear]),
            (white, clear, Ground::Light, [white, black]),
            (white, clear, Ground::Dark, [white, clear]),
            // No transparent part: a photograph stays as it is.
            (black, black, Ground::Dark, [black, black]),
            // Nothing to see.
            (clear, clear, Ground::Dark, [clear, clear]),
        ];
        for (first, second, ground, expected) in cases {
            let mut pixels = Pixels::new(Size::new(2, 1), [first, second].concat()).unwrap();
            lay_on_ground(&mut pixels, ground);
            assert_eq!(pixels.bytes(), expected.concat(), "{first:?} {second:?} {ground:?}");
        }
    }
}
