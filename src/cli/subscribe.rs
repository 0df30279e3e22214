//! `frontpage subscribe`: finds the channel of an address, adds it to `subscriptions.yaml`, and writes its articles.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;

use clap::ValueEnum;
use serde_json::{Value, json};

use super::context::Context;
use super::error::{CliError, Exit};
use super::help_text;
use super::output::{Output, OutputError, print_error, print_notice};
use super::sync_setup::{SyncSetup, with_stdin};
use crate::digest::PreparedChannel;
use crate::feed::{SafeText, clean};
use crate::file_system::RealFileSystem;
use crate::subscriptions::{Found, Subscription, SubscriptionsFile, edit, is_plain_name};
use crate::sync::channel_search::NamedChannel;
use crate::sync::document_source::{WorkerSource, ports};
use crate::sync::entered_address::EnteredAddress;
use crate::sync::subscribe::{self, Added, Outcome, SubscribeError, SubscribeOptions, Subscribed};
use crate::sync::subscriptions_on_disk::SubscriptionsOnDisk;
use crate::sync::{Environment, claims, shown_address, user_agent};
use crate::text::{counted, grouped};

/// Answers to a question that are not numbers of the list, before it is given up.
const MAX_WRONG_ANSWERS: usize = 3;

/// Output formats of `subscribe`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SubscribeFormat {
    /// Text for people.
    Text,
    /// One object for each address, each on its line.
    Json,
}

const EXAMPLES: &str = "\
frontpage subscribe example.org                          a page: its channel is found
frontpage subscribe https://example.org/feed.xml --topic News
frontpage subscribe example.org --channel 2              the second of the channels that the page names
frontpage subscribe @user@mastodon.example
frontpage subscribe http://192.168.1.5/feed.xml --private
pass show feeds/work | frontpage subscribe -             an address with a key, which no other program sees";

const JSON_HELP: &str = "\
The JSON object of an address has all keys: result (subscribed, already, choose, not found or failed), title, address (without
user, password and query), new (number of articles), read (number of those that are old, and marked as read), channels (of a page
with several: number, url, address, title, comments, subscribed; url is null if it may have a key), private (true if it was refused
because the server is on a private network), problem and remedy (or null).
Exit codes: 0 subscribed, now or before; 1 a choice is needed, nothing was found, or articles are missing; 2 failure.";

/// The end of the help: examples, and what the JSON is.
fn help() -> String {
    format!("{}\n\n{JSON_HELP}", help_text::examples(EXAMPLES))
}

/// Arguments of `subscribe`.
#[derive(Debug, clap::Args)]
#[command(after_help = help())]
pub struct SubscribeArgs {
    /// Addresses of pages or channels, or - to read one per line from stdin
    #[arg(value_name = "URL", required = true)]
    addresses: Vec<String>,
    /// Title to show in place of the channel's
    #[arg(long, value_name = "TITLE")]
    title: Option<String>,
    /// Topic that every article gets; repeatable
    #[arg(long = "topic", value_name = "TOPIC")]
    topics: Vec<String>,
    /// Name of the folder of the articles
    #[arg(long, value_name = "NAME")]
    folder: Option<String>,
    /// The server may be on your own network
    #[arg(long)]
    private: bool,
    /// The number of the channel to take, if a page names several
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    channel: Option<u16>,
    /// Output format
    #[arg(long, value_enum, default_value = "text")]
    format: SubscribeFormat,
}

