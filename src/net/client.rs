//! One request and its answer, by `ureq`: the only file that names this library. Redirects, queues and checks of addresses are not
//! done here.

use std::io::{self, ErrorKind, Read};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use ureq::config::{AutoHeaderValue, Config};
use ureq::http::header::{HeaderMap, HeaderName, HeaderValue};
use ureq::http::{self, Uri};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body, BodyReader, Error, Proxy, Timeout};
use url::Url;

use super::failures;
use super::journey::Journey;
use super::limits::Limits;
use super::messages::{Answer, FetchError};

/// What a server can send; the formats of channels first.
const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, \
                      text/xml;q=0.9, application/json;q=0.8, text/html;q=0.7, */*;q=0.5";

/// Headers that the user cannot set: they are the protocol's, or this program could not read the answer.
const RESERVED: [&str; 9] = [
    "host",
    "connection",
    "content-length",
    "transfer-encoding",
    "te",
    "upgrade",
    "expect",
    "accept-encoding",
    "range",
];

/// Compressions that were not asked for.
const UNKNOWN_COMPRESSIONS: [&str; 6] = ["deflate", "zstd", "compress", "x-gzip", "x-compress", ","];

/// The longest header that is used. A validator is stored and sent back.
const MAX_HEADER: usize = 4096;

/// What a server answered. `B` is a body.
pub enum Received<B> {
    /// A redirect, with its status and the header `Location` if it is printable ASCII.
    Redirect(u16, Option<String>),
    /// Anything else. Only a success has a body.
    Answer(Box<Answer>, B),
}

/// A body that is read while it arrives. An error is a [`FetchError`] after [`OpenBody::failure`].
pub struct OpenBody {
    reader: BodyReader<'static>,
    url: Url,
    limits: Limits,
}

impl OpenBody {
    /// An error of reading in words.
    pub fn failure(&self, error: io::Error) -> FetchError {
        body_failure(error, &self.url, &self.limits, false)
    }
}

impl Read for OpenBody {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

/// The addresses to connect to, all checked before: those of the host, or those of the proxy.
#[derive(Debug)]
struct Checked(Vec<SocketAddr>);

impl Resolver for Checked {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let mut addresses = self.empty();
        // The array of the library has room for 16.
        for address in self.0.iter().take(16) {
            addresses.push(*address);
        }
        if addresses.is_empty() { Err(Error::HostNotFound) } else { Ok(addresses) }
    }
}

/// Asks for the current address of a journey, at these addresses only. `proxy` is an address of one that understands CONNECT.
pub fn ask(
    journey: &Journey,
    addresses: Vec<SocketAddr>,
    proxy: Option<&str>,
    limits: &Limits,
) -> Result<Received<Vec<u8>>, FetchError> {
    let started = Instant::now();
    let url = &journey.url;
    let has_only_v6 = addresses.iter().all(SocketAddr::is_ipv6);
    let (answer, mut response) = match exchange(journey, addresses, proxy, limits)? {
        Received::Redirect(status, location) => return Ok(Received::Redirect(status, location)),
        Received::Answer(answer, response) => (answer, response),
    };
    let mut body = Vec::new();
    if response.status().is_success() {
        read_body(&mut response, &mut body, limits).map_err(|error| body_failure(error, url, limits, has_only_v6))?;
    }
    if started.elapsed() > journey.left {
        return Err(failure(Error::Timeout(Timeout::Global), url, limits, has_only_v6));
    }
    Ok(Received::Answer(answer, body))
}

/// As [`ask`], but returns as soon as the head of the answer is there.
pub fn open(
    journey: &Journey,
    addresses: Vec<SocketAddr>,
    proxy: Option<&str>,
    limits: &Limits,
) -> Result<Received<Option<OpenBody>>, FetchError> {
    match exchange(journey, addresses, proxy, limits)? {
        Received::Redirect(status, location) => Ok(Received::Redirect(status, location)),
        Received::Answer(answer, response) => {
            let is_success = response.status().is_success();
            let reader = response.into_body().into_with_config().limit(limits.body_bytes).reader();
            let body = OpenBody { reader, url: journey.url.clone(), limits: limits.clone() };
            Ok(Received::Answer(answer, is_success.then_some(body)))
        }
    }
}

/// One request, and the head of its answer.
fn exchange(
    journey: &Journey,
    addresses: Vec<SocketAddr>,
    proxy: Option<&str>,
    limits: &Limits,
) -> Result<Received<http::Response<Body>>, FetchError> {
    let url = &journey.url;
    let request = request(journey)?;
    let proxy = proxy.map(Proxy::new).transpose().map_err(|_| failures::bad_proxy())?;
    let has_only_v6 = addresses.iter().all(SocketAddr::is_ipv6);
    let agent = Agent::with_parts(config(journey, proxy, limits)?, DefaultConnector::default(), Checked(addresses));
    let sent = match journey.request.form.as_deref() {
        None => agent.run(request),
        Some(form) => agent.run(request.map(|()| form)),
    };
    let response = sent.map_err(|error| failure(error, url, limits, has_only_v6))?;
    if response.headers().len() > limits.headers {
        return Err(failures::too_large(failures::host(url), &format!("more than {} headers", limits.headers)));
    }
    let status = response.status().as_u16();
    if matches!(status, 301 | 302 | 303 | 307 | 308) {
        return Ok(Received::Redirect(status, printable(response.headers(), "location")));
    }
    let answer = answer(journey, &response);
    if response.status().is_success() {
        let compression = printable(response.headers(), "content-encoding").unwrap_or_default().to_ascii_lowercase();
        if UNKNOWN_COMPRESSIONS.iter().any(|name| compression.contains(name)) {
            return Err(failures::protocol(failures::host(url), "it is compressed in a way that was not asked for"));
        }
    }
    Ok(Received::Answer(Box::new(answer), response))
}

/// A failure while a body was read.
fn body_failure(error: io::Error, url: &Url, limits: &Limits, has_only_v6: bool) -> FetchError {
    match Error::from(error) {
        Error::Io(error) if is_end(error.kind()) => failures::truncated(failures::host(url)),
        error => failure(error, url, limits, has_only_v6),
    }
}

fn read_body(response: &mut http::Response<Body>, body: &mut Vec<u8>, limits: &Limits) -> io::Result<()> {
    response.body_mut().with_config().limit(limits.body_bytes).reader().read_to_end(body)?;
    Ok(())
}

fn config(journey: &Journey, proxy: Option<Proxy>, limits: &Limits) -> Result<Config, FetchError> {
    let within = |time: Duration| Some(time.min(journey.left));
    let mut config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .max_response_header_size(limits.head_bytes)
        // A connection that was closed meanwhile would fail a request, and two requests to a host are seconds apart.
        .max_idle_connections(0)
        .max_idle_connections_per_host(0)
        .timeout_global(Some(journey.left))
        .timeout_connect(within(limits.connect))
        .timeout_send_request(within(limits.head))
        .timeout_recv_response(within(limits.head))
        .accept(if journey.request.as_is { "*/*" } else { ACCEPT })
        .user_agent(AutoHeaderValue::None)
        .proxy(proxy);
    if journey.request.as_is {
        config = config.accept_encoding("identity");
    }
    if !journey.request.user_agent.is_empty() {
        // The library panics if the value cannot be sent.
        header_value(&journey.request.user_agent).ok_or_else(|| failures::bad_header(&journey.url))?;
        config = config.user_agent(journey.request.user_agent.as_str());
    }
    if let Some(pem) = journey.request.certificate.as_deref().filter(|_| journey.is_at_first_origin()) {
        let certificates: Vec<Certificate<'static>> = parse_pem(pem.as_bytes())
            .filter_map(|item| match item {
                Ok(PemItem::Certificate(certificate)) => Some(certificate),
                _ => None,
            })
            .collect();
        if certificates.is_empty() {
            return Err(failures::bad_certificate(&journey.url));
        }
        config = config.tls_config(TlsConfig::builder().root_certs(RootCerts::new_with_certs(&certificates)).build());
    }
    Ok(config.build())
}

