//! `frontpage download`: downloads the sound, film or other file of an article.

use std::cell::RefCell;
use std::path::PathBuf;

use clap::ValueEnum;
use serde_json::json;
use url::Url;

use super::context::{Context, exit_after};
use super::error::{CliError, Exit};
use super::help_text;
use super::output::{Output, OutputError, print_notice};
use super::progress::Progress;
use super::subscription_lookup::{articles_folder, of_channel, usable};
use super::sync_setup::{SyncSetup, read_request};
use crate::config::paths;
use crate::feed::{Address, Article, SafeText, clean};
use crate::file_system::RealFileSystem;
use crate::jobs::download::DownloadRequest;
use crate::library::Library;
use crate::subscriptions::Subscription;
use crate::sync;
use crate::sync::downloads::{
    DownloadEnvironment, DownloadFailure, Downloaded, FailedDownload, RemedyPlace, WantedFile,
};
use crate::text;

/// Output formats of `download`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DownloadFormat {
    /// Text for people.
    Text,
    /// Lines of progress, then one object.
    Json,
}

/// Longest title in the progress, in columns.
const MAX_TITLE: usize = 30;

const EXAMPLES: &str = "\
frontpage download title:\"tide clocks\"       a query that finds one article
frontpage list 'has:enclosure is:starred' --format tsv | cut -f1 | xargs -n1 frontpage download";

const JSON_HELP: &str = "\
The last JSON object has all keys: result (downloaded, there or failed), path, bytes, problem and remedy (or null), and private: true
if the server was refused because it is on a private network. Objects before it are progress: done and total in bytes, and the title
of the article as text.
Exit codes: 0 the file is there; 2 failure. What has arrived is kept, and the next download of the same file goes on.";

/// The end of the help: examples, and what the JSON is.
fn help() -> String {
    format!("{}\n\n{JSON_HELP}", help_text::examples(EXAMPLES))
}

/// Arguments of `download`.
#[derive(Debug, clap::Args)]
#[command(after_help = help(), override_usage = "frontpage download [OPTIONS] <ARTICLE>...")]
#[command(group(clap::ArgGroup::new("wanted").required(true).args(["article", "request"])))]
pub struct DownloadArgs {
    /// An id, a link, a path, or a query that finds one article
    #[arg(value_name = "ARTICLE")]
    article: Vec<String>,
    /// The Nth file of the article, instead of its sound or film
    #[arg(long, value_name = "N")]
    number: Option<usize>,
    /// The server may be on your own network
    #[arg(long)]
    private: bool,
    /// Output format
    #[arg(long, value_enum, default_value = "text")]
    format: DownloadFormat,
    /// Read what is wanted from stdin, for the terminal reader
    #[arg(long, hide = true)]
    request: bool,
}

/// Downloads the file of an article.
pub fn run(args: &DownloadArgs, context: &Context) -> Result<Exit, CliError> {
    let request = match args.request {
        true => read_request(DownloadRequest::from_json)?,
        false => named(args, context)?,
    };
    let folder = folder(context)?;
    let place = if args.request { RemedyPlace::Reader } else { RemedyPlace::CommandLine };
    let progress = RefCell::new(Shown::new(args.format, place, text::cut(&request.title, MAX_TITLE)));
    let report = |done: u64, total: Option<u64>| progress.borrow_mut().at(done, total);
    let end = download(&request, args.private, folder, context, &report)?;
    progress.into_inner().end(&end)
}

/// The request for the file of the article that the arguments name.
fn named(args: &DownloadArgs, context: &Context) -> Result<DownloadRequest, CliError> {
    let loaded = context.load()?;
    let index = context.find_one(&args.article, &loaded.feed)?;
    let article = loaded.feed.get(index).ok_or_else(|| CliError::new("the article is damaged"))?;
    of_article(&article, args.number)
}

fn of_article(article: &Article, number: Option<usize>) -> Result<DownloadRequest, CliError> {
    let enclosures = &article.enclosures;
    let enclosure = match number {
        Some(number) => number.checked_sub(1).and_then(|at| enclosures.get(at)),
        None => article.downloaded(),
    };
    let enclosure = enclosure.ok_or_else(|| match number {
        Some(number) => CliError::new(&format!("there is no file {number}: the article has {}", enclosures.len())),
        None => CliError::new("the article has no sound, film or other file"),
    })?;
    let refused = || CliError::new(&format!("the link cannot be fetched: {}", enclosure.link.shown()));
    DownloadRequest::of(article, enclosure).ok_or_else(refused)
}

