//! A scripted web server on loopback: what a path answers is a value or a closure, every request is recorded, and answers may be
//! slow, cut short, endless or not HTTP at all.
//!
//! ```ignore
//! let server = WebServer::start();
//! server.route("/feed.xml", Reply::ok(DOCUMENT).header("ETag", "\"one\""));
//! server.route("/moved", Reply::redirect(301, "/feed.xml"));
//! server.route_fn("/conditional", |request| match request.header("If-None-Match") {
//!     Some("\"one\"") => Reply::status(304),
//!     _ => Reply::ok(DOCUMENT).header("ETag", "\"one\""),
//! });
//! fetch(&server.url("/feed.xml"));
//! assert_eq!(server.count("/feed.xml"), 1);
//! assert_eq!(server.requests()[0].header("Referer"), None);
//! ```
//!
//! A path without a route answers 404. Several replies for one path: `route_all` gives them in turn, then the last one for all
//! further requests. Hosts are distinguished by the header `Host`: names (with an injected resolver that answers 127.0.0.1), or
//! addresses of loopback on one port (`WebServer::on(&["127.0.0.1", "127.0.0.2"])`, on Linux).

use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Received {
    /// Time since the server started.
    pub at: Duration,
    /// The method, such as `GET`.
    pub method: String,
    /// The path with its query, as in the request line.
    pub path: String,
    /// The header `Host` without the port.
    pub host: String,
    /// All headers in their order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The number of the connection, from 0.
    pub connection: usize,
}

impl Received {
    /// The first header of this name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// What the server does after a request has come.
#[derive(Clone, Debug)]
enum Step {
    Send(Vec<u8>),
    Pause(Duration),
    /// Sends these bytes until the client closes the connection.
    Endless(Vec<u8>),
    /// Sends nothing more until the client closes the connection or the server ends.
    Silence,
}

/// An answer. The constructors and methods compose its bytes; those that lie about the length, or end early, close the connection.
#[derive(Clone, Debug)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    length: Option<usize>,
    chunk: Option<usize>,
    cut: Option<usize>,
    head_delay: Duration,
    body_delay: Duration,
    dribble: Option<(usize, Duration)>,
    raw: Option<Vec<Step>>,
    keep_alive: bool,
}

impl Reply {
    /// This status, no body.
    pub fn status(status: u16) -> Reply {
        Reply {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            length: None,
            chunk: None,
            cut: None,
            head_delay: Duration::ZERO,
            body_delay: Duration::ZERO,
            dribble: None,
            raw: None,
            keep_alive: true,
        }
    }

    /// 200 with this body.
    pub fn ok(body: impl AsRef<[u8]>) -> Reply {
        Reply { body: body.as_ref().to_vec(), ..Reply::status(200) }
    }

    /// A redirect with this status to this location.
    pub fn redirect(status: u16, location: &str) -> Reply {
        Reply::status(status).header("Location", location)
    }

    /// 200 with a compressed body; `Content-Encoding: gzip` is added.
    pub fn gzip(body: impl AsRef<[u8]>) -> Reply {
        Reply::ok(gzip(body.as_ref())).header("Content-Encoding", "gzip")
    }

    /// 200 with a small gzip body that becomes `length` zeros.
    pub fn gzip_bomb(length: usize) -> Reply {
        Reply::ok(gzip_of_zeros(length)).header("Content-Encoding", "gzip")
    }

    /// 200 with a body that has no end: `bytes`, again and again, in chunks.
    pub fn endless(bytes: impl AsRef<[u8]>) -> Reply {
        let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        Reply::steps(vec![Step::Send(head), Step::Endless(chunk_of(bytes.as_ref()))])
    }

    /// A head that has no end: one header after the other.
    pub fn endless_head() -> Reply {
        let head = b"HTTP/1.1 200 OK\r\n".to_vec();
        Reply::steps(vec![
            Step::Send(head),
            Step::Endless(b"X-Filler: 0123456789012345678901234567890123456789\r\n".to_vec()),
        ])
    }

    /// 200 with `count` headers beside those of HTTP.
    pub fn header_flood(count: usize) -> Reply {
        let mut reply = Reply::ok("body");
        reply.headers = (0..count).map(|index| (format!("X-Filler-{index}"), "0".to_owned())).collect();
        reply
    }

    /// Nothing is sent, and the connection stays open.
    pub fn silence() -> Reply {
        Reply::steps(vec![Step::Silence])
    }

