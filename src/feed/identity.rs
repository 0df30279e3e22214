//! Identities: which article of a feed each set of marks belongs to, though files were edited, moved, or joined by others
//! that say the same of themselves.
//!
//! An article is known by what its file says (see [`ArticleId`]), whatever else is loaded. The [`LastSeen`] of a marked article
//! decides the rest: of several articles with one identity the one that fits the trace has it; and when an identity is gone,
//! its marks go to the article with the same file or the same text.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::article::ArticleId;
use super::columns::Columns;
use super::last_seen::{ArticleHashes, LastSeen};
use super::marks::Marks;
use super::record::{Record, has};
use super::shared_identity;

/// At most this many traces are recorded for articles that are only read: a million of them would be 150 MB of journal.
/// Starred, noted and hidden articles always have theirs recorded.
const MAX_READ_ONLY: usize = 100_000;
/// At most this many candidates are considered for the marks of an article that is gone.
const MAX_CANDIDATES: usize = 16;

/// What the marks say about the identities in a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identities {
    /// Articles that have another identity than their file gives them, by their places.
    pub overrides: BTreeMap<usize, ArticleId>,
    /// Marks that go along: from an identity that is gone to one that is there.
    pub moved: Vec<(ArticleId, ArticleId)>,
    /// Marks that a former copy of a marked article gets, now that it is another article.
    pub copied: Vec<(ArticleId, ArticleId)>,
    /// Traces that are not recorded yet.
    pub last_seen: Vec<(ArticleId, LastSeen)>,
}

impl Identities {
    /// What marks say of the identities in a feed. It does not matter whether its columns have been [`Columns::with_identities`].
    pub fn of(columns: &Columns, marks: &Marks) -> Identities {
        let overrides = overrides(columns, marks);
        let by_id = overrides.iter().map(|(index, id)| (*id, *index)).collect();
        let known = Resolver { columns, marks, overrides: &overrides, by_id };
        let (moved, copied) = (known.moved(), known.copied());
        let last_seen = known.last_seen(&moved, &copied);
        Identities { overrides, moved, copied, last_seen }
    }
}

/// The traces that articles need once they are marked, and do not have yet.
pub fn missing_last_seen(columns: &Columns, marks: &Marks, articles: &[ArticleId]) -> Vec<(ArticleId, LastSeen)> {
    let missing = |id: &ArticleId| Some((*id, missing_last_seen_of(columns, marks, *id, columns.index_of(*id)?)?));
    articles.iter().filter_map(missing).take(MAX_READ_ONLY).collect()
}

/// The trace of an article; none when it is recorded already.
fn missing_last_seen_of(columns: &Columns, marks: &Marks, id: ArticleId, index: usize) -> Option<LastSeen> {
    let hashes = columns.hashes(index)?;
    if marks.last_seen(id).is_some_and(|known| known.hashes == hashes && known.moved_to.is_none()) {
        return None;
    }
    Some(LastSeen { hashes, moved_to: None, title: record(columns, index)?.title()? })
}

fn record(columns: &Columns, index: usize) -> Option<Record<'_>> {
    columns.record(columns.header(index)?.address)
}

/// Who has an identity, where the files alone say it otherwise.
pub(super) fn overrides(columns: &Columns, marks: &Marks) -> BTreeMap<usize, ArticleId> {
    let mut overrides = BTreeMap::new();
    let mut assign = |id: ArticleId, holder: usize, to: Option<usize>| {
        if to == Some(holder) {
            return;
        }
        if let Some(record) = record(columns, holder) {
            overrides.insert(holder, unused_id(columns, &record, holder, to));
            overrides.extend(to.map(|to| (to, id)));
        }
    };
    let mut suspects: Vec<(ArticleId, usize, &LastSeen)> = Vec::new();
    for (id, last_seen) in marks.all_last_seen().filter(|(_, last_seen)| last_seen.hashes != ArticleHashes::default()) {
        let Some(holder) = columns.index_of_file_id(id) else { continue };
        let (mut best, mut most) = (holder, match_score(columns, holder, last_seen));
        for twin in sharing_identity_with(columns, holder) {
            let like = match_score(columns, twin, last_seen);
            if like > most {
                (best, most) = (twin, like);
            }
        }
        assign(id, holder, (most > 0).then_some(best));
        let differs =
            |hashes: ArticleHashes| hashes.title != last_seen.hashes.title && hashes.text != last_seen.hashes.text;
        if best == holder && most > 0 && columns.all_hashes(holder).all(differs) {
            suspects.push((id, holder, last_seen));
        }
    }
    // The file says something else now, and another file says what it said: the article moved and another took its place.
    for (id, holder, _) in moved_elsewhere(columns, marks, suspects) {
        assign(id, holder, None);
    }
    // Version 0.1.0 recorded no traces. It showed the newest of the articles that share an identity, so that one was marked.
    for id in columns.shared_ids().filter(|id| marks.is_marked(*id) && marks.last_seen(*id).is_none()) {
        let Some(holder) = columns.index_of_file_id(id) else { continue };
        let twins = columns.sharing(id).filter_map(|twin| Some((twin, record(columns, twin)?)));
        let newest = twins.min_by(|(_, a), (_, b)| shared_identity::newest_first(a, b, &columns.roots));
        assign(id, holder, newest.map(|(twin, _)| twin));
    }
    overrides
}

