//! The labels of a service: tags of the user that articles have there.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use crate::feed::Tag;
use crate::frames;

/// Labels that are read at most: each list of articles is a request.
const MAX_LABELS: usize = 50;
/// Names of an answer at most.
const MAX_NAMES: usize = 10_000;

/// The names that an answer has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelNames {
    /// Labels of articles.
    #[serde(deserialize_with = "names")]
    pub labels: Vec<String>,
    /// Folders of feeds, which share the names of labels.
    #[serde(deserialize_with = "names")]
    pub folders: Vec<String>,
}

fn names<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    frames::at_most::<MAX_NAMES, String, D>(from)
}

/// The labels of a service, by the keys of tags. `None` for names that are not used: those of folders, those that differ only in case,
/// and those above the limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels(BTreeMap<Box<str>, Option<Tag>>);

impl Labels {
    /// The labels that these names are.
    pub fn of(names: &LabelNames) -> Labels {
        let mut labels: BTreeMap<Box<str>, Option<Tag>> = BTreeMap::new();
        for tag in names.labels.iter().filter_map(|name| Tag::parse(name).ok()) {
            let is_exact = names.labels.iter().any(|name| name == tag.shown().as_str());
            let is_room = labels.values().flatten().count() < MAX_LABELS;
            let is_known = labels.contains_key(tag.key());
            labels.insert(tag.key().into(), Some(tag).filter(|_| is_exact && is_room && !is_known));
        }
        for tag in names.folders.iter().filter_map(|name| Tag::parse(name).ok()) {
            labels.insert(tag.key().into(), None);
        }
        Labels(labels)
    }

    /// The names from which [`Labels::of`] makes these labels.
    pub fn names(&self) -> LabelNames {
        let labels = self.0.values().flatten().map(|tag| tag.shown().to_string()).collect();
        let folders = self.0.iter().filter(|(_, tag)| tag.is_none()).map(|(key, _)| key.to_string()).collect();
        LabelNames { labels, folders }
    }

    /// A tag as the service spells it; `None` if the service cannot have it.
    pub fn spelt(&self, tag: &Tag) -> Option<Tag> {
        match self.0.get(tag.key()) {
            Some(known) => known.clone(),
            None => Some(tag.clone()),
        }
    }

    /// The labels that the service has.
    pub fn tags(&self) -> Vec<Tag> {
        self.0.values().flatten().cloned().collect()
    }

    /// True if the service has a label with this key.
    pub fn has(&self, key: &str) -> bool {
        self.0.get(key).is_some_and(Option::is_some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_names_that_differ_in_case_are_no_labels() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let answer = LabelNames { labels: names(&["To Read", "a", "A", "news", ""]), folders: names(&["News"]) };
        let labels = Labels::of(&answer);
        let spelt = |name: &str| labels.spelt(&Tag::parse(name).expect("a name")).map(|tag| tag.shown().to_string());
        assert_eq!(spelt("to read").as_deref(), Some("To Read"));
        assert_eq!(spelt("New One").as_deref(), Some("New One"));
        assert_eq!((spelt("a"), spelt("NEWS")), (None, None));
        assert_eq!(labels.tags(), [Tag::parse("To Read").expect("a name")]);
        assert_eq!(Labels::of(&labels.names()), labels);
        let many = LabelNames { labels: (0..80).map(|n| format!("l{n}")).collect(), folders: Vec::new() };
        assert_eq!(Labels::of(&many).tags().len(), MAX_LABELS);
    }
}
