//! What the world must now do, as values; only one place performs them.

use std::path::PathBuf;

use crate::feed::{Address, Article, Change, Link, Problem, Refusal, SafeText};
use crate::jobs::Job;

/// Something to be done outside.
#[derive(Debug, PartialEq, Eq)]
pub enum Effect {
    /// Hand an address to the browser.
    OpenLink(Address),
    /// Put text on the clipboard.
    Copy {
        /// The text.
        text: SafeText,
        /// What it is: "link".
        what: &'static str,
    },
    /// Lend the terminal to the editor, for a file at a line.
    EditFile {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u32,
    },
    /// Look at the article files again.
    ReloadFiles,
    /// Run a job in the background.
    RunJob(Job),
    /// Keep a query under a name.
    SaveSearch {
        /// The name.
        name: String,
        /// The query.
        query: String,
    },
    /// Keep changes of marks.
    SaveMarks(Vec<Change>),
    /// Lend the terminal to the editor, for the saved searches.
    EditSavedSearches,
    /// Lend the terminal to the editor, for the settings.
    EditSettings,
    /// Read the settings again.
    ReloadSettings,
    /// Stop until the shell continues us.
    Suspend,
    /// Draw the whole screen again.
    Redraw,
    /// End.
    Quit,
}

/// A link that is not opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not opened: {link} — {why}; y copies it")]
pub struct LinkRefused {
    link: SafeText,
    #[source]
    why: Refusal,
}

impl Effect {
    /// Opens a link.
    pub fn open(link: &Link) -> Result<Effect, LinkRefused> {
        match link {
            Link::Web(address) => Ok(Effect::OpenLink(address.clone())),
            Link::Refused { shown, why } => Err(LinkRefused { link: shown.clone(), why: why.clone() }),
        }
    }

    /// Copies a link, or `[name](link)`.
    pub fn copy(name: &SafeText, link: &Link, as_markdown: bool) -> Effect {
        match as_markdown {
            false => Effect::Copy { text: link.for_copying(), what: "link" },
            true => Effect::Copy { text: link.as_markdown(name), what: "Markdown link" },
        }
    }

    /// Edits the file of an article, at the first of its problems that has a place.
    pub fn edit_article<'a>(article: &Article, mut problems: impl Iterator<Item = &'a Problem>) -> Effect {
        let line = problems.find_map(|problem| problem.at).map_or(1, |at| at.line);
        Effect::EditFile { path: article.path.clone(), line }
    }

    /// Edits the file of a problem, at its line.
    pub fn edit_problem(problem: &Problem) -> Effect {
        Effect::EditFile { path: problem.path.clone(), line: problem.at.map_or(1, |at| at.line) }
    }
}

/// Effects in the order in which they are to be performed.
#[must_use]
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Effects(pub Vec<Effect>);

impl Effects {
    /// Nothing to do.
    pub fn none() -> Effects {
        Effects::default()
    }
}

impl From<Effect> for Effects {
    fn from(effect: Effect) -> Effects {
        Effects(vec![effect])
    }
}
