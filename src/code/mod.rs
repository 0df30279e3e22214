//! Code: finds languages by name, and splits code into comments, strings, numbers, keywords and the lines of a diff.
//!
//! One table has a row for each family of languages. The lexer needs no regular expressions and no recursion, and one pass:
//! colours of code are a help for the eye, and a few wrong ones in rare constructs are a fair price for that.

mod console;
mod diff;
mod grammar;
mod grammars;
mod info_string;
mod language;
mod markdown;
mod markup;
mod piece;
mod template;
#[cfg(test)]
mod tests;
mod words;

pub use info_string::InfoString;
pub use language::Language;
pub use piece::{CodePiece, PieceKind};
