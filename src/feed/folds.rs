//! The foldable blocks of a body: details, and callouts that their author made foldable.
//!
//! Among the events of a body they are brackets around blocks. The first block in one is its title: a paragraph or a heading.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

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
            folds.push(Fold { is_open, parent: open.last().copied(), content: 0..0 });
            open.push(number);
            is_in_title = true;
        } else if is_end(&event) {
            let ended = open.pop().and_then(|number| folds.get(number as usize)).map(|fold| fold.content.clone());
            if let Some((ended, around)) = ended.zip(innermost(&mut folds, &open)) {
                around.content = hull(&around.content, &ended);
            }
        } else if is_in_title {
            is_in_title = !matches!(event, Event::End(TagEnd::Paragraph | TagEnd::Heading(_)));
        } else if has_position(&event)
            && let Some(fold) = innermost(&mut folds, &open)
        {
            fold.content = hull(&fold.content, &(place.start..place.start.saturating_add(1)));
        }
    }
    folds
}

/// True for events whose place is the position of a block, or in one: that of the start of a list is before its first item.
fn has_position(event: &Event) -> bool {
    match event {
        Event::Start(tag) => matches!(tag, Tag::CodeBlock(_) | Tag::Table(_)),
        Event::End(_) => false,
        _ => true,
    }
}

/// The shortest range around two ranges. An empty one counts for nothing.
fn hull(one: &Range<usize>, other: &Range<usize>) -> Range<usize> {
    match (one.is_empty(), other.is_empty()) {
        (true, _) => other.clone(),
        (_, true) => one.clone(),
        _ => one.start.min(other.start)..one.end.max(other.end),
    }
}

fn innermost<'a>(folds: &'a mut [Fold], open: &[u32]) -> Option<&'a mut Fold> {
    open.last().and_then(|number| folds.get_mut(*number as usize))
}

