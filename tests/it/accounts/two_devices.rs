//! Two devices with one account and one shared folder of marks, a service and a telephone. Both devices may sync at the same time, step
//! by step in any order; each sync may be cut, and the folder brings what the other device wrote at any time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use chrono::{DateTime, TimeDelta, Utc};
use frontpage::account::{
    AddedArticle, Field, Labels, Library, Listing, MarkBatch, Marked, Service, ServiceFeed, ServiceId, ServiceItems,
    Shadow, ShadowItem, google_reader, merge, send,
};
use frontpage::feed::{ArticleId, Change, DeviceId, HybridClock, Mark, Marks, Stamp, Tag, UntrustedText};
use serde_json::json;

use crate::harness::random::Random;

/// A pair of devices that breaks one of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twin {
    /// It breaks none.
    None,
    /// Each device has its own number for marks of the account.
    TwoAccountNumbers,
    /// A device does not note what the other one received from the account.
    NothingIsRecalled,
    /// Marks of the account have the time of this device, also if later marks are here.
    StampsOfTheWallClock,
    /// A device sends only the marks that were set on it.
    OwnMarksOnly,
}

impl Twin {
    pub const BROKEN: [Twin; 4] =
        [Twin::TwoAccountNumbers, Twin::NothingIsRecalled, Twin::StampsOfTheWallClock, Twin::OwnMarksOnly];
}

type Key = (i64, Field);

/// A mark that the user set after all earlier ones of the article were acknowledged to both devices.
#[derive(Clone, Copy, Debug)]
struct Single {
    device: usize,
    stamp: Stamp,
    is_on: bool,
}

struct Device {
    number: DeviceId,
    /// How far its clock is ahead.
    skew: TimeDelta,
    journal: Marks,
    /// The marks as the sync read them last.
    read: Marks,
    /// What it wrote.
    written: Vec<Change>,
    /// How many changes of the other device the folder brought.
    brought: usize,
    saved: BTreeMap<ServiceId, ShadowItem>,
    adding: Vec<ServiceId>,
    articles: BTreeSet<i64>,
    clock: HybridClock,
    /// Steps until the sync is cut.
    steps_left: usize,
    is_syncing: bool,
    /// Whether this sync has read the marks.
    has_read: bool,
}

struct State {
    random: Random,
    twin: Twin,
    now: DateTime<Utc>,
    /// Which device takes the next step.
    turn: usize,
    is_disturbed: bool,
    /// The second device does not sync any more, and still shares the folder.
    is_retired: bool,
    /// Whether articles are read and starred at the service.
    items: BTreeMap<i64, [bool; 2]>,
    devices: [Device; 2],
    /// The last change of the user.
    set: BTreeMap<Key, Stamp>,
    singles: BTreeMap<Key, Single>,
    /// What must be at the end, where the rules say it.
    expected: BTreeMap<Key, bool>,
    history: Vec<String>,
    counts: BTreeMap<&'static str, usize>,
}

fn id_of(number: i64) -> ServiceId {
    ServiceId::parse(&number.to_string()).expect("an id")
}

fn number_of(id: &ServiceId) -> i64 {
    id.number().expect("a number")
}

fn article(number: i64) -> ArticleId {
    format!("{number:016x}").parse().expect("an id")
}

fn place(field: &Field) -> usize {
    usize::from(*field != Field::Read)
}

fn mark(field: &Field, is_on: bool, now: DateTime<Utc>) -> Mark {
    match field {
        Field::Read => Mark::Read(is_on.then_some(now)),
        _ => Mark::Starred(is_on),
    }
}

fn value(marks: &Marks, number: i64, field: &Field) -> bool {
    match field {
        Field::Read => marks.is_read(article(number)),
        _ => marks.is_starred(article(number)),
    }
}

impl Device {
    fn write(&mut self, change: Change) {
        self.journal.apply(&change);
        self.written.push(change);
    }

    fn has_sent(&self, (number, field): &Key, stamp: Stamp) -> bool {
        self.saved.get(&id_of(*number)).is_some_and(|item| item.sent(field) >= stamp)
    }
}

