//! Mutation tests: valid inputs are cut, spliced and flipped ten thousand times, and the invariants of each are checked.

#[cfg(feature = "sync")]
#[path = "../../fuzz/channel_entries.rs"]
mod channel_entries;
#[path = "../../fuzz/entries.rs"]
mod entries;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, channel};

use frontpage::query::Query;

use crate::harness::pty::LIMIT;
use crate::harness::random::Random;
use crate::rounds;

/// The size of the stack that reads the inputs, a quarter of that of a thread of the program: recursion that grows with the
/// input overflows early.
const STACK: usize = 1 << 19;

const ARTICLE_WORDS: &[&str] = &[
    "---\n",
    "+++\n",
    "{\n",
    "title: ",
    "title = ",
    "excerpt: ",
    "date: ",
    "publishedDateTime: 2021-02-18T16:18:00Z\n",
    "webUrl: \"https://e.org/a?b=c#d\"\n",
    "link: javascript:alert(1)\n",
    "topics: [AI, \"a: b\", ]\n",
    "tags:\n  - x\n  - ",
    "provider: {name: N, domain: n.org}\n",
    "related: [{title: t, webUrl: https://e.org}]\n",
    "images: [{url: \"",
    "quality: ",
    "heat: -1\n",
    "published: false\n",
    "&a ",
    "*a",
    "<<: ",
    "!!binary ",
    "|\n  ",
    ">-\n  ",
    "'",
    "\"",
    "\\u0000",
    "\\e[2J",
    "# ",
    "## x\n",
    "| a | b |\n|---|---|\n",
    "> > > ",
    "- - - ",
    "```\n",
    "[a](b \"c\")",
    "![",
    "&#27;",
    "&amp;lt;",
    "<b>",
    "\r\n",
    "\r",
    "\u{85}",
    "\u{2028}",
    "\u{202e}",
    "\u{feff}",
    "\u{200d}",
    "\u{e0067}",
    "\x1b]0;t\x07",
    "\u{9b}2J",
    "e\u{301}\u{301}",
    "漢字",
    "👩‍👩‍👧",
    "🏴",
    "9999-99-99",
    "-1",
    "1e999",
    "null",
    "~",
    "[[[[[[[[",
    "{a: {a: {a: ",
    "    ",
    "\t",
    "\0",
    ": ",
    "- ",
    ",",
    "]",
    "}",
    "...\n",
];
const QUERY_WORDS: &[&str] = &[
    "rust",
    "\"neural nets\"",
    " ",
    " OR ",
    " | ",
    "-",
    "!",
    "NOT ",
    "AND ",
    "(",
    ")",
    "title:",
    "topic:",
    "provider:",
    "quality:>=60",
    "heat:0..",
    "date:2021-02..2021-03",
    "@2w",
    "@",
    "+unread",
    "#ai",
    "#\"machine learning\"",
    "is:",
    "is:unread",
    "-is:read",
    "has:image",
    "has:*",
    "sort:-quality",
    "sort:",
    "limit:20",
    "limit:0",
    "saved:x",
    "/gpt-?[34]/",
    "/(a|b)*c/i",
    "/GPT/c",
    "/",
    "*",
    "*rust",
    "=\"",
    "\"",
    "\\",
    ",",
    "..",
    ">=",
    "<",
    "domain:nature.com",
    "readat:",
    "added:today",
    "words:",
    "path:",
    "url:",
    "is:new",
    "99999999999999999999",
    "\u{301}",
    "ß",
    "İ",
    "漢字",
    "'",
    ":",
    "x:y",
    "-0",
    "1d",
    "6months",
    "yesterday",
    "2021-02-30",
    "\u{a0}",
    "\t",
    "\n",
];
const CONFIG_WORDS: &[&str] = &[
    "library: ",
    "- ~/articles\n",
    "query: ",
    "read: ",
    "after 5s",
    "marks: ",
    "browser: ",
    "editor: ",
    "morning: \"is:unread @1d\"\n",
    "new: x\n",
    "# comment\n",
    "\"quoted name\": ",
    "? ",
    "!!str ",
    "&a ",
    "*a",
    "{",
    "}",
    "[",
    "]",
    ",",
    "|\n  ",
    ">\n",
    "\n",
    "  ",
    "\t",
    "'",
    "\"",
    ": ",
    "new",
    "\r\n",
    "\u{feff}",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "\u{85}",
    "\u{2028}",
    "~",
    "null",
    "1",
    "true",
    "a-b_c: y\n",
    "new : z\n",
    "\"new\": w\n",
    "'new': v\n",
];
const MARKS_WORDS: &[&str] = &[
    "\n",
    "r",
    "s",
    "\0",
    " ",
    "ffffffffffffffff",
    "0000000000000001",
    ":",
    "-1",
    "9999999999999",
    "\"",
    "\r\n",
    "{",
    "}",
    "\u{ff}",
];
const KEYS_WORDS: &[&str] = &[
    "<", ">", "<ctrl-", "ctrl-", "c-", "esc", "<enter>", "<up>", "<lt>", "<gt>", "<space>", "f1", "<F1>", "g", "İ",
    "ǅ", " ", "\u{301}", "<->", "<c->>", "<ctrl-<>",
];

