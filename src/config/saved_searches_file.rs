//! The file of saved searches: YAML lines `name: query`. Users edit it too, so saving a search changes one line and keeps
//! comments and order.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_yaml::Value;
use thiserror::Error;

use super::edited_file::{self, EditedFileError, quoted};
use super::problem::ConfigProblem;
use super::text_file::{self, MAX_BYTES};

/// Maximum number of `#` in a line that are tried as the start of its comment.
const MAX_SIGNS: usize = 100;

/// Why a search was not saved.
#[derive(Debug, Error)]
pub enum SaveError {
    /// The name is not a single word.
    #[error("`{0}` is not a name: write one word of letters, digits, - and _")]
    Name(String),
    /// The existing file is not valid. It is never overwritten.
    #[error("the saved searches cannot be read{}: {}; fix the file first", position(.0), .0.what)]
    Broken(ConfigProblem),
    /// The file is formatted so that the search cannot be one line of it.
    #[error("`{0}` cannot be saved as one line of this file; edit the file by hand")]
    ByHand(String),
    /// The file keeps changing.
    #[error("another program keeps changing the saved searches; try again")]
    Busy,
    /// The existing file cannot be read: too large, not text, no permission.
    #[error("the saved searches cannot be read: {0}")]
    Read(#[source] io::Error),
    /// The file cannot be written: full disk, read-only folder and so on.
    #[error("the saved searches cannot be written: {0}")]
    Write(#[source] io::Error),
}

fn position(problem: &ConfigProblem) -> String {
    problem.at.map(|(line, column)| format!(", line {line}, column {column}")).unwrap_or_default()
}

/// The path of the file: beside the settings.
pub fn path_beside(config_file: &Path) -> PathBuf {
    config_file.with_file_name("searches.yaml")
}

/// Whether a word can name a search: letters, digits, `-` and `_`.
pub fn is_valid_name(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

/// Reads the names and queries of a file in its order, and its problems. A missing file is empty.
pub fn read(file: &Path) -> (Vec<(String, String)>, Vec<ConfigProblem>) {
    match contents(file) {
        Ok(text) => parse(&text),
        Err(error) => {
            let hint = "ignored until fixed";
            (Vec::new(), vec![text_file::problem("the saved searches", &error, hint)])
        }
    }
}

/// Parses the names and queries of a text in its order, and its problems. If a name occurs twice, the last one wins.
pub fn parse(text: &str) -> (Vec<(String, String)>, Vec<ConfigProblem>) {
    let entries = match entries(text) {
        Ok(entries) => entries,
        Err(problem) => return (Vec::new(), vec![problem]),
    };
    let (mut searches, mut problems) = (Vec::<(String, String)>::new(), Vec::new());
    for (key, value) in &entries {
        let name = name_of(key);
        let lines = lines_of(text, &name);
        let mut report = |line: Option<&EntryLine>, what: String, hint: &str| {
            problems.push(ConfigProblem::new(line.map(|line| (line.number, 1)), &what, hint));
        };
        if !is_valid_name(&name) {
            report(
                lines.first(),
                format!("`{name}` is not a name of a saved search"),
                "write letters, digits, - and _",
            );
            continue;
        }
        let before = searches.len();
        searches.retain(|(known, _)| *known != name);
        if searches.len() < before {
            report(lines.last(), format!("`{name}` occurs twice"), "the last one applies");
        }
        match value {
            Value::String(query) => searches.push((name, query.clone())),
            _ => report(lines.last(), format!("the query of `{name}` is not text"), "write the query in quotes"),
        }
    }
    (searches, problems)
}

/// Saves a search: replaces the line with this name or appends one, and keeps everything else. The file is replaced atomically,
/// and only by a text that was parsed back to the expected content. If another program changes the file meanwhile, saving
/// starts again with the new content.
pub fn save(file: &Path, name: &str, query: &str) -> Result<(), SaveError> {
    if !is_valid_name(name) {
        return Err(SaveError::Name(name.to_owned()));
    }
    edited_file::change(file, MAX_BYTES, |before| with_search(before, name, query)).map_err(|error| match error {
        EditedFileError::Change(error) => error,
        EditedFileError::Busy => SaveError::Busy,
        EditedFileError::Read(error) => SaveError::Read(error),
        EditedFileError::Write(error) => SaveError::Write(error),
    })
}

/// The text with the search added, or with its query replaced.
fn with_search(text: &str, name: &str, query: &str) -> Result<String, SaveError> {
    let mut expected = entries(text).map_err(SaveError::Broken)?;
    let value = Value::String(query.to_owned());
    // The last one of equal names applies, so it is the one to replace.
    let known = expected.iter_mut().rfind(|(key, _)| name_of(key) == name);
    let changed = match known {
        Some((_, known)) => {
            *known = value;
            replaced(text, name, query)
        }
        None => {
            expected.push((Value::String(name.to_owned()), value));
            Some(appended(text, name, query))
        }
    };
    // A larger file would be rejected at the next start.
    let as_expected =
        |changed: &String| changed.len() <= MAX_BYTES && entries(changed).is_ok_and(|entries| entries == expected);
    changed.filter(as_expected).ok_or_else(|| SaveError::ByHand(name.to_owned()))
}

fn appended(text: &str, name: &str, query: &str) -> String {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let last_end = if text.is_empty() || text.ends_with('\n') { "" } else { end };
    // Unquoted, `2024` is a number and `true` a boolean.
    let is_text = serde_yaml::from_str::<Value>(name).is_ok_and(|value| value == Value::String(name.to_owned()));
    let name = if is_text { name.to_owned() } else { quoted(name) };
    format!("{text}{last_end}{name}: {}{end}", quoted(query))
}

/// The text with the query in the line of `name` replaced. What is before it, and a comment after it, stay.
fn replaced(text: &str, name: &str, query: &str) -> Option<String> {
    let line = lines_of(text, name).pop()?;
    let comment = comment_of(line.text);
    let (head, value) = line.text[..line.text.len() - comment.len()].split_at(line.value);
    let blanks = &value[..value.len() - value.trim_start().len()];
    let blanks = if blanks.is_empty() { " " } else { blanks };
    let (before, after) = (&text[..line.start], &text[line.start + line.text.len()..]);
    Some(format!("{before}{head}{blanks}{}{comment}{after}", quoted(query)))
}

/// The comment at the end of a line with the blanks before it: the longest end that can be cut off without changing the parsed
/// value.
fn comment_of(line: &str) -> &str {
    let Ok(whole) = entries(line) else { return "" };
    // Each `#` costs a YAML parse, hence the limit.
    let mut starts = line.match_indices('#').map(|(at, _)| at).take(MAX_SIGNS);
    let start = starts
        // In YAML, `#` begins a comment only after a blank.
        .find(|at| line[..*at].ends_with([' ', '\t']) && entries(&line[..*at]).is_ok_and(|without| without == whole));
    start.map_or("", |at| &line[line[..at].trim_end().len()..])
}

/// A line that starts with a name.
struct EntryLine<'a> {
    /// Line number from 1.
    number: u32,
    /// Byte offset in the text.
    start: usize,
    /// The line without its line end.
    text: &'a str,
    /// Byte offset in the line, after the colon.
    value: usize,
}

/// The lines that start with `name`, with or without quotes.
fn lines_of<'a>(text: &'a str, name: &str) -> Vec<EntryLine<'a>> {
    let spellings = [name.to_owned(), format!("'{name}'"), quoted(name)];
    let mut start = 0;
    let mut found = Vec::new();
    for (number, whole) in (1..).zip(text.split_inclusive('\n')) {
        let line = whole.trim_end_matches(['\n', '\r']);
        let after_colon = |spelling: &String| {
            let rest = line.strip_prefix(spelling.as_str())?.trim_start_matches([' ', '\t']).strip_prefix(':')?;
            // In YAML, `a:b` without a blank is one text.
            (rest.is_empty() || rest.starts_with([' ', '\t'])).then(|| line.len() - rest.len())
        };
        if let Some(value) = spellings.iter().find_map(after_colon) {
            found.push(EntryLine { number, start, text: line, value });
        }
        start += whole.len();
    }
    found
}

