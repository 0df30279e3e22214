//! Lines that begin a container: `:::note`, `!!! note`, `> [!NOTE]`, `<div markdown="1">`, `{: .note }`.

use super::attributes::Arguments;
use super::callouts::{self, Kind};
use super::code_lines::without_quotes;
use crate::feed::fold_brackets::signed;

/// What a container becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Becomes {
    /// A callout of a kind, with a title unless the kind is title enough.
    Callout(Kind, Option<String>),
    /// A quote.
    Quote,
    /// Its content, below a label if that is not empty.
    Content(String),
}

impl Becomes {
    /// A callout named by a word, with the title of the author if there is one.
    pub fn callout(word: &str, title: Option<&str>) -> Becomes {
        let (kind, own) = callouts::kind_and_title(word);
        let title = title.map(str::trim).filter(|title| !title.is_empty()).map(str::to_owned);
        Becomes::Callout(kind, title.or(own))
    }

    /// The same, if it is foldable with the sign of its state.
    fn foldable(self, word: &str, is_open: Option<bool>) -> Becomes {
        match (self, is_open) {
            (Becomes::Callout(kind, title), Some(is_open)) => {
                let title = title.unwrap_or_else(|| callouts::capitalised(word));
                Becomes::Callout(kind, Some(signed(&title, is_open)))
            }
            (becomes, _) => becomes,
        }
    }

    fn named(word: &str, title: Option<&str>, is_open: Option<bool>) -> Becomes {
        let title = title.map(str::trim).filter(|title| !title.is_empty());
        match word.to_ascii_lowercase().as_str() {
            "quote-block" => Becomes::Quote,
            "details" | "collapse" | "spoiler" => {
                let title = signed(title.unwrap_or("Details"), is_open.unwrap_or_default());
                Becomes::Callout(Kind::Note, Some(title))
            }
            "tab" | "tab-item" | "code-tab" => Becomes::Content(title.unwrap_or_default().to_owned()),
            lower if callouts::is_kind(lower) => Becomes::callout(lower, title).foldable(lower, is_open),
            _ => Becomes::Content(title.filter(|title| !title.contains('=')).unwrap_or_default().to_owned()),
        }
    }
}

/// What follows the colons at the start of a line; `None` for fewer than three.
fn colons(content: &str) -> Option<&str> {
    let rest = content.trim_start_matches(':');
    (content.len() - rest.len() >= 3).then(|| rest.trim())
}

/// True for a line of three or more colons alone.
pub fn is_colon_end(content: &str) -> bool {
    colons(content).is_some_and(str::is_empty)
}

/// Most lines of a callout of HTML.
const MAX_CALLOUT_LINES: usize = 200;

/// `:::note`, `:::note[T]`, `::: note T`, `:::{.note title="T"}`, `::: {.callout-note}`.
pub fn colon_container(content: &str) -> Option<Becomes> {
    let rest = colons(content)?.trim_end_matches(':').trim_end();
    if let Some(inner) = rest.strip_prefix('{') {
        let inner = inner.split('}').next().unwrap_or_default();
        let arguments = Arguments::read(inner);
        let classes = || inner.split_whitespace().filter(|word| !word.contains('='));
        let name = |word: &'_ str| word.trim_start_matches(['.', '#']).trim_start_matches("callout-").to_owned();
        let known = classes().map(name).find(|word| callouts::is_kind(word) || word == "details");
        let word = known.or_else(|| classes().map(name).next()).filter(|word| !word.is_empty())?;
        return Some(Becomes::named(&word, arguments.named(&["title", "caption"]), arguments.is_open()));
    }
    let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-_".contains(c))).unwrap_or(rest.len());
    let (word, after) = rest.split_at(length);
    let fits = after.is_empty() || after.starts_with([' ', '\t', '[', '{', '|']);
    if !word.starts_with(|c: char| c.is_ascii_alphabetic()) || !fits {
        return None;
    }
    let after = after.trim();
    let title = match after.strip_prefix('[') {
        Some(inner) => inner.rsplit_once(']').map_or(inner, |(title, _)| title),
        None => after.split('{').next().unwrap_or_default().trim_matches('"'),
    };
    let attributes = after.rsplit_once('{').and_then(|(_, rest)| rest.strip_suffix('}')).unwrap_or_default();
    Some(Becomes::named(word, Some(title), Arguments::read(attributes).is_open()))
}

