//! Reads files in the plain subset of the native form directly, many times faster than with a YAML parser. All other files
//! are left to [`super::article_file`], and both give the same article for the same file.
//!
//! The plain subset has the keys of the native form, each at most once; text on one line, in quotes or clearly not a number;
//! lists and maps indented by two, or in brackets on one line. A file with any problem is not in the subset.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::article_parts::{self, ArticleFile};
use super::body::{self, Wanted};
use super::fast_flow;
use super::fast_yaml::{self, LineCursor, NativeKey, boolean, number, text, unused};
use super::site::PageValues;
use crate::dates::{self, Date};
use crate::feed::local_links::links_known_at_once;
use crate::feed::{
    Address, Article, BodySyntax, ChannelItem, Enclosure, Link, Picture, RelatedLink, SafeText, Topic, UntrustedText,
    clean,
};

/// Reads an article; none if the file is not in the plain subset.
pub fn read(file: &ArticleFile, now: DateTime<Utc>) -> Option<Article> {
    let (mut lines, below) = fast_yaml::split(std::str::from_utf8(file.bytes).ok()?)?;
    let front = FrontMatter::read(&mut lines)?;
    // The slow path reports dates in the future, and finds a date or a title elsewhere if the front matter has none.
    let published = front.common.published.filter(|date| !article_parts::is_in_future(*date, now))?;
    let title = non_blank(front.common.title)?;
    let below = article_parts::with_lf(Cow::Borrowed(below));
    let syntax = BodySyntax::of_file(!front.item.channel.item_id.is_empty(), file.path);
    let body = body::below_fence(file.path, &below, syntax);
    let given_excerpt = non_blank(front.common.excerpt);
    let excerpt_from_body = given_excerpt.is_none();
    let content = body::content(body, syntax, Wanted { heading: false, excerpt: excerpt_from_body });
    let excerpt = given_excerpt.or(content.excerpt).unwrap_or_default();
    let body = body::without_title(body, &title);
    let found = front.common.links.named().chain(front.embedded.map(|link| ("embedded", link))).collect();
    // Pelican and Jekyll make addresses of titles and categories as they are written, which the slow path knows.
    if file.site.is_some_and(|site| !site.is_for_native_form(front.category.is_some())) {
        return None;
    }
    let (link, other_links) = article_parts::split_main_link(found);
    let (name, domain) = front.common.provider;
    let id =
        article_parts::article_id(front.item.written_id.as_deref(), link.as_ref(), &title, Some(published), file.below);
    let mut article = Article {
        words: body::word_count(&excerpt, excerpt_from_body, body),
        title,
        excerpt,
        excerpt_from_body,
        published: Some(published),
        updated: front.item.updated,
        provider: article_parts::provider(non_blank(name), non_blank(domain), link.as_ref()),
        author: front.author,
        // Without `topics` the file is not in the native form, and `tags` and `category` are topics, too.
        topics: front.topics.or_else(|| (!front.has_other_topics).then(Vec::new))?,
        regions: front.regions,
        category: front.category,
        kind: non_blank(front.kind),
        quality: front.common.quality,
        heat: front.heat,
        shown_by_site: front.shown_by_site,
        pictures: front.pictures,
        related: front.related,
        enclosures: front.item.enclosures,
        comments: front.item.comments,
        channel: front.item.channel,
        written_id: front.item.written_id.as_deref().map(clean::line).unwrap_or_default(),
        link,
        other_links,
        body: UntrustedText::new(body.trim_end()),
        local_links: links_known_at_once(body, syntax),
        path: file.path.to_owned(),
        modified: file.modified,
        ..Article::blank(id)
    };
    article.site = article_parts::site_place(file, &article, &NativeFields { shown_by_site: article.shown_by_site });
    Some(article)
}

/// The front matter of the native form as the rules of site generators read it: none of its other keys mean anything to them.
struct NativeFields {
    shown_by_site: Option<bool>,
}

impl PageValues for NativeFields {
    fn has_front_matter(&self) -> bool {
        true
    }

    fn text(&self, key: &str) -> Option<String> {
        self.shown_by_site.filter(|_| key == "published").map(|is_shown| is_shown.to_string())
    }

    fn names(&self, _: &str) -> Vec<String> {
        Vec::new()
    }
}

