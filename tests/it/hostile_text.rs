//! Hostile text: thousands of strings on every way to a terminal, a pipe and a log arrive as plain text only.

use std::cell::RefCell;
use std::io::Write;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use frontpage::app::{Event, SessionInit};
use frontpage::feed::{
    Article, ArticleId, Enclosure, Feed, Link, Problem, Provider, RelatedLink, SafeText, Topic, UntrustedText, clean,
};
use frontpage::keymap::{Key, Keymap};
use frontpage::library::Library;
use frontpage::terminal::{FrameOptions, HeadlessUi, Screen};
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;
use ratatui::{Terminal, TerminalOptions, Viewport};

use crate::harness::command::Home;
use crate::harness::grid::{Grid, RULES, Rule};
use crate::harness::hostile::strings;
use crate::harness::output_check::{foreign, linked, overfull};
use crate::harness::reader::now;
use crate::rounds;

const STRINGS: usize = 24_000;

/// A writer that keeps its bytes.
#[derive(Clone, Default)]
struct Written(Rc<RefCell<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A terminal of a size, and the state of its screen.
struct Drawn {
    terminal: Screen<Written>,
    written: Written,
    frames: usize,
    bytes: usize,
    last: Option<Buffer>,
    links: usize,
    wrong: Vec<String>,
}

impl Drawn {
    fn new(columns: u16, rows: u16) -> Drawn {
        let written = Written::default();
        let terminal = Screen::new(written.clone(), Rect::new(0, 0, columns, rows));
        Drawn { terminal, written, frames: 0, bytes: 0, last: None, links: 0, wrong: Vec::new() }
    }

    fn frame(&mut self, draw: impl FnOnce(&mut Buffer)) {
        draw(self.terminal.frame());
        self.terminal.send().expect("a frame");
        self.keep();
    }

    /// Draws a session as the program does, with its links.
    fn read(&mut self, session: &mut HeadlessUi) {
        let options = FrameOptions { hyperlinks: true, ..FrameOptions::default() };
        frontpage::terminal::draw(&mut self.terminal, session, options).expect("a frame");
        self.keep();
    }

    fn keep(&mut self) {
        self.wrong.extend(overfull(self.terminal.last()));
        self.last = Some(self.terminal.last().clone());
        self.look();
    }

    /// Checks the written bytes.
    fn look(&mut self) {
        let written = self.written.0.take();
        self.wrong.extend(foreign(&written, true));
        if self.wrong.is_empty() {
            self.links += linked(&written).len();
        }
        self.bytes += written.len();
        self.frames += 1;
    }

    #[track_caller]
    fn assert_clean(&self, way: &str, strings: usize) {
        println!("{way}: {strings} strings, {} frames, {} bytes, {} links", self.frames, self.bytes, self.links);
        assert!(self.wrong.is_empty(), "{way}: {} foreign, such as {:?}", self.wrong.len(), &self.wrong[..1]);
        assert!(self.bytes > strings, "{way}: the strings were drawn");
    }
}

/// A reader of some articles.
struct Reading(HeadlessUi);

impl Reading {
    fn of(articles: Vec<Article>, problems: Vec<Problem>) -> Reading {
        let feed = Arc::new(Feed::new(articles.into_iter().map(Arc::new).collect(), now()));
        let start = SessionInit { library: "hostile".into(), ..SessionInit::default() };
        let mut reading = Reading(HeadlessUi::new(start, Keymap::new().expect("the keys"), now()));
        reading.receive(Event::FeedLoaded { feed, problems, complete: true });
        reading
    }

    fn receive(&mut self, event: Event) {
        let effects = self.0.receive(event);
        let _ = self.0.run_jobs(effects);
    }

    fn press(&mut self, keys: &str) {
        for key in Key::parse_all(keys).expect("keys") {
            let (effects, _) = self.0.press(key);
            let _ = self.0.run_jobs(effects);
        }
    }

    fn draw(&mut self, on: &mut Drawn) {
        on.read(&mut self.0);
    }
}

/// An article with nothing in it.
fn plain(number: usize) -> Article {
    let own = Library::BuiltIn.load(now(), |_| {}).expect("the built-in feed").feed.get(0).expect("an article");
    let path = PathBuf::from(format!("{number:06}.md"));
    Article {
        id: ArticleId::of_path(&path),
        title: "Plain".into(),
        excerpt: SafeText::default(),
        published: Some((now() - chrono::TimeDelta::minutes(number as i64)).into()),
        link: None,
        other_links: Vec::new(),
        topics: Vec::new(),
        pictures: Vec::new(),
        related: Vec::new(),
        heat: None,
        body: UntrustedText::default(),
        path,
        problems: Vec::new(),
        ..(*own).clone()
    }
}

/// Articles made from the same one, so that it is read once.
fn articles(count: usize, change: impl Fn(usize, &mut Article)) -> Vec<Article> {
    let own = plain(0);
    let article = |number: usize| {
        let path = PathBuf::from(format!("{number:06}.md"));
        let published = Some(now() - chrono::TimeDelta::minutes(number as i64));
        let mut article =
            Article { id: ArticleId::of_path(&path), published: published.map(Into::into), path, ..own.clone() };
        change(number, &mut article);
        article
    };
    (0..count).map(article).collect()
}

fn joined<'a>(texts: impl IntoIterator<Item = &'a String>) -> SafeText {
    clean::join(&texts.into_iter().map(|text| clean::line(text)).collect::<Vec<_>>(), " ")
}

