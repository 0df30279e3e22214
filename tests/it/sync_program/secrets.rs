//! Passwords, tokens and keys are in no output, log, process list, article or other file but `subscriptions.yaml`.

use super::processes::{Gate, Running, has_proc};
use super::*;
use crate::harness::pty::Pty;

/// Every secret begins with this word. Digits follow.
const WORD: &str = "Geheimnis";

fn secret(number: u32) -> String {
    format!("{WORD}-{number}")
}

/// Fails if a text has a secret, in plain text or in base64 as in the header `Authorization`.
fn check(text: &[u8], what: &str) {
    let encoded: [&[u8]; 2] = [b"R2VoZWlt", b"Z2VoZWlt"];
    let found =
        [WORD.as_bytes()].into_iter().chain(encoded).find(|word| text.windows(word.len()).any(|part| part == *word));
    assert!(found.is_none(), "{what} has a secret: {}", String::from_utf8_lossy(text));
}

/// A user with every kind of secret in a subscription.
fn user() -> User {
    let home = Home::new().with("NEWS_PASSWORD", &secret(1));
    let user = User::with_home(home, 7);
    let at = |number: u8| format!("{}:{}", host(number), user.server.port());
    let [of_command, of_file] = [2, 3].map(|number| {
        let file = user.home.file(&format!("secrets/{number}"), &format!("{}\nsecond line\n", secret(number)));
        file.to_str().unwrap().to_owned()
    });
    let list = [
        format!("- feed: http://me:{}@{}/a.xml?token={}#{}", secret(4), at(1), secret(5), secret(6)),
        format!("- feed: http://{}/b.xml\n  auth: {{user: me, password command: \"cat {of_command}\"}}", at(2)),
        format!("- feed: http://{}/c.xml\n  auth: {{user: me, password file: {of_file}}}", at(3)),
        format!("- feed: http://{}/d.xml\n  auth: {{user: me, password variable: NEWS_PASSWORD}}", at(4)),
        format!("- feed: http://{}/e.xml\n  headers: {{X-Key: {}}}", at(5), secret(7)),
        format!("- feed: http://{}/f.xml?{}", at(6), secret(8)),
    ];
    user.home.file(LIST, &list.map(|line| format!("{line}\n  private: true\n")).concat());
    user
}

/// A channel whose addresses are relative to its own.
fn relative(title: &str) -> String {
    let links = ["", "?", "#note", "1", "/2", "?page=3", "//site.example/4", "."];
    let item = |(number, link): (usize, &&str)| {
        format!(
            "<entry><id>{number}</id><title>Item {number}</title><link href=\"{link}\"/><updated>2026-11-29T10:00:00Z</updated>\
             <content type=\"html\">&lt;p&gt;&lt;a href=\"{link}\"&gt;a&lt;/a&gt; &lt;img src=\"{link}\"&gt;&lt;/p&gt;</content></entry>"
        )
    };
    let items: String = links.iter().enumerate().map(item).collect();
    format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>{title}</title><link href=\"?\"/><id></id>{items}</feed>"
    )
}

/// Checks the files of a home that are not the user's own.
fn check_files(user: &User, may_be_in_records: bool) {
    for (path, content) in files(user.home.folder.path()) {
        let is_own = path == user.path(LIST) || path.starts_with(user.path("secrets"));
        let is_record =
            path.parent() == Some(&user.path(STATES)) && path.extension().is_some_and(|ending| ending == "json");
        let is_allowed = is_own || may_be_in_records && is_record;
        if !is_allowed {
            check(&content, &path.display().to_string());
        }
        // A running sync may rename a file meanwhile.
        let metadata = std::fs::metadata(&path).ok().filter(|_| is_record);
        if let Some(metadata) = metadata {
            let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions());
            assert_eq!(mode & 0o077, 0, "{}: {mode:o}", path.display());
        }
    }
}

/// Runs a command and checks what it prints.
fn run(user: &User, arguments: &[&str]) -> i32 {
    let ran = user.run(arguments);
    check(ran.out.as_bytes(), &format!("stdout of {arguments:?}"));
    check(ran.err.as_bytes(), &format!("stderr of {arguments:?}"));
    ran.code
}