impl State {
    fn note(&mut self, what: &'static str, text: String) {
        *self.counts.entry(what).or_default() += 1;
        self.history.push(format!("{what} {text}"));
    }

    /// True if both devices know that the service has the last mark of the user.
    fn is_settled(&self, key: &Key) -> bool {
        self.set.get(key).is_none_or(|stamp| self.devices.iter().all(|device| device.has_sent(key, *stamp)))
    }

    fn any(&mut self, of: &[i64]) -> Option<(i64, Field)> {
        let number = *of.get(self.random.roll(of.len().max(1)))?;
        Some((number, Field::OF_ALL[self.random.roll(2)].clone()))
    }

    fn happen(&mut self) {
        self.now += TimeDelta::milliseconds(1 + self.random.roll(30_000) as i64);
        match self.random.roll(12) {
            0 | 1 => self.arrive(),
            2..=4 => self.phone(),
            5..=8 => self.user(),
            _ => {
                let (to, all) = (self.random.roll(2), self.random.roll(2) == 0);
                self.bring(to, all);
            }
        }
    }

    fn arrive(&mut self) {
        let number = 1_001 + self.items.len() as i64;
        let values = [self.random.roll(6) == 0, self.random.roll(6) == 0];
        self.items.insert(number, values);
        for field in Field::OF_ALL {
            self.expected.insert((number, field.clone()), values[place(&field)]);
        }
        self.note("arrived", format!("{number} {values:?}"));
    }

    fn phone(&mut self) {
        let all: Vec<i64> = self.items.keys().copied().collect();
        let Some(key) = self.any(&all) else { return };
        let Some(there) = self.items.get_mut(&key.0).map(|values| &mut values[place(&key.1)]) else { return };
        *there = !*there;
        let is_on = *there;
        let is_settled = self.is_settled(&key);
        match is_settled {
            true => drop(self.expected.insert(key.clone(), is_on)),
            false => drop(self.expected.remove(&key)),
        }
        self.singles.remove(&key);
        self.note("phone", format!("{key:?} {is_on}, {is_settled}"));
    }

    fn user(&mut self) {
        let at = self.random.roll(2);
        let known: Vec<i64> = self.devices[at].articles.iter().copied().collect();
        let Some(key) = self.any(&known) else { return };
        let is_settled = self.is_settled(&key);
        let device = &mut self.devices[at];
        let is_on = !value(&device.journal, key.0, &key.1);
        device.clock.observe(device.journal.latest());
        let now = self.now + device.skew;
        let stamp = device.clock.tick(now);
        device.write(Change { stamp, mark: mark(&key.1, is_on, now), articles: vec![article(key.0)] });
        let last = self.set.entry(key.clone()).or_insert(stamp);
        *last = stamp.max(*last);
        self.expected.remove(&key);
        self.singles.remove(&key);
        if is_settled {
            self.singles.insert(key.clone(), Single { device: at, stamp, is_on });
        }
        self.note(if at == 0 { "first device" } else { "second device" }, format!("{key:?} {is_on}, {is_settled}"));
    }

    /// The folder brings what the other device wrote, or a part of it.
    fn bring(&mut self, to: usize, all: bool) {
        let written = &self.devices[1 - to].written;
        let from = self.devices[to].brought;
        let left = written.len() - from;
        let count = if all { left } else { self.random.roll(left + 1) };
        let changes = written[from..from + count].to_vec();
        changes.iter().for_each(|change| self.devices[to].journal.apply(change));
        self.devices[to].brought += count;
        if count > 0 {
            self.note("brought", format!("{count} to {to}"));
        }
    }
}

struct Shared {
    state: Mutex<State>,
    turned: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn wait(&self, at: usize) -> MutexGuard<'_, State> {
        let mut state = self.lock();
        while state.turn != at {
            state = self.turned.wait(state).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
        state
    }
}

/// A device while it syncs: the service as it sees it, and its library.
#[derive(Clone)]
struct Syncing {
    shared: Arc<Shared>,
    at: usize,
}

/// The sync was cut.
#[derive(Debug)]
struct Cut;

