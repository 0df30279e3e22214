//! `frontpage preview`: what it prints for people and programs, its exit codes and messages, and that no channel can harm a terminal.

use std::io::{Read, Write};
use std::process::Stdio;

use frontpage::channel::{self, Document};
use frontpage::cli::preview_json;
use frontpage::dates::Zone;
use frontpage::digest::prepare;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::Value;

use crate::harness::command::{Home, Ran};
use crate::harness::hostile::strings;
use crate::harness::output_check::foreign;
use crate::rounds;

const PODCAST: &str = r#"<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>
<title>Tide Talk</title><link>https://example.org/</link><description>Talks about tides.</description><language>en</language>
<item><title>Part 7 &amp; more</title><link>https://example.org/7</link><guid>seven</guid><author>Ida Brook</author>
<category>Harbours</category><pubDate>Thu, 18 Feb 2021 16:18:00 GMT</pubDate><comments>https://example.org/7#comments</comments>
<description>&lt;p&gt;What the &lt;b&gt;harbour master&lt;/b&gt; knows.&lt;/p&gt;</description>
<enclosure url="https://cdn.example.org/7.mp3" type="audio/mpeg" length="28012345"/><itunes:duration>31:00</itunes:duration></item>
<item><description>Only a sentence</description><link>https://example.org/8</link></item>
</channel></rss>"#;

/// Runs `preview` with a document on stdin.
fn preview(document: &[u8], arguments: &[&str]) -> Ran {
    let mut command = Home::new().command();
    command.args(["preview", "-"]).args(arguments);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
    let mut stdin = child.stdin.take().expect("stdin");
    let document = document.to_vec();
    // The program may end before it has read everything.
    let sender = std::thread::spawn(move || drop(stdin.write_all(&document)));
    let output = child.wait_with_output().expect("its end");
    sender.join().expect("the sender");
    Ran {
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
        code: output.status.code().unwrap_or(-1),
    }
}

