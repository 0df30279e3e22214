//! The names of the folders of subscriptions.

use url::Url;

use super::subscription::Subscription;
use super::subscription_key::SubscriptionKey;

/// Longest part of a folder's name that is made from the address, in bytes.
const MAX_SLUG: usize = 60;
/// Longest name of a folder, in bytes. File systems allow 255, and some that encrypt names fewer.
const LONGEST_NAME: usize = 200;

/// True if a text is one plain name of a folder: not empty, not hidden, without slashes and control characters.
pub fn is_plain_name(name: &str) -> bool {
    !name.trim().is_empty()
        && !name.starts_with('.')
        && name.len() <= LONGEST_NAME
        && !name.chars().any(|c| c.is_control() || ['/', '\\'].contains(&c))
}

impl Subscription {
    /// The name of the folder of its articles: `folder`, else made from the address. `None` if `folder` is not one plain name.
    pub fn folder_name(&self) -> Option<String> {
        self.folder_name_with(Url::parse(self.address.untrusted().trim()).ok().as_ref(), self.key())
    }

    /// As [`folder_name`](Self::folder_name), with the parsed address and the key.
    pub(super) fn folder_name_with(&self, url: Option<&Url>, key: SubscriptionKey) -> Option<String> {
        if let Some(name) = &self.folder {
            return is_plain_name(name).then(|| name.clone());
        }
        // Without user name and query, which may be secret. The path of an address without a host may be anything.
        let shown = url.and_then(|url| Some(format!("{}{}", url.host_str()?, url.path()))).unwrap_or_default();
        let mut slug = String::new();
        for c in shown.strip_prefix("www.").unwrap_or(&shown).chars() {
            match c.to_ascii_lowercase() {
                c if c.is_ascii_alphanumeric() && slug.len() < MAX_SLUG => slug.push(c),
                _ if slug.is_empty() || slug.ends_with('-') || slug.len() >= MAX_SLUG => {}
                _ => slug.push('-'),
            }
        }
        let hash: String = key.to_string().chars().take(6).collect();
        let slug = slug.trim_matches('-');
        Some(if slug.is_empty() { format!("channel-{hash}") } else { format!("{slug}-{hash}") })
    }
}