/// How much speaks for an article to be the one of a trace.
fn match_score(columns: &Columns, index: usize, last_seen: &LastSeen) -> u32 {
    let by_link = columns.header(index).is_some_and(|header| header.has(has::OWN_LINK));
    columns.all_hashes(index).map(|hashes| hashes.match_score(&last_seen.hashes, by_link)).max().unwrap_or(0)
}

/// The articles that share the identity which the file of one gives it; none where no other does.
fn sharing_identity_with(columns: &Columns, index: usize) -> Vec<usize> {
    let shares_identity = columns.header(index).is_some_and(|header| header.has(has::SHARED_IDENTITY));
    let shared = shares_identity.then(|| record(columns, index)).flatten().map(|record| record.id);
    shared.into_iter().flat_map(|shared| columns.sharing(shared)).collect()
}

/// Those traces whose title and text another article has, which has no marks of its own.
fn moved_elsewhere<'a>(
    columns: &Columns,
    marks: &Marks,
    mut last_seen: Vec<(ArticleId, usize, &'a LastSeen)>,
) -> Vec<(ArticleId, usize, &'a LastSeen)> {
    if last_seen.is_empty() {
        return last_seen;
    }
    let wanted: HashSet<(u64, u32)> = last_seen
        .iter()
        .map(|(.., last_seen)| (last_seen.hashes.text, last_seen.hashes.title))
        .filter(|(text, _)| *text != 0)
        .collect();
    let mut found: HashSet<(u64, u32)> = HashSet::new();
    for index in 0..columns.count() {
        let Some(hashes) = columns.hashes(index) else { break };
        let is_free = || columns.file_id(index).is_some_and(|id| !marks.is_marked(id));
        if wanted.contains(&(hashes.text, hashes.title)) && is_free() {
            found.insert((hashes.text, hashes.title));
        }
    }
    // Or its marks have moved there already.
    let has_moved = |last_seen: &LastSeen| last_seen.moved_to.is_some_and(|to| columns.index_of_file_id(to).is_some());
    last_seen.retain(|(.., last_seen)| {
        has_moved(last_seen) || found.contains(&(last_seen.hashes.text, last_seen.hashes.title))
    });
    last_seen
}

/// An identity of its own for the article that had a shared one; `to` has it from now on.
fn unused_id(columns: &Columns, record: &Record, holder: usize, to: Option<usize>) -> ArticleId {
    let mut id = shared_identity::separate_id(record);
    while columns.index_of_file_id(id).is_some_and(|index| index != holder && Some(index) != to) {
        id = shared_identity::next_id(id, record);
    }
    id
}

struct Resolver<'a> {
    columns: &'a Columns,
    marks: &'a Marks,
    overrides: &'a BTreeMap<usize, ArticleId>,
    by_id: HashMap<ArticleId, usize>,
}

