//! Random subscriptions for property tests: with any characters in titles and topics that [`SafeText`] may have.
#![cfg(test)]

use std::collections::HashSet;

use proptest::prelude::*;

use super::subscription::Subscription;
use crate::feed::{SafeText, UntrustedText, clean};

/// Subscriptions with different addresses.
pub(super) fn subscriptions() -> impl Strategy<Value = Vec<Subscription>> {
    let part = prop_oneof![
        Just("]]>".to_owned()),
        Just("\"".to_owned()),
        Just("\\".to_owned()),
        Just("&amp;".to_owned()),
        Just("<b>".to_owned()),
        Just("~".to_owned()),
        Just("!".to_owned()),
        Just(",".to_owned()),
        Just("/".to_owned()),
        Just("#".to_owned()),
        Just("\u{5e9}\u{202e}".to_owned()),
        Just("\u{1b}[2J".to_owned()),
        Just("\n".to_owned()),
        Just("&#10;".to_owned()),
        Just(" ".to_owned()),
        "\\PC{1,6}",
    ];
    let text = proptest::collection::vec(part, 0..6).prop_map(|parts| clean::plain_line(&parts.concat()));
    let long = Just(clean::plain_line(&"title \"&<".repeat(12_000)));
    let title = prop_oneof![100 => text.clone(), 1 => long];
    let address = "https://[a-z]{1,8}\\.example/[a-zA-Z0-9._~!$&'()*+,;=:@%-]{0,12}(\\?[a-z=&]{0,8})?";
    let one = (address, title, proptest::collection::vec(text, 0..5)).prop_map(|(address, title, topics)| {
        let mut known = HashSet::new();
        let is_new = |topic: &SafeText| !topic.is_empty() && topic.as_str().len() <= 200 && known.insert(topic.clone());
        let topics: Vec<SafeText> = topics.into_iter().filter(is_new).collect();
        Subscription { address: UntrustedText::new(&address), title, topics, ..Subscription::default() }
    });
    proptest::collection::vec(one, 0..8).prop_map(|mut list| {
        let mut known = HashSet::new();
        let host = |one: &Subscription| one.address.untrusted().split('/').nth(2).unwrap_or_default().to_owned();
        list.retain(|one| !one.address.untrusted().contains("%00") && known.insert(host(one)));
        list
    })
}
