//! Fetches the subscriptions: runs `frontpage sync --progress` as another process.
//!
//! The process prints lines of progress, `{"done":3,"total":12,"text":"…"}`, and at its end one line
//! `{"summary":{"asked":4,"new":1,"updated":0,"failed":0,"full_texts":0,"programs_failed":0,"messages":[],"message":"…"}}`. `message`
//! says what was held back by more than its time, and why. Its exit code is 0, 1 if some subscriptions failed, or 2 if nothing could be done; the last line of stderr that begins
//! with `frontpage: ` then says why.

use serde_json::{Map, Value};

use super::process_job::{ProcessJob, ProcessOutput};
use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::feed::{SafeText, clean};

/// Messages of one sync that are shown.
const MOST_MESSAGES: usize = 5;

/// What is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncScope {
    /// What is due.
    Due,
    /// All, except what its server wants no request for, and what was fetched a few minutes ago.
    All,
}

/// How a sync ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncEnd {
    /// True if the user did not ask for it.
    pub is_background: bool,
    /// What it did, or why nothing could be done.
    pub result: Result<SyncSummary, SyncFailed>,
}

/// Nothing was fetched, for this reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SyncFailed(pub SafeText);

/// What a sync has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncSummary {
    /// Subscriptions whose servers were asked.
    pub asked: u64,
    /// Articles that are new.
    pub new: u64,
    /// Articles that were changed by their sites.
    pub updated: u64,
    /// Subscriptions that failed.
    pub failed: u64,
    /// Full texts of articles that were fetched.
    pub full_texts: u64,
    /// Marks that were sent to accounts.
    pub marks_sent: u64,
    /// Entries of the setting `on new` whose programs failed.
    pub programs_failed: u64,
    /// Messages about new articles that the terminal shows.
    pub messages: Vec<SafeText>,
    /// What was held back by more than its time, and why; may be empty.
    pub message: SafeText,
}

/// Another process that fetches the subscriptions.
#[derive(Debug)]
struct SyncSubscriptions {
    process: ProcessJob,
    is_background: bool,
}

/// A job that fetches subscriptions. `program` is frontpage, perhaps with options before the command.
pub fn sync(program: &[String], scope: SyncScope, is_background: bool) -> Job {
    let all = (scope == SyncScope::All).then_some("--all");
    let background = is_background.then_some("--background");
    let options = ["sync", "--progress"].into_iter().chain(all).chain(background).map(str::to_owned);
    let process = ProcessJob::new(program.iter().cloned().chain(options));
    Job::new(SyncSubscriptions { process, is_background })
}

/// How an attempt to send marks to accounts ended. What failed is in the records of the accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarksSent(pub Result<(), SyncFailed>);

/// Another process that sends marks.
#[derive(Debug)]
struct SendMarks(ProcessJob);

/// A job that sends the marks that accounts have not got yet.
pub fn send_marks(program: &[String]) -> Job {
    let options = ["sync", "--marks", "--progress"].map(str::to_owned);
    Job::new(SendMarks(ProcessJob::new(program.iter().cloned().chain(options))))
}

impl Task for SendMarks {
    fn kind(&self) -> JobKind {
        JobKind::SendMarks
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let result = match self.0.run_to_end(monitor) {
            Ok((_, output)) => summary(&output).map(drop),
            Err(JobError::Failed(why)) => Err(SyncFailed(why)),
            Err(JobError::Cancelled) => return Err(JobError::Cancelled),
        };
        Ok(Answer::SendMarks(MarksSent(result)))
    }
}

impl Task for SyncSubscriptions {
    fn kind(&self) -> JobKind {
        JobKind::Sync
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let result = match self.process.run_to_end(monitor) {
            Ok((_, output)) => summary(&output),
            Err(JobError::Failed(why)) => Err(SyncFailed(why)),
            Err(JobError::Cancelled) => return Err(JobError::Cancelled),
        };
        // A failure is an answer too: only the session knows whether the user is to be disturbed.
        Ok(Answer::Sync(SyncEnd { is_background: self.is_background, result }))
    }
}

fn summary(output: &ProcessOutput) -> Result<SyncSummary, SyncFailed> {
    let summary = output.result.as_ref().and_then(|fields| fields.get("summary")?.as_object());
    match (output.code, summary) {
        (Some(0 | 1), Some(summary)) => Ok(read(summary)),
        _ => Err(SyncFailed(why_failed("sync", output))),
    }
}

