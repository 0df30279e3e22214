//! Tests of reading RSS, RDF and Atom: each rule with a small document, and documents that are made to do harm.

use proptest::prelude::*;

use super::*;

fn read_bytes(bytes: &[u8], base: Option<&str>) -> Result<Channel, NotAChannel> {
    let base = base.map(|base| Url::parse(base).expect("an address"));
    read(&Document { bytes, base: base.as_ref(), ..Document::default() })
}

fn channel(text: &str) -> Channel {
    read_bytes(text.as_bytes(), Some("https://example.org/feed.xml")).unwrap_or_else(|why| panic!("{why}: {text}"))
}

/// The item of an RSS document with these elements.
fn rss_item(elements: &str) -> Item {
    let mut channel = channel(&format!("<rss version='2.0'><channel><item>{elements}</item></channel></rss>"));
    assert_eq!(channel.items.len(), 1, "{elements}");
    channel.items.remove(0)
}

/// The entry of an Atom document with these elements.
fn atom_entry(elements: &str) -> Item {
    let start = "<feed xmlns='http://www.w3.org/2005/Atom'><entry>";
    channel(&format!("{start}{elements}</entry></feed>")).items.remove(0)
}

fn text(text: &Option<UntrustedText>) -> &str {
    text.as_ref().map_or("", UntrustedText::untrusted)
}

fn body(item: &Item) -> (&str, ContentKind) {
    item.body().map_or(("", ContentKind::Plain), |content| (content.text.untrusted(), content.kind))
}

fn date(text: &str) -> Option<Date> {
    text.parse().ok()
}

#[test]
fn formats_are_known_by_their_root() {
    for (text, format, items) in [
        ("<rss><channel><item><title>a</title></item></channel></rss>", Format::Rss, 1),
        ("<rss version='9.99'><item><title>a</title></item></rss>", Format::Rss, 1),
        (
            "<rdf:RDF xmlns='http://purl.org/rss/1.0/' xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>
          <channel><title>x</title></channel><item rdf:about='https://example.org/1'><title>a</title></item></rdf:RDF>",
            Format::Rdf,
            1,
        ),
        ("<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>a</title></entry></feed>", Format::Atom, 1),
        (
            "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><title>a</title></entry></feed>",
            Format::Atom,
            1,
        ),
        (
            "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:title>a</a:title></a:entry></a:feed>",
            Format::Atom,
            1,
        ),
        ("<CHANNEL><ITEM HREF='/1' LASTMOD='2021-02-18'><TITLE>a</TITLE></ITEM></CHANNEL>", Format::Rss, 1),
        (
            "<br />\n<b>Warning</b>: x\n<?xml version='1.0'?><rss><channel><item><title>a</title></item></channel></rss>",
            Format::Rss,
            1,
        ),
        ("<item><title>a</title></item>", Format::Rss, 1),
        ("<rss><channel/></rss>", Format::Rss, 0),
        ("<rss><channel><item/><item><foo>x</foo></item></channel></rss>", Format::Rss, 0),
    ] {
        let channel = channel(text);
        assert_eq!((channel.format, channel.items.len()), (format, items), "{text}");
        assert!(channel.items.iter().all(|item| item.title.untrusted() == "a"), "{text}");
    }
}

#[test]
fn documents_that_are_not_channels_are_named() {
    for (bytes, expected) in [
        (&b""[..], "the document is empty"),
        (b" \n\xef\xbb\xbf", "the document is empty"),
        (b"<opml><body/></opml>", "this is a list of subscriptions (OPML), not a channel"),
        (b"<urlset/>", "this is not a channel, but a map of a site for search engines"),
        (b"<svg/>", "this is not a channel, but an XML document with the root element `svg`"),
        (b"hello", "this is not a channel, but plain text"),
        (b"\x1f\x8b\x08", "this is not a channel, but a compressed file"),
        (b"%PDF-1.4", "this is not a channel, but a PDF document"),
        (b"a\0b", "this is not a channel, but a file that is not text"),
        (b"{}", "this is not a channel, but a JSON document that is not a JSON Feed"),
    ] {
        assert_eq!(read_bytes(bytes, None).map_err(|why| why.to_string()).err().as_deref(), Some(expected));
    }
}

#[test]
fn a_channel_of_rss_is_read() {
    let channel = channel(
        "<rss><channel><title>A &amp;amp; B</title><link>/site/</link><description>&lt;p&gt;About&lt;/p&gt;</description>
        <language>en-GB</language><lastBuildDate>Thu, 18 Feb 2021 16:18:00 GMT</lastBuildDate>
        <image><title>other</title><url>logo.png</url><link>https://example.org/wrong</link></image>
        <textInput><title>other</title><description>other</description><link>/wrong</link></textInput>
        <item xml:lang='en-gb'><title>1</title></item><item xml:lang='de'><title>2</title></item></channel></rss>",
    );
    assert_eq!(channel.title.untrusted(), html::to_text("A &amp; B"));
    assert_eq!(text(&channel.link), "https://example.org/site/");
    assert_eq!(channel.description.untrusted(), html::to_text("<p>About</p>").trim());
    assert_eq!(text(&channel.language), "en-GB");
    assert_eq!(channel.updated, date("2021-02-18T16:18:00Z"));
    assert_eq!(text(&channel.icon), "https://example.org/logo.png");
    assert_eq!(channel.repairs, []);
}

