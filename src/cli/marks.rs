//! `frontpage marks`: exports marks as JSON lines, and imports them from JSON lines, newsboat, elfeed or a list of links.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use super::context::{Context, exit_after};
use super::elfeed_index;
use super::error::{CliError, Exit};
use super::imported_marks::{ImportPlan, ImportedMarks, LinkIndex};
use super::mark::{MarkName, WritableMarks};
use super::output::{Output, print_notice};
use super::output_file::OutputFile;
use super::progress::Progress;
use crate::export::rfc3339;
use crate::feed::{ArticleId, SafeText, clean, tags};
use crate::library::io_error_text;
use crate::text::counted;

const EXPORT_HELP: &str = "\
Each line of the export is a JSON object. It always has all of these keys:
  id       id of the article, 16 hex digits
  link     link of the article, or null if it is not in the library
  title    title of the article, the last known one if it is not in the library, or null
  read     time at which you read it (RFC 3339, UTC), or null
  starred  true or false
  hidden   true or false
  note     one line of text, empty if there is none
  tags     the names of your tags; those of rules are not among them
  arrived  time at which frontpage first loaded it (RFC 3339, UTC), or null
The import needs `id` or `link`. It only adds marks: it removes none, and changes no mark that
you have set or removed yourself. If two lines are about one article, the last one counts.";

const IMPORT_HELP: &str = "\
A line that is not a JSON object is the link or id of an article, as in newsboat's list of read
articles (newsboat -E FILE) or any other list of links. It is marked read, or as --as says.
Rows of newsboat's database are read too, with each flag as a tag:
  sqlite3 -json cache.db \"select guid, url, title, flags, unread from rss_item\"
and so is the index of elfeed (~/.elfeed/index), with its tags.";

/// Subcommands of `marks`.
#[derive(Debug, Subcommand)]
pub enum MarksCommand {
    /// Print all marks as JSON lines
    #[command(after_help = EXPORT_HELP)]
    Export(ExportArgs),
    /// Import marks from JSON lines, newsboat, elfeed, or a list of links
    #[command(after_help = IMPORT_HELP)]
    Import(ImportArgs),
}

/// Arguments of `marks export`.
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    /// File to write, which must not exist yet; standard output if omitted
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Replace the file
    #[arg(long, requires = "file")]
    overwrite: bool,
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
        let tags: Vec<String> = tags::of(&marks, id).iter().map(|tag| tag.shown().to_string()).collect();
        let marked = read.is_some() || starred || hidden || note.is_some() || !tags.is_empty();
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
                "tags": tags,
                "arrived": marks.arrived(id).map(rfc3339),
            })
        })
    });
    let begin = |path: &PathBuf| OutputFile::begin(path, args.overwrite, &context.library);
    let file = args.file.as_ref().map(begin).transpose()?;
    let mut out = file.as_ref().map_or_else(|| Ok(Output::new()), OutputFile::output)?;
    let mut count = 0_usize;
    let printed = lines.inspect(|_| count = count.saturating_add(1)).try_for_each(|line| out.json_line(&line));
    let ended = exit_after(printed.and_then(|()| out.finish()), Exit::Success)?;
    if let (Some(file), Some(path)) = (file, &args.file) {
        file.finish()?;
        let words = format!("exported {} to {}", counted(count, "marked article"), clean::path(path));
        print_notice(clean::plain_line(&words));
    }
    Ok(ended)
}

fn import(args: &ImportArgs, context: &Context) -> Result<Exit, CliError> {
    let text = read_text(args.file.as_deref())?;
    let feed = context.load()?.feed;
    let mut writer = WritableMarks::open(context, &feed)?;
    let known = LinkIndex::of(writer.feed.clone());
    // Some Windows programs begin a file with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let (mut imported, skipped) = read_marks(text, &known, args, context);
    let missing = imported.articles().filter(|id| writer.feed.index_of(*id).is_none()).count();
    let (replaced, titles) = (imported.replaced, std::mem::take(&mut imported.titles));
    let ImportPlan { to_set, already_set, set_by_hand, beyond_limit } = imported.plan(&writer.marks);
    let count: usize = to_set.values().map(Vec::len).sum();
    for line in skipped.iter().take(5) {
        print_notice(clean::plain_line(line));
    }
    if skipped.len() > 5 {
        let more = counted(skipped.len() - 5, "more line");
        print_notice(clean::plain_line(&format!("and {more} without marks")));
    }
    let [are, were] = if already_set == 1 { ["is", "was"] } else { ["are", "were"] };
    let marks = counted(count, "mark");
    let mut summary = match args.dry_run {
        true => format!("would set {marks}; {already_set} {are} already set"),
        false => {
            let marked: BTreeSet<ArticleId> = to_set.values().flatten().copied().collect();
            let is_gone = |id: &ArticleId| marked.contains(id) && writer.feed.index_of(*id).is_none();
            let titles = titles.into_iter().filter(|(id, _)| is_gone(id)).collect();
            writer.import(to_set.into_iter().collect(), titles)?;
            format!("{marks} set; {already_set} {were} already set")
        }
    };
    for (count, what) in [
        (set_by_hand, "skipped: you set something else by hand"),
        (replaced, "replaced by a later line"),
        (beyond_limit, "skipped: too many tags on an article"),
        (missing, if missing == 1 { "article is not in the library" } else { "articles are not in the library" }),
        (skipped.len(), if skipped.len() == 1 { "line skipped" } else { "lines skipped" }),
    ] {
        if count > 0 {
            summary += &format!("; {count} {what}");
        }
    }
    print_notice(clean::plain_line(&summary));
    Ok(if skipped.is_empty() { Exit::Success } else { Exit::NothingOrProblems })
}

/// The marks in a text, and the lines or entries that were skipped.
fn read_marks(text: &str, known: &LinkIndex, args: &ImportArgs, context: &Context) -> (ImportedMarks, Vec<String>) {
    let (mut imported, mut skipped) = (ImportedMarks::default(), Vec::new());
    let mut shown = Progress::new("importing");
    if elfeed_index::is_index(text) {
        let entries = elfeed_index::entries(text);
        for (number, entry) in entries.iter().enumerate() {
            shown.at(number, Some(entries.len()));
            if let Err(why) = known.elfeed(entry, context.now, &mut imported) {
                skipped.push(format!("entry {}: {why}: {}", number + 1, clean::quote(&entry.title)));
            }
        }
        return (imported, skipped);
    }
    let all = text.lines().count();
    for (number, line) in text.lines().enumerate() {
        shown.at(number, Some(all));
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let read = match line.starts_with('{') || line.starts_with("[{") {
            true => known.object(line, context.now, &mut imported),
            false => known.id(line).map(|id| imported.add(id, args.mark.mark(context), true)),
        };
        if let Err(why) = read {
            skipped.push(format!("line {}: {why}: {}", number + 1, clean::quote(line)));
        }
    }
    (imported, skipped)
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
