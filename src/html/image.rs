//! Images: where the picture is that a browser would show in the end, and which images are not pictures.

use super::tokens::Attributes;

/// Attributes that scripts of pages turn into `src` once the image is near.
const LAZY: [&str; 8] = [
    "data-src",
    "data-lazy-src",
    "data-original",
    "data-actualsrc",
    "data-hi-res-src",
    "data-lazy",
    "data-url",
    "data-original-src",
];

/// The address of an image and its alternatives.
pub struct Source<'a> {
    /// As written.
    pub address: &'a str,
    /// True if a browser without scripts would not load it.
    pub is_lazy: bool,
}

/// The address of an image; `None` if it has none that leads to a picture outside of the document.
pub fn source<'a>(attributes: &'a Attributes) -> Option<Source<'a>> {
    let lazy = |name: &&str| attributes.get(name).filter(|value| is_address(value));
    if let Some(address) = LAZY.iter().find_map(lazy) {
        return Some(Source { address: address.trim(), is_lazy: true });
    }
    let set = ["data-srcset", "data-lazy-srcset"].iter().find_map(|name| first_of_set(attributes.get(name)?));
    if let Some(address) = set {
        return Some(Source { address, is_lazy: true });
    }
    let plain = attributes.get("src").filter(|value| is_address(value)).map(str::trim);
    let address = plain.or_else(|| first_of_set(attributes.get("srcset")?))?;
    Some(Source { address, is_lazy: false })
}

/// The first address of a `srcset`.
pub fn first_of_set(set: &str) -> Option<&str> {
    // An address may have commas, so it ends at a blank; a comma at its end separates it from the next.
    let first = set.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
    let address = first.split_ascii_whitespace().next()?.trim_end_matches(',');
    is_address(address).then_some(address)
}

/// True for images that are not shown: those of one point, which count visitors, and lines of one point.
pub fn is_pixel(attributes: &Attributes) -> bool {
    let size = |name| attributes.get(name).map(|value| value.trim().trim_end_matches("px"));
    match (size("width"), size("height")) {
        (Some("0" | "1"), Some("0" | "1") | None) | (None, Some("0" | "1")) => true,
        // A side of 0 beside a longer one is unknown.
        (Some("1"), _) | (_, Some("1")) => true,
        _ => false,
    }
}

/// True for images that represent a character of the text, which is their description.
pub fn is_character(attributes: &Attributes) -> bool {
    const CLASSES: [&str; 6] = ["emoji", "Emoji", "wp-smiley", "emojione", "custom-emoji", "g-emoji"];
    CLASSES.iter().any(|class| attributes.has_class(class))
}

fn is_address(value: &str) -> bool {
    let value = value.trim();
    !value.is_empty() && !value.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
}
