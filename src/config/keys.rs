//! Keys as they are written: a preset, and the bindings of the user.

use super::problem::ConfigProblem;
use super::value_reader::{ConfigEntry, ValueReader};
use super::yaml_tree::{self, LocatedText, YamlNode, YamlValue};

/// What keys do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeySettings {
    /// The keys to start from.
    pub preset: Preset,
    /// The bindings of the user, in the order of the file.
    pub bindings: Vec<KeyBindingSetting>,
}

/// Keys that people know from elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preset {
    /// Our own.
    #[default]
    Default,
    /// Those of newsboat.
    Newsboat,
    /// Those of elfeed.
    Elfeed,
}

/// The most bindings of one context.
const MOST: usize = 1000;

/// The word that takes keys away.
const NONE: &str = "none";

/// The presets by the words of the settings.
const PRESETS: [(&str, Preset); 3] =
    [("default", Preset::Default), ("newsboat", Preset::Newsboat), ("elfeed", Preset::Elfeed)];

/// Keys that are bound to something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyBindingSetting {
    /// Where they hold: `list`, `panes`.
    pub context: LocatedText,
    /// The keys: `gx`, `<ctrl-d>`.
    pub keys: LocatedText,
    /// What they do: an action with its argument; without it the keys do nothing any more.
    pub command: Option<LocatedText>,
}

impl KeySettings {
    /// Reads the group `keys`.
    pub fn read(reader: &mut ValueReader, field: ConfigEntry) -> KeySettings {
        let mut settings = KeySettings::default();
        for (name, key, value) in reader.pairs(field.node, field.name) {
            settings.take(reader, name, key, value);
        }
        settings
    }

    /// Reads bindings alone, as a preset is written.
    pub fn parse(text: &str) -> (KeySettings, Vec<ConfigProblem>) {
        let root = match yaml_tree::read(text, "") {
            Ok(root) => root,
            Err(problem) => return (KeySettings::default(), vec![problem]),
        };
        let (mut reader, mut settings) = (ValueReader::default(), KeySettings::default());
        for (name, key, value) in reader.pairs(&root, "keys") {
            settings.take(&mut reader, name, key, value);
        }
        (settings, reader.problems)
    }

    fn take(&mut self, reader: &mut ValueReader, name: &str, key: &YamlNode, value: &YamlNode) {
        if name == "preset" {
            if let Some(preset) = reader.one_of(ConfigEntry { name, node: value }, &PRESETS) {
                self.preset = preset;
            }
            return;
        }
        let Some(context) = key.located_text() else { return };
        let pairs = reader.pairs(value, name);
        for (_, keys, command) in reader.bounded(key, "keys", MOST, pairs) {
            match (keys.located_text(), command.located_text(), &command.value) {
                (Some(keys), Some(command), _) => {
                    let command = Some(command).filter(|command| command.text.trim() != NONE);
                    self.bindings.push(KeyBindingSetting { context: context.clone(), keys, command });
                }
                (Some(keys), None, YamlValue::Nothing) => {
                    self.bindings.push(KeyBindingSetting { context: context.clone(), keys, command: None });
                }
                _ => {
                    reader.report(command, &format!("{} is nothing that keys can do", command.kind()), "name an action")
                }
            }
        }
    }
}
