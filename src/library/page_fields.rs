//! Front matter as the rules of site generators read it.

use super::front_matter_fields::Fields;
use super::site::PageValues;
use crate::feed::SafeText;

/// The fields of an article file.
pub struct PageFields<'a> {
    fields: &'a Fields<'a>,
    has_front: bool,
}

impl<'a> PageFields<'a> {
    /// The fields of a file. `has_front`: it has front matter.
    pub fn new(fields: &'a Fields<'a>, has_front: bool) -> PageFields<'a> {
        PageFields { fields, has_front }
    }
}

impl PageValues for PageFields<'_> {
    fn has_front_matter(&self) -> bool {
        self.has_front
    }

    fn text(&self, key: &str) -> Option<String> {
        self.fields.text(key)
    }

    fn names(&self, key: &str) -> Vec<String> {
        let names = self.fields.names(key, char::is_whitespace, &mut Vec::new());
        names.iter().map(SafeText::to_string).collect()
    }
}
