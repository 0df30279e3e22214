//! Names of temporary files. They say which process writes the file, so that others can remove what a process left when it ended.

use std::sync::atomic::{AtomicU64, Ordering};

use rustix::process::{Pid, test_kill_process};

/// Start of the names. The process id of the writer follows, and a dash.
const PREFIX: &str = ".new-";

/// Numbers the names of this process.
static NUMBER: AtomicU64 = AtomicU64::new(0);

/// Who writes a temporary file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    /// This process.
    Own,
    /// Another process that runs, or another one that has its id now.
    Running,
    /// A process that ended.
    Ended,
    /// The name has no process id.
    Unknown,
}

/// The start of the names of this process.
pub fn prefix() -> String {
    format!("{PREFIX}{}-", std::process::id())
}

/// A name that this process has not used before.
pub fn next(ending: &str) -> String {
    format!("{}{}{ending}", prefix(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// The writer of the file with a name. `None` if it is not the name of a temporary file.
pub fn writer(name: &str) -> Option<Writer> {
    let (id, _) = name.strip_prefix(PREFIX)?.split_once('-')?;
    if id.parse() == Ok(std::process::id()) {
        return Some(Writer::Own);
    }
    let Some(id) = id.parse().ok().and_then(Pid::from_raw) else { return Some(Writer::Unknown) };
    // Only `ESRCH` means that it ended: `EPERM` is returned for a living process of another user.
    let has_ended = test_kill_process(id) == Err(rustix::io::Errno::SRCH);
    Some(if has_ended { Writer::Ended } else { Writer::Running })
}

/// True if a name is exactly what [`next`] returns, in any process.
pub fn is_from_next(name: &str, ending: &str) -> bool {
    let numbers = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(ending)?.split_once('-'));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    numbers.is_some_and(|(id, number)| is_number(id) && is_number(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_others_are_not_taken_for_ours() {
        let (one, two) = (next(".md"), next(".md"));
        assert_ne!(one, two);
        assert_eq!(writer(&one), Some(Writer::Own));
        assert!(is_from_next(&one, ".md"));
        for name in [".new-1-a.md", ".new--1.md", ".new-1.md", "new-1-1.md", ".new-1-1", ".new-1-1.md~"] {
            assert!(!is_from_next(name, ".md"), "{name}");
        }
        assert_eq!([".new-x-1", ".new-1", "a"].map(writer), [Some(Writer::Unknown), None, None]);
        assert_eq!(writer(".new-1-1"), Some(Writer::Running), "the first process always runs");
    }
}
