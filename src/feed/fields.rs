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
pub enum ValueKind {
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
pub type ForEachText = fn(&Article, &mut dyn FnMut(&str));

/// Where the value of a field lies in an article: how it is read and how it is set.
#[derive(Clone, Copy)]
pub enum Accessor {
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
    Texts(ForEachText),
    /// A value of a type of its own, or one that no file has.
    Own,
}

/// Where free words count more: a hit in an earlier one puts an article further up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchWeight {
    /// The title.
    Title,
    /// Short names: topics, provider, author.
    Name,
    /// The excerpt.
    Excerpt,
    /// The body.
    Body,
}

impl SearchWeight {
    /// All, the best first.
    pub const ALL: [SearchWeight; 4] =
        [SearchWeight::Title, SearchWeight::Name, SearchWeight::Excerpt, SearchWeight::Body];

    /// Points of a hit: as whole words, and as the start of a word.
    pub fn points(self) -> (u16, u16) {
        match self {
            SearchWeight::Title => (8, 7),
            SearchWeight::Name => (6, 5),
            SearchWeight::Excerpt => (4, 3),
            SearchWeight::Body => (2, 1),
        }
    }
}

/// Whether the values of a field are names that many articles share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completion {
    /// They are not.
    None,
    /// A query completes them.
    Offered,
    /// A query completes them, and they are counted: a query finds exactly what is counted, so further files of an article add
    /// none.
    Counted,
}

/// All that is known of a field.
pub struct FieldDescriptor {
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
    pub kind: ValueKind,
    /// Where its value lies.
    pub accessor: Accessor,
    /// What a hit of a free word in it is worth; none: free words are not looked for in it.
    pub search_weight: Option<SearchWeight>,
    /// Whether its values are names.
    pub completion: Completion,
    /// Word before its value among the facts of an article: `quality 39`.
    pub fact: Option<&'static str>,
    /// Label of its line below the article.
    pub label: Option<&'static str>,
    /// What it is, for the README.
    pub about: &'static str,
}

impl FieldDescriptor {
    /// A field without names.
    const fn new(field: Field, kind: ValueKind, accessor: Accessor, about: &'static str) -> FieldDescriptor {
        FieldDescriptor {
            field,
            keys: &[],
            is_plain: false,
            query: None,
            json: None,
            kind,
            accessor,
            search_weight: None,
            completion: Completion::None,
            fact: None,
            label: None,
            about,
        }
    }

    const fn keys(self, keys: &'static [&'static str]) -> FieldDescriptor {
        FieldDescriptor { keys, ..self }
    }

    /// Keys that say everything.
    const fn plain_keys(self, keys: &'static [&'static str]) -> FieldDescriptor {
        FieldDescriptor { keys, is_plain: true, ..self }
    }

    const fn query(self, name: &'static str) -> FieldDescriptor {
        FieldDescriptor { query: Some(name), ..self }
    }

    const fn json(self, key: &'static str) -> FieldDescriptor {
        FieldDescriptor { json: Some(key), ..self }
    }

    const fn search_weight(self, search_weight: SearchWeight) -> FieldDescriptor {
        FieldDescriptor { search_weight: Some(search_weight), ..self }
    }

    const fn completion(self, completion: Completion) -> FieldDescriptor {
        FieldDescriptor { completion, ..self }
    }

    const fn fact(self, word: &'static str) -> FieldDescriptor {
        FieldDescriptor { fact: Some(word), ..self }
    }

    const fn label(self, label: &'static str) -> FieldDescriptor {
        FieldDescriptor { label: Some(label), ..self }
    }
}

/// A place in an article: its shape, and the way to it.
macro_rules! accessor {
    ($shape:ident, $($way:ident).+) => {
        Accessor::$shape(|article| &article.$($way).+, |article| &mut article.$($way).+)
    };
}

