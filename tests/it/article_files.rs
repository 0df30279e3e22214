//! Article files that `digest` writes, read back by the loader.

use std::path::Path;

use chrono::{DateTime, Utc};
use frontpage::channel::{Channel, Content, ContentKind, Enclosure, Format, Image, Item, NamedLink, Person, Source};
use frontpage::dates::Date;
use frontpage::digest::{self, ArticleFile, ItemId, prepare, verify};
use frontpage::feed::{Article, BodySyntax, Link, SafeText, UntrustedText, body_syntax, clean};
use frontpage::library::{self, Outcome};
use frontpage::subscriptions::Subscription;
use pulldown_cmark::{Event, LinkType, Tag};

use crate::harness::hostile;
use crate::harness::random::Random;
use crate::rounds;

/// What is special in YAML, in names, in entities and in addresses.
const WORDS: [&str; 48] = [
    "---",
    "...",
    "\n---\n",
    "\n...\n",
    ": ",
    " #",
    "!!binary ",
    "'",
    "\"",
    "\\",
    "\\\"",
    "%YAML 1.2",
    "@",
    "`",
    "null",
    "~",
    "1e3",
    "on",
    "true",
    "0x1F",
    "2021-02-18",
    "12:30",
    "[",
    "]",
    "{",
    "}",
    ",",
    "? ",
    "- ",
    "| ",
    "> ",
    " &a ",
    " *a ",
    "<<: ",
    "[[Note|Name]]",
    "#topic",
    "&amp;lt;",
    "AT&T",
    "&copy",
    "<b>",
    "</p>",
    "<script>",
    "../",
    "https://example.org/",
    "https://user:word@example.org/?a=b#c",
    "javascript:",
    "title: ",
    "🚀",
];

/// Makes hostile items, the same in every run.
struct Maker {
    random: Random,
    strings: Vec<String>,
    /// Number of texts.
    made: usize,
}

impl Maker {
    fn text(&mut self) -> String {
        self.made += 1;
        let mut text = String::new();
        for _ in 0..self.random.roll(4) {
            match self.random.roll(8) {
                0..3 => text.push_str(WORDS[self.random.roll(WORDS.len())]),
                3..6 => text.push_str(&self.strings[self.random.roll(self.strings.len())]),
                6 => text.push_str(" plain words "),
                _ => text.push_str(&"long words ".repeat(self.random.roll(80))),
            }
        }
        text
    }

    fn untrusted(&mut self) -> UntrustedText {
        UntrustedText::new(&self.text())
    }

    fn maybe<T>(&mut self, make: impl Fn(&mut Maker) -> T) -> Option<T> {
        (self.random.roll(2) == 0).then(|| make(self))
    }

    fn list<T>(&mut self, make: impl Fn(&mut Maker) -> T) -> Vec<T> {
        (0..self.random.roll(4)).map(|_| make(self)).collect()
    }

    fn address(&mut self) -> UntrustedText {
        match self.random.roll(6) {
            0 => self.untrusted(),
            1 => UntrustedText::new("https://example.org/a"),
            _ => UntrustedText::new(&format!("https://example.org/{}", self.text())),
        }
    }

    fn date(&mut self) -> Date {
        let seconds = self.random.roll(400_000_000_000) as i64 - 80_000_000_000;
        let nanos = [0, 500_000_000, 123_456_789][self.random.roll(3)];
        let time = DateTime::from_timestamp(seconds, nanos).expect("a time");
        match self.random.roll(3) {
            0 => Date::moment(time),
            1 => Date::time(time.naive_utc()),
            _ => Date::day(time.date_naive()),
        }
    }

    fn content(&mut self) -> Content {
        let kind = if self.random.roll(2) == 0 { ContentKind::Html } else { ContentKind::Plain };
        Content { text: self.untrusted(), kind, base: None }
    }

    fn item(&mut self) -> Item {
        Item {
            guid: self.maybe(Maker::untrusted),
            title: self.untrusted(),
            link: self.maybe(Maker::address),
            published: self.maybe(Maker::date),
            updated: self.maybe(Maker::date),
            authors: self.list(|maker| Person {
                name: maker.untrusted(),
                email: maker.maybe(Maker::untrusted),
                url: None,
            }),
            topics: self.list(Maker::untrusted),
            summary: self.maybe(Maker::content),
            content: self.maybe(Maker::content),
            images: self.list(|maker| Image {
                url: maker.address(),
                title: maker.untrusted(),
                size: maker.maybe(|maker| (maker.random.roll(5_000) as u32, u32::MAX)),
            }),
            enclosures: self.list(|maker| Enclosure {
                url: maker.address(),
                media_type: match maker.random.roll(3) {
                    0 => None,
                    1 => Some(maker.untrusted()),
                    _ => Some(UntrustedText::new("audio/mpeg; x=\"y\"")),
                },
                length: maker.maybe(|maker| maker.random.roll(1_000_000_000) as u64),
                duration: maker.maybe(|maker| maker.random.roll(10_000) as u32),
            }),
            comments: self.maybe(Maker::address),
            links: self.list(|maker| NamedLink { name: "Chapters", url: maker.address() }),
            source: self.maybe(|maker| Source { title: maker.untrusted(), link: None }),
            line: 1,
        }
    }

