//! Counts the signs of Markdown dialects that a reader sees as text, and what of HTML is lost, in the files of folders: before and
//! after the translation; and the links between articles, with those whose article is not found.
//!
//! `cargo run --example dialect_counts -- FOLDER…`; with `--lines` as the first argument, what is left is printed as well.

#![allow(clippy::expect_used, clippy::disallowed_methods, clippy::print_stdout)] // prints, and reads files that the user names

use std::path::{Path, PathBuf};

use frontpage::feed::body_syntax::{BodySyntax, plain_parser};
use frontpage::feed::{Body, LocalTarget, clean, dialect};
use frontpage::library::Library;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use regex::Regex;

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
        let mut html = HtmlCounts::new();
        for file in &files {
            let Ok(text) = std::fs::read_to_string(file) else { continue };
            let body = below_front_matter(&text);
            let is_mdx = file.extension().is_some_and(|ending| ending == "mdx");
            let before = lines(Parser::new_ext(body, old_options()));
            html.count(body, is_mdx, shows_lines.then_some(file.as_path()));
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
        for (name, [all, lost]) in KINDS_OF_HTML.iter().zip(html.counts) {
            println!("  {name:15} {all:>6}         {lost:>6}");
        }
        count_links(PathBuf::from(folder), shows_lines);
    }
}

/// Counts the links between the articles of a folder.
fn count_links(folder: PathBuf, shows_lines: bool) {
    let Ok(loaded) = Library::Paths(vec![folder]).load(chrono::Utc::now(), |_| {}) else { return };
    let (mut all, mut missing, mut elsewhere) = (0, 0, 0);
    for index in 0..loaded.feed.len() {
        for link in loaded.feed.local_links(index) {
            all += 1;
            let kind = match link.target {
                LocalTarget::Missing => "missing",
                LocalTarget::NotLocal => "elsewhere",
                LocalTarget::Article { .. } | LocalTarget::SamePage { .. } => continue,
            };
            missing += usize::from(kind == "missing");
            elsewhere += usize::from(kind == "elsewhere");
            if shows_lines && let Some(article) = loaded.feed.read(index) {
                println!("{kind}: {}: {}", article.path.display(), clean::quote(link.destination.untrusted()));
            }
        }
    }
    let found: usize = all - missing - elsewhere;
    let share = 100.0 * found as f64 / (all as f64).max(1.0);
    println!("  {all} links to articles, {share:.1} % found; {missing} missing, {elsewhere} perhaps of other pages");
}

/// What of HTML a parser of Markdown leaves out.
const KINDS_OF_HTML: [&str; 3] = ["HTML links", "HTML alt texts", "HTML code"];

/// What of HTML is in bodies, and how much of it no event of the body has.
struct HtmlCounts {
    patterns: [Regex; 3],
    /// For each of [`KINDS_OF_HTML`]: all, and lost.
    counts: [[usize; 2]; 3],
}

impl HtmlCounts {
    fn new() -> HtmlCounts {
        let patterns = [
            r#"(?is)<a\s[^>]*?href\s*=\s*["']?([^"'\s>{]+)[^>]*>\s*[^<\s]"#,
            r#"(?is)<img\s[^>]*?alt\s*=\s*["']([^"'>]*[^"'\s>])["']"#,
            r"(?is)<pre[^>]*>(.*?)</pre>",
        ];
        HtmlCounts { patterns: patterns.map(|pattern| Regex::new(pattern).expect(pattern)), counts: [[0; 2]; 3] }
    }

    /// Counts in a body; what is lost is printed with the path of its file.
    fn count(&mut self, body: &str, is_mdx: bool, file: Option<&Path>) {
        let html: String = Parser::new_ext(body, old_options())
            .filter_map(|event| match event {
                Event::Html(html) | Event::InlineHtml(html) => Some(html.into_string()),
                Event::Text(text) => Some(text.replace('<', "&lt;")),
                Event::SoftBreak | Event::HardBreak => Some("\n".to_owned()),
                Event::Start(Tag::CodeBlock(_)) => Some("\0".to_owned()),
                _ => None,
            })
            .collect();
        let (mut targets, mut words, mut code) = (String::new(), String::new(), String::new());
        let mut is_code = false;
        for event in Body::new(body, if is_mdx { BodySyntax::Mdx } else { BodySyntax::Extended }).events() {
            match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    targets.extend([&*dest_url, "\n"]);
                }
                Event::Start(Tag::CodeBlock(_)) => is_code = true,
                Event::End(TagEnd::CodeBlock) => is_code = false,
                Event::Text(text) if is_code => code.push_str(&text),
                Event::Text(text) | Event::Code(text) => words.extend([&*text, " "]),
                _ => {}
            }
        }
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let shown = |html: &str| {
            let text = Regex::new("<[^>]*>").expect("a pattern").replace_all(html, "").into_owned();
            squeezed(&text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&"))
        };
        let [targets, words] = [targets, words].map(|text| squeezed(&text));
        let lines_of_code: Vec<String> = code.lines().map(squeezed).collect();
        for ((kind, pattern), counts) in KINDS_OF_HTML.iter().zip(&self.patterns).zip(&mut self.counts) {
            for found in pattern.captures_iter(&html) {
                let written = &found[1];
                let is_kept = match *kind {
                    "HTML links" => targets.contains(&shown(written)),
                    "HTML alt texts" => words.contains(&shown(written)),
                    _ => written.lines().map(shown).all(|line| line.is_empty() || lines_of_code.contains(&line)),
                };
                counts[0] += 1;
                counts[1] += usize::from(!is_kept);
                if let Some(file) = file.filter(|_| !is_kept) {
                    println!("{kind}: {}: {written}", file.display());
                }
            }
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
