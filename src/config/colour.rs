//! Parses colours: `#rgb`, `#rrggbb`, a name, a palette number, or `default`.

use ratatui::style::Color;

use super::value_reader::did_you_mean;

/// The names of the 16 terminal colours, in palette order, and `default` for the terminal's own text and background.
const NAMES: [(&str, Color); 17] = [
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("gray", Color::Gray),
    ("darkgray", Color::DarkGray),
    ("lightred", Color::LightRed),
    ("lightgreen", Color::LightGreen),
    ("lightyellow", Color::LightYellow),
    ("lightblue", Color::LightBlue),
    ("lightmagenta", Color::LightMagenta),
    ("lightcyan", Color::LightCyan),
    ("white", Color::White),
    ("default", Color::Reset),
];

/// Parses a colour. In names, blanks, `-`, `_` and case do not matter, and `bright` means `light`.
pub fn parse(text: &str) -> Option<Color> {
    let text = text.trim();
    if let Some(digits) = text.strip_prefix('#') {
        return from_hex(digits);
    }
    if let Ok(number) = text.parse() {
        return Some(Color::Indexed(number));
    }
    let name = normalized_name(text);
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, colour)| *colour)
}

fn normalized_name(name: &str) -> String {
    let name: String = name.chars().filter(|c| !matches!(c, ' ' | '-' | '_')).collect();
    name.to_lowercase().replace("grey", "gray").replace("bright", "light")
}

fn from_hex(digits: &str) -> Option<Color> {
    let digits: Vec<u8> = digits.chars().map(|c| c.to_digit(16).map(|digit| digit as u8)).collect::<Option<_>>()?;
    match digits.as_slice() {
        [r, g, b] => Some(Color::Rgb(17 * r, 17 * g, 17 * b)),
        [r, s, g, h, b, c] => Some(Color::Rgb(16 * r + s, 16 * g + h, 16 * b + c)),
        _ => None,
    }
}

/// A hint for a text that is not a colour: the nearest name, or the accepted forms.
pub fn hint(text: &str) -> String {
    const FORMS: &str = "write \"#rrggbb\", a name such as cyan or lightred, a number from 0 to 255, or default";
    let names: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
    let near = did_you_mean(&normalized_name(text), &names).filter(|_| !text.starts_with('#'));
    near.unwrap_or_else(|| FORMS.to_owned())
}

/// The relative luminance of a colour as WCAG defines it, from 0 to 1; the parts of the colour are from 0 to 1.
fn luminance(parts: [f64; 3]) -> f64 {
    let linear = |part: f64| if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) };
    let [r, g, b] = parts.map(linear);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// Whether a background with these parts, each from 0 to 1, is light: whether black text contrasts more with it than white text.
pub fn are_light(parts: [f64; 3]) -> bool {
    let luminance = luminance(parts);
    (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05)
}

/// Whether a background is light; `None` for the colours that every terminal defines differently.
pub fn is_light(colour: Color) -> Option<bool> {
    parts(colour).map(are_light)
}

/// The contrast of two colours as WCAG defines it, from 1 to 21; `None` for colours that every terminal defines differently.
pub fn contrast(one: Color, other: Color) -> Option<f64> {
    let (one, other) = (luminance(parts(one)?), luminance(parts(other)?));
    Some((one.max(other) + 0.05) / (one.min(other) + 0.05))
}

/// A colour with `share` hundredths of another one in it; `None` for colours that every terminal defines differently.
pub fn mixed(colour: Color, other: Color, share: u8) -> Option<Color> {
    let (colour, other) = (parts(colour)?, parts(other)?);
    let share = f64::from(share) / 100.0;
    let mix = |at: usize| {
        let (own, other) = (colour.get(at).copied().unwrap_or(0.0), other.get(at).copied().unwrap_or(0.0));
        // Between 0 and 255, so nothing is cut.
        ((own + (other - own) * share) * 255.0).round() as u8
    };
    Some(Color::Rgb(mix(0), mix(1), mix(2)))
}

/// The red, green and blue of a colour, each from 0 to 1.
fn parts(colour: Color) -> Option<[f64; 3]> {
    let parts = match colour {
        Color::Rgb(r, g, b) => [r, g, b],
        Color::Indexed(gray @ 232..) => [8 + 10 * (gray - 232); 3],
        Color::Indexed(in_cube @ 16..) => {
            let of_cube = |step: u8| STEPS.get(usize::from(step)).copied().unwrap_or_default();
            [(in_cube - 16) / 36, (in_cube - 16) / 6 % 6, (in_cube - 16) % 6].map(of_cube)
        }
        _ => return None,
    };
    Some(parts.map(|part| f64::from(part) / 255.0))
}

