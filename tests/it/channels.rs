//! Channels read as `frontpage preview --format json` shows them: documents with known contents, and channels of real sites.

use std::collections::BTreeMap;

use frontpage::channel::{self, Document, NotAChannel};
use frontpage::cli::preview_json;
use frontpage::dates::Zone;
use frontpage::digest::prepare;
use serde_json::Value;
use url::Url;

use crate::harness::external_data::corpus;

/// The parts of an expectation: the file and headers it is about, where it is in the JSON, how it is compared, and its value.
struct Expectation {
    file: String,
    headers: BTreeMap<String, String>,
    at: String,
    kind: String,
    value: String,
}

impl Expectation {
    fn parse(line: &str) -> Expectation {
        let object: Value = serde_json::from_str(line).expect("JSON");
        let text = |key: &str| object[key].as_str().unwrap_or_else(|| panic!("{key} of {line}")).to_owned();
        let headers = object["headers"].as_object().expect("headers").iter();
        let headers =
            headers.map(|(name, value)| (name.clone(), value.as_str().expect("a value").to_owned())).collect();
        Expectation { file: text("file"), headers, at: text("at"), kind: text("kind"), value: text("value") }
    }

    /// True if a value of the JSON is the expected one.
    fn is_met_by(&self, found: &Value) -> bool {
        let Some(found) = found.as_str() else { return false };
        match self.kind.as_str() {
            "exact" => found == self.value,
            "text" => only_words(found) == only_words(&self.value),
            "link" => {
                let address = |text: &str| Url::parse(text).map_or_else(|_| text.to_owned(), String::from);
                address(found) == address(&self.value)
            }
            "instant" => {
                let instant = |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>().ok();
                instant(found).is_some() && instant(found) == instant(&self.value)
            }
            kind => panic!("a kind of comparison without a meaning: {kind}"),
        }
    }
}

/// The words of a text without tags, entities, punctuation and white space.
fn only_words(text: &str) -> String {
    // `&amp;lt;` hides a tag behind two decodings.
    let mut text = text.to_owned();
    for _ in 0..3 {
        text = html_escape::decode_html_entities(&without_tags(&text)).into_owned();
    }
    text.chars().filter(|c| c.is_alphanumeric() || (!c.is_ascii() && !c.is_whitespace() && !c.is_control())).collect()
}

/// A text without what looks like a tag or a comment.
fn without_tags(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let begins_tag = tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        match tag.find('>').filter(|_| begins_tag) {
            Some(end) => rest = &tag[end + 1..],
            None => {
                out.push('<');
                rest = &tag[1..];
            }
        }
    }
    out + rest
}

/// What `path`, such as `items.0.title`, leads to.
fn at<'a>(json: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(json, |value, key| match key.parse::<usize>() {
        Ok(index) => &value[index],
        Err(_) => &value[key],
    })
}

/// Reads a document with the headers that it was served with, as a downloader hands it over.
fn preview(bytes: &[u8], headers: &BTreeMap<String, String>) -> Result<Value, NotAChannel> {
    let header = |name: &str| headers.get(name).map(String::as_str);
    let location = header("content-location").and_then(|address| Url::parse(address).ok());
    // An address of another scheme is not where a document can be from.
    let location = location.filter(|address| matches!(address.scheme(), "http" | "https"));
    let document = Document {
        bytes,
        content_type: header("content-type"),
        content_language: header("content-language"),
        base: location.as_ref(),
    };
    channel::read(&document).map(|channel| preview_json(&prepare(channel, true), Zone::Utc))
}

#[test]
fn comparisons_ignore_markup_and_punctuation_but_no_words() {
    for (one, other, is_same) in [
        ("<b>a</b> b", "a b", true),
        ("a &amp; b", "a & b", true),
        ("a&lt;b&gt;c", "ac", true),
        ("γ", "&gamma;", true),
        ("a", "b", false),
        ("≅", "", false),
        ("1 < 2", "12", true),
        ("<a", "a", true),
    ] {
        assert_eq!(only_words(one) == only_words(other), is_same, "{one} {other}");
    }
    let expected = |kind: &str, value: &str, found: &str| {
        let (kind, value) = (kind.to_owned(), value.to_owned());
        let expectation = Expectation { file: String::new(), headers: BTreeMap::new(), at: String::new(), kind, value };
        expectation.is_met_by(&Value::from(found))
    };
    assert!(expected("link", "http://e.org", "http://e.org/") && !expected("link", "http://e.org/a", "http://e.org/"));
    assert!(expected("instant", "2003-12-31T10:14:55Z", "2003-12-31T11:14:55+01:00"));
    assert!(!expected("instant", "2003-12-31T10:14:55Z", "") && !expected("exact", "a", "A"));
}

