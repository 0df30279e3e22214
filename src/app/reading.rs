//! What is read: the feed, what the reader did with it, the query that narrows it now, and the search for its rows.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use fixedbitset::FixedBitSet;

use super::effect::{Effect, Effects};
use super::request::{Changes, Request};
use super::rows::Rows;
use super::rules::Ruling;
use crate::dates::{Now, Zone};
use crate::feed::{ArticleId, Change, Clock, Device, Feed, Mark, Marks, Problem, Stamp};
use crate::query::{Found, Ground, Query, QueryError, Rules, Saved};

/// Searches of which it is remembered what they matched: those that one comes back to while typing.
const REMEMBERED: usize = 16;

/// The articles, and which of them are in view.
#[derive(Debug)]
pub struct Reading {
    /// All articles, their texts, the marks and the present time.
    pub ground: Ground,
    /// Counts the feeds that were taken in: what was made from one holds for no other.
    pub generation: u64,
    /// What is wrong with files: first with the reader's own.
    pub problems: Vec<Problem>,
    /// How many of them are of the settings and the saved searches.
    own_problems: usize,
    /// The marks by which the rows were found. They stay as they were, so that nothing vanishes under the cursor.
    pub view: Arc<Marks>,
    /// The marks on the disk are known.
    pub has_marks: bool,
    /// What is wrong with the files of the marks.
    mark_problems: Vec<Problem>,
    clock: Clock,
    /// The present time, to the moment, for what is done now.
    pub wall: DateTime<Utc>,
    /// The places of what was read: looked up for every row.
    read: FixedBitSet,
    /// The places of the rows.
    rows: FixedBitSet,
    /// How many of the rows are unread.
    unread: usize,
    /// How many were when the last session ended; until marks are known.
    unread_before: Option<usize>,
    /// What was marked before the marks on the disk were known.
    early: Vec<Change>,
    /// What narrows and orders the list.
    pub query: Query,
    /// Saved searches.
    pub saved: Saved,
    /// Articles looked at and to look at, while a search takes long.
    pub progress: Option<(usize, usize)>,
    tickets: u64,
    /// The search for the rows that is not answered yet.
    awaited: Option<Awaited>,
    /// The rules, and what they say.
    pub ruling: Ruling,
    /// Rows are searched for when it is known what rules say: the article selected then, and whether the query is another one.
    pub later: Option<(Option<ArticleId>, bool)>,
    /// The last complete searches and what they matched, as long as nothing has changed that they looked at.
    known: Vec<(Query, Arc<FixedBitSet>)>,
}

/// A search for rows under way.
#[derive(Clone, Debug)]
pub struct Awaited {
    ticket: u64,
    query: Query,
    /// What is searched, as it was then.
    ground: Ground,
    /// The article that was selected when it began.
    pub anchor: Option<ArticleId>,
    /// The query is another one, not the articles.
    pub anew: bool,
}

impl Reading {
    /// No articles yet.
    pub fn new(query: Query, saved: Saved, rules: Rules, now: Now, device: Device) -> Reading {
        // Arrivals are kept in whole seconds.
        let since = DateTime::from_timestamp(now.at.timestamp(), 0);
        let ground = Ground { since, ..Ground::new(Arc::default(), Arc::default(), now) };
        let (problems, generation, tickets) = (Vec::new(), 0, 0);
        Reading {
            ground,
            generation,
            problems,
            own_problems: 0,
            view: Arc::default(),
            has_marks: false,
            mark_problems: Vec::new(),
            clock: Clock::new(device),
            wall: now.at,
            read: FixedBitSet::new(),
            rows: FixedBitSet::new(),
            unread: 0,
            unread_before: None,
            early: Vec::new(),
            query,
            saved,
            progress: None,
            tickets,
            awaited: None,
            ruling: Ruling::new(rules),
            later: None,
            known: Vec::new(),
        }
    }

