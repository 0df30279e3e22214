//! The accounts in `frontpage sync`: which of them are synced, and what is printed of it.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::account;
use super::context::Context;
use super::error::{CliError, Exit};
use super::output::{Output, OutputError, print_notice};
use super::subscription_lookup::KnownSubscriptions;
use crate::account::AccountReport;
use crate::feed::{SafeText, clean};
use crate::subscriptions::{Account, SubscriptionKey};
use crate::sync::accounts::{self, AccountResult};
use crate::sync::schedule::{LeftOut, LeftOutReason, Occasion};
use crate::sync::{Environment, Outcome};
use crate::text::grouped;

/// The subscriptions and accounts that a sync concerns.
pub struct Named<'a> {
    /// The subscriptions; `None` for all.
    pub only: Option<HashSet<SubscriptionKey>>,
    /// The accounts.
    pub accounts: Vec<&'a Account>,
}

/// Finds what names mean: subscriptions first, then accounts. Without names, it is all.
pub fn named<'a>(names: Option<&[String]>, context: &'a Context) -> Result<Named<'a>, CliError> {
    let listed = &context.user.subscriptions.accounts;
    let Some(names) = names else {
        return Ok(Named { only: None, accounts: listed.iter().map(|listed| &listed.account).collect() });
    };
    let known = KnownSubscriptions::read(context)?;
    let (mut only, mut accounts) = (HashSet::new(), Vec::new());
    for name in names {
        match known.find(name) {
            Ok(found) => drop(only.insert(found.key)),
            Err(error) if listed.is_empty() => return Err(error),
            Err(_) => accounts.push(account::find(context, name)?),
        }
    }
    Ok(Named { only: Some(only), accounts })
}

/// Syncs accounts, one after the other; `report` gets each result as it comes.
pub fn sync(
    accounts: &[&Account],
    environment: &Environment,
    occasion: Occasion,
    report: &mut dyn FnMut(&AccountResult),
) -> Vec<AccountResult> {
    each(accounts, report, |account| accounts::sync(account, environment, occasion))
}

/// Sends the marks that wait, and asks for nothing else.
pub fn send_marks(
    accounts: &[&Account],
    environment: &Environment,
    report: &mut dyn FnMut(&AccountResult),
) -> Vec<AccountResult> {
    each(accounts, report, |account| accounts::send_marks(account, environment))
}

/// Asks the service of each account, one after the other.
fn each(
    accounts: &[&Account],
    report: &mut dyn FnMut(&AccountResult),
    ask: impl Fn(&Account) -> AccountResult,
) -> Vec<AccountResult> {
    accounts.iter().map(|account| ask(account)).inspect(|result| report(result)).collect()
}

/// True if an account failed.
fn has_failed(results: &[AccountResult]) -> bool {
    let is_stopped = |outcome| matches!(outcome, Outcome::NotDue(LeftOut { why: LeftOutReason::Stopped(_), .. }));
    results.iter().any(|result| result.outcome == Outcome::Failed || is_stopped(result.outcome))
}

/// Why an account was not asked although the user wanted it, and which marks wait for it. `None` if it was asked, or is not due.
pub fn held_back(result: &AccountResult) -> Option<String> {
    let Outcome::NotDue(left_out) = result.outcome else { return None };
    let marks = match result.unsent {
        None | Some(0) => String::new(),
        Some(1) => " (1 mark waits)".to_owned(),
        Some(marks) => format!(" ({} marks wait)", grouped(usize::try_from(marks).unwrap_or(usize::MAX))),
    };
    match left_out.why {
        LeftOutReason::RetryAfter | LeftOutReason::HostBusy | LeftOutReason::AskedRecently => {}
        _ if marks.is_empty() => return None,
        _ => {}
    }
    Some(format!("{} held back: {}{marks}", result.title, left_out.why.words()))
}

/// The exit code of a sync whose accounts did this.
pub fn exit_of(exit: Exit, results: &[AccountResult]) -> Exit {
    if has_failed(results) { exit.max(Exit::NothingOrProblems) } else { exit }
}

