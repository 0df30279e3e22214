//! Evaluates a query on one chunk of articles: cheap terms first, and words by scanning the text of the whole chunk.

use fixedbitset::FixedBitSet;
use memchr::memmem::Finder;

use super::folded_texts::{CHUNK, Column, texts};
use super::match_candidate::MatchCandidate;
use super::regex_pattern::RegexPattern;
use super::search_context::SearchContext;
use super::syntax_tree::Node;
use super::term::{ResolvedTerm, Term, Value};
use super::text_folding::{ends_word, starts_word};
use crate::feed::Field;
use crate::feed::fields::{SearchWeight, ValueKind};

/// How well a text matches a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum MatchQuality {
    /// The match is part of a word.
    PartOfWord,
    /// The match consists of whole words.
    WholeWords,
}

/// Evaluation of a query on one chunk.
pub struct ChunkEvaluation<'a> {
    context: &'a SearchContext,
    chunk: usize,
    /// Returns true when the result is no longer wanted.
    stop: &'a dyn Fn() -> bool,
    /// Rank of each article of the chunk: the sum of the points of its matches. Empty unless the results are ranked.
    pub points: Vec<u16>,
}

impl<'a> ChunkEvaluation<'a> {
    /// Prepares the evaluation of one chunk. `ranks`: whether to compute [`ChunkEvaluation::points`].
    pub fn new(
        context: &'a SearchContext,
        chunk: usize,
        ranks: bool,
        stop: &'a dyn Fn() -> bool,
    ) -> ChunkEvaluation<'a> {
        ChunkEvaluation { context, chunk, stop, points: vec![0; if ranks { CHUNK } else { 0 }] }
    }

    /// The articles of `among` that match `node`. `counts`: matches add points.
    pub fn node(&mut self, node: &Node, among: &FixedBitSet, counts: bool) -> FixedBitSet {
        match node {
            Node::All(parts) => {
                let mut parts: Vec<&Node> = parts.iter().collect();
                // Cheap conditions first, to leave few articles for expensive ones. At equal cost negations come last: they
                // usually exclude little.
                parts.sort_by_key(|part| (cost(part), matches!(part, Node::Not(_))));
                let mut left = among.clone();
                for part in parts {
                    if left.is_clear() {
                        break;
                    }
                    left = self.node(part, &left, counts);
                }
                left
            }
            Node::Any(parts) => {
                let mut found = FixedBitSet::with_capacity(CHUNK);
                let mut left = among.clone();
                for part in parts {
                    // For the ranking, every alternative must see all articles; otherwise only those not found yet.
                    let these = self.node(part, if counts { among } else { &left }, counts);
                    left.difference_with(&these);
                    found.union_with(&these);
                }
                found
            }
            Node::Not(inner) => {
                let mut left = among.clone();
                // A match of an excluded term does not rank an article higher.
                left.difference_with(&self.node(inner, among, false));
                left
            }
            Node::Term(term) => self.term(term, among, counts),
            Node::Saved { root: Some(root), .. } => self.node(root, among, counts),
            Node::Saved { root: None, .. } => among.clone(),
        }
    }

    fn term(&mut self, term: &Term, among: &FixedBitSet, counts: bool) -> FixedBitSet {
        let mut found = FixedBitSet::with_capacity(CHUNK);
        if term.field == Field::Label {
            for field in [Field::Tag, Field::Topic] {
                found.union_with(&self.term(&Term { field, values: term.values.clone() }, among, false));
            }
            return found;
        }
        if term.field.kind() != ValueKind::Text {
            let term = term.resolve(self.context.now);
            found.extend(among.ones().filter(|article| self.matches(&term, *article)));
            return found;
        }
        let counts = counts && term.field == Field::Any && !self.points.is_empty();
        for value in &term.values {
            let mut left = among.clone();
            left.difference_with(&found);
            let mut look = |evaluation: &mut Self,
                            fields: &mut dyn Iterator<Item = Field>,
                            (whole, part): (u16, u16)| {
                // Only the best match among fields of equal weight counts. Fields of lower weight are searched only in
                // articles without a match so far.
                let mut here = FixedBitSet::with_capacity(CHUNK);
                let mut best = vec![0; evaluation.points.len()];
                for field in fields {
                    evaluation.value(value, field, &left, counts, &mut |article, hit| {
                        here.insert(article);
                        if let Some(best) = best.get_mut(article).filter(|_| counts) {
                            *best = (if hit == MatchQuality::WholeWords { whole } else { part }).max(*best);
                        }
                    });
                }
                evaluation.points.iter_mut().zip(best).for_each(|(points, best)| *points = points.saturating_add(best));
                left.difference_with(&here);
                found.union_with(&here);
            };
            if term.field != Field::Any {
                look(self, &mut std::iter::once(term.field), (0, 0));
                continue;
            }
            for weight in SearchWeight::ALL {
                let mut fields =
                    Field::all().filter(|field| field.search_weight == Some(weight)).map(|known| known.field);
                look(self, &mut fields, weight.points());
            }
        }
        found
    }

    /// Whether one article matches a term on a field that is not text.
    fn matches(&self, term: &ResolvedTerm, article: usize) -> bool {
        let SearchContext { feed, marks, since, changed, .. } = self.context;
        let index = self.chunk * CHUNK + article;
        let Some(header) = feed.header(index) else { return false };
        term.matches(&MatchCandidate { header, role: feed.role(index), marks, since: *since, changed })
    }

    /// Calls `report` for each article of `among` that matches `value` in `field`. With `wants_quality`, the reported quality
    /// is the best of the article.
    fn value(
        &self,
        value: &Value,
        field: Field,
        among: &FixedBitSet,
        wants_quality: bool,
        report: &mut dyn FnMut(usize, MatchQuality),
    ) {
        if among.is_clear() {
            return;
        }
        if let Value::Regex(pattern) = value
            && pattern.is_exact()
        {
            return self.case_sensitive_regex(pattern, field, among, report);
        }
        let Some(column) = self.context.texts.column(&self.context.feed, self.chunk, field) else { return };
        let text = column.text();
        let whole = |at: usize, end: usize| {
            if ends_word(text, end) && starts_word(text, at) {
                MatchQuality::WholeWords
            } else {
                MatchQuality::PartOfWord
            }
        };
        match value {
            Value::Word(needle) | Value::Phrase(needle) => {
                let hit = |at: usize| starts_word(text, at).then(|| whole(at, at + needle.len()));
                find(column, needle, among, wants_quality, &hit, report);
            }
            Value::Substring(needle) => {
                find(column, needle, among, wants_quality, &|at| Some(whole(at, at + needle.len())), report);
            }
            Value::WholeText(needle) => {
                let is_line = |at: usize| {
                    (at == 0 || text.get(at - 1) == Some(&b'\n')) && text.get(at + needle.len()) == Some(&b'\n')
                };
                // A whole line is the best match already.
                find(column, needle, among, false, &|at| is_line(at).then_some(MatchQuality::WholeWords), report);
            }
            Value::Regex(pattern) => {
                for article in among.ones() {
                    // A regex can take long on a long text, so check for cancellation after each article.
                    if pattern.is_in_lines(column.get(article)) {
                        report(article, MatchQuality::PartOfWord);
                    }
                    if (self.stop)() {
                        return;
                    }
                }
            }
            Value::Present => {
                among
                    .ones()
                    .filter(|article| !column.range(*article).is_empty())
                    .for_each(|a| report(a, MatchQuality::PartOfWord));
            }
            Value::Number(..) | Value::Seconds(..) | Value::Dates(..) | Value::Is(_) | Value::Has(_) => {}
        }
    }

    /// Matches a case-sensitive regex. It needs the original text, so it reads the articles one by one.
    fn case_sensitive_regex(
        &self,
        pattern: &RegexPattern,
        field: Field,
        among: &FixedBitSet,
        report: &mut dyn FnMut(usize, MatchQuality),
    ) {
        for number in among.ones() {
            let mut found = false;
            texts(&self.context.feed, self.chunk * CHUNK + number, field, &mut |text| {
                // Empty texts match nothing, as in folded columns, which have no line for them.
                found = found || !text.trim().is_empty() && pattern.regex().is_match(text);
            });
            if found {
                report(number, MatchQuality::PartOfWord);
            }
            if (self.stop)() {
                return;
            }
        }
    }
}

