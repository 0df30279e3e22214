//! What is asked, when, and with which headers.

use super::*;
use frontpage::sync::schedule::LeftOutReason;

fn why(result: &SyncResult) -> LeftOutReason {
    match result.outcome {
        Outcome::NotDue(left_out) => left_out.why,
        other => panic!("it is due: {other:?}"),
    }
}

#[test]
fn only_the_first_request_is_for_the_whole_document() {
    let mut device = Device::new();
    device.reply(FIRST, [Reply::ok(rss([1])).etag("\"a\""), Reply::status(304)]);
    assert_eq!(device.result().outcome, Outcome::New);
    for _ in 0..20 {
        assert_eq!(device.pass(day()).result().outcome, Outcome::Unchanged);
    }
    let requests = device.requests();
    assert_eq!(requests.len(), 21);
    assert_eq!((&requests[0].etag, &requests[0].last_modified), (&None, &None));
    assert!(requests[1..].iter().all(|request| request.etag.as_deref() == Some("\"a\"")), "no periodic full fetch");
}

#[test]
fn validators_are_returned_byte_for_byte() {
    for etag in ["\"a\"", "W/\"a b\"", "unquoted", "\"\"", "\"a\\\"b\"", "W/\"'~!\""] {
        let modified = "sat, 1 nov 2026 9:00:00 +0100  (odd)";
        let mut device = Device::new();
        let reply = Reply::ok(rss([1])).etag(etag).with(|answer| answer.last_modified = Some(modified.to_owned()));
        device.reply(FIRST, [reply]);
        device.sync();
        device.pass(day()).sync();
        let last = device.requests().pop().unwrap();
        assert_eq!((last.etag.as_deref(), last.last_modified.as_deref()), (Some(etag), Some(modified)));
    }
}

#[test]
fn validators_with_controls_are_not_stored() {
    let mut device = Device::new();
    device.reply(FIRST, [Reply::ok(rss([1])).etag("\"a\r\nX: y\"")]);
    device.sync();
    device.pass(day()).sync();
    assert_eq!(device.requests().pop().unwrap().etag, None);
}

#[test]
fn both_validators_are_replaced_by_each_document_also_if_it_is_the_same() {
    let mut device = Device::new();
    let reply = |etag: Option<&str>, modified: Option<&str>| {
        Reply::ok(rss([1])).with(|answer| {
            answer.etag = etag.map(str::to_owned);
            answer.last_modified = modified.map(str::to_owned);
        })
    };
    let validators =
        [(Some("1"), Some("A")), (Some("2"), Some("A")), (Some("3"), None), (None, Some("B")), (None, None)];
    device.reply(FIRST, validators.map(|(etag, modified)| reply(etag, modified)));
    for (etag, modified) in validators {
        device.sync();
        let record = device.record();
        assert_eq!((record.etag.as_deref(), record.last_modified.as_deref()), (etag, modified));
        device.pass(day());
    }
}

#[test]
fn a_304_replaces_the_validators_that_it_names_and_keeps_the_others() {
    let mut device = Device::new();
    let first = Reply::ok(rss([1])).etag("1").with(|answer| answer.last_modified = Some("A".to_owned()));
    device.reply(FIRST, [first, Reply::status(304).etag("2"), Reply::status(304)]);
    device.sync();
    device.pass(day()).sync();
    device.pass(day()).sync();
    let record = device.record();
    assert_eq!((record.etag.as_deref(), record.last_modified.as_deref()), (Some("2"), Some("A")));
}

#[test]
fn expires_0_does_not_make_validators_unusable() {
    let mut device = Device::new();
    device.reply(FIRST, [Reply::ok(rss([1])).etag("1").with(|answer| answer.expires = Some("0".to_owned()))]);
    device.sync();
    device.pass(day()).sync();
    assert_eq!(device.requests().pop().unwrap().etag.as_deref(), Some("1"));
}

