//! Finds similar articles: by shared words in title and excerpt, weighted by TF-IDF, by the time between the articles, and by links
//! to and from the same articles.
//!
//! The index consists of immutable segments. A reload adds a segment for new and changed articles, and marks removed ones in
//! the old segments. When a tenth of the articles differs from the last full build, the index is rebuilt.
//!
//! An index can be saved as sections of bytes, and used from a mapped file. Articles are named by id and content hash, so a saved index
//! serves for any later feed of the library.

use std::cmp::Ordering;
use std::sync::Arc;

use fixedbitset::FixedBitSet;

use super::folded_texts::{CHUNK, Column, FoldedTexts, stored_column};
use super::near_duplicate::Fingerprint;
use super::shared_links::shared_links;
use super::similarity_segment::{IndexedArticle, MAX_ARTICLES, Segment, SegmentBuilder};
use super::text_folding::fold_into;
use super::tf_idf::{DocFrequencies, DocFrequencyCounter, MAX_WORDS, WordCounts};
use crate::feed::shared_bytes::{ByteReader, ByteWriter};
use crate::feed::{Bytes, Feed, Field};

/// The fields whose words are compared.
const FIELDS: [Field; 2] = [Field::Title, Field::Excerpt];
/// Share of the similarity that does not depend on the time between the articles.
const TIMELESS_SHARE: f32 = 0.2;
/// Days after which 1/e of the rest is left.
const DECAY_DAYS: f32 = 8.0;
/// Factor if the date of the other article is not known: as after two weeks.
const UNDATED_FACTOR: f32 = 0.33;
/// Score of an article with which no words are shared, but all links.
const LINKS_SHARE: f32 = 0.5;
/// Lower scores are not shown.
const MIN_SCORE: f32 = 0.05;
/// Minimum similarity of content for two articles to be near duplicates.
const MIN_DUPLICATE_CONTENT: f32 = 0.35;
/// Rebuild the index when more than one article in this many was added, or removed, since the last build.
const REBUILD_FRACTION: usize = 10;
/// Number of articles between two calls of `stop`.
const STOP_INTERVAL: usize = 256;
/// Extra candidates per lookup, as some may have been removed from the feed.
const SPARE: usize = 256;

/// A saved index is replaced when more than one article in this many is not in it. A start then reads the words of few articles, and
/// a change writes little on average.
const SAVE_FRACTION: usize = 256;
/// An index of fewer articles is not saved: building it takes a few hundredths of a second.
const MIN_SAVED: usize = 1024;

/// An index of similar articles. It belongs to the feed that it was built from. A lookup with a later feed skips articles that
/// have changed or are gone.
#[derive(Debug, Default)]
pub struct SimilarityIndex {
    segments: Vec<LiveSegment>,
    counts: Arc<DocFrequencies>,
    /// Articles added since the document frequencies were counted.
    added: usize,
    tokenized: usize,
}

/// A segment, and which of its articles have changed or are gone.
#[derive(Clone, Debug)]
struct LiveSegment {
    segment: Segment,
    gone: FixedBitSet,
    is_saved: bool,
}

impl LiveSegment {
    fn new(segment: Segment) -> LiveSegment {
        LiveSegment { gone: FixedBitSet::with_capacity(segment.len()), segment, is_saved: false }
    }

    /// Number of articles that are still valid.
    fn live(&self) -> usize {
        self.segment.len() - self.gone.count_ones(..)
    }
}

/// An article that is similar to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SimilarArticle {
    /// Its index in the feed.
    pub article_index: usize,
    /// Similarity from 0 to 1; 1 is the same text on the same day.
    pub score: f32,
    /// Whether it is the same news from another provider.
    pub is_near_duplicate: bool,
}

/// A candidate for the result.
#[derive(Clone, Copy)]
struct ScoredArticle {
    score: f32,
    content: f32,
    article: IndexedArticle,
}

impl ScoredArticle {
    /// Best score first; equal scores by id, so that results are reproducible.
    fn order(&self, other: &ScoredArticle) -> Ordering {
        other.score.total_cmp(&self.score).then_with(|| self.article.id.cmp(&other.article.id))
    }
}

impl SimilarityIndex {
    /// Builds the index of a feed. With the index of an earlier feed in `before`, only new and changed articles are read.
    /// `stop` is called now and then; if it returns true, the result is `None`.
    pub fn of(feed: &Feed, before: Option<&SimilarityIndex>, stop: &dyn Fn() -> bool) -> Option<SimilarityIndex> {
        // An empty index has no document frequencies by which new articles could be weighed.
        match before.filter(|before| !before.segments.is_empty()) {
            Some(before) => before.update(feed, stop),
            None => SimilarityIndex::build(feed, stop),
        }
    }

    /// How often `stop` is called while an index of this many articles is built from scratch: the total for a progress display.
    pub fn stop_checks(articles: usize) -> usize {
        // Building reads all words twice, see `build`.
        2 * articles.div_ceil(STOP_INTERVAL)
    }

    /// Number of articles whose words were read for this index: the cost of building it.
    pub fn tokenized(&self) -> usize {
        self.tokenized
    }

    /// Version of saved indexes. Raise it when words, weights or the layout of segments change.
    pub const VERSION: u32 = FoldedTexts::VERSION.wrapping_add(1);

