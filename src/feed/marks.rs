//! Marks: what the user did with articles (read, starred, hidden, noted, tagged), stored apart from the articles.
//!
//! The marks of an article are a few fields, each with the stamp of the change that set it. The change with the greatest stamp
//! wins (a last-writer-wins register), so changes may arrive in any order and more than once, and any two sets of marks can
//! be merged. The time of arrival is the earliest time at which any device saw the article.
//!
//! Where the user has not set a field, the results of rules show through, see [`RuleMarks`]. They are never stored.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::article::ArticleId;
use super::article_marks::{ArticleMarks, RareMarks, time};
use super::article_tags::{ArticleTags, is_tagged, spelt};
use super::clean::SafeText;
use super::hybrid_clock::Stamp;
use super::last_seen_state::LastSeenState;
use super::mark::{Change, Mark};
use super::places::Places;
use super::rule_marks::{RuleFlags, RuleMarks};
use super::tag::Tag;

type Shard = HashMap<ArticleId, ArticleMarks>;

/// Number of copy-on-write shards. A change to marks that a job still uses copies one shard instead of all marks.
const SHARDS: usize = 256;

/// The marks of all articles, including articles that are not in the library now.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// [`SHARDS`] shards by the first bits of the id; empty while there are no marks.
    shards: Vec<Arc<Shard>>,
    latest: Stamp,
    /// The articles that the user hid: few, and every search needs them.
    hidden: Arc<BTreeSet<ArticleId>>,
    /// Where the user stopped reading: few articles, and no part of [`ArticleMarks`], which a million articles may have.
    places: Arc<Places>,
    /// The results of rules; `None` without rules.
    rule_marks: Option<Arc<RuleMarks>>,
}

impl Marks {
    fn entry(&self, id: ArticleId) -> Option<&ArticleMarks> {
        self.shards.get(id.shard(SHARDS))?.get(&id)
    }

    fn entry_mut(&mut self, id: ArticleId) -> &mut ArticleMarks {
        if self.shards.is_empty() {
            // All shards share one empty map; `make_mut` copies it for a shard that changes.
            self.shards = vec![Arc::default(); SHARDS];
        }
        Arc::make_mut(&mut self.shards[id.shard(SHARDS)]).entry(id).or_default()
    }

    /// The same marks with other results of rules below them.
    pub fn with_rule_marks(&self, rule_marks: Option<Arc<RuleMarks>>) -> Marks {
        Marks { rule_marks, ..self.clone() }
    }

    /// The results of rules; `None` without rules.
    pub fn rule_marks(&self) -> Option<&Arc<RuleMarks>> {
        self.rule_marks.as_ref()
    }

    fn rule_flags(&self, id: ArticleId) -> RuleFlags {
        self.rule_marks.as_ref().map(|rules| rules.of(id)).unwrap_or_default()
    }

    /// True if a change has set the field of `mark` on an article, so that rules do not apply to it. The value of `mark`
    /// does not matter.
    pub fn is_set(&self, id: ArticleId, mark: &Mark) -> bool {
        if matches!(mark, Mark::Place(_)) {
            return self.places.stamp(id) != Stamp::NEVER;
        }
        self.entry(id).is_some_and(|entry| entry.is_set(mark))
    }

    /// The stamp of the change that set the field of `mark` on an article; `NEVER` if none did, and for arrivals.
    pub fn stamp(&self, id: ArticleId, mark: &Mark) -> Stamp {
        if matches!(mark, Mark::Place(_)) {
            return self.places.stamp(id);
        }
        self.entry(id).map_or(Stamp::NEVER, |entry| entry.stamp(mark))
    }

    /// The sum of the scores that rules give an article.
    pub fn score(&self, id: ArticleId) -> i32 {
        self.rule_flags(id).score
    }

    /// When an article was read; `None` if it is unread, or only a rule marks it read.
    pub fn read_at(&self, id: ArticleId) -> Option<DateTime<Utc>> {
        self.entry(id).and_then(|entry| time(entry.read?))
    }

