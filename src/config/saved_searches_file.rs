//! The file of saved searches: YAML lines `name: query`, or `name: {query: …, key: …}` for a search that is pinned to a key. Users
//! edit it too, so a change keeps comments, order and everything else.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::edited_file::{self, EditedFileError};
use super::problem::ConfigProblem;
use super::saved_searches_text::{Entry, SearchesText, field};
use super::text_file::{self, MAX_BYTES};
use super::value_reader::suggest;
use super::yaml_tree::{self, LocatedText, YamlNode, YamlValue};

/// Most characters of a name.
const MAX_NAME: usize = 100;
/// The hint of problems that make the whole file unusable.
const UNUSABLE: &str = "ignored; put queries in quotes";

/// A saved search as the file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedSearchSetting {
    /// Its name.
    pub name: String,
    /// Its query.
    pub query: String,
    /// The keys that show it, such as `gm`.
    pub key: Option<LocatedText>,
}

/// What a file of saved searches has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadSearches {
    /// The searches in the order of the file.
    pub searches: Vec<SavedSearchSetting>,
    /// The keys of searches that are refused: the problems say why.
    pub refused_keys: Vec<LocatedText>,
    /// What is wrong with the file.
    pub problems: Vec<ConfigProblem>,
}

/// Why a text cannot name a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NameError {
    /// It is empty, or has only blanks.
    #[error("the name is missing")]
    Empty,
    /// It has more than 100 characters.
    #[error("a name has at most {MAX_NAME} characters")]
    Long,
    /// It contains a quote, which would end it in a query.
    #[error("a name cannot contain `\"`")]
    Quote,
    /// It contains a control character, or one that changes the direction of the text.
    #[error("a name cannot contain control characters")]
    Control,
    /// It starts or ends with a blank, or contains several in a row, which cannot be seen.
    #[error("a name has one blank between words, and none at its ends")]
    Blanks,
}

/// Why the saved searches were not changed.
#[derive(Debug, Error)]
pub enum SaveError {
    /// The text is not a name.
    #[error("`{0}` is not a name: {1}")]
    Name(String, NameError),
    /// No search has this name.
    #[error("no saved search is called `{0}`; press f to see their names")]
    Unknown(String),
    /// Another search has the new name.
    #[error("another saved search is called `{0}`; choose another name")]
    Taken(String),
    /// The existing file is not valid. It is never overwritten.
    #[error("the saved searches cannot be read{}: {}; fix the file first", position(.0), .0.what)]
    Broken(ConfigProblem),
    /// The file is formatted so that the search cannot be changed without changing more.
    #[error("`{0}` cannot be changed without rewriting other parts of the file; edit it by hand")]
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

/// A change of a saved search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchChange {
    /// Saves a query under a new name, or replaces the query that is saved under it.
    Save {
        /// The name.
        name: String,
        /// The query.
        query: String,
    },
    /// Gives a search another name, also in the queries of the other searches.
    Rename {
        /// The present name.
        from: String,
        /// The new name.
        to: String,
    },
    /// Deletes a search.
    Delete {
        /// Its name.
        name: String,
    },
    /// Pins a search to keys, or to none.
    Pin {
        /// Its name.
        name: String,
        /// The keys, such as `gm`.
        keys: Option<String>,
    },
}

/// The path of the file: beside the settings.
pub fn path_beside(config_file: &Path) -> PathBuf {
    config_file.with_file_name("searches.yaml")
}

/// Checks that a text can name a search. Any letters and signs can, and blanks between words.
pub fn check_name(name: &str) -> Result<(), NameError> {
    // Joiners are part of words in some scripts; the other invisible characters would make two names look the same.
    let is_joiner = |c: char| matches!(c, '\u{200c}' | '\u{200d}');
    let words: Vec<&str> = name.split_whitespace().collect();
    if words.is_empty() {
        Err(NameError::Empty)
    } else if name.chars().count() > MAX_NAME {
        Err(NameError::Long)
    } else if name.contains('"') {
        Err(NameError::Quote)
    } else if name.chars().any(|c| edited_file::is_invisible(c) && !is_joiner(c)) {
        Err(NameError::Control)
    } else if words.join(" ") != name {
        Err(NameError::Blanks)
    } else {
        Ok(())
    }
}

