//! The context of a command: time, settings, library and marks; and how arguments find articles.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::appearance::{AppearanceArgs, colours_of_screen};
use super::error::{CliError, Exit};
use super::output::{OutputError, print_notice};
use super::progress::Progress;
use super::query_diagnostics;
use super::user_files::UserFiles;
use crate::app::{Bookmark, SessionInit, UserConfig};
use crate::config::paths::UserPaths;
use crate::dates::{Date, Now};
use crate::feed::{Address, Article, ArticleId, Feed, Identities, Marks, PLACES_KEPT, SafeText, clean};
use crate::jobs::similarity_index::IndexStore;
use crate::keymap::Keymap;
use crate::library::marks_log::{self, MarksFolder};
use crate::library::{FileReport, Library, LibraryError, Loaded, ScanOptions, SiteAddress, has_article_files};
use crate::query::{Query, RuleResults, SearchContext};
use crate::terminal::{HeadlessUi, bookmark_file};

/// How to write a query, in short, for the help of the commands that take one.
pub const QUERIES: &str = "\
A QUERY is made of
  rust \"neural nets\" -crypto /gpt-?4/    words, phrases, exclusions, regexes; OR, ( )
  title:how topic:ai,ml provider:nature  fields; commas separate alternatives
  quality:>=60 date:2021-02 @2w          numbers, dates, maximum age
  is:unread has:image saved:NAME         states, parts of an article, saved searches
  sort:-quality limit:20                 order, maximum number
All of it: docs/queries.md in the source repository.";

/// The arguments that all commands share.
pub struct GlobalArgs {
    /// Folders and files, named as paths or with `--library`.
    pub paths: Vec<PathBuf>,
    /// The settings file, if it was named.
    pub config: Option<PathBuf>,
    /// Theme and symbols.
    pub appearance: AppearanceArgs,
    /// Leaves the mouse to the terminal.
    pub no_mouse: bool,
    /// A fixed current time, for tests.
    pub now: Option<Date>,
}

/// What every command needs.
#[derive(Clone)]
pub struct Context {
    /// The current time.
    pub now: DateTime<Utc>,
    /// The time of `--now`.
    pub fixed_now: Option<DateTime<Utc>>,
    /// The library to read.
    pub library: Library,
    /// The library without the folder that joined it: its place in the list is kept when the folder joins.
    pub named_library: Library,
    /// Where the library was named, for `frontpage config`.
    pub library_from: &'static str,
    /// The folder of the subscriptions' articles, if it belongs to the library as soon as there are subscriptions.
    pub subscription_articles: Option<PathBuf>,
    /// Settings, saved searches and rules.
    pub user: UserConfig,
    /// The bindings of keys.
    pub keymap: Keymap,
    /// Reads the settings and saved searches.
    pub files: UserFiles,
    /// Folder of the marks. None if there is no home folder and the settings name no folder.
    pub marks_folder: Option<PathBuf>,
    /// Folder of the state of this machine.
    pub state_folder: Option<PathBuf>,
    /// Folder of snapshots.
    pub snapshots: Option<PathBuf>,
    marks: OnceCell<Arc<Marks>>,
    /// The marks, with those of edited and moved articles under their current ids. Unset if no article was edited or moved, and
    /// before articles are loaded.
    followed: OnceCell<Arc<Marks>>,
    evaluated: OnceCell<EvaluatedRules>,
}

/// The results of the rules for a feed.
#[derive(Clone)]
struct EvaluatedRules {
    feed: Arc<Feed>,
    marks: Arc<Marks>,
    results: Option<RuleResults>,
}