impl Syncing {
    /// The other device may take steps first, and something may happen. True with it if the sync is cut at this step.
    fn step(&self) -> (MutexGuard<'_, State>, bool) {
        let mut state = self.shared.lock();
        let other = 1 - self.at;
        if state.devices[other].is_syncing && state.random.roll(2) == 0 {
            state.turn = other;
            *state.counts.entry("turns").or_default() += 1;
            drop(state);
            self.shared.turned.notify_all();
            state = self.shared.wait(self.at);
        }
        if !state.is_disturbed {
            return (state, false);
        }
        if state.random.roll(6) == 0 {
            state.happen();
        }
        let left = &mut state.devices[self.at].steps_left;
        let is_cut = *left == 0;
        *left = left.saturating_sub(1);
        (state, is_cut)
    }
}

impl Service for Syncing {
    type Failure = Cut;

    fn feeds(&mut self) -> Result<Vec<ServiceFeed>, Cut> {
        if self.step().1 {
            return Err(Cut);
        }
        let (title, address) = (UntrustedText::new("Feed"), UntrustedText::new("https://example.org/"));
        Ok(vec![ServiceFeed { id: "1".to_owned(), title, address, folders: Vec::new() }])
    }

    fn mark(&mut self, batch: &MarkBatch) -> Result<Marked<Cut>, Cut> {
        let (mut state, is_cut) = self.step();
        let done = if is_cut { state.random.roll(batch.ids.len() + 1) } else { batch.ids.len() };
        for number in batch.ids.iter().take(done).map(number_of) {
            if let Some(values) = state.items.get_mut(&number) {
                values[place(&batch.field)] = batch.is_on;
            }
        }
        state.history.push(format!("  {} sends {batch:?}, {done} done", self.at));
        if is_cut {
            return Err(Cut);
        }
        for number in batch.ids.iter().map(number_of) {
            let key = (number, batch.field.clone());
            let stamp = state.devices[self.at].read.stamp(article(number), &batch.field.mark());
            let acknowledged = state.singles.get(&key).copied();
            if let Some(single) = acknowledged.filter(|single| single.stamp == stamp && single.device == self.at) {
                state.expected.insert(key, single.is_on);
                *state.counts.entry("acknowledged").or_default() += 1;
            } else if stamp.device() == state.devices[1 - self.at].number {
                *state.counts.entry("sent for the other").or_default() += 1;
            }
        }
        Ok(Marked::Done)
    }

    fn labels(&mut self) -> Result<Option<Labels>, Cut> {
        Ok(None)
    }

    fn listing(&mut self, _: &[Tag]) -> Result<Listing, Cut> {
        let mut listing = Listing::default();
        for field in Field::OF_ALL {
            let (state, is_cut) = self.step();
            if is_cut {
                return Err(Cut);
            }
            let wanted = state.items.iter().filter(|(_, values)| values[place(&field)] == (field != Field::Read));
            let ids = wanted.map(|(number, _)| id_of(*number)).collect();
            match field {
                Field::Read => listing.unread = ids,
                _ => listing.starred = ids,
            }
        }
        self.shared.lock().history.push(format!("  {} lists {listing:?}", self.at));
        Ok(listing)
    }

    fn items(&mut self, ids: &[ServiceId]) -> Result<ServiceItems, Cut> {
        let (state, is_cut) = self.step();
        if is_cut {
            return Err(Cut);
        }
        let item = |id: &ServiceId| {
            let values = state.items.get(&number_of(id))?;
            let states = ["read", "starred"].into_iter().zip(values).filter(|(_, is_on)| **is_on);
            let states: Vec<String> = states.map(|(name, _)| format!("user/1/state/com.google/{name}")).collect();
            let id = format!("tag:google.com,2005:reader/item/{:016x}", number_of(id));
            Some(json!({"id": id, "title": "T", "categories": states, "origin": {"streamId": "1"}}))
        };
        let items: Vec<serde_json::Value> = ids.iter().filter_map(item).collect();
        Ok(google_reader::items_of(json!({"items": items}).to_string().as_bytes()).expect("an answer"))
    }

    fn items_at_once(&self) -> usize {
        3
    }

    fn marks_at_once(&self) -> usize {
        2
    }
}

impl Library for Syncing {
    type Failure = Cut;