/// Subscribes to each address.
pub fn run(args: &SubscribeArgs, context: &Context) -> Result<Exit, CliError> {
    let addresses = with_stdin(&args.addresses, "address")?;
    if addresses.len() > 1 && (args.title.is_some() || args.folder.is_some()) {
        return Err(CliError::new("--title and --folder are for one address").hint("subscribe to each alone"));
    }
    if let Some(name) = args.folder.as_deref().filter(|name| !is_plain_name(name)) {
        let error = CliError::new(&format!("{} is not the name of a folder", clean::quote(name)));
        return Err(error.hint("write one plain name, such as rust"));
    }
    let setup = SyncSetup::of(context)?;
    // If another process subscribes for long, its server is slow. The line is checked again before it is added.
    let _lock = claims::lock_for_subscribing(&setup.states, &RealFileSystem);
    let file = SubscriptionsFile::read(&context.files.subscriptions_file(), context.files.home.as_deref());
    if file.found == Found::Unusable {
        return Err(CliError::new("subscriptions.yaml cannot be used: see above"));
    }
    let subscriptions: Vec<Subscription> = file.subscriptions.into_iter().map(|one| one.subscription).collect();
    let environment = setup.environment(context, &subscriptions, &|_| {});
    let mut printer =
        Printer { format: args.format, is_private: args.private, out: Output::new(), exit: Exit::Success };
    let printed = subscribe_all(&addresses, args, context, &environment, &mut printer)?;
    super::context::exit_after(printed.and_then(|()| printer.out.finish()), printer.exit)
}

fn subscribe_all(
    addresses: &[String],
    args: &SubscribeArgs,
    context: &Context,
    environment: &Environment,
    printer: &mut Printer,
) -> Result<Result<(), OutputError>, CliError> {
    let file = context.files.subscriptions_file();
    let mut add_line = |subscription: &Subscription| add_line(&file, context.files.home.as_deref(), subscription);
    let mut on_disk = SubscriptionsOnDisk::new(environment, &mut add_line);
    let options = SubscribeOptions {
        title: clean::plain_line(args.title.as_deref().unwrap_or_default()),
        topics: args.topics.iter().map(|topic| clean::plain_line(topic)).filter(|topic| !topic.is_empty()).collect(),
        folder: args.folder.clone(),
        is_private: args.private,
    };
    let entered: Vec<Result<EnteredAddress, SubscribeError>> =
        addresses.iter().map(|address| subscribe::entered(address)).collect();
    let mut source: Option<WorkerSource<PreparedChannel>> = None;
    let mut choose = chooser(args);
    for (text, one) in addresses.iter().zip(&entered) {
        let outcome = match one {
            Err(error) => Outcome::Failed(error.clone()),
            Ok(one) => {
                let source = match &mut source {
                    Some(source) => source,
                    None => {
                        let ports = ports(entered.iter().flatten().map(|entered| &entered.url));
                        let started = WorkerSource::start(environment.workers, ports, &user_agent(), false);
                        source.insert(started.map_err(|error| {
                            CliError::new(&format!("the process that fetches cannot be started: {error}"))
                        })?)
                    }
                };
                subscribe::subscribe(one.clone(), &options, source, &mut on_disk, &mut *choose)
            }
        };
        if let Err(error) = printer.print(text, one.as_ref().ok(), &outcome) {
            return Ok(Err(error));
        }
    }
    Ok(Ok(()))
}

/// Adds a line, unless another process added one for the channel meanwhile.
fn add_line(file: &Path, home: Option<&Path>, subscription: &Subscription) -> Result<Added, SubscribeError> {
    if edit::lists(&SubscriptionsFile::read(file, home), &subscription.address) {
        return Ok(Added::AlreadyThere);
    }
    edit::add(file, std::slice::from_ref(subscription)).map(|()| Added::Added).map_err(|error| SubscribeError::Line {
        what: clean::plain_line(&error.to_string()),
        remedy: SafeText::from("nothing was added; fix the file, then subscribe again"),
    })
}

/// Chooses one of several channels.
type Choose<'a> = Box<dyn FnMut(&[NamedChannel]) -> Option<usize> + 'a>;

/// How one of several channels is chosen: by the number of the argument, by a question if there is a terminal, or not at all.
fn chooser(args: &SubscribeArgs) -> Choose<'_> {
    let reads_stdin = args.addresses.iter().any(|address| address == "-");
    match args.channel {
        Some(number) => Box::new(move |_| usize::from(number).checked_sub(1)),
        None if args.format == SubscribeFormat::Text
            && !reads_stdin
            && io::stdin().is_terminal()
            && io::stderr().is_terminal() =>
        {
            Box::new(ask)
        }
        None => Box::new(|_| None),
    }
}

