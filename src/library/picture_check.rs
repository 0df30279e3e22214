//! Finds pictures whose files do not exist, for `frontpage check`.

use std::path::PathBuf;

use super::directory_entry_reader::FileReport;
use super::link_check::Text;
use super::picture_files::{self, PictureFileError};
use super::picture_names::PictureNames;
use crate::feed::article_pictures::{self, has_picture_ending};
use crate::feed::{Problem, clean};

/// Adds a warning for each picture whose file does not exist or is outside of the library.
///
/// Only paths that are relative to the article are reported: what is at the root of a site may be made when it is published. A library
/// in which no picture is found was copied without them, and gets no warning.
pub fn add_missing_pictures(roots: &[PathBuf], reports: &mut [FileReport]) {
    let mut names: Vec<Option<PictureNames>> = roots.iter().map(|_| None).collect();
    let (mut is_any_found, mut missing) = (false, Vec::new());
    for (index, report) in reports.iter().enumerate() {
        let Some(article) = &report.article else { continue };
        let mut roots = roots.iter().zip(&mut names);
        let Some((root, names)) = roots.find(|(root, _)| report.path.starts_with(root)) else { continue };
        for picture in article_pictures::pictures(article) {
            let Some(file) = picture.file.filter(|file| is_relative(file.untrusted())) else { continue };
            match picture_files::find_by_name(&report.path, root, file.untrusted(), names) {
                Ok(_) => is_any_found = true,
                Err(why) => missing.push((index, file.untrusted().to_owned(), why)),
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

/// Adds the warnings of one file.
fn warn(missing: &[(usize, String, PictureFileError)], reports: &mut [FileReport]) {
    let Some(report) = missing.first().and_then(|(index, ..)| reports.get_mut(*index)) else { return };
    let text = Text::of(&report.path);
    let more = |more: usize| match more {
        1 => "1 more picture that does not exist".to_owned(),
        more => format!("{more} more pictures that do not exist"),
    };
    report.add_missing(missing, more, |(_, written, why)| {
        let shown = clean::quote(written);
        let (what, hint) = match why {
            PictureFileError::Outside => (
                format!("the picture `{shown}` is outside of the library"),
                "move it into the library; a picture outside of it is never shown",
            ),
            _ => (format!("no picture is at `{shown}`"), "correct the path, or put the file there"),
        };
        Problem::warning(text.position(written), &what, hint)
    });
}
