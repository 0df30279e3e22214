//! A run of the sync: decides what is due, and starts what fetches, parses and writes. A failure concerns only its subscription.

use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use url::Url;

use super::answer::{self, ParseAnswer, Received};
use super::claims::{self, SyncLock};
use super::dispatch::{Dispatch, Event, Task};
use super::document_source::ports;
use super::environment::{Choice, Environment, Outcome, Summary, SyncError, SyncResult};
use super::full_texts;
use super::passwords;
use super::results::{Progress, Results};
use super::schedule::{self, Verdict};
use super::workers::{Network, Parser};
use crate::feed::Problem;
use crate::net::NetworkSettings;
use crate::subscriptions;

/// Threads that parse and write, each with a process that parses.
const MAX_WRITERS: usize = 4;
/// Documents that wait for a thread. Few: they wait in the network and not in memory.
const QUEUE: usize = 2;
/// From this number of due subscriptions a run spreads its requests, over this time.
const SPREAD_FROM: usize = 16;
const SPREAD: Duration = Duration::from_secs(120);

/// What is decided before anything is asked.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The subscriptions that are due, those that wait longest first.
    pub due: Vec<Due>,
    /// The results of all others.
    pub left_out: Vec<SyncResult>,
    /// Problems of records.
    pub problems: Vec<Problem>,
}

/// A subscription that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Its position in the environment.
    pub position: usize,
    /// Hash of its settings.
    settings: String,
}

/// Decides what is due.
pub fn plan(environment: &Environment, choice: &Choice) -> Plan {
    let now = (environment.clock)();
    let (mut due, mut plan) = (Vec::new(), Plan::default());
    for (position, subscription) in environment.subscriptions.iter().enumerate() {
        let key = subscription.key();
        if choice.only.as_ref().is_some_and(|only| !only.contains(&key)) {
            continue;
        }
        let (record, problem) = subscriptions::read_record(environment.states, key, environment.fs);
        plan.problems.extend(problem);
        let record = record.unwrap_or_default();
        let settings = passwords::settings_hash(subscription, environment.fs);
        match schedule::verdict(subscription, &record, &settings, choice.occasion, now) {
            Verdict::Due => due.push((record.next, Due { position, settings })),
            Verdict::NotDue(why) => {
                plan.left_out.push(SyncResult::new(subscription, &record, Outcome::NotDue(why)));
            }
        }
    }
    due.sort_by_key(|(next, _)| *next);
    plan.due = due.into_iter().map(|(_, due)| due).collect();
    plan
}

/// Locks the states for a periodic sync.
pub fn lock(environment: &Environment) -> Result<SyncLock, SyncError> {
    let states = |(path, why)| SyncError::States { path, why };
    let lock = claims::lock_for_sync(environment.states, environment.fs).map_err(states)?;
    lock.ok_or(SyncError::Running)
}

/// Fetches what is due, and writes articles, marks and records. `report` gets each result as it comes.
pub fn run(
    environment: &Environment,
    choice: &Choice,
    report: &mut dyn FnMut(&SyncResult, Progress),
) -> Result<Summary, SyncError> {
    run_with_lock(&lock(environment)?, environment, choice, report)
}

/// The same with the lock of the caller.
pub fn run_with_lock(
    _: &SyncLock,
    environment: &Environment,
    choice: &Choice,
    report: &mut dyn FnMut(&SyncResult, Progress),
) -> Result<Summary, SyncError> {
    let Plan { due, left_out, problems } = plan(environment, choice);
    let total = due.len();
    let summary = Summary { problems, ..Summary::default() };
    let mut results = Results::new(summary, total, report);
    left_out.into_iter().for_each(|result| results.add(result));
    if total == 0 {
        return Ok(results.into_summary());
    }
    let network = Network::start(environment.workers, &network_settings(environment)).map_err(SyncError::Start)?;
    let tasks = due.into_iter().filter_map(|Due { position, settings }| {
        let subscription = environment.subscriptions.get(position)?;
        let url = Url::parse(subscription.address.untrusted().trim()).ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default().to_owned();
        Some(Task { subscription, settings, host, credentials: None })
    });
    let pause = match choice.is_spread && total >= SPREAD_FROM {
        true => u32::try_from(total).ok().and_then(|total| SPREAD.checked_div(total)).unwrap_or_default(),
        false => Duration::ZERO,
    };
    let (jobs, to_write) = mpsc::sync_channel::<Received>(QUEUE);
    let (commands, to_run) = mpsc::channel::<Task>();
    let (events, received) = mpsc::channel();
    let to_write = Mutex::new(to_write);
    thread::scope(|scope| {
        let writers = thread::available_parallelism().map_or(2, NonZero::get).clamp(2, MAX_WRITERS).min(total);
        let thread = |name: &str| thread::Builder::new().name(name.to_owned());
        for number in 0..writers {
            let (events, to_write) = (events.clone(), &to_write);
            let work = move || write_all(environment, to_write, &events);
            let started = thread("articles").spawn_scoped(scope, work);
            // One is enough.
            if number == 0 {
                started.map_err(SyncError::Start)?;
            }
        }
        let work = move || {
            for mut task in to_run {
                task.credentials = Some(passwords::credentials(task.subscription, environment.fs));
                if events.send(Event::Credentials(Box::new(task))).is_err() {
                    break;
                }
            }
        };
        thread("passwords").spawn_scoped(scope, work).map_err(SyncError::Start)?;
        Dispatch::new(environment, choice.occasion, pause, network, tasks.collect(), jobs, commands, &mut results)
            .run(&received);
        Ok(())
    })?;
    if let Some(marks) = environment.marks {
        results.add_problems(marks.take_problems());
    }
    let mut summary = results.into_summary();
    let mut counts = full_texts::fetch_wanted(environment, &summary.results);
    for result in &mut summary.results {
        result.full_texts = counts.remove(&result.key).unwrap_or_default();
    }
    Ok(summary)
}

/// The ports of all subscriptions.
fn network_settings(environment: &Environment) -> NetworkSettings {
    let urls = environment.subscriptions.iter().map(|one| Url::parse(one.address.untrusted().trim()));
    let urls: Vec<Url> = urls.filter_map(Result::ok).collect();
    NetworkSettings { ports: ports(urls.iter()), ..NetworkSettings::default() }
}

/// Parses and writes one document after the other, until there are no more.
fn write_all<'a>(environment: &Environment, jobs: &Mutex<Receiver<Received<'a>>>, events: &Sender<Event<'a>>) {
    let mut parser: Parser<ParseAnswer> = Parser::new(environment.workers);
    loop {
        let received = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(received) = received else { return };
        let (subscription, record, begun) = (received.subscription, received.record.clone(), received.begun);
        let settings = received.settings.clone();
        // An error of the program concerns only this channel.
        let done = catch_unwind(AssertUnwindSafe(|| answer::process(received, environment, &mut parser)));
        let (result, problems) = done.unwrap_or_else(|_| {
            parser = Parser::new(environment.workers);
            let failed = answer::panicked(subscription, record, &settings, environment);
            (SyncResult { took: begun.elapsed(), ..failed }, Vec::new())
        });
        if events.send(Event::Written(Box::new(result), problems)).is_err() {
            return;
        }
    }
}