/// Asks for the number of a channel.
fn ask(channels: &[NamedChannel]) -> Option<usize> {
    print_notice(clean::plain_line(&format!("the page names {} channels:", channels.len())));
    for (number, channel) in (1..).zip(channels) {
        // The user has just entered the address of the page on this terminal.
        let _ = writeln!(io::stderr(), "  {number}  {}", channel_words(channel, &shown_address(channel.url.as_str())));
    }
    for _ in 0..MAX_WRONG_ANSWERS {
        let _ = write!(io::stderr(), "Which one? [1-{}, Enter for none] ", channels.len());
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).ok().filter(|count| *count > 0)?;
        let line = line.trim();
        if line.is_empty() {
            return None;
        }
        let number = line.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        if let Some(at) = number.filter(|at| *at < channels.len()) {
            return Some(at);
        }
    }
    None
}

/// A channel of a page in words.
fn channel_words(channel: &NamedChannel, address: &SafeText) -> SafeText {
    let notes = [(channel.is_of_comments, "comments"), (channel.is_known, "subscribed")];
    let notes: Vec<&str> = notes.iter().filter(|(applies, _)| *applies).map(|(_, note)| *note).collect();
    let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) };
    clean::plain_line(format!("{address}  {}{notes}", channel.title).trim_end())
}

/// Prints what happened to each address.
struct Printer {
    format: SubscribeFormat,
    /// The addresses may be on private networks.
    is_private: bool,
    out: Output,
    exit: Exit,
}

impl Printer {
    fn print(&mut self, text: &str, entered: Option<&EnteredAddress>, outcome: &Outcome) -> Result<(), OutputError> {
        // A text that is not an address may be anything.
        let address = entered.map(|entered| shown_address(entered.url.as_str())).unwrap_or_default();
        self.exit = self.exit.max(exit_of(outcome));
        match self.format {
            SubscribeFormat::Json => self.out.json_line(&json_of(outcome, &address)),
            SubscribeFormat::Text => {
                let has_secret = entered.is_some_and(|entered| address.as_str() != entered.url.as_str());
                let text = if has_secret || entered.is_none() { "URL" } else { text };
                print_outcome(outcome, &address, text, self.is_private);
                Ok(())
            }
        }
    }
}

fn exit_of(outcome: &Outcome) -> Exit {
    match outcome {
        Outcome::Subscribed(subscribed) if subscribed.problem.is_some() => Exit::NothingOrProblems,
        Outcome::Subscribed(_) | Outcome::AlreadySubscribed { .. } => Exit::Success,
        Outcome::Choose { .. } => Exit::NothingOrProblems,
        Outcome::Failed(SubscribeError::Search(failure)) if failure.is_nothing_found() => Exit::NothingOrProblems,
        Outcome::Failed(_) => Exit::Failure,
    }
}