/// The folder of downloads. It is not in a library, where its files would be taken for articles or be synced.
fn folder(context: &Context) -> Result<PathBuf, CliError> {
    let folder = context.user.settings.downloads.clone().or_else(paths::default_downloads);
    let folder =
        folder.ok_or_else(|| CliError::new("$HOME is not set to a folder: there is no place for downloads"))?;
    let subscribed = articles_folder().map(|folder| Library::Paths(vec![folder]));
    let is_inside = [Some(context.library.clone()), subscribed].iter().flatten().any(|one| one.has_path(&folder));
    match is_inside {
        true => Err(CliError::new(&format!("{} is inside your library", clean::path(&folder)))
            .hint("set `downloads` to another folder")),
        false => Ok(folder),
    }
}

fn download(
    request: &DownloadRequest,
    is_private: bool,
    folder: PathBuf,
    context: &Context,
    progress: &dyn Fn(u64, Option<u64>) -> bool,
) -> Result<Result<Downloaded, FailedDownload>, CliError> {
    let address = Address::parse(request.address.untrusted()).map_err(|why| CliError::new(&why.to_string()))?;
    let subscriptions: Vec<Subscription> = usable(context)?.iter().map(|one| one.subscription.clone()).collect();
    let own = of_channel(&subscriptions, &request.channel);
    let setup = SyncSetup::of(context)?;
    let url = Url::parse(address.as_str()).map_err(|why| CliError::new(&why.to_string()))?;
    let to_server = match sync::request_of_article(&url, own, is_private, &RealFileSystem) {
        Ok(request) => request,
        Err(failure) => return Ok(Err(DownloadFailure::Request(failure).into())),
    };
    let DownloadRequest { article, media_type, title, published, .. } = request.clone();
    let wanted = WantedFile { address, media_type, article, title, published };
    let (fs, workers, now) = (&RealFileSystem, setup.workers(), context.now);
    let environment = DownloadEnvironment { folder: &folder, fs, workers, now, progress };
    Ok(sync::downloads::download(&wanted, &to_server, &environment))
}

/// What is printed while a download runs, and at its end.
struct Shown {
    format: DownloadFormat,
    place: RemedyPlace,
    title: SafeText,
    out: Output,
    line: Progress,
    failed: Option<OutputError>,
}

impl Shown {
    fn new(format: DownloadFormat, place: RemedyPlace, title: SafeText) -> Shown {
        Shown { format, place, title, out: Output::new(), line: Progress::new("downloading"), failed: None }
    }

    /// Shows the progress. Returns false if what reads it has ended: then a user could neither see nor stop the download.
    fn at(&mut self, done: u64, total: Option<u64>) -> bool {
        let shown = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
        match self.format {
            DownloadFormat::Text => self.line.at(shown(done), total.map(shown)),
            DownloadFormat::Json => {
                let line = json!({"done": done, "total": total.unwrap_or(0), "text": self.title.as_str()});
                self.failed = self.out.json_line(&line).and_then(|()| self.out.flush()).err();
            }
        }
        self.failed.is_none()
    }

    fn end(mut self, end: &Result<Downloaded, FailedDownload>) -> Result<Exit, CliError> {
        let exit = if end.is_ok() { Exit::Success } else { Exit::Failure };
        if self.format == DownloadFormat::Json {
            let path = end.as_ref().ok().map(|done| clean::path(&done.path));
            let problem = end.as_ref().err().map(|failure| clean::plain_line(&failure.to_string()));
            let object = json!({
                "result": match end {
                    Ok(done) if done.is_new => "downloaded",
                    Ok(_) => "there",
                    Err(_) => "failed",
                },
                "path": path.as_ref().map(|path| path.as_str()),
                "bytes": end.as_ref().ok().map(|done| done.bytes),
                "problem": problem.as_ref().map(|problem| problem.as_str()),
                "remedy": end.as_ref().err().map(|failed| failed.remedy(self.place)).filter(|remedy| !remedy.is_empty()),
                "private": end.as_ref().is_err_and(FailedDownload::is_private),
            });
            let printed = self.failed.map_or(Ok(()), Err).and_then(|()| self.out.json_line(&object));
            return exit_after(printed.and_then(|()| self.out.finish()), exit);
        }
        drop(self.line);
        match end {
            Ok(done) => {
                let path = clean::path(&done.path);
                let words =
                    if done.is_new { format!("downloaded {path}") } else { format!("{path} was downloaded before") };
                print_notice(clean::plain_line(&words));
                Ok(exit)
            }
            Err(failure) => {
                let (error, remedy) = (CliError::new(&failure.to_string()), failure.remedy(self.place));
                Err(if remedy.is_empty() { error } else { error.hint(remedy) })
            }
        }
    }
}
