//! Finds the topics of an article in its wrapped lines, so that they can be clicked.

use std::ops::Range;

use ratatui::text::Line;

use crate::feed::SafeText;
use crate::text;

/// A topic, or the part of it on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicPosition {
    /// The line, from 0.
    pub line: usize,
    /// Its columns.
    pub columns: Range<usize>,
    /// Index of the topic in the article.
    pub topic: usize,
}

/// Finds topics in the lines into which they were wrapped. `first` is the number of the first line.
pub fn find_topics(lines: &[Line<'_>], first: usize, topics: &[SafeText]) -> Vec<TopicPosition> {
    // Wrapping removes only blanks, and no span has text of two topics: counting letters is enough.
    let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    let mut found = Vec::new();
    let (mut topic, mut left) = (0, topics.first().map_or(0, |topic| letters(topic.as_str())));
    for (line, spans) in (first..).zip(lines) {
        let mut column = 0;
        for span in &spans.spans {
            let end = column + text::width(&span.content);
            let here = letters(&span.content);
            if here > 0 {
                found.push(TopicPosition { line, columns: column..end, topic });
                left = left.saturating_sub(here);
                if left == 0 {
                    topic += 1;
                    left = topics.get(topic).map_or(0, |topic| letters(topic.as_str()));
                }
            }
            column = end;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use ratatui::style::Style;

    use super::*;
    use crate::text::Piece;

    #[test]
    fn topics_are_found_at_any_width() {
        let topics: Vec<SafeText> =
            ["#AI", "#Machine Learning", "#人工知能と機械学習", "#Rust"].map(SafeText::from).into();
        let pieces = topics.iter().flat_map(|topic| [topic.clone(), "  ".into()]);
        let pieces: Vec<Piece> = pieces.map(|text| Piece { text, style: Style::default() }).collect();
        for columns in 4..60 {
            let lines: Vec<Line> = text::wrap(&pieces, columns, &[], &[]).collect();
            let mut found = vec![String::new(); topics.len()];
            for TopicPosition { line, columns, topic } in find_topics(&lines, 7, &topics) {
                let (mut at, mut words) = (0, String::new());
                for span in &lines[line - 7].spans {
                    if at == columns.start {
                        words = span.content.replace(' ', "");
                        assert_eq!(columns.end, at + text::width(&span.content));
                    }
                    at += text::width(&span.content);
                }
                found[topic] += &words;
            }
            let whole: Vec<String> = topics.iter().map(|topic| topic.as_str().replace(' ', "")).collect();
            assert_eq!(found, whole, "in {columns} columns");
        }
    }
}