    /// Takes in a feed in place of the one before.
    pub fn take(&mut self, feed: Arc<Feed>, problems: Vec<Problem>) {
        self.generation += 1;
        // What is on its way belongs to the articles that were there before.
        self.stop_searching();
        self.known.clear();
        let Ground { marks, now, since, changed, .. } = self.ground.clone();
        self.ground = Ground { since, changed, ..Ground::new(feed, marks, now) };
        self.find_read();
        self.problems.truncate(self.own_problems);
        self.problems.extend(problems);
        self.problems.extend(self.mark_problems.iter().cloned());
    }

    /// Takes in what is wrong with the settings now.
    pub fn take_own_problems(&mut self, problems: Vec<Problem>) {
        let (before, now) = (self.own_problems, problems.len());
        self.problems.splice(..before, problems);
        self.own_problems = now;
    }

    /// Begins with the marks that were seen when the last session ended, until those on the disk are known. Rows are found
    /// without them, but for what is hidden: they are not all.
    pub fn begin_with(&mut self, marks: &[(ArticleId, Mark)], unread: usize) {
        let (seen, view) = (Arc::make_mut(&mut self.ground.marks), Arc::make_mut(&mut self.view));
        for (id, mark) in marks {
            let change = Change { stamp: Stamp::NEVER, mark: mark.clone(), articles: vec![*id] };
            seen.take(&change);
            if matches!(mark, Mark::Hidden(_)) {
                view.take(&change);
            }
        }
        self.unread_before = Some(unread);
    }

    /// True while the marks are those that were seen when the last session ended.
    pub fn begins_as_seen(&self) -> bool {
        self.unread_before.is_some()
    }

    /// How many of the rows are unread.
    pub fn unread(&self) -> usize {
        self.unread_before.unwrap_or(self.unread)
    }

    /// Finds the places of what was read.
    fn find_read(&mut self) {
        let Ground { feed, marks, .. } = &self.ground;
        self.read = FixedBitSet::with_capacity(feed.len());
        // Looking an article up costs as much as looking at the marks of many.
        if marks.read_count() * 8 < feed.len() {
            self.read.extend(marks.read().filter_map(|id| feed.place(id)));
        } else {
            let is_read = |place: &usize| feed.id(*place).is_some_and(|id| marks.is_read(id));
            self.read.extend((0..feed.len()).filter(is_read));
        }
    }

    /// The number of the next request.
    pub fn ticket(&mut self) -> u64 {
        self.tickets += 1;
        self.tickets
    }

    /// Asks for the rows of the query. What a wider query matched is not looked at again.
    pub fn search(&mut self, anchor: Option<ArticleId>, anew: bool) -> Effects {
        self.later = None;
        let ticket = self.ticket();
        let wider = self.known.iter().filter(|(wider, _)| self.query.narrows(wider)).map(|(_, matched)| matched);
        let within = wider.min_by_key(|matched| matched.count_ones(..)).cloned();
        let ground = self.view_ground();
        self.awaited = Some(Awaited { ticket, query: self.query.clone(), ground: ground.clone(), anchor, anew });
        Effect::Search(Box::new(Request::rows(ticket, &self.query, ground, within))).into()
    }

    /// True while rows are awaited.
    pub fn is_searching(&self) -> bool {
        self.awaited.is_some() || self.later.is_some()
    }

    /// True while rows of another query than before are awaited.
    pub fn is_searching_anew(&self) -> bool {
        self.awaited.as_ref().is_some_and(|awaited| awaited.anew) || self.later.is_some_and(|(_, anew)| anew)
    }

    /// Wants no rows any more.
    pub fn stop_searching(&mut self) {
        (self.awaited, self.later, self.progress) = (None, None, None);
    }

