//! The house keeps its plan: no import climbs a floor, no files import each other in a circle, every file says what it is for.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The floors, from the ground: a room may import rooms of lower floors only.
const FLOORS: [&[&str]; 9] = [
    &["dates", "fnv", "brackets"],
    &["feed", "config", "program"],
    &["query", "library", "browser"],
    &["app"],
    &["keymap"],
    &["ui"],
    &["terminal"],
    &["cli"],
    &["main"],
];

/// Crates that rooms must never know.
const NEVER_KNOWS: [(&str, &[&str]); 9] = [
    ("dates", &["ratatui", "crossterm", "std::fs", "std::env", "serde_yaml"]),
    ("feed", &["ratatui", "crossterm", "std::fs", "serde_yaml", "toml"]),
    ("query", &["ratatui", "crossterm", "std::fs", "serde_yaml"]),
    ("library", &["ratatui", "crossterm"]),
    (
        "app",
        &["crossterm", "std::fs", "std::thread", "std::env", "ratatui::widgets", "ratatui::style", "ratatui::text"],
    ),
    ("keymap", &["ratatui", "crossterm", "std::fs"]),
    ("ui", &["crossterm", "std::fs", "std::thread", "std::env"]),
    ("config", &["crossterm"]),
    ("browser", &["ratatui", "crossterm"]),
];

struct File {
    /// Path below `src`, without `.rs`: `feed/mod`.
    name: String,
    text: String,
}

impl File {
    fn room(&self) -> &str {
        self.name.split('/').next().expect("a room")
    }

    /// The text without its tests: those may look anywhere.
    fn code(&self) -> &str {
        if self.name.ends_with("/tests") {
            return "";
        }
        self.text.split("#[cfg(test)]\nmod tests").next().expect("a text")
    }
}

fn files() -> Vec<File> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix("src").expect("below src").with_extension("");
                let text = std::fs::read_to_string(&path).expect("a file");
                found.push(File { name: name.to_string_lossy().into_owned(), text });
            }
        }
    }
    assert!(found.len() > 30, "the files of the house were found");
    found
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// The paths that a file names in `use` and inline, as `crate::…` with groups taken apart.
fn imports(file: &File) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let code = file.code();
    for start in ["crate::", "super::", "self::"] {
        for (at, _) in code.match_indices(start) {
            let before = code[..at].chars().next_back().unwrap_or(' ');
            if before.is_alphanumeric() || before == '_' || before == ':' || before == '$' {
                continue;
            }
            let line_start = code[..at].rfind('\n').map_or(0, |newline| newline + 1);
            if code[line_start..at].trim_start().starts_with("//") {
                continue;
            }
            for path in expand(&code[at..]) {
                found.insert(absolute(file, &path));
            }
        }
    }
    found
}

/// `crate::a::{b, c::{d}}…` as `crate::a::b`, `crate::a::c::d`.
fn expand(text: &str) -> Vec<String> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(text.len());
    let (head, rest) = text.split_at(end);
    if !head.ends_with("::") || !rest.starts_with('{') {
        return vec![head.trim_end_matches(':').to_owned()];
    }
    let (mut depth, mut item, mut items) = (0, String::new(), Vec::new());
    for c in rest.chars() {
        match c {
            '{' if depth == 0 => depth = 1,
            '}' if depth == 1 => break,
            ',' if depth == 1 => items.push(std::mem::take(&mut item)),
            c => {
                depth += i32::from(c == '{') - i32::from(c == '}');
                item.push(c);
            }
        }
    }
    items.push(item);
    let items = items.iter().map(|item| item.trim()).filter(|item| !item.is_empty());
    items.flat_map(|item| expand(&format!("{head}{item}"))).collect()
}

fn absolute(file: &File, path: &str) -> String {
    let mut module: Vec<&str> = file.name.split('/').filter(|part| *part != "mod" && *part != "lib").collect();
    let mut parts: Vec<&str> = path.split("::").collect();
    match parts[0] {
        "crate" => module.clear(),
        "self" => {}
        _ => {
            module.pop();
        }
    }
    parts.remove(0);
    while parts.first() == Some(&"super") {
        module.pop();
        parts.remove(0);
    }
    module.extend(parts);
    module.join("/")
}

