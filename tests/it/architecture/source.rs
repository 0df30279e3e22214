//! The source files as the rules need them: code without comments, literals and tests, and the types and blocks in it.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::LazyLock;

use crate::lexer::{self, Kind, is_word};
use crate::repository_files::sources_below;

/// A source file below `src`.
pub struct File {
    /// Path below `src`, without `.rs`: `feed/mod`.
    pub name: String,
    /// The whole text.
    pub text: String,
    /// The text with blanks in place of comments and literals, and without items for tests. Line numbers stay the same.
    pub code: String,
    /// Names of the types that the file declares, each with the attributes before it.
    pub types: Vec<(String, String)>,
    /// The paths that the file names in `use` and inline, from the root, with groups taken apart.
    pub imports: BTreeSet<String>,
}

/// The source files of the program, in the order of their names.
pub fn files() -> &'static [File] {
    static FILES: LazyLock<Vec<File>> = LazyLock::new(read);
    &FILES
}

fn read() -> Vec<File> {
    let file = |path: PathBuf| {
        let name = path.strip_prefix("src").expect("below src").with_extension("");
        File::new(&name.to_string_lossy(), &std::fs::read_to_string(&path).expect("a file"))
    };
    let mut found: Vec<File> = sources_below(&["src"]).into_iter().map(file).collect();
    assert!(found.len() > 30, "the source files were found");
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

impl File {
    /// A file with a text.
    pub fn new(name: &str, text: &str) -> File {
        let code = if name.ends_with("/tests") { String::new() } else { without_tests(&without_words(text)) };
        let (types, imports) = (types(&code), imports(name, &code));
        File { name: name.to_owned(), text: text.to_owned(), code, types, imports }
    }

    /// The module at the top: `feed` of `feed/mod`.
    pub fn module(&self) -> &str {
        self.name.split('/').next().expect("a module")
    }

    /// The text without the tests at its end.
    pub fn without_tests(&self) -> &str {
        if self.name.ends_with("/tests") {
            return "";
        }
        self.text.split("#[cfg(test)]\nmod tests").next().expect("a text")
    }

    /// Names of the structs that the file declares, with how many named fields each has.
    pub fn structs(&self) -> Vec<(&str, usize)> {
        let starts = words_at(&self.code, "struct").map(|at| &self.code[at + "struct ".len()..]);
        let fields = |rest: &str| {
            let end = rest.find(['{', ';', '(']).filter(|end| rest[*end..].starts_with('{'));
            end.map_or(0, |end| top_level(&rest[end..]).matches(": ").count())
        };
        starts.map(|rest| (first_word(rest), fields(rest))).collect()
    }

    /// Inherent `impl` blocks: the name of the type, and how many functions the block has.
    pub fn inherent_impls(&self) -> Vec<(&str, usize)> {
        let blocks = self.impls().into_iter().filter(|(name, ..)| name.is_none());
        blocks.map(|(_, of, block)| (of, words_at(&top_level(block), "fn").count())).collect()
    }

    /// Traits that types implement: the name of the trait and of the type.
    pub fn trait_impls(&self) -> Vec<(&str, &str)> {
        self.impls().into_iter().filter_map(|(name, of, _)| Some((name?, of))).collect()
    }

    /// `impl` blocks: the trait, the type, and the text from the opening brace on.
    fn impls(&self) -> Vec<(Option<&str>, &str, &str)> {
        let mut found = Vec::new();
        for at in words_at(&self.code, "impl") {
            let line = self.code[..at].rfind('\n').map_or(0, |newline| newline + 1);
            if !self.code[line..at].trim().is_empty() {
                continue; // `impl Trait` in a signature
            }
            let rest = self.code[at + "impl".len()..].trim_start();
            let rest = if rest.starts_with('<') { &rest[closing(rest, '<', '>')..] } else { rest };
            let Some(brace) = rest.find('{') else { continue };
            let (head, block) = rest.split_at(brace);
            let (of_trait, of) = match head.split_once(" for ") {
                Some((name, of)) => (Some(last_name(name)), of),
                None => (None, head),
            };
            found.push((of_trait, last_name(of), block));
        }
        found
    }

    /// The types `E` of each `Result<_, E>` that the file names, as they are written, and whether it is in a public signature.
    pub fn errors(&self) -> Vec<(String, bool)> {
        let mut found = Vec::new();
        for at in words_at(&self.code, "Result") {
            let rest = &self.code[at + "Result".len()..];
            if !rest.starts_with('<') {
                continue;
            }
            let inside = &rest[1..closing(rest, '<', '>') - 1];
            let mut depth = 0;
            let comma = inside.char_indices().find(|(at, c)| {
                match c {
                    '<' | '(' | '[' => depth += 1,
                    '>' if inside[..*at].ends_with('-') => {}
                    '>' | ')' | ']' => depth -= 1,
                    _ => {}
                }
                *c == ',' && depth == 0
            });
            if let Some((comma, _)) = comma {
                let start = self.code[..at].rfind([';', '{', '}']).map_or(0, |end| end + 1);
                let is_public = self.code[start..at].contains("pub ");
                found.push((inside[comma + 1..].trim().trim_end_matches(',').to_owned(), is_public));
            }
        }
        found
    }
}

fn imports(file: &str, code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for start in ["crate::", "super::", "self::"] {
        for (at, _) in code.match_indices(start) {
            let before = code[..at].chars().next_back().unwrap_or(' ');
            if !(is_word(before) || before == ':' || before == '$') {
                found.extend(expand(&code[at..]).iter().map(|path| absolute(file, path)));
            }
        }
    }
    found
}

/// A path from the root, as a file means it.
fn absolute(file: &str, path: &str) -> String {
    let mut module: Vec<&str> = file.split('/').filter(|part| *part != "mod" && *part != "lib").collect();
    let mut parts: Vec<&str> = path.split("::").collect();
    match parts[0] {
        "crate" => module.clear(),
        "self" => {}
        _ => {
            module.pop();
        }
    }
    parts.remove(0);
    while parts.first() == Some(&"super") {
        module.pop();
        parts.remove(0);
    }
    module.extend(parts);
    module.join("/")
}

fn types(code: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for keyword in ["struct", "enum", "type"] {
        for at in words_at(code, keyword) {
            let before = &code[..at];
            let attributes = &before[before.rfind(['}', ';']).map_or(0, |end| end + 1)..];
            found.push((first_word(code[at + keyword.len()..].trim_start()).to_owned(), attributes.to_owned()));
        }
    }
    found
}

/// Where a word begins that is no part of a longer one.
pub fn words_at<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(word).map(|(at, _)| at).filter(move |at| {
        !code[..*at].chars().next_back().is_some_and(is_word)
            && !code[at + word.len()..].chars().next().is_some_and(is_word)
    })
}

