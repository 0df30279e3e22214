//! Translates [filter expressions of newsboat](https://newsboat.org/releases/2.41/docs/newsboat.html#_filter_language) into
//! queries, where both mean the same.

/// Longer expressions, in bytes, are not translated.
const MAX_BYTES: usize = 4 * 1024;
/// Brackets inside each other.
const MAX_DEPTH: usize = 8;

/// The query that finds what an expression finds. `None` if there is none, or none that is certain.
///
/// newsboat compares the tags of channels, which become topics of articles, so `tags # "x"` is `topic:="x"`.
pub(super) fn translate(expression: &str) -> Option<String> {
    if expression.len() > MAX_BYTES {
        return None;
    }
    let mut rest = expression.trim();
    let mut groups = vec![Group::default()];
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('(') {
            groups.push(Group::default());
            rest = inner.trim_start();
            if groups.len() > MAX_DEPTH {
                return None;
            }
            continue;
        }
        let comparison = comparison(rest)?;
        rest = comparison.1.trim_start();
        groups.last_mut()?.parts.push(comparison.0);
        while let Some(behind) = rest.strip_prefix(')') {
            let group = groups.pop()?.query()?;
            groups.last_mut()?.parts.push(group);
            rest = behind.trim_start();
        }
        let (word, behind) = split_word(rest);
        let operator = match word {
            "" if rest.is_empty() => break,
            "and" => Operator::And,
            "or" => Operator::Or,
            _ => return None,
        };
        let group = groups.last_mut()?;
        // newsboat gives both the same rank, so only brackets make a mixture clear.
        if group.operator.is_some_and(|known| known != operator) {
            return None;
        }
        group.operator = Some(operator);
        rest = behind.trim_start();
        if rest.is_empty() {
            return None;
        }
    }
    let query = groups.pop()?.query()?;
    // A bracket is not closed, or there is nothing in it.
    if !groups.is_empty() || query.is_empty() {
        return None;
    }
    let is_whole = query.starts_with('(') && query.ends_with(')');
    let inside = query.strip_prefix('(').and_then(|query| query.strip_suffix(')'));
    Some(inside.filter(|_| is_whole).map_or(query.clone(), str::to_owned))
}

#[derive(Clone, Copy, PartialEq)]
enum Operator {
    And,
    Or,
}

/// What is between two brackets.
#[derive(Default)]
struct Group {
    parts: Vec<String>,
    operator: Option<Operator>,
}

impl Group {
    /// The group as one term, in brackets if it has several. `None` for an empty one.
    fn query(self) -> Option<String> {
        match (self.parts.len(), self.operator) {
            (0, _) => None,
            (1, _) => self.parts.into_iter().next(),
            (_, Some(Operator::Or)) => Some(format!("({})", self.parts.join(" OR "))),
            (_, _) => Some(format!("({})", self.parts.join(" "))),
        }
    }
}

/// Splits off a word of lower-case letters and `_`.
fn split_word(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// Translates the comparison at the start, and returns what follows it.
fn comparison(text: &str) -> Option<(String, &str)> {
    let (attribute, rest) = split_word(text);
    let rest = rest.trim_start();
    if let Some(range) = rest.strip_prefix("between") {
        let (range, rest) = split_value(range.trim_start())?;
        let (from, to) = range.split_once(':')?;
        return (attribute == "age" && from == "0")
            .then_some(())
            .and_then(|()| Some((younger_than(days(to)?.checked_add(1)?)?, rest)));
    }
    let end = rest.find(|c: char| !"=!<>~#".contains(c))?;
    let (operator, rest) = rest.split_at_checked(end)?;
    let (value, rest) = split_value(rest.trim_start())?;
    Some((term(attribute, operator, value)?, rest))
}

/// Splits off a value in quotes, or a number or range without. A value with an escape is not certain.
fn split_value(text: &str) -> Option<(&str, &str)> {
    match text.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"').filter(|(value, _)| !value.contains('\\')),
        None => {
            let end = text.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(text.len());
            text.split_at_checked(end).filter(|(value, _)| !value.is_empty())
        }
    }
}

fn term(attribute: &str, operator: &str, value: &str) -> Option<String> {
    let negated = |is_negated: bool, term: String| if is_negated { format!("-{term}") } else { term };
    match (attribute, operator) {
        ("unread", "=" | "==" | "!=") => {
            let wants_unread = match value {
                "yes" => operator != "!=",
                "no" => operator == "!=",
                _ => return None,
            };
            Some(if wants_unread { "is:unread" } else { "is:read" }.to_owned())
        }
        ("tags", "#" | "!#") => {
            // Tags with these beginnings are not topics, and newsboat splits tags at blanks.
            let is_topic = !value.is_empty() && !value.starts_with(['~', '!']) && !value.contains(char::is_whitespace);
            is_topic.then(|| negated(operator == "!#", format!("topic:=\"{value}\"")))
        }
        ("title" | "author", "=~" | "!~") => {
            is_common_regex(value).then(|| negated(operator == "!~", format!("{attribute}:/{value}/")))
        }
        ("link", "=~" | "!~") => is_common_regex(value).then(|| negated(operator == "!~", format!("url:/{value}/"))),
        ("age", "<") => younger_than(days(value)?),
        ("age", "<=") => younger_than(days(value)?.checked_add(1)?),
        ("age", ">=") => Some(negated(true, younger_than(days(value)?)?)),
        ("age", ">") => Some(negated(true, younger_than(days(value)?.checked_add(1)?)?)),
        _ => None,
    }
}

