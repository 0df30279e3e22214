//! Turns what the parser of Markdown finds into events without HTML: tags become the same events as Markdown for them, bare web
//! addresses become links, and footnotes come at the end, numbered in the order of their use.

use std::collections::VecDeque;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, OffsetIter, Tag, TagEnd};

use super::body_folds::{BodyFolds, EventSink, is_inline, take_sign};
use super::body_footnotes::{Footnotes, Positioned};
use super::body_syntax::{BodySyntax, plain_parser};
use super::end_tags::EndTags;
use super::inline_preformatted::{self, is_tag};
use super::open_inline::{Form, Inside, Open};
use super::web_addresses::web_addresses;
use crate::html::{self, FoldTag, InlineElement, InlineTag};

/// Limit on open elements of HTML in one block. Deeper ones are read as their content.
const MAX_OPEN: usize = 64;

/// The events of a body, see the module.
pub struct BodyEvents<'a> {
    source: &'a str,
    parser: OffsetIter<'a>,
    /// Events that were looked at.
    peeked: VecDeque<Positioned<'a>>,
    /// `<pre>` up to here is text: its end is not in the same paragraph.
    no_preformatted_before: usize,
    ready: VecDeque<Positioned<'a>>,
    /// What is open in the present block, innermost last.
    open: Vec<Open>,
    is_in_code_block: bool,
    is_after_break: bool,
    /// The next text is the target of a wikilink: `Note#Heading`.
    is_wikilink: bool,
    /// The text of an open element of code, which is one event.
    code: String,
    footnotes: Footnotes<'a>,
    folds: BodyFolds<'a>,
    end_tags: EndTags,
    is_finished: bool,
    /// It reads what was made of a block of HTML for another reader, which gets the tags of details.
    is_within_other: bool,
}

