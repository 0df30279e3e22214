//! The viewer of pictures: which picture it shows, its keys, what it says of pictures that it cannot show, and its cells.

use std::path::Path;

use frontpage::app::Context;
use frontpage::app::overlays::{PictureViewer, ViewerState};
use frontpage::jobs::picture_decoder::OwnProgram;
use ratatui::style::Color;

use crate::harness::folder::Folder;
use crate::harness::reader::{Reader, user};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new("tests/fixtures/pictures").join(name)).expect("a fixture")
}

const ARTICLE: &str = "---\ntitle: Boats\ndate: 2021-01-01\n---\nText.\n\n![A red boat](img/plain.png)\n\n\
    ## Further\n\nMore ![](turned.jpg) text, ![gone](gone.png), ![far](https://example.org/far.jpg)\n\n\
    ![](broken.png) ![](../../etc/passwd.png) ![](data:image/png;base64,AA)\n";

fn library() -> Folder {
    Folder::new()
        .file("posts/boats.md", ARTICLE)
        .file("posts/plain.md", "---\ntitle: Plain\ndate: 2020-01-01\n---\nText.\n")
        .file("posts/img/plain.png", fixture("plain.png"))
        .file("posts/turned.jpg", fixture("turned.jpg"))
        .file("posts/broken.png", &fixture("plain.png")[..60])
}

fn reader(folder: &Folder, keys: &str) -> Reader {
    OwnProgram::replace(env!("CARGO_BIN_EXE_frontpage").into());
    let mut reader = Reader::of_folder(folder.path()).sized(60, 20);
    reader.press(keys);
    reader
}

fn viewer(reader: &Reader) -> &PictureViewer {
    reader.app().overlays().top_as().unwrap_or_else(|| panic!("no picture\n{}", reader.text()))
}

/// The caption of the picture, and the line below it.
fn shown(reader: &Reader) -> (String, String) {
    let text = reader.text();
    let facts = text.lines().rfind(|line| line.starts_with('┃')).unwrap_or_default().to_owned();
    let caption = viewer(reader).picture().expect("a picture").caption.to_string();
    (caption, facts.trim_matches(['┃', ' ']).to_owned())
}

#[test]
fn pictures_are_shown_one_after_the_other() {
    let folder = library();
    let mut reader = reader(&folder, "I");
    assert_eq!(reader.app().context(), Context::Picture);
    assert_eq!(shown(&reader), ("A red boat".to_owned(), "48 × 32 · PNG · img/plain.png".to_owned()));
    assert!(reader.text().contains("1/7"), "{}", reader.text());
    reader.press("n");
    assert_eq!(shown(&reader), ("turned".to_owned(), "32 × 48 · JPEG · turned.jpg".to_owned()), "by the tag of Exif");
    for (caption, words) in [
        ("gone", "Not shown: not found"),
        ("far", "On example.org: I fetches it"),
        ("broken", "Not shown: the file is damaged"),
        ("passwd", "Not shown: not found"),
        ("picture", "Not shown: "),
    ] {
        reader.press("l");
        assert_eq!(shown(&reader).0, caption);
        assert!(reader.text().contains(words), "{words}\n{}", reader.text());
    }
    reader.press("n");
    assert!(reader.notice().contains("This is the last picture"), "{}", reader.notice());
    reader.press("pppppph");
    assert!(reader.notice().contains("This is the first picture"), "{}", reader.notice());
    assert!(matches!(viewer(&reader).state(), ViewerState::Shown(_)));
    for keys in ["<esc>", "q", "I"] {
        assert_eq!(reader.app().context(), Context::Picture);
        reader.press(keys);
        assert!(reader.app().overlay().is_none(), "{keys}");
        reader.press("I");
    }
}

#[test]
fn a_key_shows_the_picture_at_the_place_that_is_read() {
    let folder = library();
    let mut reader = reader(&folder, "<enter>");
    reader.press("}I");
    assert_eq!(shown(&reader).0, "turned");
    reader.press("<esc>");
    reader.press("ggI");
    assert_eq!(shown(&reader).0, "A red boat");
    reader.press("<esc>hjI");
    assert!(reader.notice().contains("This article has no pictures"), "{}", reader.notice());
    assert!(reader.app().overlay().is_none());
}

#[test]
fn each_cell_shows_two_pixels() {
    let folder = library();
    let reader = reader(&folder, "I");
    let cells = reader.screen().content().iter().filter(|cell| cell.symbol() == "▀");
    let colours: Vec<(Color, Color)> = cells.map(|cell| (cell.fg, cell.bg)).collect();
    let is = |colour: Color, [red, green, blue]: [u8; 3]| match colour {
        Color::Rgb(r, g, b) => r.abs_diff(red) < 9 && g.abs_diff(green) < 9 && b.abs_diff(blue) < 9,
        _ => false,
    };
    let (yellow, red, blue) = ([240, 224, 64], [208, 64, 32], [32, 32, 96]);
    // 48 × 32 pixels on 16 rows of cells: the whole picture fits.
    assert_eq!(colours.len(), 48 * 16, "{}", reader.text());
    assert!(is(colours[0].0, yellow) && is(colours[0].1, yellow), "{:?}", colours[0]);
    let (left, right) = (colours[48 * 12], colours[48 * 13 - 1]);
    assert!(is(left.0, red) && is(left.1, red) && is(right.0, blue), "{left:?} {right:?}");
}

