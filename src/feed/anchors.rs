//! Places in a body that links lead to: headings, elements with an id, and footnotes.

use std::cell::OnceCell;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::body::Body;
use super::body_syntax::BodySyntax;
use super::clean::{self, SafeText, UntrustedText};
use super::outline::{self, Heading};

/// Limit on the footnotes of one body.
const MAX_FOOTNOTES: usize = 10_000;
/// Limit in bytes on the text of a footnote in a list.
const MAX_NOTE_BYTES: usize = 400;
/// Limit on the elements that may have the id of an anchor.
const MAX_ELEMENTS: usize = 64;

/// The byte of a body to which an anchor leads, the `a-heading` of `#a-heading`. An anchor is the id of a heading or of an element, or
/// the text of a heading in any of the spellings of site generators: letters and digits count, so `#1-what-s-new`, `#what-s-new` and
/// `#1. What’s new` lead to the same heading. A number at the end means one of several equal headings: `#usage-1` is the second.
///
/// In `#A heading#One below it` the last one counts.
pub fn find(body: &UntrustedText, syntax: BodySyntax, anchor: &str) -> Option<usize> {
    Anchors::of(body, syntax).find(anchor)
}

/// The places of one body. Its headings and terms are read at most once for all anchors.
pub struct Anchors<'a> {
    body: &'a UntrustedText,
    syntax: BodySyntax,
    headings: OnceCell<Vec<Heading>>,
    /// Headings and terms, in their order in the body.
    names: OnceCell<Vec<Name>>,
}

