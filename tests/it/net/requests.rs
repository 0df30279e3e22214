//! What is sent: exactly these headers, and nothing that tells more than it must.

use frontpage::net::{FetchErrorKind, Proxies};

use super::{SECRET, fetch, kind, request, server};
use crate::harness::web_server::Reply;

const ACCEPT: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, \
                      text/xml;q=0.9, application/json;q=0.8, text/html;q=0.7, */*;q=0.5";

#[test]
fn the_headers_of_a_request_are_exactly_these() {
    let (server, _, environment) = server();
    server.route("/feed?a=b", Reply::ok("x").header("Set-Cookie", "a=b"));
    let sorted = |index: usize| {
        let mut headers = server.requests()[index].headers.clone();
        headers.iter_mut().for_each(|(name, _)| name.make_ascii_lowercase());
        headers.sort();
        headers
    };
    let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let mut asked = request("http://a.example/feed?a=b#part");
    // Twice: no cookie comes back.
    for index in 0..2 {
        fetch(&environment, &asked).expect("an answer");
        let expected = [
            ("accept", ACCEPT),
            ("accept-encoding", "gzip, br"),
            ("host", "a.example"),
            ("user-agent", "frontpage/test"),
        ];
        assert_eq!(sorted(index), pairs(&expected));
    }
    asked.etag = Some("W/\"a\"  \"b".to_owned());
    asked.last_modified = Some("yesterday, about noon".to_owned());
    let own = [
        ("Accept", "text/xml"),
        ("X-Own", "a b"),
        ("Host", "evil"),
        ("Content-Length", "5"),
        ("accept-encoding", "zstd"),
    ];
    asked.headers = pairs(&own);
    asked.basic_auth = Some(("me".to_owned(), "pass:word".to_owned()));
    fetch(&environment, &asked).expect("an answer");
    let expected = [
        ("accept", "text/xml"),
        ("accept-encoding", "gzip, br"),
        ("authorization", "Basic bWU6cGFzczp3b3Jk"),
        ("host", "a.example"),
        ("if-modified-since", "yesterday, about noon"),
        ("if-none-match", "W/\"a\"  \"b"),
        ("user-agent", "frontpage/test"),
        ("x-own", "a b"),
    ];
    assert_eq!(sorted(2), pairs(&expected));
    assert_eq!(server.paths(), ["/feed?a=b"; 3]);
    assert!(server.requests().iter().all(|request| request.method == "GET"));
}

#[test]
fn what_cannot_be_sent_is_not_sent() {
    let (server, _, environment) = server();
    server.route("/", Reply::ok("x"));
    let base = request("http://a.example/");
    let header = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
    for (name, asked) in [
        ("header value", super::Request { headers: header("X", "a\r\nY: SECRET"), ..base.clone() }),
        ("header name", super::Request { headers: header("X:SECRET", "a"), ..base.clone() }),
        ("user agent", super::Request { user_agent: "a\nb".to_owned(), ..base.clone() }),
        ("certificate", super::Request { certificate: Some(SECRET.to_owned()), ..base.clone() }),
    ] {
        assert_eq!(kind(&fetch(&environment, &asked)), Some(FetchErrorKind::BadAddress), "{name}");
    }
    assert!(server.requests().is_empty());
    // A validator that was damaged on disk is left out: the document comes whole.
    let damaged = super::Request { etag: Some("\"a\r\nX: y\"".to_owned()), ..base };
    fetch(&environment, &damaged).expect("an answer");
    assert_eq!(server.requests()[0].header("If-None-Match"), None);
}

#[test]
fn a_proxy_gets_all_requests_but_those_that_are_excluded() {
    let (server, names, mut environment) = server();
    // The server is the proxy too: after CONNECT, the same connection has the request.
    server.route("proxied.example:80", Reply::status(200));
    server.route("refused.example:80", Reply::status(403));
    server.route("/", Reply::ok("x"));
    environment.proxies = Proxies::from_variables(|name| match name {
        "HTTP_PROXY" => Some(format!("http://me:{SECRET}@127.0.0.1:{}", server.port())),
        "NO_PROXY" => Some("direct.example".to_owned()),
        _ => None,
    });
    fetch(&environment, &request("http://proxied.example/")).expect("an answer");
    let requests = server.requests();
    assert_eq!(server.paths(), ["proxied.example:80", "/"]);
    assert_eq!(requests[0].header("Proxy-Authorization"), Some("Basic bWU6U0VDUkVU"));
    assert_eq!(requests[1].header("Proxy-Authorization"), None);
    assert!(names.asked().is_empty(), "names are looked up by the proxy");

    fetch(&environment, &request("http://direct.example/")).expect("an answer");
    assert_eq!(names.asked(), ["direct.example"]);
    for (url, expected) in [
        ("http://refused.example/", FetchErrorKind::Unreachable),
        ("http://127.0.0.1/", FetchErrorKind::Private),
        ("http://nas.local/", FetchErrorKind::Private),
    ] {
        assert_eq!(kind(&fetch(&environment, &request(url))), Some(expected), "{url}");
    }
    environment.proxies = Proxies::from_variables(|name| (name == "all_proxy").then(|| "socks5://a:1".to_owned()));
    assert_eq!(kind(&fetch(&environment, &request("http://a.example/"))), Some(FetchErrorKind::BadAddress));
    // What is wrong with the proxy is not said of the server.
    environment.proxies =
        Proxies::from_variables(|name| (name == "all_proxy").then(|| "http://127.0.0.1:1".to_owned()));
    let refused = fetch(&environment, &request("http://a.example/")).err().unwrap();
    assert_eq!(refused.kind, FetchErrorKind::Unreachable);
    assert!(refused.what.contains("the proxy") && refused.remedy.contains("HTTP_PROXY"), "{}", refused.what);
}
