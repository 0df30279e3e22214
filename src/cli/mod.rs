//! The other front: the reader without a screen, and the way to the one with it.

mod appearance;
mod check;
mod completions;
mod config;
mod context;
mod error;
mod help_text;
mod insights;
mod list;
mod logging;
mod man;
mod mark;
mod marks;
mod open;
mod output;
mod progress;
mod query_diagnostics;
mod screen;
mod show;
mod topics;
mod user_files;

use std::cell::RefCell;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::{CommandFactory, Parser, Subcommand};

pub use screen::text as screen_text;

use crate::child_process;
use crate::dates::{self, Date};
use crate::feed::clean;
use crate::library::Library;
use crate::query::{Query, nearest};
use crate::terminal::{self, ReadUserConfig, ReaderFiles, bookmark_file, guardian};
use context::{Context, GlobalArgs, library_error};
use error::{CliError, Exit};
use output::{print_error, print_notice};

/// A terminal reader for folders of Markdown articles.
///
/// Without a command it opens the reader; ? there shows its keys. The commands are the reader without a screen: data goes to
/// stdout, words go to stderr. Article files are never written to.
///
/// Which library is read: the folders and files that are named, else those of $FRONTPAGE_LIBRARY, else `library:` in the
/// settings, else the data folder if it holds anything, else the built-in feed.
#[derive(Debug, Parser)]
#[command(name = "frontpage", version, after_help = help_text::MORE, after_long_help = help_text::long())]
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
    /// Begin at the top, not where you were
    #[arg(long)]
    fresh: bool,
    /// Leave the mouse to the terminal
    #[arg(long)]
    no_mouse: bool,
    /// Tell what happens: on stderr, or for the reader in frontpage.log beside its state
    #[arg(short, long, global = true)]
    verbose: bool,
    #[command(flatten)]
    appearance: appearance::AppearanceArgs,
    /// The present time, for tests
    #[arg(long, value_name = "DATE", value_parser = parse_now, hide = true, global = true)]
    now: Option<Date>,
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
    /// List topics, or providers, with counts, largest first
    Topics(topics::TopicsArgs),
    /// Count the articles that a query finds: over time, by topic, by provider, by when they were read
    Insights(insights::InsightsArgs),
    /// Mark every article that a query finds
    Mark(mark::MarkArgs),
    /// Take marks out, or in from another reader
    #[command(subcommand)]
    Marks(marks::MarksCommand),
    /// Tell what became of every file, and what is wrong with it
    Check(check::CheckArgs),
    /// Draw one screen of the reader without a terminal
    Screen(screen::ScreenArgs),
    /// Tell where settings come from
    Config(config::ConfigArgs),
    /// Print the script by which a shell completes what is typed
    Completions(completions::CompletionsArgs),
    /// Print the manual page, of the program and all its commands
    #[command(after_help = help_text::examples(MAN_EXAMPLES))]
    Man,
}

const MAN_EXAMPLES: &str = "\
frontpage man | man -l -
frontpage man > ~/.local/share/man/man1/frontpage.1";

/// What tells of the program itself needs neither settings nor a library. None for all else.
fn run_without_library(command: &Command) -> Option<Result<Exit, CliError>> {
    match command {
        Command::Completions(args) => Some(completions::run(args, Args::command())),
        Command::Man => Some(man::run(Args::command())),
        _ => None,
    }
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    match words.next() {
        Some(word) if word == guardian::ARGUMENT => {
            guardian::run();
            return ExitCode::SUCCESS;
        }
        Some(word) if word == child_process::APART => return child_process::become_apart(words),
        _ => child_process::can_stand_apart(),
    }
    terminal::survive_large_files();
    let args = match Args::try_parse_from(exclusions_with_bang(std::env::args_os())) {
        Ok(args) => args,
        Err(error) => return print_usage(&error),
    };
    if let (None, Some(path)) = (&args.command, args.paths.first())
        && !args.paths.iter().any(|path| path.exists())
        && let Some(name) = nearest_command(path.as_os_str())
    {
        let error = CliError::new(&format!("there is no folder, file or command {}", clean::path(path)));
        return exit_code(Err(error.hint(&format!("did you mean `frontpage {name}`?"))));
    }
    if let Some(ended) = args.command.as_ref().and_then(run_without_library) {
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
                    print_notice(clean::plain_line(&format!("no log: {}: {error}", clean::path(folder))));
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
                Command::Screen(args) => screen::run(args, &context),
                Command::Config(args) => config::run(args, &context),
                Command::Completions(_) | Command::Man => Ok(Exit::Success), // said already
            }
        }
    };
    exit_code(ended)
}

