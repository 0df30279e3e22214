//! The scroll position of an article: kept when the user returns to it, and when lines wrap differently.

use std::fmt::Write;

use frontpage::app::{Event, Focus, SessionInit};
use frontpage::library::Library;

use crate::harness::folder::Folder;
use crate::harness::reader::{Reader, now};
use crate::rounds;

/// Paragraphs of words in which the number of the paragraph is repeated.
fn paragraphs(name: char, count: usize) -> String {
    (0..count).fold(String::new(), |mut text, n| {
        let words = format!("{name}{n:03} has words that are wrapped otherwise at every width; ").repeat(1 + n % 5);
        let _ = write!(text, "{words}\n\n");
        text
    })
}

fn article(title: &str, body: &str) -> String {
    format!("---\ntitle: {title}\nlink: https://e.org/{title}\ndate: 2020-01-01\nexcerpt: About {title}.\n---\n{body}")
}

/// The lines of the article on the screen.
fn lines(reader: &Reader) -> Vec<String> {
    let area = reader.frame.detail.area;
    let inside = |line: &str| line.chars().skip(usize::from(area.x)).take(usize::from(area.width)).collect::<String>();
    let rows = usize::from(area.y)..usize::from(area.bottom());
    reader
        .text()
        .lines()
        .enumerate()
        .filter(|(row, _)| rows.contains(row))
        .map(|(_, line)| inside(line).trim().to_owned())
        .collect()
}

/// The number of the first paragraph on the screen.
fn number(reader: &Reader) -> i64 {
    let lines = lines(reader).join(" ");
    let mut numbers = lines.split(|c: char| c.is_ascii_uppercase()).filter_map(|rest| rest.get(..3)?.parse().ok());
    numbers.next().unwrap_or_else(|| panic!("no paragraph is here:\n{}", reader.text()))
}

/// All constructs whose lines depend on the width.
fn everything() -> String {
    let table: String = (0..12).fold(String::from("| name | words |\n|---|---|\n"), |mut table, n| {
        let _ = writeln!(table, "| row {n} | {} |", "cells are wrapped too ".repeat(1 + n % 4));
        table
    });
    let code = "```\nfn short() {}\n\nlet long = \"a line of code that is longer than most screens are wide, and so it goes on below\";\n```\n\n";
    let list = "- an item that has some words, so that it takes several lines on a small screen\n  - and one below it with as many words as that, or more\n\n  a paragraph in it\n\n";
    let quote = "> a quote that is long enough to take more than one line on the screen, wherever it is read\n>\n> - and a list\n\n";
    let cjk = "日本語のテキストは、空白がなくてもどこでも改行できるので、行の幅によって変わります。".repeat(4);
    let more = format!(
        "# A heading that is long enough to be broken on small screens\n\n{cjk}\n\n<div>one</div><div>two</div>\n\n---\n\nA note.[^1]\n\n[^1]: That is it, with words enough for two lines on a small screen.\n\n"
    );
    let part = format!("{code}{list}{quote}{table}\n{more}{}", paragraphs('P', 6));
    part.repeat(2)
}

#[test]
fn the_paragraph_at_the_top_stays_whatever_changes_the_width() {
    let folder = Folder::new().file("a.md", article("A", &paragraphs('P', 200)));
    for size in [(160, 45), (100, 30), (80, 24), (60, 20)] {
        let mut reader = Reader::of_folder(folder.path()).sized(size.0, size.1);
        reader.press("<enter><space><space><space><space><space><space>");
        let (first, line, page) = (number(&reader), reader.app().detail().scroll(), lines(&reader));
        assert!(line > 30, "{size:?}");
        let near = |reader: &Reader, what: &str| {
            let now = number(reader);
            assert!((now - first).abs() <= 1, "{size:?} {what}: {first} was at the top, now {now}\n{}", reader.text());
        };
        for keys in
            [">", ">", "<lt>", "<lt>", "<lt>", "<lt>", ">", ">", "z", "z", "Tj<enter>", "Tk<enter>", "s", "D", "Dzs"]
        {
            reader.press(keys);
            near(&reader, keys);
        }
        if reader.app().pane_layout().zen {
            reader.press("z");
        }
        for other in [(140, 30), (110, 30), (61, 50), (200, 12), (40, 20), (300, 100), (19, 4), (23, 9)] {
            reader.resize(other.0, other.1);
            if other.0 > 20 {
                near(&reader, &format!("{other:?}"));
            }
        }
        reader.resize(size.0, size.1);
        assert_eq!((reader.app().detail().scroll(), lines(&reader)), (line, page), "{size:?}: all is as it was");
        // From there it scrolls as usual.
        reader.press("j");
        assert_eq!(reader.app().detail().scroll(), line + 1);
    }
}

