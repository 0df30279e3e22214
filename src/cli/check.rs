//! `frontpage check`: checks every file and reports what is wrong with it.

use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::time::Instant;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use clap::ValueEnum;
use serde_json::{Value, json};

use super::context::{Context, exit_after};
use super::error::{CliError, Exit};
use super::help_text;
#[cfg(feature = "sync")]
use super::output::print_notice;
use super::output::{Output, OutputError};
#[cfg(feature = "sync")]
use crate::confinement::Enforced;
use crate::dates::Zone;
#[cfg(feature = "sync")]
use crate::feed::SafeText;
use crate::feed::{Link, Problem, Severity, UntrustedText, clean};
use crate::library::site::{Generator, Site, SiteBase, Sites};
use crate::library::{self, FileReport, Outcome};
#[cfg(feature = "sync")]
use crate::net::NetworkSettings;
#[cfg(feature = "sync")]
use crate::sync::workers::{ChildWorkers, Workers};
use crate::text::counted;

/// Maximum length of a quoted line, in characters.
const LONGEST_LINE: usize = 160;

/// Output formats of `check`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// Problems with the line that they are about, and a summary.
    Human,
    /// One object with all files.
    Json,
}

const EXAMPLES: &str = "\
frontpage check ~/articles                 exit code 1 if a file has a problem
frontpage check --format json | jq '.files[] | select(.outcome == \"rejected\")'";

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
#[command(after_help = help_text::examples(EXAMPLES))]
pub struct CheckArgs {
    /// Folders and files to check; the library if omitted
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value = "human")]
    format: CheckFormat,
}

/// Checks every file. Exit code 1 if one has a problem.
pub fn run(args: &CheckArgs, context: &Context) -> Result<Exit, CliError> {
    let started = Instant::now();
    let checked = context.with_paths(&args.paths);
    let files = checked.report()?;
    let sites = checked.library.sites(&checked.sites());
    let elapsed = started.elapsed().as_millis();
    let mut out = Output::new();
    let printed = match args.format {
        CheckFormat::Json => print_json(&files, &sites, context.user.zone(), elapsed as u64, &mut out),
        CheckFormat::Human => print_human(&files, &sites, &mut out),
    };
    #[cfg(feature = "sync")]
    if args.paths.is_empty() && args.format == CheckFormat::Human {
        print_notice(confinement());
    }
    let wrong = files.iter().any(|file| matches!(file.outcome, Outcome::Rejected | Outcome::Warning));
    let wrong = wrong || !sites.problems.is_empty() || sites.iter().any(|(_, site)| !site.problems.is_empty());
    exit_after(printed.and_then(|()| out.finish()), if wrong { Exit::NothingOrProblems } else { Exit::Success })
}

/// What the system enforces for the processes that fetch and parse, as they say themselves.
#[cfg(feature = "sync")]
fn confinement() -> SafeText {
    let both = || -> std::io::Result<Enforced> {
        let workers = ChildWorkers::new()?;
        let network = workers.network(&NetworkSettings::default())?.end();
        Ok(network.and(workers.parser()?.end()))
    };
    let words = match both() {
        Ok(enforced) => format!("the processes of `frontpage sync` that fetch and parse are {enforced}"),
        Err(error) => format!(
            "the processes of `frontpage sync` that fetch and parse cannot be started: {}",
            library::io_error_text(&error)
        ),
    };
    clean::plain_line(&words)
}

fn count(files: &[FileReport], outcome: Outcome) -> usize {
    files.iter().filter(|file| file.outcome == outcome).count()
}

fn print_json(
    files: &[FileReport],
    sites: &Sites,
    zone: Zone,
    elapsed: u64,
    out: &mut Output,
) -> Result<(), OutputError> {
    out.json(&json!({
        "files": files.iter().map(|file| file_json(file, zone)).collect::<Vec<Value>>(),
        "sites": sites.iter().map(|(_, site)| site_json(site)).collect::<Vec<Value>>(),
        "elapsed_ms": elapsed,
        "summary": {
            "loaded": count(files, Outcome::Loaded),
            "warning": count(files, Outcome::Warning),
            "rejected": count(files, Outcome::Rejected),
            "ignored": count(files, Outcome::Ignored),
        },
    }))
}

fn site_json(site: &Site) -> Value {
    json!({
        "settings": site.file.as_ref().map(|file| clean::path(file).to_string()),
        "generator": site.generator.as_ref().map(Generator::name),
        "address": site.base.as_ref().map(SiteBase::as_str),
        "problems": site.problems.iter().map(|problem| problem.one_line().to_string()).collect::<Vec<String>>(),
    })
}