    /// The connection is closed without an answer.
    pub fn hang_up() -> Reply {
        Reply::steps(Vec::new())
    }

    /// These bytes in place of an answer, then the connection is closed.
    pub fn raw(bytes: impl AsRef<[u8]>) -> Reply {
        Reply::steps(vec![Step::Send(bytes.as_ref().to_vec())])
    }

    /// These bytes in place of an answer, then silence.
    pub fn raw_then_silence(bytes: impl AsRef<[u8]>) -> Reply {
        Reply::steps(vec![Step::Send(bytes.as_ref().to_vec()), Step::Silence])
    }

    fn steps(steps: Vec<Step>) -> Reply {
        Reply { raw: Some(steps), ..Reply::status(200) }
    }

    /// Another status.
    pub fn with_status(self, status: u16) -> Reply {
        Reply { status, ..self }
    }

    /// Adds a header; the value is sent as it is.
    pub fn header(mut self, name: &str, value: &str) -> Reply {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Another body.
    pub fn body(self, body: impl AsRef<[u8]>) -> Reply {
        Reply { body: body.as_ref().to_vec(), ..self }
    }

    /// Sends the body in chunks of `size` bytes.
    pub fn chunked(self, size: usize) -> Reply {
        Reply { chunk: Some(size.max(1)), ..self }
    }

    /// Announces another length than that of the body.
    pub fn announce(self, length: usize) -> Reply {
        Reply { length: Some(length), ..self }
    }

    /// Closes the connection after `count` bytes of the body (of the bytes on the wire, if it is chunked).
    pub fn cut(self, count: usize) -> Reply {
        Reply { cut: Some(count), ..self }
    }

    /// Waits before the head is sent.
    pub fn head_delay(self, delay: Duration) -> Reply {
        Reply { head_delay: delay, ..self }
    }

    /// Waits between head and body.
    pub fn body_delay(self, delay: Duration) -> Reply {
        Reply { body_delay: delay, ..self }
    }

    /// Sends everything in pieces of `size` bytes with a pause after each.
    pub fn dribble(self, size: usize, pause: Duration) -> Reply {
        Reply { dribble: Some((size.max(1), pause)), ..self }
    }

    /// Closes the connection after the answer, which says so.
    pub fn close(self) -> Reply {
        Reply { keep_alive: false, ..self }.header("Connection", "close")
    }

    /// The steps, and true if the connection may be used again.
    fn compose(self, method: &str) -> (Vec<Step>, bool) {
        if let Some(steps) = self.raw {
            return (steps, false);
        }
        let reason = match self.status {
            200 => "OK",
            301 => "Moved Permanently",
            304 => "Not Modified",
            404 => "Not Found",
            _ => "Answer",
        };
        let mut head = format!("HTTP/1.1 {} {reason}\r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let has_body = self.status != 304 && self.status != 204 && method != "HEAD";
        let mut body = Vec::new();
        if !has_body {
        } else if let Some(size) = self.chunk {
            head.push_str("Transfer-Encoding: chunked\r\n");
            body = self.body.chunks(size).flat_map(chunk_of).collect();
            body.extend_from_slice(b"0\r\n\r\n");
        } else {
            head.push_str(&format!("Content-Length: {}\r\n", self.length.unwrap_or(self.body.len())));
            body = self.body.clone();
        }
        head.push_str("\r\n");
        let is_whole = self.cut.is_none() && self.length.is_none_or(|length| length == self.body.len());
        body.truncate(self.cut.unwrap_or(usize::MAX));
        let mut steps = vec![Step::Pause(self.head_delay)];
        let pieces = [(head.into_bytes(), self.body_delay), (body, Duration::ZERO)];
        for (bytes, pause) in pieces {
            match self.dribble {
                Some((size, pause)) => {
                    for piece in bytes.chunks(size) {
                        steps.extend([Step::Send(piece.to_vec()), Step::Pause(pause)]);
                    }
                }
                None => steps.push(Step::Send(bytes)),
            }
            steps.push(Step::Pause(pause));
        }
        (steps, is_whole && self.keep_alive)
    }
}

fn chunk_of(bytes: &[u8]) -> Vec<u8> {
    let mut chunk = format!("{:x}\r\n", bytes.len()).into_bytes();
    chunk.extend_from_slice(bytes);
    chunk.extend_from_slice(b"\r\n");
    chunk
}

/// A gzip file (RFC 1952) of stored blocks.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut file = GZIP_HEAD.to_vec();
    let mut blocks = bytes.chunks(0xffff).peekable();
    if blocks.peek().is_none() {
        file.extend_from_slice(&[1, 0, 0, 0xff, 0xff]);
    }
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).expect("at most 65,535");
        file.push(u8::from(blocks.peek().is_none()));
        file.extend_from_slice(&length.to_le_bytes());
        file.extend_from_slice(&(!length).to_le_bytes());
        file.extend_from_slice(block);
    }
    file.extend_from_slice(&crc32fast::hash(bytes).to_le_bytes());
    file.extend_from_slice(&u32::try_from(bytes.len()).expect("a small body").to_le_bytes());
    file
}

