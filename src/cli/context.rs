//! What every command works with: the time, the settings, the library, and the articles that words mean.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::error::{CliError, Exit};
use super::looks::{LookArgs, looks};
use super::output::{OutputError, say};
use super::pointing;
use crate::app::{Beginning, ReadWhen};
use crate::config::paths::Places;
use crate::config::{Config, ConfigProblem, Read, Written, searches};
use crate::feed::{Address, Article, ArticleId, Feed, Marks, Position, Problem, Shown, clean};
use crate::keymap::Keymap;
use crate::library::marks_log::{self, MarksFolder};
use crate::library::{FileReport, Library, LibraryError, Loaded};
use crate::query::{Ground, Query, Saved};
use crate::terminal::{Session, Start, bookmark_file};

/// What a query may be, briefly, for the help of the commands that take one.
pub const QUERIES: &str = "\
A QUERY is made of
  rust \"neural nets\" -crypto /gpt-?4/    words, phrases, what to leave out, regexes; OR, ( )
  title:how topic:ai,ml provider:nature  fields; a comma means any of
  quality:>=60 date:2021-02 @2w          numbers, dates, not older than
  is:unread has:image saved:NAME         states, what there is, a saved search
  sort:-quality limit:20                 order and number
The README tells all of it.";

/// What it means that there is no home.
const HOMELESS: &str = "it names no folder, so neither marks nor the place in the list are kept";
/// The most problems of one file that are told one by one.
const TOLD: usize = 20;

/// What of the command line decides what is read.
pub struct Asked {
    /// Folders and files, wherever they were named.
    pub paths: Vec<PathBuf>,
    /// The file with the settings.
    pub config: Option<PathBuf>,
    /// How things are to look.
    pub looks: LookArgs,
    /// A time that stands still.
    pub now: Option<DateTime<Utc>>,
}

/// What every command works with.
#[derive(Clone)]
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
    /// The saved searches.
    pub saved: Saved,
    /// Where they are, or would be.
    pub searches: PathBuf,
    /// What is wrong with settings and saved searches.
    pub own_problems: Vec<Problem>,
    /// Where marks are kept; none when the user has no home and names no folder.
    pub marks_folder: Option<PathBuf>,
    /// What belongs to this machine alone.
    pub state_folder: Option<PathBuf>,
    /// Where snapshots are kept.
    pub snapshots: Option<PathBuf>,
    marks: OnceCell<Arc<Marks>>,
}

impl Context {
    pub fn new(args: &Asked) -> Context {
        let places = Places::find();
        let home = places.as_ref().and_then(|places| places.home.as_deref());
        let config_file = match (&args.config, &places) {
            (Some(file), _) => file.clone(),
            (None, Some(places)) => places.config_file.clone(),
            (None, None) => PathBuf::from("frontpage.yaml"),
        };
        let (mut config, mut wrong) = Config::read(&config_file, home);
        if let Some(file) = args.config.as_ref().filter(|file| !file.exists()) {
            let what = format!("there is no file {}", clean::path(file));
            wrong.push(ConfigProblem::new(None, &what, "the defaults hold"));
        }
        let wrong_looks = args.looks.settle(&mut config);
        let searches = searches::file_beside(&config_file);
        let (found, mut wrong_searches) = searches::read(&searches);
        let saved = Saved::new(found);
        let unusable = |(name, text): (&str, &str)| {
            let error = Query::parse_with(text, &saved).err()?;
            let what = format!("`{name}`, column {}: {error}", error.span.0 + 1);
            Some(ConfigProblem::new(None, &what, "it cannot be used"))
        };
        wrong_searches.extend(saved.iter().filter_map(unusable));
        let wrong_query = |query: &Written, hint: &str| {
            let error = Query::parse_with(&query.text, &saved).err()?;
            let (line, column) = query.at;
            let at = (line, column + u32::try_from(error.span.0).unwrap_or(0));
            Some(ConfigProblem::new(Some(at), &error.to_string(), hint))
        };
        wrong.extend(config.query.as_ref().and_then(|query| wrong_query(query, "every article is listed")));
        wrong.extend(config.rules.iter().filter_map(|rule| wrong_query(&rule.when, "the rule does nothing")));
        wrong.sort_by_key(|problem| problem.at);
        let homeless = match places {
            Some(_) => Vec::new(),
            None => vec![ConfigProblem::new(None, HOMELESS, "set it to your home folder")],
        };
        let own_problems = told(Path::new("$HOME"), homeless)
            .chain(wrong_looks.into_iter().flat_map(|(place, problem)| told(place, vec![problem])))
            .chain(told(&config_file, wrong))
            .chain(told(&searches, wrong_searches))
            .collect();
        let named = args.paths.clone();
        let variable = std::env::var_os("FRONTPAGE_LIBRARY").filter(|value| !value.is_empty());
        let marks_folder = config.marks.clone().or_else(|| places.as_ref().map(|places| places.marks.clone()));
        let state_folder = places.as_ref().map(|places| places.state.clone());
        let snapshots = places.as_ref().map(|places| places.snapshots.clone());
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
        let fixed_now = args.now;
        Context {
            now,
            fixed_now,
            library,
            library_from,
            config,
            config_file,
            saved,
            searches,
            own_problems,
            marks_folder,
            state_folder,
            snapshots,
            marks: OnceCell::new(),
        }
    }

    pub fn with_paths(&self, paths: &[PathBuf]) -> Context {
        let library = if paths.is_empty() { self.library.clone() } else { Library::Paths(paths.to_vec()) };
        Context { library, ..self.clone() }
    }