/// The result of an account for programs.
pub fn json_of(result: &AccountResult) -> Value {
    let AccountReport { new, waiting, sent, received, gone, unchecked } = result.report;
    let text = |text: &str| clean::plain_line(text).to_string();
    let problem = result.problem.as_ref();
    json!({
        "account": result.title.as_str(),
        "result": match result.outcome {
            Outcome::New => "new",
            Outcome::NotDue(_) | Outcome::Offline => "not due",
            Outcome::Failed | Outcome::Gone => "failed",
            Outcome::Unchanged | Outcome::Moved => "unchanged",
        },
        "new": new, "waiting": waiting, "marks_sent": sent, "marks_received": received, "marks_waiting": result.unsent,
        "marks_refused": result.refused.len(),
        "removed_there": gone, "unchecked": unchecked, "requests": result.requests, "bytes": result.bytes,
        "ms": u64::try_from(result.took.as_millis()).unwrap_or(u64::MAX),
        "problem": problem.map(|problem| text(&problem.what)),
        "remedy": problem.map(|problem| text(&problem.remedy)),
    })
}

/// The results of all accounts in numbers, for programs.
pub fn summary_json(results: &[AccountResult]) -> Value {
    let count = |is: &dyn Fn(&AccountResult) -> bool| results.iter().filter(|result| is(result)).count();
    let sum = |of: &dyn Fn(&AccountReport) -> usize| results.iter().map(|result| of(&result.report)).sum::<usize>();
    json!({
        "listed": results.len(), "asked": count(&|result| result.requests > 0),
        "failed": count(&|result| result.outcome == Outcome::Failed),
        "new": sum(&|report| report.new), "marks_sent": sum(&|report| report.sent),
        "marks_received": sum(&|report| report.received),
    })
}

/// Prints the results of accounts for people.
pub fn print(results: &[AccountResult], out: &mut Output) -> Result<(), OutputError> {
    for result in results {
        result.problems.iter().for_each(|problem| print_notice(problem.one_line()));
        if let Some(words) = words(result) {
            out.line(clean::plain_line(&format!("{}: {words}", result.title)))?;
        }
        let is_stopped = matches!(
            result.outcome,
            Outcome::NotDue(LeftOut { why: LeftOutReason::Stopped(_) | LeftOutReason::RetryAfter, .. })
        );
        if let Some(problem) = result.problem.as_ref().filter(|_| is_stopped || result.outcome == Outcome::Failed) {
            let remedy = if problem.remedy.is_empty() { String::new() } else { format!("; {}", problem.remedy) };
            out.line(clean::plain_line(&format!("{}: {}{remedy}", result.title, problem.what)))?;
        }
    }
    Ok(())
}

/// The last line of a run that sends marks, if there were none to send.
pub fn print_marks_summary(results: &[AccountResult]) {
    if results.is_empty() {
        print_notice("no accounts: `frontpage account add` adds one");
    } else if results.iter().all(|result| result.report.sent == 0) {
        print_notice("no marks sent");
    }
}

/// What a sync of an account did. `None` if nothing.
fn words(result: &AccountResult) -> Option<SafeText> {
    let AccountReport { new, waiting, sent, received, gone, unchecked } = result.report;
    let unsent = result.unsent.and_then(|unsent| usize::try_from(unsent).ok()).unwrap_or_default();
    let parts = [
        (new, "new", "new"),
        (sent, "mark sent", "marks sent"),
        (received, "mark received", "marks received"),
        (unsent, "mark waits for the next sync", "marks wait for the next sync"),
        (waiting, "comes with the next sync", "come with the next syncs"),
        (gone, "removed by the service, which stays here", "removed by the service, which stay here"),
        (unchecked, "looked at by the next sync", "looked at by the next sync"),
    ];
    let words = |(count, one, several): &(usize, &str, &str)| {
        format!("{} {}", grouped(*count), if *count == 1 { one } else { several })
    };
    let parts: Vec<String> = parts.iter().filter(|(count, ..)| *count > 0).map(words).collect();
    (!parts.is_empty()).then(|| clean::plain_line(&parts.join(", ")))
}
