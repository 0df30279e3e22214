//! What the arguments of tags say: paths, pictures, links, titles and languages, as Markdown.

use super::names::Meaning;
use crate::feed::dialect::attributes::{Argument, Arguments};
use crate::feed::dialect::callouts;

/// Longest text in a sign, in characters.
const MAX_SIGN: usize = 60;

/// The value of the expression in `{{ … }}`, if it is written there: a text, or the address of the site, which is empty.
pub fn value(expression: &str, is_target: bool) -> Option<String> {
    let expression = expression.trim_start_matches('-').trim_end_matches('-').trim();
    let quote = expression.chars().next().filter(|c| matches!(c, '"' | '\''));
    if let Some(quote) = quote {
        let (literal, rest) = expression.get(1..)?.split_once(quote)?;
        let filters = rest.trim();
        let only_addresses = filters.split('|').all(|filter| {
            let name = filter.trim().split([':', ' ']).next().unwrap_or_default();
            matches!(name, "" | "relative_url" | "absolute_url" | "url" | "prepend" | "escape" | "url_for")
        });
        if is_target {
            return Some(encoded(literal));
        }
        return only_addresses.then(|| literal.to_owned());
    }
    let name = expression.split('|').next().unwrap_or_default().trim();
    let is_base = matches!(
        name,
        "site.baseurl" | "site.url" | "site.base_url" | "page.baseurl" | "config.base_url" | "base_url" | "baseurl"
    );
    (is_base && is_target).then(String::new)
}

/// The part of a target that a tag represents; empty if it is unknown.
pub fn target(meaning: Meaning, words: &str, arguments: &Arguments) -> String {
    match meaning {
        Meaning::Path => {
            let path = arguments.named(&["path", "page", "url"]).or_else(|| arguments.first());
            // Zola writes paths from the content folder with an at sign.
            encoded(path.map(|path| path.strip_prefix('@').unwrap_or(path)).unwrap_or_default())
        }
        Meaning::RootPath => {
            let path = words.trim().trim_matches(['"', '\'']);
            let slash = if path.is_empty() || path.starts_with('/') { "" } else { "/" };
            format!("{slash}{}", encoded(path))
        }
        Meaning::Control | Meaning::Hidden | Meaning::Raw | Meaning::Code | Meaning::Settings => String::new(),
        _ => {
            let quoted = arguments.positional().find(|argument| argument.is_quoted).map(|found| found.value.as_str());
            encoded(quoted.unwrap_or_default())
        }
    }
}

/// A target without characters that would end it.
pub fn encoded(target: &str) -> String {
    let mut text = String::with_capacity(target.len());
    for c in target.trim().chars() {
        match c {
            ' ' => text.push_str("%20"),
            '(' => text.push_str("%28"),
            ')' => text.push_str("%29"),
            '<' => text.push_str("%3C"),
            '>' => text.push_str("%3E"),
            c if c.is_control() => {}
            c => text.push(c),
        }
    }
    text
}

/// Words of an argument as text: without line breaks, and never the start of HTML.
pub fn escaped_words(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ").replace('<', "\\<")
}

fn escaped_label(label: &str) -> String {
    escaped_words(label).replace('[', "\\[").replace(']', "\\]")
}

/// The language of a block of code; empty if none is named.
pub fn language(arguments: &Arguments) -> String {
    let of_position = || arguments.first().filter(|first| !first.contains('='));
    let named = arguments.named(&["lang", "language", "lexer", "type", "syntax"]).or_else(of_position);
    let named = named.unwrap_or_default();
    let named = named.strip_prefix("lang:").unwrap_or(named);
    let is_name = |c: char| c.is_ascii_alphanumeric() || "+#-_.".contains(c);
    if named.len() <= 30 && named.chars().all(is_name) { named.to_ascii_lowercase() } else { String::new() }
}