    /// True if an article is read.
    pub fn is_read(&self, id: ArticleId) -> bool {
        match self.entry(id) {
            Some(entry) if entry.read.is_some() || entry.read_by != Stamp::NEVER => entry.read.is_some(),
            _ => self.rule_flags(id).read,
        }
    }

    /// The articles that are read, in no particular order.
    pub fn read(&self) -> impl Iterator<Item = ArticleId> {
        let entries = self.shards.iter().flat_map(|shard| shard.iter());
        let own = entries.filter(|(_, entry)| entry.read.is_some()).map(|(id, _)| *id);
        let is_own = |id: &ArticleId| self.entry(*id).is_some_and(|entry| entry.read.is_some());
        let by_rules = self.rule_marks.iter().flat_map(|rules| rules.read());
        own.chain(by_rules.filter(move |id| !is_own(id) && self.is_read(*id)))
    }

    /// True if an article is starred.
    pub fn is_starred(&self, id: ArticleId) -> bool {
        match self.rare(id) {
            Some(rare) if rare.starred != Default::default() => rare.starred.1,
            _ => self.rule_flags(id).starred,
        }
    }

    /// True if an article is hidden.
    pub fn is_hidden(&self, id: ArticleId) -> bool {
        self.hidden.contains(&id) || is_hidden_by_rules(self, id)
    }

    /// The articles that are hidden: first by the user, then by rules.
    pub fn hidden(&self) -> impl Iterator<Item = ArticleId> {
        let by_rules = self.rule_marks.iter().flat_map(|rules| rules.hidden());
        let by_rules = by_rules.filter(|id| !self.hidden.contains(id) && !self.is_set(*id, &Mark::Hidden(true)));
        self.hidden.iter().copied().chain(by_rules)
    }

    /// The note on an article, if there is one.
    pub fn note(&self, id: ArticleId) -> Option<&SafeText> {
        self.rare(id).map(|rare| &rare.note.1).filter(|note| !note.is_empty())
    }

    /// The tags that the user set or removed on an article. `tags::of` has those of rules too.
    pub(super) fn own_tags(&self, id: ArticleId) -> Option<&ArticleTags> {
        self.rare(id).map(|rare| &rare.tags)
    }

    /// The tags that rules add to an article.
    pub(super) fn rule_tags(&self, id: ArticleId) -> &[Tag] {
        self.rule_marks().map(|rules| rules.tags(id)).unwrap_or_default()
    }

    /// When the user's devices first saw an article.
    pub fn arrived(&self, id: ArticleId) -> Option<DateTime<Utc>> {
        self.entry(id).and_then(|entry| time(entry.arrived?))
    }

    /// The last-seen state of an article.
    pub fn last_seen(&self, id: ArticleId) -> Option<&LastSeenState> {
        self.entry(id)?.last_seen.as_deref().map(|(_, last_seen)| last_seen)
    }

    /// When the last-seen state of an article was recorded.
    pub fn last_seen_at(&self, id: ArticleId) -> Option<DateTime<Utc>> {
        self.entry(id)?.last_seen.as_deref().map(|(stamp, _)| stamp.time())
    }

    /// The last-seen states of all articles that have one.
    pub fn all_last_seen(&self) -> impl Iterator<Item = (ArticleId, &LastSeenState)> {
        let entries = self.shards.iter().flat_map(|shard| shard.iter());
        entries.filter_map(|(id, entry)| Some((*id, &entry.last_seen.as_deref()?.1)))
    }

    /// Where the user stopped reading articles.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The same, to change.
    pub fn places_mut(&mut self) -> &mut Places {
        Arc::make_mut(&mut self.places)
    }

    /// True if the user set any mark on an article.
    pub fn is_marked(&self, id: ArticleId) -> bool {
        self.entry(id).is_some_and(ArticleMarks::is_marked)
    }

    /// True if the user starred, hid, noted or tagged an article, or undid that.
    pub fn has_more_than_read(&self, id: ArticleId) -> bool {
        self.entry(id).is_some_and(|entry| entry.rare.is_some())
    }

