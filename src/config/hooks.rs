//! The setting `on new`: what runs for the new articles of a sync that a query finds.

use super::commands::{CommandInput, CommandScope, CommandSetting, limit, program};
use super::program_output::ProgramOutputUse;
use super::program_template::TemplateError;
use super::value_reader::{ConfigEntry, ConfigGroup, ValueReader};
use super::yaml_tree::{LocatedText, YamlNode, YamlValue};
use crate::fnv;

/// Most entries that are read: each is a query that each sync evaluates.
const MAX_HOOKS: usize = 50;
/// Longest time limit, in seconds: the next sync waits for it.
const MAX_SECONDS: u64 = 600;

/// An entry of `on new`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookSetting {
    /// The query, which may be blank.
    pub when: LocatedText,
    /// What is done for the articles that it finds.
    pub action: HookAction,
}

/// What is done for new articles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HookAction {
    /// A program runs. Its scope is [`CommandScope::Article`] or [`CommandScope::Selection`], and its name is the query.
    Run(Box<CommandSetting>),
    /// A message is shown.
    Notify(NotifyBy),
}

/// Who shows a message about new articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotifyBy {
    /// The desktop, by its program `notify-send`.
    Desktop,
    /// The terminal of the reader that started the sync.
    Terminal,
}

impl NotifyBy {
    /// The values with their names in the settings.
    pub const WORDS: [(&str, NotifyBy); 2] = [("desktop", NotifyBy::Desktop), ("terminal", NotifyBy::Terminal)];
}

/// The values of `for`: one run for each article, or one for all.
const SCOPES: [(&str, CommandScope); 2] = [("all", CommandScope::Selection), ("article", CommandScope::Article)];

impl HookSetting {
    /// Reads the list `on new`. Invalid entries are reported and left out.
    pub fn read(reader: &mut ValueReader, field: ConfigEntry) -> Vec<HookSetting> {
        let node = field.node;
        let YamlValue::List(nodes) = &node.value else {
            reader.report(node, &format!("`on new` is {}, not a list", node.kind()), "start each entry with `- when:`");
            return Vec::new();
        };
        let nodes = reader.bounded(node, "entries of `on new`", MAX_HOOKS, nodes.iter().collect());
        nodes.into_iter().filter_map(|node| hook(reader, node)).collect()
    }

    /// Tells it from other entries, also in later sessions.
    pub fn key(&self) -> String {
        let text = match &self.action {
            HookAction::Run(command) => format!("{} {:?} {:?}", self.when.text, command.program, command.scope),
            HookAction::Notify(by) => format!("{} {by:?}", self.when.text),
        };
        format!("{:016x}", fnv::hash_bytes(fnv::OFFSET_BASIS, text.bytes()))
    }
}

fn hook(reader: &mut ValueReader, node: &YamlNode) -> Option<HookSetting> {
    let YamlValue::Map(_) = node.value else {
        let what = format!("{} is not an entry of `on new`", node.kind());
        reader.report(node, &what, "start each entry with `- when:`");
        return None;
    };
    let fields = reader.fields(node, "on new", &["when", "run", "for", "input", "limit", "notify"]);
    let Some(when) = fields.get("when") else {
        reader.report(node, "entry of `on new` without `when`", "add the query: when: topic:rust");
        return None;
    };
    let Some(query) = when.node.located_text() else {
        reader.report(when.node, &format!("`when` is {}, not a query", when.node.kind()), "write a single text");
        return None;
    };
    let action = match (fields.get("run"), fields.get("notify")) {
        (Some(run), None) => HookAction::Run(Box::new(command(reader, &query, run, &fields)?)),
        (None, Some(by)) => {
            for field in ["for", "input", "limit"].into_iter().filter_map(|name| fields.get(name)) {
                let what = format!("`{}` has no effect with `notify`", field.name);
                reader.report(field.node, &what, "remove it");
            }
            HookAction::Notify(reader.one_of(by, &NotifyBy::WORDS)?)
        }
        (Some(_), Some(by)) => {
            reader.report(by.node, "`notify` beside `run`", "write an entry for each");
            return None;
        }
        (None, None) => {
            let hint = "add a program, such as run: mpv {link}, or notify: desktop";
            reader.report(node, "entry of `on new` without `run` or `notify`", hint);
            return None;
        }
    };
    Some(HookSetting { when: query, action })
}

/// The program of an entry, as a command whose name is the query.
fn command(
    reader: &mut ValueReader,
    when: &LocatedText,
    run: ConfigEntry,
    fields: &ConfigGroup,
) -> Option<CommandSetting> {
    let program = program(reader, run)?;
    let scope = match fields.get("for") {
        Some(field) => reader.one_of(field, &SCOPES)?,
        None => CommandScope::Selection,
    };
    if scope == CommandScope::Selection
        && let Err(error) = program.check_for_several()
    {
        let hint = match &error {
            TemplateError::Several(_) => "add for: article".to_owned(),
            error => error.hint(),
        };
        reader.report(run.node, &error.to_string(), &hint);
        return None;
    }
    let input = fields.get("input").and_then(|field| reader.one_of(field, &CommandInput::WORDS));
    let hint = "write a time from 1s to 10m, such as 90s or 5m";
    let limit = fields.get("limit").and_then(|field| limit(reader, field, MAX_SECONDS, hint));
    Some(CommandSetting {
        name: when.clone(),
        key: None,
        program,
        input: input.unwrap_or(CommandInput::Jsonl),
        scope,
        output: ProgramOutputUse::Notice,
        limit: limit.unwrap_or(CommandSetting::LIMIT),
    })
}
