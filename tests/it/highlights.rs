//! Hits on the screen: underlined in rows and article, with the words around them, and scrolled into view.

use crate::harness::folder::Folder;
use crate::harness::reader::Reader;

/// What is underlined on the rows of the list.
fn marked_rows(reader: &Reader) -> Vec<String> {
    let list = reader.frame.list.area;
    let runs = reader.underlined().into_iter();
    runs.filter(|(y, _)| (list.y..list.bottom()).contains(y)).map(|(_, run)| run).collect()
}

/// What is underlined on the lines of the article.
fn marked_lines(reader: &Reader) -> Vec<(u16, String)> {
    let detail = reader.frame.detail.area;
    let runs = reader.underlined().into_iter();
    runs.filter(|(y, run)| (detail.y..detail.bottom()).contains(y) && !run.contains("://")).collect()
}

fn row_of(reader: &Reader, word: &str) -> String {
    let list = reader.frame.list.area;
    let screen = reader.text();
    let rows = screen.lines().skip(usize::from(list.y)).take(usize::from(list.height));
    rows.into_iter().find(|row| row.contains(word)).unwrap_or_default().to_owned()
}

fn article(title: &str, excerpt: &str, body: &str) -> String {
    format!(
        "---\ntitle: \"{title}\"\nexcerpt: \"{excerpt}\"\npublishedDateTime: 2021-02-18T16:18:00Z\nprovider:\n  name: Harbour Review\n---\n\n{body}\n"
    )
}

#[test]
fn hits_are_marked_in_titles_and_providers_of_selected_rows_too() {
    let mut reader = Reader::of_news();
    reader.press("/moon<enter>");
    assert_eq!(reader.app().list().selected(), 0);
    assert_eq!(row_of(&reader, "How the Moon").chars().nth(1), Some('▸'), "the row is selected");
    assert!(marked_rows(&reader).contains(&"Moon".to_owned()), "{}", reader.styled());
    reader.press("F<ctrl-u>harbour -moon<enter>");
    let rows = reader.titles().len();
    assert_eq!(marked_rows(&reader), vec!["Harbour"; rows], "{}", reader.styled());
    reader.press("F<ctrl-u>quality:50..<enter>");
    assert!(marked_rows(&reader).is_empty(), "no text is looked for: {}", reader.styled());
}

#[test]
fn words_around_a_hit_follow_a_title_without_one() {
    let mut reader = Reader::of_news();
    reader.press("/shortcut");
    let row = row_of(&reader, "Boat Shed");
    assert!(row.contains("Notes from the Boat Shed · …every shortcut."), "{row}");
    assert_eq!(marked_rows(&reader), ["shortcut"]);
    reader.press("<ctrl-u>走る");
    let row = row_of(&reader, "Boat Shed");
    assert!(row.contains("Boat Shed · …"), "{row}");
    assert_eq!(marked_rows(&reader), ["走る"]);
    reader.press("<ctrl-u>litres");
    assert!(row_of(&reader, "Wave Tank").contains("Building a Wave Tank · Forty litres of water"), "{}", reader.text());
    reader.press("<ctrl-u>brook");
    assert!(row_of(&reader, "Tide Clocks").contains(" · by Ida Brook"), "{}", reader.text());
    assert_eq!(marked_rows(&reader), ["Brook"]);
    reader.press("<ctrl-u>wave");
    assert!(!row_of(&reader, "Wave Tank").contains(" · "), "the title has a hit: {}", reader.text());
    reader.press("<ctrl-u>litres");
    reader.resize(50, 20);
    let row = row_of(&reader, "Wave Tank");
    assert!(row.contains("Building a Wave Tank") && !row.contains(" · "), "no room: {row}");
}

#[test]
fn a_title_gives_half_of_its_columns_and_a_hit_beyond_the_edge_is_none() {
    let long = "Many words are in this title, and it goes on and on until there is a harpoon at its end";
    let folder = Folder::new().file("a.md", article(long, "A harpoon for the sea.", "A body with a harpoon."));
    let mut reader = Reader::of_folder(folder.path()).sized(100, 24);
    reader.press("/harpoon");
    let row = row_of(&reader, "Many words");
    assert!(row.contains("… · A harpoon for the sea."), "the excerpt comes before the body: {row}");
    assert_eq!(marked_rows(&reader), ["harpoon"]);
    reader.resize(118, 24);
    let row = row_of(&reader, "Many words");
    assert!(row.contains("a harpoon") && !row.contains(" · "), "the hit of the title is seen: {row}");
    assert_eq!(marked_rows(&reader), ["harpoon"]);
}

#[test]
fn a_phrase_across_a_line_break_is_marked() {
    let body = "Here is a paragraph of some length in which the slow tide of an evening comes in.\n\n> The slow\n> tide.\n\nIt is slow.\n\nTide.";
    let folder = Folder::new().file("a.md", article("A title", "An excerpt", body));
    let mut reader = Reader::of_folder(folder.path()).sized(60, 30);
    reader.press("/\"slow tide\"<enter><enter>");
    for columns in 30..60 {
        reader.resize(columns, 40);
        let marked = marked_lines(&reader);
        let words: Vec<&str> = marked.iter().map(|(_, run)| run.as_str()).collect();
        assert_eq!(words.join(" "), "slow tide slow tide", "at {columns}:\n{}", reader.text());
    }
}

#[test]
fn hits_are_scrolled_into_view() {
    let lines: Vec<String> =
        (0..200).map(|n| format!("Line {n} of the text{}.", if n == 120 { ", the buoy" } else { "" })).collect();
    let folder = Folder::new().file("a.md", article("A title", "An excerpt", &lines.join("\n\n")));
    let mut reader = Reader::of_folder(folder.path()).sized(60, 24);
    reader.press("<enter><ctrl-d>");
    let scroll = reader.app().detail().scroll();
    assert!(scroll > 0);
    reader.press("/buoy");
    let marked = marked_lines(&reader);
    let detail = reader.frame.detail.area;
    assert_eq!(marked, [(detail.y + detail.height / 3, "buoy".to_owned())], "{}", reader.text());
    assert!(reader.text().contains("Article · hit 1 of 1"), "{}", reader.text());
    reader.press("z");
    assert_eq!((reader.app().detail().scroll(), marked_lines(&reader)), (scroll, vec![]), "not found: back");
    reader.press("<backspace><enter>jj");
    let moved = reader.app().detail().scroll();
    reader.resize(60, 25);
    assert_eq!(reader.app().detail().scroll(), moved, "a frame does not take the reader back to the hit");
    reader.press("n");
    assert!(reader.text().contains("Search wrapped to the top"), "{}", reader.text());
    reader.press("/<esc>");
    assert_eq!(reader.app().detail().scroll(), moved, "Esc goes back to where it began");
    assert!(marked_lines(&reader).is_empty());
}

#[test]
fn finding_hides_the_hits_of_the_query_and_ends_with_the_article() {
    let file = |word: &str| article(&format!("About {word}"), "An excerpt", &format!("A {word} and a buoy."));
    let folder = Folder::new().file("a.md", file("tide")).file("b.md", file("tides"));
    let mut reader = Reader::of_folder(folder.path()).sized(60, 24);
    reader.press("/tide<enter><enter>");
    let words = |reader: &Reader| marked_lines(reader).into_iter().map(|(_, run)| run).collect::<Vec<_>>();
    assert_eq!(words(&reader), ["tide", "tide"]);
    reader.press("/buoy<enter>");
    assert_eq!(words(&reader), ["buoy"]);
    reader.press("J");
    assert_eq!(words(&reader), ["tide", "tide"], "in another article nothing is being found");
}
