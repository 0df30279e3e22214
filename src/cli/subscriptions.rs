//! `frontpage subscriptions`: lists what the user follows, imports and exports lists, and moves a subscription to another address.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use clap::{Subcommand, ValueEnum};
use serde_json::{Value, json};
use url::Url;

use super::context::{Context, exit_after};
use super::error::{CliError, Exit};
use super::help_text;
use super::output::{Output, OutputError, print_notice};
use super::subscription_lookup::{KnownSubscriptions, usable};
use crate::config::saved_searches_file;
use crate::export::rfc3339;
use crate::feed::{SafeText, UntrustedText, clean};
use crate::file_system::atomic_write;
use crate::library::io_error_text;
use crate::query::Query;
use crate::subscriptions::edit::{self, EditError};
use crate::subscriptions::{
    ArticleCounts, FetchRecord, Imported, ListedSubscription, Stopped, SubscribedArticles, Subscription, import, opml,
    without_secrets,
};
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

/// Output formats of `subscriptions`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SubscriptionsFormat {
    /// A line for each subscription, and its problem below.
    Table,
    /// One array with everything.
    Json,
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
        None => list(args.format, context),
        Some(SubscriptionsCommand::Import { file, dry_run }) => import_list(file, *dry_run, context),
        Some(SubscriptionsCommand::Export { file }) => export(file.as_deref(), context),
        Some(SubscriptionsCommand::Move { old, new }) => move_to(old, new, context),
    }
}

/// An error of changing the file.
pub fn not_changed(error: &EditError) -> CliError {
    CliError::new(&error.to_string())
}

fn list(format: SubscriptionsFormat, context: &Context) -> Result<Exit, CliError> {
    let known = KnownSubscriptions::read(context)?;
    for problem in &known.records.problems {
        print_notice(problem.one_line());
    }
    if known.listed.is_empty() && format == SubscriptionsFormat::Table {
        print_notice(clean::plain_line("no subscriptions: frontpage subscribe URL adds one"));
        return Ok(Exit::NothingOrProblems);
    }
    // Without articles, the built-in feed would be counted.
    let loaded = if known.listed.is_empty() { None } else { Some(context.load_quietly(false)?) };
    let articles = loaded.as_ref().map(|loaded| SubscribedArticles::of(&loaded.feed)).unwrap_or_default();
    let marks = loaded.as_ref().map(|loaded| context.search_context(&loaded.feed).marks);
    let rows: Vec<Row> = known
        .listed
        .iter()
        .map(|listed| {
            let key = listed.key;
            let counts = loaded.as_ref().zip(marks.as_ref());
            let counts = counts.map(|(loaded, marks)| articles.counts(key, &loaded.feed, marks)).unwrap_or_default();
            Row { listed, title: known.title(&listed.subscription), record: known.record(key), counts }
        })
        .collect();
    let mut out = Output::new();
    let printed = match format {
        SubscriptionsFormat::Json => out.json(&Value::Array(rows.iter().map(Row::json).collect())),
        SubscriptionsFormat::Table => table(&rows, context, &mut out),
    };
    // What was read all the same is shown, and is not a failure.
    let has_problem = rows.iter().any(|row| row.problem().is_some() && !row.is_harmless());
    let exit = if has_problem || rows.is_empty() { Exit::NothingOrProblems } else { Exit::Success };
    exit_after(printed.and_then(|()| out.finish()), exit)
}

/// A subscription with what is known of it.
struct Row<'a> {
    listed: &'a ListedSubscription,
    title: SafeText,
    record: Option<&'a FetchRecord>,
    counts: ArticleCounts,
}

