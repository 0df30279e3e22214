//! Reads a query as a person writes it, and points at the column where it cannot.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::fold::fold;
use super::term::{Field, Kind, Moment, STATES, THINGS, Term, Unit, Value};
use super::tree::{Node, Sort, SortKey};

/// Nesting that a query may have: enough for people, little enough for the stack.
const DEEPEST: usize = 32;
/// The longest query, in bytes.
const LONGEST: usize = 4096;

/// Why a query could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct QueryError {
    /// The part that is wrong, in characters from 0: start and end.
    pub span: (usize, usize),
    /// What is wrong, with the nearest name where one was meant. It may quote the query.
    pub what: String,
}

/// What a query says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    pub root: Option<Node>,
    pub sort: Option<Sort>,
    pub limit: Option<usize>,
}

/// Reads a query.
pub fn parse(text: &str) -> Result<Parsed, QueryError> {
    let mut reader = Reader { rest: text, length: text.chars().count(), parsed: Parsed::default(), depth: 0 };
    if text.len() > LONGEST {
        return Err(reader.error(0, format!("a query may have {LONGEST} bytes")));
    }
    let root = reader.any_of()?;
    if reader.peek() == Some(')') {
        return Err(reader.error(1, "this `)` closes nothing".to_owned()));
    }
    reader.parsed.root = root;
    Ok(reader.parsed)
}

