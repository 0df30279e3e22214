//! Changes `subscriptions.yaml`: adds, removes and moves lines. Comments, order, quotes and line ends of everything else stay byte for
//! byte. A changed text is parsed back, and written only if it says what was meant.

use std::collections::HashSet;
use std::io;
use std::path::Path;

use thiserror::Error;

use super::account::Account;
use super::channel_address::{canonical, with_web_scheme};
use super::file::{MAX_BYTES, SubscriptionsFile};
use super::file_access::IGNORED;
use super::file_account;
use super::file_items::{Chunk, chunks};
use super::file_line;
use super::subscription::{Keep, PasswordSource, Subscription};
use super::subscription_key::SubscriptionKey;
use crate::config::edited_file::{self, EditedFileError, quoted};
use crate::config::value_reader::ValueReader;
use crate::config::yaml_tree::{self, YamlNode, YamlValue};
use crate::config::{ConfigProblem, Position, trusted_file};
use crate::feed::UntrustedText;

/// The beginning of a new file.
const HEADER: &str = "\
# What frontpage follows. One address is enough; `feed:` and further settings are possible:
#
# - https://example.org/feed.xml
# - feed: https://example.org/other.xml
#   title: Other
#   topics: [News]
#   every: 1d
";

/// Why the file was not changed.
#[derive(Debug, Error)]
pub enum EditError {
    /// The file is not read: other users can write to it, it is too large, or it is not a list.
    #[error("{0}; subscriptions.yaml is not changed")]
    Unusable(ConfigProblem),
    /// No line has this subscription.
    #[error("the subscription is not in subscriptions.yaml any more")]
    NotThere,
    /// The line is written in a way that the program cannot change, or the file has a list in brackets.
    #[error("line {0} of subscriptions.yaml cannot be changed by the program; edit the file by hand")]
    ByHand(u32),
    /// The file keeps changing.
    #[error("another program keeps changing subscriptions.yaml; try again")]
    Busy,
    /// The system refused to read it.
    #[error("subscriptions.yaml cannot be read: {0}")]
    Read(#[source] io::Error),
    /// The system refused to write it.
    #[error("subscriptions.yaml cannot be written: {0}")]
    Write(#[source] io::Error),
}

/// Appends subscriptions. A missing file is created, readable by its owner only. Of a subscription, what the program never sets is not
/// written, and makes this fail: headers, user and password, certificate.
pub fn add(file: &Path, subscriptions: &[Subscription]) -> Result<(), EditError> {
    if subscriptions.is_empty() {
        return Ok(());
    }
    change(file, |text| with_added(text, subscriptions))
}

/// Removes the line of a subscription.
pub fn remove(file: &Path, key: SubscriptionKey) -> Result<(), EditError> {
    change(file, |text| without(text, key))
}

/// Gives a subscription a new address. It keeps its key and its folder, and with them its articles and their marks.
pub fn move_to(file: &Path, key: SubscriptionKey, address: &UntrustedText) -> Result<(), EditError> {
    change(file, |text| moved(text, key, address))
}

/// Appends an account. Its certificate and further headers are not written.
pub fn add_account(file: &Path, account: &Account) -> Result<(), EditError> {
    change(file, |text| with_account(text, account))
}

/// Removes the line of an account.
pub fn remove_account(file: &Path, key: SubscriptionKey) -> Result<(), EditError> {
    change(file, |text| {
        let before = items(text)?;
        let is_it = |item: &Item| item.account().is_some_and(|account| account.key() == key);
        without_item(text, &before, before.iter().position(is_it).ok_or(EditError::NotThere)?)
    })
}

fn change(file: &Path, change: impl Fn(&str) -> Result<String, EditError>) -> Result<(), EditError> {
    trusted_file::read(file, "the subscriptions", MAX_BYTES).map_err(EditError::Unusable)?;
    let change = |text: &str| {
        let (mark, rest) = text.split_at(text.len() - text.trim_start_matches('\u{feff}').len());
        // A larger file would be rejected when it is read.
        let changed = change(rest)?;
        if changed.len() > MAX_BYTES { Err(EditError::ByHand(1)) } else { Ok(format!("{mark}{changed}")) }
    };
    edited_file::change(file, MAX_BYTES, change).map_err(|error| match error {
        EditedFileError::Change(error) => error,
        EditedFileError::Busy => EditError::Busy,
        EditedFileError::Read(error) => EditError::Read(error),
        EditedFileError::Write(error) => EditError::Write(error),
    })
}

/// An item of the text. One that is not YAML has no value.
struct Item<'a> {
    chunk: Chunk<'a>,
    value: Option<YamlNode>,
}

impl Item<'_> {
    /// The subscription of the item, if it is one.
    fn subscription(&self) -> Option<Subscription> {
        let mut reader = ValueReader::default();
        Some(file_line::read(&mut reader, self.value.as_ref()?)?.subscription)
    }

