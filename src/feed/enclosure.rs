//! Enclosures: sound, films and other files that belong to an article, as podcasts publish them.

use super::clean::{self, SafeText};
use super::link::Link;
use crate::html::MediaKind;

/// Limit for enclosures of an article.
pub const MAX_ENCLOSURES: usize = 100;

/// A file that belongs to an article, such as an episode of a podcast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosure {
    /// Link to the file.
    pub link: Link,
    /// Media type, such as `audio/mpeg`; may be empty.
    pub media_type: SafeText,
    /// Size in bytes, if the article file gives it.
    pub length: Option<u64>,
    /// Duration in seconds, if the article file gives it.
    pub duration: Option<u32>,
}

impl Enclosure {
    /// What it shows or plays: by its media type, or by its address if the type is missing or says nothing.
    pub fn media_kind(&self) -> Option<MediaKind> {
        let types = [("audio", MediaKind::Audio), ("video", MediaKind::Video), ("image", MediaKind::Picture)];
        let by_type = types.into_iter().find(|(name, _)| self.is_of_type(name)).map(|(_, kind)| kind);
        let says_nothing = ["", "application/octet-stream"].contains(&self.media_type.as_str().trim());
        by_type.or_else(|| says_nothing.then(|| MediaKind::of_path(self.link.shown().as_str())).flatten())
    }

    /// Whether a player plays it: sound, or a film.
    pub fn is_played(&self) -> bool {
        matches!(self.media_kind(), Some(MediaKind::Audio | MediaKind::Video))
    }

    fn is_of_type(&self, name: &str) -> bool {
        let kind = self.media_type.as_str().split('/').next().unwrap_or_default();
        kind.trim().eq_ignore_ascii_case(name)
    }

    /// What it is, how long it takes and how large it is: `Audio, 31 min, 28 MB`.
    pub fn description(&self) -> SafeText {
        let kind = match self.media_kind() {
            Some(MediaKind::Audio) => "Audio",
            Some(MediaKind::Video) => "Video",
            Some(MediaKind::Picture) => "Picture",
            None if self.is_of_type("text") => "Text",
            None => "File",
        };
        let duration = self.duration.filter(|seconds| *seconds > 0).map(duration_in_words);
        let length = self.length.filter(|bytes| *bytes > 0).map(size_in_words);
        let words: Vec<String> = [Some(kind.to_owned()), duration, length].into_iter().flatten().collect();
        clean::plain_line(&words.join(", "))
    }
}

/// A duration in the two largest units: `45 s`, `31 min`, `1 h 5 min`.
fn duration_in_words(seconds: u32) -> String {
    if seconds < 60 {
        return format!("{seconds} s");
    }
    // Rounded to minutes without an overflow.
    let minutes = seconds / 60 + u32::from(seconds % 60 >= 30);
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// A size in units of 1,000 bytes, as file managers and shops write it: `900 B`, `28 MB`, `1.2 GB`.
fn size_in_words(bytes: u64) -> String {
    let (mut unit, mut size) = ("B", 1u128);
    for larger in ["kB", "MB", "GB", "TB"] {
        // 999.5 of a unit is rounded to 1 of the next.
        if u128::from(bytes) * 2 < size * 1_999 {
            break;
        }
        (unit, size) = (larger, size * 1_000);
    }
    let tenths = (u128::from(bytes) * 10 + size / 2) / size;
    match (tenths / 10, tenths % 10) {
        (whole, rest) if whole < 10 && rest > 0 => format!("{whole}.{rest} {unit}"),
        (whole, rest) => format!("{} {unit}", whole + u128::from(rest >= 5)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_enclosure_says_what_it_is() {
        for (media_type, duration, length, expected) in [
            ("audio/mpeg", Some(1_860), Some(28_012_345), "Audio, 31 min, 28 MB"),
            ("AUDIO/ogg", Some(45), None, "Audio, 45 s"),
            ("video/mp4", Some(3_600), Some(1_249_000_000), "Video, 1 h, 1.2 GB"),
            ("video/mp4", Some(3_899), Some(999_999), "Video, 1 h 5 min, 1 MB"),
            ("image/png", Some(0), Some(0), "Picture"),
            ("application/pdf", None, Some(950), "File, 950 B"),
            ("", None, Some(999), "File, 999 B"),
            ("", None, Some(1_000), "File, 1 kB"),
            ("", Some(u32::MAX), Some(u64::MAX), "File, 1193046 h 28 min, 18446744 TB"),
            ("text/vtt", None, Some(1_500), "Text, 1.5 kB"),
        ] {
            let link = Link::read("https://example.org/a");
            let enclosure = Enclosure { link, media_type: media_type.into(), length, duration };
            assert_eq!(enclosure.description().as_str(), expected);
        }
        for (address, media_type, expected, is_played) in [
            ("https://e.org/a.mp3?token=x.pdf", "", "Audio", true),
            ("https://e.org/a.MKV", "application/octet-stream", "Video", true),
            ("https://e.org/a.mp3", "application/pdf", "File", false),
            ("https://e.org/a.mp3", "image/png", "Picture", false),
            ("https://e.org/mp3", "", "File", false),
        ] {
            let (link, media_type) = (Link::read(address), media_type.into());
            let enclosure = Enclosure { link, media_type, length: None, duration: None };
            assert_eq!((enclosure.description().as_str(), enclosure.is_played()), (expected, is_played), "{address}");
        }
    }
}
