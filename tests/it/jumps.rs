//! Links of an article in the reader: to other articles, headings and footnotes, by key, by number and by click.

use std::time::Duration;

use frontpage::app::{Effect, Focus};
use frontpage::library::Library;
use ratatui::style::Modifier;

use crate::harness::command::Home;
use crate::harness::folder::Folder;
use crate::harness::reader::Reader;

const SIZES: [(u16, u16); 4] = [(160, 45), (100, 30), (80, 24), (50, 16)];

fn article(title: &str, fields: &str, body: &str) -> String {
    format!("---\ntitle: {title}\ndate: 2021-01-01\n{fields}---\n{body}")
}

fn paragraphs(count: usize) -> String {
    "Some words about the tide, which rises and falls.\n\n".repeat(count)
}

/// A folder of articles that link to each other. `Start` comes first in the list by its date.
fn folder() -> Folder {
    let start = format!(
        "See [the harbour](harbour.md), [its depth](harbour.md#how-deep-is-it), [[Pier]], [lost](lost.md), \
         [below](#below), [itself](start.md#below), [nowhere](#nowhere), [web](https://e.org/web) and \
         [no such part](harbour.md#no-such-part).\n\n{}## Below\n\nEnd.\n\n{}",
        paragraphs(30),
        paragraphs(30)
    );
    let harbour = format!("{}## How deep is it?\n\nVery.\n\n{}", paragraphs(30), paragraphs(30));
    Folder::new()
        .file("start.md", article("Start", "", &start).replace("2021-01-01", "2021-02-01"))
        .file("harbour.md", article("Harbour", "link: https://e.org/harbour\ntopics: [sea]\n", &harbour))
        .file("Pier.md", article("Pier", "", "Back to [[Start]]."))
}

fn reader_of(folder: &Folder, (columns, rows): (u16, u16)) -> Reader {
    let mut reader = Reader::of_folder(folder.path()).sized(columns, rows);
    reader.press("<enter>z");
    assert_eq!(reader.title(), "Start");
    reader
}

/// The first line of the article on the screen.
fn first(reader: &Reader) -> String {
    let area = reader.frame.detail.area;
    let text = reader.text();
    let line = text.lines().nth(area.y.into()).unwrap_or_default();
    line.chars().skip(area.x.into()).collect::<String>().trim_matches(['┃', '│', '▐', ' ']).to_owned()
}

fn notice(reader: &Reader) -> String {
    reader.app().notice().map(|notice| notice.text.to_string()).unwrap_or_default()
}

fn opened(reader: &Reader) -> Vec<String> {
    let opened = reader.effects.iter().filter_map(|effect| match effect {
        Effect::OpenLink(address) => Some(address.as_str().to_owned()),
        _ => None,
    });
    opened.collect()
}

#[test]
fn keys_follow_links_and_come_back_to_the_same_line() {
    let folder = folder();
    for size in SIZES {
        let mut reader = reader_of(&folder, size);
        reader.press("jj");
        let before = first(&reader);
        for (key, title, top) in [
            ("1", "Harbour", "Harbour"),
            ("2", "Harbour", "How deep is it?"),
            ("3", "Pier", "Pier"),
            ("5", "Start", "Below"),
            ("6", "Start", "Below"),
        ] {
            reader.press("U").press(key);
            assert_eq!((reader.title().as_str(), first(&reader).as_str()), (title, top), "{size:?} {key}");
            assert_eq!(reader.app().focus(), Focus::Detail);
            reader.press("<ctrl-o>");
            assert_eq!((reader.title().as_str(), first(&reader)), ("Start", before.clone()), "{size:?} {key}");
            reader.press("]");
            assert_eq!((reader.title().as_str(), first(&reader).as_str()), (title, top), "{size:?} {key}");
            reader.press("[");
        }
        assert_eq!(opened(&reader), [""; 0]);
        reader.press("U8");
        assert_eq!(opened(&reader), ["https://e.org/web"]);
    }
}

