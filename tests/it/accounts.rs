//! Accounts: the marks of a service and of this device become equal, and no mark that was acknowledged is lost.

mod model;
mod two_devices;

use std::collections::BTreeMap;

use model::{Twin, World};

use crate::harness::random::Random;
use crate::rounds;

/// What a history counts.
type Counts = BTreeMap<&'static str, usize>;

/// Runs histories, and checks that each thing in `expected` happened in one of twenty.
fn run_histories(rounds: usize, expected: &[&str], run: impl Fn(u64) -> Result<Counts, String>) {
    let mut counts = Counts::new();
    for seed in 0..rounds {
        let history = run(seed as u64).unwrap_or_else(|wrong| panic!("round {seed}: {wrong}"));
        history.iter().for_each(|(what, count)| *counts.entry(what).or_default() += count);
    }
    println!("{rounds} rounds: {counts:?}");
    for what in expected {
        assert!(counts.get(what).is_some_and(|count| *count * 20 > rounds), "{what}: {counts:?}");
    }
}

fn run_one(seed: u64, twin: Twin) -> Result<Counts, String> {
    let mut world = World::new(seed, twin);
    world.run().map_err(|wrong| format!("{wrong}\n{}", world.history().join("\n")))?;
    Ok(world.counts())
}

fn run_two(seed: u64, twin: two_devices::Twin) -> Result<Counts, String> {
    let mut world = two_devices::World::new(seed, twin);
    world.run().map_err(|wrong| format!("{wrong}\n{}", world.history().join("\n")))?;
    Ok(world.counts())
}

rounds!(marks_of_a_service_and_of_the_device_become_equal_and_none_is_lost, 300, 10_000);

fn marks_of_a_service_and_of_the_device_become_equal_and_none_is_lost(rounds: usize) {
    let expected = [
        "compared",
        "kept",
        "cut",
        "phone",
        "here",
        "during a sync",
        "purged",
        "unfollowed",
        "two pages",
        "arrived twice",
        "refused",
        "received",
        "sent",
        "only sent",
    ];
    run_histories(rounds, &expected, |seed| run_one(seed, Twin::None));
}

#[test]
fn a_sync_that_breaks_one_of_the_rules_is_found() {
    for twin in Twin::BROKEN {
        assert!((0..3_000).any(|seed| run_one(seed, twin).is_err()), "{twin:?} is as good as the real one");
    }
}

rounds!(two_devices_with_one_account_and_one_folder_of_marks_become_equal, 300, 10_000);

fn two_devices_with_one_account_and_one_folder_of_marks_become_equal(rounds: usize) {
    let expected = [
        "compared",
        "expected",
        "turns",
        "cut",
        "phone",
        "first device",
        "second device",
        "brought",
        "received",
        "acknowledged",
        "sent for the other",
        "retired",
    ];
    run_histories(rounds, &expected, |seed| run_two(seed, two_devices::Twin::None));
}

#[test]
fn two_devices_that_break_one_of_the_rules_are_found() {
    for twin in two_devices::Twin::BROKEN {
        assert!((0..3_000).any(|seed| run_two(seed, twin).is_err()), "{twin:?} is as good as the real one");
    }
}

