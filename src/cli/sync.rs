//! `frontpage sync`: fetches what is due of the subscriptions.

use chrono::{DateTime, Utc};
use clap::ValueEnum;
use serde_json::{Value, json};

use super::context::{Context, exit_after};
use super::error::{CliError, Exit};
use super::help_text;
use super::new_articles;
use super::output::{Output, OutputError, print_notice};
use super::progress::Progress;
use super::subscription_lookup::usable;
use super::subscription_rows::distance;
use super::sync_accounts::{self, Named};
use super::sync_setup::{SyncSetup, with_stdin};
use crate::export::rfc3339;
use crate::feed::{SafeText, clean};
use crate::subscriptions::{self, Account, Subscription};
use crate::sync::accounts::AccountResult;
use crate::sync::hooks::HookResult;
use crate::sync::schedule::{LeftOutReason, Occasion};
use crate::sync::{self, Choice, Environment, FullTextCounts, Outcome, Summary, SyncError, SyncResult};
use crate::text::{counted, grouped};

/// How nice a run is that a reader starts.
const NICENESS: i32 = 10;

/// Output formats of `sync`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SyncFormat {
    /// Text for people.
    Human,
    /// One object for each subscription, each on its line, then a summary.
    Jsonl,
}

const EXAMPLES: &str = "\
frontpage sync                             what is due
frontpage sync --all                       everything, but nothing twice within five minutes
frontpage sync Rust https://example.org/feed.xml
frontpage sync --marks                     marks go to accounts at once
frontpage sync --dry-run                   what would be fetched";

/// Arguments of `sync`.
#[derive(Debug, clap::Args)]
#[command(after_help = help_text::examples(EXAMPLES))]
pub struct SyncArgs {
    /// Titles or addresses of subscriptions, or - to read one per line from stdin
    #[arg(value_name = "NAME|URL")]
    names: Vec<String>,
    /// Fetch all, due or not
    #[arg(long)]
    all: bool,
    /// Only send marks to accounts, and fetch nothing
    #[arg(long, conflicts_with_all = ["all", "dry_run"])]
    marks: bool,
    /// Print what would be fetched, and fetch nothing
    #[arg(long)]
    dry_run: bool,
    /// Output format
    #[arg(long, value_enum, default_value = "human")]
    format: SyncFormat,
    /// Print progress as lines of JSON, for the terminal reader
    #[arg(long, hide = true)]
    progress: bool,
    /// Run with low priority, and spread the requests
    #[arg(long, hide = true)]
    background: bool,
}

