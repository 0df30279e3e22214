//! Cleans untrusted text, so that it may be drawn, printed or logged.
//!
//! Articles come from strangers. A title may contain an escape sequence that rewrites the screen, a bidi override that shows
//! `pdf.exe` as `exe.fdp`, or ten thousand combining marks in one cell. [`SafeText`] is text without any of that, and only this
//! file can create one. The modules that draw and print accept nothing else, except the program's own words, which are
//! `&'static str`. So code that would show uncleaned text does not compile.

use std::borrow::Cow;
use std::fmt;
use std::path::Path;

use memchr::memchr;
use serde::{Deserialize, Serialize};
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

/// Limit of combining marks on one base character. Vietnamese needs 2, Hebrew with cantillation 4.
const MAX_MARKS_PER_CLUSTER: usize = 8;
/// Limit of bytes in one grapheme cluster, hence in one cell of the screen. The emoji of a family of four has 25.
const MAX_BYTES_PER_CLUSTER: usize = 64;
/// Limit of characters that a message quotes from untrusted text, see [`quote`].
const MAX_QUOTE_CHARS: usize = 80;

/// Text that is safe to show: without control, bidi, invisible, tag or private-use characters, and with clusters of bounded size.
///
/// It is one line, and runs of white space are single blanks; only [`text`] and [`text_with_tabs`] keep line feeds and blanks.
///
/// Untrusted text does not convert by itself:
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

    /// True if the text is empty.
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
    /// The program's own words need no cleaning.
    fn from(own: &'static str) -> SafeText {
        SafeText(own.into())
    }
}

mod sealed {
    /// Keeps other modules from declaring their types safe.
    pub trait Sealed {}
}

impl sealed::Sealed for SafeText {}
impl sealed::Sealed for &SafeText {}
impl sealed::Sealed for &'static str {}

/// Text that may be drawn or printed: cleaned text, or the program's own words.
pub trait IntoSafeText<'a>: sealed::Sealed {
    /// The text, borrowed if possible.
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

/// Text as it is in a file. It cannot be displayed, formatted or compared with [`SafeText`], only passed to a parser, or in a frame
/// to another process of this program.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UntrustedText(Box<str>);

impl UntrustedText {
    /// Wraps text without checking it.
    pub fn new(text: &str) -> UntrustedText {
        UntrustedText(text.into())
    }

    /// Wraps text without checking it, and without copying it.
    pub fn from_string(text: String) -> UntrustedText {
        UntrustedText(text.into_boxed_str())
    }

    /// The raw text, **for parsers only**: what they find must pass [`line()`], [`plain_line`] or [`text`] before display.
    pub fn untrusted(&self) -> &str {
        &self.0
    }

    /// True if the text is empty or only white space.
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl fmt::Debug for UntrustedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Debug output may reach a log or a terminal.
        write!(f, "UntrustedText({} bytes)", self.0.len())
    }
}

/// Cleans one line that may contain HTML entities: decodes them, then cleans as [`plain_line`].
pub fn line(raw: &str) -> SafeText {
    if memchr(b'&', raw.as_bytes()).is_none() {
        return plain_line(raw);
    }
    // Real feeds contain entities that were encoded twice: `we&amp;#39;re`.
    let once = html_escape::decode_html_entities(raw);
    let twice = html_escape::decode_html_entities(&once);
    plain_line(&twice)
}

/// Cleans one line and collapses white space. HTML entities stay as they are, so this is for program messages, and for text
/// whose entities are decoded already, such as the output of a Markdown parser.
pub fn plain_line(raw: &str) -> SafeText {
    SafeText(clean(raw, Whitespace::Collapse).into())
}

/// Cleans a part of a line as [`plain_line`], but keeps a blank at each end, because other text follows.
pub fn run(raw: &str) -> SafeText {
    SafeText(clean(raw, Whitespace::CollapseKeepEnds).into())
}

/// Cleans several lines: line ends become LF, a tab becomes four blanks, and runs of blanks stay. For code and plain listings.
pub fn text(raw: &str) -> SafeText {
    SafeText(clean(raw, Whitespace::KeepLines).into())
}

/// Cleans several lines as [`text`], but keeps tabs: for code that is copied. A tab has no width of its own, so it must not be drawn.
pub fn text_with_tabs(raw: &str) -> SafeText {
    let parts: Vec<String> = raw.split('\t').map(|part| clean(part, Whitespace::KeepLines)).collect();
    SafeText(parts.join("\t").into())
}

/// Cleans a part of a text as [`text`], without a copy if it is plain ASCII. What it returns is for parsers and writers: parts that
/// are put together again are cleaned as a whole before they are shown.
pub fn text_in_parts(raw: &str) -> Cow<'_, str> {
    match raw.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) {
        true => Cow::Borrowed(raw),
        false => Cow::Owned(clean(raw, Whitespace::KeepLines)),
    }
}

/// Joins cleaned texts with a separator.
pub fn join(words: &[SafeText], between: &'static str) -> SafeText {
    plain_line(&words.iter().map(SafeText::as_str).collect::<Vec<_>>().join(between))
}

/// Cleans a path; bytes that are not UTF-8 become U+FFFD.
pub fn path(path: &Path) -> SafeText {
    plain_line(&path.to_string_lossy())
}

/// Cleans untrusted text that a message quotes, and cuts it after 80 characters with `…`.
pub fn quote(raw: &str) -> SafeText {
    let shown = plain_line(raw);
    match shown.0.char_indices().nth(MAX_QUOTE_CHARS) {
        Some((end, _)) => SafeText(format!("{}…", &shown.0[..end]).into()),
        None => shown,
    }
}

