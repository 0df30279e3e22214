//! Runs a program for the user, once or once for each of several articles, and returns its output.

use std::thread;
use std::time::{Duration, Instant};

use super::{Answer, Job, JobError, JobKind, Monitor, Progress, Task};
use crate::config::ProgramOutputUse;
use crate::external_program::EARLY_FAILURE;
use crate::external_program::program::{KeptOutput, Program, ProgramError, ProgramLimits};
use crate::feed::{SafeText, clean};

/// Most of the output that is shown, in bytes.
const MAX_SHOWN: usize = 1 << 20;
/// Most of the output that is kept for a notice, in bytes: the last line is in it.
const MAX_NOTICE: usize = 1 << 14;
/// How long a program with a window is watched for a failure after it has started.
const LATE_FAILURE: Duration = Duration::from_secs(10);

/// How often programs that were started are looked at.
const WATCH_STEP: Duration = Duration::from_millis(50);

/// A program to run for the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramRun {
    /// What the user calls it: a name of the settings, or the program.
    pub name: SafeText,
    /// The calls, one after the other. The first failure ends the run.
    pub calls: Vec<Program>,
    /// What is done with the output.
    pub output: ProgramOutputUse,
    /// Time limit of each call. A program with a window, or with the terminal, has none.
    pub limit: Duration,
    /// What the user can do if the program is missing.
    pub remedy: &'static str,
}

/// How a run ended, or what was started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramEnd {
    /// What the user calls it.
    pub name: SafeText,
    /// What is done with the output.
    pub output: ProgramOutputUse,
    /// The output of all calls.
    pub text: SafeText,
    /// True if the output was longer.
    pub is_cut: bool,
    /// Number of calls.
    pub calls: usize,
    /// Why the last call failed. Then the text names the failure, the output and the errors.
    pub failure: Option<SafeText>,
}

/// A job that runs a program without the terminal.
pub fn run(run: ProgramRun) -> Job {
    Job::new(run)
}

impl ProgramRun {
    /// The message of a failure after `done` calls.
    pub fn failure(&self, error: &ProgramError, done: usize) -> SafeText {
        let name = if self.is_named() { format!("`{}`: ", self.name) } else { String::new() };
        let remedy = if error.is_missing() { format!("; {}", self.remedy) } else { String::new() };
        let before = match (done, self.calls.len()) {
            (_, 0 | 1) => String::new(),
            (done, all) => format!(" (after {done} of {all} articles)"),
        };
        clean::plain_line(&format!("{name}{error}{remedy}{before}"))
    }

    /// Whether its name is another one than that of its program.
    fn is_named(&self) -> bool {
        self.calls.first().is_none_or(|call| call.name() != self.name.as_str())
    }

    fn end(&self, text: SafeText, is_cut: bool) -> Answer {
        let (name, calls) = (self.name.clone(), self.calls.len());
        Answer::Program(ProgramEnd { name, output: self.output, text, is_cut, calls, failure: None })
    }

    /// The end of a run that failed after `done` calls, with all that its programs have printed.
    fn failed(&self, error: &ProgramError, done: usize, printed: &str, errors: &str, is_cut: bool) -> Answer {
        let failure = self.failure(error, done);
        let parts = [("Output", printed), ("Errors", errors)];
        let parts = parts.iter().filter(|(_, text)| !text.trim().is_empty());
        let text: String = parts.map(|(name, text)| format!("\n\n{name}:\n{}", text.trim_end())).collect();
        let text = clean::text_with_tabs(&format!("{failure}{text}"));
        let (name, calls) = (self.name.clone(), self.calls.len());
        Answer::Program(ProgramEnd { name, output: self.output, text, is_cut, calls, failure: Some(failure) })
    }

