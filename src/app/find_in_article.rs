//! The search inside an article: its text, the selected hit, and the scroll position where it started.

use super::scroll::ScrollPosition;
use crate::query::Highlighter;

/// A search inside the article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindInArticle {
    highlighter: Highlighter,
    /// The selected hit. `None` until a frame has found the first one below `from`.
    at: Option<usize>,
    /// The scroll position when the search started.
    from: ScrollPosition,
    /// The next frame must bring the selected hit into view.
    reveal: bool,
    /// Number of hits in the article, counted by the last frame.
    count: usize,
}

impl FindInArticle {
    /// A search that starts at a scroll position.
    pub fn new(from: ScrollPosition) -> FindInArticle {
        FindInArticle { from, ..FindInArticle::default() }
    }

    /// Searches for other letters, from the starting position.
    pub fn look_for(&mut self, letters: &str) {
        *self = FindInArticle {
            highlighter: Highlighter::for_text(letters),
            reveal: true,
            ..FindInArticle::new(self.from)
        };
    }

    /// The text searched for.
    pub fn highlighter(&self) -> &Highlighter {
        &self.highlighter
    }

    /// The selected hit, from 0.
    pub fn at(&self) -> Option<usize> {
        self.at
    }

    /// The scroll position when the search started.
    pub fn from(&self) -> ScrollPosition {
        self.from
    }

    /// Whether the next frame must bring the selected hit into view.
    pub fn wants_view(&self) -> bool {
        self.reveal
    }

    /// Selects the next hit, or with a negative `by` the previous one, and wraps around. Returns a notice if it wrapped or
    /// found nothing.
    pub fn step(&mut self, by: isize) -> Option<&'static str> {
        let Some(last) = self.count.checked_sub(1) else { return Some("Not found in this article") };
        let at = self.at.unwrap_or(0);
        let (next, notice) = match by > 0 {
            true if at >= last => (0, Some("Search wrapped to the top")),
            true => (at + 1, None),
            false if at == 0 => (last, Some("Search wrapped to the bottom")),
            false => (at - 1, None),
        };
        (self.at, self.reveal) = (Some(next), true);
        notice
    }

    /// Takes over the number of hits and the selected one from the last frame.
    pub fn frame_drawn(&mut self, count: usize, at: Option<usize>) {
        // Revealed once: after that the user may scroll away from the hit.
        (self.count, self.at, self.reveal) = (count, at, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_wrap_around_with_a_notice() {
        let mut find = FindInArticle::new(ScrollPosition::default());
        assert_eq!(find.step(1), Some("Not found in this article"));
        find.look_for("x");
        find.frame_drawn(3, Some(1));
        for (by, at, notice) in [
            (1, 2, None),
            (1, 0, Some("Search wrapped to the top")),
            (-1, 2, Some("Search wrapped to the bottom")),
            (-1, 1, None),
        ] {
            assert_eq!((find.step(by), find.at()), (notice, Some(at)));
            assert!(find.wants_view());
        }
    }
}
