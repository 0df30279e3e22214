//! What the destination of a link in a body says: a place of an article, a heading of the same page, or something else.

use std::borrow::Cow;
use std::path::Path;

use crate::html::MediaKind;

/// Longest destination in bytes that is looked at: more than any path has.
const MAX_BYTES: usize = 1_000;

/// Endings of article files, and of the pages that are made from them.
const ARTICLE_ENDINGS: [&str; 4] = ["md", "markdown", "mdx", "mkd"];
const PAGE_ENDINGS: [&str; 2] = ["html", "htm"];

/// Endings of documents and archives, which are never articles, as pictures and what is played are not.
const DOCUMENT_ENDINGS: [&str; 17] = [
    "pdf", "epub", "zip", "gz", "tgz", "bz2", "xz", "7z", "rar", "dmg", "exe", "apk", "deb", "canvas", "base", "docx",
    "pptx",
];

/// Endings of data and programs, which a path may name and a title may end with, such as `Node.js`.
const DATA_ENDINGS: [&str; 44] = [
    "json", "yaml", "yml", "toml", "xml", "csv", "tsv", "ini", "cfg", "conf", "lock", "log", "txt", "rss", "atom",
    "ics", "css", "scss", "sass", "less", "js", "mjs", "ts", "jsx", "tsx", "vue", "rs", "py", "rb", "go", "c", "h",
    "cpp", "hpp", "java", "kt", "swift", "ps1", "sql", "php", "tex", "bib", "ipynb", "wasm",
];

/// The destination of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A web address, a file of another kind, or nothing that can be followed.
    NotLocal,
    /// A heading of the page that the link is on, as written; empty for its top.
    SamePage(String),
    /// A place where an article may be.
    Article(ArticlePlace),
}

/// A place where an article may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticlePlace {
    /// How the path is to be read.
    pub base: Base,
    /// The decoded path without ending, query and heading; it may begin with `..`.
    pub path: String,
    /// True if the path ends with a slash: the address of a page, as sites have them.
    pub is_folder: bool,
    /// What the ending of the path, which `path` does not have, says.
    pub ending: Ending,
    /// The heading as written.
    pub heading: Option<String>,
}

/// What the ending of a path says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It has none.
    None,
    /// A file of Markdown.
    File,
    /// A page of a site, such as `a.html`.
    Page,
}

/// How the path of a link is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// From the folder of the article that has the link.
    Folder,
    /// From the root of the site or library.
    Site,
    /// A title, or the name of a file anywhere in the library, perhaps with some of its folders.
    Name,
}

impl ArticlePlace {
    /// True if only an article of the library can be meant, so that one which is not there is missing: a wikilink, a relative path
    /// to a file of Markdown, or the name of a post with its date. Paths from the root of a site may be of pages that are made
    /// from no article. `from` is the path of the file with the link below its root: what is outside of the root is not known.
    pub fn claims_article(&self, from: &Path) -> bool {
        match (self.base, self.ending) {
            (Base::Name, _) => true,
            (Base::Site, _) | (Base::Folder, Ending::Page) => false,
            (Base::Folder, Ending::File) => !self.leads_out(from),
            (Base::Folder, Ending::None) => !self.is_folder && is_post_name(&self.path),
        }
    }

    fn leads_out(&self, from: &Path) -> bool {
        let folders = from.parent().map_or(0, |folder| folder.components().count());
        let mut depth = folders;
        for part in self.path.split('/') {
            match part {
                "" | "." => {}
                ".." if depth == 0 => return true,
                ".." => depth -= 1,
                _ => depth += 1,
            }
        }
        false
    }
}

impl Destination {
    /// Reads a destination as a parser of Markdown returns it; `is_wikilink` if it was in double brackets.
    pub fn read(written: &str, is_wikilink: bool) -> Destination {
        let written = written.trim();
        // What is left of templates is not a path.
        let is_odd = written.len() > MAX_BYTES || written.contains("{{") || written.contains("{%");
        match written {
            "" => Destination::NotLocal,
            _ if is_odd => Destination::NotLocal,
            _ if is_wikilink => of_wikilink(written),
            _ => of_path(written),
        }
    }
}

