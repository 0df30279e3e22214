//! Terms of a query, such as `title:moon` or `quality:>=60`, and whether an article matches them.

use std::fmt;

use chrono::{DateTime, Utc};

use super::article_state::{ArticleFeature, ArticleState};
use super::date_bound::{self, DateBound};
use super::duration;
use super::match_candidate::MatchCandidate;
use super::regex_pattern::RegexPattern;
use super::text_folding::{fold, occurrences, starts_word};
use crate::dates::{Now, Zone};
use crate::feed::{Field, Tag, tags};

/// A value of a term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// The start of a word, folded.
    Word(String),
    /// Consecutive words, folded. The first must start at the start of a word.
    Phrase(String),
    /// Letters anywhere, also inside words: `*rust`, folded.
    Substring(String),
    /// The whole text, folded: `topic:="machine learning"`.
    WholeText(String),
    /// A regex.
    Regex(RegexPattern),
    /// A number between two bounds, both included.
    Number(Option<i64>, Option<i64>),
    /// A length of time between two bounds in seconds, both included.
    Seconds(Option<i64>, Option<i64>),
    /// A time between two bounds; the second is excluded.
    Dates(DateBound, DateBound),
    /// A state: `is:unread`.
    Is(ArticleState),
    /// A feature: `has:image`.
    Has(ArticleFeature),
    /// Any value: `body:*`.
    Present,
}

/// A field and its values. One of the values must match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The field to search.
    pub field: Field,
    /// Alternative values.
    pub values: Vec<Value>,
}

impl Term {
    /// Resolves relative dates, to match many articles. Not for text fields: their columns are scanned for many articles at
    /// once.
    pub fn resolve(&self, now: Now) -> ResolvedTerm<'_> {
        let bounds = |value: &Value| match value {
            Value::Dates(from, to) => (from.resolve(now), to.resolve(now)),
            _ => (None, None),
        };
        ResolvedTerm { term: self, bounds: self.values.iter().map(bounds).collect(), zone: now.zone }
    }
}

/// A term with resolved dates.
pub struct ResolvedTerm<'a> {
    term: &'a Term,
    /// Resolved dates of each value; `(None, None)` for values that are not dates.
    bounds: Vec<DateBounds>,
    zone: Zone,
}

/// Start (included) and end (excluded).
type DateBounds = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

impl ResolvedTerm<'_> {
    /// Whether the article matches.
    pub fn matches(&self, article: &MatchCandidate) -> bool {
        self.term.values.iter().zip(&self.bounds).any(|(value, bounds)| self.has(value, *bounds, article))
    }

    fn has(&self, value: &Value, bounds: DateBounds, article: &MatchCandidate) -> bool {
        let header = article.header;
        match self.term.field {
            Field::Words => has_number(value, Some(i64::from(header.words))),
            Field::Duration => has_number(value, header.duration().map(i64::from)),
            Field::Score => {
                // Every article has a score, 0 without rules. `score:*` asks for another one.
                let score = i64::from(article.marks.score(header.id));
                has_number(value, Some(score).filter(|score| *score != 0 || *value != Value::Present))
            }
            Field::Date => has_date(value, bounds, header.published.map(|date| date.at(self.zone))),
            Field::Added => {
                let arrived = article.marks.arrived(header.id);
                has_date(value, bounds, arrived.or(header.modified))
            }
            Field::ReadAt => has_date(value, bounds, article.marks.read_at(header.id)),
            Field::Tag => tags::of(article.marks, header.id).iter().any(|tag| value.matches_tag(tag)),
            Field::Is => matches!(value, Value::Is(state) if state.applies_to(article)),
            Field::Has => matches!(value, Value::Has(thing) if thing.applies_to(article)),
            field => has_number(value, header.number(field)),
        }
    }
}

fn has_number(value: &Value, number: Option<i64>) -> bool {
    match (value, number) {
        (Value::Present, number) => number.is_some(),
        (Value::Number(from, to) | Value::Seconds(from, to), Some(n)) => {
            from.is_none_or(|from| n >= from) && to.is_none_or(|to| n <= to)
        }
        _ => false,
    }
}