/// Reads the searches of a file in its order, and its problems. A missing file is empty.
pub fn read(file: &Path) -> ReadSearches {
    match contents(file) {
        Ok(text) => read_text(&text),
        Err(error) => {
            let hint = "ignored until fixed";
            let problems = vec![text_file::problem("the saved searches", &error, hint)];
            ReadSearches { problems, ..ReadSearches::default() }
        }
    }
}

/// Parses the searches of a text in its order, and its problems. If a name occurs twice, the last one wins.
pub fn parse(text: &str) -> (Vec<SavedSearchSetting>, Vec<ConfigProblem>) {
    let read = read_text(text);
    (read.searches, read.problems)
}

/// Reads the searches of a text, its problems, and the keys of the searches that are refused.
pub fn read_text(text: &str) -> ReadSearches {
    let entries = match entries(text) {
        Ok(entries) => entries,
        Err(problem) => return ReadSearches { problems: vec![problem], ..ReadSearches::default() },
    };
    let mut read = ReadSearches::default();
    let mut searches: Vec<Option<SavedSearchSetting>> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for (key, value) in &entries {
        let ReadSearches { problems, refused_keys, .. } = &mut read;
        let mut report = |node: &YamlNode, what: String, hint: &str| {
            problems.push(ConfigProblem::new(Some(node.at), &what, hint));
        };
        let YamlValue::Text(name) = &key.value else {
            report(key, format!("{} is not a name of a saved search", key.kind()), "write `name: query`");
            refused_keys.extend(key_of(value));
            continue;
        };
        if let Err(error) = check_name(name) {
            report(key, format!("`{name}` is not a name of a saved search"), &error.to_string());
            refused_keys.extend(key_of(value));
            continue;
        }
        if let Some(earlier) = known.get(name).and_then(|at| searches.get_mut(*at)) {
            refused_keys.extend(earlier.take().and_then(|search| search.key));
            report(key, format!("`{name}` occurs twice"), "the last one applies");
        }
        let Some(query) = query_of(value) else {
            report(key, format!("the query of `{name}` is not text"), "write the query in quotes");
            refused_keys.extend(key_of(value));
            continue;
        };
        problems.extend(wrong_fields(name, value));
        known.insert(name.clone(), searches.len());
        searches.push(Some(SavedSearchSetting { name: name.clone(), query, key: key_of(value) }));
    }
    read.searches = searches.into_iter().flatten().collect();
    read
}

/// The fields of a search that is not just a query.
fn fields(value: &YamlNode) -> &[(YamlNode, YamlNode)] {
    match &value.value {
        YamlValue::Map(fields) => fields,
        _ => &[],
    }
}

/// The problems of the fields of a search. Its query applies all the same.
fn wrong_fields(name: &str, value: &YamlNode) -> Vec<ConfigProblem> {
    let problem = |(field, value): &(YamlNode, YamlNode)| match &field.value {
        YamlValue::Text(word) if word == "query" => None,
        YamlValue::Text(word) if word == "key" => {
            let is_right = matches!(value.value, YamlValue::Text(_) | YamlValue::Nothing);
            let what = format!("the key of `{name}` is not text");
            (!is_right).then(|| ConfigProblem::new(Some(value.at), &what, "write keys such as \"gm\""))
        }
        YamlValue::Text(word) => {
            let what = format!("unknown field `{word}` of `{name}`");
            Some(ConfigProblem::new(Some(field.at), &what, &suggest(word, &["query", "key"])))
        }
        _ => Some(ConfigProblem::new(Some(field.at), &format!("{} is not a field", field.kind()), "remove it")),
    };
    fields(value).iter().filter_map(problem).collect()
}

