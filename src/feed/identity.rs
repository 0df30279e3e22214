//! Keeps marks on their article when files are edited, moved, copied, or joined by others with the same id.
//!
//! A file alone determines the [`ArticleId`] of its article. The [`LastSeenState`] of each marked article decides the cases in
//! which this is not enough: if several articles have one id, the best match keeps it; if no article has an id any more, its
//! marks move to the article with the same file or the same text.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::article::ArticleId;
use super::columnar_feed::Columns;
use super::last_seen_state::{ArticleHashes, LastSeenState};
use super::marks::Marks;
use super::record::{Record, has};
use super::shared_identity;

/// Limit of states recorded in one pass for articles that are read but not starred, hidden or noted: a million states would
/// take 150 MB in the journal of marks. Starred, hidden and noted articles have no limit.
const MAX_READ_ONLY: usize = 100_000;
/// Limit of candidates for the marks of one missing article.
const MAX_CANDIDATES: usize = 16;

/// How the ids of a feed must change so that marks stay on their articles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identities {
    /// The index and the new id of each article whose id differs from the one that its file gives it.
    pub overrides: BTreeMap<usize, ArticleId>,
    /// Marks to move: from an id that no article has any more to one that exists.
    pub moved: Vec<(ArticleId, ArticleId)>,
    /// Marks to copy: from a marked article to a former copy of it, which an edit made an article of its own.
    pub copied: Vec<(ArticleId, ArticleId)>,
    /// Last-seen states to record.
    pub last_seen: Vec<(ArticleId, LastSeenState)>,
}

impl Identities {
    /// Compares the last-seen states of the marks with a feed. Overrides that the columns have already make no difference.
    pub fn of(columns: &Columns, marks: &Marks) -> Identities {
        let overrides = overrides(columns, marks);
        let by_id = overrides.iter().map(|(index, id)| (*id, *index)).collect();
        let resolver = Resolver { columns, marks, overrides: &overrides, by_id };
        let (moved, copied) = (resolver.moved(), resolver.copied());
        let last_seen = resolver.last_seen(&moved, &copied);
        Identities { overrides, moved, copied, last_seen }
    }
}

/// The last-seen states to record when `articles` are marked: those that are missing or out of date. At most 100,000.
pub fn missing_last_seen(columns: &Columns, marks: &Marks, articles: &[ArticleId]) -> Vec<(ArticleId, LastSeenState)> {
    let missing = |id: &ArticleId| Some((*id, missing_last_seen_of(columns, marks, *id, columns.index_of(*id)?)?));
    articles.iter().filter_map(missing).take(MAX_READ_ONLY).collect()
}

/// The last-seen state of the article at an index; `None` if it is recorded already.
fn missing_last_seen_of(columns: &Columns, marks: &Marks, id: ArticleId, index: usize) -> Option<LastSeenState> {
    let hashes = columns.hashes(index)?;
    if marks.last_seen(id).is_some_and(|known| known.hashes == hashes && known.moved_to.is_none()) {
        return None;
    }
    Some(LastSeenState { hashes, moved_to: None, title: record(columns, index)?.title()? })
}

fn record(columns: &Columns, index: usize) -> Option<Record<'_>> {
    columns.record(columns.header(index)?.location)
}

