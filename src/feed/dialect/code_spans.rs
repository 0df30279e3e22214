//! Where inline code is in a paragraph, and which bytes of a paragraph are not text.

use std::collections::HashMap;
use std::ops::Range;

/// The ranges of inline code in a paragraph, with their backticks, in order. Linear: each run of backticks knows the next run
/// of the same length before any is used.
pub fn code_spans(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    if memchr::memchr(b'`', bytes).is_none() {
        return Vec::new();
    }
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'`', rest)) {
        let start = at + found;
        let length = bytes.iter().skip(start).take_while(|byte| **byte == b'`').count();
        runs.push((start, length));
        at = start + length;
    }
    // The next run of the same length, for each run.
    let mut next = vec![usize::MAX; runs.len()];
    let mut last: HashMap<usize, usize> = HashMap::new();
    for (index, (_, length)) in runs.iter().enumerate().rev() {
        if let Some(later) = last.insert(*length, index)
            && let Some(entry) = next.get_mut(index)
        {
            *entry = later;
        }
    }
    let mut spans = Vec::new();
    let mut index = 0;
    while let Some((start, _)) = runs.get(index).copied() {
        let escaped = bytes.iter().take(start).rev().take_while(|byte| **byte == b'\\').count() % 2 == 1;
        let close = next.get(index).copied().unwrap_or(usize::MAX);
        match runs.get(close) {
            // An escaped run may still close one before it, but such a closing run was already passed.
            Some((end, length)) if !escaped => {
                spans.push(start..end + length);
                index = close + 1;
            }
            _ => index += 1,
        }
    }
    spans
}

/// Length of the longest run of backticks.
pub fn longest_run(text: &str) -> usize {
    let runs = text.split(|c| c != '`').map(str::len);
    runs.max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_found_by_runs_of_the_same_length() {
        for (text, expected) in [
            ("a", &[][..]),
            ("a `b` c", &["`b`"]),
            ("`` a ` b `` `c`", &["`` a ` b ``", "`c`"]),
            ("`a ``b", &[]),
            ("`a\nb`", &["`a\nb`"]),
            ("\\`a` b`", &["` b`"]),
            ("`a\\` b", &["`a\\`"]),
        ] {
            let found: Vec<&str> = code_spans(text).into_iter().map(|span| &text[span]).collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }
}
