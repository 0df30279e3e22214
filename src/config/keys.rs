//! The setting `keys`: a preset, and the user's own bindings. What keys and actions mean is checked in `keymap`.

use super::problem::ConfigProblem;
use super::value_reader::{ConfigEntry, ValueReader};
use super::yaml_tree::{self, LocatedText, YamlNode, YamlValue};

/// The value of `keys`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeySettings {
    /// The preset to start from.
    pub preset: Preset,
    /// The user's bindings, in the order of the file.
    pub bindings: Vec<KeyBindingSetting>,
}

/// A set of default keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preset {
    /// The keys of frontpage.
    #[default]
    Default,
    /// Keys as in newsboat.
    Newsboat,
    /// Keys as in elfeed.
    Elfeed,
}

/// Maximum number of bindings per context: each costs time at the start.
const MAX_BINDINGS: usize = 1000;

/// The action that removes a binding.
const NONE: &str = "none";

/// The presets with their names in the settings.
const PRESETS: [(&str, Preset); 3] =
    [("default", Preset::Default), ("newsboat", Preset::Newsboat), ("elfeed", Preset::Elfeed)];

/// A binding as written in the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyBindingSetting {
    /// The context in which it applies, such as `list` or `panes`.
    pub context: LocatedText,
    /// The keys, such as `gx` or `<ctrl-d>`.
    pub keys: LocatedText,
    /// The action with its argument; `None` removes the binding of these keys.
    pub command: Option<LocatedText>,
}

impl KeySettings {
    /// Reads the group `keys`.
    pub fn read(reader: &mut ValueReader, field: ConfigEntry) -> KeySettings {
        let mut settings = KeySettings::default();
        for (name, key, value) in reader.pairs(field.node, field.name) {
            settings.add_context(reader, name, key, value);
        }
        settings
    }

    /// Reads bindings without the rest of the settings, as in the files of the presets.
    pub fn parse(text: &str) -> (KeySettings, Vec<ConfigProblem>) {
        let root = match yaml_tree::read(text, "") {
            Ok(root) => root,
            Err(problem) => return (KeySettings::default(), vec![problem]),
        };
        let (mut reader, mut settings) = (ValueReader::default(), KeySettings::default());
        for (name, key, value) in reader.pairs(&root, "keys") {
            settings.add_context(&mut reader, name, key, value);
        }
        (settings, reader.problems)
    }

    fn add_context(&mut self, reader: &mut ValueReader, name: &str, key: &YamlNode, value: &YamlNode) {
        if name == "preset" {
            if let Some(preset) = reader.one_of(ConfigEntry { name, node: value }, &PRESETS) {
                self.preset = preset;
            }
            return;
        }
        let Some(context) = key.located_text() else { return };
        let pairs = reader.pairs(value, name);
        for (_, keys, command) in reader.bounded(key, "keys", MAX_BINDINGS, pairs) {
            match (keys.located_text(), command.located_text(), &command.value) {
                (Some(keys), Some(command), _) => {
                    let command = Some(command).filter(|command| command.text.trim() != NONE);
                    self.bindings.push(KeyBindingSetting { context: context.clone(), keys, command });
                }
                (Some(keys), None, YamlValue::Nothing) => {
                    self.bindings.push(KeyBindingSetting { context: context.clone(), keys, command: None });
                }
                _ => reader.report(
                    command,
                    &format!("{} is not an action", command.kind()),
                    "write the name of an action",
                ),
            }
        }
    }
}
