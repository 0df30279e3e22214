//! The detail pane: which article it shows, its scroll position, and the search in the article.

use rustc_hash::FxHashMap;

use super::code_copy::{CodeCopy, NoCodeBlock};
use super::effect::Effect;
use super::find_in_article::FindInArticle;
use super::frame_info::{DetailInfo, TopLines};
use super::picture_facts_cache::PictureFactsCache;
use super::scroll::ScrollPosition;
use super::sideways::Sideways;
use crate::feed::{Article, ArticleId, TextPosition};
use crate::text::{FoldChoices, PAGE_DETAILS, PAGE_DETAILS_PLACE};

/// The article shown, its scroll position, the scroll positions of other articles, and the search in the article.
#[derive(Clone, Debug, Default)]
pub struct DetailPane {
    article: Option<ArticleId>,
    scrolled: ScrollPosition,
    /// Hashes of the lines at the top of the screen before the text changed; the next frame scrolls to where they are now.
    anchor: Option<TopLines>,
    find: Option<FindInArticle>,
    /// Where the last jump within the article led, until the user scrolls.
    jumped_to: Option<TextPosition>,
    code_copy: CodeCopy,
    sideways: Sideways,
    /// The scroll positions of other articles when they were left.
    left: FxHashMap<ArticleId, (ScrollPosition, Sideways)>,
    /// What was folded and unfolded in this session.
    folds: FxHashMap<ArticleId, FoldChoices>,
    /// The details at the end of the page are open, in all articles.
    has_details: bool,
    /// The scroll position before a key opened them.
    before_details: Option<ScrollPosition>,
    pictures: PictureFactsCache,
}

impl DetailPane {
    /// The article shown.
    pub fn article(&self) -> Option<ArticleId> {
        self.article
    }

    /// The first line to show. It may not exist any more: the frame clamps it.
    pub fn scroll(&self) -> usize {
        self.scrolled.line
    }

    /// The scroll position. Its text position stays until the user scrolls, while the line changes with the width.
    pub fn scrolled(&self) -> ScrollPosition {
        self.scrolled
    }

    /// The lines that the next frame brings back to the top of the screen after the text changed.
    pub fn anchor(&self) -> Option<&TopLines> {
        self.anchor.as_ref()
    }

    /// Where the last jump within the article led, until the user scrolls. Near the end of an article it is not at the top of the
    /// screen.
    pub fn jumped_to(&self) -> Option<TextPosition> {
        self.jumped_to
    }

    /// Keeps the visible lines on the screen when the text changes. An article at its top stays at its top.
    pub fn keep_position(&mut self, frame: &DetailInfo) {
        self.jumped_to = None;
        let top = frame.top.filter(|(id, _)| Some(*id) == self.article && self.scrolled.line > 0);
        if let Some((_, top)) = top {
            // A text position counts bytes of the old text.
            (self.anchor, self.scrolled.position) = (Some(top), None);
        }
    }

    /// Changes the identity of the article shown.
    pub fn rename(&mut self, article: ArticleId) {
        if let Some(choices) = self.article.and_then(|before| self.folds.remove(&before)) {
            self.folds.insert(article, choices);
        }
        self.article = Some(article);
    }

    /// Shows an article, scrolled to where the user left it, else from its top. True if another article was shown before.
    pub fn show(&mut self, article: Option<ArticleId>) -> bool {
        let other = self.article != article;
        if other {
            let mut left = std::mem::take(&mut self.left);
            match self.article {
                Some(id) if self.scrolled.line > 0 || self.sideways.offset() > 0 => {
                    left.insert(id, (self.scrolled, self.sideways));
                }
                // An article left at its top must not return to where it was left before.
                Some(id) => drop(left.remove(&id)),
                None => {}
            }
            let known = article.and_then(|id| left.get(&id)).copied();
            let scrolled = known.map(|(scrolled, _)| scrolled).unwrap_or_default();
            let other = self.sideways.for_other_article();
            let sideways = known.map_or(other, |(_, sideways)| self.sideways.back_at(sideways));
            let folds = std::mem::take(&mut self.folds);
            let (has_details, pictures) = (self.has_details, std::mem::take(&mut self.pictures));
            let kept = DetailPane { left, folds, has_details, pictures, ..DetailPane::default() };
            *self = DetailPane { article, scrolled, sideways, ..kept };
        }
        other
    }

    /// Sets where an article opens, unless it is the one shown: `None` for its top.
    pub fn set_place_left(&mut self, id: ArticleId, place: Option<TextPosition>) {
        match place {
            _ if self.article == Some(id) => {}
            Some(place) => drop(self.left.insert(id, (ScrollPosition::at(place), Sideways::default()))),
            None => drop(self.left.remove(&id)),
        }
    }

    /// Scrolls to a line.
    pub fn scroll_to(&mut self, line: usize) {
        self.code_copy.begin_again();
        self.before_details = None;
        self.return_to(ScrollPosition { line, position: None });
    }

    /// Restores a scroll position.
    pub fn return_to(&mut self, scrolled: ScrollPosition) {
        (self.scrolled, self.anchor, self.jumped_to) = (scrolled, None, None);
    }

