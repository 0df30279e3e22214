//! The setting `commands`: programs that the user runs on articles, with a name and a key.

use std::collections::HashSet;
use std::ops::Deref;
use std::time::Duration;

use super::problem::ConfigProblem;
use super::program_output::ProgramOutputUse;
use super::program_template::{ProgramTemplate, TemplateError};
use super::value_reader::{ConfigEntry, ValueReader};
use super::yaml_tree::{LocatedText, YamlNode, YamlValue};

/// Most commands that are read.
const MAX_COMMANDS: usize = 200;
/// Longest name of a command, in characters.
const MAX_NAME: usize = 40;
/// Longest time limit, in seconds.
const MAX_SECONDS: u64 = 3600;

/// A command of the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandSetting {
    /// Its name in the palette.
    pub name: LocatedText,
    /// The keys that run it.
    pub key: Option<LocatedText>,
    /// The program.
    pub program: ProgramTemplate,
    /// What the program reads from stdin.
    pub input: CommandInput,
    /// The articles that it is for.
    pub scope: CommandScope,
    /// How its output is used.
    pub output: ProgramOutputUse,
    /// Time limit, unless it is only started or has the terminal.
    pub limit: Duration,
}

/// What a program reads from stdin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CommandInput {
    /// Nothing.
    #[default]
    Nothing,
    /// The article as plain text.
    Text,
    /// The article as Markdown.
    Markdown,
    /// The article as the JSON object that `frontpage list` prints.
    Json,
    /// The same, each article on a line of its own.
    Jsonl,
}

impl CommandInput {
    /// The values with their names in the settings.
    pub const WORDS: [(&str, CommandInput); 5] = [
        ("nothing", CommandInput::Nothing),
        ("text", CommandInput::Text),
        ("markdown", CommandInput::Markdown),
        ("json", CommandInput::Json),
        ("jsonl", CommandInput::Jsonl),
    ];
}

/// The articles that a command is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CommandScope {
    /// One article. With a range, the program runs for each of its articles.
    #[default]
    Article,
    /// The range, or the article without one: the program gets all of them at once.
    Selection,
    /// All articles of the list at once.
    View,
}

impl CommandScope {
    /// The values with their names in the settings.
    pub const WORDS: [(&str, CommandScope); 3] =
        [("article", CommandScope::Article), ("selection", CommandScope::Selection), ("view", CommandScope::View)];
}

/// A command that cannot run: its keys and its name say why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedCommand {
    /// Its name, if it has one. A command that can run may have the same name.
    pub name: Option<LocatedText>,
    /// Its keys.
    pub key: Option<LocatedText>,
    /// Why it cannot run.
    pub why: ConfigProblem,
}

/// The commands of the user: those that can run, and those that cannot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandList {
    valid: Vec<CommandSetting>,
    /// The commands that cannot run.
    pub refused: Vec<RefusedCommand>,
}

impl CommandList {
    /// The first command with this name that cannot run.
    pub fn refused_called(&self, name: &str) -> Option<&RefusedCommand> {
        self.refused.iter().find(|refused| refused.name.as_ref().is_some_and(|called| called.text == name))
    }
}

impl Deref for CommandList {
    type Target = [CommandSetting];

    fn deref(&self) -> &[CommandSetting] {
        &self.valid
    }
}

impl CommandSetting {
    /// Time limit of a command whose settings name none.
    pub const LIMIT: Duration = Duration::from_secs(60);

    /// Reads the list `commands`. Invalid commands are reported.
    pub fn read(reader: &mut ValueReader, field: ConfigEntry) -> CommandList {
        let node = field.node;
        let YamlValue::List(nodes) = &node.value else {
            let what = format!("`commands` is {}, not a list", node.kind());
            reader.report(node, &what, "start each command with `- name:`");
            return CommandList::default();
        };
        let nodes = reader.bounded(node, "commands", MAX_COMMANDS, nodes.iter().collect());
        let mut names = HashSet::new();
        let mut commands = CommandList::default();
        for node in nodes {
            let first = reader.problems.len();
            match command(reader, node) {
                Some(command) if names.insert(command.name.text.clone()) => {
                    commands.valid.push(command);
                    continue;
                }
                Some(command) => {
                    reader.report(node, &format!("`{}` is named twice", command.name.text), "only the first applies")
                }
                None => {}
            }
            commands.refused.extend(refused(reader, node, first));
        }
        commands
    }
}

