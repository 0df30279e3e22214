//! Texts that were typed in prompts: the arrow keys bring them back.

use crate::feed::ArticleId;

/// The most texts that are remembered.
const MOST: usize = 200;

/// What a prompt asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromptKind {
    /// Words to look for among what is listed.
    Search,
    /// The whole query.
    Query,
    /// A name for the query.
    Name,
    /// Words to find in the article.
    Find,
    /// A note on an article.
    Note(ArticleId),
}

/// Texts typed in prompts, kept or taken back, the latest last.
#[derive(Clone, Debug, Default)]
pub struct PromptHistory {
    texts: Vec<(PromptKind, String)>,
}

impl PromptHistory {
    /// Texts typed in prompts of a kind, the latest last.
    pub fn of(&self, kind: PromptKind) -> impl Iterator<Item = &String> {
        self.texts.iter().filter(move |(known, _)| *known == kind).map(|(_, text)| text)
    }

    /// Remembers a text. A text that is known already becomes the latest.
    pub fn keep(&mut self, kind: PromptKind, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        self.texts.retain(|known| *known != (kind, text.to_owned()));
        self.texts.push((kind, text.to_owned()));
        if self.texts.len() > MOST {
            self.texts.remove(0);
        }
    }
}