#[test]
#[ignore = "heavy"]
fn reference_documents_are_read_as_expected() {
    let Some(corpus) = corpus() else { return };
    let folder = corpus.join("channels/reference");
    let Ok(lines) = std::fs::read_to_string(folder.join("expect.jsonl")) else {
        return crate::harness::external_data::skipped("there are no reference channels in FRONTPAGE_CORPUS");
    };
    let expectations: Vec<Expectation> = lines.lines().map(Expectation::parse).collect();
    let mut refused: BTreeMap<&str, String> = BTreeMap::new();
    let mut missed = Vec::new();
    for expectation in &expectations {
        let bytes = std::fs::read(folder.join("files").join(&expectation.file)).expect("a file");
        match preview(&bytes, &expectation.headers) {
            Err(why) => {
                refused.insert(&expectation.file, why.to_string());
                missed.push(format!("{}: refused: {why}", expectation.file));
            }
            Ok(json) => {
                let found = at(&json, &expectation.at);
                if !expectation.is_met_by(found) {
                    let Expectation { file, at, kind, value, .. } = expectation;
                    missed.push(format!("{file}: {at} ({kind})\n    expected {value:?}\n    found    {found}"));
                }
            }
        }
    }
    let (all, met) = (expectations.len(), expectations.len() - missed.len());
    missed.iter().for_each(|miss| println!("{miss}"));
    println!("{met} of {all} expectations met, {} documents refused", refused.len());
    assert!(all > 100, "{all} expectations");
    assert!(met * 100 >= all * 97, "{met} of {all} expectations met");
    assert!(refused.len() * 100 <= all, "refused: {refused:#?}");
}

/// Channels of real sites, with their numbers of items as feedparser 6 counts them; those in JSON were counted by hand.
const REAL: [(&str, usize); 21] = [
    ("4fsodonline.atom", 25),
    ("DaringFireball.rss", 47),
    ("KatieFloyd.rss", 20),
    ("aktuality.rss", 30),
    ("allthis.atom", 12),
    ("atp.rss", 100),
    ("bio.rdf", 30),
    ("dcrainmaker.xml", 8),
    ("draw-down.atom", 25),
    ("livemint.xml", 25),
    ("manton.rss", 10),
    ("markdown2.rss", 25),
    ("monkeydom.rss", 13),
    ("neverworkintheory.atom", 20),
    ("phpxml.rss", 20),
    ("qemu.atom", 10),
    ("scriptingNews.rss", 50),
    ("yakubin.atom", 12),
    ("3960.json", 20),
    ("inessential.json", 20),
    ("rose.json", 84),
];

#[test]
#[ignore = "heavy"]
fn real_channels_are_read_whole() {
    let Some(corpus) = corpus() else { return };
    let folder = corpus.join("channels/real");
    if !folder.is_dir() {
        return crate::harness::external_data::skipped("there are no real channels in FRONTPAGE_CORPUS");
    }
    let mut wrong = Vec::new();
    for (file, items) in REAL {
        let bytes = std::fs::read(folder.join(file)).expect("a file");
        match preview(&bytes, &BTreeMap::new()) {
            Ok(json) => {
                let found = json["items"].as_array().expect("items").len();
                println!("{file}: {found} items, {} repairs", json["repairs"].as_array().expect("repairs").len());
                if found != items {
                    wrong.push(format!("{file}: {found} items, not {items}"));
                }
            }
            Err(why) => wrong.push(format!("{file}: {why}")),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Pages and lists of subscriptions, which are not channels.
#[test]
#[ignore = "heavy"]
fn real_pages_name_their_channels() {
    let Some(corpus) = corpus() else { return };
    let folder = corpus.join("channels/real");
    if !folder.is_dir() {
        return crate::harness::external_data::skipped("there are no real pages in FRONTPAGE_CORPUS");
    }
    let base = BTreeMap::from([("content-location".to_owned(), "https://site.example/".to_owned())]);
    for (file, channels) in [("DaringFireball.html", 1), ("coco.html", 2), ("furbo.html", 1), ("sixcolors.html", 1)] {
        let bytes = std::fs::read(folder.join(file)).expect("a file");
        match preview(&bytes, &base) {
            Err(NotAChannel::Page(page)) => {
                println!("{file}: {:?}", page.channels);
                assert!(page.channels.len() == channels, "{file}: {page:?}");
            }
            other => panic!("{file}: {other:?}"),
        }
    }
    let bytes = std::fs::read(folder.join("SubsNoTitleAttributes.opml")).expect("a file");
    assert!(matches!(preview(&bytes, &base), Err(NotAChannel::Opml)));
}