impl Row<'_> {
    fn subscription(&self) -> &Subscription {
        &self.listed.subscription
    }

    /// What is wrong, and what the user can do.
    fn problem(&self) -> Option<(SafeText, SafeText)> {
        let problem = self.record?.problem.as_ref()?;
        Some((clean::plain_line(&problem.what), clean::plain_line(&problem.remedy)))
    }

    /// True if articles came, and there is nothing that the user must do.
    fn is_harmless(&self) -> bool {
        self.record.is_some_and(FetchRecord::is_problem_harmless)
    }

    fn state(&self) -> &'static str {
        let record = self.record;
        match record.and_then(|record| record.stopped) {
            _ if self.subscription().is_paused => "paused",
            Some(Stopped::Gone) => "gone",
            Some(Stopped::Unauthorised) => "unauthorised",
            None if record.is_none_or(|record| record.requested.is_none()) => "never fetched",
            None if record.is_some_and(|record| record.failing_since.is_some()) => "failing",
            None => "ok",
        }
    }

    fn json(&self) -> Value {
        let subscription = self.subscription();
        let time = |time: fn(&FetchRecord) -> Option<DateTime<Utc>>| self.record.and_then(time).map(rfc3339);
        let topics: Vec<&str> = subscription.topics.iter().map(SafeText::as_str).collect();
        json!({
            "key": subscription.key().to_string(),
            "feed": without_secrets(subscription.address.untrusted()).as_str(),
            "title": self.title.as_str(),
            "site": self.record.and_then(|record| record.site.as_deref()).map(|site| without_secrets(site).to_string()),
            "folder": subscription.folder_name(),
            "topics": topics,
            "line": self.listed.at.0,
            "articles": self.counts.articles,
            "unread": self.counts.unread,
            "new": self.record.map_or(0, |record| record.new),
            "left_out": self.record.map_or(0, |record| record.left_out),
            "last": time(|record| record.succeeded),
            "requested": time(|record| record.requested),
            "next": time(|record| record.next),
            "state": self.state(),
            "status": self.record.and_then(|record| record.status),
            "paused": subscription.is_paused,
            "private": subscription.access.is_private,
            "moved_to": self.record.and_then(|record| record.moved.as_ref())
                .map(|moved| without_secrets(&moved.to).to_string()),
            "problem": self.problem()
                .map(|(what, remedy)| json!({ "what": what.as_str(), "remedy": remedy.as_str() })),
        })
    }
}

fn table(rows: &[Row], context: &Context, out: &mut Output) -> Result<(), OutputError> {
    let ago = |time: Option<DateTime<Utc>>| match time {
        Some(time) => distance(context.now.signed_duration_since(time)),
        None => "never".to_owned(),
    };
    out.heading(clean::text("   new  unread  articles  last      next      title"))?;
    for row in rows {
        let record = row.record;
        let next = match record.and_then(|record| record.next) {
            _ if row.state() != "ok" && row.state() != "failing" && record.is_some() => row.state().to_owned(),
            Some(next) if next <= context.now => "due".to_owned(),
            Some(next) => format!("in {}", distance(next.signed_duration_since(context.now))),
            None => if row.subscription().is_paused { "paused" } else { "due" }.to_owned(),
        };
        let last = ago(record.and_then(|record| record.succeeded));
        let new = record.map_or(0, |record| record.new);
        let line = format!(
            "{new:>6}  {:>6}  {:>8}  {last:<8}  {next:<8}  {}",
            row.counts.unread, row.counts.articles, row.title
        );
        out.line(clean::text(&line))?;
        if let Some((what, remedy)) = row.problem() {
            let remedy = if remedy.is_empty() { String::new() } else { format!("; {remedy}") };
            out.line(clean::text(&format!("        {what}{remedy}")))?;
        }
    }
    Ok(())
}

/// A span of time in its largest unit: `3 h`.
pub fn distance(span: chrono::TimeDelta) -> String {
    let minutes = span.num_minutes().max(0);
    match minutes {
        0..60 => format!("{minutes} min"),
        60..2880 => format!("{} h", minutes / 60),
        _ => format!("{} d", minutes / 1440),
    }
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
