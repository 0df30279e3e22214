//! Reads a file that may name programs to run: only if no other user can have written it.

use std::fs::{self, File, Metadata};
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
    if let Some(Untrusted { what, remedy }) = check(file, &opened).map_err(unreadable)? {
        return Err(ConfigProblem::new(None, &what, &format!("{remedy}; {IGNORED}")));
    }
    text_file::read_opened(opened, most).map(Some).map_err(unreadable)
}

/// Why a file may have been written by another user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untrusted {
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub remedy: String,
}

/// Why an open file with this path may have been written by another user; `None` if no other user can write it.
pub fn check(file: &Path, opened: &File) -> io::Result<Option<Untrusted>> {
    // The rights of the open file: another one could be put in its place meanwhile.
    if let Some(untrusted) = untrusted(&target(file), &opened.metadata()?) {
        return Ok(Some(untrusted));
    }
    for folder in folders(file) {
        if let Some(untrusted) = untrusted(&folder, &fs::metadata(&folder)?) {
            return Ok(Some(untrusted));
        }
    }
    Ok(None)
}

/// Owner and access rights of a file and of its folders, on which [`check`] depends; `None` for what does not exist.
pub fn access(file: &Path) -> Vec<Option<(u32, u32)>> {
    let access_of = |path: PathBuf| fs::metadata(path).ok().map(|there| (there.uid(), there.mode()));
    std::iter::once(file.to_owned()).chain(folders(file)).map(access_of).collect()
}

fn untrusted(path: &Path, there: &Metadata) -> Option<Untrusted> {
    let shown = shell_words::quote(&path.to_string_lossy()).into_owned();
    if there.uid() != 0 && there.uid() != rustix::process::geteuid().as_raw() {
        let what = format!("{shown} belongs to another user");
        return Some(Untrusted { what, remedy: "copy the file into a folder of your own".to_owned() });
    }
    if there.permissions().mode() & WRITE_BITS != 0 {
        let what = format!("other users can write to {shown}");
        return Some(Untrusted { what, remedy: format!("run `chmod go-w {shown}`") });
    }
    None
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
