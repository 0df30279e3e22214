//! A search: one query over one feed, one chunk at a time, so that first results can be shown early and the search can be
//! cancelled.

use std::cmp::Reverse;
use std::sync::Arc;

use fixedbitset::FixedBitSet;

use super::article_state::ArticleState;
use super::evaluation::ChunkEvaluation;
use super::folded_texts::CHUNK;
use super::search_context::SearchContext;
use super::sort_order;
use super::syntax_tree::{Node, Sort};

/// Bits per block of a bit set.
const BLOCK: usize = usize::BITS as usize;

/// The results of a search so far.
#[derive(Clone, Debug, Default)]
pub struct SearchResult {
    /// Indices of the articles, in the query's order and within its limit.
    pub indices: Vec<usize>,
    /// All articles that match, regardless of limit and hidden articles: a narrower query need search only these. Empty until
    /// the search is complete.
    pub matched: Arc<FixedBitSet>,
    /// Whether every article was searched.
    pub complete: bool,
}

/// A query as the search runs it: conditions, order, limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchPlan {
    /// The conditions; `None` finds every article.
    pub root: Option<Node>,
    /// The order; `None` ranks by words if there are free words, else keeps the order of the feed.
    pub sort: Option<Sort>,
    /// Maximum number of results.
    pub limit: Option<usize>,
    /// Whether to find hidden articles even if the query does not mention them.
    pub shows_hidden: bool,
}

/// A search in progress.
#[derive(Clone, Debug)]
pub struct Search {
    plan: SearchPlan,
    context: SearchContext,
    within: Option<Arc<FixedBitSet>>,
    /// Whether the results are ranked by free words.
    ranks: bool,
    /// Hidden articles, which may match but are not found.
    hidden: FixedBitSet,
    /// Number of articles searched.
    done: usize,
    matched: FixedBitSet,
    /// Articles found, newest first, with their points for the ranking.
    found: Vec<(u16, usize)>,
}

impl Search {
    /// Prepares a search. `within`: the articles that a wider query matched in the same context; only they are searched.
    pub fn new(plan: SearchPlan, context: SearchContext, within: Option<Arc<FixedBitSet>>) -> Search {
        let ranks = plan.sort.is_none() && plan.root.as_ref().is_some_and(sort_order::has_free_words);
        // A query that names `is:hidden`, also behind `-`, decides itself about hidden articles.
        let shows_hidden = plan.shows_hidden || plan.root.as_ref().is_some_and(|root| root.names(ArticleState::Hidden));
        // `contains` is false beyond the length of a set: an empty set hides no article.
        let hidden = if shows_hidden { FixedBitSet::new() } else { context.hidden() };
        let matched = FixedBitSet::with_capacity(context.feed.len());
        Search { plan, context, within, ranks, hidden, done: 0, matched, found: Vec::new() }
    }

    /// Searches the next chunk; false when there are no more. `stop` is called now and then; if it returns true, the step has
    /// no effect.
    pub fn step(&mut self, stop: &dyn Fn() -> bool) -> bool {
        let all = self.context.feed.len();
        let indices = self.done..all.min(self.done + CHUNK);
        let chunk = self.done / CHUNK;
        let among = match &self.within {
            None => {
                let mut all = FixedBitSet::with_capacity(CHUNK);
                all.insert_range(..indices.len());
                all
            }
            // A chunk is a whole number of blocks, so its bits can be copied without shifting.
            Some(within) => {
                let blocks = within.as_slice().iter().skip(indices.start / BLOCK).take(CHUNK / BLOCK);
                FixedBitSet::with_capacity_and_blocks(CHUNK, blocks.copied())
            }
        };
        let mut evaluation = ChunkEvaluation::new(&self.context, chunk, self.ranks, stop);
        let found = match &self.plan.root {
            None => among,
            Some(root) => evaluation.node(root, &among, self.ranks),
        };
        // A cancelled evaluation can be incomplete, so its results are dropped.
        if stop() {
            return true;
        }
        for article in found.ones() {
            let index = indices.start + article;
            // Hidden articles too: a narrower query within `matched` may add `is:hidden`.
            self.matched.insert(index);
            if self.hidden.contains(index) {
                continue;
            }
            self.found.push((evaluation.points.get(article).copied().unwrap_or(0), index));
        }
        self.done = indices.end;
        self.done < all
    }

