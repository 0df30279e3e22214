//! `<details>`, whose content can be folded.

use super::Reader;
use crate::html::event::Event;

impl<F: FnMut(Event<'_>)> Reader<F> {
    pub(super) fn start_details(&mut self, is_open: bool) {
        self.settle();
        self.edge();
        self.details.push(self.frames.len());
        (self.sink)(Event::DetailsStart { is_open });
    }

    /// Ends the innermost details with what is open in them. The details may have begun in an earlier piece of HTML.
    pub(super) fn end_details(&mut self) {
        // Those in blocks that have ended ended with them.
        while self.details.pop_if(|depth| *depth > self.frames.len()).is_some() {}
        if let Some(depth) = self.details.pop() {
            self.close_to(depth);
        }
        self.edge();
        (self.sink)(Event::DetailsEnd);
    }
}