    /// The articles on which the user set any mark, each with [`Marks::has_more_than_read`].
    pub fn marked(&self) -> impl Iterator<Item = (ArticleId, bool)> {
        let entries = self.shards.iter().flat_map(|shard| shard.iter()).filter(|(_, entry)| entry.is_marked());
        entries.map(|(id, entry)| (*id, entry.rare.is_some()))
    }

    /// Moves or copies marks between ids: pairs of the old and the new id. Returns the changes made; each has the stamp of the
    /// original mark, so other devices that make the same move agree.
    pub fn move_marks(&mut self, moved: &[(ArticleId, ArticleId)], copied: &[(ArticleId, ArticleId)]) -> Vec<Change> {
        let changes: Vec<Change> =
            moved.iter().chain(copied).flat_map(|(from, to)| changes_to_move(self, *from, *to)).collect();
        changes.iter().for_each(|change| self.apply(change));
        for (from, to) in moved {
            self.entry_mut(*from).last_seen.iter_mut().for_each(|last_seen| last_seen.1.moved_to = Some(*to));
        }
        changes
    }

    fn rare(&self, id: ArticleId) -> Option<&RareMarks> {
        self.entry(id).and_then(|entry| entry.rare.as_deref())
    }

    /// The greatest stamp of all applied changes.
    pub fn latest(&self) -> Stamp {
        self.latest
    }