    /// The account of the item, if it is one.
    fn account(&self) -> Option<Account> {
        let mut reader = ValueReader::default();
        file_account::read(&mut reader, file_account::value(self.value.as_ref()?)?)
    }

    fn line(&self) -> u32 {
        self.chunk.lines_before.saturating_add(1)
    }
}

/// The items of a text. Fails if it is not a list with dashes, and not empty.
fn items(text: &str) -> Result<Vec<Item<'_>>, EditError> {
    let item = |chunk: Chunk| {
        let value = match yaml_tree::read(chunk.text, IGNORED) {
            Ok(YamlNode { value: YamlValue::List(items), .. }) => items.into_iter().next(),
            _ => None,
        };
        value.map(|value| value.moved_down(chunk.lines_before))
    };
    let items: Vec<Item> = chunks(text).into_iter().map(|chunk| Item { chunk, value: item(chunk) }).collect();
    match yaml_tree::read(text, IGNORED) {
        // The lines with a dash must be all there is.
        Ok(root) => match root.value {
            YamlValue::Nothing => Ok(items),
            YamlValue::List(found) if found.len() == items.len() => Ok(items),
            _ => Err(EditError::ByHand(root.at.0)),
        },
        Err(problem) if items.is_empty() => Err(EditError::Unusable(problem)),
        Err(_) => Ok(items),
    }
}

/// The first item with a subscription.
fn find(items: &[Item], key: SubscriptionKey) -> Result<(usize, Subscription), EditError> {
    let mut found = items.iter().enumerate().filter_map(|(index, item)| Some((index, item.subscription()?)));
    found.find(|(_, subscription)| subscription.key() == key).ok_or(EditError::NotThere)
}

/// True if the items of a changed text are those of the text before, with `removed` of them at `index` replaced by `expected`.
fn is_as_expected(before: &[Item], index: usize, removed: usize, expected: &[Subscription], after: &str) -> bool {
    let is_meant = |at: usize, item: &Item| item.subscription().as_ref() == expected.get(at);
    is_changed_as_meant(before, index, removed, expected.len(), &is_meant, after)
}

/// The same with `added` items that `is_meant` knows.
fn is_changed_as_meant(
    before: &[Item],
    index: usize,
    removed: usize,
    added: usize,
    is_meant: &dyn Fn(usize, &Item) -> bool,
    after: &str,
) -> bool {
    let Ok(after) = items(after) else { return false };
    if after.len() + removed != before.len() + added {
        return false;
    }
    let unchanged = |before: &Item, after: &Item| match (&before.value, &after.value) {
        (Some(before), Some(after)) => before.has_value_of(after),
        (None, None) => true,
        _ => false,
    };
    let (head, rest) = after.split_at(index.min(after.len()));
    let (changed, tail) = rest.split_at(added.min(rest.len()));
    let before_tail = before.get(index.saturating_add(removed)..).unwrap_or_default();
    head.iter().zip(before).all(|(after, before)| unchanged(before, after))
        && changed.iter().enumerate().all(|(at, item)| is_meant(at, item))
        && tail.iter().zip(before_tail).all(|(after, before)| unchanged(before, after))
}

