//! Articles of channels: what their files say of channel, item, enclosures and comments is read, shown, found and printed.

use std::path::Path;
use std::sync::Arc;

use frontpage::app::Effect;
use frontpage::feed::{Article, Feed, Field, plain_text};
use frontpage::library::{self, Outcome};
use frontpage::query::{Query, SearchContext};
use serde_json::{Value, json};

use crate::harness::command::Home;
use crate::harness::folder::Folder;
use crate::harness::reader::{Reader, now};

/// Front matter as it is written for an item of a podcast.
const EPISODE: &str = r#"title: "The Harbour, Part 7"
excerpt: "What the harbour master knows."
publishedDateTime: 2021-02-18T08:00:00Z
updatedDateTime: 2021-02-18T09:00:00Z
webUrl: "https://example.org/7"
type: audio
provider: {name: "Tide Talk", domain: "example.org"}
author: "Ida Brook"
topics: ["Harbours"]
enclosures: [{url: "https://cdn.example.org/7.mp3", type: "audio/mpeg", length: 28012345, duration: 1860}]
comments: "https://example.org/7#comments"
feed: "https://example.org/feed.xml"
feedId: "tag:example.org,2021:7"
articleId: "0123456789abcdef#tag:example.org,2021:7"
"#;

fn read(front: &str, body: &str) -> (Arc<Article>, Vec<String>) {
    let text = format!("---\n{front}---\n\n{body}");
    let report = library::read_bytes(Path::new(""), Path::new("a.md"), text.as_bytes(), now());
    let problems: Vec<String> = report.problems.iter().map(|problem| problem.what.to_string()).collect();
    assert_eq!(report.outcome == Outcome::Warning, !problems.is_empty(), "{front}: {problems:?}");
    (report.article.unwrap_or_else(|| panic!("an article: {front}: {problems:?}")), problems)
}

#[test]
fn the_keys_of_an_item_are_read() {
    let (article, problems) = read(EPISODE, "");
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(article.author.as_str(), "Ida Brook");
    assert_eq!(article.channel.address.as_str(), "https://example.org/feed.xml");
    assert_eq!(article.channel.item_id.as_str(), "tag:example.org,2021:7");
    assert_eq!(article.written_id.as_str(), "0123456789abcdef#tag:example.org,2021:7");
    assert_eq!(article.comments.as_ref().map(|link| link.shown().as_str()), Some("https://example.org/7#comments"));
    let [episode] = &article.enclosures[..] else { panic!("{:?}", article.enclosures) };
    assert_eq!(episode.link.shown().as_str(), "https://cdn.example.org/7.mp3");
    assert_eq!(episode.media_type.as_str(), "audio/mpeg");
    assert_eq!((episode.length, episode.duration), (Some(28_012_345), Some(1_860)));
    let links: Vec<String> =
        article.links().iter().map(|named| format!("{}: {}", named.name, named.link.shown())).collect();
    assert_eq!(
        links,
        [
            "original: https://example.org/7",
            "comments: https://example.org/7#comments",
            "Audio, 31 min, 28 MB: https://cdn.example.org/7.mp3"
        ]
    );
    // The same in the other formats.
    let toml = concat!(
        "+++\ntitle = 'T'\nfeed = 'https://example.org/f'\ncomments = 'https://example.org/c'\n",
        "[[enclosures]]\nurl = 'https://example.org/a'\nduration = 5\n+++\n"
    );
    let report = library::read_bytes(Path::new(""), Path::new("a.md"), toml.as_bytes(), now());
    let article = report.article.expect("an article");
    assert_eq!((article.enclosures.len(), article.comments.is_some()), (1, true));
    assert_eq!(article.channel.address.as_str(), "https://example.org/f");
}

#[test]
fn private_parts_of_the_address_of_a_channel_are_left_out() {
    for (written, shown) in [
        ("https://example.org/feed.xml", "https://example.org/feed.xml"),
        ("https://ida:secret@example.org/feed.xml", "https://example.org/feed.xml"),
        ("https://ida@example.org:8080/feed?key=secret#x", "https://example.org:8080/feed"),
        ("https://a@b:secret@example.org/@ida.rss", "https://example.org/@ida.rss"),
        ("https:\\\\\\\\ida:secret@example.org/feed?secret", "https://example.org/feed"),
        ("https://example.org/feed?\\u202esecret", "https://example.org/feed"),
    ] {
        let (article, problems) = read(&format!("title: T\nfeed: \"{written}\"\n"), "");
        assert_eq!((article.channel.address.as_str(), problems.len()), (shown, 0), "{written}: {problems:?}");
    }
}

