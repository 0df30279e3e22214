//! `subscriptions.yaml`: the diagnostics of the file, who may write it, and the commands around it.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use frontpage::subscriptions::{Account, Found, SubscriptionsFile};

use crate::harness::command::Home;

const FILE: &str = ".config/frontpage/subscriptions.yaml";

/// The addresses of the subscriptions that are read, and the problems with their positions.
fn read(text: &str) -> (Vec<String>, Vec<String>) {
    let parsed = SubscriptionsFile::parse(text, Path::new("/etc/fp"), Some(Path::new("/home/a")));
    let addresses = parsed.subscriptions.iter().map(|one| one.subscription.address.untrusted().to_owned()).collect();
    let problems = parsed.problems.iter().map(|problem| {
        let (line, column) = problem.at.unwrap_or_default();
        format!("{line}:{column} {problem}")
    });
    (addresses, problems.collect())
}

#[test]
fn what_follows_the_first_document_is_reported() {
    let text = "- https://a.example/\n--- # more\n\n- https://b.example/\n- https://c.example/";
    let reported = "4:1 what follows the first YAML document is not read; remove the line `---` or `...` before it";
    assert_eq!(read(text), (vec!["https://a.example/".to_owned()], vec![reported.to_owned()]));
}

#[test]
fn each_mistake_has_its_position_and_what_to_do() {
    let with = |line: &str| format!("- feed: https://a.example/\n  {line}\n");
    // The problem, and whether the subscription is in use all the same.
    for (line, problem, is_used) in [
        ("tpoics: [a]", "2:3 unknown setting `tpoics` (did you mean `topics`?)", true),
        ("every: 5m", "2:10 `every` is less than 15 minutes; 15m applies", true),
        (
            "every: often",
            "2:10 `often` is not a value of `every`; write a time such as 6h, 1d or 30m, at most 366d",
            true,
        ),
        (
            "every: 99999999999999999999d",
            "2:10 `99999999999999999999d` is not a value of `every`; write a time such as 6h, 1d or 30m, at most 366d",
            true,
        ),
        (
            "keep: 0",
            "2:9 `0` is not a value of `keep`; write days such as 180d, or a number of articles such as 500; all are kept until then",
            true,
        ),
        ("title: [a]", "2:10 `title` is a list, not text; write a single text", true),
        ("topics: [a, [b]]", "2:15 `topics` contains a list, not a topic; write a text", true),
        ("title: \"a\\eb\"", "2:10 a hidden character; it is left out", true),
        (
            "folder: ../x",
            "2:11 `../x` is not the name of a folder; write one plain name, such as rust; ignored until fixed",
            false,
        ),
        (
            "key: 12",
            "2:8 `12` is not a value of `key`; write the 16 hex digits that were here, or remove the line",
            false,
        ),
        ("paused: maybe", "2:11 `maybe` is not a value of `paused`; write true or false", false),
        (
            "user agent: \"a\\tb\\n\"",
            "2:15 `user agent` has a character that a header cannot have; write visible ASCII characters; ignored until fixed",
            false,
        ),
        ("headers: {Host: x}", "2:13 the program sets the header `Host` itself; ignored until fixed", false),
        ("headers: {\"a b\": x}", "2:13 `a b` is not the name of a header; ignored until fixed", false),
        (
            "headers: {X-Token: \"s3cret\\r\\nEvil: 1\"}",
            "2:22 `X-Token` has a character that a header cannot have; write ASCII; ignored until fixed",
            false,
        ),
        (
            "headers: {User-Agent: x}",
            "2:13 the program sets the header `User-Agent` itself; write `user agent`, beside `headers`; ignored until fixed",
            false,
        ),
        (
            "auth: {user: me, password: s3cret}",
            "2:20 a password must not be in this file; write `password command`, `password file` or `password variable`; ignored until fixed",
            false,
        ),
        (
            "auth: {user: me}",
            "2:9 `auth` without a password; add `password command`, `password file` or `password variable`; ignored until fixed",
            false,
        ),
        ("auth: {password command: pass x}", "2:9 `auth` without `user`; add the user; ignored until fixed", false),
        (
            "auth: me",
            "2:9 `auth` is text, not a group of settings; write auth: {user: NAME, password command: COMMAND}; ignored until fixed",
            false,
        ),
        (
            "auth: {user: me, password command: \"pass 'x\"}",
            "2:38 unclosed quote in `password command`; ignored until fixed",
            false,
        ),
        (
            "auth: {user: me, password file: a, password variable: B}",
            "2:9 `auth` has more than one of `password command`, `password file` and `password variable`; write one of them; ignored until fixed",
            false,
        ),
    ] {
        let (used, problems) = read(&with(line));
        assert_eq!((problems, used.len() == 1), (vec![problem.to_owned()], is_used), "{line}");
        assert!(!problem.contains("s3cret"));
    }
    for (text, problem) in [
        (
            "- ftp://a.example/",
            "1:3 `ftp:` cannot be followed; write an address with https:// or http://; ignored until fixed",
        ),
        (
            "- file:///etc/passwd",
            "1:3 `file:` cannot be followed; write an address with https:// or http://; ignored until fixed",
        ),
        ("- a.example/feed", "1:3 `a.example/feed` is not an address; write it with https://; ignored until fixed"),
        (
            "- 'https://me:s3cret@a b/'",
            "1:3 `a` contains a blank or a hidden character; write it without; ignored until fixed",
        ),
        ("-", "1:2 a line without an address; write one after the dash: - https://example.org/feed.xml"),
        ("- [a]", "1:3 a list is not a subscription; write one address after each dash"),
        ("- title: x", "1:3 subscription without `feed`; add the address: feed: https://example.org/feed.xml"),
        (
            "- account: freshrss",
            "1:12 `account` is text, not a group of settings; write account: {service: freshrss, url: https://…, auth: {…}}; \
             ignored until fixed",
        ),
        (
            "- account: {service: freshrss, url: https://a.example/}",
            "1:12 `account` without `auth`; add it; ignored until fixed",
        ),
        (
            "- account: {service: fresh, url: https://a.example/, auth: {user: me, password file: /p}}",
            "1:22 `fresh` is not a value of `service` (did you mean `freshrss`?)",
        ),
        (
            "- account: {service: fever, url: http://a.example/, auth: {user: me, password file: /p}}",
            "1:12 the password would be sent without encryption; add `private: true` if it is on your own network; ignored until \
             fixed",
        ),
        (
            "- account: {service: fever, url: https://10.0.0.1/, auth: {user: me, password file: /p}}",
            "1:12 the server is on a private network; add `private: true` if it is on your own network; ignored until fixed",
        ),
        (
            "feeds: [https://a.example/]",
            "1:1 the subscriptions are a group of settings, not a list; write each address on a line of its own, after `- `",
        ),
    ] {
        let (used, problems) = read(text);
        assert_eq!((used, problems), (Vec::new(), vec![problem.to_owned()]), "{text}");
    }
    let (used, problems) = read("- url: https://a.example/\n");
    assert_eq!((used.len(), problems.len()), (0, 2));
    assert!(
        problems.iter().any(|problem| problem == "1:3 unknown setting `url` (did you mean `feed`?)"),
        "{problems:?}"
    );
}

