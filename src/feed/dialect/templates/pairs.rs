//! Which opening tags are closed, and which closing tags close one.

use std::collections::HashMap;

use super::names::Syntax;
use super::tags::Tag;

/// For each tag, the index of the other one of its pair, if it has one. Tags inside a pair that nothing closes are single.
pub fn partners(tags: &[Tag]) -> Vec<Option<usize>> {
    let mut partners = vec![None; tags.len()];
    let mut open: Vec<usize> = Vec::new();
    // How many open tags have a name, so that a closing tag without an opening one costs nothing.
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for (index, tag) in tags.iter().enumerate() {
        if tag.is_escaped || tag.is_single || tag.verbatim.is_some() || tag.syntax == Syntax::Output {
            continue;
        }
        if !tag.closes {
            open.push(index);
            *counts.entry(&tag.name).or_default() += 1;
            continue;
        }
        // `{% end %}` of Tera closes the last tag with arguments in brackets.
        let is_any = tag.name.is_empty();
        if !is_any && counts.get(tag.name.as_str()).copied().unwrap_or_default() == 0 {
            continue;
        }
        while let Some(last) = open.pop() {
            let Some(opened) = tags.get(last) else { break };
            if let Some(count) = counts.get_mut(opened.name.as_str()) {
                *count = count.saturating_sub(1);
            }
            let fits = if is_any { opened.arguments.trim_start().starts_with('(') } else { opened.name == tag.name };
            if fits && opened.syntax == tag.syntax {
                for (one, other) in [(last, index), (index, last)] {
                    if let Some(entry) = partners.get_mut(one) {
                        *entry = Some(other);
                    }
                }
                break;
            }
        }
    }
    partners
}
