//! `frontpage show`: prints one article as text, JSON or Markdown.

use std::sync::Arc;

use clap::ValueEnum;
use ratatui::style::Style;
use ratatui::text::Line;

use std::path::{Path, PathBuf};

use super::context::{Context, exit_after, is_same_file, library_error};
use super::error::{CliError, Exit};
use super::help_text;
use super::list::article_json;
use super::output::{Output, OutputError};
use crate::dates::Zone;
use crate::feed::{Article, Feed, Link, SafeText, Target, clean, fields};
use crate::library::{Library, Loaded};
use crate::markdown::{self, MarkdownStyles};
use crate::text::{Piece, wrap};

/// Width of text in columns without a terminal, and the maximum on one.
const COLUMNS: usize = 80;
const WIDEST: usize = 100;

/// Output formats of `show`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShowFormat {
    /// Text for people.
    Text,
    /// The object that `list --format json` prints.
    Json,
    /// A Markdown document.
    Markdown,
}

const EXAMPLES: &str = "\
frontpage show https://example.org/an-article
frontpage show title:\"tide clocks\"          a query that finds one article
frontpage show 0123456789abcdef --format markdown
frontpage show notes/draft.md                a file, in the library or not";

/// Arguments of `show`.
#[derive(Debug, clap::Args)]
#[command(after_help = help_text::examples(EXAMPLES))]
pub struct ShowArgs {
    /// An id, a link, a path, or a query that finds one article
    #[arg(value_name = "ARTICLE", required = true)]
    article: Vec<String>,
    /// Output format
    #[arg(long, value_enum, default_value = "text")]
    format: ShowFormat,
}

/// Prints an article.
pub fn run(args: &ShowArgs, context: &Context) -> Result<Exit, CliError> {
    let loaded = context.load()?;
    let (loaded, index) = match file_outside(&args.article, context, &loaded.feed) {
        Some(file) => {
            let alone = alone(&file, context)?;
            (alone, 0)
        }
        None => {
            let index = context.find_one(&args.article, &loaded.feed)?;
            (loaded, index)
        }
    };
    let Some(article) = loaded.feed.get(index) else { return Ok(Exit::NothingOrProblems) };
    let article = file_of(&loaded.feed, index, &args.article.join(" ")).map_or(article, Arc::new);
    let mut out = match args.format {
        ShowFormat::Text => Output::with_symbols(context.user.settings.symbols()),
        _ => Output::new(),
    };
    let printed = match args.format {
        ShowFormat::Json => out.json(&article_json(&context.search_context(&loaded.feed), index, &article)),
        ShowFormat::Markdown => print_markdown(&article, context.user.zone(), &mut out),
        ShowFormat::Text => print_text(context, &loaded.feed, index, &article, &mut out),
    };
    exit_after(printed.and_then(|()| out.finish()), Exit::Success)
}

/// The file that the argument names, if it is a path and not one of the library.
fn file_outside(words: &[String], context: &Context, feed: &Feed) -> Option<PathBuf> {
    let [text] = words else { return None };
    let path = Path::new(text);
    (path.is_file() && context.find_exact(text, feed).is_none()).then(|| path.to_owned())
}

/// A file alone, read as a library of its own.
fn alone(file: &Path, context: &Context) -> Result<Loaded, CliError> {
    let loaded = Library::Paths(vec![file.to_owned()]).read(None, context.clock()).map_err(library_error)?;
    if !loaded.feed.is_empty() {
        return Ok(loaded);
    }
    let error = CliError::new(&format!("{} is not an article", clean::path(file)));
    Err(match loaded.problems.first() {
        Some(problem) => error.hint(&problem.to_string()),
        None => error.hint("an article is a Markdown file: its name ends in .md"),
    })
}

/// The copy of an article in the file with this path. None unless the path names a copy other than the one that is listed.
fn file_of(feed: &Feed, index: usize, path: &str) -> Option<Article> {
    let article = feed.get(index).filter(|article| !article.also_in.is_empty())?;
    let is_named = |file: &Path| is_same_file(file, Path::new(path));
    if is_named(&article.path) {
        return None;
    }
    let copy = feed.copies(index).find(|copy| is_named(&copy.path))?;
    let others = article.also_in.iter().filter(|other| **other != copy.path);
    let also_in = std::iter::once(&article.path).chain(others).cloned().collect();
    Some(Article { also_in, ..copy })
}

