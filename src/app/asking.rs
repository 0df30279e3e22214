//! The line at the bottom in which one types: a search, a query, a name for it, or words to find in the article.

use std::sync::Arc;

use super::frame_info::DetailInfo;
use super::panes::Panes;
use super::prompt::{Edit, Prompt};
use crate::feed::{ArticleId, Feed, Marks, Shown, clean};
use crate::query::{Completion, Query, QueryError};

/// The most texts that are remembered.
const MOST: usize = 200;

/// What is being typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
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

/// A line that is being typed, and what is known of it.
#[derive(Clone, Debug)]
pub struct Asking {
    /// What is being typed.
    pub wish: Wish,
    /// The text.
    pub prompt: Prompt,
    /// Why the text cannot be used as it is.
    pub trouble: Option<Trouble>,
    /// What Tab offers, and which of it was taken.
    pub offered: Option<(Completion, usize)>,
    /// What goes on top of what is typed.
    pub base: Query,
    /// How things were before, for Esc.
    pub before: Option<Box<Before>>,
    /// The text that it began with.
    pub begun: String,
    /// Steps back in the history, and what was typed before the first.
    recalled: (usize, String),
}

/// Why a text cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The part that is wrong, in characters.
    pub span: (usize, usize),
    /// What is wrong.
    pub what: Shown,
}

impl From<QueryError> for Trouble {
    fn from(error: QueryError) -> Trouble {
        Trouble { span: error.span, what: clean::decoded(&error.what) }
    }
}

/// How things were before one began to type.
#[derive(Clone, Debug)]
pub struct Before {
    /// The query.
    pub query: Query,
    /// Selection, scroll, focus.
    pub panes: Panes,
    /// What the last frame showed of the article.
    pub frame: DetailInfo,
    /// The articles that the rows are of.
    pub feed: Arc<Feed>,
    /// The rows were all there.
    pub settled: bool,
    /// The marks by which they were found.
    pub view: Arc<Marks>,
    /// How often rules had changed the list.
    pub spoken: u64,
}

impl Asking {
    /// A line with a text to begin with.
    pub fn new(wish: Wish, text: &str, base: Query, before: Option<Before>) -> Asking {
        let (prompt, before) = (Prompt::with(text), before.map(Box::new));
        let begun = prompt.text().to_owned();
        Asking { wish, prompt, trouble: None, offered: None, base, before, begun, recalled: (0, String::new()) }
    }

    /// True when what is typed narrows the list.
    pub fn is_query(&self) -> bool {
        matches!(self.wish, Wish::Search | Wish::Query)
    }

    /// True when what is typed is found in the article.
    pub fn is_find(&self) -> bool {
        self.wish == Wish::Find
    }

    /// Types or pastes text.
    pub fn insert(&mut self, text: &str) {
        self.offered = None;
        self.prompt.insert(text);
    }

    /// Moves or deletes.
    pub fn edit(&mut self, edit: Edit) {
        self.offered = None;
        self.prompt.edit(edit);
    }

    /// Goes back (negative) or forward in what was typed before. True when another text stands there now.
    pub fn recall(&mut self, by: isize, history: &History) -> bool {
        let texts: Vec<&String> = history.of(self.wish).collect();
        let (at, typed) = &mut self.recalled;
        let wanted = at.saturating_add_signed(-by).min(texts.len());
        if wanted == *at {
            return false;
        }
        if *at == 0 {
            *typed = self.prompt.text().to_owned();
        }
        *at = wanted;
        let earlier = wanted.checked_sub(1).and_then(|back| texts.iter().rev().nth(back));
        let text = earlier.map_or_else(|| typed.clone(), |text| (*text).clone());
        self.prompt = Prompt::with(&text);
        self.offered = None;
        true
    }

    /// Takes the next (or previous) of what Tab offers. True when the text is another one.
    pub fn complete(&mut self, by: isize, offer: impl FnOnce(&str, usize) -> Completion) -> bool {
        let (completion, at) = match self.offered.take() {
            Some((completion, at)) => {
                let count = completion.candidates.len() as isize;
                (completion, (at as isize + by).rem_euclid(count.max(1)) as usize)
            }
            None => (offer(self.prompt.text(), self.prompt.cursor()), 0),
        };
        let Some(text) = completion.candidates.get(at) else { return false };
        self.prompt.replace(completion.start, text);
        // A single offer is taken for good: Tab then asks anew.
        self.offered = (completion.candidates.len() > 1).then_some((completion, at));
        true
    }
}

/// What was typed, be it kept or taken back, the latest last.
#[derive(Clone, Debug, Default)]
pub struct History {
    texts: Vec<(Wish, String)>,
}

impl History {
    fn of(&self, wish: Wish) -> impl Iterator<Item = &String> {
        self.texts.iter().filter(move |(known, _)| *known == wish).map(|(_, text)| text)
    }

    /// Remembers a text; one that is known already becomes the latest.
    pub fn keep(&mut self, wish: Wish, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        self.texts.retain(|known| *known != (wish, text.to_owned()));
        self.texts.push((wish, text.to_owned()));
        if self.texts.len() > MOST {
            self.texts.remove(0);
        }
    }
}