/// What cleaning does with white space.
#[derive(Clone, Copy, PartialEq)]
enum Whitespace {
    /// Runs become one blank, and none at the ends.
    Collapse,
    /// Runs become one blank, also at the ends.
    CollapseKeepEnds,
    /// Line feeds and blanks stay; a tab becomes four blanks.
    KeepLines,
}

/// Cleans a text. Two fast paths give the same result for most texts; [`clean_fully`] handles the others.
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
        // Last, since a removed character may leave a blank at an end.
        Whitespace::Collapse => capped.trim_matches(' ').to_owned(),
        Whitespace::CollapseKeepEnds | Whitespace::KeepLines => capped,
    }
}

/// True if a quick check shows that cleaning would not change the text, which is the usual case. False means "unknown".
///
/// A branch-free pass over all bytes is faster than a search for the first byte to clean.
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

/// The second fast path: collapses white space in a text that needs no other cleaning, as most unclean texts of real feeds do.
/// `None` for any other text.
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

/// True for ASCII and for characters of common scripts that are visible, are not white space, and never join a cluster with a
/// neighbour of this kind. The list is far from complete: other characters take the slow path.
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

/// Removes control sequences and hidden characters, and turns white space into blanks.
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
            '\u{3000}' => out.push(c), // the ideographic blank is 2 columns wide, and East Asian text relies on it
            c if c.is_whitespace() => out.push(' '),
            // A zero-width joiner is hidden, but emoji such as families need it between two emoji.
            '\u{200d}' => {
                let next = chars.peek().map(|&(_, next)| next);
                if out.chars().next_back().is_some_and(joins_emoji) && next.is_some_and(is_emoji) {
                    out.push(c);
                }
            }
            // The variation selector that asks for the emoji form; elsewhere it would only hide in the text.
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

/// Length in bytes of the terminal control sequence at the start of `s`, by ECMA-48 in its 7-bit and 8-bit forms. `None` if
/// there is none.
fn sequence_length(s: &str) -> Option<usize> {
    let mut chars = s.char_indices();
    let (_, first) = chars.next()?;
    let introducer = match first {
        '\u{1b}' => chars.next().map(|(_, c)| c).unwrap_or(' '),
        '\u{90}' | '\u{98}' | '\u{9b}' | '\u{9d}' | '\u{9e}' | '\u{9f}' => {
            // The 8-bit form of a control is 0x40 above the character that follows ESC in the 7-bit form (ECMA-48).
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

/// Length of what follows `CSI`: parameters, intermediate bytes and the final byte.
fn control_sequence(after: &str) -> usize {
    let end = after.find(|c| !(' '..='?').contains(&c)).unwrap_or(after.len());
    end + after[end..].chars().next().filter(|c| ('@'..='~').contains(c)).map_or(0, char::len_utf8)
}

/// Length of a control string up to BEL or ST. 0 for a string that is never closed: then only the introducer is removed, so that
/// the text after it is not lost.
fn control_string(after: &str) -> usize {
    let ends = [("\u{7}", 1), ("\u{1b}\\", 2), ("\u{9c}", 2)];
    ends.iter().filter_map(|(end, length)| after.find(end).map(|at| at + length)).min().unwrap_or(0)
}

/// True for characters that are invisible or change how other characters are shown.
pub fn is_hidden(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' // controls
        // Soft hyphen, grapheme joiner, Arabic letter mark, Hangul fillers, Khmer inherent vowels.
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        // Mongolian selectors; zero-width, bidi and invisible format characters; fillers, selectors, byte order mark.
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' // format characters of shorthand and music
        | '\u{e000}'..='\u{f8ff}' // private use: glyphs that only some fonts have
        | '\u{fdd0}'..='\u{fdef}' // noncharacters
        | '\u{e0000}'..='\u{10ffff}') // tags, more variation selectors, private planes
        || (c as u32) & 0xfffe == 0xfffe // the two noncharacters at the end of each plane
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

/// Limits the size of each cluster, removes combining marks without a base (a terminal would draw them onto the program's own
/// text), and collapses blanks.
fn cap_clusters(s: &str, whitespace: Whitespace) -> String {
    let mut out = String::with_capacity(s.len());
    for cluster in s.graphemes(true) {
        let end = out.len();
        let (mut marks, mut is_full) = (0, false);
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
            is_full |= out.len() - end + c.len_utf8() > MAX_BYTES_PER_CLUSTER;
            if is_full && !c.is_ascii() {
                continue;
            }
            // Signs that join with the character after them may fill a cluster. A letter or a backslash after them is not lost.
            while out.len() - end + c.len_utf8() > MAX_BYTES_PER_CLUSTER {
                out.pop();
            }
            out.push(c);
        }
        // A joiner at the end of a cut cluster would join with the character that follows.
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
    fn lines_are_cleaned() {
        for (raw, shown) in [
            ("plain", "plain"),
            ("  two   blanks ", "two blanks"),
            ("a\tb\r\nc", "a b c"),
            ("Ash &amp; Don", "Ash & Don"),
            ("we&amp;#39;re", "we're"),
            ("a&#27;[2Jb", "a&#27;[2Jb"), // the entity of a control character is not decoded
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
    fn runs_keep_blanks_at_their_ends() {
        assert_eq!(run(" a\t ").as_str(), " a ");
    }

    #[test]
    fn the_content_of_a_cell_is_limited() {
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
    fn single_clusters_are_visible_and_never_join() {
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
        fn fast_paths_agree_with_full_cleaning(raw in harmless()) {
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
        fn cleaning_removes_hidden_characters_and_is_idempotent(raw in hostile()) {
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

    /// Texts, many of them clean.
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