    /// Number of articles to search: all, or those that the wider query matched.
    pub fn scope(&self) -> usize {
        self.within.as_ref().map_or(self.context.feed.len(), |within| within.count_ones(..))
    }

    /// Number of articles searched, and of all articles.
    pub fn progress(&self) -> (usize, usize) {
        (self.done, self.context.feed.len())
    }

    /// The indices of the results of a complete search. `of`: number of articles of the feed.
    pub fn into_index_set(self, of: usize) -> FixedBitSet {
        // Rules find hidden articles too, so without a limit the articles that match are the results.
        if self.plan.limit.is_none() {
            return self.matched;
        }
        let mut indices = FixedBitSet::with_capacity(of);
        indices.extend(self.found().indices);
        indices
    }

    /// Takes the indices of the results out of the search, in the order of the feed and without the limit.
    pub fn take_indices(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.found).into_iter().map(|(_, index)| index).collect()
    }

    /// The results so far, in order.
    pub fn found(&self) -> SearchResult {
        // A copy: results are shown while the search goes on.
        let mut found = self.found.clone();
        if self.ranks {
            // The feed is newest first, so of equal points the newer article comes first.
            found.sort_by_key(|(points, index)| (Reverse(*points), *index));
        }
        let mut indices: Vec<usize> = found.into_iter().map(|(_, index)| index).collect();
        if let Some(sort) = self.plan.sort {
            sort_order::sort_articles(&mut indices, &self.context, sort);
        }
        // After sorting: a limit counts in the order of the query, not of the feed.
        indices.truncate(self.plan.limit.unwrap_or(usize::MAX));
        let complete = self.done >= self.context.feed.len();
        // Narrower queries may only be limited to `matched` once it covers all articles, so partial sets are not copied.
        let matched = if complete { Arc::new(self.matched.clone()) } else { Arc::default() };
        SearchResult { indices, matched, complete }
    }
}

#[cfg(test)]
mod tests {
    use crate::dates::Now;

    use super::super::folded_texts::{FoldedTexts, stored_bytes};
    use super::super::match_candidate::MatchCandidate;
    use super::super::term::Value;
    use super::super::text_folding::{fold, occurrences, starts_word};
    use super::super::{Highlighter, Query};
    use super::*;
    use crate::feed::fields::ValueKind;
    use crate::feed::{
        Article, ArticleId, Change, Feed, Field, FoldedTextStore, HybridClock, Link, Mark, Marks, RuleFlags, RuleMarks,
        Tag, Topic, UntrustedText, clean, earlier_texts, tags,
    };

    fn now() -> chrono::DateTime<chrono::Utc> {
        "2021-02-20T12:00:00Z".parse().expect("a time")
    }

    fn article(number: u64) -> Article {
        Article::builder("").number(number).published(now() - chrono::TimeDelta::hours(7 * number as i64)).build()
    }

