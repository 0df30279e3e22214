//! Articles that are like another by their content: which words of title, topics and excerpt they share, and how many days lie
//! between them.
//!
//! The index is made of parts that never change. What a reload brings goes into a new part, and what it takes away is passed
//! over; when that is much, or has been, everything is made anew.

use std::cmp::Ordering;
use std::sync::Arc;

use fixedbitset::FixedBitSet;

use super::folded_texts::{CHUNK, Column, stored_column};
use super::near_duplicate::Fingerprint;
use super::similarity_segment::{IndexedArticle, LARGEST, Segment, SegmentBuilder};
use super::text_folding::fold_into;
use super::tf_idf::{DocFrequencies, HEAVIEST, WordCounts};
use crate::feed::{Feed, Field};

/// What is compared.
const FIELDS: [Field; 3] = [Field::Title, Field::Topic, Field::Excerpt];
/// This part of what two articles have in common counts however many days lie between them.
const REST: f32 = 0.1;
/// Of the rest, half counts after so many days.
const HALF: f32 = 10.0;
/// A score that is less is not worth showing.
const LEAST: f32 = 0.05;
/// The same news has at least that much in common.
const SAME: f32 = 0.35;
/// One article in so many may be others than when the index was made.
const RENEWED: usize = 10;
/// So many articles are looked at until one asks whether it is still wanted.
const STRETCH: usize = 256;
/// So many articles more than are asked for are held ready: some may not be there any more.
const SPARE: usize = 256;

/// Similar articles of a library, looked up by their content. It belongs to the feed that it was made of; asked about a later
/// one, it passes over what was changed or removed since.
#[derive(Debug, Default)]
pub struct SimilarityIndex {
    parts: Vec<LiveSegment>,
    counts: Arc<DocFrequencies>,
    /// Articles that came since the words were counted.
    added: usize,
    tokenized: usize,
}

/// A part, and which of its articles were changed or removed since.
#[derive(Clone, Debug)]
struct LiveSegment {
    part: Arc<Segment>,
    gone: FixedBitSet,
}

impl LiveSegment {
    fn new(part: Segment) -> LiveSegment {
        LiveSegment { gone: FixedBitSet::with_capacity(part.len()), part: Arc::new(part) }
    }

    /// How many of its articles are still there.
    fn live(&self) -> usize {
        self.part.len() - self.gone.count_ones(..)
    }
}

/// An article that is like another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SimilarArticle {
    /// Where it stands in the feed.
    pub article_index: usize,
    /// How like it is, from 0 to 1: the same text of the same day.
    pub score: f32,
    /// It is the same news from another provider.
    pub is_near_duplicate: bool,
}

/// An article that may be shown.
#[derive(Clone, Copy)]
struct ScoredArticle {
    score: f32,
    content: f32,
    who: IndexedArticle,
}

impl ScoredArticle {
    /// The best first; of those as good, always in the same order.
    fn order(&self, other: &ScoredArticle) -> Ordering {
        other.score.total_cmp(&self.score).then_with(|| self.who.id.cmp(&other.who.id))
    }
}

impl SimilarityIndex {
    /// The index of a feed. `before`: that of an earlier one; what has not changed since is not looked at again. `stop` is
    /// asked now and then: when it says true, there is none.
    pub fn of(feed: &Feed, before: Option<&SimilarityIndex>, stop: &dyn Fn() -> bool) -> Option<SimilarityIndex> {
        match before.filter(|before| !before.parts.is_empty()) {
            Some(before) => before.renewed(feed, stop),
            None => SimilarityIndex::fresh(feed, stop),
        }
    }

    /// How often one is asked to stop while an index of so many articles is made from nothing.
    pub fn stop_checks(articles: usize) -> usize {
        2 * articles.div_ceil(STRETCH)
    }

    /// How many articles' words were looked at for it: what it cost, counted.
    pub fn tokenized(&self) -> usize {
        self.tokenized
    }

    /// Bytes that it takes, about.
    pub fn bytes(&self) -> usize {
        self.counts.bytes() + self.parts.iter().map(|held| held.part.bytes() + held.part.len() / 8).sum::<usize>()
    }