    fn channel(&mut self) -> Channel {
        Channel {
            format: Format::Rss,
            title: self.untrusted(),
            link: self.maybe(Maker::address),
            description: UntrustedText::default(),
            language: None,
            updated: None,
            icon: None,
            hints: Default::default(),
            items: Vec::new(),
            is_partial: false,
            repairs: Vec::new(),
        }
    }

    fn subscription(&mut self) -> Subscription {
        Subscription {
            address: UntrustedText::new("https://user:word@example.org/feed.xml?token=secret#part"),
            title: clean::plain_line(&self.text()),
            topics: self.list(|maker| clean::plain_line(&maker.text())),
            ..Subscription::default()
        }
    }
}

fn article_file(item: &Item, id: &ItemId, channel: &Channel, subscription: &Subscription) -> ArticleFile {
    let channel = prepare(Channel { items: vec![item.clone()], ..channel.clone() }, false);
    digest::article_file(&channel.items[0], id, &channel, subscription)
}

fn read(file: &ArticleFile) -> Article {
    let below = Path::new(file.name.as_str());
    let report = library::read_bytes(Path::new(""), below, &file.bytes, DateTime::<Utc>::MAX_UTC);
    let text = String::from_utf8_lossy(&file.bytes);
    let problems: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{problems:?}\n{text}");
    assert_eq!(report.outcome, Outcome::Loaded, "{text}");
    let article = report.article.unwrap_or_else(|| panic!("no article in {text}"));
    (*article).clone()
}

/// What cleaning makes of a text, within a limit of characters.
fn line(text: &UntrustedText) -> SafeText {
    not_blank(clean::plain_line(text.untrusted()))
}

/// Empty for a text of blanks, which the loader takes for a missing one. An ideographic blank survives cleaning.
fn not_blank(text: SafeText) -> SafeText {
    if text.as_str().trim().is_empty() { SafeText::default() } else { text }
}

/// True if a text is the expected one, or a beginning of it with at most this number of characters.
fn is_within(shown: &SafeText, whole: &SafeText, limit: usize) -> bool {
    if shown == whole {
        return true;
    }
    let is_long = whole.as_str().chars().count() > limit;
    let head = shown.as_str().strip_suffix('…').unwrap_or("\0");
    is_long && shown.as_str().chars().count() <= limit && whole.as_str().starts_with(head)
}

fn web(text: &UntrustedText) -> Option<Link> {
    Some(Link::read(text.untrusted())).filter(|link| link.address().is_some())
}

/// A name without the brackets that the loader takes for a link to a note.
fn name(text: &SafeText) -> SafeText {
    let mut out = String::new();
    for c in text.as_str().chars() {
        if !(matches!(c, '[' | ']') && out.ends_with(c)) {
            out.push(c);
        }
    }
    not_blank(clean::plain_line(&out))
}

rounds!(hostile_strings_are_read_back, 2_000, 100_000);

fn hostile_strings_are_read_back(count: usize) {
    let mut maker = Maker { random: Random::new(20), strings: hostile::strings(4_000), made: 0 };
    while maker.made < count {
        let (item, channel, subscription) = (maker.item(), maker.channel(), maker.subscription());
        let id = ItemId::new(&maker.text());
        let file = article_file(&item, &id, &channel, &subscription);
        if maker.made.is_multiple_of(16) {
            assert_eq!(article_file(&item.clone(), &id, &channel.clone(), &subscription.clone()), file);
        }
        if let Err(why) = verify(&file, &file.bytes) {
            panic!("{why}: {}", String::from_utf8_lossy(&file.bytes));
        }
        check_bytes(&file);
        check_article(&read(&file), &file, &item, &channel, &subscription);
    }
}

/// Checks what is true of every file.
fn check_bytes(file: &ArticleFile) {
    let text = std::str::from_utf8(&file.bytes).expect("UTF-8");
    assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{text:?}");
    let is_hidden = |c: char| clean::is_hidden(c) && !matches!(c, '\n' | '\u{200d}' | '\u{fe0f}');
    assert!(!text.contains(is_hidden), "a hidden character: {text:?}");
    assert!(!text.contains("secret") && !text.contains("user:word@example.org/feed"), "a password: {text}");
}

