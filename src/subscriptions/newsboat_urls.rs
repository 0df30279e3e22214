//! The file `urls` of newsboat: a line for each channel, with its address and tags. A plain list of addresses is such a file, too.
//!
//! Its format is in the [manual](https://newsboat.org/releases/2.41/docs/newsboat.html#_first_steps) of newsboat.
//!
//! A tag that begins with `~` is the title, and one that begins with `!` hides the channel. `query:NAME:EXPRESSION` is a search.

use super::imported_list::{Collector, Entry, RefusalReason};
use super::newsboat_query::translate;
use super::subscription::Subscription;
use crate::feed::clean;

/// Words of a line that are read at most.
const MAX_TOKENS: usize = 1_000;

/// Reads a file.
pub(super) fn read(text: &str, collector: &mut Collector) {
    let mut line: u32 = 0;
    for written in text.lines() {
        line = line.saturating_add(1);
        let tokens = tokens(written);
        let Some((address, tags)) = tokens.split_first() else { continue };
        match address.get(.."query:".len()).zip(address.get("query:".len()..)) {
            Some((scheme, query)) if scheme.eq_ignore_ascii_case("query:") => read_query(line, query, collector),
            _ => read_channel(line, address, tags, collector),
        }
    }
}

fn read_channel(line: u32, address: &str, tags: &[String], collector: &mut Collector) {
    if tags.iter().any(|tag| tag.starts_with('!')) {
        collector.note(line, "newsboat hides this channel: it is imported, and its articles are shown".into());
    }
    collector.add(&Entry {
        line,
        address,
        title: tags.iter().find_map(|tag| tag.strip_prefix('~')).unwrap_or_default(),
        topics: tags.iter().map(String::as_str).filter(|tag| !tag.starts_with(['~', '!'])).collect(),
    });
}

/// Reads `NAME:EXPRESSION`. The name may be in quotes.
fn read_query(line: u32, query: &str, collector: &mut Collector) {
    let quoted = query.strip_prefix('"').and_then(|rest| rest.split_once("\":"));
    let Some((name, expression)) = quoted.or_else(|| query.split_once(':')) else {
        return collector.refuse(line, query, RefusalReason::Expression("there is none".into()));
    };
    match translate(expression) {
        Some(query) => collector.search(line, name, query),
        None => collector.refuse(line, name, RefusalReason::Expression(clean::quote(expression))),
    }
}

/// The words of a line, up to a word that begins with `#`. A word in double quotes may contain blanks, and escapes with a
/// backslash.
fn tokens(line: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = line.trim();
    while !rest.is_empty() && !rest.starts_with('#') && tokens.len() < MAX_TOKENS {
        let (token, behind) = match rest.strip_prefix('"') {
            Some(inside) => quoted(inside),
            None => {
                let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                let (token, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
                (token.to_owned(), behind)
            }
        };
        tokens.push(token);
        rest = behind.trim_start();
    }
    tokens
}

/// Reads a word up to its quote, and returns what follows it. Without a quote it ends with the line.
fn quoted(text: &str) -> (String, &str) {
    let mut token = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' => token.push(match chars.next() {
                Some('n' | 'r' | 't') => ' ',
                Some(other) => other,
                None => break,
            }),
            c => token.push(c),
        }
    }
    (token, chars.as_str())
}

/// Writes subscriptions as a file: addresses, topics as tags, and titles.
///
/// The addresses are whole: they may contain passwords.
pub fn write(subscriptions: &[Subscription]) -> String {
    let mut out = String::new();
    for subscription in subscriptions {
        let address = subscription.address.untrusted().trim();
        let is_plain =
            !address.is_empty() && !address.starts_with(['"', '#']) && !address.contains(char::is_whitespace);
        if is_plain {
            out.push_str(address);
        } else {
            push_quoted(&mut out, "", address);
        }
        for topic in &subscription.topics {
            // These signs would make another thing of a tag. newsboat keeps the blank before it, and readers ignore it.
            let before = if topic.as_str().starts_with(['~', '!']) { " " } else { "" };
            out.push(' ');
            push_quoted(&mut out, before, topic.as_str());
        }
        if !subscription.title.is_empty() {
            out.push(' ');
            push_quoted(&mut out, "~", subscription.title.as_str());
        }
        out.push('\n');
    }
    out
}

