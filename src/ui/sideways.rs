//! The visible columns of lines that scroll sideways: code and tables that are wider than the article pane.

use std::ops::Range;

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;

use crate::text::{self, signs};

/// At the edges of a line that goes on there.
const MORE_LEFT: &str = signs::MORE_LEFT.sign;
const MORE_RIGHT: &str = signs::MORE_RIGHT.sign;

/// The visible columns of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Columns at the beginning that do not scroll: indents and bars.
    pub fixed: usize,
    /// Columns behind those that are scrolled away.
    pub offset: usize,
    /// Columns of the pane.
    pub columns: usize,
}

impl Window {
    /// The window on a line of a block with `widest` columns, scrolled by at most `offset`.
    pub fn new(fixed: usize, offset: usize, columns: usize, widest: usize) -> Window {
        Window { fixed, offset: offset.min(widest.saturating_sub(columns)), columns }
    }

    /// The visible part of a line, with signs where it goes on.
    // Spans are made here from cleaned text, in its order, so they are clean too.
    #[allow(clippy::disallowed_methods)]
    pub fn of(&self, line: &Line<'static>, sign: Style) -> Line<'static> {
        let right = self.columns.saturating_add(self.offset);
        let (mut column, mut shown) = (0, Vec::new());
        let (mut is_cut, mut more_left) = (false, false);
        'line: for span in &line.spans {
            let mut kept = String::new();
            for cluster in span.content.graphemes(true) {
                let place = column..column + text::width(cluster);
                column = place.end;
                if place.end <= self.fixed {
                    kept.push_str(cluster);
                } else if place.start < self.fixed + self.offset {
                    more_left |= !cluster.trim().is_empty();
                    // The rest of a wide character that is half visible.
                    let rest = place.end.saturating_sub(self.fixed + self.offset);
                    (0..rest).for_each(|_| kept.push(' '));
                } else if place.end <= right {
                    kept.push_str(cluster);
                } else {
                    is_cut = true;
                    shown.push(Span::styled(kept, span.style));
                    break 'line;
                }
            }
            shown.push(Span::styled(kept, span.style));
        }
        shown.retain(|span| !span.content.is_empty());
        if more_left {
            put_sign(&mut shown, self.fixed, text::span(MORE_LEFT, sign));
        }
        if is_cut {
            put_sign(&mut shown, self.columns.saturating_sub(1), text::span(MORE_RIGHT, sign));
        }
        Line::from(shown)
    }

    /// The visible part of some columns of a line, as columns of the pane.
    pub fn visible(&self, columns: &Range<usize>) -> Option<Range<usize>> {
        let place = |column: usize| {
            if column < self.fixed { column } else { self.fixed.max(column.saturating_sub(self.offset)) }
        };
        let (start, end) = (place(columns.start), place(columns.end).min(self.columns));
        (start < end).then_some(start..end)
    }

    /// The offset that brings some columns of a line into view, which is the present one if they are visible.
    pub fn offset_for(&self, columns: &Range<usize>) -> usize {
        let room = self.columns.saturating_sub(self.fixed);
        let (start, end) = (columns.start.saturating_sub(self.fixed), columns.end.saturating_sub(self.fixed));
        // The outermost columns may be covered by the signs.
        let is_visible = start >= self.offset + usize::from(self.offset > 0) && end < self.offset + room;
        if is_visible {
            return self.offset;
        }
        // At the beginning of the line if it is there, else with a third of the pane before it.
        if end < room { 0 } else { start.saturating_sub(room / 3) }
    }
}

/// Puts a sign of one column over the text at a column, which may be beyond its end.
// The text is clean, and its parts are too.
#[allow(clippy::disallowed_methods)]
fn put_sign(spans: &mut Vec<Span<'static>>, at: usize, sign: Span<'static>) {
    let (mut before, mut after, mut column) = (Vec::new(), Vec::new(), 0);
    for span in spans.drain(..) {
        let (mut left, mut right) = (String::new(), String::new());
        for cluster in span.content.graphemes(true) {
            let place = column..column + text::width(cluster);
            column = place.end;
            match () {
                () if place.end <= at => left.push_str(cluster),
                () if place.start > at => right.push_str(cluster),
                // A wide character leaves a blank beside the sign.
                () => {
                    (place.start..at).for_each(|_| left.push(' '));
                    (at + 1..place.end).for_each(|_| right.push(' '));
                }
            }
        }
        before.push(Span::styled(left, span.style));
        after.push(Span::styled(right, span.style));
    }
    before.push(text::repeat(" ", at.saturating_sub(column), Style::new()));
    before.push(sign);
    before.append(&mut after);
    before.retain(|span| !span.content.is_empty());
    *spans = before;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_show_signs_where_they_go_on() {
        let line =
            |words: &'static str| Line::from(vec![text::span("│ ", Style::new()), text::span(words, Style::new())]);
        for (words, offset, columns, shown) in [
            ("abc", 0, 8, "│ abc"),
            ("abcdef", 0, 8, "│ abcdef"),
            ("abcdefghij", 0, 8, "│ abcde›"),
            ("abcdefghij", 2, 8, "│ ‹defg›"),
            ("abcdefghij", 4, 8, "│ ‹fghij"),
            ("abcdefghij", 99, 8, "│ ‹fghij"),
            ("ab", 4, 8, "│ ‹"),
            ("", 4, 8, "│ "),
            ("    efghij", 4, 8, "│ efghij"),
            ("日本語日本語", 0, 8, "│ 日本 ›"),
            ("日本語日本語", 1, 8, "│ ‹本語›"),
            ("日本語日本語", 2, 8, "│ ‹ 語 ›"),
        ] {
            let window = Window::new(2, offset, columns, 12.max(2 + text::width(words)));
            let window = Window { offset: window.offset.min(offset), ..window };
            assert_eq!(window.of(&line(words), Style::new()).to_string(), shown, "{words:?} at {offset}");
        }
    }

    #[test]
    fn columns_are_brought_into_view() {
        let window = |offset| Window { fixed: 2, offset, columns: 20 };
        for (offset, columns, wanted) in
            [(0, 5..9, 0), (0, 15..19, 0), (0, 30..33, 22), (22, 30..33, 22), (22, 5..9, 0)]
        {
            assert_eq!(window(offset).offset_for(&columns), wanted, "{columns:?} at {offset}");
        }
        for (columns, visible) in
            [(0..1, Some(0..1)), (2..5, None), (8..14, Some(2..4)), (20..60, Some(10..20)), (40..50, None)]
        {
            assert_eq!(window(10).visible(&columns), visible, "{columns:?}");
        }
    }
}