/// `!!! note "T"`, `??? tip`, `???+ tip`, and `=== "Tab"`, whose content is indented. The second value is true if the line
/// alone says so, by a title in quotes.
pub fn indented_container(content: &str) -> Option<(Becomes, bool)> {
    let mark = ["!!!", "???", "==="].into_iter().find(|mark| content.starts_with(mark))?;
    let after = content.get(3..)?;
    let is_open = (mark == "???").then_some(after.starts_with('+'));
    let after = after.strip_prefix(['+', '!']).unwrap_or(after);
    let words = after.strip_prefix([' ', '\t'])?.trim();
    let quoted = words.split_once('"').and_then(|(before, rest)| {
        let (title, behind) = rest.rsplit_once('"')?;
        behind.trim().is_empty().then_some((before.trim(), title))
    });
    let (classes, title) = quoted.map_or((words, None), |(classes, title)| (classes, Some(title)));
    if mark == "===" {
        let is_tab = classes.trim_matches(['!', '+']).is_empty();
        return title.filter(|_| is_tab).map(|title| (Becomes::Content(title.to_owned()), false));
    }
    let mut classes = classes.split_whitespace();
    let word = classes.next().filter(|word| word.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)))?;
    // A sentence that begins with `!!!` is not a container.
    if title.is_none() && classes.any(|class| !matches!(class, "inline" | "end" | "annotate")) {
        return None;
    }
    Some((Becomes::callout(word, title).foldable(word, is_open), title.is_some()))
}

/// The first line of a callout in a quote, `> [!KIND]- Title`.
#[derive(Debug, PartialEq, Eq)]
pub struct QuoteCallout<'a> {
    /// How many quotes it is in.
    pub quotes: usize,
    /// Its kind.
    pub kind: Kind,
    /// Its title.
    pub title: Option<String>,
    /// True if the parser reads the line as it is.
    pub is_plain: bool,
    /// White space before the first mark.
    pub indent: &'a str,
}

/// Reads the first line of a callout in a quote.
pub fn quote_callout(line: &str) -> Option<QuoteCallout<'_>> {
    let (quotes, rest) = without_quotes(line, 8);
    let (word, after) = rest.trim_start().strip_prefix("[!").filter(|_| quotes > 0)?.split_once(']')?;
    // Obsidian: `[!note|right]`.
    let name = word.split('|').next().unwrap_or_default().trim();
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ');
    if name.is_empty() || name.len() > 40 || !name.chars().all(is_name) || after.starts_with(['(', '[', ':']) {
        return None;
    }
    let is_plain = after.trim_matches(['\r', '\n', ' ']).is_empty()
        && matches!(word, "NOTE" | "TIP" | "IMPORTANT" | "WARNING" | "CAUTION");
    let is_open = after.starts_with(['-', '+']).then_some(after.starts_with('+'));
    let after = after.strip_prefix(['-', '+']).unwrap_or(after);
    let written = after.trim();
    let (kind, own) = callouts::kind_and_title(&name.to_lowercase());
    let title = if written.is_empty() { own } else { Some(written.to_owned()) };
    let title = match is_open {
        Some(is_open) => {
            let title = title.unwrap_or_else(|| callouts::capitalised(&name.to_lowercase()));
            Some(signed(&title, is_open))
        }
        None => title,
    };
    let indent = line.get(..line.len() - line.trim_start().len()).unwrap_or_default();
    Some(QuoteCallout { quotes, kind, title, is_plain, indent })
}

/// `{: .note }` and `{:toc}` alone on a line: what is between the brackets.
pub fn attribute_line(content: &str) -> Option<&str> {
    let inner = content.trim().strip_prefix("{:")?.strip_suffix('}')?;
    (!inner.contains(['{', '}'])).then_some(inner)
}

/// The kind of callout that classes of an attribute list name: `.note .info`.
pub fn kind_of_classes(inner: &str) -> Option<(Kind, Option<String>)> {
    let classes = inner.split_whitespace().filter_map(|word| word.strip_prefix('.'));
    kind_of_words(classes)
}

