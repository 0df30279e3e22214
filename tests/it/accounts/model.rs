//! A service, a device and a telephone in memory. They change marks at any time, also while the device syncs, and a sync may be cut
//! between any two steps.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::rc::Rc;

use chrono::{DateTime, TimeDelta, Utc};
use frontpage::account::{
    AddedArticle, Field, LabelNames, Labels, Library, Listing, MarkBatch, Marked, Service, ServiceFeed, ServiceId,
    ServiceItems, Shadow, ShadowItem, google_reader, merge, send,
};
use frontpage::feed::{ArticleId, Change, DeviceId, HybridClock, Mark, Marks, Stamp, Tag, UntrustedText, tags};
use serde_json::json;

use crate::harness::random::Random;

/// A sync that breaks one of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twin {
    /// It breaks none.
    None,
    /// Marks of the service look like those of the user.
    StampsOfTheDevice,
    /// Marks of the service are later than those that the user makes meanwhile.
    StampsOfTheEnd,
    /// What the service removed counts as read.
    RemovedIsRead,
    /// It is not written down that a mark was acknowledged.
    NothingIsAcknowledged,
    /// Marks that were refused count as acknowledged.
    RefusedIsAcknowledged,
    /// The state is written before the marks that follow from it.
    StateBeforeMarks,
    /// It is not written down which articles are being written.
    ArticlesUnannounced,
    /// A change of an article that the service has twice is not sent to the other one.
    RepeatedApart,
    /// A mark that the service refuses ends the sync.
    RefusalEndsTheSync,
    /// It is not written down that the service refuses a mark.
    RefusalIsForgotten,
}

impl Twin {
    pub const BROKEN: [Twin; 10] = [
        Twin::StampsOfTheDevice,
        Twin::StampsOfTheEnd,
        Twin::RemovedIsRead,
        Twin::NothingIsAcknowledged,
        Twin::RefusedIsAcknowledged,
        Twin::StateBeforeMarks,
        Twin::ArticlesUnannounced,
        Twin::RepeatedApart,
        Twin::RefusalEndsTheSync,
        Twin::RefusalIsForgotten,
    ];
}

const USER: DeviceId = DeviceId(0x9000_0000);
const ACCOUNT: DeviceId = DeviceId(0x2a);

/// A mark of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Part {
    Read,
    Starred,
    /// A label, which the service spells in another way.
    Late,
    Other,
}

impl Part {
    const ALL: [Part; 4] = [Part::Read, Part::Starred, Part::Late, Part::Other];

    fn of(field: &Field) -> Part {
        match field {
            Field::Read => Part::Read,
            Field::Starred => Part::Starred,
            Field::Label(tag) if tag.key() == "late" => Part::Late,
            Field::Label(_) => Part::Other,
        }
    }

    fn field(self) -> Field {
        match self {
            Part::Read => Field::Read,
            Part::Starred => Field::Starred,
            Part::Late => Field::Label(tag("late")),
            Part::Other => Field::Label(tag("other")),
        }
    }
}

fn tag(name: &str) -> Tag {
    Tag::parse(name).expect("a name")
}

type Key = (i64, Part);

#[derive(Clone, Debug)]
struct ServerItem {
    feed: i64,
    is_read: bool,
    is_starred: bool,
    labels: [bool; 2],
}

impl ServerItem {
    fn value(&self, part: Part) -> bool {
        match part {
            Part::Read => self.is_read,
            Part::Starred => self.is_starred,
            Part::Late => self.labels[0],
            Part::Other => self.labels[1],
        }
    }

    fn set(&mut self, part: Part, is_on: bool) {
        match part {
            Part::Read => self.is_read = is_on,
            Part::Starred => self.is_starred = is_on,
            Part::Late => self.labels[0] = is_on,
            Part::Other => self.labels[1] = is_on,
        }
    }
}

