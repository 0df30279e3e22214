//! Counts the signs of Markdown dialects that a reader sees as text, in the files of folders: before and after the translation.
//!
//! `cargo run --example dialect_counts -- FOLDER…`; with `--lines` as the first argument, what is left is printed as well.

#![allow(clippy::expect_used, clippy::disallowed_methods, clippy::print_stdout)] // prints, and reads files that the user names

use std::path::{Path, PathBuf};

use frontpage::feed::body_syntax::{BodySyntax, plain_parser};
use frontpage::feed::dialect;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// How often something is in a line.
type Count = fn(&str) -> usize;

/// What is counted, and the sign that shows it in a line of text.
const SIGNS: [(&str, Count); 9] = [
    ("shortcodes", |line| line.matches("{{<").count() + line.matches("{{%").count()),
    ("Liquid tags", |line| line.matches("{%").count()),
    ("Liquid values", |line| line.matches("{{ ").count()),
    ("[!KIND]", |line| {
        line.match_indices("[!").filter(|(at, _)| line[at + 2..].starts_with(char::is_alphabetic)).count()
    }),
    (":::", |line| usize::from(line.trim_start().starts_with(":::"))),
    ("wikilinks", |line| line.matches("[[").count()),
    ("{: }", |line| line.matches("{:").count()),
    ("==", |line| usize::from(line.matches("==").count() > 1)),
    ("%%", |line| line.matches("%%").count()),
];

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let shows_lines = arguments.first().is_some_and(|first| first == "--lines");
    if shows_lines {
        arguments.remove(0);
    }
    for folder in arguments {
        let mut files = Vec::new();
        files_below(Path::new(&folder), &mut files);
        files.sort();
        let mut counts = [[0; 4]; SIGNS.len()];
        for file in &files {
            let Ok(text) = std::fs::read_to_string(file) else { continue };
            let body = below_front_matter(&text);
            let is_mdx = file.extension().is_some_and(|ending| ending == "mdx");
            let before = lines(Parser::new_ext(body, old_options()));
            let translated = dialect::translate(body, is_mdx);
            let after = lines(plain_parser(&translated, BodySyntax::Extended));
            for ((name, sign), count) in SIGNS.iter().zip(&mut counts) {
                for (lines, at) in [(&before, 0), (&after, 2)] {
                    let found: usize = lines.iter().map(|line| sign(line)).sum();
                    count[at] += found;
                    count[at + 1] += usize::from(found > 0);
                }
                if shows_lines {
                    for line in after.iter().filter(|line| sign(line) > 0) {
                        println!("{name}: {}: {line}", file.display());
                    }
                }
            }
        }
        println!("{folder}: {} files\n  {:15} {:>14} {:>14}", files.len(), "", "before (files)", "after (files)");
        for ((name, _), [before, files_before, after, files_after]) in SIGNS.iter().zip(counts) {
            println!(
                "  {name:15} {before:>6} {:>7} {after:>6} {:>7}",
                format!("({files_before})"),
                format!("({files_after})")
            );
        }
    }
}

/// How bodies were parsed without dialects.
fn old_options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_HEADING_ATTRIBUTES
}

/// The lines of text outside of code and HTML.
fn lines<'a>(events: impl Iterator<Item = Event<'a>>) -> Vec<String> {
    let mut text = String::new();
    let mut is_code = false;
    for event in events {
        match event {
            Event::Start(Tag::CodeBlock(_)) => is_code = true,
            Event::End(TagEnd::CodeBlock) => is_code = false,
            Event::Text(words) if !is_code => text.push_str(&words),
            Event::Code(_) => text.push('\u{fffc}'),
            Event::SoftBreak | Event::HardBreak => text.push('\n'),
            Event::End(end) if ends_block(end) => text.push('\n'),
            _ => {}
        }
    }
    text.lines().map(str::to_owned).collect()
}

fn ends_block(end: TagEnd) -> bool {
    !matches!(end, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image)
}

fn files_below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_article =
            path.extension().is_some_and(|ending| ["md", "markdown", "mdx"].iter().any(|known| ending == *known));
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => files_below(&path, files),
            Ok(_) if is_article => files.push(path),
            _ => {}
        }
    }
}

fn below_front_matter(text: &str) -> &str {
    for fence in ["---\n", "+++\n"] {
        if let Some(rest) = text.strip_prefix(fence) {
            let end = format!("\n{fence}");
            return rest.find(&end).map_or(text, |at| &rest[at + end.len()..]);
        }
    }
    text
}
