//! The detail pane: one article, scrolled by lines.

use super::seen::{Seen, Top};
use crate::feed::ArticleId;

/// The article shown, and the first line of it.
#[derive(Clone, Debug, Default)]
pub struct Detail {
    article: Option<ArticleId>,
    scroll: usize,
    /// The lines that stood there before the text became another.
    anchor: Option<Top>,
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

    /// The lines that are to stand there again, wherever they went in another version of the text.
    pub fn anchor(&self) -> Option<&Top> {
        self.anchor.as_ref()
    }

    /// The text becomes another one: what was seen of it stays where it is. At the top of an article, the top does.
    pub fn hold(&mut self, seen: &Seen) {
        let top = seen.detail_top.filter(|(id, _)| Some(*id) == self.article && self.scroll > 0);
        self.anchor = top.map(|(_, top)| top).or(self.anchor);
    }

    /// Shows an article, from its top when it is another one. True when it is.
    pub fn show(&mut self, article: Option<ArticleId>) -> bool {
        let other = self.article != article;
        if other {
            *self = Detail { article, ..Detail::default() };
        }
        other
    }

    /// Goes to a line.
    pub fn scroll_to(&mut self, line: usize) {
        (self.scroll, self.anchor) = (line, None);
    }

    /// Scrolls by lines; stops where the last line is the last on the screen.
    pub fn step(&mut self, lines: isize, seen: &Seen) {
        self.scroll_to(self.scroll.saturating_add_signed(lines).min(Self::last(seen)));
    }

    /// The first line shown at the very end.
    pub fn last(seen: &Seen) -> usize {
        seen.detail_lines.saturating_sub(seen.detail_page())
    }
}
