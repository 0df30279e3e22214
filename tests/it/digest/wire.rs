//! Prepared channels between processes: what passes a pipe is written as if it had not, and what a process sends that is not to be
//! trusted is harmless.

use frontpage::channel::{self, Document};
use std::collections::HashSet;

use frontpage::digest::{Fingerprint, ItemId, KnownItems, PreparedChannel, article_file, assign_ids, read_back};
use frontpage::feed::{BodySyntax, body_syntax};
use frontpage::frames;
use pulldown_cmark::Event;
use serde_json::{Value, json};

use super::*;
use crate::harness::external_data::corpus;
use crate::harness::hostile;
use crate::harness::random::Random;

/// Documents of each format, with all that items may have.
const DOCUMENTS: [&str; 12] = [
    "<rss><channel><title>A</title><link>https://e.org/</link><ttl>60</ttl><item><guid>1</guid><title>B</title>\
     <description>&lt;p>c &lt;b>d&lt;/b>&lt;script>e&lt;/script></description><pubDate>Thu, 18 Feb 2021 16:18:00 +0100</pubDate>\
     <enclosure url='https://e.org/a.mp3' type='audio/mpeg' length='5'/><category>x</category><author>a@e.org (A)</author>\
     <comments>https://e.org/c</comments><source url='https://s.org/'>S</source></item></channel></rss>",
    "<rss><channel><title>A</title><item><description>No title, but &amp;amp; a long text. &lt;br>Second</description></item></channel></rss>",
    "<rss><channel><item/><item><title/></item><item><guid> </guid><pubDate>yesterday</pubDate></item></channel></rss>",
    "<feed xmlns='http://www.w3.org/2005/Atom'><title type='html'>A &amp;lt;b></title><entry><id>1</id><title>B</title>\
     <updated>2021-02-18T16:18:00.5Z</updated><published>2021-02-17</published><summary>s</summary>\
     <content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><h2>H</h2><pre>a\n  b</pre><table><tr><td>1</td></tr></table></div></content>\
     <link rel='related' href='https://e.org/r'/><link rel='via' href='https://e.org/v'/><author><name>N</name><uri>https://e.org/n</uri></author></entry></feed>",
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>\
     <channel><title>A</title></channel><item rdf:about='https://e.org/1'><title>B</title></item></rdf:RDF>",
    "{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"A\", \"items\": [{\"id\": \"1\", \"content_html\": \"<p>a\", \
     \"external_url\": \"https://e.org/x\", \"image\": \"https://e.org/i.png\", \"tags\": [\"a\"], \"authors\": [{\"name\": \"N\"}]}]}",
    "{\"version\": \"https://jsonfeed.org/version/1\", \"title\": \"A\", \"items\": [{\"id\": 1, \"content_text\": \"a\\u0000\\u001b[2J\\n    b\"}]}",
    "<rss xmlns:media='http://search.yahoo.com/mrss/'><channel><item><title>A</title><media:content url='https://e.org/a.jpg' medium='image' \
     width='5' height='6'><media:title>T</media:title></media:content></item></channel></rss>",
    "<rss xmlns:podcast='https://podcastindex.org/namespace/1.0'><channel><item><title>A</title><podcast:chapters url='https://e.org/c.json'/>\
     <podcast:transcript url='https://e.org/t.vtt'/></item></channel></rss>",
    "<rss><channel><title>A</title><item><title>&#8238;\u{200b}</title><description><![CDATA[<ul><li>a<li>b</ul><a href='/x'>y</a>]]></description></item></channel>",
    "text before <rss><channel><title>A</title><item><title>A</title></item><item><title>A</title></item></channel></rss>",
    "<opml/>",
];

fn prepared(bytes: &[u8]) -> Option<PreparedChannel> {
    let base = url::Url::parse("https://e.org/blog/").unwrap();
    let document = Document { bytes, base: Some(&base), ..Document::default() };
    channel::read(&document).ok().map(|channel| prepare(channel, true))
}

fn through_a_pipe(channel: &PreparedChannel) -> PreparedChannel {
    let mut bytes = Vec::new();
    frames::write(&mut bytes, channel, b"").unwrap();
    frames::read(&mut bytes.as_slice()).unwrap().expect("a frame").0
}

fn written(channel: &PreparedChannel) -> BTreeMap<String, Vec<u8>> {
    let home = Home::new();
    let places = Places { articles: &home.articles(), states: &home.states(), fs: &RealFileSystem };
    let report = digest::write_articles(channel, &home.subscription, &places, &Choices::cautious(day(TODAY)));
    assert_eq!(report.problems, []);
    files(&home.own())
}

