//! What is to be found out by searching: it takes long, so it is asked for as an effect and answered as an event.

use std::collections::HashMap;
use std::sync::Arc;

use fixedbitset::FixedBitSet;

use crate::feed::{ArticleId, Feed, Shown};
use crate::query::{Field, Found, Ground, Query, Search};

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
}

/// Something to be found out. A later request for the same makes an earlier one pointless.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its number, by which the answer is known.
    pub ticket: u64,
    /// What is wanted.
    pub wanted: Wanted,
    ground: Ground,
    /// Searches to be done, the next one last.
    waiting: Vec<Search>,
    done: Vec<Found>,
    /// Articles that were looked at, and those that are wanted.
    looked: usize,
    new: Vec<ArticleId>,
    /// The feed before, for changes.
    before: Arc<Feed>,
}

/// Articles that are looked at in one step for arrivals.
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
    /// Articles of a feed that read otherwise than before.
    Changes(Arc<Feed>, Vec<ArticleId>),
}

impl Request {
    /// The rows of a query. `within`: what a wider query matched on the same ground.
    pub fn rows(ticket: u64, query: &Query, ground: Ground, within: Option<Arc<FixedBitSet>>) -> Request {
        let waiting = vec![query.search(ground.clone(), within)];
        Request {
            ticket,
            wanted: Wanted::Rows,
            ground,
            waiting,
            done: Vec::new(),
            looked: 0,
            new: Vec::new(),
            before: Arc::default(),
        }
    }

    /// The labels of what a query finds.
    pub fn labels(ticket: u64, field: Field, query: &Query, ground: Ground) -> Request {
        Request { wanted: Wanted::Labels(field), ..Request::rows(ticket, query, ground, None) }
    }

    /// How many articles each query finds.
    pub fn counts(ticket: u64, queries: &[Query], ground: Ground) -> Request {
        let waiting = queries.iter().rev().map(|query| query.search(ground.clone(), None)).collect();
        Request {
            ticket,
            wanted: Wanted::Counts,
            ground,
            waiting,
            done: Vec::new(),
            looked: 0,
            new: Vec::new(),
            before: Arc::default(),
        }
    }

    /// Articles that nobody has seen before.
    pub fn arrivals(ticket: u64, ground: Ground) -> Request {
        Request { wanted: Wanted::Arrivals, ..Request::counts(ticket, &[], ground) }
    }

    /// Articles that read otherwise than in the feed before.
    pub fn changes(ticket: u64, before: Arc<Feed>, ground: Ground) -> Request {
        Request { wanted: Wanted::Changes, before, ..Request::counts(ticket, &[], ground) }
    }

    /// Articles that have to be looked at.
    pub fn scope(&self) -> usize {
        self.waiting.iter().map(Search::scope).sum()
    }

    /// Goes on for a while. False when there is nothing left to do.
    pub fn step(&mut self, stop: &dyn Fn() -> bool) -> bool {
        if matches!(self.wanted, Wanted::Arrivals | Wanted::Changes) {
            return self.look_for_news();
        }
        let Some(search) = self.waiting.last_mut() else { return false };
        if !search.step(stop) {
            self.done.push(search.found());
            self.waiting.pop();
        }
        !self.waiting.is_empty()
    }

    fn look_for_news(&mut self) -> bool {
        let Ground { feed, marks, .. } = &self.ground;
        let to = feed.len().min(self.looked + MANY);
        let places = self.looked..to;
        if self.wanted == Wanted::Arrivals {
            let ids = places.filter_map(|place| feed.id(place));
            self.new.extend(ids.filter(|id| marks.arrived(*id).is_none()));
        } else {
            self.new.extend(places.filter_map(|place| changed(feed, place, &self.before)));
        }
        self.looked = to;
        to < feed.len()
    }

    /// What is found so far, where that is worth showing.
    pub fn so_far(&self, takes_long: bool) -> Option<Answer> {
        let search = self.waiting.last().filter(|_| self.wanted == Wanted::Rows)?;
        let found = search.found();
        let progress = takes_long.then(|| search.progress());
        (takes_long || !found.places.is_empty()).then_some(Answer::Rows { found, progress })
    }

    /// The answer, when all is done.
    pub fn answer(self) -> Answer {
        let Request { wanted, ground: Ground { feed, marks, .. }, mut done, new, .. } = self;
        let unread = |place: &usize| feed.id(*place).is_some_and(|id| !marks.is_read(id));
        match wanted {
            Wanted::Rows => Answer::Rows { found: done.pop().unwrap_or_default(), progress: None },
            Wanted::Labels(field) => {
                let places = done.pop().unwrap_or_default().places;
                let new: Vec<usize> = places.iter().copied().filter(unread).collect();
                let new: HashMap<Shown, usize> = labels(&feed, field, &new).into_iter().collect();
                let with_new = |(name, all)| {
                    let unread = new.get(&name).copied().unwrap_or(0);
                    (name, (unread, all))
                };
                Answer::Labels(labels(&feed, field, &places).into_iter().map(with_new).collect())
            }
            Wanted::Counts => {
                let count =
                    |found: &Found| (found.places.iter().filter(|place| unread(place)).count(), found.places.len());
                Answer::Counts(done.iter().map(count).collect())
            }
            Wanted::Arrivals => Answer::Arrivals(new),
            Wanted::Changes => Answer::Changes(feed, new),
        }
    }

    /// Does it all at once.
    pub fn run(mut self) -> Answer {
        while self.step(&|| false) {}
        self.answer()
    }
}

/// The article at a place, when it was there before and reads otherwise now. Only what was read anew is looked at.
fn changed(feed: &Feed, place: usize, before: &Feed) -> Option<ArticleId> {
    let now = feed.brief(place)?;
    let was = before.place(now.id)?;
    if before.brief(was)?.address == now.address {
        return None;
    }
    let reads_alike = feed.read(place)?.reads_like(&before.read(was)?);
    (!reads_alike).then_some(now.id)
}

fn labels(feed: &Feed, field: Field, places: &[usize]) -> Vec<(Shown, usize)> {
    let places = places.iter().copied();
    if field == Field::Provider {
        return feed.count_providers(places);
    }
    let topics = feed.count_topics(places).into_iter();
    topics.map(|(topic, count)| (topic.shown().clone(), count)).collect()
}