fn kind_of_words<'a>(words: impl Iterator<Item = &'a str>) -> Option<(Kind, Option<String>)> {
    const KINDS: [&str; 8] = ["note", "warning", "tip", "info", "important", "caution", "danger", "hint"];
    let name = |word: &'a str| {
        let word = word.trim_start_matches("alert-").trim_start_matches("callout-").trim_start_matches("notice--");
        KINDS.into_iter().find(|kind| word.eq_ignore_ascii_case(kind))
    };
    let found: Vec<&str> = words.filter_map(name).collect();
    // `.note .warning` is a warning: `note` is the class of all.
    let word = found.iter().find(|word| **word != "note").or(found.first())?;
    Some(if *word == "info" && found.len() > 1 { (Kind::Note, None) } else { callouts::kind_and_title(word) })
}

/// An opening tag whose content is Markdown: `<div class="note" markdown="1">`. What it becomes, and what follows on the line.
pub fn markdown_element(content: &str) -> Option<(Becomes, &str)> {
    const NAMES: [&str; 6] = ["<div", "<section", "<aside", "<article", "<figure", "<center"];
    let name = NAMES.into_iter().find(|name| content.starts_with(name))?;
    let (inner, after) = content.get(name.len()..)?.split_once('>')?;
    if !inner.starts_with([' ', '\t']) {
        return None;
    }
    let arguments = Arguments::read(inner);
    let has_switch = arguments.positional().any(|argument| matches!(argument.value.as_str(), "markdown" | "md"));
    let is_markdown = matches!(arguments.named(&["markdown"]), Some("1" | "block" | "span")) || has_switch;
    if !is_markdown {
        return None;
    }
    let classes = arguments.named(&["class"]).unwrap_or_default();
    let becomes = match kind_of_words(classes.split_whitespace()) {
        Some((kind, title)) => Becomes::Callout(kind, title),
        None => Becomes::Content(String::new()),
    };
    Some((becomes, after))
}

/// `<div class="note info">` without Markdown in it, as the start of a callout: its kind, its title, and the number of lines that
/// these take. `lines` are those from the tag on. Its end tag must be on a line of its own.
pub fn callout_element(lines: &[&str]) -> Option<(Becomes, usize)> {
    let (first, rest) = lines.split_first()?;
    let tag = first.trim();
    let inner = ["<div ", "<aside ", "<section "].into_iter().find_map(|start| tag.strip_prefix(start))?;
    let inner = inner.strip_suffix('>').filter(|inner| !inner.contains(['<', '>']))?;
    let arguments = Arguments::read(inner);
    let (kind, title) = kind_of_words(arguments.named(&["class"])?.split_whitespace())?;
    if !rest.iter().take(MAX_CALLOUT_LINES).any(|line| is_closing_tag(line.trim_start())) {
        return None;
    }
    let own_title = rest.first().and_then(|line| heading_text(line.trim()));
    let used = 1 + usize::from(own_title.is_some());
    Some((Becomes::Callout(kind, own_title.map(str::to_owned).or(title)), used))
}

/// The text of a heading of HTML, alone on a line.
fn heading_text(line: &str) -> Option<&str> {
    let inner = line.strip_prefix("<h").and_then(|rest| rest.get(1..)).and_then(|rest| rest.split_once('>'))?.1;
    let (text, end) = inner.split_once("</h")?;
    (end.len() == 2 && !text.trim().is_empty()).then_some(text.trim())
}

/// `*[HTML]: Hyper Text`, which explains an abbreviation.
pub fn is_abbreviation(content: &str) -> bool {
    let label = content.strip_prefix("*[").and_then(|rest| rest.split_once("]:"));
    label.is_some_and(|(label, _)| !label.is_empty() && label.len() <= 60 && !label.contains(['[', ']']))
}

