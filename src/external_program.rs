//! Starts other programs (browser, editor, clipboard tools, commands of the user), never through a shell. No other file does.
//!
//! A detached program, such as a browser, must not reach our screen or our keys, not even through `/dev/tty`. So it needs a
//! session of its own without a terminal. `Command` cannot call `setsid` between fork and exec without `unsafe`. Therefore
//! frontpage starts itself with [`NEW_SESSION_FLAG`], and that process creates the session and replaces itself with the program.

pub mod piped_process;
pub mod program;
pub mod supervisor;

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitCode, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Time for which a detached program is watched for an early failure, such as a missing display.
pub const EARLY_FAILURE: Duration = Duration::from_millis(250);

/// A command from a setting or a variable, split into words before a value is inserted, so that a value cannot add words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandTemplate {
    words: Vec<String>,
}

impl CommandTemplate {
    /// Splits a command into words as a shell does: quotes and backslashes group. No other shell syntax is supported. `None` if
    /// there is no word. Fails for a quote that is not closed.
    pub fn split(command: &str) -> Result<Option<CommandTemplate>, UnclosedQuote> {
        let words = shell_words::split(command).map_err(|_| UnclosedQuote { command: command.to_owned() })?;
        Ok(words.first().is_some_and(|program| !program.is_empty()).then_some(CommandTemplate { words }))
    }

    /// A command of frontpage's own, split at blanks.
    pub fn built_in(command: &'static str) -> CommandTemplate {
        CommandTemplate { words: command.split(' ').map(str::to_owned).collect() }
    }

    /// The words.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The program to start.
    pub fn program(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    /// The words with `value` in place of each word `%s` or `%u`; without such a word, `value` is appended. It is always one
    /// argument, whatever characters it contains.
    pub fn fill(&self, value: &str) -> Vec<String> {
        let is_placeholder = |word: &String| word == "%s" || word == "%u";
        let filled = self.words.iter().map(|word| if is_placeholder(word) { value.to_owned() } else { word.clone() });
        let end = (!self.words.iter().any(is_placeholder)).then(|| value.to_owned());
        filled.chain(end).collect()
    }
}

/// A command with a quote that is not closed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a quote is not closed in `{command}`")]
pub struct UnclosedQuote {
    /// The command as written.
    pub command: String,
}

#[allow(clippy::disallowed_methods)] // clippy.toml allows it in this file only
fn command(words: &[impl AsRef<OsStr>]) -> io::Result<Command> {
    let (program, arguments) = words.split_first().ok_or_else(|| io::Error::other("no program named"))?;
    let mut command = Command::new(program);
    command.args(arguments);
    Ok(command)
}

/// Locked while a program is being started.
static PROCESS_START: Mutex<()> = Mutex::new(());

/// Waits until no program is being started, and prevents starts until the guard is dropped.
///
/// The code that stops the process group (Ctrl-Z) must hold the guard. A child that is stopped between fork and exec blocks
/// its parent, which waits for the exec. Then the parent never stops, and the shell hangs.
pub fn block_process_starts() -> MutexGuard<'static, ()> {
    PROCESS_START.lock().unwrap_or_else(PoisonError::into_inner)
}

fn spawn(command: &mut Command) -> io::Result<Child> {
    let _one_at_a_time = block_process_starts();
    command.spawn()
}

/// First argument with which frontpage starts itself to run another program in a session of its own. It is not for users.
pub const NEW_SESSION_FLAG: &str = "--apart";

/// Path of our executable. Set only if it handles [`NEW_SESSION_FLAG`].
static OWN_EXECUTABLE: OnceLock<PathBuf> = OnceLock::new();

/// Declares that the running executable calls [`exec_in_new_session`] for [`NEW_SESSION_FLAG`].
///
/// Without this call, as in another program that uses this library, detached programs only get a process group of their own and
/// can still open the terminal.
pub fn enable_new_sessions() {
    if let Ok(path) = std::env::current_exe() {
        let _ = OWN_EXECUTABLE.set(path);
    }
}

/// Byte that the child writes before exec, so that the parent knows that its executable understood [`NEW_SESSION_FLAG`].
const ACKNOWLEDGED: u8 = b'.';

/// Replaces this process with another program in a new session. `words` are the program and its arguments.
///
/// Reports to the parent through the original stderr: the byte `.`, then nothing (exec closes it) or, if exec fails, the
/// error number as 4 bytes. Returns only if exec fails.
pub fn exec_in_new_session(words: impl Iterator<Item = OsString>) -> ExitCode {
    // This fails only for the leader of a process group, which a newly forked process is not.
    let _ = rustix::process::setsid();
    let words: Vec<OsString> = words.collect();
    let mut report = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stderr(), 3).map(File::from).ok();
    let mut send = |bytes: &[u8]| drop(report.as_mut().map(|report| report.write_all(bytes)));
    send(&[ACKNOWLEDGED]);
    let error = match command(&words) {
        Ok(mut command) => command.stderr(Stdio::null()).exec(),
        Err(error) => error,
    };
    send(&error.raw_os_error().unwrap_or_default().to_le_bytes());
    exit_code_of(&error)
}

