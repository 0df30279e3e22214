//! Rules for the structure of the sources: layers, cycles, sizes of types and files, and where names may be used.
//!
//! Some figures may only fall: a change that lowers a count lowers the figure here too.

#[path = "architecture/source.rs"]
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use source::{File, files, words_at};

use crate::repository_files::sources_below;

/// The modules at the top of the tree, from the lowest layer: a module imports modules of lower layers only.
pub const LAYERS: &[&[&str]] = &[
    &["fnv", "bracket_limit", "code", "file_system", "html", "xml", "frames", "confinement"],
    &["dates", "picture"],
    &["feed", "config", "external_program"],
    &["query", "library", "browser", "text", "channel", "subscriptions", "net", "confined_process"],
    &["markdown", "digest"],
    &["account", "export"],
    &["jobs"],
    &["app", "sync"],
    &["keymap"],
    &["ui"],
    &["terminal"],
    &["cli"],
    &["main"],
];

/// Crates and parts of the standard library that modules must not name.
pub const NEVER_KNOWS: &[(&str, &[&str])] = &[
    ("code", &["ratatui", "crossterm", "std::fs", "std::env", "std::net", "regex"]),
    ("html", &["ratatui", "crossterm", "std::fs", "std::env", "std::net"]),
    ("xml", &["ratatui", "crossterm", "std::fs", "std::env", "std::net"]),
    ("channel", &["ratatui", "crossterm", "std::fs", "std::env", "std::net", "std::process"]),
    ("subscriptions", &["ratatui", "crossterm", "std::fs", "std::env", "std::net", "std::process"]),
    ("digest", &["ratatui", "crossterm", "std::net", "std::process"]),
    ("account", &["ratatui", "crossterm", "std::fs", "std::env", "std::net", "std::process"]),
    ("net", &["ratatui", "crossterm", "std::fs", "std::process", "std::env"]),
    ("sync", &["ratatui", "crossterm", "std::net", "ureq"]),
    ("confinement", &["ratatui", "crossterm", "std::net", "std::process"]),
    ("picture", &["ratatui", "crossterm", "std::fs", "std::env", "std::net", "std::process"]),
    ("dates", &["ratatui", "crossterm", "std::fs", "std::env", "serde_yaml"]),
    ("feed", &["ratatui", "crossterm", "std::fs", "serde_yaml", "toml"]),
    ("query", &["ratatui", "crossterm", "std::fs", "serde_yaml"]),
    ("library", &["ratatui", "crossterm"]),
    ("export", &["crossterm", "std::fs", "std::env", "std::net", "std::process"]),
    ("jobs", &["ratatui", "crossterm", "std::fs", "std::env"]),
    (
        "app",
        &["crossterm", "std::fs", "std::thread", "std::env", "ratatui::widgets", "ratatui::style", "ratatui::text"],
    ),
    ("keymap", &["ratatui", "crossterm", "std::fs"]),
    ("ui", &["crossterm", "std::fs", "std::thread", "std::env"]),
    ("config", &["crossterm"]),
    ("browser", &["ratatui", "crossterm"]),
];

/// Paths of `ui` that `cli` may name. None: it prints without a screen.
const CLI_KNOWS_OF_UI: &[&str] = &[];

/// Methods that a type may have, over all its `impl` blocks.
const MOST_METHODS: usize = 40;
/// Types with more methods, and how many. The figures only fall.
const MANY_METHODS: &[(&str, usize)] = &[("App", 173)];

