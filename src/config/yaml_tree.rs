//! Parses a settings file into a tree in which every value has its position.

use saphyr_parser::{Event, Parser, ScalarStyle, StrInput};

use super::problem::ConfigProblem;
use super::text_file;
use crate::bracket_limit::MAX_DEPTH;

/// Line and column, from 1.
pub type Position = (u32, u32);

/// A value with its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YamlNode {
    /// The position of its first character.
    pub at: Position,
    /// Whether it is in quotes.
    pub quoted: bool,
    /// The value.
    pub value: YamlValue,
}

/// A text with its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocatedText {
    /// The text.
    pub text: String,
    /// The position of the first character of the text, after a quote.
    pub at: Position,
}

/// A YAML value. Numbers and booleans are text here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum YamlValue {
    /// No value.
    Nothing,
    /// Text, also if it looks like a number.
    Text(String),
    /// A list.
    List(Vec<YamlNode>),
    /// Names and values, in the order of the file.
    Map(Vec<(YamlNode, YamlNode)>),
}

impl YamlNode {
    fn new(at: Position, value: YamlValue) -> YamlNode {
        YamlNode { at, quoted: false, value }
    }

    /// The text with its position, if the value is text.
    pub fn located_text(&self) -> Option<LocatedText> {
        let YamlValue::Text(text) = &self.value else { return None };
        let (line, column) = self.at;
        Some(LocatedText { text: text.clone(), at: (line, column + u32::from(self.quoted)) })
    }

    /// The value with the positions that it has if `lines` lines precede its text.
    pub fn moved_down(mut self, lines: u32) -> YamlNode {
        // A tree has at most `MAX_DEPTH` levels, but nodes on a list need no stack at all.
        let mut open = vec![&mut self];
        while let Some(node) = open.pop() {
            node.at.0 = node.at.0.saturating_add(lines);
            match &mut node.value {
                YamlValue::Nothing | YamlValue::Text(_) => {}
                YamlValue::List(items) => open.extend(items),
                YamlValue::Map(pairs) => open.extend(pairs.iter_mut().flat_map(|(name, value)| [name, value])),
            }
        }
        self
    }

    /// True if two values are equal but for their positions and quotes.
    pub fn has_value_of(&self, other: &YamlNode) -> bool {
        let mut open = vec![(self, other)];
        while let Some((left, right)) = open.pop() {
            let are_equal = match (&left.value, &right.value) {
                (YamlValue::Nothing, YamlValue::Nothing) => true,
                (YamlValue::Text(left), YamlValue::Text(right)) => left == right,
                (YamlValue::List(left), YamlValue::List(right)) => {
                    open.extend(left.iter().zip(right));
                    left.len() == right.len()
                }
                (YamlValue::Map(left), YamlValue::Map(right)) => {
                    let pairs = left.iter().zip(right);
                    open.extend(pairs.flat_map(|(left, right)| [(&left.0, &right.0), (&left.1, &right.1)]));
                    left.len() == right.len()
                }
                _ => false,
            };
            if !are_equal {
                return false;
            }
        }
        true
    }

    /// The kind of value as messages name it, such as "a list".
    pub fn kind(&self) -> &'static str {
        match self.value {
            YamlValue::Nothing => "nothing",
            YamlValue::Text(_) => "text",
            YamlValue::List(_) => "a list",
            YamlValue::Map(_) => "a group of settings",
        }
    }
}

/// Parses the first document of a text. `hint` is added to errors.
///
/// Aliases (`*name`) are rejected, so that the tree is never larger than its text.
pub fn read(text: &str, hint: &str) -> Result<YamlNode, ConfigProblem> {
    read_with_rest(text, hint).map(|(node, _)| node)
}

