//! What the program stands on: each crate is named in the README with its reason, and how many are compiled in is counted.

use std::collections::BTreeSet;
use std::process::Command;

/// The most crates that may be compiled into the program.
const MOST: usize = 200;

fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The names in a section of `Cargo.toml`.
fn section(manifest: &str, name: &str) -> BTreeSet<String> {
    let document: toml::Table = manifest.parse().expect("TOML");
    document[name].as_table().expect("a section").keys().cloned().collect()
}

#[test]
fn each_crate_is_named_in_the_readme_with_its_reason() {
    let readme = read("README.md");
    let (_, table) = readme.split_once("## What it stands on").expect("the section");
    let table = table.split("\n## ").next().expect("its text");
    let named: BTreeSet<String> = table
        .lines()
        .filter(|line| line.starts_with("| `"))
        .flat_map(|line| {
            let mut columns = line.trim_matches('|').split(" | ").map(str::trim);
            let (names, reason) = (columns.next().expect("names"), columns.next().unwrap_or_default());
            assert!(reason.len() > 10, "no reason: {line}");
            names.split(", ").map(|name| name.trim_matches([' ', '`']).to_owned()).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(named, section(&read("Cargo.toml"), "dependencies"));
}

#[test]
fn how_many_crates_are_compiled_in_is_counted() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let target = ["--target", "x86_64-unknown-linux-gnu"];
    let arguments = ["tree", "--offline", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}"];
    let tree = Command::new(cargo).args(arguments).args(target).output().expect("cargo");
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let text = String::from_utf8(tree.stdout).expect("UTF-8");
    let lines = text.lines().map(|line| line.trim_end_matches(" (*)"));
    let crates: BTreeSet<&str> = lines.filter(|line| !line.is_empty() && !line.starts_with("frontpage ")).collect();
    println!("{} crates are compiled in", crates.len());
    assert!(crates.len() <= MOST);
    let readme = read("README.md");
    let said = format!("{} crates", crates.len());
    assert!(readme.contains(&said), "the README does not say: {said}");
    for banned in ["tokio", "async-std", "openssl", "reqwest", "hyper", "ureq"] {
        assert!(!crates.iter().any(|name| name.starts_with(&format!("{banned} "))), "{banned}");
    }
}

#[test]
fn the_package_holds_what_it_needs_and_no_more() {
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
    let sources = [".rs", ".toml", ".md", ".orig", ".lock", ".json", ".yaml", ".svg", ".txt", "-MIT", "-APACHE"];
    let odd: Vec<&&str> = files
        .iter()
        .filter(|file| !sources.iter().any(|end| file.ends_with(end)))
        .filter(|file| **file != ".gitignore" && !file.starts_with("tests/fixtures/"))
        .collect();
    assert!(odd.is_empty(), "{odd:?}");
}

#[test]
fn all_comes_from_one_registry() {
    let lock = read("Cargo.lock");
    let foreign = |line: &&str| {
        line.starts_with("source = ") && !line.contains("registry+https://github.com/rust-lang/crates.io-index")
    };
    assert_eq!(lock.lines().filter(foreign).count(), 0);
    assert!(lock.lines().filter(|line| line.starts_with("checksum = ")).count() > 100);
}
