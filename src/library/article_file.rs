//! Reads an article file into an article: the native form with all its keys, and the keys that other tools use for the same
//! things.

use std::borrow::Cow;
use std::path::Path;

use chrono::{DateTime, Utc};

use super::article_parts::{self, ArticleFile};
use super::binary_content::is_binary;
use super::body::{self, Wanted, without_title};
use super::channel_keys;
use super::fast_path;
use super::front_matter::{self, FrontMatterFormat, ParsedFrontMatter, SplitFile};
use super::front_matter_fields::{Fields, FrontMatterSource, Item};
use super::key_positions;
use super::other_names::other_names;
use super::page_fields::PageFields;
use super::yaml_error::{Cause, FrontMatterError};
use crate::dates::{self, Date};
use crate::feed::fields::{Accessor, FieldDescriptor};
use crate::feed::local_links::links_known_at_once;
use crate::feed::{
    Article, BodySyntax, Field, Link, Picture, Position, Problem, Provider, RelatedLink, SafeText, Topic,
    UntrustedText, clean,
};

/// Keys of further links to an article, and the name under which each is shown.
const AMP: [(&str, &str); 2] = [("ampWebUrl", "AMP page"), ("cdnAmpWebUrl", "AMP cache")];

/// An article, or why there is none. Boxed, since a result that is moved takes its size of the stack at every call, and the parser of
/// YAML needs the rest of a small one.
pub type ReadResult = Result<Box<Article>, UnreadableFile>;

/// Why a file, or its front matter, cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{problem}")]
pub struct UnreadableFile {
    /// What is wrong.
    pub problem: Problem,
    /// The body as an article, if only the front matter cannot be read.
    pub body: Option<Box<Article>>,
}

/// Reads an article. Fails if the file or its front matter cannot be read. Parts that were ignored or repaired are in the
/// problems of the article. `now` decides which dates lie in the future.
pub fn read(file: &ArticleFile, now: DateTime<Utc>) -> ReadResult {
    if let Some(article) = fast_path::read(file, now) {
        return Ok(Box::new(article));
    }
    read_any_format(file, now)
}

/// Reads an article in any format. This is slower than [`fast_path::read`], with the same result.
pub(super) fn read_any_format(file: &ArticleFile, now: DateTime<Utc>) -> ReadResult {
    let named = |mut problem: Problem| {
        problem.path = file.path.to_owned();
        problem
    };
    let mut problems = Vec::new();
    let text = match decode(file.bytes, &mut problems) {
        Ok(text) => text,
        Err(problem) => return Err(UnreadableFile { problem: named(problem), body: None }),
    };
    let mut parts = front_matter::split(&text);
    let front = parts.read();
    problems.extend(front.problems.iter().cloned());
    if let Some(error) = &front.broken {
        problems.insert(0, without_front(error));
    }
    let mut article = Box::new(read_parts(file, &parts, &front, now, &mut problems));
    article.problems = problems.into_iter().map(named).collect();
    match front.broken {
        Some(error) => Err(UnreadableFile { problem: named(error.problem), body: Some(article) }),
        None => Ok(article),
    }
}

/// The warning for an article whose front matter cannot be read.
fn without_front(error: &FrontMatterError) -> Problem {
    let FrontMatterError { problem, cause } = error;
    let what = match cause {
        Cause::Whole => problem.what.to_string(),
        _ => format!("front matter ignored: {}", problem.what),
    };
    Problem::warning(problem.at, &what, problem.hint.as_str())
}

/// True if a file begins with a front matter fence. A `.txt` file is an article only then.
pub fn begins_with_fence(bytes: &[u8]) -> bool {
    // Enough for blank lines before the fence.
    let start = &bytes[..bytes.len().min(4096)];
    let text = String::from_utf8_lossy(start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start));
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim_end();
    first == "---" || first == "+++"
}