/// The levels of xterm's colour cube, which other terminals copy.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The nearest colour of the 256-colour palette, for terminals without true colour. The first 16 colours are not used, as every
/// terminal defines them differently.
pub fn to_256_colours(colour: Color) -> Color {
    let Color::Rgb(r, g, b) = colour else { return colour };
    let far = |a: [u8; 3]| -> u32 { a.into_iter().zip([r, g, b]).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum() };
    let step = |value: u8| STEPS.iter().zip(0u8..).min_by_key(|(step, _)| step.abs_diff(value)).unwrap_or((&0, 0));
    let [(r6, i), (g6, j), (b6, k)] = [r, g, b].map(step);
    // xterm's 24 greys leave out black and white, which are in the cube.
    let grays = (0u8..24).map(|n| (8 + 10 * n, 232 + n));
    let gray = grays.min_by_key(|(value, _)| far([*value; 3])).unwrap_or((8, 232));
    let in_cube = 16 + 36 * i + 6 * j + k;
    Color::Indexed(if far([gray.0; 3]) < far([*r6, *g6, *b6]) { gray.1 } else { in_cube })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepted_spellings() {
        for (text, colour) in [
            ("#f80", Some(Color::Rgb(255, 136, 0))),
            ("#Ff8000", Some(Color::Rgb(255, 128, 0))),
            (" cyan ", Some(Color::Cyan)),
            ("bright red", Some(Color::LightRed)),
            ("Light-Red", Some(Color::LightRed)),
            ("dark_grey", Some(Color::DarkGray)),
            ("default", Some(Color::Reset)),
            ("0", Some(Color::Indexed(0))),
            ("255", Some(Color::Indexed(255))),
            ("256", None),
            ("-1", None),
            ("#ggg", None),
            ("#ffff", None),
            ("#ffé", None),
            ("#", None),
            ("", None),
            ("salmon", None),
        ] {
            assert_eq!(parse(text), colour, "{text:?}");
        }
        assert_eq!(hint("cyna"), "did you mean `cyan`?");
        assert!(hint("#ggg").starts_with("write") && hint("salmon").starts_with("write"));
    }

    #[test]
    fn light_and_dark_backgrounds() {
        for (colour, light) in [
            (Color::Rgb(0, 0, 0), Some(false)),
            (Color::Rgb(255, 255, 255), Some(true)),
            (Color::Rgb(0x80, 0x80, 0x80), Some(true)),
            (Color::Rgb(0x60, 0x60, 0x60), Some(false)),
            (Color::Indexed(16), Some(false)),
            (Color::Indexed(231), Some(true)),
            (Color::Indexed(232), Some(false)),
            (Color::Indexed(255), Some(true)),
            (Color::Indexed(17), Some(false)),
            (Color::Indexed(15), None),
            (Color::White, None),
            (Color::Reset, None),
        ] {
            assert_eq!(is_light(colour), light, "{colour}");
        }
    }

    #[test]
    fn contrast_is_computed_as_in_wcag() {
        for (one, other, known) in [
            (Color::Rgb(0, 0, 0), Color::Rgb(255, 255, 255), Some(21.0)),
            (Color::Rgb(0x77, 0x77, 0x77), Color::Indexed(231), Some(4.48)),
            (Color::Rgb(255, 0, 0), Color::Rgb(0, 0, 255), Some(2.15)),
            (Color::Rgb(0, 0, 0), Color::Reset, None),
            (Color::Blue, Color::Rgb(0, 0, 0), None),
        ] {
            let found = contrast(one, other);
            assert_eq!(found.map(|found| (found * 100.0).round() / 100.0), known, "{one} {other}");
        }
    }

    #[test]
    fn colours_map_to_the_nearest_of_256() {
        for (colour, index) in [
            ((0, 0, 0), 16),
            ((255, 255, 255), 231),
            ((255, 0, 0), 196),
            ((95, 135, 175), 67),
            ((40, 40, 40), 235),
            ((0x16, 0x18, 0x1d), 234),
        ] {
            assert_eq!(to_256_colours(Color::Rgb(colour.0, colour.1, colour.2)), Color::Indexed(index), "{colour:?}");
        }
        assert_eq!(to_256_colours(Color::Cyan), Color::Cyan);
    }
}
