//! Persons, pictures and files whose parts are in several elements or attributes.

use super::vocabularies::LowerName;
use super::{Enclosure, Image, Person, people};
use crate::feed::UntrustedText;
use crate::xml::Element;

/// What the elements in `author` tell.
#[derive(Debug, Default)]
pub(super) struct PersonParts {
    name: String,
    email: String,
    uri: String,
}

impl PersonParts {
    /// Sets `name`, `email` or `uri`.
    pub fn set(&mut self, part: &str, text: &str) {
        let slot = match part {
            "name" => &mut self.name,
            "email" => &mut self.email,
            _ => &mut self.uri,
        };
        if slot.is_empty() {
            *slot = text.to_owned();
        }
    }

    /// The person. `text` is what is in the element besides.
    pub fn finish(self, text: &str, absolute: impl Fn(&str) -> Option<UntrustedText>) -> Option<Person> {
        let mut person = people::person(if self.name.is_empty() { text } else { &self.name }).unwrap_or_default();
        let email = people::person(&self.email).map(|person| match person.email {
            // An address without a dot, such as `me@localhost`.
            None if person.name.untrusted().contains('@') => Some(person.name),
            email => email,
        });
        person.email = email.flatten().or(person.email);
        person.url = absolute(&self.uri);
        (!person.name.is_blank() || person.email.is_some() || person.url.is_some()).then_some(person)
    }
}

/// What is known of a picture.
#[derive(Debug, Default)]
pub(super) struct Picture {
    url: String,
    title: String,
    width: Option<u32>,
    height: Option<u32>,
}

impl Picture {
    /// A picture whose address is in the attribute `url` or `href`.
    pub fn of(element: &Element) -> Picture {
        let url = element.attribute("url").or_else(|| element.attribute("href"));
        Picture {
            url: url.unwrap_or_default().into_owned(),
            title: String::new(),
            width: pixels(&element.attribute("width").unwrap_or_default()),
            height: pixels(&element.attribute("height").unwrap_or_default()),
        }
    }

    /// A picture of RDF, which has its address only here.
    pub fn of_resource(element: &Element) -> Picture {
        let url = element.attribute("rdf:resource").or_else(|| element.attribute("url"));
        Picture { url: url.unwrap_or_default().into_owned(), ..Picture::default() }
    }

    /// Sets `url`, `title`, `width` or `height`.
    pub fn set(&mut self, part: &str, text: &str) {
        match part {
            "url" => self.set_address(text),
            "title" => self.title = text.to_owned(),
            "width" => self.width = pixels(text),
            _ => self.height = pixels(text),
        }
    }

    /// Sets the address, unless there is one.
    pub fn set_address(&mut self, text: &str) {
        if self.url.is_empty() {
            self.url = text.to_owned();
        }
    }

    /// The picture, if its address can be made absolute.
    pub fn image(&self, absolute: impl Fn(&str) -> Option<UntrustedText>) -> Option<Image> {
        let url = absolute(&self.url)?;
        Some(Image { url, title: UntrustedText::new(&self.title), size: self.width.zip(self.height) })
    }
}

fn pixels(text: &str) -> Option<u32> {
    text.trim().trim_end_matches("px").parse().ok()
}

/// Endings of addresses of pictures.
const IMAGES: [&str; 7] = [".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg"];

/// What is known of a file.
#[derive(Debug, Default)]
pub(super) struct MediaFile {
    pub url: String,
    pub title: String,
    media_type: String,
    medium: String,
    length: Option<u64>,
    duration: Option<u32>,
    size: Option<(u32, u32)>,
}

impl MediaFile {
    /// A file by the attributes of `enclosure`, `media:content` or `link`.
    pub fn of(element: &Element) -> MediaFile {
        let mut file = MediaFile::default();
        let (mut href, mut file_size, mut width, mut height) = (String::new(), None, None, None);
        // In one pass: there is no second with a name in valid XML, and of others the first one counts.
        for attribute in element.attributes() {
            let value = attribute.value();
            let value = value.trim();
            match LowerName::new(attribute.name).as_str() {
                "url" if file.url.is_empty() => file.url = value.to_owned(),
                "href" if href.is_empty() => href = value.to_owned(),
                "title" if file.title.is_empty() => file.title = value.to_owned(),
                "type" if file.media_type.is_empty() => file.media_type = value.to_ascii_lowercase(),
                "medium" if file.medium.is_empty() => file.medium = value.to_ascii_lowercase(),
                "length" => file.length = file.length.or(length(value)),
                "filesize" => file_size = file_size.or(length(value)),
                "duration" => file.duration = file.duration.or(seconds(value)),
                "width" => width = width.or(pixels(value)),
                "height" => height = height.or(pixels(value)),
                _ => {}
            }
        }
        if file.url.is_empty() {
            file.url = href;
        }
        MediaFile { length: file.length.or(file_size), size: width.zip(height), ..file }
    }

