//! The network process: what it asks of servers, what it accepts from them, and where it does not go. All on loopback.

mod faults;
mod redirects;
mod requests;
mod service;
mod tls;

use std::io::Write;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use frontpage::frames;
use frontpage::net::{Answer, Environment, FetchError, FetchErrorKind, Limits, Request, Resolve, Response, serve};

use crate::harness::names::Names;
use crate::harness::web_server::WebServer;

/// A text that is in everything secret, and must be in no message.
const SECRET: &str = "SECRET";

/// A service on a thread, and the ends of its pipes.
struct Service {
    input: UnixStream,
    output: UnixStream,
    thread: thread::JoinHandle<std::io::Result<()>>,
}

impl Service {
    fn start(environment: Environment) -> Service {
        let (input, of_service) = UnixStream::pair().expect("a pipe");
        let (output, written) = UnixStream::pair().expect("a pipe");
        output.set_read_timeout(Some(Duration::from_secs(60))).expect("a limit");
        let run = move || serve(of_service, written, environment);
        Service { input, output, thread: thread::Builder::new().spawn(run).expect("a thread") }
    }

    fn ask(&mut self, request: &Request) {
        frames::write(&mut self.input, request, b"").expect("sent");
    }

    fn answer(&mut self) -> (Response, Vec<u8>) {
        frames::read(&mut self.output).expect("a frame").expect("an answer")
    }

    /// Closes the input, and waits until `serve` returns.
    fn end(self) -> std::io::Result<()> {
        drop(self.input);
        self.thread.join().expect("no panic")
    }
}

/// Limits for tests: no pause, a second of time.
fn limits() -> Limits {
    let time = Duration::from_millis(700);
    Limits {
        connect: time,
        head: time,
        whole: time * 2,
        body_bytes: 1 << 20,
        pause: Duration::ZERO,
        ..Limits::default()
    }
}

fn environment(resolver: Arc<dyn Resolve>) -> Environment {
    Environment { limits: limits(), resolver, ..Environment::default() }
}

/// A request for a document, with id 1.
fn request(url: &str) -> Request {
    Request { id: 1, url: url.to_owned(), user_agent: "frontpage/test".to_owned(), ..Request::default() }
}

type Fetched = Result<(Answer, Vec<u8>), FetchError>;

/// Fetches one document.
fn fetch(environment: &Environment, request: &Request) -> Fetched {
    let mut service = Service::start(environment.clone());
    service.ask(request);
    let (response, body) = service.answer();
    assert_eq!(response.id, request.id);
    service.end().expect("a clean end");
    if let Err(error) = &response.result {
        check_message(error);
    }
    response.result.map(|answer| (answer, body))
}

/// The rules of messages: what, without secrets, and what to do.
fn check_message(error: &FetchError) {
    for text in [&error.what, &error.remedy] {
        assert!(!text.is_empty() && !text.ends_with('.') && !text.contains(SECRET), "{error:?}");
        assert!(!text.starts_with(char::is_uppercase), "{error:?}");
    }
}

fn kind(fetched: &Fetched) -> Option<FetchErrorKind> {
    fetched.as_ref().err().map(|error| error.kind)
}

/// A server, names that lead to it, and the environment with both.
fn server() -> (WebServer, Arc<Names>, Environment) {
    let server = WebServer::start();
    let names = Names::leading_to(&server);
    let environment = environment(Arc::clone(&names) as Arc<dyn Resolve>);
    (server, names, environment)
}

#[test]
fn a_service_ends_with_its_input() {
    let (_server, _, environment) = server();
    Service::start(environment.clone()).end().expect("an empty input is fine");
    let mut service = Service::start(environment);
    service.input.write_all(&[9, 0, 0, 0, 0, 0, 0, 0, b'{']).expect("sent");
    service.end().expect_err("half a frame");
}