    fn fresh(feed: &Feed, stop: &dyn Fn() -> bool) -> Option<SimilarityIndex> {
        let (mut source, mut counts) = (WordSource::new(feed, true), DocFrequencies::default());
        for article_index in 0..feed.len() {
            if article_index % STRETCH == 0 && stop() {
                return None;
            }
            counts.add(source.words(article_index));
        }
        counts.finish();
        let mut similar = SimilarityIndex { counts: Arc::new(counts), ..SimilarityIndex::default() };
        similar.add(&mut source, 0..feed.len(), stop)?;
        Some(similar)
    }

    fn renewed(&self, feed: &Feed, stop: &dyn Fn() -> bool) -> Option<SimilarityIndex> {
        let mut parts = self.parts.clone();
        let mut known = FixedBitSet::with_capacity(feed.len());
        for held in &mut parts {
            if stop() {
                return None;
            }
            held.gone.clear();
            // Articles stand in nearly the same order as before.
            let mut next = 0;
            for (number, who) in held.part.articles().iter().enumerate() {
                let article_index = if feed.id(next) == Some(who.id) { Some(next) } else { feed.index_of(who.id) };
                let is_same = |article_index: &usize| {
                    feed.header(*article_index).is_some_and(|header| who.is_unchanged_in(&header))
                };
                match article_index.filter(is_same).filter(|article_index| !known.put(*article_index)) {
                    Some(article_index) => next = article_index + 1,
                    None => held.gone.insert(number),
                }
            }
        }
        let gone: usize = parts.iter().map(|held| held.gone.count_ones(..)).sum();
        let added = self.added + feed.len() - known.count_ones(..);
        if added.max(gone) * RENEWED > feed.len() {
            return SimilarityIndex::fresh(feed, stop);
        }
        let mut similar = SimilarityIndex { parts, counts: self.counts.clone(), added, tokenized: 0 };
        similar.add(&mut WordSource::new(feed, false), known.zeroes(), stop)?;
        similar.merge();
        Some(similar)
    }

    /// Adds the articles at some places.
    fn add(
        &mut self,
        source: &mut WordSource,
        article_indices: impl Iterator<Item = usize>,
        stop: &dyn Fn() -> bool,
    ) -> Option<()> {
        let (mut making, mut weighed) = (SegmentBuilder::default(), Vec::with_capacity(HEAVIEST));
        making.reserve(article_indices.size_hint().1.unwrap_or(0));
        for article_index in article_indices {
            if self.tokenized.is_multiple_of(STRETCH) && stop() {
                return None;
            }
            let Some(header) = source.feed.header(article_index) else { continue };
            self.counts.weigh(source.words(article_index), &mut weighed);
            making.add(IndexedArticle::of(&header), &weighed);
            self.tokenized += 1;
            if making.len() == LARGEST {
                self.parts.push(LiveSegment::new(making.finish()));
            }
        }
        if making.len() > 0 {
            self.parts.push(LiveSegment::new(making.finish()));
        }
        Some(())
    }

    /// Makes one part of the last ones while they are small, so that there are few whatever reloads there were.
    fn merge(&mut self) {
        while let [.., before, last] = self.parts.as_slice()
            && before.live() < 2 * last.live()
            && before.live() + last.live() <= LARGEST
        {
            let mut making = SegmentBuilder::default();
            making.add_part(&before.part, &before.gone);
            making.add_part(&last.part, &last.gone);
            self.parts.truncate(self.parts.len() - 2);
            self.parts.push(LiveSegment::new(making.finish()));
        }
    }

