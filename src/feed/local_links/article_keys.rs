//! The keys of an article file: hashes of the paths and names by which links may mean it.

use std::borrow::Cow;
use std::path::Path;

use unicode_normalization::UnicodeNormalization;

use super::destination::date_length;
use super::other_name::NameKind;
use crate::fnv;

/// Folders below which the pages of a site are: its paths do not have them.
const SITE_FOLDERS: [&str; 14] = [
    "content", "contents", "docs", "doc", "src", "source", "pages", "site", "website", "_pages", "posts", "blog",
    "app", "public",
];
/// How many folders of a path may be left out.
const MAX_LEFT_OUT: usize = 4;

/// Codes of languages that are names of folders or endings of names, beside those with a region such as `pt-br`.
const LANGUAGES: [&str; 46] = [
    "en", "de", "fr", "es", "it", "pt", "nl", "ja", "zh", "ko", "ru", "uk", "pl", "cs", "sk", "hu", "ro", "bg", "sr",
    "hr", "sl", "el", "tr", "ar", "fa", "he", "hi", "bn", "ta", "th", "vi", "id", "ms", "sv", "da", "nb", "no", "fi",
    "is", "et", "lv", "lt", "ca", "eu", "gl", "ka",
];

/// What a key says, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// The path of the file, or its name.
    File,
    /// The path on the site, as its settings or the front matter say.
    Address,
    /// The folder of an index file.
    Folder,
    /// The title of an article.
    Title,
    /// A path or name that the front matter gives.
    Written,
    /// A path on the site, as site generators make it from the path of the file.
    Site,
    /// The same without its language.
    Translation,
}

/// A text as keys compare it: composed Unicode in lower case, with hyphens for blanks.
pub fn fold(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase() && byte != b' ';
    if text.bytes().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let letter = |c: char| if c.is_whitespace() { '-' } else { c };
    if text.is_ascii() {
        return Cow::Owned(text.chars().map(|c| letter(c.to_ascii_lowercase())).collect());
    }
    Cow::Owned(text.nfc().flat_map(char::to_lowercase).map(letter).collect())
}

/// The key of a path below a root, from the folded path.
pub fn path_key(root: u32, folded: &str) -> u64 {
    let start = fnv::hash_u64(fnv::hash_byte(fnv::OFFSET_BASIS, b'/'), u64::from(root));
    fnv::hash_bytes(start, folded.bytes())
}

/// The key of a title or of the name of a file, from the folded name.
pub fn name_key(folded: &str) -> u64 {
    fnv::hash_bytes(fnv::hash_byte(fnv::OFFSET_BASIS, b'['), folded.bytes())
}

/// The last two parts of a path: by these a file is found for a name with folders.
pub fn last_two(path: &str) -> &str {
    path.rmatch_indices('/').nth(1).and_then(|(at, _)| path.get(at + 1..)).unwrap_or(path)
}

/// True for the name of a file that represents its folder.
pub fn is_index(stem: &str) -> bool {
    ["index", "_index", "readme"].iter().any(|name| stem.eq_ignore_ascii_case(name))
}

/// The path of a file below its root without its ending, with slashes.
pub fn stem_path(below: &Path) -> String {
    let text = below.to_string_lossy();
    let name_at = text.rfind('/').map_or(0, |at| at + 1);
    let dot = text.rfind('.').filter(|dot| *dot > name_at);
    dot.map_or(&*text, |dot| &text[..dot]).to_owned()
}

/// The language that a path names, as a folder among its first ones or behind a dot at its end.
pub fn language(folded: &str) -> Option<&str> {
    let name = folded.rsplit('/').next().unwrap_or(folded);
    let suffix = name.rsplit_once('.').map(|(_, suffix)| suffix).filter(|suffix| is_language(suffix));
    suffix.or_else(|| folded.split('/').take(MAX_LEFT_OUT).find(|folder| is_language(folder)))
}

fn is_language(name: &str) -> bool {
    match name.split_once(['-', '_']) {
        Some((language, region)) => {
            LANGUAGES.contains(&language)
                && matches!(region.len(), 2 | 4)
                && region.bytes().all(|b| b.is_ascii_alphabetic())
        }
        None => LANGUAGES.contains(&name),
    }
}

/// Calls `add` with all keys of a file. `stem_path` is its path without ending, `site_path` its path on its site if that is known.
pub fn keys<'a>(
    root: u32,
    stem_path: &str,
    site_path: &str,
    title: &str,
    others: impl Iterator<Item = (NameKind, &'a str)>,
    mut add: impl FnMut(u64, Rank),
) {
    let path = fold(stem_path);
    let (folder, stem) = path.rsplit_once('/').unwrap_or(("", &path));
    add(path_key(root, &path), Rank::File);
    add(name_key(stem), Rank::File);
    let in_folder = last_two(&path);
    if in_folder != stem {
        add(name_key(in_folder), Rank::File);
    }
    add(name_key(&fold(title.trim())), Rank::Title);
    let mut page = &*path;
    if is_index(stem) {
        page = folder;
        add(path_key(root, folder), Rank::Folder);
        let name = folder.rsplit('/').next().unwrap_or(folder);
        if !name.is_empty() {
            add(name_key(name), Rank::Folder);
        }
    }
    if let Some(bare) = date_length(stem).and_then(|length| stem.get(length..)).filter(|bare| !bare.is_empty()) {
        add(name_key(bare), Rank::Written);
    }
    if !site_path.is_empty() {
        add(path_key(root, plain_site_path(&fold(site_path))), Rank::Address);
    }
    site_keys(root, page, Rank::Site, &mut add);
    for (kind, text) in others {
        let text = fold(text.trim_end_matches('/'));
        match kind {
            NameKind::Alias => add(name_key(&text), Rank::Written),
            NameKind::Path => add(path_key(root, plain_site_path(&text)), Rank::Address),
            NameKind::Slug => {
                add(name_key(&text), Rank::Written);
                let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
                let slugged = if folder.is_empty() { text.into_owned() } else { format!("{folder}/{text}") };
                add(path_key(root, &slugged), Rank::Written);
                site_keys(root, &slugged, Rank::Site, &mut add);
            }
        }
    }
}

