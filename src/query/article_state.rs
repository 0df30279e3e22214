//! States of an article (`is:unread`) and things that it has (`has:image`): their words, and which articles are in them.

use super::match_candidate::Subject;
use crate::feed::{Role, has};

/// A state of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
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

impl State {
    /// All states, in the order in which they are offered.
    pub const ALL: [State; 12] = [
        State::Unread,
        State::Read,
        State::Starred,
        State::Hidden,
        State::New,
        State::Changed,
        State::Story,
        State::Single,
        State::Member,
        State::Published,
        State::Duplicate,
        State::Warned,
    ];

    /// The word for it, as in `is:unread`.
    pub fn word(self) -> &'static str {
        match self {
            State::Unread => "unread",
            State::Read => "read",
            State::Starred => "starred",
            State::Hidden => "hidden",
            State::New => "new",
            State::Changed => "changed",
            State::Story => "story",
            State::Single => "single",
            State::Member => "member",
            State::Published => "published",
            State::Duplicate => "duplicate",
            State::Warned => "warned",
        }
    }

    /// The state that a word names.
    pub fn named(word: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.word() == word)
    }

    /// The words of all states.
    pub fn words() -> impl Iterator<Item = &'static str> + Clone {
        State::ALL.into_iter().map(State::word)
    }

    /// Whether one key sets it: `-` may stand before it without `is:`, and the view of a state takes its place.
    pub fn is_own(self) -> bool {
        matches!(self, State::Unread | State::Read | State::Starred)
    }

    /// Whether it depends on what the reader did.
    pub fn looks_at_marks(self) -> bool {
        match self {
            State::Unread | State::Read | State::Starred | State::Hidden | State::New | State::Changed => true,
            State::Story | State::Single | State::Member => false,
            State::Published | State::Duplicate | State::Warned => false,
        }
    }

    /// Whether an article is in it.
    pub fn is_of(self, subject: &Subject) -> bool {
        let (marks, id) = (subject.marks, subject.header.id);
        match self {
            State::Unread => !marks.is_read(id),
            State::Read => marks.is_read(id),
            State::Starred => marks.is_starred(id),
            State::Hidden => marks.is_hidden(id),
            State::New => marks.arrived(id).is_none_or(|at| subject.since.is_some_and(|since| at >= since)),
            State::Changed => subject.changed.contains(&id),
            State::Story => subject.role == Role::Head,
            State::Single => subject.role == Role::Single,
            State::Member => subject.role == Role::Member,
            State::Published => !subject.header.has(has::HIDING_SITE),
            State::Duplicate => subject.header.has(has::OTHER_FILES),
            State::Warned => subject.header.has(has::PROBLEMS),
        }
    }
}

/// Something that an article has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
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

impl Thing {
    /// All things, in the order in which they are offered.
    pub const ALL: [Thing; 5] = [Thing::Image, Thing::Related, Thing::Body, Thing::Link, Thing::Note];

    /// The word for it, as in `has:image`.
    pub fn word(self) -> &'static str {
        match self {
            Thing::Image => "image",
            Thing::Related => "related",
            Thing::Body => "body",
            Thing::Link => "link",
            Thing::Note => "note",
        }
    }

    /// The thing that a word names.
    pub fn named(word: &str) -> Option<Thing> {
        Thing::ALL.into_iter().find(|thing| thing.word() == word)
    }

    /// The words of all things.
    pub fn words() -> impl Iterator<Item = &'static str> + Clone {
        Thing::ALL.into_iter().map(Thing::word)
    }

    /// Whether it depends on what the reader did.
    pub fn looks_at_marks(self) -> bool {
        self == Thing::Note
    }

    /// Whether an article has it.
    pub fn is_of(self, subject: &Subject) -> bool {
        match self {
            Thing::Image => subject.header.has(has::IMAGE),
            Thing::Related => subject.header.has(has::RELATED),
            Thing::Body => subject.header.has(has::BODY),
            Thing::Link => subject.header.has(has::LINK),
            Thing::Note => subject.marks.note(subject.header.id).is_some(),
        }
    }
}