#[test]
fn automatic_requests_are_an_hour_apart_and_those_by_hand_five_minutes() {
    let mut device = Device::new();
    // An item each hour.
    let items: String = (0..200)
        .map(|number| {
            let date = (device.now - minutes(30 * number)).to_rfc2822();
            format!("<item><guid>{number}</guid><title>{number}</title><pubDate>{date}</pubDate></item>")
        })
        .collect();
    let document = format!("<rss version=\"2.0\"><channel><title>A</title>{items}</channel></rss>");
    device.reply(FIRST, [Reply::ok(document).etag("1"), Reply::status(304)]);
    device.sync();
    for (occasion, after, is_asked) in [
        (Occasion::Timer, 4, false),
        (Occasion::All, 4, false),
        (Occasion::Named, 4, false),
        (Occasion::All, 5, true),
        (Occasion::Due, 59, false),
        (Occasion::Timer, 59, false),
        (Occasion::Timer, 73, true),
    ] {
        let last = device.record().requested.unwrap();
        device.now = last + minutes(after);
        let before = device.count();
        let result = device.by(occasion).results.remove(0);
        assert_eq!(device.count() > before, is_asked, "{occasion:?} after {after} min");
        if !is_asked {
            let expected = if occasion.is_by_hand() { LeftOutReason::AskedRecently } else { LeftOutReason::Later };
            assert_eq!(why(&result), expected);
        }
    }
}

#[test]
fn nothing_is_asked_again_after_a_restart_or_a_304() {
    let mut device = Device::new();
    device.reply(FIRST, [Reply::ok(rss([1])).etag("1"), Reply::status(304)]);
    device.sync();
    device.pass(day()).sync();
    for _ in 0..10 {
        device.pass(minutes(5));
        assert_eq!(why(&device.result()), LeftOutReason::Later);
    }
    assert_eq!(device.count(), 2);
}

#[test]
fn a_sync_that_was_stopped_after_its_request_does_not_ask_again_at_once() {
    let mut device = Device::new();
    device.reply(FIRST, [Reply::ok(rss([1]))]);
    std::fs::create_dir_all(device.path("states")).unwrap();
    let record = FetchRecord { requested: Some(device.now), ..FetchRecord::default() };
    let key = device.subscriptions[0].key();
    subscriptions::write_record(&device.path("states"), key, &record, false, &RealFileSystem).unwrap();
    assert_eq!(why(&device.pass(minutes(1)).result()), LeftOutReason::Later);
    assert_eq!(device.pass(hours(1)).result().outcome, Outcome::New);
}

#[test]
fn retry_after_is_obeyed_also_by_hand() {
    for status in [429, 503] {
        for (value, wait) in [("600", 10), ("-5", 1), ("99999999999", 24 * 60), ("Mon, 30 Nov 2026 13:00:00 GMT", 60)] {
            let mut device = Device::new();
            device.reply(FIRST, [Reply::status(status).retry_after(value), Reply::ok(rss([1]))]);
            let result = device.result();
            assert_eq!((result.outcome, result.status), (Outcome::Failed, Some(status)));
            device.pass(minutes(wait) - TimeDelta::seconds(1));
            for occasion in [Occasion::All, Occasion::Named, Occasion::Due, Occasion::Timer] {
                assert_eq!(why(&device.by(occasion).results[0]), LeftOutReason::RetryAfter, "{value} {occasion:?}");
            }
            device.pass(minutes(5));
            assert_eq!(device.by(Occasion::All).results[0].outcome, Outcome::New, "{value}");
        }
    }
}

#[test]
fn a_429_postpones_the_other_subscriptions_of_its_host_and_no_other() {
    let same: Vec<String> = (0..5).map(|number| format!("https://one.example/{number}")).collect();
    let addresses: Vec<&str> = same.iter().map(String::as_str).chain(["https://two.example/f"]).collect();
    let mut device = Device::following(&addresses);
    device.site.script().respond = Some(Box::new(|request| match request.url.contains("one") {
        true => Reply::status(429).retry_after("3600"),
        false => Reply::ok(rss([1])),
    }));
    let results = device.sync().results;
    assert_eq!(device.count(), 2, "one request for each host");
    let busy = results.iter().filter(
        |result| matches!(result.outcome, Outcome::NotDue(left_out) if left_out.why == LeftOutReason::HostBusy),
    );
    assert_eq!(busy.count(), 4);
    let later = device.pass(minutes(30)).by(Occasion::All).results;
    let waiting = later.iter().filter(
        |result| matches!(result.outcome, Outcome::NotDue(left_out) if left_out.why == LeftOutReason::RetryAfter),
    );
    assert_eq!((waiting.count(), device.count()), (5, 3));
}

