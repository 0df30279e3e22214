//! Themes: each is readable, each is shown while it is picked, and none uses colour as the only sign.

use std::time::Duration;

use frontpage::app::{PickedTheme, SessionInit, ThemeList};
use frontpage::config::colour;
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

/// The themes without colours of their own.
const WITHOUT_COLOURS: [&str; 3] = ["terminal", "terminal-dark", "none"];

/// The themes with colours of their own, and the contrast that their text has.
fn coloured() -> impl Iterator<Item = (&'static str, f64)> {
    let names = BUILT_IN.iter().map(|(name, _)| *name).filter(|name| !WITHOUT_COLOURS.contains(name));
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
    assert_eq!(looked_at, 2 * STATES.len() * (BUILT_IN.len() - WITHOUT_COLOURS.len()));
}

#[test]
fn the_list_of_themes_can_be_read_in_every_theme() {
    let mut reader = themed("terminal-dark").sized(160, 45);
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
            (theme.code, code.string, "code and string"),
            (theme.code, code.comment, "code and comment"),
            (theme.code, code.keyword, "code and keyword"),
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

/// The sixteen colours of a terminal, and the backgrounds that it has with them.
struct Palette {
    name: &'static str,
    colours: [u32; 16],
    grounds: &'static [u32],
}

/// Palettes as terminals come with them. Sources: `XTerm-col.ad` of xterm; `vt.c` of Linux; VTE, which GNOME's terminals use;
/// `init.C` of rxvt-unicode; ethanschoonover.com/solarized; `defaults.json` of github.com/microsoft/terminal for the others.
const PALETTES: [Palette; 9] = [
    Palette {
        name: "xterm",
        colours: [
            0x00_0000, 0xcd_0000, 0x00_cd00, 0xcd_cd00, 0x00_00ee, 0xcd_00cd, 0x00_cdcd, 0xe5_e5e5, 0x7f_7f7f,
            0xff_0000, 0x00_ff00, 0xff_ff00, 0x5c_5cff, 0xff_00ff, 0x00_ffff, 0xff_ffff,
        ],
        grounds: &[0x00_0000, 0xff_ffff],
    },
    Palette {
        name: "Linux console",
        colours: [
            0x00_0000, 0xaa_0000, 0x00_aa00, 0xaa_5500, 0x00_00aa, 0xaa_00aa, 0x00_aaaa, 0xaa_aaaa, 0x55_5555,
            0xff_5555, 0x55_ff55, 0xff_ff55, 0x55_55ff, 0xff_55ff, 0x55_ffff, 0xff_ffff,
        ],
        grounds: &[0x00_0000],
    },
    Palette {
        name: "VTE",
        colours: [
            0x17_1421, 0xc0_1c28, 0x26_a269, 0xa2_734c, 0x12_488b, 0xa3_47ba, 0x2a_a1b3, 0xd0_cfcc, 0x5e_5c64,
            0xf6_6151, 0x33_d17a, 0xe9_ad0c, 0x2a_7bde, 0xc0_61cb, 0x33_c7de, 0xff_ffff,
        ],
        grounds: &[0x17_1421, 0xff_ffff],
    },
    Palette {
        name: "rxvt",
        colours: [
            0x00_0000, 0xcd_0000, 0x00_cd00, 0xcd_cd00, 0x00_00cd, 0xcd_00cd, 0x00_cdcd, 0xfa_ebd7, 0x40_4040,
            0xff_0000, 0x00_ff00, 0xff_ff00, 0x00_00ff, 0xff_00ff, 0x00_ffff, 0xff_ffff,
        ],
        grounds: &[0x00_0000, 0xff_ffff],
    },
    Palette {
        name: "Solarized",
        colours: [
            0x07_3642, 0xdc_322f, 0x85_9900, 0xb5_8900, 0x26_8bd2, 0xd3_3682, 0x2a_a198, 0xee_e8d5, 0x00_2b36,
            0xcb_4b16, 0x58_6e75, 0x65_7b83, 0x83_9496, 0x6c_71c4, 0x93_a1a1, 0xfd_f6e3,
        ],
        grounds: &[0x00_2b36, 0xfd_f6e3],
    },
    Palette {
        name: "Campbell",
        colours: [
            0x0c_0c0c, 0xc5_0f1f, 0x13_a10e, 0xc1_9c00, 0x00_37da, 0x88_1798, 0x3a_96dd, 0xcc_cccc, 0x76_7676,
            0xe7_4856, 0x16_c60c, 0xf9_f1a5, 0x3b_78ff, 0xb4_009e, 0x61_d6d6, 0xf2_f2f2,
        ],
        grounds: &[0x0c_0c0c],
    },
    Palette {
        name: "Tango",
        colours: [
            0x00_0000, 0xcc_0000, 0x4e_9a06, 0xc4_a000, 0x34_65a4, 0x75_507b, 0x06_989a, 0xd3_d7cf, 0x55_5753,
            0xef_2929, 0x8a_e234, 0xfc_e94f, 0x72_9fcf, 0xad_7fa8, 0x34_e2e2, 0xee_eeec,
        ],
        grounds: &[0x00_0000, 0xff_ffff],
    },
    Palette {
        name: "One Half Dark",
        colours: [
            0x28_2c34, 0xe0_6c75, 0x98_c379, 0xe5_c07b, 0x61_afef, 0xc6_78dd, 0x56_b6c2, 0xdc_dfe4, 0x5a_6374,
            0xe0_6c75, 0x98_c379, 0xe5_c07b, 0x61_afef, 0xc6_78dd, 0x56_b6c2, 0xdc_dfe4,
        ],
        grounds: &[0x28_2c34],
    },
    Palette {
        name: "One Half Light",
        colours: [
            0x38_3a42, 0xe4_5649, 0x50_a14f, 0xc1_8301, 0x01_84bc, 0xa6_26a4, 0x09_97b3, 0xfa_fafa, 0x4f_525d,
            0xdf_6c75, 0x98_c379, 0xe4_c07a, 0x61_afef, 0xc5_77dd, 0x56_b5c1, 0xff_ffff,
        ],
        grounds: &[0xfa_fafa],
    },
];

/// The palettes with each of their backgrounds that is light, or dark; all if `is_light` is `None`.
fn palettes(is_light: Option<bool>) -> impl Iterator<Item = (&'static Palette, Color)> {
    let all = PALETTES.iter().flat_map(|palette| palette.grounds.iter().map(move |ground| (palette, *ground)));
    all.map(|(palette, ground)| (palette, Color::from_u32(ground)))
        .filter(move |(_, ground)| is_light.is_none() || colour::is_light(*ground) == is_light)
}

/// The least contrast of one of the sixteen colours on these backgrounds.
fn least_of_sixteen(index: usize, is_light: Option<bool>) -> f64 {
    palettes(is_light)
        .map(|(palette, ground)| contrast(Color::from_u32(palette.colours[index]), ground))
        .fold(f64::MAX, f64::min)
}

/// Symbols that need no contrast: frame lines, dots, and bars beside their numbers.
fn is_ornament(symbol: &str) -> bool {
    symbol.chars().all(|c| matches!(c, '\u{2500}'..='\u{259f}' | '●' | '◦'))
}

/// The words of a screen that a colour of the sixteen makes hard to read on the backgrounds of the palettes.
fn hard_to_read(reader: &Reader, is_light: Option<bool>) -> Vec<String> {
    let (mut hard, black, white) = (Vec::new(), Color::from_u32(0), Color::from_u32(0xff_ffff));
    for cell in reader.screen().content().iter().filter(|cell| !cell.symbol().trim().is_empty()) {
        if is_ornament(cell.symbol()) || (cell.fg, cell.bg) == (Color::Reset, Color::Reset) {
            continue;
        }
        for (Palette { name, colours, .. }, ground) in palettes(is_light) {
            let shown = |colour| match colour {
                Color::Reset => None,
                Color::Indexed(index @ 16..) => Some(Color::Indexed(index)),
                Color::Indexed(index) => Some(Color::from_u32(colours[usize::from(index)])),
                Color::Rgb(..) => Some(colour),
                named => Some(Color::from_u32(colours[of_sixteen(named)])),
            };
            // Text of the default colour is as readable as the user of the terminal wants it.
            let text = if colour::is_light(ground) == Some(true) { black } else { white };
            let found = contrast(shown(cell.fg).unwrap_or(text), shown(cell.bg).unwrap_or(ground));
            if found < 4.5 {
                hard.push(format!("{:?}: {} on {ground} of {name}: {found:.2}", cell.symbol(), cell.fg));
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
fn in_the_colours_of_the_terminal_all_text_can_be_read_on_an_unknown_background() {
    let mut ornaments = 0;
    for keys in STATES.into_iter().chain(["T", "i", ":"]) {
        let mut reader = themed("terminal").sized(160, 45);
        reader.press(keys);
        assert_eq!(hard_to_read(&reader, None), Vec::<String>::new(), "after {keys}\n{}", reader.styled());
        let coloured = |cell: &&Cell| cell.fg == Color::Cyan && is_ornament(cell.symbol());
        ornaments += reader.screen().content().iter().filter(coloured).count();
    }
    assert!(ornaments > 1000, "frames and dots have a colour");
    // The test notices bad contrast: blue on black and yellow on white are the worst.
    for colour in ["blue", "yellow", "cyan", "darkgray"] {
        let settings = format!("theme: mine\nthemes:\n  mine: {{text: {colour}}}\n");
        assert!(!hard_to_read(&Reader::of_news_with(&settings), None).is_empty(), "{colour}");
    }
}

#[test]
fn in_the_colours_of_the_terminal_all_text_can_be_read_in_every_palette() {
    for (is_light, keys) in [true, false]
        .into_iter()
        .flat_map(|is_light| STATES.into_iter().chain(["T", "i", ":"]).map(move |keys| (is_light, keys)))
    {
        let mut reader = themed("terminal").sized(160, 45);
        reader.with_session(|session| session.set_background(Background::of_light(is_light)));
        reader.press(keys);
        let hard = hard_to_read(&reader, Some(is_light));
        assert_eq!(hard, Vec::<String>::new(), "light: {is_light}, after {keys}\n{}", reader.styled());
    }
}

/// Providers and links are bright cyan where that can be read: in every palette on a dark background. None of the sixteen colours but
/// black can be read on every light background, so that there, and on an unknown one, they have the default colour; links are
/// underlined everywhere.
#[test]
fn the_terminal_theme_colours_providers_and_links_where_every_palette_allows_it() {
    // Green, cyan and bright cyan.
    for index in [2, 6, 14] {
        assert!(least_of_sixteen(index, Some(false)) >= 4.5, "{index}");
    }
    for index in 1..16 {
        assert!(least_of_sixteen(index, Some(true)) < 4.5, "{index} could be used on light backgrounds");
    }
    for index in [1, 3, 4, 5, 8, 9, 10, 11, 12, 13] {
        assert!(least_of_sixteen(index, Some(false)) < 4.5, "{index} could be used on dark backgrounds");
    }
    for (theme, is_light, colour) in [
        ("terminal", Some(false), Color::LightCyan),
        ("terminal", Some(true), Color::Reset),
        ("terminal", None, Color::Reset),
        ("terminal-dark", None, Color::LightCyan),
    ] {
        let mut reader = themed(theme).sized(160, 45);
        if let Some(is_light) = is_light {
            reader.with_session(|session| session.set_background(Background::of_light(is_light)));
        }
        let theme = shown_theme(&reader);
        assert_eq!([theme.provider, theme.link], [colour; 2], "{is_light:?}");
        reader.press("G<enter>");
        let underlined = |cell: &&Cell| cell.modifier.contains(Modifier::UNDERLINED);
        let links: Vec<&Cell> = reader.screen().content().iter().filter(underlined).collect();
        assert!(links.len() > 10 && links.iter().all(|cell| cell.fg == colour), "{is_light:?}\n{}", reader.styled());
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
fn typed_words_find_themes_by_name_and_by_background() {
    for (typed, first, count) in [
        ("dark", "terminal-dark", 20),
        ("light", "light", 10),
        ("dawn", "rose-pine-dawn", 1),
        ("light day", "tokyo-night-day", 1),
        ("tokyonight", "tokyo-night", 4),
        ("TOKYO-NIGHT m", "tokyo-night-moon", 2),
        ("Rosé", "rose-pine", 3),
        ("term", "terminal", 2),
        ("catppuccin light", "catppuccin-latte", 1),
    ] {
        let mut reader = themed("nord");
        reader.press("T/");
        reader.press(&typed.replace(' ', "<space>"));
        let list = reader.app().overlays().top_as::<ThemeList>().expect("the themes");
        assert_eq!((shown(&reader).as_str(), list.rows.items().len()), (first, count), "{typed}");
        reader.press("<enter>");
        assert_eq!((shown(&reader).as_str(), reader.app().overlays().is_empty()), (first, true), "{typed}");
    }
    let mut reader = themed("nord");
    reader.press("T/latte<backspace><down>");
    assert_eq!(shown(&reader), "catppuccin-latte", "one row");
    reader.press("x");
    assert!(reader.text().contains("▏  No match") && shown(&reader) == "nord", "{}", reader.text());
    reader.press("<enter>");
    assert!(reader.app().overlays().top_as::<ThemeList>().is_some(), "Enter does nothing");
    reader.press("<esc>");
    assert!(shown(&reader) == "nord" && reader.text().contains("▸ nord"), "{}", reader.text());
    reader.press("/dawn<esc>");
    assert_eq!(shown(&reader), "rose-pine-dawn", "the selection stays");
    reader.press("jkq");
    assert!(shown(&reader) == "nord" && reader.app().overlays().is_empty());
    // Lists that cannot be narrowed do not open the search of the pane below.
    reader.press("S/");
    assert_eq!(reader.app().overlays().top_as::<ThemeList>().map(|_| ()), None);
    assert!(reader.text().contains("Sort"), "{}", reader.text());
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
    let mut reader = themed("none").sized(138, 45);
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
    assert!(text.contains("┏▌ ≡ news") && text.contains("╭ Article"), "what has the focus: {text}");
    let modifier = |reader: &Reader, x, y| reader.screen()[(x, y)].modifier;
    let (list, selected) = (reader.frame.list.area, reader.frame.list.area.y + 2);
    assert!(modifier(&reader, list.x + 30, selected).contains(Modifier::REVERSED));
    assert!(modifier(&reader, list.x + 10, list.y + 1).contains(Modifier::DIM), "what was read");
    reader.press("gg<enter>l");
    let text = reader.text();
    assert!(
        text.contains("┏▌ Related") && text.contains("▸• How the Moon Pulls") && text.contains("in this story"),
        "{text}"
    );
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
        assert!(out.contains(&ground) && out.contains("38;2;") != WITHOUT_COLOURS.contains(&name), "{name}");
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
            pty.send("jj\r");
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
        (shown(reader), list.rows.items().len())
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
    // What is typed still narrows the list.
    reader.press("/nord");
    assert_eq!(selected(&reader), ("nord".to_owned(), 1));
    reader.adopt(user(&own(&["nordic", "four"])));
    assert_eq!(selected(&reader), ("nord".to_owned(), 2));
    reader.press("<esc>G<enter>");
    assert_eq!(reader.app().themes().picked().map(|picked| picked.theme.as_str()), Some("four"));
}