    /// The articles most like the one at a place, the best first, at most `limit`: never itself, never one twice. `feed` may be
    /// a later one than that of the index.
    pub fn find(&self, feed: &Feed, article_index: usize, limit: usize) -> Vec<SimilarArticle> {
        let Some(header) = feed.header(article_index) else { return Vec::new() };
        let (who, mut source, mut weighed) = (IndexedArticle::of(&header), WordSource::new(feed, false), Vec::new());
        self.counts.weigh(source.words(article_index), &mut weighed);
        let (mut found, mut at_most) = (Vec::new(), limit.saturating_mul(2).saturating_add(SPARE));
        loop {
            let candidates = self.candidates(&who, &weighed, at_most);
            let here = |candidate: &ScoredArticle| {
                let article_index = feed.index_of(candidate.who.id)?;
                candidate.who.is_unchanged_in(&feed.header(article_index)?).then_some((article_index, *candidate))
            };
            found.clear();
            found.extend(candidates.iter().filter_map(here).take(limit));
            // When many of them are not there any more, others are looked for.
            if found.len() == limit || candidates.len() < at_most {
                break;
            }
            at_most = at_most.saturating_mul(8);
        }
        let (own_place, mut own) = (article_index, None);
        let mut is_near_duplicate_of = |article_index: usize, candidate: &ScoredArticle| {
            let paper = |article_index| feed.get(article_index).map(|article| Fingerprint::of(&article));
            let (own, other) = (own.get_or_insert_with(|| paper(own_place)), paper(article_index));
            let days = candidate.who.days_to(&who);
            own.as_ref().zip(other).is_some_and(|(own, other)| own.is_near_duplicate_of(&other, days))
        };
        let similarity = |(article_index, candidate): (usize, ScoredArticle)| SimilarArticle {
            article_index,
            score: candidate.score,
            is_near_duplicate: candidate.content >= SAME && is_near_duplicate_of(article_index, &candidate),
        };
        found.into_iter().map(similarity).collect()
    }

    /// The best articles for some words, at most so many, without the one that they are of.
    fn candidates(&self, who: &IndexedArticle, weighed: &[(u32, f32)], at_most: usize) -> Vec<ScoredArticle> {
        let (mut found, mut sums) = (Vec::new(), Vec::new());
        let cut = |found: &mut Vec<ScoredArticle>| {
            if found.len() > at_most {
                found.select_nth_unstable_by(at_most, ScoredArticle::order);
                found.truncate(at_most);
            }
        };
        for held in &self.parts {
            held.part.compare(weighed, &mut sums);
            for (number, (other, content)) in held.part.articles().iter().zip(&sums).enumerate() {
                if *content < LEAST {
                    continue;
                }
                let content = content.min(1.0);
                let score = content * nearness(who, other);
                if score >= LEAST && other.id != who.id && !held.gone.contains(number) {
                    found.push(ScoredArticle { score, content, who: *other });
                }
            }
            cut(&mut found);
        }
        found.sort_unstable_by(ScoredArticle::order);
        found
    }
}

/// What the days between two articles leave of what they have in common: all for one that has no date itself, half when only
/// the other has none.
fn nearness(who: &IndexedArticle, other: &IndexedArticle) -> f32 {
    match who.days_to(other) {
        Some(days) => REST + (1.0 - REST) / (1.0 + days / HALF),
        None if who.has_date() => 0.5,
        None => 1.0,
    }
}

/// Where the words of articles come from: the folded text that is kept, when all of it is wanted and it is there; else the
/// articles one by one.
struct WordSource<'a> {
    feed: &'a Feed,
    whole: bool,
    chunk: Option<(usize, Option<[Column; 3]>)>,
    texts: [String; 3],
    counted: WordCounts,
}

