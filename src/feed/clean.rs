//! The one door for text from outside: what passed it may be drawn, printed or logged.
//!
//! Articles come from strangers. A title may hold an escape sequence that rewrites the screen, a bidi override that makes
//! `exe.fdp` of `pdf.exe`, or ten thousand combining marks in one cell. [`SafeText`] is text in which none of that is left,
//! and only this file can make one. The drawing and printing rooms take nothing else (and the program's own words, which
//! are `&'static str`), so text that was not cleaned does not compile where it could be seen.

use std::borrow::Cow;
use std::fmt;
use std::path::Path;

use memchr::memchr;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

/// Combining marks that one base character may carry; Vietnamese needs 2, Hebrew with cantillation 4.
const MAX_MARKS_PER_CLUSTER: usize = 8;
/// Bytes that one grapheme cluster, hence one cell of the screen, may hold; a family of four emoji is 25.
const MAX_BYTES_PER_CLUSTER: usize = 64;
/// Cut for a message that quotes outside text, in characters.
const MAX_QUOTE_CHARS: usize = 80;

/// Text that may be shown: no control, bidi, invisible, tag or private-use character, clusters of bounded size.
///
/// One line: runs of white space are single blanks. [`text`] makes the one variety that keeps line feeds.
///
/// Text from outside does not become showable by itself:
///
/// ```compile_fail
/// let shown = frontpage::feed::SafeText("\u{1b}[2J".into());
/// ```
///
/// ```compile_fail
/// let title = String::from("\u{1b}[2J");
/// let span = frontpage::text::span(title.as_str(), Default::default());
/// ```
///
/// ```compile_fail
/// println!("{}", frontpage::feed::UntrustedText::new("\u{1b}[2J"));
/// ```
///
/// ```compile_fail
/// struct Own(String);
///
/// impl frontpage::feed::IntoSafeText<'static> for Own {
///     fn into_safe(self) -> std::borrow::Cow<'static, str> {
///         self.0.into()
///     }
/// }
/// ```
///
/// ```
/// let title = String::from("a\u{1b}[2Jb");
/// let span = frontpage::text::span(frontpage::feed::clean::line(&title), Default::default());
/// assert_eq!(span.content, "ab");
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SafeText(Box<str>);

impl SafeText {
    /// The text, safe for a terminal.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True when nothing is left to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl From<&'static str> for SafeText {
    /// The program's own words.
    fn from(own: &'static str) -> SafeText {
        SafeText(own.into())
    }
}

mod sealed {
    /// Only this file says what is safe.
    pub trait Sealed {}
}

impl sealed::Sealed for SafeText {}
impl sealed::Sealed for &SafeText {}
impl sealed::Sealed for &'static str {}

/// What the drawing and printing rooms accept: cleaned text, or the program's own words.
pub trait IntoSafeText<'a>: sealed::Sealed {
    /// The text, borrowed where that is possible.
    fn into_safe(self) -> Cow<'a, str>;
}

impl<'a> IntoSafeText<'a> for &'a SafeText {
    fn into_safe(self) -> Cow<'a, str> {
        Cow::Borrowed(&self.0)
    }
}

impl<'a> IntoSafeText<'a> for SafeText {
    fn into_safe(self) -> Cow<'a, str> {
        Cow::Owned(self.0.into())
    }
}

impl<'a> IntoSafeText<'a> for &'static str {
    fn into_safe(self) -> Cow<'a, str> {
        Cow::Borrowed(self)
    }
}

/// Text as it stood in a file: it cannot be displayed, compared with shown text or formatted, only handed to a parser.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct UntrustedText(Box<str>);

impl UntrustedText {
    /// Keeps text from outside without looking at it.
    pub fn new(text: &str) -> UntrustedText {
        UntrustedText(text.into())
    }

    /// The text as it came, **for parsers only**: what they find must pass [`line()`], [`plain_line`] or [`text`] to be seen.
    pub fn untrusted(&self) -> &str {
        &self.0
    }

    /// True when there is nothing but white space.
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl fmt::Debug for UntrustedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UntrustedText({} bytes)", self.0.len())
    }
}

/// One line for show: HTML entities plain_line (also twice encoded ones, which real feeds hold), then cleaned, blanks folded.
pub fn line(raw: &str) -> SafeText {
    if memchr(b'&', raw.as_bytes()).is_none() {
        return plain_line(raw);
    }
    let once = html_escape::decode_html_entities(raw);
    let twice = html_escape::decode_html_entities(&once);
    plain_line(&twice)
}

