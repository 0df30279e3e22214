//! `frontpage marks`: exports marks as JSON lines, and imports them from JSON lines, newsboat or a list of links.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{ErrorKind, Read};
use std::mem::{Discriminant, discriminant};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::Subcommand;
use serde_json::{Value, json};

use super::context::{Context, exit_after};
use super::error::{CliError, Exit};
use super::list::rfc3339;
use super::mark::{MarkName, WritableMarks};
use super::output::{Output, print_notice};
use super::progress::Progress;
use crate::feed::{Address, ArticleId, Feed, Link, Mark, Marks, SafeText, clean};
use crate::library::io_error_text;

const EXPORT_HELP: &str = "\
Each line of the export is a JSON object. It always has all of these keys:
  id       id of the article, 16 hex digits
  link     link of the article, or null if it is not in the library
  title    title of the article, the last known one if it is not in the library, or null
  read     time at which you read it (RFC 3339, UTC), or null
  starred  true or false
  hidden   true or false
  note     one line of text, empty if there is none
  arrived  time at which frontpage first loaded it (RFC 3339, UTC), or null
The import needs `id` or `link`. It only adds marks: it removes none, and changes no mark that
you have set or removed yourself. If two lines are about one article, the last one counts.";

const IMPORT_HELP: &str = "\
A line that is not a JSON object is the link or id of an article, as in newsboat's list of read
articles (newsboat -E FILE) or any other list of links. It is marked read, or as --as says.";

/// Subcommands of `marks`.
#[derive(Debug, Subcommand)]
pub enum MarksCommand {
    /// Print all marks as JSON lines
    #[command(after_help = EXPORT_HELP)]
    Export(ExportArgs),
    /// Import marks from JSON lines, newsboat's list of read articles, or a list of links
    #[command(after_help = IMPORT_HELP)]
    Import(ImportArgs),
}

/// Arguments of `marks export`.
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    /// File to write, which must not exist yet; standard output if omitted
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

/// Arguments of `marks import`.
#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// File to read; standard input if omitted or -
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Mark for the articles of a list of links
    #[arg(long = "as", value_name = "MARK", value_enum, default_value = "read")]
    mark: MarkName,
    /// Print what would be imported, and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// Runs a subcommand.
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
        // Marks that have moved to a new id are exported under that id.
        let last_seen = marks.last_seen(id);
        let moved = article.is_none()
            && last_seen.and_then(|last_seen| last_seen.moved_to).is_some_and(|to| feed.index_of(to).is_some());
        let title = article.as_ref().map(|article| &article.title).or(last_seen.map(|last_seen| &last_seen.title));
        (marked && !moved).then(|| {
            json!({
                "id": id.to_string(),
                "link": article.as_ref().and_then(|article| article.link.as_ref()).map(|link| link.shown().as_str()),
                "title": title.map(SafeText::as_str),
                "read": read.map(rfc3339),
                "starred": starred,
                "hidden": hidden,
                "note": note.map_or("", SafeText::as_str),
                "arrived": marks.arrived(id).map(rfc3339),
            })
        })
    });
    let Some(file) = &args.file else {
        let mut out = Output::new();
        let mut lines = lines;
        return exit_after(lines.try_for_each(|line| out.json_line(&line)).and_then(|()| out.finish()), Exit::Success);
    };
    let text: String = lines.map(|line| format!("{line}\n")).collect();
    let count = text.lines().count();
    write_new(file, &text).map_err(|error| not_written(file, &error))?;
    let s = if count == 1 { "" } else { "s" };
    print_notice(clean::plain_line(&format!("exported {count} marked article{s} to {}", clean::path(file))));
    Ok(Exit::Success)
}

fn not_written(file: &Path, error: &std::io::Error) -> CliError {
    let failed = CliError::new(&format!("cannot write {}: {}", clean::path(file), io_error_text(error)));
    if error.kind() == ErrorKind::AlreadyExists { failed.hint("name a file that does not exist yet") } else { failed }
}

fn write_new(file: &Path, text: &str) -> std::io::Result<()> {
    let mut new = std::fs::File::create_new(file)?;
    std::io::Write::write_all(&mut new, text.as_bytes())?;
    new.sync_all()
}

