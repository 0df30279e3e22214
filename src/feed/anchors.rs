//! Places in a body that links lead to: headings, elements with an id, and footnotes.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::body::Body;
use super::body_syntax::BodySyntax;
use super::clean::{self, SafeText, UntrustedText};
use super::outline;

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
    let anchor = anchor.rsplit('#').find(|part| !part.trim().is_empty())?.trim();
    if let Some(block) = anchor.strip_prefix('^') {
        return block_with_id(body, syntax, block);
    }
    let headings = outline::headings(body, syntax);
    let by_id = headings.iter().find(|heading| heading.id.as_deref() == Some(anchor)).map(|heading| heading.at);
    by_id.or_else(|| element(body, syntax, anchor)).or_else(|| {
        let keys: Vec<String> = headings.iter().map(|heading| key(heading.text.as_str())).collect();
        let place = by_text(&keys, anchor)?;
        headings.get(place).map(|heading| heading.at)
    })
}

/// The place of the heading that an anchor means, among the keys of all headings.
fn by_text(keys: &[String], anchor: &str) -> Option<usize> {
    let wanted = Some(key(anchor)).filter(|wanted| !wanted.is_empty())?;
    let is_wanted = |known: &&String| **known == wanted;
    keys.iter().position(|known| is_wanted(&known)).or_else(|| numbered(keys, anchor)).or_else(|| {
        // Jekyll leaves out what is before the first letter.
        keys.iter().position(|known| known.trim_start_matches(|c: char| !c.is_alphabetic()) == wanted)
    })
}

/// The place of the heading that `usage-1` means: the second one of this text.
fn numbered(keys: &[String], anchor: &str) -> Option<usize> {
    let (text, number) = anchor.rsplit_once(['-', '_'])?;
    let (text, number) = (key(text), number.parse::<usize>().ok()?);
    let mut equal = keys.iter().enumerate().filter(|(_, known)| **known == text);
    let (place, _) = equal.nth(number)?;
    (!text.is_empty()).then_some(place)
}

/// The letters and digits of a heading or an anchor in lower case.
fn key(text: &str) -> String {
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

/// The byte of the block that Obsidian's `^id` at its end names. The sign itself is not part of the body's Markdown.
fn block_with_id(body: &UntrustedText, syntax: BodySyntax, id: &str) -> Option<usize> {
    let is_it = |line: &str| {
        let before = line.trim_end().strip_suffix(id).and_then(|line| line.strip_suffix('^'));
        before.is_some_and(|before| before.is_empty() || before.ends_with([' ', '\t']))
    };
    let mut text = "";
    for line in body.untrusted().lines() {
        let found = is_it(line);
        let own = if found { line.rsplit('^').nth(1).unwrap_or_default() } else { line };
        if !own.trim().is_empty() {
            text = own.trim();
        }
        if found {
            let body = Body::new(body.untrusted(), syntax);
            return memchr::memmem::find(body.source().as_bytes(), text.as_bytes());
        }
    }
    None
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
                      ## Set up {#install}\n\n## 安装 说明\n\n## Step 1\n\n## ???\n\n## 2.0-rc.1\n";
        for (anchor, line) in [
            ("über-uns", Some("Über *uns*")),
            ("Über uns", Some("Über *uns*")),
            ("whats-new", Some("What’s new?")),
            ("What’s new?", Some("What’s new?")),
            ("1-go-get--more", Some("1. `go get` & more")),
            ("go-get-more", Some("1. `go get` & more")),
            ("usage", Some("Usage")),
            ("usage-1", Some("Usage")),
            ("usage-2", None),
            ("c", Some("C")),
            ("c-1", Some("C++")),
            ("install", Some("Set up {#install}")),
            ("set-up", Some("Set up {#install}")),
            ("安装-说明", Some("安装 说明")),
            ("step-1", Some("Step 1")),
            ("Usage#Step 1", Some("Step 1")),
            ("step-2", None),
            ("20-rc1", Some("2.0-rc.1")),
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
    fn anchors_lead_to_elements_and_blocks() {
        let source = "Text `<a id=\"code\">`.\n\n```html\n<p id=\"code\">\n```\n\n<a name=\"top\"></a>\n\nBehind it.\n\n\
                      A <span id='mid'>word</span> here.\n\n<a id=code></a>\n\nReal.\n\nA block. ^one\n\n| a |\n|---|\n| b |\n\n^two\n";
        for (anchor, line) in [
            ("top", Some("Behind it.")),
            ("mid", Some("word</span> here.")),
            ("code", Some("Real.")),
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
