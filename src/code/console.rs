//! Splits a session of a shell: prompts, commands, and what they print.

use super::grammar::Grammar;
use super::piece::{PieceKind, PieceList};
use super::words::WordLexer;

/// Limit on the bytes of a prompt.
const MAX_PROMPT: usize = 60;

/// True if the first line with text has a prompt.
pub fn begins_with_prompt(code: &str) -> bool {
    code.lines().find(|line| !line.trim().is_empty()).is_some_and(|line| {
        let line = line.trim_start();
        line.starts_with("$ ") || line.starts_with("% ")
    })
}

/// Adds the pieces of a session to `out`: prompts and comments as comments, commands by the grammar, the rest plain.
pub fn lex(grammar: &'static Grammar, code: &str, out: &mut PieceList<'_>) {
    let shell = WordLexer::new(grammar);
    let mut continues = false;
    for line in code.split_inclusive('\n') {
        let prompt = prompt_length(line, continues);
        let (start, command) = line.split_at_checked(prompt.unwrap_or(0)).unwrap_or(("", line));
        match prompt {
            _ if line.trim_start().starts_with("# ") => out.push(PieceKind::Comment, line.len()),
            Some(_) => {
                out.push(PieceKind::Comment, start.len());
                shell.lex(command, out);
            }
            None if continues => shell.lex(line, out),
            None => out.push(PieceKind::Plain, line.len()),
        }
        continues = (continues || prompt.is_some()) && line.trim_end().ends_with('\\');
    }
}

/// Length of the prompt of a line, with the blank behind it: `$ `, `% `, `>>> `, `me@host:~$ `, `PS C:\> `, `irb(main):001> `; of a
/// command that continues, also `> `.
fn prompt_length(line: &str, continues: bool) -> Option<usize> {
    let blanks = line.len() - line.trim_start_matches(' ').len();
    let text = line.get(blanks..)?;
    if continues && text.starts_with("> ") {
        return Some(blanks + 2);
    }
    if let Some(prompt) =
        ["$ ", "% ", ">>> ", "... ", "❯ ", "➜ ", "λ "].iter().find(|prompt| text.starts_with(**prompt))
    {
        return Some(blanks + prompt.len());
    }
    let is_named = |name: &str| {
        let is_path = |c: char| c.is_ascii_alphanumeric() || "@:~/\\.-_()[]$ ".contains(c);
        let begins = name.starts_with("PS ") || name.starts_with("irb") || name.starts_with('[') || name.contains('@');
        begins && name.chars().all(is_path) || name.len() >= 3 && name.as_bytes().get(1..3) == Some(b":\\".as_slice())
    };
    let ends = text.bytes().take(MAX_PROMPT).enumerate().filter(|(_, byte)| matches!(byte, b'$' | b'#' | b'%' | b'>'));
    let (end, _) =
        ends.into_iter().find(|(end, _)| matches!(text.as_bytes().get(end + 1), None | Some(b' ' | b'\n')))?;
    text.get(..end).filter(|name| is_named(name))?;
    let blank = usize::from(text.as_bytes().get(end + 1) == Some(&b' '));
    Some(blanks + end + 1 + blank)
}
