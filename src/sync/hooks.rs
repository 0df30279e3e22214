//! Runs what the setting `on new` names for new articles, after a sync, one program at a time.
//!
//! Before a program runs, the notes of its articles are removed. So nothing runs twice for an article, also if the sync is killed, and
//! what has not begun is left to the next sync.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fixedbitset::FixedBitSet;

use super::claims::SyncLock;
use super::environment::Environment;
use super::hook_notes::{self, HookNote};
use super::new_articles_message;
use super::outcome::Failure;
use crate::config::{CommandScope, CommandSetting, HookAction, HookSetting, NotifyBy};
use crate::external_program::program::{KeptOutput, Program, ProgramError, ProgramLimits};
use crate::feed::{Article, ArticleId, Problem, SafeText, clean};
use crate::jobs::own_command::{self, CommandError, CommandRun, MAX_ARTICLES};
use crate::library::io_error_text;
use crate::query::{Query, SearchContext};
use crate::subscriptions::{HookProblem, read_hook_problems, write_hook_problems};
use crate::text::{counted, grouped};

/// Runs of one entry in one sync. The rest is left to the next sync.
pub const MOST_RUNS: usize = 20;
/// No run begins later than this after the first: the next sync waits for them.
const MOST_TIME: Duration = Duration::from_secs(600);
/// A program that writes more is ended, in bytes.
const MAX_OUTPUT: usize = 1 << 20;
/// Time limit of `notify-send`.
const NOTIFY_LIMIT: Duration = Duration::from_secs(10);
/// Longest part of a query in messages, in characters.
const MAX_QUERY: usize = 60;

/// What was done for an entry of `on new`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HookResult {
    /// Its query.
    pub when: SafeText,
    /// Number of articles for which it ran.
    pub articles: usize,
    /// Number of articles that wait for the next sync.
    pub waiting: usize,
    /// What went wrong.
    pub problem: Option<Problem>,
    /// The message that the terminal of the reader shows.
    pub message: Option<SafeText>,
}

/// What the programs need beside the environment of the sync.
pub struct HookContext<'a> {
    /// The settings file, for problems.
    pub settings: &'a Path,
    /// Whether a reader has started the sync, and shows messages in its terminal.
    pub has_reader: bool,
    /// Loads the articles.
    pub load: &'a LoadArticles<'a>,
}

/// Loads the articles with their marks; with `true`, also the links between them.
pub type LoadArticles<'a> = dyn Fn(bool) -> Result<SearchContext, Failure> + 'a;

/// A run that was not started yet.
struct Run {
    /// The position of its entry.
    hook: usize,
    /// The indices of its articles in the feed, and their identities in the notes.
    articles: Vec<(usize, ArticleId)>,
}

/// An entry, and what is known of it.
struct Entry<'a> {
    setting: &'a HookSetting,
    key: String,
    result: HookResult,
    problem: Option<(String, String)>,
    /// Further problems of the same entry.
    more: usize,
    runs: usize,
    /// Its program cannot be started: the articles wait.
    is_stopped: bool,
}

impl Entry<'_> {
    fn fail(&mut self, what: String, remedy: &str) {
        match self.problem {
            None => self.problem = Some((what, remedy.to_owned())),
            Some(_) => self.more += 1,
        }
    }

    /// The problem as it is stored.
    fn stored(&self, settings: &Path) -> Option<HookProblem> {
        let (what, remedy) = self.problem.clone()?;
        let when = clean::plain_line(&self.setting.when.text);
        let query = match when.as_str() {
            "" => String::new(),
            when => format!(" `{}`", when.chars().take(MAX_QUERY).collect::<String>()),
        };
        let more = if self.more > 0 { format!(" (and {})", counted(self.more, "more problem")) } else { String::new() };
        Some(HookProblem {
            hook: self.key.clone(),
            file: settings.to_owned(),
            at: self.setting.when.at,
            what: format!("`on new`{query}: {what}{more}"),
            remedy,
        })
    }
}

/// Runs what is to run for the articles that are noted. The lock makes sure that no other sync does the same.
pub fn run(_: &SyncLock, environment: &Environment, context: &HookContext) -> Vec<HookResult> {
    let Environment { hooks, states, fs, .. } = *environment;
    let mut entries: Vec<Entry> = hooks
        .iter()
        .map(|setting| Entry {
            setting,
            key: setting.key(),
            result: HookResult { when: clean::plain_line(&setting.when.text), ..HookResult::default() },
            problem: None,
            more: 0,
            runs: 0,
            is_stopped: false,
        })
        .collect();
    let outcome =
        hook_notes::read(states, fs).map_err(|error| notes_failure(&error)).and_then(|notes| match notes.is_empty() {
            true => Ok(()),
            false => run_for(&notes, &mut entries, environment, context),
        });
    if let (Err(failure), Some(first)) = (outcome, entries.first_mut()) {
        first.fail(failure.what, &failure.remedy);
    }
    finish(entries, environment, context.settings)
}

