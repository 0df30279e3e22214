//! Puts brackets around the foldable blocks among the events of a body, balanced with all other blocks.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Tag, TagEnd};

use super::body_footnotes::{Footnotes, Positioned};
use super::fold_brackets as brackets;
use crate::html::FoldTag;

/// Where events go: to the body, or to the footnote that is being read.
pub struct EventSink<'s, 'a> {
    /// The footnotes so far.
    pub footnotes: &'s mut Footnotes<'a>,
    /// The events of the body that wait to be asked for.
    pub ready: &'s mut std::collections::VecDeque<Positioned<'a>>,
}

impl<'a> EventSink<'_, 'a> {
    fn push(&mut self, event: Event<'a>, at: Range<usize>) {
        match self.footnotes.events_of_open() {
            Some(events) => events.push((event, at)),
            None => self.ready.push_back((event, at)),
        }
    }
}

/// What is open at the present place.
#[derive(Default)]
pub struct BodyFolds<'a> {
    /// Number of open blocks, apart from foldable ones.
    depth: usize,
    /// The open foldable blocks, innermost last.
    open: Vec<OpenFold>,
    /// The innermost foldable block has begun, and its title did not come yet.
    awaits_title: bool,
    /// The events of the title that is being read.
    title: Option<Vec<Positioned<'a>>>,
    /// Details that began within the present paragraph: they are not folded.
    inline: usize,
}

struct OpenFold {
    is_open: bool,
    /// Number of open blocks around it.
    depth: usize,
    /// End tags that came within a block in it: it ends after that block.
    ends: usize,
}

impl<'a> BodyFolds<'a> {
    /// Passes an event on. What is foldable ends with the block around it at the latest.
    pub fn push(&mut self, event: Event<'a>, at: Range<usize>, out: &mut EventSink<'_, 'a>) {
        if let Some(title) = &mut self.title {
            return title.push((event, at));
        }
        if self.awaits_title {
            self.push_title(Vec::new(), &at, out);
        }
        match &event {
            Event::Start(tag) if !is_inline(tag.to_end()) => self.begin_block(),
            Event::End(tag) if !is_inline(*tag) => {
                self.end_in_block(&at, out);
                out.push(event, at.clone());
                return self.end_block(&at, out);
            }
            _ => {}
        }
        out.push(event, at);
    }

    fn begin_block(&mut self) {
        self.depth = self.depth.saturating_add(1);
    }

    /// Notes that a block begins whose events go elsewhere.
    pub fn begin_hidden_block(&mut self, at: &Range<usize>, out: &mut EventSink<'_, 'a>) {
        if self.awaits_title {
            self.push_title(Vec::new(), at, out);
        }
        self.begin_block();
    }

    /// Ends what is foldable in the innermost block, which is about to end.
    pub fn end_in_block(&mut self, at: &Range<usize>, out: &mut EventSink<'_, 'a>) {
        while self.open.last().is_some_and(|fold| fold.depth >= self.depth) {
            self.end_fold(at, out);
        }
        self.inline = 0;
    }

    /// Notes that the innermost block has ended.
    pub fn end_block(&mut self, at: &Range<usize>, out: &mut EventSink<'_, 'a>) {
        self.depth = self.depth.saturating_sub(1);
        while self.open.last().is_some_and(|fold| fold.depth >= self.depth && fold.ends > 0) {
            self.end_fold(at, out);
        }
    }

    /// Ends all that is open.
    pub fn finish(&mut self, at: &Range<usize>, out: &mut EventSink<'_, 'a>) {
        while !self.open.is_empty() {
            self.end_fold(at, out);
        }
    }

    /// Reads a tag of details.
    pub fn tag(&mut self, tag: FoldTag, at: Range<usize>, out: &mut EventSink<'_, 'a>) {
        match (tag, self.title.take()) {
            (FoldTag::TitleEnd, Some(title)) => self.push_title(title, &at, out),
            (_, title @ Some(_)) => self.title = title,
            (FoldTag::TitleEnd, None) => {}
            (FoldTag::Title, None) => self.title = self.awaits_title.then(Vec::new),
            (FoldTag::Closed | FoldTag::Open, None) => self.begin_fold(tag == FoldTag::Open, at, out),
            (FoldTag::End, None) => self.read_end(&at, out),
        }
    }

    /// Notes details that begin in a paragraph.
    pub fn begin_inline(&mut self) {
        self.inline = self.inline.saturating_add(1);
    }

