//! Measures, cuts and pads text in columns of the screen, and makes every [`Span`].

// `Span::styled` is disallowed elsewhere, so that no uncleaned text reaches the screen.
#![allow(clippy::disallowed_methods)]

use ratatui::buffer::{Buffer, CellWidth};
use ratatui::style::Style;
use ratatui::text::Span;
use unicode_segmentation::UnicodeSegmentation;

use crate::feed::clean::{self, IntoSafeText, SafeText};

/// Replaces text that did not fit.
const ELLIPSIS: &str = "…";

/// Makes a span from cleaned text or from the program's own words. Text from outside has no other way to the screen.
pub fn span<'a>(text: impl IntoSafeText<'a>, style: Style) -> Span<'a> {
    Span::styled(text.into_safe(), style)
}

/// Draws text on a line, at most `columns` of it, as ratatui draws a span. Simple text is not searched for clusters.
pub fn put<'a>(buf: &mut Buffer, (x, y): (u16, u16), text: impl IntoSafeText<'a>, style: Style, columns: u16) {
    let text = text.into_safe();
    if !text.chars().all(is_simple) {
        buf.set_span(x, y, &Span::styled(text, style), columns);
        return;
    }
    for (c, x) in text.chars().zip(x..x.saturating_add(columns)) {
        if let Some(cell) = buf.cell_mut((x, y)) {
            cell.set_char(c).set_style(style);
        }
    }
}