#[test]
fn failures_back_off_to_a_day_and_a_success_ends_that() {
    let mut device = Device::new();
    let failures = std::iter::repeat_n(Reply::status(500), 8);
    device.reply(FIRST, failures.chain([Reply::ok(rss([1]))]));
    let mut waits = Vec::new();
    for number in 1..=8 {
        assert_eq!(device.result().outcome, Outcome::Failed);
        let record = device.record();
        assert_eq!(record.failures, number);
        let wait = record.next.unwrap() - device.now;
        waits.push(wait.num_minutes());
        device.pass(wait - TimeDelta::seconds(1));
        assert_eq!(why(&device.result()), LeftOutReason::Later);
        device.pass(TimeDelta::seconds(1));
    }
    let expected = [60, 120, 240, 480, 960, 1440, 1440, 1440];
    assert!(
        waits.iter().zip(expected).all(|(wait, full)| (full * 9 / 10..=full * 11 / 10).contains(wait)),
        "{waits:?}"
    );
    assert_eq!(device.result().outcome, Outcome::New);
    let record = device.record();
    assert_eq!((record.failures, record.problem, record.failing_since), (0, None, None));
}

#[test]
fn a_channel_that_is_missing_for_days_says_since_when() {
    let mut device = Device::new();
    device.reply(FIRST, [Reply::status(404)]);
    for number in 1..=10 {
        device.sync();
        let what = device.record().problem.unwrap().what;
        assert_eq!(what.starts_with("failing since 2026-11-30: "), number >= 10, "{what}");
        device.pass(day() + hours(3));
    }
    assert_eq!(device.count(), 10);
}

#[test]
fn a_channel_that_is_gone_is_never_asked_again_and_its_articles_stay() {
    let mut device = Device::new();
    device.reply(FIRST, [Reply::ok(rss([1])).etag("1"), Reply::status(410)]);
    device.sync();
    let articles = device.articles();
    assert_eq!(device.pass(day()).result().outcome, Outcome::Gone);
    for occasion in [Occasion::Timer, Occasion::Due, Occasion::All] {
        device.pass(TimeDelta::days(30));
        let stopped = why(&device.by(occasion).results[0]);
        assert!(matches!(stopped, LeftOutReason::Stopped(_)), "{stopped:?}");
    }
    assert_eq!((device.count(), device.articles()), (2, articles));
    device.by(Occasion::Named);
    assert_eq!(device.count(), 3, "the user named it");
}

#[test]
fn a_wrong_password_is_tried_again_only_when_the_line_or_its_file_changes() {
    let mut device = Device::new();
    let password = device.path("password");
    std::fs::write(&password, "wrong\nnot this").unwrap();
    device.subscriptions[0].access.login = Some(subscriptions::Login {
        user: UntrustedText::new("me"),
        password: subscriptions::PasswordSource::File(password.clone()),
    });
    device.site.script().respond = Some(Box::new(|request| match request.basic_auth.as_ref() {
        Some((user, word)) if user == "me" && word == "right" => Reply::ok(rss([1])),
        _ => Reply::status(401),
    }));
    let refused = device.result();
    assert_eq!(refused.outcome, Outcome::Failed);
    let remedy = refused.problem.unwrap().remedy;
    assert!(remedy.contains("check the user and the password"), "its line has `auth` already: {remedy}");
    for occasion in [Occasion::Timer, Occasion::Due, Occasion::All] {
        device.pass(day());
        assert!(matches!(why(&device.by(occasion).results[0]), LeftOutReason::Stopped(_)));
    }
    assert_eq!(device.count(), 1);
    std::fs::write(&password, "right\r\n").unwrap();
    assert_eq!(device.result().outcome, Outcome::New);
    let states = files(&device.path("states"));
    let has_secret =
        |bytes: &Vec<u8>| ["right", "wrong"].iter().any(|word| String::from_utf8_lossy(bytes).contains(word));
    assert!(!states.values().any(has_secret), "no password is stored");
}

