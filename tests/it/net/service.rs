//! The service: many hosts at once, one request for each, pauses, and an end that waits for no server.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::{Service, request, server};
use crate::harness::web_server::Reply;

#[test]
fn hosts_are_asked_at_once_and_each_one_request_at_a_time() {
    let (server, _, environment) = server();
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (of_server, most_of_server) = (Arc::clone(&now), Arc::clone(&most));
    server.route_fn("*", move |received| {
        let count = of_server.fetch_add(1, Ordering::SeqCst) + 1;
        most_of_server.fetch_max(count, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(5));
        of_server.fetch_sub(1, Ordering::SeqCst);
        match received.path.strip_prefix("/to/") {
            Some(host) => Reply::redirect(302, &format!("http://{host}/end")),
            None => Reply::ok(&received.host),
        }
    });
    let mut service = Service::start(environment);
    let mut id = 0;
    for round in 0..6 {
        for host in 0..20 {
            // Half of them lead to the next host, whose requests are counted too.
            let path = if round % 2 == 0 { format!("to/host{}.example", (host + 1) % 20) } else { "end".to_owned() };
            let port = if round % 3 == 0 { ":8080" } else { "" };
            service.ask(&super::Request { id, ..request(&format!("http://host{host}.example{port}/{path}")) });
            id += 1;
        }
    }
    let answers: BTreeSet<u64> = (0..id)
        .map(|_| {
            let (response, body) = service.answer();
            assert!(body.starts_with(b"host"), "{:?}", response.result);
            response.id
        })
        .collect();
    assert_eq!(answers.len(), 120, "each request has one answer");
    assert_eq!(server.requests().len(), 120 + 60);
    let at_once = server.most_at_once();
    assert_eq!(at_once.len(), 20);
    assert!(at_once.values().all(|most| *most == 1), "{at_once:?}");
    let most = most.load(Ordering::SeqCst);
    assert!((2..=16).contains(&most), "{most} at once");
    service.end().expect("a clean end");
}

#[test]
fn a_slow_server_holds_up_no_other_and_not_the_end() {
    let (server, _, environment) = server();
    server.route("/hangs", Reply::silence());
    server.route("/quick", Reply::ok("x"));
    let mut limits = environment.limits.clone();
    (limits.head, limits.whole) = (Duration::from_secs(600), Duration::from_secs(600));
    let mut service = Service::start(super::Environment { limits, ..environment });
    for id in 0..15 {
        service.ask(&super::Request { id, ..request(&format!("http://slow{id}.example/hangs")) });
    }
    // These wait for a host that hangs, and hold no thread.
    for id in 15..100 {
        service.ask(&super::Request { id, ..request("http://slow0.example/quick") });
    }
    for id in 100..110 {
        service.ask(&super::Request { id, ..request("http://quick.example/quick") });
    }
    let quick: Vec<u64> = (0..10).map(|_| service.answer().0.id).collect();
    assert_eq!(quick, (100..110).collect::<Vec<_>>(), "in their order");
    server.wait_for(25);
    assert_eq!(server.count("/hangs"), 15);
    service.end().expect("a clean end");
}

#[test]
fn requests_to_one_host_have_a_pause_between_them() {
    let (server, _, mut environment) = server();
    environment.limits.pause = Duration::from_millis(60);
    server.route("/a", Reply::redirect(302, "/b"));
    server.route("/b", Reply::ok("x"));
    let mut service = Service::start(environment);
    for id in 0..3 {
        service.ask(&super::Request { id, ..request("http://a.example/a") });
    }
    for _ in 0..3 {
        service.answer().0.result.expect("an answer");
    }
    let times: Vec<Duration> = server.requests().iter().map(|received| received.at).collect();
    assert_eq!(times.len(), 6);
    // A lower limit only, which holds on a slow machine too.
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= Duration::from_millis(59)), "{times:?}");
    service.end().expect("a clean end");
}
