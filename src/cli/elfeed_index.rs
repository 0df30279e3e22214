//! Reads the index of elfeed, which is a value of Emacs Lisp: the links, titles and tags of its entries.

/// The names by which the index marks an entry: as records of Emacs 26 and newer, and as vectors before.
const ENTRY: [&str; 2] = ["elfeed-entry", "cl-struct-elfeed-entry"];
/// The positions of the fields of an entry.
const ID: usize = 0;
const TITLE: usize = 1;
const LINK: usize = 2;
const TAGS: usize = 7;
/// Most tags of an entry that are read.
const MAX_TAGS: usize = 1000;

/// An entry of the index. Its texts are as they were written: untrusted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ElfeedEntry {
    /// The id in its channel.
    pub id: String,
    /// The title.
    pub title: String,
    /// The link.
    pub link: String,
    /// The tags.
    pub tags: Vec<String>,
}

/// Whether a text is an index of elfeed.
pub fn is_index(text: &str) -> bool {
    // elfeed begins the file with comments, before an empty index for old versions.
    let first = text.lines().map(str::trim_start).find(|line| !line.is_empty() && !line.starts_with(';'));
    first.is_some_and(|line| line.starts_with('(')) && ENTRY.iter().any(|name| text.contains(name))
}

/// A part of the text.
#[derive(Debug, PartialEq, Eq)]
enum Token<'a> {
    Open,
    Close,
    String(String),
    Atom(&'a str),
}

/// The entries of an index, in its order. What is not an entry is skipped, and an entry that is not closed is left out.
pub fn entries(text: &str) -> Vec<ElfeedEntry> {
    let (mut entries, mut depth, mut opened) = (Vec::new(), 0usize, false);
    // The entry that is read: the depth of its fields, and the number of the next field.
    let mut entry: Option<(usize, usize, ElfeedEntry)> = None;
    let mut rest = text;
    while let Some((token, after)) = next(rest) {
        rest = after;
        let is_first = std::mem::replace(&mut opened, token == Token::Open);
        match token {
            Token::Open => depth = depth.saturating_add(1),
            Token::Close => {
                depth = depth.saturating_sub(1);
                match entry.take() {
                    Some((at, _, read)) if depth < at => entries.push(read),
                    Some((at, field, read)) => entry = Some((at, field.saturating_add(usize::from(depth == at)), read)),
                    None => {}
                }
            }
            Token::Atom(name) if is_first && entry.is_none() && ENTRY.contains(&name) => {
                entry = Some((depth, 0, ElfeedEntry::default()));
            }
            Token::Atom(name) => {
                if let Some((at, field, read)) = &mut entry {
                    if depth > *at && *field == TAGS && read.tags.len() < MAX_TAGS {
                        read.tags.push(unescaped(name));
                    }
                    *field = field.saturating_add(usize::from(depth == *at));
                }
            }
            Token::String(text) => {
                if let Some((at, field, read)) = &mut entry {
                    match *field {
                        ID => read.id = text,
                        TITLE if depth == *at => read.title = text,
                        LINK if depth == *at => read.link = text,
                        _ => {}
                    }
                    *field = field.saturating_add(usize::from(depth == *at));
                }
            }
        }
    }
    entries
}

/// The next token of a text, and what follows it.
fn next(text: &str) -> Option<(Token<'_>, &str)> {
    let mut text = text.trim_start();
    while let Some(comment) = text.strip_prefix(';') {
        text = comment.split_once('\n')?.1.trim_start();
    }
    for open in ["#s(", "#(", "#[", "(", "["] {
        if let Some(after) = text.strip_prefix(open) {
            return Some((Token::Open, after));
        }
    }
    if let Some(after) = text.strip_prefix([')', ']']) {
        return Some((Token::Close, after));
    }
    if let Some(after) = text.strip_prefix('"') {
        return string(after);
    }
    if text.is_empty() {
        return None;
    }
    let mut is_escaped = false;
    let end = text.find(|c: char| {
        let ends = !is_escaped && (c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '"' | ';'));
        is_escaped = c == '\\' && !is_escaped;
        ends
    });
    let (atom, after) = text.split_at(end.unwrap_or(text.len()));
    Some((Token::Atom(atom), after))
}

