//! Reads values of a settings file into types. An invalid value becomes a problem with its position.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::paths::with_home;
use super::problem::ConfigProblem;
use super::yaml_tree::{LocatedText, YamlNode, YamlValue};

/// Reads values and collects problems.
#[derive(Default)]
pub struct ValueReader {
    /// The problems so far.
    pub problems: Vec<ConfigProblem>,
    folder: PathBuf,
    home: Option<PathBuf>,
}

/// A named value.
#[derive(Clone, Copy)]
pub struct ConfigEntry<'a> {
    /// Its name in the file.
    pub name: &'a str,
    /// The value.
    pub node: &'a YamlNode,
}

/// The values of a group of settings.
pub struct ConfigGroup<'a>(Vec<ConfigEntry<'a>>);

impl<'a> ConfigGroup<'a> {
    /// A group of values.
    pub fn new(entries: Vec<ConfigEntry<'a>>) -> ConfigGroup<'a> {
        ConfigGroup(entries)
    }

    /// The value with this name. `None` if it is missing or empty.
    pub fn get(&self, name: &str) -> Option<ConfigEntry<'a>> {
        self.0.iter().find(|field| field.name == name).copied()
    }
}

impl ValueReader {
    /// A reader for a file in `folder`, where relative paths start; `home` replaces `~`.
    pub fn new(folder: &Path, home: Option<&Path>) -> ValueReader {
        ValueReader { problems: Vec::new(), folder: folder.to_owned(), home: home.map(Path::to_owned) }
    }

    /// Adds a problem at a value.
    pub fn report(&mut self, node: &YamlNode, what: &str, hint: &str) {
        self.problems.push(ConfigProblem::new(Some(node.at), what, hint));
    }