fn line_end(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

fn with_added(text: &str, subscriptions: &[Subscription]) -> Result<String, EditError> {
    let with_scheme = |subscription: &Subscription| {
        let address = UntrustedText::from_string(with_web_scheme(subscription.address.untrusted().trim()));
        Subscription { address, ..subscription.clone() }
    };
    let expected: Vec<Subscription> = subscriptions.iter().map(with_scheme).collect();
    let added: Vec<Vec<String>> = expected.iter().map(lines_of).collect();
    with_items(text, &added, &|at, item| item.subscription().as_ref() == expected.get(at))
}

fn with_account(text: &str, account: &Account) -> Result<String, EditError> {
    with_items(text, &[lines_of_account(account)], &|_, item| item.account().as_ref() == Some(account))
}

/// The text with further items: the lines of each, after the dash. `is_meant` knows them when they are read back.
fn with_items(text: &str, added: &[Vec<String>], is_meant: &dyn Fn(usize, &Item) -> bool) -> Result<String, EditError> {
    let before = items(text)?;
    let text_before = if text.is_empty() { HEADER } else { text };
    let end = line_end(text_before);
    let mut out = text_before.to_owned();
    if !out.ends_with('\n') {
        out.push_str(end);
    }
    let indentation = " ".repeat(before.first().map_or(0, |item| item.chunk.indentation));
    for lines in added {
        for (line, start) in lines.iter().zip(std::iter::once("- ").chain(std::iter::repeat("  "))) {
            out.push_str(&format!("{indentation}{start}{line}{end}"));
        }
    }
    match is_changed_as_meant(&before, before.len(), 0, added.len(), is_meant, &out) {
        true => Ok(out),
        false => Err(EditError::ByHand(u32::try_from(text.lines().count().max(1)).unwrap_or(u32::MAX))),
    }
}

/// The lines of a subscription, after the dash.
fn lines_of(subscription: &Subscription) -> Vec<String> {
    let mut more = Vec::new();
    if !subscription.title.is_empty() {
        more.push(format!("title: {}", quoted(subscription.title.as_str())));
    }
    if !subscription.topics.is_empty() {
        let topics: Vec<String> = subscription.topics.iter().map(|topic| quoted(topic.as_str())).collect();
        more.push(format!("topics: [{}]", topics.join(", ")));
    }
    more.extend(subscription.folder.as_ref().map(|folder| format!("folder: {}", quoted(folder))));
    more.extend(subscription.every.map(|minutes| format!("every: {minutes}m")));
    more.extend(subscription.only.as_ref().map(|only| format!("only: {}", quoted(only))));
    more.extend(subscription.keep.map(|keep| match keep {
        Keep::Days(days) => format!("keep: {days}d"),
        Keep::Newest(number) => format!("keep: {number}"),
    }));
    if subscription.has_full_text {
        more.push("full text: true".to_owned());
    }
    if subscription.access.is_private {
        more.push("private: true".to_owned());
    }
    if subscription.is_paused {
        more.push("paused: true".to_owned());
    }
    more.extend(subscription.first_key.map(|key| format!("key: {}", quoted(&key.to_string()))));
    let address = plain(subscription.address.untrusted());
    if more.is_empty() {
        return vec![address];
    }
    more.insert(0, format!("feed: {address}"));
    more
}

/// The lines of an account, after the dash.
fn lines_of_account(account: &Account) -> Vec<String> {
    let Account { service, server } = account;
    let mut lines = vec![format!("service: {}", service.name()), format!("url: {}", plain(server.address.untrusted()))];
    if !server.title.is_empty() {
        lines.push(format!("title: {}", quoted(server.title.as_str())));
    }
    if let Some(login) = &server.access.login {
        let (name, value) = match &login.password {
            PasswordSource::Command(command) => ("command", command.clone()),
            PasswordSource::File(path) => ("file", path.to_string_lossy().into_owned()),
            PasswordSource::Variable(name) => ("variable", name.clone()),
        };
        let user = quoted(login.user.untrusted());
        lines.push(format!("auth: {{user: {user}, password {name}: {}}}", quoted(&value)));
    }
    lines.extend(server.every.map(|minutes| format!("every: {minutes}m")));
    if server.access.is_private {
        lines.push("private: true".to_owned());
    }
    let indented = lines.iter().map(|line| format!("  {line}"));
    std::iter::once("account:".to_owned()).chain(indented).collect()
}

/// An address without quotes, if YAML reads it so.
fn plain(address: &str) -> String {
    let is_plain = address.starts_with("http") && !address.ends_with(':') && !address.contains(char::is_whitespace);
    if is_plain { address.to_owned() } else { quoted(address) }
}

fn without(text: &str, key: SubscriptionKey) -> Result<String, EditError> {
    let before = items(text)?;
    let (index, _) = find(&before, key)?;
    without_item(text, &before, index)
}

fn without_item(text: &str, before: &[Item], index: usize) -> Result<String, EditError> {
    let Some(item) = before.get(index) else { return Err(EditError::NotThere) };
    let start = item.chunk.start;
    let end = start + item.chunk.item().len();
    let (head, tail) = (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default());
    let out = format!("{head}{tail}");
    if is_as_expected(before, index, 1, &[], &out) { Ok(out) } else { Err(EditError::ByHand(item.line())) }
}

fn moved(text: &str, key: SubscriptionKey, address: &UntrustedText) -> Result<String, EditError> {
    let address = with_web_scheme(address.untrusted().trim());
    let before = items(text)?;
    let (index, subscription) = find(&before, key)?;
    let Some(item) = before.get(index) else { return Err(EditError::NotThere) };
    // The folder is named after the address if the line does not name it, and its articles stay there.
    let folder = subscription.folder_name();
    let key_line = subscription.first_key.is_none().then(|| format!("key: {}", quoted(&key.to_string())));
    let named = folder.as_ref().filter(|_| subscription.folder.is_none());
    let folder_line = named.map(|folder| format!("folder: {}", quoted(folder)));
    let added: Vec<String> = key_line.into_iter().chain(folder_line).collect();
    let expected = [Subscription {
        address: UntrustedText::new(&address),
        first_key: Some(key),
        folder: subscription.folder.clone().or(folder),
        ..subscription.clone()
    }];
    let candidates = [plain(&address), quoted(&address)].into_iter().filter_map(|written| {
        let value = item.value.as_ref()?;
        match &value.value {
            YamlValue::Text(_) => {
                let start = "feed: ";
                let out = replaced(text, value, &format!("{start}{written}"))?;
                inserted_lines(out, value.at, value.at, &added)
            }
            YamlValue::Map(pairs) => {
                let (name, feed) = entry(pairs, "feed")?;
                if is_flow(text, value) {
                    let more: String = added.iter().map(|line| format!(", {line}")).collect();
                    return replaced(text, feed, &format!("{written}{more}"));
                }
                inserted_lines(replaced(text, feed, &written)?, feed.at, name.at, &added)
            }
            _ => None,
        }
    });
    let mut good = candidates.filter(|out| is_as_expected(&before, index, 1, &expected, out));
    good.next().ok_or(EditError::ByHand(item.line()))
}

/// The last value with a name.
fn entry<'a>(pairs: &'a [(YamlNode, YamlNode)], name: &str) -> Option<(&'a YamlNode, &'a YamlNode)> {
    let is_named = |(key, _): &&(YamlNode, YamlNode)| matches!(&key.value, YamlValue::Text(text) if text == name);
    pairs.iter().rfind(is_named).map(|(key, value)| (key, value))
}

