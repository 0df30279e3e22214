//! Bindings: keys in contexts, and the commands that they give; later ones take the place of earlier ones.

use super::context_names;
use super::default_keys::{self, DefaultBinding};
use super::key::{Code, Key, KeyError, print};
use crate::app::{Action, Command, CommandError, Context, commands};
use crate::config::{ConfigProblem, KeyBindingSetting, KeySettings, Position, did_you_mean, suggest};

/// Keys bound to a command.
#[derive(Clone, Debug)]
pub struct Binding {
    /// Where they hold.
    pub contexts: Vec<Context>,
    /// Any of these sequences.
    pub keys: Vec<Vec<Key>>,
    /// What they do.
    pub command: Command,
    /// A word for the footer.
    pub hint: Option<&'static str>,
    /// Where it was written; none: it is one of ours.
    pub written: Option<Position>,
}

impl Binding {
    /// A row of the table. The error names keys that cannot be read, which a test rules out.
    pub fn of_row(row: &DefaultBinding) -> Result<Binding, KeyError> {
        let keys = row.keys.iter().map(|keys| Key::read_all(keys)).collect::<Result<_, _>>()?;
        let contexts = row.contexts.to_vec();
        Ok(Binding { contexts, keys, command: row.action.into(), hint: row.hint, written: None })
    }

    fn hides(&self, keys: &[Key]) -> bool {
        self.keys.iter().any(|known| hide(known, keys))
    }
}

/// Of two sequences of which one is the beginning of the other, or the other, only one can ever be reached.
fn hide(one: &[Key], other: &[Key]) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

/// Binds what is written, over what is bound already. What cannot be used is told, all of it.
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
        let what = "no key of the list quits any more";
        problems.push(ConfigProblem::new(None, what, "`quit` in the palette does, if a key opens that"));
    }
    problems
}

fn bind_one(bindings: &mut Vec<Binding>, written: &KeyBindingSetting) -> Result<(), ConfigProblem> {
    let KeyBindingSetting { context, keys: keys_text, command } = written;
    let problem = |at: Position, what: &str, hint: &str| ConfigProblem::new(Some(at), what, hint);
    let wrong_keys = |what: &str, hint: &str| problem(keys_text.at, what, hint);
    let read = Key::read_all(&keys_text.text);
    let contexts = context_names::named(&context.text, read.as_deref().unwrap_or_default()).ok_or_else(|| {
        let names: Vec<&str> = context_names::NAMES.iter().map(|(name, _)| *name).collect();
        problem(
            context.at,
            &format!("keys hold nowhere that is called `{}`", context.text),
            &suggest(&context.text, &names),
        )
    })?;
    let keys = read.map_err(|error| wrong_keys(&error.to_string(), "write < itself as <lt>"))?;
    if keys.iter().any(|key| matches!(key.code, Code::Char(c) if c.is_control())) {
        return Err(wrong_keys("no key sends this character", "write <esc>, <tab>, <ctrl-d> and the like"));
    }
    if keys.is_empty() {
        return Err(wrong_keys("no keys stand here", "write them as in gx or <ctrl-d>"));
    }
    let command = command.as_ref().map(|written| {
        Command::parse(written.text.trim()).map_err(|error| {
            let names: Vec<&str> = commands::all().map(|named| named.name).collect();
            let hint = match &error {
                CommandError::UnknownAction(name) => did_you_mean(name, &names)
                    .unwrap_or_else(|| "the palette (:) and help (?) show all names".to_owned()),
                CommandError::NoArgument(_) => "such as `topic ai`, which takes something".to_owned(),
            };
            problem(written.at, &error.to_string(), &hint)
        })
    });
    let command = command.transpose()?;
    let is_there = |binding: &&Binding| binding.contexts.iter().any(|known| contexts.contains(known));
    // The same keys may mean something else in one of several contexts: what comes later holds there.
    let clashes = |binding: &&Binding| binding.hides(&keys) && !binding.keys.contains(&keys);
    let own = bindings.iter().filter(is_there).filter(clashes).find(|binding| binding.written.is_some());
    if let (Some((line, _)), Some(_)) = (own.and_then(|binding| binding.written), &command) {
        let what = format!("`{}` and the keys of line {line} hide each other", print(&keys));
        return Err(wrong_keys(&what, "keep one of them"));
    }
    let was_bound = unbind(bindings, &contexts, &keys);
    match command {
        None if !was_bound => {
            let what = format!("`{}` is bound to nothing in `{}`", print(&keys), context.text);
            Err(wrong_keys(&what, "there is nothing to take away"))
        }
        None => Ok(()),
        Some(command) => {
            let written = Some(keys_text.at);
            bindings.push(Binding { contexts, keys: vec![keys], command, hint: None, written });
            Ok(())
        }
    }
}

/// Takes away what would hide a sequence in some contexts, or be hidden by it. True when there was any.
fn unbind(bindings: &mut Vec<Binding>, contexts: &[Context], keys: &[Key]) -> bool {
    let mut any = false;
    let mut rest = Vec::new();
    for mut binding in bindings.drain(..) {
        let (here, elsewhere): (Vec<Context>, Vec<Context>) =
            binding.contexts.iter().partition(|context| contexts.contains(context));
        if here.is_empty() || !binding.hides(keys) {
            rest.push(binding);
            continue;
        }
        any = true;
        let mut changed = binding.clone();
        changed.keys.retain(|known| !hide(known, keys));
        changed.contexts = here;
        binding.contexts = elsewhere;
        rest.extend(
            [binding, changed].into_iter().filter(|binding| !binding.contexts.is_empty() && !binding.keys.is_empty()),
        );
    }
    *bindings = rest;
    any
}

/// The default keys.
pub fn default_bindings() -> Result<Vec<Binding>, KeyError> {
    default_keys::DEFAULT.iter().map(Binding::of_row).collect()
}
