//! Replaces shortcodes and template tags by the Markdown that shows what they show on the page.

mod names;
mod output;
mod pairs;
mod tags;
mod values;

use std::borrow::Cow;

use super::attributes::Arguments;
use super::callouts::capitalised;
use crate::feed::fold_brackets::signed;
use names::{Meaning, Syntax};
use output::Output;
use tags::Tag;

pub use values::encoded;

/// Longest loop that may be replaced by a sign, in bytes.
const MAX_LOOP: usize = 2_000;

/// A text without the tags of Hugo, Liquid and Zola; code is as it was.
pub fn expand(source: &str) -> Cow<'_, str> {
    let tags = tags::tags(source);
    if tags.is_empty() {
        return Cow::Borrowed(source);
    }
    let partners = pairs::partners(&tags);
    let mut out = Output::new(source.len());
    let mut at = 0;
    let mut index = 0;
    while let Some(tag) = tags.get(index) {
        let before = source.get(at..tag.range.start).unwrap_or_default();
        let (eats_before, eats_behind) = eats_blanks(source, tag);
        let kept = before.trim_end_matches([' ', '\t']);
        out.push_source(if eats_before && !kept.ends_with('\n') { kept } else { before });
        let partner = partners.get(index).copied().flatten();
        let end = partner.and_then(|partner| Some((partner, tags.get(partner)?.range.clone())));
        match end.filter(|(_, end)| is_loop_without_words(source, tag, end.start)) {
            Some((partner, end)) => {
                out.push_words(&values::sign(&tag.name, tag.arguments));
                index = partner;
                at = end.end;
            }
            None => {
                render(source, tag, partner.is_some(), &mut out);
                at = tag.range.end;
            }
        }
        if eats_behind {
            let rest = source.get(at..).unwrap_or_default();
            let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            at += if rest.get(blanks..).is_some_and(|rest| rest.starts_with('\n')) { 0 } else { blanks };
        }
        index += 1;
    }
    out.push_source(source.get(at..).unwrap_or_default());
    Cow::Owned(out.finish())
}

/// Whether a tag of Liquid takes the blanks before it and behind it: `{{- x -}}`.
fn eats_blanks(source: &str, tag: &Tag) -> (bool, bool) {
    let tag_source = whole(source, tag);
    let is_liquid = tag.syntax != Syntax::Hugo && names::meaning(&tag.name, tag.syntax) != Meaning::Include;
    let starts = tag_source.starts_with("{%-") || tag_source.starts_with("{{-");
    let ends = tag_source.ends_with("-%}") || tag_source.ends_with("-}}");
    (is_liquid && starts, is_liquid && ends)
}

/// True if what `{% for … %}` repeats has no words of its own, only values that are known to the site alone. `end` is where the
/// tag that closes it begins.
fn is_loop_without_words(source: &str, tag: &Tag, end: usize) -> bool {
    if tag.syntax != Syntax::Liquid || tag.closes || !matches!(tag.name.as_str(), "for" | "tablerow") {
        return false;
    }
    let mut rest = source.get(tag.range.end..end).unwrap_or_default();
    // A loop may hold others, and is looked through for each of them.
    if rest.len() > MAX_LOOP {
        return false;
    }
    while let Some(start) = rest.find(['{', '<', '`', '~']) {
        let (text, behind) = rest.split_at(start);
        let close = [("{{", "}}"), ("{%", "%}"), ("<", ">")].into_iter().find(|(open, _)| behind.starts_with(open));
        let Some((_, close)) = close else { return false };
        if text.contains(char::is_alphanumeric) {
            return false;
        }
        let Some(length) = behind.find(close) else { return false };
        rest = behind.get(length + close.len()..).unwrap_or_default();
    }
    !rest.contains(char::is_alphanumeric)
}

