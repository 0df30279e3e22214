//! Reads and writes bookmarks, which restore the last session: a small JSON object, one file per library.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::DateTime;
use serde_json::{Value, json};

use crate::app::{Bookmark, Folds, PaneLayout, PickedTheme, ScrollPosition};
use crate::feed::{ArticleId, Mark, PagePart, Tag, TextPosition, clean};
use crate::file_system::atomic_write;
use crate::file_system::{FileSystem, RealFileSystem};
use crate::library::Library;

/// The bookmark file of a library inside the folder for bookmarks.
pub fn path_for(folder: &Path, library: &Library) -> PathBuf {
    folder.join(format!("{}.json", library.key()))
}

/// Reads a bookmark. `None` for a file that is missing or damaged.
pub fn read(file: &Path) -> Option<Bookmark> {
    let value: Value = serde_json::from_slice(&RealFileSystem.read(file, 0).ok()?).ok()?;
    let number = |key: &str| value.get(key).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
    Some(Bookmark {
        query: value.get("query")?.as_str()?.to_owned(),
        article: value.get("article").and_then(Value::as_str).and_then(|id| id.parse().ok()),
        above: number("above")?,
        scrolled: ScrollPosition { line: number("scroll")?, position: value.get("position").and_then(position) },
        reading: value.get("reading")?.as_bool()?,
        marks: value
            .get("marks")
            .and_then(Value::as_array)
            .and_then(|marks| marks.iter().map(mark_from_json).collect()),
        unread: number("unread").unwrap_or(0),
        unfolded: value.get("unfolded").and_then(Value::as_bool).unwrap_or(false),
        layout: pane_layout(&value),
        folds: value.get("folds").and_then(Value::as_array).map(|folds| folds_of(folds)).unwrap_or_default(),
        light: value.get("light").and_then(Value::as_bool),
        theme: value.get("theme").and_then(picked_theme),
    })
}

/// Replaces the file atomically.
pub fn write(file: &Path, bookmark: &Bookmark) -> io::Result<()> {
    let value = json!({
        "query": bookmark.query,
        "article": bookmark.article.map(|id| id.to_string()),
        "above": bookmark.above,
        "scroll": bookmark.scrolled.line,
        "position": bookmark.scrolled.position.map(|at| json!([at.part as u8, at.block, at.inside])),
        "reading": bookmark.reading,
        "marks": bookmark.marks.as_ref().map(|marks| marks.iter().filter_map(mark_to_json).collect::<Vec<Value>>()),
        "unread": bookmark.unread,
        "unfolded": bookmark.unfolded,
        "zen": bookmark.layout.zen,
        "share": bookmark.layout.share,
        "navigation": bookmark.layout.navigation,
        "folds": bookmark.folds.iter().collect::<Vec<(&str, bool)>>(),
        "light": bookmark.light,
        "theme": bookmark.theme.as_ref().map(|picked| json!([picked.theme, picked.instead_of])),
    });
    atomic_write::replace(file, |out| writeln!(out, "{value}"))
}

/// A position in the text. Files of older versions have none.
fn position(value: &Value) -> Option<TextPosition> {
    let [part, block, inside] = value.as_array()?.as_slice() else { return None };
    let part = [PagePart::Head, PagePart::Body, PagePart::Foot].into_iter().find(|known| part == *known as u8)?;
    let number = |value: &Value| value.as_u64().and_then(|number| u32::try_from(number).ok());
    Some(TextPosition { part, block: number(block)?, inside: number(inside)? })
}

/// The layout of the panes. Files of older versions have none: the defaults apply.
fn pane_layout(value: &Value) -> PaneLayout {
    let layout = PaneLayout {
        zen: value.get("zen").and_then(Value::as_bool).unwrap_or(false),
        share: None,
        navigation: value.get("navigation").and_then(Value::as_bool),
    };
    let share = value.get("share").and_then(Value::as_u64).and_then(|share| u16::try_from(share).ok());
    share.map_or(layout, |share| layout.with_share(share))
}

/// What is folded in the navigation pane: pairs of a key, and whether it is folded.
fn folds_of(folds: &[Value]) -> Folds {
    let fold = |fold: &Value| match fold.as_array()?.as_slice() {
        [key, folded] => Some((key.as_str()?.to_owned(), folded.as_bool()?)),
        _ => None,
    };
    Folds::of(folds.iter().filter_map(fold))
}

/// A picked theme: its name, and the theme that the settings named when it was picked.
fn picked_theme(value: &Value) -> Option<PickedTheme> {
    let [theme, instead_of] = value.as_array()?.as_slice() else { return None };
    Some(PickedTheme { theme: theme.as_str()?.to_owned(), instead_of: instead_of.as_str()?.to_owned() })
}

