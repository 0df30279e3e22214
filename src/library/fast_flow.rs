//! Lists and maps in the flow style of YAML on one line, as our own files have them: `["a", "b"]`, `{name: "a"}`,
//! `[{url: "a", width: 1}]`. Every function returns none for text outside this subset.

use super::fast_yaml::{KeySet, NativeKey};
use super::front_matter_fields::MAX_ITEMS;

/// A cursor over the text of a list or a map.
pub struct FlowCursor<'a> {
    rest: &'a str,
}

/// Reads a list that is the whole value of a key. `item` reads one item.
pub fn list<'a>(value: &'a str, mut item: impl FnMut(&mut FlowCursor<'a>) -> Option<()>) -> Option<()> {
    let mut flow = FlowCursor { rest: value };
    let mut count = 0;
    flow.within('[', ']', |flow| {
        count += 1;
        item(flow)
    })?;
    (flow.rest.is_empty() && count <= MAX_ITEMS).then_some(())
}

/// Reads a map that is the whole value of a key. It must not be empty.
pub fn map<'a>(value: &'a str, read: impl FnMut(NativeKey, &'a str) -> Option<()>) -> Option<()> {
    let mut flow = FlowCursor { rest: value };
    flow.map(read)?;
    flow.rest.is_empty().then_some(())
}

impl<'a> FlowCursor<'a> {
    /// Reads a map of scalars, which must not be empty. A duplicate key is outside the subset.
    pub fn map(&mut self, mut read: impl FnMut(NativeKey, &'a str) -> Option<()>) -> Option<()> {
        let mut known = KeySet::default();
        self.within('{', '}', |flow| {
            let (key, rest) = flow.rest.split_once(": ")?;
            flow.rest = rest;
            read(known.add(NativeKey::of(key)?)?, flow.scalar()?)
        })?;
        (!known.is_empty()).then_some(())
    }

    /// The next scalar, with its quotes.
    pub fn scalar(&mut self) -> Option<&'a str> {
        let length = match self.rest.strip_prefix('"') {
            Some(inside) => quoted_length(inside)? + 1,
            // The characters of plain scalars that have no meaning in any context.
            None => {
                let is_plain = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'-' | b'.' | b'_' | b'/');
                self.rest.bytes().take_while(|b| is_plain(b)).count()
            }
        };
        let (scalar, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        // A blank would belong to no scalar, and a dash begins a list in other places.
        (!scalar.is_empty() && !scalar.starts_with(' ') && scalar != "-" && !scalar.ends_with(' ')).then_some(scalar)
    }

    /// Reads parts between brackets, which commas separate.
    fn within(
        &mut self,
        opening: char,
        closing: char,
        mut part: impl FnMut(&mut FlowCursor<'a>) -> Option<()>,
    ) -> Option<()> {
        self.rest = self.rest.strip_prefix(opening)?;
        if let Some(rest) = self.rest.strip_prefix(closing) {
            self.rest = rest;
            return Some(());
        }
        loop {
            part(self)?;
            if let Some(rest) = self.rest.strip_prefix(closing) {
                self.rest = rest;
                return Some(());
            }
            self.rest = self.rest.strip_prefix(", ")?;
        }
    }
}

/// The number of bytes up to the closing quote, which is included.
fn quoted_length(inside: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, b) in inside.bytes().enumerate() {
        match b {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}
