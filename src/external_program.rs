//! Other programs: the one place that starts them, never through a shell.
//!
//! What runs on its own, as a browser does, must not reach our screen or our keys, not even by `/dev/tty`. So it gets a session
//! of its own, which has no terminal: this program is started once more, makes the session, and becomes the other program.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitCode, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a program that runs on its own is watched for an early failure, as a missing display gives.
const EARLY_FAILURE: Duration = Duration::from_millis(250);
/// How long a program may take over text that is piped into it.
const PIPE_TIMEOUT: Duration = Duration::from_secs(2);

/// A command as a person writes it in a setting or a variable: words, split before anything is put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandTemplate {
    words: Vec<String>,
}

impl CommandTemplate {
    /// Splits a command into words as a shell does: quotes and backslashes group. Nothing else that a shell does is done.
    /// None when there is no word. The error is a quote that is not closed.
    pub fn split(command: &str) -> Result<Option<CommandTemplate>, UnclosedQuote> {
        let words = shell_words::split(command).map_err(|_| UnclosedQuote { command: command.to_owned() })?;
        Ok(words.first().is_some_and(|program| !program.is_empty()).then_some(CommandTemplate { words }))
    }

    /// A command of the program's own.
    pub fn built_in(command: &'static str) -> CommandTemplate {
        CommandTemplate { words: command.split(' ').map(str::to_owned).collect() }
    }

    /// The words.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The name of the program.
    pub fn program(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    /// The words with `value` for each word that is `%s` or `%u`, else with `value` at the end. One value is one argument,
    /// whatever it holds.
    pub fn fill(&self, value: &str) -> Vec<String> {
        let is_placeholder = |word: &String| word == "%s" || word == "%u";
        let filled = self.words.iter().map(|word| if is_placeholder(word) { value.to_owned() } else { word.clone() });
        let end = (!self.words.iter().any(is_placeholder)).then(|| value.to_owned());
        filled.chain(end).collect()
    }
}

/// A command whose quote is not closed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a quote is not closed in `{command}`")]
pub struct UnclosedQuote {
    /// The command as it is written.
    pub command: String,
}

#[allow(clippy::disallowed_methods)] // the one place
fn command(words: &[impl AsRef<OsStr>]) -> io::Result<Command> {
    let (program, arguments) = words.split_first().ok_or_else(|| io::Error::other("no program named"))?;
    let mut command = Command::new(program);
    command.args(arguments);
    Ok(command)
}

/// Held while a program is being started.
static PROCESS_START: Mutex<()> = Mutex::new(());

/// Keeps programs from being started until what comes back is dropped, and waits for one that is. Who stops the process group
/// needs this: a child that is stopped before it has become another program holds up its parent, which then never stops, so
/// that the shell waits for ever.
pub fn block_process_starts() -> MutexGuard<'static, ()> {
    PROCESS_START.lock().unwrap_or_else(PoisonError::into_inner)
}

fn spawn(command: &mut Command) -> io::Result<Child> {
    let _one_at_a_time = block_process_starts();
    command.spawn()
}

/// Has the program become another one, in a session of its own; for nobody else.
pub const NEW_SESSION_FLAG: &str = "--apart";

/// Where the file of this program is, once it is known that it understands [`NEW_SESSION_FLAG`].
static OWN_EXECUTABLE: OnceLock<PathBuf> = OnceLock::new();

/// Says that the running program calls [`exec_in_new_session`] for [`NEW_SESSION_FLAG`]. Without it, as in a program that has this library only,
/// other programs get a process group of their own, and could find the terminal.
pub fn enable_new_sessions() {
    if let Ok(path) = std::env::current_exe() {
        let _ = OWN_EXECUTABLE.set(path);
    }
}

/// What is written before the program becomes another one: by it the one who asks sees that it was understood.
const ACKNOWLEDGED: u8 = b'.';