struct State {
    random: Random,
    twin: Twin,
    now: DateTime<Utc>,
    // The service.
    items: BTreeMap<i64, ServerItem>,
    followed: BTreeSet<i64>,
    /// Feeds that were not followed for a while: their articles came and went.
    left: BTreeSet<i64>,
    newest: i64,
    /// Articles that the service has under another number, too: the first number of each.
    first_of: BTreeMap<i64, i64>,
    /// Marks that the service refuses to set.
    bad: BTreeSet<Key>,
    // The disk of the device.
    journal: Marks,
    /// The marks as the sync read them last.
    read: Marks,
    saved: BTreeMap<ServiceId, ShadowItem>,
    labels: Option<Labels>,
    adding: Vec<ServiceId>,
    articles: HashSet<i64>,
    clock: HybridClock,
    /// Steps until the sync is cut.
    steps_left: Option<usize>,
    is_syncing: bool,
    // What must be.
    expected: BTreeMap<Key, bool>,
    /// Marks of articles with several numbers: the telephone may have set one of them after another.
    unclear: HashSet<Key>,
    /// Marks of the user that no service has acknowledged.
    unsent: HashSet<Key>,
    /// Marks of articles that the service removed when both sides were equal.
    kept: BTreeMap<Key, bool>,
    history: Vec<String>,
    counts: BTreeMap<&'static str, usize>,
}

fn id_of(number: i64) -> ServiceId {
    ServiceId::parse(&number.to_string()).expect("an id")
}

fn number(id: &ServiceId) -> i64 {
    id.number().expect("a number")
}

fn mark(field: Field, is_on: bool, now: DateTime<Utc>) -> Mark {
    match field {
        Field::Read => Mark::Read(is_on.then_some(now)),
        Field::Starred => Mark::Starred(is_on),
        Field::Label(tag) => Mark::Tagged(tag, is_on),
    }
}

impl State {
    fn note(&mut self, what: &'static str, text: String) {
        *self.counts.entry(what).or_default() += 1;
        let during = if self.is_syncing { "  " } else { "" };
        self.history.push(format!("{during}{what} {text}"));
    }

    /// The first number of an article.
    fn first(&self, number: i64) -> i64 {
        self.first_of.get(&number).copied().unwrap_or(number)
    }

    fn article(&self, number: i64) -> ArticleId {
        format!("{:016x}", self.first(number)).parse().expect("an id")
    }

    /// All numbers of an article.
    fn numbers(&self, number: i64) -> Vec<i64> {
        let first = self.first(number);
        self.items.keys().chain(&self.articles).copied().filter(|other| self.first(*other) == first).collect()
    }

    fn is_repeated(&self, number: i64) -> bool {
        self.first_of.contains_key(&number) || self.first_of.values().any(|first| *first == number)
    }

    fn here(&self, (number, part): Key) -> bool {
        let article = self.article(number);
        match part {
            Part::Read => self.journal.is_read(article),
            Part::Starred => self.journal.is_starred(article),
            Part::Late => tags::has(&self.journal, article, "late"),
            Part::Other => tags::has(&self.journal, article, "other"),
        }
    }

    fn any(&mut self, of: &[i64]) -> Option<i64> {
        (!of.is_empty()).then(|| of[self.random.roll(of.len())])
    }

    fn part(&mut self) -> Part {
        Part::ALL[self.random.roll(4)]
    }

    /// Something happens on the telephone, at the service or on the device.
    fn happen(&mut self) {
        self.now += TimeDelta::milliseconds(1 + self.random.roll(60_000) as i64);
        match self.random.roll(20) {
            0..=2 => self.arrive(),
            3..=9 => self.phone(),
            10..=16 => self.user(),
            17 => self.purge(),
            _ => self.follow(),
        }
    }