const GZIP_HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// A gzip file of `length` zeros: one block of RFC 1951 with the fixed codes, 13 bits for each 258 zeros.
fn gzip_of_zeros(length: usize) -> Vec<u8> {
    let mut bits = Bits(GZIP_HEAD.to_vec(), 0);
    bits.push("110"); // the last block, fixed codes (01, lowest bit first)
    let repeats = length.saturating_sub(1) / 258;
    for _ in 0..length - repeats * 258 {
        bits.push("00110000"); // the literal 0
    }
    for _ in 0..repeats {
        bits.push("11000101"); // length 258
        bits.push("00000"); // distance 1
    }
    bits.push("0000000"); // end of block
    let Bits(mut file, _) = bits;
    let mut crc = crc32fast::Hasher::new();
    for start in (0..length).step_by(1 << 16) {
        crc.update(&[0; 1 << 16][..(length - start).min(1 << 16)]);
    }
    file.extend_from_slice(&crc.finalize().to_le_bytes());
    file.extend_from_slice(&u32::try_from(length).unwrap_or(0).to_le_bytes());
    file
}

/// Bytes, and the number of bits used in the last one.
struct Bits(Vec<u8>, u8);

impl Bits {
    fn push(&mut self, bits: &str) {
        for bit in bits.bytes() {
            if self.1 == 0 {
                self.0.push(0);
            }
            *self.0.last_mut().expect("a byte") |= u8::from(bit == b'1') << self.1;
            self.1 = (self.1 + 1) % 8;
        }
    }
}

type Script = Arc<dyn Fn(&Received) -> Reply + Send + Sync>;

/// Turns a connection into a stream of plain bytes: the identity, or TLS.
pub type Wrap = Arc<dyn Fn(TcpStream) -> Option<Box<dyn Stream>> + Send + Sync>;

/// A connection as seen by the server.
pub trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

#[derive(Default)]
struct State {
    routes: Mutex<HashMap<String, Script>>,
    received: Mutex<Vec<Received>>,
    /// By host: requests under way, and the most that ever were.
    at_once: Mutex<BTreeMap<String, (usize, usize)>>,
    connections: AtomicUsize,
    open: Mutex<HashMap<usize, TcpStream>>,
    is_ended: AtomicBool,
}

/// A server; it ends when it is dropped.
pub struct WebServer {
    state: Arc<State>,
    addresses: Vec<SocketAddr>,
    scheme: &'static str,
}

impl WebServer {
    /// Starts a server on 127.0.0.1 and a free port.
    pub fn start() -> WebServer {
        WebServer::on(&["127.0.0.1"])
    }

    /// Starts a server on these addresses of loopback, with one port for all.
    pub fn on(hosts: &[&str]) -> WebServer {
        WebServer::start_with("http", hosts, Arc::new(|stream| Some(Box::new(stream))))
    }

    /// Starts a server whose connections are wrapped, such as in TLS.
    pub fn start_with(scheme: &'static str, hosts: &[&str], wrap: Wrap) -> WebServer {
        let state = Arc::new(State::default());
        let listeners = listen(hosts);
        let addresses = listeners.iter().map(|listener| listener.local_addr().expect("an address")).collect();
        let started = Instant::now();
        for listener in listeners {
            let (state, wrap) = (Arc::clone(&state), Arc::clone(&wrap));
            start_thread(move || {
                for stream in listener.incoming() {
                    if state.is_ended.load(Ordering::SeqCst) {
                        return;
                    }
                    let Ok(stream) = stream else { continue };
                    let number = state.connections.fetch_add(1, Ordering::SeqCst);
                    locked(&state.open).insert(number, stream.try_clone().expect("a descriptor"));
                    let (state, wrap) = (Arc::clone(&state), Arc::clone(&wrap));
                    start_thread(move || {
                        if let Some(stream) = wrap(stream) {
                            serve(&state, stream, number, started);
                        }
                        if let Some(stream) = locked(&state.open).remove(&number) {
                            let _ = stream.shutdown(Shutdown::Both);
                        }
                    });
                }
            });
        }
        WebServer { state, addresses, scheme }
    }

