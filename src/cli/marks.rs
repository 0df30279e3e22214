//! `frontpage marks`: takes marks out as JSON lines, and takes them in from those, from newsboat, or from lists of links.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::Subcommand;
use serde_json::{Value, json};

use super::context::{Context, finished};
use super::error::{CliError, Exit};
use super::list::rfc3339;
use super::mark::{As, Writer};
use super::output::{Output, say};
use super::progress::Progress;
use crate::feed::{Address, ArticleId, Feed, Mark, Marks, Shown, clean};

const FORMAT: &str = "\
A line of the export is an object with these keys, always all of them:
  id       the article, 16 hex digits
  link     its page, or null (when the library does not hold it)
  title    its title; the last one when the library does not hold it any more; null when none is known
  read     when it was read (RFC 3339, UTC), or null
  starred  true or false
  hidden   true or false
  note     one line; empty: none
  arrived  when the reader first saw it (RFC 3339, UTC), or null
The import needs `id` or `link`, and takes over what is marked; it takes no mark away.";

const LISTS: &str = "\
Lines that are no objects are links or ids of articles: newsboat's read articles
(newsboat -E FILE), or any list of links. They are marked read, or as --as says.";

/// What `marks` was asked.
#[derive(Debug, Subcommand)]
pub enum MarksCommand {
    /// Print all marks as JSON lines
    #[command(after_help = FORMAT)]
    Export(ExportArgs),
    /// Take marks over from JSON lines, newsboat's list of read articles, or a list of links
    #[command(after_help = LISTS)]
    Import(ImportArgs),
}

/// What `marks export` was asked.
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    /// File to write, which must not be there yet; without it the standard output
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

/// What `marks import` was asked.
#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// File to read; without it, or for -, the standard input
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// What to mark the articles of a list as
    #[arg(long = "as", value_name = "MARK", value_enum, default_value = "read")]
    mark: As,
    /// Tell what would be taken over, and take nothing over
    #[arg(long)]
    dry_run: bool,
}

/// Exports or imports.
pub fn run(command: &MarksCommand, context: &Context) -> Result<Exit, CliError> {
    match command {
        MarksCommand::Export(args) => export(args, context),
        MarksCommand::Import(args) => import(args, context),
    }
}

fn export(args: &ExportArgs, context: &Context) -> Result<Exit, CliError> {
    let feed = context.load()?.feed;
    let marks = context.marks();
    let lines = marks.articles().into_iter().filter_map(|id| {
        let (read, starred, hidden) = (marks.read_at(id), marks.is_starred(id), marks.is_hidden(id));
        let note = marks.note(id);
        let marked = read.is_some() || starred || hidden || note.is_some();
        let article = feed.find(id);
        // What moved along with an article is told there.
        let trace = marks.trace(id);
        let moved =
            article.is_none() && trace.and_then(|trace| trace.moved_to).is_some_and(|to| feed.place(to).is_some());
        let title = article.as_ref().map(|article| &article.title).or(trace.map(|trace| &trace.title));
        (marked && !moved).then(|| {
            json!({
                "id": id.to_string(),
                "link": article.as_ref().and_then(|article| article.link.as_ref()).map(|link| link.shown().as_str()),
                "title": title.map(Shown::as_str),
                "read": read.map(rfc3339),
                "starred": starred,
                "hidden": hidden,
                "note": note.map_or("", Shown::as_str),
                "arrived": marks.arrived(id).map(rfc3339),
            })
        })
    });
    let Some(file) = &args.file else {
        let mut out = Output::new();
        let mut lines = lines;
        return finished(lines.try_for_each(|line| out.json_line(&line)).and_then(|()| out.finish()), Exit::Fine);
    };
    let text: String = lines.map(|line| format!("{line}\n")).collect();
    let count = text.lines().count();
    write_new(file, &text).map_err(|error| CliError::new(&format!("{}: {error}", clean::path(file))))?;
    say(clean::decoded(&format!("{count} marked articles written to {}", clean::path(file))));
    Ok(Exit::Fine)
}

fn write_new(file: &Path, text: &str) -> std::io::Result<()> {
    let mut new = std::fs::File::create_new(file)?;
    std::io::Write::write_all(&mut new, text.as_bytes())?;
    new.sync_all()
}

