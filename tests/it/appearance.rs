//! Appearance: ASCII and plain screens, rows of two lines, widths and dates.

use std::time::Duration;

use frontpage::text::ascii::is_emoji;

use crate::harness::command::Home;
use crate::harness::folder::Folder;
use crate::harness::pty::Pty;
use crate::harness::reader::Reader;

const SIZES: [(u16, u16); 3] = [(60, 20), (100, 30), (160, 45)];

fn snapshot(name: &str, settings: &str, keys: &str) {
    for (columns, rows) in SIZES {
        let mut reader = Reader::of_news_with(settings).sized(columns, rows);
        reader.press(keys);
        insta::with_settings!({ description => format!("{settings}; {keys}"), omit_expression => true }, {
            insta::assert_snapshot!(format!("{name}_{columns}x{rows}"), reader.styled());
        });
    }
}

#[test]
fn screens_in_ascii() {
    snapshot("ascii", "ascii: true", "<enter>hsjmsG");
    snapshot("ascii_story", "ascii: true", "xjv<down>t");
}

#[test]
fn screens_in_plain() {
    snapshot("plain", "plain: true", "<enter>hsjmsG");
    snapshot("plain_related", "plain: true", "<enter>l");
}

#[test]
fn screens_of_comfortable_rows() {
    snapshot("comfortable", "density: comfortable", "<enter>hsj");
    snapshot("comfortable_search", "density: comfortable", "/the<enter>");
}

/// ASCII, and letters with combining characters.
fn is_plain(c: char) -> bool {
    c.is_ascii() || (c.is_alphanumeric() && !is_emoji(c))
}

const PICTURES: &str = "😀 🔥 ❤\u{fe0f} 👩\u{200d}🚀 🇫🇷 1\u{fe0f}\u{20e3} ✅ “so” – it’s… → ★ • Жук 潮汐";

fn pictures() -> Folder {
    let article = |title: &str| {
        let (front, body) = (
            format!("title: '{title} {PICTURES}'\ntopics: ['🧪 lab']\n"),
            format!(
                "# {PICTURES}\n\n- {PICTURES}\n\n> {PICTURES}\n\n| a | b |\n|--|--|\n| 😀 | 🔥 |\n\n```\nlet a = '🔥'; │\n```\n"
            ),
        );
        format!(
            "---\n{front}provider: {{name: '🌊 Wave'}}\nexcerpt: '{PICTURES}'\nlink: https://example.org/{title}\n---\n{body}"
        )
    };
    Folder::new().file("a.md", article("one")).file("b.md", article("two")).file("c.md", "---\ntitle: [\n---\n")
}

#[test]
fn a_plain_screen_has_no_emoji_and_nothing_but_ascii_and_letters() {
    let folder = pictures();
    for settings in ["plain: true", "ascii: true", "plain: true\ndensity: comfortable\ntheme: nord"] {
        for (columns, rows) in SIZES {
            let library = frontpage::library::Library::Paths(vec![folder.path().to_owned()]);
            let mut reader = Reader::with_settings(settings).reading(library).sized(columns, rows);
            for keys in [
                "",
                "s",
                "<enter>",
                "l",
                "?",
                "<esc>t",
                "<esc>U",
                "<esc>P",
                "<esc>T",
                "<esc>hhh/fire",
                "<esc>S",
                "<esc>xvj",
            ] {
                reader.press(keys);
                let text = reader.text();
                let odd: String = text.chars().filter(|c| !is_plain(*c)).collect();
                assert_eq!(odd, "", "{settings} after {keys}:\n{text}");
            }
        }
    }
    let usual: String = Reader::of_folder(folder.path()).text().chars().filter(|c| is_emoji(*c)).collect();
    assert!(usual.contains('😀') && usual.contains('🔥'), "the articles have some");
}

