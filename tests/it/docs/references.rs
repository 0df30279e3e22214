//! Checks that links, commands, options, keys, settings and queries of the documentation exist.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use clap::{Command, CommandFactory};
use frontpage::app::commands;
use frontpage::config::SETTINGS;
use frontpage::dates::{Now, Zone};
use frontpage::feed::Article;
use frontpage::feed::fields::Field;
use frontpage::keymap::{self, Keymap};
use frontpage::query::{Query, SavedSearches, SearchContext};

use super::{Page, pages};
use crate::harness::command::Home;

/// The pages about using the program.
fn user_pages() -> Vec<Page> {
    let is_internal = |page: &Page| {
        let name = page.name();
        let internal =
            ["decisions/", "CONTRIBUTING", "CHANGELOG", "packaging", "style.md", "architecture.md", "docs/README"];
        internal.iter().any(|part| name.contains(part))
    };
    pages().into_iter().filter(|page| !is_internal(page)).collect()
}

/// The anchor that GitHub gives a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn anchors(page: &Page) -> Vec<String> {
    let prose = page.prose();
    let headings = prose.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| anchor(line.trim_start_matches('#'))).collect()
}

/// A path without `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(normal.pop()),
            Component::CurDir => {}
            other => normal.push(other),
        }
    }
    normal
}

/// Where the relative links of a text lead.
fn link_targets(text: &str) -> Vec<String> {
    // A link in a code span is an example.
    let text: String = text.split('`').step_by(2).collect();
    let ends = text.match_indices("](").filter(|(at, _)| {
        let start = text[..*at].rfind('[');
        start.is_some_and(|start| !text[..start].ends_with('\\'))
    });
    let targets = ends.filter_map(|(at, _)| text[at + 2..].split(')').next());
    let is_relative = |target: &&str| !target.contains("://") && !target.starts_with("mailto:");
    targets.filter(is_relative).map(str::to_owned).collect()
}

#[test]
fn every_relative_link_leads_somewhere() {
    let (all, mut count) = (pages(), 0);
    for page in &all {
        for target in link_targets(&page.prose()) {
            let (file, heading) = target.split_once('#').unwrap_or((&target, ""));
            let folder = page.path.parent().expect("a folder");
            let path = if file.is_empty() { page.path.clone() } else { normal(&folder.join(file)) };
            assert!(path.exists(), "{}: {target} is not there", page.name());
            if !heading.is_empty() {
                let named = all.iter().find(|page| page.path == path).expect("a page with headings");
                assert!(anchors(named).contains(&heading.to_owned()), "{}: no heading for {target}", page.name());
            }
            count += 1;
        }
    }
    assert!(count > 50, "{count} links");
}

/// All long options that a command accepts, also those of every command.
fn options(command: &Command) -> BTreeSet<String> {
    let program = frontpage::cli::Args::command();
    let globals = program.get_arguments().filter(|arg| arg.is_global_set());
    let own = command.get_arguments().chain(globals);
    let names = own.filter_map(|arg| arg.get_long()).chain(["help", "version"]);
    names.map(|name| format!("--{name}")).collect()
}

/// The long options in a word: `[--format` is `--format`.
fn option_in(word: &str) -> Option<&str> {
    let word = word.trim_start_matches(['[', '(', '"', '\'']);
    let end = word.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(word.len());
    Some(&word[..end])
        .filter(|word| word.strip_prefix("--").is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic())))
}

/// Calls of the program in a line of code: the words behind `frontpage`.
fn calls(line: &str) -> Vec<Vec<&str>> {
    let mut calls = Vec::new();
    let words: Vec<&str> = line.split_whitespace().collect();
    for (at, word) in words.iter().enumerate() {
        if word.trim_start_matches(['(', '"', '$', '`']) == "frontpage" {
            let ends = |word: &&&str| ["|", ">", "<", "&&", "#", "·", ";"].contains(*word);
            let end = words[at + 1..].iter().position(|word| ends(&word)).map_or(words.len(), |end| at + 1 + end);
            calls.push(words[at + 1..end].to_vec());
        }
    }
    calls
}

#[test]
fn every_command_and_option_in_the_documentation_exists() {
    let program = frontpage::cli::Args::command();
    let mut everywhere: BTreeSet<String> = options(&program);
    for command in program.get_subcommands() {
        everywhere.extend(options(command));
        command.get_subcommands().for_each(|below| everywhere.extend(options(below)));
    }
    let mut count = 0;
    for page in user_pages() {
        let spans = page.spans();
        let blocks = page.blocks();
        let code = blocks.iter().flat_map(|(_, text)| text.lines());
        for span in spans.iter().filter_map(|span| option_in(span)) {
            assert!(everywhere.contains(span), "{}: no command has {span}", page.name());
            count += 1;
        }
        for words in code.chain(spans.iter().map(String::as_str)).flat_map(calls) {
            let mut command = &program;
            for word in &words {
                if let Some(below) = command.find_subcommand(word) {
                    command = below;
                } else if let Some(option) = option_in(word) {
                    let known = options(command);
                    assert!(known.contains(option), "{}: {words:?} has no {option}", page.name());
                }
                count += 1;
            }
        }
    }
    assert!(count > 100, "{count} words");
}

/// All keys that do something, as they are printed.
fn printed_keys() -> BTreeSet<String> {
    let keymap = Keymap::new().expect("the default keys");
    keymap.all().iter().flat_map(|binding| &binding.keys).map(|keys| keymap::print(keys)).collect()
}