/// The file that an imported path leads into: the longest part of it that is a file.
fn target<'a>(path: &str, files: &'a [File]) -> Option<&'a str> {
    let mut parts: Vec<&str> = path.split('/').collect();
    while !parts.is_empty() {
        let name = parts.join("/");
        let found = files.iter().find(|file| file.name == name || file.name == format!("{name}/mod"));
        if let Some(file) = found {
            return Some(&file.name);
        }
        parts.pop();
    }
    None
}

fn graph(files: &[File]) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut graph: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for file in files {
        let targets = imports(file).iter().filter_map(|path| target(path, files)).collect::<BTreeSet<_>>();
        graph.entry(&file.name).or_default().extend(targets.into_iter().filter(|name| *name != file.name));
        // `pub use child::…` and `use child::…` of a room's own children.
        for line in file.code().lines() {
            let line = line.trim_start_matches("pub(crate) ").trim_start_matches("pub ");
            let Some(path) = line.strip_prefix("use ") else { continue };
            let child = path.split([':', ';', ' ']).next().unwrap_or_default();
            let folder = file.name.trim_end_matches("/mod").trim_end_matches("lib");
            let names = [format!("{folder}/{child}"), format!("{folder}/{child}/mod")];
            if let Some(found) = files.iter().find(|file| names.contains(&file.name)) {
                graph.entry(&file.name).or_default().insert(&found.name);
            }
        }
    }
    graph
}

#[test]
fn no_import_climbs_a_floor() {
    let files = files();
    let mut wrong = Vec::new();
    for file in files.iter().filter(|file| file.name != "lib" && file.name != "main") {
        let own = floor(file.room()).unwrap_or_else(|| panic!("{} is on no floor", file.name));
        for path in imports(file) {
            let room = path.split('/').next().unwrap_or_default().to_owned();
            if room != file.room() && floor(&room).is_some_and(|other| other >= own) {
                wrong.push(format!("{} imports {path}", file.name));
            }
        }
    }
    assert!(wrong.is_empty(), "imports that climb: {wrong:#?}");
}