    /// True if this index should replace the saved one, see `SAVE_FRACTION` and `MIN_SAVED`.
    pub fn must_be_saved(&self) -> bool {
        let live = |is_wanted: fn(&LiveSegment) -> bool| -> usize {
            self.segments.iter().filter(|live| is_wanted(live)).map(LiveSegment::live).sum()
        };
        let (all, unsaved) = (live(|_| true), live(|live| !live.is_saved));
        all >= MIN_SAVED && unsaved * SAVE_FRACTION > all
    }

    /// The index as sections to save.
    pub fn sections(&self) -> Vec<Bytes> {
        let mut numbers = ByteWriter::default();
        numbers.u64(self.counts.articles() as u64);
        numbers.u64(self.added as u64);
        let mut sections = vec![Bytes::new(numbers.0)];
        sections.extend(self.counts.parts().map(Bytes::clone));
        sections.extend(self.segments.iter().flat_map(|live| live.segment.parts()).cloned());
        sections
    }

    /// The index that was saved as these sections; `None` if their number is wrong. [`SimilarityIndex::of`] brings it up to date.
    pub fn of_sections(sections: &[Bytes]) -> Option<SimilarityIndex> {
        let (numbers, sections) = sections.split_first()?;
        let (counts, segments) = sections.split_first_chunk::<{ DocFrequencies::PARTS }>()?;
        let mut numbers = ByteReader(numbers);
        let (articles, added) = (numbers.u64()? as usize, numbers.u64()? as usize);
        let counts = Arc::new(DocFrequencies::of_parts(articles, counts.clone()));
        let (segments, []) = segments.as_chunks::<{ Segment::PARTS }>() else { return None };
        let saved = |parts: &[Bytes; Segment::PARTS]| LiveSegment {
            is_saved: true,
            ..LiveSegment::new(Segment::of_parts(parts.clone()))
        };
        Some(SimilarityIndex { segments: segments.iter().map(saved).collect(), counts, added, tokenized: 0 })
    }

    /// The same index with the bytes of its saved copy, which are in a mapped file instead of in memory. `None` if another index is
    /// saved: another process may have replaced it.
    pub fn with_saved(&self, saved: SimilarityIndex) -> Option<SimilarityIndex> {
        let sizes =
            |index: &SimilarityIndex| index.segments.iter().map(|live| live.segment.bytes()).collect::<Vec<_>>();
        if sizes(self) != sizes(&saved) {
            return None;
        }
        let segments = self.segments.iter().zip(saved.segments);
        let segments = segments.map(|(live, saved)| LiveSegment { gone: live.gone.clone(), ..saved }).collect();
        Some(SimilarityIndex { segments, counts: saved.counts, added: self.added, tokenized: self.tokenized })
    }

    /// Estimated memory in bytes.
    pub fn bytes(&self) -> usize {
        self.counts.bytes()
            + self.segments.iter().map(|live| live.segment.bytes() + live.segment.len() / 8).sum::<usize>()
    }

    fn build(feed: &Feed, stop: &dyn Fn() -> bool) -> Option<SimilarityIndex> {
        // Weights need the document frequencies of the whole feed, so a second pass reads the words again.
        let (mut source, mut counts) = (WordSource::new(feed, true), DocFrequencyCounter::default());
        for article_index in 0..feed.len() {
            if article_index % STOP_INTERVAL == 0 && stop() {
                return None;
            }
            counts.add(source.words(article_index));
        }
        let mut similar = SimilarityIndex { counts: Arc::new(counts.finish()), ..SimilarityIndex::default() };
        similar.add(&mut source, 0..feed.len(), stop)?;
        Some(similar)
    }

    fn update(&self, feed: &Feed, stop: &dyn Fn() -> bool) -> Option<SimilarityIndex> {
        let mut segments = self.segments.clone();
        let mut known = FixedBitSet::with_capacity(feed.len());
        for live in &mut segments {
            if stop() {
                return None;
            }
            // Computed from scratch: an article that was gone can be back.
            live.gone.clear();
            // A reload keeps articles in nearly the same order, so try the next index before a lookup by id.
            let mut next = 0;
            for (number, article) in live.segment.articles().enumerate() {
                let article_index =
                    if feed.id(next) == Some(article.id) { Some(next) } else { feed.index_of(article.id) };
                let is_same = |article_index: &usize| {
                    feed.header(*article_index).is_some_and(|header| article.is_unchanged_in(&header))
                };
                match article_index.filter(is_same).filter(|article_index| !known.put(*article_index)) {
                    Some(article_index) => next = article_index + 1,
                    None => live.gone.insert(number),
                }
            }
        }
        let gone: usize = segments.iter().map(|live| live.gone.count_ones(..)).sum();
        let added = self.added.saturating_add(feed.len() - known.count_ones(..));
        // A changed article counts in both numbers, so the larger one counts and not their sum.
        if added.max(gone).saturating_mul(REBUILD_FRACTION) > feed.len() {
            return SimilarityIndex::build(feed, stop);
        }
        // Up to the next full build, the old document frequencies apply: at most a tenth of the articles differs.
        let mut similar = SimilarityIndex { segments, counts: self.counts.clone(), added, tokenized: 0 };
        // The missing articles are few, so they are read one by one instead of by columns of whole chunks.
        similar.add(&mut WordSource::new(feed, false), known.zeroes(), stop)?;
        similar.merge();
        Some(similar)
    }