fn notes_failure(error: &std::io::Error) -> Failure {
    let what = format!("the notes of new articles: {}", io_error_text(error));
    Failure::new(what, "make room, or make the state folder writable")
}

/// Runs the programs for noted articles. Fails if nothing could be decided or run.
fn run_for(
    notes: &[HookNote],
    entries: &mut [Entry],
    environment: &Environment,
    outside: &HookContext,
) -> Result<(), Failure> {
    let Environment { states, fs, saved, .. } = *environment;
    // A query that is wrong is a problem of the settings, which is reported.
    let queries: Vec<Option<Query>> =
        entries.iter().map(|entry| Query::parse_with(&entry.setting.when.text, saved).ok()).collect();
    let needs_links = queries.iter().flatten().any(Query::depends_on_links);
    let context = match queries.iter().all(Option::is_none) {
        true => None,
        false => Some((outside.load)(needs_links)?),
    };
    let keys: Vec<String> = entries.iter().map(|entry| entry.key.clone()).collect();
    // The query may be valid again, for example as soon as the saved search in it is there again.
    let without_query = keys.iter().zip(&queries).filter(|(_, query)| query.is_none());
    let kept: Vec<HookNote> = without_query
        .flat_map(|(key, _)| noted_for(key, notes).into_iter().map(|id| HookNote::waiting(id, key.clone())))
        .collect();
    let (mut queue, mut waiting) = (VecDeque::new(), Vec::new());
    if let Some(context) = &context {
        let found = entries.iter_mut().zip(&queries).enumerate();
        let mut runs: Vec<VecDeque<Run>> = found
            .map(|(hook, (entry, query))| match query {
                Some(query) => plan(hook, entry, query, notes, context),
                None => VecDeque::new(),
            })
            .collect();
        // In turn, so that no entry waits for all runs of another one.
        while runs.iter().any(|runs| !runs.is_empty()) {
            queue.extend(runs.iter_mut().filter_map(VecDeque::pop_front));
        }
        let begun = Instant::now();
        while let Some(run) = queue.pop_front() {
            let Some(entry) = entries.get_mut(run.hook) else { continue };
            if entry.is_stopped || entry.runs >= MOST_RUNS || begun.elapsed() >= MOST_TIME {
                waiting.push(run);
                continue;
            }
            let left = left_notes(waiting.iter().chain(&queue), &keys);
            hook_notes::replace(states, kept.iter().chain(&left), fs).map_err(|error| notes_failure(&error))?;
            entry.runs += 1;
            if start(entry, &run, context, outside.has_reader) == Started::No {
                waiting.push(run);
            }
        }
    }
    for run in &waiting {
        if let Some(entry) = entries.get_mut(run.hook) {
            entry.result.waiting += run.articles.len();
        }
    }
    let left = left_notes(waiting.iter(), &keys);
    hook_notes::replace(states, kept.iter().chain(&left), fs).map_err(|error| notes_failure(&error))
}

/// The notes of runs that have not begun.
fn left_notes<'r>(runs: impl Iterator<Item = &'r Run>, keys: &[String]) -> Vec<HookNote> {
    let notes = |run: &'r Run| {
        let key = keys.get(run.hook).cloned().unwrap_or_default();
        run.articles.iter().map(move |(_, id)| HookNote::waiting(*id, key.clone()))
    };
    runs.flat_map(notes).collect()
}

/// The articles for which the entry with this key is to run.
fn noted_for(key: &str, notes: &[HookNote]) -> BTreeSet<ArticleId> {
    notes.iter().filter_map(|note| note.article_for(key)).collect()
}