#[test]
fn every_key_of_the_readme_is_bound() {
    let readme = Page::read("README.md").text;
    let (_, table) = readme.split_once("<!-- checked keys -->\n\n").expect("the table of keys");
    let rows: Vec<&str> = table.lines().take_while(|line| line.starts_with('|')).skip(2).collect();
    assert!(rows.len() > 8, "{rows:?}");
    let known = printed_keys();
    for row in rows {
        let cell = row.split('|').nth(1).expect("a cell");
        let keys: Vec<&str> = cell.split('`').skip(1).step_by(2).collect();
        assert!(!keys.is_empty(), "{row}");
        for key in keys {
            assert!(known.contains(key), "nothing is bound to `{key}`: {row}");
        }
    }
}

#[test]
fn every_command_of_the_palette_exists() {
    let mut count = 0;
    for page in user_pages() {
        let spans = page.spans();
        let names = spans.iter().filter_map(|span| span.strip_prefix(':')).filter(|name| !name.is_empty());
        // `:::note` is a sign of Markdown.
        for name in names.filter(|name| !name.starts_with(':')).map(|name| name.split(' ').next().unwrap_or_default()) {
            assert!(commands::all().any(|named| named.name == name), "{}: no action `{name}`", page.name());
            count += 1;
        }
    }
    assert!(count >= 5, "{count} names");
}

/// What the program says about a settings file.
fn said_about_settings(text: &str) -> String {
    let home = Home::new();
    let file = home.file("config.yaml", text);
    home.run(&["config", "--config", &file.to_string_lossy()]).err
}

#[test]
fn the_table_of_json_has_the_keys_that_articles_have() {
    let page = Page::read("docs/command-line.md");
    let table = page.text.split("### `list --format json`").nth(1).and_then(|rest| rest.split("\n#").next());
    let rows = table.expect("the table").lines().filter(|line| line.starts_with("| `"));
    let documented: BTreeSet<String> = rows
        .filter_map(|row| row.split('|').nth(1))
        .flat_map(|keys| keys.split_whitespace().map(|key| key.trim_matches('`').to_owned()))
        .collect();
    let feed = frontpage::feed::Feed::new(vec![Article::builder("A").build().into()], chrono::DateTime::UNIX_EPOCH);
    let now = Now { at: chrono::DateTime::UNIX_EPOCH, zone: Zone::Utc };
    let context = SearchContext::new(feed.into(), Arc::default(), now);
    let article = context.feed.get(0).expect("an article");
    let object = frontpage::export::article_json(&context, 0, &article);
    let printed: BTreeSet<String> = object.as_object().expect("an object").keys().cloned().collect();
    assert_eq!(documented, printed);
}

#[test]
fn every_example_of_settings_is_valid() {
    for (name, count) in [("docs/settings.md", 3), ("docs/commands.md", 12)] {
        let page = Page::read(name);
        let examples: Vec<String> =
            page.blocks().into_iter().filter(|(language, _)| *language == "yaml").map(|(_, text)| text).collect();
        assert!(examples.len() >= count, "{examples:?}");
        for example in examples {
            assert_eq!(said_about_settings(&example), "", "{example}");
        }
    }
    for page in user_pages() {
        for span in page.spans() {
            let is_setting = |name: &str| SETTINGS.iter().any(|setting| setting.name == name);
            if span.split_once(": ").is_some_and(|(name, _)| is_setting(name)) {
                assert_eq!(said_about_settings(&span), "", "{}: {span}", page.name());
            }
        }
    }
}

/// Queries that pages show because they are wrong.
const WRONG_QUERIES: [&str; 2] = ["topc:ai", "feed://"];

#[test]
fn every_example_of_a_query_is_valid() {
    let saved = SavedSearches::new([("morning".to_owned(), "is:unread @1d".to_owned())]);
    let (mut count, fields) = (0, Field::all().filter_map(|field| field.query).collect::<Vec<_>>());
    let starts_like_a_query = |text: &str| {
        let field = text.trim_start_matches('-').split_once(':').filter(|(_, value)| !value.is_empty());
        field.is_some_and(|(name, value)| {
            (fields.contains(&name) || ["sort", "limit", "saved"].contains(&name)) && !value.starts_with(' ')
        })
    };
    for page in user_pages() {
        let blocks = page.blocks();
        let blocks = blocks.iter().filter(|(language, _)| *language == "query");
        let examples = blocks.flat_map(|(_, text)| text.lines()).map(|line| line.split("   ").next().unwrap_or(line));
        let examples = examples.map(str::to_owned).collect::<Vec<_>>();
        let spans = page.spans().into_iter().filter(|span| starts_like_a_query(span));
        for query in examples.into_iter().chain(spans).filter(|query| !WRONG_QUERIES.contains(&query.as_str())) {
            let parsed = Query::parse_with(&query, &saved);
            assert!(parsed.is_ok(), "{}: `{query}`: {:?}", page.name(), parsed.err());
            count += 1;
        }
    }
    assert!(count > 20, "{count} queries");
}

#[test]
fn the_page_about_queries_explains_every_word() {
    use frontpage::query::{ArticleFeature, ArticleState, SortKey};
    let page = Page::read("docs/queries.md").text;
    for (section, words) in [
        ("## States", ArticleState::words().chain(ArticleFeature::words()).collect::<Vec<_>>()),
        ("## Orders", SortKey::ALL.iter().map(|key| key.word()).collect()),
    ] {
        let (_, text) = page.split_once(section).expect("the section");
        let text = text.split("\n## ").next().unwrap_or_default();
        for word in words {
            assert!(text.contains(&format!("\n| `{word}` | ")), "docs/queries.md does not explain `{word}`");
        }
    }
}
