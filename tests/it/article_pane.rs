//! The article pane: header, details, headings and code, the measure, the scrollbar, and its rows on low screens.

use frontpage::library::Library;
use ratatui::style::{Color, Modifier};

use crate::harness::folder::Folder;
use crate::harness::reader::{Reader, now};

const LINK: &str =
    "https://example.org/2021/02/a-long-way-to-the-article/that-few-people-read-as-a-whole/1234567890.html";

/// A library of one article with everything in its header, and a short one.
fn library() -> Folder {
    let paragraphs: String = (0..60).map(|n| format!("Paragraph {n} {}\n\n", "has a few words ".repeat(8))).collect();
    let date = (now() - chrono::TimeDelta::hours(1)).format("%Y-%m-%dT%H:%M:%SZ");
    let code = "x".repeat(120);
    let long = format!(
        "---\ntitle: The title\nprovider: The Paper\ndate: {date}\nlink: {LINK}\ntopics: [One, Two]\nkind: article\n---\n\
         ## Second\n\nSome `code` here.\n\n### Third\n\n#### Fourth\n\n- [x] done\n- [ ] open\n\n```rust\nlet {code} = 1;\n```\n\n{paragraphs}"
    );
    Folder::new().file("long.md", long).file("short.md", "---\ntitle: Short\ndate: 2020-01-01\n---\nA line.\n")
}

fn reader(folder: &Folder, settings: &str, (columns, rows): (u16, u16)) -> Reader {
    let reader = Reader::with_settings(settings).reading(Library::Paths(vec![folder.path().to_owned()]));
    reader.sized(columns, rows)
}

/// The lines of the article on the screen, without its frame and the margins.
fn lines(reader: &Reader) -> Vec<String> {
    let area = reader.frame.detail.area;
    let cells = |y: u16| (area.x..area.right()).map(|x| reader.screen()[(x, y)].symbol()).collect::<String>();
    (area.y..area.bottom()).map(|y| cells(y).trim().to_owned()).collect()
}

#[test]
fn the_header_has_title_provider_topics_and_one_line_of_the_link() {
    let folder = library();
    for size in [(160, 45), (100, 30), (80, 24)] {
        let mut reader = reader(&folder, "", size);
        reader.press("<enter>");
        let lines = lines(&reader);
        assert_eq!((lines[0].as_str(), lines[1].trim_matches('─')), ("The title", ""), "{size:?}");
        assert!(lines[2].starts_with("The Paper · ") && lines[2].ends_with(" min to read"), "{}", lines[2]);
        assert_eq!(lines[3], "#One #Two");
        assert!(lines[4].starts_with("https://example.org/2021/") && lines[4].ends_with("890.html"), "{}", lines[4]);
        assert!(lines[4].contains('…') && lines[5].is_empty(), "{lines:?}");
        assert!(reader.links().iter().any(|(_, target)| target == LINK), "the link has the whole address");
    }
}

#[test]
fn details_are_folded_until_a_key_or_a_click_opens_them_in_all_articles() {
    let folder = library();
    let mut reader = reader(&folder, "", (100, 30));
    reader.press("<enter><space>");
    let before = lines(&reader);
    assert!(!reader.text().contains("File"), "{}", reader.text());
    reader.press(".");
    assert!(reader.text().contains("▾ Details") && reader.text().contains("long.md"), "{}", reader.text());
    assert!(!reader.text().contains("Kind"), "an article that is an article");
    reader.press(".");
    assert_eq!(lines(&reader), before, "the key leads back");
    reader.press(".hj");
    assert!(reader.text().contains("short.md"), "{}", reader.text());
    reader.press("<enter>");
    let at = reader.cell_of("▾ Details");
    reader.click(at);
    assert!(reader.text().contains("▸ Details") && !reader.text().contains("short.md"), "{}", reader.text());
    let at = reader.cell_of("▸ Details");
    reader.click(at);
    assert!(reader.text().contains("short.md"));
}

#[test]
fn signs_of_markdown_are_there_only_where_no_style_tells_them() {
    let folder = library();
    for (settings, heading, code, task) in [
        ("theme: dark\n", "Second", "Some code here.", "☑ done"),
        ("theme: dark\nascii: true\n", "Second", "Some code here.", "[x] done"),
        ("theme: none\n", "## Second", "Some `code` here.", "☑ done"),
        ("theme: terminal\n", "Second", "Some `code` here.", "☑ done"),
        ("theme: dark\nplain: true\n", "## Second", "Some `code` here.", "[x] done"),
    ] {
        let mut reader = reader(&folder, settings, (100, 40));
        reader.press("<enter>z");
        let lines = lines(&reader);
        for wanted in [heading, code, task] {
            assert!(lines.iter().any(|line| line == wanted), "{settings}: {wanted}: {lines:?}");
        }
    }
    let mut reader = reader(&folder, "theme: dark\n", (100, 40));
    reader.press("<enter>z");
    let style = |text: &str| {
        let (x, y) = reader.cell_of(text);
        reader.screen()[(x, y)].style()
    };
    let (second, third, fourth) = (style("Second"), style("Third"), style("Fourth"));
    assert!([second, third, fourth].iter().all(|style| style.add_modifier.contains(Modifier::BOLD)));
    assert!(
        second.fg != third.fg && third.fg != fourth.fg && fourth.fg != second.fg,
        "{second:?} {third:?} {fourth:?}"
    );
    let ground = style("Some").bg;
    let (x, y) = reader.cell_of("Some code");
    let code = reader.screen()[(x + 5, y)].style();
    assert!(code.bg != ground && !matches!(code.bg, None | Some(Color::Reset)), "{code:?}");
}