/// Decodes bytes into text with LF line ends and without byte order marks.
fn decode<'a>(bytes: &'a [u8], problems: &mut Vec<Problem>) -> Result<Cow<'a, str>, Problem> {
    let wide = |name: &str| {
        Err(Problem::error(Some(Position::START), &format!("the file is in {name}, not UTF-8"), "save it as UTF-8"))
    };
    // Before the check for binary files, since UTF-16 and UTF-32 are full of NULs. UTF-32 comes first: `ff fe` begins both.
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => return wide("UTF-32"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => return wide("UTF-16"),
        // UTF-16 or UTF-32 without a byte order mark. No other text has a NUL beside each of its first characters.
        [1..=255, 0, 0, 0, 1..=255, 0, 0, 0, ..] | [0, 0, 0, 1..=255, 0, 0, 0, 1..=255, ..] => return wide("UTF-32"),
        [1..=255, 0, 1..=255, 0, ..] | [0, 1..=255, 0, 1..=255, ..] => return wide("UTF-16"),
        _ => {}
    }
    if is_binary(bytes) {
        let what = "this is a binary file, not text";
        return Err(Problem::error(None, what, "give it its real extension, or move it out of the folder"));
    }
    // Concatenated files may leave several byte order marks.
    let mut bytes = bytes;
    while let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        bytes = rest;
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(error) => {
            let before = article_parts::with_lf(String::from_utf8_lossy(&bytes[..error.valid_up_to()]));
            let at = key_positions::position(&before, before.len(), 1);
            problems.push(Problem::warning(Some(at), "bytes that are not UTF-8", "shown as �; save the file as UTF-8"));
            String::from_utf8_lossy(bytes)
        }
    };
    Ok(article_parts::with_lf(text))
}

fn read_parts(
    file: &ArticleFile,
    parts: &SplitFile,
    front: &ParsedFrontMatter,
    now: DateTime<Utc>,
    problems: &mut Vec<Problem>,
) -> Article {
    let (format, _, first_line) = parts.front.unwrap_or((FrontMatterFormat::Yaml, "", 1));
    let source = FrontMatterSource::new(format, &front.text, first_line, &front.map);
    let fields = Fields::new(&source);
    let syntax = BodySyntax::of_file(fields.shown(Field::FeedId.keys()).is_some(), file.path);
    let body = match parts.front {
        Some(_) => body::below_fence(file.path, parts.body, syntax),
        None => body::without_mdx_imports(file.path, parts.body),
    };

    let given_title = fields.shown(Field::Title.keys());
    let given_excerpt = fields.shown(Field::Excerpt.keys());
    let wanted = Wanted { heading: given_title.is_none(), excerpt: given_excerpt.is_none() };
    let content = body::content(body, syntax, wanted);
    let title = given_title.or(content.heading).unwrap_or_else(|| name_of(file.below));
    let body = without_title(body, &title);
    report_nested(&fields, problems);
    fields.report_long_lists(problems);
    let excerpt_from_body = given_excerpt.is_none();
    let excerpt = given_excerpt.or(content.excerpt).unwrap_or_default();
    let (published, known_by) = published(&fields, syntax, file.below, problems);
    if let Some(date) = published.filter(|date| article_parts::is_in_future(*date, now)) {
        let key = Field::Date.keys().iter().find(|key| fields.has(key)).unwrap_or(&"date");
        let what = format!("`{key}` is in the future: {}", date.as_utc().format("%Y-%m-%d"));
        problems.push(Problem::warning(fields.position(key), &what, "listed with today's articles; check the year"));
    }
    let (link, other_links) = links(&fields, problems);
    let native = is_native(&fields);
    let author = author(&fields, problems);
    let (topics, category) = topics(&fields, format, native, problems);
    let written_id = fields.first_text(Field::ArticleId.keys());
    let id = article_parts::article_id(written_id.as_deref(), link.as_ref(), &title, known_by, file.below);
    let mut article = Article {
        words: body::word_count(&excerpt, excerpt_from_body, body),
        title,
        excerpt,
        excerpt_from_body,
        published,
        provider: provider(&fields, link.as_ref()),
        author,
        topics,
        regions: if native { fields.names("tags", is_comma, problems) } else { Vec::new() },
        category,
        link,
        other_links,
        body: UntrustedText::new(body.trim_end()),
        local_links: links_known_at_once(body, syntax),
        other_names: other_names(&fields),
        path: file.path.to_owned(),
        modified: file.modified,
        ..Article::blank(id)
    };
    Field::all().filter(|field| field.is_generic).for_each(|field| read_plain(&fields, field, &mut article, problems));
    article.shown_by_site = shown_by_site(&fields, problems);
    article.site = article_parts::site_place(file, &article, &PageFields::new(&fields, parts.front.is_some()));
    article.pictures = pictures(&fields, problems);
    article.related = related(&fields, problems);
    article.enclosures = channel_keys::enclosures(&fields, problems);
    article.comments = channel_keys::comments(&fields, problems);
    article.channel.address = channel_keys::channel_address(&fields, problems);
    article
}