/// Finds `needle` in a column and calls `report` at most once per article. If at least a quarter of the articles is wanted, it
/// scans the whole column, else only the text of the wanted articles. `hit` gives the quality of a match at a byte offset, or
/// `None` to reject it. With `wants_quality`, the best match of the article counts.
fn find(
    column: &Column,
    needle: &str,
    among: &FixedBitSet,
    wants_quality: bool,
    hit: &dyn Fn(usize) -> Option<MatchQuality>,
    report: &mut dyn FnMut(usize, MatchQuality),
) {
    let finder = Finder::new(needle);
    let bytes = column.text();
    // The best match of the article that ends at `end`, from the occurrence at `offset` on.
    let best_from = |mut offset: usize, end: usize| {
        let mut best = hit(offset);
        while best != Some(MatchQuality::WholeWords) && (best.is_none() || wants_quality) {
            // `offset + 1` can be inside a character, but UTF-8 matches only at the start of one.
            let Some(found) = finder.find(&bytes[offset + 1..end]) else { break };
            offset += 1 + found;
            best = best.max(hit(offset));
        }
        best
    };
    // One long scan is faster than many short ones, unless most of what it reads is not wanted.
    if among.count_ones(..) * 4 < column.len() {
        for article in among.ones() {
            let range = column.range(article);
            let first = finder.find(&bytes[range.clone()]);
            if let Some(best) = first.and_then(|first| best_from(range.start + first, range.end)) {
                report(article, best);
            }
        }
        return;
    }
    let (mut at, mut article) = (0, 0);
    while let Some(found) = finder.find(&bytes[at..]) {
        let offset = at + found;
        while column.end(article).is_some_and(|end| end <= offset) {
            article += 1;
        }
        let Some(end) = column.end(article) else { break };
        if among.contains(article)
            && let Some(best) = best_from(offset, end)
        {
            report(article, best);
        }
        at = end;
    }
}

/// Estimated cost of a node; only the order matters. Fields that are not text cost least, then short texts, bodies, regexes,
/// and regexes on the original text.
fn cost(node: &Node) -> u32 {
    match node {
        Node::All(parts) | Node::Any(parts) => parts.iter().map(cost).max().unwrap_or(0),
        Node::Not(inner) => cost(inner),
        Node::Saved { root, .. } => root.as_ref().map_or(0, |root| cost(root)),
        Node::Term(term) => {
            let exact = |value: &Value| matches!(value, Value::Regex(pattern) if pattern.is_exact());
            let regex = |value: &Value| matches!(value, Value::Regex(_));
            let field = match (term.field.kind(), term.field) {
                (ValueKind::Text, Field::Any | Field::Body) => 3,
                (ValueKind::Text, Field::Excerpt) => 2,
                (ValueKind::Text, _) => 1,
                _ => 0,
            };
            field + 4 * u32::from(term.values.iter().any(regex)) + 8 * u32::from(term.values.iter().any(exact))
        }
    }
}
