//! Laws of all rules and all marks.

use std::sync::{Arc, OnceLock};

use chrono::TimeDelta;
use frontpage::feed::{Change, DeviceId, Feed, HybridClock, Mark, Marks, Tag, clean, tags};
use frontpage::query::{Invalidation, Query, RuleAction, RuleResults, Rules, SearchContext};
use proptest::prelude::*;

use super::{ids, load, read, rule, write_numbered};
use crate::harness::folder::Folder;
use crate::harness::reader::now;

const QUERIES: [&str; 12] = [
    "topic:crypto",
    "topic:sea -is:starred",
    "is:read",
    "is:unread quality:>=5",
    "is:hidden",
    "is:hidden OR is:starred",
    "date:>=5h",
    "body \"article 3\"",
    "topic:crypto sort:-quality limit:2",
    "is:unread sort:quality limit:3",
    "score:>0",
    "",
];

fn feed() -> Arc<Feed> {
    static FEED: OnceLock<Arc<Feed>> = OnceLock::new();
    FEED.get_or_init(|| load(&write_numbered(Folder::new(), 12))).clone()
}

type Said = Vec<(usize, Vec<RuleAction>)>;

fn later() -> Tag {
    Tag::parse("LATER").expect("a name")
}

fn some_rules() -> impl Strategy<Value = Said> {
    let score = prop_oneof![-20..20i32, Just(i32::MAX), Just(i32::MIN)];
    let act = prop_oneof![
        Just(RuleAction::Hide),
        Just(RuleAction::Read),
        Just(RuleAction::Star),
        Just(RuleAction::Tag("Later".to_owned())),
        score.prop_map(RuleAction::Score)
    ];
    proptest::collection::vec((0..QUERIES.len(), proptest::collection::vec(act, 1..3)), 0..5)
}

fn of(said: &Said) -> Rules {
    Rules::new(said.iter().map(|(query, actions)| rule(QUERIES[*query], actions)).collect())
}

/// Marks on places, each made later than the one before.
fn some_changes() -> impl Strategy<Value = Vec<(Mark, Vec<usize>)>> {
    let mark = prop_oneof![
        Just(read()),
        Just(Mark::Read(None)),
        any::<bool>().prop_map(Mark::Starred),
        any::<bool>().prop_map(Mark::Hidden),
        Just(Mark::Note(clean::line("a note"))),
        any::<bool>().prop_map(|is_on| Mark::Tagged(later(), is_on)),
    ];
    proptest::collection::vec((mark, proptest::collection::vec(0..12usize, 1..4)), 0..8)
}

fn changes(feed: &Feed, said: &[(Mark, Vec<usize>)], from: i64) -> Vec<Change> {
    let ids = ids(feed);
    let mut clock = HybridClock::new(DeviceId(1));
    let change = |(n, (mark, places)): (usize, &(Mark, Vec<usize>))| {
        let stamp = clock.tick(now() + TimeDelta::seconds(from + n as i64));
        Change { stamp, mark: mark.clone(), articles: places.iter().map(|place| ids[*place]).collect() }
    };
    said.iter().enumerate().map(change).collect()
}

fn marks(changes: &[Change]) -> Marks {
    let mut marks = Marks::default();
    changes.iter().for_each(|change| marks.apply(change));
    marks
}

fn judged(
    rules: &Rules,
    context: &SearchContext,
    before: Option<&RuleResults>,
    invalidation: &Invalidation,
) -> RuleResults {
    let mut evaluation = rules.evaluate(context, before, invalidation);
    while evaluation.step(&|| false) {}
    evaluation.results()
}

