//! The cost of reading channels and HTML, as ratios to a bare pass of the parser over the same bytes; of documents that are made to
//! cost much; and of writing article files: `cargo bench --bench digest`. With `FRONTPAGE_CORPUS`, documents of real sites too.

#![allow(clippy::print_stdout, clippy::expect_used, clippy::disallowed_methods)] // prints its results, and panics on errors

mod support;

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;

use frontpage::channel::{self, Document};
use frontpage::digest::{
    ArticleFile, Choices, Fingerprint, KnownItems, Places, PreparedChannel, article_file, assign_ids, prepare,
    write_articles,
};
use frontpage::feed::UntrustedText;
use frontpage::file_system::RealFileSystem;
use frontpage::html;
use frontpage::subscriptions::Subscription;
use support::{SplitMix64, median, memory, now, ratio, timed, vocabulary};

/// Runs of each measurement; the median is printed.
const RUNS: usize = 7;
/// Articles that are written.
const ARTICLES: usize = 1_000;

fn main() {
    // The memory of each bomb is measured in a process of its own.
    let mut arguments = std::env::args().skip_while(|word| word != "--bomb").skip(1);
    if let Some(name) = arguments.next() {
        return explode(&name);
    }
    let documents = [
        ("RSS of a blog: 30 items, 6 KB of HTML each", rss(30, 6)),
        ("Atom: 25 entries of XHTML", atom(25)),
        ("RSS: 1,000 items", rss(1_000, 4)),
    ];
    println!("channels: ratio to a bare pass of quick-xml over the same bytes, medians of {RUNS} runs");
    for (name, text) in &documents {
        measure_channels(name, &[text.clone().into_bytes()]);
    }
    let corpus = std::env::var_os("FRONTPAGE_CORPUS").map(PathBuf::from);
    if let Some(corpus) = &corpus {
        let is_xml = |path: &Path| {
            path.extension().is_some_and(|ending| ["atom", "rss", "rdf", "xml"].iter().any(|known| ending == *known))
        };
        measure_channels("channels of real sites", &files_below(&corpus.join("channels/real"), is_xml));
        measure_channels("small test documents", &files_below(&corpus.join("channels/reference/files"), is_xml));
    }

    println!("\nHTML to Markdown: ratio to a bare pass of html5gum over the same bytes");
    measure_html("the content of a blog", &[html_of_items(200)]);
    if let Some(corpus) = &corpus {
        let named = |name: &'static str| move |path: &Path| path.file_name().is_some_and(|file| file == name);
        let texts = |name| {
            let files = files_below(&corpus.join("pages"), named(name));
            files.iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect::<Vec<String>>()
        };
        measure_html("articles of real sites", &texts("expected.html"));
        measure_html("whole pages of real sites", &texts("source.html"));
    }

    println!("\nbombs: goal less than 100 ms and 64 MB each");
    let program = std::env::current_exe().expect("this program");
    for (name, _) in BOMBS {
        let ran = Command::new(&program).args(["--bomb", name]).output().expect("this program");
        println!("  {name:58} {}", String::from_utf8_lossy(&ran.stdout).trim());
        assert!(ran.status.success(), "{name}: {}", String::from_utf8_lossy(&ran.stderr));
    }
    measure_writing();
}

fn measure_channels(name: &str, documents: &[Vec<u8>]) {
    let read = |bytes: &Vec<u8>| channel::read(&Document { bytes, ..Document::default() });
    // Every event is looked at, and what can be read on behind an error is.
    let bare = |bytes: &Vec<u8>| {
        let text = String::from_utf8_lossy(bytes);
        let mut reader = quick_xml::Reader::from_str(&text);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        while !matches!(black_box(reader.read_event()), Ok(quick_xml::events::Event::Eof)) {}
    };
    report(name, documents, |bytes| bytes.len(), &mut |bytes| drop(black_box(read(bytes))), &mut |bytes| bare(bytes));
}

fn measure_html(name: &str, texts: &[String]) {
    let base = url::Url::parse("https://site.example/").expect("an address");
    let bare = |text: &String| {
        html5gum::Tokenizer::new(text.as_str()).for_each(|token| _ = black_box(token));
    };
    let mut write = |text: &String| drop(black_box(html::to_markdown(text, Some(&base))));
    report(name, texts, |text| text.len(), &mut write, &mut |text| bare(text));
}

