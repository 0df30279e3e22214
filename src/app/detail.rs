//! The detail pane: one article, scrolled by lines, and where the reader left the others.

use rustc_hash::FxHashMap;

use super::frame_info::{DetailInfo, TextPosition, Top};
use crate::feed::ArticleId;

/// How far an article is scrolled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scrolled {
    /// The first line on the screen, at the width of the last frame.
    pub line: usize,
    /// Where in the text that line began; none when no frame has shown it yet.
    pub position: Option<TextPosition>,
}

/// The article shown, and how far it is scrolled.
#[derive(Clone, Debug, Default)]
pub struct Detail {
    article: Option<ArticleId>,
    scrolled: Scrolled,
    /// The lines that stood there before the text became another.
    anchor: Option<Top>,
    /// How far other articles were scrolled when they were left.
    left: FxHashMap<ArticleId, Scrolled>,
}

impl Detail {
    /// The article shown.
    pub fn article(&self) -> Option<ArticleId> {
        self.article
    }

    /// The first line shown, before the frame makes sure that it exists.
    pub fn scroll(&self) -> usize {
        self.scrolled.line
    }

    /// How far it is scrolled. The position stays until the reader scrolls, whatever the width makes of the lines.
    pub fn scrolled(&self) -> Scrolled {
        self.scrolled
    }

    /// The lines that are to stand there again, wherever they went in another version of the text.
    pub fn anchor(&self) -> Option<&Top> {
        self.anchor.as_ref()
    }

    /// The text becomes another one: what was seen of it stays where it is. At the top of an article, the top does.
    pub fn hold(&mut self, frame: &DetailInfo) {
        let top = frame.top.filter(|(id, _)| Some(*id) == self.article && self.scrolled.line > 0);
        if let Some((_, top)) = top {
            (self.anchor, self.scrolled.position) = (Some(top), None);
        }
    }

    /// The article shown has another identity now.
    pub fn rename(&mut self, article: ArticleId) {
        self.article = Some(article);
    }

    /// Shows an article: another one where the reader left it, else from its top. True when it is another one.
    pub fn show(&mut self, article: Option<ArticleId>) -> bool {
        let other = self.article != article;
        if other {
            let mut left = std::mem::take(&mut self.left);
            match self.article {
                Some(id) if self.scrolled.line > 0 => drop(left.insert(id, self.scrolled)),
                Some(id) => drop(left.remove(&id)),
                None => {}
            }
            let scrolled = article.and_then(|id| left.get(&id)).copied().unwrap_or_default();
            *self = Detail { article, scrolled, anchor: None, left };
        }
        other
    }

    /// Goes to a line.
    pub fn scroll_to(&mut self, line: usize) {
        self.return_to(Scrolled { line, position: None });
    }

    /// Goes back to where it was scrolled.
    pub fn return_to(&mut self, scrolled: Scrolled) {
        (self.scrolled, self.anchor) = (scrolled, None);
    }

    /// Takes over what the frame showed. `moves`: the frame went somewhere else than it was told to.
    pub fn frame_drawn(&mut self, frame: &DetailInfo, moves: bool) {
        let shown = frame.position.filter(|(id, _)| Some(*id) == self.article).map(|(_, position)| position);
        let known = self.scrolled.position.filter(|_| !moves);
        self.return_to(Scrolled { line: frame.offset, position: known.or(shown) });
    }

    /// Scrolls by lines; stops where the last line is the last on the screen.
    pub fn step(&mut self, lines: isize, frame: &DetailInfo) {
        self.scroll_to(self.scrolled.line.saturating_add_signed(lines).min(frame.last_offset()));
    }
}