#[test]
fn a_channel_of_atom_is_read() {
    let channel = channel(
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='de' xml:base='https://example.com/b/'>
        <title type='html'>A &amp;lt; B</title><subtitle>Plain &lt;b&gt;</subtitle><updated>2021-02-18T16:18:00Z</updated>
        <link rel='self' href='feed.xml'/><link href='.'/><link rel='alternate' href='second'/><icon>i.png</icon><logo>l.png</logo>
        <author><name>Ann</name><email>ann@example.org</email><uri>/ann</uri></author><contributor><name>Bob</name></contributor>
        <entry><title>1</title></entry><entry><author><name>Cid</name></author></entry></feed>",
    );
    assert_eq!(channel.title.untrusted(), "A < B");
    assert_eq!(channel.description.untrusted(), "Plain <b>");
    assert_eq!(text(&channel.link), "https://example.com/b/");
    assert_eq!((text(&channel.icon), text(&channel.language)), ("https://example.com/b/i.png", "de"));
    let author = |at: usize| channel.items[at].authors.iter().map(|person| person.name.untrusted()).collect::<Vec<_>>();
    assert_eq!((author(0), author(1)), (vec!["Ann"], vec!["Cid"]));
    assert_eq!(text(&channel.items[0].authors[0].url), "https://example.com/ann");
    assert_eq!(text(&channel.items[0].authors[0].email), "ann@example.org");
}

#[test]
fn texts_of_rss_are_markup_or_plain_by_their_looks() {
    use ContentKind::{Html, Plain};
    for (elements, expected, kind) in [
        ("<description>a &lt;b&gt;b&lt;/b&gt;</description>", "a <b>b</b>", Html),
        (
            "<description>Hello <b class='c'>x &amp; y</b><br/></description>",
            "Hello <b class=\"c\">x &amp; y</b><br>",
            Html,
        ),
        ("<description><![CDATA[<p>a &amp; b</p>]]></description>", "<p>a &amp; b</p>", Html),
        ("<description>AT&T\nand D&amp;D</description>", "AT&T\nand D&D", Html),
        ("<description>one\n\ntwo</description>", "one\n\ntwo", Plain),
        ("<description>Vec&lt;String&gt;</description>", "Vec<String>", Plain),
        ("<description>short</description><content:encoded>long</content:encoded>", "long", Html),
        ("<content:encoded>long</content:encoded><description>short</description>", "long", Html),
        ("<description>long</description><summary>short</summary>", "long", Html),
        ("<description>short</description><itunes:summary>much longer</itunes:summary>", "much longer", Html),
        ("<itunes:subtitle>a</itunes:subtitle><itunes:summary>b</itunes:summary>", "b", Html),
        ("<body xmlns='http://www.w3.org/1999/xhtml'><p>x</p></body>", "<p>x</p>", Html),
        ("<xhtml:body><xhtml:p>x</xhtml:p></xhtml:body>", "<p>x</p>", Html),
        ("<media:group><media:description>a\nb</media:description></media:group>", "a\nb", Plain),
        ("<x:description>other</x:description><description>a</description>", "a", Html),
        ("<description>  </description><dc:description>a</dc:description>", "a", Html),
        ("<description>a<pubDate>2021-02-18</pubDate>", "a", Html),
    ] {
        assert_eq!(body(&rss_item(elements)), (expected, kind), "{elements}");
    }
}

#[test]
fn texts_of_atom_are_what_they_declare() {
    use ContentKind::{Html, Plain};
    for (elements, expected, kind) in [
        ("<content>a &lt;b&gt;</content>", "a <b>", Plain),
        ("<content type='text'>a &lt;b&gt;</content>", "a <b>", Plain),
        ("<content type='html'>a</content>", "a", Html),
        ("<content type='text/html; charset=utf-8'>a</content>", "a", Html),
        (
            "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>1 &lt; 2<br/></div></content>",
            "<div>1 &lt; 2<br></div>",
            Html,
        ),
        ("<content type='xhtml'>&lt;p&gt;a&lt;/p&gt;</content>", "<p>a</p>", Html),
        ("<content type='application/octet-stream'>YTxiPg==</content>", "a<b>", Html),
        ("<content type='text/html' mode='base64'>PHA+</content>", "<p>", Html),
        ("<content mode='escaped'>&lt;p&gt;a</content>", "<p>a", Html),
        ("<content>a <b>b</b></content>", "a <b>b</b>", Html),
        ("<summary>short</summary><content>long</content>", "long", Plain),
        (
            "<content type='xhtml'><div xml:base='/c/'><a href='d'>x</a></div></content>",
            "<div><a href=\"https://example.org/c/d\">x</a></div>",
            Html,
        ),
    ] {
        assert_eq!(body(&atom_entry(elements)), (expected, kind), "{elements}");
    }
}

