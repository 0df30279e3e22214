//! Files, modules and types that the pages for contributors name exist.

use std::path::{Path, PathBuf};

use super::Page;
use crate::repository_files::sources_below;

/// A source file: its module as segments (those of a test begin with `tests`), and its text.
struct Source {
    module: Vec<String>,
    text: String,
}

fn sources() -> Vec<Source> {
    let source = |path: PathBuf| {
        let below = path.strip_prefix("src").unwrap_or(&path).with_extension("");
        let mut module: Vec<String> = below.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        if module.last().is_some_and(|last| last == "mod") {
            module.pop();
        }
        Source { module, text: std::fs::read_to_string(&path).expect("a source") }
    };
    sources_below(&["src", "tests/it"]).into_iter().map(source).collect()
}

/// Types of ratatui that pages name.
const FOREIGN: [&str; 2] = ["Cell", "Span"];
const KEYWORDS: [&str; 9] = ["struct", "enum", "trait", "fn", "type", "const", "static", "mod", "macro_rules!"];

/// Whether a text contains a name as a whole word.
fn has_word(text: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        !text[..at].chars().next_back().is_some_and(is_part)
            && !text[at + name.len()..].chars().next().is_some_and(is_part)
    })
}

fn defines(text: &str, name: &str) -> bool {
    KEYWORDS.iter().any(|keyword| {
        text.match_indices(&format!("{keyword} {name}"))
            .any(|(at, found)| has_word(&text[at..], &found[keyword.len() + 1..]))
    })
}

/// Whether a path such as `feed::Feed`, `Event::FeedLoaded` or `jobs::running` names something in `src`. None: it names
/// something of another crate.
fn exists(path: &str, sources: &[Source]) -> Option<bool> {
    let segments: Vec<&str> = path.split("::").skip_while(|segment| *segment == "frontpage").collect();
    let is_module = |prefix: &[&str]| {
        sources.iter().any(|source| source.module.iter().zip(prefix).filter(|(a, b)| a == b).count() == prefix.len())
    };
    let is_type = segments[0].starts_with(char::is_uppercase);
    if FOREIGN.contains(&segments[0]) || !is_type && !is_module(&segments[..1]) {
        return None;
    }
    let depth = (0..=segments.len()).rev().find(|&depth| is_module(&segments[..depth])).unwrap_or(0);
    let within = |source: &&Source| {
        source.module.len() >= depth && source.module.iter().zip(&segments[..depth]).all(|(a, b)| a == b)
    };
    let rest = &segments[depth..];
    let Some((name, members)) = rest.split_first() else { return Some(true) };
    let is_defined =
        |source: &Source| defines(&source.text, name) && members.iter().all(|member| has_word(&source.text, member));
    let is_there = sources.iter().filter(within).any(is_defined);
    // Methods of a type may be in another file of the module.
    let is_split = || {
        sources.iter().filter(within).any(|source| defines(&source.text, name))
            && members.iter().all(|member| sources.iter().filter(within).any(|source| defines(&source.text, member)))
    };
    Some(is_there || is_split())
}

fn is_path_of_code(word: &str) -> bool {
    word.contains("::")
        && word.split("::").all(|part| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_'))
}

#[test]
fn every_file_that_contributors_are_sent_to_exists() {
    let mut count = 0;
    for name in ["docs/architecture.md", "CONTRIBUTING.md", "docs/style.md", "SECURITY.md", "docs/promises.md"] {
        let prose = Page::read(name).prose();
        let parts: Vec<&str> = prose.split('`').collect();
        for (before, span) in parts.iter().step_by(2).zip(parts.iter().skip(1).step_by(2)) {
            let tops = [
                "src/",
                "tests/",
                "docs/",
                "benches/",
                "examples/",
                "fuzz/",
                "packaging/",
                "seeds/",
                ".github/",
                ".ci/",
            ];
            let is_path = tops.iter().any(|top| span.starts_with(top)) || span.ends_with(".rs") && span.contains('/');
            // A walk-through names files that the contributor makes.
            let is_new = before.trim_end().to_lowercase().ends_with("new file");
            let is_pattern = span.contains(|c: char| c.is_uppercase() || " *<…".contains(c)) && !span.ends_with(".md");
            if is_path && !is_new && !is_pattern {
                let path = Path::new(span.trim_end_matches('/'));
                assert!(path.exists() || Path::new("src").join(path).exists(), "{name}: {span} is not there");
                count += 1;
            }
        }
    }
    assert!(count > 15, "{count} paths");
}

#[test]
fn every_module_and_type_that_contributors_read_of_exists() {
    let (sources, mut count) = (sources(), 0);
    let decisions = std::fs::read_dir("docs/decisions").expect("the folder").map(|entry| entry.expect("a file").path());
    let pages =
        ["docs/architecture.md", "CONTRIBUTING.md", "docs/style.md"].map(Into::into).into_iter().chain(decisions);
    for page in pages.map(Page::read) {
        let is_map = page.path.ends_with("architecture.md");
        let blocks = page.blocks();
        let blocks = blocks.iter().filter(|_| is_map).map(|(_, text)| text.as_str());
        let spans = page.spans();
        let texts = spans.iter().map(String::as_str).chain(blocks);
        let words = texts.flat_map(|text| text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')));
        let words = words.map(|word| word.trim_matches(':'));
        for word in words.filter(|word| is_path_of_code(word)) {
            // A walk-through names what the contributor makes.
            if page.name() == "CONTRIBUTING.md"
                && ["CopyTitle", "series", "NumberList"].iter().any(|new| word.contains(new))
            {
                continue;
            }
            if let Some(is_there) = exists(word, &sources) {
                assert!(is_there, "{}: {word} is not there", page.name());
                count += 1;
            }
        }
    }
    assert!(count > 30, "{count} names");
}
