//! The names of key contexts in the settings.

use super::default_keys::{EVERYWHERE, PANES};
use super::key::{Code, Key};
use crate::app::Context;

/// The contexts of each name.
pub const NAMES: [(&str, &[Context]); 16] = [
    ("everywhere", EVERYWHERE),
    ("panes", PANES),
    ("list", &[Context::List]),
    ("detail", &[Context::Detail]),
    ("related", &[Context::Related]),
    ("navigation", &[Context::Navigation]),
    ("prompt", &[Context::Prompt]),
    ("picker", &[Context::Picker]),
    ("palette", &[Context::Palette]),
    ("links", &[Context::Links]),
    ("help", &[Context::Help]),
    ("insights", &[Context::Insights]),
    ("subscriptions", &[Context::Subscriptions]),
    ("picture", &[Context::Picture]),
    ("confirm", &[Context::Confirm]),
    ("overlay", &[Context::Overlay]),
];

/// The contexts of a name in which a sequence applies. `None` for an unknown name. A sequence of `everywhere` that starts
/// with a character does not apply where characters are text or link hints: there the user wants the letter.
pub fn named(name: &str, keys: &[Key]) -> Option<Vec<Context>> {
    let (_, contexts) = NAMES.iter().find(|(known, _)| *known == name)?;
    let is_text = *contexts == EVERYWHERE && matches!(keys, [Key { code: Code::Char(_), ctrl: false }, ..]);
    Some(contexts.iter().copied().filter(|context| !(is_text && takes_text(*context))).collect())
}

/// Whether digits are a count in a context: not where they are text or link hints, and not in a question.
pub fn takes_count(context: Context) -> bool {
    !takes_text(context) && context != Context::Confirm
}

/// Whether an unbound character is text or a link hint in a context.
pub fn takes_text(context: Context) -> bool {
    matches!(context, Context::Prompt | Context::Picker | Context::Palette | Context::Links)
}
