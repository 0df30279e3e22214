//! What every command works with: the time, the settings, the library, and the articles that words mean.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::error::{CliError, Exit};
use super::output::{OutputError, no_colour, say};
use crate::config::paths::Places;
use crate::config::searches;
use crate::config::theme::Theme;
use crate::config::{Config, ConfigProblem};
use crate::feed::{Address, Article, ArticleId, Feed, Position, Problem, Shown, clean};
use crate::keymap::Keymap;
use crate::library::{Library, LibraryError, Loaded};
use crate::query::{Ground, Query, QueryError, Saved};
use crate::terminal::{Session, Start};
use crate::ui::text;

/// What of the command line decides what is read.
pub struct Asked {
    /// Folders and files, wherever they were named.
    pub paths: Vec<PathBuf>,
    /// The file with the settings.
    pub config: Option<PathBuf>,
    /// A time that stands still.
    pub now: Option<DateTime<Utc>>,
}

/// What every command works with.
pub struct Context {
    /// The present time.
    pub now: DateTime<Utc>,
    /// The time of `--now`, which then stands still.
    pub fixed_now: Option<DateTime<Utc>>,
    /// What is read.
    pub library: Library,
    /// Why it is that library.
    pub library_from: &'static str,
    /// The settings.
    pub config: Config,
    /// Where they are, or would be.
    pub config_file: PathBuf,
    /// What is wrong with them.
    pub config_problems: Vec<ConfigProblem>,
    /// Saved searches.
    pub saved: Saved,
    /// Where they are, or would be.
    pub searches_file: PathBuf,
    /// What is wrong with them.
    pub searches_problems: Vec<ConfigProblem>,
}

impl Context {
    pub fn new(args: &Asked) -> Context {
        let places = Places::find();
        let home = places.as_ref().map(|places| places.home.as_path());
        let config_file = match (&args.config, &places) {
            (Some(file), _) => file.clone(),
            (None, Some(places)) => places.config_file.clone(),
            (None, None) => PathBuf::from("frontpage.yaml"),
        };
        let (config, mut config_problems) = Config::read(&config_file, home);
        if let Some(file) = args.config.as_ref().filter(|file| !file.exists()) {
            let what = format!("there is no file {}", clean::path(file));
            config_problems.push(ConfigProblem { at: None, what, hint: "the defaults hold".to_owned() });
        }
        let searches_file = config_file.with_file_name("searches.yaml");
        let (searches, searches_problems) = searches::read(&searches_file);
        let saved = Saved::new(searches);
        if let Some(Err(error)) = config.query.as_deref().map(|query| Query::parse_with(query, &saved)) {
            let what = format!("`query`, column {}: {error}", error.span.0 + 1);
            config_problems.push(ConfigProblem { at: None, what, hint: "every article is listed".to_owned() });
        }
        let named = args.paths.clone();
        let variable = std::env::var_os("FRONTPAGE_LIBRARY").filter(|value| !value.is_empty());
        let data = places.map(|places| places.articles).filter(|folder| holds_something(folder));
        let (library, library_from) = match (named.is_empty(), variable, config.library.is_empty(), data) {
            (false, ..) => (Library::Paths(named), "named on the command line"),
            (_, Some(variable), ..) => {
                (Library::Paths(std::env::split_paths(&variable).collect()), "from $FRONTPAGE_LIBRARY")
            }
            (_, _, false, _) => (Library::Paths(config.library.clone()), "from the settings"),
            (_, _, _, Some(folder)) => (Library::Paths(vec![folder]), "the data folder"),
            _ => (Library::BuiltIn, "nothing else is named"),
        };
        let now = args.now.unwrap_or_else(Utc::now);
        Context {
            now,
            fixed_now: args.now,
            library,
            library_from,
            config,
            config_file,
            config_problems,
            saved,
            searches_file,
            searches_problems,
        }
    }

    pub fn with_paths(&self, paths: &[PathBuf]) -> Context {
        let library = if paths.is_empty() { self.library.clone() } else { Library::Paths(paths.to_vec()) };
        Context {
            library,
            config: self.config.clone(),
            config_file: self.config_file.clone(),
            config_problems: self.config_problems.clone(),
            saved: self.saved.clone(),
            searches_file: self.searches_file.clone(),
            searches_problems: self.searches_problems.clone(),
            ..*self
        }
    }

    pub fn load(&self) -> Result<Loaded, CliError> {
        if self.library == Library::BuiltIn && std::io::IsTerminal::is_terminal(&std::io::stderr()) {
            say("this is the built-in feed; for your own articles name a folder: -L FOLDER");
        }
        self.library.load(self.now, |_| {}).map_err(unreadable)
    }

    /// Reads a query from words of the command line, and points at what it cannot read.
    pub fn query_of(&self, words: &[String]) -> Result<Query, CliError> {
        let text = words.join(" ");
        Query::parse_with(&text, &self.saved).map_err(|error| query_error(&text, &error))
    }

    /// A feed to be searched; nothing in it is marked.
    pub fn ground(&self, feed: &Arc<Feed>) -> Ground {
        Ground::new(feed.clone(), Arc::default(), self.now)
    }