#[test]
fn subscriptions_that_are_twice_or_share_a_folder_are_reported() {
    let (used, problems) = read(
        "- https://a.example/feed?token=s3cret\n- feed: http://A.example:80/feed/?token=s3cret\n- https://b.example/\n\
         - {feed: https://c.example/, folder: Caf\u{e9}}\n- {feed: https://d.example/, folder: \"cafe\u{301}\"}\n\
         - {feed: https://e.example/, key: 0123456789abcdef}\n- {feed: https://f.example/, key: 0123456789abcdef}\n\
         - http://192.168.1.5/feed\n- {feed: http://nas.local/, private: true}\n",
    );
    assert_eq!(used.len(), 6, "{used:?}");
    assert_eq!(
        problems,
        [
            "2:3 `http://a.example/feed/` is in line 1 already; ignored until fixed",
            "5:3 the subscription in line 4 has the same folder `cafe\u{301}`; ignored until fixed",
            "7:3 the subscription in line 6 has the same key; ignored until fixed",
            "8:3 `192.168.1.5` is on a private network; nothing is fetched from there; add `private: true` if you trust it",
        ]
    );
}

#[test]
fn hostile_files_end_as_a_problem() {
    for text in
        ["[".repeat(100_000), "- ".repeat(100_000), "{".repeat(5000), "- &a [*a, *a]\n".repeat(1000), "\0\0".into()]
    {
        let parsed = SubscriptionsFile::parse(&text, Path::new(""), None);
        assert!(parsed.subscriptions.is_empty() && !parsed.problems.is_empty(), "{:?}", &text[..8.min(text.len())]);
    }
    let many = "- {feed: x, tpoics: [a]}\n".repeat(20_000);
    assert!(SubscriptionsFile::parse(&many, Path::new(""), None).subscriptions.is_empty());
}

