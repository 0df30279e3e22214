//! Terms: one part of a query each, and whether an article has it.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, Utc};

use super::moment::{self, Moment};
use super::pattern::Pattern;
use crate::dates::{Now, Zone};
use crate::feed::{ArticleId, Brief, Marks, Role, has};

/// What a term may look at: an article, and what is known of it beside its file.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The article.
    pub brief: Brief,
    /// What it is in its story.
    pub role: Role,
    /// What the reader did with it and with all others.
    pub marks: &'a Marks,
    /// When this visit began.
    pub since: Option<DateTime<Utc>>,
    /// What has changed since then.
    pub changed: &'a BTreeSet<ArticleId>,
}

/// The part of an article that a term looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Title, excerpt, body, provider and topics.
    Any,
    /// Title.
    Title,
    /// Excerpt.
    Excerpt,
    /// Body.
    Body,
    /// Name of the provider.
    Provider,
    /// Site of the provider.
    Domain,
    /// Topics.
    Topic,
    /// Category.
    Category,
    /// Type.
    Type,
    /// Link.
    Url,
    /// Path of the file.
    Path,
    /// Score of the article.
    Quality,
    /// Score of the story.
    Heat,
    /// Length in words.
    Words,
    /// What rules add up to; 0 when none says anything.
    Score,
    /// When it was published.
    Date,
    /// When the reader first saw it; until then, when its file was last written.
    Added,
    /// When it was read.
    ReadAt,
    /// A state: `is:story`.
    Is,
    /// Something it has: `has:image`.
    Has,
}

impl Field {
    /// Fields that a query may name.
    pub const NAMED: [(&'static str, Field); 19] = [
        ("title", Field::Title),
        ("excerpt", Field::Excerpt),
        ("body", Field::Body),
        ("provider", Field::Provider),
        ("domain", Field::Domain),
        ("topic", Field::Topic),
        ("category", Field::Category),
        ("type", Field::Type),
        ("url", Field::Url),
        ("path", Field::Path),
        ("quality", Field::Quality),
        ("heat", Field::Heat),
        ("words", Field::Words),
        ("score", Field::Score),
        ("date", Field::Date),
        ("added", Field::Added),
        ("readat", Field::ReadAt),
        ("is", Field::Is),
        ("has", Field::Has),
    ];

    /// Whether free words are looked for in it.
    pub fn has_free_words(self) -> bool {
        matches!(self, Field::Title | Field::Topic | Field::Provider | Field::Excerpt | Field::Body)
    }

    /// What the values of a field are.
    pub fn kind(self) -> Kind {
        match self {
            Field::Quality | Field::Heat | Field::Words | Field::Score => Kind::Number,
            Field::Date | Field::Added | Field::ReadAt => Kind::Date,
            Field::Is | Field::Has => Kind::Word,
            _ => Kind::Text,
        }
    }

    fn name(self) -> &'static str {
        Field::NAMED.iter().find(|(_, field)| *field == self).map_or("", |(name, _)| name)
    }
}

/// What the values of a field are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words and phrases.
    Text,
    /// Whole numbers and their ranges.
    Number,
    /// Dates and their ranges.
    Date,
    /// One of a few words.
    Word,
}

/// The state of articles that only a query which names it finds.
pub const HIDDEN: &str = "hidden";
/// The state of articles that changed in this session.
pub const CHANGED: &str = "changed";
/// States that `is:` knows.
pub const STATES: [&str; 12] = [
    "unread",
    "read",
    "starred",
    HIDDEN,
    "new",
    CHANGED,
    "story",
    "single",
    "member",
    "published",
    "duplicate",
    "warned",
];
/// Things that `has:` knows.
pub const THINGS: [&str; 5] = ["image", "related", "body", "link", "note"];

/// One of the values behind a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A word that starts where a word of the text starts, folded.
    Word(String),
    /// A contiguous run of words, folded.
    Phrase(String),
    /// Letters anywhere: `*rust`, folded.
    Inner(String),
    /// The whole text, folded: `topic:="machine learning"`.
    Whole(String),
    /// A regex.
    Regex(Pattern),
    /// A number from … to, both counted.
    Number(Option<i64>, Option<i64>),
    /// A time from … (counted) to (not counted).
    Dates(Moment, Moment),
    /// A state or a thing.
    Named(&'static str),
    /// Anything at all: `body:*`.
    Present,
}

/// A field and its values, any of which is enough.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Where to look.
    pub field: Field,
    /// What to look for.
    pub values: Vec<Value>,
}

impl Term {
    /// The term at a time, to be asked of many articles. For fields that are no text: text is searched for many at a time.
    pub fn at(&self, now: Now) -> TermNow<'_> {
        let ends = |value: &Value| match value {
            Value::Dates(from, to) => (from.at(now), to.at(now)),
            _ => (None, None),
        };
        TermNow { term: self, ends: self.values.iter().map(ends).collect(), zone: now.zone }
    }
}

/// A term at a time.
pub struct TermNow<'a> {
    term: &'a Term,
    /// For each value: where dates begin and end.
    ends: Vec<Ends>,
    zone: Zone,
}