/// Reads a field whose keys say everything about it.
fn read_plain(fields: &Fields, field: &FieldDescriptor, article: &mut Article, problems: &mut Vec<Problem>) {
    let keys = field.keys;
    match field.accessor {
        Accessor::Line(_, line) => *line(article) = fields.shown(keys).unwrap_or_default(),
        Accessor::Name(_, name) => *name(article) = fields.shown(keys),
        Accessor::Lines(_, lines) => {
            let mut found = keys.iter().map(|key| fields.names(key, is_comma, problems));
            *lines(article) = found.find(|names| !names.is_empty()).unwrap_or_default();
        }
        Accessor::Number(_, number) => *number(article) = keys.iter().find_map(|key| fields.number(key, problems)),
        Accessor::Date(_, date) => *date(article) = fields.date(keys, problems),
        Accessor::Flag(_, flag) => *flag(article) = keys.iter().find_map(|key| fields.flag(key, problems)),
        Accessor::Texts(_) | Accessor::Custom => {}
    }
}

/// Reports lists and maps in the place of text; they are ignored.
fn report_nested(fields: &Fields, problems: &mut Vec<Problem>) {
    // `source` may be a map with the name of the provider.
    let links = Field::Url.keys().iter().filter(|key| **key != "source");
    let plain = Field::all()
        .filter(|field| field.is_generic && matches!(field.accessor, Accessor::Line(..) | Accessor::Name(..)));
    let plain = plain.flat_map(|field| field.keys);
    let texts = ["title"].iter().chain(Field::Excerpt.keys()).chain(links).chain(plain);
    let nested = texts.filter(|key| fields.is_nested(key)).map(|key| (*key, "a list or a map", "write it as text"));
    let maps =
        Field::Topic.keys().iter().filter(|key| fields.map(key).is_some()).map(|key| (*key, "a map", "write a list"));
    for (key, what, hint) in nested.chain(maps) {
        let hint = format!("ignored; {hint}");
        problems.push(Problem::warning(fields.position(key), &format!("`{key}` is {what}"), &hint));
    }
}

/// True for the native form. There `topics` are topics, `tags` are region codes and `category` is a kind of article. In all
/// other files, all three are topics.
fn is_native(fields: &Fields) -> bool {
    fields.has("publishedDateTime") && fields.has("topics")
}

/// The stem of the file name without its date; for `index` and `_index` the name of the folder.
fn name_of(below: &Path) -> SafeText {
    let stem = |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let own = stem(below);
    let name = match own.as_str() {
        "index" | "_index" => {
            below.parent().and_then(Path::file_name).map_or(own, |name| name.to_string_lossy().into_owned())
        }
        _ => own,
    };
    let without_date = match dates::find_in_name(&name) {
        Some((_, range)) if range.start == 0 => name[range.end..].trim_start_matches(['-', '_', ' ']),
        _ => &name,
    };
    let shown = clean::line(without_date);
    // A name that is only a date is the title as it is.
    let shown = if shown.is_empty() { clean::line(&name) } else { shown };
    if shown.is_empty() { "untitled".into() } else { shown }
}