    fn arrive(&mut self) {
        for _ in 0..=self.random.roll(4) {
            self.newest += 1 + self.random.roll(3) as i64;
            let (mut feed, is_read, is_starred) =
                (self.random.roll(3) as i64, self.random.roll(5) == 0, self.random.roll(5) == 0);
            if self.random.roll(15) == 0 {
                let all = self.random.roll(2) == 0;
                let part = self.part();
                let bad = Part::ALL.into_iter().filter(|other| all || *other == part);
                self.bad.extend(bad.map(|part| (self.newest, part)));
            }
            let all: Vec<i64> = self.items.keys().copied().collect();
            if let Some(other) = self.any(&all).filter(|_| self.random.roll(6) == 0) {
                let first = self.first(other);
                feed = self.items[&other].feed;
                self.first_of.insert(self.newest, first);
                for field in Part::ALL {
                    self.unclear.insert((first, field));
                    for number in self.numbers(first).into_iter().chain([first]) {
                        self.kept.remove(&(number, field));
                    }
                }
                self.note("arrived twice", format!("{} is {first}", self.newest));
            }
            let labels = [self.random.roll(5) == 0, self.random.roll(9) == 0];
            let item = ServerItem { feed, is_read, is_starred, labels };
            self.expected.extend(Part::ALL.map(|part| ((self.newest, part), item.value(part))));
            self.items.insert(self.newest, item);
            let text = format!("{} in {feed} {is_read} {is_starred}", self.newest);
            self.note("arrived", text);
        }
    }

    fn phone(&mut self) {
        let followed: Vec<i64> = self.visible();
        let (Some(number), field) = (self.any(&followed), self.part()) else { return };
        let Some(item) = self.items.get_mut(&number) else { return };
        let is_on = !item.value(field);
        item.set(field, is_on);
        if !self.unsent.contains(&(number, field)) {
            self.expected.insert((number, field), is_on);
        }
        if self.is_repeated(number) {
            self.unclear.insert((self.first(number), field));
        }
        self.note("phone", format!("{number} {field:?} {is_on}"));
        self.during();
    }

    fn user(&mut self) {
        let mut known: Vec<i64> = self.articles.iter().copied().collect();
        known.sort_unstable();
        let (Some(number), field) = (self.any(&known), self.part()) else { return };
        let is_on = !self.here((number, field));
        let stamp = self.clock.tick(self.now);
        let articles = vec![self.article(number)];
        self.journal.apply(&Change { stamp, mark: mark(field.field(), is_on, self.now), articles });
        for number in self.numbers(number) {
            self.expected.insert((number, field), is_on);
            self.unsent.insert((number, field));
        }
        self.unclear.remove(&(self.first(number), field));
        if let Some(kept) = self.kept.get_mut(&(number, field)) {
            *kept = is_on;
        }
        self.note("here", format!("{number} {field:?} {is_on}"));
        self.during();
    }

    fn during(&mut self) {
        if self.is_syncing {
            *self.counts.entry("during a sync").or_default() += 1;
        }
    }

    fn purge(&mut self) {
        let visible = self.visible();
        let Some(number) = self.any(&visible) else { return };
        for key in Part::ALL.map(|field| (number, field)) {
            let is_known = self.articles.contains(&number) && !self.is_repeated(number);
            if is_known && !self.is_syncing && self.expected.get(&key) == Some(&self.here(key)) {
                self.kept.insert(key, self.here(key));
            }
        }
        self.items.remove(&number);
        self.note("purged", number.to_string());
    }

    fn follow(&mut self) {
        let feed = self.random.roll(3) as i64;
        self.left.insert(feed);
        if !self.followed.remove(&feed) {
            self.followed.insert(feed);
        }
        let is_followed = self.followed.contains(&feed);
        self.note(if is_followed { "followed" } else { "unfollowed" }, feed.to_string());
    }

    fn visible(&self) -> Vec<i64> {
        let is_visible = |item: &ServerItem| self.followed.contains(&item.feed);
        self.items.iter().filter(|(_, item)| is_visible(item)).map(|(number, _)| *number).collect()
    }

    /// A step of a sync: something may happen before it, and it may be the one at which the sync is cut. True if it is.
    fn step(&mut self) -> bool {
        if self.steps_left.is_some() && self.random.roll(6) == 0 {
            self.happen();
        }
        match &mut self.steps_left {
            Some(0) => true,
            Some(left) => {
                *left -= 1;
                false
            }
            None => false,
        }
    }
}

/// The service, and the library of the device: one state, so that everything can happen between two steps.
#[derive(Clone)]
struct Shared(Rc<RefCell<State>>);