#[test]
fn titles_have_no_markup() {
    for (title, expected) in [
        ("1 &lt; 2", "1 < 2"),
        ("AT&amp;T", "AT&T"),
        ("AT&T", "AT&T"),
        ("AT&amp;amp;T", "AT&T"),
        ("Vec&lt;String&gt; in Rust", "Vec<String> in Rust"),
        ("a &lt;b&gt;b&lt;/b&gt;", "a b"),
        ("<![CDATA[a <i>b</i>]]>", "a b"),
        ("a <em>b</em>\n c", "a b c"),
        ("it&amp;#8217;s", "it’s"),
    ] {
        assert_eq!(rss_item(&format!("<title>{title}</title>")).title.untrusted(), expected, "{title}");
    }
    for (elements, expected) in [
        ("<media:title>b</media:title><title>a</title>", "a"),
        ("<dc:title>b</dc:title>", "b"),
        ("<itunes:title>c</itunes:title><media:title>b</media:title>", "b"),
        ("<media:content url='x.mp3'><media:title>b</media:title></media:content>", ""),
        ("<media:content url='x.mp3'><media:title>b</media:title></media:content><guid>1</guid>", ""),
    ] {
        assert_eq!(rss_item(elements).title.untrusted(), expected, "{elements}");
    }
}

#[test]
fn links_and_ids_of_items_are_found() {
    for (elements, link, guid) in [
        ("<link>/a</link>", "https://example.org/a", ""),
        ("<link>\n https://example.org/a?b=c&d=e\n</link>", "https://example.org/a?b=c&d=e", ""),
        ("<guid>https://example.org/g</guid>", "https://example.org/g", "https://example.org/g"),
        ("<guid isPermaLink='false'>https://example.org/g</guid>", "", "https://example.org/g"),
        ("<guid>tag:1</guid>", "", "tag:1"),
        ("<guid>https://example.org/g</guid><link>/a</link>", "https://example.org/a", "https://example.org/g"),
        ("<link>/a</link><feedburner:origLink>/o</feedburner:origLink>", "https://example.org/o", ""),
        ("<link>javascript:alert(1)</link><guid>1</guid>", "", "1"),
        ("<link>data:text/html,x</link><guid>1</guid>", "", "1"),
        ("<link/><atom:link href='/b'/>", "https://example.org/b", ""),
        ("<image><link>/wrong</link></image><guid>1</guid>", "", "1"),
        ("<link xml:base='https://example.com/'>a</link>", "https://example.com/a", ""),
    ] {
        let item = rss_item(elements);
        assert_eq!((text(&item.link), text(&item.guid)), (link, guid), "{elements}");
    }
    for (elements, link) in [
        (
            "<link rel='self' href='/s'/><link rel='edit' href='/e'/><link rel='alternate' href='/a'/>",
            "https://example.org/a",
        ),
        ("<link type='application/json' href='/j'/><link type='text/html' href='/h'/>", "https://example.org/h"),
        ("<link rel='http://www.iana.org/assignments/relation/alternate' href='/a'/>", "https://example.org/a"),
        ("<id>https://example.org/i</id>", "https://example.org/i"),
        ("<content src='/c'/><id>tag:1</id>", "https://example.org/c"),
    ] {
        assert_eq!(text(&atom_entry(elements).link), link, "{elements}");
    }
}

#[test]
fn dates_of_every_kind_are_read() {
    let (first, second) = ("2021-02-18T16:18:00Z", "2021-02-19T16:18:00Z");
    for (elements, published, updated) in [
        (
            format!("<pubDate>Thu, 18 Feb 2021 16:18:00 GMT</pubDate><atom:updated>{second}</atom:updated>"),
            Some(first),
            Some(second),
        ),
        (format!("<dc:date>{first}</dc:date>"), Some(first), Some(first)),
        (format!("<dc:date>{first}</dc:date><pubDate>{second}</pubDate>"), Some(second), Some(first)),
        (
            format!("<dcterms:created>{first}</dcterms:created><dcterms:issued>{second}</dcterms:issued>"),
            Some(second),
            None,
        ),
        (format!("<modified>{first}</modified><issued>{second}</issued>"), Some(second), Some(first)),
        (format!("<updated>{first}</updated><updated>{second}</updated>"), None, Some(second)),
    ] {
        let item = rss_item(&elements);
        assert_eq!((item.published, item.updated), (published.and_then(date), updated.and_then(date)), "{elements}");
    }
}

#[test]
fn authors_and_topics_are_read() {
    let item = rss_item(
        "<author>ann@example.org (Ann)</author><dc:creator>Ann</dc:creator><itunes:author>Bob</itunes:author>
        <category>a</category><category domain='x'> b </category><dc:subject>a</dc:subject><tags>c, d</tags>
        <itunes:category text='e'><itunes:category text='f'/></itunes:category><media:keywords>g,c</media:keywords>
        <atom:category term='h' label='H'/><category term='https://example.org/t' label='i'/>
        <category scheme='http://schemas.google.com/g/2005#kind' term='post'/>",
    );
    let authors: Vec<_> = item.authors.iter().map(|person| (person.name.untrusted(), text(&person.email))).collect();
    assert_eq!(authors, [("Ann", "ann@example.org"), ("Bob", "")]);
    let topics: Vec<_> = item.topics.iter().map(UntrustedText::untrusted).collect();
    assert_eq!(topics, ["a", "b", "c", "d", "e", "f", "g", "h", "i"]);
}

