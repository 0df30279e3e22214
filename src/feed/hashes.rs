//! Numbers by which titles, texts and files are compared; they are the same in every build, for they are kept on disk.

use std::path::Path;

use super::article::Article;
use super::link::Address;
use crate::fnv;

/// ASCII letters and digits in lower case, by their bytes; 0 for all else.
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

/// The key of a text: equal texts have equal keys.
pub fn of_text(text: &str) -> u64 {
    fnv::hash_bytes(fnv::OFFSET_BASIS, text.bytes())
}

/// The key of a title, whatever its case, blanks and punctuation.
pub fn of_folded_title(title: &str) -> u64 {
    let key = match title.is_ascii() {
        // Every title that is loaded comes by here: a look into a table costs a quarter of comparisons.
        true => title.bytes().fold(fnv::OFFSET_BASIS, |key, byte| match FOLDED.get(usize::from(byte)) {
            Some(&folded) if folded != 0 => fnv::hash_byte(key, folded),
            _ => key,
        }),
        false => {
            let letters = title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
            letters.fold(fnv::OFFSET_BASIS, |key, c| fnv::hash_bytes(key, c.encode_utf8(&mut [0; 4]).bytes()))
        }
    };
    // A title of signs alone, `???`, is what it is.
    if key == fnv::OFFSET_BASIS { of_text(title) } else { key }
}

/// The key of what an address has behind `#`; 0 when there is nothing.
pub fn of_fragment(address: &Address) -> u64 {
    let fragment = address.as_str().split_once('#').map_or("", |(_, fragment)| fragment);
    if fragment.is_empty() { 0 } else { of_text(fragment) }
}

/// The key of an article's text: the length of excerpt and body in the upper half, their CRC-32 in the lower; 0 when there
/// is none.
pub fn of_content(article: &Article) -> u64 {
    let excerpt = if article.excerpt_from_body { "" } else { article.excerpt.as_str() };
    let body = article.body.untrusted().trim();
    let mut sum = crc32fast::Hasher::new();
    sum.update(excerpt.as_bytes());
    sum.update(body.as_bytes());
    ((excerpt.len() + body.len()) as u64) << 32 | u64::from(sum.finalize())
}

/// Texts of fewer bytes may be alike by chance.
const DISTINCTIVE_BYTES: u64 = 12;

/// Whether articles with this key of a text have a text so long that it is no accident.
pub fn is_distinctive(words: u64) -> bool {
    words >> 32 >= DISTINCTIVE_BYTES
}

/// The key of a file: of its folder, continued by its path below that. It does not depend on where the folder ends.
pub fn of_file(folder: u64, below: &Path) -> u64 {
    match below.as_os_str().is_empty() {
        true => folder,
        false => fnv::hash_bytes(fnv::hash_bytes(folder, [b'/']), below.as_os_str().as_encoded_bytes().iter().copied()),
    }
}

/// The key of a folder, by its path without links.
pub fn of_folder(path: &Path) -> u64 {
    fnv::hash_bytes(fnv::OFFSET_BASIS, path.as_os_str().as_encoded_bytes().iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_the_same_whatever_their_case_and_punctuation() {
        for (a, b) in [("The Sea", "the sea"), ("Sea: salt?", "sea salt"), ("ÉTÉ", "été"), ("“Sea”", "sea")] {
            assert_eq!(of_folded_title(a), of_folded_title(b), "{a} {b}");
        }
        for (a, b) in [("Sea 1", "Sea 2"), ("???", "!!!"), ("", "a"), ("é", "e")] {
            assert_ne!(of_folded_title(a), of_folded_title(b), "{a} {b}");
        }
    }

    #[test]
    fn a_file_has_one_key_wherever_its_folder_is_said_to_end() {
        let whole = of_file(of_folder(Path::new("/a")), Path::new("b/c.md"));
        assert_eq!(of_file(of_folder(Path::new("/a/b")), Path::new("c.md")), whole);
        assert_eq!(of_file(of_folder(Path::new("/a/b/c.md")), Path::new("")), whole);
        assert_ne!(of_file(of_folder(Path::new("/a")), Path::new("c.md")), whole);
    }
}
