//! The sync as a user runs it: the program itself with its processes, and a scripted web server on loopback.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::harness::command::{Home, Ran};
use crate::harness::web_server::{Received, Reply, WebServer};

mod accounts;
mod full_texts;
mod hooks;
mod kills;
mod processes;
mod reader_server;
mod secrets;
mod steps;
mod week;

/// The folders of the program in a home.
const LIST: &str = ".config/frontpage/subscriptions.yaml";
const ARTICLES: &str = ".local/share/frontpage/articles";
const STATES: &str = ".local/state/frontpage/sync";

/// A user with a home, a clock, and servers on loopback.
struct User {
    home: Home,
    server: WebServer,
    now: DateTime<Utc>,
}

impl User {
    /// A user who follows nothing. The servers are 127.0.0.1, 127.0.0.2 and so on.
    fn new(servers: u8) -> User {
        User::with_home(Home::new(), servers)
    }

    fn with_home(home: Home, servers: u8) -> User {
        let hosts: Vec<String> = (1..=servers).map(host).collect();
        let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
        User { home, server: WebServer::on(&hosts), now: "2026-11-30T12:00:00Z".parse().unwrap() }
    }

    /// Writes `subscriptions.yaml`, a line for each address.
    fn follow(&self, addresses: &[String]) {
        let lines = addresses.iter().map(|address| format!("- feed: {address}\n  private: true\n"));
        self.home.file(LIST, &lines.collect::<String>());
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.home.command();
        let now = self.now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        command.args(arguments).args(["--now", &now]);
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        ran(&mut self.command(arguments))
    }

    /// Runs a command that succeeds, and returns its stdout.
    fn done(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {}{}", ran.out, ran.err);
        ran.out
    }

    /// The results of a sync by the titles of the subscriptions, and its exit code.
    fn sync(&self, arguments: &[&str]) -> (BTreeMap<String, Value>, i32) {
        let ran = self.run(&[&["sync", "--format", "jsonl"], arguments].concat());
        let lines = ran.out.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        let named = lines.filter_map(|line| Some((line["subscription"].as_str()?.to_owned(), line)));
        (named.collect(), ran.code)
    }

    /// The word for the result of the only subscription.
    fn result(&self) -> String {
        let (results, _) = self.sync(&[]);
        assert_eq!(results.len(), 1, "{results:?}");
        let result = results.into_values().next().unwrap();
        assert!(result["problem"].is_null(), "{result}");
        result["result"].as_str().unwrap().to_owned()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.folder.path().join(name)
    }

    fn pass(&mut self, time: TimeDelta) {
        self.now += time;
    }

    fn list(&self) -> String {
        std::fs::read_to_string(self.path(LIST)).unwrap_or_default()
    }

    /// The titles of the articles that a query finds.
    fn titles(&self, query: &str) -> Vec<String> {
        let ran = self.run(&["list", query, "--format", "json"]);
        assert!(ran.code < 2, "{}", ran.err);
        let articles: Vec<Value> = serde_json::from_str(&ran.out).expect("JSON");
        let mut titles: Vec<String> =
            articles.iter().map(|article| article["title"].as_str().unwrap().to_owned()).collect();
        titles.sort();
        titles
    }
}

fn ran(command: &mut Command) -> Ran {
    let output = command.output().expect("the program");
    Ran {
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
        code: output.status.code().unwrap_or(-1),
    }
}

fn host(number: u8) -> String {
    format!("127.0.0.{number}")
}

/// All files below a folder and their content.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
            } else if entry.file_type().unwrap().is_file() {
                match std::fs::read(&path) {
                    Ok(content) => drop(files.insert(path, content)),
                    // A running sync renames files.
                    Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::NotFound, "{}", path.display()),
                }
            }
        }
    }
    files
}

/// Names of temporary files below a folder: all that our writers give them begin with a dot.
fn temporary_files(folder: &Path) -> Vec<PathBuf> {
    let is_temporary = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.starts_with('.') || name.ends_with(".tmp") || name.contains(".tmp-")
    };
    files(folder).into_keys().filter(is_temporary).collect()
}

/// A channel with items: each number is a day before 2026-11-29.
fn rss(title: &str, numbers: impl IntoIterator<Item = u32>) -> String {
    let first: DateTime<Utc> = "2026-11-29T10:00:00Z".parse().unwrap();
    let item = |number: u32| {
        let published = (first - TimeDelta::days(number.into())).to_rfc2822();
        format!(
            "<item><guid>tag:{title}:{number}</guid><title>{title} {number}</title>\
             <link>https://site.example/{title}/{number}</link><pubDate>{published}</pubDate>\
             <description>Text {number} of {title}</description></item>"
        )
    };
    let items: String = numbers.into_iter().map(item).collect();
    format!(
        "<rss version=\"2.0\"><channel><title>{title}</title><link>https://site.example/{title}</link>{items}</channel></rss>"
    )
}

/// Answers 304 to a request with both of these validators, else 200 with them.
fn conditional(etag: &'static str, modified: &'static str, document: String) -> impl Fn(&Received) -> Reply {
    move |request| {
        let is_known =
            request.header("If-None-Match") == Some(etag) && request.header("If-Modified-Since") == Some(modified);
        let reply = if is_known { Reply::status(304) } else { Reply::ok(&document) };
        reply.header("ETag", etag).header("Last-Modified", modified)
    }
}
