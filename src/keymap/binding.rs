//! Key bindings: which command a key sequence runs in which contexts. A later binding replaces earlier ones.

use std::collections::HashSet;

use super::context_names;
use super::default_keys::{self, ARTICLES, DefaultBinding};
use super::key::{Key, KeyError, print};
use crate::app::{Action, Command, CommandError, Context, commands};
use crate::config::{
    CommandList, ConfigProblem, KeyBindingSetting, KeySettings, LocatedText, Position, did_you_mean, suggest,
};

/// Key sequences bound to a command in some contexts.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The contexts in which the binding applies.
    pub contexts: Vec<Context>,
    /// The sequences; each of them runs the command.
    pub keys: Vec<Vec<Key>>,
    /// The command.
    pub command: Command,
    /// A word for the hint in the footer.
    pub hint: Option<&'static str>,
    /// Line and column in the settings; `None` for a default or preset binding.
    pub written_at: Option<Position>,
}

impl Binding {
    /// The binding of a row of the default keys. A test checks that no row gives an error.
    pub fn of_row(row: &DefaultBinding) -> Result<Binding, KeyError> {
        let keys = row.keys.iter().map(|keys| Key::parse_all(keys)).collect::<Result<_, _>>()?;
        let contexts = row.contexts.to_vec();
        Ok(Binding { contexts, keys, command: row.action.into(), hint: row.hint, written_at: None })
    }

    /// Whether a sequence of it and these keys could not both be typed.
    pub fn conflicts_with(&self, keys: &[Key]) -> bool {
        self.keys.iter().any(|known| conflict(known, keys))
    }
}

/// Two sequences conflict if one is a prefix of the other: the longer one can never be typed.
fn conflict(one: &[Key], other: &[Key]) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

/// Adds the bindings of the settings to `bindings`. Returns a problem for each that is not valid.
pub fn bind(bindings: &mut Vec<Binding>, settings: &KeySettings) -> Vec<ConfigProblem> {
    let mut problems = Vec::new();
    for written in &settings.bindings {
        if let Err(problem) = bind_one(bindings, written) {
            problems.push(problem);
        }
    }
    let quits = |binding: &Binding| {
        binding.contexts.contains(&Context::List) && matches!(binding.command.action, Action::Quit | Action::QuitNow)
    };
    if !bindings.iter().any(quits) {
        let what = "no key quits from the list";
        problems.push(ConfigProblem::new(None, what, "bind a key to `quit`, or quit with the palette"));
    }
    problems
}

/// Binds the keys of the user's commands, and checks that keys run commands that exist.
pub fn bind_commands(bindings: &mut Vec<Binding>, commands: &CommandList) -> Vec<ConfigProblem> {
    let valid: HashSet<&str> = commands.iter().map(|command| command.name.text.as_str()).collect();
    let refused_names = commands.refused.iter().filter_map(|command| command.name.as_ref());
    let refused_names = refused_names.map(|name| name.text.as_str()).filter(|name| !valid.contains(name));
    let names: Vec<&str> = commands.iter().map(|command| command.name.text.as_str()).chain(refused_names).collect();
    // The name of a refused command says why it cannot run, unless it has none, or that of a command that can run.
    let explain = |name: &Option<LocatedText>| match name {
        Some(name) if !valid.contains(name.text.as_str()) => Command::runs_own(&name.text),
        _ => Action::Problems.into(),
    };
    let runs = commands.iter().map(|command| (&command.key, Command::runs_own(&command.name.text)));
    let explains = commands.refused.iter().map(|command| (&command.key, explain(&command.name)));
    let mut problems = Vec::new();
    for binding in bindings.iter().filter(|binding| binding.command.action == Action::RunCommand) {
        let Some(argument) = &binding.command.argument else { continue };
        if !names.contains(&argument.as_str()) {
            let hint = did_you_mean(argument, &names).unwrap_or_else(|| "name one of `commands`".to_owned());
            problems.push(ConfigProblem::new(binding.written_at, &format!("unknown command `{argument}`"), &hint));
        }
    }
    for (key, command) in runs.chain(explains) {
        let Some(keys_text) = key else { continue };
        let read = parse_keys(keys_text);
        let bound = read.and_then(|keys| add(bindings, ARTICLES.to_vec(), keys_text.at, keys, command, true));
        problems.extend(bound.err());
    }
    problems
}

/// Reads a sequence of keys.
fn parse_keys(text: &LocatedText) -> Result<Vec<Key>, ConfigProblem> {
    let wrong = |what: &str, hint: &str| Err(ConfigProblem::new(Some(text.at), what, hint));
    let keys = match Key::parse_all(&text.text) {
        Ok(keys) => keys,
        Err(error) => return wrong(&error.to_string(), "write `<` itself as <lt>"),
    };
    if keys.iter().any(Key::is_control) {
        return wrong("no key sends this control character", "write <esc>, <tab> or <ctrl-d>");
    }
    match keys.is_empty() {
        true => wrong("no keys given", "write a sequence such as gx or <ctrl-d>"),
        false => Ok(keys),
    }
}