/// Fetches what is due.
pub fn run(args: &SyncArgs, context: &Context) -> Result<Exit, CliError> {
    let listed = usable(context)?;
    if listed.is_empty() && context.user.subscriptions.accounts.is_empty() {
        print_notice("no subscriptions: `frontpage subscribe ADDRESS` adds one");
        return Ok(Exit::NothingOrProblems);
    }
    if args.background || args.progress {
        // A reader is in use meanwhile. If it fails, the sync only takes more of the processor.
        let _ = rustix::process::nice(NICENESS);
    }
    let subscriptions: Vec<Subscription> = listed.iter().map(|one| one.subscription.clone()).collect();
    let setup = SyncSetup::of(context)?;
    let hooks = context.user.settings.on_new.as_slice();
    let environment = Environment { hooks, ..setup.environment(context, &subscriptions, &std::thread::sleep) };
    let names = if args.names.is_empty() { None } else { Some(with_stdin(&args.names, "names")?) };
    let Named { only, accounts } = sync_accounts::named(names.as_deref(), context)?;
    let occasion = match () {
        () if only.is_some() => Occasion::Named,
        () if args.all => Occasion::All,
        () if args.background => Occasion::Timer,
        () => Occasion::Due,
    };
    let choice = Choice { occasion, only, is_spread: args.background };
    if args.marks {
        return send_marks(args, &environment, &accounts);
    }
    if args.dry_run {
        return dry_run(args, &environment, &choice, context.now);
    }
    let mut printer = Printer { args, out: Output::new(), line: Progress::new("fetched"), failed: None };
    let ended = sync::lock(&environment).and_then(|lock| {
        let report = &mut |result: &SyncResult, progress| printer.result(result, progress);
        Ok((sync::run_with_lock(&lock, &environment, &choice, report)?, lock))
    });
    let results = match &ended {
        Ok(_) => sync_accounts::sync(&accounts, &environment, occasion, &mut |result| printer.account(result)),
        Err(_) => Vec::new(),
    };
    let Printer { mut out, line, failed, .. } = printer;
    drop(line);
    match ended {
        Ok((summary, lock)) => {
            summary.problems.iter().for_each(|problem| print_notice(problem.one_line()));
            let exit = sync_accounts::exit_of(exit_of(&summary), &results);
            if args.progress {
                if summary.is_offline {
                    print_notice("no server can be reached: check the network connection");
                }
                let hooks = new_articles::run(&lock, &environment, context, args.progress);
                // The reader that started this sync may have quit.
                let _ = out.json_line(&summary_for_reader(&summary, &results, &hooks)).and_then(|()| out.finish());
                return Ok(exit);
            }
            let printed = failed.map_or(Ok(()), Err);
            let printed = match args.format {
                SyncFormat::Jsonl => {
                    let hooks = new_articles::run(&lock, &environment, context, args.progress);
                    printed.and_then(|()| print_json_summary(&summary, &results, &hooks, out))
                }
                SyncFormat::Human => {
                    // Programs may take minutes: what came is printed before.
                    let printed = printed.and_then(|()| {
                        sync_accounts::print(&results, &mut out)?;
                        match summary.results.is_empty() && !results.is_empty() {
                            true => print_accounts_alone(&results, out),
                            false => print_summary(&summary, context.now, out),
                        }
                    });
                    new_articles::run(&lock, &environment, context, args.progress).iter().for_each(new_articles::print);
                    printed
                }
            };
            exit_after(printed, exit)
        }
        Err(error @ SyncError::Running) => {
            Err(CliError::new(&error.to_string()).hint("its articles come without this one"))
        }
        Err(error) => Err(CliError::new(&error.to_string())),
    }
}

/// Sends marks to accounts. It needs no lock of a periodic sync: the state of each account has its own.
fn send_marks(args: &SyncArgs, environment: &Environment, accounts: &[&Account]) -> Result<Exit, CliError> {
    let mut printer = Printer { args, out: Output::new(), line: Progress::new("sent"), failed: None };
    let results = sync_accounts::send_marks(accounts, environment, &mut |result| printer.account(result));
    let Printer { mut out, line, failed, .. } = printer;
    drop(line);
    let exit = sync_accounts::exit_of(Exit::Success, &results);
    if args.progress {
        // The reader that started this may have quit.
        let _ = out.json_line(&summary_for_reader(&Summary::default(), &results, &[])).and_then(|()| out.finish());
        return Ok(exit);
    }
    let printed = failed.map_or(Ok(()), Err);
    let printed = printed.and_then(|()| match args.format {
        SyncFormat::Jsonl => out.finish(),
        SyncFormat::Human => {
            sync_accounts::print(&results, &mut out)?;
            out.finish()?;
            sync_accounts::print_marks_summary(&results);
            Ok(())
        }
    });
    exit_after(printed, exit)
}

/// The end of a sync that concerned accounts only.
fn print_accounts_alone(results: &[AccountResult], out: Output) -> Result<(), OutputError> {
    out.finish()?;
    let asked = results.iter().filter(|result| !matches!(result.outcome, Outcome::NotDue(_))).count();
    let words = match asked {
        0 => format!("nothing is due of {}", counted(results.len(), "account")),
        _ => {
            let failed = results.iter().filter(|result| result.outcome == Outcome::Failed).count();
            let failed = if failed > 0 { format!(", {} failed", grouped(failed)) } else { String::new() };
            format!("{} asked{failed}", counted(asked, "account"))
        }
    };
    print_notice(clean::plain_line(&words));
    Ok(())
}