/// A command that cannot run, because of the last problem from this index on.
fn refused(reader: &ValueReader, node: &YamlNode, problem: usize) -> Option<RefusedCommand> {
    let YamlValue::Map(fields) = &node.value else { return None };
    let text = |wanted: &str| {
        let field = fields.iter().find(|(name, _)| name.located_text().is_some_and(|name| name.text == wanted));
        field.and_then(|(_, value)| value.located_text())
    };
    let why = reader.problems.get(problem..)?.last()?.clone();
    Some(RefusedCommand { name: text("name"), key: text("key"), why })
}

fn command(reader: &mut ValueReader, node: &YamlNode) -> Option<CommandSetting> {
    let YamlValue::Map(_) = node.value else {
        reader.report(node, &format!("{} is not a command", node.kind()), "start each command with `- name:`");
        return None;
    };
    let fields = reader.fields(node, "commands", &["name", "key", "run", "input", "for", "output", "limit"]);
    for (missing, hint) in [("name", "add the name: name: archive"), ("run", "add the program: run: mpv {link}")] {
        if fields.get(missing).is_none() {
            reader.report(node, &format!("command without `{missing}`"), hint);
            return None;
        }
    }
    let name = fields.get("name").and_then(|field| name(reader, field))?;
    let program = fields.get("run").and_then(|field| program(reader, field))?;
    let scope = fields.get("for").and_then(|field| reader.one_of(field, &CommandScope::WORDS)).unwrap_or_default();
    if scope != CommandScope::Article
        && let (Err(error), Some(run)) = (program.check_for_several(), fields.get("run"))
    {
        report(reader, run.node, &error);
        return None;
    }
    let hint = "write a time from 1s to 1h, such as 90s or 5m";
    let limit = fields.get("limit").and_then(|field| limit(reader, field, MAX_SECONDS, hint));
    Some(CommandSetting {
        name,
        key: fields.get("key").and_then(|field| reader.located_text(field)),
        program,
        input: fields.get("input").and_then(|field| reader.one_of(field, &CommandInput::WORDS)).unwrap_or_default(),
        scope,
        output: fields
            .get("output")
            .and_then(|field| reader.one_of(field, &ProgramOutputUse::WORDS))
            .unwrap_or_default(),
        limit: limit.unwrap_or(CommandSetting::LIMIT),
    })
}

/// A name: a line of at most 40 characters.
fn name(reader: &mut ValueReader, field: ConfigEntry) -> Option<LocatedText> {
    let mut name = reader.located_text(field)?;
    name.text = name.text.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.text.chars().count() > MAX_NAME || name.text.chars().any(char::is_control) {
        reader.report(field.node, "this is not a name", "write at most 40 letters, digits and blanks");
        return None;
    }
    Some(name)
}

/// Reads a program: a line that is split into words without a shell, or a list of words.
pub fn program(reader: &mut ValueReader, field: ConfigEntry) -> Option<ProgramTemplate> {
    let template = match &field.node.value {
        YamlValue::Text(line) => ProgramTemplate::split(line),
        YamlValue::List(nodes) => {
            let word = |node: &YamlNode| node.located_text().map(|text| text.text);
            match nodes.iter().map(word).collect::<Option<Vec<_>>>() {
                Some(words) => ProgramTemplate::of_words(&words),
                None => {
                    reader.report(
                        field.node,
                        &format!("`{}` contains more than words", field.name),
                        "write [mpv, \"{link}\"]",
                    );
                    return None;
                }
            }
        }
        // `run: {link}` without quotes is a map in YAML.
        YamlValue::Map(_) | YamlValue::Nothing => {
            let what = format!("`{}` is {}, not a program", field.name, field.node.kind());
            reader.report(field.node, &what, "write the program with its arguments in quotes");
            return None;
        }
    };
    match template {
        Ok(template) => Some(template),
        Err(error) => {
            report(reader, field.node, &error);
            None
        }
    }
}

fn report(reader: &mut ValueReader, node: &YamlNode, error: &TemplateError) {
    reader.report(node, &error.to_string(), &error.hint());
}

/// A time limit of at least a second, and at most this many.
pub fn limit(reader: &mut ValueReader, field: ConfigEntry, most: u64, hint: &str) -> Option<Duration> {
    let read = |word: &str| seconds_from_word(word).filter(|seconds| (1..=most).contains(seconds));
    reader.parsed(field, read, hint).map(Duration::from_secs)
}

/// Parses a number of seconds, minutes or hours: `90s`, `5m`, `1h`.
fn seconds_from_word(word: &str) -> Option<u64> {
    let word = word.trim();
    let units = [("s", 1), ("m", 60), ("h", 3600)];
    let (number, seconds) = units.iter().find_map(|(unit, seconds)| Some((word.strip_suffix(unit)?, *seconds)))?;
    number.trim().parse::<u64>().ok()?.checked_mul(seconds)
}
