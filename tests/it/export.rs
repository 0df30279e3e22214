//! Documents with many articles: Atom, JSON Feed, HTML and EPUB, as other programs read them.

use std::io::{self, Write};
use std::sync::Arc;

use frontpage::dates::{Date, Now, Zone};
use frontpage::export::{Collection, CollectionFormat, FileFormat};
use frontpage::feed::{Address, Article, Enclosure, Feed, Link, Picture, clean};
use frontpage::query::SearchContext;

use crate::harness::command::Home;
use crate::harness::folder::Folder;
use crate::harness::reader::now;
use crate::rounds;

const FORMATS: [CollectionFormat; 4] =
    [CollectionFormat::Atom, CollectionFormat::JsonFeed, CollectionFormat::Html, CollectionFormat::Epub];

fn context(articles: Vec<Article>) -> SearchContext {
    let now = Now { at: now(), zone: Zone::Utc };
    let feed = Feed::new(articles.into_iter().map(Arc::new).collect(), now);
    SearchContext::new(Arc::new(feed), Arc::default(), now)
}

fn write(context: &SearchContext, format: CollectionFormat, out: &mut dyn Write) {
    let found: Vec<usize> = (0..context.feed.len()).collect();
    let address = Address::parse("https://e.org/day.xml").ok();
    let collection = Collection { title: clean::plain_line("Tides & <clocks>"), address, context, found: &found };
    format.write(&collection, out).expect("written");
}

fn document(articles: Vec<Article>, format: CollectionFormat) -> Vec<u8> {
    let mut out = Vec::new();
    write(&context(articles), format, &mut out);
    out
}

/// The files of an archive without compression.
fn files(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let number = |at: usize, size: usize| {
        archive[at..at + size].iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte))
    };
    let (mut at, mut files) = (0, Vec::new());
    while archive[at..].starts_with(b"PK\x03\x04") {
        let (size, name_size) = (number(at + 18, 4), number(at + 26, 2));
        let (name, content) = (at + 30, at + 30 + name_size);
        let bytes = archive[content..content + size].to_vec();
        assert_eq!(number(at + 14, 4), crc32fast::hash(&bytes) as usize, "the checksum");
        files.push((String::from_utf8(archive[name..content].to_vec()).expect("a name"), bytes));
        at = content + size;
    }
    assert_eq!(number(archive.len() - 6, 4), at, "the list of the files is behind them");
    files
}

const BODY: &str = "A _paragraph_ with a [link](https://e.org/?a=1&b=2), `code` and ![a picture](https://e.org/p.png).\n\n\
## A heading\n\n- one\n- two\n  1. deep\n\n> A quotation.\n\n```rust\nfn main() { 1 < 2 && true }\n```\n\n\
| a | b |\n| --- | --- |\n| 1 | ~~2~~ |\n";

/// Articles with everything that the formats know.
fn rich() -> Vec<Article> {
    let date = |text: &str| text.parse::<Date>().ok();
    let link = |text: &str| Link::read(text);
    let episode = Article::builder("Tide & <clocks> “quoted”")
        .number(0x1123_4567_89ab_cdef)
        .link("https://e.org/tide?a=1&b=2")
        .provider("The Harbour", "harbour.example")
        .author("Ann Example")
        .topics(&["Sea", "Clocks & watches"])
        .published("2021-02-18T23:18:00Z".parse::<Date>().expect("a date"))
        .body(BODY)
        .with(|article| {
            article.updated = date("2021-02-19T09:00:00+09:00");
            article.comments = Some(link("https://e.org/tide#comments"));
            article.excerpt = "Something else.".into();
            article.enclosures = vec![
                Enclosure {
                    link: link("https://e.org/a.mp3"),
                    media_type: "audio/mpeg".into(),
                    length: Some(28_012_345),
                    duration: Some(1_860),
                },
                Enclosure {
                    link: link("https://e.org/b.pdf"),
                    media_type: "application/pdf".into(),
                    length: None,
                    duration: None,
                },
            ];
            article.pictures =
                vec![Picture { link: link("https://e.org/c.png"), title: "".into(), size: Some((640, 480)) }];
        })
        .build();
    let plain = Article::builder("Plain").number(0x2123_4567_89ab_cdef).author("Bob").body("Text.").build();
    vec![episode, plain]
}

#[cfg(feature = "sync")]
mod read_back {
    use frontpage::channel::{self, Channel, Document};
    use frontpage::feed::{Topic, UntrustedText};
    use frontpage::xml::{Event, Reader};