rounds!(every_line_of_every_construct_is_found_again, 7, 1);

/// Changes the size at every `step`-th line.
fn every_line_of_every_construct_is_found_again(step: usize) {
    let folder = Folder::new().file("a.md", article("A", &everything()));
    let mut reader = Reader::of_folder(folder.path()).sized(100, 12);
    reader.press("<enter>z");
    let count = reader.frame.detail.lines;
    assert!(count > 100, "{count}");
    for line in 0..count {
        assert_eq!(reader.app().detail().scroll(), line.min(count - reader.frame.detail.page()));
        if line % step > 0 {
            reader.press("j");
            continue;
        }
        let page = lines(&reader);
        reader.resize(100, 11);
        reader.resize(100, 12);
        assert_eq!(
            (reader.frame.detail.offset, lines(&reader)),
            (line.min(count - reader.frame.detail.page()), page.clone())
        );
        let block = reader.frame.detail.position.map(|(_, position)| (position.part, position.block));
        for columns in [38, 200, 61, 20, 140, 27, 88] {
            reader.resize(columns, 12);
            let detail = &reader.frame.detail;
            let now = detail.position.map(|(_, position)| (position.part, position.block));
            // At the end of the article its last line stays at the bottom.
            assert!(
                now == block || detail.offset == detail.last_offset(),
                "line {line} at {columns}: {}",
                reader.text()
            );
        }
        reader.resize(100, 12);
        assert_eq!(lines(&reader), page, "line {line}");
        reader.press("j");
    }
}

#[test]
fn the_block_at_the_top_stays_when_the_theme_the_panes_or_the_file_change() {
    let folder = Folder::new().file("a.md", article("A", &everything()));
    let mut reader = Reader::of_folder(folder.path()).sized(120, 14);
    reader.press("<enter>");
    let place = |reader: &Reader| reader.frame.detail.position.map(|(_, position)| (position.part, position.block));
    for pages in 0..12 {
        reader.press("<ctrl-f>");
        let (before, page) = (place(&reader), lines(&reader));
        for keys in
            ["Tj<enter>", "z", ">", ")", "(", "z", "<lt>", "Tk<enter>", ":wrap-code<enter>", ":wrap-code<enter>"]
        {
            reader.press(keys);
            let detail = &reader.frame.detail;
            let is_at_end = detail.offset == detail.last_offset();
            assert!(place(&reader) == before || is_at_end, "page {pages}, {keys}: {}", reader.text());
        }
        assert_eq!(lines(&reader), page, "page {pages}");
        // The file was written again, with one more paragraph above.
        let body = format!("{}{}", "More.\n\n".repeat(pages + 1), everything());
        let folder = Folder::new().file("a.md", article("A", &body));
        let feed = Library::Paths(vec![folder.path().to_owned()]).load(now(), |_| {}).expect("the library").feed;
        reader.receive(Event::FeedLoaded { feed, problems: Vec::new(), complete: true });
        assert_eq!(
            lines(&reader).iter().filter(|line| !page.contains(line)).count(),
            0,
            "page {pages}: {}",
            reader.text()
        );
    }
}

