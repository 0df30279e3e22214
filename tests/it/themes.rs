//! Themes: each is readable, each is shown while it is picked, and none uses colour as the only sign.

use std::time::Duration;

use frontpage::app::{PickedTheme, SessionInit, ThemeList};
use frontpage::config::theme::Theme;
use frontpage::config::themes::{BUILT_IN, ColourDepth};
use frontpage::library::Library;
use frontpage::terminal::Background;
use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

use crate::harness::command::Home;
use crate::harness::folder::Folder;
use crate::harness::pty::{Pty, dismiss_welcome};
use crate::harness::reader::{Reader, user};

/// A list with rows that are read, unread, starred and selected, beside an article with all that a body may have.
const STATE: &str = "<enter>hsjmsG";

/// Where things are on the screen: keys, and what they show.
const STATES: [&str; 10] =
    [STATE, "Xjv<down>", "<enter>J<enter>", "/moon", "G<enter>/the<enter>n", "tmach", "U", "?", "Smq", "F/a(b/"];

fn themed(name: &str) -> Reader {
    Reader::of_news_with(&format!("theme: {name}"))
}

/// The themes whose screens differ by more than colours: without a background, with one, with a reversed selection, without colour.
const UNLIKE: [&str; 4] = ["terminal", "dark", "high-contrast", "none"];

/// The themes with colours of their own, and the contrast that their text has.
fn coloured() -> impl Iterator<Item = (&'static str, f64)> {
    let names = BUILT_IN.iter().map(|(name, _)| *name).filter(|name| !["terminal", "none"].contains(name));
    names.map(|name| (name, if name.starts_with("high") { 7.0 } else { 4.5 }))
}

#[test]
fn screens_of_themes() {
    for name in UNLIKE {
        for (columns, rows) in [(60, 20), (100, 30), (160, 45)] {
            let mut reader = themed(name).sized(columns, rows);
            reader.press(STATE);
            insta::with_settings!({ description => STATE, omit_expression => true }, {
                insta::assert_snapshot!(format!("{name}_{columns}x{rows}"), reader.styled());
            });
        }
    }
}

/// The relative luminance of a colour, from 0 to 1, as WCAG defines it.
fn luminance(r: u8, g: u8, b: u8) -> f64 {
    let part = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
}

/// A colour of the palette of 256 behind the first sixteen, which is the same everywhere: a cube, and greys.
fn of_palette(index: u8) -> [u8; 3] {
    let step = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
    match index {
        232.. => [8 + 10 * (index - 232); 3],
        _ => [(index - 16) / 36, (index - 16) / 6 % 6, (index - 16) % 6].map(step),
    }
}

/// How far apart two colours are, from 0 to 442.
fn distance(one: Color, other: Color) -> f64 {
    let (Color::Rgb(r, g, b), Color::Rgb(s, h, c)) = (one, other) else { return f64::MAX };
    let parts = [(r, s), (g, h), (b, c)].map(|(one, other)| f64::from(one.abs_diff(other)).powi(2));
    parts.iter().sum::<f64>().sqrt()
}