/// Articles of less than this number of days.
fn younger_than(days: u32) -> Option<String> {
    (1..=36_500).contains(&days).then(|| format!("@{days}d"))
}

fn days(value: &str) -> Option<u32> {
    value.parse().ok()
}

/// True if a POSIX extended regular expression means the same in this program: it is not empty, and has only letters, digits,
/// blanks, some signs, alternatives and groups, and quantifiers of single characters and groups.
fn is_common_regex(regex: &str) -> bool {
    let mut depth = 0u32;
    // An expression may not begin with a quantifier, and an alternative not be empty.
    let mut before = '(';
    for c in regex.chars() {
        let is_start = matches!(before, '(' | '|' | '^');
        match c {
            '*' | '+' | '?' if is_start || matches!(before, '*' | '+' | '?' | '$') => return false,
            '|' if is_start => return false,
            ')' if matches!(before, '(' | '|') || depth == 0 => return false,
            '(' => depth = depth.saturating_add(1),
            ')' => depth = depth.saturating_sub(1),
            '*' | '+' | '?' | '|' | '.' | '^' | '$' => {}
            ' ' | '-' | '_' | '\'' | ',' | ':' | ';' | '!' | '&' | '%' | '@' | '=' | '<' | '>' => {}
            c if c.is_alphanumeric() => {}
            _ => return false,
        }
        before = c;
    }
    depth == 0 && !regex.trim().is_empty() && regex.trim() == regex && before != '|'
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::query::Query;

    #[test]
    fn expressions_are_translated() {
        for (expression, expected) in [
            (r#"unread = "yes""#, "is:unread"),
            (r#"unread != "yes""#, "is:read"),
            (r#"unread=="no""#, "is:read"),
            (r#"tags # "linux""#, r#"topic:="linux""#),
            (r#"tags !# "linux""#, r#"-topic:="linux""#),
            (r#"title =~ "rust|go lang""#, "title:/rust|go lang/"),
            (r#"author !~ "^ann""#, "-author:/^ann/"),
            (r#"link =~ "example.org""#, "url:/example.org/"),
            ("age < 7", "@7d"),
            ("age <= 7", "@8d"),
            ("age > 7", "-@8d"),
            ("age between 0:1", "@2d"),
            (r#"age between "0:1""#, "@2d"),
            (r#"unread = "yes" and tags # "a""#, r#"is:unread topic:="a""#),
            (r#"unread = "yes" and (tags # "a" or tags # "b")"#, r#"is:unread (topic:="a" OR topic:="b")"#),
            (r#"((tags # "a") or (title =~ "b" and age < 2))"#, r#"topic:="a" OR (title:/b/ @2d)"#),
        ] {
            assert_eq!(translate(expression).as_deref(), Some(expected), "{expression}");
            assert!(Query::parse(expected).is_ok(), "{expected}");
        }
    }

    #[test]
    fn uncertain_expressions_are_not_translated() {
        for expression in [
            "",
            "unread",
            "unread =",
            r#"unread = "maybe""#,
            r#"unread_count > 0"#,
            r#"flags # "s""#,
            r#"feedtitle =~ "a""#,
            r#"content =~ "a""#,
            r#"tags # "~a""#,
            r#"tags # "a b""#,
            r#"title =~ "a\\.b""#,
            r#"title =~ "a{2}""#,
            r#"title =~ "[a-z]""#,
            r#"title =~ "a/b""#,
            r#"title =~ "*a""#,
            r#"title =~ "a+?""#,
            r#"title =~ "(a""#,
            r#"title =~ "(?a)""#,
            r#"title =~ "a|""#,
            r#"title = "a""#,
            "age between 1:2",
            "age < 0",
            "age = 1",
            "age < x",
            r#"unread = "yes" and"#,
            r#"unread = "yes" xor unread = "no""#,
            r#"(unread = "yes""#,
            r#"unread = "yes")"#,
            "()",
            r#"unread = "yes" and unread = "no" or age < 2"#,
            r#"rssurl =~ "https""#,
            r#"and unread = "yes""#,
        ] {
            assert_eq!(translate(expression), None, "{expression}");
        }
        assert_eq!(translate(&"(".repeat(100_000)), None);
        assert_eq!(translate(&"(".repeat(1_000)), None);
    }

    proptest! {
        #[test]
        fn a_translation_is_a_query(expression in expression()) {
            if let Some(query) = translate(&expression) {
                prop_assert!(Query::parse(&query).is_ok(), "{query} from {expression}");
            }
        }
    }

    fn expression() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            Just("unread = \"yes\"".to_owned()),
            "tags !?# \"[a-z#:,.*-]{1,4}\"",
            "(title|author|link) [=!]~ \"[a-z|()*+?.^$ -]{1,6}\"",
            "age (<|>|<=|>=) [0-9]{1,3}",
        ];
        let join = prop_oneof![Just(" and "), Just(" or "), Just(") and ("), Just(" or (")];
        proptest::collection::vec((part, join), 1..5).prop_map(|parts| {
            format!("({})", parts.iter().map(|(part, join)| format!("{part}{join}")).collect::<String>())
        })
    }
}
