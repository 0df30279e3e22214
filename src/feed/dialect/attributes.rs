//! Arguments of shortcodes, tags and components: words, quoted texts, and names with values.

/// Most arguments that are read of one tag.
const MAX_ARGUMENTS: usize = 64;

/// One argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Its name; empty for a positional one.
    pub name: String,
    /// Its value without quotes.
    pub value: String,
    /// True if the value was quoted.
    pub is_quoted: bool,
}

/// The arguments of a tag, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arguments(Vec<Argument>);

impl Arguments {
    /// Reads `word "a text" name=value name="a text" name='…' name={…}`, separated by blanks or commas.
    pub fn read(source: &str) -> Arguments {
        let mut found = Vec::new();
        let mut rest = source;
        while found.len() < MAX_ARGUMENTS {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            if rest.is_empty() {
                break;
            }
            let name_length = rest.find(|c: char| !(c.is_alphanumeric() || "_-:.@".contains(c))).unwrap_or(rest.len());
            let (name, after) = rest.split_at(name_length);
            let after = after.trim_start_matches([' ', '\t']);
            let assigned = after.strip_prefix('=').filter(|_| !name.is_empty());
            let (name, value_source) = match assigned {
                Some(value) => (name, value.trim_start()),
                None => ("", rest),
            };
            let (value, is_quoted, left) = value(value_source);
            found.push(Argument { name: name.to_ascii_lowercase(), value, is_quoted });
            rest = left;
        }
        Arguments(found)
    }

    /// The value of the first of some names that is there and not empty.
    pub fn named(&self, names: &[&str]) -> Option<&str> {
        let of = |name: &&str| self.0.iter().find(|argument| argument.name == **name && !argument.value.is_empty());
        names.iter().find_map(of).map(|argument| argument.value.as_str())
    }

    /// The values without a name.
    pub fn positional(&self) -> impl Iterator<Item = &Argument> {
        self.0.iter().filter(|argument| argument.name.is_empty())
    }

    /// Whether a block with them as its arguments is open at first; `None` if they do not say that it is foldable.
    pub fn is_open(&self) -> Option<bool> {
        match (self.named(&["open", "expanded"]), self.named(&["closed", "collapsed", "collapse"])) {
            (Some(open), _) => Some(open != "false"),
            (None, Some(closed)) => Some(closed == "false"),
            (None, None) => self.positional().any(|argument| argument.value == "open").then_some(true),
        }
    }

    /// The first value without a name.
    pub fn first(&self) -> Option<&str> {
        self.positional().next().map(|argument| argument.value.as_str())
    }
}

/// The value at the start of a text, whether it is quoted, and what is behind it.
fn value(source: &str) -> (String, bool, &str) {
    let Some(first) = source.chars().next() else { return (String::new(), false, "") };
    if let '"' | '\'' | '`' | '“' = first {
        let close = if first == '“' { '”' } else { first };
        let inner = source.get(first.len_utf8()..).unwrap_or_default();
        let mut text = String::new();
        let mut is_escaped = false;
        for (at, c) in inner.char_indices() {
            match c {
                '\\' if !is_escaped && first != '`' => is_escaped = true,
                c if c == close && !is_escaped => {
                    return (text, true, inner.get(at + c.len_utf8()..).unwrap_or_default());
                }
                c => {
                    if is_escaped && c != first && c != '\\' {
                        text.push('\\');
                    }
                    text.push(c);
                    is_escaped = false;
                }
            }
        }
        // Never closed: the quote is a letter like others.
    }
    if first == '{' {
        let mut depth: usize = 0;
        for (at, c) in source.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                let inner = source.get(1..at).unwrap_or_default().trim();
                let text = inner.trim_matches(['"', '\'', '`']);
                return (text.to_owned(), text.len() < inner.len(), source.get(at + 1..).unwrap_or_default());
            }
        }
    }
    let end = source.find(|c: char| c.is_whitespace() || c == ',').unwrap_or(source.len());
    let (word, rest) = source.split_at(end.max(first.len_utf8()));
    (word.to_owned(), false, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_words_quotes_and_names_with_values() {
        let arguments =
            Arguments::read(r#"ruby "two words" lang=go title="A \"T\"" x='y' key={ {a: 1} } id = 3, last"#);
        let positional: Vec<&str> = arguments.positional().map(|argument| argument.value.as_str()).collect();
        assert_eq!(positional, ["ruby", "two words", "last"]);
        for (name, value) in [("lang", "go"), ("title", "A \"T\""), ("x", "y"), ("key", "{a: 1}"), ("id", "3")] {
            assert_eq!(arguments.named(&[name]), Some(value), "{name}");
        }
        assert_eq!(arguments.named(&["none", "lang"]), Some("go"));
        assert_eq!(arguments.first(), Some("ruby"));
    }

    #[test]
    fn unclosed_quotes_and_braces_end_with_the_text() {
        for source in ["\"a", "a=\"b", "{", "a={b", "=", ",", "“a", "\\\"", "a='\\'"] {
            Arguments::read(source);
        }
    }
}
