//! Documents that change between two runs as real ones do: the number of files is the number of articles that a reader counts.

use super::*;

/// Writes documents one after the other, and expects this number of files after each.
#[track_caller]
fn assert_counts(name: &str, documents: Vec<(Vec<Item>, usize)>) {
    let home = Home::new();
    for (number, (items, expected)) in documents.into_iter().enumerate() {
        let report = home.write_well(&channel(items));
        assert_eq!(home.files().len(), expected, "{name}, document {number}: {:?}", home.titles());
        assert_eq!(report.not_applied, [], "{name}, document {number}");
    }
}

/// The time of the request, as some sites write it for every item.
fn now(round: i64) -> Option<Date> {
    Some(Date::moment(DateTime::from_timestamp(TODAY * 86_400 + round * 50_000 + 7, 0).unwrap()))
}

#[test]
fn ids_links_and_dates_that_change_at_every_request() {
    type Change = fn(Item, i64) -> Item;
    let changes: [(&str, Change); 10] = [
        ("new guids", |item, round| Item { guid: Some(text(&format!("{:?}-{round}", item.link.is_some()))), ..item }),
        ("new guids and no link", |item, round| {
            let guid = format!("{}{round}", item.title.untrusted());
            Item { guid: Some(text(&guid)), link: None, ..item }
        }),
        ("new guids and the time of the request", |item, round| {
            let guid = format!("{}{round}", item.title.untrusted());
            Item { guid: Some(text(&guid)), published: now(round), ..item }
        }),
        ("the time of the request", |item, round| Item { published: now(round), ..item }),
        ("the time of the request, and no guid", |item, round| Item { published: now(round), guid: None, ..item }),
        ("tracking parameters in links", |item, round| {
            let link = format!("{}?utm_source=feed&utm_term={round}", item.link.unwrap().untrusted());
            Item { guid: None, link: Some(text(&link)), ..item }
        }),
        ("guids that are links with tracking parameters", |item, round| {
            let link = text(&format!("{}/?fbclid={round}", item.link.unwrap().untrusted()));
            Item { guid: Some(link.clone()), link: Some(link), ..item }
        }),
        ("sessions in links", |item, round| {
            let link = format!("{}?session={round}", item.link.unwrap().untrusted());
            Item { guid: None, link: Some(text(&link)), ..item }
        }),
        ("http and https", |item, round| {
            let link = item.link.unwrap().untrusted().replace("http:", if round % 2 == 0 { "http:" } else { "https:" });
            Item { guid: None, link: Some(text(&link)), ..item }
        }),
        ("edited titles", |item, round| Item { title: text(&format!("{} {round}", item.title.untrusted())), ..item }),
    ];
    for (name, change) in changes {
        let document = |round: i64, numbers: std::ops::Range<i64>| -> Vec<Item> {
            let mut items: Vec<Item> = numbers.map(|number| change(item(number), round)).collect();
            // In another order at each request.
            let length = items.len();
            items.rotate_left(round as usize % length);
            items
        };
        let documents = (0..6).map(|round| (document(round, round + 1..round + 9), 8 + round as usize));
        assert_counts(name, documents.collect());
    }
}

#[test]
fn what_changes_at_every_request_rewrites_no_file() {
    let home = Home::new();
    let at = |round: i64| {
        let changed = |number: i64| {
            let html = format!("<p class='{round}'>Text <img src='https://cdn.e.org/{number}.png?token={round}'></p>");
            let image = frontpage::channel::Image {
                url: text(&format!("https://e.org/i?t={round}")),
                title: text(""),
                size: None,
            };
            Item {
                published: now(round),
                updated: now(round),
                link: Some(text(&format!("http://e.org/{number}?utm_campaign={round}"))),
                content: Some(Content { text: text(&html), kind: ContentKind::Html, base: None }),
                images: vec![image],
                ..item(number)
            }
        };
        channel((1..8).map(changed).collect())
    };
    home.write_well(&at(0));
    let files = home.files();
    for round in 1..5 {
        assert_eq!(counts(&home.write_well(&at(round))), [0, 0, 0, 0, 7, 0, 0, 0], "{round}");
        assert_eq!(home.files(), files, "{round}");
    }
}