#[test]
fn a_number_opens_what_the_list_and_the_text_show() {
    let folder = folder();
    let mut reader = reader_of(&folder, (160, 45));
    assert!(reader.text().contains("its depth[2]"), "{}", reader.text());
    reader.press(":open<space>2<enter>");
    assert_eq!((reader.title().as_str(), first(&reader).as_str()), ("Harbour", "How deep is it?"));
    reader.press("<ctrl-o>:open<space>4<enter>");
    assert_eq!(notice(&reader), "Not in this library: lost.md");
    reader.press(":open<space>7<enter>");
    assert_eq!(notice(&reader), "This article has no heading `nowhere`");
    reader.press(":open<space>9<enter>");
    assert_eq!(
        (reader.title().as_str(), notice(&reader).as_str()),
        ("Harbour", "No heading `no-such-part` in this article")
    );
    reader.press("<ctrl-o>:open<space>10<enter>");
    assert_eq!(notice(&reader), "No link `10`: the article has 9 links");
    // Each place is one step back, and titles of one article are shown once.
    reader.press(":open<space>5<enter>:open<space>1<enter>");
    assert!(reader.text().contains("Ctrl-o ‹ Start ━"), "{}", reader.text());
    reader.press("<ctrl-o>");
    assert!(reader.text().contains("Ctrl-o ‹ this article"), "{}", reader.text());
    reader.press("<ctrl-o>");
    assert_eq!(first(&reader), "Start");
}

#[test]
fn the_list_shows_what_links_lead_to() {
    let folder = folder();
    let mut reader = reader_of(&folder, (120, 40));
    reader.press("U");
    let screen = reader.text();
    for words in [
        "[1] the harbour",
        "→ Harbour ",
        "→ Harbour › how-deep-is-it",
        "→ Pier",
        "not in this library: lost.md",
        "→ in this article › below",
        "https://e.org/web",
    ] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
    assert!(!screen.contains("(not opened)"), "{screen}");
    // What a link within the library leads to is never sent to the terminal as an address.
    for keys in ["", "<esc>"] {
        reader.press(keys);
        let links = reader.links();
        assert!(!links.is_empty() && links.iter().all(|(_, target)| target == "https://e.org/web"), "{links:?}");
    }
}

#[test]
fn links_of_the_list_are_copied_and_their_originals_opened() {
    let folder = folder();
    let mut reader = reader_of(&folder, (120, 40));
    reader.press("Uyjjyjyjy");
    let copied: Vec<(String, String)> = reader
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Copy { text, what } => Some((what.to_string(), text.to_string())),
            _ => None,
        })
        .collect();
    let path = folder.path().join("Pier.md").to_string_lossy().into_owned();
    let wanted = [("link", "https://e.org/harbour"), ("path", path.as_str()), ("link", "lost.md"), ("link", "#below")];
    assert_eq!(copied, wanted.map(|(what, text)| (what.to_owned(), text.to_owned())));
    reader.press("ggo");
    assert_eq!(opened(&reader), ["https://e.org/harbour"]);
    for (keys, words) in [
        ("jjo", "That article has no link; Enter shows it"),
        ("jo", "This article is not in the library"),
        ("jo", "This leads to a place in the article; Enter goes there"),
    ] {
        reader.press(keys);
        assert_eq!(notice(&reader), words);
    }
    assert_eq!(opened(&reader).len(), 1);
}

#[test]
fn the_original_of_an_article_of_a_site_is_its_address() {
    let folder = Folder::new()
        .file("hugo.toml", "baseURL = \"https://e.org/\"\n")
        .file("content/start.md", article("Start", "", "[[Pier]]").replace("2021-01-01", "2021-02-01"))
        .file("content/Pier.md", article("Pier", "", ""));
    let mut reader = Reader::of_folder(&folder.path().join("content")).sized(120, 40);
    reader.press("<enter>zUjyo");
    let copied = reader.effects.iter().find_map(|effect| match effect {
        Effect::Copy { text, .. } => Some(text.to_string()),
        _ => None,
    });
    assert_eq!(copied.as_deref(), Some("https://e.org/pier/"));
    assert_eq!(opened(&reader), ["https://e.org/pier/"]);
}

#[test]
fn missing_articles_are_dim() {
    let folder = folder();
    for (settings, is_dim) in [("theme: terminal\n", true), ("theme: none\n", true)] {
        let mut reader = Reader::with_settings(settings).reading(Library::Paths(vec![folder.path().to_owned()]));
        reader.press("<enter>z");
        let style = |word: &str| {
            let (column, row) = reader.cell_of(word);
            let cell = &reader.screen()[(column, row)];
            (cell.fg, cell.modifier.contains(Modifier::DIM), cell.modifier.contains(Modifier::UNDERLINED))
        };
        assert_ne!(style("lost"), style("the harbour"), "{settings}");
        assert_eq!(style("lost").1, is_dim, "{settings}");
    }
}