#[test]
fn a_password_command_runs_only_when_its_line_is_due() {
    let mut device = Device::new();
    let ran = device.path("ran");
    let command = format!("sh -c 'echo x >> {}; echo secret; echo more'", ran.to_str().unwrap());
    device.subscriptions[0].access.login = Some(subscriptions::Login {
        user: UntrustedText::new("me"),
        password: subscriptions::PasswordSource::Command(command),
    });
    device.reply(FIRST, [Reply::ok(rss([1])).etag("1"), Reply::status(304)]);
    device.sync();
    device.pass(minutes(10)).sync();
    device.subscriptions[0].is_paused = true;
    device.pass(day()).sync();
    assert_eq!(std::fs::read_to_string(&ran).unwrap(), "x\n");
    assert_eq!(device.requests()[0].basic_auth, Some(("me".to_owned(), "secret".to_owned())));
    assert!(!format!("{:?}", device.requests()[0]).contains("secret"));
    for (command, what) in [("false", "failed"), ("no-such-program-at-all", "not found"), ("true", "no password")] {
        let mut device = Device::new();
        device.subscriptions[0].access.login = Some(subscriptions::Login {
            user: UntrustedText::new("me"),
            password: subscriptions::PasswordSource::Command(command.to_owned()),
        });
        let result = device.result();
        let problem = result.problem.unwrap();
        assert_eq!((result.outcome, device.count()), (Outcome::Failed, 0));
        assert!(problem.what.contains(what) && !problem.remedy.is_empty(), "{problem:?}");
    }
}

#[test]
fn a_move_is_followed_and_suggested_after_three_days_of_it() {
    let mut device = Device::new();
    let moved = |to: &str| Some(format!("https://two.example/{to}?token=secret"));
    let reply = |to: &str| Reply::ok(rss([1])).with(|answer| answer.moved_to = moved(to));
    device.reply(FIRST, [reply("other"), reply("new"), Reply::status(500), reply("new"), reply("new")]);
    let mut outcomes = Vec::new();
    for _ in 0..5 {
        outcomes.push(device.result().outcome);
        device.pass(TimeDelta::days(2));
    }
    assert_eq!(outcomes[1..], [Outcome::Unchanged, Outcome::Failed, Outcome::Unchanged, Outcome::Moved]);
    let problem = device.record().problem.unwrap();
    assert!(problem.what.contains("https://two.example/new") && !problem.what.contains("secret"), "{problem:?}");
    assert!(!problem.is_failure);
    assert!(device.requests().iter().all(|request| request.url == FIRST), "the line is not changed");
}

#[test]
fn a_move_seen_often_in_one_day_counts_once() {
    let mut device = Device::new();
    device.reply(FIRST, [Reply::ok(rss([1])).with(|answer| answer.moved_to = Some("https://two.example/".to_owned()))]);
    for _ in 0..5 {
        device.by(Occasion::All);
        device.pass(hours(2));
    }
    assert_eq!(device.record().moved.unwrap().seen.len(), 1);
}

#[test]
fn the_user_agent_is_honest_and_can_be_set() {
    let mut device = Device::following(&[FIRST, "https://two.example/f"]);
    device.subscriptions[1].access.user_agent = Some("other/1".to_owned());
    device.subscriptions[1].access.headers = vec![("Accept-Language".to_owned(), UntrustedText::new("de"))];
    device.sync();
    let mut requests = device.requests();
    requests.sort_by(|a, b| a.url.cmp(&b.url));
    assert!(requests[0].user_agent.starts_with(concat!("frontpage/", env!("CARGO_PKG_VERSION"))));
    assert_eq!(requests[0].headers, []);
    assert_eq!(requests[1].user_agent, "other/1");
    assert_eq!(requests[1].headers, [("Accept-Language".to_owned(), "de".to_owned())]);
    assert!(requests.iter().all(|request| !request.is_private), "only with `private: true`");
}