#[test]
fn files_and_pictures_are_kept_apart() {
    let item = rss_item(
        "<enclosure url='/a.mp3' type='audio/mpeg' length='1,234'/><itunes:duration>1:02</itunes:duration>
        <enclosure url='/b.jpg' type='image/jpeg' length='0'/><enclosure url='/a.mp3'/>
        <media:group><media:content url='/c.mp4' type='video/mp4' fileSize='5' duration='7'/>
        <media:content url='/d.png' medium='image' width='10' height='20'><media:title>D</media:title></media:content>
        <media:thumbnail url='/e' width='1' height='2'/></media:group>
        <media:content url='/page' type='text/html'/><itunes:image href='/f.png'/><media:content url='javascript:x'/>
        <podcast:chapters url='/chapters.json'/><podcast:transcript url='/t.vtt'/><thr:in-reply-to href='/r'/>",
    );
    let enclosures: Vec<_> = item
        .enclosures
        .iter()
        .map(|file| (file.url.untrusted(), text(&file.media_type), file.length, file.duration))
        .collect();
    let at = |path: &str| format!("https://example.org{path}");
    assert_eq!(
        enclosures,
        [
            (at("/a.mp3").as_str(), "audio/mpeg", Some(1234), Some(62)),
            (at("/c.mp4").as_str(), "video/mp4", Some(5), Some(7))
        ]
    );
    let images: Vec<_> =
        item.images.iter().map(|image| (image.url.untrusted(), image.title.untrusted(), image.size)).collect();
    assert_eq!(
        images,
        [
            (at("/b.jpg").as_str(), "", None),
            (at("/d.png").as_str(), "D", Some((10, 20))),
            (at("/e").as_str(), "", Some((1, 2))),
            (at("/f.png").as_str(), "", None)
        ]
    );
    let links: Vec<_> = item.links.iter().map(|link| (link.name, link.url.untrusted())).collect();
    assert_eq!(
        links,
        [
            ("Chapters", at("/chapters.json").as_str()),
            ("Transcript", at("/t.vtt").as_str()),
            ("In reply to", at("/r").as_str())
        ]
    );
}

#[test]
fn comments_are_pages() {
    for (elements, expected) in [
        (
            "<comments>/c</comments><wfw:commentRss>/feed</wfw:commentRss><slash:comments>3</slash:comments>",
            "https://example.org/c",
        ),
        (
            "<atom:link rel='replies' type='application/atom+xml' href='/x'/><atom:link rel='replies' type='text/html' href='/c'/>",
            "https://example.org/c",
        ),
        ("<wfw:commentRss>/feed</wfw:commentRss>", "https://example.org/feed"),
        ("<comments>javascript:x</comments><guid>1</guid>", ""),
    ] {
        assert_eq!(text(&rss_item(elements).comments), expected, "{elements}");
    }
}

#[test]
fn the_channel_that_an_item_is_from_is_kept_apart() {
    let item = rss_item("<title>t</title><source url='https://example.com/feed'>Other</source><link>/a</link>");
    let source = item.source.expect("a source");
    assert_eq!((source.title.untrusted(), text(&source.link)), ("Other", "https://example.com/feed"));
    let item = atom_entry(
        "<title>t</title><source><title type='html'>O &lt;b&gt;x&lt;/b&gt;</title><id>urn:1</id><updated>2021-02-18</updated>
        <link rel='self' href='https://example.com/feed'/><link href='https://example.com/'/><author><name>No</name></author>
        </source>",
    );
    let source = item.source.expect("a source");
    assert_eq!((source.title.untrusted(), text(&source.link)), ("O x", "https://example.com/"));
    assert_eq!((item.title.untrusted(), item.updated, item.authors.len(), text(&item.guid)), ("t", None, 0, ""));
}

#[test]
fn texts_know_the_base_of_their_addresses() {
    let base = |channel: &Channel| channel.items[0].body().and_then(|body| body.base.clone()).map(String::from);
    let document = |start: &str, item: &str| {
        channel(&format!("<rss {start}<item {item}><description>x</description></item></channel></rss>"))
    };
    for (start, item, expected) in [
        ("><channel>", "", "https://example.org/feed.xml"),
        ("><channel><link>https://example.com/site/</link>", "", "https://example.com/site/"),
        ("xml:base='https://example.net/'><channel><link>/x</link>", "", "https://example.net/"),
        ("xml:base='https://example.net/'><channel>", "xml:base='y/'", "https://example.net/y/"),
    ] {
        assert_eq!(base(&document(start, item)).as_deref(), Some(expected), "{start}");
    }
    let without =
        read_bytes(b"<rss><channel><link>https://a.example/</link><item><link>b</link></item></channel></rss>", None);
    assert_eq!(text(&without.expect("a channel").items[0].link), "https://a.example/b");
}

