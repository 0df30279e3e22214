//! The table of article fields: for each its names in files, queries and JSON, its type, and how to access its value.
//!
//! The parser of front matter, the record format, searches, completion, JSON, `show` and the README use this table. To add a
//! field that is a line of text, a list of lines, a number, a date or a flag, add it to [`Article`] and add a row here.

use super::article::Article;
use super::clean::{self, SafeText};
use super::plain_text;
pub use super::search_weight::SearchWeight;
use crate::dates::Date;

/// A field of an article, by which queries, files and JSON name its values. The order is that of JSON, records and the README.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// Title.
    Title,
    /// Excerpt.
    Excerpt,
    /// Text of the body.
    Body,
    /// Link to the original page.
    Url,
    /// Date of publication.
    Date,
    /// Date of the last change by its authors.
    Updated,
    /// Name of the provider.
    Provider,
    /// Site of the provider, such as `example.org`.
    Domain,
    /// Author or authors.
    Author,
    /// Topics.
    Topic,
    /// The user's own tags.
    Tag,
    /// Region codes.
    Regions,
    /// Category, such as `news`.
    Category,
    /// Type, such as `article` or `video`.
    Type,
    /// Score of the article.
    Quality,
    /// Score of its story.
    Heat,
    /// False for a draft or an article that its site removed.
    ShownBySite,
    /// Pictures.
    Images,
    /// Sound, films and other files that belong to it.
    Enclosures,
    /// How long its sound or film takes.
    Duration,
    /// Link to its comments.
    Comments,
    /// Address of the channel that published it.
    Feed,
    /// Id in its channel.
    FeedId,
    /// Identity that its file gives it.
    ArticleId,
    /// Path of the file.
    Path,
    /// Its folder below the folders of the library, and the folders around that.
    Folder,
    /// Length in words.
    Words,
    /// Related articles that the file lists.
    Related,
    /// Articles that its body links to.
    Links,
    /// Sum of the scores that rules give; 0 without rules.
    Score,
    /// When the user's devices first saw it; if that is not recorded, when its file was last written.
    Added,
    /// When the user read it.
    ReadAt,
    /// A state: `is:story`.
    Is,
    /// Something that it has: `has:image`.
    Has,
    /// Topics and the user's own tags, as `#ai` searches them.
    Label,
    /// All fields that free words of a query search.
    Any,
}

/// The type of a field's values in a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// Words and phrases.
    Text,
    /// Words and phrases in the user's own tags, which are marks and no texts of articles.
    Tags,
    /// Whole numbers and their ranges.
    Number,
    /// Lengths of time and their ranges.
    Duration,
    /// Dates and their ranges.
    Date,
    /// True or false. Queries name it as a state: `is:published`.
    Flag,
    /// One of a few fixed words.
    Word,
}

/// Calls a callback with each text of a field of an article.
pub type ForEachText = fn(&Article, &mut dyn FnMut(&str));

/// How to get and set the value of a field in an article: pairs of a getter and a setter, by type.
#[derive(Clone, Copy)]
pub enum Accessor {
    /// A line of text; empty for none.
    Line(fn(&Article) -> &SafeText, fn(&mut Article) -> &mut SafeText),
    /// An optional line of text.
    Name(fn(&Article) -> &Option<SafeText>, fn(&mut Article) -> &mut Option<SafeText>),
    /// Lines of text.
    Lines(fn(&Article) -> &Vec<SafeText>, fn(&mut Article) -> &mut Vec<SafeText>),
    /// A whole number.
    Number(fn(&Article) -> &Option<i64>, fn(&mut Article) -> &mut Option<i64>),
    /// A date.
    Date(fn(&Article) -> &Option<Date>, fn(&mut Article) -> &mut Option<Date>),
    /// Yes or no.
    Flag(fn(&Article) -> &Option<bool>, fn(&mut Article) -> &mut Option<bool>),
    /// Texts in a value of another type, which generic code can read but not set.
    Texts(ForEachText),
    /// A value of another type, or one that no file has. Only code for this field accesses it.
    Custom,
}