#[test]
fn a_file_that_others_can_write_is_not_read() {
    let home = Home::new();
    let file = home.file(FILE, "- https://a.example/feed\n");
    let folder = file.parent().unwrap().to_owned();
    let dotfiles = home.file("dotfiles/subs.yaml", "- https://b.example/feed\n");
    let mode = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    let found = |expected: Found, problem: &str| {
        let read = SubscriptionsFile::read(&file, None);
        let problems: Vec<String> = read.problems.iter().map(ToString::to_string).collect();
        assert_eq!(read.found, expected, "{problems:?}");
        assert!(
            problems.iter().all(|found| found.contains(problem)) && problems.is_empty() == problem.is_empty(),
            "{problems:?}"
        );
        assert_eq!(read.subscriptions.is_empty(), expected != Found::List);
    };
    [folder.as_path(), dotfiles.parent().unwrap()].iter().for_each(|folder| mode(folder, 0o755));
    mode(&dotfiles, 0o644);
    for (file_mode, folder_mode, problem) in [
        (0o600, 0o700, ""),
        (0o644, 0o755, ""),
        (0o664, 0o755, "run `chmod go-w "),
        (0o646, 0o755, "subscriptions.yaml`"),
        (0o644, 0o775, "/frontpage`"),
        (0o644, 0o1777, "/frontpage`"),
    ] {
        mode(&file, file_mode);
        mode(&folder, folder_mode);
        found(if problem.is_empty() { Found::List } else { Found::Unusable }, problem);
    }
    mode(&folder, 0o755);
    std::fs::remove_file(&file).unwrap();
    symlink("../../dotfiles/subs.yaml", &file).unwrap();
    found(Found::List, "");
    mode(dotfiles.parent().unwrap(), 0o777);
    found(Found::Unusable, "dotfiles");
    mode(dotfiles.parent().unwrap(), 0o755);
    mode(&dotfiles, 0o666);
    found(Found::Unusable, "subs.yaml");
    std::fs::remove_file(&file).unwrap();
    found_nothing(&file);
    std::fs::create_dir(&file).unwrap();
    found(Found::Unusable, "not a regular file");
}

fn found_nothing(file: &Path) {
    assert_eq!(SubscriptionsFile::read(file, None), SubscriptionsFile::default());
}

/// A home with these subscriptions, in files that no other user can write, whatever the umask is.
fn home_with(text: &str) -> Home {
    let home = Home::new();
    let file = home.file(FILE, text);
    for (path, mode) in [(file.as_path(), 0o600), (file.parent().unwrap(), 0o700)] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    home
}

fn text_of(home: &Home) -> String {
    std::fs::read_to_string(home.folder.path().join(FILE)).unwrap_or_default()
}