proptest! {
    #[test]
    fn a_rule_says_what_it_says_of_what_its_query_finds_and_the_reader_wins(said in some_rules(), did in some_changes()) {
        let (feed, rules) = (feed(), of(&said));
        let own = marks(&changes(&feed, &did, 0));
        let context = SearchContext::new(feed.clone(), Arc::new(own.clone()), now());
        let (ruled, _) = rules.apply(&context);
        for (place, id) in ids(&feed).into_iter().enumerate() {
            let actions: Vec<RuleAction> = said.iter().filter(|(query, _)| {
                let query = Query::parse(QUERIES[*query]).expect("a query").with_hidden();
                query.select(&context).contains(&place)
            }).flat_map(|(_, actions)| actions.clone()).collect();
            let or_rule = |mark: &Mark, own: bool, act: RuleAction| if context.marks.is_set(id, mark) { own } else { actions.contains(&act) };
            prop_assert_eq!(ruled.is_read(id), or_rule(&read(), own.is_read(id), RuleAction::Read));
            prop_assert_eq!(ruled.is_starred(id), or_rule(&Mark::Starred(true), own.is_starred(id), RuleAction::Star));
            prop_assert_eq!(ruled.is_hidden(id), or_rule(&Mark::Hidden(true), own.is_hidden(id), RuleAction::Hide));
            let tagged = or_rule(&Mark::Tagged(later(), true), tags::has(&own, id, "later"), RuleAction::Tag("Later".to_owned()));
            prop_assert_eq!(tags::has(&ruled, id, "later"), tagged);
            prop_assert_eq!(tags::has_any(&ruled, id), tagged);
            let score: i64 = actions.iter().map(|act| if let RuleAction::Score(by) = act { i64::from(*by) } else { 0 }).sum();
            prop_assert_eq!(i64::from(ruled.score(id)), score.clamp(i32::MIN.into(), i32::MAX.into()));
            prop_assert_eq!(ruled.read_at(id), own.read_at(id), "a rule gives no time");
            prop_assert_eq!(ruled.note(id), own.note(id));
        }
        // The list has the articles that match one by one.
        let sorted = |mut ids: Vec<_>| { ids.sort(); ids };
        let all = ids(&feed);
        let those = |is: &dyn Fn(frontpage::feed::ArticleId) -> bool| sorted(all.iter().copied().filter(|id| is(*id)).collect());
        prop_assert_eq!(sorted(ruled.read().collect()), those(&|id| ruled.is_read(id)));
        prop_assert_eq!(sorted(ruled.hidden().collect()), those(&|id| ruled.is_hidden(id)));
    }

    #[test]
    fn the_order_of_rules_does_not_matter_and_twice_is_once(said in some_rules(), did in some_changes(), seed: u64) {
        let (feed, rules) = (feed(), of(&said));
        let context = SearchContext::new(feed.clone(), Arc::new(marks(&changes(&feed, &did, 0))), now());
        let (once, verdict) = rules.apply(&context);
        let mut other = said.clone();
        let count = other.len().max(1);
        other.rotate_left(seed as usize % count);
        if seed % 2 == 0 { other.reverse(); }
        let (turned, _) = of(&other).apply(&context);
        prop_assert_eq!(turned.rule_marks(), once.rule_marks());
        let (twice, _) = rules.apply(&SearchContext { marks: once.clone(), ..context.clone() });
        prop_assert_eq!(twice.rule_marks(), once.rule_marks());
        prop_assert_eq!(verdict.is_none(), said.is_empty());
    }

    #[test]
    fn what_is_not_in_doubt_need_not_be_asked_again(said in some_rules(), did in some_changes(), then in some_changes()) {
        let (feed, rules) = (feed(), of(&said));
        let mut own = marks(&changes(&feed, &did, 0));
        let context = |marks: &Marks| SearchContext::new(feed.clone(), Arc::new(marks.clone()), now());
        let before = judged(&rules, &context(&own), None, &Invalidation::default());
        let later = changes(&feed, &then, 60);
        later.iter().for_each(|change| own.apply(change));
        let articles = later.iter().flat_map(|change| change.articles.clone()).collect();
        let again = judged(&rules, &context(&own), Some(&before), &Invalidation { articles, ..Invalidation::default() });
        let fresh = judged(&rules, &context(&own), None, &Invalidation::default());
        prop_assert_eq!(again.rule_marks(), fresh.rule_marks());
        let any = judged(&rules, &context(&own), Some(&before), &Invalidation { marks: true, ..Invalidation::default() });
        prop_assert_eq!(any.rule_marks(), again.rule_marks());
        let otherwise = before.rule_marks().read_differing(again.rule_marks());
        for id in ids(&feed) {
            prop_assert_eq!(otherwise.contains(&id), before.rule_marks().of(id).read != again.rule_marks().of(id).read);
        }
    }

    #[test]
    fn rules_write_nothing_and_leave_nothing_behind(said in some_rules(), did in some_changes(), more in some_changes()) {
        let (feed, rules) = (feed(), of(&said));
        let own = marks(&changes(&feed, &did, 0));
        let (ruled, _) = rules.apply(&SearchContext::new(feed.clone(), Arc::new(own.clone()), now()));
        let other = marks(&changes(&feed, &more, 30));
        let (mut ruled, mut plain) = ((*ruled).clone(), own.clone());
        let says = ruled.rule_marks().cloned();
        prop_assert_eq!(ruled.changes(), plain.changes());
        ruled.merge(&other);
        plain.merge(&other);
        prop_assert_eq!(ruled.changes(), plain.changes());
        prop_assert_eq!(ruled.fields(), plain.fields());
        prop_assert_eq!(ruled.rule_marks(), says.as_ref(), "merging keeps what rules say");
        let without = ruled.with_rule_marks(None);
        for id in ids(&feed) {
            prop_assert_eq!(without.is_read(id), plain.is_read(id));
            prop_assert_eq!(without.is_starred(id), plain.is_starred(id));
            prop_assert_eq!(without.is_hidden(id), plain.is_hidden(id));
            prop_assert_eq!(without.score(id), 0);
        }
    }
}

