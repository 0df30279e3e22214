//! One list of numbers per article, while the columns of a feed are built.

/// One list of numbers per article: all items one after the other, and the end of each list.
#[derive(Default)]
pub struct ListColumn {
    /// The end of each list.
    pub ends: Vec<u32>,
    /// The items of all lists.
    pub items: Vec<u32>,
}

impl ListColumn {
    /// Ends the current list; items pushed from now on belong to the next one.
    pub fn end(&mut self) {
        self.ends.push(self.items.len() as u32);
    }

    /// The items of a list.
    pub fn of(&self, list: usize) -> &[u32] {
        let start = list.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(list).copied().unwrap_or(start);
        self.items.get(start as usize..end as usize).unwrap_or_default()
    }
}
