//! Regexes: compiled once when the query is read, in a linear engine, with a limit to their size.

use regex::{Regex, RegexBuilder};

/// The largest compiled regex, in bytes.
const LARGEST: usize = 1 << 21;

/// Groups in groups that a regex may have.
const MAX_DEPTH: u32 = 50;

/// Why a regex cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct RegexError {
    /// The part of the source that is wrong, in bytes.
    pub span: Option<(usize, usize)>,
    /// What is wrong.
    pub what: String,
}

/// Reads a regex without compiling it, because only that says where it is wrong.
fn check(source: &str) -> Result<(), RegexError> {
    let error = match regex_syntax::ParserBuilder::new().nest_limit(MAX_DEPTH).build().parse(source) {
        Ok(_) => return Ok(()),
        Err(error) => error,
    };
    let (span, what) = match &error {
        regex_syntax::Error::Parse(error) => (Some(error.span()), error.kind().to_string()),
        regex_syntax::Error::Translate(error) => (Some(error.span()), error.kind().to_string()),
        _ => (None, "this regex cannot be read".to_owned()),
    };
    let span = span.map(|span| (span.start.offset, span.end.offset));
    Err(RegexError { span, what: format!("in this regex: {what}") })
}

/// A regex of a query: `/gpt-?[34]/`. Two are the same when they are written the same.
#[derive(Clone, Debug)]
pub struct RegexPattern {
    source: String,
    exact: bool,
    regex: Regex,
    /// The same for many lines at once; none when it asks where the whole text begins or ends.
    lines: Option<Regex>,
}

impl RegexPattern {
    /// Compiles a regex. With `exact` it is looked for in the text as it stands; else in the folded text, and the pattern
    /// is folded too. The error says why not, and where in the source.
    pub fn new(source: &str, exact: bool) -> Result<RegexPattern, RegexError> {
        check(source)?;
        let folded = if exact { source.to_owned() } else { fold_pattern(source) };
        let build = |multi_line| {
            let mut builder = RegexBuilder::new(&folded);
            builder.case_insensitive(!exact).multi_line(multi_line).size_limit(LARGEST).nest_limit(MAX_DEPTH).build()
        };
        let too_large = |_| RegexError { span: None, what: "this regex is too large".to_owned() };
        let lines = if exact || has_ends(&folded) { None } else { build(true).ok() };
        Ok(RegexPattern { source: source.to_owned(), exact, regex: build(false).map_err(too_large)?, lines })
    }

    /// As it was written between the slashes.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// True when case and diacritics count: `/GPT/c`.
    pub fn is_exact(&self) -> bool {
        self.exact
    }

    /// Whether it stands in one of some folded lines, each of which ends with a line feed and is not empty.
    pub fn is_in_lines(&self, text: &str) -> bool {
        let Some(text) = text.strip_suffix('\n') else { return false };
        let in_one = || text.lines().any(|line| self.regex.is_match(line));
        match self.lines.as_ref().map(|lines| lines.find(text)) {
            // What crosses a line says only that there may be something.
            Some(Some(hit)) if hit.as_str().contains('\n') => in_one(),
            Some(hit) => hit.is_some(),
            None => in_one(),
        }
    }

    /// The compiled regex: for the text as it stands when [`RegexPattern::is_exact`], else for the folded text.
    pub fn regex(&self) -> &Regex {
        &self.regex
    }
}

/// Whether a regex asks for the beginning or the end of the whole text, even where `^` and `$` are those of a line.
fn has_ends(source: &str) -> bool {
    let parsed = regex_syntax::ParserBuilder::new().multi_line(true).nest_limit(MAX_DEPTH).build().parse(source);
    parsed.map_or(true, |parsed| parsed.properties().look_set().contains_anchor_haystack())
}

/// Letters beyond ASCII are folded as the texts are; ASCII is left alone, since `\\W` is not `\\w`. A letter that folds to
/// several is a group of them; in a class (`[aß]`), which means one letter at a time, another branch beside it: `(?:[a]|ss)`.
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
                // A fullwidth parenthesis is one, and opens no group.
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

/// A class of a regex that is being folded.
struct CharClass {
    /// Where it begins.
    start: usize,
    /// How many brackets are open.
    depth: usize,
    /// The letters in it that fold to several, each behind a `|`.
    branches: String,
}

impl CharClass {
    /// True when the bracket at the end of the text is the first sign of the class, and stands for itself.
    fn is_begun(&self, folded: &str) -> bool {
        self.branches.is_empty() && matches!(folded.get(self.start..), Some("[]" | "[^]"))
    }

    /// Puts the branches beside the class that ends here. One that excludes letters stays as it is.
    fn close(self, folded: &mut String) {
        let class = folded.split_off(self.start);
        match (self.branches.strip_prefix('|'), class.as_str()) {
            (None, _) => folded.push_str(&class),
            (Some(only), "[]") => folded.extend(["(?:", only, ")"]),
            (Some(_), excluding) if excluding.starts_with("[^") => {
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
    fn letters_that_fold_to_several_stay_one_of_a_pattern() {
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
