//! Sites: finds the settings of the site generator above a library folder, and works out the web addresses of its articles.
//!
//! An address worked out from a site's settings serves for opening and copying, and never for the identity of an article. Settings
//! are read as data and never executed. Where the rules of a generator depend on more than is read here, no address is made.

mod docusaurus;
mod folder_site;
mod hugo;
mod hugo_folders;
mod jekyll;
mod literals;
mod mkdocs;
mod page;
mod pelican;
mod search;
mod settings_file;
mod settings_map;
mod sites;
#[cfg(test)]
mod tests;
mod url_path;
mod zola;

pub use folder_site::{Generator, Site, SiteBase};
pub use page::PageValues;
pub use sites::{SiteAddress, Sites};
