//! The program `examples/test_helper.rs`: tests start it where they need a process that is not frontpage.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

/// Path of the program. Cargo builds it if it is not there yet: `cargo test --test it` builds no examples.
pub fn helper() -> &'static str {
    static PATH: OnceLock<String> = OnceLock::new();
    PATH.get_or_init(built)
}

fn built() -> String {
    let this = std::env::current_exe().expect("this program");
    // target/PROFILE/deps/it-…, where the profile `test` has the folder `debug`.
    let profile = this.ancestors().nth(2).and_then(Path::file_name).expect("the folder of the profile");
    let profile = if profile == "debug" { "test" } else { profile.to_str().expect("UTF-8") };
    let cargo = std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from);
    let mut build = Command::new(cargo);
    // With the variables that Cargo sets for tests, build scripts of libraries run again, and nearly everything is compiled again.
    let of_tests =
        |name: &str| ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"].iter().any(|start| name.starts_with(start));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(of_tests)) {
        build.env_remove(name);
    }
    build.args(["build", "--offline", "--locked", "--quiet", "--message-format=json", "--example", "test_helper"]);
    let built = build.args(["--profile", profile]).current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let out = String::from_utf8(built.stdout).expect("UTF-8");
    let messages = out.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let is_helper = |message: &Value| message["target"]["name"] == "test_helper";
    let mut paths = messages.filter(is_helper).filter_map(|message| message["executable"].as_str().map(str::to_owned));
    paths.next_back().expect("the program's path")
}
