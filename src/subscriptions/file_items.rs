//! Splits the text of `subscriptions.yaml` into its items, so that each can be parsed and changed alone.

/// The text of an item, and what follows it up to the next one.
#[derive(Clone, Copy, Debug)]
pub struct Chunk<'a> {
    /// The text.
    pub text: &'a str,
    /// The byte at which it starts.
    pub start: usize,
    /// The number of lines before it.
    pub lines_before: u32,
    /// The number of blanks before its dash.
    pub indentation: usize,
}

/// The text of each item: from a line with a dash at the indentation of the first one to the next, or to the end of the YAML document.
/// In YAML, what continues an item is indented further, also in quotes. A list in brackets has no such lines.
pub fn chunks(text: &str) -> Vec<Chunk<'_>> {
    let mut chunks: Vec<Chunk> = Vec::new();
    let mut start = 0;
    let mut end = text.len();
    for (number, line) in (0..).zip(text.split_inclusive('\n')) {
        let indentation = line.len() - line.trim_start_matches(' ').len();
        let is_of_list = chunks.first().is_none_or(|first| first.indentation == indentation);
        if is_item(line) && is_of_list {
            chunks.push(Chunk { text: "", start, lines_before: number, indentation });
        } else if is_document_mark(line) && !chunks.is_empty() {
            end = start;
            break;
        }
        start += line.len();
    }
    let ends: Vec<usize> = chunks.iter().skip(1).map(|chunk| chunk.start).chain([end]).collect();
    for (chunk, end) in chunks.iter_mut().zip(ends) {
        chunk.text = text.get(chunk.start..end).unwrap_or_default();
    }
    chunks
}

fn is_item(line: &str) -> bool {
    let rest = line.trim_start_matches(' ').strip_prefix('-');
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
}

/// True if a line begins or ends a document of YAML.
fn is_document_mark(line: &str) -> bool {
    let rest = line.strip_prefix("---").or_else(|| line.strip_prefix("..."));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
}

impl<'a> Chunk<'a> {
    /// The item itself: without the blank lines and comments after it, unless they are indented further than its dash.
    pub fn item(&self) -> &'a str {
        let mut length = 0;
        let mut end = 0;
        for line in self.text.split_inclusive('\n') {
            end += line.len();
            let content = line.trim_start_matches(' ');
            let is_indented = line.len() - content.len() > self.indentation;
            let is_between = content.trim().is_empty() || (content.starts_with('#') && !is_indented);
            if !is_between {
                length = end;
            }
        }
        self.text.get(..length).unwrap_or_default()
    }
}