#[test]
fn articles_that_look_alike_stay_apart() {
    let post = |guid: &str, words: &str, minute: i64| {
        let time = DateTime::from_timestamp(TODAY * 86_400 + minute * 60 + 7, 0).unwrap();
        let content = Content { text: text(words), kind: ContentKind::Plain, base: None };
        Item {
            guid: (!guid.is_empty()).then(|| text(guid)),
            published: Some(Date::moment(time)),
            content: Some(content),
            ..Item::default()
        }
    };
    // A microblog without titles, also without ids.
    for ids in [["1", "2", "3"], ["", "", ""]] {
        let posts = |numbers: &[usize]| -> Vec<Item> {
            numbers.iter().map(|n| post(ids[*n], &format!("post {n}"), *n as i64)).collect()
        };
        assert_counts("a microblog", vec![(posts(&[0, 1]), 2), (posts(&[1, 2]), 3), (posts(&[2, 0]), 3)]);
    }
    // Two with one title on one day; then the site makes new ids.
    let daily = |prefix: &str| -> Vec<Item> {
        let same = |number: i64| Item {
            title: text("Links"),
            link: None,
            published: Some(Date::moment(day(TODAY - number / 2))),
            guid: Some(text(&format!("{prefix}{number}"))),
            ..item(number)
        };
        (0..12).map(same).collect()
    };
    assert_counts("two of one day", vec![(daily("a"), 12), (daily("b"), 12), (daily("a"), 12)]);
    // Everything is published again, with new ids and edited texts.
    let again = |prefix: &str| -> Vec<Item> {
        let content =
            |number: i64| Content { text: text(&format!("{prefix} {number}")), kind: ContentKind::Plain, base: None };
        let new = |number: i64| Item {
            guid: Some(text(&format!("{prefix}{number}"))),
            link: Some(text(&format!("https://{prefix}.org/{number}"))),
            content: Some(content(number)),
            ..item(number)
        };
        (1..11).map(new).collect()
    };
    assert_counts("all ids are new", vec![(again("a"), 10), (again("b"), 10), (again("c"), 10)]);
    // One link for all, and one guid for all.
    let versions = |numbers: std::ops::Range<i64>| -> Vec<Item> {
        let one = |number| Item { guid: None, link: Some(text("http://e.org/changes")), ..item(number) };
        numbers.map(one).collect()
    };
    assert_counts("one link", (0..5).map(|n| (versions(n..n + 3), 3 + n as usize)).collect());
    let constant = |numbers: std::ops::Range<i64>| -> Vec<Item> {
        numbers.map(|number| Item { guid: Some(text("0")), ..item(number) }).collect()
    };
    assert_counts("one guid", (0..5).map(|n| (constant(n..n + 3), 3 + n as usize)).collect());
}

#[test]
fn devices_that_share_a_folder_have_one_file_of_each_article() {
    let home = Home::new();
    let other = home.folder.path().join("other");
    let write = |states: &Path, document: &Channel| {
        let places = Places { articles: &home.articles(), states, fs: &RealFileSystem };
        write_articles(document, &home.subscription, &places, &Choices::cautious(day(TODAY)))
    };
    let document = |round: i64, title: &str| {
        let changed = |number: i64| Item { published: now(round), ..titled(number, &format!("{title} {number}")) };
        channel((1..6).map(changed).collect())
    };
    // The site writes the time of the request for every item, so each device would write other bytes.
    for round in 0..4 {
        for (states, round) in [(&home.states(), round), (&other, round + 1)] {
            let report = write(states, &document(round, "A"));
            assert_eq!((report.problems.len(), report.not_applied.len()), (0, 0), "{round}: {report:?}");
            assert_eq!(home.files().len(), 5, "{round}");
        }
    }
    // A change comes to the device that wrote the files, and then to the other.
    assert_eq!(write(&home.states(), &document(5, "B")).updated.len(), 5);
    assert_eq!(counts(&write(&other, &document(6, "B"))), [0, 0, 0, 0, 5, 0, 0, 0]);
    assert_eq!(home.files().len(), 5);
}
