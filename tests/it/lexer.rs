//! Splits Rust source text into code, comments, string literals and character literals.

/// What a piece of source text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Everything else, lifetimes included.
    Code,
    /// `// …` without its line end, or `/* … */`; doc comments are comments too.
    Comment,
    /// A literal with its quotes, and with its prefix and `#` if it has them.
    String,
    /// A literal with its quotes.
    Character,
}

/// A piece of source text. The texts of all tokens, joined, are the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: Kind,
    /// The text as it is written.
    pub text: &'a str,
}

/// Splits a source text. Two tokens of code never follow each other.
pub fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let (mut code, mut at) = (0, 0);
    while let Some(c) = source[at..].chars().next() {
        match literal_or_comment(&source[at..], source[..at].chars().next_back()) {
            Some((kind, length)) => {
                if code < at {
                    found.push(Token { kind: Kind::Code, text: &source[code..at] });
                }
                found.push(Token { kind, text: &source[at..at + length] });
                at += length;
                code = at;
            }
            None => at += c.len_utf8(),
        }
    }
    if code < at {
        found.push(Token { kind: Kind::Code, text: &source[code..] });
    }
    found
}

/// The kind and the length of what a text begins with, unless it is code. `before` is the character in front of it.
fn literal_or_comment(rest: &str, before: Option<char>) -> Option<(Kind, usize)> {
    if rest.starts_with("//") {
        return Some((Kind::Comment, rest.find('\n').unwrap_or(rest.len())));
    }
    if rest.starts_with("/*") {
        return Some((Kind::Comment, rest.find("*/").map_or(rest.len(), |end| end + 2)));
    }
    if let Some(inside) = rest.strip_prefix('\'') {
        // `'a'` and `'\n'` are characters, `'a` is a lifetime.
        let is_character = inside.starts_with('\\') || inside.chars().nth(1) == Some('\'');
        return is_character.then(|| (Kind::Character, quoted(rest, '\'')));
    }
    if before.is_some_and(is_word) {
        return None;
    }
    let prefix = rest.find(|c| !matches!(c, 'b' | 'c' | 'r'))?;
    let after = &rest[prefix..];
    let hashes = after.len() - after.trim_start_matches('#').len();
    if !after[hashes..].starts_with('"') || prefix > 2 {
        return None;
    }
    if !rest[..prefix].contains('r') {
        return (hashes == 0).then(|| (Kind::String, prefix + quoted(after, '"')));
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let start = prefix + hashes + 1;
    Some((Kind::String, rest[start..].find(&end).map_or(rest.len(), |at| start + at + end.len())))
}

/// The length of a literal between quotes.
fn quoted(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == quote && !is_escaped;
        is_escaped = *c == '\\' && !is_escaped;
        ends
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

/// True for the characters of a Rust name.
pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The text that a string literal means: escapes are resolved.
pub fn value(literal: &str) -> String {
    let inside = |text: &str| -> String {
        let start = text.find('"').map_or(0, |at| at + 1);
        text[start..].trim_end_matches('#').trim_end_matches('"').to_owned()
    };
    let prefix = literal.split('"').next().unwrap_or_default();
    if prefix.contains('r') {
        return inside(literal);
    }
    let text = literal[prefix.len() + 1..].strip_suffix('"').unwrap_or_default();
    let mut value = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            value.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => value.push('\n'),
            Some('t') => value.push('\t'),
            Some('\n') => while chars.next_if(|c| c.is_whitespace()).is_some() {},
            Some('u') => {
                let digits: String = chars.by_ref().skip(1).take_while(|c| *c != '}').collect();
                value.extend(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32));
            }
            Some('x') => {
                let digits: String = chars.by_ref().take(2).collect();
                value.extend(u8::from_str_radix(&digits, 16).ok().map(char::from));
            }
            Some(c) => value.push(c),
            None => {}
        }
    }
    value
}