const INPUT_WORDS: &[&str] = &[
    "\x1b",
    "\x1b[",
    "\x1bO",
    "\x1b]",
    "\x1bP",
    "\x1b_",
    "\x1bX",
    "\x1b[<",
    "\x1b[?",
    "\x1b[>",
    "\x1b[M",
    "\x1b[[",
    "\x1b[200~",
    "\x1b[201~",
    "\x1b\\",
    "\x07",
    "0",
    "1",
    "32",
    "64;",
    ";0",
    ";65536",
    "4294967296",
    ":",
    ";5",
    ":3",
    "M",
    "m",
    "u",
    "c",
    "n",
    "R",
    "~",
    "$",
    "y",
    "A",
    "^",
    " ",
    "!",
    "\0",
    "11;rgb:",
    "ff/ff/ff",
    "997;1n",
    "Gi=1;OK",
    "/",
    "j",
    "Q",
    "\r",
    "\t",
    "t",
    "?",
    "é",
    "😀",
];

#[cfg(feature = "sync")]
const CHANNEL_WORDS: &[&str] = &[
    "<?xml version=\"1.0\" encoding=\"",
    "windows-1252\"?>",
    "UTF-16\"?>",
    "<!DOCTYPE a [<!ENTITY b \"c\">]>",
    "<!ENTITY c \"&b;&b;&b;&b;\">",
    "&b;",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?",
    "?>",
    "<rss>",
    "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">",
    "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\">",
    "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:base=\"/x/\">",
    "<channel>",
    "</channel>",
    "<item>",
    "</item>",
    "<entry>",
    "</entry>",
    "<title>",
    "<title type=\"html\">",
    "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>",
    "</title>",
    "<link>https://e.org/?a=1&b=2</link>",
    "<link href=\"../c\" rel=\"alternate\"/>",
    "<link rel='enclosure' href='a.mp3' length='-1' type='audio/mpeg'/>",
    "<guid isPermaLink=\"true\">",
    "</guid>",
    "<description>",
    "</description>",
    "<content:encoded>",
    "</content:encoded>",
    "<content mode=\"base64\">PGI+YTwvYj4=</content>",
    "<dc:date>2021-02-30T25:61:61Z</dc:date>",
    "<pubDate>Thu, 18 Feb 2021 16:18:00 GMT</pubDate>",
    "<media:group><media:content url=\"v.mp4\" fileSize=\"99999999999999999999\"/>",
    "<itunes:duration>99:99:99:99</itunes:duration>",
    "<source url='x'>",
    "<a ",
    "a=\"b\" ",
    "xmlns:a=\"b\" ",
    "/>",
    "</",
    "<",
    ">",
    "&amp;lt;",
    "&#128;",
    "&#0;",
    "&#xffffffff;",
    "&nbsp;",
    "& ",
    "{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": [",
    "{\"id\": 1, \"content_html\": \"<b>\", \"attachments\": [{}]},",
    "\"\\ud800\"",
    "]}",
    "[[[[[[[[",
    "\u{feff}",
    "\u{fffe}",
    "\0",
    "\r\n",
    "\u{85}",
    "\u{2028}",
    "\x1b[2J",
    "\u{202e}",
];
#[cfg(feature = "sync")]
const HTML_WORDS: &[&str] = &[
    "<p>",
    "</p>",
    "<br>",
    "<div>",
    "</div>",
    "<blockquote>",
    "</blockquote>",
    "<ul><li>",
    "<ol start=\"999999999999\"><li>",
    "</li></ul>",
    "<pre><code class=\"language-`~\\n\">",
    "</code></pre>",
    "<pre>",
    "```",
    "~~~",
    "<table><tr><th>",
    "<td colspan=\"99999999\">",
    "</td></tr></table>",
    "<b>",
    "</b>",
    "<i>",
    "</em>",
    "<code>",
    "</code>",
    "<s>",
    "<h1>",
    "</h1>",
    "<h9>",
    "<hr>",
    "<a href=\"javascript:alert(1)\">",
    "<a href=\"/a (b)\">",
    "<a href=\"https://e.org/]<>\">",
    "</a>",
    "<img src=\"a.png\" alt=\"](x)<b>\">",
    "<img data-src='b.png' srcset='c.png 1x, d.png 2x'>",
    "<picture><source srcset=x>",
    "<iframe src=\"https://www.youtube.com/embed/x\"></iframe>",
    "<video src=v.mp4 poster=p.png>",
    "<script>",
    "</script>",
    "<style>",
    "<template>",
    "<svg>",
    "<math alttext=\"a_b\">",
    "<noscript>",
    "<details><summary>",
    "<dl><dt>",
    "<dd>",
    "<ruby>a<rt>b",
    "<sup>",
    "<!--",
    "-->",
    "<![CDATA[",
    "<!DOCTYPE html>",
    "<base href=\"//x/\">",
    "<link rel=\"alternate\" type=\"application/rss+xml\" href=\"/feed\">",
    "<input type=password>",
    "<title>",
    "<x:y z>",
    "<",
    "&lt;b&gt;",
    "&amp;lt;",
    "&#60;",
    "&nbsp;",
    "&",
    "# ",
    "1. ",
    "- ",
    "* ",
    "> ",
    "    ",
    "\t",
    "[a]: b",
    "[^1]",
    "![",
    "](",
    "**",
    "_",
    "~~",
    "|",
    "\\",
    "`",
    "---",
    "===",
    "https://e.org/_a_*b*",
    "<https://e.org>",
    "\0",
    "\r\n",
    "\u{a0}",
    "\u{200b}",
    "\u{202e}",
    "\x1b[2J",
];

#[cfg(feature = "sync")]
const OPML_WORDS: &[&str] = &[
    "<opml version=\"2.0\">",
    "</opml>",
    "<head><title>",
    "</title></head>",
    "<body>",
    "</body>",
    "<outline text=\"a\">",
    "<outline text=\"a &amp; b\" title=\"c\" type=\"rss\" xmlUrl=\"https://e.org/feed\"/>",
    "<outline xmlUrl='http://e.org/feed'/>",
    "<outline xmlUrl='https://u:p@e.org/feed'/>",
    "<outline xmlUrl='https://127.0.0.1/feed'/>",
    "<outline xmlUrl=\"file:///etc/passwd\"/>",
    "<outline xmlUrl=\"exec:rm\"/>",
    "<outline type=\"include\" url=\"https://e.org/list.opml\"/>",
    "</outline>",
    " XMLURL=",
    " category=\"/a/b,c\"",
    "<!DOCTYPE opml>",
    "<![CDATA[",
    "<!--",
    "https://e.org/feed",
    "feed://e.org/feed",
    "feed:https://e.org/feed",
    "https://e.org/a \"tag one\" two \"~A title\" !\n",
    "\"query:Unread:unread = \\\"yes\\\" and tags # \\\"x\\\"\"\n",
    "filter:",
    "exec:",
    "query:",
    "|grep x",
    "# comment\n",
    "\n",
    "\r\n",
    "\r",
    "\"",
    "'",
    "\\",
    "~",
    " ",
    "&",
    "&#10;",
    "&quot;",
    "<",
    ">",
    "/>",
    "\0",
    "\u{feff}",
    "\u{202e}",
    "\x1b[2J",
    "[::1]",
    "localhost",
    "10.0.0.1",
    "xn--",
    "ü.example",
    "?token=a",
    "#b",
];

/// Mutations of valid inputs, more and more of them.
struct Inputs {
    random: Random,
    good: Vec<Vec<u8>>,
    words: &'static [&'static str],
}

