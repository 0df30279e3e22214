//! Places: where the user stopped reading articles, part of the marks.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::article::ArticleId;
use super::hybrid_clock::Stamp;
use super::text_position::TextPosition;

/// How long a place is kept.
pub const PLACES_KEPT: TimeDelta = TimeDelta::days(90);

/// The places of articles, each with the stamp that set it. An article read to its end has the place `None`, which wins over
/// earlier places on other devices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places(BTreeMap<ArticleId, (Stamp, Option<TextPosition>)>);

impl Places {
    /// Where the user stopped reading an article.
    pub fn of(&self, id: ArticleId) -> Option<TextPosition> {
        self.0.get(&id).and_then(|(_, place)| *place)
    }

    /// The stamp that set the place of an article; `NEVER` if none did.
    pub fn stamp(&self, id: ArticleId) -> Stamp {
        self.0.get(&id).map_or(Stamp::NEVER, |(stamp, _)| *stamp)
    }

    /// The articles whose place was set, also to `None`.
    pub fn ids(&self) -> impl Iterator<Item = ArticleId> {
        self.0.keys().copied()
    }

    /// Number of articles whose place was set, also to `None`.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True if no place was ever set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets a place unless a later one is known. Of equal stamps the greater place wins, so that devices agree in whatever
    /// order they merge.
    pub fn set(&mut self, id: ArticleId, stamp: Stamp, place: Option<TextPosition>) {
        let known = self.0.entry(id).or_insert((stamp, place));
        *known = (*known).max((stamp, place));
    }

    /// Sets all places of another set.
    pub fn merge(&mut self, other: &Places) {
        other.0.iter().for_each(|(id, (stamp, place))| self.set(*id, *stamp, *place));
    }

    /// The place of an article, also `None`, with the stamp that set it.
    pub fn stamped(&self, id: ArticleId) -> Option<(Stamp, Option<TextPosition>)> {
        self.0.get(&id).copied()
    }

    /// The places that `other` has not, or only earlier ones.
    pub fn not_covered_by<'a>(
        &'a self,
        other: &'a Places,
    ) -> impl Iterator<Item = (ArticleId, (Stamp, Option<TextPosition>))> + 'a {
        let places = self.0.iter().map(|(id, stamped)| (*id, *stamped));
        places.filter(|(id, (stamp, _))| other.stamp(*id) < *stamp)
    }

    /// Removes the places that were set before a time.
    pub fn drop_older_than(&mut self, time: DateTime<Utc>) {
        self.0.retain(|_, (stamp, _)| stamp.time() >= time);
    }
}