    /// Scrolls so that a place in the text is at the top of the screen. A search goes on from there.
    pub fn jump_within(&mut self, position: TextPosition) {
        let line = self.scrolled.line;
        self.return_to(ScrollPosition { line, position: Some(position) });
        self.jumped_to = Some(position);
        self.code_copy.begin_again();
        if let Some(find) = &mut self.find {
            find.continue_from(self.scrolled);
        }
    }

    // Folding.

    /// Which foldable blocks of the article the user folded and unfolded.
    pub fn folds(&self) -> FoldChoices {
        let mut choices = self.article.and_then(|article| self.folds.get(&article)).cloned().unwrap_or_default();
        choices.set_default(PAGE_DETAILS, self.has_details);
        choices
    }

    /// Opens or folds the details at the end of the page, in all articles.
    pub fn set_details(&mut self, is_open: bool) {
        self.has_details = is_open;
        if let Some(choices) = self.article.and_then(|article| self.folds.get_mut(&article)) {
            choices.set(PAGE_DETAILS, is_open);
        }
    }

    /// Opens the details and scrolls to them; returns from there when they are folded.
    pub fn toggle_details(&mut self) {
        let is_open = !self.folds().is_open(PAGE_DETAILS, false);
        self.set_details(is_open);
        match (is_open, self.before_details.take()) {
            (true, _) => {
                let before = self.scrolled;
                self.jump_within(PAGE_DETAILS_PLACE);
                self.before_details = Some(before);
            }
            (false, Some(before)) => self.return_to(before),
            _ => {}
        }
    }

    /// Notes the text at the top of the screen, which stays there when blocks are folded and unfolded. Without this, unfolding a block
    /// would scroll to the text that was at the top before the block was folded.
    pub fn keep_top(&mut self, frame: &DetailInfo) {
        if let Some((_, position)) = frame.position.filter(|(id, _)| Some(*id) == self.article) {
            self.scrolled.position = Some(position);
        }
    }

    /// Folds or unfolds a block of the article. The text at the top of the screen stays there, or else the title that it is in.
    pub fn set_fold(&mut self, number: u32, is_open: bool) {
        if let Some(article) = self.article {
            self.folds.entry(article).or_default().set(number, is_open);
            self.code_copy.begin_again();
        }
    }

    /// Folds or unfolds all blocks of the article.
    pub fn set_all_folds(&mut self, is_open: bool) {
        if let Some(article) = self.article {
            self.folds.insert(article, FoldChoices::all(is_open));
            self.code_copy.begin_again();
        }
    }

    /// The sideways scrolling of wide code and tables.
    pub fn sideways(&self) -> Sideways {
        self.sideways
    }

    /// The sideways scrolling of wide code and tables, to change.
    pub fn sideways_mut(&mut self) -> &mut Sideways {
        &mut self.sideways
    }

    /// What is known of the pictures of articles.
    pub fn pictures(&self) -> &PictureFactsCache {
        &self.pictures
    }

    /// What is known of the pictures of articles, to change. The text at the top of the screen stays there.
    pub fn pictures_mut(&mut self) -> &mut PictureFactsCache {
        &mut self.pictures
    }

    /// Takes over the scroll position and the hits that the frame showed.
    pub fn frame_drawn(&mut self, frame: &DetailInfo) {
        let shown = frame.position.filter(|(id, _)| Some(*id) == self.article).map(|(_, position)| position);
        // To bring a hit into view, the frame scrolls away from the position known here.
        let moves = self.find.as_ref().is_some_and(FindInArticle::wants_view);
        let known = self.scrolled.position.filter(|_| !moves);
        self.scrolled = ScrollPosition { line: frame.offset, position: known.or(shown) };
        self.anchor = None;
        self.sideways.frame_drawn(frame);
        if let Some(find) = &mut self.find {
            find.frame_drawn(frame.find_hits, frame.find_at);
        }
    }

    /// Scrolls by lines; stops when the last line is at the bottom of the screen.
    pub fn step(&mut self, lines: isize, frame: &DetailInfo) {
        self.scroll_to(self.scrolled.line.saturating_add_signed(lines).min(frame.last_offset()));
    }

    /// The effect that copies a code block of the article, see `CodeCopy::next`.
    pub fn copy_code(&mut self, article: &Article, frame: &DetailInfo) -> Result<Effect, NoCodeBlock> {
        let choices = self.folds();
        self.code_copy.next(article, frame, &choices)
    }

    // Search in the article.

    /// The search in the article, if one is open.
    pub fn find(&self) -> Option<&FindInArticle> {
        self.find.as_ref()
    }

    /// Starts a search in the article.
    pub fn start_find(&mut self) {
        self.find = Some(FindInArticle::new(self.scrolled));
    }

    /// Searches for `letters`, from the position where the search started.
    pub fn find_letters(&mut self, letters: &str) {
        if let Some(find) = &mut self.find {
            find.look_for(letters);
            let from = find.from();
            self.return_to(from);
        }
    }

    /// Goes to the next hit, or with a negative `by` to the previous one. Returns a notice if there is something to report.
    pub fn find_step(&mut self, by: isize) -> Option<&'static str> {
        self.find.as_mut().and_then(|find| find.step(by))
    }

    /// Ends the search; with `restore`, scrolls back to where it started.
    pub fn end_find(&mut self, restore: bool) {
        if let Some(find) = self.find.take().filter(|_| restore) {
            self.return_to(find.from());
        }
    }
}
