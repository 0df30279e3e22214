//! The fields of an article, each declared once: its names in files, queries and JSON, and everything that is done by its kind.
//!
//! Reading front matter, records, searches, completion, JSON, `show` and the README follow this table. A new field that is a
//! line of text, a list of them, a number, a date or a flag needs its place in [`Article`] and a row here.

use super::article::Article;
use super::clean::{self, SafeText};
use super::plain_text;
use crate::dates::Date;

/// What a query, a file or a program can name of an article. The order is that of JSON, of records and of the README.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// Title.
    Title,
    /// Excerpt.
    Excerpt,
    /// Body.
    Body,
    /// Link.
    Url,
    /// When it was published.
    Date,
    /// When its authors last changed it.
    Updated,
    /// Name of the provider.
    Provider,
    /// Site of the provider.
    Domain,
    /// Who wrote it.
    Author,
    /// Topics.
    Topic,
    /// Region codes.
    Regions,
    /// Category.
    Category,
    /// Type.
    Type,
    /// Score of the article.
    Quality,
    /// Score of the story.
    Heat,
    /// Whether its site shows it.
    ShownBySite,
    /// Pictures.
    Images,
    /// Path of the file.
    Path,
    /// Length in words.
    Words,
    /// Related articles that the file names.
    Related,
    /// What rules add up to; 0 when no rule says anything.
    Score,
    /// When the reader first saw it; until then, when its file was last written.
    Added,
    /// When it was read.
    ReadAt,
    /// A state: `is:story`.
    Is,
    /// Something it has: `has:image`.
    Has,
    /// Every field that free words look at.
    Any,
}

/// What the values of a field are, for a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words and phrases.
    Text,
    /// Whole numbers and their ranges.
    Number,
    /// Dates and their ranges.
    Date,
    /// True or false; a query asks for it by a state.
    Flag,
    /// One of a few words.
    Word,
}

/// Calls back with each text of an article.
pub type Texts = fn(&Article, &mut dyn FnMut(&str));

/// Where the value of a field lies in an article: how it is read and how it is set.
#[derive(Clone, Copy)]
pub enum Slot {
    /// A line of text; empty when there is none.
    Line(fn(&Article) -> &SafeText, fn(&mut Article) -> &mut SafeText),
    /// A line of text, or none.
    Name(fn(&Article) -> &Option<SafeText>, fn(&mut Article) -> &mut Option<SafeText>),
    /// Lines of text.
    Lines(fn(&Article) -> &Vec<SafeText>, fn(&mut Article) -> &mut Vec<SafeText>),
    /// A whole number.
    Number(fn(&Article) -> &Option<i64>, fn(&mut Article) -> &mut Option<i64>),
    /// A date.
    Date(fn(&Article) -> &Option<Date>, fn(&mut Article) -> &mut Option<Date>),
    /// Yes or no.
    Flag(fn(&Article) -> &Option<bool>, fn(&mut Article) -> &mut Option<bool>),
    /// Texts of a type of its own: calls back with each.
    Texts(Texts),
    /// A value of a type of its own, or one that no file has.
    Own,
}

/// Where free words count more: a hit in an earlier one puts an article further up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    /// The title.
    Title,
    /// Short names: topics, provider, author.
    Name,
    /// The excerpt.
    Excerpt,
    /// The body.
    Body,
}

impl Worth {
    /// All, the best first.
    pub const ALL: [Worth; 4] = [Worth::Title, Worth::Name, Worth::Excerpt, Worth::Body];

    /// Points of a hit: as whole words, and as the start of a word.
    pub fn points(self) -> (u16, u16) {
        match self {
            Worth::Title => (8, 7),
            Worth::Name => (6, 5),
            Worth::Excerpt => (4, 3),
            Worth::Body => (2, 1),
        }
    }
}

/// Whether the values of a field are names that many articles share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// They are not.
    No,
    /// A query completes them.
    Completed,
    /// A query completes them, and they are counted: a query finds exactly what is counted, so further files of an article add
    /// none.
    Counted,
}

/// All that is known of a field.
pub struct Descriptor {
    /// The field.
    pub field: Field,
    /// Keys of front matter in the order in which they are tried, compared without case, `_` and `-`; `a.b` is `b` in the map
    /// `a`.
    pub keys: &'static [&'static str],
    /// The keys say everything: the value is read by its kind, without code of its own.
    pub is_plain: bool,
    /// Name in a query.
    pub query: Option<&'static str>,
    /// Key in the JSON of `list` and `show`.
    pub json: Option<&'static str>,
    /// What its values are.
    pub kind: Kind,
    /// Where its value lies.
    pub slot: Slot,
    /// What a hit of a free word in it is worth; none: free words are not looked for in it.
    pub worth: Option<Worth>,
    /// Whether its values are names.
    pub names: Names,
    /// Word before its value among the facts of an article: `quality 39`.
    pub fact: Option<&'static str>,
    /// Label of its line below the article.
    pub label: Option<&'static str>,
    /// What it is, for the README.
    pub about: &'static str,
}