/// The text, unless it is empty.
fn non_blank(text: SafeText) -> Option<SafeText> {
    Some(text).filter(|text| !text.is_empty())
}

/// The front matter of an article.
#[derive(Default)]
struct FrontMatter<'a> {
    common: CommonFields,
    embedded: Option<Link>,
    author: SafeText,
    topics: Option<Vec<Topic>>,
    regions: Vec<SafeText>,
    category: Option<SafeText>,
    kind: SafeText,
    heat: Option<i64>,
    shown_by_site: Option<bool>,
    pictures: Vec<Picture>,
    related: Vec<RelatedLink>,
    item: ItemFields<'a>,
    /// True if it has `tags` or `category`.
    has_other_topics: bool,
}

impl<'a> FrontMatter<'a> {
    fn read(lines: &mut LineCursor<'a>) -> Option<FrontMatter<'a>> {
        let mut front = FrontMatter::default();
        lines.map(0, |lines, key, value| {
            front.has_other_topics |= matches!(key, NativeKey::Category | NativeKey::Tags);
            match key {
                NativeKey::Author => front.author = article_parts::without_link_brackets(clean::line(&text(value)?)),
                NativeKey::Category => {
                    // `#a #b` is separated at blanks, which is left to the YAML parser.
                    let names = text(value).filter(|names| !names.contains('#'))?;
                    front.category = names
                        .split(',')
                        .map(|name| article_parts::without_link_brackets(clean::line(name)))
                        .find(|name| !name.is_empty());
                }
                NativeKey::Type => front.kind = shown(value)?,
                NativeKey::Heat => front.heat = number(value)?,
                NativeKey::Published => front.shown_by_site = Some(boolean(value)?),
                NativeKey::FeaturedContent => front.embedded = article_parts::embedded_link(&text(value)?),
                NativeKey::Secured => unused(value)?,
                NativeKey::Topics => {
                    let topics = front.topics.insert(Vec::new());
                    // 4 columns: two blanks, the dash and a blank. The slow path reads lists with another indentation.
                    names(lines, 4, value, |name| article_parts::add_topic(topics, name))?;
                }
                NativeKey::Tags => names(lines, 4, value, |name| front.regions.push(name))?,
                NativeKey::Images => {
                    maps(lines, 4, value, PictureFields::read, |fields| {
                        let picture = fields.picture();
                        picture.into_iter().for_each(|one| article_parts::add_picture(&mut front.pictures, one));
                        Some(())
                    })?;
                }
                NativeKey::UpdatedDateTime
                | NativeKey::Enclosures
                | NativeKey::Comments
                | NativeKey::Feed
                | NativeKey::FeedId
                | NativeKey::ArticleId => front.item.read(lines, key, value)?,
                NativeKey::Related => {
                    lines.list(4, value, |lines| {
                        front.related.push(related(lines, 4)?);
                        Some(())
                    })?;
                }
                key => front.common.read(lines, 0, key, value)?,
            }
            Some(())
        })?;
        // Without a provider, the slow path takes the author as the provider.
        let has_provider = front.common.provider != Default::default() || front.author.is_empty();
        (has_provider && lines.is_at_end()).then_some(front)
    }
}

/// The fields that articles of channels have.
#[derive(Default)]
struct ItemFields<'a> {
    updated: Option<Date>,
    enclosures: Vec<Enclosure>,
    comments: Option<Link>,
    channel: ChannelItem,
    /// The value of `articleId`, unless it is blank.
    written_id: Option<Cow<'a, str>>,
}

impl<'a> ItemFields<'a> {
    fn read(&mut self, lines: &mut LineCursor<'a>, key: NativeKey, value: &'a str) -> Option<()> {
        match key {
            NativeKey::UpdatedDateTime => self.updated = Some(dates::read_iso(&text(value)?)?),
            NativeKey::Enclosures => {
                maps(lines, 4, value, EnclosureFields::read, |fields| {
                    article_parts::add_enclosure(&mut self.enclosures, fields.enclosure()?).then_some(())
                })?;
            }
            NativeKey::Comments => self.comments = link(value)?,
            NativeKey::Feed => self.channel.address = channel_address(value)?,
            NativeKey::FeedId => self.channel.item_id = shown(value)?,
            NativeKey::ArticleId => {
                let is_seen = |written: &Cow<str>| !is_blank(written) && !clean::line(written).is_empty();
                self.written_id = Some(text(value)?).filter(is_seen);
            }
            _ => return None,
        }
        Some(())
    }
}