fn file_json(file: &FileReport, zone: Zone) -> Value {
    let (name, value) = match file.below.to_str() {
        Some(name) => ("file", name.to_owned()),
        // JSON is UTF-8, and names of files need not be.
        None => ("file_hex", file.below.as_os_str().as_bytes().iter().map(|byte| format!("{byte:02x}")).collect()),
    };
    let problem = file.problems.first();
    let at = problem.and_then(|problem| problem.at);
    let article = file.article.as_deref();
    let link = article.and_then(|article| article.link.as_ref());
    json!({
        name: value,
        "outcome": file.outcome.word(),
        "line": at.map(|at| at.line),
        "column": at.map(|at| at.column),
        "message": problem.map(|problem| problem.what.to_string()),
        "hint": problem.map(|problem| problem.hint.to_string()).filter(|hint| !hint.is_empty()),
        "title": article.map(|article| article.title.to_string()),
        "url": link.map(|link| link.shown().to_string()),
        "open": match link {
            Some(Link::Web(_)) => "allow",
            Some(Link::Refused { .. }) => "refuse",
            None => "none",
        },
        "instant": article.and_then(|article| article.published).map(|date| date.at(zone).timestamp()),
    })
}

fn print_human(files: &[FileReport], sites: &Sites, out: &mut Output) -> Result<(), OutputError> {
    for file in files.iter().filter(|file| file.outcome != Outcome::Ignored) {
        for problem in &file.problems {
            let line = problem.at.and_then(|at| library::line_of(&file.path, at.line));
            out.raw(&diagnostic(problem, line.as_ref(), out.colour()))?;
        }
    }
    for problem in sites.problems.iter().chain(sites.iter().flat_map(|(_, site)| &site.problems)) {
        let line = problem.at.and_then(|at| library::line_of(&problem.path, at.line));
        out.raw(&diagnostic(problem, line.as_ref(), out.colour()))?;
    }
    for (_, site) in sites.iter() {
        let of_site = |file: &FileReport| file.article.as_ref().is_some_and(|article| article.site.link.is_some());
        let count = files.iter().filter(|file| of_site(file)).count();
        out.line(clean::plain_line(&format!(
            "site: {}; addresses of {} from it",
            site.summary(),
            counted(count, "article")
        )))?;
    }
    let total = files.len();
    if total == 0 {
        return out.line(clean::plain_line("no files were found"));
    }
    let with_warnings = count(files, Outcome::Warning);
    out.line(clean::plain_line(&format!(
        "{total} file{}: {} loaded, {with_warnings} of them with warnings, {} rejected, {} ignored",
        if total == 1 { "" } else { "s" },
        count(files, Outcome::Loaded) + with_warnings,
        count(files, Outcome::Rejected),
        count(files, Outcome::Ignored),
    )))
}

/// A problem in the style of rustc: message, position, line, caret and hint.
fn diagnostic(problem: &Problem, line: Option<&UntrustedText>, colour: bool) -> String {
    let level = if problem.severity == Severity::Error { Level::ERROR } else { Level::WARNING };
    let path = clean::path(&problem.path).to_string();
    let what = problem.what.to_string();
    let hint = problem.hint.to_string();
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    // `quote` has cut the line: the renderer must not cut it again.
    let renderer = renderer.term_width(usize::from(u16::MAX));
    let quoted = line.zip(problem.at).map(|(line, at)| quote(line.untrusted(), at.column as usize));
    let title = level.primary_title(&what);
    let mut group = match (&quoted, problem.at) {
        (Some((text, caret)), Some(at)) => title.element(
            Snippet::source(text.as_str())
                .line_start(at.line as usize)
                .path(path.as_str())
                .annotation(AnnotationKind::Primary.span(caret.clone())),
        ),
        (_, at) => {
            let origin = annotate_snippets::Origin::path(path.as_str());
            let origin = match at {
                Some(at) => origin.line(at.line as usize).char_column(at.column as usize),
                None => origin,
            };
            annotate_snippets::Group::with_title(title).element(origin)
        }
    };
    if !hint.is_empty() {
        group = group.element(Level::HELP.message(&hint));
    }
    let report = [group];
    format!("{}\n\n", renderer.render(&report))
}

/// A line cut around a column (from 1), and the bytes of it that the caret points at.
fn quote(line: &str, column: usize) -> (String, std::ops::Range<usize>) {
    let start = column.saturating_sub(1);
    let first = start.saturating_sub(LONGEST_LINE / 2);
    // Control characters become blanks: cleaning would remove whole escape sequences and shift the caret.
    let columns = line.chars().map(|c| if c.is_control() { ' ' } else { c });
    let window: String = columns.skip(first).take(LONGEST_LINE).collect();
    let before: String = window.chars().take(start - first).collect();
    let shown = clean::text(&window).to_string();
    let caret = clean::text(&before).as_str().len().min(shown.len());
    let width = shown[caret..].chars().next().map_or(0, char::len_utf8);
    let range = caret..caret + width;
    (shown, range)
}