impl Context {
    pub fn new(args: &GlobalArgs) -> Result<Context, CliError> {
        let paths = UserPaths::find();
        let home = paths.as_ref().and_then(|paths| paths.home.clone());
        let config_file = match (&args.config, &paths) {
            (Some(file), _) => file.clone(),
            (None, Some(paths)) => paths.config_file.clone(),
            (None, None) => PathBuf::from("frontpage.yaml"),
        };
        let (is_named, has_no_home, appearance) = (args.config.is_some(), paths.is_none(), args.appearance.clone());
        let no_mouse = args.no_mouse;
        let files = UserFiles { config_file, is_named, home, has_no_home, appearance, no_mouse };
        let (user, keymap) = files.read(None)?;
        let named = args.paths.clone();
        let variable = std::env::var_os("FRONTPAGE_LIBRARY").filter(|value| !value.is_empty());
        let marks_folder = user.settings.marks.clone().or_else(|| paths.as_ref().map(|paths| paths.marks.clone()));
        let state_folder = paths.as_ref().map(|paths| paths.state.clone());
        let snapshots = paths.as_ref().map(|paths| paths.snapshots.clone());
        let is_named = !named.is_empty() || variable.is_some();
        let articles = paths.map(|paths| paths.articles);
        // The folder is looked into only if it decides.
        let may_be_data = !is_named && user.settings.library.is_empty();
        let data = articles.clone().filter(|folder| may_be_data && has_article_files(folder));
        let subscription_articles = articles.filter(|_| !is_named);
        let (library, library_from) = match (named.is_empty(), variable, user.settings.library.is_empty(), data) {
            (false, ..) => (Library::Paths(named), "named on the command line"),
            (_, Some(variable), ..) => {
                let named = |path: &PathBuf| !path.as_os_str().is_empty();
                (Library::Paths(std::env::split_paths(&variable).filter(named).collect()), "from $FRONTPAGE_LIBRARY")
            }
            (_, _, false, _) => (Library::Paths(user.settings.library.clone()), "from the settings"),
            (_, _, _, Some(folder)) => {
                let from = if user.has_subscriptions() { "articles of subscriptions" } else { "the data folder" };
                (Library::Paths(vec![folder]), from)
            }
            _ if user.has_subscriptions() => (Library::BuiltIn, "no article of a subscription was fetched yet"),
            _ => (Library::BuiltIn, "no library is named"),
        };
        let named_library = library.clone();
        let joined = subscription_articles.as_ref().filter(|_| user.has_subscriptions() && library != Library::BuiltIn);
        let (library, library_from) = match joined.and_then(|folder| library.with_subscriptions(folder)) {
            Some(joined) => (joined, "from the settings, with the articles of subscriptions"),
            None => (library, library_from),
        };
        let fixed_now = args.now.map(|now| now.at(user.zone()));
        let now = fixed_now.unwrap_or_else(Utc::now);
        Ok(Context {
            now,
            fixed_now,
            library,
            named_library,
            library_from,
            subscription_articles,
            user,
            keymap,
            files,
            marks_folder,
            state_folder,
            snapshots,
            marks: OnceCell::new(),
            followed: OnceCell::new(),
            evaluated: OnceCell::new(),
        })
    }

    /// The current time and the user's time zone.
    pub fn clock(&self) -> Now {
        Now { at: self.now, zone: self.user.zone() }
    }

    /// The addresses that the settings give to folders.
    pub fn sites(&self) -> Vec<SiteAddress> {
        SiteAddress::of_settings(&self.user.settings.sites)
    }

    /// How commands read the library.
    pub fn scan_options<'a>(&self, sites: &'a [SiteAddress], full_texts: Option<&'a Path>) -> ScanOptions<'a> {
        ScanOptions { sites, full_texts, ..ScanOptions::once(self.clock()) }
    }

    pub fn with_paths(&self, paths: &[PathBuf]) -> Context {
        if paths.is_empty() {
            return self.clone();
        }
        self.with_library(Library::Paths(paths.to_vec()))
    }

    /// The same for another library, which the folder of the subscriptions' articles does not join.
    pub fn with_library(&self, library: Library) -> Context {
        Context { named_library: library.clone(), library, subscription_articles: None, ..self.clone() }
    }

    /// Loads the library.
    pub fn load(&self) -> Result<Loaded, CliError> {
        self.load_with_notices(false)
    }

    /// Loads the library for a query, and for an output that has no links between articles: they are read only if the query or a rule
    /// depends on them.
    pub fn load_for(&self, query: &Query) -> Result<Loaded, CliError> {
        self.load_with_notices(!query.depends_on_links() && !self.user.rules.depend_on_links())
    }