/// The fields that an article and an entry of `related` share.
#[derive(Default)]
struct CommonFields {
    title: SafeText,
    excerpt: SafeText,
    published: Option<Date>,
    links: FoundLinks,
    /// Name and domain.
    provider: (SafeText, SafeText),
    quality: Option<i64>,
}

impl CommonFields {
    /// Reads the field `key` of a map with this indentation.
    fn read<'a>(&mut self, lines: &mut LineCursor<'a>, indent: usize, key: NativeKey, value: &'a str) -> Option<()> {
        match key {
            NativeKey::Title => self.title = shown(value)?,
            NativeKey::Excerpt => self.excerpt = shown(value)?,
            NativeKey::PublishedDateTime => self.published = Some(dates::read_iso(&text(value)?)?),
            NativeKey::WebUrl => self.links.web = link(value)?,
            NativeKey::OriginalUrl => self.links.original = link(value)?,
            NativeKey::AmpWebUrl => self.links.amp = link(value)?,
            NativeKey::CdnAmpWebUrl => self.links.cache = link(value)?,
            NativeKey::Quality => self.quality = number(value)?,
            NativeKey::Provider => self.provider = provider(lines, indent + 2, value)?,
            _ => return None,
        }
        Some(())
    }
}

/// Links that can all be opened.
#[derive(Default)]
struct FoundLinks {
    web: Option<Link>,
    original: Option<Link>,
    amp: Option<Link>,
    cache: Option<Link>,
}

impl FoundLinks {
    /// The links, best first, with the names under which they are shown.
    fn named(self) -> impl Iterator<Item = (&'static str, Link)> {
        let pages = [self.web, self.original].into_iter().flatten().map(|link| ("page as found", link));
        let amp = self.amp.map(|link| ("AMP page", link));
        pages.chain(amp).chain(self.cache.map(|link| ("AMP cache", link)))
    }
}

/// Name and domain of a provider. Its pictures are skipped.
fn provider<'a>(lines: &mut LineCursor<'a>, indent: usize, value: &'a str) -> Option<(SafeText, SafeText)> {
    let (mut name, mut domain) = Default::default();
    let mut read = |key, value| {
        match key {
            NativeKey::Name => name = shown(value)?,
            NativeKey::Domain => domain = shown(value)?,
            _ => return None,
        }
        Some(())
    };
    match value.starts_with('{') {
        true => fast_flow::map(value, read)?,
        false => lines.nested(indent, value, |lines, key, value| match key {
            NativeKey::Images => maps(lines, indent + 4, value, PictureFields::read, |_| Some(())),
            key => read(key, value),
        })?,
    }
    Some((name, domain))
}

/// Reads a list of maps: one below a key with this indentation, or one in brackets. `read` reads a field of a map.
fn maps<'a, T: Default>(
    lines: &mut LineCursor<'a>,
    indent: usize,
    value: &'a str,
    read: impl Fn(&mut T, NativeKey, &'a str) -> Option<()>,
    mut done: impl FnMut(T) -> Option<()>,
) -> Option<()> {
    if value.starts_with('[') {
        return fast_flow::list(value, |flow| {
            let mut fields = T::default();
            flow.map(|key, value| read(&mut fields, key, value))?;
            done(fields)
        });
    }
    lines.list(indent, value, |lines| {
        let mut fields = T::default();
        lines.map(indent, |_, key, value| read(&mut fields, key, value))?;
        done(fields)
    })
}

/// The fields of an item of `images`.
#[derive(Default)]
struct PictureFields<'a> {
    address: Cow<'a, str>,
    title: SafeText,
    width: Option<i64>,
    height: Option<i64>,
}

impl<'a> PictureFields<'a> {
    fn read(&mut self, key: NativeKey, value: &'a str) -> Option<()> {
        match key {
            NativeKey::Url => self.address = text(value)?,
            NativeKey::Title => self.title = shown(value)?,
            NativeKey::Width => self.width = number(value)?,
            NativeKey::Height => self.height = number(value)?,
            NativeKey::IsCached => unused(value)?,
            _ => return None,
        }
        Some(())
    }