#[test]
fn small_documents_are_written_as_if_they_had_passed_no_pipe() {
    let mut channels = 0;
    for document in DOCUMENTS {
        let Some(channel) = prepared(document.as_bytes()) else { continue };
        channels += 1;
        let received = through_a_pipe(&channel);
        assert_eq!(received, channel, "{document}");
        let files = written(&received);
        assert_eq!(files, written(&channel), "{document}");
        // Items that are equal share a file.
        let prints: Vec<Fingerprint> = channel.items.iter().map(|item| item.fingerprint.clone()).collect();
        let ids: HashSet<ItemId> = assign_ids(&prints, &KnownItems::default()).into_iter().collect();
        assert_eq!(files.len(), ids.len(), "{document}");
    }
    // The list of subscriptions is no channel.
    assert_eq!(channels, DOCUMENTS.len() - 1);
}

#[test]
#[ignore = "heavy"]
fn documents_of_real_sites_are_written_as_if_they_had_passed_no_pipe() {
    let Some(corpus) = corpus() else { return };
    let mut folders = vec![corpus.join("channels")];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let Some(channel) = prepared(&std::fs::read(&path).unwrap()) else { continue };
            let received = through_a_pipe(&channel);
            assert!(received == channel, "{}", path.display());
            assert!(bytes_of(&received) == bytes_of(&channel), "{}", path.display());
            for (item, file) in received.items.iter().zip(bytes_of(&received)) {
                // The check for raw HTML never finds any in what was made here.
                let body = item.body.as_ref().map(|body| clean::text(body.markdown.untrusted())).unwrap_or_default();
                assert!(String::from_utf8(file).unwrap().contains(body.as_str()), "{}", path.display());
            }
            count += received.items.len();
        }
    }
    assert!(count > 1_000, "{count}");
}

/// The bytes of the files of all items.
fn bytes_of(channel: &PreparedChannel) -> Vec<Vec<u8>> {
    let prints: Vec<Fingerprint> = channel.items.iter().map(|item| item.fingerprint.clone()).collect();
    let ids = assign_ids(&prints, &Default::default());
    let file = |(item, id)| article_file(item, &id, channel, &subscription(1)).bytes;
    channel.items.iter().zip(ids).map(file).collect()
}

#[test]
fn lists_that_are_too_long_are_not_read() {
    let channel = serde_json::to_value(prepared(DOCUMENTS[0].as_bytes()).unwrap()).unwrap();
    let is_read = |path: &str, count: usize| {
        let mut changed = channel.clone();
        let list = changed.pointer_mut(path).unwrap();
        let element = list[0].clone();
        *list = Value::Array(vec![element; count]);
        serde_json::from_value::<PreparedChannel>(changed).is_ok()
    };
    for (path, most) in [
        ("/items", 1_000),
        ("/items/0/item/topics", 100),
        ("/items/0/item/authors", 100),
        ("/items/0/item/enclosures", 100),
    ] {
        assert!(is_read(path, most) && !is_read(path, most + 1), "{path}");
    }
}

rounds!(what_a_process_sends_is_written_as_harmless_articles, 150, 20_000);