    fn marks(&mut self) -> Marks {
        let mut state = self.shared.lock();
        let (twin, device) = (state.twin, &mut state.devices[self.at]);
        device.read = device.journal.clone();
        let is_first = !std::mem::replace(&mut device.has_read, true);
        if is_first && twin == Twin::NothingIsRecalled { Marks::default() } else { device.read.clone() }
    }

    fn follow(&mut self, _: &[ServiceFeed]) -> Result<(), Cut> {
        Ok(())
    }

    fn add(&mut self, _: &[ServiceFeed], items: ServiceItems) -> Result<Vec<AddedArticle>, Cut> {
        let mut added = Vec::new();
        for item in items.states {
            let (mut state, is_cut) = self.step();
            if is_cut {
                return Err(Cut);
            }
            state.devices[self.at].articles.insert(number_of(&item.id));
            added.push(AddedArticle { article: article(number_of(&item.id)), id: item.id, is_new: true });
        }
        Ok(added)
    }

    fn stamp(&mut self) -> Stamp {
        let state = self.shared.lock();
        let device = &state.devices[self.at];
        let mut clock = HybridClock::new(account_of(state.twin, self.at));
        if state.twin != Twin::StampsOfTheWallClock {
            clock.observe(device.journal.latest());
        }
        clock.tick(state.now + device.skew)
    }

    fn set_marks(&mut self, stamp: Stamp, field: Field, is_on: bool, articles: Vec<ArticleId>) -> Result<(), Cut> {
        let (mut state, is_cut) = self.step();
        if !is_cut || state.random.roll(2) == 0 {
            let now = state.now;
            state.history.push(format!("  {} receives {field:?} {is_on} {articles:?}", self.at));
            state.devices[self.at].write(Change { stamp, mark: mark(&field, is_on, now), articles });
            *state.counts.entry("received").or_default() += 1;
        }
        if is_cut { Err(Cut) } else { Ok(()) }
    }

    fn save(&mut self, shadow: &mut Shadow) -> Result<(), Cut> {
        let (changed, adding) = (shadow.take_changed(), shadow.take_adding());
        if changed.is_empty() && adding.is_none() {
            return Ok(());
        }
        let (mut state, is_cut) = self.step();
        let done = if is_cut { state.random.roll(changed.len() + 1) } else { changed.len() };
        let device = &mut state.devices[self.at];
        device.saved.extend(changed.into_iter().take(done));
        if is_cut {
            return Err(Cut);
        }
        device.adding = adding.unwrap_or_else(|| std::mem::take(&mut device.adding));
        Ok(())
    }
}

fn account_of(twin: Twin, at: usize) -> DeviceId {
    DeviceId(0x2a + if twin == Twin::TwoAccountNumbers { at as u32 } else { 0 })
}

/// Two devices, a service and a telephone.
pub struct World(Arc<Shared>);

impl World {
    pub fn new(seed: u64, twin: Twin) -> World {
        let mut random = Random::new(seed + 1);
        let devices = [0, 1].map(|at| {
            let number = DeviceId(0x9000_0000 + at);
            Device {
                number,
                skew: TimeDelta::milliseconds(random.roll(600_000) as i64),
                journal: Marks::default(),
                read: Marks::default(),
                written: Vec::new(),
                brought: 0,
                saved: BTreeMap::new(),
                adding: Vec::new(),
                articles: BTreeSet::new(),
                clock: HybridClock::new(number),
                steps_left: 0,
                is_syncing: false,
                has_read: false,
            }
        });
        let state = State {
            random,
            twin,
            now: "2026-11-30T12:00:00Z".parse().expect("a time"),
            turn: 0,
            is_disturbed: true,
            is_retired: false,
            items: BTreeMap::new(),
            devices,
            set: BTreeMap::new(),
            singles: BTreeMap::new(),
            expected: BTreeMap::new(),
            history: Vec::new(),
            counts: BTreeMap::new(),
        };
        World(Arc::new(Shared { state: Mutex::new(state), turned: Condvar::new() }))
    }

    pub fn history(&self) -> Vec<String> {
        self.0.lock().history.clone()
    }

