//! The words that `docs/style.md` lists as words to avoid, and where they still are.

use std::path::Path;

use regex::Regex;

use crate::lexer::{self, Kind};
use crate::messages::extraction;
use crate::repository_files::{files_below, sources_below};

/// Files and folders with text in our words.
const PROSE: [&str; 11] = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "Cargo.toml",
    "deny.toml",
    "clippy.toml",
    ".ci",
    ".github",
    "docs",
    "packaging",
];

/// Folders and files of Rust code.
const CODE: [&str; 6] = ["src", "tests", "benches", "examples", "fuzz/entries.rs", "fuzz/fuzz_targets"];

/// Files that quote the words on purpose.
const EXEMPT: [&str; 3] = ["docs/style.md", "tests/it/style.rs", ALLOWED];

/// Lines that need a word of the table: the file, a part of the line, and the reason.
const ALLOWED: &str = "tests/fixtures/allowed_words.md";

/// A piece of text that a word can be found in, with the line that it begins in.
struct Passage {
    line: usize,
    text: String,
}

/// A word or phrase to avoid, and what to write.
struct Avoided {
    words: String,
    write: String,
}

/// A place where such a word is.
struct Hit {
    file: String,
    line: usize,
    /// The words as they are in the text, with some text around them.
    excerpt: String,
    write: String,
}

/// The rows of a Markdown table below a heading, as trimmed cells.
fn table(document: &str, heading: &str) -> Vec<Vec<String>> {
    let lines = document.lines().skip_while(|line| *line != heading).skip_while(|line| !line.starts_with('|'));
    let rows = lines.take_while(|line| line.starts_with('|')).skip(2);
    rows.map(|row| row.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect()).collect()
}

/// The quoted words of the first column, each with the second column.
fn avoided() -> Vec<Avoided> {
    let style = std::fs::read_to_string("docs/style.md").expect("docs/style.md");
    let rows = table(&style, "## Words to avoid");
    let words = rows.iter().flat_map(|row| {
        let quoted = row[0].split('`').skip(1).step_by(2);
        quoted.map(|words| Avoided { words: words.to_owned(), write: row[1].clone() })
    });
    words.collect()
}

/// Joins lines that follow each other, so that a phrase is found across a line end.
fn joined(lines: impl Iterator<Item = (usize, String)>) -> Vec<Passage> {
    let mut passages: Vec<(usize, Passage)> = Vec::new();
    for (line, text) in lines {
        match passages.last_mut() {
            Some((last, passage)) if *last + 1 == line => {
                *last = line;
                passage.text += &format!("\n{text}");
            }
            _ => passages.push((line, Passage { line, text })),
        }
    }
    passages.into_iter().map(|(_, passage)| passage).collect()
}

/// Comments, names of functions and, outside of tests, messages of a source text; inside of tests, all literals of two words.
fn passages_of_code(source: &str, is_program: bool) -> Vec<Passage> {
    let (mut comments, mut others, mut line) = (Vec::new(), Vec::new(), 1);
    for token in lexer::tokens(source) {
        match token.kind {
            Kind::Comment => {
                let text = token.text.trim_start_matches(['/', '!', '*']);
                comments.extend(text.lines().enumerate().map(|(at, text)| (line + at, text.trim().to_owned())));
            }
            Kind::String if !is_program => others.push(Passage { line, text: lexer::value(token.text) }),
            Kind::Code => {
                for (at, text) in token.text.lines().enumerate() {
                    let names = text.split("fn ").skip(1).map(|name| name.split(['(', '<']).next().unwrap_or_default());
                    others.extend(names.map(|name| Passage { line: line + at, text: name.replace('_', " ") }));
                }
            }
            Kind::String | Kind::Character => {}
        }
        line += token.text.matches('\n').count();
    }
    let messages = if is_program { extraction::messages(source) } else { Vec::new() };
    others.extend(messages.into_iter().map(|(line, text)| Passage { line, text }));
    joined(comments.into_iter()).into_iter().chain(others).collect()
}

fn passages_of_prose(text: &str) -> Vec<Passage> {
    let lines =
        text.lines().enumerate().map(|(at, line)| (at + 1, line.trim_start_matches(['#', '>', ' ']).to_owned()));
    joined(lines.filter(|(_, line)| !line.is_empty()))
}