struct Reader<'a> {
    rest: &'a str,
    length: usize,
    parsed: Parsed,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn any_of(&mut self) -> Result<Option<Node>, QueryError> {
        let mut parts = Vec::new();
        loop {
            parts.extend(self.all_of()?);
            if !self.eat_word("OR") && !self.eat("|") {
                break;
            }
        }
        Ok(Node::any(parts))
    }

    fn all_of(&mut self) -> Result<Option<Node>, QueryError> {
        let mut parts = Vec::new();
        loop {
            self.skip_blanks();
            while self.eat_word("AND") {}
            match self.peek() {
                None | Some(')' | '|') => break,
                Some(_) if self.at_word("OR") => break,
                Some(_) => parts.extend(self.unary()?),
            }
        }
        Ok(Node::all(parts))
    }

    fn unary(&mut self) -> Result<Option<Node>, QueryError> {
        let start = self.at();
        let negated = self.eat("-") || self.eat("!") || self.eat_word("NOT");
        if negated {
            self.skip_blanks();
            if matches!(self.peek(), None | Some(')' | '|')) {
                return Err(self.error_from(start, "nothing to exclude here".to_owned()));
            }
            if let Some(state) = ["unread", "read"].into_iter().find(|state| self.eat_word(state)) {
                let is = Term { field: Field::Is, values: vec![Value::Named(state)] };
                return Ok(Some(Node::not(Node::Term(is))));
            }
        }
        let node = self.nested(Self::primary)?;
        Ok(if negated { node.map(Node::not) } else { node })
    }

    fn nested(
        &mut self,
        read: impl Fn(&mut Self) -> Result<Option<Node>, QueryError>,
    ) -> Result<Option<Node>, QueryError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.error(1, format!("more than {DEEPEST} levels")));
        }
        let node = read(self);
        self.depth -= 1;
        node
    }

    fn primary(&mut self) -> Result<Option<Node>, QueryError> {
        let start = self.at();
        if self.eat("(") {
            let inner = self.any_of()?;
            if !self.eat(")") {
                return Err(self.error_from(start, "this `(` is never closed".to_owned()));
            }
            return Ok(inner);
        }
        if matches!(self.peek(), Some('-' | '!')) || self.at_word("NOT") {
            return self.unary();
        }
        if self.eat("#") {
            let value = match self.text_value()? {
                Value::Phrase(words) => Value::Whole(words),
                value => value,
            };
            return Ok(Some(term(Field::Topic, vec![value])));
        }
        if self.eat("@") {
            let value = self.date_value(true)?;
            return Ok(Some(term(Field::Date, vec![value])));
        }
        if self.eat("+") {
            return self.state(start, &STATES, Field::Is).map(Some);
        }
        let name: String = self.rest.chars().take_while(|c| c.is_ascii_alphabetic()).collect();
        if !name.is_empty() && self.rest[name.len()..].starts_with(':') {
            return self.field(start, &name);
        }
        Ok(Some(term(Field::Any, vec![self.text_value()?])))
    }

    fn field(&mut self, start: usize, name: &str) -> Result<Option<Node>, QueryError> {
        self.rest = &self.rest[name.len()..];
        match name {
            "sort" => return self.sort().map(|()| None),
            "limit" => return self.limit().map(|()| None),
            _ => {}
        }
        let Some((_, field)) = Field::NAMED.iter().find(|(known, _)| *known == name) else {
            let known = Field::NAMED.iter().map(|(known, _)| *known).chain(["sort", "limit"]);
            return Err(self.error_from(start, unknown("field", name, known)));
        };
        self.rest = &self.rest[1..];
        let mut values = vec![self.value(*field)?];
        while self.eat_here(",") {
            values.push(self.value(*field)?);
        }
        Ok(Some(term(*field, values)))
    }

    fn value(&mut self, field: Field) -> Result<Value, QueryError> {
        if self.rest.starts_with('*') && self.rest[1..].starts_with(|c| ends_word(c) || c == ',') | (self.rest == "*") {
            self.rest = &self.rest[1..];
            return Ok(Value::Present);
        }
        match field.kind() {
            Kind::Text => {
                if self.eat_here("=") {
                    return Ok(match self.text_value()? {
                        Value::Word(text) | Value::Phrase(text) | Value::Inner(text) => Value::Whole(text),
                        value => value,
                    });
                }
                self.text_value()
            }
            Kind::Number => self.number_value(),
            Kind::Date => self.date_value(false),
            Kind::Word => {
                let start = self.at();
                let known: &[&'static str] = if field == Field::Is { &STATES } else { &THINGS };
                self.named(start, known).map(Value::Named)
            }
        }
    }

    fn state(&mut self, start: usize, known: &[&'static str], field: Field) -> Result<Node, QueryError> {
        Ok(term(field, vec![Value::Named(self.named(start, known)?)]))
    }

    fn named(&mut self, start: usize, known: &[&'static str]) -> Result<&'static str, QueryError> {
        let word = self.word();
        match known.iter().find(|name| **name == word) {
            Some(name) => Ok(name),
            None if word.is_empty() => Err(self.error_from(start, format!("one of {} is missing", known.join(", ")))),
            None => Err(self.error_from(start, unknown("word", word, known.iter().copied()))),
        }
    }

    fn text_value(&mut self) -> Result<Value, QueryError> {
        let start = self.at();
        if self.eat_here("\"") {
            let Some(end) = self.rest.find('"') else {
                return Err(self.error_from(start, "this quote is never closed".to_owned()));
            };
            let words = fold(self.rest[..end].split_whitespace().collect::<Vec<_>>().join(" ").as_str());
            self.rest = &self.rest[end + 1..];
            if words.is_empty() {
                return Err(self.error_from(start, "nothing between the quotes".to_owned()));
            }
            return Ok(Value::Phrase(words));
        }
        let inner = self.eat_here("*");
        let word = fold(self.word());
        match word.is_empty() {
            true => Err(self.error_from(start, "a word is missing here".to_owned())),
            false if inner => Ok(Value::Inner(word)),
            false => Ok(Value::Word(word)),
        }
    }

    fn number_value(&mut self) -> Result<Value, QueryError> {
        let start = self.at();
        let comparison = self.comparison();
        let word = self.word();
        let number = |text: &str| text.parse::<i64>().map_err(|_| ());
        let bound = |text: &str| if text.is_empty() { Ok(None) } else { number(text).map(Some) };
        let value = match (comparison, word.split_once("..")) {
            (None, Some((from, to))) if word != ".." => {
                bound(from).and_then(|from| bound(to).map(|to| Value::Number(from, to)))
            }
            (comparison, _) => number(word).map(|n| match comparison {
                None | Some("=") => Value::Number(Some(n), Some(n)),
                Some(">=") => Value::Number(Some(n), None),
                Some(">") => Value::Number(Some(n.saturating_add(1)), None),
                Some("<=") => Value::Number(None, Some(n)),
                Some(_) => Value::Number(None, Some(n.saturating_sub(1))),
            }),
        };
        match value {
            Ok(Value::Number(Some(from), Some(to))) if from > to => {
                Err(self.error_from(start, format!("{from} is more than {to}")))
            }
            Ok(value) => Ok(value),
            Err(()) => Err(self.error_from(start, format!("`{word}` is no number; write 60, >=60 or 40..80"))),
        }
    }

    /// A date, a range of dates, or (behind `@`, `newer`) a time ago that means "since then".
    fn date_value(&mut self, newer: bool) -> Result<Value, QueryError> {
        let start = self.at();
        let comparison = self.comparison();
        let word = self.word();
        let value = match (comparison, word.split_once("..")) {
            (None, Some((from, to))) if word != ".." => {
                let from = if from.is_empty() { Some(Moment::Open) } else { dates(from).map(|(from, _)| from) };
                let to = if to.is_empty() { Some(Moment::Open) } else { dates(to).map(|(_, to)| to) };
                from.zip(to).map(|(from, to)| Value::Dates(from, to))
            }
            (comparison, _) => dates(word).map(|(from, to)| match comparison {
                Some(">=") => Value::Dates(from, Moment::Open),
                Some(">") => Value::Dates(to, Moment::Open),
                Some("<=") => Value::Dates(Moment::Open, to),
                Some("<") => Value::Dates(Moment::Open, from),
                _ if newer || matches!(from, Moment::Ago(..)) => match from {
                    Moment::Ago(..) => Value::Dates(from, Moment::Open),
                    _ => Value::Dates(from, to),
                },
                _ => Value::Dates(from, to),
            }),
        };
        match value {
            Some(Value::Dates(Moment::Day(from), Moment::Day(to))) if from >= to => {
                Err(self.error_from(start, "this range ends before it begins".to_owned()))
            }
            Some(value) => Ok(value),
            None => Err(self.error_from(
                start,
                format!("`{word}` is no date; write 2021-02-18, 2021-02, 2021-02..2021-03, today or 2w"),
            )),
        }
    }

    fn comparison(&mut self) -> Option<&'static str> {
        [">=", "<=", ">", "<", "="].into_iter().find(|sign| self.eat_here(sign))
    }

    fn sort(&mut self) -> Result<(), QueryError> {
        self.rest = &self.rest[1..];
        let start = self.at();
        let reversed = self.eat_here("-");
        let word = self.word();
        let Some(key) = SortKey::read(word) else {
            return Err(self.error_from(start, unknown("sort key", word, SortKey::ALL.iter().map(|key| key.word()))));
        };
        self.parsed.sort = Some(Sort { key, descending: reversed });
        Ok(())
    }

    fn limit(&mut self) -> Result<(), QueryError> {
        self.rest = &self.rest[1..];
        let start = self.at();
        let word = self.word();
        let Ok(limit) = word.parse() else {
            return Err(self.error_from(start, format!("`{word}` is no number of articles")));
        };
        self.parsed.limit = Some(limit);
        Ok(())
    }

    fn word(&mut self) -> &'a str {
        let end = self.rest.find(|c| ends_word(c) || c == ',').unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
    }

    fn eat_here(&mut self, sign: &str) -> bool {
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn eat(&mut self, sign: &str) -> bool {
        self.skip_blanks();
        self.eat_here(sign)
    }

    fn at_word(&self, word: &str) -> bool {
        self.rest.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(ends_word))
    }

    fn eat_word(&mut self, word: &str) -> bool {
        self.skip_blanks();
        self.at_word(word) && self.eat_here(word)
    }

    fn at(&self) -> usize {
        self.length - self.rest.chars().count()
    }

    fn error(&self, length: usize, what: String) -> QueryError {
        let at = self.at();
        QueryError { span: (at, at + length), what }
    }

    fn error_from(&self, start: usize, what: String) -> QueryError {
        QueryError { span: (start, self.at().max(start + 1)), what }
    }
}

fn term(field: Field, values: Vec<Value>) -> Node {
    Node::Term(Term { field, values })
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')' | '|' | '"')
}

