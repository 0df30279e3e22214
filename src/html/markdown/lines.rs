//! The lines of a Markdown document, with the prefixes of the quotes and list items around them.

/// Limit on quotes around a line, and on list items: their prefixes are repeated on every line.
const MAX_NESTED: usize = 8;

/// A document that is written block by block.
#[derive(Default)]
pub struct Lines {
    out: String,
    containers: Vec<Container>,
    /// Number of containers around both the last line and the next one.
    common: usize,
}

enum Container {
    Quote,
    Item {
        marker: String,
        /// The marker is written: the lines after it are indented.
        is_written: bool,
    },
    /// Nested too deep for a prefix of its own.
    None,
}

impl Lines {
    /// Opens a quote or, with a marker such as `- `, a list item. It shows only if a block is written in it.
    pub fn open(&mut self, marker: Option<String>) {
        let is_same = |container: &&Container| match container {
            Container::Quote => marker.is_none(),
            Container::Item { .. } => marker.is_some(),
            Container::None => false,
        };
        let is_deep = self.containers.iter().filter(is_same).count() >= MAX_NESTED;
        self.containers.push(match marker {
            _ if is_deep => Container::None,
            None => Container::Quote,
            Some(marker) => Container::Item { marker, is_written: false },
        });
    }

    /// Closes the innermost container.
    pub fn close(&mut self) {
        self.containers.pop();
        self.common = self.common.min(self.containers.len());
    }

    /// Number of open containers.
    pub fn depth(&self) -> usize {
        self.containers.len()
    }

    /// True if the next block is the first of an item.
    pub fn is_at_marker(&self) -> bool {
        self.containers.iter().any(|container| matches!(container, Container::Item { is_written: false, .. }))
    }

    /// True if a list item is nested too deep for a marker.
    pub fn is_flat(&self) -> bool {
        matches!(self.containers.last(), Some(Container::None))
    }

    /// Appends the lines of a block, after a blank line unless it is `tight`. Returns true if a blank line was written within
    /// the innermost item.
    pub fn push_block(&mut self, block: &str, tight: bool) -> bool {
        let is_separated = !self.out.is_empty() && !tight;
        if is_separated {
            let blank = self.prefix(self.common);
            self.out.push_str(blank.trim_end());
            self.out.push('\n');
        }
        let innermost = self.containers.iter().rposition(|container| matches!(container, Container::Item { .. }));
        let is_in_item = innermost.is_some_and(|item| self.common > item);
        for line in block.split('\n') {
            let prefix = self.prefix(self.containers.len());
            if line.is_empty() {
                self.out.push_str(prefix.trim_end());
            } else {
                self.out.push_str(&prefix);
                self.out.push_str(line);
            }
            self.out.push('\n');
            for container in &mut self.containers {
                if let Container::Item { is_written, .. } = container {
                    *is_written = true;
                }
            }
        }
        self.common = self.containers.len();
        is_separated && is_in_item
    }

    /// The prefix of a line in the outer `depth` containers.
    fn prefix(&self, depth: usize) -> String {
        let mut prefix = String::new();
        for container in self.containers.iter().take(depth) {
            match container {
                Container::Quote => prefix.push_str("> "),
                Container::Item { marker, is_written: false } => prefix.push_str(marker),
                Container::Item { marker, .. } => prefix.extend(marker.chars().map(|_| ' ')),
                Container::None => {}
            }
        }
        prefix
    }

    /// The document.
    pub fn finish(self) -> String {
        self.out
    }
}
