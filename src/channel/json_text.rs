//! A pass over the text of a JSON document before it is parsed: it repairs what makes documents of sites invalid, and splits off
//! the elements of one list, so that the others are read if one is broken.
//!
//! It has no recursion and its time is linear. What it cannot repair, the parser refuses.

use std::ops::Range;

/// A document, taken apart.
#[derive(Debug, Default)]
pub(super) struct SplitJson {
    /// The document as JSON, with an empty list in place of the elements.
    pub(super) rest: String,
    /// The elements of the list, in the order of the document.
    pub(super) elements: Vec<Element>,
    /// What was repaired, with the first line of each kind, in the order of the lines.
    pub(super) faults: Vec<(u32, Fault)>,
}

/// An element of the list.
#[derive(Debug)]
pub(super) struct Element {
    /// The element as JSON.
    pub(super) json: String,
    /// Its bytes in the document.
    pub(super) at: Range<usize>,
    /// Line of the document where it begins, from 1.
    pub(super) line: u32,
}

/// What was wrong with the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A control character, such as a line end, in a string.
    Control,
    /// A backslash before a character that needs none, or half of a surrogate pair.
    Escape,
    /// A comma or a colon too many, or one that is missing.
    Comma,
    /// A bracket that is missing, or one that closes nothing.
    Bracket,
    /// A word that is not a value, such as `NaN`.
    Word,
    /// The document ends within a value.
    Truncated,
    /// Text after the end of the document.
    Trailing,
}

impl Fault {
    /// What was wrong, and how it was read.
    pub(super) fn text(self) -> &'static str {
        match self {
            Fault::Control => "control characters in a string, kept",
            Fault::Escape => "a backslash that escapes nothing, or half a character, left out",
            Fault::Comma => "a comma or a colon is missing, or there is one too many",
            Fault::Bracket => "brackets do not match",
            Fault::Word => "a word that is not a value, left out",
            Fault::Truncated => "the document ends early; what is there was read",
            Fault::Trailing => "text after the end of the document, ignored",
        }
    }
}

/// What the last token was.
#[derive(Clone, Copy, PartialEq)]
enum Last {
    /// Nothing, or an opening bracket.
    Open,
    /// A value, or the name of a member.
    Value,
    Colon,
    /// A comma, which is written only when a value follows.
    Comma,
}

/// Repairs a JSON text, and splits off the elements of the list that is the member `list` of the outermost object.
pub(super) fn split(text: &str, list: &str) -> SplitJson {
    let mut splitter = Splitter { text, list, line: 1, ..Splitter::default() };
    splitter.run();
    splitter.split
}

#[derive(Default)]
struct Splitter<'a> {
    text: &'a str,
    list: &'a str,
    /// Position in the text.
    at: usize,
    line: u32,
    /// The brackets that are open.
    open: Vec<u8>,
    last: Option<Last>,
    /// The last token was a string in the place of a name.
    is_name: bool,
    /// The string before the last colon.
    name: Range<usize>,
    /// The list is open, and its elements go to `element`.
    in_list: bool,
    /// The list was seen; another member of this name is an ordinary one.
    has_list: bool,
    element: Option<Element>,
    split: SplitJson,
}

