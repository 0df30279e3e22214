//! Writes an article as plain text.

use ratatui::style::Style;
use ratatui::text::Line;

use super::file_lines::{FileLine, file_lines};
use crate::feed::{Article, SafeText, clean, shown_excerpt};
use crate::markdown::{self, MarkdownStyles};
use crate::text::{Piece, wrap};

/// Columns of the text.
const COLUMNS: usize = 80;

/// An article as plain text, wrapped at 80 columns. `facts` are the lines below the title.
pub fn document(article: &Article, facts: &[SafeText]) -> SafeText {
    let mut lines: Vec<String> = vec![article.title.to_string()];
    lines.extend(facts.iter().map(SafeText::to_string));
    lines.extend(article.shown_link().map(|link| link.shown_with_real_host().to_string()));
    if let Some(excerpt) = shown_excerpt(article) {
        let pieces = [Piece { text: excerpt.clone(), style: Style::new() }];
        lines.push(String::new());
        lines.extend(wrap(&pieces, COLUMNS, &[], &[]).map(|line| text_of(&line)));
    }
    if !article.body.is_blank() {
        lines.push(String::new());
        let styles = MarkdownStyles::default();
        let body = markdown::render(&article.body, article.syntax(), COLUMNS, &[], &styles);
        lines.extend(body.into_iter().map(|line| text_of(&line)));
    }
    let files: Vec<String> =
        file_lines(article).map(|FileLine { words, link }| format!("{words}: {}", link.for_copying())).collect();
    if !files.is_empty() {
        lines.push(String::new());
        lines.extend(files);
    }
    clean::text(lines.join("\n").trim_end())
}

fn text_of(line: &Line) -> String {
    let text: String = line.spans.iter().map(|span| span.content.as_ref()).collect();
    text.trim_end().to_owned()
}