#[test]
fn a_plain_reader_writes_no_emoji_to_the_terminal() {
    let folder = pictures();
    let path = folder.path().to_str().expect("a path");
    let mut pty = Pty::spawn(env!("CARGO_BIN_EXE_frontpage"), &["--plain", path], &[], (100, 30));
    pty.wait_for_text("two :) ()");
    pty.send("\r");
    pty.wait_for_text("> Article");
    let written = String::from_utf8_lossy(&pty.raw()).into_owned();
    let odd: String = written.chars().filter(|c| !is_plain(*c)).collect();
    assert_eq!(odd, "");
    pty.send("Q");
    pty.wait_exit(Duration::from_secs(10));
}

#[test]
fn tables_of_the_command_line_are_plain_too() {
    let folder = pictures();
    let path = folder.path().to_str().expect("a path");
    let home = Home::new();
    for flag in ["--plain", "--ascii"] {
        for arguments in [["list", flag, "-L", path].as_slice(), &["show", "https://example.org/one", flag, "-L", path]]
        {
            let ran = home.run(arguments);
            let odd: String = ran.out.chars().filter(|c| !is_plain(*c)).collect();
            assert_eq!((ran.code, odd.as_str()), (0, ""), "{}{}", ran.out, ran.err);
        }
    }
    let json = home.run(&["list", "--plain", "--format", "json", "-L", path]);
    assert!(json.out.contains('🔥'), "programs get what the files say");
    assert!(home.run(&["list", "-L", path]).out.contains('🔥'));
}

fn many() -> Folder {
    let article = |n: usize| {
        let long =
            "and a title that goes on until it has to be wrapped in its row, however wide that is, because it is long";
        format!(
            "---\ntitle: 'Article {n:02} {}'\ntopics: [Topic{n}]\n---\n",
            if n.is_multiple_of(2) { long } else { "" }
        )
    };
    (0..40).fold(Folder::new(), |folder, n| folder.file(&format!("{n:02}.md"), article(n)))
}

#[test]
fn pages_and_offsets_of_comfortable_rows_count_rows() {
    let folder = many();
    let library = frontpage::library::Library::Paths(vec![folder.path().to_owned()]);
    let mut reader = Reader::with_settings("density: comfortable\nnavigation: hidden").reading(library).sized(160, 46);
    let list = reader.frame.list.area;
    assert_eq!((list.height, reader.frame.list.page(), reader.frame.list.rows_built), (42, 21, 21));
    reader.press("<ctrl-f>");
    assert_eq!(reader.app().list().selected(), 20);
    reader.press("<ctrl-d>j");
    assert_eq!((reader.app().list().selected(), reader.frame.list.offset), (31, 14));
    assert_eq!(reader.frame.list.row_at((list.x, list.bottom() - 1)), Some(34));
    assert_eq!(
        (reader.frame.list.row_at((list.x, list.y + 3)), reader.frame.list.row_at((list.x, list.bottom()))),
        (Some(15), None)
    );
    reader.press("G");
    assert_eq!((reader.app().list().selected(), reader.frame.list.offset), (39, 19));
    let text = reader.text();
    let lines: Vec<&str> = text.lines().collect();
    let row = lines.iter().position(|line| line.starts_with("┃▸")).expect("the selected row");
    assert!(lines[row].contains("Article 39") || lines[row].contains("Article 00"), "{text}");
    // Every size draws, and the selection is always seen.
    for rows in 5..30 {
        reader.resize(60, rows);
        assert!(reader.text().contains('▸'), "{rows}: {}", reader.text());
    }
}