fn import(args: &ImportArgs, context: &Context) -> Result<Exit, CliError> {
    let text = read_text(args.file.as_deref())?;
    let feed = context.load()?.feed;
    let mut writer = Writer::open(context, &feed)?;
    let known = Known::of(writer.feed.clone());
    let (mut wanted, mut skipped) = (Wanted::default(), Vec::new());
    let (mut shown, all) = (Progress::new("importing"), text.lines().count());
    for (number, line) in text.lines().enumerate() {
        shown.at(number, Some(all));
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let read = match line.starts_with('{') {
            true => known.object(line, &mut wanted),
            false => known.id(line).map(|id| wanted.add(args.mark.mark(context), id)),
        };
        if let Err(why) = read {
            skipped.push(format!("line {}: {why}: {}", number + 1, clean::quote(line)));
        }
    }
    drop(shown);
    let found = wanted.count();
    let to_set = wanted.without(&writer.marks);
    let count: usize = to_set.iter().map(|(_, articles)| articles.len()).sum();
    for line in skipped.iter().take(5) {
        say(clean::decoded(line));
    }
    if skipped.len() > 5 {
        say(clean::decoded(&format!("and {} more lines that are no marks", skipped.len() - 5)));
    }
    let same = found - count;
    if args.dry_run {
        say(clean::decoded(&format!("would set {count} marks; {same} are set already")));
    } else {
        writer.set(to_set)?;
        say(clean::decoded(&format!("{count} marks set; {same} were set already")));
    }
    Ok(if skipped.is_empty() { Exit::Fine } else { Exit::Nothing })
}

fn read_text(file: Option<&Path>) -> Result<String, CliError> {
    let mut bytes = Vec::new();
    let read = match file.filter(|file| *file != Path::new("-")) {
        Some(file) => std::fs::File::open(file).and_then(|mut file| file.read_to_end(&mut bytes)),
        None => std::io::stdin().read_to_end(&mut bytes),
    };
    let name = file.map_or("the standard input".into(), clean::path);
    read.map_err(|error| CliError::new(&format!("{name}: {error}")))?;
    // A byte that is no text spoils its line and no other.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Marks that a file asks for, by what is set.
#[derive(Default)]
struct Wanted(BTreeMap<Mark, Vec<ArticleId>>);

impl Wanted {
    fn add(&mut self, mark: Mark, id: ArticleId) {
        self.0.entry(mark).or_default().push(id);
    }

    fn count(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }

    /// What is not set yet.
    fn without(self, marks: &Marks) -> Vec<(Mark, Vec<ArticleId>)> {
        let new = self.0.into_iter().map(|(mark, mut ids)| {
            ids.sort();
            ids.dedup();
            ids.retain(|id| !marks.has(*id, &mark));
            (mark, ids)
        });
        new.filter(|(_, ids)| !ids.is_empty()).collect()
    }
}

/// Which article a link means: any link of an article of the library means that article.
struct Known {
    feed: Arc<Feed>,
    by_link: HashMap<ArticleId, ArticleId>,
}

impl Known {
    fn of(feed: Arc<Feed>) -> Known {
        let mut shown = Progress::new("looking at articles:");
        let others = feed.iter().enumerate().flat_map(|(number, article)| {
            shown.at(number, Some(feed.len()));
            let links = article.other_links.iter().filter_map(|(_, link)| link.address());
            links.map(|address| (ArticleId::of_link(address), article.id)).collect::<Vec<_>>()
        });
        let by_link = others.collect();
        Known { feed, by_link }
    }

    fn id(&self, text: &str) -> Result<ArticleId, &'static str> {
        if text.len() == 16
            && let Ok(id) = text.parse()
        {
            return Ok(id);
        }
        let address = Address::parse(text).map_err(|_| "no link and no id")?;
        if let Some(id) = self.feed.place_of_link(&address).and_then(|place| self.feed.id(place)) {
            return Ok(id);
        }
        let id = ArticleId::of_link(&address);
        Ok(self.by_link.get(&id).copied().unwrap_or(id))
    }

    fn object(&self, line: &str, wanted: &mut Wanted) -> Result<(), &'static str> {
        let object: Value = serde_json::from_str(line).map_err(|_| "no JSON object")?;
        let text = |key: &str| object.get(key).and_then(Value::as_str);
        let time = |key: &str| match text(key) {
            None => Ok(None),
            Some(text) => text.parse::<DateTime<Utc>>().map(Some).map_err(|_| "a time that is none"),
        };
        let id = text("id").or(text("link")).ok_or("neither `id` nor `link`").and_then(|text| self.id(text))?;
        let is_true = |key: &str| object.get(key).and_then(Value::as_bool).unwrap_or(false);
        let (read, arrived) = (time("read")?, time("arrived")?);
        let note = text("note").map(clean::line).filter(|note| !note.is_empty());
        let marks = [
            read.map(|at| Mark::Read(Some(at))),
            is_true("starred").then_some(Mark::Starred(true)),
            is_true("hidden").then_some(Mark::Hidden(true)),
            note.map(Mark::Note),
            arrived.map(Mark::Arrived),
        ];
        marks.into_iter().flatten().for_each(|mark| wanted.add(mark, id));
        Ok(())
    }
}
