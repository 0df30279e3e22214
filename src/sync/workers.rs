//! The processes that fetch and parse: how they are started, asked, and restarted when they die.
//!
//! Neither is trusted: see [`confined_process`].

use std::collections::{BTreeMap, VecDeque};
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;

use super::messages::ParseRequest;
use crate::confined_process::{self, Connection, Died, Link, Worker};
use crate::external_program;
use crate::net::{FetchError, FetchErrorKind, NetworkSettings, Request, Response};

/// Arguments with which the program starts itself as the process that fetches.
pub const NETWORK_ARGUMENTS: [&str; 2] = ["sync", "--network"];
/// Arguments with which the program starts itself as the process that downloads one document.
pub const DOWNLOAD_ARGUMENTS: [&str; 2] = ["sync", "--download"];
/// Arguments with which the program starts itself as a process that parses.
pub const PARSER_ARGUMENTS: [&str; 2] = ["sync", "--digest"];

/// Variables of the environment that the process that fetches needs: proxies, and what the resolver of the C library reads.
const NETWORK_VARIABLES: [&str; 10] = [
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
    "RES_OPTIONS",
    "LOCALDOMAIN",
];

/// Longest time without any answer of the process that fetches while requests wait. It ends each request earlier by itself.
const NETWORK_SILENCE: Duration = Duration::from_secs(90);
/// Longest time for one document. The limit of CPU time is lower; this one also ends a process that waits for nothing.
const PARSER_TIMEOUT: Duration = Duration::from_secs(60);
/// How often the process that fetches is started again, so that one that always dies is not started again and again.
const MOST_RESTARTS: u32 = 8;

/// Starts the processes.
pub trait Workers: Sync {
    /// Starts a process that fetches.
    fn network(&self, settings: &NetworkSettings) -> io::Result<Connection>;

    /// Starts a process that parses one document after the other.
    fn parser(&self) -> io::Result<Connection>;

    /// Starts a process that downloads one document.
    fn download(&self, _: &NetworkSettings) -> io::Result<Connection> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// Starts this program again for each process.
pub struct ChildWorkers {
    program: PathBuf,
}

impl ChildWorkers {
    /// Starts the running executable.
    pub fn new() -> io::Result<ChildWorkers> {
        Ok(ChildWorkers { program: external_program::own_executable()? })
    }

    /// Starts another executable of frontpage, as tests do.
    pub fn of_program(program: PathBuf) -> ChildWorkers {
        ChildWorkers { program }
    }
}

impl Workers for ChildWorkers {
    fn network(&self, settings: &NetworkSettings) -> io::Result<Connection> {
        confined_process::start(&self.program, &NETWORK_ARGUMENTS, &network_environment(), Some(settings))
    }

    fn parser(&self) -> io::Result<Connection> {
        confined_process::start(&self.program, &PARSER_ARGUMENTS, &[], None::<&()>)
    }

    fn download(&self, settings: &NetworkSettings) -> io::Result<Connection> {
        confined_process::start(&self.program, &DOWNLOAD_ARGUMENTS, &network_environment(), Some(settings))
    }
}

/// What a process that connects needs of our environment.
fn network_environment() -> Vec<(OsString, OsString)> {
    let value = |name: &&str| std::env::var_os(name).map(|value| (OsString::from(name), value));
    NETWORK_VARIABLES.iter().filter_map(value).collect()
}

/// An answer of the process that fetches, and the body of the document.
pub type Fetched = (Response, Vec<u8>);

/// The process that fetches. It is started again if it dies.
///
/// What it was asked then is asked again, one request at a time: an answer that ends the process fails only its own request, which
/// fails after it ended the process a second time.
pub struct Network<'a> {
    workers: &'a dyn Workers,
    settings: NetworkSettings,
    link: Option<Link<Request, Response>>,
    restarts: u32,
    silence: Duration,
    /// When the last answer came, or when requests began to wait for one.
    last_answer: Instant,
    /// Requests without an answer.
    in_flight: BTreeMap<u64, Request>,
    /// Requests that waited for an answer when the process died. They are sent alone.
    suspects: VecDeque<Request>,
    /// True if the request in flight was a suspect.
    is_alone: bool,
    /// Requests that are sent after the suspects.
    later: VecDeque<Request>,
    failed: VecDeque<Fetched>,
}