    /// Reads an end tag in a paragraph.
    pub fn end_inline(&mut self, at: &Range<usize>, out: &mut EventSink<'_, 'a>) {
        match self.inline.checked_sub(1) {
            Some(inline) => self.inline = inline,
            None => self.read_end(at, out),
        }
    }

    /// Begins a foldable block whose title is the next block.
    pub fn begin_titled(&mut self, is_open: bool, at: Range<usize>, out: &mut EventSink<'_, 'a>) {
        self.begin_fold(is_open, at, out);
        self.awaits_title = false;
    }

    fn begin_fold(&mut self, is_open: bool, at: Range<usize>, out: &mut EventSink<'_, 'a>) {
        if self.awaits_title {
            self.push_title(Vec::new(), &at, out);
        }
        out.push(Event::Start(brackets::start(is_open)), at);
        self.open.push(OpenFold { is_open, depth: self.depth, ends: 0 });
        self.awaits_title = true;
    }

    fn read_end(&mut self, at: &Range<usize>, out: &mut EventSink<'_, 'a>) {
        let Some(fold) = self.open.last_mut() else { return };
        fold.ends = fold.ends.saturating_add(1);
        if fold.depth >= self.depth {
            self.end_fold(at, out);
        }
    }

    fn end_fold(&mut self, at: &Range<usize>, out: &mut EventSink<'_, 'a>) {
        if self.awaits_title || self.title.is_some() {
            let title = self.title.take().unwrap_or_default();
            self.push_title(title, at, out);
        }
        let Some(fold) = self.open.pop() else { return };
        out.push(Event::End(brackets::start(fold.is_open).to_end()), at.clone());
        // Further end tags are those of the details around it.
        if let Some(around) = self.open.last_mut() {
            around.ends = around.ends.saturating_add(fold.ends.saturating_sub(1));
        }
    }

    /// Writes a title as one block: as a heading if it contains one.
    fn push_title(&mut self, title: Vec<Positioned<'a>>, at: &Range<usize>, out: &mut EventSink<'_, 'a>) {
        self.awaits_title = false;
        let has_text = title.iter().any(|(event, _)| match event {
            Event::Text(text) | Event::Code(text) => !text.trim().is_empty(),
            Event::FootnoteReference(_) => true,
            _ => false,
        });
        let heading = title.iter().find_map(|(event, _)| match event {
            Event::Start(tag @ Tag::Heading { .. }) => Some(tag.clone()),
            _ => None,
        });
        let block = heading.filter(|_| has_text).unwrap_or(Tag::Paragraph);
        let place = title.first().map_or(at.clone(), |(_, place)| place.clone());
        let end = Event::End(block.to_end());
        out.push(Event::Start(block), place.clone());
        if has_text {
            let mut is_first = true;
            for (event, at) in title {
                match &event {
                    Event::Start(tag) if !is_inline(tag.to_end()) => {}
                    // Only what is between two blocks separates them.
                    Event::End(tag) if !is_inline(*tag) => is_first = false,
                    Event::Rule | Event::TaskListMarker(_) => {}
                    _ => {
                        if !std::mem::replace(&mut is_first, true) {
                            out.push(Event::SoftBreak, at.clone());
                        }
                        out.push(event, at);
                    }
                }
            }
        } else {
            out.push(Event::Text("Details".into()), place.clone());
        }
        out.push(end, place);
    }
}

/// Whether a callout that has just begun is foldable, and whether it is open at first: then its title has a sign, which is
/// removed. `next` are the events after its start.
pub fn take_sign(next: &mut std::collections::VecDeque<Positioned<'_>>) -> Option<bool> {
    if !matches!(next.front(), Some((Event::Start(Tag::Heading { level: HeadingLevel::H6, .. }), _))) {
        return None;
    }
    let Some((Event::Text(text), at)) = next.get_mut(1) else { return None };
    let signs = [(brackets::CLOSED_SIGN, false), (brackets::OPEN_SIGN, true)];
    let (sign, is_open) = signs.into_iter().find(|(sign, _)| text.starts_with(sign))?;
    at.start = at.start.saturating_add(sign.len()).min(at.end);
    *text = CowStr::from(text.get(sign.len()..).unwrap_or_default().to_owned());
    Some(is_open)
}

/// True for what is within the text of a block.
pub fn is_inline(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Link
            | TagEnd::Image
            | TagEnd::Superscript
            | TagEnd::Subscript
    )
}
