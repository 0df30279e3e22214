//! Accounts: the marks of a service and of this device become equal, and no mark that was acknowledged is lost.

mod model;

use std::collections::BTreeMap;

use model::{Twin, World};

use crate::rounds;

rounds!(marks_of_a_service_and_of_the_device_become_equal_and_none_is_lost, 300, 10_000);

fn marks_of_a_service_and_of_the_device_become_equal_and_none_is_lost(rounds: usize) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..rounds {
        let mut world = World::new(seed as u64, Twin::None);
        if let Err(wrong) = world.run() {
            panic!("round {seed}: {wrong}\n{}", world.history().join("\n"));
        }
        world.counts().iter().for_each(|(what, count)| *counts.entry(what).or_default() += count);
    }
    println!("{rounds} rounds: {counts:?}");
    for what in [
        "compared",
        "kept",
        "cut",
        "phone",
        "here",
        "during a sync",
        "purged",
        "unfollowed",
        "two pages",
        "received",
        "sent",
    ] {
        assert!(counts.get(what).is_some_and(|count| *count * 20 > rounds), "{what}: {counts:?}");
    }
}

#[test]
fn a_sync_that_breaks_one_of_the_rules_is_found() {
    for twin in Twin::BROKEN {
        let found = (0..3_000).find(|seed| World::new(*seed, twin).run().is_err());
        assert!(found.is_some(), "{twin:?} is as good as the real one");
    }
}