/// A path on a site without slashes at its ends, and without `index.html`.
fn plain_site_path(path: &str) -> &str {
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".html").unwrap_or(path);
    if path == "index" { "" } else { path.strip_suffix("/index").unwrap_or(path) }
}

/// The paths that a page may have on its site: without the folder of all content, the language, and the signs of collections.
fn site_keys(root: u32, page: &str, rank: Rank, add: &mut impl FnMut(u64, Rank)) {
    let mut rest = page;
    for _ in 0..=MAX_LEFT_OUT {
        let is_whole = rest.len() == page.len();
        if !is_whole {
            add(path_key(root, rest), rank);
        }
        let first = rest.split('/').next().unwrap_or_default();
        let behind = rest.get(first.len() + 1..).unwrap_or_default();
        if is_language(first) {
            add(path_key(root, behind), Rank::Translation);
        }
        if let Some(plain) = without_signs(rest) {
            add(path_key(root, &plain), rank);
        }
        let (bare, suffix) = rest.rsplit_once('.').unwrap_or((rest, ""));
        if is_language(suffix) {
            add(path_key(root, bare), Rank::Translation);
            if let Some(folder) = bare.strip_suffix("/_index").or_else(|| bare.strip_suffix("/index")) {
                add(path_key(root, folder), Rank::Translation);
            }
        }
        // Folders that are below one of these names, and those above it, as in `website/docs`.
        let is_left_out = SITE_FOLDERS.contains(&first)
            || behind.split('/').take(MAX_LEFT_OUT).any(|folder| SITE_FOLDERS.contains(&folder));
        if !is_left_out || behind.is_empty() && !SITE_FOLDERS.contains(&first) {
            break;
        }
        rest = behind;
    }
}

/// A path without what Jekyll leaves out: `_posts`, the hyphens of dates, and the underscores of collections.
fn without_signs(page: &str) -> Option<String> {
    if !page.starts_with('_') && !page.contains("/_") {
        return None;
    }
    let mut parts: Vec<Cow<str>> = Vec::new();
    let mut is_post = false;
    for part in page.split('/') {
        match part {
            "_posts" | "_drafts" => is_post = true,
            part => parts.push(part.strip_prefix('_').unwrap_or(part).into()),
        }
    }
    if is_post
        && let Some(name) = parts.last_mut()
        && let Some(length) = date_length(name)
    {
        *name = format!("{}/{}", name.get(..length - 1)?.replace('-', "/"), name.get(length..)?).into();
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(below: &str, key: u64) -> bool {
        let mut found = false;
        keys(0, &stem_path(Path::new(below)), "/Own/place/index.html", "A title", std::iter::empty(), |known, _| {
            found |= known == key
        });
        found
    }

    #[test]
    fn paths_and_names_of_a_file() {
        for (below, path) in [
            ("a/b.md", "a/b"),
            ("a/index.md", "a"),
            ("a/_index.md", "a"),
            ("README.md", ""),
            ("content/posts/a.md", "posts/a"),
            ("content/posts/a.md", "a"),
            ("content/en/methods/page/_index.md", "methods/page"),
            ("content/en/methods/page/_index.md", "en/methods/page"),
            ("website/docs/a/b.md", "a/b"),
            ("website/docs/a/b.md", "docs/a/b"),
            ("docs/_docs/install.md", "docs/install"),
            ("docs/_posts/2010-07-21-n.md", "2010/07/21/n"),
            ("en/a/b.md", "a/b"),
            ("a/b.en.md", "a/b"),
            ("content/a/index.de.md", "a"),
            ("A B/C d.md", "a-b/c-d"),
            ("a.md", "own/place"),
        ] {
            assert!(has(below, path_key(0, path)), "{below}: {path}");
        }
        for (below, name) in [
            ("a/b.md", "b"),
            ("a/b.md", "a-title"),
            ("a/index.md", "a"),
            ("a/index.md", "index"),
            ("x/a/b.md", "a/b"),
            ("2010-07-21-n.md", "n"),
            ("2010-07-21-n.md", "2010-07-21-n"),
            ("E\u{301}te\u{301}.md", "été"),
            ("v1.2.md", "v1.2"),
        ] {
            assert!(has(below, name_key(name)), "{below}: {name}");
        }
        assert!(!has("a/b.md", path_key(0, "b")));
        assert!(!has("a/b.md", path_key(1, "a/b")));
        assert!(!has("a/b.md", path_key(0, "")));
    }

    #[test]
    fn languages_are_known() {
        for (path, found) in [
            ("content/en/a", Some("en")),
            ("a.pt-br", Some("pt-br")),
            ("a/b", None),
            ("a.js", None),
            ("en", Some("en")),
        ] {
            assert_eq!(language(path), found, "{path}");
        }
    }
}
