//! The command line: parses arguments, runs commands, and starts the terminal reader.

#[cfg(feature = "sync")]
mod account;
mod appearance;
mod check;
mod completions;
mod config;
mod context;
#[cfg(feature = "sync")]
mod download;
mod elfeed_index;
mod error;
#[cfg(feature = "sync")]
mod fetch;
#[cfg(all(feature = "pictures", feature = "sync"))]
mod fetch_picture;
mod help_text;
mod imported_marks;
mod insights;
mod list;
#[cfg(feature = "sync")]
mod list_opml;
mod logging;
mod man;
mod mark;
mod marks;
mod moving_picture;
#[cfg(feature = "sync")]
mod new_articles;
mod open;
mod output;
mod output_file;
#[cfg(feature = "pictures")]
mod picture_process;
#[cfg(feature = "sync")]
mod preview;
#[cfg(feature = "sync")]
mod preview_address;
mod progress;
mod query_diagnostics;
mod screen_cells;
mod screen_script;
mod screen_svg;
mod screenshot;
mod show;
mod show_links;
#[cfg(feature = "sync")]
mod subscribe;
#[cfg(feature = "sync")]
mod subscription_lookup;
#[cfg(feature = "sync")]
mod subscription_rows;
#[cfg(feature = "sync")]
mod subscriptions;
#[cfg(feature = "sync")]
mod sync;
#[cfg(feature = "sync")]
mod sync_accounts;
#[cfg(feature = "sync")]
mod sync_setup;
#[cfg(feature = "sync")]
mod sync_workers;
mod topics;
#[cfg(feature = "sync")]
mod unsubscribe;
mod user_files;

use std::cell::RefCell;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory, Parser, Subcommand};

#[cfg(feature = "sync")]
pub use preview::json as preview_json;
pub use screen_cells::text as screen_text;

use crate::dates::{self, Date};
use crate::external_program;
use crate::external_program::supervisor;
use crate::feed::clean;
use crate::file_system::RealFileSystem;
use crate::library::Library;
#[cfg(feature = "pictures")]
use crate::picture;
use crate::query::{Query, nearest_name};
use crate::subscriptions::{Account, FetchRecords, HookProblem, SubscriptionsFile, read_hook_problems, read_records};
use crate::terminal::{self, ReadUserConfig, SyncOptions, TerminalOptions, guardian};
use context::{Context, GlobalArgs, full_texts_folder, library_error};
use error::{CliError, Exit};
use output::{print_error, print_notice};

/// A terminal reader for feeds and for folders of Markdown articles.
///
/// Without a command it opens the terminal reader; ? there shows the keys. Commands work without a screen: data goes to stdout,
/// messages go to stderr. Article files are never changed, except by `sync` those that it wrote.
///
/// The library is the folders and files named on the command line, else those in $FRONTPAGE_LIBRARY, else `library:` in the
/// settings, with the articles of subscriptions; else the data folder if it has articles; else the built-in feed.
#[derive(Debug, Parser)]
#[command(name = "frontpage", version, after_help = help_text::MORE, after_long_help = help_text::long())]
pub struct Args {
    /// Folders and files to read as one feed
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Folder or file to read; works with every command
    #[arg(short = 'L', long = "library", value_name = "PATH", global = true, help_heading = appearance::EVERY_COMMAND)]
    library: Vec<PathBuf>,
    /// Settings file to use
    #[arg(long, value_name = "FILE", global = true, help_heading = appearance::EVERY_COMMAND)]
    config: Option<PathBuf>,
    /// Start at the top of the list instead of where you left off
    #[arg(long)]
    fresh: bool,
    /// Leave the mouse to the terminal
    #[arg(long)]
    no_mouse: bool,
    /// Log what happens: commands to stderr, the terminal reader to frontpage.log in the state folder
    #[arg(short, long, global = true, help_heading = appearance::EVERY_COMMAND)]
    verbose: bool,
    #[command(flatten)]
    appearance: appearance::AppearanceArgs,
    /// Use this as the current time; for tests
    #[arg(long, value_name = "DATE", value_parser = parse_now, hide = true, global = true)]
    now: Option<Date>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the articles that a query finds
    List(list::ListArgs),
    /// Show articles
    Show(show::ShowArgs),
    /// Open the original of an article in the browser
    Open(open::OpenArgs),
    /// List topics or providers with their counts, largest first
    Topics(topics::TopicsArgs),
    /// Count the articles that a query finds, over time and by topic, provider and reading date
    Insights(insights::InsightsArgs),
    /// Mark every article that a query finds
    Mark(mark::MarkArgs),
    /// Export marks, or import them from another program
    #[command(subcommand)]
    Marks(marks::MarksCommand),
    /// Check every file and report what is wrong with it
    Check(check::CheckArgs),
    /// Fetch what is due of the subscriptions
    #[cfg(feature = "sync")]
    Sync(sync::SyncArgs),
    /// Follow a site: finds its channel, adds it to subscriptions.yaml and reads it
    #[cfg(feature = "sync")]
    Subscribe(subscribe::SubscribeArgs),
    /// Show what would be read from a channel (RSS, Atom, JSON Feed); writes nothing
    #[cfg(feature = "sync")]
    Preview(preview::PreviewArgs),
    /// Download the sound, film or other file of an article
    #[cfg(feature = "sync")]
    Download(download::DownloadArgs),
    /// Fetch the full text of an article from its site, or forget it
    #[cfg(feature = "sync")]
    Fetch(fetch::FetchArgs),
    /// List subscriptions with their health, import and export them
    #[cfg(feature = "sync")]
    Subscriptions(subscriptions::SubscriptionsArgs),
    /// Add, list and remove accounts at reader services (FreshRSS, Miniflux, Fever)
    #[cfg(feature = "sync")]
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// Remove a subscription; its articles stay
    #[cfg(feature = "sync")]
    Unsubscribe(unsubscribe::UnsubscribeArgs),
    /// Draw one screen of the terminal reader, without a terminal
    Screen(screenshot::ScreenArgs),
    /// Show which settings and library are used, and where they come from
    Config(config::ConfigArgs),
    /// Print the completion script for a shell
    Completions(completions::CompletionsArgs),
    /// Print the manual page of the program and its commands
    #[command(after_help = help_text::examples(MAN_EXAMPLES))]
    Man,
}