fn print_text(
    context: &Context,
    feed: &Arc<Feed>,
    index: usize,
    article: &Article,
    out: &mut Output,
) -> Result<(), OutputError> {
    let columns = out.columns().unwrap_or(COLUMNS).min(WIDEST);
    out.heading(&article.title)?;
    let mut facts: Vec<String> = vec![article.provider.name.to_string()];
    facts.extend((!article.author.is_empty()).then(|| article.author.to_string()));
    facts.extend(article.published.map(|date| date.to_text(context.user.zone())));
    facts.extend(fields::facts(article).map(|fact| fact.to_string()));
    let score = context.search_context(feed).marks.score(article.id);
    facts.extend((score != 0).then(|| format!("score {score:+}")));
    out.line(clean::plain_line(&facts.join(" · ")))?;
    if !article.topics.is_empty() {
        let topics: Vec<SafeText> = article.topics.iter().map(|topic| topic.shown().clone()).collect();
        out.line(clean::join(&topics, ", "))?;
    }
    if let Some(link) = article.link_to_open() {
        out.line(link.shown_with_real_host())?;
    }
    let links = article.links();
    if !article.excerpt_from_body && !article.excerpt.is_empty() {
        out.line("")?;
        let pieces = [Piece { text: article.excerpt.clone(), style: Style::new() }];
        print_lines(wrap(&pieces, columns, &[], &[]), out)?;
    }
    if !article.body.is_blank() {
        out.line("")?;
        print_lines(
            markdown::render(&article.body, article.syntax(), columns, &links, &MarkdownStyles::default()),
            out,
        )?;
    }
    let numbered = |link: &Link| match links.iter().position(|known| known.link.shown() == link.shown()) {
        Some(at) => format!("{} [{}]", link.shown_with_real_host(), at + 1),
        None => link.shown_with_real_host().to_string(),
    };
    let enclosures = article.enclosures.iter().map(|one| format!("{}: {}", one.description(), numbered(&one.link)));
    let comments = article.comments.iter().map(|link| format!("Comments: {}", numbered(link)));
    let channel = Some(&article.channel.address).filter(|address| !address.is_empty());
    let channel = channel.map(|address| format!("Channel: {address}"));
    let extras: Vec<String> = enclosures.chain(comments).chain(channel).collect();
    if !extras.is_empty() {
        out.line("")?;
        extras.iter().try_for_each(|line| out.line(clean::plain_line(line)))?;
    }
    let related = feed.related(index);
    if !related.is_empty() {
        out.line("")?;
        out.heading("Related")?;
        for (number, entry) in related.iter().enumerate() {
            let target = &entry.target;
            let here = if matches!(target, Target::InLibrary(..)) { "here" } else { "on the web" };
            let (provider, reason) = (&target.provider().name, entry.reason.words());
            out.line(clean::plain_line(&format!("{}. {} ({provider}, {reason}, {here})", number + 1, target.title())))?;
        }
    }
    let rules = context.rule_notes(feed, article.id);
    if !rules.is_empty() {
        out.line("")?;
        out.heading("Rules")?;
        rules.into_iter().try_for_each(|words| out.line(words))?;
    }
    for path in &article.also_in {
        out.line(clean::join(&["Also in".into(), clean::path(path)], " "))?;
    }
    for problem in &article.problems {
        out.line("")?;
        out.line(problem.one_line())?;
    }
    Ok(())
}

fn print_lines(lines: impl IntoIterator<Item = Line<'static>>, out: &mut Output) -> Result<(), OutputError> {
    lines.into_iter().try_for_each(|line| {
        let text: String = line.spans.iter().map(|span| span.content.as_ref()).collect();
        out.line(clean::text(text.trim_end()))
    })
}

fn print_markdown(article: &Article, zone: Zone, out: &mut Output) -> Result<(), OutputError> {
    out.line(clean::plain_line(&format!("# {}", article.title)))?;
    out.line("")?;
    let mut facts: Vec<String> = vec![article.provider.name.to_string()];
    facts.extend(article.published.map(|date| date.to_text(zone)));
    facts.extend(article.link.as_ref().map(|link| format!("<{}>", link.shown())));
    out.line(clean::plain_line(&facts.join(" · ")))?;
    if !article.excerpt.is_empty() && !article.excerpt_from_body {
        out.line("")?;
        out.line(&article.excerpt)?;
    }
    if !article.body.is_blank() {
        out.line("")?;
        out.line(clean::text(article.body.untrusted()))?;
    }
    Ok(())
}
