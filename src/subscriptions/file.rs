//! Reads `subscriptions.yaml`, the list of what the user follows. It lies beside the settings.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;
use url::Url;

use super::account::Account;
use super::channel_address::{self, canonical};
use super::file_access::IGNORED;
use super::file_account;
use super::file_items::chunks;
use super::file_line::{self, Line};
use super::subscription::{MAX_SUBSCRIPTIONS, Subscription};
use super::subscription_key::SubscriptionKey;
use crate::config::value_reader::ValueReader;
use crate::config::yaml_tree::{self, YamlNode, YamlValue};
use crate::config::{ConfigProblem, Position, trusted_file};

/// Maximum size of the file in bytes.
pub const MAX_BYTES: usize = 10 << 20;

/// What `subscriptions.yaml` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubscriptionsFile {
    /// The subscriptions in the order of the file. A line that is not valid is in `problems` only.
    pub subscriptions: Vec<ListedSubscription>,
    /// The accounts in the order of the file.
    pub accounts: Vec<ListedAccount>,
    /// What is wrong in the file, in its order.
    pub problems: Vec<ConfigProblem>,
    /// What was found.
    pub found: Found,
}

/// What was found in place of the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Found {
    /// No file.
    #[default]
    Nothing,
    /// A list; some of its lines may have problems.
    List,
    /// A file that is not read as a whole: it is not YAML, is not a list, is too large, or other users can write to it. A running
    /// reader keeps its last list.
    Unusable,
}

/// A subscription and its place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedSubscription {
    /// The subscription.
    pub subscription: Subscription,
    /// Its key: what lists ask for often, and what takes a hash to find out.
    pub key: SubscriptionKey,
    /// Line and column of its first character after the dash, from 1.
    pub at: Position,
    /// Line and column of the query `only`, if it has one.
    pub only_at: Option<Position>,
}

/// An account and its place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedAccount {
    /// The account.
    pub account: Account,
    /// Line and column of its first character after the dash, from 1.
    pub at: Position,
}

/// The path of the file: beside the settings.
pub fn path_beside(config_file: &Path) -> PathBuf {
    config_file.with_file_name("subscriptions.yaml")
}

impl SubscriptionsFile {
    /// Reads the file, if it and its folder belong to this user and no other user can write to them: it may name programs that give
    /// passwords. `home` replaces `~` in paths.
    pub fn read(file: &Path, home: Option<&Path>) -> SubscriptionsFile {
        match trusted_file::read(file, "the subscriptions", MAX_BYTES) {
            Ok(Some(text)) => SubscriptionsFile::parse(&text, file.parent().unwrap_or(Path::new("")), home),
            Ok(None) => SubscriptionsFile::default(),
            Err(problem) => SubscriptionsFile::unusable(problem),
        }
    }

    fn unusable(problem: ConfigProblem) -> SubscriptionsFile {
        SubscriptionsFile { problems: vec![problem], found: Found::Unusable, ..SubscriptionsFile::default() }
    }

    /// Parses the text of a file in `folder`. A line that is not valid hides no other one.
    pub fn parse(text: &str, folder: &Path, home: Option<&Path>) -> SubscriptionsFile {
        let mut reader = ValueReader::new(folder, home);
        let items = match items(text, &mut reader) {
            Ok(items) => items,
            Err(problem) => return SubscriptionsFile::unusable(problem),
        };
        let items = match items.get(MAX_SUBSCRIPTIONS) {
            Some(excess) => {
                let what = format!("more than {MAX_SUBSCRIPTIONS} subscriptions");
                reader.report(excess, &what, "those from here on are ignored");
                items.into_iter().take(MAX_SUBSCRIPTIONS).collect()
            }
            None => items,
        };
        let mut known = KnownSubscriptions::default();
        let (mut subscriptions, mut accounts): (Vec<ListedSubscription>, Vec<ListedAccount>) = Default::default();
        for item in &items {
            if let Some(value) = file_account::value(item) {
                let Some(account) = file_account::read(&mut reader, value) else { continue };
                match accounts.iter().find(|listed| listed.account.key() == account.key()) {
                    Some(earlier) => {
                        let what = format!("the account is in line {} already", earlier.at.0);
                        reader.report(item, &what, IGNORED);
                    }
                    None => accounts.push(ListedAccount { account, at: item.at }),
                }
                continue;
            }
            let Some(line) = file_line::read(&mut reader, item) else { continue };
            let Line { subscription, url, only_at } = line;
            let key = subscription.key();
            let listed = ListedSubscription { subscription, key, at: item.at, only_at };
            match known.add(&listed, &url) {
                None => subscriptions.push(listed),
                Some(what) => reader.report(item, &what, IGNORED),
            }
        }
        let mut problems = reader.problems;
        problems.sort_by_key(|problem| problem.at);
        SubscriptionsFile { subscriptions, accounts, problems, found: Found::List }
    }
}