    /// What is wrong with the settings, before what is wrong with files.
    pub fn problems(&self, of_files: Vec<Problem>) -> Vec<Problem> {
        let of = |file: &PathBuf, problem: &ConfigProblem| {
            let at = problem.at.map(|(line, column)| Position { line, column });
            Problem { path: file.clone(), ..Problem::warning(at, &problem.what, &problem.hint) }
        };
        let settings = self.config_problems.iter().map(|problem| of(&self.config_file, problem));
        let searches = self.searches_problems.iter().map(|problem| of(&self.searches_file, problem));
        settings.chain(searches).chain(of_files).collect()
    }

    pub fn start(&self) -> Start {
        let query = self.config.query.as_deref().and_then(|query| Query::parse_with(query, &self.saved).ok());
        let query = query.unwrap_or_default();
        let name = |path: &PathBuf| clean::path(path.file_name().map_or(path.as_path(), Path::new));
        let (library, welcome) = match &self.library {
            Library::BuiltIn => ("The built-in feed".into(), Some("Your own articles: frontpage FOLDER".into())),
            Library::Paths(paths) => {
                let names: Vec<String> = paths.iter().map(|path| name(path).to_string()).collect();
                (clean::decoded(&names.join(", ")), None)
            }
        };
        let theme = if no_colour() { Theme::colourless() } else { Theme::default() };
        Start { query, saved: self.saved.clone(), library, welcome, theme }
    }

    pub fn session(&self) -> Result<Session, CliError> {
        Ok(Session::new(self.start(), keymap()?, self.now))
    }

    /// The article that words of the command line mean: an id, a link, a path, or a query with one hit.
    pub fn find(&self, words: &[String], feed: &Arc<Feed>) -> Result<usize, CliError> {
        let text = words.join(" ");
        let by_id = || text.parse::<ArticleId>().ok().filter(|_| text.len() == 16).and_then(|id| feed.place(id));
        let by_link = || Address::parse(&text).ok().and_then(|address| feed.place(ArticleId::of_link(&address)));
        let by_path = || feed.iter().position(|article| is_file_of(article, Path::new(&text)));
        if let Some(place) = by_id().or_else(by_link).or_else(by_path) {
            return Ok(place);
        }
        let query = self.query_of(words)?;
        let found = query.select(&self.ground(feed));
        match found.as_slice() {
            [one] => Ok(*one),
            [] if Path::new(&text).is_file() => {
                Err(CliError::new(&format!("{} is not in this library", clean::quote(&text)))
                    .hint(&format!("name it as the library: -L {}", clean::quote(&text))))
            }
            [] => Err(CliError::new(&format!("no article is {}", clean::quote(&text)))),
            several => {
                let mut error =
                    CliError::new(&format!("{} articles are found by {}", several.len(), clean::quote(&text)));
                for article in several.iter().take(5).filter_map(|&place| feed.get(place)) {
                    error = error.hint(&format!("{}  {}", article.id, article.title));
                }
                Err(error.hint("name one by its id"))
            }
        }
    }
}

/// Whether a path, however it is written, is a file of an article.
fn is_file_of(article: &Article, path: &Path) -> bool {
    let is_it = |own: &PathBuf| {
        own.file_name() == path.file_name()
            && (own == path
                || std::fs::canonicalize(own)
                    .ok()
                    .is_some_and(|own| std::fs::canonicalize(path).is_ok_and(|path| own == path)))
    };
    is_it(&article.path) || article.also_in.iter().any(is_it)
}

fn holds_something(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}

/// The keys.
pub fn keymap() -> Result<Keymap, CliError> {
    Keymap::new().map_err(|error| CliError::new(&error.to_string()))
}

/// A library that cannot be read, with what to do.
pub fn unreadable(error: LibraryError) -> CliError {
    CliError::new(&error.to_string()).hint("name a folder of Markdown files: frontpage FOLDER")
}

/// What the writing of output came to: a reader that went away is no failure.
pub fn finished(printed: Result<(), OutputError>, exit: Exit) -> Result<Exit, CliError> {
    match printed {
        Ok(()) => Ok(exit),
        Err(OutputError::Closed) => Ok(Exit::Fine),
        Err(error) => Err(CliError::new(&error.to_string())),
    }
}

/// Characters of a long query that are shown around its fault.
const AROUND: usize = 60;

/// What is wrong with a query, below the query itself, with a caret under the part that is wrong.
fn query_error(text: &str, error: &QueryError) -> CliError {
    let (start, end) = error.span;
    let first = start.saturating_sub(AROUND);
    let part = |from: usize, to: usize| -> Shown {
        clean::text(&text.chars().skip(from).take(to.saturating_sub(from)).collect::<String>())
    };
    let cut = if first > 0 { "…" } else { "" };
    let more = if text.chars().nth(start + AROUND).is_some() { "…" } else { "" };
    let (before, wrong) = (part(first, start), part(start, end));
    let blanks = " ".repeat(text::width(cut) + text::width(before.as_str()));
    let carets = "^".repeat(text::width(wrong.as_str()).clamp(1, AROUND));
    let mut shown = CliError::new(&format!("query, column {}: {}", start + 1, error.what));
    shown.hints.push(clean::text(&format!("{cut}{}{more}", part(first, start + AROUND))));
    shown.hints.push(clean::text(&format!("{blanks}{carets}")));
    shown
}
