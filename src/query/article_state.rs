//! States of an article (`is:unread`) and things that it has (`has:image`): their words, and which articles are in them.

use super::match_candidate::MatchCandidate;
use crate::feed::{Role, has};

/// A state of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArticleState {
    /// Not read.
    Unread,
    /// Read.
    Read,
    /// Starred.
    Starred,
    /// Hidden: only a query that names this state finds it.
    Hidden,
    /// Arrived since the visit began.
    New,
    /// Reads otherwise than when the session began.
    Changed,
    /// Leads a story.
    Story,
    /// In no story.
    Single,
    /// In a story that another leads.
    Member,
    /// SafeText by its site.
    Published,
    /// In several files.
    Duplicate,
    /// Of a file that has problems.
    Warned,
}

impl ArticleState {
    /// All states, in the order in which they are offered.
    pub const ALL: [ArticleState; 12] = [
        ArticleState::Unread,
        ArticleState::Read,
        ArticleState::Starred,
        ArticleState::Hidden,
        ArticleState::New,
        ArticleState::Changed,
        ArticleState::Story,
        ArticleState::Single,
        ArticleState::Member,
        ArticleState::Published,
        ArticleState::Duplicate,
        ArticleState::Warned,
    ];

    /// The word for it, as in `is:unread`.
    pub fn word(self) -> &'static str {
        match self {
            ArticleState::Unread => "unread",
            ArticleState::Read => "read",
            ArticleState::Starred => "starred",
            ArticleState::Hidden => "hidden",
            ArticleState::New => "new",
            ArticleState::Changed => "changed",
            ArticleState::Story => "story",
            ArticleState::Single => "single",
            ArticleState::Member => "member",
            ArticleState::Published => "published",
            ArticleState::Duplicate => "duplicate",
            ArticleState::Warned => "warned",
        }
    }

    /// The state that a word names.
    pub fn named(word: &str) -> Option<ArticleState> {
        ArticleState::ALL.into_iter().find(|state| state.word() == word)
    }

    /// The words of all states.
    pub fn words() -> impl Iterator<Item = &'static str> + Clone {
        ArticleState::ALL.into_iter().map(ArticleState::word)
    }

    /// Whether one key sets it: `-` may stand before it without `is:`, and the view of a state takes its place.
    pub fn is_quick_filter(self) -> bool {
        matches!(self, ArticleState::Unread | ArticleState::Read | ArticleState::Starred)
    }

    /// Whether it depends on what the reader did.
    pub fn depends_on_marks(self) -> bool {
        match self {
            ArticleState::Unread
            | ArticleState::Read
            | ArticleState::Starred
            | ArticleState::Hidden
            | ArticleState::New
            | ArticleState::Changed => true,
            ArticleState::Story | ArticleState::Single | ArticleState::Member => false,
            ArticleState::Published | ArticleState::Duplicate | ArticleState::Warned => false,
        }
    }

    /// Whether an article is in it.
    pub fn is_of(self, subject: &MatchCandidate) -> bool {
        let (marks, id) = (subject.marks, subject.header.id);
        match self {
            ArticleState::Unread => !marks.is_read(id),
            ArticleState::Read => marks.is_read(id),
            ArticleState::Starred => marks.is_starred(id),
            ArticleState::Hidden => marks.is_hidden(id),
            ArticleState::New => marks.arrived(id).is_none_or(|at| subject.since.is_some_and(|since| at >= since)),
            ArticleState::Changed => subject.changed.contains(&id),
            ArticleState::Story => subject.role == Role::Head,
            ArticleState::Single => subject.role == Role::Single,
            ArticleState::Member => subject.role == Role::Member,
            ArticleState::Published => !subject.header.has(has::HIDING_SITE),
            ArticleState::Duplicate => subject.header.has(has::OTHER_FILES),
            ArticleState::Warned => subject.header.has(has::PROBLEMS),
        }
    }
}

/// Something that an article has.
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
    /// A note of the reader.
    Note,
}

impl ArticleFeature {
    /// All things, in the order in which they are offered.
    pub const ALL: [ArticleFeature; 5] = [
        ArticleFeature::Image,
        ArticleFeature::Related,
        ArticleFeature::Body,
        ArticleFeature::Link,
        ArticleFeature::Note,
    ];

    /// The word for it, as in `has:image`.
    pub fn word(self) -> &'static str {
        match self {
            ArticleFeature::Image => "image",
            ArticleFeature::Related => "related",
            ArticleFeature::Body => "body",
            ArticleFeature::Link => "link",
            ArticleFeature::Note => "note",
        }
    }

    /// The thing that a word names.
    pub fn named(word: &str) -> Option<ArticleFeature> {
        ArticleFeature::ALL.into_iter().find(|thing| thing.word() == word)
    }

    /// The words of all things.
    pub fn words() -> impl Iterator<Item = &'static str> + Clone {
        ArticleFeature::ALL.into_iter().map(ArticleFeature::word)
    }

    /// Whether it depends on what the reader did.
    pub fn depends_on_marks(self) -> bool {
        self == ArticleFeature::Note
    }

    /// Whether an article has it.
    pub fn is_of(self, subject: &MatchCandidate) -> bool {
        match self {
            ArticleFeature::Image => subject.header.has(has::IMAGE),
            ArticleFeature::Related => subject.header.has(has::RELATED),
            ArticleFeature::Body => subject.header.has(has::BODY),
            ArticleFeature::Link => subject.header.has(has::LINK),
            ArticleFeature::Note => subject.marks.note(subject.header.id).is_some(),
        }
    }
}
