//! A job that runs another process. It reports its progress in lines of JSON, a signal cancels it, and its exit status says whether
//! it succeeded.
//!
//! A line is `{"done":3,"total":10,"text":"…"}`. `total` and `text` are optional: without `total`, the amount of work is unknown.
//! Another object on a line of its own, such as `{"summary":{…}}`, is a result: the last one is returned.

use std::process::ExitStatus;
use std::time::Duration;

use serde_json::{Map, Value};

use super::report_throttle::ReportThrottle;
use super::{JobError, Monitor, Progress};
use crate::external_program;
use crate::external_program::piped_process::{PipeHandler, PipedProcess};
use crate::external_program::program::OutputTail;
use crate::feed::{SafeText, clean};

/// The longest line of stdout, in bytes. Longer lines are ignored.
const MAX_LINE: usize = 1 << 16;
/// How often progress is reported.
const REPORT_INTERVAL: Duration = Duration::from_millis(100);
/// How long a process may continue after SIGTERM, before SIGKILL.
const GRACE: Duration = Duration::from_secs(2);

/// Another process to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessJob {
    /// The program and its arguments; no shell is involved.
    pub command: Vec<String>,
    /// What it can read from stdin. `None`: an empty stdin.
    pub input: Option<Vec<u8>>,
    /// How long it may continue after SIGTERM, before SIGKILL.
    pub grace: Duration,
    /// Whether it ends when frontpage ends. Else it goes on by itself.
    pub ends_with_us: bool,
}

/// How a process ended, and its output.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProcessOutput {
    /// Its exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// The last object that it wrote to stdout and that was not progress.
    pub result: Option<Map<String, Value>>,
    /// Number of lines on stdout that were neither progress nor a result.
    pub bad_lines: usize,
    /// The end of what it wrote to stderr.
    pub stderr: SafeText,
}

impl ProcessJob {
    /// A process without input.
    pub fn new(words: impl IntoIterator<Item = impl Into<String>>) -> ProcessJob {
        ProcessJob {
            command: words.into_iter().map(Into::into).collect(),
            input: None,
            grace: GRACE,
            ends_with_us: false,
        }
    }

    /// Runs the process to its end. Fails if it cannot be started, or if its exit status is not 0.
    pub fn run(&self, monitor: &dyn Monitor) -> Result<ProcessOutput, JobError> {
        let (status, finished) = self.run_to_end(monitor)?;
        let name = self.command.first().map_or("", String::as_str);
        let failed = |words: String| JobError::Failed(clean::plain_line(&words));
        match (status.success(), finished.stderr.as_str().lines().next_back()) {
            (true, _) => Ok(finished),
            (false, Some(last)) => Err(failed(format!("`{name}` ended with {status}: {last}"))),
            (false, None) => Err(failed(format!("`{name}` ended with {status}"))),
        }
    }

    /// Runs the process to its end, whatever its exit status is. Fails if it cannot be started.
    pub fn run_to_end(&self, monitor: &dyn Monitor) -> Result<(ExitStatus, ProcessOutput), JobError> {
        let name = self.command.first().map_or("", String::as_str);
        let failed = |words: String| JobError::Failed(clean::plain_line(&words));
        let start = || external_program::spawn_piped(&self.command, self.input.is_some());
        let throttle = ReportThrottle::new(Duration::ZERO, REPORT_INTERVAL);
        let (progress, stderr_tail) = (ProgressParser::default(), OutputTail::of_stderr());
        let mut pipes = JobPipes { monitor, throttle, progress, stderr_tail };
        let running = match self.ends_with_us {
            true => PipedProcess::ending_with_us(start, self.input.clone()),
            false => start().and_then(|child| PipedProcess::new(child, self.input.clone())),
        };
        let status = running
            .and_then(|mut running| running.wait_for_exit(&mut pipes, self.grace))
            .map_err(|error| failed(format!("cannot run {name}: {error}")))?;
        // A cancelled process ends by our signal, which is not a failure of its own.
        monitor.check()?;
        let stderr = clean::text(&pipes.stderr_tail.text());
        let (bad_lines, result) = (pipes.progress.bad, pipes.progress.result);
        Ok((status, ProcessOutput { code: status.code(), result, bad_lines, stderr }))
    }
}

/// Takes the output of a process, and ends it when the job is cancelled.
struct JobPipes<'a> {
    monitor: &'a dyn Monitor,
    throttle: ReportThrottle,
    progress: ProgressParser,
    stderr_tail: OutputTail,
}

impl PipeHandler for JobPipes<'_> {
    fn stdout(&mut self, bytes: &[u8]) {
        self.progress.push(bytes);
    }

    fn stderr(&mut self, bytes: &[u8]) {
        self.stderr_tail.push(bytes);
    }

    fn may_continue(&mut self, has_ended: bool) -> bool {
        let elapsed = self.monitor.elapsed();
        if self.throttle.is_due(elapsed) || has_ended {
            if let Some(progress) = self.progress.last.take() {
                self.monitor.progress(progress);
            }
            self.throttle.reported(elapsed);
        }
        !self.monitor.is_cancelled()
    }
}