#[test]
fn addresses_are_asked_as_they_are() {
    let address = "https://me:word@one.example/feed.xml?a=1&b";
    let device = Device::following(&[address]);
    device.sync();
    assert_eq!(device.requests()[0].url, address, "nothing is added");
    let result = &device.by(Occasion::Due).results[0];
    assert_eq!(result.address.as_str(), "https://one.example/feed.xml");
}

#[test]
fn a_channel_is_fetched_as_often_as_it_changes_and_as_it_wants() {
    let seven = 7 * 24 * 60;
    for (head, answer, every, least, most) in [
        ("", "", None, seven / 7 * 9 / 10, 24 * 60),
        ("<ttl>90</ttl>", "", None, 90, 24 * 60),
        ("", "max-age=999999999", None, 24 * 60, 24 * 60),
        ("<ttl>600</ttl>", "max-age=7200", Some(20), 17, 20),
        ("", "", Some(1), 15, 15),
        ("", "", Some(3 * 24 * 60), 3 * 24 * 60 * 9 / 10, 3 * 24 * 60),
    ] {
        let mut device = Device::new();
        device.subscriptions[0].every = every;
        let cache = Some(answer.to_owned()).filter(|value| !value.is_empty());
        device.reply(FIRST, [Reply::ok(rss_with(head, 0..7)).with(|answer| answer.cache_control = cache)]);
        device.sync();
        let wait = (device.record().next.unwrap() - device.now).num_minutes();
        assert!((least..=most).contains(&wait), "{head} {answer} {every:?}: {wait}");
        let next = device.record().next.unwrap();
        device.now = next - TimeDelta::seconds(1);
        assert_eq!(why(&device.result()), LeftOutReason::Later);
        device.now = next;
        assert_ne!(device.result().status, None);
    }
}

#[test]
fn a_busy_channel_is_fetched_hourly_and_a_silent_one_daily() {
    for (age, least, most) in [(0, 60, 72), (30 * 24, 24 * 60 * 9 / 10, 24 * 60)] {
        let mut device = Device::new();
        let items: String = (0..300)
            .map(|number| {
                let date = (device.now - hours(age) - minutes(20 * number)).to_rfc2822();
                format!("<item><guid>{number}</guid><title>{number}</title><pubDate>{date}</pubDate></item>")
            })
            .collect();
        let document = format!("<rss version=\"2.0\"><channel><title>A</title>{items}</channel></rss>");
        device.reply(FIRST, [Reply::ok(document).etag("1"), Reply::status(304)]);
        device.sync();
        let wait = (device.record().next.unwrap() - device.now).num_minutes();
        assert!((least..=most).contains(&wait), "{age}: {wait}");
        // Without new items it becomes silent.
        device.pass(TimeDelta::days(8)).sync();
        let wait = (device.record().next.unwrap() - device.now).num_minutes();
        assert!((24 * 60 * 9 / 10..=24 * 60).contains(&wait), "{age}: {wait}");
    }
}

#[test]
fn a_large_document_without_validators_is_fetched_every_six_hours_at_most() {
    for (bytes, etag, least) in [(300_000, None, 6 * 60), (300_000, Some("1"), 60), (1_000, None, 60)] {
        let device = Device::new();
        let items: String = (0..200)
            .map(|number| {
                let date = (device.now - minutes(20 * number)).to_rfc2822();
                format!("<item><guid>{number}</guid><title>{number}</title><pubDate>{date}</pubDate></item>")
            })
            .collect();
        let document = format!("<rss version=\"2.0\"><channel><title>A</title>{items}</channel></rss>");
        let reply = Reply::ok(document).with(|answer| {
            answer.bytes = bytes;
            answer.etag = etag.map(str::to_owned);
        });
        device.reply(FIRST, [reply]);
        device.sync();
        let wait = (device.record().next.unwrap() - device.now).num_minutes();
        assert!((least..least + 75).contains(&wait), "{bytes} {etag:?}: {wait}");
    }
}

