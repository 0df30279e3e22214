//! Folders of article files that a test makes.

use std::path::Path;

use tempfile::TempDir;

pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Folder {
        Folder(TempDir::new().expect("a temporary folder"))
    }

    pub fn file(self, name: &str, content: impl AsRef<[u8]>) -> Folder {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder");
        std::fs::write(path, content).expect("the file");
        self
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }
}
