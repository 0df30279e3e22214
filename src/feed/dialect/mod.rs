//! Markdown dialects: turns what only some site generators and note programs know into Markdown that the parser knows.

mod attributes;
mod blocks;
mod callouts;
mod code_lines;
mod code_spans;
mod container_lines;
mod embeds;
mod inline;
mod math;
mod templates;

use std::borrow::Cow;

/// Rewrites the shortcodes, callouts, embeds and marks of other tools as plain Markdown. Code is never changed.
///
/// `is_mdx` is true for files whose name says that they are MDX. The text is borrowed if nothing in it is of a dialect. Time
/// and the length of the result are linear in the length of the text.
pub fn translate(source: &str, _is_mdx: bool) -> Cow<'_, str> {
    let expanded = templates::expand(source);
    let blocks = then(expanded, blocks::rewrite);
    then(blocks, inline::rewrite)
}

/// Applies a pass to a text that may be the result of another.
fn then(text: Cow<'_, str>, pass: impl Fn(&str) -> Cow<'_, str>) -> Cow<'_, str> {
    match pass(&text) {
        Cow::Owned(changed) => Cow::Owned(changed),
        Cow::Borrowed(_) => text,
    }
}
