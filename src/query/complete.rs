//! What Tab offers.

/// Stub.
#[derive(Clone, Debug, Default)]
pub struct Completion {
    /// From.
    pub start: usize,
    /// Offers.
    pub candidates: Vec<String>,
}

/// Stub.
pub struct Names<'a> {
    /// Topics.
    pub topics: Vec<&'a str>,
    /// Providers.
    pub providers: Vec<&'a str>,
    /// Saved.
    pub saved: Vec<&'a str>,
}

/// Stub.
pub fn complete(_text: &str, _cursor: usize, _names: &Names) -> Completion {
    Completion::default()
}