/// One line for show from text whose entities are plain_line already: program messages and what a Markdown parser hands out.
pub fn plain_line(raw: &str) -> SafeText {
    SafeText(clean(raw, Whitespace::Collapse).into())
}

/// A run of text inside a line: cleaned like [`plain_line`], but blanks at its ends stay, because words follow.
pub fn run(raw: &str) -> SafeText {
    SafeText(clean(raw, Whitespace::CollapseKeepEnds).into())
}

/// Several lines for show: line ends become LF, tabs four blanks, all else as in [`plain_line`]. For code and plain listings.
pub fn text(raw: &str) -> SafeText {
    SafeText(clean(raw, Whitespace::KeepLines).into())
}

/// Cleaned texts as one, with words of the program's own between them.
pub fn join(words: &[SafeText], between: &'static str) -> SafeText {
    plain_line(&words.iter().map(SafeText::as_str).collect::<Vec<_>>().join(between))
}

/// A file name for show; bytes that are not UTF-8 become U+FFFD.
pub fn path(path: &Path) -> SafeText {
    plain_line(&path.to_string_lossy())
}

/// A piece of outside text inside a message: cleaned and cut with `…`.
pub fn quote(raw: &str) -> SafeText {
    let shown = plain_line(raw);
    match shown.0.char_indices().nth(MAX_QUOTE_CHARS) {
        Some((end, _)) => SafeText(format!("{}…", &shown.0[..end]).into()),
        None => shown,
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Whitespace {
    /// Runs become one blank, none at the ends.
    Collapse,
    /// Runs become one blank, also at the ends.
    CollapseKeepEnds,
    /// Line feeds stay, blanks stay, tabs become four.
    KeepLines,
}

fn clean(raw: &str, whitespace: Whitespace) -> String {
    if is_clean(raw, whitespace) {
        raw.to_owned()
    } else {
        collapse_whitespace(raw, whitespace).unwrap_or_else(|| clean_fully(raw, whitespace))
    }
}

fn clean_fully(raw: &str, whitespace: Whitespace) -> String {
    let capped = cap_clusters(&strip(raw, whitespace), whitespace);
    match whitespace {
        Whitespace::Collapse => capped.trim_matches(' ').to_owned(),
        Whitespace::CollapseKeepEnds | Whitespace::KeepLines => capped,
    }
}

/// True when it is plain to see that cleaning would change nothing: the usual case, which needs no copy character by
/// character. A whole pass over the bytes without a branch in it is faster than looking for the first odd one.
fn is_clean(raw: &str, whitespace: Whitespace) -> bool {
    let bytes = raw.as_bytes();
    let keeps_lines = whitespace == Whitespace::KeepLines;
    let is_control = |b: u8| ((b < b' ') & !(keeps_lines & (b == b'\n'))) | (b == 0x7f);
    let is_doubled = |a: u8, b: u8| !keeps_lines & (a == b' ') & (b == b' ');
    let Some((first, rest)) = bytes.split_first() else { return true };
    let (mut odd, mut bits) = (is_control(*first), *first);
    for (a, b) in bytes.iter().zip(rest) {
        odd |= is_control(*b) | is_doubled(*a, *b);
        bits |= b;
    }
    !odd && (whitespace != Whitespace::Collapse || !(bytes.starts_with(b" ") || bytes.ends_with(b" ")))
        && (bits < 0x80 || raw.chars().all(is_single_cluster))
}

/// Text of which nothing but blanks is to be cleaned: what most feeds have that is not clean. None for any other text.
fn collapse_whitespace(raw: &str, whitespace: Whitespace) -> Option<String> {
    if whitespace == Whitespace::KeepLines {
        return None;
    }
    let mut out = String::with_capacity(raw.len());
    for c in raw.chars() {
        match c {
            '\t'..='\r' | ' ' | '\u{a0}' => {
                if !(out.ends_with(' ') || (out.is_empty() && whitespace == Whitespace::Collapse)) {
                    out.push(' ');
                }
            }
            c if is_single_cluster(c) && !c.is_ascii_control() => out.push(c),
            _ => return None,
        }
    }
    if whitespace == Whitespace::Collapse && out.ends_with(' ') {
        out.pop();
    }
    Some(out)
}

/// Characters of common scripts that are seen, are no blanks, and are a cluster of their own whatever their neighbours are,
/// as long as those are of this kind too; also those of ASCII. By far not all such characters.
fn is_single_cluster(c: char) -> bool {
    matches!(c,
        '\0'..='\u{7f}'
        | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{2ff}' // Latin
        | '\u{391}'..='\u{3a1}' | '\u{3a3}'..='\u{3ff}' | '\u{400}'..='\u{482}' | '\u{48a}'..='\u{52f}' // Greek, Cyrillic
        | '\u{1e00}'..='\u{1eff}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{20a0}'..='\u{20c0}'
        | '\u{2100}'..='\u{23ff}' | '\u{2500}'..='\u{27bf}' // letters as signs, numbers, arrows, mathematics, boxes
        | '\u{3000}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{309d}'..='\u{30ff}' // kana
        | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{ff01}'..='\u{ff5e}') // ideographs, Hangul
}

fn strip(raw: &str, whitespace: Whitespace) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut chars = raw.char_indices().peekable();
    let mut skip_to = 0;
    while let Some((at, c)) = chars.next() {
        if at < skip_to {
            continue;
        }
        if let Some(length) = sequence_length(&raw[at..]) {
            skip_to = at + length;
            continue;
        }
        match c {
            '\r' if whitespace == Whitespace::KeepLines && chars.peek().is_some_and(|&(_, next)| next == '\n') => {}
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' if whitespace == Whitespace::KeepLines => out.push('\n'),
            '\t' if whitespace == Whitespace::KeepLines => out.push_str("    "),
            ' ' if whitespace == Whitespace::KeepLines => out.push(' '),
            '\u{3000}' => out.push(c), // the ideographic blank has a width of its own
            c if c.is_whitespace() => out.push(' '),
            '\u{200d}' => {
                let next = chars.peek().map(|&(_, next)| next);
                if out.chars().next_back().is_some_and(joins_emoji) && next.is_some_and(is_emoji) {
                    out.push(c);
                }
            }
            '\u{fe0f}' => {
                if out.chars().next_back().is_some_and(takes_emoji_style) {
                    out.push(c);
                }
            }
            c if is_hidden(c) => {}
            c => out.push(c),
        }
    }
    out
}

/// Bytes of the terminal control sequence at the start of `s`, when one stands there (ECMA-48, 7 and 8 bit forms).
fn sequence_length(s: &str) -> Option<usize> {
    let mut chars = s.char_indices();
    let (_, first) = chars.next()?;
    let introducer = match first {
        '\u{1b}' => chars.next().map(|(_, c)| c).unwrap_or(' '),
        '\u{90}' | '\u{98}' | '\u{9b}' | '\u{9d}' | '\u{9e}' | '\u{9f}' => {
            char::from_u32(first as u32 - 0x40).unwrap_or(' ')
        }
        _ => return None,
    };
    let after = chars.as_str();
    let start = s.len() - after.len();
    match introducer {
        '[' => Some(start + control_sequence(after)),
        ']' | 'P' | 'X' | '^' | '_' => Some(start + control_string(after)),
        ' '..='/' if first == '\u{1b}' => {
            let middle = after.find(|c| !(' '..='/').contains(&c)).unwrap_or(after.len());
            let last = after[middle..].chars().next().filter(|c| ('0'..='~').contains(c)).map_or(0, char::len_utf8);
            Some(start + middle + last)
        }
        '0'..='~' => Some(start),
        _ => Some(first.len_utf8()),
    }
}

/// Parameters, intermediates and the final byte behind `CSI`.
fn control_sequence(after: &str) -> usize {
    let end = after.find(|c| !(' '..='?').contains(&c)).unwrap_or(after.len());
    end + after[end..].chars().next().filter(|c| ('@'..='~').contains(c)).map_or(0, char::len_utf8)
}

/// A string up to BEL or ST. One that is never closed is text: only its introducer goes, so that no words are lost.
fn control_string(after: &str) -> usize {
    let ends = [("\u{7}", 1), ("\u{1b}\\", 2), ("\u{9c}", 2)];
    ends.iter().filter_map(|(end, length)| after.find(end).map(|at| at + length)).min().unwrap_or(0)
}

/// Characters that are not seen or that change how others are seen.
pub fn is_hidden(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' // controls
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e000}'..='\u{f8ff}' // private use: glyphs that only some fonts have
        | '\u{fdd0}'..='\u{fdef}'
        | '\u{e0000}'..='\u{10ffff}') // tags, more variation selectors, private planes
        || (c as u32) & 0xfffe == 0xfffe
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{21ff}'
        | '\u{2300}'..='\u{23ff}' | '\u{24c2}' | '\u{25a0}'..='\u{27bf}' | '\u{2934}' | '\u{2935}'
        | '\u{2b00}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1faff}')
}