impl Inputs {
    fn next(&mut self) -> Vec<u8> {
        let mut bytes = match self.random.roll(3) {
            0 => (0..1 + self.random.roll(24)).flat_map(|_| self.word()).collect(),
            _ => self.one(),
        };
        for _ in 0..self.random.roll(6) {
            self.change(&mut bytes);
            bytes.truncate(1 << 14);
        }
        bytes
    }

    fn word(&mut self) -> Vec<u8> {
        self.words[self.random.roll(self.words.len())].as_bytes().to_vec()
    }

    fn one(&mut self) -> Vec<u8> {
        let at = self.random.roll(self.good.len());
        self.good[at].clone()
    }

    fn part(&mut self, bytes: &[u8]) -> std::ops::Range<usize> {
        let from = self.random.roll(bytes.len() + 1);
        let most = [2, 16, 1 << 10][self.random.roll(3)];
        from..(from + self.random.roll(most)).min(bytes.len())
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        let part = self.part(bytes);
        match self.random.roll(8) {
            0 if !bytes.is_empty() => {
                let at = self.random.roll(bytes.len());
                bytes[at] ^= 1 << self.random.roll(8);
            }
            1 => drop(bytes.drain(part)),
            2 => {
                let again = bytes[part.clone()].repeat([1, 2, 200][self.random.roll(3)]);
                bytes.splice(part.end..part.end, again);
            }
            3 => {
                let other = self.one();
                let of = self.part(&other);
                bytes.splice(part, other[of].iter().copied());
            }
            4 => {
                let many = self.word().repeat([1, 3, 300][self.random.roll(3)]);
                bytes.splice(part.start..part.start, many);
            }
            5 => bytes.truncate(part.start),
            6 => {
                let byte = [0, 0xff, 0xc3, b'\n', b' ', b':', 0xe2, 0xf0][self.random.roll(8)];
                bytes.insert(part.start, byte);
            }
            _ => {
                let word = self.word();
                bytes.splice(part.start..part.start, word);
            }
        }
    }
}

