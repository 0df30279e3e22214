//! Programs that run for new articles: what they get, for which articles, how often, and what they cannot harm.

use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use super::*;
use crate::harness::pty::{Exit, LIMIT, Pty};
use crate::harness::random::Random;
use crate::rounds;

const SETTINGS: &str = ".config/frontpage/config.yaml";

/// A user who follows a channel with ten old articles, which were fetched.
fn user(settings: &str) -> User {
    let mut user = User::new(1);
    user.server.route("/feed.xml", Reply::ok(rss("Tea", 100..110)));
    user.follow(&[user.server.url("/feed.xml")]);
    user.settings(settings);
    user.done(&["sync"]);
    assert_eq!(user.recorded(), [] as [Recorded; 0], "nothing runs for the articles of a first sync");
    user.pass(TimeDelta::days(2));
    user
}

/// One run of the recorder: its arguments and what it read.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Recorded {
    words: Vec<String>,
    input: String,
}

impl User {
    /// Writes the settings, in which `RECORDER` is a program that records how it is called.
    pub(super) fn settings(&self, settings: &str) {
        let folder = self.path("runs");
        let script = format!(
            "#!/bin/sh\nd='{0}'; mkdir -p \"$d\"; n=$(ls \"$d\" | wc -l); f=\"$d/$(printf %05d \"$n\")\"\n\
             [ -e \"$f\" ] && f=\"$f-again\"\nt=\"$d/.$$\"; {{ printf '%s\\0' \"$@\"; printf '|'; cat; }} > \"$t\"; mv \"$t\" \"$f\"\n",
            folder.to_str().unwrap()
        );
        let recorder = self.home.file("recorder", &script);
        std::fs::set_permissions(&recorder, PermissionsExt::from_mode(0o700)).unwrap();
        self.home.file(SETTINGS, &settings.replace("RECORDER", recorder.to_str().unwrap()));
    }

    fn recorded(&self) -> Vec<Recorded> {
        let read = |text: Vec<u8>| {
            let text = String::from_utf8(text).expect("text");
            let (words, input) = text.split_once('|').expect("words and input");
            let words = words.trim_end_matches('\0').split('\0').map(str::to_owned).collect();
            Recorded { words, input: input.to_owned() }
        };
        // A recorder that was ended with its sync has a hidden file.
        let is_whole = |path: &Path| !path.file_name().unwrap().to_string_lossy().starts_with('.');
        files(&self.path("runs")).into_iter().filter(|(path, _)| is_whole(path)).map(|(_, text)| read(text)).collect()
    }

    /// The words of all runs.
    pub(super) fn words(&self) -> Vec<String> {
        self.recorded().into_iter().flat_map(|run| run.words).collect()
    }

    /// The channel has these items now, and is fetched.
    fn brings(&mut self, numbers: impl IntoIterator<Item = u32>) -> Ran {
        self.server.route("/feed.xml", Reply::ok(rss("Tea", numbers)));
        let ran = self.run(&["sync"]);
        self.pass(TimeDelta::days(2));
        ran
    }
}

fn titles(run: &Recorded) -> Vec<String> {
    let title = |line: &str| serde_json::from_str::<Value>(line).expect("JSON")["title"].as_str().unwrap().to_owned();
    run.input.lines().map(title).collect()
}

#[test]
fn a_program_runs_once_for_all_new_articles_that_its_query_finds() {
    let mut user = user(
        "on new:\n  - {when: \"Tea\", run: 'RECORDER {count} -q={query} {link}'}\n  - {when: title:\"Tea 2\", run: RECORDER other}\n  - {when: title:coffee, run: RECORDER none}\n",
    );
    let ran = user.brings(0..3);
    assert_eq!((ran.code, ran.err.contains("on new")), (0, false), "{}", ran.err);
    let runs = user.recorded();
    assert_eq!(runs.len(), 2, "{runs:?}");
    let links = (0..3).map(|number| format!("https://site.example/Tea/{number}"));
    assert_eq!(runs[0].words, ["3".to_owned(), "-q=Tea".to_owned()].into_iter().chain(links).collect::<Vec<_>>());
    assert_eq!(titles(&runs[0]), ["Tea 0", "Tea 1", "Tea 2"]);
    let first: Value = serde_json::from_str(runs[0].input.lines().next().unwrap()).unwrap();
    assert!(Path::new(first["path"].as_str().unwrap()).is_file(), "{first}");
    assert_eq!((runs[1].words.clone(), titles(&runs[1])), (vec!["other".to_owned()], vec!["Tea 2".to_owned()]));
    // Changed articles are not new, and known ones run nothing again.
    user.server.route("/feed.xml", Reply::ok(rss("Tea", 0..3).replace("Text 1", "New text 1")));
    let (results, _) = user.sync(&[]);
    assert_eq!(results["Tea"]["updated"], 1, "{results:?}");
    assert_eq!(user.recorded().len(), 2);
}