/// Why one of our own processes failed: what it wrote last to stderr.
pub(super) fn why_failed(command: &str, output: &ProcessOutput) -> SafeText {
    // Lines without the name of the program say what to do in a shell.
    let lines = || output.stderr.as_str().lines().rev();
    let last = lines().find_map(|line| line.strip_prefix("frontpage: ")).or_else(|| lines().next()).map(str::trim);
    match (last, output.code) {
        (Some(last), _) if !last.is_empty() => clean::quote(last),
        (_, Some(code)) => clean::plain_line(&format!("`frontpage {command}` ended with exit code {code}")),
        (_, None) => clean::plain_line(&format!("`frontpage {command}` was ended by a signal")),
    }
}

fn read(summary: &Map<String, Value>) -> SyncSummary {
    let number = |name: &str| summary.get(name).and_then(Value::as_u64).unwrap_or_default();
    SyncSummary {
        asked: number("asked"),
        new: number("new"),
        updated: number("updated"),
        failed: number("failed"),
        full_texts: number("full_texts"),
        marks_sent: number("marks_sent"),
        programs_failed: number("programs_failed"),
        messages: summary.get("messages").and_then(Value::as_array).map(|texts| messages(texts)).unwrap_or_default(),
        message: clean::plain_line(summary.get("message").and_then(Value::as_str).unwrap_or_default()),
    }
}

fn messages(texts: &[Value]) -> Vec<SafeText> {
    texts.iter().filter_map(Value::as_str).take(MOST_MESSAGES).map(clean::plain_line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::JobStatus;

    fn ended(script: &str) -> SyncEnd {
        let program = ["/bin/sh", "-c", script].map(str::to_owned);
        match sync(&program, SyncScope::All, true).run_now().status {
            JobStatus::Answer(Answer::Sync(end)) => end,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn options_say_what_is_fetched() {
        for (scope, is_background, options) in [
            (SyncScope::Due, false, vec!["sync", "--progress"]),
            (SyncScope::All, false, vec!["sync", "--progress", "--all"]),
            (SyncScope::Due, true, vec!["sync", "--progress", "--background"]),
        ] {
            let job = sync(&["frontpage".to_owned()], scope, is_background);
            assert_eq!(job.kind(), JobKind::Sync);
            let command = format!("command: {:?}", [vec!["frontpage"], options].concat());
            assert!(format!("{job:?}").contains(&command), "{job:?}");
        }
    }

    #[test]
    fn a_sync_ends_with_its_summary_or_with_a_reason() {
        let line = r#"echo '{"done":1,"total":2}'; echo '{"summary":{"asked":7,"new":3,"updated":1,"failed":2,"full_texts":4,"marks_sent":6,"programs_failed":5,"messages":["a\u001b]b","c",3],"message":"1 asked \u001b[31mlater"}}'"#;
        for code in [0, 1] {
            let message = "1 asked later".into();
            let messages = vec![clean::plain_line("a\u{1b}]b"), "c".into()];
            let (asked, new, updated, failed) = (7, 3, 1, 2);
            let (full_texts, marks_sent, programs_failed) = (4, 6, 5);
            let summary =
                SyncSummary { asked, new, updated, failed, full_texts, marks_sent, programs_failed, messages, message };
            let end = ended(&format!("{line}; exit {code}"));
            assert_eq!(end, SyncEnd { is_background: true, result: Ok(summary) }, "{code}");
        }
        for (script, why) in [
            ("echo 'frontpage: another sync runs' >&2; exit 2".to_owned(), "another sync runs"),
            ("printf 'frontpage: another sync runs\\n  its articles come' >&2; exit 2".to_owned(), "another sync runs"),
            ("echo 'wrong use' >&2; exit 2".to_owned(), "wrong use"),
            (format!("{line}; exit 2"), "`frontpage sync` ended with exit code 2"),
            ("exit 0".to_owned(), "`frontpage sync` ended with exit code 0"),
            ("echo '{\"summary\":3}'; kill -KILL $$".to_owned(), "`frontpage sync` was ended by a signal"),
        ] {
            assert_eq!(ended(&script).result, Err(SyncFailed(clean::plain_line(why))), "{script}");
        }
    }
}