fn of_wikilink(written: &str) -> Destination {
    // In a table, the bar of `[[Note\|shown]]` is escaped.
    let written = written.trim_end_matches('\\');
    let (name, heading) = written.split_once('#').map_or((written, None), |(name, rest)| (name, Some(rest)));
    // `Note#Part#Section` is a section of a part, and `Note#^id` a paragraph.
    let heading = heading.map(|rest| rest.rsplit('#').next().unwrap_or(rest).trim().to_owned());
    let name = name.trim();
    if name.is_empty() {
        return Destination::SamePage(heading.unwrap_or_default());
    }
    if has_scheme(name) && name.contains("://") {
        return Destination::NotLocal;
    }
    let (path, ending) = match ending(name) {
        Some(ending) if is_in(&ARTICLE_ENDINGS, ending) => (&name[..name.len() - ending.len() - 1], Ending::File),
        Some(ending) if is_media(ending) => return Destination::NotLocal,
        _ => (name, Ending::None),
    };
    let is_relative = path.starts_with("./") || path.starts_with("../");
    // A wikilink is of an article, with or without ending.
    let (base, ending) = if is_relative { (Base::Folder, Ending::File) } else { (Base::Name, ending) };
    let path = path.trim_start_matches('/').trim_end_matches('/').to_owned();
    Destination::Article(ArticlePlace { base, path, is_folder: false, ending, heading })
}

/// What Pelican writes before the path of a file: the older form has bars.
const FILE_SIGNS: [&str; 5] = ["{filename}", "|filename|", "{static}", "{attach}", "|static|"];

fn of_path(written: &str) -> Destination {
    let written = FILE_SIGNS.iter().find_map(|sign| written.strip_prefix(sign)).unwrap_or(written);
    if has_scheme(written) || written.starts_with("//") || written.starts_with('?') {
        return Destination::NotLocal;
    }
    let (path, heading) = written.split_once('#').map_or((written, None), |(path, heading)| (path, Some(heading)));
    let heading =
        heading.map(|heading| percent_decoded(heading).trim().to_owned()).filter(|heading| !heading.is_empty());
    if path.is_empty() {
        return Destination::SamePage(heading.unwrap_or_default());
    }
    let path = path.split('?').next().unwrap_or_default();
    let path = percent_decoded(path).replace('\\', "/");
    if path.chars().any(char::is_control) {
        return Destination::NotLocal;
    }
    let (base, path) = match path.strip_prefix("@/").or_else(|| path.strip_prefix('/')) {
        Some(rest) => (Base::Site, rest),
        None => (Base::Folder, path.as_str()),
    };
    let is_folder = path.is_empty() || path.ends_with('/') || path.ends_with("/.") || path.ends_with("..");
    let path = path.trim_end_matches('/');
    let (path, ending) = match ending(path) {
        Some(ending) if is_in(&ARTICLE_ENDINGS, ending) => (&path[..path.len() - ending.len() - 1], Ending::File),
        Some(ending) if is_in(&PAGE_ENDINGS, ending) => (&path[..path.len() - ending.len() - 1], Ending::Page),
        Some(ending) if is_media(ending) || is_in(&DATA_ENDINGS, ending) => return Destination::NotLocal,
        _ => (path, Ending::None),
    };
    let path = path.trim_start_matches('/').to_owned();
    Destination::Article(ArticlePlace { base, path, is_folder: is_folder && ending == Ending::None, ending, heading })
}