#[test]
fn values_that_cannot_be_used_are_ignored_with_a_warning() {
    let many: String = (0..101).map(|n| format!("  - url: https://example.org/{n}\n")).collect();
    for (front, what) in [
        ("comments: javascript:alert(1)\n", "`comments`: `javascript:` links are not opened, only http and https"),
        ("comments: https://ida:secret@example.org/\n", "`comments`: "),
        ("feed: file:///etc/passwd\n", "`feed`: `file:` links are not opened, only http and https"),
        ("feedId: [a]\n", "`feedId` is a list or a map"),
        ("articleId: {a: b}\n", "`articleId` is a list or a map"),
        ("enclosures: [{url: 'data:x'}]\n", "`url`: `data:` links are not opened, only http and https"),
        ("enclosures: [{type: audio/mpeg}]\n", "this enclosure has no address"),
        ("enclosures: [[a]]\n", "this enclosure has no address"),
        ("enclosures: 7\n", "this enclosure has no address"),
        ("enclosures: [{url: 'https://e.org/a', length: long}]\n", "`length` is not a whole number: `long`"),
        ("enclosures: [{url: 'https://e.org/a', duration: 1:02}]\n", "`duration` is not a whole number: `1:02`"),
        (&format!("enclosures:\n{many}"), "more than 100 enclosures; only the first are read"),
    ] {
        let (article, problems) = read(&format!("title: T\n{front}"), "");
        assert_eq!(problems.len(), 1, "{front}: {problems:?}");
        assert!(problems[0].starts_with(what), "{front}: {problems:?}");
        assert!(article.links().iter().all(|named| named.link.address().is_some() || !named.link.is_relative()));
        assert!(article.enclosures.len() <= 100 && article.channel.address.is_empty(), "{front}");
        assert!(
            article
                .comments
                .iter()
                .chain(article.enclosures.iter().map(|one| &one.link))
                .all(|link| { link.address().is_none() || link.shown().as_str().starts_with("https://e") })
        );
    }
    // What other tools say under these keys is no mistake.
    for front in [
        "comments: true\n",
        "comments: off\n",
        "comments: 12\n",
        "feed: true\n",
        "feed: {limit: 5}\n",
        "comments: [{author: Ida}]\n",
        "enclosures: []\n",
        "enclosures: ''\n",
        "feedId: ''\n",
        "articleId: \n",
    ] {
        let (article, problems) = read(&format!("title: T\n{front}"), "");
        assert_eq!(problems, Vec::<String>::new(), "{front}");
        assert_eq!((article.links().len(), article.channel == Default::default()), (0, true), "{front}");
    }
}