fn joins_emoji(c: char) -> bool {
    is_emoji(c) || c == '\u{fe0f}'
}

fn takes_emoji_style(c: char) -> bool {
    is_emoji(c) || matches!(c, '0'..='9' | '#' | '*')
}

/// Bounds what one cell can hold, drops marks that have no base and would sit on the program's own text, folds blanks.
fn cap_clusters(s: &str, whitespace: Whitespace) -> String {
    let mut out = String::with_capacity(s.len());
    for cluster in s.graphemes(true) {
        let end = out.len();
        let mut marks = 0;
        for c in cluster.chars() {
            if c == ' ' && out.ends_with(' ') && whitespace != Whitespace::KeepLines {
                continue;
            }
            if is_combining_mark(c) {
                marks += 1;
                if marks > MAX_MARKS_PER_CLUSTER || out.is_empty() || out.ends_with(['\n', ' ']) {
                    continue;
                }
            }
            if out.len() - end + c.len_utf8() > MAX_BYTES_PER_CLUSTER {
                break;
            }
            out.push(c);
        }
        // Of a chain that was cut no joiner stays: it would draw in what comes next.
        while out.len() > end && out.ends_with('\u{200d}') {
            out.pop();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_line() {
        for (raw, shown) in [
            ("plain", "plain"),
            ("  two   blanks ", "two blanks"),
            ("a\tb\r\nc", "a b c"),
            ("Ash &amp; Don", "Ash & Don"),
            ("we&amp;#39;re", "we're"),
            ("a&#27;[2Jb", "a&#27;[2Jb"), // an entity that means a control stays as it is written
            ("a&amp;#27;[2Jb", "a&#27;[2Jb"),
            ("\u{301} a \u{301} b", "a b"),
            ("a\u{1b}[31mred\u{1b}[0m", "ared"),
            ("a\u{1b}]0;title\u{7}b", "ab"),
            ("a\u{1b}]0;title\u{1b}\\b", "ab"),
            ("a\u{9b}31mb", "ab"),
            ("a\u{9d}52;c;aGk=\u{9c}b", "ab"),
            ("a\u{1b}]never closed", "anever closed"),
            ("a\u{1b}Pq#1\u{1b}\\b", "ab"),
            ("a\u{1b}(0b", "ab"),
            ("a\u{1b}cb", "ab"),
            ("a\u{1b}", "a"),
            ("a\u{1b}[", "a"),
            ("bell\u{7}s", "bells"),
            ("exe\u{202e}fdp", "exefdp"),
            ("zero\u{200b}width\u{feff}", "zerowidth"),
            ("soft\u{ad}hyphen", "softhyphen"),
            ("line\u{2028}separator", "line separator"),
            ("tag\u{e0041}s", "tags"),
            ("private\u{e0b0}use", "privateuse"),
            ("\u{301}no base", "no base"),
            ("שלום עולם", "שלום עולם"),
            ("مرحبا بالعالم", "مرحبا بالعالم"),
            ("日本語　テキスト", "日本語　テキスト"),
            ("한국어", "한국어"),
            ("ภาษาไทย", "ภาษาไทย"),
            ("👨‍👩‍👧‍👦 ❤️ 🇫🇷 1️⃣", "👨‍👩‍👧‍👦 ❤️ 🇫🇷 1️⃣"),
            ("a\u{200d}b\u{fe0f}", "ab"),
        ] {
            assert_eq!(line(raw).as_str(), shown, "{raw:?}");
        }
    }

    #[test]
    fn text_keeps_line_ends() {
        assert_eq!(text("a\r\n\tb\rc\u{85}d\n").as_str(), "a\n    b\nc\nd\n");
        assert_eq!(text("a\u{1b}[2J\nb").as_str(), "a\nb");
    }

    #[test]
    fn runs_keep_the_blanks_at_their_ends() {
        assert_eq!(run(" a\t ").as_str(), " a ");
    }

    #[test]
    fn a_cell_is_bounded() {
        let zalgo = format!("e{}", "\u{301}".repeat(100_000));
        assert!(line(&zalgo).as_str().chars().count() <= 1 + MAX_MARKS_PER_CLUSTER);
        let chain = "👩\u{200d}".repeat(1000) + "👩";
        assert!(line(&chain).as_str().graphemes(true).all(|cluster| cluster.len() <= MAX_BYTES_PER_CLUSTER));
        assert!(line(&chain).as_str().ends_with('👩'));
    }

    #[test]
    fn quotes_are_cut() {
        assert_eq!(quote(&"x".repeat(500)).as_str().chars().count(), MAX_QUOTE_CHARS + 1);
    }

    #[test]
    fn what_stands_alone_is_a_cluster_and_seen() {
        let alone: Vec<char> = ('\u{80}'..=char::MAX).filter(|c| is_single_cluster(*c)).collect();
        for c in &alone {
            assert!(!is_hidden(*c) && !is_combining_mark(*c) && (*c == '\u{3000}' || !c.is_whitespace()), "{c:?}");
            for twice in [format!("{c}{c}"), format!("a{c}"), format!("{c}가")] {
                assert_eq!(twice.graphemes(true).count(), 2, "{c:?}");
            }
        }
        assert!(alone.len() > 30_000);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn the_short_ways_lead_where_the_long_one_does(raw in harmless()) {
            for whitespace in [Whitespace::Collapse, Whitespace::CollapseKeepEnds, Whitespace::KeepLines] {
                if is_clean(&raw, whitespace) {
                    prop_assert_eq!(&clean_fully(&raw, whitespace), &raw);
                }
                if let Some(folded) = collapse_whitespace(&raw, whitespace) {
                    prop_assert_eq!(folded, clean_fully(&raw, whitespace));
                }
            }
            let twice = html_escape::decode_html_entities(&raw).into_owned();
            prop_assert_eq!(line(&raw), plain_line(&html_escape::decode_html_entities(&twice)));
        }
    }

    proptest! {
        #[test]
        fn nothing_hidden_is_left_and_cleaning_again_changes_nothing(raw in hostile()) {
            for shown in [line(&raw), plain_line(&raw), run(&raw), text(&raw)] {
                for c in shown.as_str().chars() {
                    prop_assert!(!is_hidden(c) || matches!(c, '\u{200d}' | '\u{fe0f}' | '\n'), "{c:?} of {raw:?}");
                }
                prop_assert!(shown.as_str().graphemes(true).all(|cluster| cluster.len() <= MAX_BYTES_PER_CLUSTER));
            }
            let once = plain_line(&raw);
            prop_assert_eq!(&plain_line(once.as_str()), &once);
        }
    }

    /// Texts of which many are clean.
    fn harmless() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            "[ -~]{0,20}",
            "[ -~\\n\u{a0}-\u{52f}]{0,5}",
            any::<char>().prop_filter("alone", |c| is_single_cluster(*c)).prop_map(String::from),
            (0..0x1_0000u32).prop_map(|c| char::from_u32(c)
                .filter(|c| is_single_cluster(*c))
                .map(String::from)
                .unwrap_or_default()),
            (0..0x3100u32).prop_map(|c| char::from_u32(c).map(String::from).unwrap_or_default()),
            Just("&amp;".to_owned()),
            Just(" ".to_owned()),
            Just("\r\n".to_owned()),
            Just("각".to_owned()),
        ];
        proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
    }

    fn hostile() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("\u{1b}[".to_owned()),
            Just("\u{1b}]0;".to_owned()),
            Just("\u{9b}".to_owned()),
            Just("\u{202e}".to_owned()),
            Just("\u{7}".to_owned()),
            Just("\u{200d}".to_owned()),
            Just("\u{fe0f}".to_owned()),
            Just("👩".to_owned()),
            Just("e\u{301}\u{301}".to_owned()),
            Just(" \t\n".to_owned()),
            Just("&#27;".to_owned()),
            Just("ab;2J".to_owned()),
            any::<char>().prop_map(String::from),
        ];
        proptest::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
    }
}