/// Becomes another program, in a session of its own. What stderr was before is closed by that; if it cannot be, the number of the
/// error is written there.
pub fn exec_in_new_session(words: impl Iterator<Item = OsString>) -> ExitCode {
    let _ = rustix::process::setsid();
    let words: Vec<OsString> = words.collect();
    let mut tell = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stderr(), 3).map(File::from).ok();
    let mut say = |bytes: &[u8]| drop(tell.as_mut().map(|tell| tell.write_all(bytes)));
    say(&[ACKNOWLEDGED]);
    let error = match command(&words) {
        Ok(mut command) => command.stderr(Stdio::null()).exec(),
        Err(error) => error,
    };
    say(&error.raw_os_error().unwrap_or_default().to_le_bytes());
    // As shells say it.
    ExitCode::from(if error.kind() == ErrorKind::NotFound { 127 } else { 126 })
}

/// Starts a program in a session of its own, which cannot reach our screen or our keys; an error when it is not there.
fn spawn_detached(wanted: &Command, input: fn() -> Stdio) -> io::Result<Child> {
    if let Some(ourselves) = OWN_EXECUTABLE.get() {
        let mut between = command(&[ourselves.as_os_str(), NEW_SESSION_FLAG.as_ref(), wanted.get_program()])?;
        between.args(wanted.get_args()).stdin(input()).stdout(Stdio::null()).stderr(Stdio::piped());
        between.envs(wanted.get_envs().filter_map(|(name, value)| Some((name, value?))));
        // Our own file may be gone by now, or be one that has never heard of this.
        if let Ok(mut child) = spawn(&mut between) {
            let mut reply = Vec::new();
            child.stderr.take().map(|mut pipe| pipe.read_to_end(&mut reply)).transpose()?;
            match reply.split_first() {
                Some((&ACKNOWLEDGED, [])) => return Ok(child),
                Some((&ACKNOWLEDGED, number)) => {
                    child.wait()?;
                    let number = number.try_into().map(i32::from_le_bytes).unwrap_or_default();
                    return Err(io::Error::from_raw_os_error(number));
                }
                _ => drop(child.wait()?),
            }
        }
    }
    let mut alone = command(&[wanted.get_program()])?;
    alone.args(wanted.get_args()).stdin(input()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    alone.envs(wanted.get_envs().filter_map(|(name, value)| Some((name, value?))));
    spawn(&mut alone)
}

/// Starts a program that runs on its own: it cannot reach our screen or our keys, and its end is waited for elsewhere.
/// An error when it cannot be started or fails at once.
pub fn start_detached(words: &[impl AsRef<OsStr>]) -> io::Result<()> {
    start_command(&command(words)?)
}

fn start_command(command: &Command) -> io::Result<()> {
    let mut child = spawn_detached(command, Stdio::null).map_err(in_plain_words)?;
    if let Some(status) = wait_for_exit(&mut child, EARLY_FAILURE)? {
        return check_status(status);
    }
    // Without a thread it stays a zombie until we end, which harms nobody.
    let _ = thread::Builder::new().spawn(move || child.wait());
    Ok(())
}

fn wait_for_exit(child: &mut Child, limit: Duration) -> io::Result<Option<ExitStatus>> {
    let started = Instant::now();
    while started.elapsed() < limit {
        match child.try_wait()? {
            Some(status) => return Ok(Some(status)),
            None => thread::sleep(Duration::from_millis(5)),
        }
    }
    Ok(None)
}

/// What the system says of a program that could not be started, for somebody who wrote its name.
fn in_plain_words(error: io::Error) -> io::Error {
    let words = match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => "there is no such program",
        ErrorKind::PermissionDenied | ErrorKind::IsADirectory => "it may not be run",
        _ => return error,
    };
    io::Error::new(error.kind(), words)
}

/// Starts a program in a process group of its own, with pipes as its output and its errors. Its input is a pipe, or nothing.
pub fn spawn_piped(words: &[impl AsRef<OsStr>], has_input: bool) -> io::Result<Child> {
    let mut command = command(words)?;
    let input = if has_input { Stdio::piped() } else { Stdio::null() };
    command.stdin(input).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    spawn(&mut command).map_err(in_plain_words)
}

