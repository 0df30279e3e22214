//! Finds pictures whose files do not exist, for `frontpage check`.

use std::path::{Path, PathBuf};

use super::directory_entry_reader::{FileReport, Outcome};
use super::link_check::Text;
use super::picture_files::{self, PictureFileError};
use super::picture_names::PictureNames;
use crate::feed::article_pictures::{self, has_picture_ending};
use crate::feed::{Problem, clean};

/// Most pictures of one file that are reported.
const MAX_REPORTED: usize = 20;

/// Adds a warning for each picture whose file does not exist or is outside of the library.
///
/// Only paths that are relative to the article are reported: what is at the root of a site may be made when it is published. A library
/// in which no picture is found was copied without them, and gets no warning.
pub fn add_missing_pictures(roots: &[PathBuf], reports: &mut [FileReport]) {
    let mut names: Vec<Option<PictureNames>> = roots.iter().map(|_| None).collect();
    let (mut is_any_found, mut missing) = (false, Vec::new());
    for (index, report) in reports.iter().enumerate() {
        let Some(article) = &report.article else { continue };
        let Some((at, root)) = roots.iter().enumerate().find(|(_, root)| report.path.starts_with(root)) else {
            continue;
        };
        for picture in article_pictures::pictures(article) {
            let Some(file) = picture.file.filter(|file| is_relative(file.untrusted())) else { continue };
            let written = file.untrusted();
            match picture_files::find(&report.path, root, written) {
                Ok(_) => is_any_found = true,
                Err(PictureFileError::NotFound) if is_by_name(root, written, names.get_mut(at)) => is_any_found = true,
                Err(why) => missing.push((index, written.to_owned(), why)),
            }
        }
    }
    if is_any_found {
        missing.chunk_by(|(one, ..), (other, ..)| one == other).for_each(|missing| warn(missing, reports));
    }
}

fn is_relative(written: &str) -> bool {
    has_picture_ending(written)
        && !written.starts_with(['/', '\\'])
        && !written.contains("{{")
        && !written.contains("{%")
}

/// Whether a picture anywhere in the library has the name that is written. The names are read when they are first needed.
fn is_by_name(root: &Path, written: &str, names: Option<&mut Option<PictureNames>>) -> bool {
    let Some(names) = names.filter(|_| !written.contains('/')) else { return false };
    let names = names.get_or_insert_with(|| PictureNames::below(root));
    picture_files::name_of(written).is_some_and(|name| names.find(&name).is_some())
}

/// Adds the warnings of one file.
fn warn(missing: &[(usize, String, PictureFileError)], reports: &mut [FileReport]) {
    let Some(report) = missing.first().and_then(|(index, ..)| reports.get_mut(*index)) else { return };
    let text = Text::of(&report.path);
    for (_, written, why) in missing.iter().take(MAX_REPORTED) {
        let shown = clean::quote(written);
        let (what, hint) = match why {
            PictureFileError::Outside => (
                format!("the picture `{shown}` is outside of the library"),
                "move it into the library; a picture outside of it is never shown",
            ),
            _ => (format!("no picture is at `{shown}`"), "correct the path, or put the file there"),
        };
        let problem = Problem::warning(text.position(written), &what, hint);
        report.problems.push(Problem { path: report.path.clone(), ..problem });
    }
    if missing.len() > MAX_REPORTED {
        let what = format!("{} more pictures that do not exist", missing.len() - MAX_REPORTED);
        report.problems.push(Problem { path: report.path.clone(), ..Problem::warning(None, &what, "") });
    }
    report.outcome = Outcome::Warning;
}
