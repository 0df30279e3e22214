//! Hands out the requests of a run: at most 16 at once, and one for each host.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::mpsc::{Receiver, Sender, SyncSender};
use std::time::{Duration, Instant};

use chrono::TimeDelta;

use super::answer::{self, Received};
use super::claims;
use super::environment::{Environment, Outcome, SyncResult};
use super::outcome::{self, Failure};
use super::passwords::{self, Credentials};
use super::results::Results;
use super::schedule::{self, LeftOut, LeftOutReason, Occasion, Verdict};
use super::server_requests::own_request;
use super::workers::Network;
use crate::feed::Problem;
use crate::net::{Answer, FetchError, FetchErrorKind, MAX_AT_ONCE, Request};
use crate::subscriptions::{self, FetchRecord, Subscription};

/// Longest time between an event of another thread and its handling while servers are slow.
const EVENTS_INTERVAL: Duration = Duration::from_millis(20);

/// A subscription that is due.
pub struct Task<'a> {
    /// The subscription.
    pub subscription: &'a Subscription,
    /// Hash of its settings.
    pub settings: String,
    /// The host of its address.
    pub host: String,
    /// What its server is asked with, once it is known.
    pub credentials: Option<Result<Credentials, Failure>>,
}

/// What other threads report.
pub enum Event<'a> {
    /// The articles of a subscription are written.
    Written(Box<SyncResult>, Vec<Problem>),
    /// A password command has ended.
    Credentials(Box<Task<'a>>),
}

/// A request without an answer.
struct Asked<'a> {
    task: Task<'a>,
    /// The record before the request.
    record: FetchRecord,
    begun: Instant,
}

/// Requests of a run.
pub struct Dispatch<'a, 'r, 's> {
    environment: &'a Environment<'a>,
    occasion: Occasion,
    /// Time between two requests.
    pause: Duration,
    network: Network<'a>,
    ready: VecDeque<Task<'a>>,
    asked: HashMap<u64, Asked<'a>>,
    /// Hosts with a request.
    busy: HashSet<String>,
    next_id: u64,
    /// Requests whose host is not known: there may be no network.
    unknown_hosts: Vec<(Asked<'a>, FetchError)>,
    /// True once a server answered.
    has_contact: bool,
    jobs: SyncSender<Received<'a>>,
    commands: Sender<Task<'a>>,
    /// Results that other threads will report.
    waiting: usize,
    results: &'r mut Results<'s>,
}