impl<'a> Anchors<'a> {
    /// The places of a body, which is not read yet.
    pub fn of(body: &'a UntrustedText, syntax: BodySyntax) -> Anchors<'a> {
        Anchors { body, syntax, headings: OnceCell::new(), names: OnceCell::new() }
    }

    /// The byte of the body to which an anchor leads, see [`find`].
    pub fn find(&self, anchor: &str) -> Option<usize> {
        let (body, syntax) = (self.body, self.syntax);
        let anchor = anchor.rsplit('#').find(|part| !part.trim().is_empty())?.trim();
        if anchor.starts_with('^') {
            return block_with_id(body, syntax, anchor);
        }
        let by_id = self.headings().iter().find(|heading| heading.id.as_deref() == Some(anchor));
        let by_id = by_id.map(|heading| heading.at);
        let by_id = by_id.or_else(|| element(body, syntax, anchor)).or_else(|| block_with_id(body, syntax, anchor));
        by_id.or_else(|| by_text(self.names(), anchor))
    }

    fn headings(&self) -> &[Heading] {
        self.headings.get_or_init(|| outline::headings(self.body, self.syntax))
    }

    fn names(&self) -> &[Name] {
        self.names.get_or_init(|| {
            let headings = self.headings().iter();
            let names = headings.map(|heading| Name::new(heading.text.as_str(), heading.at, false));
            let mut names: Vec<Name> = names.chain(terms(self.body, self.syntax)).collect();
            names.sort_by_key(|name| name.at);
            names
        })
    }
}

/// A heading, or a term of a definition list, which has an id on some sites.
struct Name {
    key: String,
    at: usize,
    is_term: bool,
    /// True if there are signs such as emoji in it, for which some sites have words.
    has_signs: bool,
}

impl Name {
    fn new(text: &str, at: usize, is_term: bool) -> Name {
        let has_signs = text.chars().any(|c| !c.is_ascii() && !c.is_alphanumeric());
        Name { key: key(text), at, is_term, has_signs }
    }
}

/// The place that an anchor means, the surest first.
fn by_text(names: &[Name], anchor: &str) -> Option<usize> {
    // What is shown of a long link ends so.
    let (anchor, is_cut) = anchor.strip_suffix('…').map_or((anchor, false), |anchor| (anchor, true));
    let wanted = Some(key(anchor)).filter(|wanted| !wanted.is_empty())?;
    let headings = || names.iter().filter(|name| !name.is_term);
    let numbered = anchor.rsplit_once(['-', '_']).and_then(|(text, number)| {
        let number = number.parse::<usize>().ok()?;
        Some((key(text), number)).filter(|(text, _)| !text.is_empty())
    });
    let (text, number) = numbered.unwrap_or_default();
    let has_text = |name: &&Name| !text.is_empty() && name.key == text;
    let found = headings()
        .find(|name| name.key == wanted)
        .or_else(|| headings().filter(has_text).nth(number))
        .or_else(|| names.iter().filter(has_text).nth(number))
        // Jekyll leaves out what is before the first letter.
        .or_else(|| headings().find(|name| name.key.trim_start_matches(|c: char| !c.is_alphabetic()) == wanted))
        .or_else(|| names.iter().find(|name| name.key == wanted))
        // The site has more headings of this text, from a file that it includes.
        .or_else(|| names.iter().rfind(has_text))
        .or_else(|| headings().find(|name| is_cut && name.key.starts_with(&wanted)))
        .or_else(|| {
            let is_part = |name: &&Name| {
                let is_at_end = wanted.starts_with(&name.key) || wanted.ends_with(&name.key);
                name.has_signs && !name.key.is_empty() && is_at_end
            };
            headings().filter(is_part).max_by_key(|name| name.key.len())
        });
    found.map(|name| name.at)
}

/// The terms of the definition lists.
fn terms(body: &UntrustedText, syntax: BodySyntax) -> Vec<Name> {
    let mut names = Vec::new();
    let mut open: Option<(String, Option<usize>)> = None;
    for (event, place) in Body::new(body.untrusted(), syntax).events_with_positions() {
        match event {
            Event::Start(Tag::DefinitionListTitle) => open = Some((String::new(), None)),
            Event::End(TagEnd::DefinitionListTitle) => {
                if let Some((text, at)) = open.take() {
                    names.push(Name::new(&text, at.unwrap_or(place.start), true));
                }
            }
            Event::Text(words) | Event::Code(words) => {
                if let Some((text, at)) = &mut open {
                    at.get_or_insert(place.start);
                    text.push_str(&words);
                }
            }
            _ => {}
        }
    }
    names
}

/// The letters and digits of a heading or an anchor in lower case, by which the two are compared.
pub fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The byte of the text in or behind the element of HTML that has an id or a name.
fn element(body: &UntrustedText, syntax: BodySyntax, id: &str) -> Option<usize> {
    let body = Body::new(body.untrusted(), syntax);
    let mut places = attributes_with(body.source(), id).peekable();
    places.peek()?;
    for (event, place) in body.events_with_positions() {
        let Some(next) = places.peek().copied() else { break };
        let is_text = !matches!(event, Event::Start(_) | Event::End(_) | Event::Rule);
        let is_code = matches!(event, Event::Code(_) | Event::Start(Tag::CodeBlock(_)));
        if is_code && place.contains(&next) {
            // It is written about.
            while places.next_if(|at| place.contains(at)).is_some() {}
        } else if is_text && place.end > next {
            return Some(place.start);
        }
    }
    None
}

/// The places of attributes `id` or `name` with a value.
fn attributes_with<'a>(source: &'a str, value: &'a str) -> impl Iterator<Item = usize> + 'a {
    let is_one = move |at: &usize| {
        let before = source.get(..*at).unwrap_or_default().trim_end_matches(['"', '\'']);
        let after = source.get(at + value.len()..).and_then(|rest| rest.chars().next());
        let name = before.strip_suffix('=').unwrap_or_default();
        let is_attribute = ["id", "name"].iter().any(|known| {
            name.strip_suffix(known).is_some_and(|before| before.ends_with(|c: char| c.is_ascii_whitespace()))
        });
        is_attribute && after.is_some_and(|after| matches!(after, '"' | '\'' | '>' | '/' | ' '))
    };
    memchr::memmem::find_iter(source.as_bytes(), value.as_bytes())
        .filter(is_one)
        .take(MAX_ELEMENTS)
        .collect::<Vec<_>>()
        .into_iter()
}

/// The byte of the block that has an id behind it: `^id` of Obsidian, or `{: #id}` of kramdown. They are not part of the body's
/// Markdown, so the text of their line, or of the line before, is looked for.
fn block_with_id(body: &UntrustedText, syntax: BodySyntax, id: &str) -> Option<usize> {
    let mut text = "";
    for line in body.untrusted().lines() {
        let own = before_id(line, id);
        let shown = own.unwrap_or(line);
        if !shown.trim().is_empty() {
            text = shown.trim_end();
        }
        if own.is_some() {
            let body = Body::new(body.untrusted(), syntax);
            let at = memchr::memmem::find(body.source().as_bytes(), text.as_bytes())?;
            // The signs of headings, quotes and lists are not part of the block.
            let signs = text.len() - text.trim_start_matches(['#', '>', '-', '*', '+', ' ', '\t']).len();
            return Some(at + signs);
        }
    }
    None
}

/// What is before the id at the end of a line, if the line has it.
fn before_id<'a>(line: &'a str, id: &str) -> Option<&'a str> {
    let line = line.trim_end();
    if let Some(name) = id.strip_prefix('^') {
        let before = line.strip_suffix(name)?.strip_suffix('^')?;
        return (before.is_empty() || before.ends_with([' ', '\t'])).then_some(before);
    }
    let (before, attributes) = line.strip_suffix('}')?.rsplit_once("{:")?;
    attributes.split_ascii_whitespace().any(|attribute| attribute.strip_prefix('#') == Some(id)).then_some(before)
}

