//! Problems of the folder and the state of a subscription, with what the user can do.

use std::path::Path;

use super::subscription_folder::FolderError;
use super::sync_state::StateError;
use crate::feed::{Problem, clean};

/// The problem of a folder, or of a file in it.
pub fn folder_problem(error: &FolderError) -> Box<Problem> {
    let hint = match error {
        FolderError::NotAName { .. } => "set `folder` in subscriptions.yaml to one name, without `/`",
        FolderError::NotAFolder { .. } => "move it away, or set another `folder` in subscriptions.yaml",
        FolderError::Locked { .. } => "try again when it has ended",
        FolderError::NamesTaken { .. } => "move these files away",
        FolderError::Io { .. } | FolderError::NotAsWritten { .. } => "the next sync tries again",
    };
    problem_of(error.path(), &error.to_string(), hint)
}

/// The problem of a state.
pub fn state_problem(error: &StateError) -> Problem {
    let (path, hint) = match error {
        StateError::Io { path, .. } => (path, "the next sync tries again"),
        StateError::Locked { path } => (path, "try again when it has ended"),
        StateError::Newer { path, .. } => (path, "use the newer version"),
    };
    *problem_of(path, &error.to_string(), hint)
}

/// A problem of a path, which the text begins with.
fn problem_of(path: &Path, text: &str, hint: &str) -> Box<Problem> {
    let shown = format!("{}: ", clean::path(path));
    let what = text.strip_prefix(&shown).unwrap_or(text);
    Box::new(Problem { path: path.to_owned(), ..Problem::error(None, what, hint) })
}

/// The problem of a folder that lacks files. The program cannot know if the user deleted them; without the state, it knows no files.
pub fn missing_problem(folder: &Path, state: &Path, what: &str) -> Box<Problem> {
    let hint = format!(
        "nothing was written; mount the disk or restore the files; if you deleted them, delete {} too, and the articles of the \
         channel are written again",
        clean::path(state)
    );
    Box::new(Problem { path: folder.to_owned(), ..Problem::error(None, what, &hint) })
}
