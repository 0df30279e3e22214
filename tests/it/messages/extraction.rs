//! Extracts every text that a user can see from the sources: messages in string literals, and the help of each command.
//!
//! A string literal is a message if it has two words, or a word and a placeholder, next to each other; if it is one word
//! that begins with a capital letter, as titles are; or if it is an argument of one of [`MAKERS`]. Literals in tests, in
//! attributes other than `#[error(…)]`, in log lines and in the messages of panics are left out, as are markup and the lines of
//! files with marks.

use clap::CommandFactory;

use crate::lexer::{self, Kind, is_word};
use crate::repository_files::sources_below;

/// Functions and attributes whose arguments are messages, even of one word in lower case.
const MAKERS: [&str; 9] =
    ["error", "fail", "failed", "hint", "notice", "plain_line", "print_notice", "refused", "warning"];

/// Macros and functions whose arguments no user reads.
const NOT_SHOWN: [&str; 22] = [
    "assert!",
    "assert_eq!",
    "assert_ne!",
    "contains",
    "debug!",
    "debug_assert!",
    "debug_assert_eq!",
    "debug_struct",
    "debug_tuple",
    "ends_with",
    "expect",
    "find",
    "info!",
    "panic!",
    "rsplit_once",
    "split",
    "split_once",
    "starts_with",
    "strip_prefix",
    "strip_suffix",
    "unreachable!",
    "warn!",
];

/// The beginning of texts that are lines of a file with marks.
const MARKS_LINE: &str = "{stamp} ";

const TEST: &str = "#[cfg(test)]";

/// All texts: the messages of each file in the order of its lines, the settings with their comments, and the help of each
/// command.
pub fn all() -> String {
    let mut list = String::new();
    // The words of languages of code are no messages.
    let has_messages = |path: &&std::path::PathBuf| !path.ends_with("tests.rs") && !path.starts_with("src/code");
    for path in sources_below(&["src"]).iter().filter(has_messages) {
        let source = std::fs::read_to_string(path).expect("a source file");
        let messages = messages(&source);
        if !messages.is_empty() {
            list += &format!("\n# {}\n", path.display());
            list.extend(messages.iter().map(|(_, message)| entry(message)));
        }
    }
    list += &format!("\n# frontpage config --default\n{}", frontpage::config::reference());
    list + &help(frontpage::cli::Args::command())
}

/// A message as an entry of the list: further lines of it are indented.
fn entry(message: &str) -> String {
    let lines: Vec<&str> = message.trim_end().lines().map(str::trim_end).collect();
    format!("- {}\n", lines.join("\n  "))
}

/// The long help of a command and of its subcommands, wrapped at 100 columns. Options that every command has are in the first.
fn help(command: clap::Command) -> String {
    let mut command = command.term_width(100);
    command.build();
    let mut text = String::new();
    let mut queue = vec![command];
    while let Some(mut command) = queue.pop() {
        let name = command.get_bin_name().unwrap_or_else(|| command.get_name()).to_owned();
        let help = command.render_long_help().to_string();
        let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
        text += &format!("\n# {name} --help\n{}\n", lines.join("\n").trim_end());
        let inner = command.get_subcommands().filter(|inner| inner.get_name() != "help" && !inner.is_hide_set());
        let inner =
            inner.map(|inner| inner.clone().mut_args(|arg| if arg.is_global_set() { arg.hide(true) } else { arg }));
        queue.extend(inner.collect::<Vec<_>>().into_iter().rev());
    }
    text
}

/// An open bracket of the source, with the name in front of it.
struct Bracket {
    /// `f` of `f(`, `m!` of `m!(`, `#` of `#[`; empty where there is no name.
    name: String,
    /// The block of an item that only tests have.
    is_test: bool,
}

/// The messages of a source text in its order, each with its line, from 1.
pub fn messages(source: &str) -> Vec<(usize, String)> {
    let (mut found, mut line) = (Vec::new(), 1);
    let mut open: Vec<Bracket> = Vec::new();
    // The number of brackets around a `#[cfg(test)]` whose item has not begun.
    let mut test_at: Option<usize> = None;
    for token in lexer::tokens(source) {
        match token.kind {
            Kind::Comment | Kind::Character => {}
            Kind::String => {
                let is_test = test_at.is_some() || open.iter().any(|bracket| bracket.is_test);
                let text = lexer::value(token.text);
                if !is_test && !token.text.starts_with('b') && is_shown(&open) && is_message(&text, &open) {
                    found.push((line, text));
                }
            }
            Kind::Code => {
                let mut at = 0;
                while let Some(c) = token.text[at..].chars().next() {
                    if token.text[at..].starts_with(TEST) {
                        test_at = Some(open.len());
                        at += TEST.len();
                        continue;
                    }
                    let is_own = test_at == Some(open.len());
                    match c {
                        '(' | '[' | '{' => {
                            let is_test = is_own && c == '{';
                            open.push(Bracket { name: name_before(&token.text[..at]), is_test });
                            test_at = test_at.filter(|_| !is_test);
                        }
                        ')' | ']' | '}' => drop(open.pop()),
                        ';' | ',' if is_own => test_at = None,
                        _ => {}
                    }
                    at += c.len_utf8();
                }
            }
        }
        line += token.text.matches('\n').count();
    }
    found
}

/// The name in front of a bracket: `f` of `a::f`, `m!`, `#` of an attribute.
fn name_before(code: &str) -> String {
    let code = code.trim_end().trim_end_matches("::");
    let start = code.rfind(|c| !is_word(c) && c != '!').map_or(0, |at| at + 1);
    match &code[start..] {
        "" | "!" if code.trim_end_matches('!').ends_with('#') => "#".to_owned(),
        name => name.to_owned(),
    }
}

/// True unless the brackets around a literal say that no user reads it.
fn is_shown(open: &[Bracket]) -> bool {
    let is_error = open.last().is_some_and(|bracket| bracket.name == "error");
    let is_attribute = open.iter().any(|bracket| bracket.name == "#");
    (is_error || !is_attribute) && !open.iter().any(|bracket| NOT_SHOWN.contains(&bracket.name.as_str()))
}

/// True for texts that are made of words.
fn is_message(text: &str, open: &[Bracket]) -> bool {
    if text.starts_with('<') || text.starts_with(MARKS_LINE) {
        return false;
    }
    let is_made = open.last().is_some_and(|bracket| MAKERS.contains(&bracket.name.as_str()));
    let parts: Vec<Part> = text.split([' ', '\n']).map(Part::of).collect();
    let has_pair = parts.windows(2).any(|pair| {
        matches!((pair[0], pair[1]), (Part::Word, Part::Word | Part::Placeholder) | (Part::Placeholder, Part::Word))
    });
    let has_word = parts.contains(&Part::Word);
    let is_title = parts.len() == 1 && has_word && text.len() > 2 && {
        let mut chars = text.chars();
        chars.next().is_some_and(char::is_uppercase) && chars.all(char::is_lowercase)
    };
    has_pair || is_title || is_made && has_word
}

/// What a literal has between two blanks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Word,
    Placeholder,
    Other,
}

impl Part {
    fn of(text: &str) -> Part {
        let text = text.trim_matches(|c: char| c.is_ascii_punctuation() && c != '{' && c != '}');
        let is_letter = |c: char| c.is_alphabetic() || matches!(c, '-' | '\'' | '’');
        if text.starts_with('{') {
            Part::Placeholder
        } else if !text.is_empty() && text.chars().all(is_letter) {
            Part::Word
        } else {
            Part::Other
        }
    }
}