/// A string up to its closing quote, and what follows it.
fn string(text: &str) -> Option<(Token<'_>, &str)> {
    let mut read = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((Token::String(read), text.get(at + 1..)?)),
            '\\' => match chars.next()?.1 {
                'n' => read.push('\n'),
                't' => read.push('\t'),
                // A line that continues.
                '\n' => {}
                c => read.push(c),
            },
            c => read.push(c),
        }
    }
    None
}

/// The name of a symbol, whose special characters are escaped.
fn unescaped(symbol: &str) -> String {
    let mut chars = symbol.chars();
    let mut name = String::with_capacity(symbol.len());
    while let Some(c) = chars.next() {
        name.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: &str, title: &str, link: &str, tags: &[&str]) -> ElfeedEntry {
        let tags = tags.iter().map(ToString::to_string).collect();
        ElfeedEntry { id: id.to_owned(), title: title.to_owned(), link: link.to_owned(), tags }
    }

    #[test]
    fn entries_of_old_and_new_versions_are_read() {
        let new = r#"(:version 4 :feeds #s(hash-table size 65 test equal data ("https://e.org/feed"
            #s(elfeed-feed "https://e.org/feed" "https://e.org/feed" "A feed" ((:name "An author")) nil)))
            :entries #s(hash-table test equal data (("e.org" . "id-1") #s(elfeed-entry ("e.org" . "id-1")
            "A \"title\" with #s(elfeed-entry in it" "https://e.org/1" 1705300124.0 #s(elfeed-ref "9a3c") html
            (("https://e.org/1.mp3" "audio/mpeg" "7")) (to\ read unread 日本) "https://e.org/feed"
            (:authors ((:name "tags unread"))))
            ("e.org" . "id-2") #s(elfeed-entry ("e.org" . "id-2") nil "https://e.org/2" 1.0 nil nil nil nil "f" nil)))
            :index [cl-struct-avl-tree- nil nil])"#;
        assert!(is_index(new));
        let first =
            entry("id-1", "A \"title\" with #s(elfeed-entry in it", "https://e.org/1", &["to read", "unread", "日本"]);
        assert_eq!(entries(new), [first, entry("id-2", "", "https://e.org/2", &[])]);
        let old = r#";; a comment (
            (:entries #s(hash-table data (("n" . "1") [cl-struct-elfeed-entry ("n" . "1") "T" "https://e.org/3" 1.0
            [cl-struct-elfeed-ref "ab"] nil nil (star) "f" nil])))"#;
        assert!(is_index(old));
        assert_eq!(entries(old), [entry("1", "T", "https://e.org/3", &["star"])]);
        let saved = format!(
            ";;; Elfeed Database Index (version 4)\n\n;; Dummy index for backwards compatablity:\n(:version \"0.0.3\")\n\n;; Real index:\n{new}"
        );
        assert!(is_index(&saved));
        assert_eq!(entries(&saved), entries(new));
    }

    #[test]
    fn damaged_and_foreign_texts_have_no_entries() {
        for text in ["", "(", ")))", "\"", "(:entries #s(elfeed-entry (\"n\" . \"1\") \"T\"", "((((", "#s(elfeed-entry"]
        {
            assert_eq!(entries(text), [], "{text}");
        }
        assert!(!is_index("https://e.org/elfeed-entry\n") && !is_index("{\"link\": \"elfeed-entry\"}"));
        // Deep nesting needs no stack.
        assert_eq!(entries(&"(".repeat(1 << 20)), []);
        let many = format!("#s(elfeed-entry nil nil nil nil nil nil nil ({}))", "tag ".repeat(5000));
        assert_eq!(entries(&many).first().map(|entry| entry.tags.len()), Some(MAX_TAGS));
    }
}
