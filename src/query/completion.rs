//! Completion of queries: field names, and the values of a field behind its colon.

use super::article_state::{ArticleFeature, ArticleState};
use super::saved_searches::saved_value;
use super::syntax_tree::SortKey;
use super::term::is_bare;
use super::text_folding::{fold, occurrences, starts_word};
use crate::feed::Field;
use crate::feed::fields::{self, ValueKind};

/// Maximum number of candidates.
const MAX_CANDIDATES: usize = 50;

/// Names that completion offers, most used first.
pub struct CompletionNames<'a> {
    /// The names in a field, for example all topics.
    pub of: &'a dyn Fn(Field) -> Vec<&'a str>,
    /// Saved searches.
    pub saved: Vec<&'a str>,
}

/// Candidates that can replace the text before the cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Where the replaced text starts, in characters. It ends at the cursor.
    pub start: usize,
    /// Candidates, most likely first, quoted where the query language needs it.
    pub candidates: Vec<String>,
}

/// Completes the query `text` at `cursor`, which counts characters.
pub fn complete(text: &str, cursor: usize, names: &CompletionNames) -> Completion {
    let before: Vec<char> = text.chars().take(cursor).collect();
    let term = term_start(&before);
    let skipped = before[term..].iter().take_while(|c| matches!(c, '-' | '!')).count();
    let term = term + skipped;
    if before.get(term) == Some(&'#') {
        return offer(term + 1, &before, &(names.of)(Field::Label));
    }
    let Some(colon) = before[term..].iter().position(|c| *c == ':') else {
        let typed: String = before[term..].iter().collect();
        let fields = Field::query_names().chain(["saved", "sort", "limit"]);
        let starting = fields.filter(|name| !typed.is_empty() && name.starts_with(&typed.to_lowercase()));
        return Completion { start: term, candidates: starting.map(|name| format!("{name}:")).collect() };
    };
    let name: String = before[term..term + colon].iter().collect();
    let mut start = term + colon + 1;
    let mut quoted = false;
    for (at, c) in before.iter().enumerate().skip(start) {
        quoted ^= *c == '"';
        if *c == ',' && !quoted {
            start = at + 1;
        }
    }
    // In `sort:-heat` and `topic:=name`, the name starts behind the sign.
    while matches!(before.get(start), Some('-' | '=')) {
        start += 1;
    }
    let keys: Vec<&str> = SortKey::ALL.iter().map(|key| key.word()).collect();
    let field = match name.as_str() {
        "saved" => return offer_written(start, &before, &names.saved, |name, _| saved_value(name)),
        "sort" => return offer(start, &before, &keys),
        name => Field::named(name),
    };
    match field {
        Some(Field::Is) => offer(start, &before, &ArticleState::words().collect::<Vec<_>>()),
        Some(Field::Has) => offer(start, &before, &ArticleFeature::words().collect::<Vec<_>>()),
        Some(field @ (Field::Links | Field::Tag)) => offer(start, &before, &(names.of)(field)),
        Some(field) if field.descriptor().completion != fields::Completion::None => {
            offer(start, &before, &(names.of)(field))
        }
        Some(field) if field.kind() == ValueKind::Date => {
            offer(start, &before, &["today", "yesterday", "week", "month"])
        }
        _ => Completion::default(),
    }
}

/// Where the term at the end of `before` starts: after the last blank, parenthesis or `\|` outside quotes.
fn term_start(before: &[char]) -> usize {
    let (mut start, mut quoted) = (0, false);
    for (at, c) in before.iter().enumerate() {
        quoted ^= *c == '"';
        if !quoted && (c.is_whitespace() || matches!(c, '(' | ')' | '|')) {
            start = at + 1;
        }
    }
    start
}

/// Offers names, written as text values.
fn offer(start: usize, before: &[char], names: &[&str]) -> Completion {
    offer_written(start, before, names, written)
}

/// A name as a value: in quotes if it needs them. `folded` is the same name folded.
fn written(name: &str, folded: &str) -> String {
    // A free word `read` needs quotes, because `-read` is a filter. Behind a colon it is a plain value.
    if is_bare(folded) || ArticleState::from_word(folded).is_some_and(ArticleState::is_quick_filter) {
        name.to_owned()
    } else {
        // A quoted value cannot contain `"`. Folding makes both kinds of quotes equal, so the value still matches.
        format!("\"{}\"", name.replace('"', "'"))
    }
}