fn dry_run(args: &SyncArgs, environment: &Environment, choice: &Choice, now: DateTime<Utc>) -> Result<Exit, CliError> {
    let plan = sync::plan(environment, choice);
    let mut out = Output::new();
    let due: Vec<&Subscription> =
        plan.due.iter().filter_map(|due| environment.subscriptions.get(due.position)).collect();
    let mut print = || -> Result<(), OutputError> {
        for subscription in &due {
            let (record, _) = subscriptions::read_record(environment.states, subscription.key(), environment.fs);
            let title = sync::title(subscription, &record.unwrap_or_default());
            match args.format {
                SyncFormat::Human => out.line(title)?,
                SyncFormat::Jsonl => {
                    let url = sync::shown_address(subscription.address.untrusted());
                    out.json_line(&json!({"subscription": title.as_str(), "url": url.as_str(), "result": "due"}))?;
                }
            }
        }
        match args.format {
            SyncFormat::Jsonl => plan.left_out.iter().try_for_each(|result| out.json_line(&json_of(result))),
            SyncFormat::Human => plan.left_out.iter().try_for_each(|result| print_held_back(result, now, &mut out)),
        }
    };
    let printed = print();
    let total = due.len().saturating_add(plan.left_out.len());
    let would = format!("would fetch {} of {}", due.len(), counted(total, "subscription"));
    let next = if due.is_empty() { next_words(&plan.left_out, now) } else { String::new() };
    print_notice(clean::plain_line(&format!("{would}{next}")));
    exit_after(printed.and_then(|()| out.finish()), Exit::Success)
}

/// Prints results as they come.
struct Printer<'a> {
    args: &'a SyncArgs,
    out: Output,
    line: Progress,
    failed: Option<OutputError>,
}

impl Printer<'_> {
    fn result(&mut self, result: &SyncResult, progress: sync::Progress) {
        let printed = match (self.args.progress, self.args.format) {
            (true, _) if progress.done == 0 => Ok(()),
            (true, _) => {
                let text = result.title.as_str();
                let line = json!({"done": progress.done, "total": progress.total, "text": text});
                self.out.json_line(&line).and_then(|()| self.out.flush())
            }
            (false, SyncFormat::Jsonl) => self.out.json_line(&json_of(result)).and_then(|()| self.out.flush()),
            (false, SyncFormat::Human) => {
                self.line.at(progress.done, Some(progress.total));
                Ok(())
            }
        };
        // The sync goes on: its articles are wanted all the same.
        if let Err(error) = printed {
            self.failed.get_or_insert(error);
        }
    }
}

impl Printer<'_> {
    fn account(&mut self, result: &AccountResult) {
        let printed = match (self.args.progress, self.args.format) {
            (true, _) => {
                let line = json!({"done": 1, "total": 1, "text": result.title.as_str()});
                self.out.json_line(&line).and_then(|()| self.out.flush())
            }
            (false, SyncFormat::Jsonl) => {
                self.out.json_line(&sync_accounts::json_of(result)).and_then(|()| self.out.flush())
            }
            (false, SyncFormat::Human) => Ok(()),
        };
        if let Err(error) = printed {
            self.failed.get_or_insert(error);
        }
    }
}

/// The word of an outcome in JSON.
fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::New => "new",
        Outcome::Unchanged => "unchanged",
        Outcome::Moved => "moved",
        Outcome::NotDue(_) | Outcome::Offline => "not due",
        Outcome::Failed => "failed",
        Outcome::Gone => "gone",
    }
}

fn json_of(result: &SyncResult) -> Value {
    let problem = result.problem.as_ref();
    let left_out = match result.outcome {
        Outcome::NotDue(left_out) => Some(left_out.why.words()),
        _ => None,
    };
    let text = |text: &str| clean::plain_line(text).to_string();
    json!({
        "subscription": result.title.as_str(),
        "url": result.address.as_str(),
        "result": word(result.outcome),
        "reason": left_out,
        "status": result.status,
        "new": result.new,
        "updated": result.updated,
        "left_out": result.left_out,
        "bytes": result.bytes,
        "ms": u64::try_from(result.took.as_millis()).unwrap_or(u64::MAX),
        "next": result.next.map(rfc3339),
        "problem": problem.map(|problem| text(&problem.what)),
        "remedy": problem.map(|problem| text(&problem.remedy)),
    })
}

/// 0 if all that was due was asked, 1 if some failed, 2 if nothing could be done.
fn exit_of(summary: &Summary) -> Exit {
    match () {
        () if summary.is_offline => Exit::Failure,
        () if summary.results.iter().any(|result| has_failed(result.outcome)) => Exit::NothingOrProblems,
        () => Exit::Success,
    }
}

/// What a sync did, in numbers.
struct Counts {
    asked: usize,
    failed: usize,
    not_due: usize,
    new: usize,
    updated: usize,
    left_out: usize,
    full_texts: usize,
}