/// A text with its percent-encoded bytes decoded. What is not valid stays as it is.
pub fn percent_decoded(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'%', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(at) {
        let pair = digit(bytes.get(at + 1)).zip(digit(bytes.get(at + 2))).filter(|_| *byte == b'%');
        out.push(pair.map_or(*byte, |(high, low)| (high * 16 + low) as u8));
        at += if pair.is_some() { 3 } else { 1 };
    }
    String::from_utf8(out).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// True for `mailto:x` and `https://x`, also without slashes.
fn has_scheme(written: &str) -> bool {
    let scheme = written.split(['/', '?', '#']).next().unwrap_or_default().split_once(':').map(|(scheme, _)| scheme);
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    };
    scheme.is_some_and(is_scheme)
}

/// The ending of the last part of a path: up to 8 letters and digits behind its last dot.
fn ending(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (stem, ending) = name.rsplit_once('.')?;
    let fits = (1..=8).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (fits && !stem.trim_matches('.').is_empty()).then_some(ending)
}

/// True for the endings of pictures, of what is played, of documents and of archives.
fn is_media(ending: &str) -> bool {
    MediaKind::of_ending(ending).is_some() || is_in(&DOCUMENT_ENDINGS, ending)
}

fn is_in(endings: &[&str], ending: &str) -> bool {
    endings.iter().any(|known| known.eq_ignore_ascii_case(ending))
}

/// True for the name of a post as Jekyll has it: `2010-07-21-name`, perhaps below folders.
fn is_post_name(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    date_length(name).is_some_and(|length| name.len() > length)
}

/// Length of the date and the hyphen at the start of the name of a post.
pub fn date_length(name: &str) -> Option<usize> {
    let shape = b"dddd-dd-dd-";
    let fits = |(byte, wanted): (u8, &u8)| if *wanted == b'd' { byte.is_ascii_digit() } else { byte == *wanted };
    (name.len() >= shape.len() && name.bytes().zip(shape).all(fits)).then_some(shape.len())
}

/// True if a source in Markdown can have a link to an article, so that it is worth parsing. False for one with links only if the
/// label of a reference definition is on several lines.
pub fn may_have_local_links(source: &str) -> bool {
    let bytes = source.as_bytes();
    let behind = |sign: &'static [u8]| {
        memchr::memmem::find_iter(bytes, sign).map(move |at| (at, source.get(at + sign.len()..).unwrap_or_default()))
    };
    let has = |sign: &[u8]| memchr::memmem::find(bytes, sign).is_some();
    // Shortcodes may become links.
    has(b"{{<")
        || has(b"{{%")
        || behind(b"[[").any(|(_, rest)| is_wikilink_text(rest))
        || behind(b"](").any(|(_, rest)| may_be_place(rest, true))
        || behind(b"]:").any(|(at, rest)| is_definition(source, at) && may_be_place(rest, false))
        || [b"href", b"HREF"]
            .into_iter()
            .any(|sign| behind(sign).any(|(_, rest)| is_value(rest) && may_be_place(rest, false)))
}

/// True if a wikilink ends in the text behind its opening brackets.
fn is_wikilink_text(rest: &str) -> bool {
    let window = rest.as_bytes().get(..MAX_BYTES).unwrap_or(rest.as_bytes());
    memchr::memchr2(b']', b'\n', window).and_then(|end| rest.get(end..)).is_some_and(|rest| rest.starts_with("]]"))
}

/// True if an equals sign follows the name of an attribute.
fn is_value(rest: &str) -> bool {
    rest.trim_start_matches(' ').starts_with('=')
}

/// True if the line of a `]:` begins with a label that is not of a footnote.
fn is_definition(source: &str, at: usize) -> bool {
    // A label has fewer than 1,000 characters. The limit keeps a long line from being looked at many times.
    let window = source.as_bytes().get(at.saturating_sub(MAX_BYTES)..at).unwrap_or_default();
    let newline = memchr::memrchr(b'\n', window);
    let line = newline.map_or(window, |newline| window.get(newline + 1..).unwrap_or_default());
    let is_whole = newline.is_some() || at <= MAX_BYTES;
    let is_sign = |byte: &&u8| matches!(**byte, b' ' | b'\t' | b'\r' | b'>' | b'-' | b'*' | b'+');
    let mut label = line.iter().skip_while(is_sign);
    is_whole && label.next() == Some(&b'[') && label.next() != Some(&b'^') && !label.any(|byte| *byte == b']')
}

