//! Regexes: compiled once when the query is read, in a linear engine, with a limit to their size.

use regex::{Regex, RegexBuilder};

/// The largest compiled regex, in bytes.
const LARGEST: usize = 1 << 21;

/// Groups in groups that a regex may have.
const DEEPEST: u32 = 50;

/// Why a regex cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    /// The part of the source that is wrong, in bytes.
    pub span: Option<(usize, usize)>,
    /// What is wrong.
    pub what: String,
}

/// Reads a regex without compiling it, because only that says where it is wrong.
fn check(source: &str) -> Result<(), PatternError> {
    let error = match regex_syntax::ParserBuilder::new().nest_limit(DEEPEST).build().parse(source) {
        Ok(_) => return Ok(()),
        Err(error) => error,
    };
    let (span, what) = match &error {
        regex_syntax::Error::Parse(error) => (Some(error.span()), error.kind().to_string()),
        regex_syntax::Error::Translate(error) => (Some(error.span()), error.kind().to_string()),
        _ => (None, "this regex cannot be read".to_owned()),
    };
    let span = span.map(|span| (span.start.offset, span.end.offset));
    Err(PatternError { span, what: format!("in this regex: {what}") })
}

/// A regex of a query: `/gpt-?[34]/`. Two are the same when they are written the same.
#[derive(Clone, Debug)]
pub struct Pattern {
    source: String,
    exact: bool,
    regex: Regex,
    /// The same for many lines at once; none when it asks where the whole text begins or ends.
    lines: Option<Regex>,
}

impl Pattern {
    /// Compiles a regex. With `exact` it is looked for in the text as it stands; else in the folded text, and the pattern
    /// is folded too. The error says why not, and where in the source.
    pub fn new(source: &str, exact: bool) -> Result<Pattern, PatternError> {
        check(source)?;
        let folded = if exact { source.to_owned() } else { fold_pattern(source) };
        let build = |multi_line| {
            let mut builder = RegexBuilder::new(&folded);
            builder.case_insensitive(!exact).multi_line(multi_line).size_limit(LARGEST).nest_limit(DEEPEST).build()
        };
        let too_large = |_| PatternError { span: None, what: "this regex is too large".to_owned() };
        let lines = if exact || has_ends(&folded) { None } else { build(true).ok() };
        Ok(Pattern { source: source.to_owned(), exact, regex: build(false).map_err(too_large)?, lines })
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

    /// The compiled regex: for the text as it stands when [`Pattern::is_exact`], else for the folded text.
    pub fn regex(&self) -> &Regex {
        &self.regex
    }
}

/// Whether a regex asks for the beginning or the end of the whole text, even where `^` and `$` are those of a line.
fn has_ends(source: &str) -> bool {
    let parsed = regex_syntax::ParserBuilder::new().multi_line(true).nest_limit(DEEPEST).build().parse(source);
    parsed.map_or(true, |parsed| parsed.properties().look_set().contains_anchor_haystack())
}

/// Letters beyond ASCII are folded as the texts are; ASCII is left alone, since `\\W` is not `\\w`.
fn fold_pattern(source: &str) -> String {
    let mut folded = String::with_capacity(source.len());
    for c in source.chars() {
        match c {
            '"' => folded.push('\''),
            c if c.is_ascii() => folded.push(c),
            c if c.is_whitespace() => folded.push(' '),
            // A fullwidth parenthesis is one, and opens no group.
            c => folded.push_str(&regex::escape(&super::fold::fold(c.encode_utf8(&mut [0; 4])))),
        }
    }
    folded
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        self.source == other.source && self.exact == other.exact
    }
}

impl Eq for Pattern {}
