//! The other front: the reader without a screen, and the way to the one with it.

mod check;
mod config;
mod error;
mod list;
mod open;
mod output;
mod screen;
mod show;
mod topics;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::{Parser, Subcommand};

pub use screen::text as screen_text;

use crate::config::paths::Places;
use crate::config::theme::Theme;
use crate::config::{Config, ConfigProblem};
use crate::feed::{Address, ArticleId, Feed, Marks, Position, Problem, clean};
use crate::keymap::Keymap;
use crate::library::{Library, LibraryError, Loaded};
use crate::query::Query;
use crate::terminal::{self, Session, Start};
use error::{CliError, Exit};
use output::{OutputError, say, say_error};

/// A terminal reader for folders of Markdown articles.
#[derive(Debug, Parser)]
#[command(name = "frontpage", version, args_conflicts_with_subcommands = true)]
pub struct Args {
    /// Folders and files to read; several make one feed
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Folder or file to read, for every command
    #[arg(short = 'L', long = "library", value_name = "PATH", global = true)]
    library: Vec<PathBuf>,
    /// File with the settings
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// The present time, for tests
    #[arg(long, value_name = "RFC3339", hide = true, global = true)]
    now: Option<DateTime<Utc>>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the articles that a query finds
    List(list::ListArgs),
    /// Show one article
    Show(show::ShowArgs),
    /// Open the original of an article in the browser
    Open(open::OpenArgs),
    /// List topics with counts, largest first
    Topics(topics::TopicsArgs),
    /// Tell what became of every file, and what is wrong with it
    Check(check::CheckArgs),
    /// Draw one screen of the reader without a terminal
    Screen(screen::ScreenArgs),
    /// Tell where settings come from
    Config(config::ConfigArgs),
}

/// What every command works with.
pub struct Context {
    now: DateTime<Utc>,
    /// The time of `--now`, which then stands still.
    fixed_now: Option<DateTime<Utc>>,
    library: Library,
    /// Why it is that library.
    library_from: &'static str,
    config: Config,
    config_file: PathBuf,
    config_problems: Vec<ConfigProblem>,
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return refuse(&error),
    };
    let context = Context::new(&args);
    let ended = match &args.command {
        None => read(&context),
        Some(command) => {
            for problem in context.problems(Vec::new()) {
                say(problem.one_line());
            }
            match command {
                Command::List(args) => list::run(args, &context),
                Command::Show(args) => show::run(args, &context),
                Command::Open(args) => open::run(args, &context),
                Command::Topics(args) => topics::run(args, &context),
                Command::Check(args) => check::run(args, &context),
                Command::Screen(args) => screen::run(args, &context),
                Command::Config(args) => config::run(args, &context),
            }
        }
    };
    ended
        .unwrap_or_else(|error| {
            say_error(&error);
            Exit::Failure
        })
        .into()
}

/// Wrong arguments, or `--help` and `--version`, which are none. Their text may quote what was typed, hence is cleaned.
fn refuse(error: &clap::Error) -> ExitCode {
    use std::io::Write;
    let text = clean::text(&error.render().to_string());
    // A closed pipe is no failure, and there is nobody to tell of another one.
    let _ = match error.use_stderr() {
        true => write!(std::io::stderr(), "{text}"),
        false => write!(std::io::stdout(), "{text}"),
    };
    if error.use_stderr() { Exit::Failure.into() } else { Exit::Fine.into() }
}

/// The reader on the terminal.
fn read(context: &Context) -> Result<Exit, CliError> {
    context.library.check().map_err(unreadable)?;
    let start = context.start()?;
    let world = terminal::World {
        library: context.library.clone(),
        browser: context.config.browser.clone(),
        editor: context.config.editor.clone(),
        problems: context.problems(Vec::new()),
        now: context.fixed_now,
    };
    match terminal::run(start, keymap()?, world) {
        Ok(()) => Ok(Exit::Fine),
        Err(error) => Err(CliError::new(&error.to_string())),
    }
}

fn keymap() -> Result<Keymap, CliError> {
    Keymap::new().map_err(|error| CliError::new(&error.to_string()))
}