    use super::*;

    fn channel(format: CollectionFormat) -> Channel {
        let bytes = document(rich(), format);
        let channel = channel::read(&Document { bytes: &bytes, ..Document::default() }).expect("a channel");
        assert_eq!(channel.repairs, [], "nothing is repaired");
        assert_eq!(channel.title.untrusted(), "Tides & <clocks>");
        channel
    }

    #[test]
    fn a_channel_is_read_back_as_the_articles_that_it_was_written_from() {
        for format in [CollectionFormat::Atom, CollectionFormat::JsonFeed] {
            let channel = channel(format);
            let articles = rich();
            assert_eq!(channel.items.len(), articles.len());
            for article in &articles {
                let is_it = |item: &&channel::Item| item.title.untrusted() == article.title.as_str();
                let item = channel.items.iter().find(is_it).expect("its item");
                let guid = item.guid.as_ref().expect("an id").untrusted();
                assert!(guid.starts_with("urn:uuid:") && guid.replace('-', "").contains(&article.id.to_string()[..12]));
                let address = |link: &Option<Link>| Some(link.as_ref()?.address()?.as_str().to_owned());
                let text = |text: &Option<UntrustedText>| Some(text.as_ref()?.untrusted().to_owned());
                assert_eq!(text(&item.link), address(&article.link));
                assert_eq!(item.published.map(Date::as_utc), article.published.map(Date::as_utc));
                if article.updated.is_some() {
                    assert_eq!(item.updated.map(Date::as_utc), article.updated.map(Date::as_utc));
                }
                let names: Vec<&str> = item.authors.iter().map(|person| person.name.untrusted()).collect();
                assert_eq!(names, [article.author.as_str()]);
                let topics: Vec<&str> = item.topics.iter().map(UntrustedText::untrusted).collect();
                let wanted: Vec<&str> = article.topics.iter().map(|topic: &Topic| topic.shown().as_str()).collect();
                assert_eq!(topics, wanted);
                let files: Vec<_> = item
                    .enclosures
                    .iter()
                    .map(|file| {
                        (Some(file.url.untrusted().to_owned()), text(&file.media_type), file.length, file.duration)
                    })
                    .collect();
                let wanted: Vec<_> = article
                    .enclosures
                    .iter()
                    .map(|file| {
                        let address = file.link.address().map(|address| address.as_str().to_owned());
                        (address, Some(file.media_type.to_string()), file.length, file.duration)
                    })
                    .collect();
                assert_eq!(files, wanted);
                let pictures: Vec<&str> = item.images.iter().map(|image| image.url.untrusted()).collect();
                let wanted: Vec<&str> =
                    article.pictures.iter().filter_map(|one| Some(one.link.address()?.as_str())).collect();
                assert_eq!(pictures, wanted);
                let body = item.content.as_ref().expect("a text").to_markdown();
                assert_eq!(body.trim(), article.body.untrusted().trim(), "{format:?}");
                if format == CollectionFormat::Atom {
                    assert_eq!(text(&item.comments), address(&article.comments));
                    let source = item.source.as_ref().map(|source| source.title.untrusted());
                    assert_eq!(source.unwrap_or_default(), article.provider.name.as_str());
                }
            }
        }
    }

