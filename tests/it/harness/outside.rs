//! What tests use that is not in this repository. A test that cannot do its work without it prints `SKIPPED` and why.

use std::io::Write;
use std::path::PathBuf;

/// A folder of article files, which the variable `FRONTPAGE_CORPUS` names: the heavy tier reads it.
pub fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("FRONTPAGE_CORPUS").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    if folder.is_none() {
        skipped("FRONTPAGE_CORPUS names no folder of article files");
    }
    folder
}

/// Says on stderr that a check is not done, and why, also where the output of tests is captured.
pub fn skipped(why: &str) {
    let test = std::thread::current().name().unwrap_or_default().to_owned();
    writeln!(std::io::stderr(), "SKIPPED: {test}: {why}").expect("stderr");
}