fn topics(texts: &[String]) -> Vec<Topic> {
    texts.iter().filter_map(|text| Topic::new(clean::line(text))).collect()
}

/// Pages down until the screen stays the same, so that everything was drawn.
fn page_through(reading: &mut Reading, on: &mut Drawn) {
    loop {
        let before = on.last.clone();
        reading.draw(on);
        if on.last == before {
            return;
        }
        reading.press("<pgdn>");
    }
}

rounds!(in_the_list, 300, STRINGS);

fn in_the_list(total: usize) {
    let strings = strings(total);
    // Title and provider of each row; a quarter with what a search shows behind the title.
    let articles = articles(total, |number, article| {
        let text = clean::line(&strings[number]);
        article.provider = Provider { name: clean::line(&strings[total - 1 - number]), domain: text.clone() };
        article.excerpt = clean::line(&format!("{} needle", strings[number]));
        article.title = if text.is_empty() { "Untitled".into() } else { text };
    });
    let mut reading = Reading::of(articles, Vec::new());
    let mut list = Drawn::new(110, 1000);
    page_through(&mut reading, &mut list);
    list.assert_clean("titles and providers in the list", total);
    let mut found = Drawn::new(160, 1000);
    reading.press("gg/needle<enter>");
    page_through(&mut reading, &mut found);
    found.assert_clean("words around a hit", total);
}

rounds!(in_the_head_of_an_article, 240, STRINGS);