#[test]
fn a_program_for_each_article_runs_at_most_twenty_times_and_goes_on_with_the_next_sync() {
    let mut user = user(
        "on new:\n  - {when: \"\", run: 'RECORDER --t={title}', for: article, input: nothing}\n  - {when: \"\", run: RECORDER all}\n",
    );
    let ran = user.brings(0..45);
    assert!(ran.code == 0 && ran.err.contains("25 articles of `on new` `` left for the next sync"), "{}", ran.err);
    for (each, all) in [(20, 1), (40, 1), (45, 1), (45, 1)] {
        let runs = user.recorded();
        let of_all = runs.iter().filter(|run| run.words == ["all"]).count();
        assert_eq!((runs.len() - of_all, of_all), (each, all));
        user.brings(0..45);
    }
    let mut words = user.words();
    words.retain(|word| word != "all");
    let newest: Vec<String> = (0..20).map(|number| format!("--t=Tea {number}")).collect();
    assert_eq!(words[..20], newest);
    words.sort();
    words.dedup();
    assert_eq!(words.len(), 45, "none twice");
}

#[test]
fn rules_hide_articles_from_programs_and_an_entry_that_is_wrong_runs_nothing() {
    let mut user = user(
        "rules:\n  - {when: title:\"Tea 1\", do: hide}\n  - {when: title:\"Tea 2\", do: [read, score: 9]}\non new:\n  - {when: 'score:>5', run: RECORDER score}\n  - {when: is:unread, run: RECORDER unread}\n  - {when: 'date:moon', run: RECORDER x}\n",
    );
    let ran = user.brings(0..4);
    assert!(ran.err.contains("config.yaml:7:18:") && ran.err.contains("nothing runs for it"), "{}", ran.err);
    let runs: Vec<(Vec<String>, Vec<String>)> =
        user.recorded().into_iter().map(|run| (run.words.clone(), titles(&run))).collect();
    let of = |word: &str, titles: &[&str]| {
        (vec![word.to_owned()], titles.iter().map(|title| (*title).to_owned()).collect::<Vec<_>>())
    };
    assert_eq!(runs, [of("score", &["Tea 2"]), of("unread", &["Tea 0", "Tea 3"])]);
}

#[test]
fn articles_wait_for_an_entry_whose_query_is_not_valid_until_it_is() {
    let settings = "on new:\n  - {when: saved:drinks, run: RECORDER drinks, input: nothing}\n  - {when: \"\", run: RECORDER all}\n";
    let searches = ".config/frontpage/searches.yaml";
    let mut user = user(settings);
    for (numbers, all) in [(0..2, 1), (0..3, 2)] {
        user.brings(numbers);
        assert_eq!(user.words(), vec!["all"; all], "nothing runs for the search that is not there");
    }
    user.home.file(searches, "drinks: title:tea\n");
    user.brings(0..3);
    assert_eq!(user.words(), ["all", "all", "drinks"]);
    user.brings(0..3);
    assert_eq!(user.words().len(), 3, "nothing runs twice");
}

