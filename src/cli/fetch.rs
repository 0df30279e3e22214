//! `frontpage fetch`: fetches the full text of an article from its page, or forgets it.

use std::sync::Arc;

use clap::ValueEnum;
use serde_json::{Value, json};

use super::context::{Context, exit_after, full_texts_folder};
use super::error::{CliError, Exit};
use super::help_text;
use super::output::{Output, print_notice};
use super::subscription_lookup::{of_channel, usable};
use super::sync_setup::{SyncSetup, read_request};
use crate::feed::{Address, Article, ArticleId, Link, SafeText, clean};
use crate::file_system::RealFileSystem;
use crate::jobs::full_text::FullTextRequest;
use crate::library::{FullTextFolder, io_error_text};
use crate::subscriptions::Subscription;
use crate::sync::claims;
use crate::sync::full_texts::{WantedText, fetch_one};
use crate::sync::page_failure::PageFailure;
use crate::text::counted;

/// Output formats of `fetch`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FetchFormat {
    /// Text for people.
    Text,
    /// One object.
    Json,
}

const EXAMPLES: &str = "\
frontpage fetch title:\"tide clocks\"          a query that finds one article
frontpage fetch 0123456789abcdef && frontpage show 0123456789abcdef
frontpage fetch --remove 0123456789abcdef    the text of the file is shown again";

const JSON_HELP: &str = "\
The JSON object has all keys: result (fetched, removed, shorter or failed), words (of the full text, or null), problem and remedy
(or null).
Exit codes: 0 fetched or removed; 1 the text of the page is no longer than the one here, or there is none to remove; 2 failure.";

/// The end of the help: examples, and what the JSON is.
fn help() -> String {
    format!("{}\n\n{JSON_HELP}", help_text::examples(EXAMPLES))
}

/// Arguments of `fetch`.
#[derive(Debug, clap::Args)]
#[command(after_help = help(), override_usage = "frontpage fetch [OPTIONS] <ARTICLE>...")]
// A group, because completions are made without hidden options: an option that names one would not be valid there.
#[command(group(clap::ArgGroup::new("wanted").required(true).args(["article", "request", "picture"])))]
pub struct FetchArgs {
    /// An id, a link, a path, or a query that finds one article
    #[arg(value_name = "ARTICLE")]
    article: Vec<String>,
    /// Forget the full text: the text of the file is shown again
    #[arg(long)]
    remove: bool,
    /// The server may be on your own network
    #[arg(long)]
    private: bool,
    /// Output format
    #[arg(long, value_enum, default_value = "text")]
    format: FetchFormat,
    /// Read what is wanted from stdin, for the terminal reader
    #[arg(long, hide = true)]
    request: bool,
    /// Read the address of a picture from stdin, for the terminal reader
    #[arg(long, hide = true)]
    picture: bool,
}

/// How the request ended.
enum End {
    /// A text of this number of words is kept.
    Fetched(u32),
    /// The text was removed.
    Removed,
    /// There was none to remove.
    NothingToRemove,
    /// Nothing is kept.
    Failed(PageFailure),
}

/// Fetches or forgets the full text of an article.
pub fn run(args: &FetchArgs, context: &Context) -> Result<Exit, CliError> {
    if args.picture {
        #[cfg(feature = "pictures")]
        return super::fetch_picture::run(context);
        #[cfg(not(feature = "pictures"))]
        return Err(CliError::new("this build cannot show pictures"));
    }
    let end = match args.request {
        true => fetch(&read_request(FullTextRequest::from_json)?, args.private, context)?,
        false => {
            let article = named(args, context)?;
            match args.remove {
                true => remove(article.id)?,
                false => fetch(&request(&article)?, args.private, context)?,
            }
        }
    };
    print(&end, args.format)
}

/// The article that the arguments name.
fn named(args: &FetchArgs, context: &Context) -> Result<Arc<Article>, CliError> {
    let loaded = context.load()?;
    let index = context.find_one(&args.article, &loaded.feed)?;
    loaded.feed.get(index).ok_or_else(|| CliError::new("the article is damaged"))
}

