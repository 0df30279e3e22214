//! `frontpage insights`: prints the numbers behind the charts of the terminal reader.

use clap::ValueEnum;
use serde_json::{Value, json};

use super::context::{Context, exit_after};
use super::error::{CliError, Exit};
use super::help_text;
use super::output::{Output, OutputError};
use super::progress::Progress;
use crate::feed::clean;
use crate::query::{Bucket, BucketKey, Insights, NamedBuckets, Period, Query};
use crate::text::{self, counted};

const EXAMPLES: &str = "\
frontpage insights                                 all articles, by month
frontpage insights topic:ai @26w --by week
frontpage insights --format json | jq .providers";

/// Maximum number of topics, of providers and of tags in the table. JSON has all that were counted.
const MOST_NAMES: usize = 20;
/// Width of names in the table, in columns.
const LABEL_COLUMNS: usize = 32;

/// Output formats of `insights`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InsightsFormat {
    /// Name, count and percentage read, for people.
    Table,
    /// One object.
    Json,
}

/// Periods of the calendar by which articles are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PeriodArg {
    /// The last 30 days.
    Day,
    /// The last 30 weeks.
    Week,
    /// The last 30 months.
    Month,
    /// The last 30 quarters.
    Quarter,
    /// The last 30 years.
    Year,
}

/// Arguments of `insights`.
#[derive(Debug, clap::Args)]
#[command(after_help = help_text::query_examples(EXAMPLES))]
pub struct InsightsArgs {
    /// Articles to count; all if omitted. Order and limit are ignored
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    /// Periods of the counts over time; the last period is that of the latest article
    #[arg(long, value_enum, default_value = "month")]
    by: PeriodArg,
    /// Output format
    #[arg(long, value_enum, default_value = "table")]
    format: InsightsFormat,
}

/// Prints the numbers.
pub fn run(args: &InsightsArgs, context: &Context) -> Result<Exit, CliError> {
    let query = context.query_of(&args.query)?;
    let loaded = context.load_for(&query)?;
    let mut counting = query.insights(context.search_context(&loaded.feed));
    let mut progress = Progress::new("counting");
    while counting.step(&|| false) {
        progress.at(0, None);
    }
    drop(progress);
    let insights = counting.finish();
    if insights.articles == 0 {
        context.hint_no_matches(&args.query, &query, &context.search_context(&loaded.feed));
    }
    let period = match args.by {
        PeriodArg::Day => Period::Day,
        PeriodArg::Week => Period::Week,
        PeriodArg::Month => Period::Month,
        PeriodArg::Quarter => Period::Quarter,
        PeriodArg::Year => Period::Year,
    };
    let mut out = Output::new();
    let printed = match args.format {
        InsightsFormat::Json => out.json(&insights_json(&insights, &query, period)),
        InsightsFormat::Table => table(&insights, period, &mut out),
    };
    let exit = if insights.articles == 0 { Exit::NothingOrProblems } else { Exit::Success };
    exit_after(printed.and_then(|()| out.finish()), exit)
}

fn insights_json(insights: &Insights, query: &Query, period: Period) -> Value {
    let timed = |buckets: &[Bucket]| {
        let one = |is_it: fn(&BucketKey) -> bool| {
            buckets.iter().find(|bucket| is_it(&bucket.key)).map(|bucket| bucket_json(bucket, query))
        };
        let periods = buckets.iter().filter_map(|bucket| match bucket.key {
            BucketKey::Period(period, start) => {
                Some(with(bucket_json(bucket, query), "start", period.iso(start).into()))
            }
            _ => None,
        });
        json!({
            "periods": periods.collect::<Vec<_>>(),
            "later": one(|what| matches!(what, BucketKey::Later(_))),
            "earlier": one(|what| matches!(what, BucketKey::Earlier(_))),
            "undated": one(|what| matches!(what, BucketKey::Undated)),
        })
    };
    let names = |names: &NamedBuckets, over_time: bool| {
        let buckets = names.buckets.iter().filter_map(|bucket| {
            let BucketKey::Named(name) = &bucket.key else { return None };
            let json = with(bucket_json(bucket, query), "name", name.as_str().into());
            let counts = bucket.counts_over_time.of(period).as_slice();
            Some(if over_time { with(json, "over_time", counts.into()) } else { json })
        });
        let unnamed = names
            .buckets
            .iter()
            .find(|bucket| bucket.key == BucketKey::Unnamed)
            .map(|bucket| bucket_json(bucket, query));
        (buckets.collect::<Vec<Value>>(), unnamed)
    };
    let (topics, no_topic) = names(&insights.topics, true);
    let (providers, no_provider) = names(&insights.providers, false);
    let (tags, no_tag) = names(&insights.tags, false);
    json!({
        "query": query.to_string(),
        "by": period.word(),
        "articles": {
            "all": insights.articles,
            "unread": insights.articles.saturating_sub(insights.read),
            "read": insights.read,
            "starred": insights.starred,
        },
        "published": timed(insights.published.of(period)),
        "topic_count": insights.topics.all,
        "topics": topics,
        "no_topic": no_topic,
        "provider_count": insights.providers.all,
        "providers": providers,
        "no_provider": no_provider,
        "tag_count": insights.tags.all,
        "tags": tags,
        "no_tag": no_tag,
        "reading": timed(insights.reading.of(period)),
    })
}