#[test]
fn bodies_of_items_are_gfm_and_nothing_more() {
    const BODY: &str = "{% comment %}Kept{% endcomment %} [[Note]] $x$ {{< figure >}} a[^1] ==b== ~~c~~\n\n> [!NOTE]\n> Told\n\n## Part {#id}\n\n[^1]: d\n\nTerm\n: Meaning\n\n| e |\n|---|\n| f |\n\n- [x] g\n";
    let (own, _) = read("title: T\nfeedId: \"1\"\n", BODY);
    let words = plain_text::words(&own.body, own.syntax());
    assert_eq!(
        words,
        concat!(
            "{% comment %}Kept{% endcomment %} [[Note]] $x$ {{< figure >}} a^1 ==b== c\n",
            "[!NOTE] Told\nPart {#id}\nTerm : Meaning\ne\nf\ng\n"
        )
    );
    let shown: Vec<String> =
        frontpage::markdown::render(&own.body, own.syntax(), 100, &own.links(), &Default::default())
            .iter()
            .map(|line| line.to_string().trim_end().to_owned())
            .collect();
    let shown = shown.join("\n");
    for part in
        ["{% comment %}Kept{% endcomment %} [[Note]] $x$", "a^1[1] ==b== c", "▎ [!NOTE] Told", "## Part {#id}", "[x] g"]
    {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let mut found = Vec::new();
    Field::Body.texts(&own, &mut |line| found.push(line.to_owned()));
    assert_eq!(found.join("\n") + "\n", words, "searches find what is shown");
    // The excerpt comes from the whole first paragraph, and imports are text.
    let text = "---\nfeedId: \"1\"\n---\nimport x\n\n# A heading {#id}\n";
    let mdx = library::read_bytes(Path::new(""), Path::new("a.mdx"), text.as_bytes(), now()).article.expect("one");
    assert_eq!((mdx.title.as_str(), mdx.excerpt.as_str()), ("a", "import x"));
    let text = text.replace("import x\n\n", "");
    let headed = library::read_bytes(Path::new(""), Path::new("a.mdx"), text.as_bytes(), now()).article.expect("one");
    assert_eq!(headed.title.as_str(), "A heading {#id}");
    // In another file with the same body, the signs of other tools have their meaning.
    let (other, _) = read("title: T\n", BODY);
    let words = plain_text::words(&other.body, other.syntax());
    for (part, is_there) in [("Note x", true), ("a b c\n", true), ("\nPart\n", true), ("comment", false), ("[!", false)]
    {
        assert_eq!(words.contains(part), is_there, "{part:?}: {words}");
    }
}

#[test]
fn queries_find_articles_of_channels() {
    let (episode, _) = read(EPISODE, "");
    let (note, _) = read("title: A note\n", "Words.");
    let feed = Arc::new(Feed::new(vec![episode, note], now()));
    let context = SearchContext::new(feed, Default::default(), now());
    for (query, count) in [
        ("has:enclosure", 1),
        ("-has:enclosure", 1),
        ("has:comments", 1),
        ("feed:example", 1),
        ("feed:https://example.org/feed.xml", 1),
        ("feed:\"https://example.org/feed.xml\"", 1),
        ("feed:=\"https://example.org/feed.xml\"", 1),
        ("feed:=\"https://example.org/\"", 0),
        ("feed:/xml$/", 1),
        ("-feed:*", 1),
        ("duration:31", 1),
        ("duration:>=30m", 1),
        ("duration:>31m", 0),
        ("duration:<=1859s", 0),
        ("duration:1860s", 1),
        ("duration:10m..30m,31m..1h", 1),
        ("-duration:*", 1),
        ("example", 0),
        ("author:ida", 1),
    ] {
        assert_eq!(Query::parse(query).expect(query).select(&context).len(), count, "{query}");
    }
}

#[test]
fn articles_are_ordered_by_their_longest_enclosure() {
    let enclosed = |title: &str, enclosures: &str| {
        read(&format!("title: {title}\nwebUrl: https://e.org/{title}\nenclosures: [{enclosures}]\n"), "").0
    };
    let articles = [
        enclosed("short", "{url: 'https://e.org/1', duration: 59}, {url: 'https://e.org/2'}"),
        enclosed("unknown", "{url: 'https://e.org/3', duration: 0}"),
        enclosed("long", "{url: 'https://e.org/4', duration: 60}, {url: 'https://e.org/5', duration: 4294967295}"),
        enclosed("middle", "{url: 'https://e.org/6', duration: 61}, {url: 'https://e.org/7', duration: 7}"),
    ];
    let feed = Arc::new(Feed::new(articles.to_vec(), now()));
    let context = SearchContext::new(feed.clone(), Default::default(), now());
    for (query, titles) in [
        ("sort:-duration", "long middle short unknown"),
        ("sort:duration", "short middle long unknown"),
        ("duration:<1m", "short"),
        ("duration:1m", "middle"),
        ("duration:* sort:title", "long middle short"),
    ] {
        let found = Query::parse(query).expect(query).select(&context);
        let found: Vec<String> = found.iter().filter_map(|index| Some(feed.get(*index)?.title.to_string())).collect();
        assert_eq!(found.join(" "), titles, "{query}");
    }
}

#[test]
fn an_article_of_a_channel_is_shown_and_printed() {
    let home = Home::new();
    home.file("lib/a.md", &format!("---\n{EPISODE}---\n\nA body with [a link](https://example.org/x).\n"));
    home.file("lib/b.md", "---\ntitle: Note\n---\n");
    let library = home.folder.path().join("lib").display().to_string();
    let objects: Vec<Value> = home
        .run(&["-L", &library, "list", "--format", "jsonl"])
        .out
        .lines()
        .map(|line| serde_json::from_str(line).expect("an object"))
        .collect();
    let of =
        |object: &Value| ["enclosures", "comments", "feed", "feed_id", "article_id"].map(|key| object[key].clone());
    let enclosure = json!({
        "url": "https://cdn.example.org/7.mp3", "type": "audio/mpeg", "length": 28_012_345, "duration": 1_860
    });
    let expected = [
        json!([enclosure]),
        json!("https://example.org/7#comments"),
        json!("https://example.org/feed.xml"),
        json!("tag:example.org,2021:7"),
        json!("0123456789abcdef#tag:example.org,2021:7"),
    ];
    assert_eq!(of(&objects[0]), expected);
    assert_eq!(of(&objects[1]), [json!([]), Value::Null, Value::Null, Value::Null, Value::Null]);
    let shown = home.run(&["-L", &library, "show", "https://example.org/7"]).out;
    for part in [
        "Ida Brook",
        "Audio, 31 min, 28 MB, audio/mpeg: https://cdn.example.org/7.mp3 [3]",
        "Comments: https://example.org/7#comments [2]",
        "Channel: https://example.org/feed.xml",
        "a link[4]",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let folder = Folder::new().file("a.md", format!("---\n{EPISODE}---\n"));
    let mut reader = Reader::of_folder(folder.path()).sized(160, 40);
    reader.press("<enter>.");
    reader.look();
    let text = reader.text();
    for part in [
        "by Ida Brook",
        " · Audio, 31 min, 28 MB",
        "Enclosure Audio, 31 min, 28 MB: https://cdn.example.org/7.mp3 [3]",
        "Comments  https://example.org/7#comments [2]",
        "Channel   https://example.org/feed.xml",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    reader.press("U");
    reader.look();
    assert!(reader.text().contains("Audio, 31 min, 28 MB"), "{}", reader.text());
}

#[test]
fn sound_is_played_by_the_palette_and_from_the_list_of_links() {
    let files = "enclosures:\n  - url: https://e.org/notes.pdf\n  - url: https://e.org/1.mp3?x=1\n    type: audio/mpeg\n  - url: https://e.org/2.webm\n";
    let folder = Folder::new()
        .file("a.md", format!("---\ntitle: A\nwebUrl: https://e.org/a\n{files}---\n"))
        .file("b.md", "---\ntitle: B\nenclosures: [{url: 'https://e.org/n.pdf'}]\n---\n")
        .file("c.md", "---\ntitle: C\nenclosures: [{url: 'javascript:x', type: audio/mpeg}]\n---\n")
        .file("d.md", "---\ntitle: D\n---\n");
    // A build without the network has neither.
    const NOTICE: &str = if cfg!(feature = "sync") { "Downloading (File): B" } else { "cannot download" };
    const DOWNLOADED: &str = if cfg!(feature = "sync") { "download https://e.org/n.pdf" } else { "" };
    const LACKS: &str = if cfg!(feature = "sync") { "no sound, film or other file" } else { "cannot download" };
    let mut reader = Reader::of_folder(folder.path());
    let played = |reader: &mut Reader| {
        let effects = std::mem::take(&mut reader.effects).into_iter();
        effects
            .filter_map(|effect| match effect {
                Effect::Play(address) => Some(format!("play {}", address.as_str())),
                Effect::OpenLink(address) => Some(format!("open {}", address.as_str())),
                Effect::Download(request) => Some(format!("download {}", request.address.untrusted())),
                _ => None,
            })
            .collect::<Vec<_>>()
            .join(" ")
    };
    for (title, keys, effect, notice) in [
        ("A", ":play<enter>", "play https://e.org/1.mp3?x=1", ""),
        ("A", "U/webm<enter>", "play https://e.org/2.webm", ""),
        ("A", "Ujjo", "open https://e.org/1.mp3?x=1", ""),
        ("A", "U/notes<enter>", "open https://e.org/notes.pdf", ""),
        ("A", "U1", "open https://e.org/a", ""),
        ("B", ":download<enter>", DOWNLOADED, NOTICE),
        ("D", ":download<enter>", "", LACKS),
        ("B", ":play<enter>", "open https://e.org/n.pdf", ""),
        ("C", ":play<enter>", "", "Not played: javascript:x"),
        ("D", ":listen<enter>", "", "no sound or film"),
    ] {
        reader.press("<esc><esc><esc>");
        reader.press(&format!("Ftitle:={title}<enter>"));
        played(&mut reader);
        reader.press(keys);
        assert_eq!(played(&mut reader), effect, "{title} {keys}: {}", reader.notice());
        assert!(reader.notice().contains(notice), "{title} {keys}: {}", reader.notice());
    }
}
