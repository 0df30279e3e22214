//! Finds the columns of search hits in lines and texts, and snippets around the first hit of an article.

use std::collections::HashMap;
use std::ops::Range;

use ratatui::text::Line;
use unicode_segmentation::UnicodeSegmentation;

use super::frame_input::FrameInput;
use crate::feed::{Article, ArticleId, SafeText, clean, plain_text};
use crate::markdown::{CODE_BAR, QUOTE_BAR};
use crate::query::{Field, Highlighter};
use crate::text::{self, BlockKind, Page};

/// Limit on cached snippets.
const MAX_SNIPPETS: usize = 1000;
/// Columns of context before a hit.
const CONTEXT_COLUMNS: usize = 10;

/// Separates a title from its snippet.
pub const SEPARATOR: &str = " · ";

/// A hit, or the part of it on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HitPart {
    /// The line of the page.
    pub line: usize,
    /// Its columns.
    pub columns: Range<usize>,
}

/// A hit: one part, or several if the text was wrapped inside it.
pub type Hit = Vec<HitPart>;

/// Finds hits in the blocks of a page. A hit may continue on the next line of its block, but not in the next block: so the hits are
/// the same at any width.
pub fn in_page(highlighter: &Highlighter, page: &Page) -> Vec<Hit> {
    if highlighter.is_empty() {
        return Vec::new();
    }
    let blocks = page.blocks().iter().enumerate();
    blocks.flat_map(|(number, block)| BlockText::of(page, number, block.kind).search(highlighter, page)).collect()
}

/// The text of a block, without the prefixes of its lines.
#[derive(Default)]
struct BlockText {
    text: String,
    lines: Vec<LineOfText>,
}

/// The range of a line in the text of its block.
struct LineOfText {
    line: usize,
    start: usize,
    end: usize,
    /// Bytes of blanks and bars at the start of the line, which are not in the text.
    skipped: usize,
}

impl BlockText {
    fn of(page: &Page, block: usize, kind: BlockKind) -> BlockText {
        let mut text = BlockText::default();
        let lines = page.lines_of(block);
        for number in lines.clone() {
            let Some(line) = page.lines().get(number) else { break };
            let whole = line.to_string();
            // The prefix of the first line may be a label or a number, which can be searched for.
            let is_first = number == lines.start;
            let words = if is_first { &whole } else { whole.get(page.indent_of(number)..).unwrap_or_default() };
            let is_bar = |c| QUOTE_BAR.contains(c) || is_first && kind == BlockKind::Code && CODE_BAR.contains(c);
            let words = words.trim_start_matches(is_bar);
            if words.is_empty() {
                continue;
            }
            let start = text.text.len();
            text.text.push_str(words);
            let (end, skipped) = (text.text.len(), whole.len() - words.len());
            text.lines.push(LineOfText { line: number, start, end, skipped });
            // Where wrapping removed a blank, or the source has another line.
            if kind == BlockKind::Table || page.ends_with_blank(number) {
                text.text.push(' ');
            }
        }
        text
    }

    fn search(&self, highlighter: &Highlighter, page: &Page) -> Vec<Hit> {
        let part = |piece: &LineOfText, range: &Range<usize>| {
            let (start, end) = (range.start.max(piece.start), range.end.min(piece.end));
            let hit = self.text.get(start..end)?;
            let start = start + hit.len() - hit.trim_start().len();
            let line = page.lines().get(piece.line)?;
            let column = |at: usize| column(line, at - piece.start + piece.skipped);
            let columns = column(start)..column(start + hit.trim().len());
            (!columns.is_empty()).then_some(HitPart { line: piece.line, columns })
        };
        let hit = |range: Range<usize>| {
            let first = self.lines.partition_point(|piece| piece.end <= range.start);
            let covered = self.lines.iter().skip(first).take_while(|piece| piece.start < range.end);
            covered.filter_map(|piece| part(piece, &range)).collect::<Hit>()
        };
        highlighter.ranges(Field::Any, &self.text).into_iter().map(hit).filter(|hit| !hit.is_empty()).collect()
    }
}

/// The column of a byte of a line. Counted span by span, because ratatui draws a cluster that two spans share as two.
fn column(line: &Line<'_>, byte: usize) -> usize {
    let (mut rest, mut column) = (byte, 0);
    for span in &line.spans {
        let taken = rest.min(span.content.len());
        column += text::width(span.content.get(..taken).unwrap_or_default());
        rest -= taken;
    }
    column
}

/// The columns of hits in the text of a field, as far as they are visible in `columns`.
pub fn in_text(highlighter: &Highlighter, field: Field, shown: &SafeText, columns: usize) -> Vec<Range<usize>> {
    if highlighter.is_empty() {
        return Vec::new();
    }
    let text = shown.as_str();
    // The last column of a cut text shows `…`, which is not part of a hit.
    let seen = if text::width(text) > columns { columns.saturating_sub(1) } else { columns };
    let visible = |range: Range<usize>| {
        let start = text::width(text.get(..range.start)?);
        let end = (start + text::width(text.get(range)?)).min(seen);
        (start < end).then_some(start..end)
    };
    highlighter.ranges(field, text).into_iter().filter_map(visible).collect()
}