#[test]
fn skipped_hours_and_days_are_honoured_unless_the_user_wants_more() {
    let hours_to_skip: String = (13..=23).chain(0..=9).map(|hour| format!("<hour>{hour}</hour>")).collect();
    let head = format!("<skipHours>{hours_to_skip}</skipHours><skipDays><day>Tuesday</day></skipDays><ttl>60</ttl>");
    let mut device = Device::new();
    device.reply(FIRST, [Reply::ok(rss_with(&head, 0..1)).etag("1"), Reply::status(304)]);
    device.sync();
    // Monday noon: the next hour that is not skipped is on Wednesday.
    let next = device.record().next.unwrap();
    assert_eq!(next.to_rfc3339(), "2026-12-02T10:00:00+00:00");
    device.now = "2026-12-03T05:00:00Z".parse().unwrap();
    assert_eq!(why(&device.result()), LeftOutReason::Skipped);
    device.subscriptions[0].every = Some(60);
    assert_eq!(device.result().outcome, Outcome::Unchanged);
}

#[test]
fn all_skipped_means_nothing() {
    let head: String = (0..24).map(|hour| format!("<hour>{hour}</hour>")).collect();
    let mut device = Device::new();
    device.reply(FIRST, [Reply::ok(rss_with(&format!("<skipHours>{head}</skipHours>"), 0..1))]);
    device.sync();
    assert_ne!(device.pass(day()).result().status, None);
}

#[test]
fn each_subscription_has_its_own_time_which_is_always_the_same() {
    let addresses: Vec<String> = (0..50).map(|number| format!("https://h{number}.example/f")).collect();
    let times = || -> Vec<TimeDelta> {
        let device = Device::following(&addresses.iter().map(String::as_str).collect::<Vec<_>>());
        device.site.script().respond = Some(Box::new(|_| Reply::ok(rss(0..14))));
        device.sync();
        device.subscriptions.iter().map(|one| device.record_of(one).next.unwrap() - device.now).collect()
    };
    let first = times();
    assert_eq!(first, times());
    let different: std::collections::BTreeSet<_> = first.iter().collect();
    assert!(different.len() > 10, "{different:?}");
}

#[test]
fn a_clock_that_was_wrong_stops_nothing() {
    let mut device = Device::new();
    device.reply(FIRST, [Reply::ok(rss([1]))]);
    device.now = "2060-01-01T00:00:00Z".parse().unwrap();
    device.sync();
    device.now = "2026-11-30T12:00:00Z".parse().unwrap();
    assert_ne!(device.result().status, None);
    assert_eq!(why(&device.result()), LeftOutReason::Later);
}

#[test]
fn without_a_network_nothing_counts_and_nothing_is_postponed() {
    let mut device = Device::following(&[FIRST, "https://two.example/f"]);
    device.site.script().respond = Some(Box::new(|_| Reply::failed(FetchErrorKind::UnknownHost)));
    let summary = device.sync();
    assert!(summary.is_offline && summary.results.iter().all(|result| result.outcome == Outcome::Offline));
    assert_eq!((device.record().failures, device.record().requested), (0, None));
    device.site.script().respond = Some(Box::new(|request| match request.url.contains("one") {
        true => Reply::ok(rss([1])),
        false => Reply::failed(FetchErrorKind::UnknownHost),
    }));
    let summary = device.pass(minutes(1)).sync();
    assert!(!summary.is_offline);
    assert_eq!(device.record_of(&device.subscriptions[1]).failures, 1, "only this host is unknown");
}

#[test]
fn paused_subscriptions_are_never_asked() {
    let mut device = Device::new();
    device.subscriptions[0].is_paused = true;
    for occasion in [Occasion::Timer, Occasion::Due, Occasion::All, Occasion::Named] {
        assert_eq!(why(&device.by(occasion).results[0]), LeftOutReason::Paused);
    }
    assert_eq!(device.count(), 0);
}

