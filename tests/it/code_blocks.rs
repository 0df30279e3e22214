//! Code blocks in the reader: their colours, and copying them.

use frontpage::app::Effect;
use frontpage::config::themes::BUILT_IN;
use frontpage::library::Library;
use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

use crate::harness::folder::Folder;
use crate::harness::reader::Reader;

/// An article of `lines` lines between the code blocks.
fn article(lines: usize) -> String {
    let text = "word\n\n".repeat(lines / 2);
    format!(
        "---\ntitle: A\ndate: 2021-01-01\n---\nText.\n\n```rust title=\"src/main.rs\"\nfn main() {{\n\tlet x = \"a\"; // 1\n}}\n```\n\n{text}\
         ```\nplain\n```\n\n- item\n  ```sh\n  echo 1\n  ```\n\n{text}"
    )
}

fn reader(lines: usize) -> (Folder, Reader) {
    let folder = Folder::new().file("a.md", article(lines));
    let mut reader = Reader::of_folder(folder.path()).sized(100, 30);
    reader.press("<enter>z");
    (folder, reader)
}

/// What was copied so far, with what the notice calls it.
fn copied(reader: &Reader) -> Vec<(String, String)> {
    let texts = reader.effects.iter().filter_map(|effect| match effect {
        Effect::Copy { text, what } => Some((what.to_string(), text.to_string())),
        _ => None,
    });
    texts.collect()
}

const RUST: (&str, &str) = ("code block (1 of 3, rust, 3 lines)", "fn main() {\n\tlet x = \"a\"; // 1\n}");
const PLAIN: (&str, &str) = ("code block (2 of 3, 1 line)", "plain");
const SHELL: (&str, &str) = ("code block (3 of 3, sh, 1 line)", "echo 1");

fn assert_copied(reader: &Reader, wanted: &[(&str, &str)]) {
    let found = copied(reader);
    let found: Vec<_> = found.iter().map(|(what, text)| (what.as_str(), text.as_str())).collect();
    assert_eq!(found, wanted, "{}", reader.text());
}

fn notice(reader: &Reader) -> String {
    reader.app().notice().map(|notice| notice.text.to_string()).unwrap_or_default()
}

#[test]
fn repeated_presses_copy_the_blocks_in_turn() {
    let (_folder, mut reader) = reader(4);
    reader.press("CCCC");
    assert_copied(&reader, &[RUST, PLAIN, SHELL, RUST]);
}

#[test]
fn a_block_that_began_above_the_screen_is_copied() {
    let (_folder, mut reader) = reader(80);
    reader.press("C");
    assert_copied(&reader, &[RUST]);
    // The second line of the first block is at the top.
    let is_at_top = |reader: &Reader| {
        let top = usize::from(reader.frame.detail.area.y);
        reader.text().lines().nth(top).is_some_and(|line| line.contains("let x"))
    };
    for _ in 0..20 {
        if !is_at_top(&reader) {
            reader.press("j");
        }
    }
    assert!(is_at_top(&reader), "{}", reader.text());
    reader.press("C");
    assert_copied(&reader, &[RUST, RUST]);
    reader.press("ggC");
    assert_copied(&reader, &[RUST, RUST, RUST]);
}

#[test]
fn when_no_block_is_on_the_screen_a_second_press_copies_the_next_one() {
    let nothing = "No code block on the screen; again: copies the next one";
    let (_folder, mut reader) = reader(80);
    reader.press("GC");
    assert_eq!((copied(&reader).len(), notice(&reader).as_str()), (0, nothing));
    reader.press("C");
    assert_copied(&reader, &[SHELL]);
    reader.press("gg<ctrl-f>C");
    assert_eq!((copied(&reader).len(), notice(&reader).as_str()), (1, nothing));
    reader.press("CC");
    assert_copied(&reader, &[SHELL, PLAIN, SHELL]);
}

#[test]
fn code_of_an_article_that_is_not_on_the_screen_is_not_copied() {
    let (_folder, mut reader) = reader(4);
    reader = reader.sized(60, 20);
    reader.press("zhC");
    assert_eq!((copied(&reader).len(), notice(&reader).as_str()), (0, "Open the article to copy its code"));
    reader.press("<enter>C");
    assert_copied(&reader, &[RUST]);
}

#[test]
fn scrolling_begins_again_at_the_top() {
    let (_folder, mut reader) = reader(8);
    reader.press("CCjkC");
    assert_copied(&reader, &[RUST, PLAIN, RUST]);
}

#[test]
fn the_list_and_the_palette_copy_code_too() {
    let (_folder, mut reader) = reader(4);
    reader = reader.sized(160, 45);
    reader.press("zhC:copy-code<enter>");
    assert_copied(&reader, &[RUST, PLAIN]);
    let folder = Folder::new().file("a.md", "Only `words`.");
    let mut reader = Reader::of_folder(folder.path()).sized(100, 30);
    reader.press("C");
    assert_eq!((copied(&reader).len(), notice(&reader).as_str()), (0, "This article has no code block"));
}

#[test]
fn a_copy_has_no_control_characters() {
    let folder = Folder::new().file("a.md", "```a\u{1b}[2Jb\n\tx\u{1b}[2J\u{202e}y\r\nz\n```");
    let mut reader = Reader::of_folder(folder.path()).sized(100, 30);
    reader.press("C");
    assert_copied(&reader, &[("code block (a, 2 lines)", "\txy\nz")]);
}

/// The cell at the beginning of `words` on the screen.
fn cell<'a>(reader: &'a Reader, words: &str) -> &'a Cell {
    let text = reader.text();
    let (y, line) = text.lines().enumerate().find(|(_, line)| line.contains(words)).expect("the words are shown");
    let x = line.split(words).next().map_or(0, |before| before.chars().count());
    &reader.screen()[(x as u16, y as u16)]
}

#[test]
fn themes_colour_code_and_none_has_no_colour() {
    let folder = Folder::new().file("a.md", article(4));
    for (name, _) in &BUILT_IN {
        let settings = format!("theme: {name}");
        let library = Library::Paths(vec![folder.path().to_owned()]);
        let mut reader = Reader::with_settings(&settings).reading(library).sized(100, 30);
        reader.press("<enter>z");
        let [keyword, string, comment] = ["fn main", "\"a\"", "// 1"].map(|words| cell(&reader, words).clone());
        if ["terminal", "none"].contains(name) {
            assert_eq!([keyword.fg, string.fg, comment.fg], [Color::Reset; 3], "{name}");
            assert!(comment.modifier.contains(Modifier::DIM), "{name}");
        } else {
            assert!(keyword.fg != string.fg && string.fg != comment.fg && comment.fg != keyword.fg, "{name}");
        }
        assert!(reader.text().contains("· rust · src/main.rs"), "{}", reader.text());
    }
}
