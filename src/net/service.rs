//! Answers requests that come through a pipe: threads that take them from the queue by hosts.

use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use crate::feed::is_private_address;
use crate::frames;

use super::address_guard::{Resolve, SystemResolver, checked_addresses};
use super::client::{self, Received};
use super::failures;
use super::host_queue::{HostQueue, Next};
use super::journey::Journey;
use super::limits::Limits;
use super::messages::{Answer, FetchError, FetchErrorKind, Request, Response};
use super::proxies::{self, Proxies};

/// What the service is given from outside.
#[derive(Clone)]
pub struct Environment {
    /// The limits of requests.
    pub limits: Limits,
    /// Looks up names.
    pub resolver: Arc<dyn Resolve>,
    /// The proxies of the environment.
    pub proxies: Proxies,
}

impl Default for Environment {
    fn default() -> Environment {
        Environment { limits: Limits::default(), resolver: Arc::new(SystemResolver), proxies: Proxies::default() }
    }
}

struct Service {
    environment: Environment,
    queue: Mutex<Queue>,
    changed: Condvar,
    output: Mutex<Box<dyn Write + Send>>,
}

struct Queue {
    by_hosts: HostQueue<Journey>,
    is_ended: bool,
}

/// Reads requests, one in each frame, and answers each with one frame whose body is the document; in the order in which the answers
/// come. Returns at the end of the input, and leaves requests on their way to their threads, which the end of the process ends: it
/// waits for no server.
///
/// # Errors
///
/// The input is not a sequence of frames with requests, or no thread can be started.
pub fn serve(mut input: impl Read, output: impl Write + Send + 'static, environment: Environment) -> io::Result<()> {
    let queue = Queue { by_hosts: HostQueue::new(environment.limits.pause), is_ended: false };
    let service = Arc::new(Service {
        environment,
        queue: Mutex::new(queue),
        changed: Condvar::new(),
        output: Mutex::new(Box::new(output)),
    });
    let mut result = start_threads(&service);
    while result.is_ok() {
        match frames::read::<Request>(&mut input) {
            Ok(Some((request, _))) => service.accept(request),
            Ok(None) => break,
            Err(error) => result = Err(error),
        }
    }
    service.end();
    result
}

/// Starts the threads; fewer than wanted do as well.
fn start_threads(service: &Arc<Service>) -> io::Result<()> {
    let mut result = Err(ErrorKind::InvalidInput.into());
    for number in 0..service.environment.limits.threads {
        let of_thread = Arc::clone(service);
        let started = thread::Builder::new().name(format!("fetch {number}")).spawn(move || of_thread.run());
        match started {
            Ok(_) => result = Ok(()),
            Err(error) if result.is_err() => return Err(error),
            Err(_) => break,
        }
    }
    result
}

impl Service {
    /// Queues a request, or answers at once that it cannot be made.
    fn accept(&self, request: Request) {
        let id = request.id;
        match Journey::new(request, &self.environment.limits) {
            Ok(journey) => self.enqueue(journey),
            Err(error) => self.answer(id, Err(error), &[]),
        }
    }

    fn enqueue(&self, journey: Journey) {
        let host = journey.host();
        self.locked().by_hosts.push(&host, journey, Instant::now());
        self.changed.notify_one();
    }

    /// What a thread does until the service ends.
    fn run(&self) {
        while let Some((host, mut journey)) = self.next() {
            let id = journey.request.id;
            // A fault in a library must cost one request only.
            let received = catch_unwind(AssertUnwindSafe(|| request(&self.environment, &mut journey, client::ask)));
            self.locked().by_hosts.done(&host, Instant::now());
            self.changed.notify_one();
            match received {
                Ok(Ok(Received::Redirect(status, location))) => {
                    match journey.follow(status, location.as_deref(), &self.environment.limits) {
                        Ok(()) => self.enqueue(journey),
                        Err(error) => self.answer(id, Err(error), &[]),
                    }
                }
                Ok(Ok(Received::Answer(answer, body))) => self.answer(id, Ok(*answer), &body),
                Ok(Err(error)) => self.answer(id, Err(error), &[]),
                Err(_) => {
                    let error = failures::protocol(failures::host(&journey.url), "this program failed at it");
                    self.answer(id, Err(error), &[]);
                }
            }
        }
    }

    /// The next request whose host may be asked. `None` at the end.
    fn next(&self) -> Option<(String, Journey)> {
        let mut queue = self.locked();
        while !queue.is_ended {
            queue = match queue.by_hosts.next(Instant::now()) {
                Next::Ask(host, journey) => {
                    // Another one may be due too, and the thread that waits for it may have been the one woken.
                    self.changed.notify_one();
                    return Some((host, journey));
                }
                Next::Wait(None) => self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner),
                Next::Wait(Some(time)) => {
                    self.changed.wait_timeout(queue, time).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        None
    }

    /// Writes an answer. A slow reader holds up the threads, so that documents do not pile up in memory.
    fn answer(&self, id: u64, result: Result<Answer, FetchError>, body: &[u8]) {
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        if frames::write(&mut **output, &Response { id, result }, body).is_err() {
            // The reader is gone, and the input will end.
            self.end();
        }
    }

    fn end(&self) {
        self.locked().is_ended = true;
        self.changed.notify_all();
    }

    fn locked(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A function that asks a server for the address of a journey, at addresses that were checked.
type Ask<B> = fn(&Journey, Vec<SocketAddr>, Option<&str>, &Limits) -> Result<Received<B>, FetchError>;

/// One request of a journey: looks up the host, checks its addresses, and asks.
pub(super) fn request<B>(
    environment: &Environment,
    journey: &mut Journey,
    ask: Ask<B>,
) -> Result<Received<B>, FetchError> {
    let started = Instant::now();
    let Environment { limits, resolver, proxies } = environment;
    let may_be_private = journey.request.is_private;
    let connect = limits.connect.min(journey.left);
    let proxy = proxies.of(&journey.url);
    let addresses = match proxy {
        None => checked_addresses(resolver, &journey.url, may_be_private, connect).map_err(|error| {
            let is_refused = error.kind == FetchErrorKind::Private && journey.is_redirected();
            let why = "it leads to an address on a private network";
            if is_refused { failures::redirect(&journey.url, why) } else { error }
        }),
        // A proxy is one that the user named; where it is does not matter.
        Some(proxy) => match proxies::parse(proxy) {
            Some(url) => checked_addresses(resolver, &url, true, connect).map_err(failures::through_proxy),
            None => Err(failures::bad_proxy()),
        },
    };
    journey.left = journey.left.saturating_sub(started.elapsed());
    if journey.left.is_zero() {
        return Err(failures::timeout(failures::host(&journey.url), "no connection", limits.whole.as_secs_f64()));
    }
    let asked = Instant::now();
    let mut addresses = addresses?;
    if journey.request.is_secret && journey.url.scheme() == "http" {
        addresses.retain(|address| proxy.is_none() && is_private_address(address.ip()));
        if addresses.is_empty() {
            return Err(failures::unencrypted(&journey.url));
        }
    }
    let received = ask(journey, addresses, proxy, limits);
    journey.left = journey.left.saturating_sub(asked.elapsed());
    received.map_err(|error| match error.kind {
        FetchErrorKind::Unreachable if proxy.is_some() => failures::through_proxy(error),
        _ => error,
    })
}