#[test]
fn a_lock_that_cannot_be_used_is_named() {
    let device = Device::new();
    std::fs::create_dir_all(device.path("states/lock")).unwrap();
    let error = device.try_sync(Occasion::All, &RealFileSystem).unwrap_err();
    assert!(error.to_string().contains("states/lock: "), "{error}");
}

#[test]
fn a_second_sync_ends_at_once() {
    let device = Device::new();
    std::fs::create_dir_all(device.path("states")).unwrap();
    let lock = frontpage::sync::claims::lock_for_sync(&device.path("states"), &RealFileSystem).unwrap();
    assert!(matches!(device.try_sync(Occasion::All, &RealFileSystem), Err(SyncError::Running)));
    drop(lock);
    assert_eq!(device.count(), 0);
    device.sync();
    assert_eq!(device.count(), 1);
}

#[test]
fn what_was_refused_before_a_request_is_due_as_soon_as_it_is_fixed() {
    for kind in [FetchErrorKind::Private, FetchErrorKind::BadAddress, FetchErrorKind::NotStarted] {
        for occasion in [Occasion::Timer, Occasion::Due, Occasion::All, Occasion::Named] {
            let mut device = Device::new();
            device.reply(FIRST, [Reply::failed(kind), Reply::ok(rss([1]))]);
            assert_eq!(device.result().outcome, Outcome::Failed);
            let record = device.record();
            assert_eq!((record.requested, record.next, record.failures), (None, None, 0), "{kind:?}");
            assert!(record.problem.is_some() && record.failing_since.is_some());
            let results = device.pass(TimeDelta::seconds(1)).by(occasion).results;
            assert_eq!(results[0].outcome, Outcome::New, "{kind:?}, {occasion:?}");
            assert_eq!((device.record().problem, device.record().failing_since), (None, None));
        }
    }
}

#[test]
fn a_refusal_keeps_the_times_of_the_requests_before_it() {
    let mut device = Device::new();
    device.reply(FIRST, [Reply::ok(rss([1])), Reply::failed(FetchErrorKind::Private), Reply::ok(rss([1]))]);
    device.sync();
    let before = device.record();
    let named = device.pass(minutes(6)).by(Occasion::Named);
    assert_eq!(named.results[0].outcome, Outcome::Failed);
    assert_eq!((device.record().requested, device.record().next), (before.requested, before.next));
    assert_eq!(why(&device.result()), LeftOutReason::Later);
    device.subscriptions[0].access.is_private = true;
    assert_eq!(device.result().outcome, Outcome::Unchanged, "its line has changed");
}

#[test]
fn a_missing_certificate_or_password_delays_nothing() {
    for is_certificate in [true, false] {
        let mut device = Device::new();
        device.reply(FIRST, [Reply::ok(rss([1]))]);
        let file = device.path("secret");
        let access = &mut device.subscriptions[0].access;
        if is_certificate {
            access.certificate = Some(file.clone());
        } else {
            let password = subscriptions::PasswordSource::File(file.clone());
            access.login = Some(subscriptions::Login { user: UntrustedText::new("me"), password });
        }
        assert_eq!((device.result().outcome, device.count()), (Outcome::Failed, 0));
        std::fs::write(&file, "-----BEGIN CERTIFICATE-----\n").unwrap();
        assert_eq!((device.result().outcome, device.count()), (Outcome::New, 1));
    }
}

#[test]
fn a_changed_line_is_due_after_a_failure_but_not_within_five_minutes_of_the_request() {
    let mut device = Device::new();
    device.reply(FIRST, [Reply::failed(FetchErrorKind::Tls), Reply::ok(rss([1]))]);
    device.sync();
    assert_eq!(why(&device.pass(minutes(6)).result()), LeftOutReason::Later, "the same line waits");
    device.subscriptions[0].access.user_agent = Some("other".to_owned());
    device.now -= minutes(3);
    assert_eq!(why(&device.result()), LeftOutReason::AskedRecently);
    assert_eq!(device.pass(minutes(2)).result().outcome, Outcome::New);
}
