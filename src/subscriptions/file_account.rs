//! Reads an account in `subscriptions.yaml`: `- account: {service: freshrss, url: …, auth: {…}}`.

use url::Url;

use super::account::{Account, ServiceKind};
use super::file_access::{self, IGNORED, strict};
use super::file_line;
use super::subscription::Subscription;
use crate::config::value_reader::{ConfigEntry, ConfigGroup, ValueReader};
use crate::config::yaml_tree::{YamlNode, YamlValue};
use crate::feed::is_private_host;

/// The name of a line that is an account.
const ACCOUNT: &str = "account";
/// The names of the values of an account.
const NAMES: [&str; 8] = ["service", "url", "title", "auth", "certificate", "private", "every", "paused"];

/// The value of `account` in an item of the list. `None` if the item is none.
pub fn value(item: &YamlNode) -> Option<&YamlNode> {
    let YamlValue::Map(pairs) = &item.value else { return None };
    let is_account = |name: &YamlNode| matches!(&name.value, YamlValue::Text(text) if text == ACCOUNT);
    pairs.iter().find(|(name, _)| is_account(name)).map(|(_, value)| value)
}

/// Reads an account. `None` if a value is not valid without which something else would be done than the user wants; the problem says so.
pub fn read(reader: &mut ValueReader, node: &YamlNode) -> Option<Account> {
    if !matches!(node.value, YamlValue::Map(_)) {
        let what = format!("`account` is {}, not a group of settings", node.kind());
        let hint = format!("write account: {{service: freshrss, url: https://…, auth: {{…}}}}; {IGNORED}");
        reader.report(node, &what, &hint);
        return None;
    }
    let fields = fields(reader, node);
    let mut lacks =
        |name: &str| reader.report(node, &format!("`account` without `{name}`"), &format!("add it; {IGNORED}"));
    let missing =
        ["service", "url", "auth"].into_iter().filter(|name| fields.get(name).is_none()).inspect(|name| lacks(name));
    if missing.count() > 0 {
        return None;
    }
    let service = fields.get("service").and_then(|field| reader.one_of(field, &ServiceKind::NAMES));
    let address = fields.get("url").and_then(|field| file_line::address(reader, field));
    let is_paused = strict(&fields, "paused", |field| reader.flag(field));
    let access = file_access::read(reader, &fields);
    let title = fields.get("title").and_then(|field| file_line::title(reader, field)).unwrap_or_default();
    let every = fields.get("every").and_then(|field| file_line::every(reader, field));
    let (service, (address, url), access) = (service?, address?, access?);
    if !url.username().is_empty() || url.password().is_some() {
        reader.report(node, "the address has a user or a password", &format!("write them in `auth`; {IGNORED}"));
        return None;
    }
    if let Some(why) = refusal(&url).filter(|_| !access.is_private) {
        reader.report(node, why, &format!("add `private: true` if it is on your own network; {IGNORED}"));
        return None;
    }
    let user = access.login.as_ref().map(|login| login.user.untrusted().to_owned())?;
    let first_key = Some(Account::key_of(address.untrusted(), &user));
    let server = Subscription {
        address,
        title,
        every,
        access,
        first_key,
        is_paused: is_paused?.unwrap_or(false),
        ..Subscription::default()
    };
    Some(Account { service, server })
}

/// Why the password is not sent to an address, unless the user says that it is on a private network.
pub fn refusal(url: &Url) -> Option<&'static str> {
    match url.host().is_some_and(|host| is_private_host(&host)) {
        true => Some("the server is on a private network"),
        false if url.scheme() != "https" => Some("the password would be sent without encryption"),
        false => None,
    }
}

/// The values by name. Unknown names are reported.
fn fields<'a>(reader: &mut ValueReader, node: &'a YamlNode) -> ConfigGroup<'a> {
    let mut known = Vec::new();
    for (name, key, node) in reader.pairs(node, ACCOUNT) {
        match NAMES.contains(&name) {
            true if node.value == YamlValue::Nothing => {}
            true => known.push(ConfigEntry { name, node }),
            false => {
                let hint = match name {
                    "password" => {
                        "write `password command`, `password file` or `password variable` in `auth`".to_owned()
                    }
                    "user" => "write it in `auth`".to_owned(),
                    _ => crate::config::suggest(name, &NAMES),
                };
                reader.report(key, &format!("unknown setting `{name}` of `account`"), &hint);
            }
        }
    }
    ConfigGroup::new(known)
}
