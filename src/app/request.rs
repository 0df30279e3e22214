//! What is to be found out by searching: it takes long, so it is asked for as an effect and answered as an event.

use std::collections::BTreeMap;
use std::sync::Arc;

use fixedbitset::FixedBitSet;

use crate::feed::record::{ReadingSum, reading_sum};
use crate::feed::{ArticleId, Feed, Identities, Shown};
use crate::query::{
    Counting, Doubt, Field, Found, Ground, Insights, Judging, Query, Rules, Search, Similar, Similarity, Verdict,
    count_labels,
};

/// So many similar articles are shown beside what the files say.
const MOST_SIMILAR: usize = 10;

/// What is wanted of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The rows of the list.
    Rows,
    /// The topics or the providers of what is found, with counts.
    Labels(Field),
    /// How many each of several queries finds: unread and in all.
    Counts,
    /// Articles that nobody has seen before.
    Arrivals,
    /// Articles that read otherwise than before.
    Changes,
    /// The index by which similar articles are found.
    Index,
    /// Articles that are like one.
    Similar,
    /// What rules say of all articles.
    Rules,
    /// The numbers of what is found.
    Insights,
    /// What marks say of the identities of articles.
    Identities,
}

/// Something to be found out. A later request for the same makes an earlier one pointless.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its number, by which the answer is known.
    pub ticket: u64,
    /// What is wanted.
    pub wanted: Wanted,
    ground: Ground,
    work: Work,
}

/// What there is to do, and what came of it so far.
#[derive(Clone, Debug)]
enum Work {
    /// Searches to be done, the next one last, and those that are.
    Search(Vec<Search>, Vec<Found>),
    /// Every article is looked at, whether it has arrived.
    Look { looked: usize, found: Vec<ArticleId> },
    /// Every article is compared with that of an earlier feed, and with how it read at first where that is known.
    Compare { before: Arc<Feed>, first: Arc<FirstRead>, looked: usize, found: Changes },
    /// An index is made, from another one or from nothing.
    Index { before: Option<Arc<Similar>>, made: Option<Arc<Similar>> },
    /// Rules are asked; then about other marks too, where there are any.
    Rules { rules: Rules, judging: Judging, view: Option<Box<Ground>>, done: Option<Verdict> },
    /// An article is looked up.
    Similar { index: Arc<Similar>, article: ArticleId },
    /// What a query finds is counted.
    Insights(Box<Counting>),
    /// Marks are compared with articles.
    Identities,
}

/// How articles that changed in this session read when they were first seen in it.
pub type FirstRead = BTreeMap<ArticleId, ReadingSum>;

/// What has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Articles that read otherwise than at first, and how they read then.
    pub changed: Vec<(ArticleId, ReadingSum)>,
    /// Articles that read as at first again.
    pub back: Vec<ArticleId>,
}

/// Articles that are looked at in one step for arrivals and changes.
const MANY: usize = 1 << 13;

impl PartialEq for Request {
    fn eq(&self, other: &Request) -> bool {
        self.ticket == other.ticket
    }
}

impl Eq for Request {}

/// What was found out.
#[derive(Clone, Debug)]
pub enum Answer {
    /// What the query finds; so far, when it is not complete.
    Rows {
        /// The articles.
        found: Found,
        /// Articles looked at and to look at, when it takes long.
        progress: Option<(usize, usize)>,
    },
    /// Topics or providers, each with how many are unread and how many there are; largest first.
    Labels(Vec<(Shown, (usize, usize))>),
    /// Unread and all, for each query.
    Counts(Vec<(usize, usize)>),
    /// Articles that nobody has seen before.
    Arrivals(Vec<ArticleId>),
    /// The index by which similar articles are found.
    Index(Arc<Similar>),
    /// How far that index is.
    Indexing {
        /// What is done.
        done: usize,
        /// What there is to do.
        all: usize,
    },
    /// Articles of a feed that are like one of it, the best first.
    Similar(Arc<Feed>, Vec<Similarity>),
    /// Articles of a feed that read otherwise than before.
    Changes(Arc<Feed>, Changes),
    /// What rules say of the marks, and of those by which rows are found.
    Rules(Verdict, Option<Verdict>),
    /// The numbers of what is found.
    Insights(Box<Insights>),
    /// What marks say of the identities in a feed.
    Identities(Arc<Feed>, Box<Identities>),
}