/// The text of the query of a search.
fn query_of(value: &YamlNode) -> Option<String> {
    match &value.value {
        YamlValue::Text(query) => Some(query.clone()),
        _ => field(value, "query")?.1.located_text().map(|query| query.text),
    }
}

/// The keys that a search is pinned to.
fn key_of(value: &YamlNode) -> Option<LocatedText> {
    field(value, "key")?.1.located_text()
}

/// Changes the saved searches, and keeps everything else in the file. The file is replaced atomically, and only by a text that was
/// parsed back to the expected content. If another program changes the file meanwhile, the change starts again with the new content.
///
/// `renamed` gives the text of a query in which a search has its new name; `None` if the query does not name it.
pub fn change(file: &Path, change: &SearchChange, renamed: &dyn Fn(&str) -> Option<String>) -> Result<(), SaveError> {
    edited_file::change(file, MAX_BYTES, |before| changed(before, change, renamed)).map_err(|error| match error {
        EditedFileError::Change(error) => error,
        EditedFileError::Busy => SaveError::Busy,
        EditedFileError::Read(error) => SaveError::Read(error),
        EditedFileError::Write(error) => SaveError::Write(error),
    })
}

/// Saves a search under a name: see [`change`].
pub fn save(file: &Path, name: &str, query: &str) -> Result<(), SaveError> {
    change(file, &SearchChange::Save { name: name.to_owned(), query: query.to_owned() }, &|_| None)
}

/// The text after a change.
fn changed(text: &str, change: &SearchChange, renamed: &dyn Fn(&str) -> Option<String>) -> Result<String, SaveError> {
    let before = entries(text).map_err(SaveError::Broken)?;
    let layout = SearchesText::new(text, &before);
    let mut expected: Vec<EntryContent> = before.iter().map(EntryContent::of).collect();
    let checked = |name: &str| check_name(name).map_err(|error| SaveError::Name(name.to_owned(), error));
    let is_there = |name: &str| before.iter().any(|(key, _)| is_named(key, name));
    let found = |name: &str| is_there(name).then_some(()).ok_or_else(|| SaveError::Unknown(name.to_owned()));
    // The last one of equal names applies, so it is the one to change.
    let last = |name: &str| before.iter().rposition(|(key, _)| is_named(key, name));
    let (name, patches) = match change {
        SearchChange::Save { name, query } => {
            checked(name)?;
            let patches = match last(name).and_then(|at| Some((at, expected.get_mut(at)?))) {
                Some((at, content)) => {
                    if content.query.replace(query.clone()).is_none() {
                        // What is there is not a search.
                        content.rest = node(YamlValue::Map(Vec::new()));
                    }
                    layout.with_query(at, query).map(|patch| vec![patch])
                }
                None => {
                    expected.push(EntryContent::new(name, query));
                    Some(vec![layout.appended(name, query)])
                }
            };
            (name, patches)
        }
        SearchChange::Rename { from, to } => {
            checked(to)?;
            found(from)?;
            if from != to && is_there(to) {
                return Err(SaveError::Taken(to.clone()));
            }
            let mut patches = Vec::new();
            for (at, content) in expected.iter_mut().enumerate() {
                if content.name.as_deref() == Some(from) {
                    content.name = Some(to.clone());
                    patches.push(layout.with_name(at, to));
                }
                if let Some(query) = content.query.as_deref().and_then(renamed) {
                    patches.push(layout.with_query(at, &query));
                    content.query = Some(query);
                }
            }
            (from, patches.into_iter().collect())
        }
        SearchChange::Delete { name } => {
            found(name)?;
            expected.retain(|content| content.name.as_ref() != Some(name));
            let named = before.iter().enumerate().filter(|(_, (key, _))| is_named(key, name));
            (name, named.map(|(at, _)| layout.without(at)).collect())
        }
        SearchChange::Pin { name, keys } => {
            found(name)?;
            let at = last(name).unwrap_or_default();
            let query = expected.get_mut(at).map(|content| {
                content.keys.clone_from(keys);
                content.query.clone().unwrap_or_default()
            });
            (
                name,
                layout
                    .with_keys(at, &query.unwrap_or_default(), keys.as_deref())
                    .map(|patch| patch.into_iter().collect()),
            )
        }
    };
    // A larger file would be rejected at the next start.
    let is_expected = |changed: &String| {
        changed.len() <= MAX_BYTES
            && entries(changed).is_ok_and(|entries| entries.iter().map(EntryContent::of).eq(expected.iter().cloned()))
    };
    let patched = patches.map(|patches| layout.patched(patches));
    patched.filter(is_expected).ok_or_else(|| SaveError::ByHand(name.clone()))
}

