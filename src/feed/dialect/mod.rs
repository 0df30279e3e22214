//! Markdown dialects: turns what only some site generators and note programs know into Markdown that the parser knows.

mod attributes;
mod blocks;
mod callouts;
mod code_lines;
mod code_spans;
mod container_lines;
mod embeds;
mod emoji;
mod inline;
mod math;
mod mdx;
mod signs;
mod templates;

use std::borrow::Cow;

pub use mdx::imports_length;

/// Rewrites the shortcodes, callouts, embeds and marks of other tools as plain Markdown. Code is never changed.
///
/// `is_mdx` is true for files whose name says that they are MDX. The text is borrowed if nothing in it is of a dialect. Time
/// and the length of the result are linear in the length of the text.
pub fn translate(source: &str, is_mdx: bool) -> Cow<'_, str> {
    let signs = signs::Signs::of(source);
    let mut text = Cow::Borrowed(source);
    if is_mdx || signs.components {
        text = then(text, |text| mdx::rewrite(text, is_mdx));
    }
    if signs.templates {
        text = then(text, templates::expand);
    }
    // A pass may write the signs of a later one.
    let is_changed = matches!(text, Cow::Owned(_));
    if signs.blocks || is_changed {
        text = then(text, blocks::rewrite);
    }
    if signs.inline || is_changed {
        text = then(text, inline::rewrite);
    }
    text
}

/// True if no sign of another tool is in a text: [`translate`] returns it as it is, whatever follows it.
pub fn has_no_signs(source: &str) -> bool {
    signs::Signs::of(source) == signs::Signs::default()
}

/// Applies a pass to a text that may be the result of another.
fn then(text: Cow<'_, str>, pass: impl Fn(&str) -> Cow<'_, str>) -> Cow<'_, str> {
    match pass(&text) {
        Cow::Owned(changed) => Cow::Owned(changed),
        Cow::Borrowed(_) => text,
    }
}

#[cfg(test)]
mod tests;