/// Repeats one of the program's own signs, such as a blank or `─`, at most `u16::MAX` times: a screen has no more columns.
pub fn repeat(sign: &'static str, times: usize, style: Style) -> Span<'static> {
    Span::styled(sign.repeat(times.min(usize::from(u16::MAX))), style)
}

/// Columns of a text on the screen: the sum over its grapheme clusters, as ratatui draws them.
pub fn width(text: &str) -> usize {
    match () {
        () if text.is_ascii() => text.len(),
        () if text.chars().all(is_simple) => text.chars().count(),
        () => text.graphemes(true).map(cluster_width).sum(),
    }
}

/// Whether a character is a cluster of one column beside any other simple character. Most text is simple, and finding clusters
/// is the largest part of the time of a frame, so simple text skips it.
fn is_simple(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{24f}' | '\u{2010}'..='\u{2027}')
}

/// Total width of the spans.
pub fn spans_width(spans: &[Span<'_>]) -> usize {
    spans.iter().map(|span| width(&span.content)).sum()
}

/// The text if it fits into `columns`, else its beginning and its end with `…` between them: two thirds and one third.
pub fn cut_middle(text: &SafeText, columns: usize) -> SafeText {
    if width(text.as_str()) <= columns {
        return text.clone();
    }
    let Some(room) = columns.checked_sub(width(ELLIPSIS)) else { return SafeText::default() };
    let before = fitting(room - room / 3, text.as_str().graphemes(true));
    let after = fitting(room / 3, text.as_str().graphemes(true).rev());
    let (start, rest) = text.as_str().split_at(before);
    // The text is wider than both parts together, so they do not overlap.
    let rest = rest.get(rest.len().saturating_sub(after)..).unwrap_or_default();
    clean::run(&format!("{start}{ELLIPSIS}{rest}"))
}

/// Bytes of the first clusters that fit into `columns`.
fn fitting<'a>(columns: usize, clusters: impl Iterator<Item = &'a str>) -> usize {
    let (mut left, mut bytes) = (columns, 0);
    for cluster in clusters {
        let Some(rest) = left.checked_sub(cluster_width(cluster)) else { break };
        (left, bytes) = (rest, bytes + cluster.len());
    }
    bytes
}

/// The text if it fits into `columns`, else its beginning and `…`. The result is never wider than `columns`.
pub fn cut(text: &SafeText, columns: usize) -> SafeText {
    if width(text.as_str()) <= columns {
        return text.clone();
    }
    if columns == 0 {
        return SafeText::default();
    }
    let mut left = columns - width(ELLIPSIS);
    let mut kept = String::with_capacity(4 * columns);
    if text.as_str().chars().all(is_simple) {
        kept.extend(text.as_str().chars().take(left));
    } else {
        for cluster in text.as_str().graphemes(true) {
            match left.checked_sub(cluster_width(cluster)) {
                Some(rest) => left = rest,
                None => break,
            }
            kept.push_str(cluster);
        }
    }
    kept.truncate(kept.trim_end().len());
    kept.push_str(ELLIPSIS);
    clean::run(&kept)
}

/// The end of a text in at most `columns`, with `…` before it if something is missing.
pub fn cut_start(text: &SafeText, columns: usize) -> SafeText {
    if width(text.as_str()) <= columns {
        return text.clone();
    }
    let Some(room) = columns.checked_sub(width(ELLIPSIS)) else { return SafeText::default() };
    let kept = fitting(room, text.as_str().graphemes(true).rev());
    let end = text.as_str().get(text.as_str().len() - kept..).unwrap_or_default();
    clean::run(&format!("{ELLIPSIS}{end}"))
}

/// The text if it fits into `columns`, else the words at its beginning that fit, and ` …`. Empty if not even one word fits.
pub fn cut_at_word(text: &SafeText, columns: usize) -> SafeText {
    if width(text.as_str()) <= columns {
        return text.clone();
    }
    let room = columns.saturating_sub(1 + width(ELLIPSIS));
    // Byte offsets of the ends of words, as far as they fit.
    let (mut at, mut used, mut end) = (0, 0, 0);
    for word in text.as_str().split(' ') {
        used += width(word);
        at += word.len();
        if used > room {
            break;
        }
        end = at;
        (used, at) = (used + 1, at + 1);
    }
    match text.as_str().get(..end).map(str::trim_end) {
        None | Some("") => SafeText::default(),
        Some(kept) => clean::run(&format!("{kept} {ELLIPSIS}")),
    }
}

/// The text, cut to `columns`, and blanks that fill the rest.
pub fn fit(text: &SafeText, columns: usize, style: Style) -> [Span<'static>; 2] {
    let text = cut(text, columns);
    let missing = columns.saturating_sub(width(text.as_str()));
    [span(text, style), repeat(" ", missing, style)]
}

/// Columns that ratatui reserves for a cluster.
pub(super) fn cluster_width(cluster: &str) -> usize {
    // ratatui also counts 1 for one byte, but asserts that it is not a control, such as a line feed of `clean::text`.
    if cluster.len() == 1 { 1 } else { usize::from(cluster.cell_width()) }
}

/// A number in at most four characters, rounded: `999`, `1.6k`, `16k`, `2.5M`. From 999,500,000 on, it is longer.
pub fn rounded(number: usize) -> String {
    let in_units = |unit: usize, sign: &str| {
        let tenths = number.saturating_add(unit / 20) / (unit / 10);
        match (tenths / 10, tenths % 10) {
            (10.., _) => format!("{}{sign}", grouped(number.saturating_add(unit / 2) / unit)),
            (units, 0) => format!("{units}{sign}"),
            (units, tenths) => format!("{units}.{tenths}{sign}"),
        }
    };
    match number {
        0..1_000 => number.to_string(),
        1_000..999_500 => in_units(1_000, "k"),
        _ => in_units(1_000_000, "M"),
    }
}

/// A number with commas between thousands: `1,611`.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let mut grouped = digits[..first].to_owned();
    for start in (first..digits.len()).step_by(3) {
        if !grouped.is_empty() {
            grouped.push(',');
        }
        grouped.push_str(&digits[start..start + 3]);
    }
    grouped
}

