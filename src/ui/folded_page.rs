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

/// Lays out a page. What was unfolded is returned too, unless nothing would be folded anyway: then it does not matter.
pub fn lay_out(
    lay_out: impl Fn(&FoldChoices) -> PageBuilder,
    mut choices: FoldChoices,
    unfolding: Unfolding,
) -> (PageBuilder, Option<Unfolding>) {
    let page = lay_out(&choices);
    if page.lines.folds().iter().all(|fold| fold.is_open) {
        return (page, None);
    }
    // What the query finds in the details of the page, as in the path of the file, is not worth unfolding them.
    let is_body = |fold: &PageFold| !fold.is_open && fold.number != PAGE_DETAILS;
    let is_searched = unfolding.is_find || page.lines.folds().iter().any(is_body);
    if unfolding.highlighter.is_empty() || !is_searched {
        return (page, Some(unfolding));
    }
    let whole = lay_out(&FoldChoices::all_open()).lines;
    let with_hits = folds_with_hits(&whole, &unfolding.highlighter);
    if with_hits.is_empty() {
        return (page, Some(unfolding));
    }
    for number in with_hits {
        match unfolding.is_find {
            true => choices.set(number, true),
            false => choices.set_default(number, true),
        }
    }
    (lay_out(&choices), Some(unfolding))
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
    let begins_above = |fold: &PageFold| page.title_lines(fold).end <= scroll;
    let from = page.folds().partition_point(begins_above);
    for fold in page.folds().get(from..).unwrap_or_default() {
        let lines = page.title_lines(fold);
        if lines.start >= bottom {
            break;
        }
        for line in lines.start.max(scroll)..lines.end.min(bottom) {
            let row = inner.y.saturating_add((line - scroll) as u16);
            found.push(FoldLine { row, number: fold.number, is_open: fold.is_open });
        }
    }
    let around = page.fold_around(first).and_then(|index| page.folds().get(index));
    found.around_top = around.filter(|fold| begins_above(fold) && fold.is_open).map(|fold| fold.number);
}
