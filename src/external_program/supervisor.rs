//! Runs a program below a process of ours, the supervisor, which ends the program and all that it has started if frontpage is killed.
//!
//! The supervisor leads a session without a terminal, so the program reaches neither our screen nor our keys. It ends as the program
//! has ended. A process that starts a session of its own, as daemons do, leaves its reach.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, ExitCode, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, getppid, kill_current_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use super::{ACKNOWLEDGED, OWN_EXECUTABLE, Variables, command, command_with, exit_code_of, spawn};

/// First argument with which frontpage starts itself as a supervisor. It is not for users.
pub const SUPERVISOR_FLAG: &str = "--supervise";

/// Byte before the error number in a report of the supervisor. No program prints it alone with four others.
const NOT_EXECUTED: u8 = 0;

/// How often the supervisor looks whether frontpage still runs. No call waits for the end of a parent on all systems.
const LOOK_INTERVAL: Duration = Duration::from_millis(100);

/// How long a program may continue after SIGTERM if frontpage was killed.
const GRACE: Duration = Duration::from_millis(500);

/// Starts a program below a supervisor, with stdout and stderr as pipes, and stdin if it has input. The child is the supervisor, which
/// leads the process group of the program. That the program cannot be executed may be known only at its end, by [`start_failure`].
pub(super) fn spawn_supervised(words: &[OsString], variables: &Variables, has_input: bool) -> io::Result<Child> {
    let input = if has_input { Stdio::piped } else { Stdio::null };
    if let Some(ourselves) = OWN_EXECUTABLE.get() {
        let own_id = std::process::id().to_string();
        let mut between = command(&[ourselves.as_os_str(), SUPERVISOR_FLAG.as_ref(), own_id.as_ref()])?;
        between.args(words).stdin(input()).stdout(Stdio::piped()).stderr(Stdio::piped());
        between.envs(variables.iter().map(|(name, value)| (name, value)));
        // An update may have removed our executable, or replaced it with a version without this flag.
        if let Ok(mut child) = spawn(&mut between) {
            let mut first = [0];
            let is_read = child.stderr.as_mut().is_some_and(|pipe| pipe.read_exact(&mut first).is_ok());
            if is_read && first == [ACKNOWLEDGED] {
                return Ok(child);
            }
            child.kill()?;
            child.wait()?;
        }
    }
    let mut alone = command_with(words, variables)?;
    alone.stdin(input()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    spawn(&mut alone)
}

/// Why a program that has ended could not be executed; `None` if it was. `stderr` is what is known of its stderr.
pub(super) fn start_failure(status: ExitStatus, stderr: &[u8]) -> Option<io::Error> {
    match (status.code(), stderr) {
        (Some(126 | 127), [NOT_EXECUTED, number @ ..]) => {
            Some(io::Error::from_raw_os_error(i32::from_le_bytes(number.try_into().ok()?)))
        }
        _ => None,
    }
}

/// Runs the supervisor. `words` are the process id of frontpage, the program and its arguments.
///
/// It reports through stderr: the byte `.` when the session is there, then what the program writes or, if it cannot be executed, a zero
/// byte and the error number as 4 bytes. It ends as the program ends, also by the same signal.
pub fn run(mut words: impl Iterator<Item = OsString>) -> ExitCode {
    // This fails only for the leader of a process group, which a newly forked process is not.
    let _ = rustix::process::setsid();
    let frontpage = words.next().and_then(|id| Pid::from_raw(id.to_str()?.parse().ok()?));
    // Signals to the group are for the program. A handler, unlike a signal that is ignored, is not inherited by it.
    let was_asked_to_end = Arc::new(AtomicBool::new(false));
    for signal in [SIGTERM, SIGHUP, SIGINT] {
        let _ = signal_hook::flag::register(signal, was_asked_to_end.clone());
    }
    let words: Vec<OsString> = words.collect();
    let mut report = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stderr(), 3).map(File::from).ok();
    let mut send = |bytes: &[u8]| drop(report.as_mut().map(|report| report.write_all(bytes)));
    send(&[ACKNOWLEDGED]);
    let child = match command(&words).and_then(|mut command| spawn(&mut command)) {
        Ok(child) => child,
        Err(error) => {
            send(&[NOT_EXECUTED]);
            send(&error.raw_os_error().unwrap_or_default().to_le_bytes());
            return exit_code_of(&error);
        }
    };
    drop(report);
    release_pipes();
    let is_orphan = move || getppid() != frontpage;
    // If no thread can be started, the program ends with frontpage in all cases but a kill.
    let _ = thread::Builder::new().spawn(move || {
        while !is_orphan() {
            thread::sleep(LOOK_INTERVAL);
        }
        end_group();
    });
    let status = wait(child);
    if is_orphan() {
        end_group();
    }
    if was_asked_to_end.load(SeqCst) {
        // What the program has started got the signal too, and may ignore it.
        let _ = kill_current_process_group(Signal::KILL);
    }
    end_as(status)
}

/// Closes our ends of the pipes, so that only the program holds them.
fn release_pipes() {
    let Ok(nothing) = File::options().read(true).write(true).open("/dev/null") else { return };
    let _ = rustix::stdio::dup2_stdin(&nothing);
    let _ = rustix::stdio::dup2_stdout(&nothing);
    let _ = rustix::stdio::dup2_stderr(&nothing);
}

/// Ends the program and all that it has started, and with them this process.
fn end_group() {
    let _ = kill_current_process_group(Signal::TERM);
    thread::sleep(GRACE);
    let _ = kill_current_process_group(Signal::KILL);
}

fn wait(mut child: Child) -> Option<ExitStatus> {
    loop {
        match child.wait() {
            Ok(status) => return Some(status),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
}

/// Ends this process in the way of a program that has ended.
fn end_as(status: Option<ExitStatus>) -> ExitCode {
    if let Some(signal) = status.and_then(|status| status.signal()) {
        let _ = signal_hook::low_level::emulate_default_handler(signal);
    }
    let code = status.and_then(|status| status.code()).and_then(|code| u8::try_from(code).ok());
    code.map_or(ExitCode::FAILURE, ExitCode::from)
}