fn is_flow(text: &str, node: &YamlNode) -> bool {
    offset(text, node.at).and_then(|at| text.get(at..)).is_some_and(|rest| rest.starts_with('{'))
}

/// The byte at a position.
fn offset(text: &str, at: Position) -> Option<usize> {
    let (line, column) = at;
    let start: usize = text.split_inclusive('\n').take((line as usize).checked_sub(1)?).map(str::len).sum();
    let rest = text.get(start..)?;
    let characters = (column as usize).checked_sub(1)?;
    let length: usize = rest.chars().take(characters).map(char::len_utf8).sum();
    Some(start + length)
}

/// The text with a scalar replaced. `None` if it is not written on one line, without escapes.
fn replaced(text: &str, node: &YamlNode, with: &str) -> Option<String> {
    let YamlValue::Text(value) = &node.value else { return None };
    let at = offset(text, node.at)?;
    let (head, rest) = (text.get(..at)?, text.get(at..)?);
    let spellings = match node.quoted {
        true => [format!("\"{value}\""), format!("'{value}'"), quoted(value)],
        false => [value.clone(), value.clone(), value.clone()],
    };
    let tail = spellings.iter().find_map(|written| rest.strip_prefix(written.as_str()))?;
    Some(format!("{head}{with}{tail}"))
}