impl Counts {
    fn of(summary: &Summary) -> Counts {
        let count = |is: &dyn Fn(Outcome) -> bool| summary.results.iter().filter(|result| is(result.outcome)).count();
        let sum = |of: fn(&SyncResult) -> usize| summary.results.iter().map(of).fold(0_usize, usize::saturating_add);
        Counts {
            asked: count(&|outcome| !matches!(outcome, Outcome::NotDue(_) | Outcome::Offline)),
            failed: count(&has_failed),
            not_due: count(&|outcome| matches!(outcome, Outcome::NotDue(_))),
            new: sum(|result| result.new),
            updated: sum(|result| result.updated),
            left_out: sum(|result| result.left_out),
            full_texts: sum(|result| result.full_texts.kept),
        }
    }
}

fn has_failed(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Failed | Outcome::Gone)
}

/// The last line of a sync that a reader started: counts, and what was held back by more than its time.
fn summary_for_reader(summary: &Summary, accounts: &[AccountResult], hooks: &[HookResult]) -> Value {
    let held_back = |why: LeftOutReason| {
        let is_held_back = |result: &&SyncResult| matches!(result.outcome, Outcome::NotDue(one) if one.why == why);
        summary.results.iter().filter(is_held_back).count()
    };
    let reasons = [LeftOutReason::RetryAfter, LeftOutReason::HostBusy, LeftOutReason::AskedRecently];
    let reasons = reasons.into_iter().map(|why| (held_back(why), why.words())).filter(|(count, _)| *count > 0);
    let held_back = reasons.map(|(count, words)| format!("{count} held back: {words}"));
    let message: Vec<String> = held_back.chain(accounts.iter().filter_map(sync_accounts::held_back)).collect();
    let Counts { asked, new, updated, failed, full_texts, .. } = Counts::of(summary);
    let message = message.join(", ");
    let of_accounts =
        |count: fn(&AccountResult) -> usize| accounts.iter().map(count).fold(0_usize, usize::saturating_add);
    let is_asked = |result: &AccountResult| usize::from(!matches!(result.outcome, Outcome::NotDue(_)));
    let (asked, new) = (asked + of_accounts(is_asked), new + of_accounts(|result| result.report.new));
    let failed = failed + of_accounts(|result| usize::from(result.outcome == Outcome::Failed));
    json!({"summary": {
        "asked": asked, "new": new, "updated": updated, "failed": failed, "full_texts": full_texts,
        "marks_sent": of_accounts(|result| result.report.sent), "message": message,
        "programs_failed": hooks.iter().filter(|hook| hook.problem.is_some()).count(),
        "messages": hooks.iter().filter_map(|hook| hook.message.as_ref()).map(SafeText::as_str).collect::<Vec<_>>(),
    }})
}

fn print_json_summary(
    summary: &Summary,
    accounts: &[AccountResult],
    hooks: &[HookResult],
    mut out: Output,
) -> Result<(), OutputError> {
    let results = &summary.results;
    let Counts { asked, new, updated, left_out, failed, not_due, full_texts } = Counts::of(summary);
    // Pages are fetched after the results of the channels were printed.
    for result in results.iter().filter(|result| result.full_texts != FullTextCounts::default()) {
        out.json_line(&full_texts_json(result))?;
    }
    hooks.iter().try_for_each(|hook| out.json_line(&new_articles::to_json(hook)))?;
    out.json_line(&json!({"summary": {
        "subscriptions": results.len(), "asked": asked, "failed": failed, "not_due": not_due,
        "new": new, "updated": updated, "left_out": left_out, "full_texts": full_texts,
        "offline": summary.is_offline, "accounts": sync_accounts::summary_json(accounts),
    }}))?;
    out.finish()
}

fn print_summary(summary: &Summary, now: DateTime<Utc>, mut out: Output) -> Result<(), OutputError> {
    let results = &summary.results;
    let Counts { asked, new, updated, failed, not_due, .. } = Counts::of(summary);
    results.iter().try_for_each(|result| print_articles(result, &mut out))?;
    // After what came, so that they are seen.
    results.iter().try_for_each(|result| print_problem(result, &mut out))?;
    results.iter().try_for_each(|result| print_held_back(result, now, &mut out))?;
    out.finish()?;
    if summary.is_offline {
        print_notice("no server can be reached: check the network connection");
        return Ok(());
    }
    if asked == 0 {
        let next = next_words(results, now);
        print_notice(clean::plain_line(&format!("nothing is due of {}{next}", counted(not_due, "subscription"))));
        return Ok(());
    }
    let parts = [(failed, "of them failed"), (not_due, "not due")];
    let parts =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, words)| format!(", {} {words}", grouped(*count)));
    let updated = if updated > 0 { format!(", {} updated", grouped(updated)) } else { String::new() };
    let words =
        format!("{} fetched{}; {}{updated}", grouped(asked), parts.collect::<String>(), counted(new, "new article"));
    print_notice(clean::plain_line(&words));
    Ok(())
}

