//! Parses queries as users type them. Errors have the columns of the text that is wrong.

use std::ops::Range;

use super::article_state::{ArticleFeature, ArticleState};
use super::nearest_name::{is_near_miss, unknown_name};
use super::pasted_text;
use super::range_value::{self, RangeError};
use super::regex_pattern::RegexPattern;
use super::saved_searches::{SavedSearches, saved_term};
use super::syntax_tree::{Node, Sort, SortKey};
use super::term::{Term, Value, ends_word};
use super::text_folding::fold;
use crate::feed::Field;
use crate::feed::fields::ValueKind;

/// Maximum nesting of groups: the parser is recursive, so this bounds the stack.
const MAX_DEPTH: usize = 32;
/// Maximum length of a query in bytes.
pub const MAX_LENGTH: usize = 16_384;
/// Maximum number of saved searches that a query may use, including those inside them.
const MAX_EXPANSIONS: usize = 100;
/// How many saved searches are compared with a name that is unknown: a file of thousands may name many that do not exist.
const MAX_COMPARED: usize = 500;
/// Maximum number of regexes in a query, including those of saved searches: compiling one takes time.
const MAX_REGEXES: usize = 16;

/// Why a query was rejected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct QueryError {
    /// Start and end of the wrong text, in characters from 0.
    pub span: (usize, usize),
    /// What is wrong, with the nearest valid name if there is one. It may quote the query.
    pub what: String,
    /// Whether saved searches refer to each other in a cycle, which `what` lists.
    pub is_cycle: bool,
}

/// A parsed query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    pub root: Option<Node>,
    pub sort: Option<Sort>,
    pub limit: Option<usize>,
    /// Order and limit of saved searches. They apply if the query has none of its own.
    pub inherited: (Option<Sort>, Option<usize>),
    /// Where the names of saved searches are in the text, with their quotes, in bytes. Not those in saved searches.
    pub names: Vec<Range<usize>>,
}

/// Parses a query. `saved` has the searches that `saved:` can name.
pub fn parse(text: &str, saved: &SavedSearches) -> Result<Parsed, QueryError> {
    read(text, &mut SavedExpansion { saved, open: Vec::new(), left: MAX_EXPANSIONS, regexes: MAX_REGEXES })
}

/// The error of a query that is longer than [`MAX_LENGTH`].
pub fn too_long() -> QueryError {
    QueryError { span: (0, 1), what: format!("query longer than {MAX_LENGTH} bytes"), is_cycle: false }
}

/// State of the expansion of saved searches, shared by the parsers of all of them.
struct SavedExpansion<'a> {
    saved: &'a SavedSearches,
    /// Names of the searches being expanded, outermost first, to detect cycles.
    open: Vec<String>,
    /// How many more searches may be expanded.
    left: usize,
    /// How many more regexes are allowed.
    regexes: usize,
}

fn read(text: &str, expansion: &mut SavedExpansion) -> Result<Parsed, QueryError> {
    let length = text.chars().count();
    let mut reader = Parser { text, rest: text, length, parsed: Parsed::default(), depth: 0, expansion };
    if text.len() > MAX_LENGTH {
        return Err(too_long());
    }
    let root = reader.any_of()?;
    if reader.peek() == Some(')') {
        return Err(reader.error(1, "unmatched `)`".to_owned()));
    }
    reader.parsed.root = root;
    Ok(reader.parsed)
}

struct Parser<'a, 'b, 'c> {
    text: &'a str,
    rest: &'a str,
    length: usize,
    parsed: Parsed,
    depth: usize,
    expansion: &'b mut SavedExpansion<'c>,
}