/// Parses the first document of a text, and reports what follows it.
pub fn read_with_rest(text: &str, hint: &str) -> Result<(YamlNode, Option<ConfigProblem>), ConfigProblem> {
    text_file::refuse_deep_nesting(text, hint)?;
    // The collections that are still open, outermost first: position, whether it is a map, items so far.
    let mut open: Vec<(Position, bool, Vec<YamlNode>)> = Vec::new();
    let mut parser = Parser::new_from_str(text);
    while let Some(step) = parser.next() {
        let (event, span) = step.map_err(|error| {
            let mark = error.marker();
            ConfigProblem::new(Some(position(mark.line(), mark.col())), error.info(), hint)
        })?;
        let at = position(span.start.line(), span.start.col());
        // `- - - x` nests lists without brackets. What visits or drops the tree recurses, and would overflow the stack.
        if open.len() > MAX_DEPTH {
            return Err(ConfigProblem::new(Some(at), &format!("more than {MAX_DEPTH} levels of nesting"), hint));
        }
        let node = match event {
            Event::Scalar(text, style, ..) => {
                let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
                YamlNode { at, quoted, value: scalar(&text, style) }
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
                Some((at, false, items)) => YamlNode::new(at, YamlValue::List(items)),
                Some((at, true, items)) => YamlNode::new(at, YamlValue::Map(pairs(items))),
                None => continue,
            },
            Event::Alias(_) => {
                return Err(ConfigProblem::new(
                    Some(at),
                    "`*` starts an alias here",
                    "write the value itself, or put it in quotes",
                ));
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
                continue;
            }
        };
        match open.last_mut() {
            Some((.., items)) => items.push(node),
            None => return Ok((node, rest(parser))),
        }
    }
    Ok((YamlNode::new((1, 1), YamlValue::Nothing), None))
}

/// Reports the first value after the first document.
fn rest(mut parser: Parser<StrInput>) -> Option<ConfigProblem> {
    let mark = parser.find_map(|step| match step {
        Err(error) => Some(*error.marker()),
        Ok((Event::Scalar(text, style, ..), _)) if scalar(&text, style) == YamlValue::Nothing => None,
        Ok((Event::Scalar(..) | Event::SequenceStart(..) | Event::MappingStart(..) | Event::Alias(_), span)) => {
            Some(span.start)
        }
        Ok(_) => None,
    })?;
    let what = "what follows the first YAML document is not read";
    Some(ConfigProblem::new(Some(position(mark.line(), mark.col())), what, "remove the line `---` or `...` before it"))
}

fn position(line: usize, column: usize) -> Position {
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX).saturating_add(1))
}

fn scalar(text: &str, style: ScalarStyle) -> YamlValue {
    match (style, text) {
        (ScalarStyle::Plain, "" | "~" | "null" | "Null" | "NULL") => YamlValue::Nothing,
        (_, text) => YamlValue::Text(text.to_owned()),
    }
}

fn pairs(items: Vec<YamlNode>) -> Vec<(YamlNode, YamlNode)> {
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

    /// The tree on one line, each value with its position.
    fn print(node: &YamlNode) -> String {
        let (line, column) = node.at;
        let value = match &node.value {
            YamlValue::Nothing => "-".to_owned(),
            YamlValue::Text(text) => format!("{text:?}"),
            YamlValue::List(items) => format!("[{}]", items.iter().map(print).collect::<Vec<_>>().join(", ")),
            YamlValue::Map(pairs) => {
                let pair = |(name, value): &(YamlNode, YamlNode)| format!("{}: {}", print(name), print(value));
                format!("{{{}}}", pairs.iter().map(pair).collect::<Vec<_>>().join(", "))
            }
        };
        format!("{line}:{column} {value}")
    }

    #[test]
    fn values_have_positions() {
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
    fn what_follows_the_first_document_is_reported_with_its_position() {
        for (text, at) in [
            ("a: 1\n---\nb: 2\n", Some((3, 1))),
            ("a: 1\n--- b\n", Some((2, 5))),
            ("a: 1\n...\n# words\n- [\n", Some((4, 1))),
            ("- a\n---\n---\n- b", Some((4, 1))),
            ("a: 1\n---\n", None),
            ("---\na: 1\n...\n# words\n", None),
            ("a: 1\n---\n~\n", None),
        ] {
            let (_, rest) = read_with_rest(text, "").expect(text);
            assert_eq!(rest.map(|problem| problem.at), at.map(Some), "{text:?}");
        }
    }

    #[test]
    fn errors_have_positions() {
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
        for (open, close) in [("- ", "x"), ("? ", "x"), ("- - ? ", "x: y")] {
            let text = open.repeat(200_000) + close;
            let problem = read(&text, "hint").expect_err(open);
            assert!(problem.what.contains("levels of nesting"), "{open:?}: {}", problem.what);
        }
        assert!(read(&"a: &x [*x, *x]\n".repeat(100), "").is_err());
    }
}
