//! The scroll position of an article, and scrolling of rows, where the selection stays while it is on the screen.

use crate::feed::TextPosition;

/// The scroll position of an article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScrollPosition {
    /// The first line on the screen, at the width of the last frame.
    pub line: usize,
    /// Where in the text that line starts. `None` until a frame has shown it.
    pub position: Option<TextPosition>,
}

impl ScrollPosition {
    /// The position of a place in the text. Its line follows from the next frame.
    pub fn at(place: TextPosition) -> ScrollPosition {
        // Not 0: the article is not at its top.
        ScrollPosition { line: 1, position: Some(place) }
    }
}

/// Scrolls `count` rows by `by`; `height` rows are shown, from `offset` on. Returns the first row shown and the selected row,
/// which moves to the edge if it would leave the screen.
pub fn scrolled((offset, selected): (usize, usize), by: isize, height: usize, count: usize) -> (usize, usize) {
    let last = count.saturating_sub(height);
    // The selection may have moved since the last frame, which would have scrolled to it.
    let shown = offset.max((selected + 1).saturating_sub(height)).min(selected);
    let offset = shown.saturating_add_signed(by).min(last);
    // At least one row, also in an empty list: `clamp` panics if its bounds are reversed.
    let end = (offset + height).min(count).max(offset + 1);
    (offset, selected.clamp(offset, end - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_selection_moves_only_if_it_would_leave_the_screen() {
        for (from, by, height, count, to) in [
            ((0, 5), 3, 10, 100, (3, 5)),
            ((3, 5), 3, 10, 100, (6, 6)),
            ((6, 6), -3, 10, 100, (3, 6)),
            ((50, 59), -3, 10, 100, (47, 56)),
            ((88, 95), 30, 10, 100, (90, 95)),
            ((0, 2), 3, 10, 5, (0, 2)),
            ((0, 0), 3, 10, 0, (0, 0)),
            ((0, 7), 3, 1, 9, (8, 8)),
            ((0, 40), 3, 10, 100, (34, 40)),
            ((5, 5), isize::MIN, 10, 100, (0, 5)),
            ((5, 5), isize::MAX, 10, 100, (90, 90)),
        ] {
            assert_eq!(scrolled(from, by, height, count), to, "{from:?} {by} {height} {count}");
        }
    }
}
