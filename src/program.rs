//! Other programs: the one place that starts them, never through a shell.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a program that runs on its own is watched for an early failure, as a missing display gives.
const EARLY: Duration = Duration::from_millis(250);
/// How long a program may take over text that is piped into it.
const PIPED: Duration = Duration::from_secs(2);

/// A command as a person writes it in a setting or a variable: words, split at blanks before anything is put in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    words: Vec<String>,
}

impl Template {
    /// Splits a command into words; none when there is no word.
    pub fn split(command: &str) -> Option<Template> {
        let words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
        (!words.is_empty()).then_some(Template { words })
    }

    /// A command of the program's own.
    pub fn of(command: &'static str) -> Template {
        Template { words: command.split(' ').map(str::to_owned).collect() }
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
        let is_place = |word: &String| word == "%s" || word == "%u";
        let filled = self.words.iter().map(|word| if is_place(word) { value.to_owned() } else { word.clone() });
        let end = (!self.words.iter().any(is_place)).then(|| value.to_owned());
        filled.chain(end).collect()
    }
}

#[allow(clippy::disallowed_methods)] // the one place
fn command(words: &[impl AsRef<OsStr>]) -> io::Result<Command> {
    let (program, arguments) = words.split_first().ok_or_else(|| io::Error::other("no program named"))?;
    let mut command = Command::new(program);
    command.args(arguments);
    Ok(command)
}

/// Held while a program is being started.
static STARTING: Mutex<()> = Mutex::new(());

/// Keeps programs from being started until what comes back is dropped, and waits for one that is. Who stops the process group
/// needs this: a child that is stopped before it has become another program holds up its parent, which then never stops, so
/// that the shell waits for ever.
pub fn hold() -> MutexGuard<'static, ()> {
    STARTING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn spawn(command: &mut Command) -> io::Result<Child> {
    let _one_at_a_time = hold();
    command.spawn()
}

/// Starts a program that runs on its own: it cannot reach our screen or our keys, and its end is waited for elsewhere.
/// An error when it cannot be started or fails at once.
pub fn start(words: &[String]) -> io::Result<()> {
    let mut command = command(words)?;
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    let mut child = spawn(&mut command)?;
    let started = Instant::now();
    while started.elapsed() < EARLY {
        match child.try_wait()? {
            Some(status) => return succeeded(status),
            None => thread::sleep(Duration::from_millis(5)),
        }
    }
    // Without a thread it stays a zombie until we end, which harms nobody.
    let _ = thread::Builder::new().spawn(move || child.wait());
    Ok(())
}

/// Starts this program once more beside itself, with an argument, a pipe as its input and our screen as its output.
pub fn start_beside(argument: &str) -> io::Result<ChildStdin> {
    let words = [std::env::current_exe()?.into_os_string(), argument.into()];
    let mut child = spawn(command(&words)?.stdin(Stdio::piped()).stderr(Stdio::null()))?;
    child.stdin.take().ok_or_else(|| io::Error::other("no pipe"))
}

/// Runs a program on our terminal and waits for it.
pub fn run(words: &[String]) -> io::Result<()> {
    succeeded(spawn(&mut command(words)?)?.wait()?)
}

/// Runs a program with `text` as its input, and waits a while for it.
pub fn pipe(words: &[String], text: &str) -> io::Result<()> {
    let mut command = command(words)?;
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    let mut child = spawn(&mut command)?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(text.as_bytes())?;
    }
    let started = Instant::now();
    while started.elapsed() < PIPED {
        match child.try_wait()? {
            Some(status) => return succeeded(status),
            None => thread::sleep(Duration::from_millis(5)),
        }
    }
    child.kill()?;
    child.wait()?;
    Err(io::Error::new(io::ErrorKind::TimedOut, "it did not finish"))
}

/// Opens an address the way the desktop does.
#[allow(clippy::disallowed_methods)] // the one place
pub fn open(address: &str) -> io::Result<()> {
    let _one_at_a_time = hold();
    open::that_detached(address)
}

fn succeeded(status: ExitStatus) -> io::Result<()> {
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
            let template = Template::split(template).expect("words");
            assert_eq!(template.fill("https://e.org/a%20b;c$(d)"), filled);
        }
        assert_eq!(Template::split("  "), None);
    }
}
