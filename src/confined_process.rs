//! Confined processes: this program, started again to do one kind of work on what is not trusted, with no more than pipes.
//!
//! Such a process is not trusted either. An answer that is not a frame, or that was not asked for, is treated like its death, and
//! a process that answers nothing is killed. Threads read and write the pipes, so that a process that hangs blocks only them.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, ExitStatus};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, TryRecvError};
use std::thread;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use signal_hook::consts::{SIGABRT, SIGKILL, SIGXCPU};

use crate::confinement::Enforced;
use crate::external_program;
use crate::frames;

/// Answers that wait in this process. Each may be a document of 16 MiB.
const UNREAD: usize = 2;
/// Time that a process which closed its pipe has to end, before it is killed.
const EXIT_TIMEOUT: Duration = Duration::from_millis(500);

/// A process, or in tests a thread, that answers frames.
pub struct Connection {
    /// Where requests are written. Closing it ends the process.
    pub input: Box<dyn Write + Send>,
    /// Where answers are read.
    pub output: Box<dyn Read + Send>,
    /// The process; `None` for a thread.
    pub process: Option<Child>,
    /// How the process is confined, as it says itself before it reads anything from outside.
    pub enforced: Enforced,
}

impl Connection {
    /// Ends the process, and returns how it was confined.
    pub fn end(self) -> Enforced {
        let Connection { input, output, process, enforced } = self;
        // It ends by itself when its pipe is closed.
        drop((input, output));
        if let Some(mut child) = process {
            end(&mut child, EXIT_TIMEOUT);
        }
        enforced
    }
}

/// Starts `program` with arguments that make it confine itself, sends it `first`, and waits until it says how it is confined.
pub fn start(
    program: &Path,
    arguments: &[&str],
    environment: &[(OsString, OsString)],
    first: Option<&impl Serialize>,
) -> io::Result<Connection> {
    let mut child = external_program::spawn_confined(program, arguments, environment)?;
    let pipes = child.stdin.take().zip(child.stdout.take());
    let (mut input, mut output) = pipes.ok_or_else(|| io::Error::other("no pipe"))?;
    let mut hello = || -> io::Result<Enforced> {
        first.map(|first| frames::write(&mut input, first, &[])).transpose()?;
        let hello = frames::read(&mut output)?;
        hello.map(|(enforced, _)| enforced).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    };
    match hello() {
        Ok(enforced) => {
            log::info!("the process `{}` is {enforced}", arguments.join(" "));
            Ok(Connection { input: Box::new(input), output: Box::new(output), process: Some(child), enforced })
        }
        Err(error) => {
            end(&mut child, Duration::ZERO);
            Err(error)
        }
    }
}

/// Waits up to `patience` for a process to end, then kills it. `None` if it had to be killed, or its status is not known.
fn end(child: &mut Child, patience: Duration) -> Option<ExitStatus> {
    let ended = external_program::wait_for_exit(child, patience).ok().flatten();
    if ended.is_none() {
        let _ = child.kill();
        let _ = child.wait();
    }
    ended
}

/// A connection with threads that read and write its pipes. `Q` and `A` are the heads of requests and answers.
pub struct Link<Q, A> {
    requests: Sender<(Q, Vec<u8>)>,
    answers: Receiver<(A, Vec<u8>)>,
    process: Option<Child>,
}

impl<Q: Serialize + Send + 'static, A: DeserializeOwned + Send + 'static> Link<Q, A> {
    /// Starts the threads. They end with the process.
    pub fn new(connection: Connection) -> io::Result<Link<Q, A>> {
        let Connection { mut input, mut output, process, .. } = connection;
        let (requests, to_write) = mpsc::channel::<(Q, Vec<u8>)>();
        // Documents wait in the process that fetches, whose threads then wait too.
        let (to_receive, answers) = mpsc::sync_channel(UNREAD);
        // Made first, so that the process ends if a thread cannot be started.
        let link = Link { requests, answers, process };
        thread::Builder::new().name("requests".to_owned()).spawn(move || {
            for (head, body) in to_write {
                if frames::write(&mut input, &head, &body).is_err() {
                    break;
                }
            }
        })?;
        // Ends with the first frame that cannot be read, and that closes the channel.
        thread::Builder::new().name("answers".to_owned()).spawn(move || {
            while let Ok(Some(frame)) = frames::read(&mut output) {
                if to_receive.send(frame).is_err() {
                    break;
                }
            }
        })?;
        Ok(link)
    }
}

