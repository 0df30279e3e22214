//! What terms and states look at: an article and its marks.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::feed::{ArticleHeader, ArticleId, Marks, Role};

/// What a term may look at: an article, and what is known of it beside its file.
#[derive(Clone, Copy)]
pub struct MatchCandidate<'a> {
    /// The article.
    pub header: ArticleHeader,
    /// What it is in its story.
    pub role: Role,
    /// What the reader did with it and with all others.
    pub marks: &'a Marks,
    /// When this visit began.
    pub since: Option<DateTime<Utc>>,
    /// What has changed since then.
    pub changed: &'a BTreeSet<ArticleId>,
}
