//! String literals of settings that are programs: JavaScript and Python. They are read as text and never executed.

/// The language of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// JavaScript or TypeScript: `key: 'value'`, comments with `//` and `/* */`.
    JavaScript,
    /// Python: `KEY = 'value'`, comments with `#`.
    Python,
}

/// A key with the literal behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Literal<'a> {
    /// The key.
    pub key: &'a str,
    /// The value, if it is one string literal alone.
    pub value: Option<&'a str>,
    /// The keys of the objects around it, outermost first.
    pub inside: Vec<&'a str>,
    /// The byte at which the key begins.
    pub at: usize,
}

/// A part of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Name(&'a str),
    Text(&'a str),
    Sign(char),
    LineEnd,
}

/// Objects inside objects beyond this are not entered.
const MAX_DEPTH: usize = 32;

/// The keys of a program whose values may be string literals, in the order of the program. In Python only assignments at the
/// start of a line.
pub fn literals(text: &str, language: Language) -> Vec<Literal<'_>> {
    let tokens = tokens(text, language);
    let mut found = Vec::new();
    // The key of each open bracket, and whether it is of an object.
    let mut open: Vec<&str> = Vec::new();
    let mut last_key: Option<&str> = None;
    let is_between = |sign: Token| match language {
        Language::JavaScript => sign == Token::Sign(':'),
        Language::Python => sign == Token::Sign('='),
    };
    let is_end = |token: Option<&(Token, usize)>| match language {
        Language::JavaScript => {
            token.is_none_or(|(token, _)| matches!(token, Token::Sign(',' | '}' | ']' | ';') | Token::LineEnd))
        }
        Language::Python => token.is_none_or(|(token, _)| *token == Token::LineEnd),
    };
    for (number, &(token, at)) in tokens.iter().enumerate() {
        let next = |by: usize| number.checked_add(by).and_then(|next| tokens.get(next));
        match token {
            Token::Sign('{' | '[' | '(') => {
                open.push(last_key.take().unwrap_or_default());
            }
            Token::Sign('}' | ']' | ')') => drop(open.pop()),
            Token::Sign(',') | Token::Sign(';') => last_key = None,
            Token::Name(key) | Token::Text(key) if next(1).is_some_and(|(sign, _)| is_between(*sign)) => {
                let is_line_start = at == 0 || text.as_bytes().get(at.wrapping_sub(1)) == Some(&b'\n');
                let is_top = language == Language::JavaScript || is_line_start && open.is_empty();
                // `a == b` and `a => b` are not assignments.
                let is_assigned = next(2).is_none_or(|(token, _)| !matches!(token, Token::Sign('=' | '>')));
                if is_top && is_assigned && open.len() <= MAX_DEPTH {
                    let text = match next(2) {
                        // A prefix such as `u'…'` of Python 2.
                        Some((Token::Name("u" | "r"), _)) if language == Language::Python => next(3).zip(Some(4)),
                        other => other.zip(Some(3)),
                    };
                    let value = match text {
                        Some(((Token::Text(value), _), behind)) if is_end(next(behind)) => Some(*value),
                        _ => None,
                    };
                    found.push(Literal { key, value, inside: open.clone(), at });
                }
                last_key = Some(key);
            }
            _ => {}
        }
    }
    found
}

/// Splits a program into tokens with their positions. A text with an escape or a placeholder in it is not a plain one, and becomes a
/// sign.
fn tokens(text: &str, language: Language) -> Vec<(Token<'_>, usize)> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(first) = rest.chars().next() else { break };
        let (token, length) = match first {
            '\n' => (Some(Token::LineEnd), 1),
            _ if first.is_whitespace() => (None, first.len_utf8()),
            '#' if language == Language::Python => (None, line_length(rest)),
            '/' if language == Language::JavaScript && rest.starts_with("//") => (None, line_length(rest)),
            '/' if language == Language::JavaScript && rest.starts_with("/*") => {
                (None, rest.find("*/").map_or(rest.len(), |end| end + 2))
            }
            '\'' | '"' | '`' => quoted(rest, first, language),
            '_' | '$' | 'a'..='z' | 'A'..='Z' => {
                let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
                let length = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
                (rest.get(..length).map(Token::Name), length)
            }
            sign => (Some(Token::Sign(sign)), sign.len_utf8()),
        };
        tokens.extend(token.map(|token| (token, at)));
        at = at.saturating_add(length.max(1));
    }
    tokens
}