#[test]
fn an_article_that_the_query_leaves_out_is_opened_too() {
    let folder = folder();
    let mut reader = reader_of(&folder, (160, 45));
    reader.press("zF<ctrl-u>title:Start<enter>");
    assert_eq!(reader.titles(), ["Start"]);
    reader.press("U1");
    assert_eq!((reader.title(), reader.titles()), ("Harbour".to_owned(), vec!["Start".to_owned()]));
    reader.press("<ctrl-o>");
    assert_eq!(reader.title(), "Start");
}

#[test]
fn a_target_that_has_vanished_is_named() {
    let folder = folder();
    let mut reader = reader_of(&folder, (120, 40));
    reader.press("U");
    std::fs::remove_file(folder.path().join("harbour.md")).expect("removed");
    let mut reader = reader.reading(Library::Paths(vec![folder.path().to_owned()]));
    assert!(reader.text().contains("no longer in this library"), "{}", reader.text());
    reader.press("y1");
    assert_eq!(
        (reader.title().as_str(), notice(&reader).as_str()),
        ("Start", "The article is not in this library any more")
    );
    // The text knows it at once.
    reader.press(":open<space>1<enter>");
    assert_eq!(notice(&reader), "Not in this library: harbour.md");
}

#[test]
fn a_click_follows_a_link() {
    let folder = folder();
    for size in SIZES {
        let mut reader = reader_of(&folder, size);
        let at = reader.cell_of("its depth");
        reader.click(at);
        assert_eq!((reader.title().as_str(), first(&reader).as_str()), ("Harbour", "How deep is it?"), "{size:?}");
        reader.press("<ctrl-o>");
        // A double click is one click, whatever is at the cell then.
        let at = reader.cell_of("[5]");
        reader.double_click(at);
        assert_eq!((reader.title().as_str(), first(&reader).as_str()), ("Start", "Below"), "{size:?}");
        reader.press("<ctrl-o>");
    }
}

#[test]
fn a_click_on_a_web_link_opens_it_once() {
    let folder = folder();
    let mut reader = reader_of(&folder, (160, 45));
    let at = reader.cell_of("web[8]");
    reader.click(at).click_twice(at, Duration::from_millis(100));
    assert_eq!(opened(&reader), ["https://e.org/web"; 2]);
    let at = reader.cell_of("lost");
    reader.click(at);
    assert_eq!(notice(&reader), "Not in this library: lost.md");
    // Beside a link, a click means the pane.
    let (column, row) = reader.cell_of("See");
    let before = reader.effects.len();
    reader.click((column, row)).click((column, row + 6));
    assert_eq!((reader.effects.len(), reader.title().as_str()), (before, "Start"));
}

#[test]
fn a_click_with_the_list_in_focus_follows_too() {
    let folder = folder();
    let mut reader = Reader::of_folder(folder.path()).sized(160, 45);
    let at = reader.cell_of("the harbour");
    reader.click(at);
    assert_eq!((reader.title().as_str(), reader.app().focus()), ("Harbour", Focus::Detail));
}

/// An article with footnotes far below the text that refers to them.
fn noted() -> Folder {
    let body = format!(
        "One[^a], two[^b].\n\n{}Three[^a] and four[^c].\n\n[^a]: The first note.\n[^b]: The second,\n    of two lines.\n[^c]: Last.\n",
        paragraphs(40)
    );
    Folder::new().file("a.md", article("Start", "", &body))
}

#[test]
fn footnotes_lead_to_their_notes_and_back() {
    let folder = noted();
    for size in SIZES {
        let mut reader = reader_of(&folder, size);
        let at = reader.cell_of("[^2]");
        reader.click(at);
        assert!(reader.cursor_row().contains("[^2] The second, of two lines."), "{size:?}: {}", reader.text());
        let at = reader.cell_of("[^2]");
        reader.click(at);
        assert!(reader.cursor_row().contains("One[^1], two[^2]."), "{size:?}: {}", reader.text());
        reader.press("<ctrl-o><ctrl-o>");
        assert_eq!(first(&reader), "Start", "{size:?}");
        // Below the last line of the article is nothing to click.
        reader.press("G");
        assert_eq!(reader.links(), []);
    }
}