impl<'a> BodyEvents<'a> {
    /// The events of a text, from those of the parser.
    pub fn new(source: &'a str, parser: OffsetIter<'a>) -> BodyEvents<'a> {
        BodyEvents {
            source,
            parser,
            peeked: VecDeque::new(),
            no_preformatted_before: 0,
            ready: VecDeque::new(),
            open: Vec::new(),
            is_in_code_block: false,
            is_after_break: false,
            is_wikilink: false,
            code: String::new(),
            footnotes: Footnotes::default(),
            folds: BodyFolds::default(),
            end_tags: EndTags::default(),
            is_finished: false,
            is_within_other: false,
        }
    }

    /// Passes the starts of the remaining links to a function: those of bare addresses only if they were read already.
    pub fn for_each_link(mut self, mut found: impl FnMut(&Event)) {
        let mut found = |event: &Event| {
            if matches!(event, Event::Start(Tag::Link { .. })) {
                found(event);
            }
        };
        if html::may_change_links(self.source) {
            return self.for_each(|(event, _)| found(&event));
        }
        // Else the parser alone knows all links, and everything else need not be read.
        while let Some(event) = self.ready.pop_front().or_else(|| self.next_parsed()) {
            found(&event.0);
        }
        self.footnotes.into_events(0).iter().for_each(|(event, _)| found(event));
    }

    fn next_parsed(&mut self) -> Option<Positioned<'a>> {
        self.peeked.pop_front().or_else(|| self.parser.next())
    }

    fn peek(&mut self) -> Option<&Positioned<'a>> {
        if self.peeked.is_empty() {
            self.peeked.extend(self.parser.next());
        }
        self.peeked.front()
    }

    /// Adds an event to the body, or to the footnote that is being read.
    fn push(&mut self, event: Event<'a>, at: Range<usize>) {
        if !self.code.is_empty() {
            let code = Event::Code(std::mem::take(&mut self.code).into());
            self.push(code, at.clone());
        }
        self.is_after_break = matches!(event, Event::HardBreak);
        self.with_folds(|folds, out| folds.push(event, at, out));
    }

    fn with_folds(&mut self, act: impl FnOnce(&mut BodyFolds<'a>, &mut EventSink<'_, 'a>)) {
        act(&mut self.folds, &mut EventSink { footnotes: &mut self.footnotes, ready: &mut self.ready });
    }

    /// Adds an event unless it is in an element that is not shown, or emphasis within code.
    fn push_shown(&mut self, event: Event<'a>, at: Range<usize>) {
        let Inside { is_hidden, form, .. } = self.inside();
        let is_emphasis = |tag| matches!(tag, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough);
        let is_left_out = match &event {
            Event::Start(tag) => matches!(form, Form::Code) && is_emphasis(tag.to_end()),
            Event::End(tag) => matches!(form, Form::Code) && is_emphasis(*tag),
            _ => false,
        };
        if !is_hidden && !is_left_out {
            self.push(event, at);
        }
    }

    fn inside(&self) -> Inside {
        self.open.last().map(|open| open.inside).unwrap_or_default()
    }

    fn read(&mut self, event: Event<'a>, at: Range<usize>) {
        match event {
            Event::Start(Tag::HtmlBlock) if self.is_within_other => {
                while let Some((Event::Html(tag), at)) = self.next_parsed() {
                    self.push(Event::Html(tag), at);
                }
            }
            Event::Start(Tag::HtmlBlock) => self.html_block(at),
            Event::Start(Tag::FootnoteDefinition(label)) => {
                self.close_inline(&at);
                self.with_folds(|folds, out| folds.begin_hidden_block(&at, out));
                self.footnotes.begin(label.into_string(), at);
            }
            Event::End(TagEnd::FootnoteDefinition) => {
                self.close_inline(&at);
                self.with_folds(|folds, out| folds.end_in_block(&at, out));
                self.footnotes.end();
                self.with_folds(|folds, out| folds.end_block(&at, out));
            }
            Event::FootnoteReference(label) => {
                let number = self.footnotes.number(label.into_string());
                self.push_shown(Event::FootnoteReference(number.to_string().into()), at);
            }
            Event::Start(tag) if is_inline(tag.to_end()) => {
                let inside = self.inside();
                let media = match &tag {
                    Tag::Link { dest_url, .. } if matches!(dest_url.trim(), "" | "#") => {
                        return self.open.push(Open { element: None, end: None, inside });
                    }
                    Tag::Image { dest_url, .. } if !inside.is_link => html::media(dest_url),
                    _ => None,
                };
                if let Some((address, title)) = media {
                    return self.media(address, title, at);
                }
                self.push_shown(Event::Start(tag.clone()), at);
                let is_link = inside.is_link || tag.to_end() == TagEnd::Link;
                // The target itself is shown.
                self.is_wikilink =
                    matches!(tag, Tag::Link { link_type: LinkType::WikiLink { has_pothole: false }, .. });
                let inside = Inside { is_link, ..inside };
                self.open.push(Open { element: None, end: Some(tag.to_end()), inside });
            }
            Event::End(tag) if is_inline(tag) => {
                let closed = loop {
                    match self.open.pop() {
                        Some(Open { element: Some(element), .. }) => self.push_end(&element, &at),
                        closed => break closed,
                    }
                };
                if let Some(end) = closed.map_or(Some(tag), |closed| closed.end) {
                    self.push_shown(Event::End(end), at);
                }
            }
            Event::Start(tag) => {
                self.close_inline(&at);
                self.is_in_code_block = matches!(tag, Tag::CodeBlock(_));
                let is_callout = matches!(tag, Tag::BlockQuote(Some(_)));
                self.push(Event::Start(tag), at.clone());
                if is_callout {
                    while self.peeked.len() < 2
                        && let Some(next) = self.parser.next()
                    {
                        self.peeked.push_back(next);
                    }
                    if let Some(is_open) = take_sign(&mut self.peeked) {
                        self.with_folds(|folds, out| folds.begin_titled(is_open, at, out));
                    }
                }
            }
            Event::End(tag) => {
                self.close_inline(&at);
                self.is_in_code_block = false;
                self.push(Event::End(tag), at);
            }
            Event::Text(text) if !self.is_in_code_block => self.text(text, at),
            Event::InlineHtml(tag) if is_tag(&tag, "pre") && self.preformatted(&at) => {}
            Event::InlineHtml(tag) if is_tag(&tag, "details") => {
                self.folds.begin_inline();
                self.tag(html::inline_tag(&tag), at);
            }
            Event::InlineHtml(tag) if is_tag(&tag, "/details") => {
                self.tag(html::inline_tag(&tag), at.clone());
                self.with_folds(|folds, out| folds.end_inline(&at, out));
            }
            Event::InlineHtml(tag) | Event::Html(tag) => match html::inline_tag(&tag) {
                InlineTag::Start(element)
                    if element.needs_end() && !self.end_tags.is_ended(self.source, &tag, at.end) =>
                {
                    self.text(tag, at)
                }
                meaning => self.tag(meaning, at),
            },
            other => self.push_shown(other, at),
        }
    }

    /// A picture whose address leads to a video or a sound: a link with its text, or with a title.
    fn media(&mut self, address: String, title: String, at: Range<usize>) {
        self.push_shown(Event::Start(link(LinkType::Inline, address.into())), at.clone());
        let is_empty = matches!(self.peek(), Some((Event::End(TagEnd::Image), _)));
        let shown = if is_empty { format!("▶ {title}") } else { "▶ ".to_owned() };
        self.push_shown(Event::Text(shown.into()), at);
        let inside = Inside { is_link: true, ..self.inside() };
        self.open.push(Open { element: None, end: Some(TagEnd::Link), inside });
    }

    // Text.

    /// Text. The parser splits it at each character that could be markup.
    fn text(&mut self, mut text: CowStr<'a>, mut at: Range<usize>) {
        if matches!(self.peek(), Some((Event::Text(_), _))) {
            let mut whole = text.into_string();
            while matches!(self.peek(), Some((Event::Text(_), _))) {
                if let Some((Event::Text(more), place)) = self.next_parsed() {
                    whole.push_str(&more);
                    at.end = place.end;
                }
            }
            text = whole.into();
        }
        if std::mem::take(&mut self.is_wikilink) && text.contains('#') {
            // What is behind `#^` names a block by its id, which says nothing to a reader.
            let shown = text.split("#^").next().filter(|before| !before.is_empty()).unwrap_or(&text);
            text = shown.trim_start_matches('#').replace('#', " > ").into();
        }
        let Inside { form, is_link, is_hidden } = self.inside();
        match form {
            _ if is_hidden => {}
            Form::Text if is_link => self.push(Event::Text(text), at),
            Form::Text => self.linked_text(text, at),
            Form::Code => self.code.push_str(&text),
            Form::Key => self.push(Event::Text(format!("[{text}]").into()), at),
            Form::Raised | Form::Lowered => {
                let is_lowered = matches!(form, Form::Lowered);
                let sign = if is_lowered { '_' } else { '^' };
                let shown = html::raised(&text, is_lowered).unwrap_or_else(|| format!("{sign}{text}"));
                self.push(Event::Text(shown.into()), at);
            }
        }
    }

    /// Text whose addresses become links.
    fn linked_text(&mut self, text: CowStr<'a>, at: Range<usize>) {
        let places: Vec<Range<usize>> = web_addresses(&text).collect();
        if places.is_empty() {
            return self.push(Event::Text(text), at);
        }
        let piece = |from: usize, to: usize| CowStr::from(text.get(from..to).unwrap_or_default().to_owned());
        let mut shown = 0;
        for place in places {
            if place.start > shown {
                self.push(Event::Text(piece(shown, place.start)), at.clone());
            }
            let address = piece(place.start, place.end);
            let target = if address.starts_with("www.") { format!("http://{address}").into() } else { address.clone() };
            self.push(Event::Start(link(LinkType::Autolink, target)), at.clone());
            self.push(Event::Text(address), at.clone());
            self.push(Event::End(TagEnd::Link), at.clone());
            shown = place.end;
        }
        if shown < text.len() {
            self.push(Event::Text(piece(shown, text.len())), at);
        }
    }

    // HTML.

    fn tag(&mut self, tag: InlineTag, at: Range<usize>) {
        match tag {
            InlineTag::Start(element) => self.open_element(element, at),
            InlineTag::End(element) => self.close_element(&element, &at),
            InlineTag::Break if !self.is_after_break => self.push_shown(Event::HardBreak, at),
            InlineTag::Break | InlineTag::Nothing => {}
            InlineTag::Image { address, alt } => {
                let (link_type, title, id) = (LinkType::Inline, "".into(), "".into());
                let image = Tag::Image { link_type, dest_url: address.into(), title, id };
                self.push_shown(Event::Start(image), at.clone());
                if !alt.is_empty() {
                    self.push_shown(Event::Text(alt.into()), at.clone());
                }
                self.push_shown(Event::End(TagEnd::Image), at);
            }
            InlineTag::Embed { address, title } => {
                self.push_shown(Event::Start(link(LinkType::Inline, address.into())), at.clone());
                self.push_shown(Event::Text(title.into()), at.clone());
                self.push_shown(Event::End(TagEnd::Link), at);
            }
            InlineTag::Text(text) => self.text(text.into(), at),
        }
    }

    /// Reads `<pre>` that begins within a paragraph, as code. False if it does not end in it.
    fn preformatted(&mut self, start: &Range<usize>) -> bool {
        if !self.open.is_empty() || start.start < self.no_preformatted_before {
            return false;
        }
        let (mut read, mut depth, mut end) = (Vec::new(), 0usize, None);
        while end.is_none()
            && let Some((event, at)) = self.next_parsed()
        {
            match &event {
                Event::InlineHtml(tag) if depth == 0 && is_tag(tag, "/pre") => end = Some(at.clone()),
                Event::Start(tag) if is_inline(tag.to_end()) => depth += 1,
                Event::End(tag) if is_inline(*tag) => depth = depth.saturating_sub(1),
                Event::Start(_) | Event::End(_) => {
                    read.push((event, at));
                    break;
                }
                _ => {}
            }
            read.push((event, at));
        }
        let Some(end) = end else {
            self.no_preformatted_before = read.last().map_or(start.end, |(_, at)| at.end);
            read.extend(std::mem::take(&mut self.peeked));
            self.peeked = read.into();
            return false;
        };
        let markdown = inline_preformatted::markdown(self.source, start.start..end.end);
        for event in plain_parser(&markdown, BodySyntax::Gfm) {
            if !matches!(event, Event::Html(_) | Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock)) {
                self.push(event.into_static(), start.start..end.end);
            }
        }
        true
    }

    fn open_element(&mut self, element: InlineElement, at: Range<usize>) {
        if self.open.len() >= MAX_OPEN {
            return;
        }
        let mut inside = self.inside();
        // A link in a link would close the one around it. Without an address, it is only a place to jump to.
        let is_nested = inside.is_link && matches!(element, InlineElement::Link(_));
        let element = if is_nested { InlineElement::Link(String::new()) } else { element };
        match &element {
            InlineElement::Strong => self.push_shown(Event::Start(Tag::Strong), at),
            InlineElement::Emphasis => self.push_shown(Event::Start(Tag::Emphasis), at),
            InlineElement::Strikethrough => self.push_shown(Event::Start(Tag::Strikethrough), at),
            InlineElement::Link(address) if !address.is_empty() => {
                self.push_shown(Event::Start(link(LinkType::Inline, address.clone().into())), at);
                inside.is_link = true;
            }
            InlineElement::Link(_) | InlineElement::Plain => {}
            InlineElement::Code => inside.form = Form::Code,
            InlineElement::Key => inside.form = Form::Key,
            InlineElement::Superscript => inside.form = Form::Raised,
            InlineElement::Subscript => inside.form = Form::Lowered,
            InlineElement::Hidden => inside.is_hidden = true,
        }
        self.open.push(Open { element: Some(element), end: None, inside });
    }

    /// Closes the innermost open element of this kind, and those in it.
    fn close_element(&mut self, element: &InlineElement, at: &Range<usize>) {
        let of_html = self.open.iter().rev().map_while(|open| open.element.as_ref());
        let Some(depth) = of_html.map(|open| open.is_same_kind(element)).position(|is_same| is_same) else { return };
        for _ in 0..=depth {
            if let Some(Open { element: Some(element), .. }) = self.open.pop() {
                self.push_end(&element, at);
            }
        }
    }

    fn push_end(&mut self, element: &InlineElement, at: &Range<usize>) {
        let end = match element {
            InlineElement::Strong => TagEnd::Strong,
            InlineElement::Emphasis => TagEnd::Emphasis,
            InlineElement::Strikethrough => TagEnd::Strikethrough,
            InlineElement::Link(address) if !address.is_empty() => TagEnd::Link,
            InlineElement::Code if !self.code.is_empty() => {
                let code = Event::Code(std::mem::take(&mut self.code).into());
                return self.push(code, at.clone());
            }
            _ => return,
        };
        self.push_shown(Event::End(end), at.clone());
    }

    /// Closes what is open at the edge of a block.
    fn close_inline(&mut self, at: &Range<usize>) {
        while let Some(open) = self.open.pop() {
            if let Some(element) = open.element {
                self.push_end(&element, at);
            }
        }
    }

    /// A block of HTML, with the blocks of HTML that follow it: the parser ends one at each blank line.
    fn html_block(&mut self, at: Range<usize>) {
        self.close_inline(&at);
        let mut source = String::new();
        // Counted as they come: a page may have a block of HTML on every second line.
        let (mut tags, mut ends) = (0, 0);
        let mut end = at.end;
        while let Some((event, place)) = self.next_parsed() {
            end = end.max(place.end);
            match event {
                Event::End(TagEnd::HtmlBlock) => match self.peek() {
                    Some((Event::Start(Tag::HtmlBlock), _)) => drop(self.next_parsed()),
                    Some((Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)), place)) => {
                        let place = place.clone();
                        let code = self.source.get(place).unwrap_or_default();
                        // Other parsers read indented lines as HTML while an element is open.
                        if !code.contains("</") || tags <= 2 * ends {
                            break;
                        }
                        drop(self.next_parsed());
                    }
                    _ => break,
                },
                // An indented block of code that continues the HTML.
                Event::End(TagEnd::CodeBlock) => match self.peek() {
                    Some((Event::Start(Tag::HtmlBlock), _)) => drop(self.next_parsed()),
                    _ => break,
                },
                Event::Html(text) | Event::Text(text) => {
                    tags += text.matches('<').count();
                    ends += text.matches("</").count();
                    source.push_str(&text);
                }
                _ => {}
            }
        }
        let markdown = html::to_markdown_as_written(&source);
        // There is no HTML in it but tags of details, so no reader of events is in more than one other.
        let parser = plain_parser(&markdown, BodySyntax::Gfm).into_offset_iter();
        // Near the place of the text in the HTML, which has more signs before it, so that each block has a position of its own.
        let last = end.saturating_sub(1).max(at.start);
        for (event, place) in (BodyEvents { is_within_other: true, ..BodyEvents::new(&markdown, parser) }) {
            let place = at.start.saturating_add(place.start).min(last)..end;
            match event {
                Event::Html(tag) => {
                    if let Some(tag) = FoldTag::read(&tag) {
                        self.with_folds(|folds, out| folds.tag(tag, place, out));
                    }
                }
                event => self.push(event.into_static(), place),
            }
        }
    }

    /// Puts the footnotes at the end. Their positions follow those of the text.
    fn finish(&mut self) {
        let end = self.ready.back().map(|(_, at)| at.end).unwrap_or_default();
        self.close_inline(&(end..end));
        self.with_folds(|folds, out| folds.finish(&(end..end), out));
        let footnotes = std::mem::take(&mut self.footnotes);
        self.ready.extend(footnotes.into_events(self.source.len()));
    }
}

