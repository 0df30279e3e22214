//! The footnotes of a body: numbered in the order of their use, and moved to its end.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

/// An event, and the bytes of the body that it was made from.
pub type Positioned<'a> = (Event<'a>, Range<usize>);

/// The footnotes found so far.
#[derive(Default)]
pub struct Footnotes<'a> {
    /// Numbers by label, in the order of use.
    numbers: HashMap<String, usize>,
    definitions: Vec<Footnote<'a>>,
    /// The positions in `definitions` of those that are being read.
    open: Vec<usize>,
}

struct Footnote<'a> {
    label: String,
    at: Range<usize>,
    events: Vec<Positioned<'a>>,
}

impl<'a> Footnotes<'a> {
    /// The number of a footnote that is referred to, from 1.
    pub fn number(&mut self, label: String) -> usize {
        let next = self.numbers.len() + 1;
        *self.numbers.entry(label).or_insert(next)
    }

    /// Begins a definition.
    pub fn begin(&mut self, label: String, at: Range<usize>) {
        self.open.push(self.definitions.len());
        self.definitions.push(Footnote { label, at, events: Vec::new() });
    }

    /// Ends the innermost open definition.
    pub fn end(&mut self) {
        self.open.pop();
    }

    /// The events of the innermost open definition; `None` outside of definitions.
    pub fn events_of_open(&mut self) -> Option<&mut Vec<Positioned<'a>>> {
        let open = self.open.last().copied()?;
        self.definitions.get_mut(open).map(|footnote| &mut footnote.events)
    }

    /// The events of all definitions, below a rule. Their positions follow those of the text, which ends at `end`.
    pub fn into_events(self, end: usize) -> Vec<Positioned<'a>> {
        let Footnotes { numbers, mut definitions, .. } = self;
        if definitions.is_empty() {
            return Vec::new();
        }
        let number = |footnote: &Footnote| numbers.get(&footnote.label).copied().unwrap_or(usize::MAX);
        definitions.sort_by_key(number);
        let mut begin = end;
        let mut all = vec![(Event::Rule, begin..begin)];
        let mut last = numbers.len();
        for Footnote { label, at, events } in definitions {
            let number = numbers.get(&label).copied().unwrap_or_else(|| {
                last += 1;
                last
            });
            let shift = |place: usize| begin + place.saturating_sub(at.start);
            all.push((Event::Start(Tag::FootnoteDefinition(number.to_string().into())), begin..begin));
            all.extend(events.into_iter().map(|(event, at)| (event, shift(at.start)..shift(at.end))));
            all.push((Event::End(TagEnd::FootnoteDefinition), begin..begin));
            begin += at.len();
        }
        all
    }
}
