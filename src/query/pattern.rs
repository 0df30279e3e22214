//! Regexes: compiled once when the query is read, in a linear engine, with a limit to their size.

use regex::{Regex, RegexBuilder};

/// The largest compiled regex, in bytes.
const LARGEST: usize = 1 << 18;

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
}

impl Pattern {
    /// Compiles a regex. With `exact` it is looked for in the text as it stands; else in the folded text, and the pattern
    /// is folded too. The error says why not, and where in the source.
    pub fn new(source: &str, exact: bool) -> Result<Pattern, PatternError> {
        check(source)?;
        let folded = if exact { source.to_owned() } else { fold_pattern(source) };
        let regex = RegexBuilder::new(&folded).case_insensitive(!exact).size_limit(LARGEST).nest_limit(DEEPEST).build();
        let regex = regex.map_err(|_| PatternError { span: None, what: "this regex is too large".to_owned() })?;
        Ok(Pattern { source: source.to_owned(), exact, regex })
    }

    /// As it was written between the slashes.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// True when case and diacritics count: `/GPT/c`.
    pub fn is_exact(&self) -> bool {
        self.exact
    }

    /// The compiled regex: for the text as it stands when [`Pattern::is_exact`], else for the folded text.
    pub fn regex(&self) -> &Regex {
        &self.regex
    }
}

/// Letters beyond ASCII are folded as the texts are; ASCII is left alone, since `\\W` is not `\\w`.
fn fold_pattern(source: &str) -> String {
    let mut folded = String::with_capacity(source.len());
    for c in source.chars() {
        match c {
            '"' => folded.push('\''),
            c if c.is_ascii() => folded.push(c),
            c => folded.push_str(&super::fold::fold(c.encode_utf8(&mut [0; 4]))),
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