#[test]
fn secrets_reach_only_their_servers() {
    let mut user = user();
    user.server.route_fn("*", |request| Reply::ok(relative(&request.host)).header("ETag", "\"one\""));
    assert_eq!(run(&user, &["sync", "--verbose"]), 0);
    let requests: BTreeMap<String, Received> =
        user.server.requests().into_iter().map(|request| (request.host.clone(), request)).collect();
    assert_eq!(requests.len(), 6, "{requests:?}");
    let at = |number: u8| &requests[&host(number)];
    for number in 1..=4 {
        assert!(at(number).header("Authorization").is_some_and(|value| value.starts_with("Basic ")), "{number}");
    }
    assert_eq!(at(1).path, format!("/a.xml?token={}", secret(5)));
    assert_eq!((at(5).header("X-Key"), at(5).header("Authorization")), (Some(secret(7).as_str()), None));
    assert_eq!(at(6).path, format!("/f.xml?{}", secret(8)));
    check_files(&user, false);
    assert_eq!(files(&user.path(ARTICLES)).len(), 6 * 8);

    // Whatever a server answers, and whatever the user asks for.
    type Answer = fn(&Received) -> Reply;
    let answers: [Answer; 15] = [
        |_| Reply::status(304),
        |_| Reply::status(403),
        |_| Reply::status(404),
        |_| Reply::status(500),
        |_| Reply::status(429).header("Retry-After", "60"),
        |_| Reply::hang_up(),
        |_| Reply::raw("no HTTP"),
        |_| Reply::ok("<html><title>Log in</title><input type=password></html>"),
        |_| Reply::ok("<rss><channel>").announce(5_000),
        |_| Reply::ok([0x1f, 0x8b, 8, 0]).header("Content-Encoding", "gzip"),
        |request| Reply::redirect(302, &request.path),
        |request| Reply::redirect(301, &format!("http://me:{WORD}-9@10.0.0.1{}&key={WORD}-9", request.path)),
        |request| Reply::redirect(302, &format!("ftp://me:{WORD}-9@{}{}", request.host, request.path)),
        |_| Reply::status(401).header("WWW-Authenticate", "Basic realm=\"x\""),
        |_| Reply::status(410),
    ];
    for (number, answer) in answers.into_iter().enumerate() {
        user.server.route_fn("*", answer);
        user.pass(TimeDelta::days(2));
        let format: &[&str] =
            [&["sync", "-v"][..], &["sync", "--format", "jsonl"], &["sync", "--progress"]][number % 3];
        run(&user, format);
        for arguments in [
            &["subscriptions"][..],
            &["subscriptions", "--format", "json"],
            &["sync", "--dry-run", "--all", "--format", "jsonl"],
            &["check", "-v"],
        ] {
            run(&user, arguments);
        }
        check_files(&user, false);
    }
    for arguments in [&["list", "--format", "json"][..], &["show", "Item"], &["config"], &["topics"], &["insights"]] {
        run(&user, arguments);
    }
    let own = format!("http://me:{}@127.0.0.1:{}/a.xml?token={}", secret(4), user.server.port(), secret(5));
    let other = format!("http://me:{0}@127.0.0.1:{1}/none.xml?{0}", secret(10), user.server.port());
    user.server.route("*", Reply::status(404));
    for (command, addresses) in [
        (&["sync"][..], [&own, &other]),
        (&["subscribe", "--private"], [&own, &other]),
        (&["subscribe"], [&own, &other]),
        (&["preview", "--private"], [&own, &other]),
        (&["preview"], [&own, &other]),
        (&["unsubscribe"], [&other, &own]),
        (&["subscriptions", "move", "127.0.0.6"], [&own, &other]),
    ] {
        for address in addresses {
            run(&user, &[command, &[address.as_str()]].concat());
        }
    }
    check_files(&user, false);
}

#[test]
fn a_new_address_with_a_key_is_only_in_the_record_that_suggests_it() {
    let mut user = User::new(1);
    user.server.route("/f.xml", Reply::redirect(301, &format!("/moved.xml?key={WORD}")));
    user.server.route(&format!("/moved.xml?key={WORD}"), Reply::ok(relative("Moved")));
    user.follow(&[user.server.url("/f.xml")]);
    assert_eq!(run(&user, &["sync", "-v"]), 0);
    let records =
        || files(&user.path(STATES)).into_iter().filter(|(_, record)| String::from_utf8_lossy(record).contains(WORD));
    let (path, record) = records().next().expect("a record with the address");
    // As after three days.
    let mut record: Value = serde_json::from_slice(&record).unwrap();
    record["moved"]["seen"] =
        serde_json::json!(["2026-11-27T12:00:00Z", "2026-11-28T12:00:00Z", "2026-11-29T12:00:00Z"]);
    std::fs::write(&path, record.to_string()).unwrap();
    user.pass(TimeDelta::days(2));
    let out = user.done(&["sync", "-v", "--format", "jsonl"]);
    check(out.as_bytes(), "the result of the sync");
    assert!(out.contains("/moved.xml"), "{out}");
    for arguments in [&["subscriptions"][..], &["subscriptions", "--format", "json"], &["check"], &["sync", "--all"]] {
        run(&user, arguments);
    }
    check_files(&user, true);
    assert_eq!(
        files(&user.path(STATES)).values().filter(|record| String::from_utf8_lossy(record).contains(WORD)).count(),
        1
    );
}