/// Prints what a function costs for all inputs, its ratio to a baseline, and the highest ratio of one input alone.
fn report<T>(
    name: &str,
    inputs: &[T],
    size: impl Fn(&T) -> usize + Copy,
    run: &mut dyn FnMut(&T),
    baseline: &mut dyn FnMut(&T),
) {
    let bytes: usize = inputs.iter().map(size).sum();
    // Small inputs are repeated until the clock can measure them.
    let rounds = (8_000_000 / bytes.max(1)).clamp(1, 500);
    let all = |run: &mut dyn FnMut(&T)| {
        median(RUNS, || timed(|| (0..rounds).for_each(|_| inputs.iter().for_each(&mut *run))).1)
    };
    let (took, bare) = (all(run), all(baseline));
    let per_second = |amount: usize| (amount * rounds) as f64 / took.as_secs_f64();
    let alone = |input: &T| {
        let rounds = (2_000_000 / size(input).max(1)).clamp(1, 500);
        let of = |run: &mut dyn FnMut(&T)| median(RUNS, || timed(|| (0..rounds).for_each(|_| run(input))).1);
        ratio(of(run), of(baseline))
    };
    // Of thousands of small inputs, the highest ratio is that of the clock.
    let is_few = inputs.len() > 1 && inputs.len() <= 100;
    let highest = if is_few { inputs.iter().map(alone).fold(0.0, f64::max) } else { f64::NAN };
    let highest = if highest.is_nan() { String::new() } else { format!("  at most {highest:.2}") };
    println!(
        "  {name:44} {:>9.0} documents/s {:>6.0} MB/s {:>6.2}{highest}",
        per_second(inputs.len()),
        per_second(bytes) / 1e6,
        ratio(took, bare),
    );
}

fn files_below(folder: &Path, is_wanted: impl Fn(&Path) -> bool + Copy) -> Vec<Vec<u8>> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        match path.is_dir() {
            true => found.extend(files_below(&path, is_wanted)),
            false if is_wanted(&path) => found.push(std::fs::read(&path).expect("a file")),
            false => {}
        }
    }
    found
}

/// HTML as a blog has it: paragraphs with links and emphasis, a list, a quotation, code and a picture.
fn post(rng: &mut SplitMix64, words: &[String], kilobytes: usize) -> String {
    let mut html = String::new();
    while html.len() < kilobytes * 1_000 {
        let some = |rng: &mut SplitMix64, count| rng.words(words, count);
        html.push_str(&match rng.below(8) {
            0 => format!("<ul>\n<li>{}</li>\n<li><em>{}</em></li>\n</ul>\n", some(rng, 8), some(rng, 5)),
            1 => format!("<blockquote><p>{}</p></blockquote>\n", some(rng, 30)),
            2 => format!("<pre><code class=\"language-rust\">fn main() {{ {} }}</code></pre>\n", some(rng, 12)),
            3 => format!(
                "<figure class=\"wp-block-image size-large\"><img loading=\"lazy\" width=\"1024\" height=\"683\" \
                 src=\"https://site.example/wp-content/uploads/{}.jpg\" alt=\"{}\" /></figure>\n",
                rng.below(9_999),
                some(rng, 4)
            ),
            4 => format!("<h2 class=\"wp-block-heading\">{}</h2>\n", some(rng, 5)),
            _ => format!(
                "<p>{} <a href=\"https://site.example/{}/\" rel=\"noopener\">{}</a> &#8211; {} <strong>{}</strong>&nbsp;{}.</p>\n",
                some(rng, 30),
                rng.below(9_999),
                some(rng, 3),
                some(rng, 20),
                some(rng, 2),
                some(rng, 25)
            ),
        });
    }
    html
}

fn html_of_items(count: usize) -> String {
    let rng = &mut SplitMix64(3);
    let words = vocabulary(&mut SplitMix64(1));
    (0..count).map(|_| post(rng, &words, 6)).collect()
}