fn has_date(value: &Value, (from, to): DateBounds, date: Option<DateTime<Utc>>) -> bool {
    match (value, date) {
        (Value::Present, date) => date.is_some(),
        (Value::Dates(..), Some(date)) => from.is_none_or(|from| date >= from) && to.is_none_or(|to| date < to),
        _ => false,
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.field {
            Field::Any => {}
            Field::Label => {
                write!(f, "#")?;
                return self.values.iter().try_for_each(|value| value.print_label(f));
            }
            field => write!(f, "{}:", field.descriptor().query.unwrap_or_default())?,
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
    /// A value for a folded text: a word, or a phrase if the text could not be written as a word.
    pub fn text(folded: String) -> Value {
        if is_bare(&folded) { Value::Word(folded) } else { Value::Phrase(folded) }
    }

    /// Whether it matches the name of a tag. The name is folded here: articles have few tags, and they are not columns of the feed.
    fn matches_tag(&self, tag: &Tag) -> bool {
        let folded = || fold(tag.shown().as_str());
        match self {
            Value::Present => true,
            Value::Regex(pattern) if pattern.is_exact() => pattern.regex().is_match(tag.shown().as_str()),
            Value::Regex(pattern) => pattern.regex().is_match(&folded()),
            Value::Word(words) | Value::Phrase(words) => {
                let name = folded();
                occurrences(&name, words).any(|at| starts_word(name.as_bytes(), at))
            }
            Value::Substring(letters) => folded().contains(letters.as_str()),
            Value::WholeText(whole) => folded() == *whole,
            Value::Number(..) | Value::Seconds(..) | Value::Dates(..) | Value::Is(_) | Value::Has(_) => false,
        }
    }

    /// A value behind `#`: a name in quotes is the whole name, and words without quotes are as they were typed, see
    /// [`Value::label`].
    fn print_label(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Phrase(words) => write!(f, "{words}"),
            Value::WholeText(words) => write!(f, "\"{words}\""),
            value => value.print(f),
        }
    }

    /// The value behind `#` for a text value: a text in quotes is the whole name, and so is one that could not be written there
    /// otherwise.
    pub fn label(self, is_quoted: bool) -> Value {
        match self {
            Value::Phrase(words) if is_quoted || words.contains(ends_word) || words.starts_with(['*', '/']) => {
                Value::WholeText(words)
            }
            value => value,
        }
    }

    fn print(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Word(word) => write!(f, "{word}"),
            Value::Phrase(words) => write!(f, "\"{words}\""),
            Value::Substring(letters) if is_bare(letters) => write!(f, "*{letters}"),
            Value::Substring(letters) => write!(f, "*\"{letters}\""),
            Value::WholeText(words) => write!(f, "=\"{words}\""),
            Value::Regex(pattern) => {
                write!(f, "/{}/{}", pattern.source(), if pattern.is_exact() { "c" } else { "" })
            }
            Value::Number(Some(from), Some(to)) if from == to => write!(f, "{from}"),
            Value::Number(from, to) => write!(f, "{}..{}", print_number(*from), print_number(*to)),
            Value::Seconds(from, to) => duration::print(f, *from, *to),
            Value::Dates(from, to) => date_bound::print(f, *from, *to),
            Value::Is(state) => write!(f, "{}", state.word()),
            Value::Has(thing) => write!(f, "{}", thing.word()),
            Value::Present => write!(f, "*"),
        }
    }
}

/// Whether a character bounds a word in a query.
pub fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')' | '|' | '"' | ',')
}

/// Whether a folded word can be written without quotes and parses to itself.
pub fn is_bare(word: &str) -> bool {
    let name = word.chars().take_while(char::is_ascii_alphabetic).count();
    !word.is_empty()
        && !word.contains(ends_word)
        && !word.starts_with(['-', '!', '+', '#', '@', '*', '/', '=', '<', '>'])
        && !word[name..].starts_with(':')
        && !ArticleState::from_word(word).is_some_and(ArticleState::is_quick_filter)
}

fn print_number(number: Option<i64>) -> String {
    number.map(|n| n.to_string()).unwrap_or_default()
}