impl<Q, A> Link<Q, A> {
    /// Sends a request, and the document that it concerns. A failure to write is seen as the end of the answers.
    pub fn send(&self, request: Q, document: Vec<u8>) {
        let _ = self.requests.send((request, document));
    }

    /// Waits for the next answer, but not longer than `limit`.
    pub fn receive(&self, limit: Duration) -> Result<(A, Vec<u8>), RecvTimeoutError> {
        self.answers.recv_timeout(limit)
    }

    /// Ends the process, which has closed its pipe or is not to be used any longer.
    pub fn end(&mut self, patience: Duration) -> Option<ExitStatus> {
        self.process.take().and_then(|mut child| end(&mut child, patience))
    }
}

impl<Q, A> Drop for Link<Q, A> {
    fn drop(&mut self) {
        self.end(Duration::ZERO);
    }
}

/// Why a process did not answer: because of the document, as far as is known. The words follow a name of the work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Died {
    /// It could not be started.
    #[error("cannot be started: {0}")]
    NotStarted(String),
    /// It aborted, as it does when it gets no more memory, or the system killed it.
    #[error("takes too much memory")]
    Memory,
    /// It used more CPU time than a document may take.
    #[error("takes too long")]
    CpuTime,
    /// It did not answer in time, and was killed.
    #[error("did not end within {} s", .0.as_secs())]
    Timeout(Duration),
    /// A signal ended it.
    #[error("crashed: signal {0}")]
    Signal(i32),
    /// It ended by itself, or sent what is no answer.
    #[error("failed without an answer")]
    NoAnswer,
}

/// A process that is asked one thing at a time, and started again after it died. `Q` and `A` are the heads of requests and answers.
pub struct Worker<Q, A> {
    link: Option<Link<Q, A>>,
    timeout: Duration,
}

impl<Q: Serialize + Send + 'static, A: DeserializeOwned + Send + 'static> Worker<Q, A> {
    /// A worker whose process is started with the first request. `timeout` is the longest time for an answer.
    pub fn new(timeout: Duration) -> Worker<Q, A> {
        Worker { link: None, timeout }
    }

    /// Asks something about a document. If no process runs, `start` starts it; if it dies, the next request starts another.
    pub fn ask(
        &mut self,
        start: impl FnOnce() -> io::Result<Connection>,
        request: Q,
        document: Vec<u8>,
    ) -> Result<(A, Vec<u8>), Died> {
        // What was not asked for could be taken for the answer to this request.
        let is_usable = |link: &Link<Q, A>| matches!(link.answers.try_recv(), Err(TryRecvError::Empty));
        let link = match self.link.take().filter(is_usable) {
            Some(link) => link,
            None => start().and_then(Link::new).map_err(|error| Died::NotStarted(error.to_string()))?,
        };
        let link = self.link.insert(link);
        link.send(request, document);
        let died = match link.receive(self.timeout) {
            Ok(answer) => return Ok(answer),
            Err(RecvTimeoutError::Timeout) => Died::Timeout(self.timeout),
            Err(RecvTimeoutError::Disconnected) => cause_of_death(link.end(EXIT_TIMEOUT)),
        };
        self.link = None;
        Err(died)
    }
}

fn cause_of_death(status: Option<ExitStatus>) -> Died {
    match status.and_then(|status| status.signal()) {
        // An allocation that fails aborts the program; the system kills what takes the memory of all.
        Some(SIGABRT | SIGKILL) => Died::Memory,
        Some(SIGXCPU) => Died::CpuTime,
        Some(signal) => Died::Signal(signal),
        None => Died::NoAnswer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_names_how_a_process_died() {
        let died = |signal: i32| cause_of_death(Some(ExitStatus::from_raw(signal)));
        assert_eq!(died(SIGABRT), Died::Memory);
        assert_eq!(died(SIGXCPU), Died::CpuTime);
        assert_eq!(died(11), Died::Signal(11));
        assert_eq!(died(0), Died::NoAnswer);
    }
}