/// The sync was cut.
#[derive(Debug)]
struct Cut;

impl Service for Shared {
    type Failure = Cut;

    fn feeds(&mut self) -> Result<Vec<ServiceFeed>, Cut> {
        let mut state = self.0.borrow_mut();
        if state.step() {
            return Err(Cut);
        }
        let feed = |id: &i64| ServiceFeed {
            id: id.to_string(),
            title: UntrustedText::new("Feed"),
            address: UntrustedText::new("https://example.org/"),
            folders: Vec::new(),
        };
        Ok(state.followed.iter().map(feed).collect())
    }

    fn mark(&mut self, batch: &MarkBatch) -> Result<Marked<Cut>, Cut> {
        let mut state = self.0.borrow_mut();
        let is_cut = state.step();
        if !is_cut && batch.ids.iter().any(|id| state.bad.contains(&(number(id), Part::of(&batch.field)))) {
            state.note("refused", format!("{batch:?}"));
            return if state.twin == Twin::RefusalEndsTheSync { Err(Cut) } else { Ok(Marked::Refused(Cut)) };
        }
        // A request that is cut may have been done, or some of it.
        let done = if is_cut { state.random.roll(batch.ids.len() + 1) } else { batch.ids.len() };
        for id in batch.ids.iter().take(done) {
            let stamp = state.journal.stamp(state.article(number(id)), &batch.field.mark());
            if state.twin == Twin::RepeatedApart && stamp.device() == ACCOUNT {
                continue;
            }
            // A feed that is not followed keeps its articles, and an id that is not known is ignored.
            if let Some(item) = state.items.get_mut(&number(id)) {
                item.set(Part::of(&batch.field), batch.is_on);
            }
        }
        state.history.push(format!("  mark {batch:?}, {done} done"));
        if is_cut && state.twin != Twin::RefusedIsAcknowledged {
            return Err(Cut);
        }
        for id in &batch.ids {
            let article = state.article(number(id));
            let stamp = |marks: &Marks| marks.stamp(article, &batch.field.mark());
            // The user may have changed it since.
            if stamp(&state.read) == stamp(&state.journal) {
                state.unsent.remove(&(number(id), Part::of(&batch.field)));
            }
        }
        *state.counts.entry("sent").or_default() += 1;
        Ok(Marked::Done)
    }

    fn labels(&mut self) -> Result<Option<Labels>, Cut> {
        if self.0.borrow_mut().step() {
            return Err(Cut);
        }
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Ok(Some(Labels::of(&LabelNames { labels: names(&["Late", "OTHER"]), folders: names(&["Folder"]) })))
    }

    fn listing(&mut self, labels: &[Tag]) -> Result<Listing, Cut> {
        assert_eq!(labels, [tag("Late"), tag("OTHER")]);
        let mut listing = Listing::default();
        for field in Part::ALL {
            let (mut from, mut parts) = (0, 0);
            // As Miniflux does it: a part begins at a number, not behind an article.
            loop {
                let mut state = self.0.borrow_mut();
                if state.step() {
                    return Err(Cut);
                }
                let wanted = |item: &ServerItem| item.value(field) == (field != Part::Read);
                let visible = state.visible();
                let all: Vec<i64> = visible.into_iter().filter(|number| wanted(&state.items[number])).collect();
                let part: Vec<ServiceId> = all.iter().skip(from).take(7).map(|number| id_of(*number)).collect();
                (from, parts) = (from + part.len(), parts + 1);
                let is_last = from >= all.len();
                match field {
                    Part::Read => listing.unread.extend(part),
                    Part::Starred => listing.starred.extend(part),
                    Part::Late => listing.labels.entry(tag("Late")).or_default().extend(part),
                    Part::Other => listing.labels.entry(tag("OTHER")).or_default().extend(part),
                }
                if parts > 1 {
                    *state.counts.entry("two pages").or_default() += 1;
                    listing.may_lack_some = true;
                }
                if is_last {
                    break;
                }
            }
        }
        let mut state = self.0.borrow_mut();
        state.history.push(format!("  listed {listing:?}"));
        Ok(listing)
    }