    /// Checks that XML is well-formed, has no id twice, and that links within it lead to an id.
    fn assert_well_formed(text: &str) {
        let mut reader = Reader::new(text, None);
        let (mut ids, mut targets) = (Vec::new(), Vec::new());
        while let Some(event) = reader.next() {
            let Event::Start(element) = event else { continue };
            for attribute in element.attributes() {
                let value = attribute.value().into_owned();
                match attribute.name {
                    "id" => ids.push(value),
                    "href" if value.starts_with('#') => targets.push(value[1..].to_owned()),
                    "href" | "src" => {
                        let is_safe = ["https://", "http://", "mailto:", "chapter-", "content", "style.css"]
                            .iter()
                            .any(|start| value.starts_with(start));
                        assert!(is_safe, "{value} in {text}");
                    }
                    name => assert!(!name.starts_with("on") && name != "style", "{name} in {text}"),
                }
            }
        }
        let damages = reader.into_damages();
        assert!(damages.first.is_empty(), "{:?} in {text}", damages.first);
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count, "an id is there twice: {text}");
        targets.iter().for_each(|target| assert!(ids.binary_search(target).is_ok(), "#{target} leads nowhere: {text}"));
    }

    /// Checks documents in all formats.
    fn assert_valid(articles: &[Article]) {
        let atom = String::from_utf8(document(articles.to_vec(), CollectionFormat::Atom)).expect("UTF-8");
        assert_well_formed(&atom);
        assert!(
            !atom.contains(|c: char| c != '\n'
                && c != '\t'
                && clean::is_hidden(c)
                && c != '\u{200d}'
                && c != '\u{fe0f}'),
            "{atom}"
        );
        let bytes = document(articles.to_vec(), CollectionFormat::Epub);
        for (name, content) in files(&bytes) {
            let content = String::from_utf8(content).expect("UTF-8");
            match name.as_str() {
                "mimetype" | "style.css" => {}
                _ => assert_well_formed(&content),
            }
        }
        let json = document(articles.to_vec(), CollectionFormat::JsonFeed);
        let json: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
        assert_eq!(json["items"].as_array().map(Vec::len), Some(articles.len()));
        let page = String::from_utf8(document(articles.to_vec(), CollectionFormat::Html)).expect("UTF-8");
        // Without the elements that HTML does not close, a page is XML.
        let end = page.find("<title>").expect("a title");
        assert_well_formed(
            &page[end..].replace("</head>\n", "").replace("</body>\n</html>\n", "").replace("<body>\n", ""),
        );
    }

    #[test]
    fn documents_with_everything_are_well_formed() {
        assert_valid(&rich());
        assert_valid(&[]);
    }

    /// Pieces of bodies: blocks and inline signs, and what must not become markup.
    const PIECES: [&str; 44] = [
        "text ",
        "\n\n",
        "\n",
        "  \n",
        "# ",
        "## \n\n",
        "###### ",
        "> ",
        "> [!NOTE] T\n> ",
        "> [!tip]- T\n",
        "- ",
        "1. ",
        "- [ ] ",
        "    ",
        "```rust a=b\n",
        "~~~\n",
        "|a|b|\n|-|-:|\n|1|2|\n",
        "|",
        "[^1]",
        "\n[^1]: note\n",
        "[a](https://e.org/|\"')",
        "[b](#text)",
        "![c ![d](e)](https://e.org/f.png)",
        "[![g](h)](https://e.org)",
        "<details><summary>s",
        "</summary>",
        "</details>",
        "<details open>",
        "<script>alert(1)</script>",
        "<a href=\"javascript:x\" onclick=y>",
        "</a>",
        "<b>",
        "</i>",
        "&amp;",
        "&#27;[2J",
        "&",
        "<",
        "]]>",
        "<!-- x",
        "\u{1b}[31m",
        "\u{0}",
        "\u{202e}",
        "\u{fffe}\u{ffff}",
        "<mail@e.org> https://e.org/%zz[1]",
    ];

    fn hostile(articles: usize) {
        let mut random = crate::harness::random::Random::new(41);
        for _ in 0..articles {
            let pieces = 1 + random.roll(40);
            let body: String = (0..pieces).map(|_| PIECES[random.roll(PIECES.len())]).collect();
            let title: String = (0..1 + random.roll(4)).map(|_| PIECES[random.roll(PIECES.len())]).collect();
            let one = Article::builder("t")
                .number(1)
                .body(&body)
                .with(|article| {
                    article.title = clean::line(&format!("t {title}"));
                    article.author = clean::line(&title);
                    article.topics = Topic::new(clean::line(&title)).into_iter().collect();
                    article.provider.name = clean::line(&title);
                    article.provider.domain = clean::line(&title);
                    article.excerpt = clean::line(&body);
                    article.link = Some(Link::read(&format!("https://e.org/{title}")));
                    article.channel.address = clean::line(&title);
                })
                .build();
            let other = Article { id: Article::builder("u").number(2).build().id, ..one.clone() };
            assert_valid(&[one, other]);
        }
    }

    rounds!(hostile, 300, 20_000);
}

/// Compares the articles that were read with the entries that were written, at each write.
struct Watched<'a> {
    feed: &'a Feed,
    sign: &'static [u8],
    written: usize,
    most_ahead: usize,
}