impl<'a> Iterator for BodyEvents<'a> {
    type Item = Positioned<'a>;

    fn next(&mut self) -> Option<Positioned<'a>> {
        while self.ready.is_empty() && !self.is_finished {
            match self.next_parsed() {
                Some((event, at)) => self.read(event, at),
                None => {
                    self.is_finished = true;
                    self.finish();
                }
            }
        }
        self.ready.pop_front()
    }
}

fn link<'a>(link_type: LinkType, dest_url: CowStr<'a>) -> Tag<'a> {
    Tag::Link { link_type, dest_url, title: "".into(), id: "".into() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::feed::Body;

    /// Fails if an event is HTML, or an end does not belong to the innermost open start. Returns the number of events.
    fn check(source: &str) -> usize {
        let (mut open, mut count) = (Vec::new(), 0);
        for event in Body::new(source, BodySyntax::Extended).events() {
            count += 1;
            match event {
                Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::HtmlBlock) => panic!("HTML in {source:?}"),
                Event::Start(tag) => open.push(tag.to_end()),
                Event::End(tag) => assert_eq!(open.pop(), Some(tag), "{source:?}"),
                _ => {}
            }
        }
        assert_eq!(open, [], "{source:?}");
        count
    }

    #[test]
    fn bombs_give_few_events() {
        for (piece, most_for_each) in [
            ("<b>", 2),
            ("<b><i>", 4),
            ("</b>", 1),
            ("x <b></i> ", 6),
            ("<a href=x>y", 6),
            ("<code>", 1),
            ("<code>x *y* ", 9),
            ("<sup>2", 3),
            ("<table><tr><td>x\n\n", 14),
            ("<p>\n\n    </p>\n\n", 8),
            ("[^1]", 3),
            ("[^1]: x\n\n", 9),
            ("[^1] \n\n[^1]: [^1]", 9),
            ("http://a.b/ ", 6),
            ("http://a.b/", 6),
            ("www.", 2),
            ("://", 2),
            ("*<b>", 4),
            ("> [!NOTE]\n", 9),
            ("<script>", 3),
            ("<script>x</script>", 3),
            ("<select> ", 3),
            ("a <pre>", 2),
            ("a <pre>\n\n", 4),
            ("<i><pre></i></pre> ", 6),
            ("a <style>\n\n", 6),
            ("a\n: ", 9),
            ("<details>", 5),
            ("<details>\n\n", 5),
            ("<details>\n\na\n\n", 8),
            ("</details>", 1),
            ("<summary>", 4),
            ("<details>\n<summary>x</summary>\n\n", 5),
            ("a <details>", 3),
            ("> [!TIP]\n> ###### ▸ t\n\n", 7),
        ] {
            let count = check(&piece.repeat(5_000));
            assert!(count <= 5_000 * most_for_each + 20, "{piece:?}: {count}");
        }
    }

    fn targets(source: &str, syntax: BodySyntax, read: usize) -> (Vec<String>, Vec<String>) {
        let target = |event: &Event| match event {
            Event::Start(Tag::Link { link_type, dest_url, .. }) if *link_type != LinkType::Autolink => {
                Some(dest_url.to_string()).filter(|target| !matches!(target.trim(), "" | "#"))
            }
            _ => None,
        };
        let body = Body::new(source, syntax);
        let all = body.events().filter_map(|event| target(&event)).collect();
        let mut events = body.events_with_positions();
        let mut found: Vec<String> = events.by_ref().take(read).filter_map(|(event, _)| target(&event)).collect();
        events.for_each_link(|event| found.extend(target(event)));
        (all, found)
    }

    #[test]
    fn links_in_elements_that_hide_them_are_no_links() {
        for (source, links) in [
            ("x <script>[a](y)</script>", &[][..]),
            ("x <script>[[a</script>]]", &[]),
            ("x <STYLE>[[a]]</STYLE> [b](z)", &["z"]),
            ("x <Svg>[a](y)</Svg>", &[]),
            ("x <a hReF=\"y\">a</a>", &["y"]),
            ("x <scripted>[a](y)", &["y"]),
            ("[a](y) <", &["y"]),
        ] {
            let (all, found) = targets(source, BodySyntax::Extended, 0);
            assert_eq!(all, links, "{source}");
            assert_eq!(found, links, "{source}");
        }
    }

    fn fragment() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec![
            "a ",
            "*",
            "**",
            "_",
            "~~",
            "`",
            "<b>",
            "</b>",
            "<i>",
            "</i>",
            "<code>",
            "</code>",
            "<a href=x>",
            "</a>",
            "[",
            "](y)",
            "![",
            "<br>",
            "<div>",
            "</div>",
            "<p>",
            "\n",
            "\n\n",
            "> ",
            "- ",
            "    ",
            "|a|b|\n|-|-|\n",
            "[^1]",
            "\n\n[^1]: ",
            "<sup>",
            "</sup>",
            "<script>",
            "</script>",
            "x <pre>",
            "</pre>",
            "<table><tr><td>",
            "</table>",
            "https://e.org/",
            "<T>",
            "<!-- ",
            "-->",
            "```\n",
            "# ",
            "> [!TIP]\n",
            "\n: ",
            "[[",
            "]]",
            "&lt;",
            "<details>\n<summary>s</summary>\n\n",
            "<details open>",
            "</details>",
            "<summary>",
            "</summary>",
            "> [!TIP]\n> ###### ▸ t\n",
            "\n</details>\n\n",
            "<ul><li>",
            "</ul>",
            "<img src=a alt=b>",
        ])
    }

    proptest! {
        #[test]
        fn events_are_balanced_and_without_html(parts in prop::collection::vec(fragment(), 0..40)) {
            check(&parts.concat());
        }

        #[test]
        fn links_alone_are_the_links_of_the_events(
            parts in prop::collection::vec(fragment(), 0..40),
            read in 0..30_usize,
        ) {
            let (mut all, mut found) = targets(&parts.concat(), BodySyntax::Extended, read);
            // Those of footnotes come at another place.
            all.sort();
            found.sort();
            prop_assert_eq!(all, found);
        }
    }
}
