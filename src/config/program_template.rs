//! The program of a setting, with placeholders for what is known of an article. It is split into words before anything is inserted,
//! so that the text of an article adds no word; and a text is never a whole word that a program could take for an option.

use std::ffi::OsString;

use super::value_reader::suggest;

/// The value that replaces a placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// The address of the article, which is always http or https.
    Link,
    /// The title.
    Title,
    /// The absolute path of the article file.
    File,
    /// The name of the provider.
    Provider,
    /// The topics, separated by commas.
    Topics,
    /// The query of the list.
    Query,
    /// The number of articles that the program gets.
    Count,
}

impl Placeholder {
    /// All placeholders with their names between braces, and the variable that has the same value.
    pub const ALL: [(&str, Placeholder, &str); 7] = [
        ("link", Placeholder::Link, "FRONTPAGE_LINK"),
        ("title", Placeholder::Title, "FRONTPAGE_TITLE"),
        ("file", Placeholder::File, "FRONTPAGE_FILE"),
        ("provider", Placeholder::Provider, "FRONTPAGE_PROVIDER"),
        ("topics", Placeholder::Topics, "FRONTPAGE_TOPICS"),
        ("query", Placeholder::Query, "FRONTPAGE_QUERY"),
        ("count", Placeholder::Count, "FRONTPAGE_COUNT"),
    ];

    /// Whether it has any text, which may begin with `-`. A link, an absolute path and a number never do.
    fn is_any_text(self) -> bool {
        !matches!(self, Placeholder::Link | Placeholder::File | Placeholder::Count)
    }

    fn name(self) -> &'static str {
        Placeholder::ALL.iter().find(|(_, known, _)| *known == self).map_or("", |(name, ..)| *name)
    }
}

/// A part of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Value(Placeholder),
}

/// A program with its arguments, in which placeholders are not filled yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramTemplate {
    words: Vec<Vec<Part>>,
}