/// Reads a present time: also one of a year that no article has.
fn parse_now(text: &str) -> Result<Date, dates::Unread> {
    text.parse::<DateTime<Utc>>().map(Date::from).or_else(|_| dates::read(text.as_bytes()))
}

/// The command that was probably meant by a word that names no file.
fn nearest_command(word: &OsStr) -> Option<String> {
    let word = word.to_str().filter(|word| !word.contains('/') && std::fs::symlink_metadata(word).is_err())?;
    let command = Args::command();
    nearest(word, command.get_subcommands().map(clap::Command::get_name)).map(str::to_owned)
}

/// The exit code of what came of it; an error is said.
fn exit_code(ended: Result<Exit, CliError>) -> ExitCode {
    ended
        .unwrap_or_else(|error| {
            print_error(&error);
            Exit::Failure
        })
        .into()
}

/// Words of a query that exclude something, `-topic:ai`, look like options. `!` means the same in a query and looks like
/// none. What follows `--sort` stays, since `-heat` is an order.
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

/// Wrong arguments, or `--help` and `--version`, which are none. Their text may quote what was typed, hence is cleaned.
fn print_usage(error: &clap::Error) -> ExitCode {
    use std::io::Write;
    let text = clean::text(&error.render().to_string());
    // An option of a command whose name is misspelt is unknown.
    let first = std::env::args_os().skip(1).find(|word| !word.as_encoded_bytes().starts_with(b"-"));
    let meant = first.filter(|_| error.kind() == clap::error::ErrorKind::UnknownArgument);
    let meant = meant.and_then(|word| nearest_command(&word));
    let tip = meant.map(|name| format!("\n  did you mean `frontpage {name}`?\n")).unwrap_or_default();
    // A closed pipe is no failure, and there is nobody to tell of another one.
    let _ = match error.use_stderr() {
        true => write!(std::io::stderr(), "{text}{tip}"),
        false => write!(std::io::stdout(), "{text}"),
    };
    if error.use_stderr() { Exit::Failure.into() } else { Exit::Success.into() }
}

/// Reads the user's files again, for a reader that runs with what they said before.
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

/// The reader on the terminal.
fn run_reader(context: &Context, args: &Args) -> Result<Exit, CliError> {
    context.library.check().map_err(library_error)?;
    let mut init = context.session_init();
    let bookmark = context.bookmark_file();
    init.notes_arrivals = context.library != Library::BuiltIn;
    init.is_first_visit = bookmark.as_deref().is_some_and(|file| !file.exists());
    init.colours = appearance::colours_of_terminal();
    let known = bookmark.as_deref().and_then(bookmark_file::read);
    // A fresh start is one of the place, not of the looks.
    init.picked = known.as_ref().and_then(|known| known.theme.clone());
    if !args.fresh
        && let Some(known) = known
        && let Ok(query) = Query::parse_with(&known.query, &context.user.saved)
    {
        (init.query, init.bookmark) = (query, Some(known));
    }
    let files = ReaderFiles {
        library: context.library.clone(),
        settings: context.files.config_file.clone(),
        searches: context.files.searches_file(),
        read_user_config: config_reloader(context),
        marks: context.marks_to_write(),
        bookmark,
        snapshots: context.snapshots.clone(),
    };
    match terminal::run(init, context.keymap.clone(), files, context.fixed_now) {
        Ok(None) => Ok(Exit::Success),
        Ok(Some(why)) => Err(CliError::new(&format!("marks could not be kept: {why}"))),
        Err(error) => Err(CliError::new(&error.to_string())),
    }
}