#[test]
fn text_has_80_columns_in_the_middle_of_a_wide_pane_and_code_goes_on() {
    let folder = library();
    for (settings, size, keys, left, widest) in [
        ("navigation: hidden\n", (160, 45), "<enter>z", 39, 80),
        ("navigation: hidden\n", (160, 45), "<enter>", 1, 80),
        ("navigation: hidden\nlayout: {text: 40}\n", (160, 45), "<enter>", 22, 40),
        ("", (90, 45), "<enter>z", 4, 80),
        ("", (60, 20), "<enter><ctrl-f>", 1, 56),
    ] {
        let mut reader = reader(&folder, settings, size);
        reader.press(keys);
        let area = reader.frame.detail.area;
        let row = |y: u16| (area.x..area.right()).map(|x| reader.screen()[(x, y)].symbol()).collect::<String>();
        let rows: Vec<String> = (area.y..area.bottom()).map(row).collect();
        let top = rows.iter().find(|row| !row.trim().is_empty()).expect("a line");
        let indent = top.len() - top.trim_start().len();
        assert_eq!(indent, left, "{settings} {size:?} {keys}: {rows:?}");
        let text = rows.iter().filter(|row| row.contains("few words")).map(|row| row.trim().chars().count()).max();
        assert!(text.is_some_and(|text| text <= widest && text + 16 > widest), "{text:?} at {settings} {size:?}");
        // On a low screen the code is above.
        let code = rows.iter().find(|row| row.contains("let xxx")).map(|row| row.trim_end().chars().count());
        let room = usize::from(area.width) - 1;
        assert!(
            code.is_none_or(|code| code <= room && code + 8 > room) && (code.is_some() || size.1 < 30),
            "{code:?} of {room} at {settings} {size:?}"
        );
    }
}

#[test]
fn the_border_says_where_the_screen_is_and_scrolls() {
    let folder = library();
    let mut reader = reader(&folder, "", (100, 30));
    let place = |reader: &Reader| {
        let frame = reader.frame.frames[1];
        let cells = (frame.x..frame.right()).map(|x| reader.screen()[(x, frame.y)].symbol());
        cells
            .collect::<String>()
            .trim_matches(|c: char| "━┏┓╭╮─ ".contains(c))
            .rsplit(' ')
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let thumbs = |reader: &Reader| reader.text().matches('▐').count();
    assert_eq!(place(&reader), "Top");
    reader.press("<enter>");
    assert_eq!((place(&reader).as_str(), thumbs(&reader) > 0), ("Top", true));
    reader.press("<space>");
    let percent = place(&reader);
    assert!(percent.ends_with('%') && percent != "0%" && percent != "100%", "{percent}");
    reader.press("G");
    assert_eq!(place(&reader), "End");
    let (column, area) = (reader.frame.detail.scrollbar.expect("a scrollbar"), reader.frame.detail.area);
    reader.click((column, area.y));
    assert_eq!((place(&reader).as_str(), reader.frame.detail.offset), ("Top", 0));
    reader.drag((column, area.y), &[(column, area.y + area.height / 2), (column, area.bottom() + 3)]);
    assert_eq!(place(&reader), "End");
    reader.drag((column, area.bottom() - 1), &[(column, area.y + area.height / 2)]);
    let (offset, last) = (reader.frame.detail.offset, reader.frame.detail.last_offset());
    assert!(offset > last / 3 && offset < 2 * last / 3, "{offset} of {last}");
    reader.press("hj");
    assert_eq!((place(&reader).as_str(), thumbs(&reader)), ("Article", 0), "a short article fits");
}

#[test]
fn on_80_columns_and_24_rows_the_article_has_12_lines_while_it_is_read() {
    let folder = library();
    let mut reader = reader(&folder, "", (80, 24));
    let before = reader.frame.detail.area.height;
    reader.press("<enter>");
    assert!(before < 12 && reader.frame.detail.area.height >= 12, "{before} {:?}", reader.frame.detail.area);
    assert_eq!(reader.frame.list.area.height, 3);
    reader.press("<space>");
    let full = lines(&reader).iter().filter(|line| !line.is_empty()).count();
    assert!(full >= 9, "{full} lines that are not blank:\n{}", reader.text());
    reader.press("h");
    assert_eq!(reader.frame.detail.area.height, before);
}