/// What an entry says, however it is written.
#[derive(Clone)]
struct EntryContent {
    name: Option<String>,
    query: Option<String>,
    keys: Option<String>,
    /// Everything else: the value if it is not a search, or fields that are not known.
    rest: YamlNode,
}

impl EntryContent {
    fn new(name: &str, query: &str) -> EntryContent {
        let rest = node(YamlValue::Map(Vec::new()));
        EntryContent { name: Some(name.to_owned()), query: Some(query.to_owned()), keys: None, rest }
    }

    fn of((key, value): &Entry) -> EntryContent {
        let text = |node: &YamlNode| node.located_text().map(|text| text.text);
        let is_known = |(key, value): &&Entry| {
            is_named(key, "query") && text(value).is_some() || is_named(key, "key") && !is_collection(value)
        };
        let rest = match &value.value {
            YamlValue::Text(_) | YamlValue::Nothing => YamlValue::Map(Vec::new()),
            YamlValue::Map(fields) => YamlValue::Map(fields.iter().filter(|field| !is_known(field)).cloned().collect()),
            YamlValue::List(_) => value.value.clone(),
        };
        // A name that is not text is kept as it is.
        let rest = match &key.value {
            YamlValue::Text(_) => node(rest),
            _ => node(YamlValue::List(vec![key.clone(), node(rest)])),
        };
        EntryContent { name: text(key), query: query_of(value), keys: key_of(value).map(|keys| keys.text), rest }
    }
}

impl PartialEq for EntryContent {
    fn eq(&self, other: &EntryContent) -> bool {
        let parts = |content: &EntryContent| (content.name.clone(), content.query.clone(), content.keys.clone());
        parts(self) == parts(other) && self.rest.has_value_of(&other.rest)
    }
}

fn is_collection(value: &YamlNode) -> bool {
    matches!(value.value, YamlValue::Map(_) | YamlValue::List(_))
}

fn is_named(key: &YamlNode, name: &str) -> bool {
    matches!(&key.value, YamlValue::Text(text) if text == name)
}

fn node(value: YamlValue) -> YamlNode {
    YamlNode { at: (1, 1), quoted: false, value }
}