/// Finds the articles whose id must differ from the one that their file gives them: index and id.
pub(super) fn overrides(columns: &Columns, marks: &Marks) -> BTreeMap<usize, ArticleId> {
    let mut overrides = BTreeMap::new();
    // Takes `id` from the article `holder`, to which the files give it, and gives it to the article `to`, if any.
    let mut assign = |id: ArticleId, holder: usize, to: Option<usize>| {
        if to == Some(holder) {
            return;
        }
        if let Some(record) = record(columns, holder) {
            overrides.insert(holder, unused_id(columns, &record, holder, to));
            overrides.extend(to.map(|to| (to, id)));
        }
    };
    let mut suspects: Vec<(ArticleId, usize, &LastSeenState)> = Vec::new();
    for (id, last_seen) in marks.all_last_seen().filter(|(_, last_seen)| last_seen.hashes != ArticleHashes::default()) {
        let Some(holder) = columns.index_of_file_id(id) else { continue };
        let (mut best, mut most) = (holder, match_score(columns, holder, last_seen));
        for other in sharing_identity_with(columns, holder) {
            let score = match_score(columns, other, last_seen);
            if score > most {
                (best, most) = (other, score);
            }
        }
        assign(id, holder, (most > 0).then_some(best));
        let differs =
            |hashes: ArticleHashes| hashes.title != last_seen.hashes.title && hashes.text != last_seen.hashes.text;
        if best == holder && most > 0 && columns.all_hashes(holder).all(differs) {
            suspects.push((id, holder, last_seen));
        }
    }
    // The file has new content, and another file has the old content: the article moved and another one replaced it.
    for (id, holder, _) in moved_elsewhere(columns, marks, suspects) {
        assign(id, holder, None);
    }
    // Version 0.1.0 recorded no last-seen states. It showed only the newest of the articles with one id, so that one was
    // marked.
    for id in columns.shared_ids().filter(|id| marks.is_marked(*id) && marks.last_seen(*id).is_none()) {
        let Some(holder) = columns.index_of_file_id(id) else { continue };
        let sharing = columns.sharing(id).filter_map(|other| Some((other, record(columns, other)?)));
        let newest = sharing.min_by(|(_, a), (_, b)| shared_identity::newest_first(a, b, &columns.roots));
        assign(id, holder, newest.map(|(other, _)| other));
    }
    overrides
}

/// How well an article matches a last-seen state, see [`ArticleHashes::match_score`]; the best of its files counts.
fn match_score(columns: &Columns, index: usize, last_seen: &LastSeenState) -> u32 {
    let by_name = columns.header(index).is_some_and(|header| header.has(has::OWN_NAME));
    columns.all_hashes(index).map(|hashes| hashes.match_score(&last_seen.hashes, by_name)).max().unwrap_or(0)
}

/// The articles whose files give them the same id as the article at an index, itself included. Empty if no other article has
/// that id.
fn sharing_identity_with(columns: &Columns, index: usize) -> Vec<usize> {
    let shares_identity = columns.header(index).is_some_and(|header| header.has(has::SHARED_IDENTITY));
    let shared = shares_identity.then(|| record(columns, index)).flatten().map(|record| record.id);
    shared.into_iter().flat_map(|shared| columns.sharing(shared)).collect()
}

/// Keeps the states whose title and text an article without marks has now: the marked article moved there.
fn moved_elsewhere<'a>(
    columns: &Columns,
    marks: &Marks,
    mut last_seen: Vec<(ArticleId, usize, &'a LastSeenState)>,
) -> Vec<(ArticleId, usize, &'a LastSeenState)> {
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
    // Later passes find the marks moved already: then the article there is not without marks, and `found` lacks it.
    let has_moved =
        |last_seen: &LastSeenState| last_seen.moved_to.is_some_and(|to| columns.index_of_file_id(to).is_some());
    last_seen.retain(|(.., last_seen)| {
        has_moved(last_seen) || found.contains(&(last_seen.hashes.text, last_seen.hashes.title))
    });
    last_seen
}

/// A new id for the article `holder`, which loses its id. No article but `holder` and `to` may have the new id already.
fn unused_id(columns: &Columns, record: &Record, holder: usize, to: Option<usize>) -> ArticleId {
    let mut id = shared_identity::separate_id(record);
    while columns.index_of_file_id(id).is_some_and(|index| index != holder && Some(index) != to) {
        id = shared_identity::next_id(id, record);
    }
    id
}

