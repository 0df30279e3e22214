//! The identity of the items of a document: which article each of them is.
//!
//! A document is not to be trusted with identity: guids repeat, change all at once, or are one constant for the whole channel. So
//! an item is an article that is known only if more than one thing says so, and in doubt it is a new article: a doubled article
//! is a nuisance, but an article in the file of another is a loss.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::fingerprint::{Fingerprint, IdSource, hash_of_link};
use super::item_id::ItemId;

/// Fewer items never count as a channel that changed all its ids.
const MIN_CHANGED: usize = 5;

/// An item that was written before, or must never be written again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownItem {
    /// Its identity.
    pub id: ItemId,
    /// What it was recognised by when it was seen last.
    pub fingerprint: Fingerprint,
}

/// What is known of a channel before a document is read.
#[derive(Clone, Debug, Default)]
pub struct KnownItems {
    /// The items.
    pub items: Vec<KnownItem>,
    /// Hash of the address of the site, made as those of links in [`Fingerprint`]. A link to it says nothing about an item.
    pub site: Option<u64>,
}

/// The identities of the items of a document, in their order. Items that are equal in everything get one identity; any others get
/// different ones. An identity of `known` is given to an item only if both are the same article.
///
/// An id that one item and one known item have makes them one article, unless two of link, title and day contradict it. An id that
/// several have is not enough: two of link, title, time and text must agree as well, or a link that no other of them has. Without a
/// common id, title, time and text must agree, or the link and two of them. If more than 80 % of the ids are unknown, but titles and
/// days are known, the channel has changed its ids.
pub fn assign_ids(items: &[Fingerprint], known: &KnownItems) -> Vec<ItemId> {
    let mut matching = Matching::new(items, known);
    matching.match_groups();
    matching.match_equal_articles();
    matching.match_changed_ids();
    matching.match_without_ids();
    matching.ids()
}

/// Items and known items that share an id.
#[derive(Default)]
struct Group {
    items: Vec<usize>,
    known: Vec<usize>,
}

/// The search for the known item of each item.
struct Matching<'a> {
    items: &'a [Fingerprint],
    known: &'a KnownItems,
    /// For each item, the first one that is equal to it.
    leaders: Vec<usize>,
    /// The known item of each item.
    found: Vec<Option<usize>>,
    /// True for known items that were found.
    used: Vec<bool>,
    groups: Vec<Group>,
}

