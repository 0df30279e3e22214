//! The history of prompts: texts typed before, which the arrow keys bring back.

use crate::feed::ArticleId;

/// Limit of texts in the history, for all kinds of prompts together.
const MAX_TEXTS: usize = 200;

/// The kind of a prompt: what its text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromptKind {
    /// Words that narrow the list.
    Search,
    /// The whole query.
    Query,
    /// A name for the query, to save it.
    Name,
    /// Another name for a saved search.
    NewName,
    /// The keys that show a saved search.
    SearchKeys,
    /// Words to find in the article.
    Find,
    /// Words that narrow the navigation pane.
    Filter,
    /// The path of a folder to read.
    Folder,
    /// The path of a list of subscriptions to import.
    Import,
    /// A program that reads the article.
    Pipe,
    /// The path that articles are written to.
    Write,
    /// A note on an article.
    Note(ArticleId),
    /// The name of a tag to add.
    Tag,
    /// The name of a tag to remove.
    Untag,
    /// The address of a channel or a page to subscribe to.
    Subscribe,
}

/// Texts typed in prompts, accepted or cancelled, the latest last.
#[derive(Clone, Debug, Default)]
pub struct PromptHistory {
    texts: Vec<(PromptKind, String)>,
    /// The folder that articles were written to last.
    folder: Option<String>,
}

impl PromptHistory {
    /// The texts typed in prompts of a kind, the latest last.
    pub fn of(&self, kind: PromptKind) -> impl Iterator<Item = &String> {
        self.texts.iter().filter(move |(known, _)| *known == kind).map(|(_, text)| text)
    }

    /// The folder that articles were written to last, as the user typed it; the home folder at first. An empty text is the root.
    pub fn folder(&self) -> &str {
        self.folder.as_deref().unwrap_or("~")
    }

    /// Notes the folder that articles were written to.
    pub fn set_folder(&mut self, folder: String) {
        self.folder = Some(folder);
    }

    /// Adds a text, unless it is blank. A text in the history already moves to the end.
    pub fn keep(&mut self, kind: PromptKind, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        self.texts.retain(|known| *known != (kind, text.to_owned()));
        self.texts.push((kind, text.to_owned()));
        if self.texts.len() > MAX_TEXTS {
            self.texts.remove(0);
        }
    }
}
