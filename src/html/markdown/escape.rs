//! Escapes text so that a Markdown parser gives back the same text.

/// Where a piece of text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// True at the beginning of a line, where marks of blocks are.
    pub is_line_start: bool,
    /// True in a cell of a table, which ends at a bar.
    pub is_table: bool,
}

/// The characters that may be markup in the middle of a line.
const MARKUP: [u8; 10] = *b"`[]|\\*~_<&";

/// Appends text with a backslash before each character that would be markup.
///
/// A character that is not markup in its place stays as it is, so that the source is readable: `snake_case`, `2 * 3`.
pub fn push_text(to: &mut String, text: &str, place: Place) {
    let mut rest = text;
    if place.is_line_start {
        rest = push_line_start(to, text);
    }
    let mut before = text.get(..text.len() - rest.len()).and_then(|start| start.chars().next_back());
    while let Some(at) = rest.bytes().position(|byte| MARKUP.contains(&byte)) {
        // All markup is ASCII, so this is a boundary of characters.
        let (plain, marked) = rest.split_at(at);
        to.push_str(plain);
        before = plain.chars().next_back().or(before);
        let Some(c) = marked.chars().next() else { return };
        rest = marked.get(c.len_utf8()..).unwrap_or_default();
        if is_markup(c, before, rest, place) {
            to.push('\\');
        }
        to.push(c);
        before = Some(c);
    }
    to.push_str(rest);
}

/// Appends the first characters of a line if they would begin a block, escaped. Returns the rest.
fn push_line_start<'a>(to: &mut String, text: &'a str) -> &'a str {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(digits);
    let mut after = rest.chars();
    let Some(first) = after.next() else { return text };
    let next = after.next();
    let is_word = next.is_some_and(char::is_alphanumeric);
    let is_block = match (number.is_empty(), first) {
        (false, '.' | ')') => next.is_none_or(char::is_whitespace),
        (true, '#' | '>' | '*' | '|') => true,
        (true, '+' | '-' | '=' | ':') => !is_word,
        _ => false,
    };
    if !is_block {
        return text;
    }
    to.push_str(number);
    to.push('\\');
    to.push(first);
    after_first(rest, first)
}

fn after_first(text: &str, first: char) -> &str {
    text.get(first.len_utf8()..).unwrap_or_default()
}

fn is_markup(c: char, before: Option<char>, after: &str, place: Place) -> bool {
    let next = after.chars().next();
    match c {
        '`' | '[' | ']' => true,
        '|' => place.is_table,
        '\\' => next.is_none_or(|next| next.is_ascii_punctuation() || next == '\n'),
        // Between blanks they neither open nor close anything.
        '*' | '~' => !(before == Some(' ') && next == Some(' ')),
        '_' => !(before.is_some_and(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric)),
        '<' => next.is_none_or(|next| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?')),
        '&' => is_entity(after),
        _ => false,
    }
}

/// True if the text after an ampersand may be an entity.
fn is_entity(after: &str) -> bool {
    let name = after.bytes().take(40).take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#').count();
    name > 0 && after.as_bytes().get(name) == Some(&b';')
}

/// Appends text as a code span.
pub fn push_code(to: &mut String, text: &str) {
    let ticks = "`".repeat(longest_run(text, '`') + 1);
    to.push_str(&ticks);
    // A parser removes one blank from each side if both have one.
    let is_padded = text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']);
    if is_padded {
        to.push(' ');
    }
    to.push_str(text);
    if is_padded {
        to.push(' ');
    }
    to.push_str(&ticks);
}

/// Length of the longest run of a character.
pub fn longest_run(text: &str, of: char) -> usize {
    let (mut longest, mut run) = (0, 0);
    for c in text.chars() {
        run = if c == of { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// Appends the destination of a link or an image. Characters that could end it or be markup are percent-encoded.
pub fn push_destination(to: &mut String, address: &str) {
    let is_balanced = is_balanced(address);
    for (at, c) in address.char_indices() {
        match c {
            '(' if !is_balanced => to.push_str("%28"),
            ')' if !is_balanced => to.push_str("%29"),
            '\\' => to.push_str("%5C"),
            '`' => to.push_str("%60"),
            '|' => to.push_str("%7C"),
            '<' => to.push_str("%3C"),
            '>' => to.push_str("%3E"),
            '"' => to.push_str("%22"),
            '&' if is_entity(address.get(at + 1..).unwrap_or_default()) => to.push_str("&amp;"),
            c if c.is_whitespace() || c.is_control() => to.push_str("%20"),
            c => to.push(c),
        }
    }
}

/// True if each bracket has its partner, at a depth that all parsers accept.
fn is_balanced(address: &str) -> bool {
    let mut depth = 0_u32;
    for c in address.chars() {
        match c {
            '(' if depth >= 8 => return false,
            '(' => depth += 1,
            ')' if depth == 0 => return false,
            ')' => depth -= 1,
            _ => {}
        }
    }
    depth == 0
}