impl<'a> Matching<'a> {
    fn new(items: &'a [Fingerprint], known: &'a KnownItems) -> Matching<'a> {
        let mut firsts: HashMap<Equality, usize> = HashMap::new();
        let first = |(at, item)| *firsts.entry(equality(item)).or_insert(at);
        let leaders: Vec<usize> = items.iter().enumerate().map(first).collect();
        let mut groups: Vec<Group> = Vec::new();
        let mut group_of: HashMap<&str, usize> = HashMap::new();
        for (at, item) in items.iter().enumerate().filter(|(at, _)| leaders.get(*at) == Some(at)) {
            let number = *group_of.entry(&item.id).or_insert(groups.len());
            if number == groups.len() {
                groups.push(Group::default());
            }
            groups.get_mut(number).into_iter().for_each(|group| group.items.push(at));
        }
        for (at, item) in known.items.iter().enumerate() {
            let group = group_of.get(&*item.fingerprint.id).and_then(|number| groups.get_mut(*number));
            group.into_iter().for_each(|group| group.known.push(at));
        }
        Matching { found: vec![None; items.len()], used: vec![false; known.items.len()], items, known, leaders, groups }
    }

    fn match_groups(&mut self) {
        let groups = std::mem::take(&mut self.groups);
        for group in &groups {
            match (group.items.as_slice(), group.known.as_slice()) {
                (_, []) => {}
                ([item], [known]) if !self.is_of_site(*item) => {
                    let (Some(a), Some(b)) = (self.items.get(*item), self.known.items.get(*known)) else { continue };
                    if is_same(a, &b.fingerprint, self.known.site) {
                        self.pair(*item, *known);
                    }
                }
                (items, known) => self.match_shared(items, known),
            }
        }
        self.groups = groups;
    }

    /// True if the id of an item is the address of the site, which any item may have.
    fn is_of_site(&self, item: usize) -> bool {
        self.known.site.is_some() && self.items.get(item).map(|item| hash_of_link(&item.id)) == self.known.site
    }

    /// Matches items of one id, from what says most to what says least. What fits several is left alone.
    fn match_shared(&mut self, items: &[usize], known: &[usize]) {
        let site = self.known.site;
        self.match_by(items, known, |one| Some((one.link, one.title, one.published, one.text?)));
        self.match_by(items, known, |one| Some((one.link, one.title?, one.published)));
        self.match_by(items, known, |one| Some((one.title?, one.published)));
        self.match_by(items, known, |one| Some((one.published?, one.text?)));
        self.match_by(items, known, |one| Some((one.title?, one.text?)));
        let own_link = |one: &Fingerprint| one.link.filter(|_| one.link != site && one.source != IdSource::Link);
        // A link that two of them have, or had, is not the link of one article.
        let fingerprint = |at: &usize| self.known.items.get(*at).map(|known| &known.fingerprint);
        let (of_items, of_known) =
            (items.iter().filter_map(|at| self.items.get(*at)), known.iter().filter_map(fingerprint));
        let shared = repeated(of_items.filter_map(own_link)).into_iter().chain(repeated(of_known.filter_map(own_link)));
        let shared: HashSet<u64> = shared.collect();
        let link = |one: &Fingerprint| own_link(one).filter(|link| !shared.contains(link));
        self.match_if(items, known, link, |item, known| is_same(item, known, site));
    }

    /// An item that agrees with a known one in all but the id, or in all but id and time, is the same with another id: some sites
    /// make new ids for every request, and some have the time of the request as that of every item.
    fn match_equal_articles(&mut self) {
        let items: Vec<usize> =
            self.leaders.iter().enumerate().filter(|(at, leader)| at == *leader).map(|(at, _)| at).collect();
        let known: Vec<usize> = (0..self.known.items.len()).collect();
        let site = self.known.site;
        let own_link = |one: &Fingerprint| one.link.filter(|_| one.link != site);
        self.match_by(&items, &known, |one| Some((one.title, one.exact_time()?, one.text?)));
        self.match_by(&items, &known, |one| Some((own_link(one)?, one.title?, one.exact_time()?)));
        self.match_by(&items, &known, |one| Some((own_link(one)?, one.title?, one.text?)));
    }

    /// If most ids of the document are unknown, but titles and days are not, the channel has new ids for old items.
    fn match_changed_ids(&mut self) {
        let is_leader = |at: &usize| self.leaders.get(*at) == Some(at);
        let leaders = (0..self.items.len()).filter(is_leader).count();
        let is_new = |group: &&Group| group.known.is_empty();
        let new: Vec<usize> = self.groups.iter().filter(is_new).flat_map(|group| group.items.clone()).collect();
        if new.len() < MIN_CHANGED || new.len() * 5 <= leaders * 4 {
            return;
        }
        let free: Vec<usize> = (0..self.used.len()).filter(|at| self.used.get(*at) == Some(&false)).collect();
        let before = (self.found.clone(), self.used.clone());
        // Of two articles with one title on one day, each is known by its text.
        self.match_by(&new, &free, |one| Some((one.title?, one.day()?, one.text?)));
        self.match_by(&new, &free, |one| Some((one.title?, one.published?)));
        self.match_by(&new, &free, |one| Some((one.title?, one.day()?)));
        let matched = new.iter().filter(|at| self.found.get(**at).is_some_and(Option::is_some)).count();
        if matched < MIN_CHANGED || matched * 5 <= new.len() * 4 {
            (self.found, self.used) = before;
        }
    }

    /// An item that has neither guid nor link, and whose text was edited, is known by title and time.
    fn match_without_ids(&mut self) {
        let is_text = |one: &Fingerprint| one.source == IdSource::Text;
        let items: Vec<usize> =
            self.items.iter().enumerate().filter(|(_, one)| is_text(one)).map(|(at, _)| at).collect();
        let items: Vec<usize> = items.into_iter().filter(|at| self.leaders.get(*at) == Some(at)).collect();
        let known = self.known.items.iter().enumerate().filter(|(_, one)| is_text(&one.fingerprint));
        let known: Vec<usize> = known.map(|(at, _)| at).collect();
        self.match_by(&items, &known, |one| Some((one.title?, one.exact_time()?)));
    }

    /// Pairs what is left of items and known items where a key is on each side once.
    fn match_by<K: Hash + Eq>(&mut self, items: &[usize], known: &[usize], key: impl Fn(&Fingerprint) -> Option<K>) {
        self.match_if(items, known, key, |_, _| true);
    }

    /// Like [`Matching::match_by`], for pairs that pass a test.
    fn match_if<K: Hash + Eq>(
        &mut self,
        items: &[usize],
        known: &[usize],
        key: impl Fn(&Fingerprint) -> Option<K>,
        passes: impl Fn(&Fingerprint, &Fingerprint) -> bool,
    ) {
        let left = items.iter().filter(|at| self.found.get(**at) == Some(&None));
        let mut sides: HashMap<K, (Vec<usize>, Vec<usize>)> = HashMap::new();
        for at in left {
            let key = self.items.get(*at).and_then(&key);
            key.into_iter().for_each(|key| sides.entry(key).or_default().0.push(*at));
        }
        for at in known.iter().filter(|at| self.used.get(**at) == Some(&false)) {
            let key = self.known.items.get(*at).and_then(|known| key(&known.fingerprint));
            key.and_then(|key| sides.get_mut(&key)).into_iter().for_each(|side| side.1.push(*at));
        }
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for side in sides.into_values() {
            let ([item], [known]) = (side.0.as_slice(), side.1.as_slice()) else { continue };
            let both = self.items.get(*item).zip(self.known.items.get(*known));
            if both.is_some_and(|(a, b)| passes(a, &b.fingerprint)) {
                pairs.push((*item, *known));
            }
        }
        pairs.into_iter().for_each(|(item, known)| self.pair(item, known));
    }

    fn pair(&mut self, item: usize, known: usize) {
        if let (Some(found), Some(used)) = (self.found.get_mut(item), self.used.get_mut(known)) {
            (*found, *used) = (Some(known), true);
        }
    }

    /// The ids: those of known items, and new ones.
    fn ids(self) -> Vec<ItemId> {
        let mut taken: HashSet<ItemId> = self.known.items.iter().map(|known| known.id.clone()).collect();
        let mut ids: Vec<Option<ItemId>> = vec![None; self.items.len()];
        for (id, found) in ids.iter_mut().zip(&self.found) {
            *id = found.and_then(|known| self.known.items.get(known)).map(|known| known.id.clone());
        }
        for group in &self.groups {
            let is_alone = group.items.len() == 1 && group.known.is_empty();
            let members = || group.items.iter().filter_map(|at| self.items.get(*at));
            let links = repeated(members().filter_map(|one| one.link));
            let texts = repeated(members().map(parts));
            for at in &group.items {
                let (Some(item), Some(id)) = (self.items.get(*at), ids.get_mut(*at)) else { continue };
                if id.is_none() {
                    let own_link = item.link.filter(|link| item.source != IdSource::Link && !links.contains(link));
                    let new = new_id(item, is_alone, own_link, texts.contains(&parts(item)), &taken);
                    taken.insert(new.clone());
                    *id = Some(new);
                }
            }
        }
        let of_leader = |leader: &usize| ids.get(*leader).cloned().flatten();
        // Every leader is in a group, and so has an id.
        self.leaders.iter().map(|leader| of_leader(leader).unwrap_or_else(|| ItemId::new(""))).collect()
    }
}