fn first_word(text: &str) -> &str {
    &text[..text.find(|c| !is_word(c)).unwrap_or(text.len())]
}

/// `Name` of `path::Name<'a, T> where …`.
fn last_name(text: &str) -> &str {
    let path = text.trim_start().trim_start_matches('&');
    let path = &path[..path.find(|c: char| !is_word(c) && c != ':').unwrap_or(path.len())];
    path.rsplit("::").next().unwrap_or_default()
}

/// The end of what the first sign opens, behind the sign that closes it. `->` closes nothing.
fn closing(text: &str, open: char, close: char) -> usize {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close && !(close == '>' && text[..at].ends_with('-')) {
            depth -= 1;
            if depth == 0 {
                return at + c.len_utf8();
            }
        }
    }
    text.len()
}

/// What a block has directly inside its braces: without the blocks, arguments and lists inside it.
fn top_level(block: &str) -> String {
    let mut depth = 0;
    let inside = block[..closing(block, '{', '}')].chars().filter(|c| {
        let is_open = matches!(c, '{' | '(' | '[');
        depth += i32::from(is_open) - i32::from(matches!(c, '}' | ')' | ']'));
        depth == 1 && !is_open
    });
    inside.collect()
}

/// Blanks in place of comments and literals; lines stay lines.
fn without_words(text: &str) -> String {
    let tokens = lexer::tokens(text).into_iter();
    let code = tokens.map(|token| match token.kind {
        Kind::Code => token.text.to_owned(),
        _ => token.text.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect(),
    });
    code.collect()
}

/// Blanks in place of items for tests.
fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut left = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find(MARK) {
        let item = &rest[at + MARK.len()..];
        let end = match item.find(['{', ';', ',']) {
            Some(brace) if item[brace..].starts_with('{') => brace + closing(&item[brace..], '{', '}'),
            Some(end) => end + 1,
            None => item.len(),
        };
        left.push_str(&rest[..at]);
        left.extend(item[..end].chars().filter(|c| *c == '\n'));
        rest = &item[end..];
    }
    left + rest
}

/// `crate::a::{b, c::{d}}…` as `crate::a::b`, `crate::a::c::d`.
fn expand(text: &str) -> Vec<String> {
    let end = text.find(|c: char| !(is_word(c) || c == ':')).unwrap_or(text.len());
    let (head, rest) = text.split_at(end);
    if !head.ends_with("::") || !rest.starts_with('{') {
        return vec![head.trim_end_matches(':').to_owned()];
    }
    let (mut depth, mut item, mut items) = (0, String::new(), Vec::new());
    for c in rest.chars() {
        match c {
            '{' if depth == 0 => depth = 1,
            '}' if depth == 1 => break,
            ',' if depth == 1 => items.push(std::mem::take(&mut item)),
            _ => {
                depth += usize::from(c == '{');
                depth -= usize::from(c == '}');
                item.push(c);
            }
        }
    }
    items.push(item);
    let items = items.iter().map(|item| item.trim()).filter(|item| !item.is_empty());
    items.flat_map(|item| expand(&format!("{head}{item}"))).collect()
}
