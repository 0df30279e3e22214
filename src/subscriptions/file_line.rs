//! Reads one item of `subscriptions.yaml`.

use url::Url;

use super::channel_address::{with_web_scheme, without_secrets};
use super::file_access::{self, IGNORED, strict};
use super::folder_name::is_plain_name;
use super::subscription::{Keep, Subscription};
use crate::config::Position;
use crate::config::value_reader::{ConfigEntry, ConfigGroup, ValueReader};
use crate::config::yaml_tree::{YamlNode, YamlValue};
use crate::feed::{SafeText, UntrustedText, clean, is_private_host};

/// The names of the values of a subscription.
const NAMES: [&str; 15] = [
    "feed",
    "title",
    "topics",
    "folder",
    "every",
    "full text",
    "only",
    "keep",
    "user agent",
    "headers",
    "auth",
    "certificate",
    "private",
    "paused",
    "key",
];
/// Names that other programs use for the address.
const OTHER_NAMES_OF_ADDRESS: [&str; 8] = ["url", "link", "address", "channel", "xmlUrl", "uri", "href", "rss"];
/// The longest address, in bytes.
const LONGEST_ADDRESS: usize = 8 * 1024;
/// Topics of one subscription at most.
const MAX_TOPICS: usize = 100;
/// The shortest interval in minutes.
const SHORTEST_INTERVAL: u32 = 15;
/// The longest interval in minutes: 366 days.
const LONGEST_INTERVAL: u32 = 366 * 24 * 60;

/// A subscription that was read.
pub struct Line {
    /// The subscription.
    pub subscription: Subscription,
    /// Its parsed address.
    pub url: Url,
    /// The position of its query `only`.
    pub only_at: Option<Position>,
}

/// Reads an item. `None` if it is not a subscription, or if a value is not valid without which something would be done that the
/// user does not want, such as a request without a password; the problem says so. Of other values the default applies.
pub fn read(reader: &mut ValueReader, item: &YamlNode) -> Option<Line> {
    match &item.value {
        YamlValue::Text(_) => {
            let (address, url) = address(reader, ConfigEntry { name: "feed", node: item })?;
            warn_of_private_host(reader, item, &url, false);
            let subscription = Subscription { address, ..Subscription::default() };
            Some(Line { subscription, url, only_at: None })
        }
        YamlValue::Map(_) => of_map(reader, item),
        YamlValue::Nothing => {
            reader.report(
                item,
                "a line without an address",
                "write one after the dash: - https://example.org/feed.xml",
            );
            None
        }
        YamlValue::List(_) => {
            reader.report(item, "a list is not a subscription", "write one address after each dash");
            None
        }
    }
}

fn of_map(reader: &mut ValueReader, item: &YamlNode) -> Option<Line> {
    let fields = fields(reader, item);
    let Some(feed) = fields.get("feed") else {
        reader.report(item, "subscription without `feed`", "add the address: feed: https://example.org/feed.xml");
        return None;
    };
    // All values are read before any of them makes the line invalid, so that all problems are reported at once.
    let address = address(reader, feed);
    let folder = strict(&fields, "folder", |field| folder(reader, field));
    let key = strict(&fields, "key", |field| {
        reader.parsed(
            field,
            |text| text.trim().parse().ok(),
            "write the 16 hex digits that were here, or remove the line",
        )
    });
    let only = strict(&fields, "only", |field| reader.located_text(field));
    let is_paused = strict(&fields, "paused", |field| reader.flag(field));
    let access = file_access::read(reader, &fields);
    let title = fields.get("title").and_then(|field| title(reader, field)).unwrap_or_default();
    let topics = fields.get("topics").map(|field| topics(reader, field)).unwrap_or_default();
    let every = fields.get("every").and_then(|field| every(reader, field));
    let keep = fields.get("keep").and_then(|field| keep(reader, field));
    let has_full_text = fields.get("full text").and_then(|field| reader.flag(field)).unwrap_or(false);
    let ((address, url), only) = (address?, only?);
    let access = access?;
    warn_of_private_host(reader, feed.node, &url, access.is_private);
    let only_at = only.as_ref().map(|only| only.at);
    let subscription = Subscription {
        address,
        title,
        topics,
        folder: folder?,
        keep,
        first_key: key?,
        every,
        only: only.map(|only| only.text),
        has_full_text,
        is_paused: is_paused?.unwrap_or(false),
        access,
    };
    Some(Line { subscription, url, only_at })
}

/// The values by name. Unknown names are reported.
fn fields<'a>(reader: &mut ValueReader, item: &'a YamlNode) -> ConfigGroup<'a> {
    let mut known = Vec::new();
    for (name, key, node) in reader.pairs(item, "") {
        if NAMES.contains(&name) {
            if node.value != YamlValue::Nothing {
                known.push(ConfigEntry { name, node });
            }
        } else if OTHER_NAMES_OF_ADDRESS.contains(&name) {
            reader.report(key, &format!("unknown setting `{name}`"), "did you mean `feed`?");
        } else {
            let hint = crate::config::suggest(name, &NAMES);
            reader.report(key, &format!("unknown setting `{name}`"), &hint);
        }
    }
    ConfigGroup::new(known)
}

