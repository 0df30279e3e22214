//! The page of an article with folded blocks: those with hits of a search are unfolded, and the titles on the screen are recorded.

use ratatui::layout::Rect;

use super::article_page::PageBuilder;
use super::highlights;
use crate::app::{FoldLine, VisibleFolds};
use crate::query::Highlighter;
use crate::text::{FoldChoices, PAGE_DETAILS, Page, PageFold};

/// What to unfold beside what the user chose: the blocks with hits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfolding {
    /// What is searched for.
    pub highlighter: Highlighter,
    /// The search is one within the article: then blocks with hits are unfolded that the user folded.
    pub is_find: bool,
}

/// What is unfolded in a page for a search, beside what the user and the author chose.
#[derive(Default)]
pub struct UnfoldedHits {
    /// The choices with which the page was laid out last.
    choices: FoldChoices,
    /// Something is folded without a search.
    is_folded: bool,
    /// A block of the body is folded without a search.
    is_body_folded: bool,
    /// The last search.
    search: Option<Unfolding>,
    /// The page with everything unfolded, once it was searched.
    unfolded: Option<Page>,
}

impl UnfoldedHits {
    /// Nothing yet, of a page that was laid out with the choices of the user.
    pub fn of(page: &Page, choices: FoldChoices) -> UnfoldedHits {
        let mut folded = page.folds().iter().filter(|fold| !fold.is_open).peekable();
        let is_folded = folded.peek().is_some();
        // What the query finds in the details of the page, as in the path of the file, is not worth unfolding them.
        let is_body_folded = folded.any(|fold| fold.number != PAGE_DETAILS);
        UnfoldedHits { choices, is_folded, is_body_folded, search: None, unfolded: None }
    }

    /// Unfolds what has hits of a search. `choices` are those of the user, and `lay_out` lays out the page. Returns the choices to
    /// lay it out with again; `None` if they are those of the last time.
    pub fn search(
        &mut self,
        search: Unfolding,
        choices: &FoldChoices,
        lay_out: impl Fn(&FoldChoices) -> PageBuilder,
    ) -> Option<FoldChoices> {
        if self.search.as_ref() == Some(&search) {
            return None;
        }
        let mut choices = choices.clone();
        let is_searched = self.is_folded && (search.is_find || self.is_body_folded);
        if is_searched && !search.highlighter.is_empty() {
            let whole = self.unfolded.get_or_insert_with(|| lay_out(&FoldChoices::all_open()).lines);
            for number in folds_with_hits(whole, &search.highlighter) {
                match search.is_find {
                    true => choices.set(number, true),
                    false => choices.set_default(number, true),
                }
            }
        }
        self.search = Some(search);
        (self.choices != choices).then(|| {
            self.choices.clone_from(&choices);
            choices
        })
    }
}

/// The numbers of the foldable blocks of an unfolded page that have hits behind their titles.
fn folds_with_hits(page: &Page, highlighter: &Highlighter) -> Vec<u32> {
    let (mut numbers, mut is_found) = (Vec::new(), vec![false; page.folds().len()]);
    for hit in highlights::in_page(highlighter, page) {
        let Some(block) = hit.first().and_then(|part| page.block_at(part.line)) else { continue };
        let mut next = page.fold_around(block);
        while let Some((index, fold)) = next.and_then(|index| Some((index, page.folds().get(index)?))) {
            if fold.blocks.start != block {
                let Some(is_found) = is_found.get_mut(index).filter(|is_found| !**is_found) else { break };
                *is_found = true;
                numbers.push(fold.number);
            }
            next = fold.parent;
        }
    }
    numbers
}

/// Records the titles of foldable blocks on the screen, as many as there is room for.
pub fn record(page: &Page, inner: Rect, scroll: usize, found: &mut VisibleFolds) {
    let Some(first) = page.block_at(scroll).filter(|_| !page.folds().is_empty()) else { return };
    let bottom = scroll.saturating_add(inner.height.into());
    let title_is_above = |fold: &PageFold| page.title_lines(fold).end <= scroll;
    let from = page.folds().partition_point(title_is_above);
    for fold in page.folds().get(from..).unwrap_or_default() {
        let lines = page.title_lines(fold);
        if lines.start >= bottom {
            break;
        }
        for line in lines.start.max(scroll)..lines.end.min(bottom) {
            let row = inner.y.saturating_add((line - scroll) as u16);
            found.lines.push(FoldLine { row, number: fold.number, is_open: fold.is_open });
        }
    }
    let around = page.fold_around(first).and_then(|index| page.folds().get(index));
    found.around_top = around.filter(|fold| title_is_above(fold) && fold.is_open).map(|fold| fold.number);
}