/// All entries of a text, including those that are not searches.
fn entries(text: &str) -> Result<Vec<Entry>, ConfigProblem> {
    let (root, rest) = yaml_tree::read_with_rest(text, UNUSABLE)?;
    match (root.value, rest) {
        (_, Some(problem)) => Err(problem),
        (YamlValue::Map(entries), None) => Ok(entries),
        // An empty file, or one with only comments.
        (YamlValue::Nothing, None) => Ok(Vec::new()),
        _ => Err(ConfigProblem::new(Some(root.at), "the saved searches are not `name: query` lines", UNUSABLE)),
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

    /// The searches of a file and its problems.
    fn read(file: &Path) -> (Vec<SavedSearchSetting>, Vec<ConfigProblem>) {
        let read = super::read(file);
        (read.searches, read.problems)
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<SavedSearchSetting> {
        let search = |(name, query): &(&str, &str)| SavedSearchSetting {
            name: (*name).to_owned(),
            query: (*query).to_owned(),
            key: None,
        };
        pairs.iter().map(search).collect()
    }

    /// Changes a text. `old` is called `new` in queries after a rename.
    fn after(text: &str, change: &SearchChange) -> Result<String, String> {
        changed(text, change, &|query| query.contains("old").then(|| query.replace("old", "new")))
            .map_err(|error| error.to_string())
    }

    fn pin(name: &str, keys: Option<&str>) -> SearchChange {
        SearchChange::Pin { name: name.to_owned(), keys: keys.map(str::to_owned) }
    }

    fn rename(from: &str, to: &str) -> SearchChange {
        SearchChange::Rename { from: from.to_owned(), to: to.to_owned() }
    }

    fn delete(name: &str) -> SearchChange {
        SearchChange::Delete { name: name.to_owned() }
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
        let text = "a: x\nb: #ai\n'my \"search\"': y\nc: [1]\na: z\n\"d\": w\n? [e]\n: v\nf: {query: q, keys: g, key: [x]}\ng: {key: x}\n";
        let (searches, problems) = parse(text);
        assert_eq!(searches, pairs(&[("a", "z"), ("d", "w"), ("f", "q")]));
        let message: Vec<_> = problems.iter().map(|p| (p.at, p.what.as_str())).collect();
        let wanted = [
            (Some((2, 1)), "the query of `b` is not text"),
            (Some((3, 1)), "`my \"search\"` is not a name of a saved search"),
            (Some((4, 1)), "the query of `c` is not text"),
            (Some((5, 1)), "`a` occurs twice"),
            (Some((7, 3)), "a list is not a name of a saved search"),
            (Some((9, 15)), "unknown field `keys` of `f` (did you mean `key`?)"),
            (Some((9, 29)), "the key of `f` is not text"),
            (Some((10, 1)), "the query of `g` is not text"),
        ];
        assert_eq!(message, wanted);
        for (broken, at) in [("a: b: c\n", (1, 5)), ("a: x\nb: \"y\n", (2, 4)), ("a: x\nb: @2w\n", (2, 4))] {
            let (searches, problems) = parse(broken);
            assert_eq!((searches, problems.len(), problems[0].at), (vec![], 1, Some(at)), "{broken}: {problems:?}");
        }
        for no_mapping in ["- a\n- b\n", "words\n", "3\n", "a: x\n---\nb: y\n"] {
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
            ("b: |\n  x", "a", "b: |\n  x\na: \"Q\"\n"),
            ("b: x\na: [x]\n", "a", "b: x\na: \"Q\"\n"),
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
        assert_eq!(searches.iter().map(|search| search.query.as_str()).collect::<Vec<_>>(), odd);
        let text = contents(&file).unwrap();
        assert_eq!(text.lines().count(), odd.len() + 1, "each on one line");
        assert!(!text.chars().any(|c| c != '\n' && is_invisible(c)));
    }

    #[test]
    fn a_file_that_is_not_understood_is_not_overwritten() {
        let by_hand = "`a` cannot be changed without rewriting other parts of the file; edit it by hand";
        for (before, message) in [
            (
                "a: b: c\n",
                "the saved searches cannot be read, line 1, column 5: mapping values are not allowed in this context; fix the file first",
            ),
            ("a: >\n  x\n", by_hand),
            ("a: x\n  y\n", by_hand),
            ("a: \"x\n  y\" # why\n", by_hand),
            (
                "a: &x y\nb: *x\n",
                "the saved searches cannot be read, line 2, column 4: `*` starts an alias here; fix the file first",
            ),
            ("{a: x}\n", by_hand),
            ("{b: x}\n", by_hand),
            ("  b: x\n", by_hand),
            ("b: x\n...\n", by_hand),
        ] {
            let (folder, file) = folder_with(before);
            let error = save(&file, "a", "Q").expect_err(before);
            assert_eq!(error.to_string(), message, "{before:?}");
            assert_eq!(contents(&file).unwrap(), before);
            assert_eq!(names(&folder), ["searches.yaml"]);
        }
        let (_folder, file) = folder_with("");
        for name in ["", " ", "a ", "a  b", "a\u{a0}b", "a\n", "a\"b", "\u{1b}[2J", "\u{202e}a", &"x".repeat(101)] {
            let kept = save(&file, name, "Q");
            assert!(matches!(kept, Err(SaveError::Name(..))), "{name:?}: {kept:?}");
        }
        assert_eq!(contents(&file).unwrap(), "");
    }

    #[test]
    fn names_of_any_letters_are_written_and_read_back() {
        let long = "深".repeat(100);
        let names = [
            "my news",
            "a:",
            "a: b",
            "#",
            "# x",
            "-",
            "- x",
            "[a]",
            "{a",
            "it's",
            "'",
            "\\",
            "2024",
            "true",
            "~",
            "新聞 記事",
            "أخبار اليوم",
            "می\u{200c}خواهم",
            "👩\u{200d}🚀",
            "e\u{301}",
            "a, b | (c)",
            "? x",
            "!x",
            "%",
            "@x",
            "query",
            &long,
        ];
        let (folder, file) = folder_with("# mine\n");
        for name in names {
            save(&file, name, "first").unwrap_or_else(|error| panic!("{name}: {error}"));
            save(&file, name, name).unwrap();
            change(&file, &pin(name, Some("gm")), &|_| None).unwrap();
        }
        let (searches, problems) = read(&file);
        assert_eq!(problems, []);
        assert_eq!(searches.iter().map(|search| search.name.as_str()).collect::<Vec<_>>(), names);
        assert!(searches.iter().all(|search| search.query == search.name && search.key.is_some()));
        for name in names {
            change(&file, &rename(name, "between"), &|_| None).unwrap_or_else(|error| panic!("{name}: {error}"));
            change(&file, &rename("between", name), &|_| None).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        assert_eq!(read(&file).0.iter().map(|search| search.name.as_str()).collect::<Vec<_>>(), names);
        for name in names {
            change(&file, &delete(name), &|_| None).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        assert_eq!(contents(&file).unwrap(), "# mine\n");
        drop(folder);
    }

    #[test]
    fn a_pin_is_read_with_its_position_and_changes_one_line() {
        let (searches, problems) =
            parse("a: {query: x, key: \"gm\"}\nb:\n  key: 4\n  query: y\nc: {query: z, key: }\n");
        assert_eq!(problems, []);
        let keys = searches.iter().map(|search| search.key.as_ref().map(|key| (key.text.as_str(), key.at)));
        assert_eq!(keys.collect::<Vec<_>>(), [Some(("gm", (1, 21))), Some(("4", (3, 8))), None]);
        for (before, keys, expected) in [
            ("a: x  # why\nb: y\n", Some("gm"), "a: {query: \"x\", key: \"gm\"}  # why\nb: y\n"),
            ("a: {query: x, key: gm} # why\r\n", Some("<f5>"), "a: {query: \"x\", key: \"<f5>\"} # why\r\n"),
            ("a: {query: x, key: gm} # why\n", None, "a: \"x\" # why\n"),
            ("a: {query: x}\n", Some("g"), "a: {query: \"x\", key: \"g\"}\n"),
            (
                "a:\n  query: >\n    x\n  # why\nb: y\n",
                Some("g"),
                "a:\n  key: \"g\"\n  query: >\n    x\n  # why\nb: y\n",
            ),
            ("a:\n  query: x\n  key: gm # why\n", Some("gn"), "a:\n  query: x\n  key: \"gn\" # why\n"),
            ("a:\n  query: x\n  key: gm # why\n", None, "a:\n  query: x\n"),
            ("a: x\n", None, "a: x\n"),
        ] {
            assert_eq!(after(before, &pin("a", keys)).as_deref(), Ok(expected), "{before:?}");
        }
        let by_hand = "`a` cannot be changed without rewriting other parts of the file; edit it by hand";
        for before in ["a: {query: x, also: y}\n", "a: {query: x,\n  key: y}\n", "a: >\n  x\n", "{a: x}\n", "a: [x]\n"]
        {
            assert_eq!(after(before, &pin("a", Some("g"))), Err(by_hand.to_owned()), "{before:?}");
        }
        // Another query keeps the key.
        let query = SearchChange::Save { name: "a".to_owned(), query: "Q".to_owned() };
        for (before, expected) in [
            ("a: {query: x, key: gm} # why\n", "a: {query: \"Q\", key: \"gm\"} # why\n"),
            ("a:\n  query: x # why\n  key: gm\n", "a:\n  query: \"Q\" # why\n  key: gm\n"),
            ("a:\n  key: gm\n", "a:\n  query: \"Q\"\n  key: gm\n"),
        ] {
            assert_eq!(after(before, &query).as_deref(), Ok(expected), "{before:?}");
        }
    }

    #[test]
    fn a_rename_changes_the_name_and_the_queries_that_use_it() {
        for (before, expected) in [
            (
                "# top\nold: x # why\nb: {query: saved:old, key: g} # it\nc:\n  query: -saved:old\n",
                "# top\nnew: x # why\nb: {query: \"saved:new\", key: \"g\"} # it\nc:\n  query: \"-saved:new\"\n",
            ),
            ("'old' : >\n  x\n  y\n", "new : >\n  x\n  y\n"),
            ("old: a\nb: c\n\"old\": saved:b\n", "new: a\nb: c\nnew: saved:b\n"),
        ] {
            assert_eq!(after(before, &rename("old", "new")).as_deref(), Ok(expected), "{before:?}");
        }
        assert_eq!(after("old: x\n", &rename("old", "a b: c")).as_deref(), Ok("\"a b: c\": x\n"));
        assert_eq!(after("old: x\n", &rename("old", "old")).as_deref(), Ok("old: x\n"));
        for (before, to, message) in [
            ("old: x\nnew: y\n", "new", "another saved search is called `new`; choose another name"),
            ("new: y\n", "c", "no saved search is called `old`; press f to see their names"),
            ("old: x\n", "", "`` is not a name: the name is missing"),
            (
                "old: x\nb: >\n  saved:old\n",
                "new",
                "`old` cannot be changed without rewriting other parts of the file; edit it by hand",
            ),
        ] {
            assert_eq!(after(before, &rename("old", to)), Err(message.to_owned()), "{before:?}");
        }
    }

    #[test]
    fn a_search_is_deleted_with_its_lines_and_nothing_else() {
        for (before, expected) in [
            ("# top\na: x\n\n# of b\nb: y\n", "# top\n\n# of b\nb: y\n"),
            ("b: y\na: x", "b: y\n"),
            ("a:\n  query: x\n  # why\n\n  key: g\n# below\nb: y\n", "# below\nb: y\n"),
            ("a: >\n  x\n\n  y\n\nb: y\n", "\nb: y\n"),
            ("a: x\nb: y\na: z\n", "b: y\n"),
            ("---\na: x\n...\n", "---\n...\n"),
            ("a: x\nb: [1]\n? [c]\n: d\n", "b: [1]\n? [c]\n: d\n"),
        ] {
            assert_eq!(after(before, &delete("a")).as_deref(), Ok(expected), "{before:?}");
        }
        let by_hand = "`a` cannot be changed without rewriting other parts of the file; edit it by hand";
        for before in ["{a: x, b: y}\n", "  a: x\n  b: y\n", "? a\n: x\n"] {
            assert_eq!(after(before, &delete("a")), Err(by_hand.to_owned()), "{before:?}");
        }
        let missing = "no saved search is called `a`; press f to see their names";
        assert_eq!(after("b: x\n", &delete("a")), Err(missing.to_owned()));
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
