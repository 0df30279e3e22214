//! The names and addresses in front matter by which links may mean an article, beside its title.

use super::front_matter_fields::{Fields, Item};
use crate::feed::local_links::{NameKind, OtherName, add_other_name};

/// Keys of names: Obsidian's, Hugo's, Jekyll's and Zola's.
const KEYS: [(&str, NameKind); 8] = [
    ("aliases", NameKind::Alias),
    ("alias", NameKind::Alias),
    ("slug", NameKind::Slug),
    ("url", NameKind::Path),
    ("permalink", NameKind::Path),
    ("path", NameKind::Path),
    ("redirect_from", NameKind::Path),
    ("redirects", NameKind::Path),
];

/// The names and addresses that front matter gives an article.
pub fn other_names(fields: &Fields) -> Vec<OtherName> {
    let mut names = Vec::new();
    for (key, kind) in KEYS.iter().filter(|(key, _)| fields.has(key)) {
        if let Some(text) = fields.text(key).filter(|_| *kind == NameKind::Alias) {
            text.split(',').for_each(|text| add_other_name(&mut names, *kind, text));
            continue;
        }
        for item in fields.items(key) {
            if let Item::Text(text) = item {
                add_other_name(&mut names, *kind, text);
            }
        }
    }
    names
}