fn hits(file: &str, passages: &[Passage], patterns: &[(Regex, String)]) -> Vec<Hit> {
    let mut found = Vec::new();
    for passage in passages {
        for (pattern, write) in patterns {
            for words in pattern.find_iter(&passage.text) {
                let line = passage.line + passage.text[..words.start()].matches('\n').count();
                let before: String = passage.text[..words.start()].chars().rev().take(40).collect();
                let before: String = before.chars().rev().collect();
                let after: String = passage.text[words.end()..].chars().take(30).collect();
                let excerpt = format!("{before}«{}»{after}", words.as_str()).replace('\n', " ");
                found.push(Hit { file: file.to_owned(), line, excerpt, write: write.clone() });
            }
        }
    }
    found
}

/// All places with words to avoid, without those that are allowed; and allowances that nothing needs.
fn search() -> (Vec<Hit>, Vec<String>) {
    let pattern = |words: &str| {
        let words: Vec<String> = words.split(' ').map(regex::escape).collect();
        Regex::new(&format!(r"(?i)\b{}\b", words.join(r"\s+"))).expect("a pattern")
    };
    let patterns: Vec<(Regex, String)> = avoided().into_iter().map(|word| (pattern(&word.words), word.write)).collect();
    let mut found = Vec::new();
    let is_exempt = |path: &Path| EXEMPT.iter().any(|exempt| path == Path::new(exempt));
    for path in sources_below(&CODE) {
        let is_program = path.starts_with("src") && !path.ends_with("tests.rs");
        let source = std::fs::read_to_string(&path).expect("a source file");
        let passages = passages_of_code(&source, is_program);
        found.extend(hits(&path.to_string_lossy(), &passages, &patterns).into_iter().filter(|_| !is_exempt(&path)));
    }
    for path in files_below(&PROSE).into_iter().filter(|path| !is_exempt(path)) {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        found.extend(hits(&path.to_string_lossy(), &passages_of_prose(&text), &patterns));
    }
    let allowed = table(&std::fs::read_to_string(ALLOWED).expect("the allowances"), "# Allowed words");
    let is_allowed = |hit: &Hit, row: &[String]| {
        let excerpt = hit.excerpt.replace(['«', '»'], "");
        row[0].trim_matches('`') == hit.file && excerpt.contains(row[1].trim_matches('`'))
    };
    let unneeded = allowed.iter().filter(|row| !found.iter().any(|hit| is_allowed(hit, row)));
    let unneeded = unneeded.map(|row| format!("{ALLOWED}: nothing needs {}", row.join(" | "))).collect();
    found.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    let left = found.into_iter().filter(|hit| !allowed.iter().any(|row| is_allowed(hit, row))).collect();
    (left, unneeded)
}

#[test]
fn words_to_avoid_are_avoided() {
    let (found, unneeded) = search();
    let lines: Vec<String> = found
        .iter()
        .map(|hit| format!("{}:{}: …{}…\n    write: {}", hit.file, hit.line, hit.excerpt, hit.write))
        .collect();
    assert!(
        found.is_empty(),
        "{} words to avoid. Rewrite these lines; docs/style.md has the table, and {ALLOWED} lists exceptions:\n{}",
        found.len(),
        lines.join("\n")
    );
    assert!(unneeded.is_empty(), "{unneeded:#?}");
}

#[test]
fn words_are_found_in_comments_names_messages_and_documents() {
    let pattern = |words: &str| (Regex::new(&format!(r"(?i)\b{words}\b")).expect("a pattern"), "again".to_owned());
    let patterns = [pattern("anew"), pattern(r"is\s+told")];
    let source = "/// Reads it Anew, which is\n/// told.\nfn is_told_here() {\n    say(\"read anew\"); anew();\n}\n";
    let lines = |passages: &[Passage]| hits("x", passages, &patterns).iter().map(|hit| hit.line).collect::<Vec<_>>();
    assert_eq!(lines(&passages_of_code(source, true)), [1, 1, 3, 4]);
    assert_eq!(lines(&passages_of_prose("# Title\n\nIt is\ntold anew.\n\nrenewanew\n")), [4, 3]);
}