/// RSS as WordPress writes it.
fn rss(items: usize, kilobytes: usize) -> String {
    let rng = &mut SplitMix64(2);
    let words = vocabulary(&mut SplitMix64(1));
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\"\n\
        \txmlns:content=\"http://purl.org/rss/1.0/modules/content/\"\n\txmlns:wfw=\"http://wellformedweb.org/CommentAPI/\"\n\
        \txmlns:dc=\"http://purl.org/dc/elements/1.1/\"\n\txmlns:atom=\"http://www.w3.org/2005/Atom\"\n\
        \txmlns:sy=\"http://purl.org/rss/1.0/modules/syndication/\"\n\txmlns:slash=\"http://purl.org/rss/1.0/modules/slash/\"\n\t>\n\
        <channel>\n\t<title>Example</title>\n\t<atom:link href=\"https://site.example/feed/\" rel=\"self\" type=\"application/rss+xml\" />\n\
        \t<link>https://site.example</link>\n\t<description>A blog</description>\n\t<language>en-GB</language>\n"
        .to_owned();
    for number in 0..items {
        let (title, creator) = (rng.words(&words, 7), rng.word(&words).to_owned());
        text.push_str(&format!(
            "\t<item>\n\t\t<title>{title}</title>\n\t\t<link>https://site.example/2021/{number}/</link>\n\
             \t\t<comments>https://site.example/2021/{number}/#comments</comments>\n\n\
             \t\t<dc:creator><![CDATA[{creator}]]></dc:creator>\n\t\t<pubDate>Thu, 18 Feb 2021 16:18:{:02} +0000</pubDate>\n\
             \t\t<category><![CDATA[{}]]></category>\n\t\t<category><![CDATA[{}]]></category>\n\
             \t\t<guid isPermaLink=\"false\">https://site.example/?p={number}</guid>\n\n\
             \t\t<description><![CDATA[<p>{} [&#8230;]</p>]]></description>\n\
             \t\t<content:encoded><![CDATA[{}]]></content:encoded>\n\n\
             \t\t<wfw:commentRss>https://site.example/2021/{number}/feed/</wfw:commentRss>\n\
             \t\t<slash:comments>{}</slash:comments>\n\t</item>\n",
            number % 60,
            rng.word(&words).to_owned(),
            rng.word(&words).to_owned(),
            rng.words(&words, 40),
            post(rng, &words, kilobytes),
            number % 9
        ));
    }
    text + "</channel>\n</rss>\n"
}

fn atom(entries: usize) -> String {
    let rng = &mut SplitMix64(4);
    let words = vocabulary(&mut SplitMix64(1));
    let mut text = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:base=\"https://site.example/\">\n\
        <title>Example</title><link href=\"/\"/><id>https://site.example/</id><updated>2021-02-18T16:18:00Z</updated>\n"
        .to_owned();
    for number in 0..entries {
        text.push_str(&format!(
            "<entry><title type=\"html\">{} &amp;amp; {}</title><id>tag:site.example,2021:{number}</id><link href=\"/{number}\"/>\n\
             <published>2021-02-18T16:18:00Z</published><updated>2021-02-18T16:19:00+01:00</updated>\n\
             <author><name>{}</name></author><category term=\"{}\"/>\n\
             <content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">{}</div></content></entry>\n",
            rng.words(&words, 4),
            rng.words(&words, 3),
            rng.words(&words, 2),
            rng.word(&words).to_owned(),
            post(rng, &words, 6).replace("&nbsp;", "&#160;")
        ));
    }
    text + "</feed>\n"
}

