//! Wraps styled text into lines, at blanks and between the signs of scripts that put none between words.

// Clusters of cleaned text become spans here, in their order.
#![allow(clippy::disallowed_methods)]

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

use super::columns::{cluster_width, spans_width};
use crate::feed::SafeText;

/// What may not begin a line, though a break beside an ideograph is allowed elsewhere. `[`, for the number of a link.
const NEVER_FIRST: &str = "[、。，．・：；？！）］｝」』】〕〉》〗〙〛〞〟ー々〜～…‥％｡､｣,.;:?!)]}%”’»";
/// What may not end a line, likewise.
const NEVER_LAST: &str = "（［｛「『【〔〈《〖〘〚〝｢([{“‘«";

/// A run of text in one style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The words; a line feed in them ends the line.
    pub text: SafeText,
    /// Their style.
    pub style: Style,
}

/// Breaks pieces into lines at blanks, and between ideographs, kana, hangul and emoji; a word longer than the line,
/// between any two clusters. `first` stands in front of the first line and `rest` in front of the others. There is always
/// one line, be it empty. Lazy and linear: a caller that wants ten lines pays for ten.
pub fn wrap<'a>(
    pieces: &'a [Piece],
    columns: usize,
    first: &'a [Span<'static>],
    rest: &'a [Span<'static>],
) -> impl Iterator<Item = Line<'static>> + 'a {
    wrap_with_positions(pieces, columns, first, rest).map(|(_, line)| line)
}

/// The same; in front of each line stands how many bytes of the pieces are in front of it.
pub fn wrap_with_positions<'a>(
    pieces: &'a [Piece],
    columns: usize,
    first: &'a [Span<'static>],
    rest: &'a [Span<'static>],
) -> impl Iterator<Item = (u32, Line<'static>)> + 'a {
    lines(pieces, columns, [first, rest], true)
}

/// Breaks one piece, as [`wrap_with_positions`] does, but between any two clusters, and keeps every blank: for code.
pub fn wrap_code<'a>(
    piece: &'a Piece,
    columns: usize,
    first: &'a [Span<'static>],
    rest: &'a [Span<'static>],
) -> impl Iterator<Item = (u32, Line<'static>)> + 'a {
    lines(std::slice::from_ref(piece), columns, [first, rest], false)
}

/// Columns of the widest cluster: what a line must have, lest it be too narrow for a single sign.
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
    /// Bytes of all pieces in front of it.
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

/// Clusters side by side, with the columns they take.
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

/// The lines of some pieces. Each round looks at the next cluster and either takes it or gives out a line before it.
struct LineBreaker<'a, I: Iterator<Item = Cluster<'a>>> {
    clusters: std::iter::Peekable<I>,
    /// Break at blanks; otherwise anywhere.
    by_words: bool,
    columns: usize,
    /// In front of the line being made, and the columns that leaves for text.
    indent: &'a [Span<'static>],
    room: usize,
    /// In front of the lines after it.
    rest: &'a [Span<'static>],
    /// What stays on this line whatever follows.
    line: ClusterRun<'a>,
    /// The blank between `line` and `word`, left out when the line breaks there.
    blank: Option<Cluster<'a>>,
    /// What still may have to move to the next line.
    word: ClusterRun<'a>,
    /// Bytes in front of the cluster that was looked at last: where a line without clusters begins.
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

    /// The word stays on this line.
    fn commit_word(&mut self) {
        if !self.word.is_empty() {
            self.blank.take().into_iter().for_each(|blank| self.line.push(blank));
            self.line.append(&mut self.word);
        }
    }

    /// Gives out what is settled. A cluster too wide for the room beside the indent stands without it.
    fn end_line(&mut self) -> Option<(u32, Line<'static>)> {
        let ClusterRun { clusters, columns } = std::mem::take(&mut self.line);
        let at = clusters.first().map_or(self.last_offset, |cluster| cluster.at);
        let mut spans = if columns > self.room { Vec::new() } else { self.indent.to_vec() };
        for run in clusters.chunk_by(|a, b| a.piece == b.piece) {
            let style = run.first().map(|cluster| cluster.style).unwrap_or_default();
            // Clusters of cleaned text in their order are cleaned text.
            spans.push(Span::styled(run.iter().map(|cluster| cluster.text).collect::<String>(), style));
        }
        self.blank = None;
        self.indent = self.rest;
        self.room = self.columns.saturating_sub(spans_width(self.rest));
        Some((at, Line::from(spans)))
    }
}

