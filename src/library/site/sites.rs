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

/// The site of a folder within a folder of the library.
#[derive(Clone, Debug)]
struct InnerSite {
    root: u32,
    /// The path of the folder in the folder of the library.
    below: PathBuf,
    site: Arc<Site>,
}

/// The sites of a library, by the index of its folder or file.
#[derive(Clone, Debug, Default)]
pub struct Sites {
    sites: Vec<Option<Arc<Site>>>,
    /// The sites that the user's settings give to folders within a folder of the library, the deepest folder first.
    inner: Vec<InnerSite>,
    /// Problems of files that would be settings but cannot be read.
    pub problems: Vec<Problem>,
}

impl Sites {
    /// Finds the sites of the folders and files of a library. `own` are the addresses of the user's settings.
    pub fn find(roots: &[PathBuf], own: &[SiteAddress]) -> Sites {
        let mut found = Sites::default();
        for (number, root) in (0..).zip(roots) {
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
            for own in own {
                let below = own.folder.strip_prefix(&real).ok().filter(|below| !below.as_os_str().is_empty());
                let Some(below) = below.filter(|_| own.folder.is_dir()) else { continue };
                let (site, problems) = search::find(&own.folder);
                let site = search::with_own_base(site, &own.base).within(below);
                found.inner.push(InnerSite { root: number, below: below.to_owned(), site: Arc::new(site) });
                found.problems.extend(problems);
            }
        }
        found.inner.sort_by_key(|inner| std::cmp::Reverse(inner.below.components().count()));
        found
    }

    /// The site of a file: of the folder or file of the library at an index, in which `below` is its path.
    pub fn of(&self, root: u32, below: &Path) -> Option<&Site> {
        let inner = self.inner.iter().find(|inner| inner.root == root && below.starts_with(&inner.below));
        if let Some(inner) = inner {
            return Some(&inner.site);
        }
        self.sites.get(root as usize)?.as_deref()
    }

    /// The sites with the indices of their folders and files.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Site)> {
        let inner = self.inner.iter().map(|inner| (inner.root as usize, &*inner.site));
        self.sites.iter().enumerate().filter_map(|(root, site)| Some((root, site.as_deref()?))).chain(inner)
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