fn check_article(article: &Article, file: &ArticleFile, item: &Item, channel: &Channel, subscription: &Subscription) {
    let text = String::from_utf8_lossy(&file.bytes);
    assert_eq!(article.id, file.id, "{text}");
    let title = line(&item.title);
    assert!(title.is_empty() || is_within(&article.title, &title, 500), "{title:?} {text}");
    if !article.excerpt_from_body && !article.excerpt.is_empty() {
        let summary = item.summary.as_ref().map(|summary| clean::plain_line(&summary.to_text())).unwrap_or_default();
        assert!(is_within(&article.excerpt, &summary, 300), "{summary:?} {text}");
    }
    let is_writable = |date: &Date| (0..=9999).contains(&chrono::Datelike::year(&date.as_utc()));
    assert_eq!(article.published, item.published.or(item.updated).filter(is_writable), "{text}");
    let updated = item.updated.filter(is_writable).filter(|updated| Some(*updated) != article.published);
    assert_eq!(article.updated, updated, "{text}");
    assert_eq!(article.link, item.link.as_ref().and_then(web), "{text}");
    let names = item.source.iter().map(|source| line(&source.title));
    let names = names.chain([subscription.title.clone(), line(&channel.title)]).map(|text| name(&text));
    let provider = names.into_iter().find(|name| !name.is_empty()).unwrap_or_else(|| article.provider.domain.clone());
    assert!(is_within(&article.provider.name, &provider, 150), "{text}");
    let site = channel.link.as_ref().and_then(web).or(article.link.clone());
    let domain = site.as_ref().and_then(Link::address).map(frontpage::feed::Address::domain);
    assert_eq!(article.provider.domain, domain.unwrap_or("example.org".into()), "{text}");
    let mut authors: Vec<SafeText> = Vec::new();
    for person in &item.authors {
        let names = [Some(&person.name), person.email.as_ref()];
        let found = names.into_iter().flatten().map(|text| name(&line(text))).find(|name| !name.is_empty());
        authors.extend(found.filter(|found| !authors.contains(found)));
    }
    assert!(is_within(&article.author, &clean::join(&authors, ", "), 300), "{authors:?} {text}");
    let mut topics: Vec<SafeText> = Vec::new();
    for topic in item.topics.iter().map(line).chain(subscription.topics.clone()) {
        let topic = name(&topic);
        let topic = not_blank(clean::plain_line(topic.as_str().trim_start_matches(['#', ' '])));
        let is_known = topics.iter().any(|known| known.as_str().to_lowercase() == topic.as_str().to_lowercase());
        topics.extend((!topic.is_empty() && !is_known).then_some(topic));
    }
    if topics.iter().all(|topic| topic.as_str().chars().count() <= 150) {
        let found: Vec<SafeText> = article.topics.iter().map(|topic| topic.shown().clone()).collect();
        assert_eq!(found, topics, "{text}");
    }
    let mut images: Vec<(Link, Option<(u32, u32)>)> = Vec::new();
    for image in &item.images {
        let link = web(&image.url).filter(|link| !images.iter().any(|(known, _)| known.shown() == link.shown()));
        images.extend(link.map(|link| (link, image.size)));
    }
    let found: Vec<_> = article.pictures.iter().map(|picture| (picture.link.clone(), picture.size)).collect();
    assert_eq!(found, images, "{text}");
    let mut enclosures: Vec<(Link, Option<u64>, Option<u32>)> = Vec::new();
    for one in &item.enclosures {
        let link = web(&one.url).filter(|link| !enclosures.iter().any(|(known, ..)| known.shown() == link.shown()));
        enclosures.extend(link.map(|link| (link, one.length, one.duration)));
    }
    let found: Vec<_> = article.enclosures.iter().map(|one| (one.link.clone(), one.length, one.duration)).collect();
    assert_eq!(found, enclosures, "{text}");
    assert_eq!(article.comments, item.comments.as_ref().and_then(web), "{text}");
    assert_eq!(article.channel.address.as_str(), "https://example.org/feed.xml", "{text}");
    if let Some(guid) = item.guid.as_ref().filter(|guid| guid.untrusted().len() <= 1_024) {
        let shown = clean::line(guid.untrusted());
        assert!(shown.is_empty() || article.channel.item_id == shown, "{shown:?} {text}");
    }
    assert!(!article.channel.item_id.is_empty(), "{text}");
    let html = body_syntax::plain_parser(article.body.untrusted(), BodySyntax::Gfm)
        .find(|event| matches!(event, Event::Html(_) | Event::InlineHtml(_)));
    assert_eq!(html, None, "{text}");
}