/// A fault that an input causes.
#[derive(Debug)]
struct Fault {
    bytes: Vec<u8>,
    why: String,
}

fn try_one(entry: fn(&[u8]), bytes: &[u8]) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(|| entry(bytes))).map_err(|panic| {
        let words = panic.downcast_ref::<String>().map(String::as_str);
        words.or(panic.downcast_ref::<&str>().copied()).unwrap_or("a panic").to_owned()
    })
}

/// Tries inputs on a small stack, and returns the first fault. An input that takes longer than [`LIMIT`] hangs: it is one too.
fn try_all(
    name: &str,
    entry: fn(&[u8]),
    inputs: impl Iterator<Item = Vec<u8>> + Send + 'static,
) -> Result<usize, Fault> {
    let now = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{name}-now"));
    let (sender, tried) = channel();
    let work = {
        let now = now.clone();
        move || {
            for bytes in inputs {
                // What ends the whole process can be found here.
                std::fs::write(&now, &bytes).expect("a file");
                let result = try_one(entry, &bytes).map_err(|why| Fault { bytes, why });
                let is_fault = result.is_err();
                if sender.send(result).is_err() || is_fault {
                    break;
                }
            }
        }
    };
    std::thread::Builder::new().stack_size(STACK).spawn(work).expect("a thread");
    let mut count = 0;
    loop {
        match tried.recv_timeout(LIMIT) {
            Ok(result) => result?,
            Err(RecvTimeoutError::Disconnected) => return Ok(count),
            Err(RecvTimeoutError::Timeout) => {
                let bytes = std::fs::read(now).expect("the input");
                return Err(Fault { bytes, why: format!("it hangs: not done after {LIMIT:?}") });
            }
        }
        count += 1;
    }
}

/// A name for an input (FNV-1a).
fn name_of(bytes: &[u8]) -> String {
    let hash = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    format!("{:016x}", bytes.iter().fold(0xcbf2_9ce4_8422_2325, hash))
}

fn files(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file()).collect();
    files.sort();
    files
}

fn contents(folder: &str) -> Vec<Vec<u8>> {
    files(folder).iter().map(|file| std::fs::read(file).expect("a file")).collect()
}

