//! Captions of pictures in the article, the picture above the text, and pictures in the list of links.

use std::path::Path;

use frontpage::app::Context;
use frontpage::app::overlays::PictureViewer;
use frontpage::jobs::picture_decoder::OwnProgram;

use crate::harness::folder::Folder;
use crate::harness::reader::Reader;

const BOATS: &str = "---\ntitle: Boats\ndate: 2021-01-01\nimages:\n  - url: lead.jpg\n    title: The harbour\n    width: 900\n    \
    height: 90\n---\nText with [a page](https://example.org/page) and ![words](img/plain.png).\n\n![A red boat](img/plain.png)\n\n\
    ![](gone.png)\n\n![A far boat](https://example.org/far.jpg)\n\n![Half](broken.png)\n";

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new("tests/fixtures/pictures").join(name)).expect("a fixture")
}

fn library() -> Folder {
    let long: String =
        (0..80).map(|number| format!("Paragraph {number}.\n\n![Boat {number}](img/plain.png)\n\n")).collect();
    Folder::new()
        .file("boats.md", BOATS)
        .file("long.md", format!("---\ntitle: Long\ndate: 2020-01-01\n---\n{long}"))
        .file("img/plain.png", fixture("plain.png"))
        .file("lead.jpg", fixture("baseline.jpg"))
        .file("broken.png", &fixture("plain.png")[..60])
}

fn reader(folder: &Folder, keys: &str, (columns, rows): (u16, u16)) -> Reader {
    OwnProgram::replace(env!("CARGO_BIN_EXE_frontpage").into());
    let mut reader = Reader::of_folder(folder.path()).sized(columns, rows);
    reader.press(keys);
    reader
}

/// The lines with a caption, without frames.
fn captions(reader: &Reader) -> Vec<String> {
    let lines = reader.text();
    lines.lines().filter(|line| line.contains('▣')).map(|line| line.trim_matches(['┃', '│', ' ']).to_owned()).collect()
}

fn viewed(reader: &Reader) -> String {
    let viewer: &PictureViewer =
        reader.app().overlays().top_as().unwrap_or_else(|| panic!("no picture\n{}", reader.text()));
    viewer.picture().expect("a picture").caption.to_string()
}

#[test]
fn captions_say_what_is_known_of_pictures_and_what_can_be_done() {
    let folder = library();
    let reader = reader(&folder, "<enter>z", (80, 40));
    let found = captions(&reader);
    assert!(found[0].starts_with("▣ The harbour · ") && found[0].ends_with(" · I shows it"), "{found:?}");
    assert_eq!(
        found[1..],
        [
            "▣ A red boat · 48 × 32 · [2] · I shows it",
            "▣ gone · [3] · not found: gone.png",
            "▣ A far boat · [4] · I fetches it",
            "▣ Half · [5] · the file is damaged",
        ],
        "{}",
        reader.text()
    );
    assert!(reader.text().contains("and [image: words] [2]."));
}

#[test]
fn a_click_on_a_caption_shows_its_picture() {
    let folder = library();
    for (words, picture) in [("A red boat", "A red boat"), ("A far boat", "A far boat"), ("The harbour", "The harbour")]
    {
        let mut reader = reader(&folder, "<enter>z", (80, 40));
        let cell = reader.cell_of(words);
        reader.click(cell);
        assert_eq!(reader.app().context(), Context::Picture, "{}", reader.text());
        let shown = viewed(&reader);
        assert!(shown == picture || (picture == "A red boat" && shown == "words"), "{shown}");
    }
}

#[test]
fn the_list_of_links_has_pictures_at_its_end_and_enter_shows_one() {
    let folder = library();
    let mut reader = reader(&folder, "<enter>U", (80, 40));
    let text = reader.text();
    let line = |words: &str| text.lines().position(|line| line.contains(words)).unwrap_or_else(|| panic!("{text}"));
    assert!(line("https://example.org/page") < line("▣ https://example.org/far.jpg"), "{text}");
    assert!(text.contains("▣ img/plain.png · 48 × 32") && text.contains("▣ not found: gone.png"), "{text}");
    reader.press("2");
    assert_eq!(reader.app().context(), Context::Picture, "{}", reader.text());
}

#[test]
fn find_finds_captions() {
    let folder = library();
    let mut reader = reader(&folder, "<enter>z", (80, 40));
    reader.press("/far boat<enter>");
    assert!(reader.title().contains("1") || reader.text().contains("hit 1 of 1"), "{}", reader.text());
}

#[test]
fn captions_are_words_in_ascii_and_name_no_key_where_they_are_read_aloud() {
    let folder = library();
    let mut reader = reader(&folder, "<enter>z", (80, 40));
    for (symbols, expected) in
        [("ascii", "[image: A red boat, 48 x 32, I shows it] [2]"), ("plain", "[image: A red boat, 48 x 32] [2]")]
    {
        reader.adopt(crate::harness::reader::user(&format!("{symbols}: true")));
        assert!(reader.text().contains(expected), "{}", reader.text());
    }
}

#[test]
fn the_line_that_is_read_stays_when_lines_of_pictures_come_and_go() {
    let folder = library();
    let mut reader = reader(&folder, "j<enter>z", (80, 30));
    reader.press("<space><space>");
    let top = |reader: &Reader| reader.app().detail().scrolled().position.expect("a position").start_of_block();
    let before = top(&reader);
    let lines = reader.frame.detail.lines;
    reader.with_session(|session| session.set_picture_cell(Some((8, 16))));
    reader.look();
    assert!(reader.frame.detail.lines > lines + 100, "{} lines, before {lines}", reader.frame.detail.lines);
    assert_eq!(top(&reader), before);
    reader.with_session(|session| session.set_picture_cell(None));
    reader.look();
    assert_eq!((reader.frame.detail.lines, top(&reader)), (lines, before));
}

#[test]
fn lines_are_wrapped_on_narrow_screens() {
    let folder = library();
    for columns in [60, 40, 30] {
        let mut reader = reader(&folder, "<enter>", (columns, 20));
        reader.with_session(|session| session.set_picture_cell(Some((8, 16))));
        reader.look();
        assert!(reader.text().contains("Boats"), "{columns}: {}", reader.text());
    }
}