const MAN_EXAMPLES: &str = "\
frontpage man | man -l -
frontpage man > ~/.local/share/man/man1/frontpage.1";

/// Runs a command that needs neither settings nor a library. None for other commands.
fn run_without_library(args: &Args) -> Option<Result<Exit, CliError>> {
    match args.command.as_ref()? {
        Command::Completions(args) => Some(completions::run(args, Args::command())),
        Command::Man => Some(man::run(Args::command())),
        #[cfg(feature = "sync")]
        Command::Preview(preview) => Some(preview::run(preview, args.appearance.symbols())),
        _ => None,
    }
}

/// Runs the program with the arguments of this process.
pub fn main() -> ExitCode {
    // First, because frontpage starts itself with these arguments, which clap does not know.
    let mut words = std::env::args_os().skip(1);
    match words.next() {
        Some(word) if word == guardian::ARGUMENT => {
            guardian::run();
            return ExitCode::SUCCESS;
        }
        Some(word) if word == external_program::NEW_SESSION_FLAG => {
            return external_program::exec_in_new_session(words);
        }
        Some(word) if word == supervisor::SUPERVISOR_FLAG => {
            return supervisor::run(words);
        }
        #[cfg(feature = "pictures")]
        Some(word) if word == picture::service::ARGUMENT => return picture_process::run(),
        #[cfg(feature = "sync")]
        Some(word) if word == "sync" => {
            if let Some(ended) = sync_workers::run(words) {
                return ended;
            }
            external_program::enable_new_sessions();
        }
        _ => external_program::enable_new_sessions(),
    }
    // A write beyond `ulimit -f` must fail like a full disk instead of ending the process.
    terminal::ignore_sigxfsz();
    let args = match Args::try_parse_from(exclusions_with_bang(std::env::args_os())) {
        Ok(args) => args,
        Err(error) => return print_usage(&without_hidden_options(error)),
    };
    // clap takes a misspelt command for a path of the library.
    if let (None, Some(path)) = (&args.command, args.paths.first())
        && !args.paths.iter().any(|path| path.exists())
        && let Some(name) = nearest_command(path.as_os_str())
    {
        let error = CliError::new(&format!("no such folder, file or command: {}", clean::path(path)));
        return exit_code(Err(error.hint(&format!("did you mean `frontpage {name}`?"))));
    }
    if let Some(ended) = run_without_library(&args) {
        return exit_code(ended);
    }
    let paths = args.paths.iter().chain(&args.library).cloned().collect();
    let global_args = GlobalArgs {
        paths,
        config: args.config.clone(),
        appearance: args.appearance.clone(),
        no_mouse: args.no_mouse,
        now: args.now,
    };
    let context = match Context::new(&global_args) {
        Ok(context) => context,
        Err(error) => {
            print_error(&error);
            return Exit::Failure.into();
        }
    };
    if args.verbose {
        match (&args.command, &context.state_folder) {
            (None, Some(folder)) => {
                if let Err(error) = logging::to_file(folder) {
                    print_notice(clean::plain_line(&format!(
                        "cannot write the log in {}: {error}",
                        clean::path(folder)
                    )));
                }
            }
            (None, None) => {}
            (Some(_), _) => logging::to_stderr(),
        }
    }
    let ended = match &args.command {
        None => run_reader(&context, &args),
        Some(command) => {
            for problem in &context.user.problems {
                print_notice(problem.one_line());
            }
            match command {
                Command::List(args) => list::run(args, &context),
                Command::Show(args) => show::run(args, &context),
                Command::Open(args) => open::run(args, &context),
                Command::Topics(args) => topics::run(args, &context),
                Command::Insights(args) => insights::run(args, &context),
                Command::Mark(args) => mark::run(args, &context),
                Command::Marks(command) => marks::run(command, &context),
                Command::Check(args) => check::run(args, &context),
                Command::Screen(args) => screenshot::run(args, &context),
                Command::Config(args) => config::run(args, &context),
                #[cfg(feature = "sync")]
                Command::Subscriptions(args) => subscriptions::run(args, &context),
                #[cfg(feature = "sync")]
                Command::Unsubscribe(args) => unsubscribe::run(args, &context),
                #[cfg(feature = "sync")]
                Command::Account(command) => account::run(command, &context),
                #[cfg(feature = "sync")]
                Command::Sync(args) => sync::run(args, &context),
                #[cfg(feature = "sync")]
                Command::Subscribe(args) => subscribe::run(args, &context),
                #[cfg(feature = "sync")]
                Command::Download(args) => download::run(args, &context),
                #[cfg(feature = "sync")]
                Command::Fetch(args) => fetch::run(args, &context),
                // These ran above.
                Command::Completions(_) | Command::Man => Ok(Exit::Success),
                #[cfg(feature = "sync")]
                Command::Preview(_) => Ok(Exit::Success),
            }
        }
    };
    exit_code(ended)
}