impl Write for Watched<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.written += bytes.windows(self.sign.len()).filter(|window| *window == self.sign).count();
        self.most_ahead = self.most_ahead.max(self.feed.reads().saturating_sub(self.written));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn an_article_is_written_before_the_next_one_is_read(count: usize) {
    let article = |number: u64| Article::builder("T").number(number + 1).body("Text.").build();
    let context = context((0..count as u64).map(article).collect());
    for (format, sign, passes) in [
        (CollectionFormat::Atom, &b"<entry>"[..], 1),
        (CollectionFormat::JsonFeed, &b"{\"id\":"[..], 1),
        (CollectionFormat::Epub, &b"<h1>T</h1>"[..], 1),
        // A row of the contents, and the article.
        (CollectionFormat::Html, &b"article-"[..], 2),
    ] {
        let before = context.feed.reads();
        let mut out = Watched { feed: &context.feed, sign, written: before, most_ahead: 0 };
        write(&context, format, &mut out);
        assert!(out.most_ahead <= 1, "{format:?} reads {} articles ahead", out.most_ahead);
        assert_eq!(out.written - before, passes * count, "{format:?}");
        assert_eq!(context.feed.reads() - before, passes * count, "{format:?} reads each article once for each part");
    }
}

rounds!(an_article_is_written_before_the_next_one_is_read, 200, 60_000);

#[test]
fn the_same_articles_give_the_same_bytes() {
    for format in FORMATS {
        assert_eq!(document(rich(), format), document(rich(), format), "{format:?}");
    }
}

#[test]
fn an_epub_begins_with_its_media_type_and_lists_all_its_files() {
    let bytes = document(rich(), CollectionFormat::Epub);
    assert_eq!(&bytes[30..58], b"mimetypeapplication/epub+zip", "as the standard of the container demands");
    let files = files(&bytes);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let chapters = ["chapter-1.xhtml", "chapter-2.xhtml"];
    let wanted =
        [&["mimetype", "META-INF/container.xml", "style.css"], &chapters[..], &["contents.xhtml", "content.opf"]];
    assert_eq!(names, wanted.concat());
    let text = |name: &str| {
        let (_, bytes) = files.iter().find(|(known, _)| known == name).expect("a file");
        String::from_utf8(bytes.clone()).expect("UTF-8")
    };
    for name in ["style.css", "contents.xhtml"].iter().chain(&chapters) {
        assert!(text("content.opf").contains(&format!("href=\"{name}\"")), "{name}");
    }
    assert!(
        text("contents.xhtml").contains("<a href=\"chapter-1.xhtml\">Tide &amp; &lt;clocks&gt; “quoted” (The Harbour")
    );
    assert!(text("content.opf").contains("<meta property=\"dcterms:modified\">2021-02-19T00:00:00Z</meta>"));
    assert!(text("chapter-1.xhtml").contains(
        "<p><a rel=\"noreferrer noopener\" href=\"https://e.org/a.mp3\">Audio, 31 min, 28 MB, audio/mpeg</a></p>"
    ));
    assert!(!text("chapter-1.xhtml").contains("<img"), "pictures are links");
}

#[test]
fn ids_stay_when_titles_and_texts_change() {
    let ids = |articles: Vec<Article>| {
        let text = String::from_utf8(document(articles, CollectionFormat::Atom)).expect("UTF-8");
        let mut ids: Vec<String> =
            text.split("<id>urn:").skip(1).filter_map(|rest| Some(rest.split_once('<')?.0.to_owned())).collect();
        ids.sort();
        ids
    };
    let mut changed = rich();
    for article in &mut changed {
        article.title = "Other".into();
        article.published = None;
    }
    let before = ids(rich());
    assert_eq!(before.len(), 2);
    assert_eq!(ids(changed), before);
}

const ARTICLE: &str = "---\ntitle: Tide clocks\nlink: https://e.org/tide\ndate: 2021-02-18\n---\nA *clock*.\n";

#[test]
fn the_source_of_an_atom_entry_has_the_scheme_and_the_port_of_its_site() {
    for (link, channel, site) in [
        ("http://news.example:8080/a", "", "http://news.example:8080/"),
        ("https://www.news.example/a", "", "https://www.news.example/"),
        ("https://other.example/a", "http://news.example:81/feed.xml", "http://news.example:81/"),
        ("https://other.example/a", "https://feeds.example/feed.xml", "https://news.example/"),
        ("javascript:x", "", "https://news.example/"),
    ] {
        let article = Article::builder("A").link(link).provider("News", "news.example");
        let article = article.with(|article| article.channel.address = channel.into()).build();
        let atom = String::from_utf8(document(vec![article], CollectionFormat::Atom)).expect("UTF-8");
        let source = format!("<link rel=\"alternate\" href=\"{site}\"/>\n</source>");
        assert!(atom.contains(&source), "{link} {channel}: {atom}");
    }
}

