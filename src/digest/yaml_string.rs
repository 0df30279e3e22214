//! Writes text as double-quoted YAML strings in one line, so that every YAML parser reads exactly this text back.

use std::borrow::Cow;
use std::fmt::Write;

use crate::feed::clean;

/// A text as a double-quoted YAML string.
///
/// Escaped are quotes, backslashes and line ends, and characters that are invisible or that change how other characters are
/// shown: YAML forbids some of them, editors drop others, and all of them mislead a reader of the file.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut before = '"';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // The loader counts anchors and aliases also inside quotes, and rejects files with too many.
            '&' if begins_anchor(before, chars.peek().copied()) => push_escape(&mut out, c),
            c if is_misread(c) => push_escape(&mut out, c),
            c => out.push(c),
        }
        before = c;
    }
    out.push('"');
    out
}

/// A text that is equal to `shown` after [`clean::line`], which decodes HTML entities twice: a title may be the text `&lt;`.
pub fn with_entities(shown: &str) -> Cow<'_, str> {
    let decoded = html_escape::decode_html_entities(shown);
    match html_escape::decode_html_entities(&decoded) == shown {
        true => Cow::Borrowed(shown),
        false => Cow::Owned(shown.replace('&', "&amp;amp;")),
    }
}

/// True if `&` between these characters could be an anchor.
fn begins_anchor(before: char, next: Option<char>) -> bool {
    matches!(before, ' ' | '\t' | '\n' | '[' | '{' | ',' | ':' | '?' | '-') && next.is_some_and(|c| !c.is_whitespace())
}

/// True for characters that a parser rejects or an editor hides. The two invisible characters of emoji are not among them: as
/// escapes they would make the emoji unreadable.
fn is_misread(c: char) -> bool {
    let is_part_of_emoji = matches!(c, '\u{200d}' | '\u{fe0f}');
    (clean::is_hidden(c) || matches!(c, '\u{2028}' | '\u{2029}')) && !is_part_of_emoji
}

fn push_escape(out: &mut String, c: char) {
    let code = c as u32;
    let written = if code <= 0xffff { write!(out, "\\u{code:04X}") } else { write!(out, "\\U{code:08X}") };
    // Writing to a `String` cannot fail.
    let _ = written;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::feed::clean;

    /// Texts that are something other than text in YAML, in some parser, or in an editor.
    const NASTY: [&str; 62] = [
        "",
        " ",
        "---",
        "...",
        "--- |",
        "\n---\n",
        "\n...\n",
        ": ",
        "a: b",
        "a:",
        "#",
        " # not a comment",
        "!!binary aGk=",
        "!tag",
        "'",
        "''",
        "\"",
        "\\",
        "\\\"",
        "\\n",
        "\u{1b}[2J",
        "\u{85}",
        "\u{2028}next: line\u{2029}",
        "\u{feff}",
        "%YAML 1.2",
        "@",
        "`",
        "null",
        "~",
        "1e3",
        "on",
        "no",
        "true",
        "0x1F",
        "0o17",
        "1_000",
        ".inf",
        "2026-11-29",
        "12:30:45",
        "[",
        "{a: b}",
        "]",
        "}",
        ",",
        "?",
        "? a",
        "- a",
        "-",
        "|",
        ">-",
        "&a *a",
        "*a",
        "<<",
        " leading",
        "trailing ",
        "\ttab\t",
        "\0",
        "\u{7f}",
        "👨\u{200d}👩\u{200d}👧",
        "\u{202e}gnp.exe",
        "\u{fffe}\u{ffff}",
        "\u{e0001}\u{10ffff}",
    ];

    fn read_back(text: &str) -> Option<String> {
        let map: serde_yaml::Mapping = serde_yaml::from_str(&format!("key: {}\nend: 1\n", quoted(text))).ok()?;
        (map.len() == 2).then(|| map.get("key").and_then(serde_yaml::Value::as_str).map(str::to_owned)).flatten()
    }

    #[test]
    fn nasty_strings_are_read_back() {
        for text in NASTY {
            for text in [text.to_owned(), format!("a{text}"), format!("{text}z"), format!("{text} {text}")] {
                assert_eq!(read_back(&text).as_deref(), Some(text.as_str()), "{text:?}");
                assert!(
                    !quoted(&text).contains(['\n', '\r', '\t', '\0', '\u{85}', '\u{2028}', '\u{feff}']),
                    "{text:?}"
                );
            }
        }
    }

    #[test]
    fn strings_are_as_readable_as_possible() {
        for (text, written) in [
            ("Ash & Don’s “day” — café [1]: #x", "\"Ash & Don’s “day” — café [1]: #x\""),
            ("AT&T, &c", "\"AT&T, \\u0026c\""),
            ("a\u{1b}[2J\u{0}\u{ad}", "\"a\\u001B[2J\\u0000\\u00AD\""),
            ("👩\u{200d}🚀 ❤\u{fe0f}", "\"👩\u{200d}🚀 ❤\u{fe0f}\""),
            ("\u{10ffff}", "\"\\U0010FFFF\""),
        ] {
            assert_eq!(quoted(text), written);
        }
    }

    #[test]
    fn entities_that_are_text_stay_text() {
        for (shown, written) in [
            ("AT&T", "AT&T"),
            ("Q & A", "Q & A"),
            ("&lt;b&gt;", "&amp;amp;lt;b&amp;amp;gt;"),
            ("&amp;", "&amp;amp;amp;"),
            ("&amp;lt;", "&amp;amp;amp;lt;"),
            ("&#x202e;", "&amp;amp;#x202e;"),
        ] {
            assert_eq!(with_entities(shown), written);
            assert_eq!(clean::line(written).as_str(), shown);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_back(text in any::<String>()) {
            prop_assert_eq!(read_back(&text), Some(text));
        }

        #[test]
        fn cleaned_lines_stay_as_they_are(text in "([ -~]|&amp;|&lt;|&#39;|&amp;amp;|&#x?[0-9]{1,4};|&[a-z]{1,4};?|é|\u{200b}){0,20}") {
            let shown = clean::plain_line(&text);
            let written = with_entities(shown.as_str());
            prop_assert_eq!(clean::line(&written), shown);
        }
    }
}
