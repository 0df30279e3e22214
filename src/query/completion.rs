//! What Tab offers while one types a query: fields, and behind a field its values.

use super::article_state::{ArticleFeature, ArticleState};
use super::syntax_tree::SortKey;
use super::term::is_bare;
use super::text_folding::{fold, occurrences, starts_word};
use crate::feed::Field;
use crate::feed::fields::{self, ValueKind};

/// The most that is offered.
const MOST: usize = 50;

/// Names that a query may ask for, the most used first.
pub struct CompletionNames<'a> {
    /// Those of a field, such as topics.
    pub of: &'a dyn Fn(Field) -> Vec<&'a str>,
    /// Saved searches.
    pub saved: Vec<&'a str>,
}

/// Texts that may stand in place of what is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Where they begin, in characters; they end at the cursor.
    pub start: usize,
    /// The texts, the likeliest first.
    pub candidates: Vec<String>,
}

/// What may stand before the cursor, which has so many characters in front of it.
pub fn complete(text: &str, cursor: usize, names: &CompletionNames) -> Completion {
    let before: Vec<char> = text.chars().take(cursor).collect();
    let token = start_of_token(&before);
    let skipped = before[token..].iter().take_while(|c| matches!(c, '-' | '!')).count();
    let token = token + skipped;
    if before.get(token) == Some(&'#') {
        return offer(token + 1, &before, &(names.of)(Field::Topic));
    }
    let Some(colon) = before[token..].iter().position(|c| *c == ':') else {
        let typed: String = before[token..].iter().collect();
        let fields = Field::query_names().chain(["saved", "sort", "limit"]);
        let starting = fields.filter(|name| !typed.is_empty() && name.starts_with(&typed.to_lowercase()));
        return Completion { start: token, candidates: starting.map(|name| format!("{name}:")).collect() };
    };
    let name: String = before[token..token + colon].iter().collect();
    let mut start = token + colon + 1;
    let mut quoted = false;
    for (at, c) in before.iter().enumerate().skip(start) {
        quoted ^= *c == '"';
        if *c == ',' && !quoted {
            start = at + 1;
        }
    }
    while matches!(before.get(start), Some('-' | '=')) {
        start += 1;
    }
    let keys: Vec<&str> = SortKey::ALL.iter().map(|key| key.word()).collect();
    let field = match name.as_str() {
        "saved" => return offer(start, &before, &names.saved),
        "sort" => return offer(start, &before, &keys),
        name => Field::named(name),
    };
    match field {
        Some(Field::Is) => offer(start, &before, &ArticleState::words().collect::<Vec<_>>()),
        Some(Field::Has) => offer(start, &before, &ArticleFeature::words().collect::<Vec<_>>()),
        Some(field) if field.descriptor().completion != fields::Completion::None => {
            offer(start, &before, &(names.of)(field))
        }
        Some(field) if field.kind() == ValueKind::Date => {
            offer(start, &before, &["today", "yesterday", "week", "month"])
        }
        _ => Completion::default(),
    }
}

/// Where the last part of the query begins: behind a blank or a parenthesis that is in no quotes.
fn start_of_token(before: &[char]) -> usize {
    let (mut start, mut quoted) = (0, false);
    for (at, c) in before.iter().enumerate() {
        quoted ^= *c == '"';
        if !quoted && (c.is_whitespace() || matches!(c, '(' | ')' | '|')) {
            start = at + 1;
        }
    }
    start
}

/// Names of which a word starts with what is typed from `start` on; those that start with it themselves come first.
fn offer(start: usize, before: &[char], names: &[&str]) -> Completion {
    let typed: String = before.get(start..).unwrap_or_default().iter().filter(|c| **c != '"').collect();
    let typed = fold(&typed);
    let folded: Vec<(&str, String)> = names.iter().map(|name| (*name, fold(name))).collect();
    let starts = folded.iter().filter(|(_, name)| name.starts_with(&typed));
    let holds = |name: &str| occurrences(name, &typed).any(|at| starts_word(name, at));
    let others = folded.iter().filter(|(_, name)| !name.starts_with(&typed) && holds(name));
    let write = |(name, folded): &(&str, String)| {
        if is_bare(folded) || ArticleState::named(folded).is_some_and(ArticleState::is_quick_filter) {
            (*name).to_owned()
        } else {
            format!("\"{}\"", name.replace('"', "'"))
        }
    };
    Completion { start, candidates: starts.chain(others).take(MOST).map(write).collect() }
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
                Field::Author => vec!["Jörg Müller", "Ann Lee, Bo", "Unread"],
                _ => Vec::new(),
            },
            saved: vec!["morning", "late"],
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
            ("#ma", 1, vec!["\"Machine Learning\""]),
            ("-#ma", 2, vec!["\"Machine Learning\""]),
            ("provider:", 9, vec!["IGN", "\"The 'Post'\""]),
            ("auth", 0, vec!["author:"]),
            ("author:mull", 7, vec!["\"Jörg Müller\""]),
            ("-author:=\"ann l", 9, vec!["\"Ann Lee, Bo\""]),
            ("author:", 7, vec!["\"Jörg Müller\"", "\"Ann Lee, Bo\"", "Unread"]),
            ("saved:m", 6, vec!["morning"]),
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