    /// Takes in rows. None when they are the answer to an earlier question.
    pub fn found(&mut self, ticket: u64, found: &Found, progress: Option<(usize, usize)>) -> Option<Awaited> {
        let awaited = self.awaited.clone().filter(|awaited| awaited.ticket == ticket)?;
        self.progress = progress;
        if found.complete {
            self.stop_searching();
        }
        // What was found by other marks or at another time tells nothing of a narrower query now.
        let same = Arc::ptr_eq(&awaited.ground.marks, &self.view) && awaited.ground.now == self.ground.now;
        if found.complete && same {
            self.known.retain(|(query, _)| *query != awaited.query);
            self.known.push((awaited.query.clone(), found.matched.clone()));
            if self.known.len() > REMEMBERED {
                self.known.remove(0);
            }
        }
        Some(awaited)
    }

    /// Reads a query; `saved:` is known.
    pub fn parse(&self, text: &str) -> Result<Query, QueryError> {
        Query::parse_with(text, &self.saved)
    }

    /// Time goes on: what was found by it does not hold any more.
    pub fn tick(&mut self, now: DateTime<Utc>) {
        (self.ground.now.at, self.wall) = (now, now);
        self.known.clear();
    }

    /// Takes another zone for that of the reader. True if it was another one.
    pub fn take_zone(&mut self, zone: Zone) -> bool {
        let is_other = std::mem::replace(&mut self.ground.now.zone, zone) != zone;
        if is_other {
            self.known.clear();
        }
        is_other
    }

    /// Sets a mark on articles, now. The rows stay what they are.
    pub fn mark(&mut self, mark: Mark, articles: Vec<ArticleId>) -> Change {
        let change = Change { stamp: self.clock.tick(self.wall), mark, articles };
        Arc::make_mut(&mut self.ground.marks).take(&change);
        if matches!(change.mark, Mark::Read(_)) {
            change.articles.iter().for_each(|id| self.note_read(*id));
        }
        if !self.has_marks {
            self.early.push(change.clone());
        }
        change
    }

    /// Articles have the marks of others, which they were before. Returns the changes.
    pub fn follow(&mut self, moved: &[(ArticleId, ArticleId)], copied: &[(ArticleId, ArticleId)]) -> Vec<Change> {
        if moved.is_empty() && copied.is_empty() {
            return Vec::new();
        }
        let changes = Arc::make_mut(&mut self.ground.marks).follow(moved, copied);
        for change in &changes {
            // They are in the rows by what they were before.
            self.show_in_view(change);
            change.articles.iter().for_each(|id| self.note_read(*id));
        }
        changes
    }

    /// What is wrong with article files.
    pub fn file_problems(&self) -> Vec<Problem> {
        let own = self.problems.iter().skip(self.own_problems);
        own.filter(|problem| !self.mark_problems.contains(problem)).cloned().collect()
    }

    /// Takes note of whether an article is read now.
    fn note_read(&mut self, id: ArticleId) {
        let Some(place) = self.ground.feed.place(id) else { return };
        let (was, is) = (self.read.put(place), self.ground.marks.is_read(id));
        self.read.set(place, is);
        if self.rows.contains(place) {
            let counts = std::iter::once(&mut self.unread).chain(&mut self.unread_before);
            counts.for_each(|unread| *unread = (*unread + usize::from(was)).saturating_sub(usize::from(is)));
        }
    }

    /// The same for several.
    pub fn note_all_read(&mut self, articles: &[ArticleId]) {
        // Those of the last session were counted with what rules said then.
        if self.unread_before.is_some() || articles.len() * 8 > self.ground.feed.len() {
            self.find_read();
            self.count_unread();
        } else {
            articles.iter().for_each(|id| self.note_read(*id));
        }
    }

    /// Those articles changed in this session; others read as at first again.
    pub fn note_changed(&mut self, changes: &Changes) {
        let changed = Arc::make_mut(&mut self.ground.changed);
        changed.extend(changes.changed.iter().map(|(id, _)| *id));
        changed.retain(|id| !changes.back.contains(id));
        self.known.clear();
    }

