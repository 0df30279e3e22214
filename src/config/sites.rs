//! The setting `sites`: the web addresses of the sites that folders of articles are published on.

use std::path::PathBuf;

use super::value_reader::{ConfigEntry, ValueReader};
use super::yaml_tree::LocatedText;

/// Most entries that are read.
const MAX_SITES: usize = 200;

/// An entry of `sites`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteSetting {
    /// The folder of the site.
    pub folder: PathBuf,
    /// Its web address, not yet checked.
    pub address: LocatedText,
}

impl SiteSetting {
    /// Reads the entries. Invalid ones become problems.
    pub fn read(reader: &mut ValueReader, field: ConfigEntry) -> Vec<SiteSetting> {
        let mut sites = Vec::new();
        for (name, _, node) in reader.pairs(field.node, field.name) {
            let folder = reader.resolve(name);
            let address = reader.located_text(ConfigEntry { name, node });
            sites.extend(address.map(|address| SiteSetting { folder, address }));
        }
        reader.bounded(field.node, "sites", MAX_SITES, sites)
    }
}