impl<'a> WordSource<'a> {
    fn new(feed: &'a Feed, whole: bool) -> WordSource<'a> {
        WordSource { feed, whole, chunk: None, texts: Default::default(), counted: WordCounts::default() }
    }

    /// The words of the article at a place.
    fn words(&mut self, article_index: usize) -> &WordCounts {
        let number = article_index / CHUNK;
        if self.whole && self.chunk.as_ref().is_none_or(|(known, _)| *known != number) {
            self.chunk = None;
            let [title, topic, excerpt] = FIELDS.map(|field| stored_column(self.feed, number, field));
            self.chunk = Some((number, title.zip(topic).zip(excerpt).map(|((a, b), c)| [a, b, c])));
        }
        if let Some((_, Some(columns))) = &self.chunk {
            let part = |column| Column::get(column, article_index % CHUNK);
            self.counted.count(columns.each_ref().map(part));
            return &self.counted;
        }
        let article = self.feed.read(article_index);
        for (field, text) in FIELDS.into_iter().zip(&mut self.texts) {
            text.clear();
            if let Some(article) = &article {
                field.texts(article, &mut |original| {
                    fold_into(original, text);
                    text.push('\n');
                });
            }
        }
        let [title, topic, excerpt] = &self.texts;
        self.counted.count([title, topic, excerpt]);
        &self.counted
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use chrono::{DateTime, TimeDelta, Utc};

    use super::*;
    use crate::feed::{Article, ArticleId, Bytes, SearchTextStore, columns, columns_builder, record};
    use crate::query::{FoldedTexts, texts_to_keep};

    fn now() -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
    }

    fn id(number: u64) -> ArticleId {
        ArticleId::of_number(number)
    }

    /// An article so many hours old.
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

    /// A library that is read again and again: what was not changed stays where it is.
    #[derive(Default)]
    struct Shelf {
        records: Vec<Bytes>,
        addresses: BTreeMap<u64, u64>,
    }

    impl Shelf {
        fn of(articles: impl IntoIterator<Item = Article>) -> Shelf {
            let mut shelf = Shelf::default();
            shelf.put(articles);
            shelf
        }

        fn put(&mut self, articles: impl IntoIterator<Item = Article>) {
            let mut bytes = Vec::new();
            for article in articles {
                self.addresses.insert(article.id.number(), columns::address(self.records.len(), bytes.len()));
                record::write(&article, 0, &article.path, &mut bytes);
            }
            self.records.push(Bytes::new(bytes));
        }

        fn feed(&self) -> Feed {
            let addresses: Vec<u64> = self.addresses.values().copied().collect();
            let roots = columns_builder::LibraryRoots::new(&[PathBuf::new()], PathBuf::clone);
            Feed::of(columns_builder::build_columns(roots, self.records.clone(), &addresses, now().into()))
        }
    }

    /// Numbers that look random and are the same every time.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % sides
        }
    }

    /// Articles in stories of six: each says some of the ten words of its story, among words that all say.
    const STORY: u64 = 6;

    fn told(number: u64, version: u64) -> Article {
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

    /// The numbers of the articles like one, the best first.
    fn like(similar: &SimilarityIndex, feed: &Feed, number: u64, limit: usize) -> Vec<u64> {
        let article_index = feed.index_of(id(number)).expect("its place");
        let found = similar.find(feed, article_index, limit);
        found.iter().map(|found| feed.id(found.article_index).expect("an article").number()).collect()
    }

    #[test]
    fn it_is_never_the_article_itself_and_none_twice_and_always_the_same() {
        let shelf = Shelf::of((0..300).map(|number| told(number, 0)));
        let feed = shelf.feed();
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
    fn an_article_that_stands_where_it_stood_may_be_another_all_the_same() {
        let feed = |words: &str| {
            Shelf::of([told(1, 0), article(2, words, "", None), article(3, "Harbour gate", "", None)]).feed()
        };
        let (before, after) = (feed("Museum clock"), feed("Harbour gate"));
        assert_eq!(before.header(2).map(|header| header.address), after.header(2).map(|header| header.address));
        let similar = index(&after, Some(&index(&before, None)));
        assert_eq!(like(&similar, &after, 3, 5), [2]);
    }

    #[test]
    fn the_rest_of_a_story_is_found() {
        let feed = Shelf::of((0..600).map(|number| told(number, 0))).feed();
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
        let feed = Shelf::of(dated.into_iter().chain((7..20).map(other))).feed();
        let similar = index(&feed, None);
        assert_eq!(like(&similar, &feed, 1, 9), [3, 2, 4, 5], "a day, ten days, nobody knows, years");
        assert_eq!(like(&similar, &feed, 4, 9), [1, 2, 3, 5], "all alike, for one that has no date");
        let article_index = feed.index_of(id(4)).expect("a place");
        assert!(similar.find(&feed, article_index, 9).iter().all(|found| found.score > 0.99));

        let feed = Shelf::of((0..120).map(|number| Article { published: None, ..told(number, 0) })).feed();
        let found = like(&index(&feed, None), &feed, 33, 5);
        assert_eq!(found.iter().filter(|other| *other / STORY == 33 / STORY).count(), 5, "{found:?}");
    }

    #[test]
    fn texts_without_blanks_are_compared() {
        let titles = [
            "人工知能の研究が進む",
            "大学で人工知能を研究",
            "港の門が月曜日に閉まる",
            "新しい港の門",
            "한국어를 배우다",
            "한국어는 쉽다",
        ];
        let articles = titles.iter().zip(1..).map(|(title, number)| article(number, title, "", Some(0)));
        let feed = Shelf::of(articles).feed();
        let similar = index(&feed, None);
        for (one, other) in [(1, 2), (2, 1), (3, 4), (4, 3), (5, 6), (6, 5)] {
            assert_eq!(like(&similar, &feed, one, 9).first(), Some(&other), "{one}");
        }
    }

    #[test]
    fn folders_with_little_in_them() {
        let bare = |number| Article { topics: Vec::new(), ..article(number, "", "", None) };
        assert_eq!(index(&Feed::default(), None).find(&Feed::default(), 0, 9), []);
        for (articles, found) in [
            (vec![article(1, "Harbour gate", "", None)], 0),
            (vec![article(1, "Harbour gate", "closes", None), article(2, "Harbour gate", "closes", None)], 1),
            (vec![article(1, "Harbour gate", "closes", None), bare(2), bare(3)], 0),
            (vec![bare(1), bare(2), bare(3)], 0),
        ] {
            let feed = Shelf::of(articles).feed();
            let similar = index(&feed, None);
            assert_eq!(like(&similar, &feed, 1, 9).len(), found);
            assert_eq!(like(&index(&feed, Some(&similar)), &feed, 1, 9).len(), found);
        }
    }

    #[test]
    fn articles_that_are_all_the_same_are_found_by_their_days() {
        let same = |number: u64| article(number, "Harbour gate closes today", "for repairs", Some(10 * number as i64));
        let mut shelf = Shelf::of((0..3_000).map(same));
        let feed = shelf.feed();
        let similar = index(&feed, None);
        assert_eq!(like(&similar, &feed, 1_000, 4), [999, 1_001, 998, 1_002]);
        assert_eq!(like(&similar, &feed, 0, 3), [1, 2, 3]);
        let first = similar.find(&feed, 0, 20)[0];
        assert!(first.score > 0.95 && first.is_near_duplicate, "{first:?}");
        // Nearly all that would be better are gone.
        shelf.addresses.retain(|number, _| *number == 0 || *number > 2_995);
        assert_eq!(like(&similar, &shelf.feed(), 0, 3), [2_996, 2_997, 2_998]);
    }

    #[test]
    fn a_changed_article_is_found_by_its_new_words_at_once() {
        let mut shelf = Shelf::of((0..300).map(|number| told(number, 0)));
        let feed = shelf.feed();
        let before = index(&feed, None);
        assert!(like(&before, &feed, 12, 5).contains(&14));
        let moved = Article { id: id(14), path: "14.md".into(), ..told(200, 1) };
        shelf.put([moved]);
        let feed = shelf.feed();
        let similar = index(&feed, Some(&before));
        assert_eq!(similar.tokenized(), 1);
        assert!(!like(&similar, &feed, 12, 300).contains(&14), "not by its old words");
        assert!(like(&similar, &feed, 201, 6).contains(&14), "by its new words");
        assert!(like(&similar, &feed, 14, 6).contains(&201));
        // The index of before knows nothing of it, and says nothing of it.
        assert!(!like(&before, &feed, 12, 300).contains(&14));
        // A word that nobody had said before.
        shelf.put([article(400, "Zirconium", "", Some(0)), article(401, "Zirconium", "", Some(3))]);
        let feed = shelf.feed();
        let similar = index(&feed, Some(&similar));
        assert_eq!((similar.tokenized(), like(&similar, &feed, 400, 1)), (2, vec![401]));
    }

    #[test]
    fn an_article_that_is_gone_is_not_found() {
        let mut shelf = Shelf::of((0..300).map(|number| told(number, 0)));
        let before = index(&shelf.feed(), None);
        for number in [13, 14, 15] {
            shelf.addresses.remove(&number);
        }
        let feed = shelf.feed();
        for similar in [&before, &index(&feed, Some(&before))] {
            let found = like(similar, &feed, 12, 1_000);
            assert!(found.contains(&16) && !found.iter().any(|number| (13..16).contains(number)), "{found:?}");
        }
    }

    #[test]
    fn a_reload_costs_what_it_changed() {
        let mut shelf = Shelf::of((0..5_000).map(|number| told(number, 0)));
        let mut similar = index(&shelf.feed(), None);
        assert_eq!(similar.tokenized(), 5_000);
        for (changed, tokenized) in [(0, 0), (1, 1), (7, 7), (0, 0), (400, 400), (200, 5_000), (1, 1)] {
            shelf.put((0..changed).map(|number| told(number * 3, 100 + changed)));
            let feed = shelf.feed();
            similar = index(&feed, Some(&similar));
            assert_eq!(similar.tokenized(), tokenized, "{changed} changed");
            assert_eq!(feed.reads(), if tokenized == 5_000 { 2 * tokenized } else { tokenized });
        }
    }

    #[test]
    fn after_many_reloads_it_finds_nearly_what_a_new_one_finds() {
        let dice = &mut Dice(5);
        let mut shelf = Shelf::of((0..1_200).map(|number| told(number, 0)));
        let mut similar = index(&shelf.feed(), None);
        let (mut renewed, mut best, mut same, mut all) = (0, 0, 0, 0);
        for step in 1..=60 {
            for _ in 0..dice.roll(5) {
                let number = dice.roll(1_200);
                match dice.roll(3) {
                    0 => drop(shelf.addresses.remove(&number)),
                    1 => shelf.put([told(number, step)]),
                    _ => shelf.put([told(1_200 + dice.roll(240), step)]),
                }
            }
            let feed = shelf.feed();
            similar = index(&feed, Some(&similar));
            renewed += usize::from(similar.tokenized() == feed.len());
            assert!(similar.parts.len() < 9, "{}", similar.parts.len());
            let live: usize = similar.parts.iter().map(LiveSegment::live).sum();
            assert_eq!(live, feed.len(), "each article is there once");
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
        assert!(renewed < 3, "it was made anew {renewed} times");
        let asked = all as f64 / 10.0;
        assert!(same as f64 >= all as f64 * 0.97 && best as f64 >= asked * 0.95, "{same} of {all}, the best of {best}");
    }

    #[test]
    fn kept_texts_are_as_good_as_articles_and_cost_no_reading() {
        let shelf = Shelf::of((0..1_500).map(|number| told(number, 0)));
        let (read, kept) = (shelf.feed(), shelf.feed());
        let columns: Vec<Vec<_>> = {
            let mut make = texts_to_keep(&read, None);
            let (chunks, each) = FoldedTexts::shape(&read);
            (0..chunks).map(|chunk| (0..each).map(|column| make(chunk, column)).collect()).collect()
        };
        kept.set_search_text_store(SearchTextStore::new(move |chunk, column| columns.get(chunk)?.get(column).cloned()));
        let (by_reading, by_texts) = (index(&read, None), index(&kept, None));
        assert_eq!(kept.reads(), 0);
        for article_index in (0..1_500).step_by(50) {
            assert_eq!(by_reading.find(&read, article_index, 20), by_texts.find(&kept, article_index, 20));
        }
        // Texts that are damaged are not missed.
        let damaged = shelf.feed();
        damaged.set_search_text_store(SearchTextStore::new(|_, _| None));
        assert_eq!(index(&damaged, None).find(&damaged, 7, 20), by_reading.find(&read, 7, 20));
    }

    #[test]
    fn it_is_given_up_when_nobody_wants_it_any_more() {
        let mut shelf = Shelf::of((0..3_000).map(|number| told(number, 0)));
        let asked = Cell::new(0);
        for patience in [0, 1, 2, 10, 19] {
            asked.set(0);
            let stop = || asked.replace(asked.get() + 1) >= patience;
            assert!(SimilarityIndex::of(&shelf.feed(), None, &stop).is_none(), "{patience}");
            assert_eq!(asked.get(), patience + 1);
        }
        let before = index(&shelf.feed(), None);
        shelf.put([told(3, 1)]);
        assert!(SimilarityIndex::of(&shelf.feed(), Some(&before), &|| true).is_none());
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
        let feed = Shelf::of(articles.chain((0..60).map(|number| told(number, 0)))).feed();
        let similar = index(&feed, None);
        let alone = index(&Shelf::of((0..60).map(|number| told(number, 0))).feed(), None);
        assert!(similar.bytes() < alone.bytes() + 5 * 20 * 20, "{} {}", similar.bytes(), alone.bytes());
        for article_index in 0..feed.len() {
            let found = similar.find(&feed, article_index, 20);
            assert!(found.iter().all(|found| found.score.is_finite() && found.article_index != article_index));
        }
        let found = like(&similar, &feed, 12, 5);
        assert!(found.iter().filter(|number| *number / STORY == 2).count() >= 4, "{found:?}");
    }
}
