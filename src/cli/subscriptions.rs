//! `frontpage subscriptions`: lists what the user follows, imports and exports lists, and moves a subscription to another address.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use url::Url;

use super::context::{Context, exit_after};
use super::error::{CliError, Exit};
use super::help_text;
use super::output::{Output, OutputError, print_notice};
use super::subscription_lookup::{KnownSubscriptions, usable};
use super::subscription_rows::{self, SubscriptionsFormat};
use crate::config::saved_searches_file;
use crate::feed::{SafeText, UntrustedText, clean};
use crate::file_system::atomic_write;
use crate::library::io_error_text;
use crate::query::Query;
use crate::subscriptions::edit::{self, EditError};
use crate::subscriptions::{Imported, ListedSubscription, Subscription, import, opml, without_secrets};
use crate::text::counted;

/// Refused entries and the like that are listed one by one.
const MAX_LISTED: usize = 20;

const EXAMPLES: &str = "\
frontpage subscriptions                            each with its articles, last and next fetch
frontpage subscriptions import ~/.newsboat/urls    OPML, newsboat's urls, or a list of addresses
frontpage subscriptions export feeds.opml
frontpage subscriptions move old.example/feed https://new.example/feed
frontpage subscriptions --format json | jq '.[] | select(.problem)'";

const IMPORT_EXAMPLES: &str = "\
frontpage subscriptions import ~/.newsboat/urls --dry-run    what would be added
frontpage subscriptions import feeds.opml";

const EXPORT_EXAMPLES: &str = "\
frontpage subscriptions export feeds.opml
frontpage subscriptions export | grep xmlUrl";

const MOVE_EXAMPLES: &str = "\
frontpage subscriptions move rust https://blog.rust-lang.org/feed.xml";

const IMPORT_HELP: &str = "\
FILE is OPML, the file `urls` of newsboat, or a text with an address in each line; its content tells
which. - reads the standard input. Folders, tags and categories become topics. Query feeds of newsboat
become saved searches. Nothing is fetched before the next sync.

Refused are programs (exec:, filter:), files, addresses on a private network, and addresses with a
user name: add those by hand.";

const EXPORT_HELP: &str = "\
The file is OPML 2.0, which every feed reader can import. It has the whole addresses: if they contain
passwords or tokens, do not share it.";

/// Arguments of `subscriptions`.
#[derive(Debug, clap::Args)]
#[command(after_help = help_text::examples(EXAMPLES), args_conflicts_with_subcommands = true)]
pub struct SubscriptionsArgs {
    /// Output format
    #[arg(long, value_enum, default_value = "table")]
    format: SubscriptionsFormat,
    #[command(subcommand)]
    command: Option<SubscriptionsCommand>,
}

