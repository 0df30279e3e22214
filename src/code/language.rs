//! Languages by their names, and the split of a code into pieces.

use super::grammar::Syntax;
use super::grammars::ROWS;
use super::markdown::MarkdownLexer;
use super::markup::MarkupLexer;
use super::piece::{CodePiece, PieceKind, PieceList};
use super::words::WordLexer;
use super::{console, diff};

/// Limit on the bytes of a code that are split; the rest is plain. It keeps the time below 20 ms, also for code that was made to be slow.
const MAX_BYTES: usize = 1 << 18;

/// A language whose code can be split into pieces.
#[derive(Clone, Copy, Debug)]
pub struct Language {
    syntax: &'static Syntax,
}

impl Language {
    /// The language with a name, in any case, as authors write it after the fence of a code block: `rust`, `sh`, `C++`; also the
    /// ending of a file name. `None` if it is unknown.
    pub fn named(name: &str) -> Option<Language> {
        let name = name.trim();
        let name =
            ["language-", "lang-", "highlight-"].iter().find_map(|start| name.strip_prefix(start)).unwrap_or(name);
        let is_named = |names: &&str| names.split(' ').any(|known| known.eq_ignore_ascii_case(name));
        ROWS.iter().find(|(names, _)| is_named(names)).map(|(_, syntax)| Language { syntax })
    }

    /// The language of a file, by the ending of its name, or by the whole name (`Makefile`). `None` if it is unknown.
    pub fn of_file(path: &str) -> Option<Language> {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        match name.rsplit_once('.') {
            Some((_, ending)) => Language::named(ending),
            None => Language::named(name).filter(|_| name.to_ascii_lowercase().ends_with("file")),
        }
    }

    /// Splits code into pieces, which are the same text when they are joined.
    pub fn pieces(self, code: &str) -> Vec<CodePiece<'_>> {
        let mut length = code.len().min(MAX_BYTES);
        while !code.is_char_boundary(length) {
            length -= 1;
        }
        let (lexed, mut out) = (code.get(..length).unwrap_or_default(), PieceList::new(code));
        match self.syntax {
            Syntax::Shell(grammar) if console::begins_with_prompt(lexed) => console::lex(grammar, lexed, &mut out),
            Syntax::Words(grammar) | Syntax::Shell(grammar) => WordLexer::new(grammar).lex(lexed, &mut out),
            Syntax::Console(grammar) => console::lex(grammar, lexed, &mut out),
            Syntax::Diff => diff::lex(lexed, &mut out),
            Syntax::Markdown => MarkdownLexer::default().lex(lexed, &mut out),
            Syntax::Markup => MarkupLexer::default().lex(lexed, &mut out),
        }
        out.finish()
    }

    /// Splits code into pieces; code of an unknown language is one plain piece.
    pub fn pieces_of(language: Option<Language>, code: &str) -> Vec<CodePiece<'_>> {
        match language {
            Some(language) => language.pieces(code),
            None if code.is_empty() => Vec::new(),
            None => vec![CodePiece { kind: PieceKind::Plain, text: code }],
        }
    }
}