/// Why words are not a program that may be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// There is no word.
    #[error("no program is named")]
    NoProgram,
    /// A quote is not closed.
    #[error("a quote is not closed")]
    UnclosedQuote,
    /// A word in braces is not a placeholder.
    #[error("unknown placeholder `{{{0}}}`")]
    Unknown(String),
    /// The name of the program depends on the article.
    #[error("the program is `{0}`, which comes from articles")]
    FromArticle(String),
    /// A text of an article could be read as an option.
    #[error("`{{{0}}}` begins an argument, so a text that begins with `-` would be an option")]
    Option(&'static str),
    /// A text of an article would be a part of a script.
    #[error("`{{{name}}}` is in the argument of `{option}`, so it would be a part of a script")]
    Script {
        /// The name of the placeholder.
        name: &'static str,
        /// The option.
        option: String,
    },
    /// A word is an operator of a shell, and no shell runs the program.
    #[error("`{0}` needs a shell, and no shell is used")]
    Operator(&'static str),
    /// The program gets several articles, and the placeholder is about one.
    #[error("`{{{0}}}` is of one article, and the command is for several")]
    Several(&'static str),
}

impl TemplateError {
    /// What to do.
    pub fn hint(&self) -> String {
        match self {
            TemplateError::NoProgram => "write a program with its arguments: run: mpv {link}".to_owned(),
            TemplateError::UnclosedQuote => "ignored until fixed".to_owned(),
            TemplateError::Unknown(name) => {
                let names = Placeholder::ALL.map(|(name, ..)| name);
                let hint = suggest(name, &names);
                match hint.ends_with('?') {
                    true => hint,
                    false => format!("{hint}, or {{{{{name}}}}} for the word in braces"),
                }
            }
            TemplateError::FromArticle(_) => "write the name of a program first".to_owned(),
            TemplateError::Option(name) => {
                format!("write -- before it, or put it behind an option in one word: --title={{{name}}}")
            }
            TemplateError::Script { name, .. } => {
                format!("use the variable $FRONTPAGE_{} in the script", name.to_uppercase())
            }
            TemplateError::Operator(operator) => {
                format!("make a script, or quote the sign: '{operator}'")
            }
            TemplateError::Several(_) => {
                "only {link} and {file} can be given, as words of their own, and {count}".to_owned()
            }
        }
    }
}

impl ProgramTemplate {
    /// Splits a line into words as a shell does, without any other syntax of a shell, and reads its placeholders.
    pub fn split(line: &str) -> Result<ProgramTemplate, TemplateError> {
        let words = shell_words::split(line).map_err(|_| TemplateError::UnclosedQuote)?;
        match operator(line) {
            Some(operator) => Err(TemplateError::Operator(operator)),
            None => ProgramTemplate::of_words(&words),
        }
    }

    /// Reads the placeholders of a program with its arguments.
    pub fn of_words(words: &[String]) -> Result<ProgramTemplate, TemplateError> {
        let parsed: Vec<Vec<Part>> = words.iter().map(|word| parts(word)).collect::<Result<_, _>>()?;
        match parsed.first().map(Vec::as_slice) {
            None | Some([]) => return Err(TemplateError::NoProgram),
            Some([Part::Text(_)]) => {}
            Some(_) => return Err(TemplateError::FromArticle(words.first().cloned().unwrap_or_default())),
        }
        for (number, word) in parsed.iter().enumerate() {
            let before = number.checked_sub(1).and_then(|before| words.get(before));
            check(word, before, words.iter().take(number).any(|earlier| earlier == "--"))?;
        }
        Ok(ProgramTemplate { words: parsed })
    }

    /// Fails if a placeholder is about one article, where the program gets several. Their links and files are words of their own.
    pub fn check_for_several(&self) -> Result<(), TemplateError> {
        for word in &self.words {
            for part in word {
                if let Part::Value(value) = part
                    && !matches!(value, Placeholder::Query | Placeholder::Count)
                    && (word.len() > 1 || value.is_any_text())
                {
                    return Err(TemplateError::Several(value.name()));
                }
            }
        }
        Ok(())
    }

    /// The name of the program.
    pub fn program(&self) -> &str {
        match self.words.first().map(Vec::as_slice) {
            Some([Part::Text(program)]) => program,
            _ => "",
        }
    }

    /// Whether a placeholder is in a word.
    pub fn has(&self, wanted: Placeholder) -> bool {
        self.words.iter().flatten().any(|part| *part == Part::Value(wanted))
    }

    /// The same program with a placeholder as its last word, unless it is in a word already.
    pub fn ending_with(mut self, wanted: Placeholder) -> ProgramTemplate {
        if !self.has(wanted) {
            self.words.push(vec![Part::Value(wanted)]);
        }
        self
    }

    /// The words, with the values of an article in place of the placeholders. Each is a part of its word, whatever it contains. A word
    /// that is only a placeholder becomes a word for each of its values.
    pub fn fill(&self, values: impl Fn(Placeholder) -> Vec<OsString>) -> Vec<OsString> {
        let mut filled = Vec::with_capacity(self.words.len());
        for word in &self.words {
            if let [Part::Value(value)] = word.as_slice() {
                filled.extend(values(*value));
                continue;
            }
            let mut text = OsString::new();
            for part in word {
                match part {
                    Part::Text(part) => text.push(part),
                    Part::Value(value) => values(*value).iter().for_each(|value| text.push(value)),
                }
            }
            filled.push(text);
        }
        filled
    }
}

/// The first word of a line that is an operator of a shell, not in quotes.
fn operator(line: &str) -> Option<&'static str> {
    const OPERATORS: [&str; 9] = ["|", "|&", "||", "&&", "&", ";", ">", ">>", "<"];
    // Blanks in quotes end no word. A word with a quote or a backslash is none of these.
    let (mut quote, mut is_escaped) = (None, false);
    let mut ends_word = |c: char| match (quote, c) {
        _ if std::mem::take(&mut is_escaped) => false,
        (None | Some('"'), '\\') => {
            is_escaped = true;
            false
        }
        (None, '\'' | '"') => {
            quote = Some(c);
            false
        }
        (Some(open), c) => {
            quote = quote.filter(|_| open != c);
            false
        }
        (None, c) => c.is_whitespace(),
    };
    let words: Vec<&str> = line.split(&mut ends_word).collect();
    words.iter().find_map(|word| OPERATORS.into_iter().find(|operator| operator == word))
}

/// The parts of a word: texts, and placeholders such as `{link}`. `{{link}}` is the text `{link}`; other braces are texts.
fn parts(word: &str) -> Result<Vec<Part>, TemplateError> {
    let (mut parts, mut text, mut rest) = (Vec::new(), String::new(), word);
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        let inner = from.trim_start_matches('{');
        let braces = from.len() - inner.len();
        let name: String = inner.chars().take_while(char::is_ascii_lowercase).collect();
        let closing = inner.get(name.len()..).unwrap_or_default();
        let is_named = !name.is_empty();
        if is_named && braces >= 2 && closing.starts_with("}}") {
            text.push_str(&"{".repeat(braces - 1));
            text.push_str(&name);
            text.push('}');
            rest = closing.get(2..).unwrap_or_default();
        } else if is_named && closing.starts_with('}') {
            text.push_str(&"{".repeat(braces - 1));
            let known = Placeholder::ALL.iter().find(|(known, ..)| *known == name);
            let (_, value, _) = known.ok_or(TemplateError::Unknown(name))?;
            if !text.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut text)));
            }
            parts.push(Part::Value(*value));
            rest = closing.get(1..).unwrap_or_default();
        } else {
            text.push_str(&"{".repeat(braces));
            rest = inner;
        }
    }
    text.push_str(rest);
    if !text.is_empty() {
        parts.push(Part::Text(text));
    }
    Ok(parts)
}