/// Whether queries complete the values of a field, because they are names that many articles share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completion {
    /// No completion.
    None,
    /// Completion offers the values.
    Offered,
    /// Completion offers the values, and `topics` and insights count them. A query must find exactly the counted articles, so it
    /// searches only the shown file of an article and not its copies.
    Counted,
    /// Completion offers the values, which follow from columns of the feed.
    InColumns,
}

/// A row of the table: everything about a field.
pub struct FieldDescriptor {
    /// The field.
    pub field: Field,
    /// Keys of front matter in the order in which they are tried, compared without case, `_` and `-`. `a.b` is the key `b` in
    /// the map `a`.
    pub keys: &'static [&'static str],
    /// True if the generic parser for its type reads the field, without code of its own.
    pub is_generic: bool,
    /// Name in queries.
    pub query: Option<&'static str>,
    /// Key in the JSON of `list` and `show`.
    pub json: Option<&'static str>,
    /// Type of its values in queries.
    pub kind: ValueKind,
    /// Getter and setter of its value.
    pub accessor: Accessor,
    /// Weight of a hit of a free word; `None` if free words do not search the field.
    pub search_weight: Option<SearchWeight>,
    /// Whether queries complete its values.
    pub completion: Completion,
    /// Word before its value among the facts of an article: `quality 39`.
    pub fact: Option<&'static str>,
    /// Label of its line below the article.
    pub label: Option<&'static str>,
    /// Description for the README.
    pub about: &'static str,
}

