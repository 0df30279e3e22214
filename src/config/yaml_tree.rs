//! A file of settings as a tree in which every value knows its place.

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::problem::ConfigProblem;
use super::text_file;

/// Line and column, from 1.
pub type Place = (u32, u32);

/// A value and where it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Where it begins.
    pub at: Place,
    /// Whether quotes stand around it.
    pub quoted: bool,
    /// What it is.
    pub value: Value,
}

/// A text that was written as one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The text.
    pub text: String,
    /// Where its first character stands.
    pub at: Place,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing stands there.
    Nothing,
    /// Text, also where it looks like a number.
    Text(String),
    /// Values one after the other.
    List(Vec<Node>),
    /// Values with names, in their order.
    Map(Vec<(Node, Node)>),
}

impl Node {
    fn new(at: Place, value: Value) -> Node {
        Node { at, quoted: false, value }
    }

    /// Its text, when it is one.
    pub fn written(&self) -> Option<Written> {
        let Value::Text(text) = &self.value else { return None };
        let (line, column) = self.at;
        Some(Written { text: text.clone(), at: (line, column + u32::from(self.quoted)) })
    }

    /// What people would call it.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Nothing => "nothing",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a group of settings",
        }
    }
}

/// Reads a text. `hint` says what it means that it cannot be read.
///
/// What would stand for another value (`*name`) is refused: so a value is never larger than its text.
pub fn read(text: &str, hint: &str) -> Result<Node, ConfigProblem> {
    text_file::guard(text, hint)?;
    // What is being read: the collections that are open, outermost first, with what they hold so far.
    let mut open: Vec<(Place, bool, Vec<Node>)> = Vec::new();
    for step in Parser::new_from_str(text) {
        let (event, span) = step.map_err(|error| {
            let mark = error.marker();
            ConfigProblem::new(Some(place(mark.line(), mark.col())), error.info(), hint)
        })?;
        let at = place(span.start.line(), span.start.col());
        let node = match event {
            Event::Scalar(text, style, ..) => {
                let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
                Node { at, quoted, value: scalar(&text, style) }
            }
            Event::SequenceStart(..) => {
                open.push((at, false, Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                open.push((at, true, Vec::new()));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some((at, false, items)) => Node::new(at, Value::List(items)),
                Some((at, true, items)) => Node::new(at, Value::Map(pairs(items))),
                None => continue,
            },
            Event::Alias(_) => {
                return Err(ConfigProblem::new(
                    Some(at),
                    "`*` stands for another value here",
                    "write the value itself",
                ));
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
                continue;
            }
        };
        match open.last_mut() {
            Some((.., items)) => items.push(node),
            None => return Ok(node), // the first document is all there is
        }
    }
    Ok(Node::new((1, 1), Value::Nothing))
}

fn place(line: usize, column: usize) -> Place {
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX).saturating_add(1))
}

fn scalar(text: &str, style: ScalarStyle) -> Value {
    match (style, text) {
        (ScalarStyle::Plain, "" | "~" | "null" | "Null" | "NULL") => Value::Nothing,
        (_, text) => Value::Text(text.to_owned()),
    }
}

fn pairs(items: Vec<Node>) -> Vec<(Node, Node)> {
    let mut items = items.into_iter();
    let mut pairs = Vec::new();
    while let (Some(name), Some(value)) = (items.next(), items.next()) {
        pairs.push((name, value));
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tree on one line, each value with its place.
    fn print(node: &Node) -> String {
        let (line, column) = node.at;
        let value = match &node.value {
            Value::Nothing => "-".to_owned(),
            Value::Text(text) => format!("{text:?}"),
            Value::List(items) => format!("[{}]", items.iter().map(print).collect::<Vec<_>>().join(", ")),
            Value::Map(pairs) => {
                let pair = |(name, value): &(Node, Node)| format!("{}: {}", print(name), print(value));
                format!("{{{}}}", pairs.iter().map(pair).collect::<Vec<_>>().join(", "))
            }
        };
        format!("{line}:{column} {value}")
    }

    #[test]
    fn values_know_their_places() {
        for (text, tree) in [
            ("", "1:1 -"),
            ("# words\n", "1:1 -"),
            ("a: 1\nbc:  'x y'\n", "1:1 {1:1 \"a\": 1:4 \"1\", 2:1 \"bc\": 2:6 \"x y\"}"),
            ("a:\n  - b\n  - c: ~\n", "1:1 {1:1 \"a\": 2:3 [2:5 \"b\", 3:5 {3:5 \"c\": 3:8 -}]}"),
            ("ä: [é, {x: y}]\n", "1:1 {1:1 \"ä\": 1:4 [1:5 \"é\", 1:8 {1:9 \"x\": 1:12 \"y\"}]}"),
            ("---\na: \"#f00\"\n---\nb: 2\n", "2:1 {2:1 \"a\": 2:4 \"#f00\"}"),
            ("k: \"~\"\n", "1:1 {1:1 \"k\": 1:4 \"~\"}"),
        ] {
            assert_eq!(read(text, "").map(|node| print(&node)), Ok(tree.to_owned()), "{text:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_told_with_its_place() {
        for (text, at) in [
            ("a: b: c\n", (1, 5)),
            ("a: x\nb: \"y\n", (2, 4)),
            ("a: &x 1\nb: *x\n", (2, 4)),
            ("a: [1\nb: 2\n", (2, 2)),
            ("a: @x\n", (1, 4)),
        ] {
            let problem = read(text, "hint").expect_err(text);
            assert_eq!((problem.at, problem.hint.is_empty()), (Some(at), false), "{text:?}: {}", problem.what);
        }
        assert!(read(&"[".repeat(100_000), "").is_err());
        assert!(read(&"a: &x [*x, *x]\n".repeat(100), "").is_err());
    }
}