#[test]
fn no_rules_cost_nothing() {
    let feed = feed();
    let context = SearchContext::new(feed, Arc::default(), now());
    let (marks, verdict) = Rules::default().apply(&context);
    assert!(Arc::ptr_eq(&marks, &context.marks) && verdict.is_none());
    assert!(marks.rule_marks().is_none() && Rules::new(Vec::new()).is_empty());
    assert_eq!(Rules::default().evaluate(&context, None, &Invalidation::default()).left(), 0);
}

#[test]
fn only_affected_rules_are_evaluated_again() {
    let feed = feed();
    let rules = super::rules(&[
        ("topic:crypto", &[RuleAction::Hide]),
        ("topic:sea is:starred", &[RuleAction::Score(1)]),
        ("date:>=5h", &[RuleAction::Read]),
        ("date:2021-02-20", &[RuleAction::Read]),
        ("added:>=1d", &[RuleAction::Star]),
    ]);
    let context = SearchContext::new(feed.clone(), Arc::default(), now());
    let verdict = judged(&rules, &context, None, &Invalidation::default());
    let left = |before, invalidation: Invalidation| rules.evaluate(&context, before, &invalidation).left();
    assert_eq!(left(None, Invalidation::default()), 5);
    assert_eq!(left(Some(&verdict), Invalidation::default()), 0);
    assert_eq!(left(Some(&verdict), Invalidation { marks: true, ..Invalidation::default() }), 2);
    assert_eq!(left(Some(&verdict), Invalidation { articles: ids(&feed), ..Invalidation::default() }), 2);
    assert_eq!(left(Some(&verdict), Invalidation { time: true, ..Invalidation::default() }), 2);
    let same =
        judged(&rules, &context, Some(&verdict), &Invalidation { marks: true, time: true, articles: ids(&feed) });
    assert!(Arc::ptr_eq(same.rule_marks(), verdict.rule_marks()), "an equal result is the same value");
    let other = load(&write_numbered(Folder::new(), 3));
    let elsewhere = SearchContext::new(other, Arc::default(), now());
    assert_eq!(
        rules.evaluate(&elsewhere, Some(&verdict), &Invalidation::default()).left(),
        5,
        "of other articles nothing is known"
    );
}

#[test]
fn a_limit_applies_in_a_rule() {
    let rules =
        super::rules(&[("topic:crypto sort:-quality limit:2", &[RuleAction::Star]), ("saved", &[RuleAction::Hide])]);
    let (marks, _) = rules.apply(&SearchContext::new(feed(), Arc::default(), now()));
    let starred: Vec<usize> =
        (0..12).filter(|place| marks.is_starred(ids(&feed())[*place])).map(|place| place + 1).collect();
    assert_eq!(starred, [9, 12]);
}
