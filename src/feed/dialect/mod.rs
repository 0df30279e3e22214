//! Markdown dialects: turns what only some site generators and note programs know into Markdown that the parser knows.

mod attributes;
mod blocks;
mod callouts;
mod code_lines;
mod code_spans;
mod container_lines;
mod math;
mod templates;

use std::borrow::Cow;

/// Rewrites the shortcodes, callouts, embeds and marks of other tools as plain Markdown. Code is never changed.
///
/// `is_mdx` is true for files whose name says that they are MDX. The text is borrowed if nothing in it is of a dialect. Time
/// and the length of the result are linear in the length of the text.
pub fn translate(source: &str, _is_mdx: bool) -> Cow<'_, str> {
    let expanded = templates::expand(source);
    match blocks::rewrite(&expanded) {
        Cow::Owned(text) => Cow::Owned(text),
        Cow::Borrowed(_) => expanded,
    }
}