impl<'a> Parser<'a, '_, '_> {
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
            // `AND` is the default between terms, so it means nothing.
            while self.eat_word("AND") {}
            if let Some(after) = pasted_text::after_lone_signs(self.rest) {
                self.rest = after;
                continue;
            }
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
                return Err(self.error_from(start, "a term to exclude is missing here".to_owned()));
            }
            let mut own = ArticleState::ALL.into_iter().filter(|state| state.is_quick_filter());
            if let Some(state) = own.find(|state| self.eat_word(state.word())) {
                return Ok(Some(Node::not(term(Field::Is, vec![Value::Is(state)]))));
            }
        }
        // `----x` recurses like `((((x`, so both count as nesting.
        let node = self.nested(Self::primary)?;
        Ok(if negated { node.map(Node::not) } else { node })
    }

    fn nested(
        &mut self,
        read: impl Fn(&mut Self) -> Result<Option<Node>, QueryError>,
    ) -> Result<Option<Node>, QueryError> {
        self.depth += 1;
        // An error ends the parsing, so `depth` is not restored.
        if self.depth > MAX_DEPTH {
            return Err(self.error(1, format!("nested more than {MAX_DEPTH} levels deep")));
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
                return Err(self.error_from(start, "unclosed `(`".to_owned()));
            }
            return Ok(inner);
        }
        if matches!(self.peek(), Some('-' | '!')) || self.at_word("NOT") {
            return self.unary();
        }
        if self.eat("#") {
            let quoted = self.peek() == Some('"');
            let value = self.text_value()?;
            // Printed without quotes and before a blank, signs alone would be skipped.
            let is_signs = |words: &str| pasted_text::after_lone_signs(words).is_some();
            let needs_quotes = quoted || matches!(&value, Value::Phrase(words) if is_signs(words));
            return Ok(Some(term(Field::Label, vec![value.label(needs_quotes)])));
        }
        if self.eat("@") {
            let value = self.range_value(range_value::date)?;
            return Ok(Some(term(Field::Date, vec![value])));
        }
        if let Some(after) = self.rest.strip_prefix('+') {
            let word = after.split(ends_word).next().unwrap_or_default();
            if word.is_empty() {
                self.rest = after;
                return self.nested(Self::primary);
            }
            if ArticleState::from_word(word).is_some() || is_near_miss(word, ArticleState::words()) {
                self.rest = after;
                return self.named(start, Field::Is).map(|state| Some(term(Field::Is, vec![state])));
            }
            // Not a state: the sign belongs to the text, as in `+1`.
            return Ok(Some(term(Field::Any, vec![Value::text(fold(self.word()))])));
        }
        if let Some(address) = pasted_text::leading_address(self.rest) {
            self.rest = &self.rest[address.len()..];
            // A pasted address can be the article's own link, or a link in its text.
            let value = Value::text(fold(address));
            return Ok(Node::any(vec![term(Field::Url, vec![value.clone()]), term(Field::Any, vec![value])]));
        }
        if let Some(name) = pasted_text::leading_field(self.rest).map_err(|(length, what)| self.error(length, what))? {
            return self.field(name);
        }
        Ok(Some(term(Field::Any, vec![self.text_value()?])))
    }

    fn field(&mut self, name: &str) -> Result<Option<Node>, QueryError> {
        self.rest = &self.rest[name.len()..];
        match name {
            "sort" => return self.sort().map(|()| None),
            "limit" => return self.limit().map(|()| None),
            "saved" => return self.saved().map(Some),
            _ => {}
        }
        // Always found: `leading_field` returns only known names.
        let Some(field) = Field::named(name) else { return Ok(None) };
        self.rest = &self.rest[1..];
        let mut values = vec![self.value(field)?];
        while self.eat_here(",") {
            values.push(self.value(field)?);
        }
        Ok(Some(term(field, values)))
    }

    fn value(&mut self, field: Field) -> Result<Value, QueryError> {
        if self
            .rest
            .strip_prefix('*')
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(ends_word) && !rest.starts_with('"'))
        {
            self.rest = &self.rest[1..];
            return Ok(Value::Present);
        }
        match field.kind() {
            ValueKind::Text | ValueKind::Tags => {
                if self.eat_here("=") {
                    return Ok(match self.text_value()? {
                        Value::Word(text) | Value::Phrase(text) | Value::Substring(text) => Value::WholeText(text),
                        value => value,
                    });
                }
                self.text_value()
            }
            ValueKind::Number => self.range_value(range_value::number),
            ValueKind::Duration => self.range_value(range_value::duration),
            ValueKind::Date => self.range_value(range_value::date),
            ValueKind::Word | ValueKind::Flag => self.named(self.at(), field),
        }
    }

    /// Parses a word of `is:` or `has:`.
    fn named(&mut self, start: usize, field: Field) -> Result<Value, QueryError> {
        let word = self.word();
        let (value, known): (_, Vec<&str>) = match field {
            Field::Has => (ArticleFeature::from_word(word).map(Value::Has), ArticleFeature::words().collect()),
            _ => (ArticleState::from_word(word).map(Value::Is), ArticleState::words().collect()),
        };
        let what = || match word.is_empty() {
            true => format!("a word is missing: {}", known.join(", ")),
            false => unknown_name("word", word, known.iter().copied()),
        };
        value.ok_or_else(|| self.error_from(start, what()))
    }

    fn text_value(&mut self) -> Result<Value, QueryError> {
        let start = self.at();
        if self.peek() == Some('/') {
            return self.regex();
        }
        if self.peek() == Some('"') {
            return self.quoted().map(Value::Phrase);
        }
        if self.eat_here("*") {
            let letters = if self.peek() == Some('"') { self.quoted()? } else { fold(self.word()) };
            return match letters.is_empty() {
                true => Err(self.error_from(start, "letters are missing after `*`".to_owned())),
                false => Ok(Value::Substring(letters)),
            };
        }
        let word = self.word();
        match fold(word) {
            folded if !folded.is_empty() => Ok(Value::text(folded)),
            _ if word.is_empty() => Err(self.error_from(start, "a word is missing here".to_owned())),
            _ => Err(self.error_from(start, "these characters cannot be searched for".to_owned())),
        }
    }

    fn quoted(&mut self) -> Result<String, QueryError> {
        let start = self.at();
        self.eat_here("\"");
        let Some(end) = self.rest.find('"') else {
            return Err(self.error_from(start, "unclosed quote".to_owned()));
        };
        let words = fold(&self.rest[..end]);
        self.rest = &self.rest[end + 1..];
        match words.is_empty() {
            true => Err(self.error_from(start, "no words between the quotes".to_owned())),
            false => Ok(words),
        }
    }

    fn regex(&mut self) -> Result<Value, QueryError> {
        let start = self.at();
        self.eat_here("/");
        let mut escaped = false;
        let end = self.rest.find(|c| {
            let ends = c == '/' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        let Some(end) = end else {
            return Err(self.error_from(start, "unclosed regex: write /…/".to_owned()));
        };
        let source = &self.rest[..end];
        self.rest = &self.rest[end + 1..];
        let exact = self.eat_here("c");
        // `i` is the default. It is accepted because other tools need it.
        let _ = exact || self.eat_here("i");
        if source.is_empty() {
            return Err(self.error_from(start, "empty regex".to_owned()));
        }
        let Some(left) = self.expansion.regexes.checked_sub(1) else {
            return Err(self.error_from(start, format!("more than {MAX_REGEXES} regexes in one query")));
        };
        self.expansion.regexes = left;
        let error = match RegexPattern::new(source, exact) {
            Ok(pattern) => return Ok(Value::Regex(pattern)),
            Err(error) => error,
        };
        // The parser of regexes counts bytes from the slash; spans count characters of the query.
        let at = |offset: usize| start + 1 + source.get(..offset).map_or(0, |before| before.chars().count());
        Err(match error.span {
            Some((from, to)) => {
                QueryError { span: (at(from), at(to).max(at(from) + 1)), what: error.what, is_cycle: false }
            }
            None => self.error_from(start, error.what),
        })
    }

    fn saved(&mut self) -> Result<Node, QueryError> {
        self.rest = &self.rest[1..];
        let start = self.at();
        let from = self.text.len() - self.rest.len();
        let name = self.saved_name()?;
        self.parsed.names.push(from..self.text.len() - self.rest.len());
        let saved = self.expansion.saved;
        let what = match saved.get(&name) {
            _ if name.trim().is_empty() => "the name of a saved search is missing here".to_owned(),
            None if saved.is_empty() => {
                format!("no search is saved yet, so no `{name}`: Ctrl-s in the search saves one")
            }
            None => unknown_name("saved search", &name, saved.iter().take(MAX_COMPARED).map(|(name, _)| name)),
            Some(_) if self.expansion.open.contains(&name) => {
                let open = self.expansion.open.iter().skip_while(|open| **open != name);
                let cycle: Vec<&str> = open.map(String::as_str).chain([name.as_str()]).collect();
                let what = format!("`{}` refers to itself: {}", saved_term(&name), cycle.join(" → "));
                return Err(QueryError { is_cycle: true, ..self.error_from(start, what) });
            }
            Some(_) if self.expansion.left == 0 => format!("more than {MAX_EXPANSIONS} nested saved searches"),
            Some(text) => {
                let text = text.to_owned();
                // Never given back: ten searches that each name the next one twice would expand to 1,023.
                self.expansion.left -= 1;
                self.expansion.open.push(name.clone());
                let read = read(&text, self.expansion);
                self.expansion.open.pop();
                match read {
                    Ok(inner) => {
                        let inherited = &mut self.parsed.inherited;
                        inherited.0 = inherited.0.or(inner.sort).or(inner.inherited.0);
                        inherited.1 = inherited.1.or(inner.limit).or(inner.inherited.1);
                        return Ok(Node::Saved { name, root: inner.root.map(Box::new) });
                    }
                    // The message lists the whole cycle, so the searches that lead to it add no prefix.
                    Err(QueryError { what, is_cycle: true, .. }) => {
                        return Err(QueryError { is_cycle: true, ..self.error_from(start, what) });
                    }
                    Err(error) => format!("in `{}`, column {}: {}", saved_term(&name), error.span.0 + 1, error.what),
                }
            }
        };
        Err(self.error_from(start, what))
    }

    /// The name of a saved search: a word, or text in quotes. It is compared as it is written, without folding.
    fn saved_name(&mut self) -> Result<String, QueryError> {
        let start = self.at();
        if !self.eat_here("\"") {
            return Ok(self.word().to_owned());
        }
        let Some((name, rest)) = self.rest.split_once('"') else {
            return Err(self.error_from(start, "unclosed quote".to_owned()));
        };
        self.rest = rest;
        Ok(name.to_owned())
    }

    fn range_value(
        &mut self,
        read: impl Fn(Option<&str>, &str) -> Result<Value, RangeError>,
    ) -> Result<Value, QueryError> {
        let start = self.at();
        let comparison = self.comparison();
        read(comparison, self.word()).map_err(|error| self.error_from(start, error.to_string()))
    }

    fn comparison(&mut self) -> Option<&'static str> {
        // Longer signs first, or `>=` would be read as `>`.
        [">=", "<=", ">", "<", "="].into_iter().find(|sign| self.eat_here(sign))
    }

    fn sort(&mut self) -> Result<(), QueryError> {
        self.rest = &self.rest[1..];
        let start = self.at();
        let reversed = self.eat_here("-");
        let word = self.word();
        let Some(key) = SortKey::from_word(word) else {
            return Err(
                self.error_from(start, unknown_name("sort key", word, SortKey::ALL.iter().map(|key| key.word())))
            );
        };
        self.parsed.sort = Some(Sort { key, descending: reversed });
        Ok(())
    }

    fn limit(&mut self) -> Result<(), QueryError> {
        self.rest = &self.rest[1..];
        let start = self.at();
        let word = self.word();
        let Ok(limit) = word.parse() else {
            return Err(self.error_from(start, format!("`{word}` is not a number of articles")));
        };
        self.parsed.limit = Some(limit);
        Ok(())
    }

    /// Consumes the characters up to the end of the word; there may be none.
    fn word(&mut self) -> &'a str {
        let end = self.rest.find(ends_word).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// Skips blanks, and commas that separate no values.
    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
    }

    /// Consumes `sign` if the text starts with it.
    fn eat_here(&mut self, sign: &str) -> bool {
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// As [`Parser::eat_here`], after blanks.
    fn eat(&mut self, sign: &str) -> bool {
        self.skip_blanks();
        self.eat_here(sign)
    }

    /// Whether the text starts with `word` as a whole word.
    fn at_word(&self, word: &str) -> bool {
        self.rest.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(ends_word))
    }

    fn eat_word(&mut self, word: &str) -> bool {
        self.skip_blanks();
        self.at_word(word) && self.eat_here(word)
    }

    /// The current position in characters.
    fn at(&self) -> usize {
        self.length - self.rest.chars().count()
    }

    /// An error at the next `length` characters.
    fn error(&self, length: usize, what: String) -> QueryError {
        let at = self.at();
        QueryError { span: (at, at + length), what, is_cycle: false }
    }

    /// An error from `start` to the current position.
    fn error_from(&self, start: usize, what: String) -> QueryError {
        // At the end of a query the span would be empty, and there would be no caret.
        QueryError { span: (start, self.at().max(start + 1)), what, is_cycle: false }
    }
}

fn term(field: Field, values: Vec<Value>) -> Node {
    Node::Term(Term { field, values })
}