fn render(source: &str, tag: &Tag, is_paired: bool, out: &mut Output) {
    if tag.is_escaped {
        return out.push_words(&escaped(source, tag));
    }
    if tag.syntax == Syntax::Output {
        return match values::value(tag.arguments, out.is_in_target()) {
            Some(value) if out.is_in_target() => out.push_target(&value),
            Some(value) => out.push_words(&value),
            None => out.push_unknown(whole(source, tag)),
        };
    }
    let meaning = names::meaning(&tag.name, tag.syntax);
    // A tag of Tera, `name(a="b")`, has its arguments in brackets.
    let words = tag.arguments.trim();
    let words = words.strip_prefix('(').map_or(words, |words| words.strip_suffix(')').unwrap_or(words));
    let arguments = Arguments::read(words);
    if out.is_in_target() {
        return out.push_target(&values::target(meaning, words, &arguments));
    }
    if let Some(content) = &tag.verbatim {
        let content = source.get(content.clone()).unwrap_or_default();
        return match meaning {
            Meaning::Code if tag.syntax == Syntax::Liquid && content.contains("```") => out.push_source(content),
            Meaning::Code | Meaning::Settings => {
                let language = match meaning {
                    Meaning::Settings => values::settings_language(content).to_owned(),
                    _ => values::language(&arguments),
                };
                let title = arguments.named(&["file", "title", "filename", "name", "caption"]);
                out.push_code(content, &language, title);
            }
            Meaning::Raw => {
                out.push_nothing();
                out.push_source(content);
                out.push_nothing();
            }
            _ => out.push_nothing(),
        };
    }
    if tag.closes {
        return if is_paired { out.close() } else { out.push_nothing() };
    }
    if is_paired {
        return open(tag, meaning, &arguments, out);
    }
    single(source, tag, meaning, words, &arguments, out);
}

/// The shortcode that `{{</* x */>}}` shows. The bracket is escaped: `<x>` would be read as HTML.
fn escaped(source: &str, tag: &Tag) -> String {
    let (open, close) = if whole(source, tag).starts_with("{{<") { ("{{\\<", ">}}") } else { ("{{%", "%}}") };
    format!("{open}{}{close}", tag.arguments)
}

fn open(tag: &Tag, meaning: Meaning, arguments: &Arguments, out: &mut Output) {
    let (mut kind, mut title) = (tag.name.clone(), values::title(arguments));
    match meaning {
        Meaning::Callout => {
            let of_position = || arguments.positional().map(|argument| argument.value.clone()).find(|v| !v.is_empty());
            title = title.or_else(of_position);
        }
        Meaning::CalloutOfKind => {
            let (found, given) = values::kind_and_title(arguments);
            (kind, title) = (found, title.or(given));
            if let Some(is_open) = arguments.is_open() {
                title = Some(signed(&title.unwrap_or_else(|| capitalised(&kind)), is_open));
            }
        }
        Meaning::Details => {
            kind = "note".to_owned();
            let of_position =
                arguments.positional().find(|argument| argument.is_quoted).map(|found| found.value.clone());
            let words = title.or(of_position).unwrap_or_else(|| "Details".to_owned());
            title = Some(signed(&words, arguments.is_open().unwrap_or_default()));
        }
        Meaning::Version(words) => {
            kind = if words.starts_with("New") { "note" } else { "warning" }.to_owned();
            title = Some(format!("{words} {}", arguments.first().unwrap_or_default()));
        }
        Meaning::Quote => kind = "quote-block".to_owned(),
        Meaning::Tab => {
            let label = title.or_else(|| arguments.first().map(str::to_owned)).unwrap_or_default();
            return out.push_label(&label);
        }
        Meaning::Link => {
            let target = arguments.named(&["href", "url", "link", "relref", "ref", "to"]);
            return match target {
                Some(target) => out.open_link(&values::encoded(target)),
                None => out.open_nothing(),
            };
        }
        _ => return out.open_nothing(),
    }
    out.open_box(&kind, title.as_deref());
}

