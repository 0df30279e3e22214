//! Writes front matter: keys in the order in which they are added, in the plain subset of YAML that the loader reads fastest.

use super::yaml_string::quoted;

/// Lists end where the front matter would be longer than this number of bytes. The loader accepts 256 KiB, and the rest is for the
/// single values after the lists.
const MAX_BYTES_WITH_LISTS: usize = 128 * 1024;

/// A value as YAML.
#[derive(Clone, Debug)]
pub struct Value(String);

impl Value {
    /// A text.
    pub fn text(text: &str) -> Value {
        Value(quoted(text))
    }

    /// A number.
    pub fn number(number: u64) -> Value {
        Value(number.to_string())
    }

    /// A value whose spelling is certainly no other value in YAML, such as a date with a time.
    pub fn plain(spelling: &str) -> Value {
        Value(spelling.to_owned())
    }
}

/// The fields of a map; at least one.
pub type Fields = Vec<(&'static str, Value)>;

/// Front matter that is being written.
#[derive(Debug, Default)]
pub struct FrontMatter {
    lines: String,
}

impl FrontMatter {
    /// Adds a value, if there is one.
    pub fn add(&mut self, key: &str, value: Option<Value>) {
        if let Some(Value(value)) = value {
            self.lines.push_str(&format!("{key}: {value}\n"));
        }
    }

    /// Adds a map, unless it is empty.
    pub fn add_map(&mut self, key: &str, fields: Fields) {
        if !fields.is_empty() {
            self.lines.push_str(&format!("{key}:\n"));
            fields.into_iter().for_each(|(key, Value(value))| self.lines.push_str(&format!("  {key}: {value}\n")));
        }
    }

    /// Adds a list of texts. It may be empty.
    pub fn add_texts<'a>(&mut self, key: &str, texts: impl IntoIterator<Item = &'a str>) {
        self.lines.push_str(&format!("{key}:\n"));
        for text in texts {
            self.add_item(&format!("  - {}\n", quoted(text)));
        }
    }

    /// Adds a list of maps, unless it is empty.
    pub fn add_maps(&mut self, key: &str, maps: Vec<Fields>) {
        if maps.is_empty() {
            return;
        }
        self.lines.push_str(&format!("{key}:\n"));
        for fields in maps {
            let lines = fields.into_iter().zip(["  - "].into_iter().chain(std::iter::repeat("    ")));
            let item: String = lines.map(|((key, Value(value)), indent)| format!("{indent}{key}: {value}\n")).collect();
            self.add_item(&item);
        }
    }

    fn add_item(&mut self, item: &str) {
        if self.lines.len() + item.len() <= MAX_BYTES_WITH_LISTS {
            self.lines.push_str(item);
        }
    }

    /// The lines between the fences.
    pub fn into_lines(self) -> String {
        self.lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_is_plain_yaml() {
        let mut front = FrontMatter::default();
        front.add("title", Some(Value::text("a: \"b\"")));
        front.add("missing", None);
        front.add("publishedDateTime", Some(Value::plain("2026-11-29T08:00:00Z")));
        front.add_map("provider", vec![("name", Value::text("A")), ("domain", Value::text("example.org"))]);
        front.add_map("nothing", Vec::new());
        front.add_texts("topics", []);
        front.add_texts("tags", ["a", "b"]);
        front.add_maps(
            "images",
            vec![vec![("url", Value::text("x")), ("width", Value::number(1))], vec![("url", Value::text("y"))]],
        );
        front.add_maps("none", Vec::new());
        let expected = "title: \"a: \\\"b\\\"\"\npublishedDateTime: 2026-11-29T08:00:00Z\nprovider:\n  name: \"A\"\n  domain: \"example.org\"\n\
            topics:\ntags:\n  - \"a\"\n  - \"b\"\nimages:\n  - url: \"x\"\n    width: 1\n  - url: \"y\"\n";
        assert_eq!(front.into_lines(), expected);
    }

    #[test]
    fn a_list_never_makes_front_matter_too_long() {
        let mut front = FrontMatter::default();
        let long = "x".repeat(10_000);
        front.add_texts("topics", std::iter::repeat_n(long.as_str(), 100));
        front.add_maps("images", vec![vec![("url", Value::text(&long))]; 100]);
        let lines = front.into_lines();
        assert!((100_000..=MAX_BYTES_WITH_LISTS + 100).contains(&lines.len()), "{}", lines.len());
    }
}