/// The text with a line inserted after the line of `after`, at the column of `at`.
fn inserted_lines(text: String, after: Position, at: Position, lines: &[String]) -> Option<String> {
    lines.iter().rev().try_fold(text, |text, line| inserted_line(&text, after, at, line))
}

fn inserted_line(text: &str, after: Position, at: Position, line: &str) -> Option<String> {
    let (number, _) = after;
    let (_, column) = at;
    let end: usize = text.split_inclusive('\n').take(number as usize).map(str::len).sum();
    let (head, tail) = (text.get(..end)?, text.get(end..)?);
    let line_end = line_end(text);
    let before = if head.ends_with('\n') { "" } else { line_end };
    let indentation = " ".repeat((column as usize).saturating_sub(1));
    Some(format!("{head}{before}{indentation}{line}{line_end}{tail}"))
}

/// The addresses of a file, in the form by which those of one channel are equal.
pub fn canonical_addresses(file: &SubscriptionsFile) -> HashSet<String> {
    file.subscriptions.iter().filter_map(|listed| canonical_of(&listed.subscription.address)).collect()
}

/// An address in the form by which those of one channel are equal. `None` if it is not an address.
pub fn canonical_of(address: &UntrustedText) -> Option<String> {
    let written = with_web_scheme(address.untrusted().trim());
    url::Url::parse(&written).ok().map(|url| canonical(&url))
}