    /// The picture; none if it has no address.
    fn picture(self) -> Option<Picture> {
        let pixels = |number: Option<i64>| number.and_then(|number| u32::try_from(number).ok());
        let size = pixels(self.width).zip(pixels(self.height));
        (!is_blank(&self.address)).then(|| Picture { link: Link::read(&self.address), title: self.title, size })
    }
}

/// The fields of an item of `enclosures`.
#[derive(Default)]
struct EnclosureFields {
    link: Option<Link>,
    media_type: SafeText,
    length: Option<i64>,
    duration: Option<i64>,
}

impl EnclosureFields {
    fn read(&mut self, key: NativeKey, value: &str) -> Option<()> {
        match key {
            NativeKey::Url => self.link = link(value)?,
            NativeKey::Type => self.media_type = shown(value)?,
            NativeKey::Length => self.length = number(value)?,
            NativeKey::Duration => self.duration = number(value)?,
            _ => return None,
        }
        Some(())
    }

    /// The enclosure. The slow path reports one without a link.
    fn enclosure(self) -> Option<Enclosure> {
        Some(Enclosure {
            link: self.link?,
            media_type: self.media_type,
            length: self.length.and_then(|bytes| u64::try_from(bytes).ok()),
            duration: self.duration.and_then(|seconds| u32::try_from(seconds).ok()),
        })
    }
}

/// An entry of `related`.
fn related(lines: &mut LineCursor<'_>, indent: usize) -> Option<RelatedLink> {
    let mut common = CommonFields::default();
    lines.map(indent, |lines, key, value| match key {
        NativeKey::Type => unused(value),
        NativeKey::Images => maps(lines, indent + 4, value, PictureFields::read, |_| Some(())),
        key => common.read(lines, indent, key, value),
    })?;
    let link = common.links.named().map(|(_, link)| link).next();
    let (name, domain) = common.provider;
    Some(RelatedLink {
        // The slow path takes the link as the title, and reports an entry that has neither.
        title: non_blank(common.title)?,
        excerpt: common.excerpt,
        published: common.published,
        provider: article_parts::provider(non_blank(name), non_blank(domain), link.as_ref()),
        quality: common.quality,
        link,
    })
}

/// A list of texts.
fn names<'a>(lines: &mut LineCursor<'a>, indent: usize, value: &'a str, mut name: impl FnMut(SafeText)) -> Option<()> {
    let mut add = |value: &str| {
        let shown = article_parts::without_link_brackets(clean::line(&text(value)?));
        non_blank(shown).into_iter().for_each(&mut name);
        Some(())
    };
    match value.starts_with('[') {
        true => fast_flow::list(value, |flow| add(flow.scalar()?)),
        false => lines.list(indent, value, |lines| add(lines.next_text()?)),
    }
}

fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

/// A text, made safe for the screen; empty if blank.
fn shown(value: &str) -> Option<SafeText> {
    let text = text(value)?;
    Some(if is_blank(&text) { SafeText::default() } else { clean::line(&text) })
}

/// A link that can be opened; `Some(None)` if blank.
fn link(value: &str) -> Option<Option<Link>> {
    let text = text(value)?;
    if is_blank(&text) {
        return Some(None);
    }
    // The slow path reports a link that cannot be opened.
    Some(Link::read(&text)).filter(|link| link.address().is_some()).map(Some)
}

