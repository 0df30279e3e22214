//! A program to run, as a value: its words, its variables and what it reads; and the ways to run it, each with limits.

use std::ffi::{OsStr, OsString};
use std::io::{self, ErrorKind, Write};
use std::process::{Child, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::piped_process::{self, PipeHandler, PipedProcess};
use super::supervisor;

/// How long a program may continue after SIGTERM, before SIGKILL.
const GRACE: Duration = Duration::from_millis(500);
/// Bytes of stderr that are kept: its end, for the message of a failure.
const MAX_STDERR: usize = 4096;
/// Longest part of stderr in a message, in characters.
const MAX_REASON: usize = 200;
/// How long the end of frontpage waits for programs that it has asked to end.
const END_WAIT: Duration = Duration::from_millis(200);
const END_STEP: Duration = Duration::from_millis(5);

/// A program with its arguments and its input. No shell is involved: each word is one argument, whatever it contains.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// The program and its arguments.
    pub words: Vec<OsString>,
    /// Variables beside those of our environment.
    pub variables: Vec<(&'static str, OsString)>,
    /// What it can read from stdin. `None`: an empty stdin.
    pub input: Option<Vec<u8>>,
}

/// How long a program may run, and how much of its output is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgramLimits {
    /// A program that runs longer is ended.
    pub time: Duration,
    /// Which part of its output is kept.
    pub kept: KeptOutput,
}

/// Which part of the output of a program is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptOutput {
    /// The first bytes. What follows is read and dropped.
    First(usize),
    /// The first bytes. A program that writes more is ended, which does not count as a failure.
    Only(usize),
    /// The last bytes.
    Last(usize),
}

/// The output of a program that has ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProgramOutput {
    /// What was kept of stdout.
    pub bytes: Vec<u8>,
    /// Whether it wrote more.
    pub is_cut: bool,
    /// The end of its stderr.
    pub stderr: String,
}

/// Why a program did not run to a good end. The texts of the program in it are not cleaned.
#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    /// It cannot be started.
    #[error("cannot run {program}: {why}")]
    NotStarted {
        /// Its name.
        program: String,
        /// The error of the system.
        why: io::Error,
    },
    /// It ended with an error.
    #[error("`{program}` ended with {status}{}", after_colon(.reason))]
    Failed {
        /// Its name.
        program: String,
        /// How it ended.
        status: ExitStatus,
        /// The last line that it wrote to stderr.
        reason: Option<String>,
    },
    /// It ran too long and was ended.
    #[error("`{program}` did not end within {} s{}", limit.as_secs(), after_colon(.reason))]
    TimedOut {
        /// Its name.
        program: String,
        /// How long it was allowed to run.
        limit: Duration,
        /// The last line that it wrote to stderr.
        reason: Option<String>,
    },
    /// It was ended because its output is not wanted any more.
    #[error("`{program}` was ended")]
    Cancelled {
        /// Its name.
        program: String,
    },
}

fn after_colon(reason: &Option<String>) -> String {
    reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default()
}

impl ProgramError {
    /// Whether the program is missing or not executable: another name in the settings helps.
    pub fn is_missing(&self) -> bool {
        let kinds = [ErrorKind::NotFound, ErrorKind::NotADirectory, ErrorKind::PermissionDenied];
        matches!(self, ProgramError::NotStarted { why, .. } if kinds.contains(&why.kind()))
    }
}

impl Program {
    /// A program without input.
    pub fn new(words: impl IntoIterator<Item = impl Into<OsString>>) -> Program {
        Program { words: words.into_iter().map(Into::into).collect(), ..Program::default() }
    }

    /// Its name for messages: the first word.
    pub fn name(&self) -> String {
        self.words.first().map(|word| word.to_string_lossy().into_owned()).unwrap_or_default()
    }

    fn not_started(&self, why: io::Error) -> ProgramError {
        ProgramError::NotStarted { program: self.name(), why: super::in_plain_words(why) }
    }

    /// Runs it to its end without our terminal: it reaches neither our screen nor our keys. It ends with frontpage, with all that it
    /// has started.
    pub fn run(&self, limits: ProgramLimits, is_cancelled: &dyn Fn() -> bool) -> Result<ProgramOutput, ProgramError> {
        let (output, end) = self.run_to_end(limits, is_cancelled);
        end.map(|()| output)
    }

