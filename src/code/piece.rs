//! Pieces of code: runs of text of one kind, in their order.

/// What a piece of code is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PieceKind {
    /// Anything else.
    #[default]
    Plain,
    /// A comment, the prompt of a shell, or the header of a diff.
    Comment,
    /// A string or a character.
    String,
    /// A number.
    Number,
    /// A keyword, a key of a settings file, a tag, or a heading.
    Keyword,
    /// A line that a diff adds.
    Added,
    /// A line that a diff removes.
    Removed,
    /// The line of a diff that says where a change is.
    Hunk,
}

/// A piece of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodePiece<'a> {
    /// What it is.
    pub kind: PieceKind,
    /// Its text, not empty.
    pub text: &'a str,
}

/// The pieces of a code, in the order in which they are added. Adjacent pieces of one kind become one.
pub struct PieceList<'a> {
    code: &'a str,
    pieces: Vec<CodePiece<'a>>,
    /// Bytes before the piece that is being collected, and before its end.
    start: usize,
    end: usize,
    kind: PieceKind,
}

impl<'a> PieceList<'a> {
    /// No pieces of `code` so far.
    pub fn new(code: &'a str) -> PieceList<'a> {
        PieceList { code, pieces: Vec::new(), start: 0, end: 0, kind: PieceKind::Plain }
    }

    /// Adds the next `length` bytes. An end inside a character moves behind it.
    pub fn push(&mut self, kind: PieceKind, length: usize) {
        if length == 0 {
            return;
        }
        if kind != self.kind {
            self.flush();
            self.kind = kind;
        }
        self.end = self.end.saturating_add(length).min(self.code.len());
    }

    fn flush(&mut self) {
        while !self.code.is_char_boundary(self.end) {
            self.end += 1;
        }
        if let Some(text) = self.code.get(self.start..self.end).filter(|text| !text.is_empty()) {
            self.pieces.push(CodePiece { kind: self.kind, text });
            self.start = self.end;
        }
    }

    /// Returns the pieces. What was not added is plain.
    pub fn finish(mut self) -> Vec<CodePiece<'a>> {
        let rest = self.code.len().saturating_sub(self.end);
        if rest > 0 {
            self.push(PieceKind::Plain, rest);
        }
        self.flush();
        self.pieces
    }
}