/// A mark as JSON: the article, the kind of mark, and its time or text.
fn mark_to_json((article, mark): &(ArticleId, Mark)) -> Option<Value> {
    let (what, more) = match mark {
        Mark::Read(at) => ("read", json!(at.map(|at| at.timestamp()))),
        Mark::Starred(starred) => ("starred", json!(starred)),
        Mark::Hidden(hidden) => ("hidden", json!(hidden)),
        Mark::Note(note) => ("note", json!(note.as_str())),
        Mark::Tagged(tag, true) => ("tag", json!(tag.shown().as_str())),
        Mark::Arrived(at) => ("arrived", json!(at.timestamp())),
        // Removed tags, last-seen states and places are not visible on the screen, so a restored session does not need them.
        Mark::Tagged(_, false) | Mark::LastSeen(_) | Mark::Place(_) => return None,
    };
    Some(json!([article.to_string(), what, more]))
}

fn mark_from_json(value: &Value) -> Option<(ArticleId, Mark)> {
    let [article, what, more] = value.as_array()?.as_slice() else { return None };
    let time = || DateTime::from_timestamp(more.as_i64()?, 0);
    let mark = match what.as_str()? {
        "read" => Mark::Read(time()),
        "starred" => Mark::Starred(more.as_bool()?),
        "hidden" => Mark::Hidden(more.as_bool()?),
        "note" => Mark::Note(clean::line(more.as_str()?)),
        "tag" => Mark::Tagged(Tag::parse(more.as_str()?).ok()?, true),
        "arrived" => Mark::Arrived(time()?),
        _ => return None,
    };
    Some((article.as_str()?.parse().ok()?, mark))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]

    use std::fs;

    use super::*;

    #[test]
    fn bookmarks_of_older_versions_and_impossible_shares_are_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a.json");
        let older = r#"{"query": "a", "article": null, "above": 0, "scroll": 0, "reading": false"#;
        for (rest, zen, share) in [
            ("", false, None),
            (r#", "zen": true, "share": null"#, true, None),
            (r#", "zen": 1, "share": 3"#, false, Some(200)),
            (r#", "share": 60000"#, false, Some(800)),
            (r#", "share": -5"#, false, None),
            (r#", "share": 99999999999"#, false, None),
        ] {
            fs::write(&file, format!("{older}{rest}}}")).expect("a file");
            assert_eq!(
                read(&file).map(|bookmark| bookmark.layout),
                Some(PaneLayout { zen, share, navigation: None }),
                "{rest}"
            );
        }
    }

    #[test]
    fn a_bookmark_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = path_for(&folder.path().join("bookmarks"), &Library::BuiltIn);
        assert_eq!(read(&file), None);
        let article = "00000000000000fe".parse().ok();
        let id: ArticleId = "00000000000000fd".parse().expect("an id");
        let at = DateTime::from_timestamp(1_600_000_000, 0).expect("a time");
        let marks =
            [Mark::Read(Some(at)), Mark::Starred(true), Mark::Hidden(true), Mark::Note("a".into()), Mark::Arrived(at)];
        let marks = Some(marks.into_iter().map(|mark| (id, mark)).collect());
        let query = "topic:\"a b\" -x".into();
        let theme = Some(PickedTheme { theme: "nord".into(), instead_of: "auto".into() });
        let layout = PaneLayout { zen: true, share: Some(333), navigation: Some(false) };
        let bookmark = Bookmark {
            query,
            article,
            above: 3,
            scrolled: ScrollPosition {
                line: 40,
                position: Some(TextPosition { part: PagePart::Body, block: 1234, inside: u32::MAX }),
            },
            reading: true,
            marks,
            unread: 7,
            unfolded: true,
            layout,
            folds: Folds::of([("section:Topics".to_owned(), true)]),
            light: Some(true),
            theme,
        };
        write(&file, &bookmark).expect("written");
        assert_eq!(read(&file), Some(bookmark));
        fs::write(&file, "{\"query\": \"\", \"above\": 1, \"scroll\": 2, \"reading\": true}").expect("a file");
        let old = read(&file).expect("a bookmark of an earlier version");
        assert_eq!((old.above, old.theme, old.light, old.layout), (1, None, None, PaneLayout::default()));
        for (written, read_as) in [
            ("null", None),
            ("[1, 2, 3]", Some((PagePart::Body, 2, 3))),
            ("[9, 2, 3]", None),
            ("[1, -2, 3]", None),
            ("7", None),
        ] {
            let text =
                format!("{{\"query\": \"\", \"above\": 1, \"scroll\": 2, \"reading\": true, \"position\": {written}}}");
            fs::write(&file, text).expect("a file");
            let position = read_as.map(|(part, block, inside)| TextPosition { part, block, inside });
            assert_eq!(
                read(&file).map(|bookmark| bookmark.scrolled),
                Some(ScrollPosition { line: 2, position }),
                "{written}"
            );
        }
        for damaged in ["", "{", "[]", "{\"query\": 3}", "\0\0"] {
            fs::write(&file, damaged).expect("a file");
            assert_eq!(read(&file), None, "{damaged:?}");
        }
    }
}
