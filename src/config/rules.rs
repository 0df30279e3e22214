//! Rules as they are written: what becomes of the articles that a query finds.

use super::reading::{Fields, Reader, suggest};
use super::tree::{Node, Value, Written};

/// A rule as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSetting {
    /// The query.
    pub when: Written,
    /// What becomes of the articles that it finds.
    pub acts: Vec<RuleAct>,
}

/// What becomes of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleAct {
    /// It is hidden.
    Hide,
    /// It counts as read.
    Read,
    /// It counts as starred.
    Star,
    /// So much is added to its score.
    Score(i32),
}

/// The most rules: each is asked about every article.
const MOST: usize = 1000;
const HINT: &str = "write hide, read, star, or score as in score: +10";

impl RuleSetting {
    /// Reads them from the settings.
    pub fn read(reader: &mut Reader, fields: &Fields) -> Vec<RuleSetting> {
        let Some(node) = fields.get("rules") else { return Vec::new() };
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
    let (when, acts) = (reader.written(&fields, "when"), fields.get("do"));
    match (when, acts) {
        (Some(when), Some(acts)) => {
            let acts = self::acts(reader, acts);
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

/// What is written as `hide`, `[hide, read]`, `[star, score: +10]` or `{score: -5}`.
fn acts(reader: &mut Reader, node: &Node) -> Vec<RuleAct> {
    let mut acts = Vec::new();
    match &node.value {
        Value::List(nodes) => acts.extend(nodes.iter().flat_map(|node| self::acts(reader, node))),
        Value::Map(pairs) => {
            for (name, value) in pairs {
                let score = match (&name.value, &value.value) {
                    (Value::Text(name), Value::Text(number)) if name == "score" => number.trim().parse().ok(),
                    _ => None,
                };
                match score {
                    Some(score) => acts.push(RuleAct::Score(score)),
                    None => reader.tell(name, "this is nothing that a rule can do", HINT),
                }
            }
        }
        Value::Text(text) => match text.as_str() {
            "hide" => acts.push(RuleAct::Hide),
            "read" => acts.push(RuleAct::Read),
            "star" => acts.push(RuleAct::Star),
            other => {
                let near = suggest(other, &["hide", "read", "star", "score"]);
                let hint = if near.starts_with("did") { near } else { HINT.to_owned() };
                reader.tell(node, &format!("`{other}` is nothing that a rule can do"), &hint);
            }
        },
        Value::Nothing => reader.tell(node, "the rule does nothing", HINT),
    }
    acts
}