    pub fn counts(&self) -> BTreeMap<&'static str, usize> {
        self.0.lock().counts.clone()
    }

    /// Lets things happen and syncs in between, and at last brings everything everywhere. Says what is wrong then.
    pub fn run(&mut self) -> Result<(), String> {
        let rounds = 3 + self.0.lock().random.roll(6);
        for _ in 0..rounds {
            let mut state = self.0.lock();
            for _ in 0..state.random.roll(8) {
                state.happen();
            }
            if !state.is_retired && state.random.roll(25) == 0 {
                state.is_retired = true;
                state.note("retired", String::new());
            }
            let syncing: &[usize] = [&[0][..], &[1], &[0, 1], &[0, 1]][state.random.roll(4)];
            let syncing = if state.is_retired { &[0] } else { syncing };
            drop(state);
            self.sync(syncing);
        }
        let mut state = self.0.lock();
        state.is_disturbed = false;
        let syncing: &[usize] = if state.is_retired { &[0] } else { &[0, 1] };
        drop(state);
        for _ in 0..3 {
            for &at in syncing {
                (0..2).for_each(|to| self.0.lock().bring(to, true));
                self.sync(&[at]);
            }
        }
        (0..2).for_each(|to| self.0.lock().bring(to, true));
        self.check()
    }

    /// Syncs devices at the same time.
    fn sync(&self, devices: &[usize]) {
        let mut state = self.0.lock();
        for &at in devices {
            let steps = if state.random.roll(2) == 0 { 1_000 } else { state.random.roll(30) };
            let device = &mut state.devices[at];
            (device.steps_left, device.is_syncing, device.has_read) = (steps, true, false);
        }
        state.turn = devices[0];
        drop(state);
        match devices {
            [only] => self.sync_of(*only),
            _ => std::thread::scope(|scope| devices.iter().for_each(|at| drop(scope.spawn(|| self.sync_of(*at))))),
        }
    }

    fn sync_of(&self, at: usize) {
        let mut state = self.0.wait(at);
        let (account, only_sends) = (account_of(state.twin, at), state.is_disturbed && state.random.roll(3) == 0);
        let mut saved = state.devices[at].saved.clone();
        if state.twin == Twin::OwnMarksOnly {
            let device = &state.devices[at];
            for (id, item) in &mut saved {
                for field in Field::OF_ALL {
                    let stamp = device.journal.stamp(article(number_of(id)), &field.mark());
                    if stamp.device() != device.number {
                        item.set_sent(&field, stamp.max(item.sent(&field)));
                    }
                }
            }
        }
        let mut shadow = Shadow::of(saved, state.devices[at].adding.clone());
        state.note("synced", format!("{at} {only_sends}"));
        drop(state);
        let syncing = Syncing { shared: Arc::clone(&self.0), at };
        let (mut service, mut library) = (syncing.clone(), syncing);
        let done = match only_sends {
            true => send(&mut service, &mut library, &mut shadow, account),
            false => merge(&mut service, &mut library, &mut shadow, account),
        };
        let mut state = self.0.lock();
        state.note(if done.is_ok() { "ended" } else { "cut" }, at.to_string());
        state.devices[at].is_syncing = false;
        state.turn = 1 - at;
        drop(state);
        self.0.turned.notify_all();
    }

    fn check(&self) -> Result<(), String> {
        let mut state = self.0.lock();
        for (number, values) in state.items.clone() {
            // What was read before a device saw it never comes to it.
            let syncing = if state.is_retired { &state.devices[..1] } else { &state.devices };
            if !syncing.iter().any(|device| device.articles.contains(&number)) {
                continue;
            }
            for field in Field::OF_ALL {
                let here = [0, 1].map(|at| value(&state.devices[at].journal, number, &field));
                let there = values[place(&field)];
                let expected = state.expected.get(&(number, field.clone())).copied();
                if here != [there; 2] || expected.is_some_and(|expected| expected != there) {
                    return Err(format!("{number} {field:?}: here {here:?}, there {there}, expected {expected:?}"));
                }
                *state.counts.entry("compared").or_default() += 1;
                *state.counts.entry("expected").or_default() += usize::from(expected.is_some());
            }
        }
        Ok(())
    }
}