#[test]
fn titles_of_strangers_are_exactly_one_argument_or_one_line() {
    let hostile = [
        "$(touch canary)",
        "`touch canary`",
        "-rf",
        "--output=/etc/passwd",
        "a && touch canary; #",
        "it's \"quoted\" \\ '",
        "{link} {title}",
        "%s %n",
        "~/x *.md $HOME",
        "a\u{202e}b\u{1b}[2Jc",
        "港新聞 🦀",
    ];
    let user = user(
        "on new:\n  - {when: \"\", run: 'RECORDER {link} -t{title} -- {title} {provider}', for: article}\n  - {when: \"\", run: [sh, -c, 'printf \"%s\" \"$FRONTPAGE_COUNT $FRONTPAGE_TITLE\" | exec \"$0\" env', RECORDER]}\n",
    );
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('\u{1b}', "");
    let items: String = hostile
        .iter()
        .enumerate()
        .map(|(number, title)| {
            let title = escaped(&escaped(title));
            format!("<item><guid>h{number}</guid><title>{title}</title><link>https://site.example/h{number}?a=$(x)</link></item>")
        })
        .collect();
    let document = format!("<rss version=\"2.0\"><channel><title>-e $(touch canary)</title>{items}</channel></rss>");
    user.server.route("/feed.xml", Reply::ok(document));
    assert_eq!(user.run(&["sync"]).code, 0);
    let shown: Value = serde_json::from_str(&user.done(&["list", "url:site.example/h", "--format", "json"])).unwrap();
    let mut expected: Vec<Vec<String>> = shown
        .as_array()
        .unwrap()
        .iter()
        .map(|article| {
            let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{article}")).to_owned();
            let title = text(&article["title"]);
            vec![
                text(&article["link"]),
                format!("-t{title}"),
                "--".to_owned(),
                title,
                text(&article["provider"]["name"]),
            ]
        })
        .collect();
    expected.sort();
    assert_eq!(expected.len(), hostile.len());
    let (mut runs, of_all): (Vec<Recorded>, Vec<Recorded>) =
        user.recorded().into_iter().partition(|run| run.words != ["env"]);
    runs.sort_by(|a, b| a.words.cmp(&b.words));
    assert_eq!(runs.iter().map(|run| run.words.clone()).collect::<Vec<_>>(), expected);
    for run in &runs {
        assert_eq!(titles(run), [run.words[3].clone()]);
        assert!(!run.input.contains(['\u{1b}', '\u{202e}']), "{run:?}");
    }
    // A title is a variable only where there is one article.
    assert_eq!(of_all.iter().map(|run| run.input.clone()).collect::<Vec<_>>(), ["11 "]);
    assert!(!Path::new("canary").exists() && !user.path("canary").exists(), "a title was run");
}

#[test]
fn programs_that_hang_fail_write_without_end_or_are_missing_are_named_and_harm_nothing() {
    let mut user = user(
        "on new:\n  - {when: \"\", run: [sh, -c, 'sleep 600 & sleep 600'], limit: 1s}\n  - {when: \"\", run: [sh, -c, 'while :; do echo spam; done']}\n  - {when: \"\", run: [sh, -c, 'printf \"\\033[31mwhy\\n\" >&2; exit 3'], for: article}\n  - {when: title:tea, run: /nowhere/program}\n  - {when: \"\", run: RECORDER last}\n",
    );
    let ran = user.brings(0..2);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for words in [
        ":2:13: `on new`: `sh` did not end within 1 s; set a longer `limit`",
        ":3:13: `on new`: `sh` was ended: it wrote more than 1 MiB; let it write less",
        ":4:13: `on new`: `sh` ended with exit status: 3: why (and 1 more problem)",
        ":5:12: `on new` `title:tea`: cannot run /nowhere/program: program not found; change `run` in the settings",
        "2 articles of `on new` `title:tea` left for the next sync",
    ] {
        assert!(ran.err.contains(words), "{words}: {}", ran.err);
    }
    assert!(!ran.err.contains('\u{1b}'));
    assert_eq!((user.words(), user.titles("Tea").len()), (vec!["last".to_owned()], 12));
    // What could not be started runs as soon as it can; what failed is not repeated.
    let program = user.path("recorder");
    user.settings(&format!("on new:\n  - {{when: title:tea, run: {}}}\n", program.to_str().unwrap()));
    let ran = user.brings(0..2);
    assert_eq!((ran.code, ran.err.contains("left for")), (0, false), "{}", ran.err);
    assert_eq!(user.recorded().len(), 1, "another program is another entry");
}

#[test]
fn a_program_that_was_missing_runs_for_the_articles_that_waited() {
    let mut user = user("on new:\n  - {when: \"\", run: 'missing-program {count}'}\n");
    user.home = std::mem::replace(&mut user.home, Home::new()).with("PATH", "/usr/bin:/bin");
    assert!(user.brings(0..2).err.contains("cannot run missing-program: program not found"));
    assert!(user.brings(0..3).err.contains("3 articles"));
    let folder = user.path("bin");
    std::fs::create_dir(&folder).unwrap();
    std::fs::rename(user.path("recorder"), folder.join("missing-program")).unwrap();
    let path = format!("{}:/usr/bin:/bin", folder.to_str().unwrap());
    user.home = std::mem::replace(&mut user.home, Home::new()).with("PATH", &path);
    let ran = user.brings(0..3);
    assert_eq!((ran.code, ran.err.contains("on new"), user.words()), (0, false, vec!["3".to_owned()]), "{}", ran.err);
}