#[test]
fn people_see_the_articles_of_a_channel() {
    let ran = preview(PODCAST.as_bytes(), &[]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
    assert_eq!(
        ran.out,
        "Tide Talk\n\
         https://example.org/\n\
         Talks about tides.\n\
         RSS · en · 2 items\n\
         \n\
         Part 7 & more\n  \
           https://example.org/7\n  \
           2021-02-18 16:18 · Ida Brook · Harbours\n  \
           What the harbour master knows.\n  \
           audio/mpeg · 28.0 MB · 31:00 · https://cdn.example.org/7.mp3\n  \
           comments: https://example.org/7#comments\n\
         \n\
         Only a sentence\n  \
           https://example.org/8\n"
    );
}

#[test]
fn programs_get_all_keys() {
    let ran = preview(PODCAST.as_bytes(), &["--format", "json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let json: Value = serde_json::from_str(&ran.out).expect("JSON");
    let keys = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(keys(&json), "format channel items repairs");
    assert_eq!(keys(&json["channel"]), "title link description language updated icon");
    for item in json["items"].as_array().expect("items") {
        let all = "id title link published updated authors topics excerpt text markdown images enclosures comments";
        assert_eq!(keys(item), all);
    }
    let item = &json["items"][0];
    assert_eq!(keys(&item["authors"][0]), "name email url");
    assert_eq!(keys(&item["enclosures"][0]), "url type length duration");
    assert_eq!((&item["title"], &item["id"]), (&"Part 7 & more".into(), &"seven".into()));
    assert_eq!((&item["published"], &item["updated"]), (&"2021-02-18T16:18:00Z".into(), &Value::Null));
    assert_eq!(
        (&item["text"], &item["markdown"]),
        (&"What the harbour master knows.".into(), &"What the **harbour master** knows.".into())
    );
    assert_eq!((&json["items"][1]["title"], &json["items"][1]["topics"]), (&"".into(), &Value::Array(Vec::new())));
}

#[test]
fn exit_code_and_message_say_what_the_document_is() {
    let page = "<!DOCTYPE html><html><head><link rel=alternate type=application/rss+xml title=News href=/feed.xml></head>\
                <body><p>Hello</p></body></html>";
    let form = "<!DOCTYPE html><html><body><form><input type=password name=p></form></body></html>";
    let packed = preview(b"\x1f\x8b\x08\x00", &[]);
    assert_eq!((packed.code, packed.out.as_str()), (2, ""));
    assert!(packed.err.contains("a compressed file\n  decompress it first"), "{}", packed.err);
    for (document, arguments, code, message) in [
        ("<rss><channel><title>T</title></channel></rss>", &[][..], 0, ""),
        (
            "<rss><channel><title>T</title><item><title>a & b</title><link>https://e.org/</link></item></channel></rss>",
            &[],
            1,
            "frontpage: stdin:1: ",
        ),
        (
            "<rss><channel><item><title>a</title><link>/a</link></item></channel></rss>",
            &[],
            0,
            "no item has a link; if they are relative, add --base",
        ),
        (
            "<rss><channel><item><title>a</title><link>/a</link></item></channel></rss>",
            &["--base", "https://e.org/"],
            0,
            "",
        ),
        ("", &[], 2, "frontpage: stdin: the document is empty\n  the command before the pipe printed nothing"),
        ("hello", &[], 2, "not a channel, but plain text"),
        ("\u{0}\u{1}\u{2}\u{ff}", &[], 2, "not a channel, but a file that is not text"),
        ("{\"a\": 1}", &[], 2, "not a channel, but a JSON document"),
        ("<opml version=\"2.0\"><body/></opml>", &[], 2, "a list of subscriptions (OPML), not a channel"),
        ("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", &[], 2, "an XML document with the root element `svg`"),
        (page, &[], 2, "names no channel with a full address; for relative ones add --base URL of the page"),
        (page, &["--base", "https://e.org/a/"], 2, "download one of them:\n  https://e.org/feed.xml"),
        (form, &[], 2, "log in with a browser"),
        (PODCAST, &["--base", "e.org"], 2, "write an address with http or https"),
        (PODCAST, &["--content-type", "image/png; charset=klingon"], 0, ""),
        (PODCAST, &["--frmat", "json"], 2, "a similar argument exists: '--format'"),
    ] {
        let ran = preview(document.as_bytes(), arguments);
        assert_eq!(ran.code, code, "{document} {arguments:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(message) && message.is_empty() == ran.err.is_empty(), "{document}: {}", ran.err);
        assert_eq!(ran.out.is_empty(), code == 2, "{document}: {}", ran.out);
        assert!(!ran.err.contains("did you mean `frontpage preview`"), "{}", ran.err);
    }
}

#[test]
fn files_that_cannot_be_read_are_refused_with_what_to_do() {
    let home = Home::new();
    let folder = home.folder.path().to_string_lossy().into_owned();
    let big = home.file("big.xml", "").to_string_lossy().into_owned();
    std::fs::OpenOptions::new().write(true).open(&big).and_then(|file| file.set_len(20_000_000)).expect("a file");
    for (file, message) in [
        (folder.as_str(), "it is a folder, not a file"),
        ("/dev/null", "it is not a regular file\n  to read from a pipe: COMMAND | frontpage preview -"),
        (&big, "it has more than 16 MB"),
        ("none.xml", "cannot read none.xml: no such file or directory"),
    ] {
        let ran = home.run(&["preview", file]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{file}");
        assert!(ran.err.contains(message), "{file}: {}", ran.err);
    }
}

#[test]
fn a_reader_that_ends_early_is_success() {
    for format in ["text", "json"] {
        let mut command = Home::new().command();
        command.args(["preview", "-", "--format", format]).stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
        drop(child.stdout.take());
        child.stdin.take().expect("stdin").write_all(PODCAST.as_bytes()).expect("the document");
        let mut err = String::new();
        child.stderr.take().expect("stderr").read_to_string(&mut err).expect("text");
        assert_eq!((child.wait().expect("its end").code(), err.as_str()), (Some(0), ""), "{format}");
    }
}

/// Escapes a text for XML. Controls are written as references, which a lenient reader resolves.
fn xml(text: &str) -> String {
    let one = |c: char| match c {
        '<' | '>' | '&' | '"' | '\'' => format!("&#{};", c as u32),
        c if c.is_control() => format!("&#x{:x};", c as u32),
        c => c.to_string(),
    };
    text.chars().map(one).collect()
}

/// Channels with each text in each field, in the formats that are read.
fn hostile_channels(texts: &[String]) -> [String; 3] {
    let mut rss = "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel>".to_owned();
    let mut atom = "<feed xmlns='http://www.w3.org/2005/Atom'>".to_owned();
    let mut items: Vec<Value> = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        // As references, and as they are.
        let x = if number % 2 == 0 { xml(text) } else { text.replace(['<', '&', '"'], " ") };
        if number == 0 {
            rss += &format!(
                "<title>{x}</title><link>https://e.org/{x}</link><description>{x}</description><language>{x}</language>"
            );
            atom += &format!("<title>{x}</title><subtitle>{x}</subtitle><icon>https://e.org/{x}</icon>");
        }
        rss += &format!(
            "<item><title>{x}</title><link>https://e.org/{x}</link><guid>{x}</guid><dc:creator>{x}</dc:creator><pubDate>{x}</pubDate>\
             <category>{x}</category><comments>https://e.org/{x}</comments><description>{x}</description>\
             <enclosure url=\"https://e.org/{x}\" type=\"{x}\" length=\"{x}\"/></item>"
        );
        atom += &format!(
            "<entry><id>{x}</id><title type='html'>{x}</title><link href=\"https://e.org/{x}\"/><author><name>{x}</name><email>{x}</email>\
             <uri>{x}</uri></author><category term=\"{x}\" label=\"{x}\"/><content type='html'>{x}</content><updated>{x}</updated></entry>"
        );
        items.push(serde_json::json!({
            "id": text, "title": text, "url": format!("https://e.org/{text}"), "content_html": text, "summary": text,
            "tags": [text], "authors": [{"name": text, "url": text}], "date_published": text,
            "attachments": [{"url": format!("https://e.org/{text}"), "mime_type": text, "title": text}], "image": text,
        }));
    }
    let first = texts.first().cloned().unwrap_or_default();
    let json = serde_json::json!({
        "version": "https://jsonfeed.org/version/1.1", "title": first, "description": first, "language": first,
        "home_page_url": first, "items": items,
    });
    [rss + "</channel></rss>", atom + "</feed>", json.to_string()]
}

/// Every text of a JSON value but ids, which programs get as the channel gives them.
fn texts(value: &Value) -> Vec<&str> {
    let mut open = vec![value];
    let mut found = Vec::new();
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) => found.push(text.as_str()),
            Value::Array(values) => open.extend(values),
            Value::Object(values) => open.extend(values.iter().filter(|(key, _)| *key != "id").map(|(_, value)| value)),
            _ => {}
        }
    }
    found
}

rounds!(no_channel_can_harm_a_terminal, 120, 6_000);

fn no_channel_can_harm_a_terminal(count: usize) {
    let mut all = strings(count);
    all.push(format!("\u{1b}]8;;https://evil.example/\u{7}{}\u{1b}]8;;\u{7}\r\n", "long \u{202e}".repeat(10_000)));
    for some in all.chunks(200) {
        for document in hostile_channels(some) {
            for format in ["text", "json"] {
                let ran = preview(document.as_bytes(), &["--format", format]);
                assert!(matches!(ran.code, 0 | 1), "{format}: {} {}", ran.code, ran.err);
                assert!(ran.out.len() > 100 * some.len().min(20), "{format}: {}", ran.out);
                for output in [&ran.out, &ran.err] {
                    let found = foreign(output.as_bytes(), false);
                    assert!(found.is_empty(), "{format}: {:?}", &found[..1]);
                }
                if format == "json" {
                    let json: Value = serde_json::from_str(&ran.out).expect("JSON");
                    assert_eq!(json["items"].as_array().map(Vec::len), Some(some.len()));
                    let found: Vec<String> =
                        texts(&json).into_iter().flat_map(|text| foreign(text.as_bytes(), false)).collect();
                    assert!(found.is_empty(), "{:?}", &found[..1]);
                }
            }
        }
    }
}

/// A document of a known beginning and any bytes.
fn document() -> impl Strategy<Value = Vec<u8>> {
    let beginnings = prop::sample::select(vec![
        "",
        "<rss><channel><item><title>",
        "<rss><channel><item><description>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><content type='html'>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><link href='",
        "{\"version\": \"https://jsonfeed.org/version/1\", \"items\": [{\"title\": \"",
    ]);
    (beginnings, prop::collection::vec(any::<u8>(), 0..400))
        .prop_map(|(beginning, bytes)| [beginning.as_bytes(), &bytes].concat())
}

rounds!(any_bytes_are_read_or_refused, 200, 40_000);

fn any_bytes_are_read_or_refused(count: usize) {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(count as u32) };
    let outcome = TestRunner::new(config).run(&document(), |bytes| {
        match channel::read(&Document { bytes: &bytes, ..Document::default() }) {
            Ok(channel) => {
                let json = preview_json(&prepare(channel, true), Zone::Utc);
                for text in texts(&json) {
                    let found = foreign(text.as_bytes(), false);
                    prop_assert!(found.is_empty(), "{found:?}");
                }
            }
            Err(why) => prop_assert!(!why.to_string().is_empty()),
        }
        Ok(())
    });
    outcome.expect("read or refused");
}