fn unreadable(error: LibraryError) -> CliError {
    CliError::new(&error.to_string()).hint("name a folder of Markdown files: frontpage FOLDER")
}

/// What the writing of output came to: a reader that went away is no failure.
fn finished(printed: Result<(), OutputError>, exit: Exit) -> Result<Exit, CliError> {
    match printed {
        Ok(()) => Ok(exit),
        Err(OutputError::Closed) => Ok(Exit::Fine),
        Err(error) => Err(CliError::new(&error.to_string())),
    }
}

/// Reads a query from words of the command line, and points at what it cannot read.
fn query_of(words: &[String]) -> Result<Query, CliError> {
    let text = words.join(" ");
    Query::parse(&text).map_err(|error| query_error(&text, &error))
}

fn query_error(text: &str, error: &crate::query::QueryError) -> CliError {
    let (start, end) = error.span;
    let carets = "^".repeat(end.saturating_sub(start).clamp(1, 80));
    let mut shown = CliError::new(&format!("query, column {}: {}", start + 1, error.what));
    shown.hints.push(clean::text(text));
    shown.hints.push(clean::text(&format!("{}{carets}", " ".repeat(start.min(text.chars().count())))));
    shown
}

impl Context {
    fn new(args: &Args) -> Context {
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
        let named: Vec<PathBuf> = args.paths.iter().chain(&args.library).cloned().collect();
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
        Context { now, fixed_now: args.now, library, library_from, config, config_file, config_problems }
    }

    fn with_paths(&self, paths: &[PathBuf]) -> Context {
        let library = if paths.is_empty() { self.library.clone() } else { Library::Paths(paths.to_vec()) };
        Context {
            library,
            config: self.config.clone(),
            config_file: self.config_file.clone(),
            config_problems: self.config_problems.clone(),
            ..*self
        }
    }

    fn load(&self) -> Result<Loaded, CliError> {
        self.library.load(self.now, |_| {}).map_err(unreadable)
    }

    /// What is wrong with the settings, before what is wrong with files.
    fn problems(&self, of_files: Vec<Problem>) -> Vec<Problem> {
        let own = self.config_problems.iter().map(|problem| {
            let at = problem.at.map(|(line, column)| Position { line, column });
            Problem { path: self.config_file.clone(), ..Problem::warning(at, &problem.what, &problem.hint) }
        });
        own.chain(of_files).collect()
    }

    fn start(&self) -> Result<Start, CliError> {
        let words: Vec<String> = self.config.query.iter().cloned().collect();
        let name = |path: &PathBuf| clean::path(path.file_name().map_or(path.as_path(), Path::new));
        let (library, welcome) = match &self.library {
            Library::BuiltIn => ("The built-in feed".into(), Some("Your own articles: frontpage FOLDER".into())),
            Library::Paths(paths) => {
                let names: Vec<String> = paths.iter().map(|path| name(path).to_string()).collect();
                (clean::decoded(&names.join(", ")), None)
            }
        };
        let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let theme = if no_colour { Theme::colourless() } else { Theme::default() };
        Ok(Start { query: query_of(&words)?, library, welcome, theme })
    }

    fn session(&self) -> Result<Session, CliError> {
        Ok(Session::new(self.start()?, keymap()?, self.now))
    }

    /// The article that words of the command line mean: an id, a link, a path, or a query with one hit.
    fn find(&self, words: &[String], feed: &Feed) -> Result<usize, CliError> {
        let text = words.join(" ");
        let by_id = || text.parse::<ArticleId>().ok().filter(|_| text.len() == 16).and_then(|id| feed.place(id));
        let by_link = || Address::parse(&text).ok().and_then(|address| feed.place(ArticleId::of_link(&address)));
        let by_path = || {
            let path = Path::new(&text);
            feed.iter().position(|article| article.path == path || article.also_in.iter().any(|also| also == path))
        };
        if let Some(place) = by_id().or_else(by_link).or_else(by_path) {
            return Ok(place);
        }
        let query = query_of(words)?;
        let found = query.select(feed, &Marks::default(), self.now);
        match found.as_slice() {
            [one] => Ok(*one),
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

fn holds_something(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}
