//! Articles that are like another by their content: which words of title, topics and excerpt they share, and how many days lie
//! between them.
//!
//! The index is made of parts that never change. What a reload brings goes into a new part, and what it takes away is passed
//! over; when that is much, or has been, everything is made anew.

use std::cmp::Ordering;
use std::sync::Arc;

use fixedbitset::FixedBitSet;

use super::fold::fold_into;
use super::same_news::Paper;
use super::similar_part::{LARGEST, Making, Part, Who};
use super::term::Field;
use super::texts::{CHUNK, Column, kept_column, originals};
use super::weighing::{Counted, Counts};
use crate::feed::Feed;

/// What is compared.
const FIELDS: [Field; 3] = [Field::Title, Field::Topic, Field::Excerpt];
/// After so many days, what two articles have in common counts half.
const HALF: f32 = 10.0;
/// What is less is not worth showing, unless much is in common and only the days make it so little.
const LEAST: f32 = 0.05;
/// Of what is in common, that much is worth showing whenever it was published.
const MUCH: f32 = 0.25;
/// The same news has at least that much in common.
const SAME: f32 = 0.35;
/// One article in so many may be others than when the index was made.
const RENEWED: usize = 10;
/// So many articles are looked at until one asks whether it is still wanted.
const STRETCH: usize = 256;

/// Similar articles of a library, looked up by their content. It belongs to the feed that it was made of; asked about a later
/// one, it passes over what was changed or removed since.
#[derive(Debug, Default)]
pub struct Similar {
    parts: Vec<Held>,
    counts: Arc<Counts>,
    /// Articles that came since the words were counted.
    added: usize,
    tokenized: usize,
}

/// A part, and which of its articles were changed or removed since.
#[derive(Clone, Debug)]
struct Held {
    part: Arc<Part>,
    gone: FixedBitSet,
}

impl Held {
    fn new(part: Part) -> Held {
        Held { gone: FixedBitSet::with_capacity(part.len()), part: Arc::new(part) }
    }

    /// How many of its articles are still there.
    fn live(&self) -> usize {
        self.part.len() - self.gone.count_ones(..)
    }
}

/// An article that is like another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Similarity {
    /// Where it stands in the feed.
    pub place: usize,
    /// How like it is, from 0 to 1: the same text of the same day.
    pub score: f32,
    /// It is the same news from another provider.
    pub same_news: bool,
}

/// An article that may be shown.
#[derive(Clone, Copy)]
struct Candidate {
    score: f32,
    content: f32,
    who: Who,
}

impl Candidate {
    /// The best first; of those as good, always in the same order.
    fn order(&self, other: &Candidate) -> Ordering {
        other.score.total_cmp(&self.score).then_with(|| self.who.id.cmp(&other.who.id))
    }
}

impl Similar {
    /// The index of a feed. `before`: that of an earlier one; what has not changed since is not looked at again. `stop` is
    /// asked now and then: when it says true, there is none.
    pub fn of(feed: &Feed, before: Option<&Similar>, stop: &dyn Fn() -> bool) -> Option<Similar> {
        match before.filter(|before| !before.parts.is_empty()) {
            Some(before) => before.renewed(feed, stop),
            None => Similar::fresh(feed, stop),
        }
    }

    /// How many articles' words were looked at for it: what it cost, counted.
    pub fn tokenized(&self) -> usize {
        self.tokenized
    }

    /// Bytes that it takes, about.
    pub fn bytes(&self) -> usize {
        self.counts.bytes() + self.parts.iter().map(|held| held.part.bytes() + held.part.len() / 8).sum::<usize>()
    }

    fn fresh(feed: &Feed, stop: &dyn Fn() -> bool) -> Option<Similar> {
        let (mut source, mut counts) = (Source::new(feed, true), Counts::default());
        for place in 0..feed.len() {
            if place % STRETCH == 0 && stop() {
                return None;
            }
            counts.add(source.words(place));
        }
        counts.finish();
        let mut similar = Similar { counts: Arc::new(counts), ..Similar::default() };
        similar.add(&mut source, 0..feed.len(), stop)?;
        Some(similar)
    }