    /// Adds the articles at some indices.
    fn add(
        &mut self,
        source: &mut WordSource,
        article_indices: impl Iterator<Item = usize>,
        stop: &dyn Fn() -> bool,
    ) -> Option<()> {
        let (mut builder, mut weights) = (SegmentBuilder::default(), Vec::with_capacity(MAX_WORDS));
        builder.reserve(article_indices.size_hint().1.unwrap_or(0));
        for article_index in article_indices {
            if self.tokenized.is_multiple_of(STOP_INTERVAL) && stop() {
                return None;
            }
            let Some(header) = source.feed.header(article_index) else { continue };
            self.counts.weigh(source.words(article_index), &mut weights);
            builder.add(IndexedArticle::of(&header), &weights);
            self.tokenized += 1;
            if builder.len() == MAX_ARTICLES {
                self.segments.push(LiveSegment::new(builder.finish()));
            }
        }
        if builder.len() > 0 {
            self.segments.push(LiveSegment::new(builder.finish()));
        }
        Some(())
    }

    /// Merges the last segments while they are small. So their number grows only logarithmically with the number of reloads.
    fn merge(&mut self) {
        while let [.., before, last] = self.segments.as_slice()
            && before.live() < 2 * last.live()
            && before.live() + last.live() <= MAX_ARTICLES
        {
            let mut builder = SegmentBuilder::default();
            builder.add_segment(&before.segment, &before.gone);
            builder.add_segment(&last.segment, &last.gone);
            self.segments.truncate(self.segments.len() - 2);
            self.segments.push(LiveSegment::new(builder.finish()));
        }
    }

    /// The most similar articles, best first, at most `limit`, without the article itself. `feed` may be later than the feed of
    /// the index.
    pub fn find(&self, feed: &Feed, article_index: usize, limit: usize) -> Vec<SimilarArticle> {
        let Some(header) = feed.header(article_index) else { return Vec::new() };
        let (article, mut source, mut weights) =
            (IndexedArticle::of(&header), WordSource::new(feed, false), Vec::new());
        self.counts.weigh(source.words(article_index), &mut weights);
        self.counts.limit(&mut weights);
        let mut links = shared_links(feed, article_index);
        let (mut found, mut at_most) = (Vec::new(), limit.saturating_mul(2).saturating_add(SPARE));
        loop {
            let candidates = self.candidates(&article, &weights, at_most);
            let here = |candidate: &ScoredArticle| {
                let article_index = feed.index_of(candidate.article.id)?;
                candidate.article.is_unchanged_in(&feed.header(article_index)?).then_some((article_index, *candidate))
            };
            found.clear();
            // Shared links can put any candidate first.
            let wanted = if links.is_empty() { limit } else { usize::MAX };
            found.extend(candidates.iter().filter_map(here).take(wanted));
            // If too many candidates are gone, get more.
            if found.len() >= limit || candidates.len() < at_most {
                break;
            }
            at_most = at_most.saturating_mul(8);
        }
        if !links.is_empty() {
            for (article_index, candidate) in &mut found {
                let linked = links.remove(article_index).unwrap_or_default() * LINKS_SHARE;
                candidate.score += (1.0 - candidate.score) * linked;
            }
            found.extend(links.into_iter().filter_map(|(article_index, strength)| {
                let article = IndexedArticle::of(&feed.header(article_index)?);
                Some((article_index, ScoredArticle { score: strength * LINKS_SHARE, content: 0.0, article }))
            }));
            found.sort_unstable_by(|(_, a), (_, b)| a.order(b));
            found.truncate(limit);
        }
        let (own_index, mut own) = (article_index, None);
        let mut is_near_duplicate_of = |article_index: usize, candidate: &ScoredArticle| {
            // A fingerprint needs the article itself, so it is made only for candidates that are similar enough.
            let fingerprint = |article_index| feed.get(article_index).map(|article| Fingerprint::of(&article));
            let (own, other) = (own.get_or_insert_with(|| fingerprint(own_index)), fingerprint(article_index));
            let days = candidate.article.days_to(&article);
            own.as_ref().zip(other).is_some_and(|(own, other)| own.is_near_duplicate_of(&other, days))
        };
        let similarity = |(article_index, candidate): (usize, ScoredArticle)| SimilarArticle {
            article_index,
            score: candidate.score,
            is_near_duplicate: candidate.content >= MIN_DUPLICATE_CONTENT
                && is_near_duplicate_of(article_index, &candidate),
        };
        found.into_iter().map(similarity).collect()
    }

    /// The best `at_most` candidates for the words of `article`, without `article`.
    fn candidates(&self, article: &IndexedArticle, weights: &[(u32, f32)], at_most: usize) -> Vec<ScoredArticle> {
        let (mut found, mut sums) = (Vec::new(), Vec::new());
        // The lowest score of the candidates, as soon as there are enough of them.
        let mut least = MIN_SCORE;
        for live in &self.segments {
            live.segment.compare(weights, &mut sums);
            for (number, content) in sums.iter().enumerate() {
                // The factor for time is at most 1, so the score would be lower still.
                if *content < least {
                    continue;
                }
                let Some(other) = live.segment.article(number) else { continue };
                // Weights are stored rounded to a byte, so the products for equal texts can add up to more than 1.
                let content = content.min(1.0);
                let score = content * time_factor(article, &other);
                if score >= least && other.id != article.id && !live.gone.contains(number) {
                    found.push(ScoredArticle { score, content, article: other });
                }
                // Now and then, so that a large library does not need a list of all candidates.
                if found.len() > at_most.saturating_mul(2) {
                    found.select_nth_unstable_by(at_most, ScoredArticle::order);
                    found.truncate(at_most);
                    least = found.iter().map(|found| found.score).min_by(f32::total_cmp).unwrap_or(least);
                }
            }
        }
        found.sort_unstable_by(ScoredArticle::order);
        found.truncate(at_most);
        found
    }
}