#[test]
fn damaged_documents_are_read_and_their_damages_reported() {
    for (document, titles, repairs) in [
        (
            "<rss><channel>\n<item><title>D&D</title></item></channel></rss>",
            &["D&D"][..],
            &["2: `&` that is not written as `&amp;`: read as text"][..],
        ),
        (
            "<rss><channel><item><title>a</title></item>\n<item><title>b",
            &["a", "b"],
            &[
                "2: `<rss>` is not closed: closed where its parent ends",
                "2: `<channel>` is not closed: closed where its parent ends",
                "2: `<item>` is not closed: closed where its parent ends",
                "2: `<title>` is not closed: closed where its parent ends",
            ],
        ),
        (
            "<rss><channel><item><title>a</title>\n<item><title>b</title></item></channel></rss>",
            &["a", "b"],
            &["2: an item is not closed: closed where the next one begins"],
        ),
        (
            "<rss><channel><item><title>a\n<guid>1</guid></item><item><title>b</title></item></channel></rss>",
            &["a", "b"],
            &["2: `<title>` is not closed: closed where its parent ends"],
        ),
        (
            "<rss><channel><item><title>a</title><pubDate>\nsoon</pubDate></item></channel></rss>",
            &["a"],
            &["1: `soon`: not a date; write it as 2021-02-18"],
        ),
        (
            "<rss><channel><item><title>a</title></item></b><item><title>b</title></item></channel></rss>",
            &["a", "b"],
            &["1: `</b>` without a start: left out"],
        ),
    ] {
        let channel = channel(document);
        assert_eq!(channel.items.iter().map(|item| item.title.untrusted()).collect::<Vec<_>>(), titles, "{document}");
        let found: Vec<String> =
            channel.repairs.iter().map(|repair| format!("{}: {}", repair.line, repair.what)).collect();
        assert_eq!(found, repairs, "{document}");
    }
    let latin =
        read_bytes(b"<?xml version='1.0' encoding='utf-8'?>\n<rss><channel><title>\xe4</title></channel></rss>", None);
    let latin = latin.expect("a channel");
    assert_eq!((latin.title.untrusted(), latin.repairs[0].line), ("\u{e4}", 2));
}

#[test]
fn repairs_are_limited() {
    let xml = "<item><title>&</title><pubDate>x</pubDate></item>".repeat(500);
    let json = vec![r#"{"title": [], "date_published": "x"}"#; 500].join(",");
    for document in [
        format!("<rss><channel>{xml}</channel></rss>"),
        format!(r#"{{"version": "https://jsonfeed.org/version/1", "items": [{json}]}}"#),
    ] {
        let channel = channel(&document);
        assert_eq!(channel.items.len(), 500);
        assert_eq!(channel.repairs.len(), 101);
        assert_eq!(channel.repairs[100].what.as_str(), "and 900 more repairs");
    }
}

#[test]
fn the_newest_items_are_kept_in_their_order() {
    let days = ["2021-02-18", "2021-02-17", "2021-02-19"];
    let item = |at: usize| format!("<item><guid>{at}</guid><pubDate>{}</pubDate></item>", days[at % 3]);
    let document = format!("<rss><channel>{}</channel></rss>", (0..3000).map(item).collect::<String>());
    let channel = channel(&document);
    let kept: Vec<String> = channel.items.iter().map(|item| text(&item.guid).to_owned()).collect();
    assert_eq!(kept, (0..3000).filter(|at| at % 3 == 2).map(|at| at.to_string()).collect::<Vec<_>>());
    assert!(channel.is_partial);
    assert_eq!(channel.repairs.len(), 1);
    assert_eq!(channel.repairs[0].what.as_str(), "2000 older items beyond 1000 are left out");
}

/// Runs a function with a stack of 256 KiB.
fn on_a_small_stack<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(256 * 1024).spawn_scoped(scope, run);
        thread.expect("a thread").join().expect("no panic")
    })
}

