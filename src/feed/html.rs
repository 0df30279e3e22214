//! Text and line breaks of a piece of HTML, without its tags.

/// A piece of the text of HTML.
#[derive(Debug, PartialEq, Eq)]
pub enum HtmlPart<'a> {
    /// Text between tags; entities are not decoded.
    Text(&'a str),
    /// A line break (`<br>`).
    Break,
    /// The start or the end of a block. The text after it begins a new line (1), or a new line after a blank one (2).
    BlockEdge(usize),
}

/// Splits HTML into text and breaks. The HTML need not be well formed. Comments, scripts and style sheets are left out, as they
/// are invisible in a browser.
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
            if let Some(part) = part_of_tag(name) {
                return Some(part);
            }
        }
        None
    })
}

/// True if a tag or comment begins here. A `<` that does not begin a tag, as in `a < b`, is text.
fn opens_tag(s: &str) -> bool {
    let mut chars = s.chars();
    chars.next() == Some('<') && chars.next().is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
}

/// Length in bytes of the tag or comment at the start of `s`. One that is never closed extends to the end, as in a browser.
fn tag_length(s: &str) -> usize {
    if s.starts_with("<!--") {
        // `<!-->` is a whole comment, so the search begins at the hyphens of the opening.
        return s[2..].find("-->").map_or(s.len(), |at| 2 + at + 3);
    }
    let mut quote = None;
    let mut after_equals = false;
    for (at, c) in s.char_indices() {
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '>') => return at + 1,
            // Elsewhere a quote is part of a name, as in a browser: a stray one must not hide the end of the tag.
            (None, '"' | '\'') if after_equals => quote = Some(c),
            (None, _) => {}
        }
        if !c.is_whitespace() {
            after_equals = c == '=';
        }
    }
    s.len()
}

/// The name of a tag: `br` of `<br/>` and `</br>`.
fn name(tag: &str) -> &str {
    let name = tag.trim_start_matches(['<', '/']);
    name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default()
}

/// The rest from the closing tag `</name` on; empty if there is none.
fn from_closing<'a>(name: &str, rest: &'a str) -> &'a str {
    let closes = |at: usize| rest[at + 2..].get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name));
    rest.match_indices("</").map(|(at, _)| at).find(|&at| closes(at)).map_or("", |at| &rest[at..])
}

/// What an opening or closing tag puts between the text before and after it.
fn part_of_tag(name: &str) -> Option<HtmlPart<'static>> {
    match name.to_ascii_lowercase().as_str() {
        "br" => Some(HtmlPart::Break),
        "li" | "tr" | "dt" | "dd" | "div" | "summary" | "caption" | "figcaption" | "option" => {
            Some(HtmlPart::BlockEdge(1))
        }
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "dl" | "table" | "blockquote" | "pre" | "hr"
        | "article" | "section" | "aside" | "header" | "footer" | "figure" | "details" => Some(HtmlPart::BlockEdge(2)),
        // Without a blank, the words of neighbouring cells would run together.
        "td" | "th" => Some(HtmlPart::Text(" ")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_removed_and_text_stays() {
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
