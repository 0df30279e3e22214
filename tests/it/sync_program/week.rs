//! A week with real channels: what their servers add, change, remove and break in it, and what is asked of them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::harness::external_data::{corpus, skipped};

/// A document that can be taken apart into its items.
struct Source {
    head: String,
    items: Vec<String>,
    tail: String,
    separator: &'static str,
}

impl Source {
    /// `None` if it is no channel.
    fn read(name: &str, text: &str) -> Option<Source> {
        if name.ends_with(".json") {
            let mut document: Value = serde_json::from_str(text).ok()?;
            let items = document["items"].as_array()?.iter().map(Value::to_string).collect();
            document["items"] = Value::Array(Vec::new());
            let text = document.to_string();
            let (head, tail) = text.split_once("\"items\":[")?;
            return Some(Source { head: format!("{head}\"items\":["), items, tail: tail.to_owned(), separator: "," });
        }
        let word = ["entry", "item"].into_iter().find(|word| text.contains(&format!("</{word}>")))?;
        let starts = [format!("<{word}>"), format!("<{word} "), format!("<{word}\n")];
        let start = starts.iter().filter_map(|start| text.find(start.as_str())).min()?;
        let end_tag = format!("</{word}>");
        let end = text.rfind(&end_tag)? + end_tag.len();
        let items: Vec<String> = text[start..end].split_inclusive(end_tag.as_str()).map(str::to_owned).collect();
        let (head, tail) = (text[..start].to_owned(), text[end..].to_owned());
        Some(Source { head, items, tail, separator: "" })
    }

    fn document(&self, items: &[String]) -> String {
        format!("{}{}{}", self.head, items.join(self.separator), self.tail)
    }
}

/// What a server answers on a day, and with which `ETag`.
#[derive(Clone)]
struct Day {
    document: String,
    etag: Option<String>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Plain,
    Gzip,
    Chunked,
    Broken,
}

/// A week of a channel. From the fourth day on its old address leads to a new one.
fn week(source: &Source) -> Vec<Day> {
    let all = &source.items;
    let (few, most) = (all.len().min(3), all.len().saturating_sub(if all.len() > 8 { 2 } else { 0 }));
    let without_last = &all[..most];
    let mut changed = without_last.to_vec();
    if let Some(item) = changed.get_mut(few + 1) {
        *item = item.replacen("</title>", " (changed)</title>", 1).replacen("\"title\":\"", "\"title\":\"Changed: ", 1);
    }
    let day = |items: &[String], etag: Option<&str>, kind| Day {
        document: source.document(items),
        etag: etag.map(|etag| format!("W/\"{etag}'\"")),
        kind,
    };
    vec![
        day(&all[few..], Some("first"), Kind::Plain),
        day(&all[few..], Some("first"), Kind::Gzip),
        day(&[], None, Kind::Broken),
        day(&all[few.min(1)..], Some("second"), Kind::Gzip),
        day(&changed[few.min(1)..], Some("third"), Kind::Chunked),
        day(&changed, None, Kind::Gzip),
        day(&changed, Some("fourth"), Kind::Plain),
    ]
}

/// The values of a field of all article files, by folder; a value that occurs twice in a folder is doubled.
fn ids(user: &User) -> BTreeSet<(String, String)> {
    let articles = files(&user.path(ARTICLES));
    let count = articles.len();
    let id = |(path, content): (PathBuf, Vec<u8>)| {
        let text = String::from_utf8(content).expect("UTF-8");
        let line = text.lines().find(|line| line.starts_with("articleId:")).expect("an id").to_owned();
        (path.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned(), line)
    };
    let ids: BTreeSet<_> = articles.into_iter().map(id).collect();
    assert_eq!(ids.len(), count, "an article is doubled");
    ids
}

