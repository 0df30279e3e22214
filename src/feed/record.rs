//! The record format: an article as bytes, in memory and in the snapshot on disk.
//!
//! A record is its size (u32), its CRC-32 (u32), a front and a rest. The front has what building a feed needs of all articles
//! (sort key, topics, related entries), so that the rest is not parsed then. Snapshots on disk are not trusted: text is cleaned
//! again and links are checked again on reading, and a record that does not fit is rejected.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sha2::{Digest, Sha256};

use super::article::{Article, ArticleId, Picture, RelatedLink};
use super::clean::{self, SafeText, UntrustedText};
use super::field_subsets::{
    self, COMPLETION_FIELD_COUNT, COMPLETION_FIELDS, NUMBER_FIELD_COUNT, NUMBER_FIELDS, NumberValues,
};
use super::fields::{Accessor, Completion, Field, FieldDescriptor};
use super::link::{Address, Link};
use super::local_links;
use super::record_values::{
    date, enclosure, full_text, link, list, number, optional, put_date, put_enclosure, put_field, put_full_text,
    put_hashes, put_link, put_list, put_number, put_optional, put_related, put_shown, read_field, related, shown,
};
use super::shared_bytes::{ByteReader, ByteWriter, u64_at};
use super::site_place::SitePlace;
use super::stable_hashes;
use super::story::{self, Role};
use super::topic::Topic;
use crate::dates::Date;

pub use super::record_values::{problem, put_problem, seconds};

/// The version of the format, the table of fields included. A snapshot of another version is ignored.
pub const VERSION: u32 = field_subsets::VERSION.wrapping_add(11);

/// Names of further links of an article. A record stores the index of the name.
const LINK_NAMES: [&str; 4] = ["page as found", "AMP page", "AMP cache", "embedded"];

/// Flags of an article, one bit each: what it has.
pub mod has {
    /// It has pictures.
    pub const IMAGE: u32 = 1 << 0;
    /// It has a body.
    pub const BODY: u32 = 1 << 1;
    /// It has a link.
    pub const LINK: u32 = 1 << 2;
    /// Its file has problems.
    pub const PROBLEMS: u32 = 1 << 3;
    /// Other files have the same article.
    pub const OTHER_FILES: u32 = 1 << 4;
    /// Its site does not show it: a draft, or removed.
    pub const HIDING_SITE: u32 = 1 << 5;
    /// It lists related articles, or others list it.
    pub const RELATED: u32 = 1 << 6;
    /// It has the scores of a head.
    pub const HEAD: u32 = 1 << 7;
    /// It has the scores of a member.
    pub const MEMBER: u32 = 1 << 8;
    /// Its id comes from its link or from `articleId`, and not from title and date or the path.
    pub const OWN_NAME: u32 = 1 << 9;
    /// The files of other articles give them the same id.
    pub const SHARED_IDENTITY: u32 = 1 << 10;
    /// It has enclosures.
    pub const ENCLOSURE: u32 = 1 << 11;
    /// It has a link to comments.
    pub const COMMENTS: u32 = 1 << 12;
    /// Its id comes from `articleId`.
    pub const WRITTEN_ID: u32 = 1 << 13;
    /// The bodies of other articles link to it.
    pub const BACKLINK: u32 = 1 << 14;
    /// Its body links to an article that the library does not have.
    pub const MISSING_LINK: u32 = 1 << 15;
    /// The links of its body to other articles were not read yet.
    pub const UNREAD_LINKS: u32 = 1 << 16;
    /// Its body is the full text from its site.
    pub const FULL_TEXT: u32 = 1 << 17;
}

/// The role of an article in a story, by the flags of its scores.
pub fn role_by_scores(flags: u32) -> Role {
    match flags {
        flags if flags & has::HEAD != 0 => Role::Head,
        flags if flags & has::MEMBER != 0 => Role::Member,
        _ => Role::Single,
    }
}

/// How long reading or playing an article takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lengths {
    /// Number of words in excerpt and body.
    pub words: u32,
    /// Duration of its longest enclosure in seconds; 0 if it is not known.
    pub duration: u32,
}

