//! Snapshots of screens, each named by its keys, with text and styles; and all sizes without a panic.

use frontpage::config::{KeySettings, Preset};
use frontpage::library::Library;

use crate::harness::reader::{Reader, now};
use crate::rounds;

const SIZES: [(u16, u16); 3] = [(60, 20), (100, 30), (160, 45)];

/// Compares a screen at each size with its snapshot.
fn snapshot(name: &str, keys: &str) {
    for (columns, rows) in SIZES {
        let mut reader = Reader::of_folded_news().sized(columns, rows);
        reader.press(keys);
        insta::with_settings!({ description => keys.to_owned(), omit_expression => true }, {
            insta::assert_snapshot!(format!("{name}_{columns}x{rows}"), reader.styled());
        });
    }
}

#[test]
fn list() {
    snapshot("list", "");
}

#[test]
fn a_read_row_is_dim_and_has_no_mark() {
    snapshot("read", "<enter>hj");
}

#[test]
fn marked_rows_have_signs() {
    snapshot("marks", "sjDjaread again<enter>mvj");
}

#[test]
fn a_note_is_typed() {
    snapshot("note", "aread");
}

#[test]
fn a_body_is_markdown() {
    snapshot("body", "G<enter>");
}

#[test]
fn a_story_is_unfolded() {
    snapshot("story", "jkx");
}

#[test]
fn a_search_is_given_a_name() {
    snapshot("name", "/tide<ctrl-s>ti");
}

#[test]
fn related() {
    snapshot("related", "<enter>lj");
}

#[test]
fn topics() {
    snapshot("topics", "t<ctrl-space>");
}

#[test]
fn links() {
    snapshot("links", "GU");
}

#[test]
fn order() {
    snapshot("order", "S");
}

#[test]
fn insights() {
    snapshot("insights", "mjmid");
}

#[test]
fn insights_of_topics() {
    snapshot("insights_topics", "mjmi<tab>j");
}

#[test]
fn help() {
    snapshot("help", "?");
}

#[test]
fn help_that_is_searched() {
    snapshot("help_search", "?/unread");
}

#[test]
fn the_palette() {
    snapshot("palette", ":mk");
}

#[test]
fn the_palette_completes_arguments() {
    snapshot("palette_topics", ":topic m");
}

/// The bindings of the presets in the help, and the hints of the footer.
#[test]
fn presets() {
    for (name, preset) in [("newsboat", Preset::Newsboat), ("elfeed", Preset::Elfeed)] {
        let keys = KeySettings { preset, ..KeySettings::default() };
        for (columns, rows) in SIZES {
            let mut reader = Reader::of_folded_news().with_keys(&keys).sized(columns, rows);
            insta::assert_snapshot!(format!("{name}_{columns}x{rows}"), reader.styled());
            reader.press(if preset == Preset::Elfeed { "h" } else { "?" });
            insta::assert_snapshot!(format!("{name}_help_{columns}x{rows}"), reader.styled());
        }
    }
}

#[test]
fn pending_keys_show_what_may_follow() {
    for (columns, rows) in SIZES {
        let mut reader = Reader::of_folded_news().sized(columns, rows);
        reader.press("g");
        assert!(!reader.text().contains("▌ g …"), "not at once");
        reader.time_is(now() + chrono::TimeDelta::milliseconds(299));
        reader.look();
        assert!(!reader.text().contains("▌ g …"), "not yet");
        reader.time_is(now() + chrono::TimeDelta::milliseconds(300));
        reader.look();
        insta::assert_snapshot!(format!("hesitating_{columns}x{rows}"), reader.styled());
        reader.press("g");
        assert!(!reader.text().contains("▌ g …"));
    }
}

#[test]
fn nothing_found_and_a_pending_key() {
    snapshot("pending", "tmach<enter>g");
}

#[test]
fn searching() {
    snapshot("search", "/moon");
}

#[test]
fn what_cannot_be_understood() {
    snapshot("mistake", "F/a(b/");
}

#[test]
fn finding_in_the_article() {
    snapshot("find", "G<enter>/the<enter>n");
}

rounds!(every_size_draws, 24, 1);

/// Draws every `step`-th width and height.
fn every_size_draws(step: usize) {
    let mut reader = Reader::of(Library::BuiltIn);
    let mut drawn = 0;
    let states = ["", "X", "<enter>", "<enter>l", "t", "U", "?", "S", "/lang topc:x", "<enter>/the", "id", "i<tab>"];
    for keys in states {
        reader.press("<esc><esc><esc><esc>");
        reader.press(keys);
        // Every width at the heights, and every height at the widths, where the arrangement changes.
        for columns in (1..=300).step_by(step) {
            for rows in [1, 4, 5, 6, 15, 16, 30, 100] {
                reader.resize(columns, rows);
                drawn += 1;
            }
        }
        for rows in (1..=100).step_by(step) {
            for columns in [1, 19, 20, 21, 79, 80, 119, 120, 300] {
                reader.resize(columns, rows);
                drawn += 1;
            }
        }
    }
    assert_eq!(drawn, states.len() * (300_usize.div_ceil(step) * 8 + 100_usize.div_ceil(step) * 9));
    for (columns, rows) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
        reader.resize(columns, rows);
    }
    reader.resize(19, 5);
    assert!(reader.text().contains("Window too"));
}

#[test]
fn borders_are_in_their_columns_beside_wide_characters() {
    let reader = Reader::of_news().sized(160, 45);
    let text = reader.text();
    let row = text.lines().find(|line| line.contains("潮汐を測る")).expect("the row");
    let border = row.find('┃').map(|_| frontpage::text::width(&row[..row.rfind('│').expect("a border")]));
    let plain = text.lines().find(|line| line.contains("Wave Tank")).expect("a row");
    assert_eq!(border, plain.find('┃').map(|_| frontpage::text::width(&plain[..plain.rfind('│').expect("a border")])));
}
