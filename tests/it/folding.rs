//! Folding of details and callouts in the article: by key, by click, and by what leads into them.

use frontpage::app::Effect;

use crate::harness::folder::Folder;
use crate::harness::reader::Reader;

const BODY: &str = "# Top\n\nIntro[^1] and a [link](#inside).\n\n<details>\n<summary>First part</summary>\n\nThe tide is hidden.\n\n\
                    ```rust\nfn hidden() {}\n```\n\n<details>\n<summary>Nested part</summary>\n\n## Inside\n\nDeep moon.\n\n\
                    </details>\n\n</details>\n\n> [!tip]- A callout\n> Its text.\n\n???+ note \"An open one\"\n    Seen at once.\n\n\
                    Last words.\n\n[^1]: A note.\n";

fn reader() -> Reader {
    of(BODY)
}

fn of(body: &str) -> Reader {
    let article = format!("---\ntitle: Tides\nlink: https://e.org/tides\ndate: 2020-01-01\n---\n{body}");
    let folder = Folder::new().file("a.md", article);
    let mut reader = Reader::of_folder(folder.path()).sized(100, 50);
    reader.press("<enter>");
    reader
}

fn has(reader: &Reader, text: &str) -> bool {
    reader.text().contains(text)
}

/// Fails unless the screen has the first texts and not the others.
fn check(reader: &Reader, what: &str, shown: &[&str], hidden: &[&str]) {
    for text in shown {
        assert!(has(reader, text), "{what}: no {text}\n{}", reader.text());
    }
    for text in hidden {
        assert!(!has(reader, text), "{what}: {text}\n{}", reader.text());
    }
}

#[test]
fn blocks_are_as_their_authors_want_them_at_first() {
    check(
        &reader(),
        "at first",
        &["▸ First part", "▎ ▸ ✓ A callout", "▎ ▾ ℹ An open one", "▎ Seen at once.", "Last words."],
        &["tide is hidden", "Nested part", "Its text."],
    );
}

#[test]
fn a_key_folds_and_unfolds_the_first_block_on_the_screen() {
    let mut reader = reader();
    reader.press("gx");
    check(&reader, "gx", &["▾ First part", "The tide is hidden.", "▸ Nested part"], &["Deep moon"]);
    reader.press("gx");
    check(&reader, "gx gx", &["▸ First part"], &["The tide is hidden."]);
    reader.press("gX");
    check(&reader, "gX", &["▾ First part", "▾ Nested part", "Deep moon", "Its text."], &["▸ First", "▸ Nested"]);
    reader.press(":fold-all<enter>");
    check(&reader, "fold-all", &["▸ First part", "▎ ▸ ℹ An open one"], &["Seen at once."]);
    let mut without = of("Words.");
    without.press("gx");
    check(&without, "without", &["Nothing to fold or unfold on the screen"], &[]);
    without.press("gX");
    check(&without, "without", &["This article has nothing to fold"], &[]);
    let mut empty = Reader::empty();
    empty.press("gx");
    check(&empty, "empty", &["No article selected"], &[]);
}

#[test]
fn a_click_on_a_title_folds_and_unfolds() {
    let mut reader = reader();
    let at = reader.cell_of("A callout");
    reader.click(at);
    check(&reader, "click", &["▎ ▾ ✓ A callout", "Its text.", "▸ First part"], &[]);
    let at = reader.cell_of("An open one");
    reader.click(at);
    check(&reader, "click", &["▎ ▸ ℹ An open one"], &["Seen at once."]);
    // What was chosen stays with the article.
    reader.press("hl");
    check(&reader, "again", &["▎ ▸ ℹ An open one", "Its text."], &[]);
}

#[test]
fn what_leads_into_a_folded_block_unfolds_it() {
    for (keys, what) in [("}}", "the next heading"), ("gOj<enter>", "the outline"), (":open 2<enter>", "a link")] {
        let mut reader = reader();
        reader.press(keys);
        check(&reader, what, &["▾ First part", "▾ Nested part", "Inside", "Deep moon."], &["Its text."]);
    }
    let mut reader = reader();
    let at = reader.cell_of("link");
    reader.click(at);
    check(&reader, "a click on a link", &["Deep moon."], &[]);
}