/// The name of a document, and what makes it.
type Bomb = (&'static str, fn() -> String);

/// Documents that are made to cost much. Each is read as a channel and as HTML.
const BOMBS: [Bomb; 20] = [
    ("100,000 nested elements", || in_rss(&"<a>".repeat(100_000))),
    ("100,000 nested elements that end", || in_rss(&("<div>".repeat(100_000) + &"</div>".repeat(100_000)))),
    ("100,000 nested <b> in escaped HTML", || in_rss(&"&lt;b&gt;".repeat(100_000))),
    ("20,000 nested lists in HTML", || in_rss(&format!("<![CDATA[{}]]>", "<ul><li>".repeat(20_000)))),
    ("10,000 nested tables in HTML", || in_rss(&format!("<![CDATA[{}]]>", "<table><tr><td>".repeat(10_000)))),
    ("5,000 nested quotations in HTML", || in_rss(&format!("<![CDATA[{}]]>", "<blockquote>".repeat(5_000)))),
    ("50,000 attributes of an element", || in_rss(&format!("<a {}/>", attributes()))),
    ("50,000 attributes of an element of HTML", || in_rss(&format!("<![CDATA[<a {}>]]>", attributes()))),
    ("entities that contain each other", || {
        let definitions: String =
            (1..20).map(|n| format!("<!ENTITY e{n} \"{}\">", format!("&e{};", n - 1).repeat(10))).collect();
        format!("<!DOCTYPE rss [<!ENTITY e0 \"lol\">{definitions}]>{}", in_rss("&e19;"))
    }),
    ("3 MB of unknown entities", || in_rss(&"&nonsense;".repeat(300_000))),
    ("3 MB of entities of HTML", || in_rss(&"&NotEqualTilde;".repeat(200_000))),
    ("3 MB of entities that the document declares", || {
        let definitions: String = (0..64).map(|n| format!("<!ENTITY e{n} \"lol\">")).collect();
        format!("<!DOCTYPE rss [{definitions}]>{}", in_rss(&"&e63;".repeat(600_000)))
    }),
    ("1 MB of &", || in_rss(&"&".repeat(1_000_000))),
    ("1 MB of <", || in_rss(&"<".repeat(1_000_000))),
    ("1 MB of < before a >", || in_rss(&("<".repeat(1_000_000) + ">"))),
    ("1 MB of tags without an end", || in_rss(&"<a b=\"".repeat(166_000))),
    ("1 MB of comments without an end", || in_rss(&"<!--".repeat(250_000))),
    ("1 MB of end tags without a start", || in_rss(&"</a>".repeat(250_000))),
    ("1 MB of < in escaped HTML", || in_rss(&"&lt;".repeat(250_000))),
    ("2 MB of text without an element", || in_rss(&"word &amp; ".repeat(181_000))),
];

fn attributes() -> String {
    (0..50_000).map(|number| format!("a{number}=\"b\" ")).collect()
}

fn in_rss(description: &str) -> String {
    format!(
        "<rss version=\"2.0\"><channel><title>T</title><item><title>I</title><description>{description}</description></item></channel></rss>"
    )
}

/// Reads a bomb and writes its items as articles. Prints time and memory.
fn explode(name: &str) {
    let (_, make) = BOMBS.iter().find(|(known, _)| *known == name).expect("a bomb");
    let text = make();
    let before = memory("VmRSS:");
    let (files, took) = timed(|| {
        let read = channel::read(&Document { bytes: text.as_bytes(), ..Document::default() });
        read.map(|channel| files_of(&prepare(channel, false))).unwrap_or_default()
    });
    let (_, of_html) = timed(|| html::to_markdown(&text, None));
    println!(
        "{:>7.1} ms, as HTML {:>7.1} ms, {:>3} MB, {} files",
        took.as_secs_f64() * 1e3,
        of_html.as_secs_f64() * 1e3,
        memory("VmHWM:").saturating_sub(before) >> 20,
        files.len()
    );
}

fn files_of(channel: &PreparedChannel) -> Vec<ArticleFile> {
    let fingerprints: Vec<Fingerprint> = channel.items.iter().map(|item| item.fingerprint.clone()).collect();
    let ids = assign_ids(&fingerprints, &KnownItems::default());
    let subscription = Subscription::default();
    channel.items.iter().zip(&ids).map(|(item, id)| article_file(item, id, channel, &subscription)).collect()
}

/// Writes the article files of a channel: the whole, and only writing the same bytes.
fn measure_writing() {
    use std::io::Write;
    let text = rss(ARTICLES, 4);
    let channel = channel::read(&Document { bytes: text.as_bytes(), ..Document::default() }).expect("a channel");
    let channel = prepare(channel, false);
    let address = UntrustedText::new("https://site.example/feed/");
    let subscription = Subscription { address, ..Subscription::default() };
    let in_folder = |work: &dyn Fn(&Path)| {
        median(3, || {
            let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
            timed(|| work(folder.path())).1
        })
    };
    let write = |folder: &Path| {
        let (articles, states) = (folder.join("articles"), folder.join("states"));
        let places = Places { articles: &articles, states: &states, fs: &RealFileSystem };
        write_articles(&channel, &subscription, &places, &Choices::cautious(now()))
    };
    let written = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let done = write(written.path());
    assert!(done.new.len() == ARTICLES && done.problems.is_empty(), "{:?}", done.problems);
    let bytes = |change: &frontpage::digest::ArticleChange| std::fs::read(&change.path).expect("an article file");
    let files: Vec<Vec<u8>> = done.new.iter().map(bytes).collect();
    let size: usize = files.iter().map(Vec::len).sum();

    let bare = in_folder(&|folder| {
        for (number, bytes) in files.iter().enumerate() {
            let temporary = folder.join("temporary");
            let mut out = std::fs::File::create(&temporary).expect("a file");
            out.write_all(bytes).expect("written");
            out.sync_all().expect("on the disk");
            std::fs::rename(temporary, folder.join(number.to_string())).expect("renamed");
        }
    });
    let whole = in_folder(&|folder| assert_eq!(write(folder).new.len(), ARTICLES));
    let unchanged = median(3, || timed(|| assert_eq!(write(written.path()).unchanged, ARTICLES)).1);
    println!(
        "\nwriting {ARTICLES} articles of {:.1} MB: ratio to write, fsync and rename of the same bytes",
        size as f64 / 1e6
    );
    println!("  write, fsync and rename                      {bare:>9.1?}");
    println!("  write_articles, all are new                  {whole:>9.1?} {:>6.2}", ratio(whole, bare));
    println!("  write_articles, all are unchanged            {unchanged:>9.1?} {:>6.2}", ratio(unchanged, bare));
}
