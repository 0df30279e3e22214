//! What a list of subscriptions from another program contains: what can be imported, and what is refused and why.

use std::collections::HashMap;

use url::Url;

use super::channel_address::{canonical, starts_with, with_web_scheme, without_secrets};
use super::subscription::{MAX_SUBSCRIPTIONS, Subscription};
use crate::feed::{Address, Refusal, SafeText, UntrustedText, clean, is_private_host};

/// Searches that are imported from one list at most.
const MAX_SEARCHES: usize = 200;
/// Topics of one subscription at most.
const MAX_TOPICS: usize = 100;
/// Longer names, in bytes, are not topics. A folder gives its name to each of its subscriptions, so long ones could fill the memory.
const LONGEST_TOPIC: usize = 200;
/// Notes that are kept of one list at most.
const MAX_NOTES: usize = 100;

/// A list that was read. Nothing in it makes the program run another one, read a file, send a password or call a private network:
/// such entries are in [`Imported::refused`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// The subscriptions in the order of the list. They have an address, a title and topics, and no other setting.
    pub subscriptions: Vec<Subscription>,
    /// Query feeds of newsboat that became searches.
    pub saved_searches: Vec<ImportedSearch>,
    /// Entries that are not imported.
    pub refused: Vec<Refused>,
    /// Entries with the channel of an earlier one, whose topics that one got.
    pub duplicates: Vec<Duplicate>,
    /// What was repaired or left out, in the order of the list.
    pub notes: Vec<Note>,
    /// The number of entries beyond the limits, which are in none of these.
    pub left_out: usize,
}

/// A query feed as a saved search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedSearch {
    /// Line of the list, from 1.
    pub line: u32,
    /// A name for the search: letters, digits, `-` and `_`.
    pub name: String,
    /// The query in the language of this program.
    pub query: String,
}

/// An entry that is not imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Line of the list, from 1.
    pub line: u32,
    /// The entry, without user name, password and query of its address.
    pub what: SafeText,
    /// The reason.
    pub why: RefusalReason,
}

/// Why an entry is not imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefusalReason {
    /// It names a program to run (`exec:`, `filter:`, a pipe).
    #[error("it runs a program, which a list must not do")]
    Program,
    /// It is a file of this computer.
    #[error("it is a file on this computer; only http and https addresses can be followed")]
    File,
    /// Its address has another scheme.
    #[error("`{0}:` cannot be followed; only http and https addresses can")]
    Scheme(SafeText),
    /// It is not an address.
    #[error("it is not an address; write it with https://")]
    NotAnAddress,
    /// The address contains a user name or a password.
    #[error("the address contains a user name or a password; add the subscription by hand")]
    UserName,
    /// The address is on a private network.
    #[error("the address is on a private network; add the subscription by hand")]
    PrivateHost,
    /// The address is not valid for another reason.
    #[error("{0}")]
    Address(Refusal),
    /// An outline of OPML without the address of a channel.
    #[error("it has no address of a channel")]
    NoAddress,
    /// An outline of OPML that includes another list, or a link to a page.
    #[error("it is a link to a page or to another list, not a channel")]
    NotAChannel,
    /// A query feed whose expression has no exact translation.
    #[error("the expression has no exact translation; write the search by hand: {0}")]
    Expression(SafeText),
}

/// An entry with the channel of an earlier one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// Line of the entry, from 1.
    pub line: u32,
    /// Line of the earlier one.
    pub first_line: u32,
    /// The address, without query.
    pub address: SafeText,
}

/// Something that was repaired or left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Line of the list, from 1.
    pub line: u32,
    /// What was wrong, and how it was read.
    pub what: SafeText,
}

/// An entry of a list.
#[derive(Debug, Default)]
pub(super) struct Entry<'a> {
    /// Line of the list, from 1.
    pub(super) line: u32,
    /// The address as written.
    pub(super) address: &'a str,
    /// The title; may be empty.
    pub(super) title: &'a str,
    /// Folders, tags and categories.
    pub(super) topics: Vec<&'a str>,
}

