//! Splits code by words, strings and comments, as a [`Grammar`] says.

use memchr::memmem;
use rustc_hash::FxHashSet;

use super::grammar::{CommentPlace, Grammar, Keys, StringRule};
use super::piece::{PieceKind, PieceList};

/// Limit on the length of a keyword: longer words are not looked up.
const MAX_KEYWORD: usize = 24;

/// A byte belongs to words.
const WORD: u8 = 1;
/// A comment or a string may begin with this byte.
const OPENS: u8 = 2;
/// A byte makes a keyword of the word after it.
const SIGIL: u8 = 4;

/// The tables of a grammar, made once for all parts of a code.
pub struct WordLexer {
    grammar: &'static Grammar,
    keywords: FxHashSet<&'static str>,
    classes: [u8; 256],
}

impl WordLexer {
    /// Makes the tables of a grammar.
    pub fn new(grammar: &'static Grammar) -> WordLexer {
        let mut classes = [0; 256];
        for (byte, class) in (0..=255u8).zip(&mut classes) {
            // Bytes of other scripts belong to words, so that no piece ends inside a character.
            let is_word = byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
            *class |= if is_word || grammar.word_marks.as_bytes().contains(&byte) { WORD } else { 0 };
            *class |= if grammar.sigils.as_bytes().contains(&byte) { SIGIL } else { 0 };
        }
        let opens = grammar.line_comments.iter().chain(grammar.block_comments.iter().map(|(open, _)| open));
        for open in opens.chain(grammar.strings.iter().map(|rule| &rule.open)) {
            if let Some(class) = open.bytes().next().and_then(|first| classes.get_mut(usize::from(first))) {
                *class |= OPENS;
            }
        }
        WordLexer { grammar, keywords: grammar.keywords.split(' ').filter(|word| !word.is_empty()).collect(), classes }
    }

    /// Adds the pieces of `code` to `out`.
    pub fn lex(&self, code: &str, out: &mut PieceList<'_>) {
        Run {
            lexer: self,
            code,
            bytes: code.as_bytes(),
            at: 0,
            last: b'\n',
            after_keyword: false,
            no_regex_before: 0,
            no_heredocs: false,
            heredoc: None,
            out,
        }
        .run();
    }

    fn class(&self, byte: u8) -> u8 {
        self.classes.get(usize::from(byte)).copied().unwrap_or_default()
    }

    fn is_keyword(&self, word: &str) -> bool {
        if word.len() > MAX_KEYWORD {
            return false;
        }
        match self.grammar.any_case {
            true => self.keywords.contains(word.to_ascii_lowercase().as_str()),
            false => self.keywords.contains(word),
        }
    }
}

/// One pass over a code.
struct Run<'a, 'o, 'c> {
    lexer: &'a WordLexer,
    code: &'a str,
    bytes: &'a [u8],
    /// Bytes split.
    at: usize,
    /// The byte before that is not a blank; a line feed at the beginning of a line.
    last: u8,
    /// The last word was a keyword.
    after_keyword: bool,
    /// No regular expression ends before this byte, and no heredoc is closed: a search that failed is not repeated.
    no_regex_before: usize,
    no_heredocs: bool,
    /// The heredoc that begins with the next line, as the range of its end word.
    heredoc: Option<(usize, usize)>,
    out: &'o mut PieceList<'c>,
}