/// Splits stdout into lines and parses them as progress.
#[derive(Default)]
struct ProgressParser {
    line: Vec<u8>,
    /// The line is too long: its rest is dropped.
    is_too_long: bool,
    /// The last progress that was not reported yet.
    last: Option<Progress>,
    /// The last object that was not progress.
    result: Option<Map<String, Value>>,
    /// Number of lines that were not an object.
    bad: usize,
}

impl ProgressParser {
    fn push(&mut self, bytes: &[u8]) {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            let room = MAX_LINE.saturating_sub(self.line.len());
            self.is_too_long |= part.len() > room;
            self.line.extend_from_slice(part.get(..part.len().min(room)).unwrap_or_default());
            if part.ends_with(b"\n") {
                self.end();
            }
        }
    }

    fn end(&mut self) {
        let fields =
            if self.is_too_long { None } else { serde_json::from_slice::<Map<String, Value>>(&self.line).ok() };
        match fields.map(|fields| (parse_progress(&fields), fields)) {
            Some((Some(progress), _)) => self.last = Some(progress),
            // A line of progress that is not complete is not a result either.
            Some((None, fields)) if !fields.contains_key("done") && !fields.contains_key("total") => {
                self.result = Some(fields);
            }
            _ => self.bad += 1,
        }
        self.line.clear();
        self.is_too_long = false;
    }
}

