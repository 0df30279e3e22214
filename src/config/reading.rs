//! From the values of a file of settings to what they mean; what cannot be used is told with its place.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::str::FromStr;

use super::problem::ConfigProblem;
use super::tree::{Node, Value, Written};

/// Reads values, and keeps what is wrong with them.
#[derive(Default)]
pub struct Reader {
    /// What is wrong.
    pub problems: Vec<ConfigProblem>,
}

/// The values of a group of settings, by their names.
pub struct Fields<'a>(Vec<(&'a str, &'a Node)>);

impl<'a> Fields<'a> {
    /// The value of a name; none when nothing stands there.
    pub fn get(&self, name: &str) -> Option<&'a Node> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, node)| *node)
    }
}

impl Reader {
    /// Tells what is wrong with a value.
    pub fn tell(&mut self, node: &Node, what: &str, hint: &str) {
        self.problems.push(ConfigProblem::new(Some(node.at), what, hint));
    }

    /// The names and values of a group that is called `name`, empty for the whole file. Names that are there twice are told,
    /// and the last one holds.
    pub fn pairs<'a>(&mut self, node: &'a Node, name: &str) -> Vec<(&'a str, &'a Node, &'a Node)> {
        let pairs = match &node.value {
            Value::Map(pairs) => pairs.as_slice(),
            Value::Nothing => &[],
            _ => {
                let what = match name {
                    "" => format!("the settings are {}, not `name: value` lines", node.kind()),
                    name => format!("`{name}` is {}, not a group of settings", node.kind()),
                };
                self.tell(node, &what, "see frontpage config --default");
                &[]
            }
        };
        let mut known: Vec<Option<(&str, &Node, &Node)>> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for (key, value) in pairs {
            let Value::Text(text) = &key.value else {
                self.tell(key, &format!("{} is no name of a setting", key.kind()), "write `name: value`");
                continue;
            };
            if let Some(earlier) = places.insert(text, known.len()).and_then(|at| known.get_mut(at)) {
                self.tell(key, &format!("`{text}` is there twice"), "the last one holds");
                *earlier = None;
            }
            known.push(Some((text, key, value)));
        }
        known.into_iter().flatten().collect()
    }

    /// The first of some values when there are more than anybody needs, which is told: each costs time.
    pub fn bounded<T>(&mut self, node: &Node, what: &str, most: usize, mut values: Vec<T>) -> Vec<T> {
        if values.len() > most {
            self.tell(node, &format!("more than {most} {what}"), "the first ones hold");
            values.truncate(most);
        }
        values
    }

    /// The values of a group whose names are known; others are told.
    pub fn fields<'a>(&mut self, node: &'a Node, name: &str, names: &[&str]) -> Fields<'a> {
        let mut fields = Vec::new();
        for (text, key, value) in self.pairs(node, name) {
            if !names.contains(&text) {
                let of = if name.is_empty() { String::new() } else { format!(" of `{name}`") };
                self.tell(key, &format!("unknown setting `{text}`{of}"), &suggest(text, names));
            } else if value.value != Value::Nothing {
                fields.push((text, value));
            }
        }
        Fields(fields)
    }

    /// A text that is not blank, with its place.
    pub fn written(&mut self, fields: &Fields, name: &str) -> Option<Written> {
        self.text(fields, name).and_then(|_| fields.get(name)?.written())
    }

    /// A command in which every quote is closed.
    pub fn command(&mut self, fields: &Fields, name: &str) -> Option<String> {
        let text = self.text(fields, name)?;
        if shell_words::split(&text).is_ok() {
            return Some(text);
        }
        self.tell(
            fields.get(name)?,
            &format!("a quote is not closed in `{name}`"),
            "close it; until then it is ignored",
        );
        None
    }

    /// A text that is not blank.
    pub fn text(&mut self, fields: &Fields, name: &str) -> Option<String> {
        let node = fields.get(name)?;
        match &node.value {
            Value::Text(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
            _ => {
                self.tell(node, &format!("`{name}` is {}, not text", node.kind()), "write one text");
                None
            }
        }
    }

    /// A text that means something.
    pub fn meaning<T>(
        &mut self,
        fields: &Fields,
        name: &str,
        read: impl FnOnce(&str) -> Option<T>,
        hint: &str,
    ) -> Option<T> {
        let text = self.text(fields, name)?;
        let node = fields.get(name)?;
        let read = read(&text);
        if read.is_none() {
            self.tell(node, &format!("`{name}: {text}` is not known"), hint);
        }
        read
    }

    /// One of several words.
    pub fn one_of<T: Copy>(&mut self, fields: &Fields, name: &str, words: &[(&str, T)]) -> Option<T> {
        self.word(fields.get(name)?, name, words)
    }

    /// One of several words, as the value of a name.
    pub fn word<T: Copy>(&mut self, node: &Node, name: &str, words: &[(&str, T)]) -> Option<T> {
        let Value::Text(text) = &node.value else {
            self.tell(node, &format!("`{name}` is {}, not text", node.kind()), "write one text");
            return None;
        };
        let found = words.iter().find(|(word, _)| word == text).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.tell(node, &format!("`{name}: {text}` is not known"), &suggest(text, &names));
        }
        found
    }

    /// Yes or no.
    pub fn flag(&mut self, fields: &Fields, name: &str) -> Option<bool> {
        let read = |text: &str| match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Some(true),
            "false" | "no" | "off" => Some(false),
            _ => None,
        };
        self.meaning(fields, name, read, "write true or false")
    }

    /// A number within bounds.
    pub fn number<N>(&mut self, fields: &Fields, name: &str, bounds: RangeInclusive<N>) -> Option<N>
    where
        N: FromStr + PartialOrd + std::fmt::Display,
    {
        let read = |text: &str| text.trim().parse().ok().filter(|number| bounds.contains(number));
        let hint = format!("write a number from {} to {}", bounds.start(), bounds.end());
        self.meaning(fields, name, read, &hint)
    }

    /// One text, or several.
    pub fn texts(&mut self, fields: &Fields, name: &str) -> Vec<Written> {
        let Some(node) = fields.get(name) else { return Vec::new() };
        let nodes = match &node.value {
            Value::List(nodes) => nodes.as_slice(),
            _ => std::slice::from_ref(node),
        };
        let mut texts = Vec::new();
        for node in nodes {
            match &node.value {
                Value::Text(_) => texts.extend(node.written()),
                Value::Nothing => {}
                _ => self.tell(node, &format!("`{name}` holds {}, not text", node.kind()), "write text"),
            }
        }
        texts
    }
}

/// The nearest of some names, or all of them.
pub fn suggest(text: &str, names: &[&str]) -> String {
    let nearest = names.iter().min_by_key(|known| strsim::damerau_levenshtein(known, text));
    match nearest.filter(|known| strsim::damerau_levenshtein(known, text) <= 1 + known.len() / 4) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", names.join(", ")),
    }
}