/// Tries the inputs that failed before, then new ones. Failing inputs are written to `tests/regressions`.
fn fuzz(name: &'static str, entry: fn(&[u8]), good: Vec<Vec<u8>>, words: &'static [&'static str], count: usize) {
    let folder = format!("tests/regressions/{name}");
    let known = contents(&folder);
    let again = known.len();
    let mut inputs = Inputs { random: Random::new(name.len() as u64), good, words };
    let new = std::iter::repeat_with(move || inputs.next()).take(count);
    match try_all(&format!("{name}-{count}"), entry, known.into_iter().chain(new)) {
        Ok(done) => {
            println!("{name}: {again} inputs again, {count} new");
            assert_eq!(done, again + count, "all were tried");
        }
        Err(Fault { bytes, why }) => {
            std::fs::create_dir_all(&folder).expect("a folder");
            let file = format!("{folder}/{}", name_of(&bytes));
            std::fs::write(&file, bytes).expect("a file");
            panic!("{file}: {why}");
        }
    }
}

fn articles() -> Vec<Vec<u8>> {
    [contents("seeds"), contents("tests/fixtures/news")].concat()
}

/// The lines of code in the page about queries.
fn queries() -> Vec<Vec<u8>> {
    let page = std::fs::read_to_string("docs/queries.md").expect("a file");
    let blocks = page.split("```").skip(1).step_by(2);
    let lines = blocks.flat_map(str::lines).map(|line| line.split("   ").next().unwrap_or_default());
    lines.filter(|line| !line.is_empty()).map(|line| line.as_bytes().to_vec()).collect()
}

rounds!(hostile_articles, 75, 1_500);

fn hostile_articles(count: usize) {
    fuzz("article", entries::article, articles(), ARTICLE_WORDS, count);
}

rounds!(hostile_settings, 100, 2_000);

fn hostile_settings(count: usize) {
    let searches = "# mine\nmorning: \"is:unread @1d sort:-heat\"\nnew: 'x y'\nlong: >\n  a b\n  c\n";
    let good = vec![frontpage::config::reference().into_bytes(), searches.into()];
    fuzz("config", entries::config, good, CONFIG_WORDS, count);
}

rounds!(hostile_queries, 150, 3_000);

fn hostile_queries(count: usize) {
    fuzz("query", entries::query, queries(), QUERY_WORDS, count);
}

rounds!(hostile_marks, 25, 500);

fn hostile_marks(count: usize) {
    fuzz("marks", entries::marks, vec![entries::marks_file()], MARKS_WORDS, count);
}

rounds!(hostile_keys, 150, 3_000);

fn hostile_keys(count: usize) {
    let good =
        ["gg", "<ctrl-d>jj/rust<enter>", "<lt><", "<down><space>ä"].map(|keys| keys.as_bytes().to_vec()).to_vec();
    fuzz("keys", entries::keys, good, KEYS_WORDS, count);
}

rounds!(hostile_terminals, 100, 2_000);

fn hostile_terminals(count: usize) {
    let good = [
        "\x1b[<0;10;5M\x1b[<32;40;5M\x1b[<0;40;5m\x1b[<65;10;5M",
        "\x1b[M !!\x1b[M#!!\x1b[32;10;5M\x1b[5;7R",
        "jj\x1b[A\x1bOB\x1b[1;5C\x1b[6~\x1b[15~\x1b[[A\x1b[Z\0",
        "/topic:\x1b[200~ai\rQ\x1b[201~\r\x1b[27u\x1b[97:65;2:1u\x1b[27;5;105~",
        "\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\\x1b[?0u\x1b[?62;22c\x1b[?997;1n\x1b[I",
        "\x1bP1$r0m\x1b\\\x1b_Gi=1;OK\x1b\\\x1b[?2026;2$y\x1bj",
    ];
    fuzz("input", entries::input, good.map(|bytes| bytes.as_bytes().to_vec()).to_vec(), INPUT_WORDS, count);
}

#[cfg(feature = "sync")]
rounds!(hostile_channels, 100, 3_000);

#[cfg(feature = "sync")]
fn hostile_channels(count: usize) {
    let good = [
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"\
         \n  xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:media=\"http://search.yahoo.com/mrss/\">\n<channel>\n\
         <title>A &amp; B</title><link>https://e.org/</link><description>About</description><language>en</language>\n\
         <item><title>One</title><link>https://e.org/1</link><guid isPermaLink=\"false\">1</guid>\n\
         <pubDate>Thu, 18 Feb 2021 16:18:00 +0100</pubDate><dc:creator>Ann</dc:creator><category>AI</category>\n\
         <description>Short</description><content:encoded><![CDATA[<p>Long <b>text</b></p><ul><li>a</li></ul>]]></content:encoded>\n\
         <enclosure url=\"a.mp3\" length=\"1\" type=\"audio/mpeg\"/><media:content url=\"b.jpg\" width=\"10\" height=\"5\"/></item>\n\
         <item><guid>https://e.org/2</guid><description>&lt;pre&gt;x &amp;lt; y&lt;/pre&gt;</description></item>\n</channel>\n</rss>\n",
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"de\" xml:base=\"https://e.org/\">\n<title type=\"html\">A &amp;amp; B</title>\n\
         <link href=\"/\"/><updated>2021-02-18T16:18:00Z</updated>\n<entry><id>tag:e.org,2021:1</id><title>One</title>\n\
         <link rel=\"alternate\" href=\"1\"/><link rel=\"replies\" href=\"1#c\"/><updated>2021-02-18T16:18:00Z</updated>\n\
         <author><name>Ann</name><email>a@e.org</email></author><category term=\"x\" label=\"X\"/>\n\
         <content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\"><p>T<br/>x</p></div></content>\n\
         <source><title>Other</title></source></entry>\n</feed>\n",
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\">\n\
         <channel rdf:about=\"https://e.org/\"><title>T</title></channel>\n<item rdf:about=\"https://e.org/1\"><title>One</title>\
         <link>https://e.org/1</link></item>\n</rdf:RDF>\n",
        "{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"T\", \"home_page_url\": \"https://e.org/\",\n \"items\": [\n  \
         {\"id\": \"1\", \"url\": \"https://e.org/1\", \"title\": \"One\", \"content_html\": \"<p>a</p>\", \"date_published\": \
         \"2021-02-18T16:18:00Z\", \"authors\": [{\"name\": \"Ann\"}], \"tags\": [\"x\"], \"attachments\": [{\"url\": \"a.mp3\", \
         \"mime_type\": \"audio/mpeg\", \"size_in_bytes\": 1, \"duration_in_seconds\": 2}]},\n  {\"id\": 2, \"content_text\": \"t\"}]}\n",
        "<!DOCTYPE html><html><head><title>T</title><link rel=\"alternate\" type=\"application/rss+xml\" href=\"/feed\"></head></html>",
    ];
    fuzz("channel", channel_entries::channel, good.map(|text| text.as_bytes().to_vec()).to_vec(), CHANNEL_WORDS, count);
}

#[cfg(feature = "sync")]
rounds!(hostile_pages, 100, 3_000);

#[cfg(feature = "sync")]
fn hostile_pages(count: usize) {
    let good = [
        "<h1>Title</h1>\n<p>Some <b>bold <i>and</i></b> <a href=\"/x?a=b&amp;c\" title='t'>link</a>, <code>a`b</code>.</p>\n\
         <ul><li>one<ol><li>two</li></ol></li><li><p>three</p></li></ul><blockquote><p>q</p></blockquote>\n\
         <pre><code class=\"language-rust\">fn main() {\n}\n</code></pre><hr><img src=\"a.png\" alt=\"A\" width=1>",
        "<table><thead><tr><th>a<th>b</thead><tbody><tr><td>1|2<td><p>3</table><figure><img src=b.png><figcaption>c</figcaption>\
         </figure><dl><dt>t<dd>d</dl><details><summary>s</summary>x</details><iframe src=\"https://player.vimeo.com/video/1\"></iframe>",
        "<!DOCTYPE html><html><head><title>T &amp; U</title><base href=\"/b/\"><link rel=alternate type=application/atom+xml href=f>\
         </head><body><form><input type=password></form><noscript><p>n</p></noscript><script>x()</script></body></html>",
        "1. a\n- b\n# c\n> d\n    e\n[f](g) <h> & *i* _j_ `k` ~~l~~ \\m | n\n===\n---\n",
    ];
    fuzz("html", channel_entries::html, good.map(|text| text.as_bytes().to_vec()).to_vec(), HTML_WORDS, count);
}

#[cfg(feature = "sync")]
rounds!(hostile_lists, 100, 3_000);

#[cfg(feature = "sync")]
fn hostile_lists(count: usize) {
    let good = [
        "<?xml version=\"1.0\"?>\n<opml version=\"2.0\">\n<head><title>T</title></head>\n<body>\n<outline text=\"News\">\n\
         <outline text=\"A &amp; B\" type=\"rss\" xmlUrl=\"https://a.example/feed?x=1&amp;y=2\" htmlUrl=\"https://a.example/\"/>\n\
         <outline text=\"Deeper\"><outline title=\"C\" xmlUrl=\"http://c.example/rss\" category=\"/x/y,z\"/></outline>\n\
         </outline>\n<outline text=\"No address\"/>\n<outline text=\"D\" xmlUrl=\"feed://d.example/\"/>\n</body>\n</opml>\n",
        "# my channels\nhttps://a.example/feed \"tag one\" two \"~A title\"\nhttps://b.example/ ! hidden\n\
         \"query:Unread:unread = \\\"yes\\\"\"\nexec:~/bin/x tag\n\nfilter:~/bin/y:https://c.example/feed\n",
        "https://a.example/feed\nhttps://b.example/feed\nb.example\n",
    ];
    fuzz("opml", channel_entries::opml, good.map(|text| text.as_bytes().to_vec()).to_vec(), OPML_WORDS, count);
}

rounds!(hostile_patterns_cost_bounded_work, 50, 1_000);

/// Reading and searching take a bounded time for any pattern.
fn hostile_patterns_cost_bounded_work(count: usize) {
    const PARTS: [&str; 24] = [
        "a",
        ".",
        "\\w",
        "\\p{L}",
        "[^x]",
        "(",
        ")",
        "(?:",
        "*",
        "+",
        "?",
        "{2}",
        "{1,1000}",
        "{999999}",
        "|",
        "^",
        "$",
        "\\b",
        "[a-z&&[^q]]",
        "(?i)",
        "\\p{Greek}",
        "e",
        "é",
        "(a+)+",
    ];
    let mut random = Random::new(19);
    let patterns = std::iter::repeat_with(move || {
        let pattern: String = (0..1 + random.roll(20)).map(|_| PARTS[random.roll(PARTS.len())]).collect();
        let wraps =
            [pattern.clone(), format!("({pattern})*"), format!("(({pattern})+)+$"), format!("({pattern}){{1,90}}")];
        format!("/{}/", wraps[random.roll(4)])
    });
    let patterns: Vec<String> = patterns.take(count).collect();
    let read = patterns.iter().filter(|text| Query::parse(text).is_ok()).count();
    let name = format!("pattern-{count}");
    let done = try_all(&name, entries::query, patterns.into_iter().map(String::into_bytes)).unwrap_or_else(|fault| {
        panic!("{}: {}", String::from_utf8_lossy(&fault.bytes), fault.why);
    });
    assert_eq!(done, count, "all were tried");
    println!("{count} patterns, {read} of them can be read");
    assert!(read > count / 10, "{read} can be read");
}

#[test]
fn the_deepest_allowed_nesting_fits_on_the_small_stack() {
    let nested = |levels: usize| {
        let lines: String = (0..levels).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
        [
            lines,
            "- ".repeat(levels),
            "[".repeat(levels) + &"]".repeat(levels),
            "a: ".to_owned() + &"{a: ".repeat(levels),
        ]
    };
    let work = move || {
        for text in [1, 63, 64, 65, 126, 127, 128, 129, 500].into_iter().flat_map(nested) {
            entries::config(text.as_bytes());
            entries::config(format!("library: {text}").as_bytes());
            entries::article(format!("---\n{text}\n---\n").as_bytes());
            entries::article(format!("---\nrelated: {text}\n---\n").as_bytes());
        }
    };
    std::thread::Builder::new().stack_size(STACK).spawn(work).expect("a thread").join().expect("it ends");
}

/// A careless parser with the faults that these tests look for: it cuts text at a byte, and shows it uncleaned.
fn careless(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let title = text.lines().find_map(|line| line.strip_prefix("title: ")).unwrap_or_default();
    let cut = &title[..title.len().min(11)];
    assert!(!cut.contains('\u{202e}'));
}

#[test]
fn a_careless_parser_is_caught() {
    let mut inputs = Inputs { random: Random::new(7), good: articles(), words: ARTICLE_WORDS };
    let inputs = std::iter::repeat_with(move || inputs.next()).take(2_500);
    let fault = try_all("careless", careless, inputs).expect_err("a fault");
    println!("{}: {}", name_of(&fault.bytes), fault.why);
}
