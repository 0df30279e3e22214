//! The search inside an article: its text, the selected hit, and the scroll position where it started.

use super::scroll::ScrollPosition;
use crate::query::Highlighter;

/// The selected hit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum SelectedHit {
    /// The first one from the scroll position on, which the next frame finds.
    #[default]
    Below,
    /// The last one above the scroll position, which the next frame finds.
    Above,
    /// The one at this index.
    At(usize),
    /// None, after a jump to another place.
    Nothing,
}

/// A search inside the article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindInArticle {
    highlighter: Highlighter,
    selected: SelectedHit,
    /// The scroll position from which hits are looked for: where the search started, or where a jump led.
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

    /// The selected one of `count` hits, from 0, where `above` of them are above [`FindInArticle::from`].
    pub fn selected_of(&self, count: usize, above: usize) -> Option<usize> {
        let last = count.checked_sub(1)?;
        match self.selected {
            SelectedHit::Below => Some(if above < count { above } else { 0 }),
            SelectedHit::Above => Some(above.checked_sub(1).unwrap_or(last).min(last)),
            SelectedHit::At(at) => Some(at.min(last)),
            SelectedHit::Nothing => None,
        }
    }

    /// Makes the next step go on from another scroll position.
    pub fn continue_from(&mut self, from: ScrollPosition) {
        (self.from, self.selected, self.reveal) = (from, SelectedHit::Nothing, false);
    }

    /// The scroll position from which hits are looked for.
    pub fn from(&self) -> ScrollPosition {
        self.from
    }

    /// Whether the next frame must bring the selected hit into view.
    pub fn wants_view(&self) -> bool {
        self.reveal
    }

    /// Goes on by a number of hits, or back if `by` is negative, and wraps around. Returns a notice if it wrapped or found nothing.
    pub fn step(&mut self, by: isize) -> Option<&'static str> {
        let Some(count) = isize::try_from(self.count).ok().filter(|count| *count > 0) else {
            return Some("Not found in this article");
        };
        let at = match self.selected {
            SelectedHit::At(at) => at,
            SelectedHit::Below | SelectedHit::Above => 0,
            SelectedHit::Nothing => {
                (self.selected, self.reveal) = (if by > 0 { SelectedHit::Below } else { SelectedHit::Above }, true);
                return None;
            }
        };
        let to = isize::try_from(at).unwrap_or(isize::MAX).saturating_add(by);
        (self.selected, self.reveal) = (SelectedHit::At(to.rem_euclid(count).unsigned_abs()), true);
        match to {
            ..0 => Some("Search wrapped to the bottom"),
            _ => (to >= count).then_some("Search wrapped to the top"),
        }
    }

    /// Takes over the number of hits and the selected one from the last frame.
    pub fn frame_drawn(&mut self, count: usize, at: Option<usize>) {
        // Revealed once: after that the user may scroll away from the hit.
        (self.count, self.reveal) = (count, false);
        if let Some(at) = at {
            self.selected = SelectedHit::At(at);
        }
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
            (2, 0, Some("Search wrapped to the top")),
            (2, 2, None),
            (-9_999_999, 2, Some("Search wrapped to the bottom")),
        ] {
            assert_eq!((find.step(by), find.selected_of(3, 0)), (notice, Some(at)));
            assert!(find.wants_view());
        }
    }

    #[test]
    fn after_a_jump_steps_go_on_from_there() {
        for (by, above, at) in [(1, 2, 2), (1, 0, 0), (1, 5, 0), (-1, 2, 1), (-1, 0, 4), (-1, 5, 4)] {
            let mut find = FindInArticle::new(ScrollPosition::default());
            find.look_for("x");
            find.frame_drawn(5, Some(3));
            find.continue_from(ScrollPosition { line: 7, position: None });
            assert_eq!((find.selected_of(5, above), find.wants_view()), (None, false));
            find.frame_drawn(5, None);
            assert_eq!(find.step(by), None);
            assert_eq!((find.selected_of(5, above), find.wants_view()), (Some(at), true), "{by} {above}");
        }
    }
}