fn request(article: &Article) -> Result<FullTextRequest, CliError> {
    FullTextRequest::of(article).ok_or_else(|| match article.link_to_open() {
        Some(Link::Refused { shown, why }) => {
            CliError::new(&format!("the link cannot be fetched: {shown}")).hint(&why.to_string())
        }
        _ => CliError::new("the article has no link to a page"),
    })
}

fn remove(article: ArticleId) -> Result<End, CliError> {
    let path = full_texts_folder().ok_or_else(|| CliError::new(&PageFailure::NoFolder.to_string()))?;
    let removed = FullTextFolder::new(&path, &RealFileSystem).remove(article);
    let failed = |error| CliError::new(&format!("the full text cannot be removed: {}", io_error_text(&error)));
    Ok(if removed.map_err(failed)? { End::Removed } else { End::NothingToRemove })
}

fn fetch(request: &FullTextRequest, is_private: bool, context: &Context) -> Result<End, CliError> {
    let FullTextRequest { article, address, channel, words } = request;
    let address = Address::parse(address.untrusted()).map_err(|why| CliError::new(&why.to_string()))?;
    let subscriptions: Vec<Subscription> = usable(context)?.iter().map(|one| one.subscription.clone()).collect();
    let own = of_channel(&subscriptions, channel);
    let setup = SyncSetup::of(context)?;
    // If another process fetches for long, its server is slow.
    let _lock = claims::lock_for_full_text(&setup.states, &RealFileSystem);
    let environment = setup.environment(context, &subscriptions, &|_| {});
    let wanted = WantedText::new(*article, &address, *words);
    Ok(match fetch_one(&wanted, own, is_private, &environment) {
        Ok(words) => End::Fetched(words),
        Err(failure) => End::Failed(failure),
    })
}

fn print(end: &End, format: FetchFormat) -> Result<Exit, CliError> {
    let exit = match end {
        End::Fetched(_) | End::Removed => Exit::Success,
        End::NothingToRemove | End::Failed(PageFailure::Shorter { .. }) => Exit::NothingOrProblems,
        End::Failed(_) => Exit::Failure,
    };
    if format == FetchFormat::Json {
        let mut out = Output::new();
        let printed = out.json_line(&json_of(end)).and_then(|()| out.finish());
        return exit_after(printed, exit);
    }
    match end {
        End::Fetched(words) => print_notice(clean::plain_line(&format!(
            "full text of {} kept; `frontpage show` and the reader show it",
            counted(usize::try_from(*words).unwrap_or(usize::MAX), "word")
        ))),
        End::Removed => print_notice(SafeText::from("full text removed; the text of the file is shown")),
        End::NothingToRemove => print_notice(SafeText::from("the article has no full text")),
        End::Failed(failure @ PageFailure::Shorter { .. }) => print_notice(clean::plain_line(&failure.to_string())),
        End::Failed(failure) => {
            let (error, remedy) = (CliError::new(&failure.to_string()), failure.remedy());
            return Err(if remedy.is_empty() { error } else { error.hint(remedy.as_str()) });
        }
    }
    Ok(exit)
}

fn json_of(end: &End) -> Value {
    let (result, words, failure) = match end {
        End::Fetched(words) => ("fetched", Some(*words), None),
        End::Removed => ("removed", None, None),
        End::NothingToRemove => ("failed", None, None),
        End::Failed(failure @ PageFailure::Shorter { words, .. }) => ("shorter", Some(*words), Some(failure)),
        End::Failed(failure) => ("failed", None, Some(failure)),
    };
    let problem = match end {
        End::NothingToRemove => Some("the article has no full text".into()),
        _ => failure.map(|failure| clean::plain_line(&failure.to_string())),
    };
    let remedy = failure.map(PageFailure::remedy).filter(|remedy| !remedy.is_empty());
    json!({
        "result": result,
        "words": words,
        "problem": problem.as_ref().map(SafeText::as_str),
        "remedy": remedy.as_ref().map(SafeText::as_str),
    })
}