/// Subcommands of `subscriptions`.
#[derive(Debug, Subcommand)]
pub enum SubscriptionsCommand {
    /// Add the subscriptions of another program
    #[command(after_help = format!("{}\n\n{IMPORT_HELP}", help_text::examples(IMPORT_EXAMPLES)))]
    Import {
        /// List to read; standard input if -
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Print what would be imported, and change nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Write the subscriptions as OPML
    #[command(after_help = format!("{}\n\n{EXPORT_HELP}", help_text::examples(EXPORT_EXAMPLES)))]
    Export {
        /// File to write, which must not exist yet; standard output if omitted
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Give a subscription a new address; its articles and marks stay
    #[command(after_help = help_text::examples(MOVE_EXAMPLES))]
    Move {
        /// Title, address, folder or host, or a part of one
        #[arg(value_name = "OLD")]
        old: String,
        /// The new address
        #[arg(value_name = "NEW")]
        new: String,
    },
}

/// Runs the command.
pub fn run(args: &SubscriptionsArgs, context: &Context) -> Result<Exit, CliError> {
    match &args.command {
        None => subscription_rows::list(args.format, context),
        Some(SubscriptionsCommand::Import { file, dry_run }) => import_list(file, *dry_run, context),
        Some(SubscriptionsCommand::Export { file }) => export(file.as_deref(), context),
        Some(SubscriptionsCommand::Move { old, new }) => move_to(old, new, context),
    }
}

/// An error of changing the file.
pub fn not_changed(error: &EditError) -> CliError {
    CliError::new(&error.to_string())
}

fn import_list(file: &Path, is_dry: bool, context: &Context) -> Result<Exit, CliError> {
    let listed = usable(context)?;
    let bytes = read_list(file)?;
    let imported = import(&bytes).map_err(|error| CliError::new(&format!("{}: {error}", shown_file(file))))?;
    let known = &context.user.subscriptions;
    let known = edit::canonical_addresses(known);
    let is_known =
        |one: &&Subscription| edit::canonical_of(&one.address).is_some_and(|address| known.contains(&address));
    let (there, new): (Vec<&Subscription>, Vec<&Subscription>) = imported.subscriptions.iter().partition(is_known);
    let room = crate::subscriptions::MAX_SUBSCRIPTIONS.saturating_sub(listed.len());
    let new: Vec<Subscription> = new.into_iter().take(room).cloned().collect();
    let mut out = Output::new();
    for one in &new {
        let title = if one.title.is_empty() { String::new() } else { format!("  {}", one.title) };
        let line = format!("{}{title}", without_secrets(one.address.untrusted()));
        ended(out.line(clean::text(&line)))?;
    }
    let failed_searches = import_searches(&imported, is_dry, context);
    if !is_dry {
        edit::add(&context.files.subscriptions_file(), &new).map_err(|error| not_changed(&error))?;
    }
    print_details(&imported);
    let verb = if is_dry { "would add" } else { "added" };
    let mut summary = format!("{verb} {}", counted(new.len(), "subscription"));
    let searches = imported.saved_searches.len().saturating_sub(failed_searches);
    for (number, what) in [
        (searches, if is_dry { "searches would be saved" } else { "searches saved" }),
        (there.len(), "already in subscriptions.yaml"),
        (imported.duplicates.len(), "listed twice"),
        (imported.refused.len(), "refused"),
        (imported.left_out, "left out"),
    ] {
        if number > 0 {
            summary += &format!("; {number} {what}");
        }
    }
    print_notice(clean::plain_line(&summary));
    let is_whole = imported.refused.is_empty() && imported.left_out == 0 && failed_searches == 0;
    exit_after(out.finish(), if is_whole { Exit::Success } else { Exit::NothingOrProblems })
}

/// Ignores a closed pipe, which must not keep a command from its work.
fn ended(printed: Result<(), OutputError>) -> Result<(), CliError> {
    match printed {
        Err(OutputError::Failed(error)) => Err(CliError::new(&format!("cannot write the output: {error}"))),
        Ok(()) | Err(OutputError::Closed) => Ok(()),
    }
}

/// Saves the query feeds. Returns the number of those that could not be saved.
fn import_searches(imported: &Imported, is_dry: bool, context: &Context) -> usize {
    let mut failed = 0;
    for search in &imported.saved_searches {
        let name = clean::quote(&search.name);
        let problem = match context.user.saved.get(&search.name) {
            Some(query) if query == search.query => continue,
            Some(_) => Some("a saved search with another query has this name".to_owned()),
            None => match Query::parse_with(&search.query, &context.user.saved) {
                Err(error) => Some(error.to_string()),
                Ok(_) if is_dry => None,
                Ok(_) => saved_searches_file::save(&context.files.searches_file(), &search.name, &search.query)
                    .err()
                    .map(|error| error.to_string()),
            },
        };
        if let Some(problem) = problem {
            failed += 1;
            print_notice(clean::plain_line(&format!(
                "line {}: the search `{name}` is not saved: {problem}",
                search.line
            )));
        }
    }
    failed
}

fn print_details(imported: &Imported) {
    let refused = imported.refused.iter().map(|one| {
        let what = if one.what.is_empty() { String::new() } else { format!("{}: ", one.what) };
        format!("line {}: {what}{}", one.line, one.why)
    });
    let duplicates = imported
        .duplicates
        .iter()
        .map(|one| format!("line {}: {} is in line {} already", one.line, one.address, one.first_line));
    let notes = imported.notes.iter().map(|note| format!("line {}: {}", note.line, note.what));
    for (lines, what) in [
        (refused.collect::<Vec<_>>(), "refused entries"),
        (duplicates.collect(), "entries that are listed twice"),
        (notes.collect(), "notes"),
    ] {
        for line in lines.iter().take(MAX_LISTED) {
            print_notice(clean::plain_line(line));
        }
        if lines.len() > MAX_LISTED {
            print_notice(clean::plain_line(&format!("and {} more {what}", lines.len() - MAX_LISTED)));
        }
    }
}

fn shown_file(file: &Path) -> SafeText {
    if file == Path::new("-") { "the standard input".into() } else { clean::path(file) }
}

fn read_list(file: &Path) -> Result<Vec<u8>, CliError> {
    // One byte more than allowed reveals a larger list.
    let most = import::MAX_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    let read = match file == Path::new("-") {
        true => std::io::stdin().take(most).read_to_end(&mut bytes),
        false => std::fs::File::open(file).and_then(|file| file.take(most).read_to_end(&mut bytes)),
    };
    let failed = |error| CliError::new(&format!("cannot read {}: {}", shown_file(file), io_error_text(&error)));
    read.map(|_| bytes).map_err(failed)
}

fn export(file: Option<&Path>, context: &Context) -> Result<Exit, CliError> {
    let KnownSubscriptions { listed, records } = KnownSubscriptions::read(context)?;
    let subscriptions: Vec<Subscription> = listed.iter().map(|listed| listed.subscription.clone()).collect();
    let text = opml::write(&subscriptions, &records.records, context.now);
    let secret = subscriptions.iter().filter(|one| has_secret(&one.address)).count();
    match file {
        None => {
            let mut out = Output::new();
            // The addresses are escaped for XML, and titles are cleaned.
            ended(out.raw(clean::text(&text).as_str()))?;
            ended(out.raw("\n"))?;
            ended(out.finish())?;
        }
        Some(file) => {
            write_new(file, &text).map_err(|error| {
                let failed = CliError::new(&format!("cannot write {}: {}", clean::path(file), io_error_text(&error)));
                match error.kind() {
                    std::io::ErrorKind::AlreadyExists => failed.hint("name a file that does not exist yet"),
                    _ => failed,
                }
            })?;
            let what = counted(subscriptions.len(), "subscription");
            print_notice(clean::plain_line(&format!("exported {what} to {}", clean::path(file))));
        }
    }
    if secret > 0 {
        let what = if secret == 1 { "address contains".to_owned() } else { "addresses contain".to_owned() };
        print_notice(clean::plain_line(&format!(
            "{secret} {what} a password or a query, which may be secret: do not share the list"
        )));
    }
    Ok(Exit::Success)
}

/// Writes a file that does not exist yet, readable by its owner only. It appears whole.
fn write_new(file: &Path, text: &str) -> std::io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut new = atomic_write::temporary_in(folder)?;
    new.write_all(text.as_bytes())?;
    atomic_write::place(new, file, false)
}

/// True if an address has what is never shown: a user, a password or a query.
pub fn has_secret(address: &UntrustedText) -> bool {
    let url = Url::parse(address.untrusted().trim());
    url.is_ok_and(|url| !url.username().is_empty() || url.password().is_some() || url.query().is_some())
}

fn move_to(old: &str, new: &str, context: &Context) -> Result<Exit, CliError> {
    let known = KnownSubscriptions::read(context)?;
    let listed = known.find(old)?;
    let subscription = &listed.subscription;
    let address = UntrustedText::new(new);
    let is_same = |one: &ListedSubscription| one.key == subscription.key();
    let mut others = (*context.user.subscriptions).clone();
    others.subscriptions.retain(|one| !is_same(one));
    if edit::lists(&others, &address) {
        let shown = without_secrets(new);
        return Err(CliError::new(&format!("{shown} is in subscriptions.yaml already"))
            .hint("unsubscribe from one of them; its files stay"));
    }
    if !matches!(Url::parse(new.trim()), Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host()) {
        let shown = without_secrets(new);
        return Err(CliError::new(&format!("`{shown}` is not an address")).hint("write it with https://"));
    }
    let file = context.files.subscriptions_file();
    edit::move_to(&file, subscription.key(), &address).map_err(|error| not_changed(&error))?;
    let title = known.title(subscription);
    print_notice(clean::plain_line(&format!("moved `{title}` to {}", without_secrets(new))));
    Ok(Exit::Success)
}
