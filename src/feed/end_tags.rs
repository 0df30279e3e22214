//! Finds whether an element of HTML within a paragraph is ended there.

use std::collections::HashMap;

/// The end tags of a text, as far as they were looked for. Each paragraph is searched once for each name.
#[derive(Default)]
pub struct EndTags {
    /// The last search, by the name of the element.
    found: HashMap<String, LastEndTag>,
}

/// The last end tag of one name in a paragraph.
#[derive(Clone, Copy)]
struct LastEndTag {
    /// Where the paragraph ends.
    paragraph_end: usize,
    /// Where the tag is.
    at: Option<usize>,
}

impl EndTags {
    /// True if the end of the element that `tag` starts comes after `from`, but before the next blank line of `source`, where
    /// its paragraph ends at the latest.
    pub fn is_ended(&mut self, source: &str, tag: &str, from: usize) -> bool {
        let name: String = tag.chars().skip(1).take_while(char::is_ascii_alphanumeric).collect();
        let name = name.to_ascii_lowercase();
        let known = self.found.get(&name).copied().filter(|last| from < last.paragraph_end);
        let last = known.unwrap_or_else(|| {
            let rest = source.get(from..).unwrap_or_default();
            let length = memchr::memmem::find(rest.as_bytes(), b"\n\n").unwrap_or(rest.len());
            let paragraph = rest.get(..length).unwrap_or_default().to_ascii_lowercase();
            let at = paragraph.rfind(&format!("</{name}")).map(|at| from + at);
            LastEndTag { paragraph_end: from + length, at }
        });
        self.found.insert(name, last);
        last.at.is_some_and(|at| at >= from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_looked_for_in_the_paragraph() {
        let source = "<b>x</B> y\n\n<b>z <i>w</i>";
        let mut tags = EndTags::default();
        for (tag, from, is_ended) in [("<b>", 0, true), ("<B>", 5, false), ("<b>", 12, false), ("<i>", 17, true)] {
            assert_eq!(tags.is_ended(source, tag, from), is_ended, "{tag} {from}");
        }
    }
}
