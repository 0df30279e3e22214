//! The name under which a query is saved, and the check of both.

use crate::app::effect::Effect;
use crate::config::saved_searches_file::{self, SearchChange};
use crate::query::{Query, QueryError, SavedSearches};

/// Error: a query cannot be saved under a name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SaveSearchError {
    /// The text is not a valid name.
    #[error(transparent)]
    Name(#[from] saved_searches_file::NameError),
    /// The query would not be valid under this name, for example because it refers to itself.
    #[error(transparent)]
    Query(#[from] QueryError),
}

/// A typed name with one blank between words.
pub fn one_line(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Checks the name and the query, and returns the effect that saves the query.
pub fn keep_search(name: &str, query: &Query, saved: &SavedSearches) -> Result<Effect, SaveSearchError> {
    let name = one_line(name);
    saved_searches_file::check_name(&name)?;
    let query = query.to_string();
    // Parsed under its new name, which finds a query that refers to itself through other searches.
    Query::of_saved(&name, &saved.with(&name, &query))?;
    Ok(Effect::ChangeSearch(SearchChange::Save { name, query }))
}