/// The start and the end (not counted) of what a date word means: a day, a month, a year, a time ago.
fn dates(word: &str) -> Option<(Moment, Moment)> {
    let days_ago = |n| Moment::Ago(n, Unit::Day);
    match word {
        "today" => return Some((days_ago(1), Moment::Open)),
        "yesterday" => return Some((days_ago(2), days_ago(1))),
        "week" => return Some((Moment::Ago(1, Unit::Week), Moment::Open)),
        "month" => return Some((Moment::Ago(1, Unit::Month), Moment::Open)),
        "year" => return Some((Moment::Ago(1, Unit::Year), Moment::Open)),
        _ => {}
    }
    let digits = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
    let (number, rest) = word.split_at(digits);
    if let (Ok(n), Some(unit)) = (number.parse::<u32>(), Unit::read(rest.strip_suffix("-ago").unwrap_or(rest))) {
        let ago = Moment::Ago(i64::from(n), unit);
        return Some((ago, ago));
    }
    let parts: Vec<&str> = word.split('-').collect();
    if !parts.iter().all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit())) || number.len() != 4 {
        return None;
    }
    let year: i32 = number.parse().ok()?;
    let part = |n: usize| parts.get(n).and_then(|part| part.parse::<u32>().ok());
    let (from, to) = match parts.len() {
        1 => (NaiveDate::from_ymd_opt(year, 1, 1)?, NaiveDate::from_ymd_opt(year + 1, 1, 1)?),
        2 => {
            let from = NaiveDate::from_ymd_opt(year, part(1)?, 1)?;
            (from, from.checked_add_months(Months::new(1))?)
        }
        3 => {
            let from = NaiveDate::from_ymd_opt(year, part(1)?, part(2)?)?;
            (from, from.checked_add_days(Days::new(1))?)
        }
        _ => return None,
    };
    (from.year() >= 0).then_some((Moment::Day(from), Moment::Day(to)))
}

fn unknown<'a>(what: &str, word: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let nearest = known
        .clone()
        .map(|name| (strsim::damerau_levenshtein(name, word), name))
        .filter(|(distance, name)| *distance <= 1 + name.len() / 4)
        .min();
    match nearest {
        Some((_, name)) => format!("unknown {what} `{word}`; did you mean `{name}`?"),
        None => format!("unknown {what} `{word}`; there are {}", known.collect::<Vec<_>>().join(", ")),
    }
}
