//! Code and tables that are wider than the article: wrapped, or scrolled sideways by keys.

use frontpage::app::Effect;
use frontpage::library::Library;

use crate::harness::folder::Folder;
use crate::harness::reader::Reader;

/// An article with wide code in a list, a wide table, and a code that fits.
fn article() -> String {
    let numbers: String = (0..30).map(|n| format!("n{n:02} ")).collect();
    let row = |word: &str| format!("|{}\n", (0..8).map(|n| format!("{word} {n} is some text|")).collect::<String>());
    let rule = format!("|{}\n", "-|".repeat(8));
    format!(
        "---\ntitle: A\ndate: 2021-01-01\n---\nText that is wrapped as always, however wide the code below it is, at the width of the pane.\n\n\
         - item\n\n  ```rust\n  {numbers}\n  short\n  ```\n\n{}{rule}{}\n```\nfits\n```\n",
        row("head"),
        row("cell")
    )
}

fn reader(settings: &str, columns: u16) -> (Folder, Reader) {
    let folder = Folder::new().file("a.md", article());
    let library = Library::Paths(vec![folder.path().to_owned()]);
    let mut reader = Reader::with_settings(settings).reading(library).sized(columns, 40);
    reader.press("<enter>z");
    (folder, reader)
}

/// The lines of the screen that contain one of some words, without the border.
fn lines(reader: &Reader, words: &[&str]) -> Vec<String> {
    let is_wanted = |line: &&str| words.iter().any(|word| line.contains(word));
    let inside = |line: &str| line.trim_matches(['│', '┃', '|', ' ']).to_owned();
    reader.text().lines().filter(is_wanted).map(inside).collect()
}

#[test]
fn keys_scroll_wide_code_and_tables_sideways_and_wrap_them_again_at_the_left_edge() {
    let (_folder, mut reader) = reader("", 60);
    let wrapped = reader.text();
    assert!(wrapped.contains("↪ ") && wrapped.contains("head 0 is some text: cell 0 is some text"), "{wrapped}");
    reader.press(")");
    let right = reader.text();
    assert!(!right.contains('↪') && right.contains("  │ ‹"), "{right}");
    let (code, cells) = (lines(&reader, &["n09"]), lines(&reader, &["cell 2"]));
    assert!(code.len() == 1 && code[0].ends_with('›') && !code[0].contains("n01"), "{right}");
    assert!(cells.len() == 1 && cells[0].starts_with('‹') && cells[0].ends_with('›'), "{right}");
    // Other text does not move.
    for words in ["Text that is wrapped as always", "│ fits", "• item"] {
        assert!(right.contains(words), "{words}: {right}");
    }
    reader.press("))))))))");
    let end = reader.text();
    assert!(end.contains("n29") && end.contains("cell 7 is some text") && !end.contains('›'), "{end}");
    reader.press("(((((((");
    assert_eq!(reader.text(), wrapped);
}

#[test]
fn wrapping_is_a_setting_and_a_command() {
    for (settings, keys, is_wrapped) in [
        ("", "", true),
        ("wrap: false", "", false),
        ("", ":wrap-code<enter>", false),
        ("wrap: false", ":wrap-code<enter>", true),
        ("", ":wrap-code<enter>:wrap-code<enter>", true),
        ("wrap: false", ")(", false),
    ] {
        let (_folder, mut reader) = reader(settings, 60);
        reader.press(keys);
        let text = reader.text();
        assert_eq!((text.contains('↪'), text.contains('›')), (is_wrapped, !is_wrapped), "{settings} {keys}: {text}");
    }
}

#[test]
fn in_ascii_the_edges_have_ascii_signs() {
    let (_folder, mut reader) = reader("{ascii: true, wrap: false}", 60);
    reader.press(")");
    let code = lines(&reader, &["n09"]);
    let begins = ["<n", "< n"].iter().any(|start| code.len() == 1 && code[0].contains(start));
    assert!(begins && code[0].ends_with('>'), "{code:?}");
}

#[test]
fn a_hit_that_is_not_visible_is_brought_into_view() {
    let (_folder, mut reader) = reader("wrap: false", 60);
    assert!(!reader.text().contains("n25"));
    reader.press("/n25<enter>");
    assert!(reader.text().contains("n25") && reader.text().contains("hit 1 of 1"), "{}", reader.text());
    reader.press("/n01<enter>");
    assert!(reader.text().contains("n01"), "{}", reader.text());
    reader.press("/cell 6<enter>");
    assert!(reader.text().contains("cell 6"), "{}", reader.text());
}

#[test]
fn hits_are_the_same_at_any_width() {
    let code: String = (0..9).map(|n| format!("{}needle", "x".repeat(7 * n + 1))).collect();
    let body = format!("A needle and a\nneedle.\n\n- item with a needle\n\n```\n{code}\n  needle\n```\n");
    let folder = Folder::new().file("a.md", body);
    let mut reader = Reader::of_folder(folder.path()).sized(100, 30);
    reader.press("<enter>z/needle<enter>");
    let count = reader.frame.detail.find_hits;
    assert!(count >= 13, "{count}: {}", reader.text());
    for columns in (20..200).step_by(9) {
        reader.resize(columns, 30);
        assert_eq!(reader.frame.detail.find_hits, count, "{columns}: {}", reader.text());
    }
}

#[test]
fn what_is_copied_is_whole() {
    let (_folder, mut reader) = reader("wrap: false", 60);
    reader.press(")))C");
    let copied = reader.effects.iter().find_map(|effect| match effect {
        Effect::Copy { text, .. } => Some(text.to_string()),
        _ => None,
    });
    assert!(copied.is_some_and(|text| text.starts_with("n00 ") && text.contains("n29")));
}

#[test]
fn a_notice_says_that_nothing_is_wide() {
    let folder = Folder::new().file("a.md", "Only words.\n\n```\nshort\n```\n");
    let mut reader = Reader::of_folder(folder.path()).sized(100, 30);
    reader.press("<enter>");
    let before = reader.app().detail().scroll();
    for keys in [")", "("] {
        reader.press(keys);
        assert!(reader.text().contains("No code or table on the screen is wider than the text"), "{}", reader.text());
    }
    assert_eq!(reader.app().detail().scroll(), before);
}

#[test]
fn the_place_stays_when_code_is_wrapped_or_not() {
    let line = "a line of code that is much longer than the screen is wide, really\n";
    let body = format!("```\n{}```\n\nafter\n\n{}", line.repeat(40), "word\n\n".repeat(60));
    let folder = Folder::new().file("b.md", format!("---\ntitle: B\n---\n{body}"));
    let mut reader = Reader::of_folder(folder.path()).sized(50, 20);
    reader.press("<enter>z");
    for _ in 0..30 {
        reader.press("jjj");
        let before = reader.frame.detail.position.map(|(_, position)| position).expect("a position");
        let line = reader.frame.detail.offset;
        reader.press(":wrap-code<enter>");
        let there = reader.frame.detail.position.map(|(_, position)| position).expect("a position");
        assert!(there.block == before.block && there.inside <= before.inside, "{there:?} {before:?}");
        reader.press(":wrap-code<enter>");
        assert_eq!(reader.frame.detail.offset, line);
    }
}