#[test]
fn documents_name_the_files_of_an_article_below_its_text_in_every_format() {
    let mut articles = rich();
    articles[0].enclosures.push(Enclosure {
        link: Link::read("https://e.org/c (1)_*.mp3?key=a&b"),
        media_type: "".into(),
        length: None,
        duration: None,
    });
    articles[0].enclosures.push(Enclosure {
        link: Link::read("ftp://e.org/d_*.bin"),
        media_type: "a/[b]".into(),
        length: Some(7),
        duration: None,
    });
    let context = context(articles);
    for (name, expected) in [
        (
            "a.md",
            "\n\n[Audio, 31 min, 28 MB, audio/mpeg](https://e.org/a.mp3)\n\n[File, application/pdf](https://e.org/b.pdf)\n\n\
             [Audio](https://e.org/c%20%281%29_*.mp3?key=a&b)\n\nFile, 7 B, a/\\[b\\]: ftp://e.org/d\\_\\*.bin\n",
        ),
        (
            "a.txt",
            "\n\nAudio, 31 min, 28 MB, audio/mpeg: https://e.org/a.mp3\nFile, application/pdf: https://e.org/b.pdf\n\
             Audio: https://e.org/c%20(1)_*.mp3?key=a&b\nFile, 7 B, a/[b]: ftp://e.org/d_*.bin\n",
        ),
        (
            "a.html",
            "</table>\n<p><a rel=\"noreferrer noopener\" href=\"https://e.org/a.mp3\">Audio, 31 min, 28 MB, audio/mpeg</a></p>\n\
             <p><a rel=\"noreferrer noopener\" href=\"https://e.org/b.pdf\">File, application/pdf</a></p>\n\
             <p><a rel=\"noreferrer noopener\" href=\"https://e.org/c%20(1)_*.mp3?key=a&amp;b\">Audio</a></p>\n\
             <p>File, 7 B, a/[b]</p>\n</body>\n</html>\n",
        ),
    ] {
        let collection = Collection { title: "T".into(), address: None, context: &context, found: &[0] };
        let mut out = Vec::new();
        let format = FileFormat::of_path(name.as_ref()).expect("a format");
        format.write(&collection, &mut out).expect("written");
        let text = String::from_utf8(out).expect("text");
        assert!(text.ends_with(expected), "{name}: {text}");
    }
}

#[test]
fn list_writes_documents_with_a_title() {
    let (home, library) = (Home::new(), Folder::new().file("a.md", ARTICLE));
    let path = library.path().to_str().expect("a path");
    let run = |more: &[&str]| home.run(&[&["list", "-L", path, "tide", "--format"], more].concat());
    let atom = run(&["atom", "--link", "https://e.org/day.xml"]);
    assert_eq!((atom.code, atom.err.as_str()), (0, ""));
    assert!(
        atom.out.contains("<title>frontpage: tide</title>") && atom.out.contains("<id>https://e.org/day.xml</id>"),
        "{}",
        atom.out
    );
    assert!(atom.out.contains("<updated>2021-02-18T00:00:00Z</updated>"), "{}", atom.out);
    let json = run(&["json-feed", "--title", "My \"day\""]);
    let json: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(
        (json["title"].as_str(), json["items"][0]["content_html"].as_str()),
        (Some("My \"day\""), Some("<p>A <em>clock</em>.</p>\n"))
    );
    let page = run(&["html"]);
    assert!(page.out.contains("<h1>frontpage: tide</h1>") && page.out.contains("<h2>Tide clocks</h2>"), "{}", page.out);
    for (arguments, error) in [
        (&["table", "--title", "T"][..], "frontpage: --title is for --format atom, json-feed, html and epub\n"),
        (&["html", "--link", "https://e.org"], "frontpage: --link is for --format atom and json-feed\n"),
    ] {
        let ran = run(arguments);
        assert_eq!((ran.code, ran.err.as_str(), ran.out.as_str()), (2, error, ""));
    }
    assert_eq!(run(&["atom", "--link", "feed.xml"]).code, 2);
}