    /// Sets what a path (with its query) answers.
    pub fn route(&self, path: &str, reply: Reply) {
        self.route_fn(path, move |_| reply.clone());
    }

    /// Sets the answers of a path: one for each request, the last one for all further requests.
    pub fn route_all(&self, path: &str, replies: Vec<Reply>) {
        let next = AtomicUsize::new(0);
        self.route_fn(path, move |_| {
            let index = next.fetch_add(1, Ordering::SeqCst).min(replies.len() - 1);
            replies[index].clone()
        });
    }

    /// Sets what a path does; the path `*` is that of all requests without a route.
    pub fn route_fn(&self, path: &str, script: impl Fn(&Received) -> Reply + Send + Sync + 'static) {
        locked(&self.state.routes).insert(path.to_owned(), Arc::new(script));
    }

    /// The address of a path at the first host.
    pub fn url(&self, path: &str) -> String {
        self.url_at(&self.addresses[0].ip().to_string(), path)
    }

    /// The address of a path at a host.
    pub fn url_at(&self, host: &str, path: &str) -> String {
        format!("{}://{host}:{}{path}", self.scheme, self.port())
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.addresses[0].port()
    }

    /// All requests, in the order in which they came.
    pub fn requests(&self) -> Vec<Received> {
        locked(&self.state.received).clone()
    }

    /// Number of requests for a path.
    pub fn count(&self, path: &str) -> usize {
        locked(&self.state.received).iter().filter(|request| request.path == path).count()
    }

    /// The paths of all requests, in the order in which they came.
    pub fn paths(&self) -> Vec<String> {
        self.requests().into_iter().map(|request| request.path).collect()
    }

    /// Forgets the requests, not the routes.
    pub fn forget(&self) {
        locked(&self.state.received).clear();
        locked(&self.state.at_once).clear();
    }

    /// Number of connections that were accepted.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// The most requests that were under way at once, by host.
    pub fn most_at_once(&self) -> BTreeMap<String, usize> {
        locked(&self.state.at_once).iter().map(|(host, (_, most))| (host.clone(), *most)).collect()
    }