/// Parses the value of `--now`: RFC 3339 of any year, or any date that an article may have.
fn parse_now(text: &str) -> Result<Date, dates::DateError> {
    text.parse::<DateTime<Utc>>().map(Date::from).or_else(|_| dates::read(text.as_bytes()))
}

/// The command whose name is closest to a word. None if a file of that name exists.
fn nearest_command(word: &OsStr) -> Option<String> {
    let word = word.to_str().filter(|word| !word.contains('/') && std::fs::symlink_metadata(word).is_err())?;
    let command = Args::command();
    let nearest = nearest_name(word, command.get_subcommands().map(clap::Command::get_name));
    nearest.filter(|name| *name != word).map(str::to_owned)
}

/// The exit code for a result; prints the error if there is one.
fn exit_code(ended: Result<Exit, CliError>) -> ExitCode {
    ended
        .unwrap_or_else(|error| {
            print_error(&error);
            Exit::Failure
        })
        .into()
}

/// Replaces the `-` of arguments such as `-topic:ai` with `!`.
///
/// In a query both exclude, but clap takes `-topic:ai` for an option. The argument after `--sort` stays, because `-heat` is an
/// order.
fn exclusions_with_bang(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut seen: Vec<OsString> = Vec::new();
    for argument in arguments {
        let text = argument.to_str().unwrap_or_default();
        let excludes = text.len() > 2 && text.starts_with('-') && !text.starts_with("--") && !text.starts_with("-L");
        let is_order = seen.last().is_some_and(|before| before == "--sort");
        let word = if excludes && !is_order { OsString::from(format!("!{}", &text[1..])) } else { argument };
        seen.push(word);
    }
    seen
}

/// Prints the output of clap: wrong arguments to stderr, `--help` and `--version` to stdout.
///
/// The text may quote what was typed, so control characters are removed from it.
/// An error that names no hidden option as a way to say what is missing.
fn without_hidden_options(mut error: clap::Error) -> clap::Error {
    if let Some(ContextValue::Strings(missing)) = error.get(ContextKind::InvalidArg) {
        // All alternatives of an argument are for the reader only.
        let first =
            |one: &String| one.split_once("|--").map_or_else(|| one.clone(), |(first, _)| format!("{first}>..."));
        let named = ContextValue::Strings(missing.iter().map(first).collect());
        error.insert(ContextKind::InvalidArg, named);
    }
    error
}

