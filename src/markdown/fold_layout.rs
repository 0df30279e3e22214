//! Which foldable blocks of a body are open while it is laid out, and what is left out of those that are folded.

use pulldown_cmark::Event;

use crate::feed::folds;
use crate::text::FoldChoices;

/// The signs before the titles of folded and open blocks.
pub const FOLDED: &str = folds::CLOSED_SIGN;
/// See [`FOLDED`].
pub const OPEN: &str = folds::OPEN_SIGN;

/// The foldable blocks around the present event.
pub struct FoldLayout<'a> {
    choices: &'a FoldChoices,
    /// The number of the next one.
    next: u32,
    /// Those that are open, innermost last.
    pub around: Vec<AroundFold>,
    /// The title of the innermost is being read.
    pub is_in_title: bool,
    /// The title of the innermost is the next block.
    pub awaits_title: bool,
    /// While the content of a folded block is left out: the number of open ones in it, and itself.
    left_out: usize,
}

/// A foldable block around the present event.
#[derive(Clone, Copy, Debug)]
pub struct AroundFold {
    /// Its number in the body.
    pub number: u32,
    /// Its content is shown.
    pub is_open: bool,
    /// Its index on the page, once its title is there.
    pub index: Option<usize>,
    /// Number of indents around it.
    pub depth: usize,
    /// Its title is that of a callout, whose bar shows where it ends.
    pub is_callout: bool,
}

impl<'a> FoldLayout<'a> {
    /// The beginning of a body.
    pub fn new(choices: &'a FoldChoices) -> FoldLayout<'a> {
        FoldLayout { choices, next: 0, around: Vec::new(), is_in_title: false, awaits_title: false, left_out: 0 }
    }

    /// A foldable block begins that its author wants open at first or not.
    pub fn begin(&mut self, is_open_at_first: bool, depth: usize, is_callout: bool) {
        let number = self.next;
        self.next = self.next.saturating_add(1);
        let is_open = self.choices.is_open(number, is_open_at_first);
        self.around.push(AroundFold { number, is_open, index: None, depth, is_callout });
        self.awaits_title = true;
    }

    /// The sign of the innermost block.
    pub fn sign(&self) -> &'static str {
        if self.around.last().is_some_and(|fold| fold.is_open) { OPEN } else { FOLDED }
    }

    /// From here to its end, the innermost block is left out.
    pub fn leave_out(&mut self) {
        self.left_out = 1;
    }

    /// True for an event that is left out.
    pub fn leaves_out(&mut self, event: &Event) -> bool {
        if self.left_out == 0 {
            return false;
        }
        if folds::started(event).is_some() {
            self.next = self.next.saturating_add(1);
            self.left_out = self.left_out.saturating_add(1);
        } else if folds::is_end(event) {
            self.left_out = self.left_out.saturating_sub(1);
        }
        self.left_out > 0
    }
}
