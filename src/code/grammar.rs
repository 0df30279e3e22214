//! Grammars: what the lexer must know of a language.

/// How the code of a language is split.
#[derive(Debug)]
pub enum Syntax {
    /// By words, strings and comments.
    Words(Grammar),
    /// The same for shells, whose code is often written with prompts.
    Shell(Grammar),
    /// Commands of a shell after prompts, and what they print.
    Console(&'static Grammar),
    /// By lines of a diff.
    Diff,
    /// By lines of Markdown.
    Markdown,
    /// Tags, attributes and templates.
    Markup,
}

/// Where the mark of a line comment begins one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommentPlace {
    /// Everywhere outside of strings.
    Anywhere,
    /// After a blank, or at the beginning of a line: `$#` and `a#b` are no comments.
    AfterBlank,
    /// At the beginning of a line, after blanks.
    LineStart,
}

/// What is a key, and shown as a keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// Nothing.
    None,
    /// Words before `:` and a blank, at the beginning of a line.
    Colon,
    /// Words before `=` at the beginning of a line, and headings in brackets.
    Equals,
    /// Strings before `:`.
    Strings,
    /// Words before `:` at the beginning of a line and after `{` or `;`.
    Properties,
}

/// A kind of string.
#[derive(Clone, Copy, Debug)]
pub struct StringRule {
    /// How it begins.
    pub open: &'static str,
    /// How it ends.
    pub close: &'static str,
    /// A backslash keeps the next character from ending it.
    pub escapes: bool,
    /// It may contain line ends. Otherwise it ends with its line at the latest.
    pub spans_lines: bool,
}

const fn rule(quote: &'static str, escapes: bool, spans_lines: bool) -> StringRule {
    StringRule { open: quote, close: quote, escapes, spans_lines }
}

/// A string on one line, with escapes.
pub const fn short(quote: &'static str) -> StringRule {
    rule(quote, true, false)
}

/// A string on one line, without escapes.
pub const fn literal(quote: &'static str) -> StringRule {
    rule(quote, false, false)
}

/// A string on any number of lines, with escapes.
pub const fn long(quote: &'static str) -> StringRule {
    rule(quote, true, true)
}

/// A string on any number of lines, without escapes.
pub const fn raw(open: &'static str, close: &'static str) -> StringRule {
    StringRule { open, close, escapes: false, spans_lines: true }
}

/// A language by words, strings and comments.
#[derive(Debug)]
pub struct Grammar {
    /// Marks before comments that end with their line.
    pub line_comments: &'static [&'static str],
    /// Where these marks count.
    pub comment_place: CommentPlace,
    /// Beginnings and ends of comments on any number of lines.
    pub block_comments: &'static [(&'static str, &'static str)],
    /// Such comments may contain others.
    pub nests_comments: bool,
    /// Kinds of strings; of two that begin alike, the longer first.
    pub strings: &'static [StringRule],
    /// Words that belong to the string after them: `b"…"`.
    pub string_prefixes: &'static str,
    /// Keywords, separated by blanks; in lower case if `any_case` is set.
    pub keywords: &'static str,
    /// Keywords are found in any case.
    pub any_case: bool,
    /// ASCII characters that belong to words, besides letters, digits and `_`.
    pub word_marks: &'static str,
    /// ASCII characters that make a keyword of the word after them: `@media`.
    pub sigils: &'static str,
    /// What is a key.
    pub keys: Keys,
    /// What else the language has.
    pub quirks: Quirks,
}

/// Rare constructs of languages.
#[derive(Clone, Copy, Debug)]
pub struct Quirks {
    /// `'a'` is a character, and any other `'` is not a quote: lifetimes, primes, type variables.
    pub characters: bool,
    /// `r"…"`, `r#"…"#` and more signs.
    pub hashed_strings: bool,
    /// `/…/` where a value is expected.
    pub regexes: bool,
    /// `<<WORD` and lines up to `WORD`.
    pub heredocs: bool,
    /// `#` and hexadecimal digits are a number.
    pub hex_colours: bool,
    /// A quote after a word is not the beginning of a string: `don't`.
    pub apostrophes: bool,
}

impl Quirks {
    /// None of them.
    pub const NONE: Quirks = Quirks {
        characters: false,
        hashed_strings: false,
        regexes: false,
        heredocs: false,
        hex_colours: false,
        apostrophes: false,
    };
}

impl Grammar {
    /// Numbers, and strings in double quotes.
    pub const BASE: Grammar = Grammar {
        line_comments: &[],
        comment_place: CommentPlace::Anywhere,
        block_comments: &[],
        nests_comments: false,
        strings: &[short("\"")],
        string_prefixes: "",
        keywords: "",
        any_case: false,
        word_marks: "",
        sigils: "",
        keys: Keys::None,
        quirks: Quirks::NONE,
    };
}