    /// Number of articles with marks, arrivals and last-seen states included, but not places.
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.len()).sum()
    }

    /// Number of fields set, over all articles.
    pub fn fields(&self) -> usize {
        let fields = self.shards.iter().flat_map(|shard| shard.values()).map(ArticleMarks::fields).sum::<usize>();
        fields.saturating_add(self.places.len())
    }

    /// True if there are no marks.
    pub fn is_empty(&self) -> bool {
        self.shards.iter().all(|shard| shard.is_empty()) && self.places.is_empty()
    }

    /// The articles with marks other than a place, sorted by id.
    pub fn articles(&self) -> Vec<ArticleId> {
        let mut ids: Vec<ArticleId> = self.shards.iter().flat_map(|shard| shard.keys()).copied().collect();
        ids.sort();
        ids
    }

    /// The current value of the field of `mark` on an article.
    pub fn current(&self, id: ArticleId, mark: &Mark) -> Mark {
        match mark {
            Mark::Read(_) => Mark::Read(self.read_at(id)),
            Mark::Starred(_) => Mark::Starred(self.is_starred(id)),
            Mark::Hidden(_) => Mark::Hidden(self.is_hidden(id)),
            Mark::Note(_) => Mark::Note(self.note(id).cloned().unwrap_or_default()),
            Mark::Tagged(tag, _) => {
                let (own, by_rules) = (self.own_tags(id), self.rule_tags(id));
                Mark::Tagged(spelt(own, by_rules, tag), is_tagged(own, by_rules, tag.key()))
            }
            Mark::Arrived(time) => Mark::Arrived(self.arrived(id).unwrap_or(*time)),
            Mark::LastSeen(last_seen) => Mark::LastSeen(Box::new(self.last_seen(id).unwrap_or(last_seen).clone())),
            Mark::Place(_) => Mark::Place(self.places.of(id)),
        }
    }

    /// True if an article has the mark already. For `Read`, the time does not matter.
    pub fn has(&self, id: ArticleId, mark: &Mark) -> bool {
        match mark {
            Mark::Read(at) => self.is_read(id) == at.is_some(),
            // Another spelling is the same tag.
            Mark::Tagged(tag, is_on) => is_tagged(self.own_tags(id), self.rule_tags(id), tag.key()) == *is_on,
            Mark::Arrived(_) => self.arrived(id).is_some(),
            mark => self.current(id, mark) == *mark,
        }
    }

    /// Applies a change to each of its articles, unless a later change was applied there before.
    pub fn apply(&mut self, change: &Change) {
        self.latest = self.latest.max(change.stamp);
        if let Mark::Place(place) = change.mark {
            let places = Arc::make_mut(&mut self.places);
            return change.articles.iter().for_each(|id| places.set(*id, change.stamp, place));
        }
        for &id in &change.articles {
            self.entry_mut(id).apply(change.stamp, &change.mark);
            if matches!(change.mark, Mark::Hidden(_)) {
                update_hidden(self, id);
            }
        }
    }

    /// True if the change, or a later one, was applied to all its articles.
    pub fn covers(&self, change: &Change) -> bool {
        if matches!(change.mark, Mark::Place(_)) {
            return change.articles.iter().all(|id| self.places.stamp(*id) >= change.stamp);
        }
        let covered = |id: &ArticleId| self.entry(*id).is_some_and(|entry| entry.covers(change.stamp, &change.mark));
        change.articles.iter().all(covered)
    }

    /// Applies all changes of another set of marks. The results of rules stay those of `self`.
    pub fn merge(&mut self, other: &Marks) {
        self.latest = self.latest.max(other.latest);
        if !other.places.is_empty() {
            Arc::make_mut(&mut self.places).merge(&other.places);
        }
        if self.shards.is_empty() {
            (self.shards, self.hidden) = (other.shards.clone(), other.hidden.clone());
            return;
        }
        for (own, other) in self.shards.iter_mut().zip(&other.shards) {
            if own.is_empty() {
                *own = other.clone();
                continue;
            }
            // A shard that both share has nothing to merge, and `make_mut` would copy it.
            if other.is_empty() || Arc::ptr_eq(own, other) {
                continue;
            }
            let own = Arc::make_mut(own);
            for (id, entry) in other.iter() {
                own.entry(*id).or_default().merge(entry);
            }
        }
        let hidden: Vec<ArticleId> = self.hidden.union(&other.hidden).copied().collect();
        hidden.into_iter().for_each(|id| update_hidden(self, id));
    }

    /// The smallest list of changes that produces these marks, oldest first. Articles with the same stamp and mark share a change.
    pub fn changes(&self) -> Vec<Change> {
        self.changes_not_covered_by(&Marks::default())
    }

    /// The changes that `other` does not cover.
    pub fn changes_not_covered_by(&self, other: &Marks) -> Vec<Change> {
        let is_same =
            |shard: usize| other.shards.get(shard).is_some_and(|other| Arc::ptr_eq(&self.shards[shard], other));
        let mut grouped: BTreeMap<(Stamp, Mark), Vec<ArticleId>> = BTreeMap::new();
        let shards = (0..self.shards.len()).filter(|shard| !is_same(*shard));
        for (id, entry) in shards.flat_map(|shard| self.shards[shard].iter()) {
            let known = other.entry(*id);
            let is_known = |(stamp, mark): &(Stamp, Mark)| known.is_some_and(|known| known.covers(*stamp, mark));
            for key in entry.marks().filter(|key| !is_known(key)) {
                grouped.entry(key).or_default().push(*id);
            }
        }
        for (id, (stamp, place)) in self.places.not_covered_by(&other.places) {
            grouped.entry((stamp, Mark::Place(place))).or_default().push(id);
        }
        let change = |((stamp, mark), mut articles): ((Stamp, Mark), Vec<ArticleId>)| {
            // Sorted, since the order of a hash map differs from run to run.
            articles.sort();
            Change { stamp, mark, articles }
        };
        grouped.into_iter().map(change).collect()
    }
}

fn changes_to_move(known: &Marks, from: ArticleId, to: ArticleId) -> Vec<Change> {
    let marks = known.entry(from).into_iter().flat_map(ArticleMarks::marks);
    let marks = marks.filter(|(_, mark)| !matches!(mark, Mark::LastSeen(_)));
    let place = known.places.stamped(from).map(|(stamp, place)| (stamp, Mark::Place(place)));
    let changes = marks.chain(place).map(|(stamp, mark)| Change { stamp, mark, articles: vec![to] });
    changes.filter(|change| !known.covers(change)).collect()
}

