//! Links between articles of the library: which article a link in a body means, and which articles link to an article.

mod article_keys;
mod destination;
mod other_name;
pub mod resolution;
mod written_link;

pub use destination::{ArticlePlace, Base, Destination, Ending, percent_decoded};
pub use other_name::{NameKind, OtherName, add as add_other_name, put_names, read_names};
pub use written_link::{WrittenLink, links_in, links_known_at_once, links_of_body, put_links, read_links};

#[cfg(test)]
mod tests;