fn request(journey: &Journey) -> Result<http::Request<()>, FetchError> {
    let uri: Uri = journey.url.as_str().parse().map_err(|_| failures::bad_address())?;
    let mut headers = HeaderMap::new();
    let given = &journey.request;
    for (name, value) in [("if-none-match", &given.etag), ("if-modified-since", &given.last_modified)] {
        if let Some(value) = value.as_deref().and_then(header_value) {
            headers.insert(name, value);
        }
    }
    if let Some((from, validator)) = &given.resume
        && let Some(validator) = header_value(validator)
    {
        headers.insert("range", HeaderValue::from_str(&format!("bytes={from}-")).map_err(|_| failures::bad_address())?);
        headers.insert("if-range", validator);
    }
    if journey.is_at_first_origin() {
        let bad = || failures::bad_header(&journey.url);
        if let Some((user, password)) = &given.basic_auth {
            let value = format!("Basic {}", base64(format!("{user}:{password}").as_bytes()));
            let mut value = header_value(&value).ok_or_else(bad)?;
            value.set_sensitive(true);
            headers.insert("authorization", value);
        }
        for (name, value) in given.headers.iter().filter(|(name, _)| !is_reserved(name)) {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?;
            let mut value = header_value(value).ok_or_else(bad)?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
    }
    let mut request = http::Request::new(());
    if given.form.is_some() {
        *request.method_mut() = http::Method::POST;
        headers.insert("content-type", HeaderValue::from_static("application/x-www-form-urlencoded"));
    }
    *request.uri_mut() = uri;
    *request.headers_mut() = headers;
    Ok(request)
}

fn is_reserved(name: &str) -> bool {
    RESERVED.iter().any(|reserved| name.eq_ignore_ascii_case(reserved))
}

fn header_value(value: &str) -> Option<HeaderValue> {
    is_printable(value.as_bytes()).then(|| HeaderValue::from_str(value).ok()).flatten()
}

fn is_printable(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| (b' '..=b'~').contains(byte))
}

