//! The names of the contexts in which keys hold, as settings have them.

use super::default_keys::{EVERYWHERE, PANES};
use super::key::{Code, Key};
use crate::app::Context;

/// Contexts by their names.
pub const NAMES: [(&str, &[Context]); 13] = [
    ("everywhere", EVERYWHERE),
    ("panes", PANES),
    ("list", &[Context::List]),
    ("detail", &[Context::Detail]),
    ("related", &[Context::Related]),
    ("prompt", &[Context::Prompt]),
    ("picker", &[Context::Picker]),
    ("palette", &[Context::Palette]),
    ("links", &[Context::Links]),
    ("help", &[Context::Help]),
    ("insights", &[Context::Insights]),
    ("confirm", &[Context::Confirm]),
    ("overlay", &[Context::Overlay]),
];

/// The contexts of a name in which a sequence holds. Of those of `everywhere` none in which its first key is text or a hint:
/// who types a letter there wants the letter.
pub fn named(name: &str, keys: &[Key]) -> Option<Vec<Context>> {
    let (_, contexts) = NAMES.iter().find(|(known, _)| *known == name)?;
    let is_text = *contexts == EVERYWHERE && matches!(keys, [Key { code: Code::Char(_), ctrl: false }, ..]);
    Some(contexts.iter().copied().filter(|context| !(is_text && takes_text(*context))).collect())
}

/// Where a character that nothing is bound to is text or a hint.
pub fn takes_text(context: Context) -> bool {
    matches!(context, Context::Prompt | Context::Picker | Context::Palette | Context::Links)
}
