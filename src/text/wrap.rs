//! Wraps styled text into lines, at blanks and between characters of scripts that write no blanks.

// Spans are made here from clusters of cleaned text, in their order, so they are clean too.
#![allow(clippy::disallowed_methods)]

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

use super::columns::{cluster_width, spans_width};
use crate::feed::SafeText;

/// Characters that may not begin a line, even beside an ideograph. `[` begins the number of a link.
const NEVER_FIRST: &str = "[、。，．・：；？！）］｝」』】〕〉》〗〙〛〞〟ー々〜～…‥％｡､｣,.;:?!)]}%”’»";
/// Characters that may not end a line.
const NEVER_LAST: &str = "（［｛「『【〔〈《〖〘〚〝｢([{“‘«";

/// Clusters of the longest number of a link that is kept together.
const MAX_MARK: usize = 8;

/// A run of text in one style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The text. A line feed ends the line.
    pub text: SafeText,
    /// Its style.
    pub style: Style,
}

/// A line of a wrapped text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrappedLine {
    /// Bytes of the pieces before the text of the line.
    pub inside: u32,
    /// Bytes of the line before its text: its indent.
    pub indent: u16,
    /// Columns of its text.
    pub columns: usize,
    /// The line, with its indent.
    pub line: Line<'static>,
}

/// Wraps pieces at blanks and between ideographs, kana, hangul and emoji. A word longer than a line is broken between any two
/// clusters. `first` is the indent of the first line, `rest` of the others. Yields at least one line, perhaps empty.
///
/// Lazy and linear: ten lines of a long text cost ten lines.
pub fn wrap<'a>(
    pieces: &'a [Piece],
    columns: usize,
    first: &'a [Span<'static>],
    rest: &'a [Span<'static>],
) -> impl Iterator<Item = Line<'static>> + 'a {
    wrap_with_positions(pieces, columns, first, rest).map(|wrapped| wrapped.line)
}

/// Wraps like [`wrap`], and yields with each line where its text begins.
pub fn wrap_with_positions<'a>(
    pieces: &'a [Piece],
    columns: usize,
    first: &'a [Span<'static>],
    rest: &'a [Span<'static>],
) -> impl Iterator<Item = WrappedLine> + 'a {
    lines(pieces, columns, [first, rest], true)
}

/// Wraps code: like [`wrap_with_positions`], but breaks between any two clusters and keeps every blank.
pub fn wrap_code<'a>(
    pieces: &'a [Piece],
    columns: usize,
    first: &'a [Span<'static>],
    rest: &'a [Span<'static>],
) -> impl Iterator<Item = WrappedLine> + 'a {
    lines(pieces, columns, [first, rest], false)
}

/// Width of the widest cluster: the least width of a line that shows all of them.
pub fn widest_cluster(pieces: &[Piece]) -> usize {
    clusters(pieces).map(|cluster| cluster.columns).max().unwrap_or_default()
}

/// A grapheme cluster of a piece.
#[derive(Clone, Copy)]
struct Cluster<'a> {
    text: &'a str,
    columns: usize,
    style: Style,
    piece: usize,
    /// Bytes of all pieces before it.
    at: u32,
}

fn clusters(pieces: &[Piece]) -> impl Iterator<Item = Cluster<'_>> {
    let mut before = 0;
    pieces.iter().enumerate().flat_map(move |(number, piece)| {
        let start = before;
        before += piece.text.as_str().len();
        let of_text = move |(at, text)| {
            let (columns, at) = (cluster_width(text), (start + at) as u32);
            Cluster { text, columns, style: piece.style, piece: number, at }
        };
        piece.text.as_str().grapheme_indices(true).map(of_text)
    })
}

fn lines<'a>(
    pieces: &'a [Piece],
    columns: usize,
    [first, rest]: [&'a [Span<'static>]; 2],
    by_words: bool,
) -> LineBreaker<'a, impl Iterator<Item = Cluster<'a>>> {
    LineBreaker {
        clusters: clusters(pieces).peekable(),
        by_words,
        columns,
        indent: first,
        room: columns.saturating_sub(spans_width(first)),
        rest,
        line: ClusterRun::default(),
        blank: None,
        word: ClusterRun::default(),
        last_offset: 0,
        ended: false,
    }
}

/// Consecutive clusters and their total width.
#[derive(Default)]
struct ClusterRun<'a> {
    clusters: Vec<Cluster<'a>>,
    columns: usize,
}

impl<'a> ClusterRun<'a> {
    fn push(&mut self, cluster: Cluster<'a>) {
        self.columns += cluster.columns;
        self.clusters.push(cluster);
    }

