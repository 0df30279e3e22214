//! How much hits in the fields of articles count for their rank.

/// How much a hit of a free word counts for the rank of an article: the most in the first variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchWeight {
    /// A hit in the title.
    Title,
    /// A hit in a name: topic, provider or author.
    Name,
    /// A hit in the excerpt.
    Excerpt,
    /// A hit in the body.
    Body,
}

impl SearchWeight {
    /// All weights, the highest first.
    pub const ALL: [SearchWeight; 4] =
        [SearchWeight::Title, SearchWeight::Name, SearchWeight::Excerpt, SearchWeight::Body];

    /// Points of a hit: of whole words, and of the start of a word.
    pub fn points(self) -> (u16, u16) {
        match self {
            SearchWeight::Title => (8, 7),
            SearchWeight::Name => (6, 5),
            SearchWeight::Excerpt => (4, 3),
            SearchWeight::Body => (2, 1),
        }
    }
}
