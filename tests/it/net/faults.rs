//! Servers that misbehave: each costs one request and gives one plain message, and none holds up the rest.

use std::net::TcpListener;
use std::time::Duration;

use frontpage::net::FetchErrorKind::{self, *};
use frontpage::net::ResolveError;

use super::{SECRET, fetch, kind, request, server};
use crate::harness::web_server::{Reply, gzip};

const BODY: &str = "<rss><channel><title>Titles and more titles</title></channel></rss>";

/// "hello", compressed by the reference implementation of brotli.
const BROTLI: &[u8] = b"\x0b\x02\x80hello\x03";

fn encoded(encoding: &str, body: &[u8]) -> Reply {
    Reply::ok(body).header("Content-Encoding", encoding)
}

#[test]
fn broken_answers_are_errors_and_whole_ones_are_not() {
    let long = Duration::from_secs(60);
    let zipped = gzip(BODY.as_bytes());
    let mut damaged = zipped.clone();
    damaged[20] ^= 0xff;
    let cases: Vec<(&str, Reply, Option<FetchErrorKind>)> = vec![
        // Time.
        ("slow-head", Reply::ok(BODY).head_delay(long), Some(Timeout)),
        ("slow-body", Reply::ok(BODY).body_delay(long), Some(Timeout)),
        ("dribble", Reply::ok(BODY).dribble(1, Duration::from_millis(50)), Some(Timeout)),
        ("chunk-dribble", Reply::ok(BODY.repeat(9)).chunked(1).dribble(9, Duration::from_millis(40)), Some(Timeout)),
        ("silent", Reply::silence(), Some(Timeout)),
        ("half-head", Reply::raw_then_silence("HTTP/1.1 200 OK\r\nX: "), Some(Timeout)),
        // Size.
        ("endless", Reply::endless(BODY), Some(TooLarge)),
        ("gzip-bomb", Reply::gzip_bomb(64 << 20), Some(TooLarge)),
        ("endless-head", Reply::endless_head(), Some(TooLarge)),
        ("headers-90", Reply::header_flood(90), None),
        ("headers-101", Reply::header_flood(101), Some(TooLarge)),
        ("headers-200", Reply::header_flood(200), Some(TooLarge)),
        ("long-header", Reply::ok(BODY).header("X", &"x".repeat(70 << 10)), Some(TooLarge)),
        ("just-fits", Reply::ok("x".repeat(1 << 20)), None),
        ("just-too-long", Reply::ok("x".repeat((1 << 20) + 1)), Some(TooLarge)),
        ("gzip-just-too-long", Reply::gzip_bomb((1 << 20) + 1), Some(TooLarge)),
        ("gzip-just-fits", Reply::gzip_bomb(1 << 20), None),
        // Length.
        ("short", Reply::ok(BODY).cut(20), Some(Truncated)),
        ("doubled-length", Reply::ok(BODY).announce(2 * BODY.len()), Some(Truncated)),
        ("empty-but-announced", Reply::ok("").announce(9), Some(Truncated)),
        ("chunk-cut", Reply::ok(BODY).chunked(9).cut(30), Some(Truncated)),
        ("chunk-cut-between", Reply::ok("123456789").chunked(9).cut(14), Some(Truncated)),
        ("gzip-cut", encoded("gzip", &zipped[..zipped.len() - 12]), Some(Truncated)),
        ("gzip-cut-in-checksum", encoded("gzip", &zipped[..zipped.len() - 1]), Some(Truncated)),
        // The library does not tell the two apart.
        ("brotli-cut", encoded("br", &BROTLI[..6]), Some(Protocol)),
        ("gzip-short", encoded("gzip", &zipped).cut(30), Some(Truncated)),
        // The protocol.
        ("hang-up", Reply::hang_up(), Some(Unreachable)),
        ("not-http", Reply::raw("SSH-2.0-OpenSSH_9.6\r\nnothing else\r\n\r\n"), Some(Protocol)),
        ("two-lengths", Reply::ok(BODY).header("Content-Length", "3"), Some(Protocol)),
        ("bad-chunk", Reply::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc"), Some(Protocol)),
        ("gzip-damaged", encoded("gzip", &damaged), Some(Protocol)),
        ("gzip-a-lie", encoded("gzip", BODY.as_bytes()), Some(Protocol)),
        ("deflate", encoded("deflate", b"x"), Some(Protocol)),
        ("twice", encoded("gzip, br", &zipped), Some(Protocol)),
        // Whole.
        ("plain", Reply::ok(BODY), None),
        ("empty", Reply::ok(""), None),
        ("chunked", Reply::ok(BODY).chunked(7), None),
        ("closed", Reply::ok(BODY).close(), None),
        ("gzip", Reply::gzip(BODY), None),
        ("gzip-chunked", Reply::gzip(BODY).chunked(5), None),
        ("brotli", encoded("br", BROTLI), None),
        ("identity", encoded("identity", BODY.as_bytes()), None),
        ("no-length", Reply::raw(format!("HTTP/1.0 200 OK\r\n\r\n{BODY}")), None),
    ];
    let (server, _, environment) = server();
    for (name, reply, expected) in cases {
        let path = format!("/{name}?token={SECRET}");
        server.route(&path, reply);
        let fetched = fetch(&environment, &request(&format!("http://a.example{path}")));
        assert_eq!(kind(&fetched), expected, "{name}: {fetched:?}");
        assert_eq!(server.count(&path), 1, "{name}: one request");
        if let Ok((answer, body)) = fetched {
            assert_eq!(answer.status, 200);
            let expected: &[u8] = match name {
                "headers-90" => b"body",
                "brotli" => b"hello",
                "empty" => b"",
                "just-fits" | "gzip-just-fits" => continue,
                _ => BODY.as_bytes(),
            };
            assert_eq!(body, expected, "{name}");
        } else if let Err(error) = fetched {
            assert!(error.what.contains("a.example"), "{name}: {error:?}");
        }
    }
}

#[test]
fn answers_that_are_not_documents_have_no_body() {
    let (server, _, environment) = server();
    for status in [204, 304, 400, 401, 403, 404, 410, 429, 500, 503] {
        let path = format!("/{status}");
        let reply = Reply::status(status).header("Retry-After", "120").header("Date", "Mon, 30 Nov 2026 02:00:00 GMT");
        server.route(&path, reply.body("a page about it"));
        let (answer, body) = fetch(&environment, &request(&format!("http://a.example{path}"))).expect("an answer");
        assert_eq!((answer.status, body.len()), (status, 0));
        assert_eq!(answer.retry_after.as_deref(), Some("120"));
        assert_eq!(answer.date.as_deref(), Some("Mon, 30 Nov 2026 02:00:00 GMT"));
        assert_eq!(server.count(&path), 1);
    }
}

#[test]
fn hosts_that_cannot_be_reached_are_distinguished() {
    let (server, names, environment) = server();
    names.fail("gone.example", ResolveError::Unknown);
    names.fail("offline.example", ResolveError::NoNetwork);
    names.set("empty.example", &[]);
    for (url, expected, part) in [
        ("http://gone.example/", UnknownHost, "gone.example is not known"),
        ("http://empty.example/", UnknownHost, "empty.example is not known"),
        ("http://offline.example/", NoNetwork, "offline.example cannot be reached"),
        ("http://me:SECRET@127.0.0.1/?SECRET", Private, "127.0.0.1 is an address on a private network"),
        ("gopher://me:SECRET@a.example/", BadAddress, "not one of http or https"),
    ] {
        let error = fetch(&environment, &request(url)).expect_err(url);
        assert_eq!(error.kind, expected, "{url}");
        assert!(error.what.contains(part), "{url}: {}", error.what);
    }
    assert!(server.requests().is_empty());
    // A port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let mut asked = request(&format!("http://127.0.0.1:{port}/"));
    asked.is_private = true;
    let error =
        fetch(&super::Environment { limits: super::limits(), ..Default::default() }, &asked).expect_err("refused");
    assert_eq!(error.kind, Unreachable);
    assert!(error.what.contains("refuses"), "{error:?}");
}

#[test]
fn header_values_that_could_do_harm_are_not_used() {
    let (server, _, environment) = server();
    let reply = || Reply::ok("x").header("Last-Modified", "Mon, 30 Nov 2026 02:00:00 GMT");
    for (path, value) in
        [("/esc", "\"a\u{1b}[2J\""), ("/latin", "\"é\""), ("/tab", "\"a\tb\""), ("/long", &"x".repeat(5000))]
    {
        server.route(path, reply().header("ETag", value));
        // A control character may make the whole head invalid.
        if let Ok((answer, _)) = fetch(&environment, &request(&format!("http://a.example{path}"))) {
            assert_eq!(answer.etag, None, "{path}");
            assert!(answer.last_modified.is_some(), "{path}");
        }
    }
    server.route("/weak", reply().header("ETag", "W/\"a b,c\""));
    let (answer, _) = fetch(&environment, &request("http://a.example/weak")).expect("an answer");
    assert_eq!(answer.etag.as_deref(), Some("W/\"a b,c\""));
}
