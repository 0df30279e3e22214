//! Splits a diff by lines: what is added, what is removed, and where.

use super::piece::{PieceKind, PieceList};

/// Beginnings of the lines of a header: of `git`, `diff`, `svn`.
const HEADERS: &[&str] = &[
    "+++ ",
    "--- ",
    "diff ",
    "index ",
    "new file",
    "deleted file",
    "old mode",
    "new mode",
    "similarity ",
    "rename ",
    "copy ",
    "Index: ",
    "===",
    "Binary files",
    "\\ No newline",
];

/// Adds the pieces of a diff to `out`.
pub fn lex(code: &str, out: &mut PieceList<'_>) {
    for line in code.split_inclusive('\n') {
        let text = line.trim_end_matches('\n');
        let kind = match text.bytes().next() {
            _ if HEADERS.iter().any(|header| text.starts_with(header)) => PieceKind::Comment,
            Some(b'+' | b'>') => PieceKind::Added,
            Some(b'-' | b'<') => PieceKind::Removed,
            Some(b'@') => PieceKind::Hunk,
            _ => PieceKind::Plain,
        };
        out.push(kind, text.len());
        out.push(PieceKind::Plain, line.len() - text.len());
    }
}
