//! Prints every text that a user can see, by file: the messages of the sources, and the help of each command.

#![allow(clippy::expect_used, clippy::disallowed_methods, clippy::print_stdout)] // prints, and reads files of the repository

#[path = "../tests/it/messages/extraction.rs"]
mod extraction;
#[path = "../tests/it/lexer.rs"]
mod lexer;

fn main() {
    print!("{}", extraction::all());
}
