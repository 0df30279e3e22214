//! The file of the problems of programs that run for new articles (`on new`), as the last sync left them, so that a reader shows those of
//! every sync.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::feed::{Position, Problem};
use crate::file_system::FileSystem;

/// The file, in the folder of the states.
const NAME: &str = "on-new.json";
/// A larger file is not ours, in bytes.
const MAX_FILE: usize = 1 << 20;

/// The problem of an entry of `on new`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookProblem {
    /// The key of the entry.
    pub hook: String,
    /// The settings file.
    pub file: PathBuf,
    /// Line and column of the entry, from 1.
    pub at: (u32, u32),
    /// What went wrong. To be cleaned before display.
    pub what: String,
    /// What the user can do; may be empty. To be cleaned before display.
    pub remedy: String,
}

impl HookProblem {
    /// The problem as it is shown.
    pub fn to_problem(&self) -> Problem {
        let (line, column) = self.at;
        let at = Some(Position { line, column });
        Problem { path: self.file.clone(), ..Problem::warning(at, &self.what, &self.remedy) }
    }
}

/// The problems that the last sync left. A damaged file counts as none: the next sync writes it again.
pub fn read_hook_problems(states: &Path, fs: &dyn FileSystem) -> Vec<HookProblem> {
    let bytes = fs.read(&states.join(NAME), 0).ok().filter(|bytes| bytes.len() <= MAX_FILE);
    bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

/// Replaces the problems.
pub fn write_hook_problems(states: &Path, problems: &[HookProblem], fs: &dyn FileSystem) -> io::Result<()> {
    let path = states.join(NAME);
    if problems.is_empty() {
        return match fs.remove(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    }
    fs.replace(&path, &serde_json::to_vec(problems)?, false)
}
