//! The detail pane: one article, scrolled by lines.

use super::seen::Seen;
use crate::feed::ArticleId;

/// The article shown, and the first line of it.
#[derive(Clone, Debug, Default)]
pub struct Detail {
    article: Option<ArticleId>,
    scroll: usize,
}

impl Detail {
    /// The article shown.
    pub fn article(&self) -> Option<ArticleId> {
        self.article
    }

    /// The first line shown, before the frame makes sure that it exists.
    pub fn scroll(&self) -> usize {
        self.scroll
    }

    /// Shows an article, from its top when it is another one. True when it is.
    pub fn show(&mut self, article: Option<ArticleId>) -> bool {
        let other = self.article != article;
        if other {
            (self.article, self.scroll) = (article, 0);
        }
        other
    }

    /// Goes to a line.
    pub fn scroll_to(&mut self, line: usize) {
        self.scroll = line;
    }

    /// Scrolls by lines; stops where the last line is the last on the screen.
    pub fn step(&mut self, lines: isize, seen: &Seen) {
        self.scroll = self.scroll.saturating_add_signed(lines).min(Self::last(seen));
    }

    /// The first line shown at the very end.
    pub fn last(seen: &Seen) -> usize {
        seen.detail_lines.saturating_sub(seen.detail_page())
    }
}