    fn items(&mut self, ids: &[ServiceId]) -> Result<ServiceItems, Cut> {
        let mut state = self.0.borrow_mut();
        if state.step() {
            return Err(Cut);
        }
        let visible = state.visible();
        let items: Vec<serde_json::Value> = ids
            .iter()
            .filter_map(|id| {
                let item = match state.items.get(&number(id)).filter(|_| visible.contains(&number(id))) {
                    Some(item) => item.clone(),
                    None if state.twin == Twin::RemovedIsRead => {
                        ServerItem { feed: 0, is_read: true, is_starred: false, labels: [false; 2] }
                    }
                    None => return None,
                };
                let states = [(item.is_read, "read"), (item.is_starred, "starred")];
                let states = states.into_iter().filter(|(is_on, _)| *is_on);
                let labels = [(item.labels[0], "Late"), (item.labels[1], "OTHER"), (true, "Folder")];
                let labels = labels.into_iter().filter(|(is_on, _)| *is_on);
                let labels = labels.map(|(_, name)| format!("user/1/label/{name}"));
                let states = states.map(|(_, name)| format!("user/1/state/com.google/{name}"));
                let states: Vec<String> = states.chain(labels).collect();
                Some(json!({
                    "id": format!("tag:google.com,2005:reader/item/{:016x}", number(id)),
                    "title": "T",
                    "categories": states,
                    "origin": {"streamId": item.feed.to_string()},
                }))
            })
            .collect();
        let answer = json!({"items": items}).to_string();
        Ok(google_reader::items_of(answer.as_bytes()).expect("an answer"))
    }

    fn items_at_once(&self) -> usize {
        3
    }

    fn marks_at_once(&self) -> usize {
        2
    }
}

impl Library for Shared {
    type Failure = Cut;

    fn marks(&mut self) -> Marks {
        let mut state = self.0.borrow_mut();
        state.read = state.journal.clone();
        state.read.clone()
    }

    fn follow(&mut self, _: &[ServiceFeed]) -> Result<(), Cut> {
        Ok(())
    }

    fn add(&mut self, _: &[ServiceFeed], items: ServiceItems) -> Result<Vec<AddedArticle>, Cut> {
        let mut state = self.0.borrow_mut();
        let mut added = Vec::new();
        for item in items.states {
            if state.step() {
                return Err(Cut);
            }
            state.articles.insert(number(&item.id));
            let article = state.article(number(&item.id));
            added.push(AddedArticle { id: item.id, article, is_new: true });
        }
        Ok(added)
    }

    fn stamp(&mut self) -> Stamp {
        let state = self.0.borrow();
        let of_device = state.twin == Twin::StampsOfTheDevice;
        let mut clock = HybridClock::new(if of_device { USER } else { ACCOUNT });
        clock.observe(state.journal.latest());
        clock.tick(state.now)
    }

    fn set_marks(&mut self, stamp: Stamp, field: Field, is_on: bool, articles: Vec<ArticleId>) -> Result<(), Cut> {
        let mut state = self.0.borrow_mut();
        let is_cut = state.step();
        let is_done = !is_cut || state.random.roll(2) == 0;
        if is_done {
            let stamp = match state.twin {
                Twin::StampsOfTheEnd => {
                    let mut clock = HybridClock::new(ACCOUNT);
                    clock.observe(state.journal.latest());
                    clock.tick(state.now)
                }
                _ => stamp,
            };
            state.history.push(format!("  set {field:?} {is_on} {articles:?}"));
            let mark = mark(field, is_on, state.now);
            state.journal.apply(&Change { stamp, mark, articles });
            *state.counts.entry("received").or_default() += 1;
        }
        if is_cut { Err(Cut) } else { Ok(()) }
    }