fn in_the_head_of_an_article(total: usize) {
    const EACH: usize = 60;
    let strings = strings(total);
    let articles = articles(total / EACH, |number, article| {
        let own = &strings[number * EACH..(number + 1) * EACH];
        article.title = joined(own);
        article.excerpt = joined(own);
        article.author = joined(own);
        article.provider = Provider { name: joined(own), domain: joined(own) };
        article.topics = topics(own);
        article.kind = Some(joined(own));
        article.category = Some(joined(own));
        article.link = own.first().map(|text| Link::read(text));
        article.other_links =
            own.iter().map(|text| ("another", Link::read(&format!("https://e.org/{text}")))).collect();
        article.channel.address = joined(own);
        article.comments = own.last().map(|text| Link::read(text));
        let enclosure = |text: &String| Enclosure {
            link: Link::read(&format!("https://e.org/{text}")),
            media_type: clean::line(text),
            length: None,
            duration: None,
        };
        article.enclosures = own.iter().map(enclosure).collect();
        article.problems = own.iter().map(|text| Problem::warning(None, text, text)).collect();
        article.also_in = own.iter().map(PathBuf::from).collect();
    });
    let count = articles.len();
    let mut reading = Reading::of(articles, Vec::new());
    let mut on = Drawn::new(60, 1000);
    reading.press("<enter>");
    for _ in 0..count {
        reading.draw(&mut on);
        reading.press("J");
    }
    on.assert_clean("title, excerpt, author, provider, topics, links, problems of an article", total);
    assert!(on.links > total / 24, "links were sent as such");
    let mut links = Drawn::new(100, 200);
    for _ in 0..count {
        reading.press("U");
        reading.draw(&mut links);
        reading.press("<esc>K");
    }
    links.assert_clean("the links of an article", total);
    assert!(links.links > total / 24, "links were sent as such");
}

rounds!(in_a_body, 200, STRINGS);

fn in_a_body(total: usize) {
    const EACH: usize = 40;
    let strings = strings(total);
    type Write = fn(&str) -> String;
    let constructs: [(&str, Write); 14] = [
        ("a paragraph", |text| format!("{text}\n\n")),
        ("a heading", |text| format!("## {text}\n\n")),
        ("emphasis", |text| format!("before *{text}* **{text}** ~~{text}~~ after\n\n")),
        ("a list", |text| format!("- {text}\n  1. {text}\n\n")),
        ("a quote", |text| format!("> {text}\n\n")),
        ("code", |text| format!("`{text}`\n\n")),
        ("a code block", |text| format!("```{text}\n{text}\n```\n\n")),
        ("indented code", |text| format!("    {text}\n\n")),
        ("a table", |text| format!("| {text} | b |\n|---|---|\n| c | {text} |\n\n")),
        ("the words of a link", |text| format!("[{text}](https://e.org/a \"{text}\")\n\n")),
        ("the target of a link", |text| format!("[words](<https://e.org/{text}>) <{text}>\n\n")),
        ("a picture", |text| format!("![{text}](https://e.org/{text}.png)\n\n")),
        ("HTML", |text| format!("<p title=\"{text}\">{text}</p>\n\n<div>\n{text}\n</div>\n\n")),
        ("a footnote", |text| format!("word[^1]\n\n[^1]: {text}\n\n")),
    ];
    for (construct, write) in constructs {
        let articles = articles(total / EACH, |number, article| {
            let own = &strings[number * EACH..(number + 1) * EACH];
            article.body = UntrustedText::new(&own.iter().map(|text| write(text)).collect::<String>());
        });
        let count = articles.len();
        let mut reading = Reading::of(articles, Vec::new());
        let mut on = Drawn::new(60, 400);
        reading.press("<enter>");
        for _ in 0..count {
            reading.draw(&mut on);
            reading.press("J");
        }
        on.assert_clean(&format!("{construct} of a body"), total);
    }
}

rounds!(beside_an_article_and_in_pickers, 480, STRINGS);

fn beside_an_article_and_in_pickers(total: usize) {
    const EACH: usize = 480;
    let strings = strings(total);
    let articles = articles(total / EACH, |number, article| {
        let own = &strings[number * EACH..(number + 1) * EACH];
        let related = |text: &String| RelatedLink {
            title: clean::line(text),
            excerpt: clean::line(text),
            published: None,
            link: None,
            provider: Provider { name: clean::line(text), domain: SafeText::default() },
            quality: None,
        };
        article.related = own.iter().map(related).collect();
        article.topics = topics(own);
        article.provider = Provider { name: joined(own.iter().take(30)), domain: clean::line(&own[0]) };
    });
    let count = articles.len();
    let problems = strings.iter().map(|text| Problem { path: text.into(), ..Problem::error(None, text, text) });
    let mut reading = Reading::of(articles, problems.collect());
    let mut related = Drawn::new(150, 600);
    for _ in 0..count {
        reading.draw(&mut related);
        reading.press("j");
    }
    related.assert_clean("what is related", total);
    for (way, keys) in [("topics", "t"), ("providers", "<esc>gp"), ("problems", "<esc>P")] {
        let mut on = Drawn::new(150, 1000);
        reading.press(keys);
        page_through(&mut reading, &mut on);
        let least = if way == "providers" { count } else { total };
        on.assert_clean(way, least);
    }
}

