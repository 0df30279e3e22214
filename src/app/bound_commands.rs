//! The commands that keys are bound to, with their keys in each context, as the palette and help list them.

use super::commands::Command;
use super::focus::Context;
use crate::feed::SafeText;

/// A command, and its keys in a context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundCommand {
    /// The context.
    pub context: Context,
    /// The command.
    pub command: Command,
    /// The key sequences that run it, as they are printed.
    pub keys: Vec<String>,
}

/// The commands that keys are bound to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BoundCommands {
    all: Vec<BoundCommand>,
    /// Commands of the settings, which need no key, each with its program.
    own: Vec<(Command, SafeText)>,
}

impl BoundCommands {
    /// These commands: each is there once for a context.
    pub fn new(all: Vec<BoundCommand>) -> BoundCommands {
        BoundCommands { all, own: Vec::new() }
    }

    /// The same, with commands of the settings and their programs. The palette has them also if no key is bound to them.
    pub fn with_own(self, own: Vec<(Command, SafeText)>) -> BoundCommands {
        BoundCommands { own, ..self }
    }

    /// The commands of a context.
    pub fn of(&self, context: Context) -> impl Iterator<Item = &BoundCommand> {
        self.all.iter().filter(move |bound| bound.context == context)
    }

    /// The contexts other than `context` that have commands.
    pub fn contexts_beside(&self, context: Context) -> Vec<Context> {
        let mut contexts: Vec<Context> = Vec::new();
        for bound in self.all.iter().filter(|bound| bound.context != context) {
            if !contexts.contains(&bound.context) {
                contexts.push(bound.context);
            }
        }
        contexts
    }

    /// Whether a key is bound to a command in some context.
    pub fn has(&self, command: &Command) -> bool {
        self.all.iter().any(|bound| bound.command == *command)
    }

    /// The commands with an argument, which only the settings bind to keys, and those of the settings without a key.
    pub fn with_argument(&self) -> Vec<&Command> {
        let mut commands: Vec<&Command> = Vec::new();
        let bound = self.all.iter().map(|bound| &bound.command).chain(self.own.iter().map(|(command, _)| command));
        for command in bound.filter(|command| command.argument.is_some()) {
            if !commands.contains(&command) {
                commands.push(command);
            }
        }
        commands
    }

    /// The program that a command of the settings runs.
    pub fn program(&self, command: &Command) -> Option<&SafeText> {
        self.own.iter().find(|(own, _)| own == command).map(|(_, program)| program)
    }
}