/// Updates the set of hidden articles after a change of an article.
fn update_hidden(marks: &mut Marks, id: ArticleId) {
    let is_hidden = marks.rare(id).is_some_and(|rare| rare.hidden.1);
    if is_hidden != marks.hidden.contains(&id) {
        let hidden = Arc::make_mut(&mut marks.hidden);
        if is_hidden {
            hidden.insert(id)
        } else {
            hidden.remove(&id)
        };
    }
}

fn is_hidden_by_rules(marks: &Marks, id: ArticleId) -> bool {
    marks.rule_flags(id).hidden && !marks.is_set(id, &Mark::Hidden(true))
}

/// Compares what the user did; results of rules do not count.
impl PartialEq for Marks {
    fn eq(&self, other: &Marks) -> bool {
        let empty = Shard::new();
        let shard = |marks: &Marks, n: usize| marks.shards.get(n).cloned().unwrap_or_else(|| Arc::new(empty.clone()));
        let is_same = self.latest == other.latest && self.places == other.places;
        is_same && (0..SHARDS).all(|n| shard(self, n) == shard(other, n))
    }
}

/// The articles that are starred, in no particular order.
pub fn starred(marks: &Marks) -> impl Iterator<Item = ArticleId> {
    let entries = marks.shards.iter().flat_map(|shard| shard.iter());
    let own = entries.filter(|(_, entry)| entry.rare.is_some()).map(|(id, _)| *id);
    let by_rules = marks.rule_marks.iter().flat_map(|rules| rules.starred());
    // An article with rare marks is among its own already.
    let by_rules = by_rules.filter(|id| marks.rare(*id).is_none());
    own.chain(by_rules).filter(|id| marks.is_starred(*id))
}

