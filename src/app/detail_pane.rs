//! The detail pane: the article, how far it and others are scrolled, and the words looked for in it.

use rustc_hash::FxHashMap;

use super::find_in_article::FindInArticle;
use super::frame_info::{DetailInfo, TopLines};
use super::scroll::Scrolled;
use crate::feed::ArticleId;

/// The article shown, how far it is scrolled, and what is looked for in it.
#[derive(Clone, Debug, Default)]
pub struct DetailPane {
    article: Option<ArticleId>,
    scrolled: Scrolled,
    /// The lines at the top of the screen before the text changed.
    anchor: Option<TopLines>,
    find: Option<FindInArticle>,
    /// How far other articles were scrolled when they were left.
    left: FxHashMap<ArticleId, Scrolled>,
}

impl DetailPane {
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
    pub fn anchor(&self) -> Option<&TopLines> {
        self.anchor.as_ref()
    }

    /// The text becomes another one: what was seen of it stays where it is. At the top of an article, the top does.
    pub fn keep_position(&mut self, frame: &DetailInfo) {
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
            *self = DetailPane { article, scrolled, anchor: None, find: None, left };
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

    /// Takes over what the frame showed.
    pub fn frame_drawn(&mut self, frame: &DetailInfo) {
        let shown = frame.position.filter(|(id, _)| Some(*id) == self.article).map(|(_, position)| position);
        // To bring a hit into view, the frame scrolls elsewhere than it was told to.
        let moves = self.find.as_ref().is_some_and(FindInArticle::wants_view);
        let known = self.scrolled.position.filter(|_| !moves);
        self.return_to(Scrolled { line: frame.offset, position: known.or(shown) });
        if let Some(find) = &mut self.find {
            find.frame_drawn(frame.find_hits, frame.find_at);
        }
    }

    /// Scrolls by lines; stops where the last line is the last on the screen.
    pub fn step(&mut self, lines: isize, frame: &DetailInfo) {
        self.scroll_to(self.scrolled.line.saturating_add_signed(lines).min(frame.last_offset()));
    }

    // Finding.

    /// What is looked for in the article.
    pub fn find(&self) -> Option<&FindInArticle> {
        self.find.as_ref()
    }

    /// Begins to look for something.
    pub fn start_find(&mut self) {
        self.find = Some(FindInArticle::new(self.scrolled));
    }

    /// Looks for these letters.
    pub fn find_letters(&mut self, letters: &str) {
        if let Some(find) = &mut self.find {
            find.look_for(letters);
            let from = find.from();
            self.return_to(from);
        }
    }

    /// Goes to the next hit, or the previous one. The words are for the footer.
    pub fn find_step(&mut self, by: isize) -> Option<&'static str> {
        self.find.as_mut().and_then(|find| find.step(by))
    }

    /// Stops looking; with `restore`, goes back to where that began.
    pub fn end_find(&mut self, restore: bool) {
        if let Some(find) = self.find.take().filter(|_| restore) {
            self.return_to(find.from());
        }
    }
}
