//! Dependencies and packages: each crate is documented with its reason, and the number of compiled crates is limited.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// Limit of compiled crates, which docs/dependencies.md names.
const MOST: usize = 245;

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The names of the dependencies in `Cargo.toml`, also of those for some systems only.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let document: toml::Table = manifest.parse().expect("TOML");
    let targets = document["target"].as_table().expect("targets").values();
    let of_targets = targets.filter_map(|target| target.get("dependencies")?.as_table());
    let names = of_targets.flat_map(|table| table.keys().cloned());
    names.chain(section(manifest, "dependencies")).collect()
}

/// The names in a section of `Cargo.toml`.
fn section(manifest: &str, name: &str) -> BTreeSet<String> {
    let document: toml::Table = manifest.parse().expect("TOML");
    document[name].as_table().expect("a section").keys().cloned().collect()
}

#[test]
fn each_crate_is_documented_with_its_reason() {
    let page = read("docs/dependencies.md");
    let named: BTreeSet<String> = page
        .lines()
        .filter(|line| line.starts_with("| `"))
        .flat_map(|line| {
            let mut columns = line.trim_matches('|').split(" | ").map(str::trim);
            let (names, reason) = (columns.next().expect("names"), columns.next().unwrap_or_default());
            assert!(reason.len() > 10, "no reason: {line}");
            names.split(", ").map(|name| name.trim_matches([' ', '`']).to_owned()).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(named, dependencies(&read("Cargo.toml")));
}

#[test]
fn each_promise_names_tests_that_exist() {
    let this = std::env::current_exe().expect("this program");
    let listed = Command::new(this).arg("--list").output().expect("the names of the tests");
    let tests = String::from_utf8(listed.stdout).expect("UTF-8");
    let exists = |name: &str| {
        let path = name.replace("::", "/");
        let is_unit = ["src", "src/ui"].iter().any(|top| {
            [format!("{top}/{path}.rs"), format!("{top}/{path}/mod.rs")].iter().any(|file| Path::new(file).is_file())
        });
        let inner = format!("{name}::");
        is_unit || tests.lines().any(|test| test.starts_with(&inner) || test.strip_suffix(": test") == Some(name))
    };
    let page = read("docs/promises.md");
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert!(rows.len() > 10, "{rows:?}");
    for row in rows {
        let (_, proof) = row.trim_end_matches(" |").rsplit_once(" | ").expect("two columns");
        let names: Vec<&str> = proof.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "no test: {row}");
        for name in names.into_iter().filter(|name| !name.ends_with('/')) {
            assert!(exists(name), "no test is called {name}: {row}");
        }
    }
}

/// The crates that are compiled in on Linux, as `name version`.
fn compiled_in(features: &[&str]) -> BTreeSet<String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let target = ["--target", "x86_64-unknown-linux-gnu"];
    let arguments = ["tree", "--offline", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}"];
    let tree = Command::new(cargo).args(arguments).args(target).args(features).output().expect("cargo");
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let text = String::from_utf8(tree.stdout).expect("UTF-8");
    let lines = text.lines().map(|line| line.trim_end_matches(" (*)"));
    lines.filter(|line| !line.is_empty() && !line.starts_with("frontpage ")).map(str::to_owned).collect()
}

fn has(crates: &BTreeSet<String>, name: &str) -> bool {
    crates.iter().any(|line| line.starts_with(&format!("{name} ")))
}

#[test]
fn few_crates_are_compiled_in() {
    let crates = compiled_in(&[]);
    println!("{} crates are compiled in", crates.len());
    assert!(crates.len() <= MOST);
    for banned in ["tokio", "async-std", "openssl", "reqwest", "hyper", "aws-lc-rs"] {
        assert!(!has(&crates, banned), "{banned}");
    }
}

#[test]
fn without_sync_nothing_that_speaks_to_a_network_is_compiled_in() {
    for features in [["--no-default-features"].as_slice(), &["--no-default-features", "--features", "pictures"]] {
        let crates = compiled_in(features);
        for absent in ["ureq", "rustls", "ring", "quick-xml", "encoding_rs"] {
            assert!(!has(&crates, absent), "{absent}");
        }
        let has_pictures = features.len() > 1;
        for of_pictures in ["landlock", "seccompiler", "png", "zune-jpeg", "gif", "image-webp"] {
            assert_eq!(has(&crates, of_pictures), has_pictures, "{of_pictures}");
        }
    }
}

#[test]
fn the_package_has_only_the_needed_files() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let arguments = ["package", "--list", "--offline", "--locked", "--allow-dirty", "--no-metadata"];
    let listed = Command::new(cargo).args(arguments).output().expect("cargo");
    let words = String::from_utf8_lossy(&listed.stderr);
    assert!(listed.status.success() && !words.contains("warning"), "{words}");
    let text = String::from_utf8(listed.stdout).expect("UTF-8");
    let files: BTreeSet<&str> = text.lines().collect();
    let needed = ["Cargo.lock", "LICENSE-APACHE", "LICENSE-MIT", "README.md", "CHANGELOG.md"];
    for file in needed {
        assert!(files.contains(file), "no {file}");
    }
    let seeds = std::fs::read_dir("seeds").expect("the seeds").map(|seed| seed.expect("a seed").file_name());
    for seed in seeds.map(|name| name.into_string().expect("UTF-8")) {
        assert!(files.contains(format!("seeds/{seed}").as_str()), "no {seed}");
    }
    // The pictures of the README, and the files that tests inside `src` read.
    for picture in read("README.md").split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        assert!(!picture.ends_with(".svg") || files.contains(picture), "no {picture}");
    }
    let belongs = |file: &str| {
        let folders = ["src/", "seeds/", "benches/", "examples/", "tests/fixtures/", "tests/pictures/"];
        folders.iter().any(|folder| file.starts_with(folder)) || !file.contains('/')
    };
    let foreign: Vec<&&str> = files.iter().filter(|file| !belongs(file)).collect();
    assert!(foreign.is_empty(), "{foreign:?}");
    let sources =
        [".rs", ".toml", ".md", ".orig", ".lock", ".json", ".yaml", ".svg", ".txt", ".opml", "-MIT", "-APACHE"];
    let odd: Vec<&&str> = files
        .iter()
        .filter(|file| !sources.iter().any(|end| file.ends_with(end)))
        .filter(|file| **file != ".gitignore" && !file.starts_with("tests/fixtures/"))
        .collect();
    assert!(odd.is_empty(), "{odd:?}");
}

#[test]
fn all_crates_come_from_one_registry() {
    let lock = read("Cargo.lock");
    let foreign = |line: &&str| {
        line.starts_with("source = ") && !line.contains("registry+https://github.com/rust-lang/crates.io-index")
    };
    assert_eq!(lock.lines().filter(foreign).count(), 0);
    assert!(lock.lines().filter(|line| line.starts_with("checksum = ")).count() > 100);
}