/// The lines of the subscriptions so far, by what must be different.
#[derive(Default)]
struct KnownSubscriptions {
    keys: HashMap<SubscriptionKey, u32>,
    addresses: HashMap<String, u32>,
    folders: HashMap<String, u32>,
}

impl KnownSubscriptions {
    /// Adds a subscription. Returns the reason why not if it is an earlier one again, or has the folder of an earlier one.
    fn add(&mut self, listed: &ListedSubscription, url: &Url) -> Option<String> {
        let ListedSubscription { subscription, key, .. } = listed;
        let address = canonical(url);
        let folder = subscription.folder_name_with(Some(url), *key).unwrap_or_default();
        // Some file systems do not distinguish them.
        let folded_folder: String = folder.nfc().flat_map(char::to_lowercase).collect();
        if let Some(line) = self.addresses.get(&address) {
            let shown = channel_address::without_secrets(subscription.address.untrusted());
            return Some(format!("`{shown}` is in line {line} already"));
        }
        if let Some(line) = self.keys.get(key) {
            return Some(format!("the subscription in line {line} has the same key"));
        }
        if let Some(line) = self.folders.get(&folded_folder) {
            return Some(format!("the subscription in line {line} has the same folder `{folder}`"));
        }
        let (line, _) = listed.at;
        self.addresses.insert(address, line);
        self.keys.insert(*key, line);
        self.folders.insert(folded_folder, line);
        None
    }
}

/// The items of the list. If the text as a whole is not YAML, those of its items that are; the others are reported.
fn items(text: &str, reader: &mut ValueReader) -> Result<Vec<YamlNode>, ConfigProblem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (root, rest) = match yaml_tree::read_with_rest(text, IGNORED) {
        Ok(read) => read,
        Err(problem) => return items_one_by_one(text, problem, reader),
    };
    reader.problems.extend(rest);
    match root.value {
        YamlValue::Nothing => Ok(Vec::new()),
        YamlValue::List(items) => Ok(items),
        _ => {
            let what = format!("the subscriptions are {}, not a list", root.kind());
            Err(ConfigProblem::new(Some(root.at), &what, "write each address on a line of its own, after `- `"))
        }
    }
}

/// The items of a list whose text is not YAML as a whole, each parsed alone. It also reads long lists in which all brackets
/// together exceed the limit for a text.
fn items_one_by_one(
    text: &str,
    of_whole: ConfigProblem,
    reader: &mut ValueReader,
) -> Result<Vec<YamlNode>, ConfigProblem> {
    let mut items = Vec::new();
    let mut problems = Vec::new();
    for chunk in chunks(text) {
        match yaml_tree::read(chunk.text, IGNORED) {
            Ok(YamlNode { value: YamlValue::List(found), .. }) => {
                items.extend(found.into_iter().map(|item| item.moved_down(chunk.lines_before)));
            }
            Ok(_) => {}
            Err(mut problem) => {
                problem.at = problem.at.map(|(line, column)| (line.saturating_add(chunk.lines_before), column));
                problems.push(problem);
            }
        }
    }
    if items.is_empty() {
        return Err(of_whole);
    }
    reader.problems.extend(problems);
    Ok(items)
}

#[cfg(test)]
mod tests {
    use super::super::subscription::{Keep, PasswordSource};
    use super::*;

    fn parse(text: &str) -> (Vec<Subscription>, Vec<String>) {
        let parsed = SubscriptionsFile::parse(text, Path::new("/etc/fp"), Some(Path::new("/home/a")));
        let reported = parsed.problems.iter().map(|problem| {
            let (line, column) = problem.at.unwrap_or_default();
            format!("{line}:{column} {problem}")
        });
        (parsed.subscriptions.into_iter().map(|listed| listed.subscription).collect(), reported.collect())
    }