    fn save(&mut self, shadow: &mut Shadow) -> Result<(), Cut> {
        let mut state = self.0.borrow_mut();
        let changed = shadow.take_changed();
        let adding = shadow.take_adding();
        let is_cut = (!changed.is_empty() || adding.is_some()) && state.step();
        // Lines are appended one after the other.
        let done = if is_cut { state.random.roll(changed.len() + 1) } else { changed.len() };
        for (id, mut item) in changed.into_iter().take(done) {
            if state.twin == Twin::NothingIsAcknowledged {
                (item.sent_read, item.sent_starred) = (Stamp::NEVER, Stamp::NEVER);
                item.labels.values_mut().for_each(|(_, sent)| *sent = Stamp::NEVER);
            }
            state.saved.insert(id, item);
        }
        if let Some(labels) = shadow.take_labels() {
            state.labels = labels;
        }
        if let Some(adding) = adding.filter(|_| !is_cut && state.twin != Twin::ArticlesUnannounced) {
            state.adding = adding;
        }
        if is_cut { Err(Cut) } else { Ok(()) }
    }
}

/// A library whose state is on disk before the marks are.
struct StateFirst(Shared, Vec<(Stamp, Field, bool, Vec<ArticleId>)>);

impl Library for StateFirst {
    type Failure = Cut;

    fn marks(&mut self) -> Marks {
        self.0.marks()
    }

    fn follow(&mut self, feeds: &[ServiceFeed]) -> Result<(), Cut> {
        self.0.follow(feeds)
    }

    fn add(&mut self, feeds: &[ServiceFeed], items: ServiceItems) -> Result<Vec<AddedArticle>, Cut> {
        self.0.add(feeds, items)
    }

    fn stamp(&mut self) -> Stamp {
        self.0.stamp()
    }

    fn set_marks(&mut self, stamp: Stamp, field: Field, is_on: bool, articles: Vec<ArticleId>) -> Result<(), Cut> {
        self.1.push((stamp, field, is_on, articles));
        Ok(())
    }

    fn save(&mut self, shadow: &mut Shadow) -> Result<(), Cut> {
        self.0.save(shadow)?;
        self.1.drain(..).try_for_each(|(stamp, field, is_on, articles)| self.0.set_marks(stamp, field, is_on, articles))
    }
}

/// A service, a device and a telephone.
pub struct World(Shared);

impl World {
    pub fn new(seed: u64, twin: Twin) -> World {
        let state = State {
            random: Random::new(seed + 1),
            twin,
            now: "2026-11-30T12:00:00Z".parse().expect("a time"),
            items: BTreeMap::new(),
            followed: BTreeSet::from([0, 1, 2]),
            left: BTreeSet::new(),
            newest: 1_000,
            first_of: BTreeMap::new(),
            bad: BTreeSet::new(),
            journal: Marks::default(),
            read: Marks::default(),
            saved: BTreeMap::new(),
            labels: None,
            adding: Vec::new(),
            articles: HashSet::new(),
            clock: HybridClock::new(USER),
            steps_left: None,
            is_syncing: false,
            expected: BTreeMap::new(),
            unclear: HashSet::new(),
            unsent: HashSet::new(),
            kept: BTreeMap::new(),
            history: Vec::new(),
            counts: BTreeMap::new(),
        };
        World(Shared(Rc::new(RefCell::new(state))))
    }

    pub fn history(&self) -> Vec<String> {
        self.0.0.borrow().history.clone()
    }

