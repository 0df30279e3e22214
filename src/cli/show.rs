//! `frontpage show`: prints articles as text, JSON, Markdown or HTML.

use std::sync::Arc;

use clap::ValueEnum;
use ratatui::style::Style;
use ratatui::text::Line;

use std::path::Path;

use serde_json::Value;

use super::context::{Context, exit_after, is_same_file, library_error};
use super::error::{CliError, Exit};
use super::help_text;
use super::output::{Output, OutputError};
use super::show_links;
use crate::export::{self, FileLine, article_json, file_lines, html_document, markdown_document};
use crate::feed::{
    Article, ArticleId, Feed, Link, SafeText, Tag, Target, article_links, clean, related, shown_excerpt, tags,
};
use crate::library::{Library, Loaded};
use crate::markdown::{self, MarkdownSigns, MarkdownStyles};
use crate::text::{CaptionForm, Piece, wrap};

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
    /// A Markdown document, without the signs of site generators.
    Markdown,
    /// An HTML document that loads nothing.
    Html,
}

const EXAMPLES: &str = "\
frontpage show https://example.org/an-article
frontpage show title:\"tide clocks\"          a query that finds one article
frontpage show 0123456789abcdef --format markdown
frontpage show notes/draft.md                a file, in the library or not
frontpage show notes/*.md --format html > notes.html";

/// Arguments of `show`.
#[derive(Debug, clap::Args)]
#[command(after_help = help_text::examples(EXAMPLES))]
pub struct ShowArgs {
    /// Ids, links or paths of articles, or a query that finds one article
    #[arg(value_name = "ARTICLE", required = true)]
    article: Vec<String>,
    /// Output format
    #[arg(long, value_enum, default_value = "text")]
    format: ShowFormat,
}

/// An article to print: the feed that it is in, and its index there.
type Found = (Arc<Feed>, usize);

/// Prints articles.
pub fn run(args: &ShowArgs, context: &Context) -> Result<Exit, CliError> {
    let loaded = context.load()?;
    let found = find(&args.article, context, &loaded)?;
    let mut out = match args.format {
        ShowFormat::Text => Output::with_symbols(context.user.settings.symbols()),
        _ => Output::new(),
    };
    let printed = print(&found, args, context, &mut out);
    exit_after(printed.and_then(|()| out.finish()), Exit::Success)
}

/// The articles that the arguments name: each by id, link or path, or one by all of them as a query.
fn find(words: &[String], context: &Context, loaded: &Loaded) -> Result<Vec<Found>, CliError> {
    // A cheap test, since looking for a path reads all articles: a query of several words is none.
    let is_name =
        |word: &String| word.parse::<ArticleId>().is_ok() || word.contains("://") || Path::new(word).is_file();
    if !words.iter().all(is_name) {
        // A file that is missing beside others is named alone: together they would be taken for a query.
        let is_file = |word: &&String| !is_name(word) && [".md", ".markdown", ".mdx"].iter().any(|e| word.ends_with(e));
        let missing = words.iter().find(is_file).filter(|_| words.iter().any(is_name));
        let words = missing.map_or(words, std::slice::from_ref);
        return Ok(vec![(loaded.feed.clone(), context.find_one(words, &loaded.feed)?)]);
    }
    let by_name = |word: &String| match context.find_exact(word, &loaded.feed) {
        Some(index) => Ok((loaded.feed.clone(), index)),
        None if Path::new(word).is_file() => Ok((alone(Path::new(word), context)?.feed, 0)),
        None => Ok((loaded.feed.clone(), context.find_one(std::slice::from_ref(word), &loaded.feed)?)),
    };
    words.iter().map(by_name).collect()
}

fn print(found: &[Found], args: &ShowArgs, context: &Context, out: &mut Output) -> Result<(), OutputError> {
    let words = args.article.join(" ");
    let (mut objects, mut documents) = (Vec::new(), Vec::new());
    for (number, (feed, index)) in found.iter().enumerate() {
        let named = if found.len() > 1 { args.article.get(number) } else { Some(&words) };
        let Some(article) = feed.get(*index) else { continue };
        let article = named.and_then(|path| file_of(feed, *index, path)).map_or(article, Arc::new);
        let facts = || export::facts(&context.search_context(feed), &article);
        if number > 0 && matches!(args.format, ShowFormat::Text | ShowFormat::Markdown) {
            out.line(if args.format == ShowFormat::Markdown { "\n---\n" } else { "" })?;
        }
        match args.format {
            ShowFormat::Json => objects.push(article_json(&context.search_context(feed), *index, &article)),
            ShowFormat::Markdown => out.line(markdown_document(&article, &facts()))?,
            ShowFormat::Html => documents.push((article.clone(), facts())),
            ShowFormat::Text => print_text(context, feed, *index, &article, out)?,
        }
    }
    match (args.format, objects.as_slice()) {
        (ShowFormat::Json, [one]) => out.json(one),
        (ShowFormat::Json, _) => out.json(&Value::Array(objects)),
        (ShowFormat::Html, _) => out.raw(&html_document(&documents)),
        _ => Ok(()),
    }
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
    let search = context.search_context(feed);
    out.heading(&article.title)?;
    export::facts(&search, article).iter().try_for_each(|line| out.line(line))?;
    // Not in documents, which the user may give to others.
    let own: Vec<SafeText> = tags::of(&search.marks, article.id).iter().map(Tag::signed).collect();
    if !own.is_empty() {
        out.line(clean::join(&own, ", "))?;
    }
    if let Some(link) = article.shown_link() {
        out.line(link.shown_with_real_host())?;
    }
    let links = article_links::links_in_feed(feed, index, article);
    let captions = CaptionForm::of(context.user.settings.symbols());
    let signs = MarkdownSigns { captions, ..MarkdownSigns::default() };
    let styles = MarkdownStyles { signs, ..MarkdownStyles::default() };
    if let Some(excerpt) = shown_excerpt(article) {
        out.line("")?;
        let pieces = [Piece { text: excerpt.clone(), style: Style::new() }];
        print_lines(wrap(&pieces, columns, &[], &[]), out)?;
    }
    if !article.body.is_blank() {
        out.line("")?;
        print_lines(markdown::render(&article.body, article.syntax(), columns, &links, &styles), out)?;
    }
    let numbered = |link: &Link| match links.iter().position(|known| known.link.shown() == link.shown()) {
        Some(at) => format!("{} [{}]", link.shown_with_real_host(), at + 1),
        None => link.shown_with_real_host().to_string(),
    };
    let enclosures = file_lines(article).map(|FileLine { words, link }| format!("{words}: {}", numbered(link)));
    let comments = article.comments.iter().map(|link| format!("Comments: {}", numbered(link)));
    let channel = Some(&article.channel.address).filter(|address| !address.is_empty());
    let channel = channel.map(|address| format!("Channel: {address}"));
    let extras: Vec<String> = enclosures.chain(comments).chain(channel).collect();
    if !extras.is_empty() {
        out.line("")?;
        extras.iter().try_for_each(|line| out.line(clean::plain_line(line)))?;
    }
    let listed = show_links::lines(article, &links, feed);
    if !listed.is_empty() {
        out.line("")?;
        out.heading("Links")?;
        listed.into_iter().try_for_each(|line| out.line(line))?;
    }
    let related = feed.related(index);
    if !related.is_empty() {
        out.line("")?;
        out.heading("Related")?;
        let paths = related::paths_of_same_titles(&related);
        for (number, (entry, path)) in related.iter().zip(paths).enumerate() {
            let target = &entry.target;
            let here = if matches!(target, Target::InLibrary(..)) { "here" } else { "on the web" };
            let facts = [target.provider().name.to_string(), entry.reason.words().to_string(), here.to_owned()];
            let facts: Vec<&str> = facts.iter().map(String::as_str).filter(|fact| !fact.is_empty()).collect();
            let path = path.map(|path| format!(" ({path})")).unwrap_or_default();
            let words = format!("{}. {}{path} ({})", number + 1, target.title(), facts.join(", "));
            out.line(clean::plain_line(&words))?;
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
