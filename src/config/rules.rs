//! Rules as they are written: a query, and what to do with the articles it finds.

use std::fmt;

use super::value_reader::{Field, Reader, did_you_mean};
use super::yaml_tree::{Node, Value, Written};

/// A rule as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSetting {
    /// The query.
    pub when: Written,
    /// What to do with the articles that the query finds.
    pub acts: Vec<Act>,
}

/// What a rule does with an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Hides it.
    Hide,
    /// Counts it as read.
    Read,
    /// Counts it as starred.
    Star,
    /// Adds to its score.
    Score(i32),
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Act::Hide => write!(f, "hide"),
            Act::Read => write!(f, "read"),
            Act::Star => write!(f, "star"),
            Act::Score(by) => write!(f, "score: {by:+}"),
        }
    }
}

/// The most rules: each is evaluated for every article.
const MOST: usize = 1000;
/// The acts that are single words.
const WORDS: [(&str, Act); 3] = [("hide", Act::Hide), ("read", Act::Read), ("star", Act::Star)];
const SCORE: &str = "score";
const HINT: &str = "write hide, read, star, or score as in score: +10";

impl RuleSetting {
    /// Reads the list `rules`.
    pub fn read(reader: &mut Reader, field: Field) -> Vec<RuleSetting> {
        let node = field.node;
        let Value::List(nodes) = &node.value else {
            reader.tell(node, &format!("`rules` is {}, not a list", node.kind()), "begin each rule with `- when:`");
            return Vec::new();
        };
        let nodes = reader.bounded(node, "rules", MOST, nodes.iter().collect());
        nodes.into_iter().filter_map(|node| rule(reader, node)).collect()
    }
}

fn rule(reader: &mut Reader, node: &Node) -> Option<RuleSetting> {
    let Value::Map(_) = node.value else {
        reader.tell(node, &format!("{} is no rule", node.kind()), "begin each rule with `- when:`");
        return None;
    };
    let fields = reader.fields(node, "rules", &["when", "do"]);
    let (when, acts) = (fields.get("when").and_then(|field| reader.written(field)), fields.get("do"));
    match (when, acts) {
        (Some(when), Some(acts)) => {
            let acts = self::acts(reader, acts.node);
            (!acts.is_empty()).then_some(RuleSetting { when, acts })
        }
        (when, _) => {
            let (missing, hint) = match when {
                None => ("when", "write the query of the rule: when: topic:crypto"),
                Some(_) => ("do", "write what becomes of the articles: do: [hide]"),
            };
            if fields.get(missing).is_none() {
                reader.tell(node, &format!("a rule without `{missing}`"), hint);
            }
            None
        }
    }
}

/// Reads `hide`, `[hide, read]`, `[star, score: +10]` or `{score: -5}`.
fn acts(reader: &mut Reader, node: &Node) -> Vec<Act> {
    let mut acts = Vec::new();
    match &node.value {
        Value::List(nodes) => acts.extend(nodes.iter().flat_map(|node| self::acts(reader, node))),
        Value::Map(pairs) => {
            for (name, value) in pairs {
                let score = match (&name.value, &value.value) {
                    (Value::Text(name), Value::Text(number)) if name == SCORE => number.trim().parse().ok(),
                    _ => None,
                };
                match score {
                    Some(score) => acts.push(Act::Score(score)),
                    None => reader.tell(name, "this is nothing that a rule can do", HINT),
                }
            }
        }
        Value::Text(text) => match WORDS.iter().find(|(word, _)| word == text) {
            Some((_, act)) => acts.push(*act),
            None => {
                let names = WORDS.map(|(word, _)| word);
                let near = did_you_mean(text, &[names.as_slice(), &[SCORE]].concat());
                let hint = near.as_deref().unwrap_or(HINT);
                reader.tell(node, &format!("`{text}` is nothing that a rule can do"), hint);
            }
        },
        Value::Nothing => reader.tell(node, "the rule does nothing", HINT),
    }
    acts
}
