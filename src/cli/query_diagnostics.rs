//! Error messages for queries that cannot be parsed: the query, and carets under the wrong part.

use super::error::CliError;
use crate::feed::{SafeText, clean};
use crate::query::QueryError;
use crate::text::{cut, width};

/// Maximum width of a printed line in columns, without the indentation of 2.
const COLUMNS: usize = 98;
/// Columns of a long query that are kept in front of the wrong part, and of the wrong part itself.
const CONTEXT_COLUMNS: usize = 40;
const SPAN_COLUMNS: usize = 40;

/// The error for a query that cannot be parsed: why, and where.
pub fn query_error(text: &str, error: &QueryError) -> CliError {
    let (line, carets) = underline(text, error.span);
    let mut shown = CliError::new(&format!("query, column {}: {}", error.span.0 + 1, error.what));
    shown.hints.extend([line, carets]);
    shown
}

/// The part of a query around a span of characters, and a line with carets under that span.
fn underline(text: &str, (start, end): (usize, usize)) -> (SafeText, SafeText) {
    // Control characters become blanks: cleaning would remove whole escape sequences and shift the columns.
    let part = |from: usize, to: usize| -> String {
        let chars = text.chars().skip(from).take(to.saturating_sub(from));
        chars.map(|c| if c.is_control() { ' ' } else { c }).collect()
    };
    let mut before = clean::text(&part(0, start));
    let mut wrong = clean::text(&part(start, end));
    let mut after = clean::text(&part(end.max(start), usize::MAX));
    if width(before.as_str()) + width(wrong.as_str()) + width(after.as_str()) > COLUMNS {
        before = keep_end(&before, CONTEXT_COLUMNS);
        wrong = cut(&wrong, SPAN_COLUMNS);
        after = cut(&after, COLUMNS - width(before.as_str()) - width(wrong.as_str()));
    }
    let line = clean::text(&format!("{before}{wrong}{after}"));
    let carets = "^".repeat(width(wrong.as_str()).max(1));
    (line, clean::text(&format!("{}{carets}", " ".repeat(width(before.as_str())))))
}

/// The end of a text that fits into `columns`, with `…` in front if it was cut.
fn keep_end(text: &SafeText, columns: usize) -> SafeText {
    if width(text.as_str()) <= columns {
        return text.clone();
    }
    let mut start = text.as_str().len();
    for (at, _) in text.as_str().char_indices().rev() {
        if width(&text.as_str()[at..]) + 1 > columns {
            break;
        }
        start = at;
    }
    clean::text(&format!("…{}", &text.as_str()[start..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The printed line, and the part of it above the carets.
    fn above(text: &str, span: (usize, usize)) -> (String, String) {
        let (line, carets) = underline(text, span);
        let columns = carets.as_str().find('^').unwrap_or_default();
        let mut at = 0;
        let marked = line.as_str().chars().filter(|c| {
            let column = at;
            at += width(c.encode_utf8(&mut [0; 4]));
            column >= columns && column < width(carets.as_str())
        });
        let marked = marked.collect();
        assert!(width(line.as_str()) <= COLUMNS && width(carets.as_str()) <= COLUMNS, "{line}");
        (line.to_string(), marked)
    }

    #[test]
    fn carets_are_under_the_span() {
        for (text, span, marked) in [
            ("rust topc:ai", (5, 9), "topc"),
            ("港新聞 topc:ai", (4, 8), "topc"),
            ("x 港新聞:ai", (2, 5), "港新聞"),
            ("a\u{200b}\u{1b}[2J\tb topc:", (9, 13), "topc"),
            ("e\u{301}e\u{301} topc:", (5, 9), "topc"),
            ("title:", (6, 7), ""),
            ("", (0, 1), ""),
            ("a", (9, 12), ""),
        ] {
            assert_eq!(above(text, span).1, marked, "{text}");
        }
    }

    #[test]
    fn a_long_query_is_cut_around_the_span() {
        let (many, wide) = ("word ".repeat(1600), "港新聞 ".repeat(500));
        for (before, after) in [(&many, &many), (&wide, &wide), (&String::new(), &many), (&wide, &String::new())] {
            let text = format!("{before}topc:ai {after}");
            let start = before.chars().count();
            let (line, marked) = above(&text, (start, start + 4));
            assert_eq!(marked, "topc");
            assert_eq!(line.starts_with('…'), !before.is_empty(), "{line}");
            assert_eq!(line.ends_with('…'), !after.is_empty(), "{line}");
            assert!(width(&line) > 40, "{line}");
        }
        let (line, marked) = above(&format!("a {}", "b".repeat(5000)), (2, 5002));
        assert!(marked.starts_with("bbb") && marked.ends_with('…'), "{line}");
    }
}