/// Reads an address: http or https, also after `feed:`.
pub fn address(reader: &mut ValueReader, field: ConfigEntry) -> Option<(UntrustedText, Url)> {
    let node = field.node;
    let YamlValue::Text(text) = &node.value else {
        let what = format!("`feed` is {}, not an address", node.kind());
        reader.report(node, &what, "write https://example.org/feed.xml");
        return None;
    };
    let written = with_web_scheme(text.trim());
    let shown = || without_secrets(&written);
    let mut refuse = |what: &str, hint: &str| {
        reader.report(node, what, &format!("{hint}; {IGNORED}"));
        None
    };
    if written.len() > LONGEST_ADDRESS {
        return refuse(&format!("an address of more than {} KiB", LONGEST_ADDRESS / 1024), "write a shorter one");
    }
    // The parser of addresses removes line ends and tabs.
    if written.chars().any(|c| c.is_whitespace() || clean::is_hidden(c)) {
        return refuse(&format!("`{}` contains a blank or a hidden character", shown()), "write it without");
    }
    match Url::parse(&written) {
        Ok(url) if !matches!(url.scheme(), "http" | "https") => {
            let what = format!("`{}:` cannot be followed", clean::quote(url.scheme()));
            refuse(&what, "write an address with https:// or http://")
        }
        Ok(url) if url.has_host() => Some((UntrustedText::from_string(written), url)),
        Ok(_) | Err(_) => refuse(&format!("`{}` is not an address", shown()), "write it with https://"),
    }
}

/// Reports a host on a private network, from which nothing is fetched unless the user allows it.
fn warn_of_private_host(reader: &mut ValueReader, node: &YamlNode, url: &Url, is_private: bool) {
    let Some(host) = url.host().filter(|host| !is_private && is_private_host(host)) else { return };
    let what = format!("`{}` is on a private network", clean::quote(&host.to_string()));
    reader.report(node, &what, "nothing is fetched from there; add `private: true` if you trust it");
}

fn folder(reader: &mut ValueReader, field: ConfigEntry) -> Option<String> {
    let name = reader.text(field)?;
    if is_plain_name(&name) {
        return Some(name);
    }
    let what = format!("`{}` is not the name of a folder", clean::quote(&name));
    reader.report(field.node, &what, &format!("write one plain name, such as rust; {IGNORED}"));
    None
}

/// Reads a title.
pub fn title(reader: &mut ValueReader, field: ConfigEntry) -> Option<SafeText> {
    let text = reader.text(field)?;
    Some(cleaned(reader, field.node, &text))
}

/// One topic, or a list of topics.
fn topics(reader: &mut ValueReader, field: ConfigEntry) -> Vec<SafeText> {
    let nodes = match &field.node.value {
        YamlValue::List(nodes) => nodes.as_slice(),
        _ => std::slice::from_ref(field.node),
    };
    let mut topics: Vec<SafeText> = Vec::new();
    for node in nodes {
        match &node.value {
            YamlValue::Nothing => {}
            YamlValue::Text(text) => {
                let topic = cleaned(reader, node, text);
                if !topic.is_empty() && !topics.contains(&topic) {
                    topics.push(topic);
                }
            }
            _ => reader.report(node, &format!("`topics` contains {}, not a topic", node.kind()), "write a text"),
        }
        if topics.len() > MAX_TOPICS {
            break;
        }
    }
    reader.bounded(field.node, "topics", MAX_TOPICS, topics)
}

/// A text without hidden characters, which are reported.
fn cleaned(reader: &mut ValueReader, node: &YamlNode, text: &str) -> SafeText {
    if text.chars().any(clean::is_hidden) {
        reader.report(node, "a hidden character", "it is left out");
    }
    clean::plain_line(text)
}

/// Reads an interval such as `1d`, `6h` or `15m`, in minutes.
pub fn every(reader: &mut ValueReader, field: ConfigEntry) -> Option<u32> {
    let minutes = reader.parsed(field, minutes, "write a time such as 6h, 1d or 30m, at most 366d")?;
    if minutes < SHORTEST_INTERVAL {
        let what = format!("`every` is less than {SHORTEST_INTERVAL} minutes");
        reader.report(field.node, &what, &format!("{SHORTEST_INTERVAL}m applies"));
    }
    Some(minutes.max(SHORTEST_INTERVAL))
}

fn minutes(text: &str) -> Option<u32> {
    let text = text.trim();
    let units = [('m', 1), ('h', 60), ('d', 24 * 60), ('w', 7 * 24 * 60)];
    let (number, unit) = units.iter().find_map(|(letter, unit)| Some((text.strip_suffix(*letter)?, *unit)))?;
    whole_number(number.trim_end())?.checked_mul(unit).filter(|minutes| *minutes <= LONGEST_INTERVAL)
}

/// Digits as a number, without a sign.
fn whole_number(text: &str) -> Option<u32> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

/// Reads `180d` or `500`.
fn keep(reader: &mut ValueReader, field: ConfigEntry) -> Option<Keep> {
    let read = |text: &str| {
        let text = text.trim();
        let keep = match text.strip_suffix('d') {
            Some(days) => Keep::Days(whole_number(days.trim_end()).filter(|days| *days > 0)?),
            None => Keep::Newest(whole_number(text).filter(|number| *number > 0)?),
        };
        Some(keep)
    };
    reader.parsed(field, read, "write days such as 180d, or a number of articles such as 500; all are kept until then")
}