/// The address of a channel without its private parts; empty if blank.
fn channel_address(value: &str) -> Option<SafeText> {
    let text = text(value)?;
    // The slow path reports one that is no address.
    if is_blank(&text) { Some(SafeText::default()) } else { Some(Address::of_channel(&text).ok()?.shown()) }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::{self, Write};
    use std::path::{Path, PathBuf};
    use std::time::{Duration, SystemTime};

    use memchr::{memchr, memchr_iter, memmem};

    use super::super::article_file;
    use super::super::front_matter_fields::MAX_ITEMS;
    use super::*;

    /// Plain files that cover the whole subset.
    const GOOD: [&str; 8] = [
        include_str!("../../tests/fixtures/news/2021-02-18-head.md"),
        include_str!("../../tests/fixtures/news/2020-05-01-video.md"),
        include_str!("../../seeds/000_fb1d0d46ce0ecfe6.txt"),
        include_str!("../../seeds/2026-11-01-a-tour-of-frontpage.md"),
        concat!(
            "---\ncategory: news, more\ntitle: \"Ash &amp; Don’s \\\"day\\\" — caf\\u00e9 [1]\"\nexcerpt: 'plain * words & more'\n",
            "author: \"Ada\"\npublishedDateTime: 2021-02-18T16:18:00Z\noriginalUrl: \"https://youtube.com/watch?v=9\"\n",
            "webUrl: \"\"\nampWebUrl: \"https://example.org/a/?amp\"\ntype: video\nquality: 39\nheat: -1\npublished: false\n\n",
            "featuredContent: \"<iframe src=\\\"https://example.org/e\\\" allow=\\\"x\\\"></iframe>\"\n\n",
            "provider:\n  name: 9to5 Mac\n  domain: example.org\n  images:\n    - url: \"https://example.org/o.jpg\"\n      width: 50\n\n",
            "topics:\n  - AI\n  -\n  - \"ai\"\n  - Édition\n\ntags:\n  - us\n  - 'de'\n\n",
            "images:\n  - url: \"https://example.org/p.jpg\"\n    width: 1200\n    height: 630\n    isCached: true\n    title: \"A\\r\\nb\"\n  - url: p.jpg\n\n",
            "related:\n  - title: \"日本語　text\"\n    webUrl: \"\"\n    provider:\n      name: X\n      domain: \"\"\n    quality: 54\n    images:\n      - url: x\n",
            "  - title: Two\n    excerpt: \"\"\n    publishedDateTime: \"2021-02-18 16:18\"\n    webUrl: \"https://example.org/%C3%A4#x\"\n    type: article\n\n",
            "secured: \"a/b==;c\"\n---\n\n# Ash & Don’s \"day\" — café [1]\n\nBody *text*.\n---\nmore\n\n"
        ),
        concat!(
            "---\ntitle: \"An “episode” \\\"7\\\"\"\nexcerpt: \"What\\nit says\"\npublishedDateTime: 2026-11-29T08:00:00Z\n",
            "updatedDateTime: 2026-11-29T09:00:00Z\nwebUrl: \"https://example.org/7\"\ntype: audio\n",
            "provider: {name: \"The {Sea}, \\\"daily\\\"\", domain: \"example.org\"}\nauthor: \"Ada, Bo\"\n",
            "topics: [\"AI\", \"The [Sea], ”\", \"ai\"]\nimages: [{url: \"https://example.org/p.jpg\", width: 1200, height: 630}]\n",
            "enclosures: [{url: \"https://example.org/7.mp3\", type: \"audio/mpeg\", length: 28012345, duration: 1860}, ",
            "{url: \"https://example.org/7.mp3\"}, {url: \"https://example.org/7.vtt\", type: text/vtt, length: -1}]\n",
            "comments: \"https://example.org/7#comments\"\nfeed: \"https://me:key@example.org/feed.xml?key=1#x\"\n",
            "feedId: \"tag:example.org,2026:\\\\7\"\narticleId: \"0123456789abcdef#tag:example.org,2026: 7\\u0007\"\n---\n\n",
            "import x\n\nA note[^1] and <!-- more --> more.\n\n# A heading {#id}\n\n[^1]: the note\n"
        ),
        concat!(
            "---\ntitle: \"A &amp;amp; B\"\npublishedDateTime: \"2026-11-28\"\nupdatedDateTime: 2026-11-28T09:00:00.5\n",
            "webUrl: \"https://example.org/9\"\ntype: \"audio\"\nprovider:\n  name: \"Tide Talk\"\n  domain: \"example.org\"\n",
            "author: \"Ada\"\ntopics:\nimages:\n  - url: \"https://example.org/9.jpg\"\nenclosures:\n",
            "  - url: \"https://example.org/9.mp3\"\n    type: \"audio/mpeg\"\n    length: 999999999999999\n    duration: 1860\n",
            "  - url: \"https://example.org/9.pdf\"\ncomments: \"https://example.org/9#c\"\nfeed: \"https://example.org/feed.xml\"\n",
            "feedId: \"9\"\narticleId: \"0123456789abcdef#9\"\n---\n\nText.\n"
        ),
        concat!(
            "---\ntitle: \"No topics\"\npublishedDateTime: 2026-11-29T08:00:00Z\ntopics: []\nenclosures:\n",
            "  - url: \"https://example.org/8.mp3\"\n    duration: 5\nimages: []\nfeedId: \"\"\n---\nimport x\n\n",
            "A note[^1] and <!-- more --> more.\n\n[^1]: the note\n"
        ),
    ];

    fn now() -> DateTime<Utc> {
        "2027-01-01T00:00:00Z".parse().expect("a time")
    }

    /// Reads a file both ways and compares the articles. Returns whether the fast path read it.
    fn same(path: &Path, bytes: &[u8]) -> bool {
        let modified = Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1));
        let file = ArticleFile { path, below: path, modified, bytes, site: None };
        let Some(article) = read(&file, now()) else { return false };
        let text = String::from_utf8_lossy(bytes);
        assert_eq!(Some(Box::new(article)), article_file::read_any_format(&file, now()).ok(), "{text:?}");
        true
    }

    fn files_below(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() { files_below(&path, files) } else { files.push(path) }
        }
    }

    #[test]
    fn both_parsers_read_real_files_the_same_and_most_are_plain() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        same_below(&here.join("tests/fixtures"));
        same_below(&here.join("seeds"));
    }

    #[test]
    #[ignore = "heavy"]
    fn both_parsers_read_a_corpus_the_same_and_most_are_plain() {
        match std::env::var_os("FRONTPAGE_CORPUS").filter(|folder| !folder.is_empty()) {
            Some(folder) => same_below(Path::new(&folder)),
            None => writeln!(io::stderr(), "SKIPPED: FRONTPAGE_CORPUS names no folder of article files").unwrap(),
        }
    }

    fn same_below(folder: &Path) {
        let mut files = Vec::new();
        files_below(folder, &mut files);
        assert!(!files.is_empty(), "no files in {folder:?}");
        let (mut native, mut plain) = (0, 0);
        for path in files {
            let bytes = fs::read(&path).expect("a file");
            native += usize::from(memmem::find(&bytes, b"\npublishedDateTime:").is_some());
            plain += usize::from(same(&path, &bytes));
        }
        assert!(plain * 10 >= native * 9, "{plain} of {native} native files of {folder:?} are plain");
    }

    #[test]
    fn good_files_are_plain_with_both_line_ends() {
        for text in GOOD {
            assert!(same(Path::new("a.md"), text.as_bytes()), "{text}");
            assert!(same(Path::new("a.mdx"), text.replace('\n', "\r\n").as_bytes()), "{text}");
        }
    }

    #[test]
    fn the_fast_path_rejects_files_that_are_not_plain() {
        for (plain, other) in [
            ("type: video", "type: |\n  video"),
            ("type: video", "type: video # not"),
            ("type: video", "type: a: b"),
            ("type: video", "type: 0x1f"),
            ("type: video", "type: 1e3"),
            ("type: video", "type: 1984"),
            ("type: video", "type: null"),
            ("type: video", "type: True"),
            ("type: video", "type: *video"),
            ("type: video", "type: &a video"),
            ("type: video", "type: !!str video"),
            ("type: video", "type: [video]"),
            ("type: video", "type: \"\\e\""),
            ("type: video", "type: \"\\ud800\""),
            ("type: video", "type: \"a\" b"),
            ("type: video", "type: video\n  more"),
            ("type: video", "type: video\ntype: video"),
            ("type: video", "type: video\nType: video"),
            ("type: video", "type: video\u{85}"),
            ("type: video", "type: video\u{2028}"),
            ("type: video", "type: video\u{ffff}"),
            ("type: video", "type: video\u{7}"),
            ("category: news, more", "category: \"#a #b\""),
            ("type: video", "type:\tvideo"),
            ("type: video", "type: video\rx: y"),
            ("quality: 39", "quality: 39.5"),
            ("quality: 39", "quality: many"),
            ("quality: 39", "quality: 039"),
            ("published: false", "published: maybe"),
            ("2021-02-18T16:18:00Z", "2021-02-30T16:18:00Z"),
            ("2021-02-18T16:18:00Z", "2091-02-18T16:18:00Z"),
            ("webUrl: \"\"", "webUrl: \"/relative\""),
            ("webUrl: \"\"", "webUrl: \"javascript:alert(1)\""),
            ("    width: 1200", "   width: 1200"),
            ("  - us", "- us"),
            ("---\ncategory", "\u{feff}---\ncategory"),
            ("---\ncategory", "--- \ncategory"),
        ] {
            let text = GOOD[4].replacen(plain, other, 1);
            assert_ne!(text, GOOD[4], "{plain:?}");
            assert!(!same(Path::new("a.md"), text.as_bytes()), "{other:?}");
        }
        for (plain, other) in [
            ("\"An “", "\"\\xe9"),
            ("provider: {name", "provider: {\"name\""),
            ("provider: {name", "provider: { name"),
            ("domain: \"example.org\"}", "name: \"b\"}"),
            ("domain: \"example.org\"}", "domain: \"example.org\"} # a comment"),
            ("domain: \"example.org\"}", "domain: \"example.org\""),
            ("domain: \"example.org\"}", "domain: *a}"),
            ("topics: [\"AI\", ", "topics: [\"AI\",\n  "),
            ("topics: [\"AI\", ", "topics: [AI: x, "),
            ("topics: [\"AI\", ", "topics: [-, "),
            ("topics: [\"AI\", ", "topics: [1984, "),
            ("topics: [\"AI\", ", "topics: [true, "),
            ("topics: [\"AI\", ", "topics: [[\"AI\"], "),
            ("url: \"https://example.org/7.vtt\", ", ""),
            ("url: \"https://example.org/7.vtt\"", "url: \"7.vtt\""),
            ("length: -1", "length: many"),
            ("length: -1", "length: -1,"),
            ("length: -1", "length: -1, length: 2"),
            ("https://example.org/7#comments", "javascript:alert(1)"),
            ("https://me:key@example.org/feed.xml", "ftp://example.org/feed.xml"),
            ("example.org/feed.xml", "exa mple.org/feed.xml"),
        ] {
            let text = GOOD[5].replacen(plain, other, 1);
            assert_ne!(text, GOOD[5], "{plain:?}");
            assert!(!same(Path::new("a.md"), text.as_bytes()), "{other:?}");
        }
        let long = format!("topics:\n{}", "  - AI\n".repeat(MAX_ITEMS + 1));
        assert!(!same(Path::new("a.md"), GOOD[4].replace("topics:\n", &long).as_bytes()));
    }

    #[test]
    fn long_texts_are_plain() {
        let long = "word ".repeat(1000) + "end";
        for (short, spelt) in [
            ("  - Machines", format!("  - {long}")),
            ("  - Machines", format!("  - \"{long}\"")),
            ("  - Machines", format!("  - '{long}'")),
            ("name: Tank Channel", format!("name: {long}")),
            ("\"Building a Wave Tank\"", format!("\"{long}\"")),
        ] {
            let text = GOOD[1].replacen(short, &spelt, 1);
            assert_ne!(text, GOOD[1], "{short:?}");
            assert!(same(Path::new("a.md"), text.as_bytes()), "{short:?}");
        }
    }

    #[test]
    fn both_parsers_read_damaged_files_the_same() {
        spoil(3_000, 1);
    }

    #[test]
    #[ignore = "heavy"]
    fn both_parsers_read_many_damaged_files_the_same() {
        spoil(300_000, 2);
    }

    /// SplitMix64.
    struct Random(u64);

    impl Random {
        fn below(&mut self, end: usize) -> usize {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((z ^ (z >> 31)) % end.max(1) as u64) as usize
        }

        fn of<'a>(&mut self, from: &[&'a str]) -> &'a str {
            from[self.below(from.len())]
        }
    }

    /// Reads `count` damaged variants of the good files both ways.
    fn spoil(count: usize, seed: u64) {
        let mut random = Random(seed);
        let mut plain = 0;
        for _ in 0..count {
            let mut text = random.of(&GOOD).to_owned();
            if random.below(4) == 0 {
                text = text.replace('\n', "\r\n");
            }
            let mut bytes = text.into_bytes();
            for _ in 0..=random.below(2) {
                spoil_once(&mut bytes, &mut random);
            }
            plain += usize::from(same(Path::new("2021-02-18-a.md"), &bytes));
        }
        assert!(plain * 8 > count, "only {plain} of {count} are still plain: too few were compared");
    }

    fn spoil_once(bytes: &mut Vec<u8>, random: &mut Random) {
        const PIECES: [&str; 92] = [
            "[[",
            "]]",
            "\"[[a|b]]\"",
            "\"#a\"",
            ":",
            "#",
            "-",
            "&",
            "*",
            "!",
            "|",
            ">",
            "'",
            "\"",
            "%",
            "@",
            "[",
            "]",
            "{",
            "}",
            ",",
            "?",
            "\\",
            "~",
            "null",
            "yes",
            "0x1f",
            "1e3",
            "2021-02-18",
            "\t",
            " ",
            "  ",
            "\n",
            "\r",
            "\r\n",
            "\n\n",
            ": ",
            " #",
            "- ",
            "---",
            "\n---\n",
            "...",
            "\n...\n",
            "\u{85}",
            "\u{2028}",
            "\u{feff}",
            "\u{fffe}",
            "\u{a0}",
            "\u{3000}",
            "\u{200b}",
            "\u{202e}",
            "\u{301}",
            "\0",
            "\u{1b}[2J",
            "\u{7f}",
            "\u{9b}",
            "é",
            "日本",
            "👨‍👩‍👧",
            "\\n",
            "\\u2028",
            "\\u001b",
            "\\ud800",
            "\\x41",
            "\\/",
            "\\\"",
            "\\\\",
            "''",
            "\"\"",
            "true",
            "False",
            "no",
            "-1",
            "007",
            "1_000",
            "0o7",
            ".5",
            "+1",
            "1.0",
            "99999999999999999999",
            ".inf",
            "&amp;",
            "&amp;#39;",
            "<<: ",
            "&a ",
            "*a",
            " &a *a",
            "title: ",
            "/../",
            "http://",
            "A",
            "# ",
        ];
        // Damage often hits the starts of lines and values in the front matter.
        let places: Vec<usize> = match random.below(3) {
            0 => (0..=bytes.len()).collect(),
            1 => memchr_iter(b'\n', bytes).map(|at| at + 1).collect(),
            _ => memmem::find_iter(bytes, b": ").map(|at| at + 2).collect(),
        };
        let at = places.get(random.below(places.len())).copied().unwrap_or_default().min(bytes.len());
        let line_end = memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length + 1);
        let line_start = bytes[..at].iter().rposition(|b| *b == b'\n').map_or(0, |newline| newline + 1);
        let put = |bytes: &mut Vec<u8>, range: std::ops::Range<usize>, new: &[u8]| {
            bytes.splice(range, new.iter().copied());
        };
        match random.below(12) {
            0..4 => put(bytes, at..at, random.of(&PIECES).as_bytes()),
            4 => put(bytes, at..line_end, [random.of(&PIECES), "\n"].concat().as_bytes()),
            5 => put(bytes, at..(at + 1 + random.below(3)).min(bytes.len()), b""),
            6 => put(bytes, line_start..line_end, b""),
            7 => {
                let line = bytes[line_start..line_end].to_vec();
                let to = places[random.below(places.len())].min(bytes.len());
                put(bytes, to..to, &line);
            }
            8 => {
                let line = bytes[line_start..line_end].to_vec();
                put(bytes, line_start..line_end, b"");
                let starts: Vec<usize> = memchr_iter(b'\n', bytes).map(|at| at + 1).collect();
                let to = starts.get(random.below(starts.len())).copied().unwrap_or_default();
                put(bytes, to..to, &line);
            }
            9 => put(bytes, line_start..line_start, &b"    "[..1 + random.below(4)]),
            10 => {
                let blanks = bytes[line_start..].iter().take_while(|b| **b == b' ').count();
                put(bytes, line_start..line_start + blanks.min(1 + random.below(4)), b"");
            }
            _ => {
                let byte = [random.below(256) as u8];
                put(bytes, at..(at + 1).min(bytes.len()), &byte);
            }
        }
    }
}