fn print_usage(error: &clap::Error) -> ExitCode {
    use std::io::Write;
    let text = clean::text(&error.render().to_string());
    // With a misspelt command clap complains about the options of it, not about its name.
    let first = std::env::args_os().skip(1).find(|word| !word.as_encoded_bytes().starts_with(b"-"));
    let meant = first.filter(|_| error.kind() == clap::error::ErrorKind::UnknownArgument);
    let meant = meant.and_then(|word| nearest_command(&word));
    let tip = meant.map(|name| format!("\n  did you mean `frontpage {name}`?\n")).unwrap_or_default();
    // A closed pipe is success, and there is nowhere left to report another failure.
    let _ = match error.use_stderr() {
        true => write!(std::io::stderr(), "{text}{tip}"),
        false => write!(std::io::stdout(), "{text}"),
    };
    if error.use_stderr() { Exit::Failure.into() } else { Exit::Success.into() }
}

/// A function that reads the settings and saved searches again while the terminal reader runs. Files that cannot be read
/// leave the settings as they were.
fn config_reloader(context: &Context) -> ReadUserConfig {
    let (running, files) = (RefCell::new((context.user.clone(), context.keymap.clone())), context.files.clone());
    Box::new(move || {
        let mut running = running.borrow_mut();
        if let Ok(read) = files.read(Some(&running)) {
            *running = read;
        }
        running.clone()
    })
}

/// How the reader fetches subscriptions: with this program and the options of its own command line.
fn sync_options(context: &Context) -> SyncOptions {
    let own = external_program::own_executable().ok().and_then(|path| path.into_os_string().into_string().ok());
    let mut program = vec![own.unwrap_or_else(|| "frontpage".to_owned())];
    if context.files.is_named {
        program.extend(["--config".to_owned(), context.files.config_file.to_string_lossy().into_owned()]);
    }
    if let Some(now) = context.fixed_now {
        program.extend(["--now".to_owned(), now.to_rfc3339()]);
    }
    let folder = context.state_folder.as_ref().map(|folder| folder.join("sync"));
    let read_records = move |file: &SubscriptionsFile| match &folder {
        Some(folder) => {
            let accounts = || file.accounts.iter().map(|listed| &listed.account);
            let keys = file.subscriptions.iter().map(|listed| listed.key).chain(accounts().map(Account::key));
            let mut read = read_records(folder, keys, &RealFileSystem);
            #[cfg(feature = "sync")]
            read.feeds.extend(accounts().map(|account| {
                (account.key(), crate::sync::accounts::shown_feeds(account, file, folder, &RealFileSystem))
            }));
            read.problems.extend(read_hook_problems(folder, &RealFileSystem).iter().map(HookProblem::to_problem));
            read
        }
        None => FetchRecords::default(),
    };
    SyncOptions { program, read_records: Arc::new(read_records) }
}

/// Runs the terminal reader.
fn run_reader(context: &Context, args: &Args) -> Result<Exit, CliError> {
    context.library.check().map_err(library_error)?;
    let mut init = context.session_init();
    let bookmark = context.bookmark_file();
    init.records_arrivals = context.library != Library::BuiltIn;
    init.is_first_visit = bookmark.as_deref().is_some_and(|file| !file.exists());
    init.opens_welcome =
        context.library == Library::BuiltIn && init.is_first_visit && !context.user.has_subscriptions();
    init.importable = context.importable();
    init.colours = appearance::colours_of_terminal();
    let known = context.bookmark();
    // `--fresh` forgets the position in the list, not the theme.
    init.picked = known.as_ref().and_then(|known| known.theme.clone());
    if !args.fresh
        && let Some(known) = known
        && let Ok(query) = Query::parse_with(&known.query, &context.user.saved)
    {
        (init.query, init.bookmark) = (query, Some(known));
    }
    let options = TerminalOptions {
        library: context.library.clone(),
        settings: context.files.config_file.clone(),
        searches: context.files.searches_file(),
        subscription_articles: context.subscription_articles.clone(),
        read_user_config: config_reloader(context),
        marks: context.marks_to_write(),
        bookmark,
        snapshots: context.snapshots.clone(),
        full_texts: full_texts_folder(),
        sync: sync_options(context),
    };
    match terminal::run(init, context.keymap.clone(), options, context.fixed_now) {
        Ok(None) => Ok(Exit::Success),
        Ok(Some(why)) => Err(CliError::new(&format!("marks not saved: {why}"))),
        Err(error) => Err(CliError::new(&error.to_string())),
    }
}
