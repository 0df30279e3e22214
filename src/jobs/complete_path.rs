//! Completes a path that the user types, with the names in its folder.

use std::path::{Path, PathBuf};

use super::{Answer, Job, JobError, JobKind, Monitor, Task};
use crate::config::paths::{self, with_home};
use crate::feed::clean;
use crate::file_system::{FileSystem, RealFileSystem};

/// Most names that are offered.
const MAX_NAMES: usize = 200;

#[derive(Debug)]
struct CompletePath {
    typed: String,
    home: Option<PathBuf>,
}

/// A job that completes a path; `~` is the home folder.
pub fn complete(typed: &str) -> Job {
    Job::new(CompletePath { typed: typed.to_owned(), home: paths::home() })
}

impl Task for CompletePath {
    fn kind(&self) -> JobKind {
        JobKind::Paths
    }

    fn run(self: Box<Self>, _: &dyn Monitor) -> Result<Answer, JobError> {
        let (folder, start) = self.typed.rsplit_once('/').unwrap_or(("", &self.typed));
        // The path of the root begins with the slash that was cut off.
        let written = if folder.is_empty() && self.typed.starts_with('/') { "/" } else { folder };
        let real = if written.is_empty() { "." } else { written };
        let real = with_home(Path::new(real), self.home.as_deref());
        let mut names: Vec<String> =
            RealFileSystem.list(&real).unwrap_or_default().iter().filter_map(|path| name(path, start)).collect();
        names.sort();
        names.truncate(MAX_NAMES);
        let prefix = self.typed.len().saturating_sub(start.len());
        let before = self.typed.get(..prefix).unwrap_or_default();
        Ok(Answer::Paths(names.into_iter().map(|name| format!("{before}{name}")).collect()))
    }
}

/// The name of an entry that begins as typed, with a slash if it is a folder. Hidden ones must be typed with their dot, and a name that
/// would not reach the input as it is cannot be offered.
fn name(path: &Path, start: &str) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let is_wanted = name.starts_with(start) && (!name.starts_with('.') || start.starts_with('.'));
    if !is_wanted || clean::run(name).as_str() != name {
        return None;
    }
    Some(if path.is_dir() { format!("{name}/") } else { name.to_owned() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)] // files of the test

    use super::*;
    use crate::jobs::JobStatus;

    fn completed(typed: &str, home: &Path) -> Vec<String> {
        let task = CompletePath { typed: typed.to_owned(), home: Some(home.to_owned()) };
        match Job::new(task).run_now().status {
            JobStatus::Answer(Answer::Paths(paths)) => paths,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn names_that_begin_as_typed_are_offered() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["note.md", "notes/a b.md", ".hidden", "x\u{1b}y", "other"] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder");
            std::fs::write(path, "").expect("a file");
        }
        for (typed, offered) in [
            ("~/no", vec!["~/note.md", "~/notes/"]),
            ("~/notes/", vec!["~/notes/a b.md"]),
            ("~/", vec!["~/note.md", "~/notes/", "~/other"]),
            ("~/.h", vec!["~/.hidden"]),
            ("~/none/x", vec![]),
            ("~other/x", vec![]),
        ] {
            assert_eq!(completed(typed, folder.path()), offered, "{typed}");
        }
        let root = folder.path().to_str().expect("text");
        assert_eq!(completed(&format!("{root}/oth"), Path::new("/")), [format!("{root}/other")]);
        assert!(completed("/", Path::new("/")).contains(&"/tmp/".to_owned()));
    }
}