fn line_length(rest: &str) -> usize {
    rest.find('\n').unwrap_or(rest.len())
}

/// A text in quotes at the start of `rest`, and its length with the quotes.
fn quoted(rest: &str, quote: char, language: Language) -> (Option<Token<'_>>, usize) {
    let triple: String = [quote; 3].iter().collect();
    let fence = if language == Language::Python && rest.starts_with(&triple) {
        triple.as_str()
    } else {
        triple.get(..1).unwrap_or("'")
    };
    let start = fence.len();
    let (mut at, mut is_plain) = (start, fence.len() == 1);
    while let Some(left) = rest.get(at..) {
        let Some(next) = left.chars().next() else { break };
        if left.starts_with(fence) {
            let text = rest.get(start..at).filter(|text| is_plain && !(quote == '`' && text.contains("${")));
            return (Some(text.map_or(Token::Sign(quote), Token::Text)), at + fence.len());
        }
        // An ordinary text ends with its line.
        if next == '\n' && fence.len() == 1 && quote != '`' {
            break;
        }
        let escaped = if next == '\\' { left.chars().nth(1).map_or(0, char::len_utf8) } else { 0 };
        is_plain &= next != '\\';
        at += next.len_utf8() + escaped;
    }
    (Some(Token::Sign(quote)), at.min(rest.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str, language: Language, key: &str) -> Option<String> {
        let all = literals(text, language);
        all.iter().find(|literal| literal.key == key).and_then(|literal| literal.value).map(str::to_owned)
    }

    #[test]
    fn only_a_text_alone_is_a_value() {
        for (text, wanted) in [
            ("S = 'a'", Some("a")),
            ("S = \"a\"  # note", Some("a")),
            ("S = u'a'", Some("a")),
            ("S = 'a' + b", None),
            ("S = 'a' if x else 'b'", None),
            ("S = f'a'", None),
            ("S = os.environ['a']", None),
            ("S = 'a\\n'", None),
            ("if x:\n    S = 'a'", None),
            ("x = '''\nS = 'a'\n'''", None),
            ("# S = 'a'", None),
            ("S == 'a'", None),
        ] {
            assert_eq!(value(text, Language::Python, "S").as_deref(), wanted, "{text}");
        }
        for (text, wanted) in [
            ("const c = { url: 'a', }", Some("a")),
            ("{ \"url\": `a` }", Some("a")),
            ("{ url: 'a'\n}", Some("a")),
            ("{ url: `a${b}` }", None),
            ("{ url: process.env.URL || 'a' }", None),
            ("{ url: 'a' + b }", None),
            ("// url: 'a'\n", None),
            ("/* url: 'a' */", None),
            ("{ url: x ? 'a' : 'b' }", None),
        ] {
            assert_eq!(value(text, Language::JavaScript, "url").as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn keys_have_the_objects_around_them() {
        let text =
            "const config = { presets: [['classic', { docs: { routeBasePath: '/' }, blog: { routeBasePath: 'b' } }]] }";
        let found = literals(text, Language::JavaScript);
        let inside: Vec<_> = found
            .iter()
            .filter(|literal| literal.key == "routeBasePath")
            .map(|literal| (literal.inside.last().copied(), literal.value))
            .collect();
        assert_eq!(inside, [(Some("docs"), Some("/")), (Some("blog"), Some("b"))]);
    }
}