/// Changes single values of prepared channels, as a process that an attacker controls could.
fn what_a_process_sends_is_written_as_harmless_articles(count: usize) {
    let mut random = Random::new(31);
    let mut strings = hostile::strings(500);
    strings.extend(
        [
            "<script>alert(1)</script>",
            "a\n\n<iframe src=x>\n",
            "../../x",
            "/etc/passwd",
            "`<b>`<b>",
            "[a]: <b\n\n<!-- c -->",
            "---\na: b\n---\n",
        ]
        .map(str::to_owned),
    );
    strings.extend(["<b>long ".repeat(200_000), "x".repeat(3 << 20), "\u{1b}[2J".repeat(9_000)]);
    let channels: Vec<Value> = DOCUMENTS
        .iter()
        .filter_map(|document| prepared(document.as_bytes()))
        .filter(|channel| !channel.items.is_empty())
        .map(|channel| serde_json::to_value(channel).unwrap())
        .collect();
    let (mut rounds_that_wrote, mut refused) = (0, 0);
    for _ in 0..count {
        let mut sent = channels[random.roll(channels.len())].clone();
        let mut accepted = None;
        let mut left = 1 + random.roll(4);
        while left > 0 {
            let before = sent.clone();
            change(&mut sent, &mut random, &strings);
            // A value of the wrong kind is refused, as most changes are: it is undone, or only few rounds would test what is read.
            match serde_json::from_value::<PreparedChannel>(sent.clone()) {
                Ok(channel) => (accepted, left) = (Some(channel), left - 1),
                Err(_) => (sent, refused) = (before, refused + 1),
            }
        }
        let channel = accepted.expect("a change that is read");
        let home = Home::new();
        let places = Places { articles: &home.articles(), states: &home.states(), fs: &RealFileSystem };
        let report = digest::write_articles(&channel, &home.subscription, &places, &Choices::cautious(day(TODAY)));
        assert_eq!(report.problems, []);
        let folders = std::fs::read_dir(home.folder.path()).unwrap().count();
        assert_eq!((folders, std::fs::read_dir(home.articles()).unwrap().count()), (2, 1), "nothing is elsewhere");
        assert!(std::fs::metadata(home.state()).unwrap().len() < 100_000, "the state is short");
        let files = home.files();
        files.iter().for_each(|(name, bytes)| check(name, bytes));
        assert!(files.len() <= channel.items.len());
        rounds_that_wrote += usize::from(!files.is_empty());
    }
    assert!(refused > 0 && rounds_that_wrote > count * 9 / 10, "{rounds_that_wrote} of {count} wrote");
}

/// Replaces a value somewhere in another.
fn change(value: &mut Value, random: &mut Random, strings: &[String]) {
    match value {
        Value::Array(list) if !list.is_empty() => {
            let at = random.roll(list.len());
            change(&mut list[at], random, strings);
        }
        Value::Object(map) if !map.is_empty() => {
            let key = map.keys().nth(random.roll(map.len())).unwrap().clone();
            change(&mut map[&key], random, strings);
        }
        Value::Number(_) => *value = json!([0, 1, -1, i64::MAX, i64::MIN][random.roll(5)]),
        Value::Bool(is) => *is = !*is,
        _ => *value = Value::String(strings[random.roll(strings.len())].clone()),
    }
}

fn check(name: &str, bytes: &[u8]) {
    assert!(bytes.len() < 2 << 20, "{} bytes", bytes.len());
    let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(2_000)]).into_owned();
    let report = read_back(Path::new(""), name, bytes);
    assert!(report.problems.is_empty(), "{:?} {shown}", report.problems);
    let found = report.article.unwrap_or_else(|| panic!("no article in {shown}"));
    let is_hidden = |c: char| clean::is_hidden(c) && !matches!(c, '\n' | '\u{200d}' | '\u{fe0f}');
    assert!(!std::str::from_utf8(bytes).unwrap().contains(is_hidden), "{shown}");
    let html = body_syntax::plain_parser(found.body.untrusted(), BodySyntax::Gfm)
        .find(|event| matches!(event, Event::Html(_) | Event::InlineHtml(_)));
    assert_eq!(html, None, "{shown}");
}

#[test]
fn articles_that_are_not_wanted_are_not_written_and_not_remembered() {
    let home = Home::new();
    home.write_well(&of_numbers(1..3));
    let only = |words: &'static str| move |article: &Article| article.title.as_str().contains(words);
    let document = channel(vec![titled(1, "Changed"), item(2), item(3), titled(4, "Wanted"), item(5)]);
    let wanted = only("Wanted");
    for new in [1, 0] {
        let choices = Choices { is_wanted: &wanted, ..Choices::cautious(day(TODAY)) };
        let report = home.write_with(&document, &choices);
        assert_eq!(report.problems, []);
        assert_eq!((report.new.len(), report.updated.len(), report.unchanged), (new, new, 3 - 2 * new));
        let left_out: Vec<usize> = report.left_out.iter().map(|left_out| left_out.item).collect();
        assert_eq!(left_out, [2, 4]);
        assert!(report.left_out.iter().all(|left_out| left_out.why == LeftOutReason::NotWanted));
    }
    assert_eq!(home.titles(), ["Changed", "Title 2", "Wanted"], "known articles stay and change");
    // Another filter brings what the channel still has.
    let title = only("Title 3");
    let choices = Choices { is_wanted: &title, ..Choices::cautious(day(TODAY)) };
    assert_eq!(home.write_with(&document, &choices).new.len(), 1);
    assert_eq!(home.titles(), ["Changed", "Title 2", "Title 3", "Wanted"]);
    assert_eq!(home.write_well(&document).new.len(), 1);
}