rounds!(what_is_typed_pasted_and_told, 200, STRINGS);

fn what_is_typed_pasted_and_told(total: usize) {
    let strings = strings(total);
    let mut reading = Reading::of(articles(3, |_, _| {}), Vec::new());
    for (way, open) in [("a search", "/"), ("a query", "F"), ("a note", "a"), ("finding in an article", "<enter>/")] {
        let mut on = Drawn::new(40, 8);
        for text in strings.iter().step_by(4) {
            reading.press(open);
            let effects = reading.0.paste(text);
            let _ = reading.0.run_jobs(effects);
            reading.draw(&mut on);
            reading.press("<esc><esc><esc>");
        }
        on.assert_clean(&format!("pasted into {way}"), total / 4);
    }
    let mut on = Drawn::new(60, 8);
    for text in &strings {
        reading.receive(Event::Failed(clean::plain_line(text)));
        reading.draw(&mut on);
    }
    on.assert_clean("what the footer tells", total);
}

/// A frame of the list with texts whose width differs between terminals, over a frame full of letters; `send` gets both.
fn frames_of_disagreement(mut send: impl FnMut(&Buffer)) -> Buffer {
    let texts = [
        "👩\u{200d}👩\u{200d}👧 a family",
        "☎\u{fe0e} ❤\u{fe0f} 🇫🇷 🇫 1\u{fe0f}\u{20e3}",
        "क्षि हिन्दी ไทย ก็ שלום ①② ﷽",
        "e\u{301}\u{302} zalgo",
    ];
    let articles = articles(60, |number, article| {
        article.title = clean::line(&texts[number % texts.len()].repeat(1 + number % 5));
        article.provider =
            Provider { name: clean::line(texts[(number + 1) % texts.len()]), domain: SafeText::default() };
        article.excerpt = article.title.clone();
    });
    let mut reading = Reading::of(articles, Vec::new());
    let mut full = Buffer::empty(Rect::new(0, 0, 160, 45));
    full.content.iter_mut().for_each(|cell| _ = cell.set_char('x'));
    send(&full);
    let frame = reading.0.screen(160, 45);
    let borders = frame.content.iter().filter(|cell| matches!(cell.symbol(), "│" | "┃")).count();
    assert!(borders > 100, "{borders}");
    send(&frame);
    frame
}

#[test]
fn borders_and_letters_are_in_their_columns_for_any_width_rule() {
    for rule in RULES {
        let written = Written::default();
        let mut screen = Screen::new(written.clone(), Rect::new(0, 0, 160, 45));
        let mut grid = Grid::new(rule, 160, 45);
        let frame = frames_of_disagreement(|frame| {
            screen.frame().clone_from(frame);
            screen.send().expect("a frame");
            grid.take(&written.0.take());
        });
        assert_eq!(grid.unlike_frame(&frame), None);
    }
    // The check notices a failure.
    let written = Written::default();
    let viewport = TerminalOptions { viewport: Viewport::Fixed(Rect::new(0, 0, 160, 45)) };
    let mut terminal = Terminal::with_options(CrosstermBackend::new(written.clone()), viewport).expect("a terminal");
    let mut grid = Grid::new(Rule::All(2), 160, 45);
    let frame = frames_of_disagreement(|frame| {
        terminal.draw(|on| on.buffer_mut().clone_from(frame)).expect("a frame");
        let written = String::from_utf8(written.0.take()).expect("text");
        grid.take(written.replace("\u{1b}[59m", "").as_bytes());
    });
    assert!(grid.unlike_frame(&frame).is_some());
}

