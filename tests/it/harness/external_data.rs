//! Tools and data that tests need from outside of this repository. A test without them prints `SKIPPED` and the reason.

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

/// Prints to stderr that a check is skipped, and why, even if the output of tests is captured.
pub fn skipped(why: &str) {
    let test = std::thread::current().name().unwrap_or_default().to_owned();
    writeln!(std::io::stderr(), "SKIPPED: {test}: {why}").expect("stderr");
}