    pub fn load(&self) -> Result<Loaded, CliError> {
        if self.library == Library::BuiltIn && std::io::IsTerminal::is_terminal(&std::io::stderr()) {
            say("this is the built-in feed; for your own articles name a folder: -L FOLDER");
        }
        let loaded = self.library.read(self.snapshots.as_deref(), self.now).map_err(unreadable)?;
        if loaded.feed.is_empty() {
            let of = self.start().library;
            say(clean::decoded(&format!("no articles in {of}: put Markdown files there; frontpage check tells more")));
        }
        Ok(loaded)
    }

    /// What became of every file.
    pub fn report(&self) -> Result<Vec<FileReport>, CliError> {
        self.library.report(self.now).map_err(unreadable)
    }

    /// A feed to be searched, with what the reader did.
    pub fn ground(&self, feed: &Arc<Feed>) -> Ground {
        Ground::new(feed.clone(), self.marks(), self.now)
    }

    /// The marks on the disk, read once; what is wrong with them is said.
    pub fn marks(&self) -> Arc<Marks> {
        let read = || {
            let news = self.marks_folder.as_deref().map(marks_log::read).unwrap_or_default();
            news.problems.iter().for_each(|problem| say(problem.one_line()));
            Arc::new(news.marks)
        };
        self.marks.get_or_init(read).clone()
    }

    /// Where marks are written.
    pub fn marks_to_write(&self) -> Option<MarksFolder> {
        let (folder, state) = (self.marks_folder.clone()?, self.state_folder.as_ref()?);
        Some(MarksFolder { folder, device: state.join("device") })
    }

    /// The file that says where the reader was.
    pub fn bookmark_file(&self) -> Option<PathBuf> {
        self.state_folder.as_ref().map(|folder| bookmark_file::of(&folder.join("bookmarks"), &self.library))
    }

    /// What is wrong with settings and saved searches, before what is wrong with files.
    pub fn problems(&self, of_files: Vec<Problem>) -> Vec<Problem> {
        self.own_problems.iter().cloned().chain(of_files).collect()
    }

    pub fn start(&self) -> Start {
        let query = self.config.query.as_ref().and_then(|query| Query::parse_with(&query.text, &self.saved).ok());
        let name = |path: &PathBuf| clean::path(path.file_name().map_or(path.as_path(), Path::new));
        let (library, welcome) = match &self.library {
            Library::BuiltIn => ("The built-in feed".into(), Some(Shown::from("Your own articles: frontpage FOLDER"))),
            Library::Paths(paths) => {
                let names: Vec<String> = paths.iter().map(|path| name(path).to_string()).collect();
                (clean::decoded(&names.join(", ")), None)
            }
        };
        // Without a home the reader is told so before the first mark is lost.
        let is_homeless = self.state_folder.is_none();
        let welcome = if is_homeless { Some("$HOME names no folder: marks are not kept".into()) } else { welcome };
        let read_when = match self.config.read {
            Read::Opened => ReadWhen::Opened,
            Read::Left => ReadWhen::Left,
            Read::After(seconds) => ReadWhen::After(TimeDelta::seconds(seconds.into())),
            Read::Never => ReadWhen::Never,
        };
        let (query, saved) = (query.unwrap_or_default(), self.saved.clone());
        let beginning = Beginning { query, saved, welcome, read_when, finds_similar: true, ..Beginning::default() };
        let (themes, looks) = (self.config.themes.clone(), looks(&self.config));
        Start { beginning, library, themes, picked: None, looks }
    }

    pub fn session(&self) -> Result<Session, CliError> {
        Ok(Session::new(self.start(), keymap()?, self.now))
    }

    /// Reads a query from words of the command line, and points at what it cannot read.
    pub fn query_of(&self, words: &[String]) -> Result<Query, CliError> {
        let text = words.join(" ");
        Query::parse_with(&text, &self.saved).map_err(|error| pointing::error(&text, &error))
    }

    /// The article of an id, a link or a path.
    pub fn named(&self, text: &str, feed: &Feed) -> Option<usize> {
        let by_id = || text.parse::<ArticleId>().ok().filter(|_| text.len() == 16).and_then(|id| feed.place(id));
        let by_link = || Address::parse(text).ok().and_then(|address| feed.place(ArticleId::of_link(&address)));
        let by_path = || feed.iter().position(|article| is_file_of(&article, Path::new(text)));
        by_id().or_else(by_link).or_else(by_path)
    }

    /// The article that words of the command line mean: an id, a link, a path, or a query with one hit.
    pub fn find(&self, words: &[String], feed: &Arc<Feed>) -> Result<usize, CliError> {
        let text = words.join(" ");
        if let Some(place) = self.named(&text, feed) {
            return Ok(place);
        }
        let query = self.query_of(words)?;
        let found = query.with_hidden().select(&self.ground(feed));
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

/// Problems of one of our own files, as those of articles are told.
fn told(file: &Path, problems: Vec<ConfigProblem>) -> impl Iterator<Item = Problem> {
    let more = problems.len().saturating_sub(TOLD);
    let more = (more > 0).then(|| ConfigProblem::new(None, &format!("{more} more problems"), "mend the first ones"));
    problems.into_iter().take(TOLD).chain(more).map(|problem| {
        let at = problem.at.map(|(line, column)| Position { line, column });
        Problem { path: file.to_owned(), ..Problem::warning(at, &problem.what, &problem.hint) }
    })
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
