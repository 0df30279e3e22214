//! The marks of one article, without its place.

use chrono::{DateTime, Utc};

use super::article_tags::ArticleTags;
use super::clean::SafeText;
use super::hybrid_clock::Stamp;
use super::last_seen_state::LastSeenState;
use super::mark::Mark;

/// The marks of one article. There may be a million of these, so rare fields are boxed. Times are seconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArticleMarks {
    /// When it was read; `None` if it is unread.
    pub read: Option<i64>,
    /// The change that set `read`.
    pub read_by: Stamp,
    /// When the user's devices first saw it.
    pub arrived: Option<i64>,
    /// The fields that few articles have.
    pub rare: Option<Box<RareMarks>>,
    /// The last-seen state, and the change that set it.
    pub last_seen: Option<Box<(Stamp, LastSeenState)>>,
}

/// Fields that few articles have, each with the stamp that set it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RareMarks {
    /// Starred or not.
    pub starred: (Stamp, bool),
    /// Hidden or not.
    pub hidden: (Stamp, bool),
    /// The note; empty for none.
    pub note: (Stamp, SafeText),
    /// The tags.
    pub tags: ArticleTags,
}

impl ArticleMarks {
    /// Sets a field, unless a later change set it.
    pub fn apply(&mut self, stamp: Stamp, mark: &Mark) {
        match mark {
            Mark::Read(at) => {
                let at = at.map(|at| at.timestamp());
                if (stamp, at) > (self.read_by, self.read) {
                    (self.read_by, self.read) = (stamp, at);
                }
            }
            Mark::Starred(starred) => set(&mut self.rare().starred, (stamp, *starred)),
            Mark::Hidden(hidden) => set(&mut self.rare().hidden, (stamp, *hidden)),
            Mark::Note(note) => set(&mut self.rare().note, (stamp, note.clone())),
            Mark::Tagged(tag, is_on) => self.rare().tags.set(stamp, tag, *is_on),
            Mark::Arrived(time) => self.arrived_at(time.timestamp()),
            Mark::LastSeen(last_seen) => self.set_last_seen(stamp, last_seen),
            // Stored apart, see `Places`.
            Mark::Place(_) => {}
        }
    }

    fn set_last_seen(&mut self, stamp: Stamp, last_seen: &LastSeenState) {
        let is_older = |known: &(Stamp, LastSeenState)| (known.0, &known.1) < (stamp, last_seen);
        if self.last_seen.as_deref().is_none_or(is_older) {
            self.last_seen = Some(Box::new((stamp, last_seen.clone())));
        }
    }

    /// True if the user set any mark on it.
    pub fn is_marked(&self) -> bool {
        self.read_by != Stamp::NEVER || self.rare.is_some()
    }

    /// The stamp of the change that set the field of `mark`; `NEVER` if none did, and for arrivals.
    pub fn stamp(&self, mark: &Mark) -> Stamp {
        let rare = |field: fn(&RareMarks) -> Stamp| self.rare.as_deref().map_or(Stamp::NEVER, field);
        match mark {
            Mark::Read(_) => self.read_by,
            Mark::Starred(_) => rare(|rare| rare.starred.0),
            Mark::Hidden(_) => rare(|rare| rare.hidden.0),
            Mark::Note(_) => rare(|rare| rare.note.0),
            Mark::Tagged(tag, _) => self.rare.as_deref().map_or(Stamp::NEVER, |rare| rare.tags.stamp(tag.key())),
            Mark::Arrived(_) | Mark::Place(_) => Stamp::NEVER,
            Mark::LastSeen(_) => self.last_seen.as_deref().map_or(Stamp::NEVER, |(stamp, _)| *stamp),
        }
    }

    /// True if the field of `mark` was set by the change with a stamp, or a later one.
    pub fn covers(&self, stamp: Stamp, mark: &Mark) -> bool {
        match mark {
            Mark::Arrived(time) => self.arrived.is_some_and(|known| known <= time.timestamp()),
            mark => self.stamp(mark) >= stamp,
        }
    }

    /// True if a change has set the field of `mark`.
    pub fn is_set(&self, mark: &Mark) -> bool {
        match mark {
            Mark::Arrived(_) => self.arrived.is_some(),
            mark => self.stamp(mark) != Stamp::NEVER,
        }
    }

    /// Sets all fields of another set of marks.
    pub fn merge(&mut self, other: &ArticleMarks) {
        if (other.read_by, other.read) > (self.read_by, self.read) {
            (self.read_by, self.read) = (other.read_by, other.read);
        }
        other.arrived.into_iter().for_each(|time| self.arrived_at(time));
        other.last_seen.iter().for_each(|last_seen| self.set_last_seen(last_seen.0, &last_seen.1));
        if let Some(rare) = &other.rare {
            let own = self.rare();
            set(&mut own.starred, rare.starred);
            set(&mut own.hidden, rare.hidden);
            set(&mut own.note, rare.note.clone());
            own.tags.merge(&rare.tags);
        }
    }

    fn arrived_at(&mut self, time: i64) {
        self.arrived = Some(self.arrived.map_or(time, |known| known.min(time)));
    }

    fn rare(&mut self) -> &mut RareMarks {
        self.rare.get_or_insert_default()
    }

    /// Number of fields set.
    pub fn fields(&self) -> usize {
        let rare = self.rare.iter().flat_map(|rare| [rare.starred.0, rare.hidden.0, rare.note.0]);
        let set = rare.chain([self.read_by]).filter(|stamp| *stamp != Stamp::NEVER).count();
        let tags = self.rare.as_deref().map_or(0, |rare| rare.tags.len());
        set + tags + usize::from(self.arrived.is_some()) + usize::from(self.last_seen.is_some())
    }

    /// Every field that is set, with its stamp. Arrivals have the stamp `NEVER`: the earliest time wins, not the latest change.
    pub fn marks(&self) -> impl Iterator<Item = (Stamp, Mark)> {
        let read = (self.read_by, Mark::Read(self.read.and_then(time)));
        let arrived = self.arrived.and_then(time).map(|time| (Stamp::NEVER, Mark::Arrived(time)));
        let rare = self.rare.iter().flat_map(|rare| {
            let note = (rare.note.0, Mark::Note(rare.note.1.clone()));
            [(rare.starred.0, Mark::Starred(rare.starred.1)), (rare.hidden.0, Mark::Hidden(rare.hidden.1)), note]
        });
        let tags = self.rare.iter().flat_map(|rare| rare.tags.iter());
        let tags = tags.map(|(stamp, tag, is_on)| (stamp, Mark::Tagged(tag.clone(), is_on)));
        let last_seen =
            self.last_seen.as_deref().map(|(stamp, last_seen)| (*stamp, Mark::LastSeen(Box::new(last_seen.clone()))));
        rare.chain([read]).filter(|(stamp, _)| *stamp != Stamp::NEVER).chain(tags).chain(arrived).chain(last_seen)
    }
}

fn set<T: Ord>(field: &mut (Stamp, T), new: (Stamp, T)) {
    // Of equal stamps the greater value wins, so that devices agree in whatever order they merge.
    if new > *field {
        *field = new;
    }
}

/// A time from seconds since 1970.
pub fn time(seconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0)
}