/// A footnote of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Footnote {
    /// Its number, from 1.
    pub number: usize,
    /// The beginning of its text.
    pub text: SafeText,
    /// The byte of the body at which its text begins.
    pub note: Option<usize>,
    /// The byte of the body of the first reference to it.
    pub reference: Option<usize>,
}

/// The footnotes of a body by their numbers.
pub fn footnotes(body: &UntrustedText, syntax: BodySyntax) -> Vec<Footnote> {
    let mut notes: Vec<Note> = Vec::new();
    let mut open: Option<usize> = None;
    for (event, place) in Body::new(body.untrusted(), syntax).events_with_positions() {
        match event {
            Event::FootnoteReference(label) => {
                if let Some(note) = note_of(&label, &mut notes) {
                    note.reference.get_or_insert(place.start);
                }
            }
            Event::Start(Tag::FootnoteDefinition(label)) => {
                open = note_of(&label, &mut notes).map(|note| note.number);
            }
            Event::End(TagEnd::FootnoteDefinition) => open = None,
            Event::Text(words) | Event::Code(words) => {
                let note = open.and_then(|number| notes.get_mut(number.checked_sub(1)?));
                if let Some(note) = note {
                    note.note.get_or_insert(place.start);
                    if note.text.len() < MAX_NOTE_BYTES {
                        note.text.push_str(&words);
                    }
                }
            }
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph | TagEnd::Item) => {
                if let Some(note) = open.and_then(|number| notes.get_mut(number.checked_sub(1)?)) {
                    note.text.push(' ');
                }
            }
            _ => {}
        }
    }
    let used = notes.into_iter().filter(|note| note.note.is_some() || note.reference.is_some());
    used.map(|Note { number, text, note, reference }| Footnote {
        number,
        text: clean::plain_line(&text),
        note,
        reference,
    })
    .collect()
}

#[derive(Default)]
struct Note {
    number: usize,
    text: String,
    note: Option<usize>,
    reference: Option<usize>,
}