/// The numbers of the foldable blocks around a position of a body, without those of whose title it is.
pub fn around(folds: &[Fold], at: usize) -> Vec<u32> {
    let numbered = (0_u32..).zip(folds);
    numbered.filter(|(_, fold)| fold.content.contains(&at)).map(|(number, _)| number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of a body with `{-` or `{+` at the start of foldable blocks, `|` behind titles, and `}` at their ends.
    fn shown(source: &str, syntax: BodySyntax) -> String {
        let (mut text, mut is_in_title) = (String::new(), false);
        for event in Body::new(source, syntax).events() {
            match (started(&event), &event) {
                (Some(is_open), _) => {
                    text.push_str(if is_open { "{+" } else { "{-" });
                    is_in_title = true;
                }
                _ if is_end(&event) => text.push('}'),
                (_, Event::End(TagEnd::Paragraph | TagEnd::Heading(_))) if std::mem::take(&mut is_in_title) => {
                    text.push('|');
                }
                (_, Event::Text(words) | Event::Code(words)) => text.push_str(words),
                (_, Event::SoftBreak) => text.push(' '),
                _ => {}
            }
        }
        text.replace('\n', "")
    }

    #[test]
    fn foldable_blocks_of_all_tools_are_found() {
        for (source, expected) in [
            ("<details>\n<summary>T</summary>\n\na\n\n</details>\n\nb", "{-T|a}b"),
            ("<details open>\n<summary>T</summary>\n\na\n\n</details>\n", "{+T|a}"),
            ("<DETAILS OPEN=\"\"><SUMMARY>T</SUMMARY>a</DETAILS>", "{+T|a}"),
            ("<details><summary>T <b>u</b> <code>v</code></summary><p>a</p></details>b", "{-T u v|a}b"),
            ("<details><summary><h3>T</h3><p>u</p></summary>a</details>", "{-T u|a}"),
            ("<details>\n\na\n\n</details>", "{-Details|a}"),
            ("<details><summary></summary>a</details>", "{-Details|a}"),
            ("<details></details>", "{-Details|}"),
            ("<details>\n<summary>T</summary>\n\na", "{-T|a}"),
            (
                "<details>\n<summary>T</summary>\n\n<details>\n<summary>U</summary>\n\na\n\n</details>\n\nb\n\n</details>\n\nc",
                "{-T|{-U|a}b}c",
            ),
            ("<details><summary>T</summary><details open><summary>U</summary>a</details>b</details>c", "{-T|{+U|a}b}c"),
            ("- x\n\n  <details>\n  <summary>T</summary>\n\n  a\n- y", "x{-T|a}y"),
            ("> <details>\n> <summary>T</summary>\n>\n> a\n\nb", "{-T|a}b"),
            ("<details>\n<summary>T</summary>\n\n- a\n- b</details>\n\nc", "{-T|ab}c"),
            ("<details>\n<summary>T</summary>\n\na</details>\n\nb", "{-T|a}b"),
            ("<ul><li><details><summary>T</summary>a</li><li>b</li></ul>", "{-T|a}b"),
            ("<ul><li>x<details><summary>T</summary>a</details>b</li></ul>c", "x{-T|a}bc"),
            ("<details><summary>T</summary><ul><li>a</details>b", "{-T|a}b"),
            ("</details>a<details>", "a{-Details|}"),
            ("<summary>T</summary>a", "Ta"),
            ("a <details><summary>T</summary>b</details> c", "a Tb c"),
            ("```html\n<details>\n```", "<details>"),
            ("&lt;details&gt; \\<details>", "<details> <details>"),
            ("<p>&lt;details&gt;</p>", "<details>"),
            ("<table><tr><th>a</th></tr><tr><td><details><summary>T</summary>b</details></td></tr></table>c", "aT bc"),
            ("<details>\n<summary>T</summary>\n\na[^1]\n\n[^1]: n\n\n</details>\n\nb", "{-T|a}bn"),
            ("> [!note]- T\n> a\n\nb", "{-T|a}b"),
            ("> [!note]+ T\n> a", "{+T|a}"),
            ("> [!faq]-\n> a", "{-Faq|a}"),
            ("> [!NOTE]\n> a", "a"),
            ("> [!warning]- `T` u\n> a\n> > [!tip]+ U\n> > b\n>\n> c", "{-T u|a{+U|b}c}"),
            ("??? note \"T\"\n    a\n\nb", "{-T|a}b"),
            ("???+ note\n    a\n\nb", "{+Note|a}b"),
            ("!!! note\n    a", "a"),
            ("{{< details summary=\"T\" >}}\na\n{{< /details >}}\n\nb", "{-T|a}b"),
            ("{{< details summary=\"T\" open=true >}}\na\n{{< /details >}}", "{+T|a}"),
            ("{{% expand \"T\" %}}\na\n{{% /expand %}}", "{-T|a}"),
            ("::: details T\na\n:::\n\nb", "{-T|a}b"),
            (":::details[T]{open}\na\n:::", "{+T|a}"),
        ] {
            assert_eq!(shown(source, BodySyntax::Extended), expected, "{source:?}");
        }
        for (source, expected) in [
            ("<details>\n  <summary>T</summary>\n\n  a\n\n</details>\n\nb", "{-T|a}b"),
            ("<Accordion title=\"T\">\na\n</Accordion>", "{-T|a}"),
            ("<Accordion title=\"T\" open>\na\n</Accordion>", "{+T|a}"),
        ] {
            assert_eq!(shown(source, BodySyntax::Mdx), expected, "{source:?}");
        }
        assert_eq!(shown("<details><summary>T</summary>a</details>", BodySyntax::Gfm), "{-T|a}");
    }

    #[test]
    fn positions_lead_to_the_blocks_around_them() {
        let source = "a\n\n<details>\n<summary>One</summary>\n\nfirst\n\n<details>\n<summary>Two</summary>\n\n```\nsecond\n```\n\n</details>\n\nthird\n\n</details>\n\n> [!tip]- Three\n> fourth\n\nend\n";
        let folds = folds(&UntrustedText::new(source), BodySyntax::Extended);
        assert_eq!(folds.iter().map(|fold| fold.parent).collect::<Vec<_>>(), [None, Some(0), None]);
        let body = Body::new(source, BodySyntax::Extended);
        for (text, expected) in [
            ("a\n", &[][..]),
            ("first", &[0]),
            ("```", &[0, 1]),
            ("second", &[0, 1]),
            ("third", &[0]),
            ("fourth", &[2]),
            ("end", &[]),
        ] {
            let at = body.source().find(text).expect(text);
            assert_eq!(around(&folds, at), expected, "{text}");
        }
    }

    #[test]
    fn thousands_of_nested_blocks_cost_little() {
        for source in [
            "<details>".repeat(10_000),
            "<details>\n<summary>T</summary>\n\n".repeat(10_000) + "a",
            "<details>\n\n".repeat(10_000) + &"</details>\n\n".repeat(10_000),
            "- <details>\n\n".repeat(10_000),
            "<summary>".repeat(10_000),
            "<ul><li><details>".repeat(10_000) + &"</details>".repeat(10_000),
        ] {
            assert!(folds(&UntrustedText::new(&source), BodySyntax::Extended).len() <= 10_000);
        }
    }
}
