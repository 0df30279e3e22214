//! Runs a command of the user on articles: fills its program with what is known of them, and writes their text for its stdin.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use super::run_program::ProgramRun;
use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::config::{CommandInput, CommandScope, CommandSetting, Placeholder, ProgramOutputUse, ProgramTemplate};
use crate::export::{self, DocumentFormat};
use crate::external_program::program::Program;
use crate::feed::{Article, SafeText, clean};
use crate::query::SearchContext;

/// Most articles that a command gets.
pub const MAX_ARTICLES: usize = 1000;
/// Longest text for stdin, in bytes.
const MAX_INPUT: usize = 64 << 20;

/// What an article may lack, and its name for users.
const MAY_BE_MISSING: [(Placeholder, &str); 2] = [(Placeholder::Link, "link"), (Placeholder::File, "file of its own")];

/// A command, and the articles that it runs on.
#[derive(Clone, Debug)]
pub struct CommandRun {
    /// The command.
    pub command: CommandSetting,
    /// The indices of the articles in the feed of `context`.
    pub articles: Vec<usize>,
    /// The feed, the marks and the time zone.
    pub context: SearchContext,
    /// The query of the list.
    pub query: String,
    /// What the user can do if the program is missing.
    pub remedy: &'static str,
}

impl PartialEq for CommandRun {
    fn eq(&self, other: &CommandRun) -> bool {
        (&self.command, &self.articles, &self.query) == (&other.command, &other.articles, &other.query)
            && Arc::ptr_eq(&self.context.feed, &other.context.feed)
    }
}

impl Eq for CommandRun {}

/// Why a command does not run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// A value that its program needs is missing.
    #[error("{missing} of {all} articles have no {what}")]
    Missing {
        /// Number of articles without it.
        missing: usize,
        /// Number of all articles.
        all: usize,
        /// What is missing: "link", or "file".
        what: &'static str,
    },
    /// The value is missing, and there is one article.
    #[error("this article has no {0}")]
    MissingInArticle(&'static str),
    /// There are too many articles, or too much text.
    #[error("{0}")]
    TooMuch(&'static str),
}

impl CommandRun {
    /// The program with its calls. It reads the articles, which takes some time if there are many.
    pub fn program_run(&self) -> Result<ProgramRun, CommandError> {
        let CommandSetting { name, scope, output, limit, .. } = &self.command;
        if self.articles.len() > MAX_ARTICLES {
            return Err(CommandError::TooMuch("a command gets at most 1,000 articles: narrow the list"));
        }
        let articles: Vec<(usize, Arc<Article>)> =
            self.articles.iter().filter_map(|index| Some((*index, self.context.feed.get(*index)?))).collect();
        self.check(&articles)?;
        let calls = match scope {
            CommandScope::Article => {
                let one = |article: &(usize, Arc<Article>)| self.call(std::slice::from_ref(article), false);
                articles.iter().map(one).collect::<Result<_, _>>()?
            }
            CommandScope::Selection | CommandScope::View => vec![self.call(&articles, true)?],
        };
        let name = clean::plain_line(&name.text);
        Ok(ProgramRun { name, calls, output: *output, limit: *limit, remedy: self.remedy })
    }

    /// Fails if an article lacks a link or a file that the program gets.
    fn check(&self, articles: &[(usize, Arc<Article>)]) -> Result<(), CommandError> {
        for (value, what) in MAY_BE_MISSING.into_iter().filter(|(value, _)| self.command.program.has(*value)) {
            let missing = articles.iter().filter(|(_, article)| value_of(value, article).is_none()).count();
            match (missing, articles.len()) {
                (0, _) => {}
                (_, 1) => return Err(CommandError::MissingInArticle(what)),
                (missing, all) => return Err(CommandError::Missing { missing, all, what }),
            }
        }
        Ok(())
    }

    fn call(&self, articles: &[(usize, Arc<Article>)], are_several: bool) -> Result<Program, CommandError> {
        let count = OsString::from(articles.len().to_string());
        let values = |value: Placeholder| -> Vec<OsString> {
            match value {
                Placeholder::Query => vec![self.query.clone().into()],
                Placeholder::Count => vec![count.clone()],
                value => articles.iter().filter_map(|(_, article)| value_of(value, article)).collect(),
            }
        };
        let variables = Placeholder::ALL.iter().filter_map(|(_, value, variable)| match (value, articles) {
            (Placeholder::Query, _) => Some((*variable, self.query.clone().into())),
            (Placeholder::Count, _) => Some((*variable, count.clone())),
            (value, [(_, article)]) => Some((*variable, value_of(*value, article)?)),
            _ => None,
        });
        let format = match self.command.input {
            CommandInput::Nothing => None,
            CommandInput::Text => Some(DocumentFormat::Text),
            CommandInput::Markdown => Some(DocumentFormat::Markdown),
            CommandInput::Json => Some(DocumentFormat::Json { is_list: are_several }),
            CommandInput::Jsonl => Some(DocumentFormat::JsonLines),
        };
        let input = format.map(|format| export::documents(format, articles, &self.context).into_bytes());
        if input.as_ref().is_some_and(|input| input.len() > MAX_INPUT) {
            return Err(CommandError::TooMuch("the articles are more than 64 MiB of text: select fewer"));
        }
        Ok(Program { words: self.command.program.fill(values), variables: variables.collect(), input })
    }
}

/// What an article lacks that a program gets.
pub fn missing(program: &ProgramTemplate, article: &Article) -> Option<&'static str> {
    let is_missing = |(value, _): &(Placeholder, &str)| program.has(*value) && value_of(*value, article).is_none();
    MAY_BE_MISSING.into_iter().find(is_missing).map(|(_, what)| what)
}

/// The value of a placeholder; `None` if the article has no link that may be opened, or no file.
fn value_of(value: Placeholder, article: &Article) -> Option<OsString> {
    let text = |text: &SafeText| OsString::from(text.as_str());
    Some(match value {
        Placeholder::Link => article.link_to_open()?.address()?.as_str().into(),
        Placeholder::Title => text(&article.title),
        Placeholder::File => file_of(article)?.into(),
        Placeholder::Provider => text(&article.provider.name),
        Placeholder::Topics => {
            let topics: Vec<SafeText> = article.topics.iter().map(|topic| topic.shown().clone()).collect();
            text(&clean::join(&topics, ", "))
        }
        Placeholder::Query | Placeholder::Count => return None,
    })
}

/// The absolute path of the article file. An article of the built-in feed has none.
fn file_of(article: &Article) -> Option<PathBuf> {
    std::path::absolute(&article.path).ok().filter(|path| path.is_file())
}

/// A job that runs a command without the terminal.
pub fn run(run: CommandRun) -> Job {
    Job::new(run)
}

impl Task for CommandRun {
    fn kind(&self) -> JobKind {
        JobKind::Program
    }

    fn scope(&self) -> usize {
        self.articles.len()
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let run = self.program_run().map_err(|error| JobError::Failed(self.failure(&error)))?;
        // The feed may be large, and is not needed while the program runs.
        drop(self);
        Task::run(Box::new(run), monitor)
    }
}

impl CommandRun {
    /// The message of an error.
    pub fn failure(&self, error: &CommandError) -> SafeText {
        clean::plain_line(&format!("`{}`: {error}", self.command.name.text))
    }

    /// Whether the program gets the terminal.
    pub fn takes_terminal(&self) -> bool {
        self.command.output == ProgramOutputUse::Takeover
    }
}