    /// Starts programs that go on alone. They are watched for failures for some seconds.
    fn start(&self, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let failed = |error: ProgramError, done: usize| JobError::Failed(self.failure(&error, done));
        let mut started = Vec::new();
        for (done, call) in self.calls.iter().enumerate() {
            monitor.check()?;
            let mut program = call.start().map_err(|error| failed(error, done))?;
            if program.watch(EARLY_FAILURE).map_err(|error| failed(error, done))? {
                started.push((done, program));
            }
        }
        if started.is_empty() {
            return Ok(self.end(SafeText::default(), false));
        }
        monitor.partial(self.end(SafeText::default(), false));
        // All at the same time: the tenth could fail while the first is watched.
        let begun = Instant::now();
        while !started.is_empty() && begun.elapsed() < LATE_FAILURE {
            monitor.check()?;
            thread::sleep(WATCH_STEP);
            let mut running = Vec::new();
            for (done, mut program) in started {
                if program.is_running().map_err(|error| failed(error, done))? {
                    running.push((done, program));
                }
            }
            started = running;
        }
        // The answer was given above, and a second one would be a second notice.
        Err(JobError::Cancelled)
    }
}

impl Task for ProgramRun {
    fn kind(&self) -> JobKind {
        JobKind::Program
    }

    fn run(self: Box<Self>, monitor: &dyn Monitor) -> Result<Answer, JobError> {
        let kept = match self.output {
            ProgramOutputUse::Nothing => return self.start(monitor),
            ProgramOutputUse::Notice | ProgramOutputUse::Takeover => KeptOutput::Last(MAX_NOTICE),
            ProgramOutputUse::Overlay | ProgramOutputUse::Pager => KeptOutput::Only(MAX_SHOWN),
        };
        let (mut text, mut is_cut) = (String::new(), false);
        for (done, call) in self.calls.iter().enumerate() {
            let total = if self.calls.len() > 1 { self.calls.len() } else { 0 };
            monitor.progress(Progress { done, total, text: Some(self.name.clone()) });
            let limits = ProgramLimits { time: self.limit, kept };
            let (output, end) = call.run_to_end(limits, &|| monitor.is_cancelled());
            is_cut |= output.is_cut;
            let printed = String::from_utf8_lossy(&output.bytes);
            // All calls run; only what is kept of their output is bounded.
            match self.output {
                ProgramOutputUse::Overlay | ProgramOutputUse::Pager if text.len() < MAX_SHOWN => {
                    text.push_str(&printed)
                }
                ProgramOutputUse::Overlay | ProgramOutputUse::Pager => is_cut |= !printed.is_empty(),
                // A notice has the last line of all.
                _ if printed.trim().is_empty() => {}
                _ => text = printed.into_owned(),
            }
            match end {
                Ok(()) => {}
                Err(ProgramError::Cancelled { .. }) => return Err(JobError::Cancelled),
                Err(error) => return Ok(self.failed(&error, done, &text, &output.stderr, is_cut)),
            }
        }
        Ok(self.end(clean::text_with_tabs(&text), is_cut))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::JobStatus;

    const LONG: Duration = Duration::from_secs(60);

    fn run_of(scripts: &[&str], output: ProgramOutputUse) -> ProgramRun {
        let calls = scripts.iter().map(|script| Program::new(["/bin/sh", "-c", script])).collect();
        ProgramRun { name: "mine".into(), calls, output, limit: LONG, remedy: "change `commands` in the settings" }
    }

    fn ended(run: ProgramRun) -> Result<ProgramEnd, String> {
        match Job::new(run).run_now().status {
            JobStatus::Answer(Answer::Program(ProgramEnd { failure: Some(words), .. })) => Err(words.to_string()),
            JobStatus::Answer(Answer::Program(end)) => Ok(end),
            JobStatus::Failed(words) => Err(words.to_string()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn all_calls_run_however_much_they_print() {
        let folder = tempfile::tempdir().expect("a folder");
        let script = format!(
            "head -c 700000 /dev/zero | tr '\\0' a; echo; echo x >> {}/ran; echo end",
            folder.path().to_string_lossy()
        );
        let mut calls = 0;
        for output in [ProgramOutputUse::Notice, ProgramOutputUse::Overlay, ProgramOutputUse::Pager] {
            let end = ended(run_of(&[script.as_str(); 4], output)).expect("an end");
            calls += 4;
            let ran = std::fs::read_to_string(folder.path().join("ran")).expect("a file");
            assert_eq!((ran.lines().count(), end.calls), (calls, 4), "{output:?}");
            assert_eq!((end.text.as_str().trim_end().ends_with("end"), end.is_cut), (true, true), "{output:?}");
        }
    }

    #[test]
    fn the_output_of_all_calls_is_cleaned_and_joined() {
        let end =
            ended(run_of(&["printf 'a\\033[31m\\n'", "printf 'b\\tc\\n'"], ProgramOutputUse::Overlay)).expect("an end");
        assert_eq!((end.text.as_str(), end.is_cut, end.calls), ("a\nb\tc\n", false, 2));
    }

    #[test]
    fn the_first_failure_ends_the_run_and_says_how_far_it_came() {
        let run = run_of(&["true", "echo why >&2; exit 2", "exit 3"], ProgramOutputUse::Notice);
        let words = "`mine`: `/bin/sh` ended with exit status: 2: why (after 1 of 3 articles)";
        assert_eq!(ended(run), Err(words.to_owned()));
    }

    #[test]
    fn the_text_of_a_failure_names_what_was_printed_and_the_errors() {
        let text = |scripts: &[&str], output| match Job::new(run_of(scripts, output)).run_now().status {
            JobStatus::Answer(Answer::Program(end)) => end.text.to_string(),
            other => panic!("{other:?}"),
        };
        let both = "printf 'one\\ttwo\\n\\n'; printf 'why\\033[31m\\nso\\n' >&2; exit 2";
        assert_eq!(
            text(&[both], ProgramOutputUse::Notice),
            "`mine`: `/bin/sh` ended with exit status: 2: so\n\nOutput:\none\ttwo\n\nErrors:\nwhy\nso"
        );
        assert_eq!(
            text(&["echo first", "echo second; exit 3"], ProgramOutputUse::Overlay),
            "`mine`: `/bin/sh` ended with exit status: 3 (after 1 of 2 articles)\n\nOutput:\nfirst\nsecond"
        );
        assert_eq!(
            text(&["echo why >&2; exit 4"], ProgramOutputUse::Overlay),
            "`mine`: `/bin/sh` ended with exit status: 4: why\n\nErrors:\nwhy"
        );
    }

    #[test]
    fn a_missing_program_is_named_with_what_to_do() {
        for output in [ProgramOutputUse::Nothing, ProgramOutputUse::Notice] {
            let calls = vec![Program::new(["/nowhere/\u{1b}[31mx"])];
            let words = ended(ProgramRun { calls, ..run_of(&[], output) }).expect_err("a failure");
            assert!(words.starts_with("`mine`: cannot run /nowhere/"), "{words}");
            assert!(words.ends_with("x: program not found; change `commands` in the settings"), "{words}");
            assert!(!words.contains('\u{1b}'));
        }
    }

    #[test]
    fn endless_output_is_cut() {
        let end = ended(run_of(&["while :; do echo spam; done"], ProgramOutputUse::Overlay)).expect("an end");
        assert_eq!((end.text.as_str().len(), end.is_cut), (MAX_SHOWN, true));
        let run = ProgramRun {
            limit: Duration::from_millis(100),
            ..run_of(&["while :; do echo spam; done"], ProgramOutputUse::Notice)
        };
        assert_eq!(ended(run), Err("`mine`: `/bin/sh` did not end within 0 s".to_owned()));
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a file of the test")]
    fn programs_that_were_started_are_watched_at_the_same_time() {
        // The first one goes on for long after the second one has failed.
        let folder = tempfile::tempdir().expect("a folder");
        let end = folder.path().join("end");
        let waits = format!("while [ ! -e {} ]; do sleep 0.05; done; exit 3", end.to_string_lossy());
        let fails = "sleep 1; exit 4";
        let failed = ended(run_of(&[waits.as_str(), fails], ProgramOutputUse::Nothing));
        std::fs::write(end, "").expect("a file");
        assert_eq!(failed, Err("`mine`: `/bin/sh` ended with exit status: 4 (after 1 of 2 articles)".to_owned()));
    }

    #[test]
    fn a_program_that_is_only_started_fails_early_or_not_at_all() {
        let end = ended(run_of(&["exit 0"], ProgramOutputUse::Nothing)).expect("an end");
        assert_eq!(end.text.as_str(), "");
        let failed = ended(run_of(&["exit 4"], ProgramOutputUse::Nothing));
        assert_eq!(failed, Err("`mine`: `/bin/sh` ended with exit status: 4".to_owned()));
    }
}