#[test]
fn a_search_in_the_article_unfolds_its_hits() {
    let mut reader = reader();
    reader.press("/moon");
    check(&reader, "typed", &["▾ First part", "▾ Nested part", "Deep moon.", "hit 1 of 1"], &["Its text."]);
    reader.press("<esc>");
    check(&reader, "given up", &["▸ First part"], &["Deep moon."]);
    reader.press("/moon<enter>h");
    check(&reader, "kept", &["▾ Nested part", "Deep moon."], &["Its text.", "hit 1"]);
    // A hit in a title is seen without unfolding.
    reader.press("gXgx/callout");
    check(&reader, "a title", &["▎ ▾ ✓ A callout", "▸ First part"], &[]);
}

#[test]
fn an_article_found_by_a_search_shows_its_hits() {
    let mut reader = reader();
    reader.press("h/moon<enter>");
    check(&reader, "found", &["▾ First part", "▾ Nested part", "Deep moon."], &["Its text."]);
    // What the user folds stays folded.
    reader.press("<enter>gx");
    check(&reader, "folded", &["▸ First part"], &["Nested part"]);
    reader.press("h<esc>");
    check(&reader, "no search", &["▸ First part"], &["Deep moon."]);
}

#[test]
fn folded_code_is_not_copied() {
    let mut reader = reader();
    reader.press("C");
    check(&reader, "folded", &["All code of this article is folded"], &[]);
    reader.press("gxC");
    let is_copy = |effect: &Effect| matches!(effect, Effect::Copy { text, .. } if text.as_str() == "fn hidden() {}");
    assert!(reader.effects.iter().any(is_copy), "{:?}", reader.effects);
}

#[test]
fn the_place_in_the_text_stays_when_blocks_are_folded() {
    let many = (0..40).map(|n| format!("Paragraph number {n}.\n\n")).collect::<String>();
    let body =
        format!("<details>\n<summary>Part</summary>\n\n{many}</details>\n\n{}", many.replace("Para", "Other para"));
    let mut reader = of(&body);
    reader.press("gx<ctrl-d>");
    let first = |reader: &Reader| {
        let area = reader.frame.detail.area;
        let inside = |line: &str| line.chars().skip(area.x.into()).take(area.width.into()).collect::<String>();
        let rows = reader.text().lines().skip(area.y.into()).map(inside).collect::<Vec<_>>();
        rows.iter().map(|row| row.trim()).find(|row| !row.is_empty()).unwrap_or_default().to_owned()
    };
    let within = first(&reader);
    assert!(within.starts_with("Paragraph"), "{within}");
    // No title is on the screen: the block that the screen shows is folded, and its title is at the top.
    reader.press("gx");
    assert_eq!(first(&reader), "▸ Part");
    reader.press("gx");
    assert_eq!(first(&reader), "▾ Part");
    // Text below a block stays at the top when the block is folded.
    reader.press("G<ctrl-u>");
    let below = first(&reader);
    assert!(below.starts_with("Other"), "{below}");
    reader.press(":fold-all<enter>");
    assert_eq!(first(&reader), below);
    reader.resize(80, 40);
    reader.press("gX");
    assert_eq!(first(&reader), below);
}

#[test]
fn signs_are_plain_where_only_ascii_is_shown() {
    let article = format!("---\ntitle: Tides\ndate: 2020-01-01\n---\n{BODY}");
    let folder = Folder::new().file("a.md", article).file("b.md", "---\ntitle: B\n---\nb\n");
    let mut reader = Reader::of_folder(folder.path()).sized(100, 50);
    reader.adopt(crate::harness::reader::user("plain: true"));
    reader.press("<enter>");
    check(&reader, "plain", &["> First part"], &["▸ First"]);
}

#[test]
fn screens_with_folded_and_open_blocks() {
    let mut reader = reader();
    reader.resize(100, 30);
    reader.press("gx");
    insta::with_settings!({ description => "gx", omit_expression => true }, {
        insta::assert_snapshot!("folding_100x30", reader.styled());
    });
}