    fn renewed(&self, feed: &Feed, stop: &dyn Fn() -> bool) -> Option<Similar> {
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
                let place = if feed.id(next) == Some(who.id) { Some(next) } else { feed.place(who.id) };
                let is_same = |place: &usize| feed.brief(*place).is_some_and(|brief| who.is_as_in(&brief));
                match place.filter(is_same).filter(|place| !known.put(*place)) {
                    Some(place) => next = place + 1,
                    None => held.gone.insert(number),
                }
            }
        }
        let gone: usize = parts.iter().map(|held| held.gone.count_ones(..)).sum();
        let added = self.added + feed.len() - known.count_ones(..);
        if (added + gone) * RENEWED > feed.len() {
            return Similar::fresh(feed, stop);
        }
        let mut similar = Similar { parts, counts: self.counts.clone(), added, tokenized: 0 };
        similar.add(&mut Source::new(feed, false), known.zeroes(), stop)?;
        similar.merge();
        Some(similar)
    }

    /// Adds the articles at some places.
    fn add(&mut self, source: &mut Source, places: impl Iterator<Item = usize>, stop: &dyn Fn() -> bool) -> Option<()> {
        let (mut making, mut weighed) = (Making::default(), Vec::new());
        for place in places {
            if self.tokenized.is_multiple_of(STRETCH) && stop() {
                return None;
            }
            let Some(brief) = source.feed.brief(place) else { continue };
            self.counts.weigh(source.words(place), &mut weighed);
            making.add(Who::of(&brief), &weighed);
            self.tokenized += 1;
            if making.len() == LARGEST {
                self.parts.push(Held::new(making.finish()));
            }
        }
        if making.len() > 0 {
            self.parts.push(Held::new(making.finish()));
        }
        Some(())
    }

    /// Makes one part of the last ones while they are small, so that there are few whatever reloads there were.
    fn merge(&mut self) {
        while let [.., before, last] = self.parts.as_slice()
            && before.live() < 2 * last.live()
            && before.live() + last.live() <= LARGEST
        {
            let mut making = Making::default();
            making.add_part(&before.part, &before.gone);
            making.add_part(&last.part, &last.gone);
            self.parts.truncate(self.parts.len() - 2);
            self.parts.push(Held::new(making.finish()));
        }
    }

    /// The articles most like the one at a place, the best first, at most `limit`: never itself, never one twice. `feed` may be
    /// a later one than that of the index.
    pub fn find(&self, feed: &Feed, place: usize, limit: usize) -> Vec<Similarity> {
        let Some(brief) = feed.brief(place) else { return Vec::new() };
        let (who, mut source, mut weighed) = (Who::of(&brief), Source::new(feed, false), Vec::new());
        self.counts.weigh(source.words(place), &mut weighed);
        let (mut found, mut at_most) = (Vec::new(), limit.saturating_mul(2).saturating_add(STRETCH));
        loop {
            let candidates = self.candidates(&who, &weighed, at_most);
            let here = |candidate: &Candidate| {
                let place = feed.place(candidate.who.id)?;
                candidate.who.is_as_in(&feed.brief(place)?).then_some((place, *candidate))
            };
            found.clear();
            found.extend(candidates.iter().filter_map(here).take(limit));
            // When many of them are not there any more, others are looked for.
            if found.len() == limit || candidates.len() < at_most {
                break;
            }
            at_most = at_most.saturating_mul(8);
        }
        let (own_place, mut own) = (place, None);
        let mut is_same_news = |place: usize, candidate: &Candidate| {
            let paper = |place| feed.get(place).map(|article| Paper::of(&article));
            let (own, other) = (own.get_or_insert_with(|| paper(own_place)), paper(place));
            let days = candidate.who.days_to(&who);
            own.as_ref().zip(other).is_some_and(|(own, other)| own.is_same_news(&other, days))
        };
        let similarity = |(place, candidate): (usize, Candidate)| Similarity {
            place,
            score: candidate.score,
            same_news: candidate.content >= SAME && is_same_news(place, &candidate),
        };
        found.into_iter().map(similarity).collect()
    }

    /// The best articles for some words, at most so many, without the one that they are of.
    fn candidates(&self, who: &Who, weighed: &[(u32, f32)], at_most: usize) -> Vec<Candidate> {
        let (mut found, mut sums) = (Vec::new(), Vec::new());
        let cut = |found: &mut Vec<Candidate>| {
            if found.len() > at_most {
                found.select_nth_unstable_by(at_most, Candidate::order);
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
                let is_worth_it = score >= LEAST || content >= MUCH;
                if is_worth_it && other.id != who.id && !held.gone.contains(number) {
                    found.push(Candidate { score, content, who: *other });
                }
            }
            cut(&mut found);
        }
        found.sort_unstable_by(Candidate::order);
        found
    }
}

/// What the days between two articles leave of what they have in common: all for one without a date, of which nobody can tell;
/// half when only the other has none.
fn nearness(who: &Who, other: &Who) -> f32 {
    match who.days_to(other) {
        Some(days) => 1.0 / (1.0 + days / HALF),
        None if who.has_date() => 0.5,
        None => 1.0,
    }
}

/// Where the words of articles come from: the folded text that is kept, when all of it is wanted and it is there; else the
/// articles one by one.
struct Source<'a> {
    feed: &'a Feed,
    whole: bool,
    chunk: Option<(usize, Option<[Column; 3]>)>,
    texts: [String; 3],
    counted: Counted,
}

impl<'a> Source<'a> {
    fn new(feed: &'a Feed, whole: bool) -> Source<'a> {
        Source { feed, whole, chunk: None, texts: Default::default(), counted: Counted::default() }
    }

    /// The words of the article at a place.
    fn words(&mut self, place: usize) -> &Counted {
        let number = place / CHUNK;
        if self.whole && self.chunk.as_ref().is_none_or(|(known, _)| *known != number) {
            self.chunk = None;
            let [title, topic, excerpt] = FIELDS.map(|field| kept_column(self.feed, number, field));
            self.chunk = Some((number, title.zip(topic).zip(excerpt).map(|((a, b), c)| [a, b, c])));
        }
        if let Some((_, Some(columns))) = &self.chunk {
            let part = |column| Column::get(column, place % CHUNK);
            self.counted.count(columns.each_ref().map(part));
            return &self.counted;
        }
        let article = self.feed.read(place);
        for (field, text) in FIELDS.into_iter().zip(&mut self.texts) {
            text.clear();
            if let Some(article) = &article {
                originals(field, article, &mut |original| {
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