impl Run<'_, '_, '_> {
    fn run(mut self) {
        self.key();
        while let Some(byte) = self.byte(0) {
            let class = self.lexer.class(byte);
            if class & OPENS != 0 && (self.comment() || self.string()) {
                continue;
            }
            match byte {
                b'\n' => {
                    self.take(PieceKind::Plain, 1);
                    self.heredoc_body();
                    self.key();
                }
                b' ' | b'\t' | b'\r' => self.out_plain(1),
                b'0'..=b'9' => self.number(),
                _ if class & SIGIL != 0 && self.byte(1).is_some_and(|next| next.is_ascii_alphabetic()) => {
                    let length = 1 + self.word_length(1);
                    self.take(PieceKind::Keyword, length);
                }
                _ if class & WORD != 0 => self.word(),
                b'\'' if self.lexer.grammar.quirks.characters => self.character(),
                b'/' if self.lexer.grammar.quirks.regexes => self.regex(),
                b'<' if self.lexer.grammar.quirks.heredocs => self.heredoc_start(),
                b'#' if self.lexer.grammar.quirks.hex_colours => self.hex_colour(),
                b'{' | b';' => {
                    self.take(PieceKind::Plain, 1);
                    if self.lexer.grammar.keys == Keys::Properties {
                        self.key();
                    }
                }
                _ => self.take(PieceKind::Plain, 1),
            }
        }
    }

    // The code around `at`.

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn line_length(&self) -> usize {
        memchr::memchr(b'\n', self.rest()).unwrap_or(self.rest().len())
    }

    /// Length of the word that begins `ahead` bytes from here.
    fn word_length(&self, ahead: usize) -> usize {
        let after = self.rest().get(ahead..).unwrap_or_default();
        after.iter().take_while(|byte| self.lexer.class(**byte) & WORD != 0).count()
    }

    /// True at the beginning of a line, after blanks.
    fn is_line_start(&self) -> bool {
        self.last == b'\n'
    }

    fn is_after_blank(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|before| self.bytes.get(before));
        before.is_none_or(|byte| byte.is_ascii_whitespace())
    }

    fn is_after_word(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|before| self.bytes.get(before));
        before.is_some_and(|byte| self.lexer.class(*byte) & WORD != 0 || matches!(byte, b')' | b'\''))
    }

    // Progress.

    fn take(&mut self, kind: PieceKind, length: usize) {
        self.out.push(kind, length);
        self.at += length;
        if let Some(last) = self.at.checked_sub(1).and_then(|last| self.bytes.get(last)) {
            self.last = *last;
        }
        self.after_keyword = kind == PieceKind::Keyword;
    }

    /// Blanks, which leave the memory of what is before them.
    fn out_plain(&mut self, length: usize) {
        self.out.push(PieceKind::Plain, length);
        self.at += length;
    }

    // Tokens. Those that return false took nothing.

    fn comment(&mut self) -> bool {
        let grammar = self.lexer.grammar;
        // Blocks first: in Lua, `--[[` begins like `--`.
        if let Some((open, close)) =
            grammar.block_comments.iter().find(|(open, _)| self.rest().starts_with(open.as_bytes()))
        {
            let length = self.block_comment_length(open, close);
            self.take(PieceKind::Comment, length);
            return true;
        }
        let is_here = match grammar.comment_place {
            CommentPlace::Anywhere => true,
            CommentPlace::AfterBlank => self.is_after_blank(),
            CommentPlace::LineStart => self.is_line_start(),
        };
        let is_comment = is_here && grammar.line_comments.iter().any(|mark| self.rest().starts_with(mark.as_bytes()));
        if is_comment {
            self.take(PieceKind::Comment, self.line_length());
        }
        is_comment
    }

    fn block_comment_length(&self, open: &str, close: &str) -> usize {
        let rest = self.rest();
        let mut at = open.len();
        let mut depth = 1usize;
        while let Some(after) = rest.get(at..).filter(|after| !after.is_empty()) {
            if after.starts_with(close.as_bytes()) {
                at += close.len();
                depth -= 1;
                if depth == 0 {
                    return at;
                }
            } else if self.lexer.grammar.nests_comments && after.starts_with(open.as_bytes()) {
                at += open.len();
                depth += 1;
            } else {
                at += 1;
            }
        }
        rest.len()
    }

    fn string(&mut self) -> bool {
        if self.lexer.grammar.quirks.apostrophes && self.is_after_word() {
            return false;
        }
        let rule = self.lexer.grammar.strings.iter().find(|rule| self.rest().starts_with(rule.open.as_bytes()));
        if let Some(rule) = rule {
            self.take_string(0, rule);
        }
        rule.is_some()
    }

    /// Takes the string that begins `ahead` bytes from here, and what is before it.
    fn take_string(&mut self, ahead: usize, rule: &StringRule) {
        let length = ahead + string_length(self.rest().get(ahead..).unwrap_or_default(), rule);
        let is_key = self.lexer.grammar.keys == Keys::Strings && {
            let after = self.rest().get(length..).unwrap_or_default();
            after.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':')
        };
        self.take(if is_key { PieceKind::Keyword } else { PieceKind::String }, length);
        self.last = b'"';
    }

    fn word(&mut self) {
        let length = self.word_length(0);
        let Some(word) = self.code.get(self.at..self.at + length) else { return self.take(PieceKind::Plain, length) };
        let grammar = self.lexer.grammar;
        if matches!(self.byte(length), Some(b'"' | b'\'' | b'#')) && !grammar.string_prefixes.is_empty() {
            let is_prefix = grammar.string_prefixes.split(' ').any(|prefix| prefix == word);
            let after = self.rest().get(length..).unwrap_or_default();
            let hashed = grammar.quirks.hashed_strings && is_prefix && word.ends_with('r');
            if let Some(of_string) = hashed.then(|| hashed_string_length(after)).flatten() {
                self.take(PieceKind::String, length + of_string);
                self.last = b'"';
                return;
            }
            let rule = grammar.strings.iter().find(|rule| after.starts_with(rule.open.as_bytes()));
            if let Some(rule) = rule.filter(|_| is_prefix) {
                return self.take_string(length, rule);
            }
            if is_prefix && grammar.quirks.characters && after.first() == Some(&b'\'') {
                self.take(PieceKind::String, length);
                return self.character();
            }
        }
        let kind = if self.lexer.is_keyword(word) { PieceKind::Keyword } else { PieceKind::Plain };
        self.take(kind, length);
    }

    fn number(&mut self) {
        let rest = self.rest();
        let is_hex = rest.starts_with(b"0x") || rest.starts_with(b"0X");
        let mut length = 0;
        while let Some(byte) = rest.get(length) {
            let before = length.checked_sub(1).and_then(|before| rest.get(before)).copied().unwrap_or_default();
            let next = rest.get(length + 1).copied().unwrap_or_default();
            let belongs = match byte {
                b'.' => next.is_ascii_digit() && before != b'.',
                b'\'' => next.is_ascii_digit() && before.is_ascii_digit(),
                b'+' | b'-' => !is_hex && matches!(before, b'e' | b'E') && next.is_ascii_digit(),
                b'%' => before.is_ascii_digit() && self.lexer.grammar.keys == Keys::Properties,
                byte => self.lexer.class(*byte) & WORD != 0 && *byte != b'-' && *byte != b'$',
            };
            if !belongs {
                break;
            }
            length += 1;
        }
        self.take(PieceKind::Number, length.max(1));
    }

    /// A character in quotes, or else a lifetime or a prime, which is plain.
    fn character(&mut self) {
        let rest = self.code.get(self.at..).unwrap_or_default();
        let mut chars = rest.chars().skip(1);
        let length = match chars.next() {
            // The longest escape is `'\u{10ffff}'`.
            Some('\\') => {
                rest.bytes().take(14).enumerate().skip(3).find(|(_, byte)| *byte == b'\'').map(|(at, _)| at + 1)
            }
            Some(c) if c != '\'' && c != '\n' && chars.next() == Some('\'') => Some(c.len_utf8() + 2),
            _ => None,
        };
        match length {
            Some(length) => self.take(PieceKind::String, length),
            None => self.take(PieceKind::Plain, 1),
        }
    }

    fn regex(&mut self) {
        let expects_value = self.after_keyword
            || matches!(
                self.last,
                b'\n' | b'(' | b',' | b'=' | b':' | b'[' | b'!' | b'&' | b'|' | b'?' | b'{' | b'}' | b';' | b'+' | b'~'
            );
        if !expects_value || self.at < self.no_regex_before {
            return self.take(PieceKind::Plain, 1);
        }
        let (mut at, mut in_class) = (1, false);
        while let Some(byte) = self.byte(at).filter(|byte| *byte != b'\n') {
            match byte {
                b'\\' if self.byte(at + 1) != Some(b'\n') => at += 1,
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => {
                    let flags = self.word_length(at + 1);
                    self.take(PieceKind::String, at + 1 + flags);
                    return;
                }
                _ => {}
            }
            at += 1;
        }
        self.no_regex_before = self.at + at;
        self.take(PieceKind::Plain, 1);
    }

    fn hex_colour(&mut self) {
        let digits = self.rest().iter().skip(1).take_while(|byte| byte.is_ascii_hexdigit()).count();
        match digits {
            3 | 4 | 6 | 8 if self.word_length(1) == digits => self.take(PieceKind::Number, digits + 1),
            _ => self.take(PieceKind::Plain, 1 + self.word_length(1)),
        }
    }

    /// `<<WORD`, `<<-WORD`, `<<~WORD`, `<<<WORD` of PHP, also with the word in quotes.
    fn heredoc_start(&mut self) {
        let rest = self.rest();
        let signs = rest.iter().take_while(|byte| **byte == b'<').count();
        let mut start = signs;
        start += usize::from(matches!(rest.get(start), Some(b'-' | b'~')));
        start += usize::from(matches!(rest.get(start), Some(b'\'' | b'"')));
        let length = self.word_length(start);
        let is_word = rest.get(start).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
        if !(2..=3).contains(&signs) || !is_word || self.no_heredocs || self.heredoc.is_some() {
            return self.take(PieceKind::Plain, signs);
        }
        let quote = usize::from(matches!(rest.get(start + length), Some(b'\'' | b'"')));
        self.heredoc = Some((self.at + start, self.at + start + length));
        self.take(PieceKind::String, start + length + quote);
    }

    /// The lines of a heredoc, up to the line with its word.
    fn heredoc_body(&mut self) {
        let Some((start, end)) = self.heredoc.take() else { return };
        let word = self.code.get(start..end).unwrap_or_default();
        let rest = self.code.get(self.at..).unwrap_or_default();
        let mut length = 0;
        for line in rest.split_inclusive('\n') {
            if line.trim().trim_end_matches([';', ',', ')']) == word {
                let before = line.len() - line.trim_start().len();
                self.take(PieceKind::String, length + before + word.len());
                return;
            }
            length += line.len();
        }
        self.no_heredocs = true;
    }

    /// A key at the beginning of a line, or of a property.
    fn key(&mut self) {
        let keys = self.lexer.grammar.keys;
        if matches!(keys, Keys::None | Keys::Strings) {
            return;
        }
        let rest = self.rest();
        let mut start = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        while keys == Keys::Colon && rest.get(start..).is_some_and(|line| line.starts_with(b"- ")) {
            start += 2;
        }
        if keys == Keys::Equals && rest.get(start) == Some(&b'[') {
            let line = rest.get(start..self.line_length()).unwrap_or_default();
            if let Some(end) = line.iter().rposition(|byte| *byte == b']') {
                self.out_plain(start);
                return self.take(PieceKind::Keyword, end + 1);
            }
        }
        let is_key = |byte: &u8| {
            self.lexer.class(*byte) & WORD != 0
                || matches!(byte, b'-' | b'.' | b'/' | b'$' | b'*' | b'"' | b'\'')
                || *byte == b' ' && keys != Keys::Properties
        };
        let Some(after_blanks) = rest.get(start..) else { return };
        let length = after_blanks.iter().take_while(|byte| is_key(byte)).count();
        let Some(key) = after_blanks.get(..length) else { return };
        let (end, next) = (after_blanks.get(length), after_blanks.get(length + 1));
        let key_length = key.trim_ascii_end().len();
        let is_key = match keys {
            Keys::Equals => end == Some(&b'='),
            _ => end == Some(&b':') && next.is_none_or(|next| next.is_ascii_whitespace()),
        };
        if is_key && key_length > 0 {
            self.out_plain(start);
            self.take(PieceKind::Keyword, key_length);
        }
    }
}

/// Length of the string at the beginning of `rest`.
fn string_length(rest: &[u8], rule: &StringRule) -> usize {
    let mut at = rule.open.len();
    while let Some(byte) = rest.get(at) {
        match byte {
            b'\n' if !rule.spans_lines => return at,
            b'\\' if rule.escapes && rest.get(at + 1) != Some(&b'\n') => at += 2,
            _ if rest.get(at..).is_some_and(|after| after.starts_with(rule.close.as_bytes())) => {
                return at + rule.close.len();
            }
            _ => at += 1,
        }
    }
    rest.len()
}

/// Length of `"…"`, `#"…"#`, `##"…"##`, … at the beginning of `rest`. `None` if there is none.
fn hashed_string_length(rest: &[u8]) -> Option<usize> {
    let hashes = rest.iter().take_while(|byte| **byte == b'#').count();
    if rest.get(hashes) != Some(&b'"') {
        return None;
    }
    let mut close = vec![b'"'];
    close.extend(rest.get(..hashes)?);
    let inside = rest.get(hashes + 1..)?;
    Some(memmem::find(inside, &close).map_or(rest.len(), |at| hashes + 1 + at + close.len()))
}