    /// The names and values of a group called `name` (empty for the whole file). Duplicate names are reported, and the last one
    /// wins.
    pub fn pairs<'a>(&mut self, node: &'a YamlNode, name: &str) -> Vec<(&'a str, &'a YamlNode, &'a YamlNode)> {
        let pairs = match &node.value {
            YamlValue::Map(pairs) => pairs.as_slice(),
            YamlValue::Nothing => &[],
            _ => {
                let what = match name {
                    "" => format!("the settings are {}, not `name: value` lines", node.kind()),
                    name => format!("`{name}` is {}, not a group of settings", node.kind()),
                };
                self.report(node, &what, "see frontpage config --default");
                &[]
            }
        };
        let mut known: Vec<Option<(&str, &YamlNode, &YamlNode)>> = Vec::new();
        // A linear search per name would be quadratic: a file of 1 MiB has room for 100,000 names.
        let mut indices: HashMap<&str, usize> = HashMap::new();
        for (key, value) in pairs {
            let YamlValue::Text(text) = &key.value else {
                self.report(key, &format!("{} is not the name of a setting", key.kind()), "write `name: value`");
                continue;
            };
            if let Some(earlier) = indices.insert(text, known.len()).and_then(|at| known.get_mut(at)) {
                self.report(key, &format!("`{text}` occurs twice"), "the last one applies");
                *earlier = None;
            }
            known.push(Some((text, key, value)));
        }
        known.into_iter().flatten().collect()
    }

    /// Cuts a list to `most` values and reports it: each value costs time.
    pub fn bounded<T>(&mut self, node: &YamlNode, what: &str, most: usize, mut values: Vec<T>) -> Vec<T> {
        if values.len() > most {
            self.report(node, &format!("more than {most} {what}"), &format!("only the first {most} apply"));
            values.truncate(most);
        }
        values
    }

    /// The values of a group with known names; unknown names are reported.
    pub fn fields<'a>(&mut self, node: &'a YamlNode, name: &str, names: &[&str]) -> ConfigGroup<'a> {
        let mut fields = Vec::new();
        for (text, key, value) in self.pairs(node, name) {
            if !names.contains(&text) {
                let of = if name.is_empty() { String::new() } else { format!(" of `{name}`") };
                self.report(key, &format!("unknown setting `{text}`{of}"), &suggest(text, names));
            } else if value.value != YamlValue::Nothing {
                fields.push(ConfigEntry { name: text, node: value });
            }
        }
        ConfigGroup(fields)
    }

    /// A text; `None` if it is blank.
    pub fn text(&mut self, field: ConfigEntry) -> Option<String> {
        match &field.node.value {
            YamlValue::Text(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
            _ => {
                self.report_not_text(field);
                None
            }
        }
    }

    fn report_not_text(&mut self, field: ConfigEntry) {
        self.report(field.node, &format!("`{}` is {}, not text", field.name, field.node.kind()), "write a single text");
    }

    /// A text with its position; `None` if it is blank.
    pub fn located_text(&mut self, field: ConfigEntry) -> Option<LocatedText> {
        self.text(field).and_then(|_| field.node.located_text())
    }

    /// A shell command. Unclosed quotes are reported.
    pub fn command(&mut self, field: ConfigEntry) -> Option<String> {
        let text = self.text(field)?;
        // The command is split only when it runs. Checked here, the problem has a position in the file.
        if shell_words::split(&text).is_ok() {
            return Some(text);
        }
        let what = format!("unclosed quote in `{}`", field.name);
        self.report(field.node, &what, "ignored until fixed");
        None
    }

    /// A text that `read` can parse. `hint` says what is accepted.
    pub fn parsed<T>(&mut self, field: ConfigEntry, read: impl FnOnce(&str) -> Option<T>, hint: &str) -> Option<T> {
        let text = self.text(field)?;
        let read = read(&text);
        if read.is_none() {
            self.report(field.node, &format!("`{text}` is not a value of `{}`", field.name), hint);
        }
        read
    }

    /// One of several words.
    pub fn one_of<T: Copy>(&mut self, field: ConfigEntry, words: &[(&str, T)]) -> Option<T> {
        let YamlValue::Text(text) = &field.node.value else {
            self.report_not_text(field);
            return None;
        };
        let found = words.iter().find(|(word, _)| word == text).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.report(field.node, &format!("`{text}` is not a value of `{}`", field.name), &suggest(text, &names));
        }
        found
    }

    /// A boolean: `true`, `yes`, `on`, `false`, `no`, `off`.
    pub fn flag(&mut self, field: ConfigEntry) -> Option<bool> {
        let read = |text: &str| match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Some(true),
            "false" | "no" | "off" => Some(false),
            _ => None,
        };
        self.parsed(field, read, "write true or false")
    }

    /// A number in `bounds`.
    pub fn number<N>(&mut self, field: ConfigEntry, bounds: RangeInclusive<N>) -> Option<N>
    where
        N: FromStr + PartialOrd + std::fmt::Display,
    {
        let read = |text: &str| text.trim().parse().ok().filter(|number| bounds.contains(number));
        let hint = format!("write a number from {} to {}", bounds.start(), bounds.end());
        self.parsed(field, read, &hint)
    }

    /// A path.
    pub fn path(&mut self, field: ConfigEntry) -> Option<PathBuf> {
        self.text(field).map(|path| self.resolve(&path))
    }

    /// One path, or a list of paths.
    pub fn paths(&mut self, field: ConfigEntry) -> Vec<PathBuf> {
        let nodes = match &field.node.value {
            YamlValue::List(nodes) => nodes.as_slice(),
            _ => std::slice::from_ref(field.node),
        };
        let mut paths = Vec::new();
        for node in nodes {
            match &node.value {
                YamlValue::Text(path) => paths.push(self.resolve(path)),
                YamlValue::Nothing => {}
                _ => {
                    self.report(node, &format!("`{}` contains {}, not a path", field.name, node.kind()), "write a path")
                }
            }
        }
        paths
    }

    /// The path that a text means: `~` is the home, and a relative path starts at the folder of the file.
    pub fn resolve(&self, path: &str) -> PathBuf {
        self.folder.join(with_home(Path::new(path), self.home.as_deref()))
    }
}

/// `did you mean …?` for a near name, else a list of the names.
pub fn suggest(text: &str, names: &[&str]) -> String {
    did_you_mean(text, names).unwrap_or_else(|| format!("write one of {}", names.join(", ")))
}

/// `did you mean …?`, if a name is near: at most one edit, plus one per four letters.
pub fn did_you_mean(text: &str, names: &[&str]) -> Option<String> {
    let distances = names.iter().map(|name| (strsim::damerau_levenshtein(name, text), name));
    let (distance, near) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= 1 + near.len() / 4).then(|| format!("did you mean `{near}`?"))
}