/// The first header of this name, if it is printable ASCII and of sensible length. Others could be dangerous to store or to send.
fn printable(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name)?.as_bytes();
    (is_printable(value) && value.len() <= MAX_HEADER).then(|| String::from_utf8_lossy(value).into_owned())
}

fn answer(journey: &Journey, response: &http::Response<Body>) -> Answer {
    let header = |name| printable(response.headers(), name);
    Answer {
        status: response.status().as_u16(),
        url: journey.url.to_string(),
        moved_to: journey.moved_to.as_ref().map(Url::to_string),
        etag: header("etag"),
        last_modified: header("last-modified"),
        retry_after: header("retry-after"),
        cache_control: header("cache-control"),
        expires: header("expires"),
        date: header("date"),
        content_type: header("content-type"),
        content_language: header("content-language"),
        content_range: header("content-range"),
        bytes: response.body().content_length().unwrap_or(0),
    }
}

/// A failure of the library in words. None of its own texts is used: some contain addresses or headers.
fn failure(error: Error, url: &Url, limits: &Limits, has_only_v6: bool) -> FetchError {
    let name = failures::host(url);
    match error {
        Error::Timeout(phase) => {
            let (what, limit) = match phase {
                Timeout::Resolve | Timeout::Connect => ("no connection", limits.connect),
                Timeout::SendRequest | Timeout::RecvResponse => ("no answer", limits.head),
                _ => ("the document was not complete", limits.whole),
            };
            failures::timeout(name, what, limit.as_secs_f64())
        }
        Error::BodyExceedsLimit(limit) => failures::too_large(name, &format!("more than {} MiB", limit >> 20)),
        Error::LargeResponseHeader(..) => {
            failures::too_large(name, &format!("more than {} KiB of headers", limits.head_bytes >> 10))
        }
        Error::Protocol(error) if format!("{error:?}").contains("TooManyHeaders") => {
            failures::too_large(name, &format!("more than {} headers", limits.headers))
        }
        Error::Protocol(_) | Error::Http(_) => failures::protocol(name, "it is not valid HTTP"),
        // The body ended within the head of a chunk.
        Error::BodyStalled => failures::truncated(name),
        Error::Decompress(_, error) if is_end(error.kind()) => failures::truncated(name),
        Error::Decompress(..) => failures::protocol(name, "its compression is damaged or cut short"),
        Error::Tls(_) | Error::Pem(_) | Error::TlsRequired => failures::tls(name, ""),
        Error::Rustls(error) => failures::tls(name, &format!("{error:?}")),
        Error::HostNotFound => failures::unknown_host(name),
        Error::ConnectProxyFailed(_) => failures::unreachable(name, "the proxy makes no connection to it"),
        Error::InvalidProxyUrl => failures::bad_proxy(),
        Error::BadUri(_) | Error::RequireHttpsOnly(_) => failures::bad_address(),
        Error::Io(error) => io_failure(&error, name, limits, has_only_v6),
        _ => failures::unreachable(name, "the connection failed"),
    }
}

fn io_failure(error: &io::Error, name: &str, limits: &Limits, has_only_v6: bool) -> FetchError {
    match error.kind() {
        // The library for TLS wraps its errors so. Its type is not exported: the names of its variants tell the cause.
        ErrorKind::InvalidData => {
            let cause = error.get_ref().map(|cause| format!("{cause:?}")).unwrap_or_default();
            failures::tls(name, &cause)
        }
        ErrorKind::ConnectionRefused => failures::unreachable(name, "it refuses the connection"),
        kind if is_end(kind) => failures::unreachable(name, "it closed the connection without an answer"),
        // A server without an address of the older protocol says nothing about the network of this computer.
        ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown if !has_only_v6 => failures::no_network(name),
        ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable | ErrorKind::NetworkDown => {
            failures::unreachable(name, "no way leads to its address")
        }
        ErrorKind::TimedOut | ErrorKind::WouldBlock => {
            failures::timeout(name, "no connection", limits.connect.as_secs_f64())
        }
        ErrorKind::PermissionDenied => failures::unreachable(name, "its port is not one of the ports of subscriptions"),
        _ => failures::unreachable(name, "the connection failed"),
    }
}

/// True if the other side ended the connection.
fn is_end(kind: ErrorKind) -> bool {
    use ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(kind, UnexpectedEof | ConnectionReset | ConnectionAborted | BrokenPipe)
}

/// Base64 (RFC 4648, 4), which basic authentication (RFC 7617) needs.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = (0..3).fold(0, |group, at| group << 8 | u32::from(chunk.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let digit = DIGITS.get((group >> (18 - 6 * at) & 63) as usize).filter(|_| at <= chunk.len());
            text.push(digit.map_or('=', |digit| char::from(*digit)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (text, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
            ("Aladdin:open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            ("ÿ>?", "w78+Pw=="),
        ] {
            assert_eq!(base64(text.as_bytes()), expected, "{text}");
        }
    }
}