impl FieldDescriptor {
    /// A field without keys and names; the methods below add them.
    const fn new(field: Field, kind: ValueKind, accessor: Accessor, about: &'static str) -> FieldDescriptor {
        FieldDescriptor {
            field,
            keys: &[],
            is_generic: false,
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

    /// Sets keys whose values the generic parser reads.
    const fn generic_keys(self, keys: &'static [&'static str]) -> FieldDescriptor {
        FieldDescriptor { keys, is_generic: true, ..self }
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

/// The accessor of a field of [`Article`]: `accessor!(Line, provider.name)`.
macro_rules! accessor {
    ($type:ident, $($path:ident).+) => {
        Accessor::$type(|article| &article.$($path).+, |article| &mut article.$($path).+)
    };
}

/// The table, in the order of [`Field`]; [`super::field_subsets`] checks the order at compile time.
pub(super) static TABLE: [FieldDescriptor; Field::COUNT] = {
    use Field::*;
    use ValueKind::{Flag, Number, Tags, Text, Word};
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
        FieldDescriptor::new(Body, Text, Accessor::Texts(body), "text below the front matter, without Markdown")
            .query("body")
            .search_weight(SearchWeight::Body),
        FieldDescriptor::new(
            Url,
            Text,
            Accessor::Texts(link),
            "link to the original; the first of these that can be opened",
        )
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
            .generic_keys(&["updatedDateTime", "lastmod", "updated", "modified", "last_modified_at"]),
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
            "who wrote it; several authors are separated by commas",
        )
        .keys(&["author", "authors", "byline"])
        .query("author")
        .json("author")
        .search_weight(SearchWeight::Name)
        .completion(Completion::Offered),
        FieldDescriptor::new(Topic, Text, Accessor::Texts(topics), "topics; also those in `taxonomies`")
            .keys(&["topics", "tags", "categories", "category", "keywords", "topic", "tag", "keyword"])
            .query("topic")
            .json("topics")
            .search_weight(SearchWeight::Name)
            .completion(Completion::Counted),
        FieldDescriptor::new(Tag, Tags, Accessor::Custom, "your own tags").query("tag").json("tags"),
        FieldDescriptor::new(Regions, Text, accessor!(Lines, regions), "region codes, in the native form")
            .keys(&["tags"])
            .label("Regions"),
        FieldDescriptor::new(Category, Text, accessor!(Name, category), "the first category")
            .keys(&["category", "categories"])
            .query("category")
            .json("category"),
        FieldDescriptor::new(Type, Text, accessor!(Name, kind), "article, video and the like")
            .generic_keys(&["type"])
            .query("type")
            .json("type"),
        FieldDescriptor::new(Quality, Number, accessor!(Number, quality), "score of the article")
            .generic_keys(&["quality"])
            .query("quality")
            .json("quality")
            .fact("quality"),
        FieldDescriptor::new(Heat, Number, accessor!(Number, heat), "score of its story")
            .generic_keys(&["heat"])
            .query("heat")
            .json("heat"),
        FieldDescriptor::new(
            ShownBySite,
            Flag,
            accessor!(Flag, shown_by_site),
            "whether its site shows it: `is:published`",
        )
        .keys(&["published", "draft", "unlisted", "removed"]),
        FieldDescriptor::new(Images, Text, Accessor::Custom, "pictures: `has:image`")
            .keys(&["images", "image", "cover", "thumbnail", "feature_image", "featured_image", "og_image"])
            .json("images"),
        FieldDescriptor::new(Enclosures, Text, Accessor::Custom, "sound, films and other files: `has:enclosure`")
            .keys(&["enclosures"])
            .json("enclosures"),
        FieldDescriptor::new(
            Duration,
            ValueKind::Duration,
            Accessor::Custom,
            "how long its sound or film takes; the longest if it has several",
        )
        .query("duration"),
        FieldDescriptor::new(Comments, Text, Accessor::Custom, "link to its comments: `has:comments`")
            .keys(&["comments"])
            .json("comments"),
        FieldDescriptor::new(
            Feed,
            Text,
            accessor!(Line, channel.address),
            "address of the channel that published it, without user name and query",
        )
        .keys(&["feed"])
        .query("feed")
        .json("feed")
        .completion(Completion::Offered)
        .label("Channel"),
        FieldDescriptor::new(FeedId, Text, accessor!(Line, channel.item_id), "id of its item in the channel")
            .generic_keys(&["feedId"])
            .json("feed_id"),
        FieldDescriptor::new(
            ArticleId,
            Text,
            accessor!(Line, written_id),
            "identity of the article, which comes before its link",
        )
        .generic_keys(&["articleId"])
        .json("article_id"),
        FieldDescriptor::new(Path, Text, Accessor::Texts(path), "path of the file").query("path").json("path"),
        FieldDescriptor::new(
            Folder,
            Text,
            Accessor::Custom,
            "folder of the file, or one around it, below the library's",
        )
        .query("folder")
        .completion(Completion::InColumns),
        FieldDescriptor::new(Words, Number, Accessor::Custom, "length in words").query("words").json("words"),
        FieldDescriptor::new(Related, Text, Accessor::Custom, "related articles: `has:related`")
            .keys(&["related"])
            .json("related"),
        FieldDescriptor::new(Links, Text, Accessor::Custom, "articles that its body links to").query("links"),
        FieldDescriptor::new(Score, Number, Accessor::Custom, "sum of the scores that rules give")
            .query("score")
            .json("score"),
        FieldDescriptor::new(Added, ValueKind::Date, Accessor::Custom, "when you first saw it").query("added"),
        FieldDescriptor::new(ReadAt, ValueKind::Date, Accessor::Custom, "when you read it").query("readat"),
        FieldDescriptor::new(Is, Word, Accessor::Custom, "its state").query("is"),
        FieldDescriptor::new(Has, Word, Accessor::Custom, "what it has").query("has"),
        FieldDescriptor::new(Label, Text, Accessor::Custom, "topics and your own tags"),
        FieldDescriptor::new(Any, Text, Accessor::Custom, "the fields that free words search"),
    ]
};

fn body(article: &Article, callback: &mut dyn FnMut(&str)) {
    plain_text::words(&article.body, article.syntax()).lines().for_each(callback);
}

fn link(article: &Article, callback: &mut dyn FnMut(&str)) {
    article.link.iter().for_each(|link| callback(link.shown().as_str()));
}

fn topics(article: &Article, callback: &mut dyn FnMut(&str)) {
    article.topics.iter().for_each(|topic| callback(topic.shown().as_str()));
}

fn path(article: &Article, callback: &mut dyn FnMut(&str)) {
    callback(&article.path.to_string_lossy());
}

impl Field {
    /// Number of fields.
    pub const COUNT: usize = Field::Any as usize + 1;

