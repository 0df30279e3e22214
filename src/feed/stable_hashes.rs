//! 64-bit hashes of titles, texts and paths, for comparing articles. They are stored on disk, so they must never change.

use std::path::Path;

use super::article::Article;
use super::link::Address;
use crate::fnv;

/// Maps a byte to the lower case of an ASCII letter or digit; 0 for any other byte.
const FOLDED: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        if (byte as u8).is_ascii_alphanumeric() {
            table[byte] = (byte as u8).to_ascii_lowercase();
        }
        byte += 1;
    }
    table
};

/// The hash of a text, exactly as it is spelt.
pub fn of_text(text: &str) -> u64 {
    fnv::hash_bytes(fnv::OFFSET_BASIS, text.bytes())
}

/// The hash of the letters and digits of a title: case, blanks and punctuation do not count.
pub fn of_folded_title(title: &str) -> u64 {
    let hash = match title.is_ascii() {
        // Every loaded title is hashed here: looking up a table takes a quarter of the time of comparisons.
        true => title.bytes().fold(fnv::OFFSET_BASIS, |hash, byte| match FOLDED.get(usize::from(byte)) {
            Some(&folded) if folded != 0 => fnv::hash_byte(hash, folded),
            _ => hash,
        }),
        false => {
            let letters = title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
            letters.fold(fnv::OFFSET_BASIS, |hash, c| fnv::hash_bytes(hash, c.encode_utf8(&mut [0; 4]).bytes()))
        }
    };
    // Titles without letters and digits, such as `???` and `!!!`, must not be equal to each other.
    if hash == fnv::OFFSET_BASIS { of_text(title) } else { hash }
}

/// The hash of the fragment of an address, the part after `#`; 0 if it has none.
pub fn of_fragment(address: &Address) -> u64 {
    let fragment = address.as_str().split_once('#').map_or("", |(_, fragment)| fragment);
    if fragment.is_empty() { 0 } else { of_text(fragment) }
}

/// The hash of the text of an article: the length of excerpt and body in bytes in the upper half, their CRC-32 in the lower.
/// 0 if there is no text. An excerpt taken from the body does not count, nor does a full text.
pub fn of_content(article: &Article) -> u64 {
    let excerpt = if article.excerpt_from_body { "" } else { article.excerpt.as_str() };
    let body = article.own_body().untrusted().trim();
    let mut sum = crc32fast::Hasher::new();
    sum.update(excerpt.as_bytes());
    sum.update(body.as_bytes());
    ((excerpt.len() + body.len()) as u64) << 32 | u64::from(sum.finalize())
}

/// Texts of fewer bytes, such as `TODO`, may be equal by chance.
const DISTINCTIVE_BYTES: u64 = 12;

/// True if the text behind a hash of [`of_content`] is so long that articles which share it are copies, not equal by chance.
pub fn is_distinctive(content: u64) -> bool {
    content >> 32 >= DISTINCTIVE_BYTES
}

/// The hash of the whole path of a file: the hash of a folder, continued by the path below it. The result is the same
/// wherever the path is divided, so a file keeps its hash if the user opens a folder above or below.
pub fn of_file(folder: u64, below: &Path) -> u64 {
    match below.as_os_str().is_empty() {
        true => folder,
        false => fnv::hash_bytes(fnv::hash_bytes(folder, [b'/']), below.as_os_str().as_encoded_bytes().iter().copied()),
    }
}

/// The hash of a folder or file of the library, by its path without symbolic links.
pub fn of_folder(path: &Path) -> u64 {
    fnv::hash_bytes(fnv::OFFSET_BASIS, path.as_os_str().as_encoded_bytes().iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_equal_apart_from_case_and_punctuation() {
        for (a, b) in [("The Sea", "the sea"), ("Sea: salt?", "sea salt"), ("ÉTÉ", "été"), ("“Sea”", "sea")] {
            assert_eq!(of_folded_title(a), of_folded_title(b), "{a} {b}");
        }
        for (a, b) in [("Sea 1", "Sea 2"), ("???", "!!!"), ("", "a"), ("é", "e")] {
            assert_ne!(of_folded_title(a), of_folded_title(b), "{a} {b}");
        }
    }

    #[test]
    fn a_file_has_the_same_hash_below_any_folder() {
        let whole = of_file(of_folder(Path::new("/a")), Path::new("b/c.md"));
        assert_eq!(of_file(of_folder(Path::new("/a/b")), Path::new("c.md")), whole);
        assert_eq!(of_file(of_folder(Path::new("/a/b/c.md")), Path::new("")), whole);
        assert_ne!(of_file(of_folder(Path::new("/a")), Path::new("c.md")), whole);
    }
}