impl<'a> Network<'a> {
    /// Starts the process.
    pub fn start(workers: &'a dyn Workers, settings: &NetworkSettings) -> io::Result<Network<'a>> {
        let link = Link::new(workers.network(settings)?)?;
        Ok(Network {
            workers,
            settings: settings.clone(),
            link: Some(link),
            restarts: 0,
            silence: NETWORK_SILENCE,
            last_answer: Instant::now(),
            in_flight: BTreeMap::new(),
            suspects: VecDeque::new(),
            is_alone: false,
            later: VecDeque::new(),
            failed: VecDeque::new(),
        })
    }

    /// Number of requests that [`receive`](Self::receive) will still answer.
    pub fn waiting(&self) -> usize {
        self.in_flight.len() + self.suspects.len() + self.later.len() + self.failed.len()
    }

    /// Sends a request, without waiting. Its id must differ from those of all requests that wait for an answer.
    pub fn send(&mut self, request: Request) {
        if self.is_alone || !self.suspects.is_empty() {
            self.later.push_back(request);
        } else {
            self.send_now(request);
        }
    }

    fn send_now(&mut self, request: Request) {
        if self.link.is_none() {
            self.restart();
        }
        // A failure to write is seen as the end of the answers.
        match &self.link {
            Some(link) => {
                if self.in_flight.is_empty() {
                    self.last_answer = Instant::now();
                }
                link.send(request.clone(), Vec::new());
                self.in_flight.insert(request.id, request);
            }
            None => {
                let what = "the process that fetches cannot be started";
                self.failed.push_back(failure(request.id, FetchErrorKind::NotStarted, what, "sync again"));
            }
        }
    }

    /// Sends the next request that is to be alone, or all that waited for them.
    fn send_next(&mut self) {
        if !self.in_flight.is_empty() {
            return;
        }
        let suspect = self.suspects.pop_front();
        self.is_alone = suspect.is_some();
        match suspect {
            Some(request) => self.send_now(request),
            None => std::mem::take(&mut self.later).into_iter().for_each(|request| self.send_now(request)),
        }
    }

    /// Waits for the next answer, in any order. `None` if no request waits for one.
    pub fn receive(&mut self) -> Option<Fetched> {
        while self.waiting() > 0 {
            if let Some(answer) = self.receive_within(self.silence) {
                return Some(answer);
            }
        }
        None
    }

    /// Waits for the next answer, in any order, but not longer than `limit`. `None` if none came, or if no request waits for one.
    pub fn receive_within(&mut self, limit: Duration) -> Option<Fetched> {
        let asked = Instant::now();
        loop {
            self.send_next();
            if let Some(failed) = self.failed.pop_front() {
                return Some(failed);
            }
            if self.in_flight.is_empty() {
                return None;
            }
            let silence = self.silence.saturating_sub(self.last_answer.elapsed());
            let wait = silence.min(limit.saturating_sub(asked.elapsed()));
            let answer = self.link.as_ref().map(|link| link.receive(wait));
            match answer {
                Some(Ok((response, body))) if self.in_flight.remove(&response.id).is_some() => {
                    self.last_answer = Instant::now();
                    return Some((response, body));
                }
                Some(Err(RecvTimeoutError::Timeout)) if wait < silence => return None,
                Some(Ok(_)) => self.replace("answered what was not asked, and was ended"),
                Some(Err(RecvTimeoutError::Timeout)) => self.replace("answered nothing for too long, and was ended"),
                Some(Err(RecvTimeoutError::Disconnected)) | None => self.replace("ended early"),
            }
        }
    }

    /// Sends one request, and waits for its answer. Answers to other requests that come first are kept.
    pub fn fetch_one(&mut self, request: Request) -> Fetched {
        let id = request.id;
        self.send(request);
        let mut others = VecDeque::new();
        let answer = loop {
            match self.receive() {
                Some(answer) if answer.0.id == id => break answer,
                Some(other) => others.push_back(other),
                // Cannot be: the request waits for an answer.
                None => {
                    break failure(
                        id,
                        FetchErrorKind::ProcessDied,
                        "the process that fetches ended early",
                        "sync again",
                    );
                }
            }
        };
        self.failed.append(&mut others);
        answer
    }

    /// Ends the process, and starts another. What it was asked is asked again, once.
    fn replace(&mut self, why: &str) {
        if let Some(mut link) = self.link.take() {
            link.end(Duration::ZERO);
        }
        let asked = std::mem::take(&mut self.in_flight).into_values();
        if self.is_alone {
            let what = format!("the answer of its server ended the process that fetches, twice: it {why}");
            let died = |id| failure(id, FetchErrorKind::ProcessDied, &what, "report the channel to us");
            self.failed.extend(asked.map(|request| died(request.id)));
        } else {
            self.suspects.extend(asked);
        }
        self.is_alone = false;
        self.restart();
    }

    fn restart(&mut self) {
        if self.restarts >= MOST_RESTARTS {
            return;
        }
        self.restarts += 1;
        self.link = self.workers.network(&self.settings).and_then(Link::new).ok();
    }
}

/// The answer to a request that the process that fetches did not answer.
fn failure(id: u64, kind: FetchErrorKind, what: &str, remedy: &str) -> Fetched {
    let error = FetchError { kind, what: what.to_owned(), remedy: remedy.to_owned() };
    (Response { id, result: Err(error) }, Vec::new())
}

/// Why a document could not be parsed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("parsing it {0}")]
pub struct ParserDied(pub Died);

/// A process that parses, one document at a time. `T` is what it answers.
pub struct Parser<'a, T> {
    workers: &'a dyn Workers,
    worker: Worker<ParseRequest, T>,
}