/// The runs of an entry, for the noted articles that its query finds. Articles that are gone, hidden or changed since are not found.
fn plan(hook: usize, entry: &mut Entry, query: &Query, notes: &[HookNote], context: &SearchContext) -> VecDeque<Run> {
    let columns = context.feed.columns();
    let index_of = |id: ArticleId| columns.index_of_file_id(id).or_else(|| columns.index_of(id));
    let known: BTreeMap<usize, ArticleId> =
        noted_for(&entry.key, notes).into_iter().filter_map(|id| Some((index_of(id)?, id))).collect();
    let mut within = FixedBitSet::with_capacity(context.feed.len());
    within.extend(known.keys().copied());
    let mut search = query.search(context.clone(), Some(Arc::new(within)));
    while search.step(&|| false) {}
    let id_of = |index: usize| known.get(&index).map(|id| (index, *id));
    let mut articles: Vec<(usize, ArticleId)> = search.found().indices.into_iter().filter_map(id_of).collect();
    if let Some(excess) = articles.len().checked_sub(MAX_ARTICLES).filter(|excess| *excess > 0) {
        let what = format!("{} left out: at most {} are taken", counted(excess, "new article"), grouped(MAX_ARTICLES));
        entry.fail(what, "narrow its query");
        articles.truncate(MAX_ARTICLES);
    }
    let mut runs = VecDeque::new();
    match &entry.setting.action {
        HookAction::Run(command) => {
            let count = articles.len();
            let mut missing = None;
            articles.retain(|(index, _)| {
                let lacks =
                    context.feed.get(*index).and_then(|article| own_command::missing(&command.program, &article));
                missing = missing.or(lacks);
                lacks.is_none()
            });
            if let Some(what) = missing {
                let (lacking, have) =
                    (count - articles.len(), if count - articles.len() == 1 { "has" } else { "have" });
                entry.fail(
                    format!("{} of {} articles {have} no {what}", grouped(lacking), grouped(count)),
                    "nothing runs for them",
                );
            }
            match command.scope {
                CommandScope::Article => runs.extend(articles.into_iter().map(|one| Run { hook, articles: vec![one] })),
                CommandScope::Selection | CommandScope::View if articles.is_empty() => {}
                CommandScope::Selection | CommandScope::View => runs.push_back(Run { hook, articles }),
            }
        }
        HookAction::Notify(_) if articles.is_empty() => {}
        HookAction::Notify(_) => runs.push_back(Run { hook, articles }),
    }
    runs
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Started {
    Yes,
    /// The program cannot be started. The user may fix that, so its articles wait.
    No,
}

/// Starts the program of a run and waits for its end.
fn start(entry: &mut Entry, run: &Run, context: &SearchContext, has_reader: bool) -> Started {
    let all =
        || -> Vec<Arc<Article>> { run.articles.iter().filter_map(|(index, _)| context.feed.get(*index)).collect() };
    let (program, time, remedy) = match &entry.setting.action {
        HookAction::Run(command) => {
            let remedy = "change `run` in the settings";
            match call(command, run, context) {
                Ok(Some(program)) => (program, command.limit, remedy),
                Ok(None) => return Started::Yes,
                Err(why) => {
                    entry.fail(why.to_string(), remedy);
                    return Started::Yes;
                }
            }
        }
        HookAction::Notify(NotifyBy::Desktop) => {
            let remedy = "install it (libnotify), or write run: with another program";
            (new_articles_message::desktop(&all()), NOTIFY_LIMIT, remedy)
        }
        HookAction::Notify(NotifyBy::Terminal) => {
            // Else there is no terminal.
            if has_reader {
                entry.result.message = Some(new_articles_message::line(&all()));
                entry.result.articles += run.articles.len();
            }
            return Started::Yes;
        }
    };
    let limits = ProgramLimits { time, kept: KeptOutput::Only(MAX_OUTPUT) };
    match program.run(limits, &|| false) {
        Ok(output) if output.is_cut => {
            entry.fail(format!("`{}` was ended: it wrote more than 1 MiB", program.name()), "let it write less");
        }
        Ok(_) => {}
        Err(error) if error.is_missing() => {
            entry.fail(error.to_string(), remedy);
            entry.is_stopped = true;
            return Started::No;
        }
        Err(error @ ProgramError::TimedOut { .. }) => entry.fail(error.to_string(), "set a longer `limit`"),
        Err(error) => {
            let is_message = matches!(entry.setting.action, HookAction::Notify(_));
            let remedy = if is_message { "a sync from cron needs DBUS_SESSION_BUS_ADDRESS" } else { "" };
            entry.fail(error.to_string(), remedy);
        }
    }
    entry.result.articles += run.articles.len();
    Started::Yes
}

/// The call of a program of the user; `None` if the articles are damaged.
fn call(command: &CommandSetting, run: &Run, context: &SearchContext) -> Result<Option<Program>, CommandError> {
    let run = CommandRun {
        command: command.clone(),
        articles: run.articles.iter().map(|(index, _)| *index).collect(),
        context: context.clone(),
        query: command.name.text.clone(),
        remedy: "",
    };
    run.program_run().map(|run| run.calls.into_iter().next())
}

/// The results, and the problems on disk: those of entries that ran are replaced, those of entries that are gone are removed.
fn finish(entries: Vec<Entry>, environment: &Environment, settings: &Path) -> Vec<HookResult> {
    let Environment { states, fs, .. } = *environment;
    let has_run = |entry: &Entry| entry.runs > 0 || entry.problem.is_some();
    let before = read_hook_problems(states, fs);
    let stays = |problem: &HookProblem| entries.iter().any(|entry| entry.key == problem.hook && !has_run(entry));
    let mut problems: Vec<HookProblem> = before.iter().filter(|problem| stays(problem)).cloned().collect();
    let mut results = Vec::new();
    for entry in entries {
        let stored = entry.stored(settings);
        let result = HookResult { problem: stored.as_ref().map(HookProblem::to_problem), ..entry.result };
        problems.extend(stored);
        if result.articles > 0 || result.waiting > 0 || result.problem.is_some() {
            results.push(result);
        }
    }
    if problems != before {
        // They are in the report of this sync too.
        let _ = write_hook_problems(states, &problems, fs);
    }
    results
}
