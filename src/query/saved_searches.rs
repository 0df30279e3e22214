//! Saved searches: queries that the user gave a name.

/// Names and the text of their queries, in the order of the file. A name is one word of letters, digits, `-` and `_`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavedSearches {
    searches: Vec<(String, String)>,
}

impl SavedSearches {
    /// Collects searches. If a name occurs twice, the last one wins.
    pub fn new(searches: impl IntoIterator<Item = (String, String)>) -> SavedSearches {
        let mut saved = SavedSearches::default();
        for (name, query) in searches {
            saved.searches.retain(|(known, _)| *known != name);
            saved.searches.push((name, query));
        }
        saved
    }

    /// The names and the text of their queries.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.searches.iter().map(|(name, query)| (name.as_str(), query.as_str()))
    }

    /// The text of the query with this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(known, _)| *known == name).map(|(_, query)| query)
    }
}