/// A feed with its overrides, and the marks to resolve in it.
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

    /// The index of the article that has an id with the overrides applied.
    fn index_of(&self, id: ArticleId) -> Option<usize> {
        let own = self.columns.index_of_file_id(id).filter(|index| !self.overrides.contains_key(index));
        own.or_else(|| self.by_id.get(&id).copied())
    }

    /// Finds the new ids of marks whose id no article has any more.
    fn moved(&self) -> Vec<(ArticleId, ArticleId)> {
        let gone = self.marks.all_last_seen().filter(|(id, _)| self.index_of(*id).is_none());
        let (mut moved, mut wanted) = (Vec::new(), Vec::new());
        for (id, last_seen) in gone {
            match last_seen.moved_to.filter(|to| self.index_of(*to).is_some()) {
                // They moved before, but another device may have set marks under the old id since then.
                Some(to) => moved.push((id, to)),
                None => wanted.push((id, last_seen, Vec::new())),
            }
        }
        if wanted.is_empty() {
            return moved;
        }
        let (mut by_file, mut by_text): (HashMap<u64, Vec<usize>>, HashMap<u64, Vec<usize>>) = Default::default();
        // A note without text can only be found by its title.
        let mut by_title: HashMap<u32, Vec<usize>> = HashMap::new();
        for (number, (_, LastSeenState { hashes, .. }, _)) in wanted.iter().enumerate() {
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

    /// The id of the candidate that gets the marks of the missing article `gone`; `None` if there is no clear match.
    fn successor(
        &self,
        gone: ArticleId,
        last_seen: &LastSeenState,
        candidates: &[(usize, ArticleHashes)],
    ) -> Option<ArticleId> {
        // An article with marks of its own is another article, unless its marks moved to the missing one before: then the
        // file was edited and the edit was undone.
        let moved_here =
            |id: ArticleId| self.marks.last_seen(id).is_some_and(|last_seen| last_seen.moved_to == Some(gone));
        let is_free = |id: ArticleId| !self.marks.is_marked(id) || moved_here(id);
        let free = candidates.iter().filter_map(|(index, hashes)| Some((*index, *hashes, self.id(*index)?)));
        let free: Vec<_> = free.filter(|(_, _, id)| is_free(*id)).collect();
        let by_name = |index: usize| self.columns.header(index).is_some_and(|header| header.has(has::OWN_NAME));
        let shares_title = |hashes: &ArticleHashes| hashes.title == last_seen.hashes.title;
        let shares_file = |hashes: &ArticleHashes| hashes.file == last_seen.hashes.file;
        let shares_text = |hashes: &ArticleHashes| hashes.shares_text_with(&last_seen.hashes);
        // An article that was seen before the state was recorded existed beside the marked one, so it is another article.
        let recorded = self.marks.last_seen_at(gone)?;
        let is_later = |id: ArticleId| self.marks.arrived(id).is_none_or(|arrived| arrived >= recorded);
        type Candidate = (usize, ArticleHashes, ArticleId);
        // If several articles fit a rule equally, a guess could move the marks to the wrong one: try the next rule.
        let only = |fits: &dyn Fn(&Candidate) -> bool| {
            let mut found: Vec<ArticleId> = free.iter().filter(|one| fits(one)).map(|(.., id)| *id).collect();
            // Files of one article are neighbours, because candidates were collected in the order of the feed.
            found.dedup();
            found.first().copied().filter(|_| found.len() == 1)
        };
        let has_both = |(_, hashes, id): &Candidate| shares_text(hashes) && shares_title(hashes) && is_later(*id);
        let in_place = |one: &Candidate| has_both(one) && one.1.below == last_seen.hashes.below;
        // Title or text must remain: a program that overwrites `001.md` with another page has not edited the article.
        let edited = |(_, hashes, _): &Candidate| shares_file(hashes) && (shares_title(hashes) || shares_text(hashes));
        // Pages of one site may share a boilerplate text, so the text alone counts only for articles without a link.
        let same_text = |(index, hashes, id): &Candidate| shares_text(hashes) && !by_name(*index) && is_later(*id);
        let same_file = |(index, hashes, _): &Candidate| shares_file(hashes) && !by_name(*index);
        let empty = |(index, hashes, id): &Candidate| {
            hashes.text == 0
                && last_seen.hashes.text == 0
                && shares_title(hashes)
                && self.has_only_path_identity(*index)
                && is_later(*id)
        };
        // The surest rule comes first.
        let rules: [&dyn Fn(&Candidate) -> bool; 6] = [&in_place, &has_both, &edited, &same_text, &same_file, &empty];
        rules.into_iter().find_map(only)
    }

    /// True if the id of an article comes from its path, because it has neither a link nor a date.
    fn has_only_path_identity(&self, index: usize) -> bool {
        self.columns.header(index).is_some_and(|header| !header.has(has::OWN_NAME) && header.published.is_none())
    }

    /// Finds former copies of a marked article that an edit made articles of their own. They get its marks, because those were
    /// set on all copies.
    fn copied(&self) -> Vec<(ArticleId, ArticleId)> {
        let mut copied = Vec::new();
        for (id, last_seen) in self.marks.all_last_seen() {
            let Some(holder) = self.index_of(id) else { continue };
            for other in sharing_identity_with(self.columns, holder).into_iter().filter(|other| *other != holder) {
                let was_copy = |hashes: ArticleHashes| {
                    hashes.file == last_seen.hashes.file || hashes.shares_text_with(&last_seen.hashes)
                };
                let Some(to) = self.id(other).filter(|to| !self.marks.is_marked(*to)) else { continue };
                if self.columns.all_hashes(other).any(was_copy) {
                    copied.push((id, to));
                }
            }
        }
        copied
    }

    /// The last-seen states to record: of marked articles, and of articles whose marks are moved or copied.
    fn last_seen(
        &self,
        moved: &[(ArticleId, ArticleId)],
        copied: &[(ArticleId, ArticleId)],
    ) -> Vec<(ArticleId, LastSeenState)> {
        let mut found: Vec<(ArticleId, LastSeenState)> = Vec::new();
        for (from, to) in moved {
            if let Some(last_seen) = self.marks.last_seen(*from).filter(|last_seen| last_seen.moved_to != Some(*to)) {
                found.push((*from, LastSeenState { moved_to: Some(*to), ..last_seen.clone() }));
            }
        }
        let mut only_read = 0;
        let marked = self
            .marks
            .marked()
            .chain(moved.iter().chain(copied).map(|(from, to)| (*to, self.marks.has_more_than_read(*from))));
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

    /// Pseudo-random numbers, reproducible from a seed.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) as usize % sides
        }
    }

    /// A file of the library; `number` is the same after every edit.
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
            // Articles about one page differ in title or fragment; others may have the same title and day.
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

    /// The state of a session: files, and marks.
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

        /// Loads the files, resolves ids, and records what follows from that in the marks.
        fn reload(&mut self) -> Feed {
            let articles = self.files.iter().map(|file| Arc::new(file.article())).collect();
            let feed = Feed::new(articles, now());
            let found = Identities::of(feed.columns(), &self.marks);
            self.marks.move_marks(&found.moved, &found.copied);
            found.last_seen.into_iter().for_each(|(id, last_seen)| self.set(Mark::LastSeen(Box::new(last_seen)), id));
            let feed = feed.with_identities(&found.overrides);
            assert_eq!(
                Identities::of(feed.columns(), &self.marks).overrides,
                found.overrides,
                "a second pass changes nothing"
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
    fn a_star_stays_on_its_article_when_files_change() {
        edit_files(20);
    }

    #[test]
    #[ignore = "heavy"]
    fn a_star_stays_on_its_article_when_files_change_in_150_sessions() {
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
                let feed = session.reload();
                let ids: BTreeSet<ArticleId> = feed.iter().map(|article| article.id).collect();
                assert_eq!(
                    (ids.len(), feed.len()),
                    (session.files.len(), session.files.len()),
                    "{seed}.{step}: ids are unique"
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