/// A record with its front parsed; the rest is parsed on demand.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// Size and CRC-32 of the record as one number: changed content has another one.
    pub content_hash: u64,
    /// The id that the file alone gives the article. Several articles may have it, see [`super::shared_identity`].
    pub id: ArticleId,
    /// When it was published.
    pub published: Option<Date>,
    /// When it was last changed by its authors.
    pub updated: Option<Date>,
    /// When the file was last written.
    pub modified: Option<SystemTime>,
    /// Quality, heat and other numbers of the file.
    pub numbers: NumberValues,
    /// How long it takes.
    pub lengths: Lengths,
    /// Flags, see [`has`].
    pub flags: u32,
    /// Index of the folder or file of the library in which it was found.
    pub root: u32,
    /// Path below that folder; empty if the root is the file itself.
    pub below: &'a Path,
    /// Hash of the title, by which related entries may name it.
    pub title_hash: u64,
    /// Hash of the title without case, blanks and punctuation.
    pub folded_title_hash: u64,
    /// Hash of the fragment of its link, the part after `#`; 0 if there is none.
    pub fragment_hash: u64,
    /// Length and CRC-32 of excerpt and body, see [`stable_hashes::of_content`]; 0 if there is no text.
    pub text_hash: u64,
    /// Hashes of its links, 8 bytes each.
    pub link_hashes: &'a [u8],
    /// Hashes of link and title of each related entry, 8 bytes each.
    pub related_hashes: &'a [u8],
    /// The links of its body to places where articles may be, see [`local_links::links_in`]; empty if they were not read yet.
    pub local_links: &'a [u8],
    /// Names of the front matter by which links may mean it, see [`local_links::OtherName`].
    pub other_names: &'a [u8],
    /// Its path on its site, not percent-encoded; empty if unknown.
    pub site_path: &'a str,
    /// Name of the provider.
    pub provider: &'a str,
    /// The name in each field of [`COMPLETION_FIELDS`]; empty for none.
    pub completed: [&'a str; COMPLETION_FIELD_COUNT],
    topic_count: usize,
    topics: ByteReader<'a>,
    rest: ByteReader<'a>,
}

/// The hash of a link: equal for links to the same page. 0 if the link has no valid address.
fn link_hash(link: Option<&Link>) -> u64 {
    link.and_then(Link::address).map_or(0, |address| ArticleId::of_link(address).number())
}

/// The content of the record at the start of `bytes`, and the checksum that it should have.
fn content_and_sum(bytes: &[u8]) -> Option<(&[u8], u32)> {
    let mut reader = ByteReader(bytes);
    let (size, sum) = (reader.u32()? as usize, reader.u32()?);
    Some((reader.take(size)?, sum))
}