/// The articles that the user or a rule tagged, and those from which the user removed every tag, in no particular order.
pub fn tagged(marks: &Marks) -> impl Iterator<Item = ArticleId> {
    let entries = marks.shards.iter().flat_map(|shard| shard.iter());
    let own = entries.filter(|(_, entry)| entry.rare.as_ref().is_some_and(|rare| rare.tags.len() > 0));
    let by_rules = marks.rule_marks.iter().flat_map(|rules| rules.tagged());
    let by_rules = by_rules.filter(|id| marks.own_tags(*id).is_none_or(|own| own.len() == 0));
    own.map(|(id, _)| *id).chain(by_rules)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::clean;
    use super::super::hybrid_clock::{DeviceId, HybridClock};
    use super::super::text_position::TextPosition;
    use super::*;

    fn id(number: u64) -> ArticleId {
        format!("{number:016x}").parse().expect("an id")
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        time(seconds).expect("a time")
    }

    /// Changes that often concern the same articles, and sometimes have the same stamp.
    fn changes() -> impl Strategy<Value = Vec<Change>> {
        let mark = prop_oneof![
            proptest::option::of(0i64..3).prop_map(|seconds| Mark::Read(seconds.map(at))),
            any::<bool>().prop_map(Mark::Starred),
            any::<bool>().prop_map(Mark::Hidden),
            "[a-c]{0,2}".prop_map(|note| Mark::Note(clean::line(&note))),
            ("[a-bA-B]", any::<bool>())
                .prop_map(|(name, is_on)| Mark::Tagged(Tag::parse(&name).expect("a name"), is_on)),
            (0i64..3).prop_map(|seconds| Mark::Arrived(at(seconds))),
            proptest::option::of(0usize..3).prop_map(|at| Mark::Place(at.map(TextPosition::in_body))),
        ];
        let articles = proptest::collection::vec((0u64..4).prop_map(|n| id(n << 61 | n)), 1..4);
        let stamp = (1i64..5, 0u32..3).prop_map(|(millis, device)| {
            HybridClock::new(DeviceId(device)).tick(DateTime::from_timestamp_millis(millis).expect("a time"))
        });
        let change = (stamp, mark, articles).prop_map(|(stamp, mark, articles)| Change { stamp, mark, articles });
        proptest::collection::vec(change, 0..12)
    }

    fn of(changes: &[Change]) -> Marks {
        let mut marks = Marks::default();
        changes.iter().for_each(|change| marks.apply(change));
        marks
    }

    fn merged(a: &Marks, b: &Marks) -> Marks {
        let mut marks = a.clone();
        marks.merge(b);
        marks
    }

    proptest! {
        #[test]
        fn merging_does_not_depend_on_order_or_repetition(a in changes(), b in changes(), c in changes()) {
            let (x, y, z) = (of(&a), of(&b), of(&c));
            prop_assert_eq!(merged(&x, &y), merged(&y, &x));
            prop_assert_eq!(merged(&merged(&x, &y), &z), merged(&x, &merged(&y, &z)));
            prop_assert_eq!(merged(&x, &x), x.clone());
            // Merging marks equals applying all their changes, in any order.
            let mut all = [b, a, c.clone(), c].concat();
            all.reverse();
            let together = merged(&merged(&x, &y), &z);
            prop_assert_eq!(&of(&all), &together);
            let hidden: Vec<ArticleId> = together.articles().into_iter().filter(|id| together.rare(*id).is_some_and(|rare| rare.hidden.1)).collect();
            prop_assert_eq!(together.hidden().collect::<Vec<_>>(), hidden);
        }

        #[test]
        fn changes_not_covered_by_other_marks_are_all_that_those_lack(a in changes(), b in changes()) {
            let (x, y) = (of(&a), of(&b));
            let beyond = x.changes_not_covered_by(&y);
            prop_assert!(beyond.iter().all(|change| !y.covers(change)));
            let (mut filled, mut all) = (merged(&y, &of(&beyond)), merged(&x, &y));
            // Two changes with one stamp cover each other, so either may win: compare without the stamps.
            (filled.latest, all.latest) = (Stamp::NEVER, Stamp::NEVER);
            prop_assert!(all.changes_not_covered_by(&filled).is_empty() && filled.changes_not_covered_by(&all).is_empty());
            prop_assert!(x.changes_not_covered_by(&x.clone()).is_empty());
        }

        #[test]
        fn marks_can_be_rebuilt_from_their_changes(changes in changes()) {
            let marks = of(&changes);
            prop_assert!(changes.iter().all(|change| marks.covers(change)));
            let mut again = of(&marks.changes());
            // `changes` leaves out a change that a later one covers, so the latest stamp may be missing.
            again.latest = marks.latest;
            prop_assert_eq!(&again, &marks);
            prop_assert_eq!(marks.fields(), marks.changes().iter().map(|change| change.articles.len()).sum::<usize>());
        }
    }

    #[test]
    fn the_later_change_wins_in_each_field() {
        let mut clock = HybridClock::new(DeviceId(1));
        let mut change = |mark| Change { stamp: clock.tick(at(9)), mark, articles: vec![id(1)] };
        let (read, star) = (change(Mark::Read(Some(at(5)))), change(Mark::Starred(true)));
        let unread = change(Mark::Read(None));
        let marks = of(&[unread.clone(), read.clone(), star.clone()]);
        assert!(!marks.is_read(id(1)) && marks.is_starred(id(1)) && !marks.is_hidden(id(1)));
        assert_eq!(marks.latest(), unread.stamp);
        assert_eq!(of(&[star, read]).read_at(id(1)), Some(at(5)));
    }

    #[test]
    fn a_change_to_shared_marks_copies_one_shard_and_leaves_the_original() {
        let mut marks = Marks::default();
        let change = |mark, articles: Vec<u64>| {
            let articles = articles.into_iter().map(|n| id(n << 56)).collect();
            Change { stamp: HybridClock::default().tick(at(1)), mark, articles }
        };
        marks.apply(&change(Mark::Starred(true), (0..256).collect()));
        let before = marks.clone();
        marks.apply(&change(Mark::Read(Some(at(1))), vec![7]));
        assert!(marks.is_read(id(7 << 56)) && !before.is_read(id(7 << 56)));
        let shared = marks.shards.iter().zip(&before.shards).filter(|(a, b)| Arc::ptr_eq(a, b)).count();
        assert_eq!(shared, 255);
    }
}