/// All that two equal items have in common.
type Equality<'a> = (&'a str, Option<u64>, Option<u64>, Option<i64>, Option<u64>);

fn equality(item: &Fingerprint) -> Equality<'_> {
    (&item.id, item.link, item.title, item.published, item.text)
}

/// What tells items with one id apart if their links do not.
fn parts(item: &Fingerprint) -> (Option<u64>, Option<u64>, Option<i64>) {
    (item.link, item.title, item.day())
}

/// The values that occur more than once.
fn repeated<T: Hash + Eq + Copy>(values: impl Iterator<Item = T>) -> HashSet<T> {
    let mut seen = HashSet::new();
    values.filter(|value| !seen.insert(*value)).collect()
}

/// True if an item is a known one, given that it has the id or the link of that one, and no other has.
fn is_same(item: &Fingerprint, known: &Fingerprint, site: Option<u64>) -> bool {
    // Edits keep the time to the second.
    if item.source == IdSource::Text || item.exact_time().is_some() && item.published == known.published {
        return true;
    }
    let agree = |a: Option<u64>, b: Option<u64>| a.zip(b).is_some_and(|(a, b)| a == b);
    // Only title and date were changed.
    if item.source == IdSource::Guid
        && item.link != site
        && agree(item.link, known.link)
        && agree(item.text, known.text)
    {
        return true;
    }
    let differ = |a: Option<u64>, b: Option<u64>| a.zip(b).is_some_and(|(a, b)| a != b);
    // The link says nothing new if it is the id, or that of the whole site.
    let link = item.source == IdSource::Guid && item.link != site && differ(item.link, known.link);
    let title = differ(item.title, known.title);
    let day = item.day().zip(known.day()).is_some_and(|(a, b)| a != b);
    // One may be an edit. A page that has another title on another day is another article, even if the address is the same, and
    // so is a column that has the same title at another address on another day.
    [link, title, day].iter().filter(|differs| **differs).count() < 2
}