impl<'a> Record<'a> {
    /// Reads the front of the record at the start of `bytes`; `None` if the record is damaged.
    pub fn read(bytes: &'a [u8]) -> Option<Record<'a>> {
        let (content, sum) = content_and_sum(bytes)?;
        if crc32fast::hash(content) == sum { Record::of_content(content, sum) } else { None }
    }

    /// Reads the front of a record that may be damaged: its values may be wrong.
    pub fn read_unchecked(bytes: &'a [u8]) -> Option<Record<'a>> {
        let (content, sum) = content_and_sum(bytes)?;
        Record::of_content(content, sum)
    }

    fn of_content(content: &'a [u8], sum: u32) -> Option<Record<'a>> {
        let mut front = ByteReader(content);
        let id = ArticleId::of_number(front.u64()?);
        let (published, updated) = (date(&mut front)?, date(&mut front)?);
        let modified = date(&mut front)?.map(|date| SystemTime::from(date.as_utc()));
        let flags = front.u32()?;
        let lengths = Lengths { words: front.u32()?, duration: front.u32()? };
        let root = front.u32()?;
        let mut numbers: NumberValues = [None; NUMBER_FIELD_COUNT];
        for slot in &mut numbers {
            *slot = number(&mut front)?;
        }
        let below = Path::new(OsStr::from_bytes(front.bytes()?));
        let (title_hash, folded_title_hash) = (front.u64()?, front.u64()?);
        let (fragment_hash, text_hash) = (front.u64()?, front.u64()?);
        let (link_hashes, related_hashes) = (front.bytes()?, front.bytes()?);
        let (local_links, other_names) = (front.bytes()?, front.bytes()?);
        let (site_path, provider) = (front.text()?, front.text()?);
        let mut completed = [""; COMPLETION_FIELD_COUNT];
        for name in &mut completed {
            *name = front.text()?;
        }
        let topic_count = front.size()?;
        let topics = front;
        for _ in 0..topic_count {
            front.bytes()?;
        }
        Some(Record {
            content_hash: (content.len() as u64) << 32 | u64::from(sum),
            id,
            published,
            updated,
            modified,
            numbers,
            lengths,
            flags,
            root,
            below,
            title_hash,
            folded_title_hash,
            fragment_hash,
            text_hash,
            link_hashes,
            related_hashes,
            local_links,
            other_names,
            site_path,
            provider,
            completed,
            topic_count,
            topics,
            rest: front,
        })
    }

    /// The size in bytes of the record at the start of `bytes`.
    pub fn size(bytes: &[u8]) -> Option<usize> {
        ByteReader(bytes).u32().map(|size| size as usize + 8)
    }

    /// The topics, not yet cleaned for display.
    pub fn topics(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let mut topics = self.topics;
        (0..self.topic_count).map_while(move |_| topics.text())
    }

    /// The title, without parsing the fields after it.
    pub fn title(&self) -> Option<SafeText> {
        shown(&mut self.rest.clone())
    }

    /// The role in a story, by the scores alone.
    pub fn role_by_scores(&self) -> Role {
        role_by_scores(self.flags)
    }

    /// The path of its file; `roots` are the folders and files of the library.
    pub fn path(&self, roots: &[PathBuf]) -> PathBuf {
        let root = roots.get(self.root as usize).map_or(Path::new(""), PathBuf::as_path);
        if self.below.as_os_str().is_empty() { root.to_owned() } else { root.join(self.below) }
    }

    /// Parses the whole article; `None` if the record is damaged.
    pub fn article(&self, roots: &[PathBuf]) -> Option<Article> {
        let mut rest = self.rest;
        let rest = &mut rest;
        let path = self.path(roots);
        let topics: Vec<Topic> = self.topics().filter_map(|topic| Topic::new(clean::plain_line(topic))).collect();
        let mut article = Article::blank(self.id);
        article.published = self.published;
        article.updated = self.updated;
        article.provider.name = clean::plain_line(self.provider);
        for (field, number) in NUMBER_FIELDS.iter().zip(self.numbers) {
            if let Accessor::Number(_, slot) = field.descriptor().accessor {
                *slot(&mut article) = number;
            }
        }
        for (field, name) in COMPLETION_FIELDS.iter().zip(self.completed) {
            let name = clean::plain_line(name);
            match field.descriptor().accessor {
                Accessor::Line(_, line) => *line(&mut article) = name,
                Accessor::Name(_, slot) => *slot(&mut article) = Some(name).filter(|name| !name.is_empty()),
                _ => {}
            }
        }
        for field in Field::all().filter(|field| !is_in_front(field)) {
            read_field(rest, field.accessor, &mut article)?;
        }
        Some(Article {
            modified: self.modified,
            words: self.lengths.words,
            local_links: (self.flags & has::UNREAD_LINKS == 0).then(|| local_links::read_links(self.local_links)),
            other_names: local_links::read_names(self.other_names),
            topics,
            excerpt_from_body: rest.u8()? != 0,
            link: optional(rest, link)?,
            site: SitePlace { path: clean::plain_line(self.site_path), link: optional(rest, link)? },
            other_links: list(rest, |rest| {
                let name = rest.u8()?;
                Some((*LINK_NAMES.get(usize::from(name))?, link(rest)?))
            })?,
            pictures: list(rest, |rest| {
                let (link, title) = (link(rest)?, shown(rest)?);
                Some(Picture { link, title, size: optional(rest, |rest| Some((rest.u32()?, rest.u32()?)))? })
            })?,
            related: list(rest, related)?,
            enclosures: list(rest, enclosure)?,
            comments: optional(rest, link)?,
            problems: list(rest, |rest| problem(rest, &path))?,
            body: UntrustedText::new(rest.text()?),
            full_text: optional(rest, full_text)?,
            path,
            ..article
        })
    }

    /// The value of a number field, if the file gives one.
    pub fn number(&self, field: Field) -> Option<i64> {
        field_subsets::number_in(&self.numbers, field)
    }

    /// The hash of the page of its main link; of another link of the file if the main link cannot be opened. `None` without links.
    pub fn main_link_hash(&self) -> Option<u64> {
        u64_at(self.link_hashes, 0)
    }

    /// The score of its story.
    pub fn heat(&self) -> Option<i64> {
        self.number(Field::Heat)
    }
}

/// The hash of what the user sees of an article: equal for versions that look the same, see [`Article::looks_same_as`].
pub fn visible_content_hash(article: &Article) -> VisibleContentHash {
    let mut bytes = Vec::new();
    write(&article.visible_content(), 0, Path::new(""), &mut bytes);
    let mut sum = VisibleContentHash::default();
    sum.iter_mut().zip(Sha256::digest(&bytes)).for_each(|(slot, byte)| *slot = byte);
    sum
}

/// The first half of a SHA-256, long enough to rule out equal hashes of different articles.
pub type VisibleContentHash = [u8; 16];

/// True if the value of a field is in the front of a record. The title is the first field of the rest, see [`Record::title`].
fn is_in_front(field: &FieldDescriptor) -> bool {
    let is_completed = field.completion == Completion::Offered;
    is_completed
        || matches!(field.accessor, Accessor::Number(..))
        || matches!(field.field, Field::Date | Field::Updated | Field::Provider)
}

/// Appends the record of an article to `out`. `root` is the index of the folder or file of the library in which it was found,
/// `below` the path below it.
pub fn write(article: &Article, root: u32, below: &Path, out: &mut Vec<u8>) {
    let start = out.len();
    let mut writer = ByteWriter(std::mem::take(out));
    let to = &mut writer;
    to.u64(0); // room for size and CRC-32, which are known at the end
    to.u64(article.id.number());
    put_date(to, article.published);
    put_date(to, article.updated);
    put_date(to, article.modified.map(|time| Date::moment(time.into())));
    to.u32(flags_of(article));
    to.u32(article.words);
    to.u32(article.duration());
    to.u32(root);
    for field in NUMBER_FIELDS {
        let Accessor::Number(number, _) = field.descriptor().accessor else { continue };
        put_number(to, *number(article));
    }
    to.bytes(below.as_os_str().as_bytes());
    to.u64(stable_hashes::of_text(article.title.as_str()));
    to.u64(stable_hashes::of_folded_title(article.title.as_str()));
    to.u64(main_address(article).map_or(0, stable_hashes::of_fragment));
    to.u64(stable_hashes::of_content(article));
    // Nearly always the id is the hash of the link already: do not compute SHA-256 twice.
    let number = |address: &Address| match address.is_identity() && !has_written_id(article) {
        true => article.id.number(),
        false => ArticleId::of_link(address).number(),
    };
    let own = main_address(article).map(number);
    let others = article.other_links.iter().map(|(_, link)| link_hash(Some(link)));
    put_hashes(to, usize::from(own.is_some()) + article.other_links.len(), own.into_iter().chain(others));
    let pair = |entry: &RelatedLink| [link_hash(entry.link.as_ref()), stable_hashes::of_text(entry.title.as_str())];
    put_hashes(to, 2 * article.related.len(), article.related.iter().flat_map(pair));
    to.bytes(&local_links::put_links(article.local_links.as_deref().unwrap_or_default()));
    to.bytes(&local_links::put_names(&article.other_names));
    to.text(article.site.path.as_str());
    to.text(article.provider.name.as_str());
    for field in COMPLETION_FIELDS {
        to.text(match field.descriptor().accessor {
            Accessor::Line(line, _) => line(article).as_str(),
            Accessor::Name(name, _) => name(article).as_ref().map_or("", SafeText::as_str),
            _ => "",
        });
    }
    put_list(to, &article.topics, |to, topic| put_shown(to, topic.shown()));

    for field in Field::all().filter(|field| !is_in_front(field)) {
        put_field(to, field.accessor, article);
    }
    to.u8(article.excerpt_from_body.into());
    put_optional(to, article.link.as_ref(), put_link);
    put_optional(to, article.site.link.as_ref(), put_link);
    put_list(to, &article.other_links, |to, (name, link)| {
        to.u8(LINK_NAMES.iter().position(|known| known == name).unwrap_or(0) as u8);
        put_link(to, link);
    });
    put_list(to, &article.pictures, |to, picture| {
        put_link(to, &picture.link);
        put_shown(to, &picture.title);
        put_optional(to, picture.size.as_ref(), |to, (width, height)| {
            to.u32(*width);
            to.u32(*height);
        });
    });
    put_list(to, &article.related, put_related);
    put_list(to, &article.enclosures, put_enclosure);
    put_optional(to, article.comments.as_ref(), put_link);
    put_list(to, &article.problems, put_problem);
    to.text(article.body.untrusted());
    put_optional(to, article.full_text.as_ref(), put_full_text);

    *out = writer.0;
    let size = (out.len() - start - 8) as u32;
    let sum = crc32fast::hash(&out[start + 8..]);
    out[start..start + 4].copy_from_slice(&size.to_le_bytes());
    out[start + 4..start + 8].copy_from_slice(&sum.to_le_bytes());
}

fn has_written_id(article: &Article) -> bool {
    !article.written_id.is_empty()
}

fn main_address(article: &Article) -> Option<&Address> {
    article.link.as_ref().and_then(Link::address)
}

fn flags_of(article: &Article) -> u32 {
    let role = story::role_by_scores(article);
    [
        (has::IMAGE, !article.pictures.is_empty()),
        (has::BODY, !article.body.is_blank()),
        (has::LINK, article.link.is_some()),
        (has::PROBLEMS, !article.problems.is_empty()),
        (has::HIDING_SITE, article.shown_by_site == Some(false)),
        (has::RELATED, !article.related.is_empty()),
        (has::HEAD, role == Role::Head),
        (has::MEMBER, role == Role::Member),
        (has::OWN_NAME, has_written_id(article) || main_address(article).is_some_and(Address::is_identity)),
        (has::ENCLOSURE, !article.enclosures.is_empty()),
        (has::COMMENTS, article.comments.is_some()),
        (has::WRITTEN_ID, has_written_id(article)),
        (has::UNREAD_LINKS, article.local_links.is_none()),
        (has::FULL_TEXT, article.full_text.is_some()),
    ]
    .into_iter()
    .filter(|(_, is)| *is)
    .fold(0, |flags, (flag, _)| flags | flag)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::feed::article::Provider;
    use crate::feed::enclosure::Enclosure;
    use crate::feed::problem::{Position, Problem};

    fn article() -> Article {
        let date = |text: &str| text.parse::<Date>().ok();
        let link = |text: &str| Link::read(text);
        let related = RelatedLink {
            title: "Another".into(),
            excerpt: "Words".into(),
            published: date("2021-02-18T16:18:00.25Z"),
            link: Some(link("https://example.org/b?utm_source=x")),
            provider: Provider { name: "B".into(), domain: "example.org".into() },
            quality: Some(-3),
        };
        let refused = ["", "/relative", "javascript:alert(1)", "http:x", "https://a@b.example/", "https://e.org/a b"];
        let mut article = Article::builder("潮汐を測る 🌊 “é”")
            .number(7)
            .path("root/a/b.md")
            .excerpt("An excerpt")
            .published("2021-02-18T16:18:00.123456789Z".parse::<Date>().expect("a date"))
            .link("https://example.org/ä/")
            .topics(&["AI", "The Sea"])
            .body("# Raw\u{1b}[2J\n\nwords")
            .build();
        article.excerpt_from_body = true;
        article.other_links =
            vec![("AMP page", link("https://example.org/amp")), ("embedded", link("https://e.org/x"))];
        article.site = SitePlace { path: "/a b/".into(), link: Some(link("https://example.org/a%20b/")) };
        article.heat = Some(-1);
        article.pictures = refused.map(|raw| Picture { link: link(raw), title: "A".into(), size: Some((3, 4)) }).into();
        article.related = vec![related.clone(), RelatedLink { link: None, quality: None, published: None, ..related }];
        let enclosure = |link, length, duration| Enclosure { link, media_type: "audio/mpeg".into(), length, duration };
        article.enclosures = vec![
            enclosure(link("https://example.org/a.mp3"), Some(u64::MAX), Some(u32::MAX)),
            enclosure(link("data:a"), None, None),
        ];
        article.comments = Some(link("https://example.org/b#comments"));
        article.words = 70_000;
        article.modified = Some(SystemTime::UNIX_EPOCH + Duration::new(1_600_000_000, 5));
        let problem = Problem::warning(Some(Position { line: 7, column: 12 }), "what", "hint");
        article.problems = vec![Problem { path: PathBuf::from("root/a/b.md"), ..problem }];
        for (number, field) in (1..).zip(Field::all()) {
            fill(&mut article, field.accessor, number);
        }
        article
    }

    /// Gives an article a value of its own in every field that has none.
    fn fill(article: &mut Article, accessor: Accessor, number: i64) {
        let text = clean::line(&format!("value {number}"));
        match accessor {
            Accessor::Line(_, line) if line(article).is_empty() => *line(article) = text,
            Accessor::Name(_, name) => *name(article) = name(article).take().or(Some(text)),
            Accessor::Lines(_, lines) if lines(article).is_empty() => *lines(article) = vec![text.clone(), text],
            Accessor::Number(_, slot) => *slot(article) = slot(article).or(Some(number)),
            Accessor::Date(_, date) => {
                let day = Date::moment(chrono::DateTime::UNIX_EPOCH + chrono::TimeDelta::days(number));
                *date(article) = date(article).or(Some(day));
            }
            Accessor::Flag(_, flag) => *flag(article) = flag(article).or(Some(number % 2 == 0)),
            Accessor::Line(..) | Accessor::Lines(..) | Accessor::Texts(_) | Accessor::Custom => {}
        }
    }

    fn written(article: &Article) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(article, 1, Path::new("a/b.md"), &mut bytes);
        bytes
    }

    fn roots() -> [PathBuf; 2] {
        ["other", "root"].map(PathBuf::from)
    }

    #[test]
    fn a_written_article_is_read_back() {
        let mut article = article();
        let bytes = [written(&article), vec![7; 20]].concat();
        let record = Record::read(&bytes).expect("a record");
        assert_eq!(record.article(&roots()).as_ref(), Some(&article));
        assert_eq!(record.topics().collect::<Vec<_>>(), ["AI", "The Sea"]);
        assert_eq!((record.role_by_scores(), Record::size(&bytes)), (Role::Member, Some(bytes.len() - 20)));
        // The same for an article without any fields.
        article = Article { path: article.path, ..Article::blank(article.id) };
        article.published = "2021-02-18".parse().ok();
        assert_eq!(Record::read(&written(&article)).and_then(|record| record.article(&roots())), Some(article));
    }

    /// Replaces text in a record and corrects its CRC-32, as an attacker would.
    fn forged(bytes: &[u8], text: &str, by: &str) -> Vec<u8> {
        let at = bytes.windows(text.len()).position(|window| window == text.as_bytes()).expect("the text");
        let mut forged = bytes.to_vec();
        forged[at..at + by.len()].copy_from_slice(by.as_bytes());
        let sum = crc32fast::hash(&forged[8..]);
        forged[4..8].copy_from_slice(&sum.to_le_bytes());
        forged
    }

    #[test]
    fn a_forged_record_gives_clean_text_or_nothing() {
        let bytes = written(&article());
        let read = |bytes: &[u8]| Record::read(bytes).and_then(|record| record.article(&roots()));
        let title = read(&forged(&bytes, "excerpt", "\u{1b}[31mex")).expect("an article").excerpt;
        assert_eq!(title.as_str(), "An ex");
        assert_eq!(read(&forged(&bytes, "https://example.org/ä/", "file:///etc/passwd///")), None, "not to be opened");
        assert_eq!(read(&forged(&bytes, "words", "\u{ff}wo")).map(|article| article.title), Some(article().title));
    }

    #[test]
    fn damaged_records_are_rejected_without_a_panic() {
        let bytes = written(&article());
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << (at % 8);
            assert!(Record::read(&damaged).is_none(), "a flipped bit at {at}");
            assert!(Record::read(&bytes[..at]).is_none(), "cut at {at}");
            // With a correct CRC-32, reading must not panic.
            if at >= 8 {
                let sum = crc32fast::hash(&damaged[8..]);
                damaged[4..8].copy_from_slice(&sum.to_le_bytes());
                let _ = Record::read(&damaged).and_then(|record| record.article(&roots()));
            }
        }
    }
}