/// The language of settings: TOML, YAML or JSON, by the first line that says it.
pub fn settings_language(content: &str) -> &'static str {
    for line in content.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let sign = line.find([':', '=']).and_then(|at| line.as_bytes().get(at));
        return match (line.as_bytes().first(), sign) {
            (Some(b'{'), _) => "json",
            (Some(b'['), _) => "toml",
            (_, Some(b'=')) => "toml",
            (_, Some(b':')) => "yaml",
            _ if line == "---" => "yaml",
            _ if line == "+++" => "toml",
            _ => continue,
        };
    }
    "toml"
}

/// The title that an argument names.
pub fn title(arguments: &Arguments) -> Option<String> {
    arguments.named(&["title", "heading", "header", "summary", "label", "name", "caption"]).map(str::to_owned)
}

/// The kind of a callout that an argument names, and its title among those without a name.
pub fn kind_and_title(arguments: &Arguments) -> (String, Option<String>) {
    let named = arguments.named(&["type", "kind", "style", "color", "level", "status", "variant", "context", "theme"]);
    let is_kind = |word: &&str| callouts::kind(word).is_some();
    let of_position = || arguments.positional().map(|argument| argument.value.as_str()).find(is_kind);
    let kind = named.filter(is_kind).or_else(of_position).unwrap_or("note").to_owned();
    let is_title = |argument: &&Argument| argument.is_quoted && argument.value != kind && argument.value.len() > 1;
    let title = arguments.positional().find(is_title).map(|argument| argument.value.clone());
    (kind, title.filter(|title| !matches!(title.as_str(), "true" | "false")))
}

/// A picture with its caption.
pub fn picture(arguments: &Arguments) -> Option<String> {
    const SOURCES: [&str; 8] = ["src", "image_path", "file", "url", "image", "path", "source", "img"];
    let is_path = |argument: &&Argument| argument.value.contains(['.', '/']);
    let of_position = || arguments.positional().find(is_path).map(|argument| argument.value.as_str());
    let source = arguments.named(&SOURCES).or_else(of_position)?;
    let caption = arguments.named(&["caption", "title"]);
    let quoted = arguments.positional().filter(|argument| argument.is_quoted && argument.value != source);
    let of_position = quoted.map(|argument| argument.value.as_str()).find(|value| !value.is_empty());
    let alt = arguments.named(&["alt", "description"]).or(caption).or(of_position).unwrap_or_default();
    let mut shown = format!("![{}]({})", escaped_label(alt), encoded(source));
    if let Some(target) = arguments.named(&["link"]) {
        shown = format!("[{shown}]({})", encoded(target));
    }
    if let Some(caption) = caption.filter(|caption| *caption != alt) {
        shown.push(' ');
        shown.push_str(&escaped_words(caption));
    }
    Some(shown)
}

/// A link to a video, a post or a program on another site.
pub fn embed(site: &str, name: &str, arguments: &Arguments) -> Option<String> {
    let mut positions = arguments.positional().map(|argument| argument.value.as_str());
    let named = arguments.named(&["id", "video", "code", "src", "url", "file", "link", "href", "videoid", "vid"]);
    let first = named.or_else(|| positions.next())?;
    let second = if named.is_some() { None } else { positions.next() };
    let user = arguments.named(&["user", "username"]);
    let (what, address) = match site {
        _ if first.contains("://") => (label_of(site), encoded(first)),
        "youtube" => ("video", format!("https://youtu.be/{}", encoded(first))),
        "vimeo" => ("video", format!("https://vimeo.com/{}", encoded(first))),
        "x" => {
            let (user, id) = match (user, second) {
                (Some(user), _) => (user, first),
                (None, Some(id)) => (first, id),
                (None, None) => ("i", first),
            };
            ("post", format!("https://x.com/{}/status/{}", encoded(user), encoded(id)))
        }
        "gist" => {
            let is_id = |word: &&str| word.len() > 8 && word.chars().all(|c| c.is_ascii_hexdigit());
            let path = match (user, second.filter(is_id)) {
                (Some(user), _) => format!("{}/{}", encoded(user), encoded(first)),
                (None, Some(id)) => format!("{}/{}", encoded(first), encoded(id)),
                (None, None) => encoded(first),
            };
            ("gist", format!("https://gist.github.com/{path}"))
        }
        "instagram" => ("post", format!("https://www.instagram.com/p/{}/", encoded(first))),
        "audio" => ("audio", encoded(first)),
        _ => match name {
            "bilibili" => ("video", format!("https://www.bilibili.com/video/{}", encoded(first))),
            "asciinema" => ("video", format!("https://asciinema.org/a/{}", encoded(first))),
            _ if first.contains(['/', '.']) => ("video", encoded(first)),
            _ => return None,
        },
    };
    let without_scheme = address.strip_prefix("https://").unwrap_or(&address);
    let title = arguments.named(&["title", "caption", "label"]).map(escaped_label);
    let shown = title.unwrap_or_else(|| escaped_label(without_scheme));
    Some(format!("[▶ {what}: {shown}]({address})"))
}