    /// Does the same as [`Program::run`], and returns the output of a program that failed too.
    pub fn run_to_end(
        &self,
        limits: ProgramLimits,
        is_cancelled: &dyn Fn() -> bool,
    ) -> (ProgramOutput, Result<(), ProgramError>) {
        let mut pipes = Pipes {
            limits,
            is_cancelled,
            started: Instant::now(),
            output: ProgramOutput::default(),
            stderr: OutputTail::of_stderr(),
            ended_by: None,
        };
        let start = || supervisor::spawn_supervised(&self.words, &self.variables, self.input.is_some());
        let running = PipedProcess::ending_with_us(start, self.input.clone());
        let status = running.and_then(|mut running| running.wait_for_exit(&mut pipes, GRACE));
        let Pipes { mut output, stderr, ended_by, .. } = pipes;
        let status = status.and_then(|status| match supervisor::start_failure(status, &stderr.bytes) {
            Some(why) => Err(why),
            None => Ok(status),
        });
        let (program, reason) = (self.name(), stderr.last_line());
        let end = match (status, ended_by) {
            (Err(why), _) => return (output, Err(self.not_started(why))),
            (Ok(_), Some(EndedBy::Output)) => Ok(()),
            (Ok(status), None) if status.success() => Ok(()),
            (Ok(status), None) => Err(ProgramError::Failed { program, status, reason }),
            (Ok(_), Some(EndedBy::Time)) => Err(ProgramError::TimedOut { program, limit: limits.time, reason }),
            (Ok(_), Some(EndedBy::Cancellation)) => Err(ProgramError::Cancelled { program }),
        };
        output.stderr = stderr.text();
        (output, end)
    }

    /// Starts it without our terminal and without reading its output. It outlives frontpage, as a browser does.
    pub fn start(&self) -> Result<StartedProgram, ProgramError> {
        let command = super::command_with(&self.words, &self.variables).map_err(|why| self.not_started(why))?;
        let input = if self.input.is_some() { Stdio::piped } else { Stdio::null };
        let child = super::spawn_detached(&command, input);
        let mut child = child.map_err(|why| self.not_started(why))?;
        self.write_input(&mut child);
        Ok(StartedProgram { child: Some(child), name: self.name() })
    }

    /// Runs it in our terminal, which the caller has released, and waits for it. Its input, if any, takes the place of the terminal
    /// as stdin.
    pub fn run_in_terminal(&self) -> Result<(), ProgramError> {
        let mut command = super::command_with(&self.words, &self.variables).map_err(|why| self.not_started(why))?;
        if self.input.is_some() {
            command.stdin(Stdio::piped());
        }
        let mut child = super::spawn(&mut command).map_err(|why| self.not_started(why))?;
        self.write_input(&mut child);
        let status = child.wait().map_err(|why| self.not_started(why))?;
        match status.success() {
            true => Ok(()),
            false => Err(ProgramError::Failed { program: self.name(), status, reason: None }),
        }
    }

    /// Writes the input on a thread of its own, because a program that does not read would block us. The thread ends with the program.
    fn write_input(&self, child: &mut Child) {
        if let (Some(mut pipe), Some(input)) = (child.stdin.take(), self.input.clone()) {
            // Without a thread the program reads an empty input.
            let _ = thread::Builder::new().spawn(move || pipe.write_all(&input));
        }
    }
}

/// A program that runs on its own.
pub struct StartedProgram {
    child: Option<Child>,
    name: String,
}

impl StartedProgram {
    /// Looks whether the program still runs. An end with an error is one.
    pub fn is_running(&mut self) -> Result<bool, ProgramError> {
        self.watch(Duration::ZERO)
    }

    /// Waits for an early failure, such as a missing display. Returns whether the program still runs.
    pub fn watch(&mut self, limit: Duration) -> Result<bool, ProgramError> {
        let Some(child) = &mut self.child else { return Ok(false) };
        let program = self.name.clone();
        match super::wait_for_exit(child, limit) {
            Ok(None) => Ok(true),
            Ok(Some(status)) if status.success() => {
                self.child = None;
                Ok(false)
            }
            Ok(Some(status)) => Err(ProgramError::Failed { program, status, reason: None }),
            Err(why) => Err(ProgramError::NotStarted { program, why }),
        }
    }
}

impl Drop for StartedProgram {
    /// Reaps the program when it ends. If no thread can be started, it stays a zombie until we exit, which does no harm.
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = thread::Builder::new().spawn(move || child.wait());
        }
    }
}

/// Ends all programs that [`Program::run`] runs: they get SIGTERM, and SIGKILL after 200 ms.
pub fn end_all() {
    piped_process::signal_all(Signal::TERM);
    let started = Instant::now();
    // Their own threads notice that they have ended.
    while piped_process::signal_all(Signal::CONT) && started.elapsed() < END_WAIT {
        thread::sleep(END_STEP);
    }
    kill_all();
}