/// The table, in the order of the fields, which [`super::field_sets`] checks.
pub(super) static TABLE: [FieldDescriptor; Field::COUNT] = {
    use Field::*;
    use ValueKind::{Flag, Number, Text, Word};
    [
        FieldDescriptor::new(
            Title,
            Text,
            accessor!(Line, title),
            "title; else the first heading, else the name of the file",
        )
        .keys(&["title", "name", "linktitle", "extra.title"])
        .query("title")
        .json("title")
        .search_weight(SearchWeight::Title),
        FieldDescriptor::new(Excerpt, Text, accessor!(Line, excerpt), "excerpt; else the first paragraph")
            .keys(&["excerpt", "description", "summary", "abstract", "subtitle", "bio"])
            .query("excerpt")
            .json("excerpt")
            .search_weight(SearchWeight::Excerpt),
        FieldDescriptor::new(Body, Text, Accessor::Texts(body), "the text below, without its Markdown")
            .query("body")
            .search_weight(SearchWeight::Body),
        FieldDescriptor::new(Url, Text, Accessor::Texts(link), "the original; the first of these that can be opened")
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
        FieldDescriptor::new(
            Date,
            ValueKind::Date,
            accessor!(Date, published),
            "when it was published; else the date in a name",
        )
        .keys(&["publishedDateTime", "date", "publishDate", "pubDate", "published", "created"])
        .query("date")
        .json("published"),
        FieldDescriptor::new(Updated, ValueKind::Date, accessor!(Date, updated), "when its authors last changed it")
            .plain_keys(&["updatedDateTime", "lastmod", "updated", "modified", "last_modified_at"]),
        FieldDescriptor::new(Provider, Text, accessor!(Line, provider.name), "who published it, by name")
            .keys(&["provider", "source", "site", "byline", "author", "authors"])
            .query("provider")
            .json("provider")
            .search_weight(SearchWeight::Name)
            .completion(Completion::Counted),
        FieldDescriptor::new(
            Domain,
            Text,
            accessor!(Line, provider.domain),
            "site of the provider; else that of the link",
        )
        .keys(&["provider.domain"])
        .query("domain"),
        FieldDescriptor::new(
            Author,
            Text,
            accessor!(Line, author),
            "who wrote it; of several all, with commas between them",
        )
        .keys(&["author", "authors", "byline"])
        .query("author")
        .json("author")
        .search_weight(SearchWeight::Name)
        .completion(Completion::Offered),
        FieldDescriptor::new(Topic, Text, Accessor::Texts(topics), "topics; those of `taxonomies` too")
            .keys(&["topics", "tags", "categories", "category", "keywords", "topic", "tag", "keyword"])
            .query("topic")
            .json("topics")
            .search_weight(SearchWeight::Name)
            .completion(Completion::Counted),
        FieldDescriptor::new(Regions, Text, accessor!(Lines, regions), "region codes, in the native form")
            .keys(&["tags"])
            .label("Regions"),
        FieldDescriptor::new(Category, Text, accessor!(Name, category), "the first category")
            .keys(&["category", "categories"])
            .query("category")
            .json("category"),
        FieldDescriptor::new(Type, Text, accessor!(Name, kind), "article, video and the like")
            .plain_keys(&["type"])
            .query("type")
            .json("type"),
        FieldDescriptor::new(Quality, Number, accessor!(Number, quality), "score of the article")
            .plain_keys(&["quality"])
            .query("quality")
            .json("quality")
            .fact("quality"),
        FieldDescriptor::new(Heat, Number, accessor!(Number, heat), "score of its story")
            .plain_keys(&["heat"])
            .query("heat")
            .json("heat"),
        FieldDescriptor::new(
            ShownBySite,
            Flag,
            accessor!(Flag, shown_by_site),
            "whether its site shows it: `is:published`",
        )
        .keys(&["published", "draft", "unlisted", "removed"]),
        FieldDescriptor::new(Images, Text, Accessor::Own, "pictures: `has:image`").keys(&[
            "images",
            "image",
            "cover",
            "thumbnail",
            "feature_image",
            "featured_image",
            "og_image",
        ]),
        FieldDescriptor::new(Path, Text, Accessor::Texts(path), "path of the file").query("path").json("path"),
        FieldDescriptor::new(Words, Number, Accessor::Own, "length in words").query("words").json("words"),
        FieldDescriptor::new(Related, Text, Accessor::Own, "related articles: `has:related`")
            .keys(&["related"])
            .json("related"),
        FieldDescriptor::new(Score, Number, Accessor::Own, "what rules add up to").query("score").json("score"),
        FieldDescriptor::new(Added, ValueKind::Date, Accessor::Own, "when you first saw it").query("added"),
        FieldDescriptor::new(ReadAt, ValueKind::Date, Accessor::Own, "when you read it").query("readat"),
        FieldDescriptor::new(Is, Word, Accessor::Own, "its state").query("is"),
        FieldDescriptor::new(Has, Word, Accessor::Own, "what there is").query("has"),
        FieldDescriptor::new(Any, Text, Accessor::Own, "the fields that words are looked for in"),
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
    pub fn all() -> impl Iterator<Item = &'static FieldDescriptor> + Clone {
        TABLE.iter()
    }

    /// All that is known of it.
    pub fn descriptor(self) -> &'static FieldDescriptor {
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
    pub fn kind(self) -> ValueKind {
        self.descriptor().kind
    }

    /// Whether free words are looked for in it.
    pub fn has_free_words(self) -> bool {
        self.descriptor().search_weight.is_some()
    }

    /// Calls back with each text that an article has in it.
    pub fn texts(self, article: &Article, tell: &mut dyn FnMut(&str)) {
        match self.descriptor().accessor {
            Accessor::Line(line, _) => tell(line(article).as_str()),
            Accessor::Name(name, _) => name(article).iter().for_each(|name| tell(name.as_str())),
            Accessor::Lines(lines, _) => lines(article).iter().for_each(|line| tell(line.as_str())),
            Accessor::Texts(texts) => texts(article, tell),
            Accessor::Number(..) | Accessor::Date(..) | Accessor::Flag(..) | Accessor::Own => {}
        }
    }
}

impl FieldDescriptor {
    /// The value of an article in words, where it is a line, a list of them, a number or yes.
    pub fn words(&self, article: &Article) -> Option<SafeText> {
        match self.accessor {
            Accessor::Line(line, _) => Some(line(article).clone()).filter(|line| !line.is_empty()),
            Accessor::Name(name, _) => name(article).clone(),
            Accessor::Lines(lines, _) => Some(clean::join(lines(article), ", ")).filter(|lines| !lines.is_empty()),
            Accessor::Number(number, _) => number(article).map(|number| clean::plain_line(&number.to_string())),
            Accessor::Flag(flag, _) => flag(article).map(|is| if is { "yes" } else { "no" }.into()),
            Accessor::Date(..) | Accessor::Texts(_) | Accessor::Own => None,
        }
    }
}

/// What an article says in the fields that are facts of it, each with its word: `quality 39`.
pub fn facts(article: &Article) -> impl Iterator<Item = SafeText> {
    let fact = |field: &FieldDescriptor| Some(clean::join(&[field.fact?.into(), field.words(article)?], " "));
    Field::all().filter_map(fact)
}

/// What an article says in the fields that have a line of their own, each with its label.
pub fn labelled(article: &Article) -> impl Iterator<Item = (&'static str, SafeText)> {
    Field::all().filter_map(|field| Some((field.label?, field.words(article)?)))
}
