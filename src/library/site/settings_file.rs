//! Reads the settings files of site generators: small regular files, as data.

use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::super::folder_walk::io_error_text;
use super::super::front_matter::{self, FrontMatterFormat};
use super::super::key_positions::{KeyPositions, Step};
use super::settings_map::SettingsMap;
use crate::feed::{Position, Problem};
use crate::file_system::open_regular;

/// Size limit of a settings file, in bytes.
pub const MAX_BYTES: u64 = 256 * 1024;

/// A settings file that was read.
#[derive(Clone, Debug, Default)]
pub struct SettingsFile {
    /// Its path.
    pub path: PathBuf,
    /// Its content.
    pub text: String,
    /// Its settings; empty for a program.
    pub map: SettingsMap,
}

impl SettingsFile {
    /// Reads a file. None if it does not exist. A file that cannot be read, or whose content cannot be parsed, is a problem. `owner` is
    /// the user to whom the library's folder belongs.
    pub fn read(path: &Path, owner: u32) -> Option<Result<SettingsFile, Problem>> {
        let named = |problem: Problem| Problem { path: path.to_owned(), ..problem };
        let text = match read_text(path, Some(owner)) {
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return None;
            }
            Err(error) => {
                // Errors without a number are those of `read_text`.
                let why = error.raw_os_error().map_or_else(|| error.to_string(), |_| io_error_text(&error));
                let what = format!("the settings of the site cannot be read: {why}");
                return Some(Err(named(Problem::warning(None, &what, "articles get no address from it"))));
            }
            Ok(text) => text,
        };
        let map = match format_of(path).map(|format| front_matter::parse(format, &text, 1)) {
            None => SettingsMap::default(),
            Some(Ok(parsed)) => SettingsMap(parsed.map),
            Some(Err(error)) => {
                let what = format!("the settings of the site cannot be parsed: {}", error.problem.what);
                let hint = "articles get no address from it";
                return Some(Err(named(Problem::warning(error.problem.at, &what, hint))));
            }
        };
        Some(Ok(SettingsFile { path: path.to_owned(), text, map }))
    }

    /// The position of a key.
    pub fn position(&self, key: &str) -> Option<Position> {
        let written = self.map.written(key).unwrap_or(key);
        KeyPositions::new(&self.text).find(&[Step::Key(written)])
    }

    /// The position of a byte.
    pub fn position_at(&self, at: usize) -> Position {
        super::super::key_positions::position(&self.text, at, 1)
    }
}

/// The format of a file by its ending; none for a program.
fn format_of(path: &Path) -> Option<FrontMatterFormat> {
    match path.extension().and_then(OsStr::to_str)? {
        "toml" => Some(FrontMatterFormat::Toml),
        "json" => Some(FrontMatterFormat::Json),
        "yml" | "yaml" => Some(FrontMatterFormat::Yaml),
        _ => None,
    }
}

/// The text of a small regular file, which must not be a link: a link could lead anywhere, and a settings file needs none.
///
/// With an `owner`, it must belong to that user, to the present one, or to root: anyone may put a file into `/tmp`, above a library there.
pub fn read_text(path: &Path, owner: Option<u32>) -> io::Result<String> {
    let found = fs::symlink_metadata(path)?;
    let refused = |why: &str| Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    if found.is_symlink() {
        return refused("it is a symbolic link");
    }
    let file = open_regular(path)?;
    let opened = file.metadata()?;
    let identity = |file: &Metadata| (file.dev(), file.ino());
    if identity(&opened) != identity(&found) {
        return refused("it was replaced while it was read");
    }
    let own = [0, rustix::process::geteuid().as_raw()];
    if owner.is_some_and(|owner| owner != opened.uid() && !own.contains(&opened.uid())) {
        return refused("it belongs to another user");
    }
    let mut bytes = Vec::new();
    if opened.len() <= MAX_BYTES {
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    }
    // A file may grow between the check and the reading.
    if opened.len() > MAX_BYTES || bytes.len() as u64 > MAX_BYTES {
        return refused(&format!("it has more than {} KiB", MAX_BYTES / 1024));
    }
    let text = String::from_utf8(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    Ok(if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() })
}
