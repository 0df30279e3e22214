//! Finding inside the article: what is looked for, which hit one stands on, and where one came from.

use super::scroll::Scrolled;
use crate::query::Highlighter;

/// What is being found in the article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindInArticle {
    hits: Highlighter,
    /// The hit one stands on; none until a frame has looked for the first one below `from`.
    at: Option<usize>,
    /// How far the article was scrolled when it began.
    from: Scrolled,
    /// The hit has to be brought into view.
    reveal: bool,
    /// Hits in the article, as the last frame counted them.
    count: usize,
}

impl FindInArticle {
    /// Begins where the article is scrolled to.
    pub fn new(from: Scrolled) -> FindInArticle {
        FindInArticle { from, ..FindInArticle::default() }
    }

    /// Looks for other letters, from where one began.
    pub fn look_for(&mut self, letters: &str) {
        *self = FindInArticle { hits: Highlighter::for_text(letters), reveal: true, ..FindInArticle::new(self.from) };
    }

    /// What is looked for.
    pub fn hits(&self) -> &Highlighter {
        &self.hits
    }

    /// The hit one stands on, from 0.
    pub fn at(&self) -> Option<usize> {
        self.at
    }

    /// Where it began.
    pub fn from(&self) -> Scrolled {
        self.from
    }

    /// Whether the hit has to be brought into view.
    pub fn wants_view(&self) -> bool {
        self.reveal
    }

    /// Goes to the next (or previous) hit, round the ends. The words say when it went round, or that there is none.
    pub fn step(&mut self, by: isize) -> Option<&'static str> {
        let Some(last) = self.count.checked_sub(1) else { return Some("not found in this article") };
        let at = self.at.unwrap_or(0);
        let (next, words) = match by > 0 {
            true if at >= last => (0, Some("from the top again")),
            true => (at + 1, None),
            false if at == 0 => (last, Some("from the bottom again")),
            false => (at - 1, None),
        };
        (self.at, self.reveal) = (Some(next), true);
        words
    }

    /// Takes over what the last frame found.
    pub fn frame_drawn(&mut self, count: usize, at: Option<usize>) {
        (self.count, self.at, self.reveal) = (count, at, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_go_round_and_say_so() {
        let mut find = FindInArticle::new(Scrolled::default());
        assert_eq!(find.step(1), Some("not found in this article"));
        find.look_for("x");
        find.frame_drawn(3, Some(1));
        for (by, at, words) in
            [(1, 2, None), (1, 0, Some("from the top again")), (-1, 2, Some("from the bottom again")), (-1, 1, None)]
        {
            assert_eq!((find.step(by), find.at()), (words, Some(at)));
            assert!(find.wants_view());
        }
    }
}