impl Descriptor {
    /// A field without names.
    const fn new(field: Field, kind: Kind, slot: Slot, about: &'static str) -> Descriptor {
        Descriptor {
            field,
            keys: &[],
            is_plain: false,
            query: None,
            json: None,
            kind,
            slot,
            worth: None,
            names: Names::No,
            fact: None,
            label: None,
            about,
        }
    }

    const fn keys(self, keys: &'static [&'static str]) -> Descriptor {
        Descriptor { keys, ..self }
    }

    /// Keys that say everything.
    const fn plain_keys(self, keys: &'static [&'static str]) -> Descriptor {
        Descriptor { keys, is_plain: true, ..self }
    }

    const fn query(self, name: &'static str) -> Descriptor {
        Descriptor { query: Some(name), ..self }
    }

    const fn json(self, key: &'static str) -> Descriptor {
        Descriptor { json: Some(key), ..self }
    }

    const fn worth(self, worth: Worth) -> Descriptor {
        Descriptor { worth: Some(worth), ..self }
    }

    const fn names(self, names: Names) -> Descriptor {
        Descriptor { names, ..self }
    }

    const fn fact(self, word: &'static str) -> Descriptor {
        Descriptor { fact: Some(word), ..self }
    }

    const fn label(self, label: &'static str) -> Descriptor {
        Descriptor { label: Some(label), ..self }
    }
}

/// A place in an article: its shape, and the way to it.
macro_rules! slot {
    ($shape:ident, $($way:ident).+) => {
        Slot::$shape(|article| &article.$($way).+, |article| &mut article.$($way).+)
    };
}

/// The table, in the order of the fields, which [`super::field_sets`] checks.
pub(super) static TABLE: [Descriptor; Field::COUNT] = {
    use Field::*;
    use Kind::{Flag, Number, Text, Word};
    [
        Descriptor::new(Title, Text, slot!(Line, title), "title; else the first heading, else the name of the file")
            .keys(&["title", "name", "linktitle", "extra.title"])
            .query("title")
            .json("title")
            .worth(Worth::Title),
        Descriptor::new(Excerpt, Text, slot!(Line, excerpt), "excerpt; else the first paragraph")
            .keys(&["excerpt", "description", "summary", "abstract", "subtitle", "bio"])
            .query("excerpt")
            .json("excerpt")
            .worth(Worth::Excerpt),
        Descriptor::new(Body, Text, Slot::Texts(body), "the text below, without its Markdown")
            .query("body")
            .worth(Worth::Body),
        Descriptor::new(Url, Text, Slot::Texts(link), "the original; the first of these that can be opened")
            .keys(&[
                "webUrl",
                "originalUrl",
                "sourceUrl",
                "canonicalUrl",
                "link",
                "url",
                "external_url",
                "source",
                "permalink",
            ])
            .query("url")
            .json("link"),
        Descriptor::new(Date, Kind::Date, slot!(Date, published), "when it was published; else the date in a name")
            .keys(&["publishedDateTime", "date", "publishDate", "pubDate", "published", "created"])
            .query("date")
            .json("published"),
        Descriptor::new(Updated, Kind::Date, slot!(Date, updated), "when its authors last changed it").plain_keys(&[
            "updatedDateTime",
            "lastmod",
            "updated",
            "modified",
            "last_modified_at",
        ]),
        Descriptor::new(Provider, Text, slot!(Line, provider.name), "who published it, by name")
            .keys(&["provider", "source", "site", "byline", "author", "authors"])
            .query("provider")
            .json("provider")
            .worth(Worth::Name)
            .names(Names::Counted),
        Descriptor::new(Domain, Text, slot!(Line, provider.domain), "site of the provider; else that of the link")
            .keys(&["provider.domain"])
            .query("domain"),
        Descriptor::new(Author, Text, slot!(Line, author), "who wrote it; of several all, with commas between them")
            .keys(&["author", "authors", "byline"])
            .query("author")
            .json("author")
            .worth(Worth::Name)
            .names(Names::Completed),
        Descriptor::new(Topic, Text, Slot::Texts(topics), "topics; those of `taxonomies` too")
            .keys(&["topics", "tags", "categories", "category", "keywords", "topic", "tag", "keyword"])
            .query("topic")
            .json("topics")
            .worth(Worth::Name)
            .names(Names::Counted),
        Descriptor::new(Regions, Text, slot!(Lines, regions), "region codes, in the native form")
            .keys(&["tags"])
            .label("Regions"),
        Descriptor::new(Category, Text, slot!(Name, category), "the first category")
            .keys(&["category", "categories"])
            .query("category")
            .json("category"),
        Descriptor::new(Type, Text, slot!(Name, kind), "article, video and the like")
            .plain_keys(&["type"])
            .query("type")
            .json("type"),
        Descriptor::new(Quality, Number, slot!(Number, quality), "score of the article")
            .plain_keys(&["quality"])
            .query("quality")
            .json("quality")
            .fact("quality"),
        Descriptor::new(Heat, Number, slot!(Number, heat), "score of its story")
            .plain_keys(&["heat"])
            .query("heat")
            .json("heat"),
        Descriptor::new(ShownBySite, Flag, slot!(Flag, shown_by_site), "whether its site shows it: `is:published`")
            .keys(&["published", "draft", "unlisted", "removed"]),
        Descriptor::new(Images, Text, Slot::Own, "pictures: `has:image`").keys(&[
            "images",
            "image",
            "cover",
            "thumbnail",
            "feature_image",
            "featured_image",
            "og_image",
        ]),
        Descriptor::new(Path, Text, Slot::Texts(path), "path of the file").query("path").json("path"),
        Descriptor::new(Words, Number, Slot::Own, "length in words").query("words").json("words"),
        Descriptor::new(Related, Text, Slot::Own, "related articles: `has:related`").keys(&["related"]).json("related"),
        Descriptor::new(Score, Number, Slot::Own, "what rules add up to").query("score").json("score"),
        Descriptor::new(Added, Kind::Date, Slot::Own, "when you first saw it").query("added"),
        Descriptor::new(ReadAt, Kind::Date, Slot::Own, "when you read it").query("readat"),
        Descriptor::new(Is, Word, Slot::Own, "its state").query("is"),
        Descriptor::new(Has, Word, Slot::Own, "what there is").query("has"),
        Descriptor::new(Any, Text, Slot::Own, "the fields that words are looked for in"),
    ]
};