    /// Reproducible pseudo-random numbers (SplitMix64).
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: usize) -> usize {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((z ^ (z >> 31)) % sides as u64) as usize
        }

        fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
            from[self.roll(from.len())]
        }

        fn words(&mut self, most: usize) -> String {
            let count = self.roll(most + 1);
            (0..count).map(|_| self.pick(&WORDS)).collect::<Vec<_>>().join(" ")
        }
    }

    const WORDS: [&str; 22] = [
        "rust",
        "trust",
        "Rusty",
        "rus",
        "async",
        "Café",
        "cafe",
        "open-source",
        "C++",
        "the",
        "a",
        "Ångström",
        "“beta”",
        "beta’s",
        "open",
        "人工知能",
        "한국어",
        "naïve",
        "*rust*",
        "`rust`",
        "x<b>y</b>",
        "moon",
    ];
    const NEEDLES: [&str; 16] = [
        "rust", "r", "ru", "rus", "ust", "open", "source", "cafe", "beta", "a", "the", "知能", "한", "moo", "c++",
        "angstrom",
    ];

    fn random_articles(dice: &mut Dice, count: u64) -> Vec<Arc<Article>> {
        let one = |number| {
            let mut new = article(number);
            new.title = clean::line(&dice.words(4));
            new.excerpt = clean::line(&dice.words(6));
            new.provider.name = clean::line(&dice.words(2));
            new.author = clean::line(&dice.words(2));
            new.topics = (0..dice.roll(3)).filter_map(|_| Topic::new(clean::line(&dice.words(2)))).collect();
            new.link = (dice.roll(2) == 0).then(|| Link::read(&format!("https://example.org/{}", dice.words(1))));
            new.quality = (dice.roll(4) > 0).then(|| dice.roll(100) as i64);
            new.heat = new.quality;
            new.published = new.published.filter(|_| dice.roll(10) > 0);
            let (first, second) = (dice.words(8), dice.words(8));
            new.body =
                UntrustedText::new(&if dice.roll(3) == 0 { String::new() } else { format!("{first}\n\n{second}\n") });
            Arc::new(new)
        };
        (0..count).map(one).collect()
    }

    fn random_query(dice: &mut Dice, depth: usize) -> String {
        match dice.roll(if depth == 0 { 11 } else { 16 }) {
            0..=3 => dice.pick(&NEEDLES).to_owned(),
            4 => format!("\"{} {}\"", dice.pick(&NEEDLES), dice.pick(&NEEDLES)),
            5 => format!("*{}", dice.pick(&NEEDLES)),
            6 => format!(
                "{}:{},{}",
                dice.pick(&["title", "excerpt", "body", "topic", "provider", "author", "url", "path"]),
                dice.pick(&NEEDLES),
                dice.pick(&NEEDLES)
            ),
            7 => format!("topic:=\"{}\" ", dice.pick(&NEEDLES)),
            8 => dice
                .pick(&[
                    "quality:>=50",
                    "date:<2021",
                    "@2mo",
                    "body:*",
                    "is:read",
                    "has:link",
                    "quality:*",
                    "is:starred",
                    "is:hidden",
                    "has:note",
                    "has:tag",
                    "tag:rust",
                    "tag:=\"the moon\"",
                    "#moon",
                    "#*ust",
                    "#\"open source\"",
                    "-#/^r/",
                    "tag:*",
                    "readat:2d",
                    "is:new",
                    "added:<2021-02-19",
                    "score:>0",
                    "score:*",
                ])
                .to_owned(),
            9 => dice.pick(&["sort:title", "limit:7", "sort:-quality", "sort:score", "rust", "moon"]).to_owned(),
            10 => format!(
                "{}/{}/{}",
                dice.pick(&["", "", "title:", "excerpt:", "body:", "topic:", "author:"]),
                dice.pick(&[
                    "rust",
                    "^rust",
                    "rust$",
                    "^$",
                    "x*",
                    "[^a]rust",
                    "a\\s+\\w",
                    "\\Arust",
                    "rust\\z",
                    "(?-m)^the",
                    "(?m)^the",
                    "\\bopen\\b",
                    "é",
                    "RUST|moon",
                    "o.e",
                    "\\W\\W",
                    "(?s).rust",
                    "e$|^$",
                ]),
                dice.pick(&["", "", "c"])
            ),
            11 => format!("-{}", random_query(dice, 0)),
            12 => format!("-({})", random_query(dice, depth - 1)),
            13 => format!("({} OR {})", random_query(dice, depth - 1), random_query(dice, depth - 1)),
            _ => format!("{} {}", random_query(dice, depth - 1), random_query(dice, depth - 1)),
        }
    }

    /// Reference evaluation: article by article and text by text, without optimisation.
    fn naive_matches(node: &Node, article: &Article, subject: &MatchCandidate, now: Now) -> bool {
        match node {
            Node::All(parts) => parts.iter().all(|part| naive_matches(part, article, subject, now)),
            Node::Any(parts) => parts.iter().any(|part| naive_matches(part, article, subject, now)),
            Node::Not(inner) => !naive_matches(inner, article, subject, now),
            Node::Saved { root, .. } => root.as_ref().is_none_or(|root| naive_matches(root, article, subject, now)),
            Node::Term(term) if term.field.kind() != ValueKind::Text => term.resolve(now).matches(subject),
            Node::Term(term) => term.values.iter().any(|value| match term.field {
                Field::Any => {
                    let free =
                        [Field::Title, Field::Provider, Field::Author, Field::Topic, Field::Excerpt, Field::Body];
                    free.into_iter().any(|field| texts(field, article, |text| has_text(value, text)))
                }
                Field::Label => {
                    let tags = tags::of(subject.marks, article.id);
                    tags.iter().any(|tag| has_text(value, tag.shown().as_str()))
                        || texts(Field::Topic, article, |text| has_text(value, text))
                }
                field => texts(field, article, |text| has_text(value, text)),
            }),
        }
    }

    fn texts(field: Field, article: &Article, is_found: impl Fn(&str) -> bool) -> bool {
        let mut found = false;
        field.texts(article, &mut |text| found = found || is_found(text));
        found
    }

    fn has_text(value: &Value, text: &str) -> bool {
        match value {
            Value::Present => !fold(text).is_empty(),
            Value::Word(needle) | Value::Phrase(needle) => {
                let text = fold(text);
                occurrences(&text, needle).any(|at| starts_word(text.as_bytes(), at))
            }
            Value::Substring(needle) => fold(text).contains(needle.as_str()),
            Value::WholeText(needle) => fold(text) == *needle,
            // A regex matches nothing in an empty text, not even `^$`.
            Value::Regex(pattern) if pattern.is_exact() => !text.trim().is_empty() && pattern.regex().is_match(text),
            Value::Regex(pattern) => {
                Some(fold(text)).is_some_and(|text| !text.is_empty() && pattern.regex().is_match(&text))
            }
            Value::Number(..) | Value::Seconds(..) | Value::Dates(..) | Value::Is(_) | Value::Has(_) => false,
        }
    }

    fn naive(root: Option<&Node>, context: &SearchContext, index: usize) -> bool {
        let article = context.feed.get(index).expect("an article");
        let (header, role) = (context.feed.header(index).expect("a header"), context.feed.role(index));
        let subject =
            MatchCandidate { header, role, marks: &context.marks, since: context.since, changed: &context.changed };
        root.is_none_or(|root| naive_matches(root, &article, &subject, context.now))
    }

    fn run(query: &Query, context: &SearchContext, within: Option<Arc<FixedBitSet>>) -> SearchResult {
        let mut search = query.search(context.clone(), within);
        while search.step(&|| false) {}
        search.found()
    }

    #[test]
    fn the_fast_evaluation_finds_what_the_naive_one_does() {
        compare_evaluations(100, 500);
    }

    #[test]
    #[ignore = "heavy"]
    fn the_fast_evaluation_of_many_queries_finds_what_the_naive_one_does() {
        compare_evaluations(2_000, 2_000);
    }

    /// Compares the fast evaluation of random queries with the naive one: on a sample of articles, for every 20th query on all.
    fn compare_evaluations(queries_count: usize, articles_count: u64) {
        let mut dice = Dice(7);
        let articles = random_articles(&mut dice, articles_count);
        let mut marks = Marks::default();
        let mut mark = |step, mark: Mark| {
            let articles = articles.iter().step_by(step).map(|article| article.id).collect();
            marks.apply(&Change { stamp: HybridClock::default().tick(now()), mark, articles });
        };
        mark(3, Mark::Read(Some(now() - chrono::TimeDelta::hours(30))));
        mark(5, Mark::Starred(true));
        mark(7, Mark::Hidden(true));
        mark(11, Mark::Note("later".into()));
        let tagged = |name| Mark::Tagged(Tag::parse(name).expect("a name"), true);
        mark(6, tagged("Rust"));
        mark(6, tagged("open source"));
        mark(9, tagged("The Moon"));
        mark(2, Mark::Arrived(now() - chrono::TimeDelta::hours(50)));
        mark(4, Mark::Arrived(now() - chrono::TimeDelta::hours(70)));
        let flags_of = |(n, article): (usize, &Arc<Article>)| {
            let flags =
                RuleFlags { hidden: n % 3 == 0, read: n % 2 == 0, starred: n % 5 == 0, score: n as i32 % 7 - 3 };
            (article.id, flags)
        };
        let rule_marks = RuleMarks::new(articles.iter().step_by(6).enumerate().map(flags_of).collect());
        let marks = marks.with_rule_marks(Some(Arc::new(rule_marks)));
        let context = SearchContext::new(Arc::new(Feed::new(articles, now())), Arc::new(marks), now());
        let context = SearchContext { since: Some(now() - chrono::TimeDelta::hours(60)), ..context };
        let (mut some, mut narrowed) = (0, 0);
        let mut queries: Vec<Query> = Vec::new();
        while queries.len() < queries_count {
            queries.extend(Query::parse(&random_query(&mut dice, 2)));
        }
        for (number, query) in queries.iter().enumerate() {
            let found = run(query, &context, None);
            let step = if number % 20 == 0 { 1 } else { 23 };
            for index in (number % step..context.feed.len()).step_by(step) {
                let expected = naive(query.root.as_ref(), &context, index);
                let article = context.feed.get(index).expect("an article");
                assert_eq!(
                    found.matched.contains(index),
                    expected,
                    "{query} at {index}: {article:?} {}",
                    article.body.untrusted()
                );
            }
            let hidden = |index: &&usize| context.marks.is_hidden(context.feed.get(**index).expect("an article").id);
            let shows = query.root.as_ref().is_some_and(|root| root.names(ArticleState::Hidden));
            assert!(shows || found.indices.iter().find(hidden).is_none(), "{query} finds a hidden article");
            some += usize::from(!found.indices.is_empty());
            let longer = format!("{query}{}", dice.pick(&["t", " open", "s", "e moon", "a"]));
            let Ok(longer) = Query::parse(&longer) else { continue };
            if longer.implies(query) {
                narrowed += 1;
                let (whole, part) = (run(&longer, &context, None), run(&longer, &context, Some(found.matched.clone())));
                assert!(whole.matched.is_subset(&found.matched), "{longer} does not narrow {query}");
                assert_eq!(whole.indices, part.indices, "{longer} within {query}");
            }
        }
        let is_enough = some > queries_count / 4 && narrowed > queries_count / 10;
        assert!(is_enough, "{some} queries found something, {narrowed} narrowed another");
    }

    #[test]
    fn the_better_match_is_ranked_first() {
        let titled = |title: &str, topic: &str, provider: &str, excerpt: &str, body: &str| {
            let mut new = article(0);
            new.title = clean::line(title);
            new.topics = Topic::new(clean::line(topic)).into_iter().collect();
            new.provider.name = clean::line(provider);
            new.excerpt = clean::line(excerpt);
            new.body = UntrustedText::new(body);
            new
        };
        let of = |text: &str| {
            let parts: Vec<&str> = text.split('|').collect();
            let part = |n: usize| parts.get(n).copied().unwrap_or_default();
            let author = clean::line(part(5));
            Article { author, ..titled(part(0), part(1), part(2), part(3), part(4)) }
        };
        // title \| topic \| provider \| excerpt \| body \| author. The better match is older, and is still ranked first.
        for (query, better, worse) in [
            ("rust", "Rust", "Rusty"),
            ("rust", "Rusty", "x|Rust"),
            ("rust", "x|Rust", "x|Rusty"),
            ("rust", "x||Rust", "x||Rusty"),
            ("rust", "x|Rusty|Rust", "x|Rusty"),
            ("rust", "x|Rusty", "x|||Rust"),
            ("rust", "x|||||Rust", "x|Rusty"),
            ("rust", "Rusty", "x|||||Rust"),
            ("rust", "x|||||Rusty", "x|||Rust"),
            ("rust async", "x||||Async|Rust", "x||||Rust async"),
            ("rust", "x|||Rust", "x|||Rusty"),
            ("rust", "x|||Rusty", "x||||Rust"),
            ("rust", "x||||Rust", "x||||Rusty"),
            ("rust", "Rusty Rust", "Rusty"),
            ("rust async", "Rust|async", "Rust||||async"),
            ("\"open beta\"", "Open beta", "x||||open beta"),
            ("*ust", "trust", "x||||trust"),
            ("rust OR moon", "Rust moon", "Rust"),
        ] {
            let (mut older, newer) = (of(better), of(worse));
            older.id = "0000000000000001".parse().expect("an id");
            older.published = Some((now() - chrono::TimeDelta::days(9)).into());
            let feed = Feed::new(vec![Arc::new(older), Arc::new(newer)], now());
            let context = SearchContext::new(Arc::new(feed), Arc::default(), now());
            let found = Query::parse(query).expect("a query").select(&context);
            assert_eq!(found, [1, 0], "{query}: {better:?} before {worse:?}");
            let sorted = Query::parse(&format!("{query} sort:-date")).expect("a query").select(&context);
            assert_eq!(sorted, [0, 1], "a requested order wins over the ranking");
            let excluded = Query::parse(&format!("-(-({query}))")).expect("a query");
            assert_eq!(excluded.select(&context).len(), 2);
        }
    }

    #[test]
    fn authors_are_found_by_their_field_and_by_words() {
        let made = |(number, author, title): (u64, &str, &str)| {
            Arc::new(Article::builder(title).number(number).author(author).build())
        };
        let articles =
            [(0, "Jörg Müller", "One"), (1, "Ann Lee, Bo", "Two"), (2, "", "The muller"), (3, "Lee", "Rust")];
        let feed = Arc::new(Feed::new(articles.map(made).to_vec(), now()));
        let context = SearchContext::new(feed.clone(), Arc::default(), now());
        for (query, found) in [
            ("author:muller", vec![0]),
            ("author:MÜLL", vec![0]),
            ("author:uller", vec![]),
            ("author:*uller", vec![0]),
            ("author:\"ann lee\"", vec![1]),
            ("author:\"lee bo\"", vec![]),
            ("author:lee", vec![1, 3]),
            ("author:=lee", vec![3]),
            ("author:=\"jorg muller\"", vec![0]),
            ("author:lee -author:bo", vec![3]),
            ("author:bo,jörg", vec![0, 1]),
            ("author:bo OR title:rust", vec![1, 3]),
            ("author:*", vec![0, 1, 3]),
            ("-author:*", vec![2]),
            ("author:/^ann/", vec![1]),
            ("author:/^Ann/c", vec![1]),
            ("author:/^ann/c", vec![]),
            ("title:muller", vec![2]),
            ("muller", vec![0, 2]),
            ("muller -author:*", vec![2]),
            ("-muller", vec![1, 3]),
            ("\"lee, bo\"", vec![1]),
            ("rust lee", vec![3]),
            ("provider:lee", vec![]),
        ] {
            let query = Query::parse(query).expect("a query");
            let id = |index: usize| feed.id(index).map(ArticleId::number);
            let mut ids: Vec<u64> = query.select(&context).into_iter().filter_map(id).collect();
            ids.sort_unstable();
            assert_eq!(ids, found, "{query}");
        }
        assert_eq!(feed.names(Field::Author), ["Ann Lee, Bo", "Jörg Müller", "Lee"]);
        let implies = |narrow: &str, wide: &str| {
            let [narrow, wide] = [narrow, wide].map(|text| Query::parse(text).expect("a query"));
            narrow.implies(&wide)
        };
        assert!(implies("author:muller", "author:mull") && implies("author:muller", "mull"));
        assert!(!implies("mull", "author:mull") && !implies("author:mull", "provider:mull"));
    }

    #[test]
    fn sort_by_added_uses_arrival_and_then_the_file_time() {
        let written = |n: u64, hours: i64| {
            let modified = Some((now() - chrono::TimeDelta::hours(hours)).into());
            Arc::new(Article { modified, ..article(n) })
        };
        let articles = vec![written(0, 5), written(1, 1), written(2, 9), Arc::new(article(3))];
        let (ids, mut marks) = (articles.iter().map(|article| article.id).collect::<Vec<_>>(), Marks::default());
        let arrived = Mark::Arrived(now() - chrono::TimeDelta::hours(3));
        marks.apply(&Change { stamp: HybridClock::default().tick(now()), mark: arrived, articles: vec![ids[2]] });
        let context = SearchContext::new(Arc::new(Feed::new(articles, now())), Arc::new(marks), now());
        let order = |query: &str| {
            let query = Query::parse(query).expect("a query");
            assert!(query.depends_on_marks());
            query.select(&context).into_iter().filter_map(|index| context.feed.id(index)).collect::<Vec<_>>()
        };
        assert_eq!(
            order("sort:-added"),
            [ids[1], ids[2], ids[0], ids[3]],
            "the arrival counts, not the older file time"
        );
        assert_eq!(order("sort:added"), [ids[0], ids[2], ids[1], ids[3]]);
    }

    #[test]
    fn a_search_reports_partial_results_and_progress() {
        let articles = random_articles(&mut Dice(1), 3 * CHUNK as u64);
        let context = SearchContext::new(Arc::new(Feed::new(articles, now())), Arc::default(), now());
        let mut search = Query::parse("rust").expect("a query").search(context, None);
        assert!(search.step(&|| false));
        let early = search.found();
        assert!(!early.complete && !early.indices.is_empty() && early.indices.iter().all(|index| *index < CHUNK));
        assert_eq!(search.progress(), (CHUNK, 3 * CHUNK));
        assert!(search.step(&|| false));
        assert!(!search.step(&|| false));
        assert!(search.found().complete);
    }

    #[test]
    fn a_cancelled_step_has_no_effect() {
        let articles = random_articles(&mut Dice(1), 100);
        let context = SearchContext::new(Arc::new(Feed::new(articles, now())), Arc::default(), now());
        let mut search = Query::parse("-/rust/").expect("a query").search(context.clone(), None);
        assert!(search.step(&|| true));
        assert_eq!((search.progress(), search.found().complete, search.found().indices.len()), ((0, 100), false, 0));
        assert!(!search.step(&|| false));
        assert_eq!(search.found().indices, Query::parse("-/rust/").expect("a query").select(&context));
    }

    #[test]
    fn highlights_are_at_the_matching_words() {
        for (query, text, marked) in [
            ("rust", "Trust Rust, rusty", "Trust [Rust], [rust]y"),
            ("cafe", "Le Café noir", "Le [Café] noir"),
            ("\"open beta\"", "the open\n  beta", "the [open\n  beta]"),
            ("*ust -moon", "Rust moon", "R[ust] moon"),
            ("/o.e/ /M/c", "one moon Moon", "[one] moon [M]oon"),
            ("title:a topic:b", "a b", "[a] [b]"),
            ("ru rust", "rust", "[rust]"),
            ("知能", "人工知能", "人工[知能]"),
            ("fine", "ﬁne ‘x’", "[ﬁne] ‘x’"),
            ("STRASSE", "Lange Straße, Hauptstraße", "Lange [Straße], Hauptstraße"),
            ("*strass", "Hauptstraße", "Haupt[straß]e"),
            ("aero \"smorre brod\"", "Ærø, smørre brød", "[Ærø], [smørre brød]"),
            ("/st[rß]+a/ Łódź", "Lodz, Łódź, Straße", "[Lodz], [Łódź], [Stra]ße"),
            ("nothing", "here", "here"),
        ] {
            let hits = Query::parse(query).map(|query| query.highlighter()).unwrap_or_default();
            let mut out = String::new();
            let mut at = 0;
            for hit in hits.ranges(Field::Any, text) {
                out += &format!("{}[{}]", &text[at..hit.start], &text[hit.clone()]);
                at = hit.end;
            }
            assert_eq!(out + &text[at..], marked, "{query}");
        }
        assert!(Highlighter::for_text("  ").is_empty());
        assert_eq!(Highlighter::for_text("LO w").ranges(Field::Any, "hello  world"), vec![3..8]);
    }

    #[test]
    fn stored_text_is_reused_only_for_unchanged_articles() {
        let feed = |titles: [&str; 2]| {
            let one =
                |(number, title): (u64, &&str)| Arc::new(Article { title: clean::line(title), ..article(number) });
            Feed::new((0..).zip(&titles).map(one).collect(), now())
        };
        let before = feed(["Leeks", "Boats"]);
        let kept = super::super::texts_to_keep(&before)(0, 0);
        before.set_folded_text_store(FoldedTextStore::new(move |_, column| {
            (column == 0).then(|| stored_bytes(kept.0.replace("boats", "known"), &kept.1))
        }));
        // Both records have the same length and location: only the content hash tells them apart.
        let after = feed(["Roses", "Boats"]);
        let before = Arc::new(before);
        earlier_texts::set(&after, &before);
        assert_eq!(super::super::texts_to_keep(&after)(0, 0), ("roses\nknown\n".to_owned(), vec![6, 12]));
        let texts = FoldedTexts::default();
        let column = texts.column(&after, 0, Field::Title).expect("a column");
        assert_eq!((column.get(0), column.get(1)), ("roses\n", "known\n"), "a search uses them too");
        // A chain of reloads leads to the feed with stored text.
        let later = feed(["Roses", "Tides"]);
        earlier_texts::set(&later, &Arc::new(after));
        assert!(earlier_texts::of(&later).is_some_and(|earlier| Arc::ptr_eq(earlier, &before)));
    }
}