impl Request {
    /// The rows of a query. `within`: what a wider query matched on the same ground.
    pub fn rows(ticket: u64, query: &Query, ground: Ground, within: Option<Arc<FixedBitSet>>) -> Request {
        let work = Work::Search(vec![query.search(ground.clone(), within)], Vec::new());
        Request { ticket, wanted: Wanted::Rows, ground, work }
    }

    /// The labels of what a query finds.
    pub fn labels(ticket: u64, field: Field, query: &Query, ground: Ground) -> Request {
        Request { wanted: Wanted::Labels(field), ..Request::rows(ticket, query, ground, None) }
    }

    /// How many articles each query finds.
    pub fn counts(ticket: u64, queries: &[Query], ground: Ground) -> Request {
        let waiting = queries.iter().rev().map(|query| query.search(ground.clone(), None)).collect();
        Request { ticket, wanted: Wanted::Counts, ground, work: Work::Search(waiting, Vec::new()) }
    }

    /// Articles that nobody has seen before.
    pub fn arrivals(ticket: u64, ground: Ground) -> Request {
        let work = Work::Look { looked: 0, found: Vec::new() };
        Request { ticket, wanted: Wanted::Arrivals, ground, work }
    }

    /// Articles that read otherwise than in the feed before. `first`: those that had changed by then.
    pub fn changes(ticket: u64, before: Arc<Feed>, first: Arc<FirstRead>, ground: Ground) -> Request {
        let work = Work::Compare { before, first, looked: 0, found: Changes::default() };
        Request { ticket, wanted: Wanted::Changes, ground, work }
    }

    /// The index by which similar articles are found. `before`: that of an earlier feed.
    pub fn index(ticket: u64, before: Option<Arc<Similar>>, ground: Ground) -> Request {
        Request { ticket, wanted: Wanted::Index, ground, work: Work::Index { before, made: None } }
    }

    /// Articles that are like one.
    pub fn similar(ticket: u64, index: Arc<Similar>, article: ArticleId, ground: Ground) -> Request {
        Request { ticket, wanted: Wanted::Similar, ground, work: Work::Similar { index, article } }
    }

    /// What rules say. Of an earlier verdict about the same articles, what is not in doubt holds. `view`: the same articles
    /// with other marks.
    pub fn rules(
        ticket: u64,
        rules: &Rules,
        before: Option<&Verdict>,
        doubt: &Doubt,
        ground: Ground,
        view: Option<Ground>,
    ) -> Request {
        let (rules, judging) = (rules.clone(), rules.judge(&ground, before, doubt));
        let work = Work::Rules { rules, judging, view: view.map(Box::new), done: None };
        Request { ticket, wanted: Wanted::Rules, ground, work }
    }

    /// The numbers of what a query finds.
    pub fn insights(ticket: u64, query: &Query, ground: Ground) -> Request {
        let work = Work::Insights(Box::new(query.insights(ground.clone())));
        Request { ticket, wanted: Wanted::Insights, ground, work }
    }

    /// What the marks say of the identities of articles.
    pub fn identities(ticket: u64, ground: Ground) -> Request {
        Request { ticket, wanted: Wanted::Identities, ground, work: Work::Identities }
    }

    /// Articles that have to be looked at.
    pub fn scope(&self) -> usize {
        match &self.work {
            Work::Search(waiting, _) => waiting.iter().map(Search::scope).sum(),
            _ => self.ground.feed.len(),
        }
    }

    /// How often `step` asks whether to stop until the index is made, where that is known: by it one can say how far it is.
    pub fn asks(&self) -> Option<usize> {
        match &self.work {
            Work::Index { before: None, .. } => Some(Similar::asks(self.ground.feed.len())),
            _ => None,
        }
    }

