//! `frontpage list`: lists the articles that a query finds, for people and for programs.

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::ValueEnum;
use serde_json::Value;

use super::context::{Context, exit_after};
use super::error::{CliError, Exit};
use super::help_text;
#[cfg(feature = "sync")]
use super::list_opml;
use super::output::{Output, OutputError, print_notice};
use super::output_file::OutputFile;
use crate::dates::{Date, Now};
use crate::export::{Collection, CollectionFormat, MAX_CHAPTERS, UnreadableArticle, article_json, rfc3339};
use crate::feed::{Address, Article, clean};
use crate::query::{SearchContext, SortKey};
use crate::text;

/// Output formats of `list`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// Date, provider and title, for people.
    Table,
    /// An array of objects.
    Json,
    /// One object per line.
    Jsonl,
    /// id, date, provider, title and link, separated by tabs.
    Tsv,
    /// Only the links.
    Links,
    /// An Atom 1.0 document with whole articles.
    Atom,
    /// A JSON Feed 1.1 document with whole articles.
    JsonFeed,
    /// The subscriptions that the articles are from, without those with a secret address.
    #[cfg(feature = "sync")]
    Opml,
    /// A page with whole articles and a table of contents, which loads nothing.
    Html,
    /// A book (EPUB 3) with a chapter for each article.
    Epub,
}

impl ListFormat {
    /// The format of a document with a title.
    fn of_collection(self) -> Option<CollectionFormat> {
        match self {
            ListFormat::Atom => Some(CollectionFormat::Atom),
            ListFormat::JsonFeed => Some(CollectionFormat::JsonFeed),
            ListFormat::Html => Some(CollectionFormat::Html),
            ListFormat::Epub => Some(CollectionFormat::Epub),
            _ => None,
        }
    }
}

const EXAMPLES: &str = "\
frontpage list is:unread @1d               unread of the last day
frontpage list rust -crypto --limit 20     the 20 best hits
frontpage list topic:ai --format links | xargs -n 1 echo
frontpage list --format jsonl | jq -r .title
frontpage list is:starred --format epub --output starred.epub
frontpage list @1d --format atom --title \"My day\" --output ~/www/day.xml --overwrite";

/// Arguments of `list`.
#[derive(Debug, clap::Args)]
#[command(after_help = help_text::query_examples(EXAMPLES))]
pub struct ListArgs {
    /// Articles to list; all if omitted
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    /// Output format
    #[arg(long, value_enum, default_value = "table")]
    format: ListFormat,
    #[arg(help = format!("Order: {}; a - in front reverses it", sort_keys()))]
    #[arg(long, value_name = "KEY", allow_hyphen_values = true)]
    sort: Option<String>,
    /// Maximum number of articles
    #[arg(long, value_name = "N", value_parser = parse_limit)]
    limit: Option<usize>,
    /// Title of an Atom, JSON Feed, HTML or EPUB document; default: the query
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Address at which an Atom or JSON Feed document will be served
    #[arg(long, value_name = "URL", value_parser = parse_address)]
    link: Option<Address>,
    /// File to write, which must not exist yet; standard output if omitted
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace the file of --output
    #[arg(long, requires = "output")]
    overwrite: bool,
}

fn sort_keys() -> String {
    SortKey::ALL.map(SortKey::word).join(", ")
}

/// Lists articles.
pub fn run(args: &ListArgs, context: &Context) -> Result<Exit, CliError> {
    let sort = args.sort.as_deref().map(|key| format!("sort:{key}"));
    // Checked here, so that the message names the option and not the term `sort:`.
    if let Some(sort) = &args.sort
        && SortKey::from_word(sort.trim_start_matches('-')).is_none()
    {
        return Err(CliError::new(&format!("--sort: unknown sort key `{sort}` (valid: {})", sort_keys())));
    }
    let words: Vec<String> = args.query.iter().cloned().chain(sort).collect();
    let mut query = context.query_of(&words)?;
    if let Some(limit) = args.limit {
        query = query.limited(limit);
    }
    check_options(args)?;
    let begin = |path: &PathBuf| OutputFile::begin(path, args.overwrite, &context.library);
    let file = args.output.as_ref().map(begin).transpose()?;
    let loaded = match args.format {
        // They have the related articles, which links are.
        ListFormat::Json | ListFormat::Jsonl => context.load()?,
        _ => context.load_for(&query)?,
    };
    let search_context = context.search_context(&loaded.feed);
    let found = context.select(&query, &search_context);
    if found.is_empty() {
        context.hint_no_matches(&args.query, &query, &search_context);
    }
    // A query with a mistake finds nothing, too, and must not empty a file.
    if let Some(path) = args.output.as_ref().filter(|_| found.is_empty()) {
        print_notice(clean::plain_line(&format!("no article found: {} is not written", clean::path(path))));
        return Ok(Exit::NothingOrProblems);
    }
    if args.format == ListFormat::Epub && found.is_empty() {
        print_notice("no article found: no EPUB is written");
        return Ok(Exit::NothingOrProblems);
    }
    if args.format == ListFormat::Epub && found.len() > MAX_CHAPTERS {
        let what = format!("an EPUB has at most {MAX_CHAPTERS} articles, and {} were found", found.len());
        return Err(CliError::new(&what).hint("add --limit"));
    }
    let mut out = match (&file, args.format) {
        (Some(file), _) => file.output()?,
        (None, ListFormat::Table) => Output::with_symbols(context.user.settings.symbols()),
        (None, _) => Output::new(),
    };
    let mut unreadable = Vec::new();
    let printed = match (args.format, args.format.of_collection()) {
        (_, Some(format)) => {
            let written = format.write(&collection(args, &found, &search_context), out.document());
            written.map_err(OutputError::from)
        }
        #[cfg(feature = "sync")]
        (ListFormat::Opml, _) => out.raw(list_opml::document(&found, &search_context, context)?.as_str()),
        (format, None) => print(&found, &search_context, format, &mut out, &mut unreadable),
    };
    for index in &unreadable {
        print_notice(clean::plain_line(&UnreadableArticle::of(&search_context.feed, *index).to_string()));
    }
    let is_whole = !found.is_empty() && unreadable.is_empty();
    let exit = if is_whole { Exit::Success } else { Exit::NothingOrProblems };
    let ended = exit_after(printed.and_then(|()| out.finish()), exit)?;
    if let (Some(file), Some(path)) = (file, &args.output) {
        file.finish()?;
        let s = if found.len() == 1 { "" } else { "s" };
        print_notice(clean::plain_line(&format!("wrote {} article{s} to {}", found.len(), clean::path(path))));
    }
    Ok(ended)
}