/// The items of a channel are at most a thousand.
fn of_thousands_of_new_articles_a_program_gets_the_newest_thousand(channels: u8) {
    let mut user = User::new(channels);
    let path = |number: u8| format!("/{number}.xml");
    let route = |user: &User, items: std::ops::Range<u32>| {
        for number in 1..=channels {
            user.server.route(&path(number), Reply::ok(rss(&format!("Tea{number}"), items.clone())));
        }
    };
    route(&user, 2000..2001);
    user.follow(&(1..=channels).map(|number| user.server.url_at(&host(number), &path(number))).collect::<Vec<_>>());
    user.settings("on new:\n  - {when: \"\", run: 'RECORDER {count}'}\n");
    user.done(&["sync"]);
    user.pass(TimeDelta::days(2));
    route(&user, 0..990);
    let ran = user.run(&["sync", "--all"]);
    let left_out = frontpage::text::grouped(usize::from(channels) * 990 - 1000);
    let words = format!("{left_out} new articles left out: at most 1,000 are taken; narrow its query");
    assert!(ran.err.contains(&words), "{}", ran.err);
    let runs = user.recorded();
    assert_eq!((runs.len(), runs[0].words.clone(), titles(&runs[0]).len()), (1, vec!["1000".to_owned()], 1000));
    let newest = titles(&runs[0]).iter().filter(|title| title.ends_with(" 0")).count();
    assert_eq!(newest, usize::from(channels));
    user.pass(TimeDelta::days(2));
    user.done(&["sync", "--all"]);
    assert_eq!(user.recorded().len(), 1);
}

rounds!(of_thousands_of_new_articles_a_program_gets_the_newest_thousand, 2, 11);

#[test]
fn a_setting_that_others_can_write_runs_nothing() {
    let mut user = user("on new:\n  - {when: \"\", run: RECORDER}\n");
    std::fs::set_permissions(user.path(SETTINGS), PermissionsExt::from_mode(0o666)).unwrap();
    let ran = user.brings(0..2);
    assert!(ran.err.contains("`on new` names programs, and other users can write to"), "{}", ran.err);
    assert_eq!(user.recorded(), []);
}

#[test]
fn the_report_of_a_sync_names_what_ran_and_the_reader_its_problems() {
    let mut user = user("on new:\n  - {when: \"\", run: RECORDER}\n  - {when: title:tea, run: /nowhere/program}\n");
    user.server.route("/feed.xml", Reply::ok(rss("Tea", 0..2)));
    let ran = user.run(&["sync", "--format", "jsonl"]);
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let hooks: Vec<&Value> = lines.iter().filter(|line| line.get("on_new").is_some()).collect();
    assert_eq!((ran.code, hooks.len()), (0, 2), "{}", ran.out);
    assert_eq!((hooks[0]["result"].as_str(), hooks[0]["articles"].as_u64()), (Some("ran"), Some(2)));
    assert_eq!((hooks[1]["result"].as_str(), hooks[1]["waiting"].as_u64()), (Some("failed"), Some(2)));
    assert!(lines.last().unwrap().get("summary").is_some());
    user.pass(TimeDelta::days(2));
    let last = |ran: Ran| serde_json::from_str::<Value>(ran.out.lines().last().unwrap()).expect("JSON");
    assert_eq!(last(user.run(&["sync", "--progress"]))["summary"]["programs_failed"], 1);
    let kept = || std::fs::read_to_string(user.path(STATES).join("on-new.json")).unwrap_or_default();
    assert!(kept().contains("cannot run /nowhere/program"), "{}", kept());
    user.settings("on new:\n  - {when: title:tea, run: RECORDER}\n");
    user.done(&["sync"]);
    assert_eq!(kept(), "", "an entry that is gone has no problem");
}

#[test]
fn a_sync_of_the_reader_runs_programs_and_their_problems_are_listed() {
    let user = user(
        "sync: {every: never}\non new:\n  - {when: \"\", run: RECORDER}\n  - {when: title:tea, run: /nowhere/program}\n  - {when: \"\", notify: terminal}\n",
    );
    user.server.route("/feed.xml", Reply::ok(rss("Tea", 0..2)));
    let now = user.now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let home = user.home.folder.path().to_str().unwrap().to_owned();
    let program = env!("CARGO_BIN_EXE_frontpage");
    let mut pty = Pty::spawn(program, &["--now", &now], &[("HOME", &home)], (100, 30));
    pty.wait_for_text("Tea 100");
    pty.send("R");
    pty.wait_for_text("1 program failed: see :problems");
    pty.wait_for_bytes("\x1b]9;frontpage: 2 new articles: Tea 0 · Tea 1\x1b\\");
    pty.wait_for_text("⚠ 1");
    pty.send(":problems\r");
    pty.wait_for_text("cannot run /nowhere/program");
    pty.send("\x1b");
    pty.wait_for_text("Space on");
    pty.send("Q");
    assert_eq!(pty.wait_exit(LIMIT), Exit::Code(0));
    assert_eq!(user.recorded().len(), 1);
    // The problem is known in the next session too.
    let mut pty = Pty::spawn(program, &["--now", &now], &[("HOME", &home)], (100, 30));
    pty.wait_for_text("Tea 100");
    pty.send(":subscriptions\r");
    pty.wait_for_text("12 / 12   now");
    pty.send("\x1b");
    pty.wait_for_text("Space on");
    pty.send(":problems\r");
    pty.wait_for_text("cannot run /nowhere/program");
}

