//! Which files are pictures, videos and sounds, by the endings of their names.

/// What a file shows or plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaKind {
    /// A picture.
    Picture,
    /// A video.
    Video,
    /// A sound.
    Audio,
}

const PICTURES: [&str; 12] = ["png", "jpg", "jpeg", "gif", "webp", "svg", "avif", "bmp", "tif", "tiff", "ico", "heic"];
const VIDEOS: [&str; 7] = ["mp4", "webm", "ogv", "mov", "mkv", "m4v", "avi"];
/// With `3gp`, in which Obsidian records sound.
const SOUNDS: [&str; 8] = ["mp3", "wav", "m4a", "ogg", "oga", "flac", "opus", "3gp"];

impl MediaKind {
    /// The kind of the files with an ending, without its dot.
    pub fn of_ending(ending: &str) -> Option<MediaKind> {
        let has = |endings: &[&str]| endings.iter().any(|known| known.eq_ignore_ascii_case(ending));
        match () {
            () if has(&PICTURES) => Some(MediaKind::Picture),
            () if has(&VIDEOS) => Some(MediaKind::Video),
            () if has(&SOUNDS) => Some(MediaKind::Audio),
            () => None,
        }
    }

    /// The kind of the file that a path or an address leads to.
    pub fn of_path(path: &str) -> Option<MediaKind> {
        let name = path.split(['?', '#']).next()?.rsplit('/').next()?;
        MediaKind::of_ending(name.rsplit_once('.')?.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_of_the_path_tells_the_kind() {
        for (path, kind) in [
            ("a/b.PNG", Some(MediaKind::Picture)),
            ("https://e.org/v.mp4?x=a.png#t", Some(MediaKind::Video)),
            ("talk.ogg", Some(MediaKind::Audio)),
            ("png", None),
            ("a.mp4/b", None),
            ("a.md", None),
            ("", None),
        ] {
            assert_eq!(MediaKind::of_path(path), kind, "{path}");
        }
    }
}
