//! Saved searches: queries that the user gave a name.

use std::collections::HashMap;

use super::term::ends_word;

/// Names and the text of their queries, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavedSearches {
    searches: Vec<(String, String)>,
    /// The index of each name.
    index: HashMap<String, usize>,
}

impl SavedSearches {
    /// Collects searches. If a name occurs twice, the last one wins.
    pub fn new(searches: impl IntoIterator<Item = (String, String)>) -> SavedSearches {
        let all: Vec<(String, String)> = searches.into_iter().collect();
        let last: HashMap<&str, usize> = all.iter().enumerate().map(|(at, (name, _))| (name.as_str(), at)).collect();
        let wins = |(at, (name, _)): &(usize, &(String, String))| last.get(name.as_str()) == Some(at);
        let searches: Vec<(String, String)> =
            all.iter().enumerate().filter(wins).map(|(_, search)| search.clone()).collect();
        let index = searches.iter().enumerate().map(|(at, (name, _))| (name.clone(), at)).collect();
        SavedSearches { searches, index }
    }

    /// The names and the text of their queries.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        self.searches.iter().map(|(name, query)| (name.as_str(), query.as_str()))
    }

    /// Whether no search is saved.
    pub fn is_empty(&self) -> bool {
        self.searches.is_empty()
    }

    /// The text of the query with this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.searches.get(*self.index.get(name)?).map(|(_, query)| query.as_str())
    }

    /// The same searches with this one added or replaced.
    pub fn with(&self, name: &str, query: &str) -> SavedSearches {
        SavedSearches::new(self.searches.iter().cloned().chain([(name.to_owned(), query.to_owned())]))
    }
}

/// The term of a saved search: `saved:morning`, `saved:"my news"`.
pub fn saved_term(name: &str) -> String {
    format!("saved:{}", saved_value(name))
}

/// The name of a saved search as it is written behind `saved:`.
pub fn saved_value(name: &str) -> String {
    if name.is_empty() || name.contains(ends_word) { format!("\"{name}\"") } else { name.to_owned() }
}