impl Splitter<'_> {
    fn run(&mut self) {
        while let Some(byte) = self.byte() {
            match byte {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\n' => {
                    self.line = self.line.saturating_add(1);
                    self.at += 1;
                }
                _ if self.last.is_some() && self.open.is_empty() => {
                    self.fault(Fault::Trailing);
                    break;
                }
                b'{' | b'[' => self.opening(byte),
                b'}' | b']' => self.closing(byte),
                b':' => self.colon(),
                b',' => self.comma(),
                b'"' => self.string(),
                _ => self.word(),
            }
        }
        if !self.open.is_empty() {
            self.fault(Fault::Truncated);
            while let Some(bracket) = self.open.last().copied() {
                self.close(if bracket == b'{' { b'}' } else { b']' });
            }
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn fault(&mut self, fault: Fault) {
        if self.split.faults.iter().all(|(_, known)| *known != fault) {
            self.split.faults.push((self.line, fault));
        }
    }

    /// Appends JSON to the element, or to the rest.
    fn push(&mut self, json: &str) {
        match &mut self.element {
            Some(element) => element.json.push_str(json),
            None => self.split.rest.push_str(json),
        }
    }

    fn colon(&mut self) {
        self.at += 1;
        if self.is_name && self.last == Some(Last::Value) {
            self.last = Some(Last::Colon);
            self.is_name = false;
            self.push(":");
        } else {
            self.fault(Fault::Comma);
        }
    }

    fn comma(&mut self) {
        self.at += 1;
        self.end_name();
        match self.last {
            Some(Last::Value) => self.last = Some(Last::Comma),
            _ => self.fault(Fault::Comma),
        }
    }

    /// Gives a name without a value, or a colon without a value, the value `null`.
    fn end_name(&mut self) {
        match self.last {
            Some(Last::Colon) => self.push("null"),
            Some(Last::Value) if self.is_name => self.push(":null"),
            _ => return,
        }
        if self.at < self.text.len() {
            self.fault(Fault::Comma);
        }
        self.is_name = false;
        self.last = Some(Last::Value);
    }

    /// Called before each value and name: the comma that belongs there, and the begin of an element.
    fn before_value(&mut self) {
        if self.last == Some(Last::Value) {
            self.fault(Fault::Comma);
            if self.is_name {
                self.last = Some(Last::Colon);
                self.push(":");
            }
        }
        let needs_comma = matches!(self.last, Some(Last::Value | Last::Comma));
        let begins_element = self.in_list && self.open.len() == 2;
        if needs_comma && !begins_element {
            self.push(",");
        }
        if begins_element {
            let (at, line) = (self.at..self.at, self.line);
            self.element = Some(Element { json: String::new(), at, line });
        }
        let in_object = self.open.last() == Some(&b'{');
        self.is_name = in_object && self.last != Some(Last::Colon);
    }

    fn after_value(&mut self) {
        self.last = Some(Last::Value);
        if self.in_list
            && self.open.len() == 2
            && let Some(mut element) = self.element.take()
        {
            element.at.end = self.at;
            self.split.elements.push(element);
        }
    }

    fn opening(&mut self, bracket: u8) {
        let is_member = self.open.len() == 1 && self.last == Some(Last::Colon) && !self.has_list;
        self.before_value();
        if self.is_name {
            self.fault(Fault::Comma);
            self.push("\"\":");
        }
        let is_list = is_member && bracket == b'[' && self.text.get(self.name.clone()) == Some(self.list);
        self.push(if bracket == b'{' { "{" } else { "[" });
        self.open.push(bracket);
        self.in_list |= is_list;
        self.has_list |= is_list;
        self.last = Some(Last::Open);
        self.is_name = false;
        self.at += 1;
    }

    fn closing(&mut self, bracket: u8) {
        let opening = if bracket == b'}' { b'{' } else { b'[' };
        if self.open.last() != Some(&opening) {
            self.fault(Fault::Bracket);
            // A missing bracket: the one before the last is meant. Otherwise this one closes nothing.
            if self.open.iter().nth_back(1) == Some(&opening) {
                self.close(if bracket == b'}' { b']' } else { b'}' });
            } else {
                self.at += 1;
                return;
            }
        }
        self.at += 1;
        self.close(bracket);
    }

    /// Closes the innermost bracket.
    fn close(&mut self, bracket: u8) {
        self.end_name();
        if self.last == Some(Last::Comma) {
            self.fault(Fault::Comma);
        }
        if self.in_list && self.open.len() == 2 {
            self.in_list = false;
        }
        self.push(if bracket == b'}' { "}" } else { "]" });
        self.open.pop();
        self.is_name = false;
        self.after_value();
    }

    fn string(&mut self) {
        self.before_value();
        self.push("\"");
        self.at += 1;
        let begin = self.at;
        // Where the part begins that is not yet copied.
        let mut copied = begin;
        loop {
            let (text, at) = (self.text, self.at);
            match self.byte() {
                Some(b'"') | None => {
                    self.copy(text, copied..at);
                    break;
                }
                Some(b'\\') => {
                    let (length, replacement) = escape(text.as_bytes().get(at..).unwrap_or_default());
                    if let Some(replacement) = replacement {
                        self.fault(Fault::Escape);
                        self.copy(text, copied..at);
                        self.push(replacement);
                        copied = at.saturating_add(length);
                    }
                    self.at = at.saturating_add(length).min(text.len());
                }
                Some(byte @ 0..b' ') => {
                    self.fault(Fault::Control);
                    self.copy(text, copied..at);
                    self.push(&format!("\\u{byte:04x}"));
                    self.line = self.line.saturating_add(u32::from(byte == b'\n'));
                    self.at += 1;
                    copied = self.at;
                }
                Some(_) => self.at += 1,
            }
        }
        self.push("\"");
        if self.is_name {
            self.name = begin..self.at;
        }
        self.at = self.at.saturating_add(1).min(self.text.len());
        self.after_value();
    }

    fn copy(&mut self, text: &str, range: Range<usize>) {
        self.push(text.get(range).unwrap_or_default());
    }

    /// A number, `true`, `false` or `null`; any other word becomes `null`.
    fn word(&mut self) {
        self.before_value();
        let text = self.text;
        let rest = text.get(self.at..).unwrap_or_default();
        let ends = |c: char| c.is_ascii_whitespace() || matches!(c, ',' | ':' | '{' | '}' | '[' | ']' | '"');
        let length = rest.find(ends).unwrap_or(rest.len());
        let word = rest.get(..length).unwrap_or_default();
        let is_last = length == rest.len();
        self.at += length;
        // A word at the end of the document may be half a number.
        if self.is_name {
            self.fault(Fault::Word);
            let name = serde_json::Value::from(word.trim_matches('\''));
            self.push(&name.to_string());
        } else if (!is_last || self.open.is_empty())
            && (matches!(word, "true" | "false" | "null") || serde_json::from_str::<f64>(word).is_ok())
        {
            self.push(word);
        } else {
            self.fault(Fault::Word);
            self.push("null");
        }
        self.after_value();
    }
}

