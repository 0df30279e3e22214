//! A short list of channels for users who follow none yet. It is part of the program; no channel is fetched before the user
//! subscribes.

use super::import::import;
use super::subscription::Subscription;

/// The list, in the format that other programs export.
const OPML: &str = include_str!("suggested_channels.opml");

/// The channels: of the sciences, mathematics and computing, as the built-in feed is.
pub fn suggested_channels() -> Vec<Subscription> {
    import(OPML.as_bytes()).map(|imported| imported.subscriptions).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_channel_of_the_list_can_be_subscribed() {
        let imported = import(OPML.as_bytes()).expect("a list");
        assert_eq!((imported.refused, imported.duplicates, imported.notes), (vec![], vec![], vec![]));
        let all = suggested_channels();
        assert!((12..=20).contains(&all.len()), "{}", all.len());
        assert_eq!(all.len(), OPML.matches("xmlUrl").count());
        let keys: BTreeSet<_> = all.iter().map(|channel| channel.key().to_string()).collect();
        assert_eq!(keys.len(), all.len());
        for channel in &all {
            assert!(!channel.title.as_str().is_empty() && channel.topics.len() == 1, "{channel:?}");
            assert!(channel.title.as_str().len() <= 40, "{}", channel.title);
        }
    }
}