    fn load_with_notices(&self, defers_links: bool) -> Result<Loaded, CliError> {
        if self.library == Library::BuiltIn && std::io::IsTerminal::is_terminal(&std::io::stderr()) {
            print_notice(match self.user.has_subscriptions() {
                true => "this is the built-in feed: no article of a subscription was fetched yet; run frontpage sync",
                false => "this is the built-in feed; to read your own articles, name a folder: -L FOLDER",
            });
        }
        let (mut shown, mut count) = (Progress::new("reading"), self.library.count());
        let (sites, full_texts) = (self.sites(), full_texts_folder());
        let options = ScanOptions { defers_links, ..self.scan_options(&sites, full_texts.as_deref()) };
        let read = self.library.read_with(self.snapshots.as_deref(), &options, |progress| {
            if shown.is_due() {
                shown.at(progress.done, count.total(progress.total));
            }
        });
        // Clears the progress line before notices are printed on it.
        drop(shown);
        let loaded = read.map_err(library_error)?;
        for missing in self.library.unreadable_roots() {
            print_notice(clean::plain_line(&format!("{missing}; reading the rest")));
        }
        if loaded.feed.is_empty() {
            let of = self.session_init().library;
            print_notice(clean::plain_line(&format!(
                "no articles in {of}: put Markdown files there, or run frontpage check to see what is wrong"
            )));
        }
        Ok(self.apply_identities(loaded))
    }

    /// Loads the library without notices and, unless `needs_links` or a rule depends on them, without links between articles. The
    /// built-in feed counts as no articles.
    #[cfg(feature = "sync")]
    pub fn load_quietly(&self, needs_links: bool) -> Result<Loaded, CliError> {
        let (sites, full_texts) = (self.sites(), full_texts_folder());
        let defers_links = !needs_links && !self.user.rules.depend_on_links();
        let options = ScanOptions { defers_links, ..self.scan_options(&sites, full_texts.as_deref()) };
        let read = self.library.read_with(self.snapshots.as_deref(), &options, |_| {});
        Ok(self.apply_identities(read.map_err(library_error)?))
    }

    /// Gives articles the ids that the marks use for them, and moves the marks of edited and moved articles. In memory only.
    fn apply_identities(&self, mut loaded: Loaded) -> Loaded {
        let marks = self.marks();
        if marks.is_empty() {
            return loaded;
        }
        let Identities { overrides, moved, copied, .. } = Identities::of(loaded.feed.columns(), &marks);
        if !(moved.is_empty() && copied.is_empty()) {
            let mut followed = (*marks).clone();
            followed.move_marks(&moved, &copied);
            drop(self.followed.set(Arc::new(followed)));
        }
        if !overrides.is_empty() {
            loaded.feed = Arc::new(loaded.feed.with_identities(&overrides));
        }
        loaded
    }

    /// Checks every file of the library.
    pub fn report(&self) -> Result<Vec<FileReport>, CliError> {
        let (mut shown, mut count) = (Progress::new("checking"), self.library.count());
        let report = self.library.report_with(self.now, &self.sites(), |done, found| {
            if shown.is_due() {
                shown.at(done, count.total(found));
            }
        });
        report.map_err(library_error)
    }

    /// The indices of the articles that a query finds.
    pub fn select(&self, query: &Query, search_context: &SearchContext) -> Vec<usize> {
        let (mut search, mut shown) = (query.search(search_context.clone(), None), Progress::new("searching"));
        while search.step(&|| false) {
            let (done, all) = search.progress();
            shown.at(done, Some(all));
        }
        search.found().indices
    }

    /// After a query without results: prints a hint if it would find hidden articles, or if it is the path of a folder.
    pub fn hint_no_matches(&self, words: &[String], query: &Query, search_context: &SearchContext) {
        let hidden = self.select(&query.with_hidden(), search_context).len();
        let folder = words.iter().find(|word| word.contains('/') && Path::new(word).is_dir());
        if hidden > 0 {
            let s = if hidden == 1 { "" } else { "s" };
            print_notice(clean::plain_line(&format!("{hidden} hidden article{s} found: add is:hidden to the query")));
        } else if let Some(folder) = folder {
            let folder = clean::quote(folder);
            print_notice(clean::plain_line(&format!("no article contains {folder}; to read this folder: -L {folder}")));
        }
    }