    fn append(&mut self, other: &mut ClusterRun<'a>) {
        self.columns += std::mem::take(&mut other.columns);
        self.clusters.append(&mut other.clusters);
    }

    fn is_empty(&self) -> bool {
        self.clusters.is_empty()
    }
}

/// Iterates over the lines. Each step looks at the next cluster and either adds it to the word or ends the line before it.
struct LineBreaker<'a, I: Iterator<Item = Cluster<'a>>> {
    clusters: std::iter::Peekable<I>,
    /// Break at blanks; for code, false: anywhere.
    by_words: bool,
    columns: usize,
    /// Indent of the present line, and the columns that remain for text.
    indent: &'a [Span<'static>],
    room: usize,
    /// Indent of the following lines.
    rest: &'a [Span<'static>],
    /// Clusters that stay on this line.
    line: ClusterRun<'a>,
    /// The blank between `line` and `word`, dropped if the line breaks there.
    blank: Option<Cluster<'a>>,
    /// Clusters after the last possible break, which may still move to the next line.
    word: ClusterRun<'a>,
    /// Offset of the cluster seen last: the position of a line without clusters.
    last_offset: u32,
    ended: bool,
}

impl<'a, I: Iterator<Item = Cluster<'a>>> LineBreaker<'a, I> {
    fn fits(&self, more: usize) -> bool {
        let blank = self.blank.map_or(0, |blank| blank.columns);
        self.line.columns + blank + self.word.columns + more <= self.room
    }

    fn may_break_before(&self, next: &str) -> bool {
        let last = self.word.clusters.last().map_or("", |cluster| cluster.text);
        let listed = |list: &str, c: Option<char>| c.is_some_and(|c| list.contains(c));
        (breaks_anywhere(last) || breaks_anywhere(next))
            && !listed(NEVER_LAST, last.chars().next())
            && !listed(NEVER_FIRST, next.chars().next())
    }

    /// Moves the blank and the word to the line.
    fn commit_word(&mut self) {
        if !self.word.is_empty() {
            self.blank.take().into_iter().for_each(|blank| self.line.push(blank));
            self.line.append(&mut self.word);
        }
    }

    /// Takes the end of a word that is longer than the line back from the line if the number of a link, a piece such as `[3]`, would
    /// be split before `next`, or be apart from the word.
    fn keep_mark(&mut self, next: Cluster) {
        let clusters = &self.line.clusters;
        let Some(last) = clusters.last().filter(|_| self.by_words) else { return };
        let is_behind_mark =
            last.text == "]" && next.piece != last.piece && next.text != "[" && NEVER_FIRST.contains(next.text);
        let piece = if is_behind_mark { last.piece } else { next.piece };
        let before = clusters.iter().rev().take(MAX_MARK + 1).take_while(|cluster| cluster.piece == piece).count();
        let start = clusters.len() - before;
        let is_mark = before <= MAX_MARK && clusters.get(start).map_or(next.text, |cluster| cluster.text) == "[";
        // Between two marks the line may break.
        let is_between = start.checked_sub(1).and_then(|at| clusters.get(at)).is_some_and(|before| before.text == "]");
        let kept = start.checked_sub(if is_between { 0 } else { 1 });
        let Some(kept) = kept.filter(|kept| is_mark && *kept > 0) else { return };
        self.word.clusters = self.line.clusters.split_off(kept);
        self.word.columns = self.word.clusters.iter().map(|cluster| cluster.columns).sum();
        self.line.columns -= self.word.columns;
    }

    /// Returns the line. If a cluster is too wide beside the indent, the line has no indent.
    fn end_line(&mut self) -> Option<WrappedLine> {
        let ClusterRun { clusters, columns } = std::mem::take(&mut self.line);
        let inside = clusters.first().map_or(self.last_offset, |cluster| cluster.at);
        let mut spans = if columns > self.room { Vec::new() } else { self.indent.to_vec() };
        let indent: usize = spans.iter().map(|span| span.content.len()).sum();
        for run in clusters.chunk_by(|a, b| a.piece == b.piece) {
            let style = run.first().map(|cluster| cluster.style).unwrap_or_default();
            spans.push(Span::styled(run.iter().map(|cluster| cluster.text).collect::<String>(), style));
        }
        self.blank = None;
        self.indent = self.rest;
        self.room = self.columns.saturating_sub(spans_width(self.rest));
        let indent = u16::try_from(indent).unwrap_or(u16::MAX);
        Some(WrappedLine { inside, indent, columns, line: Line::from(spans) })
    }
}

