//! The sites of all folders and files of a library.

use std::hash::Hasher;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHasher;

use super::super::real_path::resolve;
use super::folder_site::{Site, SiteBase};
use super::search;
use crate::config::SiteSetting;
use crate::feed::Problem;

/// The address that the user's settings give to a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteAddress {
    /// The folder, as a path without links.
    folder: PathBuf,
    base: SiteBase,
}

impl SiteAddress {
    /// The valid addresses of the setting `sites`.
    pub fn of_settings(settings: &[SiteSetting]) -> Vec<SiteAddress> {
        let valid = |site: &SiteSetting| {
            let base = SiteBase::parse(&site.address.text).ok()?;
            Some(SiteAddress { folder: resolve(&site.folder), base })
        };
        settings.iter().filter_map(valid).collect()
    }
}

/// The sites of a library, by the index of its folder or file.
#[derive(Clone, Debug, Default)]
pub struct Sites {
    sites: Vec<Option<Arc<Site>>>,
    /// Problems of files that would be settings but cannot be read.
    pub problems: Vec<Problem>,
}

impl Sites {
    /// Finds the sites of the folders and files of a library. `own` are the addresses of the user's settings.
    pub fn find(roots: &[PathBuf], own: &[SiteAddress]) -> Sites {
        let mut found = Sites::default();
        for root in roots {
            let real = resolve(root);
            let folder = if real.is_dir() { real.as_path() } else { real.parent().unwrap_or(Path::new("/")) };
            let (site, problems) = search::find(folder);
            let above = own.iter().filter(|one| folder.starts_with(&one.folder));
            let nearest = above.max_by_key(|one| one.folder.components().count());
            let site = match nearest {
                Some(own) => Some(search::with_own_base(site, &own.base)),
                None => site,
            };
            found.sites.push(site.map(Arc::new));
            found.problems.extend(problems);
        }
        found
    }

    /// The site of the folder or file at an index.
    pub fn of(&self, root: u32) -> Option<&Site> {
        self.sites.get(root as usize)?.as_deref()
    }

    /// The sites with the indices of their folders and files.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Site)> {
        self.sites.iter().enumerate().filter_map(|(root, site)| Some((root, site.as_deref()?)))
    }

    /// A hash of all settings: with another one, articles may have other addresses. 0 if there is no site.
    pub fn hash(&self) -> u64 {
        let mut hash = FxHasher::default();
        for (root, site) in self.iter() {
            hash.write_usize(root);
            hash.write_u64(site.hash);
        }
        hash.finish()
    }

    /// The settings files.
    pub fn files(&self) -> impl Iterator<Item = PathBuf> {
        self.iter().flat_map(|(_, site)| search::watched(site))
    }
}