/// Fails for options that the format does not know, and for a book on a terminal.
fn check_options(args: &ListArgs) -> Result<(), CliError> {
    let is_channel = matches!(args.format, ListFormat::Atom | ListFormat::JsonFeed);
    if args.title.is_some() && args.format.of_collection().is_none() {
        return Err(CliError::new("--title is for --format atom, json-feed, html and epub"));
    }
    if args.link.is_some() && !is_channel {
        return Err(CliError::new("--link is for --format atom and json-feed"));
    }
    if args.format == ListFormat::Epub && args.output.is_none() && std::io::stdout().is_terminal() {
        return Err(CliError::new("an EPUB is not text for a terminal").hint("name a file for it: --output FILE"));
    }
    Ok(())
}

/// The articles that were found, as a document. Its title is the query if none is named.
fn collection<'a>(args: &ListArgs, found: &'a [usize], context: &'a SearchContext) -> Collection<'a> {
    let title = match (&args.title, args.query.as_slice()) {
        (Some(title), _) => title.clone(),
        (None, []) => "frontpage".to_owned(),
        (None, words) => format!("frontpage: {}", words.join(" ")),
    };
    Collection { title: clean::plain_line(&title), address: args.link.clone(), context, found }
}

/// Parses the value of `--link`.
fn parse_address(text: &str) -> Result<Address, CliError> {
    Address::parse(text).map_err(|why| CliError::new(&why.to_string()))
}

/// Parses the value of `--limit`. The error of `usize` does not say what to write.
fn parse_limit(text: &str) -> Result<usize, CliError> {
    text.parse().map_err(|_| CliError::new("write a number, as in 20"))
}

fn print(
    found: &[usize],
    search_context: &SearchContext,
    format: ListFormat,
    out: &mut Output,
    unreadable: &mut Vec<usize>,
) -> Result<(), OutputError> {
    let mut articles = found.iter().filter_map(|&index| match search_context.feed.read(index) {
        Some(article) => Some((index, article)),
        None => {
            unreadable.push(index);
            None
        }
    });
    match format {
        ListFormat::Json => {
            let objects: Vec<Value> =
                articles.map(|(index, article)| article_json(search_context, index, &article)).collect();
            out.json(&Value::Array(objects))
        }
        ListFormat::Jsonl => {
            articles.try_for_each(|(index, article)| out.json_line(&article_json(search_context, index, &article)))
        }
        ListFormat::Tsv => articles.try_for_each(|(_, article)| {
            let shown = clean::plain_line;
            let date = article.published.map(|date| rfc3339(date.at(search_context.now.zone))).unwrap_or_default();
            let link = article.link.as_ref().map(|link| link.shown().clone()).unwrap_or_default();
            let (provider, title) = (article.provider.name.clone(), article.title.clone());
            out.fields(&[shown(&article.id.to_string()), shown(&date), provider, title, link])
        }),
        ListFormat::Links => {
            articles.filter_map(|(_, article)| article.link.clone()).try_for_each(|link| out.line(link.shown()))
        }
        // The other formats are documents.
        _ => articles.try_for_each(|(_, article)| table_row(&article, search_context.now, out)),
    }
}

fn table_row(article: &Article, now: Now, out: &mut Output) -> Result<(), OutputError> {
    const PROVIDER: usize = 20;
    let day = |date: Date| date.to_local(now.zone).date_naive().to_string();
    let date = article.published.map_or_else(|| " ".repeat(10), day);
    let provider = text::cut(&article.provider.name, PROVIDER);
    let missing = " ".repeat(PROVIDER - text::width(provider.as_str()));
    let title = match out.columns() {
        Some(columns) => text::cut(&article.title, columns.saturating_sub(10 + PROVIDER + 4).max(10)),
        None => article.title.clone(),
    };
    let future = if article.published.is_some_and(|date| date.at(now.zone) > now.at) { "*" } else { " " };
    // `clean::text` keeps runs of blanks, which align the columns; `plain_line` would not.
    out.line(clean::text(&format!("{date}{future} {provider}{missing}  {title}")))
}