impl<'a, I: Iterator<Item = Cluster<'a>>> Iterator for LineBreaker<'a, I> {
    type Item = WrappedLine;

    fn next(&mut self) -> Option<WrappedLine> {
        while let Some(&cluster) = self.clusters.peek() {
            self.last_offset = cluster.at;
            match cluster.text {
                "\n" => {
                    self.clusters.next();
                    self.commit_word();
                    return self.end_line();
                }
                " " | "\u{3000}" if self.by_words => {
                    self.commit_word();
                    if !self.line.is_empty() {
                        self.blank.get_or_insert(cluster);
                    }
                }
                _ => {
                    if self.by_words && self.may_break_before(cluster.text) {
                        self.commit_word();
                    }
                    if !self.fits(cluster.columns) {
                        if self.line.is_empty() {
                            self.commit_word();
                            self.keep_mark(cluster);
                        }
                        // The cluster is not consumed: the next call sees it again, with an empty line.
                        if !self.line.is_empty() {
                            return self.end_line();
                        }
                    }
                    // Also a cluster that is wider than a line, which would otherwise never be consumed.
                    self.word.push(cluster);
                }
            }
            self.clusters.next();
        }
        if std::mem::replace(&mut self.ended, true) {
            return None;
        }
        self.commit_word();
        self.end_line()
    }
}