fn body(article: &Article, tell: &mut dyn FnMut(&str)) {
    plain_text::words(&article.body).lines().for_each(tell);
}

fn link(article: &Article, tell: &mut dyn FnMut(&str)) {
    article.link.iter().for_each(|link| tell(link.shown().as_str()));
}

fn topics(article: &Article, tell: &mut dyn FnMut(&str)) {
    article.topics.iter().for_each(|topic| tell(topic.shown().as_str()));
}

fn path(article: &Article, tell: &mut dyn FnMut(&str)) {
    tell(&article.path.to_string_lossy());
}

impl Field {
    /// How many fields there are.
    pub const COUNT: usize = Field::Any as usize + 1;

    /// All that is known of each field, in order.
    pub fn all() -> impl Iterator<Item = &'static Descriptor> + Clone {
        TABLE.iter()
    }

    /// All that is known of it.
    pub fn descriptor(self) -> &'static Descriptor {
        &TABLE[self as usize]
    }

    /// The field with a name in queries.
    pub fn named(name: &str) -> Option<Field> {
        Field::all().find(|known| known.query == Some(name)).map(|known| known.field)
    }

    /// The names of all fields that a query may name.
    pub fn query_names() -> impl Iterator<Item = &'static str> + Clone {
        Field::all().filter_map(|known| known.query)
    }

    /// Keys of front matter in the order in which they are tried.
    pub fn keys(self) -> &'static [&'static str] {
        self.descriptor().keys
    }

    /// What its values are.
    pub fn kind(self) -> Kind {
        self.descriptor().kind
    }

    /// Whether free words are looked for in it.
    pub fn has_free_words(self) -> bool {
        self.descriptor().worth.is_some()
    }

    /// Calls back with each text that an article has in it.
    pub fn texts(self, article: &Article, tell: &mut dyn FnMut(&str)) {
        match self.descriptor().slot {
            Slot::Line(line, _) => tell(line(article).as_str()),
            Slot::Name(name, _) => name(article).iter().for_each(|name| tell(name.as_str())),
            Slot::Lines(lines, _) => lines(article).iter().for_each(|line| tell(line.as_str())),
            Slot::Texts(texts) => texts(article, tell),
            Slot::Number(..) | Slot::Date(..) | Slot::Flag(..) | Slot::Own => {}
        }
    }
}

impl Descriptor {
    /// The value of an article in words, where it is a line, a list of them, a number or yes.
    pub fn words(&self, article: &Article) -> Option<SafeText> {
        match self.slot {
            Slot::Line(line, _) => Some(line(article).clone()).filter(|line| !line.is_empty()),
            Slot::Name(name, _) => name(article).clone(),
            Slot::Lines(lines, _) => Some(clean::join(lines(article), ", ")).filter(|lines| !lines.is_empty()),
            Slot::Number(number, _) => number(article).map(|number| clean::plain_line(&number.to_string())),
            Slot::Flag(flag, _) => flag(article).map(|is| if is { "yes" } else { "no" }.into()),
            Slot::Date(..) | Slot::Texts(_) | Slot::Own => None,
        }
    }
}

/// What an article says in the fields that are facts of it, each with its word: `quality 39`.
pub fn facts(article: &Article) -> impl Iterator<Item = SafeText> {
    let fact = |field: &Descriptor| Some(clean::join(&[field.fact?.into(), field.words(article)?], " "));
    Field::all().filter_map(fact)
}

/// What an article says in the fields that have a line of their own, each with its label.
pub fn labelled(article: &Article) -> impl Iterator<Item = (&'static str, SafeText)> {
    Field::all().filter_map(|field| Some((field.label?, field.words(article)?)))
}