impl Resolver<'_> {
    fn id(&self, index: usize) -> Option<ArticleId> {
        self.overrides.get(&index).copied().or_else(|| self.columns.file_id(index))
    }

    /// The place of the article that has an identity now.
    fn index_of(&self, id: ArticleId) -> Option<usize> {
        let own = self.columns.index_of_file_id(id).filter(|index| !self.overrides.contains_key(index));
        own.or_else(|| self.by_id.get(&id).copied())
    }

    /// Finds the articles of marks whose identity is gone.
    fn moved(&self) -> Vec<(ArticleId, ArticleId)> {
        let gone = self.marks.all_last_seen().filter(|(id, _)| self.index_of(*id).is_none());
        let (mut moved, mut wanted) = (Vec::new(), Vec::new());
        for (id, last_seen) in gone {
            match last_seen.moved_to.filter(|to| self.index_of(*to).is_some()) {
                // Another device may have marked the old identity since.
                Some(to) => moved.push((id, to)),
                None => wanted.push((id, last_seen, Vec::new())),
            }
        }
        if wanted.is_empty() {
            return moved;
        }
        let (mut by_file, mut by_text): (HashMap<u64, Vec<usize>>, HashMap<u64, Vec<usize>>) = Default::default();
        // A note without text has nothing but its title.
        let mut by_title: HashMap<u32, Vec<usize>> = HashMap::new();
        for (number, (_, LastSeen { hashes, .. }, _)) in wanted.iter().enumerate() {
            by_file.entry(hashes.file).or_default().push(number);
            match hashes.text {
                0 => by_title.entry(hashes.title).or_default().push(number),
                text => by_text.entry(text).or_default().push(number),
            }
        }
        let none = Vec::new();
        for index in 0..self.columns.count() {
            let Some(hashes) = self.columns.hashes(index) else { break };
            let is_empty = hashes.text == 0 && self.has_only_path_identity(index);
            let others = self.columns.header(index).is_some_and(|header| header.has(has::OTHER_FILES));
            let all = if others { self.columns.all_hashes(index).collect() } else { vec![hashes] };
            for hashes in all {
                let of_title = if is_empty { by_title.get(&hashes.title) } else { None }.unwrap_or(&none);
                let of_file = by_file.get(&hashes.file).unwrap_or(&none);
                let of_text = by_text.get(&hashes.text).unwrap_or(&none);
                for number in of_file.iter().chain(of_text).chain(of_title) {
                    let Some((_, _, candidates)) = wanted.get_mut(*number) else { continue };
                    let candidates: &mut Vec<(usize, ArticleHashes)> = candidates;
                    if candidates.len() < MAX_CANDIDATES
                        && !candidates.iter().any(|known| known.0 == index && known.1 == hashes)
                    {
                        candidates.push((index, hashes));
                    }
                }
            }
        }
        moved.extend(
            wanted.into_iter().filter_map(|(id, last_seen, found)| Some((id, self.successor(id, last_seen, &found)?))),
        );
        moved
    }

    /// Which of several articles has the marks of one that is gone.
    fn successor(
        &self,
        gone: ArticleId,
        last_seen: &LastSeen,
        candidates: &[(usize, ArticleHashes)],
    ) -> Option<ArticleId> {
        // An article with marks of its own is another article, unless its marks moved to the one that is gone.
        let moved_here =
            |id: ArticleId| self.marks.last_seen(id).is_some_and(|last_seen| last_seen.moved_to == Some(gone));
        let is_free = |id: ArticleId| !self.marks.is_marked(id) || moved_here(id);
        let free = candidates.iter().filter_map(|(index, hashes)| Some((*index, *hashes, self.id(*index)?)));
        let free: Vec<_> = free.filter(|(_, _, id)| is_free(*id)).collect();
        let by_link = |index: usize| self.columns.header(index).is_some_and(|header| header.has(has::OWN_LINK));
        let shares_title = |hashes: &ArticleHashes| hashes.title == last_seen.hashes.title;
        let shares_file = |hashes: &ArticleHashes| hashes.file == last_seen.hashes.file;
        let shares_text = |hashes: &ArticleHashes| hashes.shares_text_with(&last_seen.hashes);
        // An article that existed beside the marked one is another article.
        let recorded = self.marks.last_seen_at(gone)?;
        let is_later = |id: ArticleId| self.marks.arrived(id).is_none_or(|arrived| arrived >= recorded);
        type Candidate = (usize, ArticleHashes, ArticleId);
        let only = |fits: &dyn Fn(&Candidate) -> bool| {
            let mut found: Vec<ArticleId> = free.iter().filter(|one| fits(one)).map(|(.., id)| *id).collect();
            found.dedup();
            found.first().copied().filter(|_| found.len() == 1)
        };
        let has_both = |(_, hashes, id): &Candidate| shares_text(hashes) && shares_title(hashes) && is_later(*id);
        let in_place = |one: &Candidate| has_both(one) && one.1.below == last_seen.hashes.below;
        // A program that overwrites 001.md with another page has not edited the article.
        let edited = |(_, hashes, _): &Candidate| shares_file(hashes) && (shares_title(hashes) || shares_text(hashes));
        // Pages of one site may share a boilerplate text. A note without a link has nothing but its text or its file.
        let same_text = |(index, hashes, id): &Candidate| shares_text(hashes) && !by_link(*index) && is_later(*id);
        let same_file = |(index, hashes, _): &Candidate| shares_file(hashes) && !by_link(*index);
        let empty = |(index, hashes, id): &Candidate| {
            hashes.text == 0
                && last_seen.hashes.text == 0
                && shares_title(hashes)
                && self.has_only_path_identity(*index)
                && is_later(*id)
        };
        let rules: [&dyn Fn(&Candidate) -> bool; 6] = [&in_place, &has_both, &edited, &same_text, &same_file, &empty];
        rules.into_iter().find_map(only)
    }

    /// Whether nothing but its path says who an article is.
    fn has_only_path_identity(&self, index: usize) -> bool {
        self.columns.header(index).is_some_and(|header| !header.has(has::OWN_LINK) && header.published.is_none())
    }

    /// Former copies of a marked article, which became articles of their own by an edit. The mark was on all copies.
    fn copied(&self) -> Vec<(ArticleId, ArticleId)> {
        let mut copied = Vec::new();
        for (id, last_seen) in self.marks.all_last_seen() {
            let Some(holder) = self.index_of(id) else { continue };
            for twin in sharing_identity_with(self.columns, holder).into_iter().filter(|twin| *twin != holder) {
                let was_copy = |hashes: ArticleHashes| {
                    hashes.file == last_seen.hashes.file || hashes.shares_text_with(&last_seen.hashes)
                };
                let Some(to) = self.id(twin).filter(|to| !self.marks.is_marked(*to)) else { continue };
                if self.columns.all_hashes(twin).any(was_copy) {
                    copied.push((id, to));
                }
            }
        }
        copied
    }

    /// Traces that are to be recorded: of what is marked, and of what was moved.
    fn last_seen(
        &self,
        moved: &[(ArticleId, ArticleId)],
        copied: &[(ArticleId, ArticleId)],
    ) -> Vec<(ArticleId, LastSeen)> {
        let mut found: Vec<(ArticleId, LastSeen)> = Vec::new();
        for (from, to) in moved {
            if let Some(last_seen) = self.marks.last_seen(*from).filter(|last_seen| last_seen.moved_to != Some(*to)) {
                found.push((*from, LastSeen { moved_to: Some(*to), ..last_seen.clone() }));
            }
        }
        let mut only_read = 0;
        let marked = self
            .marks
            .marked()
            .chain(moved.iter().chain(copied).map(|(from, to)| (*to, self.marks.is_more_than_read(*from))));
        for (id, more) in marked {
            if !more && only_read >= MAX_READ_ONLY {
                continue;
            }
            let last_seen =
                self.index_of(id).and_then(|index| missing_last_seen_of(self.columns, self.marks, id, index));
            only_read += usize::from(!more && last_seen.is_some());
            found.extend(last_seen.map(|last_seen| (id, last_seen)));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use chrono::{DateTime, TimeDelta, Utc};

    use super::super::hybrid_clock::{DeviceId, HybridClock};
    use super::super::{Article, Change, Feed, Link, Mark};
    use super::*;
    use crate::dates::Date;

    fn now() -> DateTime<Utc> {
        "2021-02-20T12:00:00Z".parse().expect("a time")
    }

    /// Numbers that look random and are the same every time.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) as usize % sides
        }
    }

    /// A file: `number` stays the same whatever is edited.
    #[derive(Clone)]
    struct File {
        number: usize,
        path: String,
        title: usize,
        day: Option<i64>,
        page: Option<usize>,
        edits: usize,
    }

    impl File {
        fn new(number: usize, dice: &mut Dice) -> File {
            let page = (dice.roll(2) == 0).then(|| dice.roll(2));
            let day = (dice.roll(4) > 0).then(|| dice.roll(2) as i64);
            File { number, path: format!("{number}.md"), title: dice.roll(3), day, page, edits: 0 }
        }

        fn article(&self) -> Article {
            // Articles about one page differ in their titles or behind `#`; others may have one title and day.
            let (title, part) = match self.number % 3 {
                0 => (format!("Title {}", self.title % 3), format!("#{}", self.number)),
                1 => (format!("Title {} of {}", self.title % 3, self.number), String::new()),
                _ => (format!("Title {} of {}", self.title % 3, self.number), "#part".to_owned()),
            };
            let published = self.day.map(|day| Date::from(now() - TimeDelta::days(day + 1)));
            let link = self.page.map(|page| Link::read(&format!("https://e.org/{page}{part}")));
            Article::builder(&title)
                .path(&self.path)
                .body(&format!("The text of the file {} in its version {}.", self.number, self.edits))
                .with(|article| (article.published, article.link) = (published, link))
                .build()
        }
    }

    /// What a session does: articles, the marks, and who is who among them.
    struct Session {
        files: Vec<File>,
        marks: Marks,
        clock: HybridClock,
    }

    impl Session {
        fn set(&mut self, mark: Mark, id: ArticleId) {
            let change = Change { stamp: self.clock.tick(now()), mark, articles: vec![id] };
            self.marks.apply(&change);
        }

        /// The articles as the marks know them; what follows from that is recorded.
        fn look(&mut self) -> Feed {
            let articles = self.files.iter().map(|file| Arc::new(file.article())).collect();
            let feed = Feed::new(articles, now());
            let found = Identities::of(feed.columns(), &self.marks);
            self.marks.move_marks(&found.moved, &found.copied);
            found.last_seen.into_iter().for_each(|(id, last_seen)| self.set(Mark::LastSeen(Box::new(last_seen)), id));
            let feed = feed.with_identities(&found.overrides);
            assert_eq!(
                Identities::of(feed.columns(), &self.marks).overrides,
                found.overrides,
                "to look again changes nothing"
            );
            feed
        }

        fn starred(&self, feed: &Feed) -> BTreeSet<usize> {
            let starred = feed.iter().filter(|article| self.marks.is_starred(article.id));
            let number = |article: Arc<Article>| article.body.untrusted().split(' ').nth(5)?.parse().ok();
            starred.filter_map(number).collect()
        }
    }

    #[test]
    fn a_star_stays_on_its_article_whatever_happens_to_files() {
        edit_files(20);
    }

    #[test]
    #[ignore = "heavy"]
    fn a_star_stays_on_its_article_whatever_happens_to_files_for_long() {
        edit_files(150);
    }

    fn edit_files(sessions: u64) {
        for seed in 0..sessions {
            let mut dice = Dice(seed);
            let mut session =
                Session { files: Vec::new(), marks: Marks::default(), clock: HybridClock::new(DeviceId(1)) };
            let mut expected: BTreeSet<usize> = BTreeSet::new();
            for step in 0..30 {
                let at = dice.roll(session.files.len().max(1));
                match (dice.roll(10), session.files.get_mut(at)) {
                    (0..3, _) | (_, None) => {
                        let file = File::new(step, &mut dice);
                        session.files.push(file);
                    }
                    (3, Some(_)) => drop(session.files.remove(at)),
                    (4, Some(file)) => file.title += 1,
                    (5, Some(file)) => file.day = file.day.map_or(Some(1), |day| (day < 3).then_some(day + 1)),
                    (6, Some(file)) => file.page = file.page.map_or(Some(0), |page| (page < 2).then_some(page + 1)),
                    (7, Some(file)) => file.path = format!("{step}/{}.md", file.number),
                    (8, Some(file)) => file.edits += 1,
                    (_, Some(_)) => {}
                }
                let feed = session.look();
                let ids: BTreeSet<ArticleId> = feed.iter().map(|article| article.id).collect();
                assert_eq!(
                    (ids.len(), feed.len()),
                    (session.files.len(), session.files.len()),
                    "{seed}.{step}: each its own"
                );
                assert!(ids.iter().all(|id| feed.find(*id).is_some_and(|article| article.id == *id)), "{seed}.{step}");
                expected.retain(|number| session.files.iter().any(|file| file.number == *number));
                assert_eq!(session.starred(&feed), expected, "{seed}.{step}");
                let article = feed.read(dice.roll(feed.len().max(1))).filter(|_| dice.roll(3) == 0);
                if let Some(article) = article {
                    session.set(Mark::Starred(true), article.id);
                    for (id, last_seen) in missing_last_seen(feed.columns(), &session.marks, &[article.id]) {
                        session.set(Mark::LastSeen(Box::new(last_seen)), id);
                    }
                    expected = session.starred(&feed);
                }
            }
        }
    }
}
