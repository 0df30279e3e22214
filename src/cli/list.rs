//! `frontpage list`: lists the articles that a query finds, for people and for programs.

use clap::ValueEnum;
use serde_json::Value;

use super::context::{Context, exit_after};
use super::error::{CliError, Exit};
use super::help_text;
use super::output::{Output, OutputError};
use crate::dates::{Date, Now};
use crate::export::{article_json, rfc3339};
use crate::feed::{Article, clean};
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
}

const EXAMPLES: &str = "\
frontpage list is:unread @1d               unread of the last day
frontpage list rust -crypto --limit 20     the 20 best hits
frontpage list topic:ai --format links | xargs -n 1 echo
frontpage list --format jsonl | jq -r .title";

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
    /// Order: date, heat, quality, title, provider, added, readat or score; a - in front reverses it
    #[arg(long, value_name = "KEY", allow_hyphen_values = true)]
    sort: Option<String>,
    /// Maximum number of articles
    #[arg(long, value_name = "N", value_parser = parse_limit)]
    limit: Option<usize>,
}

/// Lists articles.
pub fn run(args: &ListArgs, context: &Context) -> Result<Exit, CliError> {
    let sort = args.sort.as_deref().map(|key| format!("sort:{key}"));
    // Checked here, so that the message names the option and not the term `sort:`.
    if let Some(sort) = &args.sort
        && SortKey::from_word(sort.trim_start_matches('-')).is_none()
    {
        let keys: Vec<&str> = SortKey::ALL.iter().map(|key| key.word()).collect();
        return Err(CliError::new(&format!("--sort: unknown sort key `{sort}` (valid: {})", keys.join(", "))));
    }
    let words: Vec<String> = args.query.iter().cloned().chain(sort).collect();
    let mut query = context.query_of(&words)?;
    if let Some(limit) = args.limit {
        query = query.limited(limit);
    }
    let loaded = match args.format {
        // They have the related articles, which links are.
        ListFormat::Json | ListFormat::Jsonl => context.load()?,
        ListFormat::Table | ListFormat::Tsv | ListFormat::Links => context.load_for(&query)?,
    };
    let search_context = context.search_context(&loaded.feed);
    let found = context.select(&query, &search_context);
    if found.is_empty() {
        context.hint_no_matches(&args.query, &query, &search_context);
    }
    let mut out = match args.format {
        ListFormat::Table => Output::with_symbols(context.user.settings.symbols()),
        _ => Output::new(),
    };
    let printed = print(&found, &search_context, args.format, &mut out).and_then(|()| out.finish());
    exit_after(printed, if found.is_empty() { Exit::NothingOrProblems } else { Exit::Success })
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
) -> Result<(), OutputError> {
    let articles = found.iter().filter_map(|&index| search_context.feed.read(index).map(|article| (index, article)));
    match format {
        ListFormat::Json => {
            let objects: Vec<Value> =
                articles.map(|(index, article)| article_json(search_context, index, &article)).collect();
            out.json(&Value::Array(objects))
        }
        ListFormat::Jsonl => articles
            .into_iter()
            .try_for_each(|(index, article)| out.json_line(&article_json(search_context, index, &article))),
        ListFormat::Tsv => articles.into_iter().try_for_each(|(_, article)| {
            let shown = clean::plain_line;
            let date = article.published.map(|date| rfc3339(date.at(search_context.now.zone))).unwrap_or_default();
            let link = article.link.as_ref().map(|link| link.shown().clone()).unwrap_or_default();
            let (provider, title) = (article.provider.name.clone(), article.title.clone());
            out.fields(&[shown(&article.id.to_string()), shown(&date), provider, title, link])
        }),
        ListFormat::Links => {
            articles.filter_map(|(_, article)| article.link.clone()).try_for_each(|link| out.line(link.shown()))
        }
        ListFormat::Table => {
            articles.into_iter().try_for_each(|(_, article)| table_row(&article, search_context.now, out))
        }
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
