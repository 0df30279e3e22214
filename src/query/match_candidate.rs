//! An article with its marks, as a term of a query sees it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::feed::{ArticleHeader, ArticleId, Marks, Role};

/// An article that is tested against a term. It has what is known without reading the file.
#[derive(Clone, Copy)]
pub struct MatchCandidate<'a> {
    /// Header of the article.
    pub header: ArticleHeader,
    /// Its role in its story.
    pub role: Role,
    /// Marks of all articles.
    pub marks: &'a Marks,
    /// When this visit began: articles that arrived later are new.
    pub since: Option<DateTime<Utc>>,
    /// Articles that changed in this session.
    pub changed: &'a BTreeSet<ArticleId>,
}
