//! The names of the contexts in which keys hold, as settings have them.

use super::table::{EVERYWHERE, PANES};
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

/// The contexts of a name.
pub fn named(name: &str) -> Option<&'static [Context]> {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, contexts)| *contexts)
}