#[test]
fn mistakes_in_the_list_are_reported_without_their_secrets() {
    let user = User::new(1);
    for (number, line) in [
        format!("- http://me:{WORD}@"),
        format!("- http://me:{WORD}@[::/a?{WORD}"),
        format!("- ftp://me:{WORD}@site.example/?{WORD}"),
        format!("- javascript:{WORD}"),
        format!("- https://site.example/?{WORD}\n- https://site.example/?{WORD}"),
        format!("- feed: https://me:{WORD}@site.example/?{WORD}\n  every: never"),
        format!("- feed: https://site.example/\n  auth: {{user: me, password: {WORD}}}"),
        format!("- feed: https://site.example/\n  auth: {{user: me, password command: \"pass '{WORD}\"}}"),
        format!("- feed: https://site.example/\n  auth: {{user: me, password variable: \"{WORD} x\"}}"),
        format!("- feed: https://site.example/\n  auth: me:{WORD}"),
        format!("- feed: https://site.example/\n  auth: {{user: [{WORD}], password file: /none}}"),
        format!("- feed: https://site.example/\n  headers: {WORD}"),
        format!("- feed: https://site.example/\n  headers: {{X-Key: [{WORD}]}}"),
        format!("- feed: https://site.example/\n  headers: {{X-Key: \"{WORD}\\n\"}}"),
        format!("- feed: https://site.example/\n  headers: {{Authorization: {WORD}}}"),
        format!("- feed: https://site.example/?{WORD}\n  folder: ../x\n  only: \"(\""),
        format!("- feed: https://me:{WORD}@site.example/?{WORD}\n  folder: x\n- feed: https://other.example/?{WORD}\n  folder: x"),
        format!("- feed: https://site.example/?{WORD}\n   title: \"x"),
    ]
    .into_iter()
    .enumerate()
    {
        user.home.file(LIST, &line);
        for arguments in [&["subscriptions"][..], &["check", "-v"], &["sync", "--dry-run"], &["list"], &["config"]] {
            let ran = user.run(arguments);
            check((ran.out + &ran.err).as_bytes(), &format!("{arguments:?} with {line:?}, {number}"));
        }
    }
}

#[test]
fn secrets_are_in_no_list_of_processes_and_no_log_of_the_reader() {
    if !has_proc() {
        return;
    }
    let user = user();
    let gate = Gate::default();
    let passed = gate.clone();
    user.server.route_fn("*", move |request| {
        passed.wait();
        Reply::ok(relative(&request.host))
    });
    let mut sync = Running::start_to(user.command(&["sync", "--verbose"]), &user.path("out"));
    user.server.wait_for(6);
    let children = sync.wait_for_children(1);
    for pid in children {
        for name in ["cmdline", "environ", "status"] {
            let text = std::fs::read(format!("/proc/{pid}/{name}")).unwrap_or_default();
            assert!(!text.is_empty() || name == "environ", "{name}");
            check(&text, &format!("{name} of a child"));
        }
    }
    check(&std::fs::read(format!("/proc/{}/cmdline", sync.pid())).unwrap(), "the command line");
    gate.open();
    let status = sync.wait();
    let out = std::fs::read_to_string(user.path("out")).unwrap();
    assert!(status.success(), "{status}: {out}");

    // The reader, which starts a sync of its own: nothing is due, so all is asked for by hand.
    std::fs::remove_dir_all(user.path(STATES)).unwrap();
    user.server.forget();
    let home = user.home.folder.path().to_str().unwrap();
    let env = [("HOME", home), ("NEWS_PASSWORD", &secret(1))];
    let mut pty = Pty::spawn(env!("CARGO_BIN_EXE_frontpage"), &["-v"], &env, (100, 30));
    pty.wait_for_text("Item 1");
    pty.send("R");
    user.server.wait_for(6);
    pty.send(":subscriptions\r");
    pty.wait_for_text("127.0.0.1");
    let seen = pty.raw();
    pty.send("qq");
    drop(pty);
    check(&seen, "the screen");
    check_files(&user, false);
    assert!(user.path(".local/state/frontpage/frontpage.log").exists());
}

#[test]
fn a_password_command_that_fails_runs_less_and_less_often_until_it_is_wanted() {
    let mut user = User::new(1);
    let runs = user.path("runs");
    let script = user.home.file("password", &format!("#!/bin/sh\necho x >> {}\nexit 1\n", runs.to_string_lossy()));
    std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    let auth = format!("  auth: {{user: me, password command: {}}}\n", script.to_string_lossy());
    user.home.file(LIST, &format!("- feed: {}\n  private: true\n{auth}", user.server.url("/feed.xml")));
    let count = || std::fs::read_to_string(&runs).map_or(0, |text| text.lines().count());
    let out = user.run(&["sync"]).out;
    assert!(out.contains("the password command failed") && out.contains("until then it runs less often"), "{out}");
    let mut counts = Vec::new();
    for minutes in [0, 20, 60, 60, 60, 60, 60, 60] {
        user.pass(TimeDelta::minutes(minutes));
        user.run(&["sync"]);
        counts.push(count());
    }
    assert_eq!((counts[1], counts.is_sorted()), (1, true), "{counts:?}");
    assert!((2..6).contains(counts.last().unwrap()), "{counts:?}");
    // By its name it runs at once.
    let before = count();
    user.run(&["sync", "127.0.0.1"]);
    assert_eq!(count(), before + 1);
    assert!(user.server.paths().is_empty(), "no request without the password");
}