/// Starts this program once more beside itself, with an argument, a pipe as its input and our screen as its output.
pub fn spawn_self(argument: &str) -> io::Result<ChildStdin> {
    let words = [std::env::current_exe()?.into_os_string(), argument.into()];
    let mut child = spawn(command(&words)?.stdin(Stdio::piped()).stderr(Stdio::null()))?;
    child.stdin.take().ok_or_else(|| io::Error::other("no pipe"))
}

/// Runs a program on our terminal and waits for it.
pub fn run_in_terminal(words: &[impl AsRef<OsStr>]) -> io::Result<()> {
    check_status(spawn(&mut command(words)?)?.wait()?)
}

/// Runs a program with `text` as its input, and waits a while for it.
pub fn pipe_text(words: &[String], text: &str) -> io::Result<()> {
    let mut child = spawn_detached(&command(words)?, Stdio::piped).map_err(in_plain_words)?;
    // Who does not read it to the end says by its own end whether that is well.
    let _ = child.stdin.take().map(|mut input| input.write_all(text.as_bytes()));
    if let Some(status) = wait_for_exit(&mut child, PIPE_TIMEOUT)? {
        return check_status(status);
    }
    child.kill()?;
    child.wait()?;
    Err(io::Error::new(ErrorKind::TimedOut, "it did not finish"))
}

/// Opens an address the way the desktop does: by the first of its programs that is there and does not fail at once. The error
/// names the program that failed; none when no program is there.
#[allow(clippy::disallowed_methods)] // the one place
pub fn open_with_desktop(address: &str) -> Result<(), Option<(String, io::Error)>> {
    let mut failed = None;
    for command in open::commands(address) {
        match start_command(&command) {
            Ok(()) => return Ok(()),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) if failed.is_none() => {
                failed = Some((command.get_program().to_string_lossy().into_owned(), error));
            }
            Err(_) => {}
        }
    }
    Err(failed)
}

fn check_status(status: ExitStatus) -> io::Result<()> {
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("it ended with {status}"))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_is_one_argument() {
        for (template, filled) in [
            ("firefox", vec!["firefox", "https://e.org/a%20b;c$(d)"]),
            ("firefox --new-tab %u", vec!["firefox", "--new-tab", "https://e.org/a%20b;c$(d)"]),
            ("open %s -g", vec!["open", "https://e.org/a%20b;c$(d)", "-g"]),
            ("w3m x%s", vec!["w3m", "x%s", "https://e.org/a%20b;c$(d)"]),
        ] {
            let template = CommandTemplate::split(template).expect("quotes are closed").expect("words");
            assert_eq!(template.fill("https://e.org/a%20b;c$(d)"), filled);
        }
    }

    #[test]
    fn quotes_and_backslashes_group_words_and_nothing_else_is_done() {
        for (command, words) in [
            ("  vim  -n ", vec!["vim", "-n"]),
            (r#"vim -c "set tw=80""#, vec!["vim", "-c", "set tw=80"]),
            (r#""/opt/my editor/ed" -n"#, vec!["/opt/my editor/ed", "-n"]),
            (r"/opt/my\ editor/ed '' -x", vec!["/opt/my editor/ed", "", "-x"]),
            (r#"e --a='b "c" d'"e f""#, vec!["e", r#"--a=b "c" de f"#]),
            (r#"e "a \" b" 'c \d'"#, vec!["e", r#"a " b"#, r"c \d"]),
            (
                "e $HOME ~/x *.md $(id) `id` a;b a|b a&b <c >d",
                vec!["e", "$HOME", "~/x", "*.md", "$(id)", "`id`", "a;b", "a|b", "a&b", "<c", ">d"],
            ),
        ] {
            let template = CommandTemplate::split(command).expect("quotes are closed");
            assert_eq!(template.expect("words").words(), words, "{command}");
        }
        for nothing in ["", "  ", "\t", "''", "# vim"] {
            assert_eq!(CommandTemplate::split(nothing), Ok(None), "{nothing:?}");
        }
        for open in ["vim 'x", "\"vim", "vim -c \"a \\\""] {
            assert!(CommandTemplate::split(open).is_err(), "{open:?}");
        }
    }
}
