//! The settings of a site as a map: looks up values by their path, without regard to the case of keys.

use serde_yaml::{Mapping, Value};

/// The settings of a site.
#[derive(Clone, Debug, Default)]
pub struct SettingsMap(pub Mapping);

impl SettingsMap {
    /// The value of a key, or of a key in a map: `["markup", "goldmark"]`. Case does not matter.
    pub fn value(&self, path: &[&str]) -> Option<&Value> {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(entry(&self.0, first)?, |value, key| entry(value.as_mapping()?, key))
    }

    /// The key as it is written.
    pub fn written<'a>(&'a self, key: &str) -> Option<&'a str> {
        self.0.keys().filter_map(Value::as_str).find(|written| written.eq_ignore_ascii_case(key))
    }

    /// True if there is a value.
    pub fn has(&self, path: &[&str]) -> bool {
        self.value(path).is_some()
    }

    /// A text.
    pub fn text(&self, path: &[&str]) -> Option<&str> {
        self.value(path)?.as_str()
    }

    /// A boolean.
    pub fn flag(&self, path: &[&str]) -> Option<bool> {
        self.value(path)?.as_bool()
    }

    /// The entries of a map, with their keys.
    pub fn entries(&self, path: &[&str]) -> impl Iterator<Item = (&str, &Value)> {
        let map = self.value(path).and_then(Value::as_mapping);
        map.into_iter().flatten().filter_map(|(key, value)| Some((key.as_str()?, value)))
    }

    /// The items of a list.
    pub fn items(&self, path: &[&str]) -> &[Value] {
        self.value(path).and_then(Value::as_sequence).map(Vec::as_slice).unwrap_or_default()
    }

    /// Puts the entries of `other` in place of those with the same keys.
    pub fn override_by(&mut self, other: SettingsMap) {
        for (key, value) in other.0 {
            let known = key.as_str().and_then(|key| self.written(key)).map(str::to_owned);
            let key = known.map_or(key, Value::String);
            self.0.insert(key, value);
        }
    }
}

/// The value of a key in a map. Case does not matter.
pub fn entry<'a>(map: &'a Mapping, key: &str) -> Option<&'a Value> {
    let exact = map.get(key);
    exact.or_else(|| {
        map.iter()
            .find(|(written, _)| written.as_str().is_some_and(|text| text.eq_ignore_ascii_case(key)))
            .map(|(_, value)| value)
    })
}

/// The text of a key in a value that is a map.
pub fn text_in<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    entry(value.as_mapping()?, key)?.as_str()
}