/// The first id that is free: that of the document, then with what tells the item apart from its twins.
fn new_id(
    item: &Fingerprint,
    is_alone: bool,
    own_link: Option<u64>,
    has_equal: bool,
    taken: &HashSet<ItemId>,
) -> ItemId {
    let hex = |hash: Option<u64>| hash.map(|hash| format!("{hash:016x}")).unwrap_or_default();
    let day = item.day().map(|day| day.to_string()).unwrap_or_default();
    let (link, title, text) = (hex(item.link), hex(item.title), hex(item.text));
    let alone = is_alone.then(|| ItemId::new(&item.id));
    let by_link = own_link.map(|_| ItemId::of_twin(&item.id, &[&link]));
    let by_title = (!has_equal).then(|| ItemId::of_twin(&item.id, &[&link, &title, &day]));
    let time = item.published.map(|seconds| seconds.to_string()).unwrap_or_default();
    let by_text = Some(ItemId::of_twin(&item.id, &[&link, &title, &time, &text]));
    let first = [alone, by_link, by_title, by_text].into_iter().flatten().find(|id| !taken.contains(id));
    let numbered = |number: u64| ItemId::of_twin(&item.id, &[&link, &title, &time, &text, &number.to_string()]);
    first.or_else(|| (2..).map(numbered).find(|id| !taken.contains(id))).unwrap_or_else(|| ItemId::new(&item.id))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::channel::{Content, ContentKind, Item};
    use crate::dates::Date;
    use crate::feed::UntrustedText;

    const SITE: &str = "https://e.org/";

    /// An item: guid, link, title, day and minute, text. Empty and 0 mean none.
    type Row<'a> = (&'a str, &'a str, &'a str, u32, &'a str);

    fn item(row: Row) -> Item {
        let (guid, link, title, day, text) = row;
        let time = i64::from(day) * 86_400 + i64::from(day) * 60;
        let text = UntrustedText::new(text);
        Item {
            guid: (!guid.is_empty()).then(|| UntrustedText::new(guid)),
            link: (!link.is_empty()).then(|| UntrustedText::new(link)),
            title: UntrustedText::new(title),
            published: chrono::DateTime::from_timestamp(time, 0).filter(|_| day > 0).map(Date::moment),
            content: Some(Content { text, kind: ContentKind::Plain, base: None }),
            ..Item::default()
        }
    }

    /// A reader that keeps what it saw.
    #[derive(Default)]
    struct Reader {
        known: Vec<KnownItem>,
    }

    impl Reader {
        fn read(&mut self, document: &[Item]) -> Vec<ItemId> {
            let items: Vec<Fingerprint> = document.iter().map(Fingerprint::of).collect();
            let known = KnownItems { items: self.known.clone(), site: Some(hash_of_link(SITE)) };
            let ids = assign_ids(&items, &known);
            for (id, fingerprint) in ids.iter().zip(items) {
                self.known.retain(|known| known.id != *id);
                self.known.push(KnownItem { id: id.clone(), fingerprint });
            }
            ids
        }
    }

    /// Reads documents one after the other. The last element of a row names the article that the item must be.
    fn assert_articles(name: &str, documents: &[&[(Row, char)]]) {
        let mut reader = Reader::default();
        let (mut articles, mut names): (HashMap<ItemId, char>, HashMap<char, ItemId>) = Default::default();
        for (number, document) in documents.iter().enumerate() {
            let items: Vec<Item> = document.iter().map(|(row, _)| item(*row)).collect();
            for (id, (_, article)) in reader.read(&items).into_iter().zip(*document) {
                assert_eq!(
                    articles.entry(id.clone()).or_insert(*article),
                    article,
                    "{name}, document {number}: taken over"
                );
                assert_eq!(
                    names.entry(*article).or_insert(id.clone()),
                    &id,
                    "{name}, document {number}: {article} is new"
                );
            }
        }
    }

    #[test]
    fn every_item_stays_its_article() {
        let (a, b) = (("g", "https://e.org/a", "A", 1, "aa"), ("g", "https://e.org/b", "B", 2, "bb"));
        assert_articles(
            "a twin comes and stays",
            &[&[(a, 'a')], &[(b, 'b'), (a, 'a')], &[(b, 'b')], &[(a, 'a'), (b, 'b')]],
        );
        assert_articles("a twin replaces it", &[&[(a, 'a')], &[(b, 'b')], &[(a, 'a')]]);
        assert_articles("twins from the start", &[&[(a, 'a'), (b, 'b')], &[(a, 'a')], &[(b, 'b'), (a, 'a')]]);
        assert_articles("twice the same", &[&[(a, 'a'), (a, 'a')], &[(a, 'a')], &[(a, 'a'), (b, 'b'), (a, 'a')]]);
        let versions = [("", SITE, "1.1", 1, "x"), ("", SITE, "1.2", 2, "y"), ("", SITE, "1.3", 3, "x")];
        let [one, two, three] = versions;
        assert_articles(
            "all link to the site",
            &[&[(one, '1')], &[(two, '2')], &[(three, '3'), (two, '2'), (one, '1')]],
        );
        let constant = |row: Row<'static>| ("https://e.org", SITE, row.2, row.3, row.4);
        assert_articles(
            "the guid is the site",
            &[&[(constant(one), '1')], &[(constant(two), '2')], &[(constant(three), '3'), (constant(one), '1')]],
        );
        let page = |row: Row<'static>| ("", "https://e.org/changes", row.2, row.3, row.4);
        assert_articles("all link to a page", &[&[(page(one), '1')], &[(page(two), '2')], &[(page(one), '1')]]);
        let untitled = |text| ("", "", "", 4, text);
        assert_articles("no title", &[&[(untitled("a"), 'a')], &[(untitled("b"), 'b')], &[(untitled("a"), 'a')]]);
        let only = |text| ("g", "", "", 0, text);
        assert_articles(
            "only texts",
            &[&[(only("a"), 'a'), (only("b"), 'b')], &[(only("b"), 'b')], &[(only("a"), 'a')]],
        );
        let weekly = |link, day| ("g", link, "Weekly", day, "w");
        assert_articles(
            "a column",
            &[
                &[(weekly("https://e.org/1", 1), '1')],
                &[(weekly("https://e.org/2", 8), '2')],
                &[(weekly("https://e.org/1", 1), '1')],
            ],
        );
    }

    #[test]
    fn an_edited_item_stays_its_article() {
        let old: Row = ("tag:1", "https://e.org/a", "A", 3, "text");
        let edits: [Row; 8] = [
            ("tag:1", "https://e.org/a", "B", 3, "other"),
            ("tag:1", "https://e.org/a", "A", 9, "other"),
            ("tag:1", "https://e.org/b", "A", 3, "other"),
            ("tag:1", "https://e.org/b", "B", 3, "other"),
            ("tag:1", "http://e.org/a/", "B", 3, "other"),
            ("tag:1", "", "B", 0, "other"),
            ("tag:1", "", "", 0, ""),
            (" tag:1 ", "https://e.org/a", "A", 0, ""),
        ];
        for (number, edit) in edits.into_iter().enumerate() {
            assert_articles(&format!("edit {number}"), &[&[(old, 'a')], &[(edit, 'a')], &[(old, 'a')]]);
        }
        let nameless = |text| ("", "", "A", 3, text);
        assert_articles("no id", &[&[(nameless("a"), 'a')], &[(nameless("b"), 'a')]]);
        let twins = [("g", "https://e.org/a", "A", 1, "a"), ("g", "https://e.org/b", "B", 2, "b")];
        let edited = ("g", "https://e.org/b", "B!", 2, "bb");
        assert_articles(
            "a twin",
            &[&[(twins[0], 'a'), (twins[1], 'b')], &[(edited, 'b'), (twins[0], 'a')], &[(edited, 'b')]],
        );
    }

    #[test]
    fn a_channel_with_new_ids_keeps_its_articles() {
        let texts: Vec<String> = (0..10).map(|n| format!("{n}")).collect();
        let rows =
            |prefix: &str| texts.iter().map(|n| (format!("{prefix}{n}"), format!("Title {n}"))).collect::<Vec<_>>();
        let (before, after) = (rows("tag:old,"), rows("tag:new,"));
        let document = |rows: &[(String, String)]| -> Vec<Item> {
            rows.iter().zip(1..).map(|((guid, title), day)| item((guid, "", title, day, guid))).collect()
        };
        for (kept, is_churn) in [(0, true), (1, true), (2, false), (9, false)] {
            let mut reader = Reader::default();
            let first = reader.read(&document(&before));
            let mixed = [&before[..kept], &after[kept..]].concat();
            let second = reader.read(&document(&mixed));
            assert_eq!(first[kept..] == second[kept..], is_churn, "{kept} ids stay");
            assert_eq!(first[..kept], second[..kept]);
            assert_eq!(reader.read(&document(&mixed)), second, "the new ids are known");
            let third: Vec<ItemId> = reader.read(&document(&before));
            assert!(third.iter().collect::<HashSet<_>>().len() == 10, "old ids that return are not mixed up");
        }
        // Four items are too few, and items with other titles are new.
        let mut reader = Reader::default();
        let first = reader.read(&document(&before[..4]));
        assert!(reader.read(&document(&after[..4])).iter().all(|id| !first.contains(id)));
        let other: Vec<_> = after.iter().map(|(guid, title)| (guid.clone(), format!("Other {title}"))).collect();
        let first = reader.read(&document(&before));
        assert!(reader.read(&document(&other)).iter().all(|id| !first.contains(id)));
    }

    #[test]
    fn an_item_that_only_has_another_id_is_the_same() {
        let old: Row = ("tag:1", "https://e.org/a", "A", 3, "text");
        for (name, new, is_same) in [
            ("other guid", ("tag:2", "https://e.org/a", "A", 3, "text"), true),
            ("and another link", ("tag:2", "https://e.org/b", "A", 3, "text"), true),
            ("and another text", ("tag:2", "https://e.org/a", "A", 3, "other"), true),
            ("and another time", ("tag:2", "https://e.org/a", "A", 4, "text"), true),
            ("another link and text", ("tag:2", "https://e.org/b", "A", 3, "other"), false),
            ("another link and time", ("tag:2", "https://e.org/b", "A", 4, "text"), false),
            ("another title and text", ("tag:2", "https://e.org/a", "B", 3, "other"), false),
            ("another title and time", ("tag:2", "https://e.org/a", "B", 4, "text"), false),
            ("title and time of one id", ("tag:1", "https://e.org/a", "B", 4, "text"), true),
            ("title, time and text of one id", ("tag:1", "https://e.org/a", "B", 4, "other"), false),
        ] {
            assert_articles(name, &[&[(old, 'a')], &[(new, if is_same { 'a' } else { 'b' })]]);
        }
        // Two that are equal at once are two, and neither is the known one.
        let at = |guid| ("https://e.org/x", "A", 3, "text", guid);
        let row = |(link, title, day, text, guid): (&'static str, &'static str, u32, &'static str, &'static str)| {
            (guid, link, title, day, text)
        };
        assert_articles("two", &[&[(row(at("g1")), '1'), (row(at("g2")), '2')], &[(row(at("g2")), '2')]]);
    }

    #[test]
    fn a_channel_that_moves_to_https_keeps_its_articles() {
        let rows = |scheme: &str| -> Vec<Item> {
            let address = |n: u32| format!("{scheme}://e.org/{n}");
            (1..4).map(|n| item((&address(n), &address(n), "T", n, &format!("see {}", address(n))))).collect()
        };
        let mut reader = Reader::default();
        assert_eq!(reader.read(&rows("http")), reader.read(&rows("https")));
        let prints = |scheme| rows(scheme).iter().map(Fingerprint::of).collect::<Vec<_>>();
        assert_eq!(prints("http"), prints("https"));
    }

    #[test]
    fn many_items_of_one_id_take_linear_time() {
        // Quadratic time would be minutes here.
        let rows: Vec<String> = (0..11_000).map(|n| n.to_string()).collect();
        let items: Vec<Item> = rows.iter().map(|n| item(("g", SITE, n, 1, ""))).collect();
        let mut reader = Reader::default();
        let prints: Vec<Fingerprint> = items.iter().map(Fingerprint::of).collect();
        let ids = assign_ids(&prints[..10_000], &KnownItems::default());
        let known = ids.iter().zip(&prints).map(|(id, print)| KnownItem { id: id.clone(), fingerprint: print.clone() });
        reader.known = known.collect();
        let known = KnownItems { items: reader.known, site: None };
        let again = assign_ids(&prints[9_500..10_500], &known);
        assert_eq!(again[..500], ids[9_500..]);
        assert!(again[500..].iter().all(|id| !ids.contains(id)));
    }

    /// What happens to a document between two readings.
    #[derive(Clone, Debug)]
    enum Step {
        Insert(usize, usize),
        Rotate(usize),
        Repeat(usize),
        Vanish(usize),
        ToHttps,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => (any::<usize>(), any::<usize>()).prop_map(|(what, at)| Step::Insert(what, at)),
            1 => any::<usize>().prop_map(Step::Rotate),
            1 => any::<usize>().prop_map(Step::Repeat),
            3 => any::<usize>().prop_map(Step::Vanish),
            1 => Just(Step::ToHttps),
        ]
    }

    /// The item number `n` of a channel: few guids and links, so that most are shared.
    fn of_universe(n: usize, scheme: &str) -> Item {
        let guid =
            ["", "g", "http://e.org/g", "http://e.org/", "own"][n / 3 % 5].replace("http:", &format!("{scheme}:"));
        let guid = if guid == "own" { format!("own{n}") } else { guid };
        let link = ["http://e.org/", "http://e.org/page", "own", ""][n % 4].replace("http:", &format!("{scheme}:"));
        let link = if link == "own" { format!("{scheme}://e.org/{n}/") } else { link };
        item((&guid, &link, &format!("T{n}"), n as u32 + 1, &format!("text {scheme}://e.org/{n}")))
    }

    proptest! {
        #[test]
        fn no_item_takes_over_another_and_each_stays_one(steps in prop::collection::vec(prop::collection::vec(step(), 1..4), 1..12)) {
            let mut reader = Reader::default();
            let (mut document, mut scheme): (Vec<usize>, _) = (Vec::new(), "http");
            let (mut articles, mut names): (HashMap<ItemId, usize>, HashMap<usize, ItemId>) = Default::default();
            for steps in steps {
                for step in steps {
                    let length = document.len();
                    match step {
                        Step::Insert(what, at) => document.insert(at % (length + 1), what % 60),
                        Step::Rotate(by) if length > 0 => document.rotate_left(by % length),
                        Step::Repeat(at) if length > 0 => document.push(document[at % length]),
                        Step::Vanish(at) if length > 0 => drop(document.remove(at % length)),
                        Step::ToHttps => scheme = "https",
                        _ => {}
                    }
                }
                let items: Vec<Item> = document.iter().map(|n| of_universe(*n, scheme)).collect();
                for (id, n) in reader.read(&items).into_iter().zip(&document) {
                    prop_assert_eq!(articles.entry(id.clone()).or_insert(*n), n, "taken over: {:?}", id);
                    prop_assert_eq!(names.entry(*n).or_insert(id.clone()), &id, "another article: {}", n);
                }
            }
        }
    }
}