/// Parses a line of progress.
fn parse_progress(fields: &Map<String, Value>) -> Option<Progress> {
    let number = |name: &str| match fields.get(name) {
        None => Some(0),
        Some(value) => value.as_u64().and_then(|number| usize::try_from(number).ok()),
    };
    let text = match fields.get("text") {
        None => None,
        Some(text) => Some(clean::quote(text.as_str()?)),
    };
    // `number` reads a missing field as 0, which only `total` allows.
    fields.get("done")?;
    Some(Progress { done: number("done")?, total: number("total")?, text })
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::time::Instant;

    use super::*;

    const LIMIT: Duration = Duration::from_secs(60);

    /// Records progress, and, if `cancels`, cancels at the text `ready`.
    struct RecordingMonitor {
        started: Instant,
        reports: RefCell<Vec<Progress>>,
        cancels: bool,
        cancelled: Cell<bool>,
    }

    impl RecordingMonitor {
        fn new(cancels: bool) -> RecordingMonitor {
            RecordingMonitor {
                started: Instant::now(),
                reports: RefCell::default(),
                cancels,
                cancelled: Cell::new(false),
            }
        }

        fn last(&self) -> Option<Progress> {
            self.reports.borrow().last().cloned()
        }
    }

    impl Monitor for RecordingMonitor {
        fn is_cancelled(&self) -> bool {
            assert!(self.started.elapsed() < LIMIT, "it does not end");
            self.cancelled.get()
        }

        fn elapsed(&self) -> Duration {
            self.started.elapsed()
        }

        fn progress(&self, progress: Progress) {
            let is_ready = progress.text.as_ref().is_some_and(|text| text.as_str() == "ready");
            self.cancelled.set(self.cancels && is_ready);
            self.reports.borrow_mut().push(progress);
        }
    }

    fn shell(script: &str) -> ProcessJob {
        ProcessJob::new(["/bin/sh", "-c", script])
    }

    fn words(result: Result<ProcessOutput, JobError>) -> String {
        match result {
            Err(JobError::Failed(words)) => words.to_string(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn progress_is_reported_and_exit_status_0_is_success() {
        let monitor = RecordingMonitor::new(false);
        let script = r#"echo '{"done":1}'; echo '{"done":3,"total":10,"text":"one\u001b[31m two"}'; echo note >&2"#;
        let finished = shell(script).run(&monitor).expect("success");
        assert_eq!((finished.bad_lines, finished.stderr.as_str()), (0, "note"));
        let Some(Progress { done: 3, total: 10, text: Some(text) }) = monitor.last() else {
            panic!("{monitor:?}", monitor = monitor.last())
        };
        assert!(!text.as_str().contains('\u{1b}') && text.as_str().contains("two"), "{text}");
    }

    #[test]
    fn lines_that_are_not_progress_are_ignored_and_counted() {
        let monitor = RecordingMonitor::new(false);
        let script = r#"
            echo garbage; echo '[1]'; echo '{"done":-1}'; echo '{"done":1.5}'; echo '{"total":9}'; echo '{"done":1,"text":2}'
            printf '\377\0\n'; echo; head -c 100000 /dev/zero | tr '\0' x; echo; echo '{"done":7}'; printf '{"done":9'"#;
        let finished = shell(script).run(&monitor).expect("success");
        assert_eq!(finished.bad_lines, 9);
        assert_eq!(monitor.last(), Some(Progress::of(7, 0)), "a line without a line end is ignored");
    }

    #[test]
    fn the_last_other_object_is_the_result_whatever_the_exit_status_is() {
        let script = r#"echo '{"a":1}'; echo '{"done":1}'; echo '{"summary":{"new":3}}'; echo why >&2; exit 1"#;
        let (status, finished) = shell(script).run_to_end(&|| false).expect("an end");
        assert_eq!((status.code(), finished.code, finished.bad_lines), (Some(1), Some(1), 0));
        let result = serde_json::to_string(&finished.result).expect("JSON");
        assert_eq!((result.as_str(), finished.stderr.as_str()), (r#"{"summary":{"new":3}}"#, "why"));
    }

    #[test]
    fn a_failure_quotes_the_end_of_stderr() {
        let script =
            "i=0; while [ $i -lt 3000 ]; do echo line $i >&2; i=$((i+1)); done; printf 'it \\033[1mbroke' >&2; exit 3";
        let message = words(shell(script).run(&|| false));
        assert!(
            message.starts_with("`/bin/sh` ended with exit status: 3: it ") && message.ends_with("broke"),
            "{message}"
        );
        assert!(!message.contains('\u{1b}') && message.len() < 200, "{message}");
        assert_eq!(words(shell("exit 1").run(&|| false)), "`/bin/sh` ended with exit status: 1");
    }

    #[test]
    fn a_process_killed_by_a_signal_has_failed() {
        let message = words(shell("kill -KILL $$").run(&|| false));
        assert!(message.contains("signal: 9"), "{message}");
    }

    #[test]
    fn a_missing_program_is_a_failure() {
        for program in ["/no/such/program", "", "\0"] {
            let message = words(ProcessJob::new([program]).run(&|| false));
            assert!(program != "/no/such/program" || message.contains("program not found"), "{message}");
        }
        assert!(matches!(ProcessJob::new(Vec::<String>::new()).run(&|| false), Err(JobError::Failed(_))));
    }

    #[test]
    fn a_cancelled_process_may_clean_up() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("ended");
        let script = format!(
            "trap 'echo x > {}; exit 0' TERM; echo '{{\"done\":1,\"text\":\"ready\"}}'; while :; do sleep 0.01; done",
            file.to_str().expect("UTF-8")
        );
        let process = ProcessJob { grace: LIMIT, ..shell(&script) };
        assert_eq!(process.run(&RecordingMonitor::new(true)), Err(JobError::Cancelled));
        assert!(file.is_file(), "it was asked to end");
    }

    #[test]
    fn a_process_that_ignores_sigterm_is_killed_with_its_children() {
        for on_term in ["", "exit 0"] {
            let folder = tempfile::tempdir().expect("a folder");
            let fifo = folder.path().join("held");
            let name = fifo.to_str().expect("UTF-8").to_owned();
            assert!(shell(&format!("mkfifo {name}")).run(&|| false).is_ok());
            let (sender, let_go) = std::sync::mpsc::channel();
            let reader = move || {
                let _ = sender.send(std::fs::read(&fifo).is_ok());
            };
            std::thread::Builder::new().spawn(reader).expect("a thread");
            // The child ignores the signal, and holds the pipes as long as it lives.
            let ready = r#"{"done":1,"text":"ready"}"#;
            let child = r#"exec 3>"$1"; echo "$2"; while :; do sleep 0.01; done"#;
            let script =
                format!("trap '' TERM; sh -c \"$0\" sh \"$@\" & trap '{on_term}' TERM; while :; do wait; done");
            let process = ProcessJob::new(["/bin/sh", "-c", &script, child, &name, ready]);
            let process = ProcessJob { grace: Duration::from_millis(500), ..process };
            assert_eq!(process.run(&RecordingMonitor::new(true)), Err(JobError::Cancelled), "{on_term}");
            assert_eq!(let_go.recv_timeout(LIMIT), Ok(true), "the child lives on: {on_term}");
        }
    }

    #[test]
    fn input_is_written_whole_and_is_empty_by_default() {
        let input = vec![b'x'; 1 << 20];
        let process = ProcessJob { input: Some(input), ..shell("echo '{\"done\":'$(wc -c)'}'") };
        let monitor = RecordingMonitor::new(false);
        process.run(&monitor).expect("success");
        assert_eq!(monitor.last(), Some(Progress::of(1 << 20, 0)));
        let monitor = RecordingMonitor::new(false);
        shell("echo '{\"done\":'$(wc -c)'}'").run(&monitor).expect("success");
        assert_eq!(monitor.last(), Some(Progress::of(0, 0)));
        let does_not_read = ProcessJob { input: Some(vec![b'x'; 1 << 20]), ..shell("exit 0") };
        assert!(does_not_read.run(&|| false).is_ok());
    }

    #[test]
    fn background_processes_are_not_waited_for() {
        let started = Instant::now();
        assert!(shell("sleep 300 & exit 0").run(&|| false).is_ok());
        assert!(started.elapsed() < LIMIT);
    }
}