/// Collects the entries of a list.
#[derive(Debug, Default)]
pub(super) struct Collector {
    imported: Imported,
    /// The subscription with a canonical address, and the line of its entry.
    known: HashMap<String, (usize, u32)>,
    has_too_many_topics: bool,
}

impl Collector {
    /// Adds an entry: as a subscription, as a duplicate, or as refused.
    pub(super) fn add(&mut self, entry: &Entry) {
        let written = with_web_scheme(entry.address.trim());
        let url = match check(&written) {
            Ok(url) => url,
            Err(why) => return self.refuse(entry.line, &written, why),
        };
        let topics = self.topics(entry);
        let canonical = canonical(&url);
        if let Some((index, first_line)) = self.known.get(&canonical).copied() {
            self.unite(index, entry, topics);
            if self.imported.duplicates.len() >= MAX_SUBSCRIPTIONS {
                return self.leave_out(entry.line);
            }
            let address = without_secrets(&written);
            return self.imported.duplicates.push(Duplicate { line: entry.line, first_line, address });
        }
        if self.imported.subscriptions.len() >= MAX_SUBSCRIPTIONS {
            return self.leave_out(entry.line);
        }
        self.known.insert(canonical, (self.imported.subscriptions.len(), entry.line));
        self.imported.subscriptions.push(Subscription {
            address: UntrustedText::new(&written),
            title: clean::plain_line(entry.title),
            topics,
            ..Subscription::default()
        });
    }

    /// Counts an entry beyond the limits.
    fn leave_out(&mut self, line: u32) {
        if self.imported.left_out == 0 {
            let what = format!("more than {MAX_SUBSCRIPTIONS} entries of a kind: those from here on are only counted");
            self.note(line, clean::plain_line(&what));
        }
        self.imported.left_out = self.imported.left_out.saturating_add(1);
    }

    /// Gives the topics of a duplicate to the first entry, and its title if that one has none.
    fn unite(&mut self, index: usize, entry: &Entry, topics: Vec<SafeText>) {
        let Some(first) = self.imported.subscriptions.get_mut(index) else { return };
        if first.title.is_empty() {
            first.title = clean::plain_line(entry.title);
        }
        for topic in topics {
            if first.topics.len() < MAX_TOPICS && !first.topics.contains(&topic) {
                first.topics.push(topic);
            }
        }
    }

    fn topics(&mut self, entry: &Entry) -> Vec<SafeText> {
        let mut topics = Vec::new();
        for raw in &entry.topics {
            let topic = clean::plain_line(raw);
            if topic.is_empty() || topics.contains(&topic) {
                continue;
            }
            if topic.as_str().len() > LONGEST_TOPIC || topics.len() >= MAX_TOPICS {
                if !self.has_too_many_topics {
                    let what = format!(
                        "topics beyond {MAX_TOPICS}, and those longer than {LONGEST_TOPIC} bytes, are left out"
                    );
                    self.note(entry.line, clean::plain_line(&what));
                }
                self.has_too_many_topics = true;
                continue;
            }
            topics.push(topic);
        }
        topics
    }

    /// Adds a refused entry.
    pub(super) fn refuse(&mut self, line: u32, what: &str, why: RefusalReason) {
        if self.imported.refused.len() >= MAX_SUBSCRIPTIONS {
            return self.leave_out(line);
        }
        self.imported.refused.push(Refused { line, what: without_secrets(what), why });
    }

