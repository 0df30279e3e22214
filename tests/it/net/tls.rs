//! Encrypted connections: only those that can be trusted, and messages that name the cause.

use std::io::Read;
use std::net::TcpStream;
use std::sync::Arc;

use frontpage::net::{FetchErrorKind, Resolve};

use super::{environment, fetch, request};
use crate::harness::names::Names;
use crate::harness::tls_server::{pem, tls_server};
use crate::harness::web_server::{Reply, WebServer};

#[test]
fn certificates_are_checked_and_the_cause_is_named() {
    for (served, trusted, host, expected) in [
        ("server", Some("server"), "home.example", Ok(())),
        ("server", Some("key server"), "home.example", Ok(())),
        ("server", None, "home.example", Err("signed by itself or by an unknown authority")),
        ("server", Some("server"), "other.example", Err("is for another name")),
        ("server", Some("authority"), "home.example", Ok(())),
        ("expired", Some("expired"), "home.example", Err("has expired")),
        ("authority", Some("authority"), "home.example", Err("is one of an authority")),
        ("authority", None, "home.example", Err("is one of an authority")),
    ] {
        let server = tls_server(served);
        let names = Names::leading_to(&server);
        let environment = environment(Arc::clone(&names) as Arc<dyn Resolve>);
        let mut asked = request(&format!("https://{host}/"));
        asked.certificate = trusted.map(|names| names.split(' ').map(pem).collect());
        let fetched = fetch(&environment, &asked);
        let name = format!("{served} {trusted:?} {host}: {fetched:?}");
        match (fetched, expected) {
            (Ok((_, body)), Ok(())) => assert_eq!(body, b"the secret garden"),
            (Err(error), Err(part)) => {
                assert_eq!(error.kind, FetchErrorKind::Tls, "{name}");
                assert!(error.what.contains(part) && error.what.contains(host), "{name}");
                assert!(server.requests().is_empty(), "nothing was sent");
            }
            _ => panic!("{name}"),
        }
    }
}

#[test]
fn a_certificate_is_trusted_at_the_first_origin_only() {
    let server = tls_server("server");
    let names = Names::leading_to(&server);
    server.route("/to", Reply::redirect(302, "https://localhost.example/"));
    server.route("/port", Reply::redirect(302, "https://home.example:444/"));
    let environment = environment(Arc::clone(&names) as Arc<dyn Resolve>);
    for path in ["/to", "/port"] {
        let mut asked = request(&format!("https://home.example{path}"));
        asked.certificate = Some(pem("server"));
        let error = fetch(&environment, &asked).expect_err("another origin");
        assert_eq!(error.kind, FetchErrorKind::Tls, "{error:?}");
        assert_eq!(server.count("/"), 0);
    }
    server.route("/down", Reply::redirect(302, "http://home.example/"));
    let mut asked = request("https://home.example/down");
    asked.certificate = Some(pem("server"));
    assert_eq!(fetch(&environment, &asked).expect_err("http").kind, FetchErrorKind::Redirect);
}

#[test]
fn a_server_without_encryption_is_not_trusted() {
    let server = WebServer::start_with(
        "https",
        &["127.0.0.1"],
        Arc::new(|mut stream: TcpStream| {
            let mut bytes = [0; 64];
            let _ = stream.read(&mut bytes);
            let _ = std::io::Write::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            None
        }),
    );
    let environment = environment(Names::leading_to(&server) as Arc<dyn Resolve>);
    let error = fetch(&environment, &request("https://a.example/")).expect_err("no TLS");
    assert_eq!(error.kind, FetchErrorKind::Tls, "{error:?}");
    assert!(error.what.contains("not one of TLS"), "{error:?}");
}