/// Kills all programs that [`Program::run`] runs, with what they have started.
pub fn kill_all() {
    piped_process::signal_all(Signal::KILL);
}

/// What ended a program before its own end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EndedBy {
    Cancellation,
    Time,
    Output,
}

/// Takes the output of a program, and ends it at its limits.
struct Pipes<'a> {
    limits: ProgramLimits,
    is_cancelled: &'a dyn Fn() -> bool,
    started: Instant,
    output: ProgramOutput,
    stderr: OutputTail,
    ended_by: Option<EndedBy>,
}

impl PipeHandler for Pipes<'_> {
    fn stdout(&mut self, bytes: &[u8]) {
        let ProgramOutput { bytes: kept, is_cut, .. } = &mut self.output;
        match self.limits.kept {
            KeptOutput::First(most) | KeptOutput::Only(most) => {
                let room = most.saturating_sub(kept.len()).min(bytes.len());
                kept.extend_from_slice(bytes.get(..room).unwrap_or_default());
                *is_cut |= room < bytes.len();
            }
            KeptOutput::Last(most) => {
                kept.extend_from_slice(bytes);
                *is_cut |= kept.len() > most;
                kept.drain(..kept.len().saturating_sub(most));
            }
        }
    }

    fn stderr(&mut self, bytes: &[u8]) {
        self.stderr.push(bytes);
    }

    fn may_continue(&mut self, has_ended: bool) -> bool {
        if has_ended || self.ended_by.is_some() {
            return self.ended_by.is_none();
        }
        self.ended_by = match () {
            () if (self.is_cancelled)() => Some(EndedBy::Cancellation),
            () if self.output.is_cut && matches!(self.limits.kept, KeptOutput::Only(_)) => Some(EndedBy::Output),
            () if self.started.elapsed() >= self.limits.time => Some(EndedBy::Time),
            () => None,
        };
        self.ended_by.is_none()
    }
}

/// The end of what a process has written.
pub struct OutputTail {
    bytes: Vec<u8>,
    most: usize,
}

impl OutputTail {
    /// The end of stderr.
    pub fn of_stderr() -> OutputTail {
        OutputTail { bytes: Vec::new(), most: MAX_STDERR }
    }

    /// Adds bytes, and drops the first ones.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        let too_many = self.bytes.len().saturating_sub(self.most);
        self.bytes.drain(..too_many);
    }

    /// The text, without blanks at its ends.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).trim().to_owned()
    }

    /// The last line, cut to the length of a message; `None` if there is none.
    fn last_line(&self) -> Option<String> {
        let text = self.text();
        // Programs that show their progress end a line with a carriage return.
        let last = text.rsplit(['\n', '\r']).map(str::trim).find(|line| !line.is_empty())?;
        Some(last.chars().take(MAX_REASON).collect())
    }
}