/// The length of the escape at the start of bytes that begin with a backslash, and what replaces it if it is not valid.
fn escape(bytes: &[u8]) -> (usize, Option<&'static str>) {
    match bytes.get(1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => (2, None),
        Some(b'u') => match code_unit(bytes) {
            // A character beyond U+FFFF is written as two halves, one after the other.
            Some(0xd800..=0xdbff) => match code_unit(bytes.get(6..).unwrap_or_default()) {
                Some(0xdc00..=0xdfff) => (12, None),
                _ => (6, Some("\\ufffd")),
            },
            Some(0xdc00..=0xdfff) => (6, Some("\\ufffd")),
            Some(_) => (6, None),
            None => (1, Some("")),
        },
        // The character after the backslash is read as any other.
        _ => (1, Some("")),
    }
}

/// The number of an escape `\uXXXX` at the start.
fn code_unit(bytes: &[u8]) -> Option<u16> {
    let digits = bytes.get(..6)?.strip_prefix(b"\\u")?;
    let digits = std::str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn faults(split: &SplitJson) -> Vec<(u32, Fault)> {
        split.faults.clone()
    }

    #[test]
    fn texts_are_repaired() {
        for (text, repaired, found) in [
            (r#"{"a": [1, "b", true]}"#, r#"{"a":[1,"b",true]}"#, vec![]),
            ("{\"a\": \"b\nc\u{1}\"}", r#"{"a":"b\u000ac\u0001"}"#, vec![(1, Fault::Control)]),
            (r#"{"a": "\x\'\u12\"}"#, r#"{"a":"x'u12\"}"}"#, vec![(1, Fault::Escape), (1, Fault::Truncated)]),
            (
                r#"["\ud83d\ude00", "\ud83d", "\ude00!"]"#,
                r#"["\ud83d\ude00","\ufffd","\ufffd!"]"#,
                vec![(1, Fault::Escape)],
            ),
            ("[1,, 2,]", "[1,2]", vec![(1, Fault::Comma)]),
            ("{\"a\": 1\n\"b\": 2}", r#"{"a":1,"b":2}"#, vec![(2, Fault::Comma)]),
            (r#"{"a": [1, 2 }"#, r#"{"a":[1,2]}"#, vec![(1, Fault::Bracket)]),
            (r#"{"a": 1]}"#, r#"{"a":1}"#, vec![(1, Fault::Bracket)]),
            (r#"{"a": NaN, "b": 1e999, "c": -1.5e3}"#, r#"{"a":null,"b":null,"c":-1.5e3}"#, vec![(1, Fault::Word)]),
            (r#"{"a": {"b": "c"#, r#"{"a":{"b":"c"}}"#, vec![(1, Fault::Truncated)]),
            (r#"{"a": {"b"#, r#"{"a":{"b":null}}"#, vec![(1, Fault::Truncated)]),
            (r#"{"a": {"b":"#, r#"{"a":{"b":null}}"#, vec![(1, Fault::Truncated)]),
            (r#"{"a": [1,"#, r#"{"a":[1]}"#, vec![(1, Fault::Truncated), (1, Fault::Comma)]),
            (r#"{"a": tru"#, r#"{"a":null}"#, vec![(1, Fault::Word), (1, Fault::Truncated)]),
            (r#"{"a": "b\"#, r#"{"a":"b"}"#, vec![(1, Fault::Escape), (1, Fault::Truncated)]),
            ("{}\n\n<!-- x -->", "{}", vec![(3, Fault::Trailing)]),
            ("", "", vec![]),
        ] {
            let split = split(text, "items");
            assert_eq!(split.rest, repaired, "{text}");
            assert_eq!(faults(&split), found, "{text}");
            assert!(split.elements.is_empty(), "{text}");
            assert!(text.is_empty() || serde_json::from_str::<Value>(&split.rest).is_ok(), "{text}");
        }
    }

    #[test]
    fn elements_are_split_off() {
        let text = "{\"a\": {\"items\": [1]}, \"items\": [\n{\"b\": [2]},\n\"c\", 4,\n {\"d\"";
        let split = split(text, "items");
        assert_eq!(split.rest, r#"{"a":{"items":[1]},"items":[]}"#);
        let elements: Vec<_> = split.elements.iter().map(|element| (element.line, element.json.as_str())).collect();
        assert_eq!(elements, [(2, r#"{"b":[2]}"#), (3, "\"c\""), (3, "4"), (4, r#"{"d":null}"#)]);
        assert_eq!(&text[split.elements[0].at.clone()], "{\"b\": [2]}");
    }

    proptest! {
        #[test]
        fn valid_json_stays_what_it_is(value in json()) {
            for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap_or_default()] {
                let split = split(&text, "items");
                prop_assert_eq!(faults(&split), vec![]);
                let elements: Vec<Value> = split.elements.iter().map(|e| serde_json::from_str(&e.json).unwrap()).collect();
                let mut read: Value = serde_json::from_str(&split.rest).unwrap();
                if let Some(Value::Array(list)) = read.get_mut("items") && !elements.is_empty() {
                    prop_assert!(list.is_empty());
                    *list = elements;
                }
                prop_assert_eq!(&read, &value);
            }
        }

        #[test]
        fn a_cut_document_is_valid_json(value in json(), cut in 0usize..400) {
            let text = format!("{{\"items\": {value}, \"b\": {value}}}");
            let text: String = text.chars().take(cut.max(1)).collect();
            let split = split(&text, "items");
            prop_assert!(serde_json::from_str::<Value>(&split.rest).is_ok(), "{} from {text}", split.rest);
            for element in &split.elements {
                prop_assert!(serde_json::from_str::<Value>(&element.json).is_ok(), "{} from {text}", element.json);
            }
        }

        #[test]
        fn any_text_becomes_json(text in "[\\[\\]{}:,\"\\\\a1 \n\u{1}é]{0,60}") {
            let split = split(&text, "a");
            for element in &split.elements {
                prop_assert!(serde_json::from_str::<Value>(&element.json).is_ok(), "{} from {text}", element.json);
                prop_assert!(text.get(element.at.clone()).is_some());
            }
            prop_assert!(split.rest.is_empty() || serde_json::from_str::<Value>(&split.rest).is_ok(), "{} from {text}", split.rest);
        }
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "\\PC{0,8}|[\"\\\\\n\u{1}/😀]{0,8}".prop_map(Value::from),
        ];
        let key = "[a-c]|items|\\PC{0,4}|[\"\\\\\n]{0,3}";
        leaf.prop_recursive(4, 40, 5, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                proptest::collection::hash_map(key, inner, 0..5)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }
}
