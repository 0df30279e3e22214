//! The facts about an article that terms of a query can test without reading its file.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::feed::{ArticleHeader, ArticleId, Marks, Role};

/// An article that is tested against a term.
#[derive(Clone, Copy)]
pub struct MatchCandidate<'a> {
    /// Header of the article.
    pub header: ArticleHeader,
    /// Its role in its story.
    pub role: Role,
    /// Marks of all articles.
    pub marks: &'a Marks,
    /// When this session began: articles that arrived later are new.
    pub since: Option<DateTime<Utc>>,
    /// Articles whose content differs from that at the start of this session.
    pub changed: &'a BTreeSet<ArticleId>,
}