#[test]
fn every_article_keeps_its_line() {
    let folder = ["A", "B", "C", "D"].iter().fold(Folder::new(), |folder, name| {
        let letter = name.chars().next().expect("a letter");
        folder.file(&format!("{name}.md"), article(name, &paragraphs(letter, 60)))
    });
    let mut reader = Reader::of_folder(folder.path()).sized(120, 30);
    reader.press("<enter>");
    let mut left = Vec::new();
    for pages in ["<ctrl-d>", "<ctrl-f><ctrl-f>jjj", "", "<ctrl-f><ctrl-f><ctrl-f><ctrl-f>k"] {
        reader.press(pages);
        left.push((reader.title(), lines(&reader)));
        reader.press("J");
    }
    // From the article to its neighbours, through the list, and by a search.
    for way in ["KKK", "hgg", "lJJ", "hG", "gglJ", "hgg", "hggjj", "hc/C<enter>", "<esc>G", "gg", "hjjjk"] {
        // They go by other widths.
        reader.resize(90, 20);
        reader.press(way);
        reader.resize(120, 30);
        let title = reader.title();
        let same = left.iter().find(|(known, _)| *known == title).map(|(_, lines)| lines);
        assert_eq!(Some(&lines(&reader)), same, "{way}: {title}");
    }
    // At its top an article is shown from its top.
    reader.press("hgg<enter>gg").press("JJK").press("K");
    assert_eq!((reader.title().as_str(), reader.app().detail().scroll()), ("A", 0));
}

#[test]
fn finding_leads_back_to_the_paragraph_where_it_began() {
    let folder = Folder::new().file("a.md", article("A", &paragraphs('P', 60)));
    let mut reader = Reader::of_folder(folder.path()).sized(140, 30);
    reader.press("<enter><ctrl-f><ctrl-f><ctrl-f>");
    let (first, page) = (number(&reader), lines(&reader));
    reader.press("/P055 has");
    assert!(number(&reader) > first + 10, "{}", reader.text());
    reader.resize(90, 30);
    assert!(number(&reader) > first + 10, "what was found stays");
    reader.press("<esc>");
    assert!((number(&reader) - first).abs() <= 1, "{}", reader.text());
    reader.resize(140, 30);
    assert_eq!(lines(&reader), page);
    // The next hit is below it, not below a line of that number at another width.
    reader.press("/words");
    reader.resize(60, 30);
    assert_eq!(reader.app().focus(), Focus::Detail);
    assert!((number(&reader) - first).abs() <= 2, "{}", reader.text());
}

#[test]
fn the_next_session_begins_at_the_same_paragraph_at_any_width() {
    let folder = Folder::new().file("a.md", article("A", &paragraphs('P', 60)));
    let library = Library::Paths(vec![folder.path().to_owned()]);
    let mut reader = Reader::of(library.clone()).sized(160, 30);
    reader.press("<enter><ctrl-f><ctrl-f><ctrl-f><ctrl-f>");
    let first = number(&reader);
    for size in [(160, 30), (100, 30), (60, 20)] {
        let init = SessionInit { bookmark: reader.app().bookmark(), ..SessionInit::default() };
        let next = Reader::starting(init).sized(size.0, size.1).reading(library.clone());
        assert!((number(&next) - first).abs() <= 1, "{size:?}: {first}\n{}", next.text());
    }
}

/// A reader of one article with headings at three levels, 20 paragraphs below each.
fn headed() -> Reader {
    let body = ["## Ebb", "### Springs", "<h2>Flood</h2>", "### `Neaps` and *rests*"]
        .map(|heading| format!("{heading}\n\n{}", paragraphs('P', 8)))
        .join("");
    let folder = Folder::new().file("a.md", article("tides", &format!("Before.\n\n{body}")));
    Reader::of_folder(folder.path()).sized(100, 30)
}