#[test]
fn rooms_do_not_know_what_they_must_not() {
    let mut wrong = Vec::new();
    for file in files() {
        for (room, forbidden) in NEVER_KNOWS.iter().filter(|(room, _)| *room == file.room()) {
            for name in *forbidden {
                let is_code = |line: &str| !line.trim_start().starts_with("//");
                let known = file.code().lines().filter(|line| is_code(line)).any(|line| {
                    line.match_indices(name).any(|(at, _)| {
                        let before = line[..at].chars().next_back().unwrap_or(' ');
                        !before.is_alphanumeric() && before != '_' && line[at + name.len()..].starts_with("::")
                    })
                });
                if known {
                    wrong.push(format!("{} of {room} knows {name}", file.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let files = files();
    let graph = graph(&files);
    assert!(graph.values().map(BTreeSet::len).sum::<usize>() > 80, "imports were found");
    let mut done: BTreeSet<&str> = BTreeSet::new();
    for start in graph.keys() {
        let mut path: Vec<&str> = Vec::new();
        visit(start, &graph, &mut done, &mut path);
    }
}

fn visit<'a>(
    name: &'a str,
    graph: &BTreeMap<&'a str, BTreeSet<&'a str>>,
    done: &mut BTreeSet<&'a str>,
    path: &mut Vec<&'a str>,
) {
    assert!(!path.contains(&name), "a circle: {} → {name}", path.join(" → "));
    if !done.insert(name) && !path.is_empty() {
        return;
    }
    path.push(name);
    for next in graph.get(name).into_iter().flatten() {
        visit(next, graph, done, path);
    }
    path.pop();
}

#[test]
fn every_file_says_what_it_is_for() {
    let mut all = files();
    for (folder, _) in
        [("tests/it", 0), ("tests/it/harness", 0), ("tests/it/hostile_files", 0), ("tests/it/opening", 0)]
    {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                let text = std::fs::read_to_string(&path).expect("a file");
                all.push(File { name: path.to_string_lossy().into_owned(), text });
            }
        }
    }
    for file in all {
        let first = file.text.lines().next().unwrap_or_default();
        assert!(first.starts_with("//! ") && first.len() > 20, "{} opens with no sentence: {first}", file.name);
    }
}

#[test]
fn files_are_of_a_size_one_can_read() {
    for file in files() {
        let lines = file.code().lines().count();
        assert!(lines <= 510, "{} has {lines} lines without its tests: split it", file.name);
    }
}

/// The functions that may have code the compiler cannot check: one maps a file, the others handle the signal that comes when
/// such a file is cut short.
const UNCHECKED: [&str; 5] = ["open", "on_bus_error", "map_zeros", "default_action", "set_action"];

#[test]
fn what_the_compiler_cannot_check_stands_in_one_file() {
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let has = |file: &File| {
        file.text.lines().filter(is_code).any(|line| {
            line.contains("unsafe {")
                || line.contains("unsafe fn")
                || line.contains("unsafe impl")
                || line.contains("allow(unsafe_code)")
        })
    };
    let all = files();
    let found: Vec<&File> = all.iter().filter(|file| has(file)).collect();
    assert_eq!(found.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["library/mapped"]);
    let code = found[0].code();
    let allowed = code.split("#[allow(unsafe_code)]").skip(1);
    let functions: Vec<&str> =
        allowed.filter_map(|rest| rest.split_once("fn ")?.1.split('(').next()).map(str::trim).collect();
    assert_eq!(functions, UNCHECKED);
    let blocks = |text: &str| text.lines().filter(is_code).filter(|line| line.contains("unsafe {")).count();
    assert_eq!(code.matches("// SAFETY: ").count(), blocks(code), "each says why it is right");
    let manifest = std::fs::read_to_string("Cargo.toml").expect("the manifest");
    assert!(manifest.contains("\nunsafe_code = \"deny\"\n"), "everywhere else it is denied");
}

#[test]
fn arithmetic_is_checked_in_the_program_that_people_run() {
    let manifest: toml::Table = std::fs::read_to_string("Cargo.toml").expect("the manifest").parse().expect("TOML");
    let release = &manifest["profile"]["release"];
    assert_eq!(release["overflow-checks"].as_bool(), Some(true));
    // A panic of a thread is told, and the program goes on: that needs unwinding.
    assert!(release.get("panic").is_none());
}

#[test]
fn threads_are_started_only_where_it_may_fail() {
    let clippy = std::fs::read_to_string("clippy.toml").expect("the lints");
    for path in ["std::thread::spawn", "std::thread::Scope::spawn"] {
        assert!(clippy.contains(&format!("path = \"{path}\"")), "{path}");
    }
    for file in files() {
        for word in ["thread::spawn(", "scope.spawn("] {
            assert!(!file.code().contains(word), "{}: {word}", file.name);
        }
    }
}

#[test]
fn the_test_would_see_a_climber_and_a_circle() {
    let file = |name: &str, text: &str| File { name: name.to_owned(), text: text.to_owned() };
    let climber = file("feed/article", "use crate::{ui::text, app::{App, list::List}};\n// use crate::cli;\n");
    let found: Vec<String> = imports(&climber).into_iter().collect();
    assert_eq!(found, ["app/App", "app/list/List", "ui/text"]);
    let circle = [file("app/mod", "mod list;\nuse list::List;\n"), file("app/list", "use super::App;\n")];
    let graph = graph(&circle);
    let walk = std::panic::catch_unwind(|| visit("app/mod", &graph, &mut BTreeSet::new(), &mut Vec::new()));
    assert!(walk.is_err(), "{graph:?}");
}

#[test]
fn every_seed_is_compiled_in_by_its_name() {
    assert!(Path::new("seeds/000_fb1d0d46ce0ecfe6.txt").is_file());
}