fn push_quoted(out: &mut String, before: &str, text: &str) {
    out.push('"');
    out.push_str(before);
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            // A line end would begin another entry.
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::imported_list::Imported;
    use super::super::test_subscriptions::subscriptions;
    use super::*;
    use crate::feed::SafeText;

    fn imported(text: &str) -> Imported {
        let mut collector = Collector::default();
        read(text, &mut collector);
        collector.finish()
    }

    #[test]
    fn lines_are_read() {
        for (line, address, title, topics) in [
            ("https://a.org/feed", "https://a.org/feed", "", vec![]),
            ("  https://a.org/feed\tnews orf  # a comment", "https://a.org/feed", "", vec!["news", "orf"]),
            (r#"https://a.org/?a#b "cool stuff" x"#, "https://a.org/?a#b", "", vec!["cool stuff", "x"]),
            (r#"https://a.org/ "~ORF \"News\" \\" tag"#, "https://a.org/", r#"ORF "News" \"#, vec!["tag"]),
            (r#"https://a.org/ ~Short "~Second" "#, "https://a.org/", "Short", vec![]),
            (r#""https://a.org/a b" "#, "https://a.org/a b", "", vec![]),
            (r#"https://a.org/ "open"#, "https://a.org/", "", vec!["open"]),
            (r#"https://a.org/ "" "a\nb""#, "https://a.org/", "", vec!["a b"]),
            (r##"https://a.org/ "#b" #c"##, "https://a.org/", "", vec!["#b"]),
            ("https://a.org/ !hidden", "https://a.org/", "", vec![]),
        ] {
            let imported = imported(line);
            assert_eq!(imported.refused, [], "{line}");
            let [one] = &imported.subscriptions[..] else { panic!("{line}") };
            let found: Vec<&str> = one.topics.iter().map(SafeText::as_str).collect();
            assert_eq!((one.address.untrusted(), one.title.as_str(), found), (address, title, topics), "{line}");
            assert_eq!(imported.notes.len(), usize::from(line.contains('!')), "{line}");
        }
    }

    #[test]
    fn comments_and_blank_lines_are_skipped() {
        assert_eq!(imported("# a\n\n   \n#b\r\n\t# c\n"), Imported::default());
    }

    #[test]
    fn queries_become_searches_if_they_can() {
        let imported = imported(concat!(
            "\"query:Unread Articles:unread = \\\"yes\\\"\" tag\n",
            "https://a.org/\n",
            "\"query:Unread Articles:tags # \\\"a\\\"\"\n",
            "\"query:Big:unread_count > 5\"\n",
            "query:x\n",
        ));
        let searches: Vec<_> =
            imported.saved_searches.iter().map(|one| (one.line, one.name.as_str(), one.query.as_str())).collect();
        assert_eq!(searches, [(1, "Unread-Articles", "is:unread"), (3, "Unread-Articles-2", r#"topic:="a""#)]);
        let refused: Vec<_> =
            imported.refused.iter().map(|one| (one.line, one.what.as_str(), one.why.to_string())).collect();
        let why = "the expression has no exact translation; write the search by hand";
        assert_eq!(
            refused,
            [(4, "Big", format!("{why}: unread_count > 5")), (5, "x", format!("{why}: there is none"))]
        );
    }

    #[test]
    fn a_file_is_written() {
        let one = Subscription {
            address: crate::feed::UntrustedText::new("https://a.org/feed"),
            title: "A \"B\" \\".into(),
            topics: vec!["news".into(), "~x".into(), "two words".into()],
            ..Subscription::default()
        };
        assert_eq!(write(&[one]), "https://a.org/feed \"news\" \" ~x\" \"two words\" \"~A \\\"B\\\" \\\\\"\n");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(subscriptions in subscriptions()) {
            let imported = imported(&write(&subscriptions));
            prop_assert_eq!(imported, Imported { subscriptions, ..Imported::default() });
        }

        #[test]
        fn any_text_is_read(text in "[a-z:/\"\\\\~!#| \n]{0,200}") {
            let _ = imported(&text);
        }
    }
}
