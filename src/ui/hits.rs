//! Hits on the screen: which columns of which line hold what a query looks for.

use std::collections::HashMap;
use std::ops::Range;

use ratatui::text::Line;

use super::text::{self, span};
use super::view::View;
use crate::feed::{Article, ArticleId, Shown, clean, plain};
use crate::query::{Field, Hits};

/// Snippets that are kept.
const MOST: usize = 1000;
/// Characters of context in front of a hit.
const IN_FRONT: usize = 10;

/// A part of a line: its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The line.
    pub line: usize,
    /// Its columns.
    pub columns: Range<usize>,
}

/// A hit: one part, or several when the text was wrapped in it.
pub type Hit = Vec<Part>;

/// Where lines hold what is looked for. They are one text to it: a hit may go on in the next line.
pub fn in_lines(hits: &Hits, lines: &[Line<'_>]) -> Vec<Hit> {
    if hits.is_empty() {
        return Vec::new();
    }
    let texts: Vec<String> = lines.iter().map(Line::to_string).collect();
    let whole = texts.join("\n");
    let mut starts = Vec::with_capacity(texts.len());
    let mut at = 0;
    for line in &texts {
        starts.push(at);
        at += line.len() + 1;
    }
    let part = |line: usize, range: &Range<usize>| {
        let (start, text) = (starts[line], &texts[line]);
        let from = range.start.saturating_sub(start).min(text.len());
        let to = range.end.saturating_sub(start).min(text.len());
        let (before, hit) = (text.get(..from)?, text.get(from..to)?);
        // The indent of a line that goes on is not part of the hit.
        let blank = hit.len() - hit.trim_start().len();
        let column = text::width(before) + text::width(&hit[..blank]);
        let columns = column..column + text::width(hit.trim());
        (!columns.is_empty()).then_some(Part { line, columns })
    };
    let hit = |range: Range<usize>| {
        let first = starts.partition_point(|start| *start <= range.start).saturating_sub(1);
        let last = starts.partition_point(|start| *start < range.end);
        (first..last).filter_map(|line| part(line, &range)).collect::<Hit>()
    };
    hits.of(Field::Any, &whole).into_iter().map(hit).filter(|hit| !hit.is_empty()).collect()
}

/// The columns of hits in one text of a field, as far as they are seen.
pub fn in_text(hits: &Hits, field: Field, shown: &Shown, columns: usize) -> Vec<Range<usize>> {
    let text = shown.as_str();
    let place = |range: Range<usize>| {
        let start = text::width(text.get(..range.start)?);
        let end = (start + text::width(text.get(range)?)).min(columns);
        (start < end).then_some(start..end)
    };
    hits.of(field, text).into_iter().filter_map(place).collect()
}

/// Words around the first hit outside the title, by article, kept because reading a body costs more than a frame.
#[derive(Default)]
pub struct Snippets {
    of: Hits,
    generation: u64,
    known: HashMap<ArticleId, Option<Shown>>,
}

impl Snippets {
    /// The words around the first hit in excerpt or body.
    pub fn get(&mut self, view: &View, hits: &Hits, article: &Article) -> Option<Shown> {
        let generation = view.app.generation();
        if self.of != *hits || self.generation != generation || self.known.len() > MOST {
            *self = Snippets { of: hits.clone(), generation, known: HashMap::new() };
        }
        self.known.entry(article.id).or_insert_with(|| find(hits, article)).clone()
    }
}

fn find(hits: &Hits, article: &Article) -> Option<Shown> {
    let in_excerpt = around(hits, Field::Excerpt, article.excerpt.as_str());
    in_excerpt.or_else(|| plain::words(&article.body).lines().find_map(|line| around(hits, Field::Body, line)))
}

/// From a few words before the first hit on.
fn around(hits: &Hits, field: Field, raw: &str) -> Option<Shown> {
    let shown = clean::decoded(raw);
    let text = shown.as_str();
    let hit = hits.of(field, text).into_iter().next()?;
    let before = text.get(..hit.start)?;
    let start = before.char_indices().rev().nth(IN_FRONT).map_or(0, |(at, _)| at);
    // Not in the middle of a word, where there is a blank.
    let start = if start == 0 { 0 } else { before[start..].find(' ').map_or(start, |blank| start + blank + 1) };
    let cut = if start == 0 { "" } else { "…" };
    let some: String = text[start..].chars().take(400).collect();
    Some(clean::decoded(&format!("{cut}{some}")))
}

/// A mark that a snippet begins.
pub fn sign(view: &View) -> ratatui::text::Span<'static> {
    span(" · ", view.styles.dim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(letters: &str, lines: &[&str]) -> Vec<Vec<(usize, usize, usize)>> {
        let lines: Vec<Line> = lines.iter().map(|line| Line::from(line.to_string())).collect();
        let hits = in_lines(&Hits::contiguous(letters), &lines);
        let of = |hit: Hit| hit.into_iter().map(|part| (part.line, part.columns.start, part.columns.end)).collect();
        hits.into_iter().map(of).collect()
    }

    #[test]
    fn columns_of_hits() {
        assert_eq!(parts("moon", &["the Moon and", "a moon"]), [[(0, 4, 8)], [(1, 2, 6)]]);
        assert_eq!(parts("の港", &["潮汐の港"]), [[(0, 4, 8)]], "wide characters take two columns");
        assert_eq!(parts("b", &["🌊 b"]), [[(0, 3, 4)]]);
        assert_eq!(parts("open beta", &["the open", "  beta is"]), [[(0, 4, 8), (1, 2, 6)]], "wrapped");
        assert_eq!(parts("x", &["", "x", ""]), [[(1, 0, 1)]]);
        assert_eq!(parts("zzz", &["x"]), [[(0, 0, 0); 0]; 0]);
        assert_eq!(parts(" ", &["a b"]), [[(0, 0, 0); 0]; 0]);
    }

    #[test]
    fn words_around_a_hit() {
        let around = |text: &str| around(&Hits::contiguous("needle"), Field::Body, text).map(|shown| shown.to_string());
        assert_eq!(around("a needle here").as_deref(), Some("a needle here"));
        let long = "one two three four five six seven eight a needle in the hay";
        assert_eq!(around(long).as_deref(), Some("…eight a needle in the hay"));
        assert_eq!(around("hay"), None);
        assert_eq!(around("x\u{1b}[2Jneedle").as_deref(), Some("xneedle"));
    }
}