fn single(source: &str, tag: &Tag, meaning: Meaning, words: &str, arguments: &Arguments, out: &mut Output) {
    match meaning {
        Meaning::Include if tag.syntax == Syntax::Liquid => include(arguments, words, out),
        Meaning::Picture => match values::picture(arguments) {
            Some(picture) => out.push_words(&picture),
            None => out.push_nothing(),
        },
        Meaning::Embed(site) => match values::embed(site, &tag.name, arguments) {
            Some(link) => out.push_words(&link),
            None => out.push_nothing(),
        },
        Meaning::Link => match values::link(arguments) {
            Some(link) => out.push_words(&link),
            None => out.push_nothing(),
        },
        Meaning::Version(words) => {
            let since = arguments.first().unwrap_or_default();
            out.push_words(&format!("({} {})", words.to_lowercase(), values::escaped_words(since)));
        }
        Meaning::Callout | Meaning::CalloutOfKind => {
            let text = arguments.named(&["content", "text", "body", "message"]);
            let text =
                text.or_else(|| arguments.positional().find(|argument| argument.is_quoted).map(|a| a.value.as_str()));
            let Some(text) = text else { return out.push_nothing() };
            let kind = if meaning == Meaning::Callout { tag.name.clone() } else { values::kind_and_title(arguments).0 };
            out.push_box(&kind, arguments.named(&["title"]), text);
        }
        Meaning::Path | Meaning::RootPath => {
            let path = values::target(meaning, words, arguments);
            out.push_words(&values::escaped_words(&path));
        }
        Meaning::Term => {
            let shown: Vec<&str> = arguments.positional().map(|argument| argument.value.as_str()).collect();
            let shown = arguments.named(&["text", "title", "label"]).map_or_else(|| shown.join(" "), str::to_owned);
            out.push_words(&values::escaped_words(&shown));
        }
        Meaning::Other if !tag.is_single || tag.syntax == Syntax::Hugo => match values::words(arguments) {
            Some(words) => out.push_words(&values::escaped_words(&words)),
            None if tag.syntax == Syntax::Hugo => out.push_words(&values::sign(&tag.name, words)),
            None => out.push_nothing(),
        },
        Meaning::Code | Meaning::Settings if tag.syntax == Syntax::Hugo => {
            out.push_words(&values::sign(&tag.name, words));
        }
        Meaning::Value => out.push_words(&values::sign(arguments.first().unwrap_or(&tag.name), "")),
        Meaning::Reading => match values::part(arguments) {
            Some(link) => out.push_words(&link),
            None => out.push_nothing(),
        },
        // A call, `{{ name(…) }}`, and not the statement `{% name … %}`.
        Meaning::Other | Meaning::Control if tag.is_single && tag.syntax == Syntax::Liquid => {
            out.push_unknown(whole(source, tag));
        }
        _ => out.push_nothing(),
    }
}

fn whole<'a>(source: &'a str, tag: &Tag) -> &'a str {
    source.get(tag.range.clone()).unwrap_or_default()
}

/// `{% include note.html content="…" %}`: a picture, an embed, a note or a caption, by its arguments and its name.
fn include(arguments: &Arguments, words: &str, out: &mut Output) {
    let file = arguments.first().unwrap_or_default();
    let name = file.rsplit('/').next().unwrap_or(file).split('.').next().unwrap_or_default();
    let name = name.to_ascii_lowercase().replace('_', "-");
    let meaning = names::meaning(&name, Syntax::Hugo);
    let without_file = Arguments::read(words.trim_start().get(file.len()..).unwrap_or_default());
    let shown = match meaning {
        Meaning::Embed(site) => values::embed(site, &name, &without_file),
        Meaning::Callout | Meaning::CalloutOfKind => {
            let Some(text) = without_file.named(&["content", "text", "body", "message"]) else {
                return out.push_nothing();
            };
            let kind = if meaning == Meaning::Callout { name } else { values::kind_and_title(&without_file).0 };
            return out.push_box(&kind, without_file.named(&["title"]), text);
        }
        _ => values::picture(&without_file).or_else(|| {
            let caption = without_file.named(&["caption", "alt", "title", "text", "content", "version", "label"]);
            caption.map(values::escaped_words)
        }),
    };
    match shown {
        Some(shown) => out.push_words(&shown),
        None => out.push_nothing(),
    }
}

#[cfg(test)]
mod tests;