/// The words of a program as they are shown, each in quotes if a shell would need them.
pub fn shown(words: &[impl AsRef<OsStr>]) -> String {
    let words = words.iter().map(|word| shell_words::quote(&word.as_ref().to_string_lossy()).into_owned());
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    fn shell(script: &str) -> Program {
        Program::new(["/bin/sh", "-c", script])
    }

    fn run(program: &Program, time: Duration, kept: KeptOutput) -> Result<ProgramOutput, String> {
        program.run(ProgramLimits { time, kept }, &|| false).map_err(|error| error.to_string())
    }

    fn kept(script: &str, kept: KeptOutput) -> (String, bool) {
        let output = run(&shell(script), LONG, kept).expect("success");
        (String::from_utf8(output.bytes).expect("text"), output.is_cut)
    }

    #[test]
    fn output_is_kept_up_to_its_limit() {
        let long = "i=0; while [ $i -lt 30000 ]; do echo line $i; i=$((i+1)); done || exit 1";
        assert_eq!(kept("printf abcdef; printf no >&2", KeptOutput::First(3)), ("abc".to_owned(), true));
        assert_eq!(kept("printf abcdef", KeptOutput::First(6)), ("abcdef".to_owned(), false));
        assert_eq!(kept("printf abcdef", KeptOutput::Last(2)), ("ef".to_owned(), true));
        assert_eq!(kept("printf abcdef", KeptOutput::Only(6)), ("abcdef".to_owned(), false));
        // More than a pipe holds: a program that could not write it would fail.
        assert_eq!(kept(long, KeptOutput::First(6)), ("line 0".to_owned(), true));
        assert_eq!(kept(long, KeptOutput::Last(11)), ("line 29999\n".to_owned(), true));
    }

    #[test]
    fn a_program_that_never_stops_writing_is_ended_or_times_out() {
        let endless = "while :; do echo no end; done";
        assert_eq!(kept(endless, KeptOutput::Only(6)), ("no end".to_owned(), true));
        let stubborn = "trap '' TERM; while :; do echo no end; echo why >&2; done";
        let timed_out = run(&shell(stubborn), Duration::from_millis(200), KeptOutput::Last(9));
        assert_eq!(timed_out, Err("`/bin/sh` did not end within 0 s: why".to_owned()));
    }

    #[test]
    fn a_failure_names_the_program_and_what_it_wrote_last() {
        let failed = |program: &Program| run(program, LONG, KeptOutput::First(0)).expect_err("a failure");
        assert_eq!(
            failed(&shell("echo one >&2; printf 'two\\r three \\n\\n' >&2; exit 3")),
            "`/bin/sh` ended with exit status: 3: three"
        );
        assert_eq!(failed(&shell("exit 127")), "`/bin/sh` ended with exit status: 127");
        assert_eq!(failed(&shell("exit 1; ")), "`/bin/sh` ended with exit status: 1");
        assert_eq!(failed(&Program::new(["/nowhere/x"])), "cannot run /nowhere/x: program not found");
        assert_eq!(failed(&Program::new(["/"])), "cannot run /: not executable");
        assert!(failed(&Program::new(Vec::<String>::new())).contains("no program named"));
        let long = failed(&shell("i=0; while [ $i -lt 9999 ]; do printf long >&2; i=$((i+1)); done; exit 1"));
        assert!(long.len() < 300, "{long}");
    }

    #[test]
    fn only_a_missing_program_is_missing() {
        let limits = ProgramLimits { time: LONG, kept: KeptOutput::First(0) };
        let error = |program: &Program| program.run(limits, &|| false).expect_err("a failure");
        assert!(error(&Program::new(["/nowhere/x"])).is_missing());
        assert!(error(&Program::new(["/"])).is_missing());
        assert!(!error(&shell("exit 127")).is_missing());
    }

    #[test]
    fn a_cancelled_program_ends_with_what_it_has_started() {
        let started = Instant::now();
        let is_cancelled = || started.elapsed() > Duration::from_millis(50);
        let limits = ProgramLimits { time: LONG, kept: KeptOutput::First(0) };
        let error = shell("sleep 600 & sleep 600").run(limits, &is_cancelled).expect_err("it was cancelled");
        assert!(matches!(error, ProgramError::Cancelled { .. }), "{error}");
    }

    #[test]
    fn input_and_variables_reach_the_program_whatever_they_contain() {
        let text = "a\u{1b}[2J'\"$(id)\0\nb".repeat(50_000);
        let input = Some(text.clone().into_bytes());
        let program = Program { input, ..Program::new(["cat"]) };
        let output = run(&program, LONG, KeptOutput::First(usize::MAX)).expect("success");
        assert!(output.bytes == text.as_bytes(), "{} bytes", output.bytes.len());
        let value = "$(id) 'x' \"y\"\n{z}";
        let program =
            Program { variables: vec![("FRONTPAGE_TITLE", value.into())], ..shell("printf %s \"$FRONTPAGE_TITLE\"") };
        assert_eq!(run(&program, LONG, KeptOutput::First(99)).map(|output| output.bytes), Ok(value.into()));
        // Neither of these reads its input to the end.
        for script in ["exec <&-; exit 0", "head -c 5"] {
            let program = Program { input: Some(vec![b'x'; 1 << 20]), ..shell(script) };
            assert!(run(&program, LONG, KeptOutput::First(9)).is_ok(), "{script}");
        }
    }

    #[test]
    fn a_started_program_is_watched_for_an_early_failure() {
        let start = |program: &Program| program.start().and_then(|mut started| started.watch(LONG));
        assert_eq!(start(&shell("exit 0")).map_err(|error| error.to_string()), Ok(false));
        let failed = start(&shell("exit 3")).map_err(|error| error.to_string());
        assert_eq!(failed, Err("`/bin/sh` ended with exit status: 3".to_owned()));
        assert!(start(&Program::new(["/nowhere/x"])).is_err_and(|error| error.is_missing()));
        let mut reads = Program { input: Some(b"text".to_vec()), ..shell("read -r line; [ \"$line\" = text ]") }
            .start()
            .expect("it starts");
        assert!(reads.watch(LONG).is_ok());
    }

    #[test]
    fn words_are_shown_as_a_shell_would_need_them() {
        assert_eq!(shown(&["mail", "-s", "two words", "$x"]), "mail -s 'two words' '$x'");
    }
}
