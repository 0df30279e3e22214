//! The foldable blocks of a body: details, and callouts that their author made foldable.
//!
//! Among the events of a body they are brackets around blocks. The first block in one is its title: a paragraph or a heading.

use std::ops::Range;

use pulldown_cmark::{Event, TagEnd};

use super::body::Body;
use super::body_syntax::BodySyntax;
use super::clean::UntrustedText;
pub use super::fold_brackets::{CLOSED_SIGN, OPEN_SIGN, is_end, started};

/// A foldable block. Its number is its place among those of the body, in the order of their starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fold {
    /// Its author wants it open at first.
    pub is_open: bool,
    /// The number of the foldable block around it.
    pub parent: Option<u32>,
    /// The positions of what is in it, without the title.
    pub content: Range<usize>,
}

/// The foldable blocks of a body, by their numbers.
pub fn folds(body: &UntrustedText, syntax: BodySyntax) -> Vec<Fold> {
    let mut folds: Vec<Fold> = Vec::new();
    // The numbers of the open ones, and whether the title of the innermost is still to end.
    let (mut open, mut is_in_title) = (Vec::<u32>::new(), false);
    for (event, place) in Body::new(body.untrusted(), syntax).events_with_positions() {
        if let Some(is_open) = started(&event) {
            let Ok(number) = u32::try_from(folds.len()) else { break };
            folds.push(Fold { is_open, parent: open.last().copied(), content: usize::MAX..0 });
            open.push(number);
            is_in_title = true;
        } else if is_end(&event) {
            let ended = open.pop().and_then(|number| folds.get(number as usize)).map(|fold| fold.content.clone());
            if let Some((ended, around)) = ended.zip(innermost(&mut folds, &open)) {
                around.content = around.content.start.min(ended.start)..around.content.end.max(ended.end);
            }
        } else if is_in_title {
            is_in_title = !matches!(event, Event::End(TagEnd::Paragraph | TagEnd::Heading(_)));
        } else if !matches!(event, Event::Start(_) | Event::End(_))
            && let Some(fold) = innermost(&mut folds, &open)
        {
            let content = fold.content.clone();
            fold.content = content.start.min(place.start)..content.end.max(place.start.saturating_add(1));
        }
    }
    folds
}

fn innermost<'a>(folds: &'a mut [Fold], open: &[u32]) -> Option<&'a mut Fold> {
    open.last().and_then(|number| folds.get_mut(*number as usize))
}

/// The numbers of the foldable blocks around a position of a body, without those of whose title it is.
pub fn around(folds: &[Fold], at: usize) -> Vec<u32> {
    let numbered = (0_u32..).zip(folds);
    numbered.filter(|(_, fold)| fold.content.contains(&at)).map(|(number, _)| number).collect()
}
