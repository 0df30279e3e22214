//! The setting `rules`: queries, and what to do with the articles that they find.

use std::fmt;

use super::value_reader::{ConfigEntry, ValueReader, did_you_mean};
use super::yaml_tree::{LocatedText, YamlNode, YamlValue};

/// A rule as written in the settings; the query is not parsed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSetting {
    /// The query.
    pub when: LocatedText,
    /// What to do with the articles that the query finds.
    pub actions: Vec<RuleAction>,
}

/// What a rule does with an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleAction {
    /// Hides it.
    Hide,
    /// Shows it as read.
    Read,
    /// Shows it as starred.
    Star,
    /// Shows it with this tag.
    Tag(String),
    /// Adds to its score.
    Score(i32),
}

impl fmt::Display for RuleAction {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            RuleAction::Hide => write!(f, "hide"),
            RuleAction::Read => write!(f, "read"),
            RuleAction::Star => write!(f, "star"),
            RuleAction::Tag(name) => write!(f, "tag: {name}"),
            RuleAction::Score(by) => write!(f, "score: {by:+}"),
        }
    }
}

/// Maximum number of rules: each is evaluated for every article.
const MAX_RULES: usize = 1000;
/// The actions without an argument.
const WORDS: [(&str, RuleAction); 3] =
    [("hide", RuleAction::Hide), ("read", RuleAction::Read), ("star", RuleAction::Star)];
/// The actions with an argument.
const SCORE: &str = "score";
const TAG: &str = "tag";
const HINT: &str = "write hide, read, star, a tag such as tag: to read, or a score such as score: +10";

impl RuleSetting {
    /// Reads the list `rules`. Invalid rules are reported and left out.
    pub fn read(reader: &mut ValueReader, field: ConfigEntry) -> Vec<RuleSetting> {
        let node = field.node;
        let YamlValue::List(nodes) = &node.value else {
            reader.report(node, &format!("`rules` is {}, not a list", node.kind()), "start each rule with `- when:`");
            return Vec::new();
        };
        let nodes = reader.bounded(node, "rules", MAX_RULES, nodes.iter().collect());
        nodes.into_iter().filter_map(|node| rule(reader, node)).collect()
    }
}

fn rule(reader: &mut ValueReader, node: &YamlNode) -> Option<RuleSetting> {
    let YamlValue::Map(_) = node.value else {
        reader.report(node, &format!("{} is not a rule", node.kind()), "start each rule with `- when:`");
        return None;
    };
    let fields = reader.fields(node, "rules", &["when", "do"]);
    let (when, actions) = (fields.get("when").and_then(|field| reader.located_text(field)), fields.get("do"));
    match (when, actions) {
        (Some(when), Some(actions)) => {
            let actions = self::actions(reader, actions.node);
            (!actions.is_empty()).then_some(RuleSetting { when, actions })
        }
        (when, _) => {
            let (missing, hint) = match when {
                None => ("when", "add the query: when: topic:crypto"),
                Some(_) => ("do", "add what to do with the articles: do: [hide]"),
            };
            // A value that is there but invalid has been reported already.
            if fields.get(missing).is_none() {
                reader.report(node, &format!("rule without `{missing}`"), hint);
            }
            None
        }
    }
}

/// Reads the value of `do`: `hide`, `[hide, read]`, `[star, score: +10]`, `{score: -5}` or `[tag: to read]`.
fn actions(reader: &mut ValueReader, node: &YamlNode) -> Vec<RuleAction> {
    let mut actions = Vec::new();
    match &node.value {
        YamlValue::List(nodes) => actions.extend(nodes.iter().flat_map(|node| self::actions(reader, node))),
        YamlValue::Map(pairs) => {
            for (name, value) in pairs {
                let action = match (&name.value, &value.value) {
                    (YamlValue::Text(name), YamlValue::Text(number)) if name == SCORE => {
                        number.trim().parse().ok().map(RuleAction::Score)
                    }
                    (YamlValue::Text(name), YamlValue::Text(tag)) if name == TAG && !tag.trim().is_empty() => {
                        Some(RuleAction::Tag(tag.clone()))
                    }
                    _ => None,
                };
                match action {
                    Some(action) => actions.push(action),
                    None => reader.report(name, "this is not an action of a rule", HINT),
                }
            }
        }
        YamlValue::Text(text) => match WORDS.iter().find(|(word, _)| word == text) {
            Some((_, act)) => actions.push(act.clone()),
            None => {
                let names: Vec<&str> = WORDS.iter().map(|(word, _)| *word).chain([SCORE, TAG]).collect();
                let near = did_you_mean(text, &names);
                let hint = near.as_deref().unwrap_or(HINT);
                reader.report(node, &format!("`{text}` is not an action of a rule"), hint);
            }
        },
        YamlValue::Nothing => reader.report(node, "`do` is empty", HINT),
    }
    actions
}
