//! Pixels as [sixels](https://vt100.net/docs/vt3xx-gp/chapter14.html): columns of six pixels, one colour after the other.

use std::fmt::Write;

use super::pixels::Pixels;

/// Opacity from which a pixel is drawn.
const SEEN: u8 = 128;
/// Rows of a band.
const BAND: u32 = 6;
/// Thresholds of ordered dithering, from 0 to 15.
const THRESHOLDS: [[u32; 4]; 4] = [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]];

/// The levels of red, green and blue of the largest palette that has at most `colours`.
fn levels(colours: u32) -> [u32; 3] {
    match colours {
        216.. => [6, 6, 6],
        64.. => [4, 4, 4],
        27.. => [3, 3, 3],
        16.. => [2, 4, 2],
        _ => [2, 2, 2],
    }
}

/// The number in the palette of the colour of a pixel; `None` if it is transparent.
fn colour(pixels: &Pixels, (x, y): (u32, u32), levels: [u32; 3]) -> Option<u32> {
    let [parts @ .., opacity] = pixels.at(x, y);
    let threshold = THRESHOLDS.get(y as usize % 4).and_then(|row| row.get(x as usize % 4)).copied().unwrap_or_default();
    let level = |part: u8, levels: u32| (u32::from(part) * (levels - 1) * 32 + (2 * threshold + 1) * 255) / (255 * 32);
    let number = parts.into_iter().zip(levels).fold(0, |number, (part, levels)| number * levels + level(part, levels));
    (opacity >= SEEN).then_some(number)
}

/// Encodes pixels for a terminal with a number of colours. Transparent ones stay as the screen has them.
pub fn sixel(pixels: &Pixels, colours: u32) -> String {
    let levels = levels(colours);
    let (width, height) = (pixels.size().width, pixels.size().height);
    // Writing to a string cannot fail.
    let mut out = format!("\x1bP0;1;0q\"1;1;{width};{height}");
    let [reds, greens, blues] = levels;
    for number in 0..reds * greens * blues {
        let percent = |level: u32, levels: u32| level * 100 / (levels - 1);
        let (red, green, blue) = (number / (greens * blues), number / blues % greens, number % blues);
        let parts = (percent(red, reds), percent(green, greens), percent(blue, blues));
        let _ = write!(out, "#{number};2;{};{};{}", parts.0, parts.1, parts.2);
    }
    for top in (0..height).step_by(BAND as usize) {
        // By number: the bits of each column.
        let mut band: Vec<Vec<u8>> = vec![Vec::new(); (reds * greens * blues) as usize];
        for (y, bit) in (top..height.min(top + BAND)).zip(0_u8..) {
            for x in 0..width {
                let Some(columns) = colour(pixels, (x, y), levels).and_then(|number| band.get_mut(number as usize))
                else {
                    continue;
                };
                columns.resize(width as usize, 0);
                columns.iter_mut().skip(x as usize).take(1).for_each(|bits| *bits |= 1 << bit);
            }
        }
        for (number, columns) in band.iter().enumerate().filter(|(_, columns)| !columns.is_empty()) {
            let _ = write!(out, "#{number}");
            for run in columns.chunk_by(|one, other| one == other) {
                let sixel = char::from(run.first().copied().unwrap_or_default() + b'?');
                match run.len() {
                    length @ ..=3 => out.extend(std::iter::repeat_n(sixel, length)),
                    length => drop(write!(out, "!{length}{sixel}")),
                }
            }
            out.push('$');
        }
        out.push('-');
    }
    out.push_str("\x1b\\");
    out
}

#[cfg(test)]
mod tests {
    use super::super::pixels::Size;
    use super::*;

    /// Draws sixels as a terminal does: each pixel as percentages, or nothing.
    fn drawn(text: &str) -> (Size, Vec<Option<[u32; 3]>>) {
        let body = text.strip_prefix("\x1bP0;1;0q\"1;1;").and_then(|text| text.strip_suffix("\x1b\\")).unwrap();
        let number = |text: &mut &str| {
            let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
            let (digits, rest) = text.split_at(end);
            *text = rest;
            digits.parse::<u32>().unwrap()
        };
        let mut rest = body;
        let width = number(&mut rest);
        rest = &rest[1..];
        let size = Size::new(width, number(&mut rest));
        let (mut screen, mut palette) = (vec![None; size.pixels() as usize], vec![[0; 3]; 256]);
        let (mut colour, mut x, mut top) = (0, 0, 0);
        while let Some(c) = rest.chars().next() {
            rest = &rest[1..];
            let mut times = 1;
            match c {
                '#' => {
                    colour = number(&mut rest) as usize;
                    if let Some(after) = rest.strip_prefix(";2;") {
                        rest = after;
                        for part in &mut palette[colour] {
                            *part = number(&mut rest);
                            rest = rest.strip_prefix(';').unwrap_or(rest);
                        }
                    }
                    continue;
                }
                '$' => x = 0,
                '-' => (x, top) = (0, top + 6),
                _ => {
                    let mut c = c;
                    if c == '!' {
                        times = number(&mut rest);
                        c = rest.chars().next().unwrap();
                        rest = &rest[1..];
                    }
                    let bits = c as u8 - b'?';
                    for _ in 0..times {
                        for row in (0..6).filter(|row| bits & (1 << row) != 0) {
                            screen[((top + row) * width + x) as usize] = Some(palette[colour]);
                        }
                        x += 1;
                    }
                }
            }
        }
        (size, screen)
    }

    #[test]
    fn what_a_terminal_draws_has_the_colours_of_the_picture() {
        let size = Size::new(9, 8);
        let plain = [[255, 0, 0, 255], [0, 255, 255, 255], [255, 255, 255, 255], [0, 0, 0, 255], [9, 9, 9, 100]];
        let rgba: Vec<u8> = (0..72).flat_map(|n| plain[n / 11 % 5]).collect();
        for colours in [2, 16, 27, 64, 256] {
            let (drawn_size, screen) = drawn(&sixel(&Pixels::new(size, rgba.clone()).unwrap(), colours));
            assert_eq!(drawn_size, size);
            for (n, seen) in screen.iter().enumerate() {
                let [parts @ .., opacity] = plain[n / 11 % 5];
                let expected = (opacity == 255).then(|| parts.map(|part| u32::from(part) * 100 / 255));
                assert_eq!(*seen, expected, "{n} {colours}");
            }
        }
    }

    #[test]
    fn a_colour_between_those_of_the_palette_is_mixed() {
        for (grey, expected) in [(128, 50), (64, 25), (200, 78)] {
            let pixels = Pixels::new(Size::new(40, 40), [grey, grey, grey, 255].repeat(1_600)).unwrap();
            let (_, screen) = drawn(&sixel(&pixels, 16));
            let sum: u32 = screen.iter().flatten().map(|[_, green, _]| green).sum();
            assert!((sum / 1_600).abs_diff(expected) <= 2, "{grey}: {}", sum / 1_600);
        }
    }
}