/// The note with a number. The numbers of a body begin with 1 and leave none out.
fn note_of<'a>(label: &str, notes: &'a mut Vec<Note>) -> Option<&'a mut Note> {
    let number = label.parse::<usize>().ok().filter(|number| (1..=MAX_FOOTNOTES).contains(number))?;
    while notes.len() < number {
        notes.push(Note { number: notes.len() + 1, ..Note::default() });
    }
    notes.get_mut(number - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(source: &str) -> UntrustedText {
        UntrustedText::new(source)
    }

    /// What the body has at the place that an anchor leads to.
    fn found(source: &str, anchor: &str) -> Option<String> {
        let at = find(&text(source), BodySyntax::Extended, anchor)?;
        let body = Body::new(source, BodySyntax::Extended);
        body.source().get(at..).and_then(|rest| rest.lines().next()).map(str::to_owned)
    }

    #[test]
    fn anchors_lead_to_headings() {
        let source = "# Über *uns*\n\n## What’s new?\n\n## 1. `go get` & more\n\n## Usage\n\n### Usage\n\n## C\n\n## C++\n\n\
                      ## Set up {#install}\n\n## 安装 说明\n\n## Step 1\n\n## ???\n\n## 2.0-rc.1\n\n## Debugging 🦀\n\n## Debugging more 🦀\n\n## :rocket: Starting\n";
        for (anchor, line) in [
            ("über-uns", Some("Über *uns*")),
            ("Über uns", Some("Über *uns*")),
            ("whats-new", Some("What’s new?")),
            ("What’s new?", Some("What’s new?")),
            ("1-go-get--more", Some("1. `go get` & more")),
            ("go-get-more", Some("1. `go get` & more")),
            ("usage", Some("Usage")),
            ("usage-1", Some("Usage")),
            ("usage-2", Some("Usage")),
            ("c", Some("C")),
            ("c-1", Some("C++")),
            ("install", Some("Set up {#install}")),
            ("set-up", Some("Set up {#install}")),
            ("安装-说明", Some("安装 说明")),
            ("step-1", Some("Step 1")),
            ("Usage#Step 1", Some("Step 1")),
            ("step-2", None),
            ("20-rc1", Some("2.0-rc.1")),
            ("debugging-more-crab", Some("Debugging more 🦀")),
            ("debugging-crab", Some("Debugging 🦀")),
            ("rocket-starting", Some("🚀 Starting")),
            ("starting", Some("🚀 Starting")),
            ("what-s-n…", Some("What’s new?")),
            ("usage-crab", None),
            ("", None),
            ("#", None),
            ("???", None),
            ("no", None),
            ("usage-99999999999999999999999", None),
        ] {
            assert_eq!(found(source, anchor).as_deref(), line, "{anchor}");
        }
        let place = |anchor| find(&text(source), BodySyntax::Extended, anchor);
        assert!(place("usage") < place("usage-1"));
    }

    #[test]
    fn anchors_lead_to_terms_of_definitions() {
        let source = "timeout\n: How long.\n\n`timeZone`\n: Where.\n\n## Timeout\n";
        for (anchor, line) in [
            ("timezone", Some("timeZone`")),
            ("timeout", Some("Timeout")),
            ("where", None),
            ("timeout-1", Some("Timeout")),
        ] {
            let found = found(source, anchor);
            assert_eq!(found.as_deref().map(|found| found.trim_start_matches('`')), line, "{anchor}");
        }
    }

    #[test]
    fn anchors_lead_to_elements_and_blocks() {
        let source = "Text `<a id=\"code\">`.\n\n```html\n<p id=\"code\">\n```\n\n<a name=\"top\"></a>\n\nBehind it.\n\n\
                      A <span id='mid'>word</span> here.\n\n<a id=code></a>\n\nReal.\n\nA block. ^one\n\n## 1.0 / 2016\n{: #v1-0}\n\nA note.\n{: .x #note }\n\n| a |\n|---|\n| b |\n\n^two\n";
        for (anchor, line) in [
            ("top", Some("Behind it.")),
            ("mid", Some("word</span> here.")),
            ("code", Some("Real.")),
            ("v1-0", Some("1.0 / 2016")),
            ("note", Some("A note.")),
            ("^one", Some("A block.")),
            ("^two", Some("| b |")),
            ("^none", None),
            ("op", None),
        ] {
            assert_eq!(found(source, anchor).as_deref(), line, "{anchor}");
        }
    }

    #[test]
    fn footnotes_have_both_ends() {
        let source =
            "A[^b] and[^a], again[^b].\n\n[^a]: First `note`\n    goes on.\n\n[^b]: Second.\n\n[^c]: Unused.\n";
        let notes = footnotes(&text(source), BodySyntax::Extended);
        let found: Vec<_> = notes.iter().map(|note| (note.number, note.text.as_str(), note.reference)).collect();
        assert_eq!(found, [(1, "Second.", Some(1)), (2, "First note goes on.", Some(9)), (3, "Unused.", None)]);
        assert!(notes.iter().all(|note| note.note.is_some_and(|at| at >= source.len())));
        assert_eq!(footnotes(&text("[^1] none"), BodySyntax::Extended), []);
    }

    #[test]
    fn hostile_bodies_are_bounded() {
        let source = "[^a] ".repeat(5_000) + "\n\n[^a]: x\n" + &"<a id=x>".repeat(5_000) + &"# x\n\n".repeat(5_000);
        assert_eq!(footnotes(&text(&source), BodySyntax::Extended).len(), 1);
        assert!(find(&text(&source), BodySyntax::Extended, "x").is_some());
        assert!(find(&text(&source), BodySyntax::Extended, "y-\u{202e}\0").is_none());
    }
}
