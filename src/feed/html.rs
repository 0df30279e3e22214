//! Words and line ends of a piece of HTML: tags go, what stands between them stays.

/// What is left of HTML.
#[derive(Debug, PartialEq, Eq)]
pub enum HtmlPart<'a> {
    /// Words, their entities as written.
    Text(&'a str),
    /// `<br>`: one end of a line more.
    Break,
    /// The edge of a block: the words behind it are on another line, or with 2 behind a blank one.
    BlockEdge(usize),
}

/// Reads HTML without caring whether it is well formed. What is not seen in a browser goes with the tags: comments,
/// scripts, style sheets.
pub fn parts(source: &str) -> impl Iterator<Item = HtmlPart<'_>> {
    let mut rest = source;
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            if !opens_tag(rest) {
                let tag = rest.match_indices('<').map(|(at, _)| at).find(|&at| opens_tag(&rest[at..]));
                let (words, after) = rest.split_at(tag.unwrap_or(rest.len()));
                rest = after;
                return Some(HtmlPart::Text(words));
            }
            let (tag, after) = rest.split_at(tag_length(rest));
            rest = after;
            let name = name(tag);
            if ["script", "style"].iter().any(|hidden| name.eq_ignore_ascii_case(hidden)) && !tag.starts_with("</") {
                rest = from_closing(name, rest);
            }
            if let Some(part) = meaning(name) {
                return Some(part);
            }
        }
        None
    })
}

/// A `<` that is no tag, as in `a < b`, is text.
fn opens_tag(s: &str) -> bool {
    let mut chars = s.chars();
    chars.next() == Some('<') && chars.next().is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
}

/// Bytes of the tag or comment at the start of `s`; one that is never closed takes all that follows, as in a browser.
fn tag_length(s: &str) -> usize {
    if s.starts_with("<!--") {
        return s[2..].find("-->").map_or(s.len(), |at| 2 + at + 3);
    }
    let mut quote = None;
    let mut after_equals = false;
    for (at, c) in s.char_indices() {
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '>') => return at + 1,
            (None, '"' | '\'') if after_equals => quote = Some(c),
            (None, _) => {}
        }
        if !c.is_whitespace() {
            after_equals = c == '=';
        }
    }
    s.len()
}

fn name(tag: &str) -> &str {
    let name = tag.trim_start_matches(['<', '/']);
    name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default()
}

/// The rest from the closing tag of that name on; nothing when it is never closed.
fn from_closing<'a>(name: &str, rest: &'a str) -> &'a str {
    let closes = |at: usize| rest[at + 2..].get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name));
    rest.match_indices("</").map(|(at, _)| at).find(|&at| closes(at)).map_or("", |at| &rest[at..])
}

/// What a tag, opening or closing, does to the words on its two sides.
fn meaning(name: &str) -> Option<HtmlPart<'static>> {
    match name.to_ascii_lowercase().as_str() {
        "br" => Some(HtmlPart::Break),
        "li" | "tr" | "dt" | "dd" | "div" | "summary" | "caption" | "figcaption" | "option" => {
            Some(HtmlPart::BlockEdge(1))
        }
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "dl" | "table" | "blockquote" | "pre" | "hr"
        | "article" | "section" | "aside" | "header" | "footer" | "figure" | "details" => Some(HtmlPart::BlockEdge(2)),
        "td" | "th" => Some(HtmlPart::Text(" ")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_and_tags_go() {
        for (source, left) in [
            ("plain", "plain"),
            ("<b>bold</b> text", "bold text"),
            ("a<br>b<BR/>c<br />d", "a/b/c/d"),
            ("<p class='x'>a</p>", "||a||"),
            ("<td>a</td>", " a "),
            ("a < b, b > c, 1<2", "a < b, b > c, 1<2"),
            ("<a title=\"x > y\">z</a>", "z"),
            ("<a title = 'x > y'>z</a>", "z"),
            ("<a href=it's>z</a>", "z"),
            ("a<!-- more -->b<!-->c", "abc"),
            ("a<!-- never closed", "a"),
            ("a<b never closed", "a"),
            ("<script>alert('<b>')</SCRIPT>z", "z"),
            ("<style>p { }", ""),
            ("</script>z", "z"),
            ("<!DOCTYPE html><?php x ?>z", "z"),
            ("<日本>", "<日本>"),
            ("<", "<"),
            ("", ""),
        ] {
            let found: String = parts(source)
                .map(|part| match part {
                    HtmlPart::Text(words) => words.to_owned(),
                    HtmlPart::Break => "/".to_owned(),
                    HtmlPart::BlockEdge(number) => "|".repeat(number),
                })
                .collect();
            assert_eq!(found, left, "{source:?}");
        }
    }
}
