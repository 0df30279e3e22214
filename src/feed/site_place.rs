//! Where an article is on the site that it is a page of, worked out from the settings of the site.

use super::clean::SafeText;
use super::link::Link;

/// The place of an article on its site. It serves for opening and copying, for links between articles and for display, and never for
/// the identity of an article: the settings of a site may change, and marks must not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SitePlace {
    /// Its path on the site, such as `/2021/02/brains/`, not percent-encoded; empty if unknown. A draft has one, too.
    pub path: SafeText,
    /// Its address. None if its file has a link that can be opened, for a draft, and if the address of the site is unknown.
    pub link: Option<Link>,
}