    /// Goes on for a while. False when there is nothing left to do.
    pub fn step(&mut self, stop: &dyn Fn() -> bool) -> bool {
        let Ground { feed, marks, .. } = &self.ground;
        match &mut self.work {
            Work::Search(waiting, done) => {
                let Some(search) = waiting.last_mut() else { return false };
                if !search.step(stop) {
                    done.push(search.found());
                    waiting.pop();
                }
                !waiting.is_empty()
            }
            Work::Look { looked, found } => {
                let to = feed.len().min(*looked + MANY);
                let ids = (*looked..to).filter_map(|place| feed.id(place));
                found.extend(ids.filter(|id| marks.arrived(*id).is_none()));
                *looked = to;
                to < feed.len()
            }
            Work::Compare { before, first, looked, found } => {
                let to = feed.len().min(*looked + MANY);
                for place in *looked..to {
                    compare(feed, place, before, first, found);
                }
                *looked = to;
                to < feed.len()
            }
            Work::Index { before, made } => {
                *made = Similar::of(feed, before.as_deref(), stop).map(Arc::new);
                false
            }
            Work::Rules { rules, judging, view, done } => {
                if judging.step(stop) {
                    return true;
                }
                let Some(view) = view.take() else { return false };
                // Of other marks only those rules think otherwise that look at marks.
                let verdict = judging.clone().verdict();
                *judging = rules.judge(&view, Some(&verdict), &Doubt { marks: true, ..Doubt::default() });
                *done = Some(verdict);
                true
            }
            Work::Similar { .. } | Work::Identities => false,
            Work::Insights(counting) => counting.step(stop),
        }
    }

    /// What is found so far, where that is worth showing.
    pub fn so_far(&self, takes_long: bool) -> Option<Answer> {
        let Work::Search(waiting, _) = &self.work else { return None };
        let search = waiting.last().filter(|_| self.wanted == Wanted::Rows)?;
        let found = search.found();
        let progress = takes_long.then(|| search.progress());
        (takes_long || !found.places.is_empty()).then_some(Answer::Rows { found, progress })
    }

    /// The answer, when all is done.
    pub fn answer(self) -> Answer {
        let Request { wanted, ground: Ground { feed, marks, .. }, work, .. } = self;
        let done = match work {
            Work::Search(_, done) => done,
            Work::Look { found, .. } => return Answer::Arrivals(found),
            Work::Compare { found, .. } => return Answer::Changes(feed, found),
            Work::Rules { judging, done, .. } => {
                let last = judging.verdict();
                return match done {
                    Some(done) => Answer::Rules(done, Some(last)),
                    None => Answer::Rules(last, None),
                };
            }
            Work::Identities => {
                let found = Identities::of(feed.columns(), &marks);
                return Answer::Identities(feed, Box::new(found));
            }
            Work::Insights(counting) => return Answer::Insights(Box::new(counting.done())),
            Work::Index { made, .. } => return Answer::Index(made.unwrap_or_default()),
            Work::Similar { index, article } => {
                let found = feed.place(article).map(|place| index.find(&feed, place, MOST_SIMILAR));
                return Answer::Similar(feed, found.unwrap_or_default());
            }
        };
        let unread = |place: &usize| feed.id(*place).is_some_and(|id| !marks.is_read(id));
        match wanted {
            Wanted::Labels(field) => {
                let places = done.into_iter().next_back().unwrap_or_default().places.into_iter();
                let labels = count_labels(&feed, field, places, |place| !unread(&place));
                Answer::Labels(labels.into_iter().map(|(name, [all, read])| (name, (all - read, all))).collect())
            }
            Wanted::Counts => {
                let count =
                    |found: &Found| (found.places.iter().filter(|place| unread(place)).count(), found.places.len());
                Answer::Counts(done.iter().map(count).collect())
            }
            _ => Answer::Rows { found: done.into_iter().next_back().unwrap_or_default(), progress: None },
        }
    }

    /// Does it all at once.
    pub fn run(mut self) -> Answer {
        while self.step(&|| false) {}
        self.answer()
    }
}

/// Compares the article at a place with how it read at first. Only those whose files say something else than before are read, and
/// those that were away. None when it is as it was.
fn compare(feed: &Feed, place: usize, before: &Feed, first: &FirstRead, found: &mut Changes) -> Option<()> {
    let now = feed.brief(place)?;
    let (was, known) = (before.place(now.id), first.get(&now.id));
    let is_same = match was {
        Some(was) => before.brief(was)?.sum == now.sum,
        None => known.is_none(),
    };
    if is_same {
        return None;
    }
    let article = feed.read(place)?;
    match known {
        Some(first) if reading_sum(&article) == *first => found.back.push(now.id),
        Some(first) => found.changed.push((now.id, *first)),
        None => {
            let was = before.read(was?)?;
            if !article.reads_like(&was) {
                found.changed.push((now.id, reading_sum(&was)));
            }
        }
    }
    Some(())
}