fn contrast(one: Color, other: Color) -> f64 {
    let light = |colour| match colour {
        Color::Rgb(r, g, b) => luminance(r, g, b),
        Color::Indexed(index @ 16..) => {
            let [r, g, b] = of_palette(index);
            luminance(r, g, b)
        }
        other => panic!("{other} is no colour of its own"),
    };
    let (one, other) = (light(one), light(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The least contrast of what is written on a screen, with where it is. `ground` is the background under a theme that sets none.
fn least_contrast(reader: &Reader, ground: Option<Color>) -> (f64, String) {
    let area = *reader.screen().area();
    let mut least = (f64::MAX, String::new());
    for (x, y) in (0..area.height).flat_map(|y| (0..area.width).map(move |x| (x, y))) {
        let cell: &Cell = &reader.screen()[(x, y)];
        if cell.symbol().trim().is_empty() {
            continue;
        }
        assert!(!cell.modifier.contains(Modifier::DIM), "a terminal would make it fainter: {}", cell.symbol());
        let on = if cell.bg == Color::Reset { ground.unwrap_or(cell.bg) } else { cell.bg };
        let found = contrast(cell.fg, on);
        if found < least.0 {
            least = (found, format!("{:?} {} on {on} at {x},{y}", cell.symbol(), cell.fg));
        }
    }
    least
}

#[test]
fn contrast_is_computed_as_in_wcag() {
    let rgb = |hex: u32| Color::from_u32(hex);
    for (one, other, known) in
        [(0, 0x00ff_ffff, 21.0), (0x0077_7777, 0x00ff_ffff, 4.48), (0x00ff_0000, 0x0000_00ff, 2.15)]
    {
        assert!((contrast(rgb(one), rgb(other)) - known).abs() < 0.01, "{one:x} {other:x}");
    }
}

#[test]
fn every_text_of_every_theme_can_be_read() {
    let mut looked_at = 0;
    for (colours, keys) in [ColourDepth::TrueColour, ColourDepth::Indexed256]
        .into_iter()
        .flat_map(|colours| STATES.map(|keys| (colours, keys)))
    {
        let init = SessionInit { colours, ..SessionInit::default() };
        let library = Library::Paths(vec!["tests/fixtures/news".into()]);
        let mut reader = Reader::starting(init).reading(library).sized(160, 45);
        reader.press(keys);
        for (name, wanted) in coloured() {
            reader.adopt(user(&format!("theme: {name}")));
            let (least, place) = least_contrast(&reader, None);
            assert!(least >= wanted, "{name}, {colours:?} after {keys}: {least:.2}, {place}\n{}", reader.text());
            looked_at += 1;
        }
    }
    assert_eq!(looked_at, 2 * STATES.len() * (BUILT_IN.len() - 2));
}

#[test]
fn the_list_of_themes_can_be_read_in_every_theme() {
    let mut reader = themed("terminal").sized(160, 45);
    reader.press("T");
    for (name, wanted) in coloured() {
        reader.press("j");
        assert_eq!(shown(&reader), name);
        let (least, place) = least_contrast(&reader, None);
        assert!(least >= wanted, "{name}: {least:.2}, {place}\n{}", reader.text());
    }
}

/// An article with all that has a colour of its own.
const COLOURFUL: &str = "# One\n\nText with `code`, a [link](https://a.example), ~~old~~ and #tag.\n\n## Two\n\n> quoted\n\n\
    > [!NOTE]\n> a note\n\n> [!TIP]\n> a tip\n\n> [!IMPORTANT]\n> important\n\n> [!WARNING]\n> a warning\n\n\
    - [x] done\n- [ ] open\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n### Three\n\n\
    ```rust title=\"a.rs\"\nlet x = \"a\"; // 1\nb(2)\n```\n\n```diff\n--- a\n@@ 1 @@\n+b\n-c\n d\n```\n";

#[test]
fn an_article_of_every_theme_can_be_read() {
    let folder = Folder::new().file("a.md", COLOURFUL);
    for colours in [ColourDepth::TrueColour, ColourDepth::Indexed256] {
        let library = Library::Paths(vec![folder.path().to_owned()]);
        let init = SessionInit { colours, ..SessionInit::default() };
        let mut reader = Reader::starting(init).reading(library).sized(100, 90);
        reader.press("<enter>");
        assert!(reader.text().contains("-c"), "{}", reader.text());
        for (name, wanted) in coloured() {
            reader.adopt(user(&format!("theme: {name}")));
            let (least, place) = least_contrast(&reader, None);
            assert!(least >= wanted, "{name}, {colours:?}: {least:.2}, {place}\n{}", reader.text());
        }
    }
}

#[test]
fn colours_that_mean_different_things_differ() {
    for (name, _) in coloured() {
        let theme = shown_theme(&themed(name));
        let code = &theme.code_parts;
        for (one, other, what) in [
            (theme.text, theme.dim, "unread and read"),
            (theme.background, theme.selected_background, "selected"),
            (code.string, theme.warning, "added and removed"),
            (code.string, code.comment, "string and comment"),
            (code.string, code.keyword, "string and keyword"),
            (code.keyword, code.comment, "keyword and comment"),
            (theme.code, theme.warning, "tip and warning"),
            (theme.provider, theme.topic, "note and important"),
            (theme.provider, theme.warning, "note and warning"),
        ] {
            assert!(distance(one, other) > 24.0, "{name}: {what} {one} {other}");
        }
    }
}

#[test]
fn the_terminal_theme_is_readable_on_common_backgrounds() {
    let dark = [0x0000_0000, 0x001e_1e1e, 0x0028_2c34, 0x0000_2b36, 0x001a_1b26, 0x0030_0a24, 0x002e_3440];
    let light = [0x00ff_ffff, 0x00fa_fafa, 0x00fd_f6e3, 0x00ef_f1f5, 0x00ee_e8d5];
    let themes = [(false, dark.as_slice()), (true, light.as_slice())];
    for (colours, (is_light, grounds)) in [ColourDepth::TrueColour, ColourDepth::Indexed256]
        .into_iter()
        .flat_map(|colours| themes.map(|theme| (colours, theme)))
    {
        for keys in STATES {
            let init = SessionInit { user: user("theme: auto"), colours, ..SessionInit::default() };
            let library = Library::Paths(vec!["tests/fixtures/news".into()]);
            let mut reader = Reader::starting(init).reading(library).sized(160, 45);
            reader.with_session(|session| session.set_background(Background::of_light(is_light)));
            reader.press(keys);
            assert_eq!(reader.screen()[(1, 44)].bg, Color::Reset, "the ground is that of the terminal");
            for ground in grounds {
                let (least, place) = least_contrast(&reader, Some(Color::from_u32(*ground)));
                assert!(
                    least >= 4.5,
                    "{colours:?}, light: {is_light}, on {ground:06x} after {keys}: {least:.2}, {place}"
                );
            }
        }
    }
}

/// The sixteen colours as terminals come with them: xterm, VGA and the console of Linux, VTE, rxvt.
const SIXTEEN: [[u32; 16]; 4] = [
    [
        0x00_0000, 0xcd_0000, 0x00_cd00, 0xcd_cd00, 0x00_00ee, 0xcd_00cd, 0x00_cdcd, 0xe5_e5e5, 0x7f_7f7f, 0xff_0000,
        0x00_ff00, 0xff_ff00, 0x5c_5cff, 0xff_00ff, 0x00_ffff, 0xff_ffff,
    ],
    [
        0x00_0000, 0xaa_0000, 0x00_aa00, 0xaa_5500, 0x00_00aa, 0xaa_00aa, 0x00_aaaa, 0xaa_aaaa, 0x55_5555, 0xff_5555,
        0x55_ff55, 0xff_ff55, 0x55_55ff, 0xff_55ff, 0x55_ffff, 0xff_ffff,
    ],
    [
        0x17_1421, 0xc0_1c28, 0x26_a269, 0xa2_734c, 0x12_488b, 0xa3_47ba, 0x2a_a1b3, 0xd0_cfcc, 0x5e_5c64, 0xf6_6151,
        0x33_d17a, 0xe9_ad0c, 0x2a_7bde, 0xc0_61cb, 0x33_c7de, 0xff_ffff,
    ],
    [
        0x00_0000, 0xcd_0000, 0x00_cd00, 0xcd_cd00, 0x00_00cd, 0xcd_00cd, 0x00_cdcd, 0xfa_ebd7, 0x40_4040, 0xff_0000,
        0x00_ff00, 0xff_ff00, 0x00_00ff, 0xff_00ff, 0x00_ffff, 0xff_ffff,
    ],
];

/// Symbols that need no contrast: frame lines, dots, and bars beside their numbers.
fn is_ornament(symbol: &str) -> bool {
    symbol.chars().all(|c| matches!(c, '\u{2500}'..='\u{259f}' | '●' | '◦'))
}

/// The words of a screen that a colour of the sixteen makes hard to read on black or on white.
fn hard_to_read(reader: &Reader) -> Vec<String> {
    let (mut hard, black, white) = (Vec::new(), Color::from_u32(0), Color::from_u32(0xff_ffff));
    for cell in reader.screen().content().iter().filter(|cell| !cell.symbol().trim().is_empty()) {
        if is_ornament(cell.symbol()) || (cell.fg, cell.bg) == (Color::Reset, Color::Reset) {
            continue;
        }
        for (palette, ground) in SIXTEEN.iter().flat_map(|palette| [(palette, black), (palette, white)]) {
            let shown = |colour| match colour {
                Color::Reset => None,
                Color::Indexed(index @ 16..) => Some(Color::Indexed(index)),
                Color::Indexed(index) => Some(Color::from_u32(palette[usize::from(index)])),
                Color::Rgb(..) => Some(colour),
                named => Some(Color::from_u32(palette[of_sixteen(named)])),
            };
            // Text has the colour opposite to its ground.
            let text = if ground == black { white } else { black };
            let found = contrast(shown(cell.fg).unwrap_or(text), shown(cell.bg).unwrap_or(ground));
            if found < 4.5 {
                hard.push(format!("{:?}: {} on {ground}: {found:.2}", cell.symbol(), cell.fg));
            }
        }
    }
    hard
}

/// The place of a colour among the sixteen.
fn of_sixteen(named: Color) -> usize {
    use Color::*;
    let all = [
        Black,
        Red,
        Green,
        Yellow,
        Blue,
        Magenta,
        Cyan,
        Gray,
        DarkGray,
        LightRed,
        LightGreen,
        LightYellow,
        LightBlue,
        LightMagenta,
        LightCyan,
        White,
    ];
    all.iter().position(|known| *known == named).expect("one of the sixteen")
}

#[test]
fn in_the_colours_of_the_terminal_all_text_can_be_read_on_black_and_on_white() {
    let mut ornaments = 0;
    for keys in STATES.into_iter().chain(["T", "i", ":"]) {
        let mut reader = themed("terminal").sized(160, 45);
        reader.press(keys);
        assert_eq!(hard_to_read(&reader), Vec::<String>::new(), "after {keys}\n{}", reader.styled());
        let coloured = |cell: &&Cell| cell.fg == Color::Cyan && is_ornament(cell.symbol());
        ornaments += reader.screen().content().iter().filter(coloured).count();
    }
    assert!(ornaments > 1000, "frames and dots have a colour");
    // The test notices bad contrast: blue on black and yellow on white are the worst.
    for colour in ["blue", "yellow", "cyan", "darkgray"] {
        let settings = format!("theme: mine\nthemes:\n  mine: {{text: {colour}}}\n");
        assert!(!hard_to_read(&Reader::of_news_with(&settings)).is_empty(), "{colour}");
    }
}

#[test]
fn in_the_colours_of_the_terminal_links_and_hits_have_lines_below_them() {
    let mut reader = themed("terminal").sized(160, 45);
    reader.press("G<enter>");
    let runs = reader.underlined();
    assert!(runs.iter().any(|(_, run)| run.contains("https://")), "{runs:?}");
    reader.press("/the<enter>");
    let wanted = Modifier::UNDERLINED | Modifier::BOLD;
    let hits = reader.screen().content().iter().filter(|cell| cell.modifier.contains(wanted));
    assert!(hits.count() > 3, "{}", reader.styled());
}

/// The ground of the row of the screen that is always there.
fn ground(reader: &Reader) -> Color {
    reader.screen()[(0, 29)].bg
}

/// The name of the theme on the screen.
fn shown(reader: &Reader) -> String {
    let app = reader.app();
    app.themes().names()[app.shown_theme()].to_string()
}

/// The theme on the screen.
fn shown_theme(reader: &Reader) -> Theme {
    let app = reader.app();
    app.themes().theme(app.shown_theme())
}

#[test]
fn the_theme_list_previews_the_selected_theme_and_keeps_the_picked_one() {
    let mut reader = themed("nord");
    reader.press("<enter>");
    let nord = (Color::from_u32(0x2e_3440), shown(&reader));
    assert_eq!((ground(&reader), nord.1.as_str()), (nord.0, "nord"));
    reader.press("T");
    assert!(reader.app().overlays().top_as::<ThemeList>().is_some());
    assert!(reader.text().contains("▸ nord") && reader.text().contains("in use"), "{}", reader.text());
    reader.press("j");
    assert_eq!((ground(&reader), shown(&reader).as_str()), (Color::from_u32(0x19_1724), "rose-pine"));
    // The article as well, which is wrapped once and kept.
    let detail = reader.frame.detail.area;
    let title = &reader.screen()[(detail.x + 1, detail.y)];
    assert_eq!(title.fg, Color::from_u32(0xe0_def4), "{}", title.symbol());
    reader.press("<esc>");
    assert_eq!((ground(&reader), shown(&reader)), nord);
    assert_eq!(reader.app().bookmark().expect("a bookmark").theme, None);
    reader.press("Tgg<enter>");
    assert_eq!((ground(&reader), shown(&reader).as_str()), (Color::Reset, "terminal"));
    let picked = PickedTheme { theme: "terminal".to_owned(), instead_of: "nord".to_owned() };
    assert_eq!(reader.app().bookmark().expect("a bookmark").theme, Some(picked));
}

#[test]
fn the_picked_theme_stays_until_the_settings_name_another() {
    let picked = Some(PickedTheme { theme: "gruvbox".to_owned(), instead_of: "auto".to_owned() });
    let init = || SessionInit { picked: picked.clone(), ..SessionInit::default() };
    let next = |settings: &str| Reader::starting(SessionInit { user: user(settings), ..init() });
    assert_eq!(shown(&next("")), "gruvbox");
    assert_eq!(shown(&next("theme: auto")), "gruvbox");
    assert_eq!(shown(&next("theme: nord")), "nord");
    let mut reader = next("");
    reader.with_session(|session| session.set_background(Background::Light));
    assert_eq!(shown(&reader), "gruvbox", "the picked theme stays");
    reader.adopt(user("theme: light"));
    assert_eq!((shown(&reader).as_str(), ground(&reader)), ("light", Color::from_u32(0xfb_fbf9)));
    // Also before articles are loaded, and when a session is restored.
    let fresh = Reader::starting(init());
    assert_eq!(fresh.app().bookmark(), None);
    let bookmark = Some(frontpage::app::Bookmark::default());
    let back = Reader::starting(SessionInit { bookmark, ..init() });
    assert_eq!(back.app().bookmark().expect("a bookmark").theme, picked);
}

#[test]
fn the_background_of_the_terminal_chooses_a_theme() {
    let mut reader = themed("auto");
    assert_eq!(shown(&reader), "terminal");
    for (is_light, chosen) in [(true, "light"), (false, "dark")] {
        reader.with_session(|session| session.set_background(Background::of_light(is_light)));
        assert_eq!((shown(&reader).as_str(), ground(&reader)), (chosen, Color::Reset));
    }
    let mut reader = themed("{light: solarized-light, dark: nord}");
    assert_eq!(shown(&reader), "nord");
    reader.with_session(|session| session.set_background(Background::Light));
    assert_eq!((shown(&reader).as_str(), ground(&reader)), ("solarized-light", Color::from_u32(0xfd_f6e3)));
    let init = SessionInit { user: user("theme: nord"), colours: ColourDepth::Indexed256, ..SessionInit::default() };
    let reader = Reader::starting(init);
    assert!(matches!(ground(&reader), Color::Indexed(_)), "{}", ground(&reader));
}

#[test]
fn without_colours_signs_and_weight_tell_everything() {
    for keys in STATES {
        let mut reader = themed("none").sized(160, 45);
        reader.press(keys);
        let coloured = reader.screen().content().iter().find(|cell| (cell.fg, cell.bg) != (Color::Reset, Color::Reset));
        assert_eq!(coloured, None, "after {keys}");
    }
    let mut reader = themed("none").sized(160, 45);
    reader.press("jmsG");
    let text = reader.text();
    let row = |title: &str| {
        text.lines()
            .find(|line| line.split("┃│").next().is_some_and(|row| row.contains(title)))
            .expect("a row")
            .to_owned()
    };
    assert!(row("Wave Tank").starts_with("┃  ★"), "read and starred: {text}");
    assert!(row("Boat Shed").starts_with("┃▸●"), "selected and unread: {text}");
    assert!(row("Tide Clocks").starts_with("┃ ● "), "{text}");
    assert!(text.contains("┏▌ news") && text.contains("╭ Article"), "what has the focus: {text}");
    let modifier = |reader: &Reader, x, y| reader.screen()[(x, y)].modifier;
    let (list, selected) = (reader.frame.list.area, reader.frame.list.area.y + 2);
    assert!(modifier(&reader, list.x + 30, selected).contains(Modifier::REVERSED));
    assert!(modifier(&reader, list.x + 30, list.y + 1).contains(Modifier::DIM), "what was read");
    reader.press("gg<enter>l");
    let text = reader.text();
    assert!(text.contains("┏▌ Related") && text.contains("▸• in this story"), "{text}");
    reader.press("<enter>hh");
    assert!(reader.text().contains("◦ "), "what was read of what is related: {}", reader.text());
    reader.press("/moon");
    assert!(reader.underlined().iter().any(|(_, run)| run == "Moon"), "{}", reader.styled());
    reader.press("<esc>G<enter>/the<enter>");
    let hits: Vec<Modifier> = reader
        .screen()
        .content()
        .iter()
        .map(|cell| cell.modifier)
        .filter(|modifier| modifier.contains(Modifier::UNDERLINED | Modifier::BOLD))
        .collect();
    let here = hits.iter().filter(|modifier| modifier.contains(Modifier::REVERSED)).count();
    assert!(here == 3 && hits.len() > 3, "the current hit: {here} of {}", hits.len());
}

/// The escape sequence that begins a colour.
const NORD: &str = "48;2;46;52;64";
const GRUVBOX: &str = "48;2;40;40;40";

fn ansi(home: &Home, arguments: &[&str]) -> (String, String) {
    let ran = home.run(&[&["screen", "--format", "ansi", "-L", "tests/fixtures/news"], arguments].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    (ran.out, ran.err)
}

#[test]
fn flags_come_before_the_environment_and_that_before_the_settings() {
    let settings = ".config/frontpage/config.yaml";
    let home = Home::new();
    home.file(settings, "theme: nord\n");
    assert!(ansi(&home, &[]).0.contains(NORD));
    assert!(ansi(&home, &["--theme", "gruvbox"]).0.contains(GRUVBOX));
    assert!(!ansi(&home, &["--theme", "none"]).0.contains("38;"));
    let (out, err) = ansi(&home, &["--theme", "grovbox"]);
    assert!(out.contains(NORD), "the settings hold");
    assert!(err.contains("--theme: unknown theme `grovbox` (did you mean `gruvbox`?)"), "{err}");
    let home = Home::new().with("FRONTPAGE_THEME", "gruvbox");
    home.file(settings, "theme: nord\n");
    assert!(ansi(&home, &[]).0.contains(GRUVBOX));
    assert!(ansi(&home, &["--theme", "nord"]).0.contains(NORD));
    let home = Home::new().with("FRONTPAGE_THEME", "no\u{1b}rd");
    let (_, err) = ansi(&home, &[]);
    assert!(err.contains("$FRONTPAGE_THEME: unknown theme `nod`") && !err.contains('\u{1b}'), "{err}");
}

#[test]
fn every_theme_can_be_asked_for_by_name() {
    let home = Home::new();
    for (name, _) in BUILT_IN {
        let (out, err) = ansi(&home, &["--theme", name, "--size", "60x20"]);
        assert_eq!(err, "", "{name}");
        let ground = match shown_theme(&themed(name)).background {
            Color::Rgb(r, g, b) => format!("48;2;{r};{g};{b}"),
            _ => String::new(),
        };
        assert!(out.contains(&ground) && out.contains("38;2;") != ["terminal", "none"].contains(&name), "{name}");
    }
    assert!(ansi(&home, &["--theme", "Rosé Pine"]).0.contains("48;2;25;23;36"));
}

#[test]
fn no_color_comes_before_everything() {
    let home = Home::new().with("NO_COLOR", "1").with("FRONTPAGE_THEME", "nord");
    let (out, _) = ansi(&home, &["--theme", "gruvbox", "--keys", "T"]);
    for code in ["38;", "48;", "[0;3", "[0;9", ";34m", ";36m"] {
        assert!(!out.contains(code), "{code}: {out}");
    }
    assert!(out.contains("\u{1b}[0;7") && out.contains("No other theme"), "{out}");
}

#[test]
fn problems_of_a_theme_are_reported_with_their_position_and_the_program_runs() {
    let home = Home::new();
    home.file(
        ".config/frontpage/config.yaml",
        "theme: mine\nthemes:\n  mine:\n    based on: nord\n    text: \"#ggg\"\n",
    );
    let (out, err) = ansi(&home, &[]);
    assert!(out.contains(NORD), "the rest of the theme holds");
    assert!(err.contains("config.yaml:5:11: `#ggg` is not a colour; write \"#rrggbb\""), "{err}");
}

#[test]
fn the_built_in_themes_are_printed_as_the_settings_take_them() {
    let home = Home::new();
    let ran = home.run(&["config", "--themes"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    home.file(".config/frontpage/config.yaml", &format!("theme: my-nord\n{}", ran.out));
    let (out, err) = ansi(&home, &[]);
    assert!(out.contains(NORD) && err.is_empty(), "{err}");
}

#[test]
fn a_picked_theme_is_kept_for_the_next_start() {
    let home = tempfile::tempdir().expect("a home");
    dismiss_welcome(home.path());
    let folder = home.path().to_str().expect("a path");
    let run = |arguments: &[&str], picks: bool| {
        let env = [("HOME", folder), ("COLORTERM", "truecolor")];
        let mut pty = Pty::spawn(env!("CARGO_BIN_EXE_frontpage"), arguments, &env, (100, 30));
        pty.wait_for_text(" unread");
        if picks {
            pty.send("T");
            pty.wait_for_text("in use");
            pty.send("j\r");
            pty.wait_for("the panes", |screen| !screen.contents().contains("in use"));
        }
        pty.send("Q");
        pty.wait_exit(Duration::from_secs(10));
        String::from_utf8_lossy(&pty.raw()).into_owned()
    };
    const DARK: &str = "48;2;22;24;29";
    assert!(!run(&[], false).contains(DARK));
    assert!(run(&[], true).contains(DARK));
    for arguments in [[].as_slice(), &["--fresh"], &[]] {
        assert!(run(arguments, false).contains(DARK), "{arguments:?}");
    }
    assert!(!run(&["--theme", "terminal"], false).contains(DARK));
    assert!(run(&[], false).contains(DARK), "a flag holds once");
}

/// The list of themes is open while the settings get others.
#[test]
fn other_themes_leave_the_selection_of_their_list_where_it_is() {
    let own = |names: &[&str]| {
        let lines: String = names.iter().map(|name| format!("  {name}: {{based on: dark}}\n")).collect();
        format!("themes:\n{lines}")
    };
    let mut reader = Reader::with_settings(&own(&["one", "two", "three"]));
    let selected = |reader: &Reader| {
        let list = reader.app().overlays().top_as::<ThemeList>().expect("the themes");
        (reader.app().themes().names()[list.cursor.at].to_string(), list.count)
    };
    reader.press("TGk");
    let all = BUILT_IN.len();
    assert_eq!(selected(&reader), ("two".to_owned(), all + 3));
    reader.adopt(user(&own(&["zero", "one", "two"])));
    assert_eq!(selected(&reader), ("two".to_owned(), all + 3));
    reader.adopt(user(&own(&["two"])));
    assert_eq!(selected(&reader), ("two".to_owned(), all + 1));
    reader.adopt(user(&own(&["four"])));
    assert_eq!(selected(&reader), ("terminal".to_owned(), all + 1), "the one that is in use");
    reader.press("G<enter>");
    assert_eq!(reader.app().themes().picked().map(|picked| picked.theme.as_str()), Some("four"));
}