#[test]
fn keys_jump_among_headings_and_back() {
    let mut reader = headed();
    reader.press("<enter>");
    for (keys, first) in [
        ("}", "Ebb"),
        ("}", "Springs"),
        ("J", ""),
        ("}", "Flood"),
        ("{", "Springs"),
        ("jj{", "Springs"),
        ("}}", "`Neaps` and rests"),
        ("{{{", "Ebb"),
    ] {
        reader.press(keys);
        assert!(first.is_empty() || lines(&reader)[0] == first, "{keys}: {}", reader.text());
    }
    // The same heading is at the top at another width.
    reader.press("}");
    reader.resize(140, 40);
    assert_eq!(lines(&reader)[0], "Springs");
    reader.press("{{");
    assert!(reader.text().contains("No heading above"), "{}", reader.text());
}

#[test]
fn the_outline_lists_headings_and_goes_to_one() {
    let mut reader = headed();
    reader.press("}}gO");
    let screen = reader.text();
    for row in ["Ebb", "▸   Springs", "Flood", "  Neaps and rests"] {
        assert!(screen.contains(row), "{row}: {screen}");
    }
    reader.press("j<enter>");
    assert_eq!(lines(&reader)[0], "Flood");
    let folder = Folder::new().file("a.md", article("tides", "No headings."));
    let mut reader = Reader::of_folder(folder.path()).sized(100, 30);
    for keys in ["gO", "}", "{"] {
        reader.press(keys);
        assert!(reader.text().contains("This article has no headings"), "{keys}: {}", reader.text());
    }
    let mut reader = Reader::empty();
    reader.press("gO");
    assert!(reader.text().contains("No article selected"), "{}", reader.text());
}

#[test]
fn headings_near_the_end_are_marked_and_keys_go_on_from_them() {
    let body = format!("# One\n\n{}## Two\n\nmoon\n\n## Three\n\nmoon\n\n## Four\n\nend\n", paragraphs('P', 20));
    let folder = Folder::new().file("a.md", article("tides", &body));
    let mut reader = Reader::of_folder(folder.path()).sized(100, 30);
    reader.press("<enter>}");
    assert_eq!(lines(&reader)[0], "One");
    for heading in ["Two", "Three", "Four"] {
        reader.press("}");
        let row = reader.cursor_row();
        assert!(row.contains(heading), "{heading}: {row}\n{}", reader.text());
        let (column, row) = reader.cell_of(heading);
        assert!(reader.screen()[(column, row)].modifier.contains(ratatui::style::Modifier::REVERSED), "{heading}");
    }
    reader.press("}");
    assert!(reader.text().contains("No heading below"), "{}", reader.text());
    reader.press("gO");
    assert!(reader.text().contains("▸   Four"), "{}", reader.text());
    reader.press("<esc>{");
    assert!(reader.cursor_row().contains("Three"), "{}", reader.text());
    // A mark goes with the next movement.
    reader.press("k");
    let (column, row) = reader.cell_of("Three");
    assert!(!reader.screen()[(column, row)].modifier.contains(ratatui::style::Modifier::REVERSED));
}

#[test]
fn a_search_goes_on_from_the_heading_jumped_to() {
    let body =
        ["## Ebb", "## Springs", "## Flood"].map(|h| format!("{h}\n\nmoon {h}\n\n{}", paragraphs('P', 8))).join("");
    let folder = Folder::new().file("a.md", article("tides", &body));
    let mut reader = Reader::of_folder(folder.path()).sized(100, 30);
    for (keys, title, here) in [
        ("<enter>/moon<enter>", "hit 1 of 3", "moon ## Ebb"),
        ("}}}", "3 hits", "Flood"),
        ("n", "hit 3 of 3", "moon ## Flood"),
        ("n", "hit 1 of 3", "moon ## Ebb"),
        ("}}}p", "hit 2 of 3", "moon ## Springs"),
    ] {
        reader.press(keys);
        assert!(reader.text().contains(title), "{keys}: {}", reader.text());
        assert!(reader.cursor_row().contains(here), "{keys}: {}\n{}", reader.cursor_row(), reader.text());
    }
}