    /// Counts the unread among other rows.
    pub fn recount(&mut self, rows: &Rows) {
        self.rows = rows.set();
        self.count_unread();
    }

    /// Counts the unread anew.
    fn count_unread(&mut self) {
        self.unread = self.rows.difference_count(&self.read);
    }

    /// Takes in marks of another time or place, and what is wrong with their files. If they are the first, returns the changes
    /// made earlier in this session that got new stamps, each with its old one.
    pub fn merge(&mut self, marks: &Marks, problems: Vec<Problem>) -> Option<Vec<(Stamp, Change)>> {
        self.clock.saw(marks.latest());
        let first = !std::mem::replace(&mut self.has_marks, true);
        let mut again = Vec::new();
        if first {
            // What the session began with was not all, and may be out of date.
            let mut known = marks.ruled_by(self.ground.marks.ruled().cloned());
            for change in std::mem::take(&mut self.early) {
                // If another device's clock is ahead, its older marks have later stamps than ours.
                let is_latest = again.is_empty() && change.stamp > marks.latest();
                let stamp = if is_latest { change.stamp } else { self.clock.tick(self.wall) };
                let (before, change) = (change.stamp, Change { stamp, ..change });
                known.take(&change);
                if before != stamp {
                    again.push((before, change));
                }
            }
            (self.ground.marks, self.unread_before) = (Arc::new(known), None);
            self.find_read();
            self.count_unread();
        } else {
            Arc::make_mut(&mut self.ground.marks).merge(marks);
            marks.articles().into_iter().for_each(|id| self.note_read(id));
        }
        self.problems.extend(problems.iter().cloned());
        self.mark_problems.extend(problems);
        first.then_some(again)
    }

    /// True when rows would be found by other marks than those that are shown.
    pub fn is_stale(&self) -> bool {
        !Arc::ptr_eq(&self.view, &self.ground.marks)
    }

    /// From now on rows are found by the marks as they are now: what was found by others does not hold any more.
    pub fn look_again(&mut self) {
        self.ruling.look_again();
        if self.is_stale() {
            self.view_by(self.ground.marks.clone());
        }
    }

    /// From now on rows are found by earlier marks again. `ruled`: as rules were then, else as they are now.
    pub fn look_by(&mut self, view: Arc<Marks>, ruled: bool) {
        match ruled || Arc::ptr_eq(&self.view, &view) {
            true => self.view_by(view),
            false => self.view_by(Arc::new(view.ruled_by(self.view.ruled().cloned()))),
        }
    }

    /// From now on rows are found by these marks.
    pub fn view_by(&mut self, view: Arc<Marks>) {
        if !Arc::ptr_eq(&self.view, &view) {
            self.view = view;
            self.known.clear();
        }
    }

    /// Has an article found among the unread, until the view is left.
    pub fn show_as_unread(&mut self, id: ArticleId) {
        let change = Change { stamp: self.clock.tick(self.wall), mark: Mark::Read(None), articles: vec![id] };
        self.show_in_view(&change);
    }

    /// Has rows found by a change that the view has not seen.
    pub fn show_in_view(&mut self, change: &Change) {
        Arc::make_mut(&mut self.view).take(change);
        self.known.clear();
    }

    /// What the rows are searched in: the articles, with the marks as they were when the view was opened.
    pub fn view_ground(&self) -> Ground {
        Ground { marks: self.view.clone(), ..self.ground.clone() }
    }

    /// The article at a place.
    pub fn id_at(&self, place: usize) -> Option<ArticleId> {
        self.ground.feed.id(place)
    }

    /// Whether the article at a place is found by the query, in a row of its own or not.
    pub fn is_in_view(&self, place: usize) -> bool {
        self.rows.contains(place)
    }

    /// Whether the article at a place is still to be read.
    pub fn is_unread(&self, place: usize) -> bool {
        place < self.ground.feed.len() && !self.read.contains(place)
    }
}
