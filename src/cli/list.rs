//! `frontpage list`: lists the articles that a query finds, for people and for programs.

use chrono::{DateTime, SecondsFormat, Utc};
use clap::ValueEnum;
use serde_json::{Value, json};

use super::context::{Context, exit_after};
use super::error::{CliError, Exit};
use super::help_text;
use super::output::{Output, OutputError};
use crate::dates::{Date, Now};
use crate::feed::fields::{Accessor, FieldDescriptor};
use crate::feed::{Article, Enclosure, Field, Role, SafeText, Target, clean, tags};
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

/// Formats a time as RFC 3339 in UTC. Fractions of a second are written only if there are any.
pub fn rfc3339(date: DateTime<Utc>) -> String {
    date.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// An article as a JSON object, which always has all keys.
pub fn article_json(search_context: &SearchContext, index: usize, article: &Article) -> Value {
    let mut object = serde_json::Map::new();
    object.insert("id".to_owned(), json!(article.id.to_string()));
    for field in Field::all() {
        if let Some(key) = field.json {
            object.insert(key.to_owned(), field_json(field, search_context, index, article));
        }
        object.extend(extra_keys(field.field, search_context, index, article));
    }
    Value::Object(object)
}

/// The value of a field of an article.
fn field_json(field: &FieldDescriptor, search_context: &SearchContext, index: usize, article: &Article) -> Value {
    let time = |date: Option<Date>| json!(date.map(|date| rfc3339(date.at(search_context.now.zone))));
    match (field.field, field.accessor) {
        (Field::Excerpt, _) => json!(article.excerpt.as_str()),
        (Field::Url, _) => json!(article.link.as_ref().map(|link| link.shown().as_str())),
        (Field::Provider, _) => {
            json!({ "name": article.provider.name.as_str(), "domain": article.provider.domain.as_str() })
        }
        (Field::Path, _) => json!(clean::path(&article.path).as_str()),
        (Field::Words, _) => json!(article.words),
        (Field::Related, _) => search_context.feed.related(index).iter().map(related_json).collect(),
        (Field::Enclosures, _) => article.enclosures.iter().map(enclosure_json).collect(),
        (Field::Comments, _) => json!(article.comments.as_ref().map(|link| link.shown().as_str())),
        (Field::Tag, _) => tags::of(&search_context.marks, article.id).iter().map(|tag| tag.shown().as_str()).collect(),
        (Field::Score, _) => json!(search_context.marks.score(article.id)),
        (_, Accessor::Line(line, _)) => json!(Some(line(article).as_str()).filter(|line| !line.is_empty())),
        (_, Accessor::Name(name, _)) => json!(name(article).as_ref().map(SafeText::as_str)),
        (_, Accessor::Lines(lines, _)) => lines(article).iter().map(SafeText::as_str).collect(),
        (_, Accessor::Number(number, _)) => json!(number(article)),
        (_, Accessor::Date(date, _)) => time(*date(article)),
        (_, Accessor::Flag(flag, _)) => json!(flag(article)),
        (_, Accessor::Texts(texts)) => {
            let mut all: Vec<Value> = Vec::new();
            texts(article, &mut |text| all.push(text.into()));
            Value::Array(all)
        }
        (_, Accessor::Custom) => Value::Null,
    }
}

/// Keys that are not fields, which follow the key of the given field.
fn extra_keys(field: Field, search_context: &SearchContext, index: usize, article: &Article) -> Vec<(String, Value)> {
    let SearchContext { feed, marks, .. } = search_context;
    let keys = match field {
        Field::Heat => {
            let (role, story) = (feed.role(index), feed.story_of(index));
            let head = story.as_ref().map(|story| story.head).or((role == Role::Head).then_some(index));
            let head = head.and_then(|head| feed.id(head)).map(|id| id.to_string());
            let size = story.map_or(1, |story| story.size());
            vec![
                ("story", json!({ "role": role.word(), "head": head, "size": size })),
                ("read", json!(marks.is_read(article.id))),
                ("starred", json!(marks.is_starred(article.id))),
                ("hidden", json!(marks.is_hidden(article.id))),
            ]
        }
        Field::Related => {
            let problems = article.problems.iter().map(|problem| problem.one_line().to_string());
            vec![("problems", problems.collect())]
        }
        Field::Url => vec![("site_link", json!(article.site.link.as_ref().map(|link| link.shown().as_str())))],
        Field::Score => {
            let also_in = article.also_in.iter().map(|path| clean::path(path).to_string());
            vec![("also_in", also_in.collect())]
        }
        _ => Vec::new(),
    };
    keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn enclosure_json(enclosure: &Enclosure) -> Value {
    json!({
        "url": enclosure.link.shown().as_str(),
        "type": Some(enclosure.media_type.as_str()).filter(|media_type| !media_type.is_empty()),
        "length": enclosure.length,
        "duration": enclosure.duration,
    })
}

fn related_json(related: &crate::feed::Related) -> Value {
    json!({
        "title": related.target.title().as_str(),
        "link": related.target.link().map(|link| link.shown().as_str()),
        "in_library": matches!(related.target, Target::InLibrary(..)),
        "reason": related.reason.words().as_str(),
    })
}