impl<'a, T: DeserializeOwned + Send + 'static> Parser<'a, T> {
    /// A parser whose process is started with the first document.
    pub fn new(workers: &'a dyn Workers) -> Parser<'a, T> {
        Parser { workers, worker: Worker::new(PARSER_TIMEOUT) }
    }

    /// Parses a document. If the process dies, the next document starts another.
    pub fn parse(&mut self, request: &ParseRequest, document: Vec<u8>) -> Result<T, ParserDied> {
        let answer = self.worker.ask(|| self.workers.parser(), request.clone(), document);
        answer.map(|(answer, _)| answer).map_err(ParserDied)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;
    use crate::confinement::Enforced;
    use crate::frames;
    use crate::net::Answer;

    /// Processes that are threads, and do with each connection what a function says. Counts how often each was started.
    struct Threads<F> {
        serve: F,
        started: AtomicUsize,
    }

    impl<F: Fn(&mut dyn Read, &mut dyn Write) + Clone + Send + Sync + 'static> Threads<F> {
        fn new(serve: F) -> Threads<F> {
            Threads { serve, started: AtomicUsize::new(0) }
        }

        fn connect(&self) -> io::Result<Connection> {
            self.started.fetch_add(1, Ordering::SeqCst);
            let ((mut requests, input), (output, mut answers)) = (io::pipe()?, io::pipe()?);
            let serve = self.serve.clone();
            thread::Builder::new().spawn(move || serve(&mut requests, &mut answers))?;
            let (input, output) = (Box::new(input), Box::new(output));
            Ok(Connection { input, output, process: None, enforced: Enforced::default() })
        }
    }

    impl<F: Fn(&mut dyn Read, &mut dyn Write) + Clone + Send + Sync + 'static> Workers for Threads<F> {
        fn network(&self, _: &NetworkSettings) -> io::Result<Connection> {
            self.connect()
        }

        fn parser(&self) -> io::Result<Connection> {
            self.connect()
        }
    }

    fn request(id: u64) -> Request {
        Request { id, ..Request::default() }
    }

    fn answer(output: &mut dyn Write, id: u64) {
        frames::write(output, &Response { id, result: Ok(Answer::default()) }, b"body").unwrap();
    }

    fn network(workers: &dyn Workers) -> Network<'_> {
        Network::start(workers, &NetworkSettings::default()).unwrap()
    }

    #[test]
    fn requests_are_answered_in_any_order() {
        let threads = Threads::new(|input: &mut dyn Read, output: &mut dyn Write| {
            let mut ids = Vec::new();
            while let Ok(Some((request, _))) = frames::read::<Request>(input) {
                ids.push(request.id);
                if ids.len() == 3 {
                    ids.drain(..).rev().for_each(|id| answer(output, id));
                }
            }
        });
        let mut network = network(&threads);
        (1..=3).for_each(|id| network.send(request(id)));
        assert_eq!(network.waiting(), 3);
        let ids: Vec<u64> = std::iter::from_fn(|| network.receive()).map(|(response, _)| response.id).collect();
        assert_eq!(ids, [3, 2, 1]);
        (4..=5).for_each(|id| network.send(request(id)));
        assert_eq!(network.fetch_one(request(6)).0.id, 6);
        let ids: Vec<u64> = std::iter::from_fn(|| network.receive()).map(|(response, _)| response.id).collect();
        assert_eq!((ids.len(), threads.started.load(Ordering::SeqCst)), (2, 1));
    }

    #[test]
    fn an_answer_that_ends_the_process_fails_only_its_own_request() {
        for lethal in [vec![5], vec![1, 16], vec![3, 4, 5, 17], vec![]] {
            let (kills, processes) = (lethal.clone(), Arc::new(AtomicUsize::new(0)));
            let threads = Threads::new(move |input: &mut dyn Read, output: &mut dyn Write| {
                // The first process has 16 requests in flight when it dies, others one.
                let at_once = if processes.fetch_add(1, Ordering::SeqCst) == 0 { 16 } else { 1 };
                let mut asked: Vec<u64> = Vec::new();
                while let Ok(Some((request, _))) = frames::read::<Request>(input) {
                    asked.push(request.id);
                    if asked.len() == at_once {
                        if asked.iter().any(|id| kills.contains(id)) {
                            return;
                        }
                        asked.drain(..).for_each(|id| answer(output, id));
                    }
                }
            });
            let mut network = network(&threads);
            (1..=16).for_each(|id| network.send(request(id)));
            let (mut failed, mut answered) = (Vec::new(), 0);
            while let Some((response, _)) = network.receive() {
                if answered == 0 && !lethal.is_empty() {
                    network.send(request(17));
                }
                answered += 1;
                if let Err(error) = response.result {
                    assert!(error.what.contains("twice"), "{error}");
                    failed.push(response.id);
                }
            }
            assert_eq!((failed, network.waiting()), (lethal.clone(), 0));
            assert_eq!(answered, if lethal.is_empty() { 16 } else { 17 });
            // 17 is not known to be dangerous when it ends the process first.
            let deaths = lethal.len() + usize::from(!lethal.is_empty()) + usize::from(lethal.contains(&17));
            assert_eq!(threads.started.load(Ordering::SeqCst), 1 + deaths, "{lethal:?}");
        }
    }

    #[test]
    fn a_process_that_fetches_and_dies_fails_its_requests_and_is_started_again_a_few_times() {
        // Answers what was not asked, or no frame, or ends.
        for kind in 0..3_u8 {
            let threads = Threads::new(move |input: &mut dyn Read, output: &mut dyn Write| {
                let _ = frames::read::<Request>(input);
                match kind {
                    0 => answer(output, 99),
                    1 => drop(output.write_all(&[b'x'; 100])),
                    _ => {}
                }
                if kind == 0 {
                    while let Ok(Some(_)) = frames::read::<Request>(input) {}
                }
            });
            let mut network = network(&threads);
            for id in 1..=8 {
                let (response, body) = network.fetch_one(request(id));
                let error = response.result.unwrap_err();
                // A request is tried twice, each time by a new process, as long as there are restarts.
                let was_asked = 2 * id <= 1 + u64::from(MOST_RESTARTS);
                let wanted = if was_asked { FetchErrorKind::ProcessDied } else { FetchErrorKind::NotStarted };
                assert_eq!((response.id, error.kind, body.len()), (id, wanted, 0), "{kind}");
            }
            assert_eq!(threads.started.load(Ordering::SeqCst), 1 + MOST_RESTARTS as usize, "{kind}");
        }
    }

    #[test]
    fn a_process_that_fetches_and_hangs_is_replaced() {
        let threads = Threads::new(
            |input: &mut dyn Read, _: &mut dyn Write| {
                while let Ok(Some(_)) = frames::read::<Request>(input) {}
            },
        );
        let mut network = network(&threads);
        network.silence = Duration::from_millis(1);
        let error = network.fetch_one(request(1)).0.result.unwrap_err();
        assert!(error.what.contains("answered nothing"), "{error}");
        assert_eq!(threads.started.load(Ordering::SeqCst), 3);
    }

    #[test]
    fn a_parser_is_started_with_the_first_document_and_again_after_it_died() {
        let threads = Threads::new(|input: &mut dyn Read, output: &mut dyn Write| {
            while let Ok(Some((_, document))) = frames::read::<ParseRequest>(input) {
                match document.as_slice() {
                    b"hang" => while let Ok(Some(_)) = frames::read::<ParseRequest>(input) {},
                    b"die" => return,
                    b"lie" => drop(frames::write(output, &"no number", &[])),
                    b"twice" => (0..2).for_each(|_| drop(frames::write(output, &5, &[]))),
                    _ => drop(frames::write(output, &document.len(), &[])),
                }
            }
        });
        let mut parser: Parser<'_, usize> = Parser::new(&threads);
        assert_eq!(threads.started.load(Ordering::SeqCst), 0);
        let mut parse = |document: &[u8]| parser.parse(&ParseRequest::default(), document.to_vec());
        for (document, answer, started) in [
            (b"four".as_slice(), Ok(4), 1),
            (b"sixsix", Ok(6), 1),
            (b"die", Err(ParserDied(Died::NoAnswer)), 1),
            (b"lie", Err(ParserDied(Died::NoAnswer)), 2),
            (b"four", Ok(4), 3),
        ] {
            assert_eq!(parse(document), answer);
            assert_eq!(threads.started.load(Ordering::SeqCst), started);
        }
        let mut parser: Parser<'_, usize> = Parser::new(&threads);
        parser.worker = Worker::new(Duration::from_millis(1));
        assert_eq!(
            parser.parse(&ParseRequest::default(), b"hang".to_vec()),
            Err(ParserDied(Died::Timeout(Duration::from_millis(1))))
        );
    }
}