fn import(args: &ImportArgs, context: &Context) -> Result<Exit, CliError> {
    let text = read_text(args.file.as_deref())?;
    let feed = context.load()?.feed;
    let mut writer = WritableMarks::open(context, &feed)?;
    let known = LinkIndex::of(writer.feed.clone());
    // Some Windows programs begin a file with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let (mut imported, mut skipped) = (ImportedMarks::default(), Vec::new());
    let (mut shown, all) = (Progress::new("importing"), text.lines().count());
    for (number, line) in text.lines().enumerate() {
        shown.at(number, Some(all));
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let read = match line.starts_with('{') {
            true => known.object(line, context.now, &mut imported),
            false => known.id(line).map(|id| imported.add(id, args.mark.mark(context), true)),
        };
        if let Err(why) = read {
            skipped.push(format!("line {}: {why}: {}", number + 1, clean::quote(line)));
        }
    }
    drop(shown);
    let (replaced, titles) = (imported.replaced, std::mem::take(&mut imported.titles));
    let ImportPlan { to_set, already_set, set_by_hand } = imported.plan(&writer.marks);
    let count: usize = to_set.values().map(Vec::len).sum();
    for line in skipped.iter().take(5) {
        print_notice(clean::plain_line(line));
    }
    if skipped.len() > 5 {
        print_notice(clean::plain_line(&format!("and {} more lines without marks", skipped.len() - 5)));
    }
    let s = if count == 1 { "" } else { "s" };
    let mut summary = match args.dry_run {
        true => format!("would set {count} mark{s}; {already_set} are already set"),
        false => {
            let marked: BTreeSet<ArticleId> = to_set.values().flatten().copied().collect();
            let is_gone = |id: &ArticleId| marked.contains(id) && writer.feed.index_of(*id).is_none();
            let titles = titles.into_iter().filter(|(id, _)| is_gone(id)).collect();
            writer.import(to_set.into_iter().collect(), titles)?;
            format!("{count} mark{s} set; {already_set} were already set")
        }
    };
    for (count, what) in [
        (set_by_hand, "skipped: you set something else by hand"),
        (replaced, "replaced by a later line"),
        (skipped.len(), if skipped.len() == 1 { "line skipped" } else { "lines skipped" }),
    ] {
        if count > 0 {
            summary += &format!("; {count} {what}");
        }
    }
    print_notice(clean::plain_line(&summary));
    Ok(if skipped.is_empty() { Exit::Success } else { Exit::NothingOrProblems })
}