    /// The context for searching a feed: the marks, those of rules included, and the clock.
    pub fn search_context(&self, feed: &Arc<Feed>) -> SearchContext {
        SearchContext::new(feed.clone(), self.evaluate_rules(feed).marks, self.clock())
    }

    /// What rules do to an article, in words.
    pub fn rule_notes(&self, feed: &Arc<Feed>, id: ArticleId) -> Vec<SafeText> {
        let EvaluatedRules { marks, results, .. } = self.evaluate_rules(feed);
        let words = results.iter().flat_map(|results| results.explanations(id, &marks));
        words.map(|words| clean::plain_line(&words)).collect()
    }

    /// Evaluates the rules for a feed. The result for the first feed is cached.
    fn evaluate_rules(&self, feed: &Arc<Feed>) -> EvaluatedRules {
        let evaluate = || {
            let (marks, results) = self.user.rules.apply(&SearchContext::new(feed.clone(), self.marks(), self.clock()));
            EvaluatedRules { feed: feed.clone(), marks, results }
        };
        let known = self.evaluated.get_or_init(evaluate);
        if Arc::ptr_eq(&known.feed, feed) { known.clone() } else { evaluate() }
    }

    /// The marks on the disk, without those that rules set. They are read once, and their problems are printed.
    pub fn marks(&self) -> Arc<Marks> {
        let read = || {
            let read = self.marks_folder.as_deref().map(marks_log::read).unwrap_or_default();
            read.problems.iter().for_each(|problem| print_notice(problem.one_line()));
            let mut marks = read.marks;
            marks.places_mut().drop_older_than(self.now.checked_sub_signed(PLACES_KEPT).unwrap_or_default());
            Arc::new(marks)
        };
        let on_disk = self.marks.get_or_init(read);
        self.followed.get().unwrap_or(on_disk).clone()
    }

    /// Folder for marks and the file with the name of this device. None without a home folder.
    pub fn marks_to_write(&self) -> Option<MarksFolder> {
        let (folder, state) = (self.marks_folder.clone()?, self.state_folder.as_ref()?);
        Some(MarksFolder { folder, device: state.join("device") })
    }

    /// The file with the user's position in this library.
    pub fn bookmark_file(&self) -> Option<PathBuf> {
        let folder = self.state_folder.as_ref()?.join("bookmarks");
        Some(bookmark_file::path_for(&folder, &self.named_library))
    }

    /// The bookmark of this library. If it has none: that of the articles of subscriptions, which are part of it; or what does not
    /// depend on the articles in that of the built-in feed, which they replace.
    pub fn bookmark(&self) -> Option<Bookmark> {
        let own = self.bookmark_file()?;
        if own.exists() || self.library == Library::BuiltIn {
            return bookmark_file::read(&own);
        }
        let folder = own.parent()?;
        let read = |library: &Library| bookmark_file::read(&bookmark_file::path_for(folder, library));
        let articles = Library::Paths(vec![self.subscription_articles.clone()?]);
        if self.library != self.named_library {
            return read(&articles);
        }
        let Bookmark { unfolded, layout, light, theme, .. } =
            read(&Library::BuiltIn).filter(|_| self.library == articles)?;
        let query = self.user.settings.query.as_ref().map(|query| query.text.clone()).unwrap_or_default();
        Some(Bookmark { query, unfolded, layout, light, theme, ..Bookmark::default() })
    }

    /// The lists of subscriptions of newsboat in the user's home.
    pub fn importable(&self) -> Vec<String> {
        let is_there = |path: &&str| self.files.home.as_ref().is_some_and(|home| home.join(path).is_file());
        let known = [".config/newsboat/urls", ".newsboat/urls"].into_iter().filter(is_there);
        known.map(|path| format!("~/{path}")).collect()
    }