/// The condition that finds the articles of a saved search.
pub fn saved_condition(name: &str) -> String {
    format!("saved:{}", written(name, &fold(name)))
}

/// Offers the names in which a word starts with the text typed after `start`; names that start with it come first. `write` gets a
/// name, and the same folded.
fn offer_written(start: usize, before: &[char], names: &[&str], write: impl Fn(&str, &str) -> String) -> Completion {
    let typed: String = before.get(start..).unwrap_or_default().iter().filter(|c| **c != '"').collect();
    let typed = fold(&typed);
    let folded: Vec<(&str, String)> = names.iter().map(|name| (*name, fold(name))).collect();
    let starts = folded.iter().filter(|(_, name)| name.starts_with(&typed));
    let has_word = |name: &str| occurrences(name, &typed).any(|at| starts_word(name.as_bytes(), at));
    let others = folded.iter().filter(|(_, name)| !name.starts_with(&typed) && has_word(name));
    let offered = starts.chain(others).take(MAX_CANDIDATES);
    Completion { start, candidates: offered.map(|(name, folded)| write(name, folded)).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_their_values() {
        let names = CompletionNames {
            of: &|field| match field {
                Field::Topic => vec!["AI", "Machine Learning", "Art"],
                Field::Provider => vec!["IGN", "The \"Post\""],
                Field::Links => vec!["Tide clocks", "a b"],
                Field::Tag => vec!["to read", "maths"],
                Field::Label => vec!["AI", "Machine Learning", "to read", "maths"],
                Field::Author => vec!["Jörg Müller", "Ann Lee, Bo", "Unread"],
                _ => Vec::new(),
            },
            saved: vec!["morning", "late", "my news", "#a", "新聞 記事"],
        };
        for (typed, start, candidates) in [
            ("to", 0, vec!["topic:"]),
            ("rust -pro", 6, vec!["provider:"]),
            ("(ti", 1, vec!["title:"]),
            ("s", 0, vec!["score:", "saved:", "sort:"]),
            ("sort:-sc", 6, vec!["score"]),
            ("zz", 0, vec![]),
            ("", 0, vec![]),
            ("topic:a", 6, vec!["AI", "Art"]),
            ("topic:lea", 6, vec!["\"Machine Learning\""]),
            ("topic:\"machine l", 6, vec!["\"Machine Learning\""]),
            ("topic:ai,ma", 9, vec!["\"Machine Learning\""]),
            ("topic:=ar", 7, vec!["Art"]),
            ("#ma", 1, vec!["\"Machine Learning\"", "maths"]),
            ("tag:re", 4, vec!["\"to read\""]),
            ("ta", 0, vec!["tag:"]),
            ("#re", 1, vec!["\"to read\""]),
            ("-#ma", 2, vec!["\"Machine Learning\"", "maths"]),
            ("provider:", 9, vec!["IGN", "\"The 'Post'\""]),
            ("auth", 0, vec!["author:"]),
            ("author:mull", 7, vec!["\"Jörg Müller\""]),
            ("-author:=\"ann l", 9, vec!["\"Ann Lee, Bo\""]),
            ("links:clo", 6, vec!["\"Tide clocks\""]),
            ("author:", 7, vec!["\"Jörg Müller\"", "\"Ann Lee, Bo\"", "Unread"]),
            ("saved:mo", 6, vec!["morning"]),
            ("saved:m", 6, vec!["morning", "\"my news\""]),
            ("saved:\"my n", 6, vec!["\"my news\""]),
            ("x (-saved:ne", 10, vec!["\"my news\""]),
            ("saved:#", 6, vec!["#a"]),
            ("saved:新", 6, vec!["\"新聞 記事\""]),
            ("is:un", 3, vec!["unread"]),
            ("x OR has:im", 9, vec!["image"]),
            ("sort:-he", 6, vec!["heat"]),
            ("quality:", 0, vec![]),
        ] {
            let completion = complete(typed, typed.chars().count(), &names);
            assert_eq!(completion.candidates, candidates, "{typed}");
            assert!(candidates.is_empty() || completion.start == start, "{typed}: {}", completion.start);
        }
        assert_eq!(complete("topic:a rust", 7, &names).candidates, ["AI", "Art"], "what follows the cursor stays");
    }
}