    fn addresses(text: &str) -> Vec<String> {
        parse(text).0.iter().map(|one| one.address.untrusted().to_owned()).collect()
    }

    #[test]
    fn all_values_are_read() {
        let (read, problems) = parse(
            "# mine\n- https://example.org/other.xml  # enough\n- feed: https://blog.rust-lang.org/feed.xml\n  title: Rust\n  \
             topics: [Programming, 'a: b']\n  folder: rust\n  every: 1d\n  full text: true\n  \
             only: \"title:release -sponsored\"\n  keep: 180d\n  user agent: me/1\n  headers: {Accept-Language: de}\n  \
             auth: {user: me, password command: pass show x}\n  certificate: ~/ca.pem\n  private: yes\n  paused: true\n  \
             key: d74f9ca50683ebec\n",
        );
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(read.len(), 2);
        let rust = &read[1];
        assert_eq!((rust.title.as_str(), rust.folder.as_deref()), ("Rust", Some("rust")));
        assert_eq!(rust.topics, ["Programming".into(), "a: b".into()]);
        assert_eq!((rust.every, rust.keep, rust.is_paused), (Some(1440), Some(Keep::Days(180)), true));
        assert_eq!(rust.only.as_deref(), Some("title:release -sponsored"));
        assert_eq!(rust.key().to_string(), "d74f9ca50683ebec");
        let access = &rust.access;
        assert_eq!((access.user_agent.as_deref(), access.is_private), (Some("me/1"), true));
        assert_eq!(access.headers, [("Accept-Language".to_owned(), crate::feed::UntrustedText::new("de"))]);
        assert_eq!(access.certificate.as_deref(), Some(Path::new("/home/a/ca.pem")));
        let login = access.login.as_ref().expect("a login");
        assert_eq!(login.password, PasswordSource::Command("pass show x".into()));
    }

    #[test]
    fn forms_of_files_that_are_read() {
        let (a, b) = ("https://a.example/f", "https://b.example/f");
        for text in [
            format!("- {a}\n- {b}\n"),
            format!("\u{feff}- {a}\r\n- feed: {b}\r\n"),
            format!("---\n# x\n- {a}\n\n- {{feed: {b}}}"),
            format!("[{a}, {{feed: '{b}'}}]"),
            format!("  - {a}\n  -\n    feed: >-\n      {b}\n"),
            format!("- feed:{a}\n- 'feed://{b}'\n"),
        ] {
            let parsed = SubscriptionsFile::parse(&text, Path::new(""), None);
            assert_eq!((addresses(&text), parsed.found), (vec![a.to_owned(), b.to_owned()], Found::List), "{text:?}");
            assert_eq!(parsed.problems, [], "{text:?}");
        }
        for text in ["", "# nothing\n", "---\n", "[]"] {
            let parsed = SubscriptionsFile::parse(text, Path::new(""), None);
            assert_eq!((parsed.subscriptions, parsed.problems), (Vec::new(), Vec::new()), "{text:?}");
        }
    }

    #[test]
    fn a_broken_line_hides_no_other() {
        let text = "- https://a.example/\n- feed: https://b.example/\n  title: Rust: the blog\n- https://c.example/\n\
                    - title: \"open\n- feed: *x\n- https://d.example/\n";
        let (read, problems) = parse(text);
        assert_eq!(read.len(), 3, "{problems:?}");
        let places: Vec<&str> = problems.iter().filter_map(|problem| problem.split(' ').next()).collect();
        assert_eq!(places, ["3:14", "5:10", "6:9"], "{problems:#?}");
        let places: Vec<Position> =
            SubscriptionsFile::parse(text, Path::new(""), None).subscriptions.iter().map(|listed| listed.at).collect();
        assert_eq!(places, [(1, 3), (4, 3), (7, 3)]);
    }

    #[test]
    fn long_lists_with_brackets_are_read() {
        let text: String =
            (0..10_001).map(|number| format!("- {{feed: 'https://a.example/{number}', topics: [a]}}\n")).collect();
        let (read, problems) = parse(&text);
        assert_eq!(read.len(), 10_000);
        assert_eq!(problems, ["10001:3 more than 10000 subscriptions; those from here on are ignored"]);
    }
}