    pub fn session_init(&self) -> SessionInit {
        let library = self.library.name();
        let welcome = (self.library == Library::BuiltIn).then_some("Your own articles: frontpage FOLDER".into());
        // Without a home folder marks are not saved: warn before the first one is lost.
        let has_no_home = self.state_folder.is_none();
        let welcome =
            if has_no_home { Some("$HOME is not set to a folder: marks are not saved".into()) } else { welcome };
        let user = self.user.clone();
        let query = user.settings.query.as_ref();
        let query = query.and_then(|query| Query::parse_with(&query.text, &user.saved).ok()).unwrap_or_default();
        let colours = colours_of_screen();
        let picture_cache = UserPaths::find().map(|paths| paths.pictures);
        let init = SessionInit { picture_cache, similar: Some(IndexStore::default()), ..SessionInit::default() };
        SessionInit { library, query, user, welcome, colours, ..init }
    }

    pub fn session(&self) -> HeadlessUi {
        HeadlessUi::new(self.session_init(), self.keymap.clone(), self.now)
    }

    /// Parses a query from arguments. The error points at the wrong part.
    pub fn query_of(&self, words: &[String]) -> Result<Query, CliError> {
        let text = words.join(" ");
        Query::parse_with(&text, &self.user.saved).map_err(|error| query_diagnostics::query_error(&text, &error))
    }

    /// The article with this id, link or path.
    pub fn find_exact(&self, text: &str, feed: &Feed) -> Option<usize> {
        let by_id = || text.parse::<ArticleId>().ok().filter(|_| text.len() == 16).and_then(|id| feed.index_of(id));
        let by_link = || {
            let address = Address::parse(text).ok()?;
            feed.index_of_link(&address).or_else(|| feed.columns().index_of_item(&address))
        };
        let by_path = || feed.iter().position(|article| article_has_file(&article, Path::new(text)));
        by_id().or_else(by_link).or_else(by_path)
    }

    /// The one article that arguments name: by id, link or path, or by a query that finds one article.
    pub fn find_one(&self, words: &[String], feed: &Arc<Feed>) -> Result<usize, CliError> {
        let text = words.join(" ");
        if let Some(index) = self.find_exact(&text, feed) {
            return Ok(index);
        }
        if let Some(error) = not_a_file(&text) {
            return Err(error);
        }
        let query = self.query_of(words)?;
        let found = self.select(&query.with_hidden(), &self.search_context(feed));
        match found.as_slice() {
            [one] => Ok(*one),
            [] if Path::new(&text).is_file() => {
                Err(CliError::new(&format!("{} is not in this library", clean::quote(&text)))
                    .hint(&format!("to read it, name it as the library: -L {}", clean::quote(&text))))
            }
            [] => Err(CliError::new(&format!("no article found for {}", clean::quote(&text)))),
            several => {
                let mut error = CliError::new(&format!("{} articles found for {}", several.len(), clean::quote(&text)));
                for article in several.iter().take(5).filter_map(|&index| feed.get(index)) {
                    error = error.hint(&format!("{}  {}", article.id, article.title));
                }
                Err(error.hint("choose one by its id"))
            }
        }
    }
}

/// Folder of the full texts of articles. None without a home folder.
pub fn full_texts_folder() -> Option<PathBuf> {
    UserPaths::find().map(|paths| paths.full_texts)
}

/// The error for a path of a folder, or of a file that does not exist. None if the text may be a query.
fn not_a_file(text: &str) -> Option<CliError> {
    let path = Path::new(text);
    let is_path = text.contains('/') && !text.contains("://") || text == "." || text == "..";
    if is_path && path.is_dir() {
        let folder = clean::quote(text);
        let error = CliError::new(&format!("{folder} is a folder, not an article"));
        return Some(
            error
                .hint(&format!("to read its articles: frontpage {folder}"))
                .hint(&format!("to list them: frontpage list -L {folder}")),
        );
    }
    // `/words/` is a regular expression, and `topic:a/b` a term.
    let is_file_name = path
        .extension()
        .is_some_and(|ending| ["md", "markdown", "mdx", "mkd", "txt"].iter().any(|known| ending == *known));
    let is_file = is_path && is_file_name && !text.contains([' ', ':']) && !text.ends_with('/');
    (is_file && std::fs::symlink_metadata(path).is_err())
        .then(|| CliError::new(&format!("{}: no such file", clean::path(path))))
}