/// Fields that a struct may have.
const MOST_FIELDS: usize = 15;
/// Structs with more fields, how many, and why.
const MANY_FIELDS: &[(&str, usize, &str)] = &[
    ("Article", usize::MAX, "what a file says: a field more is no reason to touch this file"),
    ("Record", 24, "an article as bytes"),
    ("App", 28, "holds the features of a session"),
    ("FetchRecord", 21, "the keys of a file"),
];

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|modules| modules.contains(&module))
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
        let targets = file.imports.iter().filter_map(|path| target(path, files)).collect::<BTreeSet<_>>();
        graph.entry(&file.name).or_default().extend(targets.into_iter().filter(|name| *name != file.name));
        // `pub use child::…` and `use child::…` of a module's own children.
        for line in file.without_tests().lines() {
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

/// Imports from the same layer or a higher one.
fn climbing(files: &[File]) -> Vec<String> {
    let mut wrong = Vec::new();
    for file in files.iter().filter(|file| file.name != "lib" && file.name != "main") {
        let own = layer(file.module()).unwrap_or_else(|| panic!("{} is in no layer", file.name));
        for path in &file.imports {
            let module = path.split('/').next().unwrap_or_default().to_owned();
            if module != file.module() && layer(&module).is_some_and(|other| other >= own) {
                wrong.push(format!("{} imports {path}", file.name));
            }
        }
    }
    wrong
}

#[test]
fn modules_import_only_lower_layers() {
    let wrong = climbing(files());
    assert!(wrong.is_empty(), "imports that climb: {wrong:#?}");
}

#[test]
fn modules_do_not_name_forbidden_crates() {
    let mut wrong = Vec::new();
    for file in files() {
        for (module, forbidden) in NEVER_KNOWS.iter().filter(|(module, _)| *module == file.module()) {
            for name in *forbidden {
                let is_code = |line: &str| !line.trim_start().starts_with("//");
                let known = file.without_tests().lines().filter(|line| is_code(line)).any(|line| {
                    line.match_indices(name).any(|(at, _)| {
                        let before = line[..at].chars().next_back().unwrap_or(' ');
                        !before.is_alphanumeric() && before != '_' && line[at + name.len()..].starts_with("::")
                    })
                });
                if known {
                    wrong.push(format!("{} of {module} knows {name}", file.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn one_file_names_the_library_for_http() {
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let names = |file: &&File| file.without_tests().lines().filter(is_code).any(|line| line.contains("ureq::"));
    let found: Vec<&str> = files().iter().filter(names).map(|file| file.name.as_str()).collect();
    assert_eq!(found, ["net/client"]);
}

/// Imports of `cli` from `ui`.
fn of_inside_ui(files: &[File]) -> Vec<String> {
    let of_cli = files.iter().filter(|file| file.module() == "cli");
    let paths = of_cli.flat_map(|file| file.imports.iter().map(move |path| (&file.name, path)));
    let inside =
        paths.filter(|(_, path)| path.split('/').next() == Some("ui") && !CLI_KNOWS_OF_UI.contains(&path.as_str()));
    inside.map(|(name, path)| format!("{name} imports {path}")).collect()
}

#[test]
fn the_command_line_does_not_import_ui() {
    let wrong = of_inside_ui(files());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_have_no_import_cycles() {
    let files = files();
    let graph = graph(files);
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
    let test = |path: PathBuf| File::new(&path.to_string_lossy(), &std::fs::read_to_string(&path).expect("a file"));
    let tests: Vec<File> = sources_below(&["tests/it"]).into_iter().map(test).collect();
    for file in files().iter().chain(&tests) {
        let first = file.text.lines().next().unwrap_or_default();
        assert!(first.starts_with("//! ") && first.len() > 20, "{} opens with no sentence: {first}", file.name);
    }
}

#[test]
fn files_have_at_most_510_lines() {
    for file in files() {
        let lines = file.without_tests().lines().count();
        assert!(lines <= 510, "{} has {lines} lines without its tests: split it", file.name);
    }
}

/// The functions that may have code the compiler cannot check: one maps a file, the others handle the signal that comes when
/// such a file is cut short.
const UNCHECKED: [&str; 5] = ["open", "on_bus_error", "map_zeros", "default_action", "set_action"];

#[test]
fn unsafe_code_is_in_one_file() {
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
    assert_eq!(found.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["library/mapped_file"]);
    let code = found[0].without_tests();
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
fn release_builds_check_for_overflow() {
    let manifest: toml::Table = std::fs::read_to_string("Cargo.toml").expect("the manifest").parse().expect("TOML");
    let release = &manifest["profile"]["release"];
    assert_eq!(release["overflow-checks"].as_bool(), Some(true));
    // A panic of a thread is reported and the program continues, which needs unwinding.
    assert!(release.get("panic").is_none());
}

#[test]
fn threads_are_started_with_a_fallible_builder() {
    let clippy = std::fs::read_to_string("clippy.toml").expect("the lints");
    for path in ["std::thread::spawn", "std::thread::Scope::spawn"] {
        assert!(clippy.contains(&format!("path = \"{path}\"")), "{path}");
    }
    for file in files() {
        for word in ["thread::spawn(", "scope.spawn("] {
            assert!(!file.without_tests().contains(word), "{}: {word}", file.name);
        }
    }
}

/// The file that declares the type that an `impl` block of `file` is about: in the file itself, else in its module.
fn home<'a>(file: &'a File, name: &str, files: &'a [File]) -> &'a str {
    let declares = |other: &&File| other.types.iter().any(|(known, _)| known == name);
    let of_module = || files.iter().filter(|other| other.module() == file.module()).find(declares);
    Some(file).filter(declares).or_else(of_module).map_or(&file.name, |home| &home.name)
}

/// How many methods each type has, by the file that declares it and its name.
fn methods(files: &[File]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for file in files {
        for (name, functions) in file.inherent_impls() {
            *counts.entry(format!("{}::{name}", home(file, name, files))).or_default() += functions;
        }
    }
    counts
}

/// Counts that exceed `most` or the figure for their name, and names whose figure is not needed.
fn beyond(counts: &BTreeMap<String, usize>, most: usize, excepted: &[(&str, usize)]) -> Vec<String> {
    let figure = |name: &str| {
        let name = name.rsplit("::").next().unwrap_or(name);
        excepted.iter().find(|(known, _)| *known == name).map_or(most, |(_, figure)| *figure)
    };
    let beyond =
        counts.iter().map(|(name, count)| (name, *count, figure(name))).filter(|(_, count, most)| count > most);
    let needed = |name: &str| counts.iter().any(|(of, count)| of.rsplit("::").next() == Some(name) && *count > most);
    let unneeded = excepted.iter().filter(|(name, _)| !needed(name));
    let beyond = beyond.map(|(name, count, most)| format!("{name}: {count}, at most {most}"));
    beyond.chain(unneeded.map(|(name, _)| format!("{name} needs no figure"))).collect()
}

#[test]
fn types_have_few_methods() {
    let wrong = beyond(&methods(files()), MOST_METHODS, MANY_METHODS);
    assert!(wrong.is_empty(), "methods: {wrong:#?}");
}

#[test]
fn structs_have_few_fields() {
    let all = files();
    let of_file = |file: &File| {
        let structs = file.structs().into_iter().map(|(name, count)| (format!("{}::{name}", file.name), count));
        structs.collect::<Vec<_>>()
    };
    let counts: BTreeMap<String, usize> = all.iter().flat_map(of_file).collect();
    let excepted: Vec<_> = MANY_FIELDS.iter().map(|(name, figure, _)| (*name, *figure)).collect();
    let wrong = beyond(&counts, MOST_FIELDS, &excepted);
    assert!(wrong.is_empty(), "fields: {wrong:#?}");
}

/// Lines that name a variant of `Overlay` outside of the overlay modules.
fn overlay_lines(files: &[File]) -> Vec<String> {
    let is_home = |file: &&File| file.name.starts_with("app/overlays/") || file.name.starts_with("ui/overlays/");
    let of_file = |file: &File| {
        let lines =
            file.code.lines().filter(|line| words_at(line, "Overlay").any(|at| line[at..].starts_with("Overlay::")));
        lines.map(|line| format!("{}: {}", file.name, line.trim())).collect::<Vec<_>>()
    };
    files.iter().filter(|file| !is_home(file)).flat_map(of_file).collect()
}

#[test]
fn overlay_variants_are_named_only_in_overlay_modules() {
    let lines = overlay_lines(files());
    assert!(lines.is_empty(), "{lines:#?}");
}

fn derefs(files: &[File]) -> usize {
    files.iter().flat_map(File::trait_impls).filter(|(name, of)| name.starts_with("Deref") && *of == "App").count()
}

#[test]
fn app_does_not_deref_to_its_fields() {
    assert_eq!(derefs(files()), 0, "`App` derefs");
}

fn verb_names(files: &[File]) -> Vec<&str> {
    files
        .iter()
        .map(|file| file.name.as_str())
        .filter(|name| name.starts_with("app/") && name.ends_with("ing"))
        .collect()
}

#[test]
fn files_are_named_after_things() {
    let all = files();
    let found = verb_names(all);
    assert!(found.is_empty(), "{found:?}");
}

/// Error types of `Result`s that are not errors, with their counts: text, and types of ours that public functions return but
/// that do not implement `std::error::Error`.
fn no_errors(files: &[File]) -> BTreeMap<String, usize> {
    let derives = |attributes: &str| attributes.contains("thiserror::Error") || attributes.contains(", Error");
    let declared = |file: &File, name: &str| file.types.iter().any(|(known, _)| known == name);
    let is_error = |file: &File, name: &str| {
        file.types.iter().any(|(known, attributes)| known == name && derives(attributes))
            || file.trait_impls().iter().any(|(of_trait, of)| *of_trait == "Error" && *of == name)
    };
    let mut counts = BTreeMap::new();
    for file in files {
        let near = |other: &&File| {
            other.module() == file.module()
                || file.imports.iter().any(|path| path.split('/').next() == Some(other.module()))
        };
        for (written, is_public) in file.errors() {
            let path = written.trim_start_matches('&').trim_start_matches("'static ");
            let name = path.split('<').next().unwrap_or(path).rsplit("::").next().unwrap_or(path);
            let mut homes = files.iter().filter(near).filter(|other| declared(other, name)).peekable();
            let is_ours = homes.peek().is_some() && !["io::", "fmt::"].iter().any(|start| path.starts_with(start));
            if matches!(name, "str" | "String" | "SafeText")
                || is_public && is_ours && !homes.any(|home| is_error(home, name))
            {
                *counts.entry(format!("{}::{name}", file.name)).or_default() += 1;
            }
        }
    }
    counts
}

#[test]
fn error_types_implement_error() {
    let wrong = no_errors(files());
    assert!(wrong.is_empty(), "as errors: {wrong:#?}");
}

#[test]
fn rules_find_their_violations() {
    let climber = File::new("feed/article", "use crate::{ui::text, app::{App, list::List}};\n// use crate::cli;\n");
    assert_eq!(climber.imports.iter().collect::<Vec<_>>(), ["app/App", "app/list/List", "ui/text"]);
    assert_eq!(climbing(&[climber]).len(), 3);

    let printer = File::new("cli/show", "use crate::ui::text::wrap;\nuse crate::text;\n");
    assert_eq!(of_inside_ui(&[printer]), ["cli/show imports ui/text/wrap"]);

    let circle = [File::new("app/mod", "mod list;\nuse list::List;\n"), File::new("app/list", "use super::App;\n")];
    let graph = graph(&circle);
    let walk = std::panic::catch_unwind(|| visit("app/mod", &graph, &mut BTreeSet::new(), &mut Vec::new()));
    assert!(walk.is_err(), "{graph:?}");

    let overlays = ["ui/list_pane", "ui/overlays/help"]
        .map(|name| File::new(name, "f(Overlay::Help);\n// Overlay::Help\nf(\"Overlay::Help\", MyOverlay::Help);"));
    assert_eq!(overlay_lines(&overlays), ["ui/list_pane: f(Overlay::Help);"]);

    assert_eq!(derefs(&[File::new("app/mod", "impl std::ops::Deref for App {\n    type Target = State;\n}\n")]), 1);
    assert_eq!(derefs(&[File::new("app/mod", "impl Deref for Other {}\nimpl App {}\n")]), 0);
    assert_eq!(
        verb_names(&["app/marking", "app/marks", "ui/marking"].map(|name| File::new(name, ""))),
        ["app/marking"]
    );

    let figures = BTreeMap::from([("app/a::A".to_owned(), 3), ("app/b::B".to_owned(), 1)]);
    assert_eq!(beyond(&figures, 3, &[]), [""; 0]);
    assert_eq!(beyond(&figures, 1, &[("A", 2)]), ["app/a::A: 3, at most 2"]);
    assert_eq!(beyond(&figures, 0, &[("A", 3)]), ["app/b::B: 1, at most 0"]);
    assert_eq!(beyond(&figures, 3, &[("A", 3)]), ["A needs no figure"]);
}

#[test]
fn methods_and_fields_are_counted() {
    let one = "
        /// fn in words, impl Wide {
        #[derive(Debug)]
        pub struct Wide<T: Copy> {
            /// a: b
            pub(crate) first: Vec<(u8, fn(a: u8) -> u8)>,
            #[cfg(test)]
            looks: std::sync::AtomicUsize,
            second: T,
        }
        struct Pair(u8, u8);
        impl<T: Copy> Wide<T> {
            pub fn new(of: impl Fn() -> T) -> Wide<T> { fn inner() {} \"fn quoted {\" }
            const fn more(&self) -> char { '{' }
        }
        impl<T: Copy> Clone for Wide<T> { fn clone(&self) -> Self {} }
        #[cfg(test)]
        mod tests { impl Wide<u8> { fn tested() {} } }
    ";
    let other = "use super::one::Wide;\nimpl Wide<u8> {\n    async fn third(self) {}\n}\n";
    let files = [File::new("app/one", one), File::new("app/two", other), File::new("ui/three", other)];
    assert_eq!(files[0].structs(), [("Wide", 2), ("Pair", 0)]);
    let expected = [("app/one::Wide", 3), ("ui/three::Wide", 1)];
    assert_eq!(methods(&files), expected.map(|(name, count)| (name.to_owned(), count)).into());
}

#[test]
fn types_that_are_not_errors_are_found() {
    let text = "
        #[derive(Debug, thiserror::Error)]
        pub enum Good {}
        pub struct ByHand;
        impl std::error::Error for ByHand {}
        pub struct Bad;
        pub fn a() -> Result<Vec<(u8, Bad)>, Good> {}
        pub fn b() -> Result<fn() -> Bad, super::ByHand> {}
        pub fn c(given: Result<u8, Bad>) -> io::Result<u8> {}
        fn private() -> Result<u8, Bad> {}
        fn text() -> Result<(), &'static str> {}
        pub fn foreign() -> Result<u8, fmt::Error> {}
    ";
    let found = no_errors(&[File::new("feed/a", text)]);
    assert_eq!(found.into_keys().collect::<Vec<_>>(), ["feed/a::Bad", "feed/a::str"]);
}

#[test]
fn every_seed_is_compiled_in_by_its_name() {
    assert!(Path::new("seeds/000_fb1d0d46ce0ecfe6.txt").is_file());
}

/// Names that only some files may have: what opens connections, and what confines.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("ureq::", &["net/client"]),
    ("landlock::", &["confinement/"]),
    ("seccompiler::", &["confinement/"]),
    ("TcpStream", &["net/"]),
    ("TcpListener", &["net/"]),
    ("UdpSocket", &["net/"]),
    ("ToSocketAddrs", &["net/"]),
];

#[test]
fn only_net_opens_connections() {
    let mut wrong = Vec::new();
    for file in files() {
        let code = file.without_tests();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        for line in lines {
            for (name, places) in ONLY_IN {
                if line.contains(name) && !places.iter().any(|place| file.name.starts_with(place)) {
                    wrong.push(format!("{}: {line}", file.name));
                }
            }
        }
        let may_name_net = ["net", "sync", "cli", "lib"].contains(&file.module());
        if !may_name_net && file.imports.iter().any(|path| path == "net" || path.starts_with("net/")) {
            wrong.push(format!("{} imports net", file.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