#[test]
#[ignore = "heavy"]
fn a_week_with_real_channels_loses_and_doubles_nothing_and_asks_little() {
    let Some(corpus) = corpus() else { return };
    let Ok(entries) = std::fs::read_dir(corpus.join("channels/real")) else {
        return skipped("there are no real channels in FRONTPAGE_CORPUS");
    };
    let mut sources: BTreeMap<String, Source> = BTreeMap::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let is_channel = [".json", ".atom", ".rss", ".rdf", ".xml"].iter().any(|ending| name.ends_with(ending));
        if let Some(source) =
            is_channel.then(|| Source::read(&name, &String::from_utf8(std::fs::read(&path).unwrap()).ok()?)).flatten()
        {
            sources.insert(name, source);
        }
    }
    let count = u8::try_from(sources.len()).unwrap();
    assert!(count >= 15, "{count}");

    // What one sync of everything that is ever served writes.
    let mut user = User::new(count);
    let addresses: Vec<String> =
        sources.keys().zip(1..).map(|(name, number)| user.server.url_at(&host(number), &format!("/{name}"))).collect();
    user.follow(&addresses);
    for (name, source) in &sources {
        user.server.route(&format!("/{name}"), Reply::ok(source.document(&source.items)));
    }
    assert_eq!(user.sync(&[]).1, 0);
    let expected = ids(&user);
    user.server.forget();

    let User { server, .. } = user;
    user = User { home: Home::new(), server, now: user.now };
    user.follow(&addresses);
    let today = Arc::new(AtomicUsize::new(0));
    for (name, source) in &sources {
        let (days, now) = (week(source), Arc::clone(&today));
        let answer = move |request: &Received| {
            let day = &days[now.load(Ordering::SeqCst)];
            if let (Some(known), Some(etag)) = (request.header("If-None-Match"), &day.etag)
                && known == etag
            {
                return Reply::status(304).header("ETag", etag);
            }
            let reply = match day.kind {
                Kind::Plain => Reply::ok(&day.document),
                Kind::Gzip => Reply::gzip(&day.document),
                Kind::Chunked => Reply::ok(&day.document).chunked(1_000),
                Kind::Broken => Reply::status(500),
            };
            day.etag.iter().fold(reply, |reply, etag| reply.header("ETag", etag))
        };
        let (now, moved) = (Arc::clone(&today), format!("/moved/{name}"));
        user.server.route_fn(&moved.clone(), answer.clone());
        user.server.route_fn(&format!("/{name}"), move |request| match now.load(Ordering::SeqCst) >= 3 {
            true => Reply::redirect(301, &moved),
            false => answer(request),
        });
    }
    let (mut asked, mut known) = (0, ids(&user));
    for day in 0..7 {
        today.store(day, Ordering::SeqCst);
        let mut of_day: BTreeMap<String, usize> = BTreeMap::new();
        // Four times a day, as a timer does.
        for _ in 0..4 {
            user.server.forget();
            let (results, code) = user.sync(&[]);
            assert_eq!((results.len(), code == 0), (sources.len(), day != 2 || code == 0), "day {day}: {results:?}");
            let requests = user.server.requests();
            asked += requests.len();
            for host in (1..=count).map(host) {
                let paths: Vec<&str> = requests
                    .iter()
                    .filter(|request| request.host == host)
                    .map(|request| request.path.as_str())
                    .collect();
                // One request, or two if it leads to a new address.
                assert!(paths.len() <= 1 || day >= 3 && paths.len() == 2, "day {day}: {paths:?}");
                *of_day.entry(host).or_default() += usize::from(!paths.is_empty());
            }
            assert!(requests.iter().all(|request| day == 0 || day > 5 || request.header("If-None-Match").is_some()));
            let now = ids(&user);
            assert!(now.is_superset(&known), "day {day}: an article is lost");
            known = now;
            user.pass(TimeDelta::hours(6));
        }
        // Old channels are asked once a day, and after a failure an hour later.
        let most = if day == 2 { 4 } else { 2 };
        assert!(of_day.values().all(|count| (1..=most).contains(count)), "day {day}: {of_day:?}");
    }
    assert_eq!(known, expected);
    let listed: Vec<Value> = serde_json::from_str(&user.run(&["subscriptions", "--format", "json"]).out).expect("JSON");
    for one in &listed {
        assert!(one["moved_to"].as_str().is_some_and(|to| to.contains("/moved/")), "{one}");
    }
    println!("{count} channels, {} articles, {asked} requests in a week", known.len());
    assert_eq!(temporary_files(user.home.folder.path()), [] as [PathBuf; 0]);
}