fn label_of(site: &str) -> &'static str {
    match site {
        "x" | "instagram" => "post",
        "gist" => "gist",
        "audio" => "audio",
        _ => "video",
    }
}

/// A link with the text that an argument names.
pub fn link(arguments: &Arguments) -> Option<String> {
    let is_path = |argument: &&Argument| argument.value.contains(['/', '.', '#']);
    let of_position = || arguments.positional().find(is_path).map(|argument| argument.value.as_str());
    let target = arguments.named(&["href", "url", "link", "relref", "ref", "to", "src"]).or_else(of_position)?;
    let quoted = arguments.positional().find(|argument| argument.is_quoted && argument.value != target);
    let text = arguments.named(&["title", "text", "label", "content"]).or(quoted.map(|found| found.value.as_str()));
    Some(format!("[{}]({})", escaped_label(text.unwrap_or(target)), encoded(target)))
}

/// A link to another file of the site: a part of it is shown on the page.
pub fn part(arguments: &Arguments) -> Option<String> {
    let is_path = |argument: &&Argument| argument.value.contains(['/', '.']);
    let of_position = || arguments.positional().find(is_path).map(|argument| argument.value.as_str());
    let path = arguments.named(&["file", "path", "src", "page"]).or_else(of_position)?;
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
    let name = name.strip_suffix(".md").unwrap_or(name);
    let slash = if path.starts_with(['/', '.']) { "" } else { "/" };
    Some(format!("→ [{}]({slash}{})", escaped_label(name), encoded(path)))
}

/// The quoted arguments that are words: not paths, numbers or switches.
pub fn words(arguments: &Arguments) -> Option<String> {
    let is_words =
        |value: &str| value.chars().any(char::is_alphabetic) && !matches!(value, "true" | "false") && !is_path(value);
    let quoted = arguments.positional().filter(|argument| argument.is_quoted && is_words(&argument.value));
    let found: Vec<&str> = quoted.map(|argument| argument.value.as_str()).collect();
    let named = || arguments.named(&["text", "caption", "alt", "title", "label", "content"]).map(str::to_owned);
    // Several names are keys of data, and no sentence.
    let are_keys = found.len() > 1 && found.iter().all(|word| !word.contains(' '));
    if found.is_empty() || are_keys { named() } else { Some(found.join(" ")) }
}

/// The sign for what only the generator of the site could show: `⟨name arguments⟩`.
pub fn sign(name: &str, arguments: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().chain(arguments.split_whitespace()).collect();
    let mut text = words.join(" ");
    if let Some((end, _)) = text.char_indices().nth(MAX_SIGN) {
        text.truncate(end);
        text.push('…');
    }
    let mut shown = String::from("⟨");
    for c in text.chars().filter(|c| !c.is_control()) {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '{' | '}' | '~' | '$' | '=' | '|' | '&' | ':' | '^') {
            // A backslash would be shown within HTML.
            shown.push_str(&format!("&#{};", u32::from(c)));
        } else {
            shown.push(c);
        }
    }
    shown.push('⟩');
    shown
}

fn is_path(value: &str) -> bool {
    let has_ending = value.rsplit_once('.').is_some_and(|(start, ending)| {
        !start.is_empty() && !start.ends_with(' ') && matches!(ending.len(), 1..=5) && !ending.contains(' ')
    });
    !value.contains(' ') && (value.contains('/') || has_ending || value.starts_with('#'))
}