#[test]
fn the_footnotes_are_listed() {
    let folder = noted();
    let mut reader = reader_of(&folder, (100, 30));
    reader.press("gf");
    let screen = reader.text();
    for row in ["Footnotes", "▸ [^1] The first note.", "[^2] The second, of two lines.", "[^3] Last."] {
        assert!(screen.contains(row), "{row}: {screen}");
    }
    reader.press("j<enter>");
    assert!(reader.cursor_row().contains("[^2] The second"), "{}", reader.text());
    reader.press("<ctrl-o>");
    assert_eq!(first(&reader), "Start");
    // The first one that the text on the screen refers to is selected.
    reader.press("<ctrl-f>gf");
    assert!(reader.text().contains("▸ [^3] Last."), "{}", reader.text());
    let none = Folder::new().file("a.md", article("Start", "", "No notes."));
    let mut reader = reader_of(&none, (100, 30));
    reader.press("gf");
    assert_eq!(notice(&reader), "This article has no footnotes");
    let mut reader = Reader::empty();
    reader.press("gf");
    assert_eq!(notice(&reader), "No article selected");
}

#[test]
fn paragraphs_and_terms_are_found_in_other_articles() {
    let target =
        format!("{}A paragraph. ^here\n\n{}`timeZone`\n: Where.\n\n{}", paragraphs(9), paragraphs(9), paragraphs(30));
    let folder = Folder::new()
        .file(
            "start.md",
            article("Start", "", "[[Target#^here]] [zone](Target.md#timezone)").replace("2021-01-01", "2021-02-01"),
        )
        .file("Target.md", article("Target", "", &target));
    let mut reader = reader_of(&folder, (100, 30));
    for (key, line) in [("1", "A paragraph."), ("2", "`timeZone`")] {
        reader.press("U").press(key);
        assert_eq!((reader.title().as_str(), first(&reader).as_str()), ("Target", line));
        reader.press("<ctrl-o>");
    }
}

#[test]
fn hostile_links_do_no_harm() {
    let hidden = "[a](harbour.md#\u{202e}gnp.x) [b](<lost\u{200b}\u{1b}[2J.md>) [c](#%1b%5b2J) [[Pier\u{202e}]] [d](javascript:alert(1)) \
                  [e](file:///etc/passwd#x) [f](//e.org/x) [^x]\n\n[^x]: \u{1b}]0;x\u{7} [g](#x)\n";
    let many: String = (0..10_000).map(|n| format!("[l{n}](p{n}.md#h) ")).collect();
    let folder = Folder::new()
        .file("a.md", article("Start", "", &format!("{hidden}\n{many}")).replace("2021-01-01", "2021-02-01"))
        .file("harbour.md", article("Harbour", "", "x"))
        .file("p7.md", article("P7", "", "# H\n"));
    let mut reader = reader_of(&folder, (100, 30));
    for row in (0..14).step_by(2) {
        for column in (0..100).step_by(9) {
            reader.click((column, row));
            assert!(
                reader.text().chars().all(|c| c == '\n' || !c.is_control() && c != '\u{202e}'),
                "{}",
                reader.text()
            );
            if reader.title() != "Start" {
                reader.press("<ctrl-o>");
            }
        }
    }
    assert!(opened(&reader).is_empty(), "{:?}", opened(&reader));
    assert!(reader.links().is_empty(), "{:?}", reader.links());
    let mut reader = reader_of(&folder, (100, 30));
    reader.press("UG<enter>");
    assert_eq!(notice(&reader), "This article has no heading `x`");
    reader.press("UGk<enter>");
    assert_eq!(notice(&reader), "Not in this library: p9999.md#h");
    reader.press("UG<ctrl-u><ctrl-b>gg<enter>");
    for number in [0, 1, 7, 15, 10_000, 10_008, 70_000] {
        reader.press(&format!(":open<space>{number}<enter>"));
    }
    assert!(opened(&reader).is_empty());
}

#[test]
fn printed_links_have_their_targets() {
    let folder = folder();
    let home = Home::new();
    let shown = home.run(&["-L", &folder.path().to_string_lossy(), "show", "title:Start"]).out;
    for line in [
        format!("[1] Harbour ({})", folder.path().join("harbour.md").to_string_lossy()),
        format!("[2] Harbour › how-deep-is-it ({})", folder.path().join("harbour.md").to_string_lossy()),
        "[4] lost.md (not in this library)".to_owned(),
        "[5] below (in this article)".to_owned(),
        "[8] https://e.org/web".to_owned(),
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line}: {shown}");
    }
}