/// The text of a name that YAML reads as another type, such as `2024:` or `true:`.
fn name_of(key: &Value) -> String {
    match key {
        Value::String(name) => name.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(word) => word.to_string(),
        Value::Null => "null".to_owned(),
        _ => "?".to_owned(),
    }
}

type Entry = (Value, Value);

/// All entries of a text, including those that are not searches.
fn entries(text: &str) -> Result<Vec<Entry>, ConfigProblem> {
    let hint = "ignored; put queries in quotes";
    // Before parsing: 100 KB of `[` keep a parser of the libyaml family busy for 25 s.
    text_file::refuse_deep_nesting(text, hint)?;
    let Entries(entries) =
        serde_yaml::from_str(text).map_err(|error| ConfigProblem::from_yaml_error(&error, text, hint))?;
    Ok(entries)
}

/// A YAML mapping with duplicate names, which `serde_yaml::Mapping` would reject.
struct Entries(Vec<Entry>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Entries, D::Error> {
        struct EntriesVisitor;
        impl<'de> Visitor<'de> for EntriesVisitor {
            type Value = Entries;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`name: \"query\"` lines")
            }

            // An empty file, or one with only comments, is null.
            fn visit_unit<E: serde::de::Error>(self) -> Result<Entries, E> {
                Ok(Entries(Vec::new()))
            }

            fn visit_none<E: serde::de::Error>(self) -> Result<Entries, E> {
                self.visit_unit()
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Entries, M::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_any(EntriesVisitor)
    }
}

/// The text of a file; empty if there is none.
fn contents(file: &Path) -> io::Result<String> {
    text_file::read(file).map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File, OpenOptions};
    use std::io::{ErrorKind, Write};
    use std::os::unix::fs::{PermissionsExt, symlink};

    use tempfile::TempDir;

    use super::super::edited_file::is_invisible;
    use super::*;

    fn folder_with(text: &str) -> (TempDir, PathBuf) {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("searches.yaml");
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .open(&file)
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
        (folder, file)
    }

    fn mode(file: &Path) -> u32 {
        fs::metadata(file).unwrap().permissions().mode() & 0o777
    }

    /// The files in a folder, to check that no temporary file is left.
    fn names(folder: &TempDir) -> Vec<String> {
        let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name().to_string_lossy().into_owned();
        let mut names: Vec<String> = fs::read_dir(folder.path()).unwrap().map(name).collect();
        names.sort();
        names
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, query)| ((*name).to_owned(), (*query).to_owned())).collect()
    }

    #[test]
    fn searches_are_read_in_the_order_of_the_file() {
        let text = "# mine\nmorning: is:unread @1d\nai: \"#ai -\\\"deep learning\\\"\" # all\n2024: 'date:2024'\nlong: >\n  a\n  b\n";
        let wanted =
            [("morning", "is:unread @1d"), ("ai", "#ai -\"deep learning\""), ("2024", "date:2024"), ("long", "a b\n")];
        assert_eq!(parse(text), (pairs(&wanted), vec![]));
        for nothing in ["", "\n", "# only words\n", "---\n", "{}"] {
            assert_eq!(parse(nothing), (vec![], vec![]), "{nothing:?}");
        }
    }

    #[test]
    fn mistakes_are_reported_with_position_and_the_rest_applies() {
        let text = "a: x\nb: #ai\nmy search: y\nc: [1]\na: z\n\"d\": w\n? [e]\n: v\n";
        let (searches, problems) = parse(text);
        assert_eq!(searches, pairs(&[("a", "z"), ("d", "w")]));
        let message: Vec<_> = problems.iter().map(|p| (p.at, p.what.as_str())).collect();
        let wanted = [
            (Some((2, 1)), "the query of `b` is not text"),
            (Some((3, 1)), "`my search` is not a name of a saved search"),
            (Some((4, 1)), "the query of `c` is not text"),
            (Some((5, 1)), "`a` occurs twice"),
            (None, "`?` is not a name of a saved search"),
        ];
        assert_eq!(message, wanted);
        for (broken, at) in [("a: b: c\n", (1, 5)), ("a: x\nb: \"y\n", (3, 1)), ("a: x\nb: @2w\n", (2, 4))] {
            let (searches, problems) = parse(broken);
            assert_eq!((searches, problems.len(), problems[0].at), (vec![], 1, Some(at)), "{broken}: {problems:?}");
        }
        for no_mapping in ["- a\n- b\n", "words\n", "3\n"] {
            assert_eq!(parse(no_mapping).1.len(), 1, "{no_mapping}");
        }
    }

    #[test]
    fn unreadable_files_are_reported() {
        let (folder, file) = folder_with("");
        assert_eq!(read(&folder.path().join("none.yaml")), (vec![], vec![]));
        let what = |file: &Path| read(file).1.iter().map(|problem| problem.what.clone()).collect::<Vec<_>>();
        assert_eq!(what(folder.path()), ["the saved searches cannot be read: not a regular file"]);
        File::options().write(true).open(&file).unwrap().write_all(b"a: \xff\n").unwrap();
        assert_eq!(what(&file), ["the saved searches cannot be read: not UTF-8 at line 1, column 4"]);
        File::options().write(true).open(&file).unwrap().set_len(MAX_BYTES as u64 + 1).unwrap();
        assert_eq!(what(&file), ["the saved searches cannot be read: larger than 1 MiB"]);
        let refused = save(&file, "a", "x").unwrap_err();
        assert_eq!(refused.to_string(), "the saved searches cannot be read: larger than 1 MiB");
    }

    #[test]
    fn saving_adds_or_replaces_one_line_and_keeps_the_rest() {
        for (before, name, after) in [
            ("", "a", "a: \"Q\"\n"),
            ("# mine\n\nb: x # why\n", "a", "# mine\n\nb: x # why\na: \"Q\"\n"),
            ("b: x", "a", "b: x\na: \"Q\"\n"),
            ("b: x\r\n", "a", "b: x\r\na: \"Q\"\r\n"),
            ("b: x", "2024", "b: x\n\"2024\": \"Q\"\n"),
            ("---\nb: x\n", "true", "---\nb: x\n\"true\": \"Q\"\n"),
            ("b: [1]\nmy search: y\n", "a", "b: [1]\nmy search: y\na: \"Q\"\n"),
            ("b: |\n  a: x\n", "a", "b: |\n  a: x\na: \"Q\"\n"),
            ("日本: x\n", "日本", "日本: \"Q\"\n"),
            // The query is replaced; what surrounds it stays.
            ("# top\na: x\n# below\nab: y\n", "a", "# top\na: \"Q\"\n# below\nab: y\n"),
            ("a:   x y  # why # twice\n", "a", "a:   \"Q\"  # why # twice\n"),
            ("a : \"x # \\\" y\"\t# why\nb: z", "a", "a : \"Q\"\t# why\nb: z"),
            ("'a': 'it''s # here' # why\r\nb: z\r\n", "a", "'a': \"Q\" # why\r\nb: z\r\n"),
            ("\"a\": x#y\n", "a", "\"a\": \"Q\"\n"),
            ("a: #ai\n", "a", "a: \"Q\" #ai\n"),
            ("a:\nb: x\n", "a", "a: \"Q\"\nb: x\n"),
            ("2024: x\n", "2024", "2024: \"Q\"\n"),
            ("a: x\nb: y\na: z\n", "a", "a: x\nb: y\na: \"Q\"\n"),
        ] {
            let (folder, file) = folder_with(before);
            save(&file, name, "Q").unwrap_or_else(|error| panic!("{before:?}: {error}"));
            assert_eq!(contents(&file).unwrap(), after);
            assert_eq!(names(&folder), ["searches.yaml"]);
        }
    }

    #[test]
    fn every_query_survives_saving() {
        let odd = [
            "",
            " ",
            "\"neural nets\" -crypto",
            r"/\bgpt-?\d/i \\ \",
            "#ai",
            "a: b #c",
            "a\nb\r\n\tc",
            "日本語 🌊 e\u{301} ع",
            "\u{0}\u{7f}\u{85}\u{9b}2J\u{2028}\u{202e}\u{feff}\u{fffe}\u{ffff}\u{1ffff}",
            "'",
            "- x",
            "%YAML {a} [b] & * ! | > @ `",
            "---",
        ];
        let (_folder, file) = folder_with("# top\n");
        for (at, query) in odd.iter().enumerate() {
            save(&file, &format!("s{at}"), "first").unwrap();
            save(&file, &format!("s{at}"), query).unwrap();
        }
        let (searches, problems) = read(&file);
        assert_eq!(problems, []);
        assert_eq!(searches.iter().map(|(_, query)| query.as_str()).collect::<Vec<_>>(), odd);
        let text = contents(&file).unwrap();
        assert_eq!(text.lines().count(), odd.len() + 1, "each on one line");
        assert!(!text.chars().any(|c| c != '\n' && is_invisible(c)));
    }

    #[test]
    fn a_file_that_is_not_understood_is_not_overwritten() {
        let by_hand = "`a` cannot be saved as one line of this file; edit the file by hand";
        for (before, message) in [
            (
                "a: b: c\n",
                "the saved searches cannot be read, line 1, column 5: mapping values are not allowed in this context; fix the file first",
            ),
            ("a: >\n  x\n", by_hand),
            ("a: x\n  y\n", by_hand),
            ("a: \"x\n  y\" # why\n", by_hand),
            ("a: &x y\nb: *x\n", by_hand),
            ("{a: x}\n", by_hand),
            ("{b: x}\n", by_hand),
            ("  b: x\n", by_hand),
            ("b: x\n...\n", by_hand),
            ("b: |\n  x", by_hand),
        ] {
            let (folder, file) = folder_with(before);
            let error = save(&file, "a", "Q").expect_err(before);
            assert_eq!(error.to_string(), message, "{before:?}");
            assert_eq!(contents(&file).unwrap(), before);
            assert_eq!(names(&folder), ["searches.yaml"]);
        }
        let (_folder, file) = folder_with("");
        for name in ["", "a b", "a:", "#", "a\n", "-", "\u{1b}[2J"] {
            let kept = save(&file, name, "Q");
            assert_eq!(kept.is_ok(), name == "-", "{name:?}: {kept:?}");
        }
    }

    #[test]
    fn permissions_are_kept_and_a_new_file_is_private() {
        let (folder, file) = folder_with("");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        save(&file, "a", "x").unwrap();
        assert_eq!(mode(&file), 0o640);
        let new = folder.path().join("not/there/yet/searches.yaml");
        save(&new, "a", "x").unwrap();
        assert_eq!((mode(&new), mode(&folder.path().join("not"))), (0o600, 0o700));
        assert_eq!(read(&new), (pairs(&[("a", "x")]), vec![]));
    }

    #[test]
    fn a_link_stays_and_its_target_is_written() {
        let (folder, file) = folder_with("b: y\n");
        let below = folder.path().join("dotfiles");
        fs::create_dir(&below).unwrap();
        symlink("../searches.yaml", below.join("one")).unwrap();
        symlink("dotfiles/one", folder.path().join("two")).unwrap();
        symlink("not-yet", folder.path().join("three")).unwrap();
        save(&folder.path().join("two"), "a", "x").unwrap();
        assert_eq!(contents(&file).unwrap(), "b: y\na: \"x\"\n");
        save(&folder.path().join("three"), "a", "x").unwrap();
        assert_eq!(contents(&folder.path().join("not-yet")).unwrap(), "a: \"x\"\n");
        assert_eq!(names(&folder), ["dotfiles", "not-yet", "searches.yaml", "three", "two"]);
        let link = |name: &str| fs::symlink_metadata(folder.path().join(name)).unwrap().is_symlink();
        assert!(link("two") && link("three") && link("dotfiles/one"));
        symlink("circle", folder.path().join("circle")).unwrap();
        assert!(matches!(save(&folder.path().join("circle"), "a", "x"), Err(SaveError::Read(_))));
    }

    #[test]
    fn a_read_only_file_stays_and_the_error_says_why() {
        if cfg!(target_os = "linux") {
            let nowhere = save(Path::new("/proc/searches.yaml"), "a", "x");
            assert!(matches!(nowhere, Err(SaveError::Write(_))), "{nowhere:?}");
        }
        if rustix::process::geteuid().is_root() {
            return; // root may write everywhere
        }
        let (folder, file) = folder_with("b: y\n");
        let rights = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        for (path, closed, open) in [(file.as_path(), 0o444, 0o644), (folder.path(), 0o555, 0o755)] {
            rights(path, closed);
            let error = save(&file, "a", "x");
            rights(path, open);
            assert!(
                matches!(error, Err(SaveError::Write(ref error)) if error.kind() == ErrorKind::PermissionDenied),
                "{error:?}"
            );
            assert_eq!(contents(&file).unwrap(), "b: y\n");
            assert_eq!(names(&folder), ["searches.yaml"]);
        }
    }
}
