//! The pictures of a library by the names of their files, for notes that name a picture without its folder.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use crate::feed::article_pictures::has_picture_ending;

/// Most files and folders that are looked at.
const MOST: usize = 200_000;

/// The pictures below a folder, by name. Of several with a name the one nearest to the folder counts.
#[derive(Debug, Default)]
pub struct PictureNames {
    paths: HashMap<String, PathBuf>,
}

impl PictureNames {
    /// Reads the names in a folder and in those below, but in no hidden one, and through no symbolic link.
    pub fn below(folder: &Path) -> PictureNames {
        let mut names = PictureNames::default();
        let (mut folders, mut looked_at) = (VecDeque::from([folder.to_owned()]), 0_usize);
        while let Some(folder) = folders.pop_front() {
            let Ok(entries) = std::fs::read_dir(&folder) else { continue };
            for entry in entries.flatten() {
                looked_at += 1;
                if looked_at > MOST {
                    return names;
                }
                let Ok(name) = entry.file_name().into_string() else { continue };
                let Ok(kind) = entry.file_type() else { continue };
                if kind.is_dir() && !name.starts_with('.') {
                    folders.push_back(entry.path());
                } else if kind.is_file() && has_picture_ending(&name) {
                    names.paths.entry(name.to_lowercase()).or_insert_with(|| entry.path());
                }
            }
        }
        names
    }

    /// The picture with a name; case does not matter.
    pub fn find(&self, name: &str) -> Option<&PathBuf> {
        self.paths.get(&name.to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods)]

    use std::fs;

    use super::*;

    #[test]
    fn the_nearest_picture_of_a_name_is_found() {
        let folder = tempfile::tempdir().expect("a folder");
        for path in ["deep/er/Red Sea.png", "deep/red sea.png", ".hidden/secret.png", "notes/a.md"] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
            fs::write(path, "").expect("a file");
        }
        let names = PictureNames::below(folder.path());
        assert_eq!(names.find("RED sea.png"), Some(&folder.path().join("deep/red sea.png")));
        assert_eq!((names.find("secret.png"), names.find("a.md")), (None, None));
    }
}
