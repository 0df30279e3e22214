//! Integration tests: the session, the command line, and the program in a terminal.

// Test helpers may panic if a precondition fails.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::disallowed_methods)]
// Large tests print how much they did: `cargo test -- --nocapture`.
#![allow(clippy::print_stdout)]

mod architecture;
mod asking;
mod cli;
mod commanding;
mod docs;
mod fields;
mod fuzz;
mod harness;
mod hostile_files;
mod hostile_text;

mod identity;
mod input;
mod insights;
mod keeping;
mod lexer;
mod likeness;
mod live;
mod loading;
mod looks;
mod marking;
mod messages;
mod model;
mod mouse;
mod notices;
mod opening;
mod packaging;
mod places;
mod progress;
mod reading;
mod rules;
mod screens;
mod searching;
mod settings;
mod showing;
mod speed;
mod stories;
mod style;
mod supply;
mod surviving;
mod terminal;
mod themes;
mod watching;
mod zones;