/// Adds a binding of the settings, in place of what the keys did by default. Fails if keys of the settings are in its way: with
/// `is_only`, also the same keys.
fn add(
    bindings: &mut Vec<Binding>,
    contexts: Vec<Context>,
    at: Position,
    keys: Vec<Key>,
    command: Command,
    is_only: bool,
) -> Result<(), ConfigProblem> {
    let is_there = |binding: &&Binding| binding.contexts.iter().any(|known| contexts.contains(known));
    // The same keys may be bound again in one of several contexts; only different sequences can conflict.
    let clashes = |binding: &&Binding| binding.conflicts_with(&keys) && (is_only || !binding.keys.contains(&keys));
    let own = bindings.iter().filter(is_there).filter(clashes).find_map(|binding| binding.written_at);
    if let Some((line, _)) = own {
        let what = format!("`{}` conflicts with the keys of line {line}", print(&keys));
        return Err(ConfigProblem::new(Some(at), &what, "remove one of them: one is the start of the other"));
    }
    unbind(bindings, &contexts, &keys);
    let is_meant = |context: &Context| {
        *context != Context::Navigation || contexts.len() == 1 || default_keys::is_for_navigation(command.action)
    };
    let contexts: Vec<Context> = contexts.iter().copied().filter(is_meant).collect();
    bindings.push(Binding { contexts, keys: vec![keys], command, hint: None, written_at: Some(at) });
    Ok(())
}

fn bind_one(bindings: &mut Vec<Binding>, written: &KeyBindingSetting) -> Result<(), ConfigProblem> {
    let KeyBindingSetting { context, keys: keys_text, command } = written;
    let problem = |at: Position, what: &str, hint: &str| ConfigProblem::new(Some(at), what, hint);
    let read = Key::parse_all(&keys_text.text);
    let contexts = context_names::named(&context.text, read.as_deref().unwrap_or_default()).ok_or_else(|| {
        let names: Vec<&str> = context_names::NAMES.iter().map(|(name, _)| *name).collect();
        problem(context.at, &format!("unknown context `{}`", context.text), &suggest(&context.text, &names))
    })?;
    let keys = parse_keys(keys_text)?;
    let command = command.as_ref().map(|written| {
        Command::parse(written.text.trim()).map_err(|error| {
            let names: Vec<&str> = commands::all().map(|named| named.name).collect();
            let hint = match &error {
                CommandError::UnknownAction(name) => {
                    did_you_mean(name, &names).unwrap_or_else(|| "help (?) lists all actions".to_owned())
                }
                CommandError::NoArgument(_) => "remove what follows the name".to_owned(),
            };
            problem(written.at, &error.to_string(), &hint)
        })
    });
    let command = match command.transpose() {
        Ok(command) => command,
        Err(problem) => {
            // The keys do not fall through to what they did before: they show the problem.
            let _ = add(bindings, contexts, keys_text.at, keys, Action::Problems.into(), false);
            return Err(problem);
        }
    };
    match command {
        Some(command) => add(bindings, contexts, keys_text.at, keys, command, false),
        None if unbind(bindings, &contexts, &keys) => Ok(()),
        None => {
            let what = format!("`{}` is not bound in `{}`", print(&keys), context.text);
            Err(problem(keys_text.at, &what, "remove this line"))
        }
    }
}

/// Removes the sequences that conflict with `keys` in some contexts. True if there were any.
pub fn unbind(bindings: &mut Vec<Binding>, contexts: &[Context], keys: &[Key]) -> bool {
    let mut any = false;
    let mut rest = Vec::new();
    for mut binding in bindings.drain(..) {
        let (here, elsewhere): (Vec<Context>, Vec<Context>) =
            binding.contexts.iter().partition(|context| contexts.contains(context));
        if here.is_empty() || !binding.conflicts_with(keys) {
            rest.push(binding);
            continue;
        }
        any = true;
        let mut changed = binding.clone();
        changed.keys.retain(|known| !conflict(known, keys));
        changed.contexts = here;
        binding.contexts = elsewhere;
        rest.extend(
            [binding, changed].into_iter().filter(|binding| !binding.contexts.is_empty() && !binding.keys.is_empty()),
        );
    }
    *bindings = rest;
    any
}

/// The bindings of the default keys.
pub fn default_bindings() -> Result<Vec<Binding>, KeyError> {
    default_keys::DEFAULT.iter().map(Binding::of_row).collect()
}

/// The description of a command.
pub fn describe(command: &Command) -> String {
    match command.argument {
        Some(_) => command.to_string(),
        None => command.action.help().to_owned(),
    }
}