/// Checks where a word has placeholders. `before` is the word before it.
fn check(word: &[Part], before: Option<&String>, is_behind_dashes: bool) -> Result<(), TemplateError> {
    let value = |part: &Part| match part {
        // A number does no harm anywhere.
        Part::Value(value) if *value != Placeholder::Count => Some(*value),
        _ => None,
    };
    let Some(first) = word.iter().find_map(value) else {
        return Ok(());
    };
    if let Some(option) = before.filter(|option| takes_script(option)) {
        return Err(TemplateError::Script { name: first.name(), option: option.clone() });
    }
    let begins = match word.first() {
        Some(Part::Value(value)) => value.is_any_text(),
        // The name of an option must not come from an article.
        Some(Part::Text(text)) => matches!(text.as_str(), "-" | "--") && first.is_any_text(),
        None => false,
    };
    if begins && !is_behind_dashes { Err(TemplateError::Option(first.name())) } else { Ok(()) }
}

/// Whether the argument of an option is a script, as in `perl -e` and the `-c` of shells, also together with other letters.
fn takes_script(option: &str) -> bool {
    let letters = option.strip_prefix('-').unwrap_or_default();
    !letters.is_empty() && letters.chars().all(|c| c.is_ascii_alphabetic()) && letters.ends_with(['c', 'e'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn filled(line: &str) -> Result<Vec<String>, String> {
        let template = ProgramTemplate::split(line).map_err(|error| format!("{error}; {}", error.hint()))?;
        let values = |value: Placeholder| vec![OsString::from(format!("<{} $(x)>", value.name()))];
        Ok(template.fill(values).into_iter().map(|word| word.into_string().expect("text")).collect())
    }

    #[test]
    fn placeholders_are_filled_within_their_words() {
        for (line, words) in [
            ("mpv {link}", vec!["mpv", "<link $(x)>"]),
            ("a --title={title} x{file}y", vec!["a", "--title=<title $(x)>", "x<file $(x)>y"]),
            ("a -- {title} {query}", vec!["a", "--", "<title $(x)>", "<query $(x)>"]),
            ("a -t{topics} {link}{link}", vec!["a", "-t<topics $(x)>", "<link $(x)><link $(x)>"]),
            (
                "a {{link}} {} {x y} '{print $1}' {Link} {",
                vec!["a", "{link}", "{}", "{x", "y}", "{print $1}", "{Link}", "{"],
            ),
            ("a x{{{link}}} {\"b\":{\"c\":1}}", vec!["a", "x{{link}}", "{b:{c:1}}"]),
            ("a -o '%(title)s.{{ext}}' {link}", vec!["a", "-o", "%(title)s.{ext}", "<link $(x)>"]),
        ] {
            assert_eq!(filled(line), Ok(words.into_iter().map(str::to_owned).collect()), "{line}");
        }
    }

    #[test]
    fn an_operator_of_a_shell_is_refused_unless_it_is_quoted() {
        for (line, sign) in [
            ("cat | wc", "|"),
            ("a 'b|c' \"d | e\" && f", "&&"),
            ("a > /tmp/x", ">"),
            ("a\t;\tb", ";"),
            ("a b\\'c | d", "|"),
        ] {
            let refused = filled(line).expect_err(line);
            assert!(refused.contains(&format!("`{sign}` needs a shell")), "{line}: {refused}");
        }
        for (line, words) in [
            ("grep 'a | b' x", vec!["grep", "a | b", "x"]),
            ("grep '|' \"&\" \\; x", vec!["grep", "|", "&", ";", "x"]),
            ("a 'it'\\''s | b' c", vec!["a", "it's | b", "c"]),
            ("a \"b\\\" | c\" d|e x=1&y", vec!["a", "b\" | c", "d|e", "x=1&y"]),
        ] {
            assert_eq!(filled(line), Ok(words.into_iter().map(str::to_owned).collect()), "{line}");
        }
    }

    #[test]
    fn text_of_articles_is_neither_a_program_nor_an_option_nor_a_script() {
        for (line, words) in [
            ("", "no program is named; write a program with its arguments: run: mpv {link}"),
            ("'' x", "no program is named; write a program with its arguments: run: mpv {link}"),
            ("a 'b", "a quote is not closed; ignored until fixed"),
            ("{link}", "the program is `{link}`, which comes from articles; write the name of a program first"),
            ("./{title} x", "the program is `./{title}`, which comes from articles; write the name of a program first"),
            ("a {titel}", "unknown placeholder `{titel}`; did you mean `title`?"),
            (
                "a {ext}",
                "unknown placeholder `{ext}`; write one of link, title, file, provider, topics, query, count, or {{ext}} for the \
                 word in braces",
            ),
        ] {
            assert_eq!(filled(line), Err(words.to_owned()), "{line}");
        }
        let hint = "write -- before it, or put it behind an option in one word: --title=";
        for (line, name) in [
            ("a {title}", "title"),
            ("a {provider}.md", "provider"),
            ("a -- x", ""),
            ("a -{topics}", "topics"),
            ("a --{query} --", "query"),
            ("a {title} --", "title"),
        ] {
            match name {
                "" => assert!(filled(line).is_ok()),
                name => {
                    let wrong = filled(line).expect_err("a problem");
                    assert!(wrong.starts_with(&format!("`{{{name}}}` begins an argument")), "{wrong}");
                    assert!(wrong.ends_with(&format!("{hint}{{{name}}}")), "{wrong}");
                }
            }
        }
        for line in ["sh -c 'mpv {link}'", "sh -lc {title}", "perl -e {link}", "x -- -c {file}", "x -pe a{title}"] {
            let wrong = filled(line).expect_err("a problem");
            assert!(wrong.contains("it would be a part of a script; use the variable $FRONTPAGE_"), "{wrong}");
        }
        assert!(filled("sh -c 'mpv \"$1\"' sh {link}").is_ok());
        assert!(filled("a -message '{count} new' -{count} {count}{title}").is_ok());
        assert!(filled("a -e {count}{title}").is_err());
    }

    #[test]
    fn a_program_for_several_articles_has_links_and_files_as_words() {
        let check = |line: &str| ProgramTemplate::split(line).expect("a program").check_for_several();
        assert_eq!(check("a {link} {file} -q={query} {count}-{count}"), Ok(()));
        for (line, name) in [("a x{link}", "link"), ("a -- {title}", "title"), ("a --t={topics}", "topics")] {
            assert_eq!(check(line), Err(TemplateError::Several(name)), "{line}");
        }
        let template = ProgramTemplate::split("a {link} -q={query} {link}").expect("a program");
        let values = |value: Placeholder| match value {
            Placeholder::Link => vec!["1".into(), "2".into()],
            _ => vec!["q".into()],
        };
        assert_eq!(template.fill(values), ["a", "1", "2", "-q=q", "1", "2"]);
    }

    proptest! {
        /// Whatever the words of the setting and the values are, a value starts no option, and adds no word.
        #[test]
        fn values_never_begin_an_option(words in prop::collection::vec("[-a{}c=]{0,3}(\\{title\\}|\\{link\\})?[-a}]{0,2}", 1..5)) {
            if let Ok(template) = ProgramTemplate::of_words(&words) {
                let value = |value: Placeholder| {
                    vec![OsString::from(if value == Placeholder::Link { "https://e.org/" } else { "-rf x\n$(y)" })]
                };
                let filled = template.fill(value);
                prop_assert_eq!(filled.len(), words.len());
                for (number, word) in filled.iter().enumerate() {
                    let word = word.to_str().expect("text");
                    let own = words[number].split("{title}").next().unwrap_or_default();
                    let is_behind = filled.iter().take(number).any(|word| word == "--");
                    if words[number].contains("{title}") && word.contains("-rf") && !is_behind {
                        prop_assert!(!own.is_empty() && own != "-" && own != "--", "{:?} {:?}", words, filled);
                    }
                }
            }
        }
    }
}