impl<'a, 'r, 's> Dispatch<'a, 'r, 's> {
    /// A run over tasks. `jobs` leads to the threads that write, `commands` to the one that runs password commands.
    #[expect(clippy::too_many_arguments, reason = "called once")]
    pub fn new(
        environment: &'a Environment<'a>,
        occasion: Occasion,
        pause: Duration,
        network: Network<'a>,
        ready: VecDeque<Task<'a>>,
        jobs: SyncSender<Received<'a>>,
        commands: Sender<Task<'a>>,
        results: &'r mut Results<'s>,
    ) -> Dispatch<'a, 'r, 's> {
        Dispatch {
            environment,
            occasion,
            pause,
            network,
            ready,
            asked: HashMap::new(),
            busy: HashSet::new(),
            next_id: 0,
            unknown_hosts: Vec::new(),
            has_contact: false,
            jobs,
            commands,
            waiting: 0,
            results,
        }
    }

    /// Runs until everything is asked and written.
    pub fn run(mut self, events: &Receiver<Event<'a>>) {
        self.start_commands();
        loop {
            while let Ok(event) = events.try_recv() {
                self.on(event);
            }
            self.ask();
            if self.network.waiting() > 0 && self.waiting > 0 {
                // A slow server must not hold up what other threads report.
                if let Some((response, body)) = self.network.receive_within(EVENTS_INTERVAL) {
                    self.on_response(response.id, response.result, body);
                }
            } else if self.network.waiting() > 0 {
                match self.network.receive() {
                    Some((response, body)) => self.on_response(response.id, response.result, body),
                    None => self.fail_asked(),
                }
            } else if self.waiting > 0 {
                match events.recv() {
                    Ok(event) => self.on(event),
                    Err(_) => break,
                }
            } else if self.ready.is_empty() {
                break;
            }
        }
        self.settle_unknown_hosts();
    }

    /// Sends the tasks whose password a command gives to the thread that runs it.
    fn start_commands(&mut self) {
        let (with_command, ready): (VecDeque<_>, VecDeque<_>) =
            self.ready.drain(..).partition(|task| passwords::starts_program(task.subscription));
        self.ready = ready;
        for task in with_command {
            match self.commands.send(task) {
                Ok(()) => self.waiting += 1,
                Err(unsent) => self.ready.push_back(unsent.0),
            }
        }
    }

    fn on(&mut self, event: Event<'a>) {
        self.waiting = self.waiting.saturating_sub(1);
        match event {
            Event::Written(result, problems) => {
                self.results.add_problems(problems);
                self.results.add_done(*result);
            }
            Event::Credentials(task) => self.ready.push_front(*task),
        }
    }

    /// Sends requests to hosts that have none.
    fn ask(&mut self) {
        let mut others = VecDeque::new();
        while self.network.waiting() < MAX_AT_ONCE
            && let Some(task) = self.ready.pop_front()
        {
            if self.busy.contains(&task.host) {
                others.push_back(task);
                continue;
            }
            self.ask_one(task);
        }
        others.append(&mut self.ready);
        self.ready = others;
    }

    fn ask_one(&mut self, mut task: Task<'a>) {
        let Environment { states, fs, .. } = *self.environment;
        let now = (self.environment.clock)();
        let read = || passwords::credentials(task.subscription, fs);
        let credentials = match task.credentials.take().unwrap_or_else(read) {
            Ok(credentials) => credentials,
            Err(failure) => {
                let (record, _) = subscriptions::read_record(states, task.subscription.key(), fs);
                let backs_off = passwords::starts_program(task.subscription);
                let failure = Failure { is_before_request: true, backs_off, ..failure };
                return self.fail(&task, record.unwrap_or_default(), &failure);
            }
        };
        // Another process may have asked since the plan was made.
        let is_due = |record: &FetchRecord| match schedule::verdict(
            task.subscription,
            record,
            &task.settings,
            self.occasion,
            now,
        ) {
            Verdict::Due => Ok(()),
            Verdict::NotDue(why) => Err(Box::new((record.clone(), why))),
        };
        let record = match claims::claim(states, task.subscription.key(), now, fs, is_due) {
            Ok(Ok(record)) => record,
            Ok(Err(refused)) => {
                let (record, why) = *refused;
                self.results.add_done(SyncResult::new(task.subscription, &record, Outcome::NotDue(why)));
                return;
            }
            Err(error) => {
                // Without the note, a program that is stopped would ask again at once.
                let failure = outcome::state_failure(&error);
                let result = SyncResult::new(task.subscription, &FetchRecord::default(), Outcome::Failed);
                self.results.add_done(SyncResult { problem: Some(answer::failure_problem(&failure)), ..result });
                return;
            }
        };
        if !self.pause.is_zero() && self.next_id > 0 {
            (self.environment.pause)(self.pause);
        }
        let id = self.next_id;
        self.next_id = self.next_id.saturating_add(1);
        self.network.send(request(id, task.subscription, &record, credentials));
        self.busy.insert(task.host.clone());
        self.asked.insert(id, Asked { task, record, begun: Instant::now() });
    }

    fn on_response(&mut self, id: u64, result: Result<Answer, FetchError>, body: Vec<u8>) {
        let Some(asked) = self.asked.remove(&id) else { return };
        self.busy.remove(&asked.task.host);
        match result {
            Ok(answer) => {
                self.has_contact = true;
                if answer.status == 429 {
                    self.postpone_host(&asked.task.host, &answer);
                }
                let Asked { task: Task { subscription, settings, .. }, record, begun } = asked;
                let received = Received { subscription, record, settings, begun, answer, body };
                if self.jobs.send(received).is_ok() {
                    self.waiting += 1;
                }
            }
            Err(error) if is_unknown(&error) => self.unknown_hosts.push((asked, error)),
            Err(error) => {
                let is_silence = matches!(
                    error.kind,
                    FetchErrorKind::Unreachable | FetchErrorKind::Timeout | FetchErrorKind::ProcessDied
                );
                self.has_contact |= !is_silence && !error.kind.is_before_request();
                self.fail_fetch(asked, &error);
            }
        }
    }

    /// Leaves out the other subscriptions of a host that has too many requests, for as long as it says, or in this run.
    fn postpone_host(&mut self, host: &str, answer: &Answer) {
        let Environment { states, fs, .. } = *self.environment;
        let now = (self.environment.clock)();
        let wait: Option<TimeDelta> = super::http_times::retry_after(answer, now);
        let until = wait.map(|wait| schedule::later(now, wait));
        let (same, others): (VecDeque<_>, VecDeque<_>) = self.ready.drain(..).partition(|task| task.host == host);
        self.ready = others;
        for task in same {
            let key = task.subscription.key();
            let (record, _) = subscriptions::read_record(states, key, fs);
            let record = record.unwrap_or_default();
            let record = FetchRecord { not_before: until.or(record.not_before), ..record };
            if until.is_some() {
                // If it cannot be written, the next run asks, and is refused in the same way.
                let _ = subscriptions::write_record(states, key, &record, false, fs);
            }
            let why = LeftOut { why: LeftOutReason::HostBusy, until };
            self.results.add_done(SyncResult::new(task.subscription, &record, Outcome::NotDue(why)));
        }
    }

    fn fail_fetch(&mut self, asked: Asked<'a>, error: &FetchError) {
        let failure = Failure::of_fetch(error);
        let now = Some((self.environment.clock)()).filter(|_| !failure.is_before_request);
        let record = FetchRecord { requested: now.or(asked.record.requested), ..asked.record };
        self.fail(&asked.task, record, &failure);
    }

    /// Records a failure and adds its result.
    fn fail(&mut self, task: &Task, record: FetchRecord, failure: &Failure) {
        let result = answer::fail(task.subscription, record, &task.settings, failure, self.environment);
        self.results.add_done(result);
    }

    /// Fails all requests: their answers will not come.
    fn fail_asked(&mut self) {
        let failure = Failure::new("the process that fetches has ended", "sync again");
        for (_, asked) in std::mem::take(&mut self.asked) {
            self.busy.remove(&asked.task.host);
            self.fail(&asked.task, asked.record, &failure);
        }
    }

    /// If no server answered and no host is known, there is no network: no request was made, and no failure counts.
    fn settle_unknown_hosts(&mut self) {
        let unknown = std::mem::take(&mut self.unknown_hosts);
        let hosts: HashSet<&str> = unknown.iter().map(|(asked, _)| asked.task.host.as_str()).collect();
        let no_network = unknown.iter().any(|(_, error)| error.kind == FetchErrorKind::NoNetwork);
        let is_offline = !unknown.is_empty() && !self.has_contact && (no_network || hosts.len() > 1);
        if is_offline {
            self.results.set_offline();
        }
        for (asked, error) in unknown {
            if !is_offline {
                self.fail_fetch(asked, &error);
                continue;
            }
            let Environment { states, fs, .. } = *self.environment;
            // The last attempt got no status.
            let record = FetchRecord { status: None, ..asked.record };
            // If it cannot be undone, it is asked an hour later.
            let _ = subscriptions::write_record(states, asked.task.subscription.key(), &record, false, fs);
            self.results.add_done(SyncResult::new(asked.task.subscription, &record, Outcome::Offline));
        }
    }
}

fn is_unknown(error: &FetchError) -> bool {
    matches!(error.kind, FetchErrorKind::UnknownHost | FetchErrorKind::NoNetwork)
}

/// The request for a subscription.
fn request(id: u64, subscription: &Subscription, record: &FetchRecord, credentials: Credentials) -> Request {
    let (etag, last_modified) = (record.etag.clone(), record.last_modified.clone());
    Request {
        etag,
        last_modified,
        ..own_request(id, subscription.address.untrusted().trim(), subscription, credentials)
    }
}