#[test]
fn the_checks_notice_uncleaned_text() {
    const TOTAL: usize = 600;
    let mut on = Drawn::new(100, 1);
    for text in strings(TOTAL) {
        on.frame(|frame| ratatui::text::Line::raw(text).render(frame.area, frame));
    }
    println!("{} foreign in {TOTAL} strings drawn without cleaning", on.wrong.len());
    assert!(on.wrong.len() > TOTAL / 4);
}

/// Article files in which each string is a title, an excerpt, a provider, a topic, a link or in the body, and file names.
fn hostile_home(strings: &[String]) -> Home {
    let home = Home::new();
    for (number, own) in strings.chunks(6).enumerate() {
        let [title, excerpt, provider, topic, link, body] = own else { continue };
        let front = serde_json::json!({
            "title": format!("T{title}"),
            "excerpt": excerpt,
            "provider": {"name": provider, "domain": provider},
            "topics": [topic, "plain"],
            "webUrl": link,
            "quality": title,
            "related": [{"title": topic, "webUrl": link}],
        });
        home.file(&format!("in/{number:05}.md"), &format!("{front}\n{body}\n\n{title}\n"));
        if number.is_multiple_of(20) {
            let name: String = title.chars().filter(|c| !matches!(c, '/' | '\0')).take(40).collect();
            home.file(&format!("in/{name}{number}.md"), &format!("---\ntitle: {title}: x\n---\n"));
        }
    }
    home
}

rounds!(on_the_command_line, 360, STRINGS);

fn on_the_command_line(total: usize) {
    let strings = strings(total);
    let home = hostile_home(&strings);
    let folder = home.folder.path().join("in").to_string_lossy().into_owned();
    let mut runs = 0;
    let ways: [&[&str]; 18] = [
        &["list"],
        &["list", "--format", "json"],
        &["list", "--format", "jsonl"],
        &["list", "--format", "tsv"],
        &["list", "--format", "links"],
        &["-v", "list", "plain"],
        &["topics"],
        &["topics", "--format", "json"],
        &["topics", "--providers"],
        &["check"],
        &["check", "--format", "json"],
        &["screen", "--size", "200x1000"],
        &["screen", "--size", "200x1000", "--keys", "P", "--format", "svg"],
        &["mark", "read", "is:single", "--dry-run"],
        &["mark", "starred", "plain"],
        &["marks", "export"],
        &["show", "path:00100"],
        &["show", "path:00100", "--format", "markdown"],
    ];
    for arguments in ways {
        let ran = home.run(&[arguments, &["-L", &folder]].concat());
        for (what, text) in [("stdout", &ran.out), ("stderr", &ran.err)] {
            let text = text.replace('\t', " "); // between the fields of `tsv`; in one it would have made too many
            let wrong = foreign(text.as_bytes(), false);
            assert!(wrong.is_empty(), "{arguments:?}, {what}: {} foreign, such as {}", wrong.len(), wrong[0]);
        }
        assert!(ran.out.len() + ran.err.len() > 30, "{arguments:?} printed {}{}", ran.out, ran.err);
        runs += 1;
    }
    // What is wrong with what was asked.
    let mut asked = 0;
    for text in strings.iter().step_by(400).filter(|text| !text.contains('\0')) {
        for arguments in
            [&["list", text.as_str()][..], &["show", text], &["open", text, "--print"], &[&format!("./{text}")]]
        {
            let ran = home.run(arguments);
            let wrong = [foreign(ran.out.as_bytes(), false), foreign(ran.err.as_bytes(), false)].concat();
            assert!(wrong.is_empty(), "{arguments:?}: {wrong:?}\n{}{}", ran.out, ran.err);
            asked += 1;
        }
    }
    println!("{total} strings in files on {runs} ways to stdout and stderr; {asked} arguments");
}