/// Factor for the time between two articles: 1 if the first has no date, [`UNDATED_FACTOR`] if only the second has none.
fn time_factor(article: &IndexedArticle, other: &IndexedArticle) -> f32 {
    match article.days_to(other) {
        Some(days) => TIMELESS_SHARE + (1.0 - TIMELESS_SHARE) * (-days / DECAY_DAYS).exp(),
        None if article.has_date() => UNDATED_FACTOR,
        None => 1.0,
    }
}

/// Reads the words of articles: from stored folded text if the whole feed is read and the text is stored, else from the
/// articles.
struct WordSource<'a> {
    feed: &'a Feed,
    whole: bool,
    chunk: Option<(usize, Option<[Column; 2]>)>,
    texts: [String; 2],
    counts_of_article: WordCounts,
}

impl<'a> WordSource<'a> {
    fn new(feed: &'a Feed, whole: bool) -> WordSource<'a> {
        WordSource { feed, whole, chunk: None, texts: Default::default(), counts_of_article: WordCounts::default() }
    }

    /// The words of the article at an index, counted by field.
    fn words(&mut self, article_index: usize) -> &WordCounts {
        let number = article_index / CHUNK;
        if self.whole && self.chunk.as_ref().is_none_or(|(known, _)| *known != number) {
            // Free the columns of the previous chunk before those of the next one are read.
            self.chunk = None;
            let [title, excerpt] = FIELDS.map(|field| stored_column(self.feed, number, field));
            self.chunk = Some((number, title.zip(excerpt).map(<[Column; 2]>::from)));
        }
        if let Some((_, Some(columns))) = &self.chunk {
            let part = |column| Column::get(column, article_index % CHUNK);
            self.counts_of_article.count(columns.each_ref().map(part));
            return &self.counts_of_article;
        }
        let article = self.feed.read(article_index);
        for (field, text) in FIELDS.into_iter().zip(&mut self.texts) {
            text.clear();
            if let Some(article) = &article {
                field.texts(article, &mut |original| {
                    fold_into(original, text);
                    // As in stored columns: both sources must give the same words.
                    text.push('\n');
                });
            }
        }
        let [title, excerpt] = &self.texts;
        self.counts_of_article.count([title, excerpt]);
        &self.counts_of_article
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use chrono::{DateTime, TimeDelta, Utc};

    use super::*;
    use crate::feed::{Article, ArticleId, Bytes, FoldedTextStore, columnar_feed, columnar_feed_builder, record};
    use crate::query::folded_texts::stored_bytes;
    use crate::query::{FoldedTexts, texts_to_keep};

    fn now() -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
    }

    fn id(number: u64) -> ArticleId {
        ArticleId::of_number(number)
    }

    /// An article of this age in hours.
    fn article(number: u64, title: &str, excerpt: &str, hours: Option<i64>) -> Article {
        let published = hours.map(|hours| (now() - TimeDelta::hours(hours)).into());
        Article::builder(title)
            .number(number)
            .excerpt(excerpt)
            .provider(&format!("Provider {number}"), "")
            .topics(&["Everything"])
            .with(|article| article.published = published)
            .build()
    }

    /// A library that is reloaded: the records of unchanged articles keep their locations.
    #[derive(Default)]
    struct TestLibrary {
        records: Vec<Bytes>,
        locations: BTreeMap<u64, u64>,
    }

    impl TestLibrary {
        fn of(articles: impl IntoIterator<Item = Article>) -> TestLibrary {
            let mut library = TestLibrary::default();
            library.put(articles);
            library
        }

        fn put(&mut self, articles: impl IntoIterator<Item = Article>) {
            let mut bytes = Vec::new();
            for article in articles {
                self.locations.insert(article.id.number(), columnar_feed::location(self.records.len(), bytes.len()));
                record::write(&article, 0, &article.path, &mut bytes);
            }
            self.records.push(Bytes::new(bytes));
        }

        fn feed(&self) -> Feed {
            let locations: Vec<u64> = self.locations.values().copied().collect();
            let roots = columnar_feed_builder::LibraryRoots::new(&[PathBuf::new()], PathBuf::clone);
            Feed::of(columnar_feed_builder::build_columns(roots, self.records.clone(), &locations, now().into()))
        }
    }

    /// Reproducible pseudo-random numbers.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % sides
        }
    }

    /// Articles in stories of six: each has some of the ten words of its story, and words that are common to all stories.
    const STORY: u64 = 6;

    fn story_article(number: u64, version: u64) -> Article {
        let story = number / STORY;
        let dice = &mut Dice(number * 977 + version);
        let mut say = |own: usize, common: usize| {
            let own: Vec<String> = (0..own).map(|_| format!("w{}x{story}", dice.roll(10))).collect();
            let common: Vec<String> = (0..common).map(|_| format!("common{}", dice.roll(60))).collect();
            [own, common].concat().join(" ")
        };
        let (title, excerpt) = (say(3, 3), say(6, 10));
        article(number, &title, &excerpt, Some((story % 40 * 24 + number % STORY * 5) as i64))
    }

    fn index(feed: &Feed, before: Option<&SimilarityIndex>) -> SimilarityIndex {
        SimilarityIndex::of(feed, before, &|| false).expect("an index")
    }

    /// The ids of the most similar articles as numbers, best first.
    fn like(similar: &SimilarityIndex, feed: &Feed, number: u64, limit: usize) -> Vec<u64> {
        let article_index = feed.index_of(id(number)).expect("its index");
        let found = similar.find(feed, article_index, limit);
        found.iter().map(|found| feed.id(found.article_index).expect("an article").number()).collect()
    }

    #[test]
    fn results_are_sorted_distinct_reproducible_and_never_the_article_itself() {
        let library = TestLibrary::of((0..300).map(|number| story_article(number, 0)));
        let feed = library.feed();
        let (similar, again) = (index(&feed, None), index(&feed, None));
        let mut count = 0;
        for article_index in 0..feed.len() {
            for limit in [0, 1, 7, 1_000] {
                let found = similar.find(&feed, article_index, limit);
                let mut article_indices: Vec<usize> = found.iter().map(|found| found.article_index).collect();
                assert!(found.len() <= limit && !article_indices.contains(&article_index), "{found:?}");
                assert!(found.is_sorted_by(|a, b| a.score >= b.score), "{found:?}");
                assert!(found.iter().all(|found| found.score > 0.0 && found.score <= 1.0), "{found:?}");
                assert_eq!(found, again.find(&feed, article_index, limit));
                article_indices.sort_unstable();
                article_indices.dedup();
                assert_eq!(article_indices.len(), found.len());
                count += found.len();
            }
        }
        assert!(count > 300 * 5, "something was found: {count}");
        assert_eq!(similar.find(&feed, 300, 10), []);
    }

    #[test]
    fn an_article_with_the_same_address_may_have_changed() {
        let feed = |words: &str| {
            TestLibrary::of([story_article(1, 0), article(2, words, "", None), article(3, "Harbour gate", "", None)])
                .feed()
        };
        let (before, after) = (feed("Museum clock"), feed("Harbour gate"));
        assert_eq!(before.header(2).map(|header| header.location), after.header(2).map(|header| header.location));
        let similar = index(&after, Some(&index(&before, None)));
        assert_eq!(like(&similar, &after, 3, 5), [2]);
    }

    #[test]
    fn the_rest_of_a_story_is_found() {
        let feed = TestLibrary::of((0..600).map(|number| story_article(number, 0))).feed();
        let similar = index(&feed, None);
        let rest = |number: u64, other: &u64| number / STORY == other / STORY;
        let found: usize = (0..600)
            .map(|number| like(&similar, &feed, number, 5).iter().filter(|other| rest(number, other)).count())
            .sum();
        assert!(found as f64 / 600.0 / 5.0 > 0.9, "{found}");
    }

    #[test]
    fn days_between_count_and_missing_dates_do_not_hide() {
        let say = |number, hours| article(number, "Harbour gate closes for repairs", "", hours);
        let other = |number| article(number, "Museum of tides opens tonight", "", Some(0));
        let dated =
            [say(1, Some(0)), say(2, Some(240)), say(3, Some(24)), say(4, None), say(5, Some(24_000)), other(6)];
        let feed = TestLibrary::of(dated.into_iter().chain((7..20).map(other))).feed();
        let similar = index(&feed, None);
        assert_eq!(like(&similar, &feed, 1, 9), [3, 2, 4, 5], "a day, ten days, unknown, years");
        assert_eq!(like(&similar, &feed, 4, 9), [1, 2, 3, 5], "all equal for an article without a date");
        let article_index = feed.index_of(id(4)).expect("an index");
        assert!(similar.find(&feed, article_index, 9).iter().all(|found| found.score > 0.99));

        let feed =
            TestLibrary::of((0..120).map(|number| Article { published: None, ..story_article(number, 0) })).feed();
        let found = like(&index(&feed, None), &feed, 33, 5);
        assert_eq!(found.iter().filter(|other| *other / STORY == 33 / STORY).count(), 5, "{found:?}");
    }

    #[test]
    fn forms_of_words_are_compared() {
        let titles = [
            "Minister delays launching of tunnel",
            "Tunnel launch delayed, ministers say",
            "Museum opens tonight",
            "Roses want pruning in spring",
        ];
        let articles = titles.iter().zip(1..).map(|(title, number)| article(number, title, "", Some(0)));
        let feed = TestLibrary::of(articles).feed();
        let similar = index(&feed, None);
        let found = similar.find(&feed, feed.index_of(id(1)).expect("an index"), 9);
        assert_eq!(found.iter().map(|found| feed.id(found.article_index)).collect::<Vec<_>>(), [Some(id(2))]);
        assert!(found[0].score > 0.5, "{found:?}");
    }

    #[test]
    fn frequent_words_of_long_excerpts_are_compared() {
        // Each article has 24 words that no other has, which are the rarest. The six words of the story come after them.
        let own = |number: u64| (0..24).map(|n| format!("own{number}x{n} ")).collect::<String>();
        let told =
            |number| article(number, "", &format!("{} harbour gate storm ferry cable divers", own(number)), Some(0));
        let other = |number| article(number, "", &own(number), Some(0));
        let feed = TestLibrary::of((0..5).map(told).chain((5..40).map(other))).feed();
        let found = like(&index(&feed, None), &feed, 0, 9);
        assert_eq!(found.iter().copied().collect::<std::collections::BTreeSet<u64>>(), (1..5).collect());
    }

    #[test]
    fn more_words_in_common_and_less_time_between_never_lower_the_score() {
        let words = ["harbour", "gate", "storm", "ferry", "cable", "divers", "tide", "mast"];
        let told = |number: u64, shared: usize, hours: u64| {
            let rest = (shared..words.len()).map(|n| format!("w{number}x{n}"));
            let title: Vec<String> = words[..shared].iter().map(|word| (*word).to_owned()).chain(rest).collect();
            article(number, &title.join(" "), "", Some(hours as i64))
        };
        let score_of = |shared: usize, hours: u64| {
            let others = (10..60).map(|number| told(number, 0, 0));
            let feed = TestLibrary::of([told(1, 8, 0), told(2, shared, hours)].into_iter().chain(others)).feed();
            let found = index(&feed, None).find(&feed, feed.index_of(id(1)).expect("an index"), 1);
            found.first().map_or(0.0, |found| found.score)
        };
        let by_words: Vec<f32> = (0..=8).map(|shared| score_of(shared, 0)).collect();
        assert!(by_words.is_sorted() && by_words[0] == 0.0 && by_words[8] > 0.9, "{by_words:?}");
        let by_time: Vec<f32> =
            [0, 1, 30, 24 * 7, 24 * 30, 24 * 365, 24 * 15_000].map(|hours| score_of(8, hours)).into();
        assert!(by_time.is_sorted_by(|a, b| a >= b) && by_time[6] >= TIMELESS_SHARE * 0.9, "{by_time:?}");
    }

    #[test]
    fn texts_in_scripts_without_blanks_are_compared() {
        let titles = [
            "人工知能の研究が進む",
            "大学で人工知能を研究",
            "港の門が月曜日に閉まる",
            "新しい港の門",
            "한국어를 배우다",
            "한국어는 쉽다",
        ];
        let articles = titles.iter().zip(1..).map(|(title, number)| article(number, title, "", Some(0)));
        let feed = TestLibrary::of(articles).feed();
        let similar = index(&feed, None);
        for (one, other) in [(1, 2), (2, 1), (3, 4), (4, 3), (5, 6), (6, 5)] {
            assert_eq!(like(&similar, &feed, one, 9).first(), Some(&other), "{one}");
        }
    }

    #[test]
    fn tiny_libraries() {
        let bare = |number| Article { topics: Vec::new(), ..article(number, "", "", None) };
        assert_eq!(index(&Feed::default(), None).find(&Feed::default(), 0, 9), []);
        for (articles, found) in [
            (vec![article(1, "Harbour gate", "", None)], 0),
            (vec![article(1, "Harbour gate", "closes", None), article(2, "Harbour gate", "closes", None)], 1),
            (vec![article(1, "Harbour gate", "closes", None), bare(2), bare(3)], 0),
            (vec![bare(1), bare(2), bare(3)], 0),
        ] {
            let feed = TestLibrary::of(articles).feed();
            let similar = index(&feed, None);
            assert_eq!(like(&similar, &feed, 1, 9).len(), found);
            assert_eq!(like(&index(&feed, Some(&similar)), &feed, 1, 9).len(), found);
        }
    }

    #[test]
    fn identical_articles_are_ordered_by_the_time_between_them() {
        let same = |number: u64| article(number, "Harbour gate closes today", "for repairs", Some(10 * number as i64));
        let mut library = TestLibrary::of((0..3_000).map(same));
        let feed = library.feed();
        let similar = index(&feed, None);
        assert_eq!(like(&similar, &feed, 1_000, 4), [999, 1_001, 998, 1_002]);
        assert_eq!(like(&similar, &feed, 0, 3), [1, 2, 3]);
        let first = similar.find(&feed, 0, 20)[0];
        assert!(first.score > 0.95 && first.is_near_duplicate, "{first:?}");
        // Of the better ones, nearly all are gone.
        library.locations.retain(|number, _| *number == 0 || *number > 2_995);
        assert_eq!(like(&similar, &library.feed(), 0, 3), [2_996, 2_997, 2_998]);
    }

    #[test]
    fn a_changed_article_is_found_by_its_new_words_at_once() {
        let mut library = TestLibrary::of((0..300).map(|number| story_article(number, 0)));
        let feed = library.feed();
        let before = index(&feed, None);
        assert!(like(&before, &feed, 12, 5).contains(&14));
        let moved = Article { id: id(14), path: "14.md".into(), ..story_article(200, 1) };
        library.put([moved]);
        let feed = library.feed();
        let similar = index(&feed, Some(&before));
        assert_eq!(similar.tokenized(), 1);
        assert!(!like(&similar, &feed, 12, 300).contains(&14), "not by its old words");
        assert!(like(&similar, &feed, 201, 6).contains(&14), "by its new words");
        assert!(like(&similar, &feed, 14, 6).contains(&201));
        // The index of before does not know the new words, and does not return the changed article.
        assert!(!like(&before, &feed, 12, 300).contains(&14));
        // Words that no article had before.
        library.put([article(400, "Zirconium", "", Some(0)), article(401, "Zirconium", "", Some(3))]);
        let feed = library.feed();
        let similar = index(&feed, Some(&similar));
        assert_eq!((similar.tokenized(), like(&similar, &feed, 400, 1)), (2, vec![401]));
    }

    #[test]
    fn a_removed_article_is_not_found() {
        let mut library = TestLibrary::of((0..300).map(|number| story_article(number, 0)));
        let before = index(&library.feed(), None);
        for number in [13, 14, 15] {
            library.locations.remove(&number);
        }
        let feed = library.feed();
        for similar in [&before, &index(&feed, Some(&before))] {
            let found = like(similar, &feed, 12, 1_000);
            assert!(found.contains(&16) && !found.iter().any(|number| (13..16).contains(number)), "{found:?}");
        }
    }

    #[test]
    fn a_reload_costs_what_it_changed() {
        let mut library = TestLibrary::of((0..5_000).map(|number| story_article(number, 0)));
        let mut similar = index(&library.feed(), None);
        assert_eq!(similar.tokenized(), 5_000);
        for (changed, tokenized) in [(0, 0), (1, 1), (7, 7), (0, 0), (400, 400), (200, 5_000), (1, 1)] {
            library.put((0..changed).map(|number| story_article(number * 3, 100 + changed)));
            let feed = library.feed();
            similar = index(&feed, Some(&similar));
            assert_eq!(similar.tokenized(), tokenized, "{changed} changed");
            assert_eq!(feed.reads(), if tokenized == 5_000 { 2 * tokenized } else { tokenized });
        }
    }

    #[test]
    fn after_many_reloads_results_are_nearly_those_of_a_new_index() {
        let dice = &mut Dice(5);
        let mut library = TestLibrary::of((0..1_200).map(|number| story_article(number, 0)));
        let mut similar = index(&library.feed(), None);
        let (mut renewed, mut best, mut same, mut all) = (0, 0, 0, 0);
        for step in 1..=60 {
            for _ in 0..dice.roll(5) {
                let number = dice.roll(1_200);
                match dice.roll(3) {
                    0 => drop(library.locations.remove(&number)),
                    1 => library.put([story_article(number, step)]),
                    _ => library.put([story_article(1_200 + dice.roll(240), step)]),
                }
            }
            let feed = library.feed();
            similar = index(&feed, Some(&similar));
            renewed += usize::from(similar.tokenized() == feed.len());
            assert!(similar.segments.len() < 9, "{}", similar.segments.len());
            let live: usize = similar.segments.iter().map(LiveSegment::live).sum();
            assert_eq!(live, feed.len(), "each article is indexed once");
            if step % 10 == 0 {
                let fresh = index(&feed, None);
                for article_index in (0..feed.len()).step_by(17) {
                    let article_indices = |similar: &SimilarityIndex| -> Vec<usize> {
                        similar.find(&feed, article_index, 10).iter().map(|found| found.article_index).collect()
                    };
                    let (old, new) = (article_indices(&similar), article_indices(&fresh));
                    best += usize::from(old.first() == new.first());
                    same += new.iter().filter(|article_index| old.contains(article_index)).count();
                    all += new.len();
                }
            }
        }
        assert!(renewed < 3, "it was rebuilt {renewed} times");
        let asked = all as f64 / 10.0;
        assert!(same as f64 >= all as f64 * 0.97 && best as f64 >= asked * 0.95, "{same} of {all}, the best of {best}");
    }

    #[test]
    fn stored_texts_give_the_same_index_without_reading_articles() {
        let library = TestLibrary::of((0..1_500).map(|number| story_article(number, 0)));
        let (read, kept) = (library.feed(), library.feed());
        let columns: Vec<Vec<_>> = {
            let mut make = texts_to_keep(&read);
            let (chunks, each) = FoldedTexts::shape(&read);
            (0..chunks).map(|chunk| (0..each).map(|column| make(chunk, column)).collect()).collect()
        };
        let stored = move |chunk: usize, column: usize| {
            columns.get(chunk)?.get(column).map(|(text, ends): &(String, Vec<u32>)| stored_bytes(text.clone(), ends))
        };
        kept.set_folded_text_store(FoldedTextStore::new(stored));
        let (by_reading, by_texts) = (index(&read, None), index(&kept, None));
        assert_eq!(kept.reads(), 0);
        for article_index in (0..1_500).step_by(50) {
            assert_eq!(by_reading.find(&read, article_index, 20), by_texts.find(&kept, article_index, 20));
        }
        // If stored texts are damaged, articles are read instead.
        let damaged = library.feed();
        damaged.set_folded_text_store(FoldedTextStore::new(|_, _| None));
        assert_eq!(index(&damaged, None).find(&damaged, 7, 20), by_reading.find(&read, 7, 20));
    }

    #[test]
    fn a_saved_index_serves_later_feeds() {
        let mut library = TestLibrary::of((0..3_000).map(|number| story_article(number, 0)));
        let feed = library.feed();
        let made = index(&feed, None);
        assert!(made.must_be_saved());
        let saved = SimilarityIndex::of_sections(&made.sections()).expect("an index");
        let opened = index(&feed, Some(&saved));
        assert_eq!((opened.tokenized(), opened.must_be_saved(), opened.bytes()), (0, false, made.bytes()));
        let same = |one: &SimilarityIndex, other: &SimilarityIndex, feed: &Feed| {
            (0..feed.len()).step_by(97).all(|article| one.find(feed, article, 20) == other.find(feed, article, 20))
        };
        assert!(same(&opened, &made, &feed));
        // Few changes are read again at each start; many are worth a new file.
        library.put((0..5).map(|number| story_article(number * 3, 9)));
        library.locations.remove(&700);
        let later = library.feed();
        let updated = index(&later, Some(&saved));
        assert_eq!((updated.tokenized(), updated.must_be_saved()), (5, false));
        assert!(same(&updated, &index(&later, Some(&made)), &later));
        library.put((0..20).map(|number| story_article(number * 3, 10)));
        let updated = index(&library.feed(), Some(&saved));
        assert_eq!((updated.tokenized(), updated.must_be_saved()), (20, true));
        // After it was saved, it goes on with the bytes of the file.
        let again = SimilarityIndex::of_sections(&updated.sections()).expect("an index");
        let kept = updated.with_saved(again).expect("the same index");
        assert!(!kept.must_be_saved() && same(&kept, &updated, &library.feed()));
        assert!(updated.with_saved(saved).is_none(), "another index");
        // A small one is not worth a file.
        let small = TestLibrary::of((0..1_000).map(|number| story_article(number, 0))).feed();
        assert!(!index(&small, None).must_be_saved());
    }

    #[test]
    fn damaged_sections_cause_no_panic() {
        let library = TestLibrary::of((0..200).map(|number| story_article(number, 0)));
        let (feed, dice) = (library.feed(), &mut Dice(11));
        let sections = index(&feed, None).sections();
        assert!(SimilarityIndex::of_sections(&[]).is_none());
        assert!(SimilarityIndex::of_sections(&sections[..sections.len() - 1]).is_none());
        let mut found = 0;
        for _ in 0..400 {
            let mut damaged: Vec<Vec<u8>> = sections.iter().map(|section| section.to_vec()).collect();
            for _ in 0..=dice.roll(20) {
                let section = &mut damaged[dice.roll(sections.len() as u64) as usize];
                let at = dice.roll(section.len().max(1) as u64) as usize;
                match dice.roll(8) {
                    0 => section.truncate(at),
                    1 => section.clear(),
                    _ => section.iter_mut().skip(at).take(1).for_each(|byte| *byte = dice.roll(256) as u8),
                }
            }
            let damaged: Vec<Bytes> = damaged.into_iter().map(Bytes::new).collect();
            let Some(damaged) = SimilarityIndex::of_sections(&damaged) else { continue };
            let updated = index(&feed, Some(&damaged));
            for similar in [&damaged, &updated] {
                found += similar.find(&feed, dice.roll(200) as usize, 20).len();
            }
        }
        assert!(found > 1_000, "{found}");
    }

    #[test]
    fn building_stops_when_stop_returns_true() {
        let mut library = TestLibrary::of((0..3_000).map(|number| story_article(number, 0)));
        let asked = Cell::new(0);
        for patience in [0, 1, 2, 10, 19] {
            asked.set(0);
            let stop = || asked.replace(asked.get() + 1) >= patience;
            assert!(SimilarityIndex::of(&library.feed(), None, &stop).is_none(), "{patience}");
            assert_eq!(asked.get(), patience + 1);
        }
        let before = index(&library.feed(), None);
        library.put([story_article(3, 1)]);
        assert!(SimilarityIndex::of(&library.feed(), Some(&before), &|| true).is_none());
    }

    #[test]
    fn hostile_texts_cost_little() {
        let hostile = [
            ("a ".repeat(100_000), "word ".repeat(100_000)),
            ("x".repeat(500_000), "y".repeat(500_000)),
            ("\u{1b}[31m\u{202e}".repeat(1_000), "\u{0}\u{7f}\u{9b}".repeat(10_000)),
            ("人".repeat(100_000), (0..100_000).map(|n| format!("w{n} ")).collect()),
            ("z\u{301}".repeat(50_000), "\u{301}".repeat(50_000)),
        ];
        let articles =
            hostile.iter().zip(1_000..).map(|((title, excerpt), number)| article(number, title, excerpt, Some(1)));
        let feed = TestLibrary::of(articles.chain((0..60).map(|number| story_article(number, 0)))).feed();
        let similar = index(&feed, None);
        let alone = index(&TestLibrary::of((0..60).map(|number| story_article(number, 0))).feed(), None);
        assert!(similar.bytes() < alone.bytes() + 5 * MAX_WORDS * 20, "{} {}", similar.bytes(), alone.bytes());
        for article_index in 0..feed.len() {
            let found = similar.find(&feed, article_index, 20);
            assert!(found.iter().all(|found| found.score.is_finite() && found.article_index != article_index));
        }
        let found = like(&similar, &feed, 12, 5);
        assert!(found.iter().filter(|number| *number / STORY == 2).count() >= 4, "{found:?}");
    }
}