/// From … (counted) to (not counted).
type Ends = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

impl TermNow<'_> {
    /// Whether an article has it.
    pub fn matches(&self, subject: &Subject) -> bool {
        self.term.values.iter().zip(&self.ends).any(|(value, ends)| self.has(value, *ends, subject))
    }

    fn has(&self, value: &Value, ends: Ends, subject: &Subject) -> bool {
        let article = subject.brief;
        match self.term.field {
            Field::Quality => has_number(value, article.quality),
            Field::Heat => has_number(value, article.heat),
            Field::Words => has_number(value, Some(i64::from(article.words))),
            Field::Score => {
                let score = i64::from(subject.marks.score(article.id));
                has_number(value, Some(score).filter(|score| *score != 0 || *value != Value::Present))
            }
            Field::Date => has_date(value, ends, article.published.map(|date| date.at(self.zone))),
            Field::Added => {
                let arrived = subject.marks.arrived(article.id);
                has_date(value, ends, arrived.or(article.modified))
            }
            Field::ReadAt => has_date(value, ends, subject.marks.read_at(article.id)),
            Field::Is => matches!(value, Value::Named(state) if is(state, subject)),
            Field::Has => matches!(value, Value::Named(thing) if has_thing(thing, subject)),
            _ => false,
        }
    }
}

fn has_number(value: &Value, number: Option<i64>) -> bool {
    match (value, number) {
        (Value::Present, number) => number.is_some(),
        (Value::Number(from, to), Some(n)) => from.is_none_or(|from| n >= from) && to.is_none_or(|to| n <= to),
        _ => false,
    }
}

fn has_date(value: &Value, (from, to): Ends, date: Option<DateTime<Utc>>) -> bool {
    match (value, date) {
        (Value::Present, date) => date.is_some(),
        (Value::Dates(..), Some(date)) => from.is_none_or(|from| date >= from) && to.is_none_or(|to| date < to),
        _ => false,
    }
}

fn is(state: &str, subject: &Subject) -> bool {
    let (marks, id) = (subject.marks, subject.brief.id);
    match state {
        "unread" => !marks.is_read(id),
        "read" => marks.is_read(id),
        "starred" => marks.is_starred(id),
        HIDDEN => marks.is_hidden(id),
        "new" => marks.arrived(id).is_none_or(|at| subject.since.is_some_and(|since| at >= since)),
        CHANGED => subject.changed.contains(&id),
        "story" => subject.role == Role::Head,
        "single" => subject.role == Role::Single,
        "member" => subject.role == Role::Member,
        "published" => !subject.brief.has(has::HIDING_SITE),
        "duplicate" => subject.brief.has(has::OTHER_FILES),
        "warned" => subject.brief.has(has::PROBLEMS),
        _ => false,
    }
}

fn has_thing(thing: &str, subject: &Subject) -> bool {
    match thing {
        "image" => subject.brief.has(has::IMAGE),
        "related" => subject.brief.has(has::RELATED),
        "body" => subject.brief.has(has::BODY),
        "link" => subject.brief.has(has::LINK),
        "note" => subject.marks.note(subject.brief.id).is_some(),
        _ => false,
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.field != Field::Any {
            write!(f, "{}:", self.field.name())?;
        }
        for (n, value) in self.values.iter().enumerate() {
            if n > 0 {
                write!(f, ",")?;
            }
            value.print(f)?;
        }
        Ok(())
    }
}

impl Value {
    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Word(word) => write!(f, "{word}"),
            Value::Phrase(words) => write!(f, "\"{words}\""),
            Value::Inner(letters) if is_bare(letters) => write!(f, "*{letters}"),
            Value::Inner(letters) => write!(f, "*\"{letters}\""),
            Value::Whole(words) => write!(f, "=\"{words}\""),
            Value::Regex(pattern) => {
                write!(f, "/{}/{}", pattern.source(), if pattern.is_exact() { "c" } else { "" })
            }
            Value::Number(Some(from), Some(to)) if from == to => write!(f, "{from}"),
            Value::Number(from, to) => write!(f, "{}..{}", print_number(*from), print_number(*to)),
            Value::Dates(from, to) => moment::print(f, *from, *to),
            Value::Named(name) => write!(f, "{name}"),
            Value::Present => write!(f, "*"),
        }
    }
}

/// Characters that end a word in a query.
pub fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')' | '|' | '"' | ',')
}

/// Whether a folded word may stand in a query as it is, and means that word.
pub fn is_bare(word: &str) -> bool {
    let name = word.chars().take_while(char::is_ascii_alphabetic).count();
    !word.is_empty()
        && !word.contains(ends_word)
        && !word.starts_with(['-', '!', '+', '#', '@', '*', '/', '=', '<', '>'])
        && !word[name..].starts_with(':')
        && !SIGNED.contains(&word)
}

/// States that `-` may stand before without `is:`.
pub const SIGNED: [&str; 3] = ["unread", "read", "starred"];

fn print_number(number: Option<i64>) -> String {
    number.map(|n| n.to_string()).unwrap_or_default()
}
