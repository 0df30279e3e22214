//! Regexes in queries, compiled once by an engine that runs in linear time, with a limit on their size.

use regex::{Regex, RegexBuilder};

/// Maximum size of a compiled regex in bytes.
const MAX_COMPILED_BYTES: usize = 1 << 21;

/// Maximum nesting of groups in a regex.
const MAX_DEPTH: u32 = 50;

/// Why a regex was rejected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct RegexError {
    /// Byte range of the wrong part of the source, if known.
    pub span: Option<(usize, usize)>,
    /// What is wrong.
    pub what: String,
}

/// Parses the source without compiling it: only the parser reports where an error is.
fn check(source: &str) -> Result<(), RegexError> {
    let error = match regex_syntax::ParserBuilder::new().nest_limit(MAX_DEPTH).build().parse(source) {
        Ok(_) => return Ok(()),
        Err(error) => error,
    };
    let (span, what) = match &error {
        regex_syntax::Error::Parse(error) => (Some(error.span()), error.kind().to_string()),
        regex_syntax::Error::Translate(error) => (Some(error.span()), error.kind().to_string()),
        _ => (None, "invalid regex".to_owned()),
    };
    let span = span.map(|span| (span.start.offset, span.end.offset));
    Err(RegexError { span, what: format!("invalid regex: {what}") })
}

/// A compiled regex of a query, such as `/gpt-?[34]/`. Two are equal if their sources are.
#[derive(Clone, Debug)]
pub struct RegexPattern {
    source: String,
    exact: bool,
    regex: Regex,
    /// The same regex in multi-line mode, to scan many lines at once. `None` if it uses anchors of the whole text.
    lines: Option<Regex>,
}

impl RegexPattern {
    /// Compiles a regex. With `exact` (`/…/c`) it matches the original text. Otherwise it matches folded text, so its letters
    /// are folded too. An error has the position in the source.
    pub fn new(source: &str, exact: bool) -> Result<RegexPattern, RegexError> {
        check(source)?;
        let folded = if exact { source.to_owned() } else { fold_pattern(source) };
        let build = |multi_line| {
            let mut builder = RegexBuilder::new(&folded);
            builder
                .case_insensitive(!exact)
                .multi_line(multi_line)
                .size_limit(MAX_COMPILED_BYTES)
                .nest_limit(MAX_DEPTH)
                .build()
        };
        // `check` has accepted the syntax: what fails now is the size.
        let too_large = |_| RegexError { span: None, what: "regex too large".to_owned() };
        // Without it (for example if it is too large) lines are matched one by one.
        let lines = if exact || has_ends(&folded) { None } else { build(true).ok() };
        Ok(RegexPattern { source: source.to_owned(), exact, regex: build(false).map_err(too_large)?, lines })
    }

    /// The source, without the slashes.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// True if case and diacritics count: `/GPT/c`.
    pub fn is_exact(&self) -> bool {
        self.exact
    }

    /// Whether the regex matches within one line of `text`: folded, non-empty lines, each ended by a line feed.
    pub fn is_in_lines(&self, text: &str) -> bool {
        // In multi-line mode `^$` would match behind the last line feed, which no line follows.
        let Some(text) = text.strip_suffix('\n') else { return false };
        let in_one = || text.lines().any(|line| self.regex.is_match(line));
        match self.lines.as_ref().map(|lines| lines.find(text)) {
            // A match across a line break does not count. Only then check the lines one by one.
            Some(Some(hit)) if hit.as_str().contains('\n') => in_one(),
            Some(hit) => hit.is_some(),
            None => in_one(),
        }
    }

    /// The compiled regex: for original text if [`RegexPattern::is_exact`], else for folded text.
    pub fn regex(&self) -> &Regex {
        &self.regex
    }
}

/// Whether a regex uses anchors of the whole text, which differ from `^` and `$` even in multi-line mode.
fn has_ends(source: &str) -> bool {
    // In this mode `^` and `$` are anchors of lines, so only `\A` and `\z` are left as anchors of the text.
    let parsed = regex_syntax::ParserBuilder::new().multi_line(true).nest_limit(MAX_DEPTH).build().parse(source);
    // If in doubt, lines are matched one by one: slower, but always right.
    parsed.map_or(true, |parsed| parsed.properties().look_set().contains_anchor_haystack())
}