    /// Waits, at most 20 seconds, until `count` requests have come.
    pub fn wait_for(&self, count: usize) {
        let end = Instant::now() + Duration::from_secs(20);
        while locked(&self.state.received).len() < count {
            assert!(Instant::now() < end, "only {:?} came", self.paths());
            thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Drop for WebServer {
    fn drop(&mut self) {
        self.state.is_ended.store(true, Ordering::SeqCst);
        for address in &self.addresses {
            let _ = TcpStream::connect(address);
        }
        for stream in locked(&self.state.open).values() {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn start_thread(run: impl FnOnce() + Send + 'static) {
    thread::Builder::new().stack_size(256 << 10).spawn(run).expect("a thread");
}

/// Listeners on one port: that of the first, which is free for all others in nearly all tries.
fn listen(hosts: &[&str]) -> Vec<TcpListener> {
    for _ in 0..50 {
        let first = TcpListener::bind((hosts[0], 0)).expect("a port");
        let port = first.local_addr().expect("an address").port();
        let others = hosts[1..].iter().map(|host| TcpListener::bind((*host, port)));
        if let Ok(others) = others.collect::<std::io::Result<Vec<_>>>() {
            return std::iter::once(first).chain(others).collect();
        }
    }
    panic!("no port is free on all of {hosts:?}");
}

/// Answers the requests of a connection until it closes.
fn serve(state: &State, stream: Box<dyn Stream>, connection: usize, started: Instant) {
    let mut stream = BufReader::new(stream);
    while let Some(request) = read_head(&mut stream, connection, started) {
        let script = {
            let routes = locked(&state.routes);
            routes.get(&request.path).or_else(|| routes.get("*")).map(Arc::clone)
        };
        {
            let mut at_once = locked(&state.at_once);
            let (now, most) = at_once.entry(request.host.clone()).or_default();
            *now += 1;
            *most = (*most).max(*now);
        }
        locked(&state.received).push(request.clone());
        let reply = script.map_or_else(|| Reply::status(404).body("not here"), |script| script(&request));
        let (steps, keeps) = reply.compose(&request.method);
        // The request is over when its last byte leaves: a client that has all of it may ask again at once.
        let over = || {
            if let Some((now, _)) = locked(&state.at_once).get_mut(&request.host) {
                *now = now.saturating_sub(1);
            }
        };
        let last = steps.iter().rposition(|step| matches!(step, Step::Send(bytes) if !bytes.is_empty()));
        let mut is_over = false;
        for (index, step) in steps.iter().enumerate() {
            if Some(index) == last {
                over();
                is_over = true;
            }
            if !act(state, stream.get_mut(), step) {
                break;
            }
        }
        if !is_over {
            over();
        }
        if !keeps || state.is_ended.load(Ordering::SeqCst) {
            return;
        }
    }
}

/// Performs a step. False if the connection is closed.
fn act(state: &State, stream: &mut dyn Stream, step: &Step) -> bool {
    match step {
        Step::Send(bytes) => stream.write_all(bytes).and_then(|()| stream.flush()).is_ok(),
        Step::Pause(time) => {
            // In small steps, so that a server which ends does not leave threads behind for long.
            let end = Instant::now() + *time;
            while Instant::now() < end && !state.is_ended.load(Ordering::SeqCst) {
                thread::sleep((end - Instant::now()).min(Duration::from_millis(5)));
            }
            true
        }
        Step::Endless(bytes) => {
            let many = bytes.repeat((8192 / bytes.len().max(1)).max(1));
            while stream.write_all(&many).and_then(|()| stream.flush()).is_ok() {}
            false
        }
        Step::Silence => {
            let mut byte = [0];
            while matches!(stream.read(&mut byte), Ok(1)) {}
            false
        }
    }
}

fn read_head(stream: &mut impl BufRead, connection: usize, started: Instant) -> Option<Received> {
    let mut line = String::new();
    stream.read_line(&mut line).ok().filter(|count| *count > 0)?;
    let mut words = line.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.trim_end().to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok().filter(|count| *count > 0)?;
        let line = line.trim_end_matches(['\r', '\n']);
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        headers.push((name.to_owned(), value.strip_prefix(' ').unwrap_or(value).to_owned()));
    }
    let at = started.elapsed();
    let mut received = Received { at, method, path, host: String::new(), headers, body: Vec::new(), connection };
    let length = received.header("Content-Length").and_then(|length| length.parse().ok()).unwrap_or(0);
    received.body = vec![0; length];
    stream.read_exact(&mut received.body).ok()?;
    let host = received.header("Host").unwrap_or_default();
    received.host = host.rsplit_once(':').map_or(host, |(name, _)| name).to_owned();
    Some(received)
}

#[test]
fn the_server_sends_what_its_script_says() {
    let server = WebServer::start();
    server.route("/plain", Reply::ok("one").header("ETag", "\"x\""));
    server.route("/chunked", Reply::ok("one two").chunked(3));
    server.route_all("/turns", vec![Reply::ok("first").close(), Reply::status(304).close()]);
    server.route("/cut", Reply::ok("one").announce(6));
    server.route("/hang-up", Reply::hang_up());
    let ask = |paths: &[&str]| {
        let mut stream = TcpStream::connect(server.addresses[0]).expect("a connection");
        for path in paths {
            write!(stream, "GET {path} HTTP/1.1\r\nHost: a.example:80\r\n\r\n").expect("sent");
        }
        let _ = stream.shutdown(Shutdown::Write);
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("text");
        answer
    };
    assert_eq!(ask(&["/plain"]), "HTTP/1.1 200 OK\r\nETag: \"x\"\r\nContent-Length: 3\r\n\r\none");
    assert!(ask(&["/chunked"]).ends_with("\r\n\r\n3\r\none\r\n3\r\n tw\r\n1\r\no\r\n0\r\n\r\n"));
    assert_eq!(ask(&["/plain", "/none"]).matches("HTTP/1.1").count(), 2);
    assert!(ask(&["/turns"]).contains("first"));
    assert!(ask(&["/turns"]).starts_with("HTTP/1.1 304"));
    assert!(ask(&["/cut"]).ends_with("Content-Length: 6\r\n\r\none"));
    assert_eq!(ask(&["/hang-up"]), "");
    assert_eq!(server.count("/plain"), 2);
    assert_eq!(server.requests()[0].host, "a.example");
    assert_eq!(server.most_at_once(), BTreeMap::from([("a.example".to_owned(), 1)]));
    assert_eq!(server.connections(), 7);
}