#[test]
fn a_part_of_a_picture_is_enlarged_and_moved() {
    let folder = library();
    let mut reader = reader(&folder, "I");
    let whole = reader.styled();
    reader.press("++");
    assert!(shown(&reader).1.contains("· 4× ·"), "{:?}", shown(&reader));
    let enlarged = reader.styled();
    assert_ne!(enlarged, whole);
    reader.press("l");
    assert_eq!(shown(&reader).0, "A red boat", "an arrow moves the part");
    assert_ne!(reader.styled(), enlarged);
    reader.press("h");
    assert_eq!(reader.styled(), enlarged);
    reader.press("j").press("k");
    assert_eq!(reader.styled(), enlarged);
    reader.press("0");
    assert_eq!(reader.styled(), whole);
    reader.press("-");
    assert_eq!(reader.styled(), whole, "never smaller than it fits");
    reader.press("+n");
    assert_eq!(viewer(&reader).view().steps, 0, "each picture is shown whole first");
}

#[test]
fn words_in_place_of_a_picture_are_whole_on_small_screens() {
    let folder = library();
    let mut reader = reader(&folder, "Innn");
    for (columns, rows) in [(160, 45), (60, 20), (40, 12), (30, 12)] {
        reader.resize(columns, rows);
        let text = reader.text();
        let words: Vec<&str> = text.split(['┃', '\n', ' ']).filter(|word| !word.is_empty()).collect();
        let whole = "On example.org: I fetches it, o opens it in the browser";
        assert!(words.join(" ").contains(whole), "{columns}x{rows}\n{text}");
    }
}

#[test]
fn a_picture_fits_into_any_screen() {
    let folder = library();
    let mut reader = reader(&folder, "I");
    for (columns, rows) in [(160, 45), (80, 24), (30, 8), (20, 5), (300, 100)] {
        reader.resize(columns, rows);
        let cells = reader.screen().content().iter().filter(|cell| cell.symbol() == "▀").count();
        assert!(cells > 0, "{columns}x{rows}\n{}", reader.text());
        reader.press("+++++<right><down>0");
    }
}

#[test]
fn without_colours_a_picture_is_named() {
    let folder = library();
    let init = frontpage::app::SessionInit {
        colours: frontpage::config::themes::ColourDepth::None,
        ..frontpage::app::SessionInit::default()
    };
    let library = frontpage::library::Library::Paths(vec![folder.path().to_owned()]);
    let mut reader = Reader::starting(init).reading(library).sized(80, 24);
    reader.press("I");
    assert!(reader.text().contains("too few colours for pictures"), "{}", reader.text());
    assert!(reader.text().contains("48 × 32 · PNG"), "{}", reader.text());
}

#[test]
fn the_address_of_a_picture_is_opened_and_copied() {
    let folder = library();
    let mut reader = reader(&folder, "Innn");
    assert_eq!(shown(&reader).0, "far");
    reader.effects.clear();
    reader.press("oy");
    let effects = format!("{:?}", reader.effects);
    assert!(effects.contains("OpenLink") && effects.contains("https://example.org/far.jpg"), "{effects}");
    assert!(effects.contains("Copy"), "{effects}");
}

#[test]
fn a_note_names_a_picture_anywhere_in_the_library() {
    let folder = Folder::new()
        .file("notes/sea.md", "---\ntitle: Sea\ndate: 2021-01-01\n---\n![[Boat 1.png|300]] ![[Missing.png]]\n")
        .file("files/deep/boat 1.png", fixture("plain.png"));
    let mut reader = reader(&folder, "I");
    assert_eq!(shown(&reader), ("Boat 1".to_owned(), "48 × 32 · PNG · Boat 1.png".to_owned()));
    reader.press("n");
    assert!(reader.text().contains("Not shown: not found"), "{}", reader.text());
}

#[test]
fn pictures_are_off_by_the_setting_or_by_a_command() {
    let folder = library();
    let mut reader = reader(&folder, "");
    reader.adopt(user("pictures: off"));
    reader.press("I");
    assert_eq!(reader.notice().trim(), "Pictures are off: `pictures on` in the palette shows them");
    assert!(reader.app().overlay().is_none());
    reader.press(":pictures on<enter>I");
    assert_eq!(shown(&reader).0, "A red boat");
    reader.press(":pictures off<enter>");
    assert!(reader.app().overlay().is_none(), "the viewer closes too");
    assert!(!reader.app().pictures().is_on());
    reader.press(":pictures<enter>");
    assert!(reader.app().pictures().is_on(), "without a word: the other of both");
    reader.press(":pictures maybe<enter>");
    assert!(reader.notice().contains("nknown switch `maybe`"), "{}", reader.notice());
    reader.press("I");
    reader.adopt(user("pictures: {draw: off}"));
    assert!(reader.app().overlay().is_some(), "the same setting changes nothing");
    reader.adopt(user("pictures: blocks"));
    reader.adopt(user("pictures: {draw: off}"));
    assert!(reader.app().overlay().is_none(), "another setting closes it");
}

#[test]
fn help_names_what_the_keys_do_in_the_viewer() {
    let folder = library();
    let mut reader = reader(&folder, "I").sized(100, 45);
    reader.press("?");
    let text = reader.text();
    let line = |key: &str| text.lines().find(|line| line.contains(key)).unwrap_or_default().to_owned();
    assert!(line("scroll-left").contains("pictures to the left"), "{text}");
    assert!(line("scroll-right").contains("pictures to the right"), "{text}");
}