/// The exit codes of shells: 127 for a program that is not found, 126 for one that cannot be executed.
fn exit_code_of(error: &io::Error) -> ExitCode {
    ExitCode::from(if error.kind() == ErrorKind::NotFound { 127 } else { 126 })
}

/// Starts a program in a session of its own, which cannot reach our screen or our keys. Fails if the program cannot be executed.
fn spawn_detached(wanted: &Command, input: fn() -> Stdio) -> io::Result<Child> {
    if let Some(ourselves) = OWN_EXECUTABLE.get() {
        let mut between = command(&[ourselves.as_os_str(), NEW_SESSION_FLAG.as_ref(), wanted.get_program()])?;
        between.args(wanted.get_args()).stdin(input()).stdout(Stdio::null()).stderr(Stdio::piped());
        between.envs(wanted.get_envs().filter_map(|(name, value)| Some((name, value?))));
        // An update may have removed our executable, or replaced it with a version without this flag.
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

/// Variables beside those of our environment.
type Variables = [(&'static str, OsString)];

fn command_with(words: &[OsString], variables: &Variables) -> io::Result<Command> {
    let mut command = command(words)?;
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    Ok(command)
}

/// Starts a detached program, which cannot reach our screen or our keys. Fails if it cannot be started or fails within 250 ms.
pub fn start_detached(words: &[impl AsRef<OsStr>]) -> io::Result<()> {
    start_command(&command(words)?)
}

fn start_command(command: &Command) -> io::Result<()> {
    let mut child = spawn_detached(command, Stdio::null).map_err(in_plain_words)?;
    if let Some(status) = wait_for_exit(&mut child, EARLY_FAILURE)? {
        return check_status(status);
    }
    // Reap the child when it ends. If no thread can be started, it stays a zombie until we exit, which does no harm.
    let _ = thread::Builder::new().spawn(move || child.wait());
    Ok(())
}

/// Waits up to `limit` for a child to exit; `None` if it is still running.
pub fn wait_for_exit(child: &mut Child, limit: Duration) -> io::Result<Option<ExitStatus>> {
    // The standard library has no wait with a timeout.
    let started = Instant::now();
    loop {
        match child.try_wait()? {
            Some(status) => return Ok(Some(status)),
            None if started.elapsed() >= limit => return Ok(None),
            None => thread::sleep(Duration::from_millis(5)),
        }
    }
}

/// Turns the error of starting a program into words for the user who wrote its name.
fn in_plain_words(error: io::Error) -> io::Error {
    let words = match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => "program not found",
        ErrorKind::PermissionDenied | ErrorKind::IsADirectory => "not executable",
        _ => return error,
    };
    io::Error::new(error.kind(), words)
}

/// Starts a program in a process group of its own with stdout and stderr as pipes. Its stdin is a pipe or empty.
pub fn spawn_piped(words: &[impl AsRef<OsStr>], has_input: bool) -> io::Result<Child> {
    let mut command = command(words)?;
    let input = if has_input { Stdio::piped() } else { Stdio::null() };
    command.stdin(input).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    spawn(&mut command).map_err(in_plain_words)
}

/// Starts a second process of frontpage with an argument. Returns the pipe to its stdin; its stdout is our terminal.
pub fn spawn_self(argument: &str) -> io::Result<ChildStdin> {
    let words = [std::env::current_exe()?.into_os_string(), argument.into()];
    let mut child = spawn(command(&words)?.stdin(Stdio::piped()).stderr(Stdio::null()))?;
    child.stdin.take().ok_or_else(|| io::Error::other("no pipe"))
}

/// Starts a second process of frontpage that is to be confined: `program` with arguments, with pipes to its stdin and from its
/// stdout, and without stderr, environment and working folder of its own. It has only the variables in `environment`.
///
/// It stays in our process group, so that a signal to the group, such as that of Ctrl-C, ends it too.
pub fn spawn_confined(program: &Path, arguments: &[&str], environment: &[(OsString, OsString)]) -> io::Result<Child> {
    let words: Vec<&OsStr> = std::iter::once(program.as_os_str()).chain(arguments.iter().map(OsStr::new)).collect();
    let mut command = command(&words)?;
    command.env_clear().envs(environment.iter().map(|(name, value)| (name, value))).current_dir("/");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    spawn(command.arg0("frontpage"))
}

/// The path of the running executable. If it was replaced or removed, on Linux a path by which the kernel still starts it.
pub fn own_executable() -> io::Result<PathBuf> {
    let path = std::env::current_exe()?;
    let by_kernel = Path::new("/proc/self/exe");
    Ok(if !path.exists() && by_kernel.exists() { by_kernel.to_owned() } else { path })
}

/// Whether a program is in one of the folders of `$PATH`.
pub fn is_installed(program: &str) -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| !folder.as_os_str().is_empty() && folder.join(program).is_file())
}

/// Opens an address with the desktop's programs, such as `xdg-open`: with the first that exists and does not fail at once. The
/// error is the first program that failed and why; `None` if no program exists.
#[allow(clippy::disallowed_methods)] // clippy.toml allows it in this file only
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
    if status.success() { Ok(()) } else { Err(io::Error::other(status.to_string())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_one_argument() {
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
    fn quotes_and_backslashes_group_words_and_no_other_shell_syntax_applies() {
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