#[test]
fn hostile_documents_are_read() {
    let item = "<item><title>last</title></item>";
    let rss = |inner: &str| format!("<rss><channel><item><title>first</title>{inner}</item>{item}</channel></rss>");
    let nested = |name: &str, count: usize| {
        format!("{}{}", format!("<{name}>").repeat(count), format!("</{name}>").repeat(count))
    };
    let attributes: String = (0..50_000).map(|at| format!(" a{at}='{at}'")).collect();
    let namespaces: String = (0..20_000).map(|at| format!(" xmlns:n{at}='urn:{at}'")).collect();
    let bomb =
        "<!DOCTYPE x [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>
        <!ENTITY d SYSTEM 'file:///etc/passwd'>]>";
    for (name, document) in [
        ("nested elements", rss(&format!("<description>{}</description>", nested("div", 100_000)))),
        ("nested elements without end", rss(&format!("<description>{}</description>", "<div>".repeat(100_000)))),
        ("nested groups", rss(&nested("media:group", 100_000))),
        ("nested items", format!("<rss><channel>{}{item}</channel></rss>", nested("item", 100_000))),
        ("attributes", rss(&format!("<x{attributes}/><enclosure{attributes}/>"))),
        ("namespaces", rss(&format!("<x{namespaces}><y/><z/></x>"))),
        ("less-than signs", rss(&"<".repeat(1_000_000))),
        ("tags without end", rss(&"<a b='".repeat(200_000))),
        ("tags without end, both quotes", rss(&"<a b='\"".repeat(200_000))),
        ("comments without end", rss(&"<!-- ".repeat(200_000))),
        ("sections without end", rss(&"<![CDATA[".repeat(100_000))),
        ("document types", format!("{}{}", "<!DOCTYPE x [".repeat(100_000), rss(""))),
        ("ampersands", rss(&format!("<description>{}</description>", "&".repeat(1_000_000)))),
        ("an entity bomb", format!("{bomb}{}", rss(&format!("<description>{}&d;</description>", "&c;".repeat(1000))))),
        ("end tags", rss(&"</a>".repeat(300_000))),
        ("parts", rss(&"<category>a</category><author>b</author><enclosure url='/c'/>".repeat(30_000))),
        ("flat text", rss(&format!("<description>{}</description>", "text &amp; &lt;b&gt; ".repeat(100_000)))),
    ] {
        let channel = on_a_small_stack(|| channel(&document));
        let titles: Vec<&str> = channel.items.iter().map(|item| item.title.untrusted()).collect();
        assert!(titles.contains(&"last"), "{name}: {} items", titles.len());
        assert!(titles.contains(&"first") || name == "nested items", "{name}");
        let texts: usize = channel.items.iter().filter_map(Item::body).map(|body| body.text.untrusted().len()).sum();
        assert!(texts <= 2 * document.len() + 64 * 1024, "{name}: {texts} bytes of text");
        let debug = format!(
            "{:?}",
            channel.items.first().and_then(Item::body).map(|body| body.text.untrusted().contains("root:"))
        );
        assert_ne!(debug, "Some(true)", "{name}");
    }
}

proptest! {
    #[test]
    fn any_document_is_read_without_panic(text in "(<|>|</|&|;|=|'|\"|/>|<!--|-->|<!\\[CDATA\\[|\\]\\]>|rss|item|title|xml:base|é|\n| |a:|feed|entry|#x9[0-9]){0,60}") {
        let document = format!("<rss><channel>{text}</channel></rss>");
        let _ = read_bytes(document.as_bytes(), None);
        let _ = read_bytes(text.as_bytes(), None);
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_bytes(&bytes, None);
    }
}

fn titles(channel: &Channel) -> Vec<&str> {
    channel.items.iter().map(|item| item.title.untrusted()).collect()
}

fn whats(channel: &Channel) -> Vec<(u32, &str)> {
    channel.repairs.iter().map(|repair| (repair.line, repair.what.as_str())).collect()
}