#[test]
fn two_syncs_at_once_run_a_program_once_for_each_article() {
    let mut user = user("on new:\n  - {when: \"\", run: 'RECORDER {link}', for: article}\n");
    user.server.route("/feed.xml", Reply::ok(rss("Tea", 0..12)));
    let mut syncs: Vec<_> =
        (0..4).map(|_| user.command(&["sync"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()).collect();
    let codes: Vec<_> = syncs.iter_mut().map(|sync| sync.wait().unwrap().code()).collect();
    assert!(codes.contains(&Some(0)), "{codes:?}");
    user.pass(TimeDelta::days(2));
    user.done(&["sync"]);
    let mut words = user.words();
    words.sort();
    let links: std::collections::BTreeSet<String> =
        (0..12).map(|number| format!("https://site.example/Tea/{number}")).collect();
    assert_eq!(words, links.into_iter().collect::<Vec<_>>());
}

#[test]
fn a_killed_sync_ends_the_program_that_runs_and_what_it_has_started() {
    let script =
        "sleep 600 >/dev/null 2>&1 & a=$!; trap \"\" TERM; sleep 600 & echo $$ $a $! > ~/pids; wait; sleep 600";
    let user = user(&format!("on new:\n  - {{when: \"\", run: [sh, -c, '{script}']}}\n"));
    user.server.route("/feed.xml", Reply::ok(rss("Tea", 0..2)));
    let mut sync = user.command(&["sync"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let until = |what: &str, is: &dyn Fn() -> bool| {
        let begun = std::time::Instant::now();
        while !is() {
            assert!(begun.elapsed() < LIMIT, "{what}");
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    };
    let pids = || -> Vec<rustix::process::Pid> {
        let text = std::fs::read_to_string(user.path("pids")).unwrap_or_default();
        let words = text.trim_end_matches('\n').split(' ').filter(|_| text.ends_with('\n'));
        words.filter_map(|pid| rustix::process::Pid::from_raw(pid.parse().ok()?)).collect()
    };
    until("the program runs", &|| pids().len() == 3);
    sync.kill().unwrap();
    sync.wait().unwrap();
    for pid in pids() {
        until("the program ends", &|| {
            rustix::process::test_kill_process(pid).is_err() || crate::harness::pty::state(pid) == Some('Z')
        });
    }
}

fn a_killed_sync_runs_no_program_twice_and_leaves_what_has_not_begun(kills: usize) {
    let (mut random, mut killed) = (Random::new(5), 0);
    for _ in 0..kills {
        let mut user = user("on new:\n  - {when: \"\", run: 'RECORDER {link}', for: article}\n");
        user.server.route("/feed.xml", Reply::ok(rss("Tea", 0..15)));
        let mut sync = user.command(&["sync"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(random.roll(900) as u64));
        let _ = sync.kill();
        killed += usize::from(sync.wait().unwrap().code().is_none());
        user.pass(TimeDelta::days(2));
        for _ in 0..2 {
            user.done(&["sync"]);
            user.pass(TimeDelta::days(2));
        }
        let mut words = user.words();
        words.retain(|word| !word.is_empty());
        words.sort();
        let all = words.len();
        words.dedup();
        assert_eq!(all, words.len(), "a program ran twice");
        // Only the program that ran in the moment of the kill may be lost.
        assert!((14..=15).contains(&all), "{all}");
        assert_eq!(user.titles("Tea").len(), 25);
        assert_eq!(temporary_files(&user.path(".local")), [] as [PathBuf; 0]);
    }
    println!("{killed} of {kills} syncs were killed");
}

rounds!(a_killed_sync_runs_no_program_twice_and_leaves_what_has_not_begun, 3, 100);
