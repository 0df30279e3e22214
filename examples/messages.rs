//! Prints every text that a user can see, by file: the messages of the sources, and the help of each command.

#![allow(clippy::expect_used, clippy::disallowed_methods, clippy::print_stdout)] // prints, and reads files of the repository

#[path = "../tests/it/messages/extraction.rs"]
mod extraction;
#[path = "../tests/it/lexer.rs"]
mod lexer;
#[allow(dead_code, reason = "the tests also list files that are not sources")]
#[path = "../tests/it/repository_files.rs"]
mod repository_files;

fn main() {
    print!("{}", extraction::all());
}