/// True if the destination at the start of a text may be a place of an article. `is_bracketed`: a bracket must close behind it.
fn may_be_place(rest: &str, is_bracketed: bool) -> bool {
    let rest = rest.trim_start_matches([' ', '\n', '\t', '"', '\'', '=']);
    // Most links are of the web.
    if rest.starts_with("https://") || rest.starts_with("http://") {
        return false;
    }
    // What is in pointed brackets may have blanks, and templates have signs of their own.
    if rest.starts_with(['<', '{']) {
        let inner = rest.trim_start_matches(['<', ' ']);
        return !["https://", "http://", "#"].iter().any(|start| inner.starts_with(start));
    }
    let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b')' | b'>' | b'"' | b'\'' | b'(' | b'{');
    let bytes = rest.as_bytes();
    let window = bytes.get(..MAX_BYTES).unwrap_or(bytes);
    let Some(length) = window.iter().position(ends).or((bytes.len() <= MAX_BYTES).then_some(bytes.len())) else {
        return false;
    };
    let (written, behind) = rest.split_at_checked(length).unwrap_or_default();
    if behind.starts_with(['(', '{']) {
        return !has_scheme(written);
    }
    // In `[a](one two)` the brackets have words in them and no destination.
    let is_closed = !is_bracketed || behind.trim_start().starts_with([')', '"', '\'', '(']);
    is_closed && matches!(Destination::read(written, false), Destination::Article(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(base: Base, path: &str, heading: Option<&str>) -> Destination {
        let heading = heading.map(str::to_owned);
        Destination::Article(ArticlePlace {
            base,
            path: path.to_owned(),
            is_folder: false,
            ending: Ending::None,
            heading,
        })
    }

    fn file(base: Base, path: &str, heading: Option<&str>) -> Destination {
        match place(base, path, heading) {
            Destination::Article(place) => Destination::Article(ArticlePlace { ending: Ending::File, ..place }),
            other => other,
        }
    }

    fn page(base: Base, path: &str, heading: Option<&str>) -> Destination {
        match place(base, path, heading) {
            Destination::Article(place) => Destination::Article(ArticlePlace { ending: Ending::Page, ..place }),
            other => other,
        }
    }

    fn folder(base: Base, path: &str, heading: Option<&str>) -> Destination {
        match place(base, path, heading) {
            Destination::Article(place) => Destination::Article(ArticlePlace { is_folder: true, ..place }),
            other => other,
        }
    }

    #[test]
    fn paths_are_read() {
        for (written, expected) in [
            ("a.md", file(Base::Folder, "a", None)),
            ("a", place(Base::Folder, "a", None)),
            ("./a/", folder(Base::Folder, "./a", None)),
            ("../b/index.md#top", file(Base::Folder, "../b/index", Some("top"))),
            ("sub/deep%20note.md?x=1#H%20e", file(Base::Folder, "sub/deep note", Some("H e"))),
            ("A.MD", file(Base::Folder, "A", None)),
            ("a.html", page(Base::Folder, "a", None)),
            ("/docs/a/", folder(Base::Site, "docs/a", None)),
            ("/docs/a.html#x", page(Base::Site, "docs/a", Some("x"))),
            ("@/x.md", file(Base::Site, "x", None)),
            ("/", folder(Base::Site, "", None)),
            ("..", folder(Base::Folder, "..", None)),
            ("{filename}b.md", file(Base::Folder, "b", None)),
            ("{filename}/x/b.md#c", file(Base::Site, "x/b", Some("c"))),
            ("|filename|../b.md", file(Base::Folder, "../b", None)),
            ("{static}/a.png", Destination::NotLocal),
            ("{attach}b.md", file(Base::Folder, "b", None)),
            ("v1.2", place(Base::Folder, "v1.2", None)),
            ("b\\c.md", file(Base::Folder, "b/c", None)),
            ("100%", place(Base::Folder, "100%", None)),
            ("#top", Destination::SamePage("top".to_owned())),
            ("#", Destination::SamePage(String::new())),
            ("a.png", Destination::NotLocal),
            ("a.json#x", Destination::NotLocal),
            ("https://e.org/a.md", Destination::NotLocal),
            ("mailto:a@e.org", Destination::NotLocal),
            ("//e.org/a", Destination::NotLocal),
            ("?q=1", Destination::NotLocal),
            ("{{ x }}.md", Destination::NotLocal),
            ("", Destination::NotLocal),
            ("a%00b.md", Destination::NotLocal),
        ] {
            assert_eq!(Destination::read(written, false), expected, "{written}");
        }
        assert_eq!(Destination::read(&"../".repeat(10_000), false), Destination::NotLocal);
    }

    #[test]
    fn wikilinks_are_read() {
        for (written, expected) in [
            ("Note", place(Base::Name, "Note", None)),
            ("Note.md", file(Base::Name, "Note", None)),
            ("a/Note#Part#Section", place(Base::Name, "a/Note", Some("Section"))),
            ("Note#^id", place(Base::Name, "Note", Some("^id"))),
            ("Note\\", place(Base::Name, "Note", None)),
            ("What? 100%", place(Base::Name, "What? 100%", None)),
            ("Node.js", place(Base::Name, "Node.js", None)),
            ("Obsidian 1.5.3", place(Base::Name, "Obsidian 1.5.3", None)),
            ("Foo: bar", place(Base::Name, "Foo: bar", None)),
            ("../Note", file(Base::Folder, "../Note", None)),
            ("#Heading", Destination::SamePage("Heading".to_owned())),
            ("image.png", Destination::NotLocal),
            ("paper.pdf#page=3", Destination::NotLocal),
            ("https://e.org", Destination::NotLocal),
        ] {
            assert_eq!(Destination::read(written, true), expected, "{written}");
        }
    }

    #[test]
    fn only_what_must_be_an_article_claims_one() {
        for (written, is_wikilink, claims) in [
            ("a.md", false, true),
            ("../a.md", false, true),
            ("../../a.md", false, false),
            ("b/../../../a.md", false, false),
            ("a", false, false),
            ("a/", false, false),
            ("2010-07-21-n", false, true),
            ("x/2010-07-21-n", false, true),
            ("2010-07-21-", false, false),
            ("2010-07-21-n.html", false, false),
            ("/tags/", false, false),
            ("/a.md", false, false),
            ("Note", true, true),
        ] {
            let Destination::Article(place) = Destination::read(written, is_wikilink) else { panic!("{written}") };
            assert_eq!(place.claims_article(Path::new("folder/x.md")), claims, "{written}");
        }
    }

    #[test]
    fn a_source_without_links_is_not_parsed() {
        for (source, may) in [
            ("words", false),
            ("[a](https://e.org) ![b](c.png \"t\") [d](#e)", false),
            ("[1]: https://e.org", false),
            ("[^1]: a footnote", false),
            ("an array `[u8]: x`", false),
            ("[a](irc://e.org/x) [b](URL to issue) [[T]::x](https://e.org)", false),
            ("<a href=\"mailto:a@e.org\">", false),
            ("[a](b.md \"title\")", true),
            ("[a](b_(c).md)", true),
            ("> [1]: a.md", true),
            ("[a]( b )", true),
            ("![[a]]", true),
            ("<a href=\"https://e.org\">", false),
            ("[a](b.md)", true),
            ("[a](<b c.md>)", true),
            ("[[a]]", true),
            ("[1]: /a", true),
            ("<a href=/b>", true),
            ("[a]({{< ref x >}})", true),
            ("[a]({filename}/b.md)", true),
        ] {
            assert_eq!(may_have_local_links(source), may, "{source}");
        }
    }
}