#[test]
fn a_document_without_articles_is_empty_but_no_file_is_written_or_replaced() {
    let (home, library) = (Home::new(), Folder::new().file("a.md", ARTICLE));
    let path = library.path().to_str().expect("a path");
    let file = home.folder.path().join("none.epub");
    let atom = home.run(&["list", "-L", path, "moon", "--format", "atom"]);
    assert_eq!((atom.code, atom.out.contains("<entry>"), atom.out.ends_with("</feed>\n")), (1, false, true));
    for format in ["epub", "html", "json"] {
        let arguments = ["list", "-L", path, "moon", "--format", format, "--overwrite", "--output"];
        let write = |file: &std::path::Path| home.run(&[&arguments[..], &[file.to_str().expect("a path")]].concat());
        let ran = write(&file);
        let words = format!("frontpage: no article found: {} is not written\n", file.to_string_lossy());
        assert_eq!((ran.code, ran.err.as_str(), ran.out.as_str(), file.exists()), (1, words.as_str(), "", false));
        let old = home.file("old.epub", "yesterday");
        assert_eq!(write(&old).code, 1, "{format}");
        assert_eq!(std::fs::read_to_string(&old).expect("the file"), "yesterday", "{format}");
    }
}

#[test]
fn an_output_file_is_replaced_only_if_asked_and_never_in_the_library() {
    let (home, library) = (Home::new(), Folder::new().file("a.md", ARTICLE));
    let path = library.path().to_str().expect("a path");
    let file = home.file("day.epub", "old");
    let run = |file: &std::path::Path, more: &[&str]| {
        let file = file.to_str().expect("a path");
        home.run(&[&["list", "-L", path, "--format", "epub", "--output", file], more].concat())
    };
    let refused = run(&file, &[]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("or replace it with --overwrite"), "{}", refused.err);
    assert_eq!(std::fs::read(&file).expect("the file"), b"old");
    let replaced = run(&file, &["--overwrite"]);
    assert_eq!((replaced.code, replaced.out.as_str()), (0, ""), "{}", replaced.err);
    assert!(replaced.err.starts_with("frontpage: wrote 1 article to "), "{}", replaced.err);
    assert_eq!(files(&std::fs::read(&file).expect("the file")).len(), 6);
    let inside = run(&library.path().join("a.md"), &["--overwrite"]);
    assert_eq!(inside.code, 2);
    assert!(inside.err.contains("it is in the library"), "{}", inside.err);
    assert_eq!(std::fs::read_to_string(library.path().join("a.md")).expect("the article"), ARTICLE);
    let folder = run(home.folder.path(), &["--overwrite"]);
    assert!(folder.err.contains("it is not a regular file"), "{}", folder.err);
    let left = std::fs::read_dir(home.folder.path()).expect("the folder").flatten();
    let left: Vec<_> =
        left.map(|entry| entry.file_name()).filter(|name| name.to_string_lossy().starts_with(".new-")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[cfg(feature = "sync")]
#[test]
fn opml_lists_the_subscriptions_of_the_articles_found_without_secrets() {
    use frontpage::feed::UntrustedText;
    use frontpage::subscriptions::{SubscriptionKey, import};

    let addresses = ["https://a.example/feed", "https://b.example/feed?token=hidden", "https://c.example/feed"];
    let home = Home::new();
    let lines: Vec<String> = addresses.iter().map(|address| format!("- {address}\n")).collect();
    home.file(".config/frontpage/subscriptions.yaml", &lines.concat());
    let article = |name: &str, id: &str| {
        let text = format!("---\ntitle: {name}\ndate: 2021-02-18\n{id}---\nText of {name}.\n");
        home.file(&format!(".local/share/frontpage/articles/{name}.md"), &text);
    };
    for (address, name) in addresses.iter().zip(["tide", "tide moon", "moon"]) {
        let key = SubscriptionKey::of_address(&UntrustedText::new(address));
        article(name, &format!("feed: {address}\nfeedId: 1\narticleId: \"{key}#1\"\n"));
    }
    article("tide alone", "");
    let opml = home.run(&["list", "tide", "--format", "opml"]);
    assert_eq!(opml.code, 0, "{}", opml.err);
    let imported = import(opml.out.as_bytes()).expect("a list");
    let listed: Vec<&str> = imported.subscriptions.iter().map(|one| one.address.untrusted()).collect();
    assert_eq!(listed, ["https://a.example/feed"]);
    assert!(!opml.out.contains("hidden") && !opml.err.contains("hidden"));
    assert_eq!(
        opml.err,
        "frontpage: 1 article is of no subscription\nfrontpage: 1 subscription is left out: the address contains a password or a \
         query, which may be secret; frontpage subscriptions export writes all\n"
    );
}
