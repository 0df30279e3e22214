//! `frontpage topics`: counts the topics or providers of the articles that a query finds.

use clap::ValueEnum;
use serde_json::{Value, json};

use super::context::{Context, exit_after};
use super::error::{CliError, Exit};
use super::help_text;
use super::output::{Output, OutputError};
use crate::feed::{SafeText, clean};
use crate::query::{Field, count_labels};

/// Output formats of `topics`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TopicsFormat {
    /// Count and name, for people.
    Table,
    /// An array of objects with `name` and `count`.
    Json,
}

const EXAMPLES: &str = "\
frontpage topics is:unread                 topics of unread articles
frontpage topics @1w --providers           who published most in the last week";

/// Arguments of `topics`.
#[derive(Debug, clap::Args)]
#[command(after_help = help_text::query_examples(EXAMPLES))]
pub struct TopicsArgs {
    /// Articles to count; all if omitted
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    /// List providers instead
    #[arg(long)]
    providers: bool,
    /// Output format
    #[arg(long, value_enum, default_value = "table")]
    format: TopicsFormat,
}

/// Prints topics or providers, those with most articles first.
pub fn run(args: &TopicsArgs, context: &Context) -> Result<Exit, CliError> {
    let query = context.query_of(&args.query)?;
    let loaded = context.load_for(&query)?;
    let search_context = context.search_context(&loaded.feed);
    let found = context.select(&query, &search_context);
    if found.is_empty() {
        context.hint_no_matches(&args.query, &query, &search_context);
    }
    let field = if args.providers { Field::Provider } else { Field::Topic };
    let counts = count_labels(&loaded.feed, field, found.into_iter(), |_| false);
    let counts: Vec<(SafeText, usize)> = counts.into_iter().map(|(name, [count, _])| (name, count)).collect();
    let mut out = Output::new();
    let printed = print(&counts, args.format, &mut out).and_then(|()| out.finish());
    exit_after(printed, if counts.is_empty() { Exit::NothingOrProblems } else { Exit::Success })
}

fn print(counts: &[(SafeText, usize)], format: TopicsFormat, out: &mut Output) -> Result<(), OutputError> {
    match format {
        TopicsFormat::Json => {
            let object = |(name, count): &(SafeText, usize)| json!({ "name": name.as_str(), "count": count });
            out.json(&Value::Array(counts.iter().map(object).collect()))
        }
        TopicsFormat::Table => counts.iter().try_for_each(|(name, count)| {
            // `clean::text` keeps the blanks in front of the count; `plain_line` would not.
            out.line(clean::text(&format!("{count:>6}  {name}")))
        }),
    }
}