#[test]
fn a_root_element_may_be_in_any_namespace() {
    for (root, namespace) in [
        ("rss", "http://purl.org/dc/elements/1.1/"),
        ("rss", "http://www.itunes.com/dtds/podcast-1.0.dtd"),
        ("rss", "http://www.w3.org/1999/xhtml"),
        ("rss", "urn:x"),
        ("RDF", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
        ("rdf", "https://purl.org/rss/1.0"),
    ] {
        let channel = channel(&format!(
            "<{root} xmlns='{namespace}'><channel><title>Site</title><item><title>One</title>
            <description>Text</description><pubDate>Mon, 01 Jan 2024 00:00:00 GMT</pubDate></item></channel></{root}>"
        ));
        assert_eq!((channel.title.untrusted(), titles(&channel)), ("Site", vec!["One"]), "{namespace}");
        assert_eq!(body(&channel.items[0]).0, "Text", "{namespace}");
        assert_eq!(channel.items[0].published, date("2024-01-01T00:00:00Z"), "{namespace}");
    }
}

#[test]
fn a_root_element_of_cdf_tells_of_the_channel() {
    let channel = channel(
        "<CHANNEL HREF='https://example.com/site/' LASTMOD='2004-04-07T04:05:43Z'><TITLE>Site</TITLE>
        <ITEM HREF='1'><TITLE>One</TITLE></ITEM></CHANNEL>",
    );
    assert_eq!(text(&channel.link), "https://example.com/site/");
    assert_eq!(channel.updated, date("2004-04-07T04:05:43Z"));
    assert_eq!(titles(&channel), ["One"]);
}

#[test]
fn items_without_ends_are_all_read() {
    let item = |number: usize| format!("<item><title>{number}</title><link>https://example.org/{number}</link>\n");
    let items: String = (1..=300).map(item).collect();
    let found = channel(&format!("<rss><channel><title>Site</title>\n{items}</channel></rss>"));
    assert_eq!(found.items.len(), 300);
    assert_eq!(text(&found.items[299].link), "https://example.org/300");
    assert_eq!(whats(&found)[0], (3, "an item is not closed: closed where the next one begins"));
    // With more elements that are not closed.
    let items = items.replace("<link>", "<more><link>");
    let found = channel(&format!("<rss><channel><title>Site</title>\n{items}</channel></rss>"));
    assert_eq!(found.items.len(), 300);
    // Namespaces of the closed items are not in scope.
    let found = channel(
        "<rss><channel><item xmlns:a='http://purl.org/dc/elements/1.1/'><a:title>1</a:title>
        <item xmlns:b='http://purl.org/dc/elements/1.1/'><a:title>x</a:title><b:title>2</b:title></item></channel></rss>",
    );
    assert_eq!(titles(&found), ["1", "2"]);
}

#[test]
fn what_follows_an_item_in_another_one_is_not_of_the_channel() {
    let channel = channel(
        "<rss><channel><title>Site</title><item><title>1</title><related><item><title>2</title></item></related>
        <description>Text</description><guid>a</guid><link>https://example.org/1</link></item><item><title>3</title></item>
        <description>About</description></channel></rss>",
    );
    assert_eq!(titles(&channel), ["1", "2", "3"]);
    assert_eq!((channel.description.untrusted(), &channel.link), ("About", &None));
}

#[test]
fn a_text_without_an_end_stops_at_the_next_element() {
    for (elements, title, text, link) in [
        ("<title>One\n<link>https://example.org/1</link><description>Text</description>", "One", "Text", true),
        ("<title>One<description>Text</description><link>https://example.org/1</link>", "One", "Text", true),
        (
            "<title>One</title><description>Text<category>a</category><link>https://example.org/1</link>",
            "One",
            "Text",
            true,
        ),
        ("<title>One<dc:creator>Ann</dc:creator><description>Text", "One", "Text", false),
        ("<title>One</title><description>Text<content:encoded></content:encoded>", "One", "Text", false),
        ("<title>One</title><description>A <p>B <pubDate>x</pubDate>", "One", "A <p>B </p>", false),
    ] {
        let next = "</item><item><title>Two</title><link>https://example.org/2</link></item>";
        let channel = channel(&format!("<rss><channel><item>{elements}{next}</channel></rss>"));
        assert_eq!(titles(&channel), [title, "Two"], "{elements}");
        assert_eq!(body(&channel.items[0]).0, text, "{elements}");
        assert_eq!(channel.items[0].link.is_some(), link, "{elements}");
        assert_eq!(channel.link, None, "{elements}");
    }
    // A drawing in a text has metadata.
    let drawing = "<p>a <svg xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:title>x</dc:title></svg></p><p>b</p>";
    let item = atom_entry(&format!("<title>1</title><content type='xhtml'><div>{drawing}</div></content>"));
    assert!(body(&item).0.ends_with("<p>b</p></div>") && item.title.untrusted() == "1");
}

#[test]
fn a_document_that_ends_too_early_is_partial() {
    let whole = "<rss><channel><title>Site</title><item><title>One</title></item></channel></rss>";
    for (text, is_partial) in [
        (whole, false),
        (whole.trim_end_matches("</rss>"), false),
        (whole.trim_end_matches("</channel></rss>"), true),
        ("<rss><channel><item><title>One</title><descr", true),
        ("<rss><channel><item><title>One</title><description><![CDATA[a <b>c", true),
        ("<feed><entry><title>One</title></entry></feed>", false),
        ("<feed><entry><title>One</title></entry>", true),
        ("<rss><channel><item><title>One<link>x</item></channel></rss>", false),
    ] {
        assert_eq!(channel(text).is_partial, is_partial, "{text}");
    }
}

#[test]
fn cdata_sections_may_be_written_twice() {
    for (title, expected) in [
        ("<![CDATA[<![CDATA[Nested & more]]]]>", "Nested & more"),
        ("&lt;![CDATA[Nested]]&gt;", "Nested"),
        ("&lt;![CDATA[A <b>b</b>]]&gt;", "A b"),
        ("<![CDATA[a[b[0]]]]><![CDATA[> 1]]>", "a[b[0]]> 1"),
        ("about &lt;![CDATA[", "about <![CDATA["),
    ] {
        assert_eq!(rss_item(&format!("<title>{title}</title>")).title.untrusted(), expected, "{title}");
    }
}

#[test]
fn names_of_locales_become_language_tags() {
    let channel = channel("<rss xml:lang='en_US'><channel><item><title>1</title></item></channel></rss>");
    assert_eq!(text(&channel.language), "en-US");
}

#[test]
fn topics_may_be_in_a_list_or_have_a_label() {
    let topics = |elements: &str| {
        let item = rss_item(elements);
        item.topics.iter().map(|topic| topic.untrusted().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(topics("<categories><category>a</category><category>b</category></categories>"), ["a", "b"]);
    assert_eq!(topics("<media:category scheme='urn:x' label='Visual Art'>visual_art</media:category>"), ["Visual Art"]);
    assert_eq!(topics("<category domain='x'>a</category><category term='b'/>"), ["a", "b"]);
}

#[test]
fn feedburner_tells_where_files_are() {
    let item = rss_item(
        "<enclosure url='https://count.example.org/1.mp3' type='audio/mpeg' length='5000'/>
        <feedburner:origEnclosureLink>https://example.org/1.mp3</feedburner:origEnclosureLink>",
    );
    assert_eq!(item.enclosures.len(), 1);
    assert_eq!(
        (item.enclosures[0].url.untrusted(), item.enclosures[0].length),
        ("https://example.org/1.mp3", Some(5000))
    );
}

#[test]
fn an_email_address_may_have_no_dot() {
    let item = atom_entry("<title>1</title><author><name/><email>me@localhost</email></author>");
    assert_eq!((text(&item.authors[0].email), item.authors[0].name.untrusted()), ("me@localhost", ""));
}

#[test]
fn html_may_be_escaped_twice() {
    for (description, expected) in [
        ("&amp;lt;p&amp;gt;a &amp;amp;amp; b&amp;lt;/p&amp;gt;", "<p>a &amp; b</p>"),
        ("<![CDATA[ &lt;div class=&quot;x&quot;&gt;a&lt;br/&gt; ]]>", "<div class=\"x\">a<br/>"),
        ("&amp;lt;p&amp;gt; begins a paragraph", "&lt;p&gt; begins a paragraph"),
        ("&amp;lt;p&amp;gt; is not &amp;lt;div&amp;gt;", "&lt;p&gt; is not &lt;div&gt;"),
        ("&amp;lt;p&amp;gt;a&lt;br&gt;b&amp;lt;/p&amp;gt;", "&lt;p&gt;a<br>b&lt;/p&gt;"),
        ("&amp;lt;code&amp;gt;&amp;lt;/code&amp;gt;", "&lt;code&gt;&lt;/code&gt;"),
    ] {
        let item = rss_item(&format!("<title>1</title><description>{description}</description>"));
        assert_eq!(body(&item).0, expected, "{description}");
    }
}

#[test]
fn text_before_the_channel_is_reported() {
    let rss = "<rss><channel><item><title>a</title></item></channel></rss>";
    let left_out = [(1, "text before the channel: left out")];
    for (before, repairs) in [
        ("", &[][..]),
        ("\n <?xml version='1.0'?><!-- a --><!DOCTYPE rss>", &[]),
        ("Warning: in line 3\n<?xml version='1.0'?>", &left_out),
        ("<b>Warning</b>: in line 3\n", &left_out),
    ] {
        assert_eq!(whats(&channel(&format!("{before}{rss}"))), repairs, "{before}");
    }
}

#[test]
fn an_empty_id_is_not_an_id() {
    for elements in ["<title>a</title><guid/>", "<title>a</title><guid isPermaLink='false'> \n</guid>"] {
        assert_eq!(rss_item(elements).guid, None, "{elements}");
    }
    assert_eq!(channel("<rss><channel><item><guid> </guid></item></channel></rss>").items.len(), 0);
}

#[test]
fn hints_of_rss_and_of_the_syndication_module_are_read() {
    const SYNDICATION: &str = "http://purl.org/rss/1.0/modules/syndication/";
    let hints = |document: &str| read(&Document { bytes: document.as_bytes(), ..Document::default() }).unwrap().hints;
    let rss = "<rss xmlns:s='http://purl.org/rss/1.0/modules/syndication/'><channel><title>T</title><ttl> 60 </ttl>\
        <skipHours><hour>0</hour><hour>24</hour><hour>x</hour><hour>7</hour></skipHours>\
        <skipDays><day>Sunday</day></skipDays><s:updatePeriod>daily</s:updatePeriod>\
        <s:updateFrequency>4</s:updateFrequency>\
        <item><title>A</title><ttl>5</ttl><skipDays><day>Monday</day></skipDays></item></channel></rss>";
    let found = hints(rss);
    assert_eq!((found.ttl_minutes, found.period_minutes), (Some(60), Some(360)));
    let hours: Vec<usize> = (0..24).filter(|hour| found.skip_hours[*hour]).collect();
    assert_eq!((hours, found.skip_days), (vec![0, 7], [false, false, false, false, false, false, true]));

    let rdf = format!(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/' \
         xmlns:sy='{SYNDICATION}'><channel><title>T</title><sy:updatePeriod>hourly</sy:updatePeriod></channel>\
         <item><title>A</title></item></rdf:RDF>"
    );
    assert_eq!(hints(&rdf).period_minutes, Some(60));
    let atom = format!(
        "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:sy='{SYNDICATION}'><title>T</title>\
         <sy:updatePeriod>weekly</sy:updatePeriod><sy:updateFrequency>-1</sy:updateFrequency></feed>"
    );
    assert_eq!(hints(&atom).period_minutes, Some(10_080));
    for nonsense in [
        "<rss><channel><title>T</title><ttl>-1</ttl><updatePeriod>daily</updatePeriod></channel></rss>",
        "<rss><channel><title>T</title><ttl/><hour/><day>8</day><skipHours>1</skipHours></channel></rss>",
        "{\"version\": \"https://jsonfeed.org/version/1\", \"title\": \"T\", \"ttl\": 5}",
    ] {
        assert_eq!(hints(nonsense), UpdateHints::default(), "{nonsense}");
    }
}
