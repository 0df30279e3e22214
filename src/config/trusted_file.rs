//! Reads a file that may name programs to run: only if no other user can have written it.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::problem::ConfigProblem;
use super::text_file;

/// Maximum number of symbolic links to follow, as in Linux.
const MAX_LINKS: usize = 40;
/// The bits of access rights that let the group and others write.
const WRITE_BITS: u32 = 0o022;
/// What happens to a file that is not read.
const IGNORED: &str = "nothing is read until then";

/// The text of a file of at most `most` bytes; `None` if it does not exist. `what` names the file in problems.
///
/// The file and its folder must belong to this user or to root, and no other user may write to them. A symbolic link is followed:
/// then the same applies to its target, and to the folder of the target.
pub fn read(file: &Path, what: &str, most: usize) -> Result<Option<String>, ConfigProblem> {
    let unreadable = |error: io::Error| text_file::problem(what, &error, "ignored until fixed");
    let Some(opened) = text_file::open(file).map_err(unreadable)? else { return Ok(None) };
    // The rights of the open file: another one could be put in its place meanwhile.
    refuse(&target(file), &opened.metadata().map_err(unreadable)?)?;
    for folder in folders(file) {
        refuse(&folder, &fs::metadata(&folder).map_err(unreadable)?)?;
    }
    text_file::read_opened(opened, most).map(Some).map_err(unreadable)
}

fn refuse(path: &Path, there: &Metadata) -> Result<(), ConfigProblem> {
    let shown = shell_words::quote(&path.to_string_lossy()).into_owned();
    if there.uid() != 0 && there.uid() != rustix::process::geteuid().as_raw() {
        let hint = format!("copy the file into a folder of your own; {IGNORED}");
        return Err(ConfigProblem::new(None, &format!("{shown} belongs to another user"), &hint));
    }
    if there.permissions().mode() & WRITE_BITS != 0 {
        let hint = format!("run `chmod go-w {shown}`; {IGNORED}");
        return Err(ConfigProblem::new(None, &format!("other users can write to {shown}"), &hint));
    }
    Ok(())
}

/// The folders of a file and of the targets of its links.
fn folders(file: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = links(file).iter().map(|path| folder_of(path).to_owned()).collect();
    folders.dedup();
    folders
}

/// The target of symbolic links, also if it does not exist yet.
pub fn target(file: &Path) -> PathBuf {
    links(file).pop().unwrap_or_else(|| file.to_owned())
}

/// The file, and what each of its links leads to.
fn links(file: &Path) -> Vec<PathBuf> {
    let mut target = file.to_owned();
    let mut passed = vec![target.clone()];
    for _ in 0..MAX_LINKS {
        let Ok(link) = fs::read_link(&target) else { break };
        // `join` replaces the folder if the link is absolute.
        target = folder_of(&target).join(link);
        passed.push(target.clone());
    }
    passed
}

/// The folder of a file.
pub fn folder_of(file: &Path) -> &Path {
    // The parent of a bare file name is the empty path, which cannot be opened.
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