/// True if the file lists this address already, but for scheme, port and trailing slashes.
pub fn lists(file: &SubscriptionsFile, address: &UntrustedText) -> bool {
    let wanted = canonical_of(address);
    wanted.is_some() && file.subscriptions.iter().any(|listed| canonical_of(&listed.subscription.address) == wanted)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::test_subscriptions::subscriptions;
    use super::*;

    fn key(address: &str) -> SubscriptionKey {
        SubscriptionKey::of_address(&UntrustedText::new(address))
    }

    const A: &str = "https://a.example/f";
    const B: &str = "https://b.example/f";

    #[test]
    fn lines_are_removed_and_the_rest_stays() {
        for (before, after) in [
            (
                "# x\n- https://a.example/f # enough\n\n# of b\n- https://b.example/f\n",
                "# x\n\n# of b\n- https://b.example/f\n",
            ),
            ("- feed: https://a.example/f\n  # in a\n  title: >-\n    a\n\n    b\n# end\n", "# end\n"),
            (
                "- {feed: 'https://a.example/f', topics: [x,\n   y]}\r\n-   https://b.example/f\r\n",
                "-   https://b.example/f\r\n",
            ),
            ("  - https://b.example/f\n  - https://a.example/f", "  - https://b.example/f\n"),
            ("---\n- https://a.example/f\n...\n", "---\n...\n"),
            ("- broken: [\n- https://a.example/f\n- x: y: z\n", "- broken: [\n- x: y: z\n"),
            ("-\n  feed: https://a.example/f\n-\n  feed: https://b.example/f\n", "-\n  feed: https://b.example/f\n"),
        ] {
            assert_eq!(without(before, key(A)).expect(before), after);
        }
        assert!(matches!(without("# a\n[https://a.example/f]\n", key(A)), Err(EditError::ByHand(2))));
        assert!(matches!(without("- https://b.example/f\n", key(A)), Err(EditError::NotThere)));
    }

    #[test]
    fn an_address_is_replaced_and_the_key_stays() {
        let folder =
            Subscription { address: UntrustedText::new(A), ..Subscription::default() }.folder_name().expect("a name");
        let folder = format!("folder: \"{folder}\"");
        let of_a = format!("key: \"{}\"", key(A));
        for (before, after) in [
            (
                "- https://a.example/f # x\n- 1\n",
                format!("- feed: https://b.example/f # x\n  {of_a}\n  {folder}\n- 1\n"),
            ),
            (
                "- title: T\n  feed:   'https://a.example/f'\n  paused: no\n",
                format!("- title: T\n  feed:   https://b.example/f\n  {of_a}\n  {folder}\n  paused: no\n"),
            ),
            (
                "- {feed: https://a.example/f, title: T} # x\r\n",
                format!("- {{feed: https://b.example/f, {of_a}, {folder}, title: T}} # x\r\n"),
            ),
            ("- feed: https://a.example/f", format!("- feed: https://b.example/f\n  {of_a}\n  {folder}\n")),
            ("- feed: https://a.example/f\n  folder: x", format!("- feed: https://b.example/f\n  {of_a}\n  folder: x")),
        ] {
            assert_eq!(moved(before, key(A), &UntrustedText::new(B)).expect(before), after);
        }
        let kept = format!("- feed: https://c.example/\n  key: {}\n  folder: x\n", key(A));
        let after = format!("- feed: https://b.example/f\n  key: {}\n  folder: x\n", key(A));
        assert_eq!(moved(&kept, key(A), &UntrustedText::new(B)).expect("moved"), after);
        let folded = "- feed: \"https://a.example/\\x66\"\n";
        assert!(matches!(moved(folded, key(A), &UntrustedText::new(B)), Err(EditError::ByHand(1))));
    }

    #[test]
    fn a_new_file_begins_with_a_comment() {
        let one = Subscription { address: UntrustedText::new("feed:https://a.example/f"), ..Subscription::default() };
        assert_eq!(with_added("", &[one]).expect("added"), format!("{HEADER}- https://a.example/f\n"));
    }

    #[test]
    fn a_list_that_cannot_be_continued_is_named_by_its_own_line() {
        let one = || Subscription { address: UntrustedText::new(B), ..Subscription::default() };
        for (text, line) in [("[]\n", 1), ("null\n", 1), ("# a\n---\n- https://a.example/f\n...\n", 4)] {
            assert!(matches!(with_added(text, &[one()]), Err(EditError::ByHand(at)) if at == line), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn files_with_changes_read_as_the_model(
            added in subscriptions(),
            more in subscriptions(),
            between in proptest::collection::vec(prop_oneof![
                Just("# a comment\n"), Just("\n"), Just("- broken: [\n"), Just("- {account: {kind: x}}\n"),
                Just("- {feed: 'https://flow.invalid/',\n   topics: [a, 'b: c']}\n"),
                Just("- feed: https://block.invalid/\n  # inside\n  title: >-\n    two\n    lines\n"),
            ], 0..5),
            crlf in any::<bool>(),
            at in any::<prop::sample::Index>(),
        ) {
            let text: String = between.concat();
            let text = if crlf { text.replace('\n', "\r\n") } else { text };
            // A list of the random subscriptions, then of others: each is there, and every line before is untouched.
            let all: Vec<Subscription> = {
                let mut known = std::collections::HashSet::new();
                added.into_iter().chain(more).filter(|one| known.insert(one.key())).collect()
            };
            let with = match with_added(&text, &all) {
                Ok(with) => with,
                // A text that is only broken lines is not a list.
                Err(EditError::Unusable(_)) => return Ok(()),
                Err(error) => return Err(TestCaseError::fail(error.to_string())),
            };
            prop_assert!(with.starts_with(&text) || text.is_empty());
            if all.is_empty() {
                return Ok(());
            }
            let chosen = at.get(&all);
            let moved_text = moved(&with, chosen.key(), &UntrustedText::new("https://new.invalid/x")).expect("moved");
            let items_after = items(&moved_text).expect("items");
            let (_, found) = find(&items_after, chosen.key()).expect("the moved one");
            prop_assert_eq!(found.address.untrusted(), "https://new.invalid/x");
            prop_assert_eq!(&found.title, &chosen.title);
            prop_assert_eq!(found.folder_name(), chosen.folder_name());
            let gone = without(&moved_text, chosen.key()).expect("removed");
            let lines: Vec<&str> = gone.lines().collect();
            let mut rest = with.lines();
            prop_assert!(lines.iter().all(|line| rest.any(|other| other == *line)), "lines are those from before, in order");
            prop_assert!(matches!(find(&items(&gone).expect("items"), chosen.key()), Err(EditError::NotThere)));
        }
    }
}