#[test]
fn a_title_has_the_whole_width_and_below_it_is_what_else_is_known() {
    let front = "title: 'Slow clocks of the sea, and how long their names can be before they end'\nprovider: {name: Wave}\n\
        topics: [Sea, Clocks]\ndate: 2021-02-18T04:06:00Z\nquality: 162\n";
    let folder = Folder::new()
        .file("a.md", format!("---\n{front}---\nA text with a tide in it.\n"))
        .file("b.md", "---\ntitle: Bare\n---\n");
    let library = frontpage::library::Library::Paths(vec![folder.path().to_owned()]);
    let mut reader = Reader::with_settings("density: comfortable\nnavigation: hidden").reading(library).sized(160, 45);
    let list = reader.frame.list.area;
    let line = |reader: &Reader, y: u16| -> String {
        let cells = (list.left()..list.right()).map(|x| reader.screen()[(x, list.y + y)].symbol());
        cells.collect::<String>().trim_end().to_owned()
    };
    let title = "▸●  Slow clocks of the sea, and how long their names can be before the…";
    let below = |left: &str, right: &str| {
        let blanks = usize::from(list.width) - 5 - left.chars().count() - right.len();
        format!("    {left}{}{right}", " ".repeat(blanks))
    };
    assert_eq!([0, 1].map(|y| line(&reader, y)), [title.to_owned(), below("Wave · #Sea #Clocks", "18 Feb")]);
    assert_eq!([2, 3].map(|y| line(&reader, y)), [" ●  Bare".to_owned(), String::new()]);
    reader.press("alate<enter>s");
    assert_eq!(line(&reader, 1), below("Wave · #Sea #Clocks · ✎ late", "18 Feb"));
    reader.press(":sort quality<enter>");
    assert_eq!(line(&reader, 1), below("Wave · #Sea #Clocks · ✎ late", "18 Feb  162"));
    reader.press("/tide<enter>");
    assert!(line(&reader, 1).contains("with a tide in it"), "{}", reader.text());
    assert!(reader.underlined().iter().any(|(y, run)| *y == list.y + 1 && run == "tide"), "{:?}", reader.underlined());
    reader.press("c/slow<enter>");
    assert!(reader.underlined().iter().any(|(y, run)| *y == list.y && run == "Slow"), "{:?}", reader.underlined());
}

#[test]
fn panes_are_arranged_as_the_settings_say() {
    let at = |settings: &str, columns| {
        let reader = Reader::of_news_with(settings).sized(columns, 40);
        (reader.frame.list.area, reader.frame.detail.area)
    };
    let (list, detail) = at("", 110);
    assert!(list.bottom() < detail.y);
    let (list, detail) = at("layout: {wide: 100}", 110);
    assert!(list.right() < detail.x && list.y == detail.y);
    assert!(at("layout: {medium: 115}", 110).1.is_empty());
    assert!(!at("layout: {medium: 60}", 70).1.is_empty());
}

#[test]
fn dates_are_written_as_the_settings_say() {
    let dated = |settings: &str| Reader::of_news_with(settings).sized(160, 45).text();
    assert!(dated("").contains("18 February 2021, 16:18 UTC"));
    let text = dated("dates: {date: \"%a %Y-%m-%d\", time: \"%H.%M\", zone: \"+09:00\"}");
    assert!(text.contains("Fri 2021-02-19, 01.18 +09:00"), "{text}");
    let home = Home::new();
    home.file(".config/frontpage/config.yaml", "dates: {zone: local}\n");
    let home = home.with("TZ", "EST5");
    let ran = home.run(&["screen", "--size", "160x45", "-L", "tests/fixtures/news"]);
    assert!(ran.out.contains("18 February 2021, 11:18 · "), "{}{}", ran.out, ran.err);
}

#[test]
fn keys_are_named_where_arrows_are_not_drawn() {
    for (settings, keys) in
        [("", "j, ↓, Ctrl-n"), ("ascii: true", "j, Down, Ctrl-n"), ("plain: true", "j, Down, Ctrl-n")]
    {
        let mut reader = Reader::of_news_with(settings);
        reader.press("?/down");
        assert!(reader.text().contains(keys), "{settings}: {}", reader.text());
    }
}

#[test]
fn every_size_draws_with_other_looks() {
    let mut drawn = 0;
    for settings in ["plain: true\ndensity: comfortable\ntheme: light", "ascii: true\nlayout: {wide: 60, medium: 40}"] {
        let mut reader = Reader::of_news_with(settings);
        for keys in ["/the<enter>", "<enter>", "T"] {
            reader.press(keys);
            for columns in [1, 19, 20, 21, 35, 36, 37, 40, 59, 60, 80, 119, 120, 300] {
                for rows in [1, 4, 5, 6, 7, 15, 16, 17, 30, 100] {
                    reader.resize(columns, rows);
                    drawn += 1;
                }
            }
        }
    }
    assert_eq!(drawn, 2 * 3 * 14 * 10);
}