    /// True for a picture.
    pub fn is_image(&self) -> bool {
        let path = self.url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
        let is_unknown = self.media_type.is_empty() && self.medium.is_empty();
        let has_ending = IMAGES.iter().any(|ending| path.ends_with(ending));
        self.medium == "image" || self.media_type.starts_with("image") || (is_unknown && has_ending)
    }

    /// True for a page, which is not a file.
    pub fn is_page(&self) -> bool {
        self.media_type.starts_with("text/html") || self.medium == "document"
    }

    /// The file as a picture at an absolute address.
    pub fn image(&self, url: UntrustedText) -> Image {
        Image { url, title: UntrustedText::new(&self.title), size: self.size }
    }

    /// The file at an absolute address.
    pub fn enclosure(&self, url: UntrustedText) -> Enclosure {
        let media_type = [&self.media_type, &self.medium].into_iter().find(|kind| kind.contains('/'));
        Enclosure {
            url,
            media_type: media_type.map(|kind| UntrustedText::new(kind)),
            length: self.length,
            duration: self.duration,
        }
    }
}

/// Reads a length in bytes. Sites write 0 and 1 for one that they do not know.
fn length(text: &str) -> Option<u64> {
    let length = if text.contains(',') { text.replace(',', "").parse() } else { text.parse() };
    length.ok().filter(|length| *length > 1)
}

/// Units of a duration, and their seconds.
const UNITS: [(u32, &[&str]); 3] = [
    (3_600, &["h", "hr", "hrs", "hour", "hours"]),
    (60, &["m", "min", "mins", "minute", "minutes"]),
    (1, &["s", "sec", "secs", "second", "seconds"]),
];

/// Reads a duration: `1:02:03`, `62:03` or seconds, with a fraction that is left out; `1h 2m 3s`, or `PT1H2M3S` (ISO 8601).
pub(super) fn seconds(text: &str) -> Option<u32> {
    if text.contains(|c: char| c.is_ascii_alphabetic()) {
        return seconds_of_units(text);
    }
    let mut seconds: u32 = 0;
    for part in text.trim().splitn(3, ':') {
        let whole = part.trim().split('.').next()?;
        seconds = seconds.checked_mul(60)?.checked_add(whole.parse().ok()?)?;
    }
    (seconds > 0).then_some(seconds)
}

/// Reads a duration with units, each at most once and the longest first.
fn seconds_of_units(text: &str) -> Option<u32> {
    let lower = text.trim().to_ascii_lowercase();
    let mut rest = lower.strip_prefix("pt").unwrap_or(&lower).trim();
    let (mut seconds, mut longest) = (0_u32, u32::MAX);
    while !rest.is_empty() {
        let (number, behind) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit() && c != '.')?);
        let behind = behind.trim_start();
        let (unit, behind) = behind.split_at(behind.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(behind.len()));
        let (size, _) = UNITS.into_iter().find(|(size, names)| *size < longest && names.contains(&unit))?;
        let whole: u32 = number.split('.').next()?.parse().ok()?;
        seconds = seconds.checked_add(whole.checked_mul(size)?)?;
        (longest, rest) = (size, behind.trim_start_matches([',', ' ']));
    }
    (seconds > 0).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_seconds() {
        for (text, expected) in [
            ("1:02:03", Some(3723)),
            ("62:03", Some(3723)),
            ("3723", Some(3723)),
            (" 12.5 ", Some(12)),
            ("01:02:03.5", Some(3723)),
            ("0", None),
            ("", None),
            ("soon", None),
            ("1:2:3:4", None),
            ("4000000000:00", None),
            ("PT1H", Some(3600)),
            ("pt1h2m3.5s", Some(3723)),
            ("PT90M", Some(5400)),
            ("1h", Some(3600)),
            ("1 h 2 min 3 sec", Some(3723)),
            ("62 minutes, 3 seconds", Some(3723)),
            ("45 min.", None),
            ("PT0S", None),
            ("PT", None),
            ("P1M", None),
            ("1m1h", None),
            ("1h1h", None),
            ("h", None),
            ("-1h", None),
            ("9999999999h", None),
            ("4000000h", None),
            ("1é", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