#[test]
fn answers_of_services_are_read_in_all_their_forms() {
    use frontpage::account::{NotAnAnswer, ServiceId, fever, google_reader as reader};
    let id = |text: &str| ServiceId::parse(text).expect("an id");
    for (answer, ids, continuation) in [
        (r#"{"itemRefs":[{"id":"7","directStreamIds":[],"timestampUsec":"7"},{"id":8}]}"#, Ok(vec!["7", "8"]), None),
        (
            r#"{"itemRefs":[{"id":"tag:google.com,2005:reader/item/0000000000000007"}],"continuation":"x"}"#,
            Ok(vec!["7"]),
            Some("x"),
        ),
        (r#"{"itemRefs":[],"continuation":""}"#, Ok(vec![]), None),
        (r#"{"itemRefs":null}"#, Ok(vec![]), None),
        (
            r#"{"itemRefs":[{"id":"5a3d2f1b9c0e4a0012345678"}],"continuation":1000}"#,
            Ok(vec!["5a3d2f1b9c0e4a0012345678"]),
            Some("1000"),
        ),
        (r#"{"itemRefs":[{"id":"7"},{}]}"#, Err(NotAnAnswer::Other), None),
        ("[]", Err(NotAnAnswer::Other), None),
        ("{\"itemRefs\":[\n{", Err(NotAnAnswer::NotJson { line: 2, column: 1 }), None),
        (" \n<html>", Err(NotAnAnswer::Page), None),
        ("", Err(NotAnAnswer::Empty), None),
    ] {
        let read = reader::ids_of(answer.as_bytes());
        let found = read.as_ref().map(|page| page.ids.clone()).map_err(|error| *error);
        assert_eq!(found, ids.map(|ids| ids.into_iter().map(id).collect::<Vec<_>>()), "{answer}");
        assert_eq!(read.ok().and_then(|page| page.continuation).as_deref(), continuation, "{answer}");
    }
    assert_eq!(reader::auth_of(b"SID=a\nLSID=null\nAuth=me/0123\n").as_deref(), Some("me/0123"));
    for answer in [&b"Error=BadAuthentication"[..], b"", b"Auth=", b"Auth=a b", b"\xff", b"<html>Auth=x</html>"] {
        assert_eq!(reader::auth_of(answer), None);
    }
    let feeds = reader::feeds_of(
        br#"{"subscriptions":[{"id":"feed/https://a.example/f","title":"A &lt;b&gt;","categories":[{"id":"user/-/label/X","label":"X"},
        {"id":"user/1/label/Y \uff0f Z"}]},{"title":"no id"},{"id":"feed/2","url":"https://b.example/"}]}"#,
    )
    .expect("feeds");
    let feeds: Vec<(&str, &str, Vec<&str>)> = feeds
        .iter()
        .map(|feed| {
            (
                feed.title.untrusted(),
                feed.address.untrusted(),
                feed.folders.iter().map(|name| name.untrusted()).collect(),
            )
        })
        .collect();
    let expected = [("A <b>", "https://a.example/f", vec!["X", "Y ／ Z"]), ("", "https://b.example/", vec![])];
    assert_eq!(feeds, expected);
    let listing = |unread: &str| format!("{{\"auth\":1,\"unread_item_ids\":{unread},\"saved_item_ids\":\"\"}}");
    assert_eq!(fever::listing_of(listing("\"1, 2,\"").as_bytes()).expect("a list").unread.len(), 2);
    assert_eq!(fever::listing_of(listing("null").as_bytes()), Err(NotAnAnswer::Other));
    assert_eq!(fever::listing_of(listing("\"1,a b\"").as_bytes()), Err(NotAnAnswer::Other));
    assert_eq!(fever::listing_of(br#"{"auth":0}"#), Err(NotAnAnswer::Denied));
    assert_eq!(fever::listing_of(b"[]"), Err(NotAnAnswer::Other));
    // RFC 1321 has no such pair; `printf %s 'a@b.c:d' | md5sum`.
    assert_eq!(fever::api_key("a@b.c", "d"), "655395ff220f698d53df91603b2253c8");
}

#[test]
fn recorded_answers_of_freshrss_are_read() {
    use frontpage::account::{ServiceId, google_reader as reader};
    let recorded = |name: &str| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/freshrss");
        std::fs::read(format!("{folder}/{name}.json")).expect("a recorded answer")
    };
    let id = |text: &str| ServiceId::parse(text).expect("an id");
    let feeds = reader::feeds_of(&recorded("subscriptions")).expect("feeds");
    let feeds: Vec<_> =
        feeds.iter().map(|feed| (&*feed.id, feed.address.untrusted(), feed.folders[0].untrusted())).collect();
    let addresses = ["http://127.0.0.1:8182/one", "http://127.0.0.1:8182/three"];
    assert_eq!(feeds, [("feed/1", addresses[0], "Tech"), ("feed/3", addresses[1], "Uncategorized")]);
    let names = reader::labels_of(&recorded("tags")).expect("labels");
    assert_eq!(names.labels, ["Read later", "Later on", "Müll/Straße"]);
    assert_eq!(names.folders, ["Tech", "Uncategorized"]);
    let page = reader::ids_of(&recorded("unread")).expect("ids");
    assert_eq!(page.ids, ["1796073784303392", "1796073784303391", "1796073784303390"].map(id));
    assert_eq!(page.continuation.as_deref(), Some("1796073784303390"));
    let page = reader::ids_of(&recorded("starred")).expect("ids");
    assert_eq!((page.ids.len(), page.continuation), (3, None));
    // Four were asked for: the service leaves out the one that it does not have.
    let items = reader::items_of(&recorded("articles")).expect("articles");
    let states: Vec<_> =
        items.states.iter().map(|item| (&item.id, &*item.feed, item.is_read, item.is_starred)).collect();
    let ids = ["1796073784303388", "1796073784303384", "1796073738063422"].map(id);
    assert_eq!(
        states,
        [(&ids[0], "feed/3", false, false), (&ids[1], "feed/3", true, false), (&ids[2], "feed/1", false, true)]
    );
    assert!(items.states[0].labels.iter().any(|name| name == "Later on"), "{:?}", items.states[0]);
    assert!(items.states[2].labels.iter().any(|name| name == "Read later"), "{:?}", items.states[2]);
    assert_eq!(items.channel.items.len(), 3);
}

#[test]
fn damaged_answers_of_services_are_read_or_refused() {
    use frontpage::account::ApiDocument;
    let items = r#"{"items":[{"id":"tag:google.com,2005:reader/item/00000000000004d2","published":1790000000,"title":"T\u0000\u202e","author":1,
        "canonical":[{"href":"https://a.example/1"}],"categories":["user/-/state/com.google/read","x",3],"origin":{"streamId":"feed/1"},
        "enclosure":[{"href":"https://a.example/1.mp3","type":"audio/mpeg","length":"12"}],"summary":{"content":"<p>a<b>"}}],
        "auth":1,"unread_item_ids":"1,2","saved_item_ids":"3","feeds":[{"id":1}],"groups":[{"id":1,"title":"g"}],
        "feeds_groups":[{"group_id":1,"feed_ids":"1,2"}],"subscriptions":[{"id":"feed/1"}],"tags":[{"id":"user/-/label/a","type":"tag"}],"itemRefs":[{"id":"1"}]}"#;
    let documents = [
        ApiDocument::ReaderFeeds,
        ApiDocument::ReaderIds,
        ApiDocument::ReaderItems,
        ApiDocument::ReaderLabels,
        ApiDocument::FeverFeeds,
        ApiDocument::FeverListing,
        ApiDocument::FeverItems,
        ApiDocument::FeverChange,
    ];
    let mut random = Random::new(5);
    let (mut read, mut refused) = (0, 0);
    for round in 0..2_000 {
        let mut bytes = items.as_bytes().to_vec();
        for _ in 0..random.roll(4) {
            let at = random.roll(bytes.len());
            match random.roll(4) {
                0 => bytes[at] = random.roll(256) as u8,
                1 => drop(bytes.remove(at)),
                2 => bytes.truncate(at.max(1)),
                _ => {
                    let (from, to) = (random.roll(bytes.len()), random.roll(bytes.len()));
                    let part = bytes[from.min(to)..from.max(to)].to_vec();
                    bytes.splice(at..at, part);
                }
            }
        }
        match documents[round % documents.len()].read(&bytes) {
            Ok(_) => read += 1,
            Err(error) => {
                assert!(!error.to_string().is_empty());
                refused += 1;
            }
        }
    }
    assert!(read > 300 && refused > 300, "{read} {refused}");
    // Depth costs nothing.
    let deep = format!("{{\"items\":{}", "[".repeat(200_000));
    assert!(documents.iter().all(|document| document.read(deep.as_bytes()).is_err()));
}