    pub fn counts(&self) -> BTreeMap<&'static str, usize> {
        self.0.0.borrow().counts.clone()
    }

    /// Lets things happen, syncs in between, and at last syncs until nothing changes. Says what is wrong then.
    pub fn run(&mut self) -> Result<(), String> {
        let rounds = 2 + self.0.0.borrow_mut().random.roll(6);
        for _ in 0..rounds {
            let mut state = self.0.0.borrow_mut();
            for _ in 0..state.random.roll(12) {
                state.happen();
            }
            // Many syncs end by themselves, and things happen during those, too.
            let steps = if state.random.roll(2) == 0 { 1_000 } else { state.random.roll(32) };
            let sends_only = state.random.roll(3) == 0;
            drop(state);
            match sends_only {
                true => self.send(Some(steps)),
                false => self.sync(Some(steps)),
            };
        }
        self.0.0.borrow_mut().followed = BTreeSet::from([0, 1, 2]);
        for _ in 0..3 {
            if !self.sync(None) {
                return Err("a sync that nothing disturbs is cut".to_owned());
            }
        }
        self.check()
    }

    /// A sync that is cut after some steps. True if it ended by itself.
    fn sync(&mut self, steps: Option<usize>) -> bool {
        let is_first = self.0.0.borrow().twin == Twin::StateBeforeMarks;
        self.with_service("sync", steps, |service, library, shadow| match is_first {
            true => merge(service, &mut StateFirst(library.clone(), Vec::new()), shadow, ACCOUNT).is_ok(),
            false => merge(service, library, shadow, ACCOUNT).is_ok(),
        })
    }

    /// The same, of a run that only sends marks.
    fn send(&mut self, steps: Option<usize>) -> bool {
        self.with_service("only sent", steps, |service, library, shadow| {
            send(service, library, shadow, ACCOUNT).is_ok()
        })
    }

    fn with_service(
        &mut self,
        what: &'static str,
        steps: Option<usize>,
        run: impl FnOnce(&mut Shared, &mut Shared, &mut Shadow) -> bool,
    ) -> bool {
        let mut state = self.0.0.borrow_mut();
        (state.steps_left, state.is_syncing) = (steps, true);
        if state.twin == Twin::RefusalIsForgotten {
            state.saved.values_mut().for_each(|item| item.refused.clear());
        }
        let mut shadow = Shadow::of(state.saved.clone(), state.adding.clone()).with_labels(state.labels.clone());
        state.note(what, String::new());
        drop(state);
        let (mut service, mut library) = (self.0.clone(), self.0.clone());
        let ended = run(&mut service, &mut library, &mut shadow);
        let mut state = self.0.0.borrow_mut();
        (state.steps_left, state.is_syncing) = (None, false);
        if !ended {
            state.note("cut", String::new());
            self::forget(&mut state);
        }
        ended
    }

    fn check(&self) -> Result<(), String> {
        let mut state = self.0.0.borrow_mut();
        let items = state.items.clone();
        for (number, item) in &items {
            let is_gone = state.saved.get(&id_of(*number)).is_some_and(|known| known.is_gone);
            let is_lost = state.left.contains(&item.feed) && !state.saved.contains_key(&id_of(*number));
            if is_gone || is_lost || !state.articles.contains(number) {
                // It was never listed, or the service did not have it for a while.
                let is_listed = !item.is_read || item.is_starred;
                if is_listed {
                    return Err(format!("{number} did not come"));
                }
                continue;
            }
            for field in Part::ALL {
                let here = state.here((*number, field));
                let (there, expected) = (item.value(field), state.expected[&(*number, field)]);
                let is_unclear = state.unclear.contains(&(state.first(*number), field));
                let is_refused = state.bad.contains(&(*number, field));
                if here != there && !is_refused || here != expected && !is_unclear {
                    return Err(format!("{number} {field:?}: here {here}, there {there}, expected {expected}"));
                }
                *state.counts.entry("compared").or_default() += 1;
            }
        }
        for (key, kept) in &state.kept.clone() {
            if state.here(*key) != *kept {
                return Err(format!("{key:?} was removed by the service, and changed here to {}", !kept));
            }
            *state.counts.entry("kept").or_default() += 1;
        }
        Ok(())
    }
}

/// After a cut, the device knows only what is on its disk: what is not acknowledged there is sent again, and wins.
fn forget(state: &mut State) {
    let articles: Vec<i64> = state.articles.iter().copied().collect();
    for number in articles {
        for field in Part::ALL {
            let stamp = state.journal.stamp(state.article(number), &field.field().mark());
            let sent = state.saved.get(&id_of(number)).map_or(Stamp::NEVER, |item| item.sent(&field.field()));
            if stamp > sent && stamp.device() == USER {
                state.unsent.insert((number, field));
                let here = state.here((number, field));
                state.expected.insert((number, field), here);
            }
        }
    }
}