/// The result of an address for programs.
fn json_of(outcome: &Outcome, entered: &SafeText) -> Value {
    let object = |result: &str, title: &SafeText, address: &SafeText, new: usize, channels: Vec<Value>| {
        json!({
            "result": result, "title": title.as_str(), "address": address.as_str(), "new": new, "channels": channels,
            "read": 0, "private": false, "problem": Value::Null, "remedy": Value::Null,
        })
    };
    let none = SafeText::default();
    let (mut value, problem) = match outcome {
        Outcome::Subscribed(subscribed) => {
            let problem = subscribed.problem.as_ref();
            let problem = problem.map(|problem| (clean::plain_line(&problem.what), clean::plain_line(&problem.remedy)));
            (object("subscribed", &subscribed.title, &subscribed.address, subscribed.new, Vec::new()), problem)
        }
        Outcome::AlreadySubscribed { title, address } => (object("already", title, address, 0, Vec::new()), None),
        Outcome::Choose { channels, is_public } => {
            let channel = |(number, channel): (usize, &NamedChannel)| {
                let url = is_public.then(|| clean::plain_line(channel.url.as_str()));
                json!({
                    "number": number,
                    "url": url.as_ref().map(SafeText::as_str),
                    "address": shown_address(channel.url.as_str()).as_str(),
                    "title": channel.title.as_str(),
                    "comments": channel.is_of_comments,
                    "subscribed": channel.is_known,
                })
            };
            let channels = (1..).zip(channels).map(channel).collect();
            (object("choose", &none, entered, 0, channels), None)
        }
        Outcome::Failed(error) => {
            let result = match exit_of(outcome) {
                Exit::NothingOrProblems => "not found",
                _ => "failed",
            };
            let problem = (clean::plain_line(&error.to_string()), error.remedy());
            (object(result, &none, entered, 0, Vec::new()), Some(problem))
        }
    };
    if let (Outcome::Subscribed(subscribed), Some(object)) = (outcome, value.as_object_mut()) {
        object.insert("read".to_owned(), subscribed.read.into());
    }
    if let (true, Some(object)) = (is_refused_as_private(outcome), value.as_object_mut()) {
        object.insert("private".to_owned(), true.into());
    }
    if let (Some((problem, remedy)), Some(object)) = (problem, value.as_object_mut()) {
        object.insert("problem".to_owned(), problem.as_str().into());
        object.insert("remedy".to_owned(), Some(remedy.as_str()).filter(|remedy| !remedy.is_empty()).into());
    }
    value
}

/// Whether an address was refused because it is on a private network, which the user may permit.
fn is_refused_as_private(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Failed(SubscribeError::Search(failure)) if failure.is_private())
}

/// Prints the result of an address for people. `text` is the address as it may be repeated in a command.
fn print_outcome(outcome: &Outcome, entered: &SafeText, text: &str, is_private: bool) {
    match outcome {
        Outcome::Subscribed(subscribed) => print_subscribed(subscribed),
        Outcome::AlreadySubscribed { title, address } => {
            let title = if title.is_empty() || title == address { String::new() } else { format!(" as {title}") };
            print_notice(clean::plain_line(&format!("already subscribed to {address}{title}")));
        }
        Outcome::Choose { channels, is_public } => {
            let mut error = CliError::new(&format!("{entered} names these channels; subscribe to one of them:"));
            for (number, channel) in (1..).zip(channels) {
                let address = shown_address(channel.url.as_str());
                let private = if is_private { "--private " } else { "" };
                let command = match is_public {
                    true => shell_words::quote(channel.url.as_str()).into_owned(),
                    false => format!("{} --channel {number}", shell_words::quote(text)),
                };
                // On a line of its own, so that no words of the page are copied with the command.
                error = error.hint(&format!("{number}. {}", channel_words(channel, &address)));
                error = error.hint(&format!("   frontpage subscribe {private}{command}"));
            }
            print_error(&error);
        }
        Outcome::Failed(error) => {
            let prefix = if entered.is_empty() { String::new() } else { format!("{entered}: ") };
            let printed = CliError::new(&format!("{prefix}{error}"));
            let remedy = error.remedy();
            print_error(&if remedy.is_empty() { printed } else { printed.hint(remedy.as_str()) });
        }
    }
}

fn print_subscribed(subscribed: &Subscribed) {
    let Subscribed { title, address, new, read, notes, problem, problems } = subscribed;
    let name = if title.is_empty() { address.to_string() } else { format!("{title}, {address}") };
    let articles = match (*new, *read) {
        (new, 0) => counted(new, "new article"),
        (1, _) => "1 new article, which is old and marked as read".to_owned(),
        (new, read) => format!("{}, {} of them older and marked as read", counted(new, "new article"), grouped(read)),
    };
    print_notice(clean::plain_line(&format!("subscribed to {name}: {articles}")));
    for note in notes {
        print_notice(note);
    }
    for problem in problems {
        print_notice(problem.one_line());
    }
    if let Some(problem) = problem {
        let error = CliError::new(&format!("its articles are not complete: {}", problem.what));
        print_error(&error.hint(&problem.remedy).hint("the next sync tries again"));
    }
}