/// True for the closing tag of an element whose content may be Markdown, alone on a line.
pub fn is_closing_tag(content: &str) -> bool {
    let name = content.trim_end().strip_prefix("</").and_then(|tag| tag.strip_suffix('>'));
    matches!(name.map(str::trim), Some("div" | "section" | "aside" | "article" | "figure" | "center"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(becomes: &Becomes) -> String {
        match becomes {
            Becomes::Callout(kind, title) => format!("{kind:?} {}", title.as_deref().unwrap_or("-")),
            Becomes::Quote => "quote".to_owned(),
            Becomes::Content(label) => format!("content {label}"),
        }
    }

    #[test]
    fn containers_of_colons_are_read() {
        for (line, expected) in [
            (":::note", "Note -"),
            (":::note[Your **title**]", "Note Your **title**"),
            (":::note Your title", "Note Your title"),
            ("::: warning T", "Warning T"),
            ("::: danger", "Caution Danger"),
            ("::: details More", "Note ▸ More"),
            ("::: details More {open}", "Note ▾ More"),
            ("::: {.callout-tip collapse=\"true\"}", "Tip ▸ Tip"),
            ("::: {.callout-note collapse=false title=T}", "Note ▾ T"),
            (":::{.tip}", "Tip -"),
            ("::: {.callout-important title=\"T t\"}", "Important T t"),
            ("::: {#id .column width=50%}", "content "),
            ("::::: code-group", "content "),
            (":::info{title=\"x\"}", "Note Info"),
        ] {
            assert_eq!(colon_container(line).as_ref().map(shown).as_deref(), Some(expected), "{line}");
        }
        for line in [":::", ":: note", "::: 3", ":::(", ":::a.b", ":::{}"] {
            assert_eq!(colon_container(line), None, "{line}");
        }
    }

    #[test]
    fn containers_of_indentation_are_read() {
        for (line, expected) in [
            ("!!! note \"T\"", "Note T"),
            ("!!! note", "Note -"),
            ("!!! danger inline end", "Caution Danger"),
            ("??? tip", "Tip ▸ Tip"),
            ("???+ tip \"T\"", "Tip ▾ T"),
            ("!!! warning \"\"", "Warning -"),
            ("=== \"C++\"", "content C++"),
        ] {
            assert_eq!(indented_container(line).map(|(found, _)| shown(&found)).as_deref(), Some(expected), "{line}");
        }
        for line in ["!!!", "!!! what a day", "!!!note", "=== x", "====", "??? why (not)"] {
            assert_eq!(indented_container(line), None, "{line}");
        }
    }

    #[test]
    fn callouts_in_quotes_are_read() {
        for (line, expected, is_plain) in [
            ("> [!NOTE]", "Note -", true),
            ("> [!note]", "Note -", false),
            ("> [!warning]- Folded **title**", "Warning ▸ Folded **title**", false),
            ("> [!FAQ]+ Why?", "Note ▾ Why?", false),
            ("> [!info]", "Note Info", false),
            ("> > [!todo|x] T", "Note T", false),
            (">[!BUG]", "Caution Bug", false),
        ] {
            let found = quote_callout(line).expect(line);
            let title = found.title.as_deref().unwrap_or("-");
            assert_eq!(
                (format!("{:?} {title}", found.kind), found.is_plain),
                (expected.to_owned(), is_plain),
                "{line}"
            );
        }
        for line in ["[!NOTE]", "> [x]", "> [!a](b)", "> text [!NOTE]", "> [!"] {
            assert!(quote_callout(line).is_none(), "{line}");
        }
    }

    #[test]
    fn classes_and_elements_name_callouts() {
        assert_eq!(kind_of_classes(" .note .warning"), Some((Kind::Warning, None)));
        assert_eq!(kind_of_classes(".note .info"), Some((Kind::Note, None)));
        assert_eq!(kind_of_classes("#id .x"), None);
        assert_eq!(attribute_line("{: .note }\n"), Some(" .note "));
        assert_eq!(attribute_line("{x}"), None);
        let (becomes, rest) = markdown_element("<div class=\"note tip\" markdown=\"1\">a").expect("an element");
        assert_eq!((shown(&becomes).as_str(), rest), ("Tip -", "a"));
        assert!(markdown_element("<div class=\"note\">").is_none());
        assert!(markdown_element("<span markdown=\"1\">").is_none());
    }
}