/// The line of a subscription whose articles are new or have changed.
fn print_articles(result: &SyncResult, out: &mut Output) -> Result<(), OutputError> {
    let changes: Vec<String> =
        [(result.new, "new"), (result.updated, "updated"), (result.left_out, "left out by its filter")]
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{} {word}", grouped(*count)))
            .collect();
    // The filter leaves out the same ones each time.
    if result.new > 0 || result.updated > 0 {
        out.line(clean::plain_line(&format!("{}: {}", result.title, changes.join(", "))))?;
    }
    match full_text_words(&result.full_texts) {
        Some(words) => out.line(clean::plain_line(&format!("{}: {words}", result.title))),
        None => Ok(()),
    }
}

fn full_texts_json(result: &SyncResult) -> Value {
    let FullTextCounts { kept, shorter, failed, waiting, problems } = &result.full_texts;
    let problem = |(why, pages): &(String, usize)| json!({"problem": clean::plain_line(why).as_str(), "pages": pages});
    json!({
        "subscription": result.title.as_str(),
        "url": result.address.as_str(),
        "result": "full texts",
        "kept": kept,
        "shorter": shorter,
        "failed": failed,
        "waiting": waiting,
        "problems": problems.iter().map(problem).collect::<Vec<Value>>(),
    })
}

/// The results of the pages of new articles. `None` if none was asked for.
fn full_text_words(counts: &FullTextCounts) -> Option<String> {
    let FullTextCounts { kept, shorter, failed, waiting, problems } = counts;
    let parts = [
        (*kept, "kept"),
        (*shorter, "no longer than the article"),
        (*failed, "failed"),
        (*waiting, "left for the next sync"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{} {word}", grouped(*count)))
        .collect();
    let why = match problems.as_slice() {
        [] => String::new(),
        [(why, _)] => format!(" ({why})"),
        several => {
            let counted = several.iter().map(|(why, pages)| format!("{pages}: {why}"));
            format!(" ({})", counted.collect::<Vec<String>>().join("; "))
        }
    };
    (!parts.is_empty()).then(|| format!("full texts: {}{why}", parts.join(", ")))
}

/// What failed, or what the user should know, and below it what to do.
fn print_problem(result: &SyncResult, out: &mut Output) -> Result<(), OutputError> {
    let is_news = matches!(result.outcome, Outcome::Failed | Outcome::Gone | Outcome::Moved);
    let Some(problem) = result.problem.as_ref().filter(|_| is_news) else { return Ok(()) };
    out.line(clean::plain_line(&format!("{}: {}", result.title, problem.what)))?;
    if problem.remedy.is_empty() { Ok(()) } else { out.line(clean::text(&format!("    {}", problem.remedy))) }
}

/// Why a subscription was not asked, unless it only was not its time.
fn print_held_back(result: &SyncResult, now: DateTime<Utc>, out: &mut Output) -> Result<(), OutputError> {
    let Outcome::NotDue(left_out) = result.outcome else { return Ok(()) };
    if left_out.why == LeftOutReason::Later {
        return Ok(());
    }
    let until = left_out.until.filter(|until| *until > now);
    let until = until.map(|until| format!("; again in {}", distance(until.signed_duration_since(now))));
    let line = format!("{}: not fetched: {}{}", result.title, left_out.why.words(), until.unwrap_or_default());
    out.line(clean::plain_line(&line))
}

/// When the first of these is fetched next, to append to a message.
fn next_words(results: &[SyncResult], now: DateTime<Utc>) -> String {
    let next = results.iter().filter_map(|result| result.next).min();
    let wait = next.map(|next| distance(next.signed_duration_since(now)));
    wait.map(|wait| format!("; the next in {wait} (--all fetches now)")).unwrap_or_default()
}