impl<'a, I: Iterator<Item = Cluster<'a>>> Iterator for LineBreaker<'a, I> {
    type Item = (u32, Line<'static>);

    fn next(&mut self) -> Option<(u32, Line<'static>)> {
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
                        }
                        if !self.line.is_empty() {
                            return self.end_line();
                        }
                    }
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

/// Scripts that put no blanks between words, and emoji. Thai, Lao, Khmer and Burmese put none either, but breaking them
/// needs a dictionary; they break as words too long for a line.
pub fn breaks_anywhere(cluster: &str) -> bool {
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
    fn lines_know_where_they_begin() {
        for (words, columns, starts) in [
            ("ab cd ef", 5, &[0, 6][..]),
            ("ab   cd", 3, &[0, 3]),
            ("abcdef", 4, &[0, 4]),
            ("日本語の", 4, &[0, 6]),
            ("", 9, &[0]),
        ] {
            let found: Vec<u32> = wrap_with_positions(&[piece(words)], columns, &[], &[]).map(|(at, _)| at).collect();
            assert_eq!(found, starts, "{words:?} at {columns}");
        }
        let pieces = [piece("ab "), piece("cd ef")];
        assert_eq!(wrap_with_positions(&pieces, 5, &[], &[]).map(|(at, _)| at).collect::<Vec<_>>(), [0, 6]);
        let end = || Piece { text: "\n".into(), style: Style::new() };
        let pieces = [piece("a"), end(), end(), piece("b")];
        assert_eq!(wrap_with_positions(&pieces, 9, &[], &[]).map(|(at, _)| at).collect::<Vec<_>>(), [0, 2, 3]);
        assert_eq!(wrap_code(&piece("abc def"), 3, &[], &[]).map(|(at, _)| at).collect::<Vec<_>>(), [0, 3, 6]);
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
    fn line_feeds_end_lines() {
        let pieces = [piece("a b"), Piece { text: "\n\n".into(), style: Style::new() }, piece("c")];
        assert_eq!(plain(wrap(&pieces, 9, &[], &[])), ["a b", "", "c"]);
    }

    #[test]
    fn indents_stand_in_front() {
        let first = [span("1. ", Style::new())];
        let rest = [repeat(" ", 3, Style::new())];
        assert_eq!(plain(wrap(&[piece("ab cd")], 6, &first, &rest)), ["1. ab", "   cd"]);
        assert_eq!(plain(wrap_code(&piece("ab cd"), 6, &first, &rest).map(|(_, line)| line)), ["1. ab ", "   cd"]);
        assert_eq!(plain(wrap(&[piece("a 日")], 4, &first, &rest)), ["1. a", "日"]);
    }

    #[test]
    fn styles_go_on_over_breaks() {
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
        fn nothing_is_too_wide_and_nothing_is_lost(words: String, columns in 0..40usize) {
            let piece = piece(&words);
            prop_assert!(width(cut(&piece.text, columns).as_str()) <= columns);
            let columns_or_cluster = columns.max(widest_cluster(std::slice::from_ref(&piece)));
            let cut_up: Vec<_> = wrap_code(&piece, columns, &[], &[]).map(|(_, line)| line).collect();
            for line in wrap(std::slice::from_ref(&piece), columns, &[], &[]).chain(cut_up.clone()) {
                prop_assert!(spans_width(&line.spans) <= columns_or_cluster, "{line:?}");
            }
            prop_assert_eq!(plain(cut_up.into_iter()).concat(), piece.text.as_str());
        }
    }
}
