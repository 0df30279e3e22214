//! Commands of the user, openers, `|` and `w`: what the programs get, and what they must not break.

mod arguments;
mod in_terminal;
mod keys;