/// Whether a line may break before and after a cluster: ideographs, kana, hangul and emoji.
///
/// Thai, Lao, Khmer and Burmese have no blanks between words either, but breaking them needs a dictionary. Here they
/// break only where a word is longer than a line.
pub fn breaks_anywhere(cluster: &str) -> bool {
    // Both have one column by themselves: U+FE0F makes an emoji of `❤`, and two regional indicators a flag.
    let of_emoji = |c: char| matches!(c, '\u{fe0f}' | '\u{1f1e6}'..='\u{1f1ff}');
    let halfwidth_kana = |c: char| matches!(c, '\u{ff61}'..='\u{ff9f}');
    cluster.contains(of_emoji) || cluster.chars().next().is_some_and(|c| c.width() == Some(2) || halfwidth_kana(c))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::columns::{cut, repeat, span, width};
    use super::*;
    use crate::feed::clean;

    #[test]
    fn lines_have_the_offsets_of_their_beginnings() {
        for (words, columns, starts) in [
            ("ab cd ef", 5, &[0, 6][..]),
            ("ab   cd", 3, &[0, 3]),
            ("abcdef", 4, &[0, 4]),
            ("日本語の", 4, &[0, 6]),
            ("", 9, &[0]),
        ] {
            let found: Vec<u32> =
                wrap_with_positions(&[piece(words)], columns, &[], &[]).map(|line| line.inside).collect();
            assert_eq!(found, starts, "{words:?} at {columns}");
        }
        let pieces = [piece("ab "), piece("cd ef")];
        assert_eq!(wrap_with_positions(&pieces, 5, &[], &[]).map(|line| line.inside).collect::<Vec<_>>(), [0, 6]);
        let end = || Piece { text: "\n".into(), style: Style::new() };
        let pieces = [piece("a"), end(), end(), piece("b")];
        assert_eq!(wrap_with_positions(&pieces, 9, &[], &[]).map(|line| line.inside).collect::<Vec<_>>(), [0, 2, 3]);
        assert_eq!(wrap_code(&[piece("abc def")], 3, &[], &[]).map(|line| line.inside).collect::<Vec<_>>(), [0, 3, 6]);
    }

    fn plain(lines: impl Iterator<Item = Line<'static>>) -> Vec<String> {
        lines.map(|line| line.to_string()).collect()
    }

    fn piece(words: &str) -> Piece {
        Piece { text: clean::run(words), style: Style::new() }
    }

    #[test]
    fn lines_break_at_blanks_and_beside_ideographs() {
        for (words, columns, lines) in [
            ("", 5, &[""][..]),
            (" ", 5, &[""]),
            ("one two three", 7, &["one two", "three"]),
            ("one  two", 3, &["one", "two"]),
            ("abcdefgh ij", 3, &["abc", "def", "gh", "ij"]),
            ("a abcdefgh", 4, &["a", "abcd", "efgh"]),
            ("日本語abc def", 6, &["日本語", "abc", "def"]),
            ("日本　語", 5, &["日本", "語"]),
            ("日本。", 4, &["日", "本。"]),
            ("日「本", 5, &["日", "「本"]),
            ("本[12]", 4, &["本[1", "2]"]),
            ("क्षि क्षि", 3, &["क्षि", "क्षि"]),
            ("日", 1, &["日"]),
        ] {
            assert_eq!(plain(wrap(&[piece(words)], columns, &[], &[])), lines, "{words:?} at {columns}");
        }
    }

    #[test]
    fn numbers_of_links_stay_at_the_ends_of_long_words() {
        for (texts, columns, lines) in [
            (&["abcdefgh", "[3]"][..], 8, &["abcdefg", "h[3]"][..]),
            (&["abcdefg", "[3]"], 8, &["abcdef", "g[3]"]),
            (&["abcdef", "[3]"], 8, &["abcde", "f[3]"]),
            (&["abcde", "[3]"], 8, &["abcde[3]"]),
            (&["abcde", "[3]", ". x"], 8, &["abcd", "e[3]. x"]),
            (&["abcde", "[^12]", "x"], 8, &["abcd", "e[^12]x"]),
            (&["x abcdefgh", "[3]"], 8, &["x", "abcdefg", "h[3]"]),
            (&["a", "[123456]"], 4, &["a[12", "3456", "]"]),
            (&["abcdefgh[3]"], 8, &["abcdefgh", "[3]"]),
            (&["abcdefgh", "ij"], 8, &["abcdefgh", "ij"]),
            (&["a", "[1]", "[2]", "[3]", "[4]"], 5, &["a[1]", "[2]", "[3]", "[4]"]),
        ] {
            let pieces: Vec<Piece> = texts.iter().map(|text| piece(text)).collect();
            assert_eq!(plain(wrap(&pieces, columns, &[], &[])), lines, "{texts:?} at {columns}");
        }
    }

    #[test]
    fn line_feeds_end_lines() {
        let pieces = [piece("a b"), Piece { text: "\n\n".into(), style: Style::new() }, piece("c")];
        assert_eq!(plain(wrap(&pieces, 9, &[], &[])), ["a b", "", "c"]);
    }

    #[test]
    fn lines_are_indented() {
        let first = [span("1. ", Style::new())];
        let rest = [repeat(" ", 3, Style::new())];
        assert_eq!(plain(wrap(&[piece("ab cd")], 6, &first, &rest)), ["1. ab", "   cd"]);
        assert_eq!(
            plain(wrap_code(&[piece("ab cd")], 6, &first, &rest).map(|wrapped| wrapped.line)),
            ["1. ab ", "   cd"]
        );
        assert_eq!(plain(wrap(&[piece("a 日")], 4, &first, &rest)), ["1. a", "日"]);
    }

    #[test]
    fn styles_continue_after_breaks() {
        let bold = Style::new().bold();
        let pieces = [piece("a "), Piece { text: "b c".into(), style: bold }, piece("d")];
        let lines: Vec<_> = wrap(&pieces, 3, &[], &[]).collect();
        let expected = [
            Line::from(vec![span("a", Style::new()), span(" ", Style::new()), span("b", bold)]),
            Line::from(vec![span("c", bold), span("d", Style::new())]),
        ];
        assert_eq!(lines.len(), expected.len());
        for (line, expected) in lines.iter().zip(&expected) {
            assert_eq!(
                line.styled_graphemes(Style::new()).collect::<Vec<_>>(),
                expected.styled_graphemes(Style::new()).collect::<Vec<_>>()
            );
        }
    }

    proptest! {
        #[test]
        fn lines_of_numbers_fit(words in proptest::collection::vec("[a\\[\\]1日. ]{0,9}", 0..9), columns in 2..12usize) {
            let pieces: Vec<Piece> = words.iter().map(|words| piece(words)).collect();
            let lines: Vec<_> = wrap(&pieces, columns, &[], &[]).collect();
            prop_assert!(lines.iter().all(|line| spans_width(&line.spans) <= columns));
            let without_blanks = |text: String| text.replace(' ', "");
            prop_assert_eq!(without_blanks(plain(lines.into_iter()).concat()), without_blanks(words.concat()));
        }

        #[test]
        fn lines_fit_and_no_text_is_lost(words: String, columns in 0..40usize) {
            let piece = piece(&words);
            prop_assert!(width(cut(&piece.text, columns).as_str()) <= columns);
            let columns_or_cluster = columns.max(widest_cluster(std::slice::from_ref(&piece)));
            let cut_up: Vec<_> = wrap_code(std::slice::from_ref(&piece), columns, &[], &[]).map(|wrapped| wrapped.line).collect();
            for line in wrap(std::slice::from_ref(&piece), columns, &[], &[]).chain(cut_up.clone()) {
                prop_assert!(spans_width(&line.spans) <= columns_or_cluster, "{line:?}");
            }
            prop_assert_eq!(plain(cut_up.into_iter()).concat(), piece.text.as_str());
        }
    }
}