/// The date of an article, and the date for its identity. Version 0.1.0 read only ISO dates, and existing marks name articles
/// by an identity that was computed with those.
///
/// A file that was written for an item of a channel has the date of the item, or none: its folder may be named `2026-11-29`.
fn published(
    fields: &Fields,
    syntax: BodySyntax,
    below: &Path,
    problems: &mut Vec<Problem>,
) -> (Option<Date>, Option<Date>) {
    let name = |path: Option<&std::ffi::OsStr>| {
        path.and_then(|name| dates::find_in_name(&name.to_string_lossy()).map(|(date, _)| date))
    };
    let bad_dates = problems.len();
    let written = fields.date(Field::Date.keys(), problems);
    if written.is_some() || problems.len() > bad_dates || syntax == BodySyntax::Gfm {
        return (written, fields.iso_date(Field::Date.keys()));
    }
    let named = name(below.file_name())
        .or_else(|| name(below.parent().and_then(Path::file_name)))
        .or_else(|| ["path", "permalink", "url"].into_iter().find_map(|key| dates::find_in_path(&fields.text(key)?)));
    (named, named)
}

/// The main link of an article, which is the first that can be opened, and all further links.
fn links(fields: &Fields, problems: &mut Vec<Problem>) -> (Option<Link>, Vec<(&'static str, Link)>) {
    let mut link_problems = Vec::new();
    let mut found: Vec<(&'static str, Link)> = Vec::new();
    for key in Field::Url.keys() {
        let is_valid_name =
            *key == "source" && fields.text(key).is_some_and(|text| !text.contains("://") && !text.starts_with('/'));
        if is_valid_name || fields.is_nested(key) {
            continue; // the name of the provider
        }
        if let Some(link) = fields.link(key, &mut link_problems) {
            found.push(("page as found", link));
        }
    }
    for (key, name) in AMP {
        found.extend(fields.link(key, &mut link_problems).map(|link| (name, link)));
    }
    found.extend(
        fields
            .text("featuredContent")
            .and_then(|html| article_parts::embedded_link(&html))
            .map(|link| ("embedded", link)),
    );
    problems.extend(link_problems);
    article_parts::split_main_link(found)
}

fn author(fields: &Fields, problems: &mut Vec<Problem>) -> SafeText {
    let names = Field::Author.keys().iter().map(|key| match fields.map(key) {
        Some(map) => map.shown(&["name"]).map(article_parts::without_link_brackets).into_iter().collect(),
        None => fields.names(key, |_| false, problems),
    });
    clean::join(&names.into_iter().find(|names: &Vec<SafeText>| !names.is_empty()).unwrap_or_default(), ", ")
}

fn provider(fields: &Fields, link: Option<&Link>) -> Provider {
    if let Some(map) = fields.map("provider") {
        return article_parts::provider(map.shown(&["name"]), fields.shown(Field::Domain.keys()), link);
    }
    let name = Field::Provider.keys().iter().find_map(|key| match fields.map(key) {
        Some(map) => map.shown(&["name", "title"]),
        None => {
            // `author` reports a bad name already.
            let names = clean::join(&fields.names(key, |_| false, &mut Vec::new()), ", ");
            let is_link = names.as_str().contains("://") || names.as_str().starts_with('/');
            (!names.is_empty() && !is_link).then_some(names)
        }
    });
    article_parts::provider(name, None, link)
}

/// The topics, and the first of the categories.
fn topics(
    fields: &Fields,
    format: FrontMatterFormat,
    native: bool,
    problems: &mut Vec<Problem>,
) -> (Vec<Topic>, Option<SafeText>) {
    let (mut topics, mut category) = (Vec::<Topic>::new(), [None, None]);
    let mut add =
        |names: &[SafeText]| names.iter().for_each(|name| article_parts::add_topic(&mut topics, name.clone()));
    for key in Field::Topic.keys() {
        let is_category = Field::Category.keys().iter().position(|known| known == key);
        if native && *key != "topics" && is_category.is_none() {
            continue;
        }
        let names = fields.names(key, separator(fields, format, key), problems);
        if !native || *key == "topics" {
            add(&names);
        }
        if let Some(slot) = is_category.and_then(|at| category.get_mut(at)) {
            *slot = names.into_iter().next();
        }
    }
    if let Some(taxonomies) = fields.map("taxonomies") {
        for key in fields.keys_of("taxonomies") {
            add(&taxonomies.names(key, is_comma, problems));
        }
    }
    // `category` wins over `categories`, in the order of `Field::Category`; the loop above has the order of `Field::Topic`.
    let [first, second] = category;
    (topics, first.or(second))
}

/// Returns what separates topics in a text: white space in Jekyll's `categories: a b` and in `tags: "#a #b"` of notes, else
/// commas.
fn separator(fields: &Fields, format: FrontMatterFormat, key: &str) -> fn(char) -> bool {
    let Some(text) = fields.text(key).filter(|text| !text.contains(',')) else { return is_comma };
    let at_blanks = key == "categories" && format == FrontMatterFormat::Yaml
        || text.split_whitespace().all(|word| word.starts_with('#'));
    if at_blanks { char::is_whitespace } else { is_comma }
}

fn is_comma(c: char) -> bool {
    c == ','
}

/// Whether the author's site shows the article, by `published`, `draft`, `unlisted` and `removed`. frontpage shows it in any
/// case.
fn shown_by_site(fields: &Fields, problems: &mut Vec<Problem>) -> Option<bool> {
    let hidden = ["draft", "unlisted", "removed"].map(|key| fields.flag(key, problems));
    if hidden.contains(&Some(true)) {
        return Some(false);
    }
    fields.flag("published", problems).or(hidden.into_iter().flatten().next().map(|hidden| !hidden))
}

fn pictures(fields: &Fields, problems: &mut Vec<Problem>) -> Vec<Picture> {
    let mut pictures: Vec<Picture> = Vec::new();
    for item in Field::Images.keys().iter().flat_map(|key| fields.items(key)) {
        let picture = match item {
            Item::Text(text) if !text.trim().is_empty() => {
                Picture { link: Link::read(text), title: SafeText::default(), size: None }
            }
            Item::Map(map) => {
                let Some(link) = ["url", "src", "image", "path", "relative"].into_iter().find_map(|key| map.text(key))
                else {
                    continue;
                };
                let pixels = |key| map.number(key, &mut Vec::new()).and_then(|n| u32::try_from(n).ok());
                let title = map.shown(&["title", "caption", "alt"]).unwrap_or_default();
                Picture { link: Link::read(&link), title, size: pixels("width").zip(pixels("height")) }
            }
            Item::Text(_) => continue,
            Item::Other(at) => {
                problems.push(Problem::warning(at, "this image has no address", "ignored; add a `url`"));
                continue;
            }
        };
        article_parts::add_picture(&mut pictures, picture);
    }
    pictures
}

fn related(fields: &Fields, problems: &mut Vec<Problem>) -> Vec<RelatedLink> {
    let mut related = Vec::new();
    for item in fields.items("related") {
        let entry = match item {
            Item::Map(entry) => entry,
            Item::Text(text) => {
                let link = Some(Link::read(text)).filter(|link| link.address().is_some());
                let provider = article_parts::provider(None, None, link.as_ref());
                let title = clean::line(text);
                if !title.is_empty() {
                    related.push(RelatedLink {
                        title,
                        excerpt: SafeText::default(),
                        published: None,
                        link,
                        provider,
                        quality: None,
                    });
                }
                continue;
            }
            Item::Other(at) => {
                problems.push(Problem::warning(
                    at,
                    "this `related` entry is neither a map nor text",
                    "ignored; add a `title`",
                ));
                continue;
            }
        };
        let link =
            Field::Url.keys().iter().chain(AMP.iter().map(|(key, _)| key)).filter_map(|key| entry.link(key, problems));
        let link = link.fold(None, |best: Option<Link>, link| match best {
            Some(best) if best.address().is_some() || link.address().is_none() => Some(best),
            _ => Some(link),
        });
        let Some(title) = entry.shown(Field::Title.keys()).or_else(|| link.as_ref().map(|link| link.shown().clone()))
        else {
            problems.push(Problem::warning(
                entry.own_position(),
                "this `related` entry has no title and no link",
                "ignored; add a `title`",
            ));
            continue;
        };
        related.push(RelatedLink {
            title,
            excerpt: entry.shown(Field::Excerpt.keys()).unwrap_or_default(),
            published: entry.date(Field::Date.keys(), problems),
            provider: provider(&entry, link.as_ref()),
            quality: entry.number("quality", problems),
            link,
        });
    }
    related
}