/// True if a path, in any spelling, is a file of an article.
fn article_has_file(article: &Article, path: &Path) -> bool {
    is_same_file(&article.path, path) || article.also_in.iter().any(|own| is_same_file(own, path))
}

/// True if two paths lead to the same file. Only files of the same name are compared.
pub fn is_same_file(own: &Path, path: &Path) -> bool {
    let resolved = std::fs::canonicalize;
    own.file_name() == path.file_name()
        && (own == path || resolved(own).is_ok_and(|own| resolved(path).is_ok_and(|path| own == path)))
}

/// The error for a library that cannot be read, with a hint.
pub fn library_error(error: LibraryError) -> CliError {
    CliError::new(&error.to_string())
        .hint("name a folder of Markdown files: frontpage FOLDER")
        .hint("frontpage config prints which library is read, and why")
}

/// The exit of a command whose output was printed. A closed pipe is success.
pub fn exit_after(printed: Result<(), OutputError>, exit: Exit) -> Result<Exit, CliError> {
    match printed {
        Ok(()) => Ok(exit),
        Err(OutputError::Closed) => Ok(Exit::Success),
        Err(error) => Err(CliError::new(&error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::article_json;
    use crate::query::{RuleAction, Rules};

    #[test]
    fn commands_see_the_results_of_rules() {
        let now = "2021-02-20T12:00:00Z".parse().ok();
        let global_args = GlobalArgs {
            paths: vec!["tests/fixtures/news".into()],
            config: Some("none.yaml".into()),
            appearance: Default::default(),
            no_mouse: false,
            now,
        };
        let rule = |query: &str, actions: &[RuleAction]| Query::parse(query).expect("a query").rule(actions.to_vec());
        let nowhere = Context {
            marks_folder: None,
            state_folder: None,
            snapshots: None,
            ..Context::new(&global_args).expect("a context")
        };
        let rules = Rules::new(vec![
            rule("title:moon", &[RuleAction::Hide]),
            rule("topic:sea", &[RuleAction::Score(7), RuleAction::Read]),
        ]);
        let user = UserConfig { rules, ..nowhere.user.clone() };
        let (plain, context) = (nowhere.clone(), Context { user, ..nowhere });
        let feed = context.load().expect("the articles").feed;
        let found = |context: &Context, query: &str| {
            context.query_of(&[query.to_owned()]).expect("a query").select(&context.search_context(&feed)).len()
        };
        assert_eq!([found(&plain, ""), found(&plain, "is:hidden"), found(&plain, "score:7")], [5, 0, 0]);
        assert_eq!([found(&context, ""), found(&context, "is:hidden"), found(&context, "score:7")], [4, 1, 2]);
        let hidden = context.find_one(&["is:hidden".to_owned()], &feed).expect("one article");
        let search_context = context.search_context(&feed);
        assert!(
            Arc::ptr_eq(&search_context.marks, &context.search_context(&feed).marks),
            "rules are evaluated once for a feed"
        );
        let article = feed.get(hidden).expect("an article");
        let object = article_json(&search_context, hidden, &article);
        assert_eq!(
            (object["hidden"].as_bool(), object["read"].as_bool(), object["score"].as_i64()),
            (Some(true), Some(true), Some(7))
        );
        let words: Vec<String> = context.rule_notes(&feed, article.id).iter().map(SafeText::to_string).collect();
        assert_eq!(words, ["hidden by the rule `title:moon`", "score +7, read by the rule `topic:sea`"]);
        let session = context.session_init().user.rules;
        assert_eq!(session.iter().map(|rule| rule.query()).collect::<Vec<_>>(), ["title:moon", "topic:sea"]);
        assert!(context.marks().is_empty() && context.marks().rule_marks().is_none());
    }
}
