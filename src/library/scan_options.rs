//! How a library is scanned.

use std::path::Path;

use super::site::SiteAddress;
use super::watcher::LibraryWatcher;
use crate::dates::Now;

/// How to scan a library.
#[derive(Clone, Copy, Debug)]
pub struct ScanOptions<'a> {
    /// The current time, which decides what lies in the future, and the zone for dates without one.
    pub now: Now,
    /// Watches every folder that the scan enters.
    pub watch: Option<&'a LibraryWatcher>,
    /// Set during a session. A file that breaks, or a folder that becomes unreachable, then keeps its last good articles, and
    /// a problem reports it. Otherwise the result is what the files contain now.
    pub keep_last_good: bool,
    /// The addresses that the user's settings give to folders.
    pub sites: &'a [SiteAddress],
    /// A load without a load before it leaves the links between articles unread, see [`super::Library::with_links`]. Otherwise the result has
    /// all links.
    pub defers_links: bool,
    /// The folder of full texts, which are shown in place of the texts of files.
    pub full_texts: Option<&'a Path>,
}

impl ScanOptions<'_> {
    /// One scan, without watching and without keeping broken files.
    pub fn once(now: impl Into<Now>) -> ScanOptions<'static> {
        ScanOptions {
            now: now.into(),
            watch: None,
            keep_last_good: false,
            sites: &[],
            defers_links: false,
            full_texts: None,
        }
    }
}
