//! Settings: the defaults, then the file; what cannot be used is told with its place and left at its default.

pub mod paths;
mod problem;
pub mod searches;
mod text_file;
pub mod theme;

use std::path::{Path, PathBuf};

use serde_yaml::{Mapping, Value};

pub use problem::ConfigProblem;

/// The settings with their defaults, as a commented file.
pub const DEFAULT: &str = include_str!("default.yaml");

/// The keys of the settings.
const KEYS: [&str; 6] = ["library", "query", "read", "marks", "browser", "editor"];

/// The settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// Folders and files to read when none are named.
    pub library: Vec<PathBuf>,
    /// The query that the reader starts with.
    pub query: Option<String>,
    /// When an article counts as read.
    pub read: Read,
    /// The folder of the marks, instead of the one in the data folder.
    pub marks: Option<PathBuf>,
    /// The command that opens links, instead of `$BROWSER` and the desktop's.
    pub browser: Option<String>,
    /// The command that edits files, instead of `$VISUAL` and `$EDITOR`.
    pub editor: Option<String>,
}

/// When an article that is opened counts as read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Read {
    /// When it is opened.
    #[default]
    Opened,
    /// When one goes on.
    Left,
    /// After so many seconds.
    After(u32),
    /// When the reader says so.
    Never,
}

impl Read {
    fn parse(word: &str) -> Option<Read> {
        match word {
            "opened" => Some(Read::Opened),
            "left" => Some(Read::Left),
            "never" => Some(Read::Never),
            word => word.strip_suffix('s')?.trim_end().parse().ok().map(Read::After),
        }
    }
}

impl Config {
    /// Reads the settings of a file that may be missing. `home` stands for `~`; relative paths are relative to the file.
    pub fn read(file: &Path, home: Option<&Path>) -> (Config, Vec<ConfigProblem>) {
        match text_file::read(file) {
            Ok(Some(text)) => Config::parse(&text, file.parent().unwrap_or(Path::new("")), home),
            Ok(None) => (Config::default(), Vec::new()),
            Err(error) => (Config::default(), vec![text_file::problem("the settings", &error, "the defaults hold")]),
        }
    }

    /// Reads settings. Paths are relative to `folder`.
    pub fn parse(text: &str, folder: &Path, home: Option<&Path>) -> (Config, Vec<ConfigProblem>) {
        let mut reader = Reader { text, problems: Vec::new() };
        let map = reader.map();
        let library = reader.paths(&map).iter().map(|path| resolve(path, folder, home)).collect();
        let config = Config {
            library,
            query: reader.word(&map, "query"),
            read: reader.read(&map),
            marks: reader.word(&map, "marks").map(|path| resolve(&path, folder, home)),
            browser: reader.word(&map, "browser"),
            editor: reader.word(&map, "editor"),
        };
        reader.unknown(&map);
        (config, reader.problems)
    }
}

fn resolve(path: &str, folder: &Path, home: Option<&Path>) -> PathBuf {
    match (path.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ if path == "~" => home.unwrap_or(folder).to_owned(),
        _ => folder.join(path),
    }
}

struct Reader<'a> {
    text: &'a str,
    problems: Vec<ConfigProblem>,
}

impl Reader<'_> {
    fn map(&mut self) -> Mapping {
        let hint = "none of the settings hold until it is mended";
        if let Err(problem) = text_file::guard(self.text, hint) {
            self.problems.push(problem);
            return Mapping::new();
        }
        match serde_yaml::from_str::<Value>(self.text) {
            Ok(Value::Mapping(map)) => map,
            Ok(Value::Null) => Mapping::new(),
            Ok(_) => {
                self.tell(
                    Some((1, 1)),
                    "the settings are not made of `key: value` lines",
                    "see frontpage config --default",
                );
                Mapping::new()
            }
            Err(error) => {
                self.problems.push(ConfigProblem::of_yaml(&error, self.text, hint));
                Mapping::new()
            }
        }
    }

    fn tell(&mut self, at: Option<(u32, u32)>, what: &str, hint: &str) {
        self.problems.push(ConfigProblem::new(at, what, hint));
    }

    /// The place of a key at the top.
    fn place(&self, key: &str) -> Option<(u32, u32)> {
        let is_it = |line: &str| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with(':'));
        self.text.lines().position(is_it).map(|line| (line as u32 + 1, 1))
    }

    fn word(&mut self, map: &Mapping, key: &str) -> Option<String> {
        match map.get(key)? {
            Value::String(word) if !word.trim().is_empty() => Some(word.clone()),
            Value::String(_) | Value::Null => None,
            _ => {
                self.tell(self.place(key), &format!("`{key}` is no text"), "write it in quotes");
                None
            }
        }
    }

    fn read(&mut self, map: &Mapping) -> Read {
        let Some(word) = self.word(map, "read") else { return Read::default() };
        Read::parse(&word).unwrap_or_else(|| {
            let what = format!("`read: {word}` is not known");
            self.tell(self.place("read"), &what, "write opened, left, never, or seconds as in 5s");
            Read::default()
        })
    }

    fn paths(&mut self, map: &Mapping) -> Vec<String> {
        let key = "library";
        let items = match map.get(key) {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Sequence(items)) => items.clone(),
            Some(value) => vec![value.clone()],
        };
        let mut paths = Vec::new();
        for item in items {
            match item {
                Value::String(path) => paths.push(path),
                _ => self.tell(self.place(key), "`library` holds something that is no path", "write folders as text"),
            }
        }
        paths
    }

    fn unknown(&mut self, map: &Mapping) {
        for key in map.keys() {
            let Some(key) = key.as_str().filter(|key| !KEYS.contains(key)) else { continue };
            let nearest = KEYS.iter().min_by_key(|known| strsim::damerau_levenshtein(known, key));
            let near = nearest.filter(|known| strsim::damerau_levenshtein(known, key) <= 2);
            let hint = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are {}", KEYS.join(", ")),
            };
            self.tell(self.place(key), &format!("unknown setting `{key}`"), &hint);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commented_defaults_are_the_defaults() {
        assert_eq!(Config::parse(DEFAULT, Path::new(""), None), (Config::default(), Vec::new()));
        for key in KEYS {
            assert!(DEFAULT.contains(&format!("\n# {key}:")), "{key} is explained");
        }
    }

    #[test]
    fn what_is_wrong_is_told_and_the_rest_holds() {
        let text = "library: [~/news, more]\nbrowzer: firefox\nquery: 3\neditor: vi\n";
        let (config, problems) = Config::parse(text, Path::new("/etc/fp"), Some(Path::new("/home/a")));
        assert_eq!(config.library, [PathBuf::from("/home/a/news"), PathBuf::from("/etc/fp/more")]);
        assert_eq!(config.editor.as_deref(), Some("vi"));
        let told: Vec<_> = problems.iter().map(|p| (p.at, p.what.as_str(), p.hint.as_str())).collect();
        assert_eq!(
            told,
            [
                (Some((3, 1)), "`query` is no text", "write it in quotes"),
                (Some((2, 1)), "unknown setting `browzer`", "did you mean `browser`?"),
            ]
        );
    }

    #[test]
    fn a_broken_file_is_told_with_its_place() {
        let (config, problems) = Config::parse("library: a\nquery: b: c\n", Path::new(""), None);
        assert_eq!(config, Config::default());
        assert_eq!(problems[0].at, Some((2, 9)));
    }
}
