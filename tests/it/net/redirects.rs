//! Redirects: each is a request of its own, and none leads where the user did not want to go.

use frontpage::net::FetchErrorKind::{Private, Redirect};

use super::{SECRET, fetch, kind, request, server};
use crate::harness::web_server::Reply;

#[test]
fn redirects_are_followed_with_one_request_each() {
    let (server, _, environment) = server();
    for status in [301, 302, 303, 307, 308] {
        server.route(&format!("/{status}"), Reply::redirect(status, "/end#part").body("moved"));
    }
    server.route("/end", Reply::ok("the end"));
    server.route("/far", Reply::redirect(301, "http://b.example/far2"));
    server.route("/far2", Reply::redirect(302, "//c.example/end"));
    for (path, url, moved, requests) in [
        ("/301", "http://a.example/end", Some("http://a.example/end"), 2),
        ("/302", "http://a.example/end", None, 2),
        ("/303", "http://a.example/end", None, 2),
        ("/307", "http://a.example/end", None, 2),
        ("/308", "http://a.example/end", Some("http://a.example/end"), 2),
        ("/far", "http://c.example/end", Some("http://b.example/far2"), 3),
        ("/end", "http://a.example/end", None, 1),
    ] {
        server.forget();
        let (answer, body) = fetch(&environment, &request(&format!("http://a.example{path}"))).expect("an answer");
        assert_eq!((answer.url.as_str(), answer.moved_to.as_deref()), (url, moved), "{path}");
        assert_eq!(body, b"the end");
        assert_eq!(server.requests().len(), requests, "{path}");
    }
}

#[test]
fn redirects_that_are_refused_cost_no_request() {
    let (server, _, environment) = server();
    let location = |to: &str| Reply::redirect(302, to);
    for (name, reply, requests) in [
        ("self", location("/self"), 1),
        ("loop", location("/loop2"), 2),
        ("many", location("/many1"), 6),
        ("file", location("file:///etc/passwd"), 1),
        ("script", location("javascript:alert(1)"), 1),
        ("loopback", location("http://127.0.0.1/"), 1),
        ("mapped", location("http://[::ffff:192.168.0.1]/"), 1),
        ("decimal", location("http://2130706433/"), 1),
        ("local", location("http://printer.local/"), 1),
        ("empty-host", location("http:///"), 1),
        ("escape", location("/\u{1b}[2J"), 1),
        ("latin", location("/é"), 1),
        ("without", Reply::status(302), 1),
    ] {
        let path = format!("/{name}");
        server.route(&path, reply);
        server.route("/loop2", location("/loop"));
        for index in 1..9 {
            server.route(&format!("/many{index}"), location(&format!("/many{}?{SECRET}", index + 1)));
            server.route(&format!("/many{index}?{SECRET}"), location(&format!("/many{}?{SECRET}", index + 1)));
        }
        server.forget();
        let fetched = fetch(&environment, &request(&format!("http://a.example{path}")));
        let expected = if name == "escape" { None } else { Some(Redirect) };
        if let Some(expected) = expected {
            assert_eq!(kind(&fetched), Some(expected), "{name}: {fetched:?}");
        }
        fetched.expect_err(name);
        assert_eq!(server.requests().len(), requests, "{name}");
    }
}

#[test]
fn only_the_first_origin_gets_what_is_the_users() {
    let (server, _, environment) = server();
    server.route("/start", Reply::redirect(302, "/near"));
    server.route("/near", Reply::redirect(302, "http://b.example/far"));
    server.route("/far", Reply::redirect(302, "http://a.example/back"));
    server.route("/back", Reply::redirect(302, "http://you:them@a.example:81/port"));
    server.route("/port", Reply::ok("the end"));
    let mut asked = request("http://me:SECRET@a.example/start");
    asked.headers = vec![("X-Token".to_owned(), SECRET.to_owned())];
    asked.etag = Some("W/\"1\"".to_owned());
    let (answer, _) = fetch(&environment, &asked).expect("an answer");
    assert_eq!(answer.url, "http://a.example:81/port");
    let requests = server.requests();
    assert_eq!(server.paths(), ["/start", "/near", "/far", "/back", "/port"]);
    for (request, is_first) in requests.iter().zip([true, true, false, true, false]) {
        let has = |name| request.header(name).is_some();
        assert_eq!((has("Authorization"), has("X-Token")), (is_first, is_first), "{}", request.path);
        assert_eq!(request.header("If-None-Match"), Some("W/\"1\""), "validators belong to the document");
        assert_eq!(request.header("Referer"), None);
    }
    assert_eq!(requests[0].header("Authorization"), Some("Basic bWU6U0VDUkVU"));
}

#[test]
fn names_with_private_addresses_are_refused() {
    let (server, names, environment) = server();
    server.route("/", Reply::ok("reached"));
    for address in [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "::1",
        "fd00::1",
        "fe80::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
    ] {
        names.set("private.example", &[address]);
        let fetched = fetch(&environment, &request("http://private.example/"));
        assert_eq!(kind(&fetched), Some(Private), "{address}");
        server.route("/to", Reply::redirect(302, "http://private.example/"));
        assert_eq!(kind(&fetch(&environment, &request("http://a.example/to"))), Some(Redirect), "{address}");
    }
    assert_eq!(server.count("/"), 0);
    let of_private = |request: &std::net::SocketAddr| request.ip().to_string() != "203.0.113.1";
    assert!(!names.connected().iter().any(of_private), "{:?}", names.connected());

    // Both: only the public address is used.
    names.set("both.example", &["10.0.0.1", "203.0.113.7", "::1"]);
    fetch(&environment, &request("http://both.example/")).expect("an answer");
    assert_eq!(names.connected().last().unwrap().to_string(), "203.0.113.7:80");

    // An answer that changes: there is one look-up for a request, and the connection is made to what was checked.
    names.set_all("changing.example", &[&["203.0.113.8"], &["127.0.0.1"]]);
    fetch(&environment, &request("http://changing.example/")).expect("an answer");
    assert_eq!(names.asked().iter().filter(|name| *name == "changing.example").count(), 1);
    assert_eq!(names.connected().last().unwrap().to_string(), "203.0.113.8:80");
    assert_eq!(kind(&fetch(&environment, &request("http://changing.example/"))), Some(Private));

    // The user may have a private subscription.
    let mut asked = request("http://private.example/");
    asked.is_private = true;
    fetch(&environment, &asked).expect("an answer");
    asked.url = "http://private.example/to".to_owned();
    server.route("/to", Reply::redirect(302, "/"));
    fetch(&environment, &asked).expect("an answer");
    server.route("/to", Reply::redirect(302, "http://a.example/"));
    assert_eq!(kind(&fetch(&environment, &asked)), Some(Redirect));
}
