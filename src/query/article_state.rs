//! The words of `is:` (article states) and `has:` (article features), and the test whether an article has them.

use super::match_candidate::MatchCandidate;
use crate::feed::{Role, has, tags};

/// A word of `is:`, such as `is:unread`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArticleState {
    /// Not read.
    Unread,
    /// Read.
    Read,
    /// Starred.
    Starred,
    /// Hidden. Hidden articles are found only by queries that mention this state.
    Hidden,
    /// Arrived since this session began, or its arrival is not recorded yet.
    New,
    /// Its content differs from that at the start of this session.
    Changed,
    /// Head of a story.
    Story,
    /// Not in a story.
    Single,
    /// In a story, but not its head.
    Member,
    /// Begun, and not read to its end.
    Started,
    /// Its site does not hide it.
    Published,
    /// Found in several files.
    Duplicate,
    /// Its file has problems.
    Warned,
}

impl ArticleState {
    /// All states, in the order in which completion offers them.
    pub const ALL: [ArticleState; 13] = [
        ArticleState::Unread,
        ArticleState::Read,
        ArticleState::Starred,
        ArticleState::Hidden,
        ArticleState::New,
        ArticleState::Changed,
        ArticleState::Started,
        ArticleState::Story,
        ArticleState::Single,
        ArticleState::Member,
        ArticleState::Published,
        ArticleState::Duplicate,
        ArticleState::Warned,
    ];

    /// The word in a query, as in `is:unread`.
    pub fn word(self) -> &'static str {
        match self {
            ArticleState::Unread => "unread",
            ArticleState::Read => "read",
            ArticleState::Starred => "starred",
            ArticleState::Hidden => "hidden",
            ArticleState::New => "new",
            ArticleState::Changed => "changed",
            ArticleState::Started => "started",
            ArticleState::Story => "story",
            ArticleState::Single => "single",
            ArticleState::Member => "member",
            ArticleState::Published => "published",
            ArticleState::Duplicate => "duplicate",
            ArticleState::Warned => "warned",
        }
    }

    /// The state with this word.
    pub fn from_word(word: &str) -> Option<ArticleState> {
        ArticleState::ALL.into_iter().find(|state| state.word() == word)
    }

    /// The words of all states, in the order of [`ArticleState::ALL`].
    pub fn words() -> impl Iterator<Item = &'static str> + Clone {
        ArticleState::ALL.into_iter().map(ArticleState::word)
    }

    /// Whether the state has a quick filter: a key that filters the list by it, and a short negation without `is:` (`-read`).
    pub fn is_quick_filter(self) -> bool {
        matches!(self, ArticleState::Unread | ArticleState::Read | ArticleState::Starred)
    }

    /// Whether the answer can change when the user marks an article.
    pub fn depends_on_marks(self) -> bool {
        match self {
            ArticleState::Unread
            | ArticleState::Read
            | ArticleState::Starred
            | ArticleState::Hidden
            | ArticleState::New
            | ArticleState::Changed
            | ArticleState::Started => true,
            ArticleState::Story | ArticleState::Single | ArticleState::Member => false,
            ArticleState::Published | ArticleState::Duplicate | ArticleState::Warned => false,
        }
    }

    /// Whether `article` is in this state.
    pub fn applies_to(self, article: &MatchCandidate) -> bool {
        let (marks, id) = (article.marks, article.header.id);
        match self {
            ArticleState::Unread => !marks.is_read(id),
            ArticleState::Read => marks.is_read(id),
            ArticleState::Starred => marks.is_starred(id),
            ArticleState::Hidden => marks.is_hidden(id),
            ArticleState::New => marks.arrived(id).is_none_or(|at| article.since.is_some_and(|since| at >= since)),
            ArticleState::Changed => article.changed.contains(&id),
            ArticleState::Started => marks.places().of(id).is_some(),
            ArticleState::Story => article.role == Role::Head,
            ArticleState::Single => article.role == Role::Single,
            ArticleState::Member => article.role == Role::Member,
            ArticleState::Published => !article.header.has(has::HIDING_SITE),
            ArticleState::Duplicate => article.header.has(has::OTHER_FILES),
            ArticleState::Warned => article.header.has(has::PROBLEMS),
        }
    }
}

/// A word of `has:`, such as `has:image`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArticleFeature {
    /// Pictures.
    Image,
    /// Related articles.
    Related,
    /// A body.
    Body,
    /// A link.
    Link,
    /// Sound, films and other files.
    Enclosure,
    /// A link to comments.
    Comments,
    /// A note written by the user.
    Note,
    /// A tag of the user's own.
    Tag,
    /// Links to it in other articles.
    Backlink,
    /// A link to an article that the library does not have.
    BrokenLink,
}

impl ArticleFeature {
    /// All features, in the order in which completion offers them.
    pub const ALL: [ArticleFeature; 10] = [
        ArticleFeature::Image,
        ArticleFeature::Related,
        ArticleFeature::Body,
        ArticleFeature::Link,
        ArticleFeature::Enclosure,
        ArticleFeature::Comments,
        ArticleFeature::Note,
        ArticleFeature::Tag,
        ArticleFeature::Backlink,
        ArticleFeature::BrokenLink,
    ];

    /// The word in a query, as in `has:image`.
    pub fn word(self) -> &'static str {
        match self {
            ArticleFeature::Image => "image",
            ArticleFeature::Related => "related",
            ArticleFeature::Body => "body",
            ArticleFeature::Link => "link",
            ArticleFeature::Enclosure => "enclosure",
            ArticleFeature::Comments => "comments",
            ArticleFeature::Note => "note",
            ArticleFeature::Tag => "tag",
            ArticleFeature::Backlink => "backlink",
            ArticleFeature::BrokenLink => "broken-link",
        }
    }

    /// The feature with this word.
    pub fn from_word(word: &str) -> Option<ArticleFeature> {
        ArticleFeature::ALL.into_iter().find(|thing| thing.word() == word)
    }

    /// The words of all features, in the order of [`ArticleFeature::ALL`].
    pub fn words() -> impl Iterator<Item = &'static str> + Clone {
        ArticleFeature::ALL.into_iter().map(ArticleFeature::word)
    }

    /// Whether the answer can change when the user marks an article.
    pub fn depends_on_marks(self) -> bool {
        matches!(self, ArticleFeature::Note | ArticleFeature::Tag)
    }

    /// Whether the answer depends on the links in the bodies of articles to each other.
    pub fn depends_on_links(self) -> bool {
        matches!(self, ArticleFeature::Related | ArticleFeature::Backlink | ArticleFeature::BrokenLink)
    }

    /// Whether `article` has this feature.
    pub fn applies_to(self, article: &MatchCandidate) -> bool {
        match self {
            ArticleFeature::Image => article.header.has(has::IMAGE),
            ArticleFeature::Related => article.header.has(has::RELATED),
            ArticleFeature::Body => article.header.has(has::BODY),
            ArticleFeature::Link => article.header.has(has::LINK),
            ArticleFeature::Enclosure => article.header.has(has::ENCLOSURE),
            ArticleFeature::Comments => article.header.has(has::COMMENTS),
            ArticleFeature::Note => article.marks.note(article.header.id).is_some(),
            ArticleFeature::Tag => tags::has_any(article.marks, article.header.id),
            ArticleFeature::Backlink => article.header.has(has::BACKLINK),
            ArticleFeature::BrokenLink => article.header.has(has::MISSING_LINK),
        }
    }
}