/// Cache of the snippets by article: searching a body takes longer than a frame may.
#[derive(Default)]
pub struct Snippets {
    of: Highlighter,
    generation: u64,
    // `None` is cached too: a body without a hit takes the longest to search.
    known: HashMap<ArticleId, Option<(Field, SafeText)>>,
}

impl Snippets {
    /// The snippet around the first hit in excerpt, author or body, and which of them it is.
    pub fn get(
        &mut self,
        view: &FrameInput,
        highlighter: &Highlighter,
        article: &Article,
    ) -> Option<(Field, SafeText)> {
        let generation = view.app.loaded_feed().generation();
        if self.of != *highlighter || self.generation != generation || self.known.len() > MAX_SNIPPETS {
            *self = Snippets { of: highlighter.clone(), generation, known: HashMap::new() };
        }
        self.known.entry(article.id).or_insert_with(|| find_snippet(highlighter, article)).clone()
    }
}

fn find_snippet(highlighter: &Highlighter, article: &Article) -> Option<(Field, SafeText)> {
    let first = |field, raw: &str| Some((field, snippet_around(highlighter, field, raw)?));
    // An author with the name of the provider is already in the provider column.
    let author = Some(&article.author).filter(|author| !author.is_empty() && **author != article.provider.name);
    let author = || author.and_then(|author| first(Field::Author, &format!("by {author}")));
    first(Field::Excerpt, article.excerpt.as_str()).or_else(author).or_else(|| {
        plain_text::words(&article.body, article.syntax()).lines().find_map(|line| first(Field::Body, line))
    })
}

/// The text from about 10 columns before the first hit.
fn snippet_around(highlighter: &Highlighter, field: Field, raw: &str) -> Option<SafeText> {
    // Search first: most texts have no hit, and cleaning takes longer than searching.
    highlighter.ranges(field, raw).first()?;
    let shown = clean::plain_line(raw);
    let text = shown.as_str();
    let hit = highlighter.ranges(field, text).into_iter().next()?;
    let before = text.get(..hit.start)?;
    let start = start_of_last(CONTEXT_COLUMNS, before);
    // Begin at a word, if there is a blank before the hit.
    let start = if start == 0 { 0 } else { before[start..].find(' ').map_or(start, |blank| start + blank + 1) };
    let cut = if start == 0 { "" } else { "…" };
    let some: String = text[start..].chars().take(400).collect();
    Some(clean::plain_line(&format!("{cut}{some}")))
}