/// Characters that cleaning removes, or that join with what follows or precedes them, as text and as entities.
const HIDDEN: [&str; 18] = [
    "\u{200b}",
    "&#8203;",
    "&shy;",
    "\u{202e}",
    "&#x1b;",
    "\u{1b}[",
    "\u{9b}",
    "&#x9b;",
    "\u{90}",
    "\u{feff}",
    "\u{2028}",
    "\u{85}",
    "\u{301}",
    "\u{600}",
    "\u{e0001}",
    "\0",
    "\u{200d}",
    "\r",
];

/// Texts that are markup if the character before them vanishes.
const MARKUP: [&str; 22] = [
    "<b>",
    "<",
    "b>",
    "&lt;b&gt;",
    "&lt;script&gt;",
    "/div&gt;",
    "!-- ",
    "# head",
    "---",
    "```",
    "~~~",
    "> ",
    "- ",
    "1. ",
    "[a](http://e.org)",
    "![",
    "](http://e.org)",
    "| a |",
    "\\",
    "title: x",
    "    code",
    "[[n]]",
];

rounds!(cleaning_creates_no_markup, 3_000, 60_000);

/// The text of an item is text, also where hidden characters keep signs of markup apart.
fn cleaning_creates_no_markup(count: usize) {
    let mut random = Random::new(21);
    for _ in 0..count {
        let mut words = String::new();
        for _ in 0..1 + random.roll(9) {
            match random.roll(3) {
                0 => words.push_str(HIDDEN[random.roll(HIDDEN.len())]),
                1 => words.push_str(&HIDDEN[random.roll(HIDDEN.len())].repeat(1 + random.roll(70))),
                _ => words.push_str(MARKUP[random.roll(MARKUP.len())]),
            }
        }
        let escaped = words.replace('<', "&lt;");
        let content = match random.roll(4) {
            0 => Content { text: UntrustedText::new(&words), kind: ContentKind::Plain, base: None },
            1 => Content {
                text: UntrustedText::new(&format!("<pre>{escaped}</pre>")),
                kind: ContentKind::Html,
                base: None,
            },
            2 => Content {
                text: UntrustedText::new(&format!("<p>a<b>{escaped}</b>{escaped}")),
                kind: ContentKind::Html,
                base: None,
            },
            _ => Content { text: UntrustedText::new(&format!("<p>{escaped}")), kind: ContentKind::Html, base: None },
        };
        let markdown = clean::text(&content.to_markdown()).to_string();
        let allowed = |event: &Event| match event {
            Event::Html(_) | Event::InlineHtml(_) | Event::Rule => false,
            Event::Start(tag) => {
                matches!(tag, Tag::Paragraph | Tag::Strong | Tag::CodeBlock(_))
                    || matches!(
                        (content.kind, tag),
                        (ContentKind::Plain, Tag::Link { link_type: LinkType::Autolink, .. })
                    )
            }
            _ => true,
        };
        let wrong = body_syntax::plain_parser(&markdown, BodySyntax::Gfm).find(|event| !allowed(event));
        assert_eq!(wrong, None, "{words:?} became {markdown:?}");
        let is_code = content.text.untrusted().starts_with("<pre>");
        let code = body_syntax::plain_parser(&markdown, BodySyntax::Gfm)
            .filter(|event| matches!(event, Event::Start(Tag::CodeBlock(_))))
            .count();
        assert!(code <= usize::from(is_code), "{words:?} became {markdown:?}");
    }
}

#[test]
fn an_undated_item_has_no_date_from_its_folder() {
    let channel = Channel {
        title: UntrustedText::new("C"),
        ..Maker { random: Random::new(1), strings: hostile::strings(1), made: 0 }.channel()
    };
    let subscription =
        Subscription { address: UntrustedText::new("https://e.org/2026-11-29/feed"), ..Subscription::default() };
    let item = Item { title: UntrustedText::new("Of 2021-02-18"), ..Item::default() };
    let file = article_file(&item, &ItemId::new("1"), &channel, &subscription);
    for folder in ["2026-11-29", "2026-11-29-notes", "a-2026-11-29-b"] {
        let below = Path::new(folder).join(file.name.as_str());
        let report = library::read_bytes(Path::new(""), &below, &file.bytes, DateTime::<Utc>::MAX_UTC);
        assert_eq!(report.article.expect("an article").published, None, "{folder}");
    }
}