/// Folds the letters of a regex as texts are folded. ASCII is left alone except for quotes, since `\\W` is not `\\w`. A letter
/// that folds to several becomes a group. In a character class, which matches one letter, it becomes an alternative: `[aß]` is
/// `(?:[a]|ss)`.
fn fold_pattern(source: &str) -> String {
    let mut folded = String::with_capacity(source.len());
    let (mut class, mut escaped) = (None::<CharClass>, false);
    for c in source.chars() {
        let is_sign = !escaped;
        escaped = c == '\\' && !escaped;
        match c {
            '"' => folded.push('\''),
            c if c.is_ascii() => {
                folded.push(c);
                match (c, &mut class) {
                    ('[', Some(class)) if is_sign => class.depth += 1,
                    ('[', None) if is_sign => {
                        class = Some(CharClass { start: folded.len() - 1, depth: 1, branches: String::new() })
                    }
                    (']', Some(open)) if is_sign && !open.is_begun(&folded) => {
                        open.depth -= 1;
                        if open.depth == 0 {
                            class.take().into_iter().for_each(|class| class.close(&mut folded));
                        }
                    }
                    _ => {}
                }
            }
            c if c.is_whitespace() => folded.push(' '),
            c => {
                let letters = super::text_folding::fold(c.encode_utf8(&mut [0; 4]));
                // A folded letter can be a syntax character: a fullwidth parenthesis must not open a group.
                let letters_alone = regex::escape(&letters);
                match &mut class {
                    _ if letters.chars().count() < 2 => folded.push_str(&letters_alone),
                    Some(class) => {
                        class.branches.push('|');
                        class.branches.push_str(&letters_alone);
                    }
                    None => folded.extend(["(?:", &letters_alone, ")"]),
                }
            }
        }
    }
    folded
}

/// A character class being folded.
struct CharClass {
    /// Byte offset of its opening bracket in the folded source.
    start: usize,
    /// Number of open brackets.
    depth: usize,
    /// Alternatives for letters that fold to several, each after a `|`.
    branches: String,
}

impl CharClass {
    /// Whether the closing bracket just added is the first character of the class: then it is a literal.
    fn is_begun(&self, folded: &str) -> bool {
        self.branches.is_empty() && matches!(folded.get(self.start..), Some("[]" | "[^]"))
    }

    /// Ends the class and adds its alternatives. A class that excludes letters drops them.
    fn close(self, folded: &mut String) {
        let class = folded.split_off(self.start);
        match (self.branches.strip_prefix('|'), class.as_str()) {
            (None, _) => folded.push_str(&class),
            (Some(only), "[]") => folded.extend(["(?:", only, ")"]),
            (Some(_), excluding) if excluding.starts_with("[^") => {
                // `[^ß]` excludes only `ss`, which is not one letter: every letter matches.
                folded.push_str(if excluding == "[^]" { "." } else { excluding });
            }
            (Some(_), _) => folded.extend(["(?:", &class, &self.branches, ")"]),
        }
    }
}

impl PartialEq for RegexPattern {
    fn eq(&self, other: &RegexPattern) -> bool {
        self.source == other.source && self.exact == other.exact
    }
}

impl Eq for RegexPattern {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_that_folds_to_several_stays_one_unit() {
        for (source, folded) in [
            ("é+", "e+"),
            ("ß+", "(?:ss)+"),
            ("gro[ßs]e", "gro(?:[s]|ss)e"),
            ("[ß]", "(?:ss)"),
            ("[æø]", "(?:[o]|ae)"),
            ("[]ß]", "(?:[]]|ss)"),
            ("[]é]", "[]e]"),
            ("[^ßa]", "[^a]"),
            ("[^ß]", "."),
            ("\\[ß\\]", "\\[(?:ss)\\]"),
        ] {
            assert_eq!(fold_pattern(source), folded, "{source}");
        }
        for (source, text, found) in [
            ("^gro[ßs]er$", "Großer", true),
            ("^gro[ßs]er$", "groser", true),
            ("^STRAß?E$", "strasse", true),
            ("^straß?e$", "strase", false),
            ("œuvre|Łódź", "oeuvre", true),
            ("œuvre|Łódź", "lodz", true),
        ] {
            let pattern = RegexPattern::new(source, false).expect("a pattern");
            assert_eq!(pattern.regex().is_match(&crate::query::fold(text)), found, "{source} in {text}");
        }
    }
}
