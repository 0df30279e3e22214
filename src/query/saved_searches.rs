//! Saved searches: queries that a person gave a name.

/// Names and what they stand for, in the order of the file. A name is one word: letters, digits, `-` and `_`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavedSearches {
    searches: Vec<(String, String)>,
}

impl SavedSearches {
    /// Searches by name; of two with the same name the last holds.
    pub fn new(searches: impl IntoIterator<Item = (String, String)>) -> SavedSearches {
        let mut saved = SavedSearches::default();
        for (name, query) in searches {
            saved.searches.retain(|(known, _)| *known != name);
            saved.searches.push((name, query));
        }
        saved
    }

    /// Names with the text of their queries.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.searches.iter().map(|(name, query)| (name.as_str(), query.as_str()))
    }

    /// The text of the query with a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(known, _)| *known == name).map(|(_, query)| query)
    }
}