fn read_text(file: Option<&Path>) -> Result<String, CliError> {
    let mut bytes = Vec::new();
    let read = match file.filter(|file| *file != Path::new("-")) {
        Some(file) => std::fs::File::open(file).and_then(|mut file| file.read_to_end(&mut bytes)),
        None => std::io::stdin().read_to_end(&mut bytes),
    };
    let name = file.map_or("the standard input".into(), clean::path);
    read.map_err(|error| CliError::new(&format!("cannot read {name}: {}", io_error_text(&error))))?;
    // Bytes that are not UTF-8 make their line invalid, not the whole file.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The marks that a file sets, by article and field. None for a field that the file sets to nothing. The last line of a field
/// counts.
#[derive(Default)]
struct ImportedMarks {
    fields: HashMap<(ArticleId, Discriminant<Mark>), Option<Mark>>,
    /// Titles in the file.
    titles: BTreeMap<ArticleId, SafeText>,
    /// Number of marks that a later line replaced with a different one.
    replaced: usize,
}

/// What an import does with the marks of a file.
#[derive(Default)]
struct ImportPlan {
    to_set: BTreeMap<Mark, Vec<ArticleId>>,
    /// Number of marks that are already set.
    already_set: usize,
    /// Number of marks that are skipped because the user set something else by hand.
    set_by_hand: usize,
}

impl ImportedMarks {
    /// Records that the file sets the field of a mark; to nothing unless `is_set`.
    fn add(&mut self, id: ArticleId, mark: Mark, is_set: bool) {
        let (field, mark) = (discriminant(&mark), is_set.then_some(mark));
        let before = self.fields.insert((id, field), mark.clone());
        self.replaced += usize::from(before.is_some_and(|before| before.is_some() && before != mark));
    }

    /// Compares the marks of the file with those that are set.
    fn plan(self, marks: &Marks) -> ImportPlan {
        let mut plan = ImportPlan::default();
        for ((id, _), mark) in self.fields {
            let Some(mark) = mark else { continue };
            if marks.has(id, &mark) {
                plan.already_set += 1;
            } else if marks.is_set(id, &mark) {
                plan.set_by_hand += 1;
            } else {
                plan.to_set.entry(mark).or_default().push(id);
            }
        }
        // A `HashMap` has no fixed order: without this, equal imports would write different lines.
        plan.to_set.values_mut().for_each(|articles| articles.sort());
        plan
    }
}

/// Why a line of an imported file is skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum BadLine {
    #[error("neither a link nor an id")]
    Address,
    #[error("not a JSON object")]
    Object,
    #[error("neither `id` nor `link`")]
    Keys,
    #[error("`{0}` is not a time")]
    Time(&'static str),
    #[error("`{0}` is not true or false")]
    Switch(&'static str),
    #[error("`note` is not a string")]
    Note,
}

/// Finds articles by id or by any of their links.
struct LinkIndex {
    feed: Arc<Feed>,
    by_link: HashMap<ArticleId, ArticleId>,
}

impl LinkIndex {
    fn of(feed: Arc<Feed>) -> LinkIndex {
        let mut shown = Progress::new("indexing links");
        let others = feed.iter().enumerate().flat_map(|(number, article)| {
            shown.at(number, Some(feed.len()));
            // The id of an item of a channel does not come from its link.
            let main = article.link.iter().filter(|_| !article.written_id.is_empty());
            let links = main.chain(article.other_links.iter().map(|(_, link)| link)).filter_map(Link::address);
            links.map(|address| (ArticleId::of_link(address), article.id)).collect::<Vec<_>>()
        });
        let by_link = others.collect();
        LinkIndex { feed, by_link }
    }

    fn id(&self, text: &str) -> Result<ArticleId, BadLine> {
        if text.len() == 16
            && let Ok(id) = text.parse()
        {
            return Ok(id);
        }
        let address = Address::parse(text).map_err(|_| BadLine::Address)?;
        if let Some(id) = self.feed.index_of_link(&address).and_then(|index| self.feed.id(index)) {
            return Ok(id);
        }
        let id = ArticleId::of_link(&address);
        Ok(self.by_link.get(&id).copied().unwrap_or(id))
    }

    fn object(&self, line: &str, now: DateTime<Utc>, imported: &mut ImportedMarks) -> Result<(), BadLine> {
        let object: Value = serde_json::from_str(line).map_err(|_| BadLine::Object)?;
        let text = |key: &str| object.get(key).and_then(Value::as_str);
        let id = text("id").map(|text| self.id(text));
        let id = match (id, text("link")) {
            (Some(Ok(id)), _) => id,
            (_, Some(link)) => self.id(link)?,
            (id, None) => id.ok_or(BadLine::Keys)??,
        };
        // A missing key keeps the value from an earlier line.
        let mut marks = Vec::new();
        type Timed = (&'static str, fn(DateTime<Utc>) -> Mark);
        let of_time: [Timed; 2] = [("read", |time| Mark::Read(Some(time))), ("arrived", Mark::Arrived)];
        for (key, mark) in of_time {
            let (time, is_set) = match object.get(key) {
                None => continue,
                Some(Value::Null | Value::Bool(false)) => (now, false),
                Some(Value::Bool(true)) => (now, true),
                Some(value) => {
                    let time = value.as_str().and_then(|text| text.parse().ok());
                    (time.ok_or(BadLine::Time(key))?, true)
                }
            };
            marks.push((mark(time), is_set));
        }
        for (key, mark) in [("starred", Mark::Starred(true)), ("hidden", Mark::Hidden(true))] {
            match object.get(key) {
                None => {}
                Some(Value::Null) => marks.push((mark, false)),
                Some(value) => marks.push((mark, value.as_bool().ok_or(BadLine::Switch(key))?)),
            }
        }
        match object.get("note") {
            None => {}
            Some(Value::Null) => marks.push((Mark::Note(SafeText::default()), false)),
            Some(value) => {
                let note = value.as_str().map(clean::line).ok_or(BadLine::Note)?;
                marks.push((Mark::Note(note.clone()), !note.is_empty()));
            }
        }
        marks.into_iter().for_each(|(mark, is_set)| imported.add(id, mark, is_set));
        imported.titles.extend(text("title").map(clean::line).map(|title| (id, title)));
        Ok(())
    }
}