    /// All rows of the table, in order.
    pub fn all() -> impl Iterator<Item = &'static FieldDescriptor> + Clone {
        TABLE.iter()
    }

    /// The row of the table.
    pub fn descriptor(self) -> &'static FieldDescriptor {
        &TABLE[self as usize]
    }

    /// The field that queries call `name`.
    pub fn named(name: &str) -> Option<Field> {
        Field::all().find(|known| known.query == Some(name)).map(|known| known.field)
    }

    /// The names of all fields in queries.
    pub fn query_names() -> impl Iterator<Item = &'static str> + Clone {
        Field::all().filter_map(|known| known.query)
    }

    /// Keys of front matter in the order in which they are tried.
    pub fn keys(self) -> &'static [&'static str] {
        self.descriptor().keys
    }

    /// Type of its values in queries.
    pub fn kind(self) -> ValueKind {
        self.descriptor().kind
    }

    /// True if free words of a query search the field.
    pub fn is_searched_by_free_words(self) -> bool {
        self.descriptor().search_weight.is_some()
    }

    /// Calls `callback` with each text that an article has in the field; never for a field without text.
    pub fn texts(self, article: &Article, callback: &mut dyn FnMut(&str)) {
        match self.descriptor().accessor {
            Accessor::Line(line, _) => callback(line(article).as_str()),
            Accessor::Name(name, _) => name(article).iter().for_each(|name| callback(name.as_str())),
            Accessor::Lines(lines, _) => lines(article).iter().for_each(|line| callback(line.as_str())),
            Accessor::Texts(texts) => texts(article, callback),
            Accessor::Number(..) | Accessor::Date(..) | Accessor::Flag(..) | Accessor::Custom => {}
        }
    }
}

impl FieldDescriptor {
    /// The value in an article as one line. `None` if there is no value, and for dates, [`Accessor::Texts`] and
    /// [`Accessor::Custom`].
    pub fn words(&self, article: &Article) -> Option<SafeText> {
        match self.accessor {
            Accessor::Line(line, _) => Some(line(article).clone()).filter(|line| !line.is_empty()),
            Accessor::Name(name, _) => name(article).clone(),
            Accessor::Lines(lines, _) => Some(clean::join(lines(article), ", ")).filter(|lines| !lines.is_empty()),
            Accessor::Number(number, _) => number(article).map(|number| clean::plain_line(&number.to_string())),
            Accessor::Flag(flag, _) => flag(article).map(|is| if is { "yes" } else { "no" }.into()),
            Accessor::Date(..) | Accessor::Texts(_) | Accessor::Custom => None,
        }
    }
}

/// The facts of an article, shown in one line: the values of fields with a `fact` word, such as `quality 39`.
pub fn facts(article: &Article) -> impl Iterator<Item = SafeText> {
    let fact = |field: &FieldDescriptor| Some(clean::join(&[field.fact?.into(), field.words(article)?], " "));
    Field::all().filter_map(fact)
}

/// The labelled lines below an article: the label and the value of each field that has a label.
pub fn labelled(article: &Article) -> impl Iterator<Item = (&'static str, SafeText)> {
    Field::all().filter_map(|field| Some((field.label?, field.words(article)?)))
}