#[test]
fn subscriptions_are_listed_with_articles_and_problems() {
    let home = home_with(
        "- feed: https://me:s3cret@a.example/feed?token=s3cret\n  title: Mine\n- https://b.example/feed\n- bad\n",
    );
    let file = SubscriptionsFile::read(&home.folder.path().join(FILE), None);
    let key = file.subscriptions[0].subscription.key();
    home.file(
        &format!(".local/state/frontpage/sync/{key}.json"),
        "{\"requested\": \"2021-02-20T11:00:00Z\", \"succeeded\": \"2021-02-19T11:00:00Z\", \"next\": \"2021-02-20T15:00:00Z\", \
         \"status\": 503, \"failing_since\": \"2021-02-20T11:00:00Z\", \"new\": 2, \
         \"problem\": {\"what\": \"the server is down\", \"remedy\": \"wait\", \"is_failure\": true}}",
    );
    let article = |name: &str| {
        format!(
            "---\ntitle: {name}\npublishedDateTime: 2021-02-01\nfeed: https://a.example/feed\narticleId: \"{key}#{name}\"\n---\nx\n"
        )
    };
    home.file("articles/one.md", &article("one"));
    home.file("articles/two.md", &article("two"));
    home.file("articles/other.md", "---\ntitle: other\n---\nx\n");
    let ran = home.run(&["-L", &home.folder.path().join("articles").to_string_lossy(), "subscriptions"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(
        lines,
        [
            "   new  unread  articles  last      next      title",
            "     2       2         2  25 h      in 3 h    Mine",
            "        the server is down; wait",
            "     0       0         0  never     due       https://b.example/feed",
        ]
    );
    assert!(ran.err.contains("subscriptions.yaml:4:3: `bad` is not an address"), "{}", ran.err);
    let ran = home.run(&["subscriptions", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        (&json[0]["title"], &json[0]["state"], &json[0]["status"]),
        (&"Mine".into(), &"failing".into(), &503.into())
    );
    assert_eq!((&json[1]["state"], &json[1]["problem"]), (&"never fetched".into(), &serde_json::Value::Null));
    assert!(!format!("{}{}", ran.out, ran.err).contains("s3cret"), "{}{}", ran.out, ran.err);
    let ran = home.run(&["check", &home.folder.path().join("articles").to_string_lossy()]);
    assert!(ran.err.contains("`bad` is not an address"), "{}", ran.err);
}

#[test]
fn lists_are_imported_and_exported() {
    let home = home_with("# mine\n- https://a.example/feed\n");
    home.file(
        "urls",
        "https://a.example/feed\nhttps://b.example/feed tag \"~B: title\" !hidden\nhttps://b.example/feed/\n\
         exec:~/bin/x\nhttps://me:s3cret@c.example/\nhttp://192.168.0.1/\n\"query:News:unread = \\\"yes\\\"\"\n",
    );
    let urls = home.folder.path().join("urls").to_string_lossy().into_owned();
    let before = text_of(&home);
    let ran = home.run(&["subscriptions", "import", &urls, "--dry-run"]);
    assert_eq!((ran.code, text_of(&home)), (1, before.clone()), "{}", ran.err);
    assert!(ran.err.contains("would add 1 subscription; 1 searches would be saved; 1 already in subscriptions.yaml; 1 listed twice; 3 refused"), "{}", ran.err);
    let ran = home.run(&["subscriptions", "import", &urls]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(!ran.err.contains("s3cret") && ran.err.contains("it runs a program"), "{}", ran.err);
    let after = text_of(&home);
    assert!(after.starts_with(&before), "{after}");
    assert!(after.contains("- feed: https://b.example/feed\n  title: \"B: title\"\n  topics: [\"tag\""), "{after}");
    let searches = std::fs::read_to_string(home.folder.path().join(".config/frontpage/searches.yaml")).unwrap();
    assert!(searches.contains("News: \"is:unread\""), "{searches}");
    // What is exported is imported again as it was.
    let opml = home.folder.path().join("out.opml").to_string_lossy().into_owned();
    let ran = home.run(&["subscriptions", "export", &opml]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(home.run(&["subscriptions", "export", &opml]).code, 2, "never overwritten");
    let other = home_with("");
    let ran = other.run(&["subscriptions", "import", &opml]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let [first, second] = [&home, &other].map(|home| {
        let read = SubscriptionsFile::read(&home.folder.path().join(FILE), None);
        read.subscriptions.into_iter().map(|one| one.subscription).collect::<Vec<_>>()
    });
    assert_eq!(first, second);
}

#[test]
fn an_export_warns_of_secrets_and_an_import_reads_the_standard_input() {
    let home = home_with("- https://a.example/feed?token=s3cret\n");
    let ran = home.run(&["subscriptions", "export"]);
    assert!(ran.out.contains("token=s3cret") && !ran.err.contains("s3cret"), "{}", ran.out);
    assert!(ran.err.contains("1 address contains a password or a query"), "{}", ran.err);
    let ran = home.run(&["subscriptions", "import", "-"]);
    assert_eq!((ran.code, ran.err.contains("added 0 subscriptions")), (0, true), "{}", ran.err);
}

#[test]
fn a_new_file_is_readable_by_its_owner_only() {
    let home = Home::new();
    home.file("list", "https://a.example/feed\n");
    let ran = home.run(&["subscriptions", "import", &home.folder.path().join("list").to_string_lossy()]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        text_of(&home).starts_with("# What frontpage follows")
            && text_of(&home).ends_with("- https://a.example/feed\n")
    );
    let mode = std::fs::metadata(home.folder.path().join(FILE)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[cfg(feature = "sync")]
#[test]
fn a_folder_that_is_not_one_name_is_refused_before_anything_is_asked() {
    let home = home_with("- https://a.example/feed\n");
    for name in ["a/b", "..", ".hidden", "a\\b", "", "a\nb"] {
        let ran = home.run(&["subscribe", "https://b.invalid/feed", "--folder", name]);
        assert!(ran.code == 2 && ran.err.contains("is not the name of a folder"), "{name:?}: {}", ran.err);
        assert_eq!(text_of(&home), "- https://a.example/feed\n");
    }
}

#[test]
fn a_subscription_moves_with_its_key_and_folder() {
    let home = home_with("# x\n- https://old.example/feed # y\n- https://b.example/feed\n");
    let first = |home: &Home| {
        SubscriptionsFile::read(&home.folder.path().join(FILE), None).subscriptions[0].subscription.clone()
    };
    let (before, folder) = (first(&home).key(), first(&home).folder_name().unwrap());
    let ran = home.run(&["subscriptions", "move", "old.example", "https://new.example/feed"]);
    assert_eq!((ran.code, first(&home).key()), (0, before), "{}", ran.err);
    assert_eq!(first(&home).folder_name().as_ref(), Some(&folder));
    assert_eq!(
        text_of(&home),
        format!(
            "# x\n- feed: https://new.example/feed # y\n  key: \"{before}\"\n  folder: \"{folder}\"\n- https://b.example/feed\n"
        )
    );
    for (new, why) in
        [("https://b.example/feed/", "is in subscriptions.yaml already"), ("nonsense", "is not an address")]
    {
        let ran = home.run(&["subscriptions", "move", "new.example", new]);
        assert_eq!((ran.code, ran.err.contains(why)), (2, true), "{}", ran.err);
    }
}

#[test]
fn unsubscribing_keeps_articles_unless_asked() {
    let home = home_with(
        "- {feed: https://a.example/feed, title: Alpha}\n# b\n- {feed: https://b.example/feed, title: Alpine}\n",
    );
    let ran = home.run(&["unsubscribe", "alp"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("2 subscriptions match alp") && ran.err.contains("Alpine https://b.example/feed"),
        "{}",
        ran.err
    );
    assert_eq!(home.run(&["unsubscribe", "nothing"]).code, 2);
    let ran = home.run(&["unsubscribe", "b.example"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(text_of(&home), "- {feed: https://a.example/feed, title: Alpha}\n# b\n");
    assert!(ran.err.contains("its articles stay"));
}

#[test]
fn articles_are_deleted_only_as_they_were_written() {
    use sha2::{Digest, Sha256};
    let home = home_with("- {feed: https://a.example/feed, folder: alpha}\n");
    let key = SubscriptionsFile::read(&home.folder.path().join(FILE), None).subscriptions[0].subscription.key();
    let folder = ".local/share/frontpage/articles/alpha";
    let mut state = "{\"frontpage\":\"sync state\",\"version\":1}\n".to_owned();
    for name in ["one", "two", "edited", "kept"] {
        let text = format!("---\ntitle: {name}\narticleId: \"{key}#{name}\"\n---\nx\n");
        home.file(&format!("{folder}/{name}.md"), &text);
        let hash: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
        state += &format!("{{\"id\":\"{name}\",\"name\":\"{name}.md\",\"written\":\"{hash}\"}}\n");
    }
    home.file(&format!("{folder}/edited.md"), "mine");
    home.file(&format!("{folder}/own.md"), "my own file");
    let state_file = home.file(&format!(".local/state/frontpage/sync/{key}.jsonl"), &state);
    let tagged = home.run(&["mark", "tag", "later", "title:kept"]);
    assert_eq!(tagged.code, 0, "{}", tagged.err);
    let ran = home.run(&["unsubscribe", "alpha", "--delete-articles"]);
    assert_eq!((ran.code, ran.err.contains("add --yes")), (2, true), "{}", ran.err);
    assert!(text_of(&home).contains("a.example"), "nothing is changed before the answer");
    let ran = home.run(&["unsubscribe", "alpha", "--delete-articles", "--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("deleted 2 articles") && ran.err.contains("1 article stays: edited"), "{}", ran.err);
    assert!(ran.err.contains("1 article stays: starred, tagged or with a note"), "{}", ran.err);
    let mut left: Vec<String> = std::fs::read_dir(home.folder.path().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, ["edited.md", "kept.md", "own.md"]);
    assert!(state_file.exists(), "it remembers what was deleted, since files stay");
}

#[test]
fn accounts_are_read_beside_subscriptions() {
    let text = "- account:\n    service: miniflux\n    url: https://a.example/\n    title: Home\n    auth: {user: me, password \
                command: pass show a}\n    every: 1h\n- https://b.example/feed\n- account: {service: fever, url: http://nas.local/fever, \
                private: yes, auth: {user: you, password variable: P}}\n- account: {service: miniflux, url: https://a.example, auth: \
                {user: me, password file: /p}}\n";
    let file = SubscriptionsFile::parse(text, Path::new("/etc"), None);
    let problems: Vec<String> = file.problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems, ["the account is in line 1 already; ignored until fixed"]);
    let accounts: Vec<(&str, &str, &str, Option<u32>)> = file
        .accounts
        .iter()
        .map(|listed| {
            let Account { service, server } = &listed.account;
            (service.name(), server.address.untrusted(), server.title.as_str(), server.every)
        })
        .collect();
    let expected =
        [("miniflux", "https://a.example/", "Home", Some(60)), ("fever", "http://nas.local/fever", "", None)];
    assert_eq!((accounts.as_slice(), file.subscriptions.len()), (&expected[..], 1));
}