fn bucket_json(bucket: &Bucket, query: &Query) -> Value {
    json!({ "count": bucket.count, "read": bucket.read, "share": bucket.read_percent(), "query": query.narrowed_to(bucket).to_string() })
}

fn with(mut object: Value, key: &str, value: Value) -> Value {
    object.as_object_mut().into_iter().for_each(|object| drop(object.insert(key.to_owned(), value.clone())));
    object
}

fn table(insights: &Insights, period: Period, out: &mut Output) -> Result<(), OutputError> {
    let Insights { articles, read, starred, .. } = *insights;
    let unread = articles.saturating_sub(read);
    let articles = counted(articles, "article");
    out.line(clean::plain_line(&format!("{articles}, {unread} unread, {read} read, {starred} starred")))?;
    let by = period.word();
    part(&format!("Articles by {by}"), insights.published.of(period), 0, true, out)?;
    let more = |names: &NamedBuckets| names.all.saturating_sub(MOST_NAMES);
    let listed = |names: &NamedBuckets| -> Vec<Bucket> {
        let named = names.buckets.iter().filter(|bucket| bucket.has_period_or_name()).take(MOST_NAMES);
        named.chain(names.buckets.iter().filter(|bucket| !bucket.has_period_or_name())).cloned().collect()
    };
    part("Topics", &listed(&insights.topics), more(&insights.topics), true, out)?;
    part("Providers", &listed(&insights.providers), more(&insights.providers), true, out)?;
    part("Tags", &listed(&insights.tags), more(&insights.tags), true, out)?;
    part(&format!("Read by {by}"), insights.reading.of(period), 0, false, out)
}

/// Prints a heading and its counts; nothing if there are none. With `shares`, also the percentage that is read.
fn part(heading: &str, buckets: &[Bucket], more: usize, shares: bool, out: &mut Output) -> Result<(), OutputError> {
    if buckets.is_empty() {
        return Ok(());
    }
    out.line("")?;
    out.heading(clean::plain_line(heading))?;
    for bucket in buckets {
        let label = match &bucket.key {
            BucketKey::Period(period, start) => clean::plain_line(&period.iso(*start)),
            BucketKey::Later(_) => "later".into(),
            BucketKey::Earlier(_) => "earlier".into(),
            BucketKey::Undated => "no date".into(),
            BucketKey::Named(name) => text::cut(name, LABEL_COLUMNS),
            BucketKey::Unnamed => "(none)".into(),
        };
        let is_named = matches!(bucket.key, BucketKey::Named(_) | BucketKey::Unnamed);
        let missing = " ".repeat(if is_named { LABEL_COLUMNS } else { 10 }.saturating_sub(text::width(label.as_str())));
        let share = bucket.read_share().filter(|_| shares).map(|share| format!("{share:>7} read")).unwrap_or_default();
        // `clean::text` keeps the blanks between the columns; `plain_line` would not.
        out.line(clean::text(&format!("  {label}{missing}  {:>7}{share}", bucket.count)))?;
    }
    if more > 0 {
        out.line(clean::text(&format!("  and {more} more: --format json prints them")))?;
    }
    Ok(())
}
