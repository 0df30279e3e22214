//! Downloaded files: their names, and which of them is that of an address.

use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::feed::Address;
use crate::file_system::{EntryKind, FileSystem};

/// Endings of downloaded files: formats that show or play, and that no system runs. Each with the media types that mean it.
const ENDINGS: [(&str, &[&str]); 26] = [
    ("mp3", &["audio/mpeg", "audio/mp3", "audio/mpeg3", "audio/x-mp3"]),
    ("m4a", &["audio/mp4", "audio/x-m4a", "audio/m4a"]),
    ("aac", &["audio/aac", "audio/x-aac"]),
    ("ogg", &["audio/ogg", "application/ogg", "audio/vorbis"]),
    ("oga", &[]),
    ("opus", &["audio/opus"]),
    ("flac", &["audio/flac", "audio/x-flac"]),
    ("wav", &["audio/wav", "audio/x-wav", "audio/wave"]),
    ("3gp", &["audio/3gpp", "video/3gpp"]),
    ("mp4", &["video/mp4"]),
    ("m4v", &["video/x-m4v"]),
    ("webm", &["video/webm", "audio/webm"]),
    ("ogv", &["video/ogg"]),
    ("mkv", &["video/x-matroska"]),
    ("mov", &["video/quicktime"]),
    ("avi", &["video/x-msvideo"]),
    ("pdf", &["application/pdf"]),
    ("epub", &["application/epub+zip"]),
    ("txt", &["text/plain"]),
    ("vtt", &["text/vtt"]),
    ("srt", &["application/x-subrip"]),
    ("png", &["image/png"]),
    ("jpg", &["image/jpeg", "image/jpg"]),
    ("jpeg", &[]),
    ("gif", &["image/gif"]),
    ("webp", &["image/webp"]),
];

/// The ending of a file that nothing is known of.
pub const UNKNOWN: &str = "bin";

/// The ending, without its dot, of the file at an address: that of the address, or that of a media type. `None` if both are not in a
/// short list: a stranger chooses them, and no system must run the file.
pub fn ending(address: &Address, media_type: &str) -> Option<&'static str> {
    let path = address.as_str().split(['?', '#']).next().unwrap_or_default();
    let written = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending);
    let by_address = ENDINGS.iter().find(|(known, _)| written.is_some_and(|ending| known.eq_ignore_ascii_case(ending)));
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    let has_type = |types: &[&str]| types.iter().any(|known| known.eq_ignore_ascii_case(media_type));
    by_address.or_else(|| ENDINGS.iter().find(|(_, types)| has_type(types))).map(|(ending, _)| *ending)
}

/// Length of the hash in the names of files, in hex digits.
pub const HASH_LENGTH: usize = 16;

/// The hash of an address in the names of its files: 16 hex digits. All of the address counts: another query may mean another file.
pub fn hash(address: &Address) -> String {
    full_hash(address).chars().take(HASH_LENGTH).collect()
}

/// The whole hash of an address, as 64 hex digits.
pub fn full_hash(address: &Address) -> String {
    Sha256::digest(address.as_str().as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The file in a folder that was downloaded from an address. Links, and files that are not complete, do not count.
pub fn find(folder: &Path, address: &Address, fs: &dyn FileSystem) -> io::Result<Option<PathBuf>> {
    let paths = match fs.list(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        paths => paths?,
    };
    let hash = hash(address);
    let is_of_address = |path: &Path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let stem = name.rsplit_once('.').map_or("", |(stem, _)| stem);
        !name.starts_with('.') && stem.strip_suffix(&hash).is_some_and(|before| before.ends_with('-'))
    };
    let is_file = |path: &Path| fs.entry(path).is_ok_and(|entry| entry.kind == EntryKind::File);
    let mut found: Vec<PathBuf> = paths.into_iter().filter(|path| is_of_address(path) && is_file(path)).collect();
    found.sort();
    Ok(found.into_iter().next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file_system::RealFileSystem;

    fn address(text: &str) -> Address {
        Address::parse(text).expect("an address")
    }

    #[test]
    fn no_stranger_chooses_an_ending_that_a_system_runs() {
        for (link, media_type, expected) in [
            ("https://e.org/a.mp3", "audio/mpeg", Some("mp3")),
            ("https://e.org/a.MP3?x=.sh#.exe", "", Some("mp3")),
            ("https://e.org/a.m4a", "audio/mpeg", Some("m4a")),
            ("https://e.org/get?f=a.mp3", "Audio/MPEG; charset=x", Some("mp3")),
            ("https://e.org/a.sh", "audio/mpeg", Some("mp3")),
            ("https://e.org/a.sh", "application/x-sh", None),
            ("https://e.org/a.desktop", "", None),
            ("https://e.org/a.html", "text/html", None),
            ("https://e.org/a.svg", "image/svg+xml", None),
            ("https://e.org/.mp3/x", "", None),
            ("https://e.org/mp3", "", None),
        ] {
            assert_eq!(ending(&address(link), media_type), expected, "{link} {media_type}");
        }
    }

    #[test]
    fn only_whole_files_of_the_same_address_are_found() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let (one, other) = (address("https://e.org/a.mp3?t=1"), address("https://e.org/a.mp3?t=2"));
        let find = |address: &Address| find(folder.path(), address, &RealFileSystem).expect("a folder");
        let fs = RealFileSystem;
        let make = |name: String| fs.replace(&folder.path().join(name), b"x", false).expect("a file");
        make(format!(".{}.part", hash(&one)));
        make(format!("x{}.mp3", hash(&one)));
        make(format!("a-{}", hash(&one)));
        assert_eq!(find(&one), None);
        let link = folder.path().join(format!("0-{}.mp3", hash(&one)));
        std::os::unix::fs::symlink("/etc/passwd", link).expect("a link");
        assert_eq!(find(&one), None);
        make(format!("2021-02-18-a-{}.mp3", hash(&one)));
        let name = find(&one).expect("the file").file_name().map(|name| name.to_string_lossy().into_owned());
        assert_eq!(name, Some(format!("2021-02-18-a-{}.mp3", hash(&one))));
        assert_eq!(find(&other), None);
        let missing = super::find(&folder.path().join("none"), &one, &fs).expect("no folder");
        assert_eq!(missing, None);
    }
}
