//! Terms: one part of a query each, and whether an article has it.

use std::fmt;

use chrono::{DateTime, Utc};

use super::article_state::{ArticleFeature, ArticleState};
use super::date_bound::{self, DateBound};
use super::match_candidate::MatchCandidate;
use super::regex_pattern::RegexPattern;
use crate::dates::{Now, Zone};
use crate::feed::Field;

/// One of the values behind a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A word that starts where a word of the text starts, folded.
    Word(String),
    /// A contiguous run of words, folded.
    Phrase(String),
    /// Letters anywhere: `*rust`, folded.
    Substring(String),
    /// The whole text, folded: `topic:="machine learning"`.
    WholeText(String),
    /// A regex.
    Regex(RegexPattern),
    /// A number from … to, both counted.
    Number(Option<i64>, Option<i64>),
    /// A time from … (counted) to (not counted).
    Dates(DateBound, DateBound),
    /// A state.
    Is(ArticleState),
    /// Something an article has.
    Has(ArticleFeature),
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
    pub fn at(&self, now: Now) -> ResolvedTerm<'_> {
        let ends = |value: &Value| match value {
            Value::Dates(from, to) => (from.resolve(now), to.resolve(now)),
            _ => (None, None),
        };
        ResolvedTerm { term: self, ends: self.values.iter().map(ends).collect(), zone: now.zone }
    }
}

/// A term at a time.
pub struct ResolvedTerm<'a> {
    term: &'a Term,
    /// For each value: where dates begin and end.
    ends: Vec<DateBounds>,
    zone: Zone,
}

/// From … (counted) to (not counted).
type DateBounds = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

impl ResolvedTerm<'_> {
    /// Whether an article has it.
    pub fn matches(&self, subject: &MatchCandidate) -> bool {
        self.term.values.iter().zip(&self.ends).any(|(value, ends)| self.has(value, *ends, subject))
    }

    fn has(&self, value: &Value, ends: DateBounds, subject: &MatchCandidate) -> bool {
        let article = subject.header;
        match self.term.field {
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
            Field::Is => matches!(value, Value::Is(state) if state.applies_to(subject)),
            Field::Has => matches!(value, Value::Has(thing) if thing.applies_to(subject)),
            field => has_number(value, article.number(field)),
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

fn has_date(value: &Value, (from, to): DateBounds, date: Option<DateTime<Utc>>) -> bool {
    match (value, date) {
        (Value::Present, date) => date.is_some(),
        (Value::Dates(..), Some(date)) => from.is_none_or(|from| date >= from) && to.is_none_or(|to| date < to),
        _ => false,
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.field != Field::Any {
            write!(f, "{}:", self.field.descriptor().query.unwrap_or_default())?;
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
    /// A folded word: as a phrase where it could not be written as a word.
    pub fn text(folded: String) -> Value {
        if is_bare(&folded) { Value::Word(folded) } else { Value::Phrase(folded) }
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
            Value::Dates(from, to) => date_bound::print(f, *from, *to),
            Value::Is(state) => write!(f, "{}", state.word()),
            Value::Has(thing) => write!(f, "{}", thing.word()),
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
        && !ArticleState::from_word(word).is_some_and(ArticleState::is_quick_filter)
}

fn print_number(number: Option<i64>) -> String {
    number.map(|n| n.to_string()).unwrap_or_default()
}