/// The byte at which the last `columns` of a text begin.
fn start_of_last(columns: usize, text: &str) -> usize {
    let (mut start, mut left) = (text.len(), columns);
    for (at, cluster) in text.grapheme_indices(true).rev() {
        match left.checked_sub(text::width(cluster)) {
            Some(rest) => (start, left) = (at, rest),
            None => break,
        }
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::TextPosition;
    use crate::query::Query;
    use crate::text::{Piece, WrappedLine};
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    /// A page of lines. A blank line ends a block; bars and blanks at the beginning are the indent.
    fn page(lines: &[&str]) -> Page {
        let (mut page, mut inside) = (Page::default(), 0);
        for (number, line) in lines.iter().enumerate() {
            if number == 0 || lines[number - 1].trim_matches(|c| QUOTE_BAR.contains(c)).is_empty() {
                page.begin(BlockKind::Text, TextPosition::in_body(number), 0..0);
                inside = 0;
            }
            let text = line.trim_start_matches(|c| QUOTE_BAR.contains(c));
            let indent = (line.len() - text.len()) as u16;
            page.push(WrappedLine { inside, indent, columns: 0, line: Line::from((*line).to_owned()) });
            // A blank was removed, unless the line ends with a character that is written without.
            inside += (text.len() + usize::from(text.is_ascii())) as u32;
        }
        page
    }

    fn parts(letters: &str, lines: &[&str]) -> Vec<Vec<(usize, usize, usize)>> {
        let hits = in_page(&Highlighter::for_text(letters), &page(lines));
        let of = |hit: Hit| hit.into_iter().map(|part| (part.line, part.columns.start, part.columns.end)).collect();
        hits.into_iter().map(of).collect()
    }

    #[test]
    fn hits_have_the_columns_of_the_screen() {
        assert_eq!(parts("moon", &["the Moon and", "a moon"]), [[(0, 4, 8)], [(1, 2, 6)]]);
        assert_eq!(parts("の港", &["潮汐の港"]), [[(0, 4, 8)]], "wide characters take two columns");
        assert_eq!(parts("b", &["🌊 b"]), [[(0, 3, 4)]]);
        assert_eq!(parts("open beta", &["the open", "  beta is"]), [[(0, 4, 8), (1, 2, 6)]], "wrapped");
        assert_eq!(parts("x", &["", "x", ""]), [[(1, 0, 1)]]);
        assert_eq!(parts("zzz", &["x"]), [[(0, 0, 0); 0]; 0]);
        assert_eq!(parts(" ", &["a b"]), [[(0, 0, 0); 0]; 0]);
        for (text, letters, start, end) in [
            ("潮汐を測る 🌊 港", "港", 14, 16),
            ("e\u{301}te\u{301} tide", "tide", 4, 8),
            ("e\u{301}te\u{301}", "ete", 0, 3),
            ("👨‍👩‍👧‍👦 tide", "tide", 3, 7),
            ("👍🏽👍🏽 tide", "tide", 5, 9),
        ] {
            assert_eq!(parts(letters, &[text]), [[(0, start, end)]], "{letters} in {text}");
        }
    }

    #[test]
    fn hits_continue_on_the_next_line() {
        for (letters, lines, hits) in [
            ("slow tide", &["a slow", "tide"][..], &[(0, 2, 6), (1, 0, 4)][..]),
            ("slow tide", &["Kind      a slow", "          tide"], &[(0, 12, 16), (1, 10, 14)]),
            ("slow tide", &["▎ a slow", "▎ tide"], &[(0, 4, 8), (1, 2, 6)]),
            ("測る", &["潮汐を測", "る港"], &[(0, 6, 8), (1, 0, 2)]),
            ("two three four one", &["one two", "three four", "one"], &[(0, 4, 7), (1, 0, 10), (2, 0, 3)]),
        ] {
            assert_eq!(parts(letters, lines), [hits], "{letters} in {lines:?}");
        }
        assert_eq!(parts("slow tide", &["a slow", "", "tide"]), [[(0, 0, 0); 0]; 0], "two paragraphs");
        assert_eq!(parts("slow tide", &["▎ a slow", "▎", "▎ tide"]), [[(0, 0, 0); 0]; 0], "in a quote too");
        let regex = Query::parse("/o.*e/").expect("a query").highlighter();
        assert_eq!(in_page(&regex, &page(&["one", "", "two", "", "one"])).len(), 2, "a regex stays in its paragraph");
    }

    /// The text on the screen in the columns of some parts, without blanks.
    fn covered(lines: &[Line], parts: &[HitPart]) -> String {
        let mut words = String::new();
        for part in parts {
            let mut row = Buffer::empty(Rect::new(0, 0, 100, 1));
            row.set_line(0, 0, &lines[part.line], 100);
            words.extend(part.columns.clone().map(|x| row[(x as u16, 0)].symbol()));
        }
        words.replace(' ', "")
    }

    #[test]
    fn wrapped_hits_are_found_at_any_width() {
        let pieces =
            [Piece { text: clean::run("clocks follow the sea 潮汐を測る and are late"), style: Style::new() }];
        for columns in 6..60 {
            let mut page = Page::default();
            page.begin(BlockKind::Text, TextPosition::default(), 0..0);
            text::wrap_with_positions(&pieces, columns, &[], &[]).for_each(|line| page.push(line));
            for letters in ["follow the sea", "汐を測", "are late"] {
                let found = in_page(&Highlighter::for_text(letters), &page);
                assert_eq!(found.len(), 1, "{letters} at {columns}");
                assert_eq!(covered(page.lines(), &found[0]), letters.replace(' ', ""), "at {columns}");
            }
        }
    }

    #[test]
    fn hits_in_the_cut_part_are_not_highlighted() {
        let columns = |columns| in_text(&Highlighter::for_text("tide"), Field::Title, &"slow tide".into(), columns);
        assert_eq!(columns(9).as_slice(), std::slice::from_ref(&(5..9)));
        assert_eq!(columns(8).as_slice(), std::slice::from_ref(&(5..7)), "the ellipsis is not part of the hit");
        assert!(columns(6).is_empty());
    }

    #[test]
    fn snippets_begin_at_a_word() {
        let around = |text: &str| {
            snippet_around(&Highlighter::for_text("needle"), Field::Body, text).map(|shown| shown.to_string())
        };
        assert_eq!(around("a needle here").as_deref(), Some("a needle here"));
        let long = "one two three four five six seven eight a needle in the hay";
        assert_eq!(around(long).as_deref(), Some("…eight a needle in the hay"));
        assert_eq!(around("帆船は風で走るneedle").as_deref(), Some("…は風で走るneedle"), "columns are counted");
        assert_eq!(around("hay"), None);
        assert_eq!(around("x\u{1b}[2Jneedle").as_deref(), Some("xneedle"));
    }
}