    /// Adds a search. A name that is taken gets a number.
    pub(super) fn search(&mut self, line: u32, name: &str, query: String) {
        let mut name: String = name.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '-' }).collect();
        name = name.trim_matches('-').to_owned();
        if name.is_empty() {
            "search".clone_into(&mut name);
        }
        let searches = &self.imported.saved_searches;
        if searches.len() >= MAX_SEARCHES {
            return self.leave_out(line);
        }
        let is_taken = |name: &str| searches.iter().any(|search| search.name == name);
        let numbered = |number: usize| format!("{name}-{number}");
        if is_taken(&name) {
            name = (2..=MAX_SEARCHES.saturating_add(1)).map(numbered).find(|name| !is_taken(name)).unwrap_or(name);
        }
        self.imported.saved_searches.push(ImportedSearch { line, name, query });
    }

    /// Adds a note, up to a limit.
    pub(super) fn note(&mut self, line: u32, what: SafeText) {
        if self.imported.notes.len() < MAX_NOTES {
            self.imported.notes.push(Note { line, what });
        }
    }

    /// What was collected.
    pub(super) fn finish(self) -> Imported {
        self.imported
    }
}

/// Checks that an address may be followed because a list says so.
fn check(address: &str) -> Result<Url, RefusalReason> {
    if address.is_empty() {
        return Err(RefusalReason::NoAddress);
    }
    // newsboat runs these: https://newsboat.org/releases/2.41/docs/newsboat.html#_scripts_and_filters_snownews_extensions
    if address.starts_with('|') || ["exec:", "filter:"].iter().any(|scheme| starts_with(address, scheme)) {
        return Err(RefusalReason::Program);
    }
    if starts_with(address, "file:") || address.starts_with(['/', '~', '.']) {
        return Err(RefusalReason::File);
    }
    let url = match Address::parse(address) {
        Ok(address) => Url::parse(address.as_str()).map_err(|_| RefusalReason::NotAnAddress)?,
        Err(Refusal::Scheme(scheme)) => return Err(RefusalReason::Scheme(scheme)),
        Err(Refusal::UserName) => return Err(RefusalReason::UserName),
        Err(Refusal::Relative | Refusal::NotAnAddress) => return Err(RefusalReason::NotAnAddress),
        Err(other) => return Err(RefusalReason::Address(other)),
    };
    match url.host() {
        Some(host) if !is_private_host(&host) => Ok(url),
        Some(_) => Err(RefusalReason::PrivateHost),
        None => Err(RefusalReason::NotAnAddress),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collected(addresses: &[&str]) -> Imported {
        let mut collector = Collector::default();
        for (at, address) in addresses.iter().enumerate() {
            collector.add(&Entry { line: at as u32 + 1, address, ..Entry::default() });
        }
        collector.finish()
    }

    #[test]
    fn addresses_that_may_be_followed() {
        for (address, expected) in [
            ("https://example.org/feed.xml", "https://example.org/feed.xml"),
            ("  HTTPS://Example.org/feed.xml ", "HTTPS://Example.org/feed.xml"),
            ("feed://example.org/a", "http://example.org/a"),
            ("feed:https://example.org/a", "https://example.org/a"),
            ("FEED://https://example.org/a", "https://example.org/a"),
            ("pcast://example.org/a", "http://example.org/a"),
            ("https://example.org:8443/?a=1#b", "https://example.org:8443/?a=1#b"),
        ] {
            let imported = collected(&[address]);
            assert_eq!(imported.refused, [], "{address}");
            assert_eq!(imported.subscriptions[0].address.untrusted(), expected, "{address}");
        }
    }

    #[test]
    fn addresses_that_are_refused() {
        use RefusalReason::*;
        for (address, what, why) in [
            ("exec:~/bin/x --token abc", "exec:~/bin/x", Program),
            ("Filter:a:https://example.org/", "Filter:a:https://example.org/", Program),
            ("|cat /etc/passwd", "|cat", Program),
            ("file:///etc/passwd", "file:///etc/passwd", File),
            ("feed:file:///etc/passwd", "file:///etc/passwd", File),
            ("/etc/passwd", "/etc/passwd", File),
            ("~/feed.xml", "~/feed.xml", File),
            ("javascript:alert(1)", "javascript:alert(1)", Scheme("javascript".into())),
            ("ftp://example.org/a?b", "ftp://example.org/a", Scheme("ftp".into())),
            ("https://me:secret@example.org/a?token=1", "https://example.org/a", UserName),
            ("http://localhost:8080/feed?key=1", "http://localhost:8080/feed", PrivateHost),
            ("https://router/", "https://router/", PrivateHost),
            ("http://2130706433/", "http://127.0.0.1/", PrivateHost),
            ("feed://192.168.1.1/", "http://192.168.1.1/", PrivateHost),
            ("http://[::1]/", "http://[::1]/", PrivateHost),
            ("example.org/feed", "example.org/feed", NotAnAddress),
            ("secret@example.org", "example.org", NotAnAddress),
            ("", "", NoAddress),
            ("https://a.org/\u{202e}b", "https://a.org/%E2%80%AEb", Address(Refusal::HiddenCharacter)),
        ] {
            let imported = collected(&[address]);
            assert_eq!(imported.subscriptions, [], "{address}");
            assert_eq!(imported.refused, [Refused { line: 1, what: clean::plain_line(what), why }], "{address}");
        }
    }

    #[test]
    fn duplicates_are_found() {
        let imported = collected(&[
            "http://example.org/feed/",
            "https://EXAMPLE.org:443/feed#top",
            "https://example.org/feed?a=1",
            "https://example.org/Feed",
            "http://example.org:80/feed",
        ]);
        let addresses: Vec<&str> = imported.subscriptions.iter().map(|one| one.address.untrusted()).collect();
        assert_eq!(addresses, ["http://example.org/feed/", "https://example.org/feed?a=1", "https://example.org/Feed"]);
        let lines: Vec<(u32, u32)> = imported.duplicates.iter().map(|one| (one.line, one.first_line)).collect();
        assert_eq!(lines, [(2, 1), (5, 1)]);
    }

    #[test]
    fn duplicates_unite_topics_and_titles() {
        let mut collector = Collector::default();
        for (line, title, topics) in [(1, "", vec!["a", "b"]), (2, "T", vec!["b", "c", " c "]), (3, "U", vec![])] {
            collector.add(&Entry { line, address: "https://example.org/", title, topics });
        }
        let imported = collector.finish();
        assert_eq!(imported.subscriptions.len(), 1);
        assert_eq!(imported.subscriptions[0].title.as_str(), "T");
        assert_eq!(imported.subscriptions[0].topics, ["a", "b", "c"].map(SafeText::from));
    }

    #[test]
    fn names_of_searches_are_single_words() {
        let mut collector = Collector::default();
        for name in ["Unread Articles", "unread_2", "Unread Articles", "Unread-Articles-2", "Größe!", "!!", ""] {
            collector.search(1, name, String::new());
        }
        let imported = collector.finish();
        let names: Vec<&str> = imported.saved_searches.iter().map(|search| search.name.as_str()).collect();
        let expected =
            ["Unread-Articles", "unread_2", "Unread-Articles-2", "Unread-Articles-2-2", "Größe", "search", "search-2"];
        assert_eq!(names, expected);
        assert!(names.iter().all(|name| crate::config::saved_searches_file::check_name(name).is_ok()));
    }

    #[test]
    fn limits_are_reported() {
        let mut collector = Collector::default();
        for line in 0..MAX_SUBSCRIPTIONS as u32 + 3 {
            collector.add(&Entry { line, address: &format!("https://example.org/{line}"), ..Entry::default() });
        }
        let long = "x".repeat(LONGEST_TOPIC + 1);
        let many: Vec<String> = (0..=MAX_TOPICS).map(|number| number.to_string()).collect();
        let mut topics = vec![long.as_str()];
        topics.extend(many.iter().map(String::as_str));
        collector.add(&Entry { line: 20_000, address: "https://example.org/0", topics, ..Entry::default() });
        let imported = collector.finish();
        assert_eq!((imported.subscriptions.len(), imported.left_out), (MAX_SUBSCRIPTIONS, 3));
        assert_eq!(imported.subscriptions[0].topics.len(), MAX_TOPICS);
        assert_eq!(imported.notes.iter().map(|note| note.line).collect::<Vec<_>>(), [MAX_SUBSCRIPTIONS as u32, 20_000]);
    }
}