/// A number with the name of what is counted, which gets an `s` unless there is one: `1 mark`, `1,611 marks`.
pub fn counted(number: usize, what: &str) -> String {
    format!("{} {what}{}", grouped(number), if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Cell;
    use ratatui::layout::Rect;

    use super::*;

    #[test]
    fn text_is_drawn_as_ratatui_draws_spans() {
        let style = Style::new().bold();
        for words in
            ["", "Tide tables", "naïve café — “so” …", "潮汐 of the sea", "e\u{301}t\u{301} 👩\u{200d}🚀 x", "▸ • ▌"]
        {
            let text = clean::line(words);
            for (x, columns) in [(0, 20), (3, 4), (0, 1), (2, 0), (8, 20), (10, 5), (11, 2)] {
                let area = Rect::new(0, 0, 10, 2);
                let filled = || Buffer::filled(area, Cell::new("#"));
                let (mut own, mut theirs) = (filled(), filled());
                put(&mut own, (x, 1), &text, style, columns);
                if x < area.width {
                    theirs.set_span(x, 1, &span(&text, style), columns);
                }
                assert_eq!(own, theirs, "{words} at {x}, {columns} columns");
            }
        }
    }

    #[test]
    fn simple_characters_are_clusters_of_one_column() {
        let simple: Vec<char> = ('\0'..='\u{ffff}').filter(|c| is_simple(*c)).collect();
        assert!(simple.len() > 500);
        for pair in simple.iter().zip(simple.iter().skip(1)).chain([(&'e', &'…'), (&'…', &'e'), (&'ü', &'ß')]) {
            let text: String = [*pair.0, *pair.1, *pair.0].iter().collect();
            let clusters: Vec<&str> = text.graphemes(true).collect();
            assert!(clusters.len() == 3 && clusters.iter().all(|cluster| cluster_width(cluster) == 1), "{text:?}");
        }
        let text = clean::line("naïve café — “so” … ");
        for columns in 0..20 {
            let cut = cut(&text, columns);
            let slow: usize = cut.as_str().graphemes(true).map(cluster_width).sum();
            assert!(width(cut.as_str()) == slow && slow <= columns, "{cut} at {columns}");
        }
    }

    #[test]
    fn numbers_are_rounded_to_four_characters() {
        for (number, short) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1k"),
            (1_049, "1k"),
            (1_050, "1.1k"),
            (1_592, "1.6k"),
            (9_949, "9.9k"),
            (9_950, "10k"),
            (15_920, "16k"),
            (999_499, "999k"),
            (999_500, "1M"),
            (1_592_000, "1.6M"),
            (9_950_000, "10M"),
            (999_499_999, "999M"),
            (1_000_000_000, "1,000M"),
            (usize::MAX, "18,446,744,073,709M"),
        ] {
            assert_eq!(rounded(number), short, "{number}");
        }
    }

    #[test]
    fn text_is_cut_behind_a_word() {
        let text = clean::line("is:unread #Travel 潮汐 end");
        for (columns, cut) in [
            (100, "is:unread #Travel 潮汐 end"),
            (26, "is:unread #Travel 潮汐 end"),
            (25, "is:unread #Travel 潮汐 …"),
            (24, "is:unread #Travel 潮汐 …"),
            (23, "is:unread #Travel …"),
            (18, "is:unread …"),
            (11, "is:unread …"),
            (10, ""),
            (0, ""),
        ] {
            let words = cut_at_word(&text, columns);
            assert_eq!(words.as_str(), cut, "{columns}");
            assert!(width(words.as_str()) <= columns);
        }
        assert_eq!(cut_at_word(&clean::line("日本語のとても長い"), 9).as_str(), "", "a single word is not cut");
    }

    #[test]
    fn widths_are_those_of_the_screen() {
        for (words, columns) in [
            ("", 0),
            ("plain", 5),
            ("日本語", 6),
            ("한국어", 6),
            ("e\u{301}", 1),
            ("👨‍👩‍👧‍👦", 2),
            ("🇫🇷", 2),
            ("❤️", 2),
            ("ｶﾞ", 3), // ratatui adds a cell for the sound mark, which unicode-width now counts too
            ("عربي", 4),
            ("لا", 2), // a ligature in some fonts, two cells here
        ] {
            assert_eq!(width(words), columns, "{words:?}");
            let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 1));
            let (end, _) = buffer.set_stringn(0, 0, words, 20, Style::new());
            assert_eq!(usize::from(end), columns, "{words:?} drawn");
        }
    }

    #[test]
    fn texts_are_cut_between_clusters() {
        for (words, columns, left) in [
            ("abc", 3, "abc"),
            ("abcd", 3, "ab…"),
            ("ab cd", 4, "ab…"),
            ("abc", 1, "…"),
            ("abc", 0, ""),
            ("日本語", 5, "日本…"),
            ("日本語", 4, "日…"),
            ("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 3, "👨‍👩‍👧‍👦…"),
            ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
        ] {
            let words = clean::run(words);
            assert_eq!(cut(&words, columns).as_str(), left, "{words:?} at {columns}");
            assert_eq!(spans_width(&fit(&words, columns, Style::new())), columns, "{words:?} at {columns}");
        }
    }

    #[test]
    fn thousands_are_separated() {
        for (number, words) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), words);
        }
    }
}
