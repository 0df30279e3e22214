//! Lists of subscriptions: real ones are read whole, and what is written is read again.

use std::collections::HashMap;

use chrono::DateTime;
use frontpage::subscriptions::{import, newsboat_urls, opml};

use crate::harness::external_data::{corpus, skipped};

#[test]
#[ignore = "heavy"]
fn a_real_list_survives_every_format() {
    let Some(corpus) = corpus() else { return };
    let file = corpus.join("channels/real/SubsNoTitleAttributes.opml");
    let Ok(bytes) = std::fs::read(&file) else { return skipped("there is no real list in FRONTPAGE_CORPUS") };
    let list = import(&bytes).expect("a list");
    let outlines = String::from_utf8_lossy(&bytes).matches("xmlUrl=\"").count();
    println!(
        "{} subscriptions, {} duplicates, refused: {:?}",
        list.subscriptions.len(),
        list.duplicates.len(),
        list.refused
    );
    assert_eq!(
        list.subscriptions.len() + list.duplicates.len() + list.refused.len(),
        outlines,
        "each outline is listed"
    );
    assert_eq!(list.notes, []);
    assert!(list.subscriptions.iter().all(|subscription| !subscription.title.is_empty()), "titles come from `text`");
    for written in [
        opml::write(&list.subscriptions, &HashMap::new(), DateTime::UNIX_EPOCH),
        newsboat_urls::write(&list.subscriptions),
    ] {
        let again = import(written.as_bytes()).expect("a list");
        assert_eq!(again.subscriptions, list.subscriptions);
    }
}
